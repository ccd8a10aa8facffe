"""The ring normal form: products multiplied out, sums pulled to the front, equal terms collected.

`distribute(e)` keeps the value of a scalar e whose sums are finite (`finite.require` on e): it uses the axioms of a
commutative ring, what a count is, quotients in lowest terms, Σ(f+g) = Σf+Σg, (Σf)(Σg) = ΣΣfg, [c]² = [c] and the truth
of conditions without names.  Bound names must be distinct from each other and from the free names they would meet:
anything else is refused.
"""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from symconv.errors import RuleError
from symconv.expr.nodes import (
    ZERO,
    Add,
    Apply,
    Const,
    Count,
    Diff,
    Entry,
    Expr,
    Integer,
    Iverson,
    Most,
    Mul,
    Name,
    Neg,
    Number,
    Over,
    Peak,
    Power,
    Sum,
)  # fmt: skip
from symconv.expr.quotients import lowest_terms
from symconv.expr.traverse import index_names, own_polys
from symconv.index.conditions import Eq, decide, positive_form
from symconv.index.poly import var

Factors = tuple[Expr, ...]
Term = tuple[tuple[str, ...], Factors]
UNIT = Fraction(1)
Key = tuple[int, str, object]


def key(e: Expr) -> Key:
    """The one documented order of factors: integers, numbers, conditions, entries by name and place, the rest."""
    match e:
        case Integer(p):
            return (0, str(p), ())
        case Over(p):
            return (0, f"1/{p}", ())
        case Number(a):
            return (1, a, ())
        case Iverson(c):
            return (2, type(c).__name__, tuple(p.terms for p in own_polys(e)))
        case Entry(Name(x), at):
            return (3, x, tuple((len(p.terms), p.terms) for p in at))
        case _:
            return (4, repr(e), ())


def distribute(e: Expr) -> Expr:
    """The normal form: a sum of terms c·Σ_i (product of sorted factors), equal terms collected, sorted."""
    terms = sorted(
        _lowest(_expand(e)).items(), key=lambda item: (-len(item[0][1]), [*map(key, item[0][1])], item[0][0])
    )
    parts = [_term(t, c) for t, c in terms if c]
    return ZERO if not parts else parts[0] if len(parts) == 1 else Add(tuple(parts))


def _lowest(terms: dict[Term, Fraction]) -> dict[Term, Fraction]:
    """With quotients by sums in lowest terms."""
    reduced = lowest_terms(terms)
    if reduced is terms:
        return terms
    out: dict[Term, Fraction] = {}
    for (indices, factors), c in reduced.items():
        t = (indices, _sorted(factors))
        out[t] = out[t] + c if t in out else c
    return out


def _term(term: Term, c: Fraction) -> Expr:
    indices, factors = term
    if c != 1 or not factors:
        factors = (Const(c), *factors)
    body = factors[0] if len(factors) == 1 else Mul(factors)
    return Sum(indices, body) if indices else body


def _expand(e: Expr) -> dict[Term, Fraction]:
    match e:
        case Const(v):
            return {((), ()): v}
        case Integer(p) | Count(_, _, p):
            return {((), tuple(Integer(var(n)) for n in m)): Fraction(c) for m, c in p.terms}
        case Iverson(c):
            truth = decide(c)
            if truth is not None:
                return {((), ()): UNIT} if truth else {}
            return {((), (Iverson(positive_form(c)) if isinstance(c, Eq) else e,)): UNIT}
        case Neg(x):
            return {t: -c for t, c in _expand(x).items()}
        case Add(parts):
            out: dict[Term, Fraction] = {}
            for part in parts:
                for t, c in _expand(part).items():
                    out[t] = out[t] + c if t in out else c
            return {t: c for t, c in out.items() if c}
        case Mul(parts):
            return _product(parts)
        case Sum(indices, body):
            out = {}
            for (inner, factors), c in _expand(body).items():
                if set(inner) & set(indices):
                    raise RuleError("distribute", f"the bound index of {indices} is bound twice")
                out[tuple(sorted(indices + inner)), factors] = c
            return out
        case Apply(_, x) | Power(x):
            return {((), (replace(e, x=distribute(x)),)): UNIT}
        case Most(_, body) | Peak(_, body):
            return {((), (replace(e, body=distribute(body)),)): UNIT}
        case Over(p) if len(p.terms) == 1 and p.terms[0][1] > 0:
            ((names, c),) = p.terms
            return {((), tuple(Over(var(n)) for n in names)): 1 / Fraction(c)}
        case Number() | Entry() | Diff() | Over():
            return {((), (e,)): UNIT}
        case _:
            raise RuleError("distribute", "only scalars are multiplied out")


def _product(parts: tuple[Expr, ...]) -> dict[Term, Fraction]:
    """Multiply out; plain factors are collected first, so that a long product is sorted once."""
    plain: list[Expr] = []
    number = UNIT
    wide: list[dict[Term, Fraction]] = []
    for part in parts:
        expanded = _expand(part)
        if not expanded:
            return {}
        if len(expanded) > 1:
            wide.append(expanded)
            continue
        ((indices, factors), c) = next(iter(expanded.items()))
        number = number * c if c != 1 else number
        if indices:
            wide.append({(indices, factors): UNIT})
        else:
            plain.extend(factors)
    out = {((), tuple(plain)): number}
    for expanded in wide:
        out = _times(out, expanded)
    tidy: dict[Term, Fraction] = {}
    for (indices, factors), c in out.items():
        t = (indices, _sorted(factors))
        tidy[t] = tidy[t] + c if t in tidy else c
    return tidy


def _times(left: dict[Term, Fraction], right: dict[Term, Fraction]) -> dict[Term, Fraction]:
    out: dict[Term, Fraction] = {}
    for (i, f), c in left.items():
        for (i2, f2), c2 in right.items():
            if (i and _meets(i, i2, f2)) or (i2 and _meets(i2, i, f)):
                raise RuleError("distribute", f"a bound index of {i + i2} meets a name of the same spelling")
            t = (tuple(sorted(i + i2)), f + f2)
            value = c2 if c == 1 else c if c2 == 1 else c * c2
            out[t] = out[t] + value if t in out else value
    return out


def _meets(bound: tuple[str, ...], indices: tuple[str, ...], factors: Factors) -> bool:
    wanted = set(bound)
    return bool(wanted & set(indices)) or any(wanted & index_names(f) for f in factors)


def _sorted(factors: Factors) -> Factors:
    out = sorted(factors, key=key)
    for f in [f for f in out if isinstance(f, Over)]:
        if Integer(f.p) in out:
            out.remove(f)
            out.remove(Integer(f.p))
    return tuple(f for i, f in enumerate(out) if not (isinstance(f, Iverson) and i and f == out[i - 1]))
