"""Index-level expressions: sums over ranges, conditions in brackets, and sequences given by a formula."""

from __future__ import annotations

import ast
from abc import abstractmethod

from symconv.errors import StatementError
from symconv.expr.nodes import ONE, Add, Expr, Formula, Integer, Iverson, Most, Mul, Neg, Peak, Sum, rank
from symconv.expr.syntax import RESERVED, comparison, show
from symconv.expr.traverse import substitute
from symconv.index.conditions import Condition, Ge
from symconv.index.facts import Facts
from symconv.index.poly import ZERO, Poly, var

MOST_COMPARED = 6
"""Of so many integers a maximum is written out; each one more makes it twice as long."""


class IndexReader:
    """Reads what binds indices; bound names are made unique."""

    facts: Facts
    needed: list[Condition]
    bound: dict[str, str]
    used: set[str]

    @abstractmethod
    def expression(self, node: ast.expr, want: int | None) -> Expr:
        """The node of an expression."""

    @abstractmethod
    def integer(self, node: ast.expr) -> Poly:
        """An integer polynomial."""

    @abstractmethod
    def measure_value(self, node: ast.Call) -> Poly:
        """The number of size(x) and its like."""

    @abstractmethod
    def integer_name(self, name: str) -> Poly:
        """The integer that a name stands for."""

    def operands(self, f: str, node: ast.Call, count: int) -> list[ast.expr]:
        """The operands of a call that takes so many."""
        if len(node.args) != count or any(isinstance(a, ast.Starred) for a in node.args):
            raise StatementError(f"{show(node)}: {f} takes {count} operand{'s' * (count > 1)}, not {len(node.args)}")
        return node.args

    def sum_of(self, node: ast.Call, want: int | None) -> Expr:
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
            name = self.unique(part.target.id)
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

    def _greater(self, f: str, node: ast.Call) -> Expr:
        """max(a, b) of integers: [a >= b] a + [a < b] b, and min likewise."""
        if node.keywords or len(node.args) < 2 or any(isinstance(a, ast.Starred | ast.GeneratorExp) for a in node.args):
            raise StatementError(f"{show(node)}: write {f}(a, b) of integers")
        if len(node.args) > MOST_COMPARED:
            raise StatementError(
                f"{show(node)}: {f} is taken of at most {MOST_COMPARED} integers, not {len(node.args)}"
            )
        first, *rest = map(self.integer, node.args)
        chosen: list[tuple[tuple[Condition, ...], Poly]] = [((), first)]
        for q in rest:
            both = [(c, p, p - q if f == "max" else q - p) for c, p in chosen]
            chosen = [((*c, Ge(d)), p) for c, p, d in both] + [((*c, Ge(-d - 1)), q) for c, _, d in both]
        return Add(tuple(Mul((*map(Iverson, c), Integer(p))) for c, p in chosen))

    def greatest(self, node: ast.Call) -> Expr:
        """max(f for u in range(c)), or peak((f for u in range(c)), a): whether it is taken first at a."""
        f = node.func.id if isinstance(node.func, ast.Name) else ""
        several = len(node.args) > 1 and not any(isinstance(a, ast.GeneratorExp) for a in node.args)
        if f == "min" or (f == "max" and several):
            return self._greater(f, node)
        peak = f == "peak"
        match node.args:
            case [ast.GeneratorExp() as generator, *at] if bool(at) == peak and not node.keywords:
                pass
            case _:
                raise StatementError(f"{show(node)}: write max(x[n + u] for u in range(c)) over ranges")
        outer, indices, starts, extents = dict(self.bound), list[str](), list[Poly](), list[Poly]()
        for part in generator.generators:
            ends = self._range(part.iter)
            if not isinstance(part.target, ast.Name) or part.ifs or ends is None or part.target.id in RESERVED:
                raise StatementError(f"{show(node)}: a maximum is taken over ranges of indices, without conditions")
            starts.append(ends[0])
            extents.append(ends[1] - ends[0])
            self._extent(extents[-1], node)
            indices.append(self.unique(part.target.id))
            self.bound[part.target.id] = indices[-1]
        body = self.expression(generator.elt, 0)
        self.bound = outer
        bound = {n for p in extents for n in p.names()} & set(indices)
        if rank(body) or bound:
            raise StatementError(f"{show(node)}: a maximum is taken of numbers, over ranges that are fixed")
        moved = {v: var(v) + low for v, low in zip(indices, starts, strict=True) if low.terms}
        body = substitute(body, moved) if moved else body
        if not peak:
            return Most(tuple(indices), body, tuple(extents))
        places = tuple(self.integer(p) - low for p, low in zip(at, starts, strict=False))
        if len(at) != len(indices):
            raise StatementError(f"{show(node)}: give one place for each of the {len(indices)} indices")
        return Peak(tuple(indices), body, tuple(extents), places)

    def _extent(self, p: Poly, node: ast.Call) -> None:
        """A range must not be empty."""
        if self.facts.positive(p):
            return
        if p.constant() is not None or p.names() & set(self.bound.values()):
            raise StatementError(f"{show(node)}: a range of {p} places may be empty, and then there is no maximum")
        if Ge(p - 1) not in self.needed:
            self.needed.append(Ge(p - 1))

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

    def unique(self, name: str) -> str:
        """The name itself where it is free, else the name with a number."""
        fresh, number = name, 0
        while fresh in self.used:
            number += 1
            fresh = f"{name}{number}"
        self.used.add(fresh)
        return fresh

    def iverson(self, node: ast.Call) -> Expr:
        (condition,) = self.operands("iverson", node, 1)
        return self._truth(condition)

    def _truth(self, node: ast.expr) -> Expr:
        """1 where a condition holds, else 0."""
        match node:
            case ast.Compare(left=left, ops=ops, comparators=rights):
                parts: list[Expr] = []
                for op, right in zip(ops, rights, strict=True):
                    found = comparison(left, op, right, self.integer_name, self.measure_value)
                    if found is None:
                        equal = comparison(left, ast.Eq(), right, self.integer_name, self.measure_value) or ()
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
        names = [self.unique(i) for i in indices]
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
