"""Induction on a count r: a statement about r-fold compositions follows from r = 0, and from r to r + 1.

Judgement: P(r) for all r ≥ 0 follows from P(0), and from P(r) ⊢ P(r + 1), where in the second each r-fold composition
`repeat(e, x, r)` is any signal y, each r-fold product any kernel K, of which nothing is known but P(r): then

    repeat(e, x, 0) = x,  repeat(e, x, r + 1) = e with y for x;   product over i < 0 = δ,  over i < r + 1 = K ∗ body(r).

Both statements are made here from the statement itself, so that a proof of anything else does not count.
"""

from __future__ import annotations

from dataclasses import replace

from symconv.errors import RuleError
from symconv.expr.nodes import Cascade, Conv, Delta, Expr, Name, Repeat, rank
from symconv.expr.powers import spelled, split
from symconv.expr.statement import Declaration, Statement, inside, polys
from symconv.expr.traverse import (
    binders,
    children,
    free_indices,
    index_names,
    instantiate,
    instantiate_own,
    rebuild,
    replace_names,
    variables,
    walk,
)  # fmt: skip
from symconv.index.poly import ZERO, var


def base(statement: Statement, r: str) -> Statement:
    """P(0)."""
    _check(statement, r)
    return replace(statement, lhs=_first(statement.lhs, r), rhs=_first(statement.rhs, r))


def step(statement: Statement, r: str) -> Statement:
    """P(r) ⊢ P(r + 1), with new names for what is composed r times."""
    _check(statement, r)
    made: dict[Expr, Name] = {}
    declarations = {n: replace(d, kind="natural") if n == r else d for n, d in statement.declarations.items()}
    taken = {*declarations, *statement.definitions, *index_names(statement.lhs), *index_names(statement.rhs)}
    for node in (n for e in (statement.lhs, statement.rhs) for _, n in walk(e) if isinstance(n, Repeat | Cascade)):
        if node not in made:
            kind, letter = ("signal", "y") if isinstance(node, Repeat) else ("kernel", "K")
            name = next(n for n in (letter, *(f"{letter}{i}" for i in range(1, 99))) if n not in taken)
            taken.add(name)
            made[node] = Name(name, rank(node))
            declarations[name] = Declaration(name, kind, rank(node), (None,) * rank(node), tacit=True)
    known = _named(statement.lhs, made), _named(statement.rhs, made)
    if isinstance(known[1], Name) and not isinstance(known[0], Name):
        known = known[1], known[0]
    lhs, rhs = _next(statement.lhs, r, made), _next(statement.rhs, r, made)
    return replace(statement, lhs=lhs, rhs=rhs, declarations=declarations, equations=(*statement.equations, known))


def _check(statement: Statement, r: str) -> None:
    """r only counts: nothing is assumed or defined of it, no derivative is taken, and r compositions do not use it."""
    d = statement.declarations.get(r)
    assumed = {n for a in (*statement.assumptions, *statement.tacit) for p in polys(a) for n in p.names()}
    others = (*statement.definitions.values(), *(e for pair in statement.equations for e in pair))
    extents = {n for d in statement.declarations.values() for ends in d.ranges if ends for p in ends for n in p.names()}
    spoken = spelled({*assumed, *extents}.union(*map(index_names, others)))
    if d is None or d.kind not in ("size", "natural") or r in spoken:
        raise RuleError("induction", f"{r} is no count, or something is assumed or defined by it")
    for side in (statement.lhs, statement.rhs):
        for node in (n for _, n in walk(side) if isinstance(n, Repeat | Cascade)):
            loose = spelled(free_indices(node)) - {n for n in free_indices(node) if split(n)} - statement.integers
            if node.count != var(r) or r in spelled(index_names(children(node)[0])) or loose - binders(node):
                raise RuleError("induction", f"what is composed is not composed {r} times alike")
            if depends_on_definitions(node, statement):
                raise RuleError("induction", "what is repeated is defined elsewhere by its own signal")
        if variables(side):
            raise RuleError("induction", "a derivative is taken")


def depends_on_definitions(e: Expr, statement: Statement) -> bool:
    """Whether a repeated map has an author's name in it that stands for something of the map's own signal."""
    if not isinstance(e, Repeat) or not isinstance(e.x, Name):
        return False
    used = {n.name for _, n in walk(e.e) if isinstance(n, Name)} & statement.definitions.keys()
    return any(e.x.name in inside(statement.definitions[name], statement) for name in used)


def _named(e: Expr, made: dict[Expr, Name]) -> Expr:
    """P(r), with the new names."""
    return made[e] if e in made else rebuild(e, tuple(_named(p, made) for p in children(e)))


def _first(e: Expr, r: str) -> Expr:
    if isinstance(e, Repeat):
        return e.x
    if isinstance(e, Cascade):
        return Delta(rank(e))
    return rebuild(instantiate_own(e, {r: ZERO}), tuple(_first(p, r) for p in children(e)))


def _next(e: Expr, r: str, made: dict[Expr, Name]) -> Expr:
    if isinstance(e, Repeat):
        return replace_names(e.e, {e.x.name: made[e]} if isinstance(e.x, Name) else {})
    if isinstance(e, Cascade):
        return Conv(made[e], instantiate(e.body, {e.indices[0]: var(r)}))
    return rebuild(instantiate_own(e, {r: var(r) + 1}), tuple(_next(p, r, made) for p in children(e)))
