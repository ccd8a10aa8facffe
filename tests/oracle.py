"""The language a second time, as plain loops over fractions; it shares no line with the package.

A `Sequence` is a function on ℤ^d.  Where its ends (low, high on every axis) are known it is a kernel: it vanishes
outside them, and sums run over them.  Each primitive is its textbook formula, written once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import product

Place = tuple[int, ...]
Ends = tuple[tuple[int, int], ...]
ZERO = Fraction(0)


@dataclass(frozen=True, eq=False)
class Sequence:
    """n ↦ value(n) on ℤ^d, zero outside the ends; without ends it may be unbounded."""

    rank: int
    value: Callable[[Place], Fraction]
    ends: Ends | None = None
    known: dict[Place, Fraction] = field(default_factory=dict, repr=False)

    def __call__(self, *n: int) -> Fraction:
        if len(n) != self.rank:
            raise ValueError(f"{len(n)} subscripts for {self.rank} axes")
        if self.ends is not None and not all(low <= i <= high for i, (low, high) in zip(n, self.ends, strict=True)):
            return ZERO
        if n not in self.known:
            self.known[n] = Fraction(self.value(n))
        return self.known[n]

    def places(self) -> Iterator[Place]:
        """Every place inside the ends."""
        if self.ends is None:
            raise ValueError("this sequence has no ends")
        return product(*(range(low, high + 1) for low, high in self.ends))

    def support(self) -> Ends | None:
        """The smallest box that holds all values ≠ 0; None where all are 0."""
        hits = [n for n in self.places() if self(*n)]
        return tuple((min(axis), max(axis)) for axis in zip(*hits, strict=True)) if hits else None


def signal(rank: int, seed: int) -> Sequence:
    """A signal without end or pattern: small integers that depend on every coordinate."""

    def value(n: Place) -> Fraction:
        state = 2 * seed + 1
        for i in n:
            state = (state * 6364136223846793005 + i + 1442695040888963407) % 2**64
            state ^= state >> 29
        return Fraction(state % 19 - 9)

    return Sequence(rank, value)


def kernel(first: Place, shape: Place, values: Iterable[Fraction | int]) -> Sequence:
    """Taps in row-major order from a first place on."""
    ends = tuple((low, low + c - 1) for low, c in zip(first, shape, strict=True))
    places = product(*(range(low, high + 1) for low, high in ends))
    table = {n: Fraction(v) for n, v in zip(places, values, strict=True)}
    return Sequence(len(shape), lambda n: table[n], ends)


def taps(*values: Fraction | int) -> Sequence:
    """values[n] for 0 ≤ n < their number."""
    return kernel((0,), (len(values),), values)


def ones(*extents: int) -> Sequence:
    """[0 ≤ n < c] on every axis."""
    return Sequence(len(extents), lambda n: Fraction(1), tuple((0, c - 1) for c in extents))


def delta(rank: int) -> Sequence:
    """[n = 0]."""
    return Sequence(rank, lambda n: Fraction(1), ((0, 0),) * rank)


def conv(x: Sequence, k: Sequence) -> Sequence:
    """Σ_a k[a] x[n−a], the sum over the taps of whichever operand has them."""

    def value(n: Place) -> Fraction:
        if k.ends is None:
            return sum((x(*m) * k(*(i - j for i, j in zip(n, m, strict=True))) for m in x.places()), ZERO)
        return sum((k(*a) * x(*(i - j for i, j in zip(n, a, strict=True))) for a in k.places()), ZERO)

    return Sequence(x.rank, value, _ends(x, k, lambda u, v: (u[0] + v[0], u[1] + v[1])))


def corr(x: Sequence, k: Sequence, stride: Place | None = None, dilation: Place | None = None,
         padding: Place | None = None) -> Sequence:  # fmt: skip
    """Σ_a k[a] x[s n + d a − p]; for a kernel x and any k the sum runs over m = s n + d a − p."""
    s, d, p = stride or (1,) * x.rank, dilation or (1,) * x.rank, padding or (0,) * x.rank

    def value(n: Place) -> Fraction:
        total = ZERO
        if k.ends is not None:
            for a in k.places():
                total += k(*a) * x(*(s[i] * n[i] + d[i] * a[i] - p[i] for i in range(x.rank)))
            return total
        for m in x.places():
            gaps = [m[i] + p[i] - s[i] * n[i] for i in range(x.rank)]
            if all(gap % step == 0 for gap, step in zip(gaps, d, strict=True)):
                total += x(*m) * k(*(gap // step for gap, step in zip(gaps, d, strict=True)))
        return total

    ends = None
    if x.ends is not None and k.ends is not None:
        lows = [-((d[i] * k.ends[i][1] - x.ends[i][0] - p[i]) // s[i]) for i in range(x.rank)]
        highs = [(x.ends[i][1] + p[i] - d[i] * k.ends[i][0]) // s[i] for i in range(x.rank)]
        ends = tuple(zip(lows, highs, strict=True))
    return Sequence(x.rank, value, ends)


def down(x: Sequence, s: Place) -> Sequence:
    """x[s n]."""
    ends = x.ends and tuple((-(-low // m), high // m) for (low, high), m in zip(x.ends, s, strict=True))
    return Sequence(x.rank, lambda n: x(*(i * m for i, m in zip(n, s, strict=True))), ends)


def up(x: Sequence, s: Place) -> Sequence:
    """x[n/s] where s divides n on every axis, else 0."""

    def value(n: Place) -> Fraction:
        if any(i % m for i, m in zip(n, s, strict=True)):
            return ZERO
        return x(*(i // m for i, m in zip(n, s, strict=True)))

    ends = x.ends and tuple((low * m, high * m) for (low, high), m in zip(x.ends, s, strict=True))
    return Sequence(x.rank, value, ends)


def flip(x: Sequence) -> Sequence:
    """x[−n]."""
    return Sequence(x.rank, lambda n: x(*(-i for i in n)), x.ends and tuple((-high, -low) for low, high in x.ends))


def reverse(k: Sequence) -> Sequence:
    """k[low + high − n]: k[c−1−n] for taps 0..c−1."""
    if k.ends is None:
        raise ValueError("only a kernel can be reversed")
    ends = k.ends
    return Sequence(k.rank, lambda n: k(*(low + high - i for i, (low, high) in zip(n, ends, strict=True))), ends)


def shift(x: Sequence, m: Place) -> Sequence:
    """x[n−m]."""
    ends = x.ends and tuple((low + j, high + j) for (low, high), j in zip(x.ends, m, strict=True))
    return Sequence(x.rank, lambda n: x(*(i - j for i, j in zip(n, m, strict=True))), ends)


def add(x: Sequence, y: Sequence) -> Sequence:
    """x[n] + y[n]."""
    ends = _ends(x, y, lambda u, v: (min(u[0], v[0]), max(u[1], v[1])))
    return Sequence(x.rank, lambda n: x(*n) + y(*n), ends)


def subtract(x: Sequence, y: Sequence) -> Sequence:
    """x[n] − y[n]."""
    return add(x, scale(Fraction(-1), y))


def scale(a: Fraction, x: Sequence) -> Sequence:
    """a x[n]."""
    return Sequence(x.rank, lambda n: a * x(*n), x.ends)


def raise_by(a: Fraction, x: Sequence) -> Sequence:
    """x[n] + a at every place of ℤ^d, so without ends."""
    return Sequence(x.rank, lambda n: x(*n) + a)


def multiply(x: Sequence, y: Sequence) -> Sequence:
    """x[n] y[n]."""
    return Sequence(x.rank, lambda n: x(*n) * y(*n), x.ends if y.ends is None else y.ends)


def pointwise(f: Callable[[Fraction], Fraction], x: Sequence) -> Sequence:
    """f(x[n]), for f with f(0) = 0."""
    return Sequence(x.rank, lambda n: f(x(*n)), x.ends)


def _ends(x: Sequence, y: Sequence, join: Callable[[tuple[int, int], tuple[int, int]], tuple[int, int]]) -> Ends | None:
    if x.ends is None or y.ends is None:
        return None
    return tuple(join(u, v) for u, v in zip(x.ends, y.ends, strict=True))
