"""Maxima and powers in one form: flat boxes with plain names, what is fixed pulled out, powers of powers merged."""

from __future__ import annotations

from dataclasses import replace
from math import gcd
from typing import Any

from symconv.errors import RuleError
from symconv.expr.nodes import Add, Apply, Entry, Expr, Iverson, Most, Mul, Peak, Power, Sum, factors_of
from symconv.expr.ring import key
from symconv.expr.traverse import Path, free_indices, index_names, own_polys, walk
from symconv.index.poly import ONE, Poly, const, var
from symconv.tactics.chain import POOLS, Chain, taken_names

ROUNDS = 64


def tidy(chain: Chain, path: Path) -> None:
    """Bring a maximum, power or function at a place to its form; what it becomes is tidied too."""
    for _ in range(ROUNDS):
        if not _step(chain, path):
            break
    e = chain.at(path)
    if isinstance(e, Most | Peak):
        _named(chain, path, e)
    elif isinstance(e, Sum):
        tidy(chain, (*path, 0))
    elif isinstance(e, Add | Mul):
        for i, part in enumerate(e.terms if isinstance(e, Add) else e.factors):
            if isinstance(part, Most | Power | Apply):
                tidy(chain, (*path, i))
    elif isinstance(e, Apply | Power) and isinstance(e.x, Most | Power | Apply | Mul):
        before = e
        tidy(chain, (*path, 0))
        if chain.at(path) != before:
            tidy(chain, path)


def collect(chain: Chain, inner: Path, parts: tuple[Expr, ...]) -> bool:
    """Two powers of one thing in a product as one; |x| sign x as x."""
    for j, f in enumerate(parts):
        for i, e in enumerate(parts[:j]):
            same = isinstance(e, Power | Apply) and isinstance(f, Power | Apply) and e.x == f.x
            if same and _try(chain, inner, "exponent", "collect", first=i, second=j):
                tidy(chain, inner if len(parts) == 2 else (*inner, i))
                return True
    return False


def _step(chain: Chain, path: Path) -> bool:
    """One law at the place; False where none applies."""
    match chain.at(path):
        case Most() as e:
            return _maximum(chain, path, e)
        case (Apply() | Power()) as e if _outside(chain, path, e):
            return True
        case Power() as e:
            return _power(chain, path, e)
        case Apply("abs" | "relu" as f):
            return any(_try(chain, path, "exponent", law) for law in ("above", "below", *("apart",) * (f == "abs")))
        case _:
            return False


def _outside(chain: Chain, path: Path, e: Apply | Power) -> bool:
    """Conditions leave a function that is 0 at 0, also through a sum with one term."""
    if isinstance(e.x, Sum) and any(isinstance(f, Iverson) for f in factors_of(e.x.body)):
        return _try(chain, path, "exponent", "single")
    held = any(isinstance(f, Iverson) for f in factors_of(e.x))
    return held and _try(chain, path, "exponent", "indicator")


def _try(chain: Chain, path: Path, rule: str, law: str, **arguments: Any) -> bool:
    try:
        return chain.do(rule, path, law=law, **arguments)
    except RuleError:
        return False


def _maximum(chain: Chain, path: Path, e: Most) -> bool:
    if isinstance(e.body, Most) and _try(chain, path, "maximum", "nest"):
        return True
    for v, c in zip(e.indices, e.extents, strict=True):
        if (c == ONE or v not in free_indices(e.body)) and _try(chain, path, "maximum", "drop", index=v):
            return True
    if not any(isinstance(n, Entry) for _, n in walk(e.body)) and _try(chain, path, "maximum", "greatest"):
        return True
    laws = {Add: ("translate",), Mul: ("scale",), Apply: ("rising",), Power: ("rising",)}
    if any(_try(chain, path, "maximum", law) for law in laws.get(type(e.body), ())):
        return True
    if isinstance(e.body, Power) and chain.statement.facts.at_least_one(e.body.p):
        size = replace(e.body, x=Apply("abs", e.body.x))
        chain.undo("exponent", (*path, 0), size, law="compose")
        return _try(chain, path, "maximum", "rising")
    for v in e.indices:
        lead = next((c for p in _places(e) if (c := p.coefficient(v)).terms), None)
        if lead is not None and lead.terms[0][1] < 0 and _try(chain, path, "maximum", "reflect", index=v):
            chain.do("distribute", path)
            return True
    return _merge(chain, path, e)


def _merge(chain: Chain, path: Path, e: Most) -> bool:
    """Two indices that stand in i + s j throughout, as one."""
    for first in e.indices:
        for second in e.indices:
            ratios = {c.divide(d) for p in _places(e)
                      for c, d in [(p.coefficient(second), p.coefficient(first))] if c.terms or d.terms}  # fmt: skip
            by = ratios.pop() if len(ratios) == 1 else None
            if first != second and by is not None and by.terms:
                (name,) = _free_names(chain, e, 1, fresh=True)
                if _try(chain, path, "maximum", "merge", first=first, second=second, name=name, by=by):
                    return True
    return False


def _power(chain: Chain, path: Path, e: Power) -> bool:
    if any(_try(chain, path, "exponent", law) for law in ("compose", "number", "one", "square", "factors")):
        return True
    for factor in (e.p, e.q, *(p for p in (_shared(e.p, e.q),) if p is not None)):
        if factor != ONE and _try(chain, path, "exponent", "reduce", by=factor):
            return True
    return False


def _shared(p: Poly, q: Poly) -> Poly | None:
    """The greatest number or name that divides both."""
    number = gcd(p.content(), q.content())
    if number > 1:
        return const(number)
    names = (var(n) for n in sorted(p.names() & q.names()))
    return next((v for v in names if p.divide(v) is not None and q.divide(v) is not None), None)


def _named(chain: Chain, path: Path, e: Most | Peak) -> None:
    """The indices in the order of where they stand, by the letters of windows."""
    order = e.indices if isinstance(e, Peak) else tuple(sorted(e.indices, key=lambda v: _standing(v, e)))
    names = _free_names(chain, e, len(order))
    if (order, names) != (e.indices, e.indices):
        _try(chain, path, "maximum", "arrange", order=order, names=names)


def _standing(v: str, e: Most) -> str:
    """Where and with which coefficients an index stands; its extent."""
    extent = e.extents[e.indices.index(v)]
    found = [(str(p.coefficient(v)), i) for i, p in enumerate(_places(e)) if p.coefficient(v).terms]
    return repr((sorted(found, key=lambda f: f[1]), str(extent)))


def _places(e: Most | Peak) -> list[Poly]:
    """The integers inside, in an order that does not depend on the names of its indices."""
    entries = sorted((n for _, n in walk(e.body) if isinstance(n, Entry)), key=lambda n: key(n)[:2])
    others = (n for _, n in walk(e.body) if not isinstance(n, Entry))
    return [p for n in (*entries, *others) for p in own_polys(n)]


def _free_names(chain: Chain, e: Most | Peak, count: int, fresh: bool = False) -> tuple[str, ...]:
    """Letters of windows that are no names of the statement and stand for nothing else inside."""
    taken = taken_names(chain.statement) | (index_names(e.body) - set(e.indices))
    taken |= {n for p in own_polys(e) for n in p.names()} | (set(e.indices) if fresh else set())
    letters = [*POOLS["window"], *(f"{c}{i}" for i in range(1, 9) for c in POOLS["window"])]
    return tuple(v for v in letters if v not in taken)[:count]
