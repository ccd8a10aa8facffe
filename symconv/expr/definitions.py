"""Every primitive, defined once by its index formula.  These formulas are the meaning of the language.

`definition(Entry(e, n), names, …)` is the value of e at n, one layer of operators removed; `names` are the bound
indices that the formula introduces (as many as `arity(e)` says), fresh for everything in the expression.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import product

from symconv.errors import StatementError
from symconv.expr.layers import bound_names, layer_value
from symconv.expr.nodes import (
    Add,
    Adjoint,
    Apply,
    Const,
    Conv,
    Corr,
    Delta,
    Diff,
    Down,
    Entry,
    Expr,
    Flip,
    Formula,
    Grad,
    Inner,
    Iverson,
    Layer,
    Mul,
    Name,
    Neg,
    Ones,
    Power,
    Reverse,
    Shift,
    Sum,
    Taps,
    Up,
    rank,
)  # fmt: skip
from symconv.expr.traverse import substitute
from symconv.index.conditions import Eq, between
from symconv.index.poly import ZERO, Poly, const, var


def arity(e: Expr) -> int:
    """How many bound indices the definition of e introduces."""
    match e:
        case Conv() | Corr() | Up():
            return rank(e)
        case Inner(x):
            return rank(x)
        case Grad(x) | Adjoint(x):
            return rank(x)
        case Layer():
            return len(bound_names(e))
        case _:
            return 0


def formula_of(e: Layer | Grad | Adjoint) -> Formula:
    """A sequence by its index formula, in names that no reader gives."""
    at, names = (tuple(f"_{letter}{i}" for i in range(n)) for letter, n in (("n", rank(e)), ("b", arity(e))))
    return Formula(at, definition(Entry(e, tuple(map(var, at))), names, {}))


def definition(e: Expr, names: tuple[str, ...], defined: Mapping[str, Expr]) -> Expr:
    """The index formula of an entry or an inner product; StatementError where there is none."""
    match e:
        case Entry():
            return _value(e, names, defined)
        case Inner(x, y):
            at = tuple(map(var, names))
            return Sum(names, Mul((_entry(x, at), _entry(y, at))))
        case Grad(x, _, g) | Adjoint(x, _, g) if not rank(e):
            return _weighted(x, g, names, lambda value: Diff(value, e.x, ()))
        case _:
            raise StatementError("only entries and inner products have an index formula")


def _weighted(e: Expr, g: Expr, names: tuple[str, ...], derivative: Callable[[Expr], Expr]) -> Expr:
    """Σ_i g[i] ∂e[i], or g ∂e for a scalar e."""
    at = tuple(map(var, names))
    product = Mul((_entry(g, at), derivative(_entry(e, at))))
    return Sum(names, product) if names else product


def _value(entry: Entry, names: tuple[str, ...], defined: Mapping[str, Expr]) -> Expr:
    n = entry.at
    a = tuple(map(var, names))
    match entry.x:
        case Conv(x, k):
            return Sum(names, Mul((Entry(k, a), Entry(x, _zip(n, a, lambda u, v: u - v)))))
        case Corr(x, k, stride, dilation, padding):
            place = tuple(s * u + d * v - p for s, u, d, v, p in zip(stride, n, dilation, a, padding, strict=True))
            return Sum(names, Mul((Entry(k, a), Entry(x, place))))
        case Up(x, by):
            hits = tuple(Iverson(Eq(u - s * v)) for u, s, v in zip(n, by, a, strict=True))
            return Sum(names, Mul((*hits, Entry(x, a))))
        case Down(x, by):
            return Entry(x, _zip(n, by, lambda u, s: s * u))
        case Flip(x):
            return Entry(x, tuple(-u for u in n))
        case Shift(x, by):
            return Entry(x, _zip(n, by, lambda u, m: u - m))
        case Reverse(x, about):
            return Entry(x, _zip(n, about, lambda u, m: m - u))
        case Delta():
            return Mul(tuple(Iverson(Eq(u)) for u in n))
        case Ones(extents):
            return Mul(tuple(Iverson(c) for u, e in zip(n, extents, strict=True) for c in between(u, ZERO, e - 1)))
        case Taps(shape, values):
            places = product(*map(range, shape))
            return Add(
                tuple(
                    Mul((Const(v), *(Iverson(Eq(u - const(i))) for u, i in zip(n, place, strict=True))))
                    for v, place in zip(values, places, strict=True)
                )
            )
        case Formula(indices, body):
            return substitute(body, dict(zip(indices, n, strict=True)))
        case Name(name):
            if name not in defined:
                raise StatementError(f"{name} has no definition to unfold")
            return Entry(defined[name], n)
        case Add(parts):
            return Add(tuple(_entry(p, n) for p in parts))
        case Mul(parts):
            return Mul(tuple(_entry(p, n) for p in parts))
        case Layer():
            return layer_value(entry.x, n, names)
        case Grad(x, by, g) | Adjoint(x, by, g):
            return _weighted(x, g, names, lambda value: Diff(value, by, n))
        case Neg(x):
            return Neg(_entry(x, n))
        case Apply(f, x):
            return Apply(f, _entry(x, n))
        case Power(x, p, q):
            return Power(_entry(x, n), p, q)
        case Sum(indices, x):
            if any(p.names() & set(indices) for p in n):
                raise StatementError(f"the bound index of {indices} would capture a name")
            return Sum(indices, _entry(x, n))
        case _:
            raise StatementError("only a sequence has entries")


def _entry(e: Expr, n: tuple[Poly, ...]) -> Expr:
    """The entry of a sequence; a scalar is the same at every place."""
    return Entry(e, n) if rank(e) else e


def _zip(left: tuple[Poly, ...], right: tuple[Poly, ...], f: Callable[[Poly, Poly], Poly]) -> tuple[Poly, ...]:
    return tuple(f(u, v) for u, v in zip(left, right, strict=True))
