"""Reading gradients, derivatives, repeated maps and products of kernels."""

from __future__ import annotations

import ast
from abc import abstractmethod
from collections.abc import Mapping
from dataclasses import replace
from functools import reduce
from itertools import product

from symconv.errors import StatementError
from symconv.expr.count_reader import measured
from symconv.expr.floors import parts, spoken
from symconv.expr.index_reader import IndexReader
from symconv.expr.nodes import Adjoint, Cascade, Conv, Count, Diff, Expr, Grad, Layer, Name, Number, Repeat, rank
from symconv.expr.powers import split
from symconv.expr.syntax import show, tuple_of
from symconv.expr.traverse import index_names, instantiate, number_names, replace_names, sequence_names, walk
from symconv.index.poly import ONE, ZERO, Poly, var

WRITTEN_OUT = 16
"""So many kernels of a product stand apart at most."""


class DerivedReader(IndexReader):
    """Reads what is taken by a variable: a derivative by it, a map of it repeated."""

    definitions: Mapping[str, Expr]
    kinds: dict[str, str]
    powers: set[str]
    cascades: set[str]

    @abstractmethod
    def name(self, name: str, node: ast.expr) -> Expr:
        """What a name stands for."""

    @abstractmethod
    def match_extents(self, x: Expr, y: Expr, node: ast.AST) -> None:
        """Extents that are not known yet are the same on both sides."""

    @abstractmethod
    def at_least(self, items: list[ast.expr], least: Poly | None, what: str, node: ast.expr) -> tuple[Poly, ...]:
        """Integers that are not less."""

    @abstractmethod
    def at_least_polys(self, ps: tuple[Poly, ...], least: Poly, what: str, words: str) -> tuple[Poly, ...]:
        """The same of polynomials."""

    def plain_operands(self, f: str, node: ast.Call, count: int) -> list[ast.expr]:
        """The operands of a call that has no options."""
        if node.keywords:
            raise StatementError(f"{show(node)}: {f} has no option {node.keywords[0].arg}; it takes {count} operands")
        return self.operands(f, node, count)

    def gradient(self, f: str, node: ast.Call, want: int | None) -> Expr:
        first, by, last = self.plain_operands(f, node, 3)
        e, x = self.expression(first, None), self._variable(by, node)
        if want and rank(x) and rank(x) != want:
            e = self.expression(first, want)
        g = self.expression(last, rank(e))
        if rank(g) != rank(e):
            raise StatementError(
                f"{show(node)}: {show(last)} has {axes(rank(g))}, and {show(first)} has {axes(rank(e))}"
            )
        if rank(e):
            self.match_extents(e, g, node)
        return Grad(e, x, g) if f == "grad" else Adjoint(e, x, g)

    def count(self, f: str, node: ast.Call) -> Expr:
        """params(e) or mults(e); the number itself is found when all extents are known: see `count_reader`."""
        (x,) = self.plain_operands(f, node, 1)
        e = self.expression(x, None)
        if not rank(e):
            raise StatementError(
                f"{show(node)}: {show(x)} is a number, and {f} counts what the layers of a tensor need"
            )
        return Count(f, e, ZERO)

    def measure(self, f: str, node: ast.Call) -> Count:
        """size(e, axis), or reach, jump or start of e from x, on the last axis unless one is named."""
        named = f != "size"
        if node.keywords or not 1 + named <= len(node.args) <= 2 + named:
            shown = f"{f}(e, x)" if named else "size(e), or size(e, axis) where e has several axes"
            raise StatementError(f"{show(node)}: write {shown}")
        e = self.expression(node.args[0], None)
        if not rank(e):
            raise StatementError(f"{show(node)}: {show(node.args[0])} is a number, and {f} is of a tensor")
        of: tuple[str, ...] = ()
        if named:
            x = node.args[1]
            if not isinstance(x, ast.Name) or not rank(self.expression(x, None)):
                raise StatementError(f"{show(node)}: {show(x)} is no name of a sequence, from which a field is taken")
            of = (x.id,)
        axis = rank(e) - 1
        if len(node.args) > 1 + named:
            axis = _axis(node.args[-1], rank(e), node)
        elif not named and rank(e) > 1:
            raise StatementError(f"{show(node)}: {show(node.args[0])} has {axes(rank(e))}: say which, as in "
                                 f"size({show(node.args[0])}, -1) for the last")  # fmt: skip
        return Count(f, e, ZERO, (axis,), of)

    def measure_value(self, node: ast.Call) -> Poly:
        """The number of a measure that stands in an index, a range or a condition."""
        f = node.func.id if isinstance(node.func, ast.Name) else ""
        try:
            return measured(self.measure(f, node), self.definitions, self.facts).p
        except StatementError as error:
            raise StatementError(f"{show(node)}: {error}") from error

    def repeat(self, node: ast.Call, want: int | None) -> Expr:
        first, by, count = self.plain_operands("repeat", node, 3)
        x, e = self._variable(by, node), self.expression(first, want)
        if not isinstance(x, Name) or rank(e) != rank(x):
            raise StatementError(f"{show(node)}: write the map, its signal and a count, as in repeat(corr(x, k), x, r)")
        (times,) = self.at_least([count], ZERO, "a count", node)
        last = times.constant_term()
        rest = times - last
        plain = not any(isinstance(n, Layer | Count | Diff | Grad | Adjoint | Repeat) for _, n in walk(e))
        plain = plain and x.name not in self._made_of(e)  # Else it is refused where the statement is checked.
        plain = plain and sum(n == x for _, n in walk(e)) ** min(last, WRITTEN_OUT) <= WRITTEN_OUT  # mul(x, x) grows.
        if not (plain and rest.terms and 0 < last <= WRITTEN_OUT and self.facts.nonnegative(rest)):
            return Repeat(e, x, times)
        out: Expr = Repeat(e, x, rest)  # And once more, last times.
        for _ in range(last):
            out = replace_names(e, {x.name: out})
        return out

    def _made_of(self, e: Expr) -> set[str]:
        """The sequences and numbers that stand behind the author's names in e."""
        found: set[str] = set()
        parts = [self.definitions[n] for n in (*sequence_names(e), *number_names(e)) if n in self.definitions]
        while parts:
            part = parts.pop()
            new = {*sequence_names(part), *number_names(part)} - found
            found |= new
            parts += [self.definitions[n] for n in new if n in self.definitions]
        return found

    def cascade(self, generator: ast.GeneratorExp, node: ast.Call, want: int | None) -> Expr:
        """conv(k for i in range(r)): the product of r kernels."""
        match generator.generators:
            case [
                ast.comprehension(target=ast.Name(id=i), iter=ast.Call(func=ast.Name(id="range"), args=[count]), ifs=[])
            ]:
                pass
            case _:
                raise StatementError(f"{show(node)}: write a product as conv(up(k, s**i) for i in range(r))")
        if i in self.bound or (i not in self.cascades and self.unique(i) != i):
            raise StatementError(f"{show(node)}: {i} has a meaning already: call the index of the product otherwise")
        outer = dict(self.bound)
        self.bound[i] = i
        self.cascades.add(i)
        body = self.expression(generator.elt, want)
        self.bound = outer
        if not rank(body):
            raise StatementError(f"{show(node)}: a product of kernels is taken of sequences")
        (times,) = self.at_least([count], ZERO, "a count", node)
        return self._last_ones_apart(Cascade((i,), body, times))

    def _last_ones_apart(self, e: Cascade) -> Expr:
        """A product of r + 2 kernels is that of r kernels, convolved with two more; one of 3 kernels is written out."""
        last = e.count.constant_term()
        rest = e.count - last
        apart = 0 < last <= WRITTEN_OUT and self.facts.nonnegative(rest)
        factors = [instantiate(e.body, {e.indices[0]: rest + j}) for j in range(last)] if apart else []
        bases = {found[0] for n in index_names(e.body) if (found := split(n)) and found[1] == e.indices[0]}
        for base, r in product(sorted(bases), sorted(e.count.names())):  # What an induction on r speaks of.
            self.power_name(f"{base}**{r}", base, r)
        if not apart:
            return e
        return reduce(Conv, factors if not rest.terms else [Cascade(e.indices, e.body, rest), *factors])

    def derivative(self, node: ast.Call) -> Expr:
        first, by = self.plain_operands("diff", node, 2)
        at = by.slice if isinstance(by, ast.Subscript) else None
        x = self._variable(by.value if isinstance(by, ast.Subscript) else by, node)
        places = tuple(map(self.integer, tuple_of(at))) if at is not None else ()
        e = self.expression(first, 0)
        if rank(e) or len(places) != rank(x):
            raise StatementError(f"{show(node)}: write the entry of a result and one of a name, as in diff(y[i], x[j])")
        return Diff(e, x, places)

    def _variable(self, node: ast.expr, call: ast.Call) -> Expr:
        """What a derivative is taken by: a declared sequence or number."""
        if not isinstance(node, ast.Name):
            raise StatementError(f"{show(call)}: {show(node)} is no name: a derivative is taken by one")
        if node.id in self.definitions:
            raise StatementError(
                f"{show(call)}: {node.id} is defined by other names: take the derivative by one of these"
            )
        x = self.name(node.id, node)
        if not isinstance(x, Name | Number):
            raise StatementError(f"{show(call)}: {node.id} is an integer, and a derivative is taken by real numbers")
        return x

    def floor_name(self, name: str) -> Poly:
        """⌊p/s⌋ of sizes and other integers of the statement, which no sum binds, with s ≥ 1."""
        wrong = sorted(n for n in spoken((name,)) if self.kinds.get(n) not in ("size", "natural", "integer"))
        if wrong:
            raise StatementError(f"{name}: a floor is of sizes and declared integers, and {wrong[0]} is none")
        self.at_least_polys((parts(name)[1],), ONE, "a divisor", name)
        return var(name)

    def power_name(self, name: str, base: str, exponent: str) -> Poly:
        """s**r for sizes, or for an index of a product of kernels."""
        counts = self.kinds.get(exponent) in ("size", "natural") or exponent in self.cascades
        if self.kinds.get(base) != "size" or not counts:
            raise StatementError(f"{name}: a size to a count, or to the index of a product of kernels, is known")
        self.powers.add(name)
        self.facts = replace(self.facts, sizes=self.facts.sizes | {name})
        return var(name)


def _axis(node: ast.expr, d: int, call: ast.Call) -> int:
    match node:
        case ast.Constant(value=int(axis)) if not isinstance(axis, bool):
            pass
        case ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=int(value))) if not isinstance(value, bool):
            axis = -value
        case _:
            raise StatementError(f"{show(call)}: {show(node)} is not the number of an axis")
    if not -d <= axis < d:
        raise StatementError(f"{show(call)}: there is no axis {axis} among {d}")
    return axis % d


def axes(d: int) -> str:
    return "no axes" if d == 0 else "one axis" if d == 1 else f"{d} axes"
