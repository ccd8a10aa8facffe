"""Conditions become isl's sets and come back with the same truth at every tuple; what is not linear is refused."""

from __future__ import annotations

from itertools import product

import islpy
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from symconv.errors import SearchError
from symconv.expr.floors import floor
from symconv.expr.satisfy import met
from symconv.expr.statement import Assumption, Coprime, Unequal
from symconv.index.conditions import Divides, Eq, Ge
from symconv.index.poly import Poly, const, var
from symconv.tactics.covers import cover
from symconv.tactics.presburger import Space, reduced, remainder, tidy
from symconv.tactics.region import holds_at
from symconv.tactics.verdict import Conjunction
from symconv.tactics.wording import disjunction

NAMES = ("a", "b", "n")
POINTS = [dict(zip(NAMES, values, strict=True)) for values in product(range(-5, 6), repeat=3)]

forms = st.builds(
    lambda cs, c: sum((k * var(v) for k, v in zip(cs, NAMES, strict=True)), const(c)),
    st.tuples(*[st.integers(-3, 3)] * 3), st.integers(-6, 6),
)  # fmt: skip
floors = st.builds(lambda p, q, s, k: p + k * floor(q, const(s)), forms, forms, st.integers(2, 5), st.integers(-3, 3))
conditions = st.one_of(
    st.builds(Ge, forms), st.builds(Ge, floors), st.builds(Eq, forms), st.builds(Eq, floors), st.builds(Unequal, forms),
    st.builds(lambda m, p: Divides(const(m), p), st.integers(2, 6), forms),
    st.builds(lambda m, p: Coprime(p, const(m)), st.integers(2, 6), forms),
)  # fmt: skip
unions = st.lists(st.lists(conditions, min_size=1, max_size=3).map(tuple), min_size=1, max_size=3)


def of(space: Space, pieces: list[Conjunction]) -> object:
    first, *rest = (space.where(c, ("n",)) for c in pieces)
    for s in rest:
        first = first.union(s)
    return first


def at(c: Assumption, values: dict[str, int]) -> bool:
    return holds_at([(c,)], values)


@settings(max_examples=60, deadline=None)
@given(unions)
def test_there_and_back(pieces: list[Conjunction]) -> None:
    space = Space(("a", "b"))
    back = space.formula(of(space, pieces), ("n",))
    for values in POINTS[::3]:
        assert holds_at(back, values) is holds_at(pieces, values)


@settings(max_examples=60, deadline=None)
@given(unions, st.lists(conditions, max_size=2).map(tuple))
def test_a_cover_is_the_set_within_the_context(pieces: list[Conjunction], known: Conjunction) -> None:
    space = Space(("a", "b"))
    context = space.where(known, ("n",))
    try:
        shown = cover(of(space, pieces), context, space, ("n",))
    except (SearchError, islpy.Error):  # Too many pieces to be said, or too much work.
        return
    printed = disjunction(shown, ("n",))
    for values in POINTS[::3]:
        if holds_at([known], values):
            assert holds_at(shown, values) is holds_at(pieces, values)
            assert bool(eval(printed, {"always": True, "never": False, **values})) is holds_at(pieces, values)


@settings(max_examples=100, deadline=None)
@given(st.builds(Ge, floors) | st.builds(Eq, floors))
def test_tidied_conditions_are_the_same(c: Ge | Eq) -> None:
    new = tidy(c)
    for values in POINTS[::7]:
        assert at(new, values) is at(c, values)


@settings(max_examples=100, deadline=None)
@given(forms, st.integers(2, 6))
def test_reduced_forms_have_the_same_multiples(p: Poly, m: int) -> None:
    for values in POINTS[::7]:
        assert (p.evaluate(values) % m == 0) is (reduced(p, m).evaluate(values) % m == 0)


def test_remainders_are_seen() -> None:
    e = var("a") + 3 * var("b")
    p = 2 * e - 8 * floor(e, const(4)) - 1
    assert remainder(p) is not None
    assert remainder(e - 3 * floor(e, const(4))) is None
    assert remainder(e) is None


@pytest.mark.parametrize(
    ("c", "said"),
    [
        (Ge(var("a") * var("b")), "is not linear"),
        (Divides(var("a"), var("b")), "the divisor is no number"),
        (Ge(floor(var("a"), var("b"))), "the divisor is no number"),
        (Ge(var("z")), "z is no integer here"),
        (Coprime(var("a"), var("b")), "without common factor"),
        (Eq(var("a**b")), "is no integer here"),
    ],
)
def test_what_is_not_linear_is_refused_before_isl_is_asked(c: Assumption, said: str) -> None:
    with pytest.raises(SearchError, match=said):
        Space(("a", "b")).require_linear(c, ("n",))


def test_isl_stops_within_its_budget() -> None:
    space = Space(("a", "b"), budget=20)
    with pytest.raises(islpy.Error):
        space.formula(of(space, [(Ge(var("a") - 5 * floor(var("n") + var("b"), const(7))), Ge(var("n")))]), ("n",))


def test_met_and_holds_at_agree_without_floors() -> None:
    c = Coprime(var("a"), const(4))
    assert [met(c, {"a": a}) for a in range(5)] == [at(c, {"a": a}) for a in range(5)]
