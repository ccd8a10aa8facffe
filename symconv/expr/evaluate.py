"""Exact values at concrete sizes, taps and samples (Fractions), straight from the definitions of the primitives.

Nothing here looks at rules or normal forms; sums run over the ranges that `ranges` finds.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from fractions import Fraction
from itertools import product

from symconv.errors import StatementError, assert_never
from symconv.expr.definitions import arity, definition
from symconv.expr.derivatives import DERIVATIVES, base_of
from symconv.expr.floors import known_integers
from symconv.expr.jets import NOUGHT, Function, Value, applied, head, part, raised, seed
from symconv.expr.nodes import (
    Add,
    Adjoint,
    Apply,
    Cascade,
    Const,
    Conv,
    Corr,
    Count,
    Delta,
    Diff,
    Down,
    Entry,
    Expr,
    Flip,
    Formula,
    Grad,
    Inner,
    Integer,
    Iverson,
    Layer,
    Most,
    Mul,
    Name,
    Neg,
    Number,
    Ones,
    Over,
    Peak,
    Power,
    Repeat,
    Reverse,
    Shift,
    Sum,
    Taps,
    Up,
    rank,
)  # fmt: skip
from symconv.expr.ranges import UNSTATED, Box, box, sum_ranges, sum_ranges_of_pair, written_out
from symconv.expr.signs import visibly
from symconv.expr.statement import Statement, solved
from symconv.expr.traverse import walk
from symconv.index.conditions import holds
from symconv.index.poly import Poly, const, total, var

Place = tuple[int, ...]
WORK = 200_000
FUNCTIONS: dict[str, Function] = {
    "relu": lambda v: max(v, NOUGHT),
    "abs": abs,
    "step": lambda v: Fraction(int(v > 0)),
    "sign": lambda v: Fraction((v > 0) - (v < 0)),
}


def takes_roots(statement: Statement) -> bool:
    """Whether values are roots, which only some numbers have among the fractions."""
    sides = (statement.lhs, statement.rhs, *statement.definitions.values())
    nodes = [n for e in sides for _, n in walk(e)]
    return any((isinstance(n, Power) and n.q != const(1)) or (isinstance(n, Layer) and n.exponent) for n in nodes)


def stand_ins(statement: Statement) -> dict[str, Poly]:
    """What declared functions of t are taken to be in examples: t² + t − 3, t² + 3t − 3, …

    They are neither linear, odd, even, of one sign nor 0 at 0, and differ from each other.
    """
    t = var("t")
    declared = [d.name for d in statement.declarations.values() if d.kind == "function"]
    return {f: t * t + (2 * i + 1) * t - 3 for i, f in enumerate(declared)}


def _of(p: Poly) -> Function:
    """A polynomial in t as a function of numbers."""
    return lambda v: sum((c * v ** len(m) for m, c in p.terms), NOUGHT)


def _derived(p: Poly) -> Poly:
    """The derivative of a polynomial in t."""
    return total(Poly(((m[1:], c * len(m)),)) for m, c in p.terms if m)


def _function(f: str, declared: Mapping[str, Poly], order: int) -> Function:
    """The derivative of this order of a built-in function or of a stand-in."""
    if f in FUNCTIONS:
        for _ in range(order):
            prime = DERIVATIVES.get(f)
            if prime is None:
                return lambda v: NOUGHT
            f = prime
        return FUNCTIONS[f]
    name, primes = base_of(f)
    p = declared[name]
    for _ in range(primes + order):
        p = _derived(p)
    return _of(p)


class Evaluator:
    """The values of a statement's expressions; `entry(name, place)` gives taps and samples inside their supports."""

    def __init__(self, statement: Statement, integers: Mapping[str, int], numbers: Mapping[str, Value],
                 entry: Callable[[str, Place], Value], depth: int = 0) -> None:  # fmt: skip
        self.statement = statement
        self.depth = depth
        self.integers = known_integers(integers, statement.opaque)
        self.numbers = numbers
        self.entry = entry
        self.same = solved(statement) or {}
        self.polynomials = stand_ins(statement)
        self.functions = FUNCTIONS | {f: _of(p) for f, p in self.polynomials.items()}
        self.work = 0
        self._boxes: dict[Expr, Box] = {}
        self._values: dict[tuple[int, Place], Value] = {}
        self._kept: dict[int, Expr] = {}
        self._written: dict[tuple[Expr, int], Expr] = {}

    def number(self, e: Expr, place: Place = (), scope: Mapping[str, int] | None = None) -> Fraction:
        """The value where nothing has derivatives: outside every derivative."""
        found = self.value(e, place, scope)
        if not isinstance(found, Fraction):
            raise TypeError("a number with derivatives stands outside every derivative")
        return found

    def value(self, e: Expr, place: Place = (), scope: Mapping[str, int] | None = None) -> Value:
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

    def _entry(self, e: Expr, n: Place, values: Mapping[str, int]) -> Value:
        self._spend(1)

        def ints(ps: tuple[Poly, ...]) -> Place:
            return tuple(p.evaluate(values) for p in ps)

        def of(x: Expr, place: Place) -> Value:
            return self.value(x, place, values)

        match e:
            case Name(name):
                other = self.same.get(name, self.statement.definitions.get(name))
                if other is not None:
                    return of(other, n)
                ends = self.statement.facts.supports.get(name, ())
                finite = name in self.statement.facts.finite
                inside = all((not finite or abs(i) <= UNSTATED.get(len(n), 2)) if r is None
                             else r[0].evaluate(values) <= i <= r[1].evaluate(values)
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
                out: Value = Fraction(1)
                for p in parts:
                    out = out * of(p, n)
                return out
            case Neg(x):
                return -of(x, n)
            case Apply(f, x):
                return self._applied(f, of(x, n))
            case Power(x, p, q):
                return raised(of(x, n), p.evaluate(values), q.evaluate(values), visibly(x))
            case Grad(x, by, g) | Adjoint(x, by, g):
                inner, within = self._derivative(by, n), None if values is self.integers else values
                places = self._places(sum_ranges_of_pair(g, x, self.statement, values)) if rank(x) else ((),)
                terms = (self.value(g, i, values) * part(inner.value(x, i, within), self.depth) for i in places)
                return sum(terms, NOUGHT)
            case Repeat() | Cascade():
                return of(self._expanded(e, values), n)
            case Layer():
                names = tuple(f"_{len(values)}_{i}" for i in range(arity(e)))
                return self._scalar(definition(Entry(e, tuple(map(const, n))), names, {}), values)
            case Sum(indices, body):
                return sum((self.value(body, n, inner) for inner in self._scopes(indices, body, values)), NOUGHT)
            case (Entry() | Iverson() | Number() | Const() | Integer() | Over() | Inner() | Diff() | Most() | Peak()
                  | Count()):  # fmt: skip
                raise StatementError("a number has no entries")
            case _:
                assert_never(e)
        return None

    def _expanded(self, e: Repeat | Cascade, values: Mapping[str, int]) -> Expr:
        """What is composed or multiplied, as often as the count says, written out once."""
        key = e.count.evaluate(values)
        self._spend(key)
        if (e, key) not in self._written:
            self._written[e, key] = written_out(e, key)
        return self._written[e, key]

    def _pair_ranges(self, x: Expr, y: Expr, values: Mapping[str, int]) -> list[tuple[int, int]]:
        """The places at which both may be other than 0; of a gradient those that the results read that are weighted."""
        try:
            return sum_ranges_of_pair(x, y, self.statement, values)
        except StatementError:
            found = next((e for e in (y, x) if isinstance(e, Grad | Adjoint) and isinstance(e.x, Name)), None)
            if found is None:
                raise
        met: list[Place] = [(0,) * rank(found)]
        name = found.x.name if isinstance(found.x, Name) else ""

        def record(n: str, place: Place) -> Value:
            if n == name:
                met.append(place)
            return self.entry(n, place)

        recorder = Evaluator(self.statement, self.integers, self.numbers, record, self.depth)
        for i in self._places(sum_ranges_of_pair(found.g, found.e, self.statement, values)):
            recorder.value(found.e, i, None if values is self.integers else values)
        return [(min(axis), max(axis)) for axis in zip(*met, strict=True)]

    def _applied(self, f: str, v: Value) -> Value:
        return applied(lambda order: _function(f, self.polynomials, order), v)

    def _derivative(self, by: Expr, at: Place) -> Evaluator:
        """The same values, with the one by which a derivative is taken marked."""
        if isinstance(by, Number):
            numbers = {**self.numbers, by.name: seed(self.numbers[by.name], self.depth)}
            return Evaluator(self.statement, self.integers, numbers, self.entry, self.depth + 1)

        def entry(name: str, place: Place) -> Value:
            v = self.entry(name, place)
            return seed(v, self.depth) if place == at and isinstance(by, Name) and name == by.name else v

        return Evaluator(self.statement, self.integers, self.numbers, entry, self.depth + 1)

    def _places(self, ends: list[tuple[int, int]]) -> Iterator[Place]:
        count = 1
        for u, v in ends:
            count *= max(0, v - u + 1)
        self._spend(count)
        return product(*(range(u, v + 1) for u, v in ends))

    def _pairs(self, k: Expr, x: Expr, values: Mapping[str, int], place: Callable[[Place], Place]) -> Value:
        """Σ_a k[a] x[place(a)] over the box of k."""
        out: Value = NOUGHT
        for a in self._places(self._box(k, values) or []):
            tap = self.value(k, a, values)
            if tap:
                out = out + tap * self.value(x, place(a), values)
        return out

    def _spread(self, x: Expr, k: Expr, n: Place, s: Place, d: Place, p: Place, values: Mapping[str, int]) -> Value:
        """The correlation where only x is of finite support: a runs over what reaches it."""
        out: Value = NOUGHT
        for m in self._places(self._box(x, values) or []):
            gaps = [j + w - u * i for i, j, u, w in zip(n, m, s, p, strict=True)]
            if all(g % v == 0 for g, v in zip(gaps, d, strict=True)):
                a = tuple(g // v for g, v in zip(gaps, d, strict=True))
                out = out + self.value(x, m, values) * self.value(k, a, values)
        return out

    def _first(self, indices: tuple[str, ...], body: Expr, extents: tuple[Poly, ...],
               values: Mapping[str, int]) -> dict[str, int]:  # fmt: skip
        """The indices at which a number is greatest, the first in the order of reading, with all other values."""
        places = self._places([(0, p.evaluate(values) - 1) for p in extents])
        scopes = [{**values, **dict(zip(indices, place, strict=True))} for place in places]
        return max(scopes, key=lambda scope: head(self._scalar(body, scope)))

    def _scopes(self, indices: tuple[str, ...], body: Expr, values: Mapping[str, int]) -> Iterator[dict[str, int]]:
        for place in self._places(sum_ranges(indices, body, self.statement, values)):
            yield {**values, **dict(zip(indices, place, strict=True))}

    def _scalar(self, e: Expr, values: Mapping[str, int]) -> Value:
        match e:
            case Const(v):
                return v
            case Integer(p) | Count(_, _, p):
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
                out: Value = Fraction(1)
                for p in parts:
                    out = out * self._scalar(p, values)
                    if not out:
                        break
                return out
            case Neg(x):
                return -self._scalar(x, values)
            case Apply(f, x):
                return self._applied(f, self._scalar(x, values))
            case Power(x, p, q):
                return raised(self._scalar(x, values), p.evaluate(values), q.evaluate(values), visibly(x))
            case Most(indices, body, extents):
                return self._scalar(body, self._first(indices, body, extents, values))
            case Peak(indices, body, extents, at):
                best = self._first(indices, body, extents, values)
                return Fraction(int(all(best[v] == p.evaluate(values) for v, p in zip(indices, at, strict=True))))
            case Over(p):
                return Fraction(1, p.evaluate(values))
            case Inner(x, y):
                places = self._places(self._pair_ranges(x, y, values))
                return sum((self.value(x, i, values) * self.value(y, i, values) for i in places), NOUGHT)
            case Diff(x, by, at):
                inner = self._derivative(by, tuple(p.evaluate(values) for p in at))
                return part(inner.value(x, (), dict(values)), self.depth)
            case Grad() | Adjoint():
                return self._entry(e, (), values)
            case Sum(indices, body):
                return sum((self._scalar(body, inner) for inner in self._scopes(indices, body, values)), NOUGHT)
            case _:
                raise StatementError("a sequence stands where a number belongs")

    def scopes(self, indices: tuple[str, ...], body: Expr, values: Mapping[str, int]) -> Iterator[dict[str, int]]:
        """All values of bound indices for which the body may be non-zero, with the names in scope."""
        return self._scopes(indices, body, values)
