"""The order of real numbers: where an expression rises with a part of it, and the laws by which one is below another.

`rises(e, i, old, statement)`: putting something ≥ `old` for the i-th child `old` of e does not make e smaller.
Each law says that old ≤ new, for all values of everything free in them:

    more        e ≤ e + f                               f ≥ 0
    fewer       e + f ≤ e                               f ≤ 0
    function    e ≤ |e|,  e ≤ relu(e),  relu(e) ≤ |e|
    triangle    |f + g| ≤ |f| + |g|,  |Σ f| ≤ Σ |f|,  the same for relu;  |max f| ≤ max |f|
    total       max_i f ≤ Σ_i [0 ≤ i < c] f             f ≥ 0
    greatest    w f(a) ≤ w max_i f(i)                   w ≥ 0 has the factors 0 ≤ a < c
    attained    f(a) ≤ max_i f(i)                       0 ≤ a < c is known of the integers a
    apart       max_i (f + g) ≤ max_i f + max_i g
    wider       max_{i<c} f ≤ max_{i<e} f               c ≤ e

Anything else is a StatementError.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping

from symconv.errors import StatementError
from symconv.expr.nodes import Add, Apply, Expr, Iverson, Most, Mul, Neg, Power, Sum, factors_of
from symconv.expr.signs import RISING, nonnegative, nonpositive
from symconv.expr.statement import Statement
from symconv.expr.traverse import Path, at, substitute
from symconv.index.conditions import between
from symconv.index.poly import ZERO, Poly, var


def rises(e: Expr, i: int, old: Expr, statement: Statement) -> bool:
    """Whether e certainly does not fall where its i-th child rises from `old`."""
    match e:
        case Add() | Sum() | Most():
            return True
        case Mul(parts):
            return all(nonnegative(p, statement) for j, p in enumerate(parts) if j != i)
        case Apply(f):
            return f in RISING or (f == "abs" and nonnegative(old, statement))
        case Power(_, p):
            return statement.facts.at_least_one(p) and nonnegative(old, statement)
        case _:
            return False


def more(old: Expr, new: Expr, statement: Statement) -> bool:
    return isinstance(new, Add) and new.terms[0] == old and all(nonnegative(f, statement) for f in new.terms[1:])


def fewer(old: Expr, new: Expr, statement: Statement) -> bool:
    return isinstance(old, Add) and old.terms[0] == new and all(nonpositive(f, statement) for f in old.terms[1:])


def function(old: Expr, new: Expr, statement: Statement) -> bool:
    match new:
        case Apply("abs", x):
            return old in (x, Neg(x), Apply("relu", x))
        case Apply("relu", x):
            return old == x
        case _:
            return False


def triangle(old: Expr, new: Expr, statement: Statement) -> bool:
    match old, new:
        case Apply("abs" | "relu" as f, Add(parts)), Add(apart):
            return apart == tuple(Apply(f, p) for p in parts)
        case Apply("abs" | "relu" as f, Sum(indices, body)), Sum(same, apart):
            return same == indices and apart == Apply(f, body)
        case Apply("abs", Most(indices, body, extents)), Most():
            return new == Most(indices, Apply("abs", body), extents)
        case _:
            return False


def total(old: Expr, new: Expr, statement: Statement) -> bool:
    if not isinstance(old, Most) or not nonnegative(old.body, statement):
        return False
    return new == sum_over(old)


def greatest(old: Expr, new: Expr, statement: Statement, places: Mapping[str, Poly]) -> bool:
    """`places` are the integers a by the indices i."""
    if not isinstance(old, Mul) or not isinstance(new, Mul):
        return False
    (most,) = new.factors[-1:]
    if not isinstance(most, Most) or most.indices != tuple(places):
        return False
    weights, value = new.factors[:-1], substitute(most.body, places)
    inside = [c for i, c in zip(most.indices, most.extents, strict=True) for c in between(places[i], ZERO, c - 1)]
    above = all(nonnegative(f, statement) for f in weights) and all(Iverson(c) in weights for c in inside)
    return above and Counter((*weights, *factors_of(value))) == Counter(old.factors)


def attained(old: Expr, new: Expr, statement: Statement, places: Mapping[str, Poly]) -> bool:
    """`places` are the integers a by the indices i."""
    if not isinstance(new, Most) or new.indices != tuple(places):
        return False
    ends = [q for i, c in zip(new.indices, new.extents, strict=True) for q in (places[i], c - 1 - places[i])]
    inside = all(statement.facts.at_least_one(q + 1) for q in ends)
    return inside and substitute(new.body, places) == old


def apart(old: Expr, new: Expr, statement: Statement) -> bool:
    match old, new:
        case Most(indices, Add(parts), extents), Add(terms):
            return terms == tuple(Most(indices, p, extents) for p in parts)
        case _:
            return False


def wider(old: Expr, new: Expr, statement: Statement) -> bool:
    if not (isinstance(old, Most) and isinstance(new, Most) and old.indices == new.indices and old.body == new.body):
        return False
    return all(statement.facts.at_least_one(b - a + 1) for a, b in zip(old.extents, new.extents, strict=True))


LAWS: dict[str, Callable[..., bool]] = {
    f.__name__: f for f in (more, fewer, function, triangle, total, greatest, attained, apart, wider)
}


def require(line: Expr, path: Path, new: Expr, statement: Statement, law: str,
            places: Mapping[str, Poly] | None) -> None:  # fmt: skip
    """StatementError unless the line does not fall where `new` is put at a place, by the law of this name."""
    extra = () if places is None else (places,)
    try:
        below = LAWS[law](at(line, path), new, statement, *extra)
        above = [(at(line, path[:i]), path[i], at(line, path[: i + 1])) for i in range(len(path))]
        falls = [e for e, i, old in above if not rises(e, i, old, statement)]
    except (ArithmeticError, TypeError, ValueError, LookupError, AttributeError) as error:
        raise StatementError(f"no law of order: {error}") from error
    if not below or falls:
        raise StatementError("the line is not known to rise" if below else f"the law {law} does not lead to this")


def sum_over(e: Most) -> Sum:
    """Σ_i [0 ≤ i < c] f for max_i f."""
    ends = [c for v, p in zip(e.indices, e.extents, strict=True) for c in between(var(v), ZERO, p - 1)]
    return Sum(e.indices, Mul((*map(Iverson, ends), e.body)))
