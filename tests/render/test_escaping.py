"""Nothing that a user wrote is a command of any language: not in names, titles, reasons, captions or claim files."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from symconv.cli import main
from symconv.document.model import Cell, Chain, Display, Document, Figure, FigureRow, Line, Paragraph, Table, Text
from symconv.errors import RenderError
from symconv.expr.mathematics import Num, Sym, Words
from symconv.render import compile as building
from symconv.render import latex, typst
from symconv.render.environment import render

HOSTILE = [
    r"\input{/etc/passwd}",
    r"\immediate\write18{touch pwned}",
    r"\end{document}",
    r"}\input{/etc/passwd}{",
    "^^5cinput{/etc/passwd}",
    "$x$ & 100 % # a_b ~ ^",
    "<< 1 + 1 >> <% raw %> <# c #> {{ 1 + 1 }} {% raw %} {# c #}",
    "<script>alert(1)</script>",
    "\"><img src=x onerror=alert(1)>' onload='",
    "&lt;b&gt; &#60;",
    '#import "@preview/cetz:0.3.0": *',
    '"); #read("/etc/passwd")',
    '\\"); #read("/etc/passwd")',
    "#panic() *bold* _it_ `raw` @cite <label> // comment /* more */ = head",
    "back\\slash \\\\ and 'quotes' \"twice\"",
    "ends with a backslash \\",
]
LETTERS = [letter for letter in map(chr, range(32, 127)) if not letter.isalnum()]


def page_of(words: str) -> Document:
    """A page with the words wherever words may stand."""
    text: Text = (words,)
    name = Sym("x")
    return Document(words, words, words, (
        Paragraph(text, lead=words, style="theorem"), Paragraph(text, lead=words, style="definition"),
        Paragraph(text, style="theorem-end"), Paragraph(text, lead=words, style="proof"),
        Paragraph(text, style="small"), Paragraph(text, end=True),
        Display((name, Words(words)), number="1"),
        Chain(name, (Line(Words(words), text), Line(name, text))),
        Figure((FigureRow(text, (Cell(name, 0), None)), FigureRow(text, (Cell(Words(words), None), None), colour=1)),
               ("0", "1"), text),
        Figure((FigureRow(text, (Cell(Words(words), 2),)), FigureRow(text, (None,), rule=True)), (words,), text, name),
        Figure((FigureRow(text, (Cell(name, None),), rule=True),), (), text, square=True),
        Table((text, text), ((Num("0"), Words(words)),)),
    ))  # fmt: skip


# HTML


class Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[str] = []
        self.words: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [name for name, _ in attrs]

    def handle_data(self, data: str) -> None:
        self.words.append(data)


@pytest.mark.parametrize("words", HOSTILE)
def test_html_shows_the_words_as_they_are(words: str) -> None:
    plain, hostile = Reader(), Reader()
    harmless = "w" * len(words)  # as long, so that lines and reasons stand in the same places
    plain.feed(render(page_of(harmless), "html"))
    hostile.feed(render(page_of(words), "html"))
    assert hostile.tags == plain.tags
    assert hostile.attributes == plain.attributes
    shown = "".join(hostile.words).replace("\u00a0", " ")
    assert shown.count(words) == "".join(plain.words).count(harmless)


# LaTeX

ESCAPED = re.compile(
    r"\\text[a-z]+\{\}|\\dots\{\}|\\[{}$&#_%]"  # a special character by its command
    r"|\$\\[A-Za-z]+(\{[A-Z]\})?\$|\$-\$"  # a sign of mathematics
)


@pytest.mark.parametrize("words", [*HOSTILE, *LETTERS])
def test_latex_has_every_special_character_by_its_command(words: str) -> None:
    rest = ESCAPED.sub("", latex.escape(words))
    assert not set(rest) & set("\\{}$&#_%~^")


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=30))
def test_latex_of_any_text_is_harmless_and_plain(words: str) -> None:
    rest = ESCAPED.sub("", latex.escape(words))
    assert not set(rest) & set("\\{}$&#_%~^\n\r")
    assert all(" " <= c <= "~" or c in "äöüéèêçñáóíß" for c in rest)


@settings(max_examples=100, deadline=None)
@given(st.text(min_size=1, max_size=30))
def test_words_can_not_leave_their_place_in_latex(words: str) -> None:
    """The commands of the page are the same whatever the words are, apart from the commands of characters."""
    ours, theirs = (ESCAPED.sub("", render(page_of(w), "latex")) for w in (words, "words"))
    pattern = r"\\[A-Za-z]+|\\."
    left, right = (sorted(re.findall(pattern, t)) for t in (ours, theirs))
    allowed = {r"\mathrm", r"\text"}
    assert [c for c in left if c not in allowed] == [c for c in right if c not in allowed]


# Typst


def read_literal(text: str) -> str:
    """What a Typst string literal means."""
    assert re.fullmatch(r'"([^"\\]|\\["\\])*"', text), text
    return re.sub(r"\\(.)", r"\1", text[1:-1])


@pytest.mark.parametrize("words", [*HOSTILE, *LETTERS])
def test_typst_has_words_as_string_literals(words: str) -> None:
    assert read_literal(typst.literal(words)) == words
    assert typst.escape(words) == f"#{typst.literal(words)}"


@settings(max_examples=300, deadline=None)
@given(st.text(st.characters(exclude_characters="\n"), max_size=30))
def test_any_text_is_one_literal(words: str) -> None:
    assert read_literal(typst.literal(words)) == words


def test_typst_shows_hostile_words() -> None:
    source = render(page_of(" ".join(HOSTILE)), "typst")
    assert building.typst_pdf(source).startswith(b"%PDF")


@pytest.mark.parametrize(
    "line",
    [
        '#import "@preview/cetz:0.3.0": *',
        '  #include "@preview/cetz:0.3.0"',
    ],
)  # fmt: skip
def test_typst_packages_from_the_network_are_refused(line: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(building, "_run", lambda *_: pytest.fail("it was compiled"))
    with pytest.raises(RenderError, match="network"):
        building.typst_pdf(f"{line}\nx")


@pytest.mark.parametrize("path", ["/etc/passwd", "../../../etc/passwd"])
def test_typst_reads_nothing_outside_its_folder(path: str) -> None:
    with pytest.raises(RenderError, match="typst"):
        building.typst_pdf(f'#read("{path}")')


# TeX


@pytest.mark.tex
def test_latex_shows_hostile_words(tmp_path: Path) -> None:
    words = " ".join(HOSTILE).replace("`", "")  # a font that has it would first have to be drawn
    pdf = tmp_path / "page.pdf"
    pdf.write_bytes(building.latex_pdf(render(page_of(words), "latex"), "pdflatex"))
    shown = subprocess.run(["pdftotext", str(pdf), "-"], capture_output=True, text=True, check=True).stdout
    squeezed = re.sub(r"\s+", "", shown)
    for some in (r"\input{/etc/passwd}", r"\write18", "<script>", "#import", "100%", "a_b~^"):
        assert some in squeezed, shown[:2000]


BODY = r"\documentclass{article}\begin{document}%s x\end{document}"


@pytest.mark.tex
@pytest.mark.parametrize("path", ["/etc/passwd", "../../../../etc/passwd"])
def test_tex_reads_nothing_outside_its_folder(path: str) -> None:
    with pytest.raises(RenderError, match="pdflatex did not make a PDF: !"):
        building.latex_pdf(BODY % rf"\input{{{path}}}", "pdflatex")


@pytest.mark.tex
def test_tex_writes_nothing_outside_its_folder(tmp_path: Path) -> None:
    for path in (str(tmp_path / "pwned.txt"), "../pwned.txt"):
        with pytest.raises(RenderError, match="pdflatex did not make a PDF: !"):
            building.latex_pdf(BODY % rf"\newwrite\f\immediate\openout\f={path}\relax", "pdflatex")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.tex
def test_tex_runs_no_commands(tmp_path: Path) -> None:
    target = tmp_path / "pwned"
    building.latex_pdf(BODY % rf"\immediate\write18{{touch {target}}}", "pdflatex")
    assert not target.exists()


@pytest.mark.tex
def test_tex_that_never_ends_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(building, "SECONDS", 2)
    with pytest.raises(RenderError):
        building.latex_pdf(BODY % r"\loop\iftrue\repeat", "pdflatex")


# What a user writes


FILE = r"""
# \input{/etc/passwd} <script>alert(1)</script> #import "@preview/x:1.0.0" $x$ %
let alpha_beta: signal   # \write18{id}
let k_1: kernel[c]       # </html><script src="http://example.org/x.js"></script>
claim corr(alpha_beta, k_1) == conv(alpha_beta, flip(k_1))   # % & _ ^
"""


@pytest.fixture
def written(tmp_path: Path) -> Callable[[str], str]:
    """What is written for the claim file in a format."""
    (tmp_path / "claim.txt").write_text(FILE)
    arguments = ["prove", str(tmp_path / "claim.txt"), "-o", str(tmp_path / "page"), "--format", "tex,html,txt,json"]
    assert CliRunner().invoke(main, arguments).exit_code == 0
    return lambda ending: (tmp_path / f"page.{ending}").read_text(encoding="utf-8")


@pytest.mark.parametrize("ending", ["tex", "html", "txt", "json"])
def test_comments_of_a_claim_file_reach_no_page(written: Callable[[str], str], ending: str) -> None:
    for word in ("passwd", "script", "write18", "preview", "example.org"):
        assert word not in written(ending)


def test_names_are_escaped(written: Callable[[str], str]) -> None:
    assert r"\mathrm{alpha\_beta}" in written("tex")
    assert not re.search(r"alpha_beta", written("tex"))
    assert "alpha_beta" in written("html")
    assert "alpha_beta" in written("txt")


@pytest.mark.tex
@pytest.mark.parametrize(
    "claim",
    [
        "corr(corr(x1, k1, stride=2), k2, stride=2) == corr(x1, conv(k1, up(k2, 2)), stride=4)",
        "conv(alpha_beta, x_1) == conv(x_1, alpha_beta)",
        "corr(x_1, k12) == corr(k12, x_1)",
    ],
)
def test_names_with_digits_compile(claim: str, tmp_path: Path) -> None:
    arguments = ["prove", claim, "-o", str(tmp_path / "page"), "--format", "pdf", "--engine", "latex"]
    result = CliRunner().invoke(main, arguments)
    assert result.stderr == ""
    assert (tmp_path / "page.pdf").is_file()


@pytest.mark.parametrize("name", ["in", "if", "mod", "sum", "infinity", "text", "root", "vec", "cases", "display"])
def test_names_that_mean_something_in_typst_are_names(name: str) -> None:
    assert f'"{name}"' in typst.typst(Sym(name))


@pytest.mark.parametrize("name", ["alpha_beta", "x_1", "Gamma_", "a__b", "script", "input", "k12", "Z2", "alpha2"])
def test_every_plain_name_is_printed_in_every_language(name: str) -> None:
    document = Document("T", "", "", (Display((Sym(name), Sym("x"))),))
    assert latex.latex(Sym(name)) in render(document, "latex")
    assert not re.search(r"(?<!\\)_(?!\{\d+\})", latex.latex(Sym(name)))
    assert building.typst_pdf(render(document, "typst")).startswith(b"%PDF")
