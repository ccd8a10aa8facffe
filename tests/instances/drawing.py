"""Drawn layers of tensors with what other libraries make of them, and their comparison with ours."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from math import prod
from random import Random

import numpy as np
from expr.concrete import completed, values
from loops import grid
from oracle import Place

from symconv.errors import StatementError
from symconv.expr.claim import read_expression
from symconv.expr.floors import known_integers
from symconv.expr.satisfy import met
from symconv.expr.windows import tensor_extents
from symconv.instances.finite_array import Tensor
from symconv.instances.run import run

LOOKED_AT = 12
"""At how many outputs of each configuration values in claims are compared."""
USUAL = {"stride": 1, "dilation": 1, "padding": 0, "output_padding": 0}


class Drawing:
    """Data, and the text of an expression with some of its numbers under names, of those from `least` on."""

    least = 1

    def __init__(self, seed: int | str, named: bool = True) -> None:
        self.random = Random(seed)
        self.named = named
        self.integers: dict[str, int] = {}
        self.lets: list[str] = []
        self.arrays: dict[str, np.ndarray] = {}

    def one(self, low: int, high: int) -> int:
        return self.random.randint(low, high)

    def upto(self, d: int, low: int, high: int) -> Place:
        return tuple(self.one(low, high) for _ in range(d))

    def chance(self, often: float = 0.5) -> bool:
        return self.random.random() < often

    def written(self, value: int) -> str:
        """A number, or a name for it."""
        if self.chance() or not self.named or value < self.least:
            return str(value)
        name = f"i{len(self.integers)}"
        self.integers[name] = value
        return name

    def tuple(self, numbers: Place) -> str:
        if len(set(numbers)) == 1 and self.chance():
            return self.written(numbers[0])
        return f"({', '.join(map(self.written, numbers))},)"

    def options(self, **given: Place) -> str:
        kept = {k: v for k, v in given.items() if set(v) != {USUAL.get(k)} or self.chance()}
        return "".join(f", {k}={self.tuple(v)}" for k, v in kept.items())

    def data(self, name: str, shape: Place, kind: str = "signal", distinct: bool = False) -> np.ndarray:
        """Whole numbers under a name that is declared with all its extents."""
        numbers = [self.one(-4, 4) for _ in range(prod(shape))]
        if distinct:
            numbers = self.random.sample(range(-prod(shape), prod(shape)), prod(shape))
        self.arrays[name] = np.array(numbers).reshape(shape)
        self.lets.append(f"{name}: {kind}[{', '.join(map(self.written, shape))}]")
        return self.arrays[name].astype(float)


@dataclass(frozen=True)
class Case:
    """An expression, and what another library makes of it: an array of fractions with denominator `parts`."""

    text: str
    expected: Callable[[], np.ndarray | None]
    parts: int = 1


Drawer = Callable[[Drawing], Case]


def exactly(values: np.ndarray, parts: int) -> list[Fraction]:
    """The fractions that are meant: multiples of 1/parts."""
    found = [Fraction(round(v * parts), parts) for v in values.flatten().tolist()]
    assert all(abs(float(a) - v) < 1e-9 for a, v in zip(found, values.flatten().tolist(), strict=True))
    return found


def given(a: Drawing) -> dict[str, Tensor]:
    """The data as `symconv run` has it."""
    arrays = {n: Tensor((0,) * v.ndim, v.shape, tuple(Fraction(int(i)) for i in v.flat)) for n, v in a.arrays.items()}
    return arrays | {n: Tensor((), (), (Fraction(i),)) for n, i in a.integers.items()}


def check(draw: Drawer, seed: str) -> tuple[bool, bool]:
    """Compare one configuration; whether it has outputs, and whether names for its numbers could be kept.

    The values of `run` are compared everywhere, those in claims, by the definitions, at some and beyond all ends.
    """
    for named in (True, False):
        a = Drawing(seed, named)
        case = draw(a)
        expected = case.expected()
        shown = f"{case.text} with {a.lets} and {a.integers}, seed {seed}"
        if expected is None:
            try:
                assert run(case.text, given(a), a.lets) is None, shown
            except StatementError:
                return False, named
        try:
            statement = read_expression(case.text, a.lets)
        except StatementError as error:
            assert named, f"{shown}: {error}"
            continue
        sizes = completed(statement, a.integers, a.arrays)
        every = {**sizes, **known_integers(sizes, statement.opaque)}
        if not all(met(assumed, every) for assumed in (*statement.assumptions, *statement.tacit)):
            assert named, f"what is demanded does not hold of what is computed: {shown}"
            continue
        extents = tensor_extents(statement.lhs, statement.facts, statement.definitions)
        known = [p.evaluate(known_integers(sizes, p.names())) for p in extents if p is not None]
        shape = expected.shape[expected.ndim - len(known) :]
        assert tuple(known) == tuple(shape) and len(known) == len(extents), f"extents {known}, not {shape}: {shown}"
        theirs = exactly(expected, case.parts)
        found = run(case.text, given(a), a.lets).value
        assert (found.start, found.shape) == ((0,) * len(shape), tuple(shape)), shown
        assert list(found.entries) == theirs, f"run: {shown}"
        places = list(grid(*shape))
        looked = a.random.sample(range(len(places)), min(len(places), LOOKED_AT))
        got = values(statement.lhs, statement, sizes, a.arrays, [places[i] for i in looked])
        wrong = [(places[i], v, theirs[i]) for i, v in zip(looked, got, strict=True) if v != theirs[i]]
        assert not wrong, f"{shown}: (place, ours, theirs) are {wrong[:5]}"
        outside = [tuple(n if i != axis else beyond for i, n in enumerate(places[-1]))
                   for axis in range(len(shape)) for beyond in (-1, shape[axis])]  # fmt: skip
        assert not any(values(statement.lhs, statement, sizes, a.arrays, outside)), f"beyond the ends: {shown}"
        return True, named
    raise AssertionError(seed)
