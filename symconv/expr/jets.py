"""Numbers with derivatives: Σ_S c_S ε_S with ε² = 0 for each letter, so that f(v + ε) = f(v) + f′(v) ε exactly.

One letter stands for each derivative that is being taken, so derivatives of derivatives come out right.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

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
