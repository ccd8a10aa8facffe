"""The marked-up page of a graded sheet: a summary, the author's lines with a verdict beside each, and notes below.

Lines have the numbers of the rows of the file.
"""

from __future__ import annotations

import ast
from dataclasses import replace

from symconv.document.definitions import own
from symconv.document.examples import example_given, refutation_blocks, value
from symconv.document.model import EQUAL, Block, Chain, Document, Line, Paragraph, Text
from symconv.document.region import region_blocks
from symconv.document.words import listed, quantified
from symconv.expr.declarations import read_let
from symconv.expr.mathematics import Math, Tok, Words
from symconv.expr.nodes import Expr
from symconv.expr.notation import notation
from symconv.expr.statement import Statement
from symconv.expr.traverse import with_letters
from symconv.grading.judging import CONDITIONAL, FOLLOWS, OPEN, UNREAD, WRONG, Graded, Judged
from symconv.grading.judging import Chain as Graded_Chain
from symconv.grading.report import ending, summary

COLOURS = {FOLLOWS: 2, CONDITIONAL: 0, WRONG: 1, UNREAD: 0, OPEN: 0}
"""Of what stands beside a line."""
LONGEST = 120


def graded_document(graded: Graded) -> Document:
    """The page of one file."""
    blocks: list[Block] = [Paragraph((_sentence(summary(graded)),), lead="Verdict", style="definition")]
    several = len(graded.chains) > 1
    for number, chain in enumerate(graded.chains, start=1):
        blocks += _chain(chain, f"Derivation {number}" if several else "Derivation", graded)
    name = graded.sheet.name.replace("\\", "/").rsplit("/", 1)[-1]
    return Document(f"Graded: {name}", "each line judged against the line before", "grading", tuple(blocks))


def _sentence(words: str) -> str:
    return f"{words[:1].upper()}{words[1:]}."


def _chain(chain: Graded_Chain, title: str, graded: Graded) -> list[Block]:
    """One chain with the verdicts, a note for each line that does not simply follow, and its end."""
    start, *later = chain.lines
    first = chain.first_wrong
    lines = tuple(
        Line(_formula(j), _beside(j, j is first), EQUAL if j.line.relation == "==" else Tok("le"), COLOURS[j.verdict],
             j.line.row)
        for j in later
    )  # fmt: skip
    said = max((j.statement for j in chain.lines if j.statement is not None), default=None,
               key=lambda s: len(s.declarations))  # fmt: skip
    opening = ("The lines as they were handed in:",) if said is None else _opening(said, graded)
    blocks: list[Block] = [Paragraph(opening, lead=title, style="definition"), Chain(_formula(start), lines)]
    for j in chain.lines:
        if j.verdict == UNREAD or (j is not start and j.verdict != FOLLOWS):
            blocks += _note(j, chain, j is first)
    if chain.whole is not None and len(chain.lines) > 2:
        blocks.append(Paragraph(_end(chain.whole), lead="The end", style="definition"))
    return blocks


def _opening(statement: Statement, graded: Graded) -> Text:
    """For every signal x and every kernel k with c taps, with the author's definitions."""
    equations: list[Text] = []
    for let in map(read_let, graded.sheet.lets):
        e = statement.definitions.get(let.name)
        if e is not None and let.value is not None:
            equations.append((own(let.name, with_letters(e, {*_names(let.value), *let.indices})),))
    head = quantified(statement)
    with_these: Text = (", with " if head else "With ", *listed(equations)) if equations else ()
    return (*head, *with_these, ":") if head or equations else ("The lines as they were handed in:",)


def _formula(j: Judged) -> Math:
    """The author's line typeset, with his letters; or as it is written where it is not understood."""
    if j.shown is not None:
        return notation(_in_letters(j.shown, j.line.text))
    words = " ".join(j.line.source.split())
    return Words(words if len(words) <= LONGEST else f"{words[: LONGEST - 1]}…")


def _in_letters(e: Expr, text: str) -> Expr:
    """An expression with the bound indices that its author wrote, where nothing hinders."""
    return with_letters(e, _names(ast.parse(text, mode="eval")))


def _names(tree: ast.AST) -> set[str]:
    return {n.id for n in ast.walk(tree) if isinstance(n, ast.Name)}


def _beside(j: Judged, first: bool) -> Text:
    """The verdict in few words, the author's reason, and numbers that tell the line apart from the one before."""
    said = f" (the author: {j.line.reason.replace('$', '')})" if j.line.reason and j.line.text else ""
    if j.verdict == FOLLOWS:
        return (f"follows: {j.by}{said}",)
    found = f"{'first wrong step: ' if first else ''}{j.verdict}{said}"
    if j.result is None or (example := j.result.counterexample) is None:
        return (found,)
    what = ("the extent is " if example.axis is not None else "it is ", value(example.right), ", not ",
            value(example.left))  # fmt: skip
    return (f"{found}: ", *what, *_numbers(j))


def _numbers(j: Judged) -> Text:
    """The numbers of the example."""
    if j.result is None or j.result.counterexample is None:
        return ()
    return (", for ", *example_given(j.result.statement, j.result.counterexample))


def _note(j: Judged, chain: Graded_Chain, first: bool) -> list[Block]:
    """Why a line does not follow: numbers, conditions, a mend."""
    blocks: list[Block] = [Paragraph(_said(j, chain, first), lead=f"Line {j.line.row}", style="definition")]
    if j.result is not None and j.result.counterexample is not None and j.against is not None:
        s, before = j.result.statement, chain.lines[j.against].line.text
        sides = replace(s, lhs=_in_letters(s.lhs, before), rhs=_in_letters(s.rhs, j.line.text))
        shown = refutation_blocks(replace(j.result, statement=sides))
        blocks += [b for b in shown if not (isinstance(b, Paragraph) and b.lead == "Remark")]
        blocks += region_blocks(j.result)
    if j.mended is not None and j.mend is not None:
        mended = notation(_in_letters(j.mended, j.mend.text))
        blocks.append(Paragraph(("This follows instead: ", mended, "."), lead="Mended", style="definition"))
    return blocks


def _said(j: Judged, chain: Graded_Chain, first: bool) -> Text:
    """What is said of a line in words; what stands in a paragraph of its own is left out."""
    if j.verdict in (UNREAD, OPEN):
        return (_sentence(f"{j.verdict}: {j.message}"),)
    start = "This is the first wrong step: it " if first else "It "
    before = "" if j.against is None else f" from line {chain.lines[j.against].line.row}"
    told = f"{start}does not follow{before}."
    if j.conditions:
        where = _typeset(", or where ".join(j.conditions))
        told = f"{start}follows{before} where {where}; this is not stated."
    elif j.needed:
        where = _typeset(" and ".join(j.needed))
        told = f"{start}follows{before}, by {j.by}, but has a meaning only where {where}; this is not stated."
    region = j.faulty and j.result is not None and j.result.region is not None
    return (f"{told} {_sentence(j.message)}" if j.message and not region else told,)


def _typeset(condition: str) -> str:
    """Conditions of the claim language with the signs of mathematics."""
    return condition.replace(" == ", " = ").replace(" <= ", " ≤ ").replace(" >= ", " ≥ ")


def _end(whole: Judged) -> Text:
    """Whether the end is the beginning, with numbers where it is not."""
    if whole.verdict != WRONG or whole.result is None or (example := whole.result.counterexample) is None:
        return (_typeset(_sentence(ending(whole))),)
    head = _sentence(ending(replace(whole, result=None)))[:-1]
    kind = "has extent " if example.axis is not None else "is "
    return (f"{head}: it {kind}", value(example.right), ", not ", value(example.left), *_numbers(whole), ".")
