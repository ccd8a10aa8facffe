from __future__ import annotations

import pytest

from symconv.grading.claim_sheet import read_claims
from symconv.grading.judging import grade
from symconv.grading.page import graded_document
from symconv.render.environment import render
from symconv.render.terminal import terminal

TEXT = """
let x: signal[N]
let k: kernel[c]
conv1d(conv1d(x, k, padding=p), k, padding=p)   # start
  = conv1d(x, conv(k, k), padding=2*p)          # merged
  = \\input{secret} #include("secret") <script> $x$ & % _
  = conv1d(x, conv(k, k), padding=2*p + 1)
"""


@pytest.fixture(scope="module")
def document():
    return graded_document(grade(read_claims(TEXT, "folder/home_work.txt"), mending=1.0))


@pytest.mark.parametrize("language", ["latex", "typst", "html"])
def test_the_page_has_every_verdict(document, language: str) -> None:
    page = " ".join(render(document, language).split())
    for words in ("first wrong step", "follows under a condition", "does not follow", "not understood", "the author",
                  "merged", "The end"):  # fmt: skip
        assert words in page, words


def test_what_the_author_wrote_is_never_run(document) -> None:
    latex, typst, html = (render(document, language) for language in ("latex", "typst", "html"))
    assert r"\input{secret}" not in latex and "home_work" not in latex
    assert '#include("secret")' not in typst
    assert "<script>" not in html


def test_the_page_as_text(document) -> None:
    page = " ".join(terminal(document).split())
    assert "Graded: home_work.txt" in page
    assert (
        "Line 5. This is the first wrong step: it follows from line 4 only where c ≤ p + 1; this is not stated." in page
    )
    assert "not understood" in page and r"\input{secret}" in page
