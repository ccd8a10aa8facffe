"""Concrete sizes: all that meet the assumptions, smallest first, and none that do not."""

from __future__ import annotations

from itertools import islice, product
from math import gcd

import pytest

from symconv.errors import StatementError
from symconv.expr.claim import read_statement
from symconv.expr.satisfy import integer_names, met, satisfying, sizes
from symconv.expr.statement import Coprime, Unequal
from symconv.index.conditions import Divides, Ge
from symconv.index.poly import const, var

S, T = var("s"), var("t")
CLAIM = "down(up(x, s), t) == up(down(x, t), s)"


@pytest.mark.parametrize(
    ("a", "s", "t", "truth"),
    [
        (Coprime(S, T), 2, 3, True),
        (Coprime(S, T), 4, 6, False),
        (Coprime(S, T), 1, 6, True),
        (Unequal(S - T), 2, 3, True),
        (Unequal(S - T), 3, 3, False),
        (Ge(S - T), 3, 3, True),
        (Ge(S - T), 2, 3, False),
        (Divides(T, S), 6, 3, True),
        (Divides(T, S), 3, 6, False),
    ],
)
def test_met(a: Coprime | Unequal | Ge | Divides, s: int, t: int, truth: bool) -> None:
    assert met(a, {"s": s, "t": t}) is truth


def test_every_pair_of_sizes_once_and_in_order() -> None:
    found = [(v["s"], v["t"]) for v in sizes(read_statement(CLAIM), largest=3)]
    assert sorted(found) == sorted(product(range(1, 5), repeat=2))
    assert [s + t for s, t in found] == sorted(s + t for s, t in found)


def test_only_sizes_that_meet_the_assumptions() -> None:
    statement = read_statement(CLAIM, (), ("gcd(s, t) == 1", "s < t", "t != 3"))
    found = {(v["s"], v["t"]) for v in sizes(statement, largest=6)}
    assert found == {(s, t) for s, t in product(range(1, 8), repeat=2) if gcd(s, t) == 1 and s < t != 3}


def test_integers_take_both_signs_and_naturals_0() -> None:
    statement = read_statement("shift(corr(x, k, padding=p), m) == x", ("k: kernel[2]",))
    assert integer_names(statement) == ["p", "m"]
    found = {(v["p"], v["m"]) for v in sizes(statement, largest=2)}
    assert found == set(product((0, 1, 2), (-2, -1, 0, 1, 2)))


@pytest.mark.parametrize(
    "assumed",
    [("s == 2*t",), ("s >= 40", "t >= s"), ("s % 12 == 5",), ("s == 1000",), ("s*t == 12",), ("s*s == t + 24",)],
)
def test_some_sizes_meet_the_assumptions(assumed: tuple[str, ...]) -> None:
    statement = read_statement(CLAIM, (), assumed)
    values = satisfying(statement)
    assert values is not None
    assert all(met(a, values) for a in statement.assumptions)


def test_sizes_are_made_as_they_are_asked_for() -> None:
    many = read_statement("corr(x, k, stride=s, dilation=d, padding=p) == shift(x, m)")
    first = next(islice(sizes(many), 1))
    assert first == {"s": 1, "d": 1, "p": 0, "m": 0, "c": 1}
    assert const(1).evaluate(first) == 1


@pytest.mark.parametrize("condition", ["c < c", "1 < 0", "c + 1 <= c", "2*c == 2*c + 1", "c % 1 == 1"])
def test_what_holds_for_no_size_at_all_is_refused(condition: str) -> None:
    """Such a condition speaks of no size once it is written as a polynomial, and everything would follow from it."""
    with pytest.raises(StatementError, match="no sizes were found that satisfy the assumptions"):
        read_statement("conv(x, k) == x", ["k: kernel[c]"], [condition])


@pytest.mark.parametrize("condition", ["c <= c", "0 < 1", "c == c"])
def test_what_holds_for_every_size_says_nothing(condition: str) -> None:
    assert satisfying(read_statement("conv(x, k) == x", ["k: kernel[c]"], [condition])) is not None
