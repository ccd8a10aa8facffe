"""Conditions: truth at numbers, truth without numbers, and substitution."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from symconv.index.conditions import (
    FALSE,
    TRUE,
    Condition,
    Divides,
    Eq,
    Ge,
    between,
    decide,
    holds,
    names,
    positive_form,
    substitute,
)
from symconv.index.poly import ZERO, Poly, const, var

N, S, T = var("n"), var("s"), var("t")
QUICK = settings(max_examples=80, deadline=None, derandomize=True)
SMALL = st.integers(-9, 9)
LINEAR = st.builds(lambda a, b, c: a * N + b * S + c, SMALL, SMALL, SMALL)
CONDITIONS = st.one_of(
    st.builds(Eq, LINEAR),
    st.builds(Ge, LINEAR),
    st.builds(Divides, st.integers(1, 9).map(const), LINEAR),
    st.builds(lambda c, p: Divides(c * S, p), st.integers(1, 4), LINEAR),
)
VALUES = st.fixed_dictionaries({"n": SMALL, "s": st.integers(1, 6)})


@pytest.mark.parametrize(
    ("condition", "n", "truth"),
    [
        (Eq(N - 3), 3, True),
        (Eq(N - 3), -3, False),
        (Ge(N), 0, True),
        (Ge(N), -1, False),
        (Ge(2 - N), 2, True),
        (Ge(2 - N), 3, False),
        (Divides(const(3), N), -6, True),
        (Divides(const(3), N), -5, False),
        (Divides(const(3), N), 0, True),
        (Divides(const(1), N), 7, True),
    ],
)
def test_truth_at_numbers(condition: Condition, n: int, truth: bool) -> None:
    assert holds(condition, {"n": n}) is truth


@QUICK
@given(CONDITIONS, VALUES)
def test_what_is_decided_is_true_at_all_numbers(condition: Condition, at: dict[str, int]) -> None:
    decided = decide(condition)
    assert decided is None or decided == holds(condition, at)


@QUICK
@given(CONDITIONS, VALUES)
def test_a_condition_on_numbers_alone_is_decided(condition: Condition, at: dict[str, int]) -> None:
    assert decide(substitute(condition, {n: const(v) for n, v in at.items()})) is holds(condition, at)


@pytest.mark.parametrize(
    ("condition", "truth"),
    [
        (TRUE, True),
        (FALSE, False),
        (Eq(N - N), True),
        (Eq(2 * N + 1), False),
        (Eq(2 * N + 4), None),
        (Eq(4 * N + 6 * S - 3), False),
        (Ge(const(0)), True),
        (Ge(const(-1)), False),
        (Ge(N), None),
        (Ge(N * N), None),
        (Divides(const(2), 4 * N + 6), True),
        (Divides(const(2), 4 * N + 3), False),
        (Divides(const(4), 2 * N + 1), False),
        (Divides(const(4), 2 * N + 2), None),
        (Divides(const(6), 4 * N + 3), False),
        (Divides(const(3), 2 * N + 1), None),
        (Divides(S, ZERO), True),
        (Divides(const(1), N), True),
        (Divides(S, N), None),
        (Divides(S, const(1)), None),
    ],
)
def test_what_needs_no_fact(condition: Condition, truth: bool | None) -> None:
    assert decide(condition) is truth


@QUICK
@given(CONDITIONS, VALUES, LINEAR)
def test_substitution_is_composition(condition: Condition, at: dict[str, int], p: Poly) -> None:
    inner = {**at, "n": p.evaluate(at)}
    assert holds(substitute(condition, {"n": p}), at) == holds(condition, inner)


def test_names_of_a_condition() -> None:
    assert names(Divides(S * T, N + 1)) == {"s", "t", "n"}
    assert names(Eq(N - S)) == {"n", "s"}
    assert names(Ge(const(2))) == frozenset()


@QUICK
@given(LINEAR, VALUES)
def test_the_positive_form_is_the_same_equation(p: Poly, at: dict[str, int]) -> None:
    condition = Eq(p)
    form = positive_form(condition)
    assert holds(form, at) == holds(condition, at)
    assert form == positive_form(Eq(-condition.p))


@QUICK
@given(SMALL, SMALL, SMALL)
def test_between_is_both_inequalities(n: int, low: int, high: int) -> None:
    assert all(holds(c, {"n": n}) for c in between(N, const(low), const(high))) == (low <= n <= high)
