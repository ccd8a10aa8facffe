"""The receptive field: which samples of each layer one output depends on, from the output down to the input."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import accumulate
from operator import mul

from symconv.document.drawn import COLOURS, Stack, Step, drawn_sizes, named, nodes, stack, valued
from symconv.document.model import Cell, Figure, FigureRow, Text
from symconv.document.words import indexed
from symconv.expr.mathematics import Math, Num, Sym, Tok, joined, row
from symconv.expr.nodes import Corr, Expr, Layer, Name, Ones, rank
from symconv.expr.notation import notation
from symconv.expr.statement import Statement
from symconv.index.facts import Range
from symconv.index.poly import ZERO, Poly

WIDEST = 15
DEEPEST = 3
STEP = 2
NOT_READ = Cell(Tok("times"), -1)
"""A sample that the output does not depend on: a dot."""


def reach(statement: Statement, integers: Mapping[str, int]) -> Figure | None:
    """The figure for the first dilated layer, or two or three layers in each other, in one dimension; else None."""
    for node in nodes(statement):
        layers = stack(node, statement, _spatial)
        if layers is not None and len(layers.steps) <= DEEPEST and isinstance(layers.first, Name):
            for taps, preferred in ((3, integers), (3, {}), (2, {})):
                drawn = _figure(layers, statement, preferred, taps)
                if drawn is not None:
                    return drawn
    return None


def _spatial(e: Expr) -> bool:
    """Correlations in one dimension with kernels by name, with channels or without."""
    if isinstance(e, Corr):
        return rank(e) == 1 and isinstance(e.k, Name | Ones)
    return (
        isinstance(e, Layer) and e.kind in ("conv", "depthwise") and len(e.stride) == 1 and isinstance(e.parts[1], Name)
    )


def _ends(layer: Corr | Layer, statement: Statement) -> Range:
    """The first and the last tap."""
    k = layer.k if isinstance(layer, Corr) else layer.parts[1]
    if isinstance(k, Ones):
        return ZERO, k.extents[0] - 1
    return statement.facts.supports.get(k.name, (None,))[-1] if isinstance(k, Name) else None


def _enough(last: Poly, taps: int) -> int:
    """The least value of the sizes with so many taps from 0 to the last one: 1 for 3 taps up to 2l."""
    return next(v for v in range(1, taps + 1) if v == taps or last.evaluate(named((last,), v)) >= taps - 1)


@dataclass(frozen=True, slots=True)
class _Read:
    """Sample n of a layer reads the samples s n + d a − p of the one before, for low ≤ a ≤ high."""

    stride: int
    dilation: int
    padding: int
    low: int
    high: int

    def by(self, places: set[int]) -> set[int]:
        """What the samples at these places read."""
        taps = range(self.low, self.high + 1)
        return {self.stride * n + self.dilation * a - self.padding for n in places for a in taps}


def _reads(steps: tuple[Step, ...], statement: Statement, sizes: Mapping[str, int]) -> list[_Read]:
    out: list[_Read] = []
    for layer in (step.layer for step in steps):
        ends = _ends(layer, statement) or (ZERO, ZERO)
        out.append(_Read(*(p.evaluate(sizes) for p in (layer.stride[0], layer.dilation[0], layer.padding[0], *ends))))
    return out


def _figure(layers: Stack, statement: Statement, integers: Mapping[str, int], taps: int) -> Figure | None:
    """Sample i of a layer stands over place J i of the input, where J is the product of the strides up to it."""
    names = [getattr(layers.first, "name", ""), *(step.name for step in layers.steps)]
    wanted: dict[str, int] = {}
    for layer in (step.layer for step in layers.steps):
        ends = _ends(layer, statement)
        if ends is None:
            return None
        wanted |= named(layer.padding, 1) | named((*layer.stride, *layer.dilation), STEP)
        wanted |= named(ends, 1 if ends[0].terms else _enough(ends[1], taps))
    sizes = drawn_sizes(statement, wanted, integers)
    reads = [] if sizes is None else _reads(layers.steps, statement, sizes)
    dull = all(r.high == r.low for r in reads) or (len(reads) == 1 and reads[0].dilation == 1)
    if sizes is None or dull:
        return None
    jumps = list(accumulate((r.stride for r in reads), mul, initial=1))
    needed = [{0}]
    for r in reversed(reads):
        needed.insert(0, r.by(needed[0]))
    places = [jump * i for jump, some in zip(jumps, needed, strict=True) for i in some]
    shown = range(min(places), max(places) + 1)
    if len(shown) > WIDEST:
        return None
    channels = rank(layers.first) > 1
    numbers = channels or any(len(name) > 1 for name in names)
    rows: list[FigureRow] = []
    for level, (name, jump) in enumerate(zip(names, jumps, strict=True)):
        colour = level % COLOURS
        cells = [_cell(name, n // jump, needed[level], colour, numbers) if n % jump == 0 else None for n in shown]
        label = row(Sym(name), Tok("eq"), notation(layers.steps[level - 1].layer)) if level else Sym(name)
        rows.insert(0, FigureRow((label,), tuple(cells), colour=colour))
    layer = layers.steps[0].layer
    if len(reads) == 1 and isinstance(layer, Corr) and isinstance(layer.k, Name):
        own = {reads[0].dilation * a - reads[0].padding: a for a in range(reads[0].low, reads[0].high + 1)}
        taps_row = tuple(Cell(indexed(layer.k.name, (own[n],)), None) if n in own else None for n in shown)
        rows.insert(1, FigureRow((notation(layer.k),), taps_row))
    return Figure(tuple(rows), (), _said(names, needed[0], reads, sizes, channels), square=True)


def _cell(name: str, i: int, needed: set[int], colour: int, numbers: bool) -> Cell:
    if i not in needed:
        return NOT_READ
    number: Math = Num(str(i)) if i >= 0 else row(Tok("neg"), Num(str(-i)))
    return Cell(number if numbers else indexed(name, (i,)), colour)


def _said(names: list[str], needed: set[int], reads: list[_Read], sizes: Mapping[str, int], channels: bool) -> Text:
    """It reads 7 samples of x, from place 0 to place 6, so its length is 1 + 2 + 4 = 7."""
    jumps = accumulate((r.stride for r in reads), mul, initial=1)
    spans = [jump * r.dilation * (r.high - r.low) for jump, r in zip(jumps, reads, strict=False)]
    first, last = (str(i).replace("-", "−") for i in (min(needed), max(needed)))
    length = row(joined((Num(str(n)) for n in (1, *spans)), Tok("plus")), Tok("eq"), Num(str(1 + sum(spans))))
    what = "places" if channels else "samples"
    dot = "a place that it does not read; a place has all channels." if channels else "a sample that it does not read."
    return (
        "The receptive field of output 0 of ", Sym(names[-1]), *valued(sizes), f": it reads {len(needed)} {what} of ",
        Sym(names[0]), f", from place {first} to place {last}, so the length is ", length, f". A dot is {dot}",
    )  # fmt: skip
