"""Every theorem of the library on concrete sizes, by SymPy polynomials; refuted ones differ there."""

from __future__ import annotations

from fractions import Fraction

import pytest
import sympy

from symconv.errors import StatementError
from symconv.expr.claim import read_statement
from symconv.instances.bridge import from_sympy, poly_to_sympy, to_sympy
from symconv.instances.expand import expand
from symconv.instances.show import as_data, as_text
from symconv.library import catalogue
from symconv.library.entry import Entry
from symconv.tactics.prove import prove

ENTRIES = [e for _, entries in catalogue.TOPICS for e in entries]
SIZES = ({}, {"c": 1}, {"c": 2, "s": 3}, {"c": 4, "s": 1}, {"t": 3, "e": 1})


@pytest.mark.parametrize("entry", [e for e in ENTRIES if e.verdict == "proved"], ids=lambda e: e.name)
def test_theorems_hold_on_instances(entry: Entry) -> None:
    if catalogue.statement(entry).nonnegative:
        with pytest.raises(StatementError, match="assumed of real numbers"):
            expand(catalogue.statement(entry))
        return
    statement = catalogue.statement(entry)
    tried = 0
    for sizes in (dict(entry.instance), *SIZES):
        known = {n: v for n, v in sizes.items() if n in statement.declarations}
        try:
            instance = expand(statement, known)
        except StatementError:
            assert statement.assumptions
            continue
        assert instance.agrees
        tried += 1
    assert tried >= 2


@pytest.mark.parametrize("entry", [e for e in ENTRIES if e.verdict == "refuted"], ids=lambda e: e.name)
def test_refuted_claims_differ_on_their_example(entry: Entry) -> None:
    statement = catalogue.statement(entry)
    example = prove(statement).counterexample
    assert example is not None
    sizes = {n: v for n, v in example.integers.items() if n in statement.declarations}
    assert not expand(statement, {**sizes, "N": 12}).agrees


def test_the_merged_kernel_of_three_taps() -> None:
    instance = expand(catalogue.statement(catalogue.find("two-strided-layers")), {"c": 3, "N": 8})
    k0, k1, k2 = sympy.symbols("k0 k1 k2")
    values = [v for _, v in instance.kernel]
    assert values == [k0**2, k0 * k1, k0 * k2 + k0 * k1, k1**2, k1 * k2 + k0 * k2, k1 * k2, k2**2]
    assert "3 of 3 outputs agree" in as_text(instance)
    assert as_data(instance)["agrees"] is True


def test_monomials_carry_places_and_coefficients() -> None:
    instance = expand(read_statement("2*conv(x, k) == conv(x, k) + conv(x, k)", ("k: kernel[1]",)), {"N": 2})
    assert instance.worked()[2][0] == ((0,), [(Fraction(2), [("k", (0,)), ("x", (0,))])])


@pytest.mark.parametrize(
    ("sizes", "message"),
    [
        ({"c": 0}, "c must be at least 1"),
        ({"z": 3}, "no size z; it has c, N"),
        ({"c": 10**9}, "too large"),
        ({"N": 0}, "number of samples"),
        ({"c": 600, "N": 4000}, "too large|outputs"),
    ],
)
def test_sizes_that_do_not_fit(sizes: dict[str, int], message: str) -> None:
    statement = catalogue.statement(catalogue.find("two-strided-layers"))
    with pytest.raises(StatementError, match=message):
        expand(statement, sizes)


def test_sizes_must_meet_the_assumptions() -> None:
    statement = catalogue.statement(catalogue.find("up-down-coprime"))
    with pytest.raises(StatementError, match="do not meet the assumptions"):
        expand(statement, {"s": 2, "t": 4})
    assert expand(statement, {"s": 4}).integers["t"] % 2 == 1


def test_integers_cross_the_bridge() -> None:
    s, t = sympy.symbols("s t")
    p = from_sympy(3 * s * t - 2 * s + 1)
    assert str(p) == "3*s*t + 1 - 2*s"
    assert from_sympy(poly_to_sympy(p)) == p
    for bad in (s / 2, sympy.sqrt(s), sympy.Rational(1, 2)):
        with pytest.raises(StatementError):
            from_sympy(bad)


def test_scalars_become_sympy() -> None:
    e = read_statement("sum(k[j]*x[n - j] for j in Z) == 0*x[n]", ("k: kernel[c]",)).lhs
    assert to_sympy(e).has(sympy.Sum)
    with pytest.raises(StatementError, match="only a scalar"):
        to_sympy(read_statement("conv(x, k) == x").lhs)
