"""What is known of roots of unity, on lines of a z-transform: each function gives the next line, or None.

w^s = 1;  Σ over s equal terms is s of them;  v^t = w^s = 1: u = w v^{1/s} runs over u^{st} = 1, and v = u^s;
gcd(m, t) = 1: w^m runs over the t-th roots of unity as w does.
"""

from __future__ import annotations

from dataclasses import replace

from symconv.index.facts import Facts
from symconv.index.poly import ONE, ZERO, Poly, const
from symconv.tactics.zlines import (
    NOUGHT,
    Line,
    Monomial,
    Ratio,
    Reason,
    Root,
    Term,
    ZStep,
    monomial,
    monomials,
    ratio,
    with_monomials,
)  # fmt: skip

MINUS = ratio(const(-1))


def reduced(line: Line) -> ZStep | None:
    """w^s = 1 wherever an exponent holds a multiple of the order; roots that are gone are averaged away."""
    new = tuple(map(reduced_term, line))
    if new == line:
        return None
    gone = [r for old, t in zip(line, new, strict=True) for r in old.roots if r not in t.roots]
    before = [r for t in line for r in t.roots]
    return ZStep(new, Reason("average" if gone else "unity", roots=tuple(dict.fromkeys(gone or before))))


def reduced_term(term: Term) -> Term:
    """A term with its exponents reduced."""
    orders = {r.name: r.order for r in term.roots}
    new = tuple(monomial(m.z, {n: _modulo(a, orders[n]) for n, a in m.roots}) for m in monomials(term))
    left = {n for m in new for n, _ in m.roots}
    return replace(with_monomials(term, new), roots=tuple(r for r in term.roots if r.name in left))


def _modulo(a: Ratio, order: Poly) -> Ratio:
    """The exponent without its terms that the order divides; a number below the order, where both are numbers."""
    if a.den != ONE:
        return a
    value, size = a.num.constant(), order.constant()
    if value is not None and size is not None:
        least = value % size
        return ratio(const(least - size if value < 0 and least else least))
    kept = tuple(t for t in a.num.terms if Poly((t,)).divide(order) is None)
    return ratio(Poly(kept))


def combined(line: Line, letters: list[str]) -> ZStep | None:
    """Two averages in one: as v runs over the t-th roots of 1 and w over the s-th, w v^{1/s} does over the st-th."""
    used = {r.name for term in line for r in term.roots}
    for term in line:
        for v, w in ((v, w) for i, v in enumerate(term.roots) for w in term.roots[i + 1 :]):
            u = Root(next(n for n in letters if n not in used), v.order * w.order)
            if _combination(term, v, w, u) is not None:
                return ZStep(tuple(_combination(t, v, w, u) or t for t in line), Reason("combine", roots=(v, w, u)))
    return None


def _combination(term: Term, v: Root, w: Root, u: Root) -> Term | None:
    """w^a v^{c/s} = u^c where s divides a − c: the term with u for both; None where a monomial is not of this form."""
    if v not in term.roots or w not in term.roots:
        return None
    new: list[Monomial] = []
    split = False
    for m in monomials(term):
        a, c = m.exponent(w.name), m.exponent(v.name) * ratio(w.order)
        rest = a + c * MINUS
        if a.den != ONE or c.den != ONE or rest.num.divide(w.order) is None:
            return None
        split = split or m.exponent(v.name).den != ONE
        kept = {n: e for n, e in m.roots if n not in (v.name, w.name)}
        new.append(monomial(m.z, {**kept, u.name: c}))
    if not split:
        return None
    roots = tuple(u if r == w else r for r in term.roots if r != v)
    return replace(with_monomials(term, tuple(new)), roots=roots)


def substituted(line: Line, facts: Facts) -> ZStep | None:
    """Roots put in for their powers: w for w^m, where m and the order are coprime."""
    new: list[Term] = []
    why: Reason | None = None
    for term in line:
        for root in term.roots:
            exponents = [m.exponent(root.name) for m in monomials(term) if m.exponent(root.name) != NOUGHT]
            for m in dict.fromkeys((*(a.num for a in exponents if a.den == ONE), const(-1))):
                quotients = [a.num.divide(m) for a in exponents if a.den == ONE]
                unit = m in (ONE, const(-1))
                if m == ONE or len(quotients) < len(exponents) or None in quotients:
                    continue
                if (unit and _turned(term, root)) or (not unit and facts.coprime(m, root.order)):
                    # The inverse change: w^m runs over the roots with w.
                    values = [
                        monomial(p.z, {n: ratio(a.num.divide(m) or ZERO) if n == root.name else a for n, a in p.roots})
                        for p in monomials(term)
                    ]
                    term = with_monomials(term, tuple(values))
                    why = why or Reason("coprime" if not unit else "inverse", roots=(root,), exponent=m)
                    break
        new.append(term)
    return None if why is None else ZStep(tuple(new), why)


def _turned(term: Term, root: Root) -> bool:
    """Whether 1/w stands where w goes with z^{1/s}."""
    pairs = [(m.exponent(root.name), m.z * ratio(root.order)) for m in monomials(term)]
    pairs = [(a, b) for a, b in pairs if a != NOUGHT]
    return all(a == b * MINUS for a, b in pairs)
