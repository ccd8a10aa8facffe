"""The rank condition: which bound indices are confined to finitely many values by some affine forms."""

from __future__ import annotations

from symconv.index.facts import Facts
from symconv.index.poly import ZERO, Poly

Form = tuple[Poly, bool]
"""A polynomial confined to a finite set; or, with False, only bounded below by 0."""


def unpinned(names: tuple[str, ...], forms: tuple[Form, ...], facts: Facts) -> list[str]:
    """The bound indices that the forms do not confine, by elimination with pivots that are certainly non-zero."""
    left = set(names)
    for p, two_sided in forms:
        if two_sided:
            left.discard(p.name() or "")
    for p, two_sided in forms:
        met = left & p.names()
        if two_sided and len(met) == 1 and p.coefficient(*met).constant():
            left -= met
    if not left:
        return []
    rows: list[dict[str, Poly]] = []
    halves: list[dict[str, Poly]] = []
    for p, two_sided in forms:
        split = p.affine(names)
        if split is not None and split[0]:
            if two_sided or any(_opposite(split[0], other, facts) for other in halves):
                rows.append(split[0])
            else:
                halves.append(split[0])
    used: set[int] = set()
    progress = True
    while left and progress:
        progress = False
        for row in rows:
            unknown = [v for v in row if v in left]
            if len(unknown) == 1 and facts.nonzero(row[unknown[0]]):
                left.discard(unknown[0])
                progress = True
        if not progress:
            progress = _two_sided(rows, halves, left, facts) or _eliminate(rows, left, used, facts)
    return sorted(left)


def _opposite(a: dict[str, Poly], b: dict[str, Poly], facts: Facts) -> bool:
    """Whether a is certainly a negative multiple of b, so that a·i ≥ −p and b·i ≥ −q are the ends of one range."""
    if a.keys() != b.keys():
        return False
    if all(a[v] == -b[v] for v in a):
        return True
    v, *others = a
    apart = any(facts.at_least_one(p) and facts.at_least_one(-q) for p, q in ((a[v], b[v]), (b[v], a[v])))
    return apart and all(a[v] * b[u] == a[u] * b[v] for u in others)


def _two_sided(rows: list[dict[str, Poly]], halves: list[dict[str, Poly]], left: set[str], facts: Facts) -> bool:
    """Make rows of pairs of one-sided forms that are opposite in what is left: a triangular range is one."""
    seen: list[dict[str, Poly]] = []
    for half in list(halves):
        rest = {v: c for v, c in half.items() if v in left}
        if rest and any(_opposite(rest, other, facts) for other in seen):
            rows.append(rest)
            halves.remove(half)
            return True
        seen.append(rest)
    return False


def _eliminate(rows: list[dict[str, Poly]], left: set[str], used: set[int], facts: Facts) -> bool:
    """One pivot step of Gauss' elimination: the pivot leaves every row that has not been used as a pivot row."""
    for i, row in enumerate(rows):
        pivots = () if i in used else sorted(v for v in row.keys() & left if facts.nonzero(row[v]))
        for v in pivots:
            others = [j for j in range(len(rows)) if j != i and j not in used and v in rows[j]]
            if others:
                for j in others:
                    mixed = {u: row[v] * rows[j].get(u, ZERO) - rows[j][v] * row.get(u, ZERO)
                             for u in (row.keys() | rows[j].keys()) & left}  # fmt: skip
                    rows[j] = {u: c for u, c in mixed.items() if c.terms}
                used.add(i)
                return True
    return False
