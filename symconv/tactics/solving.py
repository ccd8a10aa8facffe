"""Linear equations over ℤ with polynomial coefficients: common factors, coprime splittings, Bézout changes."""

from __future__ import annotations

from symconv.index.facts import Facts
from symconv.index.poly import ONE, ZERO, Poly, const, total, var


def floor_factor(p: Poly, facts: Facts) -> tuple[Poly, Poly]:
    """m and r with p = m q + r and 0 ≤ r < m, so that p ≥ 0 exactly where q ≥ 0; 1 and 0 where there are none."""
    factor = common_factor(p, facts)
    if factor != ONE or not p.names():
        return factor, ZERO
    number = p.content_without_constant() or 1
    if number > 1:
        return const(number), const(p.constant_term() % number)
    for name in sorted(p.names() & facts.sizes):
        m = var(name)
        inner = total(Poly((term,)) for term in p.terms if name not in term[0])
        for rest in (inner, inner + m):
            if not (p - rest).names() <= {name} and facts.at_least_one(rest + 1) and facts.at_least_one(m - rest):
                return m, rest
    return ONE, ZERO


def common_factor(p: Poly, facts: Facts) -> Poly:
    """The largest positive monomial, of numbers and sizes, that divides every term of p (1 for the zero polynomial)."""
    if not p.terms:
        return ONE
    factor = const(p.content())
    for name in dict.fromkeys(p.terms[0][0]):
        if facts.at_least_one(var(name)):
            for _ in range(min(m.count(name) for m, _ in p.terms)):
                factor = factor * var(name)
    return factor


def coprime_split(p: Poly, indices: tuple[str, ...], facts: Facts) -> tuple[Poly, Poly, Poly, Poly] | None:
    """(s, a, t, b) with p = s a − t b, gcd(s, t) = 1, t ≠ 1, and a bound index of coefficient ±1 in a."""
    for v in indices:
        c = p.coefficient(v)
        if len(c.terms) != 1 or any(n in indices for n in c.names()):
            continue
        s = c if c.terms[0][1] > 0 else -c
        divisible = Poly(tuple(t for t in p.terms if Poly((t,)).divide(s) is not None))
        rest = p - divisible
        if not rest.terms:
            continue
        t = common_factor(rest, facts)
        a, b = divisible.divide(s), (-rest).divide(t)
        if t != ONE and facts.nonzero(s) and facts.coprime(s, t) and a is not None and b is not None:
            return s, a, t, b
    return None


def bezout(a: int, b: int) -> tuple[int, int, int]:
    """(g, x, y) with a x + b y = g = gcd(a, b)."""
    x0, y0, x1, y1 = 1, 0, 0, 1
    while b:
        q = a // b
        a, b = b, a - q * b
        x0, x1, y0, y1 = x1, x0 - q * x1, y1, y0 - q * y1
    return (a, x0, y0) if a >= 0 else (-a, -x0, -y0)


def unimodular_pair(p: Poly, indices: tuple[str, ...]) -> tuple[dict[str, Poly], dict[str, Poly]] | None:
    """Two bound indices with numeric coefficients α, β: new ones u = (αi + βj)/g and w, so that one leaves p."""
    numeric = [(v, c) for v in indices if (c := p.coefficient(v).constant()) is not None and c]
    if len(numeric) < 2:
        return None
    (i, a), (j, b) = numeric[:2]
    g, x, y = bezout(a, b)
    u, w = var(i), var(j)
    forward = {i: x * u - (b // g) * w, j: y * u + (a // g) * w}
    inverse = {i: (a // g) * u + (b // g) * w, j: -y * u + x * w}
    return forward, inverse
