"""Equations between integers: polynomials in sizes and floors that inequalities force to be equal.

With d = left − right, d ≥ 0 and −d ≥ 0 are shown by what is known of sizes and floors; [d = 0] is then put beside a
side, used to take out a name that stands on it alone, and dropped.
"""

from __future__ import annotations

from math import lcm

from symconv.expr.floors import is_floor
from symconv.expr.nodes import Add, Const, Expr, Integer, Iverson, Mul, Neg
from symconv.expr.statement import Statement
from symconv.index.conditions import Eq
from symconv.index.poly import ONE, Poly, const, total, var
from symconv.tactics.chain import Chain
from symconv.tactics.farkas import Certificate, certificate


def polynomial(e: Expr) -> Poly | None:
    """The integer polynomial that a number is; None where it is none."""
    match e:
        case Integer(p):
            return p
        case Const(v) if v.denominator == 1:
            return const(v.numerator)
        case Neg(x):
            p = polynomial(x)
            return None if p is None else -p
        case Add(parts) | Mul(parts):
            found = [p for p in map(polynomial, parts) if p is not None]
            if len(found) < len(parts):
                return None
            if isinstance(e, Add):
                return total(found)
            out = ONE
            for p in found:
                out = out * p
            return out
        case _:
            return None


def settle(left: Chain, right: Chain) -> None:
    """Bring two integers to one line where what is known forces them to be equal."""
    for one, other in ((left, right), (right, left)):
        p, q = polynomial(one.line), polynomial(other.line)
        if left.line == right.line or p is None or q is None:
            return
        plain = sorted(v for v in (p - q).names() if not is_floor(v))  # A certificate names no floor in `rewrite`.
        names = [v for v in plain if p.subs({v: _solved(p - q, v)}) == q]
        found = equality(p - q, one.statement) if names else None
        if found is not None:
            _replace(one, Eq(p - q), names[0], found)
            for chain in (one, other):
                chain.do("distribute", ())


def equality(d: Poly, statement: Statement) -> tuple[Certificate, Certificate] | None:
    """Why d ≥ 0 and −d ≥ 0, with one scale for both."""
    known = statement.facts.inequalities
    ends = certificate(d, known, statement.facts), certificate(-d, known, statement.facts)
    if ends[0] is None or ends[1] is None:
        return None
    scales = [end.scale for end in ends if end is not None]
    numbers = [s.constant() for s in scales]
    if scales[0] == scales[1]:
        return ends[0], ends[1]
    if numbers[0] is None or numbers[1] is None:
        return None
    whole = lcm(numbers[0], numbers[1])
    one, other = (Certificate({i: p * (whole // n) for i, p in end.evidence.items()}, const(whole))
                  for end, n in ((ends[0], numbers[0]), (ends[1], numbers[1])))  # fmt: skip
    return one, other


def _solved(d: Poly, v: str) -> Poly:
    """The value of v where d = 0; v itself where it cannot be solved for."""
    c = d.coefficient(v).constant()
    value = var(v) - d * (c or 0)
    return value if c in (1, -1) and v not in value.names() else var(v)


def _replace(chain: Chain, condition: Eq, name: str, found: tuple[Certificate, Certificate]) -> None:
    """e = [d = 0] e = [d = 0] e′ = e′, where e′ has the value of a name put for it."""
    evidence = {"evidence": found[0].evidence, "opposite": found[1].evidence}
    scale = {} if found[0].scale == ONE else {"scale": found[0].scale}
    chain.undo("imply", (), Mul((Iverson(condition), chain.line)), condition=condition, **evidence, **scale)
    chain.do("rewrite", (), name=name, position=0)
    chain.do("imply", (), condition=condition, **evidence, **scale)
