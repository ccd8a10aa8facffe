"""The derivative of a number by an entry of a sequence or by a number: ∂x[i]/∂x[j] = [i = j], sums, products, …

At the places where a pointwise function has a corner its derivative is what back-propagation takes: relu′ is the step
[t > 0], |t|′ the sign of t, and the derivatives of both are 0.  Derivatives are taken of expressions as they are
written, so laws of such functions are not used below a derivative.
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
    Iverson,
    Mul,
    Name,
    Neg,
    Number,
    Sum,
    product,
)
from symconv.expr.statement import Statement, inside
from symconv.expr.traverse import renamed_apart
from symconv.index.conditions import Eq, between

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
        case Apply(f, part):
            prime = derivative_of(f)
            fresh = iter(names)
            return ZERO if prime is None else Mul((Apply(prime, renamed_apart(part, lambda _: next(fresh))), d(part)))
        case _:
            raise StatementError("operators and definitions are unfolded before a derivative is taken")


def _depends(e: Expr, name: str, statement: Statement) -> bool:
    return name in inside(e, statement)
