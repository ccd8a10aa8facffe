"""A ratio of two counts as a person writes it: R/(Fc) + R/C, and one fraction over a product of sums."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from fractions import Fraction
from math import gcd, lcm

from symconv.expr.index_notation import integer
from symconv.expr.mathematics import Fence, Math, Num, Row, Tok, row
from symconv.expr.nodes import Add, Const, Expr, Integer, Over, factors_of
from symconv.expr.notation import notation
from symconv.index.poly import ONE, ZERO, Poly, total

Names = Counter[str]
Part = tuple[Fraction, Poly, Names, tuple[Poly, ...]]
"""c · p / (product of names · product of sums)."""
Key = tuple[tuple[Poly, ...], tuple[str, ...]]


def ratio(value: Expr, factors: Iterable[Poly] = ()) -> Math:
    """The sum of fractions that `value` is; `factors` are sums that a denominator may be a product of.

    Products over the same sums are added over one denominator; other ones stand over their own.
    """
    known = sorted({f for f in factors if len(f.terms) > 1}, key=str)
    groups: dict[Key, list[Part]] = {}
    for term in value.terms if isinstance(value, Add) else (value,):
        part = _part(term, known)
        if part is None:
            return notation(value)
        groups.setdefault((part[3], () if part[3] else tuple(sorted(part[2].elements()))), []).append(part)
    items: list[Math] = []
    for group in groups.values():
        top, bottom = _over_one(group)
        if not top.terms:
            continue
        minus = all(c < 0 for _, c in top.terms)
        sign = [Tok("minus" if minus else "plus")] if items else [Tok("neg")] if minus else []
        items += [*sign, _fraction(-top if minus else top, bottom, group[0][3])]
    return Row(tuple(items)) if len(items) > 1 else items[0] if items else Num("0")


def _part(term: Expr, known: list[Poly]) -> Part | None:
    """One product of numbers, integers and reciprocals; None where something else stands in it."""
    number, top, names, sums = Fraction(1), ONE, Names(), list[Poly]()
    for f in factors_of(term):
        match f:
            case Const(v):
                number *= v
            case Integer(p):
                top = top * p
            case Over(p) if len(p.terms) == 1:
                number /= p.terms[0][1]
                names.update(p.terms[0][0])
            case Over(p):
                sums += _factored(p, known)
            case _:
                return None
    return number, top, names, tuple(sorted(sums, key=str))


def _factored(p: Poly, known: list[Poly]) -> list[Poly]:
    """p as a product of known sums and of what is left."""
    out: list[Poly] = []
    for f in known:
        while p != f and (q := p.divide(f)) is not None:
            out.append(f)
            p = q
    return [*out, p] if p != ONE else out


def _over_one(group: list[Part]) -> tuple[Poly, Poly]:
    """The parts over one number times names: (numerator, that product), in lowest terms as to the number."""
    below = lcm(*(c.denominator for c, *_ in group))
    names = Names()
    for _, _, own, _ in group:
        names |= own
    top = total(p * _product(names - own) * int(c * below) for c, p, own, _ in group)
    shared = gcd(below, top.content()) or 1
    return Poly(tuple((m, c // shared) for m, c in top.terms)), _product(names) * (below // shared)


def _product(names: Names) -> Poly:
    return Poly(((tuple(sorted(names.elements())), 1),)) if names else ONE


def _fraction(top: Poly, bottom: Poly, sums: tuple[Poly, ...]) -> Math:
    """top/(bottom · sums), in parentheses where it is needed."""
    above = factors(top) if len(top.terms) == 1 or (bottom == ONE and not sums) else Fence("(", integer(top))
    if bottom == ONE and not sums:
        return above
    plain = not sums and (bottom.constant() is not None or len(set(bottom.terms[0][0])) == 1 == bottom.terms[0][1])
    return row(above, Tok("slash"), factors(bottom) if plain else Fence("(", factors(bottom, *sums)))


def factors(*ps: Poly) -> Math:
    """The product: numbers and names as one, then sums in parentheses; 9C² (H − 2) (W − 2)."""
    alone, sums = ONE, list[Poly]()
    for p in ps:
        if len(p.terms) == 1:
            alone = alone * p
        else:
            sums.append(p)
    if ZERO in sums or not ps:
        return Num("0")
    items: list[Math] = [integer(alone)] if alone != ONE or not sums else []
    for p in sums:
        shown = integer(p) if len(ps) == 1 else Fence("(", integer(p))
        items += [Tok("thin"), shown] if items else [shown]
    return items[0] if len(items) == 1 else Row(tuple(items))
