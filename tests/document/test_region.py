"""What a page says of where a claim holds, and which outputs its figure marks."""

from __future__ import annotations

import pytest
from stacks import Layer, Stack, layered, outputs

from symconv.document.model import Document, Figure, Paragraph, Text
from symconv.document.region import figure, region_blocks
from symconv.expr.claim import read_statement
from symconv.pages import document_of
from symconv.render.plain import plain
from symconv.tactics.prove import prove
from symconv.tactics.verdict import Result

K, H = ("k", "c", 1), ("h", "e", 1)
KK = (K, ("k", "c", 2))
TWO = (Layer((K,), 2, "p", "p"), Layer((K,), 2, "p", "p"))
ONE = (Layer(KK, 4, "3*p", "3*p"),)


def of(left: Stack, right: Stack, *assume: str) -> Result:
    kernels = sorted({f"{k}: kernel[{c}]" for layer in left + right for k, c, _ in layer.kernel})
    return prove(read_statement(f"{layered(left)} == {layered(right)}", ["x: signal[N]", *kernels], assume))


def words(text: Text) -> str:
    return " ".join("".join(t if isinstance(t, str) else plain(t) for t in text).split())


def said(result: Result) -> str:
    (first, *_) = region_blocks(result)
    assert isinstance(first, Paragraph)
    assert first.lead == "Where it holds"
    return words(first.text)


def test_conditions_on_sizes_and_outputs() -> None:
    text = said(of(TWO, ONE))
    assert text.startswith(
        "The sides are equal at all outputs if and only if p = 0, or c ≤ p + 1, or c = 3 and 4 | N, or c = p + 2 and "
        "N − c is even. They differ exactly at the outputs n with 2n < p, where c ≥ p + 3; or with "
        "4n ≥ 4p + N − 3c + 3, where c ≥ p + 3, or c = p + 2 and N − c is odd. "
        "Whatever the sizes, they are equal at the outputs with 2n ≥ p and 4n ≤ 4p + N − 3c + 2. "
    )
    assert "found by isl" in text
    assert "not replayed" in text


def test_outputs_are_counted_from_both_ends() -> None:
    text = said(of(TWO, ONE, "p == 1"))
    assert "if and only if c ≤ 2, or c = 3 and N mod 4 ≠ 2. There are M = ⌊(N − 3c)/4⌋ + 3 outputs." in text
    assert "n = 0, where c ≥ 4; or with n = M − 1, where" in text
    assert "equal at the outputs with 1 ≤ n ≤ M − 2." in text


def test_the_interior_of_layers_of_stride_1() -> None:
    layers = (Layer((K,), 1, "p", "p"), Layer((K,), 1, "p", "p")), (Layer((K, K), 1, "2*p", "2*p"),)
    text = said(of(*layers))
    assert "if and only if p = 0 or c ≤ p + 1." in text
    assert (
        "They differ exactly at the outputs n with n < p, where c ≥ p + 2; or with n ≥ M − p, where c ≥ p + 2." in text
    )
    assert "Whatever the sizes, they are equal at the outputs with p ≤ n < M − p." in text


def test_unequal_extents_are_said() -> None:
    text = said(of((Layer((K,), 2, "p", "p"),), (Layer((K,), 2, "p", "p + 1"),)))
    assert text.startswith("The sides are equal in their extents and at all outputs if and only if N − c is even. "
                           "Their extents are equal if and only if N − c is even. ")  # fmt: skip


def test_sequences_differ_everywhere() -> None:
    text = said(prove(read_statement("corr(x, k) == conv(x, k)")))
    assert text.startswith(
        "The sides are equal at all outputs if and only if c = 1. For all other sizes they differ at"
    )


@pytest.mark.parametrize(("left", "right"), [
    (TWO, ONE),
    ((Layer((K,), 1, "p", "p"), Layer((H,), 1, "p", "p")), (Layer((K, H), 1, "2*p", "2*p"),)),
    ((Layer((K,), 2, "l", "q"),), (Layer((K,), 2, "q", "l"),)),
])  # fmt: skip
def test_the_figure_marks_the_enumerated_outputs(left: Stack, right: Stack) -> None:
    result = of(left, right)
    example = result.counterexample
    assert example is not None
    drawn = figure(result)
    assert drawn is not None
    assert drawn.rows
    assert drawn.columns == tuple(map(str, range(drawn.width)))
    for more, row in enumerate(drawn.rows):
        sizes = {**example.integers, "N": example.integers["N"] + more}
        assert words(row.label) == f"N = {sizes['N']}"
        one, other = outputs(left, sizes), outputs(right, sizes)
        expected = ["≠" if a != b else "=" for a, b in zip(one, other, strict=True)]
        assert [plain(c.formula).strip() for c in row.cells if c is not None] == expected
        assert [c.colour for c in row.cells if c is not None] == [0 if e == "≠" else None for e in expected]


def test_the_page_has_the_figure_and_no_page_without_a_region() -> None:
    document = document_of(of(TWO, ONE))
    assert isinstance(document, Document)
    assert any(isinstance(b, Figure) for b in document.blocks)
    symbolic = prove(read_statement("corr(x, k, stride=s) == corr(x, k)"))
    assert symbolic.verdict == "refuted"
    assert region_blocks(symbolic) == []
