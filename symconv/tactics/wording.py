"""Conditions as a person compares: what it is about on the left, remainders as such, two bounds as one range."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from symconv.expr.floors import is_floor, spoken
from symconv.expr.statement import Assumption, Unequal, polys
from symconv.expr.text import assumption
from symconv.index.conditions import Divides, Eq, Ge, sides
from symconv.index.poly import Poly, const
from symconv.tactics.presburger import remainder
from symconv.tactics.verdict import Conjunction

FLIPPED = {"<=": ">=", ">=": "<=", "<": ">", ">": "<", "==": "==", "!=": "!="}


@dataclass(frozen=True, slots=True)
class Comparison:
    """left sign right, or left mod m sign right; with `low`, low ≤ left too."""

    left: Poly
    sign: str
    right: Poly
    modulus: int = 0
    low: Poly | None = None
    below: str = "<="
    """The sign between `low` and the left side."""


def comparison(c: Assumption, outputs: Sequence[str] = ()) -> Comparison | None:
    """The condition as a comparison, with the outputs on its left; None where it is none between integers."""
    match c:
        case Divides(m, p) if m.constant() is not None:
            by = m.constant() or 1
            rest = p - p.constant_term()
            return Comparison(rest, "==", const(-p.constant_term() % by), by)
        case Ge(p):
            shown = remainder(p)
            if shown is not None and (value := shown[0].constant()) is not None:
                return _of_remainder(value, *shown[1:])
            return _apart(_lowest(p), ">=", outputs)
        case Eq(p):
            return _apart(_lowest(p), "==", outputs)
        case Unequal(p):
            return _apart(p, "!=", outputs)
        case _:
            return None


def _of_remainder(value: int, t: int, e: Poly, m: int) -> Comparison:
    """value + t·(e mod m) ≥ 0, as e mod m ≠ r where only one remainder is left out."""
    out = [r for r in range(m) if value + t * r < 0]
    rest = Poly(tuple((names, k) for names, c in e.terms if names and (k := c % m - m * (c % m > m // 2))))
    if len(out) == 1:
        return Comparison(rest, "!=", const((out[0] - e.constant_term()) % m), m)
    shifted = rest + e.constant_term() % m
    return Comparison(shifted, ">=" if t > 0 else "<=", const(out[-1] + 1 if t > 0 else out[0] - 1), m)


def _apart(p: Poly, sign: str, outputs: Sequence[str]) -> Comparison:
    """p sign 0 with the terms in the outputs on the left, or with fewest terms there and nothing subtracted."""
    moving = Poly(tuple(t for t in p.terms if any(set(outputs) & spoken((n,)) for n in t[0])))
    if moving.terms:
        if all(c < 0 for _, c in moving.terms):
            moving, p, sign = -moving, -p, FLIPPED[sign]
        left, right = moving, moving - p
    else:
        left, order, right = sides(Ge(p) if sign == ">=" else Eq(p))
        sign = order if sign == ">=" else sign
        if right.names() and (not left.names() or _length(right) < _length(left)):
            left, sign, right = right, FLIPPED[sign], left
    if sign == "<=" and right.names() and right.constant_term() == -1:
        return Comparison(left, "<", right + 1)
    if sign == ">=" and right.names() and right.constant_term() == 1:
        return Comparison(left, ">", right - 1)
    return Comparison(left, sign, right)


def _lowest(p: Poly) -> Poly:
    """Without a number that divides it: 3c ≤ 3p + 3 is c ≤ p + 1."""
    found = p.divide(const(p.content())) if p.terms else None
    return p if found is None else found


def _length(p: Poly) -> tuple[int, int]:
    return sum(is_floor(n) for n in p.names()), len(p.terms)


def speaks_of(c: Assumption, names: Iterable[str]) -> bool:
    """Whether a condition depends on one of some names, in a floor too."""
    wanted = set(names)
    return any(wanted & spoken(p.names()) for p in polys(c))


def compared(conjunction: Conjunction, outputs: Sequence[str] = ()) -> list[Comparison | Assumption]:
    """The conditions as comparisons, sizes after outputs, two bounds of one form as one range."""
    out: list[Comparison | Assumption] = []
    for c in conjunction:
        new = comparison(c, outputs)
        for i, old in enumerate(out):
            if new is not None and isinstance(old, Comparison) and (both := _range(old, new)) is not None:
                out[i] = both
                break
        else:
            out.append(c if new is None else new)
    return out


def _range(a: Comparison, b: Comparison) -> Comparison | None:
    """Both bounds in one, where they are a lower and an upper one of the same form."""
    if a.left != b.left or a.modulus != b.modulus or a.low is not None:
        return None
    low, high = (a, b) if a.sign in (">=", ">") else (b, a)
    if low.sign not in (">=", ">") or high.sign not in ("<=", "<"):
        return None
    return Comparison(a.left, high.sign, high.right, a.modulus, low.right, FLIPPED[low.sign])


def said(conjunction: Conjunction, outputs: Sequence[str] = ()) -> str:
    """Claim text of a conjunction; of none, 'always'."""
    return " and ".join(map(_text, compared(conjunction, outputs))) or "always"


def _text(c: Comparison | Assumption) -> str:
    if not isinstance(c, Comparison):
        return assumption(c)
    left = f"{_atom(c.left)} % {c.modulus}" if c.modulus else str(c.left)
    return f"{'' if c.low is None else f'{c.low} {c.below} '}{left} {c.sign} {c.right}"


def _atom(p: Poly) -> str:
    return str(p) if p.name() else f"({p})"


def disjunction(conjunctions: Iterable[Conjunction], outputs: Sequence[str] = ()) -> str:
    """Claim text of conjunctions of which one holds; of none, 'never'."""
    texts = [said(c, outputs) for c in conjunctions]
    return " or ".join(f"({t})" if " and " in t and len(texts) > 1 else t for t in texts) or "never"


Groups = list[tuple[Conjunction, list[Conjunction]]]


def grouped(conjunctions: Iterable[Conjunction], outputs: Sequence[str]) -> Groups:
    """What is said of the outputs, each once, with the conditions on sizes alone under which it is said."""
    found: dict[Conjunction, list[Conjunction]] = {}
    for conjunction in conjunctions:
        at = tuple(c for c in conjunction if speaks_of(c, outputs))
        found.setdefault(at, []).append(tuple(c for c in conjunction if c not in at))
    return list(found.items())
