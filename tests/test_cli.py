"""The command line: exit statuses, `--json`, claim files, what goes where, and what every fault of the input gets."""

from __future__ import annotations

import copy
import json
import os
import random
import re
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from symconv.cli import main

NOBLE = "down(conv(x, up(h, s)), s) == conv(down(x, s), h)"
COPRIME = "down(up(x, s), t) == up(down(x, t), s)"
WRONG = "corr(x, k) == corr(k, x)"
OPEN = "sum(shift(x, a) for a in range(10**6)) == x"
"""A claim that is neither proved nor refuted: its counterexample is out of reach."""
MERGE = "corr(corr(x, k, stride=2), k, stride=2) == corr(x, K, stride=4)"
VERDICT_KEYS = {"verdict", "statement", "assumptions", "answer", "counterexample", "holds_where", "steps", "files",
                "seconds"}  # fmt: skip


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, list(arguments), prog_name="symconv")


def answer(*arguments: str) -> dict[str, Any]:
    """The one JSON object that a command prints."""
    result = run(*arguments, "--json")
    assert result.stderr == ""
    assert result.stdout.count("\n") == 1
    return json.loads(result.stdout)


@pytest.fixture(autouse=True)
def _own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


# Exit statuses


@pytest.mark.parametrize(
    ("status", "arguments"),
    [
        (0, ["prove", NOBLE]),
        (0, ["prove", "two-strided-layers"]),
        (0, ["prove", COPRIME, "--assume", "gcd(s, t) == 1"]),
        (1, ["prove", COPRIME]),
        (1, ["prove", "undilated-kernel"]),
        (3, ["prove", OPEN]),
        (2, ["prove", "conv(x, k)"]),
        (0, ["solve", MERGE, "--for", "K"]),
        (1, ["solve", "up(x, 2) == conv(x, K)", "--for", "K"]),
        (2, ["solve", NOBLE, "--for", "Q"]),
        (0, ["expand", "two-strided-layers", "--with", "c=2,N=8"]),
        (1, ["expand", WRONG, "--with", "c=2,e=2"]),
        (2, ["expand", "two-strided-layers", "--with", "c=0"]),
        (0, ["list"]),
        (0, ["show", "noble-down"]),
        (0, ["show", "undilated-kernel"]),
        (2, ["show", "nobel-down"]),
        (0, ["doctor"]),
        (0, ["--version"]),
        (0, ["--help"]),
    ],
    ids=lambda v: " ".join(v) if isinstance(v, list) else str(v),
)
def test_exit_status(status: int, arguments: list[str]) -> None:
    result = run(*arguments)
    assert result.exit_code == status, result.output
    assert (result.stdout == "") == (status == 2)
    assert (result.stderr == "") == (status != 2)


# What is printed


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["prove", NOBLE], ["proved: ", "Theorem"]),
        (["prove", COPRIME], ["refuted: ", "Example", "gcd(s, t) ="]),
        (["prove", OPEN], ["unknown: ", "closest"]),
        (["solve", MERGE, "--for", "K"], ["answer: K = conv(k, up(k, 2))", "proved: "]),
        (["expand", "two-strided-layers", "--with", "c=2,N=8"], ["c=2", "K[0] = k0**2", "outputs agree"]),
        (["show", "noble-down"], ["The first noble identity", "proved: "]),
        (["list"], ["two-strided-layers", "noble-down"]),
        (["doctor"], ["Python", "sympy", "typst", "pdflatex"]),
    ],
    ids=lambda v: v[0] if isinstance(v, list) else "",
)
def test_answers_in_words(arguments: list[str], words: list[str]) -> None:
    text = run(*arguments).stdout
    for word in words:
        assert word in text


def test_every_library_name_is_listed() -> None:
    from symconv.library.catalogue import BY_NAME, WORKED

    text = run("list").stdout
    listed = json.loads(run("list", "--json").stdout)
    assert {entry["name"] for entry in listed} == {*BY_NAME, *WORKED}
    for name in (*BY_NAME, *WORKED):
        assert re.search(rf"(?<![\w-]){name}(?![\w-])", text)


def test_tacit_assumptions_are_printed() -> None:
    assert "k: kernel[c]" in run("prove", "corr(x, k) == conv(x, flip(k))").stdout


# One JSON object


def test_json_of_a_proof() -> None:
    data = answer("prove", NOBLE)
    assert data.keys() >= VERDICT_KEYS
    assert data["verdict"] == "proved"
    assert data["statement"] == NOBLE
    assert {"x: signal", "h: kernel[c]", "s: size", "c: size"} <= set(data["assumptions"])
    assert data["counterexample"] is data["answer"] is data["holds_where"] is None
    assert data["steps"]
    assert all(step.keys() >= {"rule", "line"} for step in data["steps"])
    assert data["files"] == []
    assert 0 < data["seconds"] < 60


def test_json_of_a_refutation() -> None:
    data = answer("prove", COPRIME)
    assert data.keys() >= VERDICT_KEYS
    assert data["verdict"] == "refuted"
    assert data["steps"] == []
    example = data["counterexample"]
    assert example["integers"] == {"s": 2, "t": 2}
    assert example["left"] != example["right"]
    assert data["holds_where"]["conditions"] == ["gcd(s, t) == 1"]
    assert data["holds_where"]["exact"] in (True, False)


def test_json_of_an_open_claim() -> None:
    data = answer("prove", OPEN)
    assert data["verdict"] == "unknown"
    assert data["steps"] == []
    assert data["counterexample"] is None


def test_json_of_an_answer_is_claim_text_that_can_be_used_again() -> None:
    data = answer("solve", MERGE, "--for", "K")
    assert data["verdict"] == "proved"
    again = MERGE.replace("K", data["answer"])
    assert answer("prove", again)["verdict"] == "proved"


def test_json_where_no_answer_exists() -> None:
    data = answer("solve", "up(x, 2) == conv(x, K)", "--for", "K")
    assert data["verdict"] == "none"
    assert data["answer"] is None
    assert data["reason"]


def test_json_of_an_instance() -> None:
    data = answer("expand", "two-strided-layers", "--with", "c=2,N=8")
    assert data["integers"]["c"] == 2
    assert data["agrees"] is True
    assert data["kernel"][0] == {"at": [0], "value": "k0**2"}
    assert all(output["equal"] for output in data["outputs"])


def test_json_of_a_told_proof() -> None:
    data = answer("prove", NOBLE, "--style", "operator")
    assert data["style"] == "operator"
    assert data["note"] is None
    assert {*data["telling"][0]} == {"line", "reason"}
    assert data["telling"] == answer("show", "noble-down", "--style", "operator")["telling"]
    assert answer("prove", NOBLE)["style"] == "index"
    assert answer("prove", WRONG, "--style", "operator")["style"] is None


def test_a_style_in_which_it_cannot_be_told_is_said_and_no_fault() -> None:
    result = run("prove", "conv(x, k) == conv(k, x)", "--style", "operator")
    assert result.exit_code == 0
    assert "no path of library identities was found" in " ".join(result.stdout.split())
    data = answer("prove", "conv(x, k) == conv(k, x)", "--style", "operator")
    assert data["style"] == "index"
    assert "no path of library identities" in data["note"]


def test_json_names_the_files() -> None:
    data = answer("prove", NOBLE, "-o", "page", "--format", "tex,txt,html,json")
    assert sorted(data["files"]) == ["page.html", "page.json", "page.tex", "page.txt"]
    assert sorted(p.name for p in Path().iterdir()) == sorted(data["files"])


def test_a_refutation_has_a_page_and_its_numbers_as_data() -> None:
    assert run("prove", WRONG, "-o", "page", "--format", "tex,json").exit_code == 1
    assert json.loads(Path("page.json").read_text())["verdict"] == "refuted"
    assert r"\end{document}" in Path("page.tex").read_text()


def test_missing_folders_of_an_output_are_made() -> None:
    assert run("prove", NOBLE, "-o", "a/b/page", "--format", "txt").exit_code == 0
    assert Path("a/b/page.txt").is_file()


# Declarations, assumptions, layers


def test_let_declares_and_defines() -> None:
    data = answer("prove", "a*y == conv(a*x, k)", "--let", "k: kernel[3]", "--let", "a: number",
                  "--let", "y = conv(x, k)")  # fmt: skip
    assert data["verdict"] == "proved"
    assert {"k: kernel[3]", "a: number"} <= set(data["assumptions"])


def test_assumptions_are_used_and_printed() -> None:
    data = answer("prove", "down(x, s) == down(x, t)", "--assume", "s == 2", "--assume", "t == 2")
    assert data["verdict"] == "proved"
    assert {"s == 2", "t == 2"} <= set(data["assumptions"])


def test_layers_choose_the_member_of_a_family() -> None:
    statement = answer("prove", "r-strided-layers", "--layers", "2")["statement"]
    assert statement.count("stride=s)") == 2
    assert answer("show", "r-strided-layers", "--layers", "2")["statement"] == statement


def test_layers_and_assumptions_go_together() -> None:
    data = answer("prove", "r-strided-layers", "--layers", "2", "--assume", "s == 2")
    assert "s == 2" in data["assumptions"]


# Claim files


CLAIM_FILE = """\
# Two layers, the first with a kernel of ours.
let k: kernel[c]        # taps 0..c-1
let y = corr(x, k, stride=s)

assume s >= 2
claim corr(y, h, stride=t) == corr(x, conv(k, up(h, s)), stride=s*t)
"""


def test_a_claim_file_is_read() -> None:
    Path("layers.txt").write_text(CLAIM_FILE)
    data = answer("prove", "layers.txt")
    assert data["verdict"] == "proved"
    assert {"k: kernel[c]", "s >= 2"} <= set(data["assumptions"])
    assert answer("expand", "layers.txt", "--with", "c=2,N=16")["agrees"] is True


def test_options_add_to_a_claim_file() -> None:
    Path("claim.txt").write_text(f"claim {COPRIME}\n")
    assert run("prove", "claim.txt").exit_code == 1
    assert run("prove", "claim.txt", "--assume", "gcd(s, t) == 1").exit_code == 0


@pytest.mark.parametrize("content", [CLAIM_FILE.replace("\n", "\r\n"), CLAIM_FILE.rstrip("\n")])
def test_line_ends_of_a_claim_file_do_not_matter(content: str) -> None:
    Path("claim.txt").write_bytes(content.encode())
    assert run("prove", "claim.txt").exit_code == 0


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "0 claims"),
        (b"# nothing\n", "0 claims"),
        (b"claim x == x\nclaim x == x\n", "2 claims"),
        (b"let k: kernel[c]\nproof by magic\n", "line 2"),
        (b"claim conv(x, == x\n", "conv"),
        (b"let k kernel\nclaim x == x\n", "k kernel"),
        (b"assume s >\nclaim down(x, s) == x\n", "assumption"),
        (b"claim x == x\0\n", "null"),
        (b"claim \xff\xfe == x\n", "UTF-8"),
        (b"#" * 1_500_000, "1 MB"),
        (b"claim x == x\n" + b"#" * 300_000, "characters"),
    ],
    ids=lambda v: v[:20].decode("latin-1") if isinstance(v, bytes) else None,
)
def test_faults_in_claim_files(content: bytes, message: str) -> None:
    Path("claim.txt").write_bytes(content)
    refused(["prove", "claim.txt"], message)


def test_a_byte_order_mark_does_not_matter() -> None:
    Path("claim.txt").write_bytes(b"\xef\xbb\xbf" + CLAIM_FILE.encode())
    assert run("prove", "claim.txt").exit_code == 0


def test_a_tab_separates_as_a_blank_does() -> None:
    Path("claim.txt").write_text(CLAIM_FILE.replace("claim ", "claim\t"))
    assert run("prove", "claim.txt").exit_code == 0


# Faults of the input: exit status 2, one sentence, nothing written, soon


def refused(arguments: list[str], message: str) -> None:
    before = sorted(Path().rglob("*"))
    started = time.perf_counter()
    result = run(*arguments)
    assert time.perf_counter() - started < 3
    assert result.exit_code == 2, result.output
    assert result.stdout == ""
    assert re.fullmatch(r"symconv: [^\n]{10,400}\n", result.stderr), result.stderr
    assert re.search(message, result.stderr), result.stderr
    assert "Traceback" not in result.stderr
    assert "Error(" not in result.stderr
    assert sorted(Path().rglob("*")) == before


BAD_CLAIMS = [
    # names and functions
    ("nobel-down", "did you mean noble-down"),
    ("qqqq-zzzz", "symconv list"),
    ("conv2(x, k) == x", "conv2 is not known"),
    ("conv(x, k) == é", "é"),
    ("conv(x, _k) == x", "_k"),
    # form
    ("", "empty"),
    ("   ", "empty"),
    ("conv(x, k)", "left == right"),
    ("conv(x, k) = conv(k, x)", "'=='"),
    ("conv(x, k) == conv(k, x", "column"),
    ("conv(x, k) == conv(k, x) == x", "one equation"),
    ("conv(x, k) != conv(k, x)", "left == right"),
    ("con v(x, k) == x", "column 5"),
    ("conv(x, k)\0 == x", "null"),
    # operands and options
    ("conv(x) == x", r"conv\(x\): conv takes 2"),
    ("conv(x, k, h) == x", "takes 2 operands, not 3"),
    ("flip() == x", "takes 1"),
    ("corr(x, k, strid=2) == x", "no option strid; it has stride"),
    ("conv(x, k, stride=2) == x", "conv has no option stride"),
    ("corr(x, k, stride=2, stride=3) == x", "stride"),
    ("conv(*x) == x", "conv"),
    ("conv(x, 3) == x", "3 is a number"),
    ("x[0, 1] == x[0]", "2 subscripts"),
    ("taps() == x", r"taps\("),
    ("array([[1, 2], [3]]) == x", "rows differ"),
    ("x == x/0", "non-zero"),
    ("'x' == x", "'x'"),
    # strides, dilations, extents
    ("corr(x, k, stride=0) == x", "stride must be at least 1, not 0"),
    ("corr(x, k, stride=-2) == x", "stride must be at least 1, not -2"),
    ("corr(x, k, dilation=0) == x", "dilation must be at least 1"),
    ("corr(x, k, padding=-1) == x", "padding must be at least 0"),
    ("corr(x, k, stride=1/2) == x", "1 / 2 is not an integer"),
    ("corr(x, k, stride=1.5) == x", "1.5 is not an integer"),
    ("down(x, 0) == x", "factor must be at least 1"),
    ("ones(0) == x", "extent must be at least 1"),
    # sums without end
    ("sum(x[a] for a in Z) == 0", "infinitely many"),
    ("sum(x[a] for a in x) == x[0]", "range"),
    ("sum(x) == x", r"sum\(x\)"),
    # Python that is no claim
    ("__import__('os').system('touch pwned') == x", "not part of the claim language"),
    ("__import__('os') == x", "__import__ is not known"),
    ("(lambda: x)() == x", "not part of the claim language"),
    ("x.__class__ == x", "x.__class__ is not part"),
    ("f'{x}' == x", "not part of the claim language"),
    ("(y := x) == x", "not part of the claim language"),
    ("[x for x in y] == x", "not part of the claim language"),
    # numbers and texts that are too large
    ("conv(x, k) == 10**100000*x", "0 to 64"),
    ("shift(x, 10**100000) == x", "0 to 64"),
    ("shift(x, " + "9" * 4000 + ") == x", "too large"),
    ("x == " + "9" * 6000 + "*x", "claim"),
    ("shift(x, (s + t + u + v)**60) == x", "too many terms"),
    ("x == " + "x + " * 262_144 + "x", "at most 20000"),
    ("(" * 5000 + "x" + ")" * 5000 + " == x", "nested"),
    ("x == " + "-" * 5000 + "x", "nested|recursion"),
]


@pytest.mark.parametrize(("claim", "message"), BAD_CLAIMS, ids=lambda v: repr(v[:30]))
def test_faults_in_claims(claim: str, message: str) -> None:
    refused(["prove", claim], message)


BAD_OPTIONS = [
    (["prove", "corr(x, y) == corr(y, x)", "--let", "x: signal", "--let", "y: signal"], "finite support.*kernel"),
    (["prove", "x*y == y*x", "--let", "x: signal", "--let", "y: signal"], r"conv\(…\) or mul\(…\)"),
    (["prove", "conv(x, k) == x", "--let", "k"], "k: kernel"),
    (["prove", "conv(x, k) == x", "--let", "import os"], "not a declaration"),
    (["prove", "conv(x, k) == x", "--let", "k: kernl[c]"], "kernl.*kernel"),
    (["prove", "conv(x, k) == x", "--let", "k: kernel"], "how many taps"),
    (["prove", "conv(x, k) == x", "--let", "k: kernel[0]"], "at least 1"),
    (["prove", "conv(x, k) == x", "--let", "k: kernel[-3:-5]"], "^symconv: k"),
    (["prove", "conv(x, k) == x", "--let", "k: kernel[c]", "--let", "k: kernel[e]"], "declared twice"),
    (["prove", "conv(x, k) == x", "--let", "a: number[2]"], "no extents"),
    (["prove", "down(x, s) == x", "--assume", "s >= 3", "--assume", "s <= 2"], "no sizes"),
    (["prove", "down(x, s) == x", "--assume", "2*s == 3"], "no sizes"),
    (["prove", "down(x, s) == x", "--assume", "s"], "not an assumption"),
    (["prove", "down(x, s) == x", "--assume", "s % 0 == 1"], "modulus"),
    (["prove", COPRIME, "--assume", "gcd(s, t) == 2"], "gcd.* 1"),
    (["prove", "conv(x, k) == x", "--layers", "3"], "--layers"),
    (["prove", "two-strided-layers", "--layers", "3"], "no number of layers"),
    (["prove", "r-strided-layers", "--layers", "0"], "1 to 64"),
    (["prove", "r-strided-layers", "--layers", "1000000000"], "1 to 64"),
    (["prove", NOBLE, "-o", "page", "--format", "doc"], "'doc' is not known"),
    (["prove", "a_folder", "-o", "page"], "a_folder"),
    (["solve", MERGE, "--for", "1"], "--for"),
    (["solve", MERGE, "--for", "Q"], "Q does not occur"),
    (["solve", "conv(K, k) == conv(x, K)", "--for", "K"], "both sides"),
    (["expand", "two-strided-layers", "--with", "c"], "c=3"),
    (["expand", "two-strided-layers", "--with", "c=x"], "c=3"),
    (["expand", "two-strided-layers", "--with", "z=3"], "no size z"),
    (["expand", "two-strided-layers", "--with", "c=10000000000"], "too large"),
    (["expand", "no-such-name"], "no-such-name"),
    (["check", "missing.json"], "missing.json: No such file"),
    (["check", "a_folder"], "a_folder: Is a directory"),
    (["show", "two-strided-layers", "--layers", "2"], "no number of layers"),
]  # fmt: skip


@pytest.mark.parametrize(("arguments", "message"), BAD_OPTIONS, ids=lambda v: " ".join(v) if isinstance(v, list) else v)
def test_faults_in_options(arguments: list[str], message: str) -> None:
    Path("a_folder").mkdir()
    refused(arguments, message)


USAGE = [
    (["prove"], "CLAIM"),
    (["prove", NOBLE, "--style", "poetry"], "'poetry' is not known; known are index, operator"),
    (["show", "noble-down", "--style", ""], "--style ''"),
    (["solve", MERGE, "--for", "K", "--style", "operator"], "--style"),
    (["prove", NOBLE, "--when", "s == 1"], "--when"),
    (["prove", NOBLE, "--engine", "word"], "'word' is not one of .*typst"),
    (["prove", NOBLE, "-o", "a_folder"], "a_folder.*directory"),
    (["prove", "r-strided-layers", "--layers", "many"], "'many'"),
    (["solve", MERGE], "--for"),
    (["proof", NOBLE], "'proof'"),
    (["derive", "proof.txt"], "'derive'"),
]


@pytest.mark.parametrize(("arguments", "message"), USAGE, ids=lambda v: " ".join(v) if isinstance(v, list) else v)
def test_what_is_not_known_is_named(arguments: list[str], message: str) -> None:
    Path("a_folder").mkdir()
    result = run(*arguments)
    assert result.exit_code == 2
    assert result.stdout == ""
    assert re.search(message, result.stderr.splitlines()[-1])
    assert sorted(p.name for p in Path().iterdir()) == ["a_folder"]
    assert list(Path("a_folder").iterdir()) == []


@pytest.mark.parametrize(("arguments", "message"), USAGE, ids=lambda v: " ".join(v) if isinstance(v, list) else v)
def test_faults_of_usage_are_one_sentence(arguments: list[str], message: str) -> None:
    Path("a_folder").mkdir()
    refused(arguments, message)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        pytest.param(["prove", "missing.txt"], "no such file|No such file", id="a missing claim file"),
        pytest.param(["prove", NOBLE, "-o", "", "--format", "tex"], "-o", id="an empty -o"),
        pytest.param(["prove", NOBLE, "--format", "nonsense"], "nonsense", id="a bad --format without -o"),
        pytest.param(["expand", "two-strided-layers", "--with", "c=" + "9" * 5000], "--with", id="a long number"),
        pytest.param(["prove", NOBLE, "--assume", ""], "s, t|s >", id="the mend of an empty assumption"),
    ],
)
def test_faults_that_should_be_refused(arguments: list[str], message: str) -> None:
    refused(arguments, message)


def test_numbers_are_exact() -> None:
    """A claim about decimals is about the fractions that were written, or it is refused."""
    assert run("prove", "0.1*x == x/10").exit_code == 0
    assert run("prove", "0.1*x == 0.1000000000000000000001*x").exit_code in (1, 2)
    assert run("prove", "1e400*x == 1e500*x").exit_code in (1, 2)


def test_numbers_in_definitions_are_exact() -> None:
    lets = ("--let", "x: signal", "--let", "y = 0.1000000000000000000001*x")
    assert run("prove", "y == x/10", *lets).exit_code in (1, 2)


def test_a_folder_that_cannot_be_made_is_named() -> None:
    Path("file").write_text("")
    refused(["prove", NOBLE, "-o", "file/page", "--format", "txt"], "file")


def test_an_output_that_cannot_be_written_is_named() -> None:
    Path("page.txt.part").mkdir()
    refused(["prove", NOBLE, "-o", "page", "--format", "txt"], "page.txt")


def test_nothing_stays_behind_where_the_target_is_a_folder() -> None:
    Path("page.txt").mkdir()
    refused(["prove", NOBLE, "-o", "page", "--format", "txt"], "page.txt")


@pytest.mark.skipif(os.geteuid() == 0, reason="nothing is read-only for root")
def test_a_read_only_folder_is_named() -> None:
    Path("shelf").mkdir(mode=0o555)
    refused(["prove", NOBLE, "-o", "shelf/page", "--format", "txt"], "shelf.*[Pp]ermission")


# Certificates


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    base = tmp_path_factory.mktemp("certificate") / "page"
    assert run("prove", "strided-layers", "-o", str(base), "--format", "json").exit_code == 0
    return json.loads(base.with_suffix(".json").read_text())


def checked(data: dict[str, Any]) -> Result:
    Path("page.json").write_text(json.dumps(data))
    return run("check", "page.json")


def test_a_certificate_is_checked(certificate: dict[str, Any]) -> None:
    result = checked(certificate)
    assert result.exit_code == 0
    for words in ("proved: ", "x: signal", f"{len(certificate['steps'])} lines", "unfold"):
        assert words in result.stdout
    data = answer("check", "page.json")
    assert data["verdict"] == "proved"
    assert data["statement"] == certificate["statement"]["claim"]
    assert data["assumptions"] == certificate["statement"]["let"]
    assert sum(data["rules"].values()) == data["lines"] == len(certificate["steps"])


def _claim(data: dict[str, Any]) -> None:
    data["statement"]["claim"] = data["statement"]["claim"].replace("stride=s*t", "stride=s + t")


def _dropped(data: dict[str, Any]) -> None:
    del data["steps"][-2]


def _cut(data: dict[str, Any]) -> None:
    data["steps"].pop()


def _text(data: dict[str, Any]) -> None:
    data["steps"][2]["text"] = "x[0]"


def _ranges(data: dict[str, Any]) -> None:
    step = next(s for s in data["steps"] if s["ranges"])
    step["ranges"] = [[*where, "0", "0"] for *where, _, _ in step["ranges"]]


def _line(data: dict[str, Any]) -> None:
    data["steps"][2]["line"] = data["steps"][1]["line"]


def _rule(data: dict[str, Any]) -> None:
    data["steps"][2]["rule"] = "magic"


def _direction(data: dict[str, Any]) -> None:
    data["steps"][2]["backwards"] = not data["steps"][2]["backwards"]


def _path(data: dict[str, Any]) -> None:
    data["steps"][2]["path"] = [99]


def _first(data: dict[str, Any]) -> None:
    data["first"]["line"] = data["steps"][0]["line"]


def _indices(data: dict[str, Any]) -> None:
    data["indices"] = []


def _format(data: dict[str, Any]) -> None:
    data["format"] = "another format"


def _unknown_key(data: dict[str, Any]) -> None:
    data["trusted"] = True


@pytest.mark.parametrize(
    ("alter", "message"),
    [
        (_claim, "line|differs"),
        (_dropped, "line [0-9]+"),
        (_cut, "line [0-9]+"),
        (_text, "line 3: text"),
        (_ranges, "line [0-9]+: text, ranges or digest"),
        (_line, "line 3"),
        (_rule, "line 3.*magic"),
        (_direction, "line 3"),
        (_path, "line 3.*99"),
        (_first, "first"),
        (_indices, "indices"),
        (_format, "another format"),
        (_unknown_key, "format, statement"),
    ],
    ids=lambda v: v.__name__.strip("_") if callable(v) else None,
)
def test_an_altered_certificate_is_refused(
    certificate: dict[str, Any], alter: Callable[[dict[str, Any]], None], message: str
) -> None:
    data = copy.deepcopy(certificate)
    alter(data)
    Path("page.json").write_text(json.dumps(data))
    refused(["check", "page.json"], message)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "not JSON"),
        (b'{"format": ', "not JSON"),
        (b"[" * 100_000, "not JSON"),
        (b"[]", "not a certificate"),
        (b"null", "not a certificate"),
        (b'{"verdict": "proved"}', "not a certificate"),
        (b"\xff\xfe\x00", "UTF-8"),
        (b" " * 1_500_000, "1 MB"),
    ],
    ids=lambda v: v[:12].decode("latin-1") if isinstance(v, bytes) else None,
)
def test_files_that_are_no_certificates(content: bytes, message: str) -> None:
    Path("page.json").write_bytes(content)
    refused(["check", "page.json"], f"page.json.*{message}|{message}")


# Gradients and adjoints

STRIDED = "corr(x, k, stride=s, dilation=d, padding=p)"


@pytest.mark.parametrize(("arguments", "words"), [
    (["grad", STRIDED, "--wrt", "k"], ["answer: grad_k = corr(x, g, stride=d, dilation=s, padding=p)", "Written out"]),
    (["grad", STRIDED, "--wrt", "x"], ["answer: grad_x = shift(conv(up(g, s), up(k, d)), -p)", "proved: ", "Theorem"]),
    (["grad", "inner(x, k)", "--wrt", "k"], ["answer: grad_k = x", "proved: "]),
    (["grad", "z*z", "--wrt", "z", "--let", "z: number"], ["answer: grad_z = ", "proved: "]),
    (["adjoint", "conv2d(x, w, stride=s)", "--wrt", "x"], ["answer: adjoint_x = conv_transpose2d(", "proved: "]),
])  # fmt: skip
def test_gradients_in_words(arguments: list[str], words: list[str]) -> None:
    result = run(*arguments)
    assert result.exit_code == 0
    assert result.stderr == ""
    for word in words:
        assert word in result.stdout


@pytest.mark.parametrize(("command", "upstream"), [("grad", "g"), ("adjoint", "y")])
def test_json_of_a_gradient(command: str, upstream: str) -> None:
    data = answer(command, STRIDED, "--wrt", "x")
    assert data.keys() >= {*VERDICT_KEYS, "formula", "tacit"}
    assert data["verdict"] == "proved"
    assert data["answer"] == f"shift(conv(up({upstream}, s), up(k, d)), -p)"
    assert data["statement"] == f"{command}({STRIDED}, x, {upstream}) == {data['answer']}"
    product = "*".join(sorted((f"{upstream}[(n + p - a*d)//s]", "k[a]")))
    assert data["formula"] == f"{command}_x[n] = sum({product} for a in range(c) if (n + p - a*d) % s == 0)"
    assert f"{upstream}: kernel[:]" in data["tacit"]
    assert {"unfold", "differentiate"} <= {step["rule"] for step in data["steps"]}
    lets = [word for line in data["assumptions"] for word in ("--let", line)]
    assert answer("prove", data["statement"], *lets)["verdict"] == "proved"


def test_declarations_and_assumptions_of_a_gradient() -> None:
    data = answer("grad", "relu(a*conv(x, k))", "--wrt", "x", "--let", "a: number", "--let", "k: kernel[-1:2]",
                  "--assume", "a >= 0")  # fmt: skip
    assert data["verdict"] == "proved"
    assert {"a: number", "k: kernel[-1:2]", "a >= 0"} <= set(data["assumptions"])


@pytest.mark.parametrize("command", ["grad", "adjoint"])
def test_files_of_a_gradient_and_their_check(command: str) -> None:
    data = answer(command, STRIDED, "--wrt", "k", "-o", "out/page", "--format", "tex,txt,html,json")
    assert sorted(data["files"]) == ["out/page.html", "out/page.json", "out/page.tex", "out/page.txt"]
    assert run("check", "out/page.json").exit_code == 0
    checked = answer("check", "out/page.json")
    assert checked["statement"] == data["statement"]
    altered = json.loads(Path("out/page.json").read_text())
    altered["statement"]["claim"] = altered["statement"]["claim"].replace("padding=p)", ")", 1)
    Path("out/page.json").write_text(json.dumps(altered))
    refused(["check", "out/page.json"], "line|differs|statement")


@pytest.mark.parametrize(("claim", "status"), [
    (f"grad({STRIDED}, k, g) == corr(x, g, stride=d, dilation=s, padding=p)", 0),
    (f"grad({STRIDED}, k, g) == corr(x, g, stride=s, dilation=d, padding=p)", 1),
    (f"grad({STRIDED}, k, g) == corr(x, g, stride=d, dilation=s)", 1),
    ("diff(conv(x, k)[3], x[1]) == k[2]", 0), ("diff(conv(x, k)[3], x[1]) == k[1]", 1),
    ("inner(conv2d(x, w, stride=s), g) == inner(x, adjoint(conv2d(x, w, stride=s), x, g))", 0),
])  # fmt: skip
def test_claims_about_gradients(claim: str, status: int) -> None:
    assert run("prove", claim).exit_code == status


def test_a_gradient_without_a_proof_is_unknown(monkeypatch: pytest.MonkeyPatch) -> None:
    from symconv.tactics import gradient

    monkeypatch.setattr(gradient, "_candidates", lambda *_: iter(()))
    result = run("grad", STRIDED, "--wrt", "k")
    assert result.exit_code == 3
    assert result.stdout.startswith("unknown: ")
    assert answer("grad", STRIDED, "--wrt", "k")["reason"] == "no closed form was proved"


@pytest.mark.parametrize(("arguments", "message"), [
    (["grad", "conv(x, k)"], "--wrt"),
    (["grad"], "EXPRESSION"),
    (["grad", "conv(x, k)", "--wrt", "q"], "q does not stand in"),
    (["grad", "conv(x, k)", "--wrt", ""], "does not stand in"),
    (["grad", "conv(x, k)", "--wrt", "k[0]"], "does not stand in"),
    (["grad", "conv(x, k)", "--wrt", "2"], "does not stand in"),
    (["grad", "conv(x, k)", "--wrt", "import os"], "does not stand in"),
    (["grad", "down(x, s)", "--wrt", "s"], "s"),
    (["grad", "conv(x, D)", "--wrt", "D", "--let", "D = up(k, 2)"], "D is defined by other names"),
    (["grad", "conv(x, k)", "--wrt", "k", "--let", "k: kernel[:]"], "must have stated taps"),
    (["grad", "conv(x, k)", "--wrt", "k", "--assume", "k == up(h, 2)"], "an equation is assumed of it"),
    (["grad", "conv(x, k) == x", "--wrt", "k"], "=="),
    (["grad", "conv(x, ", "--wrt", "x"], "well formed|never closed"),
    (["grad", "x.__class__", "--wrt", "x"], "x"),
    (["grad", "noble-down", "--wrt", "x"], "down cannot be used as a name here"),
    (["adjoint", "relu(x)", "--wrt", "x"], "is not linear in x, so it has no adjoint"),
    (["adjoint", "conv1d(x, w, bias=b)", "--wrt", "x"], "is not linear in x, so it has no adjoint"),
    (["adjoint", "conv(k, k)", "--wrt", "k"], "is not linear in k, so it has no adjoint"),
    (["grad", "conv(x, k)", "--wrt", "k", "--format", "docx"], "docx"),
    (["grad", "conv(x, k)", "--wrt", "k", "-o", " "], "-o is empty"),
    (["grad", "conv(x, k)", "--wrt", "k", "--let", "k kernel"], "k kernel"),
    (["grad", "conv1d(x, w, strid=2)", "--wrt", "w"], "no option strid"),
])  # fmt: skip
def test_gradients_of_bad_input_get_one_sentence(arguments: list[str], message: str) -> None:
    refused(arguments, message)


@pytest.mark.parametrize("expression", [
    "diff(x)", "grad(x)", "grad(*x)", "conv(repeat(conv(x, k), x, r), h) == repeat(conv(x, k), x, r)",
    "grad()", "diff()", "adjoint(x, x)", "inner(x)", "repeat(x)", "repeat()", "cat()", "permute(x)",
    "conv(k for i in range(r))", "conv(for)", "x**r", "s**r", "conv1d()", "conv1d(x, w, groups=G*)", "scale()",
    "grad(grad(x, x, g), x)", "diff(x[0], x[0], x[0])", "pixel_shuffle(x)", "conv1d(x, w, stride=x)", "taps()",
    "conv1d(x, w, **options)", "cat([*x])", "permute(x, ())", "diff(x[()], x[()])", "x[::2]",
])  # fmt: skip
def test_bad_input_never_gives_a_traceback(expression: str) -> None:
    """Whatever is asked of it: a sentence and status 2, or a verdict; never an error inside."""
    for arguments in (["grad", expression, "--wrt", "x"], ["adjoint", expression, "--wrt", "x"],
                      ["prove", expression if "==" in expression else f"{expression} == x"]):  # fmt: skip
        result = run(*arguments)
        assert result.exit_code in (0, 1, 2, 3)
        assert result.exception is None or isinstance(result.exception, SystemExit)
        assert "Traceback" not in result.output
        assert "something went wrong inside" not in result.output
        assert "nested too deeply" not in result.output
        if result.exit_code == 2:
            assert result.stderr.count("\n") == 1


PIECES = ("x", "k", "z", "s", "r", "0", "-1", "2", "(", ")", "[", "]", ",", "*", "**", "+", "==", "conv", "corr",
          "grad", "diff", "adjoint", "inner", "repeat", "conv1d", "cat", "permute", "relu", "for i in range(r)",
          "stride=", "groups=", "bias=", "sum", "up", "taps", "i", "=", " if ")  # fmt: skip
CALLS = ("conv(@, @)", "corr(@, @, stride=@)", "grad(@, @, @)", "diff(@, @)", "adjoint(@, @, @)", "inner(@, @)",
         "repeat(@, @, @)", "conv1d(@, @, groups=@)", "cat([@, @])", "permute(@, (@, @))", "relu(@)", "@[@]", "@*@",
         "up(@, @)", "sum(@ for i in range(@))", "conv(@ for i in range(@))", "@**@", "@ + @", "taps(@, @)",
         "pointwise(@, @, bias=@)", "scale(@, @, dim=@)", "avg_pool1d(@, @)", "pixel_shuffle(@, @)")  # fmt: skip


@pytest.mark.parametrize("seed", range(150))
def test_random_words_never_give_a_traceback(seed: int) -> None:
    draw = random.Random(seed)
    if seed % 3:
        e = "@"
        while "@" in e:
            leaf = draw.choice(("x", "k", "z", "s", "r", "2", "0", "i", "x[0]", "g"))
            e = e.replace("@", leaf if len(e) > 40 or draw.random() < 0.2 else draw.choice(CALLS), 1)
    else:
        e = "".join(draw.choice(PIECES) for _ in range(draw.randint(1, 12)))
    lets = ("--let", "k: kernel[2]", "--let", "z: number")
    for arguments in (["grad", e, "--wrt", draw.choice("xkz"), *lets], ["adjoint", e, "--wrt", "x", *lets]):
        result = run(*arguments)
        assert result.exit_code in (0, 1, 2, 3), (e, result.output)
        assert result.exception is None or isinstance(result.exception, SystemExit), e
        assert "something went wrong inside" not in result.output, (e, result.output)


# As a process


def process(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    clean = {k: v for k, v in os.environ.items() if k not in ("NO_COLOR", "FORCE_COLOR")}
    return subprocess.run([sys.executable, "-m", "symconv", *arguments], capture_output=True, text=True, check=False,
                          env={**clean, **environment}, timeout=60)  # fmt: skip


def test_a_process_ends_with_the_status_and_without_a_traceback() -> None:
    assert process("prove", NOBLE).returncode == 0
    assert process("prove", COPRIME).returncode == 1
    bad = process("prove", "x.__class__ == x")
    assert bad.returncode == 2
    assert bad.stdout == ""
    assert bad.stderr.count("\n") == 1
    assert bad.stderr.startswith("symconv: ")


@pytest.mark.parametrize("environment", [{}, {"NO_COLOR": "1"}, {"TERM": "dumb"}], ids=str)
def test_a_pipe_gets_no_escape_codes(environment: dict[str, str]) -> None:
    done = process("list", **environment)
    assert done.returncode == 0
    assert "\x1b" not in done.stdout + done.stderr


def test_text_comes_out_as_utf_8_whatever_the_locale() -> None:
    done = process("prove", WRONG, LC_ALL="C", LANG="C")
    assert done.returncode == 1
    assert "⋆" in done.stdout


def test_a_claim_is_never_evaluated() -> None:
    for text in ("__import__('os').system('touch pwned') == x", "open('pwned', 'w') == x"):
        process("prove", text)
        process("prove", "x == x", "--let", f"y = {text.split(' == ')[0]}")
        process("prove", "x == x", "--assume", text)
    assert list(Path().iterdir()) == []
