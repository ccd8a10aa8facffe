"""Derivations in LaTeX: what they say in the claim language, what is refused and where, and what our printer writes."""

from __future__ import annotations

import random
import re
import time
from itertools import pairwise
from pathlib import Path

import pytest
from expr.drawn import Author, worlds
from hypothesis import given, settings
from hypothesis import strategies as st

from symconv.errors import StatementError
from symconv.expr import text
from symconv.expr.claim import read_expression, read_statement
from symconv.expr.notation import notation
from symconv.grading.latex_sheet import read_latex
from symconv.grading.reading import Reader
from symconv.grading.sheet import NOT_UNDERSTOOD, Sheet
from symconv.library.catalogue import TOPICS, statement
from symconv.render.latex import latex
from symconv.tactics.prove import prove

HERE = Path(__file__).parent
DERIVATIONS = (HERE / "derivations.txt").read_text().strip("\n").split("\n\n")
REFUSALS = (HERE / "refusals.txt").read_text().strip("\n").split("\n\n")
QUICK = settings(max_examples=60, deadline=None, derandomize=True)
WORDS = r"Let $x$ be a signal, $y$ a signal with $N$ samples, $k$ a kernel with $c$ taps, $h$ a kernel with taps " \
        r"$-l, \dots, 1$ and $a$ a number. "  # fmt: skip


def taken_apart(block: str) -> tuple[str, list[str]]:
    """The LaTeX of a block, and the lines behind > that it must give."""
    lines = block.split("\n")
    return "\n".join(line for line in lines if not line.startswith("> ")), [x for x in lines if x.startswith("> ")]


def shown(sheet: Sheet) -> list[str]:
    out = [*(f"> let {line}" for line in sheet.lets), *(f"> assume {line}" for line in sheet.assumes)]
    for chain in sheet.chains:
        out += [f"> {line.relation if i else '  '} {line.text}" for i, line in enumerate(chain)]
    return out


def claims(sheet: Sheet) -> list[str]:
    """Each line against the one before."""
    return [f"{a.text} {b.relation} {b.text}" for c in sheet.chains for a, b in pairwise(c)]


def fault(source: str) -> str:
    """The first message about a file; the empty text if there is none."""
    try:
        sheet = read_latex(source, "f")
    except StatementError as error:
        return str(error)
    reasons = [line.reason for chain in sheet.chains for line in chain if not line.text]
    assert all(r.startswith(NOT_UNDERSTOOD) for r in reasons)
    return next((r.removeprefix(NOT_UNDERSTOOD) for r in reasons if "is defined by the next line" not in r), "")


def test_there_are_enough_examples() -> None:
    assert len(DERIVATIONS) >= 80
    assert len(REFUSALS) >= 60


@pytest.mark.parametrize("block", DERIVATIONS, ids=lambda b: taken_apart(b)[0][:60])
def test_what_a_derivation_says(block: str) -> None:
    source, expected = taken_apart(block)
    assert shown(read_latex(source, "f.tex")) == expected


@pytest.mark.parametrize("block", DERIVATIONS, ids=lambda b: taken_apart(b)[0][:60])
def test_what_is_read_are_claims(block: str) -> None:
    sheet = read_latex(taken_apart(block)[0], "f.tex")
    for claim in claims(sheet):
        read_statement(claim, sheet.lets, sheet.assumes)


@pytest.mark.parametrize("block", REFUSALS, ids=lambda b: b[:60])
def test_what_is_refused(block: str) -> None:
    source, _, message = block.rpartition("\n! ")
    assert re.match(r"line \d+, column \d+: ", message)
    assert fault(source) == f"f, {message}"


KNOWN = (
    (r"(x \ast k)_n = \sum_{a=0}^{c-1} k_a x_{n-a}", "proved"),
    (r"(x \ast k)_n = \sum_{a=0}^{c-1} k_a x_{n+a}", "refuted"),
    (r"x \star k = \tilde k \ast x", "proved"),
    (r"k \star x = k \ast x", "refuted"),
    (r"k \star_2 (k \star_2 x) = (k \ast {\uparrow}_2 k) \star_4 x", "proved"),
    (r"k \star_2 (k \star_2 x) = (k \ast k) \star_4 x", "refuted"),
    (r"\downarrow_2 (x \ast \uparrow_2 k) = (\downarrow_2 x) \ast k", "proved"),
    (r"\downarrow_2 (x \ast k) = (\downarrow_2 x) \ast k", "refuted"),
    (r"\downarrow_s \uparrow_t x = \uparrow_t \downarrow_s x", "refuted"),
    (r"\downarrow_s \uparrow_t x = \uparrow_t \downarrow_s x, \quad \gcd(s, t) = 1", "proved"),
    (r"\langle k \ast x, k \rangle = \langle x, \tilde k \ast k \rangle", "proved"),
    (r"\langle k \ast x, k \rangle = \langle x, k \ast k \rangle", "refuted"),
    (r"\frac{\partial (x \ast k)_{n-m}}{\partial x_n} = k_{-m}", "proved"),
    (r"\frac{\partial (x \ast k)_{n-m}}{\partial x_n} = k_m", "refuted"),
    (r"({\uparrow}_2 x)_n = \begin{cases} x_{\lfloor n/2 \rfloor} & n \text{ even} \\ 0 & n \text{ odd}\end{cases}",
     "unknown proved"),
    (r"\sum_{a=0}^{c-1} k_a = \sum_{a=0}^{c-1} k_{c-1-a}", "proved"),
    (r"\sum_{0 \le a \le c} k_a x_{n-a} = \sum_{1 \le a < c} k_a x_{n-a}", "refuted"),
)  # fmt: skip


@pytest.mark.parametrize(("formula", "verdict"), KNOWN, ids=[f for f, _ in KNOWN])
def test_the_verdict_is_that_of_the_claim(formula: str, verdict: str) -> None:
    sheet = read_latex(f"Let $x$ be a signal and $k$ a kernel with $c$ taps. \\[ {formula} \\]", "f")
    (claim,) = claims(sheet)
    try:
        assert prove(read_statement(claim, sheet.lets, sheet.assumes)).verdict in verdict.split()
    except StatementError as error:
        assert "unknown" in verdict, error


def test_places_reasons_and_sources() -> None:
    rows = (
        "Let $k$ be a kernel.",
        "\\begin{align}",
        "  (k \\ast x)_n &= \\sum_a k_a x_{n-a} && \\text{(definition)} \\\\",
        "  &\\overset{(b)}{=} \\sum_{b} k_{n-b} x_b && \\text{where } b = n - a",
        "\\end{align}",
    )
    sheet = read_latex("\n".join(rows), "f.tex")
    first, second, third = sheet.chains[0]
    assert sheet.latex
    assert sheet.name == "f.tex"
    assert [(line.row, line.column) for line in (first, second, third)] == [(3, 3), (3, 19), (4, 21)]
    assert [line.source for line in (first, third)] == [r"(k \ast x)_n", r"\sum_{b} k_{n-b} x_b"]
    assert (second.reason, third.reason) == ("definition", "b; where $b = n - a$")
    assert not sheet.assumes


def test_a_broken_line_leaves_the_others() -> None:
    sheet = read_latex("\\begin{align}\nx_n + y_n &= y_n + \\foo \\\\\n&= y_n + x_n\n\\end{align}", "f")
    first, broken, last = sheet.chains[0]
    assert (first.text, last.text) == ("x[n] + y[n]", "y[n] + x[n]")
    assert not broken.text
    assert broken.reason == NOT_UNDERSTOOD + r"f, line 2, column 20: \foo is not part of the notation that is read"


def test_a_kernel_that_nobody_declares_is_asked_for() -> None:
    sheet = read_latex(r"\[ y_n = \sum_a k_a x_{n-a} = \sum_a x_a k_{n-a} \]", "f")
    why = Reader(sheet).errors[0, 1]
    assert why.endswith("which of k and x is the kernel? Write for example 'Let $k$ be a kernel with $c$ taps'")
    again = read_latex(r"Let $k$ be a kernel with $c$ taps. \[ y_n = \sum_a k_a x_{n-a} = \sum_a x_a k_{n-a} \]", "f")
    assert not Reader(again).errors


@pytest.mark.parametrize("step", [r"\text{ so } y_n = x_n", r", \; y_n = x_n", r"\text{ and } y_n = x_n"])
def test_no_step_is_lost(step: str) -> None:
    assert fault(f"\\[ x_n = y_n {step} \\]")


LAUGHS = "".join(f"\\newcommand{{\\{chr(98 + i)}}}{{\\{chr(97 + i)}\\{chr(97 + i)}}}" for i in range(20))
HOSTILE = {
    "a million letters": "x" * 10**6,
    "a million braces": "{" * 10**6,
    "nested parentheses": "\\[" + "(" * 30_000 + "x" + ")" * 30_000 + " = x \\]",
    "nested braces": "\\[ x = " + "{" * 30_000 + "x" + "}" * 30_000 + "\\]",
    "nested indices": "\\[ x = " + "x_{" * 30_000 + "n" + "}" * 30_000 + "\\]",
    "macros of macros": "\\newcommand{\\a}{x}" + LAUGHS + "\\[ \\u = x \\]",
    "a macro of itself": "\\newcommand{\\a}{x + \\a} \\[ \\a = x \\]",
    "a long macro": "\\newcommand{\\a}{" + "x + " * 10_000 + "x} \\[ \\a" + " + \\a" * 1000 + " = x\\]",
    "correlations": WORDS + "\\[ y = " + "k \\star (2 (" * 18 + "x" + "))" * 18 + " + \\]",
    "derivatives": "\\[ 0 = " + "\\frac{\\partial}{\\partial x_j} (" * 18 + "x" + ")" * 18 + " + \\]",
    "arrows": "\\[ y = " + "\\uparrow_2 " * 800 + "x \\]",
    "sums": "\\[ y = " + "\\sum_a " * 800 + "x_a \\]",
    "fractions": "\\[ y = " + "\\frac1" * 10_000 + "x \\]",
    "backslashes": "\\" * 99_999,
    "dollars": "$" * 99_999,
    "formulas": "so $x=y$ " * 9_000,
    "commas": "\\[ x = y \\text{a}" + "," * 90_000 + " \\]",
    "deep fractions": "\\[ x = " + "\\frac{1}{" * 15_000 + "x" + "}" * 15_000 + "\\]",
    "a megabyte of one sum": "\\[ y_n = " + "x_n + " * 170_000 + "x_n \\]",
    "one long sum": "\\[ y_n = " + "x_n + " * 3_300 + "x_n \\]",
    "a macro with an argument, of itself": "\\newcommand{\\a}[1]{\\a{#1} + #1} \\[ \\a{x} = x \\]",
    "a macro that doubles its argument": "\\newcommand{\\a}[1]{\\a{#1 #1}} \\[ \\a{x} = x \\]",
    "macros with many arguments": "\\newcommand{\\a}[1]{" + "#1" * 40_000 + "} \\[ \\a{" + "x" * 19_000 + "} = x \\]",
    "macros in arguments": "\\newcommand{\\a}[1]{#1#1} \\[ " + "\\a{" * 900 + "x" + "}" * 900 + " = x \\]",
    "left without right": "\\[ x = " + "\\left( " * 2_500 + "x \\]",
    "underbraces": "\\[ x = " + "\\underbrace{" * 1_400 + "x" + "}_{a}" * 1_400 + " \\]",
    "many underbraces": "\\[ x = x" + " + \\underbrace{x}_{a}" * 900 + " + \\]",
    "arrays": "\\[ x = " + "\\left\\{\\begin{array}{l}" * 600 + " \\]",
    "adjoints": WORDS + "\\[ x = " + "(k \\ast " * 18 + "\\cdot" + ")^*" * 18 + " y + \\]",
    "greatest of greatest": WORDS + "\\[ x_{" + "\\max(n, " * 18 + "n" + ")" * 18 + "} = 0 \\]",
    "calls": WORDS + "\\[ x = " + "\\operatorname{conv}(k, " * 18 + "x" + ")" * 18 + " + \\]",
    "taps": "\\[ (x \\ast k)_n = ((" + "1, " * 5_000 + "1) \\ast x)_n \\]",
    "binary": "\\[ x = " + "".join(chr(i % 32) for i in range(5_000)) + " \\]",
    "rows": "\\begin{align}" + "x_n &= y_n \\\\ " * 6_000 + "\\foo &= 1 & 2\\end{align}",
    "bars": "\\[ " + "|" * 50_000 + " = x \\]",
    "bytes": "".join(map(chr, range(256))) * 100,
    "not text": b"\x89PNG\r\n\xff\xfe".decode("utf-8", "replace"),
}


@pytest.mark.parametrize("source", HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile_input_is_answered_within_a_second(source: str) -> None:
    read_latex(r"\[ x_n = x_n \]", "warm")
    start = time.process_time()
    message = fault(source)
    assert time.process_time() - start < 1
    assert re.match(r"f, line \d+, column \d+: ", message) or not source.strip("\\[] x=y{tae},")


PIECES = (
    *"{}_^()[]&=nxk0|,.:'$", r"\sum", r"\frac", r"\\", r"\text{if }", r"\tilde ", r"\ast ", r"\star ", r"\left(",
    r"\begin{cases}", r"\end{cases}", r"\partial ", r"\uparrow_2 ", r"\max ", r"\mathbf{1}", r"\bmod ", r"\nabla_x ",
    r"\lfloor ", r"\rfloor ", r"\langle ", r"\in ", r"\mathbb{Z}", r"\infty ", r"\tau_", r"\text{for } ",
)  # fmt: skip


@pytest.mark.parametrize("seed", range(8))
def test_broken_derivations_are_answered(seed: int) -> None:
    """Derivations with pieces put in and taken out are read or refused; nothing else happens."""
    draw = random.Random(seed)
    for _ in range(150):
        source = taken_apart(draw.choice(DERIVATIONS))[0]
        for _ in range(draw.randint(1, 4)):
            place = draw.randrange(len(source) + 1)
            put, left_out = (draw.choice(PIECES), 0) if draw.random() < 0.6 else ("", draw.randint(1, 4))
            source = source[:place] + put + source[place + left_out :]
        message = fault(source)
        assert not message or re.match(r"f, line \d+, column \d+: ", message)


def again(*sides: str, words: str = WORDS) -> tuple[Sheet, str]:
    """What is read of our own LaTeX, and why it is not read."""
    source = f"{words}\\[ {' = '.join(sides)} \\]"
    message = fault(source)
    return (read_latex(source, "f"), "") if not message else (Sheet("", (), (), ()), message)


@QUICK
@given(st.data())
def test_what_our_printer_writes_is_read_as_it_was(data: st.DataObject) -> None:
    """A drawn expression, printed and read again, has the same values; or the notation is refused, never misread."""
    world = data.draw(worlds(1))
    expression, _ = Author(data.draw, world, 1).signal(3)
    e = read_expression(expression, world.lets).lhs
    sheet, _ = again(latex(notation(e)), "x")
    places = [(n,) for n in range(-4, 9)]
    for chain in sheet.chains:
        assert world.values(chain[0].text, places) == world.values(expression, places), chain[0].text


LIBRARY = [e for _, entries in TOPICS for e in entries if e.verdict in ("proved", "refuted")]


def test_the_library_is_read_again() -> None:
    """What is read of the statements of the library has the same notation; more than a quarter is in the grammar."""
    known = 0
    for entry in LIBRARY:
        s = statement(entry)
        names = [d for d in s.declarations.values() if d.kind in ("signal", "kernel") and len(d.name) == 1]
        words = " ".join(f"Let ${d.name}$ be a {d.kind}." for d in names)
        sides = [latex(notation(e)) for e in (s.lhs, s.rhs)]
        sheet, why = again(*sides, words=words)
        if why or len(sheet.lets) > len(names) or "\\mathbf{1}" in "".join(sides):
            continue  # How many axes a sequence of ones has, the notation does not say.
        known += 1
        reread = read_statement(claims(sheet)[0], text.lets(s), entry.assume)
        assert [latex(notation(e)) for e in (reread.lhs, reread.rhs)] == sides, entry.name
    assert 4 * known > len(LIBRARY)


def test_what_we_define_is_a_definition_and_then_is_no_reason() -> None:
    sheet = read_latex(
        r"""Let $k$ be a kernel with $c$ taps. We define $y_n = \sum_{a=0}^{c-1} k_a x_{3n+a}$. Then
\[ \big(y \ast k\big)_n = \sum_{b=0}^{c-1} k_b\, y_{n-b} \]
""",
        "a.tex",
    )
    assert sheet.lets == ("k: kernel[c]", "y[n] = sum(k[a]*x[3*n + a] for a in range(c))")
    ((first, second),) = sheet.chains
    assert (first.source, second.reason) == (r"(y \ast k)_n", "")
