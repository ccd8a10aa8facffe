"""What each output of a step is made of: products of taps and samples, or the samples of a window.

rows        a correlation or layer on one axis as a matrix times its operand, and each output as a sum
copies      a transposed convolution or a convolution as shifted copies that are added up
windows     maxima, means and norms of windows
sums        every output as its sum of products
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import groupby, islice
from typing import Any

from symconv.document.model import Block, Cell, Matrices, Matrix, Paragraph, Table, Text
from symconv.document.number_arrays import entry, factor, integer, matrix, number, place, times, total
from symconv.document.worked_steps import Step
from symconv.expr.mathematics import Fence, Frac, Math, Num, Script, Sym, Tok, Words, joined, places, row
from symconv.expr.nodes import Conv, Corr, Layer, rank
from symconv.expr.notation import notation
from symconv.instances.finite_array import Place, Tensor
from symconv.instances.layer_reads import POOLS, TAPPED, Reader, counted_places, reads
from symconv.instances.layer_values import bias, exponent, magnitude, multiplied, window
from symconv.instances.tensors import Tensors

OUTPUTS = 12
PRODUCTS = 12
COLUMNS = 16
COPIES = 9
SIDE = 8
COLOURS = 3


@dataclass(frozen=True, slots=True)
class Product:
    """A tap or weight times a sample, with their places."""

    tap: Any
    sample: Any
    at: Place
    tap_at: Place | None = None


@dataclass(frozen=True, slots=True)
class Summed:
    """An output as a sum of products and a bias; what lies beyond the operand is left out."""

    products: tuple[Product, ...]
    bias: Any = None


Sums = Callable[[Place], Summed]


def sums_of(step: Step, tensors: Tensors) -> Sums | None:
    """How each output of a step is summed up; None for a step that multiplies nothing."""
    match step.node:
        case Layer(kind) as e if kind in (*TAPPED, "avg_pool", "upsample_linear"):
            r, parts = tensors.reader(e), [tensors.tensor(p) for p in e.parts]
            return lambda n: _of_layer(r, parts, n)
        case Corr(x, k, stride, dilation, padding):
            s, d, p = tensors.ints(stride), tensors.ints(dilation), tensors.ints(padding)
            return _slid(tensors.tensor(x), tensors.tensor(k), lambda n, a: tuple(
                u * i + v * j - w for i, j, u, v, w in zip(n, a, s, d, p, strict=True)))  # fmt: skip
        case Conv(x, k):
            return _slid(tensors.tensor(x), tensors.tensor(k),
                         lambda n, a: tuple(i - j for i, j in zip(n, a, strict=True)))  # fmt: skip
        case _:
            return None


def _slid(x: Tensor, k: Tensor, reached: Callable[[Place, Place], Place]) -> Sums:
    def summed(n: Place) -> Summed:
        pairs = ((a, tap, reached(n, a)) for a, tap in zip(k.places(), k.entries, strict=True))
        return Summed(tuple(Product(tap, x.at(m), m, a) for a, tap, m in pairs if x.has(m)))

    return summed


def _of_layer(r: Reader, parts: Sequence[Tensor], n: Place) -> Summed:
    found: list[Product] = []
    for read in reads(r, n):
        if parts[read.part].has(read.sample):
            tap = parts[1].at(read.tap) if read.tap is not None else read.weight
            found.append(Product(tap, parts[read.part].at(read.sample), read.sample, read.tap))
    return Summed(tuple(found), bias(r, n, parts) if len(parts) > 2 else None)


# Rows: a matrix times a vector


def rows(step: Step, sums: Sums, x: Tensor, name: Math) -> list[Block]:
    """The matrix of a step on one axis times its operand; nothing where it is too large to be seen."""
    if len(step.value.shape) != 1 or len(x.shape) != 1 or not step.value.entries:
        return []
    if step.value.shape[0] > OUTPUTS or x.shape[0] > COLUMNS:
        return []
    lines: list[tuple[Cell, ...]] = []
    for n in step.value.places():
        held: dict[int, tuple[Any, int]] = {}
        for j, p in enumerate(sums(n).products):
            colour = p.tap_at[0] % COLOURS if p.tap_at is not None else j % COLOURS
            held[p.at[0]] = (held[p.at[0]][0] + p.tap if p.at[0] in held else p.tap, colour)
        columns = range(x.start[0], x.start[0] + x.shape[0])
        lines.append(tuple(Cell(number(held[m][0]), held[m][1]) if m in held else Cell(Tok("times"), -1)
                           for m in columns))  # fmt: skip
    moved = bool(step.value.start[0] or x.start[0])
    shown = Matrix(tuple(lines),
                   tuple(integer(n) for (n,) in step.value.places()) if moved else (),
                   tuple(integer(m) for (m,) in x.places()) if moved else ())  # fmt: skip
    biases = [sums(n).bias for n in step.value.places()]
    after: tuple[Matrix | Math, ...] = ()
    if biases[0] is not None:
        after = (Tok("plus"), matrix(Tensor((0,), (len(biases),), tuple(biases))))
    line = (row(Sym(step.name), Tok("eq")), shown, matrix(x), *after, Tok("eq"), matrix(step.value))
    return [Paragraph(("As a matrix, one row for each output, times ", name, ":")), Matrices((line,))]


def table(step: Step, sums: Sums) -> list[Block]:
    """Every output as its sum of products, a line each; of many outputs the first ones."""
    places_of = list(islice(step.value.places(), OUTPUTS))
    lines = [(entry(Sym(step.name), n), _line(sums(n), step.value.at(n))) for n in places_of]
    lines = [(left, right) for left, right in lines if right is not None]
    if not lines:
        return []
    more = len(step.value.entries) - len(places_of)
    if more > 0:
        lines.append((Tok("cdots"), Words(f"and {more} more")))
    return [Table((("output",), ("sum of products",)), tuple(lines))]


def _line(s: Summed, v: Any) -> Math:
    """2 · 3 + 0 · 4 = 6; of many products those that are not 0, and of still more the sum of each channel."""
    found = [p for p in s.products if p.tap != 0 and p.sample != 0] if len(s.products) > PRODUCTS else [*s.products]
    if len(found) > PRODUCTS:
        channels = groupby(found, key=lambda p: p.at[:-1])
        terms = [factor(sum((p.tap * p.sample for p in group), Fraction(0))) for _, group in channels]
        terms = terms if len(terms) <= PRODUCTS else [*terms[:PRODUCTS], Tok("cdots")]
    else:
        terms = [times(p.tap, p.sample) for p in found]
    if s.bias is not None:
        terms.append(factor(s.bias))
    plain = len(found) == 1 and s.bias is None and found[0].tap == 1 and found[0].tap_at is None
    return number(v) if plain else row(total(terms), Tok("eq"), number(v))


# Copies: shifted and added up


def copies(step: Step, tensors: Tensors) -> list[Block]:
    """Partial products: each sample lays the taps, or each tap a copy of the operand, and all are added up."""
    shape = step.value.shape
    if not 1 <= len(shape) <= 2 or not shape[0] or max(shape) > (COLUMNS if len(shape) == 1 else SIDE):
        return []
    match step.node, step.shown:
        case Layer("conv_transpose", (y, k, *_)) as e, Layer(_, (first, second, *_)) if rank(e) == len(e.stride):
            r, parts = tensors.reader(e), [tensors.tensor(p) for p in e.parts]
            laid = _by_sample(r, parts, step.value)
            said = ("Each sample of ", notation(first), " lays the taps of ", notation(second),
                    ", multiplied by it; the copies are added up")  # fmt: skip
            left, right = tensors.tensor(y), notation(second)
            offset = bias(r, (0,) * rank(e), parts) if len(parts) > 2 else None
        case Conv(x, k), Conv(first, second):
            a, b = tensors.tensor(x), tensors.tensor(k)
            laid = {n: {tuple(i + j for i, j in zip(m, n, strict=True)): tap * v
                        for m, v in zip(a.places(), a.entries, strict=True)}
                    for n, tap in zip(b.places(), b.entries, strict=True)}  # fmt: skip
            said = ("Each tap of ", notation(second), " gives a copy of ", notation(first),
                    ", shifted to the place of the tap and multiplied by it; the copies are added up")  # fmt: skip
            left, right, offset = b, notation(first), None
        case _:
            return []
    if len(laid) > COPIES:
        return []
    drawn = _stacked if len(shape) == 1 else _spread
    return [Paragraph((*said, ":")), drawn(step, left, laid, right, offset)]


Laid = dict[Place, dict[Place, Any]]


def _by_sample(r: Reader, parts: Sequence[Tensor], value: Tensor) -> Laid:
    """What each sample of a transposed layer adds to the outputs."""
    laid: Laid = {m: {} for m in parts[0].places()}
    for n in value.places():
        for read in reads(r, n):
            laid[read.sample][n] = multiplied(read, parts)
    return laid


def _spread(step: Step, left: Tensor, laid: Laid, right: Math, offset: Any) -> Matrices:
    """y = one matrix for each copy, with the sample and its place below, and their sum."""
    line: list[Matrix | Math] = [row(Sym(step.name), Tok("eq"))]
    lines: list[tuple[Matrix | Math, ...]] = []
    wide = max(1, 20 // (step.value.shape[1] + 1))
    for i, (m, held) in enumerate(laid.items()):
        if i:
            line.append(Tok("plus"))
        if i and i % wide == 0:
            lines.append(tuple(line))
            line = []
        entries = tuple(held.get(n, Fraction(0)) for n in step.value.places())
        shown = matrix(Tensor(step.value.start, step.value.shape, entries), (), dict.fromkeys(held, i % COLOURS))
        said: Text = (row(factor(left.at(m)), Tok("times"), right), " at ", Fence("(", place(m)))
        line.append(Matrix(shown.rows, shown.row_labels, shown.column_labels, under=said))
    if offset is not None:
        line += [Tok("plus"), number(offset)]
    result: list[Matrix | Math] = [Tok("eq"), matrix(step.value)]
    if len(laid) > wide or len(laid) == wide:
        return Matrices((*lines, tuple(line), tuple(result)))
    return Matrices((*lines, (*line, *result)))


def _stacked(step: Step, left: Tensor, laid: Laid, right: Math, offset: Any) -> Matrices:
    """One row for each copy under the outputs that it reaches, and the sums of the columns below a line."""
    rows_of: list[tuple[Cell, ...]] = []
    labels: list[Math] = []
    for i, (m, held) in enumerate(laid.items()):
        rows_of.append(tuple(Cell(number(held[n]), i % COLOURS) if n in held else Cell(Tok("times"), -1)
                             for n in step.value.places()))  # fmt: skip
        labels.append(row(factor(left.at(m)), Tok("times"), right))
    if offset is not None:
        rows_of.append(tuple(Cell(number(offset), None) for _ in step.value.places()))
        labels.append(Words("bias"))
    rows_of.append(tuple(Cell(number(v), None) for v in step.value.entries))
    labels.append(Sym(step.name))
    return Matrices(((Matrix(tuple(rows_of), tuple(labels), tuple(integer(n) for (n,) in step.value.places()),
                             row_lines=(len(rows_of) - 1,)),),))  # fmt: skip


# Windows: maxima, means and norms


def windows(step: Step, tensors: Tensors) -> list[Block]:
    """Each window of a pooling layer with its maximum, mean or norm."""
    e = step.node
    if not isinstance(e, Layer) or e.kind not in POOLS:
        return []
    r, x = tensors.reader(e), tensors.tensor(e.parts[0])
    places_of = list(islice(step.value.places(), OUTPUTS))
    lines = [(entry(Sym(step.name), n), _pooled(r, x, n, step.value.at(n))) for n in places_of]
    more = len(step.value.entries) - len(places_of)
    if more > 0:
        lines.append((Tok("cdots"), Words(f"and {more} more")))
    what = {"max_pool": "maximum of the window", "avg_pool": "mean of the window"}.get(e.kind, "norm of the window")
    return [Table((("output",), (what,)), tuple(lines))]


def _pooled(r: Reader, x: Tensor, n: Place, v: Any) -> Math:
    samples = [x.at(m) for m in window(r, n, x)]
    few = samples if len(samples) <= PRODUCTS else samples[:PRODUCTS]
    dots = [Tok("dots")] * (len(samples) > PRODUCTS)
    match r.layer.kind:
        case "max_pool":
            shown: Math = row(Words("max"), Fence("(", places([*map(number, few), *dots])))
        case "avg_pool":
            terms = joined([*map(factor, few), *dots], Tok("plus"))
            shown = row(Frac(Num("1"), Num(str(counted_places(r, n[-r.axes :])))), Tok("thin"), Fence("(", terms))
        case _:
            p = exponent(r)
            power = None if p == 1 else Num(str(p))
            terms = joined([*(Script(number(magnitude(s)) if magnitude(s).denominator == 1 else
                                     Fence("(", number(magnitude(s))), None, power) if power else number(magnitude(s))
                              for s in few), *dots], Tok("plus"))  # fmt: skip
            shown = terms if p == 1 else Script(Fence("(", terms), None, Frac(Num("1"), Num(str(p))))
    return row(shown, Tok("eq"), number(v))
