"""Expressions drawn at random, each as claim text and as the same expression built by the oracle."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from itertools import product
from typing import Any

import oracle
from hypothesis import strategies as st
from oracle import Place, Sequence

from symconv.expr.claim import read_expression
from symconv.expr.evaluate import Evaluator

Draw = Callable[[st.SearchStrategy[Any]], Any]


@dataclass(frozen=True)
class World:
    """Declarations with a concrete value for every name, once for symconv and once for the oracle."""

    lets: tuple[str, ...]
    integers: dict[str, int]
    numbers: dict[str, Fraction]
    sequences: dict[str, Sequence]

    def evaluator(self, text: str) -> Evaluator:
        statement = read_expression(text, self.lets)
        return Evaluator(statement, self.integers, self.numbers, lambda name, n: self.sequences[name](*n))

    def values(self, text: str, places: list[Place]) -> list[Fraction]:
        evaluator = self.evaluator(text)
        return [evaluator.value(evaluator.statement.lhs, n) for n in places]


@st.composite
def worlds(draw: Draw, rank: int) -> World:
    def number(low: int, high: int) -> int:
        return draw(st.integers(low, high))

    s, t, p, m, c, l, N = (number(*r) for r in ((1, 3), (1, 4), (0, 2), (-4, 4), (1, 3), (0, 2), (1, 5)))
    first = (-l,) * rank
    k_shape, h_shape, y_shape = ((c, 2)[:rank], (l + 2, l + 1)[:rank], (N, 3)[:rank])

    def entries(shape: Place) -> list[int]:
        return [number(-3, 3) for _ in product(*map(range, shape))]

    return World(
        (
            f"x: signal[{', '.join((':',) * rank)}]",
            f"y: signal[{', '.join(('N', '3')[:rank])}]",
            f"k: kernel[{', '.join(('c', '2')[:rank])}]",
            f"h: kernel[{', '.join(('-l:2', '-l:1')[:rank])}]",
            "l: natural", "N: size", "c: size", "s: size", "t: size", "p: natural", "m: integer", "a: number",
        ),
        {"s": s, "t": t, "p": p, "m": m, "c": c, "l": l, "N": N},
        {"a": Fraction(number(-5, 5), 2)},
        {
            "x": oracle.signal(rank, number(0, 99)),
            "y": oracle.kernel((0,) * rank, y_shape, entries(y_shape)),
            "k": oracle.kernel((0,) * rank, k_shape, entries(k_shape)),
            "h": oracle.kernel(first, h_shape, entries(h_shape)),
        },
    )  # fmt: skip


class Author:
    """Writes an expression at random: its text, and the same expression built by the oracle."""

    def __init__(self, draw: Draw, world: World, rank: int) -> None:
        self.draw = draw
        self.world = world
        self.rank = rank

    def choose(self, options: str) -> str:
        return self.draw(st.sampled_from(options.split()))

    def integers(self, names: str, low: int, high: int) -> tuple[str, Place]:
        """One integer for all axes or one for each, as numbers and names."""
        count = self.draw(st.sampled_from((1, self.rank)))
        items = [self.choose(f"{names} {' '.join(map(str, range(low, high + 1)))}") for _ in range(count)]
        known = self.world.integers
        known = {**known, "-s": -known["s"], "s*t": known["s"] * known["t"], "p+1": known["p"] + 1}
        values = tuple(known[i] if i in known else int(i) for i in items)
        return (items[0], values * self.rank) if count == 1 else (f"({', '.join(items)})", values)

    def simple(self, depth: int) -> tuple[str, Sequence]:
        """A kernel whose first and last tap have a formula."""
        kind = self.choose("name" if not depth else "name conv up flip shift reverse corr")
        if kind == "name":
            return self.leaf()
        text, e = self.simple(depth - 1)
        if kind in ("conv", "corr"):
            other, f = self.simple(depth - 1)
            return f"{kind}({text}, {other})", (oracle.conv if kind == "conv" else oracle.corr)(e, f)
        return self.moved(kind, text, e)

    def leaf(self) -> tuple[str, Sequence]:
        name = self.choose("k h y ones delta taps")
        if name in self.world.sequences:
            return name, self.world.sequences[name]
        if name == "delta":
            return "delta", oracle.delta(self.rank)
        extents = (2, 3)[: self.rank]
        if name == "ones":
            return f"ones(({', '.join(map(str, extents))},))", oracle.ones(*extents)
        if self.rank == 1:
            return "taps(1/2, -1, 0.25)", oracle.taps(Fraction(1, 2), -1, Fraction(1, 4))
        return "array([[1, -2, 3], [0, 5, 1/3]])", oracle.kernel((0, 0), (2, 3), [1, -2, 3, 0, 5, Fraction(1, 3)])

    def moved(self, kind: str, text: str, e: Sequence) -> tuple[str, Sequence]:
        """A resampling, flip or shift of a sequence."""
        match kind:
            case "up":
                by, n = self.integers("s t", 1, 3)
                return f"up({text}, {by})", oracle.up(e, n)
            case "down":
                by, n = self.integers("s t", 1, 3)
                return f"down({text}, {by})", oracle.down(e, n)
            case "shift":
                by, n = self.integers("m c -s", -2, 2)
                return f"shift({text}, {by})", oracle.shift(e, n)
            case "flip":
                return f"flip({text})", oracle.flip(e)
            case _:
                return f"reverse({text})", oracle.reverse(e)

    def kernel(self, depth: int) -> tuple[str, Sequence]:
        """A sequence of finite support."""
        kind = self.choose("simple" if not depth else "simple down up flip shift conv corr sum mul scale relu")
        if kind == "simple":
            return self.simple(depth)
        text, e = self.kernel(depth - 1)
        if kind in ("down", "up", "flip", "shift"):
            return self.moved(kind, text, e)
        if kind == "scale":
            return self.scaled(text, e)
        if kind == "relu":
            return f"relu({text})", oracle.pointwise(lambda v: max(v, Fraction(0)), e)
        other, f = self.signal(depth - 1) if kind == "mul" else self.kernel(depth - 1)
        return self.joined(kind, text, e, other, f)

    def signal(self, depth: int) -> tuple[str, Sequence]:
        """Any sequence."""
        kind = self.choose("x x kernel" if not depth else "x down up flip shift conv corr sum mul scale plus")
        if kind == "x":
            return "x", self.world.sequences["x"]
        if kind == "kernel":
            return self.kernel(depth)
        text, e = self.signal(depth - 1)
        if kind in ("down", "up", "flip", "shift"):
            return self.moved(kind, text, e)
        if kind == "scale":
            return self.scaled(text, e)
        if kind == "plus":
            return f"{text} + 1", oracle.raise_by(Fraction(1), e)
        other, f = self.kernel(depth - 1) if kind not in ("sum", "mul") else self.signal(depth - 1)
        if self.draw(st.booleans()):
            text, e, other, f = other, f, text, e
        return self.joined(kind, text, e, other, f)

    def scaled(self, text: str, e: Sequence) -> tuple[str, Sequence]:
        # tests/expr/test_claim.py tests a*delta by itself.
        kind = self.choose("a negative half number") if text != "delta" else "negative"
        if kind == "a":
            return f"a*({text})", oracle.scale(self.world.numbers["a"], e)
        if kind == "negative":
            return f"-({text})", oracle.scale(Fraction(-1), e)
        if kind == "half":
            return f"({text})/2", oracle.scale(Fraction(1, 2), e)
        return f"({text})*3", oracle.scale(Fraction(3), e)

    def joined(self, kind: str, text: str, e: Sequence, other: str, f: Sequence) -> tuple[str, Sequence]:
        """Two operands, one of them a kernel for conv and corr."""
        match kind:
            case "conv":
                return f"conv({text}, {other})", oracle.conv(e, f)
            case "mul":
                return f"mul({text}, {other})", oracle.multiply(e, f)
            case "sum":
                if self.choose("+ -") == "+":
                    return f"{text} + ({other})", oracle.add(e, f)
                return f"{text} - ({other})", oracle.subtract(e, f)
            case _:
                (s, stride), (d, dilation) = self.integers("s s*t", 1, 3), self.integers("t p+1", 1, 2)
                p, padding = self.integers("p", 0, 3)
                options = f"stride={s}, dilation={d}, padding={p}"
                return f"corr({text}, {other}, {options})", oracle.corr(e, f, stride, dilation, padding)
