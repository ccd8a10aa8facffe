"""Where a refuted claim does hold: simple conditions under which it is proved, tried one by one."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import combinations

from symconv.errors import SymconvError
from symconv.expr.nodes import Expr, Name, Number
from symconv.expr.statement import Assumption, Coprime, Statement
from symconv.expr.text import assumption
from symconv.expr.traverse import children, own_polys, rebuild, sequence_names, walk
from symconv.index.conditions import Eq
from symconv.index.poly import const, var
from symconv.proof.theorem import Theorem

Prover = Callable[[Statement], tuple[Theorem | None, tuple[Expr, Expr]]]
MOST_SIZES = 6
MOST_FOUND = 3


def holds_where(statement: Statement, theorem: Prover) -> tuple[str, ...]:
    """Conditions, as claim text, each of which makes the claim a theorem; the weakest kinds first."""
    found: list[str] = []
    for text, narrower in _conditions(statement):
        if text.endswith(" == 1") and any(f.startswith("gcd") and text[:-5] in f for f in found):
            continue
        if len(found) >= MOST_FOUND or any(set(f.split(" and ")) <= set(text.split(" and ")) for f in found):
            continue
        try:
            if theorem(narrower)[0] is not None:
                found.append(text)
        except SymconvError:
            continue
    return tuple(found)


def _conditions(statement: Statement) -> Iterator[tuple[str, Statement]]:
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
    pairs = list(combinations(kernels, 2))[:3]
    for a in single:
        yield assumption(a), _assuming(statement, a)
    for h, k in pairs:
        yield f"{k} == {h}", _merged(statement, k, h)
    for h, k in pairs:
        for a in single:
            yield f"{assumption(a)} and {k} == {h}", _assuming(_merged(statement, k, h), a)


def _assuming(statement: Statement, a: Assumption) -> Statement:
    return replace(statement, assumptions=(*statement.assumptions, a))


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
