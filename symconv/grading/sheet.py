"""What somebody handed in: chains of lines, with the declarations and assumptions that hold for all of them.

A line is text of the claim language, whatever it was written in; `row` and `column` say where it stands in the file.
A line that could not be read has no text, and a reason that begins with `NOT_UNDERSTOOD` and says why.
"""

from __future__ import annotations

from dataclasses import dataclass

NOT_UNDERSTOOD = "not understood: "


@dataclass(frozen=True, slots=True)
class Line:
    text: str
    """The expression in the claim language, e.g. "sum(k[a]*x[2*n + a] for a in range(c))"."""
    source: str
    """As the author wrote it (claim text or LaTeX), for reports."""
    row: int
    """Where it stands in the file, from 1."""
    column: int
    reason: str = ""
    """What the author says beside it."""
    relation: str = "=="
    """To the line before: "==" or "<="."""


@dataclass(frozen=True, slots=True)
class Sheet:
    name: str
    lets: tuple[str, ...]
    """Declarations and definitions in the claim language, as --let takes them."""
    assumes: tuple[str, ...]
    chains: tuple[tuple[Line, ...], ...]
    """e0 = e1 = … ; at least two lines each."""
    latex: bool = False
