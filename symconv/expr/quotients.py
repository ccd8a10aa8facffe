"""Quotients in lowest terms: of products with 1/p, where p is a sum of names, one numerator over one denominator.

`lowest_terms(terms)` keeps the value of a sum of products.  It uses that 1/p · p = 1 and 1/(q r) = 1/q · 1/r for the p
of a factor 1/p that stands in one of them, of which `wellformed` knows that p ≥ 1.  Products that differ only in
integers and reciprocals are put over the least common multiple of their denominators, the numerators are added, and
what divides their sum is cancelled.  What has no reciprocal of a sum stays as it is.

Not claimed: that two forms of one value become equal.  They do where the p are products of names and of irreducible
sums that also stand alone.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from fractions import Fraction
from math import lcm

from symconv.expr.nodes import Expr, Integer, Over
from symconv.index.poly import ONE, ZERO, Poly, const, var

Factors = tuple[Expr, ...]
Term = tuple[tuple[str, ...], Factors]
Quotient = tuple[Fraction, Poly, Counter[Poly]]
"""c · p / (product of the q)."""


def lowest_terms(terms: Mapping[Term, Fraction]) -> Mapping[Term, Fraction]:
    """The same value, each group of products that differ in integers and reciprocals of sums in lowest terms."""
    if not any(_of_sum(f) for _, factors in terms for f in factors):
        return terms
    groups: dict[Term, dict[Term, Fraction]] = {}
    for (indices, factors), c in terms.items():
        rest = tuple(f for f in factors if not isinstance(f, Integer | Over))
        groups.setdefault((indices, rest), {})[indices, factors] = c
    out: dict[Term, Fraction] = {}
    for (indices, rest), group in groups.items():
        if any(_of_sum(f) for _, factors in group for f in factors):
            for factors, c in _reduced([_quotient(factors, c) for (_, factors), c in group.items()]):
                out[indices, (*factors, *rest)] = c
        else:
            out |= group
    return out


def _of_sum(e: Expr) -> bool:
    return isinstance(e, Over) and len(e.p.terms) > 1


def _quotient(factors: Factors, c: Fraction) -> Quotient:
    """A product of integers and reciprocals, the number that divides a reciprocal's sum taken out."""
    numerator, below = ONE, Counter[Poly]()
    for f in factors:
        if isinstance(f, Integer):
            numerator = numerator * f.p
        elif isinstance(f, Over):
            c /= f.p.content()
            sum_of = f.p.divide(const(f.p.content())) or f.p
            for n in sorted(f.p.names()):
                while (rest := sum_of.divide(var(n))) is not None and len(sum_of.terms) > 1:
                    below[var(n)] += 1
                    sum_of = rest
            below[sum_of] += 1
    return c, numerator, below


def _split(below: Counter[Poly], quotients: list[Quotient]) -> Counter[Poly]:
    """A denominator with those of its factors split that another denominator divides."""
    known = sorted({q for _, _, own in quotients for q in own}, key=lambda q: (len(q.terms), str(q)))
    out = Counter[Poly]()
    for q, n in below.items():
        for p in known:
            while p != q and p.names() and (rest := q.divide(p)) is not None and rest.terms != q.terms:
                out[p] += n
                q = rest
        out[q] += n
    return out


def _reduced(quotients: list[Quotient]) -> list[tuple[Factors, Fraction]]:
    """Their sum as products of names and reciprocals, each with its number."""
    quotients = [(c, above, _split(own, quotients)) for c, above, own in quotients]
    below = Counter[Poly]()
    for _, _, own in quotients:
        below |= own
    number = lcm(*(c.denominator for c, _, _ in quotients))
    above = ZERO
    for c, numerator, own in quotients:
        for q in (below - own).elements():
            numerator = numerator * q
        above = above + numerator * int(c * number)
    for q in list(below):
        while below[q] and (divided := above.divide(q)) is not None and above.terms:
            above = divided
            below[q] -= 1
    reciprocals = [q for q in below.elements() if len(q.terms) > 1]
    names = Counter({q.name() or "": n for q, n in below.items() if len(q.terms) == 1})
    out: list[tuple[Factors, Fraction]] = []
    for monomial, c in above.terms:
        up, down = Counter(monomial) - names, names - Counter(monomial)
        integers = (Integer(var(n)) for n in up.elements())
        factors = (*integers, *(Over(var(n)) for n in down.elements()), *map(Over, reciprocals))
        out.append((factors, Fraction(c, number)))
    return out
