"""The region of truth: for which sizes, and at which outputs, the two sides of an equation are equal, in short words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from symconv.errors import SearchError
from symconv.expr.floors import known_integers
from symconv.expr.nodes import Expr
from symconv.expr.satisfy import met
from symconv.expr.statement import Statement, polys
from symconv.index.poly import Poly
from symconv.tactics.covers import cover
from symconv.tactics.differing import Differing
from symconv.tactics.verdict import Conjunction, Region


def region(statement: Statement, sides: tuple[Expr, Expr] | None, outputs: tuple[str, ...]) -> Region | None:
    """The region of truth of an equation with these normal forms at these outputs; None where it is not decided."""
    import islpy

    try:
        return None if sides is None else said_of(Differing(statement, sides, outputs))
    except (SearchError, islpy.Error):  # Not linear, or more than isl's budget.
        return None


def said_of(d: Differing) -> Region:
    """The sets as conditions."""
    sizes = d.context.params()
    good = sizes.subtract(d.failing.params().compute_divs()).coalesce()
    agreeing = d.context.subtract(d.failing).coalesce()
    return Region(
        d.outputs,
        fails=cover(d.failing, d.context, d.space, d.outputs),
        holds=cover(agreeing, d.context, d.space, d.outputs),
        everywhere=cover(good, sizes, d.space),
        window=d.window,
    )


def holds_at(conjunctions: Iterable[Conjunction], integers: Mapping[str, int]) -> bool:
    """Whether one of the conjunctions holds at concrete integers."""
    for conjunction in conjunctions:
        names = {n for c in conjunction for p in polys(c) for n in p.names()}
        known = known_integers(integers, names)
        if all(met(c, known) for c in conjunction):
            return True
    return False


def value(p: Poly, integers: Mapping[str, int]) -> int:
    """A polynomial in which floors may stand, at concrete integers."""
    return p.evaluate(known_integers(integers, p.names()))
