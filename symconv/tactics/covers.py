"""A Presburger set as few and short conjunctions: what a person reads.

isl gives disjoint pieces with more conditions than are needed.  Here conditions are left out as long as what is left
stays inside the set, pieces that the others cover are left out, and conditions on a remainder are said apart; every
step is decided by isl, so what comes out is the same set within its context.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import chain
from typing import TYPE_CHECKING

from symconv.errors import SearchError
from symconv.expr.floors import floor, is_floor, read
from symconv.expr.statement import Assumption, polys, solve_for_name
from symconv.index.conditions import Divides, Eq, Ge, decide
from symconv.index.poly import Poly, const
from symconv.tactics.presburger import Space, of_residues, reduced, remainder, residues, tidy
from symconv.tactics.verdict import Conjunction
from symconv.tactics.wording import said, speaks_of

if TYPE_CHECKING:
    import islpy as isl

MOST = 24
"""How many pieces are shortened."""
LARGEST = 6
"""The largest number by which remainders are told apart."""


def cover(s: isl.Set, context: isl.Set, space: Space, dims: tuple[str, ...] = ()) -> tuple[Conjunction, ...]:
    """Conjunctions that say, within the context, where the set is; () for nowhere, one empty one for everywhere."""
    space.renew()
    target = s.intersect(context)
    if target.is_empty():
        return ()
    if context.is_subset(target):
        return ((),)
    first = target.gist(context).compute_divs().coalesce()
    if first.n_basic_set() > MOST:
        raise SearchError("the set has too many pieces to be said")
    whole = space.formula(first, dims)
    ways = [whole]
    for most in (2, LARGEST):
        split = [*chain.from_iterable(_by_remainder(c, dims, most) for c in whole)]
        ways += [split] if split not in ways and len(split) <= MOST else []
    found: list[tuple[Conjunction, ...]] = []
    for pieces in ways:
        short = [_shortest(c, target, context, space, dims) for c in pieces
                 if not _holds(c, space, dims, context).is_empty()]  # fmt: skip
        found.append(tuple(sorted(_needed(short, target, context, space, dims), key=weight)))
    return min(found, key=lambda each: [sum(w) for w in zip(*(weight(c)[:2] for c in each), strict=True)])


@lru_cache(maxsize=4096)
def weight(conjunction: Conjunction) -> tuple[int, int, str]:
    """How much there is to read, floors above all."""
    text = said(conjunction)
    return text.count("//"), len(text), text


def _order(c: Assumption, dims: tuple[str, ...]) -> tuple[bool, int, str]:
    """Outputs before sizes, bounds before values and remainders."""
    kind = 2 if residues(c) is not None else 0 if isinstance(c, Ge) else 1
    return not speaks_of(c, dims), kind, str(polys(c))


def _with_numbers(conjunction: Conjunction) -> Conjunction:
    """The conditions with the numbers that equations among them give."""
    values: dict[str, Poly] = {}
    for c in conjunction:
        solved = solve_for_name(c.p, sorted(c.p.names())) if isinstance(c, Eq) else None
        if solved is not None and solved[1].constant() is not None:
            values[solved[0]] = solved[1]

    def put(p: Poly) -> Poly:
        return p.subs({**values, **{n: read(n, values) for n in p.names() if is_floor(n)}})

    out: list[Assumption] = []
    for c in conjunction:
        match c:
            case Eq(p) if len(p.names()) > 1:
                out.append(tidy(Eq(put(p))))
            case Ge(p):
                out.append(tidy(Ge(put(p))))
            case Divides(m, p):
                out.append(Divides(m, reduced(put(p), m.constant() or 1)))
            case _:
                out.append(c)
    return tuple(c for c in _joined(out) if isinstance(c, Eq | Ge | Divides) and decide(c) is not True)


def _joined(conditions: Iterable[Assumption]) -> list[Assumption]:
    """The conditions with all that is said of one remainder as one condition."""
    out: list[Assumption] = []
    met: dict[tuple[Poly, int], list[tuple[Assumption, frozenset[int]]]] = {}
    for c in dict.fromkeys(conditions):
        found = residues(c)
        if found is None:
            out.append(c)
        else:
            met.setdefault(found[:2], []).append((c, found[2]))
    for (e, m), own in met.items():
        both = of_residues(e, m, frozenset.intersection(*(allowed for _, allowed in own)))
        out += [c for c, _ in own] if both is None else [both]
    return out


def _by_remainder(conjunction: Conjunction, dims: tuple[str, ...], most: int) -> list[Conjunction]:
    """rest ± (e mod m) ≥ 0, for m up to a number, without the remainder, value by value; the others stay as they are.

    With + it holds where rest ≥ 0, or rest = −v and e mod m ≥ v, for v = 1 … m − 1.
    With − it holds where rest ≥ m − 1, or rest = v and e mod m ≤ v, for v = 0 … m − 2.
    """
    out: list[Conjunction] = [()]
    for c in conjunction:
        choices: list[Conjunction] = [(c,)]
        shown = remainder(c.p) if isinstance(c, Ge) and not speaks_of(c, dims) else None
        if shown is not None and shown[3] <= most and abs(shown[1]) == 1:
            rest, t, e, m = shown
            left = e - m * floor(e, const(m))
            if t > 0:
                choices = [(Ge(rest),), *((Eq(rest + v), tidy(Ge(left - v))) for v in range(1, m))]
            else:
                choices = [(Ge(rest - (m - 1)),), *((Eq(rest - v), tidy(Ge(v - left))) for v in range(m - 1))]
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
    return tuple(sorted(_with_numbers(tuple(kept)), key=lambda c: _order(c, dims)))


def _needed(pieces: Iterable[Conjunction], target: isl.Set, context: isl.Set, space: Space,
            dims: tuple[str, ...]) -> list[Conjunction]:  # fmt: skip
    """Without the pieces that the others cover, the longest first."""
    kept = [*dict.fromkeys(pieces)]
    sets = {c: _holds(c, space, dims, context) for c in kept}
    for c in sorted(kept, key=weight, reverse=True):
        others = [sets[d] for d in kept if d != c]
        if others and target.is_subset(united(others)):
            kept.remove(c)
    for i, c in enumerate(kept):  # One after another: two may each leave to the other what both have.
        others = [_holds(d, space, dims, context) for j, d in enumerate(kept) if j != i]
        kept[i] = _sharpened(c, others, target, context, space, dims)
    return kept


def _sharpened(conjunction: Conjunction, others: list[isl.Set], target: isl.Set, context: isl.Set, space: Space,
               dims: tuple[str, ...]) -> Conjunction:  # fmt: skip
    """With c = 3 for c ≤ 3 beside other conditions, where the other pieces have the rest."""
    if len(conjunction) == 1 or not others:
        return conjunction
    for c in conjunction:
        if not isinstance(c, Ge) or residues(c) is not None or speaks_of(c, dims):
            continue
        sharp = tuple(Eq(d.p) if d == c and isinstance(d, Ge) else d for d in conjunction)
        new = tuple(sorted(_with_numbers(sharp), key=lambda d: _order(d, dims)))
        if weight(new)[:2] <= weight(conjunction)[:2] and target.is_subset(
            united([*others, _holds(new, space, dims, context)])
        ):
            return new
    return conjunction


def united(sets: Sequence[isl.Set]) -> isl.Set:
    """The union of one or more sets."""
    first, *rest = sets
    for s in rest:
        first = first.union(s)
    return first
