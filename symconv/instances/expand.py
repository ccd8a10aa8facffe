"""One concrete instance of a statement, expanded in SymPy symbols and compared coefficient by coefficient.

Sequences are functions from places to SymPy polynomials.  A signal without extent is taken on N samples, 0..N−1, and
is zero elsewhere.  Both sides are followed by their own recursion, written for clarity and not for speed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from itertools import product
from typing import Any

from symconv.errors import StatementError
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
from symconv.expr.satisfy import met, polys, satisfying
from symconv.expr.statement import Declaration, Statement, solved
from symconv.index.conditions import holds
from symconv.index.poly import ZERO, Poly, const

Place = tuple[int, ...]
Monomials = list[tuple[Fraction, list[tuple[str, Place]]]]
LARGEST = 4000
OUTPUTS = 24
USUAL = {"size": 2, "natural": 1, "integer": 1}


@dataclass(frozen=True, slots=True)
class Output:
    """Both sides at one place."""

    place: Place
    left: Any
    right: Any
    equal: bool


@dataclass(frozen=True)
class Instance:
    """A statement at concrete sizes: every output, the collected kernel, and whether both sides agree everywhere."""

    statement: Statement
    integers: dict[str, int]
    samples: int | None
    outputs: tuple[Output, ...]
    kernel: tuple[tuple[Place, Any], ...]
    names: dict[Any, tuple[str, Place]]

    @property
    def agrees(self) -> bool:
        """Whether all outputs that were expanded are equal as polynomials."""
        return all(o.equal for o in self.outputs)

    def worked(self) -> tuple[dict[str, int], list[tuple[Place, Monomials]], list[tuple[Place, Monomials]]]:
        """Sizes, kernel taps and the outputs that are not zero, as monomials."""
        kernel = [(p, self.monomials(v)) for p, v in self.kernel]
        outputs = [(o.place, self.monomials(o.left)) for o in self.outputs if o.left != 0]
        return self.integers, kernel, outputs

    def monomials(self, e: Any) -> Monomials:
        """A polynomial as coefficients and indexed names."""
        import sympy

        if e.atoms(sympy.Function, sympy.Max):
            raise StatementError("a pointwise function stands in it: this value is no polynomial")
        symbols = sorted(e.free_symbols, key=lambda s: self.names.get(s, (s.name, ())))
        if not symbols:
            return [(Fraction(int(e.p), int(e.q)), [])] if e != 0 else []
        out: Monomials = []
        for powers, c in sympy.Poly(e, *symbols).terms():
            factors = [self.names.get(s, (s.name, ())) for s, n in zip(symbols, powers, strict=True) for _ in range(n)]
            out.append((Fraction(int(c.p), int(c.q)), factors))
        return out


def expand(statement: Statement, integers: dict[str, int] | None = None) -> Instance:
    """Both sides at concrete sizes; what is not given is chosen small.  StatementError where sizes do not fit."""
    given = dict(integers or {})
    samples = given.pop("N", None) if "N" not in statement.declarations else None
    values = _sizes(statement, given)
    if samples is not None and not 1 <= samples <= LARGEST:
        raise StatementError(f"N={samples}: the number of samples must be from 1 to {LARGEST}")
    endless = any(d.kind == "signal" and None in d.ranges for d in statement.declarations.values())
    if samples is None and endless:
        samples = _samples(statement, values)
    world = _World(statement, values, samples or 1)
    outputs = tuple(world.output(place) for place in world.places())
    return Instance(statement, values, samples if endless else None, outputs, world.kernel(), world.names)


def _sizes(statement: Statement, given: dict[str, int]) -> dict[str, int]:
    """Every integer of the statement: given ones checked, others small and meeting the assumptions."""
    wanted: dict[str, Declaration] = {d.name: d for d in statement.declarations.values() if d.kind in USUAL}
    for name, value in given.items():
        if name not in wanted:
            known = ", ".join([*wanted, *(() if "N" in wanted else ("N",))])
            raise StatementError(f"{name}={value}: the statement has no size {name}; it has {known}")
        least = 1 if wanted[name].kind == "size" else 0 if wanted[name].kind == "natural" else None
        if least is not None and value < least:
            raise StatementError(f"{name}={value}: {name} must be at least {least}")
        if abs(value) > LARGEST:
            raise StatementError(f"{name}={value}: an instance of that size is too large to write out")
    taps = {n for d in statement.declarations.values() if d.kind == "kernel" for r in d.ranges if r
            for n in r[1].names()}  # fmt: skip
    values = {n: given.get(n, 3 if n in taps else USUAL[d.kind]) for n, d in wanted.items()}
    assumed = statement.assumptions + statement.tacit
    if all(met(a, values) for a in assumed):
        return values
    mentioned = {n for a in assumed for p in polys(a) for n in p.names()}
    if not mentioned & given.keys():
        found = satisfying(statement)
        if found is not None:
            return {**values, **found}
    for choice in product(range(1, 7), repeat=len(mentioned - given.keys())):
        trial = {**values, **dict(zip(sorted(mentioned - given.keys()), choice, strict=True))}
        if all(met(a, trial) for a in assumed):
            return trial
    shown = ", ".join(f"{n}={v}" for n, v in given.items())
    raise StatementError(f"--with {shown}: these sizes do not meet the assumptions of the statement")


def _samples(statement: Statement, values: dict[str, int]) -> int:
    """Samples enough for a few outputs."""
    reach = 1
    stride = 1
    for side in (statement.lhs, statement.rhs):
        e = side
        while isinstance(e, Conv | Corr | Down | Up | Flip | Shift):
            if isinstance(e, Corr | Conv):
                ends = box(e.k, statement, values) if rank(e.k) else None
                gap = e.dilation[0].evaluate(values) if isinstance(e, Corr) else 1
                reach = max(reach, gap * (ends[0][1] - ends[0][0]) + 1 if ends else 1)
            if isinstance(e, Corr | Down):
                stride = max(stride, (e.stride if isinstance(e, Corr) else e.by)[0].evaluate(values))
            e = e.x
    limit = 16 if statement.rank <= 1 else 6
    return max(2, min(reach + 2 * stride, limit))


class _World:
    """The names of an instance as SymPy symbols, and the value of every expression at every place."""

    def __init__(self, statement: Statement, values: dict[str, int], samples: int) -> None:
        import sympy

        self.sympy = sympy
        self.statement = statement
        self.integers = values
        self.names: dict[Any, tuple[str, Place]] = {}
        self.work = 0
        supports = dict(statement.facts.supports)
        for d in statement.declarations.values():
            if d.kind == "signal":
                supports[d.name] = tuple(r if r is not None else (ZERO, const(samples - 1)) for r in d.ranges)
        self.supports = supports
        self.same = solved(statement) or {}
        self.bounded = Statement(
            statement.lhs, statement.rhs,
            {n: Declaration(n, d.kind, d.rank, supports.get(n, d.ranges)) for n, d in statement.declarations.items()},
            statement.definitions, statement.assumptions, statement.tacit, statement.equations,
        )  # fmt: skip
        self.symbol = cache(self._symbol)

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
        return e == 0 if not generators else bool(self.sympy.Poly(e, *generators).is_zero)

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
            case Sum(indices, body):
                return sum(self.at(body, n, inner) for inner in self.scopes(indices, body, values))
            case _:
                raise StatementError("a number has no entries")

    def scopes(self, indices: tuple[str, ...], body: Expr, values: dict[str, int]) -> Iterator[dict[str, int]]:
        for place in self._all(sum_ranges(indices, body, self.bounded, values)):
            yield {**values, **dict(zip(indices, place, strict=True))}

    def rational(self, v: Fraction) -> Any:
        return self.sympy.Rational(v.numerator, v.denominator)

    def function(self, f: str, value: Any) -> Any:
        """A pointwise function of a polynomial, unevaluated."""
        if value == 0 and f in ("relu", "abs"):
            return 0
        return self.sympy.Function(f)(self.sympy.expand(value))

    def scalar(self, e: Expr, values: dict[str, int]) -> Any:
        """The value of a number."""
        match e:
            case Const(v):
                return self.rational(v)
            case Integer(p):
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
            case Sum(indices, body):
                return sum(self.scalar(body, inner) for inner in self.scopes(indices, body, values))
            case _:
                raise StatementError("a sequence stands where a number belongs")
