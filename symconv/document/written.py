"""Sums written out as mathematics: ranges below the sign with ⌈ ⌉ and ⌊ ⌋, and what must divide what beside them."""

from __future__ import annotations

from symconv.expr.index_notation import condition, integer
from symconv.expr.mathematics import Big, Fence, Frac, Math, Num, Row, Sym, Tok, joined, places, row
from symconv.expr.nodes import Const, Iverson
from symconv.expr.notation import ATOM, notation
from symconv.index.poly import ONE
from symconv.tactics.explicit import Access, Quotient, Range, Written

LONG = 2
"""Of more ranges than these below a sign, they are told in a sentence after it."""


def sums(terms: list[Written]) -> tuple[Math, list[Math]]:
    """The terms, added, and the ranges that are told beside them."""
    told = [m for w in terms if _long(w) for m in _limits(w)]
    return (joined(map(_term, terms), Tok("plus")) if terms else Num("0")), list(dict.fromkeys(told))


def _long(w: Written) -> bool:
    return len(_limits(w)) > LONG


def _limits(w: Written) -> list[Math]:
    """The ranges of the indices, and what must hold."""
    return [*(_range(r) for r in w.ranges if r.low is not None), *_conditions(w)]


def _conditions(w: Written) -> list[Math]:
    return [*map(condition, w.divisibilities), *(condition(f.condition) for f in w.rest if isinstance(f, Iverson))]


def _term(w: Written) -> Math:
    factors = [notation(f, ATOM) for f in w.rest if not isinstance(f, Iverson)] + [_access(a) for a in w.accesses]
    if w.coefficient != 1 or not factors:
        factors.insert(0, notation(Const(w.coefficient)))
    conditions = _conditions(w)
    body = joined(factors, Tok("thin"))
    if not w.ranges:
        return body if not conditions else row(Fence("[", places(conditions)), Tok("thin"), body)
    if _long(w):
        return Big(places(Sym(r.index) for r in w.ranges), body)
    return Big(places([*(_range(r) for r in w.ranges), *conditions]), body)


def _access(a: Access) -> Math:
    return row(Sym(a.name), Fence("[", places(map(_quotient, a.at))))


def _quotient(q: Quotient) -> Math:
    return integer(q[0]) if q[1] == ONE else Frac(integer(q[0]), integer(q[1]))


def _range(r: Range) -> Math:
    if r.low is None or r.high is None:
        return Sym(r.index)
    return row(_end(r.low, "ceil"), Tok("le"), Sym(r.index), Tok("le"), _end(r.high, "floor"))


def _end(q: Quotient, kind: str) -> Math:
    if q[1] == ONE:
        return integer(q[0])
    inside = row(_bracketed(q[0].terms, integer(q[0])), Tok("slash"), _bracketed(q[1].terms, integer(q[1])))
    return Row((Tok(f"{kind}-left"), inside, Tok(f"{kind}-right")))


def _bracketed(terms: tuple[object, ...], m: Math) -> Math:
    return m if len(terms) < 2 else Fence("(", m)
