"""The identities of the library: the theorems that a proof in the language of operators may cite, in one order.

The order is that in which a book would prove them: each may be told with those before it.
"""

from __future__ import annotations

from functools import cache

from symconv.errors import StatementError
from symconv.expr.nodes import (
    Add,
    Adjoint,
    Const,
    Conv,
    Corr,
    Delta,
    Down,
    Entry,
    Expr,
    Flip,
    Integer,
    Iverson,
    Layer,
    Mul,
    Name,
    Neg,
    Number,
    Ones,
    Over,
    Reverse,
    Shift,
    Sum,
    Taps,
    Up,
    rank,
)  # fmt: skip
from symconv.expr.traverse import walk
from symconv.library import adjoints, algebra, convolution, resampling, strided, upsampling
from symconv.library.catalogue import statement
from symconv.library.entry import Entry as Named
from symconv.tactics.axiswise import lifted
from symconv.tactics.rewriting import Identity, general

OPERATORS = (Name, Conv, Corr, Down, Up, Flip, Reverse, Shift, Delta, Ones, Taps, Add, Mul, Neg, Number, Const, Integer,
             Over, Sum, Entry, Iverson, Layer, Adjoint)  # fmt: skip
BOOK = (*algebra.ENTRIES, *convolution.ENTRIES, *resampling.ENTRIES, *upsampling.ENTRIES, *adjoints.ENTRIES,
        *strided.ENTRIES)  # fmt: skip


@cache
def identities(axes: int = 1) -> tuple[Identity, ...]:
    """The theorems between sequences that are made of operators, in the order of the book; on every axis of several."""
    one = [found for entry in BOOK if entry.verdict == "proved" and (found := identity(entry)) is not None]
    return tuple(one if axes == 1 else filter(None, (_on_every_axis(i, axes) for i in one)))


def _on_every_axis(one: Identity, axes: int) -> Identity | None:
    """The theorem in several dimensions, where it has such a form."""
    try:
        return Identity(one.name, one.title, lifted(one.statement, axes), axes)
    except StatementError:
        return None


def identity(entry: Named) -> Identity | None:
    """An entry as an identity, for all kernels of finite support; None where it is not one between operators."""
    s = general(statement(entry))
    if s.relation != "==" or s.towards or s.definitions or s.equations or any(s.places):
        return None
    if rank(s.lhs) != 1 or rank(s.rhs) != 1:
        return None
    if not all(isinstance(node, OPERATORS) for side in (s.lhs, s.rhs) for _, node in walk(side)):
        return None
    if not _between_sequences(s.lhs) or not _between_sequences(s.rhs):
        return None
    return Identity(entry.name, entry.title, s)


def _between_sequences(e: Expr) -> bool:
    """Whether all is in one dimension, every adjoint by a name, and no entry taken of anything but a name."""
    return all(rank(n) <= 1 for _, n in walk(e)) and all(
        isinstance(n.x, Name) for _, n in walk(e) if isinstance(n, Adjoint | Entry)
    )
