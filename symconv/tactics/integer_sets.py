"""All values of an integer unknown as a Presburger set, where it stands in several floors: decided by isl.

Everything must be linear in the integers, with numbers for divisors.  isl is an external solver: what it says is not
replayed in `proof/`.
"""

from __future__ import annotations

from symconv.errors import SearchError
from symconv.expr.statement import Statement
from symconv.index.conditions import Condition, Eq, Ge
from symconv.index.poly import var
from symconv.tactics.covers import cover
from symconv.tactics.integer_claims import sides
from symconv.tactics.presburger import Space
from symconv.tactics.region import asked
from symconv.tactics.verdict import Conjunction


def values_by_isl(statement: Statement, unknown: str) -> tuple[Conjunction, ...]:
    """Conjunctions of which at least one holds exactly where the claim does; SearchError where this is not decided."""
    both = sides(statement)
    if both is None:
        raise SearchError("the sides are no polynomials in sizes and floors")
    gap = both[1] - both[0]
    claim: Condition = Eq(gap) if statement.relation == "==" else Ge(gap)
    least = {"size": 1, "natural": 0}
    kinds = {n: statement.declarations[n].kind for n in sorted(statement.integers)}
    assumed = [*statement.assumptions, *statement.tacit]
    assumed += [Ge(var(n) - least[kind]) for n, kind in kinds.items() if kind in least]
    space = Space(tuple(n for n in kinds if n != unknown))

    def found(space: Space) -> tuple[Conjunction, ...]:
        context = space.where(assumed, (unknown,))
        return cover(space.where([*assumed, claim], (unknown,)), context, space, (unknown,))

    pieces = asked(space, found)
    if pieces is None:
        raise SearchError("the condition is not linear in the integers, or has too many pieces")
    return pieces
