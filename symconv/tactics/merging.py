"""Two indices that only occur as m q + r, with 0 ≤ r < m, are one index."""

from __future__ import annotations

from symconv.expr.nodes import Entry, Expr, Iverson, Mul, Name, Sum, factors_of, product
from symconv.expr.traverse import Path, own_polys, substitute, walk
from symconv.index.conditions import Ge
from symconv.index.poly import Poly, var
from symconv.tactics.chain import Chain
from symconv.tactics.evidence import insert
from symconv.tactics.farkas import certificate, drop


def merge(chain: Chain, path: Path, indices: tuple[str, ...], parts: tuple[Expr, ...]) -> bool:
    """Σ_q Σ_r [0 ≤ r < m] f(m q + r) = Σ_i f(i), where f meets q and r only in m q + r."""
    for r in indices:
        low = Iverson(Ge(var(r)))
        if low not in parts:
            continue
        for high in parts:
            modulus = (
                high.condition.p + var(r) + 1 if isinstance(high, Iverson) and isinstance(high.condition, Ge) else None
            )
            if modulus is None or high == low or modulus.names() & set(indices):
                continue
            if not chain.statement.facts.at_least_one(modulus):
                continue
            rest = tuple(f for f in parts if f not in (low, high))
            for q in indices:
                if q != r and _through(q, r, modulus, rest):
                    _undo_split(chain, path, indices, rest, q, r, modulus)
                    return True
                if q != r and _ranged_together(chain, path, rest, q, r, modulus):
                    return True
    return False


def _ranged_together(chain: Chain, path: Path, parts: tuple[Expr, ...], q: str, r: str, m: Poly) -> bool:
    """[l ≤ q ≤ h] = [m l ≤ m q + r ≤ m h + m − 1] for 0 ≤ r < m, where q has a range of its own."""
    ends = [f.condition for f in parts if isinstance(f, Iverson) and isinstance(f.condition, Ge)
            and f.condition.p.coefficient(q).constant() in (1, -1) and r not in f.condition.p.names()]  # fmt: skip
    rest = tuple(f for f in parts if not isinstance(f, Iverson) or f.condition not in ends)
    if not ends or not _through(q, r, m, rest):
        return False
    trial = chain.fork()
    for end in ends:
        more = var(r) if end.p.coefficient(q).constant() == 1 else m - 1 - var(r)
        if not insert(trial, (*path, 0), Ge(m * end.p + more), certificate) or not drop(trial, (*path, 0), end):
            return False
    chain.continue_as(trial)
    return True


def _through(q: str, r: str, modulus: Poly, parts: tuple[Expr, ...]) -> bool:
    """Whether the parts meet q and r only in the form m q + r."""
    met = False
    for f in parts:
        if not isinstance(f, Entry | Iverson) or (isinstance(f, Entry) and not isinstance(f.x, Name)):
            if any({q, r} & p.names() for _, node in walk(f) for p in own_polys(node)):
                return False
            continue
        for p in own_polys(f):
            split = p.affine((q, r))
            if split is None:
                return False
            zero = Poly(())
            a, b = split[0].get(q, zero), split[0].get(r, zero)
            if a != modulus * b:
                return False
            met = met or bool(b.terms)
    return met


def _undo_split(chain: Chain, path: Path, indices: tuple[str, ...], rest: tuple[Expr, ...], q: str, r: str,
                modulus: Poly) -> None:  # fmt: skip
    (i,) = chain.names.pick(1)
    value = {q: Poly(()), r: var(i)}
    merged = product(tuple(substitute(f, value) for f in rest))
    others = tuple(j for j in indices if j not in (q, r))
    whole = Sum((*others, i), merged)
    inside = factors_of(substitute(merged, {i: modulus * var(q) + var(r)}))
    spread = Sum((*others, q, r), Mul((Iverson(Ge(var(r))), Iverson(Ge(modulus - 1 - var(r))), *inside)))
    if spread != chain.at(path):
        chain.undo("distribute", path, spread)
    chain.undo("split", path, whole, index=i, quotient=q, remainder=r, modulus=modulus)
