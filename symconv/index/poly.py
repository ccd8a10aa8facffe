"""Integer polynomials in sizes and indices, as plain sorted tuples.

A `Poly` is Σ c·(product of names) with integer c; indices are those names that some sum binds, sizes and free
indices the others: the distinction is made where it matters, not here.  Values are immutable, hashable and in one
canonical form (monomials sorted by degree, then by name), so `==` decides equality of polynomials.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping

Monomial = tuple[str, ...]


class Poly:
    """An integer polynomial; build with `const`, `var` or arithmetic."""

    __slots__ = ("_hash", "_names", "terms")

    terms: tuple[tuple[Monomial, int], ...]

    def __init__(self, terms: tuple[tuple[Monomial, int], ...]) -> None:
        self.terms = terms
        self._hash = hash(terms)
        self._names: frozenset[str] | None = None

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Poly) and self._hash == other._hash and self.terms == other.terms

    def __hash__(self) -> int:
        return self._hash

    def __repr__(self) -> str:
        return f"Poly({self})"

    def __str__(self) -> str:
        return render(self)

    def _sympy_(self) -> object:
        """What `sympy.sympify` takes it for, so that sizes and SymPy symbols combine."""
        import sympy  # pyright: ignore[reportMissingTypeStubs]  (it has none)

        return sympy.Add(*(sympy.Mul(c, *(sympy.Symbol(n, integer=True) for n in m)) for m, c in self.terms))

    def __pow__(self, exponent: int) -> Poly:
        out = ONE
        for _ in range(exponent):
            out = out * self
        return out

    def __add__(self, other: Poly | int) -> Poly:
        if isinstance(other, int):
            other = const(other)
        elif not isinstance(other, Poly):  # pyright: ignore[reportUnnecessaryIsInstance]  (users add SymPy's)
            return NotImplemented
        if not other.terms:
            return self
        if not self.terms:
            return other
        total = dict(self.terms)
        for monomial, coefficient in other.terms:
            total[monomial] = total.get(monomial, 0) + coefficient
        return _from(total)

    __radd__ = __add__

    def __neg__(self) -> Poly:
        return Poly(tuple((m, -c) for m, c in self.terms))

    def __sub__(self, other: Poly | int) -> Poly:
        return self + (-1 * other)

    def __rsub__(self, other: int) -> Poly:
        return const(other) - self

    def __mul__(self, other: Poly | int) -> Poly:
        if isinstance(other, int):
            if other == 1:
                return self
            return Poly(tuple((m, c * other) for m, c in self.terms)) if other else ZERO
        if not isinstance(other, Poly):  # pyright: ignore[reportUnnecessaryIsInstance]  (users multiply SymPy's)
            return NotImplemented
        if other.terms == _ONE:
            return self
        if self.terms == _ONE:
            return other
        total: dict[Monomial, int] = {}
        for m1, c1 in self.terms:
            for m2, c2 in other.terms:
                m = tuple(sorted(m1 + m2)) if m1 and m2 else m1 or m2
                total[m] = total.get(m, 0) + c1 * c2
        return _from(total)

    __rmul__ = __mul__

    def names(self) -> frozenset[str]:
        """Every name that occurs."""
        if self._names is None:
            self._names = frozenset(name for monomial, _ in self.terms for name in monomial)
        return self._names

    def constant(self) -> int | None:
        """The value of a constant polynomial, else None."""
        if not self.terms:
            return 0
        if len(self.terms) == 1 and not self.terms[0][0]:
            return self.terms[0][1]
        return None

    def name(self) -> str | None:
        """The name, if this is one name with coefficient 1."""
        if len(self.terms) == 1:
            monomial, c = self.terms[0]
            if c == 1 and len(monomial) == 1:
                return monomial[0]
        return None

    def content(self) -> int:
        """The greatest common divisor of the coefficients (0 for the zero polynomial)."""
        return math.gcd(*(c for _, c in self.terms))

    def constant_term(self) -> int:
        """The coefficient of the empty monomial."""
        return next((c for m, c in self.terms if not m), 0)

    def content_without_constant(self) -> int:
        """The greatest common divisor of the coefficients of the non-constant monomials."""
        return math.gcd(*(c for m, c in self.terms if m))

    def subs(self, values: Mapping[str, Poly]) -> Poly:
        """Substitute polynomials for names, all at once."""
        if self.names().isdisjoint(values):
            return self
        total: dict[Monomial, int] = {}
        for monomial, coefficient in self.terms:
            if not any(n in values for n in monomial):
                total[monomial] = total.get(monomial, 0) + coefficient
                continue
            rest = tuple(n for n in monomial if n not in values)
            product = Poly(((rest, coefficient),))
            for n in monomial:
                if n in values:
                    product = product * values[n]
            for m, c in product.terms:
                total[m] = total.get(m, 0) + c
        return _from(total)

    def evaluate(self, values: Mapping[str, int]) -> int:
        """The integer value at concrete names."""
        total = 0
        for monomial, coefficient in self.terms:
            for n in monomial:
                coefficient *= values[n]
            total += coefficient
        return total

    def coefficient(self, name: str) -> Poly:
        """The coefficient of the first power of `name` (a polynomial without `name` if linear in it)."""
        found: dict[Monomial, int] = {}
        for monomial, c in self.terms:
            if name in monomial:
                rest = list(monomial)
                rest.remove(name)
                found[tuple(rest)] = c
        return _from(found) if found else ZERO

    def affine(self, names: Iterable[str]) -> tuple[dict[str, Poly], Poly] | None:
        """(coefficients, rest) with self = Σ coefficients[v]·v + rest over `names`; None if not affine in them."""
        wanted = set(names)
        if self.names().isdisjoint(wanted):
            return {}, self
        parts: dict[str, dict[Monomial, int]] = {}
        rest: dict[Monomial, int] = {}
        for monomial, c in self.terms:
            inside = [n for n in monomial if n in wanted]
            if not inside:
                rest[monomial] = c
            elif len(inside) == 1:
                parts.setdefault(inside[0], {})[tuple(n for n in monomial if n != inside[0])] = c
            else:
                return None
        return {n: _from(p) for n, p in parts.items()}, _from(rest)

    def divide(self, divisor: Poly) -> Poly | None:
        """The exact quotient in ℤ[names], or None."""
        if not divisor.terms:
            return None
        quotient: dict[Monomial, int] = {}
        rest = self
        lead_m, lead_c = max(divisor.terms, key=_order)
        while rest.terms:
            m, c = max(rest.terms, key=_order)
            left = _without(m, lead_m)
            if left is None or c % lead_c:
                return None
            quotient[left] = quotient.get(left, 0) + c // lead_c
            rest = rest - Poly(((left, c // lead_c),)) * divisor
        return _from(quotient)


def _order(term: tuple[Monomial, int]) -> tuple[int, Monomial]:
    """Degree first, then the names: a monomial order up to ties that `divide` only meets exactly."""
    return len(term[0]), term[0]


def _without(monomial: Monomial, part: Monomial) -> Monomial | None:
    rest = list(monomial)
    for name in part:
        if name not in rest:
            return None
        rest.remove(name)
    return tuple(rest)


def _from(total: dict[Monomial, int]) -> Poly:
    items = [t for t in total.items() if t[1]]
    if len(items) > 1:
        items.sort(key=_print_order)
    return Poly(tuple(items))


def _print_order(term: tuple[Monomial, int]) -> tuple[int, Monomial]:
    return -len(term[0]), term[0]


_ONE = (((), 1),)
ZERO = Poly(())
ONE = Poly(_ONE)


def const(value: int) -> Poly:
    """The constant polynomial."""
    return Poly((((), value),)) if value else ZERO


def var(name: str) -> Poly:
    """The polynomial that is one name."""
    return Poly((((name,), 1),))


def poly(value: Poly | int | str) -> Poly:
    """A polynomial from a polynomial, an integer or a name."""
    if isinstance(value, Poly):
        return value
    return const(value) if isinstance(value, int) else var(value)


def total(values: Iterable[Poly]) -> Poly:
    """The sum."""
    out = ZERO
    for value in values:
        out = out + value
    return out


def render(p: Poly) -> str:
    """Claim text, e.g. `3*c - 2`."""
    if not p.terms:
        return "0"
    out = ""
    for monomial, c in sorted(p.terms, key=lambda t: (t[1] < 0, *_print_order(t))):
        body = "*".join(powers(monomial))
        size = str(abs(c)) if not body else body if abs(c) == 1 else f"{abs(c)}*{body}"
        sign = ("-" if c < 0 else "") if not out else (" - " if c < 0 else " + ")
        out += sign + size
    return out


def powers(monomial: Monomial) -> Iterator[str]:
    """The factors of a monomial as claim text, equal names as powers."""
    for name in dict.fromkeys(monomial):
        n = monomial.count(name)
        if "**" in name:  # A power of a power would be read as one with another exponent.
            yield from (name,) * n
            continue
        yield name if n == 1 else f"{name}**{n}"
