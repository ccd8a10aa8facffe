"""A graded sheet as plain data, and as text for the terminal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

from symconv.expr import text
from symconv.expr.notation import notation
from symconv.expr.statement import Statement, solved
from symconv.grading import judging
from symconv.grading.judging import CONDITIONAL, FIRST, FOLLOWS, OPEN, UNREAD, WRONG, Chain, Graded, Judged
from symconv.render.latex import latex
from symconv.tactics.data import as_data as verdict_data
from symconv.tactics.verdict import Counterexample, Place

MARKS = {FIRST: " ", FOLLOWS: "✓", CONDITIONAL: "!", WRONG: "✗", UNREAD: "?", OPEN: "?"}
VERDICTS = {0: "right", 1: "wrong", 2: "not understood", 3: "not decided"}
"""What is said of a whole file, by its status."""


def as_data(graded: Graded, files: Sequence[tuple[Path, str]] = ()) -> dict[str, Any]:
    """The one JSON object of a file."""
    sheet = graded.sheet
    wrong = next((j for j in graded.lines if j.faulty), None)
    return {
        "file": sheet.name,
        "verdict": VERDICTS[graded.status],
        "status": graded.status,
        "language": "latex" if sheet.latex else "claim",
        "lets": list(sheet.lets),
        "assumptions": list(sheet.assumes),
        "first_wrong": None if wrong is None else {"row": wrong.line.row, "column": wrong.line.column},
        "counts": counts(graded),
        "chains": [{"lines": [*map(_line, c.lines)], "end": None if c.whole is None else _end(c)}
                   for c in graded.chains],
        "files": [str(path) for path, _ in files],
        "seconds": round(graded.seconds, 4),
    }  # fmt: skip


def counts(graded: Graded) -> dict[str, int]:
    """How many lines have each verdict; the first one of a chain has none."""
    found = [j.verdict for j in graded.lines]
    return {v: found.count(v) for v in (FOLLOWS, CONDITIONAL, WRONG, UNREAD, OPEN)}


def _line(j: Judged) -> dict[str, Any]:
    return {
        "row": j.line.row,
        "column": j.line.column,
        "source": j.line.source,
        "text": j.line.text,
        "relation": j.line.relation,
        "reason": j.line.reason if j.verdict != UNREAD or j.line.text else None,
        **_verdict(j),
        "mend": None
        if j.mend is None
        else {"text": j.mend.text, "old": j.mend.old, "new": j.mend.new, "latex": _mended(j) or None},
    }


def _verdict(j: Judged) -> dict[str, Any]:
    example = None if j.result is None else verdict_data(j.result, (), 0.0)["counterexample"]
    s = j.statement
    return {
        "verdict": j.verdict,
        "by": j.by or None,
        "conditions": list(j.conditions),
        "needed": list(j.needed),
        "counterexample": example,
        "statement": None if s is None else text.claim(s),
        "assumptions": [] if s is None else [*text.lets(s), *text.assumptions(s)],
        "message": j.message or None,
    }


def _end(chain: Chain) -> dict[str, Any]:
    """The last line against the first."""
    return {} if chain.whole is None else _verdict(chain.whole)


def as_text(graded: Graded) -> str:
    """The report of a file for the terminal."""
    sheet = graded.sheet
    out = [f"{sheet.name}: {summary(graded)}"]
    if sheet.lets or sheet.assumes:
        out += ["", *(f"        let {line}" for line in sheet.lets), *(f"        assume {a}" for a in sheet.assumes)]
    for chain in graded.chains:
        out.append("")
        for j in chain.lines:
            out += _lines(j, j is chain.first_wrong)
        if chain.whole is not None and len(chain.lines) > 2:
            out += ["", f"        {ending(chain.whole)}"]
    return "\n".join(out)


def _lines(j: Judged, first: bool) -> list[str]:
    """A line with its verdict, and what is to be said of it below."""
    sign = "" if j.verdict == FIRST else "= " if j.line.relation == "==" else "<= "
    shown = sign + " ".join(j.line.source.split())
    reason = f"   # {j.line.reason}" if j.line.reason and j.line.text else ""
    head = f"{j.line.row:>5} {MARKS[j.verdict]} {shown}{reason}"
    return [head, *(f"          {s}" for s in sentences(j, first))]


def sentences(j: Judged, first: bool = False, numbered: bool = True) -> list[str]:
    """The verdict in words, without its mark; `numbered` with the numbers that tell the lines apart, and the mend."""
    if j.verdict == FIRST:
        return []
    out = [j.verdict + (f": {j.by}" if j.by else "")]
    if j.verdict in (UNREAD, OPEN):
        out = [f"{j.verdict}: {j.message}"]
    if first:
        out[0] = f"FIRST WRONG STEP: {out[0]}"
    if j.conditions:
        out.append(f"it follows only where {', or where '.join(j.conditions)}; this is not stated")
    if j.needed:
        out.append(f"it has a meaning only where {' and '.join(j.needed)}; this is not stated")
    if numbered and j.result is not None and j.result.counterexample is not None:
        out.append(numbers(j.result.statement, j.result.counterexample))
    if j.message and j.verdict not in (UNREAD, OPEN):
        out.append(j.message)
    if numbered and j.mend is not None:
        out.append(f"this follows: {_mended(j) or j.mend.text}")
    return out


def _mended(j: Judged) -> str:
    """What follows instead, in LaTeX, for an author who writes LaTeX; else ""."""
    return latex(notation(j.mended)) if j.mended is not None and j.line.source != j.line.text else ""


def ending(whole: Judged) -> str:
    """Whether the end of a chain is its beginning, in a sentence."""
    start = "the end follows from the beginning"
    match whole.verdict:
        case judging.FOLLOWS:
            return f"{start}: {whole.by}"
        case judging.CONDITIONAL if whole.conditions:
            return f"{start} only where {', or where '.join(whole.conditions)}; this is not stated"
        case judging.CONDITIONAL:
            return f"{start}: {whole.by}; it has a meaning only where {' and '.join(whole.needed)}; this is not stated"
        case judging.UNREAD:
            return f"the end cannot be compared with the beginning: {whole.message}"
        case judging.OPEN:
            return f"whether {start} is not decided"
        case _:
            example = None if whole.result is None else whole.result.counterexample
            told = "the end does not follow from the beginning"
            if whole.result is None or example is None:
                return told
            return f"{told}: {numbers(whole.result.statement, example, 'the beginning', 'the end')}"


def summary(graded: Graded) -> str:
    """The verdict on a file in one sentence."""
    wrong = [j for chain in graded.chains if (j := chain.first_wrong) is not None]
    found = counts(graded)
    if not graded.status:
        return "every step follows" + (", some under conditions that are not stated" if found[CONDITIONAL] else "")
    parts = [f"{found[FOLLOWS]} of {sum(found.values())} lines follow"]
    parts += [f"{found[v]} {'is' if found[v] == 1 else 'are'} {v}" for v in (UNREAD, OPEN) if found[v]]
    start = "no wrong step was found"
    if wrong:
        start = f"the first wrong step is in line {wrong[0].line.row}"
    if len(wrong) > 1:
        start = f"{len(wrong)} derivations have a wrong step, the first one in line {wrong[0].line.row}"
    return f"{start}; {', '.join(parts)}"


def numbers(statement: Statement, example: Counterexample, before: str = "the line before",
            after: str = "this line") -> str:  # fmt: skip
    """The numbers for which the two lines differ, in a sentence."""
    given = [f"{n} = {v}" for n, v in example.integers.items()]
    given += [f"{n} = {v}" for n, v in example.numbers.items()]
    given += [f"{f}(t) = {p}" for f, p in example.functions.items()]
    assumed = solved(statement) or {}
    for name, entries in example.sequences.items():
        if name not in assumed:
            kernel = name in statement.declarations and statement.declarations[name].kind == "kernel"
            given.append(_entries(name, entries, kernel))
    start = f"for {', '.join(given)}" if given else "always"
    if example.axis is not None:
        return f"{start}, {before} has extent {example.left}, {after} {example.right}"
    at = f"at place {', '.join(map(str, example.at))} " if example.at else ""
    other = " (all other entries 0)" if example.sequences else ""
    return f"{start}{other}: {at}{before} is {example.left}, {after} is {example.right}"


def _entries(name: str, entries: Mapping[Place, Fraction], kernel: bool) -> str:
    """k = [1, 2] for taps from 0 on, x[3] = x[4] = 1 for others."""
    if kernel and [*entries] == [(i,) for i in range(len(entries))]:
        return f"{name} = [{', '.join(map(str, entries.values()))}]"
    groups: dict[Fraction, list[Place]] = {}
    for place, v in entries.items():
        groups.setdefault(v, []).append(place)
    return ", ".join(f"{' = '.join(_entry(name, p) for p in places)} = {v}" for v, places in groups.items())


def _entry(name: str, place: Place) -> str:
    return f"{name}[{', '.join(map(str, place))}]"
