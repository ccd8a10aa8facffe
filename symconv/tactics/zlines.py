"""Lines of a z-transform: sums of products of transforms at powers of z times roots of unity, averaged over the roots.

    line ::= Σ coefficient · Π_w (1/S_w Σ_{w^{S_w} = 1}) · monomial · Π transform(monomial)
    monomial ::= z^b Π_w w^a      with exponents a, b that are quotients of integer polynomials in the sizes

A transform is that of a sequence, e, not taken apart yet or a name; or `Run(c)`, the sum Σ_{0 ≤ r < c} ζ^{−r} at ζ.
Values are immutable; `normal` puts factors, terms and roots in one order, so that `==` of normal lines decides.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction

from symconv.expr.nodes import Expr
from symconv.expr.text import text
from symconv.index.facts import factors
from symconv.index.poly import ONE, ZERO, Poly


@dataclass(frozen=True, slots=True)
class Ratio:
    """num/den, with what cancels cancelled; den is a product of sizes and numbers, at least 1."""

    num: Poly
    den: Poly

    def __add__(self, other: Ratio) -> Ratio:
        return ratio(self.num * other.den + other.num * self.den, self.den * other.den)

    def __mul__(self, other: Ratio) -> Ratio:
        return ratio(self.num * other.num, self.den * other.den)


def ratio(num: Poly, den: Poly = ONE) -> Ratio:
    """The quotient with common factors of the denominator cancelled."""
    if not num.terms:
        return Ratio(ZERO, ONE)
    for f in factors(den) or [den]:
        rest, less = num.divide(f), den.divide(f)
        if rest is not None and less is not None:
            num, den = rest, less
    return Ratio(num, den)


NOUGHT = ratio(ZERO)
UNIT = ratio(ONE)


@dataclass(frozen=True, slots=True)
class Monomial:
    """z^b Π w^a; `roots` are the names w with their exponents other than 0, in order of name."""

    z: Ratio = NOUGHT
    roots: tuple[tuple[str, Ratio], ...] = ()

    def exponent(self, root: str) -> Ratio:
        """The exponent of a root of unity, 0 where it does not occur."""
        return dict(self.roots).get(root, NOUGHT)

    def __mul__(self, other: Monomial) -> Monomial:
        both = dict(self.roots)
        for name, a in other.roots:
            both[name] = both.get(name, NOUGHT) + a
        return monomial(self.z + other.z, both)

    def power(self, r: Ratio) -> Monomial:
        """All exponents times r."""
        return monomial(self.z * r, {name: a * r for name, a in self.roots})


def monomial(z: Ratio, roots: dict[str, Ratio]) -> Monomial:
    """A monomial in the one order of its roots, without exponents 0."""
    return Monomial(z, tuple((n, a) for n, a in sorted(roots.items()) if a != NOUGHT))


Z = Monomial(UNIT)


@dataclass(frozen=True, slots=True)
class Run:
    """Σ_{0 ≤ r < c} ζ^{−r}."""

    count: Poly


@dataclass(frozen=True, slots=True)
class Transform:
    """The transform of a sequence, or a run, at a monomial."""

    of: Expr | Run
    at: Monomial


@dataclass(frozen=True, slots=True)
class Root:
    """A root of unity that is averaged over: (1/order) Σ over name^order = 1."""

    name: str
    order: Poly


@dataclass(frozen=True, slots=True)
class Term:
    """One product of a line."""

    coefficient: Fraction = Fraction(1)
    scalars: tuple[Expr, ...] = ()
    roots: tuple[Root, ...] = ()
    power: Monomial = Monomial()
    transforms: tuple[Transform, ...] = ()


Line = tuple[Term, ...]


@dataclass(frozen=True)
class Reason:
    """Why a line is the one before: a kind, and what the operator or the roots in question are."""

    kind: str
    node: Expr | None = None
    roots: tuple[Root, ...] = ()
    exponent: Poly = ONE


@dataclass(frozen=True)
class ZStep:
    """A line and why it is equal to the one before."""

    line: Line
    reason: Reason


def start(e: Expr) -> Line:
    """The transform of e at z."""
    return (Term(transforms=(Transform(e, Z),)),)


def monomials(term: Term) -> tuple[Monomial, ...]:
    """The monomial factor, and those at which the transforms are taken."""
    return (term.power, *(t.at for t in term.transforms))


def with_monomials(term: Term, new: tuple[Monomial, ...]) -> Term:
    """The same with other monomials, in the order of `monomials`."""
    transforms = tuple(Transform(t.of, m) for t, m in zip(term.transforms, new[1:], strict=True))
    return replace(term, power=new[0], transforms=transforms)


def times(a: Term, b: Term) -> Term:
    """The product of two terms with different roots."""
    return Term(a.coefficient * b.coefficient, a.scalars + b.scalars, a.roots + b.roots, a.power * b.power,
                a.transforms + b.transforms)  # fmt: skip


def replaced_root(term: Term, old: str, change: dict[str, Ratio]) -> tuple[Monomial, ...]:
    """The monomials with a product of powers of roots put for a root."""
    out: list[Monomial] = []
    for m in monomials(term):
        a = m.exponent(old)
        rest = monomial(m.z, {n: e for n, e in m.roots if n != old})
        out.append(rest * monomial(NOUGHT, {n: e * a for n, e in change.items()}))
    return tuple(out)


def normal(line: Line) -> Line:
    """Roots numbered, factors and terms in one order, equal terms collected, terms 0 left out."""
    total: dict[Term, Fraction] = {}
    for term in map(_ordered, line):
        key = replace(term, coefficient=Fraction(1))
        total[key] = total.get(key, Fraction(0)) + term.coefficient
    kept = [replace(t, coefficient=c) for t, c in total.items() if c]
    return tuple(sorted(kept, key=repr))


def _ordered(term: Term) -> Term:
    roots = sorted(term.roots, key=lambda r: (str(r.order), r.name))
    for i, r in enumerate(roots):
        term = with_monomials(term, replaced_root(term, r.name, {f"_{i}": UNIT}))
    named = tuple(Root(f"_{i}", r.order) for i, r in enumerate(roots))
    transforms = tuple(sorted(term.transforms, key=_key))
    return replace(term, roots=named, scalars=tuple(sorted(term.scalars, key=text)), transforms=transforms)


def _key(t: Transform) -> str:
    return f"{t.of if isinstance(t.of, Run) else text(t.of)} {t.at}"
