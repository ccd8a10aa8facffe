"""When terms stay unmatched: write out ranges of numeric length, and split indices by residue.

Each refinement replaces one term by several finer ones, by rules; `refine` makes the first that applies.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from math import gcd, lcm

from symconv.expr.nodes import Add, Const, Entry, Expr, Iverson, Mul, Name, Sum, factors_of
from symconv.expr.support import bounds
from symconv.expr.traverse import Path, index_names, own_polys
from symconv.index.conditions import Eq, Ge
from symconv.index.poly import Poly, const, var
from symconv.tactics.chain import Chain
from symconv.tactics.evidence import NEVER, insert
from symconv.tactics.farkas import certificate
from symconv.tactics.matching import match
from symconv.tactics.terms import Term

LONGEST = 32
WIDEST = 120


def refine(left: Chain, right: Chain, taps: bool = True) -> bool:
    """Refine the sides towards a common normal form; False where nothing is left to try.

    `taps`: also write out the taps of kernels that have so many; entries of kernels stay matched without.
    """
    lonely = unmatched(left, right)
    if not lonely or any(len(_terms(c.line)) > WIDEST for c in (left, right)):
        return False
    return (
        vanish(lonely)
        or _write_out(lonely, taps)
        or _same_modulus(lonely)
        or _split_bound(lonely)
        or _write_out_free(lonely)
        or _cut(lonely)
        or _split_free(lonely)
    )


Place = tuple[Chain, Path, Expr]


def _terms(e: Expr) -> list[tuple[Path, Expr]]:
    return [((i,), t) for i, t in enumerate(e.terms)] if isinstance(e, Add) else [((), e)]


def unmatched(left: Chain, right: Chain) -> list[Place]:
    """The terms that stand on one side only."""
    sides = {id(c): {t for _, t in _terms(c.line)} for c in (left, right)}
    return [(c, path, t) for c, other in ((left, right), (right, left)) for path, t in _terms(c.line)
            if t not in sides[id(other)]]  # fmt: skip


def _parts(e: Expr) -> tuple[tuple[str, ...], tuple[Expr, ...]]:
    return (e.indices, factors_of(e.body)) if isinstance(e, Sum) else ((), factors_of(e))


def _write_out(lonely: list[Place], taps: bool) -> bool:
    """A bound index that runs over a numeric range, explicitly or because a kernel has so many taps.

    Ends may move with other bound indices: 2r ≤ a ≤ 2r + 1 is 0 ≤ u ≤ 1 by a = 2r + u.  `taps`: of kernels too.
    """
    for moving, sign in ((False, 1), (True, 1), (False, -1)):
        for chain, path, e in lonely:
            indices, parts = _parts(e)
            among = [f for f in parts if taps or not isinstance(f, Entry)]
            for v in indices:
                for low, count in _ranges(chain, v, among, sign):
                    fits = count <= LONGEST and bool(low.names() & set(indices)) == moving
                    if fits and _enumerate(chain, path, v, low, count):
                        return True
    return False


def _ranges(chain: Chain, v: str, parts: Sequence[Expr], sign: int = 1) -> Iterator[tuple[Poly, int]]:
    """(low, number of values) of the ranges of numeric length that v is confined to, also as −v of a tap."""
    for f in parts:
        match f:
            case Iverson(Ge(p)) if p.coefficient(v) == const(1):
                low = var(v) - p
                for g in parts:
                    if isinstance(g, Iverson) and isinstance(g.condition, Ge):
                        width = (g.condition.p + var(v) - low).constant()
                        if width is not None and width >= 0:
                            yield low, width + 1
            case Entry(Name(x), at):
                for p, ends in zip(at, chain.statement.facts.supports.get(x, ()), strict=False):
                    width = (ends[1] - ends[0]).constant() if ends is not None else None
                    if ends is not None and width is not None and p.coefficient(v) == const(sign):
                        yield (var(v) - p + ends[0] if sign > 0 else var(v) + p - ends[1]), width + 1
                    elif ends is not None and width is not None and sign > 0:
                        yield from _every(v, p, ends)
            case _:
                pass


def _every(v: str, p: Poly, ends: tuple[Poly, Poly]) -> Iterator[tuple[Poly, int]]:
    """The range of v where p = m (v + b) + r is within ends that are numbers, for a number m other than 0, ±1."""
    m, low, high = (q.constant() for q in (p.coefficient(v), *ends))
    if m is None or low is None or high is None or abs(m) < 2:
        return
    if m < 0:
        m, p, low, high = -m, -p, -high, -low
    r = p.constant_term() % m
    b = (p - m * var(v) - r).divide(const(m))
    first, last = -((r - low) // m), (high - r) // m
    if b is not None and first <= last:
        yield first - b, last - first + 1


def _enumerate(chain: Chain, path: Path, v: str, low: Poly, count: int) -> bool:
    e = chain.at(path)
    inner = (*path, 0)
    ends = Ge(var(v) - low), Ge(low + (count - 1) - var(v))
    if not _confined(chain, inner, ends):
        return False
    if not isinstance(e, Sum):
        return False
    if low.names() & set(e.indices):
        (u,) = chain.names.pick(1, "residue")
        same = {i: var(i) for i in e.indices if i != v}
        chain.do("reindex", path, forward={**same, v: low + var(u)}, inverse={**same, u: var(v) - low})
        v, low = u, const(0)
    chain.do("enumerate_range", path, index=v, low=low, count=count)
    chain.do("distribute", ())
    return True


def _confined(chain: Chain, place: Path, ends: tuple[Ge, Ge]) -> bool:
    """Make both ends of a range factors of a product; False where one is neither there nor implied."""
    return all(Iverson(end) in factors_of(chain.at(place)) or insert(chain, place, end)
               or insert(chain, place, end, certificate) for end in ends)  # fmt: skip


def _write_out_free(lonely: list[Place]) -> bool:
    """A free index that a term confines to a numeric range: the term is Σ_i [v = i] of itself, written out."""
    for chain, path, e in lonely:
        indices, parts = _parts(e)
        facts = chain.statement.facts
        free = {n for f in parts for p in own_polys(f) for n in p.names()} - {*indices, *facts.sizes, *facts.naturals}
        for v in sorted(free):
            if any(
                isinstance(f, Iverson) and isinstance(f.condition, Eq) and v in own_polys(f)[0].names() for f in parts
            ):
                continue
            for low, count in _ranges(chain, v, parts):
                if count <= LONGEST and low.constant() is not None and _spread(chain, path, v, low, count):
                    return True
    return False


def _spread(chain: Chain, path: Path, v: str, low: Poly, count: int) -> bool:
    """f = Σ_i [v = i] [low ≤ i ≤ high] f where f implies the range of v, then the range written out."""
    (i,) = chain.names.pick(1, "multiple")
    ends = Ge(var(v) - low), Ge(low + (count - 1) - var(v))
    inner = (*path, 0) if isinstance(chain.at(path), Sum) else path
    if not _confined(chain, inner, ends):
        return False
    chain.do("distribute", path)
    indices, parts = _parts(chain.at(path))
    moved = [Iverson(Ge(end.p.subs({v: var(i)}))) for end in ends]
    rest = [f for f in parts if f not in (Iverson(ends[0]), Iverson(ends[1]))]
    order = Mul((Iverson(ends[0]), Iverson(ends[1]), *rest))
    if Sum(indices, order) != chain.at(path) and order != chain.at(path):
        chain.undo("distribute", path, Sum(indices, order) if indices else order)
    new = Sum((*indices, i), Mul((Iverson(Eq(var(v) - var(i))), *moved, *rest)))
    chain.undo("sift", path, new, index=i, position=0)
    chain.do("enumerate_range", path, index=i, low=low, count=count)
    chain.do("distribute", ())
    return True


def vanish(lonely: list[Place]) -> bool:
    """A term whose conditions and supports contradict each other is 0."""
    return any(
        insert(chain, (*path, 0) if isinstance(e, Sum) else path, NEVER, certificate) for chain, path, e in lonely
    )


def _cut(lonely: list[Place]) -> bool:
    """Cut a term in two where a condition of another one holds and where not, if they are the same otherwise."""
    for chain, path, e in lonely:
        indices, parts = _parts(e)
        facts = chain.statement.facts
        known = bounds(parts, facts)
        for _, _, other in lonely:
            change = match(unranged(other), unranged(e), facts) if other is not e else None
            if change is None:
                continue
            ends = (p.subs(change.forward) for f in _parts(other)[1] if (p := inequality(f)) is not None)
            for p in ends:
                if p not in known and not (certificate(p, known, facts) or certificate(-1 - p, known, facts)):
                    chain.do("cases", (*path, 0) if indices else path, p=p)
                    chain.do("distribute", ())
                    return True
    return False


def _split_free(lonely: list[Place]) -> bool:
    """Split by residue a free index v where a term reads f[v + M (…)]: it steps over every M-th entry from v on."""
    for chain, path, e in lonely:
        indices, parts = _parts(e)
        facts, met = chain.statement.facts, _moduli(e)
        for p in (p for f in parts if isinstance(f, Entry) for p in own_polys(f)):
            steps = [p.coefficient(i).constant() for i in sorted(p.names() & set(indices))]
            m = gcd(*(s or 1 for s in steps)) if steps else 1
            free = p.names() - {*indices, *facts.sizes, *facts.naturals, *met}
            for v in sorted(v for v in free if p.coefficient(v).constant() in (1, -1)):
                if 1 < m <= LONGEST:
                    _split_at(chain, path, e, v, "", m)
                    return True
    return False


def unranged(e: Expr) -> Term:
    """The term without its inequalities and its number."""
    indices, parts = _parts(e)
    kept = tuple(f for f in parts if not isinstance(f, Const) and inequality(f) is None)
    return Term(Fraction(1), indices, kept)


def inequality(f: Expr) -> Poly | None:
    """The p of [p ≥ 0]."""
    return f.condition.p if isinstance(f, Iverson) and isinstance(f.condition, Ge) else None


def _moduli(e: Expr) -> dict[str, tuple[int, str]]:
    """For each free index v the numeric M and the bound q of a condition v = M q + …."""
    indices, parts = _parts(e)
    out: dict[str, tuple[int, str]] = {}
    for f in parts:
        if isinstance(f, Iverson) and isinstance(f.condition, Eq):
            p = f.condition.p
            bound = [v for v in p.names() if v in indices]
            free = [v for v in p.names() if v not in indices and p.coefficient(v).constant() in (1, -1)]
            if len(bound) == 1 and len(free) == 1:
                m = p.coefficient(bound[0]).constant()
                if m is not None and abs(m) > 1:
                    out[free[0]] = (abs(m), bound[0])
    return out


def _same_modulus(lonely: list[Place]) -> bool:
    """Bring the conditions v = M q + r on a free index to one modulus."""
    wanted: dict[str, int] = {}
    for _, _, e in lonely:
        for v, (m, _) in _moduli(e).items():
            wanted[v] = lcm(wanted.get(v, 1), m)
    for v, whole in wanted.items():
        if whole > LONGEST:
            continue
        for chain, path, e in lonely:
            m, q = _moduli(e).get(v, (1, ""))
            if m == whole:
                continue
            if not q and v not in index_names(e):
                continue
            _split_at(chain, path, e, v, q, whole // m)
            return True
    return False


def _split_at(chain: Chain, path: Path, e: Expr, v: str, q: str, modulus: int) -> None:
    """Split by residue the bound index q of a term, or its free index v where q is empty; write the residues out."""
    quotient, remainder = chain.names.pick(1, "multiple") + chain.names.pick(1, "multiple")
    if q:
        chain.do("split", path, index=q, quotient=quotient, remainder=remainder, modulus=const(modulus))
    else:
        names = {"p": var(v), "quotient": quotient, "remainder": remainder, "modulus": const(modulus)}
        chain.do("residues", path, **names)
        inside = chain.at(path)
        if (
            isinstance(inside, Sum)
            and isinstance(inside.body, Mul)
            and any(isinstance(f, Sum) for f in inside.body.factors)
        ):
            chain.do("distribute", path)
    chain.do("enumerate_range", path, index=remainder, low=Poly(()), count=modulus)
    chain.do("distribute", ())


def _split_bound(lonely: list[Place]) -> bool:
    """Split a bound index where terms of the other side step over every M-th tap."""
    steps: set[int] = set()
    for _, _, e in lonely:
        indices, parts = _parts(e)
        for p in (p for f in parts if isinstance(f, Entry) for p in own_polys(f)):
            steps |= {abs(m) for v in indices if (m := p.coefficient(v).constant() or 0) and abs(m) > 1}
    for m in sorted(steps):
        for chain, path, e in lonely:
            indices, parts = _parts(e)
            for v in indices:
                met = [p.coefficient(v).constant() for f in parts if isinstance(f, Entry) for p in own_polys(f)]
                if m <= LONGEST and met and all(c in (0, 1, -1) for c in met):
                    _split_at(chain, path, e, v, v, m)
                    return True
    return False
