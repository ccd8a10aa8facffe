from __future__ import annotations

import time

import pytest
from grading_texts import RIGHT

from symconv.errors import StatementError
from symconv.grading.claim_sheet import read_claims
from symconv.grading.judging import CONDITIONAL, FIRST, FOLLOWS, OPEN, UNREAD, WRONG, grade


def graded(text: str, **options):
    return grade(read_claims(text, "homework"), **options)


@pytest.mark.parametrize("name", RIGHT)
def test_right_derivations_are_accepted(name: str) -> None:
    found = graded(RIGHT[name])
    assert [(j.line.text, j.verdict) for j in found.lines if j.verdict not in (FIRST, FOLLOWS)] == []
    assert all(j.by for j in found.lines if j.verdict == FOLLOWS)
    assert {c.whole.verdict for c in found.chains if c.whole} == {FOLLOWS}
    assert found.status == 0


def test_later_lines_are_judged_for_themselves_and_the_end_is_said_apart() -> None:
    found = graded("""
let k: kernel[c]
corr(corr(x, k, stride=2), k, stride=2)
  = corr(x, conv(k, up(k, 4)), stride=4)
  = corr(x, conv(up(k, 4), k), stride=4)
  = corr(x, conv(up(k, 2), k), stride=4)
""")
    assert [j.verdict for j in found.lines] == [FIRST, WRONG, FOLLOWS, WRONG]
    assert found.chains[0].first_wrong is found.lines[1]
    assert found.chains[0].whole is not None and found.chains[0].whole.verdict == FOLLOWS
    assert "convolution-commutes" in found.lines[2].by


@pytest.mark.parametrize(("text", "condition"), [
    ("down(up(x, s), t)\n = up(down(x, t), s)", "gcd(s, t) == 1"),
    ("let a: number\na*relu(x)\n = relu(a*x)", "a >= 0"),
    ("let x: signal[N]\nlet k: kernel[c]\nconv1d(conv1d(x, k, stride=2, padding=p), k, stride=2, padding=p) ="
     " conv1d(x, conv(k, up(k, 2)), stride=4, padding=3*p)", "c <= p + 1"),
    ("let k: kernel[c]\ncorr(x, k)[n]\n = sum(k[a]*x[n + a] for a in range(d))", ""),
    ("corr(x, k)[n]\n = sum(k[a]*x[n + a] for a in range(d))", "k has d taps ('let k: kernel[d]')"),
    ("corr(x, k)[n]\n = sum(k[a]*x[n + a] for a in range(3))", "k has 3 taps ('let k: kernel[3]')"),
    ("let x: signal[N]\nlet k: kernel[3]\nconv1d(x, k, padding=1)[n]\n = sum(k[a]*x[n + a - 1] for a in range(3))",
     "0 <= n < N"),
])  # fmt: skip
def test_a_condition_that_is_not_stated_is_named(text: str, condition: str) -> None:
    last = graded(text, mending=0.0).lines[-1]
    assert (last.verdict, last.conditions) == ((CONDITIONAL, (condition,)) if condition else (WRONG, ()))
    assert last.faulty, "a step that needs a condition is told apart by numbers without it"


def test_what_is_assumed_for_the_file_is_known_to_every_chain() -> None:
    found = graded(
        "assume gcd(s, t) == 1\ndown(up(x, s), t)\n = up(down(x, t), s)\nup(down(x, t), s)\n = down(up(x, s), t)"
    )
    assert [j.verdict for j in found.lines] == [FIRST, FOLLOWS, FIRST, FOLLOWS]


def test_a_line_that_is_not_understood_does_not_spoil_the_others() -> None:
    found = graded("""
let k: kernel[c]
conv(x, k)
  = conv(x, k
  = conv(k, x)
  = kernel of both
  = conv(k, x, 3)
  = conv(flip(flip(k)), x)
""")
    assert [j.verdict for j in found.lines] == [FIRST, UNREAD, FOLLOWS, UNREAD, UNREAD, FOLLOWS]
    assert [j.against for j in found.lines] == [None, 0, 0, 2, 2, 2]
    assert "line 4" in found.lines[1].message and "never closed" in found.lines[1].message
    assert "conv takes 2 operands, not 3" in found.lines[4].message
    assert found.status == 2


def test_the_line_that_uses_a_name_otherwise_is_the_one_that_is_not_understood() -> None:
    found = graded("down(conv(x, k), s)\n = down(conv(k, x), s)\n = down(conv(x, s), k)\n = down(conv(x, k), s)")
    assert [j.verdict for j in found.lines] == [FIRST, FOLLOWS, UNREAD, FOLLOWS]


def test_a_name_means_one_thing_in_all_lines() -> None:
    """That k is a kernel is shown by the last line alone, and without it the sums of the first would have no end."""
    found = graded("sum(k[a]*x[n - a] for a in Z)\n = sum(k[n - b]*x[b] for b in Z)\n = conv(x, k)[n]")
    assert [j.verdict for j in found.lines] == [FIRST, FOLLOWS, FOLLOWS]


def test_a_name_that_nothing_defines_is_no_step() -> None:
    found = graded("let k: kernel[c]\ny[n] = corr(x, k)[n]\n = sum(k[a]*x[n + a] for a in range(c))")
    assert [j.verdict for j in found.lines] == [UNREAD, FIRST, FOLLOWS]
    assert "let y = " in found.lines[0].message


@pytest.mark.parametrize(("given", "message"), [
    ("let y = corr(y, k)", "homework: its declarations and assumptions: y is not known"),
    ("let k: kernel[c]\nassume c < c", "no sizes were found that satisfy the assumptions"),
    ("let k: kernel[c]\nlet k: kernel[d]", "k is declared twice"),
    ("let k: matrix[c]", "matrix is no kind of name"),
])  # fmt: skip
def test_declarations_at_fault_are_those_of_the_file(given: str, message: str) -> None:
    with pytest.raises(StatementError) as caught:
        graded(f"{given}\nconv(x, h)" + "\n = conv(h, x)" * 400)
    assert message in str(caught.value)


def test_many_lines_that_are_not_understood_take_no_time() -> None:
    started = time.process_time()
    found = graded("conv(x, h)" + "\n = conv(h, x, 2)\n = up(h)" * 200)
    assert {j.verdict for j in found.lines[1:]} == {UNREAD}
    assert time.process_time() - started < 5.0


def test_what_is_not_decided_is_said_so() -> None:
    found = graded("conv(x, k)\n = conv(k, x)\n = conv(k, flip(flip(x)))", seconds=0.0)
    assert [j.verdict for j in found.lines] == [FIRST, OPEN, OPEN]
    assert found.status == 3


def test_limits_are_lines() -> None:
    found = graded("let x: signal\nassume x >= 0\nlimit(lp_pool1d(x, p, c), p) = max_pool1d(x, c)")
    assert [(j.verdict, j.by) for j in found.lines] == [(FIRST, ""), (FOLLOWS, "by squeezing")]


def test_inequalities_are_steps_in_one_direction() -> None:
    text = "let x: signal\nassume x >= 0\nmax_pool1d(x, c) <= c*avg_pool1d(x, c)\n = corr(x, ones(c), stride=c)"
    assert [j.verdict for j in graded(text).lines] == [FIRST, FOLLOWS, FOLLOWS]
    wrong = graded("let x: signal\nassume x >= 0\nc*avg_pool1d(x, c) <= max_pool1d(x, c)", mending=0.0)
    assert wrong.lines[-1].verdict == WRONG


@pytest.mark.parametrize(("before", "wrong", "mended"), [
    ("conv(x, k)[n]", "sum(k[a]*x[n + a] for a in range(c))", "sum(k[a]*x[n - a] for a in range(c))"),
    ("down(corr(x, k, dilation=d), s)", "corr(x, k, stride=s)", "corr(x, k, stride=s, dilation=d)"),
    ("conv(x, k)", "corr(x, k)", "corr(x, flip(k))"),
    ("corr(x, k)[n]", "sum(k[a]*x[n + a] for a in range(c - 1))", "sum(k[a]*x[n + a] for a in range(c))"),
    ("conv(-x, k)", "conv(x, k)", "-conv(x, k)"),
    ("corr(x, up(k, d))", "corr(x, k, dilation=2)", "corr(x, k, dilation=d)"),
    ("conv(shift(x, m), k)", "shift(conv(x, k), -m)", "shift(conv(x, k), m)"),
])  # fmt: skip
def test_small_changes_mend(before: str, wrong: str, mended: str) -> None:
    last = graded(f"let k: kernel[c]\n{before}\n = {wrong}").lines[-1]
    assert last.verdict == WRONG
    assert last.mend is not None and last.mend.text == mended
    assert graded(f"let k: kernel[c]\n{before}\n = {last.mend.text}").status == 0
