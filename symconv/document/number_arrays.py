"""Exact numbers, products of numbers and arrays of numbers as mathematics.

A number is a fraction, or a SymPy number where a root is no fraction.  Arrays of one axis are tuples, of two axes
matrices, of more axes one matrix for each place on the first axes.  Of long axes the middle is left out.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction
from itertools import product
from typing import Any

from symconv.document.model import Block, Cell, Display, Matrices, Matrix
from symconv.expr.mathematics import Fence, Frac, Math, Num, Row, Script, Sym, Tok, joined, places, row
from symconv.instances.finite_array import Place, Tensor

LONGEST = 16
"""Of longer axes the middle is left out."""
WIDE = 24
"""How many entries of matrices fit on a line."""
ZERO = Cell(Tok("times"), -1)
Colours = Mapping[Place, int]


def number(v: Any) -> Math:
    """A number with its sign."""
    if isinstance(v, Fraction):
        size, whole = abs(v), v.denominator == 1
        shown: Math = Num(str(size)) if whole else Frac(Num(str(size.numerator)), Num(str(size.denominator)))
        return shown if v >= 0 else row(Tok("neg"), shown)
    return _symbolic(v)


def _symbolic(v: Any) -> Math:
    """A SymPy number: sums and products of fractions and of powers."""
    if v.is_Rational:
        return number(Fraction(int(v.p), int(v.q)))
    if v.is_Pow:
        return Script(factor(v.base), None, number(v.exp))
    if v.is_Mul:
        first, *rest = v.as_ordered_factors()
        minus = first == -1
        factors = joined(map(factor, rest if minus else (first, *rest)), Tok("thin"))
        return row(Tok("neg"), factors) if minus else factors
    if v.is_Add:
        return joined(map(factor, v.as_ordered_terms()), Tok("plus"))
    return Num(str(v))


def factor(v: Any) -> Math:
    """A number where it is multiplied or added: in parentheses where it has a sign or several terms."""
    plain = v >= 0 if isinstance(v, Fraction) else not (v.is_Add or v.could_extract_minus_sign())
    return number(v) if plain else Fence("(", number(v))


def times(*factors: Any) -> Math:
    """a · b."""
    return joined(map(factor, factors), Tok("times"))


def place(n: Iterable[int]) -> Math:
    """n₁, n₂."""
    return places(integer(i) for i in n)


def integer(i: int) -> Math:
    """An integer with its sign."""
    return Num(str(i)) if i >= 0 else row(Tok("neg"), Num(str(-i)))


def entry(name: Math, n: Place) -> Math:
    """name[n]."""
    return row(name, Fence("[", place(n)))


def shown_places(low: int, count: int) -> list[int | None]:
    """The places of an axis, with None for those that are left out of a long one."""
    if count <= LONGEST:
        return list(range(low, low + count))
    half = LONGEST // 2
    return [*range(low, low + half), None, *range(low + count - half + 1, low + count)]


def matrix(t: Tensor, lead: Place = (), colours: Colours | None = None, labelled: bool = False) -> Matrix:
    """The last two axes of an array at a place of the others; the coloured entries stand on their colours.

    An array of one axis is a column.  With colours given, zeros that have none are light dots.
    """
    flat = len(t.shape) - len(lead) == 1
    rows = shown_places(t.start[len(lead)], t.shape[len(lead)])
    columns = [0] if flat else shown_places(t.start[-1], t.shape[-1])

    def cell(i: int | None, j: int | None) -> Cell:
        if i is None or j is None:
            return Cell(Tok("cdots"), None)
        n = (*lead, i) if flat else (*lead, i, j)
        colour = colours.get(n) if colours is not None else None
        if colours is not None and colour is None and t.at(n) == 0:
            return ZERO
        return Cell(number(t.at(n)), colour)

    cells = tuple(tuple(cell(i, j) for j in columns) for i in rows)
    if not labelled and all(low == 0 for low in t.start[len(lead) :]):
        return Matrix(cells)
    return Matrix(cells, tuple(map(_label, rows)), () if flat else tuple(map(_label, columns)))


def _label(i: int | None) -> Math:
    return Tok("cdots") if i is None else integer(i)


def tuple_of(t: Tensor) -> Math:
    """An array of one axis as (1, 0, −2)."""
    shown = shown_places(t.start[0], t.shape[0])
    return Fence("(", places(Tok("dots") if i is None else number(t.at((i,))) for i in shown))


def array_blocks(name: Math, t: Tensor) -> list[Block]:
    """name = its numbers."""
    if not t.start:
        return [Display((row(name, Tok("eq"), number(t.entries[0])),))]
    if not t.entries:
        return [Display((row(name, Tok("eq"), Num("0")),))]
    if len(t.start) == 1:
        return [Display((row(name, Tok("eq"), tuple_of(t)),))]
    if len(t.start) == 2:
        return [Matrices(((row(name, Tok("eq")), matrix(t)),))]
    leads = list(product(*(range(low, low + c) for low, c in zip(t.start[:-2], t.shape[:-2], strict=True))))
    lines: list[tuple[Matrix | Math, ...]] = []
    line: list[Matrix | Math] = []
    used = 0
    for lead in leads[:LONGEST]:
        if line and used + min(t.shape[-1], LONGEST) + 4 > WIDE:
            lines.append(tuple(line))
            line, used = [], 0
        line += [row(entry(name, lead), Tok("eq")), matrix(t, lead)]
        used += min(t.shape[-1], LONGEST) + 4
    return [Matrices((*lines, tuple(line)))]


def starts_elsewhere(t: Tensor) -> bool:
    """Whether the first entry is at another place than 0."""
    return any(t.start)


def named(name: str) -> Math:
    """A name."""
    return Sym(name)


def total(terms: list[Math]) -> Math:
    """Terms added up; 0 where there are none."""
    return joined(terms, Tok("plus")) if terms else Row((Num("0"),))
