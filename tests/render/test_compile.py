"""PDFs: clean logs, the same bytes each time, the engine that was asked for, and files that are whole or absent."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from symconv.document.model import Document, Paragraph
from symconv.errors import RenderError
from symconv.expr.claim import read_statement
from symconv.library import catalogue
from symconv.pages import document_of
from symconv.render import compile as building
from symconv.render.environment import render
from symconv.render.write import write
from symconv.tactics.prove import prove

COMPLAINT = re.compile(r"^!|^(Over|Under)full|[Mm]issing character|[Uu]ndefined|Warning|No file .*\.tex|Rerun to get")
PLAIN = Document("A title", "", "a head", (Paragraph(("Some words.",)),))


def complaints(source: str, folder: Path) -> list[str]:
    """The lines of the log that a clean page has not."""
    (folder / "page.tex").write_text(source, encoding="utf-8")
    command = ["latexmk", "-norc", "-pdf", "-halt-on-error", "-interaction=nonstopmode", "-no-shell-escape", "page.tex"]
    # Long lines, so that no message of the log is broken.
    done = subprocess.run(command, cwd=folder, capture_output=True, check=False, timeout=120,
                          env={**os.environ, "max_print_line": "1000"})  # fmt: skip
    log = (folder / "page.log").read_text(encoding="latin-1").splitlines()
    found = [line for line in log if COMPLAINT.search(line)]
    return found if done.returncode == 0 else [*found, f"latexmk ended with status {done.returncode}"]


@pytest.mark.tex
def test_the_log_of_each_page_is_clean(document: Document, tmp_path: Path) -> None:
    assert complaints(render(document, "latex"), tmp_path) == []


@pytest.mark.tex
@pytest.mark.parametrize(
    "claim",
    [
        pytest.param(" + ".join(f"shift(x, {i})" for i in range(40)) + " == x", id="a long sum"),
        pytest.param("corr({0}, {0}b) == corr({0}b, {0})".format("a" * 15), id="long names"),
    ],
)
def test_the_log_of_a_page_with_long_lines_is_clean(claim: str, tmp_path: Path) -> None:
    document = document_of(prove(read_statement(claim)))
    assert complaints(render(document, "latex"), tmp_path) == []


@pytest.mark.tex
def test_thirty_two_layers_have_a_clean_log(tmp_path: Path) -> None:
    entry = catalogue.find("r-strided-layers", 32)
    document = document_of(prove(catalogue.statement(entry)), entry)
    assert complaints(render(document, "latex"), tmp_path) == []
    assert building.typst_pdf(render(document, "typst")).startswith(b"%PDF")


@pytest.mark.tex
def test_a_dirty_log_would_be_noticed(tmp_path: Path) -> None:
    source = render(PLAIN, "latex").replace("Some words.", r"\ref{nothing} \rule{2\linewidth}{1pt}")
    text = "\n".join(complaints(source, tmp_path))
    assert "undefined" in text
    assert "Overfull" in text


def test_typst_compiles_every_page(document: Document) -> None:
    assert building.typst_pdf(render(document, "typst")).startswith(b"%PDF")


# The same bytes each time


def test_a_page_is_rendered_the_same_each_time(page: Callable[[str], Document]) -> None:
    for language in ("latex", "typst", "html"):
        assert render(page("bias"), language) == render(page("bias"), language)


@pytest.mark.parametrize("environment", [{"TZ": "Asia/Tokyo"}, {"SOURCE_DATE_EPOCH": "1"}], ids=str)
def test_typst_gives_the_same_bytes(
    page: Callable[[str], Document], monkeypatch: pytest.MonkeyPatch, environment: dict[str, str]
) -> None:
    source = render(page("two-dimensions"), "typst")
    first = building.typst_pdf(source)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    if "SOURCE_DATE_EPOCH" not in environment:
        assert building.typst_pdf(source) == first
    assert building.typst_pdf(source) == building.typst_pdf(source)


@pytest.mark.tex
def test_latex_gives_the_same_bytes(page: Callable[[str], Document], monkeypatch: pytest.MonkeyPatch) -> None:
    source = render(page("refuted"), "latex")
    first = building.latex_pdf(source, "pdflatex")
    monkeypatch.setenv("TZ", "Asia/Tokyo")
    assert building.latex_pdf(source, "pdflatex") == first


@pytest.mark.tex
def test_a_pdf_has_text_that_can_be_found(page: Callable[[str], Document], tmp_path: Path) -> None:
    document = page("two-strided-layers")
    made = {
        "latex": building.latex_pdf(render(document, "latex"), "pdflatex"),
        "typst": building.typst_pdf(render(document, "typst")),
    }
    for engine, content in made.items():
        path = tmp_path / f"{engine}.pdf"
        path.write_bytes(content)
        text = subprocess.run(["pdftotext", str(path), "-"], capture_output=True, text=True, check=True).stdout
        assert document.title in re.sub(r"\s+", " ", text)
        fonts = subprocess.run(["pdffonts", str(path)], capture_output=True, text=True, check=True).stdout
        assert "Type 3" not in fonts, "bitmap fonts"


# Engines


def test_typst_makes_the_pdf_where_there_is_no_tex(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda _: None)
    content, how = building.pdf(lambda language: render(PLAIN, language), "auto")
    assert content.startswith(b"%PDF")
    assert how.startswith("typst")


def test_latex_fails_rather_than_falls_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda _: None)
    with pytest.raises(RenderError, match="latexmk"):
        building.pdf(lambda language: render(PLAIN, language), "latex")


@pytest.mark.tex
def test_typst_makes_the_pdf_where_tex_fails() -> None:
    sources = {"latex": r"\documentclass{missing}", "typst": render(PLAIN, "typst")}
    content, how = building.pdf(sources.__getitem__, "auto")
    assert content.startswith(b"%PDF")
    assert how.startswith("typst")
    with pytest.raises(RenderError, match="pdflatex did not make a PDF: !"):
        building.pdf(sources.__getitem__, "latex")


@pytest.mark.tex
def test_latex_makes_the_pdf_where_it_is_found() -> None:
    content, how = building.pdf(lambda language: render(PLAIN, language), "auto")
    assert content.startswith(b"%PDF")
    assert how == "pdflatex"


def test_the_child_sees_no_secrets(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("A_TOKEN", "open sesame")
    done = building._run(["env"], tmp_path, {})
    assert "open sesame" not in done.stdout
    assert f"HOME={tmp_path}" in done.stdout


def test_a_bad_source_is_one_sentence() -> None:
    with pytest.raises(RenderError) as error:
        building.typst_pdf("#let x = ")
    assert "Traceback" not in str(error.value)
    assert str(error.value).startswith("typst did not make a PDF: ")


# Files


def test_every_format_is_written(tmp_path: Path) -> None:
    files = write(PLAIN, tmp_path / "page", ["pdf", "tex", "html", "txt"], "typst")
    assert {path.name for path, _ in files} == {"page.pdf", "page.tex", "page.html", "page.txt"}
    assert sorted(p.name for p in tmp_path.iterdir()) == sorted(path.name for path, _ in files)
    assert files[-1][0].suffix == ".pdf"
    assert files[-1][1].startswith("typst")
    assert (tmp_path / "page.pdf").read_bytes().startswith(b"%PDF")


def test_nothing_is_written_where_one_format_fails(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda _: None)
    with pytest.raises(RenderError):
        write(PLAIN, tmp_path / "page", ["tex", "html", "pdf"], "latex")
    with pytest.raises(RenderError, match="docx"):
        write(PLAIN, tmp_path / "page", ["tex", "docx"])
    assert list(tmp_path.iterdir()) == []


def test_an_old_page_is_replaced_whole(tmp_path: Path) -> None:
    (tmp_path / "page.tex").write_text("old " * 10_000)
    write(PLAIN, tmp_path / "page", ["tex"])
    assert (tmp_path / "page.tex").read_text() == render(PLAIN, "latex")


def test_a_name_with_a_dot_keeps_it(tmp_path: Path) -> None:
    write(PLAIN, tmp_path / "v1.2", ["tex"])
    assert [p.name for p in tmp_path.iterdir()] == ["v1.2.tex"]


# A browser


@pytest.mark.chromium
def test_a_browser_shows_the_page_without_the_network(page: Callable[[str], Document], tmp_path: Path) -> None:
    source, target = tmp_path / "page.html", tmp_path / "page.pdf"
    source.write_text(render(page("two-strided-layers"), "html"), encoding="utf-8")
    command = ["chromium", "--headless", "--no-sandbox", "--disable-gpu", "--virtual-time-budget=2000",
               f"--user-data-dir={tmp_path / 'profile'}", "--host-resolver-rules=MAP * ~NOTFOUND",
               f"--print-to-pdf={target}", source.as_uri()]  # fmt: skip
    subprocess.run(command, capture_output=True, check=True, timeout=60)
    text = subprocess.run(["pdftotext", str(target), "-"], capture_output=True, text=True, check=True).stdout
    assert page("two-strided-layers").title in re.sub(r"\s+", " ", text)
    assert "Proof." in text
