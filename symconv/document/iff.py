"""The page of a claim that is said to hold exactly under a condition."""

from __future__ import annotations

from dataclasses import replace

from symconv.document import headings
from symconv.document.definitions import definitions
from symconv.document.examples import given, refutation_blocks
from symconv.document.model import Block, Display, Document, Paragraph
from symconv.document.outline import proof_document
from symconv.document.region import alternatives, region_blocks
from symconv.document.words import quantified
from symconv.expr.notation import claimed
from symconv.proof.theorem import Theorem
from symconv.tactics.verdict import Iff, Result

ELSEWHERE = (
    "This was decided by isl, a solver for linear conditions on integers, from the normal forms of both sides; it is "
    "no part of the certificates and is not replayed."
)


def iff_document(result: Result) -> Document:
    """The claim with its condition; then the proofs and what lies elsewhere, or an example from the wrong side."""
    statement, asked = result.statement, result.iff
    if asked is None:
        raise ValueError("no condition was asked about")
    head = quantified(statement)
    said = (
        ""
        if result.verdict == "proved"
        else "it was claimed that "
        if result.verdict == "refuted"
        else "is it true that "
    )
    lead = "Theorem" if result.verdict == "proved" else "The claim"
    blocks: list[Block] = [*definitions(statement, ())]
    blocks.append(Paragraph((*head, f", {said}" if head else said), lead=lead, style="theorem"))
    blocks.append(Display((claimed(statement),)))
    blocks.append(Paragraph(("if and only if ", *alternatives(asked.alternatives), "."), style="theorem-end"))
    if result.verdict == "proved":
        for proof in asked.proofs:
            blocks += _case(proof, "Case" if len(asked.proofs) > 1 else "Under the condition")
        differ = "the two sides differ at some output" if statement.rank else "the two sides differ"
        blocks.append(Paragraph((f"For all other sizes {differ}. {ELSEWHERE}",), lead="Elsewhere", style="theorem"))
    elif result.verdict == "refuted":
        blocks += _wrong(result, asked)
    else:
        blocks.append(Paragraph((f"This was not decided: {result.reason}.",)))
        blocks += region_blocks(result)
    title = headings.title(statement, result.verdict)
    return Document(title, "", headings.running(statement), tuple(blocks))


def _case(proof: Theorem, lead: str) -> list[Block]:
    """The proof of one case, without the definitions, which stand above."""
    page = proof_document(Result("proved", proof.statement, theorem=proof), title="")
    blocks = list(page.blocks)
    first = next(i for i, b in enumerate(blocks) if isinstance(b, Paragraph) and b.lead == "Theorem")
    if isinstance(start := blocks[first], Paragraph):
        blocks[first] = replace(start, lead=lead)
    return blocks[first:]


def _wrong(result: Result, asked: Iff) -> list[Block]:
    """Sizes in the condition for which the claim fails, or sizes outside for which it holds."""
    if result.counterexample is not None:
        return [Paragraph((f"This is false: {result.reason}.",)), *refutation_blocks(result), *region_blocks(result)]
    blocks: list[Block] = [Paragraph((f"This is false: {result.reason}.",))]
    values = asked.outside or {}
    shown = "The sides are equal at all outputs" if result.statement.rank else "The sides are equal"
    how = ", as is proved below." if asked.proof is not None else ", as isl decides from their normal forms."
    blocks.append(Paragraph(("Take ", *given(values), f". {shown}{how}"), lead="Example", style="theorem"))
    if asked.proof is not None:
        blocks += _case(asked.proof, "For these sizes")
    return [*blocks, *region_blocks(result)]
