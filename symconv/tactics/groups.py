"""Two numbers in one block of length m have the same quotient: 0 ≤ m a + r < m and 0 ≤ r < m leave only a = 0.

This is what groups of channels, pixel shuffles and nearest neighbours need: an equality from four inequalities.
"""

from __future__ import annotations

from collections.abc import Iterator

from symconv.errors import RuleError
from symconv.expr.floors import floor, is_floor
from symconv.expr.nodes import Expr, Iverson, Mul, Sum, factors_of, product
from symconv.expr.traverse import Path, index_names, substitute
from symconv.index.conditions import Eq, Ge, positive_form
from symconv.index.facts import Facts
from symconv.index.poly import ONE, ZERO, Poly, total, var
from symconv.tactics import evidence
from symconv.tactics.chain import Chain
from symconv.tactics.farkas import certificate


def one_multiple(chain: Chain, inner: Path, parts: tuple[Expr, ...], known: list[Poly],
                 indices: tuple[str, ...]) -> bool:  # fmt: skip
    """f = [a = 0] f, where a has a bound index that it can be solved for; False where nothing is found."""
    facts = chain.statement.facts
    equal = {q for f in parts if isinstance(f, Iverson) and isinstance(f.condition, Eq)
             for q in (f.condition.p, -f.condition.p)}  # fmt: skip
    ranges = list(_blocks([p for p in known if p not in equal], facts))
    for m, p in ranges:
        for a in _quotients(m, p, ranges):
            condition = positive_form(Eq(a))
            solvable = any(a.coefficient(v).constant() in (1, -1) for v in indices)
            if not solvable or Iverson(condition) in parts:
                continue
            ends = [evidence.find(m * q + m - 1, known, facts) for q in (condition.p, -condition.p)]
            if ends[0] is not None and ends[1] is not None:
                new = Mul((*parts, Iverson(condition)))
                chain.undo("imply", inner, new, condition=condition, evidence=ends[0], opposite=ends[1], scale=m)
                return True
    return False


def one_quotient(chain: Chain, inner: Path, parts: tuple[Expr, ...], known: list[Poly],
                 indices: tuple[str, ...]) -> bool:  # fmt: skip
    """f = [q = ⌊p/m⌋] f, where [0 ≤ p − m q < m] or [p = m q] confines q, and the statement speaks of that floor."""
    facts = chain.statement.facts
    floors = {n for n in chain.statement.opaque if is_floor(n)}
    for q, m, p in _divided(parts, indices, facts) if floors else ():
        whole = floor(p, m)
        condition = positive_form(Eq(var(q) - whole))
        if not floors & whole.names() or set(filter(is_floor, whole.names())) - floors or Iverson(condition) in parts:
            continue
        ends = [evidence.find(m * a + m - 1, known, facts) for a in (condition.p, -condition.p)]
        if ends[0] is not None and ends[1] is not None:
            new = Mul((*parts, Iverson(condition)))
            chain.undo("imply", inner, new, condition=condition, evidence=ends[0], opposite=ends[1], scale=m)
            return True
    return False


def _divided(parts: tuple[Expr, ...], indices: tuple[str, ...], facts: Facts) -> Iterator[tuple[str, Poly, Poly]]:
    """(q, m, p) with m ≥ 1, where the factors say that the bound index q is ⌊p/m⌋, and p is free of bound indices."""
    exact = (f.condition.p for f in parts if isinstance(f, Iverson) and isinstance(f.condition, Eq))
    for m, p in (*_blocks(_inequalities(parts), facts), *((ONE, r) for e in exact for r in (e, -e))):
        for q in indices:
            by = -p.coefficient(q)
            rest = p + by * var(q)
            if by != ONE and m in (by, ONE) and facts.at_least_one(by) and not rest.names() & set(indices):
                yield q, by, rest


def pinned(chain: Chain, inner: Path, parts: tuple[Expr, ...], known: list[Poly], indices: tuple[str, ...]) -> bool:
    """f = [v = a] f, where v is at most a, and what else is known says that it is at least a, or the other way round.

    So Σ_j k[j] k[3c − 3 − 2j] with c taps is the one term with j = c − 1.
    """
    facts = chain.statement.facts
    for v in indices:
        near = [i for i, p in enumerate(known) if v in p.names() and p.names() <= facts.sizes | facts.naturals | {v}]
        for i in near if len(near) > 2 else ():
            condition = positive_form(Eq(known[i]))
            if known[i].coefficient(v).constant() not in (1, -1) or Iverson(condition) in parts:
                continue
            found = certificate(-known[i], [known[j] for j in near], facts)
            if found is not None:
                back = {near[j]: factor for j, factor in found.evidence.items()}
                ends = {i: found.scale}, back
                there, opposite = ends if condition.p == known[i] else ends[::-1]
                new = Mul((*parts, Iverson(condition)))
                why = evidence.Certificate(there, found.scale).arguments
                chain.undo("imply", inner, new, condition=condition, opposite=opposite, **why)
                return True
    return False


def counted(chain: Chain, path: Path, indices: tuple[str, ...], parts: tuple[Expr, ...]) -> bool:
    """Σ_i [a ≤ i ≤ a + c − 1] f = c f, where nothing else depends on i; the sum is made to begin at 0 first."""
    for i in indices:
        used = [f for f in parts if i in index_names(f)]
        ends = [f.condition.p for f in used if isinstance(f, Iverson) and isinstance(f.condition, Ge)]
        lows = [var(i) - p for p in ends if p.coefficient(i) == ONE]
        tops = [p + var(i) + 1 for p in ends if p.coefficient(i) == -ONE]
        loose = any(p.names() & set(indices) for p in (*lows, *tops))
        if len(used) != 2 or len(lows) != 1 or len(tops) != 1 or loose:
            continue
        moved = chain.fork()
        try:
            if lows[0] != ZERO:
                same = {v: var(v) for v in indices}
                moved.do("reindex", path, forward={**same, i: var(i) + lows[0]}, inverse={**same, i: var(i) - lows[0]})
            done = moved.do("count", path, index=i, number=tops[0] - lows[0])
        except RuleError:
            continue
        chain.continue_as(moved)
        return done
    return False


def only_one(chain: Chain, path: Path, indices: tuple[str, ...], parts: tuple[Expr, ...]) -> bool:
    """Σ_q [0 ≤ p − m q < m] f = f, where f is free of q: there is one such q."""
    for m, p in _blocks(_inequalities(parts), chain.statement.facts):
        ends = (Iverson(Ge(p)), Iverson(Ge(m - 1 - p)))
        rest = tuple(f for f in parts if f not in ends)
        for q in indices:
            whole = p + m * var(q)
            if q in whole.names() or any(q in index_names(f) for f in rest):
                if q not in whole.names() and _taken_along(chain, path, q, indices, rest):
                    return True
                continue
            others = tuple(i for i in indices if i != q)
            (r,) = chain.names.pick(1, "residue")
            place, f = ((*path, 0), product(rest)) if others else (path, product(rest))
            within = Iverson(Ge(var(r))), Iverson(Ge(m - 1 - var(r)))
            hit = Iverson(Eq(whole - m * var(q) - var(r)))
            one = Sum((q,), Mul((*ends, *factors_of(f))))
            chain.undo("distribute", path, Sum(others, one) if others else one)
            chain.undo("sift", place, Sum((q, r), Mul((hit, *within, *factors_of(f)))), index=r, position=0)
            chain.undo("residues", place, f, p=whole, quotient=q, remainder=r, modulus=m)
            return True
    return False


def _taken_along(chain: Chain, path: Path, q: str, indices: tuple[str, ...], rest: tuple[Expr, ...]) -> bool:
    """Σ_q Σ_r f(q + r) = Σ_q Σ_r f(r): another bound index takes q along wherever q stands in f."""
    same = {v: var(v) for v in indices}
    for r in (v for v in indices if v != q):
        for moved in (var(r) - var(q), var(r) + var(q)):
            if not any(q in index_names(substitute(f, {r: moved})) for f in rest):
                return chain.do("reindex", path, forward={**same, r: moved}, inverse={**same, r: 2 * var(r) - moved})
    return False


def _inequalities(parts: tuple[Expr, ...]) -> list[Poly]:
    """The p of factors [p ≥ 0]."""
    return [f.condition.p for f in parts if isinstance(f, Iverson) and isinstance(f.condition, Ge)]


def _blocks(found: list[Poly], facts: Facts) -> Iterator[tuple[Poly, Poly]]:
    """(m, p) where p ≥ 0 and m − 1 − p ≥ 0 are among these."""
    ends: dict[Poly, list[Poly]] = {}
    for p in found:
        ends.setdefault(_moving(p, facts), []).append(p)
    for p in found:
        for q in ends.get(-_moving(p, facts), ()) if p.names() - facts.sizes else ():
            m = p + q + 1
            if len(m.terms) == 1 and m.names() <= facts.sizes and facts.at_least_one(m):
                yield m, p


def _moving(p: Poly, facts: Facts) -> Poly:
    """The terms that are not made of sizes alone."""
    return Poly(tuple(t for t in p.terms if not facts.sizes.issuperset(t[0])))


def _quotients(m: Poly, p: Poly, ranges: list[tuple[Poly, Poly]]) -> Iterator[Poly]:
    """What may be 0: the difference to another number in such a block over m, or the multiple of m in p."""
    for n, other in ranges:
        if n == m and other != p:
            a = (p - other).divide(m)
            if a is not None:
                yield a
    multiple = total(Poly((t,)) for t in p.terms if Poly((t,)).divide(m) is not None)
    a = multiple.divide(m)
    if a is not None and a.names():
        yield a


def moduli(p: Poly, known: list[Poly], facts: Facts) -> list[Poly]:
    """Sizes by which p may be multiplied to follow from what is known: they stand there beside a name of p."""
    unknown = p.names() - facts.sizes - facts.naturals
    found = {n for q in known for names, _ in q.terms if len(names) == 2 and set(names) & unknown for n in names}
    return [var(n) for n in sorted(found & facts.sizes)] if len(unknown) == 1 else []
