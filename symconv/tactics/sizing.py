"""How large the outputs of layers are, and what they are computed from: formulas for every axis, proved.

`find_sizes(e)` states and proves size(e, axis) = formula for every axis, and of a stack the receptive field, jump and
start in every input; where the whole stack has the extent of one layer, with what padding (proved too).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from symconv.errors import StatementError
from symconv.expr.claim import read_expression, read_statement
from symconv.expr.floors import floor, is_floor, parts, read, spoken
from symconv.expr.measures import Field, extents_of, field
from symconv.expr.nodes import Count, Expr, Layer, rank
from symconv.expr.statement import Statement
from symconv.expr.text import assumption, assumptions, condition, lets, text
from symconv.expr.text import claim as text_of_claim
from symconv.expr.traverse import children, sequence_names
from symconv.index.conditions import Divides, Ge
from symconv.index.poly import ZERO, Poly, const
from symconv.tactics.costing import check_values
from symconv.tactics.integer_claims import sides
from symconv.tactics.prove import prove
from symconv.tactics.verdict import Result


@dataclass(frozen=True)
class Row:
    """A layer, the extents of its outputs, and their fields on the axes of places (None: of no one form)."""

    layer: Expr
    outputs: tuple[Poly | None, ...]
    fields: tuple[Field | None, ...]


@dataclass(frozen=True)
class Stack:
    """What the layers are computed from in one input, the innermost first; `merged` proves the padding of the whole."""

    input: str
    rows: tuple[Row, ...]
    merged: tuple[Result | None, ...]

    @property
    def fields(self) -> tuple[Field | None, ...]:
        """Those of the whole."""
        return self.rows[-1].fields


@dataclass(frozen=True)
class Sizing:
    """The extents of a tensor, the proofs of their formulas, and what its layers read of each input."""

    statement: Statement
    expression: Expr
    extents: tuple[Poly | None, ...]
    proofs: tuple[Result, ...]
    stacks: tuple[Stack, ...]

    @property
    def answer(self) -> str:
        """Claim text: one formula, or a tuple of them."""
        shown = ["None" if n is None else str(n) for n in self.extents]
        return shown[0] if len(shown) == 1 else f"({', '.join(shown)})"


def find_sizes(expression: str, declared: Sequence[str] = (), assume: Sequence[str] = ()) -> Sizing:
    """The extents of an expression on all axes; StatementError where it has none."""
    plain = read_expression(expression, declared, assume).lhs
    axes = rank(plain)
    if not axes:
        raise StatementError(f"{text(plain)} is a number and has no extent")
    found: dict[int, Statement] = {}
    fault: StatementError | None = None
    for axis in range(axes):
        try:
            found[axis] = read_expression(f"size({expression}, {axis})", declared, assume)
        except StatementError as error:
            fault = error
    if fault is not None and axes - 1 not in found:
        raise fault
    statement = found[axes - 1]
    proofs = {axis: _proved(s) for axis, s in found.items()}
    whole = statement.lhs.e if isinstance(statement.lhs, Count) else plain
    extents = tuple(_formula(proofs[axis].statement) if axis in proofs else None for axis in range(axes))
    stacks = (_stack(whole, name, statement) for name in sequence_names(whole))
    return Sizing(statement, whole, extents, tuple(proofs.values()), tuple(s for s in stacks if s is not None))


def _formula(statement: Statement) -> Poly | None:
    """The right side of size(e, axis) = formula."""
    both = sides(statement)
    return None if both is None else both[1]


def _stated(statement: Statement, claim: str) -> Statement:
    """A claim in the names of a statement, with what was tacit still so."""
    tacit = {condition(c) for c in statement.tacit if isinstance(c, Ge)}
    return read_statement(claim, lets(statement), [a for a in assumptions(statement) if a not in tacit])


def _proved(statement: Statement) -> Result:
    """size(e, axis) = its formula, in the simplest form that is proved."""
    size = statement.lhs
    if not isinstance(size, Count):
        raise StatementError(f"{text(size)} is no size")
    divided = _divided(size.p, statement)
    result = prove(_stated(statement, f"{text(size)} == {divided}"))
    plain = divided == size.p or result.verdict == "proved"
    return result if plain else prove(_stated(statement, f"{text(size)} == {size.p}"))


def _divided(p: Poly, statement: Statement) -> Poly:
    """With ⌊a/s⌋ + b for ⌊(a + s b)/s⌋ where it is assumed that m divides a, for a multiple m of s."""
    for name in sorted(filter(is_floor, p.names())):
        a, s = parts(name)
        for c in statement.assumptions:
            by = c.m.divide(s) if isinstance(c, Divides) else None
            if isinstance(c, Divides) and by is not None:
                rest = a - c.p
                if not rest.names() & c.p.names():
                    p = p.subs({name: by * floor(c.p, c.m) + floor(rest, s)})
                    break
    return p


def _stack(e: Expr, name: str, statement: Statement) -> Stack | None:
    """The layers of e that read an input, with their fields in it."""
    layers = dict.fromkeys(n for n in _inside_out(e) if isinstance(n, Layer) and n.kind != "window")
    rows = [Row(n, extents_of(n, statement.facts), _fields(n, name, statement)) for n in (*layers, e)]
    rows = [r for r in dict.fromkeys(rows) if any(f is not None for f in r.fields)]
    if not rows or not any(f is not None for f in rows[-1].fields):
        return None
    merged = tuple(_merged(e, axis, name, f, statement) for axis, f in enumerate(rows[-1].fields))
    return Stack(name, tuple(rows), merged)


def _inside_out(e: Expr) -> Iterator[Expr]:
    """What e is computed from, in order, and e."""
    for part in children(e):
        yield from _inside_out(part)
    yield e


def _fields(e: Expr, name: str, statement: Statement) -> tuple[Field | None, ...]:
    out: list[Field | None] = []
    for axis in range(rank(e)):
        try:
            out.append(field(e, axis, name, statement.facts))
        except StatementError:  # A channel axis, or no field of one form.
            out.append(None)
    return tuple(out)


def _merged(e: Expr, axis: int, name: str, found: Field | None, statement: Statement) -> Result | None:
    """size(e) = ⌊(N + left + right − reach)/jump⌋ + 1: the extent of one layer with the padding of all."""
    ranges = statement.facts.supports.get(name, ())
    own = ranges[axis] if axis < len(ranges) and len(ranges) == rank(e) else None
    if found is None or own is None:
        return None
    one = floor(own[1] + 1 - found.first + found.after - found.reach, found.jump) + 1
    size = Count("size", e, ZERO, (axis,))
    try:
        result = prove(_stated(statement, f"{text(size)} == {one}"))
    except StatementError:
        return None
    return result if result.verdict == "proved" else None


def valued(p: Poly | None, values: Mapping[str, int]) -> Poly | None:
    """A formula with numbers for sizes, in floors too."""
    if p is None:
        return None
    put = {name: const(value) for name, value in values.items()}
    return p.subs(put | {n: read(n, put) for n in p.names() if is_floor(n) and spoken((n,)) & values.keys()})


def checked(found: Sizing, values: Mapping[str, int]) -> None:
    """StatementError where numbers for sizes do not fit the statement."""
    check_values(found.statement, values)


def as_data(found: Sizing, values: Mapping[str, int], files: Sequence[tuple[Path, str]],
            seconds: float) -> dict[str, Any]:  # fmt: skip
    """One object of plain data: what `--json` prints."""
    s = found.statement

    def shown(f: Field | None) -> dict[str, str] | None:
        if f is None:
            return None
        ends = {"reach": f.reach, "jump": f.jump, "start": f.first}
        return {key: str(valued(p, values)) for key, p in ends.items()}

    return {
        "verdict": "answered",
        "expression": text(found.expression),
        "assumptions": [*lets(s), *assumptions(s)],
        "tacit": [*map(assumption, s.tacit)],
        "answer": found.answer,
        "extents": [None if n is None else str(n) for n in found.extents],
        "values": [None if n is None else str(valued(n, values)) for n in found.extents] if values else None,
        "claims": [text_of_claim(p.statement) for p in found.proofs],
        "fields": {
            stack.input: {
                "layers": [{"layer": text(r.layer), "outputs": [None if n is None else str(valued(n, values))
                                                                for n in r.outputs],
                            "fields": [*map(shown, r.fields)]} for r in stack.rows],
                "padding": [None if f is None or m is None else
                            {"before": str(valued(-f.first, values)), "after": str(valued(f.after, values)),
                             "total": str(valued(f.after - f.first, values))}
                            for f, m in zip(stack.fields, stack.merged, strict=True)],
            } for stack in found.stacks
        },
        "files": [str(path) for path, _ in files],
        "seconds": round(seconds, 4),
    }  # fmt: skip
