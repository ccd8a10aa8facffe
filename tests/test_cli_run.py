"""`symconv run` and `run(…)`: the four examples of the sources, what is printed and written, and every exit status."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner, Result

import symconv
from symconv import conv, conv1d, kernel, run, signal, up
from symconv.cli import main
from symconv.errors import StatementError

STRIDED = ("conv1d(x, k, stride=2)", "--with", "x=[1, 0, -2, 3, 1, 2, -1]", "--with", "k=[1/2, 1, 1/2]")


def ran(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["run", *arguments], prog_name="symconv")


def answer(*arguments: str) -> dict[str, Any]:
    result = ran(*arguments, "--json")
    assert (result.exit_code, result.stderr, result.stdout.count("\n")) == (0, "", 1)
    return json.loads(result.stdout)


@pytest.fixture(autouse=True)
def _own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


@pytest.mark.parametrize(
    ("arguments", "value"),
    [
        (STRIDED, ["-1/2", "5/2", 2]),
        (("conv_transpose2d(y, k)", "--with", "y=[[3,4],[1,7]]", "--with", "k=[[2,0],[1,-1]]"),
         [[6, 8, 0], [5, 15, -4], [1, 6, -7]]),
        (("max_pool2d(x, 2, stride=1)", "--with", "x=[[113,87,75],[114,80,75],[112,73,81]]"), [[114, 87], [114, 81]]),
        (("conv_transpose1d(y, k, stride=2)", "--with", "y=[1,0,2], k=[1/2,1,1/2]"), ["1/2", 1, "1/2", 0, 1, 2, 1]),
    ],
)  # fmt: skip
def test_the_examples_of_the_sources(arguments: tuple[str, ...], value: Any) -> None:
    found = answer(*arguments)
    assert found["value"] == value
    assert found.keys() == {"verdict", "statement", "value", "shape", "start", "seconds", "files"}
    assert (found["verdict"], found["files"]) == ("answered", [])


def test_the_work_is_shown() -> None:
    result = ran(*STRIDED)
    assert result.exit_code == 0
    assert "y[0]      1/2 · 1 + 1 · 0 + 1/2 · (−2) = −1/2" in result.stdout


def test_every_format_is_written() -> None:
    result = ran(*STRIDED, "-o", "pages/e2", "--format", "tex,html,txt,json,pdf", "--engine", "typst")
    assert result.exit_code == 0
    assert sorted(p.name for p in Path("pages").iterdir()) == [f"e2.{e}" for e in ("html", "json", "pdf", "tex", "txt")]
    assert json.loads(Path("pages/e2.json").read_text())["value"] == ["-1/2", "5/2", 2]
    assert "sum of products" in Path("pages/e2.txt").read_text()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("conv(x, k)", "--with", "x=[1, 2"), "x: a bracket is not closed in '[1, 2'"),
        (("conv(x, k)", "--with", "x=[1]"), "k has no numbers: give them, as in k=[1, 0, -2]"),
        (("conv(x, k)", "--with", "x=[1],k=[1],n=2"), "n does not stand in conv(x, k): its names are k, x"),
        (("conv(x, k)", "--format", "pdf"), "--format says what -o writes: give the path too, as in -o outputs/page"),
        (("conv(x, k)", "-o", " "), "-o is empty: give the path of the page without its ending, as in -o outputs/page"),
        (("__import__('os')", "--with", "x=[1]"), None),
        (("x", "--with", "x=" + "[" * 5000), "x has more than 8 axes"),
        (("conv(x, k)", "--with", "x=[1],k=[1]", "--let", "k: kernel[2]"),
         "k has 2 places on an axis, and 1 number is given there"),
    ],
)  # fmt: skip
def test_faults_of_the_input_are_one_sentence(arguments: tuple[str, ...], message: str | None) -> None:
    result = ran(*arguments)
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith("symconv: ")
    assert "Traceback" not in result.stderr
    assert message is None or result.stderr == f"symconv: {message}\n"


# The Python side


def test_python_takes_lists_arrays_and_fractions() -> None:
    found = run("conv1d(x, k, stride=2)", x=np.array([1, 0, -2, 3, 1, 2, -1]), k=[Fraction(1, 2), 1, 0.5])
    assert found.value == [Fraction(-1, 2), Fraction(5, 2), Fraction(2)]
    assert (found.shape, found.start) == ((3,), (0,))
    assert repr(found) == "<Worked: conv1d(x, k, stride=2) = ['-1/2', '5/2', 2]>"
    assert "1/2 · 1 + 1 · 0" in str(found)


def test_python_takes_expressions() -> None:
    x, k = signal("x"), kernel("k", "c")
    assert run(conv(x, up(k, 2)), x=[1, 2], k=[1, 1]).value == [1, 2, 1, 2]
    image, w = signal("image", "C", None), kernel("w", "F", "C", 2)
    assert run(conv1d(image, w), image=[[1, 2, 3]], w=[[[1, -1]]]).value == [[-1, -1]]


def test_python_shows_the_work_in_a_notebook() -> None:
    html = run("max_pool2d(x, 2)", x=[[1, 2], [3, 4]])._repr_html_()
    assert "maximum of the window" in html
    assert "<math" in html


def test_python_refuses_in_one_sentence() -> None:
    with pytest.raises(StatementError, match="k has no numbers"):
        run("conv(x, k)", x=[1])
    with pytest.raises(StatementError, match="3 is not an expression"):
        run(3)  # pyright: ignore[reportArgumentType]


def test_run_is_exported() -> None:
    assert {"run", "Worked"} <= set(symconv.__all__)
