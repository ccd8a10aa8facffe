"""Laws of |x|^(p/q), where 0^0 = 1 and a negative power of 0 is 0: each takes an expression to one of equal value.

A power of an integer is made of one that is known to be at least 0 only; others stay in |n|.

    one        |x|^(p/p) = |x|
    square     |x|^(2m) = x ⋯ x                       for a number m ≥ 1
    reduce     |x|^(mp/mq) = |x|^(p/q)                m ≥ 1
    compose    ||x|^a|^b = |x|^(ab),  |−x|^a = ||x||^a = |x|^a
    number     |v|^(p/q)                              v = 1, 0 and p ≠ 0, or numbers p and q = 1; (1/m)^a = m^(−a)
    factors    |x y|^a = |x|^a |y|^a
               |x|^0 = 1
    collect    |x|^a |x|^b = |x|^(a+b), |x| sign x = x          two factors by their positions; a + b ≠ 0 or x ≠ 0
    homogeneous  f(a t) = a f(t)                     f = relu, abs; a ≥ 0
    apart      |x y| = |x| |y|
    above      |t| = relu(t) = t                      where t ≥ 0 is known
    below      |t| = −t and relu(t) = 0               where t ≤ 0 is known

and the laws of `vanishing`.  Anything else is a StatementError.
"""

from __future__ import annotations

from collections.abc import Callable

from symconv.errors import StatementError
from symconv.expr.nodes import HOMOGENEOUS, ZERO, Apply, Const, Expr, Integer, Mul, Neg, Over, Power, product
from symconv.expr.nodes import ONE as ONE_EXACTLY
from symconv.expr.signs import nonnegative, nonpositive
from symconv.expr.statement import Statement
from symconv.expr.vanishing import indicator, single
from symconv.index.poly import ONE, Poly

LARGEST = 64


def one(e: Expr, statement: Statement) -> Expr:
    match e:
        case Power(x, p, q) if p == q:
            return Apply("abs", x)
        case _:
            raise StatementError("the exponent is not 1")


def square(e: Expr, statement: Statement) -> Expr:
    match e:
        case Power(x, p, q) if q == ONE and 0 < (p.constant() or 0) <= LARGEST and (p.constant() or 0) % 2 == 0:
            return Mul((x,) * (p.constant() or 0))
        case _:
            raise StatementError("the exponent is no even number")


def reduce(e: Expr, statement: Statement, by: Poly) -> Expr:
    match e:
        case Power(x, p, q):
            a, b = p.divide(by), q.divide(by)
            if a is None or b is None or not statement.facts.at_least_one(by):
                raise StatementError(f"{by} is no positive common factor of the exponent")
            return Power(x, a, b)
        case _:
            raise StatementError("not a power")


def compose(e: Expr, statement: Statement) -> Expr:
    match e:
        case Power(Power(x, p, q), u, v):
            return Power(x, p * u, q * v)
        case Power(Apply("abs", x) | Neg(x), p, q) if not isinstance(x, Integer) or nonnegative(x, statement):
            return Power(x, p, q)
        case _:
            raise StatementError("not a power of a power, of |x| or of -x")


def number(e: Expr, statement: Statement) -> Expr:
    match e:
        case Power(Over(m), p, q):
            return Power(Integer(m), -p, q)
        case Power(_, p) if not p.terms:
            return ONE_EXACTLY
        case Power(Const(v), p, q):
            exponent = p.constant()
            if abs(v) == 1 or (not v and statement.facts.nonzero(p)):
                return Const(abs(v))
            if q == ONE and exponent is not None and 0 <= exponent <= LARGEST:
                return Const(abs(v) ** exponent)
        case _:
            pass
    raise StatementError("not a power of a number with a value")


def factors(e: Expr, statement: Statement) -> Expr:
    match e:
        case Power(Mul(parts), p, q) if parts:
            sizes = (f if not isinstance(f, Integer) or nonnegative(f, statement) else Apply("abs", f) for f in parts)
            return Mul(tuple(Power(f, p, q) for f in sizes))
        case _:
            raise StatementError("not a power of a product")


def collect(e: Expr, statement: Statement, first: int, second: int) -> Expr:
    if not isinstance(e, Mul) or not 0 <= first < second < len(e.factors):
        raise StatementError("there are no such factors")
    match e.factors[first], e.factors[second]:
        case Power(x, p, q), Power(y, u, v) if x == y:
            power = p * v + u * q
            if not statement.facts.nonzero(power) and not (
                isinstance(x, Integer) and statement.facts.at_least_one(x.p)
            ):
                raise StatementError(f"the exponent {power} may be 0, and the number too")
            merged = Power(x, power, q * v)
            return product((*e.factors[:first], merged, *e.factors[first + 1 : second], *e.factors[second + 1 :]))
        case Apply("abs", x), Apply("sign", y) if x == y:
            return product((*e.factors[:first], x, *e.factors[first + 1 : second], *e.factors[second + 1 :]))
        case _:
            raise StatementError("the factors are no powers of one thing")


def above(e: Expr, statement: Statement) -> Expr:
    match e:
        case Apply("abs" | "relu", x) if nonnegative(x, statement):
            return x
        case _:
            raise StatementError("not |t| or relu(t) of something that is known to be at least 0")


def below(e: Expr, statement: Statement) -> Expr:
    match e:
        case Apply("abs" | "relu" as f, x) if nonpositive(x, statement):
            return Neg(x) if f == "abs" else ZERO
        case _:
            raise StatementError("not |t| or relu(t) of something that is known to be at most 0")


def homogeneous(e: Expr, statement: Statement) -> Expr:
    match e:
        case Apply(f, Mul((a, *rest))) if f in HOMOGENEOUS and rest and nonnegative(a, statement):
            return Mul((a, Apply(f, product(tuple(rest)))))
        case _:
            raise StatementError("not relu or abs of a factor that is known to be at least 0, times something")


def apart(e: Expr, statement: Statement) -> Expr:
    match e:
        case Apply("abs", Mul(parts)) if parts:
            return Mul(tuple(Apply("abs", f) for f in parts))
        case _:
            raise StatementError("not |t| of a product")


LAWS: dict[str, Callable[..., Expr]] = {
    f.__name__: f
    for f in (
        one,
        square,
        reduce,
        compose,
        number,
        factors,
        collect,
        above,
        below,
        homogeneous,
        apart,
        indicator,
        single,
    )
}
