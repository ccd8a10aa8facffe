"""Concrete ranges of sums: complete against brute force, and absent where a sum does not end."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from symconv.errors import StatementError
from symconv.expr.claim import read_expression
from symconv.expr.nodes import Sum
from symconv.expr.ranges import box, solve, sum_ranges

REACH = range(-12, 13)
ROWS = st.lists(
    st.tuples(st.tuples(st.integers(-2, 2), st.integers(-2, 2)), st.integers(-6, 6), st.integers(0, 6)), max_size=4
)


@settings(max_examples=150, deadline=None, derandomize=True)
@given(ROWS)
def test_no_solution_is_lost(rows: list[tuple[tuple[int, int], int, int]]) -> None:
    bounds = [({"i": a, "j": b}, low, low + width) for (a, b), low, width in rows]
    inside = [n for n in product(REACH, repeat=2)
              if all(low <= a * n[0] + b * n[1] <= low + w for (a, b), low, w in rows)]  # fmt: skip
    found = solve(("i", "j"), bounds)
    if found is None:
        assert not inside
    else:
        for v, (low, high) in found.items():
            assert all(low <= n["ij".index(v)] <= high for n in inside)


@pytest.mark.parametrize(
    ("text", "ranges"),
    [
        ("sum(k[i] for i in Z)", [(0, 2)]),
        ("sum(k[2*i + 1] for i in Z)", [(0, 0)]),
        ("sum(k[n - i] for i in Z)", [(3, 5)]),
        ("sum(x[i] for i in range(2, n))", [(2, 4)]),
        ("sum(x[i] for i in range(7, 2))", [(0, -1)]),
        ("sum(k[i]*w[n - i] for i in Z)", [(0, -1)]),
        ("sum(k[i]*w[i - 3] for i in Z)", [(2, 2)]),
        ("sum(x[i]*iverson(n == 2*i) for i in Z)", [(0, -1)]),
        ("sum(x[i] for i in Z if 2*i == n + 1)", [(3, 3)]),
        ("sum(k[i] + w[i] for i in Z)", [(-1, 2)]),
        ("sum(conv(k, w)[i] for i in Z)", [(-1, 3)]),
        ("sum(down(k, 2)[i] for i in Z)", [(0, 1)]),
        ("sum(k[i]*k[j - i] for i in Z for j in Z)", [(0, 2), (0, 4)]),
        ("sum(k[i]*sum(w[j - i] for j in range(9)) for i in Z)", [(0, 2)]),
    ],
)
def test_ranges(text: str, ranges: list[tuple[int, int]]) -> None:
    """k has taps 0..2, w has taps −1..1, and n = 5; an empty range is written 0..−1."""
    statement = read_expression(text, ("k: kernel[3]", "w: kernel[-1:2]", "x: signal", "n: integer"))
    assert isinstance(statement.lhs, Sum)
    assert sum_ranges(statement.lhs.indices, statement.lhs.body, statement, {"n": 5}) == ranges


def test_a_sum_without_end() -> None:
    statement = read_expression("x", ("x: signal",))
    body = read_expression("x[i]", ("x: signal",)).lhs
    with pytest.raises(StatementError, match="the sum over i does not end"):
        sum_ranges(("i",), body, statement, {})


READ = [
    ("adjoint(down(z, s), z, x)", "up(x, s)"),
    ("adjoint(up(z, s), z, x)", "down(x, s)"),
    ("adjoint(shift(flip(z), 2), z, x)", "flip(shift(x, -2))"),
    ("adjoint(conv(z, q), z, x)", "corr(x, q)"),
    ("adjoint(corr(z, q, stride=s, dilation=3, padding=1), z, x)", "shift(conv(up(x, s), up(q, 3)), -1)"),
]


@pytest.mark.parametrize(("adjoint", "same"), READ)
def test_adjoints_are_0_beyond_what_is_read(adjoint: str, same: str) -> None:
    lets = ("z: signal", "x: kernel[N]", "q: kernel[c]", "s: size")
    values = {"N": 3, "c": 2, "s": 2}
    boxes = [box(e.lhs, e, values) for e in (read_expression(text, lets) for text in (adjoint, same))]
    assert boxes[0] is not None
    assert boxes[0] == boxes[1]
