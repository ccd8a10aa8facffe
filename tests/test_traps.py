"""Traps that computer algebra is known to fall into, kept as regressions of our own right answers.

Each states what SymPy 1.14 does where it goes wrong (`Sum`, `KroneckerDelta`, `simplify` and `equals` never decide
truth here), and what is true, by plain arithmetic.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterable
from fractions import Fraction
from itertools import product
from math import gcd

import pytest

from symconv.errors import RuleError, StatementError, SymconvError
from symconv.expr.claim import read_statement
from symconv.expr.evaluate import Evaluator, Place
from symconv.expr.nodes import Expr, Iverson, Mul, Sum
from symconv.expr.text import text
from symconv.expr.traverse import free_indices
from symconv.index.conditions import Divides, Eq, Ge, decide
from symconv.index.poly import Poly, const, var
from symconv.proof.certificate import certificate, check
from symconv.proof.rules import RULES
from symconv.tactics.prove import prove, theorem

LETS = ("x: signal", "k: kernel[c]", "m: integer", "n: integer", "a: number", "s: size")


def sample(name: str, place: Place) -> Fraction:
    return Fraction((place[0] * place[0] * 3 + place[0] * 5 + len(name) + 1) % 11 - 5) if place else Fraction(0)


def value(expression: str, lets: tuple[str, ...] = LETS, **integers: int) -> Fraction:
    """The exact value of a scalar expression."""
    statement = read_statement(f"{expression} == 0", lets)
    sizes = {"c": 3, "s": 2, "m": 0, "n": 0} | integers
    return Evaluator(statement, sizes, {"a": Fraction(2, 3)}, sample).value(statement.lhs)


def verdict(claim: str, lets: tuple[str, ...] = LETS, assume: tuple[str, ...] = ()) -> str:
    return prove(read_statement(claim, lets, assume), seconds=2.0).verdict


# ---- a sum from 3 to 1 is 0 (SymPy: −2 for Sum(1, (i, 3, 1)), and Karr's convention elsewhere)


@pytest.mark.parametrize(("low", "high"), [(3, 2), (3, 1), (3, 0), (0, -4), (1, 1), (0, 0)])
def test_an_empty_sum_is_zero(low: int, high: int) -> None:
    assert value(f"sum(1 for i in range({low}, {high}))") == 0
    assert value(f"sum(x[i] for i in range({low}, {high}))") == 0
    assert verdict(f"sum(x[i] for i in range({low}, {high})) == 1") == "refuted"
    assert verdict(f"sum(x[i] + 2 for i in range({low}, {high})) == -2") == "refuted"


@pytest.mark.parametrize(("low", "high"), [(3, 2), (3, 1), (3, 0), (0, -4), (1, 1)])
def test_an_empty_sum_is_proved_to_be_zero(low: int, high: int) -> None:
    assert verdict(f"sum(x[i] for i in range({low}, {high})) == 0") == "proved"


@pytest.mark.parametrize("c", [1, 2, 3, 4])
def test_a_range_that_may_be_empty(c: int) -> None:
    """range(c − 1) is empty at c = 1."""
    sizes = {"c": c}
    plain = sum((sample("k", (i,)) for i in range(c - 1)), Fraction(0))
    assert value("sum(k[i] for i in range(c - 1))", **sizes) == plain
    assert value("sum(1 for i in range(c - 1))", **sizes) == c - 1
    assert value("sum(1 for i in range(c - 4))", **sizes) == 0


def test_a_sum_that_may_be_empty_is_not_treated_as_if_it_were_not() -> None:
    """Σ_{i<m} x[i] = Σ_{i<m+1} x[i] − x[m] is wrong for m < 0 (SymPy follows Karr, who makes it true)."""
    claim = "sum(x[i] for i in range(m)) == sum(x[i] for i in range(m + 1)) - x[m]"
    assert verdict(claim) == "refuted"
    assert verdict("sum(1 for i in range(m)) == m") == "refuted"
    assert verdict("sum(x[i] for i in range(5)) == sum(x[i] for i in range(6)) - x[5]") == "proved"
    assert verdict("sum(x[i] for i in range(2, 0)) == -x[0] - x[1]") == "refuted"


def test_a_negative_number_of_terms_is_no_range() -> None:
    body = Mul((Iverson(Ge(var("i"))), Iverson(Ge(const(2) - var("i")))))
    statement = read_statement("x == x", LETS)
    with pytest.raises(RuleError, match="the range of i is not a factor"):
        RULES["enumerate_range"](statement, Sum(("i",), body), index="i", low=const(3), count=-1)


# ---- re-indexing by a step (SymPy: Sum(i, (i, 1, 3)).change_index(i, 2*i) turns 6 into −15/2)


@pytest.mark.parametrize("step", [2, 3, -2])
def test_a_step_is_no_change_of_index(step: int) -> None:
    e = read_statement("sum(i*iverson(1 <= i <= 3) for i in Z) == 6", LETS)
    assert value("sum(i for i in range(1, 4))") == 6
    assert theorem(e) is not None
    for forward in (step * var("j"), step * var("j") + 1):
        for inverse in (var("i"), step * var("i")):
            with pytest.raises(RuleError, match="not inverse to each other"):
                RULES["reindex"](e, e.lhs, forward={"i": forward}, inverse={"j": inverse})
    assert verdict("sum(i for i in range(1, 4)) == -15/2") == "refuted"


def test_a_symbolic_step_is_no_change_of_index() -> None:
    e = read_statement("sum(k[i] for i in Z) == 0", LETS)
    with pytest.raises(RuleError, match="not inverse to each other"):
        RULES["reindex"](e, e.lhs, forward={"i": var("s") * var("j")}, inverse={"j": var("i")})
    assert verdict("sum(k[i] for i in Z) == sum(k[s*i] for i in Z)") == "refuted"
    assert verdict("sum(k[i] for i in Z) == sum(k[n - i] for i in Z)") == "proved"
    assert verdict("sum(k[2*i] for i in Z) == sum(k[2*i + 1] for i in Z)") == "refuted"
    assert verdict("sum(k[2*i] for i in Z) + sum(k[2*i + 1] for i in Z) == sum(k[i] for i in Z)") == "proved"


# ---- divisibility (SymPy: Sum(KroneckerDelta(m, 2*o), (o, 0, 10)).doit() is 1 at m = 3)


@pytest.mark.parametrize("m", range(-2, 25))
def test_sifting_keeps_the_divisibility(m: int) -> None:
    truth = int(any(m == 2 * o for o in range(11)))
    assert value("sum(iverson(m == 2*o) for o in range(11))", m=m) == truth
    assert value("iverson(m % 2 == 0)*iverson(0 <= m)*iverson(m <= 20)", m=m) == truth


def test_the_sum_of_a_spread_delta() -> None:
    claim = "sum(iverson(m == 2*o) for o in range(11)) == iverson(0 <= m)*iverson(m <= 20)"
    assert verdict(claim) == "refuted"
    assert verdict(f"{claim}*iverson(m % 2 == 0)") == "proved"
    assert verdict("up(down(x, 2), 2) == x") == "refuted"
    assert verdict("down(up(x, 2), 2) == x") == "proved"


@pytest.mark.parametrize("coefficient", [2, -2, 3, 0])
def test_a_delta_with_a_step_is_not_sifted(coefficient: int) -> None:
    statement = read_statement("x == x", LETS)
    body = Mul((Iverson(Eq(coefficient * var("o") - var("m"))), read_statement("k[o] == 0", ("k: kernel[c]",)).lhs))
    with pytest.raises(RuleError, match="is not 1 or -1"):
        RULES["sift"](statement, Sum(("o",), body), index="o", position=0)


def test_conditions_without_solutions_are_false_and_others_are_left_open() -> None:
    m, o = var("m"), var("o")
    cases = [
        (Eq(2 * m - 1), False), (Eq(2 * m - 4 * o - 6), None), (Eq(2 * m - 4 * o - 5), False), (Eq(const(0)), True),
        (Eq(m), None), (Ge(const(0)), True), (Ge(const(-1)), False), (Ge(m * m), None),
        (Divides(const(2), 2 * m + 1), False), (Divides(const(2), 4 * m), True), (Divides(const(3), m), None),
        (Divides(const(4), 2 * m + 1), False), (Divides(const(4), 2 * m + 2), None), (Divides(m, o), None),
        (Divides(const(1), m), True), (Divides(m, Poly(())), True),
    ]  # fmt: skip
    for condition, truth in cases:
        assert decide(condition) is truth, condition


@pytest.mark.parametrize(("s", "t"), list(product([1, 2, 3, 4], repeat=2)))
def test_two_steps_commute_only_without_common_factor(s: int, t: int) -> None:
    claim = f"down(up(x, {s}), {t}) == up(down(x, {t}), {s})"
    assert verdict(claim) == ("proved" if gcd(s, t) == 1 else "refuted")


# ---- a bound index never leaks (SymPy: doit and simplify on nested sums can leave one behind)

NESTED = [
    "sum(sum(k[i]*x[n - i - j] for i in Z)*k[j] for j in Z)",
    "sum(k[i]*sum(k[j]*sum(k[l]*x[n - i - j - l] for l in Z) for j in Z) for i in Z)",
    "sum(iverson(i == 2*j)*k[j]*x[n - i] for i in Z for j in Z)",
    "sum(sum(x[i + j] for j in range(i, i + 2)) for i in range(3))",
    "sum(x[i] for i in range(3)) + sum(x[i] for i in range(4))",
    "sum(sum(x[i] for i in range(2)) for j in range(3))",
]


@pytest.mark.parametrize("expression", NESTED)
def test_no_bound_index_is_left_behind(expression: str) -> None:
    statement = read_statement(f"{expression} == {expression} + 0*n", LETS)
    found = theorem(statement)
    assert found is not None
    for line in (found.first, *(step.line for step in found.steps)):
        assert free_indices(line) <= {"n", "c"}, text(line)
    assert value(expression, n=1) == value(f"({expression})*1", n=1)


def test_a_bound_index_is_not_known_outside_of_its_sum() -> None:
    """Outside, i is another name: a free integer."""
    assert verdict("sum(x[i] for i in range(3))*iverson(i == 0) == sum(x[i] for i in range(3))*iverson(i == 0)") == (
        "proved"
    )
    assert verdict("sum(k[i] for i in Z)*x[i] == sum(k[i]*x[i] for i in Z)", ("k: kernel[c]", "x: signal")) == "refuted"
    assert verdict("sum(k[i] for i in Z)*x[j] == sum(k[i]*x[j] for i in Z)", ("k: kernel[c]", "x: signal")) == "proved"
    with pytest.raises(SymconvError):
        read_statement("sum(k[i] for i in range(i)) == 0*x[i] + sum(y[q] for q in Z)", ("k: kernel[c]", "y: signal"))


class Entries:
    """A function, written with brackets."""

    def __init__(self, function: Callable[[int], Fraction]) -> None:
        self.function = function

    def __getitem__(self, i: int) -> Fraction:
        return self.function(i)


@pytest.mark.parametrize("expression", NESTED)
def test_nested_sums_have_the_value_of_nested_loops(expression: str) -> None:
    """The same with every sum a Python loop over enough of ℤ."""

    def x(i: int) -> Fraction:
        return sample("x", (i,))

    def k(i: int) -> Fraction:
        return sample("k", (i,)) if 0 <= i < 3 else Fraction(0)

    def total(terms: Iterable[Fraction]) -> Fraction:
        return sum(terms, Fraction(0))

    for n in (-1, 0, 4):
        scope = {"x": Entries(x), "k": Entries(k), "n": n, "Z": range(-9, 10), "iverson": int, "sum": total}
        assert value(expression, n=n) == eval(expression, scope)


# ---- the two-stride identity (SymPy: L.equals(R) is False or None, by hash seed)

TWO_STRIDES = "corr(corr(x, k, stride=2), k, stride=2) == corr(x, conv(k, up(k, 2)), stride=4)"


@pytest.mark.parametrize("seed", ["0", "1", "2"])
def test_the_answer_does_not_depend_on_the_hash_seed(seed: str) -> None:
    code = (
        "import json; from symconv.expr.claim import read_statement; from symconv.tactics.prove import prove;"
        "from symconv.proof.certificate import certificate;"
        f"print(json.dumps(certificate(prove(read_statement({TWO_STRIDES!r})).theorem)))"
    )
    environment = {"PYTHONHASHSEED": seed, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env=environment)
    found = prove(read_statement(TWO_STRIDES)).theorem
    assert found is not None
    assert json.loads(run.stdout) == certificate(found)


def test_no_algebra_system_is_asked_for_a_verdict() -> None:
    code = (
        "import sys; from symconv.expr.claim import read_statement; from symconv.tactics.prove import prove;"
        f"assert prove(read_statement({TWO_STRIDES!r})).verdict == 'proved';"
        "assert prove(read_statement('conv(x, k) == x')).verdict == 'refuted'; assert 'sympy' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


# ---- not proved is not false; equal as text is not proved; what was checked is what is printed


def test_unknown_is_neither_proved_nor_refuted() -> None:
    statement = read_statement("x == y", (), ("conv(x, k) == y", "conv(k, k) == conv(k, delta)"))
    result = prove(statement, seconds=0.5)
    assert result.verdict == "unknown"
    assert result.theorem is None
    assert result.counterexample is None


def test_lines_that_look_alike_are_not_the_same() -> None:
    """k[n] with a kernel k and k[n] with a signal k: the text is one, the statements are two."""
    one = read_statement("sum(k[i] for i in range(2)) == k[0] + k[1]", ("k: kernel[2]",))
    other = read_statement("sum(k[i] for i in Z) == k[0] + k[1]", ("k: kernel[2]",))
    assert verdict("sum(k[i] for i in Z) == k[0] + k[1]", ("k: kernel[3]",)) == "refuted"
    assert text(one.rhs) == text(other.rhs)
    found = theorem(other)
    assert found is not None
    data = certificate(found)
    forged = {**data, "statement": {**data["statement"], "let": ["k: kernel[3]"]}}
    with pytest.raises(SymconvError):
        check(forged)


# ---- text from outside is read, never run


@pytest.mark.parametrize("claim", [
    "__import__('os').system('true') == x", "x.__class__ == x", "(lambda: x)() == x", "[x for x in (1,)] == x",
    "eval('1') == x", "open('x') == x", "x if x else x == x", "f'{x}' == x", "x == (y := x)",
    "globals() == x", "x[().__class__] == x",
])  # fmt: skip
def test_text_is_never_evaluated(claim: str) -> None:
    with pytest.raises(StatementError):
        read_statement(claim)


def expressions() -> list[Expr]:
    return [read_statement(f"{e} == 0", LETS).lhs for e in NESTED]


def test_expressions_have_no_truth_value_order_or_iteration() -> None:
    """An `if` on an expression would decide by accident; `==` is structural."""
    one, other, *_ = expressions()
    for question in (lambda: bool(one), lambda: one < other, lambda: list(one), lambda: one >= other):
        with pytest.raises(StatementError):
            question()
    assert one != other
    assert one == expressions()[0]
