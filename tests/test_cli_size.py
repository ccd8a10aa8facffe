"""`symconv size`, and `symconv solve --for` an integer: text, JSON, pages, certificates, exit status."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from click.testing import CliRunner

from symconv.cli import main

STACK = "conv1d(conv1d(x, k, stride=2, padding=p), k, stride=2)"
LETS = ["--let", "x: signal[N]", "--let", "k: kernel[c]"]


def run(*arguments: str) -> Any:
    return CliRunner().invoke(main, [*arguments])


def data(*arguments: str) -> Any:
    result = run(*arguments, "--json")
    assert result.exit_code == 0, result.output
    return json.loads(result.output)


def test_the_extent_of_a_stack() -> None:
    found = data("size", STACK, *LETS)
    assert found["answer"] == "((N + 2*p - 3*c - 2)//4) + 2"
    assert found["tacit"] == ["N + 2*p + 2 >= 3*c"]
    first, last = (layer["fields"] for layer in found["fields"]["x"]["layers"])
    assert first == [{"reach": "c", "jump": "2", "start": "-p"}]
    assert last == [{"reach": "3*c - 2", "jump": "4", "start": "-p"}]
    assert found["fields"]["x"]["padding"] == [{"before": "p", "after": "p", "total": "2*p"}]


def test_padding_of_later_layers_counts_by_the_jump() -> None:
    found = data("size", "conv1d(conv1d(x, k, stride=s, padding=1), k, padding=2)", *LETS)
    assert found["fields"]["x"]["padding"] == [{"before": "2*s + 1", "after": "2*s + 1", "total": "4*s + 2"}]


def test_assumptions_make_the_formula_simpler() -> None:
    assert data("size", "avg_pool1d(x, 4)", *LETS[:2], "--assume", "N == 8*M")["answer"] == "2*M"
    assert data("size", "conv1d(x, ones(2), stride=2)", *LETS[:2], "--assume", "N % 2 == 0")["answer"] == "(N//2)"


def test_axes_and_numbers() -> None:
    lets = ["--let", "x: signal[C, H, W]", "--let", "w: kernel[F, C, 3, 3]"]
    found = data("size", "conv2d(max_pool2d(x, 2), w)", *lets, "--with", "H=32,W=20")
    assert found["answer"] == "(F, (H//2) - 2, (W//2) - 2)"
    assert found["values"] == ["F", "14", "8"]
    shown = run("size", "conv2d(max_pool2d(x, 2), w)", *lets, "--with", "H=32,W=20")
    assert "For H = 32 and W = 20 it has F × 14 × 8 places." in shown.output
    assert "C × 16 × 10   2            2      0" in shown.output


def test_branches_and_transposed_layers() -> None:
    found = data("size", "conv1d(x, k, dilation=2, padding=2) + conv1d(x, h, padding=1)", *LETS[:2], "--let",
                 "k: kernel[3]", "--let", "h: kernel[3]")  # fmt: skip
    assert found["answer"] == "N"
    assert [layer["fields"][0]["reach"] for layer in found["fields"]["x"]["layers"]] == ["5", "3", "5"]
    assert data("size", "conv_transpose1d(x, k, stride=s)", *LETS)["fields"] == {}


def test_bad_input_is_one_sentence() -> None:
    for arguments, words in (
        (["conv1d(x, k)"], "declare the extents of its inputs, as in x: signal[N]"),
        (["conv1d(x, k)", "--let", "x: signal[3]", "--let", "k: kernel[4]"], "its window does not fit"),
        (["conv1d(x, k)", *LETS, "--with", "N=2,c=3"], "these sizes do not meet N >= c"),
        (["3"], "is a number and has no extent"),
    ):
        result = run("size", *arguments)
        assert result.exit_code == 2
        assert words in result.output
        assert result.output.count("\n") == 1


def test_pages_and_the_certificate(tmp_path: Path) -> None:
    base = tmp_path / "stack"
    assert run("size", STACK, *LETS, "-o", str(base), "--format", "tex,html,txt,json").exit_code == 0
    assert sorted(p.suffix for p in tmp_path.iterdir()) == [".html", ".json", ".tex", ".txt"]
    assert "effective" in base.with_suffix(".txt").read_text()
    assert run("check", f"{base}.json").exit_code == 0


def test_all_values_of_a_padding(tmp_path: Path) -> None:
    base, asked = tmp_path / "values", [f"size({STACK}) == N//4", "--for", "p", *LETS, "--assume", "N % 4 == 0"]
    found = data("solve", *asked)
    assert (found["verdict"], found["answer"]) == ("proved", "max(0, 3*c - 6) <= 2*p <= 3*c - 3")
    assert [r["verdict"] for r in found["outside"]] == ["proved", "proved"]
    shown = run("solve", *asked, "-o", str(base), "--format", "tex,html,txt,json")
    assert shown.exit_code == 0
    assert "answer: max(0, 3*c - 6) <= 2*p <= 3*c - 3" in shown.output
    for path in (f"{base}.json", f"{base}-outside-1.json", f"{base}-outside-2.json"):
        assert run("check", path).exit_code == 0
    assert "max(0, 3c − 6) ≤ 2p ≤ 3c − 3" in base.with_suffix(".txt").read_text()


def test_no_value() -> None:
    result = run("solve", "size(conv1d(x, k)) == N + 1", "--for", "c", *LETS)
    assert result.exit_code == 1
    assert "Answer. None: it would have to be that c <= 0, and that is never so." in result.output
