"""The scatter of a transposed layer on images: each entry lays a copy of the kernel, and the copies are added.

Every entry has an image with its copy, the products where both are numbers and the taps where they have names; below
it stands what the copy is multiplied by.  Of numbers the sum follows on the right.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from itertools import product

from symconv.document.drawn import COLOURS, drawn_sizes, named, nodes, valued
from symconv.document.grids import Pixel, beside, grid, under
from symconv.document.model import Cell, Figure, Inline
from symconv.document.words import indexed
from symconv.expr.layers import plain
from symconv.expr.mathematics import Fence, Math, Num, Sym, Tok, places, row
from symconv.expr.nodes import Layer, Name, Taps
from symconv.expr.statement import Statement
from symconv.index.poly import Poly, const

CORNER = (2, 2)
MOST = 23
EMPTY = Cell(Num("0"), -1)
Entry = Callable[[Pixel], Fraction | Math]


@dataclass(frozen=True, slots=True)
class _Operand:
    """An image: its name if it has one, its entries, and how many of them there are on each axis."""

    name: str
    entry: Entry
    shape: tuple[Poly, Poly]


def image_scatter(statement: Statement, integers: Mapping[str, int]) -> Figure | None:
    """The figure for the first transposed layer on images without channels, dilation and padding; else None."""
    for node in nodes(statement):
        if isinstance(node, Layer) and node.kind == "conv_transpose" and len(node.stride) == 2 and plain(node):
            drawn = _figure(node, statement, integers)
            if drawn is not None:
                return drawn
    return None


def _operand(e: object, statement: Statement) -> _Operand | None:
    """Numbers, or a name; of an unbounded one the corner."""
    match e:
        case Taps((height, width), values):
            own = dict(zip(product(range(height), range(width)), values, strict=True))
            return _Operand("", own.__getitem__, (const(height), const(width)))
        case Name(name, 2) if len(name) == 1:
            ends = statement.facts.supports.get(name, (None, None))
            if any(r is not None and r[0].terms for r in ends):
                return None
            height, width = (r[1] + 1 if r is not None else const(n) for r, n in zip(ends, CORNER, strict=True))
            return _Operand(name, lambda place: indexed(name, place), (height, width))
        case _:
            return None


def _figure(e: Layer, statement: Statement, integers: Mapping[str, int]) -> Figure | None:
    y, k = (_operand(part, statement) for part in e.parts[:2])
    if y is None or k is None or (y.name and y.name == k.name):
        return None
    wanted = named((*y.shape, *k.shape), 2) | named(e.dilation, 1) | named(e.padding, 0) | named(e.stride, 2)
    sizes = drawn_sizes(statement, wanted, integers)
    if sizes is None or any(p.evaluate(sizes) for p in e.padding) or any(p.evaluate(sizes) != 1 for p in e.dilation):
        return None
    h, w, c, d, s, t = (p.evaluate(sizes) for p in (*y.shape, *k.shape, *e.stride))
    shape = (s * (h - 1) + c, t * (w - 1) + d)
    entries = list(product(range(h), range(w)))
    numbers = not y.name and not k.name
    if (len(entries) + numbers) * (shape[1] + 1) - 1 > MOST or not 1 < len(entries) <= COLOURS + 1 or c * d < 2:
        return None
    total: dict[Pixel, Fraction] = {}
    copies: list[dict[Pixel, Cell]] = []
    for number, (i, j) in enumerate(entries):
        copy: dict[Pixel, Cell] = {}
        for a, b in product(range(c), range(d)):
            factor, tap, at = y.entry((i, j)), k.entry((a, b)), (s * i + a, t * j + b)
            shown = tap
            if isinstance(factor, Fraction) and isinstance(tap, Fraction):
                shown = factor * tap
                total[at] = total.get(at, Fraction(0)) + shown
            copy[at] = Cell(_shown(shown), number if number < COLOURS else None)
        copies.append(copy)
    grids = [grid(shape, lambda i, j, copy=copy: copy.get((i, j), EMPTY)) for copy in copies]
    factors: list[Cell | None] = [
        Cell(_shown(y.entry(place)), number if number < COLOURS else None) for number, place in enumerate(entries)
    ]
    if numbers:
        grids.append(grid(shape, lambda i, j: Cell(_shown(total.get((i, j), Fraction(0))), None)))
        factors.append(None)
    return Figure((*beside(grids), under(grids, factors)), (), _said(y, k, (s, t), sizes), square=True)


def _shown(v: Fraction | Math) -> Math:
    if not isinstance(v, Fraction):
        return v
    size: Math = Num(str(abs(v)))
    return size if v >= 0 else row(Tok("neg"), size)


def _said(y: _Operand, k: _Operand, steps: Pixel, sizes: Mapping[str, int]) -> tuple[Inline, ...]:
    """Each entry of y lays the taps of k from place (2i, 2j) on; the copies are added."""
    at = (row(Num(str(n)), Sym(i)) if n != 1 else Sym(i) for n, i in zip(steps, ("i", "j"), strict=True))
    who: tuple[Inline, ...] = ("Entry ", Fence("(", places((Sym("i"), Sym("j")))), " of the image")
    who += (" ", Sym(y.name)) if y.name else ()
    what: tuple[Inline, ...] = ("the kernel", *((" ", Sym(k.name)) if k.name else ()), *valued(sizes))
    out: tuple[Inline, ...] = (*who, ", below each copy, lays ", *what, " from place ", Fence("(", places(at)), " on")
    if y.name or k.name:
        return (*out, "; the copies are multiplied by their entries and added.")
    return (*out, ", multiplied by it; on the right the copies are added.")
