"""The derivative of a number by an entry of a sequence or by a number: ∂x[i]/∂x[j] = [i = j], sums, products, …

At the places where a pointwise function has a corner its derivative is what back-propagation takes: relu′ is the step
[t > 0], |t|′ the sign of t, and the derivatives of both are 0; a maximum is that of the first that attains it, and
|t|^e has the derivative e |t|^(e−1) sign t, without the sign where t is seen to be at least 0.  Derivatives are taken
of expressions as they are written, so laws of such functions are not used below a derivative.
"""

from __future__ import annotations

from symconv.errors import StatementError
from symconv.expr.nodes import (
    ONE,
    ZERO,
    Add,
    Apply,
    Diff,
    Entry,
    Expr,
    Integer,
    Iverson,
    Most,
    Mul,
    Name,
    Neg,
    Number,
    Over,
    Peak,
    Power,
    Sum,
    product,
)
from symconv.expr.signs import visibly
from symconv.expr.statement import Statement, inside
from symconv.expr.traverse import bindings, renamed_apart, substitute
from symconv.index.conditions import Eq, between
from symconv.index.poly import ZERO as ZERO_PLACE
from symconv.index.poly import Poly, var

DERIVATIVES: dict[str, str | None] = {"relu": "step", "abs": "sign", "step": None, "sign": None}
"""The derivative of each built-in pointwise function; None where it is 0."""
PRIME = "_prime"


def derivative_of(f: str) -> str | None:
    """The name of f′; None where it is 0."""
    return DERIVATIVES.get(f, f + PRIME)


def base_of(f: str) -> tuple[str, int]:
    """f and the number of primes of f″…: ("f", 2) for f_prime_prime."""
    count = 0
    while f.endswith(PRIME):
        f, count = f.removesuffix(PRIME), count + 1
    return f, count


def derivative(e: Diff, names: tuple[str, ...], statement: Statement) -> Expr:
    """One step towards ∂e/∂x[m]; StatementError where operators must be unfolded before.

    f(t)′ = f′(t) t′ repeats t: `names` are what its bound indices are called the first time, one after another.
    (max_i f(i))′ = Σ_a [f takes its maximum first at a] f(a)′: the first names are those of a.
    """
    x = e.x
    if not isinstance(x, Name | Number) or x.name in statement.definitions:
        raise StatementError("a derivative is taken by a declared sequence or number")
    if not _depends(e.e, x.name, statement):
        return ZERO

    def d(part: Expr) -> Expr:
        return Diff(part, x, e.at)

    match e.e:
        case Number():
            return ONE
        case Entry(Name(name), i) if name == x.name:
            ends = [c for m, r in zip(e.at, statement.facts.supports[name], strict=True) if r for c in between(m, *r)]
            return Mul((*(Iverson(Eq(u - v)) for u, v in zip(i, e.at, strict=True)), *map(Iverson, ends)))
        case Add(parts):
            return Add(tuple(d(p) for p in parts if _depends(p, x.name, statement)))
        case Neg(part):
            return Neg(d(part))
        case Mul(parts):
            terms = [
                product((*parts[:i], d(p), *parts[i + 1 :]))
                for i, p in enumerate(parts)
                if _depends(p, x.name, statement)
            ]
            return terms[0] if len(terms) == 1 else Add(tuple(terms))
        case Sum(indices, body):
            if any(set(indices) & m.names() for m in e.at):
                raise StatementError(f"the bound index of {indices} would capture a name")
            return Sum(indices, d(body))
        case Power(part, p, q):
            fresh = iter(names)
            slope = slope_of(renamed_apart(part, lambda _: next(fresh)), p, q)
            return Mul((*slope, d(part)))
        case Most(indices, body, extents):
            at, fresh = names[: len(indices)], iter(names[len(indices) :])
            copy = renamed_apart(e.e, lambda _: next(fresh))
            if not isinstance(copy, Most):
                raise StatementError("no maximum")
            here = tuple(map(var, at))
            inside = [c for v, p in zip(here, extents, strict=True) for c in between(v, ZERO_PLACE, p - 1)]
            first = Peak(copy.indices, copy.body, extents, here)
            part = substitute(body, dict(zip(indices, here, strict=True)))
            return Sum(at, Mul((*map(Iverson, inside), first, d(part))))
        case Peak():
            return ZERO
        case Apply(f, part):
            prime = derivative_of(f)
            fresh = iter(names)
            return ZERO if prime is None else Mul((Apply(prime, renamed_apart(part, lambda _: next(fresh))), d(part)))
        case _:
            raise StatementError("operators and definitions are unfolded before a derivative is taken")


def slope_of(x: Expr, p: Poly, q: Poly) -> tuple[Expr, ...]:
    """The factors of the derivative of |x|^(p/q) by x: (p/q) |x|^(p/q − 1) and the sign of x, unless x is |y| or so.

    No assumption is used: x ≥ 0 is seen by its form alone.
    """
    sign = () if visibly(x) else (Apply("sign", x),)
    return (Over(q), Integer(p), Power(x, p - q, q), *sign)


def repeats(e: Expr) -> int:
    """How many names `derivative` asks for."""
    match e:
        case Apply() | Power():
            return bindings(e)
        case Most(indices):
            return len(indices) + bindings(e)
        case _:
            return 0


def _depends(e: Expr, name: str, statement: Statement) -> bool:
    return name in inside(e, statement)
