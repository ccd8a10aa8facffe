"""Limits by squeezing: r(p) g ≤ f ≤ R(p) g for every p, where r and R tend to 1 and g does not depend on p.

The factors are 1 or N^(k/(m p)) with N, m ≥ 1 and k, all free of p: its logarithm (k/(m p)) ln N tends to 0.
`bound` makes the two statements whose theorems `squeeze` takes; RuleError where p does not run through all
sizes, or g, N or k depends on it.
"""

from __future__ import annotations

from dataclasses import replace

from symconv.errors import RuleError
from symconv.expr.floors import spoken
from symconv.expr.nodes import Expr, Integer, Mul, Power, factors_of
from symconv.expr.statement import Statement, inside, polys
from symconv.expr.traverse import index_names
from symconv.index.poly import Poly, var

Scale = tuple[Poly, Poly, Poly] | None
"""(N, k, m p) for the factor N^(k/(m p)); None for 1."""


def bound(statement: Statement, scale: Scale, above: bool) -> Statement:
    """r g ≤ f, or f ≤ R g where `above`, of the statement lim f = g."""
    p = statement.towards
    _check(statement, p)
    g: Expr = statement.rhs
    if scale is not None:
        n, k, q = scale
        m = q.divide(var(p))
        fixed = m is not None and p not in spoken(n.names() | k.names() | m.names())
        if m is None or not fixed or not all(map(statement.facts.at_least_one, (n, m))):
            raise RuleError("squeeze", f"{n}^({k}/({q})) is not known to tend to 1")
        g = Mul((Power(Integer(n), k, q), *factors_of(g)))
    f, g = (statement.lhs, g) if above else (g, statement.lhs)
    return replace(statement, lhs=f, rhs=g, relation="<=", towards="")


def _check(statement: Statement, p: str) -> None:
    d = statement.declarations.get(p)
    if d is None or d.kind not in ("size", "natural"):
        raise RuleError("squeeze", f"{p} is no size that grows without end")
    assumed = {n for a in (*statement.assumptions, *statement.tacit) for q in polys(a) for n in q.names()}
    extents = {n for d in statement.declarations.values() for ends in d.ranges if ends for q in ends for n in q.names()}
    related = {n for pair in statement.equations for e in pair for n in _reached(e, statement)}
    own = _reached(statement.rhs, statement)
    powers = {n for n in statement.declarations if "**" in n and p in n.split("**")}
    if p in spoken(assumed | extents | related | own) or powers:
        raise RuleError("squeeze", f"something is assumed of {p}, or the limit depends on it")


def _reached(e: Expr, statement: Statement) -> set[str]:
    """The integers in an expression, and in the author's definitions that it is made of."""
    out = index_names(e)
    for name in inside(e, statement) & statement.definitions.keys():
        out |= index_names(statement.definitions[name])
    return out
