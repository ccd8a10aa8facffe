"""Supports by formula against the true supports: never too small, and exact where no two taps can cancel."""

from __future__ import annotations

import oracle
import pytest
from expr.drawn import Author, worlds
from hypothesis import given, settings
from hypothesis import strategies as st
from oracle import Ends

from symconv.expr.claim import read_expression
from symconv.expr.nodes import Add, Entry, Iverson, Name, Sum
from symconv.expr.ranges import box
from symconv.expr.spans import spans
from symconv.expr.statement import Statement
from symconv.expr.support import bounds, support, tap_count
from symconv.expr.traverse import substitute
from symconv.index.conditions import Eq, Ge
from symconv.index.poly import const, var

QUICK = settings(max_examples=100, deadline=None, derandomize=True)
LETS = ("k: kernel[c]", "h: kernel[e]", "w: kernel[-l:l+1]", "x: signal", "y: signal[N]", "s: size", "t: size",
        "m: integer", "p: natural", "a: number", "f: function")  # fmt: skip
SIZES = [
    {"c": c, "e": e, "l": l, "s": s, "t": t, "m": m, "p": p, "N": 3}
    for c, e, l, s, t, m, p in ((1, 1, 1, 1, 1, 0, 0), (3, 2, 1, 2, 3, -4, 1), (2, 5, 2, 3, 1, 5, 4))
]


def at(statement: Statement, sizes: dict[str, int]) -> Ends | None:
    found = support(statement.lhs, statement.facts)
    return found and tuple((low.evaluate(sizes), high.evaluate(sizes)) for low, high in found)


def world(sizes: dict[str, int]) -> dict[str, oracle.Sequence]:
    """Kernels whose taps are all positive, so that nothing cancels."""
    c, e, l = sizes["c"], sizes["e"], sizes["l"]
    return {
        "k": oracle.kernel((0,), (c,), range(1, c + 1)),
        "h": oracle.kernel((0,), (e,), range(2, e + 2)),
        "w": oracle.kernel((-l,), (2 * l + 1,), [3] * (2 * l + 1)),
    }


EXACT = {
    "k": lambda v, n: v["k"],
    "w": lambda v, n: v["w"],
    "conv(k, h)": lambda v, n: oracle.conv(v["k"], v["h"]),
    "conv(w, conv(k, up(h, s)))": lambda v, n: oracle.conv(v["w"], oracle.conv(v["k"], oracle.up(v["h"], (n["s"],)))),
    "corr(k, w)": lambda v, n: oracle.corr(v["k"], v["w"]),
    "corr(k, h, dilation=t, padding=p)": lambda v, n: oracle.corr(v["k"], v["h"], (1,), (n["t"],), (n["p"],)),
    "up(up(w, s), t)": lambda v, n: oracle.up(v["w"], (n["s"] * n["t"],)),
    "flip(shift(k, m))": lambda v, n: oracle.flip(oracle.shift(v["k"], (n["m"],))),
    "reverse(conv(k, w))": lambda v, n: oracle.reverse(oracle.conv(v["k"], v["w"])),
    "-2*k": lambda v, n: v["k"],
    "relu(k)": lambda v, n: v["k"],
    "conv(k, h) + k": lambda v, n: oracle.conv(v["k"], v["h"]),
    "w + delta": lambda v, n: v["w"],
    "ones(c)": lambda v, n: oracle.ones(n["c"]),
    "conv(ones(c), ones(e))": lambda v, n: oracle.ones(n["c"] + n["e"] - 1),
    "taps(1, 2, 3)": lambda v, n: oracle.taps(1, 2, 3),
    "conv(delta, shift(delta, m))": lambda v, n: oracle.shift(oracle.delta(1), (n["m"],)),
}


@pytest.mark.parametrize("expression", EXACT)
@pytest.mark.parametrize("sizes", SIZES, ids=str)
def test_the_support_of_positive_taps(expression: str, sizes: dict[str, int]) -> None:
    truth = EXACT[expression](world(sizes), sizes).support()
    assert at(read_expression(expression, LETS), sizes) == truth


@pytest.mark.parametrize(
    ("expression", "count"),
    [
        ("k", "c"),
        ("w", "2*l + 1"),
        ("conv(k, h)", "c + e - 1"),
        ("up(k, s)", "c*s + 1 - s"),
        ("conv(k, up(h, s))", "e*s + c - s"),
        ("conv(conv(k, k), k)", "3*c - 2"),
        ("corr(k, h)", "c + e - 1"),
        ("ones(c)", "c"),
        ("taps(1, 2, 3)", "3"),
        ("delta", "1"),
    ],
)
def test_the_number_of_taps(expression: str, count: str) -> None:
    statement = read_expression(expression, LETS)
    counts = tap_count(statement.lhs, statement.facts)
    assert counts is not None
    assert [str(p) for p in counts] == [count]


@pytest.mark.parametrize(
    "expression",
    ["x", "conv(x, k)", "down(k, 2)", "corr(k, h, stride=2)", "k + h", "k + 1", "f(k)", "up(x, 2)", "shift(x, 1)"],
)
def test_no_formula_is_known(expression: str) -> None:
    """k + h ends at max(c, e) − 1, which is no polynomial."""
    statement = read_expression(expression, LETS)
    assert support(statement.lhs, statement.facts) is None
    assert tap_count(statement.lhs, statement.facts) is None


@QUICK
@given(st.data(), st.sampled_from((1, 2)))
def test_a_drawn_kernel_vanishes_outside_its_formula(data: st.DataObject, rank: int) -> None:
    drawn = data.draw(worlds(rank))
    expression, expected = Author(data.draw, drawn, rank).simple(2)
    statement = read_expression(expression, drawn.lets)
    found = at(statement, drawn.integers)
    assert found == expected.ends
    truth = expected.support()
    assert truth is None or all(low <= u and v <= high for (low, high), (u, v) in zip(found or (), truth, strict=True))


@QUICK
@given(st.data())
def test_a_drawn_kernel_vanishes_outside_its_box(data: st.DataObject) -> None:
    """Concrete boxes also of what has no formula: strided, subsampled, sums."""
    drawn = data.draw(worlds(1))
    expression, expected = Author(data.draw, drawn, 1).kernel(3)
    statement = read_expression(expression, drawn.lets)
    found = box(statement.lhs, statement, drawn.integers)
    truth = expected.support()
    assert found is not None
    assert truth is None or (found[0][0] <= truth[0][0] and truth[0][1] <= found[0][1])


def test_what_is_nonnegative_where_a_product_is_not_zero() -> None:
    statement = read_expression("x", (*LETS, "n: integer"), ("s >= t",))
    n, c, s, t = map(var, "ncst")
    parts = (Entry(Name("k", 1), (2 * n,)), Iverson(Ge(n - 3)), Iverson(Eq(n - s)), Entry(Name("x", 1), (n,)))
    assert bounds(parts, statement.facts) == [2 * n, c - 1 - 2 * n, n - 3, n - s, s - n, s - t]


def test_ranges_of_bound_indices_as_formulas() -> None:
    c = var("c")
    found = [((), "j", const(0), c - 1), ((), "i", const(2), c - 1)]
    for body in ("k[j]*x[n - j]*y[n - i]", "iverson(i >= 2)*iverson(i < c)*k[j]*(x[j] - iverson(i >= 3)*k[i])"):
        statement = read_expression(f"sum({body} for j in Z for i in range(2, c))", (*LETS, "n: integer"))
        assert spans(statement.lhs, statement.facts) == found


def test_each_sum_has_its_own_ranges() -> None:
    statement = read_expression("sum(k[a] for a in Z) + sum(h[b] for b in Z)", ("k: kernel[1]", "h: kernel[3]"))
    assert isinstance(statement.lhs, Add)
    first, second = statement.lhs.terms
    assert isinstance(second, Sum)
    renamed = Add((first, Sum(("a",), substitute(second.body, {"b": var("a")}))))
    assert spans(renamed, statement.facts) == [((0,), "a", const(0), const(0)), ((1,), "a", const(0), const(2))]
    statement = read_expression("sum(k[a] + h[a] for a in Z)", ("k: kernel[1]", "h: kernel[3]"))
    assert spans(statement.lhs, statement.facts) == []
