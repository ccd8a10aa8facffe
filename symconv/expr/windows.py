"""Extents of tensors: how many outputs a layer gives on each axis for operands of given extents.

A tensor has an extent on every axis: a declared name that begins at 0, a layer of tensors, and what is made of such
entry by entry.  What the primitives give is a sequence, and a layer of a sequence is one too.

A layer is its index formula on the places 0 ≤ n < extent.  With N samples, c taps, stride s, dilation d and padding p:

    conv, depthwise, pooling    ⌊A/s⌋ + 1, where A = N + 2p − d(c − 1) − 1
    with ceil_mode              min(⌈A/s⌉, ⌊(N + p − 1)/s⌋) + 1: windows that begin on samples or before them
    conv_transpose              (N − 1) s − 2p + d(c − 1) + 1 + output_padding
    up-sampling by s            N s  (bed of nails too: its last s − 1 places are 0)
    pad by l and r              N + l + r

Source: the documentation of torch.nn.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

from symconv.errors import StatementError
from symconv.expr.floors import floor as opaque_floor
from symconv.expr.nodes import (
    VANISHING,
    Add,
    Adjoint,
    Apply,
    Expr,
    Grad,
    Layer,
    Mul,
    Name,
    Neg,
    Ones,
    Power,
    Reverse,
    Taps,
    rank,
)  # fmt: skip
from symconv.expr.support import by_equations, extents
from symconv.index.facts import Facts, Range
from symconv.index.poly import ONE, Poly, const, total

Extents = tuple[Poly | None, ...]
"""The extent of each axis; None for an unbounded one."""
NOTHING = Facts()


def quotient(p: Poly, s: Poly) -> Poly:
    """⌊p/s⌋ where it is a polynomial; StatementError where it is not."""
    a, b = p.constant(), s.constant()
    if a is not None and b is not None:
        return const(a // b)
    exact = p.divide(s)
    if exact is None:
        raise StatementError(f"floor(({p})/({s})) is no polynomial in the sizes")
    return exact


def tensor_extents(e: Expr, facts: Facts, definitions: Mapping[str, Expr]) -> Extents:
    """The extents of a tensor; None on the axes on which e is a sequence."""

    def of(x: Expr) -> Extents:
        return tensor_extents(x, facts, definitions)

    unknown: Extents = (None,) * rank(e)
    match e:
        case Name(name) if name in definitions:
            return of(definitions[name])
        case Name(name):
            ranges = facts.supports.get(name, unknown)
            return tuple(map(starting_at_0, ranges))
        case Ones(counts):
            return counts
        case Taps(shape):
            return tuple(map(const, shape))
        case Neg(x) | Reverse(x) | Grad(_, x) | Adjoint(_, x):
            return of(x)
        case Apply(f, x):
            return of(x) if f in VANISHING else unknown
        case Power(x, p):
            return of(x) if facts.nonzero(p) else unknown
        case Add(parts) if all(map(rank, parts)):
            return tuple(one_extent(a, facts) for a in zip(*map(of, parts), strict=True))
        case Mul(parts):
            return tuple(one_extent(a, facts) for a in zip(*(of(p) for p in parts if rank(p)), strict=True))
        case Layer(_, parts):
            x = of(parts[0])
            if not e.extents and (not whole(e) or None in x[len(x) - len(e.stride) :]):
                return unknown
            operands = [x, *(operand_extents(p, facts, definitions) for p in parts[1:])]
            if e.kind in ("cat", "max_unpool"):
                operands = [x, *map(of, parts[1:])]
            found = output_extents(e, operands, opaque_floor, facts)
            return (*found[: len(found) - len(e.extents)], *e.extents)
        case _:
            return unknown


def entrywise_extents(e: Expr, facts: Facts, definitions: Mapping[str, Expr]) -> Extents:
    """The same, also of functions of tensors that make something of the 0 beyond the extents."""
    match e:
        case Name(name) if name in definitions:
            return entrywise_extents(definitions[name], facts, definitions)
        case Add(parts) | Mul(parts):
            found = (entrywise_extents(p, facts, definitions) for p in parts if rank(p))
            return tuple(one_extent(a, facts) for a in zip(*found, strict=True))
        case Neg(x) | Apply(_, x) | Power(x):
            return entrywise_extents(x, facts, definitions)
        case _:
            return tensor_extents(e, facts, definitions)


def one_extent(extents: Iterable[Poly | None], facts: Facts) -> Poly | None:
    """The extent that tensors share, written alike or by the equations that are known; None where they do not."""
    first, *others = extents
    for other in others:
        if first is None or other is None:
            return None
        gap = by_equations(first - other, facts)
        if gap.terms and not {gap, -gap} <= set(facts.inequalities):
            return None
    return first


def operand_extents(e: Expr, facts: Facts, definitions: Mapping[str, Expr]) -> Extents:
    """The extents of a tensor or of a kernel that begins at 0, as far as they are known."""
    ranges = zip(tensor_extents(e, facts, definitions), extents(e, facts), strict=True)
    return tuple(n if n is not None else starting_at_0(r) for n, r in ranges)


def starting_at_0(r: Range) -> Poly | None:
    """The extent of an axis that begins at 0."""
    return r[1] + 1 if r is not None and not r[0].terms else None


def whole(e: Layer) -> bool:
    """Whether the formula of a layer of tensors is 0 beyond its extents, so that it needs no window."""
    match e.kind:
        case "conv_transpose":
            return len(e.parts) == 2 and not any(p.terms for p in e.padding)
        case "pointwise":
            return len(e.parts) == 2
        case "pad":
            return not e.order
        case "bed_of_nails" | "upsample_nearest" | "pixel_shuffle" | "pixel_unshuffle" | "permute" | "cat" | "scale":
            return True
        case _:
            return False


def output_extents(e: Layer, operands: Sequence[Extents], floor: Callable[[Poly, Poly], Poly] = quotient,
                   facts: Facts = NOTHING) -> Extents:  # fmt: skip
    """The extents of a layer's outputs; `operands` are those of its parts, in order; `floor` is ⌊p/s⌋.

    `facts` tell which is the least of the two numbers of `ceil_mode`; where they do not, it is the first.
    """
    x, *others = operands
    d = len(e.stride)
    lead, space = x[: len(x) - d], x[len(x) - d :]
    k = others[0] if others else x
    match e.kind:
        case "conv" | "depthwise":
            taps = k[len(k) - d :]
            outputs = (*lead[:-1], k[0]) if lead and e.kind == "conv" else lead
            return (*outputs, *_slid(e, space, taps, floor))
        case "avg_pool" | "max_pool" | "lp_pool":
            if e.order[:1] == (1,):
                return (*lead, *_rounded_up(e, space, floor, facts))
            return (*lead, *_slid(e, space, e.window, floor))
        case "conv_transpose":
            outputs = () if not lead else (*lead[:-1], e.groups[0] * e.groups[1] if e.groups else k[1])
            return (*outputs, *_spread(e, space, k[len(k) - d :]))
        case "max_unpool":
            return k
        case "conv_weight":
            return _of_weights(e, x, k)
        case "pointwise":
            return (k[0], *x[1:])
        case "bed_of_nails" | "upsample_nearest" | "upsample_linear":
            grown = [None if n is None else n * s for n, s in zip(space, e.stride, strict=True)]
            if e.kind == "upsample_linear" and e.order:
                grown = [None if n is None else n - s + 1 for n, s in zip(grown, e.stride, strict=True)]
            return (*lead, *grown)
        case "pixel_shuffle" | "pixel_unshuffle":
            return _shuffled(e, x, floor)
        case "pad":
            ends = zip(x[len(x) - len(e.padding) :], e.padding, e.output_padding, strict=True)
            return (*x[: len(x) - len(e.padding)], *(None if n is None else n + low + high for n, low, high in ends))
        case "window":
            return (*x[: len(x) - len(e.extents)], *e.extents)
        case "permute":
            return tuple(x[axis] for axis in e.order)
        case "cat":
            axis = e.order[0]
            return (*x[:axis], total(e.groups), *x[axis + 1 :])
        case "scale":
            return x
        case _:
            raise StatementError(f"the extents of {e.kind} are not known")


def _slid(e: Layer, space: Extents, taps: Extents, floor: Callable[[Poly, Poly], Poly]) -> Extents:
    """The positions of a window of d(c − 1) + 1 places on N + 2p of them."""
    out: list[Poly | None] = []
    for n, c, s, t, p in zip(space, taps, e.stride, e.dilation, e.padding, strict=True):
        out.append(None if n is None or c is None else floor(n + 2 * p - t * (c - 1) - 1, s) + 1)
    return tuple(out)


def _rounded_up(e: Layer, space: Extents, floor: Callable[[Poly, Poly], Poly], facts: Facts) -> Extents:
    out: list[Poly | None] = []
    for n, s, p, spare in zip(space, e.stride, e.padding, spare_starts(e), strict=True):
        last = None if n is None else n + p - 1
        out.append(None if last is None else floor(last if facts.nonnegative(-spare) else last - spare, s) + 1)
    return tuple(out)


def spare_starts(e: Layer) -> tuple[Poly, ...]:
    """d(c − 1) + 1 − s − p, by which N + p − 1 exceeds A + s − 1: not below 0 where ⌈A/s⌉ + 1 windows fit."""
    steps = zip(e.window, e.stride, e.dilation, e.padding, strict=True)
    return tuple(t * (c - 1) + 1 - s - p for c, s, t, p in steps)


def _spread(e: Layer, space: Extents, taps: Extents) -> Extents:
    extra = e.output_padding or (const(0),) * len(space)
    out: list[Poly | None] = []
    for n, c, s, t, p, more in zip(space, taps, e.stride, e.dilation, e.padding, extra, strict=True):
        out.append(None if n is None or c is None else (n - 1) * s - 2 * p + t * (c - 1) + ONE + more)
    return tuple(out)


def _of_weights(e: Layer, x: Extents, g: Extents) -> Extents:
    """The taps a with a place for every output of g: the largest kernel that gives these outputs."""
    d = len(e.stride)
    taps: list[Poly | None] = []
    for n, m, s, t, p in zip(x[len(x) - d :], g[len(g) - d :], e.stride, e.dilation, e.padding, strict=True):
        taps.append(None if n is None or m is None else quotient(n + 2 * p - 1 - s * (m - 1), t) + 1)
    if rank(e) == d:
        return tuple(taps)
    return (g[-d - 1], e.groups[2] if e.groups else x[-d - 1], *taps)


def _shuffled(e: Layer, x: Extents, floor: Callable[[Poly, Poly], Poly]) -> Extents:
    r, (channels, height, width) = e.stride[0], x[-3:]
    if e.kind == "pixel_shuffle":
        fewer = None if channels is None else floor(channels, r * r)
        return (*x[:-3], fewer, *(None if n is None else n * r for n in (height, width)))
    more = None if channels is None else channels * r * r
    return (*x[:-3], more, *(None if n is None else floor(n, r) for n in (height, width)))
