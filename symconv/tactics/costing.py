"""What an expression costs: parameters and multiplications of each layer and in all, as formulas that are proved.

`cost(e)` states params(e) = formula and mults(e) = formula and proves both; `compare(e, f)` also states
mults(e) = mults(f) · ratio, and the same of parameters, where the ratio is a formula that a proof is found for.
"""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

from symconv.errors import StatementError
from symconv.expr.claim import read_expression, read_statement
from symconv.expr.counts import Cost, costs, written
from symconv.expr.floors import is_floor, read, spoken
from symconv.expr.nodes import ONE as UNIT
from symconv.expr.nodes import Add, Const, Count, Expr, Integer, Mul, Over, factors_of, product
from symconv.expr.ring import distribute
from symconv.expr.satisfy import met
from symconv.expr.statement import Statement, polys
from symconv.expr.syntax import read as parsed
from symconv.expr.text import assumption, assumptions, lets, text
from symconv.expr.text import claim as text_of_claim
from symconv.index.poly import ONE, Poly, const
from symconv.tactics.prove import prove
from symconv.tactics.verdict import Result

KINDS = ("params", "mults")
LONGEST = 200
"""The longest text of a ratio that is shown."""


@dataclass(frozen=True)
class Costing:
    """The layers of an expression in the order of their computation, both totals, and the proofs of these."""

    statement: Statement
    counts: tuple[Count, Count]
    layers: tuple[Cost, ...]
    proofs: tuple[Result, Result]

    @property
    def expression(self) -> Expr:
        """What is counted, with the author's definitions written out."""
        return self.counts[1].e


@dataclass(frozen=True)
class Ratio:
    """a = b · ratio for a kind of count, proved."""

    kind: str
    value: Expr
    proof: Result


@dataclass(frozen=True)
class Comparison:
    """Two expressions, and how many parameters and multiplications the first has for each of the second."""

    statement: Statement
    first: Costing
    second: Costing
    ratios: tuple[Ratio, ...]


def cost(expression: str, declared: Sequence[str] = (), assume: Sequence[str] = ()) -> Costing:
    """The cost of an expression; StatementError where it cannot be counted."""
    return _costing(read_expression(_counted(expression), declared, assume))


def compare(first: str, second: str, declared: Sequence[str] = (), assume: Sequence[str] = ()) -> Comparison:
    """The costs of two expressions in the same names, and their ratios where these have short formulas."""
    both = read_statement(f"{_counted(first)} == {_counted(second)}", declared, assume)
    known = [*lets(both)], [*assumptions(both)]
    one, other = (_costing(read_expression(text(side), *known)) for side in (both.lhs, both.rhs))
    found = (_ratio(a, b, *known) for a, b in zip(one.counts, other.counts, strict=True))
    return Comparison(both, one, other, tuple(r for r in found if r is not None))


def _counted(expression: str) -> str:
    return f"mults({ast.unparse(parsed(expression, 'expression'))})"


def _costing(statement: Statement) -> Costing:
    mults = statement.lhs
    if not isinstance(mults, Count):
        raise StatementError(f"{text(mults)} is not one expression of layers")
    declared, assumed = lets(statement), assumptions(statement)
    params = read_expression(text(Count("params", mults.e, mults.p)), declared, assumed).lhs
    if not isinstance(params, Count):
        raise StatementError(f"{text(params)} is not one expression of layers")
    proofs = [prove(read_statement(f"{text(c)} == {text(written(c, statement.facts))}", declared, assumed))
              for c in (params, mults)]  # fmt: skip
    return Costing(statement, (params, mults), costs(mults.e, statement.facts, "mults"), (proofs[0], proofs[1]))


def _ratio(a: Count, b: Count, declared: list[str], assumed: list[str]) -> Ratio | None:
    """a over b as a formula in lowest terms; None where there is none that is short and proved."""
    if not b.p.terms:
        return None
    number = b.p.constant()
    over: Expr = Over(b.p) if number is None else Const(Fraction(1, number))
    value = _plain(distribute(Mul((Integer(a.p), over))))
    if len(text(value)) > LONGEST:
        return None
    try:
        claim = read_statement(f"{text(a)} == {text(b)}*({text(value)})", declared, assumed)
    except StatementError:  # A divisor of which nothing says that it is at least 1.
        return None
    found = prove(claim)
    return Ratio(a.kind, value, found) if found.verdict == "proved" else None


def _plain(e: Expr) -> Expr:
    """A normal form with the integers and the reciprocals of each product as one: 1/c**2 for 1/c·1/c."""
    if isinstance(e, Add):
        return Add(tuple(map(_plain, e.terms)))
    above, below = ONE, ONE
    sums: list[Expr] = []
    for f in factors_of(e):
        if isinstance(f, Integer):
            above = above * f.p
        elif isinstance(f, Over) and len(f.p.terms) == 1:
            below = below * f.p
        elif isinstance(f, Const):
            above, below = above * f.value.numerator, below * f.value.denominator
        else:
            sums.append(f)
    number, number_below = above.constant(), below.constant()
    top: Expr = Integer(above) if number is None else Const(Fraction(number, number_below or 1))
    parts: list[Expr] = [] if number_below is not None else [Over(below)]
    if number is None and number_below not in (None, 1):
        parts.append(Const(Fraction(1, number_below or 1)))
    parts += sums
    return product((*parts, top) if top != UNIT or not parts else tuple(parts))


def valued(p: Poly, values: Mapping[str, int]) -> Poly:
    """A count with numbers for sizes, in floors too."""
    put = {name: const(value) for name, value in values.items()}
    floors = {n: read(n, put) for n in p.names() if is_floor(n) and spoken((n,)) & values.keys()}
    return p.subs(put | floors)


def certified(found: Costing | Comparison) -> Result:
    """The proof of the number of multiplications, or of the last ratio that there is."""
    if isinstance(found, Costing):
        return found.proofs[1]
    return found.ratios[-1].proof if found.ratios else found.first.proofs[1]


def as_data(found: Costing | Comparison, values: Mapping[str, int], files: Sequence[tuple[Path, str]],
            seconds: float) -> dict[str, Any]:  # fmt: skip
    """One object of plain data: what `--json` prints."""
    out = _data(found if isinstance(found, Costing) else found.first, values)
    if isinstance(found, Comparison):
        out["against"] = _data(found.second, values)
        out["ratios"] = {r.kind: text(r.value) for r in found.ratios}
    return {"verdict": "answered", **out, "files": [str(path) for path, _ in files], "seconds": round(seconds, 4)}


def _data(found: Costing, values: Mapping[str, int]) -> dict[str, Any]:
    s = found.statement
    return {
        "expression": text(found.expression),
        "assumptions": [*lets(s), *assumptions(s)],
        "layers": [
            {"layer": text(c.layer), "weights": [name for name, _ in c.weights], "params": str(c.params),
             "mults": str(c.mults), "outputs": [str(n) for n in c.outputs]} for c in found.layers
        ],
        "params": str(found.counts[0].p),
        "mults": str(found.counts[1].p),
        "claims": [text_of_claim(p.statement) for p in found.proofs],
        "values": {c.kind: str(valued(c.p, values)) for c in found.counts} if values else None,
    }  # fmt: skip


def checked(found: Costing | Comparison, values: Mapping[str, int]) -> None:
    """StatementError where numbers for sizes do not fit the statement."""
    check_values(found.statement, values)


def check_values(statement: Statement, values: Mapping[str, int]) -> None:
    """StatementError where numbers are given for no sizes of a statement, or do not meet what it assumes."""
    for name, value in values.items():
        declared = statement.declarations.get(name)
        if declared is None or name not in statement.integers:
            known = ", ".join(n for n in statement.declarations if n in statement.integers) or "none"
            raise StatementError(f"--with {name}={value}: {name} is no size of the expression; it has {known}")
        least = {"size": 1, "natural": 0}.get(declared.kind)
        if least is not None and value < least:
            raise StatementError(f"--with {name}={value}: {name} must be at least {least}")
    for a in (*statement.assumptions, *statement.tacit):
        if spoken(n for p in polys(a) for n in p.names()) <= values.keys() and not met(a, dict(values)):
            raise StatementError(f"--with {', '.join(f'{n}={v}' for n, v in values.items())}: these sizes do not meet "
                                 f"{assumption(a)}")  # fmt: skip
