"""Non-negative combinations by linear programming: m p + m − 1 = Σ λᵢ hᵢ + (something that is seen to be ≥ 0), exactly.

Sizes are written s = 1 + s′, so that every name of known sign is ≥ 0 and a polynomial without negative coefficients is
too.  The unknowns are the coefficients ≥ 0 of the λᵢ at a few monomials; each monomial of the rest gives a row: what
has a name of unknown sign must cancel, all else must stay ≥ 0.  The simplex method is done in fractions (Bland's rule,
so it ends); a common denominator goes into the scale m.  Source: the lemma of Farkas; V. Chvátal, Linear Programming.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import combinations_with_replacement
from math import lcm

from symconv.index.facts import Facts
from symconv.index.poly import ONE, Monomial, Poly, const, var
from symconv.tactics import evidence

COLUMNS = 600
PIVOTS = 400
DEGREE = 2


def combination(
    p: Poly, known: Sequence[Poly], facts: Facts, scales: Sequence[Poly]
) -> tuple[Poly, dict[int, Poly]] | None:
    """A scale m and multipliers with m p + m − 1 − Σ λᵢ hᵢ certainly ≥ 0, so that the integer p is; or None."""
    for m in scales:
        if facts.at_least_one(m):
            found = evidence.find(m * p + m - 1, known, facts)
            if found is not None:
                return m, found
    for m in scales:
        if facts.at_least_one(m):
            solved = _programme(m * p + m - 1, known, facts)
            if solved is not None:
                by, multipliers = solved
                return by * m, multipliers
    return None


def _programme(p: Poly, known: Sequence[Poly], facts: Facts) -> tuple[int, dict[int, Poly]] | None:
    shift = {s: var(s) + ONE for s in facts.sizes}
    back = {s: var(s) - ONE for s in facts.sizes}
    target, hypotheses = p.subs(shift), [h.subs(shift) for h in known]
    signed = facts.sizes | facts.naturals
    near = _near(target, hypotheses, signed)
    names = sorted({n for q in (target, *(hypotheses[i] for i in near)) for n in q.names() if n in signed})
    degree = max((len(m) for m, _ in target.terms), default=0)
    columns: list[tuple[int, Monomial, Poly]] = []
    for d in range(DEGREE + 1):
        for i in near:
            least = min((len(m) for m, _ in hypotheses[i].terms if m), default=0)
            for monomial in combinations_with_replacement(names, d) if d + least <= max(degree, 1) else ():
                columns.append((i, monomial, Poly(((monomial, 1),)) * hypotheses[i]))
    columns = columns[:COLUMNS]
    rows = sorted({m for q in (target, *(c for _, _, c in columns)) for m, _ in q.terms}, key=lambda m: (len(m), m))
    tables = [dict(c.terms) for _, _, c in columns]
    wanted = dict(target.terms)
    equal = [not signed.issuperset(m) for m in rows]
    matrix = [[Fraction(t.get(m, 0)) for t in tables] for m in rows]
    found = feasible(matrix, [Fraction(wanted.get(m, 0)) for m in rows], equal)
    if found is None:
        return None
    by = lcm(*(v.denominator for v in found)) if found else 1
    multipliers: dict[int, Poly] = {}
    for (i, monomial, _), v in zip(columns, found, strict=True):
        if v:
            factor = Poly(((monomial, 1),)).subs(back) * const(int(v * by))
            multipliers[i] = multipliers[i] + factor if i in multipliers else factor
    whole = by * p + (by - 1)
    return (by, multipliers) if facts.combination(whole, known, multipliers) else None


def _near(target: Poly, hypotheses: Sequence[Poly], signed: frozenset[str]) -> list[int]:
    """The hypotheses that share a name with the target, or with one that does; those without names."""
    met, near = set(target.names()), list[int]()
    for _ in range(3):
        near = [i for i, h in enumerate(hypotheses) if not h.names() or h.names() & met]
        met |= {n for i in near for n in hypotheses[i].names()}
    return near


def feasible(matrix: list[list[Fraction]], b: list[Fraction], equal: list[bool]) -> list[Fraction] | None:
    """Some x ≥ 0 with A x = b in the rows that are `equal` and A x ≤ b in the others; None where none was found."""
    n, rows = len(matrix[0]) if matrix else 0, len(matrix)
    if not rows:
        return []
    slack = {r: n + k for k, r in enumerate(r for r in range(rows) if not equal[r])}
    width = n + len(slack)
    table: list[list[Fraction]] = []
    basis: list[int] = []
    artificial: list[int] = []
    for r in range(rows):
        line = [*matrix[r], *(Fraction(int(slack.get(r) == n + k)) for k in range(len(slack)))]
        value = b[r]
        if value < 0:
            line, value = [-v for v in line], -value
        own = slack.get(r)
        if own is not None and line[own] > 0:
            basis.append(own)
        else:
            basis.append(width + len(artificial))
            artificial.append(r)
        table.append([*line, value])
    for k, r in enumerate(artificial):
        for i, line in enumerate(table):
            line.insert(width + k, Fraction(int(i == r)))
    cost = [sum((table[r][j] for r in artificial), Fraction(0)) for j in range(width)]
    cost += [Fraction(0)] * len(artificial)
    cost.append(sum((table[r][-1] for r in artificial), Fraction(0)))
    for _ in range(PIVOTS):
        enter = next((j for j in range(width) if cost[j] > 0), None)
        if enter is None or not cost[-1]:
            break
        ratios = [(table[r][-1] / table[r][enter], basis[r], r) for r in range(rows) if table[r][enter] > 0]
        if not ratios:
            return None
        _, _, leave = min(ratios)
        pivot = table[leave][enter]
        table[leave] = [v / pivot for v in table[leave]]
        for line in (*(table[r] for r in range(rows) if r != leave), cost):
            factor = line[enter]
            if factor:
                for j, v in enumerate(table[leave]):
                    if v:
                        line[j] -= factor * v
        basis[leave] = enter
    if cost[-1]:
        return None
    out = [Fraction(0)] * n
    for r, j in enumerate(basis):
        if j < n:
            out[j] = table[r][-1]
    return out
