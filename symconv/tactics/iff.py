"""Whether a claim holds exactly under a condition: a theorem for each alternative of it, and a failure everywhere else.

That the claim holds under the condition is proved, alternative by alternative, in `proof/`.  That it fails for all
other sizes is decided by isl (see `differing`), and is said to be.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from itertools import islice

from symconv.errors import StatementError
from symconv.expr.alternatives import alternatives
from symconv.expr.floors import spoken
from symconv.expr.satisfy import sizes
from symconv.expr.statement import Assumption, Statement, polys
from symconv.index.conditions import Eq, Ge
from symconv.index.poly import var
from symconv.tactics.attempt import Attempt
from symconv.tactics.covers import united
from symconv.tactics.differing import Differing
from symconv.tactics.prove import theorem
from symconv.tactics.refute import counterexample, example_at
from symconv.tactics.region import asked, decided, holds_at, region, smallest
from symconv.tactics.verdict import Conjunction, Iff, Result
from symconv.tactics.wording import said, speaks_of

LARGEST = 8
"""How large the sizes of an example are, where small ones are enough."""
TRIES = 12
TOO_MUCH = "for these sizes the condition holds and the claim does not"
TOO_LITTLE = "for these sizes the claim holds and the condition does not"
UNDECIDED = "whether the claim fails for all other sizes was not decided: something is not linear in the sizes"
UNPROVED = "isl finds that the claim holds exactly under the condition, but no proof was found"


Reader = Callable[[Sequence[str]], Statement]


def read_condition(read: Reader, conditions: Sequence[str]) -> tuple[Statement, tuple[Statement, ...]]:
    """The claim, and the claim under each alternative of all conditions together; StatementError for what is no such.

    `read` gives the claim with more assumptions.
    """
    statement = read(())
    both = " and ".join(f"({c})" for c in conditions) if len(conditions) > 1 else conditions[0]
    if statement.relation != "==" or statement.towards:
        raise StatementError("--iff goes with an equation: where an inequality or a limit holds is not decided")
    cases = tuple(map(read, alternatives(both)))
    for case in cases:
        own = _own(case, statement)
        strange = sorted({n for a in own for p in polys(a) for n in spoken(p.names())} - statement.integers)
        if strange:
            raise StatementError(f"{both}: {strange[0]} is no size or index of the claim, so it cannot depend on it")
        if not all(map(polys, own)) or len(case.equations) != len(statement.equations):
            raise StatementError(f"{both}: --iff takes conditions on sizes and indices only")
    return statement, cases


def _own(case: Statement, statement: Statement) -> tuple[Assumption, ...]:
    """What a case assumes beyond the statement."""
    return tuple(a for a in case.assumptions if a not in statement.assumptions)


def prove_iff(statement: Statement, cases: Sequence[Statement], seconds: float = 3.0) -> Result:
    """Proved where each case is a theorem and the claim fails for all other sizes; refuted from the wrong side."""
    conditions = tuple(_own(case, statement) for case in cases)
    attempt = Attempt(statement, 2 * seconds)
    everywhere = attempt.direct() is not None
    proofs = [theorem(case, seconds) or theorem(_without(case, conditions, statement), seconds) for case in cases]
    said_iff = Iff(conditions, tuple(p for p in proofs if p is not None))
    answer = Result("unknown", statement, closest=attempt.closest, iff=said_iff,
                    region=region(statement, attempt.closest, attempt.indices))  # fmt: skip
    for case, proof in zip(cases, proofs, strict=True):
        example = None if proof is not None else counterexample(case, attempt.closest, seconds / 2)
        if example is not None:
            return replace(answer, verdict="refuted", counterexample=example, reason=TOO_MUCH)
    both = _compared(decided(statement, attempt.closest, attempt.indices), conditions)
    inside, outside = both or (None, _outside(statement, conditions, everywhere))
    if outside is not None:
        fixed = theorem(_at(statement, outside), seconds)
        if both is not None or fixed is not None:
            shown = replace(said_iff, outside=outside, proof=fixed)
            return replace(answer, verdict="refuted", reason=TOO_LITTLE, iff=shown)
    if both is None:
        return replace(answer, reason=UNDECIDED)
    if inside is not None:
        fixed = _at(statement, inside)
        place = smallest(fixed, attempt.closest, attempt.indices)
        example = None if place is None else example_at(statement, {**inside, **place[0]}, place[1], attempt.closest)
        if example is not None:
            return replace(answer, verdict="refuted", counterexample=example, reason=TOO_MUCH)
        return replace(answer, reason=UNDECIDED)
    if None in proofs:
        missing = said(conditions[proofs.index(None)])
        return replace(answer, reason=f"{UNPROVED} where {missing}")
    return replace(answer, verdict="proved", theorem=proofs[0])


def _without(case: Statement, conditions: Sequence[Conjunction], statement: Statement) -> Statement:
    """A case where none of the other alternatives holds that are one inequality, or one name that is 0."""
    own, more = _own(case, statement), list[Assumption]()
    for a, *others in conditions:
        if others or (a,) == own:
            continue
        if isinstance(a, Ge):
            more.append(Ge(-a.p - 1))
        elif isinstance(a, Eq) and (name := a.p.name()) and statement.declarations[name].kind == "natural":
            more.append(Ge(a.p - 1))
    return replace(case, assumptions=(*case.assumptions, *more))


Sizes = dict[str, int] | None


def _compared(differing: Differing | None, conditions: Sequence[Conjunction]) -> tuple[Sizes, Sizes] | None:
    """The smallest sizes where the condition holds and the claim does not, and the other way round, where there are.

    None where that is not decided.
    """
    if differing is None:
        return None
    return asked(differing, lambda d: _apart(d, conditions))


def _apart(d: Differing, conditions: Sequence[Conjunction]) -> tuple[Sizes, Sizes]:
    space, outputs = d.space, d.outputs
    for c in (c for conjunction in conditions for c in conjunction):
        space.require_linear(c, outputs)
    said_true, true = united([d.where(c).intersect(d.context) for c in conditions]), d.agreeing
    if not any(speaks_of(c, outputs) for conjunction in conditions for c in conjunction):
        said_true, true, outputs = said_true.params(), d.good, ()
    return space.smallest(said_true.subtract(true), outputs), space.smallest(true.subtract(said_true), outputs)


def _outside(statement: Statement, conditions: Sequence[Conjunction], everywhere: bool) -> dict[str, int] | None:
    """Small sizes for which no condition holds, and the claim is proved; None where none were found."""
    candidates = (v for v in sizes(statement, largest=LARGEST) if not holds_at(conditions, v))
    for values in islice(candidates, TRIES):
        if everywhere or theorem(_at(statement, values)) is not None:
            return values
    return None


def _at(statement: Statement, values: Mapping[str, int]) -> Statement:
    """The statement with numbers for its sizes and indices, as assumptions."""
    fixed = (Eq(var(name) - value) for name, value in values.items())
    return replace(statement, assumptions=(*statement.assumptions, *fixed))
