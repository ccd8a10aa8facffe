"""Ranges of bound indices as formulas: between which ends an index must run for its sum to be complete."""

from __future__ import annotations

from symconv.expr.nodes import Entry, Expr, Iverson, Mul, Name, Sum, factors_of
from symconv.expr.support import support
from symconv.expr.traverse import Path, walk
from symconv.index.conditions import Ge
from symconv.index.facts import Facts
from symconv.index.poly import Poly, var


def spans(e: Expr, facts: Facts) -> list[tuple[Path, str, Poly, Poly]]:
    """(place of its sum, index, least, greatest) of the bound indices that a factor of their sum confines."""
    out: list[tuple[Path, str, Poly, Poly]] = []
    for path, node in walk(e):
        if isinstance(node, Sum):
            for v in node.indices:
                found = _span(v, _factors(node.body), facts)
                if found is not None:
                    out.append((path, v, *found))
    return out


def _factors(e: Expr) -> tuple[Expr, ...]:
    return tuple(g for f in factors_of(e) for g in (_factors(f) if isinstance(f, Mul) else (f,)))


def _span(v: str, parts: tuple[Expr, ...], facts: Facts) -> tuple[Poly, Poly] | None:
    """The plainest range: from places v, then from ranges, then from places v + (other indices)."""
    candidates: list[tuple[int, Poly, Poly]] = []
    low: Poly | None = None
    high: Poly | None = None
    for f in parts:
        match f:
            case Entry(x, at):
                box = facts.supports.get(x.name) if isinstance(x, Name) else support(x, facts)
                for p, ends in zip(at, box or (), strict=False):
                    c = p.coefficient(v).constant()
                    if ends is not None and c in (1, -1):
                        rest = p - c * var(v)
                        first, last = (ends[0] - rest, ends[1] - rest) if c == 1 else (rest - ends[1], rest - ends[0])
                        candidates.append((len(rest.terms), first, last))
            case Iverson(Ge(p)):
                c = p.coefficient(v).constant()
                if c == 1:
                    low = var(v) - p
                elif c == -1:
                    high = p + var(v)
            case _:
                pass
    if low is not None and high is not None:
        candidates.append((0, low, high))
    if not candidates:
        return None
    _, first, last = min(candidates, key=lambda item: item[0])
    return first, last
