"""The defining formulas: one layer, and all layers, of a drawn expression unfolded keep its values."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count

import oracle
import pytest
from expr.drawn import Author, World, worlds
from hypothesis import given, settings
from hypothesis import strategies as st

from symconv.errors import StatementError
from symconv.expr.claim import read_expression
from symconv.expr.definitions import arity, definition
from symconv.expr.nodes import Add, Entry, Expr, Mul, Name, Neg, Sum, rank
from symconv.expr.statement import Statement
from symconv.expr.text import text
from symconv.expr.traverse import binders, children, rebuild
from symconv.index.poly import var

QUICK = settings(max_examples=80, deadline=None, derandomize=True)
INDICES = ("n1", "n2")


def once(e: Entry, statement: Statement, supply: Iterator[int]) -> Expr:
    names = tuple(f"a{next(supply)}" for _ in range(arity(e.x)))
    return definition(e, names, statement.definitions)


def unfolded(e: Expr, statement: Statement, supply: Iterator[int]) -> Expr:
    """The expression with every entry of an operator replaced by its formula, down to entries of names."""
    while isinstance(e, Entry) and not isinstance(e.x, Name):
        e = once(e, statement, supply)
    return rebuild(e, tuple(unfolded(part, statement, supply) for part in children(e))) if children(e) else e


def agree(world: World, expression: str, expected: oracle.Sequence, deeply: bool) -> None:
    evaluator = world.evaluator(expression)
    statement = evaluator.statement
    entry = Entry(statement.lhs, tuple(map(var, INDICES[: expected.rank])))
    formula = (unfolded if deeply else once)(entry, statement, count())
    assert rank(formula) == 0
    for place in ((0, 0), (1, -1), (-2, 3), (4, 2)):
        n = place[: expected.rank]
        scope = {**world.integers, **dict(zip(INDICES, n, strict=False))}
        assert evaluator.value(formula, (), scope) == expected(*n), (expression, n)


@QUICK
@given(st.data())
def test_one_layer_of_a_drawn_expression(data: st.DataObject) -> None:
    world = data.draw(worlds(1))
    expression, expected = Author(data.draw, world, 1).signal(2)
    if expression not in world.sequences:
        agree(world, expression, expected, deeply=False)


@QUICK
@given(st.data())
def test_all_layers_of_a_drawn_expression(data: st.DataObject) -> None:
    world = data.draw(worlds(1))
    expression, expected = Author(data.draw, world, 1).signal(2)
    agree(world, expression, expected, deeply=True)


@settings(max_examples=40, deadline=None, derandomize=True)
@given(st.data())
def test_all_layers_of_a_drawn_expression_in_the_plane(data: st.DataObject) -> None:
    world = data.draw(worlds(2))
    expression, expected = Author(data.draw, world, 2).signal(1)
    agree(world, expression, expected, deeply=True)


FORMULAS = {
    "conv(x, k)": "sum(k[a]*x[n - a] for a in Z)",
    "corr(x, k)": "sum(k[a]*x[a + n] for a in Z)",
    "corr(x, k, stride=s, dilation=d, padding=p)": "sum(k[a]*x[a*d + n*s - p] for a in Z)",
    "down(x, s)": "x[n*s]",
    "up(x, s)": "sum(iverson(n == a*s)*x[a] for a in Z)",
    "flip(x)": "x[-n]",
    "shift(x, m)": "x[n - m]",
    "reverse(k)": "k[c - 1 - n]",
    "reverse(w)": "w[-n]",
    "reverse(conv(k, k))": "conv(k, k)[2*c - 2 - n]",
    "delta": "iverson(n == 0)",
    "ones(c)": "iverson(n >= 0)*iverson(c >= n + 1)",
    "taps(1/2, 3)": "(1/2)*iverson(n == 0) + 3*iverson(n == 1)",
    "x + k": "x[n] + k[n]",
    "x - 1": "x[n] - 1",
    "2*x": "2*x[n]",
    "mul(x, k)": "x[n]*k[n]",
    "f(x)": "f(x[n])",
    "y": "conv(x, k)[n]",
}
LETS = ("x: signal", "k: kernel[c]", "w: kernel[-l:l+1]", "c: size", "s: size", "d: size", "p: natural", "m: integer",
        "f: function", "y = conv(x, k)")  # fmt: skip


@pytest.mark.parametrize(("expression", "formula"), FORMULAS.items(), ids=FORMULAS)
def test_each_formula_as_it_stands_in_a_book(expression: str, formula: str) -> None:
    """The same formula as the text says: text that was read and printed."""
    statement = read_expression(expression, LETS)
    names = ("a",)[: arity(statement.lhs)]
    got = definition(Entry(statement.lhs, (var("n"),)), names, statement.definitions)
    assert text(got) == text(read_expression(formula, (*LETS, "n: integer")).lhs)


@pytest.mark.parametrize(
    ("e", "message"),
    [
        (Name("x", 1), "x has no definition to unfold"),
        (Entry(Name("x", 1), (var("m"),)), "only a sequence has entries"),
        (Sum(("n",), Name("x", 1)), r"the bound index of \('n',\) would capture a name"),
    ],
)
def test_what_has_no_formula(e: Expr, message: str) -> None:
    with pytest.raises(StatementError, match=message):
        definition(Entry(e, (var("n"),)), (), {})


def test_unfolding_leaves_no_operator() -> None:
    statement = read_expression("up(conv(x, reverse(k)), s) - 2*corr(down(x, 2), k, stride=s)", LETS)
    e = unfolded(Entry(statement.lhs, (var("n"),)), statement, count())
    assert len(binders(e)) == 3

    def plain(part: Expr) -> bool:
        if isinstance(part, Entry):
            return isinstance(part.x, Name)
        return not rank(part) and all(map(plain, children(part)))

    assert isinstance(e, Add | Mul | Neg)
    assert plain(e)


def test_a_product_is_reversed_about_one_place() -> None:
    world = World(("k: kernel[3]", "h: kernel[3]"), {}, {}, {"k": oracle.ones(3), "h": oracle.ones(3)})
    evaluator = world.evaluator("reverse(mul(k, 2*h))")
    entry = Entry(evaluator.statement.lhs, (var("n"),))
    formula = once(entry, evaluator.statement, count())
    for n in range(-1, 6):
        assert evaluator.value(evaluator.statement.lhs, (n,)) == evaluator.value(formula, (), {"n": n})
