"""Integers and conditions as mathematics, written as a person writes them: 4n + 2j + i, m − 2j, 0 ≤ r ≤ s − 1."""

from __future__ import annotations

from symconv.errors import assert_never
from symconv.expr.floors import is_floor
from symconv.expr.floors import parts as parts_of_floor
from symconv.expr.mathematics import Fence, Math, Num, Row, Script, Sym, Tok, row, split_name
from symconv.expr.powers import split
from symconv.index.conditions import Condition, Divides, Eq, Ge, sides
from symconv.index.poly import Poly


def ranges(conditions: list[Condition]) -> list[Math]:
    """The conditions of a product; two ends of one range become 0 ≤ r ≤ s − 1."""
    out: list[Math] = []
    left = list(conditions)
    while left:
        c = left.pop(0)
        pair = next((d for d in left if isinstance(c, Ge) and isinstance(d, Ge) and _opposite(c.p, d.p)), None)
        if pair is None:
            out.append(condition(c))
            continue
        left.remove(pair)
        low, high = (c.p, pair.p) if _leading(c.p) >= 0 else (pair.p, c.p)
        middle = Poly(tuple(t for t in low.terms if t[0] and t in [(m, -k) for m, k in high.terms]))
        least, most = middle - low, high + middle
        if not most.terms and _leading(least) < 0:
            least, middle, most = -most, -middle, -least
        out.append(row(integer(least), Tok("le"), integer(middle), Tok("le"), integer(most)))
    return out


def _leading(p: Poly) -> int:
    return p.terms[0][1] if p.terms else 0


def _opposite(p: Poly, q: Poly) -> bool:
    """Whether p and −q share a variable part, so that p ≥ 0 and q ≥ 0 are the ends of one range."""
    return any((m, -k) in q.terms for m, k in p.terms if m)


def condition(c: Condition) -> Math:
    """A condition with nothing subtracted on either side, where that is shorter."""
    match c:
        case Divides(m, p):
            return row(integer(m), Tok("divides"), integer(p))
        case Eq() | Ge():
            left, relation, right = sides(c)
            sign = {"==": "eq", ">=": "ge", "<=": "le"}[relation]
            if len(left.terms) > len(right.terms) and right.terms:
                left, right, sign = right, left, {"eq": "eq", "ge": "le", "le": "ge"}[sign]
            return row(integer(left), Tok(sign), integer(right))
        case _:
            assert_never(c)
    return None


def integer(p: Poly) -> Math:
    """An integer polynomial: outputs first, then positive terms, products before single names, the constant last."""
    if not p.terms:
        return Num("0")
    ordered = sorted(p.terms, key=lambda t: (not t[0], t[1] < 0, not _outer(t[0]), -len(t[0]), -abs(t[1]), t[0]))
    if ordered[0][1] < 0 and any(c > 0 for _, c in ordered):
        ordered.sort(key=lambda t: t[1] < 0)
    items: list[Math] = []
    for monomial, c in ordered:
        if items:
            items.append(Tok("plus" if c > 0 else "minus"))
        elif c < 0:
            items.append(Tok("neg"))
        if abs(c) != 1 or not monomial:
            items.append(Num(str(abs(c))))
        for name in sorted(dict.fromkeys(monomial), key=_place):
            n = monomial.count(name)
            if len(split_name(name)[0]) > 1 and items and isinstance(items[-1], Sym | Script | Num):
                items.append(Tok("thin"))
            items.append(_power(name, n))
    return items[0] if len(items) == 1 else Row(tuple(items))


def _power(name: str, n: int) -> Math:
    """s, s², s^r, (s^r)², ⌊p/s⌋, ⌊p/s⌋²."""
    if is_floor(name):
        floor = floored(*parts_of_floor(name))
        return floor if n == 1 else Script(floor, None, Num(str(n)))
    parts = split(name)
    if parts is None:
        return Sym(name) if n == 1 else Script(Sym(name), None, Num(str(n)))
    exponent = Sym(parts[1]) if n == 1 else row(Num(str(n)), Sym(parts[1]))
    return Script(Sym(parts[0]), None, exponent)


def floored(p: Poly, s: Poly) -> Math:
    """⌊p/s⌋, on one line."""
    top = integer(p) if len(p.terms) < 2 else Fence("(", integer(p))
    bottom = integer(s) if s.constant() or s.name() else Fence("(", integer(s))
    return row(Tok("floor-left"), top, Tok("slash"), bottom, Tok("floor-right"))


def _outer(monomial: tuple[str, ...]) -> bool:
    """Whether an output index stands in it."""
    return any(name.rstrip("0123456789") == "n" for name in monomial)


def _place(name: str) -> tuple[int, str]:
    """Where a name stands in a product: sizes, then what may be either, then indices: stun, not nstu."""
    stem = name.rstrip("0123456789")
    return (2 if stem in INDICES else 1 if stem in EITHER else 0), name


INDICES = frozenset("nmijablqr")
EITHER = frozenset("pcekhuvw")
