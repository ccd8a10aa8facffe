"""The normal form of a scalar: definitions unfolded, Kronecker deltas sifted, products over sums multiplied out.

Everything is done by rules, on a `Chain`; what is left is a sum of terms Σ_i [conditions] (product of entries) in
which no equality can be solved for a bound index and no implied inequality stands.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from symconv.expr.counts import KINDS, written
from symconv.expr.definitions import arity
from symconv.expr.derivatives import repeats
from symconv.expr.layers import bound_names
from symconv.expr.nodes import (
    Add,
    Adjoint,
    Apply,
    Binder,
    Cascade,
    Conv,
    Corr,
    Count,
    Diff,
    Entry,
    Expr,
    Grad,
    Inner,
    Iverson,
    Layer,
    Most,
    Mul,
    Name,
    Peak,
    Power,
    Repeat,
    Reverse,
    Sum,
    Up,
    factors_of,
    rank,
)
from symconv.expr.support import bounds
from symconv.expr.traverse import Path, children, free_indices, own_polys, walk
from symconv.index.conditions import Divides, Eq, Ge, positive_form
from symconv.index.poly import ONE, Poly, const, var
from symconv.tactics import evidence
from symconv.tactics.chain import POOLS, Chain
from symconv.tactics.factoring import factor_out
from symconv.tactics.groups import counted, moduli, one_multiple, one_quotient, only_one, pinned
from symconv.tactics.maxima import collect, tidy
from symconv.tactics.merging import merge
from symconv.tactics.solving import common_factor, coprime_split, floor_factor, unimodular_pair

BUDGET = 2000


def normalise(chain: Chain, assuming: bool = True) -> None:
    """Bring the line of the chain to its normal form; `assuming`: where equations are assumed, these are used first."""
    if assuming:
        rewrite_hypotheses(chain)
    count_all(chain)
    unfold_all(chain, ())
    substitute_equations(chain)
    _simplify_inside(chain, ())
    reduce_inside(chain)


def reduce_inside(chain: Chain) -> None:
    """Reduce the arguments of functions and maxima, the innermost first, and then the whole."""
    for scope in scopes(chain.line):
        reduce_terms(chain, scope)
        factor_out(chain, scope)
        if scope:
            tidy(chain, scope[:-1])


def count_all(chain: Chain) -> None:
    """Put for each count its product of outputs, taps and channels, or sum of these: by way of its normal form."""
    for path, e in walk(chain.line):
        if isinstance(e, Count):
            chain.do("distribute", path)
            product = written(e, chain.statement.facts) if e.kind in KINDS else chain.at(path)
            if chain.at(path) != product:
                chain.undo("distribute", path, product)


def scopes(e: Expr) -> list[Path]:
    """Where scalars are multiplied out by themselves: in the arguments of functions, the innermost first; the whole."""
    inside = [(*path, 0) for path, node in walk(e) if isinstance(node, Apply | Most | Peak | Power) and rank(node) == 0]
    return [*sorted(inside, key=len, reverse=True), ()]


def unfold_all(chain: Chain, path: Path) -> None:
    """Unfold every operator and definition below a place, outermost first; a condition that comes up is sifted at once.

    So a kernel conv(k, up(h, s)) becomes Σ_l (↑h)[l] k[m−l], then Σ_b h[b] k[m − s b], before the next is unfolded.
    """
    e = chain.at(path)
    while _folded(chain, e):
        chain.do("unfold", path, names=_index_names(chain, e.x if isinstance(e, Entry) else e))
        e = chain.at(path)
    if isinstance(e, Diff):
        _differentiate(chain, path)
        return
    if isinstance(e, Entry):
        return
    inner = (*path, 0) if isinstance(e, Sum) else path
    body = chain.at(inner)
    parts = body.factors if isinstance(body, Mul) else ()
    for i, factor in enumerate(parts):
        if isinstance(factor, Entry) and isinstance(factor.x, Up) and isinstance(e, Sum):
            unfold_all(chain, (*inner, i))
            reduce_terms(chain, path)
            unfold_all(chain, path)
            return
    for i in range(len(children(e))):
        unfold_all(chain, (*path, i))


def _folded(chain: Chain, e: Expr) -> bool:
    """Whether an index formula can be put for the expression."""
    scalar = isinstance(e, Inner) or (isinstance(e, Grad | Adjoint) and not rank(e))
    return scalar or (isinstance(e, Entry) and not _elementary(chain, e))


def _differentiate(chain: Chain, path: Path) -> None:
    """Bring what a derivative is taken of to its normal form, then take it, term by term."""
    unfold_all(chain, (*path, 0))
    _simplify_inside(chain, (*path, 0))
    for scope in scopes(chain.at((*path, 0))):
        reduce_terms(chain, (*path, 0, *scope))
    pending = [path]
    while pending:
        place = pending.pop()
        e = chain.at(place)
        if isinstance(e, Diff):
            chain.do("differentiate", place, names=tuple(chain.names.pick(1)[0] for _ in range(repeats(e.e))))
            pending.append(place)
        elif _has_derivative(e):
            pending += [(*place, i) for i in range(len(children(e)))]


def _has_derivative(e: Expr) -> bool:
    return any(isinstance(node, Diff) for _, node in walk(e))


def _index_names(chain: Chain, e: Expr) -> tuple[str, ...]:
    """Names for the sum of an operator: the taps of a named kernel are called the same throughout."""
    if not arity(e):
        return ()
    if isinstance(e, Layer):
        groups = [(word, len(list(same))) for word, same in groupby(bound_names(e))]
        return tuple(n for word, count in groups for n in chain.names.pick(count, word if word in POOLS else ""))
    if isinstance(e, Inner | Grad | Adjoint):
        return chain.names.pick(arity(e), "output")
    taps = e.k if isinstance(e, Conv | Corr) else e.x if isinstance(e, Up) else e
    owner = taps.name if isinstance(taps, Name) and taps.name not in chain.statement.definitions else ""
    return chain.names.pick(arity(e), "multiple" if isinstance(e, Up) else "", owner)


def _elementary(chain: Chain, e: Entry) -> bool:
    opaque = isinstance(e.x, Repeat | Cascade)
    return opaque or (isinstance(e.x, Name) and e.x.name not in chain.statement.definitions)


def rewrite_hypotheses(chain: Chain) -> None:
    """Use assumed equations between sequences from left to right, each at most a few times."""
    for number, (left, right) in enumerate(chain.statement.equations):
        for _ in range(1 if any(node == left for _, node in walk(right)) else 64):
            path = next((p for p, node in _replaceable(chain.line) if node == left), None)
            if path is None:
                break
            chain.do("hypothesis", path, number=number)


def _replaceable(e: Expr, path: Path = ()) -> Iterator[tuple[Path, Expr]]:
    """Every subexpression for which an equal one may be put: nothing below a reverse."""
    yield path, e
    if not isinstance(e, Reverse):
        for i, part in enumerate(children(e)):
            yield from _replaceable(part, (*path, i))


def substitute_equations(chain: Chain) -> None:
    """Put the assumed values of sizes."""
    for name, _ in chain.statement.facts.equations:
        if any(name in p.names() for _, node in walk(chain.line) for p in own_polys(node)):
            chain.do("equation", (), name=name)


def _has_condition(e: Expr) -> bool:
    return any(isinstance(node, Iverson) for _, node in walk(e))


def _simplify_inside(chain: Chain, path: Path) -> None:
    """Sift the innermost sums first, so that an up-sampled kernel is read off before everything is multiplied out."""
    e = chain.at(path)
    if isinstance(e, Entry | Iverson) or not _has_condition(e):
        return
    for i in range(len(children(e))):
        _simplify_inside(chain, (*path, i))
    if isinstance(chain.at(path), Sum) and path:
        reduce_terms(chain, path)


def reduce_terms(chain: Chain, path: Path) -> None:
    """Multiply out at a place and reduce every term until nothing changes."""
    for _ in range(BUDGET):
        chain.do("distribute", path)
        e = chain.at(path)
        places = [(*path, i) for i in range(len(e.terms))] if isinstance(e, Add) else [path]
        if not any(_reduce(chain, place) for place in places):
            return


def _reduce(chain: Chain, path: Path) -> bool:
    """One simplification of one term; False where there is none."""
    term = chain.at(path), frozenset(_bound_above(chain.line, path))
    if term in chain.settled:
        return False
    if _simplified(chain, path):
        return True
    chain.settled.add(term)
    return False


def _simplified(chain: Chain, path: Path) -> bool:
    e = chain.at(path)
    indices = e.indices if isinstance(e, Sum) else ()
    inner = (*path, 0) if isinstance(e, Sum) else path
    body = e.body if isinstance(e, Sum) else e
    parts = factors_of(body)
    if indices and merge(chain, path, indices, parts):
        return True
    known = bounds(parts, chain.statement.facts)
    if known and (_equal(chain, inner, parts, known) or _absurd(chain, inner, parts, known)):
        return True
    if collect(chain, inner, parts):
        return True
    if indices and counted(chain, path, indices, parts):
        return True
    if one_multiple(chain, inner, parts, known, indices) or one_quotient(chain, inner, parts, known, indices):
        return True
    if only_one(chain, path, indices, parts):
        return True
    for position, factor in enumerate(parts):
        if isinstance(factor, Iverson):
            place = (*inner, position) if isinstance(body, Mul) else inner
            match factor.condition:
                case Eq(p):
                    done = _equality(chain, path, inner, place, position, p, indices, parts)
                case Ge(p):
                    done = _inequality(chain, inner, place, position, p, parts)
                case Divides(m, p):
                    done = _divisibility(chain, place, m, p)
            if done:
                return True
    return bool(indices) and pinned(chain, inner, parts, known, indices)


def _absurd(chain: Chain, inner: Path, parts: tuple[Expr, ...], known: list[Poly]) -> bool:
    """f = [−1 ≥ 0] f where a bound that holds wherever f ≠ 0 is certainly negative, as for k[c] with c taps."""
    facts = chain.statement.facts
    if Iverson(evidence.NEVER) in parts:
        return False
    for i, p in enumerate(known):
        if p.names() <= facts.sizes | facts.naturals and facts.nonnegative(-1 - p):
            new = Mul((*parts, Iverson(evidence.NEVER)))
            chain.undo("imply", inner, new, condition=evidence.NEVER, evidence={i: ONE})
            return True
    return bool(facts.inequalities) and evidence.insert(chain, inner, evidence.NEVER)


def _equal(chain: Chain, inner: Path, parts: tuple[Expr, ...], known: list[Poly]) -> bool:
    """[p ≥ 0][−p ≥ 0] f = [p = 0][p ≥ 0][−p ≥ 0] f, also where the only tap of a kernel says so."""
    assumed = chain.statement.facts.inequalities
    for i, p in enumerate(known):
        if not p.names() or -p not in known or (p in assumed and -p in assumed):
            continue
        condition = positive_form(Eq(p))
        if Iverson(condition) not in parts and Iverson(Eq(-condition.p)) not in parts:
            evidence = {known.index(condition.p): ONE}, {known.index(-condition.p): ONE}
            if i == known.index(p) and not any(
                isinstance(f, Iverson) and isinstance(f.condition, Eq) and f.condition.p in (p, -p) for f in parts
            ):
                new = Mul((*parts, Iverson(condition)))
                chain.undo("imply", inner, new, condition=condition, evidence=evidence[0], opposite=evidence[1])
                return True
    return False


def _equality(chain: Chain, path: Path, inner: Path, place: Path, position: int, p: Poly, indices: tuple[str, ...],
              parts: tuple[Expr, ...]) -> bool:  # fmt: skip
    facts = chain.statement.facts
    factor = common_factor(p, facts)
    if factor != ONE:
        chain.do("cancel", place, by=factor)
        return True
    units = [v for v in indices if p.coefficient(v).constant() in (1, -1) and _once(p, v)]
    if units:
        chain.do("sift", path, index=min(units, key=lambda v: _worth(v, indices, parts, chain)), position=position)
        return True
    split = coprime_split(p, indices, facts)
    if split is not None:
        s, left, t, right = split
        if any(c < 0 and v in indices for (v, *_), c in ((m or ("",), c) for m, c in left.terms)):
            chain.do("cancel", place, by=const(-1))
            left, right = -left, -right
        (name,) = chain.names.pick(1, "multiple")
        chain.do("coprime", place, name=name, s=s, p=left, t=t, q=right)
        return True
    pair = unimodular_pair(p, indices) if not _bound_above(chain.line, path) & p.names() else None
    if pair is not None:
        forward, inverse = pair
        rest = {v: var(v) for v in indices if v not in forward}
        chain.do("reindex", path, forward={**forward, **rest}, inverse={**inverse, **rest})
        return True
    for v in sorted(p.names()):
        if v in indices or v in facts.sizes or v in facts.naturals or not _once(p, v):
            continue
        if p.coefficient(v).constant() in (1, -1):
            others = [f for j, f in enumerate(parts) if j != position]
            if not any(v in free_indices(f) for f in others):
                return False
            chain.do("rewrite", inner, name=v, position=position)
            return True
    return False


def _bound_above(line: Expr, path: Path) -> set[str]:
    """The indices of the sums around a place: an equation in one of them waits until it can be sifted."""
    found: set[str] = set()
    for i in path:
        if isinstance(line, Binder):
            found.update(line.indices)
        line = children(line)[i]
    return found


def _once(p: Poly, v: str) -> bool:
    return sum(v in m for m, _ in p.terms) == 1


def _worth(v: str, indices: tuple[str, ...], parts: tuple[Expr, ...], chain: Chain) -> tuple[int, int]:
    """Which index to sift away: rather one that no tap carries on its own, rather a late one."""
    finite = chain.statement.facts.finite
    bare = any(isinstance(f, Entry) and isinstance(f.x, Name) and f.x.name in finite and var(v) in f.at for f in parts)
    return int(bare), -indices.index(v)


def _inequality(chain: Chain, inner: Path, place: Path, position: int, p: Poly, parts: tuple[Expr, ...]) -> bool:
    statement = chain.statement
    factor, rest = floor_factor(p, statement.facts)
    if factor != ONE:
        chain.do("cancel", place, by=factor, rest=rest)
        return True
    condition = Ge(p)
    others = tuple(f for j, f in enumerate(parts) if j != position)
    if parts.index(Iverson(condition)) == position:
        known = bounds(others, statement.facts)
        found = evidence.find(p, known, statement.facts)
        if found is not None:
            chain.do("imply", inner, condition=condition, evidence=found)
            return True
        for m in moduli(p, known, statement.facts):
            found = evidence.find(m * p + m - 1, known, statement.facts)
            if found is not None:
                chain.do("imply", inner, condition=condition, evidence=found, scale=m)
                return True
    return evidence.insert(chain, inner, evidence.NEVER)


def _divisibility(chain: Chain, place: Path, m: Poly, p: Poly) -> bool:
    facts = chain.statement.facts
    shared = common_factor(m * var("_") + p, facts)
    if shared != ONE and facts.positive(shared):
        chain.do("cancel", place, by=shared)
        return True
    if facts.at_least_one(m):
        (name,) = chain.names.pick(1, "multiple")
        chain.do("divisor", place, name=name)
        return True
    return False
