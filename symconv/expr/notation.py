"""Expressions as mathematics: a small format-free tree, with parentheses placed here once, from one table.

    Math ::= Sym(name) | Num(text) | Tok(name) | Row(items) | Script(base, sub, sup) | Big(limits, body)
           | Frac(top, bottom) | Fence(kind, body) | Accent(kind, base) | Words(text) | Cases(rows)

`notation(e)` prints corr(x, k, stride=s) as k ⋆ₛ x, conv(a, b) as a ∗ b, up(k, s) as ↑ₛ k, x[n] as x[n].  Integers are
written as a person writes them: 4n + 2j + i, m − 2j, 3c − 2.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

from symconv.errors import assert_never
from symconv.expr.nodes import (
    Add,
    Apply,
    Const,
    Conv,
    Corr,
    Delta,
    Down,
    Entry,
    Expr,
    Flip,
    Formula,
    Integer,
    Iverson,
    Mul,
    Name,
    Neg,
    Number,
    Ones,
    Reverse,
    Shift,
    Sum,
    Taps,
    Up,
    rank,
)  # fmt: skip
from symconv.index.conditions import Condition, Divides, Eq, Ge
from symconv.index.poly import ONE, ZERO, Poly


@dataclass(frozen=True, slots=True)
class Sym:
    name: str


@dataclass(frozen=True, slots=True)
class Num:
    text: str


@dataclass(frozen=True, slots=True)
class Tok:
    """An operator, relation or special sign, named as in the printers' tables."""

    name: str


@dataclass(frozen=True, slots=True)
class Row:
    items: tuple[Math, ...]


@dataclass(frozen=True, slots=True)
class Script:
    base: Math
    sub: Math | None = None
    sup: Math | None = None


@dataclass(frozen=True, slots=True)
class Big:
    """A sum over the indices below the sign."""

    limits: Math
    body: Math


@dataclass(frozen=True, slots=True)
class Frac:
    top: Math
    bottom: Math


@dataclass(frozen=True, slots=True)
class Fence:
    kind: str
    body: Math


@dataclass(frozen=True, slots=True)
class Accent:
    kind: str
    base: Math


@dataclass(frozen=True, slots=True)
class Words:
    text: str


@dataclass(frozen=True, slots=True)
class Cases:
    rows: tuple[tuple[Math, Math], ...]


Math = Sym | Num | Tok | Row | Script | Big | Frac | Fence | Accent | Words | Cases

SUM, PRODUCT, INFIX, PREFIX, ATOM = 1, 2, 3, 4, 5
"""How tightly things bind: a + b, a b, a ∗ b and k ⋆ x, ↑ k, x[n]."""


def row(*items: Math) -> Row:
    """Things side by side."""
    return Row(items)


def joined(items: Iterable[Math], between: Math) -> Math:
    """Things with a sign between them."""
    out: list[Math] = []
    for item in items:
        out += [between, item] if out else [item]
    return out[0] if len(out) == 1 else Row(tuple(out))


def notation(e: Expr, level: int = 0) -> Math:
    """The mathematics of an expression, in parentheses where the place binds more tightly than `level` allows."""
    body, own = _notation(e)
    return Fence("(", body) if own < level else body


def equation(left: Expr, right: Expr) -> Math:
    """left = right."""
    return row(notation(left), Tok("eq"), notation(right))


def _notation(e: Expr) -> tuple[Math, int]:
    match e:
        case Name(x) | Number(x):
            return Sym(x), ATOM
        case Conv(x, k):
            return row(notation(x, PREFIX), Tok("conv"), notation(k, PREFIX)), INFIX
        case Corr(x, k):
            return row(notation(k, PREFIX), star(e), notation(x, PREFIX)), INFIX
        case Down(x, by):
            return row(Script(Tok("down"), axes(by)), notation(x, PREFIX)), PREFIX
        case Up(x, by):
            return row(Script(Tok("up"), axes(by)), notation(x, PREFIX)), PREFIX
        case Shift(x, by):
            return row(Script(Tok("shift"), axes(by)), notation(x, PREFIX)), PREFIX
        case Flip(x):
            return (Accent("tilde", notation(x)), ATOM) if isinstance(x, Name) else (_marked(x, "tilde"), ATOM)
        case Reverse(x):
            return (Accent("reverse", notation(x)), ATOM) if isinstance(x, Name) else (_marked(x, "reverse"), ATOM)
        case Delta():
            return Tok("delta"), ATOM
        case Ones(extents):
            return Script(Tok("one"), axes(extents)), ATOM
        case Taps(shape, values):
            return _taps(shape, values), ATOM
        case Formula(indices, body):
            return Fence("(", row(places(map(Sym, indices)), Tok("mapsto"), notation(body))), ATOM
        case Entry(x, at):
            return row(notation(x, ATOM), Fence("[", places(map(integer, at)))), ATOM
        case Sum(indices, body):
            return Big(places(map(Sym, indices)), notation(body, PRODUCT)), SUM if rank(e) else PRODUCT
        case Iverson(c):
            return Fence("[", condition(c)), ATOM
        case Const(v):
            return _fraction(v), ATOM if v >= 0 else SUM
        case Integer(p):
            return integer(p), ATOM if len(p.terms) == 1 and p.terms[0][1] == 1 else SUM if len(
                p.terms
            ) > 1 else PRODUCT
        case Neg(x):
            return row(Tok("neg"), notation(x, PRODUCT)), SUM
        case Apply(f, x):
            return row(Words(f) if len(f) > 1 else Sym(f), Fence("(", notation(x))), ATOM
        case Add(parts):
            return _sum(parts), SUM
        case Mul(parts):
            return _product(parts), PRODUCT
        case _:
            assert_never(e)
    return None


def star(e: Corr) -> Math:
    """⋆ with the stride below, dilation and padding above, where they are not 1, 1 and 0."""
    sub = axes(e.stride) if any(s != ONE for s in e.stride) else None
    above: list[Math] = [axes(e.dilation)] if any(d != ONE for d in e.dilation) else []
    if any(p != ZERO for p in e.padding):
        above.append(row(Tok("plus"), axes(e.padding)))
    sup = joined(above, Tok("comma")) if above else None
    return Script(Tok("corr"), sub, sup) if sub or sup else Tok("corr")


def _marked(x: Expr, kind: str) -> Math:
    return Script(Fence("(", notation(x)), None, Tok(kind))


def axes(ps: tuple[Poly, ...]) -> Math:
    """One integer where all axes agree, else a tuple."""
    return integer(ps[0]) if len(set(ps)) == 1 else Fence("(", places(map(integer, ps)))


def places(items: Iterable[Math]) -> Math:
    """Things with commas between them."""
    return joined(items, Tok("comma"))


def _taps(shape: tuple[int, ...], values: tuple[Fraction, ...]) -> Math:
    if len(shape) == 1:
        return Fence("(", places(_fraction(v) for v in values))
    step = len(values) // shape[0]
    rows = [_taps(shape[1:], values[i * step : (i + 1) * step]) for i in range(shape[0])]
    return Fence("(", places(rows))


def _fraction(v: Fraction) -> Math:
    size = abs(v)
    plain: Math = (
        Num(str(size)) if size.denominator == 1 else Frac(Num(str(size.numerator)), Num(str(size.denominator)))
    )
    return plain if v >= 0 else row(Tok("neg"), plain)


def _sum(parts: tuple[Expr, ...]) -> Math:
    items: list[Math] = [notation(parts[0], SUM)]
    for part in parts[1:]:
        negative = _negative(part)
        items += (
            [Tok("minus"), notation(negative, PRODUCT)]
            if negative is not None
            else [Tok("plus"), notation(part, PRODUCT)]
        )
    return Row(tuple(items))


def _negative(e: Expr) -> Expr | None:
    """The e of −e, also of a product or sum with a negative number in front."""
    match e:
        case Neg(x):
            return x
        case Const(v) if v < 0:
            return Const(-v)
        case Mul((Const(v), *rest)) if v < 0 and rest:
            if v == -1:
                return rest[0] if len(rest) == 1 else Mul(tuple(rest))
            return Mul((Const(-v), *rest))
        case Sum(indices, body):
            inner = _negative(body)
            return None if inner is None else Sum(indices, inner)
        case _:
            return None


def _product(parts: tuple[Expr, ...]) -> Math:
    """Factors side by side in their order, the conditions merged into ranges, sums in parentheses unless last."""
    if sum(rank(p) > 0 for p in parts) > 1:
        return joined((notation(p, INFIX) for p in parts), Tok("times"))
    ranges = _ranges([p.condition for p in parts if isinstance(p, Iverson)])
    items: list[Math] = []
    for i, p in enumerate(parts):
        if isinstance(p, Iverson):
            shown: list[Math] = [Fence("[", r) for r in ranges]
            ranges = []
        elif isinstance(p, Const) and p.value == -1 and i == 0 and len(parts) > 1:
            shown = [Tok("neg")]
        elif isinstance(p, Sum):
            inner = notation(p)
            shown = [inner if i == len(parts) - 1 else Fence("(", inner)]
        else:
            shown = [notation(p, INFIX if rank(p) else ATOM)]
        for m in shown:
            items += [Tok("thin"), m] if items and items[-1] != Tok("neg") else [m]
    return items[0] if len(items) == 1 else Row(tuple(items))


def _ranges(conditions: list[Condition]) -> list[Math]:
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
        rest = Poly(tuple(t for t in low.terms if t[0] and t in [(m, -k) for m, k in high.terms]))
        out.append(row(integer(rest - low), Tok("le"), integer(rest), Tok("le"), integer(high + rest)))
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
        case Eq(p) | Ge(p):
            left = Poly(tuple(t for t in p.terms if t[1] > 0))
            right = Poly(tuple((m, -k) for m, k in p.terms if k < 0))
            sign = "eq" if isinstance(c, Eq) else "ge"
            if len(left.terms) > len(right.terms) and right.terms:
                left, right, sign = right, left, {"eq": "eq", "ge": "le"}[sign]
            return row(integer(left), Tok(sign), integer(right))
        case _:
            assert_never(c)
    return None


def integer(p: Poly) -> Math:
    """An integer polynomial: positive terms first, products before single names, large coefficients first."""
    if not p.terms:
        return Num("0")
    ordered = sorted(p.terms, key=lambda t: (not t[0], t[1] < 0, -len(t[0]), -abs(t[1]), t[0]))
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
        for name in sorted(dict.fromkeys(monomial), key=_last):
            n = monomial.count(name)
            items.append(Sym(name) if n == 1 else Script(Sym(name), None, Num(str(n))))
    return items[0] if len(items) == 1 else Row(tuple(items))


def _last(name: str) -> bool:
    """Whether a name reads as an index, which stands after sizes: sn, not ns."""
    return name.rstrip("0123456789") in INDICES


INDICES = frozenset("nmijablqruvw")
