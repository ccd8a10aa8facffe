"""Bounds of a limit: p must be free to grow, and nothing else may move with it."""

from __future__ import annotations

import pytest

from symconv.errors import RuleError
from symconv.expr.claim import read_statement
from symconv.expr.limits import Scale, bound
from symconv.index.poly import const, var

POOL = "limit(lp_pool1d(x, p, c), p) == max_pool1d(abs(x), c)"
LETS = ("x: signal", "p: size", "c: size")


@pytest.mark.parametrize("scale", [None, (var("c"), const(1), var("p")), (const(3), const(-2), var("p") * var("c"))])
@pytest.mark.parametrize("above", [True, False])
def test_bounds_are_inequalities(scale: Scale, above: bool) -> None:
    found = bound(read_statement(POOL, LETS), scale, above)
    assert (found.relation, found.towards) == ("<=", "")


@pytest.mark.parametrize(
    ("claim", "scale", "assume"),
    [
        (POOL, (var("p"), const(1), var("p")), ()),
        (POOL, (var("c"), var("p"), var("p")), ()),
        (POOL, (var("c"), const(1), var("c")), ()),
        (POOL, (const(0), const(1), var("p")), ()),
        (POOL, (const(2), const(1), -var("p")), ()),
        (POOL, (var("(p//2)"), const(1), var("p")), ()),
        (POOL, None, ("p <= c",)),
        (POOL, None, ("p == 2*c",)),
        ("limit(lp_pool1d(x, p, c)[0], p) == x[p]", None, ()),
        ("limit(lp_pool1d(x, p, c)[0], p) == x[p//2]", None, ()),
        ("limit(lp_pool1d(x, p, p), p) == max_pool1d(abs(x), p)", None, ()),
    ],
)
def test_what_moves_with_p_is_refused(claim: str, scale: Scale, assume: tuple[str, ...]) -> None:
    with pytest.raises(RuleError):
        bound(read_statement(claim, LETS, assume), scale, above=True)
