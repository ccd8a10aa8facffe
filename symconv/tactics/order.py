"""A chain left = … ≤ … = right: laws of order are tried at the places where a line rises, each line in normal form.

First the difference: where right − left is seen to be at least 0, nothing else is needed.  Else a few moves are tried,
breadth first: a maximum below the sum of what it is taken of, terms below a maximum, triangles.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass

from symconv.errors import CertificateError, RuleError, SearchError, StatementError
from symconv.expr.nodes import (
    Add,
    Apply,
    Entry,
    Expr,
    Iverson,
    Most,
    Mul,
    Name,
    Neg,
    Power,
    Sum,
    product,
)  # fmt: skip
from symconv.expr.order import rises, sum_over
from symconv.expr.signs import nonnegative
from symconv.expr.statement import Statement
from symconv.expr.traverse import Path, at, children, free_indices, index_names, put, substitute, walk
from symconv.index.conditions import Ge
from symconv.index.poly import ONE, Poly, var
from symconv.proof.theorem import Theorem, join
from symconv.tactics.attempt import unify
from symconv.tactics.chain import POOLS, Chain, Names, taken_names
from symconv.tactics.normal import normalise

DEPTH = 3
WIDTH = 24


@dataclass(frozen=True, slots=True)
class Move:
    """What to put at a place, and by which law; first the line as it must be written for that, if it is another."""

    path: Path
    new: Expr
    law: str
    places: dict[str, Poly] | None = None
    written: Expr | None = None


def below(statement: Statement, seconds: float = 3.0) -> Theorem | None:
    """The theorem of left ≤ right, where one is found in the time."""
    deadline = time.monotonic() + seconds
    names = Names(taken_names(statement), "output")
    indices = names.pick(statement.rank, "output") if statement.rank else ()
    first, last = statement.ends(indices)
    try:
        left = Chain(statement, first, Names(names.taken, "left"), deadline)
        normalise(left)
        right = Chain(statement, last, Names(left.names.taken, "right"), deadline)
        normalise(right)
    except (RuleError, SearchError):
        return None
    left.names.taken = right.names.taken = left.names.taken | right.names.taken
    level, seen = [left], {left.line}
    for depth in range(DEPTH + 1):
        following: list[Chain] = []
        for chain in level:
            found = _closed(indices, chain, right)
            if found is not None:
                return found
            for move in _moves(chain, right.line) if depth < DEPTH else ():
                try:
                    other = _moved(chain, move)
                except (RuleError, SearchError, StatementError, CertificateError):
                    continue
                if other.line not in seen:
                    seen.add(other.line)
                    following.append(other)
        level = following[:WIDTH]
    return None


def _closed(indices: tuple[str, ...], chain: Chain, goal: Chain) -> Theorem | None:
    """The chain, ended at the right side: both lines are one, or what is between them is at least 0."""
    left, right = chain.fork(), goal.fork()
    try:
        unify(left, right)
        if left.line != right.line:
            _add_difference(left, right)
        return join(indices, left.derivation, right.derivation) if left.line == right.line else None
    except (RuleError, SearchError, StatementError, CertificateError):
        return None


def _add_difference(left: Chain, right: Chain) -> None:
    """left ≤ left + (right − left), where that is seen to be at least 0."""
    scratch = Chain(left.statement, Add((right.line, Neg(left.line))), left.names, left.deadline)
    scratch.do("distribute", ())
    if not nonnegative(scratch.line, left.statement):
        return
    terms = scratch.line.terms if isinstance(scratch.line, Add) else (scratch.line,)
    left.upwards((), Add((left.line, *terms)), "more")
    left.do("distribute", ())


def _moved(chain: Chain, move: Move) -> Chain:
    other = chain.fork()
    if move.written is not None:
        _rewrite(other, move.written)
    other.upwards(move.path, move.new, move.law, move.places)
    normalise(other)
    return other


def _rewrite(chain: Chain, written: Expr) -> None:
    """Go back from a normal form to an expression that has it."""
    scratch = Chain(chain.statement, written, chain.names.fork(), chain.deadline)
    normalise(scratch)
    unify(scratch, chain)
    if scratch.line != chain.line:
        raise SearchError("the line cannot be written so")
    lines = [scratch.derivation.first, *(s.line for s in scratch.derivation.steps)]
    for step, before in zip(reversed(scratch.derivation.steps), reversed(lines[:-1]), strict=True):
        if step.backwards:
            chain.do(step.rule, step.path, **step.arguments)
        else:
            chain.undo(step.rule, step.path, at(before, step.path), **step.arguments)


def _moves(chain: Chain, goal: Expr) -> Iterator[Move]:
    """What may be put where the line rises."""
    for path, e in _rising(chain.line, (), chain.statement):
        match e:
            case Most(indices, body, extents):
                if nonnegative(body, chain.statement):
                    yield from _powers(chain, path, e, goal)
                    yield Move(path, sum_over(e), "total")
                if isinstance(body, Add):
                    yield Move(path, Add(tuple(Most(indices, p, extents) for p in body.terms)), "apart")
                yield from (Move(path, m, "wider") for m in _wider(e, goal))
            case Apply(f, Most(indices, body, extents)) if f in ("relu", "step"):
                inside = Most(indices, Apply(f, body), extents)
                yield from _powers(chain, path, inside, goal)
                yield Move(path, sum_over(inside), "total", None, put(chain.line, path, inside))
            case Apply("abs" | "relu" as f, Add(parts)):
                yield Move(path, Add(tuple(Apply(f, p) for p in parts)), "triangle")
            case Apply("abs" | "relu" as f, Sum(indices, body)):
                yield Move(path, Sum(indices, Apply(f, body)), "triangle")
            case Apply("abs", Most(indices, body, extents)):
                yield Move(path, Most(indices, Apply("abs", body), extents), "triangle")
            case Apply("relu", x):
                yield Move(path, Apply("abs", x), "function")
            case Mul():
                yield from _below_maxima(chain, path, e)
                if any(isinstance(n, Apply) and n.function == "abs" for _, n in walk(goal)):
                    yield Move(path, Apply("abs", e), "function")
            case _:
                pass
        if isinstance(e, Entry):
            yield from _attained(path, e, goal)
            yield from (Move(path, n, "function") for _, n in walk(goal) if isinstance(n, Apply) and n.x == e)
            if _sized(goal, e):
                yield Move(path, Apply("abs", e), "function")


def _sized(goal: Expr, e: Entry) -> bool:
    """Whether a power of an entry of the same sequence stands in the goal."""
    return any(isinstance(n, Power) and isinstance(n.x, Entry) and n.x.x == e.x for _, n in walk(goal))


def _rising(e: Expr, path: Path, statement: Statement) -> Iterator[tuple[Path, Expr]]:
    """The places at which the line does not fall with what stands there."""
    yield path, e
    for i, part in enumerate(children(e)):
        if rises(e, i, part, statement):
            yield from _rising(part, (*path, i), statement)


def _powers(chain: Chain, path: Path, e: Most, goal: Expr) -> Iterator[Move]:
    """M f ≤ (Σ f^q)^(1/q), for the exponents 1/q of the goal: M f is first written as (M f^q)^(1/q)."""
    roots = {n.q: None for _, n in walk(goal) if isinstance(n, Power) and n.q != ONE}
    for q in roots:
        raised = Most(e.indices, Power(e.body, q, ONE), e.extents)
        yield Move((*path, 0), sum_over(raised), "total", None, put(chain.line, path, Power(raised, ONE, q)))


def _below_maxima(chain: Chain, path: Path, e: Mul) -> Iterator[Move]:
    """[0 ≤ a < c] w f(a) ≤ [0 ≤ a < c] w max f, for the indices of the sum around it."""
    around = at(chain.line, path[:-1]) if path else None
    indices = around.indices if isinstance(around, Sum) else ()
    extents: dict[str, Poly] = {}
    for v in indices:
        tops = [f.condition.p + var(v) + 1 for f in e.factors if isinstance(f, Iverson) and isinstance(f.condition, Ge)]
        tops = [p for p in tops if not p.names() & set(indices)]
        if Iverson(Ge(var(v))) in e.factors and tops:
            extents[v] = tops[0]
        else:
            taps = next((c for f in e.factors if (c := _taps(f, v, chain.statement)) is not None), None)
            if taps is not None:
                extents[v] = taps
    if not extents:
        return
    ends = [Iverson(c) for v, p in extents.items() for c in (Ge(var(v)), Ge(p - 1 - var(v)))]
    missing = tuple(f for f in ends if f not in e.factors)
    e = Mul((*missing, *e.factors))
    inside = [f for f in e.factors if not isinstance(f, Iverson) and free_indices(f) & extents.keys()]
    weights = [f for f in e.factors if f not in inside]
    heavy = [f for f in inside if not nonnegative(f, chain.statement)]
    taken = taken_names(chain.statement).union(*map(index_names, e.factors))
    letters = [v for v in (*POOLS["window"], *(f"{v}1" for v in POOLS["window"])) if v not in taken]
    names = dict(zip(extents, letters, strict=False))
    for moved in [inside] if len(heavy) in (0, len(inside)) else [heavy, inside]:
        kept = [*weights, *(f for f in inside if f not in moved)]
        body = substitute(product(tuple(moved)), {v: var(n) for v, n in names.items()})
        most = Most(tuple(names.values()), body, tuple(extents[v] for v in names))
        written = put(chain.line, path, e) if missing else None
        yield Move(path, Mul((*kept, most)), "greatest", {n: var(v) for v, n in names.items()}, written)


def _taps(f: Expr, v: str, statement: Statement) -> Poly | None:
    """The number of taps of a kernel of which the index numbers one, from 0 on."""
    if isinstance(f, Entry) and isinstance(f.x, Name):
        for p, ends in zip(f.at, statement.facts.supports.get(f.x.name, ()), strict=False):
            if p == var(v) and ends is not None and not ends[0].terms:
                return ends[1] + 1
    return None


def _attained(path: Path, e: Entry, goal: Expr) -> Iterator[Move]:
    """x[m] ≤ max x[…], for the maxima of entries in the goal."""
    for most in (n for _, n in walk(goal) if isinstance(n, Most)):
        if isinstance(most.body, Entry) and most.body.x == e.x:
            places: dict[str, Poly] = {}
            for p, q in zip(e.at, most.body.at, strict=True):
                for v in most.indices:
                    c = q.coefficient(v).constant()
                    if c in (1, -1) and v not in places:
                        places[v] = c * (p - (q - c * var(v)))
                        break
            if len(places) == len(most.indices):
                yield Move(path, most, "attained", {v: places[v] for v in most.indices})


def _wider(e: Most, goal: Expr) -> Iterator[Most]:
    for other in (n for _, n in walk(goal) if isinstance(n, Most)):
        if other.body == e.body and other.indices == e.indices and other.extents != e.extents:
            yield other


def bounded(chain: Chain, rounds: int) -> Chain:
    """Every sum over a range below its number of terms times the greatest of them, as far as that goes."""
    for _ in range(rounds):
        found = None
        for move in _moves(chain, chain.line):
            if move.law == "greatest":
                try:
                    found = _moved(chain, move)
                    break
                except (RuleError, SearchError, StatementError, CertificateError):
                    continue
        if found is None:
            break
        chain = found
    return chain
