"""Every library statement gets the verdict that it must get; certificates replay."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from verdicts import verdict_on

from symconv.answers import as_expected, worked_example
from symconv.errors import StatementError
from symconv.library import catalogue
from symconv.library.entry import Entry, Example
from symconv.proof.certificate import certificate, check
from symconv.tactics.prove import prove

ENTRIES = [e for _, entries in catalogue.TOPICS for e in entries]


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda e: e.name)
def test_verdict(entry: Entry) -> None:
    result = verdict_on(entry)
    assert result.verdict == entry.verdict
    if result.theorem is not None:
        data = json.loads(json.dumps(certificate(result.theorem)))
        assert check(data).steps == result.theorem.steps
    else:
        assert result.counterexample is not None
        left, right = result.counterexample.left, result.counterexample.right
        assert left > right if result.statement.relation == "<=" else left != right


@pytest.mark.parametrize("layers", [1, 2, 4, 7])
def test_each_member_of_a_family_is_proved(layers: int) -> None:
    assert prove(catalogue.statement(catalogue.find("r-strided-layers", layers))).verdict == "proved"


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda e: e.name)
def test_sizes_of_an_instance_are_sizes_of_the_statement(entry: Entry) -> None:
    assert {name for name, _ in entry.instance} <= catalogue.statement(entry).declarations.keys()


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda e: e.name)
def test_words_read_as_sentences(entry: Entry) -> None:
    assert entry.source
    assert not entry.introduction or entry.introduction.endswith(".")
    assert "  " not in f"{entry.title}{entry.words}{entry.introduction}"
    assert not entry.words.startswith("wrong") or entry.verdict == "refuted"


@pytest.mark.parametrize("example", catalogue.EXAMPLES, ids=lambda e: e.name)
def test_the_numbers_of_the_sources_come_out(example: Example) -> None:
    assert as_expected(example, worked_example(example))


def test_an_example_with_other_numbers_is_noticed() -> None:
    wrong = replace(catalogue.WORKED["scatter-by-numbers"], value=((6, 8, 0), (5, 15, 4), (1, 6, -7)))
    assert not as_expected(wrong, worked_example(wrong))


def test_an_example_is_no_statement() -> None:
    with pytest.raises(StatementError, match="'symconv show scatter-by-numbers' works it out"):
        catalogue.find("scatter-by-numbers")


def test_an_unknown_name_suggests_the_nearest() -> None:
    with pytest.raises(StatementError, match="did you mean noble-down"):
        catalogue.find("nobel-down")


def test_names_are_unique() -> None:
    assert len({e.name for e in (*ENTRIES, *catalogue.EXAMPLES)}) == len(ENTRIES) + len(catalogue.EXAMPLES)
