"""Finite support, and the finite-sum condition: every sum of a line has finitely many terms ≠ 0.

Judgement: `require(e, facts)` returns iff for every product that multiplying e out would give, the bound indices of
its sums are *pinned*: confined to finitely many values, for all sizes and all free indices, by the accesses of
finite support, the equalities and the two-sided ranges among its factors.  Under this condition sums may be
distributed, exchanged, merged and re-indexed freely.  Not checked: anything about values.
"""

from __future__ import annotations

from typing import NamedTuple

from symconv.errors import RuleError
from symconv.expr.definitions import formula_of
from symconv.expr.floors import inside, is_floor
from symconv.expr.nodes import (
    VANISHING,
    Add,
    Adjoint,
    Apply,
    Binder,
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
    Inner,
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
from symconv.expr.traverse import children, own_polys
from symconv.expr.wellformed import meaning
from symconv.index.conditions import Eq, Ge
from symconv.index.facts import Facts
from symconv.index.pinning import unpinned
from symconv.index.poly import Poly

Pin = tuple[Poly, bool, frozenset[str]]
"""A form that is confined as in `pinning.Form`, for each value of these names: the bounds may move with them."""
Product = tuple[tuple[str, ...], tuple[Pin, ...]]
LIMIT = 4096
_PLAIN: list[Product] = [((), ())]
_NONE: frozenset[str] = frozenset()


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
        case Power(x, p):
            return facts.nonzero(p) and finite(x, facts)
        case Layer("max_pool", (x,)):
            return finite(x, facts)
        case Delta() | Ones() | Taps():
            return True
        case Cascade(_, k):
            return finite(k, facts)
        case Grad(x, by, g) | Adjoint(x, by, g):
            # Each entry of x is a finite sum, so it reads finitely many entries of what is differentiated by.
            return finite(by, facts) or finite(x, facts) or finite(g, facts)
        case Layer():
            return finite(formula_of(e), facts)
        case Add(parts):
            return all(rank(p) > 0 and finite(p, facts) for p in parts)
        case Mul(parts):
            return any(rank(p) > 0 and finite(p, facts) for p in parts)
        case Formula(indices, body):
            products = _known(body, facts, {}).products
            return not any(_loose((*indices, *inner), (), pins, facts) for inner, pins in products)
        case _:
            return False


class Known(NamedTuple):
    """What is known of a node: its rank, its products, the names that it binds, and those that are free in it."""

    node: Expr
    rank: int
    products: list[Product]
    bound: frozenset[str]
    free: frozenset[str]


Seen = dict[int, Known]
"""Nodes that were met before, by identity; the node is kept so that its identity stays its own."""


def require(e: Expr, facts: Facts, seen: Seen | None = None) -> Known:
    """RuleError unless every sum in e certainly has finitely many terms ≠ 0, and no name is both free and bound."""
    known = _known(e, facts, {} if seen is None else seen)
    if not known.bound.isdisjoint(known.free):
        raise RuleError("scope", f"{', '.join(sorted(known.bound & known.free))} is both free and bound")
    return known


def _known(e: Expr, facts: Facts, seen: Seen) -> Known:
    known = seen.get(id(e))
    if known is None:
        parts = [_known(part, facts, seen) for part in children(e)]
        free = _NONE.union(*[part.free for part in parts])
        bound = _NONE.union(*[part.bound for part in parts]) if parts else _NONE
        own = meaning(e, [part.rank for part in parts], facts)
        products = _multiplied(e, facts, parts)
        if isinstance(e, Binder):
            if any(is_floor(n) and not inside(n).isdisjoint(e.indices) for n in free):
                raise RuleError("scope", f"a floor, which is one integer, speaks of the bound indices {e.indices}")
            bound, free = bound.union(e.indices), free.difference(e.indices)
        free = free.union(*[p.names() for p in own_polys(e)])
        known = seen[id(e)] = Known(e, own, products, bound, free)
    return known


def _multiplied(e: Expr, facts: Facts, parts: list[Known]) -> list[Product]:
    """What multiplying out gives: for each product its bound indices and the forms that confine them."""
    match e:
        case Sum(indices):
            return [_pinned(indices, inner, pins, facts) for inner, pins in parts[0].products]
        case Mul():
            out = _PLAIN
            for part in parts:
                out = [(_distinct(n, n2), f + f2) for n, f in out for n2, f2 in part.products]
                if len(out) > LIMIT:
                    raise RuleError("finite sums", f"more than {LIMIT} products")
            return out
        case Add():
            return [product for part in parts for product in part.products] or _PLAIN
        case Neg():
            return parts[0].products
        case Diff(_, _, at):
            # A finite sum reads finitely many entries: for each value of its indices few places have a derivative.
            reads = tuple((p, True, parts[0].free) for p in at)
            return [(names, pins + reads) for names, pins in parts[0].products]
        case Inner(x, y):
            _ended(finite(x, facts) or finite(y, facts), "neither operand of an inner product has finite support")
            return _PLAIN
        case Grad(x, _, g) | Adjoint(x, _, g):
            ends = not parts[0].rank or finite(x, facts) or finite(g, facts)
            _ended(ends, "neither the output nor its upstream gradient has finite support")
            return _PLAIN
        case Layer():
            _known(formula_of(e), facts, {})
            return _PLAIN
        case Cascade(_, k):
            _ended(finite(k, facts), "a product of sequences without finite support")
            return _PLAIN
        case Repeat(_, x):
            free = isinstance(x, Name) and x.name not in facts.finite and not any(facts.supports.get(x.name, ()))
            _ended(free, "what a repeated map starts from is an unbounded signal")
            return _PLAIN
        case Apply(f) if f in VANISHING:
            return parts[0].products
        case Power(_, p) if facts.nonzero(p):
            return parts[0].products
        case Iverson(Eq(p)):
            return [((), ((p, True, _NONE),))]
        case Iverson(Ge(p)):
            return [((), ((p, False, _NONE),))]
        case Entry(x, at):
            pins = tuple((p, True, parts[0].free) for p in at) if finite(x, facts) else ()
            if not isinstance(x, Add | Mul | Neg | Sum):
                return [((), pins)]
            for names, _ in parts[0].products:
                _distinct(names, tuple(name for p in at for name in p.names()))
            return [(names, own + pins) for names, own in parts[0].products]
        case Conv(x, k) | Corr(x, k):
            _ended(finite(x, facts) or finite(k, facts), "neither operand of a convolution has finite support")
            return _PLAIN
        case _:
            return _PLAIN


def _ended(ends: bool, otherwise: str) -> None:
    if not ends:
        raise RuleError("finite sums", otherwise)


def _pinned(indices: tuple[str, ...], inner: tuple[str, ...], pins: tuple[Pin, ...], facts: Facts) -> Product:
    """The product below one more sum; RuleError unless the indices of all its sums are pinned."""
    names = _distinct(indices, inner)
    # The inner indices are pinned for each value of ours: it is enough to pin ours without them.
    if _loose(indices, inner, pins, facts):
        loose = _loose(names, (), pins, facts)
        if loose:
            raise RuleError("finite sums", f"the sum over {', '.join(loose)} may have infinitely many terms")
    return names, pins


def _loose(names: tuple[str, ...], without: tuple[str, ...], pins: tuple[Pin, ...], facts: Facts) -> list[str]:
    """The names that are not pinned by what neither speaks of `without` nor is bounded differently for each name."""
    while True:
        moving = {*names, *without}
        usable = (pin for pin in pins if pin[2].isdisjoint(moving) and pin[0].names().isdisjoint(without))
        left = unpinned(names, tuple((p, two_sided) for p, two_sided, _ in usable), facts)
        if not left or len(left) == len(names):
            return left
        names = tuple(left)  # The others take finitely many values: what moves with them only is fixed for each.


def _distinct(left: tuple[str, ...], right: tuple[str, ...]) -> tuple[str, ...]:
    """Both lists of names; RuleError where they share one, for then a form would speak of two indices at once."""
    if left and right and not set(left).isdisjoint(right):
        raise RuleError("scope", f"the index {', '.join(sorted(set(left) & set(right)))} is bound twice")
    return left + right
