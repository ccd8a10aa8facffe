"""`prove`: by normal forms, by induction, by a chain of inequalities or by squeezing; else the smallest example.

Whatever finds a chain, `proof/` checks it line by line; an example is evaluated from the definitions alone.
"""

from __future__ import annotations

from dataclasses import replace

from symconv.errors import CertificateError, RuleError, StatementError
from symconv.expr import induction
from symconv.expr.nodes import Cascade, Repeat
from symconv.expr.statement import Statement
from symconv.expr.traverse import walk
from symconv.proof.theorem import Theorem, induce
from symconv.tactics import integer_claims
from symconv.tactics.attempt import Attempt
from symconv.tactics.integer_claims import between_integers
from symconv.tactics.limits import candidate, limit
from symconv.tactics.order import below
from symconv.tactics.refute import counterexample, example_at
from symconv.tactics.region import holds_at, region, smallest
from symconv.tactics.verdict import Counterexample, Region, Result
from symconv.tactics.where import holds_where

AGREED = "isl finds that the sides are equal for all sizes, but no proof was found that could be replayed"


def prove(statement: Statement, seconds: float = 3.0) -> Result:
    """Proved with a theorem, refuted with the smallest example, or unknown with the closest lines.

    `seconds` bounds the search for an example, and twice as much each way to a proof; what is said of tensors, whose
    borders make proofs long, is tried under fewer conditions.
    """
    if statement.towards:
        return _limit(statement, seconds)
    if statement.relation == "<=":
        return _inequality(statement, seconds)
    attempt = Attempt(statement, 2 * seconds)
    found = attempt.direct() or between_integers(statement, seconds) or by_induction(statement, seconds)
    others = _others(statement, 2 * seconds) if found is None else []
    found = found or next((t for other in others if (t := other.direct()) is not None), None)
    if found is None:
        example = integer_claims.counterexample(statement, seconds)
        example = example or counterexample(statement, attempt.closest, seconds / 4)
        ways = [] if example is not None else [attempt, *others]
        found = next((t for way in ways if (t := way.by_residues()) is not None), None)
        if found is None:
            example = example or _far_example(attempt) or counterexample(statement, attempt.closest, seconds)
            if example is not None:
                where = _region(attempt, example)
                finite = bool(statement.extents or statement.opaque)
                told = min(seconds, 1.5 if where is None else 0.5) if finite else seconds
                return Result("refuted", statement, counterexample=example, closest=attempt.closest,
                              holds_where=holds_where(statement, theorem, told), region=where)  # fmt: skip
            tried = ("normal forms", "residues", "small examples")
            where = region(statement, attempt.closest, attempt.indices)
            return Result("unknown", statement, closest=attempt.closest, tried=tried, region=where,
                          reason=AGREED if where is not None and not where.fails else "")  # fmt: skip
    return Result("proved", statement, theorem=found, normal=attempt.normal)


def _far_example(attempt: Attempt) -> Counterexample | None:
    """An example at the smallest sizes for which isl finds that the sides differ, however large they are."""
    found = smallest(attempt.statement, attempt.closest, attempt.indices)
    return None if found is None else example_at(attempt.statement, *found, attempt.closest)


def _region(attempt: Attempt, example: Counterexample) -> Region | None:
    """The region of truth, if the example lies outside of it."""
    found = region(attempt.statement, attempt.closest, attempt.indices)
    if found is None:
        return None
    if found.fits is not None and not holds_at(found.fits, example.integers):
        return found
    at = dict(zip(found.indices, example.at, strict=True)) if example.at else {}
    return found if holds_at(found.fails, {**example.integers, **at}) else None


def _inequality(statement: Statement, seconds: float) -> Result:
    """A chain of equations and inequalities from the left side up to the right one."""
    found = between_integers(statement, seconds) or below(statement, seconds)
    if found is not None:
        return Result("proved", statement, theorem=found)
    example = integer_claims.counterexample(statement, seconds) or counterexample(statement, None, seconds)
    if example is not None:
        where = holds_where(statement, theorem, seconds)
        return Result("refuted", statement, counterexample=example, holds_where=where)
    return Result("unknown", statement, tried=("laws of order", "small examples"))


def _limit(statement: Statement, seconds: float) -> Result:
    """By squeezing; a wrong limit is refuted by the right one and an example in which they differ."""
    found = limit(statement, seconds)
    if found is not None:
        return Result("proved", statement, theorem=found)
    right = candidate(statement)
    proved = None if right is None else limit(right, seconds)
    if right is not None and proved is not None:
        example = counterexample(replace(statement, lhs=right.rhs, towards=""), None, seconds)
        if example is not None:
            where = holds_where(statement, theorem, seconds)
            return Result("refuted", statement, counterexample=example, limit=proved, holds_where=where)
    return Result("unknown", statement, tried=("bounds by the greatest term",))


def by_induction(statement: Statement, seconds: float) -> Theorem | None:
    """By induction on a count of compositions, where there is one."""
    counts = {n.count.name() for e in (statement.lhs, statement.rhs) for _, n in walk(e)
              if isinstance(n, Repeat | Cascade)}  # fmt: skip
    for r in sorted(c for c in counts if c is not None):
        try:
            parts = [theorem(s, seconds) for s in (induction.base(statement, r), induction.step(statement, r))]
            if parts[0] is not None and parts[1] is not None:
                return induce(statement, r, parts[0], parts[1])
        except (RuleError, CertificateError, StatementError):
            continue
    return None


def theorem(statement: Statement, seconds: float = 1.0) -> Theorem | None:
    """A theorem where one is found in the time."""
    if statement.towards:
        return limit(statement, seconds)
    if statement.relation == "<=":
        return between_integers(statement, seconds) or below(statement, seconds)
    attempt = Attempt(statement, seconds)
    found = attempt.direct() or between_integers(statement, seconds) or attempt.by_residues()
    if found is None:
        for other in _others(statement, seconds):
            found = found or other.direct() or other.by_residues()
    return found


def _others(statement: Statement, seconds: float) -> list[Attempt]:
    """Attempts without the assumed equations, which rewrite one side where the other one has the same written out."""
    return [Attempt(statement, seconds, assuming=False)] if statement.equations else []
