"""Claims between integers: equal, or one below the other, by what is known of the floors and sizes in them.

Both sides are integer polynomials p and q.  p ≤ q follows from a combination of what is assumed: of it and of
m (q − p) + m − 1 ≥ 0 for a divisor m of a floor, which makes it a claim about integers, not fractions; p = q from both.
In `proof/`: p = Σ_i [i = p] i = Σ_i [i = p] [i = q] i = Σ_i [i = q] i = q, and p ≤ p + [q − p ≥ 0] (q − p) = q.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import islice
from typing import NamedTuple

from symconv.errors import CertificateError, RuleError, SearchError, StatementError
from symconv.expr import ring
from symconv.expr.floors import is_floor, known_integers, parts
from symconv.expr.nodes import Add, Count, Expr, Integer, Iverson, Mul, Sum
from symconv.expr.satisfy import sizes
from symconv.expr.statement import Statement
from symconv.expr.support import bounds
from symconv.expr.traverse import children, rebuild
from symconv.index.conditions import Eq, Ge
from symconv.index.facts import Facts
from symconv.index.poly import ONE, Poly, var
from symconv.proof.theorem import Theorem, join
from symconv.tactics.chain import Chain, Names, taken_names
from symconv.tactics.evidence import Certificate
from symconv.tactics.farkas import certificate
from symconv.tactics.integers import polynomial
from symconv.tactics.normal import count_all, substitute_equations
from symconv.tactics.solving import common_factor
from symconv.tactics.verdict import Counterexample

LARGEST, TRIED = 40, 100
"""How far sizes are tried beyond their least values, and how many before a proof is looked for."""


class Cut(NamedTuple):
    """An inequality between integers that is rounded before it is combined: why it holds, and why the claim follows."""

    condition: Ge
    own: Certificate
    use: Certificate


def between_integers(statement: Statement, seconds: float) -> Theorem | None:
    """The theorem of p = q or p ≤ q for integers; None where none was found."""
    if statement.rank or statement.towards:
        return None
    deadline = time.monotonic() + seconds
    names = Names(taken_names(statement), "output")
    try:
        left, right = (Chain(statement, e, names, deadline) for e in statement.ends(()))
        for chain in (left, right):
            count_all(chain)
            substitute_equations(chain)
            chain.do("distribute", ())
        p, q = polynomial(left.line), polynomial(right.line)
        if p is None or q is None or _contradicted(statement, q - p):
            return None
        if p != q and statement.relation == "<=":
            _below(left, p, q)
        elif p != q:
            _equal(left, p, q)
        return join((), left.derivation, right.derivation) if left.line == right.line else None
    except (RuleError, SearchError, StatementError, CertificateError):
        return None


def _contradicted(statement: Statement, gap: Poly) -> bool:
    """Whether some small sizes show that q − p is not as is claimed, so that no reason need be looked for."""
    return bool(gap.terms) and any(_untrue(statement, gap, values) for values in islice(sizes(statement), TRIED))


def _untrue(statement: Statement, gap: Poly, values: Mapping[str, int]) -> bool:
    """Whether q − p is not as is claimed at these sizes."""
    value = gap.evaluate(known_integers(values, statement.opaque | gap.names()))
    return value < 0 or (value != 0 and statement.relation == "==")


def sides(statement: Statement) -> tuple[Poly, Poly] | None:
    """Both sides of a claim between integers as polynomials in sizes and floors; None for any other claim."""
    if statement.rank or statement.towards:
        return None
    try:
        left, right = (ring.distribute(_numbers(e)) for e in (statement.lhs, statement.rhs))
    except (RuleError, StatementError):  # Sums, sequences in inner products: no integers by their form.
        return None
    p, q = polynomial(left), polynomial(right)
    return None if p is None or q is None else (p, q)


def _numbers(e: Expr) -> Expr:
    """The expression with numbers for counts and measures."""
    return Integer(e.p) if isinstance(e, Count) else rebuild(e, tuple(map(_numbers, children(e))))


def counterexample(statement: Statement, seconds: float) -> Counterexample | None:
    """The smallest sizes at which integers are not as is claimed; None where none were met in the time."""
    found, deadline = sides(statement), time.monotonic() + seconds
    if found is None:
        return None
    gap = found[1] - found[0]
    for values in sizes(statement, largest=LARGEST):
        if _untrue(statement, gap, values):
            integers = known_integers(values, statement.opaque)
            left, right = (Fraction(p.evaluate(integers)) for p in found)
            return Counterexample(values, {}, {}, (), left, right)
        if time.monotonic() > deadline:
            break
    return None


def _below(chain: Chain, p: Poly, q: Poly) -> None:
    """p ≤ p + [q − p ≥ 0] (q − p) = q."""
    gap, facts = q - p, chain.statement.facts
    whole = Iverson(Ge(gap))
    plain = certificate(gap, facts.inequalities, facts)
    cut = None if plain is not None else next(_cuts(gap, facts), None)
    if plain is None and cut is None:
        raise SearchError(f"{gap} >= 0 is not seen")
    chain.undo("distribute", (), Integer(p))
    chain.upwards((), Add((Integer(p), Mul((whole, Integer(gap))))), "more")
    if plain is not None:
        chain.do("imply", (1,), condition=Ge(gap), evidence=plain.evidence, scale=plain.scale)
    elif cut is not None:
        before, inside = _moved(cut.own.evidence, whole, facts), Mul((whole, Iverson(cut.condition), Integer(gap)))
        chain.undo("imply", (1,), inside, condition=cut.condition, evidence=before, scale=cut.own.scale)
        chain.do("imply", (1,), condition=Ge(gap), evidence=cut.use.evidence, scale=cut.use.scale)
        chain.do("imply", (1,), condition=cut.condition, evidence=cut.own.evidence, scale=cut.own.scale)
    chain.do("distribute", ())


def _moved(evidence: dict[int, Poly], before: Expr, facts: Facts) -> dict[int, Poly]:
    """The same evidence where a condition stands before the inequalities that are known anyway."""
    more = len(bounds((before,), facts)) - len(facts.inequalities)
    return {i + more: factor for i, factor in evidence.items()}


def _cuts(gap: Poly, facts: Facts) -> Iterator[Cut]:
    """What is seen to be ≥ 0 by rounding, and with which the gap is: the gap without its factors; ⌊a/s⌋ ≥ t for a known
    a ≥ s t, and ⌊a/s⌋ ≤ t for a known a ≤ s t + s − 1."""
    plain = gap.divide(common_factor(gap, facts))
    candidates = [] if plain is None or plain == gap else [plain]
    for name in sorted(filter(is_floor, gap.names())):
        a, s = parts(name)
        for h in facts.inequalities:
            low, high = (a - h).divide(s), (h + a - s + 1).divide(s)
            candidates += [sign * (var(name) - t) for t, sign in ((low, 1), (high, -1))
                           if t is not None and name not in t.names()]  # fmt: skip
    for p in dict.fromkeys(candidates):
        own = certificate(p, facts.inequalities, facts)
        use = own and certificate(gap, bounds((Iverson(Ge(p)), Integer(gap)), facts), facts)
        if own is not None and use is not None:
            yield Cut(Ge(p), own, use)


def _equal(chain: Chain, p: Poly, q: Poly) -> None:
    """p = Σ_i [i = p] i = Σ_i [i = p] [i = q] i = Σ_i [i = q] i = q; with [d = 0] beside them where p − q is f d."""
    facts = chain.statement.facts
    (name,) = chain.names.pick(1)
    i = var(name)
    at_p, at_q, value = Iverson(Eq(i - p)), Iverson(Eq(i - q)), Integer(i)
    plain = (p - q).divide(common_factor(p - q, facts))
    beside = () if plain is None or plain in (p - q, q - p) else (Iverson(Eq(plain)),)
    put = [_both(plain, bounds((here, value), facts), facts) for here in (at_p, at_q)] if beside and plain else []
    to, back = (
        _both(i - other, bounds((here, *beside, value), facts), facts) for here, other in ((at_p, q), (at_q, p))
    )
    if to is None or back is None or None in put:
        raise SearchError(f"{p} == {q} is not seen")
    chain.undo("distribute", (), Integer(p))
    chain.undo("sift", (), Sum((name,), Mul((at_p, value))), index=name, position=0)
    for factor, why in zip(beside, put[:1], strict=True):
        chain.undo("imply", (0,), Mul((at_p, factor, value)), condition=factor.condition, **(why or {}))
    chain.undo("imply", (0,), Mul((at_p, at_q, *beside, value)), condition=at_q.condition, **to)
    chain.do("imply", (0,), condition=at_p.condition, **back)
    for factor, why in zip(beside, put[1:], strict=True):
        chain.do("imply", (0,), condition=factor.condition, **(why or {}))
    chain.do("sift", (), index=name, position=0)
    chain.do("distribute", ())


def _both(p: Poly, known: Sequence[Poly], facts: Facts) -> dict[str, object] | None:
    """The arguments of `imply` for p = 0, which has one scale for both inequalities: the product of theirs."""
    up, down = certificate(p, known, facts), certificate(-p, known, facts)
    if up is None or down is None:
        return None
    scale = up.scale if up.scale == down.scale else up.scale * down.scale
    return {"evidence": _scaled(up, scale), "opposite": _scaled(down, scale), "scale": scale}


def _scaled(found: Certificate, scale: Poly) -> dict[int, Poly]:
    """The multipliers for a multiple of the scale: m p + m − 1 ≥ 0 gives f m p + f m − 1 ≥ f (m p + m − 1)."""
    by = scale.divide(found.scale) or ONE
    return {i: by * factor for i, factor in found.evidence.items()}
