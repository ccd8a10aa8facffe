"""Paths of identities: the left side of a statement rewritten to its right side, one theorem at one place a step.

`path` searches from both sides at once, breadth first, so that a path with the fewest steps is found.  It does not
believe what it finds: `faulty` has every line proved equal to the one before by the trusted part, proves each theorem
that is cited once more, and compares the places with the two sides of that theorem as they stand in the library, with
the substitution put in.  An identity that does not stand this is left out, and the search begins again.

No circle: of identities in the order in which a book would prove them, only those are used that come before the first
one of which the statement itself is an instance.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from symconv.errors import SymconvError
from symconv.expr.nodes import Expr, Name, Number, Sum
from symconv.expr.statement import Statement
from symconv.expr.traverse import Path, at, put, replace_names, walk
from symconv.tactics.prove import theorem
from symconv.tactics.rewriting import Identity, Substitution, canonical, covers, instances, instantiated, names_in

NODES = 20_000
"""How many expressions the search may look at."""
SECONDS = 4.0
SLACK = 7
"""By how many nodes a line may be larger than the larger side."""


@dataclass(frozen=True)
class Step:
    """One line of a path: `identity` turned what stands at `place` of the line before into this line.

    `side` is the side of the identity that stood there, 0 where it is read from left to right; `identity` is None
    where the names that the author defined were replaced by their definitions, or these by the names.
    """

    line: Expr
    identity: Identity | None
    side: int
    place: Path
    substitution: Substitution


@dataclass(frozen=True)
class Told:
    """A path from the left side of a statement to its right side, checked."""

    statement: Statement
    steps: tuple[Step, ...]

    @property
    def cited(self) -> tuple[Identity, ...]:
        """The theorems that are used, in order of appearance."""
        return tuple(dict.fromkeys(s.identity for s in self.steps if s.identity is not None))


def usable(statement: Statement, identities: Sequence[Identity]) -> tuple[Identity, ...]:
    """Of identities in the order of the book those before the first that states the claim, or more than it."""
    for i, identity in enumerate(identities):
        if covers(identity, statement):
            return tuple(identities[:i])
    return tuple(identities)


def path(statement: Statement, identities: Sequence[Identity], nodes: int = NODES,
         seconds: float = SECONDS) -> Told | None:  # fmt: skip
    """A checked path with the fewest steps, or None where none was found within the bounds."""
    if not statement.rank or any(statement.places) or statement.relation != "==" or statement.towards:
        return None
    deadline = time.monotonic() + seconds
    left = usable(statement, identities)
    while time.monotonic() < deadline:
        steps = _search(statement, left, nodes, deadline)
        if steps is None:
            return None
        fault = faulty(statement, steps)
        if fault is None:
            return Told(statement, steps)
        if fault.identity is None:
            return None
        left = tuple(i for i in left if i is not fault.identity)
    return None


def faulty(statement: Statement, steps: Sequence[Step]) -> Step | None:
    """The first step that does not stand, or None.

    A step stands if its theorem is proved, is what the step says with its substitution put in, and the two lines
    are proved equal for all values, under what the statement assumes; the last line must be the right side.
    """
    before = statement.lhs
    for step in steps:
        cited = step.identity is None or (_instance(before, step, step.identity) and _proved(step.identity.statement))
        if not cited or not _proved(replace(statement, lhs=before, rhs=step.line)):
            return step
        before = step.line
    return steps[-1] if steps and before != statement.rhs else None


def _proved(statement: Statement) -> bool:
    try:
        return theorem(statement) is not None
    except SymconvError:
        return False


def _instance(before: Expr, step: Step, identity: Identity) -> bool:
    """Whether the line is the one before with one side of the identity replaced by the other at the place."""
    taken = names_in(step.substitution)
    old, new = (instantiated(identity.sides[i], step.substitution, taken) for i in (step.side, 1 - step.side))
    there = canonical(at(before, step.place)) == canonical(old)
    return there and canonical(put(before, step.place, new)) == canonical(step.line)


def _search(statement: Statement, identities: Sequence[Identity], nodes: int,
            deadline: float) -> tuple[Step, ...] | None:  # fmt: skip
    """A path that is not checked yet."""
    rules = _rules(identities)
    ends = [_written_out(e, statement) for e in (statement.lhs, statement.rhs)]
    limit = max(map(_size, ends)) + SLACK
    taken = frozenset(statement.declarations) | frozenset(statement.definitions)
    known: list[dict[Expr, tuple[Expr, Expr | None, Step | None]]] = [{canonical(e): (e, None, None)} for e in ends]
    frontiers = [list(k) for k in known]
    seen = 0
    meeting = next((k for k in known[0] if k in known[1]), None)
    while meeting is None and all(frontiers):
        mine = 0 if len(frontiers[0]) <= len(frontiers[1]) else 1
        following: list[Expr] = []
        for key in frontiers[mine]:
            e = known[mine][key][0]
            for step in _rewritings(e, rules, statement, taken, limit):
                found = canonical(step.line)
                if found in known[mine]:
                    continue
                known[mine][found] = (step.line, key, step)
                following.append(found)
                if found in known[1 - mine]:
                    meeting = found
                    break
            seen += 1
            if meeting is not None or seen > nodes or time.monotonic() > deadline:
                break
        if meeting is None and (seen > nodes or time.monotonic() > deadline):
            return None
        frontiers[mine] = following
    return None if meeting is None else _joined(statement, known, meeting)


def _joined(statement: Statement, known: list[dict[Expr, tuple[Expr, Expr | None, Step | None]]],
            meeting: Expr) -> tuple[Step, ...]:  # fmt: skip
    """The steps from the left side to where the searches met, and back the steps that came from the right side."""
    forward: list[Step] = []
    key: Expr | None = meeting
    while key is not None:
        _, key, step = known[0][key]
        if step is not None:
            forward.insert(0, step)
    backward: list[Step] = []
    key = meeting
    while key is not None:
        _, previous, step = known[1][key]
        if previous is not None and step is not None:
            backward.append(replace(step, line=known[1][previous][0], side=1 - step.side))
        key = previous
    if forward and backward:  # Both wrote the middle line; bound indices are called as on the left.
        middle = known[1][meeting][0]
        if forward[-1].line != middle:
            forward[-1] = replace(forward[-1], line=middle)
    steps = [*forward, *backward]
    first, last = known[0][_root(known[0])][0], known[1][_root(known[1])][0]
    if steps and steps[-1].line != last:
        steps[-1] = replace(steps[-1], line=last)
    plain = Substitution()
    if first != statement.lhs:
        steps.insert(0, Step(first, None, 0, (), plain))
    if last != statement.rhs:
        steps.append(Step(statement.rhs, None, 1, (), plain))
    return tuple(steps)


def _root(known: dict[Expr, tuple[Expr, Expr | None, Step | None]]) -> Expr:
    return next(iter(known))


def _written_out(e: Expr, statement: Statement) -> Expr:
    """The author's names replaced by what they are defined as."""
    for _ in statement.definitions:
        e = replace_names(e, statement.definitions)
    return e


Rules = dict[type, list[tuple[Identity, int]]]


def _rules(identities: Sequence[Identity]) -> Rules:
    """The identities in both directions, by the kind of node that they are used at.

    A direction is left out where its pattern is a single name, which is everywhere, or lacks names of the other side.
    """
    out: Rules = {}
    for identity in identities:
        for side in (0, 1):
            pattern = identity.sides[side]
            if not isinstance(pattern, Name | Number) and identity.variables[1 - side] <= identity.variables[side]:
                out.setdefault(type(pattern), []).append((identity, side))
    return out


def _rewritings(e: Expr, rules: Rules, statement: Statement, taken: frozenset[str], limit: int) -> Iterator[Step]:
    """Every line that one identity at one place makes of e."""
    for place, part in walk(e):
        above = taken.union(*(n.indices for i in range(len(place)) if isinstance(n := at(e, place[:i]), Sum)))
        for identity, side in rules.get(type(part), ()):
            for substitution in instances(identity, side, part, statement.facts):
                inside = above | names_in(substitution)
                new = instantiated(identity.sides[1 - side], substitution, inside)
                line = put(e, place, new)
                if _size(line) <= limit:
                    yield Step(line, identity, side, place, substitution)


def _size(e: Expr) -> int:
    return sum(1 for _ in walk(e))
