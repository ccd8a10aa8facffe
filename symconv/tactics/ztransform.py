"""Both sides of a statement as z-transforms, x̂(z) = Σ_n x[n] z^{−n}, derived step by step to the same line.

The operators of one dimension become algebra: a convolution is a product, up-sampling by s puts z^s for z, a flip 1/z,
a shift by m multiplies by z^{−m}, and down-sampling by s averages over the s-th roots of unity,

    (↓ₛ x)^(z) = 1/s Σ_{w^s = 1} x̂(w z^{1/s}).

`derive` takes transforms apart, outermost operators first, and uses what is known of roots of unity: w^s = 1, two
averages are one over the roots of the product of the orders, a root may be put in for its m-th power where m has no
factor in common with the order.  `both` derives both sides; nothing here is trusted, every line
is checked by `zcheck`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction

from symconv.errors import SearchError
from symconv.expr.nodes import Expr, rank
from symconv.expr.statement import Statement
from symconv.tactics.roots_of_unity import combined, reduced, substituted
from symconv.tactics.zlines import (
    Line,
    Reason,
    Root,
    Run,
    Term,
    ZStep,
    monomial,
    monomials,
    normal,
    start,
    with_monomials,
)
from symconv.tactics.zrules import done, taken_apart

LETTERS = ("w", "v", "u", "q", "p")
MOST = 60
"""How many lines a derivation may have."""


@dataclass(frozen=True)
class Transformed:
    """The transforms of both sides, each from its own first line to the line that they share."""

    statement: Statement
    left: tuple[ZStep, ...]
    right: tuple[ZStep, ...]


def both(statement: Statement) -> Transformed | None:
    """The derivations of both sides where they end in the same line; not checked yet."""
    if statement.relation != "==" or statement.towards:  # The transforms of the sides are compared for equality.
        return None
    if statement.rank != 1 or any(statement.places) or rank(statement.lhs) != rank(statement.rhs):
        return None
    taken = frozenset(statement.declarations) | frozenset(statement.definitions)
    try:
        left, right = (tuple(derive(e, statement, taken)) for e in (statement.lhs, statement.rhs))
    except SearchError:
        return None
    ends = [(steps[-1].line if steps else start(e)) for steps, e in ((left, statement.lhs), (right, statement.rhs))]
    moved = [substituted(line, statement.facts) for line in ends]
    for more in ((None, None), (moved[0], None), (None, moved[1]), (moved[0], moved[1])):
        first, last = (step.line if step else end for step, end in zip(more, ends, strict=True))
        if normal(first) == normal(last):
            sides = [(*steps, step) if step else steps for steps, step in zip((left, right), more, strict=True)]
            return Transformed(statement, sides[0], _alike(sides[1], first))
    return None


def _alike(steps: tuple[ZStep, ...], last: Line) -> tuple[ZStep, ...]:
    """The steps with the roots called as in the line that the other side came to, and ending in that very line."""
    if not steps:
        return steps
    mine, other = ([r for term in line for r in term.roots] for line in (steps[-1].line, last))
    if len(mine) == len(other) == 1 and mine[0].name != other[0].name:
        new, old = other[0].name, mine[0].name
        change = {old: new, new: old}  # Nothing else may be called like it: the two letters are exchanged.
        steps = tuple(
            ZStep(tuple(_renamed(t, change) for t in s.line), _renamed_reason(s.reason, change)) for s in steps
        )
    return (*steps[:-1], ZStep(last, steps[-1].reason))


def _renamed(term: Term, change: Mapping[str, str]) -> Term:
    new = tuple(monomial(m.z, {change.get(n, n): a for n, a in m.roots}) for m in monomials(term))
    return replace(with_monomials(term, new), roots=tuple(_root(r, change) for r in term.roots))


def _renamed_reason(reason: Reason, change: Mapping[str, str]) -> Reason:
    return replace(reason, roots=tuple(_root(r, change) for r in reason.roots))


def _root(r: Root, change: Mapping[str, str]) -> Root:
    return Root(change.get(r.name, r.name), r.order)


def derive(e: Expr, statement: Statement, taken: frozenset[str]) -> Iterator[ZStep]:
    """The lines after the first, down to one in which only names are transformed; SearchError where that fails."""
    letters = [n for n in (*LETTERS, *(f"w{i}" for i in range(1, 30))) if n not in taken]
    line = start(e)
    for _ in range(MOST):
        found = next((t.of for term in line for t in term.transforms if not done(t.of, statement.definitions)), None)
        if found is None or isinstance(found, Run):
            break
        line, kind = taken_apart(line, found, statement.definitions, letters)
        yield ZStep(line, Reason(kind, found))
        for way in (reduced, lambda e: combined(e, letters), reduced):
            step = way(line)
            if step is not None:
                line = step.line
                yield step
    else:
        raise SearchError("the transform has too many lines")
    collected = normal(line)
    if len(collected) != len(line):
        line = tuple(t for t in _collect(line))
        yield ZStep(line, Reason("collect"))


def _collect(line: Line) -> Iterator[Term]:
    """Equal terms added up."""
    left = list(line)
    while left:
        term = left.pop(0)
        key = normal((replace(term, coefficient=Fraction(1)),))
        same = [t for t in left if normal((replace(t, coefficient=Fraction(1)),)) == key]
        left = [t for t in left if t not in same]
        whole = sum((t.coefficient for t in same), term.coefficient)
        if whole:
            yield replace(term, coefficient=whole)
