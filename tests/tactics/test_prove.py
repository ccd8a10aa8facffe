"""Right claims are proved, wrong ones refuted: other names, strides, dilations, numbers of layers and dimensions."""

from __future__ import annotations

import pytest

from symconv.expr.claim import read_statement
from symconv.tactics.prove import prove

MERGE = "corr(corr(x, k, stride=s), h, stride=t) == "
TRUE = [
    (MERGE + "corr(x, conv(k, up(h, s)), stride=s*t)", (), ()),
    (
        "corr(corr(corr(x, k, stride=s, dilation=d), h, stride=t, dilation=e), g, stride=u, dilation=f)"
        " == corr(x, conv(conv(up(k, d), up(h, s*e)), up(g, s*t*f)), stride=s*t*u)", (), (),
    ),
    ("down(up(x, s), t) == up(down(x, t), s)", (), ("gcd(s, t) == 1",)),
    ("down(up(x, 3), 2) == up(down(x, 2), 3)", (), ()),
    ("down(up(x, s*r), t*r) == up(down(x, t), s)", (), ("gcd(s, t) == 1",)),
    ("corr(x, k) == conv(x, flip(k))", (), ()),
    ("conv(x, k) == conv(k, x)", (), ()),
    ("conv(conv(x, k), h) == conv(x, conv(k, h))", (), ()),
    ("corr(corr(x, k), h) == corr(x, conv(k, h))", (), ()),
    ("down(conv(x, up(h, s)), s) == conv(down(x, s), h)", (), ()),
    ("up(conv(x, h), s) == conv(up(x, s), up(h, s))", (), ()),
    (
        "corr(corr(x, k, stride=(2, 3)), k, stride=(5, 2)) == corr(x, conv(k, up(k, (2, 3))), stride=(10, 6))",
        ("x: signal[H, W]", "k: kernel[c, c]"), (),
    ),
    ("a*conv(x, k) == conv(a*x, k)", (), ()),
    ("conv(x, k)[i-m] == conv(shift(x, m), k)[i]", (), ()),
    ("corr(y, h) == corr(x, conv(k, up(h, 2)), stride=2)", ("y = corr(x, k, stride=2)",), ()),
    ("down(x, s) == down(x, 2)", (), ("s == 2",)),
    ("x == sum(shift(up(down(shift(x, -r), s), s), r) for r in range(s))", (), ()),
    ("x == up(down(x, 2), 2) + shift(up(down(shift(x, -1), 2), 2), 1)", (), ()),
    ("corr(x, K, stride=4) == corr(corr(x, k, stride=2), k, stride=2)",
     ("K[m] = sum(k[j]*k[m - 2*j] for j in Z)",), ()),
    ("conv(x, delta) == x", (), ()),
    ("conv(x, taps(1, 2, 1)) == conv(conv(x, taps(1, 1)), taps(1, 1))", (), ()),
    ("conv(x, reverse(k)) == shift(corr(x, k), c - 1)", ("k: kernel[c]",), ()),
    ("conv(x, k) == sum(k[j]*shift(x, j) for j in range(c))", ("k: kernel[c]",), ()),
    ("conv(x, k) == k[0]*x + k[1]*shift(x, 1) + k[2]*shift(x, 2)", ("k: kernel[3]",), ()),
    ("down(conv(x, k), s) == sum(conv(down(shift(x, r), s), down(shift(k, -r), s)) for r in range(s))", (), ()),
    ("corr(x, h) == corr(x, k)", (), ("h == k",)),
    ("conv(x, conv(h, g)) == x", (), ("conv(h, g) == delta",)),
    ("up(down(x, s), s)[n] == iverson(n % s == 0)*x[n]", (), ()),
    ("relu(corr(x + y, k)) == relu(conv(y, flip(k)) + conv(flip(k), x))", (), ()),
    ("corr(relu(corr(x, k, stride=s)), h, stride=t) == corr(relu(conv(flip(k), x)), up(h, s), stride=s*t)", (), ()),
    ("conv(conv(x, ones(c)), taps(1, -1)) == x - shift(x, c)", ("c: size",), ()),
]  # fmt: skip
FALSE = [
    (MERGE + "corr(x, conv(h, up(k, t)), stride=s*t)", (), ()),
    (MERGE + "corr(x, conv(k, h), stride=s*t)", (), ()),
    (MERGE + "corr(x, conv(k, up(h, t)), stride=s*t)", (), ()),
    (MERGE + "corr(x, conv(k, up(h, s)), stride=s + t)", (), ()),
    ("down(up(x, s), t) == up(down(x, t), s)", (), ()),
    ("down(up(x, 2), 2) == up(down(x, 2), 2)", (), ()),
    ("corr(x, k) == corr(k, x)", (), ()),
    ("corr(corr(x, k), h) == corr(x, corr(k, h))", (), ()),
    ("conv(x, ones(2)) == x", (), ()),
    (
        "corr(corr(x, k, stride=(2, 3)), k, stride=(5, 2)) == corr(x, conv(k, up(k, (3, 2))), stride=(10, 6))",
        ("x: signal[H, W]", "k: kernel[c, c]"), (),
    ),
    ("conv(x, k) == 2*conv(x, k)", (), ()),
    ("down(x, s) == down(x, 2)", (), ()),
    ("a*relu(x) == relu(a*x)", (), ()),
    ("relu(corr(x, k)) == relu(conv(x, k))", (), ()),
    ("conv(conv(x, ones(c)), taps(1, -1)) == x - shift(x, c - 1)", ("c: size",), ()),
    ("conv(x, k) == sum(k[j]*shift(x, j) for j in range(c - 1))", ("k: kernel[c]",), ("c >= 2",)),
    ("shift(x, 100) == shift(x, 101)", (), ()),
    ("up(x, 2) == conv(x, delta)", (), ()),
]  # fmt: skip


@pytest.mark.parametrize(("claim", "lets", "assume"), TRUE)
def test_true_claims_are_proved(claim: str, lets: tuple[str, ...], assume: tuple[str, ...]) -> None:
    assert prove(read_statement(claim, lets, assume)).verdict == "proved"


@pytest.mark.parametrize(("claim", "lets", "assume"), FALSE)
def test_false_claims_are_refuted_with_numbers(claim: str, lets: tuple[str, ...], assume: tuple[str, ...]) -> None:
    example = prove(read_statement(claim, lets, assume)).counterexample
    assert example is not None
    assert example.left != example.right


def test_where_a_refuted_claim_holds() -> None:
    result = prove(read_statement("down(up(x, s), t) == up(down(x, t), s)"))
    assert [*map(str, result.holds_where)] == ["gcd(s, t) == 1"]
    assert not result.exact


def test_an_assumed_equation_must_fit_its_support() -> None:
    """h == k with h: kernel[e] says that k vanishes from e on; a search that forgot it would refute this."""
    claim = "conv(x, h) == sum(h[j]*shift(x, j) for j in range(e))"
    assert prove(read_statement(claim, ("h: kernel[e]", "k: kernel[c]"), ("h == k",))).verdict != "refuted"
