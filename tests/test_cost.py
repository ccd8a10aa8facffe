"""`symconv cost` and its Python interface: tables, numbers, ratios, certificates, and sentences for bad input."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from symconv import Expression, claim, conv2d, cost, depthwise2d, kernel, mults, params, pointwise, prove, signal, sizes
from symconv.cli import main
from symconv.errors import StatementError

LETS = ["x: signal[C, H, W]", "d: kernel[C, c, c]", "p: kernel[F, C]", "w: kernel[F, C, c, c]"]
NUMBERS = ["x: signal[3, 32, 32]", "d: kernel[3, 3, 3]", "p: kernel[12, 3]", "w: kernel[12, 3, 3, 3]"]
SEPARABLE, FULL = "pointwise(depthwise2d(x, d), p)", "conv2d(x, w)"


def run(*arguments: str, lets: list[str] = LETS) -> Any:
    given = [part for line in lets for part in ("--let", line)]
    return CliRunner().invoke(main, ["cost", *arguments, *given])


def data(*arguments: str, lets: list[str] = LETS) -> Any:
    result = run(*arguments, "--json", lets=lets)
    assert result.exit_code == 0, result.output
    return json.loads(result.output)


def test_a_table_of_formulas() -> None:
    result = run(FULL, lets=LETS[:1])
    assert result.exit_code == 0
    assert "CFce (H − c + 1) (W − e + 1)" in result.output
    assert "also where the input is padded" in result.output


def test_the_example_of_the_notes() -> None:
    found = data(SEPARABLE, "--against", FULL, lets=NUMBERS)
    assert [(layer["params"], layer["mults"]) for layer in found["layers"]] == [("27", "24300"), ("36", "32400")]
    assert (found["params"], found["mults"]) == ("63", "56700")
    assert (found["against"]["params"], found["against"]["mults"]) == ("324", "291600")
    assert found["ratios"] == {"params": "7/36", "mults": "7/36"}


def test_a_ratio_as_a_formula(tmp_path: Path) -> None:
    assert data(SEPARABLE, "--against", FULL)["ratios"] == {"params": "1/(c**2) + 1/F", "mults": "1/(c**2) + 1/F"}
    base = tmp_path / "ratio"
    result = run(SEPARABLE, "--against", FULL, "-o", str(base), "--format", "tex,html,txt,json")
    assert result.exit_code == 0
    assert sorted(p.suffix for p in tmp_path.iterdir()) == [".html", ".json", ".tex", ".txt"]
    replayed = CliRunner().invoke(main, ["check", f"{base}.json"])
    assert replayed.exit_code == 0
    assert "mults(conv2d(x, w))*(1/(c**2) + 1/F)" in replayed.output


def test_groups_of_channels_are_one_share_in_all_that_is_said() -> None:
    lets = ["x: signal[C, H, W]", "w: kernel[F, M, 3, 3]", "v: kernel[F, C, 3, 3]"]
    found = data("conv2d(x, w, groups=G)", "--against", "conv2d(x, v)", lets=lets)
    assert found["ratios"] == {"params": "1/G", "mults": "1/G"}
    assert "F == G*L" in found["assumptions"]
    assert (found["params"], found["against"]["params"]) == ("9*G*L*M", "9*G**2*L*M")


def test_sums_give_their_total_and_nothing_gives_0() -> None:
    biased = run("conv2d(x, w, bias=b)", lets=["x: signal[3, 10, 10]", "w: kernel[8, 3, 3, 5]"]).output
    assert "conv2d(x, w, b)" in biased
    assert "8 × 3 × 3 × 5 + 8 = 368" in biased
    assert [line.split() for line in run("relu(x)", lets=[]).output.splitlines() if "in all" in line] == [
        ["in", "all", "0", "0"]
    ]


def test_a_ratio_is_printed_as_fractions() -> None:
    stack = run("conv2d(conv2d(x, v), u)", "--against", "conv2d(x, w)", lets=[
        LETS[0], "v: kernel[C, C, 3, 3]", "u: kernel[C, C, 3, 3]", "w: kernel[C, C, 5, 5]"]).output  # fmt: skip
    assert "conv2d(…, u)   C × (H − 4) × (W − 4)   9C²  " in stack
    assert "params(conv2d(x, w)) (18/25)" in stack
    assert "mults(conv2d(x, w)) ((18HW − 54H − 54W + 180)/(25 (H − 4) (W − 4)))" in stack
    assert "params(conv2d(x, v))\n" in run("conv2d(x, w)", "--against", "conv2d(x, v)", lets=[
        LETS[0], "v: kernel[C, C, 3, 3]", "w: kernel[C, C, 3, 3]"]).output  # fmt: skip


def test_numbers_for_sizes() -> None:
    found = data("conv2d(x, w, stride=s)", "--with", "C=3,H=32,W=32,F=12,c=3,s=2", lets=[LETS[0], LETS[3]])
    assert found["values"] == {"params": "324", "mults": str(12 * 15 * 15 * 27)}
    assert found["mults"].startswith("((H - c)//s)*((W - c)//s)")
    assert data(FULL, "--with", "C=3,c=3", lets=[LETS[0], LETS[3]])["values"]["params"] == "27*F"


def test_layers_without_a_short_ratio() -> None:
    found = data("conv2d(x, w, stride=2)", "--against", "conv2d(x, w, stride=3)")
    assert found["ratios"] == {"params": "1"}
    assert "has no short formula" in run("conv2d(x, w, stride=2)", "--against", "conv2d(x, w, stride=3)").output
    assert data(FULL, "--against", "relu(x)")["ratios"] == {}


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((FULL, "--with", "Q=3"), "--with Q=3: Q is no size of the expression; it has "),
        ((FULL, "--with", "c=0"), "--with c=0: c must be at least 1"),
        ((FULL, "--with", "H=2,c=3"), "--with H=2, c=3: these sizes do not meet H >= c"),
        ((FULL, "--with", "c"), "write a name and a whole number"),
        ((FULL, "--format", "txt"), "--format says what -o writes"),
        ((FULL, "-o", " "), "-o is empty"),
        (("conv2d(x, w) == x",), "a comparison belongs in iverson"),
        (("x, x",), "(x, x) is not part of the claim language"),
        (("conv2d(z, w)",), "the extents of the input must be known"),
        (("conv2d(x",), "the expression is not well formed"),
        (("mults(conv2d(x, w))",), "is a number, and mults counts what the layers of a tensor need"),
        (("__import__('os')",), "is not"),
    ],
)
def test_refused_in_a_sentence(arguments: tuple[str, ...], message: str) -> None:
    result = run(*arguments)
    assert result.exit_code == 2
    assert message in result.output
    assert len(result.output.strip().splitlines()) == 1


def test_in_python() -> None:
    x, w = signal("x", "C", "H", "W"), kernel("w", "F", "C", "c", "c")
    separable = pointwise(depthwise2d(x, kernel("d", "C", "c", "c")), kernel("p", "F", "C"))
    full = conv2d(x, w)
    found = cost(separable, full)
    assert found.ratios == {"params": "1/(c**2) + 1/F", "mults": "1/(c**2) + 1/F"}
    assert tuple(map(str, cost(full).at(C=3, H=32, W=32, c=3, F=12))) == ("324", "291600")
    assert "Compared by multiplications" in str(found)
    c, f = sizes("c F")
    assert prove(claim(params(full), Expression("F*C*c**2", full.lets))).verdict == "proved"
    assert str(mults(full).subs(H=c + f).node.p) == str(cost(full).mults.subs({"H": c + f}))
    with pytest.raises(StatementError, match="is not an expression"):
        cost("conv2d(x, w)")  # type: ignore[arg-type]
    with pytest.raises(StatementError, match="is a floor: nothing is put for a size in it"):
        Expression("mults(conv2d(x, w))*(H//2)", full.lets).subs(H=4)
