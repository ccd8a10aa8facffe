"""Values of expressions at concrete sizes, with arrays of integers for sequences."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction

import numpy as np
from oracle import Place

from symconv.expr.evaluate import Evaluator
from symconv.expr.nodes import Expr
from symconv.expr.statement import Statement
from symconv.index.conditions import Eq
from symconv.index.poly import const

Arrays = Mapping[str, np.ndarray]
"""Entries from 0 on; an array may have more axes than its sequence, with one place on the first ones."""


def fraction(value: float, parts: int) -> Fraction:
    """The multiple of 1/parts that PyTorch means; where nothing was divided, its value itself."""
    nearest = round(value * parts)
    assert abs(value * parts - nearest) < (1e-9 if parts > 1 else 1e-300)
    return Fraction(nearest, parts)


def entry_of(arrays: Arrays) -> Callable[[str, Place], Fraction]:
    """The entries of all sequences: 0 outside the data."""

    def entry(name: str, n: Place) -> Fraction:
        a = arrays[name]
        place = (0,) * (a.ndim - len(n)) + n
        inside = all(0 <= i < c for i, c in zip(place, a.shape, strict=True))
        return Fraction(int(a[place])) if inside else Fraction(0)

    return entry


def numbers_of(arrays: Arrays) -> dict[str, Fraction]:
    """The numbers among the names: they have one place."""
    return {name: Fraction(int(a.flat[0])) for name, a in arrays.items() if a.size == 1}


def values(e: Expr, statement: Statement, integers: Mapping[str, int], arrays: Arrays,
           places: list[Place]) -> list[Fraction]:  # fmt: skip
    """What an expression is at some places."""
    evaluator = Evaluator(statement, integers, numbers_of(arrays), entry_of(arrays))
    found: list[Fraction] = []
    for n in places:
        evaluator.work = 0
        found.append(evaluator.number(e, n))
    return found


def completed(statement: Statement, integers: Mapping[str, int], arrays: Arrays) -> dict[str, int]:
    """All sizes: the given ones, and those that follow from the shapes of the data and from what is assumed tacitly."""
    known = dict(integers)
    relations = [a.p for a in statement.tacit if isinstance(a, Eq)]
    for name, a in ((name, a) for name, a in arrays.items() if name in statement.declarations):
        ranges = statement.declarations[name].ranges
        counts = a.shape[a.ndim - len(ranges) :]
        relations += [r[1] + 1 - const(c) for r, c in zip(ranges, counts, strict=True) if r is not None]
    while unknown := statement.integers - known.keys():
        p = next(p for p in relations if len(p.names() & unknown) == 1)
        (name,) = p.names() & unknown
        rest, slope = (p.evaluate({**known, name: i}) for i in (0, 1))
        known[name] = -rest // (slope - rest)
    return known
