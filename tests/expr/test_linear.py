"""Which maps are seen to be linear, and the numbers that show that others are not."""

from __future__ import annotations

import re
from fractions import Fraction

import pytest

from symconv.errors import StatementError
from symconv.expr.claim import read_expression
from symconv.expr.evaluate import Evaluator
from symconv.expr.linear import linear, unlikeness
from symconv.expr.nodes import Name, Number

LETS = ("x: signal", "k: kernel[3]", "h: kernel[3]", "y: signal", "z: number", "b: number", "f: function",
        "D = conv(x, k)", "E = relu(x)")  # fmt: skip
CHANNELS = ("x: signal[C, :]", "v: signal[C, :]", "w: kernel[F, C, 3]", "a: kernel[F]", "d: signal[C]", "C: size",
            "F: size")  # fmt: skip
X, K, Z = Name("x", 1), Name("k", 1), Number("z")

LINEAR: list[tuple[str, Name | Number]] = [
    ("x", X), ("-x", X), ("2*x", X), ("z*x", X), ("conv(x, k)", X), ("conv(x, k)", K), ("corr(k, x)", K),
    ("corr(x, k, stride=2, dilation=3, padding=1)", X), ("up(down(flip(shift(reverse(k), 2)), 2), 3)", K),
    ("x + conv(x, k)", X), ("x - shift(x, 1)", X), ("inner(x, k)", X), ("x[3]", X), ("D", X), ("conv(D, h)", K),
    ("sum(shift(x, u) for u in range(3))", X), ("mul(x, y)", X), ("z*b", Z), ("grad(conv(x, k), x, h)", K),
    ("z*inner(x, k)", Z), ("conv(relu(k), x)", X), ("mul(step(y), x)", X), ("inner(D, h)", X),
]  # fmt: skip
NOT: list[tuple[str, Name | Number]] = [
    ("relu(x)", X), ("abs(x)", X), ("f(x)", X), ("x + 1", X), ("x + y", X), ("mul(x, x)", X), ("conv(k, k)", K),
    ("conv(D, k)", K), ("E", X), ("conv(relu(x), k)", X), ("z*z", Z), ("z + 1", Z), ("inner(k, k)", K), ("y", X),
    ("x[0]*x[1]", X), ("conv(x, k) + delta", X), ("1", Z),
]  # fmt: skip


@pytest.mark.parametrize(("e", "by"), LINEAR)
def test_linear_maps_are_seen(e: str, by: Name | Number) -> None:
    statement = read_expression(e, LETS)
    assert linear(statement.lhs, by, statement)
    assert unlikeness(statement.lhs, by, statement) == ""


@pytest.mark.parametrize(("e", "by"), NOT)
def test_other_maps_are_not(e: str, by: Name | Number) -> None:
    statement = read_expression(e, LETS)
    assert not linear(statement.lhs, by, statement)


@pytest.mark.parametrize(("e", "by", "yes"), [
    ("conv1d(x, w)", "x", True), ("conv1d(x, w)", "w", True), ("conv1d(x, w, bias=a)", "x", False),
    ("conv1d(x, w, bias=a)", "a", False), ("conv1d(x, w, bias=a)", "w", False), ("scale(x, d)", "x", True),
    ("scale(x, d)", "d", True), ("cat([x, v])", "x", False), ("cat([x, relu(x)])", "x", False),
    ("cat([x, 2*x])", "x", True), ("permute(x, (1, 0))", "x", True), ("conv1d_weight(x, v)", "x", False),
    ("scale(conv1d(x, w), a)", "x", True), ("max_unpool1d(v, x, 2)", "v", True), ("max_unpool1d(v, x, 2)", "x", False),
])  # fmt: skip
def test_layers(e: str, by: str, yes: bool) -> None:
    lets = (*CHANNELS, "g: kernel[F, 3]") if "weight" in e else CHANNELS
    statement = read_expression(e.replace("_weight(x, v)", "_weight(relu(x), g)"), lets)
    d = statement.declarations[by]
    assert linear(statement.lhs, Name(by, d.rank), statement) == yes


@pytest.mark.parametrize(("e", "by"), [
    ("relu(x)", "x"), ("relu(k)", "k"), ("abs(x)", "x"), ("f(x)", "x"), ("x + 1", "x"), ("x + y", "x"), ("y", "x"),
    ("conv(k, k)", "k"), ("mul(x, x)", "x"), ("z*z", "z"), ("E", "x"), ("conv(D, k)", "k"), ("conv(x, k) + delta", "x"),
])  # fmt: skip
def test_an_adjoint_of_another_map_is_refused_with_numbers(e: str, by: str) -> None:
    """One sentence; the numbers in it are those of the expression at these values."""
    plain = read_expression(e, LETS)
    g = "1" if by == "z" else "h"
    with pytest.raises(StatementError, match=rf"is not linear in {by}, so it has no adjoint: ") as refusal:
        read_expression(f"adjoint({e}, {by}, {g})", LETS)
    words = str(refusal.value)
    assert "\n" not in words
    assert len(words) < 200
    found = re.search(r"is (\S+) where (?:every entry of )?\w+ is (\S+), and (\S+), not (\S+), for (-|2\*)", words)
    assert found is not None
    one, at, other, times = (Fraction(found[i]) for i in (1, 2, 3, 4))
    factor = -1 if found[5] == "-" else 2
    assert times == factor * one != other
    if not set("yhbkD") - {by} & set(e.replace("delta", "")):
        for value, expected in ((at, one), (factor * at, other)):
            evaluator = Evaluator(plain, {}, {"z": value, "b": Fraction(1)}, lambda name, n, v=value: v)
            assert evaluator.number(plain.lhs, (0,) if by != "z" else ()) == expected


def test_an_adjoint_of_a_layer_with_a_bias_is_refused_with_numbers() -> None:
    for by in ("x", "a"):
        with pytest.raises(StatementError, match=rf"conv1d\(x, w, bias=a\) is not linear in {by}, .*\[0, 0\] is "):
            read_expression(f"adjoint(conv1d(x, w, bias=a), {by}, g)", CHANNELS)
    assert read_expression("adjoint(conv1d(x, w), x, g)", CHANNELS).lhs is not None
