"""Pages of worked numbers: what they print adds up, reads the same each time, and compiles."""

from __future__ import annotations

import re
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import pytest
from expr import test_torch

from symconv.document.model import Document, Matrices, Matrix, Table
from symconv.document.worked_numbers import worked_document
from symconv.document.worked_products import sums_of
from symconv.document.worked_steps import steps
from symconv.expr.claim import read_expression
from symconv.expr.text import text
from symconv.instances.arrays import data_of, read_data
from symconv.instances.run import Run, run
from symconv.render import compile as building
from symconv.render.environment import render
from symconv.render.plain import plain
from symconv.render.terminal import terminal

PAGES = {
    "strided": ("conv1d(x, k, stride=2)", "x=[1,0,-2,3,1,2,-1]", "k=[1/2,1,1/2]"),
    "scatter": ("conv_transpose2d(x, k)", "x=[[3,4],[1,7]]", "k=[[2,0],[1,-1]]"),
    "max-pooling": ("max_pool2d(x, 2, stride=1)", "x=[[113,87,75],[114,80,75],[112,73,81]]"),
    "network": ("relu(avg_pool2d(conv2d(x, w, bias=b), 2, stride=s))[0, 0, 0] + 1",
                "x=[[[1,2,3],[4,5,6],[0,1,-1]]]", "w=[[[[1,0],[0,-1]]],[[[1,1],[1/2,1]]]]", "b=[1/2,0]", "s=1"),
    "sequences": ("inner(corr(x, k, padding=1), x) * conv(x, k)", "x=[1,2,3]", "k=[1,-1/2]"),
    "norms": ("lp_pool1d(conv_transpose1d(x, k, stride=2), 2, 2)", "x=[1,2,3]", "k=[1,-1/2]"),
    "large": ("conv1d(x, k)", f"x={[*range(40)]}", "k=[1,2]"),
}  # fmt: skip


def at(name: str) -> Run:
    expression, *given = PAGES[name]
    return run(expression, read_data(given))


def given(drawn: test_torch.Drawn) -> dict[str, Any]:
    """The drawn numbers of the names that stand in the expression, with the axes that it has."""
    declared = read_expression(drawn.text, drawn.lets).declarations
    words = set(re.findall(r"\w+", drawn.text))
    out: dict[str, Any] = {n: v for n, v in drawn.integers.items() if n in words}
    for name, a in drawn.arrays.items():
        axes = declared[name].rank
        out[name] = a.reshape(a.shape[a.ndim - axes :]) if axes else int(a.flat[0])
    return out


@pytest.mark.parametrize("name", PAGES)
def test_worked_numbers(name: str, golden: Callable[..., None]) -> None:
    page = worked_document(at(name))
    golden(terminal(page) + "\n")
    golden(render(page, "latex"), "tex")


@pytest.mark.parametrize("language", ["latex", "typst", "html"])
@pytest.mark.parametrize("name", PAGES)
def test_every_format_has_the_numbers(name: str, language: str) -> None:
    found = at(name)
    output = render(worked_document(found), language)
    for v in found.value.entries[:10]:
        if isinstance(v, Fraction):
            assert str(abs(v.numerator)) in output


@pytest.mark.parametrize("name", ["scatter", "network", "norms"])
def test_pages_compile(name: str) -> None:
    assert building.typst_pdf(render(worked_document(at(name)), "typst")).startswith(b"%PDF")


@pytest.mark.tex
def test_pages_compile_in_latex() -> None:
    assert building.latex_pdf(render(worked_document(at("network")), "latex"), "pdflatex").startswith(b"%PDF")


@pytest.mark.parametrize("kind", test_torch.LAYERS)
def test_the_products_of_every_output_add_up_to_it(kind: str) -> None:
    for seed in range(500, 503):
        drawn = test_torch.LAYERS[kind](test_torch.Author(seed))
        found = run(drawn.text, data_of(given(drawn)))
        for step in steps(found):
            sums = sums_of(step, found.tensors)
            for n in step.value.places() if sums is not None else ():
                s = sums(n)
                total = sum((p.tap * p.sample for p in s.products), Fraction(0)) + (s.bias or 0)
                assert total == step.value.at(n), (drawn.text, text(step.node), n)


def test_partial_products_are_shown_and_add_up() -> None:
    page = worked_document(at("scatter"))
    line = next(line for b in page.blocks if isinstance(b, Matrices) for line in b.lines if len(line) > 6)
    matrices = [[[plain(c.formula) for c in r] for r in m.rows] for m in line if isinstance(m, Matrix)]
    values = [[[0 if c.strip() == "·" else int(c.replace("−", "-")) for c in r] for r in m] for m in matrices]
    *copies, total = values
    assert total == [[6, 8, 0], [5, 15, -4], [1, 6, -7]]
    assert [[sum(m[i][j] for m in copies) for j in range(3)] for i in range(3)] == total
    assert copies[0] == [[6, 0, 0], [3, -3, 0], [0, 0, 0]]


def test_rows_of_the_matrix_times_the_samples_are_the_outputs() -> None:
    page = worked_document(at("strided"))
    (line,) = next(b for b in page.blocks if isinstance(b, Matrices)).lines
    matrix, vector, value = (m for m in line if isinstance(m, Matrix))
    numbers = [[[Fraction(plain(c.formula).replace("−", "-").replace(" · ", "0")) for c in r] for r in m.rows]
               for m in (matrix, vector, value)]  # fmt: skip
    assert (len(matrix.rows), matrix.width) == (3, 7)
    product = [[sum(a * b[0] for a, b in zip(r, numbers[1], strict=True))] for r in numbers[0]]
    assert product == numbers[2]
    assert product == [[Fraction(-1, 2)], [Fraction(5, 2)], [2]]


def test_each_window_is_shown_with_its_maximum() -> None:
    table = next(b for b in worked_document(at("max-pooling")).blocks if isinstance(b, Table))
    assert [plain(right) for _, right in table.rows] == [
        "max(113, 87, 114, 80) = 114", "max(87, 75, 80, 75) = 87", "max(114, 80, 112, 73) = 114",
        "max(80, 75, 73, 81) = 81"]  # fmt: skip


def test_results_have_names_that_nothing_else_has() -> None:
    found = run("conv(conv(y, z), u)", read_data(["y=[1,2],z=[1,1],u=[1]"]))
    assert [step.name for step in steps(found)] == ["v", "p"]


def test_definitions_of_the_author_keep_their_names() -> None:
    found = run("relu(h)", read_data(["x=[1,2],w=[-1]"]), ["h = conv1d(x, w)"])
    assert [(step.name, text(step.shown)) for step in steps(found)] == [("h", "conv1d(x, w)"), ("y", "relu(h)")]


def test_what_is_zero_everywhere_says_so() -> None:
    page = worked_document(run("down(shift(x, 1), 2)", read_data(["x=[3]"])))
    assert isinstance(page, Document)
    assert "z is 0 at every place." in terminal(page)
