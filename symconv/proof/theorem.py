"""Theorems: a statement with a chain of rule applications that has been checked, line by line.

Judgement: a `Derivation` from e shows `e = line`: it starts at e and grows by one rule at one place, forwards or
backwards, and every line has meaning, meets the finite-sum condition and binds no name of the statement.  `join` makes
a `Theorem` of two derivations that start at both sides of the statement, at fresh free indices (extensionality), and
meet in one line; `derive` of a list of steps; `replay` of plain data.  There is no other way to a `Theorem`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from copy import copy
from dataclasses import InitVar, dataclass
from typing import Any

from symconv.errors import CertificateError, RuleError, StatementError
from symconv.expr import induction, limits, order
from symconv.expr.finite import Seen, require
from symconv.expr.nodes import Adjoint, Cascade, Diff, Expr, Grad, Repeat
from symconv.expr.statement import Statement
from symconv.expr.steps import Step, decode_step, encode_step
from symconv.expr.traverse import Path, at, put
from symconv.index.poly import Poly
from symconv.proof.rules import RULES

_SEAL = object()
ASSUMING = frozenset({"hypothesis", "maximum", "exponent"})
"""Rules that hold for the values that are assumed, or of functions that have corners."""


@dataclass(frozen=True)
class Theorem:
    """A checked chain, made by `join`; or two `parts`: an induction on the count `by`, or bounds with `scales`.

    `extents` are the theorems that tensors on both sides have equal ones, where these are not written alike.
    """

    statement: Statement
    indices: tuple[str, ...]
    first: Expr
    steps: tuple[Step, ...]
    seal: InitVar[object]
    by: str = ""
    parts: tuple[Theorem, ...] = ()
    scales: tuple[limits.Scale, ...] = ()
    extents: tuple[Theorem, ...] = ()

    def __post_init__(self, seal: object) -> None:
        if seal is not _SEAL:
            raise RuleError("theorem", "only a checked derivation is a theorem")

    @property
    def lines(self) -> tuple[Step, ...]:
        """Every step, also of the parts."""
        return self.steps + tuple(s for part in (*self.parts, *self.extents) for s in part.lines)


class Derivation:
    """A chain of equal lines, from `first` to `line`; RuleError with the reason where a step is not allowed."""

    __slots__ = ("_names", "_other", "_seen", "exact", "first", "line", "statement", "steps")

    def __init__(self, statement: Statement, first: Expr) -> None:
        self.statement = statement
        self._names = statement.declarations.keys() | statement.definitions.keys()
        powers = {d.name for d in statement.declarations.values() if d.kind == "power"}
        self._other = self._names - statement.integers - powers
        self._seen: Seen = {}
        self._admit(first)
        self.first = self.line = first
        self.steps: tuple[Step, ...] = ()
        self.exact = True

    def fork(self) -> Derivation:
        """The same derivation once more, to be continued in another way."""
        return copy(self)

    def _place(self, rule: str, path: Path) -> Expr:
        """What stands at a place; a rule that rests on assumptions about values is not used below a derivative."""
        for i in range(len(path)):
            above = at(self.line, path[:i])
            if isinstance(above, Repeat | Cascade) or (rule in ASSUMING and isinstance(above, Diff | Grad | Adjoint)):
                raise RuleError(rule, "what is differentiated or repeated is changed by identities only")
        return at(self.line, path)

    def forwards(self, rule: str, path: Path, arguments: Mapping[str, Any]) -> bool:
        """Apply a rule at a place; False (and no step) where the line stays the same."""
        new = put(self.line, path, self._apply(rule, self._place(rule, path), arguments))
        return new != self.line and self._grow(Step(rule, path, arguments, new))

    def backwards(self, rule: str, path: Path, new: Expr, arguments: Mapping[str, Any]) -> bool:
        """Put at a place what the rule leads from, to what stands there."""
        if self._apply(rule, new, arguments) != self._place(rule, path):
            raise RuleError(rule, "the rule does not lead to this line")
        return self._grow(Step(rule, path, arguments, put(self.line, path, new), backwards=True))

    def upwards(self, path: Path, new: Expr, law: str, places: Mapping[str, Poly] | None = None) -> bool:
        """Put at a place something that is not less, by a law of `order`, where the line rises with it."""
        try:
            order.require(self.line, path, new, self.statement, law, places)
        except StatementError as error:
            raise RuleError("order", str(error)) from error
        self.exact = False
        arguments = {"law": law} if places is None else {"law": law, "places": places}
        return self._grow(Step("order", path, arguments, put(self.line, path, new)))

    def _apply(self, rule: str, e: Expr, arguments: Mapping[str, Any]) -> Expr:
        if rule not in RULES:
            raise RuleError(rule, "there is no such rule")
        return RULES[rule](self.statement, e, **arguments)

    def _grow(self, step: Step) -> bool:
        self._admit(step.line)
        self.steps += (step,)
        self.line = step.line
        return True

    def _admit(self, e: Expr) -> None:
        """Every sum is finite, no bound index hides a name of the statement, and only integers stand in places."""
        known = require(e, self.statement.facts, self._seen)
        wrong = (self._names & known.bound) | (self._other & known.free)
        if wrong:
            raise RuleError("scope", f"a bound index hides one of {sorted(wrong)}, or that is no integer")


def join(indices: tuple[str, ...], left: Derivation, right: Derivation, extents: tuple[Theorem, ...] = ()) -> Theorem:
    """The theorem that two derivations prove which meet: left side = … = line = … = right side."""
    statement = left.statement
    if right.statement is not statement or (left.first, right.first) != _ends(statement, indices):
        raise CertificateError("the derivations do not start at both sides of the statement")
    known = right.exact and not statement.towards and (left.exact or statement.relation == "<=")
    if left.line != right.line or not known:
        raise CertificateError("the derivations do not meet, or show less than what is stated")
    if tuple(t.statement for t in extents) != statement.sizes:
        raise CertificateError("it is not shown that both sides have the same extents")
    lines = [right.first, *(s.line for s in right.steps)]
    back = (
        Step(s.rule, s.path, s.arguments, before, backwards=not s.backwards)
        for s, before in zip(reversed(right.steps), reversed(lines[:-1]), strict=True)
    )
    return Theorem(statement, indices, left.first, (*left.steps, *back), _SEAL, extents=extents)


def squeeze(statement: Statement, scales: tuple[limits.Scale, ...], below: Theorem, above: Theorem) -> Theorem:
    """lim f = g from r g ≤ f ≤ R g, where r and R, given by their `scales`, tend to 1: see `limits`."""
    wanted = tuple(limits.bound(statement, scale, above=i == 1) for i, scale in enumerate(scales))
    if statement.relation != "==" or (below.statement, above.statement) != wanted:
        raise CertificateError("the bounds are not of what is stated")
    first, _ = _ends(statement, above.indices)
    return Theorem(statement, above.indices, first, (), _SEAL, statement.towards, (below, above), scales)


def induce(statement: Statement, by: str, start: Theorem, onward: Theorem) -> Theorem:
    """The theorem for all values of a count, from the first one and from each to the next: see `induction`."""
    made = induction.base(statement, by), induction.step(statement, by)
    if (start.statement, onward.statement) != made or statement.relation != "==" or statement.towards:
        raise CertificateError(f"these are not the statements of an induction on {by}")
    first, _ = _ends(statement, onward.indices)
    return Theorem(statement, onward.indices, first, (), _SEAL, by, (start, onward))


def _ends(statement: Statement, indices: tuple[str, ...]) -> tuple[Expr, Expr]:
    """Both sides at the free indices, which must be new names, one an axis; what is assumed must be well-formed too."""
    names = statement.declarations.keys() | statement.definitions.keys()
    if len(indices) != statement.rank or set(indices) & names or len(set(indices)) != len(indices):
        raise CertificateError(f"the free indices {indices} do not fit the statement")
    for e in (*(e for pair in statement.equations for e in pair), *statement.definitions.values()):
        Derivation(statement, e)
    return statement.ends(indices)


def derive(statement: Statement, indices: tuple[str, ...], steps: Sequence[Step],
           extents: tuple[Theorem, ...] = ()) -> Theorem:  # fmt: skip
    """Check the chain; CertificateError names the line and the reason."""
    first, last = _ends(statement, indices)
    left, right = Derivation(statement, first), Derivation(statement, last)
    for number, step in enumerate(steps, start=1):
        try:
            if step.rule == "order" and not step.backwards:
                left.upwards(step.path, at(step.line, step.path), **step.arguments)
            elif step.backwards:
                left.backwards(step.rule, step.path, at(step.line, step.path), step.arguments)
            elif not left.forwards(step.rule, step.path, step.arguments):
                raise RuleError(step.rule, "the step changes nothing")
            if left.line != step.line:
                raise RuleError(step.rule, "the rule does not lead to this line")
        except (RuleError, StatementError, TypeError) as error:
            raise CertificateError(f"line {number}, {error}") from error
    if left.line != last:
        raise CertificateError(f"line {len(steps)}: the chain does not end at the right side of the statement")
    return join(indices, left, right, extents)


def replay(statement: Statement, indices: tuple[str, ...], steps: list[Any],
           extents: tuple[Theorem, ...] = ()) -> Theorem:  # fmt: skip
    """Check a chain given as plain data; CertificateError names the line and the reason."""
    chain: list[Step] = []
    for number, data in enumerate(steps, start=1):
        try:
            chain.append(decode_step(data))
            if encode_step(chain[-1]) != data:
                raise StatementError("the step is not in canonical form")
        except (StatementError, RecursionError) as error:
            raise CertificateError(f"line {number}: {error}") from error
    return derive(statement, indices, chain, extents)
