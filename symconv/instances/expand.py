"""One concrete instance of a statement, expanded in SymPy symbols and compared coefficient by coefficient.

Sequences are functions from places to SymPy polynomials.  A signal without extent is taken on N samples, 0..N−1, and
is zero elsewhere.  Both sides are followed by their own recursion, written for clarity and not for speed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction
from functools import cache
from itertools import product
from typing import Any

from symconv.errors import StatementError
from symconv.expr.definitions import arity, definition
from symconv.expr.derivatives import derivative_of
from symconv.expr.floors import known_integers
from symconv.expr.nodes import (
    VANISHING,
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
from symconv.expr.ranges import Box, box, sum_ranges, sum_ranges_of_pair, written_out
from symconv.expr.statement import Declaration, Statement, solved
from symconv.expr.traverse import walk
from symconv.index.conditions import holds
from symconv.index.poly import ZERO, Poly, const
from symconv.instances.instance import Instance, Output, Place
from symconv.instances.sizes import LARGEST, samples_of, sizes_of

AROUND = 16


def expand(statement: Statement, integers: dict[str, int] | None = None) -> Instance:
    """Both sides at concrete sizes; what is not given is chosen small.  StatementError where sizes do not fit."""
    if statement.relation != "==" or statement.towards:
        raise StatementError("an inequality or a limit does not show in symbols: there is no instance to expand")
    if statement.nonnegative:
        raise StatementError("what is assumed of real numbers does not show in symbols: there is no instance to expand")
    given = dict(integers or {})
    samples = given.pop("N", None) if "N" not in statement.declarations else None
    values = sizes_of(statement, given)
    if samples is not None and not 1 <= samples <= LARGEST:
        raise StatementError(f"N={samples}: the number of samples must be from 1 to {LARGEST}")
    endless = any(d.kind == "signal" and None in d.ranges for d in statement.declarations.values())
    if samples is None and endless:
        samples = samples_of(statement, values)
    world = _World(statement, values, samples or 1)
    outputs = tuple(world.output(place) for place in world.places())
    return Instance(statement, values, samples if endless else None, outputs, world.kernel(), world.names)


class _World:
    """The names of an instance as SymPy symbols, and the value of every expression at every place."""

    def __init__(self, statement: Statement, values: dict[str, int], samples: int) -> None:
        import sympy

        self.sympy = sympy
        self.statement = statement
        self.integers = known_integers(values, statement.opaque)
        self.losses: dict[Expr, Any] = {}
        nodes = (n for e in (statement.lhs, statement.rhs, *statement.definitions.values()) for _, n in walk(e))
        self.maxima = any(isinstance(n, Most) or (isinstance(n, Layer) and n.kind == "max_pool") for n in nodes)
        self.names: dict[Any, tuple[str, Place]] = {}
        self.work = 0
        supports = {n: tuple(r or (ZERO, const(2)) for r in ranges) for n, ranges in statement.facts.supports.items()}
        for d in statement.declarations.values():
            if d.kind == "signal":
                supports[d.name] = tuple(r if r is not None else self.reach(samples) for r in d.ranges)
        self.supports = supports
        self.same = solved(statement) or {}
        self.bounded = Statement(
            statement.lhs, statement.rhs,
            {n: Declaration(n, d.kind, d.rank, supports.get(n, d.ranges)) for n, d in statement.declarations.items()},
            statement.definitions, statement.assumptions, statement.tacit, statement.equations,
        )  # fmt: skip
        self.symbol = cache(self._symbol)
        self.functions = cache(self._function)

    def reach(self, samples: int) -> tuple[Poly, Poly]:
        """Where a signal without extent has samples; on both sides of 0 where derivatives by single ones are taken."""
        sides = (self.statement.lhs, self.statement.rhs)
        if any(isinstance(node, Diff) for e in sides for _, node in walk(e)):
            return const(-AROUND), const(AROUND)
        return ZERO, const(samples - 1)

    def _symbol(self, name: str, place: Place) -> Any:
        tail = "_".join(f"m{-i}" if i < 0 else str(i) for i in place)
        s = self.sympy.Symbol(f"{name}{tail}" if len(place) == 1 else f"{name}_{tail}")
        self.names[s] = (name, place)
        return s

    def spend(self, amount: int) -> None:
        self.work += amount
        if self.work > 400_000:
            raise StatementError("this instance is too large to write out: choose smaller sizes")

    def box(self, e: Expr) -> Box:
        return box(e, self.bounded, self.integers)

    def places(self) -> list[Place]:
        """The outputs to show: the boxes of both sides, or places around 0."""
        d = self.statement.rank
        if not d:
            return [()]
        boxes = [b for e in (self.statement.lhs, self.statement.rhs) if rank(e) for b in [self.box(e)] if b is not None]
        if boxes:
            ends = [(min(b[i][0] for b in boxes), max(b[i][1] for b in boxes)) for i in range(d)]
        else:
            ends = [(-2, 4)] * d
        count = 1
        for low, high in ends:
            count *= max(0, high - low + 1)
        if count > LARGEST:
            raise StatementError(f"this instance has {count} outputs: choose smaller sizes")
        within = [r and (r[0].evaluate(self.integers), r[1].evaluate(self.integers)) for r in self.bounded.places]
        ends = [(max(low, r[0]), min(high, r[1])) if r else (low, high)
                for (low, high), r in zip(ends, within, strict=True)]  # fmt: skip
        return list(product(*(range(low, high + 1) for low, high in ends)))

    def output(self, place: Place) -> Output:
        left, right = (self.at(e, place) if rank(e) else self.scalar(e, self.integers)
                       for e in (self.statement.lhs, self.statement.rhs))  # fmt: skip
        left, right = self.sympy.expand(left), self.sympy.expand(right)
        return Output(place, left, right, self._zero(left - right))

    def _zero(self, difference: Any) -> bool:
        """Whether a polynomial is zero, by its coefficients."""
        e = self.sympy.expand(difference)
        symbols = sorted(e.free_symbols, key=str)
        generators = symbols + sorted(e.atoms(self.sympy.Function, self.sympy.Max), key=str)
        if not generators or not e.has(self.sympy.Max):
            return e == 0 if not generators else bool(self.sympy.Poly(e, *generators).is_zero)
        return bool(self.sympy.Poly(e, *generators).is_zero) or self._vanishes(e, symbols)

    def _vanishes(self, e: Any, symbols: list[Any]) -> bool:
        """False where a difference of maxima is not 0 at some numbers; StatementError where none of them tells."""
        for seed in range(8):
            numbers = {s: (i * (i + seed) * 7 + seed * 5) % 19 - 9 for i, s in enumerate(symbols)}
            value = self.sympy.expand(e.subs(numbers))
            if value.is_number and value != 0:
                return False
        raise StatementError("whether these maxima are equal does not show in symbols: there is no instance to expand")

    def kernel(self) -> tuple[tuple[Place, Any], ...]:
        """The taps of a compound kernel of one side."""
        for side in (self.statement.rhs, self.statement.lhs):
            match side:
                case Corr(x, k) | Conv(x, k) if isinstance(x, Name) and not isinstance(k, Name):
                    ends = self.box(k)
                    if ends is not None:
                        return tuple((p, self.sympy.expand(self.at(k, p))) for p in self._all(ends))
                case _:
                    pass
        return ()

    def _all(self, ends: list[tuple[int, int]]) -> Iterator[Place]:
        count = 1
        for low, high in ends:
            count *= max(0, high - low + 1)
        self.spend(count)
        return product(*(range(low, high + 1) for low, high in ends))

    def at(self, e: Expr, n: Place, scope: dict[str, int] | None = None) -> Any:
        """The value of a sequence at a place."""
        values = scope or self.integers
        self.spend(1)

        def ints(ps: tuple[Poly, ...]) -> Place:
            return tuple(p.evaluate(values) for p in ps)

        def each(f: Callable[..., int], *axes: Place) -> Place:
            return tuple(f(*column) for column in zip(*axes, strict=True))

        match e:
            case Name(name):
                other = self.same.get(name, self.statement.definitions.get(name))
                if other is not None:
                    return self.at(other, n)
                inside = all(low.evaluate(self.integers) <= i <= high.evaluate(self.integers)
                             for i, (low, high) in zip(n, filter(None, self.supports[name]), strict=True))  # fmt: skip
                return self.symbol(name, n) if inside else 0
            case Conv(x, k):
                ends, swapped = self.box(k), False
                if ends is None:
                    ends, swapped = self.box(x), True
                first, second = (x, k) if swapped else (k, x)
                return sum(self.at(first, a, values) * self.at(second, each(lambda u, v: u - v, n, a), values)
                           for a in self._all(ends or []))  # fmt: skip
            case Corr(x, k, stride, dilation, padding):
                s, d, p = ints(stride), ints(dilation), ints(padding)
                ends = self.box(k)
                if ends is None:
                    raise StatementError("an instance needs a kernel of finite support")
                places = ((a, each(lambda u, v, i, j, q: i * u + j * v - q, n, a, s, d, p)) for a in self._all(ends))
                return sum(self.at(k, a, values) * self.at(x, place, values) for a, place in places)
            case Down(x, by):
                return self.at(x, each(lambda u, s: u * s, n, ints(by)), values)
            case Up(x, by):
                hit = all(u % s == 0 for u, s in zip(n, ints(by), strict=True))
                return self.at(x, each(lambda u, s: u // s, n, ints(by)), values) if hit else 0
            case Flip(x):
                return self.at(x, tuple(-u for u in n), values)
            case Shift(x, by):
                return self.at(x, each(lambda u, m: u - m, n, ints(by)), values)
            case Reverse(x, about):
                return self.at(x, each(lambda u, v: v - u, n, ints(about)), values)
            case Delta():
                return int(not any(n))
            case Ones(extents):
                return int(all(0 <= u < c for u, c in zip(n, ints(extents), strict=True)))
            case Taps(shape, taps):
                if not all(0 <= u < c for u, c in zip(n, shape, strict=True)):
                    return 0
                flat = 0
                for u, c in zip(n, shape, strict=True):
                    flat = flat * c + u
                return self.rational(taps[flat])
            case Formula(indices, body):
                return self.scalar(body, {**values, **dict(zip(indices, n, strict=True))})
            case Add(parts):
                return sum(self.at(p, n, values) if rank(p) else self.scalar(p, values) for p in parts)
            case Mul(parts):
                out: Any = 1
                for p in parts:
                    out *= self.at(p, n, values) if rank(p) else self.scalar(p, values)
                return out
            case Neg(x):
                return -self.at(x, n, values)
            case Apply(f, x):
                return self.function(f, self.at(x, n, values))
            case Power(x, p, q):
                return self.power(self.at(x, n, values), p.evaluate(values), q.evaluate(values))
            case Sum(indices, body):
                return sum(self.at(body, n, inner) for inner in self.scopes(indices, body, values))
            case Layer():
                names = tuple(f"_{len(values)}_{i}" for i in range(arity(e)))
                return self.scalar(definition(Entry(e, tuple(map(const, n))), names, {}), values)
            case Repeat() | Cascade():
                return self.at(written_out(e, e.count.evaluate(values)), n, values)
            case Grad(_, Name(name)) | Adjoint(_, Name(name)):
                return self.sympy.diff(self.loss(e, values), self.entry(name, n))
            case _:
                raise StatementError("a number has no entries")

    def entry(self, name: str, n: Place) -> Any:
        """The symbol of an entry; one that occurs nowhere for an entry that is always 0."""
        value = self.at(Name(name, len(n)), n)
        return self.sympy.Dummy() if value == 0 else value

    def loss(self, e: Grad | Adjoint, values: dict[str, int]) -> Any:
        """Σ g[i] e[i], which SymPy differentiates by itself."""
        if values is not self.integers or e not in self.losses:
            if rank(e.e):
                total = sum(self.at(e.g, i, values) * self.at(e.e, i, values) for i in self.pairs(e.g, e.e, values))
            else:
                total = self.scalar(e.g, values) * self.scalar(e.e, values)
            self.losses[e] = self.sympy.expand(total)
        return self.losses[e]

    def pairs(self, x: Expr, y: Expr, values: dict[str, int]) -> Iterator[Place]:
        """The places at which two sequences meet."""
        return self._all(sum_ranges_of_pair(x, y, self.bounded, values))

    def scopes(self, indices: tuple[str, ...], body: Expr, values: dict[str, int]) -> Iterator[dict[str, int]]:
        for place in self._all(sum_ranges(indices, body, self.bounded, values)):
            yield {**values, **dict(zip(indices, place, strict=True))}

    def power(self, value: Any, p: int, q: int) -> Any:
        """|t|^(p/q), where that is a polynomial."""
        if q != 1 or p < 0 or p % 2:
            raise StatementError("a power that is no polynomial does not show in symbols: no instance is expanded")
        return value**p

    def rational(self, v: Fraction) -> Any:
        return self.sympy.Rational(v.numerator, v.denominator)

    def function(self, f: str, value: Any) -> Any:
        """A pointwise function of a polynomial, unevaluated; beside maxima a rectifier is the maximum with 0."""
        if value == 0 and f in VANISHING:
            return 0
        if f == "relu" and self.maxima:
            return self.sympy.Max(0, self.sympy.expand(value))
        return self.functions(f)(self.sympy.expand(value))

    def _function(self, f: str) -> Any:
        """A function that SymPy knows nothing of but the name of its derivative."""
        prime = derivative_of(f)

        def fdiff(own: Any, argindex: int = 1) -> Any:
            return self.function(prime, own.args[0]) if prime is not None else self.sympy.Integer(0)

        return type(f, (self.sympy.Function,), {"fdiff": fdiff})

    def scalar(self, e: Expr, values: dict[str, int]) -> Any:
        """The value of a number."""
        match e:
            case Const(v):
                return self.rational(v)
            case Integer(p) | Count(_, _, p):
                return p.evaluate(values)
            case Number(name):
                return self.symbol(name, ())
            case Iverson(c):
                return int(holds(c, values))
            case Entry(x, at):
                return self.at(x, tuple(p.evaluate(values) for p in at), values)
            case Add(parts):
                return sum(self.scalar(p, values) for p in parts)
            case Mul(parts):
                out: Any = 1
                for p in parts:
                    out *= self.scalar(p, values)
                    if out == 0:
                        return 0
                return out
            case Neg(x):
                return -self.scalar(x, values)
            case Apply(f, x):
                return self.function(f, self.scalar(x, values))
            case Power(x, p, q):
                return self.power(self.scalar(x, values), p.evaluate(values), q.evaluate(values))
            case Most(indices, body, extents):
                places = self._all([(0, p.evaluate(values) - 1) for p in extents])
                scopes = ({**values, **dict(zip(indices, place, strict=True))} for place in places)
                return self.sympy.Max(*(self.sympy.expand(self.scalar(body, inner)) for inner in scopes))
            case Peak():
                raise StatementError("the place of a maximum does not show in symbols: there is no instance to expand")
            case Sum(indices, body):
                return sum(self.scalar(body, inner) for inner in self.scopes(indices, body, values))
            case Over(p):
                return self.sympy.Rational(1, p.evaluate(values))
            case Inner(x, y):
                return sum(self.at(x, i, values) * self.at(y, i, values) for i in self.pairs(x, y, values))
            case Diff(x, by, at):
                place = tuple(p.evaluate(values) for p in at)
                symbol = self.entry(by.name, place) if isinstance(by, Name) else self.scalar(by, values)
                return self.sympy.diff(self.scalar(x, values), symbol)
            case Grad(_, by) | Adjoint(_, by):
                return self.sympy.diff(self.loss(e, values), self.scalar(by, values))
            case _:
                raise StatementError("a sequence stands where a number belongs")
