"""Finite support, and the finite-sum condition: every sum of a line has finitely many terms ≠ 0.

Judgement: `require(e, facts)` returns iff for every product that multiplying e out would give, the bound indices of
its sums are *pinned*: confined to finitely many values, for all sizes and all free indices, by the accesses of
finite support, the equalities and the two-sided ranges among its factors.  Under this condition sums may be
distributed, exchanged, merged and re-indexed freely.  Not checked: anything about values.
"""

from __future__ import annotations

from symconv.errors import RuleError
from symconv.expr.nodes import (
    Add,
    Apply,
    Conv,
    Corr,
    Delta,
    Down,
    Entry,
    Expr,
    Flip,
    Formula,
    Iverson,
    Mul,
    Name,
    Neg,
    Ones,
    Reverse,
    Shift,
    Sum,
    Taps,
    Up,
    rank,
)  # fmt: skip
from symconv.expr.traverse import children
from symconv.index.conditions import Divides, Eq, Ge
from symconv.index.facts import Facts
from symconv.index.pinning import Form, unpinned

Product = tuple[tuple[str, ...], tuple[Form, ...]]
LIMIT = 4096


VANISHING = frozenset({"relu", "abs"})
"""Pointwise functions with f(0) = 0."""


def finite(e: Expr, facts: Facts) -> bool:
    """Certainly of finite support (False: not known)."""
    match e:
        case Name(name):
            return name in facts.finite
        case Conv(x, k) | Corr(x, k):
            return finite(x, facts) and finite(k, facts)
        case Down(x) | Up(x) | Flip(x) | Reverse(x) | Shift(x) | Neg(x) | Sum(_, x):
            return finite(x, facts)
        case Apply(f, x):
            return f in VANISHING and finite(x, facts)
        case Delta() | Ones() | Taps():
            return True
        case Add(parts):
            return all(rank(p) > 0 and finite(p, facts) for p in parts)
        case Mul(parts):
            return any(rank(p) > 0 and finite(p, facts) for p in parts)
        case Formula(indices, body):
            return not any(unpinned((*indices, *inner), forms, facts) for inner, forms in _products(body, facts))
        case _:
            return False


def require(e: Expr, facts: Facts) -> None:
    """RuleError unless every sum in e, of whatever rank, certainly has finitely many non-zero terms."""
    _products(e, facts)


def _products(e: Expr, facts: Facts) -> list[Product]:
    """What multiplying out gives: for each product its bound indices and the forms that confine them."""
    match e:
        case Sum(indices, body):
            out = [((*indices, *inner), forms) for inner, forms in _products(body, facts)]
            for names, forms in out:
                inner = set(names[len(indices) :])
                # The inner indices are pinned for each value of ours: it is enough to pin ours without them.
                own = tuple(form for form in forms if not inner & form[0].names()) if inner else forms
                loose = unpinned(indices, own, facts) and unpinned(names, forms, facts)
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
            inner = _products(x, facts)
            pins = tuple((p, True) for p in at) if finite(x, facts) else ()
            pointwise = isinstance(x, Add | Mul | Neg | Sum)
            return [(names, forms + pins) for names, forms in inner] if pointwise else [((), pins)]
        case Conv(x, k) | Corr(x, k):
            if not (finite(x, facts) or finite(k, facts)):
                raise RuleError("finite sums", "neither operand of a convolution has finite support")
        case _:
            pass
    for part in children(e):
        _products(part, facts)
    return [((), ())]
