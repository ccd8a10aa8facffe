"""For which sizes, and at which outputs, the two sides of an equation differ, exactly, as a Presburger set.

Both sides are sums of terms  c Σ_i [conditions] Π entries.  Entries are independent variables, so the sides are equal
at an output if every monomial in the entries has the same coefficient on both.  Where the places of the entries tell
the bound indices apart, a term gives each product of places that it reaches the coefficient c, once; products commute,
so a monomial collects the coefficients of all orders of its equal names.  The sets of places are Presburger sets, isl
decides where the coefficients differ, and nothing is estimated: what is not linear is refused.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from itertools import chain, groupby, permutations, product
from math import factorial, lcm, prod
from typing import TYPE_CHECKING

from symconv.errors import SearchError
from symconv.expr.floors import is_floor, read, spoken
from symconv.expr.nodes import Const, Entry, Expr, Integer, Iverson, Name, Number, Over
from symconv.expr.statement import Assumption, Statement, Unequal, polys
from symconv.index.conditions import Condition, Divides, Eq, Ge, between
from symconv.index.facts import Range
from symconv.index.poly import ONE, ZERO, Poly, total, var
from symconv.tactics.covers import united
from symconv.tactics.presburger import Space
from symconv.tactics.terms import Term, terms_of

if TYPE_CHECKING:
    import islpy as isl

MOST_ORDERS = 24
"""How many orders of equal names are told apart."""
MOST_VALUES = 12
"""How many values a coefficient may take."""


@dataclass(frozen=True, slots=True)
class _Reached:
    """A term whose entries tell its indices apart: its coefficient, and the places of its entries, name by name."""

    coefficient: Fraction
    label: tuple[str, ...]
    names: tuple[str, ...]
    places: tuple[tuple[Poly, ...], ...]
    indices: tuple[str, ...]
    conditions: tuple[Assumption, ...]


class Differing:
    """Where the sides of one statement differ: sizes are parameters, the free indices are the coordinates.

    SearchError where that is not decided, at once where a condition is not linear; islpy's own error where its budget
    is spent.
    """

    def __init__(self, statement: Statement, sides: tuple[Expr, Expr], outputs: tuple[str, ...]) -> None:
        if statement.relation != "==" or statement.towards or statement.equations:
            raise SearchError("only equations without assumed ones between sequences have a region")
        self.statement = statement
        free = tuple(d.name for d in statement.declarations.values() if d.kind == "integer")
        self.outputs = outputs or free
        self.space = Space([n for n in statement.declarations if n in statement.integers and n not in self.outputs])
        self.values = {name: p for name, p in statement.facts.equations if p.constant() is not None}
        ranges = map(self._output_range, range(statement.rank)) if outputs else map(self._assumed_range, free)
        self.window = tuple(r and (self._put(r[0]), self._put(r[1])) for r in ranges)
        pairs = ((self._put(r[0]), self._put(r[1])) for r in statement.extents if r is not None)
        self.unlike = tuple(Unequal(p - q) for p, q in dict.fromkeys(pairs) if p != q)
        inside = (between(var(n), *r) for n, r in zip(self.outputs, self.window, strict=True) if r is not None)
        self.conditions = tuple(map(self._condition, (*self._known(), *chain.from_iterable(inside))))
        for c in (*self.conditions, *self.unlike):
            self.space.require_linear(c, self.outputs)
        self._integers = _difference(sides)
        if self._integers is not None:
            self.space.require_linear(self._unequal_integers, self.outputs)
            return
        self._terms = [self._reached(t, sign) for e, sign in zip(sides, (1, -1), strict=True) for t in terms_of(e)]

    @cached_property
    def context(self) -> isl.Set:
        """Where the assumptions hold, within the outputs that are compared."""
        return self.space.where(self.conditions, self.outputs)

    @cached_property
    def failing(self) -> isl.Set:
        """Where some monomial has different coefficients on the two sides."""
        return self._failing().intersect(self.context).compute_divs().coalesce()

    @cached_property
    def sizes(self) -> isl.Set:
        """The sizes that the claim speaks of."""
        return self.context.params()

    @cached_property
    def misfits(self) -> isl.Set:
        """The sizes for which the two sides are tensors of unequal extents."""
        unequal = [self.space.where((c,)).params() for c in self.unlike]
        return united([self.sizes.subtract(self.sizes), *(s.intersect(self.sizes) for s in unequal)])

    @cached_property
    def good(self) -> isl.Set:
        """The sizes for which the sides agree at all outputs, and in their extents."""
        return self.sizes.subtract(self.failing.params().compute_divs()).subtract(self.misfits).coalesce()

    @cached_property
    def agreeing(self) -> isl.Set:
        """Where the sides agree."""
        return self.context.subtract(self.failing).coalesce()

    def smallest(self) -> tuple[dict[str, int], tuple[int, ...]] | None:
        """The smallest sizes for which the sides differ, and the output nearest to 0; None where they never do."""
        found = self.space.smallest(self.failing, self.outputs)
        if found is None:
            return None
        place = tuple(found[n] for n in self.outputs) if self.statement.rank else ()
        return {n: found[n] for n in self.statement.declarations if n in found}, place

    def where(self, conditions: Iterable[Assumption]) -> isl.Set:
        """Where the conditions hold."""
        return self.space.where(map(self._condition, conditions), self.outputs)

    def _put(self, p: Poly) -> Poly:
        """The polynomial with the numbers that assumed equations give, in floors too."""
        if not self.values:
            return p
        floors = {n: read(n, self.values) for n in p.names() if is_floor(n)}
        return p.subs({**self.values, **floors})

    def _known(self) -> Iterable[Assumption]:
        """What holds of the sizes: they are at least 1, and what is assumed."""
        for d in self.statement.declarations.values():
            if d.kind in ("size", "natural"):
                yield Ge(var(d.name) - (d.kind == "size"))
        for a in (*self.statement.assumptions, *self.statement.tacit):
            if polys(a):
                yield a

    def _output_range(self, axis: int) -> Range:
        """Where an axis of the outputs is compared: the taps of a gradient, or the extent of both sides."""
        extents = self.statement.extents[axis] if self.statement.extents else None
        if self.statement.places[axis] is not None or extents is None or extents[0] != extents[1]:
            return self.statement.places[axis]
        return (ZERO, extents[0] - 1)

    def _assumed_range(self, n: str) -> Range:
        """0 ≤ n ≤ last, where both are assumed of a free index."""
        bounds = [a.p for a in self.statement.assumptions if isinstance(a, Ge)]
        lasts = (p + var(n) for p in bounds if p.coefficient(n).constant() == -1)
        last = next((p for p in lasts if not spoken(p.names()) & set(self.outputs)), None)
        return (ZERO, last) if var(n) in bounds and last is not None else None

    def _condition(self, c: Assumption) -> Assumption:
        match c:
            case Eq(p) if len(p.names()) == 1 and p.names() <= self.values.keys():
                return c
            case Eq(p):
                return Eq(self._put(p))
            case Ge(p):
                return Ge(self._put(p))
            case Divides(m, p):
                return Divides(self._put(m), self._put(p))
            case _:
                return c

    @property
    def _unequal_integers(self) -> Unequal:
        return Unequal(self._put(self._integers or ZERO))

    def _failing(self) -> isl.Set:
        if self._integers is not None:
            return self.space.where((self._unequal_integers,), self.outputs)
        found = [self.space.where((Ge(-ONE),), self.outputs)]
        for (_, names), group in groupby(sorted(self._terms, key=_class), key=_class):
            same = list(group)
            if len({t.label for t in same}) > 1:
                raise SearchError("terms with different factors")
            unequal, axes, kind = self._unequal(same, names), len(self.outputs), self.space.kinds.set
            found.append(unequal.project_out(kind, axes, unequal.dim(kind) - axes))
        return united(found)

    def _reached(self, t: Term, sign: int) -> _Reached:
        """A term taken apart; SearchError where it is no product of entries, or where a product is reached twice."""
        entries: list[tuple[str, tuple[Poly, ...]]] = []
        conditions: list[Condition] = []
        numbers: list[str] = []
        scales: list[str] = []
        coefficient = sign * t.coefficient
        for f in t.factors:
            match f:
                case Entry(Name(x), at) if x not in self.statement.definitions:
                    entries.append((x, tuple(map(self._put, at))))
                    ranges = self.statement.facts.supports.get(x, ())
                    for p, r in zip(at, ranges, strict=bool(ranges)):
                        conditions += between(p, *r) if r is not None else ()
                case Iverson(c):
                    conditions.append(c)
                case Number(a):
                    numbers.append(a)
                case Const(q):
                    coefficient *= q
                case Over(p) if not p.names() & set(t.indices):
                    scales.append(str(p))
                case _:
                    raise SearchError("a factor is neither an entry nor a condition")
        entries.sort(key=lambda e: e[0])
        places = tuple(at for _, at in entries)
        _require_told_apart(t.indices, [p for at in places for p in at])
        known = tuple(self._condition(c) for c in conditions)
        names = (*sorted(numbers), "|", *(x for x, _ in entries))
        found = _Reached(coefficient, tuple(sorted(scales)), names, places, t.indices, known)
        self._image_text(found, range(len(places)))
        return found

    def _image_text(self, t: _Reached, order: Sequence[int]) -> str:
        places = [p for i in order for p in t.places[i]]
        return self.space.image(self.outputs, t.indices, places, t.conditions)

    def _image(self, t: _Reached, order: Sequence[int]) -> isl.Set:
        return self.space.read(self._image_text(t, order))

    def _unequal(self, terms: list[_Reached], names: tuple[str, ...]) -> isl.Set:
        """{(outputs, places) : the coefficients of all terms and orders of equal names do not add up to 0}."""
        orders = _orders(names[names.index("|") + 1 :])
        first = orders[0]
        if len(terms) == 2 and not terms[0].coefficient + terms[1].coefficient:
            one = self._image(terms[0], first)
            for order in orders:  # Where one side has all that the other has, nothing cancels.
                other = self._image(terms[1], order)
                for more, less in ((one, other), (other, one)):
                    if less.is_subset(more):
                        return more.subtract(less)
        pieces: dict[Fraction, isl.Set] = {}
        for t, order in product(terms, orders):
            reached = self._image(t, order)
            after: dict[Fraction, isl.Set] = {}
            left = reached
            for value, s in pieces.items():
                left = left.subtract(s)
                for v, part in ((value + t.coefficient, s.intersect(reached)), (value, s.subtract(reached))):
                    if not part.is_empty():
                        after[v] = after[v].union(part) if v in after else part
            if not left.is_empty():
                v = t.coefficient
                after[v] = after[v].union(left) if v in after else left
            pieces = {v: s.coalesce() for v, s in after.items()}
            if len(pieces) > MOST_VALUES:
                raise SearchError("a coefficient takes too many values")
        unequal = [s for v, s in pieces.items() if v]
        empty = self._image(terms[0], first)
        return united(unequal) if unequal else empty.subtract(empty)


def _difference(sides: tuple[Expr, Expr]) -> Poly | None:
    """A multiple of the left side without the right one, in a claim between integers; None in any other."""
    terms = [(t, sign) for e, sign in zip(sides, (1, -1), strict=True) for t in terms_of(e)]
    values: list[tuple[Fraction, Poly]] = []
    for t, sign in terms:
        p, c = ONE, sign * t.coefficient
        for f in t.factors:
            match f:
                case Integer(q):
                    p = p * q
                case Const(q):
                    c *= q
                case _:
                    return None
        if t.indices:
            return None
        values.append((c, p))
    by = lcm(*(c.denominator for c, _ in values))
    return total(p * int(c * by) for c, p in values)


def _class(t: _Reached) -> tuple[int, tuple[str, ...]]:
    return len(t.names), t.names


def _orders(names: tuple[str, ...]) -> list[tuple[int, ...]]:
    """The orders of a product, given by name, in which only equal names change places."""
    groups = [tuple(i for i, _ in group) for _, group in groupby(enumerate(names), key=lambda pair: pair[1])]
    if max(map(len, groups), default=0) > MOST_ORDERS or prod(factorial(len(g)) for g in groups) > MOST_ORDERS:
        raise SearchError("too many equal names in one product")
    return [tuple(chain.from_iterable(pick)) for pick in product(*map(permutations, groups))]


def _require_told_apart(indices: tuple[str, ...], places: list[Poly]) -> None:
    """SearchError unless the places are a one-to-one linear map of the indices: their matrix has full column rank."""
    rows: list[list[Fraction]] = []
    for p in places:
        row = [p.coefficient(v).constant() for v in indices]
        if None in row:
            raise SearchError(f"{p} is not linear in {', '.join(indices)}")
        rows.append([Fraction(c or 0) for c in row])
    for column in range(len(indices)):
        pivot = next((r for r in rows[column:] if r[column]), None)
        if pivot is None:
            raise SearchError("a product of entries is reached more than once")
        rows.remove(pivot)
        reduced = [[a - pivot[j] * r[column] / pivot[column] for j, a in enumerate(r)] for r in rows[column:]]
        rows[:] = [*rows[:column], pivot, *reduced]
