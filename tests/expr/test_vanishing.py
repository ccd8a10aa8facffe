"""Functions that are 0 at 0: conditions leave them, also through sums with one term, and through no others."""

from __future__ import annotations

from fractions import Fraction
from itertools import product

import pytest

from symconv.errors import RuleError
from symconv.expr.claim import read_statement
from symconv.expr.evaluate import Evaluator
from symconv.expr.statement import Statement
from symconv.proof.rules import RULES
from symconv.tactics.prove import prove

LETS = ("x: signal", "n: integer", "s: size", "t: size", "f: function")


def said(left: str) -> Statement:
    return read_statement(f"{left} == x[n]", LETS)


@pytest.mark.parametrize(
    ("law", "text"),
    [
        ("indicator", "relu(iverson(n >= 2)*x[n])"),
        ("indicator", "abs(iverson(n % 2 == 0)*iverson(n >= 0)*x[n]*x[n + 1])"),
        ("single", "relu(sum(iverson(n == s*i)*x[i] for i in Z))"),
        ("single", "sign(sum(iverson(n == s*i)*iverson(n + 1 == t*j)*x[i + j] for i in Z for j in Z))"),
        ("single", "step(sum(iverson(n >= s*i)*iverson(s*i + s - 1 >= n)*x[i] for i in Z))"),
        ("single", "abs(sum(iverson(n == 2*i + 1)*x[i] for i in Z))**3"),
    ],
)
def test_the_value_stays(law: str, text: str) -> None:
    s = said(text)
    after = RULES["exponent"](s, s.lhs, law=law)
    assert after != s.lhs
    for n, size, other in product(range(-3, 5), (1, 2, 3), (1, 2)):
        values = {"n": n, "s": size, "t": other}
        evaluator = Evaluator(s, values, {}, lambda _, p: Fraction((7 * p[0]) % 5 - 2))
        assert evaluator.value(s.lhs) == evaluator.value(after)


@pytest.mark.parametrize(
    ("law", "text"),
    [
        ("indicator", "f(iverson(n >= 2)*x[n])"),
        ("indicator", "relu(x[n]*x[n + 1])"),
        ("single", "f(sum(iverson(n == s*i)*x[i] for i in Z))"),
        ("single", "relu(sum(iverson(n >= s*i)*iverson(s*i + s >= n)*x[i] for i in Z))"),
        ("single", "relu(sum(iverson(n == i + j)*iverson(j >= 0)*iverson(1 >= j)*x[i] for i in Z for j in Z))"),
        ("single", "relu(sum(iverson(n >= i)*iverson(i >= n - 1)*x[i] for i in Z))"),
        ("single", "relu(x[n])"),
    ],
)
def test_almost_right_uses_are_refused(law: str, text: str) -> None:
    s = said(text)
    with pytest.raises(RuleError):
        RULES["exponent"](s, s.lhs, law=law)


@pytest.mark.parametrize(
    ("claim", "verdict"),
    [
        ("relu(up(x, s)) == up(relu(x), s)", "proved"),
        ("abs(upsample_nearest(x, s)) == upsample_nearest(abs(x), s)", "proved"),
        ("abs(up(x, s))**p == up(abs(x)**p, s)", "proved"),
        ("f(up(x, s)) == up(f(x), s)", "refuted"),
        ("relu(conv(x, ones(2))) == conv(relu(x), ones(2))", "refuted"),
    ],
)
def test_laws_of_upsampling(claim: str, verdict: str) -> None:
    lets = ("x: signal", *(["f: function"] if "f(" in claim else []))
    assert prove(read_statement(claim, lets), 20).verdict == verdict
