"""Extents in a proof: how many outputs tensors on both sides have, and why these numbers are equal."""

from __future__ import annotations

from symconv.document.implied import implied
from symconv.document.model import Block, Display, Paragraph, Text
from symconv.document.words import listed
from symconv.expr.index_notation import integer
from symconv.expr.mathematics import Sym, Tok, row
from symconv.expr.notation import claimed
from symconv.index.poly import ZERO, Poly
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


def output_ranges(theorem: Theorem) -> list[tuple[str, tuple[Poly, Poly]]]:
    """The free indices of a proof about tensors, each with its outputs: at all other places both sides are 0.

    Functions that are not 0 there are compared at these places only, which the statement says.
    """
    pairs = theorem.statement.extents
    alike = all(pair is not None and pair[0] == pair[1] for pair in pairs)
    if not alike or any(r is not None for r in theorem.statement.places):
        return []
    return [(i, (ZERO, pair[0] - 1)) for i, pair in zip(theorem.indices, pairs, strict=False) if pair is not None]


def inside(outputs: list[tuple[str, tuple[Poly, Poly]]]) -> Text:
    """… with 0 ≤ n ≤ N − 1; at all others both sides are 0."""
    ends: list[Text] = [(row(integer(low), Tok("le"), Sym(i), Tok("le"), integer(high)),) for i, (low, high) in outputs]
    return (" with ", *listed(ends), "; at all others both sides are 0") if ends else ()


def _along(axis: int, rank: int) -> Text:
    return () if rank == 1 else (f" on axis {axis}",)
