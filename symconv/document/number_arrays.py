"""Exact numbers, products of numbers and arrays of numbers as mathematics.

A number is a fraction, or a SymPy number where a root is no fraction.  Arrays of one axis are tuples, of two axes
matrices, of more axes one matrix for each place on the first axes.  Of long axes the middle is left out.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import islice, product
from math import prod
from typing import Any

from symconv.document.model import Block, Cell, Display, Matrices, Matrix
from symconv.expr.mathematics import Fence, Frac, Math, Num, Row, Script, Tok, joined, places, row
from symconv.instances.finite_array import Place, Tensor

LONGEST = 16
"""Of longer axes the middle is left out."""
WIDE = 26
"""About how many entries fit on a line."""
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
        factors = joined(map(factor, rest if minus else (first, *rest)), Tok("times"))
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


def array_blocks(arrays: Sequence[tuple[Math, Tensor]]) -> list[Block]:
    """name = its numbers for each array: numbers and tuples side by side, matrices side by side as far as they fit."""
    flat = [(name, t) for name, t in arrays if len(t.start) < 2 or not t.entries]
    blocks: list[Block] = []
    for line in _packed([((row(name, Tok("eq"), _flat(t)),), sum(t.shape)) for name, t in flat]):
        blocks.append(Display(tuple(m for m in line if not isinstance(m, Matrix))))
    items = [item for name, t in arrays if (name, t) not in flat for item in _matrices(name, t)]
    if items:
        blocks.append(Matrices(tuple(_packed(items))))
    return blocks


Item = tuple[tuple[Matrix | Math, ...], int]
"""What stands side by side, and about how wide it is."""


def _flat(t: Tensor) -> Math:
    return Num("0") if not t.entries else tuple_of(t) if t.start else number(t.entries[0])


def _matrices(name: Math, t: Tensor) -> Iterator[Item]:
    """name[lead] = matrix for each place on the axes before the last two."""
    wide = min(t.shape[-1], LONGEST) + (4 if len(t.shape) == 2 else 6)
    if len(t.shape) == 2:
        yield (row(name, Tok("eq")), matrix(t)), wide
        return
    leads = product(*(range(low, low + c) for low, c in zip(t.start[:-2], t.shape[:-2], strict=True)))
    for lead in islice(leads, LONGEST):
        yield (row(entry(name, lead), Tok("eq")), matrix(t, lead)), wide
    if prod(t.shape[:-2]) > LONGEST:
        yield (Tok("cdots"),), 2


def _packed(items: Iterable[Item]) -> list[tuple[Matrix | Math, ...]]:
    """Lines of things that fit side by side."""
    lines: list[tuple[Matrix | Math, ...]] = []
    used = WIDE
    for item, wide in items:
        if not lines or used + wide > WIDE:
            lines.append(())
            used = 0
        between = (Tok("quad"),) if lines[-1] and any(isinstance(i, Matrix) for i in item) else ()
        lines[-1] = (*lines[-1], *between, *item)
        used += wide
    return lines


def total(terms: list[Math]) -> Math:
    """Terms added up; 0 where there are none."""
    return joined(terms, Tok("plus")) if terms else Row((Num("0"),))
