"""Roles of names: the strongest place in which a name stands decides what it is."""

from __future__ import annotations

import ast

import pytest

from symconv.errors import StatementError
from symconv.expr.naming import Roles, collect, scalar


def roles(text: str, role: str = "either", known: dict[str, str] | None = None) -> dict[str, str]:
    found = Roles(frozenset({"f"}))
    collect(ast.parse(text, mode="eval").body, role, found, frozenset(), known or {})
    return {name: found.role(name) for name in found.met}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("conv(x, k)", {"x": "sequence", "k": "kernel"}),
        ("conv(k, conv(k, h))", {"k": "kernel", "h": "kernel"}),
        ("conv(x, up(k, s*t))", {"x": "sequence", "k": "kernel", "s": "size", "t": "size"}),
        ("conv(x, shift(k, s))", {"x": "sequence", "k": "kernel", "s": "integer"}),
        ("conv(x, a*k + h)", {"x": "sequence", "a": "number", "k": "kernel", "h": "kernel"}),
        ("shift(down(x, s), s)", {"x": "sequence", "s": "size"}),
        ("corr(x, k, padding=s, stride=(s, t))", {"x": "sequence", "k": "kernel", "s": "size", "t": "size"}),
        ("a*flip(x)", {"a": "number", "x": "sequence"}),
        ("x[n + m*i]", {"x": "sequence", "n": "integer", "m": "integer", "i": "integer"}),
        ("sum(k[j]*x[n - j] for j in range(c))", {"k": "sequence", "x": "sequence", "n": "integer", "c": "integer"}),
        ("ones((c, e))", {"c": "size", "e": "size"}),
        ("f(x)", {"x": "either"}),
        ("mul(x, y) + z", {"x": "sequence", "y": "sequence", "z": "sequence"}),
        ("iverson(n % s == 0)", {"n": "integer", "s": "integer"}),
        ("delta", {}),
    ],
)
def test_roles(text: str, expected: dict[str, str]) -> None:
    assert roles(text) == expected


def test_the_strongest_role_wins_in_any_order() -> None:
    order = ["kernel", "sequence", "size", "natural", "integer", "number", "either"]
    for i, strong in enumerate(order):
        for weak in order[i:]:
            found = Roles()
            found.meet("v", weak)
            found.meet("v", strong)
            assert found.role("v") == strong
    assert Roles().role("v") == "either"


def test_tuples_and_subscripts_show_the_rank() -> None:
    found = Roles()
    collect(ast.parse("down(x, (2, s))[n, m]", mode="eval").body, "either", found, frozenset(), {})
    assert found.ranks == {2}
    collect(ast.parse("y[n, m, i]", mode="eval").body, "either", found, frozenset(), {})
    assert found.subscripts["y"] == 3


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("x[n]", True), ("iverson(n == 0)", True), ("conv(x, k)", False), ("delta", False), ("a", None), ("b", True),
        ("x", False), ("a + x", False), ("a*b", True), ("-x", False), ("relu(b)", True), ("f(x)", False),
        ("sum(x[i] for i in Z)", True), ("sum(shift(x, i) for i in range(3))", False), ("3", None),
    ],
)  # fmt: skip
def test_numbers_and_sequences(text: str, expected: bool | None) -> None:
    known = {"x": "signal", "b": "number", "f": "function"}
    assert scalar(ast.parse(text, mode="eval").body, known) is expected


@pytest.mark.parametrize("text", ["x[y[n]]", "shift(x, lambda: 1)", "up(x, {2})"])
def test_what_stands_where_an_integer_belongs(text: str) -> None:
    with pytest.raises(StatementError, match="stands where an integer belongs"):
        roles(text)
