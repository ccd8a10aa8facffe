"""What a library entry is: a statement in words and as a claim, with its source and the verdict it must get."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Entry:
    """A named statement.  `verdict` is what `prove` must answer; `family` builds the claim for a number of layers."""

    name: str
    title: str
    words: str
    claim: str
    introduction: str = ""
    let: tuple[str, ...] = ()
    assume: tuple[str, ...] = ()
    source: str = ""
    verdict: str = "proved"
    instance: tuple[tuple[str, int], ...] = ()
    family: Callable[[int], str] | None = None
    """For a statement about r layers: the claim for each r ≥ 1; `claim` is the one for r = 3."""
