"""The bridge to SymPy: expressions and integers there and back."""

from __future__ import annotations

from typing import Any

from symconv.errors import StatementError
from symconv.expr.nodes import Add, Apply, Const, Count, Entry, Expr, Integer, Iverson, Mul, Name, Neg, Number, Sum
from symconv.index.conditions import Divides, Eq, Ge
from symconv.index.poly import Poly, const, total, var


def poly_to_sympy(p: Poly) -> Any:
    """A polynomial in integer symbols."""
    return p._sympy_()


def from_sympy(e: Any) -> Poly:
    """The polynomial of a SymPy expression; StatementError where it is not one with integer coefficients."""
    import sympy

    e = sympy.sympify(e, strict=True)
    symbols = sorted(e.free_symbols, key=str)
    if not symbols:
        if not e.is_Integer:
            raise StatementError(f"{e} is not an integer")
        return const(int(e))
    try:
        terms = sympy.Poly(e, *symbols).terms()
    except sympy.PolynomialError:
        raise StatementError(f"{e} is not a polynomial in sizes") from None
    out: list[Poly] = []
    for powers, c in terms:
        if not c.is_Integer:
            raise StatementError(f"{e} has a coefficient that is not an integer: {c}")
        p = const(int(c))
        for s, n in zip(symbols, powers, strict=True):
            for _ in range(n):
                p = p * var(str(s))
        out.append(p)
    return total(out)


def to_sympy(e: Expr) -> Any:
    """A scalar over entries of named sequences as SymPy: Indexed, Sum over all integers, Piecewise for conditions."""
    import sympy

    match e:
        case Const(v):
            return sympy.Rational(v.numerator, v.denominator)
        case Integer(p) | Count(_, _, p):
            return poly_to_sympy(p)
        case Number(name):
            return sympy.Symbol(name, real=True)
        case Entry(Name(x), at):
            return sympy.Indexed(x, *map(poly_to_sympy, at))
        case Iverson(c):
            return sympy.Piecewise((1, _condition(c)), (0, True))
        case Add(parts):
            return sympy.Add(*map(to_sympy, parts))
        case Mul(parts):
            return sympy.Mul(*map(to_sympy, parts))
        case Neg(x):
            return -to_sympy(x)
        case Apply(f, x):
            return sympy.Function(f)(to_sympy(x))
        case Sum(indices, body):
            limits = [(sympy.Symbol(i, integer=True), -sympy.oo, sympy.oo) for i in indices]
            return sympy.Sum(to_sympy(body), *limits)
        case _:
            raise StatementError("only a scalar has a SymPy form: take an entry, as in conv(x, k)[n], or an instance")


def _condition(c: Eq | Ge | Divides) -> Any:
    import sympy

    if isinstance(c, Divides):
        return sympy.Eq(sympy.Mod(poly_to_sympy(c.p), poly_to_sympy(c.m)), 0)
    return sympy.Eq(poly_to_sympy(c.p), 0) if isinstance(c, Eq) else sympy.Ge(poly_to_sympy(c.p), 0)
