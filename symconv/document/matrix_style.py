"""A theorem told by matrices: a small instance, each operator one matrix, both sides multiplied out and compared.

matrix_telling(statement, integers) -> blocks, or None where the claim is no equation between linear maps of a signal
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from itertools import count, pairwise, product

from symconv.document.matrix_blocks import Taps, dotted, matrix_block, whole
from symconv.document.matrix_page import ordinal
from symconv.document.model import Block, Matrices, Matrix, Paragraph, Text
from symconv.document.words import listed
from symconv.errors import SymconvError
from symconv.expr.linear import linear
from symconv.expr.mathematics import Math, Sym, Tok, Words, row
from symconv.expr.nodes import Adjoint, Conv, Corr, Down, Flip, Layer, Mul, Name, Neg, Reverse, Shift, Up, rank
from symconv.expr.notation import PREFIX, called, equation, notation
from symconv.expr.powers import known_powers
from symconv.expr.statement import Statement, inside
from symconv.expr.traverse import children
from symconv.index.poly import ONE, Poly
from symconv.instances.factors import Factor, World, factors, onto, times
from symconv.instances.linear_maps import written
from symconv.instances.matrices import Values, symbols
from symconv.instances.sizes import sizes_of

LARGEST = 16
"""Rows, and columns, of the largest matrix on a page."""
MOST = 10
FEW = 2
TRANSPOSED = Words("T")


def matrix_telling(statement: Statement, integers: Mapping[str, int]) -> tuple[Block, ...] | None:
    """The blocks of the telling; None where it does not apply or no small instance was found."""
    own = {n: v for n, v in integers.items() if n in statement.integers}
    few = own | dict.fromkeys(_taps(statement), FEW)
    for known, least in product((own, few, few | dict.fromkeys(_channels(statement), 1)), (4, 2)):
        try:
            sizes = sizes_of(statement, known)
            at = known_powers(sizes, statement.declarations)
            sides = replace(statement, lhs=written(statement.lhs, at), rhs=written(statement.rhs, at))
            x = _signal(sides)
            found = None if x is None else _instance(sides, x, sizes, least if x.rank == 1 else 2)
        except SymconvError:
            continue
        if found is not None:
            return found
    return None


def _signal(statement: Statement) -> Name | None:
    """The sequence in which both sides are linear: a signal, else a kernel."""
    if not statement.rank or statement.nonnegative or not (rank(statement.lhs) and rank(statement.rhs)):
        return None
    both = inside(statement.lhs, statement) & inside(statement.rhs, statement)
    declared = [d for d in statement.declarations.values() if d.name in both and d.kind in ("signal", "kernel")]
    for d in sorted(declared, key=lambda d: (d.kind != "signal", None not in d.ranges)):
        x = Name(d.name, d.rank)
        if all(linear(e, x, statement) for e in (statement.lhs, statement.rhs)):
            return x
    return None


def _taps(statement: Statement) -> set[str]:
    """The sizes that count taps."""
    ends = [r[1] for d in statement.declarations.values() if d.kind == "kernel" for r in d.ranges if r is not None]
    return {n for p in ends for n in p.names()} & statement.integers


def _channels(statement: Statement) -> set[str]:
    """The sizes that count channels: the extents of axes before one without extent, and those of kernels there."""
    signals = [d for d in statement.declarations.values() if d.kind == "signal" and None in d.ranges]
    lead = max((d.rank - sum(r is None for r in d.ranges) for d in signals), default=0)
    axes = max((sum(r is None for r in d.ranges) for d in signals), default=0)
    named = [r[1] for d in statement.declarations.values() if lead and d.kind in ("signal", "kernel")
             for r in d.ranges[: max(0, d.rank - axes)] if r is not None]  # fmt: skip
    return {n for p in named for n in p.names()} & statement.integers


def _instance(statement: Statement, x: Name, sizes: Mapping[str, int], least: int) -> tuple[Block, ...] | None:
    """The least extent at which the rows are as full as they get, where its matrices fit a page."""
    before: tuple[tuple[_Side, _Side], Taps] | None = None
    bounded = None not in statement.declarations[x.name].ranges
    for n in count(least):
        try:
            sides, taps = _sides(statement, x, sizes, n)
        except SymconvError:
            if n > MOST or bounded:
                raise
            continue
        if any(max(len(f.rows), len(f.columns)) > LARGEST for s in sides for f in s.factors):
            return None if before is None else _told(statement, x, sizes, *before)
        if sides[0].product != sides[1].product:
            return None
        if bounded:
            return _told(statement, x, sizes, sides, taps)
        if before is not None and 0 < _full(before[0][0].product) == _full(sides[0].product):
            return _told(statement, x, sizes, *before)
        before = sides, taps
    return None


class _Side:
    """The factors of one side and their products, multiplied from the left."""

    def __init__(self, found: tuple[Factor, ...], outputs: tuple[tuple[int, ...], ...]) -> None:
        self.factors = (onto(found[0], outputs), *found[1:])
        self.products: list[Values] = [self.factors[0].matrix]
        for f in self.factors[1:]:
            self.products.append(times(self.products[-1], f.matrix))

    @property
    def product(self) -> Values:
        return self.products[-1]


def _full(values: Values) -> int:
    """The most entries of a row that are not 0."""
    return max((sum(v != 0 for v in r) for r in values), default=0)


def _sides(statement: Statement, x: Name, sizes: Mapping[str, int], n: int) -> tuple[tuple[_Side, _Side], Taps]:
    """Both sides on n samples, over the places where one of them may be other than 0."""
    ranges = statement.declarations[x.name].ranges
    ends = [(0, n - 1) if r is None else (r[0].evaluate(sizes), r[1].evaluate(sizes)) for r in ranges]
    box = tuple(low for low, _ in ends), tuple(high - low + 1 for low, high in ends)
    entries, numbers, taps = symbols(statement, x, box, sizes, {"N": n}, {})
    world = World(statement, sizes, entries, numbers)
    found = [factors(e, x, box, world) or (_identity(x, box, world),) for e in (statement.lhs, statement.rhs)]
    outputs = tuple(sorted({place for side in found for place in side[0].outputs}))
    left, right = (_Side(side, outputs) for side in found)
    return (left, right), taps


def _identity(x: Name, box: tuple[tuple[int, ...], tuple[int, ...]], world: World) -> Factor:
    """The matrix of a side that is the signal itself."""
    rows, values = world.matrix(x, x, box)
    return Factor(x, x, values, rows, rows)


def _told(statement: Statement, x: Name, sizes: Mapping[str, int], sides: tuple[_Side, _Side],
          taps: Taps) -> tuple[Block, ...]:  # fmt: skip
    columns = sides[0].factors[-1].rows if sides[0].factors[-1].transposed else sides[0].factors[-1].columns
    low, high = columns[0], columns[-1]
    chosen: list[Text] = [(row(Sym(n), Tok("eq"), whole(v)),) for n, v in sizes.items() if n in statement.integers]
    given: Text = (" ", *listed(chosen), ", and ") if chosen else (" ",)
    start: Text = () if not any(low) else (f", which begin at {', '.join(map(str, low))}",)
    numbers = known_powers(sizes, statement.declarations)
    samples = " × ".join(str(b - a + 1) for a, b in zip(low, high, strict=True))
    what = "sample" if samples == "1" else "samples"
    opening: Text = (
        "Take", *given, Sym(x.name), f" of {samples} {what}", *start, ". Every sequence is then the vector of its "
        "entries on its support, and every operator a matrix; rows and columns that are not written are 0, so the "
        "products are exact.",
    )  # fmt: skip
    lines = [_lines(side, taps, numbers) for side in sides]
    if any(isinstance(m, Matrix) and dotted(m) for side in lines for line in side for m in line):
        opening = (*opening, " A dot is a 0.")
    blocks: list[Block] = [Paragraph(opening, lead="By matrices", style="proof")]
    for e, side, shown, name in zip((statement.lhs, statement.rhs), sides, lines, ("left", "right"), strict=True):
        words: Text = (f"The {name} side ", notation(e), ", the operator that is applied first on the right:")
        if len(side.factors) == 1:
            words = (f"The {name} side ", notation(e), " is one matrix:")
        blocks += [Paragraph(words), Matrices(shown)]
    ending: Text = ("Both sides are the same matrix: its entries were compared as polynomials. This is ",
                    equation(statement.lhs, statement.rhs), " at these sizes.")  # fmt: skip
    return (*blocks, Paragraph(ending))


def _lines(side: _Side, taps: Taps, sizes: Mapping[str, int]) -> tuple[tuple[Matrix | Math, ...], ...]:
    """F G H, = (F G) H, = the product."""
    blocks = [_block(f, taps, sizes) for f in side.factors]
    lines: list[tuple[Matrix | Math, ...]] = [tuple(blocks)]
    for i, (_, found) in enumerate(pairwise(side.products), start=2):
        lines.append((Tok("eq"), matrix_block(found, taps), *blocks[i:]))
    if len(side.factors) == 1 and side.factors[0].transposed:
        lines.append((Tok("eq"), matrix_block(side.product, taps)))
    return tuple(lines)


def _block(f: Factor, taps: Taps, sizes: Mapping[str, int]) -> Matrix:
    return matrix_block(f.values, taps, under=_meaning(f, sizes), mark=TRANSPOSED if f.transposed else None)


def _meaning(f: Factor, sizes: Mapping[str, int]) -> Text:
    """What the operator does, in a few words."""
    match f.operator:
        case Name():
            return ("identity",)
        case Conv(u, k):
            return ("convolution with ", notation(k if u == f.operand else u))
        case Corr(_, k, stride) if any(s != ONE for s in stride):
            return ("correlation with ", notation(k), ", every ", *_nth(stride, sizes), " row")
        case Corr(_, k):
            return ("correlation with ", notation(k))
        case Down(_, by):
            return ("every ", *_nth(by, sizes), " row of the identity")
        case Up(_, by):
            return ("every ", *_nth(by, sizes), " column of the identity")
        case Flip() | Reverse():
            return ("order reversed",)
        case Shift():
            return ("moved: ", _head(f))
        case Neg() | Mul():
            return ("times ", *_numbers(f))
        case Layer():
            return (called(f.operator),)
        case Adjoint():
            return ("adjoint",)
        case _:
            return ("the whole map",)


def _nth(by: tuple[Poly, ...], sizes: Mapping[str, int]) -> Text:
    """second, third, 4th; on axes with different strides (2, 3)th."""
    counts = [p.evaluate(sizes) for p in by]
    return (ordinal(counts[0]) if len(set(counts)) == 1 else f"({', '.join(map(str, counts))})th",)


def _head(f: Factor) -> Math:
    """↓₂ without its operand."""
    body = notation(f.operator)
    return getattr(body, "items", (body,))[0]


def _numbers(f: Factor) -> Text:
    if isinstance(f.operator, Neg):
        return (row(Tok("neg"), whole(1)),)
    kept = [p for p in children(f.operator) if p != f.operand]
    return tuple(notation(p, PREFIX) for p in kept[:1])
