"""`solve --for P` for an integer P: all its values, as bounds, with proofs that the claim holds there and nowhere else.

A claim between integers is κ ⌊a/s⌋ + ρ ≥ 0, or = 0.  For s ≥ 1

    ⌊a/s⌋ ≥ t  ⟺  a ≥ s t        ⌊a/s⌋ ≤ t  ⟺  a ≤ s t + s − 1

so where a and s are linear in P (s too: an unknown stride), each half of the claim is one inequality m P + r ≥ 0.  What
is found is proved: the claim with all of the inequalities assumed, and the other order (<= with 1 added on the left)
with each of them assumed to fail.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from symconv.errors import SearchError, StatementError
from symconv.expr.claim import read_statement
from symconv.expr.floors import floor, is_floor, parts, spoken
from symconv.expr.nodes import ONE as UNIT
from symconv.expr.nodes import Add, Const
from symconv.expr.statement import Statement
from symconv.expr.syntax import MEASURES
from symconv.expr.text import assumptions, condition, lets, text
from symconv.expr.text import claim as text_of_claim
from symconv.index.conditions import Condition, Divides, Eq, Ge
from symconv.index.facts import Facts
from symconv.index.poly import ONE, ZERO, Poly, var
from symconv.tactics.data import as_data as result_as_data
from symconv.tactics.farkas import certificate
from symconv.tactics.integer_claims import sides
from symconv.tactics.integer_sets import values_by_isl
from symconv.tactics.prove import prove
from symconv.tactics.verdict import Conjunction, Result
from symconv.tactics.wording import disjunction

DECIDED = "decided by isl, a solver for linear conditions on integers, and not replayed in a proof"


@dataclass(frozen=True, slots=True)
class Half:
    """One half of the claim, m P + r ≥ 0; where it fails the left side is too small, or (`above`) too large."""

    m: Poly
    r: Poly
    above: bool

    def inequality(self, unknown: str) -> Poly:
        """m P + r."""
        return self.m * var(unknown) + self.r


@dataclass(frozen=True, slots=True)
class Bounds:
    """low <= m P <= high for the greatest of `lows` and the least of `highs`, or m P = `equal`; and `conditions`."""

    unknown: str
    multiple: Poly
    lows: tuple[Poly, ...] = ()
    highs: tuple[Poly, ...] = ()
    equal: Poly | None = None
    conditions: tuple[Condition, ...] = ()

    def texts(self) -> tuple[str, ...]:
        """Claim text, condition by condition; nothing where every integer will do."""
        m = self.multiple
        middle = f"({m})*{self.unknown}" if len(m.terms) > 1 else str(m * var(self.unknown))
        low, high = (f"{f}({', '.join(map(_plain, ps))})" if len(ps) > 1 else "".join(map(_plain, ps))
                     for f, ps in (("max", self.lows), ("min", self.highs)))  # fmt: skip
        out = [*map(condition, self.conditions)]
        if self.equal is not None:
            out.append(f"{middle} == {_plain(self.equal)}")
        if high:
            out.append(f"{low} <= {middle} <= {high}" if low else f"{middle} <= {high}")
        elif low:
            out.append(f"{middle} >= {low}")
        return tuple(out)


@dataclass(frozen=True)
class Values:
    """All values of an integer: as a condition in claim text, with the proofs of it."""

    statement: Statement
    unknown: str
    verdict: str
    bounds: Bounds | None = None
    halves: tuple[Half, ...] = ()
    inside: Result | None = None
    outside: tuple[Result, ...] = ()
    reason: str = ""
    pieces: tuple[Conjunction, ...] | None = None
    """The values as isl has them, where they are not proved: one of these conjunctions holds."""

    @property
    def answered(self) -> bool:
        """Whether there are values."""
        return self.bounds is not None or bool(self.pieces)

    @property
    def answer(self) -> str:
        """All values as a condition in claim text; nothing where there are none, or where every integer will do."""
        if self.pieces:
            return disjunction(self.pieces, (self.unknown,)) if self.pieces != ((),) else ""
        return " and ".join(self.bounds.texts()) if self.bounds is not None else ""


def read_integer_unknown(claim: str, lets_given: Sequence[str], assume: Sequence[str],
                         unknown: str) -> Statement | None:  # fmt: skip
    """The statement where the unknown is an integer in a claim between integers; None where it is anything else.

    StatementError where a claim that speaks of what is measured is at fault.
    """
    try:
        statement = read_statement(claim, lets_given, assume)
    except StatementError:
        if any(f"{f}(" in claim.replace(" ", "") for f in MEASURES):
            raise
        return None
    if statement.rank or sides(statement) is None:
        return None
    if unknown not in statement.integers:
        known = ", ".join(n for n in statement.declarations if n in statement.integers)
        raise StatementError(f"--for {unknown}: it is no integer of the claim; {known} are")
    return statement


def solve_integer(statement: Statement, unknown: str) -> Values:
    """All values of an integer for which a claim between integers holds, under its assumptions."""
    facts = statement.facts
    try:
        halves = tuple(h for h in _halves(statement, unknown) if not _known(h.inequality(unknown), facts))
        halves = _in_form(halves, facts)
        found = _stated(statement, unknown, halves)
    except SearchError as error:
        return _by_isl(Values(statement, unknown, "unknown", reason=str(error)))
    outside = tuple(_fails(statement, unknown, half) for half in halves)
    alone = [(half,) for half in halves if _known(-half.inequality(unknown) - 1, facts)]
    empty = next((some for some in (*alone, *_pairs(halves)) if len(some) == 1 or _apart(*some, facts)), None)
    if empty is not None:
        outside = outside if len(empty) == 2 else tuple(_fails(statement, unknown, half) for half in empty)
        verdict = "none" if all(r.verdict == "proved" for r in outside) else "unknown"
        shown = [condition(Ge(half.inequality(unknown))) for half in empty]
        why_not = "no integer is both" if len(shown) == 2 else "that is never so"
        reason = f"it would have to be that {' and '.join(shown)}, and {why_not}"
        return Values(statement, unknown, verdict, None, halves, None, outside, reason)
    try:
        inside = prove(_assuming(statement, found.texts()))
    except StatementError:
        reason = "no sizes were found for which there is a value"
        return _by_isl(Values(statement, unknown, "unknown", None, halves, None, outside, reason))
    proved = all(r.verdict == "proved" for r in (inside, *outside))
    reason = "" if proved else "the values were found by rule, and not all that shows them was proved"
    values = Values(statement, unknown, "proved" if proved else "unknown", found, halves, inside, outside, reason)
    return values if proved else _by_isl(values)


def _by_isl(found: Values) -> Values:
    """What is not proved, as isl decides it; as it was where isl does not."""
    try:
        pieces = values_by_isl(found.statement, found.unknown)
    except SearchError:
        return found
    return Values(found.statement, found.unknown, "answered" if pieces else "none", reason=DECIDED, pieces=pieces)


def _halves(statement: Statement, unknown: str) -> tuple[Half, ...]:
    """The inequalities that together are the claim."""
    both = sides(statement)
    if both is None:
        raise SearchError("the sides are no polynomials in sizes and floors")
    facts = statement.facts
    known = {n: p for n, p in facts.equations if n != unknown}
    gap = (both[0] - both[1]).subs(known)
    met = sorted(n for n in gap.names() if is_floor(n) and unknown in spoken((n,)))
    if not met:
        ends = [(-gap, True)] if statement.relation == "<=" else [(gap, False), (-gap, True)]
        return tuple(_half(_reduced(p, statement), unknown, above) for p, above in ends)
    if len(met) > 1:
        raise SearchError(f"{unknown} stands in the floors {' and '.join(met)}: only one is solved for by rule")
    (name,) = met
    a, s = parts(name)
    factor = gap.coefficient(name)
    rest = gap - factor * var(name)
    if name in rest.names() or unknown in factor.names():
        raise SearchError(f"the floor {name} is multiplied by {unknown} or by itself")
    flipped = facts.at_least_one(-factor)
    if not flipped and not facts.at_least_one(factor):
        raise SearchError(f"the sign of {factor} is not known")
    size = -factor if flipped else factor
    if size != ONE and unknown in rest.names():
        raise SearchError(f"{unknown} stands in {name} and beside it")
    # factor·q + rest ≥ 0: q ≥ ⌈−rest/size⌉, or, where the factor is negative, q ≤ ⌊rest/size⌋; ≤ 0 likewise.
    up = rest if flipped else -rest
    least, most = -floor(-up, size), floor(up, size)
    at_least, at_most = a - s * least, s * most + s - 1 - a
    halves = [(at_least, flipped), (at_most, not flipped)]
    if statement.relation == "<=":
        halves = [h for h in halves if h[1]]
    return tuple(_half(_reduced(p, statement), unknown, above) for p, above in halves)


def _half(p: Poly, unknown: str, above: bool) -> Half:
    m = p.coefficient(unknown)
    r = p - m * var(unknown)
    if unknown in spoken(m.names() | r.names()):
        raise SearchError(f"{unknown} stands in {p} otherwise than once in a product")
    return Half(m, r, above)


def _reduced(p: Poly, statement: Statement) -> Poly:
    """With a for d ⌊a/d⌋ where d is assumed to divide a."""
    for c in statement.assumptions:
        if isinstance(c, Divides):
            for a in (c.p, -c.p):
                name = floor(a, c.m).name()
                many = p.coefficient(name).divide(c.m) if name is not None and is_floor(name) else None
                if name is not None and many is not None and name not in many.names():
                    p = p - many * c.m * var(name) + many * a
    return p


def _stated(statement: Statement, unknown: str, halves: tuple[Half, ...]) -> Bounds:
    """The inequalities as bounds of P, or of one multiple of it: low <= P <= high."""
    facts = statement.facts
    conditions = tuple(Ge(half.r) for half in halves if not half.m.terms)
    bounded = [half for half in halves if half.m.terms]
    multiples = {half.m if _rising(half.m, facts) else -half.m for half in bounded}
    if any(_rising(h.m, facts) is None for h in bounded):
        ps = [h.inequality(unknown) for h in bounded]
        plain = (Eq(ps[0]),) if len(ps) == 2 and ps[0] == -ps[1] else tuple(map(Ge, ps))
        return Bounds(unknown, ONE, (), (), None, (*conditions, *plain))
    multiple = multiples.pop() if bounded else ONE
    lows = list(dict.fromkeys(-h.r for h in bounded if _rising(h.m, facts) is not False))
    highs = list(dict.fromkeys(h.r for h in bounded if _rising(h.m, facts) is False))
    if multiple.constant() is not None:
        lows = _bounds([_least(statement, unknown, multiple), *lows], facts)
    equal = next((p for p in lows if p in highs), None)
    if equal is not None:
        lows = [p for p in lows if p != equal and not _known(equal - p, facts)]
        highs = []
    return Bounds(unknown, multiple, tuple(lows), tuple(highs), equal, conditions)


def _in_form(halves: tuple[Half, ...], facts: Facts) -> tuple[Half, ...]:
    """The inequalities as they are told: bounds of one multiple of P, or of P itself where the multiples differ."""
    low = tuple(_lowest(half, facts) if half.m.terms else half for half in halves)
    multiples = {half.m if _rising(half.m, facts) else -half.m for half in low if half.m.terms}
    if len(multiples) < 2 or any(half.m.terms and _rising(half.m, facts) is None for half in low):
        return low
    return tuple(_divided(half, facts) if half.m.terms else half for half in low)


def _lowest(half: Half, facts: Facts) -> Half:
    """m P + r ≥ 0 in lowest terms, where m divides r, or both are numbers."""
    numbers = half.m.constant() is not None and half.r.constant() is not None
    known = _rising(half.m, facts) is not None and (numbers or half.r.divide(half.m) is not None)
    return _divided(half, facts) if known else half


def _least(statement: Statement, unknown: str, multiple: Poly) -> Poly | None:
    """What m P is at least by what P is: a size or natural."""
    kind = statement.declarations[unknown].kind
    return multiple if kind == "size" else ZERO if kind == "natural" else None


def _rising(m: Poly, facts: Facts) -> bool | None:
    """Whether m ≥ 1, or −m ≥ 1 (False); None where neither is known."""
    return True if facts.at_least_one(m) else False if facts.at_least_one(-m) else None


def _divided(half: Half, facts: Facts) -> Half:
    """P ≥ ⌈−r/m⌉, or P ≤ ⌊r/−m⌋."""
    if _rising(half.m, facts):
        return replace(half, m=ONE, r=floor(half.r, half.m))
    return replace(half, m=-ONE, r=floor(half.r, -half.m))


def _bounds(ps: Sequence[Poly | None], facts: Facts) -> list[Poly]:
    """Lower bounds without those that others imply."""
    out: list[Poly] = []
    given = list(dict.fromkeys(p for p in ps if p is not None))
    for i, p in enumerate(given):
        others = [*out, *given[i + 1 :]]
        if not any(_known(q - p, facts) for q in others):
            out.append(p)
    return out


def _plain(p: Poly) -> str:
    """Text of a bound; of a floor alone without the parentheses around it."""
    name = p.name()
    return name[1:-1] if name is not None and is_floor(name) else str(p)


def _known(p: Poly, facts: Facts) -> bool:
    """Whether p ≥ 0 is seen, also from what the floors in p are."""
    floors = [(var(n), *parts(n)) for n in sorted(filter(is_floor, p.names()))]
    own = [q for n, a, s in floors for q in (a - s * n, s * n + s - 1 - a)]
    return certificate(p, (*facts.inequalities, *own), facts) is not None


def _pairs(halves: tuple[Half, ...]) -> list[tuple[Half, Half]]:
    return [(a, b) for i, a in enumerate(halves) for b in halves[i + 1 :]]


def _apart(one: Half, other: Half, facts: Facts) -> bool:
    """Whether no integer meets both, seen by rule: their bounds leave nothing between."""
    low, high = (one, other) if _rising(one.m, facts) else (other, one)
    if _rising(low.m, facts) is not True or _rising(high.m, facts) is not False:
        return False
    least, most = -floor(low.r, low.m), floor(high.r, -high.m)
    return _known(least - most - 1, facts)


def _assuming(statement: Statement, more: Sequence[str], claim: str | None = None) -> Statement:
    """The claim, or another, with more assumed; what was tacit is still so."""
    tacit = {condition(c) for c in statement.tacit if isinstance(c, Ge)}
    assumed = [a for a in assumptions(statement) if a not in tacit]
    found = read_statement(claim or text_of_claim(statement), lets(statement), [*assumed, *more])
    said = (a for a in found.assumptions if not (isinstance(a, Ge) and found.facts.nonnegative(a.p)))
    return replace(found, assumptions=tuple(said))


def _fails(statement: Statement, unknown: str, half: Half) -> Result:
    """Where half of the claim does not hold, one side is less than the other."""
    more = [condition(Ge(-half.inequality(unknown) - 1))]
    left, right = (statement.rhs, statement.lhs) if half.above else (statement.lhs, statement.rhs)
    more_left = Const(left.value + 1) if isinstance(left, Const) else Add((left, UNIT))
    try:
        return prove(_assuming(statement, more, f"{text(more_left)} <= {text(right)}"))
    except StatementError as error:
        return Result("unknown", statement, reason=str(error))


def extremes(values: Values) -> tuple[Poly | None, Poly | None]:
    """The least and the greatest value, as far as the halves tell."""
    facts, ends = values.statement.facts, {True: list[Poly](), False: list[Poly]()}
    for half in values.halves:
        rising = _rising(half.m, facts)
        if rising is not None:
            divided = _divided(half, facts)
            ends[rising].append(-divided.r if rising else divided.r)
    low = _least(values.statement, values.unknown, ONE)
    lows = _bounds([low, *ends[True]], facts)
    return (lows[0] if len(lows) == 1 else None, ends[False][0] if len(ends[False]) == 1 else None)


def as_data(found: Values, files: Sequence[tuple[Path, str]], seconds: float) -> dict[str, Any]:
    """One object of plain data: what `--json` prints."""
    shown = found.inside or (found.outside[0] if found.outside else Result("unknown", found.statement))
    least, greatest = (None, None) if found.bounds is None else extremes(found)
    told = replace(shown, verdict=found.verdict, asked=found.statement, reason=found.reason)
    return {
        **result_as_data(told, files, seconds),
        "answer": (found.answer or f"every {found.unknown}") if found.answered else None,
        "for": found.unknown,
        "replayed": found.pieces is None,
        "least": None if least is None else str(least),
        "greatest": None if greatest is None else str(greatest),
        "outside": [{"claim": text_of_claim(r.statement), "assumptions": assumptions(r.statement),
                     "verdict": r.verdict} for r in found.outside],
    }  # fmt: skip
