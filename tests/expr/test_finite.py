"""The finite-sum condition: what certainly has finitely many terms, and what must be refused."""

from __future__ import annotations

import pytest

from symconv.errors import RuleError, StatementError
from symconv.expr.claim import read_expression
from symconv.expr.finite import finite, require
from symconv.expr.nodes import ONE, Add, Conv, Delta, Entry, Expr, Formula, Iverson, Mul, Name, Sum
from symconv.index.conditions import Divides, Eq, Ge
from symconv.index.facts import Facts
from symconv.index.poly import const, var

X, K, H = (Name(n, 1) for n in "xkh")
I, J, M, N, S, T = map(var, "ijmnst")
FACTS = Facts(
    sizes=frozenset("stc"),
    supports={"x": (None,), "k": ((const(0), var("c") - 1),), "h": ((const(0), const(2)),)},
    finite=frozenset("kh"),
)


def at(x: Expr, *place: object) -> Expr:
    return Entry(x, place)  # type: ignore[arg-type]


def product(*factors: Expr) -> Expr:
    return Mul(factors)


FINITE = [
    Sum(("i",), product(at(K, I), at(X, N - I))),
    Sum(("i",), product(at(X, I), at(K, N - S * I))),
    Sum(("i", "j"), product(at(K, I), at(H, J), at(X, N - I - S * J))),
    Sum(("i", "j"), product(at(K, I + J), at(H, I - J))),
    Sum(("i",), product(Iverson(Eq(N - S * I)), at(X, I))),
    Sum(("i",), product(Iverson(Ge(I)), Iverson(Ge(N - I)), at(X, I))),
    Sum(("i",), at(Conv(K, H), I)),
    Sum(("i",), product(at(K, I), Sum(("j",), product(at(H, J - I), at(X, J))))),
    Sum(("i",), Add((at(K, I), at(H, 2 * I)))),
    Sum(("i",), product(Iverson(Divides(const(2), I)), at(K, I))),
    Sum(("i",), at(Add((K, H)), I)),
    Sum(("i",), at(Mul((X, K)), I)),
    Sum(("i",), at(Formula(("m",), at(K, 2 * M)), I)),
]
INFINITE = [
    Sum(("i",), at(X, I)),
    Sum(("i",), ONE),
    Sum(("i",), at(K, N)),
    Sum(("i",), product(Iverson(Ge(I)), at(X, I))),
    Sum(("i",), product(Iverson(Divides(const(2), I)), at(X, I))),
    Sum(("i", "j"), product(at(K, I - J), at(X, J))),
    Sum(("i", "j"), product(at(K, I + J), at(H, 2 * I + 2 * J))),
    Sum(("i", "j"), product(at(K, I), at(X, J))),
    Sum(("i",), Sum(("j",), at(K, I + J))),
    Sum(("i",), Add((at(K, I), at(X, I)))),
    Sum(("i",), product(at(K, I), Add((at(X, I), Sum(("j",), at(X, J)))))),
    Sum(("i",), at(Add((K, ONE)), I)),
    Sum(("i",), product(Iverson(Eq((S - T) * I)), at(X, I))),
    Sum(("i",), at(K, N * I)),
    Sum(("i",), at(Formula(("m",), at(K, N)), I)),
    Conv(X, X),
    Conv(X, Add((K, ONE))),
    at(Conv(X, Formula(("m",), at(X, M))), N),
    Mul((Sum(("i",), at(K, I)), Sum(("j",), at(X, J)))),
]


@pytest.mark.parametrize("e", FINITE, ids=range(len(FINITE)))
def test_sums_that_end(e: Expr) -> None:
    require(e, FACTS)


@pytest.mark.parametrize("e", INFINITE, ids=range(len(INFINITE)))
def test_sums_that_may_not_end(e: Expr) -> None:
    with pytest.raises(RuleError, match="rule finite sums: "):
        require(e, FACTS)


@pytest.mark.parametrize(
    ("e", "reason"),
    [
        (Add((at(X, I), Sum(("i",), at(K, I)))), "i is both free and bound"),
        (product(at(X, I), Sum(("i",), at(K, I))), "i is both free and bound"),
        (Sum(("i",), product(at(K, I), Sum(("i",), at(H, I)))), "the index i is bound twice"),
        (Sum(("i",), product(at(K, I), at(Formula(("m",), at(X, I)), N), at(H, M))), "m is both free and bound"),
    ],
)
def test_no_name_is_both_free_and_bound(e: Expr, reason: str) -> None:
    with pytest.raises(RuleError, match=f"rule scope: {reason}"):
        require(e, FACTS)


def test_a_sum_is_refused_even_where_its_value_would_be_0() -> None:
    """Σ_i (x[i] − x[i]) is written with two sums that do not end."""
    with pytest.raises(RuleError):
        require(Sum(("i",), Add((at(X, I), Mul((ONE, at(X, I)))))), FACTS)


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("k", True), ("x", False), ("y", True), ("conv(k, h)", True), ("conv(x, k)", False),
        ("corr(k, h, stride=s)", True), ("corr(x, k)", False), ("down(k, 2)", True),
        ("up(k, s)", True), ("up(x, s)", False), ("flip(k)", True),
        ("shift(k, m)", True), ("reverse(k)", True), ("-k", True), ("2*k", True), ("a*x", False), ("k + h", True),
        ("k + x", False), ("k + 1", False), ("mul(x, k)", True), ("mul(x, x)", False), ("relu(k)", True),
        ("abs(k)", True), ("f(k)", False), ("delta", True), ("ones(c)", True), ("taps(1, 2)", True), ("K", True),
        ("L", False), ("sum(shift(k, j) for j in range(3))", True), ("z", False), ("x - x", False),
    ],
)  # fmt: skip
def test_finite_support(expression: str, expected: bool) -> None:
    """f(k) is f(0) outside the taps of k, and k + 1 is 1 there."""
    lets = ("x: signal", "y: signal[N]", "z: signal[:]", "k: kernel[c]", "h: kernel[-l:l+1]", "a: number", "m: integer",
            "f: function", "s: size", "K[i] = k[2*i]*x[i]", "L[i] = x[i]*k[0]")  # fmt: skip
    statement = read_expression(expression, lets)
    assert finite(statement.lhs, statement.facts) is expected


@pytest.mark.parametrize(
    "expression",
    ["conv(x, x)", "corr(x, x)", "conv(x, f(k))", "conv(x, k + 1)", "conv(conv(x, k), flip(x))", "conv(1 - k, x)",
     "sum(x[i] for i in Z)", "sum(k[i - j] for i in Z for j in Z)", "sum(x[i] for i in Z if i % 2 == 0)",
     "sum(x[i] for i in Z if i < 3)", "sum(iverson(i != 2) for i in Z)", "conv(x, sum(shift(x, j) for j in range(3)))"],
)  # fmt: skip
def test_unbounded_sums_are_refused_where_they_are_read(expression: str) -> None:
    with pytest.raises(StatementError, match=r"finite support, so the sum may not end|may have infinitely many terms"):
        read_expression(expression, ("x: signal", "k: kernel[c]", "f: function"))


def test_too_many_products() -> None:
    pair = Add((at(X, N), at(K, N)))
    with pytest.raises(RuleError, match="more than 4096 products"):
        require(Mul((pair,) * 13), FACTS)
    require(Mul((pair,) * 10), FACTS)


def test_one_tap_is_finite_in_every_dimension() -> None:
    assert finite(Delta(3), Facts())
    assert not finite(Name("k", 2), Facts())
