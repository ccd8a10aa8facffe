"""Integers as polynomials: what a number without sums is."""

from __future__ import annotations

from symconv.expr.nodes import Add, Const, Expr, Integer, Mul, Neg
from symconv.index.poly import ONE, Poly, const, total


def polynomial(e: Expr) -> Poly | None:
    """The integer polynomial that a number is; None where it is none."""
    match e:
        case Integer(p):
            return p
        case Const(v) if v.denominator == 1:
            return const(v.numerator)
        case Neg(x):
            p = polynomial(x)
            return None if p is None else -p
        case Add(parts) | Mul(parts):
            found = [p for p in map(polynomial, parts) if p is not None]
            if len(found) < len(parts):
                return None
            if isinstance(e, Add):
                return total(found)
            out = ONE
            for p in found:
                out = out * p
            return out
        case _:
            return None
