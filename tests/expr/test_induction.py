"""Induction on a count of compositions: both statements, proofs, altered certificates, refusals, values and powers."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from typing import Any

import oracle
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from symconv.errors import CertificateError, RuleError, StatementError
from symconv.expr import induction
from symconv.expr.claim import read_expression, read_statement
from symconv.expr.evaluate import Evaluator
from symconv.expr.nodes import Repeat, Shift
from symconv.expr.powers import known_powers, power, split, with_powers
from symconv.expr.statement import Statement
from symconv.expr.text import assumptions, claim, lets, text
from symconv.expr.traverse import instantiate, walk
from symconv.index.poly import const, var
from symconv.proof.certificate import certificate, check
from symconv.proof.theorem import Theorem, derive, induce
from symconv.tactics.prove import by_induction, prove

LAYERS = "repeat(corr(x, k, stride=s), x, r) == corr(x, conv(up(k, s**i) for i in range(r)), stride=s**r)"
STATEMENT = read_statement(LAYERS)

TRUE: list[tuple[str, tuple[str, ...], tuple[str, ...]]] = [
    (LAYERS, (), ()),
    (LAYERS, (), ("s >= 2",)),
    (LAYERS, (), ("s == 2",)),
    (LAYERS, ("k: kernel[-l:l+1]", "l: natural"), ()),
    (LAYERS, ("r: natural",), ()),
    ("corr(x, conv(up(k, s**i) for i in range(r)), stride=s**r) == repeat(corr(x, k, stride=s), x, r)", (), ()),
    ("repeat(corr(x, k, stride=(s, t)), x, r) == "
     "corr(x, conv(up(k, (s**i, t**i)) for i in range(r)), stride=(s**r, t**r))",
     ("x: signal[:, :]", "k: kernel[c, e]"), ()),
    ("repeat(conv(x, k), x, r) == conv(x, conv(k for i in range(r)))", (), ()),
    ("repeat(conv(x, k), x, r) == conv(x, conv(h for i in range(r)))", (), ("k == h",)),
    ("repeat(down(x, s), x, r) == down(x, s**r)", (), ()),
    ("repeat(up(x, s), x, r) == up(x, s**r)", (), ()),
    ("repeat(shift(x, 2), x, r) == shift(x, 2*r)", (), ()),
]  # fmt: skip


def proved(statement: Statement) -> Theorem:
    result = prove(statement)
    assert result.verdict == "proved"
    assert result.theorem is not None
    return result.theorem


# Both statements, made from the statement itself


def test_the_base_has_no_compositions() -> None:
    base = induction.base(STATEMENT, "r")
    assert claim(base) == "x == corr(x, delta)"
    assert lets(base) == lets(STATEMENT)
    assert assumptions(base) == []


def test_the_step_supposes_the_statement_of_any_signal_and_any_kernel() -> None:
    step = induction.step(STATEMENT, "r")
    assert claim(step) == "corr(y, k, stride=s) == corr(x, conv(K, up(k, s**r)), stride=s*s**r)"
    assert set(lets(step)) - set(lets(STATEMENT)) == {"r: natural", "y: signal", "K: kernel[:]"}
    assert assumptions(step) == ["y == corr(x, K, stride=s**r)"]


def test_the_step_takes_names_that_are_free() -> None:
    step = induction.step(read_statement("repeat(conv(y, K), y, r) == conv(y, conv(K for i in range(r)))",
                                         ("y: signal", "K: kernel[c]")), "r")  # fmt: skip
    assert claim(step) == "conv(y1, K) == conv(y, conv(K1, K))"
    assert assumptions(step) == ["y1 == conv(y, K1)"]


def test_the_same_composition_has_one_name_and_another_one_another() -> None:
    step = induction.step(read_statement(
        "conv(repeat(conv(x, k), x, r), h) + repeat(conv(x, k), x, r) == repeat(flip(x), x, r)"), "r")  # fmt: skip
    assert claim(step) == "conv(conv(y, k), h) + conv(y, k) == flip(y1)"


# Proofs and certificates


@pytest.mark.parametrize(("wanted", "declared", "assumed"), TRUE)
def test_true_statements_are_proved_and_their_certificates_checked(
    wanted: str, declared: tuple[str, ...], assumed: tuple[str, ...]
) -> None:
    statement = read_statement(wanted, declared, assumed)
    found = proved(statement)
    assert found.by == "r"
    assert [part.statement for part in found.parts] == [
        induction.base(statement, "r"), induction.step(statement, "r"),
    ]  # fmt: skip
    data = json.loads(json.dumps(certificate(found)))
    assert certificate(check(data)) == data
    assert found.lines == found.parts[0].steps + found.parts[1].steps


PROVED = proved(STATEMENT)
OTHER = proved(read_statement(TRUE[7][0]))
DATA = json.loads(json.dumps(certificate(PROVED)))
OTHERS = json.loads(json.dumps(certificate(OTHER)))


def _swapped(data: dict[str, Any]) -> None:
    data["base"], data["step"] = data["step"], data["base"]


def _twice(data: dict[str, Any]) -> None:
    data["step"] = data["base"]


def _count(data: dict[str, Any]) -> None:
    data["induction"] = "s"


def _no_count(data: dict[str, Any]) -> None:
    data["induction"] = "q"


def _no_name(data: dict[str, Any]) -> None:
    data["induction"] = 3


def _other_base(data: dict[str, Any]) -> None:
    data["base"] = OTHERS["base"]


def _other_step(data: dict[str, Any]) -> None:
    data["step"] = OTHERS["step"]


def _both(data: dict[str, Any]) -> None:
    data["base"], data["step"] = OTHERS["base"], OTHERS["step"]


def _claim(data: dict[str, Any]) -> None:
    data["statement"]["claim"] = data["statement"]["claim"].replace("stride=s**r", "stride=s*r")


def _dilation(data: dict[str, Any]) -> None:
    data["statement"]["claim"] = data["statement"]["claim"].replace("s**i", "s")


def _assumption_of_step(data: dict[str, Any]) -> None:
    data["step"]["statement"]["assume"].append("y == x")


def _claim_of_step(data: dict[str, Any]) -> None:
    data["step"]["statement"]["claim"] = "x == x"


def _cut_step(data: dict[str, Any]) -> None:
    data["step"]["steps"].pop()


def _no_base(data: dict[str, Any]) -> None:
    del data["base"]


def _empty_step(data: dict[str, Any]) -> None:
    data["step"] = {}


def _chain_too(data: dict[str, Any]) -> None:
    data["steps"] = []


def _nested(data: dict[str, Any]) -> None:
    data["step"] = copy.deepcopy(DATA)


@pytest.mark.parametrize("alter", [
    _swapped, _twice, _count, _no_count, _no_name, _other_base, _other_step, _both, _claim, _dilation,
    _assumption_of_step, _claim_of_step, _cut_step, _no_base, _empty_step, _chain_too, _nested,
], ids=lambda f: f.__name__.strip("_"))  # fmt: skip
def test_an_altered_certificate_is_refused(alter: Callable[[dict[str, Any]], None]) -> None:
    data = copy.deepcopy(DATA)
    alter(data)
    with pytest.raises(CertificateError):
        check(data)


def test_an_induction_wants_the_statements_that_the_rule_makes() -> None:
    base, step = PROVED.parts
    for parts in ((step, base), (base, base), (base, OTHER.parts[1]), (OTHER.parts[0], step), (PROVED, PROVED)):
        with pytest.raises(CertificateError, match="not the statements of an induction on r"):
            induce(STATEMENT, "r", *parts)
    with pytest.raises((CertificateError, RuleError)):
        induce(STATEMENT, "s", base, step)
    false = read_statement(LAYERS.replace("stride=s**r", "stride=s*r"))
    with pytest.raises(CertificateError, match="not the statements of an induction on r"):
        induce(false, "r", base, step)
    assert induce(STATEMENT, "r", base, step) == PROVED


def test_the_step_is_not_proved_without_what_it_supposes() -> None:
    _, step = PROVED.parts
    bare = replace(step.statement, equations=())
    with pytest.raises((CertificateError, RuleError)):
        derive(bare, step.indices, step.steps)
    assert prove(bare, 0.5).verdict != "proved"


# What is false is refuted


@pytest.mark.parametrize(("wrong", "least"), [
    (LAYERS.replace("stride=s**r", "stride=s*r"), {"r": 2}),
    (LAYERS.replace("s**i", "s"), {"s": 2}),
    (LAYERS.replace("up(k, s**i)", "k"), {"s": 2, "r": 2}),
    (LAYERS.replace("stride=s**r", "stride=s**(r + 1)"), {"s": 2}),
    (LAYERS.replace("range(r)", "range(r + 1)"), {}),
    ("repeat(shift(x, 1), x, r) == shift(x, r + 1)", {}),
    ("repeat(flip(x), x, r) == x", {"r": 1}),
    ("repeat(relu(x), x, r) == relu(x)", {"r": 0}),
    ("repeat(conv(x, k), x, r) == conv(x, k)", {}),
])  # fmt: skip
def test_false_statements_are_refuted(wrong: str, least: dict[str, int]) -> None:
    statement = read_statement(wrong)
    assert by_induction(statement, 1.0) is None
    result = prove(statement)
    assert result.verdict == "refuted"
    example = result.counterexample
    assert example is not None
    assert all(example.integers[name] >= value for name, value in least.items())
    assert example.left != example.right


# Where there is no induction


@pytest.mark.parametrize(("wanted", "declared", "assumed"), [
    (LAYERS, (), ("r <= 5",)),
    (LAYERS, (), ("s <= r",)),
    (LAYERS, (), ("gcd(r, s) == 1",)),
    (LAYERS, (), ("r == 2*t",)),
    (LAYERS, ("k: kernel[r]",), ()),
    ("repeat(conv(x, k), x, r) == y", ("y = shift(x, r)",), ()),
    ("repeat(conv(x, k), x, r) == x", (), ("k == shift(delta, r)",)),
    ("repeat(shift(x, r), x, r) == shift(x, r*r)", (), ()),
    ("repeat(conv(x, k), x, 2*r) == x", (), ()),
    ("repeat(conv(x, k), x, 3) == x", (), ()),
    ("repeat(conv(x, k), x, r) == repeat(conv(x, k), x, t)", (), ()),
    ("repeat(diff(z*z, z)*x, x, r) == x", ("z: number",), ()),
    ("repeat(grad(conv(x, h), h, g), x, r) == x", ("h: kernel[3]", "g: kernel[2]"), ()),
])  # fmt: skip
def test_what_is_known_of_the_count_forbids_induction(
    wanted: str, declared: tuple[str, ...], assumed: tuple[str, ...]
) -> None:
    try:
        statement = read_statement(wanted, declared, assumed)
    except StatementError:  # Not every sum need be finite here: then there is no statement at all.
        assert "grad" in wanted or "diff" in wanted
        return
    for make in (induction.base, induction.step):
        with pytest.raises(RuleError, match=r"is no count|a derivative is taken|is not composed|is defined elsewhere"):
            make(statement, "r")
    assert by_induction(statement, 0.5) is None
    with pytest.raises(RuleError):
        induce(statement, "r", *PROVED.parts)


@pytest.mark.parametrize("r", ["s", "c", "x", "k", "i", "q", ""])
def test_only_the_count_of_every_composition_is_one(r: str) -> None:
    with pytest.raises(RuleError, match=r"is no count|a derivative is taken|is not composed|is defined elsewhere"):
        induction.base(STATEMENT, r)


@pytest.mark.parametrize(("wanted", "declared", "message"), [
    (LAYERS, ("x: signal[N]",), "what a repeated map starts from is an unbounded signal"),
    ("repeat(conv(x, k), k, r) == x", (), "what a repeated map starts from is an unbounded signal"),
    ("repeat(conv(x, k), x) == x", (), "repeat takes 3 operands, not 2"),
    ("repeat(conv(x, k), conv(x, k), r) == x", (), "is no name"),
    ("repeat(inner(x, k), x, r) == x", (), "write the map, its signal and a count"),
    ("repeat(2*z, z, r) == 2", ("z: number",), "write the map, its signal and a count"),
    ("repeat(conv(x, k), x, -1) == x", (), "a count must be at least 0"),
    ("repeat(conv(x, k), x, r - 1) == x", (), "no repeated map"),
    ("repeat(conv(x, k), x, n) == x", ("n: integer",), "no repeated map"),
    ("repeat(conv(x, k), x, z) == x", ("z: number",), "cannot stand where an integer belongs"),
    ("repeat(conv(y, k), y, r) == x", ("y = flip(x)",), "y is defined by other names"),
    ("conv(k for i in range(1, r)) == k", (), "write a product as"),
    ("conv(k for i in range(r) if i) == k", (), "write a product as"),
    ("conv(k for i in range(r) for j in range(r)) == k", (), "write a product as"),
    ("conv(k for i in Z) == k", (), "write a product as"),
    ("conv(z for i in range(r)) == k", ("z: number",), "a product of kernels is taken of sequences"),
    ("conv(k for s in range(r)) == down(k, s)", (), "s has a meaning already"),
    ("conv(x for i in range(r)) == x", ("x: signal",), "finite support"),
])  # fmt: skip
def test_malformed_compositions_get_one_sentence(wanted: str, declared: tuple[str, ...], message: str) -> None:
    with pytest.raises(StatementError, match=message) as refusal:
        read_statement(wanted, declared)
    assert "\n" not in str(refusal.value)


# Values, by loops


@settings(max_examples=40, deadline=None)
@given(s=st.integers(1, 3), r=st.integers(0, 3), taps=st.lists(st.integers(-3, 3), min_size=1, max_size=3),
       seed=st.integers(0, 99), n=st.integers(-3, 3))  # fmt: skip
def test_values_of_repeated_layers_and_of_products_of_kernels(
    s: int, r: int, taps: list[int], seed: int, n: int
) -> None:
    x = oracle.signal(1, seed)
    c = len(taps)

    def entry(name: str, place: tuple[int, ...]) -> Fraction:
        return Fraction(taps[place[0]]) if name == "k" else x(*place)

    def layers(count: int, at: int) -> Fraction:
        if not count:
            return x(at)
        return sum((taps[a] * layers(count - 1, s * at + a) for a in range(c)), Fraction(0))

    merged = {0: Fraction(1)}
    for i in range(r):
        longer: dict[int, Fraction] = {}
        for m, v in merged.items():
            for a, tap in enumerate(taps):
                longer[m + a * s**i] = longer.get(m + a * s**i, Fraction(0)) + v * tap
        merged = longer
    evaluator = Evaluator(STATEMENT, {"s": s, "r": r, "c": c}, {}, entry)
    expected = layers(r, n)
    assert sum(v * x(s**r * n + m) for m, v in merged.items()) == expected
    assert evaluator.number(STATEMENT.lhs, (n,)) == expected
    assert evaluator.number(STATEMENT.rhs, (n,)) == expected
    kernel = next(e for _, e in walk(STATEMENT.rhs) if text(e).startswith("conv("))
    for m in range(-1, 12):
        assert evaluator.number(kernel, (m,)) == merged.get(m, 0)


@pytest.mark.parametrize(("e", "place", "value"), [
    ("repeat(2*x, x, r)", (1,), 2**4), ("repeat(shift(x, 1), x, r)", (5,), 1), ("repeat(flip(x), x, r)", (1,), 1),
    ("repeat(relu(x - delta), x, r)", (1,), 1), ("repeat(x + x, x, 0)", (1,), 1),
    ("conv(taps(1, 1) for i in range(r))", (2,), 6), ("conv(taps(1, 1) for i in range(0))", (0,), 1),
    ("conv(up(taps(1, 1), s**i) for i in range(r))", (40,), 1),
    ("conv(up(taps(1, 1), s**i) for i in range(r))", (41,), 0),
    ("conv(shift(delta, i) for i in range(r))", (6,), 1),
])  # fmt: skip
def test_values_of_small_compositions(e: str, place: tuple[int, ...], value: int) -> None:
    """x is 1 at 1 and 0 elsewhere, r = 4 and s = 3."""
    statement = read_statement(f"{e} == x", ("x: signal", "r: natural", "s: size"))
    evaluator = Evaluator(statement, {"r": 4, "s": 3}, {}, lambda _, n: Fraction(int(n == (1,))))
    assert evaluator.number(statement.lhs, place) == value


# Powers


def test_powers_of_named_sizes() -> None:
    s, r, t = map(var, "srt")
    assert power(s, const(3)) == s * s * s
    assert power(s, const(0)) == const(1)
    assert power(s, r) == var("s**r")
    assert power(s, r + 1) == s * power(s, r)
    assert power(s, r + t) == power(s, r) * power(s, t)
    assert power(s, 2 * r + 1) == s * power(s, r) * power(s, r)
    for base, exponent in ((s, r * t), (s, r - 1), (s, -r), (2 * s, r), (s + 1, r), (const(2), r)):
        with pytest.raises(StatementError, match="a size to a sum of names and numbers is known"):
            power(base, exponent)


def test_powers_by_name() -> None:
    s, r = var("s"), var("r")
    assert split("s**r") == ("s", "r")
    assert split("s") is None
    assert with_powers({"r": r + 1}, ["s**r", "t", "t**q"]) == {"r": r + 1, "s**r": s * power(s, r)}
    assert with_powers({"r": const(0)}, ["s**r"])["s**r"] == const(1)
    assert known_powers({"s": 3, "r": 4}, ["s**r", "t**r", "s"]) == {"s": 3, "r": 4, "s**r": 81}
    assert known_powers({"s": 3, "r": 0}, ["s**r"])["s**r"] == 1


@pytest.mark.parametrize(("left", "right"), [
    ("s**(r + 1)", "s*s**r"), ("s**(r + t)", "s**r*s**t"), ("s**2", "s*s"), ("s**(r + 2)", "s*s**(r + 1)"),
    ("s**0", "1"), ("s**r*t", "t*s**r"),
])  # fmt: skip
def test_powers_are_read_alike_and_survive_their_text(left: str, right: str) -> None:
    statement = read_statement(f"down(x, {left}) == down(x, {right})")
    assert statement.lhs == statement.rhs
    assert read_statement(claim(statement), lets(statement)).lhs == statement.lhs
    data = json.loads(json.dumps(certificate(proved(statement))))
    assert certificate(check(data)) == data


def test_a_square_of_a_power_survives_its_text() -> None:
    statement = read_statement("down(x, s**(2*r)) == down(x, s**r*s**r)")
    assert read_statement(claim(statement), lets(statement)).lhs == statement.lhs


def test_counts_are_put_in_exponents_too() -> None:
    e = read_expression("shift(down(x, s**r), r)", ("r: natural",)).lhs
    assert text(instantiate(e, {"r": var("r") + 1})) == "shift(down(x, s*s**r), r + 1)"
    assert text(instantiate(e, {"r": const(0)})) == "shift(down(x, 1), 0)"
    assert text(instantiate(e, {"r": const(2)})) == "shift(down(x, s**2), 2)"


@pytest.mark.parametrize(("e", "message"), [
    ("down(x, s**(r - 1))", "a size to a sum of names and numbers is known"),
    ("down(x, s**(r*t))", "a size to a sum of names and numbers is known"),
    ("down(x, (2*s)**r)", "a size to a sum of names and numbers is known"),
    ("down(x, 2**r)", "a size to a sum of names and numbers is known"),
    ("down(x, s**-1)", "must be a number from 0 to 64"),
    ("x[n**r]", "a size to a count"),
    ("down(x, s**n)", "a size to a count"),
    ("down(x, s**z)", "cannot stand where an integer belongs|a size to a count"),
    ("down(x, s**k)", "cannot stand where an integer belongs|a size to a count"),
    ("sum(shift(x, s**i) for i in range(r))", "a size to a count, or to the index of a product"),
    ("sum(x[s**i] for i in range(3))", "a size to a count, or to the index of a product"),
    ("conv(up(k, i**s) for i in range(r))", "a size to a count, or to the index of a product"),
    ("conv(up(k, s**j) for i in range(r))", "a size to a count|j "),
])  # fmt: skip
def test_other_exponents_are_refused_in_one_sentence(e: str, message: str) -> None:
    declared = ("x: signal", "k: kernel[c]", "n: integer", "z: number", "r: size", "s: size", "j: integer")
    with pytest.raises(StatementError, match=message) as refusal:
        read_expression(e, declared)
    assert "\n" not in str(refusal.value)


# Defects


@pytest.mark.parametrize(("wanted", "assumed"), [
    ("conv(repeat(conv(x, k), x, r), h) == repeat(conv(x, k), x, r)", ()),
    ("conv(x, conv(k for i in range(r))) == x", ("k == delta",)),
])  # fmt: skip
def test_a_supposition_of_a_signal_by_itself_ends(wanted: str, assumed: tuple[str, ...]) -> None:
    prove(read_statement(wanted, (), assumed))


def test_a_repeated_map_has_no_definitions_of_its_own_signal() -> None:
    """D[0] would be a number in the first map, and (x ∗ k)[0] one that every composition changes."""
    with pytest.raises(StatementError, match="defined by its own signal"):
        read_statement("repeat(D[0]*x, x, r) == repeat(conv(x, k)[0]*x, x, r)", ("D = conv(x, k)",))


def test_a_definition_is_a_map_of_the_signals_in_it() -> None:
    """As in grad(D, x, g), where D = conv(x, k) is seen through."""
    wanted = "repeat(D, x, r) == conv(x, conv(k for i in range(r)))"
    try:
        statement = read_statement(wanted, ("D = conv(x, k)",))
    except StatementError:
        return
    assert prove(statement).verdict == "proved"


def test_products_stand_in_expressions() -> None:
    assert text(read_expression("corr(x, conv(k for i in range(r)))").lhs) == "corr(x, conv(k for i in range(r)))"


def test_both_sides_may_have_products_with_one_index() -> None:
    product = "conv(up(k, s**i) for i in range(r))"
    assert prove(read_statement(f"conv(x, {product}) == conv({product}, x)")).verdict == "proved"


# Counts that are one more: what comes last stands apart

ONE_MORE = [
    "conv(up(k, s**i) for i in range(r + 1)) == conv(conv(up(k, s**i) for i in range(r)), up(k, s**r))",
    "conv(up(k, s**i) for i in range(3)) == conv(conv(k, up(k, s)), up(k, s**2))",
    "conv(up(flip(k), s**i) for i in range(r)) == flip(conv(up(k, s**i) for i in range(r)))",
    "conv(up(k, s**(i + 1)) for i in range(r)) == up(conv(up(k, s**i) for i in range(r)), s)",
    "repeat(down(x, s), x, r + 2) == down(down(repeat(down(x, s), x, r), s), s)",
]


@pytest.mark.parametrize("claim", ONE_MORE)
def test_one_more_of_a_product_or_of_a_map(claim: str) -> None:
    proved(read_statement(claim, ("k: kernel[c]",)))


@pytest.mark.parametrize("claim", [
    "conv(up(k, s**i) for i in range(r + 1)) == conv(conv(up(k, s**i) for i in range(r)), up(k, s**(r + 1)))",
    "conv(up(k, s**i) for i in range(3)) == conv(conv(k, up(k, s)), up(k, s**3))",
    "conv(up(flip(k), s**i) for i in range(r)) == conv(up(k, s**i) for i in range(r))",
    "repeat(corr(x, k, stride=s), x, r + 2) == corr(repeat(corr(x, k, stride=s), x, r), k, stride=s)",
    "repeat(mul(x, x), x, r + 1) == mul(repeat(mul(x, x), x, r), x)",
])  # fmt: skip
def test_not_another_one(claim: str) -> None:
    assert prove(read_statement(claim, ("x: signal", "k: kernel[c]")), seconds=1).verdict == "refuted"


@pytest.mark.parametrize("claim", [
    "repeat(y, x, r + 1) == repeat(y, x, r)",
    "repeat(y, x, r + 1) == y",
    "conv(z, k) == repeat(conv(z, k), x, r + 2)",
])  # fmt: skip
def test_what_a_repeated_map_is_defined_by_stays_refused_with_one_more(claim: str) -> None:
    """y has x in it, which the last map would leave as it is; so it is for z, which is made of y."""
    with pytest.raises(StatementError, match="without names that are defined by its own signal"):
        read_statement(claim, ("y = corr(x, k)", "z = 2*y", "k: kernel[c]"))


def test_a_map_that_has_its_signal_often_is_not_written_out() -> None:
    """4^16 copies of x would be."""
    one, many = (read_statement(f"repeat({e}, x, r + 16) == x", ("x: signal",)).lhs
                 for e in ("shift(x, 1)", "mul(mul(x, x), mul(x, x))"))  # fmt: skip
    assert isinstance(one, Shift)
    assert isinstance(many, Repeat)
