"""Floors of quotients of sizes: ⌊p/s⌋ is one integer, called `(p//s)`, of which nothing else is known in a proof.

Its name speaks only of sizes, naturals and integers of the statement, which no rule varies, so that a proof that holds
for every value of the name holds for the floor.  Names are brought to one form by three facts, for s, t ≥ 1:

    ⌊(a s + b)/s⌋ = a + ⌊b/s⌋        ⌊(⌊a/s⌋ + b)/t⌋ = ⌊(a + s b)/(s t)⌋        ⌊p/1⌋ = p
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Mapping
from functools import lru_cache

from symconv.errors import StatementError
from symconv.expr.powers import known_powers, power, spelled
from symconv.index.poly import ZERO, Poly, const, var

LARGEST = 64
"""The largest exponent in a name."""


def floor(p: Poly, s: Poly) -> Poly:
    """⌊p/s⌋ for s ≥ 1: a number or polynomial where it is one, else with a name for what is left."""
    exact = p.divide(s)
    if exact is not None:
        return exact
    whole, rest = _whole(p, s)
    value, by = rest.constant(), s.constant()
    if value is not None and by is not None:
        return whole + const(value // by)
    for name in sorted(n for n in rest.names() if is_floor(n)):
        if rest.coefficient(name).constant() == 1 and name not in (rest - var(name)).names():
            a, t = parts(name)
            return whole + floor(a + t * (rest - var(name)), s * t)
    return whole + var(f"({_atom(rest)}//{_atom(s)})")


def _whole(p: Poly, s: Poly) -> tuple[Poly, Poly]:
    """(a, b) with p = a s + b, where each term of a is one of p over s; the constant of b is in −s + 1 .. 0."""
    if len(s.terms) != 1:
        return ZERO, p
    ((names, by),) = s.terms
    whole = ZERO
    for monomial, c in p.terms:
        left = list(monomial)
        for name in names:
            if name not in left:
                break
            left.remove(name)
        else:
            count = abs(c) // by * (1 if c > 0 else -1) if monomial else -(-c // by)
            whole = whole + Poly(((tuple(left), count),)) if count else whole
    return whole, p - whole * s


def _atom(p: Poly) -> str:
    return str(p) if p.name() is not None or (p.constant() or -1) > 0 else f"({p})"


def is_floor(name: str) -> bool:
    """Whether a name stands for a floor."""
    return "//" in name


def parts(name: str) -> tuple[Poly, Poly]:
    """(p, s) for ⌊p/s⌋."""
    node = ast.parse(name, mode="eval").body
    if not isinstance(node, ast.BinOp) or not isinstance(node.op, ast.FloorDiv):
        raise StatementError(f"{name} is no floor of a quotient")
    return _read(node.left, {}), _read(node.right, {})


def read(name: str, values: Mapping[str, Poly]) -> Poly:
    """The floor of a name, with polynomials for names in it; StatementError where the name is none."""
    try:
        return _read(ast.parse(name, mode="eval").body, values)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        raise StatementError(f"not a name: {name[:60]}") from None


def _read(node: ast.expr, values: Mapping[str, Poly]) -> Poly:
    match node:
        case ast.Constant(value=int(value)) if not isinstance(value, bool):
            return const(value)
        case ast.Name(id=name):
            return values.get(name, var(name))
        case ast.UnaryOp(op=ast.USub(), operand=x):
            return -_read(x, values)
        case ast.BinOp(left=a, op=ast.Pow(), right=b):
            exponent = _read(b, values)
            if (exponent.constant() or 0) > LARGEST:
                raise StatementError(f"{ast.unparse(node)[:60]}: an exponent is at most {LARGEST}")
            return power(_read(a, values), exponent)
        case ast.BinOp(left=a, op=op, right=b):
            p, q = _read(a, values), _read(b, values)
            match op:
                case ast.Add():
                    return p + q
                case ast.Sub():
                    return p - q
                case ast.Mult():
                    return p * q
                case ast.FloorDiv() if (q.constant() or 1) > 0 and q.terms:
                    return floor(p, q)
                case _:
                    pass
        case _:
            pass
    raise StatementError(f"not a name: {ast.unparse(node)[:60]}")


def put(p: Poly, values: Mapping[str, Poly]) -> Poly:
    """The polynomial with others put for names, also in the floors that it speaks of."""
    if not values:
        return p
    return p.subs({**{n: read(n, values) for n in p.names() if is_floor(n)}, **values})


def put_through(p: Poly, values: Mapping[str, Poly]) -> Poly:
    """The same until nothing changes: values may speak of names that have values themselves, but not in a circle."""
    for _ in values:
        if (q := put(p, values)) == p:
            break
        p = q
    return p


def without_floor(p: Poly) -> Poly:
    """a + s b ≥ 0 for ⌊a/s⌋ + b ≥ 0."""
    for name in sorted(filter(is_floor, p.names())):
        rest = p - var(name)
        if name not in rest.names() and not any(map(is_floor, rest.names())):
            a, s = parts(name)
            return a + s * rest
    return p


def spoken(names: Iterable[str]) -> set[str]:
    """The plain names among some names, and those that the powers and floors among them are made of."""
    out: set[str] = set()
    for name in names:
        inner = {n.id for n in ast.walk(ast.parse(name)) if isinstance(n, ast.Name)} if is_floor(name) else {name}
        out |= {n for n in spelled(inner) if "**" not in n}
    return out


@lru_cache(maxsize=4096)
def inside(name: str) -> frozenset[str]:
    """The plain names that a floor is made of."""
    return frozenset(spoken((name,)))


def known_integers(integers: Mapping[str, int], names: Iterable[str]) -> dict[str, int]:
    """Concrete integers, with the powers and floors among some names that these are enough for."""
    wanted = list(names)
    out = known_powers(integers, (n for n in wanted if not is_floor(n)))
    values = {name: const(value) for name, value in integers.items()} if any(map(is_floor, wanted)) else {}
    for name in filter(is_floor, wanted):
        if spoken((name,)) <= integers.keys():
            value = read(name, values).constant()
            if value is not None:
                out[name] = value
    return out
