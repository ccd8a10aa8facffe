"""All entries, in the order of the syllabus, by name."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from difflib import get_close_matches

from symconv.errors import StatementError
from symconv.expr.claim import read_statement
from symconv.expr.statement import Statement
from symconv.library import (
    adjoints,
    algebra,
    arithmetic,
    convolution,
    counting,
    extents,
    gradients,
    layers,
    pooling,
    resampling,
    strided,
    upsampling,
)  # fmt: skip
from symconv.library.entry import Entry, Example
from symconv.library.examples import EXAMPLES

TOPICS: tuple[tuple[str, tuple[Entry, ...]], ...] = (
    ("Merging strided layers", strided.ENTRIES),
    ("Convolution and correlation", convolution.ENTRIES),
    ("The algebra of operators", algebra.ENTRIES),
    ("Layers with channels", layers.ENTRIES),
    ("Extents and borders", extents.ENTRIES),
    ("Convolution arithmetic", arithmetic.ENTRIES),
    ("Parameters and multiplications", counting.ENTRIES),
    ("Down- and up-sampling", resampling.ENTRIES),
    ("Up-sampling and transposed convolution", upsampling.ENTRIES),
    ("Pooling", pooling.ENTRIES),
    ("Gradients", gradients.ENTRIES),
    ("Adjoints", adjoints.ENTRIES),
)
BY_NAME = {entry.name: entry for _, entries in TOPICS for entry in entries}
WORKED = {example.name: example for example in EXAMPLES}


def listed() -> list[tuple[str, tuple[Entry | Example, ...]]]:
    """Every topic with what it has, the worked examples last."""
    return [*TOPICS, ("Worked examples", EXAMPLES)]


def find(name: str, layers: int | None = None) -> Entry:
    """The entry of a name, of a family the member with so many layers (1 to 64); StatementError with what is near."""
    if name in BY_NAME:
        return _member(BY_NAME[name], layers)
    if name in WORKED:
        raise StatementError(f"{name} is a worked example, not a statement: 'symconv show {name}' works it out")
    near = get_close_matches(name, [*BY_NAME, *WORKED], 3, 0.5)
    hint = f"did you mean {' or '.join(near)}?" if near else "'symconv list' shows the names"
    raise StatementError(f"there is no library entry {name[:60]!r}: {hint}")


def _member(entry: Entry, layers: int | None) -> Entry:
    if entry.family is None:
        if layers is not None:
            raise StatementError(f"{entry.name} has no number of layers to choose")
        return entry
    r = 3 if layers is None else layers
    if not 1 <= r <= 64:
        raise StatementError(f"the number of layers must be from 1 to 64, not {r}")
    return replace(entry, claim=entry.family(r), title=f"{entry.title}: the case of {r}")


def statement(entry: Entry, lets: Sequence[str] = (), assume: Sequence[str] = ()) -> Statement:
    """The statement of an entry, with more lines if given."""
    return read_statement(entry.claim, (*entry.let, *lets), (*entry.assume, *assume))
