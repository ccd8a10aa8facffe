"""A chain of lines as plain data: every line with its text, the ranges of its bound indices, and a digest.

Text and ranges are for people and other systems; the digest tells what was altered, not what is true.
"""

# Decoded JSON has no types until it has been checked, which is what this file does.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false
from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from symconv.errors import CertificateError, StatementError
from symconv.expr import text
from symconv.expr.claim import read_statement
from symconv.expr.data import digest, encode
from symconv.expr.nodes import Expr
from symconv.expr.spans import spans
from symconv.expr.statement import Statement
from symconv.expr.steps import Step, encode_step

FORMAT = "symconv certificate 1"
ADDED = ("text", "ranges", "digest")
"""What a line has besides its step."""


def claim_record(statement: Statement) -> dict[str, Any]:
    """The claim, its declarations and its assumptions as text."""
    return {"claim": text.claim(statement), "let": text.lets(statement), "assume": text.assumptions(statement)}


def read_claim(data: object) -> Statement:
    """The statement of a record; CertificateError where it is none."""
    if not isinstance(data, dict) or set(data) != {"claim", "let", "assume"} or not isinstance(data["claim"], str):
        raise CertificateError("the statement has exactly a claim, let lines and assume lines")
    if not all(isinstance(data[k], list) and all(isinstance(t, str) for t in data[k]) for k in ("let", "assume")):
        raise CertificateError("let and assume are lists of text")
    try:
        return read_statement(data["claim"], data["let"], data["assume"])
    except StatementError as error:
        raise CertificateError(f"the statement: {error}") from error


def plain_chain(part: object, key: str) -> dict[str, Any]:
    """The record of a chain, which may have those of extents in it; CertificateError where it is none."""
    wanted = {"format", "statement", "indices", "first", "steps"}
    if not isinstance(part, dict) or set(part) - {"extents"} != wanted or part["format"] != FORMAT:
        raise CertificateError(f"the {key} is not a chain")
    return part


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
