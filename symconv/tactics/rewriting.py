"""Rewriting with theorems: an identity between operator expressions, used at one place of another expression.

In a pattern the sequence names, the real numbers and the integers of the identity are variables.  `instances` finds
the substitutions for which one side of the identity is a given expression; `instantiated` puts a substitution into a
side, with new names for what the side binds.  Nothing here is trusted: `paths` has every step proved.

Integers are found one after another from what is linear in them; a product s·t of two that are both unknown is
matched with every way to write a monomial as a product, so that up(k, s*t) matches up(k, 6).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import product

from symconv.expr.finite import finite
from symconv.expr.nodes import ZERO as NOUGHT
from symconv.expr.nodes import Adjoint, Expr, Name, Number, Sum, rank
from symconv.expr.statement import Coprime, Declaration, Statement
from symconv.expr.support import support
from symconv.expr.traverse import children, free_indices, map_own_polys, rebuild, substitute, walk
from symconv.index.conditions import Ge
from symconv.index.facts import Facts, factors
from symconv.index.poly import ONE, ZERO, Poly, var
from symconv.tactics.axiswise import stem

INDICES = ("a", "b", "j", "i", "l", "r", "m", "u", "v", "w", "q", "p")
"""What a new bound index may be called, if the identity's own name for it is taken."""


@dataclass(frozen=True, eq=False)
class Identity:
    """A library theorem left == right between sequences, for all its names; `name` and `title` are the library's."""

    name: str
    title: str
    statement: Statement
    axes: int = 1
    """More than 1 where it is a theorem in one dimension, said of every axis."""

    @cached_property
    def sides(self) -> tuple[Expr, Expr]:
        """The two sides, left first."""
        return self.statement.lhs, self.statement.rhs

    @cached_property
    def variables(self) -> tuple[frozenset[str], frozenset[str]]:
        """What occurs in each side: names of sequences, numbers and free integers."""
        return _occurring(self.statement.lhs), _occurring(self.statement.rhs)


@dataclass(frozen=True)
class Substitution:
    """What stands for the names of an identity: expressions for sequences and numbers, polynomials for integers."""

    expressions: Mapping[str, Expr] = field(default_factory=dict[str, Expr])
    integers: Mapping[str, Poly] = field(default_factory=dict[str, Poly])


def general(statement: Statement) -> Statement:
    """The same of all kernels of finite support, where the claim does not speak of their numbers of taps."""
    spoken = _occurring(statement.lhs) | _occurring(statement.rhs)
    declared: dict[str, Declaration] = {}
    for d in statement.declarations.values():
        counts = {n for r in d.ranges if r is not None for p in r for n in p.names()}
        free = d.kind == "kernel" and counts and not counts & spoken
        declared[d.name] = replace(d, ranges=(None,) * d.rank) if free else d
    return replace(statement, declarations=declared)


def instances(identity: Identity, side: int, subject: Expr, facts: Facts) -> Iterator[Substitution]:
    """The substitutions that make side 0 or 1 of an identity the subject, and that its declarations allow."""
    yield from _instances(identity, [(identity.sides[side], subject)], facts)


def covers(identity: Identity, statement: Statement) -> bool:
    """Whether a statement is an instance of the identity as a whole, read in one direction or the other."""
    ends = [(statement.lhs, statement.rhs), (statement.rhs, statement.lhs)]
    pairs = (list(zip(identity.sides, end, strict=True)) for end in ends)
    return any(next(_instances(identity, pair, statement.facts, trivial=True), None) is not None for pair in pairs)


def instantiated(e: Expr, values: Substitution, taken: frozenset[str]) -> Expr:
    """A side of an identity with the substitution put in; what it binds gets names outside `taken`."""
    if isinstance(e, Name | Number):
        return values.expressions.get(e.name, e)
    if isinstance(e, Sum):
        names: list[str] = []
        for old in e.indices:
            stem = old.rstrip("0123456789") or old
            pool = (n for n in (stem, old, *INDICES, *(f"a{i}" for i in range(1, 99))) if n not in taken)
            names.append(next(pool))
            taken |= {names[-1]}
        renamed = {old: var(new) for old, new in zip(e.indices, names, strict=True)}
        inner = Substitution(values.expressions, {**values.integers, **renamed})
        return Sum(tuple(names), instantiated(e.body, inner, taken))
    if isinstance(e, Adjoint):
        inside, variable, upstream = (instantiated(part, values, taken) for part in (e.e, e.x, e.g))
        return Adjoint(inside, variable, upstream)
    e = map_own_polys(e, lambda p: p.subs(values.integers))
    parts = children(e)
    return rebuild(e, tuple(instantiated(part, values, taken) for part in parts)) if parts else e


def tidied(e: Expr) -> Expr:
    """The same with short names for what is bound."""
    return instantiated(e, Substitution(), _occurring(e))


def canonical(e: Expr, depth: int = 0) -> Expr:
    """The same with bound indices numbered by how deep they stand: equal for what differs in their names only."""
    if isinstance(e, Sum):
        names = tuple(f"_{depth + i}" for i in range(len(e.indices)))
        body = substitute(e.body, {old: var(new) for old, new in zip(e.indices, names, strict=True)})
        return Sum(names, canonical(body, depth + len(names)))
    parts = children(e)
    return rebuild(e, tuple(canonical(part, depth) for part in parts)) if parts else e


def names_of(e: Expr) -> frozenset[str]:
    """Every name in an expression, bound or free."""
    found: set[str] = set()
    for _, node in walk(e):
        if isinstance(node, Name | Number):
            found.add(node.name)
        elif isinstance(node, Sum):
            found.update(node.indices)
        for p in _polys(node):
            found |= p.names()
    return frozenset(found)


def names_in(values: Substitution) -> frozenset[str]:
    """Every name in what is substituted."""
    every = (names_of(e) for e in values.expressions.values())
    return frozenset().union(*every, *(p.names() for p in values.integers.values()))


def _occurring(e: Expr) -> frozenset[str]:
    """The free names of an expression; the variable of an adjoint is one of them."""
    bound = {i for _, node in walk(e) if isinstance(node, Sum) for i in node.indices}
    return names_of(e) - bound


def _polys(e: Expr) -> list[Poly]:
    """The integer polynomials of a node in order."""
    out: list[Poly] = []

    def keep(p: Poly) -> Poly:
        out.append(p)
        return p

    map_own_polys(e, keep)
    return out


def _shell(e: Expr) -> Expr:
    """A node without its children, integers and bound names: what must be equal for a pattern to match."""
    e = map_own_polys(e, lambda _: ZERO)
    if isinstance(e, Sum):
        return Sum(("_",) * len(e.indices), NOUGHT)
    if isinstance(e, Adjoint):
        return Adjoint(NOUGHT, NOUGHT, NOUGHT)
    return rebuild(e, (NOUGHT,) * len(children(e)))


class _Matching:
    """A match on the way: what sequences and numbers stand for, and pairs of integers that must become equal."""

    def __init__(self) -> None:
        self.found: dict[str, Expr] = {}
        self.pending: list[tuple[Poly, Poly]] = []
        self.bound: set[str] = set()

    def matches(self, pattern: Expr, subject: Expr, scope: Mapping[str, Poly]) -> bool:
        if isinstance(pattern, Name | Number):
            return rank(pattern) == rank(subject) and self.found.setdefault(pattern.name, subject) == subject
        if type(pattern) is not type(subject) or _shell(pattern) != _shell(subject):
            return False
        if isinstance(pattern, Sum) and isinstance(subject, Sum):
            self.bound.update(subject.indices)
            scope = {**scope, **{i: var(j) for i, j in zip(pattern.indices, subject.indices, strict=True)}}
        if isinstance(pattern, Adjoint) and isinstance(subject, Adjoint):
            if not isinstance(subject.x, Name) or not self.matches(pattern.x, subject.x, scope):
                return False
            self.bound.add(subject.x.name)
        self.pending += [(p.subs(scope), q) for p, q in zip(_polys(pattern), _polys(subject), strict=True)]
        pairs = zip(children(pattern), children(subject), strict=True)
        return all(self.matches(p, e, scope) for p, e in pairs)


def _instances(identity: Identity, pairs: list[tuple[Expr, Expr]], facts: Facts,
               trivial: bool = False) -> Iterator[Substitution]:  # fmt: skip
    matching = _Matching()
    if not all(matching.matches(pattern, subject, {}) for pattern, subject in pairs):
        return
    variables = {n.x.name for side in identity.sides for _, n in walk(side)
                 if isinstance(n, Adjoint) and isinstance(n.x, Name)}  # fmt: skip
    for name, e in matching.found.items():
        if name not in variables and _free(e) & matching.bound:  # What is bound outside would be captured.
            return
        for d in [identity.statement.declarations[name]]:
            if d.kind == "kernel" and not finite(e, facts):
                return
            if d.kind == "number" and rank(e):
                return
            if any(d.ranges):
                box = support(e, facts)
                if box is None:
                    return
                own = zip(d.ranges, box, strict=True)
                matching.pending += [(p, q) for r, ends in own if r for p, q in zip(r, ends, strict=True)]
    unknown = identity.statement.integers
    for integers in _solved(matching.pending, unknown):
        if _allowed(identity, integers, matching.bound, facts, trivial):
            yield Substitution(matching.found, integers)


def _free(e: Expr) -> set[str]:
    """The free integers and sequences of a value; the variable of an adjoint is bound in it."""
    if isinstance(e, Adjoint) and isinstance(e.x, Name):
        return (_free(e.e) - {e.x.name}) | _free(e.g)
    own = {e.name} if isinstance(e, Name) else set[str]()
    return own.union(free_indices(e), *(_free(part) for part in children(e)))


def _allowed(identity: Identity, integers: Mapping[str, Poly], bound: set[str], facts: Facts,
             trivial: bool) -> bool:  # fmt: skip
    """Whether integers are of the declared kinds and meet the assumptions; factors 1 and shifts 0 say nothing."""
    statement = identity.statement
    telling: dict[str, bool] = {}
    for name, p in integers.items():
        kind = statement.declarations[name].kind
        if p.names() & bound:
            return False
        if (kind == "size" and not facts.at_least_one(p)) or (kind == "natural" and not facts.nonnegative(p)):
            return False
        one = stem(name) if identity.axes > 1 else name
        telling[one] = telling.get(one, False) or p != (ONE if kind == "size" else ZERO)
    if not trivial and not all(telling.values()):
        return False
    for a in (*statement.assumptions, *statement.tacit):
        match a:
            case Coprime(p, q) if facts.coprime(p.subs(integers), q.subs(integers)):
                pass
            case Ge(p) if facts.nonnegative(p.subs(integers)):
                pass
            case _:
                return False
    return True


def _solved(pending: list[tuple[Poly, Poly]], unknown: frozenset[str]) -> Iterator[dict[str, Poly]]:
    """Values of the unknown integers for which all pairs are equal: linear equations first, then products."""
    known: dict[str, Poly] = {}
    left = pending
    while True:
        waiting: list[tuple[Poly, Poly]] = []
        progress = False
        for pattern, q in left:
            p = pattern.subs(known)
            names = sorted(p.names() & unknown - known.keys())
            if not names:
                if p != q:
                    return
                progress = True
                continue
            value = _linear(p, q, names[0]) if len(names) == 1 else None
            if value is None:
                waiting.append((pattern, q))
                continue
            known[names[0]] = value
            progress = True
        left = waiting
        if not left:
            yield known
            return
        if not progress:
            break
    pattern, q = left[0]
    names = sorted(pattern.subs(known).names() & unknown - known.keys())
    if len(names) == 2 and pattern.subs(known) == var(names[0]) * var(names[1]):
        for first, second in _splits(q):
            fixed = [(var(n), v) for n, v in (*known.items(), (names[0], first), (names[1], second))]
            yield from _solved([*fixed, *left[1:]], unknown)


def _linear(p: Poly, q: Poly, name: str) -> Poly | None:
    """The v with p = q for the unknown v, where p is linear in it with a coefficient that divides."""
    parts = p.affine((name,))
    if parts is None:
        return None
    return (q - parts[1]).divide(parts[0][name])


def _splits(p: Poly) -> list[tuple[Poly, Poly]]:
    """The ways to write a positive monomial as a product of two factors, neither of them 1."""
    parts = factors(p)
    if parts is None or len(parts) > 8:
        return []
    out: dict[tuple[Poly, Poly], None] = {}
    for chosen in product((False, True), repeat=len(parts)):
        first, second = ONE, ONE
        for part, mine in zip(parts, chosen, strict=True):
            first, second = (first * part, second) if mine else (first, second * part)
        if ONE not in (first, second):
            out[first, second] = None
    return list(out)
