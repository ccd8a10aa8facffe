"""The marked-up page of a graded sheet: a summary, the author's lines with a verdict beside each, and notes below."""

from __future__ import annotations

from dataclasses import replace

from symconv.document.examples import refutation_blocks
from symconv.document.model import EQUAL, Block, Chain, Document, Line, Paragraph, Table, Text
from symconv.document.region import region_blocks
from symconv.document.words import quantified
from symconv.expr.mathematics import Math, Num, Tok, Words
from symconv.expr.notation import notation
from symconv.grading.judging import CONDITIONAL, FOLLOWS, OPEN, UNREAD, WRONG, Graded, Judged
from symconv.grading.judging import Chain as Graded_Chain
from symconv.grading.report import counts, ending, sentences, summary

COLOURS = {FOLLOWS: 2, CONDITIONAL: 0, WRONG: 1, UNREAD: 0, OPEN: 0}
"""Of what stands beside a line."""
LONGEST = 120


def graded_document(graded: Graded) -> Document:
    """The page of one file."""
    blocks: list[Block] = [Paragraph((f"{_sentence(summary(graded))}",), lead="Verdict", style="definition"),
                           _counted(graded)]  # fmt: skip
    given = [f"let {line}" for line in graded.sheet.lets] + [f"assume {a}" for a in graded.sheet.assumes]
    if given:
        blocks.append(Paragraph((f"Given: {'; '.join(given)}.",), style="small"))
    several = len(graded.chains) > 1
    for number, chain in enumerate(graded.chains, start=1):
        blocks += _chain(chain, f"Derivation {number}" if several else "Derivation", graded)
    name = graded.sheet.name.replace("\\", "/").rsplit("/", 1)[-1]
    return Document(f"Graded: {name}", "each line judged against the line before", "grading", tuple(blocks))


def _sentence(words: str) -> str:
    return f"{words[:1].upper()}{words[1:]}."


def _counted(graded: Graded) -> Table:
    """How many lines have each verdict."""
    found = [(v, n) for v, n in counts(graded).items() if n]
    head: tuple[Text, ...] = (("lines",), ("verdict",))
    return Table(head, tuple((Num(str(n)), Words(v)) for v, n in found))


def _chain(chain: Graded_Chain, title: str, graded: Graded) -> list[Block]:
    """One chain with the verdicts, a note for each line that does not simply follow, and its end."""
    first = chain.lines[0]
    wrong = next((j for j in graded.lines if j.faulty), None)
    lines = tuple(
        Line(_formula(j), _beside(j, number, j is wrong), EQUAL if j.line.relation == "==" else Tok("le"),
             COLOURS[j.verdict])
        for number, j in enumerate(chain.lines[1:], start=1)
    )  # fmt: skip
    blocks: list[Block] = []
    said = next((j.statement for j in chain.lines if j.statement is not None), None)
    head = quantified(said) if said is not None else ()
    opening: Text = (*head, ":") if head else ("The lines as they were handed in:",)
    blocks += [Paragraph(opening, lead=title, style="definition"), Chain(_formula(first), lines)]
    if first.verdict == UNREAD:
        blocks.append(_said("First line", first))
    for number, j in enumerate(chain.lines[1:], start=1):
        if j.verdict != FOLLOWS:
            blocks += _note(number, j, j is wrong)
    if chain.whole is not None and len(chain.lines) > 2:
        blocks.append(Paragraph((_sentence(ending(chain.whole)),), lead="The end", style="definition"))
    return blocks


def _formula(j: Judged) -> Math:
    """The author's line typeset, or as it is written where it is not understood."""
    if j.shown is not None:
        return notation(j.shown)
    words = " ".join(j.line.source.split())
    return Words(words if len(words) <= LONGEST else f"{words[: LONGEST - 1]}…")


def _beside(j: Judged, number: int, first: bool) -> Text:
    """The verdict in few words."""
    said = f" (the author: {j.line.reason})" if j.line.reason and j.line.text else ""
    if j.verdict == FOLLOWS:
        return (f"follows: {j.by}{said}",)
    start = "first wrong step: " if first else ""
    return (f"{start}{j.verdict}, see note {number}{said}",)


def _note(number: int, j: Judged, first: bool) -> list[Block]:
    """Why a line does not follow: numbers, conditions, a mend."""
    blocks: list[Block] = [_said(f"Note {number}", j, first)]
    if j.result is not None and j.result.counterexample is not None:
        blocks += [b for b in refutation_blocks(j.result) if not (isinstance(b, Paragraph) and b.lead == "Remark")]
        blocks += region_blocks(j.result)
    if j.mended is not None:
        blocks.append(Paragraph(("This follows instead: ", notation(j.mended), "."), lead="Mended", style="definition"))
    return blocks


def _said(lead: str, j: Judged, first: bool = False) -> Block:
    """What is said of a line in words; its numbers and its mend are shown below."""
    region = j.result is not None and j.result.region is not None and j.faulty
    spoken = sentences(replace(j, message="") if region else j, first, numbered=False)
    return Paragraph((f"Line {j.line.row} of the file: {'; '.join(spoken)}.",), lead=lead, style="definition")
