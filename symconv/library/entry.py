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
    related: tuple[str, ...] = ()
    """Names of statements that are told in short at the end of the page."""
    family: Callable[[int], str] | None = None
    """For a statement about r layers: the claim for each r ≥ 1; `claim` is the one for r = 3."""


@dataclass(frozen=True, slots=True)
class Example:
    """A worked example: what an expression is at given numbers, or with `wrt` the matrix of a linear map.

    `value` is what must come out: nested tuples of numbers, fractions and taps as text, row by row.
    """

    name: str
    title: str
    words: str
    expression: str
    given: tuple[str, ...]
    value: tuple[object, ...]
    introduction: str = ""
    wrt: str = ""
    let: tuple[str, ...] = ()
    source: str = ""
    verdict: str = "answered"

    @property
    def claim(self) -> str:
        """What the example says, in one line."""
        return f"{self.expression} with {', '.join((*self.let, *self.given))}"
