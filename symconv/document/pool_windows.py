"""The windows of pooling layers: which samples each of the first outputs is the greatest, the mean or the norm of.

On one axis every output has a row with the samples of its window, below the samples that they are; for two pools in
each other both levels stand below one another.  On two axes windows that do not overlap are colours of one image, from
the input to the output; of windows that do, the first four have an image each.  Outputs have the colours of their
windows.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate, product
from operator import mul

from symconv.document.drawn import COLOURS, Stack, drawn_sizes, named, nodes, stack, valued
from symconv.document.grids import Grid, Pixel, beside, grid, under
from symconv.document.model import Cell, Figure, FigureRow, Inline, Text
from symconv.document.reach import NOT_READ, WIDEST
from symconv.document.words import indexed, listed
from symconv.expr.index_notation import integer
from symconv.expr.mathematics import Num, Sym, Tok, places, row
from symconv.expr.nodes import Expr, Layer, Name, rank
from symconv.expr.notation import notation
from symconv.expr.statement import Statement
from symconv.index.poly import Poly

KINDS = ("max_pool", "avg_pool", "lp_pool")
DEEPEST = 2
SHOWN = 3
"""How many outputs of a layer on one axis are drawn; two of the last of two layers."""
CORNER = ((0, 0), (0, 1), (1, 0), (1, 1))
"""The outputs that are drawn of a layer on images, in the order of their colours; the last is grey."""
MOST = 23


def pool_windows(statement: Statement, integers: Mapping[str, int]) -> Figure | None:
    """The figure for the pooling layers that stand deepest in each other, on one or two axes; None without any."""
    found = [s for node in nodes(statement) if (s := stack(node, statement, _pools)) is not None]
    for layers in sorted(found, key=lambda s: -len(s.steps)):
        axes = {len(step.layer.stride) for step in layers.steps}
        if len(layers.steps) <= DEEPEST and isinstance(layers.first, Name) and axes <= {1, 2}:
            for preferred, taps in ((integers, 3), ({}, 3), ({}, 2)):
                drawn = _figure(layers, statement, preferred, taps)
                if drawn is not None:
                    return drawn
    return None


def _pools(e: Expr) -> bool:
    return isinstance(e, Layer) and e.kind in KINDS


@dataclass(frozen=True, slots=True)
class _Window:
    """On one axis output n sees the samples s n + d u − p, for 0 ≤ u < c."""

    count: int
    stride: int
    dilation: int
    padding: int

    def of(self, n: int) -> list[int]:
        return [self.stride * n + self.dilation * u - self.padding for u in range(self.count)]

    def overlaps(self) -> bool:
        """Whether two outputs see one sample, or their windows are nested in each other."""
        return self.stride <= self.dilation * (self.count - 1)


def _figure(layers: Stack, statement: Statement, integers: Mapping[str, int], taps: int) -> Figure | None:
    own = [step.layer for step in layers.steps if isinstance(step.layer, Layer)]
    d = _axes(layers)
    wanted: dict[str, int] = {}
    for layer in own:
        step = 2 if d == 1 and layer is own[0] else 1
        wanted |= named(layer.window, taps if d == 1 else 2) | named(layer.dilation, 2) | named(layer.padding, 1)
        wanted |= named(layer.stride, step) if layer.stride != layer.window else {}
    sizes = drawn_sizes(statement, wanted, integers)
    if sizes is None:
        return None
    windows = [_windows(layer, sizes) for layer in own]
    if d == 1:
        return _samples(layers, [axis for (axis,) in windows], sizes)
    if any(axis.overlaps() for layer in windows for axis in layer):
        return _overlapping(layers, windows[0], sizes) if len(windows) == 1 else None
    return _apart(layers, windows, sizes)


def _windows(e: Layer, sizes: Mapping[str, int]) -> list[_Window]:
    """The window of a layer on each axis."""
    options: list[tuple[Poly, ...]] = list(zip(e.window, e.stride, e.dilation, e.padding, strict=True))
    return [_Window(*(p.evaluate(sizes) for p in axis)) for axis in options]


def _samples(layers: Stack, windows: list[_Window], sizes: Mapping[str, int]) -> Figure | None:
    """On one axis: sample i of a layer stands at place J i, where J is the product of the strides up to it."""
    names = _names(layers)
    jumps = list(accumulate((w.stride for w in windows), mul, initial=1))
    needed = [set(range(SHOWN if len(windows) == 1 else SHOWN - 1))]
    for w in reversed(windows):
        needed.insert(0, {i for n in needed[0] for i in w.of(n)})
    every = [jump * i for jump, some in zip(jumps, needed, strict=True) for i in some]
    columns = range(min(every), max(every) + 1)
    if len(columns) > WIDEST:
        return None
    box = _boxes(layers)
    read = {n: box(names[0], (n,), None) for n in needed[0]}
    rows = [FigureRow((Sym(names[0]),), tuple(read.get(n, NOT_READ) for n in columns))]
    for level, w in enumerate(windows):
        name, below, jump = names[level + 1], names[level], jumps[level]
        outputs = sorted(needed[level + 1])
        for i in outputs:
            seen = {jump * n: box(below, (n,), i % COLOURS) for n in w.of(i)}
            label = ("window of ", indexed(name, (i,)))
            rows.append(FigureRow(label, tuple(map(seen.get, columns)), rule=i == outputs[0], colour=i % COLOURS))
        values = {jumps[level + 1] * i: box(name, (i,), i % COLOURS) for i in outputs}
        rows.append(FigureRow((Sym(name),), tuple(map(values.get, columns)), rule=True))
    return Figure(tuple(rows), (), _said_of_samples(layers, windows, needed[0], sizes), square=True)


def _names(layers: Stack) -> list[str]:
    return [getattr(layers.first, "name", ""), *(step.name for step in layers.steps)]


def _kind(e: Expr) -> Text:
    """What an output is of the samples in its window."""
    match e:
        case Layer("max_pool"):
            return ("the greatest",)
        case Layer("lp_pool", exponent=(p,)):
            return ("the ", integer(p), "-norm")
        case _:
            return ("the mean",)


def _opening(layers: Stack, sizes: Mapping[str, int], what: str) -> list[Inline]:
    """The windows of y = max_pool1d(x) for c = 3 and s = 2: each output is the greatest of the samples …"""
    steps: list[Text] = [(row(Sym(step.name), Tok("eq"), notation(step.layer)),) for step in layers.steps]
    kinds = dict.fromkeys(_kind(step.layer) for step in layers.steps)
    each = ": each output is " if len(kinds) == 1 else ": outputs are "
    alone = rank(layers.first) > _axes(layers)
    channels = [" Every channel is pooled alone, and one is drawn."] if alone else []
    return ["The windows of ", *listed(steps), *valued(sizes), each, *listed(list(kinds)), f" of {what}.", *channels]


def _axes(layers: Stack) -> int:
    """The number of axes that are pooled."""
    return len(layers.steps[0].layer.stride)


def _boxes(layers: Stack) -> Callable[[str, tuple[int, ...], int | None], Cell]:
    """The box of an entry in a colour; numbers alone where a name of several letters would be too wide."""
    short = all(len(name) == 1 for name in _names(layers))

    def box(name: str, place: tuple[int, ...], colour: int | None) -> Cell:
        numbers = places(Num(str(i)) if i >= 0 else row(Tok("neg"), Num(str(-i))) for i in place)
        return Cell(indexed(name, place) if short else numbers, colour)

    return box


def _said_of_samples(layers: Stack, windows: list[_Window], read: set[int], sizes: Mapping[str, int]) -> Text:
    out = _opening(layers, sizes, "the samples in its window")
    if len(windows) == 1:
        shared = len(set(windows[0].of(0)) & set(windows[0].of(1)))
        out.append(f" Neighbouring windows share {shared} sample{'s' * (shared != 1)}." if shared
                   else " Neighbouring windows share no sample.")  # fmt: skip
    else:
        first = {0}
        for w in reversed(windows):
            first = {i for n in first for i in w.of(n)}
        x, y, z = _names(layers)
        out += [" By way of ", Sym(y), ", ", indexed(z, (0,)), f" sees {len(first)} samples of ", Sym(x), ", from ",
                indexed(x, (min(first),)), " to ", indexed(x, (max(first),)), "."]  # fmt: skip
    if len(read) < max(read) - min(read) + 1:
        out.append(" A dot is a sample that is in no window.")
    return tuple(out)


def _spanned(windows: Sequence[_Window], outputs: Sequence[Pixel]) -> list[range]:
    """On each axis the places from the first to the last one that some outputs see."""
    seen = [{n for o in outputs for n in w.of(o[axis])} for axis, w in enumerate(windows)]
    return [range(min(s), max(s) + 1) for s in seen]


def _sees(windows: Sequence[_Window], output: Pixel, pixel: Pixel) -> bool:
    return all(n in w.of(o) for w, o, n in zip(windows, output, pixel, strict=True))


def _colour(number: int) -> int | None:
    return number if number < COLOURS else None


def _overlapping(layers: Stack, windows: list[_Window], sizes: Mapping[str, int]) -> Figure | None:
    """An image for each of the four outputs in the corner, with its window, and the output below."""
    (x, y), box = _names(layers), _boxes(layers)
    rows, columns = _spanned(windows, CORNER)
    if len(CORNER) * (len(columns) + 1) - 1 > MOST:
        return None
    grids: list[Grid] = []
    for number, output in enumerate(CORNER):

        def pixel(i: int, j: int, number: int = number, output: Pixel = output) -> Cell:
            place = (rows[i], columns[j])
            return box(x, place, _colour(number)) if _sees(windows, output, place) else NOT_READ

        grids.append(grid((len(rows), len(columns)), pixel))
    outputs = [box(y, output, _colour(number)) for number, output in enumerate(CORNER)]
    caption = _opening(layers, sizes, "the samples in its window, above it")
    caption.append(" A dot is a sample that the window does not have.")
    return Figure((*beside(grids), under(grids, outputs)), (), tuple(caption), square=True)


def _apart(layers: Stack, windows: list[list[_Window]], sizes: Mapping[str, int]) -> Figure | None:
    """The images from the input to the output, every sample in the colour of the last output that it goes into."""
    names, box = _names(layers), _boxes(layers)
    drawn = [list(CORNER)]
    owners: list[dict[Pixel, int]] = [{o: number for number, o in enumerate(CORNER)}]
    for layer in reversed(windows):
        below = {(i, j): number for o, number in owners[0].items() for i, j in product(*(
            w.of(n) for w, n in zip(layer, o, strict=True)))}  # fmt: skip
        rows, columns = _spanned(layer, drawn[0])
        drawn.insert(0, list(product(rows, columns)))
        owners.insert(0, below)
    grids: list[Grid] = []
    for name, some, owner in zip(names, drawn, owners, strict=True):
        rows, columns = (sorted({place[axis] for place in some}) for axis in (0, 1))

        def pixel(i: int, j: int, at: tuple[list[int], list[int]] = (rows, columns), name: str = name,
                  owner: dict[Pixel, int] = owner) -> Cell:  # fmt: skip
            place = (at[0][i], at[1][j])
            return box(name, place, _colour(owner[place])) if place in owner else NOT_READ

        grids.append(grid((len(rows), len(columns)), pixel))
    if sum(len(own[0]) + 1 for own in grids) - 1 > MOST:
        return None
    caption = _opening(layers, sizes, "the samples of its colour")
    gaps = any(len(owner) < len(some) for owner, some in zip(owners, drawn, strict=True))
    caption += [" A dot is a sample that is in no window."] * gaps
    return Figure(tuple(beside(grids)), (), tuple(caption), square=True)
