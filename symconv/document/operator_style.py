"""A proof in the language of operators: each line is the one before with one theorem of the library used at one place.

No index is seen.  The path was found by search and checked line by line; the theorems are named beside the lines and
written out before the chain.
"""

from __future__ import annotations

from symconv.document.model import Block, Chain, Line, Paragraph, Table, Telling, Text
from symconv.document.words import listed
from symconv.expr.mathematics import Sym, Words
from symconv.expr.notation import equation, notation
from symconv.expr.statement import Statement
from symconv.library.identities import identities
from symconv.tactics.paths import Step, Told, path
from symconv.tactics.rewriting import tidied

NONE = "The proof is told with sums, for no path of library identities was found within the bounds of the search"
OPENING = (
    "Each line is the one before with one part of it replaced by what it is equal to, by the theorem that is named "
    "beside it. "
)


def operator_telling(statement: Statement) -> Telling:
    """The proof by identities of operators, or why it is told with sums."""
    told = path(statement, identities(statement.rank)) if statement.rank else None
    if told is None:
        return Telling("index", note=NONE)
    lines = (statement.lhs, *(s.line for s in told.steps))
    return Telling("operator", _blocks(told), (*lines, *(e for i in told.cited for e in i.sides)))


def _blocks(told: Told) -> tuple[Block, ...]:
    shown = Chain(notation(told.statement.lhs), tuple(Line(notation(s.line), _reason(s, told)) for s in told.steps))
    if not shown.lines:
        return (Paragraph(("Both sides are the same.",), lead="Proof", style="proof", end=True),)
    stated = {i.name: i for i in identities()}
    rows = tuple((Words(i.name), equation(*map(tidied, stated[i.name].sides))) for i in told.cited)
    one = len(rows) == 1
    said: Text = (OPENING, "It is this one" if one else "They are these",
                  "; the library proves each for all sequences and sizes for which it has a meaning",
                  ", and here it is used on every axis." if told.statement.rank > 1 else ".")  # fmt: skip
    used = (Table((("name",), ("theorem",)), rows),) if rows else ()
    return (
        Paragraph(said, lead="Proof", style="proof"),
        *used,
        shown,
        Paragraph(("This is the right side of (1).",), end=True),
    )


def _reason(step: Step, told: Told) -> Text:
    """Two correlations are one (correlations-compose); definition of K."""
    if step.identity is None:
        return ("definition of ", *listed([(Sym(name),) for name in told.statement.definitions]))
    backwards = ", read from right to left" if step.side else ""
    return (f"{step.identity.title} ({step.identity.name}){backwards}",)
