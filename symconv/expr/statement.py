"""A statement: two expressions said to be equal for all values of everything in it, under assumptions.

`Declaration` says what a name is; `Statement.facts` is the integer knowledge that follows; nothing is assumed that
is not listed in it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

from symconv.errors import StatementError
from symconv.expr.finite import finite
from symconv.expr.floors import floor, is_floor, parts, put, put_through
from symconv.expr.nodes import Add, Adjoint, Entry, Expr, Grad, Integer, Iverson, Mul, Name, Neg, rank
from symconv.expr.support import extents
from symconv.expr.traverse import children, index_names, number_names, replace_names, sequence_names
from symconv.expr.windows import entrywise_extents, tensor_extents
from symconv.index.conditions import Condition, Divides, Eq, Ge, between
from symconv.index.facts import Facts, Range
from symconv.index.poly import ZERO, Poly, var


@dataclass(frozen=True, slots=True)
class Declaration:
    """What a name is: `kind` in signal, kernel, number, size, natural, integer, function, or power for s**r."""

    name: str
    kind: str
    rank: int = 0
    ranges: tuple[Range, ...] = ()
    tacit: bool = False


@dataclass(frozen=True, slots=True)
class Coprime:
    """gcd(p, q) = 1."""

    p: Poly
    q: Poly


@dataclass(frozen=True, slots=True)
class Unequal:
    """p ≠ 0: used by the search for counterexamples only."""

    p: Poly


@dataclass(frozen=True, slots=True)
class Nonnegative:
    """Every value of a number or of a signal is at least 0; greater than 0 where `strict`."""

    name: str
    strict: bool = False


Assumption = Condition | Coprime | Unequal | Nonnegative


def polys(a: Assumption) -> tuple[Poly, ...]:
    """The polynomials of an assumption."""
    return tuple(getattr(a, f) for f in ("m", "p", "q") if hasattr(a, f))


@dataclass(frozen=True)
class Statement:
    """lhs = rhs under assumptions, or lhs ≤ rhs; with `towards` = p, lim lhs = rhs as the size p grows without end."""

    lhs: Expr
    rhs: Expr
    declarations: Mapping[str, Declaration]
    definitions: Mapping[str, Expr] = field(default_factory=dict[str, Expr])
    assumptions: tuple[Assumption, ...] = ()
    tacit: tuple[Assumption, ...] = ()
    equations: tuple[tuple[Expr, Expr], ...] = ()
    relation: str = "=="
    towards: str = ""

    @cached_property
    def rank(self) -> int:
        """The rank of both sides: 0 for a claim between entries or numbers."""
        return max(rank(self.lhs), rank(self.rhs))

    @cached_property
    def facts(self) -> Facts:
        """The integer knowledge that the declarations and assumptions give."""
        return facts_of(self)

    @cached_property
    def integers(self) -> frozenset[str]:
        """The names of integers of any kind: sizes, naturals and free ones."""
        return frozenset(d.name for d in self.declarations.values() if d.kind in ("size", "natural", "integer"))

    @cached_property
    def opaque(self) -> frozenset[str]:
        """The powers and floors that the statement speaks of: names of integers that follow from others."""
        assumed = (p for a in (*self.assumptions, *self.tacit) for p in polys(a))
        sides = (self.lhs, self.rhs, *self.definitions.values(), *(e for pair in self.equations for e in pair))
        ends = (p for d in self.declarations.values() for r in d.ranges if r for p in r)
        met = {n for p in (*assumed, *ends) for n in p.names()}.union(*map(index_names, sides))
        return frozenset(filter(is_floor, met)) | {d.name for d in self.declarations.values() if d.kind == "power"}

    @cached_property
    def nonnegative(self) -> frozenset[str]:
        """The numbers and signals that are assumed to be at least 0."""
        return frozenset(a.name for a in self.assumptions if isinstance(a, Nonnegative))

    @cached_property
    def places(self) -> tuple[Range, ...]:
        """Where the sides are compared: everywhere (None), or at the taps of what a side is a gradient by.

        Functions of tensors, which may be other than 0 beyond these, are compared at their entries.
        """
        sides = {axes for e in (self.lhs, self.rhs) if (axes := _restricted(e, self.facts)) is not None}
        if not sides and rank(self.lhs) == rank(self.rhs) > 0:
            left, right = (entrywise_extents(e, self.facts, self.definitions) for e in (self.lhs, self.rhs))
            beyond = any(None in tensor_extents(e, self.facts, self.definitions) for e in (self.lhs, self.rhs))
            if beyond and None not in (*left, *right):
                return tuple((ZERO, n - 1) for n in left if n is not None)
        return sides.pop() if len(sides) == 1 else (None,) * self.rank

    @cached_property
    def extents(self) -> tuple[tuple[Poly, Poly] | None, ...]:
        """The extents of both sides on each axis on which both are tensors, which are said to be equal too."""
        of_kernel = any(r is not None for r in self.places) and any(map(self._by_kernel, (self.lhs, self.rhs)))
        if not (rank(self.lhs) == rank(self.rhs) > 0) or of_kernel:
            return ()
        left, right = (entrywise_extents(e, self.facts, self.definitions) for e in (self.lhs, self.rhs))
        return tuple(None if p is None or q is None else (p, q) for p, q in zip(left, right, strict=True))

    def _by_kernel(self, e: Expr) -> bool:
        """Whether a side is a gradient by a kernel, which is stated at its taps only."""
        if isinstance(e, Grad | Adjoint):
            return isinstance(e.x, Name) and self.declarations[e.x.name].kind == "kernel"
        return isinstance(e, Neg | Add | Mul) and any(map(self._by_kernel, children(e)))

    @cached_property
    def sizes(self) -> tuple[Statement, ...]:
        """What is said of extents that are not written alike: equations between integers, with the same assumptions."""
        unlike = dict.fromkeys(pair for pair in self.extents if pair is not None and pair[0] != pair[1])
        return tuple(replace(self, lhs=Integer(p), rhs=Integer(q), relation="==", towards="") for p, q in unlike)

    def ends(self, indices: tuple[str, ...]) -> tuple[Expr, Expr]:
        """Extensionality: both sides at the free indices."""
        if not self.rank:
            return self.lhs, self.rhs
        at = tuple(map(var, indices))
        within = [c for i, r in zip(at, self.places, strict=True) if r is not None for c in between(i, *r)]
        left, right = (Entry(e, at) if rank(e) else e for e in (self.lhs, self.rhs))
        if within:
            left, right = (Mul((*map(Iverson, within), e)) for e in (left, right))
        return left, right


def _restricted(e: Expr, facts: Facts) -> tuple[Range, ...] | None:
    """The ranges to which a gradient is restricted: the support of what it is taken by."""
    match e:
        case Grad(_, Name(x)) | Adjoint(_, Name(x)):
            ranges = facts.supports.get(x, ())
            return ranges if any(ranges) else None
        case Neg(x):
            return _restricted(x, facts)
        case Add(parts) | Mul(parts):
            found = {_restricted(p, facts) for p in parts if rank(p)}
            return found.pop() if len(found) == 1 else None
        case _:
            return None


def solved(statement: Statement) -> dict[str, Expr] | None:
    """The assumed equations between sequences as values of declared names, one after another; None where they are not.

    A value may be put for its name in every example: it speaks of none of the names that have values.
    """
    values: dict[str, Expr] = {}
    for pair in statement.equations:
        try:
            left, right = (replace_names(e, values) for e in pair)
        except StatementError:  # A variable of a repeated map has a value.
            return None
        for name, e in ((left, right), (right, left)):
            if left == right:
                break
            if isinstance(name, Name) and name.name in statement.declarations and name.name not in inside(e, statement):
                values = {n: replace_names(v, {name.name: e}) for n, v in values.items()} | {name.name: e}
                if any(values.keys() & inside(v, statement) for v in values.values()):
                    return None
                break
        else:
            return None
    return values


def inside(e: Expr, statement: Statement) -> set[str]:
    """The sequences and numbers that an expression is made of, also by way of the author's definitions."""
    names = {*sequence_names(e), *number_names(e)}
    for name in names & statement.definitions.keys():
        names |= inside(statement.definitions[name], statement)
    return names


def facts_of(statement: Statement) -> Facts:
    """Sizes, naturals, inequalities, equations, coprime pairs and supports of a statement."""
    declared = statement.declarations.values()
    inequalities: list[Poly] = []
    equations: list[tuple[str, Poly]] = []
    coprimes: list[tuple[Poly, Poly]] = []
    integers = statement.integers
    for a in statement.assumptions + statement.tacit:
        match a:
            case Ge(p) if p.names() <= integers | statement.opaque:
                inequalities.append(p)
            case Eq(p) if p.names() <= integers | statement.opaque:
                p = put(p, dict(equations))  # So that a name gets one value, and what else is said of it is kept.
                solved = solve_for_name(p, sorted(integers)) if p.names() <= integers else None
                if solved:
                    equations.append(solved)
                else:
                    inequalities += [p, -p]
            case Coprime(p, q) if p.names() | q.names() <= integers:
                coprimes.append((p, q))
            case _:
                pass
    known = dict(equations)
    held = {put_through(h, known) for h in inequalities}
    for h in inequalities:
        p = put_through(h, known)
        if -p in held and p.names() <= integers and (solved := solve_for_name(p, sorted(integers - known.keys()))):
            equations.append(solved)
            known = dict(equations)
            held = {put_through(q, known) for q in held}
    inequalities += _about_floors(statement)
    for name in sorted(filter(is_floor, statement.opaque)):
        same = var(name) - put(var(name), known)
        inequalities += [same, -same] if same.terms else []
    for p in (q for h in tuple(inequalities) for q in (h.subs(known), put_through(h, known))):
        inequalities += [p] if p.names() and p not in inequalities else []
    multiples = dict(_multiples(statement, known))
    for p in (_rounded(h.subs(multiples)) for h in tuple(inequalities) if h.names() & multiples.keys()):
        inequalities += [p] if p.names() and p not in inequalities else []
    supports = {
        d.name: tuple(r and (put(r[0], known), put(r[1], known)) for r in d.ranges)
        for d in declared
        if d.kind in ("signal", "kernel")
    }
    facts = Facts(
        sizes=frozenset(d.name for d in declared if d.kind in ("size", "power")),
        naturals=frozenset(d.name for d in declared if d.kind == "natural"),
        inequalities=tuple(inequalities),
        equations=tuple(equations),
        coprimes=tuple(coprimes),
        supports=supports,
        finite=frozenset(
            d.name for d in declared if d.kind == "kernel" or (d.kind == "signal" and None not in d.ranges)
        ),
    )
    for name, e in statement.definitions.items():
        if rank(e):
            ranges = extents(e, facts)
            known = facts.finite | {name} if finite(e, facts) else facts.finite
            facts = replace(facts, supports={**facts.supports, name: ranges}, finite=known)
    return facts


def _about_floors(statement: Statement) -> Iterator[Poly]:
    """What is ≥ 0 by what a floor is: with q = ⌊p/s⌋, p − s q and s q + s − 1 − p; q too where p is; what m divides.

    ⌊(p + s w)/(s t)⌋ = ⌊(q + w)/t⌋ tells the same of a floor of a floor.
    """
    names = sorted(statement.opaque)
    sizes = frozenset(d.name for d in statement.declarations.values() if d.kind in ("size", "power"))
    naturals = frozenset(d.name for d in statement.declarations.values() if d.kind == "natural")
    assumed = statement.assumptions + statement.tacit
    plain = Facts(sizes, naturals, tuple(a.p for a in assumed if isinstance(a, Ge)))
    for name in filter(is_floor, names):
        p, s = parts(name)
        names += (n for n in sorted(p.names() | s.names()) if is_floor(n) and n not in names)
        if plain.at_least_one(s):
            q = var(name)
            yield from (p - s * q, s * q + s - 1 - p)
            if plain.at_least_one(p + 1):
                yield q
            for whole in filter(is_floor, names):
                b, more = parts(whole)
                t, w = more.divide(s), (b - p).divide(s)
                if whole != name and t is not None and w is not None and plain.at_least_one(t):
                    yield from (q + w - t * var(whole), t * var(whole) + t - 1 - q - w)
    for a in assumed:
        if isinstance(a, Divides) and a.p.names() <= statement.integers and plain.at_least_one(a.m):
            for p in (a.p, -a.p):
                rest = p - a.m * floor(p, a.m)
                yield from (d for d in (rest, -rest) if d.terms)


def _multiples(statement: Statement, known: Mapping[str, Poly]) -> Iterator[tuple[str, Poly]]:
    """Names by multiples of floors: N = 4 ⌊N/4⌋ + 1 where 4 divides N − 1."""
    for a in statement.assumptions + statement.tacit:
        if isinstance(a, Divides) and (m := a.m.constant()) and put(a.p, known).names() <= statement.integers:
            p = put(a.p, known)
            found = solve_for_name(p - m * floor(p, a.m), sorted(p.names() - known.keys()))
            if found:
                yield found


def _rounded(p: Poly) -> Poly:
    """g p + r ≥ 0 for integers says that p + ⌊r/g⌋ ≥ 0."""
    g, rest = p.content_without_constant(), p.constant_term()
    return p if g < 2 else Poly(tuple((m, c // g) for m, c in p.terms if m)) + rest // g


def solve_for_name(p: Poly, names: list[str]) -> tuple[str, Poly] | None:
    """(v, e) with p = ±(v − e) and e free of v."""
    for v in names:
        c = p.coefficient(v).constant()
        if c in (1, -1):
            e = var(v) - p * c
            if v not in e.names():
                return v, e
    return None
