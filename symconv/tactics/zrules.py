"""The transforms of the operators, by the transforms of their operands: one rule an operator.

At a monomial ζ, with w over the s-th roots of unity,

    conv(x, k)  x̂(ζ) k̂(ζ)          up(x, s)     x̂(ζ^s)           down(x, s)  1/s Σ_w x̂(w ζ^{1/s})
    flip(x)     x̂(1/ζ)             shift(x, m)  ζ^{−m} x̂(ζ)      reverse(x)  ζ^{−m} x̂(1/ζ), about m
    corr(x, k)  1/s Σ_w η^{−p} x̂(η) k̂(η^{−d}) at η = w ζ^{1/s}, for stride s, dilation d and padding p
    delta       1                  ones(c)      Σ_{0 ≤ r < c} ζ^{−r}

An adjoint is first written with the adjoints of its operators, the last one first; layers by what they are made of.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction

from symconv.errors import SearchError
from symconv.expr.layers import composition
from symconv.expr.nodes import (
    Add,
    Adjoint,
    Const,
    Conv,
    Corr,
    Delta,
    Down,
    Entry,
    Expr,
    Flip,
    Integer,
    Iverson,
    Layer,
    Mul,
    Name,
    Neg,
    Number,
    Ones,
    Over,
    Reverse,
    Shift,
    Sum,
    Taps,
    Up,
    factors_of,
    product,
    rank,
)  # fmt: skip
from symconv.expr.traverse import free_indices, sequence_names
from symconv.index.conditions import Ge
from symconv.index.poly import ONE, ZERO, Poly, const, var
from symconv.tactics.zlines import NOUGHT, UNIT, Line, Monomial, Root, Run, Term, Transform, ratio, times

TAPS = 8
"""Of more explicit taps than these no sum of powers is written."""
MINUS = ratio(const(-1))
FLAT = Monomial()


def done(e: Expr | Run, definitions: Mapping[str, Expr]) -> bool:
    """Whether nothing is left to take apart."""
    return isinstance(e, Run) or (isinstance(e, Name) and e.name not in definitions)


def taken_apart(line: Line, found: Expr, definitions: Mapping[str, Expr],
                letters: list[str]) -> tuple[Line, str]:  # fmt: skip
    """The line with every transform of the same kind of operator taken apart once."""
    out: list[Term] = []
    kind = ""
    for term in line:
        terms = [replace(term, transforms=())]
        used = {r.name for r in term.roots}
        for t in term.transforms:
            if isinstance(t.of, Run) or type(t.of) is not type(found) or done(t.of, definitions):
                parts: list[Term] = [Term(transforms=(t,))]
            else:
                root = next(n for n in letters if n not in used)
                parts, kind = _operator(t.of, t.at, root, definitions)
                used |= {r.name for part in parts for r in part.roots}
            terms = [times(a, b) for a in terms for b in parts]
        out += terms
    return tuple(out), kind


def _operator(e: Expr, at: Monomial, root: str, definitions: Mapping[str, Expr]) -> tuple[list[Term], str]:
    """The transform of e at a monomial by those of its operands, and what the step is called."""

    def one(*transforms: tuple[Expr | Run, Monomial], power: Monomial = FLAT,
            roots: tuple[Root, ...] = ()) -> list[Term]:  # fmt: skip
        return [Term(roots=roots, power=power, transforms=tuple(Transform(x, m) for x, m in transforms))]

    match e:
        case Conv(x, k):
            return one((x, at), (k, at)), "conv"
        case Up(x, (s,)):
            return one((x, at.power(ratio(s)))), "up"
        case Down(x, (s,)):
            return one((x, _rooted(at, root, s)), roots=(Root(root, s),)), "down"
        case Flip(x):
            return one((x, at.power(MINUS))), "flip"
        case Reverse(x, (m,)):
            return one((x, at.power(MINUS)), power=at.power(ratio(-m))), "reverse"
        case Shift(x, (m,)):
            return one((x, at), power=at.power(ratio(-m))), "shift"
        case Corr(x, k, (s,), (d,), (p,)):
            inner, roots = (at, ()) if s == ONE else (_rooted(at, root, s), (Root(root, s),))
            power = inner.power(ratio(-p))
            return one((x, inner), (k, inner.power(ratio(-d))), power=power, roots=roots), "corr"
        case Delta():
            return [Term()], "delta"
        case Ones((c,)):
            return one((Run(c), at)), "ones"
        case Taps(_, values) if len(values) <= TAPS:
            return [Term(coefficient=v, power=at.power(ratio(const(-i)))) for i, v in enumerate(values) if v], "taps"
        case Add(parts) if all(rank(p) for p in parts):
            return [Term(transforms=(Transform(p, at),)) for p in parts], "add"
        case Neg(x):
            return [Term(coefficient=Fraction(-1), transforms=(Transform(x, at),))], "scale"
        case Mul(parts) if sum(rank(p) > 0 for p in parts) == 1:
            return [_scaled(parts, at)], "scale"
        case Sum(indices, body):
            return _summed(indices, body, at), "sum"
        case Layer():
            inside = composition(e)
            if inside is not None and rank(inside) == 1:
                return one((inside, at)), "layer"
        case Adjoint(inner, Name(z), g):
            return one((_adjoint(inner, z, g), at)), "adjoint"
        case _:
            pass
    if isinstance(e, Name) and e.name in definitions:
        return one((definitions[e.name], at)), "definition"
    raise SearchError("there is no rule for the transform of this")


def _rooted(at: Monomial, root: str, s: Poly) -> Monomial:
    """w ζ^{1/s}."""
    return Monomial(NOUGHT, ((root, UNIT),)) * at.power(ratio(ONE, s))


def _scaled(parts: tuple[Expr, ...], at: Monomial) -> Term:
    coefficient, scalars = Fraction(1), list[Expr]()
    transform: tuple[Transform, ...] = ()
    for p in parts:
        match p:
            case Const(v):
                coefficient *= v
            case Integer(q) if (value := q.constant()) is not None:
                coefficient *= value
            case Neg(Number() as x):
                coefficient, scalars = -coefficient, [*scalars, x]
            case Number() | Over() | Integer():
                scalars.append(p)
            case _ if rank(p):
                transform = (Transform(p, at),)
            case _:
                raise SearchError("a factor is no number")
    return Term(coefficient, tuple(scalars), transforms=transform)


def _summed(indices: tuple[str, ...], body: Expr, at: Monomial) -> list[Term]:
    """Σ_{0 ≤ r < c} of shifts of one sequence, and Σ_a h[a] of shifts of one sequence."""
    if len(indices) != 1:
        raise SearchError("a sum over several indices is not transformed")
    (i,) = indices
    parts = factors_of(body)
    moved = [p for p in parts if isinstance(p, Shift)]
    if len(moved) != 1 or i in free_indices(moved[0].x) or len(moved[0].by) != 1:
        raise SearchError("this sum is not one of shifts")
    found = moved[0].by[0].affine((i,))
    if found is None or i not in found[0]:
        raise SearchError("this sum is not one of shifts")
    step, offset = found[0][i], found[1]
    rest = [p for p in parts if p is not moved[0]]
    run = [p.condition for p in rest if isinstance(p, Iverson)]
    power = at.power(ratio(-offset))
    there = at.power(ratio(step))
    if len(run) == len(rest) == 2 and Ge(var(i)) in run:
        high = next((c for c in run if c != Ge(var(i))), None)
        if isinstance(high, Ge) and i not in (high.p + var(i)).names():
            count = high.p + var(i) + 1
            return [Term(power=power, transforms=(Transform(Run(count), there), Transform(moved[0].x, at)))]
    taps = [p for p in rest if isinstance(p, Entry)]
    if len(taps) == 1 and taps[0].at == (var(i),) and isinstance(taps[0].x, Name):
        numbers = tuple(p for p in rest if p is not taps[0])
        if all(isinstance(p, Const | Number) for p in numbers):
            scaled = _scaled((*numbers, moved[0].x), at)
            return [replace(scaled, power=power, transforms=(Transform(taps[0].x, there), *scaled.transforms))]
    raise SearchError("this sum is not one of shifts")


def _adjoint(e: Expr, z: str, g: Expr) -> Expr:
    """The adjoint of z ↦ e, applied to g: one operator moved to g."""

    def onwards(x: Expr, upstream: Expr) -> Expr:
        return upstream if x == Name(z, 1) else Adjoint(x, Name(z, 1), upstream)

    def free(k: Expr) -> bool:
        return z not in sequence_names(k)

    match e:
        case Down(x, by):
            return onwards(x, Up(g, by))
        case Up(x, by):
            return onwards(x, Down(g, by))
        case Flip(x):
            return onwards(x, Flip(g))
        case Shift(x, by):
            return onwards(x, Shift(g, tuple(-m for m in by)))
        case Conv(x, k) if free(k):
            return onwards(x, Corr(g, k, (ONE,), (ONE,), (ZERO,)))
        case Corr(x, k, s, d, p) if free(k):
            spread = Up(g, s) if s != (ONE,) else g
            whole: Expr = Conv(spread, Up(k, d) if d != (ONE,) else k)
            return onwards(x, Shift(whole, tuple(-m for m in p)) if p != (ZERO,) else whole)
        case Layer():
            inside = composition(e)
            if inside is not None and rank(inside) == 1:
                return Adjoint(inside, Name(z, 1), g)
        case Mul(parts):
            linear = [p for p in parts if rank(p)]
            if len(linear) == 1:
                return product((*(p for p in parts if not rank(p)), onwards(linear[0], g)))
        case _:
            pass
    raise SearchError("this adjoint is not transformed")
