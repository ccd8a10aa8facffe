"""Matrices of SymPy entries as blocks of a page: equal entries in one colour, zeros as dots, the middle left out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from itertools import pairwise
from typing import Any

from symconv.document.drawn import COLOURS
from symconv.document.examples import monomials
from symconv.document.model import Cell, Matrix, Monomials, Text
from symconv.expr.mathematics import Math, Num, Tok, places, row

Place = tuple[int, ...]
Values = Sequence[Sequence[Any]]
Taps = Mapping[Any, tuple[str, Place]]
WIDEST = 24
"""More columns, or rows, than these are not shown: the middle ones are left out."""
NOUGHT = Cell(Tok("times"), -1)
LEFT_OUT = Cell(Tok("dots"), -1)


def matrix_block(values: Values, taps: Taps, rows: Sequence[Place] = (), columns: Sequence[Place] = (),
                 under: Text = (), mark: Math | None = None) -> Matrix:  # fmt: skip
    """The block of a matrix; labels are the places of its rows and columns, where they are given.

    On several axes a line stands wherever an index other than the last one changes.
    """
    down, across = _shown(len(values)), _shown(len(values[0]))
    colours = _colours(values)
    cells = [tuple(LEFT_OUT if i is None or j is None else _cell(values[i][j], colours, taps) for j in across)
             for i in down]  # fmt: skip
    return Matrix(tuple(cells), _labels(rows, down), _labels(columns, across), _lines(rows, down),
                  _lines(columns, across), under, mark)  # fmt: skip


def dotted(block: Matrix) -> bool:
    """Whether a 0 is shown, as a dot."""
    return any(cell is NOUGHT for r in block.rows for cell in r)


def _shown(count: int) -> list[int | None]:
    """The numbers that are shown; None for those that are left out."""
    if count <= WIDEST:
        return list(range(count))
    return [*range(WIDEST - 7), None, *range(count - 6, count)]


def _colours(values: Values) -> dict[Any, int]:
    """A colour for each value, in the order in which they come; for a single row, by its columns."""
    found = dict.fromkeys(v for r in values for v in r if v != 0)
    return {v: i % COLOURS for i, v in enumerate(found)}


def _cell(value: Any, colours: Mapping[Any, int], taps: Taps) -> Cell:
    return NOUGHT if value == 0 else Cell(monomials(terms(value, taps)), colours[value])


def terms(value: Any, taps: Taps) -> Monomials:
    """A SymPy polynomial in taps as coefficients and indexed names, in the order of the names."""
    import sympy

    symbols = sorted(value.free_symbols, key=lambda s: taps.get(s, (str(s), ())))
    if not symbols:
        return [(Fraction(int(value.p), int(value.q)), [])] if value != 0 else []
    out: Monomials = []
    for powers, c in sympy.Poly(value, *symbols).terms():
        factors = [taps.get(s, (str(s), ())) for s, n in zip(symbols, powers, strict=True) for _ in range(n)]
        out.append((Fraction(int(c.p), int(c.q)), factors))
    return out


def whole(i: int) -> Math:
    """An integer."""
    return Num(str(i)) if i >= 0 else row(Tok("neg"), Num(str(-i)))


def _labels(named: Sequence[Place], shown: list[int | None]) -> tuple[Math, ...]:
    return tuple(Tok("dots") if i is None else places(map(whole, named[i])) for i in shown) if named else ()


def _lines(named: Sequence[Place], shown: list[int | None]) -> tuple[int, ...]:
    out: list[int] = []
    for at, (before, i) in enumerate(pairwise(shown), start=1):
        if named and before is not None and i is not None and named[before][:-1] != named[i][:-1]:
            out.append(at)
    return tuple(out)
