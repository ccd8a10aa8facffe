"""Conditions on integers: p = 0, p ≥ 0 and m | p, over polynomials in sizes and indices."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import gcd

from symconv.errors import assert_never
from symconv.index.poly import Poly, const


@dataclass(frozen=True, slots=True)
class Eq:
    """p = 0."""

    p: Poly


@dataclass(frozen=True, slots=True)
class Ge:
    """p ≥ 0."""

    p: Poly


@dataclass(frozen=True, slots=True)
class Divides:
    """m | p, with m ≥ 1."""

    m: Poly
    p: Poly


Condition = Eq | Ge | Divides


def substitute(c: Condition, values: Mapping[str, Poly]) -> Condition:
    """The condition with polynomials put for names."""
    match c:
        case Eq(p):
            return Eq(p.subs(values))
        case Ge(p):
            return Ge(p.subs(values))
        case Divides(m, p):
            return Divides(m.subs(values), p.subs(values))
        case _:
            assert_never(c)
    return None


def names(c: Condition) -> frozenset[str]:
    """Every name in the condition."""
    return c.p.names() | c.m.names() if isinstance(c, Divides) else c.p.names()


def holds(c: Condition, values: Mapping[str, int]) -> bool:
    """The truth value at concrete integers."""
    match c:
        case Eq(p):
            return p.evaluate(values) == 0
        case Ge(p):
            return p.evaluate(values) >= 0
        case Divides(m, p):
            step, value = m.evaluate(values), p.evaluate(values)
            return value % step == 0 if step else value == 0
        case _:
            assert_never(c)
    return None


def decide(c: Condition) -> bool | None:
    """The truth value where it needs no fact about any name, else None."""
    match c:
        case Eq(p):
            value = p.constant()
            if value is not None:
                return value == 0
            rest = p.content_without_constant()
            return False if rest and p.constant_term() % rest else None
        case Ge(p):
            value = p.constant()
            return None if value is None else value >= 0
        case Divides(m, p):
            step, value = m.constant(), p.constant()
            if value == 0 or step in (1, -1):
                return True
            if not step:
                return None
            if value is not None:
                return value % step == 0
            if p.content() % step == 0:
                return True
            shared = gcd(step, p.content_without_constant())
            return False if p.constant_term() % shared else None
        case _:
            assert_never(c)
    return None


def sides(c: Eq | Ge) -> tuple[Poly, str, Poly]:
    """The two sides and the sign between them, with nothing subtracted: m + a = 2 n, s ≥ r + 1, n ≤ −1."""
    left = Poly(tuple(t for t in c.p.terms if t[1] > 0))
    right = left - c.p
    if isinstance(c, Eq):
        return left, "==", right
    if not left.names() and right.names():
        return right + c.p.constant_term() - left, "<=", const(c.p.constant_term())
    return left, ">=", right


def positive_form(c: Eq) -> Eq:
    """The same equation with its first coefficient positive."""
    return Eq(-c.p) if c.p.terms and c.p.terms[0][1] < 0 else c


def between(p: Poly, low: Poly, high: Poly) -> tuple[Ge, Ge]:
    """low ≤ p ≤ high as two conditions."""
    return Ge(p - low), Ge(high - p)


TRUE = Eq(const(0))
FALSE = Eq(const(1))
