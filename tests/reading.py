"""Claim text on the oracle: a line of a proof as Python over `oracle` sequences, with nothing of the package.

`value("down(conv(x, up(h, s)), s)", names)` is the sequence; `adjoint(e, z, y)` binds z, and Z is a stretch of ℤ that
holds the support of every kernel that the tests draw.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import oracle
from oracle import Sequence

REACH = 12
FAR = 24
"""Beyond this an adjoint of what the tests draw is 0."""


@dataclass(frozen=True)
class Line:
    """A sequence with the arithmetic of claim text."""

    of: Sequence

    def __getitem__(self, n: int | tuple[int, ...]) -> Fraction:
        return self.of(*n) if isinstance(n, tuple) else self.of(n)

    def axes(self, s: int | tuple[int, ...]) -> tuple[int, ...]:
        """One number for each axis."""
        return s if isinstance(s, tuple) else (s,) * self.of.rank

    def __add__(self, other: Line | int) -> Line:
        return self if isinstance(other, int) else Line(oracle.add(self.of, other.of))

    __radd__ = __add__

    def __neg__(self) -> Line:
        return -1 * self

    def __sub__(self, other: Line) -> Line:
        return self + -other

    def __rmul__(self, a: Fraction | int) -> Line:
        return Line(oracle.scale(Fraction(a), self.of))

    __mul__ = __rmul__

    def __truediv__(self, a: int) -> Line:
        return Fraction(1, a) * self


def _conv(x: Line, k: Line) -> Line:
    a, b = (x.of, k.of) if k.of.ends is not None else (k.of, x.of)
    return Line(oracle.conv(a, b))


def _corr(x: Line, k: Line, stride: Any = 1, dilation: Any = 1, padding: Any = 0) -> Line:
    return Line(oracle.corr(x.of, k.of, x.axes(stride), x.axes(dilation), x.axes(padding)))


def _adjoint(f: Callable[[Line], Line], y: Line) -> Line:
    """m ↦ Σ_n f(δ_m)[n] y[n]."""

    def value(place: tuple[int, ...]) -> Fraction:
        unit = Line(Sequence(1, lambda n: Fraction(int(n == place)), ((place[0], place[0]),)))
        moved = f(unit)
        return sum((moved.of(*n) * y.of(*n) for n in y.of.places()), Fraction(0))

    return Line(Sequence(1, value, ((-FAR, FAR),)))


def _transposed(y: Line, k: Line, stride: int = 1, padding: int = 0, dilation: int = 1) -> Line:
    """Every y[i] adds y[i] k[a] at s i + d a − p."""

    def value(place: tuple[int, ...]) -> Fraction:
        gaps = ((a, place[0] + padding - dilation * a) for (a,) in k.of.places())
        return sum((k.of(a) * y.of(g // stride) for a, g in gaps if g % stride == 0), Fraction(0))

    return Line(Sequence(1, value))


def _linear(x: Line, s: int, align_corners: bool) -> Line:
    """Linear interpolation between the samples, which stay at multiples of s."""
    assert align_corners

    def value(place: tuple[int, ...]) -> Fraction:
        i, r = divmod(place[0], s)
        return (1 - Fraction(r, s)) * x.of(i) + Fraction(r, s) * x.of(i + 1)

    return Line(Sequence(1, value))


def _ones(c: int) -> Line:
    return Line(Sequence(1, lambda _: Fraction(1), ((0, c - 1),)))


def _taps(*values: Fraction) -> Line:
    return Line(Sequence(1, lambda n: Fraction(values[n[0]]), ((0, len(values) - 1),)))


NAMES: dict[str, Any] = {
    "conv": _conv, "corr": _corr, "adjoint": _adjoint, "ones": _ones, "taps": _taps,
    "down": lambda x, s: Line(oracle.down(x.of, x.axes(s))), "up": lambda x, s: Line(oracle.up(x.of, x.axes(s))),
    "flip": lambda x: Line(oracle.flip(x.of)), "shift": lambda x, m: Line(oracle.shift(x.of, x.axes(m))),
    "reverse": lambda x: Line(oracle.reverse(x.of)), "bed_of_nails": lambda x, s: Line(oracle.up(x.of, x.axes(s))),
    "conv_transpose1d": _transposed, "upsample_linear": _linear, "True": True,
    "upsample_nearest": lambda x, s: Line(Sequence(1, lambda n: x.of(n[0] // s))),
    "delta": Line(Sequence(1, lambda n: Fraction(int(n == (0,))), ((0, 0),))),
    "Z": range(-REACH, REACH + 1), "sum": sum, "range": range, "iverson": int,
}  # fmt: skip


class _Binding(ast.NodeTransformer):
    """adjoint(e, z, y) as adjoint(lambda z: e, y)."""

    def visit_Call(self, node: ast.Call) -> ast.AST:
        self.generic_visit(node)
        if isinstance(node.func, ast.Name) and node.func.id == "adjoint":
            e, z, y = node.args
            assert isinstance(z, ast.Name)
            bound = ast.arguments([], [ast.arg(z.id)], None, [], [], None, [])
            return ast.Call(node.func, [ast.Lambda(bound, e), y], [])
        return node


def value(text: str, names: Mapping[str, Any]) -> Sequence:
    """The sequence that the text says, for these sequences (as `Line`) and numbers."""
    tree = ast.fix_missing_locations(_Binding().visit(ast.parse(text, mode="eval")))
    return eval(compile(tree, "claim", "eval"), {**NAMES, **names, "__builtins__": {}}).of


SIZES = (
    {"s": 2, "t": 3, "d": 2, "e": 2, "p": 1, "m": -2, "c": 3},
    {"s": 3, "t": 2, "d": 1, "e": 3, "p": 0, "m": 1, "c": 2},
)
"""Concrete sizes; what is not named here is 2."""


def world(statement: Any, sizes: dict[str, int], seed: int) -> dict[str, Any]:
    """Drawn sequences and sizes for a statement, of the oracle's kind."""
    integers = {n: sizes.get(n, 2) for n in statement.integers}
    out: dict[str, Any] = dict(integers)
    for i, d in enumerate(statement.declarations.values()):
        if d.kind == "number":
            out[d.name] = Fraction(3 + i, 2)
        if d.kind in ("signal", "kernel"):
            drawn = oracle.signal(d.rank, 31 * seed + i)
            finite = d.kind == "kernel" or None not in d.ranges
            ranges = [(-2, 2) if r is None else (r[0].evaluate(integers), r[1].evaluate(integers)) for r in d.ranges]
            out[d.name] = Line(Sequence(d.rank, drawn.value, tuple(ranges)) if finite else drawn)
    return out
