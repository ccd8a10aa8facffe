"""Children, places, names and substitution: the traversals that everything else is made of."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import replace
from typing import Any

from symconv.errors import StatementError
from symconv.expr.nodes import (
    Add,
    Adjoint,
    Apply,
    Binder,
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
)  # fmt: skip
from symconv.expr.powers import with_powers
from symconv.index import conditions
from symconv.index.poly import Poly, var

Path = tuple[int, ...]


_PARTS: dict[type, Callable[[Any], tuple[Expr, ...]]] = {
    **dict.fromkeys((Conv, Corr), lambda e: (e.x, e.k)),
    **dict.fromkeys((Down, Up, Flip, Reverse, Shift, Neg, Apply, Entry, Power), lambda e: (e.x,)),
    **dict.fromkeys((Formula, Sum, Cascade, Most, Peak), lambda e: (e.body,)),
    Repeat: lambda e: (e.e,),
    Add: lambda e: e.terms,
    Mul: lambda e: e.factors,
    Inner: lambda e: (e.x, e.y),
    Diff: lambda e: (e.e,),
    **dict.fromkeys((Grad, Adjoint), lambda e: (e.e, e.g)),
    Layer: lambda e: e.parts,
    **dict.fromkeys((Over, Name, Delta, Ones, Taps, Iverson, Number, Const, Integer, Count), lambda e: ()),
}


def children(e: Expr) -> tuple[Expr, ...]:
    """The direct subexpressions, in order; a path is a tuple of positions in it."""
    return _PARTS[type(e)](e)


def rebuild(e: Expr, parts: tuple[Expr, ...]) -> Expr:
    """The same node over other children."""
    match e:
        case Conv():
            return Conv(*parts)
        case Corr(_, _, s, d, p):
            return Corr(parts[0], parts[1], s, d, p)
        case Add():
            return Add(parts)
        case Mul():
            return Mul(parts)
        case Entry(_, at):
            return Entry(parts[0], at)
        case Sum(indices) | Formula(indices):
            return type(e)(indices, parts[0])
        case Neg():
            return Neg(parts[0])
        case Down() | Up() | Flip() | Reverse() | Shift() | Apply() | Power():
            return replace(e, x=parts[0])
        case Inner():
            return Inner(*parts)
        case Diff(_, x, at):
            return Diff(parts[0], x, at)
        case Grad(_, x) | Adjoint(_, x):
            return type(e)(parts[0], x, parts[1])
        case Layer():
            return replace(e, parts=parts)
        case Repeat():
            return replace(e, e=parts[0])
        case Cascade() | Most() | Peak():
            return replace(e, body=parts[0])
        case Name() | Delta() | Ones() | Taps() | Iverson() | Number() | Const() | Integer() | Over() | Count():
            return e


def at(e: Expr, path: Path) -> Expr:
    """The subexpression at a place; StatementError if there is none."""
    for i in path:
        parts = children(e)
        if not 0 <= i < len(parts):
            raise StatementError(f"there is no place {path} in this expression")
        e = parts[i]
    return e


def put(e: Expr, path: Path, new: Expr) -> Expr:
    """The expression with `new` at a place."""
    if not path:
        return new
    parts = children(e)
    i = path[0]
    if not 0 <= i < len(parts):
        raise StatementError(f"there is no place {path} in this expression")
    return rebuild(e, (*parts[:i], put(parts[i], path[1:], new), *parts[i + 1 :]))


def binders(e: Expr) -> set[str]:
    """Every index that some sum or formula in e binds."""
    found: set[str] = set()
    level = [e]
    while level:
        node = level.pop()
        if isinstance(node, Binder):
            found.update(node.indices)
        level.extend(children(node))
    return found


def walk(e: Expr, path: Path = ()) -> Iterator[tuple[Path, Expr]]:
    """Every subexpression with its place, outermost first."""
    yield path, e
    for i, part in enumerate(children(e)):
        yield from walk(part, (*path, i))


def _of_condition(e: Iverson) -> tuple[Poly, ...]:
    c = e.condition
    return (c.m, c.p) if isinstance(c, conditions.Divides) else (c.p,)


_POLYS: dict[type, Callable[[Any], tuple[Poly, ...]]] = {
    Corr: lambda e: (*e.stride, *e.dilation, *e.padding),
    **dict.fromkeys((Down, Up, Shift), lambda e: e.by),
    Reverse: lambda e: e.about,
    Ones: lambda e: e.extents,
    Entry: lambda e: e.at,
    **dict.fromkeys((Integer, Over), lambda e: (e.p,)),
    Iverson: _of_condition,
    Diff: lambda e: e.at,
    Layer: lambda e: (
        *e.stride,
        *e.dilation,
        *e.padding,
        *e.groups,
        *e.window,
        *e.output_padding,
        *e.exponent,
        *e.extents,
    ),
    Power: lambda e: (e.p, e.q),
    Most: lambda e: e.extents,
    Peak: lambda e: (*e.extents, *e.at),
    **dict.fromkeys((Name, Delta, Taps, Number, Const, Conv, Flip, Neg, Apply, Formula, Sum, Add, Mul), lambda e: ()),
    **dict.fromkeys((Inner, Grad, Adjoint), lambda e: ()),
    **dict.fromkeys((Repeat, Cascade), lambda e: (e.count,)),
    Count: lambda e: (e.p, *(p for _, node in walk(e.e) for p in own_polys(node))),
}


def own_polys(e: Expr) -> tuple[Poly, ...]:
    """The integer polynomials that stand in this node itself."""
    return _POLYS[type(e)](e)


def index_names(e: Expr) -> set[str]:
    """Every integer name that occurs in e, bound or free."""
    found: set[str] = set()
    level = [e]
    while level:
        node = level.pop()
        for p in own_polys(node):
            found |= p.names()
        if isinstance(node, Binder):
            found.update(node.indices)
        level.extend(children(node))
    return found


def free_indices(e: Expr) -> set[str]:
    """The integer names that occur free in e (sizes among them)."""
    free: set[str] = set()
    for part in children(e):
        free |= free_indices(part)
    if isinstance(e, Binder):
        free -= set(e.indices)
    for p in own_polys(e):
        free |= p.names()
    return free


def map_own_polys(e: Expr, f: Callable[[Poly], Poly]) -> Expr:
    """The node with f on each of its own polynomials (children untouched)."""

    def every(ps: tuple[Poly, ...]) -> tuple[Poly, ...]:
        return tuple(map(f, ps))

    match e:
        case Corr(x, k, s, d, p):
            return Corr(x, k, every(s), every(d), every(p))
        case Entry(x, place):
            return Entry(x, every(place))
        case Down(x, by) | Up(x, by) | Shift(x, by) | Reverse(x, by):
            return type(e)(x, every(by))
        case Ones(extents):
            return Ones(every(extents))
        case Integer(p) | Over(p):
            return type(e)(f(p))
        case Repeat(x, name, count):
            return Repeat(x, name, f(count))
        case Cascade(indices, x, count):
            return Cascade(indices, x, f(count))
        case Diff(x, name, place):
            return Diff(x, name, every(place))
        case Count(_, x, p):
            return replace(e, e=_map_polys(x, f), p=f(p))
        case Layer(kind, parts, s, d, p, g, order, window, extra, power, extents):
            return Layer(kind, parts, every(s), every(d), every(p), every(g), order, every(window), every(extra),
                         every(power), every(extents))  # fmt: skip
        case Power(x, p, q):
            return Power(x, f(p), f(q))
        case Most(indices, x, extents):
            return Most(indices, x, every(extents))
        case Peak(indices, x, extents, place):
            return Peak(indices, x, every(extents), every(place))
        case Iverson(conditions.Divides(m, p)):
            return Iverson(conditions.Divides(f(m), f(p)))
        case Iverson(conditions.Eq(p)):
            return Iverson(conditions.Eq(f(p)))
        case Iverson(conditions.Ge(p)):
            return Iverson(conditions.Ge(f(p)))
        case _:
            return e


def _map_polys(e: Expr, f: Callable[[Poly], Poly]) -> Expr:
    """The expression with f on all its polynomials."""
    return rebuild(map_own_polys(e, f), tuple(_map_polys(part, f) for part in children(e)))


def substitute(e: Expr, values: Mapping[str, Poly]) -> Expr:
    """Put integer polynomials for free integer names; StatementError where a bound name would be captured."""
    if isinstance(e, Binder):
        inner = {n: p for n, p in values.items() if n not in e.indices}
        used = free_indices(e.body) & inner.keys()
        if any(inner[n].names() & set(e.indices) for n in used):
            raise StatementError(f"a bound index of {e.indices} would capture a name")
        body = substitute(e.body, inner) if used else e.body
        same = replace(e, body=body) if used else e
        return map_own_polys(same, lambda p: p.subs(values)) if own_polys(e) else same
    e = map_own_polys(e, lambda p: p.subs(values))
    parts = children(e)
    return rebuild(e, tuple(substitute(part, values) for part in parts)) if parts else e


def renamed_apart(e: Expr, fresh: Callable[[str], str]) -> Expr:
    """The same with new names for all that is bound; `fresh` gives a name that nothing else has."""
    if isinstance(e, Cascade):
        return e  # Nothing reaches into it, and its powers are called by its index.
    if isinstance(e, Binder):
        names = tuple(map(fresh, e.indices))
        body = substitute(e.body, {old: var(new) for old, new in zip(e.indices, names, strict=True)})
        return replace(e, indices=names, body=renamed_apart(body, fresh))
    return rebuild(e, tuple(renamed_apart(part, fresh) for part in children(e)))


def with_letters(e: Expr, wanted: Collection[str], taken: frozenset[str] | None = None) -> Expr:
    """The same with b for a bound b1 where b is wanted and b1 is not, and nothing else around it is called so."""
    taken = frozenset(free_indices(e)) if taken is None else taken
    if isinstance(e, Cascade):
        return e
    if isinstance(e, Binder):
        names: list[str] = []
        for old in e.indices:
            plain = old.rstrip("0123456789")
            used = taken | set(names) | index_names(e.body) | (set(e.indices) - {old})
            names.append(plain if old not in wanted and plain in wanted and plain not in used else old)
        body = substitute(e.body, {old: var(new) for old, new in zip(e.indices, names, strict=True)})
        return replace(e, indices=tuple(names), body=with_letters(body, wanted, taken | set(names)))
    return rebuild(e, tuple(with_letters(part, wanted, taken) for part in children(e)))


def bindings(e: Expr) -> int:
    """How many names `renamed_apart` asks for."""
    return sum(len(node.indices) for _, node in walk(e) if isinstance(node, Binder))


def sequence_names(e: Expr) -> dict[str, int]:
    """Names of sequences with their rank, in order of appearance."""
    return {name.name: name.rank for name in _leaves(e) if isinstance(name, Name)}


def variables(e: Expr) -> list[Expr]:
    """The names by which something in e is differentiated, or whose linear maps have adjoints in it."""
    return list(dict.fromkeys(node.x for _, node in walk(e) if isinstance(node, Diff | Grad | Adjoint)))


def _leaves(e: Expr) -> Iterator[Expr]:
    """The nodes of e, and what it is differentiated by."""
    for _, node in walk(e):
        yield node
        if isinstance(node, Diff | Grad | Adjoint | Repeat):
            yield node.x
        if isinstance(node, Count):
            yield from _leaves(node.e)


def number_names(e: Expr) -> list[str]:
    """Names of real numbers, in order of appearance."""
    return list(dict.fromkeys(node.name for node in _leaves(e) if isinstance(node, Number)))


def replace_names(e: Expr, values: Mapping[str, Expr]) -> Expr:
    """Put expressions for named sequences and numbers; StatementError where e is differentiated by one of them."""
    if isinstance(e, Name | Number) and e.name in values:
        return values[e.name]
    if isinstance(e, Diff | Grad | Adjoint | Repeat) and isinstance(e.x, Name | Number) and e.x.name in values:
        raise StatementError(f"{e.x.name} is a variable here: nothing can be put for it")
    parts = children(e)
    return rebuild(e, tuple(replace_names(part, values) for part in parts)) if parts else e


def instantiate_own(e: Expr, values: Mapping[str, Poly]) -> Expr:
    """The node with polynomials for counts in its own polynomials, in exponents too."""
    known = with_powers(values, [n for p in own_polys(e) for n in p.names()])
    return map_own_polys(e, lambda p: p.subs(known))


def instantiate(e: Expr, values: Mapping[str, Poly]) -> Expr:
    """The expression with polynomials for counts, in exponents too."""
    e = instantiate_own(e, values)
    return rebuild(e, tuple(instantiate(part, values) for part in children(e)))
