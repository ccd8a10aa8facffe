"""Every language says the same: the same steps, reasons and labels, in the same order."""

from __future__ import annotations

import ast
import re
import string
import xml.etree.ElementTree as ET
from collections.abc import Callable, Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from symconv.document.figures import figure
from symconv.document.model import (
    Cell,
    Chain,
    Display,
    Document,
    Figure,
    Inline,
    Matrices,
    Matrix,
    Paragraph,
    Table,
)  # fmt: skip
from symconv.expr import mathematics
from symconv.expr.claim import read_statement
from symconv.expr.mathematics import Accent, Big, Cases, Fence, Frac, Math, Num, Row, Script, Sym, Tok, Words
from symconv.render import compile as building
from symconv.render import latex, mathml, plain, typst
from symconv.render.environment import render
from symconv.render.terminal import terminal


def typst_words(text: str) -> str:
    """Words stand in Typst as a string literal, in markup and in code; the numbers of equations as they are."""
    return typst.literal(text) if text and not re.fullmatch(r"\(\d+\)", text) else text


def tex(source: str) -> bytes:
    return building.latex_pdf(source, "pdflatex")


LANGUAGES = ("latex", "typst", "html", "text")
PRINT: dict[str, Callable[[Math], str]] = {
    "latex": latex.latex, "typst": typst.typst, "html": mathml.mathml, "text": plain.plain,
}  # fmt: skip
ESCAPE: dict[str, Callable[[str], str]] = {
    "latex": latex.escape, "typst": typst_words, "html": mathml.escape, "text": str,
}  # fmt: skip
END = {"latex": r"$\blacksquare$", "typst": "square.filled", "html": "∎", "text": "∎"}


def squeezed(text: str) -> str:
    """Text without blanks: lines are broken differently in each language."""
    return re.sub(r"\s+", "", text.replace("\u00a0", " "))


def written(document: Document, language: str) -> str:
    return squeezed(terminal(document) if language == "text" else render(document, language))


def pieces(document: Document) -> Iterator[Inline]:
    """All words and formulas of a page in reading order."""
    yield document.title
    yield document.subtitle
    for block in document.blocks:
        match block:
            case Paragraph(text, lead):
                yield lead
                yield from text
            case Display(formulas, number):
                yield from formulas
                yield f"({number})" if number else ""
            case Chain(first, lines):
                yield first
                for line in lines:
                    yield line.formula
                    yield from line.reason
            case Figure(rows):
                for row in rows:
                    yield from row.label
                    yield from (cell.formula for cell in row.cells if cell is not None)
            case Table(head, rows):
                for words in head:
                    yield from words
                for formulas in rows:
                    yield from formulas
            case Matrices(lines):
                for item in (item for line in lines for item in line):
                    yield from (c.formula for r in item.rows for c in r) if isinstance(item, Matrix) else (item,)


def show(piece: Inline, language: str) -> str:
    return squeezed(ESCAPE[language](piece) if isinstance(piece, str) else PRINT[language](piece))


def missing_in_order(words: list[str], output: str) -> list[str]:
    """The words that do not stand in the output in their order."""
    out: list[str] = []
    position = 0
    for word in words:
        found = output.find(word, position)
        if found < 0:
            out.append(word)
        else:
            position = found + len(word)
    return out


def missing(document: Document, language: str, output: str) -> list[str]:
    return missing_in_order([show(piece, language) for piece in pieces(document)], output)


def after(document: Document, language: str, output: str) -> int:
    """Where the last piece of a document ends in the output."""
    position = 0
    for piece in pieces(document):
        word = show(piece, language)
        position = output.index(word, position) + len(word)
    return position


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_piece_of_a_page_stands_in_every_language(document: Document, language: str) -> None:
    assert missing(document, language, written(document, language)) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_left_out_would_be_noticed(page: Callable[[str], Document], language: str) -> None:
    document = page("two-strided-layers")
    output = written(document, language)
    chain = next(b for b in document.blocks if isinstance(b, Chain))
    formula = squeezed(PRINT[language](chain.lines[1].formula))
    assert missing(document, language, output.replace(formula, ""))
    reason = next(p for p in chain.lines[1].reason if isinstance(p, str) and p.strip())
    assert missing(document, language, output.replace(squeezed(ESCAPE[language](reason)), ""))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_proof_ends_with_its_sign(document: Document, language: str) -> None:
    ends = sum(b.end for b in document.blocks if isinstance(b, Paragraph))
    assert written(document, language).count(squeezed(END[language])) == ends


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_line_of_a_chain_has_its_number(document: Document, language: str) -> None:
    output = terminal(document) if language == "text" else render(document, language)
    numbers = {
        "latex": re.findall(r"\\chainline\{(\d+)\}", output),
        "typst": re.findall(r'chainline\("(\d+)"', output),
        "html": re.findall(r'class="no">(\d+)<', output),
        "text": re.findall(r"(?m)^ {1,2}(\d+)  ", output),
    }[language]
    chains = [b for b in document.blocks if isinstance(b, Chain)]
    assert numbers == [str(i + 1) for chain in chains for i in range(len(chain.lines))]


@pytest.mark.parametrize("language", LANGUAGES)
def test_figures_have_captions_and_numbered_columns(page: Callable[[str], Document], language: str) -> None:
    document = page("two-strided-layers")
    place = next(i for i, b in enumerate(document.blocks) if isinstance(b, Figure))
    figure = document.blocks[place]
    assert isinstance(figure, Figure)
    output = written(document, language)
    before = Document(document.title, document.subtitle, "", document.blocks[: place + 1])
    columns = output[after(before, language, output) :]
    caption = [show(piece, language) for piece in figure.caption]
    assert missing_in_order([*figure.columns, *caption], columns) == []


FIGURES = {
    "scatter": "conv(up(y, 2), k) == conv(k, up(y, 2))",
    "moved scatter": "shift(conv(up(y, 2), k), -3) == conv(shift(up(y, 2), -3), k)",
    "scatter with channels": "conv_transpose1d(y, w, stride=2) == conv_transpose1d(y, w, stride=2)",
    "groups": "conv1d(x, w, groups=2) == conv1d(x, w, groups=2)",
    "depthwise and pointwise": "pointwise(depthwise1d(x, w), v) == pointwise(depthwise1d(x, w), v)",
    "joined": "cat([conv1d(x, w), conv1d(x, v)], dim=0) == conv1d(x, cat([w, v], dim=0))",
    "dilated taps": "corr(x, k, dilation=2, padding=1) == corr(shift(x, 1), k, dilation=2)",
    "receptive field": "corr(corr(x, k, stride=2), h) == corr(corr(x, k, stride=2), h)",
}


def figure_page(*claims: str) -> Document:
    """A page of figures only."""
    statements = [read_statement(claim, ("y: signal",) if "up(y" in claim else ()) for claim in claims]
    return Document("Figures", "", "", tuple(f for s in statements if (f := figure(s, {}, None)) is not None))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", FIGURES)
def test_every_box_of_a_figure_stands_in_every_language(name: str, language: str) -> None:
    document = figure_page(FIGURES[name])
    (drawn,) = document.blocks
    assert isinstance(drawn, Figure)
    output = written(document, language)
    assert missing(document, language, output) == []
    rest = output[after(document, language, output) :]
    assert missing_in_order([show(n, language) for n in (*drawn.columns, *drawn.caption)], rest) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_only_figures_with_numbered_columns_have_a_row_of_numbers(language: str) -> None:
    document = figure_page(FIGURES["scatter"], FIGURES["groups"])
    numbered, plain_ones = (written(Document("", "", "", (b,)), language) for b in document.blocks)
    sign = {"latex": r"{\scriptsize\color{quiet}$n$}", "typst": "text(7pt,fill:quiet)[$n$]", "html": "labelquiet",
            "text": "0123456"}[language]  # fmt: skip
    assert sign in numbered
    assert sign not in plain_ones


@pytest.mark.parametrize("compiled", [building.typst_pdf, pytest.param(tex, marks=pytest.mark.tex)])
def test_figures_compile(compiled: Callable[[str], bytes]) -> None:
    language = "latex" if compiled is tex else "typst"
    assert compiled(render(figure_page(*FIGURES.values()), language)).startswith(b"%PDF")


# Matrices


def number(i: int) -> Math:
    return Num(str(i))


def band(name: str, taps: int, rows: int, columns: int, **options: Any) -> Matrix:
    """Rows that hold the taps of a kernel, each one place further to the right."""
    entries = [[Cell(Sym(f"{name}{j - i}"), (j - i) % 3) if 0 <= j - i < taps else Cell(Tok("times"), -1)
                for j in range(columns)] for i in range(rows)]  # fmt: skip
    return Matrix(tuple(map(tuple, entries)), **options)


def matrix_page() -> Document:
    """One line of each kind: labels and lines between blocks; signs; fractions; a column, a row and a number."""
    labels = [tuple(map(number, range(count))) for count in (4, 6)]
    labelled = band("w", 3, 4, 6, row_labels=labels[0], column_labels=labels[1], row_lines=(2,), column_lines=(3,),
                    under=("Toeplitz matrix of ", Sym("w"), " & <b>_%$"))  # fmt: skip
    half = Cell(Frac(Num("1"), Num("2")), 1)
    column = Matrix(tuple((Cell(Sym(f"x{i}"), None),) for i in range(6)), under=("x",))
    block = Matrices(((labelled, column, Tok("eq"), Sym("y")), (Matrix(((half, half),)), Matrix(((half,), (half,))))))
    return Document(
        "Matrices", "", "", (block, Matrices(((Matrix(((half,),)),),)), Matrices(((band("k", 9, 16, 24),),)))
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_entry_of_a_matrix_stands_in_every_language(language: str) -> None:
    for block in matrix_page().blocks:
        if language == "text" and len(block.lines[0]) > 1:
            continue  # Side by side in text, the first rows of all come before the second ones.
        document = Document("Matrices", "", "", (block,))
        assert missing(document, language, written(document, language)) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_labels_and_words_of_matrices_stand_in_every_language(language: str) -> None:
    labelled = matrix_page().blocks[0].lines[0][0]
    output = written(matrix_page(), language)
    words = [show(label, language) for label in (*labelled.row_labels, *labelled.column_labels)]
    assert all(word in output for word in words)
    assert missing_in_order([show(piece, language) for piece in labelled.under], output) == []


def test_matrices_as_text() -> None:
    (block, *_) = matrix_page().blocks
    assert terminal(Document("M", "", "", (block,))).splitlines()[2:] == [
        "        0  1  2    3  4  5",
        "    0 ⎡ w₀ w₁ w₂ │ ·  ·  ·  ⎤     ⎡ x₀ ⎤",
        "    1 ⎢ ·  w₀ w₁ │ w₂ ·  ·  ⎥     ⎢ x₁ ⎥",
        "      ⎢─────────────────────⎥     ⎢ x₂ ⎥ = y",
        "    2 ⎢ ·  ·  w₀ │ w₁ w₂ ·  ⎥     ⎢ x₃ ⎥",
        "    3 ⎣ ·  ·  ·  │ w₀ w₁ w₂ ⎦     ⎢ x₄ ⎥",
        "    Toeplitz matrix of w & <b>_%$ ⎣ x₅ ⎦",
        "                                    x",
        "",
        "    [ 1/2 1/2 ] ⎡ 1/2 ⎤",
        "                ⎣ 1/2 ⎦",
    ]


@pytest.mark.parametrize("compiled", [building.typst_pdf, pytest.param(tex, marks=pytest.mark.tex)])
def test_matrices_compile(compiled: Callable[[str], bytes]) -> None:
    language = "latex" if compiled is tex else "typst"
    assert compiled(render(matrix_page(), language)).startswith(b"%PDF")


def test_matrices_in_html_are_balanced() -> None:
    text = render(matrix_page(), "html")
    parsed = Page()
    parsed.feed(text)
    assert parsed.open == []
    for formula in re.findall(r"<math.*?</math>", text, re.S):
        ET.fromstring(formula)


# The printers of mathematics


def test_the_printers_know_the_same_tokens() -> None:
    tables = [set(t.TOKENS) for t in (latex, typst, mathml, plain)]
    assert tables[0] == tables[1] == tables[2] == tables[3]


def test_the_printers_know_every_token_that_is_used() -> None:
    package = Path(latex.__file__).resolve().parent.parent
    used: set[str] = set()
    for path in package.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            match node:
                case ast.Call(func=ast.Name(id="Tok"), args=[ast.Constant(value=str(name))]):
                    used.add(name)
                case _:
                    pass
    assert len(used) > 10
    assert used <= set(latex.TOKENS)


names = st.one_of(st.sampled_from(string.ascii_letters), st.sampled_from(["x0", "k12", "alpha", "beta_1", "up_left"]))
leaves = st.one_of(
    st.builds(Sym, names),
    st.builds(Num, st.integers(0, 999).map(str)),
    st.builds(Tok, st.sampled_from(sorted(latex.TOKENS))),
    st.builds(Words, st.sampled_from(["if ", "otherwise", "gcd", "a < b & c_d %"])),
)


def _extended(inner: st.SearchStrategy[Math]) -> st.SearchStrategy[Math]:
    return st.one_of(
        st.lists(inner, min_size=1, max_size=3).map(lambda items: Row(tuple(items))),
        st.builds(Script, leaves | st.builds(Fence, st.just("("), inner), inner, st.none() | inner),
        st.builds(Big, inner, inner),
        st.builds(Frac, inner, inner),
        st.builds(Fence, st.sampled_from("([{"), inner),
        st.builds(Accent, st.sampled_from(["tilde", "reverse", "hat"]), leaves),
        st.lists(st.tuples(inner, inner), min_size=1, max_size=2).map(lambda rows: Cases(tuple(rows))),
    )


formulas = st.recursive(leaves, _extended, max_leaves=8)


def numbers_of(m: Math) -> list[str]:
    """The numbers of a formula in reading order."""
    match m:
        case Num(text):
            return [text]
        case Row(items):
            return [n for item in items for n in numbers_of(item)]
        case Script(base, sub, sup):
            return [n for part in (base, sub, sup) if part is not None for n in numbers_of(part)]
        case Big(first, second) | Frac(first, second):
            return numbers_of(first) + numbers_of(second)
        case Fence(_, body) | Accent(_, body):
            return numbers_of(body)
        case Cases(rows):
            return [n for row in rows for part in row for n in numbers_of(part)]
        case _:
            return []


SMALL = str.maketrans("₀₁₂₃₄₅₆₇₈₉⁰¹²³⁴⁵⁶⁷⁸⁹", "01234567890123456789")


@settings(max_examples=150, deadline=None)
@given(formulas)
def test_every_formula_is_printed_whole_in_every_language(m: Math) -> None:
    for language, printed in PRINT.items():
        text = printed(m).translate(SMALL)
        assert missing_in_order(numbers_of(m), text) == [], language


@settings(max_examples=150, deadline=None)
@given(formulas)
def test_mathml_is_well_formed(m: Math) -> None:
    root = ET.fromstring(f"<math>{mathml.mathml(m)}</math>")
    arity = {"mfrac": 2, "msub": 2, "msup": 2, "msubsup": 3, "munder": 2, "mover": 2}
    for element in root.iter():
        assert element.tag in {"math", "mrow", "mi", "mn", "mo", "mtext", "mspace", "mtable", "mtr", "mtd", *arity}
        assert len(element) == arity.get(element.tag, len(element)), ET.tostring(element)


def test_names_of_layers_have_scripts_without_parentheses_in_typst() -> None:
    assert typst.typst(Script(Words("conv1d"), Num("2"))).strip() == '"conv1d"_( 2 )'


@pytest.mark.parametrize("m", [Accent("tilde", Big(Sym("a"), Sym("x"))), Script(Big(Sym("a"), Sym("x")), Num("1"))])
def test_sums_are_grouped_in_mathml(m: Math) -> None:
    (element,) = ET.fromstring(f"<math>{mathml.mathml(m)}</math>")
    assert len(element) == 2


@settings(max_examples=150, deadline=None)
@given(formulas)
def test_latex_groups_are_balanced(m: Math) -> None:
    text = re.sub(r"\\[{}\\]", "", latex.latex(m))
    depth = 0
    for letter in text:
        depth += (letter == "{") - (letter == "}")
        assert depth >= 0
    assert depth == 0


def test_every_kind_of_mathematics_is_drawn_above() -> None:
    kinds = {Sym, Num, Tok, Row, Script, Big, Frac, Fence, Accent, Words, Cases}
    assert set(mathematics.Math.__args__) == kinds


# HTML


class Page(HTMLParser):
    """Balance of tags, and what a page would load."""

    VOID = frozenset({"meta", "br", "hr", "img", "link", "input", "col"})

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: set[str] = set()
        self.attributes: list[tuple[str, str]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes += [(name, value or "") for name, value in attrs]
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes += [(name, value or "") for name, value in attrs]

    def handle_endtag(self, tag: str) -> None:
        assert self.open, f"</{tag}> closes nothing"
        assert self.open.pop() == tag


def test_html_is_balanced_and_loads_nothing(document: Document) -> None:
    text = render(document, "html")
    parsed = Page()
    parsed.feed(text)
    parsed.close()
    assert parsed.open == []
    assert text.startswith("<!DOCTYPE html>")
    assert not parsed.tags & {"script", "iframe", "object", "embed", "link", "base", "form"}
    for name, value in parsed.attributes:
        assert not name.startswith("on")
        assert name not in ("src", "srcset", "href", "data") or value.startswith(("data:", "#"))
        assert "javascript:" not in value.lower()
    for address in re.findall(r"(?i)@import|url\(\s*['\"]?(?!data:)", text):
        pytest.fail(f"the style loads {address}")


def test_formulas_in_html_are_well_formed(document: Document) -> None:
    found = re.findall(r"<math.*?</math>", render(document, "html"), re.S)
    assert len(found) > 1
    for formula in found:
        ET.fromstring(formula)
