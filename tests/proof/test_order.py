"""Each law of order: right uses, old ≤ new by plain loops; almost-right ones; places where a line falls; equations.

The values are computed twice: by `expr/evaluate` from the definitions, and by the plain loops written beside the use.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from proof.test_rules import E, F, M, World, at, on, worlds

from symconv.errors import CertificateError, RuleError
from symconv.expr.claim import read_statement
from symconv.expr.nodes import Add, Apply, Expr, Mul, Neg, Sum
from symconv.expr.order import LAWS
from symconv.expr.steps import encode_step
from symconv.expr.traverse import walk
from symconv.index.poly import Poly
from symconv.proof.theorem import Derivation, derive, join, replay

Plain = Callable[[Any], Any]
Places = dict[str, Poly] | None


def relu(v: Any) -> Any:
    return max(v, 0)


# law, old, new, places, both values by plain loops
RIGHT: list[tuple[str, str, str | tuple[str, ...], Places, Plain, Plain]] = [
    ("more", "x[n]", "x[n] + abs(x[i])", None, lambda o: o.x(o.n), lambda o: o.x(o.n) + abs(o.x(o.i))),
    ("more", "z", "z + alpha + s + relu(z)*x[n]*x[n] + max(step(x[u]) for u in range(c))", None, lambda o: o.z,
     lambda o: o.z + o.alpha + o.s + relu(o.z) * o.x(o.n) ** 2 + max(o.x(u) > 0 for u in range(o.c))),
    ("more", "z", "z - (-alpha)", None, lambda o: o.z, lambda o: o.z + o.alpha),
    ("fewer", "x[n] - alpha - s*abs(x[i])", "x[n]", None, lambda o: o.x(o.n) - o.alpha - o.s * abs(o.x(o.i)),
     lambda o: o.x(o.n)),
    ("fewer", "z - sum(abs(k[u]) for u in range(c))", "z", None,
     lambda o: o.z - sum(abs(o.k(u)) for u in range(o.c)), lambda o: o.z),
    ("function", "x[n]", "abs(x[n])", None, lambda o: o.x(o.n), lambda o: abs(o.x(o.n))),
    ("function", "-x[n]", "abs(x[n])", None, lambda o: -o.x(o.n), lambda o: abs(o.x(o.n))),
    ("function", "x[n]", "relu(x[n])", None, lambda o: o.x(o.n), lambda o: relu(o.x(o.n))),
    ("function", "relu(x[n])", "abs(x[n])", None, lambda o: relu(o.x(o.n)), lambda o: abs(o.x(o.n))),
    ("triangle", "abs(x[n] - z + x[i])", "abs(x[n]) + abs(-z) + abs(x[i])", None,
     lambda o: abs(o.x(o.n) - o.z + o.x(o.i)), lambda o: abs(o.x(o.n)) + abs(o.z) + abs(o.x(o.i))),
    ("triangle", "relu(x[n] + z)", "relu(x[n]) + relu(z)", None, lambda o: relu(o.x(o.n) + o.z),
     lambda o: relu(o.x(o.n)) + relu(o.z)),
    ("triangle", "abs(sum(k[u]*x[n - u] for u in Z))", "sum(abs(k[u]*x[n - u]) for u in Z)", None,
     lambda o: abs(sum(o.k(u) * o.x(o.n - u) for u in range(o.c))),
     lambda o: sum(abs(o.k(u) * o.x(o.n - u)) for u in range(o.c))),
    ("triangle", "relu(sum(k[u]*x[n - u] for u in Z))", "sum(relu(k[u]*x[n - u]) for u in Z)", None,
     lambda o: relu(sum(o.k(u) * o.x(o.n - u) for u in range(o.c))),
     lambda o: sum(relu(o.k(u) * o.x(o.n - u)) for u in range(o.c))),
    ("total", "max(abs(x[n + u]) for u in range(c))", "sum(abs(x[n + u]) for u in range(c))", None,
     lambda o: max(abs(o.x(o.n + u)) for u in range(o.c)), lambda o: sum(abs(o.x(o.n + u)) for u in range(o.c))),
    ("total", "max(relu(x[u])*s for u in range(2) for v1 in range(c))",
     "sum(relu(x[u])*s for u in range(2) for v1 in range(c))", None,
     lambda o: max(relu(o.x(u)) * o.s for u in range(2)), lambda o: o.c * sum(relu(o.x(u)) * o.s for u in range(2))),
    ("greatest", "iverson(n >= 0)*iverson(n <= c - 1)*abs(z)*x[n + i]",
     "iverson(n >= 0)*iverson(n <= c - 1)*abs(z)*max(x[u + i] for u in range(c))", M(u="n"),
     lambda o: abs(o.z) * o.x(o.n + o.i) if o.n in range(o.c) else 0,
     lambda o: abs(o.z) * max(o.x(u + o.i) for u in range(o.c)) if o.n in range(o.c) else 0),
    ("greatest", "x[2*n + 1]*iverson(2*n >= 0)*iverson(2*n <= s - 1)*x[n]*x[n]*x[4*n]",
     "iverson(2*n >= 0)*iverson(2*n <= s - 1)*max(x[u + 1]*x[n]*x[n]*x[2*u] for u in range(s))", M(u="2*n"),
     lambda o: o.x(2 * o.n + 1) * o.x(o.n) ** 2 * o.x(4 * o.n) if 2 * o.n in range(o.s) else 0,
     lambda o: max(o.x(u + 1) * o.x(o.n) ** 2 * o.x(2 * u) for u in range(o.s)) if 2 * o.n in range(o.s) else 0),
    ("attained", "x[n + 1]", "max(x[n + u] for u in range(c + 1))", M(u="1"), lambda o: o.x(o.n + 1),
     lambda o: max(o.x(o.n + u) for u in range(o.c + 1))),
    ("attained", "x[n + c - 1]*z", "max(x[n + u]*z for u in range(c))", M(u="c - 1"),
     lambda o: o.x(o.n + o.c - 1) * o.z, lambda o: max(o.x(o.n + u) * o.z for u in range(o.c))),
    ("attained", "x[s*i + i]", "max(x[s*u + b] for u in range(i + 1) for b in range(i + t))", M(u="i", b="i"),
     lambda o: o.x(o.s * o.i + o.i),
     lambda o: max(o.x(o.s * u + b) for u in range(o.i + 1) for b in range(o.i + o.t))),
    ("apart", "max(x[n + u] - x[u] for u in range(c))",
     ("max(x[n + u] for u in range(c))", "max(-x[u] for u in range(c))"), None,
     lambda o: max(o.x(o.n + u) - o.x(u) for u in range(o.c)),
     lambda o: max(o.x(o.n + u) for u in range(o.c)) + max(-o.x(u) for u in range(o.c))),
    ("wider", "max(x[n + u] for u in range(c))", "max(x[n + u] for u in range(c + s))", None,
     lambda o: max(o.x(o.n + u) for u in range(o.c)), lambda o: max(o.x(o.n + u) for u in range(o.c + o.s))),
    ("wider", "max(x[n + u + b] for u in range(2) for b in range(s))",
     "max(x[n + u + b] for u in range(M) for b in range(s*t))", None,
     lambda o: max(o.x(o.n + u + b) for u in range(2) for b in range(o.s)),
     lambda o: max(o.x(o.n + u + b) for u in range(o.M) for b in range(o.s * o.t))),
]  # fmt: skip


def read(e: str | tuple[str, ...]) -> Expr:
    """An expression, or the sum of some, each with indices of its own: the reader gives each index another name."""
    return E(e) if isinstance(e, str) else Add(tuple(map(E, e)))


def test_every_law_has_a_right_and_several_almost_right_uses() -> None:
    assert {row[0] for row in RIGHT} == set(LAWS)
    assert all(sum(row[0] == law for row in WRONG) >= 3 for law in LAWS)


@pytest.mark.parametrize(("law", "old", "new", "places", "plain", "greater"), RIGHT)
@settings(max_examples=25, deadline=None)
@given(world=worlds)
def test_the_value_does_not_fall(
    world: World, law: str, old: str, new: str | tuple[str, ...], places: Places, plain: Plain, greater: Plain
) -> None:
    derivation = Derivation(F, read(old))
    assert derivation.upwards((), read(new), law, places)
    assert not derivation.exact
    low, high = world.value(derivation.first), world.value(derivation.line)
    assert (low, high) == (plain(world.o), greater(world.o))
    assert low <= high


WRONG: list[tuple[str, Expr, Expr, Places]] = [
    # more: a sign that is not known, another order, another term
    *(("more", E("x[n]"), E(f"x[n] + {f}"), None) for f in ("z", "x[i]", "n", "(s - t)", "-alpha", "sign(alpha - z)",
                                                           "x[i]*x[n]", "f(alpha)", "alpha*z")),
    ("more", E("x[n]"), E("alpha + x[n]"), None),
    ("more", E("x[n]"), E("x[i] + alpha"), None),
    ("more", E("x[n]"), E("x[n] - alpha"), None),
    ("more", E("x[n]"), E("abs(x[i]) + z"), None),
    ("more", E("x[n]"), Add(()), None),
    ("more", E("x[n]"), E("2*x[n]"), None),
    # fewer
    *(("fewer", E(f"x[n] + {f}"), E("x[n]"), None) for f in ("alpha", "z", "x[i]", "n", "(s - t)", "(-1)*z")),
    ("fewer", E("x[n] - alpha + z"), E("x[n]"), None),
    ("fewer", E("-alpha + x[n]"), E("x[n]"), None),
    ("fewer", E("x[n]"), E("x[n] - alpha"), None),
    # function
    ("function", E("x[n]"), E("step(x[n])"), None),
    ("function", E("x[n]"), E("abs(x[i])"), None),
    ("function", E("-x[n]"), E("relu(x[n])"), None),
    ("function", E("abs(x[n])"), E("relu(x[n])"), None),
    ("function", E("abs(x[n])"), E("x[n]"), None),
    ("function", E("relu(x[n])"), E("x[n]"), None),
    ("function", E("x[n]"), E("f(x[n])"), None),
    ("function", E("-x[n]"), E("abs(-x[i])"), None),
    # triangle: a smaller sum, another function, the other way
    ("triangle", E("abs(x[n] - z)"), E("abs(x[n]) - abs(z)"), None),
    ("triangle", E("abs(x[n] + z)"), E("abs(x[n]) + z"), None),
    ("triangle", E("abs(x[n] + z)"), E("abs(x[n]) + relu(z)"), None),
    ("triangle", E("relu(x[n] - z)"), E("relu(x[n]) - relu(z)"), None),
    ("triangle", E("abs(x[n]) + abs(z)"), E("abs(x[n] + z)"), None),
    ("triangle", E("step(x[n] + z)"), E("step(x[n]) + step(z)"), None),
    ("triangle", E("sign(x[n] + z)"), E("sign(x[n]) + sign(z)"), None),
    ("triangle", E("f(x[n] + z)"), E("f(x[n]) + f(z)"), None),
    ("triangle", E("abs(sum(k[u] for u in Z))"), E("sum(relu(k[u]) for u in Z)"), None),
    ("triangle", E("abs(sum(k[u] for u in Z))"), E("sum(k[u] for u in Z)"), None),
    ("triangle", E("abs(sum(k[u] for u in range(c)))"), E("abs(sum(k[u] for u in range(c + 1)))"), None),
    # total: of any sign, over a smaller range
    ("total", E("max(x[n + u] for u in range(c))"), E("sum(x[n + u] for u in range(c))"), None),
    ("total", E("max(x[u]*x[n] for u in range(c))"), E("sum(x[u]*x[n] for u in range(c))"), None),
    ("total", E("max(alpha - abs(x[u]) for u in range(c))"), E("sum(alpha - abs(x[u]) for u in range(c))"), None),
    ("total", E("max(abs(x[u]) for u in range(c))"), E("sum(abs(x[u]) for u in range(c - 1))"), None),
    ("total", E("max(abs(x[u]) for u in range(c))"), E("sum(abs(x[u]) for u in range(1, c))"), None),
    ("total", E("max(abs(x[u]) for u in range(c))"), E("sum(abs(x[n + u]) for u in range(c))"), None),
    ("total", E("abs(x[n])"), E("sum(abs(x[u]) for u in range(c))"), None),
    ("total", E("sum(abs(x[u]) for u in range(c))"), E("max(abs(x[u]) for u in range(c))"), None),
    # greatest: outside the range, at another place, with a weight of any sign
    ("greatest", E("iverson(n >= 0)*x[n]"), E("iverson(n >= 0)*max(x[u] for u in range(c))"), M(u="n")),
    ("greatest", E("iverson(n >= 0)*iverson(n <= c)*x[n]"),
     E("iverson(n >= 0)*iverson(n <= c)*max(x[u] for u in range(c))"), M(u="n")),
    ("greatest", E("iverson(n >= 0)*iverson(n <= c - 1)*z*x[n]"),
     E("iverson(n >= 0)*iverson(n <= c - 1)*z*max(x[u] for u in range(c))"), M(u="n")),
    ("greatest", E("iverson(n >= 0)*iverson(n <= c - 1)*x[n]"),
     E("iverson(n >= 0)*iverson(n <= c - 1)*max(x[u] for u in range(c))"), M(u="n + 1")),
    ("greatest", E("iverson(n >= 0)*iverson(n <= c - 1)*x[n + 1]"),
     E("iverson(n >= 0)*iverson(n <= c - 1)*max(x[u] for u in range(c))"), M(u="n")),
    ("greatest", E("iverson(n >= 0)*iverson(n <= c - 1)*x[n]*abs(x[i])"),
     E("iverson(n >= 0)*iverson(n <= c - 1)*max(x[u] for u in range(c))"), M(u="n")),
    ("greatest", E("iverson(n >= 0)*iverson(n <= c - 1)*x[n]"),
     E("iverson(n >= 0)*iverson(n <= c - 1)*max(x[u]*x[u] for u in range(c))"), M(u="n")),
    ("greatest", E("iverson(n >= 0)*iverson(n <= c - 1)*x[n]"), E("max(x[u] for u in range(c))"), M(u="n")),
    ("greatest", E("iverson(n >= 0)*iverson(n <= c - 1)*x[n]"),
     E("iverson(n >= 0)*iverson(n <= c - 1)*max(x[u] for u in range(c))"), M(j="n")),
    ("greatest", E("iverson(n >= 0)*iverson(n <= c - 1)*x[n]"),
     E("iverson(n >= 0)*iverson(n <= c - 1)*max(x[u] for u in range(c))"), None),
    # attained: a place that may be outside
    ("attained", E("x[n + 1]"), E("max(x[n + u] for u in range(c))"), M(u="1")),
    ("attained", E("x[n + c]"), E("max(x[n + u] for u in range(c))"), M(u="c")),
    ("attained", E("x[n - 1]"), E("max(x[n + u] for u in range(c))"), M(u="-1")),
    ("attained", E("x[n]"), E("max(x[u] for u in range(c))"), M(u="n")),
    ("attained", E("x[p]"), E("max(x[u] for u in range(c))"), M(u="p")),
    ("attained", E("x[n]"), E("max(x[n + u + 1] for u in range(c))"), M(u="0")),
    ("attained", E("x[n]*z"), E("z*max(x[n + u] for u in range(c))"), M(u="0")),
    ("attained", E("x[n]"), E("max(x[n + u] for u in range(c))"), None),
    ("attained", E("x[n]"), E("max(x[n + u] for u in range(c))"), M(j="0")),
    ("attained", E("x[n]"), E("max(x[n + u + b] for u in range(c) for b in range(2))"), M(b="0", u="0")),
    # apart: a difference, a product, another box
    ("apart", E("max(x[u] - x[n + u] for u in range(c))"),
     Add((E("max(x[u] for u in range(c))"), Neg(E("max(x[n + u] for u in range(c))")))), None),
    ("apart", E("max(x[u]*x[n + u] for u in range(c))"),
     Mul((E("max(x[u] for u in range(c))"), E("max(x[n + u] for u in range(c))"))), None),
    ("apart", E("max(x[u] + x[n + u] for u in range(c))"),
     read(("max(x[u] for u in range(c))", "max(x[n + u] for u in range(2))")), None),
    ("apart", read(("max(x[u] for u in range(c))", "max(x[n + u] for u in range(c))")),
     E("max(x[u] + x[n + u] for u in range(c))"), None),
    # wider: narrower, of another body, with other indices
    ("wider", E("max(x[u] for u in range(c))"), E("max(x[u] for u in range(s))"), None),
    ("wider", E("max(x[u] for u in range(c + s))"), E("max(x[u] for u in range(c))"), None),
    ("wider", E("max(x[u] for u in range(3))"), E("max(x[u] for u in range(M))"), None),
    ("wider", E("max(x[u] for u in range(c))"), E("max(x[u + 1] for u in range(c + 1))"), None),
    ("wider", E("max(x[u + b] for u in range(c) for b in range(s))"),
     E("max(x[u + b] for u in range(c + 1) for b in range(t))"), None),
    ("wider", E("max(x[u] for u in range(c))"), E("x[0]"), None),
]  # fmt: skip


@pytest.mark.parametrize(("law", "old", "new", "places"), WRONG)
def test_almost_right_uses_are_refused(law: str, old: Expr, new: Expr, places: Places) -> None:
    derivation = Derivation(F, old)
    with pytest.raises(RuleError, match=r"^rule order: (the law .* does not lead to this|no law of order)"):
        derivation.upwards((), new, law, places)
    assert derivation.line == old
    assert derivation.exact


@pytest.mark.parametrize("law", ["lower", "", "rises", "require"])
def test_a_law_that_is_none_is_refused(law: str) -> None:
    with pytest.raises(RuleError, match="no law of order"):
        Derivation(F, E("x[n]")).upwards((), E("abs(x[n])"), law)


# ---- where a line rises: x[n] is put under |x[n]| there

RISING = [
    "@ + z", "2*@", "alpha*@*s", "abs(x[i])*@", "relu(@)", "step(@)", "sign(@)", "max(@*abs(x[u]) for u in range(c))",
    "sum(@*abs(k[u]) for u in Z)", "iverson(i >= n)*@", "max(@ + x[u] for u in range(c))", "relu(alpha*sign(@) - z)",
    "abs(x[i])**s*@", "(s/t)*@", "max(x[u] for u in range(c)) + relu(@)",
]  # fmt: skip
FALLING = [
    "-(@)", "z - (@)", "z*@", "(-2)*@", "x[i]*@", "(s - t)*@", "n*@", "abs(@)", "f(@)", "abs(@)**2", "abs(@)**s",
    "abs(@)**(-1)", "abs(@ + z)", "@*@", "relu(-(@))", "max(x[u]*@ for u in range(c))", "sum(k[u]*@ for u in Z)",
    "peak((x[u] + @ for u in range(c)), 0)", "sum(x[j]*conv(formula(j, @), k)[i] for j in range(c))",
    "diff(z*@, z)", "grad(z*@, z, 1)", "adjoint(z*@, z, 2)", "formula(u, @)[i]", "-max(@*abs(x[u]) for u in range(c))",
]  # fmt: skip


def placed(outer: str, inner: Expr) -> tuple[Derivation, tuple[int, ...]]:
    """A derivation from an expression in which @ is a part, and the place of the part."""
    derivation = Derivation(F, E(outer.replace("@", "x[n]")))
    return derivation, next(path for path, e in walk(derivation.line) if e == inner)


@pytest.mark.parametrize("outer", RISING)
@settings(max_examples=10, deadline=None)
@given(world=worlds)
def test_a_line_rises_with_a_part(world: World, outer: str) -> None:
    derivation, path = placed(outer, at("x", "n"))
    assert derivation.upwards(path, E("abs(x[n])"), "function")
    assert world.value(derivation.first) <= world.value(derivation.line)


@pytest.mark.parametrize("outer", FALLING)
def test_a_line_that_may_fall_is_refused(outer: str) -> None:
    derivation, path = placed(outer, at("x", "n"))
    with pytest.raises(RuleError, match="the line is not known to rise"):
        derivation.upwards(path, E("abs(x[n])"), "function")


@pytest.mark.parametrize(("outer", "known"), [("abs(@)", True), ("abs(@)**s", True), ("abs(@)**(s/t)", True),
                                              ("abs(@)**p", False), ("abs(@)**(s - t)", False), ("abs(@)**0", False),
                                              ("abs(@)**(-1)", False), ("abs(@)**n", False)])  # fmt: skip
def test_powers_rise_from_what_is_not_negative_where_the_exponent_is_positive(outer: str, known: bool) -> None:
    statement = read_statement(f"{outer.replace('@', 'y[n]')} == 0", ("y: signal", "n: integer", "s: size", "t: size",
                                                                     "p: natural"), ("y >= 0",))  # fmt: skip
    derivation = Derivation(statement, statement.lhs)
    more = Add((at("y", "n"), at("y", "n + 1")))
    if known:
        assert derivation.upwards((0,), more, "more")
    else:
        with pytest.raises(RuleError, match="not known to rise"):
            derivation.upwards((0,), more, "more")


def test_nothing_rises_in_a_repeated_map() -> None:
    statement = read_statement("repeat(x + abs(x), x, r) == x", ("x: signal", "r: natural"))
    derivation = Derivation(statement, statement.lhs)
    with pytest.raises(RuleError, match=r"not known to rise|no place"):
        derivation.upwards((0, 0), Apply("abs", statement.rhs), "function")


# ---- names: what is put must be a line

LINES: list[tuple[Expr, Expr, str, Places, str]] = [
    (E("x[n]"), Add((at("x", "n"), E("abs(x[n])"), Apply("abs", at("x", "k")))), "more", None, "no integer"),
    (E("sum(k[a]*x[n] for a in Z)"), Sum(("a",), Mul((at("k", "a"), at("x", "n")))), "more", None, "does not lead"),
    (E("x[n]"), Add((at("x", "n"), Sum(("n",), on("n == 0")))), "more", None, "hides one of|both free and bound"),
    (E("x[n]"), Add((at("x", "n"), Sum(("a",), Apply("abs", at("x", "a"))))), "more", None, "infinitely many terms"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "law", "places", "message"), LINES)
def test_what_is_put_is_a_line(old: Expr, new: Expr, law: str, places: Places, message: str) -> None:
    with pytest.raises(RuleError, match=message):
        Derivation(F, old).upwards((), new, law, places)


# ---- what a chain with such a step proves

TOTAL = "max(x[u] for u in range(c))", "sum(x[u] for u in range(c))"
LETS_ABOVE, ABOVE = ("x: signal", "c: size"), ("x >= 0",)


def chain(relation: str) -> tuple[Derivation, Derivation]:
    statement = read_statement(f"{TOTAL[0]} {relation} {TOTAL[1]}", LETS_ABOVE, ABOVE)
    left, right = (Derivation(statement, e) for e in statement.ends(()))
    return left, right


def raised(left: Derivation, right: Derivation) -> None:
    """The left side to the sum, in the right side's index."""
    assert isinstance(right.first, Sum)
    (index,) = right.first.indices
    (own,) = left.first.indices  # type: ignore[union-attr]
    left.forwards("maximum", (), {"law": "arrange", "order": (own,), "names": (index,)})
    left.upwards((), right.first, "total")


def test_a_chain_of_inequalities_proves_an_inequality_only() -> None:
    left, right = chain("<=")
    raised(left, right)
    theorem = join((), left, right)
    assert theorem.steps[-1].rule == "order"
    assert derive(theorem.statement, (), theorem.steps).steps == theorem.steps
    data = [json.loads(json.dumps(encode_step(s))) for s in theorem.steps]
    assert replay(theorem.statement, (), data).steps == theorem.steps
    left, right = chain("==")
    raised(left, right)
    assert left.line == right.line
    with pytest.raises(CertificateError, match="do not meet, or show less than what is stated"):
        join((), left, right)
    with pytest.raises(CertificateError, match="do not meet, or show less than what is stated"):
        derive(left.statement, (), left.steps)


def test_the_right_side_does_not_rise() -> None:
    """sum ≤ max is not what rising from the right side shows."""
    statement = read_statement(f"{TOTAL[1]} <= {TOTAL[0]}", LETS_ABOVE, ABOVE)
    left, right = (Derivation(statement, e) for e in statement.ends(()))
    raised(right, left)
    assert left.line == right.line
    with pytest.raises(CertificateError, match="do not meet, or show less than what is stated"):
        join((), left, right)


def test_a_fork_remembers_that_it_rose() -> None:
    left, right = chain("==")
    raised(left, right)
    twin = left.fork()
    assert not twin.exact
    with pytest.raises(CertificateError, match="show less"):
        join((), twin, right)


@pytest.mark.parametrize("change", [
    {"backwards": True}, {"rule": "total"}, {"rule": "maximum"}, {"path": [0]},
    {"arguments": {}}, {"arguments": {"law": "wider"}}, {"arguments": {"law": "total", "places": {"map": []}}},
    {"arguments": {"law": "total", "new": "x"}}, {"arguments": {"law": "total", "path": []}},
    {"arguments": {"law": ["total"]}}, {"arguments": {"law": {"map": []}}}, {"arguments": {"law": 0}},
    {"arguments": {"map": []}},
])  # fmt: skip
def test_an_altered_step_is_refused_with_its_line(change: dict[str, Any]) -> None:
    left, right = chain("<=")
    raised(left, right)
    data = [json.loads(json.dumps(encode_step(s))) for s in left.steps]
    last = len(data)
    with pytest.raises(CertificateError, match=f"^line {last}[:,]"):
        replay(left.statement, (), [*data[:-1], {**data[-1], **change}])


def test_an_inequality_does_not_prove_the_other_one() -> None:
    left, right = chain("<=")
    raised(left, right)
    other = read_statement(f"{TOTAL[1]} <= {TOTAL[0]}", LETS_ABOVE, ABOVE)
    with pytest.raises(CertificateError):
        derive(other, (), left.steps)
    weaker = read_statement(f"{TOTAL[0]} <= {TOTAL[1]}", LETS_ABOVE, ())
    with pytest.raises(CertificateError, match="does not lead to this"):
        derive(weaker, (), left.steps)
