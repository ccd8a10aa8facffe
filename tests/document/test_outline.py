"""What a page says: the parts of a proof in order, reasons beside every line, numbers that are right, names to read."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable, Iterator
from functools import cache

import pytest
from verdicts import verdict_on

from symconv.document import model
from symconv.document.headings import abbreviated, merged_kernel
from symconv.document.model import Chain, Display, Document, Figure, Inline, Paragraph, Table, Text
from symconv.expr.claim import read_statement
from symconv.expr.mathematics import Accent, Big, Cases, Fence, Frac, Math, Row, Script, Sym
from symconv.expr.nodes import Const, Expr, Mul
from symconv.expr.notation import notation
from symconv.library import catalogue
from symconv.library.entry import Entry
from symconv.pages import document_of
from symconv.proof.theorem import Theorem
from symconv.render.plain import plain
from symconv.render.terminal import terminal
from symconv.tactics.prove import prove

ENTRIES = [e for _, entries in catalogue.TOPICS for e in entries]
PROVED = [e for e in ENTRIES if e.verdict == "proved"]
REFUTED = [e for e in ENTRIES if e.verdict == "refuted"]
MOST_LINES = 10


@cache
def of_entry(entry: Entry) -> Document:
    return document_of(verdict_on(entry), entry)


def of_claim(claim: str, *lets: str, assume: tuple[str, ...] = ()) -> Document:
    return document_of(prove(read_statement(claim, lets, assume)))


def words(text: Text) -> str:
    return "".join(part if isinstance(part, str) else plain(part) for part in text)


def leads(document: Document) -> list[str]:
    return [b.lead for b in document.blocks if isinstance(b, Paragraph) and b.lead]


def chains(document: Document) -> list[Chain]:
    return [b for b in document.blocks if isinstance(b, Chain)]


def own(document: Document) -> Document:
    """The page without what is told of related statements at its end."""
    blocks = document.blocks
    ends = (i for i, b in enumerate(blocks) if isinstance(b, Paragraph) and b.lead == "See also")
    return dataclasses.replace(document, blocks=blocks[: next(ends, len(blocks))])


def whole(document: Document) -> str:
    """The page as one line of text."""
    return re.sub(r"\s+", " ", terminal(document))


def inlines(document: Document) -> Iterator[Inline]:
    """Every word and formula of a page."""
    yield from (document.title, document.subtitle, document.running)
    for block in document.blocks:
        match block:
            case Paragraph(text, lead):
                yield from (*text, lead)
            case Display(formulas, number):
                yield from (*formulas, number)
            case Chain(first, lines):
                yield first
                for line in lines:
                    yield from (line.formula, *line.reason)
            case Figure(rows, columns, caption):
                yield from (*columns, *caption)
                for row in rows:
                    yield from row.label
                    yield from (cell.formula for cell in row.cells if cell is not None)
            case Table(head, rows):
                for title in head:
                    yield from title
                for formulas in rows:
                    yield from formulas


def names(m: Math) -> Iterator[str]:
    """The names in a formula."""
    match m:
        case Sym(name):
            yield name
        case Row(items):
            for item in items:
                yield from names(item)
        case Script(base, sub, sup):
            for part in (base, sub, sup):
                if part is not None:
                    yield from names(part)
        case Big(first, second) | Frac(first, second):
            yield from names(first)
            yield from names(second)
        case Fence(_, body) | Accent(_, body):
            yield from names(body)
        case Cases(rows):
            for row in rows:
                for part in row:
                    yield from names(part)
        case _:
            pass


# The model


def test_records_are_frozen_and_know_no_format() -> None:
    kinds = [model.Paragraph, model.Display, model.Line, model.Chain, model.Cell, model.FigureRow, model.Figure,
             model.Table, model.Document]  # fmt: skip
    for kind in kinds:
        assert dataclasses.is_dataclass(kind)
        assert kind.__dataclass_params__.frozen  # type: ignore[attr-defined]
        assert not [n for n in vars(kind) if "latex" in n or "html" in n or "typst" in n]


def test_words_of_a_page_have_no_markup(document: Document) -> None:
    for part in inlines(document):
        if isinstance(part, str):
            assert not set(part) & set("\\$<>&#{}"), part


def test_a_page_is_the_same_each_time() -> None:
    claim = "corr(corr(x, k, stride=s), h, stride=t) == corr(x, conv(k, up(h, s)), stride=s*t)"
    assert of_claim(claim) == of_claim(claim)


# Proofs


@pytest.mark.parametrize("entry", PROVED, ids=lambda e: e.name)
def test_a_proof_page_has_its_parts_in_order(entry: Entry) -> None:
    whole_page = of_entry(entry)
    assert leads(whole_page).count("See also") == len(entry.related)
    document = own(whole_page)
    assert document.title == entry.title
    order = leads(document)
    assert order.index("Theorem") < order.index("Proof")
    assert "Definitions" not in order or order.index("Definitions") < order.index("Theorem")
    found = chains(document)
    blocks = list(document.blocks)
    proof = next(i for i, b in enumerate(blocks) if isinstance(b, Paragraph) and b.lead == "Proof")
    end = next(i for i, b in enumerate(blocks) if isinstance(b, Paragraph) and b.end)
    assert found
    assert all(proof < blocks.index(chain) < end for chain in found)
    assert sum(b.end for b in blocks if isinstance(b, Paragraph)) == 1


@pytest.mark.parametrize("entry", PROVED, ids=lambda e: e.name)
def test_a_chain_goes_from_the_left_side_to_the_right(entry: Entry) -> None:
    result = verdict_on(entry)
    assert result.theorem is not None
    parts = result.theorem.parts or (result.theorem,)
    for chain, part in zip(chains(own(document_of(result, entry))), parts, strict=True):
        left, right = (_without_places(e, part) for e in part.statement.ends(part.indices))
        merged = None if result.theorem.parts else merged_kernel(result.statement)
        assert chain.first == notation(abbreviated(left, merged))
        assert chain.lines[-1].formula == notation(abbreviated(right, merged))
        assert 1 <= len(chain.lines) <= MOST_LINES


def _without_places(e: Expr, part: Theorem) -> Expr:
    """A side without the conditions on the place at which it is compared, which the theorem says."""
    return e.factors[-1] if any(part.statement.places) and isinstance(e, Mul) else e


@pytest.mark.parametrize("entry", PROVED, ids=lambda e: e.name)
def test_every_line_has_a_reason_and_says_something_new(entry: Entry) -> None:
    for chain in chains(own(of_entry(entry))):
        before = chain.first
        for line in chain.lines:
            assert words(line.reason).strip()
            assert not re.search(r"; *$|^ *;|, *$|;;", words(line.reason))
            assert line.formula != before or len(chain.lines) == 1
            before = line.formula


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda e: e.name)
def test_names_read_as_a_person_would_choose_them(entry: Entry) -> None:
    """Sizes, sequences and indices have one letter, at most with one digit; nothing like a_15 or _lo."""
    document = of_entry(entry)
    for part in inlines(document):
        if not isinstance(part, str):
            for name in names(part):
                assert re.fullmatch(r"[A-Za-z]\d?", name), (name, plain(part))


def test_only_the_operators_that_are_used_are_defined() -> None:
    text = whole(of_claim("conv(x, k) == conv(k, x)"))
    assert "Convolution" in text
    assert "⋆" not in text
    assert "↑" not in text
    text = whole(of_claim("down(down(x, s), t) == down(x, s*t)"))
    assert "↓" in text
    assert "∗" not in text
    assert "⋆" not in text


@pytest.mark.parametrize(
    ("claim", "lets", "assume", "shown"),
    [
        ("down(up(x, s), t) == up(down(x, t), s)", (), ("gcd(s, t) == 1",), "gcd(s, t) = 1"),
        ("down(x, s) == down(x, 2)", (), ("s == 2",), "s = 2"),
        ("conv(x, k) == conv(k, x)", ("k: kernel[c]",), ("c >= 3",), "c ≥ 3"),
        ("corr(x, h) == corr(x, k)", (), ("h == k",), "h = k"),
        ("corr(x, w) == conv(x, flip(w))", ("w: kernel[-l:l+1]",), (), "−l"),
        ("a*conv(x, k) == conv(a*x, k)", (), (), "real number a"),
        ("conv(x, k) == conv(k, x)", ("x: signal[N]",), (), "extent N"),
    ],
)
def test_everything_assumed_is_printed(claim: str, lets: tuple[str, ...], assume: tuple[str, ...], shown: str) -> None:
    document = of_claim(claim, *lets, assume=assume)
    statement = whole(document)[: whole(document).index("Proof.")]
    assert shown.replace(" ", "") in statement.replace(" ", "")


def test_every_name_of_a_claim_is_quantified() -> None:
    document = of_claim("a*corr(x, k, stride=s)[n] == corr(a*x, k, stride=s)[n]")
    theorem = next(b for b in document.blocks if isinstance(b, Paragraph) and b.lead == "Theorem")
    quantified = {n for part in theorem.text if not isinstance(part, str) for n in names(part)}
    assert quantified >= {"a", "x", "k", "s", "n", "c"}


# Worked examples


def test_the_example_has_the_taps_of_the_merged_kernel(page: Callable[[str], Document]) -> None:
    (table,) = [b for b in page("two-strided-layers").blocks if isinstance(b, Table) and len(b.rows) == 7]
    values = [plain(row[1]).replace(" ", "") for row in table.rows]
    assert [plain(row[0]) for row in table.rows] == [str(i) for i in range(3 * 3 - 2)]
    k0, k1, k2 = "k₀", "k₁", "k₂"
    assert {f"{k0}{k1}", f"{k1}{k2}"} <= set(values)
    assert values[0] in (f"{k0}²", f"{k0}{k0}")
    assert values[6] in (f"{k2}²", f"{k2}{k2}")
    assert sorted(values[2].split("+")) == sorted([f"{k0}{k1}", f"{k0}{k2}"])
    assert sorted(values[4].split("+")) == sorted([f"{k0}{k2}", f"{k1}{k2}"])


def test_the_figure_adds_up_to_the_merged_kernel(page: Callable[[str], Document]) -> None:
    (figure,) = [b for b in page("two-strided-layers").blocks if isinstance(b, Figure)]
    assert len(figure.columns) == 7
    for row in figure.rows:
        assert len(row.cells) == len(figure.columns)
    products, total = figure.rows[1:-1], figure.rows[-1]
    for i, cell in enumerate(total.cells):
        assert cell is not None
        column = [plain(r.cells[i].formula) for r in products if r.cells[i] is not None]  # type: ignore[union-attr]
        assert plain(cell.formula).split(" + ") == column


@pytest.mark.parametrize("entry", [e for e in PROVED if e.instance], ids=lambda e: e.name)
def test_sizes_of_an_example_are_those_of_the_entry(entry: Entry) -> None:
    document = own(of_entry(entry))
    statement = catalogue.statement(entry)
    if "max" in entry.claim:  # A maximum of symbols is none: the figure shows the windows.
        assert "Example" not in leads(document)
        shown = next(words(b.caption) for b in document.blocks if isinstance(b, Figure))
    else:
        shown = next(words(b.text) for b in document.blocks if isinstance(b, Paragraph) and b.lead == "Example")
    for name, value in entry.instance:
        if name in statement.declarations and (value or "max" not in entry.claim):
            assert f"{name}={value}" in shown.replace(" ", "")


# Refutations


@pytest.mark.parametrize("entry", REFUTED, ids=lambda e: e.name)
def test_a_refutation_prints_the_two_unequal_values(entry: Entry) -> None:
    result = verdict_on(entry)
    document = document_of(result, entry)
    example = result.counterexample
    assert example is not None
    bounds = result.limit.parts if result.limit is not None else ()  # Of a wrong limit, the right one is proved first.
    assert leads(document).count("Theorem") == leads(document).count("Proof") == bool(bounds)
    assert bool(bounds) == bool(result.statement.towards)
    found = chains(document)[len(bounds) :]
    shown = [plain(c.lines[-1].formula).replace("−", "-") for c in found]
    stated = [
        s for s in (result.statement.lhs, result.statement.rhs) if isinstance(s, Const)
    ]  # A number needs no chain.
    if example.axis is None:
        assert shown == [str(v) for v in (example.left, example.right) if Const(v) not in stated]
    else:
        assert f"extent {example.left}" in whole(document) and f"the right side {example.right}" in whole(document)
    assert "false" in whole(document)
    for name, value in example.integers.items():
        if name == result.statement.towards:
            continue  # A limit does not depend on it.
        assert f"{name}={value}".replace("-", "−") in whole(document).replace(" ", "")


def test_a_refutation_says_where_the_claim_holds() -> None:
    entry = catalogue.find("up-down-any")
    text = whole(of_entry(entry)).replace(" ", "")
    assert re.search(r"gcd\(s,t\)={1,2}1", text)


def test_an_equation_without_an_answer_says_why(page: Callable[[str], Document]) -> None:
    document = page("no-answer")
    assert "None: " in whole(document)
    assert "shift" in whole(document)
    assert "Proof" not in leads(document)


def test_a_solved_equation_prints_the_answer_before_the_proof(page: Callable[[str], Document]) -> None:
    text = whole(page("solved"))
    assert text.index("K = k ∗ ↑₂ k") < text.index("Proof.")
    assert "3c − 2 taps" in text


# Sentences


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda e: e.name)
def test_sentences_are_whole(entry: Entry) -> None:
    for block in of_entry(entry).blocks:
        if isinstance(block, Paragraph):
            text = words(block.text).strip()
            assert not re.search(r"  | ,| \.|\.\.|,\.|,,", re.sub(r"…|, …", "", text)), text
            assert not re.match(r"[,.;]", text), text


@pytest.mark.parametrize("claim", ["1 == 2", "taps(1) == delta", "ones(2) == ones(3)"])
def test_pages_of_claims_about_nothing_in_particular(claim: str) -> None:
    text = whole(of_claim(claim))
    assert not re.search(r"[Ff]or (all|every) ?,|None", text)


def test_a_claim_without_names_begins_with_a_capital() -> None:
    (claim,) = [b for b in of_claim("1 == 2").blocks if isinstance(b, Paragraph) and "claimed" in words(b.text)]
    assert words(claim.text).strip()[0].isupper()


def test_a_chain_is_never_empty() -> None:
    assert all(chain.lines for chain in chains(of_claim("x == x")))


@pytest.mark.parametrize("claim", ["relu(k)[n] == relu(k)[n]", "relu(ones(2)) == relu(ones(2))"])
def test_pages_of_claims_with_a_rectifier(claim: str) -> None:
    assert "Theorem" in leads(of_claim(claim, "k: kernel[c]"))


def test_an_example_gives_every_entry_that_it_needs_and_no_other() -> None:
    assert "Take x[0] = 1; every other entry is 0" in whole(
        of_claim("conv(x, ones(14)) == shift(conv(x, ones(13)), 1)")
    )
    text = whole(of_claim("mul(x, shift(x, 1)) == shift(mul(x, x), 1)", "x: signal"))
    assert "every other entry is 0" in text


def test_an_example_says_what_a_function_is() -> None:
    assert "f(t) = t² + t − 3" in whole(of_claim("f(x + y) == f(x) + f(y)", "f: function"))
