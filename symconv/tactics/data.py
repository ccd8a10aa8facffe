"""A verdict as one object of plain data: what `--json` prints."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from symconv.expr import text
from symconv.expr.nodes import Adjoint, Grad
from symconv.expr.statement import solved
from symconv.tactics.explicit import as_text, written
from symconv.tactics.verdict import Result
from symconv.tactics.wording import disjunction, said


def _formula(result: Result) -> str:
    """The answer by its entries; of a gradient with ranges and divisibilities."""
    answer = result.answer
    if answer is None:
        raise ValueError("no answer")
    at = f"[{', '.join(answer.indices)}]" if answer.indices else ""
    graded = isinstance(result.statement.lhs, Grad | Adjoint)
    value = as_text(written(answer.formula, answer.indices, result.statement)) if graded else text.text(answer.formula)
    return f"{answer.name}{at} = {value}"


def _holds_where(result: Result) -> dict[str, Any] | None:
    """Conditions, each enough: the proved ones, or the exact region as isl found it; and at which outputs it holds."""
    r = result.region
    proved = [*map(str, result.holds_where)]
    if r is None:
        return {"conditions": proved, "exact": result.exact} if proved else None
    outputs: dict[str, Any] = {
        "indices": list(r.indices),
        "hold": [said(c, r.indices) for c in r.holds],
        "fail": [said(c, r.indices) for c in r.fails],
    }
    if r.extent is not None and r.interior:
        name, number = r.extent
        outputs |= {"interior": said(r.interior, r.indices), "extent": {name: str(number)}}
    if r.fits is not None:
        outputs["extents_equal"] = [*map(said, r.fits)]
    return {"conditions": [*map(said, r.everywhere)], "exact": True, "proved": proved, "decided_by": "isl",
            "outputs": outputs}  # fmt: skip


def _iff(result: Result) -> dict[str, Any]:
    """The condition that was asked about, and what is known of it."""
    asked = result.iff
    if asked is None:
        return {}
    proved = len(asked.proofs) == len(asked.alternatives)
    data: dict[str, Any] = {"condition": disjunction(asked.alternatives), "proved_under_it": proved}
    data["fails_elsewhere"] = True if result.verdict == "proved" else False if asked.outside is not None else None
    data |= {"decided_by": "isl", "outside": None if asked.outside is None else dict(asked.outside)}
    return {"iff": data}


def as_data(result: Result, files: Sequence[tuple[Path, str]], seconds: float) -> dict[str, Any]:
    """The one JSON object of a verdict."""
    s = result.asked or result.statement
    example = result.counterexample
    answer = None
    if result.answer is not None:
        answer = {
            "answer": text.text(result.answer.closed),
            "formula": _formula(result),
            "taps": [str(p) for p in result.answer.taps] if result.answer.taps is not None else None,
        }
    shown = [*text.lets(s), *text.assumptions(s)]
    return {
        "verdict": result.verdict,
        "statement": text.claim(s),
        "assumptions": shown,
        "tacit": [text.declaration(d) for d in s.declarations.values() if d.tacit] + [*map(text.assumption, s.tacit)],
        "places": text.places(s) or None,
        "answer": answer and answer["answer"],
        "formula": answer and answer["formula"],
        "taps": answer and answer["taps"],
        "counterexample": None if example is None else {
            "integers": dict(example.integers),
            "numbers": {n: str(v) for n, v in example.numbers.items()},
            "sequences": {n: [[list(p), str(v)] for p, v in e.items()] for n, e in example.sequences.items()},
            "assumed": {n: text.text(e) for n, e in (solved(result.statement) or {}).items()},
            "functions": {f: str(p) for f, p in example.functions.items()},
            "at": list(example.at),
            "left": str(example.left),
            "right": str(example.right),
            **({} if example.axis is None else {"axis": example.axis}),
        },
        "holds_where": _holds_where(result),
        "closest": None if result.verdict != "unknown" or result.closest is None
        else [text.text(e) for e in result.closest],
        "reason": result.reason or None,
        "steps": [] if result.theorem is None else [
            {"rule": step.rule, "backwards": step.backwards, "line": text.text(step.line)}
            for step in result.theorem.lines
        ],
        "files": [str(path) for path, _ in files],
        "seconds": round(seconds, 4),
        **_iff(result),
    }  # fmt: skip
