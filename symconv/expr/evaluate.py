"""Exact values at concrete sizes, taps and samples (Fractions), straight from the definitions of the primitives.

Nothing here looks at rules or normal forms; sums run over the ranges that `ranges` finds.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from fractions import Fraction
from itertools import product

from symconv.errors import StatementError, assert_never
from symconv.expr.nodes import (
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
    Taps,
    Up,
    rank,
)  # fmt: skip
from symconv.expr.ranges import Box, box, sum_ranges
from symconv.expr.statement import Statement, solved
from symconv.index.conditions import holds
from symconv.index.poly import Poly, var

Place = tuple[int, ...]
NOUGHT = Fraction(0)
WORK = 200_000
FUNCTIONS: dict[str, Callable[[Fraction], Fraction]] = {"relu": lambda v: max(v, NOUGHT), "abs": abs}


def stand_ins(statement: Statement) -> dict[str, Poly]:
    """What declared functions of t are taken to be in examples: t² + t − 3, t² + 3t − 3, …

    They are neither linear, odd, even, of one sign nor 0 at 0, and differ from each other.
    """
    t = var("t")
    declared = [d.name for d in statement.declarations.values() if d.kind == "function"]
    return {f: t * t + (2 * i + 1) * t - 3 for i, f in enumerate(declared)}


def _of(p: Poly) -> Callable[[Fraction], Fraction]:
    """A polynomial in t as a function of numbers."""
    return lambda v: sum((c * v ** len(m) for m, c in p.terms), NOUGHT)


class Evaluator:
    """The values of a statement's expressions; `entry(name, place)` gives taps and samples inside their supports."""

    def __init__(self, statement: Statement, integers: Mapping[str, int], numbers: Mapping[str, Fraction],
                 entry: Callable[[str, Place], Fraction]) -> None:  # fmt: skip
        self.statement = statement
        self.integers = dict(integers)
        self.numbers = numbers
        self.entry = entry
        self.same = solved(statement) or {}
        self.functions = FUNCTIONS | {f: _of(p) for f, p in stand_ins(statement).items()}
        self.work = 0
        self._boxes: dict[Expr, Box] = {}
        self._values: dict[tuple[int, Place], Fraction] = {}
        self._kept: dict[int, Expr] = {}

    def value(self, e: Expr, place: Place = (), scope: Mapping[str, int] | None = None) -> Fraction:
        """The value of a scalar, or of a sequence at a place; StatementError where the work gets out of hand."""
        values = self.integers if scope is None else scope
        if not rank(e):
            return self._scalar(e, values)
        closed = values is self.integers
        known = self._values.get((id(e), place)) if closed else None
        if known is None:
            known = self._entry(e, place, values)
            if closed:
                self._values[id(e), place] = known
                self._kept[id(e)] = e
        return known

    def _spend(self, amount: int) -> None:
        self.work += amount
        if self.work > WORK:
            raise StatementError("this instance takes too much work")

    def _box(self, e: Expr, values: Mapping[str, int]) -> Box:
        if values is not self.integers:
            return self._find_box(e, values)
        if e not in self._boxes:
            self._boxes[e] = self._find_box(e, values)
        return self._boxes[e]

    def _find_box(self, e: Expr, values: Mapping[str, int]) -> Box:
        return box(self.same.get(e.name, e) if isinstance(e, Name) else e, self.statement, values)

    def _entry(self, e: Expr, n: Place, values: Mapping[str, int]) -> Fraction:
        self._spend(1)

        def ints(ps: tuple[Poly, ...]) -> Place:
            return tuple(p.evaluate(values) for p in ps)

        def of(x: Expr, place: Place) -> Fraction:
            return self.value(x, place, values)

        match e:
            case Name(name):
                other = self.same.get(name, self.statement.definitions.get(name))
                if other is not None:
                    return of(other, n)
                ends = self.statement.facts.supports.get(name, ())
                inside = all(r is None or r[0].evaluate(values) <= i <= r[1].evaluate(values)
                             for i, r in zip(n, ends, strict=True))  # fmt: skip
                return self.entry(name, n) if inside else NOUGHT
            case Conv(x, k):
                small, large = (k, x) if self._box(k, values) is not None else (x, k)
                return self._pairs(small, large, values, lambda a: tuple(i - j for i, j in zip(n, a, strict=True)))
            case Corr(x, k, stride, dilation, padding):
                s, d, p = ints(stride), ints(dilation), ints(padding)
                if self._box(k, values) is None:
                    return self._spread(x, k, n, s, d, p, values)
                return self._pairs(k, x, values, lambda a: tuple(
                    u * i + v * j - w for i, j, u, v, w in zip(n, a, s, d, p, strict=True)))  # fmt: skip
            case Down(x, by):
                return of(x, tuple(i * s for i, s in zip(n, ints(by), strict=True)))
            case Up(x, by):
                s = ints(by)
                hit = all(i % m == 0 for i, m in zip(n, s, strict=True))
                return of(x, tuple(i // m for i, m in zip(n, s, strict=True))) if hit else NOUGHT
            case Flip(x):
                return of(x, tuple(-i for i in n))
            case Shift(x, by):
                return of(x, tuple(i - m for i, m in zip(n, ints(by), strict=True)))
            case Reverse(x, about):
                return of(x, tuple(m - i for i, m in zip(n, ints(about), strict=True)))
            case Delta():
                return Fraction(int(not any(n)))
            case Ones(extents):
                return Fraction(int(all(0 <= i < c for i, c in zip(n, ints(extents), strict=True))))
            case Taps(shape, taps):
                if not all(0 <= i < c for i, c in zip(n, shape, strict=True)):
                    return NOUGHT
                flat = 0
                for i, c in zip(n, shape, strict=True):
                    flat = flat * c + i
                return taps[flat]
            case Formula(indices, body):
                return self._scalar(body, {**values, **dict(zip(indices, n, strict=True))})
            case Add(parts):
                return sum((of(p, n) for p in parts), NOUGHT)
            case Mul(parts):
                out = Fraction(1)
                for p in parts:
                    out *= of(p, n)
                return out
            case Neg(x):
                return -of(x, n)
            case Apply(f, x):
                return self.functions[f](of(x, n))
            case Sum(indices, body):
                return sum((self.value(body, n, inner) for inner in self._scopes(indices, body, values)), NOUGHT)
            case Entry() | Iverson() | Number() | Const() | Integer():
                raise StatementError("a number has no entries")
            case _:
                assert_never(e)
        return None

    def _places(self, ends: list[tuple[int, int]]) -> Iterator[Place]:
        count = 1
        for u, v in ends:
            count *= max(0, v - u + 1)
        self._spend(count)
        return product(*(range(u, v + 1) for u, v in ends))

    def _pairs(self, k: Expr, x: Expr, values: Mapping[str, int], place: Callable[[Place], Place]) -> Fraction:
        """Σ_a k[a] x[place(a)] over the box of k."""
        total = NOUGHT
        for a in self._places(self._box(k, values) or []):
            tap = self.value(k, a, values)
            if tap:
                total += tap * self.value(x, place(a), values)
        return total

    def _spread(self, x: Expr, k: Expr, n: Place, s: Place, d: Place, p: Place, values: Mapping[str, int]) -> Fraction:
        """The correlation where only x is of finite support: a runs over what reaches it."""
        total = NOUGHT
        for m in self._places(self._box(x, values) or []):
            gaps = [j + w - u * i for i, j, u, w in zip(n, m, s, p, strict=True)]
            if all(g % v == 0 for g, v in zip(gaps, d, strict=True)):
                a = tuple(g // v for g, v in zip(gaps, d, strict=True))
                total += self.value(x, m, values) * self.value(k, a, values)
        return total

    def _scopes(self, indices: tuple[str, ...], body: Expr, values: Mapping[str, int]) -> Iterator[dict[str, int]]:
        for place in self._places(sum_ranges(indices, body, self.statement, values)):
            yield {**values, **dict(zip(indices, place, strict=True))}

    def _scalar(self, e: Expr, values: Mapping[str, int]) -> Fraction:
        match e:
            case Const(v):
                return v
            case Integer(p):
                return Fraction(p.evaluate(values))
            case Number(name):
                return self.numbers[name]
            case Iverson(c):
                return Fraction(int(holds(c, values)))
            case Entry(x, at):
                return self.value(x, tuple(p.evaluate(values) for p in at), values)
            case Add(parts):
                return sum((self._scalar(p, values) for p in parts), NOUGHT)
            case Mul(parts):
                out = Fraction(1)
                for p in parts:
                    out *= self._scalar(p, values)
                    if not out:
                        break
                return out
            case Neg(x):
                return -self._scalar(x, values)
            case Apply(f, x):
                return self.functions[f](self._scalar(x, values))
            case Sum(indices, body):
                return sum((self._scalar(body, inner) for inner in self._scopes(indices, body, values)), NOUGHT)
            case _:
                raise StatementError("a sequence stands where a number belongs")

    def scopes(self, indices: tuple[str, ...], body: Expr, values: Mapping[str, int]) -> Iterator[dict[str, int]]:
        """All values of bound indices for which the body may be non-zero, with the names in scope."""
        return self._scopes(indices, body, values)
