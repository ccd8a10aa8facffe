"""Which expressions are certainly at least 0: by their form, and by what is assumed of numbers and signals."""

from __future__ import annotations

from collections import Counter
from fractions import Fraction

from symconv.expr.nodes import (
    Add,
    Apply,
    Const,
    Conv,
    Corr,
    Delta,
    Down,
    Entry,
    Expr,
    Flip,
    Integer,
    Iverson,
    Most,
    Mul,
    Name,
    Neg,
    Number,
    Ones,
    Over,
    Peak,
    Power,
    Reverse,
    Shift,
    Sum,
    Taps,
    Up,
)
from symconv.expr.statement import Statement
from symconv.index.conditions import Ge

ABOVE = frozenset({"abs", "relu", "step"})
"""Functions whose values are at least 0."""
_BARE = Statement(Const(Fraction(0)), Const(Fraction(0)), {})
RISING = frozenset({"relu", "step", "sign"})
"""Functions with f(s) ≤ f(t) for s ≤ t."""


def nonnegative(e: Expr, statement: Statement) -> bool:
    """Certainly e ≥ 0, for all values of everything free and bound in it (False: not known)."""

    def sure(part: Expr) -> bool:
        return nonnegative(part, statement)

    match e:
        case Const(v):
            return v >= 0
        case Integer(p):
            return statement.facts.at_least_one(p + 1)
        case Number(name) | Name(name):
            return name in statement.nonnegative
        case Ones() | Delta() | Iverson() | Over() | Power() | Peak():
            return True
        case Entry(x):
            return sure(x)
        case Conv(x, k) | Corr(x, k):
            return sure(x) and sure(k)
        case Down(x) | Up(x) | Flip(x) | Shift(x) | Reverse(x):
            return sure(x)
        case Taps(_, values):
            return min(values) >= 0
        case Apply(f, x):
            return f in ABOVE or (f == "sign" and sure(x))
        case Add(parts):
            return all(map(sure, parts))
        case Mul(parts):
            # A square is at least 0; of −1 · −1 both signs are seen.
            # [p ≥ 0] p is at least 0: it is 0, or p is not below.
            odd = [f for f, count in Counter(parts).items() if count % 2]
            known = {Integer(f.condition.p) for f in parts if isinstance(f, Iverson) and isinstance(f.condition, Ge)}
            below = [f for f in odd if f not in known and not sure(f)]
            return len(below) % 2 == 0 and all(nonpositive(f, statement) for f in below)
        case Neg(x):
            return nonpositive(x, statement)
        case Sum(_, body) | Most(_, body):
            return sure(body)
        case _:
            return False


def visibly(e: Expr) -> bool:
    """e ≥ 0 by its form alone."""
    return nonnegative(e, _BARE)


def nonpositive(e: Expr, statement: Statement) -> bool:
    """Certainly e ≤ 0 (False: not known)."""
    match e:
        case Const(v):
            return v <= 0
        case Neg(x):
            return nonnegative(x, statement)
        case Add(parts):
            return all(nonpositive(p, statement) for p in parts)
        case Mul((Const(v), *rest)) if v < 0 and rest:
            return nonnegative(Mul(tuple(rest)), statement)
        case Sum(_, body) | Most(_, body):
            return nonpositive(body, statement)
        case _:
            return False
