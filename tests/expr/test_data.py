"""Plain data: through JSON and back nothing is lost, and nothing else is taken for an expression."""

from __future__ import annotations

import json
from typing import Any

import pytest
from expr.drawn import Author, worlds
from hypothesis import given, settings
from hypothesis import strategies as st

from symconv.errors import StatementError
from symconv.expr.claim import read_expression
from symconv.expr.data import decode, decode_argument, decode_condition, decode_name, decode_poly, encode
from symconv.expr.nodes import Name
from symconv.index.conditions import Divides, Eq, Ge
from symconv.index.poly import ZERO, const, var

QUICK = settings(max_examples=100, deadline=None, derandomize=True)
S, T = var("s"), var("t")


def through_json(value: object) -> Any:
    return json.loads(json.dumps(encode(value)))


@QUICK
@given(st.data(), st.sampled_from((1, 2)))
def test_a_drawn_expression_comes_back(data: st.DataObject, rank: int) -> None:
    world = data.draw(worlds(rank))
    expression, _ = Author(data.draw, world, rank).signal(3)
    e = read_expression(expression, world.lets).lhs
    assert decode(through_json(e)) == e


@pytest.mark.parametrize(
    "expression",
    [
        "sum(k[a]*x[2*n - a] for a in range(c) if a % 3 == 1)",
        "f(x[n])*a/3 - n**2",
        "iverson(n != 2*c)",
        "reverse(conv(k, up(k, s*c)))",
        "array([[1, 2], [3, 1/7]])",
        "delta",
        "K",
    ],
)
def test_an_index_expression_comes_back(expression: str) -> None:
    lets = ("k: kernel[c]", "f: function", "a: number", "n: integer", "x: signal", "K[m] = k[m] + m*k[-m]")
    statement = read_expression(expression, lets)
    for e in (statement.lhs, *statement.definitions.values()):
        assert decode(through_json(e)) == e


@pytest.mark.parametrize("c", [Eq(S - T), Ge(2 * S * T - 3), Divides(S + 1, T * T)], ids=str)
def test_a_condition_comes_back(c: Eq | Ge | Divides) -> None:
    assert decode_condition(through_json(c)) == c
    assert decode_argument(through_json(c)) == c


@pytest.mark.parametrize("p", [ZERO, const(-2), 3 * S * S * T - T + 1], ids=str)
def test_a_polynomial_comes_back(p: object) -> None:
    assert decode_poly(through_json(p)) == p
    assert decode_argument(through_json(p)) == p


@pytest.mark.parametrize("value", [{"a": S, "b": T - 1}, ("a", "b"), "a", 3, (), {}], ids=str)
def test_an_argument_comes_back(value: object) -> None:
    assert decode_argument(through_json(value)) == value


X = ["Name", "x", 1]
P = {"poly": [[1, "s"]]}
BAD = [
    (None, "not an expression: None"),
    ([], "not an expression: []"),
    ("x", "not an expression: x"),
    (["Namer", "x", 1], "not an expression: ['Namer', 'x', 1]"),
    (["Node"], "not an expression: ['Node']"),
    (["Name", "x"], "Name has 2 parts, not 1"),
    (["Name", "x", 1, 2], "Name has 2 parts, not 3"),
    (["Name", "x", "1"], "not a count: 1"),
    (["Name", "x", -1], "not a count: -1"),
    (["Name", "x", True], "not a count: True"),
    (["Name", "x y", 1], "not a name: x y"),
    (["Name", 3, 1], "not a name: 3"),
    (["Neg", ["Eq", P]], "a condition stands where an expression belongs"),
    (["Iverson", X], "an expression stands where a condition belongs"),
    (["Down", X, P], "not a list: {'poly': [[1, 's']]}"),
    (["Down", X, [3]], "not a polynomial: 3"),
    (["Down", X, [{"poly": [["s"]]}]], "not a term: ['s']"),
    (["Down", X, [{"poly": [[1.0, "s"]]}]], "not a term: [1.0, 's']"),
    (["Down", X, [{"poly": [[True, "s"]]}]], "not a term: [True, 's']"),
    (["Down", X, [{"poly": [[1, "t", "s"]]}]], "not in canonical form: {'poly': [[1, 't', 's']]}"),
    (["Down", X, [{"poly": [[0, "s"]]}]], "not in canonical form: {'poly': [[0, 's']]}"),
    (["Down", X, [{"poly": [[1, "s"], [1, "s"]]}]], "not in canonical form"),
    (["Down", X, [{"poly": [[1, "s"]], "more": 1}]], "not a polynomial"),
    (["Const", "1/0"], "not a fraction: 1/0"),
    (["Const", "2/4"], "not in lowest terms: 2/4"),
    (["Const", "1/-2"], "not in lowest terms: 1/-2"),
    (["Const", "1"], "not a fraction: 1"),
    (["Const", 1], "not a fraction: 1"),
    (["Const", " 1/2"], "not in lowest terms:  1/2"),
    (["Add", X], "not an expression: Name"),
    (["Sum", "ab", X], "not a list: ab"),
    (["Sum", ["a b"], X], "not a name: a b"),
]


@pytest.mark.parametrize(("data", "message"), BAD, ids=[str(d) for d, _ in BAD])
def test_what_is_not_an_expression(data: object, message: str) -> None:
    with pytest.raises(StatementError) as error:
        decode(data)
    assert str(error.value).startswith(message)


@pytest.mark.parametrize("data", [-1, 1.5, None, True, ["Eq"], ["a", 1], {"map": [["a"]]}, {"map": [["a", 1]]}, {}])
def test_what_is_not_an_argument(data: object) -> None:
    with pytest.raises(StatementError):
        decode_argument(data)


def test_only_values_of_the_language_are_encoded() -> None:
    with pytest.raises(StatementError, match="float is not plain data"):
        encode(1.5)
    with pytest.raises(StatementError, match="not a name: lambda x"):
        decode_name("lambda x")
    assert encode(Name("x", 1)) == X
