"""Every library statement gets the verdict that it must get; certificates replay."""

from __future__ import annotations

import json

import pytest

from symconv.errors import StatementError
from symconv.library import catalogue
from symconv.library.entry import Entry
from symconv.proof.certificate import certificate, check
from symconv.tactics.prove import prove

ENTRIES = [e for _, entries in catalogue.TOPICS for e in entries]


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda e: e.name)
def test_verdict(entry: Entry) -> None:
    result = prove(catalogue.statement(entry), 20)
    assert result.verdict == entry.verdict
    if result.theorem is not None:
        data = json.loads(json.dumps(certificate(result.theorem)))
        assert check(data).steps == result.theorem.steps
    else:
        assert result.counterexample is not None
        assert result.counterexample.left != result.counterexample.right


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


def test_an_unknown_name_suggests_the_nearest() -> None:
    with pytest.raises(StatementError, match="did you mean noble-down"):
        catalogue.find("nobel-down")


def test_names_are_unique() -> None:
    assert len({e.name for e in ENTRIES}) == len(ENTRIES)
