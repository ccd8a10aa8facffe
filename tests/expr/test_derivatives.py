"""Derivatives: what each is one step at a time, names of derived functions, and misuse, each in one sentence."""

from __future__ import annotations

import pytest

from symconv.errors import StatementError
from symconv.expr.claim import read_expression
from symconv.expr.derivatives import base_of, derivative, derivative_of
from symconv.expr.nodes import Diff, Expr
from symconv.expr.text import text
from symconv.expr.traverse import bindings

LETS = ("x: signal", "y: signal[N]", "k: kernel[3]", "w: kernel[-l:l+1]", "z: number", "f: function", "n: integer",
        "i: integer", "l: natural", "N: size", "D = conv(x, k)")  # fmt: skip


def refused(e: str, lets: tuple[str, ...], message: str, assume: tuple[str, ...] = ()) -> None:
    with pytest.raises(StatementError, match=message) as refusal:
        read_expression(e, lets, assume)
    words = str(refusal.value)
    assert "\n" not in words
    assert len(words) < 300
    assert not words.endswith(".")


@pytest.mark.parametrize(("f", "prime"), [
    ("relu", "step"), ("abs", "sign"), ("step", None), ("sign", None), ("f", "f_prime"), ("f_prime", "f_prime_prime"),
])  # fmt: skip
def test_names_of_derived_functions(f: str, prime: str | None) -> None:
    assert derivative_of(f) == prime


@pytest.mark.parametrize(("f", "base"), [
    ("f", ("f", 0)), ("f_prime", ("f", 1)), ("f_prime_prime", ("f", 2)), ("_prime", ("", 1)), ("prime", ("prime", 0)),
])  # fmt: skip
def test_primes_are_counted(f: str, base: tuple[str, int]) -> None:
    assert base_of(f) == base


@pytest.mark.parametrize(("e", "result"), [
    ("diff(z, z)", "1"), ("diff(x[n], z)", "0"), ("diff(n, z)", "0"), ("diff(3, z)", "0"),
    ("diff(x[n], x[i])", "iverson(n == i)"),
    ("diff(k[n], k[i])", "iverson(n == i)*iverson(i >= 0)*iverson(i <= 2)"),
    ("diff(y[n], y[i])", "iverson(n == i)*iverson(i >= 0)*iverson(N >= i + 1)"),
    ("diff(z + x[n] + z*z, z)", "diff(z, z) + diff(z*z, z)"),
    ("diff(z*x[n], z)", "diff(z, z)*x[n]"),
    ("diff(sum(k[a]*x[a] for a in Z), x[i])", "sum(diff(k[a]*x[a], x[i]) for a in Z)"),
    ("diff(f(f(z)), z)", "f_prime(f(z))*diff(f(z), z)"),
    ("diff(sign(z), z)", "0"),
])  # fmt: skip
def test_one_step_of_a_derivative(e: str, result: str) -> None:
    statement = read_expression(e, LETS)
    assert isinstance(statement.lhs, Diff)
    assert text(derivative(statement.lhs, (), statement)) == result


def test_a_function_repeats_its_argument_with_other_names() -> None:
    statement = read_expression("diff(f(sum(k[a]*sum(x[a + b]*k[b] for b in Z) for a in Z)), x[n])", LETS)
    e = statement.lhs
    assert isinstance(e, Diff)
    inner: Expr = e.e
    assert bindings(inner) == 2
    result = derivative(e, ("u", "v"), statement)
    assert text(result).startswith("f_prime(sum(k[u]*sum(x[u + v]*k[v] for v in Z) for u in Z))*diff(")
    for names in ((), ("u",)):
        with pytest.raises(ValueError, match="zip"):
            derivative(e, names, statement)


MISUSE: list[tuple[str, tuple[str, ...], str]] = [
    ("grad(conv(x, k), D, g)", LETS, "D is defined by other names: take the derivative by one of these"),
    ("grad(conv(x, k), 2*k, g)", LETS, r"2 \* k is no name"),
    ("grad(conv(x, k), k[0], g)", LETS, r"k\[0\] is no name"),
    ("grad(conv(x, k), flip(k), g)", LETS, r"flip\(k\) is no name"),
    ("grad(conv(x, k), n, g)", LETS, "n is an integer, and a derivative is taken by real numbers"),
    ("grad(down(x, s), s, g)", (), "s is an integer, and a derivative is taken by real numbers"),
    ("grad(conv(x, k), f, g)", LETS, r"f is a function: write f\(x\)"),
    ("grad(conv(x, k), q, g)", (), "q is not known"),
    ("grad(conv(x, k), h, g)", ("h: kernel[:]",), "must have stated taps"),
    ("grad(conv(x, k), k, g)", ("k: kernel[:]",), "must have stated taps"),
    ("diff(sum(k[a] for a in Z), k[0])", ("k: kernel[:]",), "must have stated taps"),
    ("grad(conv(x, k), k, g)", (*LETS, "g: kernel[2, 2]"), r"g has 2 axes, and conv\(x, k\) has one axis"),
    ("grad(conv(x, k), k, 1)", LETS, "1 has no axes"),
    ("grad(x[0], x, k)", LETS, r"k has one axis, and x\[0\] has no axes"),
    ("grad(z, z, k)", LETS, "k has one axis, and z has no axes"),
    ("grad(conv(x, k), k)", LETS, "grad takes 3 operands, not 2"),
    ("grad(conv(x, k), k, g, h)", LETS, "grad takes 3 operands, not 4"),
    ("grad(x, x, u)", (*LETS, "u: signal"), "neither the output nor its upstream gradient has finite support"),
    ("diff(conv(x, k)[0], k)", LETS, "write the entry of a result and one of a name"),
    ("diff(conv(x, k), k[0])", LETS, "write the entry of a result and one of a name"),
    ("diff(conv(x, k)[0], k[0, 1])", LETS, "write the entry of a result and one of a name"),
    ("diff(z, z[0])", LETS, "write the entry of a result and one of a name"),
    ("diff(x[0], D[0])", LETS, "D is defined by other names"),
    ("diff(x[0], x[z])", LETS, "z is a number"),
    ("diff(z, z, z)", LETS, "diff takes 2 operands, not 3"),
]


@pytest.mark.parametrize(("e", "lets", "message"), MISUSE)
def test_misuse_gets_one_sentence(e: str, lets: tuple[str, ...], message: str) -> None:
    refused(e, lets, message)


@pytest.mark.parametrize(("e", "assume"), [
    ("grad(conv(x, k), k, g)", "k == up(h, 2)"), ("grad(conv(x, k), x, g)", "x == shift(u, 1)"),
    ("diff(k[0]*x[0], x[0])", "conv(x, h) == k"), ("adjoint(conv(x, k), k, g)", "x == conv(u, k)"),
])  # fmt: skip
def test_nothing_is_differentiated_by_what_an_equation_binds(e: str, assume: str) -> None:
    lets = ("x: signal", "u: signal", "k: kernel[5]", "h: kernel[3]", "g: kernel[3]")
    refused(e, lets, "is differentiated by, and an equation is assumed of it", (assume,))
    assert read_expression(e, lets).lhs is not None


def test_a_derivative_by_nothing_gets_one_sentence() -> None:
    refused("diff(z)", LETS, "diff takes 2 operands, not 1")


@pytest.mark.parametrize("e", [
    "grad(conv(x, k), k, g, dim=1)", "adjoint(conv(x, k), k, g, stride=2)", "diff(z*z, z, order=2)",
    "repeat(conv(x, k), x, r, stride=2)",
])  # fmt: skip
def test_options_that_do_not_exist_are_refused(e: str) -> None:
    refused(e, LETS, "option|keyword|dim|stride|order|weight")
