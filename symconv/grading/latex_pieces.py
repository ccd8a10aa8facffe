"""What is written of an expression: its text, how tightly it binds, and what it is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

SUM, PRODUCT, ATOM = 1, 2, 3


@dataclass(frozen=True, slots=True)
class Piece:
    """Text, how tightly it binds, and what it is: sequence, integer, number, entry, function or unknown."""

    text: str
    level: int
    kind: str

    def put(self, level: int) -> str:
        """The text, in parentheses where the place binds more tightly."""
        return f"({self.text})" if self.level < level else self.text


def joint(kinds: Sequence[str]) -> str:
    """What a sum or product of these is."""
    return next((k for k in ("sequence", "unknown", "entry", "number") if k in kinds), "integer")
