"""Every primitive, defined once by its index formula.  These formulas are the meaning of the language.

`definition(Entry(e, n), names, …)` is the value of e at n, one layer of operators removed; `names` are the bound
indices that the formula introduces (as many as `arity(e)` says), fresh for everything in the expression.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import product

from symconv.errors import StatementError
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
    Iverson,
    Mul,
    Name,
    Neg,
    Ones,
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
    return rank(e) if isinstance(e, Conv | Corr | Up) else 0


def definition(entry: Entry, names: tuple[str, ...], defined: Mapping[str, Expr]) -> Expr:
    """The index formula of an entry; StatementError where the entry is of a name without definition."""
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
        case Neg(x):
            return Neg(_entry(x, n))
        case Apply(f, x):
            return Apply(f, _entry(x, n))
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
