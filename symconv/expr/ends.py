"""What stands beyond the ends of a tensor of N samples, and pooling by windows that reach there.

    reflect     x[−m] before, x[2(N − 1) − m] after            (m < 0 or m ≥ N is the place that is read)
    replicate   x[0] before, x[N − 1] after
    circular    Σ_i x[m − N i]

Padding of a maximum is less than every number.  So a place beyond an end has the sample of its window that is next to
it, which leaves every maximum as it is: with dilation t the one at m mod t, or as far before the last; it is there
where N ≥ t and the window meets a sample.  A mean divides by the taps of its window that count: those on samples, or
on samples and padding where windows may reach beyond both (`ceil_mode`).

Source: the documentation of torch.nn.
"""

from __future__ import annotations

from itertools import product

from symconv.expr.nodes import (
    Add,
    Entry,
    Expr,
    Iverson,
    Layer,
    Most,
    Mul,
    Peak,
    Power,
    Sum,
)  # fmt: skip
from symconv.index.conditions import Condition, Divides, Eq, Ge, between
from symconv.index.poly import ONE, ZERO, Poly, const, var

Place = tuple[Poly, ...]
MODES = ("zeros", "reflect", "replicate", "circular")
"""What stands beyond the ends of a padded tensor; `order` has the number of the mode, or is () for zeros."""
Choice = tuple[tuple[str, ...], tuple[Condition, ...], Poly]
"""Where a place may be, and which place is read there: Σ over the indices of [conditions] x[place]."""


def within(p: Poly, low: Poly, count: Poly) -> tuple[Expr, ...]:
    """[low ≤ p < low + count] as two factors."""
    return tuple(Iverson(c) for c in between(p, low, low + count - 1))


def reached(e: Layer, n: Place, taps: tuple[str, ...]) -> Place:
    """s n + t a − p on every spatial axis."""
    steps = zip(e.stride, n, e.dilation, map(var, taps), e.padding, strict=True)
    return tuple(s * i + t * a - p for s, i, t, a, p in steps)


def padded_samples(e: Layer) -> tuple[Poly, ...]:
    """The extents of what is padded: those of the result without both ends."""
    ends = zip(e.extents, e.padding, e.output_padding, strict=True)
    return tuple(m - low - high for m, low, high in ends)


def padded(e: Layer, n: Place, names: tuple[str, ...]) -> Expr:
    """A padded tensor at n: on each axis places inside and beyond either end, with the entry that stands there."""
    d = len(e.padding)
    lead, inside = n[:-d], tuple(p - low for p, low in zip(n[-d:], e.padding, strict=True))
    if not e.order:
        return Entry(e.parts[0], (*lead, *inside))
    counts = padded_samples(e)
    mode = MODES[e.order[0]]
    if mode == "circular":
        wrapped = (p - count * var(m) for p, count, m in zip(inside, counts, names, strict=True))
        return Sum(names, Entry(e.parts[0], (*lead, *wrapped)))
    choices: list[list[Choice]] = []
    for p, count in zip(inside, counts, strict=True):
        below, above = (-p, 2 * (count - 1) - p) if mode == "reflect" else (ZERO, count - 1)
        choices.append([((), (), p), ((), (Ge(-1 - p),), below), ((), (Ge(p - count),), above)])
    terms = [_summed(indices, conditions, (Entry(e.parts[0], (*lead, *place)),))
             for indices, conditions, place in _all(choices)]  # fmt: skip
    return Add(tuple(terms))


def _all(choices: list[list[Choice]]) -> list[tuple[tuple[str, ...], tuple[Condition, ...], Place]]:
    """One choice for every axis, in all ways."""
    out: list[tuple[tuple[str, ...], tuple[Condition, ...], Place]] = []
    for choice in product(*choices):
        indices = tuple(i for own, _, _ in choice for i in own)
        out.append((indices, tuple(c for _, own, _ in choice for c in own), tuple(p for _, _, p in choice)))
    return out


def _summed(indices: tuple[str, ...], conditions: tuple[Condition, ...], factors: tuple[Expr, ...]) -> Expr:
    parts = (*map(Iverson, conditions), *factors)
    body = parts[0] if len(parts) == 1 else Mul(parts)
    return Sum(indices, body) if indices else body


def _nearest(e: Layer, place: Place, residues: tuple[str, ...]) -> list[list[Choice]]:
    """A place within the samples itself; for one beyond them the next of its window on each axis."""
    out: list[list[Choice]] = []
    names = iter(residues)
    for m, count, t in zip(place, e.groups, e.dilation, strict=True):
        before, after = Ge(-1 - m), Ge(m - count)
        inside: Choice = ((), (), m)  # Beyond the samples it reads 0.
        if t == ONE:
            out.append([inside, ((), (before,), ZERO), ((), (after,), count - 1)])
            continue
        j = next(names)
        own = between(var(j), ZERO, t - 1)
        last = count - 1
        out.append([inside, ((j,), (before, *own, Divides(t, m - var(j))), var(j)),
                    ((j,), (after, *own, Divides(t, last - var(j) - m)), last - var(j))])  # fmt: skip
    return out


def residues(e: Layer) -> int:
    """How many axes have places beyond the ends that are told by their remainders."""
    return sum(t != ONE for t in e.dilation) if e.groups else 0


def greatest(e: Layer, n: Place, names: tuple[str, ...]) -> Expr:
    """The maximum of a window; `names` are its places, and one index for each axis of `residues`."""
    d = len(e.window)
    body = _read(e, e.parts[0], n[:-d], reached(e, n[-d:], names[:d]), names[d:])
    return Most(names[:d], body, e.window)


def _read(e: Layer, x: Expr, lead: Place, place: Place, names: tuple[str, ...]) -> Expr:
    """The sample of a window at a place, or the one that stands for it."""
    if not e.groups:
        return Entry(x, (*lead, *place))
    terms = [_summed(indices, conditions, (Entry(x, (*lead, *at)),))
             for indices, conditions, at in _all(_nearest(e, place, names))]  # fmt: skip
    return Add(tuple(terms))


def put_back(e: Layer, n: Place, names: tuple[str, ...]) -> Expr:
    """Σ_{i,a} [the window i of x is greatest first at a, and n stands for its place a] y[i]."""
    d = len(e.window)
    lead, at, i, a, window, rest = (
        n[:-d], n[-d:], tuple(map(var, names[:d])), names[d : 2 * d], names[2 * d : 3 * d], names[3 * d :]
    )  # fmt: skip
    place = reached(e, i, a)
    inside = tuple(f for v, c in zip(a, e.window, strict=True) for f in within(var(v), ZERO, c))
    body = _read(e, e.parts[1], lead, reached(e, i, window), rest[: len(rest) // 2])
    first = Peak(window, body, e.window, tuple(map(var, a)))
    y = Entry(e.parts[0], (*lead, *i))
    if not e.groups:
        hits = tuple(Iverson(Eq(m - r)) for m, r in zip(at, place, strict=True))
        return Sum((*names[:d], *a), Mul((*hits, *inside, first, y)))
    terms: list[Expr] = []
    for indices, conditions, met in _all(_nearest(e, place, rest[len(rest) // 2 :])):
        hits = tuple(Iverson(Eq(m - r)) for m, r in zip(at, met, strict=True))
        terms.append(Sum((*names[:d], *a, *indices), Mul((*hits, *map(Iverson, conditions), *inside, first, y))))
    return Add(tuple(terms))


def share(e: Layer, n: Place, names: tuple[str, ...]) -> tuple[Expr, ...]:
    """1 over the number of taps of window n that count, a factor for each axis; `names` are the taps."""
    _, exclude = e.order
    factors: list[Expr] = []
    for i, tap, count, c, s, p in zip(n[-len(names) :], names, e.groups, e.window, e.stride, e.padding, strict=True):
        place = s * i + var(tap) - p
        counted = within(place, ZERO, count) if exclude else within(place, -p, count + 2 * p)
        factors.append(Power(Sum((tap,), Mul((*within(var(tap), ZERO, c), *counted))), const(-1), ONE))
    return tuple(factors)
