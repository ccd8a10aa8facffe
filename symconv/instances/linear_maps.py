"""Reading a linear map with its sizes and numbers: what is given, what follows, and small sizes for the rest."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import count
from typing import Any

from symconv.errors import StatementError, counted
from symconv.expr.claim import read_expression
from symconv.expr.declarations import read_let
from symconv.expr.nodes import Cascade, Expr, Repeat
from symconv.expr.ranges import written_out
from symconv.expr.statement import Statement, inside
from symconv.expr.text import text
from symconv.expr.traverse import children, rebuild
from symconv.instances.finite_array import Tensor
from symconv.instances.matrices import MOST, LinearMap, matrix_of, places_of, variable
from symconv.instances.sizes import completed, sizes_of
from symconv.instances.transposes import Transpose, transpose_of

EXTENTS = ("N", "H", "W")
LONGEST = 12
FEWEST = {1: 3}
"""Outputs of a chosen instance, by the number of axes without extent."""


@dataclass(frozen=True)
class Answer:
    """A linear map, its adjoint, and the extent that was chosen for x, if none was given."""

    map: LinearMap
    transpose: Transpose | None
    chosen: dict[str, int]

    def as_data(self) -> dict[str, Any]:
        """The matrix and its transpose as plain data; entries are text, places are lists of indices."""
        m = self.map
        return {
            "verdict": "answered",
            "expression": text(m.expression),
            "wrt": m.x.name,
            "integers": {**m.integers, **self.chosen},
            "matrix": [[str(v) for v in row] for row in m.values],
            "rows": len(m.rows),
            "columns": len(m.columns),
            "row_start": list(m.rows[0]),
            "column_start": list(m.columns[0]),
            "transpose": None if self.transpose is None else str(self.transpose),
            "transpose_of": None if self.transpose is None else self.transpose.y,
        }


def read_map(expression: str, wrt: str, data: Mapping[str, Tensor], lets: Sequence[str] = (),
             assume: Sequence[str] = ()) -> Answer:  # fmt: skip
    """The map wrt ↦ expression at the sizes and numbers of `data`; StatementError where something does not fit."""
    statement = read_expression(expression, lets, assume)
    known = {n: int(t.entries[0]) for n, t in data.items() if not t.start}
    before, out = statement, written(statement.lhs, known)
    if out != statement.lhs:  # Else the author's text stays, whose names the numbers of others may tell.
        expression = text(out)
        statement = read_expression(expression, lets, assume)
    data = {n: t for n, t in data.items() if n in statement.declarations or n not in before.declarations}
    variable(statement, wrt)
    lists = {name: t for name, t in data.items() if t.start}
    lets = [*lets, *_declared(statement, lists, lets, wrt)]
    statement = read_expression(expression, lets, assume) if lists else statement
    variable(statement, wrt)
    given, extents = _integers(statement, data, lists)
    for name in data.keys() - lists.keys() - given.keys() - extents.keys():
        if name not in inside(statement.lhs, statement) or statement.declarations[name].kind != "number":
            known = ", ".join(sorted(n for n, d in statement.declarations.items() if n != wrt))
            raise StatementError(f"{name} does not stand in {text(statement.lhs)}: its names are {known or 'none'}, "
                                 "and N, H and W give the extents of a signal")  # fmt: skip
    unbounded = sum(r is None for r in statement.declarations[wrt].ranges)
    open_axes = max((sum(r is None for r in d.ranges) for d in statement.declarations.values()), default=0)
    for name in extents:
        if open_axes < (2 if name == "H" else 1):
            raise StatementError(f"{name}={extents[name]}: no signal has an axis whose extent is left open")
    integers = sizes_of(statement, {**_channels(statement, unbounded), **given})
    chosen: dict[str, int] = {}
    if unbounded and not extents:
        extents = chosen = {"N": _samples(statement, wrt, integers, data, unbounded)}
    found = matrix_of(statement, wrt, integers, extents, data)
    return Answer(found, transpose_of(found, expression, lets, assume), chosen)


def written(e: Expr, integers: Mapping[str, int]) -> Expr:
    """The expression with repeated maps and products of kernels written out."""
    parts = tuple(written(p, integers) for p in children(e))
    e = rebuild(e, parts) if parts else e
    if not isinstance(e, Repeat | Cascade):
        return e
    if not e.count.names() <= integers.keys():
        raise StatementError(f"{text(e)}: say how often, as in --with {min(e.count.names())}=2")
    times = e.count.evaluate(integers)
    if not 0 <= times <= MOST:
        raise StatementError(f"{text(e)}: {times} times are too many to be written out")
    return written_out(e, times)


def _declared(statement: Statement, lists: Mapping[str, Tensor], lets: Sequence[str], wrt: str) -> list[str]:
    """Declarations of the sequences for which there are numbers, where the author has none."""
    own = {read_let(line).name for line in lets}
    out: list[str] = []
    for name, t in lists.items():
        d = statement.declarations.get(name)
        if d is None or d.kind not in ("signal", "kernel"):
            raise StatementError(f"{name} is no sequence in {text(statement.lhs)}: a list of numbers is given for it")
        if name == wrt:
            raise StatementError(f"{name} is what the matrix is multiplied by: give its extent, as in --with N=7, not "
                                 "its numbers")  # fmt: skip
        if d.rank != len(t.shape) and (name in own or d.rank < len(t.shape)):  # Fewer axes are those of one channel.
            shown = counted(d.rank, "axis", "axes")
            raise StatementError(f"{name} has {shown}, and its numbers have {len(t.shape)}")
        if name not in own:
            out.append(f"{name}: {d.kind}[{', '.join(map(str, t.shape))}]")
    return out


def _integers(statement: Statement, data: Mapping[str, Tensor],
              lists: Mapping[str, Tensor]) -> tuple[dict[str, int], dict[str, int]]:  # fmt: skip
    """The sizes that are given or follow from the shapes of lists, and the extents N, H, W that are no sizes."""
    given: dict[str, int] = {}
    extents: dict[str, int] = {}
    for name, t in data.items():
        own = name in statement.integers
        if t.start or not (own or (name in EXTENTS and name not in statement.declarations)):
            continue
        v = t.entries[0]
        if v.denominator != 1:
            raise StatementError(f"{name}={v}: write a whole number, as in {name}=3")
        if not own and v < 1:
            raise StatementError(f"{name}={v}: an extent must be at least 1")
        (given if own else extents)[name] = int(v)
    return completed(given, statement, lists), extents


def _channels(statement: Statement, axes: int) -> dict[str, int]:
    """Few channels where nothing is said of them: two beside one axis without extent, else one."""
    out: dict[str, int] = {}
    for d in statement.declarations.values():
        if d.tacit and d.kind in ("signal", "kernel") and axes:
            named = [r[1] + 1 for r in d.ranges[: max(0, d.rank - axes)] if r is not None]
            out |= dict.fromkeys((n for p in named for n in p.names()), 2 if axes == 1 else 1)
    return out


def _samples(statement: Statement, wrt: str, integers: Mapping[str, int], data: Mapping[str, Tensor],
             axes: int) -> int:  # fmt: skip
    """The least extent that shows all taps of every kernel and gives some outputs."""
    taps = [places_of(d.name, statement, integers, {"N": 1})[1][-axes:] for d in statement.declarations.values()
            if d.kind == "kernel" and d.name != wrt and None not in d.ranges and d.rank]  # fmt: skip
    for n in count(max([2, *(c + (axes == 1) for shape in taps for c in shape)])):
        try:
            found = matrix_of(statement, wrt, integers, {"N": n}, data)
        except StatementError as error:
            if n > LONGEST:
                declared = f"{wrt}: signal[{', '.join(['4'] * axes)}]"
                raise StatementError(f"{error}; the extent of {wrt} is declared as in --let '{declared}'") from None
            continue
        if not found.rows[0]:
            return n
        last = [high - low + 1 for low, high in zip(found.rows[0], found.rows[-1], strict=True)][-axes:]
        if min(last) >= FEWEST.get(axes, 2) or n > LONGEST:
            return n
    return 1
