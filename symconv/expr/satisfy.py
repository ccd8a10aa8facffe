"""Concrete sizes: the integers of a statement in order of size, restricted to those that meet its assumptions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice, product
from math import gcd
from typing import NamedTuple

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
    mentioned = {n for a in assumptions for n in integers_of(a)}
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
                   if integers_of(a) <= set(wanted)]  # fmt: skip
    if not all(met(a, {}) for a in assumptions if not integers_of(a)):  # Such as c < c, which is 0 < 0.
        return
    least = {"size": 1, "natural": 0, "integer": 0}
    kinds = [statement.declarations[n].kind for n in wanted]
    left = [_Choice(n, least[kind], kind == "integer", _due(assumptions, wanted[: i + 1]))
            for i, (n, kind) in enumerate(zip(wanted, kinds, strict=True))]  # fmt: skip
    for total in range(largest * max(1, len(wanted)) + 1):
        yield from _extended({}, left, total, largest)


class _Choice(NamedTuple):
    """A name that gets a value, its least one, and the assumptions that this decides."""

    name: str
    least: int
    signed: bool
    due: list[Assumption]


def _due(assumptions: list[Assumption], names: Sequence[str]) -> list[Assumption]:
    """The assumptions that speak of the last name, and of no name after it."""
    return [a for a in assumptions if names[-1] in integers_of(a) and integers_of(a) <= set(names)]


def _extended(base: dict[str, int], left: list[_Choice], total: int, largest: int) -> Iterator[dict[str, int]]:
    """All ways to give the names left values that exceed their least ones by `total`; assumptions prune early."""
    if not left:
        if not total:
            yield base
        return
    first, *rest = left
    for extra in range(max(0, total - largest * len(rest)), min(total, largest) + 1):
        value = first.least + extra
        for signed in (value, -value) if value and first.signed else (value,):
            values = {**base, first.name: signed}
            if all(met(a, values) for a in first.due):
                yield from _extended(values, rest, total - extra, largest)


def integers_of(a: Assumption) -> frozenset[str]:
    """The integers that an assumption speaks of, in powers and floors too."""
    return frozenset(spoken(n for p in polys(a) for n in p.names()))
