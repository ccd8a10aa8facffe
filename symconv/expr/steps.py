"""One line of a derivation as a record, and as plain data: rule, place, arguments, direction, and the line after it."""

# Decoded JSON has no types until it has been checked, which is what this file does.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false
from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from symconv.errors import StatementError
from symconv.expr.data import decode, decode_argument, decode_name, encode, encode_argument
from symconv.expr.nodes import Expr
from symconv.expr.traverse import Path


@dataclass(frozen=True, slots=True)
class Step:
    """One rule application: `line` is the expression after it; backwards, the rule leads from `line` back."""

    rule: str
    path: Path
    arguments: Mapping[str, Any]
    line: Expr
    backwards: bool = False


def encode_step(step: Step) -> dict[str, Any]:
    """A step as plain data."""
    given = step.arguments.items()
    return {"rule": step.rule, "path": list(step.path), "arguments": {k: encode_argument(v) for k, v in given},
            "backwards": step.backwards, "line": encode(step.line)}  # fmt: skip


def decode_step(data: Any) -> Step:
    """The step; StatementError where the data is not one."""
    if not isinstance(data, dict) or set(data) != {"rule", "path", "arguments", "backwards", "line"}:
        raise StatementError("a step has exactly a rule, a path, arguments, a direction and a line")
    path, given, backwards = data["path"], data["arguments"], data["backwards"]
    if not (isinstance(given, dict) and isinstance(path, list) and all(type(i) is int for i in path)):
        raise StatementError("the path or the arguments are malformed")
    if type(backwards) is not bool:
        raise StatementError("the direction is not true or false")
    arguments = {decode_name(k): decode_argument(v) for k, v in given.items()}
    return Step(decode_name(data["rule"]), tuple(path), arguments, decode(data["line"]), backwards)
