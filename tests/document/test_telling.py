"""Pages in the styles of telling: what stays, what is replaced, what is cited, and what is said where it cannot be."""

from __future__ import annotations

import re

import pytest

from symconv.document.model import Chain, Display, Document, Figure, Matrices, Paragraph, Table, Telling
from symconv.document.telling import KNOWN, STYLES
from symconv.errors import StatementError
from symconv.expr.claim import read_statement
from symconv.library import catalogue
from symconv.pages import document_of, page, told, told_as_data
from symconv.render.plain import plain
from symconv.render.terminal import terminal
from symconv.render.terminal import text as text_of
from symconv.tactics.prove import prove

NAMED = ["two-strided-layers", "strided-layers", "filtering-after-upsampling", "filtering-after-downsampling",
         "nearest-neighbour", "nearest-neighbour-layer", "noble-down", "noble-up", "noble-layer"]  # fmt: skip


PROOFS = ("operator", "ztransform")
"""The styles that prove for all sizes; matrices show one."""


def chains(found: Telling) -> list[Chain]:
    return [b for b in found.blocks if isinstance(b, Chain)]


def telling(name: str, style: str) -> Telling:
    entry = catalogue.find(name)
    found = told(prove(catalogue.statement(entry), 20), style, entry)
    assert found is not None
    return found


def document(name: str, style: str) -> Document:
    entry = catalogue.find(name)
    result = prove(catalogue.statement(entry), 20)
    return document_of(result, entry, told(result, style, entry))


def whole(d: Document) -> str:
    return re.sub(r"\s+", " ", terminal(d))


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("name", NAMED)
def test_named_theorems_are_told_in_every_style(name: str, style: str) -> None:
    found = telling(name, style)
    assert found.style == style
    if style == "matrix":
        assert not found.whole
        assert any(isinstance(b, Matrices) for b in found.blocks)
        shown = whole(document(name, style))
        assert "for all sizes it is proved with sums" in shown
        assert shown.count("∎") == 1
        return
    assert not found.note
    assert chains(found)
    ends = [b for b in found.blocks if isinstance(b, Paragraph) and b.end]
    assert len(ends) == 1
    assert found.blocks[-1] is ends[0]


@pytest.mark.parametrize("name", NAMED)
def test_no_style_is_a_paraphrase_of_another(name: str) -> None:
    """No two styles share a line between the ends, nor a reason."""
    shown = {style: telling(name, style) for style in PROOFS}
    shown["index"] = Telling("index", document(name, "index").blocks)
    lines = {s: {plain(x.formula) for c in chains(t) for x in c.lines[:-1]} for s, t in shown.items()}
    reasons = {s: {text_of(x.reason) for c in chains(t) for x in c.lines} for s, t in shown.items()}
    for a in shown:
        for b in shown:
            if a < b:
                assert not lines[a] & lines[b]
                assert not reasons[a] & reasons[b]


@pytest.mark.parametrize("style", PROOFS)
def test_only_the_proof_is_replaced(style: str) -> None:
    plainly, other = document("two-strided-layers", "index"), document("two-strided-layers", style)
    assert (plainly.title, plainly.subtitle, plainly.running) == (other.title, other.subtitle, other.running)
    kept = [b for b in plainly.blocks if isinstance(b, Figure) or (isinstance(b, Display) and b.number)]
    assert len(kept) == 2
    assert [b for b in kept if b not in other.blocks] == []
    leads = [b.lead for b in other.blocks if isinstance(b, Paragraph) and b.lead]
    assert leads == [b.lead for b in plainly.blocks if isinstance(b, Paragraph) and b.lead]


def test_theorems_are_named_with_their_library_names_and_written_out() -> None:
    found = telling("strided-layers", "operator")
    (chain,) = chains(found)
    (table,) = [b for b in found.blocks if isinstance(b, Table)]
    listed = {plain(row[0]): plain(row[1]) for row in table.rows}
    for line in chain.lines:
        reason = text_of(line.reason)
        name = re.findall(r"\(([\w-]+)\)", reason)[-1]
        assert name in catalogue.BY_NAME
        assert name in listed
        assert reason.startswith(catalogue.BY_NAME[name].title)
    assert listed["down-down"] == "↓_t ↓_s x = ↓_st x"


def test_operators_of_the_lines_are_defined() -> None:
    assert "(↓_s x)[n] = x[sn]" in whole(document("strided-layers", "operator"))
    assert "(↓_s x)[n] = x[sn]" not in whole(document("strided-layers", "index"))


def test_the_variable_of_transforms_is_not_a_name_of_the_statement() -> None:
    """z is a signal of this statement."""
    shown = whole(document("filtering-after-upsampling", "ztransform"))
    assert "x̂(Z) = Σ_n x[n] Z^{−n}" in shown


def test_series_are_said_to_be_formal() -> None:
    assert "nothing has to converge" in whole(document("noble-down", "ztransform"))


INSTEAD = [
    ("operator", "down-up", "no path of library identities was found within the bounds of the search"),
    ("ztransform", "strided-layers-2d", "z-transforms are told in one dimension"),
    ("ztransform", "strided-layers-bias", "were not brought to one expression"),
    ("matrix", "adjoint-of-convolution", "no small instance of both sides was found"),
    ("ztransform", "every-number-of-strided-layers", "were not brought to one expression"),
]


@pytest.mark.parametrize(("style", "name", "words"), INSTEAD)
def test_where_it_cannot_be_told_the_page_says_so_and_tells_it_with_sums(style: str, name: str, words: str) -> None:
    found = telling(name, style)
    assert found.style == "index"
    assert words in found.note
    shown = whole(document(name, style))
    assert words in shown
    assert shown.replace(f"{found.note}. ", "") == whole(document(name, "index"))


@pytest.mark.parametrize("style", STYLES)
def test_inequalities_have_one_style(style: str) -> None:
    """A path of equal lines says more than ≤, and a step that is only ≤ would be told as an equation."""
    result = prove(read_statement("corr(x, k, stride=s) <= down(corr(x, k), s)"))
    assert result.verdict == "proved"
    found = told(result, style)
    assert found is not None
    assert found.style == "index"
    assert "only equations are told in other styles" in found.note


def test_as_data() -> None:
    result = prove(catalogue.statement(catalogue.find("noble-down")))
    found = told(result, "operator")
    assert found is not None
    data = told_as_data(found)
    assert data["style"] == "operator"
    assert data["note"] is None
    assert data["telling"][0]["line"].startswith("↓_s (x ∗ ↑_s h) = ")
    assert data["telling"][-1]["line"] == "↓_s x ∗ h"
    assert "(down-shift)" in data["telling"][2]["reason"]


def test_matrices_as_data() -> None:
    entry = catalogue.find("noble-down")
    result = prove(catalogue.statement(entry), 20)
    found = told(result, "matrix", entry)
    assert found is not None
    data = told_as_data(found)
    assert data["style"] == "matrix"
    assert "for all sizes" in data["note"]
    assert any("h₀" in line["line"] for line in data["telling"])
    assert data["telling"][0]["reason"].startswith("The left side")


def test_a_refutation_has_no_style() -> None:
    result = prove(read_statement("corr(x, k) == corr(k, x)"))
    assert told(result, "operator") is None


def test_a_style_that_is_not_known() -> None:
    result = prove(read_statement("conv(x, k) == conv(k, x)"))
    with pytest.raises(StatementError, match=f"'proof' is not known; known are {', '.join(KNOWN)}"):
        told(result, "proof")


@pytest.mark.parametrize("language", ["latex", "typst", "html"])
@pytest.mark.parametrize("style", STYLES)
def test_pages_in_every_language(style: str, language: str) -> None:
    entry = catalogue.find("noble-down")
    shown = page(prove(catalogue.statement(entry), 20), language, entry, style)
    assert shown != page(prove(catalogue.statement(entry), 20), language, entry)
