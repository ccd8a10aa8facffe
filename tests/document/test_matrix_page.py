"""Pages of linear maps: goldens of the syllabus' matrices, what is left out of large ones, and every language."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from symconv.document.matrix_blocks import WIDEST, matrix_block
from symconv.document.matrix_page import matrix_page
from symconv.document.model import Document, Matrices, Matrix
from symconv.expr.mathematics import Tok
from symconv.instances.arrays import data_of
from symconv.instances.linear_maps import read_map
from symconv.render import compile as building
from symconv.render.environment import render
from symconv.render.terminal import terminal

MAPS: dict[str, tuple[str, tuple[str, ...], dict[str, Any]]] = {
    "smoothing": ("conv1d(x, k, stride=2)", ("x: signal[7]",), {"k": ["1/2", 1, "1/2"]}),
    "image": ("conv2d(x, w)", ("x: signal[:, :]",), {"H": 3, "W": 4, "c": 2, "e": 2}),
    "correlation": ("corr(x, k, stride=2)", (), {"N": 7, "c": 3}),
    "down": ("down(x, 2)", (), {"N": 8}),
    "channels": ("conv1d(x, w)", (), {"C": 2, "F": 1, "c": 2, "N": 3}),
    "border": ("upsample_linear(x, 2)", ("x: signal[3]",), {}),
}


def document(name: str) -> Document:
    expression, lets, given = MAPS[name]
    return matrix_page(read_map(expression, "x", data_of(given), lets))


@pytest.mark.parametrize("name", MAPS)
def test_matrix_page(name: str, golden: Callable[..., None]) -> None:
    golden(terminal(document(name)) + "\n", "txt")


def test_a_dot_is_explained_where_there_is_one() -> None:
    assert "A dot is a 0." in terminal(document("smoothing"))
    full = terminal(matrix_page(read_map("conv1d(x, k)", "x", data_of({"N": 3, "k": [1, 2, 3]}))))
    assert "[ 1 2 3 ]" in full
    assert "1 output from 3 samples of x" in full
    assert "dot" not in full


def test_matrix_in_latex(golden: Callable[..., None]) -> None:
    golden(render(document("smoothing"), "latex"), "tex")


def test_the_middle_of_large_matrices_is_left_out() -> None:
    columns = [(j,) for j in range(40)]
    import sympy

    values = [[sympy.Integer(int(i == j)) for j in range(40)] for i in range(40)]
    block = matrix_block(values, {}, columns, columns)
    assert block.width == len(block.rows) == WIDEST
    assert Tok("dots") in [c.formula for c in block.rows[0]]
    assert [label for label in block.column_labels if label == Tok("dots")] == [Tok("dots")]
    text = terminal(Document("", "", "", (Matrices(((block,),)),)))
    assert " 39" in text
    assert " 20" not in text


def test_equal_taps_have_one_colour() -> None:
    (_, shown, *_) = document("correlation").blocks
    assert isinstance(shown, Matrices)
    matrix = shown.lines[0][-1]
    assert isinstance(matrix, Matrix)
    colours = {c.formula: set[int | None]() for r in matrix.rows for c in r}
    for cell in (c for r in matrix.rows for c in r):
        colours[cell.formula].add(cell.colour)
    assert all(len(found) == 1 for found in colours.values())
    assert len({min(found) for found in colours.values() if None not in found}) == 4


@pytest.mark.parametrize("language", ["typst", pytest.param("latex", marks=pytest.mark.tex)])
def test_matrix_pages_compile(language: str) -> None:
    documents = [document(name) for name in MAPS]
    source = render(Document("Matrices", "", "", tuple(b for d in documents for b in d.blocks)), language)
    made = building.typst_pdf(source) if language == "typst" else building.latex_pdf(source, "pdflatex")
    assert made.startswith(b"%PDF")
