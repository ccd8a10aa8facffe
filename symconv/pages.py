"""From a verdict to its page: what the command line and notebooks show."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from symconv.document import headings
from symconv.document.iff import iff_document
from symconv.document.model import Block, Chain, Document, Matrices, Paragraph, Telling, Worked
from symconv.document.outline import proof_document, refutation_document
from symconv.document.related import related
from symconv.document.telling import telling
from symconv.errors import SymconvError
from symconv.expr import text
from symconv.expr.notation import claimed
from symconv.expr.statement import Statement
from symconv.library import catalogue
from symconv.library.entry import Entry
from symconv.proof.certificate import certificate, check
from symconv.render.environment import environment, render
from symconv.render.latex import latex
from symconv.render.mathml import inline
from symconv.render.plain import plain
from symconv.render.terminal import block, terminal
from symconv.render.terminal import text as text_of
from symconv.render.write import write_with_data
from symconv.tactics.data import as_data
from symconv.tactics.prove import prove
from symconv.tactics.verdict import Result
from symconv.tactics.wording import disjunction


def told(result: Result, style: str, entry: Entry | None = None) -> Telling | None:
    """The proof of a result in a style; None for sums and where nothing was proved."""
    if result.verdict != "proved" or style == "index":
        return None

    return telling(result.statement, style, dict(entry.instance) if entry else {})


def told_as_data(style: Telling) -> dict[str, Any]:
    """The style, the told lines with their reasons, and why it is another style than was asked for.

    A line is a formula, in which the first one of a chain is an equation, or a row of matrices as text, whose reason is
    the paragraph before it.
    """
    lines: list[dict[str, str]] = []
    before = ""
    for b in style.blocks:
        if isinstance(b, Chain):
            for i, line in enumerate(b.lines):
                shown = plain(line.formula)
                whole = shown if i else f"{plain(b.first)} = {shown}"
                lines.append({"line": whole, "reason": text_of(line.reason)})
        elif isinstance(b, Matrices):
            lines.append({"line": block(b), "reason": before})
        before = text_of(b.text) if isinstance(b, Paragraph) else ""
    return {"style": style.style, "telling": lines, "note": style.note or None}


def document_of(result: Result, entry: Entry | None = None, style: Telling | None = None) -> Document:
    """The page of a proved or refuted statement; the worked example comes from the SymPy side."""
    if result.iff is not None:
        return iff_document(result)
    title = entry.title if entry else headings.title(result.statement, result.verdict)
    words = entry.words if entry else ""
    lead = entry.introduction if entry else ""
    source = entry.source if entry else ""
    if result.verdict == "proved":
        sizes = dict(entry.instance) if entry else {}
        page = proof_document(result, title=title, words=words, lead=lead, source=source, integers=sizes,
                              worked=_worked(result.statement, sizes), telling=style)  # fmt: skip
    else:
        page = refutation_document(result, title=title, words=words, lead=lead, source=source)
    if entry is None or not entry.related:
        return page
    *blocks, last = page.blocks
    return replace(page, blocks=(*blocks, *_related(entry), last))


def _related(entry: Entry) -> tuple[Block, ...]:
    """The statements of the library that belong to an entry, in short."""
    others = [catalogue.find(name) for name in entry.related]
    return related([(e.name, e.title, prove(catalogue.statement(e))) for e in others])


def _worked(statement: Statement, sizes: dict[str, int]) -> Worked | None:
    """A small instance, expanded in SymPy symbols; a page without one where that is not possible."""
    from symconv.instances.expand import expand

    known = {n: v for n, v in sizes.items() if n in statement.declarations}
    try:
        instance = expand(statement, known)
        return Worked(*instance.worked()) if instance.agrees else None
    except SymconvError:
        return None


def terminal_report(result: Result, entry: Entry | None = None, style: Telling | None = None) -> str:
    """The verdict as text for the terminal."""
    s = result.asked or result.statement
    head = f"{result.verdict}: {text.claim(s)}"
    assumed = text.lets(s) + text.assumptions(s)
    if assumed:
        head += f"\nwith {', '.join(assumed)}"
    if text.places(s):
        head += f"\nat the places {text.places(s)}"
    if result.answer is not None:
        head = f"answer: {result.answer.name} = {text.text(result.answer.closed)}\n" + head
    if result.iff is not None:
        return (
            f"{head}\nif and only if {disjunction(result.iff.alternatives)}\n\n{terminal(iff_document(result)).strip()}"
        )
    if result.verdict in ("proved", "refuted", "none"):
        title = entry.title if entry else headings.title(result.statement, result.verdict)
        words = entry.words if entry else ""
        if result.verdict == "proved":
            sizes = dict(entry.instance) if entry else {}
            page = proof_document(result, title=title, words=words, integers=sizes, telling=style)
        else:
            page = refutation_document(result, title=title, words=words)
        return f"{head}\n\n{terminal(page).strip()}"
    lines = [head, "", "Neither a proof nor a small counterexample was found."]
    if result.closest is not None:
        lines += ["The closest lines reached from both sides are",
                  f"    left   {text.text(result.closest[0])}",
                  f"    right  {text.text(result.closest[1])}"]  # fmt: skip
    if result.reason:
        lines.append(result.reason)
    return "\n".join(lines)


def notebook_latex(result: Result) -> str:
    """The statement with its verdict, for a notebook."""
    s = result.statement
    return rf"$\displaystyle {latex(claimed(s))}\qquad\text{{({result.verdict})}}$"


def notebook_html(result: Result, style: Telling | None = None) -> str:
    """The chain or the example, for a notebook."""
    s = result.statement
    if result.verdict == "unknown":
        return f"<p>{inline(claimed(s))} (unknown)</p>"
    document = document_of(result, None, style)
    return environment("html").get_template("fragment.html.j2").render(document=document)


def page(result: Result, language: str, entry: Entry | None = None, style: str = "index") -> str:
    """The page in latex, typst or html, the proof told in a style."""
    return render(document_of(result, entry, told(result, style, entry)), language)


def write_files(result: Result, entry: Entry | None, base: Path, formats: Sequence[str],
                engine: str, style: Telling | None = None) -> list[tuple[Path, str]]:  # fmt: skip
    """Write base.tex, .pdf, … of a verdict, and the certificate of a proof, checked; the PDF comes last in the list."""
    data = as_data(result, [], 0.0) if result.theorem is None else certificate(result.theorem)
    if result.iff is not None and result.verdict == "proved":
        parts = [certificate(proof) for proof in result.iff.proofs]
        for part in parts:
            check(json.loads(json.dumps(part)))
        data = {"iff": disjunction(result.iff.alternatives), "certificates": parts}
    elif result.theorem is not None:
        check(json.loads(json.dumps(data)))
    document = None if result.verdict == "unknown" else document_of(result, entry, style)
    what = "verdict" if result.theorem is None else "certificate"
    return write_with_data(document, data, what, base, formats, engine)
