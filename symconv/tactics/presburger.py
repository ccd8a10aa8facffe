"""Presburger sets: conditions that are linear in the integers, decided by isl; from conditions to sets and back.

A `Space` fixes the parameters (sizes, free indices) and has a budget of its own, after which isl gives up.  Products of
two names, powers and quotients by a size have no linear form: SearchError.  isl is an external solver: nothing here is
part of a proof.  Source: S. Verdoolaege, isl: an integer set library for the polyhedral model, 2010.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property, lru_cache
from math import gcd
from typing import TYPE_CHECKING

from symconv.errors import SearchError, assert_never
from symconv.expr.floors import floor, is_floor
from symconv.expr.floors import parts as parts_of_floor
from symconv.expr.statement import Assumption, Coprime, Nonnegative, Unequal
from symconv.index.conditions import Divides, Eq, Ge, decide
from symconv.index.poly import ZERO, Poly, const, total, var
from symconv.tactics.verdict import Conjunction

if TYPE_CHECKING:
    import islpy as isl

BUDGET = 1_000_000
"""How many steps isl may take for one question: below a second."""
LARGEST = 64
"""The largest number of which residues are listed."""
Ids = Mapping[str, str]


class Space:
    """Sets of integer tuples that depend on parameters."""

    def __init__(self, parameters: Sequence[str], budget: int = BUDGET) -> None:
        self.parameters = tuple(parameters)
        self.budget = budget
        self._known: dict[tuple[Assumption, tuple[str, ...]], isl.Set] = {}

    @cached_property
    def context(self) -> isl.Context:
        """What isl counts its steps in; isl is loaded when it is first asked."""
        import islpy

        found = islpy.Context()
        found.set_max_operations(self.budget)
        return found

    def renew(self) -> None:
        """Give isl its whole budget again, for another question."""
        self.context.reset_operations()

    @property
    def kinds(self) -> type[isl.dim_type]:
        """What isl calls parameters, coordinates and floors."""
        import islpy

        return islpy.dim_type

    @cached_property
    def _ids(self) -> dict[str, str]:
        return {name: f"p{i}" for i, name in enumerate(self.parameters)}

    def read(self, body: str) -> isl.Set:
        """The set of isl's text, of which the parameters are left out."""
        import islpy

        return islpy.Set.read_from_str(self.context, f"[{', '.join(self._ids.values())}] -> {{ {body} }}")

    def where(self, conditions: Iterable[Assumption], dims: tuple[str, ...] = ()) -> isl.Set:
        """The tuples of `dims` for which all conditions hold."""
        found = self.read(f"{_tuple(dims)} :")
        for c in conditions:
            known = self._known.get((c, dims))
            if known is None:
                ids = self._ids | {name: f"d{i}" for i, name in enumerate(dims)}
                known = self.read(f"{_tuple(dims)} : {said(c, ids)}")
                self._known[c, dims] = known
            found = found.intersect(known)
        return found

    def image(self, outputs: tuple[str, ...], indices: tuple[str, ...], places: Sequence[Poly],
              conditions: Iterable[Assumption]) -> str:  # fmt: skip
        """isl's text of {(outputs, places) : the conditions hold for some values of the indices}, to be read."""
        ids = self._ids | {n: f"o{i}" for i, n in enumerate(outputs)} | {n: f"i{i}" for i, n in enumerate(indices)}
        dims = [f"o{i}" for i in range(len(outputs))] + [f"d{i}" for i in range(len(places))]
        held = [f"d{i} = {linear(p, ids)}" for i, p in enumerate(places)] + [said(c, ids) for c in conditions]
        some = f"exists {', '.join(f'i{i}' for i in range(len(indices)))}: " if indices else ""
        return f"[{', '.join(dims)}] : {some}{' and '.join(held) or 'true'}"

    def require_linear(self, c: Assumption, dims: tuple[str, ...]) -> None:
        """SearchError for a condition that is not linear; isl is not asked."""
        said(c, self._ids | dict.fromkeys(dims, "d"))

    def smallest(self, s: isl.Set, dims: tuple[str, ...] = ()) -> dict[str, int] | None:
        """Integers in the set: the parameters with the least sum of sizes |p|, then the coordinates nearest to 0."""
        import islpy

        if s.is_empty():
            return None
        if s.is_params():
            s = s.from_params()
        count, kinds = len(self.parameters), self.kinds
        plain = s.move_dims(kinds.set, 0, kinds.param, 0, count).coalesce()
        names = [f"v{i}" for i in range(count + len(dims))]
        sizes = [f"a{i}" for i in range(len(names))]
        held = [f"({v} = {a} or {v} = -{a}) and {a} >= 0" for v, a in zip(names, sizes, strict=True)]
        held += [f"s = {'+'.join(sizes[:count]) or '0'}", f"t = {'+'.join(sizes[count:]) or '0'}"]
        after = ["s", "t", *sizes, *(f"w{i}" for i in range(len(names)))]
        held += [f"w{i} = v{i}" for i in range(len(names))]
        ranked = f"{{ [{', '.join(names)}] -> [{', '.join(after)}] : {' and '.join(held)} }}"
        least = plain.apply(islpy.Map.read_from_str(self.context, ranked)).lexmin().sample_point()
        first = 2 + len(names)
        values = [_whole(least.get_coordinate_val(kinds.set, first + i)) for i in range(len(names))]
        return dict(zip((*self.parameters, *dims), values, strict=True))

    def formula(self, s: isl.Set, dims: tuple[str, ...] = ()) -> list[Conjunction]:
        """Conjunctions of which at least one holds on the set and none elsewhere; those that always hold are left out.

        Existential variables become floors of quotients.
        """
        out: list[Conjunction] = []
        for part in s.compute_divs().get_basic_sets():
            found = [self._condition(c, dims) for c in part.get_constraints()]
            kept = dict.fromkeys(c for c in found if decide(c) is not True and not _of_floor(c))
            out.append(tuple(kept))
        return out

    def _condition(self, c: isl.Constraint, dims: tuple[str, ...]) -> Eq | Ge | Divides:
        kinds = self.kinds
        count = c.dim(kinds.div)
        used = [i for i in range(count) if _whole(c.get_coefficient_val(kinds.div, i))]
        floors = {i: _floor(c.get_div(i), self.parameters, dims, kinds) for i in used}
        p = const(c.get_constant_val().to_python())
        for kind, values in ((kinds.param, dict(enumerate(map(var, self.parameters)))),
                             (kinds.set, dict(enumerate(map(var, dims)))), (kinds.div, floors)):  # fmt: skip
            p = p + total(_whole(c.get_coefficient_val(kind, i)) * v for i, v in values.items())
        return tidy(Eq(p) if c.is_equality() else Ge(p))


def _tuple(dims: tuple[str, ...]) -> str:
    return f"[{', '.join(f'd{i}' for i in range(len(dims)))}]" if dims else ""


def _whole(value: isl.Val) -> int:
    return int(value.to_python())


def _floor(a: isl.Aff, parameters: tuple[str, ...], dims: tuple[str, ...], kinds: type[isl.dim_type]) -> Poly:
    """⌊a⌋ of an affine form with a denominator, in which other floors may stand."""
    by = a.get_denominator_val()
    p = const(_whole(a.get_constant_val().mul(by)))
    for kind, names in ((kinds.param, parameters), (kinds.in_, dims)):
        p = p + total(_whole(a.get_coefficient_val(kind, i).mul(by)) * var(n) for i, n in enumerate(names))
    for i in range(a.dim(kinds.div)):
        c = _whole(a.get_coefficient_val(kinds.div, i).mul(by))
        p = p + c * _floor(a.get_div(i), parameters, dims, kinds) if c else p
    return floor(p, const(_whole(by)))


def tidy(c: Eq | Ge) -> Eq | Ge | Divides:
    """e − r = m ⌊e/m⌋ as a divisibility, and a condition on a remainder that leaves one value too."""
    shown = remainder(c.p)
    if shown is None:
        return c
    rest, t, e, m = shown
    value = rest.constant()
    if value is None:
        return c
    left = [r for r in range(m) if (value + t * r == 0 if isinstance(c, Eq) else value + t * r >= 0)]
    if len(left) == m:
        return Eq(ZERO)
    if not left:
        return Eq(const(1))
    return Divides(const(m), reduced(e - left[0], m)) if len(left) == 1 else c


def reduced(p: Poly, m: int) -> Poly:
    """±p modulo m: coefficients between −m/2 and m/2, the first one positive; of N and c alone N − c modulo 2."""
    terms = [(names, c % m - m * (c % m > m // 2)) for names, c in p.terms if names and c % m]
    if m == 2 and len(terms) == 2:
        terms = [(terms[0][0], 1), (terms[1][0], -1)]
    sign = -1 if terms and terms[0][1] < 0 else 1
    return total(Poly(((names, sign * c),)) for names, c in terms) + sign * p.constant_term() % m


@lru_cache(maxsize=4096)
def remainder(p: Poly) -> tuple[Poly, int, Poly, int] | None:
    """(rest, t, e, m) with p = rest + t·(e mod m), where one floor ⌊e/m⌋ stands in p with a coefficient −t m."""
    floors = [(names[0], c) for names, c in p.terms if len(names) == 1 and is_floor(names[0])]
    if len(floors) != 1:
        return None
    ((name, c),) = floors
    e, by = parts_of_floor(name)
    m = by.constant()
    if m is None or c % m or any(map(is_floor, e.names())):
        return None
    t = -c // m
    return p - c * var(name) - t * e, t, e, m


def residues(c: Assumption) -> tuple[Poly, int, frozenset[int]] | None:
    """(e, m, S) for a condition that says  e mod m ∈ S, with e as `reduced` has it and without a constant."""
    match c:
        case Divides(m, p) if (by := m.constant()) is not None and by > 1:
            e, left = p, {0}
        case Ge(p) if (shown := remainder(p)) is not None and (value := shown[0].constant()) is not None:
            _, t, e, by = shown
            left = {r for r in range(by) if value + t * r >= 0}
        case _:
            return None
    plain = e - e.constant_term()
    short = reduced(plain, by)
    sign = (
        1
        if all((k - c) % by == 0 for (_, k), (_, c) in zip(_modulo(short, by), _modulo(plain, by), strict=True))
        else -1
    )
    return short, by, frozenset(sign * (r - e.constant_term()) % by for r in left)


def _modulo(p: Poly, m: int) -> list[tuple[tuple[str, ...], int]]:
    return [(names, c) for names, c in p.terms if c % m]


def of_residues(e: Poly, m: int, allowed: frozenset[int]) -> Eq | Ge | Divides | None:
    """The condition e mod m ∈ S, where S is a range that may run over m − 1 to 0; None where it is not."""
    if not allowed or len(allowed) == m:
        return Eq(const(int(not allowed)))
    first = next(r for r in sorted(allowed) if (r - 1) % m not in allowed)
    if any((first + i) % m not in allowed for i in range(len(allowed))):
        return None
    if len(allowed) == 1:
        return Divides(const(m), e - first)
    if first and (first + len(allowed)) % m == 0:
        return Ge(e - m * floor(e, const(m)) - first)
    shifted = e - first
    return Ge(len(allowed) - 1 - shifted + m * floor(shifted, const(m)))


def _of_floor(c: Eq | Ge | Divides) -> bool:
    """Whether a condition only says that a remainder is one."""
    shown = remainder(c.p) if isinstance(c, Ge) else None
    return shown is not None and (value := shown[0].constant()) is not None and min(
        value, value + shown[1] * (shown[3] - 1)) >= 0  # fmt: skip


def said(c: Assumption, ids: Ids) -> str:
    """A condition as isl's text; SearchError where it is not linear."""
    match c:
        case Eq(p):
            return f"{linear(p, ids)} = 0"
        case Ge(p):
            return f"{linear(p, ids)} >= 0"
        case Divides(m, p):
            by = m.constant()
            if not by:
                raise SearchError(f"{m} divides {p}: the divisor is no number")
            return f"({linear(p, ids)}) mod {abs(by)} = 0"
        case Unequal(p):
            return f"{linear(p, ids)} != 0"
        case Coprime(p, q):
            p, by = (q, p.constant()) if p.constant() else (p, q.constant())
            if not by or abs(by) > LARGEST:
                raise SearchError(f"{p} and {q} without common factor: not linear")
            coprime = (r for r in range(abs(by)) if gcd(r, by) == 1)
            return f"({' or '.join(f'({linear(p, ids)}) mod {abs(by)} = {r}' for r in coprime)})"
        case Nonnegative():  # It says nothing of integers.
            return "true"
        case _:
            assert_never(c)
    return ""


def linear(p: Poly, ids: Ids) -> str:
    """A polynomial as isl's text; SearchError where it is not linear with floors of linear forms by numbers."""
    out: list[str] = []
    for names, c in p.terms:
        if len(names) > 1:
            raise SearchError(f"{p} is not linear")
        name = "".join(names)
        if not name:
            out.append(str(c))
        elif name in ids:
            out.append(f"{c}*{ids[name]}")
        elif is_floor(name):
            inner, by = parts_of_floor(name)
            if by.constant() is None:
                raise SearchError(f"{name}: the divisor is no number")
            out.append(f"{c}*floor(({linear(inner, ids)})/{by.constant()})")
        else:
            raise SearchError(f"{name} is no integer here")
    return f"({' + '.join(out)})" if out else "0"


def conditions_of(conjunctions: Iterable[Conjunction]) -> Iterator[Assumption]:
    """All conditions, each once."""
    yield from dict.fromkeys(c for conjunction in conjunctions for c in conjunction)
