"""Expressions as mathematics, with parentheses placed here once, from one table.

`notation(e)` prints corr(x, k, stride=s) as k ⋆ₛ x, conv(a, b) as a ∗ b, up(k, s) as ↑ₛ k, x[n] as x[n].  Integers are
written as a person writes them: 4n + 2j + i, m − 2j, 3c − 2.  Only what follows one rule is left out: k ∗ ⋯ ∗ ↑ k.
"""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise
from math import prod

from symconv.errors import assert_never
from symconv.expr.derivatives import base_of
from symconv.expr.index_notation import condition, integer, ranges
from symconv.expr.layer_notation import axes, called
from symconv.expr.mathematics import (
    Accent,
    Big,
    Fence,
    Frac,
    Math,
    Num,
    Row,
    Script,
    Sym,
    Tok,
    Words,
    joined,
    places,
    row,
)
from symconv.expr.nodes import ONE as UNIT
from symconv.expr.nodes import (
    Add,
    Adjoint,
    Apply,
    Cascade,
    Const,
    Conv,
    Corr,
    Count,
    Delta,
    Diff,
    Down,
    Entry,
    Expr,
    Flip,
    Formula,
    Grad,
    Inner,
    Integer,
    Iverson,
    Layer,
    Most,
    Mul,
    Name,
    Neg,
    Number,
    Ones,
    Over,
    Peak,
    Power,
    Repeat,
    Reverse,
    Shift,
    Sum,
    Taps,
    Up,
    factors_of,
    product,
    rank,
    shown_axes,
)  # fmt: skip
from symconv.expr.signs import visibly
from symconv.expr.statement import Statement
from symconv.index.conditions import Ge, decide
from symconv.index.poly import ONE, ZERO, Poly, var

SUM, PRODUCT, INFIX, PREFIX, ATOM = 1, 2, 3, 4, 5
"""How tightly things bind: a + b, a b, a ∗ b and k ⋆ x, ↑ k, x[n]."""


def notation(e: Expr, level: int = 0) -> Math:
    """The mathematics of an expression, in parentheses where the place binds more tightly than `level` allows."""
    body, own = _notation(e)
    return Fence("(", body) if own < level else body


def equation(left: Expr, right: Expr) -> Math:
    """left = right."""
    return row(notation(left), Tok("eq"), notation(right))


def claimed(statement: Statement) -> Math:
    """What is said to be equal, or at most as great, or the limit."""
    left, sign = notation(statement.lhs), Tok("eq" if statement.relation == "==" else "le")
    if statement.towards:
        left = Big(row(Sym(statement.towards), Tok("to"), Tok("infinity")), notation(statement.lhs, PRODUCT), "limit")
    return row(left, sign, notation(statement.rhs))


def _notation(e: Expr) -> tuple[Math, int]:
    match e:
        case Name(x) | Number(x):
            return Sym(x), ATOM
        case Conv():
            return _convolved(e), INFIX
        case Corr():
            return _correlated(e), INFIX
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
        case Sum():
            return _below(e, e.body), SUM if rank(e) else PRODUCT
        case Iverson(c):
            return Fence("[", condition(c)), ATOM
        case Const(v):
            return _fraction(v), ATOM if v >= 0 else SUM
        case Integer(p):
            alone = len(p.terms) == 1 and p.terms[0][1] == 1
            return integer(p), ATOM if alone else SUM if len(p.terms) > 1 else PRODUCT
        case Neg(x):
            return row(Tok("neg"), notation(x, PRODUCT)), SUM
        case Apply("abs", x):
            return Fence("|", notation(x)), ATOM
        case Apply(f, x):
            return row(notation_of_function(f), Fence("(", notation(x))), ATOM
        case Over(p):
            return Frac(Num("1"), integer(p)), ATOM
        case Power(x, p, q):
            exponent = integer(p) if q == ONE else row(_grouped(p), Tok("slash"), _grouped(q))
            known = isinstance(x, Integer) or visibly(x)
            return Script(notation(x, ATOM) if known else Fence("|", notation(x)), None, exponent), PREFIX
        case Most(indices, x, extents):
            return Big(_box(indices, extents), notation(x, PRODUCT), "max"), PRODUCT
        case Peak(indices, x, extents, at):
            attained = Big(_box(indices, extents), notation(x, PRODUCT), "argmax")
            here = places(map(integer, at)) if len(at) == 1 else Fence("(", places(map(integer, at)))
            return Fence("[", row(here, Tok("eq"), attained)), ATOM
        case Inner(x, y):
            return Fence("<", places((notation(x), notation(y)))), ATOM
        case Diff(x, by, at):
            entry = row(notation(by), Fence("[", places(map(integer, at)))) if at else notation(by)
            return row(Frac(Tok("partial"), row(Tok("partial"), entry)), Tok("thin"), notation(x, ATOM)), PRODUCT
        case Grad(x, by, g):
            value = notation(x, PRODUCT) if g == UNIT else Fence("<", places((notation(g), notation(x))))
            return row(Script(Tok("nabla"), notation(by)), Tok("thin"), value), PREFIX
        case Adjoint(x, by, g):
            linear = Script(Fence("(", row(notation(by), Tok("mapsto"), notation(x))), None, Tok("adjoint"))
            return row(linear, Tok("thin"), notation(g, PREFIX)), PREFIX
        case Repeat(x, name, count):
            mapped = Script(Fence("(", row(notation(name), Tok("mapsto"), notation(x))), None, integer(count))
            return row(mapped, notation(name, PREFIX)), PREFIX
        case Cascade(indices, x, count):
            ends = row(Num("0"), Tok("le"), Sym(indices[0]), Tok("lt"), integer(count))
            return row(Script(Tok("cascade"), ends), Tok("thin"), notation(x, PREFIX)), PREFIX
        case Count(kind, x):
            beside = map(Num, map(str, shown_axes(e)))
            return row(Words(kind), Fence("(", places((notation(x), *map(Sym, e.of), *beside)))), ATOM
        case Layer(_, layer_parts):
            return row(called(e), Fence("(", places(map(notation, layer_parts)))), ATOM
        case Add(parts):
            return _sum(parts), SUM
        case Mul(parts):
            return _product(parts), PRODUCT
        case _:
            assert_never(e)
    return None


def notation_of_function(f: str) -> Math:
    """relu, f, f′, f″."""
    name, primes = base_of(f)
    plain = Words(name) if len(name) > 1 else Sym(name)
    return Script(plain, None, row(*(Tok("prime") for _ in range(primes)))) if primes else plain


def _grouped(p: Poly) -> Math:
    return integer(p) if len(p.terms) < 2 else Fence("(", integer(p))


def _box(indices: tuple[str, ...], extents: tuple[Poly, ...]) -> Math:
    """0 ≤ u < c for each index."""
    return places(
        row(Num("0"), Tok("le"), Sym(v), Tok("lt"), integer(p)) for v, p in zip(indices, extents, strict=True)
    )


def _convolved(e: Conv) -> Math:
    """((a ∗ b) ∗ c) ∗ d; of many that follow one rule, k ∗ ↑ₛ k ∗ ⋯ ∗ ↑ₛ³¹ k."""
    spine: list[Conv] = [e]
    while isinstance(spine[-1].x, Conv):
        spine.append(spine[-1].x)
    kernels = [spine[-1].x, *(c.k for c in reversed(spine))]
    if len(kernels) <= LONG or not _geometric(kernels):
        return row(notation(e.x, PREFIX), Tok("conv"), notation(e.k, PREFIX))
    first = (notation(k, PREFIX) for k in kernels[:3])
    return joined((*first, Tok("cdots"), notation(e.k, PREFIX)), Tok("conv"))


def _geometric(kernels: list[Expr]) -> bool:
    """Whether the kernels are k, ↑ₛ k, ↑ of s², …: one kernel, up-sampled by one more power of s each time."""
    factors: list[Poly] = []
    for k in kernels:
        base, by = (k.x, k.by) if isinstance(k, Up) else (k, (ONE,))
        if base != kernels[0] or len(set(by)) != 1:
            return False
        factors.append(by[0])
    return all(b == a * factors[1] for a, b in pairwise(factors))


def _correlated(e: Corr) -> Math:
    """k ⋆ (k ⋆ (k ⋆ x)); of many equal layers, k ⋆ (k ⋆ (⋯ (k ⋆ x))) with their number."""
    spine: list[Corr] = [e]
    while isinstance(spine[-1].x, Corr):
        spine.append(spine[-1].x)
    alike = len({(c.k, c.stride, c.dilation, c.padding) for c in spine}) == 1
    if len(spine) <= LONG or not alike:
        return row(notation(e.k, PREFIX), star(e), notation(e.x, PREFIX))
    once = row(notation(e.k, PREFIX), star(e))
    inner = Fence("(", row(Tok("cdots"), Tok("thin"), Fence("(", row(once, notation(spine[-1].x, PREFIX)))))
    return Script(Fence("(", row(once, Fence("(", row(once, inner)))), row(Num(str(len(spine))), Words(" layers")))


def _below(e: Sum, body: Expr) -> Big:
    """Σ over the indices, with the range of an index below the sign, as in Σ_{0 ≤ r ≤ s − 1}."""
    parts = factors_of(body)
    limits: list[Math] = []
    for i in e.indices:
        low, high = Iverson(Ge(var(i))), [p for p in parts if _upper(p, i)]
        if low in parts and len(high) == 1:
            parts = tuple(p for p in parts if p != low and p not in high)
            limits.append(row(Num("0"), Tok("le"), Sym(i), Tok("le"), integer(_upper(high[0], i) or ZERO)))
        else:
            limits.append(Sym(i))
    return Big(places(limits), notation(product(parts), PRODUCT))


def _upper(e: Expr, i: str) -> Poly | None:
    """The p of [i ≤ p]."""
    if isinstance(e, Iverson) and isinstance(e.condition, Ge):
        p = e.condition.p + var(i)
        return None if i in p.names() else p
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


def _taps(shape: tuple[int, ...], values: tuple[Fraction, ...]) -> Math:
    if len(shape) == 1:
        return Fence("(", places(_fraction(v) for v in values))
    step = len(values) // shape[0]
    rows = [_taps(shape[1:], values[i * step : (i + 1) * step]) for i in range(shape[0])]
    return Fence("(", places(rows))


def _fraction(v: Fraction) -> Math:
    top, bottom = Num(str(abs(v.numerator))), Num(str(v.denominator))
    plain: Math = top if v.denominator == 1 else Frac(top, bottom)
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


def _gathered(parts: tuple[Expr, ...]) -> tuple[Expr, ...]:
    """Integers that are products of names as one, so that c c is c²; their reciprocals likewise."""
    for kind in (Integer, Over):
        alike = [p for p in parts if isinstance(p, kind) and len(p.p.terms) == 1]
        if len(alike) > 1:
            whole = kind(prod((p.p for p in alike), start=ONE))
            first = next(i for i, p in enumerate(parts) if p == alike[0])
            others = [p for p in parts[first:] if p not in alike]
            parts = (*(p for p in parts[:first] if p not in alike), whole, *others)
    return parts


def _product(parts: tuple[Expr, ...]) -> Math:
    """Factors side by side in their order, the conditions merged into ranges, sums in parentheses unless last."""
    parts = tuple(f for p in parts for f in ((p,) if rank(p) else factors_of(p)))
    own = tuple(p for p in parts if p != UNIT and not (isinstance(p, Iverson) and decide(p.condition)))
    parts = _gathered(own) or (UNIT,)
    if sum(rank(p) > 0 for p in parts) > 1:
        return joined((notation(p, PREFIX) for p in parts), Tok("times"))
    left = ranges([p.condition for p in parts if isinstance(p, Iverson)])
    items: list[Math] = []
    for i, p in enumerate(parts):
        if isinstance(p, Iverson):
            shown: list[Math] = [Fence("[", r) for r in left]
            left = []
        elif isinstance(p, Const) and p.value == -1 and i == 0 and len(parts) > 1:
            shown = [Tok("neg")]
        elif isinstance(p, Sum):
            inner = notation(p)
            shown = [inner if i == len(parts) - 1 else Fence("(", inner)]
        else:
            shown = [notation(p, PREFIX if rank(p) or isinstance(p, Power) else ATOM)]
        for m in shown:
            items += [Tok("thin"), m] if items and items[-1] != Tok("neg") else [m]
    return items[0] if len(items) == 1 else Row(tuple(items))


LONG = 6
"""Of more equal layers, or kernels that follow one rule, than these the middle is left out."""
