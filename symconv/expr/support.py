"""The box outside which a sequence vanishes, where it has a formula, and with it the number of taps."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from symconv.expr.nodes import (
    VANISHING,
    Add,
    Apply,
    Conv,
    Corr,
    Delta,
    Entry,
    Expr,
    Flip,
    Iverson,
    Mul,
    Name,
    Neg,
    Ones,
    Reverse,
    Shift,
    Taps,
    Up,
    rank,
)  # fmt: skip
from symconv.expr.traverse import children
from symconv.index.conditions import Eq, Ge
from symconv.index.facts import Facts, Range
from symconv.index.poly import ZERO, Poly, const


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
        case Apply(f, x):
            return support(x, facts) if f in VANISHING else None
        case Delta(r):
            return ((ZERO, ZERO),) * r
        case Ones(extents):
            return tuple((ZERO, c - 1) for c in extents)
        case Taps(shape):
            return tuple((ZERO, const(c - 1)) for c in shape)
        case Add(parts):
            return _union([support(p, facts) for p in parts], facts)
        case Mul(parts):
            boxes = [box for p in parts if rank(p) for box in [support(p, facts)] if box is not None]
            return boxes[0] if boxes else None
        case _:
            return None


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


def _union(boxes: list[Box], facts: Facts) -> Box:
    """The hull, where which end is further out is certain."""
    out = boxes[0]
    for box in boxes[1:]:
        if out is None or box is None:
            return None
        hull: list[tuple[Poly, Poly]] = []
        for (lo, hi), (lo2, hi2) in zip(out, box, strict=True):
            low = lo if facts.nonnegative(lo2 - lo) else lo2 if facts.nonnegative(lo - lo2) else None
            high = hi if facts.nonnegative(hi - hi2) else hi2 if facts.nonnegative(hi2 - hi) else None
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
