"""Conditions in words: outputs on the left, remainders as such, two bounds as one range, the shortest cover."""

from __future__ import annotations

import pytest

from symconv.expr.floors import floor
from symconv.expr.statement import Assumption, Coprime, Unequal
from symconv.index.conditions import Divides, Eq, Ge
from symconv.index.poly import const, var
from symconv.tactics.covers import cover
from symconv.tactics.presburger import Space
from symconv.tactics.wording import disjunction, grouped, said

N, c, n, p = map(var, ("N", "c", "n", "p"))


@pytest.mark.parametrize(
    ("conditions", "text"),
    [
        ((Ge(p + 1 - c),), "c <= p + 1"),
        ((Ge(p - 1 - 2 * n),), "2*n < p"),
        ((Ge(4 * n - N - 4 * p - 3 + 3 * c),), "4*n >= N + 4*p + 3 - 3*c"),
        ((Ge(c - p - 1),), "c > p"),
        ((Ge(n - 1), Ge(N - 2 - n)), "1 <= n <= N - 2"),
        ((Ge(3 * p + 3 - 3 * c),), "c <= p + 1"),
        ((Eq(6 - 2 * c),), "c == 3"),
        ((Eq(3 - c),), "c == 3"),
        ((Unequal(c - 3),), "c != 3"),
        ((Divides(const(2), N - c),), "(N - c) % 2 == 0"),
        ((Divides(const(4), N - 3),), "N % 4 == 3"),
        ((Ge(N + 1 - 4 * floor(N + 1, const(4)) - 2),), "(N + 1) % 4 >= 2"),
        ((Ge(2 - N - 1 + 4 * floor(N + 1, const(4))),), "N % 4 != 2"),
        ((Coprime(N, c),), "gcd(N, c) == 1"),
        ((), "always"),
    ],
)
def test_texts(conditions: tuple[Assumption, ...], text: str) -> None:
    assert said(conditions, ("n",)) == text


def test_alternatives_are_joined() -> None:
    assert disjunction([(Ge(p + 1 - c),), (Eq(p), Ge(c - 3))]) == "c <= p + 1 or (p == 0 and c >= 3)"
    assert disjunction([]) == "never"


def test_conditions_on_outputs_are_said_once() -> None:
    found = grouped([(Ge(p - 2 * n), Ge(c - 3)), (Ge(p - 2 * n), Eq(c - 1)), (Ge(c - 9),)], ("n",))
    assert found == [((Ge(p - 2 * n),), [(Ge(c - 3),), (Eq(c - 1),)]), ((), [(Ge(c - 9),)])]


@pytest.mark.parametrize(
    ("pieces", "text"),
    [
        # what isl says of this with a floor
        ([(Ge(N + p + 2 - 2 * floor(N + c + 1, const(2))),)], "c <= p + 1 or (c == p + 2 and (N - c) % 2 == 0)"),
        # disjoint pieces overlap when each is shortened
        ([(Eq(p),), (Ge(p - 1), Ge(p + 1 - c))], "p == 0 or c <= p + 1"),
        # a piece that the others cover
        ([(Ge(p - 2),), (Ge(1 - p),), (Eq(p - 5), Ge(c - 2))], "always"),
        ([(Ge(p - 3), Ge(2 - p))], "never"),
        # pieces that could each leave to the other what both have
        (
            [(Ge(3 - c), Ge(p - 2)), (Ge(3 - c), Ge(N - 5)), (Ge(2 - c),)],
            "c <= 2 or (N >= 5 and c == 3) or (p >= 2 and c == 3)",
        ),
        # a remainder at a number
        ([(Eq(c - 3), Divides(const(4), N + c - 3))], "c == 3 and N % 4 == 0"),
    ],
)
def test_covers(pieces: list[tuple[Assumption, ...]], text: str) -> None:
    space = Space(("N", "c", "p"))
    first, *rest = map(space.where, pieces)
    for s in rest:
        first = first.union(s)
    context = space.where((Ge(N - 1), Ge(c - 1), Ge(p)))
    assert disjunction(cover(first, context, space)) == text
