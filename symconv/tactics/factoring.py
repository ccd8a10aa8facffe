"""Positively homogeneous functions: relu(a t) = a relu(t) for a factor a ≥ 0 of every term of the argument."""

from __future__ import annotations

from dataclasses import replace

from symconv.expr.nodes import HOMOGENEOUS, ZERO, Add, Apply, Const, Expr, Integer, Mul, Number, Power, factors_of
from symconv.expr.traverse import Path, free_indices
from symconv.tactics.chain import Chain
from symconv.tactics.terms import Term, expression, terms_of


def factor_out(chain: Chain, scope: Path) -> None:
    """relu(a t) = a relu(t): what every term of the argument has as a factor, where it is known to be ≥ 0."""
    if not scope:
        return
    outer = chain.at(scope[:-1])
    if isinstance(outer, Power):
        _out_of_a_power(chain, scope)
    if not isinstance(outer, Apply) or outer.function not in HOMOGENEOUS:
        return
    while (factor := _common(chain.at(scope), chain)) is not None:
        rest = [_without(t, factor) for t in terms_of(chain.at(scope))]
        chain.undo("distribute", scope, Mul((factor, Add(tuple(rest)) if len(rest) != 1 else rest[0])))
        chain.do("exponent", scope[:-1], law="homogeneous")
        scope = (*scope[:-1], 1, 0)
        chain.do("distribute", scope)


def _out_of_a_power(chain: Chain, scope: Path) -> None:
    """|a t|^e = |a|^e |t|^e: the fixed factors that all terms of a sum have."""
    while len(factors_of(chain.at(scope))) == 1 and terms_of(chain.at(scope)):
        terms = terms_of(chain.at(scope))
        size = min(abs(t.coefficient) for t in terms)
        bound = {v for t in terms for v in t.indices}
        fixed = [f for f in terms[0].factors if all(f in t.factors for t in terms) and not free_indices(f) & bound]
        equal = size != 1 and all(abs(t.coefficient) == size for t in terms)
        factor = Const(size) if equal else next(iter(fixed), None)
        if factor is None or (len(terms) == 1 and not terms[0].indices):
            return
        rest = [_without(t, factor) for t in terms]
        chain.undo("distribute", scope, Mul((factor, Add(tuple(rest)) if len(rest) != 1 else rest[0])))
        chain.do("exponent", scope[:-1], law="factors")
        scope = (*scope[:-1], 1, 0)
        chain.do("distribute", scope)


def _common(e: Expr, chain: Chain) -> Expr | None:
    """A factor ≥ 0 that all terms have: a number that is not 1, a name that is assumed to be ≥ 0, a size."""
    terms = terms_of(e)
    if not terms:
        return ZERO if e == ZERO else None
    size = min(abs(t.coefficient) for t in terms)
    if size != 1 and all(abs(t.coefficient) == size for t in terms):
        return Const(size)
    known = chain.statement.nonnegative
    for f in terms[0].factors:
        allowed = (isinstance(f, Number) and f.name in known) or (
            isinstance(f, Integer) and chain.statement.facts.nonnegative(f.p)
        )
        if allowed and all(f in t.factors for t in terms):
            return f
    return None


def _without(t: Term, factor: Expr) -> Expr:
    if isinstance(factor, Const):
        return expression(replace(t, coefficient=t.coefficient / factor.value))
    left = list(t.factors)
    left.remove(factor)
    return expression(replace(t, factors=tuple(left)))
