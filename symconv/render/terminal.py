"""A document as plain text."""

from __future__ import annotations

from textwrap import fill

from symconv.document.model import Block, Chain, Display, Document, Figure, Matrices, Matrix, Paragraph, Table, Text
from symconv.errors import assert_never
from symconv.render.plain import plain

WIDTH = 96
REASONS = 58


def text(t: Text) -> str:
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
            return fill((f"{lead}. " if lead else "") + text(words) + (" ∎" if end else ""), WIDTH)
        case Display(formulas, number):
            return "    " + "      ".join(map(plain, formulas)) + (f"      ({number})" if number else "")
        case Chain():
            return _chain(b)
        case Figure(rows, columns, caption):
            cells = [["" if c is None else plain(c.formula).replace(" ", "") for c in r.cells] for r in rows]
            width = max(max((len(c) for r in cells for c in r), default=1), 3)
            names = [text(r.label) for r in rows]
            left = max(map(len, names))
            lines: list[str] = []
            for r, name, shown in zip(rows, names, cells, strict=True):
                if r.rule:
                    lines.append(" " * 4 + "─" * (left + 2 + (width + 1) * b.width))
                lines.append(" " * 4 + name.rjust(left) + "  " + " ".join(c.center(width) for c in shown).rstrip())
            if columns:
                lines.append(" " * (left + 6) + " ".join(n.center(width) for n in columns).rstrip())
            return "\n".join([*lines, "", fill(text(caption), WIDTH, initial_indent="    ", subsequent_indent="    ")])
        case Table(head, rows):
            body = [[text(h) for h in head], *([plain(m).strip() for m in r] for r in rows)]
            if len(head) > 2:
                widths = [max(len(r[i]) for r in body) for i in range(len(head))]
                return "\n".join("    " + "   ".join(map(str.ljust, r, widths)).rstrip() for r in body)
            width = max(10, *(len(r[0]) + 2 for r in body))
            return "\n".join("    " + r[0].ljust(width) + "  ".join(r[1:]) for r in body)
        case Matrices(rows_of_items):
            return "\n\n".join(_line([_matrix(m) if isinstance(m, Matrix) else [plain(m).strip()] for m in line])
                               for line in rows_of_items)  # fmt: skip
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
        formula = f"{left:<{indent}}{plain(line.sign).strip()} {plain(line.formula)}"
        number, reason = line.label or i + 1, text(line.reason)
        if len(formula) < REASONS:
            lines.append(f"{number:>3}  {formula:<{REASONS}}{reason}".rstrip())
        else:
            lines.append(f"{number:>3}  {formula}")
            if reason:
                lines.append(" " * (REASONS + 5) + reason)
    return "\n".join(lines)


def _matrix(m: Matrix) -> list[str]:
    """The entries in brackets between an equal number of lines above and below, so that its middle is theirs."""
    shown = [[plain(c.formula).replace(" ", "") for c in r] for r in m.rows]
    heads = [plain(label).replace(", ", ",") for label in m.column_labels]
    width = max(map(len, [*heads, *(c for r in shown for c in r)]))
    names = [plain(label).replace(", ", ",") for label in m.row_labels]
    left = max(map(len, names), default=-1) + 1
    body: list[str] = []
    for i, r in enumerate(shown):
        if i in m.row_lines:
            body.append("─" * len(_spaced(r, width, m.column_lines)))
        body.append(_spaced(r, width, m.column_lines))
    named = iter(names or [""] * len(shown))
    ruled = {i + n for n, i in enumerate(m.row_lines)}
    signs = _bracket(len(body))
    lines = [("" if i in ruled else next(named)).rjust(left - 1).ljust(left) + a + text + b
             for i, ((a, b), text) in enumerate(zip(signs, body, strict=True))]  # fmt: skip
    mark = "" if m.mark is None else plain(m.mark)
    lines = [line + (mark if i == 0 else " " * len(mark)) for i, line in enumerate(lines)]
    above = [" " * (left + 1) + _spaced(heads, width, m.column_lines).replace("│", " ")] if heads else []
    below = [text(m.under).center(len(lines[0])).rstrip()] if m.under else []
    extra = max(len(above), len(below))
    return [*[""] * (extra - len(above)), *above, *lines, *below, *[""] * (extra - len(below))]


def _spaced(cells: list[str], width: int, lines: tuple[int, ...]) -> str:
    return " " + " ".join(("│ " if i in lines else "") + c.center(width) for i, c in enumerate(cells)) + " "


def _bracket(height: int) -> list[tuple[str, str]]:
    """The left and the right bracket on each line."""
    if height == 1:
        return [("[", "]")]
    return [("⎡", "⎤"), *[("⎢", "⎥")] * (height - 2), ("⎣", "⎦")]


def _line(items: list[list[str]]) -> str:
    """Blocks of text side by side with their middles on one line; a new line where the page ends."""
    parts: list[list[list[str]]] = [[]]
    for item in items:
        wide = sum(max(map(len, b)) + 1 for b in [*parts[-1], item]) + 3
        if wide > WIDTH and any(len(b) > 1 for b in parts[-1]):
            parts.append([])
        parts[-1].append(item)
    return "\n\n".join(map(_beside, parts))


def _beside(items: list[list[str]]) -> str:
    height = max(map(len, items))
    columns = [
        [*[""] * ((height - len(b)) // 2), *b, *[""] * (height - len(b) - (height - len(b)) // 2)] for b in items
    ]
    widths = [max(map(len, b)) for b in columns]
    rows = (" ".join(t.ljust(w) for t, w in zip(line, widths, strict=True)) for line in zip(*columns, strict=True))
    return "\n".join(("    " + r).rstrip() for r in rows).strip("\n")
