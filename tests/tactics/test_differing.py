"""What has a region and what has none: products of entries, their coefficients and cancellation."""

from __future__ import annotations

import pytest

from symconv.expr.claim import read_statement
from symconv.tactics.attempt import Attempt
from symconv.tactics.region import region
from symconv.tactics.wording import disjunction


def everywhere(claim: str, *lets: str, assume: tuple[str, ...] = ()) -> str | None:
    statement = read_statement(claim, lets, assume)
    attempt = Attempt(statement, 5)
    attempt.direct()
    found = region(statement, attempt.closest, attempt.indices)
    return None if found is None else disjunction(found.everywhere)


@pytest.mark.parametrize(
    ("claim", "lets", "expected"),
    [
        ("corr(x, k) == conv(x, k)", (), "c == 1"),
        # products commute: both orders of two taps are one monomial
        ("sum(k[a]*k[b]*x[n] for a in range(c) for b in range(a)) == "
         "sum(k[a]*k[b]*x[n] for b in range(c) for a in range(b))", ("k: kernel[c]", "n: integer"), "always"),
        ("sum(k[a]*k[b]*x[n] for a in range(c) for b in range(c)) == "
         "2*sum(k[a]*k[b]*x[n] for b in range(c) for a in range(b))", ("k: kernel[c]", "n: integer"), "never"),
        ("sum(k[a]*k[b]*x[n] for a in range(c) for b in range(c) if a != b) == "
         "2*sum(k[a]*k[b]*x[n] for b in range(c) for a in range(b))", ("k: kernel[c]", "n: integer"), "always"),
        # coefficients count
        ("2*corr(x, k) == 3*corr(x, k)", (), "never"),
        ("corr(x, k)/2 + corr(x, k)/2 == conv(x, k)", (), "c == 1"),
        ("a*corr(x, k) == a*conv(x, k)", ("a: number",), "c == 1"),
        ("a*corr(x, k) == b*corr(x, k)", ("a: number", "b: number"), "never"),
        # the assumptions are used
        ("corr(x, k) == conv(x, k)", ("k: kernel[c]",), "c == 1"),
        ("down(x, 2) == x", ("x: signal[N]",), "N == 1"),
        ("shift(x, m) == x", ("x: signal[N]", "m: integer"), "m == 0"),
        # claims between integers
        ("size(conv1d(x, k, padding=p)) == N", ("x: signal[N]", "k: kernel[c]"), "c == 2*p + 1"),
        ("size(conv1d(x, k, stride=2)) == size(conv1d(x, k))", ("x: signal[N]", "k: kernel[c]"), "c == N"),
        ("N//2 == (N + 1)//2", ("N: size",), "N % 2 == 0"),
        ("1 == 2", (), "never"),
        ("conv2d(x, w) == conv2d(x, reverse(w))", ("x: signal[H, W]", "w: kernel[c, e]"), "c == 1 and e == 1"),
    ],
)  # fmt: skip
def test_everywhere(claim: str, lets: tuple[str, ...], expected: str) -> None:
    assert everywhere(claim, *lets) == expected


@pytest.mark.parametrize(
    ("claim", "lets"),
    [
        ("corr(x, k, stride=s) == corr(x, k)", ()),  # products of a size and an index
        ("relu(corr(x, k)) == corr(relu(x), k)", ()),  # no sum of products
        ("conv(conv(x, ones(c)), ones(e)) == conv(x, ones(c))", ()),  # products that are reached several times
        ("x/c == x/e", ("c: size", "e: size")),  # other factors than entries
        ("up(x, s) == x", ()),
    ],
)
def test_no_region(claim: str, lets: tuple[str, ...]) -> None:
    assert everywhere(claim, *lets) is None


def test_assumptions_bound_the_region() -> None:
    assert everywhere("corr(x, k) == conv(x, k)", assume=("c >= 2",)) == "never"
    assert everywhere("corr(x, k, stride=s) == corr(x, k)", assume=("s == 3",)) == "never"
    assert everywhere("corr(x, k, stride=s, dilation=2) == corr(x, k, stride=s)", assume=("s == 3",)) == "c == 1"
