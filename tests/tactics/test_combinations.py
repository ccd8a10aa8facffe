"""Feasibility is that of SciPy's linear programming, on drawn systems; combinations are checked by the facts."""

from __future__ import annotations

from fractions import Fraction
from random import Random

import numpy as np
import pytest

from symconv.index.facts import Facts
from symconv.index.poly import ONE, var
from symconv.tactics.combinations import combination, feasible

optimize = pytest.importorskip("scipy.optimize")


def test_feasible_systems_are_those_of_scipy() -> None:
    seen = {True: 0, False: 0}
    for seed in range(300):
        draw = Random(seed)
        rows, columns = draw.randint(1, 5), draw.randint(1, 6)
        a = [[Fraction(draw.randint(-3, 3)) for _ in range(columns)] for _ in range(rows)]
        b = [Fraction(draw.randint(-4, 4)) for _ in range(rows)]
        equal = [draw.random() < 0.4 for _ in range(rows)]
        found = feasible(a, b, equal)
        array, right = np.array(a, float), np.array(b, float)
        most, same = [not e for e in equal], equal
        above = (array[most], right[most]) if any(most) else (None, None)
        exact = (array[same], right[same]) if any(same) else (None, None)
        answer = optimize.linprog(np.zeros(columns), *above, *exact)
        assert (found is not None) == (answer.status == 0)
        seen[found is not None] += 1
        if found is not None:
            assert min(found) >= 0
            for line, value, same_as in zip(a, b, equal, strict=True):
                total = sum((u * v for u, v in zip(line, found, strict=True)), Fraction(0))
                assert total == value if same_as else total <= value
    assert min(seen.values()) > 50


def test_a_combination_with_symbolic_multipliers() -> None:
    s, a, b, q = map(var, "sabq")
    facts = Facts(sizes=frozenset("sab"))
    known = [a - s * q, s * q + s - 1 - a, b - a]
    found = combination(b - s * q, known, facts, [ONE])
    assert found is not None
    scale, multipliers = found
    assert facts.combination(scale * (b - s * q) + scale - 1, known, multipliers)
    assert combination(s * q - b, known, facts, [ONE, s]) is None
