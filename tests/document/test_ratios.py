"""Ratios of counts as they are printed: fractions with their numerators, over products of sums that are known."""

from __future__ import annotations

from fractions import Fraction

import pytest

from symconv.document.ratios import factors, ratio
from symconv.expr.nodes import Add, Const, Expr, Integer, Mul, Over
from symconv.index.poly import ONE, Poly, const, var
from symconv.render.plain import plain

C, F, R, H, W = map(var, "CFRHW")


def times(*parts: Poly | Expr) -> Expr:
    return Mul(tuple(Integer(p) if isinstance(p, Poly) else p for p in parts))


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (Add((times(Over(F * C), R), times(Over(C), R))), "R/(CF) + R/C"),
        (Add((times(Over(C * C), ONE), Over(2 * F))), "1/C² + 1/(2F)"),
        (Mul((Const(Fraction(18)), Over(const(25)))), "18/25"),
        (Add((times(Over((H - 4) * (W - 4)), H), times(Over((H - 4) * (W - 4)), -2 * ONE))),
         "(H − 2)/((H − 4) (W − 4))"),
        (Add((Integer(R), times(Over(C), -F))), "R − F/C"),
        (times(Over(H + W), Over(C), 3 * R), "3R/(C (H + W))"),
    ],
)  # fmt: skip
def test_fractions(value: Expr, expected: str) -> None:
    assert plain(ratio(value, (H - 4, W - 4, C))) == expected


def test_products_have_parentheses_around_sums_alone() -> None:
    assert plain(factors(C, H - 2, const(9), C)) == "9C² (H − 2)"
    assert plain(factors(H - 2)) == "H − 2"
    assert plain(factors()) == "0"
