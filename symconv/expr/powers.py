"""Powers of sizes with symbolic exponents: s**r is one size, written `s**r`, and known to be s·s**(r − 1) only here.

An exponent is a sum of names and numbers, so s**(r + 1) is s·s**r, and each power has one name for its exponent.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from symconv.errors import StatementError
from symconv.index.poly import ONE, Poly, var


def power(base: Poly, exponent: Poly) -> Poly:
    """base**exponent for a named base; StatementError where the exponent is not a sum of names with counts ≥ 0."""
    out = ONE
    for names, count in exponent.terms:
        if len(names) > 1 or count < 0 or (names and base.name() is None):
            raise StatementError(f"({base})**({exponent}): a size to a sum of names and numbers is known")
        factor = var(f"{base}**{names[0]}") if names else base
        for _ in range(count):
            out = out * factor
    return out


def split(name: str) -> tuple[str, str] | None:
    """(s, r) for the power s**r; None for a plain name."""
    base, mark, exponent = name.partition("**")
    return (base, exponent) if mark and base.isidentifier() else None


def spelled(names: Iterable[str]) -> set[str]:
    """The names, and those that powers among them are made of."""
    out = set(names)
    for name in list(out):
        out.update(split(name) or ())
    return out


def with_powers(values: Mapping[str, Poly], names: Iterable[str]) -> dict[str, Poly]:
    """The values, and what they make of the powers among some names."""
    out = dict(values)
    for name in names:
        parts = split(name)
        if parts is not None and (parts[0] in values or parts[1] in values):
            out[name] = power(values.get(parts[0], var(parts[0])), values.get(parts[1], var(parts[1])))
    return out


def known_powers(integers: Mapping[str, int], names: Iterable[str]) -> dict[str, int]:
    """Concrete integers, with the powers among some names whose base and exponent are among them."""
    out = dict(integers)
    for name in names:
        parts = split(name)
        if parts is not None and parts[0] in integers and parts[1] in integers:
            out[name] = integers[parts[0]] ** integers[parts[1]]
    return out
