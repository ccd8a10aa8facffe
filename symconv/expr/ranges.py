"""Concrete ranges: where a sequence may be non-zero, and over which integers a sum must run, at given sizes."""

from __future__ import annotations

from collections.abc import Mapping
from functools import reduce
from itertools import islice, product

from symconv.errors import StatementError
from symconv.expr.definitions import formula_of
from symconv.expr.nodes import (
    VANISHING,
    Add,
    Adjoint,
    Apply,
    Cascade,
    Conv,
    Corr,
    Delta,
    Diff,
    Down,
    Entry,
    Expr,
    Flip,
    Formula,
    Grad,
    Iverson,
    Layer,
    Mul,
    Name,
    Neg,
    Ones,
    Power,
    Repeat,
    Reverse,
    Shift,
    Sum,
    Taps,
    Up,
    rank,
)  # fmt: skip
from symconv.expr.statement import Statement, inside
from symconv.expr.traverse import free_indices, instantiate, replace_names
from symconv.index.conditions import Eq, Ge
from symconv.index.poly import Poly, const

Box = list[tuple[int, int]] | None
MOST = 1000
UNSTATED = {1: 6, 2: 3}
"""How far from 0, by the number of axes, examples use a sequence of finite support of which no more is said."""
Bound = tuple[dict[str, int], int | None, int | None]
"""Σ c·v lies between two ends (None: no end)."""


def box(e: Expr, statement: Statement, values: Mapping[str, int]) -> Box:
    """Low and high on every axis outside which e vanishes; None where it may be unbounded."""

    def of(part: Expr) -> Box:
        return box(part, statement, values)

    match e:
        case Name(name) if name in statement.definitions:
            return of(statement.definitions[name])
        case Name(name):
            ends = statement.facts.supports.get(name, (None,))
            known = [(r[0].evaluate(values), r[1].evaluate(values)) for r in ends if r is not None]
            if len(known) < len(ends) and name in statement.facts.finite:
                return [(r[0].evaluate(values), r[1].evaluate(values)) if r is not None else _unstated(len(ends))
                        for r in ends]  # fmt: skip
            return known if len(known) == len(ends) else None
        case Conv(x, k):
            a, b = of(x), of(k)
            return a and b and [(u + p, v + q) for (u, v), (p, q) in zip(a, b, strict=True)]
        case Corr(x, k, stride, dilation, padding):
            a, b = of(x), of(k)
            if a is None or b is None:
                return None
            out: list[tuple[int, int]] = []
            for (u, v), (p, q), s, d, m in zip(a, b, stride, dilation, padding, strict=True):
                step, gap, zeros = s.evaluate(values), d.evaluate(values), m.evaluate(values)
                out.append((-(-(u + zeros - gap * q) // step), (v + zeros - gap * p) // step))
            return out
        case Down(x, by):
            a = of(x)
            return a and [
                (-(-u // s.evaluate(values)), v // s.evaluate(values)) for (u, v), s in zip(a, by, strict=True)
            ]
        case Up(x, by):
            a = of(x)
            return a and [(u * s.evaluate(values), v * s.evaluate(values)) for (u, v), s in zip(a, by, strict=True)]
        case Flip(x):
            a = of(x)
            return a and [(-v, -u) for u, v in a]
        case Shift(x, by):
            a = of(x)
            return a and [(u + m.evaluate(values), v + m.evaluate(values)) for (u, v), m in zip(a, by, strict=True)]
        case Reverse(x, about):
            a = of(x)
            return a and [(m.evaluate(values) - v, m.evaluate(values) - u) for (u, v), m in zip(a, about, strict=True)]
        case Neg(x):
            return of(x)
        case Power(x, p):
            return of(x) if p.evaluate(values) else None
        case Layer("max_pool", (x,)):
            return of(Corr(x, Ones(e.window), e.stride, e.dilation, e.padding)) if rank(x) == len(e.window) else None
        case Apply(f, x):
            return of(x) if f in VANISHING else None
        case Delta(r):
            return [(0, 0)] * r
        case Ones(extents):
            return [(0, c.evaluate(values) - 1) for c in extents]
        case Taps(shape):
            return [(0, c - 1) for c in shape]
        case Add(parts):
            boxes = [of(p) if rank(p) else None for p in parts]
            known_boxes = [b for b in boxes if b is not None]
            return None if len(known_boxes) < len(boxes) else [_hull(axis) for axis in zip(*known_boxes, strict=True)]
        case Mul(parts):
            return next((b for p in parts if rank(p) for b in [of(p)] if b is not None), None)
        case Sum(indices, body):
            return _hull_of_sum(indices, body, statement, values)
        case Grad(inner, Name() as name, g) | Adjoint(inner, Name() as name, g):
            own, outputs = of(name), of(g) if rank(g) else None
            return own if own is not None or outputs is None else _read_by(inner, name, outputs, statement, values)
        case Layer():
            return of(formula_of(e))
        case Repeat() | Cascade():
            return of(written_out(e, e.count.evaluate(values)))
        case Formula(indices, body):
            try:
                return sum_ranges(indices, body, statement, values)
            except StatementError:
                return None
        case _:
            return None


def _read_by(e: Expr, x: Name, places: list[tuple[int, int]], statement: Statement,
             values: Mapping[str, int]) -> Box:  # fmt: skip
    """A box of places that holds every place of x which e reads at some of these places; None where none is seen."""

    def further(inner: Expr, ends: list[tuple[int, int]]) -> Box:
        return _read_by(inner, x, ends, statement, values)

    match e:
        case Name():
            return places if e == x else None
        case Down(inner, by):
            steps = [s.evaluate(values) for s in by]
            return further(inner, [(u * s, v * s) for (u, v), s in zip(places, steps, strict=True)])
        case Up(inner, by):
            steps = [s.evaluate(values) for s in by]
            return further(inner, [(-(-u // s), v // s) for (u, v), s in zip(places, steps, strict=True)])
        case Flip(inner):
            return further(inner, [(-v, -u) for u, v in places])
        case Shift(inner, by):
            moves = [m.evaluate(values) for m in by]
            return further(inner, [(u - m, v - m) for (u, v), m in zip(places, moves, strict=True)])
        case Conv(inner, k) | Corr(inner, k) if x.name not in inside(k, statement):
            taps = box(k, statement, values)
            if taps is None:
                return None
            axes = list(zip(places, taps, strict=True))
            if isinstance(e, Conv):
                return further(inner, [(u - q, v - p) for (u, v), (p, q) in axes])
            options = [
                tuple(p.evaluate(values) for p in axis) for axis in zip(e.stride, e.dilation, e.padding, strict=True)
            ]
            return further(inner, [(s * u + d * p - m, s * v + d * q - m)
                                   for ((u, v), (p, q)), (s, d, m) in zip(axes, options, strict=True)])  # fmt: skip
        case _:
            return None


def written_out(e: Repeat | Cascade, count: int) -> Expr:
    """A map repeated, or kernels multiplied, so many times."""
    if isinstance(e, Repeat):
        out = e.x
        for _ in range(count):
            out = replace_names(e.e, {e.x.name: out} if isinstance(e.x, Name) else {})
        return out
    factors = [instantiate(e.body, {e.indices[0]: const(i)}) for i in range(count)]
    return reduce(Conv, factors) if factors else Delta(rank(e))


def _unstated(axes: int) -> tuple[int, int]:
    reach = UNSTATED.get(axes, 2)
    return -reach, reach


def _hull_of_sum(indices: tuple[str, ...], body: Expr, statement: Statement, values: Mapping[str, int]) -> Box:
    """The union of the boxes of a sequence over the range of a sum."""
    try:
        ranges = sum_ranges(indices, body, statement, values)
    except StatementError:
        return None
    places = list(islice(product(*(range(low, high + 1) for low, high in ranges)), MOST + 1))
    boxes = [box(body, statement, {**values, **dict(zip(indices, place, strict=True))}) for place in places]
    known = [b for b in boxes if b is not None]
    if len(known) < len(boxes) or len(places) > MOST:
        return None
    return [_hull(axis) for axis in zip(*known, strict=True)] if known else [(0, -1)] * rank(body)


def _hull(ends: tuple[tuple[int, int], ...]) -> tuple[int, int]:
    return min(a for a, _ in ends), max(b for _, b in ends)


def sum_ranges(indices: tuple[str, ...], body: Expr, statement: Statement,
               values: Mapping[str, int]) -> list[tuple[int, int]]:  # fmt: skip
    """A range for each bound index outside which the body vanishes; StatementError where there is none."""
    hulls: dict[str, tuple[int, int]] = {}
    values = {name: value for name, value in values.items() if name not in indices}
    for inner, bounds in _products(body, indices, statement, values):
        found = solve((*indices, *inner), bounds)
        if found is None:
            continue
        for v in indices:
            if v not in found:
                raise StatementError(f"the sum over {v} does not end")
            hulls[v] = found[v] if v not in hulls else _hull((hulls[v], found[v]))
    return [hulls.get(v, (0, -1)) for v in indices]


def sum_ranges_of_pair(x: Expr, y: Expr, statement: Statement, values: Mapping[str, int]) -> list[tuple[int, int]]:
    """The places at which the product of two sequences may be other than 0; StatementError where they do not end."""
    boxes = [b for b in (box(x, statement, values), box(y, statement, values)) if b is not None]
    if not boxes:
        raise StatementError("the sum over the places of two sequences does not end")
    return [(max(a for a, _ in ends), min(b for _, b in ends)) for ends in zip(*boxes, strict=True)]


Product = tuple[tuple[str, ...], list[Bound]]


def _bound(p: Poly, values: Mapping[str, int], low: int | None, high: int | None) -> Bound | None:
    """low ≤ p ≤ high as a bound on the names that have no value yet; None where p is not affine in them."""
    unknown = sorted(n for n in p.names() if n not in values)
    split = p.affine(unknown)
    if split is None:
        return None
    rest = split[1].evaluate(values)
    ends = (None if low is None else low - rest, None if high is None else high - rest)
    return {v: c.evaluate(values) for v, c in split[0].items()}, *ends


def _products(e: Expr, bound: tuple[str, ...], statement: Statement, values: Mapping[str, int]) -> list[Product]:
    """For each product of the multiplied-out body: its inner indices and what confines the indices."""
    match e:
        case Sum(indices, body):
            return [((*indices, *names), b) for names, b in _products(body, bound + indices, statement, values)]
        case Mul(parts):
            out: list[Product] = [((), [])]
            for part in parts:
                inner = _products(part, bound, statement, values)
                out = [(n + n2, b + b2) for n, b in out for n2, b2 in inner]
            return out
        case Add(parts):
            return [p for part in parts for p in _products(part, bound, statement, values)]
        case Neg(x) | Diff(x):
            return _products(x, bound, statement, values)
        case Apply(f, x) if f in VANISHING and not rank(x):
            return _products(x, bound, statement, values)
        case Power(x, p) if not rank(x) and statement.facts.nonzero(p):
            return _products(x, bound, statement, values)
        case Iverson(Eq(p)):
            found = _bound(p, values, 0, 0)
        case Iverson(Ge(p)):
            found = _bound(p, values, 0, None)
        case Entry(x, at):
            ends = None if set(bound) & free_indices(x) else box(x, statement, values)
            inner: list[Product] = [((), [])]
            if isinstance(x, Add | Mul | Neg | Sum):
                inner = _products(x, bound, statement, values)
            pins = [b for p, (u, v) in zip(at, ends or (), strict=False) if (b := _bound(p, values, u, v)) is not None]
            return [(names, b + pins) for names, b in inner]
        case _:
            return [((), [])]
    return [((), [found] if found is not None else [])]


def solve(indices: tuple[str, ...], bounds: list[Bound]) -> dict[str, tuple[int, int]] | None:
    """Ranges of the indices that the bounds confine (some may be missing); None where no values are possible."""
    low: dict[str, int] = {}
    high: dict[str, int] = {}
    rows = list(bounds)
    for _ in range(3):
        for _ in range(2 * len(indices) + 4):
            changed = False
            for coefficients, least, most in rows:
                if not coefficients and ((least is not None and least > 0) or (most is not None and most < 0)):
                    return None
                changed |= _tighten(coefficients, least, most, low, high)
                if any(low[v] > high[v] for v in coefficients if v in low and v in high):
                    return None
            if not changed:
                break
        if all(v in low and v in high for v in indices):
            break
        rows += _eliminations(rows)
    return {v: (low[v], high[v]) for v in indices if v in low and v in high}


def _tighten(coefficients: dict[str, int], least: int | None, most: int | None, low: dict[str, int],
             high: dict[str, int]) -> bool:  # fmt: skip
    """One round of interval propagation."""
    changed = False
    for v, c in coefficients.items():
        if not c:
            continue
        ends = [_extent(coefficients, v, low, high, upper) for upper in (False, True)]
        # c v ≤ most − min(others), c v ≥ least − max(others)
        top = None if most is None or ends[0] is None else most - ends[0]
        bottom = None if least is None or ends[1] is None else least - ends[1]
        if c < 0:
            top, bottom = (None if bottom is None else -bottom), (None if top is None else -top)
        size = abs(c)
        if top is not None and (v not in high or top // size < high[v]):
            high[v] = top // size
            changed = True
        if bottom is not None and (v not in low or -(-bottom // size) > low[v]):
            low[v] = -(-bottom // size)
            changed = True
    return changed


def _extent(coefficients: dict[str, int], without: str, low: dict[str, int], high: dict[str, int],
            upper: bool) -> int | None:  # fmt: skip
    """The largest or smallest value of the other terms, None where it has no end."""
    total = 0
    for v, c in coefficients.items():
        if v != without and c:
            end = (high if (c > 0) == upper else low).get(v)
            if end is None:
                return None
            total += c * end
    return total


def _eliminations(rows: list[Bound]) -> list[Bound]:
    """Two-sided combinations of two two-sided rows that lose an index."""
    out: list[Bound] = []
    full = [r for r in rows if r[1] is not None and r[2] is not None and len(r[0]) > 1]
    for i, (a, low, high) in enumerate(full):
        for b, low2, high2 in full[i + 1 :]:
            for v in a.keys() & b.keys():
                p, q = b[v], -a[v]
                mixed = {u: p * a.get(u, 0) + q * b.get(u, 0) for u in a.keys() | b.keys()}
                ends = [p * e + q * f for e in (low, high) for f in (low2, high2) if e is not None and f is not None]
                out.append(({u: c for u, c in mixed.items() if c}, min(ends), max(ends)))
    return out[:200]
