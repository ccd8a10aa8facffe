"""What is known of the integers of a statement, and the questions that need no search.

A `Facts` holds the sizes (≥ 1), the naturals (≥ 0), assumed inequalities (p ≥ 0), pairs without common factor and
the support of every declared sequence.  `nonnegative` and `positive` are sufficient tests by one substitution
(s = 1 + s′ leaves only non-negative coefficients); `combination` checks p = Σ λᵢ hᵢ + rest for given multipliers.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from math import gcd

from symconv.index.poly import ONE, Poly, const, var

Range = tuple[Poly, Poly] | None
"""Where an axis may be non-zero: low ≤ n ≤ high, or None for all of ℤ."""


@dataclass(frozen=True)
class Facts:
    """The integer knowledge of one statement."""

    sizes: frozenset[str] = frozenset()
    naturals: frozenset[str] = frozenset()
    inequalities: tuple[Poly, ...] = ()
    equations: tuple[tuple[str, Poly], ...] = ()
    coprimes: tuple[tuple[Poly, Poly], ...] = ()
    supports: Mapping[str, tuple[Range, ...]] = field(default_factory=dict[str, tuple[Range, ...]])

    finite: frozenset[str] = frozenset()
    """Names of sequences of finite support."""

    @cached_property
    def remembered(self) -> dict[object, object]:
        """A place where searches note what they have found under these facts."""
        return {}

    @cached_property
    def _shift(self) -> dict[str, Poly]:
        return {s: var(s) + ONE for s in self.sizes}

    def nonnegative(self, p: Poly) -> bool:
        """Certainly p ≥ 0 for all sizes ≥ 1 and naturals ≥ 0 (sufficient; assumed inequalities are not used)."""
        return self._certain(p, 0)

    def positive(self, p: Poly) -> bool:
        """Certainly p ≥ 1 (sufficient)."""
        return self._certain(p, 1)

    def _certain(self, p: Poly, least: int) -> bool:
        value = p.constant()
        if value is not None:
            return value >= least
        for name in p.names():
            if name not in self.sizes and name not in self.naturals:
                return False
        if all(c > 0 for _, c in p.terms):
            return not least or any(self.sizes.issuperset(m) for m, _ in p.terms)
        p = p.subs(self._shift)
        return all(c > 0 for _, c in p.terms) and p.constant_term() >= least

    def nonzero(self, p: Poly) -> bool:
        """Certainly p ≠ 0 (sufficient)."""
        return self.at_least_one(p) or self.at_least_one(-p)

    def at_least_one(self, p: Poly) -> bool:
        """p ≥ 1, from the names alone or because p − 1 ≥ 0 is among the assumptions."""
        return self.positive(p) or any(self.nonnegative(p - 1 - h) for h in self.inequalities)

    def combination(self, p: Poly, hypotheses: Sequence[Poly], multipliers: Mapping[int, Poly]) -> bool:
        """p − Σ λᵢ hᵢ ≥ 0 with every λᵢ ≥ 0: hence p ≥ 0 wherever all hᵢ ≥ 0."""
        for i, factor in multipliers.items():
            if not 0 <= i < len(hypotheses) or not self.nonnegative(factor):
                return False
            p = p - factor * hypotheses[i]
        return self.nonnegative(p)

    def coprime(self, p: Poly, q: Poly) -> bool:
        """gcd(p, q) = 1: numbers, assumed pairs, and products of such."""
        a, b = p.constant(), q.constant()
        if a is not None and b is not None:
            return gcd(a, b) == 1
        if ONE in (p, q) or (p, q) in self.coprimes or (q, p) in self.coprimes:
            return True
        left, right = factors(p), factors(q)
        if left is None or right is None or (len(left) == 1 and len(right) == 1):
            return False
        return all(self.coprime(u, v) for u in left for v in right)


def factors(p: Poly) -> list[Poly] | None:
    """The factors of a positive monomial, its number first; None for a sum."""
    if len(p.terms) != 1 or p.terms[0][1] < 1:
        return None
    monomial, c = p.terms[0]
    return [*map(const, _primes(c)), *map(var, monomial)]


def _primes(c: int) -> list[int]:
    """The prime factors of a number that is not too large, else the number itself."""
    out: list[int] = []
    for d in range(2, 1000):
        if c == 1:
            break
        while c % d == 0:
            out.append(d)
            c //= d
    return out + [c] * (c > 1)
