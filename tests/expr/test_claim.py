"""Reading statements: what names are taken to be, what is assumed tacitly, and some eighty claims that are refused."""

from __future__ import annotations

import pytest

from symconv.errors import StatementError
from symconv.expr.claim import read_expression, read_file, read_statement
from symconv.expr.nodes import Conv, Corr, Delta, Name, Ones, Power, rank
from symconv.expr.statement import Coprime, Unequal
from symconv.expr.text import assumptions, claim, declaration, lets
from symconv.index.conditions import Divides, Eq, Ge
from symconv.index.poly import ONE, const, var

S, T = var("s"), var("t")
REFUSED = [
    # the claim itself
    ("x < y", (), "'x < y': strict inequalities are not proved: write <= or >="),
    ("x > y", (), "'x > y': strict inequalities are not proved: write <= or >="),
    ("x <= y <= x", (), "'x <= y <= x' is not a claim: write one equation, left == right, or left <= right"),
    ("x != y", (), "'x != y' is not a claim: write one equation, left == right, or left <= right"),
    # limits
    *((f"limit({inside}) == x", (), "write one limit, limit(f, p) == g, as the size p grows without end")
      for inside in ("x", "x, p, 2", "x, 3", "x, p=p", "x, p + 1")),
    ("limit(x, p) == limit(x, p)", ("p: size",), "limit(x, p): write one limit, limit(f, p) == g"),
    ("limit(x, m) == x", ("m: integer",), "limit(x, m): m is no size that could grow without end"),
    ("limit(x, a) == x", ("a: number",), "limit(x, a): a is no size that could grow without end"),
    ("limit(x, q) == x", (), "limit(x, q): q is no size that could grow without end"),
    ("limit(x, p) <= x", ("p: size",), "limit is not known"),
    ("2*limit(x, p) == x", ("p: size",), "limit is not known"),
    ("limit(grad(relu(x), x, g), p) == x", ("p: size", "x: signal[N]", "g: kernel[:]"),
     "limits of gradients are not known here"),
    # maxima
    *((f"max({inside}) == 0", (), "write max(x[n + u] for u in range(c)) over ranges")
      for inside in ("x[n]", "(x[u] for u in range(c)), key=1", "(x[u] for u in range(c)), 1")),
    ("max(x, y) == 0", ("x: signal",), "x is a signal and cannot stand where an integer belongs"),
    *((f"max(x[u] for u in {where}) == 0", (), "a maximum is taken over ranges of indices, without conditions")
      for where in ("Z", "range(c) if u > 1")),
    ("max(x[u] for u in range(0)) == 0", (), "a range of 0 places may be empty, and then there is no maximum"),
    ("max(x[u + v] for u in range(c) for v in range(u)) == 0", (), "a range of u places may be empty"),
    ("sum(max(x[u] for u in range(j)) for j in range(3)) == 0", (), "a range of j places may be empty"),
    ("peak((x[u] for u in range(c))) == 0", (), "write max(x[n + u] for u in range(c)) over ranges"),
    ("peak((x[u] for u in range(c)), 1, 2) == 0", (), "give one place for each of the 1 indices"),
    # powers
    ("x**p == x", ("x: signal", "p: size"), "x ** p: a base that may be negative is written abs(x)"),
    ("a**(1/2) == 1", ("a: number",), "a base that may be negative is written abs(a)"),
    ("a**(-1) == 1", ("a: number",), "a ** -1: a number to a power from 0 to 64 is known"),
    ("abs(a)**65 == 1", ("a: number",), "abs(a) ** 65: an exponent is a name, or a number up to 64"),
    ("abs(a)**b == 1", ("a: number", "b: number"), "b is a number and cannot stand where an integer belongs"),
    ("abs(a)**(1/0) == 1", ("a: number",), "1 / 0: what an exponent is divided by must be at least 1, not 0"),
    ("a^2 == 1", ("a: number",), "a ^ 2: write powers with **"),
    # pools
    ("max_pool1d(x, 0) == x", (), "max_pool1d(x, 0): a window must be at least 1, not 0"),
    ("lp_pool1d(x, 0, 2) == x", (), "lp_pool1d(x, 0, 2): an exponent must be at least 1, not 0"),
    ("lp_pool1d(x, 2) == x", (), "lp_pool1d(x, 2): lp_pool1d takes 3 operands, not 2"),
    ("max_pool1d(x, 3, padding=2) == x", ("x: signal[N]",), "more than half a window of 3: pad by at most half a"),
    ("max_pool1d(x, 3, padding=1, dilation=3) == x", ("x: signal[2]",), "samples less the dilation must be at least 0"),
    ("max_pool1d(x, 3, ceil_mode=True) == x", ("x: signal",), "needs ends: declare x with extents"),
    ("avg_pool1d(x, 3, padding=1, count_include_pad=False) == x", ("x: signal",), "needs ends: declare x"),
    ("avg_pool1d(x, 3, padding=1, count_include_pad=0) == x", ("x: signal[N]",), "is neither True nor False"),
    ("max_pool1d(x, 3, ceil_mode=c) == x", ("x: signal[N]",), "ceil_mode=c is neither True nor False"),
    ("upsample_linear(x, 3, align_corners=1) == x", ("x: signal[N]",), "align_corners=1 is neither True nor False"),
    ("max_unpool1d(y, x, 2) == x", ("x: signal[6]", "y: signal[4]"), "y has 4 entries on an axis, and x has 3 windows"),
    ("avg_pool1d(x, 7, stride=2, ceil_mode=True) == x", ("x: signal[4]",), "outputs: its window does not fit"),
    ("max_pool2d(x, 2) == x", ("x: signal",), "where 2 are pooled"),
    ("adjoint(max_unpool1d(y, x, 2), x, g) == x", ("x: signal", "y: signal", "g: kernel[:]"), "is not linear in x"),
    ("adjoint(max_pool1d(x, 2), x, g) == x", ("x: signal", "g: kernel[:]"), "is not seen to be linear in x"),
    ("x == y == z", (), "'x == y == z' is not a claim: write one equation, left == right"),
    ("conv(x, k)", (), "'conv(x, k)' is not a claim: write one equation, left == right"),
    ("x = y", (), "an equation is written with '=='"),
    # what is not in the language
    ("__import__('os').system('id') == x", (), "__import__('os').system('id') is not part of the claim language"),
    ("x.real == x", (), "x.real is not part of the claim language"),
    ("(lambda: x)() == x", (), "(lambda: x)() is not part of the claim language"),
    ("[x for x in y] == x", (), "is not part of the claim language"),
    ("x @ k == x", (), "x @ k is not part of the claim language"),
    ("x // 2 == conv(x, k)", (), "x is a signal and cannot stand where an integer belongs"),
    ("sum(n // 2 * x[n] for n in range(3)) == 0", (), "a floor is of sizes and declared integers, and n is none"),
    ("(x if y else z) == x", (), "is not part of the claim language"),
    ("'x' == x", (), "'x' is not a number"),
    ("True*x == x", (), "True is not a number"),
    ("2j*x == x", (), "2j is not a number"),
    ("9999999999999*x == x", (), "the number 9999999999999 is too large"),
    ("(x == y) == x", (), "x == y: a comparison belongs in iverson(…) or in an assumption"),
    # operators and their operands
    ("f(x) == x", (), "f is not known; known are abs, adjoint, array, conv, corr"),
    ("conv(x) == x", (), "conv(x): conv takes 2 operands, not 1"),
    ("corr(x, k, 2) == x", (), "corr(x, k, 2): corr takes 2 operands, not 3"),
    ("conv(*x, k) == x", (), "conv(*x, k): conv takes 2 operands"),
    ("corr(x, k, strides=2) == x", (), "corr(x, k, strides=2): corr has no option strides; it has stride, dilation, p"),
    ("conv(x, k, stride=2) == x", (), "conv(x, k, stride=2): conv has no option stride; it has none"),
    ("conv(x, 3) == x", (), "conv(x, 3): 3 is a number, not a sequence"),
    ("conv(x, a) == x", ("a: number",), "conv(x, a): a is a number, not a sequence"),
    ("x*y == y*x", ("x: signal", "y: signal"), "x * y: '*' scales by a number; use conv(…) or mul(…)"),
    ("conv(x, x) == x", ("x: signal",), "conv(x, x): neither operand has finite support"),
    ("conv(x, k + 1) == x", ("k: kernel[c]",), "neither operand has finite support, so the sum may not end"),
    ("conv(x, f(k)) == x", ("f: function", "k: kernel[c]"), "neither operand has finite support"),
    ("reverse(x) == x", ("x: signal",), "reverse(x): reverse needs a kernel whose taps are known, as k: kernel[c]"),
    ("reverse(mul(ones(2), ones(3))) == k", (), "reverse needs a sum or product of sequences of one extent"),
    ("reverse(k + 0*ones(5)) == k", ("k: kernel[2]",), "reverse needs a sum or product of sequences of one extent"),
    ("reverse(y) == k", ("y = k + up(k, 2)",), "reverse needs a sum or product of sequences of one extent"),
    ("reverse(down(k, 2)) == k", (), "reverse(down(k, 2)): reverse needs a kernel whose taps are known"),
    ("conv(ones(c), x) == sum(x[n - a] for a in range(c))", (), "n is no index here, for the sides are sequences"),
    ("iverson(n % 2 == 0)*x == up(down(x, 2), 2)", (), "write (…)[n] on both sides, or declare 'n: integer'"),
    ("korr(x, k) == x", (), "korr is not known; did you mean corr?"),
    ("x^2 == x", (), "x ^ 2: write powers with **"),
    ("x/a == x", (), "a: only division by a non-zero number, or by sizes, is known"),
    ("x/0 == x", (), "0: only division by a non-zero number, or by sizes, is known"),
    ("x**2 == x", ("x: signal",), "x ** 2: a base that may be negative is written abs(x)"),
    ("a**100*x == x", (), "a ** 100: a number to a power from 0 to 64 is known"),
    ("relu(x, y) == x", (), "relu(x, y): relu takes 1 operand, not 2"),
    ("f == x", ("f: function",), "f is a function: write f(x)"),
    # integers
    ("corr(x, k, stride=0) == x", (), "corr(x, k, stride=0): a stride must be at least 1, not 0"),
    ("corr(x, k, dilation=-1) == x", (), "a dilation must be at least 1, not -1"),
    ("corr(x, k, padding=-1) == x", (), "corr(x, k, padding=-1): padding must be at least 0, not -1"),
    ("down(x, 0) == x", (), "down(x, 0): a factor must be at least 1, not 0"),
    ("corr(x, k, stride=1/2) == x", (), "1 / 2 is not an integer polynomial"),
    ("conv(x, k) == down(x, k)", (), "k is a kernel and cannot stand where an integer belongs"),
    ("down(x, a) == x", ("a: number",), "a is a number and cannot stand where an integer belongs"),
    ("sum(down(x, i) for i in range(3)) == x", (), "a factor must be at least 1, not i"),
    ("x[y[n]] == x[n]", (), "y[n] stands where an integer belongs"),
    ("x[1:2] == x[0]", (), "1:2 is not an integer polynomial"),
    # axes
    ("x == y", ("x: signal[N]", "y: signal[N, M]"), "the left side has one axis"),
    ("conv(x, k) == x", ("x: signal", "k: kernel[c, c]", "y: signal[:]"), "conv(x, k): one side has"),
    ("x + y == x", ("x: signal[N]", "y: signal[N, M]"), "one side has one axis, the other 2 axes"),
    ("x[n, m] == x[n]", (), "x[n, m]: x has one axis but 2 subscripts"),
    ("x[n][m] == x[n]", (), "x[n] has no axes but 1 subscript"),
    ("down(x, (2, 3)) == x", ("x: signal[N]",), "down(x, (2, 3)): (2, 3) has 2 entries for one axis"),
    # explicit kernels
    ("conv(x, ones()) == x", (), "ones(): ones takes an extent, or one per axis, as in ones((2, 3))"),
    ("conv(x, ones(0)) == x", (), "ones(0): an extent must be at least 1, not 0"),
    ("conv(x, taps()) == x", (), "taps(): write taps(1/2, 1, 1/2) or array([[1, 2], [3, 4]])"),
    ("conv(x, array(1, 2)) == x", (), "array(1, 2): write taps(1/2, 1, 1/2) or array([[1, 2], [3, 4]])"),
    ("conv(x, array([[1, 2], [3]])) == x", (), "array([[1, 2], [3]]): the rows differ in length"),
    ("conv(x, array([[], []])) == x", (), "array([[], []]): there are no taps in it"),
    ("conv(x, taps(a, 1)) == x", ("a: number",), "a: explicit taps are numbers"),
    # sums
    ("sum(x, y) == x", (), "sum(x, y): write sum(k[a]*x[n - a] for a in range(c)), or 'for a in Z' for all of Z"),
    ("sum(x[a] for a in y) == x[0]", (), "y: an index runs over range(a, b) or over Z"),
    ("sum(x[a] for a in range(1, 9, 2)) == x[0]", (), "range(1, 9, 2): an index runs over range(a, b) or over Z"),
    ("sum(x[a] for a, b in Z) == x[0]", (), "(a, b): one index name belongs here"),
    ("sum(x[a] for a in Z) == x[0]", (), "the sum over a may have infinitely many terms: a kernel, a range or"),
    ("sum(k[a + b] for a in Z for b in Z) == x[0]", ("k: kernel[c]",), "the sum over a, b may have infinitely many"),
    ("sum(x[a] for a in Z if a >= 0) == x[0]", (), "the sum over a may have infinitely many terms"),
    ("iverson(3)*x == x", (), "3 is not a condition between integers"),
    ("iverson(x == y)*x[n] == x[n]", (), "x is a signal and cannot stand where an integer belongs"),
    ("iverson(n % 0 == 0)*x[n] == x[n]", (), "the modulus in n % 0 must be at least 1"),
    # names and let lines
    ("_x == y", (), "_x cannot be used as a name here"),
    ("κ == y", (), "κ cannot be used as a name here"),
    ("x == y", ("Z: signal",), "Z cannot be declared"),
    ("x == y", ("x",), "'x' is not a declaration: write 'k: kernel[c]' or 'y = corr(x, k)'"),
    ("x == y", ("x: signal; import os",), "is not a declaration"),
    ("x == y", ("x: signal", "x: kernel[c]"), "x is declared twice"),
    ("x == y", ("x: tensor",), "tensor is no kind of name; known are signal, kernel, number"),
    ("x == y", ("x: kernel",), "x: say how many taps, as in 'x: kernel[c]'"),
    ("x == y", ("x: kernel[0]",), "x: an extent must be at least 1, not 0"),
    ("x == y", ("x: kernel[1:]",), "x: write kernel[a:b] for the places a to b-1, or ':' for all"),
    ("x == y", ("a: size[3]",), "a: a size has no extents"),
    ("x == y", ("K[2] = x[2]",), "the left side of a definition has index names in brackets"),
    ("x == y", ("K[i, i] = x[i]",), "the left side of a definition has index names in brackets"),
    ("x == y", ("x: signal", "K[i] = x"), "x: the value at i must be a number"),
    ("y == x", ("y = conv(y, k)",), "y is not known: declare or define it"),
]  # fmt: skip


@pytest.mark.parametrize(("line", "declared", "message"), REFUSED, ids=[f"{c} {'; '.join(d)}" for c, d, _ in REFUSED])
def test_refused(line: str, declared: tuple[str, ...], message: str) -> None:
    with pytest.raises(StatementError) as error:
        read_statement(line, declared)
    assert message in str(error.value)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize(
    ("assumed", "message"),
    [
        ("s", "s is not an assumption: write a comparison, or gcd(s, t) == 1"),
        ("s = 2", "the assumption is not well formed at column 3"),
        ("s >= 2.5", "2.5 is not an integer polynomial"),
        ("q >= 2", "q is not known: declare it, for example with --let 'q: size'"),
        ("x >= y", "x >= y: between sequences only == can be assumed yet"),
        ("x > 0", "x > 0: a signal has entries that are 0; assume x >= 0"),
        ("a >= 2", "a is a number and cannot stand where an integer belongs"),
        ("s < 1", "no sizes were found that satisfy the assumptions: the claim would say nothing"),
        ("2*s == 3", "no sizes were found that satisfy the assumptions: the claim would say nothing"),
        ("s < t < s + 1", "no sizes were found that satisfy the assumptions: the claim would say nothing"),
        ("s % 0 == 0", "the modulus in s % 0 must be at least 1"),
    ],
)
def test_refused_assumptions(assumed: str, message: str) -> None:
    with pytest.raises(StatementError) as error:
        read_statement("a*down(up(x, s), t) == a*x", (), (assumed,))
    assert message in str(error.value)


def kinds(line: str, declared: tuple[str, ...] = (), assumed: tuple[str, ...] = ()) -> dict[str, str]:
    return {d.name: d.kind for d in read_statement(line, declared, assumed).declarations.values()}


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("x == y", {"x": "signal", "y": "signal"}),
        ("conv(x, k) == x", {"x": "signal", "k": "kernel", "c": "size"}),
        ("conv(k, h) == conv(h, k)", {"k": "kernel", "h": "kernel", "c": "size", "e": "size"}),
        ("conv(x, conv(k, up(h, s))) == x",
         {"x": "signal", "k": "kernel", "h": "kernel", "s": "size", "c": "size", "e": "size"}),
        ("conv(c, k) == c", {"c": "signal", "k": "kernel", "e": "size"}),
        ("corr(x, k, stride=s, dilation=d, padding=p) == x",
         {"x": "signal", "k": "kernel", "s": "size", "d": "size", "p": "natural", "c": "size"}),
        ("corr(x, k, padding=s, stride=s) == x", {"x": "signal", "k": "kernel", "s": "size", "c": "size"}),
        ("shift(x, m) == x", {"x": "signal", "m": "integer"}),
        ("a*relu(x) == relu(a*x)", {"a": "number", "x": "number"}),
        ("a*flip(x) + b*x == x", {"a": "number", "b": "number", "x": "signal"}),
        ("x[n - m] == a*x[n]", {"x": "signal", "n": "integer", "m": "integer", "a": "number"}),
        ("sum(x[i] for i in range(N)) == x[0]", {"x": "signal", "N": "integer"}),
        ("conv(x, ones(c)) == x", {"x": "signal", "c": "size"}),
    ],
)  # fmt: skip
def test_what_a_name_is_follows_from_where_it_stands(line: str, expected: dict[str, str]) -> None:
    assert kinds(line) == expected


def test_a_factor_is_never_a_size() -> None:
    """Else a*relu(x) == relu(a*x) would be proved, which is false at a = −1."""
    assert kinds("a*x == x*a")["a"] == "number"
    assert kinds("a*down(x, s) == x", (), ("s >= 2",)) == {"a": "number", "x": "signal", "s": "size"}


def test_extents_are_sizes_and_ends_of_two_sided_kernels_natural() -> None:
    assert kinds("x == y", ("x: signal[2*N]",))["N"] == "size"
    assert kinds("x == y", ("k: kernel[-l:l+1]",))["l"] == "natural"


def test_what_is_tacit_is_printed() -> None:
    statement = read_statement("conv(x, k) == x")
    assert lets(statement) == ["x: signal", "k: kernel[c]", "c: size"]
    assert all(d.tacit for d in statement.declarations.values())
    assert not read_statement("x == x", ("x: signal",)).declarations["x"].tacit


def test_ranks() -> None:
    plane = read_statement("conv(x, k) == conv(k, x)", ("x: signal[H, W]",))
    assert declaration(plane.declarations["k"]) == "k: kernel[c, e]"
    assert plane.rank == 2
    assert read_statement("down(x, (2, 3)) == x").rank == 2
    assert read_statement("x[n, m] == y[m, n]").declarations["y"].rank == 2
    assert rank(read_expression("x").lhs) == 1


def test_delta_takes_the_rank_of_its_place() -> None:
    statement = read_statement("conv(delta, x) == x + delta", ("x: signal[N, M]", "z: signal[:]"))
    assert statement.lhs == Conv(Delta(2), Name("x", 2))
    assert read_statement("delta == conv(delta, delta)").rank == 1


def test_one_stride_for_all_axes_or_one_for_each() -> None:
    e = read_expression("corr(x, k, stride=s, dilation=(2, t))", ("x: signal[:, :]",)).lhs
    assert e == Corr(Name("x", 2), Name("k", 2), (S, S), (const(2), T), (const(0), const(0)))
    assert read_expression("ones((2, 1))").lhs == Ones((const(2), ONE))


@pytest.mark.parametrize(
    ("line", "tacit"),
    [
        ("down(x, s - 1) == x", ["s >= 2"]),
        ("corr(x, k, padding=p - s) == x", ["p >= s"]),
        ("conv(x, ones(c - s)) == x", ["c >= s + 1"]),
        ("iverson(n % (s - 1) == 0)*x[n] == x[n]", ["s >= 2"]),
        ("down(x, s*t) == x", []),
        ("corr(x, k, stride=s + 1, padding=s - 1) == x", []),
        ("shift(x, m - 3) == x", []),
    ],
)
def test_what_the_sizes_must_meet_is_assumed_and_said(line: str, tacit: list[str]) -> None:
    statement = read_statement(line, ("x: signal", "s: size", "t: size", "p: natural", "c: size", "n: integer"))
    assert assumptions(statement) == tacit


def test_assumptions() -> None:
    assumed = ("gcd(s, t) == 1", "2 <= s < t", "s != 3", "t % s == 1")
    statement = read_statement("down(up(x, s), t) == x", (), assumed)
    assert statement.assumptions == (
        Coprime(S, T), Ge(S - 2), Ge(T - S - 1), Unequal(S - 3), Divides(S, T - 1), Ge(S - 2)
    )  # fmt: skip
    assert statement.facts.coprime(S, T)
    assert statement.facts.at_least_one(T - S)


def test_an_assumed_value_of_a_size() -> None:
    statement = read_statement("down(x, s) == down(x, t)", (), ("s == t + 1",))
    assert statement.assumptions == (Eq(S - T - 1),)
    assert statement.facts.equations == (("s", T + 1),)


def test_an_unknown_kernel_has_unknown_ends() -> None:
    statement = read_statement("conv(x, K) == up(x, 2)", (), (), unknown="K")
    assert statement.declarations["K"].ranges == ((var("_lo"), var("_hi")),)


def test_definitions_carry_their_support() -> None:
    statement = read_statement("conv(x, y) == x", ("y = conv(k, up(h, 2))", "k: kernel[c]", "h: kernel[e]"))
    assert statement.facts.supports["y"] == ((const(0), var("c") + 2 * var("e") - 3),)
    assert "y" in statement.facts.finite


def test_a_definition_used_as_a_kernel_makes_kernels() -> None:
    assert kinds("conv(x, y) == x", ("y = conv(k, h)",))["k"] == "kernel"


FILE = """
# two layers
let k: kernel[c]     # taps
let y = corr(x, k, stride=2)

assume c >= 2
claim corr(y, k) == corr(y, k)
"""


def test_a_claim_file() -> None:
    line, declared, assumed = read_file(FILE)
    assert (line, declared, assumed) == (
        "corr(y, k) == corr(y, k)", ["k: kernel[c]", "y = corr(x, k, stride=2)"], ["c >= 2"]
    )  # fmt: skip
    assert claim(read_statement(line, declared, assumed)) == "corr(y, k) == corr(y, k)"


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", "the claim file has 0 claims: it needs exactly one line 'claim left == right'"),
        ("claim x == x\nclaim y == y", "the claim file has 2 claims"),
        ("claim x == x\n\nprove y", "line 3 begins with 'prove': write let, assume or claim"),
        ("#" * 200_001, "the claim file has 200001 characters; at most 200000 are read"),
    ],
    ids=["none", "two", "another word", "long"],
)
def test_refused_files(content: str, message: str) -> None:
    with pytest.raises(StatementError) as error:
        read_file(content)
    assert message in str(error.value)


def test_a_multiple_of_delta_is_a_kernel() -> None:
    statement = read_statement("conv(x, a*delta) == a*x")
    assert "k" not in statement.declarations
    assert {d.name: d.kind for d in statement.declarations.values()} == {"x": "signal", "a": "number"}


def test_an_option_is_given_once() -> None:
    with pytest.raises(StatementError):
        read_statement("corr(x, k, stride=2, stride=3) == x")


def test_a_declared_extent_is_at_least_1() -> None:
    assert assumptions(read_statement("conv(x, k) == x", ("k: kernel[c - 5]",))) == ["c >= 6"]


@pytest.mark.parametrize("written", [
    "(c*step(a))**2 == a", "(-a)**2 == a", "(a/c)**2*c == a", "a/c*c == a", "a*(1/c)*c == a", "a/c/e == a",
    "(a + b)**3 == a", "abs(a)**(p/q) == a", "abs(m)**2 == a", "abs(m)**0 == a", "max(a*u for u in range(c)) <= b",
    "peak((a*u for u in range(c) for v in range(e)), 0, m) == a", "mul(x, x)/c == x", "(c + e)//e == a",
    "limit(abs(x)**(p/p), p) == x",
])  # fmt: skip
def test_powers_quotients_and_maxima_are_read_back_as_they_are_written(written: str) -> None:
    """The text of a claim is the claim, so a certificate is about what was proved."""
    declared = ("a: number", "b: number", "c: size", "e: size", "p: size", "q: size", "m: integer", "x: signal")
    statement = read_statement(written, declared)
    again = read_statement(claim(statement), lets(statement), assumptions(statement))
    assert (again.lhs, again.rhs, again.relation, again.towards) == (
        statement.lhs, statement.rhs, statement.relation, statement.towards,
    )  # fmt: skip


def test_the_0th_power_is_1_of_integers_as_of_numbers() -> None:
    for base in ("m", "x[m]", "a"):
        lhs = read_statement(f"abs({base})**0 == 1", ("m: integer", "x: signal", "a: number")).lhs
        assert isinstance(lhs, Power)
