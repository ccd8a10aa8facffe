"""Extents in a proof: how many outputs tensors on both sides have, and why these numbers are equal."""

from __future__ import annotations

from symconv.document.implied import implied
from symconv.document.model import Block, Display, Paragraph, Text
from symconv.document.words import listed
from symconv.expr.index_notation import integer
from symconv.expr.notation import claimed
from symconv.proof.theorem import Theorem
from symconv.tactics.integers import polynomial


def extent_blocks(theorem: Theorem) -> list[Block]:
    """What both sides have for extents, axis by axis; each equation that needs a reason with what it follows from."""
    statement = theorem.statement
    known = [(axis, pair) for axis, pair in enumerate(statement.extents) if pair is not None]
    alike = [(axis, pair[0]) for axis, pair in known if pair[0] == pair[1]]
    blocks: list[Block] = []
    if alike:
        every: list[Text] = [(integer(p), *_along(axis, statement.rank)) for axis, p in alike]
        blocks.append(Paragraph(("Both sides have extent ", *listed(every), ".")))
    for part in theorem.extents:
        pair = polynomial(part.statement.lhs), polynomial(part.statement.rhs)
        axis = next(axis for axis, other in known if other == pair)
        where = "" if statement.rank == 1 else f" on axis {axis}"
        blocks.append(Paragraph((f"The extents{where} are equal:",)))
        blocks.append(Display((claimed(part.statement),)))
        why = implied(part)
        blocks += [Paragraph(why)] if why else []
    return blocks


def _along(axis: int, rank: int) -> Text:
    return () if rank == 1 else (f" on axis {axis}",)
