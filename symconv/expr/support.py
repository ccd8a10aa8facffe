"""The box outside which a sequence vanishes, where it has a formula, and with it the number of taps."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from symconv.errors import StatementError
from symconv.expr.floors import put_through
from symconv.expr.nodes import (
    VANISHING,
    Add,
    Adjoint,
    Apply,
    Conv,
    Corr,
    Delta,
    Down,
    Entry,
    Expr,
    Flip,
    Formula,
    Grad,
    Iverson,
    Layer,
    Most,
    Mul,
    Name,
    Neg,
    Ones,
    Peak,
    Power,
    Reverse,
    Shift,
    Sum,
    Taps,
    Up,
    rank,
)  # fmt: skip
from symconv.expr.traverse import children
from symconv.index.conditions import Eq, Ge
from symconv.index.facts import Facts, Range
from symconv.index.poly import ONE, ZERO, Poly, const, total, var


def support(e: Expr, facts: Facts) -> tuple[tuple[Poly, Poly], ...] | None:
    """The box low..high on every axis outside which e vanishes, as formulas; None where no formula is known."""
    match e:
        case Name(name):
            return _box(facts.supports.get(name, (None,)))
        case Conv(x, k):
            return _combine(support(x, facts), support(k, facts), lambda a, b: a + b)
        case Corr(x, k, stride, dilation, padding):
            if any(s.constant() != 1 for s in stride):
                return None
            flipped = _flip(_scale(support(k, facts), dilation))
            return _move(_combine(support(x, facts), flipped, lambda a, b: a + b), padding)
        case Up(x, by):
            return _scale(support(x, facts), by)
        case Flip(x):
            return _flip(support(x, facts))
        case Shift(x, by):
            return _move(support(x, facts), by)
        case Reverse(x, about):
            return _move(_flip(support(x, facts)), about)
        case Neg(x):
            return support(x, facts)
        case Power(x, p):
            return support(x, facts) if facts.nonzero(p) else None
        case Apply(f, x):
            return support(x, facts) if f in VANISHING else None
        case Delta(r):
            return ((ZERO, ZERO),) * r
        case Ones(counts):
            return tuple((ZERO, c - 1) for c in counts)
        case Taps(shape):
            return tuple((ZERO, const(c - 1)) for c in shape)
        case Add(parts):
            return _union([support(p, facts) for p in parts], facts)
        case Grad(_, Name() as x) | Adjoint(_, Name() as x):
            return support(x, facts)
        case Layer():
            return _box(extents(e, facts))
        case Mul(parts):
            boxes = [box for p in parts if rank(p) for box in [support(p, facts)] if box is not None]
            return boxes[0] if boxes else None
        case _:
            return None


def extents(e: Expr, facts: Facts) -> tuple[Range, ...]:
    """Where each axis of e may be other than 0, as far as there is a formula; channels have one beside free axes."""
    unknown: tuple[Range, ...] = (None,) * rank(e)
    box = None if isinstance(e, Layer) else support(e, facts)
    if box is not None:
        return box
    match e:
        case Name(name):
            return facts.supports.get(name, unknown)
        case Neg(x) | Grad(_, x) | Adjoint(_, x):
            return extents(x, facts)
        case Power(x, p) if facts.nonzero(p):
            return extents(x, facts)
        case Apply(f, x) if f in VANISHING:
            return extents(x, facts)
        case Mul(parts):
            found = [extents(p, facts) for p in parts if rank(p)]
            return tuple(next((r for r in axis if r is not None), None) for axis in zip(*found, strict=True))
        case Add(parts) if all(map(rank, parts)):
            found = [extents(p, facts) for p in parts]
            return tuple(axis[0] if len(set(axis)) == 1 else None for axis in zip(*found, strict=True))
        case Layer():
            ranges = _of_layer(e, facts)
            return (*ranges[: len(ranges) - len(e.extents)], *((ZERO, m - 1) for m in e.extents))
        case Conv(x, k):
            return _where_one_tap(x, k, (ONE,) * rank(e), (ZERO,) * rank(e), facts)
        case Corr(x, k, stride, _, padding):
            return _where_one_tap(x, k, stride, padding, facts)
        case Up(x, by) | Down(x, by):
            return tuple(r if s == ONE else None for r, s in zip(extents(x, facts), by, strict=True))
        case Shift(x, by):
            return tuple(r and (r[0] + m, r[1] + m) for r, m in zip(extents(x, facts), by, strict=True))
        case Formula(indices, body):
            return tuple(_of_index(i, body, facts, frozenset(indices)) for i in indices)
        case _:
            return unknown


def _where_one_tap(x: Expr, k: Expr, stride: tuple[Poly, ...], padding: tuple[Poly, ...],
                   facts: Facts) -> tuple[Range, ...]:  # fmt: skip
    """The ranges of x on the axes on which a kernel has one tap, at 0, and nothing is skipped or padded."""
    axes = zip(extents(x, facts), extents(k, facts), stride, padding, strict=True)
    return tuple(r if one == (ZERO, ZERO) and s == ONE and not p.terms else None for r, one, s, p in axes)


def _of_index(i: str, body: Expr, facts: Facts, bound: frozenset[str]) -> Range:
    """Where an index must lie for a formula to be other than 0: where a factor of every term has it for a place."""
    match body:
        case Sum(indices, x):
            return None if i in indices else _of_index(i, x, facts, bound | set(indices))
        case Neg(x):
            return _of_index(i, x, facts, bound)
        case Add(parts):
            found = {_of_index(i, p, facts, bound) for p in parts}
            return found.pop() if len(found) == 1 else None
        case Mul(parts):
            return next((r for p in parts if (r := _of_index(i, p, facts, bound)) is not None), None)
        case Iverson(Eq(p)) if p.coefficient(i).constant() in (1, -1):
            value = var(i) - p * (p.coefficient(i).constant() or 1)
            return None if value.names() & bound else (value, value)
        case Entry(x, at):
            ranges = (r for p, r in zip(at, extents(x, facts), strict=True) if p.name() == i and r)
            return next((r for r in ranges if not (r[0].names() | r[1].names()) & bound), None)
        case _:
            return None


def _of_layer(e: Layer, facts: Facts) -> tuple[Range, ...]:
    x, *others = (extents(p, facts) for p in e.parts)
    d, k = len(e.stride), others[0] if others else x
    spatial: tuple[Range, ...] = (None,) * d
    if len(e.parts) > 2 and e.kind != "cat":  # A bias is added at every place; at most its own axis tells something.
        return _biased(_of_layer(replace(e, parts=e.parts[:2]), facts), others[1], e, d)
    match e.kind:
        case "conv" | "conv_transpose" | "conv_weight" if len(x) == d:
            return spatial
        case "conv":
            return (*x[: -d - 1], k[0], *spatial)
        case "conv_transpose":
            outputs = (ZERO, e.groups[0] * e.groups[1] - 1) if e.groups else k[1]
            return (*x[: -d - 1], outputs, *spatial)
        case "conv_weight":
            return (k[-d - 1], (ZERO, e.groups[2] - 1) if e.groups else x[-d - 1], *spatial)
        case "depthwise":
            return (*x[: -d - 1], k[0], *spatial)
        case "pointwise":
            return (k[0], *x[1:])
        case "pixel_shuffle" | "pixel_unshuffle":
            return (*x[:-3], _shuffled(x[-3], e.stride[0], e.kind == "pixel_shuffle"), None, None)
        case "permute":
            return tuple(x[axis] for axis in e.order)
        case "scale":
            return x
        case "max_unpool":
            return (*x[: len(x) - d], *spatial)
        case "avg_pool" | "max_pool" | "lp_pool" | "bed_of_nails" | "upsample_nearest" | "upsample_linear" | "pad":
            return (*x[: len(x) - d], *spatial)
        case "window":
            return x
        case _:
            (axis,) = e.order
            whole = (ZERO, total(e.groups) - 1)
            same = [axes[0] if len(set(axes)) == 1 else None for axes in zip(x, *others, strict=True)]
            return (*same[:axis], whole, *same[axis + 1 :])


def _biased(plain: tuple[Range, ...], bias: tuple[Range, ...], e: Layer, d: int) -> tuple[Range, ...]:
    """The range of the output channels where the bias has the same; no range on any other axis."""
    axis = 0 if e.kind == "pointwise" else len(plain) - d - 1
    same = bool(bias) and axis >= 0 and plain[axis] == bias[0]
    return tuple(r if i == axis and same else None for i, r in enumerate(plain))


def _shuffled(channels: Range, r: Poly, fewer: bool) -> Range:
    """The channels left of r² C of them, or r² times as many."""
    count = channels[1] + 1 if channels is not None and not channels[0].terms else None
    found = None if count is None else count.divide(r * r) if fewer else count * r * r
    return None if found is None else (ZERO, found - 1)


Box = tuple[tuple[Poly, Poly], ...] | None


def _box(ranges: tuple[Range, ...]) -> Box:
    out = tuple(r for r in ranges if r is not None)
    return out if len(out) == len(ranges) else None


def _combine(a: Box, b: Box, f: Callable[[Poly, Poly], Poly]) -> Box:
    if a is None or b is None:
        return None
    return tuple((f(lo, lo2), f(hi, hi2)) for (lo, hi), (lo2, hi2) in zip(a, b, strict=True))


def _scale(box: Box, by: tuple[Poly, ...]) -> Box:
    return box and tuple((lo * s, hi * s) for (lo, hi), s in zip(box, by, strict=True))


def _flip(box: Box) -> Box:
    return box and tuple((-hi, -lo) for lo, hi in box)


def _move(box: Box, by: tuple[Poly, ...]) -> Box:
    return box and tuple((lo + m, hi + m) for (lo, hi), m in zip(box, by, strict=True))


def by_equations(p: Poly, facts: Facts) -> Poly:
    """The polynomial with the values that are assumed of sizes, one after another."""
    return put_through(p, dict(facts.equations))


def _union(boxes: list[Box], facts: Facts) -> Box:
    """The hull, where which end is further out is certain."""
    out = boxes[0]
    for box in boxes[1:]:
        if out is None or box is None:
            return None
        hull: list[tuple[Poly, Poly]] = []
        for (lo, hi), (lo2, hi2) in zip(out, box, strict=True):
            up, down = by_equations(lo2 - lo, facts), by_equations(hi - hi2, facts)
            low = lo if facts.nonnegative(up) else lo2 if facts.nonnegative(-up) else None
            high = hi if facts.nonnegative(down) else hi2 if facts.nonnegative(-down) else None
            if low is None or high is None:
                return None
            hull.append((low, high))
        out = tuple(hull)
    return out


def of_one_extent(e: Expr, facts: Facts, definitions: Mapping[str, Expr]) -> bool:
    """Whether sequences are added and multiplied only with ones of the same extent, so that the box is no choice."""
    if isinstance(e, Name) and e.name in definitions:
        return of_one_extent(definitions[e.name], facts, definitions)
    parts = [part for part in children(e) if rank(part)]
    alike = not isinstance(e, Add | Mul) or len({support(part, facts) for part in parts}) == 1
    return alike and all(of_one_extent(part, facts, definitions) for part in parts)


def tap_count(e: Expr, facts: Facts) -> tuple[Poly, ...] | None:
    """The number of taps on every axis, high − low + 1."""
    box = support(e, facts)
    return None if box is None else tuple(hi - lo + 1 for lo, hi in box)


def around(e: Expr, place: tuple[int, ...], facts: Facts) -> list[Poly]:
    """What is ≥ 0 wherever it matters what stands at a place in e: else a product around the place is 0 anyway.

    Products tell what `bounds` says of their other factors, maxima the ranges of their indices.  StatementError where
    something on the way does not depend on the values at its own indices alone.
    """
    known: list[Poly] = []
    for i in place:
        match e:
            case Mul(parts):
                known += bounds(parts[:i] + parts[i + 1 :], replace(facts, inequalities=()))
            case Most(indices, _, counts) | Peak(indices, _, counts):
                known = [p for p in known if p.names().isdisjoint(indices)]
                known += [p for v, c in zip(indices, counts, strict=True) for p in (var(v), c - 1 - var(v))]
            case Sum(indices):
                known = [p for p in known if p.names().isdisjoint(indices)]
            case Add() | Neg() | Apply() | Power():
                pass
            case _:
                raise StatementError("only sums, products, maxima and functions of numbers are looked into")
        e = children(e)[i]
    return known


def bounds(parts: tuple[Expr, ...], facts: Facts) -> list[Poly]:
    """What is ≥ 0 wherever the product is not zero: its inequalities and equalities, its supports, the assumptions."""
    known: list[Poly] = []
    for f in parts:
        match f:
            case Iverson(Ge(p)):
                known.append(p)
            case Iverson(Eq(p)):
                known += [p, -p]
            case Entry(x, at):
                box = facts.supports.get(x.name) if isinstance(x, Name) else support(x, facts)
                for place, ends in zip(at, box or (), strict=False):
                    known += [place - ends[0], ends[1] - place] if ends is not None else []
            case _:
                pass
    return known + list(facts.inequalities)
