"""The rank condition: forms pin an index exactly if they leave it finitely many values, for all sizes."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from symconv.index.facts import Facts
from symconv.index.pinning import Form, unpinned
from symconv.index.poly import Poly, const, total, var

I, J, M, N, S, T = map(var, ("i", "j", "m", "n", "s", "t"))
FACTS = Facts(sizes=frozenset("st"))
BOTH, HALF = True, False


@pytest.mark.parametrize(
    ("names", "forms"),
    [
        (("i",), ((I, BOTH),)),
        (("i",), ((N - S * I, BOTH),)),
        (("i",), ((I, HALF), (S - 1 - I, HALF))),
        (("i",), ((2 * I - N, HALF), (T - 2 * I, HALF))),
        (("i",), ((N - I, HALF), (S * I - S * N + S - 1, HALF))),
        (("i", "j"), ((S * I - J, HALF), (T * J - S * T * I + N, HALF), (J, BOTH))),
        (("i", "j"), ((I, BOTH), (N - I - J, BOTH))),
        (("i", "j"), ((I + J, BOTH), (I - J, BOTH))),
        (("i", "j"), ((S * I + J, BOTH), (J, BOTH))),
        (("i", "j"), ((I + S * J, BOTH), (I - T * J, BOTH))),
        (("i", "j", "m"), ((I + J, BOTH), (J + M, BOTH), (I + M, BOTH))),
        (("i", "j"), ((I - J, HALF), (J - I + 3, HALF), (J, BOTH))),
        ((), ()),
    ],
)
def test_pinned(names: tuple[str, ...], forms: tuple[Form, ...]) -> None:
    assert unpinned(names, forms, FACTS) == []


@pytest.mark.parametrize(
    ("names", "forms", "loose"),
    [
        (("i",), (), ["i"]),
        (("i",), ((N, BOTH),), ["i"]),
        (("i",), ((I, HALF),), ["i"]),
        (("i",), ((I, HALF), (I - S, HALF)), ["i"]),
        (("i",), ((I, HALF), (S * I - T, HALF)), ["i"]),
        (("i",), ((I, HALF), (T - (S - 1) * I, HALF)), ["i"]),
        (("i",), ((I, HALF), (T - N * I, HALF)), ["i"]),
        (("i", "j"), ((I - J, HALF), (T - S * I + T * J, HALF)), ["i", "j"]),
        (("i",), ((I - I + N, BOTH),), ["i"]),
        (("i",), (((S - T) * I, BOTH),), ["i"]),
        (("i",), ((N * I, BOTH),), ["i"]),
        (("i", "j"), ((I + J, BOTH),), ["i", "j"]),
        (("i", "j"), ((I + J, BOTH), (2 * I + 2 * J, BOTH)), ["i", "j"]),
        (("i", "j"), ((I + S * J, BOTH), (S * I + S * S * J, BOTH)), ["i", "j"]),
        (("i", "j"), ((I, BOTH), (I + N, BOTH)), ["j"]),
        (("i", "j"), ((I + S * J, BOTH), (I + T * J, BOTH)), ["i", "j"]),
        (("i", "j"), ((I * J, BOTH), (I, BOTH)), ["j"]),
        (("i", "j"), ((I, HALF), (J, HALF), (N - I - J, HALF), (N - I + J, HALF)), ["i", "j"]),
        (("i", "j", "m"), ((I + J, BOTH), (J + M, BOTH), (I - M, BOTH)), ["i", "j", "m"]),
    ],
)
def test_loose(names: tuple[str, ...], forms: tuple[Form, ...], loose: list[str]) -> None:
    """Nothing is pinned that has infinitely many values; (s−t)i may be 0·i, so it pins nothing either."""
    assert unpinned(names, forms, FACTS) == loose


COEFFICIENTS = st.lists(st.tuples(*[st.integers(-2, 2)] * 3), max_size=4)


@settings(max_examples=120, deadline=None, derandomize=True)
@given(COEFFICIENTS)
def test_numeric_forms_pin_exactly_by_rank(rows: list[tuple[int, int, int]]) -> None:
    """Homogeneous forms leave only 0 iff no direction ≠ 0 (small ones suffice here) makes all of them 0."""
    names = ("i", "j", "m")

    def form(row: tuple[int, ...]) -> Poly:
        return total([const(c) * var(v) for c, v in zip(row, names, strict=True)])

    reach = range(-8, 9)
    lines = [
        d for d in product(reach, repeat=3) if not any(sum(c * x for c, x in zip(r, d, strict=True)) for r in rows)
    ]
    free = [v for v, axis in zip(names, zip(*lines, strict=True), strict=True) if any(axis)]
    assert set(free) <= set(unpinned(names, tuple((form(r), BOTH) for r in rows), FACTS))
    if not free:
        assert unpinned(names, tuple((form(r), BOTH) for r in rows), FACTS) == []
