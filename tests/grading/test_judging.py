from __future__ import annotations

import time

import pytest
from grading_texts import RIGHT

from symconv.errors import StatementError
from symconv.grading.claim_sheet import read_claims
from symconv.grading.judging import CONDITIONAL, FIRST, FOLLOWS, OPEN, UNREAD, WRONG, grade
from symconv.grading.report import as_text, numbers


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
    ("let y[n] = sum(x[n - a] for a in range(c))\ny[n] - y[n - 1]\n = x[n] - x[n - c]", "c >= 0"),
    ("let x: signal[N]\nlet k: kernel[c]\nassume N >= 3*c\n((N - c)//2 + 1 - c)//2 + 1\n"
     " = (N - c)//4 + (1 - c)//2 + 1", ""),
    ("let x: signal\nlet k: kernel[c]\ngrad(corr(x, k, stride=s), k, g)[a]\n = sum(g[n]*x[s*n + a] for n in Z)",
     "0 <= a < c"),
    ("let x: signal[H, W]\nlet k: kernel[2, 2]\nconv2d(x, k)[i, j]\n = k[0, 0]*x[i, j] + k[0, 1]*x[i, j + 1]"
     " + k[1, 0]*x[i + 1, j] + k[1, 1]*x[i + 1, j + 1]", "0 <= i <= H - 2 and 0 <= j <= W - 2"),
    ("let x: signal[H, W]\nlet k: kernel[2, 2]\nconv2d(x, k)[i, j]\n = k[0, 0]*x[i, j] + k[0, 1]*x[i, j + 1]"
     " + k[1, 0]*x[i + 1, j] + k[1, 1]*x[i + 1, j]", ""),
])  # fmt: skip
def test_a_condition_that_is_not_stated_is_named(text: str, condition: str) -> None:
    last = graded(text, mending=0.0).lines[-1]
    assert (last.verdict, last.conditions) == ((CONDITIONAL, (condition,)) if condition else (WRONG, ()))
    assert last.faulty, "a step that needs a condition is told apart by numbers without it"


def test_a_size_of_a_declaration_is_known() -> None:
    found = graded("let x: signal[N]\nlet k: kernel[2*p + 1]\nsize(conv1d(x, k, padding=p))\n = N\n = N + 0")
    assert [j.verdict for j in found.lines] == [FIRST, FOLLOWS, FOLLOWS]
    assert [j.by for j in found.lines[1:]] == ["definition of size", "arithmetic"]


def test_a_line_word_for_word_is_the_same_expression() -> None:
    found = graded("let k: kernel[c]\nconv(x, k)[n]\n = conv(x, k)[n]\n = conv(x, k)[n + 1 - 1]")
    assert [j.by for j in found.lines[1:]] == ["the same expression", "the same expression, written otherwise"]


LAYERS = "let x: signal[N]\nlet k: kernel[c]\n"


def test_a_condition_of_an_earlier_line_is_no_news() -> None:
    """The chain begins with a layer that has outputs where N >= c; that this is needed again later is not unstated."""
    found = graded(LAYERS + "size(conv1d(x, k))\n = N - c + 1\n = size(conv1d(x, k, padding=0))")
    assert [j.verdict for j in found.lines] == [FIRST, FOLLOWS, FOLLOWS]
    found = graded(LAYERS + "N - c + 1\n = size(conv1d(x, k))\n = N - c + 1\n = size(conv1d(x, k))")
    assert [j.needed for j in found.lines] == [(), ("N >= c",), (), ()]
    found = graded("let x: signal[d*M]\nlet u: signal[M]\nlet k: kernel[c]\nsize(conv1d(x, k, dilation=d))\n"
                   " = d*(M - c + 1)\n = d*size(conv1d(u, k))")  # fmt: skip
    assert [j.verdict for j in found.lines] == [FIRST, FOLLOWS, FOLLOWS], "d M > d (c - 1) only where M >= c"


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


CHAIN = """
let x: signal[N]
let k: kernel[c]
reach(conv1d(x, k{}), x)
  = 1 + d*(c - 1)
  = reach(conv1d(x, k{}), x) + {}
"""


def test_a_line_may_need_what_any_line_before_it_needed() -> None:
    found = graded(CHAIN.format(", dilation=d", "", "(d - 1)*(c - 1)"))
    assert [(j.verdict, j.needed) for j in found.lines[1:]] == [(FOLLOWS, ()), (FOLLOWS, ())]


def test_more_than_the_lines_before_it_needed_is_named() -> None:
    found = graded("let x: signal[N]\nlet k: kernel[c]\n" "reach(conv1d(x, k), x) + (d - 1)*(c - 1)\n = 1 + d*(c - 1)\n"
                   " = reach(conv1d(x, k, dilation=d), x)")  # fmt: skip
    assert [j.verdict for j in found.lines[1:]] == [FOLLOWS, CONDITIONAL]
    assert found.lines[2].needed == ("N + d >= c*d + 1",)


@pytest.mark.parametrize(("text", "by"), [
    ("let q: kernel[c]\nlet T[n, m] = q[n - m]\nsum(q[n - m]*x[m] for m in Z)\n = sum(T[n, m]*x[m] for m in Z)",
     "definition of T"),
    ("let x: signal[N]\nlet k: kernel[c]\nlet M = N - c + 1\nsize(conv1d(x, k))\n = M", "definition of M and size"),
    ("let x: signal[N]\nlet k: kernel[c]\nreach(conv1d(x, k), x)\n = c", "definition of reach"),
    ("let x: signal[C, N]\nlet w: kernel[F, C, c]\nparams(conv1d(x, w))\n = c*C*F", "definition of params"),
    ("let q: kernel[3]\nlet j: natural\nq[3 + j]\n = 0", "entries that are 0"),
    ("let a: number\n2*a + a\n = 3*a", "arithmetic"),
])  # fmt: skip
def test_reasons_name_what_the_lines_show(text: str, by: str) -> None:
    assert graded(text).lines[-1].by == by


def test_what_an_earlier_line_needs_is_no_new_condition() -> None:
    found = graded("""
let x: signal[N]
let k: kernel[c]
size(conv1d(x, conv(k, up(k, 2)), stride=4))
  = (N - (3*c - 2))//4 + 1
  = size(conv1d(conv1d(x, k, stride=2), k, stride=2))
(N - (3*c - 2))//4 + 1
  = size(conv1d(conv1d(x, k, stride=2), k, stride=2))
""")
    assert [j.verdict for j in found.lines] == [FIRST, FOLLOWS, FOLLOWS, FIRST, CONDITIONAL]


def test_numbers_say_that_all_entries_are_0_where_none_is_needed() -> None:
    wrong = graded(
        """
let k: kernel[c]
let h: kernel[e]
let a: number
sum(h[j]*(corr(x, k, stride=s)[t*n + j] + a) for j in range(e))
  = sum(h[j]*corr(x, k, stride=s)[t*n + j] for j in range(e)) + a
""",
        mending=0.0,
    ).lines[1]
    assert wrong.result is not None and wrong.result.counterexample is not None
    said = numbers(wrong.result.statement, wrong.result.counterexample)
    assert said.endswith("a = 2 (all entries 0): the line before is 0, this line is 2")
    counted = graded("let x: signal[N]\nsize(pad(x, 1))\n = N + 1", mending=0.0).lines[1]
    assert counted.result is not None and counted.result.counterexample is not None
    assert "entries" not in numbers(counted.result.statement, counted.result.counterexample)
    given = graded("let x = taps(1, 2)\nx[0]\n = 2*x[0]", mending=0.0).lines[1]
    assert given.result is not None and given.result.counterexample is not None
    assert (
        numbers(given.result.statement, given.result.counterexample) == "always: the line before is 1, this line is 2"
    )


def test_a_mend_may_need_an_induction() -> None:
    found = graded(
        """
let k: kernel[c]
repeat(corr(x, k, stride=s), x, r)
  = corr(x, conv(up(k, s**i) for i in range(r + 1)), stride=s**r)
""",
        mending=10.0,
    ).lines[1]
    assert found.mend is not None
    assert found.mend.text == "corr(x, conv(up(k, s**i) for i in range(r)), stride=s**r)"


def test_special_cases_are_said_once_and_plainly() -> None:
    found = graded(
        """
let k: kernel[c]
let h: kernel[e]
corr(corr(x, k, stride=s), h, stride=t)
  = corr(x, conv(k, up(h, t)), stride=s*t)
""",
        mending=0.0,
    ).lines[1]
    assert found.message == "it does hold where s == t"


def test_a_step_is_about_the_sizes_for_which_the_chain_begins() -> None:
    """The last line has the extent 0 where the first one has no meaning, and nothing is said of these."""
    text = """
let x: signal[N]
let k: kernel[c]
size(conv1d(x, k, stride=2))
  = (N - c)//2 + 1
  = max(0, (N - c)//2 + 1)
"""
    assert [j.verdict for j in graded(text).lines] == [FIRST, FOLLOWS, FOLLOWS]
    alone = "\n".join(line for line in text.splitlines() if "size" not in line).replace("  = (N", "(N")
    assert [j.verdict for j in graded(alone).lines] == [FIRST, WRONG]


def test_reasons_of_steps_between_whole_numbers() -> None:
    found = graded("""
let x: signal[N]
let k: kernel[c]
assume N % 4 == 0
size(conv1d(x, k, stride=4))
  = (N - c)//4 + 1
  = N//4 + (4 - c)//4
2*c + 1 = c + 1 + c
""")
    assert [j.by for j in found.lines] == [
        "", "definition of size", "division with remainder; what is assumed",
        "", "arithmetic",
    ]  # fmt: skip


def test_a_condition_that_is_enough_is_not_said_to_be_needed() -> None:
    text = as_text(graded("""
let x: signal[N]
let k: kernel[c]
assume c <= p + 2
conv1d(conv1d(x, k, stride=2, padding=p), k, stride=2, padding=p)
  = conv1d(x, conv(k, up(k, 2)), stride=4, padding=3*p)
""", mending=0.0))  # fmt: skip
    assert "it follows where c <= p + 1; this is not stated" in text
    assert "it also holds where p <= 0, or (N - p) % 2 == 0" in text


@pytest.mark.parametrize("last", [
    "conv(" * 60 + "x" + ", k)" * 60,
    f"x + {'mul(' * 40}x{', x)' * 40}",
    f"shift(x, max({', '.join(f'm + {i}' for i in range(60))}))",
])  # fmt: skip
def test_many_equal_names_are_answered_in_time(last: str) -> None:
    start = time.process_time()
    found = graded(f"let x: signal\nlet k: kernel[c]\nx\n = {last}")
    assert found.status in (1, 2)
    assert time.process_time() - start < 20


def test_places_that_one_line_needs_are_tried_for_the_next() -> None:
    found = graded(
        """
let x: signal[N]
let k: kernel[c]
conv1d(conv1d(x, k, padding=1), k, stride=2)[n]
  = sum(k[a]*conv1d(x, k, padding=1)[2*n + a] for a in range(c))
  = sum(k[a]*k[b]*x[2*n + a + b - 1] for a in range(c) for b in range(c))
  = sum(k[a]*k[b]*x[2*n + a + b] for a in range(c) for b in range(c))
""",
        mending=0.0,
    )
    assert [j.verdict for j in found.lines] == [FIRST, CONDITIONAL, CONDITIONAL, WRONG]
    assert found.lines[1].conditions == found.lines[2].conditions == ("0 <= n <= ((N - 1)//2) + 2 - c",)
