"""Theorems: a statement with a chain of rule applications that has been checked, line by line.

Judgement: `derive(statement, indices, steps)` returns a `Theorem` iff the chain starts at the left side of the
statement at fresh free indices (extensionality), ends at its right side, and every step applies one rule, forwards
or backwards, at one place; every line meets the finite-sum condition and binds no name of the statement.
`replay(statement, data)` does the same from plain data.  There is no other way to a `Theorem`.
"""

# Decoded JSON has no types until it has been checked, which is what this file does.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false
from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from symconv.errors import CertificateError, RuleError, StatementError
from symconv.expr.data import decode, decode_argument, decode_name, encode
from symconv.expr.finite import require
from symconv.expr.nodes import Expr
from symconv.expr.statement import Statement
from symconv.expr.traverse import Path, at, binders, put
from symconv.proof.rules import RULES

_SEAL = object()


@dataclass(frozen=True, slots=True)
class Step:
    """One rule application: `line` is the expression after it; backwards, the rule leads from `line` back."""

    rule: str
    path: Path
    arguments: Mapping[str, Any]
    line: Expr
    backwards: bool = False


@dataclass(frozen=True)
class Theorem:
    """A checked chain; only `derive` makes one."""

    statement: Statement
    indices: tuple[str, ...]
    first: Expr
    steps: tuple[Step, ...]
    _seal: object = field(repr=False, compare=False, default=None)

    def __post_init__(self) -> None:
        if self._seal is not _SEAL:
            raise RuleError("theorem", "only a checked derivation is a theorem")


def apply(statement: Statement, rule: str, line: Expr, path: Path, arguments: Mapping[str, Any]) -> Expr:
    """The line after one rule application; RuleError with the reason where it is not allowed."""
    if rule not in RULES:
        raise RuleError(rule, "there is no such rule")
    try:
        target = at(line, path)
    except StatementError as error:
        raise RuleError(rule, str(error)) from error
    return put(line, path, RULES[rule](statement, target, **arguments))


def derive(statement: Statement, indices: tuple[str, ...], steps: Sequence[Step]) -> Theorem:
    """Check the chain; CertificateError names the line and the reason."""
    names = statement.declarations.keys() | statement.definitions.keys()
    if len(indices) != statement.rank or set(indices) & names or len(set(indices)) != len(indices):
        raise CertificateError(f"the free indices {indices} do not fit the statement")
    first, last = statement.ends(indices)
    for left, right in statement.equations:
        _admit(statement, names, left)
        _admit(statement, names, right)
    for e in statement.definitions.values():
        _admit(statement, names, e)
    line = first
    try:
        _admit(statement, names, first)
    except RuleError as error:
        raise CertificateError(f"line 0: {error.reason}") from error
    for number, step in enumerate(steps, start=1):
        before, after = (step.line, line) if step.backwards else (line, step.line)
        try:
            if apply(statement, step.rule, before, step.path, step.arguments) != after:
                raise RuleError(step.rule, "the rule does not lead to this line")
            _admit(statement, names, step.line)
        except RuleError as error:
            raise CertificateError(f"line {number}, {error}") from error
        line = step.line
    if line != last:
        raise CertificateError(f"line {len(steps)}: the chain does not end at the right side of the statement")
    return Theorem(statement, indices, first, tuple(steps), _SEAL)


def _admit(statement: Statement, names: set[str], e: Expr) -> None:
    """Every sum is finite and no bound index hides a name of the statement."""
    require(e, statement.facts)
    hidden = names & binders(e)
    if hidden:
        raise RuleError("scope", f"a bound index hides one of {sorted(hidden)}")


def step_data(step: Step) -> dict[str, Any]:
    """A step as plain data."""
    return {"rule": step.rule, "path": list(step.path), "arguments": {k: encode(v) for k, v in step.arguments.items()},
            "backwards": step.backwards, "line": encode(step.line)}  # fmt: skip


def replay(statement: Statement, indices: object, steps: object) -> Theorem:
    """Check a chain given as plain data; CertificateError names the line and the reason."""
    if not isinstance(indices, list) or not isinstance(steps, list):
        raise CertificateError("the certificate has no list of indices or steps")
    chain: list[Step] = []
    for number, data in enumerate(steps, start=1):
        try:
            chain.append(_step(data))
            if step_data(chain[-1]) != data:
                raise StatementError("the step is not in canonical form")
        except (StatementError, RecursionError) as error:
            raise CertificateError(f"line {number}: {error}") from error
    return derive(statement, tuple(map(decode_name, indices)), chain)


def _step(data: Any) -> Step:
    if not isinstance(data, dict) or set(data) != {"rule", "path", "arguments", "backwards", "line"}:
        raise StatementError("a step has exactly a rule, a path, arguments, a direction and a line")
    path, given = data["path"], data["arguments"]
    if not isinstance(given, dict) or not isinstance(path, list) or not all(type(i) is int for i in path):
        raise StatementError("the path or the arguments are malformed")
    if type(data["backwards"]) is not bool:
        raise StatementError("the direction is not true or false")
    arguments = {decode_name(k): decode_argument(v) for k, v in given.items()}
    return Step(decode_name(data["rule"]), tuple(path), arguments, decode(data["line"]), data["backwards"])
