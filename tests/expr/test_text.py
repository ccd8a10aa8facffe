"""Printing and reading are inverse: what is printed is read as the same statement."""

from __future__ import annotations

import pytest
from expr.drawn import Author, worlds
from hypothesis import given, settings
from hypothesis import strategies as st

from symconv.expr.claim import read_expression, read_statement
from symconv.expr.nodes import Name
from symconv.expr.statement import Statement
from symconv.expr.text import assumption, assumptions, claim, condition, declaration, definition, lets, text
from symconv.index.conditions import Divides, Eq, Ge
from symconv.index.poly import ZERO, const, var

QUICK = settings(max_examples=120, deadline=None, derandomize=True)
CLAIMS = [
    ("x == y", ()),
    ("conv(x, k) == conv(k, x)", ()),
    ("corr(x, k, stride=s*t, dilation=s + 1, padding=p) == x", ()),
    ("corr(x, k, stride=(2, s), padding=(0, 1)) == x", ("x: signal[:, :]",)),
    ("down(up(x, s), t) == shift(flip(x), 1 - 2*m)", ()),
    ("reverse(k) == k", ("k: kernel[-l:l+1]",)),
    ("conv(x, delta) == x", ("x: signal[:, :]",)),
    ("conv(x, ones((2, 3))) == x", ("x: signal[:, :]",)),
    ("conv(x, ones((2, 2))) == conv(x, ones((c, c)))", ("x: signal[:, :]",)),
    ("conv(x, ones(c + 1)) == x", ()),
    ("conv(x, taps(1/2, -3, 0.25)) == x", ()),
    ("conv(x, array([[1, -2], [1/3, 4]])) == x", ("x: signal[:, :]",)),
    ("a*x == x*a", ()),
    ("2*a*x - 3*x + x/2 == -(x - a*x)", ()),
    ("x - (y - z) - -2 == x - y + z + 2", ()),
    ("x + (y + z) == (x + y) + z", ()),
    ("-x + 1 == 1 - x", ("x: signal",)),
    ("(-a)*x == -(a*x)", ()),
    ("-a*x == a*(-x)", ()),
    ("(a + 1)*(x - y) == a*x - (a*y - x) - y", ()),
    ("a**3*x[n]**2 == a*a*(a*x[n])*x[n]", ()),
    ("mul(a*x, y) == a*mul(x, y)", ()),
    ("mul(mul(x, y), z) == mul(x, mul(y, z))", ()),
    ("relu(x) - abs(x) == f(x)", ("f: function",)),
    ("n*x[n - m] == x[n*m]*(n - 1)", ()),
    ("conv(x, k)[2*n - m] == (x + k)[n]", ()),
    ("sum(k[a]*x[n - a] for a in range(c)) == conv(x, k)[n]", ("k: kernel[c]",)),
    ("sum(k[a]*x[n - a] for a in Z) == conv(x, k)[n]", ("k: kernel[c]",)),
    ("sum(x[i] for i in range(-2, N) if i % 3 == 1 and i != n) == x[n]", ()),
    ("sum(x[i]*y[j] for i in range(2) for j in range(3)) == sum(sum(x[i]*y[j] for i in range(2)) for j in range(3))",
     ()),
    ("conv(x, k) == sum(k[j]*shift(x, j) for j in range(c))", ("k: kernel[c]",)),
    ("x[n] == (1 - iverson(n % s == 0))*x[n] + iverson(n % s == 0)*x[n]", ()),
    ("iverson(0 <= n < N)*x[n] == x[n]", ()),
    ("iverson(n*m % (s*t) == s)*x[n] == x[n]", ()),
    ("conv(x, K) == y", ("y = corr(x, k, stride=2)", "K[m] = sum(k[j]*k[m - 2*j] for j in Z)")),
    ("K[i, j] == K[j, i]", ("k: kernel[c, c]", "K[i, j] = i*k[i, j] - j/2")),
]  # fmt: skip
ASSUMPTIONS = ["gcd(s, t) == 1", "s >= 2*t", "s != t", "s + 1 < t*t", "s % t == 1", "s == 3*t - 1"]


def again(statement: Statement) -> Statement:
    return read_statement(claim(statement), lets(statement), assumptions(statement))


def same(a: Statement, b: Statement) -> bool:
    kinds = [{(d.name, d.kind, d.rank, d.ranges) for d in s.declarations.values()} for s in (a, b)]
    parts = [(s.lhs, s.rhs, dict(s.definitions), {*s.assumptions, *s.tacit}, s.equations) for s in (a, b)]
    return kinds[0] == kinds[1] and parts[0] == parts[1]


@pytest.mark.parametrize(("line", "declared"), CLAIMS, ids=[c for c, _ in CLAIMS])
def test_read_print_read(line: str, declared: tuple[str, ...]) -> None:
    statement = read_statement(line, declared)
    assert same(again(statement), statement)


@pytest.mark.parametrize("assumed", ASSUMPTIONS)
def test_read_print_read_an_assumption(assumed: str) -> None:
    statement = read_statement("down(up(x, s), t) == up(down(x, t), s)", (), (assumed,))
    assert same(again(statement), statement)


def test_read_print_read_an_assumed_equation() -> None:
    statement = read_statement("conv(x, conv(h, g)) == x", (), ("conv(h, g) == delta",))
    assert assumptions(statement) == ["conv(h, g) == delta"]
    assert same(again(statement), statement)


@QUICK
@given(st.data(), st.sampled_from((1, 2)))
def test_read_print_read_a_drawn_expression(data: st.DataObject, rank: int) -> None:
    world = data.draw(worlds(rank))
    expression, _ = Author(data.draw, world, rank).signal(3)
    e = read_expression(expression, world.lets).lhs
    assert read_expression(text(e), world.lets).lhs == e


def test_read_print_read_a_factor_behind() -> None:
    statement = read_statement("mul(x, y)*a == x")
    assert same(again(statement), statement)


@pytest.mark.parametrize(
    ("written", "printed"),
    [
        ("x-(y-z)", "x - (y - z)"),
        ("x - -2", "x - (-2)"),
        ("x/2", "(1/2)*x"),
        ("a * (x+y)", "a*(x + y)"),
        ("-(a*x)", "-(a*x)"),
        ("corr(x, k, stride=1, dilation=(2), padding=0)", "corr(x, k, dilation=2)"),
        ("x[-n+m*2]", "x[2*m - n]"),
        ("a**2*x", "a*a*x"),
        ("0.5*x", "(1/2)*x"),
        ("taps(.5, 1)", "taps(1/2, 1)"),
        ("mul(x, y)", "mul(x, y)"),
        ("sum(x[i] for i in range(1, c))", "sum(x[i] for i in range(1, c))"),
        (
            "sum(x[i]*y[j] for i in range(c) if i >= 2 for j in range(i, c) if j % 3 == 0)",
            "sum(x[i]*y[j] for i in range(c) if i >= 2 for j in range(i, c) if j % 3 == 0)",
        ),
        (
            "sum(k[i]*y[j] for i in Z for j in range(i, i + 2) if i < 3)",
            "sum(k[i]*y[j] for i in Z for j in range(i, i + 2) if i <= 2)",
        ),
        ("iverson(n > m)", "iverson(n >= m + 1)"),
        ("iverson((n + 1) % 2 == 0)", "iverson((n + 1) % 2 == 0)"),
        ("iverson(n != m)", "1 - iverson(n == m)"),
    ],
)
def test_one_way_to_print(written: str, printed: str) -> None:
    given_lets = ("x: signal", "y: signal", "z: signal", "k: kernel[c]", "a: number", "n: integer", "m: integer")
    assert text(read_expression(written, given_lets).lhs) == printed


@pytest.mark.parametrize(
    "line",
    ["x: signal", "x: signal[N]", "x: signal[2*N, :]", "k: kernel[c]", "w: kernel[-l:l + 1]", "k: kernel[3, c*e]",
     "a: number", "m: integer", "p: natural", "s: size", "f: function"],
)  # fmt: skip
def test_declarations_are_printed_as_they_are_read(line: str) -> None:
    name = line[0]
    assert declaration(read_statement("x0 == x0", (line,)).declarations[name]) == line


@pytest.mark.parametrize("line", ["y = corr(x, k, stride=2)", "K[m] = sum(k[j]*k[m - 2*j] for j in Z)"])
def test_definitions_are_printed_as_they_are_read(line: str) -> None:
    statement = read_statement("x == x", ("k: kernel[c]", line))
    ((name, e),) = statement.definitions.items()
    assert definition(name, e) == line


N, S = var("n"), var("s")


@pytest.mark.parametrize(
    ("c", "printed"),
    [
        (Eq(N - S), "n == s"),
        (Ge(S - N - 1), "s >= n + 1"),
        (Ge(-N), "n <= 0"),
        (Ge(const(-2)), "0 >= 2"),
        (Divides(S, N), "n % s == 0"),
        (Divides(const(2), N - 1), "(n - 1) % 2 == 0"),
        (Divides(2 * S, 3 * N), "(3*n) % (2*s) == 0"),
        (Divides(S, ZERO), "0 % s == 0"),
    ],
)
def test_conditions(c: Eq | Ge | Divides, printed: str) -> None:
    assert condition(c) == printed


def test_tacit_assumptions_are_printed() -> None:
    statement = read_statement("down(x, s - t) == x")
    assert assumptions(statement) == [assumption(Ge(S - var("t") - 1))] == ["s >= t + 1"]
    assert text(Name("x", 1)) == "x"
