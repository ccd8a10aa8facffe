"""What kind of matrix it is, seen by its entries: selection, Toeplitz, doubly block Toeplitz, rows or columns of one.

On an axis a matrix is shift invariant with steps (u, v) if entry (r, c) equals entry (r + u, c + v) wherever both
exist.  (1, 1) is Toeplitz; (1, s) every s-th row of such a matrix, (s, 1) every s-th column.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import gcd
from typing import Any

from symconv.instances.finite_array import Place

LARGEST = 8
Values = Sequence[Sequence[Any]]


@dataclass(frozen=True, slots=True)
class Kind:
    """A name, or the steps of each shift invariant axis after `blocks` other ones (channels)."""

    name: str
    blocks: int = 0
    steps: tuple[tuple[int, int], ...] = ()


def kind(values: Values, rows: Sequence[Place], columns: Sequence[Place]) -> Kind:
    """The most special kind that the entries show; name "" where there is none."""
    ones = _ones(values)
    if ones is not None:
        return Kind(ones)
    d = len(columns[0])
    if len(rows[0]) != d:
        return Kind("")
    at = {(r, c): v for r, row in zip(rows, values, strict=True) for c, v in zip(columns, row, strict=True)}
    steps: list[tuple[int, int]] = []
    for axis in reversed(range(d)):
        found = next((p for p in _pairs() if _invariant(at, axis, p)), None)
        if found is None:
            break
        steps.insert(0, found)
    blocks = d - len(steps)
    if not steps or blocks > 2 or any(not r[:blocks] for r in rows if blocks):
        return Kind("")
    return Kind("Toeplitz", blocks, tuple(steps))


def _ones(values: Values) -> str | None:
    """The name of a matrix of ones and zeros that has at most one 1 in each row and column; of a diagonal one."""
    where = [(i, j, v) for i, row in enumerate(values) for j, v in enumerate(row) if v != 0]
    square = len(values) == len(values[0])
    diagonal = square and all(i == j for i, j, _ in where)
    if any(v != 1 for _, _, v in where):
        return "diagonal" if diagonal else None
    by_row, by_column = len({i for i, _, _ in where}), len({j for _, j, _ in where})
    if by_row < len(where) or by_column < len(where):
        return None
    if by_row == len(values):
        return ("identity" if diagonal else "permutation") if square else "selection"
    return "insertion" if by_column == len(values[0]) else None


def _pairs() -> list[tuple[int, int]]:
    pairs = [(u, v) for u in range(1, LARGEST + 1) for v in range(1, LARGEST + 1) if gcd(u, v) == 1 and 1 in (u, v)]
    return sorted(pairs, key=sum)


def _invariant(at: dict[tuple[Place, Place], Any], axis: int, steps: tuple[int, int]) -> bool:
    """Whether the entries repeat along these steps, and some that is not 0 does."""
    met = False
    for (r, c), v in at.items():
        other = at.get((_moved(r, axis, steps[0]), _moved(c, axis, steps[1])))
        if other is not None:
            if other != v:
                return False
            met = met or v != 0
    return met


def _moved(n: Place, axis: int, by: int) -> Place:
    return (*n[:axis], n[axis] + by, *n[axis + 1 :])
