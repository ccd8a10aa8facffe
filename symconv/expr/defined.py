"""What the author has defined, where the name alone does not do: integers in places, formulas in sums.

`integral` reads a defined number as an integer polynomial: R = d (c − 1) + 1 may stand in x[n + R].  `ending` writes
entries of defined formulas out where a sum is not seen to end otherwise: with T[n, m] = q[n − m] and a kernel q, only
Σ_m q[n − m] x[m] shows that Σ_m T[n, m] x[m] ends.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from symconv.errors import RuleError, StatementError
from symconv.expr.finite import require
from symconv.expr.nodes import Add, Const, Entry, Expr, Formula, Integer, Mul, Name, Neg
from symconv.expr.statement import Statement
from symconv.expr.traverse import children, rebuild, renamed_apart, substitute
from symconv.index.poly import ONE, Poly, const, total

MOST = 200
"""So many entries of defined formulas are written out."""


def integral(e: Expr) -> Poly | None:
    """The polynomial of a number that is made of integers by +, − and ·; None for any other."""
    match e:
        case Const(value):
            return const(int(value)) if value.denominator == 1 else None
        case Integer(p):
            return p
        case Neg(x):
            p = integral(x)
            return None if p is None else -p
        case Add(parts) | Mul(parts):
            found = [integral(part) for part in parts]
            known = [p for p in found if p is not None]
            if len(known) < len(found):
                return None
            if isinstance(e, Add):
                return total(known)
            out = ONE
            for p in known:
                out = out * p
            return out
        case _:
            return None


def ending(e: Expr, statement: Statement, fresh: Callable[[str], str]) -> Expr:
    """e, or the same with entries of defined formulas written out, if only then all sums are seen to end.

    `fresh` gives a name for a bound index that nothing else has.
    """
    formulas = {name: f for name, f in statement.definitions.items() if isinstance(f, Formula)}
    if not formulas or _ends(e, statement):
        return e
    try:
        new = _written_out(e, formulas, fresh, iter(range(MOST)))
    except StatementError:
        return e
    return new if _ends(new, statement) else e


def _ends(e: Expr, statement: Statement) -> bool:
    try:
        require(e, statement.facts)
    except RuleError:
        return False
    return True


def _written_out(e: Expr, formulas: Mapping[str, Formula], fresh: Callable[[str], str], tries: Iterator[int]) -> Expr:
    """e without entries of defined formulas; StatementError where that takes too many of them."""

    def of(part: Expr) -> Expr:
        return _written_out(part, formulas, fresh, tries)

    e = rebuild(e, tuple(map(of, children(e)))) if children(e) else e
    match e:
        case Entry(Name(name), place) if name in formulas:
            f = renamed_apart(formulas[name], fresh)
            if not isinstance(f, Formula):
                return e
            if next(tries, None) is None:
                raise StatementError(f"more than {MOST} entries of defined formulas would be written out")
            return of(substitute(f.body, dict(zip(f.indices, place, strict=True))))
        case _:
            return e
