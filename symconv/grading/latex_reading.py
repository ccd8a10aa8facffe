"""A document as chains of formulas and as what sentences say, before it is known what the letters are."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from symconv.errors import StatementError
from symconv.grading.latex_document import Document, Element
from symconv.grading.latex_lexer import Lexer
from symconv.grading.latex_nodes import Clause, Node, Postfix, Special, bare
from symconv.grading.latex_parser import read_items, read_node
from symconv.grading.latex_prose import CHAINED, MARK, REASONS, Fact, Sentence, facts
from symconv.grading.latex_roles import Roles
from symconv.grading.latex_rows import Display, Step, read_display, written
from symconv.grading.latex_tokens import Source, Token


@dataclass
class Said:
    """A declaration in words: letters of a kind with an extent, or clauses that define and assume."""

    kind: str
    clauses: tuple[Clause, ...]
    extent: tuple[Clause, ...] | None
    at: int


@dataclass
class Formula:
    """A step with its node, or with what is wrong with it."""

    step: Step
    node: Node | None
    fault: str = ""
    source: str = ""


@dataclass
class Reading:
    """What was read of a file before it is known what its letters are."""

    source: Source
    roles: Roles
    said: list[Said] = field(default_factory=list[Said])
    chains: list[list[Formula]] = field(default_factory=list[list[Formula]])
    reason: str = ""


def read_elements(document: Document, reading: Reading) -> None:
    lexer = Lexer(document.source, document.macros)
    sentence: list[Element] = []
    for element in (*document.elements, Element("break", "", len(document.source.content))):
        if element.kind in ("break", "display"):
            _paragraph(sentence, lexer, reading, alone=element.kind == "break")
            sentence = []
        if element.kind == "display":
            _take(read_display(element, lexer), reading)
        elif element.kind != "break":
            sentence.append(element)


def _paragraph(elements: list[Element], lexer: Lexer, reading: Reading, *, alone: bool) -> None:
    """Sentences between two displays or blank lines."""
    words = "".join(MARK if e.kind == "inline" else e.text for e in elements)
    formulas = [e for e in elements if e.kind == "inline"]
    plain = words.replace(MARK, "").strip(" \n\t.,;")
    if formulas and not plain and alone:
        for e in formulas:
            _take(read_display(e, lexer), reading)
        return
    index = 0
    place = elements[0].at if elements else 0
    for part in re.split(r"(?<=[.:;!?])\s+", words):
        here = formulas[index : index + part.count(MARK)]
        index += part.count(MARK)
        if not part.strip():
            continue
        pieces = [tuple(_quiet(e, lexer)) for e in here]
        sentence = Sentence(part, tuple(pieces), tuple(e.text.strip() for e in here), here[0].at if here else place)
        found, reason = facts(sentence, lexer.source)
        for fact in found:
            _say(fact, reading)
        if reason and not found:
            _inline(sentence, here, lexer, reading)
            reading.reason = " ".join((reading.reason, reason)).strip()


def _quiet(element: Element, lexer: Lexer) -> list[Token]:
    """The tokens of a formula in a sentence; it may be anything where the sentence is only a reason."""
    try:
        return lexer.tokens(element.text, element.at)
    except StatementError:
        return [Token("UNREAD", element.text, element.at)]


def _inline(sentence: Sentence, formulas: list[Element], lexer: Lexer, reading: Reading) -> None:
    """A formula with = in a sentence: a chain after `then`, a reason after `since`, else refused."""
    before = ""
    pieces = sentence.words.split(MARK)
    for words, element, tokens in zip(pieces, formulas, sentence.mathematics, strict=False):
        before += words
        equation = any(t.kind == "REL" and t.text in ("=", ":=") for t in tokens) or (
            tokens and tokens[0].kind == "UNREAD" and "=" in tokens[0].text
        )
        if not equation or REASONS.search(before):
            continue
        last = re.findall(r"[a-z]+", words.lower())
        if not last or last[-1] not in CHAINED:
            raise lexer.source.error(
                element.at, "is this equation a step or a reason? Write it as a display, or after 'then' or 'since'"
            )
        _take(read_display(element, lexer), reading)


def _take(display: Display, reading: Reading) -> None:
    """Adds the chains of a display; the first goes on with an earlier one if it begins with a relation."""
    formulas: dict[int, Formula] = {}
    source = reading.source
    for chain in display.chains:
        found = [_formula(step, source) for step in chain]
        formulas |= {id(f.step): f for f in found}
        if chain[0].relation:
            if not reading.chains:
                raise source.error(chain[0].at, "this begins with a relation, and nothing stands before it")
            reading.chains[-1] += found
        else:
            reading.chains.append(found)
        if reading.reason:
            (found[1] if len(found) > 1 and not chain[0].relation else found[0]).step.reasons.insert(0, reading.reason)
            reading.reason = ""
    for step, sentence in display.notes:
        told, reason = facts(sentence, source)
        for fact in told:
            _say(fact, reading)
            clauses = reading.said[-1].clauses
            if sentence.bare and any(defining(c) and not coprime(c) for c in clauses):
                raise source.error(
                    fact.at,
                    "a second equation stands behind the comma: write it in a row of its own, or say \\text{where}",
                )
        if not told:
            _only_reason(sentence, source)
        if step is not None:
            step.reasons += filter(None, [sentence.reason()])
        elif reason:
            reading.reason = " ".join((reading.reason, reason)).strip()


def _only_reason(sentence: Sentence, source: Source) -> None:
    """Words beside a line may hold an equation after by, since and their like; after so, it would be a step."""
    before = ""
    for words, tokens in zip(sentence.words.split(MARK), sentence.mathematics, strict=False):
        before += words
        if not sentence.aside and any(t.kind == "REL" for t in tokens) and not REASONS.search(before):
            raise source.error(
                tokens[0].at,
                "is this equation a step or a reason? Write it in a row of its own, or after 'by' or 'since'",
            )


def _formula(step: Step, source: Source) -> Formula:
    if not step.tokens:
        raise source.error(step.at, "nothing stands behind this sign")
    shown = written(step.tokens, source)
    try:
        return Formula(step, read_node(step.tokens, source), source=shown)
    except StatementError as error:
        return Formula(step, None, str(error), shown)


def _say(fact: Fact, reading: Reading) -> None:
    source = reading.source
    for tokens in fact.mathematics:
        if not tokens or tokens[0].kind == "UNREAD":
            raise source.error(fact.at, "this declaration is not understood")
        extent = read_items(fact.extent, source) if fact.extent is not None else None
        reading.said.append(Said(fact.kind, read_items(tokens, source), extent, fact.at))


def coprime(clause: Clause) -> bool:
    """Whether a clause is about gcd(s, t)."""
    call = bare(clause.parts[0])
    return isinstance(call, Postfix) and isinstance(call.base, Special) and call.base.text == "gcd"


def defining(clause: Clause) -> bool:
    return clause.relations in (("=",), (":=",))
