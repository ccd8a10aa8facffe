"""Unknown kernels: found in closed form with their number of taps, or shown not to exist."""

from __future__ import annotations

import pytest

from symconv.errors import StatementError
from symconv.expr.text import text
from symconv.tactics.solve import read_unknown, solve

ANSWERS = [
    ("corr(corr(x, k, stride=2), k, stride=2) == corr(x, K, stride=4)", "conv(k, up(k, 2))", "3*c - 2"),
    ("corr(corr(x, k), h) == corr(x, K)", "conv(k, h)", None),
    ("conv(x, ones(2)) == conv(x, K)", "ones(2)", "2"),
    ("down(conv(x, k), 2) == corr(x, K, stride=2)", "flip(k)", "c"),
    ("conv(conv(x, ones(s)), ones(t)) == conv(x, K)", "conv(ones(s), ones(t))", "s + t - 1"),
    ("conv(up(x, s), conv(ones(s), q)) == conv(up(x, s), K)", "conv(q, ones(s))", "c + s - 1"),
    ("shift(up(x, 3), 1) == conv(up(x, 3), K)", "shift(delta, 1)", "1"),
    (
        "corr(corr(corr(x, k, stride=s, dilation=d), h, stride=t, dilation=e), g, stride=u, dilation=f)"
        " == corr(x, K, stride=s*t*u)",
        "conv(conv(up(k, d), up(h, e*s)), up(g, f*s*t))",
        None,
    ),
    ("corr(corr(x, w, dilation=2), v, dilation=3) == corr(x, K)", "conv(up(w, 2), up(v, 3))", None),
    (
        "corr(corr(x, w, stride=2, dilation=3), v, stride=3, dilation=2) == corr(x, K, stride=6)",
        "conv(up(w, 3), up(v, 4))",
        None,
    ),
    (
        "corr(corr(corr(x, k, stride=2, dilation=2), k, stride=3, dilation=2), k) == corr(x, K, stride=6)",
        "conv(conv(up(k, 2), up(k, 4)), up(k, 6))",
        None,
    ),
    ("corr(x, k) + corr(x, K) == corr(x, h)", "h - k", None),
    ("conv(x, K) + x == conv(x, ones(3))", "ones(3) - delta", None),
    ("corr(x, k) + 2*x - shift(x, -3) == corr(x, K)", "k + 2*delta - shift(delta, 3)", None),
    ("corr(x, taps(1, 2, 1)) + corr(x, taps(1, 1)) == corr(x, K)", "taps(2, 3, 1)", "3"),
    ("corr(x, k, stride=2, padding=p) == corr(x, K, stride=2)", "shift(k, -p)", "c"),
]


@pytest.mark.parametrize(("claim", "answer", "taps"), ANSWERS)
def test_the_answer_is_found_and_proved(claim: str, answer: str, taps: str | None) -> None:
    result = solve(read_unknown(claim, (), (), "K"), "K")
    assert result.verdict == "proved"
    assert result.answer is not None
    assert text(result.answer.closed) == answer
    if taps is not None:
        assert result.answer.taps is not None
        assert [str(p) for p in result.answer.taps] == [taps]


@pytest.mark.parametrize(
    "claim",
    [
        "up(x, 2) == conv(x, K)",
        "mul(x, x) == conv(x, K)",
        "corr(x, k, stride=2) == corr(x, K, stride=3)",
        "corr(x, k, stride=2) == corr(x, K, stride=2, dilation=2)",
    ],
)
def test_no_answer_comes_with_its_reason_and_numbers(claim: str) -> None:
    result = solve(read_unknown(claim, (), (), "K"), "K")
    assert result.verdict == "none"
    assert result.reason
    assert result.counterexample is not None


@pytest.mark.parametrize(
    ("claim", "lets", "message"),
    [
        ("corr(x, k) == conv(x, h)", (), "does not occur"),
        ("conv(x, K) == conv(K, x)", (), "both sides"),
        ("conv(x, K) == x", ("K: kernel[3]",), "do not declare"),
    ],
)
def test_unknowns_that_do_not_fit(claim: str, lets: tuple[str, ...], message: str) -> None:
    with pytest.raises(StatementError, match=message):
        read_unknown(claim, lets, (), "K")
