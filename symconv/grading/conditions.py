"""Conditions that nobody stated, under which a step that numbers refute is a theorem after all."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import islice, product

from symconv.errors import SymconvError
from symconv.expr.floors import is_floor
from symconv.expr.nodes import Diff, Entry, Expr, Name, rank
from symconv.expr.satisfy import integers_of, satisfying
from symconv.expr.statement import Assumption, Coprime, Nonnegative, Statement, polys
from symconv.expr.traverse import walk
from symconv.expr.windows import tensor_extents
from symconv.grading.reasons import whole_numbers
from symconv.index.conditions import Divides, Eq, Ge, between, decide
from symconv.index.facts import Range
from symconv.index.poly import ZERO, Poly, const, var
from symconv.tactics.prove import theorem
from symconv.tactics.verdict import Conjunction, Result
from symconv.tactics.wording import said

PICKED = 16


def ranges_in(*trees: ast.expr) -> tuple[int, ...]:
    """The numbers at which ranges in the lines end."""
    nodes = (n for tree in trees for n in ast.walk(tree) if isinstance(n, ast.Call))
    ends = [n.args[-1] for n in nodes if isinstance(n.func, ast.Name) and n.func.id == "range" and n.args]
    return tuple(
        sorted({e.value for e in ends if isinstance(e, ast.Constant) and type(e.value) is int and e.value > 0})
    )


def unstated(result: Result, ranges: tuple[int, ...], places: list[Conjunction]) -> tuple[str, ...]:
    """Conditions that were not stated, each of which makes a refuted step a theorem, and not by a trivial case.

    What pins a size to a number, or one kernel to another, is no condition that somebody forgot; that a kernel which
    nobody declared has as many taps as a range (`ranges`, or a name) runs over is one, and that indices are places of
    outputs; `places` are such conditions of earlier lines, which are tried too, and get what is found.
    """
    s = result.statement
    found = [str(w) for w in result.holds_where
             if not w.equal and all(isinstance(a, Coprime | Nonnegative) for a in w.assumptions)]  # fmt: skip
    region = result.region
    for conjunction in region.everywhere if region is not None else ():
        if conjunction and not _restates(s, conjunction) and all(map(_wide, conjunction)) and _proved(s, conjunction):
            found.append(said(conjunction))
    if not found:
        found += _undeclared(s, ranges) or _negative(result)
    if not found and not s.rank:
        within = _within(s) or next(
            (c for c in places if all(integers_of(a) <= s.integers for a in c) and _proved(s, c)), ()
        )
        found += [said(within, sorted(_indices(s)))] if within else []
        places += [within] if within and within not in places else []
    return tuple(dict.fromkeys(found))


def _indices(statement: Statement) -> set[str]:
    return {d.name for d in statement.declarations.values() if d.kind == "integer"}


def _within(statement: Statement) -> Conjunction:
    """That the indices at which tensors and kernels are taken are within their extents: 0 ≤ n < M, 0 ≤ a < c."""
    ranges: dict[str, tuple[Poly, Poly]] = {}
    for index, ends in (pair for e in (statement.lhs, statement.rhs) for pair in _taken(e, statement)):
        ranges.setdefault(index, ends)
    bounds = {index: tuple(between(var(index), *ends)) for index, ends in ranges.items()}
    if not bounds or not _proved(statement, _all(bounds)):
        return ()
    for index in ranges:  # One after another is left out, if it can be.
        fewer = {i: both for i, both in bounds.items() if i != index}
        bounds = fewer if fewer and _proved(statement, _all(fewer)) else bounds
    return _all(bounds)


def _all(bounds: Mapping[str, Conjunction]) -> Conjunction:
    return tuple(a for both in bounds.values() for a in both)


def _taken(e: Expr, statement: Statement) -> Iterator[tuple[str, tuple[Poly, Poly]]]:
    """Free indices that are places of something by themselves, with its range there."""
    indices = _indices(statement)
    for _, node in walk(e):
        match node:
            case Entry(x, at):
                pass
            case Diff(_, Name() as x, at):
                pass
            case _:
                continue
        own: tuple[Range, ...] = statement.facts.supports.get(x.name, ()) if isinstance(x, Name) else ()
        known = tensor_extents(x, statement.facts, statement.definitions)
        for p, r, n in zip(at, own or (None,) * rank(x), known, strict=True):
            index, ends = p.name(), r or (None if n is None else (ZERO, n - 1))
            if index is not None and index in indices and ends is not None:
                yield index, ends


def _undeclared(statement: Statement, numbers: tuple[int, ...]) -> list[str]:
    """Declarations of kernels under which a step is proved: that the taps are those that a range runs over."""
    tacit = {d.name: d.ranges[0] for d in statement.declarations.values()
             if d.kind == "kernel" and d.tacit and d.rank == 1 and d.ranges[0] is not None}  # fmt: skip
    counts = {k: n for k, r in tacit.items() if (n := (r[1] + 1).name()) is not None}
    ranges = [d.name for d in statement.declarations.values()
              if d.kind in ("size", "natural", "integer") and d.tacit and d.name not in counts.values()]  # fmt: skip
    for picked in islice(product([*ranges, *map(str, numbers)], repeat=len(counts)), PICKED) if counts else ():
        taps = [(own, const(int(n)) if n.isdigit() else var(n)) for own, n in zip(counts.values(), picked, strict=True)]
        same = tuple(c for own, n in taps for c in (Eq(n - var(own)), Ge(n - 1)) if decide(c) is not True)
        if _proved(statement, same):
            return [" and ".join(f"{k} has {n} taps ('let {k}: kernel[{n}]')"
                                 for k, n in zip(counts, picked, strict=True))]  # fmt: skip
    return []


def _negative(result: Result) -> list[str]:
    """That integers which nobody declared are not negative, where the example makes them so: a range(c) with c < 0."""
    s, example = result.statement, result.counterexample
    tacit = {d.name for d in s.declarations.values() if d.tacit and d.kind == "integer"}
    below = [n for n, v in (example.integers if example is not None else {}).items() if v < 0 and n in tacit]
    more = tuple(Ge(var(n)) for n in below)
    return [said(more)] if more and _proved(s, more) else []


def _wide(a: Assumption) -> bool:
    """Whether a condition leaves every size more than a few values."""
    match a:
        case Ge(p):
            return len(p.names()) > 1 or any(c > 0 for m, c in p.terms if m)
        case Divides(m):
            return (m.constant() or 0) > 0
        case _:
            return False


def _restates(statement: Statement, conjunction: Conjunction) -> bool:
    """Whether a condition on whole numbers says what the line says, in other words: it speaks of floors."""
    numbers = whole_numbers(statement.lhs) and whole_numbers(statement.rhs)
    return numbers and any(is_floor(n) for a in conjunction for p in polys(a) for n in p.names())


def _proved(statement: Statement, more: Conjunction) -> bool:
    narrower = replace(statement, assumptions=(*statement.assumptions, *more))
    try:
        return satisfying(narrower) is not None and theorem(narrower) is not None
    except SymconvError:
        return False


def elsewhere(result: Result, conditions: tuple[str, ...]) -> str:
    """The special cases in which a wrong step holds."""
    if result.region is not None and result.region.everywhere:
        cases = [said(c) for c in result.region.everywhere if not _restates(result.statement, c)]
    else:
        cases = [*map(str, result.holds_where)]
    cases = [w for w in cases if w and w not in conditions]
    holds = "also holds" if conditions else "does hold"
    return f"it {holds} where {', or '.join(cases[:3])}" if cases else ""
