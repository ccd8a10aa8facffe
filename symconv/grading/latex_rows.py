"""Displayed mathematics as steps: what stands between relations, over the rows of align, with the words beside it.

A row that begins with a relation goes on with the chain; one that begins with + or − behind an & goes on with the
expression before; one that begins with an expression and has a relation begins a new chain.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from symconv.grading.latex_document import Element
from symconv.grading.latex_lexer import Lexer
from symconv.grading.latex_prose import MARK, Sentence
from symconv.grading.latex_tokens import CLOSING, OPENING, Source, Token

GOES_ON = frozenset({"PLUS", "MINUS", "CDOT", "TIMES", "AST", "STAR"})
WIDE = re.compile(r"\\(?:q?quad|hspace|hfill)(?![A-Za-z])")
"""What sets formulas apart."""
STEPS = {"=": "==", ":=": ":=", "<=": "<="}


@dataclass
class Step:
    """One expression of a chain; `relation` is that to the step before, "" for the first."""

    relation: str
    tokens: list[Token]
    at: int
    reasons: list[str] = field(default_factory=list[str])


@dataclass
class Display:
    """Chains of steps, the first of which may go on with that of an earlier display; and sentences beside them."""

    chains: list[list[Step]] = field(default_factory=list[list[Step]])
    notes: list[tuple[Step | None, Sentence]] = field(default_factory=list[tuple[Step | None, Sentence]])


def read_display(element: Element, lexer: Lexer) -> Display:
    """The steps of one display; StatementError where its outline is broken."""
    out = Display()
    for row in _rows(lexer.tokens(element.text, element.at)):
        _read_row(row, out, lexer.source)
    return out


def _depths(tokens: Sequence[Token]) -> list[int]:
    """How many brackets are open before each token."""
    out: list[int] = []
    depth = 0
    for token in tokens:
        depth -= token.kind in OPENING
        out.append(depth)
        depth += token.kind in CLOSING
    return out


def _rows(tokens: list[Token]) -> list[list[Token]]:
    rows: list[list[Token]] = [[]]
    for token, depth in zip(tokens, _depths(tokens), strict=True):
        if token.kind == "NEWLINE" and not depth:
            rows.append([])
        else:
            rows[-1].append(token)
    return [r for r in rows if any(t.kind != "AMP" for t in r)]


def _split(row: list[Token]) -> tuple[list[Token], list[Token]]:
    """The formula of a row, and what stands behind it: words, or conditions after a comma."""
    depths = _depths(row)
    for i, (token, depth) in enumerate(zip(row, depths, strict=True)):
        following = row[i + 1].kind if i + 1 < len(row) else ""
        opened = token.kind in ("LPAR", "LSQ") and following in ("TEXT", "IF")
        called = bool(i) and row[i - 1].kind == "WORD"
        opened = opened or (
            i > 0 and not called and token.kind == "LPAR" and not depth and _condition_in(row, depths, i)
        )
        if not depth and (token.kind in ("TEXT", "IF", "FORALL") or opened):
            return row[:i], row[i:]
        if not depth and token.kind in ("COMMA", "COLON"):
            return row[:i], row[i + 1 :]
    return row, []


def _condition_in(row: list[Token], depths: list[int], i: int) -> bool:
    """Whether parentheses that open here hold a relation, and are the last of the row."""
    inside = [t for t, d in zip(row[i + 1 :], depths[i + 1 :], strict=True) if d == 1]
    closed = [j for j in range(i + 1, len(row)) if row[j].kind == "RPAR" and not depths[j]]
    return any(t.kind == "REL" for t in inside) and closed == [len(row) - 1]


def _read_row(row: list[Token], out: Display, source: Source) -> None:
    aligned = row[0].kind == "AMP"
    depths = _depths(row)
    row = [t for i, t in enumerate(row) if t.kind != "AMP" or depths[i] or not _for_looks(row, i)]
    opening: list[str] = []
    while row and row[0].kind == "TEXT" and not _declares(row):
        opening.append(row.pop(0).text)
    body, behind = _split(row)
    while body and body[-1].kind in ("COMMA", "PERIOD", "AMP"):
        body = body[:-1]
    for before, token, depth in zip((None, *body), body, _depths(body), strict=False):
        if before is not None and not depth and _far_apart(before, token, source):
            raise source.error(token.at, "what stands behind a wide space is no factor of what stands before it: write "
                                         "each equation in its own line, and remarks as \\text")  # fmt: skip
        if token.kind == "AMP" and not depth:
            raise source.error(token.at, "a second column begins here: write each equation in its own line")
        if token.kind == "PERIOD" and not depth:
            raise source.error(token.at, "a period stands inside of the formula")
    if body:
        _steps(body, out, source, aligned=aligned)
    last = out.chains[-1][-1] if out.chains else None
    if last is not None:
        last.reasons += opening
    if behind:
        out.notes.append((last if body else None, sentence_of(behind, source)))


def _far_apart(before: Token, token: Token, source: Source) -> bool:
    """Whether a wide space, and no sign, stands between two expressions."""
    beside = GOES_ON | {"REL", "AMP", "ABOVE", "LABEL"}
    return not {before.kind, token.kind} & beside and WIDE.search(source.content, before.end, token.at) is not None


def _declares(row: list[Token]) -> bool:
    """Whether the words at the beginning introduce a declaration."""
    words = row[0].text.lower().split()
    return bool(words) and words[0] in ("let", "where", "with", "define", "assume", "suppose", "given", "denote", "for")


def _for_looks(row: list[Token], i: int) -> bool:
    """An & at the beginning or the end, beside a relation or words says nothing, and so does && before parentheses."""
    low, high = i, i
    while low and row[low - 1].kind == "AMP":
        low -= 1
    while high + 1 < len(row) and row[high + 1].kind == "AMP":
        high += 1
    if not low or high + 1 == len(row):
        return True
    before, after = row[low - 1].kind, row[high + 1].kind
    return (
        before in ("REL", "COMMA")
        or after in ("REL", "TEXT", "IF", "FORALL", "ABOVE")
        or (after in ("LPAR", "LSQ") and (high > low or row[high + 2].kind in ("TEXT", "IF")))
    )


def _steps(body: list[Token], out: Display, source: Source, *, aligned: bool) -> None:
    """Adds the expressions of a row to the chains."""
    pieces: list[Step] = [Step("", [], body[0].at)]
    above: list[str] = []
    for token, depth in zip(body, _depths(body), strict=True):
        if token.kind == "ABOVE":
            above.append(token.text)
        elif token.kind == "LABEL":
            pieces[-1].reasons.append(token.text)
        elif token.kind == "REL" and not depth:
            if token.text in (">=", ">"):
                why = "write the chain from the smaller side to the greater one, with \\le"
                raise source.error(token.at, f"'{token.text}' is no step of a chain: {why}")
            if token.text not in STEPS:
                raise source.error(token.at, f"'{token.text}' is no step of a chain: write = or \\le")
            pieces.append(Step(STEPS.get(token.text, token.text), [], token.at, above))
            above = []
        else:
            if not pieces[-1].tokens:
                pieces[-1].at = token.at
            pieces[-1].tokens.append(token)
    first, *others = pieces
    chain = out.chains[-1] if out.chains else None
    if first.tokens and chain is not None and not chain[-1].tokens:
        chain[-1].tokens, chain[-1].at = first.tokens, first.at
        chain[-1].reasons += first.reasons
        chain.extend(others)
    elif first.tokens and first.tokens[0].kind in GOES_ON and chain is not None and (aligned or not others):
        chain[-1].tokens += first.tokens
        chain[-1].reasons += first.reasons
        chain.extend(others)
    elif first.tokens and chain is not None and not others:
        raise source.error(
            first.at, "this row has no =, and does not go on with the row before: begin it with = or a sign"
        )
    elif first.tokens:
        if first.tokens[0].kind in GOES_ON and chain is not None:
            raise source.error(first.at, "does this row go on with the one before? Write & before the sign")
        out.chains.append([first, *others])
    elif chain is None:
        out.chains.append(others)
    else:
        chain.extend(others)


def sentence_of(tokens: list[Token], source: Source) -> Sentence:
    """Words and mathematics behind a formula, as a sentence."""
    words, pieces, sources = "", list[tuple[Token, ...]](), list[str]()
    run: list[Token] = []
    whole, tokens = tokens[0], _without_parentheses(tokens)
    aside = tokens[:1] != [whole]
    equation = any(t.kind == "REL" and t.text == "=" for t in tokens)
    conditional = bool(tokens) and tokens[0].kind not in ("TEXT", "IF") and not (aside and equation)

    def flush() -> None:
        nonlocal words
        if run:
            pieces.append(tuple(run))
            shown = written(run, source)
            sources.append(" ".join(t.text for t in run) if shown.startswith("\\text") else shown)
            words += f" {MARK}"
            run.clear()

    for token in tokens:
        if token.kind in ("TEXT", "IF"):
            flush()
            words += f" {token.text}"
        elif token.kind not in ("AMP", "PERIOD", "ABOVE", "LABEL"):
            run.append(token)
    flush()
    words = words.strip()
    return Sentence(
        f"for {words}" if conditional else words, tuple(pieces), tuple(sources), whole.at, aside, conditional
    )


def _without_parentheses(tokens: list[Token]) -> list[Token]:
    """(by linearity) as by linearity."""
    end = len(tokens)
    while end > 1 and tokens[end - 1].kind in ("PERIOD", "COMMA", "AMP"):
        end -= 1
    tokens = tokens[:end] if end < len(tokens) else tokens
    if tokens and tokens[0].kind in ("LPAR", "LSQ") and tokens[-1].kind == CLOSING[tokens[0].kind]:
        return tokens[1:-1]
    return tokens


SIZING = re.compile(r"\\[bB]igg?[lrm]?(?![A-Za-z])\s*")
"""What only makes a bracket larger."""


def written(tokens: Sequence[Token], source: Source) -> str:
    """What the author wrote from the first token to the last."""
    text = " ".join(source.content[tokens[0].at : tokens[-1].end].split()) if tokens else ""
    return SIZING.sub("", text)
