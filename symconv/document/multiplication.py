"""Long multiplications: the merged kernel conv(k, up(h, s)), and the scatter of a transposed layer."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from symconv.document.drawn import COLOURS, drawn_sizes, meets, named, nodes, unused, valued
from symconv.document.headings import Merged
from symconv.document.model import Cell, Figure, FigureRow, Inline, Text
from symconv.document.words import indexed, listed
from symconv.expr.layers import plain
from symconv.expr.mathematics import Fence, Math, Num, Script, Sym, Tok, joined, places, row
from symconv.expr.nodes import Conv, Expr, Layer, Name, Ones, Shift, Taps, Up
from symconv.expr.notation import notation
from symconv.expr.statement import Statement
from symconv.index.facts import Range
from symconv.index.poly import ONE, ZERO, Poly, const

WIDEST = 9
SHORT = 6
SAMPLES = 3
STEP = 2
INDICES = ("n", "i", "j", "m", "l")


def long_multiplication(statement: Statement, integers: Mapping[str, int], merged: Merged) -> Figure | None:
    """The figure for the first conv(k, up(h, s)) of the statement, in one dimension, at small sizes; else None."""
    for node in nodes(statement):
        match node:
            case Conv(Ones((s,)), Name(k, 1)) | Conv(Name(k, 1), Ones((s,))) if len(k) <= SHORT:
                boxed = _boxed(node, k, s, statement, integers)
                if boxed is not None:
                    return boxed
            case Conv(Name(k, 1), Up(Name(h, 1))) if len(k) + len(h) <= SHORT:
                sizes = _sizes(node, statement, integers)
                if sizes is None:
                    continue
                c, e, step = sizes
                if e > 1 and c + step * (e - 1) <= WIDEST:
                    return _merged(node, k, h, sizes, merged[1] if merged and node == merged[0] else "")
            case _:
                pass
    return None


def _sizes(node: Conv, statement: Statement, integers: Mapping[str, int]) -> tuple[int, int, int] | None:
    """How many taps of k and h to draw, and the stride; None for kernels that do not start at 0."""
    if not isinstance(node.k, Up):
        return None
    ends = [statement.facts.supports.get(e.name, (None,))[0] for e in (node.x, node.k.x) if isinstance(e, Name)]
    counts = [r[1] + 1 for r in ends if r is not None and not r[0].terms]
    if len(counts) < 2:
        return None
    wanted = {**named(counts, SAMPLES), **named(node.k.by, STEP)}
    sizes = {**wanted, **integers}
    drawn = sizes if meets(statement, sizes) else drawn_sizes(statement, wanted, integers)
    if drawn is None:
        return None
    return counts[0].evaluate(drawn), counts[1].evaluate(drawn), node.k.by[0].evaluate(drawn)


def _tap(name: str, *place: int) -> Math:
    return indexed(name, place)


def _boxed(node: Conv, k: str, s: Poly, statement: Statement, integers: Mapping[str, int]) -> Figure | None:
    """The kernel of a box and k: as many copies of k as the box is long, each a place further, added."""
    ends = statement.facts.supports.get(k, (None,))[-1]
    if ends is None or ends[0].terms:
        return None
    sizes = drawn_sizes(statement, {**named((ends[1],), SAMPLES), **named((s,), STEP)}, integers)
    if sizes is None:
        return None
    c, e = (ends[1] + 1).evaluate(sizes), s.evaluate(sizes)
    if not 1 < e <= SAMPLES or c + e - 1 > WIDEST:
        return None

    def label(j: int) -> Text:
        return (Sym(k), f", {j} place{'s' * (j != 1)} later") if j else (Sym(k),)

    rows, _ = _products(lambda _, i: _tap(k, i), (e, c), (1, 1), label)
    both = ([_tap(k, i) for i in range(c) if 0 <= n - i < e] for n in range(c + e - 1))
    sums = tuple(Cell(joined(terms, Tok("plus")), None) for terms in both)
    caption = (
        "The kernel ", notation(node), *valued(sizes), ": each one of the box contributes a copy of ", Sym(k),
        ", a place later than the one before, and the columns are added.",
    )  # fmt: skip
    rows = [replace(rows[0], rule=False), *rows[1:], FigureRow((notation(node),), sums, rule=True)]
    return Figure(tuple(rows), tuple(map(str, range(len(sums)))), caption)


def _products(product: Callable[[int, int], Math | None], counts: tuple[int, int], steps: tuple[int, int],
              label: Callable[[int], Text]) -> tuple[list[FigureRow], tuple[Cell | None, ...]]:  # fmt: skip
    """One row a sample: sample j times tap i stands at s j + t i, none for a tap 0; and the sums of the columns."""
    (e, c), (s, t) = counts, steps
    width = s * (e - 1) + t * (c - 1) + 1
    columns: list[list[Math]] = [[] for _ in range(width)]
    rows: list[FigureRow] = []
    for j in range(e):
        cells: list[Cell | None] = [None] * width
        for i in range(c):
            laid = product(j, i)
            if laid is not None:
                cells[s * j + t * i] = Cell(laid, j % COLOURS)
                columns[s * j + t * i].append(laid)
        rows.append(FigureRow(label(j), tuple(cells), rule=j == 0, colour=j % COLOURS))
    return rows, tuple(Cell(joined(terms, Tok("plus")) if terms else Num("0"), None) for terms in columns)


def _merged(node: Conv, k: str, h: str, sizes: tuple[int, int, int], name: str) -> Figure:
    c, e, step = sizes
    whole = row(Sym(name), Tok("eq"), notation(node)) if name else notation(node)
    rows, sums = _products(lambda j, i: row(_tap(h, j), _tap(k, i)), (e, c), (step, 1),
                           lambda j: (_tap(h, j), " times ", Sym(k)))  # fmt: skip
    top: list[Cell | None] = [None] * len(sums)
    for i in range(step * (e - 1) + 1):
        top[i] = Cell(_tap(h, i // step), (i // step) % COLOURS) if i % step == 0 else Cell(Num("0"), -1)
    last = row(Sym(name), Fence("[", Sym("m"))) if name else notation(node)
    caption = (
        "The kernel ", whole, f" for {c} taps" if c == e else f" for {c} and {e} taps",
        f" and stride {step}, computed like a long multiplication: each tap of ", notation(node.k),
        " contributes one shifted copy of ", Sym(k), ", and the columns are added.",
    )  # fmt: skip
    rows = [FigureRow((notation(node.k),), tuple(top)), *rows, FigureRow((last,), sums, rule=True)]
    return Figure(tuple(rows), tuple(map(str, range(len(sums)))), caption)


@dataclass(frozen=True, slots=True)
class _Scatter:
    """What lays taps: samples of y at s i, taps of k at t a, all moved by m; the channels of each that are drawn."""

    whole: Expr
    y: Name
    k: Name | Ones | Taps
    stride: Poly
    dilation: Poly = ONE
    move: Poly = ZERO
    channels: bool = False


def scatter(statement: Statement, integers: Mapping[str, int]) -> Figure | None:
    """The figure for the first conv(up(y, s), k) or transposed layer of the statement, in one dimension; else None."""
    for node in nodes(statement):
        found = _scattered(node)
        if found is not None:
            drawn = _scatter(found, statement, integers)
            if drawn is not None:
                return drawn
    return None


def _scattered(node: Expr) -> _Scatter | None:
    match node:
        case Shift(inner, (by,)):
            found = _scattered(inner)
            return found and replace(found, whole=node, move=found.move + by)
        case Conv(Up(Name(_, 1) as y, (by,)), (Name() | Ones() | Taps()) as k) | Conv(
            (Name() | Ones() | Taps()) as k, Up(Name(_, 1) as y, (by,))
        ):
            return _Scatter(node, y, k, by)
        case Layer("upsample_nearest", (Name(_, 1) as y,), (s,)):
            return _Scatter(node, y, Ones((s,)), s)
        case Layer("conv_transpose", (Name(_, r) as y, (Name() | Ones()) as k, *_), (s,), (t,), (p,)) if r <= 2:
            return _Scatter(replace(node, parts=(y, k)), y, k, s, t, -p, not plain(node))
        case _:
            return None


def _scatter(f: _Scatter, statement: Statement, integers: Mapping[str, int]) -> Figure | None:
    reach = statement.facts.supports.get(f.y.name, (None,))[-1]
    own = _ends(f.k, statement)
    merges = reach is not None and isinstance(f.whole, Conv) and isinstance(f.whole.k, Up)
    if merges or f.y == f.k:
        return None
    name, indices = next(unused(statement), ""), tuple(unused(statement, INDICES))
    if own is None or own[0].terms or (reach is not None and reach[0].terms) or not name or len(indices) < 2:
        return None
    ends = [p + 1 for _, p in filter(None, (own, reach))]
    wanted = {**named((f.move,), 1), **named(ends, SAMPLES), **named((f.stride, f.dilation), STEP)}
    sizes = drawn_sizes(statement, wanted, integers)
    if sizes is None:
        return None
    s, t, m, c = (p.evaluate(sizes) for p in (f.stride, f.dilation, f.move, own[1] + 1))
    most = SAMPLES if reach is None else min(SAMPLES, (reach[1] + 1).evaluate(sizes))
    count = next((e for e in range(most, 1, -1) if c >= 1 and _fits(e, c, s, t)), 0)
    if not count:
        return None

    def label(j: int) -> Text:
        return (_tap(f.y.name, j), " times ", notation(f.k))

    rows, sums = _products(lambda j, i: _laid(f.k, i, _tap(f.y.name, j)), (count, c), (s, t), label)
    whole = _entry(name, *[Num("0")] * f.channels, Sym(indices[0]))
    rows = [replace(rows[0], rule=False), *rows[1:], FigureRow((whole,), sums, rule=True)]
    columns = tuple(str(i).replace("-", "−") for i in range(m, m + len(sums)))
    return Figure(tuple(rows), columns, _said(f, (name, indices[1]), (count, c), (s, t, m)), Sym(indices[0]))


def _fits(e: int, c: int, s: int, t: int) -> bool:
    """Whether e samples need few columns, and no column has more than two of them."""
    laid = [s * j + t * i for j in range(e) for i in range(c)]
    return max(laid) < WIDEST and max(map(laid.count, laid)) <= 2


def _ends(k: Name | Ones | Taps, statement: Statement) -> Range:
    """The first and the last tap."""
    match k:
        case Name(name):
            return statement.facts.supports.get(name, (None,))[-1]
        case Ones(extents):
            return ZERO, extents[0] - 1
        case Taps(shape, values):
            return (ZERO, const(shape[0] - 1)) if min(values) >= 0 else None


def _laid(k: Name | Ones | Taps, i: int, sample: Math) -> Math | None:
    """Tap i times a sample: y₀k₁, 3y₀/4, y₀; None for a tap 0."""
    match k:
        case Name(name):
            return row(sample, _tap(name, i))
        case Ones():
            return sample
        case Taps(_, values):
            above, below = values[i].numerator, values[i].denominator
            head = (Num(str(above)),) if above != 1 else ()
            return row(*head, sample, *((Tok("slash"), Num(str(below))) if below != 1 else ())) if above else None


def _said(f: _Scatter, names: tuple[str, str], counts: tuple[int, int], steps: tuple[int, int, int]) -> Text:
    """Each sample lays the taps from place s i + m on."""
    (name, i), (count, c), (s, t, m) = names, counts, steps
    out: list[Inline]
    if isinstance(f.whole, Layer) and f.whole.kind == "upsample_nearest":
        out = ["The output ", row(Sym(name), Tok("eq"), notation(f.whole)), f" for stride {s}: each "]
        return (*out, _general(f.y.name, i), f" stands {s} times, from place ", row(Num(str(s)), Sym(i)), " on.")
    where: list[Math] = [row(Num(str(s)), Sym(i)) if s != 1 else Sym(i)]
    where += [Tok("plus" if m > 0 else "minus"), Num(str(abs(m)))] if m else []
    sample, alone = _general(f.y.name, i), listed([(_tap(f.y.name, n),) for n in range(count)])
    out = ["The output ", row(Sym(name), Tok("eq"), notation(f.whole))]
    out.append(f" for {c} tap" + "s" * (c != 1) + f" and stride {s}")
    if f.channels and isinstance(f.k, Name):
        first, pair = _entry(f.y.name, Num("0"), Sym(i)), _entry(f.k.name, Num("0"), Num("0"), Sym(i))
        out += [" on one pair of channels: ", sample, " is short for ", first, ", and ", _general(f.k.name, i), " for ",
                pair, ". When all samples but "]  # fmt: skip
    else:
        out += [". When all samples of ", Sym(f.y.name), " but "]
    out += [*alone, " are 0, each ", sample, " lays the taps of ", notation(f.k), ", multiplied by it, "]
    out += [f"{t} places apart " if t > 1 else "", "from place ", row(*where), " on, and the columns are added."]
    return tuple(part for part in out if part != "")


def _entry(name: str, *place: Math) -> Math:
    """z[0, n]."""
    return row(Sym(name), Fence("[", places(place)))


def _general(name: str, i: str) -> Math:
    """The entry at an index as `indexed` writes those at numbers."""
    return _entry(name, Sym(i)) if name[-1].isdigit() else Script(Sym(name), Sym(i))
