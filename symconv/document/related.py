"""What belongs to a statement, in short at the end of its page: what is proved, and what is false with an example."""

from __future__ import annotations

from collections.abc import Sequence

from symconv.document.examples import refutation_blocks
from symconv.document.model import Block, Display, Paragraph
from symconv.document.words import quantified
from symconv.expr.notation import claimed
from symconv.tactics.verdict import Result


def related(found: Sequence[tuple[str, str, Result]]) -> tuple[Block, ...]:
    """Name, title and verdict of each; of a refuted one the numbers that show it."""
    blocks: list[Block] = []
    for name, title, result in found:
        s, wrong = result.statement, result.verdict == "refuted"
        said = " it is false that" if wrong else " it is proved that"
        head = quantified(s)
        words = (f"{title} ({name}). ", *head, said) if head else (f"{title} ({name}):{said}",)
        blocks += [Paragraph(words, lead="See also", style="theorem"), Display((claimed(s),))]
        blocks += refutation_blocks(result) if wrong else []
    return tuple(blocks)
