"""Concrete sizes: the integers of a statement in order of size, restricted to those that meet its assumptions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice, product
from math import gcd

from symconv.expr.floors import known_integers, spoken
from symconv.expr.statement import Assumption, Coprime, Nonnegative, Statement, Unequal, polys
from symconv.index.conditions import holds

WIDEST = 4


def met(a: Assumption, values: dict[str, int]) -> bool:
    """Whether an assumption holds at concrete integers."""
    values = known_integers(values, [n for p in polys(a) for n in p.names()])
    match a:
        case Coprime(p, q):
            return gcd(p.evaluate(values), q.evaluate(values)) == 1
        case Nonnegative():
            return True
        case Unequal(p):
            return p.evaluate(values) != 0
        case _:
            return holds(a, values)


def integer_names(statement: Statement) -> list[str]:
    """Sizes, naturals and integers of a statement, in order of declaration."""
    return [name for name in statement.declarations if name in statement.integers]


def satisfying(statement: Statement) -> dict[str, int] | None:
    """Some sizes that meet all assumptions: small ones first, then ones near the numbers that are mentioned."""
    assumptions = statement.assumptions + statement.tacit
    mentioned = {n for a in assumptions for n in _names(a)}
    names = [n for n in integer_names(statement) if n in mentioned]
    numbers = sorted({abs(c) + e for a in assumptions for p in polys(a) for _, c in p.terms for e in (-1, 0, 1)})
    for values in islice(sizes(statement, names, 8), 20_000):
        return values
    if len(names) > WIDEST:
        return None
    wide = sorted({1, 2, 3, 4, 6, 8, 12, *(n for n in numbers if n >= 0), *(2 * n for n in numbers if n > 0)})
    for choice in islice(product(wide, repeat=len(names)), 50_000):
        values = dict(zip(names, choice, strict=True))
        if _allowed(statement, values) and all(met(a, values) for a in assumptions):
            return values
    return None


def _allowed(statement: Statement, values: dict[str, int]) -> bool:
    return all(v >= 1 for n, v in values.items() if statement.declarations[n].kind == "size")


def sizes(statement: Statement, names: Sequence[str] | None = None, largest: int = 6) -> Iterator[dict[str, int]]:
    """Concrete integers meeting the assumptions, smallest total first; free integers also take negative values."""
    wanted = integer_names(statement) if names is None else list(names)
    assumptions = [a for a in statement.assumptions + statement.tacit
                   if _names(a) <= set(wanted)]  # fmt: skip
    if not all(met(a, {}) for a in assumptions if not _names(a)):  # Such as c < c, which is 0 < 0.
        return
    least = {"size": 1, "natural": 0, "integer": 0}
    low = [least[statement.declarations[n].kind] for n in wanted]
    for total in range(largest * max(1, len(wanted)) + 1):
        yield from _extended({}, list(zip(wanted, low, strict=True)), total, largest, statement, assumptions)


def _extended(base: dict[str, int], left: list[tuple[str, int]], total: int, largest: int, statement: Statement,
              assumptions: list[Assumption]) -> Iterator[dict[str, int]]:  # fmt: skip
    """All ways to give the names left values that exceed their least ones by `total`; assumptions prune early."""
    if not left:
        if not total:
            yield base
        return
    (name, least), *rest = left
    known = {*base, name}
    due = [a for a in assumptions if name in _names(a) and _names(a) <= known]
    for extra in range(max(0, total - largest * len(rest)), min(total, largest) + 1):
        value = least + extra
        both = value and statement.declarations[name].kind == "integer"
        for signed in (value, -value) if both else (value,):
            values = {**base, name: signed}
            if all(met(a, values) for a in due):
                yield from _extended(values, rest, total - extra, largest, statement, assumptions)


def _names(a: Assumption) -> frozenset[str]:
    """The integers that an assumption speaks of, in powers and floors too."""
    return frozenset(spoken(n for p in polys(a) for n in p.names()))
