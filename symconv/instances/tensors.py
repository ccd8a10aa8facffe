"""From expressions to finite arrays: the value of a statement's side on its whole support, exactly.

    evaluate(e, statement, integers, entries) -> Tensor

`entries` has a tensor for every sequence, `numbers` a value for every number, `integers` one for every size.  Values
are anything that adds and multiplies with fractions: Fractions, SymPy expressions, numbers with derivatives.

Primitives give sequences: the array is their support, and begins wherever it begins.  Layers give tensors: their
operands begin at 0, and a place beyond their extents reads 0.  What is not 0 beyond its array, as x + 1, is `cut`: a
layer may read it, a primitive may not.  StatementError where something is not finite, or would be too much work.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import product
from math import prod
from typing import Any

from symconv.errors import StatementError, counted
from symconv.expr.evaluate import FUNCTIONS, Evaluator
from symconv.expr.floors import known_integers
from symconv.expr.jets import seed
from symconv.expr.nodes import (
    ONE,
    Add,
    Adjoint,
    Apply,
    Cascade,
    Conv,
    Corr,
    Delta,
    Down,
    Expr,
    Flip,
    Grad,
    Layer,
    Mul,
    Name,
    Neg,
    Ones,
    Power,
    Repeat,
    Reverse,
    Shift,
    Taps,
    Up,
    rank,
)  # fmt: skip
from symconv.expr.ranges import box, written_out
from symconv.expr.signs import visibly
from symconv.expr.statement import Declaration, Statement, solved
from symconv.expr.text import text
from symconv.expr.traverse import children, free_indices, map_own_polys, number_names, rebuild, sequence_names, walk
from symconv.index.poly import Poly, const
from symconv.instances.finite_array import NOUGHT, Place, Tensor, fractions, lightened
from symconv.instances.layer_reads import Reader, reader
from symconv.instances.layer_values import layer_values, raised

WORK = 1_000_000
ENTRIES = 100_000
REPEATS = 64


@dataclass(slots=True)
class Work:
    """What was done so far, counted before it is done."""

    products: int = 0

    def spend(self, products: int, shape: Place = ()) -> None:
        """So many products for an array of this shape; StatementError where it gets out of hand."""
        if prod(shape) > ENTRIES:
            raise StatementError(f"this would have {prod(shape)} entries; at most {ENTRIES} are written out: take "
                                 "smaller sizes")  # fmt: skip
        self.products += products
        if self.products > WORK:
            raise StatementError(f"this takes more than {WORK} multiplications: take smaller sizes")


def evaluate(e: Expr, statement: Statement, integers: Mapping[str, int], entries: Mapping[str, Tensor],
             numbers: Mapping[str, Any] | None = None) -> Tensor:  # fmt: skip
    """The value of an expression of a statement; StatementError as above."""
    return Tensors(statement, integers, entries, numbers or {}).tensor(e)


def bounded(statement: Statement, entries: Mapping[str, Tensor]) -> Statement:
    """The statement with the places of these tensors for the ranges of their names."""
    declared = dict(statement.declarations)
    for name, t in entries.items():
        ranges = tuple((const(low), const(low + count - 1)) for low, count in zip(t.start, t.shape, strict=True))
        kind = declared[name].kind if name in declared else "signal"
        declared[name] = Declaration(name, kind, len(ranges), ranges)
    return replace(statement, declarations=declared)


class Tensors:
    """The values of a statement's expressions at given numbers; what was found once is kept."""

    def __init__(self, statement: Statement, integers: Mapping[str, int], entries: Mapping[str, Tensor],
                 numbers: Mapping[str, Any], depth: int = 0, work: Work | None = None) -> None:  # fmt: skip
        self.statement = bounded(statement, entries)
        self.integers = known_integers(integers, {*statement.declarations, *statement.opaque})
        self.numbers = numbers
        self.entries = entries
        self.depth = depth
        self.defined = {n: e for n, e in {**(solved(statement) or {}), **statement.definitions}.items()
                        if n not in entries}  # fmt: skip
        self.layers: dict[str, Layer] = {}
        self.work = work or Work()
        self._known: dict[Expr, Tensor] = {}

    def tensor(self, e: Expr) -> Tensor:
        """The array of an expression."""
        if e not in self._known:
            self._known[e] = self._found(e) if rank(e) else Tensor((), (), (self._places(e).scalar(),))
        return self._known[e]

    def ints(self, ps: tuple[Poly, ...]) -> Place:
        """Sizes as numbers."""
        return tuple(p.evaluate(self.integers) for p in ps)

    def finite(self, x: Expr, node: Expr) -> Tensor:
        """An operand of a primitive, which must be 0 beyond its array."""
        t = self.tensor(x)
        if t.cut:
            places = counted(_by(t.shape), "place", "places")
            raise StatementError(f"{text(node)}: {text(x)} is not 0 beyond its {places}, so the sequence has no end; "
                                 "a layer such as conv1d works on these places alone")  # fmt: skip
        return t

    def reader(self, e: Layer) -> Reader:
        """The layer at these numbers, over its operands."""
        known = map_own_polys(e, lambda p: const(p.evaluate(self.integers)))
        parts = [self.tensor(p) for p in e.parts]
        for part, t in zip(e.parts, parts, strict=True):
            if any(t.start):
                raise StatementError(f"{text(e)}: {text(part)} begins at {', '.join(map(str, t.start))}, and a layer "
                                     "works on arrays that begin at 0: shift it there with shift(…)")  # fmt: skip
        if not isinstance(known, Layer):
            raise StatementError(f"{text(e)} is no layer")
        return reader(known, [t.shape for t in parts])

    def _found(self, e: Expr) -> Tensor:
        match e:
            case Name(name) if name in self.defined:
                return self.tensor(self.defined[name])
            case Name(name):
                if name not in self.entries:
                    raise StatementError(f"{name} has no numbers: give them, as in {name}=[1, 0, -2]")
                return self.entries[name]
            case Layer():
                r = self.reader(e)
                self.work.spend(r.cost(), r.extents)
                return Tensor((0,) * len(r.extents), r.extents, layer_values(r, [self.tensor(p) for p in e.parts]))
            case Conv(x, k):
                return self._convolved(self.finite(x, e), self.finite(k, e))
            case Corr(x, k):
                return self._correlated(e, self.finite(x, e), self.finite(k, e))
            case Down(x, by):
                t, s = self.finite(x, e), self.ints(by)
                ends = [(-(-low // m), (low + c - 1) // m) for low, c, m in zip(t.start, t.shape, s, strict=True)]
                return self._filled(ends, lambda n: t.at([i * m for i, m in zip(n, s, strict=True)]))
            case Up(x, by):
                t, s = self.finite(x, e), self.ints(by)
                ends = [(low * m, (low + c - 1) * m) for low, c, m in zip(t.start, t.shape, s, strict=True)]
                return self._filled(ends, lambda n: _between(t, n, s))
            case Flip(x):
                return self._mirrored(self.finite(x, e), (0,) * rank(e))
            case Reverse(x, about):
                return self._mirrored(self.finite(x, e), self.ints(about))
            case Shift(x, by):
                t = self.finite(x, e)
                return replace(t, start=tuple(low + m for low, m in zip(t.start, self.ints(by), strict=True)))
            case Delta(r):
                return Tensor((0,) * r, (1,) * r, (Fraction(1),))
            case Ones(extents):
                return self._filled([(0, c - 1) for c in self.ints(extents)], lambda n: Fraction(1))
            case Taps(shape, values):
                return Tensor((0,) * len(shape), shape, values)
            case Add(parts):
                return self._added(e, parts)
            case Mul(parts):
                return self._multiplied(e, parts)
            case Neg(x):
                t = self.tensor(x)
                return replace(t, entries=tuple(-v for v in t.entries))
            case Apply(f, x):
                t, functions = self.tensor(x), _Places(self, ONE, self.statement)
                return replace(t, entries=tuple(functions.apply(f, v) for v in t.entries))
            case Power(x, p, q):
                t, (above, below) = self.tensor(x), self.ints((p, q))
                return replace(t, entries=tuple(raised(v, above, below, visibly(x)) for v in t.entries))
            case Repeat() | Cascade():
                return self.tensor(self.written(e))
            case _:
                return self._by_places(e)

    def written(self, e: Repeat | Cascade) -> Expr:
        """What is repeated or multiplied, as often as its count says."""
        count = e.count.evaluate(self.integers)
        if count > REPEATS:
            raise StatementError(f"{text(e)}: {count} layers are too many to write out; at most {REPEATS} are")
        return written_out(e, count)

    def _filled(self, ends: Sequence[tuple[int, int]], value: Callable[[Place], Any]) -> Tensor:
        """The array from `low` to `high` on each axis; an empty one has no entries."""
        start = tuple(low for low, _ in ends)
        shape = tuple(max(0, high - low + 1) for low, high in ends)
        self.work.spend(prod(shape), shape)
        places = product(*(range(low, high + 1) for low, high in ends))
        return Tensor(start, shape, tuple(value(n) for n in places))

    def _convolved(self, x: Tensor, k: Tensor) -> Tensor:
        """Σ_a k[a] x[n − a]: each tap adds a copy of x, shifted to it."""
        start = tuple(u + v for u, v in zip(x.start, k.start, strict=True))
        shape = tuple(max(0, u + v - 1) if u and v else 0 for u, v in zip(x.shape, k.shape, strict=True))
        self.work.spend(prod(x.shape) * prod(k.shape), shape)
        x, k = lightened((x, k))
        held: dict[Place, Any] = {}
        for a, tap in zip(k.places(), k.entries, strict=True):
            for m, sample in zip(x.places(), x.entries, strict=True):
                n = tuple(i + j for i, j in zip(m, a, strict=True))
                held[n] = held.get(n, 0) + tap * sample
        out = Tensor(start, shape, ())
        return replace(out, entries=fractions(held[n] for n in out.places()))

    def _correlated(self, e: Corr, x: Tensor, k: Tensor) -> Tensor:
        """Σ_a k[a] x[s n + d a − p] at every n from which some tap reaches a sample."""
        s, d, p = self.ints(e.stride), self.ints(e.dilation), self.ints(e.padding)
        ends: list[tuple[int, int]] = []
        for u, count, v, taps, m, t, q in zip(x.start, x.shape, k.start, k.shape, s, d, p, strict=True):
            ends.append((-(-(u + q - t * (v + taps - 1)) // m), (u + count - 1 + q - t * v) // m))
        shape = tuple(max(0, high - low + 1) for low, high in ends)
        self.work.spend(prod(shape) * prod(k.shape), shape)
        x, k = lightened((x, k))
        taps = list(zip(k.places(), k.entries, strict=True))

        def value(n: Place) -> Any:
            first = [m * i - q for m, i, q in zip(s, n, p, strict=True)]
            total: Any = 0
            for a, tap in taps:
                sample = x.get([u + t * i for u, t, i in zip(first, d, a, strict=True)])
                if sample is not None:
                    total = total + tap * sample
            return total

        found = self._filled(ends, value)
        return replace(found, entries=fractions(found.entries))

    def _mirrored(self, t: Tensor, about: Place) -> Tensor:
        start = tuple(m - low - c + 1 for m, low, c in zip(about, t.start, t.shape, strict=True))
        return Tensor(start, t.shape, tuple(reversed(t.entries)))

    def _added(self, e: Add, parts: tuple[Expr, ...]) -> Tensor:
        """Entries added place by place over all places of the terms; a number is added within the array."""
        found = [self.tensor(p) for p in parts]
        arrays, scalars = [t for t in found if t.start], [t.entries[0] for t in found if not t.start]
        ends = [(min(t.start[i] for t in arrays), max(t.start[i] + t.shape[i] for t in arrays) - 1)
                for i in range(rank(e))]  # fmt: skip
        number = sum(scalars, NOUGHT)
        alike = {(t.start, t.shape) for t in arrays}
        if len(alike) > 1 and (number != 0 or any(t.cut for t in arrays)):
            shapes = " and ".join(_by(t.shape) for t in arrays)
            raise StatementError(f"{text(e)}: arrays of {shapes} entries are added, and one of them is not 0 beyond "
                                 "its own: give them one extent")  # fmt: skip
        out = self._filled(ends, lambda n: sum((t.at(n) for t in arrays), number))
        return replace(out, cut=number != 0 or any(t.cut for t in arrays))

    def _multiplied(self, e: Mul, parts: tuple[Expr, ...]) -> Tensor:
        """Entries multiplied place by place, where all factors have some."""
        found = [self.tensor(p) for p in parts]
        arrays, scalars = [t for t in found if t.start], [t.entries[0] for t in found if not t.start]
        if len({(t.start, t.shape) for t in arrays}) > 1 and any(t.cut for t in arrays):
            raise StatementError(f"{text(e)}: a factor is not 0 beyond its array, and the others have other extents")
        number = prod(scalars, start=Fraction(1))
        ends = [(max(t.start[i] for t in arrays), min(t.start[i] + t.shape[i] for t in arrays) - 1)
                for i in range(rank(e))]  # fmt: skip
        out = self._filled(ends, lambda n: prod((t.at(n) for t in arrays), start=number))
        return replace(out, cut=all(t.cut for t in arrays))

    def _by_places(self, e: Expr) -> Tensor:
        """Formulas, sums of sequences and gradients: from their definitions, place by place."""
        places = self._places(e)
        ends = box(places.e, places.statement, self.integers)
        if ends is None:
            raise StatementError(f"{text(e)} is not seen to be 0 outside a finite array: confine its indices to ranges")
        return self._filled(ends, places.at)

    def _places(self, e: Expr) -> _Places:
        inner = self._named(e)
        for node in (n for _, n in walk(inner) if isinstance(n, Apply)):
            known_function(node.function)
        layers = {name: self.tensor(self.layers[name]) for name in sequence_names(inner) if name in self.layers}
        return _Places(self, inner, replace(bounded(self.statement, layers), definitions={}, equations=()), text(e))

    def _named(self, e: Expr) -> Expr:
        """The expression with names for its layers, whose arrays end at their extents, and no definitions left."""
        if isinstance(e, Name) and e.name in self.defined:
            return self._named(self.defined[e.name])
        if isinstance(e, Repeat | Cascade):
            return self._named(self.written(e))
        if isinstance(e, Grad | Adjoint) and isinstance(e.e, Layer) and not free_indices(e) - self.integers.keys():
            self._weighted(e, e.e)
        if not isinstance(e, Layer):
            return rebuild(e, tuple(map(self._named, children(e)))) if children(e) else e
        if free := free_indices(e) - self.integers.keys():
            raise StatementError(f"{text(e)}: a layer cannot be taken for every {min(free)} of a sum")
        name = next((n for n, layer in self.layers.items() if layer == e), f"_layer{len(self.layers)}")
        self.layers[name] = e
        return Name(name, rank(e))

    def _weighted(self, e: Grad | Adjoint, outputs: Layer) -> None:
        """Every output of a layer is weighted by one entry."""
        y, g = self.tensor(outputs), self.tensor(e.g)
        if (g.start, g.shape) != (y.start, y.shape):
            raise StatementError(f"{text(e)}: {text(e.g)} has {counted(_by(g.shape), 'entry', 'entries')}, and "
                                 f"{text(outputs)} has {counted(_by(y.shape), 'output', 'outputs')}")  # fmt: skip

    def entry(self, name: str, place: Place) -> Any:
        """The entry of a given sequence, or of a layer that stands under a name."""
        return (self.tensor(self.layers[name]) if name in self.layers else self.entries[name]).at(place)

    def seeded(self, by: Expr, mark: Callable[[Any], Any], at: Place) -> Tensors:
        """The same values, with the one by which a derivative is taken marked."""
        entries, numbers = dict(self.entries), dict(self.numbers)
        if isinstance(by, Name):
            t = entries[by.name]
            marked = tuple(mark(v) if n == at else v for n, v in zip(t.places(), t.entries, strict=True))
            entries[by.name] = replace(t, entries=marked)
        else:
            name = getattr(by, "name", "")
            numbers[name] = mark(numbers[name])
        out = Tensors(self.statement, self.integers, entries, numbers, self.depth + 1, self.work)
        out.layers = self.layers
        return out


class _Places(Evaluator):
    """The definitions of `expr`, place by place, over arrays; layers stand under names."""

    def __init__(self, tensors: Tensors, e: Expr, statement: Statement, shown: str = "") -> None:
        super().__init__(statement, tensors.integers, tensors.numbers, tensors.entry, tensors.depth)
        self.tensors = tensors
        self.e = e
        self.shown = shown

    def scalar(self) -> Any:
        """The value of a number."""
        for name in number_names(self.e):
            if name not in self.numbers:
                raise StatementError(f"{name} has no value: give it, as in {name}=1/2")
        return self._exactly(())

    def at(self, place: Place) -> Any:
        """The entry of a sequence."""
        return self._exactly(place)

    def _exactly(self, place: Place) -> Any:
        try:
            return self.value(self.e, place)
        except (AttributeError, TypeError):  # A value that is no fraction has no maximum or power here.
            raise StatementError(f"{self.shown} is not known exactly at these numbers") from None

    def apply(self, f: str, v: Any) -> Any:
        """f(v) for a pointwise function."""
        known_function(f)
        try:
            return self._applied(f, v)
        except TypeError:
            raise StatementError(f"{f}({v}) has no value: it depends on what {v} is") from None

    def _derivative(self, by: Expr, at: Place) -> Evaluator:
        seeded = self.tensors.seeded(by, lambda v: seed(v, self.depth), at)
        return _Places(seeded, self.e, self.statement, self.shown)


def known_function(f: str) -> None:
    """StatementError for a function that is only declared."""
    if f not in FUNCTIONS:
        raise StatementError(f"{f} has no values: {', '.join(FUNCTIONS)} are known")


def _by(shape: Place) -> str:
    return " x ".join(map(str, shape))


def _between(t: Tensor, n: Place, s: Place) -> Any:
    """t[n/s] where s divides n, else 0."""
    hit = all(i % m == 0 for i, m in zip(n, s, strict=True))
    return t.at([i // m for i, m in zip(n, s, strict=True)]) if hit else NOUGHT
