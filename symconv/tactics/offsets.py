"""Changes of bound indices i = ±j + d that carry the places of one term to those of another: d by linear equations.

They are needed where no place is a single index: Σ_q h[−n−2q] x[2n+3q] is Σ_r h[n+2r] x[−n−3r] by q = −n − r.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import permutations, product

from symconv.expr.nodes import Entry, Name
from symconv.index.poly import ZERO, Poly, var
from symconv.tactics.terms import Term

MOST = 3
Places = list[tuple[str, tuple[Poly, ...]]]
Equation = tuple[dict[str, Poly], Poly]
"""Σ coefficient·d = value over the unknown offsets d."""


def offsets(a: Term, b: Term) -> Iterator[tuple[dict[str, Poly], dict[str, Poly]]]:
    """Maps of the indices of a to those of b, and back, under which the places of named sequences agree."""
    left, right = _places(a), _places(b)
    if not 0 < len(a.indices) <= MOST or sorted(n for n, _ in left) != sorted(n for n, _ in right):
        return
    for order in permutations(right):
        if [n for n, _ in order] != [n for n, _ in left]:
            continue
        pairs = [
            (p, q) for (_, at), (_, other) in zip(left, order, strict=True) for p, q in zip(at, other, strict=True)
        ]
        for names in permutations(b.indices):
            for signs in product((1, -1), repeat=len(names)):
                found = _solve(pairs, dict(zip(a.indices, zip(names, signs, strict=True), strict=True)))
                if found is not None:
                    yield found


def _places(t: Term) -> Places:
    found = [(f.x.name, f.at) for f in t.factors if isinstance(f, Entry) and isinstance(f.x, Name)]
    return found if len(found) <= 5 else []


def _solve(pairs: list[tuple[Poly, Poly]],
           chosen: dict[str, tuple[str, int]]) -> tuple[dict[str, Poly], dict[str, Poly]] | None:  # fmt: skip
    equations: list[Equation] = []
    for p, q in pairs:
        ours, theirs = p.affine(chosen), q.affine([v for v, _ in chosen.values()])
        if ours is None or theirs is None:
            return None
        if any(ours[0].get(u, ZERO) * sign != theirs[0].get(v, ZERO) for u, (v, sign) in chosen.items()):
            return None
        equations.append((ours[0], theirs[1] - ours[1]))
    shifts: dict[str, Poly] = {}
    progress = True
    while progress:
        progress = False
        for coefficients, value in equations:
            unknown = [u for u, c in coefficients.items() if c.terms and u not in shifts]
            rest = value
            for u, d in shifts.items():
                rest = rest - coefficients.get(u, ZERO) * d
            if not unknown and rest.terms:
                return None
            if len(unknown) == 1:
                d = rest.divide(coefficients[unknown[0]])
                if d is None:
                    return None
                shifts[unknown[0]] = d
                progress = True
    there = {u: sign * var(v) + shifts.get(u, ZERO) for u, (v, sign) in chosen.items()}
    back = {v: sign * (var(u) - shifts.get(u, ZERO)) for u, (v, sign) in chosen.items()}
    return there, back
