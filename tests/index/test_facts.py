"""What the facts of a statement imply, and what almost-right conclusions they must not."""

from __future__ import annotations

from itertools import product
from math import gcd

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from symconv.index.facts import Facts, factors
from symconv.index.poly import ONE, ZERO, Poly, const, var

A, B, P, I = var("a"), var("b"), var("p"), var("i")
FACTS = Facts(sizes=frozenset("ab"), naturals=frozenset("p"))
"""a, b ≥ 1, p ≥ 0, and i any integer."""
QUICK = settings(max_examples=150, deadline=None, derandomize=True)
SMALL = st.integers(-4, 4)


@pytest.mark.parametrize(
    "p",
    [
        ZERO, ONE, A, P, A - 1, A + B - 2, A * B - 1, A * B - A, A * B - A - B + 1, 2 * A - 2, P + A - 1, A * P,
        (A - 1) * P, (A - 1) * (B - 1), A * A - A, 3 * A * B - 2 * A - B, P * P,
    ],
    ids=str,
)  # fmt: skip
def test_certainly_nonnegative(p: Poly) -> None:
    assert FACTS.nonnegative(p)


@pytest.mark.parametrize(
    "p",
    [
        const(-1), A - 2, A + B - 3, P - 1, -P, A * B - 2, A - B, B - A, A * B - A - 1, 2 * A - 3, A - P, I, I * I, -A,
        A * P - 1, A * I, A - 1 + I, A * B - A - B,
    ],
    ids=str,
)  # fmt: skip
def test_not_certainly_nonnegative(p: Poly) -> None:
    assert not FACTS.nonnegative(p)


@pytest.mark.parametrize("p", [ONE, A, A * B, A + P, A + B - 1, 2 * A - 1, A * B + P, A * B - A + 1, P + 1], ids=str)
def test_certainly_positive(p: Poly) -> None:
    assert FACTS.positive(p)
    assert FACTS.nonzero(p)
    assert FACTS.nonzero(-p)


@pytest.mark.parametrize("p", [ZERO, P, A - 1, A * P, A - B, I, A + I, A * B - A, P * P, -A, A + P - 1], ids=str)
def test_not_certainly_positive(p: Poly) -> None:
    assert not FACTS.positive(p)


@pytest.mark.parametrize("p", [ZERO, P, A - 1, A - B, I, 2 * I - 1, A * I, A * P], ids=str)
def test_not_certainly_nonzero(p: Poly) -> None:
    assert not FACTS.nonzero(p)


@QUICK
@given(st.lists(st.tuples(SMALL, st.lists(st.sampled_from("abpi"), max_size=2)), max_size=4))
def test_what_is_certain_holds_at_all_small_numbers(terms: list[tuple[int, list[str]]]) -> None:
    p = ZERO
    for c, names in terms:
        term = const(c)
        for name in names:
            term = term * var(name)
        p = p + term
    values = [p.evaluate(dict(zip("abpi", n, strict=True))) for n in product((1, 2, 5), (1, 3), (0, 1, 4), (-3, 0, 2))]
    assert min(values) >= 0 or not FACTS.nonnegative(p)
    assert min(values) >= 1 or not FACTS.positive(p)
    assert 0 not in values or not FACTS.nonzero(p)


def test_a_product_of_signs() -> None:
    """(a−1)(b−1) ≥ 0 and a b ≥ 1 follow; (a−2)(b−2) ≥ 0, which is false at a = 1, b = 3, must not."""
    assert FACTS.nonnegative((A - 1) * (B - 1))
    assert FACTS.positive(A * B)
    assert not FACTS.nonnegative((A - 2) * (B - 2))
    assert not FACTS.nonnegative(-(A * I))


def test_an_assumed_inequality_is_used_where_it_is_said() -> None:
    facts = Facts(sizes=frozenset("ab"), inequalities=(A - B - 1,))
    assert facts.at_least_one(A - B)
    assert facts.at_least_one(2 * A - B)
    assert facts.at_least_one(A)
    assert not facts.at_least_one(A - B - 1)
    assert not facts.at_least_one(B - A)
    assert not facts.nonnegative(A - B)
    assert not facts.at_least_one(2 * (A - B) - A)


def test_a_combination_of_hypotheses() -> None:
    """From i ≥ 0 and a−1−i ≥ 0: a b − 1 − b i ≥ 0, by b·(a−1−i) + (b − 1)."""
    hypotheses = (I, A - 1 - I)
    assert FACTS.combination(A * B - 1 - B * I, hypotheses, {1: B})
    assert FACTS.combination(A - 1, hypotheses, {0: ONE, 1: ONE})
    assert FACTS.combination(A - 1, hypotheses, {})


@pytest.mark.parametrize(
    ("p", "multipliers"),
    [
        (A * B - 1 - B * I, {}),
        (A * B - 1 - B * I, {1: A}),
        (A * B - B - 1 - B * I, {1: B}),
        (A - 2 - I, {1: ONE}),
        (-I, {0: const(-1)}),
        (I * I, {0: I}),
        (I - A + 1, {1: const(-1)}),
        (I, {2: ONE}),
        (I, {-1: ONE}),
    ],
)
def test_a_wrong_combination(p: Poly, multipliers: dict[int, Poly]) -> None:
    assert not FACTS.combination(p, (I, A - 1 - I), multipliers)


S, T, U = var("s"), var("t"), var("u")
COPRIME = Facts(sizes=frozenset("stu"), coprimes=((S, T), (const(2), S), (S, U)))


@pytest.mark.parametrize(
    ("p", "q"),
    [(S, T), (T, S), (S * S, T), (S, T * U), (2 * T, S), (const(4), const(9)), (ONE, T), (T, ONE),
     (const(0), ONE), (S * S, 2 * T * U)],
)  # fmt: skip
def test_certainly_coprime(p: Poly, q: Poly) -> None:
    assert COPRIME.coprime(p, q)


@pytest.mark.parametrize(
    ("p", "q"),
    [(T, U), (S, S), (S * T, T), (3 * S, T), (S, 3 * T), (S, T + 1), (S + T, T), (const(4), const(6)), (ZERO, S),
     (ZERO, const(2)), (-S, T), (S * T, S * T), (const(2), T), (2 * S, T)],
)  # fmt: skip
def test_not_certainly_coprime(p: Poly, q: Poly) -> None:
    assert not COPRIME.coprime(p, q)


@QUICK
@given(st.integers(-30, 30), st.integers(-30, 30))
def test_coprime_numbers(a: int, b: int) -> None:
    assert Facts().coprime(const(a), const(b)) == (gcd(a, b) == 1)


def test_factors_of_a_monomial() -> None:
    assert factors(6 * S * S * T) == [const(2), const(3), S, S, T]
    assert factors(S) == [S]
    assert factors(const(4)) == [const(2), const(2)]
    assert factors(S + T) is None
    assert factors(-S) is None
    assert factors(ZERO) is None
