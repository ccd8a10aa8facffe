"""The region of truth: for which sizes, and at which outputs, the two sides of an equation are equal, in words."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import TypeVar

from symconv.errors import SearchError
from symconv.expr.floors import known_integers
from symconv.expr.nodes import Expr
from symconv.expr.satisfy import met
from symconv.expr.statement import Statement, polys
from symconv.index.poly import Poly
from symconv.tactics.covers import cover
from symconv.tactics.differing import Differing
from symconv.tactics.ends import Ends
from symconv.tactics.verdict import Conjunction, Region

S = TypeVar("S")
T = TypeVar("T")


def region(statement: Statement, sides: tuple[Expr, Expr] | None, outputs: tuple[str, ...]) -> Region | None:
    """The region of truth of an equation with these normal forms at these outputs; None where it is not decided."""
    differing = decided(statement, sides, outputs)
    return None if differing is None else asked(differing, said_of)


def smallest(statement: Statement, sides: tuple[Expr, Expr] | None,
             outputs: tuple[str, ...]) -> tuple[dict[str, int], tuple[int, ...]] | None:  # fmt: skip
    """The smallest sizes and a place for which the sides differ; None where they never do, or that is not decided."""
    differing = decided(statement, sides, outputs)
    return None if differing is None else asked(differing, Differing.smallest)


def asked(about: S, question: Callable[[S], T]) -> T | None:
    """What isl answers; None where there are too many pieces, or its budget is spent."""
    import islpy

    try:
        return question(about)
    except (SearchError, islpy.Error):
        return None


def decided(statement: Statement, sides: tuple[Expr, Expr] | None, outputs: tuple[str, ...]) -> Differing | None:
    """Where the sides differ, as sets; None where a condition is not linear or a product is reached twice."""
    try:
        return None if sides is None else Differing(statement, sides, outputs)
    except SearchError:
        return None


def said_of(d: Differing) -> Region:
    """The sets as conditions."""
    fails = cover(d.failing, d.context, d.space, d.outputs)
    found = Region(
        d.outputs,
        fails=fails,
        holds=cover(d.agreeing, d.context, d.space, d.outputs),
        everywhere=cover(d.good, d.sizes, d.space),
        window=d.window,
        fits=None if d.misfits.is_empty() else cover(d.sizes.subtract(d.misfits), d.sizes, d.space),
        told=fails,
    )
    ends = None if len(d.window) != 1 or d.window[0] is None or d.window[0][0].terms else Ends(d, d.window[0][1])
    if ends is None:
        return found
    told = asked(ends, lambda e: (e.told(fails), e.interior(found.holds)))
    if told is None:  # Said with n alone, then.
        return found
    return replace(found, told=told[0], interior=told[1], extent=(ends.letter, ends.last + 1))


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
