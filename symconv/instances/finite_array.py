"""Finite arrays of exact values, which begin at any place of ℤ^d."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import product
from typing import Any

Place = tuple[int, ...]
NOUGHT = Fraction(0)


@dataclass(frozen=True, slots=True)
class Tensor:
    """An array of values in row-major order from the place `start` on; no axes for a number."""

    start: Place
    shape: Place
    entries: tuple[Any, ...]
    cut: bool = False

    def at(self, place: Sequence[int]) -> Any:
        """The entry at a place; 0 outside."""
        flat = 0
        for i, low, count in zip(place, self.start, self.shape, strict=True):
            if not low <= i < low + count:
                return NOUGHT
            flat = flat * count + i - low
        return self.entries[flat]

    def has(self, place: Sequence[int]) -> bool:
        """Whether a place is inside."""
        return all(low <= i < low + c for i, low, c in zip(place, self.start, self.shape, strict=True))

    def get(self, place: Sequence[int]) -> Any:
        """The entry at a place; None outside."""
        flat = 0
        for i, low, count in zip(place, self.start, self.shape, strict=True):
            if not low <= i < low + count:
                return None
            flat = flat * count + i - low
        return self.entries[flat]

    def places(self) -> Iterator[Place]:
        """Every place, in the order of the entries."""
        return product(*(range(low, low + count) for low, count in zip(self.start, self.shape, strict=True)))

    def nested(self) -> Any:
        """Lists in lists, one level an axis; the value itself of a number."""
        if not self.shape:
            return self.entries[0]
        out: list[Any] = list(self.entries)
        for count in reversed(self.shape[1:]):
            out = [out[i : i + count] for i in range(0, len(out), count)] if count else []
        return out


def lightened(parts: Sequence[Tensor]) -> list[Tensor]:
    """The same arrays with Python's integers for whole numbers, where all entries are fractions: these are faster."""
    if not all(isinstance(v, Fraction) for t in parts for v in t.entries):
        return list(parts)
    return [replace(t, entries=tuple(v.numerator if v.denominator == 1 else v for v in t.entries)) for t in parts]


def fractions(entries: Iterable[Any]) -> tuple[Any, ...]:
    """Integers as fractions."""
    return tuple(Fraction(v) if isinstance(v, int) else v for v in entries)
