from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from symconv.cli import main

RIGHT = "let k: kernel[c]\nconv(x, k)   # start\n = conv(k, x)   # commutes\n"
WRONG = "let k: kernel[c]\ncorr(corr(x, k, stride=2), k, stride=2)\n = corr(x, conv(k, up(k, 4)), stride=4)\n"
CONDITION = "down(up(x, s), t)\n = up(down(x, t), s)\n"
BROKEN = "conv(x, k)\n = conv(k, \n = conv(k, x)\n"


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["grade", *arguments])


@pytest.mark.parametrize(("text", "status"), [(RIGHT, 0), (WRONG, 1), (CONDITION, 1), (BROKEN, 2)])
def test_the_exit_status(tmp_path: Path, text: str, status: int) -> None:
    path = tmp_path / "a.txt"
    path.write_text(text)
    assert run(str(path)).exit_code == status


def test_the_report_of_one_file(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text(WRONG + " = corr(x, conv(up(k, 4), k), stride=4)  # commutes\n")
    assert (
        run(str(path)).output
        == f"""{path}: the first wrong step is in line 3; 1 of 2 lines follow

        let k: kernel[c]

    2   corr(corr(x, k, stride=2), k, stride=2)
    3 ✗ = corr(x, conv(k, up(k, 4)), stride=4)
          FIRST WRONG STEP: does not follow
          for c = 2, k = [1, 1], x[2] = 1 (all other entries 0): at place 0 the line before is 1, this line is 0
          it does hold where c == 1
          this follows: corr(x, conv(k, up(k, 2)), stride=4)
    4 ✓ = corr(x, conv(up(k, 4), k), stride=4)   # commutes
          follows: Convolution is commutative (convolution-commutes)

        the end does not follow from the beginning: for c = 2, k = [1, 1], x[2] = 1 (all other entries 0): \
at place 0 the beginning is 1, the end is 0
"""
    )


def test_one_json_object(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text(CONDITION)
    found = run(str(path), "--json")
    data = json.loads(found.output)
    line = data["chains"][0]["lines"][1]
    assert (data["verdict"], data["status"], line["verdict"]) == ("wrong", 1, "follows under a condition")
    assert line["conditions"] == ["gcd(s, t) == 1"]
    assert line["counterexample"]["integers"] == {"s": 2, "t": 2}


def test_a_file_at_fault_is_said_in_one_sentence(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("let k = \nconv(x, k) = x\n")
    found = run(str(path))
    assert found.exit_code == 2
    assert found.stderr == f"symconv: {path}, line 1, column 5: 'k =' is not a declaration: write 'k: kernel[c]' or " \
                           "'y = corr(x, k)'\n"  # fmt: skip
    assert json.loads(run(str(path), "--json").output)["error"] in found.stderr


def test_a_folder_gets_a_table_and_its_pages(tmp_path: Path) -> None:
    for name, text in {"a": RIGHT, "b": WRONG, "c": "let k\n", "in/a": RIGHT}.items():
        path = tmp_path / "sheets" / f"{name}.txt"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    pages = tmp_path / "pages"
    found = run(str(tmp_path / "sheets"), "--processes", "2", "-o", str(pages), "--format", "html,json")
    assert found.exit_code == 1
    assert found.output.splitlines()[-1] == "4 files: 2 right, 1 wrong, 1 not understood"
    assert f"{tmp_path / 'sheets' / 'b.txt'}     wrong: line 3" in found.output
    assert "'k' is not a declaration" in found.output
    assert sorted(p.name for p in pages.iterdir()) == ["a-2.html", "a-2.json", "a.html", "a.json", "b.html", "b.json"]


def test_the_options_are_checked(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text(RIGHT)
    assert "there is no such file" in run(str(tmp_path / "none.txt")).stderr
    assert run(str(path), str(path), str(tmp_path / "b.txt"), "-o", str(tmp_path / "x.pdf")).exit_code == 2
    assert run(str(path), "--seconds", "0").exit_code == 2
    assert run().exit_code == 2


def test_no_page_takes_the_place_of_a_derivation(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text(RIGHT)
    for paths, page in (((str(path),), tmp_path / "a"), ((str(tmp_path),), tmp_path / "in" / "..")):
        found = run(*paths, "-o", str(page), "--format", "html,txt")
        assert (found.exit_code, path.read_text()) == (2, RIGHT)
        assert "would take the place of a.txt" in found.stderr
    assert [p.name for p in tmp_path.iterdir()] == ["a.txt"]
