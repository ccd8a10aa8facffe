"""The matrix of a linear map x ↦ e at concrete sizes, exactly, with taps as SymPy symbols or numbers.

Entry (i, j) is the coefficient of sample j of x in output i.  Samples and outputs of several axes are numbered row by
row.  Layers are maps between tensors: their outputs are those of the window.  Primitives give sequences: the rows are
the places of the whole support, and the first of them need not be 0.

    matrix_of(statement, x, integers, extents, data) -> LinearMap
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from math import prod
from typing import Any

from symconv.errors import StatementError, counted
from symconv.expr.floors import known_integers
from symconv.expr.linear import linear, unlikeness
from symconv.expr.nodes import Expr, Name
from symconv.expr.statement import Declaration, Statement, inside, solved
from symconv.expr.text import text
from symconv.instances.finite_array import Place, Tensor
from symconv.instances.linear_form import Form, coefficient
from symconv.instances.tensors import evaluate

Data = Mapping[str, Tensor]
Values = tuple[tuple[Any, ...], ...]
MOST = 256
"""Rows, and columns, of a matrix that is still written out."""


@dataclass(frozen=True)
class LinearMap:
    """x ↦ e at concrete sizes: SymPy entries, one row an output and one column a sample."""

    statement: Statement
    x: Name
    integers: Mapping[str, int]
    entries: Mapping[str, Tensor]
    numbers: Mapping[str, Any]
    rows: tuple[Place, ...]
    columns: tuple[Place, ...]
    values: Values
    taps: Mapping[Any, tuple[str, Place]]

    @property
    def expression(self) -> Expr:
        """What x is mapped to."""
        return self.statement.lhs

    @cached_property
    def matrix(self) -> Any:
        """The SymPy matrix."""
        import sympy

        return sympy.Matrix(len(self.rows), len(self.columns), [v for row in self.values for v in row])


def matrix_of(statement: Statement, wrt: str, integers: Mapping[str, int], extents: Mapping[str, int],
              data: Data) -> LinearMap:  # fmt: skip
    """The matrix of wrt ↦ the left side; `extents` may give N, H, W for the axes of which nothing is declared."""
    x = variable(statement, wrt)
    samples = places_of(x.name, statement, integers, extents, free=True)
    columns = tuple(Tensor(*samples, ()).places())
    if len(columns) > MOST:
        raise StatementError(f"{wrt} has {len(columns)} samples; a matrix of at most {MOST} columns is written out: "
                             "take smaller sizes")  # fmt: skip
    entries, numbers, taps = symbols(statement, x, samples, integers, extents, data)
    entries[x.name] = Tensor(*samples, tuple(Form({j: 1}) for j in range(len(columns))))
    rows, values = coefficients(statement.lhs, statement, integers, entries, numbers, len(columns))
    return LinearMap(statement, x, integers, entries, numbers, rows, columns, values, taps)


def variable(statement: Statement, wrt: str) -> Name:
    """The sequence in which the left side is linear; StatementError with numbers where it is not."""
    e = statement.lhs
    d = statement.declarations.get(wrt)
    if d is None or d.kind not in ("signal", "kernel") or wrt not in inside(e, statement):
        raise StatementError(f"{wrt[:40]} does not stand in {text(e)[:60]} as a sequence: name one with --wrt")
    if not d.rank or not linear(e, Name(wrt, d.rank), statement):
        why = unlikeness(e, Name(wrt, d.rank), statement)
        if why:
            raise StatementError(f"{text(e)} is not linear in {wrt}, so it has no matrix: {why}")
        raise StatementError(f"{text(e)} is not seen to be linear in {wrt}: a matrix is that of a linear map")
    return Name(wrt, d.rank)


def places_of(name: str, statement: Statement, integers: Mapping[str, int], extents: Mapping[str, int],
              free: bool = False) -> tuple[Place, Place]:  # fmt: skip
    """First place and extent of a sequence on every axis; N, or H and W, where nothing is declared.

    A kernel whose taps are not stated has none of them, unless it is what the matrix is multiplied by (`free`).
    """
    d: Declaration = statement.declarations[name]
    unbounded = [i for i, r in enumerate(d.ranges) if r is None]
    if unbounded and d.kind == "kernel" and not free:
        raise StatementError(f"{name} has no stated taps: declare them, as in --let '{name}: kernel[3]'")
    sizes = dict.fromkeys(unbounded, extents.get("N", 0))
    for i, letter in zip(reversed(unbounded), ("W", "H"), strict=False):
        sizes[i] = extents.get(letter, sizes[i])
    start, shape = list[int](), list[int]()
    integers = known_integers(integers, (n for r in d.ranges if r for p in r for n in p.names()))
    for i, r in enumerate(d.ranges):
        low, high = (0, sizes[i] - 1) if r is None else (r[0].evaluate(integers), r[1].evaluate(integers))
        start.append(low)
        shape.append(high - low + 1)
    if min(shape, default=1) < 1:
        raise StatementError(f"{name} has no samples on an axis: give its extent, as in --with N=7")
    return tuple(start), tuple(shape)


def symbols(
    statement: Statement, x: Name, samples: tuple[Place, Place], integers: Mapping[str, int],
    extents: Mapping[str, int], data: Data
) -> tuple[dict[str, Tensor], dict[str, Any], dict[Any, Any]]:  # fmt: skip
    """Every other sequence and number that the map speaks of: as given, else as SymPy symbols such as k_0."""
    import sympy

    entries: dict[str, Tensor] = {}
    numbers: dict[str, Any] = {}
    taps: dict[Any, tuple[str, Place]] = {}
    assumed = [e for pair in statement.equations for e in pair]
    parts = (statement.lhs, statement.rhs, *statement.definitions.values(), *assumed)
    spoken = {n for e in parts for n in inside(e, statement)} & statement.declarations.keys()
    for name in sorted(spoken - {x.name, *(solved(statement) or ())}):
        d = statement.declarations[name]
        if d.kind == "number":
            numbers[name] = rational(data[name].entries[0]) if name in data else sympy.Symbol(name)
            taps |= {} if name in data else {numbers[name]: (name, ())}
        elif name in data:
            start, shape = places_of(name, statement, integers, extents)
            if data[name].shape != shape:
                given = by(data[name].shape)
                raise StatementError(
                    f"{name} has {counted(by(shape), 'place', 'places')}, and numbers for {given} are given"
                )
            entries[name] = Tensor(start, shape, tuple(map(rational, data[name].entries)))
        elif d.kind in ("signal", "kernel"):
            beside = {**_like(samples), **extents} if d.rank == x.rank else extents
            start, shape = places_of(name, statement, integers, beside)
            if prod(shape) > MOST * MOST:
                raise StatementError(
                    f"{name} has {prod(shape)} entries, too many to be written out: take smaller sizes"
                )
            own = {sympy.Symbol("_".join((name, *map(str, n)))): n for n in Tensor(start, shape, ()).places()}
            taps |= {s: (name, n) for s, n in own.items()}
            entries[name] = Tensor(start, shape, tuple(own))
    return entries, numbers, taps


def _like(samples: tuple[Place, Place]) -> dict[str, int]:
    """The extents of x for what stands beside it."""
    last = [low + count for low, count in zip(*samples, strict=True)]
    return {"N": last[-1], **dict(zip(("W", "H"), reversed(last), strict=False))}


def coefficients(
    e: Expr, statement: Statement, integers: Mapping[str, int], entries: Mapping[str, Tensor],
    numbers: Mapping[str, Any], count: int
) -> tuple[tuple[Place, ...], Values]:  # fmt: skip
    """The places of the outputs, and the coefficients of the first `count` entries in each."""
    try:
        t = evaluate(e, statement, integers, entries, numbers)
    except TypeError:
        raise StatementError(f"{text(e)}: a maximum or a pointwise function of symbols has no value: give "
                             "numbers, as in --with k=[1, 0, -2]") from None  # fmt: skip
    if len(t.entries) > MOST:
        raise StatementError(f"{text(e)} has {len(t.entries)} outputs; a matrix of at most {MOST} rows is written "
                             "out: take smaller sizes")  # fmt: skip
    places = tuple(t.places())
    return places, tuple(tuple(simplest(coefficient(v, j)) for j in range(count)) for v in t.entries)


def simplest(value: Any) -> Any:
    """A coefficient as an expanded SymPy polynomial."""
    import sympy

    return sympy.expand(rational(value))


def rational(value: Any) -> Any:
    """A fraction as a SymPy number; what is of SymPy already, as it is."""
    import sympy

    return sympy.Rational(value.numerator, value.denominator) if isinstance(value, Fraction | int) else value


def by(shape: Iterable[int]) -> str:
    """3 x 4."""
    return " x ".join(map(str, shape))
