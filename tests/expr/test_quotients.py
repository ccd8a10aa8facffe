"""Quotients in lowest terms have the value that they had, and equal quotients become equal."""

from __future__ import annotations

from fractions import Fraction
from random import Random

import pytest

from symconv.expr.nodes import Add, Const, Expr, Integer, Iverson, Mul, Neg, Number, Over
from symconv.expr.quotients import lowest_terms
from symconv.expr.ring import distribute
from symconv.index.conditions import Ge
from symconv.index.poly import ONE, Poly, const, var

NAMES = ("H", "c", "F")


def value(e: Expr, at: dict[str, int]) -> Fraction:
    """By plain arithmetic."""
    match e:
        case Integer(p):
            return Fraction(p.evaluate(at))
        case Over(p):
            return Fraction(1, p.evaluate(at))
        case Const(v):
            return v
        case Number():
            return Fraction(7, 3)
        case Iverson(Ge(p)):
            return Fraction(int(p.evaluate(at) >= 0))
        case Neg(x):
            return -value(x, at)
        case Add(terms):
            return sum((value(t, at) for t in terms), Fraction(0))
        case Mul(factors):
            out = Fraction(1)
            for f in factors:
                out *= value(f, at)
            return out
        case _:
            raise AssertionError(e)


def polynomial(random: Random, positive: bool = False) -> Poly:
    out = const(random.randint(0, 3))
    for _ in range(random.randint(1, 3)):
        term = const(random.choice((1, 2) if positive else (-2, -1, 1, 2)))
        for _ in range(random.randint(1, 2)):
            term = term * var(random.choice(NAMES))
        out = out + term
    return out


def expression(random: Random, depth: int, below: list[Poly]) -> Expr:
    kind = random.choice(("add", "mul", "leaf")) if depth else "leaf"
    if kind == "leaf":
        return random.choice((Integer(polynomial(random)), Over(random.choice(below)), Over(var("F")), Number("a"),
                              Const(Fraction(random.randint(-3, 3), random.randint(1, 4))),
                              Iverson(Ge(var("H") - var("c")))))  # fmt: skip
    parts = tuple(expression(random, depth - 1, below) for _ in range(random.randint(2, 3)))
    return Add(parts) if kind == "add" else random.choice((Mul(parts), Neg(Mul(parts))))


@pytest.mark.parametrize("seed", range(150))
def test_the_value_is_kept(seed: int) -> None:
    random = Random(seed)
    below = [polynomial(random, positive=True) for _ in range(2)]
    below.append(below[0] * below[1])
    e = expression(random, 3, below)
    normal = distribute(e)
    for _ in range(6):
        at = {n: random.randint(1, 9) for n in NAMES}
        assert value(normal, at) == value(e, at)
    assert distribute(normal) == normal


H, C, F = map(var, NAMES)
EQUAL = [
    (Mul((Integer(H - C + 1), Integer(F), Over(H - C + 1))), Integer(F)),
    (Mul((Integer(H), Over(H + C))), Add((Integer(ONE), Neg(Mul((Integer(C), Over(H + C))))))),
    (Mul((Integer(H * H - C * C), Over(H + C))), Integer(H - C)),
    (Over(2 * H + 2 * C), Mul((Const(Fraction(1, 2)), Over(H + C)))),
    (Over(F * H + F * C), Mul((Over(F), Over(H + C)))),
    (Add((Over(H + 1), Over(C + 1))), Mul((Integer(H + C + 2), Over(H + 1), Over(C + 1)))),
    (Add((Over(H + 1), Neg(Over(H + 1)))), Const(Fraction(0))),
    (Mul((Integer(C * F), Add((Over(F), Over(C * C))))), Add((Integer(C), Mul((Integer(F), Over(C)))))),
    (Mul((Integer((H + 1) * (C + 1) * F), Over((H + 1) * (C + 1)))), Integer(F)),
]  # fmt: skip


@pytest.mark.parametrize(("left", "right"), EQUAL)
def test_equal_quotients_become_equal(left: Expr, right: Expr) -> None:
    assert distribute(left) == distribute(right)


def test_what_has_no_sum_below_is_left_alone() -> None:
    terms = {((), (Over(F), Integer(H))): Fraction(1)}
    assert lowest_terms(terms) is terms
