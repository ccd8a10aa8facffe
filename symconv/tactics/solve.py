"""`solve`: the unknown sequence of an equation, read off the normal forms, lifted to operators, and proved.

The side with the unknown K becomes Σ_m K[m] f(x, m, n) with one term; comparing the coefficients of the entries of
x in both normal forms leaves one candidate K[m] = Σ …, which is then put into the claim and proved.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import product as product_of

from symconv.errors import SearchError, StatementError, SymconvError
from symconv.expr.claim import read_statement
from symconv.expr.nodes import (
    ZERO,
    Add,
    Const,
    Delta,
    Entry,
    Expr,
    Formula,
    Iverson,
    Mul,
    Name,
    Neg,
    Reverse,
    Shift,
    Sum,
    product,
    rank,
)  # fmt: skip
from symconv.expr.statement import Statement
from symconv.expr.support import tap_count
from symconv.expr.text import text
from symconv.expr.traverse import index_names, own_polys, replace_names, sequence_names, substitute, walk
from symconv.index.conditions import Eq, Ge, between
from symconv.index.poly import ONE, Poly, var
from symconv.tactics.chain import Chain, Names, taken_names
from symconv.tactics.lifting import lift
from symconv.tactics.normal import normalise, reduce_terms
from symconv.tactics.prove import prove, theorem
from symconv.tactics.refute import counterexample
from symconv.tactics.terms import Term, bare, terms_of
from symconv.tactics.verdict import Answer, Result


@dataclass(frozen=True, slots=True)
class _Linear:
    """The side of the unknown: coefficient · Σ K[m] · rest(m, n), where `outputs` gives n by m if the sum does not.

    `taps` names the place of K; `others` are bound indices that must drop out of the answer.
    """

    taps: tuple[str, ...]
    term: Term
    rest: tuple[Expr, ...]
    outputs: dict[str, Poly]
    others: frozenset[str]
    within: tuple[Expr, ...] = ()
    groups: tuple[str, ...] = ()
    """Inequalities that stand beside K, as for groups of channels, and the indices in them that are summed."""


class _MismatchError(SearchError):
    """The known side has not the shape that the unknown side gives, seen at the entries of `sequence`."""

    def __init__(self, message: str, sequence: str) -> None:
        super().__init__(message)
        self.sequence = sequence


def read_unknown(claim: str, lets: tuple[str, ...], assume: tuple[str, ...], unknown: str) -> Statement:
    """The statement with its unknown; StatementError where the name does not fit."""
    if any(line.replace(" ", "").startswith((f"{unknown}:", f"{unknown}=", f"{unknown}[")) for line in lets):
        raise StatementError(f"{unknown} is to be found: do not declare it")
    statement = read_statement(claim, lets, assume, unknown)
    sides = [unknown in sequence_names(e) for e in (statement.lhs, statement.rhs)]
    if sides == [False, False]:
        raise StatementError(f"{unknown} does not occur in the claim as a sequence")
    for e in (statement.lhs, statement.rhs):
        if any(isinstance(n, Reverse) and unknown in sequence_names(n) for _, n in walk(e)):
            raise StatementError(f"{unknown} stands in reverse, whose meaning rests on its extent: use flip and shift")
    if all(sides):
        raise StatementError(f"{unknown} stands on both sides: bring it to one side")
    return statement


def solve(statement: Statement, unknown: str) -> Result:
    """Proved with the answer in place, none with the reason, or unknown."""
    swapped = unknown in sequence_names(statement.lhs)
    left, right = (statement.rhs, statement.lhs) if swapped else (statement.lhs, statement.rhs)
    names = Names(taken_names(statement), "output")
    indices = names.pick(statement.rank, "output")
    at = tuple(map(var, indices))

    def line(e: Expr, pool: str) -> Chain:
        entry = Entry(e, at) if indices and rank(e) else e
        chain = Chain(statement, entry, Names(names.taken, pool))
        normalise(chain)
        names.taken |= chain.names.taken
        return chain

    known, sought = line(left, "left"), line(right, "right")
    closest = known.line, sought.line
    try:
        linear, others = _linear(sought, unknown, indices)
        names.taken |= sought.names.taken
        moved = [replace(t, coefficient=-t.coefficient) for t in others]
        candidate = _read_off([*terms_of(known.line), *moved], linear, indices)
        answer = _answer(candidate, linear, unknown, statement, names)
    except _MismatchError as error:
        return _no_answer(statement, left, right, error.sequence, sought, closest)
    except SearchError as error:
        return Result("unknown", statement, closest=closest, reason=str(error))
    names_met = [f.x.name for f in linear.rest if isinstance(f, Entry) and isinstance(f.x, Name)]
    unique = len(linear.rest) == 1 and any(_unrestricted(statement, name) for name in names_met)
    return _prove_answer(statement, unknown, unique, answer, closest)


def _linear(sought: Chain, unknown: str, indices: tuple[str, ...]) -> tuple[_Linear, list[Term]]:
    """The one term with the unknown, and the terms beside it, which go to the other side."""
    terms = terms_of(sought.line)
    hits = [t for t in terms if any(_is(f, unknown) for f in t.factors)]
    if len(hits) != 1:
        raise SearchError(f"{unknown} must stand in one term of the normal form, not in {len(hits)}")
    others = [t for t in terms if t is not hits[0]]
    if sum(_is(f, unknown) for f in hits[0].factors) != 1:
        raise SearchError(f"the equation is not linear in {unknown}")
    alone = replace(sought.statement.facts, finite=frozenset({unknown}))
    t = bare(hits[0], alone).term
    access = next(f for f in t.factors if _is(f, unknown))
    within = tuple(f for f in t.factors if isinstance(f, Iverson) and isinstance(f.condition, Ge))
    rest = tuple(f for f in t.factors if f is not access and f not in within)
    places = access.at if isinstance(access, Entry) else ()
    names = [p.name() or "" for p in places]
    if set(names) <= {*t.indices, *indices} and len(set(names)) == len(names):
        summed = {n for f in within for p in own_polys(f) for n in p.names()} & set(t.indices) - set(names)
        left = frozenset(t.indices) - set(names) - summed
        return _Linear(tuple(names), t, rest, {}, left, (*within, *_stated(unknown, names, sought.statement)),
                       tuple(sorted(summed))), others  # fmt: skip
    rest = (*rest, *within)
    taps = sought.names.pick(len(places), "right")
    outputs: dict[str, Poly] = {}
    for p, m, n in zip(places, taps, indices, strict=False):
        c = p.coefficient(n).constant()
        if c not in (1, -1) or any(n in q.names() for q in places if q is not p):
            raise SearchError(f"the taps of {unknown} are summed together with other indices")
        outputs[n] = c * (var(m) - (p - c * var(n)))
    return _Linear(taps, t, rest, outputs, frozenset(t.indices)), others


def _stated(unknown: str, names: list[str], statement: Statement) -> tuple[Expr, ...]:
    """The conditions that the stated extents of the unknown put on its place."""
    ranges = statement.facts.supports.get(unknown, ())
    known = [
        (n, r) for n, r in zip(names, ranges, strict=False) if r and not any(v.startswith("_") for v in r[1].names())
    ]
    return tuple(Iverson(c) for n, r in known for c in between(var(n), *r))


def _is(f: Expr, name: str) -> bool:
    return isinstance(f, Entry) and isinstance(f.x, Name) and f.x.name == name


def _read_off(terms: list[Term], linear: _Linear, indices: tuple[str, ...]) -> Expr:
    """K[m] = Σ over the terms of the known side, with the places of x made equal."""
    parts: list[Expr] = []
    free = set(indices) - set(linear.taps)
    for t in terms:
        factors = list(t.factors)
        conditions: list[Expr] = []
        for want in linear.rest:
            hit, equations = _pair(want, factors, tuple(free))
            factors.remove(hit)
            conditions += [Iverson(Eq(p)) for p in equations]
        factors = [substitute(f, linear.outputs) for f in factors]
        conditions = [substitute(f, linear.outputs) for f in conditions]
        if any(free & p.names() for f in (*factors, *conditions) for p in _polys(f)):
            first = next((f.x.name for f in linear.rest if isinstance(f, Entry) and isinstance(f.x, Name)), "")
            raise _MismatchError("the known side depends on n in another way", first)
        body = product((Const(t.coefficient / linear.term.coefficient), *conditions, *linear.within, *factors))
        bound = (*linear.groups, *t.indices)
        parts.append(Sum(bound, body) if bound else body)
    return ZERO if not parts else parts[0] if len(parts) == 1 else Add(tuple(parts))


def _polys(f: Expr) -> tuple[Poly, ...]:
    if isinstance(f, Entry):
        return f.at
    return (f.condition.p,) if isinstance(f, Iverson) else ()


def _pair(want: Expr, factors: list[Expr], indices: tuple[str, ...]) -> tuple[Expr, list[Poly]]:
    """The factor of the known side that plays the part of `want`, and the equations that make them equal for all n."""
    name = want.x.name if isinstance(want, Entry) and isinstance(want.x, Name) else ""
    for f in factors:
        if type(f) is not type(want) or (name and not _is(f, name)):
            continue
        if isinstance(want, Iverson) and isinstance(f, Iverson) and type(f.condition) is not type(want.condition):
            continue
        pairs = list(zip(_polys(want), _polys(f), strict=True))
        differences = [p - q for p, q in pairs]
        if not pairs:
            if f == want:
                return f, []
        elif not any(set(indices) & d.names() for d in differences):
            return f, differences
    raise _MismatchError(f"the known side has no entry of {name or 'this kind'} that moves with n as it must", name)


def _reduced(candidate: Expr, statement: Statement, names: Names) -> Expr:
    chain = Chain(statement, candidate, Names(names.taken, "left"))
    reduce_terms(chain, ())
    return chain.line


def _answer(candidate: Expr, linear: _Linear, unknown: str, statement: Statement, names: Names) -> Answer:
    formula = _reduced(candidate, statement, names)
    if linear.others & index_names(formula):
        candidate = substitute(candidate, dict.fromkeys(linear.others, Poly(())))
        formula = _reduced(candidate, statement, names)
    closed = lift(terms_of(formula), linear.taps, statement.facts)
    if closed is None and not linear.others & index_names(candidate):
        closed = lift(terms_of(candidate), linear.taps, statement.facts)
        formula = candidate if closed is not None else formula
    if formula == ZERO:
        closed = Mul((ZERO, Delta(len(linear.taps))))
    if closed is None:
        closed = _formula(linear.taps, formula, names)
        if isinstance(closed, Formula):
            return Answer(unknown, closed, closed.indices, closed.body, tap_count(closed, statement.facts))
    return Answer(unknown, closed, linear.taps, formula, tap_count(closed, statement.facts))


def _formula(taps: tuple[str, ...], formula: Expr, names: Names) -> Expr:
    """The answer by its entries, at indices that nothing else has."""
    fresh = names.pick(len(taps), "output")
    return Formula(fresh, substitute(formula, {old: var(new) for old, new in zip(taps, fresh, strict=True)}))


def _prove_answer(statement: Statement, unknown: str, unique: bool, answer: Answer,
                  closest: tuple[Expr, Expr]) -> Result:  # fmt: skip
    put = {unknown: answer.closed}
    declarations = {n: d for n, d in statement.declarations.items() if n != unknown}
    filled = replace(
        statement,
        lhs=replace_names(statement.lhs, put),
        rhs=replace_names(statement.rhs, put),
        declarations=declarations,
    )
    try:
        result = prove(filled)
    except SymconvError as error:
        return Result("unknown", statement, answer=answer, closest=closest, reason=str(error))
    if result.verdict == "refuted" and not unique:
        reason = (
            f"{unknown} = {text(answer.closed)} is no solution, but there may be others: no signal here is arbitrary"
        )
        return Result("unknown", statement, closest=closest, reason=reason)
    if result.verdict == "refuted":
        candidate = text(answer.closed)
        reason = f"comparing coefficients leaves only {unknown} = {candidate}, and with it the two sides still differ"
        return replace(result, verdict="none", asked=statement, reason=reason, holds_where=())
    return replace(result, answer=answer if result.verdict == "proved" else None)


def _no_answer(statement: Statement, known: Expr, sought: Expr, x: str, line: Chain,
               closest: tuple[Expr, Expr]) -> Result:  # fmt: skip
    """Show that no unknown can do: a property is proved of the side with the unknown and refuted of the other."""
    unknown = Result("unknown", statement, closest=closest, reason="the two normal forms have different shapes")
    d = statement.declarations[x].rank if x in statement.declarations else 0
    if not d or d != statement.rank or not _unrestricted(statement, x):
        return unknown
    name = Name(x, d)
    one = (ONE,) * d
    properties: list[tuple[str, Expr, Callable[[Expr], Expr]]] = [
        (f"shifting {x} by {_places(step)} must shift the result by {_places(out)}", Shift(name, step),
         lambda e, out=out: Shift(e, out)) for step, out in _moves(line.line, x, one)
    ]  # fmt: skip
    properties.append((f"doubling {x} must double the result", Add((name, name)), lambda e: Add((e, e))))
    properties.append((f"-{x} must give the negative result", Neg(name), Neg))
    for words, instead, after in properties:

        def claim(e: Expr, instead: Expr = instead, after: Callable[[Expr], Expr] = after) -> Statement:
            return replace(statement, lhs=replace_names(e, {x: instead}), rhs=after(e))

        if theorem(claim(sought)) is None:
            continue
        test = claim(known)
        names = sequence_names(known)
        kept = {n: v for n, v in test.declarations.items() if n in names or v.kind not in ("kernel", "signal")}
        example = counterexample(replace(test, declarations=kept))
        if example is not None:
            side = "left" if known is statement.lhs else "right"
            kind = "shift-invariant as the equation needs it" if isinstance(instead, Shift) else f"linear in {x}"
            return Result("none", replace(test, declarations=kept), statement, counterexample=example, closest=closest,
                          reason=f"the {side} side is not {kind}: {words}, and here it does not")  # fmt: skip
    return unknown


def _unrestricted(statement: Statement, x: str) -> bool:
    """Whether a name stands for any sequence at all: then its coefficients on both sides must agree."""
    d = statement.declarations.get(x)
    assumed = {n for pair in statement.equations for e in pair for n in sequence_names(e)}
    return d is not None and d.kind == "signal" and not any(d.ranges) and x not in assumed


def _moves(e: Expr, x: str, one: tuple[Poly, ...]) -> list[tuple[tuple[Poly, ...], tuple[Poly, ...]]]:
    """Shifts of x, and of the result, that may belong together: read off the coefficients of the normal form."""
    out = [(one, one)]
    for t in terms_of(e):
        for f in t.factors:
            if isinstance(f, Entry) and _is(f, x):
                free = [p.names() - set(t.indices) for p in f.at]
                steps = [
                    [p.coefficient(n) for n in sorted(names) if p.coefficient(n).terms]
                    for p, names in zip(f.at, free, strict=True)
                ]
                out += [(tuple(s), one) for s in product_of(*steps)]
        for f in t.factors:
            moved = [[_positive(c) for v in t.indices if (c := p.coefficient(v)).terms] for p in _polys(f)]
            if len(moved) == len(one):
                out += [(one, tuple(s)) for s in product_of(*moved)]
    return list(dict.fromkeys(out))[:24]


def _positive(p: Poly) -> Poly:
    """p or −p, with a positive first coefficient."""
    return -p if p.terms and p.terms[0][1] < 0 else p


def _places(ps: tuple[Poly, ...]) -> str:
    return str(ps[0]) if len(ps) == 1 else f"({', '.join(map(str, ps))})"
