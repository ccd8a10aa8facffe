"""From syntax trees to nodes, given what every name is.  Scalars are broadcast; bound names are made unique."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from dataclasses import replace
from difflib import get_close_matches
from fractions import Fraction

from symconv.errors import StatementError
from symconv.expr.agreement import agree_in_sum, with_equations
from symconv.expr.counts import KINDS
from symconv.expr.defined import integral
from symconv.expr.derivatives import base_of
from symconv.expr.derived_reader import DerivedReader, axes
from symconv.expr.explicit import explicit_taps
from symconv.expr.finite import finite
from symconv.expr.floors import is_floor
from symconv.expr.layer_calls import NAMES, layer
from symconv.expr.naming import FUNCTIONS, KEYWORDS, OPERANDS
from symconv.expr.nodes import (
    ONE,
    Add,
    Apply,
    Const,
    Conv,
    Corr,
    Delta,
    Down,
    Entry,
    Expr,
    Flip,
    Inner,
    Integer,
    Mul,
    Name,
    Neg,
    Number,
    Ones,
    Over,
    Power,
    Reverse,
    Shift,
    Up,
    factors_of,
    rank,
)  # fmt: skip
from symconv.expr.powers import split
from symconv.expr.shapes import Extents, without_shared
from symconv.expr.signs import nonnegative, visibly
from symconv.expr.statement import Declaration, Statement
from symconv.expr.support import extents, of_one_extent, support
from symconv.expr.syntax import MEASURES, integer, show, tuple_of
from symconv.expr.traverse import binders, renamed_apart
from symconv.index.conditions import Condition, Ge
from symconv.index.facts import Facts
from symconv.index.poly import ONE as UNIT
from symconv.index.poly import ZERO, Poly, var

KNOWN = (*OPERANDS, *NAMES, *FUNCTIONS, *KINDS, *MEASURES, "repeat", "taps", "array", "sum", "iverson", "grad",
         "adjoint", "diff", "max", "min")  # fmt: skip


class Elaborator(DerivedReader):
    """Builds nodes; collects in `needed` the conditions that strides, paddings and extents must meet."""

    def __init__(self, declarations: Mapping[str, Declaration], definitions: Mapping[str, Expr], facts: Facts,
                 default_rank: int, extents: Extents) -> None:  # fmt: skip
        self.extents = extents
        self.declarations = declarations
        self.definitions = definitions
        self.facts = with_equations(facts, extents)
        self.default_rank = default_rank
        self.needed: list[Condition] = []
        self.powers: set[str] = set()
        self.cascades: set[str] = set()
        self.spatial = 0
        self.bound: dict[str, str] = {}
        self.used: set[str] = set(declarations).union(definitions, *map(binders, definitions.values()))
        self.kinds = {d.name: d.kind for d in declarations.values()}
        self.kinds |= {name: "sequence" if rank(e) else "number" for name, e in definitions.items()}

    def expression(self, node: ast.expr, want: int | None) -> Expr:
        """The node; `want` is the rank that the place needs (0 a scalar), None where both will do."""
        match node:
            case ast.Constant(value=value):
                return self._number(node, value)
            case ast.Name(id="delta"):
                return Delta(want or self.default_rank)
            case ast.Name(id=name):
                return self.name(name, node)
            case ast.UnaryOp(op=ast.USub(), operand=x):
                inner = self.expression(x, want)
                return Const(-inner.value) if isinstance(inner, Const) else Neg(inner)
            case ast.UnaryOp(op=ast.UAdd(), operand=x):
                return self.expression(x, want)
            case ast.BinOp(left=a, op=ast.Add() | ast.Sub() as op, right=b):
                return self._sum_of(a, b, isinstance(op, ast.Sub), want)
            case ast.BinOp(left=a, op=ast.Mult(), right=b):
                return self._times(a, b, want)
            case ast.BinOp(left=a, op=ast.Div(), right=b):
                return self._over(a, b, want)
            case ast.BinOp(op=ast.FloorDiv() | ast.Mod()):
                return self._integer_sum(self.integer(node))
            case ast.BinOp(left=a, op=ast.Pow(), right=b):
                return self._power(a, b, want)
            case ast.Subscript(value=base, slice=place):
                at = tuple(self.integer(p) for p in tuple_of(place))
                x = self.expression(base, len(at))
                if rank(x) != len(at):
                    raise StatementError(f"{show(node)}: {show(base)} has {axes(rank(x))} but {len(at)} subscripts")
                return Entry(x, at)
            case ast.Call(func=ast.Name(id=f)):
                return self._call(f, node, want)
            case ast.Compare():
                raise StatementError(f"{show(node)}: a comparison belongs in iverson(…) or in an assumption")
            case ast.BinOp(op=ast.BitXor()):
                raise StatementError(f"{show(node)}: write powers with **")
            case _:
                raise StatementError(f"{show(node)} is not part of the claim language")

    def integer(self, node: ast.expr) -> Poly:
        """An integer polynomial in sizes, integers and bound indices."""
        return integer(node, self.integer_name, self.measure_value)

    def integer_name(self, name: str) -> Poly:
        if name in self.bound:
            return var(self.bound[name])
        if is_floor(name):
            return self.floor_name(name)
        if (parts := split(name)) is not None:
            return self.power_name(name, *parts)
        kind = self.kinds.get(name)
        if kind in ("size", "natural", "integer"):
            return var(name)
        if name in self.definitions and (value := integral(self.definitions[name])) is not None:
            return value
        if kind is None:
            raise StatementError(f"{name} is not known: declare it, for example with --let '{name}: size'")
        raise StatementError(f"{name} is a {kind} and cannot stand where an integer belongs")

    def _number(self, node: ast.expr, value: object) -> Expr:
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise StatementError(f"{show(node)} is not a number")
        if isinstance(value, float):
            try:
                return Const(Fraction(ast.unparse(node)))
            except ValueError:
                raise StatementError(f"{show(node)} is not a finite number") from None
        if abs(value) > 10**12:
            raise StatementError(f"the number {show(node)} is too large")
        return Const(Fraction(value))

    def name(self, name: str, node: ast.expr) -> Expr:
        if name in self.bound:
            return Integer(var(self.bound[name]))
        if name in self.definitions:
            e = self.definitions[name]
            return Name(name, rank(e)) if rank(e) else renamed_apart(e, self.unique)
        declared = self.declarations.get(name)
        if declared is None:
            raise StatementError(f"{name} is not known: declare or define it first, as with --let '{name}: signal'")
        match declared.kind:
            case "signal" | "kernel":
                return Name(name, declared.rank)
            case "number":
                return Number(name)
            case "size" | "natural" | "integer":
                return Integer(var(name))
            case _:
                raise StatementError(f"{name} is a function: write {name}(x)")

    def _same(self, a: Expr, b: Expr, node: ast.expr) -> None:
        if rank(a) and rank(b) and rank(a) != rank(b):
            raise StatementError(f"{show(node)}: one side has {axes(rank(a))}, the other {axes(rank(b))}")
        self.match_extents(a, b, node)

    def _integer_sum(self, p: Poly) -> Expr:
        """A polynomial as its text is read, so that what is printed is what was read."""
        value = p.constant()
        if value is not None:
            return Const(Fraction(value))
        return Integer(p) if p.name() is not None else self.expression(ast.parse(str(p), mode="eval").body, 0)

    def _sum_of(self, a: ast.expr, b: ast.expr, minus: bool, want: int | None) -> Expr:
        left, right = self.both(a, b, want)
        right = Neg(right) if minus else right
        self._same(left, right, b)
        if rank(left) and rank(right):
            agree_in_sum(self, left, right, b)
        return Add((*left.terms, right)) if isinstance(left, Add) else Add((left, right))

    def both(self, a: ast.expr, b: ast.expr, want: int | None) -> tuple[Expr, Expr]:
        """Both operands; one that has no rank of its own (delta) takes the other's."""
        left = self.expression(a, want)
        right = self.expression(b, rank(left) or want)
        again = rank(left) and rank(right) and rank(left) != rank(right)
        return (self.expression(a, rank(right)) if again else left), right

    def _times(self, a: ast.expr, b: ast.expr, want: int | None) -> Expr:
        left, right = self.expression(a, want), self.expression(b, want)
        if rank(left) and rank(right):
            raise StatementError(f"{show(a)} * {show(b)}: '*' scales by a number; use conv(…) or mul(…)")
        parts = _scaled(left)
        return Mul((right, *parts)) if isinstance(right, Over) else Mul((*parts, right))

    def _over(self, a: ast.expr, b: ast.expr, want: int | None) -> Expr:
        left = self.expression(a, want)
        if (divisor := self._divisor(b)) is not None:
            return Over(divisor) if left == ONE else Mul((Over(divisor), *_scaled(left)))
        right = self.expression(b, 0)
        if not isinstance(right, Const) or not right.value:
            raise StatementError(f"{show(b)}: only division by a non-zero number, or by sizes, is known")
        if isinstance(left, Const):
            return Const(left.value / right.value)
        return Mul((Const(1 / right.value), left))

    def _divisor(self, node: ast.expr) -> Poly | None:
        """A polynomial in sizes that is at least 1; None for anything else."""
        names = [n.id for n in ast.walk(node) if isinstance(n, ast.Name)]
        if not names or any(self.kinds.get(n) not in ("size", "natural", "integer") for n in names):
            return None
        (p,) = self.at_least([node], UNIT, "a divisor", node)
        return p

    def _power(self, a: ast.expr, b: ast.expr, want: int | None) -> Expr:
        """A power of a number; |e|^(p/q) for abs(e), or for what is seen to be at least 0."""
        base = self.expression(a, want)
        above, below = (b.left, b.right) if isinstance(b, ast.BinOp) and isinstance(b.op, ast.Div) else (b, None)
        exponent = self.integer(above)
        size = (exponent.constant() or 0) <= 64 and below is None
        if isinstance(base, Apply) and base.function == "abs":
            base = base if isinstance(base.x, Integer) else base.x
        elif exponent.constant() is None or below is not None or rank(base):
            if not visibly(base) and not nonnegative(base, Statement(ONE, ONE, self.declarations)):
                raise StatementError(
                    f"{show(ast.BinOp(a, ast.Pow(), b))}: a base that may be negative is written abs({show(a)})"
                )
        elif not size or (exponent.constant() or 0) < 0:
            raise StatementError(f"{show(a)} ** {show(b)}: a number to a power from 0 to 64 is known")
        elif isinstance(base, Const):
            return Const(base.value ** (exponent.constant() or 0))
        elif (exponent.constant() or 0) < 2:
            return base if exponent.constant() else ONE
        else:
            copies = (renamed_apart(base, self.unique) for _ in range((exponent.constant() or 0) - 1))
            return Mul((*factors_of(base), *copies))
        if abs(exponent.constant() or 0) > 64:
            raise StatementError(f"{show(a)} ** {show(b)}: an exponent is a name, or a number up to 64")
        (divisor,) = (UNIT,) if below is None else self.at_least([below], UNIT, "what an exponent is divided by", b)
        return Power(base, exponent, divisor)

    def _call(self, f: str, node: ast.Call, want: int | None) -> Expr:
        if f == "sum":
            return self.sum_of(node, want)
        if f in ("max", "min", "peak"):
            return self.greatest(node)
        if f == "repeat":
            return self.repeat(node, want)
        if f == "conv" and len(node.args) == 1 and isinstance(node.args[0], ast.GeneratorExp):
            return self.cascade(node.args[0], node, want)
        if f == "formula":
            *names, value = node.args or [node]
            indices = [n.id for n in names if isinstance(n, ast.Name)]
            if not indices or len(indices) < len(names):
                raise StatementError(f"{show(node)}: write formula(n, m, value): names of indices, then the value")
            return self.formula(indices, value)
        if f == "iverson":
            return self.iverson(node)
        if f in ("taps", "array"):
            return explicit_taps(node, f, self._tap)
        if f in FUNCTIONS or self.kinds.get(base_of(f)[0]) == "function":
            (x,) = self.operands(f, node, 1)
            return Apply(f, self.expression(x, want))
        if f in NAMES:
            e = layer(self, f, node, want)
            self.facts = replace(self.facts, sizes=self.facts.sizes | self.extents.words.keys())
            return e
        if f in ("grad", "adjoint"):
            return self.gradient(f, node, want)
        if f == "diff":
            return self.derivative(node)
        if f in KINDS or f in MEASURES:
            return self.count(f, node) if f in KINDS else self.measure(f, node)
        if f not in OPERANDS:
            near = get_close_matches(f, KNOWN, 1)
            shown = ", ".join(sorted(n for n in KNOWN if n not in NAMES))
            mend = f"did you mean {near[0]}?" if near else f"known are {shown}, and layers such as conv2d"
            raise StatementError(f"{f} is not known; {mend}")
        if f == "ones":
            items = tuple_of(node.args[0]) if len(node.args) == 1 else list(node.args)
            if not items or node.keywords:
                raise StatementError(f"{show(node)}: ones takes an extent, or one per axis, as in ones((2, 3))")
            return Ones(self.at_least(items, UNIT, "an extent", node))
        parts = self.operands(f, node, len(OPERANDS[f]))
        options = {k.arg or "**": k.value for k in node.keywords}
        if len(options) < len(node.keywords):
            raise StatementError(f"{show(node)}: an option is given twice")
        for key in options:
            if key not in KEYWORDS.get(f, {}):
                known = ", ".join(KEYWORDS.get(f, {})) or "none"
                raise StatementError(f"{show(node)}: {f} has no option {key}; it has {known}")
        return self._operator(f, parts, options, node, want)

    def _operator(self, f: str, parts: list[ast.expr], options: Mapping[str, ast.expr], node: ast.Call,
                  want: int | None) -> Expr:  # fmt: skip
        if f in ("conv", "corr", "mul", "inner"):
            x, k = self.both(parts[0], parts[1], want)
        else:
            x = k = self.expression(parts[0], want)
        for operand, e in zip(parts, (x, k), strict=False):
            if not rank(e):
                raise StatementError(f"{show(node)}: {show(operand)} is a number, not a sequence")
        if rank(x) != rank(k):
            raise StatementError(f"{show(node)}: one side has {axes(rank(x))}, the other {axes(rank(k))}")
        if f in ("mul", "inner"):
            self.match_extents(x, k, node)
        if f == "mul":
            agree_in_sum(self, x, k, node)
        d = rank(x)
        if f in ("conv", "corr", "inner") and not (finite(x, self.facts) or finite(k, self.facts)):
            raise StatementError(
                f"{show(node)}: neither operand has finite support, so the sum may not end; declare one a kernel"
            )
        match f:
            case "conv":
                return Conv(x, k)
            case "mul":
                return Mul((x, k))
            case "inner":
                return Inner(x, k)
            case "corr":
                one, zero = ast.Constant(1), ast.Constant(0)
                stride = self.per_axis(options.get("stride", one), d, UNIT, "a stride", node)
                dilation = self.per_axis(options.get("dilation", one), d, UNIT, "a dilation", node)
                padding = self.per_axis(options.get("padding", zero), d, ZERO, "padding", node)
                return Corr(x, k, stride, dilation, padding)
            case "down":
                return Down(x, self.per_axis(parts[1], d, UNIT, "a factor", node))
            case "up":
                return Up(x, self.per_axis(parts[1], d, UNIT, "a factor", node))
            case "flip":
                return Flip(x)
            case "reverse":
                box = support(x, self.facts)
                if box is None or any(n.startswith("_") for ends in box for n in ends[0].names()):
                    raise StatementError(f"{show(node)}: reverse needs a kernel whose taps are known, as k: kernel[c]")
                if not of_one_extent(x, self.facts, self.definitions):
                    raise StatementError(f"{show(node)}: reverse needs a sum or product of sequences of one extent")
                return Reverse(x, tuple(low + high for low, high in box))
            case _:
                return Shift(x, self.per_axis(parts[1], d, None, "a shift", node))

    def match_extents(self, x: Expr, y: Expr, node: ast.AST) -> None:
        """Extents that are not known yet are the same on both sides."""
        for r, s in zip(extents(x, self.facts), extents(y, self.facts), strict=False):
            if r is not None and s is not None and not (r[0].terms or s[0].terms):
                p, q = without_shared(self.extents.now(r[1] + 1), self.extents.now(s[1] + 1))
                words = {self.extents.words[n] for n in (p.name(), q.name()) if n in self.extents.words}
                if words and not (words == {"taps"} and any(map(is_floor, p.names() | q.names()))):
                    self.extents.same(p, q, node)

    def per_axis(self, value: ast.expr, d: int, least: Poly | None, what: str, node: ast.Call) -> tuple[Poly, ...]:
        items = tuple_of(value)
        if not isinstance(value, ast.Tuple | ast.List):
            items = items * d
        if len(items) != d:
            raise StatementError(f"{show(node)}: {show(value)} has {len(items)} entries for {axes(d)}")
        return self.at_least(items, least, what, node)

    def at_least(self, items: list[ast.expr], least: Poly | None, what: str, node: ast.expr) -> tuple[Poly, ...]:
        """Integers ≥ least; what is not certain is needed of the sizes, what is certainly false is an error."""
        out = tuple(map(self.integer, items))
        return out if least is None else self.at_least_polys(out, least, what, show(node))

    def at_least_polys(self, ps: tuple[Poly, ...], least: Poly, what: str, words: str) -> tuple[Poly, ...]:
        """The same of polynomials."""
        for p in ps:
            if self.facts.nonnegative(p - least):
                continue
            if p.constant() is not None or p.names() & set(self.bound.values()):
                raise StatementError(f"{words}: {what} must be at least {least}, not {p}")
            if Ge(p - least) not in self.needed:
                self.needed.append(Ge(p - least))
        return ps

    def _tap(self, node: ast.expr) -> Fraction:
        value = self.expression(node, 0)
        if not isinstance(value, Const):
            raise StatementError(f"{show(node)}: explicit taps are numbers")
        return value.value


def _scaled(e: Expr) -> tuple[Expr, ...]:
    """The factors of a product that another one can join: of numbers, and at most one sequence."""
    return factors_of(e) if isinstance(e, Mul) and sum(rank(f) > 0 for f in e.factors) < 2 else (e,)
