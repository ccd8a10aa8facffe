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
