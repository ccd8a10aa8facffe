"""Layers have exactly the values of PyTorch in double precision, and of plain loops, on drawn sizes and integers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from math import prod
from typing import Any

import loops
import numpy as np
import oracle
import pytest
from expr.concrete import Arrays, completed, fraction, values
from instances.drawing import Drawing
from loops import grid
from oracle import Place, Sequence

from symconv.expr.claim import read_expression
from symconv.expr.floors import known_integers
from symconv.expr.support import extents
from symconv.expr.windows import tensor_extents

torch = pytest.importorskip("torch")
F = torch.nn.functional
Tensor = Any
EACH = 26
"""How many configurations are drawn for each kind of layer."""


def tensor(a: np.ndarray) -> Tensor:
    return torch.tensor(a, dtype=torch.float64)


@dataclass(frozen=True)
class Drawn:
    """A layer at drawn sizes, and what PyTorch and the loops make of the same numbers.

    `lead` says how many of PyTorch's first axes the expression does not have; `parts` what PyTorch divides by.
    PyTorch is asked where `holds` says that its borders play no part.
    """

    text: str
    lets: tuple[str, ...]
    integers: Mapping[str, int]
    arrays: Arrays
    torch: Tensor
    loops: Sequence
    lead: int
    parts: int = 1
    holds: Callable[[Place], bool] = field(default=lambda n: True)


class Author(Drawing):
    """The same with PyTorch's shapes, whose first axes the expression may not have."""

    least = 0

    def sequence(self, name: str, shape: Place, lead: int, bounded: bool | None = None) -> None:
        """Data with PyTorch's shape, declared without its first axes: with all extents, or for the channels alone."""
        self.arrays[name] = np.array([self.one(-3, 3) for _ in range(prod(shape))]).reshape(shape)
        bounded = self.chance() if bounded is None else bounded
        axes = [self.written(c) if bounded or axis == 1 else ":" for axis, c in enumerate(shape) if axis >= lead]
        self.lets.append(f"{name}: signal[{', '.join(axes)}]")

    def kernel(self, name: str, shape: Place, lead: int = 0, counts: tuple[str, ...] = ()) -> None:
        """Taps with PyTorch's shape; the extents of the first axes may be given."""
        self.arrays[name] = np.array([self.one(-3, 3) for _ in range(prod(shape))]).reshape(shape)
        axes = [*counts, *(self.written(c) for c in shape[lead + len(counts) :])]
        self.lets.append(f"{name}: kernel[{', '.join(axes)}]")

    def tensor(self, name: str) -> Tensor:
        return tensor(self.arrays[name]) if name in self.arrays else None

    def bias(self, count: int, lead: int = 0) -> str:
        """A bias, or none."""
        if self.chance():
            return ", bias=None" if self.chance() else ""
        self.arrays["b"] = np.array([self.one(-3, 3) for _ in range(count)])
        self.lets.append("b: number" if lead == 2 else f"b: kernel[{self.written(count)}]")
        return ", bias=b"

    def loop(self, name: str) -> Sequence:
        a = self.arrays[name]
        return oracle.kernel((0,) * a.ndim, a.shape, map(int, a.flat))

    def maybe(self, name: str) -> Sequence | None:
        return self.loop(name) if name in self.arrays else None

    def drawn(self, text: str, expected: Tensor, looped: Sequence, lead: int, parts: int = 1,
              holds: Callable[[Place], bool] = lambda n: True) -> Drawn:  # fmt: skip
        return Drawn(text, tuple(self.lets), self.integers, self.arrays, expected.detach(), looped, lead, parts, holds)


def convolution(kind: str, d: int) -> Callable[[Author], Drawn]:
    """conv, conv_transpose and conv_weight with all their options, with and without batch and channels."""

    def draw(author: Author) -> Drawn:
        lead = author.one(0, 2)
        batch = 1 if lead else author.one(1, 2)
        groups = 1 if lead == 2 else author.random.choice((1, 1, 2, 3))
        inputs, outputs = (1, 1) if lead == 2 else author.upto(2, 1, 2)
        window, stride, dilation = author.upto(d, 1, 3 if d < 3 else 2), author.upto(d, 1, 3), author.upto(d, 1, 2)
        spread = [t * (c - 1) for t, c in zip(dilation, window, strict=True)]
        if kind == "conv_transpose":
            counts = author.upto(d, 1, 4 if d < 3 else 2)
            reach = [s * (n - 1) + a for s, n, a in zip(stride, counts, spread, strict=True)]
            padding = tuple(author.one(0, min(2, r // 2)) for r in reach)
        else:
            padding = author.upto(d, 0, 2)
            least = [max(1, a + 1 - 2 * p) for a, p in zip(spread, padding, strict=True)]
            counts = tuple(n + author.one(0, 4 if d < 3 else 1) for n in least)
        text = author.options(stride=stride, padding=padding, dilation=dilation)
        whole, share = str(groups), str(outputs)
        if groups > 1:
            whole, share = author.written(groups), author.written(outputs)
            text += f", groups={whole}"
        channels = (groups * inputs, inputs) if kind == "conv_transpose" else (groups * outputs, inputs)
        if kind == "conv_weight":
            steps = zip(stride, counts, spread, padding, strict=True)
            places = tuple((n + 2 * p - a - 1) // s + 1 for s, n, a, p in steps)
            first = author.chance()
            author.sequence("x", (batch, groups * inputs, *counts), lead, first)
            author.sequence("g", (batch, groups * outputs, *places), lead, not first or author.chance())
            weight = getattr(torch.nn.grad, f"conv{d}d_weight")
            shape = (groups * outputs, inputs, *window)
            expected = weight(author.tensor("x"), shape, author.tensor("g"), stride, padding, dilation, groups)
            looped = loops.conv_weight(author.loop("x"), author.loop("g"), stride, padding, dilation, groups)
            return author.drawn(f"conv{d}d_weight(x, g{text})", expected, looped, lead // 2 * 2)
        author.sequence("x", (batch, groups * inputs, *counts), lead)
        if kind == "conv":
            first = (f"{whole}*{share}",) if groups > 1 else ()
            author.kernel("w", (*channels, *window), lead // 2 * 2, first)
            text += author.bias(groups * outputs, lead)
            arguments = (stride, padding, dilation, groups)
            loop = loops.conv(author.loop("x"), author.loop("w"), author.maybe("b"), *arguments)
        else:
            channels = (groups * inputs, outputs)
            first = (f"{whole}*{author.written(inputs)}",) if groups > 1 else ()
            author.kernel("w", (*channels, *window), lead // 2 * 2, first)
            more = tuple(author.one(0, max(s, t) - 1) for s, t in zip(stride, dilation, strict=True))
            text += author.options(output_padding=more) + author.bias(groups * outputs, lead)
            arguments = (stride, padding, more, groups, dilation)
            loop = loops.conv_transpose(author.loop("x"), author.loop("w"), author.maybe("b"), stride, padding,
                                        dilation, groups)  # fmt: skip
        run = getattr(F, f"{kind}{d}d")
        expected = run(author.tensor("x"), author.tensor("w"), author.tensor("b"), *arguments)
        return author.drawn(f"{kind}{d}d(x, w{text})", expected, loop, lead)

    return draw


def depthwise(d: int) -> Callable[[Author], Drawn]:
    def draw(author: Author) -> Drawn:
        lead, channels = author.one(0, 1), author.one(1, 3)
        window, stride, dilation, padding = (author.upto(d, *r) for r in ((1, 3), (1, 3), (1, 2), (0, 2)))
        least = [max(1, t * (c - 1) + 1 - 2 * p) for t, c, p in zip(dilation, window, padding, strict=True)]
        counts = tuple(n + author.one(0, 4 if d < 3 else 1) for n in least)
        author.sequence("x", (1 if lead else author.one(1, 2), channels, *counts), lead)
        author.kernel("w", (channels, *window))
        text = author.options(stride=stride, padding=padding, dilation=dilation) + author.bias(channels)
        run = getattr(F, f"conv{d}d")
        weights = author.tensor("w")[:, None]
        expected = run(author.tensor("x"), weights, author.tensor("b"), stride, padding, dilation, channels)
        x, w, b = author.loop("x"), author.loop("w"), author.maybe("b")
        looped = loops.depthwise(x, w, b, stride, padding, dilation)
        return author.drawn(f"depthwise{d}d(x, w{text})", expected, looped, lead)

    return draw


def pointwise(author: Author) -> Drawn:
    d, inputs, outputs = author.one(0, 3), author.one(1, 3), author.one(1, 3)
    author.sequence("x", (1, inputs, *author.upto(d, 1, 4)), 1)
    author.kernel("w", (outputs, inputs))
    text = author.bias(outputs)
    x = author.tensor("x")
    flat = F.conv1d(x.reshape(1, inputs, -1), author.tensor("w")[:, :, None], author.tensor("b"))
    looped = loops.pointwise(author.loop("x"), author.loop("w"), author.maybe("b"))
    return author.drawn(f"pointwise(x, w{text})", flat.reshape(1, outputs, *x.shape[2:]), looped, 1)


def average(d: int) -> Callable[[Author], Drawn]:
    def draw(author: Author) -> Drawn:
        lead, window = author.one(0, 2), author.upto(d, 1, 3)
        stride = author.upto(d, 1, 3) if author.chance() else window
        padding = tuple(author.one(0, c // 2) for c in window)
        counts = tuple(c + author.one(0, 4 if d < 3 else 2) for c in window)
        batch, channels = (1, 1) if lead == 2 else (1 if lead else author.one(1, 2), author.one(1, 2))
        author.sequence("x", (batch, channels, *counts), lead)
        text = author.tuple(window) + (author.options(stride=stride) if stride != window else "")
        if stride == (1,) * d != window and "stride" not in text:
            text += ", stride=1"
        text += author.options(padding=padding)
        expected = getattr(F, f"avg_pool{d}d")(author.tensor("x"), window, stride, padding)
        looped = loops.avg_pool(author.loop("x"), window, stride, padding)
        return author.drawn(f"avg_pool{d}d(x, {text})", expected, looped, lead, prod(window))

    return draw


def upsampled(author: Author) -> tuple[str, Place, int]:
    """The text of the factors, the factors and the axes that the expression does not have; x is declared."""
    d, lead = author.one(1, 2), author.one(0, 2)
    by = author.upto(d, 1, 4)
    batch, channels = (1, 1) if lead == 2 else (1 if lead else author.one(1, 2), author.one(1, 2))
    author.sequence("x", (batch, channels, *author.upto(d, 1, 4)), lead)
    if lead == 1 and author.chance():
        by = by[:1] * d
        return author.written(by[0]), by, lead
    return f"({', '.join(map(author.written, by))},)", by, lead


def nearest(author: Author) -> Drawn:
    text, by, lead = upsampled(author)
    expected = F.interpolate(author.tensor("x"), scale_factor=by, mode="nearest")
    return author.drawn(f"upsample_nearest(x, {text})", expected, loops.nearest(author.loop("x"), by), lead)


def linear(aligned: bool) -> Callable[[Author], Drawn]:
    """With aligned corners PyTorch is told the size for which neighbours stay s apart: s (N − 1) + 1."""

    def draw(author: Author) -> Drawn:
        text, by, lead = upsampled(author)
        counts = author.arrays["x"].shape[2:]
        if not aligned:
            text = str(by[0]) if "(" not in text else str(by)
        option = ", align_corners=True" if aligned else author.random.choice(("", ", align_corners=False"))
        mode = ("linear", "bilinear")[len(by) - 1]
        size = [s * (n - 1) + 1 if aligned else s * n for s, n in zip(by, counts, strict=True)]
        expected = F.interpolate(author.tensor("x"), size=size, mode=mode, align_corners=aligned)

        def holds(n: Place) -> bool:
            """No border is met: 0 ≤ (i + 1/2)/s − 1/2 ≤ N − 1."""
            axes = zip(n[2:], by, counts, strict=True)
            return aligned or all(0 <= 2 * i + 1 - s <= 2 * s * (c - 1) for i, s, c in axes)

        looped = loops.linear(author.loop("x"), by, aligned)
        parts = prod(by) * (1 if aligned else 2 ** len(by))
        return author.drawn(f"upsample_linear(x, {text}{option})", expected, looped, lead, parts, holds)

    return draw


def nails(author: Author) -> Drawn:
    text, by, lead = upsampled(author)
    x = author.tensor("x")
    expected = torch.zeros(*x.shape[:2], *(s * n for s, n in zip(by, x.shape[2:], strict=True)), dtype=x.dtype)
    expected[(..., *(slice(None, None, s) for s in by))] = x
    return author.drawn(f"bed_of_nails(x, {text})", expected, loops.nails(author.loop("x"), by), lead)


def shuffled(kind: str) -> Callable[[Author], Drawn]:
    def draw(author: Author) -> Drawn:
        lead, r, channels = author.one(0, 1), author.one(1, 3), author.one(1, 2)
        i, j = author.upto(2, 1, 3)
        batch = 1 if lead else author.one(1, 2)
        shape = (channels * r * r, i, j) if kind == "pixel_shuffle" else (channels, r * i, r * j)
        author.sequence("x", (batch, *shape), lead)
        expected = getattr(F, kind)(author.tensor("x"), r)
        looped = getattr(loops, kind)(author.loop("x"), r)
        return author.drawn(f"{kind}(x, {author.written(r)})", expected, looped, lead)

    return draw


def joined(author: Author) -> Drawn:
    rank, count = author.one(1, 4), author.one(1, 3)
    axis = author.one(0, rank - 1)
    shape = author.upto(rank, 1, 3)
    names = ("x", "y", "z")[:count]
    for name in names:
        author.sequence(name, (*shape[:axis], author.one(1, 3), *shape[axis + 1 :]), 0, True)
    dim = author.random.choice((f", dim={axis}", f", dim={axis - rank}", "" if axis == 0 else f", dim={axis}"))
    expected = torch.cat([author.tensor(name) for name in names], axis)
    looped = loops.cat([author.loop(name) for name in names], axis)
    return author.drawn(f"cat([{', '.join(names)}]{dim})", expected, looped, 0)


def permuted(author: Author) -> Drawn:
    rank = author.one(1, 4)
    order = tuple(author.random.sample(range(rank), rank))
    author.sequence("x", author.upto(rank, 1, 4), 0)
    shown = tuple(axis - rank * author.chance() for axis in order)
    return author.drawn(f"permute(x, {shown})", author.tensor("x").permute(order),
                        loops.permute(author.loop("x"), order), 0)  # fmt: skip


def scaled(author: Author) -> Drawn:
    rank = author.one(1, 4)
    axis = author.one(0, rank - 1)
    shape = author.upto(rank, 1, 4)
    author.sequence("x", shape, 0)
    author.kernel("a", (shape[axis],))
    dim = author.random.choice((f", dim={axis}", f", dim={axis - rank}", "" if axis == 0 else f", dim={axis}"))
    factors = author.tensor("a").reshape([-1 if i == axis else 1 for i in range(rank)])
    looped = loops.scale(author.loop("x"), author.loop("a"), axis)
    return author.drawn(f"scale(x, a{dim})", author.tensor("x") * factors, looped, 0)


def network(author: Author) -> Drawn:
    """Two layers with a pointwise function between them; the second has no padding, so it reads PyTorch's places."""
    f = author.random.choice(("relu", "abs"))
    channels, s, t = author.upto(3, 1, 2), author.upto(2, 1, 2), author.upto(2, 1, 2)
    p = author.upto(2, 0, 1)
    first, second = author.upto(2, 1, 3), author.upto(2, 1, 2)
    counts = tuple(s[0] * b + t[0] * a + author.one(0, 2) for a, b in zip(first, second, strict=True))
    author.sequence("x", (1, channels[0], *counts), 1)
    author.kernel("w", (channels[1], channels[0], *first))
    author.kernel("v", (channels[2], channels[1], *second))
    layer = f"conv2d(x, w{author.options(stride=s[:1] * 2, dilation=t[:1] * 2, padding=p)}{author.bias(channels[1])})"
    x, w, v, b = (author.tensor(name) for name in "xwvb")
    inner = F.conv2d(x, w, b, s[0], p, t[0])
    expected = F.conv2d(inner.relu() if f == "relu" else inner.abs(), v, None, 1, 0, 1)
    hidden = loops.conv(author.loop("x"), author.loop("w"), author.maybe("b"), s[:1] * 2, p, t[:1] * 2, 1)
    hidden = loops.apply(abs if f == "abs" else lambda value: max(value, Fraction(0)), hidden)
    looped = loops.conv(hidden, author.loop("v"), None, (1, 1), (0, 0), (1, 1), 1)
    return author.drawn(f"conv2d({f}({layer}), v)", expected, looped, 1)


LAYERS: dict[str, Callable[[Author], Drawn]] = {
    **{f"{kind}{d}d": convolution(kind, d) for kind in ("conv", "conv_transpose", "conv_weight") for d in (1, 2, 3)},
    **{f"depthwise{d}d": depthwise(d) for d in (1, 2)},
    "pointwise": pointwise,
    **{f"avg_pool{d}d": average(d) for d in (1, 2, 3)},
    "upsample_nearest": nearest,
    "upsample_linear": linear(False),
    "upsample_linear aligned": linear(True),
    "bed_of_nails": nails,
    "pixel_shuffle": shuffled("pixel_shuffle"),
    "pixel_unshuffle": shuffled("pixel_unshuffle"),
    "cat": joined,
    "permute": permuted,
    "scale": scaled,
    "two layers": network,
}  # fmt: skip


@pytest.mark.parametrize("kind", LAYERS)
def test_layers_have_the_values_of_pytorch_and_of_loops(kind: str) -> None:
    for seed in range(EACH):
        author = Author(seed)
        drawn = LAYERS[kind](author)
        statement = read_expression(drawn.text, drawn.lets)
        within = list(grid(*drawn.torch.shape))
        known = [drawn.loops(*n) for n in within]
        shown = f"{drawn.text} with {drawn.lets} and {dict(drawn.integers)}, seed {seed}"
        theirs = [fraction(v, drawn.parts) for v in drawn.torch.flatten().tolist()]
        checked = [i for i, n in enumerate(within) if drawn.holds(n)]
        assert [known[i] for i in checked] == [theirs[i] for i in checked], f"loops against PyTorch: {shown}"
        beside = [_beside(author, drawn) for _ in range(4)]
        places = within + beside
        sizes = completed(statement, drawn.integers, drawn.arrays)
        got = values(statement.lhs, statement, sizes, drawn.arrays, [n[drawn.lead :] for n in places])
        expected = known + [drawn.loops(*n) for n in beside]
        if None not in tensor_extents(statement.lhs, statement.facts, statement.definitions):
            expected = theirs + [theirs[within.index(n)] if n in within else Fraction(0) for n in beside]
        wrong = [(n, a, b) for n, a, b in zip(places, got, expected, strict=True) if a != b]
        assert not wrong, f"{shown}: (place, ours, theirs) are {wrong[:5]}"


def _beside(author: Author, drawn: Drawn) -> Place:
    """A place that may lie outside PyTorch's: up to two steps beyond on the axes after batch and channels."""
    axes = enumerate(drawn.torch.shape)
    return tuple(author.one(0, c - 1) if axis < 2 else author.one(-2, c + 1) for axis, c in axes)


# What layers are known to be outside: 0 beyond the extents of their axes.

BIASED = [k for k in LAYERS if k.startswith(("conv1d", "conv2d", "conv3d", "conv_transpose", "depthwise", "pointwise"))]
GROUPED = [k for k in LAYERS if k.startswith("conv_weight")]


def beyond(kind: str, seed: int) -> tuple[Drawn, list[tuple[Place, Fraction]]]:
    """Entries that are not 0 one place before or after the extents that `support` knows."""
    author = Author(seed)
    drawn = LAYERS[kind](author)
    statement = read_expression(drawn.text, drawn.lets)
    sizes = completed(statement, drawn.integers, drawn.arrays)
    shape = drawn.torch.shape[drawn.lead :]
    found: list[tuple[Place, Fraction]] = []
    for axis, ends in enumerate(extents(statement.lhs, statement.facts)):
        low, high = (p.evaluate(known_integers(sizes, p.names())) for p in ends) if ends is not None else (1, -1)
        for outside in (low - 1, high + 1) if low <= high else ():
            place = tuple(outside if i == axis else author.one(0, c - 1) for i, c in enumerate(shape))
            (value,) = values(statement.lhs, statement, sizes, drawn.arrays, [place])
            found += [(place, value)] if value else []
    return drawn, found


@pytest.mark.parametrize("kind", LAYERS)
def test_layers_are_0_beyond_their_extents(kind: str) -> None:
    for seed in range(EACH // 2):
        drawn, found = beyond(kind, seed)
        if "b" not in drawn.arrays and not (kind in GROUPED and "groups" in drawn.text):
            assert not found, f"{drawn.text} with {drawn.lets} and {dict(drawn.integers)}, seed {seed}"


@pytest.mark.parametrize("kind", BIASED)
def test_layers_with_bias_are_0_beyond_their_extents(kind: str) -> None:
    assert not any(beyond(kind, seed)[1] for seed in range(EACH))


@pytest.mark.parametrize("kind", GROUPED)
def test_gradients_by_grouped_weights_are_0_beyond_their_extents(kind: str) -> None:
    assert not any(beyond(kind, seed)[1] for seed in range(EACH))


@pytest.mark.parametrize("layer", ["upsample_nearest(x, 2)", "upsample_linear(x, 2)", "bed_of_nails(x, 2)"])
def test_one_factor_is_for_places_and_not_for_the_channels_of_a_batch(layer: str) -> None:
    arrays = {"x": np.arange(1, 17).reshape(2, 2, 2, 2)}
    statement = read_expression(layer, ("x: signal[2, 2, :, :]",))
    assert values(statement.lhs, statement, {}, arrays, [(0, 1, 0, 0)]) != [0]
    assert values(statement.lhs, statement, {}, arrays, [(0, 2, 0, 0)]) == [0]
