"""Titles of pages: what kind of statement it is, and what became of it."""

from __future__ import annotations

import pytest

from symconv.document.headings import title
from symconv.expr.claim import read_statement


@pytest.mark.parametrize(
    ("claim", "lets", "expected"),
    [
        ("conv(x, k) == conv(k, x)", (), "Convolution: an identity"),
        ("params(conv2d(x, w)) <= 2*params(conv2d(x, w))", ("x: signal[C, H, W]", "w: kernel[F, C, 3, 3]"),
         "Costs: an inequality"),
        ("abs(x) <= abs(x) + abs(y)", (), "Sequences: an inequality"),
        ("limit(1/p, p) == 0", ("p: size",), "Sequences: a limit"),
    ],
)  # fmt: skip
def test_title_says_what_was_proved(claim: str, lets: tuple[str, ...], expected: str) -> None:
    statement = read_statement(claim, lets)
    assert title(statement, "proved") == expected
    assert title(statement, "refuted") == f"{expected.partition(':')[0]}: a claim that is false"
