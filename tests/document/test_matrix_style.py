"""Theorems told by matrices: which ones are, what is printed, and that false ones are not."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from symconv.document.matrix_style import LARGEST, matrix_telling
from symconv.document.model import Block, Document, Matrices, Matrix, Paragraph
from symconv.expr.claim import read_statement
from symconv.library import catalogue
from symconv.render import compile as building
from symconv.render.environment import render
from symconv.render.terminal import terminal

TOLD = (
    "two-strided-layers", "strided-layers", "r-strided-layers", "every-number-of-strided-layers", "noble-down",
    "noble-up", "convolution-associates", "convolution-commutes", "filtering-after-upsampling",
    "filtering-after-downsampling", "nearest-neighbour", "nearest-neighbour-taps", "down-up", "down-down", "up-up",
    "up-down-coprime", "adjoint-of-down", "adjoints-compose", "strided-layers-2d", "layers-with-channels",
    "layer-gradient", "transposed-by-upsampling",
)  # fmt: skip


def telling(name: str) -> tuple[Block, ...]:
    entry = catalogue.find(name)
    found = matrix_telling(catalogue.statement(entry), dict(entry.instance))
    assert found is not None
    return found


def page(*names: str) -> Document:
    return Document("By matrices", "", "", tuple(block for name in names for block in telling(name)))


@pytest.mark.parametrize("name", TOLD)
def test_both_sides_end_in_the_same_matrix(name: str) -> None:
    left, right = (b for b in telling(name) if isinstance(b, Matrices))
    ends = [[item for item in block.lines[-1] if isinstance(item, Matrix)][-1] for block in (left, right)]
    assert [[c.formula for c in r] for r in ends[0].rows] == [[c.formula for c in r] for r in ends[1].rows]
    for matrix in (item for b in (left, right) for line in b.lines for item in line if isinstance(item, Matrix)):
        assert len(matrix.rows) <= LARGEST
        assert matrix.width <= LARGEST


@pytest.mark.parametrize("name", ["two-strided-layers", "noble-down", "filtering-after-upsampling"])
def test_telling(name: str, golden: Callable[..., None]) -> None:
    golden(terminal(page(name)) + "\n", "txt")


@pytest.mark.parametrize(
    ("claim", "lets"),
    [
        ("down(conv(x, up(h, s)), s) == conv(down(x, s), up(h, s))", ()),
        ("corr(corr(x, k, stride=2), k, stride=2) == corr(x, conv(k, k), stride=4)", ()),
        ("conv(x, k) == corr(x, k)", ()),
        ("relu(conv(x, k)) == conv(relu(x), k)", ()),
        ("conv(x, k) + 1 == 1 + conv(x, k)", ()),
        ("conv(x, k)[n] == sum(k[a]*x[n - a] for a in Z)", ()),
        ("inner(conv(x, k), y) == inner(x, corr(y, k))", ()),
        ("a*b == b*a", ("a: number", "b: number")),
        ("conv(x, g) == conv(g, x)", ("g: kernel[:]", "x: kernel[:]")),
    ],
)
def test_what_is_false_or_no_linear_map_of_one_signal_is_not_told(claim: str, lets: tuple[str, ...]) -> None:
    assert matrix_telling(read_statement(claim, lets), {}) is None


def test_the_sizes_of_the_example_are_taken() -> None:
    statement = read_statement("corr(corr(x, k, stride=s), h, stride=t) == corr(x, conv(k, up(h, s)), stride=s*t)")
    found = matrix_telling(statement, {"s": 3, "t": 1, "c": 2, "e": 2})
    assert found is not None
    assert isinstance(found[0], Paragraph)
    text = terminal(Document("", "", "", found))
    assert "c = 2, s = 3, e = 2 and t = 1" in text
    assert "every third row" in text


@pytest.mark.parametrize("language", ["latex", "typst", "html"])
def test_transposes_are_marked(language: str) -> None:
    output = render(page("filtering-after-upsampling"), language)
    mark = {"latex": r"\right]^{\mathrm{T}}", "typst": '], $"T"$)', "html": 'class="mark"'}[language]
    assert output.count(mark) == 2


@pytest.mark.parametrize("language", ["typst", pytest.param("latex", marks=pytest.mark.tex)])
def test_tellings_compile(language: str) -> None:
    source = render(page(*TOLD[:9]), language)
    made = building.typst_pdf(source) if language == "typst" else building.latex_pdf(source, "pdflatex")
    assert made.startswith(b"%PDF")
