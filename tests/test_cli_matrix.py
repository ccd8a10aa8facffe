"""`symconv matrix` and `matrix()`: what is printed and written, JSON, faults of the input, notebooks."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import sympy
from click.testing import CliRunner, Result

from symconv import conv1d, kernel, matrix, signal
from symconv.cli import main
from symconv.errors import StatementError


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["matrix", *arguments], prog_name="symconv")


def test_the_matrix_and_its_transpose_are_printed() -> None:
    result = run("conv1d(x, k, stride=2)", "--wrt", "x", "--let", "x: signal[7]", "--with", "k=[1/2, 1, 1/2]")
    assert result.exit_code == 0
    assert "    A = 1 ⎢  ·   ·  1/2  1  1/2  ·   ·  ⎥" in result.stdout
    assert result.stdout.splitlines()[-1] == "transpose: conv_transpose1d(y, k, stride=2)"


def test_json() -> None:
    result = run("corr(x, k, stride=2)", "--wrt", "x", "--with", "N=4,c=3", "--json")
    found = json.loads(result.stdout)
    assert found.pop("seconds") > 0
    assert found == {
        "verdict": "answered", "expression": "corr(x, k, stride=2)", "wrt": "x", "integers": {"c": 3},
        "matrix": [["k_2", "0", "0", "0"], ["k_0", "k_1", "k_2", "0"], ["0", "0", "k_0", "k_1"]],
        "rows": 3, "columns": 4, "row_start": [-1], "column_start": [0],
        "transpose": "conv(up(y, 2), k)", "transpose_of": "y", "files": [],
    }  # fmt: skip


def test_files(tmp_path: Path) -> None:
    base = tmp_path / "page"
    result = run("down(x, 2)", "--wrt", "x", "--with", "N=4", "-o", str(base), "--format", "tex,html,txt,json")
    assert result.exit_code == 0
    assert sorted(p.suffix for p in tmp_path.iterdir()) == [".html", ".json", ".tex", ".txt"]
    assert json.loads((tmp_path / "page.json").read_text())["matrix"] == [["1", "0", "0", "0"], ["0", "0", "1", "0"]]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("conv(x, x)", "--wrt", "x"), "is not linear in x, so it has no matrix"),
        (("conv(x, k)", "--wrt", "y"), "y does not stand in conv(x, k) as a sequence"),
        (("conv(x, k)", "--wrt", "x", "--with", "N=1000"), "at most 256 columns"),
        (("conv(x, k)", "--wrt", "x", "--with", "k=[1,"), "a bracket is not closed"),
        (("conv(x, k)", "--wrt", "x", "--format", "pdf"), "--format says what -o writes"),
        (("conv(x, k)", "--wrt", "x", "-o", " "), "-o is empty"),
        (("conv(x, k", "--wrt", "x"), "not well formed"),
        (("conv(x, k)",), "--wrt"),
        (("__import__('os')", "--wrt", "x"), "__import__"),
    ],
)
def test_faults(arguments: tuple[str, ...], words: str) -> None:
    result = run(*arguments)
    assert result.exit_code == 2
    assert words in result.stderr
    assert result.stderr.count("\n") == 1
    assert "Traceback" not in result.stderr


def test_python() -> None:
    x, k = signal("x", 7), kernel("k", "c")
    found = matrix(conv1d(x, k, stride=2), x, c=3)
    k0, k1, k2 = sympy.symbols("k_0 k_1 k_2")
    assert found.matrix[0, :] == sympy.Matrix([[k0, k1, k2, 0, 0, 0, 0]])
    assert found.matrix.shape == (3, 7)
    assert str(found.transpose_layer) == "conv_transpose1d(y, k, stride=2)"
    assert found.row_start == (0,)
    assert "k_{0}" in found._repr_latex_()
    assert repr(found) == "<3x7 matrix of conv1d(x, k, stride=2)>"
    assert found.transpose_layer is not None
    back = matrix(found.transpose_layer, "y", c=3)
    assert back.matrix == found.matrix.T


def test_numbers_in_python() -> None:
    assert matrix("conv(x, k)", "x", N=2, k=[1, 2]).matrix == sympy.Matrix([[1, 0], [2, 1], [0, 2]])
    with pytest.raises(StatementError, match="is not a number"):
        matrix("conv(x, k)", "x", N=2, k=["x", 2])
