"""All entries, in the order of the syllabus, by name."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import get_close_matches

from symconv.errors import StatementError
from symconv.expr.claim import read_statement
from symconv.expr.statement import Statement
from symconv.library import convolution, resampling, strided
from symconv.library.entry import Entry

TOPICS: tuple[tuple[str, tuple[Entry, ...]], ...] = (
    ("Merging strided layers", strided.ENTRIES),
    ("Convolution and correlation", convolution.ENTRIES),
    ("Down- and up-sampling", resampling.ENTRIES),
)
BY_NAME = {entry.name: entry for _, entries in TOPICS for entry in entries}


def find(name: str) -> Entry:
    """The entry of a name; StatementError with the nearest names otherwise."""
    if name in BY_NAME:
        return BY_NAME[name]
    near = get_close_matches(name, BY_NAME, 3, 0.5)
    hint = f"did you mean {' or '.join(near)}?" if near else "'symconv list' shows the names"
    raise StatementError(f"there is no library entry {name[:60]!r}: {hint}")


def statement(entry: Entry, layers: int | None = None, lets: Sequence[str] = (),
              assume: Sequence[str] = ()) -> Statement:  # fmt: skip
    """The statement of an entry, with more lines if given; `layers` chooses the member of a family (1 to 64)."""
    claim = entry.claim
    if layers is not None:
        if entry.family is None:
            raise StatementError(f"{entry.name} has no number of layers to choose")
        if not 1 <= layers <= 64:
            raise StatementError(f"the number of layers must be from 1 to 64, not {layers}")
        claim = entry.family(layers)
    return read_statement(claim, (*entry.let, *lets), (*entry.assume, *assume))
