"""Laws of the maximum of a scalar over a box: each takes `Most(indices, f, extents)` to an expression of equal value.

With M_i f for the greatest value of f(i), 0 ≤ i < c; every extent is at least 1 (`wellformed`).

    nest        M_i M_j f = M_{i,j} f                    the inner extents free of i
    drop        M_{i,j} f = M_j f                        f free of i, or c = 1 and then i = 0
    reflect     M_i f(i) = M_i f(c − 1 − i)
    arrange     M_{i,j} f(i, j) = M_{v,u} f(u, v)        new names in a new order
    merge       M_{i<c, j<e} f(i + s j) = M_{m < c + s(e−1)} f(m)      1 ≤ s ≤ c
    translate   M_i (f + u) = M_i f + u                  u free of i
    scale       M_i a f = a M_i f                        a ≥ 0 free of i
    greatest    M_i f(i) = the greatest of the numbers f(i)      extents and f(i) numbers, at most 1000 of them
    rising      M_i g(f) = g(M_i f)                      g = relu, step, sign, or |·|^e with e > 0 where f ≥ 0

Anything else is a StatementError.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from itertools import product as cartesian
from math import prod

from symconv.errors import StatementError
from symconv.expr.nodes import Add, Apply, Const, Expr, Most, Mul, Peak, Power, product
from symconv.expr.ring import distribute
from symconv.expr.signs import RISING, nonnegative
from symconv.expr.statement import Statement
from symconv.expr.traverse import free_indices, index_names, substitute
from symconv.index.poly import ONE, ZERO, Poly, const, var

LARGEST = 1000
"""Of so many numbers the greatest is looked for."""


def nest(e: Most, statement: Statement) -> Expr:
    inner = e.body
    if not isinstance(inner, Most) or any(p.names() & set(e.indices) for p in inner.extents):
        raise StatementError("the body is no maximum over a box of its own")
    _need(not set(e.indices) & set(inner.indices), "an index is bound twice")
    return Most(e.indices + inner.indices, inner.body, e.extents + inner.extents)


def drop(e: Most, statement: Statement, index: str) -> Expr:
    position = _position(e, index)
    unused = index not in free_indices(e.body)
    _need(unused or e.extents[position] == ONE, f"the maximum depends on {index}")
    body = e.body if unused else substitute(e.body, {index: ZERO})
    kept = [(v, p) for v, p in zip(e.indices, e.extents, strict=True) if v != index]
    return Most(tuple(v for v, _ in kept), body, tuple(p for _, p in kept)) if kept else body


def reflect(e: Most, statement: Statement, index: str) -> Expr:
    end = e.extents[_position(e, index)] - 1
    _need(index not in end.names(), "the extent depends on the index")
    return Most(e.indices, substitute(e.body, {index: end - var(index)}), e.extents)


def arrange(e: Most | Peak, statement: Statement, order: tuple[str, ...], names: tuple[str, ...]) -> Expr:
    fixed = isinstance(e, Peak)
    _need(sorted(order) == sorted(e.indices) and len(set(names)) == len(names) == len(order), "not the same indices")
    _need(not fixed or order == e.indices, "the first of several maxima depends on the order")
    _need(not set(names) & (index_names(e.body) - set(e.indices)), f"the names {names} are not fresh")
    _need(not {n for p in e.extents for n in p.names()} & set(names), f"the names {names} are not fresh")
    body = substitute(e.body, dict(zip(order, map(var, names), strict=True)))
    extents = tuple(e.extents[e.indices.index(old)] for old in order)
    return Peak(names, body, extents, e.at) if isinstance(e, Peak) else Most(names, body, extents)


def merge(e: Most, statement: Statement, first: str, second: str, name: str, by: Poly) -> Expr:
    i, j = _position(e, first), _position(e, second)
    c, more = e.extents[i], e.extents[j]
    facts = statement.facts
    _need(
        first != second and facts.at_least_one(by) and facts.at_least_one(c - by + 1), f"1 <= {by} <= {c} is not known"
    )
    used = {n for p in (*e.extents, by) for n in p.names()}
    _need(not used & {*e.indices, name} and name not in index_names(e), f"{name} is not fresh, or an extent is bound")
    merged = substitute(e.body, {first: var(name), second: ZERO})
    again = substitute(merged, {name: var(first) + by * var(second)})
    _need(again == e.body, f"the indices do not stand in {first} + {by} {second} throughout")
    kept = [(v, p) for v, p in zip(e.indices, e.extents, strict=True) if v not in (first, second)]
    return Most((*(v for v, _ in kept), name), merged, (*(p for _, p in kept), c + by * (more - 1)))


def translate(e: Most, statement: Statement) -> Expr:
    if not isinstance(e.body, Add):
        raise StatementError("the body is no sum")
    fixed, moving = _apart(e.body.terms, e.indices)
    return Add((Most(e.indices, moving[0] if len(moving) == 1 else Add(moving), e.extents), *fixed))


def scale(e: Most, statement: Statement) -> Expr:
    if not isinstance(e.body, Mul):
        raise StatementError("the body is no product")
    fixed, _ = _apart(e.body.factors, e.indices)
    above = tuple(f for f in fixed if nonnegative(f, statement))
    _need(len(above) > 0, "no fixed factor is known to be at least 0")
    rest = list(e.body.factors)
    for f in above:
        rest.remove(f)
    return Mul((*above, Most(e.indices, product(tuple(rest)), e.extents)))


def rising(e: Most, statement: Statement) -> Expr:
    match e.body:
        case Apply(f, x) if f in RISING:
            return Apply(f, Most(e.indices, x, e.extents))
        case Power(x, p, q) if statement.facts.at_least_one(p) and nonnegative(x, statement):
            return Power(Most(e.indices, x, e.extents), p, q)
        case _:
            raise StatementError("the body is no rising function of anything")


def greatest(e: Most, statement: Statement) -> Expr:
    ends = [p.constant() for p in e.extents]
    counts = [c for c in ends if c is not None and c >= 1]
    _need(len(set(e.indices)) == len(ends), "an index is bound twice")
    _need(len(counts) == len(ends) and prod(counts) <= LARGEST, "the box is not one of so many places")
    values: list[Fraction] = []
    for place in cartesian(*map(range, counts)):
        value = distribute(substitute(e.body, dict(zip(e.indices, map(const, place), strict=True))))
        if not isinstance(value, Const):
            raise StatementError("the values are not numbers")
        values.append(value.value)
    return Const(max(values))


LAWS: dict[str, Callable[..., Expr]] = {
    f.__name__: f for f in (nest, drop, reflect, arrange, merge, translate, scale, rising, greatest)
}


def _need(condition: bool, reason: str) -> None:
    if not condition:
        raise StatementError(reason)


def _position(e: Most, index: str) -> int:
    _need(index in e.indices, f"{index} is not bound here")
    return e.indices.index(index)


def _apart(parts: tuple[Expr, ...], indices: tuple[str, ...]) -> tuple[tuple[Expr, ...], tuple[Expr, ...]]:
    """The parts that are free of the indices, and the others; both must be there."""
    moving = tuple(p for p in parts if free_indices(p) & set(indices))
    _need(0 < len(moving) < len(parts), "nothing stands in the maximum that is free of its indices")
    return tuple(p for p in parts if not free_indices(p) & set(indices)), moving
