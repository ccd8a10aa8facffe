"""What a layer at concrete sizes reads for one output: which samples, with which taps or weights.

A layer is its index formula on the places 0 ≤ n < extent of `expr.windows`; a sample outside its operand is 0.

    conv, depthwise, pointwise, conv_weight     one product of a tap and a sample for each read
    conv_transpose                              the taps a and samples i with s i + d a = n + p
    avg_pool, upsample_linear                   samples with weights
    max_pool, lp_pool                           the samples of a window; beyond the border none (max) or 0 (lp)
    pad                                         the sample that stands at a place, also beyond the ends
    the others                                  at most one sample

`upsample_linear` repeats the samples at the border, as PyTorch does.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import product
from math import prod
from typing import NamedTuple

from symconv.errors import StatementError
from symconv.expr.ends import MODES
from symconv.expr.layers import layer_fault
from symconv.expr.nodes import Layer
from symconv.expr.text import text
from symconv.expr.windows import Extents, output_extents
from symconv.index.poly import Poly, const

Place = tuple[int, ...]
POOLS = ("avg_pool", "max_pool", "lp_pool")
TAPPED = ("conv", "conv_transpose", "conv_weight", "depthwise", "pointwise", "scale")
UNIT = Fraction(1)


class Read(NamedTuple):
    """One sample of an operand, and what it is multiplied by: the tap of the second operand there, and a weight."""

    sample: Place
    tap: Place | None = None
    weight: Fraction = UNIT
    part: int = 0


@dataclass(frozen=True, slots=True)
class Reader:
    """A layer with numbers for its options, over operands of known shapes."""

    layer: Layer
    stride: Place
    dilation: Place
    padding: Place
    groups: Place
    window: Place
    shapes: tuple[Place, ...]
    extents: Place

    @property
    def axes(self) -> int:
        """The number of spatial axes."""
        return len(self.stride)

    @property
    def taps(self) -> Place:
        """The extents of the window that slides: of the kernel, or of the pool."""
        if self.layer.kind in POOLS or self.layer.kind == "max_unpool":
            return self.window
        if self.layer.kind == "conv_weight":
            return self.shapes[1][-self.axes :]
        return self.shapes[1][len(self.shapes[1]) - self.axes :] if len(self.shapes) > 1 and self.axes else ()

    def cost(self) -> int:
        """About how many products all outputs take."""
        kind, channels, weights = self.layer.kind, 1, self.shapes[-1] if len(self.shapes) == 1 else self.shapes[1]
        if kind == "pointwise" or (kind == "conv" and len(weights) > self.axes):
            channels = weights[1]
        elif kind == "conv_transpose" and len(weights) > self.axes:
            channels = self.groups[2] if self.groups else weights[0]
        elif kind == "conv_weight" and len(weights) == self.axes + 2:
            channels = weights[0]
        elif kind == "upsample_linear":
            channels = 2**self.axes
        return prod(self.extents) * channels * max(1, prod(self.taps))


def reader(layer: Layer, shapes: Sequence[Place]) -> Reader:
    """The layer over operands of these shapes; StatementError where it has no output."""

    def whole(ps: tuple[Poly, ...]) -> Place:
        return tuple(p.constant() or 0 for p in ps)

    found = output_extents(layer, _extents(shapes))
    extents = tuple((p.constant() or 0) if p is not None else 0 for p in found)
    out = Reader(layer, whole(layer.stride), whole(layer.dilation), whole(layer.padding), whole(layer.groups),
                 whole(layer.window), tuple(shapes), extents)  # fmt: skip
    if layer.kind.startswith("pixel"):
        _shuffled_whole(layer, shapes[0], out.stride[0])
    if layer.kind == "max_unpool":
        pooled = output_extents(replace(layer, kind="max_pool", parts=layer.parts[1:]), _extents(shapes[1:]))
        if tuple(p and p.constant() for p in pooled) != tuple(shapes[0]):
            windows = " x ".join(map(str, pooled))
            raise StatementError(f"{text(layer)}: {_by(shapes[0])} entries are put back, and there are {windows} "
                                 "windows")  # fmt: skip
    if min(extents, default=1) < 1 and layer.kind == "conv_transpose":
        raise StatementError(f"{text(layer)} has no output: its padding cuts all of it off; take less padding")
    if min(extents, default=1) < 1:
        samples, taps = shapes[0][len(shapes[0]) - out.axes :], out.taps
        raise StatementError(f"{text(layer)} has no output: a window of {_by(taps)} places does not fit in "
                             f"{_by(samples)} samples; give more samples, fewer taps or padding")  # fmt: skip
    return out


def _extents(shapes: Sequence[Place]) -> list[Extents]:
    return [tuple(map(const, shape)) for shape in shapes]


def _shuffled_whole(layer: Layer, shape: Place, r: int) -> None:
    """What is shuffled must be made of whole squares of r² channels, or of r by r places."""
    parts, by, what = ((shape[-3:-2], r * r, "channels") if layer.kind == "pixel_shuffle" else
                       (shape[-2:], r, "places"))  # fmt: skip
    for count in parts:
        if count % by:
            raise StatementError(f"{text(layer)}: {count} {what} are no multiple of {by}")


def _by(shape: Place) -> str:
    return " x ".join(map(str, shape))


def reads(r: Reader, n: Place) -> Iterator[Read]:
    """What is read for the output at n, in the order of the taps."""
    match r.layer.kind:
        case "conv" | "depthwise":
            return _slid(r, n)
        case "conv_transpose":
            return _spread(r, n)
        case "conv_weight":
            return _weight(r, n)
        case "pointwise":
            return (Read((*_batch(r, n), c, *n[_head(r) + 1 :]), (n[_head(r)], c)) for c in range(r.shapes[1][1]))
        case "scale":
            return iter((Read(n, (n[r.layer.order[0]],)),))
        case "avg_pool" | "max_pool" | "lp_pool" | "max_unpool":
            lead, i = n[: -r.axes], n[-r.axes :]
            weight = Fraction(1, counted_places(r, i)) if r.layer.kind == "avg_pool" else UNIT
            return (Read((*lead, *_reached(r, i, a)), None, weight) for a in _grid(r.window))
        case "bed_of_nails":
            lead, i = n[: len(n) - r.axes], n[len(n) - r.axes :]
            hit = all(m % s == 0 for m, s in zip(i, r.stride, strict=True))
            return iter((Read((*lead, *_quotients(i, r.stride))),) if hit else ())
        case "upsample_nearest":
            return iter((Read((*n[: len(n) - r.axes], *_quotients(n[len(n) - r.axes :], r.stride))),))
        case "upsample_linear":
            return _interpolated(r, n)
        case "pad":
            return iter((Read(place),) if (place := _beyond(r, n)) is not None else ())
        case "window":
            return iter((Read(n),))
        case _:
            return iter((_moved(r, n),))


def counted_places(r: Reader, i: Place) -> int:
    """By how much the sum of the window i is divided: its places on samples, or also those on padding."""
    if not r.layer.order:
        return prod(r.window)
    _, exclude = r.layer.order
    out = 1
    for m, c, s, p, count in zip(i, r.window, r.stride, r.padding, r.shapes[0][-r.axes :], strict=True):
        first, low, high = s * m - p, 0 if exclude else -p, count if exclude else count + p
        out *= max(1, min(first + c, high) - max(first, low))
    return out


def bias_place(r: Reader, n: Place) -> Place:
    """Where the bias of an output stands: at its channel; at no place where there are no channels."""
    return (n[_head(r)],) if len(r.shapes[2]) else ()


def _head(r: Reader) -> int:
    """The channel axis of the outputs."""
    return 0 if r.layer.kind == "pointwise" else len(r.extents) - r.axes - 1


def _batch(r: Reader, n: Place) -> Place:
    return n[: _head(r)]


def _grid(counts: Place) -> Iterator[Place]:
    return product(*map(range, counts))


def _quotients(i: Place, by: Place) -> Place:
    return tuple(m // s for m, s in zip(i, by, strict=True))


def _reached(r: Reader, i: Place, a: Place) -> Place:
    """s i + d a − p."""
    steps = zip(i, a, r.stride, r.dilation, r.padding, strict=True)
    return tuple(s * m + d * t - p for m, t, s, d, p in steps)


def _slid(r: Reader, n: Place) -> Iterator[Read]:
    lead, i = n[: len(n) - r.axes], n[len(n) - r.axes :]
    reached = [(_reached(r, i, a), a) for a in _grid(r.taps)]
    if not lead:
        yield from (Read(place, a) for place, a in reached)
    elif r.layer.kind == "depthwise":
        yield from (Read((*lead, *place), (lead[-1], *a)) for place, a in reached)
    else:
        first, o = lead[-1] // r.groups[1] * r.groups[2] if r.groups else 0, lead[-1]
        for c in range(r.shapes[1][1]):
            yield from (Read((*lead[:-1], first + c, *place), (o, c, *a)) for place, a in reached)


def _spread(r: Reader, n: Place) -> Iterator[Read]:
    lead, i = n[: len(n) - r.axes], n[len(n) - r.axes :]
    hits: list[tuple[Place, Place]] = []
    for a in _grid(r.taps):
        gaps = tuple(m + p - d * t for m, t, d, p in zip(i, a, r.dilation, r.padding, strict=True))
        if all(g % s == 0 for g, s in zip(gaps, r.stride, strict=True)):
            sample = _quotients(gaps, r.stride)
            if all(0 <= m < c for m, c in zip(sample, r.shapes[0][-r.axes :], strict=True)):
                hits.append((sample, a))
    if not lead:
        yield from (Read(sample, a) for sample, a in sorted(hits))
        return
    group, o = divmod(lead[-1], r.groups[1]) if r.groups else (0, lead[-1])
    count = r.groups[2] if r.groups else r.shapes[1][0]
    for c in range(group * count, (group + 1) * count):
        yield from (Read((*lead[:-1], c, *sample), (c, o, *a)) for sample, a in sorted(hits))


def _weight(r: Reader, n: Place) -> Iterator[Read]:
    """The gradient by the tap at n: every output that it met, times the sample that it met there."""
    a = n[len(n) - r.axes :]
    outputs = r.shapes[1][-r.axes :]
    batches = _grid(r.shapes[0][: len(r.shapes[0]) - r.axes - 1]) if len(n) > r.axes else iter(((),))
    for batch in batches:
        for i in _grid(outputs):
            place = _reached(r, i, a)
            if len(n) == r.axes:
                yield Read(place, i)
            else:
                first = n[0] // r.groups[1] * r.groups[2] if r.groups else 0
                yield Read((*batch, first + n[1], *place), (*batch, n[0], *i))


def _interpolated(r: Reader, n: Place) -> Iterator[Read]:
    """The two neighbours on each axis of i/s, or of (i + 1/2)/s − 1/2 kept within the samples."""
    lead, i = n[: len(n) - r.axes], n[len(n) - r.axes :]
    half = Fraction(0) if r.layer.order else Fraction(1, 2)
    ends = r.shapes[0][len(n) - r.axes :]
    sides: list[list[tuple[int, Fraction]]] = []
    for m, s, count in zip(i, r.stride, ends, strict=True):
        at = min(max((m + half) / s - half, Fraction(0)), Fraction(count - 1))
        low, part = at // 1, at % 1
        sides.append([(low, 1 - part), (low + 1, part)] if part else [(low, UNIT)])
    for corner in product(*sides):
        yield Read((*lead, *(m for m, _ in corner)), None, prod((w for _, w in corner), start=UNIT))


def _beyond(r: Reader, n: Place) -> Place | None:
    """The sample that stands at a place of a padded tensor; None where it is 0."""
    mode = MODES[r.layer.order[0]] if r.layer.order else "zeros"
    lead, out = n[: len(n) - r.axes], list[int]()
    for m, low, count in zip(n[len(lead) :], r.padding, r.shapes[0][len(lead) :], strict=True):
        i, last = m - low, count - 1
        match mode:
            case "reflect":
                i = -i if i < 0 else 2 * last - i if i > last else i
            case "replicate":
                i = min(max(i, 0), last)
            case "circular":
                i %= count
            case _:
                if not 0 <= i <= last:
                    return None
        out.append(i)
    return (*lead, *out)


def _moved(r: Reader, n: Place) -> Read:
    """The one sample that a layer puts at n: another order of axes, channels or operands."""
    match r.layer.kind:
        case "permute":
            return Read(tuple(n[r.layer.order.index(axis)] for axis in range(len(n))))
        case "pixel_shuffle":
            k, (c, i, j) = r.stride[0], n[-3:]
            return Read((*n[:-3], k * k * c + k * (i % k) + j % k, i // k, j // k))
        case "pixel_unshuffle":
            k, (c, i, j) = r.stride[0], n[-3:]
            return Read((*n[:-3], c // (k * k), k * i + c // k % k, k * j + c % k))
        case "cat":
            axis = r.layer.order[0]
            at, part = n[axis], 0
            while at >= r.groups[part]:
                at, part = at - r.groups[part], part + 1
            return Read((*n[:axis], at, *n[axis + 1 :]), part=part)
        case kind:
            raise StatementError(f"{layer_fault(r.layer, [*map(len, r.shapes)]) or kind}: {kind} has no values yet")
