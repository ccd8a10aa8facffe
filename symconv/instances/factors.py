"""A linear map as a product of matrices, one for each operator from the output down to the signal.

Sequences of finite support are vectors: each operator takes the places of its operand to those of its own support,
so the matrices multiply exactly, without borders.  Layers stand for their formulas on all places.  The adjoint of a
map is the product of the transposes in the opposite order, over all places that the map reads.

    factors(e, x, world) -> (Factor, …)      e = F₁ F₂ ⋯ x
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import product
from typing import Any

from symconv.errors import StatementError
from symconv.expr.linear import linear
from symconv.expr.nodes import Add, Adjoint, Expr, Formula, Grad, Name, Sum, rank
from symconv.expr.statement import Statement, inside
from symconv.expr.traverse import children, rebuild
from symconv.instances.finite_array import Place, Tensor
from symconv.instances.linear_form import Form
from symconv.instances.matrices import Values, coefficients
from symconv.instances.transposes import unbounded

REACH = {1: 24, 2: 6}
"""How far from 0 the places that an adjoint gives are looked for, by the number of axes without extent."""
Box = tuple[Place, Place]


@dataclass(frozen=True)
class Factor:
    """One operator on `operand`, or its transpose: its matrix with the places of rows and columns, as written."""

    operator: Expr
    operand: Name
    values: Values
    rows: tuple[Place, ...]
    columns: tuple[Place, ...]
    transposed: bool = False

    @property
    def matrix(self) -> Values:
        """The values that are multiplied with."""
        return tuple(zip(*self.values, strict=True)) if self.transposed else self.values

    @property
    def outputs(self) -> tuple[Place, ...]:
        """The places that the product has on its left."""
        return self.columns if self.transposed else self.rows


@dataclass(frozen=True)
class World:
    """A statement at concrete sizes, with symbols for its taps."""

    statement: Statement
    integers: Mapping[str, int]
    entries: Mapping[str, Tensor]
    numbers: Mapping[str, Any]

    def matrix(self, e: Expr, u: Name, box: Box) -> tuple[tuple[Place, ...], Values]:
        """The matrix of u ↦ e on the places of a box: the places of its rows, and its entries."""
        count = len(tuple(Tensor(*box, ()).places()))
        entries = {**self.entries, u.name: Tensor(*box, tuple(Form({j: 1}) for j in range(count)))}
        return coefficients(unbounded(e), self.statement, self.integers, entries, self.numbers, count)


def factors(e: Expr, x: Name, box: Box, world: World) -> tuple[Factor, ...]:
    """The matrices of x ↦ e, the last operator first; none for x itself.  StatementError where one is too large."""
    return tuple(_spine(e, x, box, world)[0])


def _spine(e: Expr, x: Name, box: Box, world: World) -> tuple[list[Factor], Box]:
    if e == x:
        return [], box
    if isinstance(e, Name) and e.name in world.statement.definitions:
        return _spine(world.statement.definitions[e.name], x, box, world)
    met = [p for p in children(e) if x.name in inside(p, world.statement)]
    if isinstance(e, Adjoint | Grad) and met == [e.g] and isinstance(e.x, Name) and linear(e.e, e.x, world.statement):
        inner, places = _spine(e.g, x, box, world)
        found = _read(e.e, e.x, places, world)
        outer = _onto(_spine(e.e, e.x, found, world)[0], tuple(Tensor(*places, ()).places()), found)
        return [*(replace(f, transposed=not f.transposed) for f in reversed(outer)), *inner], found
    if len(met) != 1 or isinstance(e, Add | Sum | Formula) or not rank(met[0]):
        rows, values = world.matrix(e, x, box)
        return [Factor(e, x, values, rows, tuple(Tensor(*box, ()).places()))], _box(rows)
    inner, places = _spine(met[0], x, box, world)
    u = Name(f"_{x.name}{len(inner)}", rank(met[0]))
    node = rebuild(e, tuple(u if p is met[0] else p for p in children(e)))
    rows, values = world.matrix(node, u, places)
    return [Factor(node, u, values, rows, tuple(Tensor(*places, ()).places())), *inner], _box(rows)


def _box(rows: Sequence[Place]) -> Box:
    if not rows:
        raise StatementError("an operator has no output at these sizes")
    return rows[0], tuple(high - low + 1 for low, high in zip(rows[0], rows[-1], strict=True))


def _read(e: Expr, z: Name, outputs: Box, world: World) -> Box:
    """The places of z on which the outputs of e at some places depend."""
    declared = world.statement.declarations[z.name].ranges
    reach = REACH.get(sum(r is None for r in declared), 4)
    ends = [(-reach, reach) if r is None else (r[0].evaluate(world.integers), r[1].evaluate(world.integers))
            for r in declared]  # fmt: skip
    box: Box = tuple(low for low, _ in ends), tuple(high - low + 1 for low, high in ends)
    rows, values = world.matrix(e, z, box)
    wanted = set(Tensor(*outputs, ()).places())
    columns = list(product(*(range(low, high + 1) for low, high in ends)))
    used = [
        c for j, c in enumerate(columns) if any(v[j] != 0 for r, v in zip(rows, values, strict=True) if r in wanted)
    ]
    if not used:
        raise StatementError("an adjoint is 0 at these sizes")
    hull = [(min(axis), max(axis)) for axis in zip(*used, strict=True)]
    for (low, high), (first, last), r in zip(hull, ends, declared, strict=True):
        if r is None and (low == first or high == last):
            raise StatementError("an adjoint reaches too far to be written out")
    return tuple(low for low, _ in hull), tuple(high - low + 1 for low, high in hull)


def _onto(spine: list[Factor], outputs: tuple[Place, ...], box: Box) -> list[Factor]:
    """The same with these places for the rows of the product: rows of zeros where a matrix has none."""
    if not spine:
        columns = tuple(Tensor(*box, ()).places())
        if columns == outputs:
            return []
        raise StatementError("an adjoint of nothing stands here")
    first, *rest = spine
    return [onto(first, outputs), *rest]


def onto(f: Factor, outputs: tuple[Place, ...]) -> Factor:
    """A factor with these places on its left."""
    at = dict(zip(f.outputs, f.matrix, strict=True))
    nothing = (0,) * len(f.matrix[0])
    kept = tuple(at.get(place, nothing) for place in outputs)
    if f.transposed:
        return replace(f, values=tuple(zip(*kept, strict=True)), columns=outputs)
    return replace(f, values=kept, rows=outputs)


def times(a: Values, b: Values) -> Values:
    """The product of two matrices of SymPy polynomials, expanded."""
    import sympy

    columns = tuple(zip(*b, strict=True))
    return tuple(tuple(sympy.expand(sum((u * v for u, v in zip(row, column, strict=True) if u != 0 and v != 0),
                                        start=sympy.Integer(0))) for column in columns) for row in a)  # fmt: skip
