"""How many taps a kernel has, and why: c + s(e − 1) rather than es + c − s."""

from __future__ import annotations

from symconv.document.elision import shortened
from symconv.document.model import Inline, Text
from symconv.document.words import joined_text, listed
from symconv.expr.index_notation import integer
from symconv.expr.mathematics import Fence, Math, Sym, Tok, joined, row
from symconv.expr.nodes import Conv, Expr, Name, Up, rank
from symconv.expr.notation import notation
from symconv.expr.statement import Statement
from symconv.expr.support import support, tap_count
from symconv.expr.traverse import sequence_names, walk
from symconv.index.poly import ONE, ZERO, Poly, total, var


def taps_of(kernel: Expr, statement: Statement) -> Math | None:
    """The number of taps, axis by axis; None where there is no formula."""
    found = tap_count(kernel, statement.facts)
    return None if found is None else numbers(found, statement)


def numbers(counts: tuple[Poly, ...], statement: Statement) -> Math:
    """One number, or (3c − 2) × (4c − 3)."""
    return joined((number(p, statement, fenced=len(counts) > 1) for p in counts), Tok("by"))


def number(p: Poly, statement: Statement, fenced: bool = False) -> Math:
    """A number of taps by the numbers of taps that it comes from: c + s(e − 1), (c − 1)(1 + s + s²) + 1."""
    parts = _spread(p - 1, statement)
    if parts is None:
        return _fenced(p) if fenced else integer(p)
    alone = [var(name) for q, name in parts if q == ONE]
    items = [_times(q, name) for q, name in parts if q != ONE]
    rest = total(alone) + 1 - len(alone)
    items = [integer(rest), *items] if alone else [*items, integer(rest)]
    shown = joined(items, Tok("plus"))
    return Fence("(", shown) if fenced else shown


def last(p: Poly, statement: Statement) -> Math:
    """The place of a last tap: s(e − 1), (c − 1) + s(e − 1)."""
    parts = _spread(p, statement)
    if parts is None or all(q.constant() for q, _ in parts):
        return integer(p)
    return joined((_times(q, name) for q, name in parts), Tok("plus"))


def _spread(p: Poly, statement: Statement) -> list[tuple[Poly, str]] | None:
    """p as Σ q(c − 1) over the numbers of taps c, the plainest first; None where it is not, or where that says less."""
    out: list[tuple[Poly, str]] = []
    ends = [r for d in statement.declarations.values() if d.kind == "kernel" for r in d.ranges if r is not None]
    for name in dict.fromkeys((high + 1).name() for low, high in ends if not low.terms):
        q = p.coefficient(name) if name is not None else ZERO
        if name is not None and q.terms and name not in q.names():
            out.append((q, name))
    if total(q * (var(name) - 1) for q, name in out) != p or not out or all(q.constant() for q, _ in out):
        return None
    return sorted(out, key=lambda part: (max(len(m) for m, _ in part[0].terms), len(part[0].terms)))


def _times(q: Poly, name: str) -> Math:
    less = Fence("(", integer(var(name) - 1))
    return integer(var(name) - 1) if q == ONE else row(_fenced(q), less)


def _fenced(p: Poly) -> Math:
    """p in parentheses; of 1 + s + … + s^r, with the middle left out."""
    degrees = [len(m) for m, c in p.terms if c == 1 and len(set(m)) <= 1]
    geometric = degrees == list(range(len(p.terms) - 1, -1, -1)) and len(p.names()) == 1
    return integer(p) if len(p.terms) == 1 else Fence("(", shortened(integer(p)) if geometric else integer(p))


def length(kernel: Expr, name: str, statement: Statement) -> Text:
    """Why the kernel has so many taps; nothing where the statement says all."""
    box, count = support(kernel, statement.facts), tap_count(kernel, statement.facts)
    if box is None or count is None:
        return ()
    match kernel:
        case Conv(k, h):
            axes = [_added(k, h, name, axis, box[axis], count[axis], statement) for axis in range(len(box))]
            return ("As for the length, ", *joined_text(axes), ".", *_attained(kernel))
        case Up(k, by) if len(box) == 1:
            inner = taps_of(k, statement)
            if inner is not None:
                return ("As for the length, up-sampling moves tap ", Sym("i"), " of ", notation(k), " to place ",
                        integer(by[0] * var("i")), ", so ", inner, " taps become ", number(count[0], statement),
                        " places.")  # fmt: skip
        case _:
            pass
    return ()


def _added(k: Expr, h: Expr, name: str, axis: int, run: tuple[Poly, Poly], count: Poly, statement: Statement) -> Text:
    """On one axis: those of k run from 0 to c − 1 and those of h run from 0 to e − 1, so those of K do to c + e − 2."""
    runs: list[Text] = []
    for e in (k, h):
        own = support(e, statement.facts)
        if own is not None:
            runs.append(("those of " if runs else "the taps of ", notation(e), *_run(own[axis], statement)))
    where: Text = () if rank(k) == 1 else (f"on axis {axis + 1} ",)
    return (*where, *listed(runs), ", so those of ", Sym(name), *_run(run, statement),
            ", which are ", number(count, statement), " places")  # fmt: skip


def _attained(kernel: Expr) -> Text:
    """That no shorter kernel does; for products of kernels by name, whose end taps multiply."""
    if not all(isinstance(node, Conv | Up | Name) for _, node in walk(kernel)):
        return ()
    names = listed([(Sym(name),) for name in sequence_names(kernel)])
    return (" Both ends are attained when the first and last taps of ", *names, " are not 0.")


def _run(ends: tuple[Poly, Poly], statement: Statement) -> tuple[Inline, ...]:
    low, high = (last(p, statement) for p in ends)
    return " run from ", low, " to ", high
