"""Exactly there: the condition is proved to be enough and decided to be needed, or an example is on the wrong side."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import pytest
from click.testing import CliRunner

from symconv.cli import main
from symconv.errors import StatementError
from symconv.expr.claim import read_statement
from symconv.expr.statement import Statement
from symconv.tactics.data import as_data
from symconv.tactics.iff import prove_iff, read_condition
from symconv.tactics.verdict import Result
from symconv.tactics.wording import disjunction

TURNED = "corr(x, k) == conv(x, k)"


def asked(claim: str, *conditions: str, lets: Sequence[str] = (), assume: Sequence[str] = ()) -> Result:
    def read(more: Sequence[str]) -> Statement:
        return read_statement(claim, lets, (*assume, *more))

    return prove_iff(*read_condition(read, conditions))


def test_a_condition_that_is_enough_and_needed() -> None:
    result = asked(TURNED, "c == 1")
    assert result.verdict == "proved"
    assert result.theorem is not None
    data = as_data(result, [], 0.0)["iff"]
    assert data == {"condition": "c == 1", "proved_under_it": True, "fails_elsewhere": True, "decided_by": "isl",
                    "outside": None}  # fmt: skip


@pytest.mark.parametrize(("claim", "condition"), [
    (TURNED, "c == 1 and c <= 5"),
    (TURNED, "(c == 1)"),
    ("down(x, 2) == x", "N == 1"),
    ("corr(x, flip(k)) == conv(x, k)", "c >= 1"),
    ("shift(x, m) == x", "m == 0"),
])  # fmt: skip
def test_other_ways_to_say_it(claim: str, condition: str) -> None:
    assert asked(claim, condition, lets=("x: signal[N]", "m: integer")[: 1 + ("m" in claim)]).verdict == "proved"


def test_several_conditions_are_joined_and_alternatives_are_proved_one_by_one() -> None:
    claim = "conv2d(x, w) == conv2d(x, flip(w))"
    lets = ("w: kernel[c, e]",)
    assert asked(claim, "c == 1", "e == 1", lets=lets).verdict == "proved"
    both = asked("x[n] == x[n]*iverson(n <= 4)", "n <= 4 or n >= N", lets=("x: signal[N]", "n: integer"))
    assert both.verdict == "proved"
    assert both.iff is not None
    assert len(both.iff.proofs) == 2


def test_what_isl_finds_is_no_proof() -> None:
    result = asked(TURNED, "c <= 1")
    assert result.verdict == "unknown"
    assert (
        result.reason
        == "isl finds that the claim holds exactly under the condition, but no proof was found where c <= 1"
    )


def test_sizes_in_the_condition_for_which_the_claim_fails() -> None:
    result = asked(TURNED, "c <= 2")
    assert (result.verdict, result.counterexample is not None) == ("refuted", True)
    assert result.counterexample is not None
    assert dict(result.counterexample.integers) == {"c": 2}
    assert result.region is not None
    assert disjunction(result.region.everywhere) == "c == 1"


def test_sizes_outside_for_which_it_holds() -> None:
    result = asked("corr(x, k) == conv(x, flip(k))", "c >= 3")
    assert result.verdict == "refuted"
    assert result.iff is not None
    assert result.iff.outside == {"c": 1}
    assert result.iff.proof is not None
    assert as_data(result, [], 0.0)["iff"]["fails_elsewhere"] is False


def test_conditions_on_a_free_index() -> None:
    lets = ("x: signal[N]", "n: integer")
    assert asked("x[n] == x[n]*iverson(n <= 4)", "n <= 4 or n >= N", lets=lets).verdict == "proved"
    wrong = asked("x[n] == x[n]*iverson(n <= 4)", "n <= 4", lets=lets)
    assert wrong.verdict == "refuted"
    assert wrong.iff is not None
    outside = wrong.iff.outside or {}
    assert outside["n"] >= max(5, outside["N"])


def test_symbolic_strides_are_not_decided_but_refuted_with_a_proof() -> None:
    noble = "down(up(x, s), t) == up(down(x, t), s)"
    unknown = asked(noble, "gcd(s, t) == 1")
    assert unknown.verdict == "unknown"
    assert "not decided" in unknown.reason
    wrong = asked(noble, "s == 1")
    assert wrong.verdict == "refuted"
    assert wrong.iff is not None
    assert wrong.iff.proof is not None
    assert wrong.iff.outside == {"s": 2, "t": 1}


@pytest.mark.parametrize(("condition", "said"), [
    ("c", "is not a condition: write comparisons"),
    ("not c == 1", "is not a condition"),
    ("q == 1", "q is"),
    ("c == 0", "no sizes were found"),
    ("x >= 0", "conditions on sizes and indices only"),
    ("k == flip(k)", "conditions on sizes and indices only"),
    ("c ==", "not well formed"),
    (" and ".join(["(c == 1 or c == 2)"] * 6), "64 alternatives"),
])  # fmt: skip
def test_what_is_no_condition(condition: str, said: str) -> None:
    with pytest.raises(StatementError, match=said):
        asked(TURNED, condition)


def test_only_of_equations() -> None:
    with pytest.raises(StatementError, match="--iff goes with an equation"):
        asked("avg_pool1d(x, 2) <= max_pool1d(x, 2)", "c == 1")


def test_the_files_replay_and_say_what_is_not_replayed(tmp_path: Path) -> None:
    run = CliRunner()
    base = str(tmp_path / "turned")
    made = run.invoke(main, ["prove", TURNED, "--iff", "c == 1", "-o", base, "--format", "tex,html,txt,json"])
    assert made.exit_code == 0, made.output
    for ending in ("tex", "html", "txt"):
        page = " ".join((tmp_path / f"turned.{ending}").read_text().split())
        assert "decided by isl" in page
        assert "not replayed" in page
    checked = run.invoke(main, ["check", f"{base}.json"])
    assert checked.exit_code == 0
    assert "not replayed: that the claim fails for all other sizes than c == 1" in checked.output
    data = json.loads((tmp_path / "turned.json").read_text())
    data["certificates"][0]["steps"][0]["text"] = "0"
    (tmp_path / "turned.json").write_text(json.dumps(data))
    assert run.invoke(main, ["check", f"{base}.json"]).exit_code == 2


@pytest.mark.parametrize("condition", ["c == 1", "c <= 2", "c == 1 and c == 1"])
def test_exit_status(condition: str) -> None:
    result = CliRunner().invoke(main, ["prove", TURNED, "--iff", condition, "--json"])
    verdict = json.loads(result.output)["verdict"]
    assert result.exit_code == {"proved": 0, "refuted": 1}[verdict]


def test_no_style_beside_it() -> None:
    result = CliRunner().invoke(main, ["prove", TURNED, "--iff", "c == 1", "--style", "matrix"])
    assert (result.exit_code, "--style goes with a proof" in result.output) == (2, True)
