"""Examples where most numbers are out of reach: roots that are fractions, adjoints of adjoints."""

from __future__ import annotations

import pytest

from symconv.expr.claim import read_statement
from symconv.tactics.refute import counterexample

ADJOINTS = ("z: signal", "x: kernel[N]", "q: kernel[c]")
CLAIMS = [
    # Of cubes and their sums few have a root: −1, 0 and 1 do.
    ("abs(lp_pool1d(x, 3, 2)[n])**3 == x[2*n]**3 + x[2*n + 1]**3", ("x: signal",)),
    ("lp_pool1d(x, 3, 2) == avg_pool1d(x, 2)", ("x: signal",)),
    # z has no end: what is weighted says where the adjoint may be other than 0.
    ("adjoint(corr(z, q), z, adjoint(down(z, s), z, x)) == up(conv(x, q), s)", ADJOINTS),
    ("adjoint(corr(z, q), z, adjoint(up(shift(z, m), s), z, x)) == conv(down(x, s), q)", ("m: integer", *ADJOINTS)),
    ("adjoint(corr(z, q), z, adjoint(flip(corr(z, q, stride=2, dilation=3, padding=1)), z, x)) == conv(x, q)",
     ADJOINTS),
]  # fmt: skip


@pytest.mark.parametrize(("said", "lets"), CLAIMS, ids=lambda v: str(v)[:60])
def test_an_example_is_found(said: str, lets: tuple[str, ...]) -> None:
    found = counterexample(read_statement(said, lets))
    assert found is not None
    assert found.left != found.right
    assert all(v for entries in found.sequences.values() for v in entries.values())
