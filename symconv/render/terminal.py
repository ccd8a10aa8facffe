"""A document as plain text."""

from __future__ import annotations

from textwrap import fill

from symconv.document.model import Block, Chain, Display, Document, Figure, Paragraph, Table, Text
from symconv.errors import assert_never
from symconv.render.plain import plain

WIDTH = 96
REASONS = 58


def text_of(t: Text) -> str:
    """Words and mathematics as one line."""
    out = ""
    for i, part in enumerate(t):
        shown = part if isinstance(part, str) else plain(part)
        if not isinstance(part, str) and not (i and not isinstance(t[i - 1], str)):
            shown = shown.lstrip()
        if not isinstance(part, str) and not (i + 1 < len(t) and not isinstance(t[i + 1], str)):
            shown = shown.rstrip()
        out += shown
    return out


def terminal(document: Document) -> str:
    """The whole page."""
    head = document.title + (f"\n{document.subtitle}" if document.subtitle else "")
    return "\n\n".join([head, *(block(b) for b in document.blocks)])


def block(b: Block) -> str:
    """One block."""
    match b:
        case Paragraph(words, lead, _, end):
            return fill((f"{lead}. " if lead else "") + text_of(words) + (" ∎" if end else ""), WIDTH)
        case Display(formulas, number):
            return "    " + "      ".join(map(plain, formulas)) + (f"      ({number})" if number else "")
        case Chain():
            return _chain(b)
        case Figure(rows, columns, caption):
            cells = [["" if c is None else plain(c.formula).replace(" ", "") for c in r.cells] for r in rows]
            width = max(max((len(c) for r in cells for c in r), default=1), 3)
            names = [text_of(r.label) for r in rows]
            left = max(map(len, names))
            lines: list[str] = []
            for r, name, shown in zip(rows, names, cells, strict=True):
                if r.rule:
                    lines.append(" " * 4 + "─" * (left + 2 + (width + 1) * b.width))
                lines.append(" " * 4 + name.rjust(left) + "  " + " ".join(c.center(width) for c in shown).rstrip())
            if columns:
                lines.append(" " * (left + 6) + " ".join(n.center(width) for n in columns).rstrip())
            return "\n".join(
                [*lines, "", fill(text_of(caption), WIDTH, initial_indent="    ", subsequent_indent="    ")]
            )
        case Table(head, rows):
            body = [[text_of(h) for h in head], *([plain(m) for m in r] for r in rows)]
            width = max(10, *(len(r[0]) + 2 for r in body))
            return "\n".join("    " + r[0].ljust(width) + "  ".join(r[1:]) for r in body)
        case _:
            assert_never(b)
    return None


def _chain(b: Chain) -> str:
    lines: list[str] = []
    first = plain(b.first)
    indent = len(first) + 1 if len(first) <= 22 else 4
    for i, line in enumerate(b.lines):
        left = first if i == 0 and len(first) <= 22 else ""
        if i == 0 and len(first) > 22:
            lines.append(f"      {first}")
        formula = f"{left:<{indent}}= {plain(line.formula)}"
        reason = text_of(line.reason)
        if len(formula) < REASONS:
            lines.append(f"{i + 1:>3}  {formula:<{REASONS}}{reason}".rstrip())
        else:
            lines.append(f"{i + 1:>3}  {formula}")
            if reason:
                lines.append(" " * (REASONS + 5) + reason)
    return "\n".join(lines)
