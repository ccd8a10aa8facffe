"""Chains of rule applications under construction, and the supply of readable index names."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from symconv.errors import RuleError
from symconv.expr.nodes import Expr
from symconv.expr.statement import Statement
from symconv.expr.traverse import Path, at, index_names, put
from symconv.proof.rules import RULES
from symconv.proof.theorem import Step, apply

POOLS = {
    "output": ("n", "i", "j"),
    "left": ("a", "b", "i", "j", "u", "v", "w"),
    "right": ("m", "l", "p", "r", "u", "v", "w"),
    "multiple": ("q", "r", "p", "u", "v"),
}


class Names:
    """Fresh names, as a person would choose them: outputs n, taps a, b, merged taps m; a number for each axis."""

    def __init__(self, taken: Iterable[str], pool: str, wishes: dict[str, str] | None = None,
                 known: dict[str, list[tuple[str, ...]]] | None = None) -> None:  # fmt: skip
        self.taken = set(taken)
        self.pool = pool
        self.wishes = wishes or {}
        self.known = {owner: list(queue) for owner, queue in (known or {}).items()}
        self.given: dict[str, list[tuple[str, ...]]] = {}

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
        first = 1
        while True:
            for letter in letters:
                stem = letter if first == 1 else f"{letter}{first}"
                names = (stem,) if count == 1 else tuple(f"{stem}{i + 1}" for i in range(count))
                if not self.taken & set(names):
                    self.taken |= set(names)
                    return tuple(self.wishes.get(n, n) for n in names)
            first += 1


class Chain:
    """A line and the steps that led to it."""

    def __init__(self, statement: Statement, line: Expr, names: Names) -> None:
        self.statement = statement
        self.first = line
        self.line = line
        self.steps: list[Step] = []
        self.names = names

    def do(self, rule: str, path: Path, **arguments: Any) -> None:
        """Apply a rule forwards."""
        self.line = apply(self.statement, rule, self.line, path, arguments)
        self.steps.append(Step(rule, path, arguments, self.line))

    def became(self, rule: str, path: Path, new: Expr) -> None:
        """Note a step whose result is known already."""
        self.line = put(self.line, path, new)
        self.steps.append(Step(rule, path, {}, self.line))

    def undo(self, rule: str, path: Path, new: Expr, **arguments: Any) -> None:
        """Apply a rule backwards: it leads from `new` at the place to what stands there."""
        if RULES[rule](self.statement, new, **arguments) != at(self.line, path):
            raise RuleError(rule, "the rule does not lead back to this line")
        self.line = put(self.line, path, new)
        self.steps.append(Step(rule, path, arguments, self.line, backwards=True))

    def at(self, path: Path) -> Expr:
        """The subexpression at a place of the current line."""
        return at(self.line, path)


def reversed_steps(chain: Chain) -> list[Step]:
    """The steps that lead from the last line of a chain back to its first."""
    lines = [chain.first, *(s.line for s in chain.steps)]
    return [
        Step(s.rule, s.path, s.arguments, before, backwards=not s.backwards)
        for s, before in zip(reversed(chain.steps), reversed(lines[:-1]), strict=True)
    ]


def taken_names(statement: Statement) -> set[str]:
    """Every name that must not be used for a new index."""
    taken = set(statement.declarations) | set(statement.definitions)
    for e in (statement.lhs, statement.rhs, *statement.definitions.values()):
        taken |= index_names(e)
    return taken
