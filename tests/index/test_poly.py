"""Polynomials are a commutative ring, evaluation is a homomorphism, and `==` decides equality."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from symconv.index.poly import ONE, ZERO, Poly, const, poly, total, var

NAMES = ("a", "b", "s", "t")
QUICK = settings(max_examples=60, deadline=None, derandomize=True)
MONOMIALS = st.lists(st.sampled_from(NAMES), max_size=3)
TERMS = st.lists(st.tuples(st.integers(-6, 6), MONOMIALS), max_size=5)
VALUES = st.fixed_dictionaries({n: st.integers(-7, 7) for n in NAMES})


def build(terms: list[tuple[int, list[str]]]) -> Poly:
    out = ZERO
    for c, names in terms:
        product = const(c)
        for n in names:
            product = product * var(n)
        out = out + product
    return out


def value(terms: list[tuple[int, list[str]]], at: dict[str, int]) -> int:
    out = 0
    for c, names in terms:
        for n in names:
            c *= at[n]
        out += c
    return out


POLYS = TERMS.map(build)
A, B, S, T = map(var, NAMES)


@QUICK
@given(POLYS, POLYS, POLYS)
def test_ring_laws(p: Poly, q: Poly, r: Poly) -> None:
    assert p + q == q + p
    assert p * q == q * p
    assert (p + q) + r == p + (q + r)
    assert (p * q) * r == p * (q * r)
    assert p * (q + r) == p * q + p * r
    assert p + ZERO == p == p * ONE
    assert p - p == ZERO == p * ZERO
    assert (-p) * (-q) == p * q
    assert p - q == p + (-q)


@QUICK
@given(TERMS, VALUES)
def test_a_polynomial_has_the_value_of_its_terms(terms: list[tuple[int, list[str]]], at: dict[str, int]) -> None:
    assert build(terms).evaluate(at) == value(terms, at)


@QUICK
@given(TERMS, st.randoms(use_true_random=False))
def test_the_order_of_terms_and_factors_does_not_matter(terms: list[tuple[int, list[str]]], random: Random) -> None:
    shuffled = [(c, random.sample(names, len(names))) for c, names in random.sample(terms, len(terms))]
    assert build(shuffled) == build(terms)
    assert hash(build(shuffled)) == hash(build(terms))


@QUICK
@given(POLYS, POLYS, VALUES)
def test_evaluation_is_a_homomorphism(p: Poly, q: Poly, at: dict[str, int]) -> None:
    assert (p + q).evaluate(at) == p.evaluate(at) + q.evaluate(at)
    assert (p * q).evaluate(at) == p.evaluate(at) * q.evaluate(at)
    assert (3 - p).evaluate(at) == 3 - p.evaluate(at)
    assert (2 * p + 1).evaluate(at) == 2 * p.evaluate(at) + 1


@QUICK
@given(POLYS, POLYS, POLYS, VALUES)
def test_substitution_is_composition(p: Poly, q: Poly, r: Poly, at: dict[str, int]) -> None:
    inner = {**at, "a": q.evaluate(at), "b": r.evaluate(at)}
    assert p.subs({"a": q, "b": r}).evaluate(at) == p.evaluate(inner)


def test_names_are_substituted_all_at_once() -> None:
    assert (A - 2 * B).subs({"a": B, "b": A}) == B - 2 * A
    assert (A * A * B).subs({"a": A + 1}) == A * A * B + 2 * A * B + B


@QUICK
@given(POLYS)
def test_affine_parts_add_up(p: Poly) -> None:
    split = p.affine(("a", "b"))
    degrees = [sum(n in ("a", "b") for n in monomial) for monomial, _ in p.terms]
    assert (split is None) == any(d > 1 for d in degrees)
    if split is not None:
        coefficients, rest = split
        assert total([*(c * var(v) for v, c in coefficients.items()), rest]) == p
        assert all(c.terms and c.names().isdisjoint({"a", "b"}) for c in coefficients.values())
        assert rest.names().isdisjoint({"a", "b"})


def test_affine_extraction() -> None:
    assert (S * A + 3 * B - T + 2).affine(("a", "b")) == ({"a": S, "b": const(3)}, 2 - T)
    assert (A * B).affine(("a", "b")) is None
    assert (A * A).affine(("a",)) is None
    assert (A * B).affine(("a",)) == ({"a": B}, ZERO)
    assert (S + 1).affine(("a",)) == ({}, S + 1)


@QUICK
@given(POLYS, POLYS)
def test_exact_division_undoes_multiplication(p: Poly, q: Poly) -> None:
    if q.terms:
        assert (p * q).divide(q) == p


@QUICK
@given(POLYS, POLYS)
def test_a_quotient_is_exact_or_absent(p: Poly, q: Poly) -> None:
    quotient = p.divide(q)
    assert quotient is None or quotient * q == p


@pytest.mark.parametrize(
    ("p", "q"), [(S + 1, S), (3 * S, const(2)), (ONE, S), (S, ZERO), (ZERO, ZERO), (S * S - 1, S + 2), (S, S * T)]
)
def test_what_does_not_divide(p: Poly, q: Poly) -> None:
    assert p.divide(q) is None


def test_a_difference_of_squares_divides() -> None:
    assert (S * S - T * T).divide(S + T) == S - T


def test_parts_of_a_polynomial() -> None:
    p = 6 * S * T - 4 * T + 8
    assert p.names() == {"s", "t"}
    assert (p.content(), p.content_without_constant(), p.constant_term()) == (2, 2, 8)
    assert ((6 * S + 3).content(), (6 * S + 3).content_without_constant()) == (3, 6)
    assert p.coefficient("s") == 6 * T
    assert p.coefficient("a") == ZERO
    assert (ZERO.content(), ZERO.constant(), const(-3).constant(), p.constant()) == (0, 0, -3, None)
    assert (S.name(), (2 * S).name(), (S * T).name(), ONE.name()) == ("s", None, None, None)
    assert poly("s") + poly(2) - poly(S) == const(2)


@pytest.mark.parametrize(
    ("p", "text"),
    [
        (ZERO, "0"),
        (const(-3), "-3"),
        (-S, "-s"),
        (2 - S, "2 - s"),
        (3 * S - 2, "3*s - 2"),
        (S * T - T * T * T - S, "s*t - t**3 - s"),
        (S * S * T + 1, "s**2*t + 1"),
        (-S - T, "-s - t"),
    ],
)
def test_text(p: Poly, text: str) -> None:
    assert str(p) == text


@QUICK
@given(POLYS, VALUES)
def test_the_text_of_a_polynomial_means_the_polynomial(p: Poly, at: dict[str, int]) -> None:
    """Python reads `s**2*t - 3` as we do; the text holds only names, digits and + - * **."""
    assert eval(str(p), {}, at) == p.evaluate(at)
