from __future__ import annotations

import time

import pytest

from symconv.errors import StatementError
from symconv.grading.claim_sheet import read_claims
from symconv.grading.sheet import NOT_UNDERSTOOD, Line, Sheet


def lines(text: str) -> list[list[Line]]:
    return [list(chain) for chain in read_claims(text, "homework").chains]


def texts(text: str) -> list[list[str]]:
    return [[line.text for line in chain] for chain in lines(text)]


def test_a_sheet_as_it_is_written() -> None:
    sheet = read_claims("""# two layers
let k: kernel[c]   # taps
let y = corr(x, k, stride=2)
assume c >= 2

corr(y, k, stride=2)                          # the start
  = corr(corr(x, k, stride=2), k, stride=2)   # definition of y
  <= y
""", "homework")  # fmt: skip
    assert sheet == Sheet(
        "homework", ("k: kernel[c]", "y = corr(x, k, stride=2)"), ("c >= 2",),
        ((
            Line("corr(y, k, stride=2)", "corr(y, k, stride=2)", 6, 1, "the start"),
            Line("corr(corr(x, k, stride=2), k, stride=2)", "corr(corr(x, k, stride=2), k, stride=2)", 7, 5,
                 "definition of y"),
            Line("y", "y", 8, 6, "", "<="),
        ),),
    )  # fmt: skip


@pytest.mark.parametrize("text", [
    "a\n= b\n= c", "a\n== b\n== c", "a =\nb =\nc", "a ==\nb\n== c", "a = b = c", "a == b\n  == c", "a = b =\n\n c",
    "a\n\n= b\n# between\n= c", "claim a == b\n= c",
])  # fmt: skip
def test_signs_stand_at_the_beginning_at_the_end_or_between(text: str) -> None:
    assert texts(text) == [["a", "b", "c"]]


def test_lines_go_on_in_brackets_and_with_operators() -> None:
    assert texts("corr(x,\n     k, stride=2) +\n y\n = a\n + b\n = c -\n d") == [
        ["corr(x,      k, stride=2) +  y", "a  + b", "c -  d"]
    ]


def test_a_line_without_a_sign_begins_a_chain() -> None:
    assert texts("a\n= b\nc\n= d\nclaim e == f\nlet g: signal\nh = i") == [
        ["a", "b"],
        ["c", "d"],
        ["e", "f"],
        ["h", "i"],
    ]


def test_options_are_no_signs() -> None:
    assert texts("corr(x, k, stride=2)\n= f(a == b, [c <= d])") == [["corr(x, k, stride=2)", "f(a == b, [c <= d])"]]


def test_the_reason_beside_a_sign_at_the_end_is_that_of_the_line_before_it() -> None:
    (chain,) = lines("a =   # first\nb =   # second\nc     # third")
    assert [line.reason for line in chain] == ["first", "second", "third"]


@pytest.mark.parametrize(("text", "row", "column", "why"), [
    ("a\n  = f(b\n= c", 2, 5, "line 2, column 6, near 'f(b': '(' was never closed"),
    ("a\n= b)\n= c", 2, 3, "line 2, column 4"),
    ("a\n= b c\n= d", 2, 3, "line 2, column"),
    ("a\n= b\nso that\n= c", 3, 1, "line 3, column"),
    ("a\n= = b\n= c", 2, 1, "nothing stands between"),
    ("a\n= b\n=", 3, 1, "nothing follows this sign"),
    ("= b\n= c", 1, 3, "nothing stands before the sign ="),
    ("a\n>= b\n= c", 2, 4, "from the smaller side to the greater one"),
    ("a\n!= b\n= c", 2, 4, "!= stands between lines: write = or <="),
    ("a", 1, 1, "no line follows"),
    ("a\n= lambda: b\n= c", 2, 3, "not an expression of the claim language"),
    ("a\n= (1, 2)\n= c", 2, 3, "not an expression of the claim language"),
    ("a\n= 0.1234567890123456789\n= c", 2, 3, "not kept exactly"),
    ("a\n= " + "-" * 180 + "b" + "\n= c", 2, 3, "nested"),
    ("a\n= b\n= " + "+".join("x" * 9000) + "+" + "+".join("y" * 9000), 3, 3, "at most 20000 are read"),
])  # fmt: skip
def test_what_is_not_understood_does_not_spoil_the_rest(text: str, row: int, column: int, why: str) -> None:
    broken = [line for chain in lines(text) for line in chain if not line.text]
    assert [(line.row, line.column) for line in broken] == [(row, column)]
    assert broken[0].reason.startswith(NOT_UNDERSTOOD)
    assert why in broken[0].reason
    assert all(len(chain) >= 2 for chain in lines(text))


@pytest.mark.parametrize(("text", "message"), [
    ("let k\na = b", "homework, line 1, column 5: 'k' is not a declaration"),
    ("a = b\nlet y := 2", "homework, line 2, column 5: 'y := 2' is not a declaration"),
    ("assume\na = b", "homework, line 1, column 1: the assumption is empty"),
    ("assume s <\na = b", "homework, line 1, column 8: the assumption is not well formed at line 1, column"),
    ("let k: kernel[c]\nlet k: kernel[c]\na = b", "line 2, column 5: 'k: kernel[c]' stands here twice"),
    ("", "homework has no derivation"),
    ("# nothing", "homework has no derivation"),
    ("let k: kernel[c]", "homework has no derivation"),
    ("a\0 = b", "homework is not text"),
    ("x = " * 100_000, "characters; at most 200000 are read"),
    ("x\n" + "= x\n" * 1500, "homework has more than 1000 lines"),
])  # fmt: skip
def test_declarations_and_files_that_are_not_understood(text: str, message: str) -> None:
    with pytest.raises(StatementError) as caught:
        read_claims(text, "homework")
    assert message in str(caught.value)


@pytest.mark.parametrize("text", [
    "(" * 100_000, "a = " + "(" * 90_000, "a\n" * 90_000, "= " * 90_000, "[" * 50_000 + "]" * 50_000,
    "-" * 150_000 + "x", "a = b ** " * 15_000, "((\n" * 50_000, "let " * 40_000, "a = b +\n" * 20_000,
    "\u2028a = b" * 900,
    "a\n" + "= b = c <= d\n" * 300,
])  # fmt: skip
def test_hostile_text_takes_less_than_a_second(text: str) -> None:
    started = time.process_time()
    try:
        found = read_claims(text, "homework")
    except StatementError as error:
        assert "homework" in str(error)
    else:
        assert found.chains
    assert time.process_time() - started < 1.0
