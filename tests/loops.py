"""PyTorch's layers as plain loops over fractions; nothing here comes from the package or from PyTorch.

Axes are batch, channel and places, as in PyTorch; places are not bounded.  An operand has ends and is 0 outside
them.  Gathering layers are lists of terms; those that PyTorch describes as scattering scatter here too.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from fractions import Fraction
from itertools import product
from math import prod

from oracle import ZERO, Place, Sequence


def extents(x: Sequence) -> Place:
    """How many places every axis has, from 0 on."""
    if x.ends is None:
        raise ValueError("this sequence has no ends")
    return tuple(high + 1 for _, high in x.ends)


def grid(*counts: int) -> Iterator[Place]:
    """Every place below the counts."""
    return product(*map(range, counts))


def conv(x: Sequence, w: Sequence, b: Sequence | None, stride: Place, padding: Place, dilation: Place,
         groups: int) -> Sequence:  # fmt: skip
    """b[o] + Σ_{c,a} w[o, c, a] x[n, c + first channel of o's group, s i + d a − p]."""
    outputs, inputs, *window = extents(w)

    def value(place: Place) -> Fraction:
        n, o, *i = place
        first = o // (outputs // groups) * inputs
        total = ZERO if b is None else b(o)
        for c in range(inputs):
            for a in grid(*window):
                total += w(o, c, *a) * x(n, first + c, *_reached(i, a, stride, padding, dilation))
        return total

    return Sequence(x.rank, value)


def conv_transpose(x: Sequence, w: Sequence, b: Sequence | None, stride: Place, padding: Place, dilation: Place,
                   groups: int) -> Sequence:  # fmt: skip
    """Every x[n, c, i] adds w[c, o, a] x[n, c, i] at s i + d a − p, to the outputs of its group."""
    inputs, outputs, *window = extents(w)
    held: defaultdict[Place, Fraction] = defaultdict(Fraction)
    for n, c, *i in x.places():
        first = c // (inputs // groups) * outputs
        for o, a in product(range(outputs), grid(*window)):
            place = (n, first + o, *_reached(i, a, stride, padding, dilation))
            held[place] += w(c, o, *a) * x(n, c, *i)
    return Sequence(x.rank, lambda place: held[place] + (ZERO if b is None else b(place[1])))


def conv_weight(x: Sequence, g: Sequence, stride: Place, padding: Place, dilation: Place, groups: int) -> Sequence:
    """Σ_{n,i} g[n, o, i] x[n, c + first channel of o's group, s i + d a − p] at [o, c, a]."""
    (batch, inputs, *_), (_, outputs, *places) = extents(x), extents(g)

    def value(place: Place) -> Fraction:
        o, c, *a = place
        channel = o // (outputs // groups) * (inputs // groups) + c
        terms = product(range(batch), grid(*places))
        reached = ((n, i, _reached(i, a, stride, padding, dilation)) for n, i in terms)
        return sum((g(n, o, *i) * x(n, channel, *j) for n, i, j in reached), ZERO)

    return Sequence(x.rank, value)


def depthwise(x: Sequence, w: Sequence, b: Sequence | None, stride: Place, padding: Place,
              dilation: Place) -> Sequence:  # fmt: skip
    """b[c] + Σ_a w[c, a] x[n, c, s i + d a − p]."""

    def value(place: Place) -> Fraction:
        n, c, *i = place
        total = ZERO if b is None else b(c)
        for a in grid(*extents(w)[1:]):
            total += w(c, *a) * x(n, c, *_reached(i, a, stride, padding, dilation))
        return total

    return Sequence(x.rank, value)


def pointwise(x: Sequence, w: Sequence, b: Sequence | None) -> Sequence:
    """b[o] + Σ_c w[o, c] x[n, c, i]."""

    def value(place: Place) -> Fraction:
        n, o, *i = place
        return sum((w(o, c) * x(n, c, *i) for c in range(extents(w)[1])), ZERO if b is None else b(o))

    return Sequence(x.rank, value)


def avg_pool(x: Sequence, window: Place, stride: Place, padding: Place) -> Sequence:
    """The mean of the window, in which padding counts."""

    def value(place: Place) -> Fraction:
        n, c, *i = place
        reached = (_reached(i, a, stride, padding, (1,) * len(a)) for a in grid(*window))
        return sum((x(n, c, *j) for j in reached), ZERO) / prod(window)

    return Sequence(x.rank, value)


def max_pool(x: Sequence, window: Place, stride: Place, padding: Place, dilation: Place) -> Sequence:
    """The greatest number in the window; padding is what x is there."""

    def value(place: Place) -> Fraction:
        n, c, *i = place
        return max(x(n, c, *_reached(i, a, stride, padding, dilation)) for a in grid(*window))

    return Sequence(x.rank, value)


def lp_pool(x: Sequence, power: int, window: Place, stride: Place) -> Sequence:
    """The root of the sum of |x|^p in the window; ValueError where it is not a whole number."""

    def value(place: Place) -> Fraction:
        n, c, *i = place
        none, one = (0,) * len(i), (1,) * len(i)
        total = sum((abs(x(n, c, *_reached(i, a, stride, none, one))) ** power for a in grid(*window)), ZERO)
        root = round(float(total) ** (1 / power))
        if root**power != total:
            raise ValueError(f"the root of order {power} of {total} is no whole number")
        return Fraction(root)

    return Sequence(x.rank, value)


def max_unpool(y: Sequence, x: Sequence, window: Place, stride: Place, padding: Place, dilation: Place) -> Sequence:
    """Each y[n, c, i] is added where x takes its maximum over window i, the first in the order of reading."""
    scattered: dict[Place, Fraction] = defaultdict(Fraction)
    for place in y.places():
        n, c, *i = place
        reached = [(n, c, *_reached(i, a, stride, padding, dilation)) for a in grid(*window)]
        scattered[max(reached, key=lambda m: x(*m))] += y(*place)
    return Sequence(x.rank, lambda m: scattered[m])


def nearest(x: Sequence, by: Place) -> Sequence:
    """x[n, c, ⌊i/s⌋]."""
    return Sequence(x.rank, lambda n: x(*n[:2], *(i // s for i, s in zip(n[2:], by, strict=True))))


def linear(x: Sequence, by: Place, aligned: bool) -> Sequence:
    """Linear interpolation at i/s, or at (i + 1/2)/s − 1/2 where the corners are not aligned."""

    def value(place: Place) -> Fraction:
        half = Fraction(0 if aligned else 1, 2)
        at = [(i + half) / s - half for i, s in zip(place[2:], by, strict=True)]
        total = ZERO
        for corner in product((0, 1), repeat=len(at)):
            weight = prod((q % 1 if c else 1 - q % 1 for q, c in zip(at, corner, strict=True)), start=Fraction(1))
            total += weight * x(*place[:2], *(q // 1 + c for q, c in zip(at, corner, strict=True)))
        return total

    return Sequence(x.rank, value)


def nails(x: Sequence, by: Place) -> Sequence:
    """Every x[n, c, i] at s i, and zeros between."""
    held = {(*m[:2], *(i * s for i, s in zip(m[2:], by, strict=True))): x(*m) for m in x.places()}
    return Sequence(x.rank, lambda n: held.get(n, ZERO))


def pixel_shuffle(x: Sequence, r: int) -> Sequence:
    """Channel r² c + r a + b holds the places (r i + a, r j + b) of channel c."""
    held: dict[Place, Fraction] = {}
    for n, c, i, j in x.places():
        held[n, c // r**2, r * i + c // r % r, r * j + c % r] = x(n, c, i, j)
    return Sequence(4, lambda n: held.get(n, ZERO))


def pixel_unshuffle(x: Sequence, r: int) -> Sequence:
    """The places (r i + a, r j + b) of channel c as channel r² c + r a + b."""
    held: dict[Place, Fraction] = {}
    for n, c, i, j in x.places():
        held[n, r**2 * c + r * (i % r) + j % r, i // r, j // r] = x(n, c, i, j)
    return Sequence(4, lambda n: held.get(n, ZERO))


def cat(parts: list[Sequence], axis: int) -> Sequence:
    """One after another along an axis."""
    held: dict[Place, Fraction] = {}
    first = 0
    for x in parts:
        held |= {(*n[:axis], n[axis] + first, *n[axis + 1 :]): x(*n) for n in x.places()}
        first += extents(x)[axis]
    return Sequence(parts[0].rank, lambda n: held.get(n, ZERO))


def permute(x: Sequence, order: Place) -> Sequence:
    """Axis i of the result is axis order[i] of x."""
    held = {tuple(n[axis] for axis in order): x(*n) for n in x.places()}
    return Sequence(x.rank, lambda n: held.get(n, ZERO))


def scale(x: Sequence, a: Sequence, axis: int) -> Sequence:
    """a[m] x[…, m, …]."""
    return Sequence(x.rank, lambda n: a(n[axis]) * x(*n))


def apply(f: Callable[[Fraction], Fraction], x: Sequence) -> Sequence:
    """f at every place, also outside."""
    return Sequence(x.rank, lambda n: f(x(*n)))


def _reached(i: Place | list[int], a: Place | list[int], stride: Place, padding: Place, dilation: Place) -> Place:
    """s i + d a − p on every axis of places."""
    axes = zip(i, a, stride, padding, dilation, strict=True)
    return tuple(s * m + d * t - p for m, t, s, p, d in axes)
