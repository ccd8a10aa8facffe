"""The page of an integer unknown: its values, and the theorems that the claim holds there and nowhere else."""

from __future__ import annotations

from dataclasses import replace

from symconv.document.model import Block, Display, Document, Figure, Paragraph, Text
from symconv.document.outline import proof_document
from symconv.document.region import alternatives
from symconv.document.words import assumption, quantified
from symconv.expr.index_notation import integer
from symconv.expr.mathematics import Fence, Math, Sym, Tok, Words, places, row
from symconv.expr.notation import claimed
from symconv.index.poly import ONE, Poly, var
from symconv.tactics.integer_unknown import Bounds, Values


def values_document(found: Values) -> Document:
    """The question, the answer, and the proofs."""
    name = Sym(found.unknown)
    blocks: list[Block] = [Paragraph(("For which ", name, " is it that",), lead="Question", style="theorem"),
                           Display((claimed(found.statement),)),
                           Paragraph((*_quantified(found), "?"), style="theorem-end")]  # fmt: skip
    if found.pieces:
        where: Text = ("Exactly where ", *alternatives(found.pieces)) if found.answer else ("For every one",)
        blocks.append(Paragraph((*where, f". This was {found.reason}."), lead="Answer", style="theorem"))
    elif found.bounds is None:
        blocks.append(Paragraph((f"None: {found.reason}.",), lead="Answer", style="theorem"))
    else:
        shown = bounds(found.bounds)
        where = ("Exactly where",) if shown else ("For every one.",)
        blocks += [Paragraph(where, lead="Answer", style="theorem"), *(Display((m,)) for m in shown)]
        blocks.append(Paragraph(_proved(found)))
    shown = [r for r in (found.inside, *found.outside) if r is not None and r.theorem is not None]
    for number, result in enumerate(shown, start=1):
        page = proof_document(result, title="").blocks
        own = [replace(b, number=str(number)) if isinstance(b, Display) and b.number else b
               for b in page if number == 1 or not isinstance(b, Figure)]  # fmt: skip
        first = next(i for i, b in enumerate(own) if isinstance(b, Paragraph) and b.lead == "Theorem")
        blocks += own if number == 1 else own[first:]
    return Document(f"The values of {found.unknown}", "", "Sizes", tuple(blocks))


def _proved(found: Values) -> Text:
    if found.verdict == "proved":
        return ("There it holds, and where a bound is not met one side is less than the other: both are proved below.",)
    return (f"This is not proved: {found.reason}.",)


def _quantified(found: Values) -> Text:
    said = quantified(found.statement)
    return ("for", said[0].removeprefix("For"), *said[1:]) if said and isinstance(said[0], str) else said


def bounds(found: Bounds) -> list[Math]:
    """The conditions: max(0, 3c − 6) ≤ P ≤ 3c − 3."""
    m = found.multiple
    several = len(m.terms) > 1
    middle = row(Fence("(", integer(m)), Sym(found.unknown)) if several else integer(m * var(found.unknown))
    middle = Sym(found.unknown) if m == ONE else middle
    out: list[Math] = [assumption(c) for c in found.conditions]
    if found.equal is not None:
        out.append(row(middle, Tok("eq"), integer(found.equal)))
    low, high = (_chosen(f, ps) for f, ps in (("max", found.lows), ("min", found.highs)))
    if high is not None:
        out.append(row(*((low, Tok("le")) if low is not None else ()), middle, Tok("le"), high))
    elif low is not None:
        out.append(row(middle, Tok("ge"), low))
    return out


def _chosen(f: str, ps: tuple[Poly, ...]) -> Math | None:
    if len(ps) < 2:
        return integer(ps[0]) if ps else None
    return row(Words(f), Fence("(", places(map(integer, ps))))
