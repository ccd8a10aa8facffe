"""Lifting: from an index formula K[m] = Σ … back to operators, e.g. Σ_b h[b] k[m − s b] is conv(k, up(h, s)).

Each tap gets an index of its own; what is left are linear relations α m = c + Σ Aⱼ iⱼ, one an axis, and a sum over
one such relation is a convolution of kernels up-sampled by Aⱼ, shifted by c and down-sampled by α.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from symconv.expr.nodes import (
    Add,
    Const,
    Conv,
    Delta,
    Down,
    Entry,
    Expr,
    Flip,
    Integer,
    Iverson,
    Mul,
    Name,
    Neg,
    Number,
    Ones,
    Shift,
    Taps,
    Up,
)  # fmt: skip
from symconv.expr.traverse import walk
from symconv.index.conditions import Eq, Ge
from symconv.index.facts import Facts
from symconv.index.poly import ONE, Poly, total, var
from symconv.tactics.terms import Term

LONGEST = 64
"""Of so many taps at most, numbers are given as a list."""


@dataclass
class _Tap:
    """A sequence with an index of its own on every axis."""

    sequence: Expr
    own: tuple[str, ...]


def lift(terms: list[Term], free: tuple[str, ...], facts: Facts) -> Expr | None:
    """A sequence e with e[free] = the sum of the terms; None where no operators were found."""
    found: list[tuple[Fraction, Expr]] = []
    for t in terms:
        e = _lift_term(t, free, facts)
        if e is None:
            return None
        found.append((t.coefficient, e))
    impulses = _impulses(found)
    if not found or impulses is not None:
        return impulses
    found.sort(key=lambda part: (part[0] < 0, any(isinstance(node, Delta) for _, node in walk(part[1]))))
    parts = tuple(_times(c, e) for c, e in found)
    return parts[0] if len(parts) == 1 else Add(parts)


def _times(c: Fraction, e: Expr) -> Expr:
    size = e if abs(c) == 1 else Mul((Const(abs(c)), e))
    return size if c > 0 else Neg(size)


def _impulses(found: list[tuple[Fraction, Expr]]) -> Expr | None:
    """taps(a, b, …) for numbers times impulses at 0, 1, …, where there are several."""
    taps: dict[int, Fraction] = {}
    for c, e in found:
        match e:
            case Delta(1):
                taps[0] = c
            case Shift(Delta(1), (by,)) if (at := by.constant()) is not None and 0 <= at < LONGEST:
                taps[at] = c
            case _:
                return None
    values = tuple(taps.get(i, Fraction(0)) for i in range(max(taps) + 1)) if len(taps) > 1 else ()
    return Taps((len(values),), values) if values else None


def _lift_term(t: Term, free: tuple[str, ...], facts: Facts) -> Expr | None:
    """The term without its number."""
    scalars: list[Expr] = []
    taps: list[_Tap] = []
    relations: list[Poly] = []
    bounds: list[Poly] = []
    bound = set(t.indices)
    for f in t.factors:
        match f:
            case Number() | Integer():
                scalars.append(f)
            case Iverson(Eq(p)):
                relations.append(p)
            case Iverson(Ge(p)):
                bounds.append(p)
            case Entry(Name(), at) if not any(p.names() & (bound | set(free)) for p in at):
                scalars.append(f)
            case Entry(x, at) if isinstance(x, Name):
                taps.append(_own(x, at, taps, relations))
            case _:
                return None
    if not _ranges(bounds, bound | set(free), taps, relations, len(free)):
        return None
    relations = _eliminate(relations, set(t.indices), {i for tap in taps for i in tap.own})
    left_over = any(p.names() & bound for p in relations)
    out = None if left_over else _assemble(taps, relations, free, facts)
    if out is None:
        return None
    return Mul((*scalars, out)) if scalars else out


def _own(x: Expr, at: tuple[Poly, ...], taps: list[_Tap], relations: list[Poly]) -> _Tap:
    own = tuple(f"_{len(taps)}_{axis}" for axis in range(len(at)))
    relations.extend(p - var(i) for p, i in zip(at, own, strict=True))
    return _Tap(x, own)


def _ranges(bounds: list[Poly], variables: set[str], taps: list[_Tap], relations: list[Poly], d: int) -> bool:
    """Turn 0 ≤ p, p ≤ c − 1 into a tap of ones(c); False where a bound is left over."""
    left = list(bounds)
    while left:
        p = left.pop(0)
        other = next((q for q in left if not (p + q).names() & variables), None)
        if other is None or d != 1:
            return False
        left.remove(other)
        if any(c < 0 and set(m) & variables for m, c in p.terms):
            p, other = other, p
        taps.append(_own(Ones((p + other + 1,)), (p,), taps, relations))
    return True


def _eliminate(relations: list[Poly], old: set[str], own: set[str]) -> list[Poly]:
    """Solve the relations for the old bound indices, as far as their coefficients are ±1."""
    left = list(relations)
    for v in sorted(old - own):
        hit = next((p for p in left if p.coefficient(v).constant() in (1, -1)), None)
        if hit is not None:
            c = hit.coefficient(v).constant() or 1
            value = {v: var(v) - hit * c}
            left = [p.subs(value) for p in left if p is not hit]
    return left


def _assemble(taps: list[_Tap], relations: list[Poly], free: tuple[str, ...], facts: Facts) -> Expr | None:
    """One convolution for each group of taps that share relations; several groups are multiplied pointwise."""
    axis_of: list[int] = []
    for p in relations:
        axes = [a for a, m in enumerate(free) if m in p.names()]
        if len(axes) != 1:
            return None
        axis_of.append(axes[0])
    groups: list[tuple[list[_Tap], list[Poly]]] = []
    pending = list(taps)
    rows = list(zip(relations, axis_of, strict=True))
    while rows:
        chosen = {0}
        members: list[_Tap] = []
        grown = True
        while grown:
            names = {n for i in chosen for n in rows[i][0].names()}
            members = [t for t in pending if names & set(t.own)]
            own = {i for t in members for i in t.own}
            bigger = chosen | {i for i, (p, _) in enumerate(rows) if p.names() & own}
            if not members and len(chosen) < len(free):
                bigger |= {i for i, (p, _) in enumerate(rows) if not any(n.startswith("_") for n in p.names())}
            grown, chosen = bigger != chosen, bigger
        by_axis = sorted((rows[i] for i in chosen), key=lambda row: row[1])
        if [axis for _, axis in by_axis] != list(range(len(free))):
            return None
        groups.append((members, [p for p, _ in by_axis]))
        pending = [t for t in pending if t not in members]
        rows = [row for i, row in enumerate(rows) if i not in chosen]
    parts = [_convolution(members, by_axis, free, facts) for members, by_axis in groups]
    found = [p for p in parts if p is not None]
    if pending or not found or len(found) < len(parts):
        return None
    return found[0] if len(found) == 1 else Mul(tuple(found))


def _convolution(taps: list[_Tap], relations: list[Poly], free: tuple[str, ...], facts: Facts) -> Expr | None:
    """down(shift(conv of up(kⱼ, Aⱼ), c), α) for the relations α m = c + Σ Aⱼ iⱼ."""
    for tap in taps:
        if isinstance(tap.sequence, Ones) and _reversed(tap, relations, free, facts):
            ends = {v: c - 1 - var(v) for v, c in zip(tap.own, tap.sequence.extents, strict=True)}
            relations = [p.subs(ends) for p in relations]
    alphas: list[Poly] = []
    offsets: list[Poly] = []
    steps: dict[int, list[Poly]] = {i: [] for i in range(len(taps))}
    for axis, p in enumerate(relations):
        a = p.coefficient(free[axis])
        if facts.positive(-a):
            p, a = -p, -a
        if not facts.positive(a):
            return None
        own = [t.own[axis] for t in taps]
        split = p.affine((free[axis], *own))
        if split is None or any(i in q.names() for q in (split[1], *split[0].values()) for t in taps for i in t.own):
            return None
        alphas.append(a)
        offsets.append(-split[1])
        for i, v in enumerate(own):
            steps[i].append(-split[0].get(v, Poly(())))
    parts: list[tuple[tuple[int, int, int, int], Expr]] = []
    declared = list(facts.supports)
    for i, tap in enumerate(taps):
        e = _stretched(tap.sequence, tuple(steps[i]), facts)
        if e is None:
            return None
        size = total(steps[i])
        degree = max((len(m) for m, _ in size.terms), default=0)
        order = declared.index(tap.sequence.name) if isinstance(tap.sequence, Name) else len(declared)
        parts.append(((degree, abs(size.constant() or 0), order, i), e))
    ordered = [e for _, e in sorted(parts, key=lambda item: item[0])]
    out: Expr = ordered[0] if ordered else Delta(len(free))
    for e in ordered[1:]:
        out = Conv(out, e)
    if any(c.terms for c in offsets):
        out = Shift(out, tuple(offsets))
    return Down(out, tuple(alphas)) if any(a != ONE for a in alphas) else out


def _reversed(tap: _Tap, relations: list[Poly], free: tuple[str, ...], facts: Facts) -> bool:
    """Whether a tap runs against m on every axis: its coefficient in α m = c + A i is negative."""
    return all(
        facts.nonnegative(p.coefficient(m) * p.coefficient(i)) and p.coefficient(i).terms
        for p, m, i in zip(relations, free, tap.own, strict=True)
    )


def _stretched(e: Expr, by: tuple[Poly, ...], facts: Facts) -> Expr | None:
    """up(e, A), of the flipped e where A is negative."""
    if all(facts.positive(-a) for a in by):
        e, by = Flip(e), tuple(-a for a in by)
    if not all(facts.positive(a) for a in by):
        return None
    return e if all(a == ONE for a in by) else Up(e, by)
