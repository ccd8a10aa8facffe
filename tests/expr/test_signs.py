"""What is certainly at least 0: right, almost right, and never where drawn values are negative."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from proof.test_rules import E, F, World, worlds

from symconv.expr.signs import nonnegative, nonpositive, visibly

ABOVE = [
    "0", "3", "1/2", "s", "p", "i", "alpha", "1/s", "abs(x[n])", "relu(-x[n])", "step(z)",
    "abs(z)**n", "abs(x[n])**(s - t)", "iverson(n == i)", "peak((x[u] for u in range(c)), n)", "x[n]*x[n]",
    "x[n]*z*x[n]*z", "(-z)*(-z)", "alpha*s*abs(z)", "(-alpha)*(-abs(z))", "alpha + s + x[n]*x[n]", "-(-alpha)",
    "sum(abs(k[u])*alpha for u in Z)", "max(relu(x[u]) for u in range(c))", "sign(alpha)", "sign(abs(x[n]))",
    "conv(ones(c), ones(3))[n]", "delta[n]", "taps(1, 0, 2)[n]", "shift(up(ones(2), s), i)[n]",
]  # fmt: skip
UNKNOWN = [
    "z", "x[n]", "n", "s - t", "i - 1", "-alpha", "-s", "(-2)*alpha", "x[n]*x[i]", "x[n]*x[n]*x[n]", "alpha - s",
    "sign(z)", "f(alpha)", "sum(k[u] for u in Z)", "max(x[u] for u in range(c))", "alpha*z", "(-alpha)*abs(z)",
    "taps(1, -1)[n]", "conv(x, ones(2))[n]", "abs(x[n]) - abs(z)", "-abs(x[n])", "relu(x[n])*x[i]", "k[n]", "M - 3",
]  # fmt: skip


@pytest.mark.parametrize("e", ABOVE)
@settings(max_examples=15, deadline=None)
@given(world=worlds)
def test_what_is_seen_to_be_at_least_0_is(world: World, e: str) -> None:
    assert nonnegative(E(e), F)
    assert world.value(E(e)) >= 0
    assert nonpositive(E(f"-({e})"), F)


@pytest.mark.parametrize("e", UNKNOWN)
def test_other_signs_are_not_known(e: str) -> None:
    assert not nonnegative(E(e), F)
    assert not nonpositive(E(f"-({e})"), F) or e.startswith("-")


def test_the_form_alone_tells_of_no_assumption() -> None:
    assert visibly(E("x[n]*x[n] + abs(z)**p"))
    assert not any(visibly(E(e)) for e in ("alpha", "s", "i", "x[n]*alpha"))
