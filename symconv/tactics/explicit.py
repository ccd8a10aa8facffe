"""A normal form as a person writes it: ranges with ceilings and floors, and what must divide what.

Σ_{i, a} [s i + d a = n + p] g[i] k[a] is Σ_{a = 0}^{c − 1} g[(n + p − d a) / s] k[a], over the a with s | n + p − d a;
Σ_i g[i] k[n − s i] is the same sum for i from ⌈(n − c + 1) / s⌉ to ⌊n / s⌋, outside which k is 0.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from symconv.expr.nodes import Entry, Expr, Iverson, Name
from symconv.expr.statement import Statement
from symconv.expr.text import condition, text
from symconv.expr.traverse import own_polys
from symconv.index.conditions import Divides, Eq, Ge, between
from symconv.index.facts import Facts
from symconv.index.poly import ONE, Poly, var
from symconv.tactics.terms import Term, terms_of

Quotient = tuple[Poly, Poly]
"""p / m with m ≥ 1."""


@dataclass(frozen=True, slots=True)
class Range:
    """⌈low⌉ ≤ index ≤ ⌊high⌋; no ends for an index that a sequence of finite support confines."""

    index: str
    low: Quotient | None
    high: Quotient | None


@dataclass(frozen=True, slots=True)
class Access:
    """An entry whose places are quotients."""

    name: str
    at: tuple[Quotient, ...]


@dataclass(frozen=True, slots=True)
class Written:
    """coefficient · Σ over ranges, where the divisibilities hold, of a product; `rest` are factors of other kinds."""

    coefficient: Fraction
    ranges: tuple[Range, ...]
    divisibilities: tuple[Divides, ...]
    accesses: tuple[Access, ...]
    rest: tuple[Expr, ...]


def written(e: Expr, indices: tuple[str, ...], statement: Statement) -> list[Written]:
    """The terms of a normal form, each with its ranges, at the places where the statement compares its sides."""
    ends = {c for i, r in zip(indices, statement.places, strict=True) if r for c in between(var(i), *r)}
    return [_written(t, ends, statement.facts) for t in terms_of(e)]


def _written(t: Term, ends: set[Ge], facts: Facts) -> Written:
    factors = [f for f in t.factors if not (isinstance(f, Iverson) and f.condition in ends)]
    left = list(t.indices)
    values: dict[str, Quotient] = {}
    divisibilities: list[Divides] = []
    for f in list(factors):
        if isinstance(f, Iverson) and isinstance(f.condition, Eq):
            v = _quotient_index(f.condition.p, left, factors, facts)
            if v is not None:
                p, c = f.condition.p, f.condition.p.coefficient(v)
                m, rest = (c, p - c * var(v)) if facts.at_least_one(c) else (-c, c * var(v) - p)
                values[v] = (-rest, m)
                divisibilities.append(Divides(m, -rest))
                left.remove(v)
                factors.remove(f)
    accesses = [Access(f.x.name, tuple(_at(p, values) for p in f.at)) for f in factors
                if isinstance(f, Entry) and isinstance(f.x, Name)]  # fmt: skip
    plain = [f for f in factors if not any(p.names() & values.keys() for p in own_polys(f))]
    ranges, used = _ranges(left, plain, facts)
    others = tuple(f for f in factors if not (isinstance(f, Entry) and isinstance(f.x, Name)) and f not in used)
    return Written(t.coefficient, tuple(ranges), tuple(divisibilities), tuple(accesses), others)


def _quotient_index(p: Poly, left: list[str], factors: list[Expr], facts: Facts) -> str | None:
    """The bound index to solve an equation for: one of certain sign, rather one that nothing gives a range."""
    found = [v for v in left if (c := p.coefficient(v)).terms and not c.names() & set(left)
             and (facts.at_least_one(c) or facts.at_least_one(-c))]  # fmt: skip
    return min(found, key=lambda v: (bool(_candidates(v, factors, facts)), v), default=None)


def _at(p: Poly, values: dict[str, Quotient]) -> Quotient:
    """A place with quotients put for indices, over one denominator."""
    numerator, denominator = p, ONE
    for v, (top, bottom) in values.items():
        c = numerator.coefficient(v)
        if c.terms:
            numerator = (numerator - c * var(v)) * bottom + c * top
            denominator = denominator * bottom
    whole = numerator.divide(denominator)
    return (whole, ONE) if whole is not None else (numerator, denominator)


Candidate = tuple[int, Quotient, Quotient, tuple[Expr, ...]]


def _candidates(v: str, factors: list[Expr], facts: Facts) -> list[Candidate]:
    """(cost, low, high, conditions used up): ranges of an index, from supports and from pairs of conditions."""
    out: list[Candidate] = []
    conditions = [f for f in factors if isinstance(f, Iverson) and isinstance(f.condition, Ge)]
    for f in factors:
        if isinstance(f, Entry) and isinstance(f.x, Name):
            for p, r in zip(f.at, facts.supports.get(f.x.name, ()), strict=False):
                ends = None if r is None else _solved(v, p - r[0], r[1] - p, facts)
                if ends is not None:
                    out.append((len(p.terms), *ends, ()))
    for one in conditions:
        for other in conditions:
            ends = _solved(v, own_polys(one)[0], own_polys(other)[0], facts)
            if ends is not None and own_polys(one)[0].coefficient(v) == -own_polys(other)[0].coefficient(v):
                out.append((len(own_polys(one)[0].terms), *ends, (one, other)))
    return out


def _solved(v: str, low: Poly, high: Poly, facts: Facts) -> tuple[Quotient, Quotient] | None:
    """The ends of v by low ≥ 0 and high ≥ 0."""
    c = low.coefficient(v)
    if facts.at_least_one(-c):
        c, low, high = -c, high, low
    if not facts.at_least_one(c) or c != -high.coefficient(v):
        return None
    return (c * var(v) - low, c), (high + c * var(v), c)


def _ranges(left: list[str], factors: list[Expr], facts: Facts) -> tuple[list[Range], list[Expr]]:
    """A range for each index, those first on which the others depend."""
    out: list[Range] = []
    used: list[Expr] = []
    pending = list(left)
    while pending:
        best: tuple[tuple[int, int], str, Candidate] | None = None
        for v in pending:
            for found in _candidates(v, factors, facts):
                unknown = len((found[1][0].names() | found[2][0].names()) & set(pending))
                if not unknown and (best is None or (found[0], 0) < best[0]):
                    best = (found[0], 0), v, found
        if best is None:
            return [*out, *(Range(v, None, None) for v in pending)], used
        _, v, (_, low, high, conditions) = best
        out.append(Range(v, low, high))
        used += conditions
        pending.remove(v)
    return out, used


def as_text(terms: list[Written]) -> str:
    """The terms as Python text: sums over ranges, with // for exact quotients."""
    return " + ".join(map(_text, terms)) if terms else "0"


def _text(w: Written) -> str:
    factors = [f"{a.name}[{', '.join(_exact(q) for q in a.at)}]" for a in w.accesses]
    conditions = [condition(f.condition) for f in w.rest if isinstance(f, Iverson)]
    others = [text(f, 3) for f in w.rest if not isinstance(f, Iverson)]
    number = [] if w.coefficient == 1 and (factors or others) else [str(w.coefficient)]
    body = "*".join([*number, *others, *factors])
    wanted = [*(condition(d) for d in w.divisibilities), *conditions]
    if not w.ranges:
        return body if not wanted else f"{body}*iverson({' and '.join(wanted)})"
    loops = "".join(f" for {r.index} in {_loop(r)}" for r in w.ranges)
    return f"sum({body}{loops}{f' if {chr(32).join(_and(wanted))}' if wanted else ''})"


def _and(parts: list[str]) -> list[str]:
    return [word for i, p in enumerate(parts) for word in (["and"] * bool(i) + [p])]


def _loop(r: Range) -> str:
    if r.low is None or r.high is None:
        return "Z"
    low, high = r.low, r.high
    first = str(low[0]) if low[1] == ONE else f"-(({-low[0]})//{_factor(low[1])})"
    last = str(high[0] + 1) if high[1] == ONE else f"{_factor(high[0])}//{_factor(high[1])} + 1"
    return f"range({last})" if first == "0" else f"range({first}, {last})"


def _exact(q: Quotient) -> str:
    return str(q[0]) if q[1] == ONE else f"{_factor(q[0])}//{_factor(q[1])}"


def _factor(p: Poly) -> str:
    return str(p) if p.name() or p.constant() is not None else f"({p})"
