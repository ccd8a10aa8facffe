"""Numbers with derivatives against formal differentiation: polynomials, products, functions, nested derivatives."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from symconv.expr.claim import read_expression
from symconv.expr.evaluate import Evaluator
from symconv.expr.jets import NOUGHT, Jet, Value, applied, part, plain, seed

Poly = list[Fraction]
numbers = st.fractions(-4, 4, max_denominator=3)
polynomials = st.lists(numbers, min_size=0, max_size=5)


def value(p: Poly, v: Value) -> Value:
    """By Horner's rule, in the operations of jets."""
    out: Value = NOUGHT
    for c in reversed(p):
        out = out * v + c
    return out


def exact(p: Poly, v: Fraction) -> Fraction:
    return sum((c * v**i for i, c in enumerate(p)), NOUGHT)


def formal(p: Poly, order: int = 1) -> Poly:
    for _ in range(order):
        p = [i * c for i, c in enumerate(p)][1:]
    return p


def times(p: Poly, q: Poly) -> Poly:
    out = [NOUGHT] * (len(p) + len(q))
    for i, c in enumerate(p):
        for j, d in enumerate(q):
            out[i + j] += c * d
    return out


def derivative(f: Callable[[Value], Value], v: Value, letter: int = 0) -> Value:
    return plain(part(f(seed(v, letter)), letter))


def function(p: Poly) -> Callable[[int], Callable[[Fraction], Fraction]]:
    """The derivatives of a polynomial as `applied` wants them."""
    return lambda order: lambda v: exact(formal(p, order), v)


@given(p=polynomials, v=numbers)
def test_the_derivative_of_a_polynomial_is_the_formal_one(p: Poly, v: Fraction) -> None:
    assert plain(value(p, v)) == exact(p, v)
    assert derivative(lambda t: value(p, t), v) == exact(formal(p), v)


@given(p=polynomials, q=polynomials, v=numbers)
def test_sums_products_and_negatives(p: Poly, q: Poly, v: Fraction) -> None:
    both = exact(formal(p), v), exact(formal(q), v)
    assert derivative(lambda t: value(p, t) + value(q, t), v) == both[0] + both[1]
    assert derivative(lambda t: -value(p, t), v) == -both[0]
    assert derivative(lambda t: value(p, t) * value(q, t), v) == both[0] * exact(q, v) + both[1] * exact(p, v)


@given(p=polynomials, v=numbers, order=st.integers(1, 4))
def test_derivatives_of_derivatives(p: Poly, v: Fraction, order: int) -> None:
    """One letter each: the n-th derivative."""

    def f(t: Value, depth: int) -> Value:
        return value(p, t) if depth == order else part(f(seed(t, depth), depth + 1), depth)

    assert plain(f(v, 0)) == exact(formal(p, order), v)


@given(p=polynomials, q=polynomials, v=numbers)
def test_functions_by_taylor_are_compositions(p: Poly, q: Poly, v: Fraction) -> None:
    def f(t: Value) -> Value:
        return applied(function(p), value(q, t))

    inner = exact(q, v)
    assert plain(f(v)) == exact(p, inner)
    assert derivative(f, v) == exact(formal(p), inner) * exact(formal(q), v)
    twice = part(part(f(seed(seed(v, 0), 1)), 1), 0)
    first, second = exact(formal(q), v), exact(formal(q, 2), v)
    assert plain(twice) == exact(formal(p, 2), inner) * first**2 + exact(formal(p), inner) * second


@given(p=polynomials, q=polynomials, u=numbers, v=numbers)
def test_mixed_derivatives_in_either_order(p: Poly, q: Poly, u: Fraction, v: Fraction) -> None:
    """∂²(p(u) q(v) u v)/∂u∂v."""

    def f(a: Value, b: Value) -> Value:
        return value(p, a) * value(q, b) * a * b

    def slope(r: Poly, t: Fraction) -> Fraction:
        return exact(formal(times(r, [NOUGHT, Fraction(1)])), t)

    expected = slope(p, u) * slope(q, v)
    both = f(seed(u, 0), seed(v, 1))
    assert plain(part(part(both, 0), 1)) == plain(part(part(both, 1), 0)) == expected


@given(v=numbers, w=numbers)
def test_perturbations_are_not_confused(v: Fraction, w: Fraction) -> None:
    """d/dx (x · d/dy (x + y)) = 1 and d/dx (x · d/dy (x y)) = 2 x: the inner letter is not the outer one."""
    assert derivative(lambda t: t * part(t + seed(w, 1), 1), v) == 1
    assert derivative(lambda t: t * part(t * seed(w, 1), 1), v) == 2 * v


def test_confusion_by_one_letter_would_show() -> None:
    wrong = derivative(lambda t: t * part(t + seed(Fraction(0), 0), 0), Fraction(5))
    assert wrong != 1


@given(p=polynomials, q=polynomials, r=polynomials, v=numbers)
def test_jets_are_a_commutative_ring(p: Poly, q: Poly, r: Poly, v: Fraction) -> None:
    t = seed(seed(v, 0), 1)
    a, b, c = (value(e, t) for e in (p, q, r))

    def same(left: Value, right: Value) -> bool:
        return not left + -right

    assert same(a + b, b + a)
    assert same(a * b, b * a)
    assert same((a * b) * c, a * (b * c))
    assert same(a * (b + c), a * b + a * c)
    assert same(a + NOUGHT, a)
    assert same(a * Fraction(1), a)
    assert not a * NOUGHT


def test_squares_of_letters_vanish_and_products_do_not() -> None:
    e, d = (seed(NOUGHT, i) for i in (0, 1))
    assert not e * e
    assert part(part(e * d, 0), 1) == 1
    assert bool(e * d)


def test_plain_numbers_stay_plain() -> None:
    assert plain(Jet({frozenset(): Fraction(3)})) == 3
    assert isinstance(plain(Jet({})), Fraction)
    assert part(Fraction(3), 0) == 0
    assert applied(function([NOUGHT, Fraction(2)]), Fraction(3)) == 6
    assert isinstance(plain(seed(Fraction(3), 0)), Jet)


@pytest.mark.parametrize(("e", "expected"), [
    ("diff(z*z*z, z)", 12), ("diff(diff(z*z*z, z), z)", 12), ("diff(diff(diff(z*z*z, z), z), z)", 6),
    ("diff(z*diff(z*z, z), z)", 8), ("diff(z*diff(w + z, w), z)", 1), ("diff(z*diff(w*z, w), z)", 4),
    ("diff(diff(z*z*w, z), w)", 4), ("diff(relu(z*z - 3), z)", 4), ("diff(relu(3 - z*z), z)", 0),
    ("diff(diff(relu(z*z - 3), z), z)", 2), ("diff(abs(1 - z), z)", 1), ("diff(relu(z - 2), z)", 0),
    ("diff(abs(z - 2), z)", 0), ("diff(step(z), z)", 0), ("diff(f(z*z), z)", 36), ("diff(diff(f(z), z), z)", 2),
    ("diff(f(f(z)), z)", 35), ("grad(z*z, z, z)", 8), ("diff(grad(z*z, z, z), z)", 8),
    ("diff(inner(z*taps(1, 2), z*taps(3, 4)), z)", 44),
])  # fmt: skip
def test_the_evaluator_takes_derivatives_by_jets(e: str, expected: int) -> None:
    """At z = 2, w = 7, with f(t) = t² + t − 3."""
    statement = read_expression(e, ("z: number", "w: number", "f: function"))
    evaluator = Evaluator(statement, {}, {"z": Fraction(2), "w": Fraction(7)}, lambda *_: NOUGHT)
    assert evaluator.number(statement.lhs) == expected
