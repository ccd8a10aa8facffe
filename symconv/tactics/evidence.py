"""Why an inequality follows from others: multipliers λᵢ ≥ 0 with p − Σ λᵢ hᵢ certainly ≥ 0, found by search."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple

from symconv.expr.floors import is_floor
from symconv.expr.nodes import Iverson, Mul, factors_of
from symconv.expr.support import bounds
from symconv.expr.traverse import Path
from symconv.index.conditions import Ge
from symconv.index.facts import Facts
from symconv.index.poly import ONE, Poly, const
from symconv.tactics.chain import Chain

DEPTH = 5
FEW, MOST = 150, 2000
"""Polynomials that are looked at; `farkas` finds what takes more.  Many floors rarely contradict each other."""
NEVER = Ge(const(-1))
"""A condition that makes a term 0: ring laws leave it out."""


class Certificate(NamedTuple):
    """What the rule `imply` takes: multipliers by hypothesis number, and the scale."""

    evidence: dict[int, Poly]
    scale: Poly = ONE

    @property
    def arguments(self) -> dict[str, Any]:
        """By name; a scale of 1 is not written."""
        return {"evidence": self.evidence} | ({} if self.scale == ONE else {"scale": self.scale})


Search = Callable[[Poly, Sequence[Poly], Facts], Certificate | None]
"""From p, what is known and the facts to the reason why p ≥ 0."""


def find(p: Poly, hypotheses: Sequence[Poly], facts: Facts) -> dict[int, Poly] | None:
    """Multipliers by hypothesis number, or None; the same question is answered once."""
    question = (p, tuple(hypotheses))
    if question not in facts.remembered:
        hopeless = not p.names() and any(is_floor(n) for h in hypotheses for n in h.names())
        facts.remembered[question] = _find(p, hypotheses, facts, DEPTH, iter(range(FEW if hopeless else MOST)))
    found = facts.remembered[question]
    return dict(found) if isinstance(found, dict) else None


def _find(
    p: Poly, hypotheses: Sequence[Poly], facts: Facts, depth: int, tries: Iterator[int]
) -> dict[int, Poly] | None:
    """Indices are eliminated one after another."""
    if next(tries, None) is None:
        return None
    if facts.nonnegative(p):
        return {}
    if depth == 0:
        return None
    unknown = sorted(n for n in p.names() if n not in facts.sizes and n not in facts.naturals)
    if unknown:
        steps = _eliminations(p, unknown[0], hypotheses, facts)
    elif not p.names() and depth == DEPTH:
        steps = [(i, ONE) for i in range(len(hypotheses))]
    else:
        steps = [(i, ONE) for i, h in enumerate(hypotheses) if h.names() <= p.names() | facts.sizes
                 and h.names() & p.names()]  # fmt: skip
    for i, factor in steps:
        rest = _find(p - factor * hypotheses[i], hypotheses, facts, depth - 1, tries)
        if rest is not None:
            old = rest.get(i)
            rest[i] = factor if old is None else old + factor
            return rest
    return None


def plain(p: Poly, hypotheses: Sequence[Poly], facts: Facts) -> Certificate | None:
    """A certificate of scale 1, by elimination."""
    found = find(p, hypotheses, facts)
    return None if found is None else Certificate(found)


def insert(chain: Chain, place: Path, condition: Ge, search: Search = plain) -> bool:
    """f = f·[c] for the product f at a place, by the rule imply; False where c is a factor or nothing implies it."""
    parts, facts = factors_of(chain.at(place)), chain.statement.facts
    found = None if Iverson(condition) in parts else search(condition.p, bounds(parts, facts), facts)
    if found is not None:
        chain.undo("imply", place, Mul((*parts, Iverson(condition))), condition=condition, **found.arguments)
    return found is not None


def _eliminations(p: Poly, name: str, hypotheses: Sequence[Poly], facts: Facts) -> list[tuple[int, Poly]]:
    """Multiples of hypotheses that take `name` out of p, the shortest hypotheses first."""
    out: list[tuple[int, Poly]] = []
    c = p.coefficient(name)
    for i in sorted(range(len(hypotheses)), key=lambda i: len(hypotheses[i].terms)):
        b = hypotheses[i].coefficient(name)
        factor = c.divide(b) if b.terms else None
        if factor is not None and facts.nonnegative(factor):
            out.append((i, factor))
    return out
