"""Certificates: a theorem as plain data, and its check.  Every field is either replayed or recomputed and compared."""

# Decoded JSON has no types until it has been checked, which is what this file does.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false
from __future__ import annotations

from typing import Any

from symconv.errors import CertificateError, RuleError, StatementError
from symconv.expr import induction, limits
from symconv.expr.data import decode, decode_argument, decode_name, encode
from symconv.expr.records import ADDED, FORMAT, chain_record, claim_record, plain_chain, read_claim
from symconv.expr.statement import Statement
from symconv.proof.theorem import Theorem, induce, replay, squeeze

PARTS = {"induction": ("base", "step"), "squeeze": ("below", "above")}


def certificate(theorem: Theorem) -> dict[str, Any]:
    """The claim and its chain as plain data: one rule application a line, with the ranges of its bound indices."""
    s = theorem.statement
    if not theorem.parts:
        sizes = {"extents": [*map(certificate, theorem.extents)]} if theorem.extents else {}
        return {"format": FORMAT} | chain_record(s, theorem.indices, theorem.first, theorem.steps) | sizes
    kind = "squeeze" if s.towards else "induction"
    made = dict(zip(PARTS[kind], map(certificate, theorem.parts), strict=True))
    scales = {"scales": [scale and [*map(encode, scale)] for scale in theorem.scales]} if s.towards else {}
    return {"format": FORMAT, "statement": claim_record(s), kind: theorem.by, **made, **scales}


def check(data: object) -> Theorem:
    """The theorem of a certificate; CertificateError names the line and the reason where it does not replay."""
    kind = next((k for k in PARTS if k in data), "") if isinstance(data, dict) else ""
    parts = {kind, *PARTS[kind]} if kind else {"indices", "first", "steps"}
    wanted = {"format", "statement"} | parts | ({"scales"} if kind == "squeeze" else set())
    if not isinstance(data, dict) or set(data) - ({"extents"} if not kind else set()) != wanted:
        raise CertificateError("this is not a certificate: format, statement, indices, first and steps are needed")
    if data["format"] != FORMAT:
        raise CertificateError(f"the format is {str(data['format'])[:40]!r}, not {FORMAT!r}")
    statement = read_claim(data["statement"])
    return _joined(statement, data, kind) if kind else _chain(statement, data)


def _joined(statement: Statement, data: dict[str, Any], kind: str) -> Theorem:
    """The theorem of two parts, which are replayed as proofs of the statements that the rule makes."""
    try:
        by = decode_name(data[kind])
        scales = tuple(None if s is None else tuple(map(decode_argument, s)) for s in data.get("scales", (None, None)))
        low, high = scales
        made = (induction.base(statement, by), induction.step(statement, by)) if kind == "induction" else (
            limits.bound(statement, low, above=False), limits.bound(statement, high, above=True))  # fmt: skip
        one, other = (_chain(s, plain_chain(data[key], key)) for s, key in zip(made, PARTS[kind], strict=True))
        joined = induce(statement, by, one, other) if kind == "induction" else squeeze(statement, scales, one, other)
    except (RuleError, StatementError, TypeError, ValueError, AttributeError) as error:
        raise CertificateError(f"the {kind}: {error}") from error
    if certificate(joined) != data:
        raise CertificateError(f"the statement or a part of the {kind} differs from what was checked")
    return joined


def _chain(statement: Statement, data: dict[str, Any]) -> Theorem:
    steps, indices = data["steps"], data["indices"]
    if not isinstance(steps, list) or not all(isinstance(s, dict) for s in steps) or not isinstance(indices, list):
        raise CertificateError("the steps are a list of lines, the indices a list of names")
    try:
        decode(data["first"]["line"])
        names = tuple(map(decode_name, indices))
    except (StatementError, RecursionError, LookupError, TypeError) as error:
        raise CertificateError(f"the first differs from a line, or the indices from names: {error}") from error
    sizes = data.get("extents", [])
    if not isinstance(sizes, list) or len(sizes) != len(statement.sizes):
        raise CertificateError("the extents are not a list of proofs that those of both sides are equal")
    extents = tuple(_chain(s, plain_chain(part, "extents")) for s, part in zip(statement.sizes, sizes, strict=True))
    theorem = replay(statement, names, [{k: v for k, v in s.items() if k not in ADDED} for s in steps], extents)
    again = certificate(theorem)
    for key in ("statement", "indices", "first", "extents"):
        if again.get(key) != data.get(key):
            raise CertificateError(f"the {key} differs from what was checked")
    for number, (ours, theirs) in enumerate(zip(again["steps"], steps, strict=True), start=1):
        if ours != theirs:
            raise CertificateError(f"line {number}: text, ranges or digest differ from the line that was checked")
    return theorem
