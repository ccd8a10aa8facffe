"""Every theorem of the library on concrete sizes, by SymPy polynomials; refuted ones differ there."""

from __future__ import annotations

import random
from collections.abc import Iterator
from fractions import Fraction
from itertools import islice, product

import pytest
import sympy
from verdicts import verdict_on

from symconv.errors import StatementError
from symconv.expr.claim import read_statement
from symconv.expr.evaluate import Evaluator, Place
from symconv.expr.nodes import Grad, Layer, Peak, Power
from symconv.expr.satisfy import sizes as satisfying_sizes
from symconv.expr.statement import Statement
from symconv.expr.traverse import walk
from symconv.instances.bridge import from_sympy, poly_to_sympy, to_sympy
from symconv.instances.expand import expand
from symconv.instances.show import as_data, as_text
from symconv.library import catalogue
from symconv.library.entry import Entry

ENTRIES = [e for _, entries in catalogue.TOPICS for e in entries]
MANY_AXES = 3
"""Instances of what has several axes, which are large."""
SIZES = ({}, {"c": 1}, {"c": 2, "s": 3}, {"c": 4, "s": 1}, {"t": 3, "e": 1})


def refusal(statement: Statement) -> str:
    """Why a statement has no instance in symbols; empty where it has."""
    nodes = [node for side in (statement.lhs, statement.rhs) for _, node in walk(side)]
    layers = {node.kind for node in nodes if isinstance(node, Layer)}
    differentiated = {n.kind for g in nodes if isinstance(g, Grad) for _, n in walk(g.e) if isinstance(n, Layer)}
    if statement.relation == "<=" or statement.towards:
        return "an inequality or a limit"
    if statement.nonnegative:
        return "assumed of real numbers"
    if "max_unpool" in layers or "max_pool" in differentiated or any(isinstance(n, Peak) for n in nodes):
        return "the place of a maximum"
    if "lp_pool" in layers or any(isinstance(n, Power) for n in nodes):
        return "a power that is no polynomial"
    return ""


def of(verdict: str, symbolic: bool) -> list[Entry]:
    return [e for e in ENTRIES if e.verdict == verdict and symbolic == (not refusal(catalogue.statement(e)))]


@pytest.mark.parametrize("entry", of("proved", symbolic=True), ids=lambda e: e.name)
def test_theorems_hold_on_instances(entry: Entry) -> None:
    statement = catalogue.statement(entry)
    tried = 0
    for sizes in (dict(entry.instance), *SIZES):
        known = {n: v for n, v in sizes.items() if n in statement.declarations}
        try:
            instance = expand(statement, known)
        except StatementError:
            assert statement.assumptions or statement.tacit
            continue
        assert instance.agrees
        tried += 1
        if tried == MANY_AXES and statement.rank > 1:
            break
    assert tried >= 2


@pytest.mark.parametrize("entry", of("refuted", symbolic=True), ids=lambda e: e.name)
def test_refuted_claims_differ_on_their_example(entry: Entry) -> None:
    statement = catalogue.statement(entry)
    example = verdict_on(entry).counterexample
    assert example is not None
    sizes = {n: v for n, v in example.integers.items() if n in statement.declarations}
    if example.axis is None:  # Extents that differ are no matter of entries.
        assert not expand(statement, {"N": 12, **sizes}).agrees


@pytest.mark.parametrize("entry", [*of("proved", symbolic=False), *of("refuted", symbolic=False)], ids=lambda e: e.name)
def test_what_does_not_show_in_symbols_is_refused(entry: Entry) -> None:
    statement = catalogue.statement(entry)
    sizes = {"p": 3} if "p" in statement.declarations else {}
    with pytest.raises(StatementError, match=refusal(statement)):
        expand(statement, sizes)


# At exact numbers


def at_numbers(statement: Statement) -> Iterator[tuple[dict[str, int], Fraction, Fraction]]:
    """Sizes and both sides at drawn numbers, at places near 0; roots that are no fractions are left out."""
    for seed, sizes in product(range(12), list(islice(satisfying_sizes(statement, largest=4), 24))):
        draw = random.Random(seed)
        numbers = {d.name: Fraction(draw.randint(1, 9)) for d in statement.declarations.values() if d.kind == "number"}
        evaluator = Evaluator(statement, sizes, numbers, Drawn(statement, seed))
        ends = [(r[0].evaluate(evaluator.integers), r[1].evaluate(evaluator.integers)) if r else (-2, 2)
                for r in statement.places or (None,) * statement.rank]  # fmt: skip
        near = sorted(product(*(range(u, v + 1) for u, v in ends)), key=lambda place: (sum(map(abs, place)), place))
        for place in near[:9]:
            try:
                both = evaluator.number(statement.lhs, place), evaluator.number(statement.rhs, place)
            except StatementError:
                continue
            yield sizes, *both


class Drawn:
    """Samples: without pattern, mostly 0 (so that norms of windows are fractions), or all equal."""

    def __init__(self, statement: Statement, seed: int) -> None:
        self.known, self.seed = statement.nonnegative, seed

    def __call__(self, name: str, place: Place) -> Fraction:
        draw = random.Random(f"{self.seed % 3}|{name}" if self.seed % 3 == 2 else f"{self.seed}|{name}|{place}")
        value = Fraction(draw.randint(-9, 9) if self.seed % 3 != 1 or draw.random() < 0.3 else 0)
        return abs(value) if name in self.known else value


def hold_at_numbers(statement: Statement) -> None:
    """The relation at many drawn numbers; where exponents are sizes also with one of at least 2, and values not 0."""
    tried = 0
    exponents: set[int] = set()
    for sizes, left, right in at_numbers(statement):
        assert left <= right if statement.relation == "<=" else left == right, sizes
        tried += bool(left or right)
        exponents |= {sizes["p"]} if "p" in sizes and left else set()
        if tried >= 100 and (not exponents or max(exponents) > 1):
            break
    assert tried >= 50
    assert "p" not in statement.declarations or max(exponents) >= 2


@pytest.mark.parametrize("entry", of("proved", symbolic=False), ids=lambda e: e.name)
def test_theorems_hold_at_numbers(entry: Entry) -> None:
    """Of a limit both bounds, between which it is held."""
    statement = catalogue.statement(entry)
    if not statement.towards:
        hold_at_numbers(statement)
        return
    theorem = verdict_on(entry).theorem
    assert theorem is not None
    for part in theorem.parts:
        hold_at_numbers(part.statement)


@pytest.mark.parametrize("entry", of("refuted", symbolic=False), ids=lambda e: e.name)
def test_refuted_claims_fail_at_the_numbers_of_their_example(entry: Entry) -> None:
    """Of a limit the right one, whose bounds hold, differs from what was claimed."""
    result = verdict_on(entry)
    example, statement = result.counterexample, result.statement
    assert example is not None
    values = Evaluator(statement, example.integers, example.numbers,
                       lambda name, place: example.sequences.get(name, {}).get(place, Fraction(0)))  # fmt: skip
    left = statement.lhs
    if statement.towards:
        assert result.limit is not None
        assert result.limit.statement.lhs == statement.lhs
        for part in result.limit.parts:
            hold_at_numbers(part.statement)
        left = result.limit.statement.rhs
    found = values.number(left, example.at), values.number(statement.rhs, example.at)
    assert found == (example.left, example.right)
    assert found[0] > found[1] if statement.relation == "<=" else found[0] != found[1]


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
