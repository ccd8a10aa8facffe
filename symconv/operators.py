"""Expressions of the Python interface, which carry their declarations, and the operators that make them.

An `Expression` is claim text with the `let` lines that it needs; everything is read by the same parser as the command
line, so both mean the same and refuse the same.  Sizes may be integers, names, `sizes(...)` or SymPy expressions.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from keyword import iskeyword
from typing import TYPE_CHECKING, Any, Union

from symconv.errors import StatementError
from symconv.expr import text
from symconv.expr.claim import read_expression
from symconv.expr.floors import is_floor, spoken
from symconv.expr.nodes import Count, Expr
from symconv.expr.statement import Statement
from symconv.index.poly import Poly, var

if TYPE_CHECKING:
    import sympy

Size = Union[int, str, Poly, "sympy.Expr"]
Scalar = Union[int, Fraction, Poly, "Expression"]


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
        return Expression(f"{atom(self)}[{', '.join(map(size, places))}]", self.lets)

    @property
    def free_symbols(self) -> set[str]:
        """The names that the expression depends on."""
        return set(self.statement.declarations)

    def subs(self, **sizes: Size) -> Expression:
        """The expression with values for sizes."""
        declared = self.statement.declarations.values()
        known = [d.name for d in declared if d.kind in ("size", "natural", "integer")]
        for name in sizes:
            if name not in known:
                raise StatementError(f"{name} is no size of the expression; it has {', '.join(known) or 'none'}")
        from symconv.expr.traverse import substitute

        for name in sorted(_floors(self.node)):
            if spoken((name,)) & sizes.keys():
                raise StatementError(f"{name} is a floor: nothing is put for a size in it")
        put = {name: _poly(value) for name, value in sizes.items()}
        kept = tuple(line for line in text.lets(self.statement) if line.split(":")[0] not in put)
        changed = tuple(_replace_names(line, sizes) for line in kept)
        return Expression(text.text(substitute(self.node, put)), changed)

    def to_sympy(self) -> Any:
        """A number in SymPy symbols, its operators written out as sums; a concrete instance of a sequence is `doit`."""
        from symconv.instances.bridge import to_sympy
        from symconv.tactics.chain import Chain, Names, taken_names
        from symconv.tactics.normal import normalise

        statement = self.statement
        if statement.rank:
            raise StatementError("only a number has a SymPy form: take an entry, as in conv(x, k)['n'], or an instance")
        chain = Chain(statement, statement.lhs, Names(taken_names(statement), "left"))
        normalise(chain)
        return to_sympy(chain.line)

    def doit(self, **sizes: int) -> dict[tuple[int, ...], Any]:
        """One concrete instance: every output in SymPy symbols, by place."""
        from symconv.instances.expand import expand

        for name, value in sizes.items():
            if isinstance(value, bool) or not isinstance(value, int):
                raise StatementError(f"{name}={value!r}: an instance needs an integer")
        return {out.place: out.left for out in expand(self.statement, sizes).outputs}

    def _repr_latex_(self) -> str:
        from symconv.expr.notation import notation
        from symconv.render.latex import latex

        return f"$\\displaystyle {latex(notation(self.node))}$"


def _floors(e: Expr) -> set[str]:
    """The floors that are written in an expression; that of a count is found anew when it is read."""
    from symconv.expr.traverse import own_polys, walk

    polys = (p for _, n in walk(e) for p in own_polys(n)[isinstance(n, Count) :])
    return {name for p in polys for name in p.names() if is_floor(name)}


def _replace_names(line: str, sizes: dict[str, Size]) -> str:
    import re

    for name, value in sizes.items():
        line = re.sub(rf"\b{name}\b", f"({size(value)})", line)
    return line


def size(value: Size) -> str:
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

    return integer(read(size(value), "size"), var)


def atom(e: Scalar) -> str:
    if isinstance(e, Expression):
        return e.text if e.text.isidentifier() or (e.text.endswith(")") and _one_call(e.text)) else f"({e.text})"
    if isinstance(e, Poly):
        return f"({e})"
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
    return Expression(pattern.format(*map(atom, parts)), lets_of(parts))


def lets_of(parts: Iterable[Any]) -> tuple[str, ...]:
    """The declarations of all parts; a name declared in two ways is an error."""
    out: dict[str, str] = {}
    for part in parts:
        for line in part.lets if isinstance(part, Expression) else ():
            name = line.split(":")[0].strip()
            if out.setdefault(name, line) != line:
                raise StatementError(f"{name} is declared as {out[name]!r} and as {line!r}")
    return tuple(out.values())


def _extents(extents: tuple[Size | tuple[Size, Size] | None, ...]) -> str:
    shown = [":" if e is None else f"{size(e[0])}:{size(e[1])}" if isinstance(e, tuple) else size(e) for e in extents]
    return f"[{', '.join(shown)}]" if shown else ""


def operand(x: Any, function: str) -> Expression:
    if not isinstance(x, Expression):
        raise StatementError(f"{function} takes an expression, such as signal('x'), not {x!r}")
    return x


def name_of(name: Any) -> str:
    if not isinstance(name, str) or not name.isidentifier() or iskeyword(name):
        raise StatementError(f"{name!r} is not a name: use letters and digits, as in 'x'")
    return name


def _names(names: Any) -> list[str]:
    if not isinstance(names, str):
        raise StatementError(f"{names!r} is not a list of names: write one text, as in 's t'")
    return [name_of(n) for n in names.replace(",", " ").split()]


def signal(name: str, *extents: Size | tuple[Size, Size] | None) -> Expression:
    """A signal; an extent N says that it is zero outside 0 ≤ n < N, None that an axis is unbounded."""
    return Expression(name_of(name), (f"{name}: signal{_extents(extents)}",))


def kernel(name: str, *taps: Size | tuple[Size, Size]) -> Expression:
    """A kernel with taps 0..c−1 on each axis, or a..b−1 for a pair (a, b); without extents for an unknown."""
    return Expression(name_of(name), (f"{name}: kernel{_extents(taps)}",) if taps else ())


def number(name: str) -> Expression:
    """A real number."""
    return Expression(name_of(name), (f"{name}: number",))


def numbers(names: str) -> tuple[Expression, ...]:
    """Several real numbers, as in numbers("a b")."""
    return tuple(map(number, _names(names)))


def sizes(names: str) -> tuple[Poly, ...]:
    """Sizes (integers ≥ 1), as in s, t = sizes("s t"); they add and multiply."""
    return tuple(map(var, _names(names)))


def axes(value: Size | tuple[Size, ...]) -> str:
    return f"({', '.join(map(size, value))})" if isinstance(value, tuple) else size(value)


def conv(x: Expression, k: Expression) -> Expression:
    """Σ_a k[a] x[n − a]."""
    return Expression(f"conv({operand(x, 'conv')}, {operand(k, 'conv')})", lets_of((x, k)))


def corr(x: Expression, k: Expression, stride: Size | tuple[Size, ...] = 1, dilation: Size | tuple[Size, ...] = 1,
         padding: Size | tuple[Size, ...] = 0) -> Expression:  # fmt: skip
    """Σ_a k[a] x[stride n + dilation a − padding]."""
    options = f"stride={axes(stride)}, dilation={axes(dilation)}, padding={axes(padding)}"
    return Expression(f"corr({operand(x, 'corr')}, {operand(k, 'corr')}, {options})", lets_of((x, k)))


def down(x: Expression, s: Size | tuple[Size, ...]) -> Expression:
    """x[s n]."""
    return Expression(f"down({operand(x, 'down')}, {axes(s)})", x.lets)


def up(x: Expression, s: Size | tuple[Size, ...]) -> Expression:
    """x[n / s] where s divides n, else 0."""
    return Expression(f"up({operand(x, 'up')}, {axes(s)})", x.lets)


def flip(x: Expression) -> Expression:
    """x[−n]."""
    return Expression(f"flip({operand(x, 'flip')})", x.lets)


def reverse(k: Expression) -> Expression:
    """k[c − 1 − n] for taps 0..c−1."""
    return Expression(f"reverse({operand(k, 'reverse')})", k.lets)


def shift(x: Expression, m: Size | tuple[Size, ...]) -> Expression:
    """x[n − m]."""
    return Expression(f"shift({operand(x, 'shift')}, {axes(m)})", x.lets)


def mul(x: Expression, y: Expression) -> Expression:
    """x[n] y[n]."""
    return Expression(f"mul({operand(x, 'mul')}, {operand(y, 'mul')})", lets_of((x, y)))


def relu(x: Expression) -> Expression:
    """max(x[n], 0)."""
    return Expression(f"relu({operand(x, 'relu')})", x.lets)


def ones(*extents: Size) -> Expression:
    """1 for 0 ≤ n < c on every axis."""
    return Expression(f"ones(({', '.join(map(size, extents))},))")


def taps(*values: int | Fraction) -> Expression:
    """Explicit taps from 0: integers and Fractions, which are exact."""
    for v in values:
        if isinstance(v, bool) or not isinstance(v, int | Fraction):
            raise StatementError(f"{v!r} is not an exact number: write an integer or a Fraction")
    return Expression(f"taps({', '.join(str(Fraction(v)) for v in values)})")


delta = Expression("delta")
"""1 at 0, else 0."""
