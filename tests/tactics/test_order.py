"""Inequalities: true ones are proved and their certificates replay, false ones are refuted by numbers or stay open."""

from __future__ import annotations

import json
import random
from fractions import Fraction

import pytest

from symconv.errors import StatementError
from symconv.expr.claim import read_statement
from symconv.expr.evaluate import Evaluator, Place
from symconv.expr.jets import head
from symconv.expr.satisfy import met
from symconv.proof.certificate import certificate, check
from symconv.tactics.prove import prove

Claim = tuple[str, tuple[str, ...], tuple[str, ...]]
TRUE: list[Claim] = [
    ("max_pool1d(x, c, stride=s) <= lp_pool1d(x, p, c, stride=s)", (), ()),
    ("max_pool1d(abs(x), c, stride=s) <= lp_pool1d(x, p, c, stride=s)", (), ()),
    ("lp_pool1d(x, p, c, stride=s) <= abs(c)**(1/p)*max_pool1d(abs(x), c, stride=s)", (), ()),
    ("avg_pool1d(x, c, stride=s) <= max_pool1d(x, c, stride=s)", (), ()),
    ("x <= relu(x)", (), ()),
    ("relu(x) <= abs(x)", (), ()),
    ("-x <= abs(x)", (), ()),
    ("abs(x + y) <= abs(x) + abs(y)", ("x: signal", "y: signal"), ()),
    ("relu(x + y) <= relu(x) + relu(y)", ("x: signal", "y: signal"), ()),
    ("abs(conv(x, k)) <= conv(abs(x), abs(k))", (), ()),
    ("abs(corr(x, k, stride=s)) <= corr(abs(x), abs(k), stride=s)", (), ()),
    ("max_pool1d(x + y, c) <= max_pool1d(x, c) + max_pool1d(y, c)", ("x: signal", "y: signal"), ()),
    ("max_pool1d(x, c, stride=s) <= max_pool1d(x, c + e, stride=s)", (), ()),
    ("max_pool1d(x, c, stride=s) <= max_pool1d(abs(x), c, stride=s)", (), ()),
    ("abs(max_pool1d(x, c)) <= max_pool1d(abs(x), c)", (), ()),
    ("max(x[i] for i in range(c)) <= sum(x[i] for i in range(c))", (), ("x >= 0",)),
    ("x[0] <= max(x[i] for i in range(c))", (), ()),
    ("x[c - 1] <= max(x[i] for i in range(c))", ("c: size",), ()),
    ("x <= x + a", ("x: signal", "a: number"), ("a >= 0",)),
    ("x - a <= x", ("x: signal", "a: number"), ("a >= 0",)),
    ("a*relu(x) <= a*abs(x)", ("x: signal", "a: number"), ("a >= 0",)),
    ("conv(relu(x), k) <= conv(abs(x), k)", (), ("k >= 0",)),
    ("0*x <= abs(x)", (), ()),
    ("step(x) <= step(abs(x))", (), ()),
    ("conv(x, k) <= conv(abs(x), k)", (), ("k >= 0",)),
    ("x >= relu(x)", (), ("x >= 0",)),
    ("mul(x, x) >= 0*x", (), ()),
    ("2*x <= 3*x", (), ("x >= 0",)),
    ("inner(x, k) <= inner(abs(x), abs(k))", (), ()),
]  # fmt: skip
FALSE: list[Claim] = [
    ("max_pool1d(x, c) <= x", (), ()),
    ("lp_pool1d(x, p, c) <= max_pool1d(x, c)", (), ()),
    ("abs(x) <= x", (), ()),
    ("abs(x) <= relu(x)", (), ()),
    ("relu(x) <= x", (), ()),
    ("abs(x) + abs(y) <= abs(x + y)", ("x: signal", "y: signal"), ()),
    ("relu(x) + relu(y) <= relu(x + y)", ("x: signal", "y: signal"), ()),
    ("abs(conv(x, k)) <= conv(abs(x), k)", (), ()),
    ("conv(x, k) <= conv(abs(x), k)", (), ()),
    ("max_pool1d(x, c) + max_pool1d(y, c) <= max_pool1d(x + y, c)", ("x: signal", "y: signal"), ()),
    ("max_pool1d(x, c + e, stride=s) <= max_pool1d(x, c, stride=s)", (), ()),
    ("max_pool1d(x, c, stride=s) <= max_pool1d(x, e, stride=s)", (), ()),
    ("max_pool1d(x, 2, stride=1) <= x + shift(x, -1)", ("x: signal",), ()),
    ("max(x[i] for i in range(c)) <= sum(x[i] for i in range(c))", (), ()),
    ("x <= x + a", ("x: signal", "a: number"), ()),
    ("a*relu(x) <= a*abs(x)", ("x: signal", "a: number"), ()),
    ("x[1] <= max(x[i] for i in range(c))", (), ()),
    ("x[c] <= max(x[i] for i in range(c))", ("c: size",), ()),
    ("max_pool1d(x, c) <= avg_pool1d(x, c)", (), ()),
    ("step(x) <= x", (), ()),
    ("mul(x, y) <= mul(abs(x), y)", ("x: signal", "y: signal"), ()),
    ("2*x <= 3*x", (), ()),
    ("x <= 2*x", (), ()),
    ("max_pool1d(a*x, c) <= a*max_pool1d(x, c)", ("x: signal", "a: number"), ()),
    ("-max_pool1d(x, c) <= -max_pool1d(x, c + 1, stride=c)", (), ()),
    ("abs(x) <= 0*x", (), ("x >= 0",)),
    ("abs(max_pool1d(x, c)) <= max_pool1d(x, c)", (), ()),
    ("lp_pool1d(x, p, c) <= max_pool1d(abs(x), c)", (), ()),
    ("abs(x)**p <= abs(x)", (), ("x >= 0",)),
    ("x >= 0*x", (), ()),
]  # fmt: skip
OPEN: list[Claim] = [
    ("lp_pool1d(x, p, c) <= lp_pool1d(x, q, c)", (), ()),
    ("abs(a) <= abs(a)**p", ("a: number", "p: size"), ()),
]  # fmt: skip
"""False, but the search knows no numbers with such roots, or none between −1 and 1."""


@pytest.mark.parametrize(("claim", "lets", "assume"), TRUE)
def test_true_inequalities_are_proved(claim: str, lets: tuple[str, ...], assume: tuple[str, ...]) -> None:
    statement = read_statement(claim, lets, assume)
    result = prove(statement)
    assert result.verdict == "proved"
    assert result.theorem is not None
    data = json.loads(json.dumps(certificate(result.theorem)))
    assert certificate(check(data)) == data
    compared = 0
    for seed in range(40):
        compared += _holds_at(seed, claim, lets, assume)
    assert compared


def _holds_at(seed: int, claim: str, lets: tuple[str, ...], assume: tuple[str, ...]) -> bool:
    """Both sides at drawn sizes and numbers, in order; False where a root is no fraction."""
    statement = read_statement(claim, lets, assume)
    draw = random.Random(seed)
    integers = {name: draw.randint(1, 3) for name in sorted(statement.integers)}
    known = statement.nonnegative

    def value(name: str, place: Place) -> Fraction:
        v = Fraction(random.Random(f"{seed}{name}{place}").randint(-3, 3))
        return abs(v) if name in known else v

    numbers = {d.name: value(d.name, ()) for d in statement.declarations.values() if d.kind == "number"}
    evaluator = Evaluator(statement, integers, numbers, value)
    place = tuple(draw.randint(-2, 2) for _ in range(statement.rank))
    if not all(met(a, integers) for a in statement.assumptions + statement.tacit):
        return False
    try:
        left, right = (head(evaluator.value(e, place)) for e in (statement.lhs, statement.rhs))
    except StatementError:
        return False
    assert left <= right, (claim, integers, place)
    return True


@pytest.mark.parametrize(("claim", "lets", "assume"), FALSE)
def test_false_inequalities_are_refuted(claim: str, lets: tuple[str, ...], assume: tuple[str, ...]) -> None:
    result = prove(read_statement(claim, lets, assume), seconds=2.0)
    assert result.verdict == "refuted"
    found = result.counterexample
    assert found is not None
    assert found.left > found.right
    for name in result.statement.nonnegative:
        assert all(v >= 0 for v in found.sequences.get(name, {}).values())
        assert found.numbers.get(name, 0) >= 0


@pytest.mark.parametrize(("claim", "lets", "assume"), OPEN)
def test_other_false_inequalities_are_not_proved(claim: str, lets: tuple[str, ...], assume: tuple[str, ...]) -> None:
    assert prove(read_statement(claim, lets, assume), seconds=0.5).verdict != "proved"


def test_an_equation_is_not_proved_by_inequalities() -> None:
    for claim in ("max_pool1d(x, c) == lp_pool1d(x, p, c)", "abs(x) == relu(x)"):
        assert prove(read_statement(claim, (), ("x >= 0",) if "max" in claim else ()), seconds=1.0).verdict == "refuted"


def test_nested_pools_do_not_clash_in_their_indices() -> None:
    claim = "avg_pool1d(max_pool1d(x, 2, stride=1), c, stride=s) <= avg_pool1d(max_pool1d(x, c), c, stride=s)"
    assert prove(read_statement(claim, ("x: signal",)), seconds=0.5).verdict in ("refuted", "unknown")


def test_an_example_respects_signs_that_are_assumed_of_what_has_a_value() -> None:
    """x = z ∗ k ≥ 0 is assumed: numbers with x < 0 are no counterexample."""
    lets = ("x: signal", "z: signal", "k: kernel[c]")
    statement = read_statement("step(-x) == 0*x", lets, ("x >= 0", "x == conv(z, k)"))
    assert prove(statement, seconds=0.5).verdict != "refuted"
    known = read_statement("x == 0*x", lets, ("x >= 0", "z >= 0", "k >= 0", "x == conv(z, k)"))
    assert prove(known, seconds=0.5).verdict == "refuted"
