"""Chains of rule applications under construction, and the supply of readable index names."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping
from copy import copy
from math import inf
from typing import Any

from symconv.errors import SearchError
from symconv.expr.nodes import Expr
from symconv.expr.statement import Statement
from symconv.expr.traverse import Path, at, index_names
from symconv.index.poly import Poly
from symconv.proof.theorem import Derivation

POOLS = {
    "output": ("n", "i", "j"),
    "left": ("a", "b", "i", "j", "u", "v", "w"),
    "right": ("m", "l", "p", "r", "u", "v", "w"),
    "multiple": ("q", "r", "p", "u", "v"),
    "group": ("u", "v", "w"),
    "channel": ("c", "e", "f", "h"),
    "batch": ("b", "l"),
    "residue": ("r", "b", "p"),
    "window": ("u", "v", "w"),
}


class Names:
    """Fresh names, as a person would choose them: outputs n, taps a, b, merged taps m; a number for each axis."""

    def __init__(self, taken: Iterable[str], pool: str, wishes: dict[str, str] | None = None,
                 known: dict[str, list[tuple[str, ...]]] | None = None) -> None:  # fmt: skip
        self.taken = set(taken)
        self.spoken = frozenset(self.taken)
        self.pool = pool
        self.wishes = wishes or {}
        self.known = {owner: list(queue) for owner, queue in (known or {}).items()}
        self.given: dict[str, list[tuple[str, ...]]] = {}

    def fork(self) -> Names:
        """The same supply once more."""
        other = copy(self)
        other.taken, other.given = set(self.taken), {owner: list(names) for owner, names in self.given.items()}
        other.known = {owner: list(queue) for owner, queue in self.known.items()}
        return other

    def pick(self, count: int, pool: str = "", owner: str = "") -> tuple[str, ...]:
        """`count` new names that belong together: m, or m1, m2 for two axes.

        `owner` is the kernel whose taps they number: it keeps the names that it has on the other side.
        """
        queue = self.known.get(owner)
        names = queue.pop(0) if queue else self._next(count, pool)
        if owner:
            self.given.setdefault(owner, []).append(names)
        return names

    def _next(self, count: int, pool: str) -> tuple[str, ...]:
        letters = POOLS[pool or self.pool]
        plain = [letter for letter in letters if letter not in self.spoken] or letters
        first = 1
        while True:
            for letter in plain:  # beside a name a of the claim, a2 would look like one of its entries
                stem = letter if first == 1 else f"{letter}{first}"
                names = (stem,) if count == 1 else tuple(f"{stem}{i + 1}" for i in range(count))
                if not self.taken & set(names):
                    self.taken |= set(names)
                    return tuple(self.wishes.get(n, n) for n in names)
            first += 1


class Chain:
    """A derivation that tactics extend, with its supply of names, until a deadline (of `time.monotonic`)."""

    def __init__(self, statement: Statement, line: Expr, names: Names, deadline: float = inf) -> None:
        self.statement = statement
        self.deadline = deadline
        self.derivation = Derivation(statement, line)
        self.settled: set[tuple[Expr, frozenset[str]]] = set()
        """Terms that cannot be simplified, with the indices bound around them."""
        self.names = names

    def fork(self) -> Chain:
        """The same chain once more, to be continued in another way."""
        other = copy(self)
        other.derivation, other.names = self.derivation.fork(), self.names.fork()
        return other

    def continue_as(self, other: Chain) -> None:
        """Take over what a fork has reached."""
        self.derivation, self.names = other.derivation, other.names

    @property
    def line(self) -> Expr:
        """The line that has been reached."""
        return self.derivation.line

    def do(self, rule: str, path: Path, **arguments: Any) -> bool:
        """Apply a rule forwards; False where it changes nothing.  SearchError where the time is up."""
        self._hurry()
        return self.derivation.forwards(rule, path, arguments)

    def undo(self, rule: str, path: Path, new: Expr, **arguments: Any) -> None:
        """Apply a rule backwards: it leads from `new` at the place to what stands there; no step where they are one."""
        self._hurry()
        if new != self.at(path):
            self.derivation.backwards(rule, path, new, arguments)

    def upwards(self, path: Path, new: Expr, law: str, places: Mapping[str, Poly] | None = None) -> None:
        """Put something that is not less at a place where the line rises, by a law of order."""
        self._hurry()
        self.derivation.upwards(path, new, law, places)

    def _hurry(self) -> None:
        if time.monotonic() > self.deadline:
            raise SearchError("the time for the search is up")

    def at(self, path: Path) -> Expr:
        """The subexpression at a place of the current line."""
        return at(self.line, path)


def taken_names(statement: Statement) -> set[str]:
    """Every name that must not be used for a new index."""
    taken = set(statement.declarations) | set(statement.definitions)
    assumed = (e for pair in statement.equations for e in pair)
    for e in (statement.lhs, statement.rhs, *statement.definitions.values(), *assumed):
        taken |= index_names(e)
    return taken
