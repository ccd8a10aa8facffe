"""Ranges of bound indices as formulas: between which ends an index must run for its sum to be complete."""

from __future__ import annotations

from symconv.expr.nodes import Entry, Expr, Iverson, Name, Sum
from symconv.expr.support import support
from symconv.expr.traverse import walk
from symconv.index.conditions import Ge
from symconv.index.facts import Facts
from symconv.index.poly import Poly, var


def spans(e: Expr, facts: Facts) -> dict[str, tuple[Poly, Poly]]:
    """For each bound index of a line that a kernel or a range confines directly: its least and greatest value."""
    out: dict[str, tuple[Poly, Poly]] = {}
    for _, node in walk(e):
        if isinstance(node, Sum):
            for v in node.indices:
                found = _span(v, node.body, facts)
                if found is not None:
                    out[v] = found
    return out


def _span(v: str, body: Expr, facts: Facts) -> tuple[Poly, Poly] | None:
    """The plainest range: from places v, then from ranges, then from places v + (other indices)."""
    candidates: list[tuple[int, Poly, Poly]] = []
    low: Poly | None = None
    high: Poly | None = None
    for _, node in walk(body):
        match node:
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
