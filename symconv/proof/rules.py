"""The rules.  Each takes a line apart, checks its side condition, and concludes; anything else is a `RuleError`.

Judgement: under the facts F of a statement, for all values of everything free, `e = rule(F, e, arguments)`, given
that the sums of e are finite (`finite.require`; checked on every line by `theorem`).  A rule may be used backwards.

    unfold · differentiate · distribute · reindex · sift · rewrite · cancel · coprime · divisor · imply
    split · residues · cases · enumerate_range · count · maximum · exponent · equation · hypothesis

Not checked: that a line is shorter, nicer or closer to anything.  Bound names that clash are refused, not renamed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any, Concatenate, ParamSpec

from symconv.errors import RuleError, StatementError
from symconv.expr import derivatives, exponents, maxima, ring
from symconv.expr.definitions import arity, definition
from symconv.expr.nodes import (
    ZERO,
    Add,
    Adjoint,
    Diff,
    Entry,
    Expr,
    Grad,
    Inner,
    Integer,
    Iverson,
    Most,
    Mul,
    Peak,
    Sum,
    factors_of,
    product,
    rank,
)
from symconv.expr.statement import Statement
from symconv.expr.support import around, bounds
from symconv.expr.traverse import Path, at, index_names, put, substitute
from symconv.index.conditions import Condition, Divides, Eq, Ge, between
from symconv.index.poly import Poly, const, var

P = ParamSpec("P")
RULES: dict[str, Callable[..., Expr]] = {}


def _rule(f: Callable[Concatenate[Statement, Expr, P], Expr]) -> Callable[Concatenate[Statement, Expr, P], Expr]:
    """Enter a rule under its name; a malformed argument or place is a refusal like any other."""

    @wraps(f)
    def guarded(statement: Statement, e: Expr, /, *args: P.args, **kwargs: P.kwargs) -> Expr:
        try:
            return f(statement, e, *args, **kwargs)
        except (StatementError, ArithmeticError, TypeError, ValueError, KeyError, IndexError, AttributeError) as error:
            raise RuleError(f.__name__, str(error)) from error

    RULES[f.__name__] = guarded
    return guarded


def _need(condition: bool, rule: str, reason: str) -> None:
    if not condition:
        raise RuleError(rule, reason)


def _fresh(names: tuple[str, ...], e: Expr, rule: str) -> None:
    clash = set(names) & index_names(e)
    _need(not clash and len(set(names)) == len(names), rule, f"the names {sorted(clash) or names} are not fresh")


def _sum(indices: tuple[str, ...], body: Expr) -> Expr:
    return Sum(indices, body) if indices else body


@_rule
def unfold(statement: Statement, e: Expr, names: tuple[str, ...] = ()) -> Expr:
    """f[n] = (definition of f at n), inner products likewise; names are new bound indices."""
    named = isinstance(e, Entry) or (isinstance(e, Inner | Grad | Adjoint) and rank(e) == 0)
    fits = named and arity(e.x if isinstance(e, Entry) else e) == len(names)
    _need(fits, "unfold", "not an entry with that many new indices")
    _fresh(names, e, "unfold")
    _need(not set(names) & statement.declarations.keys(), "unfold", f"{names} are names of the statement")
    return definition(e, names, statement.definitions)


@_rule
def differentiate(statement: Statement, e: Expr, names: tuple[str, ...] = ()) -> Expr:
    """∂x[i]/∂x[j] = [i = j], and the derivative of a sum, product or function by those of its parts: one of these."""
    if not isinstance(e, Diff):
        raise RuleError("differentiate", "not a derivative")
    _fresh(names, e, "differentiate")
    return derivatives.derivative(e, names, statement)


@_rule
def distribute(statement: Statement, e: Expr) -> Expr:
    """e = its ring normal form: products over sums, sums of sums, equal terms collected."""
    return ring.distribute(e)


@_rule
def reindex(statement: Statement, e: Expr, forward: Mapping[str, Poly], inverse: Mapping[str, Poly]) -> Expr:
    """Σ_i f(i) = Σ_j f(σ(j)), where σ: ℤ^q → ℤ^p (`forward`, old by new) has the inverse `inverse` (new by old)."""
    if not isinstance(e, Sum) or set(e.indices) != set(forward):
        raise RuleError("reindex", "the map does not cover the bound indices")
    new = tuple(inverse)
    old = set(e.indices)
    _need(not set(new) & (index_names(e.body) - old), "reindex", f"the names {new} are not fresh")
    used = {n for p in forward.values() for n in p.names()}, {n for p in inverse.values() for n in p.names()}
    _need(not used[0] & (old - set(new)) and not used[1] & (set(new) - old), "reindex", "old and new indices mix")
    back = all(p.subs(forward) == var(j) for j, p in inverse.items())
    there = all(p.subs(inverse) == var(i) for i, p in forward.items())
    _need(back and there, "reindex", "the two maps are not inverse to each other")
    return Sum(new, substitute(e.body, forward))


@_rule
def sift(statement: Statement, e: Expr, index: str, position: int) -> Expr:
    """Σ_i [i = a] f(i) = f(a), i not in a."""
    if not isinstance(e, Sum) or index not in e.indices:
        raise RuleError("sift", f"{index} is not bound here")
    parts = factors_of(e.body)
    value = _solve(parts, position, index, "sift")
    rest = product(parts[:position] + parts[position + 1 :])
    return _sum(tuple(i for i in e.indices if i != index), substitute(rest, {index: value}))


@_rule
def rewrite(statement: Statement, e: Expr, name: str, position: int) -> Expr:
    """[v = a] f(v) = [v = a] f(a), v not in a."""
    parts = factors_of(e)
    value = {name: _solve(parts, position, name, "rewrite")}
    return product(tuple(f if j == position else substitute(f, value) for j, f in enumerate(parts)))


def _solve(parts: tuple[Expr, ...], position: int, name: str, rule: str) -> Poly:
    """The a of a factor [name = a]."""
    _need(0 <= position < len(parts), rule, "there is no such factor")
    match parts[position]:
        case Iverson(Eq(p)):
            c = p.coefficient(name).constant()
            _need(c in (1, -1), rule, f"the coefficient of {name} is not 1 or -1")
            value = var(name) - p * (c or 0)
            _need(name not in value.names(), rule, f"{name} stands on both sides")
            return value
        case _:
            raise RuleError(rule, "the factor is not an equality")


@_rule
def cancel(statement: Statement, e: Expr, by: Poly, rest: Poly = const(0)) -> Expr:
    """[m p = 0] = [p = 0] for m ≠ 0;  [m p + r ≥ 0] = [p ≥ 0] and [m a | m b] = [a | b] for m ≥ 1, 0 ≤ r < m."""
    match e:
        case Iverson(Eq(p) | Ge(p)):
            facts, quotient = statement.facts, (p - rest).divide(by)
            allowed = facts.nonzero if isinstance(e.condition, Eq) else facts.at_least_one
            small = isinstance(e.condition, Ge) and facts.at_least_one(rest + 1) and facts.at_least_one(by - rest)
            fits = allowed(by) and quotient is not None and (small or not rest.terms)
            _need(fits, "cancel", f"{by} is not a factor of the right sign")
            return Iverson((Eq if isinstance(e.condition, Eq) else Ge)(quotient or p))
        case Iverson(Divides(m, p)):
            a, b = m.divide(by), p.divide(by)
            if a is None or b is None or not statement.facts.at_least_one(by):
                raise RuleError("cancel", f"{by} is not a positive common factor")
            return Iverson(Divides(a, b))
        case _:
            raise RuleError("cancel", "not a condition")


@_rule
def coprime(statement: Statement, e: Expr, name: str, s: Poly, p: Poly, t: Poly, q: Poly) -> Expr:
    """[s p = t q] = Σ_m [p = t m] [q = s m] for gcd(s, t) = 1, s ≠ 0 ≠ t."""
    facts = statement.facts
    _need(e == Iverson(Eq(s * p - t * q)), "coprime", "the condition is not s p = t q")
    _need(facts.nonzero(s) and facts.nonzero(t) and facts.coprime(s, t), "coprime", f"gcd({s}, {t}) = 1 is not known")
    _fresh((name,), e, "coprime")
    m = var(name)
    return Sum((name,), Mul((Iverson(Eq(p - t * m)), Iverson(Eq(q - s * m)))))


@_rule
def divisor(statement: Statement, e: Expr, name: str) -> Expr:
    """[m | p] = Σ_q [p = m q] for m ≥ 1."""
    match e:
        case Iverson(Divides(m, p)):
            _need(statement.facts.at_least_one(m), "divisor", f"{m} >= 1 is not known")
            _fresh((name,), e, "divisor")
            return Sum((name,), Iverson(Eq(p - m * var(name))))
        case _:
            raise RuleError("divisor", "not a divisibility")


@_rule
def imply(statement: Statement, e: Expr, condition: Condition, evidence: Mapping[int, Poly],
          opposite: Mapping[int, Poly] | None = None, scale: Poly = const(1), place: Path = ()) -> Expr:  # fmt: skip
    """f·[c] = f where the factors of f, and those around its place, imply c: a non-negative combination of theirs.

    [p = 0] is implied by p ≥ 0 and −p ≥ 0 (`opposite`); p ≥ 0 by m p + m − 1 ≥ 0 for a `scale` m ≥ 1.
    """
    parts = list(factors_of(at(e, place)))
    _need(Iverson(condition) in parts, "imply", "the condition is not a factor here")
    parts.remove(Iverson(condition))
    known = [*around(e, place, statement.facts), *bounds(tuple(parts), statement.facts)]
    p, follows, rest = condition.p, statement.facts.combination, scale - 1
    _need(not isinstance(condition, Divides) or not p.terms, "imply", "no divisibility is implied")
    _need(statement.facts.at_least_one(scale), "imply", f"{scale} >= 1 is not known")
    _need(follows(scale * p + rest, known, evidence), "imply", f"the factors do not imply {p} >= 0")
    back = isinstance(condition, Ge) or follows(rest - scale * p, known, opposite or {})
    _need(back, "imply", f"they do not imply {-p} >= 0")
    return put(e, place, product(tuple(parts)))


@_rule
def split(statement: Statement, e: Expr, index: str, quotient: str, remainder: str, modulus: Poly) -> Expr:
    """Σ_i f(i) = Σ_q Σ_r [0 ≤ r ≤ m − 1] f(m q + r) for m ≥ 1."""
    if not isinstance(e, Sum) or index not in e.indices:
        raise RuleError("split", f"{index} is not bound here")
    _need(statement.facts.at_least_one(modulus), "split", f"{modulus} >= 1 is not known")
    _need(not modulus.names() & {*e.indices, quotient, remainder}, "split", "the modulus depends on a bound index")
    _fresh((quotient, remainder), e, "split")
    q, r = var(quotient), var(remainder)
    inside = factors_of(substitute(e.body, {index: modulus * q + r}))
    body = Mul((Iverson(Ge(r)), Iverson(Ge(modulus - 1 - r)), *inside))
    return Sum((*(i for i in e.indices if i != index), quotient, remainder), body)


@_rule
def residues(statement: Statement, e: Expr, p: Poly, quotient: str, remainder: str, modulus: Poly) -> Expr:
    """f = Σ_q Σ_r [p = m q + r] [0 ≤ r ≤ m − 1] f for m ≥ 1 and any integer p."""
    _need(rank(e) == 0, "residues", "not a scalar")
    _need(statement.facts.at_least_one(modulus), "residues", f"{modulus} >= 1 is not known")
    _fresh((quotient, remainder), e, "residues")
    _need(not {quotient, remainder} & (p.names() | modulus.names()), "residues", "the new names occur")
    r = var(remainder)
    hit = Iverson(Eq(p - modulus * var(quotient) - r))
    return Sum((quotient, remainder), Mul((hit, Iverson(Ge(r)), Iverson(Ge(modulus - 1 - r)), *factors_of(e))))


@_rule
def cases(statement: Statement, e: Expr, p: Poly) -> Expr:
    """f = [p ≥ 0] f + [−p − 1 ≥ 0] f for any integer p."""
    _need(rank(e) == 0, "cases", "not a scalar")
    return Add(tuple(Mul((Iverson(Ge(q)), *factors_of(e))) for q in (p, -p - 1)))


def _range(e: Expr, index: str, low: Poly, high: Poly, rule: str) -> tuple[Sum, list[Expr]]:
    """A sum, and the factors of its terms but [low ≤ index] and [index ≤ high], which must be there."""
    if not isinstance(e, Sum) or index not in e.indices:
        raise RuleError(rule, f"{index} is not bound here")
    rest = list(factors_of(e.body))
    for end in map(Iverson, between(var(index), low, high)):
        _need(end in rest, rule, f"the range of {index} is not a factor")
        rest.remove(end)
    return e, rest


@_rule
def enumerate_range(statement: Statement, e: Expr, index: str, low: Poly, count: int) -> Expr:
    """Σ_i [low ≤ i ≤ low + N − 1] f(i) = f(low) + … + f(low + N − 1) for a number N ≤ 1000."""
    whole, rest = _range(e, index, low, low + (count - 1), "enumerate_range")
    _need(not low.names() & set(whole.indices) and count <= 1000, "enumerate_range", "not fixed, or too long a range")
    others = tuple(j for j in whole.indices if j != index)
    terms = tuple(_sum(others, substitute(product(tuple(rest)), {index: low + const(j)})) for j in range(count))
    return ZERO if not terms else terms[0] if len(terms) == 1 else Add(terms)


@_rule
def count(statement: Statement, e: Expr, index: str, number: Poly) -> Expr:
    """Σ_i [0 ≤ i ≤ c − 1] f = c f for f free of i and c ≥ 0."""
    whole, rest = _range(e, index, const(0), number - 1, "count")
    used = number.names().union(*map(index_names, rest))
    _need(index not in used and not number.names() & set(whole.indices), "count", f"the terms depend on {index}")
    _need(statement.facts.at_least_one(number + 1), "count", f"{number} >= 0 is not known")
    return _sum(tuple(j for j in whole.indices if j != index), Mul((Integer(number), *rest)))


@_rule
def maximum(statement: Statement, e: Expr, law: str, **arguments: Any) -> Expr:
    """max f = (its value by one of the laws of `maxima`)."""
    _need(isinstance(e, Most) or (isinstance(e, Peak) and law == "arrange"), "maximum", "not a maximum")
    return maxima.LAWS[law](e, statement, **arguments)


@_rule
def exponent(statement: Statement, e: Expr, law: str, **arguments: Any) -> Expr:
    """|t|^a = (its value by one of the laws of `exponents`)."""
    return exponents.LAWS[law](e, statement, **arguments)


@_rule
def equation(statement: Statement, e: Expr, name: str) -> Expr:
    """e = e with p for the size v, where v = p is assumed."""
    value = dict(statement.facts.equations).get(name)
    if value is None:
        raise RuleError("equation", f"no value of {name} is assumed")
    return substitute(e, {name: value})


@_rule
def hypothesis(statement: Statement, e: Expr, number: int) -> Expr:
    """f = g where the equation f = g between sequences is assumed."""
    _need(0 <= number < len(statement.equations), "hypothesis", f"there is no assumed equation {number}")
    left, right = statement.equations[number]
    _need(e == left, "hypothesis", "this is not the left side of the assumed equation")
    return right
