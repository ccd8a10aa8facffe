"""A Presburger set as few and short conjunctions: what a person reads.

isl gives disjoint pieces with more conditions than are needed.  Here conditions are left out as long as what is left
stays inside the set, pieces that the others cover are left out, and conditions on a parity are said apart; every step
is decided by isl, so what comes out is the same set within its context.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import chain
from typing import TYPE_CHECKING

from symconv.errors import SearchError
from symconv.expr.floors import is_floor, spoken
from symconv.expr.statement import Assumption, polys
from symconv.index.conditions import Condition, Divides, Eq, Ge
from symconv.index.poly import const
from symconv.tactics.presburger import Space, reduced, remainder
from symconv.tactics.verdict import Conjunction

if TYPE_CHECKING:
    import islpy as isl

MOST = 24
"""How many pieces are shortened."""


def cover(s: isl.Set, context: isl.Set, space: Space, dims: tuple[str, ...] = ()) -> tuple[Conjunction, ...]:
    """Conjunctions that say, within the context, where the set is; () for nowhere, one empty one for everywhere."""
    target = s.intersect(context)
    if target.is_empty():
        return ()
    if context.is_subset(target):
        return ((),)
    first = target.gist(context).compute_divs().coalesce()
    if first.n_basic_set() > MOST:
        raise SearchError("the set has too many pieces to be said")
    pieces = [*chain.from_iterable(_by_parity(c) for c in space.formula(first, dims))]
    short = [_shortest(c, target, context, space, dims) for c in pieces]
    return tuple(sorted(_needed(short, target, context, space, dims), key=weight))


def weight(conjunction: Conjunction) -> tuple[int, int, str]:
    """How much there is to read, floors above all."""
    ps = [p for c in conjunction for p in polys(c)]
    floors = sum(is_floor(n) for p in ps for n in p.names())
    return 3 * floors + sum(isinstance(c, Divides) for c in conjunction), sum(len(p.terms) for p in ps), str(ps)


def _by_parity(conjunction: Conjunction) -> list[Conjunction]:
    """rest ± (e mod 2) ≥ 0 as rest ≥ 1, or rest = 0 with e even; the others stay as they are."""
    out: list[Conjunction] = [()]
    for c in conjunction:
        choices: list[tuple[Condition, ...]] = [(c,)] if isinstance(c, Eq | Ge | Divides) else []
        shown = remainder(c.p) if isinstance(c, Ge) else None
        if shown is not None and shown[3] == 2 and abs(shown[1]) == 1:
            rest, t, e, m = shown
            even = int(t > 0)  # With t > 0, e odd gives one more; with t < 0, e even takes nothing away.
            low = rest if t > 0 else rest - 1
            choices = [(Ge(low),), (Eq(low + 1), Divides(const(m), reduced(e + even, m)))]
        out = [before + more for before in out for more in choices]
    return out


def _holds(c: Conjunction, space: Space, dims: tuple[str, ...], context: isl.Set) -> isl.Set:
    return space.where(c, dims).intersect(context)


def _shortest(conjunction: Conjunction, target: isl.Set, context: isl.Set, space: Space,
              dims: tuple[str, ...]) -> Conjunction:  # fmt: skip
    """Without the conditions that are not needed to stay inside the target, the hardest to read first."""
    kept = list(dict.fromkeys(conjunction))
    for c in sorted(kept, key=lambda c: weight((c,)), reverse=True):
        fewer = tuple(d for d in kept if d != c)
        if _holds(fewer, space, dims, context).is_subset(target):
            kept.remove(c)
    return tuple(kept)


def _needed(pieces: Iterable[Conjunction], target: isl.Set, context: isl.Set, space: Space,
            dims: tuple[str, ...]) -> list[Conjunction]:  # fmt: skip
    """Without the pieces that the others cover, the longest first."""
    kept = [*dict.fromkeys(pieces)]
    sets = {c: _holds(c, space, dims, context) for c in kept}
    for c in sorted(kept, key=weight, reverse=True):
        others = [sets[d] for d in kept if d != c]
        if others and target.is_subset(united(others)):
            kept.remove(c)
    return kept


def united(sets: Sequence[isl.Set]) -> isl.Set:
    """The union of one or more sets."""
    first, *rest = sets
    for s in rest:
        first = first.union(s)
    return first


def speaks_of(c: Assumption, names: Iterable[str]) -> bool:
    """Whether a condition depends on one of some names, in a floor too."""
    wanted = set(names)
    return any(wanted & spoken(p.names()) for p in polys(c))
