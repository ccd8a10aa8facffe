"""The finite-sum condition: every sum of a line has, after multiplying out, finitely many non-zero terms.

Judgement: `require(e, facts)` returns iff for every product that multiplying e out would give, the bound indices of
its sums are *pinned*: confined to finitely many values, for all sizes and all free indices, by the accesses of
finite support, the equalities and the two-sided ranges among its factors.  Under this condition sums may be
distributed, exchanged, merged and re-indexed freely.  Not checked: anything about values.
"""

from __future__ import annotations

from symconv.errors import RuleError
from symconv.expr.nodes import (
    Add, Conv, Corr, Entry, Expr, Iverson, Mul, Neg, Sum,
)  # fmt: skip
from symconv.expr.support import finite
from symconv.expr.traverse import children
from symconv.index.conditions import Divides, Eq, Ge
from symconv.index.facts import Facts
from symconv.index.poly import ZERO, Poly

Form = tuple[Poly, bool]
"""A polynomial confined to a finite set; or, with False, only bounded below by 0."""
Product = tuple[tuple[str, ...], tuple[Form, ...]]
LIMIT = 4096


def require(e: Expr, facts: Facts) -> None:
    """RuleError unless every sum in e, of whatever rank, certainly has finitely many non-zero terms."""
    _products(e, facts)


def _products(e: Expr, facts: Facts) -> list[Product]:
    """What multiplying out gives: for each product its bound indices and the forms that confine them."""
    match e:
        case Sum(indices, body):
            out = [((*indices, *inner), forms) for inner, forms in _products(body, facts)]
            for names, forms in out:
                loose = unpinned(names, forms, facts)
                if loose:
                    raise RuleError("finite sums", f"the sum over {', '.join(loose)} may have infinitely many terms")
            return out
        case Mul(parts):
            out = [((), ())]
            for part in parts:
                inner = _products(part, facts)
                out = [(n + n2, f + f2) for n, f in out for n2, f2 in inner]
                if len(out) > LIMIT:
                    raise RuleError("finite sums", f"more than {LIMIT} products")
            return out
        case Add(parts):
            return [product for part in parts for product in _products(part, facts)] or [((), ())]
        case Neg(x):
            return _products(x, facts)
        case Iverson(Eq(p)):
            return [((), ((p, True),))]
        case Iverson(Ge(p)):
            return [((), ((p, False),))]
        case Iverson(Divides()):
            return [((), ())]
        case Entry(x, at):
            _products(x, facts)
            return [((), tuple((p, True) for p in at) if finite(x, facts) else ())]
        case Conv(x, k) | Corr(x, k):
            if not (finite(x, facts) or finite(k, facts)):
                raise RuleError("finite sums", "neither operand of a convolution has finite support")
        case _:
            pass
    for part in children(e):
        _products(part, facts)
    return [((), ())]


def unpinned(names: tuple[str, ...], forms: tuple[Form, ...], facts: Facts) -> list[str]:
    """The bound indices that the forms do not confine, by elimination with pivots that are certainly non-zero."""
    left = set(names)
    rows: list[dict[str, Poly]] = []
    halves: list[dict[str, Poly]] = []
    for p, two_sided in forms:
        split = p.affine(names)
        if split is not None and split[0]:
            if two_sided:
                rows.append(split[0])
            elif any(_opposite(split[0], other) for other in halves):
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
            progress = _eliminate(rows, left, used, facts)
    return sorted(left)


def _opposite(a: dict[str, Poly], b: dict[str, Poly]) -> bool:
    return a.keys() == b.keys() and all(a[v] == -b[v] for v in a)


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
