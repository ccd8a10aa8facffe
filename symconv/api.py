"""The Python interface: expressions that carry their declarations, claims, and results that show in a notebook.

An `Expression` is claim text with the `let` lines that it needs; everything is read by the same parser as the command
line, so both mean the same and refuse the same.  Sizes may be integers, names, `sizes(...)` or SymPy expressions.

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
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Union

from symconv.errors import StatementError
from symconv.expr import text
from symconv.expr.claim import read_expression, read_statement
from symconv.expr.nodes import Expr
from symconv.expr.statement import Statement
from symconv.index.poly import Poly, var
from symconv.tactics.prove import prove as _prove
from symconv.tactics.solve import read_unknown
from symconv.tactics.solve import solve as _solve
from symconv.tactics.verdict import Counterexample, Result

if TYPE_CHECKING:
    import sympy

Size = Union[int, str, Poly, "sympy.Expr"]
Scalar = Union[int, Fraction, "Expression"]


@dataclass(frozen=True, eq=False)
class Expression:
    """A sequence or a number: claim text and the declarations of its names.  `==` is structural."""

    text: str
    lets: tuple[str, ...] = ()

    def __str__(self) -> str:
        return self.text

    def __repr__(self) -> str:
        return f"<{self.text}>"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Expression) and self.node == other.node

    def __hash__(self) -> int:
        return hash(self.node)

    def __bool__(self) -> bool:
        raise StatementError("an expression has no truth value: state an equation with claim(lhs, rhs)")

    def __iter__(self) -> Any:
        raise StatementError("an expression cannot be iterated over: take entries with x[n]")

    @property
    def statement(self) -> Statement:
        """The expression with its declarations, read by the parser."""
        return read_expression(self.text, self.lets)

    @property
    def node(self) -> Expr:
        """The tree of the expression."""
        return self.statement.lhs

    def __add__(self, other: Scalar) -> Expression:
        return _join("({} + {})", self, other)

    def __radd__(self, other: Scalar) -> Expression:
        return _join("({} + {})", other, self)

    def __sub__(self, other: Scalar) -> Expression:
        return _join("({} - {})", self, other)

    def __rsub__(self, other: Scalar) -> Expression:
        return _join("({} - {})", other, self)

    def __neg__(self) -> Expression:
        return _join("(-{})", self)

    def __mul__(self, other: Scalar) -> Expression:
        return _join("{}*{}", self, other)

    def __rmul__(self, other: Scalar) -> Expression:
        return _join("{}*{}", other, self)

    def __truediv__(self, other: int) -> Expression:
        return _join("{}/{}", self, other)

    def __getitem__(self, place: Size | tuple[Size, ...]) -> Expression:
        places = place if isinstance(place, tuple) else (place,)
        return Expression(f"{_atom(self)}[{', '.join(map(_size, places))}]", self.lets)

    @property
    def free_symbols(self) -> set[str]:
        """The names that the expression depends on."""
        return set(self.statement.declarations)

    def subs(self, **sizes: Size) -> Expression:
        """The expression with values for sizes."""
        values = ", ".join(sizes)
        if not set(sizes) <= self.free_symbols:
            raise StatementError(f"{values}: the expression has {', '.join(sorted(self.free_symbols))}")
        from symconv.expr.traverse import substitute

        put = {name: _poly(value) for name, value in sizes.items()}
        kept = tuple(line for line in text.lets(self.statement) if line.split(":")[0] not in put)
        changed = tuple(_replace_names(line, sizes) for line in kept)
        return Expression(text.text(substitute(self.node, put)), changed)

    def to_sympy(self, **sizes: int) -> Any:
        """The expression in SymPy symbols; with sizes, one concrete instance (see `doit`)."""
        from symconv.instances.bridge import to_sympy

        return to_sympy(self.node)

    def doit(self, **sizes: int) -> dict[tuple[int, ...], Any]:
        """One concrete instance: every output in SymPy symbols, by place."""
        from symconv.instances.expand import expand

        return {out.place: out.left for out in expand(self.statement, sizes).outputs}

    def _repr_latex_(self) -> str:
        from symconv.expr.notation import notation
        from symconv.render.latex import latex

        return f"$\\displaystyle {latex(notation(self.node))}$"


def _replace_names(line: str, sizes: dict[str, Size]) -> str:
    import re

    for name, value in sizes.items():
        line = re.sub(rf"\b{name}\b", f"({_size(value)})", line)
    return line


def _size(value: Size) -> str:
    """Claim text of an integer: a number, a name, a polynomial or a SymPy expression (read, never evaluated)."""
    if isinstance(value, bool):
        raise StatementError(f"{value} is not an integer")
    if isinstance(value, int):
        return str(value)
    out = str(value)
    if not out or "." in out:
        raise StatementError(f"{out!r} is not an integer or a size")
    return out


def _poly(value: Size) -> Poly:
    from symconv.expr.syntax import integer, read

    return integer(read(_size(value), "size"), var)


def _atom(e: Scalar) -> str:
    if isinstance(e, Expression):
        return e.text if e.text.isidentifier() or (e.text.endswith(")") and _one_call(e.text)) else f"({e.text})"
    if isinstance(e, bool) or not isinstance(e, int | Fraction):
        raise StatementError(f"{e!r} is neither an expression nor an exact number")
    return f"({e})"


def _one_call(words: str) -> bool:
    """Whether the text is a single call or parenthesis, such as conv(x, k)."""
    depth = 0
    for i, letter in enumerate(words):
        depth += (letter in "([") - (letter in ")]")
        if depth == 0 and letter == ")":
            return i == len(words) - 1 and words[: words.index("(")].replace("_", "a").isalnum() | words.startswith("(")
    return False


def _join(pattern: str, *parts: Scalar) -> Expression:
    return Expression(pattern.format(*map(_atom, parts)), _lets(parts))


def _lets(parts: Iterable[Any]) -> tuple[str, ...]:
    """The declarations of all parts; a name declared in two ways is an error."""
    out: dict[str, str] = {}
    for part in parts:
        for line in part.lets if isinstance(part, Expression) else ():
            name = line.split(":")[0].strip()
            if out.setdefault(name, line) != line:
                raise StatementError(f"{name} is declared as {out[name]!r} and as {line!r}")
    return tuple(out.values())


def _extents(extents: tuple[Size | tuple[Size, Size] | None, ...]) -> str:
    shown = [
        ":" if e is None else f"{_size(e[0])}:{_size(e[1])}" if isinstance(e, tuple) else _size(e) for e in extents
    ]
    return f"[{', '.join(shown)}]" if shown else ""


def signal(name: str, *extents: Size | tuple[Size, Size] | None) -> Expression:
    """A signal; an extent N says that it is zero outside 0 ≤ n < N, None that an axis is unbounded."""
    return Expression(name, (f"{name}: signal{_extents(extents)}",))


def kernel(name: str, *taps: Size | tuple[Size, Size]) -> Expression:
    """A kernel with taps 0..c−1 on each axis, or a..b−1 for a pair (a, b); without extents for an unknown."""
    return Expression(name, (f"{name}: kernel{_extents(taps)}",) if taps else ())


def number(name: str) -> Expression:
    """A real number."""
    return Expression(name, (f"{name}: number",))


def numbers(names: str) -> tuple[Expression, ...]:
    """Several real numbers, as in numbers("a b")."""
    return tuple(map(number, names.replace(",", " ").split()))


def sizes(names: str) -> tuple[Poly, ...]:
    """Sizes (integers ≥ 1), as in s, t = sizes("s t"); they add and multiply."""
    return tuple(var(name) for name in names.replace(",", " ").split())


def _axes(value: Size | tuple[Size, ...]) -> str:
    return f"({', '.join(map(_size, value))})" if isinstance(value, tuple) else _size(value)


def conv(x: Expression, k: Expression) -> Expression:
    """Σ_a k[a] x[n − a]."""
    return Expression(f"conv({x}, {k})", _lets((x, k)))


def corr(x: Expression, k: Expression, stride: Size | tuple[Size, ...] = 1, dilation: Size | tuple[Size, ...] = 1,
         padding: Size | tuple[Size, ...] = 0) -> Expression:  # fmt: skip
    """Σ_a k[a] x[stride n + dilation a − padding]."""
    options = f"stride={_axes(stride)}, dilation={_axes(dilation)}, padding={_axes(padding)}"
    return Expression(f"corr({x}, {k}, {options})", _lets((x, k)))


def down(x: Expression, s: Size | tuple[Size, ...]) -> Expression:
    """x[s n]."""
    return Expression(f"down({x}, {_axes(s)})", x.lets)


def up(x: Expression, s: Size | tuple[Size, ...]) -> Expression:
    """x[n / s] where s divides n, else 0."""
    return Expression(f"up({x}, {_axes(s)})", x.lets)


def flip(x: Expression) -> Expression:
    """x[−n]."""
    return Expression(f"flip({x})", x.lets)


def reverse(k: Expression) -> Expression:
    """k[c − 1 − n] for taps 0..c−1."""
    return Expression(f"reverse({k})", k.lets)


def shift(x: Expression, m: Size | tuple[Size, ...]) -> Expression:
    """x[n − m]."""
    return Expression(f"shift({x}, {_axes(m)})", x.lets)


def mul(x: Expression, y: Expression) -> Expression:
    """x[n] y[n]."""
    return Expression(f"mul({x}, {y})", _lets((x, y)))


def relu(x: Expression) -> Expression:
    """max(x[n], 0)."""
    return Expression(f"relu({x})", x.lets)


def ones(*extents: Size) -> Expression:
    """1 for 0 ≤ n < c on every axis."""
    return Expression(f"ones(({', '.join(map(_size, extents))},))")


def taps(*values: int | Fraction) -> Expression:
    """Explicit taps from 0."""
    return Expression(f"taps({', '.join(str(Fraction(v)) for v in values)})")


delta = Expression("delta")
"""1 at 0, else 0."""


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
        return read_statement(str(self), _lets((self.lhs, self.rhs)), self.assume)


def claim(lhs: Expression, rhs: Expression | int, assume: Iterable[str] = ()) -> Claim:
    """State lhs == rhs; assumptions are text, as in assume=["gcd(s, t) == 1"]."""
    right = rhs if isinstance(rhs, Expression) else Expression(str(rhs))
    return Claim(lhs, right, (assume,) if isinstance(assume, str) else tuple(assume))


@dataclass(frozen=True)
class Proof:
    """A verdict with its witness; shows as a page in a notebook."""

    result: Result

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

    def __str__(self) -> str:
        from symconv.pages import terminal_report

        return terminal_report(self.result)

    def _repr_latex_(self) -> str:
        from symconv.pages import notebook_latex

        return notebook_latex(self.result)

    def _repr_html_(self) -> str:
        from symconv.pages import notebook_html

        return notebook_html(self.result)


def prove(statement: Claim | str, assume: Iterable[str] = ()) -> Proof:
    """Prove a claim for all sizes, or refute it with the smallest example."""
    found = read_statement(statement, (), tuple(assume)) if isinstance(statement, str) else statement.statement
    return Proof(_prove(found))


def solve(statement: Claim | str, unknown: str) -> Proof:
    """Find the unknown sequence of a claim, and prove the claim with the answer in place."""
    if isinstance(statement, str):
        return Proof(_solve(read_unknown(statement, (), (), unknown), unknown))
    lets = tuple(line for line in _lets((statement.lhs, statement.rhs)) if line.split(":")[0] != unknown)
    return Proof(_solve(read_unknown(str(statement), lets, statement.assume, unknown), unknown))
