"""Text to syntax trees, integers and conditions: what is refused, and how the refusal reads."""

from __future__ import annotations

import ast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from symconv.errors import StatementError
from symconv.expr.syntax import comparison, integer, read, show, tuple_of
from symconv.index.conditions import holds
from symconv.index.poly import Poly, var


def expression(text: str) -> ast.expr:
    return ast.parse(text, mode="eval").body


def number(text: str) -> Poly:
    return integer(expression(text), var)


def truth(text: str, **values: int) -> bool:
    node = expression(text)
    assert isinstance(node, ast.Compare)
    found = comparison(node.left, node.ops[0], node.comparators[0], var)
    assert found is not None
    return all(holds(c, values) for c in found)


@pytest.mark.parametrize(
    "text", ["3", "s", "-s + 2", "+s", "2*(s - t)*3", "(s + t)**3 - s**0", "s*t - t*s", "-(-s)", "2**10", "s - -1"]
)
@pytest.mark.parametrize(("s", "t"), [(1, 2), (-3, 5), (0, 0)])
def test_integers_mean_what_python_means(text: str, s: int, t: int) -> None:
    assert number(text).evaluate({"s": s, "t": t}) == eval(text, {"s": s, "t": t})


@settings(max_examples=100, deadline=None, derandomize=True)
@given(
    st.sampled_from(["n == m", "n <= m", "n < m", "n >= m", "n > m", "n % s == 0", "n % s == r", "r == n % s",
                     "(n - m) % 3 == 2", "2*n < m - 1", "n % 1 == 0"]),
    st.integers(-6, 6), st.integers(-6, 6), st.integers(1, 4), st.integers(-2, 5),
)  # fmt: skip
def test_comparisons_mean_what_python_means(text: str, n: int, m: int, s: int, r: int) -> None:
    values = {"n": n, "m": m, "s": s, "r": r}
    assert truth(text, **values) == eval(text, dict(values))


def test_unequal_is_no_conjunction() -> None:
    assert comparison(expression("n"), ast.NotEq(), expression("m"), var) is None


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("s/2", "s / 2 is not an integer polynomial: use names, integers, +, -, *, //, % and **"),
        ("2.0", "2.0 is not an integer polynomial: use names, integers, +, -, *, //, % and **"),
        ("True", "True is not an integer polynomial: use names, integers, +, -, *, //, % and **"),
        ("'s'", "'s' is not an integer polynomial: use names, integers, +, -, *, //, % and **"),
        ("f(s)", "f(s) is not an integer polynomial: use names, integers, +, -, *, //, % and **"),
        ("s // 0", "s // 0: a floor is of a quotient by an integer of at least 1"),
        ("s // -2", "s // -2: a floor is of a quotient by an integer of at least 1"),
        ("s**-t", "(s)**(-t): a size to a sum of names and numbers is known"),
        ("s**(t*u)", "(s)**(t*u): a size to a sum of names and numbers is known"),
        ("(s + 1)**t", "(s + 1)**(t): a size to a sum of names and numbers is known"),
        ("s**65", "the exponent in s ** 65 must be a number from 0 to 64"),
        ("10000000000000", "the number 10000000000000 is too large"),
        ("(a + b + c + d)**64", "(a + b + c + d) ** 64 has too many terms when multiplied out"),
    ],
)
def test_what_is_no_integer(text: str, message: str) -> None:
    with pytest.raises(StatementError) as error:
        number(text)
    assert str(error.value) == message


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("n % 0 == 0", "the modulus in n % 0 must be at least 1"),
        ("n % -2 == 0", "the modulus in n % -2 must be at least 1"),
        ("n in m", "n … m: only ==, !=, <, <=, > and >= compare integers"),
        ("n is m", "n … m: only ==, !=, <, <=, > and >= compare integers"),
    ],
)
def test_what_is_no_condition(text: str, message: str) -> None:
    with pytest.raises(StatementError) as error:
        truth(text, n=1, m=1)
    assert str(error.value) == message


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "the claim is empty: write for example 'conv(x, k) == conv(k, x)'"),
        ("  \n", "the claim is empty: write for example 'conv(x, k) == conv(k, x)'"),
        ("x" * 20_001, "the claim has 20001 characters; at most 20000 are read"),
        ("x = y", "the claim is not well formed at column 3, near 'x = y': invalid syntax; "
                  "an equation is written with '=='"),
        ("-" * 200 + "x", "the claim is nested more than 150 deep"),
        ("x == " + "+".join("x" * 200), "the claim is nested more than 150 deep"),
    ],
    ids=["empty", "blank", "long", "one equals sign", "deep", "long sum"],
)  # fmt: skip
def test_what_is_not_read(text: str, message: str) -> None:
    with pytest.raises(StatementError) as error:
        read(text)
    assert str(error.value) == message


@pytest.mark.parametrize(
    ("text", "near"),
    [("conv(x, k", "conv(x, k"), ("conv(x k) == x", "x k"), ("x == == y", "== =="), ("x == y)", "y)"), ("x ≠ y", "≠")],
)
def test_a_slip_is_shown_with_its_place(text: str, near: str) -> None:
    with pytest.raises(StatementError, match=r"^the claim is not well formed at column \d+, near ") as error:
        read(text)
    assert near in str(error.value)


@pytest.mark.parametrize("text", ["x\0 == y", "(" * 300 + "x" + ")" * 300, "'" + "\\N{no such name}'", "x == '\\d'"])
@pytest.mark.filterwarnings("ignore:invalid escape sequence", "ignore:invalid decimal literal")
def test_odd_text_is_refused_without_a_crash(text: str) -> None:
    with pytest.raises(StatementError):
        read(text)
        integer(expression(text), var)


def test_long_text_is_cut_in_messages() -> None:
    assert show(expression("x")) == "x"
    assert len(show(expression("+".join(["xyz"] * 40)))) == 60


def test_the_items_of_a_tuple() -> None:
    assert [show(e) for e in tuple_of(expression("(1, s)"))] == ["1", "s"]
    assert [show(e) for e in tuple_of(expression("[1]"))] == ["1"]
    assert [show(e) for e in tuple_of(expression("s + 1"))] == ["s + 1"]
