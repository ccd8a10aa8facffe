"""The Python interface: claims between expressions, and results that show in a notebook.

>>> from symconv.operators import conv, corr, kernel, signal, sizes, up
>>> x, k, h = signal("x"), kernel("k", "c"), kernel("h", "e")
>>> s, t = sizes("s t")
>>> layers = corr(corr(x, k, stride=s), h, stride=t)
>>> prove(claim(layers, corr(x, conv(k, up(h, s)), stride=s * t))).verdict
'proved'
>>> print(solve(claim(layers, corr(x, kernel("K"), stride=s * t)), "K").answer)
conv(k, up(h, s))
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from symconv.errors import StatementError
from symconv.expr import text
from symconv.expr.claim import read_statement
from symconv.expr.statement import Statement
from symconv.index.poly import Poly
from symconv.operators import Expression, atom, lets_of, name_of
from symconv.tactics.costing import Comparison, Costing, checked, valued
from symconv.tactics.prove import prove as _prove
from symconv.tactics.solve import read_unknown
from symconv.tactics.solve import solve as _solve
from symconv.tactics.verdict import Counterexample, Result


@dataclass(frozen=True)
class Claim:
    """lhs == rhs under assumptions."""

    lhs: Expression
    rhs: Expression
    assume: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"{self.lhs} == {self.rhs}"

    @property
    def statement(self) -> Statement:
        """The claim with everything that it assumes."""
        return read_statement(str(self), lets_of((self.lhs, self.rhs)), self.assume)


def claim(lhs: Expression | int, rhs: Expression | int, assume: Iterable[str] = ()) -> Claim:
    """State lhs == rhs; assumptions are text, as in assume=["gcd(s, t) == 1"]."""
    left, right = (e if isinstance(e, Expression) else Expression(atom(e)) for e in (lhs, rhs))
    return Claim(left, right, _assumed(assume))


def _assumed(assume: Any) -> tuple[str, ...]:
    lines = (assume,) if isinstance(assume, str) else tuple(assume) if isinstance(assume, Iterable) else (assume,)
    for line in lines:
        if not isinstance(line, str):
            raise StatementError(f"{line!r} is not an assumption: write text, as in assume=['gcd(s, t) == 1']")
    return lines


@dataclass(frozen=True)
class Proof:
    """A verdict with its witness; shows as a page in a notebook."""

    result: Result
    style: str = "index"
    """How the proof is told: index (sums), operator, ztransform or matrix."""

    @property
    def verdict(self) -> str:
        """'proved', 'refuted', 'unknown', or 'none' for an equation without an answer."""
        return self.result.verdict

    @property
    def counterexample(self) -> Counterexample | None:
        """The smallest example, where refuted."""
        return self.result.counterexample

    @property
    def answer(self) -> Expression | None:
        """What `solve` found."""
        found = self.result.answer
        if found is None:
            return None
        return Expression(text.text(found.closed), tuple(text.lets(self.result.statement)))

    @property
    def certificate(self) -> dict[str, Any] | None:
        """The derivation as plain data, for `symconv check`."""
        from symconv.proof.certificate import certificate

        return None if self.result.theorem is None else certificate(self.result.theorem)

    def __repr__(self) -> str:
        return f"<Proof: {self.verdict}, {text.claim(self.result.statement)}>"

    def __str__(self) -> str:
        from symconv.pages import terminal_report, told

        return terminal_report(self.result, None, told(self.result, self.style))

    def _repr_latex_(self) -> str:
        from symconv.pages import notebook_latex

        return notebook_latex(self.result)

    def _repr_html_(self) -> str:
        from symconv.pages import notebook_html, told

        return notebook_html(self.result, told(self.result, self.style))


@dataclass(frozen=True)
class Cost:
    """The cost of an expression, as sizes: `params`, `mults`, and `ratios` to the one that it is compared with."""

    found: Costing | Comparison

    @property
    def params(self) -> Poly:
        """The number of parameters."""
        return self._first.counts[0].p

    @property
    def mults(self) -> Poly:
        """The number of multiplications."""
        return self._first.counts[1].p

    @property
    def ratios(self) -> dict[str, str]:
        """The ratios of parameters and multiplications as formulas, where there are short ones."""
        return {} if not isinstance(self.found, Comparison) else {r.kind: text.text(r.value) for r in self.found.ratios}

    @property
    def _first(self) -> Costing:
        return self.found.first if isinstance(self.found, Comparison) else self.found

    def at(self, **sizes: int) -> tuple[Poly, Poly]:
        """Parameters and multiplications with numbers for sizes."""
        checked(self.found, sizes)
        return valued(self.params, sizes), valued(self.mults, sizes)

    def __str__(self) -> str:
        from symconv.answers import cost_report

        return cost_report(self.found, {})


def prove(statement: Claim | str, assume: Iterable[str] = (), style: str = "index") -> Proof:
    """Prove a claim for all sizes, or refute it with the smallest example; `style` is how the proof is told."""
    from symconv.document.telling import known

    claimed, lets, assumed = _parts(statement)
    style = known(style)
    return Proof(_prove(read_statement(claimed, lets, (*assumed, *_assumed(assume)))), style)


def _parts(statement: Claim | str) -> tuple[str, tuple[str, ...], tuple[str, ...]]:
    """The text of a claim, its declarations and its assumptions."""
    if isinstance(statement, Claim):
        return str(statement), lets_of((statement.lhs, statement.rhs)), statement.assume
    if isinstance(statement, str):
        return statement, (), ()
    raise StatementError(f"{statement!r} is not a claim: state an equation with claim(lhs, rhs), or as text")


def solve(statement: Claim | str, unknown: str, assume: Iterable[str] = ()) -> Proof:
    """Find the unknown sequence of a claim, and prove the claim with the answer in place."""
    claimed, lets, assumed = _parts(statement)
    lets = tuple(line for line in lets if line.split(":")[0] != name_of(unknown))
    return Proof(_solve(read_unknown(claimed, lets, (*assumed, *_assumed(assume)), unknown), unknown))


def grad(e: Expression, wrt: str | Expression, assume: Iterable[str] = ()) -> Proof:
    """The gradient of an expression by a name: `.answer` in closed form, proved."""
    return _differentiated("grad", e, wrt, assume)


def adjoint(e: Expression, wrt: str | Expression, assume: Iterable[str] = ()) -> Proof:
    """The adjoint of the linear map from a name to an expression: `.answer` in closed form, proved."""
    return _differentiated("adjoint", e, wrt, assume)


@dataclass(frozen=True)
class LinearMapMatrix:
    """The matrix of a linear map at concrete sizes; shows in a notebook."""

    found: Any

    @property
    def matrix(self) -> Any:
        """A SymPy matrix, with symbols such as k_0 for taps."""
        return self.found.map.matrix

    @property
    def transpose_layer(self) -> Expression | None:
        """The adjoint in closed form, whose matrix is the transpose."""
        transpose = self.found.transpose
        return None if transpose is None else Expression(str(transpose), transpose.lets)

    @property
    def row_start(self) -> tuple[int, ...]:
        """The place of the output in the first row."""
        return self.found.map.rows[0]

    def __repr__(self) -> str:
        m = self.found.map
        return f"<{len(m.rows)}x{len(m.columns)} matrix of {text.text(m.expression)}>"

    def _repr_latex_(self) -> str:
        import sympy

        return f"$\\displaystyle {sympy.latex(self.matrix)}$"


def matrix(e: Expression | str, wrt: str | Expression, assume: Iterable[str] = (), **given: Any) -> LinearMapMatrix:
    """The matrix of the linear map wrt ↦ e; sizes and numbers by name, as in N=7, c=3, k=[1, 2, 1].

    >>> from symconv.operators import down, signal
    >>> matrix(down(signal("x"), 2), "x", N=4).matrix
    Matrix([
    [1, 0, 0, 0],
    [0, 0, 1, 0]])
    """
    from symconv.instances.arrays import data_of
    from symconv.instances.linear_maps import read_map

    name = wrt.text if isinstance(wrt, Expression) else name_of(wrt)
    lets = lets_of((e,)) if isinstance(e, Expression) else ()
    return LinearMapMatrix(read_map(str(e), name, data_of(given), lets, _assumed(assume)))


@dataclass(frozen=True)
class Worked:
    """An expression at given numbers; shows its work in a notebook."""

    found: Any

    @property
    def value(self) -> Any:
        """Nested lists of exact numbers (fractions.Fraction), one level an axis; one number for a scalar."""
        return self.found.value.nested()

    @property
    def shape(self) -> tuple[int, ...]:
        """The number of entries on each axis."""
        return self.found.value.shape

    @property
    def start(self) -> tuple[int, ...]:
        """The place of the first entry on each axis: 0 for layers."""
        return self.found.value.start

    def __repr__(self) -> str:
        data = self.found.as_data()
        return f"<Worked: {data['statement']} = {data['value']}>"

    def __str__(self) -> str:
        from symconv.answers import run_text

        return run_text(self.found)

    def _repr_html_(self) -> str:
        from symconv.answers import run_html

        return run_html(self.found)


def run(e: Expression | str, lets: Iterable[str] = (), assume: Iterable[str] = (), **given: Any) -> Worked:
    """The exact value of an expression at numbers: nested lists, NumPy arrays, fractions, decimals and integers.

    >>> run("conv1d(x, k, stride=2)", x=[1, 0, -2, 3, 1, 2, -1], k=["1/2", 1, "1/2"])
    <Worked: conv1d(x, k, stride=2) = ['-1/2', '5/2', 2]>
    """
    from symconv.instances.arrays import data_of
    from symconv.instances.run import run as evaluate

    if not isinstance(e, Expression | str):  # pyright: ignore[reportUnnecessaryIsInstance]  (users pass anything)
        raise StatementError(f"{e!r} is not an expression: build one, as with corr(x, k), or write it as text")
    own = lets_of((e,)) if isinstance(e, Expression) else ()
    return Worked(evaluate(str(e), data_of(given), (*own, *_assumed(lets)), _assumed(assume)))


def cost(e: Expression, against: Expression | None = None, assume: Iterable[str] = ()) -> Cost:
    """The parameters and multiplications of the layers of an expression, also against those of another, proved."""
    from symconv.tactics import costing

    for given in (e, against) if against is not None else (e,):
        if not isinstance(given, Expression):  # pyright: ignore[reportUnnecessaryIsInstance]  (users pass anything)
            raise StatementError(f"{given!r} is not an expression: build one, as with conv2d(x, w)")
    if against is None:
        return Cost(costing.cost(str(e), lets_of((e,)), _assumed(assume)))
    return Cost(costing.compare(str(e), str(against), lets_of((e, against)), _assumed(assume)))


def _differentiated(kind: str, e: Expression, wrt: str | Expression, assume: Iterable[str]) -> Proof:
    from symconv.tactics.gradient import gradient, gradient_statement

    if not isinstance(e, Expression):  # pyright: ignore[reportUnnecessaryIsInstance]  (users pass anything)
        raise StatementError(f"{e!r} is not an expression: build one, as with corr(x, k)")
    name = wrt.text if isinstance(wrt, Expression) else name_of(wrt)
    return Proof(gradient(gradient_statement(str(e), name, lets_of((e,)), _assumed(assume), kind)))
