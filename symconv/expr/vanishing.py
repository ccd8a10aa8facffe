"""Laws of functions with f(0) = 0: relu, abs, step, sign, and powers other than the 0th.

    indicator   f([c] t) = [c] f(t)
    single      f(Σ_i [c] t) = Σ_i [c] f(t)      where the conditions c leave at most one value of each index i

At most one i has a i + b = 0 for a ≠ 0, or 0 ≤ a i + b ≤ d for d < a.  Anything else is a StatementError.
"""

from __future__ import annotations

from dataclasses import replace

from symconv.errors import StatementError
from symconv.expr.nodes import VANISHING, Apply, Expr, Iverson, Mul, Power, Sum, factors_of, product
from symconv.expr.statement import Statement
from symconv.index.conditions import Eq, Ge
from symconv.index.facts import Facts
from symconv.index.poly import var


def indicator(e: Expr, statement: Statement) -> Expr:
    conditions, rest = _apart(_argument(e, statement))
    return Mul((*conditions, _of(e, product(rest))))


def single(e: Expr, statement: Statement) -> Expr:
    whole = _argument(e, statement)
    if not isinstance(whole, Sum):
        raise StatementError("the argument is no sum")
    conditions, rest = _apart(whole.body)
    if not all(_one_at_most(i, whole.indices, conditions, statement.facts) for i in whole.indices):
        raise StatementError("more than one term may be other than 0")
    return Sum(whole.indices, Mul((*conditions, _of(e, product(rest)))))


def _argument(e: Expr, statement: Statement) -> Expr:
    """What stands in a function with f(0) = 0."""
    power = isinstance(e, Power) and statement.facts.nonzero(e.p)
    if isinstance(e, Apply | Power) and (power or (isinstance(e, Apply) and e.function in VANISHING)):
        return e.x
    raise StatementError("not a function that is 0 at 0")


def _of(e: Expr, x: Expr) -> Expr:
    """The same function of something else."""
    return replace(e, x=x) if isinstance(e, Apply | Power) else e


def _apart(e: Expr) -> tuple[tuple[Iverson, ...], tuple[Expr, ...]]:
    """The conditions among the factors, and the others; there must be conditions."""
    parts = factors_of(e)
    conditions = tuple(f for f in parts if isinstance(f, Iverson))
    if not conditions:
        raise StatementError("no condition stands there")
    return conditions, tuple(f for f in parts if not isinstance(f, Iverson))


def _one_at_most(i: str, indices: tuple[str, ...], conditions: tuple[Iverson, ...], facts: Facts) -> bool:
    """Whether the conditions leave at most one value of an index, for all values of everything but the indices."""
    for f in conditions:
        p = f.condition.p
        a = p.coefficient(i)
        rest = p - a * var(i)
        if a.names() & set(indices) or rest.names() & set(indices):
            continue
        if isinstance(f.condition, Eq) and facts.nonzero(a):
            return True
        if isinstance(f.condition, Ge) and facts.at_least_one(a):
            widths = [g.condition.p + p for g in conditions if isinstance(g.condition, Ge)]
            if any(not w.names() & set(indices) and facts.at_least_one(a - w) for w in widths):
                return True
    return False
