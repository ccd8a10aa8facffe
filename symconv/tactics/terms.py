"""A term of a normal form, taken apart, and its *bare* form: as many places as possible are single bound indices."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction

from symconv.expr.nodes import (
    Add,
    Apply,
    Const,
    Entry,
    Expr,
    Iverson,
    Most,
    Mul,
    Name,
    Peak,
    Power,
    Sum,
    factors_of,
    product,  # fmt: skip
)
from symconv.expr.ring import key
from symconv.expr.traverse import own_polys, substitute
from symconv.index.conditions import Eq, Ge, positive_form
from symconv.index.facts import Facts
from symconv.index.poly import ONE, ZERO, Poly, const, total, var
from symconv.tactics.solving import common_factor


@dataclass(frozen=True, slots=True)
class Term:
    """coefficient · Σ_indices Π factors."""

    coefficient: Fraction
    indices: tuple[str, ...]
    factors: tuple[Expr, ...]


@dataclass(frozen=True, slots=True)
class Bare:
    """A term in bare indices: old indices by new ones (`forward`) and back (`inverse`)."""

    term: Term
    forward: dict[str, Poly]
    inverse: dict[str, Poly]


def terms_of(e: Expr) -> list[Term]:
    """The terms of an expression in normal form."""
    return [_term(t) for t in (e.terms if isinstance(e, Add) else (e,)) if t != Const(Fraction(0))]


def _term(e: Expr) -> Term:
    indices, body = (e.indices, e.body) if isinstance(e, Sum) else ((), e)
    parts = factors_of(body)
    if isinstance(parts[0], Const):
        return Term(parts[0].value, indices, parts[1:])
    return Term(Fraction(1), indices, parts)


def expression(t: Term) -> Expr:
    """The term as an expression."""
    parts = t.factors if t.coefficient == 1 and t.factors else (Const(t.coefficient), *t.factors)
    body = parts[0] if len(parts) == 1 else Mul(parts)
    return Sum(t.indices, body) if t.indices else body


def bare(t: Term, facts: Facts) -> Bare:
    """Change the bound indices, one by one and invertibly, so that places of kernels become single indices."""
    forms = _forms(t, facts)
    forward = {v: var(v) for v in t.indices}
    inverse = dict(forward)
    used: set[str] = set()
    for i in range(len(forms)):
        p = forms[i]
        name = p.name()
        if name in t.indices:
            used.add(name)
            continue
        free = [v for v in t.indices if v not in used and p.coefficient(v).constant() in (1, -1)]
        free = [v for v in free if sum(v in m for m, _ in p.terms) == 1]
        if not free:
            continue
        v = free[0]
        c = p.coefficient(v).constant() or 1
        value = {v: c * (var(v) - (p - c * var(v)))}
        inverse[v] = p.subs({u: inverse[u] for u in t.indices})
        forward = {u: q.subs(value) for u, q in forward.items()}
        forms = [f.subs(value) for f in forms]
        used.add(v)
    for v in t.indices:
        lead = next((c for p in forms if (c := p.coefficient(v)).terms), None)
        if v not in used and lead is not None and lead.terms[0][1] < 0:
            forward = {u: q.subs({v: -var(v)}) for u, q in forward.items()}
            forms = [p.subs({v: -var(v)}) for p in forms]
            inverse[v] = -inverse[v]
    factors = tuple(_canonical(substitute(f, forward), facts) for f in t.factors) if t.indices else t.factors
    return Bare(Term(t.coefficient, t.indices, tuple(sorted(factors, key=key))), forward, inverse)


def _canonical(f: Expr, facts: Facts) -> Expr:
    """A factor in a form that does not depend on signs of equations, or on the names of indices bound inside it."""
    match f:
        case Iverson(Eq() as c):
            return Iverson(positive_form(c))
        case Apply(_, x) | Power(x):
            return replace(f, x=_nameless(x, facts)[0])
        case Most(indices, x) | Peak(indices, x):
            body, depth = _nameless(x, facts)
            names = tuple(f"_m{depth}_{i}" for i in range(len(indices)))
            return replace(f, indices=names, body=substitute(body, dict(zip(indices, map(var, names), strict=True))))
        case _:
            return f


def argument(f: Expr) -> Expr | None:
    """What stands in a function, a power or a maximum, which is simplified by itself."""
    return f.x if isinstance(f, Apply | Power) else f.body if isinstance(f, Most | Peak) else None


def _nameless(e: Expr, facts: Facts) -> tuple[Expr, int]:
    """A normal form with _0_0, _0_1, … for its bound indices, and how deeply functions are nested in it."""
    depth = 0
    parts: list[Expr] = []
    for t in terms_of(e):
        depth = max([depth, *(_nameless(x, facts)[1] + 1 for f in t.factors if (x := argument(f)) is not None)])
        plain = bare(t, facts).term
        order = sorted(plain.indices, key=lambda v: repr(signature(v, plain)))
        names = {v: var(f"_{depth}_{i}") for i, v in enumerate(order)}
        indices = tuple(p.name() or "" for p in names.values())
        parts.append(expression(Term(t.coefficient, indices, substituted(plain, names, facts))))
    return Add(tuple(sorted(parts, key=repr))), depth


def _forms(t: Term, facts: Facts) -> list[Poly]:
    """Places that want to be single indices: those of kernels by name, then ranges, then those of signals."""
    found: list[tuple[int, str, bool, Poly]] = []
    for f in t.factors:
        match f:
            case Entry(Name(x), at):
                places = [_multiple_of(p, t.indices, facts) for p in at]
                found += [(0 if x in facts.finite else 2, x, p.name() not in t.indices, p) for p in places]
            case Iverson(Ge(p)) if _lower_end(p, t):
                found.append((1, "", p.name() not in t.indices, p))
            case _:
                pass
    return [form[3] for form in sorted(found, key=lambda form: form[:3])]


def _multiple_of(p: Poly, indices: tuple[str, ...], facts: Facts) -> Poly:
    """q of p = m q + r, where m divides all that depends on the bound indices: q is to be one index, h[m q + r]."""
    moving = Poly(tuple(t for t in p.terms if not set(indices).isdisjoint(t[0])))
    m = common_factor(moving, facts)
    if m == ONE or not moving.terms:
        return p
    number = m.constant()
    rest = const(p.constant_term() % number) if number is not None else ZERO
    return total(q for t in (p - rest).terms if (q := Poly((t,)).divide(m)) is not None)


def _lower_end(p: Poly, t: Term) -> bool:
    """Whether p ≥ 0 is the shorter of two conditions that together are a range 0 ≤ p ≤ w."""
    for f in t.factors:
        if isinstance(f, Iverson) and isinstance(f.condition, Ge):
            q = f.condition.p
            if not (p + q).names() & set(t.indices):
                return (len(p.terms), -p.terms[0][1]) < (len(q.terms), -q.terms[0][1])
    return False


Signature = tuple[object, ...]


def signature(v: str, t: Term) -> Signature:
    """Where and with which coefficient a bound index stands: equal for indices that a matching may exchange."""
    out: list[tuple[str, str, int, object]] = []
    for f in t.factors:
        label = f.x.name if isinstance(f, Entry) and isinstance(f.x, Name) else ""
        for axis, p in enumerate(own_polys(f)):
            c = p.coefficient(v)
            if c.terms:
                shown = min(c.terms, (-c).terms) if isinstance(f, Iverson) and isinstance(f.condition, Eq) else c.terms
                out.append((type(f).__name__, label, axis, shown))
    return tuple(sorted(out, key=repr) if len(out) > 1 else out)


def label(t: Term, signatures: Mapping[str, Signature]) -> Signature:
    """What two terms must share to be the same up to their bound indices, which have these signatures."""
    heads = sorted(
        f"{f.x.name}[{len(f.at)}]" if isinstance(f, Entry) and isinstance(f.x, Name)
        else type(f.condition).__name__ if isinstance(f, Iverson)
        else f"{f.function}()" if isinstance(f, Apply)
        else type(f).__name__ if argument(f) is not None
        else repr(f) if not t.indices or not any(p.names() & set(t.indices) for p in own_polys(f)) else type(f).__name__
        for f in t.factors
    )  # fmt: skip
    return tuple(heads), tuple(sorted(signatures.values(), key=repr))


def renamed(t: Term, names: dict[str, str], facts: Facts) -> tuple[Expr, ...]:
    """The factors with bound indices renamed, in their order."""
    return substituted(t, {old: var(new) for old, new in names.items()}, facts)


def substituted(t: Term, values: dict[str, Poly], facts: Facts) -> tuple[Expr, ...]:
    """The factors with polynomials for bound indices, in their order."""
    return tuple(sorted((_canonical(substitute(f, values), facts) for f in t.factors), key=key))


def body(t: Term) -> Expr:
    """The product of the factors."""
    return product(t.factors)
