"""Limits: true ones are proved and their certificates replay, wrong ones are refuted or stay open, never proved."""

from __future__ import annotations

import json
import math
import random
from fractions import Fraction

import pytest

from symconv.expr.claim import read_statement
from symconv.proof.certificate import certificate, check
from symconv.tactics.prove import prove

Claim = tuple[str, tuple[str, ...], tuple[str, ...]]
TRUE: list[Claim] = [
    ("limit(lp_pool1d(x, p, c, stride=s), p) == max_pool1d(abs(x), c, stride=s)", (), ()),
    ("max_pool1d(abs(x), c) == limit(lp_pool1d(x, p, c), p)", (), ()),
    ("limit(lp_pool1d(x, p, c), p) == max_pool1d(x, c)", (), ("x >= 0",)),
    ("limit(lp_pool1d(x, 2*p, 3), p) == max_pool1d(abs(x), 3)", (), ()),
    ("limit(lp_pool1d(x, p*q, c), p) == max_pool1d(abs(x), c)", (), ()),
    ("limit(lp_pool2d(x, p, (c, e)), p) == max_pool2d(abs(x), (c, e))", ("x: signal[:, :]",), ()),
    ("limit(lp_pool1d(relu(x), p, c), p) == max_pool1d(relu(x), c)", (), ()),
    ("limit(a*lp_pool1d(x, p, c), p) == a*max_pool1d(abs(x), c)", ("x: signal", "a: number"), ("a >= 0",)),
    ("limit(abs(corr(abs(x)**p, ones(c)))**(1/p), p) == max_pool1d(abs(x), c, stride=1)", ("x: signal",), ()),
    ("limit(abs(avg_pool1d(abs(x)**p, c))**(1/p), p) == max_pool1d(abs(x), c)", (), ()),
    ("limit(abs(sum(abs(x[i])**p for i in range(c)))**(1/p), p) == max(abs(x[i]) for i in range(c))", (), ()),
    ("limit(abs(2*abs(x)**p)**(1/p), p) == abs(x)", (), ()),
    ("limit(abs(c)**(1/p)*abs(x), p) == abs(x)", ("c: size", "x: signal"), ()),
    ("limit(x, p) == x", ("p: size",), ()),
    ("limit(abs(x)**(p/p), p) == abs(x)", ("p: size",), ()),
    ("limit(lp_pool1d(x, p, c), p) == max_pool1d(abs(x), c)", ("y = lp_pool1d(x, p, c)",), ()),
]  # fmt: skip
WRONG: list[Claim] = [
    ("limit(lp_pool1d(x, p, c), p) == max_pool1d(x, c)", (), ()),
    ("limit(lp_pool1d(x, p, c), p) == avg_pool1d(abs(x), c)", (), ()),
    ("limit(lp_pool1d(x, p, c), p) == max_pool1d(abs(x), c, stride=1)", (), ()),
    ("limit(lp_pool1d(x, p, c), p) == max_pool1d(abs(x), c + 1, stride=c)", (), ()),
    ("limit(lp_pool1d(x, p, c), p) == c*max_pool1d(abs(x), c)", (), ()),
]  # fmt: skip
NEVER: list[Claim] = [
    ("limit(lp_pool1d(x, p, c), c) == max_pool1d(abs(x), c)", (), ()),
    ("limit(lp_pool1d(x, p, c), q) == max_pool1d(abs(x), c)", ("q: size",), ()),
    ("limit(corr(abs(x)**p, ones(c)), p) == max_pool1d(abs(x), c, stride=1)", ("x: signal",), ()),
    ("limit(abs(corr(abs(x)**p, ones(c)))**(1/(2*p)), p) == max_pool1d(abs(x), c, stride=1)", ("x: signal",), ()),
    ("limit(abs(x)**p, p) == abs(x)", (), ()),
    ("limit(abs(c)**(q/p)*x, p) == c*x", ("c: size", "q: size", "p: size", "x: signal"), ()),
    ("limit(abs(x)**(1/p), p) == abs(x)", (), ()),
    ("limit(down(x, p), p) == x", (), ()),
    ("limit(p*x, p) == x", ("x: signal", "p: size"), ()),
    ("limit(lp_pool1d(x, p, c) + x, p) == max_pool1d(abs(x), c)", (), ()),
    ("limit(lp_pool1d(x, p, p, stride=1), p) == max_pool1d(abs(x), p, stride=1)", (), ()),
    ("limit(lp_pool1d(x, p, c), p) == max_pool1d(abs(x), c)", (), ("p <= 3",)),
    ("limit(lp_pool1d(x, p, c), p) == lp_pool1d(x, p, c)", (), ()),
    ("limit(a*lp_pool1d(x, p, c), p) == abs(a)*max_pool1d(abs(x), c)", ("x: signal", "a: number"), ()),
    ("limit(abs(c)**((p//2)/p)*x, p) == x", ("c: size", "p: size"), ()),
]  # fmt: skip
"""Other factors, other exponents, other sizes, sizes that are bound: false, or said of nothing that grows."""


@pytest.mark.parametrize(("claim", "lets", "assume"), TRUE)
def test_true_limits_are_proved(claim: str, lets: tuple[str, ...], assume: tuple[str, ...]) -> None:
    result = prove(read_statement(claim, lets, assume))
    assert result.verdict == "proved"
    assert result.theorem is not None
    assert len(result.theorem.parts) == 2
    data = json.loads(json.dumps(certificate(result.theorem)))
    assert certificate(check(data)) == data


@pytest.mark.parametrize(("claim", "lets", "assume"), WRONG)
def test_wrong_limits_are_refuted_by_the_right_one(claim: str, lets: tuple[str, ...], assume: tuple[str, ...]) -> None:
    result = prove(read_statement(claim, lets, assume), seconds=3.0)
    assert result.verdict == "refuted"
    assert result.limit is not None
    assert result.counterexample is not None
    assert result.counterexample.left != result.counterexample.right


@pytest.mark.parametrize(("claim", "lets", "assume"), NEVER)
def test_other_wrong_limits_are_not_proved(claim: str, lets: tuple[str, ...], assume: tuple[str, ...]) -> None:
    assert prove(read_statement(claim, lets, assume), seconds=0.5).verdict != "proved"


def test_the_norms_of_a_window_tend_to_its_maximum() -> None:
    """By numbers: max ≤ (Σ |x|^p)^(1/p) ≤ c^(1/p) max, and the ends meet."""
    draw = random.Random(1)
    for _ in range(50):
        x = [Fraction(draw.randint(-9, 9), draw.randint(1, 4)) for _ in range(draw.randint(1, 6))]
        top = max(map(abs, x))
        for p in (1, 2, 7, 50, 400):
            total = sum(abs(v) ** p for v in x)
            norm = math.exp((math.log(total.numerator) - math.log(total.denominator)) / p) if total else 0.0
            assert float(top) * (1 - 1e-12) <= norm <= float(top) * len(x) ** (1 / p) * (1 + 1e-12)
