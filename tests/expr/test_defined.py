"""Names that the author has defined, where an integer belongs and in sums."""

from __future__ import annotations

import pytest

from symconv.errors import StatementError
from symconv.expr.claim import read_statement
from symconv.expr.text import claim
from symconv.tactics.prove import prove

INTEGERS = [
    ("corr(x, k, stride=S) == down(corr(x, k), 2*t)", ("S = 2*t", "t: size"), "proved"),
    ("corr(x, k, stride=S) == down(corr(x, k), 3*t)", ("S = 2*t", "t: size"), "refuted"),
    # The n of the sum is another one than that of the definition.
    ("sum(x[R + n] for n in range(2)) == x[2*n] + x[2*n + 1]", ("x: signal", "n: integer", "R = 2*n"), "proved"),
    ("sum(x[R + n] for n in range(2)) == x[0] + x[3]", ("x: signal", "n: integer", "R = 2*n"), "refuted"),
    ("size(conv1d(x, k, stride=s)) == M + 1", ("x: signal[N]", "k: kernel[c]", "M = (N - c)//s"), "proved"),
    ("sum(x[n] for n in range(M)) == sum(x[n] for n in range(N)) + x[N]", ("x: signal", "N: size", "M = N + 1"),
     "proved"),
]  # fmt: skip


@pytest.mark.parametrize(("said", "lets", "verdict"), INTEGERS, ids=lambda v: str(v)[:40])
def test_a_defined_number_stands_where_an_integer_belongs(said: str, lets: tuple[str, ...], verdict: str) -> None:
    assert prove(read_statement(said, lets)).verdict == verdict


@pytest.mark.parametrize(
    ("value", "more"), [("2*b", "b: number"), ("t/2", "t: size"), ("t + 1/2", "t: size"), ("x[0]", "x: signal")]
)
def test_other_numbers_do_not(value: str, more: str) -> None:
    with pytest.raises(StatementError, match="a is a number and cannot stand where an integer belongs"):
        read_statement("y[a + n] == y[n + a]", ("y: signal", more, f"a = {value}"))


SUMS = [
    ("sum(T[n, m]*x[m] for m in Z) == conv(x, q)[n]", ("T[n, m] = q[n - m]", "q: kernel[c]"), "proved"),
    ("sum(T[n, m]*x[m] for m in Z) == corr(x, q)[n]", ("T[n, m] = q[n - m]", "q: kernel[c]"), "refuted"),
    ("sum(U[m, n]*x[m] for m in Z) == conv(x, q)[n]", ("T[n, m] = q[n - m]", "U[m, n] = T[n, m]", "q: kernel[c]"),
     "proved"),
    # The bound j of the definition is another one than the j of the claim.
    ("sum(T[m, j]*x[m] for m in Z) == corr(x, q)[j]",
     ("T[n, m] = sum(q[n - m + j]*iverson(j == 0) for j in Z)", "q: kernel[c]"), "proved"),
    ("y[n] == down(x, s)[n]", ("x: signal", "D[n, m] = iverson(m == s*n)", "y[n] = sum(D[n, m]*x[m] for m in Z)"),
     "proved"),
]  # fmt: skip


@pytest.mark.parametrize(("said", "lets", "verdict"), SUMS, ids=lambda v: str(v)[:40])
def test_sums_of_defined_entries_end_where_their_formulas_do(said: str, lets: tuple[str, ...], verdict: str) -> None:
    assert prove(read_statement(said, lets)).verdict == verdict


def test_what_does_not_end_is_refused_as_it_was_written() -> None:
    with pytest.raises(StatementError, match="infinitely many terms"):
        read_statement("sum(T[n, m]*x[m] for m in Z) == 0", ("T[n, m] = x[n - m]", "x: signal"))


def test_sums_that_end_are_left_as_they_are() -> None:
    said = "sum(T[n, m]*x[m] for m in range(3)) == x[n]"
    assert "T[n, " in claim(read_statement(said, ("T[n, m] = iverson(n == m)", "x: signal")))


def test_definitions_that_double_are_not_written_out_without_end() -> None:
    lets = ["y0[n] = x[n] + x[n - 1]", *(f"y{i}[n] = y{i - 1}[n] + y{i - 1}[n - 1]" for i in range(1, 40))]
    with pytest.raises(StatementError, match="infinitely many terms"):
        read_statement("sum(y39[m]*x[n - m] for m in Z) == 0", lets)
