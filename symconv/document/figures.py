"""Figures: the merged kernel conv(k, up(h, s)) computed like a long multiplication."""

from __future__ import annotations

from symconv.document.headings import Merged
from symconv.document.model import Cell, Figure, FigureRow
from symconv.document.words import indexed
from symconv.expr.mathematics import Fence, Math, Num, Sym, Tok, joined, row
from symconv.expr.nodes import Conv, Name, Up
from symconv.expr.notation import notation
from symconv.expr.satisfy import met, polys
from symconv.expr.statement import Statement
from symconv.expr.traverse import walk

WIDEST = 9
SHORT = 6
COLOURS = 3


def long_multiplication(statement: Statement, integers: dict[str, int], merged: Merged) -> Figure | None:
    """The figure for the first conv(k, up(h, s)) of the statement, in one dimension, at small sizes; else None."""
    for side in (statement.rhs, statement.lhs):
        for _, node in walk(side):
            match node:
                case Conv(Name(k, 1), Up(Name(h, 1), by)) if len(k) + len(h) <= SHORT:
                    counts = [_taps(statement, name, integers) for name in (k, h)]
                    names = by[0].names()
                    step = by[0].evaluate({**dict.fromkeys(names, 2), **integers})
                    if not _allowed(statement, {**dict.fromkeys(names, 2), **integers}):
                        return None
                    c, e = counts
                    if c is not None and e is not None and e > 1 and c + step * (e - 1) <= WIDEST:
                        return _figure(node, k, h, (c, e, step), merged[1] if merged and node == merged[0] else "")
                case _:
                    pass
    return None


def _allowed(statement: Statement, sizes: dict[str, int]) -> bool:
    """Whether the assumptions that speak of these sizes alone hold for them."""
    assumed = (*statement.assumptions, *statement.tacit)
    return all(met(a, sizes) for a in assumed if {n for p in polys(a) for n in p.names()} <= sizes.keys())


def _taps(statement: Statement, name: str, integers: dict[str, int]) -> int | None:
    """How many taps to draw: the chosen number, or 3; None for kernels that do not start at 0."""
    ends = statement.facts.supports.get(name, (None,))[0]
    if ends is None or ends[0].terms:
        return None
    count = ends[1] + 1
    return count.evaluate({**dict.fromkeys(count.names(), 3), **integers})


def _tap(name: str, i: int) -> Math:
    return indexed(name, (i,))


def _figure(node: Conv, k: str, h: str, sizes: tuple[int, int, int], name: str) -> Figure:
    c, e, step = sizes
    whole = row(Sym(name), Tok("eq"), notation(node)) if name else notation(node)
    width = c + step * (e - 1)
    top: list[Cell | None] = [None] * width
    for i in range(step * (e - 1) + 1):
        top[i] = Cell(_tap(h, i // step), (i // step) % COLOURS) if i % step == 0 else Cell(Num("0"), -1)
    rows = [FigureRow((notation(node.k),), tuple(top))]
    columns: list[list[Math]] = [[] for _ in range(width)]
    for j in range(e):
        cells: list[Cell | None] = [None] * width
        for i in range(c):
            product = row(_tap(h, j), _tap(k, i))
            cells[i + step * j] = Cell(product, j % COLOURS)
            columns[i + step * j].append(product)
        rows.append(FigureRow((_tap(h, j), " times ", Sym(k)), tuple(cells), rule=j == 0, colour=j % COLOURS))
    sums: list[Cell | None] = [Cell(joined(terms, Tok("plus")) if terms else Num("0"), None) for terms in columns]
    last = row(Sym(name), Fence("[", Sym("m"))) if name else notation(node)
    rows.append(FigureRow((last,), tuple(sums), rule=True))
    caption = (
        "The kernel ", whole, f" for {c} taps" if c == e else f" for {c} and {e} taps",
        f" and stride {step}, computed like a long multiplication: each tap of ", notation(node.k),
        " contributes one shifted copy of ", Sym(k), ", and the columns are added.",
    )  # fmt: skip
    return Figure(tuple(rows), tuple(map(str, range(width))), caption)
