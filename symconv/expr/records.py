"""A chain of lines as plain data: every line with its text, the ranges of its bound indices, and a digest.

Text and ranges are for people and other systems; the digest tells what was altered, not what is true.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from symconv.expr import text
from symconv.expr.data import digest, encode
from symconv.expr.nodes import Expr
from symconv.expr.spans import spans
from symconv.expr.statement import Statement
from symconv.expr.steps import Step, encode_step

ADDED = ("text", "ranges", "digest")
"""What a line has besides its step."""


def claim_record(statement: Statement) -> dict[str, Any]:
    """The claim, its declarations and its assumptions as text."""
    return {"claim": text.claim(statement), "let": text.lets(statement), "assume": text.assumptions(statement)}


def chain_record(statement: Statement, indices: tuple[str, ...], first: Expr, steps: Sequence[Step]) -> dict[str, Any]:
    """The first line and the steps from it."""
    claim, names = claim_record(statement), list(indices)
    start = {"line": encode(first)} | _reading(statement, first, [claim, names, encode(first)])
    lines: list[dict[str, Any]] = []
    for step in steps:
        data = encode_step(step)
        lines.append(data | _reading(statement, step.line, [(lines or [start])[-1]["digest"], data]))
    return {"statement": claim, "indices": names, "first": start, "steps": lines}


def _reading(statement: Statement, e: Expr, sealed: object) -> dict[str, Any]:
    ranges = [[".".join(map(str, path)), v, str(low), str(high)] for path, v, low, high in spans(e, statement.facts)]
    return {"text": text.text(e), "ranges": ranges, "digest": digest(sealed)}
