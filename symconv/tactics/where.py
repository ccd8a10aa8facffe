"""Where a refuted claim does hold: simple conditions under which it is proved, tried one by one."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import combinations

from symconv.errors import SymconvError
from symconv.expr.nodes import Apply, Expr, Layer, Most, Name, Number, Power
from symconv.expr.satisfy import satisfying
from symconv.expr.statement import Assumption, Coprime, Nonnegative, Statement
from symconv.expr.traverse import children, own_polys, rebuild, sequence_names, variables, walk
from symconv.index.conditions import Eq
from symconv.index.poly import const, var
from symconv.proof.theorem import Theorem
from symconv.tactics.verdict import Where

Prover = Callable[[Statement], Theorem | None]
MOST_SIZES = 6
MOST_FOUND = 3
MOST_PAIRS = 3


def holds_where(statement: Statement, theorem: Prover, seconds: float) -> tuple[Where, ...]:
    """Conditions each of which makes the claim a theorem; the weakest kinds first, as far as the time allows."""
    deadline = time.monotonic() + seconds
    found: list[Where] = []
    for where, narrower in _conditions(statement):
        if len(found) >= MOST_FOUND or any(_follows(where, f) for f in found):
            continue
        if time.monotonic() > deadline:
            break
        try:
            if satisfying(narrower) is not None and theorem(narrower) is not None:
                found.append(where)
        except SymconvError:
            continue
    return tuple(found)


def _follows(where: Where, known: Where) -> bool:
    """Whether a condition adds nothing to one that was found.

    It says more, or s = 2 = t where s = t, or s = 1 where s is coprime to t.
    """
    if set(known.assumptions) <= set(where.assumptions) and set(known.equal) <= set(where.equal):
        return True
    equalities = [a.p for a in where.assumptions if isinstance(a, Eq)]
    values = {n: const(-p.constant_term()) for p in equalities if (n := (p - p.constant_term()).name()) is not None}
    if set(known.equal) <= set(where.equal) and all(
        isinstance(a, Eq) and a.p.subs(values) == const(0) for a in known.assumptions
    ):
        return True
    ones = {name for a in where.assumptions if isinstance(a, Eq) for name in a.p.names() if a == Eq(var(name) - 1)}
    return any(isinstance(a, Coprime) and (a.p.names() | a.q.names()) & ones for a in known.assumptions)


def _conditions(statement: Statement) -> Iterator[tuple[Where, Statement]]:
    """Single conditions on sizes, equal sequences of one kind, and a condition with an equality."""
    used = {
        n for e in (statement.lhs, statement.rhs) for _, node in walk(e) for p in own_polys(node) for n in p.names()
    }
    sizes = [d.name for d in statement.declarations.values() if d.kind == "size" and d.name in used][:MOST_SIZES]
    single: list[Assumption] = [Coprime(var(s), var(t)) for s, t in combinations(sizes, 2)]
    single += [Eq(var(s) - var(t)) for s, t in combinations(sizes, 2)]
    single += [Eq(var(s) - const(v)) for s in sizes for v in (1, 2)]
    kernels = [n for e in (statement.lhs, statement.rhs) for n in sequence_names(e)]
    kernels = [
        n for n in dict.fromkeys(kernels) if n in statement.declarations and statement.declarations[n].kind == "kernel"
    ]
    by = {x.name for e in (statement.lhs, statement.rhs, *statement.definitions.values()) for x in variables(e)
          if isinstance(x, Name)}  # fmt: skip
    pairs = [(k, h) for h, k in combinations([n for n in kernels if n not in by], 2)][:3]
    for a in single:
        yield Where((a,)), _assuming(statement, a)
    for a in _signs(statement):
        yield Where((a,)), _assuming(statement, a)
    for k, h in pairs:
        yield Where(equal=((k, h),)), _merged(statement, k, h)
    for k, h in pairs:
        for a in single:
            yield Where((a,), ((k, h),)), _assuming(_merged(statement, k, h), a)
    for i, (s, t) in enumerate(combinations(sizes, 2)):
        if i < MOST_PAIRS:
            both = Where((Eq(var(s) - 2), Eq(var(t) - 2)))
            yield both, _assuming(statement, *both.assumptions)


def _signs(statement: Statement) -> Iterator[Nonnegative]:
    """Sequences and numbers that may be taken as at least 0, where sizes, maxima or powers are compared."""
    sides = (statement.lhs, statement.rhs, *statement.definitions.values())
    compared = statement.relation != "==" or statement.towards
    if compared or any(isinstance(n, Apply | Power | Most | Layer) for e in sides for _, n in walk(e)):
        free = [d for d in statement.declarations.values() if d.kind in ("signal", "kernel", "number")]
        yield from (Nonnegative(d.name) for d in free[:MOST_PAIRS] if d.name not in statement.nonnegative)


def _assuming(statement: Statement, *more: Assumption) -> Statement:
    return replace(statement, assumptions=(*statement.assumptions, *more))


def _merged(statement: Statement, old: str, new: str) -> Statement:
    """The statement with one kernel put for another of the same rank."""
    if statement.declarations[old].rank != statement.declarations[new].rank:
        return statement

    def put(e: Expr) -> Expr:
        if isinstance(e, Name | Number):
            return Name(new, e.rank) if isinstance(e, Name) and e.name == old else e
        parts = children(e)
        return rebuild(e, tuple(map(put, parts))) if parts else e

    definitions = {name: put(e) for name, e in statement.definitions.items()}
    return replace(statement, lhs=put(statement.lhs), rhs=put(statement.rhs), definitions=definitions)
