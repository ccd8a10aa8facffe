"""Ranges of numeric length, written out."""

from __future__ import annotations

import pytest

from symconv.expr.claim import read_statement
from symconv.tactics.prove import prove

CLAIMS = [
    # 2r ≤ n − a ≤ 2r + 1 has two values of a for every r.
    ("conv(upsample_nearest(x, 2), q) == conv(up(x, 2) + shift(up(x, 2), 1), q)", ("x: signal", "q: kernel[c]"),
     "proved"),
    ("conv(upsample_nearest(x, 2), q) == conv(up(x, 2) + shift(up(x, 2), 1), q)", ("x: signal", "q: kernel[3]"),
     "proved"),
    ("conv(upsample_nearest(x, 2), q) == conv(up(x, 2) + shift(up(x, 2), -1), q)", ("x: signal", "q: kernel[3]"),
     "refuted"),
    ("max_pool1d(array([3, 1, 2]), 2, stride=1) == array([3, 2])", (), "proved"),
    ("max_pool1d(array([3, 1, 2]), 2, stride=1) == array([3, 3])", (), "refuted"),
    ("max_pool2d(array([[1, -5], [-2, -3], [-7, -4]]), 2, stride=1) == array([[1], [-2]])", (), "proved"),
]  # fmt: skip


@pytest.mark.parametrize(("said", "lets", "verdict"), CLAIMS, ids=lambda v: str(v)[:80])
def test_ranges_are_written_out(said: str, lets: tuple[str, ...], verdict: str) -> None:
    assert prove(read_statement(said, lets)).verdict == verdict


THREE = ("x: signal", "q: kernel[3]")
AROUND = ("x: signal", "q: kernel[-1:2]")


@pytest.mark.parametrize(("said", "lets", "verdict"), [
    ("conv(up(x, 2), q)[2*n] == q[0]*x[n] + q[2]*x[n - 1]", THREE, "proved"),
    ("conv(up(x, 2), q)[2*n + 1] == q[1]*x[n]", THREE, "proved"),
    ("sum(q[2*j]*x[n - j] for j in Z) == q[0]*x[n] + q[2]*x[n - 1]", THREE, "proved"),
    ("conv(up(x, 2), q)[2*n + 1] == q[1]*x[n] + q[-1]*x[n + 1]", AROUND, "proved"),
    ("conv(up(x, 3), q)[3*n - 1] == q[-1]*x[n]", AROUND, "proved"),
    ("conv(up(x, 2), q)[2*n + 1] == q[1]*x[n + 1]", THREE, "refuted"),
    ("conv(up(x, 2), q)[2*n + 1] == q[1]*x[n] + q[-1]*x[n]", AROUND, "refuted"),
    ("sum(q[2*j]*x[n - j] for j in Z) == q[0]*x[n]", THREE, "refuted"),
])  # fmt: skip
def test_every_second_tap_of_a_kernel_that_has_few(said: str, lets: tuple[str, ...], verdict: str) -> None:
    assert prove(read_statement(said, lets)).verdict == verdict
