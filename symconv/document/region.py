"""Where a refuted claim does hold: the sizes, the outputs, and a figure of the outputs at which the sides differ."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from symconv.document.drawn import valued
from symconv.document.model import Block, Cell, Figure, FigureRow, Inline, Paragraph, Text
from symconv.document.words import assumption, joined_text, listed
from symconv.expr.index_notation import integer
from symconv.expr.mathematics import Fence, Math, Num, Sym, Tok, Words, places, row
from symconv.expr.statement import Assumption, Statement
from symconv.tactics.region import holds_at, value
from symconv.tactics.verdict import Conjunction, Region, Result
from symconv.tactics.wording import Comparison, compared, grouped, speaks_of

WIDEST = 12
ROWS = 6
MOST = 2
"""How many sets of outputs are named at which the sides agree."""
SIGNS = {"<=": "le", "<": "lt", "==": "eq", "!=": "ne", ">": "gt", ">=": "ge"}
SOLVER = (
    "These conditions were found by isl, a solver for linear conditions on integers, from the normal forms of both "
    "sides. They are no part of a certificate and are not replayed."
)


def region_blocks(result: Result) -> list[Block]:
    """The sentences and the figure of a region of truth."""
    found = result.region
    if found is None:
        return []
    where = (*_outputs(found), *_interior(found)) if found.fails and found.fits != () else ()
    text: list[Inline] = [*_sizes(found), *_extents(found), *where, SOLVER]
    blocks: list[Block] = [Paragraph(tuple(text), lead="Where it holds", style="theorem")]
    drawn = figure(result)
    return blocks if drawn is None else [*blocks, drawn]


def _sizes(r: Region) -> Text:
    at = " at all outputs" if r.indices else ""
    if r.fits is not None:
        at = " in their extents and at all outputs"
    if not r.everywhere:
        return (f"For no sizes are the sides equal{at}. ",)
    if r.everywhere == ((),):
        return (f"The sides are equal{at}, for all sizes. ",)
    return (f"The sides are equal{at} if and only if ", *alternatives(r.everywhere), ". ")


def _extents(r: Region) -> Text:
    """For which sizes the two sides are tensors of one extent."""
    if r.fits is None:
        return ()
    return ("Their extents are equal if and only if ", *alternatives(r.fits), ". ") if r.fits else (
        "Their extents are equal for no sizes. ",)  # fmt: skip


def _outputs(r: Region) -> Text:
    """At which outputs the sides differ, which may be at all of them."""
    groups = grouped(r.told, r.indices)
    if not r.indices:
        return ()
    if all(not outputs for outputs, _ in groups):
        whose = "For all other sizes they" if r.everywhere else "They"
        return (f"{whose} differ at every output. ",) if r.fits is None else ()
    n = places(map(Sym, r.indices))
    said: list[Text] = []
    for outputs, guards in groups:
        where: Text = () if () in guards else (", where ", *alternatives(guards))
        said.append((*_all(outputs, r.indices), *where) if outputs else ("any value", *where))
    number = _number(r) if any(_counted(r, c) for c in (*r.told, r.interior)) else ()
    return (*number, "They differ exactly at the outputs ", n if len(r.indices) == 1 else Fence("(", n), " with ",
            *joined_text(_or(said)), ". ")  # fmt: skip


def _counted(r: Region, conjunction: Conjunction) -> bool:
    return r.extent is not None and any(speaks_of(c, (r.extent[0],)) for c in conjunction)


def _number(r: Region) -> Text:
    """There are M = ⌊(N + 2)/4⌋ + 1 outputs."""
    if r.extent is None:
        return ()
    return ("There are ", row(Sym(r.extent[0]), Tok("eq"), integer(r.extent[1])), " outputs. ")


def _interior(r: Region) -> Text:
    """The outputs at which the sides are equal for all sizes, where conditions on outputs alone say them."""
    inside = [outputs for outputs, guards in grouped(r.holds, r.indices) if outputs and () in guards]
    found = [_all(c, r.indices) for c in ([r.interior] if r.interior else inside)]
    if len(found) > MOST:
        return ()
    return ("Whatever the sizes, they are equal at the outputs with ", *joined_text(_or(found)), ". ") if found else ()


def _or(parts: list[Text]) -> list[Text]:
    return [("or with ", *p) if i else p for i, p in enumerate(parts)]


def alternatives(conjunctions: Sequence[Conjunction]) -> Text:
    """c ≤ p + 1, or c = p + 2 and N − c is even."""
    parts = [_all(c, ()) for c in conjunctions]
    if all(len(c) == 1 for c in conjunctions):
        return listed(parts, " or")
    out: list[Inline] = []
    for i, part in enumerate(parts):
        out += [", or "] * bool(i) + list(part)
    return tuple(out)


def _all(conjunction: Conjunction, outputs: Sequence[str]) -> Text:
    return listed([_comparison(c) for c in compared(conjunction, outputs)])


def _comparison(c: Comparison | Assumption) -> Text:
    """2n < p; N − c is even; (N − c) mod 4 ≠ 2; 1 ≤ n ≤ N − 2."""
    if not isinstance(c, Comparison):
        return (assumption(c),)
    if c.modulus == 2 and c.sign == "==":
        return (integer(c.left), " is even" if not c.right.terms else " is odd")
    if c.modulus and c.sign == "==" and not c.right.terms:
        return (row(Num(str(c.modulus)), Tok("divides"), integer(c.left)),)
    left = integer(c.left)
    if c.modulus:
        left = row(left if c.left.name() else Fence("(", left), Words(" mod "), Num(str(c.modulus)))
    below: list[Math] = [] if c.low is None else [integer(c.low), Tok(SIGNS[c.below])]
    return (row(*below, left, Tok(SIGNS[c.sign]), integer(c.right)),)


def figure(result: Result) -> Figure | None:
    """The outputs for the sizes of the example and for longer signals: = where the sides agree, ≠ where they differ."""
    r, example = result.region, result.counterexample
    if r is None or example is None or len(r.window) != 1 or r.window[0] is None:
        return None
    low, high = r.window[0]
    rows: list[FigureRow] = []
    counted = _extent(result.statement, example.integers)
    start = example.integers[counted] if counted else 0
    for more in range(ROWS if counted else 1):
        sizes = {**example.integers, **({counted: start + more} if counted else {})}
        first, last = value(low, sizes), value(high, sizes)
        if first or last >= WIDEST:
            break
        marks = [holds_at(r.fails, {**sizes, r.indices[0]: n}) for n in range(last + 1)]
        label: Text = (row(Sym(counted), Tok("eq"), Num(str(sizes[counted]))),) if counted else (Sym(r.indices[0]),)
        rows.append(FigureRow(label, tuple(Cell(Tok("ne"), 0) if m else Cell(Tok("eq"), None) for m in marks)))
    return _figure(rows, r, {n: v for n, v in example.integers.items() if n not in (counted, *r.indices)})


def _figure(rows: list[FigureRow], r: Region, sizes: dict[str, int]) -> Figure | None:
    width = max((len(each.cells) for each in rows), default=0)
    if not width:
        return None
    filled = tuple(FigureRow(each.label, each.cells + (None,) * (width - len(each.cells))) for each in rows)
    caption: Text = ("The outputs", *valued(sizes), ": the sides differ where ", Tok("ne"), " stands.")
    return Figure(filled, tuple(map(str, range(width))), caption, Sym(r.indices[0]), square=True)


def _extent(statement: Statement, integers: Mapping[str, int]) -> str:
    """The size that is the extent of a signal."""
    ends = [(r[1] + 1).name() for d in statement.declarations.values() if d.kind == "signal" for r in d.ranges if r]
    return next((n for n in ends if n is not None and n in integers), "")
