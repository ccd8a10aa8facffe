"""Quotients: an index that lies in one block of m places is one floor."""

from __future__ import annotations

import pytest

from symconv.expr.claim import read_statement
from symconv.tactics.prove import prove

CLAIMS = [
    ("upsample_nearest(x, s)[n] == x[n//s]", ("x: signal",), "proved"),
    ("upsample_nearest(x, 3)[n + 1] == x[(n + 1)//3]", ("x: signal",), "proved"),
    ("upsample_nearest(x, (s, t))[n + 1, m] == x[(n + 1)//s, m//t]", ("x: signal[:, :]",), "proved"),
    ("up(x, s)[n] == iverson(n % s == 0)*x[n//s]", ("x: signal",), "proved"),
    ("upsample_nearest(x, s)[n] == x[(n + 1)//s]", ("x: signal",), "refuted"),
    ("upsample_nearest(x, 2)[n] == x[n//3]", ("x: signal",), "refuted"),
    ("up(x, 2)[n] == x[n//2]", ("x: signal",), "refuted"),
]


@pytest.mark.parametrize(("said", "lets", "verdict"), CLAIMS, ids=lambda v: str(v)[:50])
def test_floors_of_free_indices(said: str, lets: tuple[str, ...], verdict: str) -> None:
    assert prove(read_statement(said, lets)).verdict == verdict


KERNELS = ("k: kernel[c]", "h: kernel[e]")


@pytest.mark.parametrize("claim", [
    "sum(k[j]*k[3*c - 3 - 2*j] for j in range(c)) == k[c - 1]*k[c - 1]",
    "sum(k[j]*k[2*c - 2 - j] for j in range(c)) == k[c - 1]*k[c - 1]",
    "conv(k, up(h, s))[c - 1 + s*(e - 1)] == k[c - 1]*h[e - 1]",
    "conv(k, up(h, s))[0] == h[0]*k[0]",
])  # fmt: skip
def test_ranges_that_meet_in_one_place_leave_one_term(claim: str) -> None:
    result = prove(read_statement(claim, KERNELS))
    assert result.theorem is not None
    assert any(s.rule == "imply" for s in result.theorem.steps)


@pytest.mark.parametrize("claim", [
    "sum(k[j]*k[3*c - 5 - 2*j] for j in range(c)) == k[c - 1]*k[c - 2]",
    "sum(k[j]*k[2*c - 3 - j] for j in range(c)) == k[c - 1]*k[c - 2]",
    "conv(k, up(h, s))[c - 2 + s*(e - 1)] == k[c - 2]*h[e - 1]",
    "sum(k[j]*k[2*c - 2 - j] for j in range(c)) == k[c]*k[c - 2]",
])  # fmt: skip
def test_ranges_that_meet_in_more_places_or_elsewhere_do_not(claim: str) -> None:
    assert prove(read_statement(claim, KERNELS)).verdict != "proved"
