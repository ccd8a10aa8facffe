"""Certificates: a theorem as plain data, and its check.  Every field is either replayed or recomputed and compared."""

# Decoded JSON has no types until it has been checked, which is what this file does.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false
from __future__ import annotations

from typing import Any

from symconv.errors import CertificateError, RuleError, StatementError
from symconv.expr import induction, text
from symconv.expr.claim import read_statement
from symconv.expr.data import decode, decode_name, digest, encode
from symconv.expr.nodes import Expr
from symconv.expr.spans import spans
from symconv.expr.statement import Statement
from symconv.expr.steps import encode_step
from symconv.proof.theorem import Theorem, induce, replay

FORMAT = "symconv certificate 1"


def certificate(theorem: Theorem) -> dict[str, Any]:
    """The claim and its chain as plain data: one rule application a line, with the ranges of its bound indices."""
    claim = {"claim": text.claim(theorem.statement), "let": text.lets(theorem.statement),
             "assume": text.assumptions(theorem.statement)}  # fmt: skip
    if theorem.parts:
        base, step = map(certificate, theorem.parts)
        return {"format": FORMAT, "statement": claim, "induction": theorem.by, "base": base, "step": step}
    s, indices = theorem.statement, list(theorem.indices)
    first = {"line": encode(theorem.first)} | _reading(s, theorem.first, [claim, indices, encode(theorem.first)])
    lines: list[dict[str, Any]] = []
    for step in theorem.steps:
        data = encode_step(step)
        lines.append(data | _reading(s, step.line, [(lines or [first])[-1]["digest"], data]))
    return {"format": FORMAT, "statement": claim, "indices": indices, "first": first, "steps": lines}


def _reading(statement: Statement, e: Expr, sealed: object) -> dict[str, Any]:
    """For people and other systems; the digest of what is sealed tells what was altered, not what is true."""
    ranges = [[".".join(map(str, path)), v, str(low), str(high)] for path, v, low, high in spans(e, statement.facts)]
    return {"text": text.text(e), "ranges": ranges, "digest": digest(sealed)}


def check(data: object) -> Theorem:
    """The theorem of a certificate; CertificateError names the line and the reason where it does not replay."""
    inductive = isinstance(data, dict) and "induction" in data
    wanted = {"induction", "base", "step"} if inductive else {"indices", "first", "steps"}
    if not isinstance(data, dict) or set(data) != {"format", "statement"} | wanted:
        raise CertificateError("this is not a certificate: format, statement, indices, first and steps are needed")
    if data["format"] != FORMAT:
        raise CertificateError(f"the format is {str(data['format'])[:40]!r}, not {FORMAT!r}")
    claim = data["statement"]
    if not isinstance(claim, dict) or set(claim) != {"claim", "let", "assume"} or not isinstance(claim["claim"], str):
        raise CertificateError("the statement has exactly a claim, let lines and assume lines")
    if not all(isinstance(claim[k], list) and all(isinstance(t, str) for t in claim[k]) for k in ("let", "assume")):
        raise CertificateError("let and assume are lists of text")
    try:
        statement = read_statement(claim["claim"], claim["let"], claim["assume"])
    except StatementError as error:
        raise CertificateError(f"the statement: {error}") from error
    return _inductive(statement, data) if inductive else _chain(statement, data)


def _inductive(statement: Statement, data: dict[str, Any]) -> Theorem:
    """The theorem of an induction: both parts are replayed as proofs of the statements that the rule makes."""
    try:
        by = decode_name(data["induction"])
        made = induction.base(statement, by), induction.step(statement, by)
        start, onward = (_chain(part, _part(data, key)) for part, key in zip(made, ("base", "step"), strict=True))
        theorem = induce(statement, by, start, onward)
    except (RuleError, StatementError) as error:
        raise CertificateError(f"the induction: {error}") from error
    if certificate(theorem) != data:
        raise CertificateError("the statement, the base or the step differs from what was checked")
    return theorem


def _part(data: dict[str, Any], key: str) -> dict[str, Any]:
    part = data[key]
    if not isinstance(part, dict) or set(part) != {"format", "statement", "indices", "first", "steps"}:
        raise CertificateError(f"the {key} of the induction is not a chain")
    return part


def _chain(statement: Statement, data: dict[str, Any]) -> Theorem:
    steps, indices = data["steps"], data["indices"]
    if not isinstance(steps, list) or not all(isinstance(s, dict) for s in steps) or not isinstance(indices, list):
        raise CertificateError("the steps are a list of lines, the indices a list of names")
    try:
        decode(data["first"]["line"])
        names = tuple(map(decode_name, indices))
    except (StatementError, RecursionError, LookupError, TypeError) as error:
        raise CertificateError(f"the first differs from a line, or the indices from names: {error}") from error
    bare = [{k: v for k, v in s.items() if k not in ("text", "ranges", "digest")} for s in steps]
    theorem = replay(statement, names, bare)
    again = certificate(theorem)
    for key in ("statement", "indices", "first"):
        if again[key] != data[key]:
            raise CertificateError(f"the {key} differs from what was checked")
    for number, (ours, theirs) in enumerate(zip(again["steps"], steps, strict=True), start=1):
        if ours != theirs:
            raise CertificateError(f"line {number}: text, ranges or digest differ from the line that was checked")
    return theorem
