"""Limits as a size grows without end, by squeezing: what f is below, from its own sums, is also what it tends to."""

from __future__ import annotations

from dataclasses import replace

from symconv.errors import CertificateError, RuleError, SearchError, StatementError
from symconv.expr.limits import Scale, bound
from symconv.expr.nodes import Apply, Const, Expr, Formula, Integer, Layer, Power, factors_of, product
from symconv.expr.statement import Statement
from symconv.expr.traverse import index_names
from symconv.index.poly import Poly, const, var
from symconv.proof.theorem import Theorem, squeeze
from symconv.tactics.chain import Chain, Names, taken_names
from symconv.tactics.normal import normalise
from symconv.tactics.order import below, bounded

ROUNDS = 4


def limit(statement: Statement, seconds: float = 3.0) -> Theorem | None:
    """The theorem of lim f = g by bounds r g ≤ f ≤ R g, where they are found."""
    found = upper(statement)
    scales = [] if found is None else found[0]
    turned = [(n, -k, q) for n, k, q in scales]
    above = _first([None, *scales, *turned], statement, True, seconds)
    under = above and _first([None, *turned, *scales], statement, False, seconds)
    if above is None or under is None:
        return None
    try:
        tends_to_one()
        return squeeze(statement, (under[0], above[0]), under[1], above[1])
    except (RuleError, CertificateError, StatementError, SearchError):
        return None


def _first(scales: list[Scale], statement: Statement, above: bool, seconds: float) -> tuple[Scale, Theorem] | None:
    """The first bound that is proved."""
    for scale in scales:
        try:
            found = below(bound(statement, scale, above), seconds)
        except (RuleError, StatementError):
            continue
        if found is not None:
            return scale, found
    return None


def upper(statement: Statement) -> tuple[list[tuple[Poly, Poly, Poly]], Expr | None] | None:
    """The greatest term is put for every term of the sums of f: factors N^(k/(m p)) that came up, and what is left.

    What is left is None where it depends on p: then nothing is known of the limit.
    """
    p = statement.towards
    names = Names(taken_names(statement), "output")
    indices = names.pick(statement.rank, "output") if statement.rank else ()
    first, _ = statement.ends(indices)
    try:
        chain = Chain(replace(statement, towards="", relation="<="), first, Names(names.taken, "left"))
        normalise(chain)
        before, chain = chain, bounded(chain.fork(), ROUNDS)
    except (RuleError, SearchError, StatementError):
        return None
    scales = [scale for line in (before.line, chain.line) for f in factors_of(line) if (scale := _scale(f, p))]
    g = product(tuple(f for f in factors_of(chain.line) if _scale(f, p) is None))
    left = None if p in index_names(g) else Formula(indices, g) if indices else g
    return [*_products(scales), *dict.fromkeys(scales)], left


def _products(scales: list[tuple[Poly, Poly, Poly]]) -> list[tuple[Poly, Poly, Poly]]:
    """Factors with one exponent as one: c^(1/p) e^(1/p) = (c e)^(1/p)."""
    out: dict[tuple[Poly, Poly], Poly] = {}
    for n, k, q in dict.fromkeys(scales):
        out[k, q] = out[k, q] * n if (k, q) in out else n
    return [(n, k, q) for (k, q), n in out.items() if (n, k, q) not in scales]


def _scale(f: Expr, p: str) -> tuple[Poly, Poly, Poly] | None:
    """(N, k, m p) of a factor N^(k/(m p)), with a positive number k."""
    match f:
        case Power(Integer() | Const() as n, k, q) if (size := abs(k.constant() or 0)) and q.divide(var(p)) is not None:
            whole = n.p if isinstance(n, Integer) else const(int(n.value))
            exact = isinstance(n, Integer) or n.value.denominator == 1
            return (whole, const(size), q) if exact else None
        case _:
            return None


def candidate(statement: Statement) -> Statement | None:
    """The statement of what f does tend to, as far as its upper bound tells."""
    match statement.lhs:
        case Layer("lp_pool", (x,)) as e:
            return replace(statement, rhs=replace(e, kind="max_pool", parts=(Apply("abs", x),), exponent=()))
        case _:
            found = upper(statement)
    return None if found is None or found[1] is None else replace(statement, rhs=found[1])


def tends_to_one() -> None:
    """SymPy's word for what `squeeze` takes for granted: the limit of N^(1/p) is 1; SearchError where it has none."""
    import sympy

    size, p = sympy.Symbol("N", positive=True), sympy.Symbol("p", positive=True)
    if sympy.limit(size ** (1 / p), p, sympy.oo) != 1:
        raise SearchError("the limit of N^(1/p) is not known to be 1")
