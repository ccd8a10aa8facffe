"""Counts and measures in a statement that has been read: the definitions in them written out, their numbers found.

What they need is assumed: that every layer whose multiplications are counted, or extent is taken, has an output.
Floors are taken of the values that are assumed of sizes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from symconv.errors import StatementError
from symconv.expr.counts import INPUTS, costs, count, outputs_needed, weights_of
from symconv.expr.floors import is_floor, read, spoken
from symconv.expr.measures import KINDS as MEASURES
from symconv.expr.measures import measure
from symconv.expr.nodes import (
    Add,
    Apply,
    Conv,
    Corr,
    Count,
    Down,
    Expr,
    Formula,
    Layer,
    Mul,
    Name,
    Neg,
    Power,
    Shift,
    Up,
    rank,
)  # fmt: skip
from symconv.expr.statement import Assumption, Statement
from symconv.expr.text import text
from symconv.expr.traverse import children, index_names, map_own_polys, rebuild, walk
from symconv.index.conditions import Ge
from symconv.index.facts import Facts
from symconv.index.poly import Poly


def with_counts(statement: Statement) -> Statement:
    """The statement with the numbers of its counts; StatementError where one cannot be counted."""
    needed: list[Assumption] = []

    values = dict(statement.facts.equations)

    def known(p: Poly) -> Poly:
        return p.subs({n: read(n, values) for n in p.names() if is_floor(n)}) if values else p

    def put(e: Expr) -> Expr:
        if isinstance(e, Count):
            return _counted(e, statement, needed)
        e, parts = map_own_polys(e, known), children(e)
        return rebuild(e, tuple(map(put, parts))) if parts else e

    for one, other in ((statement.lhs, statement.rhs), (statement.rhs, statement.lhs)):
        if rank(other) and not rank(one) and any(isinstance(n, Count) for _, n in walk(one)):
            raise StatementError(f"{text(one)} is a number and {text(other)} a sequence: compare numbers, or entries")
    lhs, rhs = put(statement.lhs), put(statement.rhs)
    definitions = {name: put(e) for name, e in statement.definitions.items()}
    equations = tuple((put(a), put(b)) for a, b in statement.equations)
    assumed = {*statement.assumptions, *statement.tacit}
    new = tuple(a for a in dict.fromkeys(needed) if a not in assumed)
    return replace(statement, lhs=lhs, rhs=rhs, definitions=definitions, equations=equations,
                   tacit=(*statement.tacit, *new))  # fmt: skip


def _counted(e: Count, statement: Statement, needed: list[Assumption]) -> Count:
    facts = statement.facts
    try:
        if e.kind in MEASURES:
            return measured(e, statement.definitions, facts)
        whole = written_out(e.e, statement.definitions)
        unknown = sorted(n for n in spoken(index_names(whole)) if n not in facts.sizes | facts.naturals)
        if unknown:
            raise StatementError(f"{unknown[0]} is no size: what is counted is the same for every index")
        found = costs(whole, facts, e.kind)
        made = [name for name, _ in weights_of(found) if name in statement.definitions] if e.kind == "params" else []
        if made:
            raise StatementError(f"{made[0]} is defined by other names, so its entries are no parameters: declare it, "
                                 f"as in {made[0]}: kernel[F, C, c]")  # fmt: skip
        if e.kind == "mults":
            needed += (Ge(p) for p in outputs_needed(whole, facts) if not facts.nonnegative(p))
        return Count(e.kind, whole, count(e.kind, whole, facts))
    except StatementError as error:
        raise StatementError(f"{text(e)}: {error}") from error


def measured(e: Count, definitions: Mapping[str, Expr], facts: Facts) -> Count:
    """A measure with its number; StatementError where there is none."""
    e = replace(e, e=written_out(e.e, definitions, e.of))
    if any(n.startswith("_") for n in spoken(index_names(e.e))):
        raise StatementError("the extents of what is measured must be declared, as in x: signal[N]")
    return replace(e, p=measure(e, facts))


def written_out(e: Expr, definitions: Mapping[str, Expr], kept: tuple[str, ...] = ()) -> Expr:
    """The author's definitions in place of their names but some, where these are inputs of layers."""

    def of(x: Expr) -> Expr:
        return written_out(x, definitions, kept)

    match e:
        case Name(name) if name in definitions and name not in kept and not isinstance(definitions[name], Formula):
            return of(definitions[name])
        case Layer(kind, parts):
            inputs = parts[: INPUTS.get(kind, 1)]
            return replace(e, parts=(*map(of, inputs), *parts[len(inputs) :]))
        case Conv(x, k):
            return Conv(of(x), k)
        case Corr(x) | Down(x) | Up(x) | Shift(x) | Power(x):
            return replace(e, x=of(x))
        case Add() | Mul() | Neg() | Apply():
            return rebuild(e, tuple(map(of, children(e))))
        case _:
            return e
