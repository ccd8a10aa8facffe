"""Grids of boxes beside one another, as the rows of one figure: what figures of images are made of."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from symconv.document.model import Cell, FigureRow

Pixel = tuple[int, int]
Grid = tuple[tuple[Cell | None, ...], ...]
"""Rows of boxes of one length."""


def grid(shape: Pixel, cell: Callable[[int, int], Cell | None]) -> Grid:
    """The boxes at (i, j), for i and j below the two extents."""
    return tuple(tuple(cell(i, j) for j in range(shape[1])) for i in range(shape[0]))


def beside(grids: Sequence[Grid]) -> list[FigureRow]:
    """The grids from left to right, an empty column between two, their middles on one line."""
    height = max(map(len, grids))
    lines: list[list[Cell | None]] = [[] for _ in range(height)]
    for number, own in enumerate(grids):
        above = (height - len(own)) // 2
        nothing: tuple[Cell | None, ...] = (None,) * len(own[0])
        for i, line in enumerate(lines):
            line += [None] * bool(number)
            line += own[i - above] if above <= i < above + len(own) else nothing
    return [FigureRow(("",), tuple(line)) for line in lines]


def under(grids: Sequence[Grid], cells: Sequence[Cell | None]) -> FigureRow:
    """A box, or nothing, below the middle of each of the grids."""
    line: list[Cell | None] = []
    for number, (own, cell) in enumerate(zip(grids, cells, strict=True)):
        width, middle = len(own[0]), (len(own[0]) - 1) // 2
        line += [None] * bool(number)
        line += [cell if j == middle else None for j in range(width)]
    return FigureRow(("",), tuple(line))
