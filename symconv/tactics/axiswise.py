"""A theorem about sequences in one dimension as the theorem in d dimensions that says the same on every axis.

Every integer s becomes s1, …, sd, one for each axis, every index a becomes a1, …, ad, and every sequence has d axes:

    down(down(x, s), t) == down(x, s*t)   becomes   down(down(x, (s1, s2)), (t1, t2)) == down(x, (s1*t1, s2*t2)).

That this is a theorem too is not taken for granted: it is proved like any other where it is used.
"""

from __future__ import annotations

from dataclasses import replace

from symconv.errors import StatementError
from symconv.expr.nodes import (
    Add,
    Adjoint,
    Const,
    Conv,
    Corr,
    Delta,
    Down,
    Entry,
    Expr,
    Flip,
    Mul,
    Name,
    Neg,
    Number,
    Ones,
    Reverse,
    Shift,
    Sum,
    Up,
)  # fmt: skip
from symconv.expr.statement import Assumption, Coprime, Declaration, Statement
from symconv.expr.traverse import children, rebuild
from symconv.index.conditions import Ge
from symconv.index.poly import Poly, var


def lifted(statement: Statement, axes: int) -> Statement:
    """The statement on every one of so many axes; StatementError where something in it has no such form."""
    integers = sorted(statement.integers | {i for e in (statement.lhs, statement.rhs) for i in _indices(e)})
    on = [{n: var(f"{n}{i}") for n in integers} for i in range(1, axes + 1)]
    declared: dict[str, Declaration] = {}
    for d in statement.declarations.values():
        if d.name in statement.integers:
            declared |= {f"{d.name}{i}": replace(d, name=f"{d.name}{i}") for i in range(1, axes + 1)}
        elif d.kind == "number":
            declared[d.name] = d
        else:
            (r,) = d.ranges
            ranges = tuple(r and (r[0].subs(names), r[1].subs(names)) for names in on)
            declared[d.name] = replace(d, rank=axes, ranges=ranges)
    given = tuple(a for names in on for a in (_assumed(a, names) for a in statement.assumptions))
    tacit = tuple(a for names in on for a in (_assumed(a, names) for a in statement.tacit))
    return Statement(_lifted(statement.lhs, on), _lifted(statement.rhs, on), declared, {}, given, tacit)


def stem(name: str) -> str:
    """The integer of which this is the one on some axis."""
    return name.rstrip("0123456789")


def _indices(e: Expr) -> set[str]:
    own = set(e.indices) if isinstance(e, Sum) else set[str]()
    return own.union(*map(_indices, children(e)))


def _assumed(a: Assumption, names: dict[str, Poly]) -> Assumption:
    match a:
        case Coprime(p, q):
            return Coprime(p.subs(names), q.subs(names))
        case Ge(p):
            return Ge(p.subs(names))
        case _:
            raise StatementError("this assumption is not one on every axis")


def _lifted(e: Expr, on: list[dict[str, Poly]]) -> Expr:
    def every(ps: tuple[Poly, ...]) -> tuple[Poly, ...]:
        return tuple(p.subs(names) for p in ps for names in on)

    parts = tuple(_lifted(part, on) for part in children(e))
    match e:
        case Name(name, 1):
            return Name(name, len(on))
        case Delta(1):
            return Delta(len(on))
        case Ones(extents):
            return Ones(every(extents))
        case Corr(_, _, s, d, p):
            return Corr(parts[0], parts[1], every(s), every(d), every(p))
        case Down(_, by) | Up(_, by) | Shift(_, by):
            return type(e)(parts[0], every(by))
        case Reverse(_, about):
            return Reverse(parts[0], every(about))
        case Entry(_, at):
            return Entry(parts[0], every(at))
        case Sum(indices):
            names = tuple(n for i in indices for own in on if (n := own[i].name()) is not None)
            return Sum(names, parts[0])
        case Adjoint(_, Name(z), _):
            return Adjoint(parts[0], Name(z, len(on)), parts[1])
        case Add() | Mul() | Neg() | Conv() | Flip() | Number() | Const():
            return rebuild(e, parts)
        case _:
            raise StatementError("this expression is not one on every axis")
