"""Why an inequality follows from others, found by linear programming over exact fractions.

p ≥ 0 follows over the integers where m p + m − 1 = Σ λᵢ hᵢ + rest for a scale m ≥ 1, multipliers λᵢ ≥ 0 and a rest
that is certainly ≥ 0.  With numbers as coefficients this is Farkas' lemma, rounding included; multipliers that are
products of sizes serve symbolic strides.  What is found here is checked by the rule `imply`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import combinations_with_replacement
from math import gcd, lcm

from symconv.errors import StatementError
from symconv.expr.nodes import Iverson, factors_of
from symconv.expr.support import around, bounds
from symconv.expr.traverse import Path, at
from symconv.index.conditions import Ge
from symconv.index.facts import Facts
from symconv.index.poly import ONE, ZERO, Monomial, Poly, var
from symconv.tactics.chain import Chain
from symconv.tactics.evidence import Certificate, plain

WIDEST = 160
PIVOTS = 200
Row = list[int]


def certificate(p: Poly, hypotheses: Sequence[Poly], facts: Facts) -> Certificate | None:
    """Multipliers and a scale that show p ≥ 0, or None; the same question is answered once."""
    question = ("farkas", p, tuple(hypotheses))
    if question not in facts.remembered:
        facts.remembered[question] = _certificate(p, hypotheses, facts)
    found = facts.remembered[question]
    return found if isinstance(found, Certificate) else None


def drop(chain: Chain, place: Path, condition: Ge, inside: Path = ()) -> bool:
    """f·[c] = f for the product at a place, or inside what stands there; False where what is known does not imply c."""
    e, facts = chain.at(place), chain.statement.facts
    parts = list(factors_of(at(e, inside)))
    parts.remove(Iverson(condition))
    try:
        known = [*around(e, inside, facts), *bounds(tuple(parts), facts)]
    except StatementError:
        return False
    found = certificate(condition.p, known, facts)
    where = {"place": inside} if inside else {}
    return found is not None and chain.do("imply", place, condition=condition, **found.arguments, **where)


def _certificate(p: Poly, hypotheses: Sequence[Poly], facts: Facts) -> Certificate | None:
    found = plain(p, hypotheses, facts)
    if found is not None:
        return found
    nonlinear = {n for q in (p, *hypotheses) for m, _ in q.terms if len(m) > 1 for n in m}
    factors = sorted(nonlinear & (facts.sizes | facts.naturals))
    for scale in (ONE, *(var(n) for n in factors if n in facts.sizes)):
        found = _combined(scale, p, hypotheses, factors, facts)
        if found is not None:
            return found
    return None


def _combined(scale: Poly, p: Poly, hypotheses: Sequence[Poly], factors: list[str], facts: Facts) -> Certificate | None:
    """scale p + scale − 1 as a combination; for scale 1 with a rest less than 1, and then a number for the scale."""
    shift = {n: var(n) + ONE for n in facts.sizes}
    target = (scale * p + scale - 1).subs(shift)
    degree = max((len(m) for q in (scale * p, *hypotheses) for m, _ in q.terms), default=0)
    columns: list[tuple[int, Poly, Poly]] = []
    for i, h in enumerate(hypotheses):
        own = max((len(m) for m, _ in h.terms), default=0)
        for by in _products(factors, degree - own, facts):
            columns.append((i, by, (by * h).subs(shift)))
    if len(columns) > WIDEST:
        columns = [c for c in columns if c[1] == ONE]
    monomials = sorted({m for q in (target, *(c[2] for c in columns)) for m, _ in q.terms}, key=lambda m: (len(m), m))
    certain = facts.sizes | facts.naturals
    found = _least_rounding([dict(c[2].terms) for c in columns], dict(target.terms), monomials, certain)
    if found is None:
        return None
    rounding, weights = found
    if rounding >= 1 or (rounding and scale != ONE):
        return None
    whole = lcm(rounding.denominator, *(w.denominator for w in weights))
    evidence: dict[int, Poly] = {}
    for (i, by, _), w in zip(columns, weights, strict=True):
        if w:
            evidence[i] = evidence.get(i, ZERO) + by * int(w * whole)
    return Certificate(evidence, scale * whole)


def _products(factors: list[str], degree: int, facts: Facts) -> Iterator[Poly]:
    """1, s − 1, n, (s − 1)(t − 1), … for sizes s, t and naturals n, up to a degree of 2."""
    yield ONE
    least = [var(n) - 1 if n in facts.sizes else var(n) for n in factors]
    yield from least if degree > 0 else ()
    yield from (p * q for p, q in combinations_with_replacement(least, 2)) if degree > 1 else ()


def _least_rounding(columns: list[dict[Monomial, int]], target: dict[Monomial, int], monomials: list[Monomial],
                    certain: frozenset[str]) -> tuple[Fraction, list[Fraction]] | None:  # fmt: skip
    """(t, λ) with the least t ≥ 0 where target + t − Σ λ column has only certain terms, with coefficients ≥ 0."""
    rows: list[Row] = []
    slacks = [m for m in monomials if certain.issuperset(m)]
    if () not in slacks:
        slacks.insert(0, ())
        monomials = [(), *monomials]
    for m in monomials:
        row = [*(c.get(m, 0) for c in columns), *(int(m == s) for s in slacks), -int(m == ()), target.get(m, 0)]
        rows.append(row if row[-1] >= 0 else [-v for v in row])
    solution = _minimum(rows, len(columns) + len(slacks))
    return None if solution is None else (solution[-1], solution[: len(columns)])


def _minimum(rows: list[Row], cost: int) -> list[Fraction] | None:
    """The x ≥ 0 with rows[i][:-1] · x = rows[i][-1] and the least x[cost]; None where there is none, or no end is seen.

    Both phases of the simplex method, with Bland's rule.  Every row is a multiple, by a factor > 0, of what it means.
    """
    width = len(rows[0]) - 1
    basis = list(range(width, width + len(rows)))
    goal = [-sum(row[j] for row in rows) for j in range(width + 1)]
    if not _descend(rows, goal, basis, width) or goal[-1]:
        return None
    for i, b in enumerate(basis):
        if b >= width:
            j = next((j for j in range(width) if rows[i][j]), None)
            if j is not None:
                rows[i] = rows[i] if rows[i][j] > 0 else [-v for v in rows[i]]
                _pivot(rows, goal, basis, i, j)
    kept = [i for i, b in enumerate(basis) if b < width]
    rows, basis = [rows[i] for i in kept], [basis[i] for i in kept]
    goal = [int(j == cost) for j in range(width + 1)]
    if cost in basis:
        goal = _without(goal, rows[basis.index(cost)], cost)
    if not _descend(rows, goal, basis, width):
        return None
    solution = [Fraction(0)] * width
    for row, b in zip(rows, basis, strict=True):
        solution[b] = Fraction(row[-1], row[b])
    return solution


def _descend(rows: list[Row], goal: Row, basis: list[int], width: int) -> bool:
    """Pivot until the goal, a cost row, is least; False after too many steps, or where there is no least one."""
    for _ in range(PIVOTS):
        j = next((j for j in range(width) if goal[j] < 0), None)
        if j is None:
            return True
        ratios = [(Fraction(row[-1], row[j]), b, i) for i, (row, b) in enumerate(zip(rows, basis, strict=True))
                  if row[j] > 0]  # fmt: skip
        if not ratios:
            return False
        _pivot(rows, goal, basis, min(ratios)[2], j)
    return False


def _pivot(rows: list[Row], goal: Row, basis: list[int], i: int, j: int) -> None:
    """Take x[j] out of all rows but row i, in which its coefficient is > 0."""
    for k, row in enumerate(rows):
        if k != i and row[j]:
            rows[k] = _without(row, rows[i], j)
    goal[:] = _without(goal, rows[i], j)
    basis[i] = j


def _without(row: Row, pivot: Row, j: int) -> Row:
    """A multiple of the row, less one of another, in which x[j] has the coefficient 0."""
    factor, by = row[j], pivot[j]
    out = [by * v - factor * w for v, w in zip(row, pivot, strict=True)]
    shared = gcd(*out)
    return [v // shared for v in out] if shared > 1 else out
