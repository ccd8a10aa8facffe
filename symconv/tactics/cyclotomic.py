"""Exact Laurent polynomials in fractional powers of z over roots of unity: the values of lines of a z-transform.

A value is a dictionary (exponent of z, exponent of ω) → coefficient, where ω is a primitive N-th root of unity.
`rational` reduces it by the cyclotomic polynomial Φ_N, and gives the coefficients of the powers of z where all of them
are rational numbers, as they are for the transforms of rational sequences.
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from functools import cache

from symconv.errors import SearchError

Series = dict[tuple[Fraction, int], Fraction]
WORK = 400_000


@cache
def cyclotomic(n: int) -> tuple[int, ...]:
    """The coefficients of Φ_n, lowest first: (x^n − 1) / Π Φ_d over the proper divisors d of n."""
    out = [-1, *([0] * (n - 1)), 1]
    for d in range(1, n):
        if n % d == 0:
            out = _quotient(out, cyclotomic(d))
    return tuple(out)


def _quotient(p: list[int], q: tuple[int, ...]) -> list[int]:
    """The exact quotient by a polynomial with leading coefficient 1."""
    p, out = list(p), [0] * (len(p) - len(q) + 1)
    for i in reversed(range(len(out))):
        out[i] = p[i + len(q) - 1]
        for j, c in enumerate(q):
            p[i + j] -= out[i] * c
    return out


def added(parts: Iterable[Series]) -> Series:
    """The sum."""
    out: Series = {}
    for part in parts:
        for key, c in part.items():
            out[key] = out.get(key, Fraction(0)) + c
    return out


def multiplied(a: Series, b: Series, n: int) -> Series:
    """The product, exponents of ω modulo n."""
    if len(a) * len(b) > WORK:
        raise SearchError("this instance is too large")
    out: Series = {}
    for (z, w), c in a.items():
        for (y, v), d in b.items():
            key = z + y, (w + v) % n
            out[key] = out.get(key, Fraction(0)) + c * d
    return out


def rational(value: Series, n: int) -> dict[Fraction, Fraction] | None:
    """The coefficients of the powers of z; None where one of them is no rational number."""
    phi = cyclotomic(n)
    columns: dict[Fraction, list[Fraction]] = {}
    for (z, w), c in value.items():
        columns.setdefault(z, [Fraction(0)] * n)[w % n] += c
    out: dict[Fraction, Fraction] = {}
    for z, column in columns.items():
        for i in reversed(range(len(phi) - 1, n)):
            lead = column[i]
            if lead:
                for j, c in enumerate(phi):
                    column[i - len(phi) + 1 + j] -= lead * c
        if any(column[1:]):
            return None
        if column[0]:
            out[z] = column[0]
    return out
