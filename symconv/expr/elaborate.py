"""From syntax trees to nodes, given what every name is.  Scalars are broadcast; bound names are made unique."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from difflib import get_close_matches
from fractions import Fraction

from symconv.errors import StatementError
from symconv.expr.explicit import explicit_taps
from symconv.expr.finite import finite
from symconv.expr.naming import KEYWORDS, OPERANDS
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
    Formula,
    Integer,
    Iverson,
    Mul,
    Name,
    Neg,
    Number,
    Ones,
    Reverse,
    Shift,
    Sum,
    Up,
    factors_of,
    rank,
)  # fmt: skip
from symconv.expr.statement import Declaration
from symconv.expr.support import of_one_extent, support
from symconv.expr.syntax import RESERVED, comparison, integer, show, tuple_of
from symconv.expr.traverse import binders, renamed_apart
from symconv.index.conditions import Condition, Ge
from symconv.index.facts import Facts
from symconv.index.poly import ONE as UNIT
from symconv.index.poly import ZERO, Poly, var

KNOWN = (*OPERANDS, "taps", "array", "sum", "iverson")


class Elaborator:
    """Builds nodes; collects in `needed` the conditions that strides, paddings and extents must meet."""

    def __init__(self, declarations: Mapping[str, Declaration], definitions: Mapping[str, Expr], facts: Facts,
                 default_rank: int) -> None:  # fmt: skip
        self.declarations = declarations
        self.definitions = definitions
        self.facts = facts
        self.default_rank = default_rank
        self.needed: list[Condition] = []
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
                return self._name(name, node)
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
            case ast.BinOp(left=a, op=ast.Pow(), right=b):
                return self._power(a, b)
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
        return integer(node, self.integer_name)

    def integer_name(self, name: str) -> Poly:
        if name in self.bound:
            return var(self.bound[name])
        kind = self.kinds.get(name)
        if kind in ("size", "natural", "integer"):
            return var(name)
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

    def _name(self, name: str, node: ast.expr) -> Expr:
        if name in self.bound:
            return Integer(var(self.bound[name]))
        if name in self.definitions:
            e = self.definitions[name]
            return Name(name, rank(e)) if rank(e) else renamed_apart(e, self._unique)
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

    def _sum_of(self, a: ast.expr, b: ast.expr, minus: bool, want: int | None) -> Expr:
        left, right = self.both(a, b, want)
        right = Neg(right) if minus else right
        self._same(left, right, b)
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
        flat = isinstance(left, Mul) and sum(rank(f) > 0 for f in left.factors) < 2
        return Mul((*factors_of(left), right)) if flat else Mul((left, right))

    def _over(self, a: ast.expr, b: ast.expr, want: int | None) -> Expr:
        left, right = self.expression(a, want), self.expression(b, 0)
        if not isinstance(right, Const) or not right.value:
            raise StatementError(f"{show(b)}: only division by a non-zero number is known")
        if isinstance(left, Const):
            return Const(left.value / right.value)
        return Mul((Const(1 / right.value), left))

    def _power(self, a: ast.expr, b: ast.expr) -> Expr:
        base, exponent = self.expression(a, 0), self.integer(b).constant()
        if rank(base) or exponent is None or not 0 <= exponent <= 64:
            raise StatementError(f"{show(a)} ** {show(b)}: a number to a power from 0 to 64 is known")
        if isinstance(base, Const):
            return Const(base.value**exponent)
        if exponent < 2:
            return base if exponent else ONE
        return Mul((base, *(renamed_apart(base, self._unique) for _ in range(exponent - 1))))

    def _call(self, f: str, node: ast.Call, want: int | None) -> Expr:
        if f == "sum":
            return self._sum(node, want)
        if f == "iverson":
            return self._iverson(node)
        if f in ("taps", "array"):
            return explicit_taps(node, f, self._tap)
        if f in ("relu", "abs") or self.kinds.get(f) == "function":
            (x,) = self._operands(f, node, 1)
            return Apply(f, self.expression(x, want))
        if f not in OPERANDS:
            near = get_close_matches(f, KNOWN, 1)
            mend = f"did you mean {near[0]}?" if near else f"known are {', '.join(sorted(KNOWN))}"
            raise StatementError(f"{f} is not known; {mend}")
        if f == "ones":
            items = tuple_of(node.args[0]) if len(node.args) == 1 else list(node.args)
            if not items or node.keywords:
                raise StatementError(f"{show(node)}: ones takes an extent, or one per axis, as in ones((2, 3))")
            return Ones(self._at_least(items, UNIT, "an extent", node))
        parts = self._operands(f, node, len(OPERANDS[f]))
        options = {k.arg or "**": k.value for k in node.keywords}
        if len(options) < len(node.keywords):
            raise StatementError(f"{show(node)}: an option is given twice")
        for key in options:
            if key not in KEYWORDS.get(f, {}):
                known = ", ".join(KEYWORDS.get(f, {})) or "none"
                raise StatementError(f"{show(node)}: {f} has no option {key}; it has {known}")
        return self._operator(f, parts, options, node, want)

    def _operands(self, f: str, node: ast.Call, count: int) -> list[ast.expr]:
        if len(node.args) != count or any(isinstance(a, ast.Starred) for a in node.args):
            raise StatementError(f"{show(node)}: {f} takes {count} operand{'s' * (count > 1)}, not {len(node.args)}")
        return node.args

    def _operator(self, f: str, parts: list[ast.expr], options: Mapping[str, ast.expr], node: ast.Call,
                  want: int | None) -> Expr:  # fmt: skip
        if f in ("conv", "corr", "mul"):
            x, k = self.both(parts[0], parts[1], want)
        else:
            x = k = self.expression(parts[0], want)
        for operand, e in zip(parts, (x, k), strict=False):
            if not rank(e):
                raise StatementError(f"{show(node)}: {show(operand)} is a number, not a sequence")
        self._same(x, k, node)
        d = rank(x)
        if f in ("conv", "corr") and not (finite(x, self.facts) or finite(k, self.facts)):
            raise StatementError(
                f"{show(node)}: neither operand has finite support, so the sum may not end; declare one a kernel"
            )
        match f:
            case "conv":
                return Conv(x, k)
            case "mul":
                return Mul((x, k))
            case "corr":
                one, zero = ast.Constant(1), ast.Constant(0)
                stride = self._per_axis(options.get("stride", one), d, UNIT, "a stride", node)
                dilation = self._per_axis(options.get("dilation", one), d, UNIT, "a dilation", node)
                padding = self._per_axis(options.get("padding", zero), d, ZERO, "padding", node)
                return Corr(x, k, stride, dilation, padding)
            case "down":
                return Down(x, self._per_axis(parts[1], d, UNIT, "a factor", node))
            case "up":
                return Up(x, self._per_axis(parts[1], d, UNIT, "a factor", node))
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
                return Shift(x, self._per_axis(parts[1], d, None, "a shift", node))

    def _per_axis(self, value: ast.expr, d: int, least: Poly | None, what: str, node: ast.Call) -> tuple[Poly, ...]:
        items = tuple_of(value)
        if not isinstance(value, ast.Tuple | ast.List):
            items = items * d
        if len(items) != d:
            raise StatementError(f"{show(node)}: {show(value)} has {len(items)} entries for {axes(d)}")
        return self._at_least(items, least, what, node)

    def _at_least(self, items: list[ast.expr], least: Poly | None, what: str, node: ast.Call) -> tuple[Poly, ...]:
        """Integers ≥ least; what is not certain is needed of the sizes, what is certainly false is an error."""
        out = tuple(map(self.integer, items))
        for p in out:
            if least is None or self.facts.nonnegative(p - least):
                continue
            if p.constant() is not None or p.names() & set(self.bound.values()):
                raise StatementError(f"{show(node)}: {what} must be at least {least}, not {p}")
            if Ge(p - least) not in self.needed:
                self.needed.append(Ge(p - least))
        return out

    def _tap(self, node: ast.expr) -> Fraction:
        value = self.expression(node, 0)
        if not isinstance(value, Const):
            raise StatementError(f"{show(node)}: explicit taps are numbers")
        return value.value

    def _sum(self, node: ast.Call, want: int | None) -> Expr:
        if len(node.args) != 1 or node.keywords or not isinstance(node.args[0], ast.GeneratorExp):
            raise StatementError(
                f"{show(node)}: write sum(k[a]*x[n - a] for a in range(c)), or 'for a in Z' for all of Z"
            )
        generator = node.args[0]
        outer = dict(self.bound)
        indices: list[str] = []
        conditions: list[Expr] = []
        for part in generator.generators:
            if not isinstance(part.target, ast.Name):
                raise StatementError(f"{show(part.target)}: one index name belongs here")
            if part.target.id in RESERVED:
                raise StatementError(f"{part.target.id} has a meaning in the claim language: use another index name")
            ends = self._range(part.iter)
            name = self._unique(part.target.id)
            self.bound[part.target.id] = name
            indices.append(name)
            if ends is not None:
                conditions += [Iverson(Ge(var(name) - ends[0])), Iverson(Ge(ends[1] - 1 - var(name)))]
            conditions += [self._truth(c) for c in part.ifs]
        body = self.expression(generator.elt, want)
        self.bound = outer
        if conditions:
            body = Mul((*_flat(conditions), body))
        return Sum(tuple(indices), body)

    def _range(self, node: ast.expr) -> tuple[Poly, Poly] | None:
        match node:
            case ast.Name(id="Z"):
                return None
            case ast.Call(func=ast.Name(id="range"), args=[high], keywords=[]):
                return ZERO, self.integer(high)
            case ast.Call(func=ast.Name(id="range"), args=[low, high], keywords=[]):
                return self.integer(low), self.integer(high)
            case _:
                raise StatementError(f"{show(node)}: an index runs over range(a, b) or over Z")

    def _unique(self, name: str) -> str:
        """The name itself where it is free, else the name with a number."""
        fresh, number = name, 0
        while fresh in self.used:
            number += 1
            fresh = f"{name}{number}"
        self.used.add(fresh)
        return fresh

    def _iverson(self, node: ast.Call) -> Expr:
        (condition,) = self._operands("iverson", node, 1)
        return self._truth(condition)

    def _truth(self, node: ast.expr) -> Expr:
        """1 where a condition holds, else 0."""
        match node:
            case ast.Compare(left=left, ops=ops, comparators=rights):
                parts: list[Expr] = []
                for op, right in zip(ops, rights, strict=True):
                    found = comparison(left, op, right, self.integer_name)
                    if found is None:
                        equal = comparison(left, ast.Eq(), right, self.integer_name) or ()
                        parts.append(Add((ONE, Neg(_product([Iverson(c) for c in equal])))))
                    else:
                        for c in found:
                            self._moduli(c)
                        parts += [Iverson(c) for c in found]
                    left = right
                return _product(parts)
            case ast.BoolOp(op=ast.And(), values=values):
                return _product(_flat([self._truth(v) for v in values]))
            case ast.UnaryOp(op=ast.Not(), operand=x):
                return Add((ONE, Neg(self._truth(x))))
            case _:
                raise StatementError(
                    f"{show(node)} is not a condition between integers: write i < c, i % 2 == 0, 'and', 'not'"
                )

    def _moduli(self, c: Condition) -> None:
        m = getattr(c, "m", None)
        if not isinstance(m, Poly) or not m.names().isdisjoint(self.bound.values()):
            return
        if not self.facts.positive(m) and Ge(m - 1) not in self.needed:
            self.needed.append(Ge(m - 1))

    def formula(self, indices: list[str], node: ast.expr) -> Expr:
        """The definition `K[i, j] = node`."""
        outer = dict(self.bound)
        names = [self._unique(i) for i in indices]
        self.bound.update(zip(indices, names, strict=True))
        body = self.expression(node, 0)
        self.bound = outer
        if rank(body):
            raise StatementError(f"{show(node)}: the value at {', '.join(indices)} must be a number")
        return Formula(tuple(names), body)


def _flat(parts: list[Expr]) -> list[Expr]:
    return [f for p in parts for f in (p.factors if isinstance(p, Mul) else (p,))]


def _product(parts: list[Expr]) -> Expr:
    return parts[0] if len(parts) == 1 else Mul(tuple(_flat(parts)))


def axes(d: int) -> str:
    return "no axes" if d == 0 else "one axis" if d == 1 else f"{d} axes"
