"""What is measured of tensors and of stacks of layers: extent, receptive field, jump and start, on one axis.

Where output n of e is computed from the places j n + a ≤ m ≤ j n + b of x, for all n and no fewer places,

    size(e, axis)     the number of places of the tensor e on an axis: see `windows`
    reach(e, x)       b − a + 1, the receptive field, from its first to its last sample (gaps of dilation count)
    jump(e, x)        j, the distance in x of the fields of neighbouring outputs: the product of the strides
    start(e, x)       a, the place in x of the first sample of output 0: negative by what is padded

All are integers; the middle of the field of output 0, which others call its start, is start + (reach − 1)/2.  They rest
on how e is written: taps that are 0 count, and so do places in the padding.  Layers one after another compose:

    layer s n + d u − p, 0 ≤ u < c, of (j, a, b)    gives    (s j, a − p j, b + (d (c − 1) − p) j)

Branches that are added or joined must have one jump; theirs is the hull of their fields.  Transposed layers and
up-sampling by s have a jump of 1/s and no field that is the same for all outputs: only s = 1 is known here.
Source: A. Araujo, W. Norris, J. Sim, Computing Receptive Fields of Convolutional Neural Networks, Distill, 2019.
"""

from __future__ import annotations

from dataclasses import dataclass

from symconv.errors import StatementError
from symconv.expr.floors import put
from symconv.expr.nodes import (
    Add,
    Apply,
    Conv,
    Corr,
    Count,
    Delta,
    Down,
    Expr,
    Layer,
    Mul,
    Name,
    Neg,
    Ones,
    Power,
    Shift,
    Taps,
    Up,
    rank,
)  # fmt: skip
from symconv.expr.support import support
from symconv.expr.traverse import sequence_names
from symconv.expr.windows import Extents, tensor_extents
from symconv.index.facts import Facts
from symconv.index.poly import ONE, ZERO, Poly

KINDS = ("size", "reach", "jump", "start")


@dataclass(frozen=True, slots=True)
class Field:
    """Output n is computed from the places jump·n + first ≤ m ≤ jump·n + last.

    `after` places are padded at the far end, all layers together, as −first are before the first one.
    """

    jump: Poly
    first: Poly
    last: Poly
    after: Poly = ZERO

    @property
    def reach(self) -> Poly:
        """How many places, from the first to the last."""
        return self.last - self.first + 1

    def behind(self, s: Poly, first: Poly, last: Poly, after: Poly) -> Field:
        """The field of a layer whose output n reads s n + first .. s n + last of what has this field."""
        j = self.jump
        return Field(s * j, self.first + first * j, self.last + last * j, self.after + after * j)


def measure(e: Count, facts: Facts) -> Poly:
    """The integer that a term stands for; StatementError where there is none."""
    (axis,) = e.axes
    if e.kind == "size":
        return size(e.e, axis, facts)
    found = field(e.e, axis, e.of[0], facts)
    if found is None:
        raise StatementError(f"nothing of {e.of[0]} is read")
    values = {"reach": found.reach, "jump": found.jump, "start": found.first}
    return put(values[e.kind], dict(facts.equations))


def size(e: Expr, axis: int, facts: Facts) -> Poly:
    """The extent of a tensor on an axis."""
    extent = extents_of(e, facts)[axis]
    if extent is None:
        raise StatementError(_no_extent(e, axis, facts))
    return extent


def extents_of(e: Expr, facts: Facts) -> Extents:
    """The extents of a tensor, None on unbounded axes, with the values that are assumed of sizes."""
    known = dict(facts.equations)
    return tuple(n and put(n, known) for n in tensor_extents(e, facts, {}))


def _no_extent(e: Expr, axis: int, facts: Facts) -> str:
    """Why an axis has no extent, and the mend."""
    match e:
        case Name(name) if any(r is not None and r[0].terms for r in facts.supports.get(name, ())):
            return f"{name} does not begin at 0, so it is no tensor"
        case Add(parts) | Mul(parts) if all(extents_of(p, facts)[axis] is not None for p in parts if rank(p)):
            return "tensors that are added or multiplied have different extents"
        case Name() | Layer() | Add() | Mul() | Neg() | Apply() | Power():
            return f"axis {axis} is unbounded: declare the extents of its inputs, as in x: signal[N]"
        case _:
            return ("this is a sequence on all integers and has no extent: write layers such as conv1d(x, k) of names "
                    "with extents, as in x: signal[N]")  # fmt: skip


def field(e: Expr, axis: int, x: str, facts: Facts) -> Field | None:
    """What an output of e on an axis is computed from in x, None where it is not; StatementError if it is not known."""
    match e:
        case Name(name):
            return Field(ONE, ZERO, ZERO) if name == x else None
        case Neg(inner) | Apply(_, inner) | Power(inner):
            return field(inner, axis, x, facts)
        case Add(terms) | Mul(terms):
            return _hull([field(part, axis, x, facts) for part in terms if rank(part)], facts)
        case Taps() | Ones() | Delta():
            return None
        case Shift(inner, by):
            return _behind(inner, axis, x, facts, ONE, -by[axis], -by[axis])
        case Down(inner, by):
            return _behind(inner, axis, x, facts, by[axis], ZERO, ZERO)
        case Up(inner, by) if by[axis] == ONE:
            return field(inner, axis, x, facts)
        case Conv(inner, k):
            low, high = _taps(k, axis, x, facts)
            return _behind(inner, axis, x, facts, ONE, -high, -low)
        case Corr(inner, k, s, d, p):
            low, high = _taps(k, axis, x, facts)
            return _behind(inner, axis, x, facts, s[axis], d[axis] * low - p[axis], d[axis] * high - p[axis], p[axis])
        case Layer():
            return _of_layer(e, axis, x, facts)
        case _:
            raise StatementError(f"this is not made of layers that go on from {x}, so its outputs have no field of one "
                                 "form there")  # fmt: skip


def _behind(inner: Expr, axis: int, x: str, facts: Facts, s: Poly, first: Poly, last: Poly,
            after: Poly = ZERO) -> Field | None:  # fmt: skip
    found = field(inner, axis, x, facts)
    return found and found.behind(s, first, last, after)


def _taps(k: Expr, axis: int, x: str, facts: Facts) -> tuple[Poly, Poly]:
    """The first and the last tap on an axis of a kernel that does not depend on x."""
    box = support(k, facts)
    if box is None:
        raise StatementError("the taps of a kernel are not known: declare it, as in k: kernel[c]")
    if x in sequence_names(k):
        raise StatementError(f"{x} stands in a kernel, whose every tap is read by every output")
    return box[axis]


def _of_layer(e: Layer, axis: int, x: str, facts: Facts) -> Field | None:
    """The field of a layer's outputs on an axis."""
    d, (inner, *others) = len(e.stride), e.parts
    place = axis - (rank(e) - d)
    match e.kind:
        case "permute":
            return field(inner, e.order[axis], x, facts)
        case "cat" if axis != e.order[0]:
            return _hull([field(part, axis, x, facts) for part in e.parts], facts)
        case "scale" | "window":
            return field(inner, axis, x, facts)
        case "pad":
            p, q = (ends[place] if place >= 0 else ZERO for ends in (e.padding, e.output_padding))
            return _behind(inner, axis, x, facts, ONE, -p, -p, q)
        case "pointwise" if axis > 0:
            return field(inner, axis, x, facts)
        case _ if place >= 0 and e.kind in ("conv", "depthwise", "conv_transpose", "avg_pool", "max_pool", "lp_pool"):
            s, t, p = e.stride[place], (e.dilation or (ONE,) * d)[place], (e.padding or (ZERO,) * d)[place]
            low, high = (ZERO, e.window[place] - 1) if e.window else _taps(others[0], place - d, x, facts)
            if e.kind != "conv_transpose":
                return _behind(inner, axis, x, facts, s, t * low - p, t * high - p, p)
            if s == ONE:
                return _behind(inner, axis, x, facts, s, p - t * high, p - t * low)
        case _ if place >= 0 and e.stride[place] == ONE and e.kind in ("bed_of_nails", "upsample_nearest"):
            return field(inner, axis, x, facts)
        case _ if axis < rank(e) - d - 1:
            return field(inner, axis, x, facts)
        case _:
            pass
    if place < 0 and e.kind not in ("cat", "pointwise"):
        raise StatementError(f"axis {axis} counts channels, all of which are read: name an axis of places")
    raise StatementError(f"{e.kind} has not one jump that is an integer on axis {axis}: only layers that go forwards, "
                         "and joined channels, have a field of one form")  # fmt: skip


def _hull(found: list[Field | None], facts: Facts) -> Field | None:
    """From the first sample of any to the last of any, where it is certain which these are."""
    fields = list(dict.fromkeys(f for f in found if f is not None))
    if not fields:
        return None
    out = fields[0]
    for other in fields[1:]:
        if other.jump != out.jump:
            raise StatementError(f"branches have the jumps {out.jump} and {other.jump}: theirs is no field of one form")
        first, last = _least(out.first, other.first, facts), -_least(-out.last, -other.last, facts)
        out = Field(out.jump, first, last)
    return out


def _least(p: Poly, q: Poly, facts: Facts) -> Poly:
    for least, more in ((p, q), (q, p)):
        if facts.at_least_one(more - least + 1):
            return least
    raise StatementError(f"which of the branches reads further is not certain: assume {p} <= {q} or {q} <= {p}")
