"""Numbers with derivatives: Σ_S c_S ε_S with ε² = 0 for each letter, so that f(v + ε) = f(v) + f′(v) ε exactly.

One letter stands for each derivative that is being taken, so derivatives of derivatives come out right.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from math import gcd

from symconv.errors import StatementError

LARGEST = 200
NOUGHT = Fraction(0)
_NONE: frozenset[int] = frozenset()
Function = Callable[[Fraction], Fraction]


class Jet:
    """An exact number with its derivatives; adds and multiplies with fractions."""

    __slots__ = ("parts",)

    def __init__(self, parts: dict[frozenset[int], Fraction]) -> None:
        self.parts = {s: c for s, c in parts.items() if c}

    def __bool__(self) -> bool:
        return bool(self.parts)

    def __add__(self, other: Value) -> Jet:
        out = dict(self.parts)
        for s, c in _parts(other).items():
            out[s] = out.get(s, NOUGHT) + c
        return Jet(out)

    __radd__ = __add__

    def __mul__(self, other: Value) -> Jet:
        out: dict[frozenset[int], Fraction] = {}
        for s, c in self.parts.items():
            for t, d in _parts(other).items():
                if not s & t:
                    out[s | t] = out.get(s | t, NOUGHT) + c * d
        return Jet(out)

    __rmul__ = __mul__

    def __neg__(self) -> Jet:
        return Jet({s: -c for s, c in self.parts.items()})


Value = Fraction | Jet


def _parts(v: Value) -> dict[frozenset[int], Fraction]:
    return v.parts if isinstance(v, Jet) else {_NONE: v}


def seed(v: Value, letter: int) -> Jet:
    """v + ε."""
    return Jet({_NONE: NOUGHT}) + v + Jet({frozenset((letter,)): Fraction(1)})


def part(v: Value, letter: int) -> Value:
    """The derivative: what stands with ε."""
    found = {s - {letter}: c for s, c in _parts(v).items() if letter in s}
    return plain(Jet(found))


def plain(v: Value) -> Value:
    """A fraction where there are no derivatives left."""
    if isinstance(v, Jet) and v.parts.keys() <= {_NONE}:
        return v.parts.get(_NONE, NOUGHT)
    return v


def head(v: Value) -> Fraction:
    """The number without its derivatives."""
    return v.parts.get(_NONE, NOUGHT) if isinstance(v, Jet) else v


def raised(v: Value, p: int, q: int, above: bool = False) -> Value:
    """|v|^(p/q), with 0^0 = 1 and 0 for a negative power of 0; StatementError where that is no fraction.

    Derivatives at 0 are 0, or those of t^(p/q) for t ≥ 0 where v is seen to be at least 0 (`above`).
    """
    shared = gcd(p, q)
    p, q = p // shared, q // shared

    def derivative(order: int) -> Function:
        def at(t: Fraction) -> Fraction:
            scale = Fraction(1)
            for j in range(order):
                scale *= Fraction(p, q) - j
            if not t:
                return scale if p == q * order and (above or not order) else NOUGHT
            return scale * _rational(abs(t), p - q * order, q) * (-1 if t < 0 and order % 2 else 1) if scale else NOUGHT

        return at

    return applied(derivative, v)


def _rational(t: Fraction, p: int, q: int) -> Fraction:
    """t^(p/q) for t > 0."""
    if abs(p) > LARGEST * q:
        raise StatementError(f"the exponent {p}/{q} is too large for an example")
    roots = [_root(n, q) for n in (t.numerator, t.denominator)]
    return Fraction(roots[0], roots[1]) ** p


def _root(n: int, q: int) -> int:
    """The integer whose q-th power is n; StatementError where there is none."""
    low, high = 0, 1 << (n.bit_length() // q + 1)
    while low < high:
        middle = (low + high) // 2
        low, high = (middle + 1, high) if middle**q < n else (low, middle)
    if low**q != n:
        raise StatementError(f"the root of order {q} of {n} is no fraction")
    return low


def applied(derivatives: Callable[[int], Function], v: Value) -> Value:
    """f(v) by Taylor's formula, where `derivatives(j)` is the j-th derivative of f."""
    if not isinstance(v, Jet):
        return derivatives(0)(v)
    base = v.parts.get(_NONE, NOUGHT)
    step = Jet({s: c for s, c in v.parts.items() if s})
    total, power, j = Jet({_NONE: derivatives(0)(base)}), step, 1
    while power:
        total = total + power * derivatives(j)(base)
        j += 1
        power = power * step * Fraction(1, j)
    return plain(total)
