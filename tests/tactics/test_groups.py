from __future__ import annotations

import pytest

from symconv.expr.claim import read_statement
from symconv.tactics.prove import prove

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
