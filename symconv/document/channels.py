"""Channels as blocks: which input channel enters which output channel of a layer, and by which weights."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import accumulate

from symconv.document.drawn import COLOURS, Stack, Step, drawn_sizes, named, nodes, stack, unused, valued
from symconv.document.model import Cell, Figure, FigureRow, Text
from symconv.document.words import indexed, listed
from symconv.expr.layers import plain
from symconv.expr.mathematics import Num, Sym, Tok, row
from symconv.expr.nodes import Expr, Layer, Name, rank
from symconv.expr.notation import notation
from symconv.expr.statement import Statement
from symconv.expr.support import extents
from symconv.expr.traverse import sequence_names
from symconv.index.facts import Facts
from symconv.index.poly import Poly

WIDEST = 8
TALLEST = 14
DEEPEST = 3
COUNT = 3
SHARE = 2
ZERO = Cell(Num("0"), -1)
Channel = tuple[str, int]
"""The name of a sequence, and a channel of it."""


def channels(statement: Statement, integers: Mapping[str, int]) -> Figure | None:
    """The figure for the first layers with groups, depthwise or pointwise, or joined ones, of the statement."""
    for node in nodes(statement):
        layers = stack(node, statement, _mixes) or _joined(node, statement)
        if layers is not None and len(layers.steps) <= DEEPEST and any(_has_blocks(s.layer) for s in layers.steps):
            drawn = _figure(layers, statement, integers)
            if drawn is not None:
                return drawn
    return None


def _mixes(e: Expr) -> bool:
    """Layers that have channels."""
    spatial = isinstance(e, Layer) and e.kind in ("conv", "conv_transpose") and not plain(e)
    return spatial or (isinstance(e, Layer) and e.kind in ("depthwise", "pointwise"))


def _has_blocks(e: Expr) -> bool:
    """Whether the matrix of channels says more than that all of them are mixed."""
    own = isinstance(e, Layer) and (bool(e.groups) or e.kind in ("depthwise", "pointwise"))
    return own or (isinstance(e, Layer) and any(map(_has_blocks, e.parts)))


def _joined(e: Expr, statement: Statement) -> Stack | None:
    """Layers on sequences by name, one after another along the channels, as a stack of one."""
    if not isinstance(e, Layer) or e.kind != "cat":
        return None
    name, inner = next(unused(statement), ""), [p for p in e.parts if isinstance(p, Layer) and _mixes(p)]
    by_name = all(isinstance(p.parts[0], Name) for p in inner) and len(inner) == len(e.parts)
    along = by_name and all(e.order == (0 if p.kind == "pointwise" else rank(p) - len(p.stride) - 1,) for p in inner)
    return Stack(inner[0].parts[0], (Step(name, e),)) if along and name else None


def _counts(e: Layer, facts: Facts) -> tuple[Poly, Poly] | None:
    """How many channels a layer has, outputs and inputs."""
    if e.groups:
        count, outputs, inputs = e.groups
        return count * outputs, count * inputs
    first, second = (r[1] + 1 if r is not None and not r[0].terms else None for r in extents(e.parts[1], facts)[:2])
    outputs, inputs = (first, first) if e.kind == "depthwise" else (first, second)
    if outputs is None or inputs is None:
        return None
    return (inputs, outputs) if e.kind == "conv_transpose" else (outputs, inputs)


def _inner(e: Layer) -> list[Layer]:
    """The layers with channels that a step is made of: itself, or what it joins."""
    return [part for part in ((e,) if _mixes(e) else e.parts) if isinstance(part, Layer) and _mixes(part)]


def _figure(layers: Stack, statement: Statement, integers: Mapping[str, int]) -> Figure | None:
    """A matrix for every layer, from the input on, under the names of its input channels."""
    own = [step.layer for step in layers.steps if isinstance(step.layer, Layer)]
    counts = [_counts(e, statement.facts) for layer in own for e in _inner(layer)]
    known = [pair for pair in counts if pair is not None]
    parts = [p for e in (layers.first, *own) for p in _parts(e)]
    if len(known) < len(counts):
        return None
    wanted = named((p for pair in known for p in pair), COUNT) | named(parts, SHARE)
    sizes = drawn_sizes(statement, wanted, integers)
    if sizes is None:
        return None
    rows: list[FigureRow] = []
    for step in layers.steps:
        matrix = _matrix(step.layer, statement.facts, sizes)
        if matrix is None:
            return None
        inputs, body = matrix
        head = ("channels of ", *listed([(Sym(n),) for n in dict.fromkeys(name for name, _ in inputs)]))
        rows.append(FigureRow(head, tuple(Cell(indexed(n, (i,)), None) for n, i in inputs), rule=bool(rows)))
        for o, cells in enumerate(body):
            colour = next((c.colour for c in cells if c != ZERO), None)
            rows.append(FigureRow((indexed(step.name, (o,)),), tuple(cells), rule=not o, colour=colour))
    width = max(len(r.cells) for r in rows)
    if width > WIDEST or len(rows) > TALLEST:
        return None
    padded = (FigureRow(r.label, r.cells + (None,) * (width - len(r.cells)), r.rule, r.colour) for r in rows)
    names = [n for step in layers.steps for n in (step.name, *sequence_names(step.layer))]
    return Figure(tuple(padded), (), _said(layers, sizes), square=all(len(n) == 1 for n in names))


def _parts(e: Expr) -> list[Poly]:
    """The polynomials whose names should be small: shares of groups, extents of parts."""
    return [p for part in getattr(e, "parts", ()) for p in _parts(part)] + list(getattr(e, "groups", ()))


Matrix = tuple[list[Channel], list[list[Cell]]]
"""The input channels, and a row of cells for every output channel."""


def _matrix(e: Expr, facts: Facts, sizes: Mapping[str, int]) -> Matrix | None:
    if not isinstance(e, Layer):
        return None
    if e.kind == "cat":
        found = [m for part in e.parts if (m := _matrix(part, facts, sizes)) is not None]
        inputs = list(dict.fromkeys(channel for columns, _ in found for channel in columns))
        rows: list[list[Cell]] = []
        for colour, (columns, body) in enumerate(found):
            for line in body:
                own = dict(zip(columns, line, strict=True))
                cells = [own.get(channel, ZERO) for channel in inputs]
                rows.append([c if c == ZERO or len(found) == 1 else Cell(c.formula, colour % COLOURS) for c in cells])
        return (inputs, rows) if len(found) == len(e.parts) else None
    counts = _counts(e, facts)
    if counts is None:
        return None
    outputs, inputs_count = (p.evaluate(sizes) for p in counts)
    names = _named_channels(e.parts[0], inputs_count, sizes)
    body = [[_weight(e, o, c, sizes) for c in range(inputs_count)] for o in range(outputs)]
    lines = [[cell for cell in line if cell is not None] for line in body]
    return (names, lines) if names and all(len(line) == inputs_count for line in lines) else None


def _named_channels(e: Expr, count: int, sizes: Mapping[str, int]) -> list[Channel]:
    """x₀, x₁, …; of joined sequences those of each."""
    match e:
        case Name(name):
            return [(name, i) for i in range(count)]
        case Layer("cat", parts, groups=groups) if all(isinstance(p, Name) for p in parts):
            both = zip(parts, groups, strict=True)
            return [channel for part, p in both for channel in _named_channels(part, p.evaluate(sizes), sizes)]
        case _:
            return []


def _weight(e: Layer, o: int, c: int, sizes: Mapping[str, int]) -> Cell | None:
    """By what input c enters output o; a zero where it does not; None where the weights have no name."""
    if e.kind == "depthwise":
        return _entry(e.parts[1], (o,), o, sizes) if o == c else ZERO
    group = first_output = first_input = 0
    if e.groups:
        _, outputs, inputs = (p.evaluate(sizes) for p in e.groups)
        if o // outputs != c // inputs:
            return ZERO
        group = o // outputs
        first_output, first_input = group * outputs, group * inputs
    place = (c, o - first_output) if e.kind == "conv_transpose" else (o, c - first_input)
    return _entry(e.parts[1], place, group, sizes)


def _entry(w: Expr, place: tuple[int, ...], colour: int, sizes: Mapping[str, int]) -> Cell | None:
    match w:
        case Name(name):
            return Cell(indexed(name, place), colour % COLOURS)
        case Layer("cat", parts, groups=groups, order=(axis,)) if axis < len(place):
            starts = list(accumulate((p.evaluate(sizes) for p in groups), initial=0))
            part = max(i for i, start in enumerate(starts[:-1]) if start <= place[axis])
            own = (*place[:axis], place[axis] - starts[part], *place[axis + 1 :])
            return _entry(parts[part], own, part, sizes)
        case _:
            return None


def _said(layers: Stack, sizes: Mapping[str, int]) -> Text:
    """By which weights each channel of x enters each channel of y."""
    steps: list[Text] = [(row(Sym(step.name), Tok("eq"), notation(step.layer)),) for step in layers.steps]
    said = ": a box holds the weights by which the channel above it enters the channel on its left, 0 if it does not."
    return ("The channels of ", *listed(steps), *valued(sizes), said)
