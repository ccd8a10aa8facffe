"""Every row of the syllabus, handed in: the right ones by another route than ours, the wrong ones inside right steps.

Each file is a homework of its own; a first line "# row 5, mend: …" says where a wrong one is wrong, and what mends it.
A .tex file says in LaTeX, line by line, what the .txt file beside it says, and gets the same verdicts line by line.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from symconv.grading.files import read_sheet
from symconv.grading.judging import FIRST, FOLLOWS, Graded, grade
from symconv.grading.report import as_data, as_text

HERE = Path(__file__).parent
RIGHT, WRONG = (sorted((HERE / kind).glob("*.txt")) for kind in ("right", "wrong"))


def test_every_derivation_in_latex_has_a_twin() -> None:
    assert all(p.with_suffix(".txt").exists() for kind in ("right", "wrong") for p in (HERE / kind).glob("*.tex"))


def graded(path: Path, mending: float = 0.0) -> Graded:
    return grade(read_sheet(str(path)), mending=mending)


def same_in_latex(path: Path, found: Graded) -> None:
    """The verdicts on the file in LaTeX, where there is one, are the same."""
    if not path.with_suffix(".tex").exists():
        return
    other = graded(path.with_suffix(".tex"))
    assert [[j.verdict for j in c.lines] for c in other.chains] == [[j.verdict for j in c.lines] for c in found.chains]
    assert [c.whole and c.whole.verdict for c in other.chains] == [c.whole and c.whole.verdict for c in found.chains]
    assert other.status == found.status


@pytest.mark.slow
@pytest.mark.parametrize("path", RIGHT, ids=lambda p: p.stem)
def test_right_derivations_are_accepted(path: Path) -> None:
    found = graded(path)
    assert [(j.line.row, j.verdict, j.message, j.conditions, j.needed) for j in found.lines
            if j.verdict not in (FIRST, FOLLOWS)] == []  # fmt: skip
    assert all(c.whole is not None and c.whole.verdict == FOLLOWS for c in found.chains)
    assert found.status == 0
    same_in_latex(path, found)


@pytest.mark.slow
@pytest.mark.parametrize("path", WRONG, ids=lambda p: p.stem)
def test_the_first_wrong_step_is_found_with_numbers(path: Path) -> None:
    said = re.match(r"# row (\d+)(?:, mend: (.*))?\n", path.read_text())
    assert said is not None, "the first line says where the wrong step is"
    row, mend = int(said[1]), said[2] or ""
    found = graded(path, mending=5.0 if mend else 0.0)
    wrong = next(j for j in found.lines if j.faulty)
    assert wrong.line.row == row
    assert wrong.result is not None and wrong.result.counterexample is not None
    assert wrong.result.counterexample.left != wrong.result.counterexample.right
    assert (wrong.mend.text if wrong.mend else "") == mend
    assert {j.verdict for j in found.lines if j.line.row < row} <= {FIRST, FOLLOWS}
    assert found.status == 1
    assert "FIRST WRONG STEP" in as_text(found)
    assert as_data(found)["first_wrong"]["row"] == row
    same_in_latex(path, found)
