"""Derivations, join, derive and replay: what is a theorem, and which chains and lines are not."""

from __future__ import annotations

import copy
import json
import pickle
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest

from symconv.errors import CertificateError, RuleError, SymconvError
from symconv.expr.claim import read_statement
from symconv.expr.definitions import definition
from symconv.expr.evaluate import Evaluator
from symconv.expr.nodes import (
    ZERO,
    Add,
    Conv,
    Corr,
    Delta,
    Diff,
    Down,
    Entry,
    Expr,
    Flip,
    Formula,
    Iverson,
    Layer,
    Mul,
    Name,
    Neg,
    Ones,
    Shift,
    Sum,
    Taps,
    Up,
)
from symconv.expr.statement import Statement
from symconv.expr.steps import Step, encode_step
from symconv.expr.support import bounds
from symconv.expr.text import text
from symconv.expr.traverse import walk
from symconv.index.conditions import Eq, Ge
from symconv.index.poly import Poly, const, var
from symconv.proof.theorem import Derivation, Theorem, derive, join, replay

COMMUTES = read_statement("conv(x, k) == conv(k, x)", ("x: signal", "k: kernel[c]"))
a, b, m, n = map(var, "abmn")
k, h, x = (Name(name, 1) for name in "khx")


def sides(statement: Statement = COMMUTES) -> tuple[Derivation, Derivation]:
    left, right = statement.ends(("n",))
    return Derivation(statement, left), Derivation(statement, right)


def proved() -> tuple[Derivation, Derivation]:
    """Σ_a k[a] x[n−a] = Σ_b k[n−b] x[b] = Σ_b x[b] k[n−b]."""
    left, right = sides()
    assert left.forwards("unfold", (), {"names": ("a",)})
    assert left.forwards("reindex", (), {"forward": {"a": n - b}, "inverse": {"b": n - a}})
    assert right.forwards("unfold", (), {"names": ("b",)})
    assert right.forwards("distribute", (), {})
    return left, right


THEOREM = join(("n",), *proved())
STEPS = THEOREM.steps
DATA = [json.loads(json.dumps(encode_step(step))) for step in STEPS]


def test_two_derivations_that_meet_are_a_theorem() -> None:
    assert [text(e) for e in (THEOREM.first, *(step.line for step in STEPS))] == [
        "conv(x, k)[n]",
        "sum(k[a]*x[n - a] for a in Z)",
        "sum(k[n - b]*x[b] for b in Z)",
        "sum(x[b]*k[n - b] for b in Z)",
        "conv(k, x)[n]",
    ]
    assert [(step.rule, step.backwards) for step in STEPS] == [
        ("unfold", False), ("reindex", False), ("distribute", True), ("unfold", True),
    ]  # fmt: skip
    assert THEOREM.statement is COMMUTES


def test_derive_and_replay_give_the_same_theorem() -> None:
    assert derive(COMMUTES, ("n",), STEPS) == THEOREM
    assert replay(COMMUTES, ("n",), DATA) == THEOREM


def test_a_step_that_changes_nothing_is_no_step() -> None:
    left, _ = proved()
    before = left.steps
    assert not left.forwards("distribute", (), {})
    assert left.steps == before


# ---- there is no other way to a theorem


def test_a_theorem_is_not_made_by_hand() -> None:
    for seal in (None, object(), True):
        with pytest.raises(RuleError, match="only a checked derivation is a theorem"):
            Theorem(COMMUTES, ("n",), THEOREM.first, STEPS, seal)


def test_a_theorem_is_frozen() -> None:
    with pytest.raises(AttributeError):
        THEOREM.statement = read_statement("x == 2*x")  # type: ignore[misc]


def test_a_theorem_is_not_altered_by_replace() -> None:
    with pytest.raises((RuleError, ValueError)):
        replace(THEOREM, statement=read_statement("x == 2*x"))


@pytest.mark.parametrize("again", [copy.deepcopy, lambda t: pickle.loads(pickle.dumps(t))], ids=["copy", "pickle"])
def test_a_theorem_is_not_made_of_a_copy(again: Callable[[Theorem], Theorem]) -> None:
    """A copy either is refused or says the same; it is never another statement."""
    try:
        twin = again(THEOREM)
    except (RuleError, TypeError, pickle.PicklingError):
        return
    assert (twin.first, twin.steps, twin.indices) == (THEOREM.first, THEOREM.steps, THEOREM.indices)


def test_join_wants_both_sides_of_one_statement_and_one_line() -> None:
    left, right = proved()
    with pytest.raises(CertificateError, match="do not meet"):
        join(("n",), sides()[0], right)
    with pytest.raises(CertificateError, match="do not start at both sides"):
        join(("n",), right, left)
    with pytest.raises(CertificateError, match="do not start at both sides"):
        join(("n",), left, left)
    other = read_statement("conv(x, k) == conv(k, x)")
    with pytest.raises(CertificateError, match="do not start at both sides"):
        join(("n",), left, Derivation(other, right.first))
    with pytest.raises(CertificateError, match="do not start at both sides"):
        join(("i",), left, right)


@pytest.mark.parametrize("indices", [(), ("n", "i"), ("x",), ("k",), ("c",)])
def test_free_indices_are_new_names_one_an_axis(indices: tuple[str, ...]) -> None:
    left, right = proved()
    with pytest.raises(CertificateError, match="do not fit the statement"):
        join(indices, left, right)
    with pytest.raises(CertificateError, match="do not fit the statement"):
        derive(COMMUTES, indices, STEPS)


def test_the_axes_have_different_names() -> None:
    square = read_statement("x == x", ("x: signal[:, :]",))
    assert derive(square, ("n", "m"), ()).steps == ()
    with pytest.raises(CertificateError, match="do not fit the statement"):
        derive(square, ("n", "n"), ())


def test_what_is_assumed_must_be_well_formed() -> None:
    bad = replace(COMMUTES, equations=((Conv(x, x), x),))
    with pytest.raises(SymconvError, match="neither operand of a convolution has finite support"):
        derive(bad, ("n",), STEPS)
    worse = replace(COMMUTES, definitions={"y": Formula(("i",), Sum(("j",), Entry(x, (var("j"),))))})
    with pytest.raises(SymconvError, match="infinitely many terms"):
        derive(worse, ("n",), STEPS)


# ---- chains that are almost right


def altered(number: int, **fields: Any) -> list[Step]:
    return [replace(step, **fields) if i == number else step for i, step in enumerate(STEPS)]


WRONG_CHAINS: list[tuple[list[Step], str]] = [
    ([], "line 0: the chain does not end at the right side"),
    (list(STEPS[:-1]), "line 3: the chain does not end at the right side"),
    (list(STEPS[1:]), "line 1, rule reindex: the map does not cover"),
    ([*STEPS, STEPS[-1]], "line 5, rule unfold: the rule does not lead to this line"),
    ([STEPS[0], STEPS[0], *STEPS[1:]], "line 2, rule unfold: not an entry"),
    ([STEPS[1], STEPS[0], *STEPS[2:]], "line 1, rule reindex"),
    ([STEPS[0], STEPS[2], STEPS[1], STEPS[3]], "line 2, rule distribute: the rule does not lead to this line"),
    ([*STEPS[:1], *STEPS[2:]], "line 2, rule distribute: the rule does not lead to this line"),
    (altered(0, line=STEPS[1].line), "line 1, rule unfold: the rule does not lead to this line"),
    (altered(0, line=THEOREM.first), "line 1, rule unfold: the rule does not lead to this line"),
    (altered(0, backwards=True), "line 1, rule unfold"),
    (altered(0, path=(0,)), "line 1, rule unfold: not an entry"),
    (altered(0, path=(3,)), "line 1, there is no place|line 1, .*no place"),
    (altered(0, rule="fold"), "line 1, rule fold: there is no such rule"),
    (altered(0, arguments={"names": ("b",)}), "line 1, rule unfold: the rule does not lead to this line"),
    (altered(0, arguments={}), "line 1, rule unfold: not an entry with that many new indices"),
    (altered(1, arguments={"forward": {"a": n - b}, "inverse": {"b": n - a - 1}}), "line 2, rule reindex: the two"),
    (altered(1, arguments={"forward": {"a": n + b}, "inverse": {"b": a - n}}), "line 2, rule reindex: the rule does"),
    (altered(2, backwards=False), "line 3, rule distribute: the step changes nothing"),
    (altered(3, line=STEPS[0].line), "line 4, rule unfold"),
    (altered(3, line=Entry(Conv(k, h), (n,))), "line 4, rule unfold: the rule does not lead to this line"),
]  # fmt: skip


@pytest.mark.parametrize(("chain", "message"), WRONG_CHAINS)
def test_almost_right_chains_are_refused_with_line_and_reason(chain: list[Step], message: str) -> None:
    with pytest.raises(CertificateError, match=f"^(?:{message})"):
        derive(COMMUTES, ("n",), chain)


@pytest.mark.parametrize("claim", [
    "conv(x, k) == conv(k, 2*x)", "conv(x, k) == corr(x, k)", "conv(x, k) == conv(h, x)", "conv(x, k) == x",
    "conv(x, k) == -conv(k, x)", "conv(shift(x, 1), k) == conv(k, x)",
])  # fmt: skip
def test_the_chain_of_one_statement_proves_no_other(claim: str) -> None:
    with pytest.raises(CertificateError):
        derive(read_statement(claim, ("x: signal", "k: kernel[c]", "h: kernel[e]")), ("n",), STEPS)


WRONG_DATA: list[tuple[Any, str]] = [
    (None, "exactly a rule, a path, arguments, a direction and a line"),
    ([], "exactly a rule, a path"),
    ({**DATA[0], "note": "trivial"}, "exactly a rule, a path"),
    ({key: v for key, v in DATA[0].items() if key != "backwards"}, "exactly a rule, a path"),
    ({**DATA[0], "path": "0"}, "the path or the arguments are malformed"),
    ({**DATA[0], "path": [True]}, "the path or the arguments are malformed"),
    ({**DATA[0], "path": [0.0]}, "the path or the arguments are malformed"),
    ({**DATA[0], "arguments": []}, "the path or the arguments are malformed"),
    ({**DATA[0], "backwards": 0}, "the direction is not true or false"),
    ({**DATA[0], "rule": 3}, "not a name"),
    ({**DATA[0], "rule": "un fold"}, "not a name"),
    ({**DATA[0], "arguments": {"names": ["a b"]}}, "not a name"),
    ({**DATA[0], "arguments": {"names": [1]}}, "not a name"),
    ({**DATA[0], "arguments": {"names": None}}, "not a name"),
    ({**DATA[0], "line": []}, "not an expression"),
    ({**DATA[0], "line": ["Sum"]}, "Sum has 2 parts, not 0"),
    ({**DATA[0], "line": ["Evil", "x"]}, "not an expression"),
    ({**DATA[0], "line": ["Eq", {"poly": []}]}, "a condition stands where an expression belongs"),
    ({**DATA[0], "line": ["Const", "2/4"]}, "not in lowest terms"),
    ({**DATA[0], "line": ["Const", "1/0"]}, "not a fraction"),
    ({**DATA[0], "line": ["Integer", {"poly": [[1, "b"], [1, "a"]]}]}, "not in canonical form"),
    ({**DATA[0], "line": ["Integer", {"poly": [[0, "a"]]}]}, "not in canonical form"),
    ({**DATA[0], "line": ["Integer", {"poly": [[1.0, "a"]]}]}, "not a term"),
    ({**DATA[0], "line": ["Name", "x", -1]}, "not a count"),
    ({**DATA[0], "line": ["Name", "x", True]}, "not a count"),
]  # fmt: skip


@pytest.mark.parametrize(("data", "message"), WRONG_DATA)
def test_malformed_steps_are_refused_with_line_and_reason(data: Any, message: str) -> None:
    with pytest.raises(CertificateError, match=f"line 1: .*{message}|line 1: {message}"):
        replay(COMMUTES, ("n",), [data, *DATA[1:]])


def test_a_step_nested_without_end_is_refused() -> None:
    line: Any = ["Const", "1/1"]
    for _ in range(100_000):
        line = ["Neg", line]
    with pytest.raises(CertificateError, match="line 1: "):
        replay(COMMUTES, ("n",), [{**DATA[0], "line": line}])


@pytest.mark.parametrize("name", ["e", "statement"])
def test_an_argument_of_a_reserved_name_is_refused(name: str) -> None:
    with pytest.raises(CertificateError, match="line 1"):
        replay(COMMUTES, ("n",), [{**DATA[0], "arguments": {"names": ["a"], name: "x"}}])


def test_a_divisibility_by_zero_is_refused() -> None:
    nonsense = ["Iverson", ["Divides", {"poly": []}, {"poly": [[1]]}]]
    step = {"rule": "distribute", "path": [], "arguments": {}, "backwards": True, "line": nonsense}
    with pytest.raises(CertificateError, match="line 1"):
        replay(read_statement("x[0] == x[0]"), (), [step])


# ---- lines that mean nothing, and the false statements that they would prove


def at(e: Expr, *place: Poly) -> Entry:
    return Entry(e, place)


CARRIER = read_statement("x == x", ("k: kernel[c]", "h: kernel[e]", "p: natural"))
i, p = var("i"), var("p")
MEANINGLESS: dict[str, Expr] = {
    "a factor of -1": at(Up(k, (const(-1),)), n),
    "a factor of 0": at(Up(k, (const(0),)), n),
    "a factor that may be 0": at(Up(k, (p,)), n),
    "every 0-th sample": Sum(("a",), at(Down(k, (const(0),)), a)),
    "a stride of 0": Sum(("a",), at(Corr(k, h, (const(0),), (const(1),), (const(0),)), a)),
    "a dilation of -1": at(Corr(k, h, (const(1),), (const(-1),), (const(0),)), n),
    "a dilation that may be 0": at(Corr(k, h, (const(1),), (p - 1,), (const(0),)), n),
    "an index bound twice by one sum": Sum(("a", "a"), at(k, a)),
    "a sum over nothing": Sum((), at(k, n)),
    "an entry with two places": at(k, n, n),
    "a sequence of another rank": at(Name("k", 2), n, n),
    "a name that is not declared": at(Name("z", 1), n),
    "operands of two ranks": at(Conv(x, Delta(2)), n),
    "taps that do not fill their shape": at(Taps((3,), (Fraction(1),)), n),
    "an impulse without axes": Delta(0),
    "an extent that grows": Sum(("a",), at(Ones((a,)), a - 1)),
}
MOVING: dict[str, Expr] = {
    # Σ_a k[0], Σ_a (k∗h)[0], Σ_{a,b} k[b−a] h[a−b]: the support moves with the index
    "a support that moves with its place": Sum(("a",), at(Shift(k, (a,)), a)),
    "a flipped support that moves": Sum(("a",), at(Flip(Shift(k, (a,))), -a)),
    "a convolution that moves": Sum(("a",), at(Conv(h, Shift(k, (a,))), a)),
    "a formula that moves": Sum(("a",), at(Formula(("b",), at(k, b - a)), a)),
    "two supports that move together": Sum(("a", "b"), Mul((at(Shift(k, (a,)), b), at(Shift(h, (b,)), a)))),
}


@pytest.mark.parametrize("e", MEANINGLESS.values(), ids=MEANINGLESS.keys())
def test_a_line_without_meaning_is_refused(e: Expr) -> None:
    with pytest.raises(RuleError, match=r"meaning: .*(>= 1 is not known|bound twice|axes|one index|ranks|shape)"):
        Derivation(CARRIER, e)


def test_no_chain_proves_that_a_flipped_kernel_is_zero() -> None:
    """k[−n] = Σ_m [n = −m] k[m] = up(k, −1)[n], whose support "0..−2" makes it 0."""
    statement = read_statement("flip(k) == 0*k", ("k: kernel[3]",))
    left, right = sides(statement)
    left.forwards("unfold", (), {})
    left.backwards("sift", (), Sum(("m",), Mul((Iverson(Eq(n + m)), at(k, m)))), {"index": "m", "position": 0})
    absurd = Ge(const(-1))
    with pytest.raises(RuleError, match="-1 >= 1 is not known"):
        left.backwards("unfold", (), at(Up(k, (const(-1),)), n), {"names": ("m",)})
        evidence = {"condition": absurd, "evidence": {0: const(1), 1: const(1)}}
        left.backwards("imply", (), Mul((left.line, Iverson(absurd))), evidence)
        left.forwards("distribute", (), {})
        for rule in ("unfold", "distribute"):
            right.forwards(rule, (), {})
        join(("n",), left, right)


def test_no_chain_moves_terms_to_infinity() -> None:
    """0 = Σ_m F(m) u[m] − Σ_m F(m−1) u[m−1] = Σ_m F(m) [m = 0] for F(m) = shift(k, m)[m] shift(h, m)[m] = k[0] h[0]."""
    statement = read_statement(
        "0 == k[0]*h[0]", ("k: kernel[c]", "h: kernel[e]", "u: signal"), ("u - shift(u, 1) == delta",)
    )
    left, right = (Derivation(statement, e) for e in statement.ends(()))
    u = Name("u", 1)
    parts = at(Shift(k, (m,)), m), at(Shift(h, (m,)), m)
    whole = Sum(("m",), Mul((*parts, at(u, m))))
    with pytest.raises(RuleError, match="infinitely many terms"):
        left.backwards("distribute", (), Add((whole, Neg(whole))), {})
        left.forwards("reindex", (1, 0), {"forward": {"m": m - 1}, "inverse": {"m": m + 1}})
        for position, part in enumerate(parts):
            left.forwards("unfold", (1, 0, 0, position), {})
            left.backwards("unfold", (1, 0, 0, position), part, {})
        left.forwards("distribute", (), {})
        earlier = Shift(u, (const(1),))
        left.backwards("distribute", (), Sum(("m",), Mul((*parts, Add((at(u, m), Neg(at(u, m - 1))))))), {})
        left.backwards("unfold", (0, 2, 1, 0), at(earlier, m), {})
        left.backwards("unfold", (0, 2, 1), at(Neg(earlier), m), {})
        left.backwards("unfold", (0, 2), at(Add((u, Neg(earlier))), m), {})
        left.forwards("hypothesis", (0, 2, 0), {"number": 0})
        left.forwards("unfold", (0, 2), {})
        left.forwards("distribute", (), {})
        left.forwards("sift", (), {"index": "m", "position": 0})
        while places := [path for path, e in walk(left.line) if isinstance(e, Entry) and isinstance(e.x, Shift)]:
            left.forwards("unfold", places[0], {})
        right.forwards("distribute", (), {})
        join((), left, right)


def test_zero_is_not_a_kernel() -> None:
    """The same chains stop where they should if a step is missing."""
    statement = read_statement("flip(k) == 0*k", ("k: kernel[3]",))
    left, right = sides(statement)
    left.forwards("unfold", (), {})
    for rule in ("unfold", "distribute"):
        right.forwards(rule, (), {})
    assert right.line == ZERO
    with pytest.raises(CertificateError, match="do not meet"):
        join(("n",), left, right)


# ---- assumptions about values, and laws of functions with corners, are no identities that could be differentiated

INSIDE = ("k: kernel[c]", "x: signal", "y: signal", "z: number", "b: number")
GIVEN = ("x == conv(y, k)", "b >= 0")
UNDER = [
    "diff(@, z)", "diff(sum(k[j]*(@ + 1) for j in Z), z)", "grad(@, z, 2)", "adjoint(z*(@ + 1), z, 2)",
    "2*diff(@, z) + x[0]", "diff(z*diff(@, z), z)", "grad(z, z, @)",
]  # fmt: skip


def placed(claim: str, e: Expr) -> tuple[Derivation, tuple[int, ...]]:
    """The left side of a claim, and the place in it where e stands."""
    statement = read_statement(f"{claim} == 0", INSIDE, GIVEN)
    (path,) = (path for path, part in walk(statement.lhs) if part == e)
    return Derivation(statement, statement.lhs), path


ABOVE = "what is differentiated or repeated is changed by identities only"


RESTING: list[tuple[str, str, str, dict[str, Any]]] = [
    ("hypothesis", "x[3]", "", {"number": 0}),
    ("exponent", "relu(b*y[3])", "b*relu(y[3])", {"law": "homogeneous"}),
    ("exponent", "abs(y[3])**2", "y[3]*y[3]", {"law": "square"}),
    ("exponent", "abs(y[3])*sign(y[3])", "y[3]", {"law": "collect", "first": 0, "second": 1}),
    ("maximum", "max(b*y[u] for u in range(3))", "b*max(y[u] for u in range(3))", {"law": "scale"}),
    ("maximum", "max(y[u] for u in range(3))", "max(y[2 - u] for u in range(3))", {"law": "reflect", "index": "u"}),
    ("maximum", "max(relu(y[u]) for u in range(3))", "relu(max(y[u] for u in range(3)))", {"law": "rising"}),
]
"""Rules that rest on values: what they lead from and to.  They hold of values, not of derivatives."""


@pytest.mark.parametrize("outer", UNDER)
@pytest.mark.parametrize(("rule", "inner", "after", "arguments"), RESTING)
def test_rules_that_rest_on_values_stop_at_a_derivative(
    outer: str, rule: str, inner: str, after: str, arguments: dict[str, Any]
) -> None:
    e = read_statement(f"{inner} == 0", INSIDE, GIVEN).lhs
    path = (0,) if rule == "hypothesis" else ()
    derivation, place = placed(outer.replace("@", inner), e)
    with pytest.raises(RuleError, match=ABOVE):
        derivation.forwards(rule, (*place, *path), arguments)
    old = Name("x", 1) if rule == "hypothesis" else e
    new = Conv(Name("y", 1), k) if rule == "hypothesis" else read_statement(f"{after} == 0", INSIDE, GIVEN).lhs
    changed = Entry(new, (const(3),)) if rule == "hypothesis" else new
    derivation, place = placed(outer.replace("@", text(changed)), changed)
    with pytest.raises(RuleError, match=ABOVE):
        derivation.backwards(rule, (*place, *path), old, arguments)
    assert derivation.steps == ()


@pytest.mark.parametrize(("rule", "inner", "after", "arguments"), RESTING)
def test_rules_that_rest_on_values_apply_beside_a_derivative(
    rule: str, inner: str, after: str, arguments: dict[str, Any]
) -> None:
    e = read_statement(f"{inner} == 0", INSIDE, GIVEN).lhs
    derivation, place = placed(f"diff(z*z, z)*({inner})", e)
    assert derivation.forwards(rule, (*place, 0) if rule == "hypothesis" else place, arguments)


@pytest.mark.parametrize(("rule", "path", "e"), [
    ("hypothesis", (0, 0), "repeat(conv(x, k), u, r)"), ("exponent", (0,), "repeat(relu(2*u), u, r)"),
])  # fmt: skip
def test_rules_that_rest_on_values_stop_at_a_repeated_map(rule: str, path: tuple[int, ...], e: str) -> None:
    lets = (*INSIDE, "u: signal", "r: natural")
    statement = read_statement(f"{e} == u", lets, GIVEN)
    with pytest.raises(RuleError, match=ABOVE):
        arguments = {"number": 0} if rule == "hypothesis" else {"law": "homogeneous"}
        Derivation(statement, statement.lhs).forwards(rule, path, arguments)


def differentiated(derivation: Derivation) -> None:
    """All derivatives taken, one step at a time, then multiplied out."""
    while places := [path for path, e in walk(derivation.line) if isinstance(e, Diff)]:
        derivation.forwards("differentiate", places[0], {"names": ()})
    derivation.forwards("distribute", (), {})


def test_no_chain_differentiates_a_law_that_holds_from_a_corner_on() -> None:
    """relu(a t) = a relu(t) for a ≥ 0, and at a = 0 the left side has the derivative 0, the right one relu(t)."""
    statement = read_statement("diff(relu(a*x[0]), a) == relu(x[0])", ("a: number",), ("a >= 0",))
    left, right = (Derivation(statement, e) for e in statement.ends(()))
    values = [
        Evaluator(statement, {}, {"a": Fraction(0)}, lambda *_: Fraction(1)).number(e) for e in statement.ends(())
    ]
    assert values == [0, 1]
    with pytest.raises(RuleError, match=ABOVE):
        left.forwards("exponent", (0,), {"law": "homogeneous"})
        differentiated(left)
        right.forwards("distribute", (), {})
        join((), left, right)
    differentiated(left)
    right.forwards("distribute", (), {})
    with pytest.raises(CertificateError, match="do not meet"):
        join((), left, right)


def test_no_chain_differentiates_an_assumed_equation() -> None:
    """0 = ∂x[0]/∂y[0] = ∂(y ∗ k)[0]/∂y[0] = k[0] where x = y ∗ k is assumed."""
    statement = read_statement("k[0] == 0", INSIDE, GIVEN)
    left, right = (Derivation(statement, e) for e in statement.ends(()))
    zero = const(0)
    right.backwards("differentiate", (), Diff(Entry(x, (zero,)), Name("y", 1), (zero,)), {"names": ()})
    with pytest.raises(RuleError, match=ABOVE):
        right.forwards("hypothesis", (0, 0), {"number": 0})
        right.forwards("unfold", (0,), {"names": ("a",)})
        differentiated(right)
        right.forwards("sift", (), {"index": "a", "position": 0})
        join((), left, right)


# ---- false lines by what a support was once said to be

ABSURD = Ge(const(-1))


def emptied(derivation: Derivation) -> None:
    """The line is 0 if what is known where it is not 0 contradicts itself: a sum of two such bounds is negative."""
    known = bounds((derivation.line,), derivation.statement.facts)
    pairs = [{i: const(1), j: const(1)} for i in range(len(known)) for j in range(i)]
    for evidence in (*({i: const(1)} for i in range(len(known))), *pairs):
        try:
            whole = Mul((derivation.line, Iverson(ABSURD)))
            derivation.backwards("imply", (), whole, {"condition": ABSURD, "evidence": evidence})
        except RuleError:
            continue
        derivation.forwards("distribute", (), {})
        return


BOXED = Layer("conv_transpose", (Name("y", 2), Name("w", 3)), (const(1),), (const(1),), (const(0),), (const(1),) * 3)
"""A transposed convolution with w: kernel[4, 1, 3], said to be of one group with one input and one output."""

# claim, declarations, sizes, lines put for the left side one after another, each by its definition
OUTSIDE: dict[str, tuple[str, tuple[str, ...], dict[str, int], Callable[[Expr], list[Expr]]]] = {
    "a bias stands outside the support": (
        "pointwise(x, w, bias=b)[0, -1] == 0", ("x: signal[C, :]", "w: kernel[F, C]", "b: kernel[F]"),
        {"C": 1, "F": 1}, lambda e: []),
    "depthwise with a bias": (
        "depthwise1d(x, w, bias=b)[0, -9] == 0", ("x: signal[2, :]", "w: kernel[2, 2]", "b: kernel[2]"), {},
        lambda e: []),
    "a convolution with a bias": (
        "conv1d(x, w, bias=b)[0, -9] == 0", ("x: signal[2, :]", "w: kernel[2, 2, 2]", "b: kernel[2]"), {},
        lambda e: []),
    "a formula binds the index of the sum in it": (
        "sum(k[i] for i in range(c)) == 0", ("k: kernel[c]",), {"c": 2},
        lambda e: [at(Formula(("i",), e), const(-1)),
                   at(Layer("permute", (Formula(("i",), e),), order=(0,)), const(-1))]),
    "a bound index in an extent": (
        "K[0]*K[c + 1] == 0", ("k: kernel[c]", "h: kernel[m]", "K[p] = sum(h[i]*shift(k, i)[p] for i in range(m))"),
        {"c": 2, "m": 3}, lambda e: []),
    "a sum of a sequence and a number": ("(k + z)[-1] == 0", ("k: kernel[c]", "z: number"), {"c": 1}, lambda e: []),
    "a step that is 1 at 0": ("f(k)[-1] == 0", ("k: kernel[c]", "f: function"), {"c": 1}, lambda e: []),
}  # fmt: skip


@pytest.mark.parametrize(("claim", "lets", "sizes", "rewritten"), OUTSIDE.values(), ids=OUTSIDE.keys())
def test_no_chain_makes_a_number_zero_that_is_not(
    claim: str, lets: tuple[str, ...], sizes: dict[str, int], rewritten: Callable[[Expr], list[Expr]]
) -> None:
    statement = read_statement(claim, lets)
    evaluator = Evaluator(statement, sizes, {"z": Fraction(1)}, lambda name, n: Fraction(2 + sum(n) % 3))
    assert evaluator.number(statement.lhs) != 0, "the claim is false"
    left, right = (Derivation(statement, e) for e in statement.ends(()))
    for line in rewritten(left.line):
        left.backwards("unfold", (), line, {"names": ()})
    emptied(left)
    for derivation in (left, right):
        derivation.forwards("distribute", (), {})
    with pytest.raises(CertificateError, match="do not meet"):
        join((), left, right)


def test_a_number_that_is_zero_is_made_zero_in_this_way() -> None:
    """The same chain shows what is true, so that the refusals above are not for another reason."""
    statement = read_statement("pointwise(x, w)[0, -1] == 0", ("x: signal[C, H]", "w: kernel[F, C]"))
    left, right = (Derivation(statement, e) for e in statement.ends(()))
    emptied(left)
    right.forwards("distribute", (), {})
    assert join((), left, right).statement is statement


def test_no_layer_has_groups_that_do_not_fit_its_kernel() -> None:
    """w[1, 0, 0] y[1, 0] is no value of a layer of one group with one input and one output: that is 0 there."""
    names = ("u", "v", "i", "a")
    place = (const(1), const(0))
    lets = ("y: signal[4, 5]", "w: kernel[4, 1, 3]", "z: signal[:, 5]")
    claim = """sum(iverson(0 == a + i)*iverson(v >= 0)*iverson(v <= 0)*iverson(u <= 1)*iverson(u >= 1)
               *w[u + v, 1 - u, a]*y[u + v, i] for u in Z for v in Z for i in Z for a in Z)*z[1, 0] == 0"""
    statement = read_statement(" ".join(claim.split()), lets)
    evaluator = Evaluator(statement, {}, {}, lambda name, n: Fraction(2 + sum(n) % 3))
    assert evaluator.number(statement.lhs) != 0, "the claim is false"
    assert evaluator.number(definition(Entry(BOXED, place), names, {})) == 0
    left = Derivation(statement, statement.lhs)
    with pytest.raises(RuleError, match="does not lead to this line"):
        left.backwards("unfold", (0,), Entry(BOXED, place), {"names": names})


def test_a_grouped_weight_gradient_is_zero_outside_the_inputs_of_a_group() -> None:
    """At channel D of 2 D inputs in 2 groups: by the definition, and so by any chain."""
    lets = ("x: signal[2*D, :]", "g: kernel[2*M, m]")
    statement = read_statement("conv1d_weight(x, g, groups=2)[0, D, 0] == 0", lets)
    for sizes in ({"D": 1, "M": 1, "m": 1}, {"D": 2, "M": 1, "m": 3}):
        evaluator = Evaluator(statement, sizes, {}, lambda name, n: Fraction(2 + sum(n) % 3))
        assert evaluator.number(statement.lhs) == 0
        inside = read_statement("conv1d_weight(x, g, groups=2)[0, D - 1, 0] == 0", lets)
        assert Evaluator(inside, sizes, {}, lambda name, n: Fraction(2 + sum(n) % 3)).number(inside.lhs) != 0


UNSTATED = ("g: kernel[:]", "h: kernel[:]")


@pytest.mark.parametrize("claim", [
    "sum((iverson(j >= 0) - iverson(j >= 1))*diff(sum(g[i] for i in Z), g[j]) for j in Z) == 0",
    "sum(diff(sum(g[i] for i in Z), g[j]) for j in Z) == 13",
    "diff(g[7]*sum(g[i] for i in Z), g[7]) == 0",
    "inner(grad(inner(g, x), g, 1), y) == inner(x, y)",
])  # fmt: skip
def test_nothing_is_differentiated_by_a_kernel_without_stated_taps(claim: str) -> None:
    """∂(Σ g)/∂g[j] is 1 at every j, while a kernel of unstated taps has finite support: its sum over j has no end."""
    with pytest.raises(SymconvError, match="must have stated taps"):
        read_statement(claim, UNSTATED)


def test_no_line_is_differentiated_by_a_kernel_without_stated_taps() -> None:
    statement = read_statement("h[0] == h[0]", UNSTATED)
    h0 = Entry(h, (const(0),))
    left = Derivation(statement, h0)
    for e in (Diff(h0, Name("g", 1), (const(0),)), Diff(h0, h, (n,))):
        with pytest.raises(RuleError, match="must have stated taps"):
            Derivation(statement, e)
        with pytest.raises(RuleError, match="must have stated taps"):
            left.backwards("distribute", (), Add((h0, e, Neg(e))), {})
