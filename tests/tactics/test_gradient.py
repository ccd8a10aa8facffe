"""Gradients and adjoints: proved and equal to exact derivatives, wrong ones never proved, written sums as Python."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from dataclasses import replace
from fractions import Fraction
from itertools import product
from typing import Any

import pytest

from symconv.errors import StatementError
from symconv.expr.claim import check, read_statement
from symconv.expr.evaluate import Evaluator, Place
from symconv.expr.nodes import Adjoint, Expr, Grad, Name, rank
from symconv.expr.statement import Statement
from symconv.expr.text import lets as lines
from symconv.expr.text import text
from symconv.expr.traverse import walk
from symconv.proof.certificate import certificate
from symconv.proof.certificate import check as check_certificate
from symconv.tactics.explicit import as_text, written
from symconv.tactics.gradient import gradient, gradient_statement
from symconv.tactics.prove import prove
from symconv.tactics.verdict import Answer, Result

NUMBERS = {"z": Fraction(3, 2), "a": Fraction(-2)}
SIZES = (
    {"s": 2, "t": 3, "d": 1, "p": 1, "q": 0, "c": 2, "e": 2, "u": 1, "G": 2, "C": 1, "F": 2, "M": 1, "N": 3, "H": 2},
    {"s": 3, "t": 2, "d": 2, "p": 0, "q": 2, "c": 3, "e": 1, "u": 2, "G": 1, "C": 2, "F": 1, "M": 2, "N": 2, "H": 1},
)


def sample(name: str, place: Place) -> Fraction:
    """Values without pattern, of both signs and not 0, the same in every run."""
    code = sum(map(ord, name))
    for i in place:
        code = (code * 31 + i * i * 7 + i * 19 + 7) % 1009
    return Fraction(code % 17 - 8 or 5)


def sizes_of(statement: Statement, sizes: Mapping[str, int]) -> dict[str, int]:
    return {name: sizes.get(name, 2) for name in statement.integers}


def evaluator(statement: Statement, sizes: Mapping[str, int]) -> Evaluator:
    return Evaluator(statement, sizes_of(statement, sizes), NUMBERS, sample)


def places(statement: Statement, sizes: Mapping[str, int], most: int = 6) -> list[Place]:
    """Some places at which the sides are compared."""
    values = sizes_of(statement, sizes)
    axes = [range(-1, 3) if ends is None else range(ends[0].evaluate(values), ends[1].evaluate(values) + 1)
            for ends in statement.places]  # fmt: skip
    found = list(product(*axes))
    return found[:: -(-len(found) // most)]


def differ(statement: Statement, one: Expr, other: Expr) -> bool:
    """Whether two expressions differ at some small sizes and places."""
    for sizes in SIZES:
        values = evaluator(statement, sizes)
        for n in places(statement, sizes, 30):
            if values.number(one, n if rank(one) else ()) != values.number(other, n if rank(other) else ()):
                return True
    return False


def found(e: str, by: str, lets: tuple[str, ...] = (), assume: tuple[str, ...] = (), kind: str = "grad") -> Result:
    """The gradient, proved, with its certificate checked and its values those of the exact derivative."""
    statement = gradient_statement(e, by, lets, assume, kind)
    assert isinstance(statement.lhs, Grad | Adjoint)
    result = gradient(statement)
    assert result.verdict == "proved", text(statement.lhs)
    assert result.theorem is not None
    assert result.answer is not None
    closed = result.answer.closed
    assert not any(isinstance(part, Grad | Adjoint) for _, part in walk(closed))
    assert check_certificate(certificate(result.theorem)).steps == result.theorem.steps
    compared = 0
    for sizes in SIZES:
        for n in places(result.statement, sizes):
            values = evaluator(result.statement, sizes)
            try:
                exact = values.number(result.statement.lhs, n)
            except StatementError:  # Too much work.
                continue
            assert values.number(closed, n if rank(closed) else ()) == exact, (text(closed), sizes, n)
            compared += 1
    assert compared
    return result


# The list of the issue

LAYER = "corr(x, k, stride=s, dilation=d, padding=p)"
BOTH = "conv2d(x, w, stride=(s, t), padding=(p, q), groups=G)"
DEEP = "relu(corr(relu(corr(x, k, stride=s)), h, stride=t))"
ISSUE: list[tuple[str, str, str]] = [
    (LAYER, "x", "shift(conv(up(g, s), up(k, d)), -p)"),
    (LAYER, "k", "corr(x, g, stride=d, dilation=s, padding=p)"),
    ("corr(corr(x, k, stride=2), k, stride=2)", "k",
     "corr(x, conv(up(g, 2), k), dilation=2) + corr(corr(x, k, stride=2), g, dilation=2)"),
    (BOTH, "x", "conv_transpose2d(g, w, stride=(s, t), padding=(p, q), groups=G)"),
    (BOTH, "w", "conv2d_weight(x, g, stride=(s, t), padding=(p, q), groups=G)"),
    ("conv1d(x, w, bias=b)", "x", "conv_transpose1d(g, w)"),
    ("conv1d(x, w, bias=b)", "w", "conv1d_weight(x, g)"),
    ("conv_transpose1d(x, w, stride=s, dilation=d)", "x", "conv1d(g, w, stride=s, dilation=d)"),
    ("down(x, s)", "x", "up(g, s)"), ("up(x, s)", "x", "down(g, s)"), ("flip(x)", "x", "flip(g)"),
    ("shift(x, 2)", "x", "shift(g, -2)"), ("relu(x)", "x", "mul(step(x), g)"), ("3*x", "x", "3*g"),
    ("pixel_shuffle(x, 2)", "x", "pixel_unshuffle(g, 2)"),
]  # fmt: skip


@pytest.mark.parametrize(("e", "by", "closed"), ISSUE)
def test_gradients_have_the_closed_form_that_people_write(e: str, by: str, closed: str) -> None:
    lets = ("x: signal",) if e.startswith(("down", "up", "flip", "shift", "relu", "3")) else ()
    answer = found(e, by, lets).answer
    assert answer is not None
    assert text(answer.closed) == closed
    assert answer.name == f"grad_{by}"


@pytest.mark.parametrize("by", ["x", "k", "h"])
def test_gradients_through_two_strided_layers_with_relu(by: str) -> None:
    found(DEEP, by)


@pytest.mark.parametrize(("e", "by", "lets"), [
    ("conv1d(x, w, bias=b)", "b", ()), (f"{BOTH[:-1]}, bias=b)", "b", ()),
    ("inner(conv(x, k), conv(x, k))", "k", ("x: signal[N]", "k: kernel[3]")),
    ("z*z*conv(x, k)", "z", ()), ("x[2]*x[3]*z", "x", ("x: signal", "z: number")), ("z*x[2]", "z", ()),
    ("conv(x + z, k)", "z", ("z: number", "k: kernel[c]")),
    ("depthwise1d(x, w, stride=s)", "w", ()), ("pointwise(x, w, bias=b)", "w", ("x: signal[C, :]",)),
    ("cat([conv1d(x, w), conv1d(x, v)])", "w", ()),
    ("scale(conv1d(x, w), a)", "a", ("a: kernel[F]",)), ("permute(x, (1, 0))", "x", ("x: signal[2, :]",)),
    ("conv1d(conv1d(x, w), v)", "w", ()), ("f(conv(x, k))", "k", ("f: function",)),
    ("abs(conv(x, k))", "x", ()), ("avg_pool1d(x, 2)", "x", ("x: signal[C, :]",)),
    ("upsample_nearest(x, 2)", "x", ("x: signal",)), ("conv1d(x, w)", "x", ("x: signal[N, C, :]",)),
    ("conv1d(x, w)", "w", ("x: signal[N, C, :]",)), ("relu(corr(D, k))", "k", ("D = conv(x, k)",)),
])  # fmt: skip
def test_other_gradients(e: str, by: str, lets: tuple[str, ...]) -> None:
    if by == "z" and "z: number" not in lets:
        lets = (*lets, "z: number")
    found(e, by, lets)


@pytest.mark.parametrize(("e", "by"), [
    ("conv2d(x, w, stride=s, dilation=d)", "x"), ("conv2d(x, w, stride=s, dilation=d)", "w"), (LAYER, "x"),
    (LAYER, "k"), ("conv_transpose1d(x, w, stride=2)", "x"),
])  # fmt: skip
def test_adjoints(e: str, by: str) -> None:
    answer = found(e, by, kind="adjoint").answer
    assert answer is not None
    assert answer.name == f"adjoint_{by}"


IMAGE = ("x: signal[C, :, :]", "w: kernel[F, C, c, e]", "g: kernel[F, H, W]")
CHANNELS = ("x: signal[C, :]", "w: kernel[D, C]", "v: kernel[F, D, c]", "b: kernel[D]", "e: kernel[F]")
AFTER = ("x: signal[C, :]", "w: kernel[F, D]", "v: kernel[D, C, c]", "b: kernel[D]", "e: kernel[F]")
MERGED = "V[o, i, m] = sum(v[o, j, m]*w[j, i] for j in range(D))"
MERGED_AFTER = "V[o, i, m] = sum(w[o, j]*v[j, i, m] for j in range(D))"
BLOCKS = "V[o, i, m] = sum(iverson(o >= M*u)*iverson(o <= M*u + M - 1)*w[o, i - C*u, m] for u in range(G))"
STRIDED = "conv2d(x, w, stride=s, dilation=d)"
Claim = tuple[str, tuple[str, ...], tuple[str, ...]]
PROVED: list[Claim] = [
    ("diff(conv(x, w)[i - l], x[i]) == w[-l]", ("w: kernel[-l:l+1]",), ()),
    ("diff(conv(x, w)[i], x[i - l]) == w[l]", ("w: kernel[-l:l+1]",), ()),
    (f"inner({STRIDED}, g) == inner(x, adjoint({STRIDED}, x, g))", (), ()),
    (f"inner({STRIDED}, g) == inner(x, conv_transpose2d(g, w, stride=s, dilation=d))", IMAGE, ()),
    ("relu(a*x) == a*relu(x)", ("a: number", "x: signal"), ("a >= 0",)),
    ("abs(a*n*x) == a*n*abs(x)", ("a: number", "x: signal", "n: natural"), ("a >= 0",)),
    ("conv1d(x, cat([w, v])) == cat([conv1d(x, w), conv1d(x, v)])",
     ("x: signal[C, :]", "w: kernel[F, C, c]", "v: kernel[H, C, c]"), ()),
    ("conv1d(cat([x, y]), cat([w, v], dim=1)) == conv1d(x, w) + conv1d(y, v)",
     ("x: signal[C, :]", "y: signal[D, :]", "w: kernel[F, C, c]", "v: kernel[F, D, c]"), ()),
    ("conv1d(x, w, groups=G) == conv1d(x, V)", ("x: signal[C*G, :]", "w: kernel[G*M, C, c]", BLOCKS), ()),
    ("conv1d(pointwise(x, w), v) == conv1d(x, V)", (*CHANNELS, MERGED), ()),
    ("conv1d(pointwise(x, w, bias=b), v, bias=e) == conv1d(x, V, bias=B)",
     (*CHANNELS, MERGED, "B[o] = e[o] + sum(v[o, j, m]*b[j] for j in range(D) for m in range(c))"), ()),
    ("pointwise(conv1d(x, v, bias=b), w, bias=e) == conv1d(x, V, bias=B)",
     (*AFTER, MERGED_AFTER, "B[o] = e[o] + sum(w[o, j]*b[j] for j in range(D))"), ()),
]  # fmt: skip
REFUTED: list[Claim] = [
    ("diff(conv(x, w)[i - l], x[i]) == w[l]", ("w: kernel[-l:l+1]",), ()),
    (f"inner({STRIDED}, g) == inner(x, conv_transpose2d(g, w, stride=s))", IMAGE, ()),
    (f"inner({STRIDED}, g) == inner(x, conv_transpose2d(g, w, stride=d, dilation=s))", IMAGE, ()),
    ("conv_transpose1d(conv1d(x, w), w) == x", (), ()),
    ("conv_transpose1d(conv1d(x, w, stride=2), w, stride=2) == x", (), ()),
    ("relu(a*x) == a*relu(x)", ("a: number", "x: signal"), ()),
    ("conv1d(x, cat([w, v])) == cat([conv1d(x, v), conv1d(x, w)])",
     ("x: signal[C, :]", "w: kernel[F, C, c]", "v: kernel[H, C, c]"), ()),
    ("conv1d(x, w, groups=G) == conv1d(x, V)",
     ("x: signal[C*G, :]", "w: kernel[G*M, C, c]", BLOCKS.replace("i - C*u", "i - M*u")), ()),
    ("conv1d(pointwise(x, w, bias=b), v, bias=e) == conv1d(x, V, bias=B)", (*CHANNELS, MERGED, "B[o] = e[o]"), ()),
    ("pointwise(conv1d(x, v, bias=b), w, bias=e) == conv1d(x, V, bias=B)",
     (*AFTER, MERGED_AFTER, "B[o] = e[o] + sum(b[j] for j in range(D))"), ()),
    ("pointwise(conv1d(x, v), w) == conv1d(pointwise(x, w), v)",
     ("x: signal[C, :]", "w: kernel[C, C]", "v: kernel[C, C, c]"), ()),
]  # fmt: skip


@pytest.mark.parametrize(("claim", "lets", "assume"), PROVED)
def test_claims_about_layers_are_proved(claim: str, lets: tuple[str, ...], assume: tuple[str, ...]) -> None:
    result = prove(read_statement(claim, lets, assume))
    assert result.verdict == "proved"
    assert result.theorem is not None
    assert check_certificate(certificate(result.theorem)).steps == result.theorem.steps


@pytest.mark.parametrize(("claim", "lets", "assume"), REFUTED)
def test_false_claims_about_layers_are_refuted(claim: str, lets: tuple[str, ...], assume: tuple[str, ...]) -> None:
    result = prove(read_statement(claim, lets, assume), 20)
    assert result.verdict == "refuted"
    assert result.counterexample is not None
    assert result.counterexample.left != result.counterexample.right


def test_a_gradient_through_cat_by_what_both_parts_read() -> None:
    found("cat([conv1d(x, w), conv1d(x, v)])", "x")


def test_a_gradient_of_a_pooled_signal() -> None:
    found("avg_pool1d(x, 2)", "x", ("x: signal",))


@pytest.mark.xfail(strict=True, reason="a = 0 is not tried for a number a that is assumed to be at least 0")
def test_a_law_that_fails_at_the_corner_alone_is_refuted() -> None:
    statement = read_statement("diff(relu(a*x[0]), a) == relu(x[0])", ("a: number",), ("a >= 0",))
    values = Evaluator(statement, {}, {"a": Fraction(0)}, lambda *_: Fraction(1))
    assert values.number(statement.lhs) != values.number(statement.rhs)
    assert prove(statement, 1.0).verdict == "refuted"


# Random compositions

LETS = ("x: signal", "y: signal", "k: kernel[c]", "h: kernel[2]", "z: number", "f: function")


class Author:
    """Writes an expression at random."""

    def __init__(self, seed: int) -> None:
        self.draw = random.Random(seed)

    def options(self) -> str:
        out = [f"{name}={self.draw.choice(('2', '3', letter))}"
               for name, letter in (("stride", "s"), ("dilation", "d"), ("padding", "p"))
               if self.draw.random() < 0.4]  # fmt: skip
        return "".join(f", {o}" for o in out)

    def kernel(self) -> str:
        return self.draw.choice(("k", "h", "k", "flip(k)", "up(k, 2)", "conv(k, h)", "reverse(k)"))

    def write(self, depth: int) -> str:
        if not depth:
            return "x"
        inner = self.write(depth - 1)
        match self.draw.randrange(11):
            case 0 | 1:
                return f"corr({inner}, {self.kernel()}{self.options()})"
            case 2:
                return f"conv({inner}, {self.kernel()})"
            case 3:
                return f"up({inner}, {self.draw.choice(('2', 's'))})"
            case 4:
                return f"down({inner}, {self.draw.choice(('2', 's'))})"
            case 5:
                return f"shift({inner}, {self.draw.choice(('1', '-2', 'p'))})"
            case 6:
                return f"flip({inner})"
            case 7:
                return f"{self.draw.choice(('relu', 'relu', 'abs', 'f'))}({inner})"
            case 8:
                return f"({inner} + {self.write(depth - 1)})"
            case 9:
                return f"{self.draw.choice(('3', 'z', '-1'))}*{inner}"
            case _:
                return f"mul({self.draw.choice(('y', 'x', 'shift(x, 1)'))}, {inner})"


def names_in(e: str) -> list[str]:
    bare = e.replace("stride", "").replace("flip", "").replace("shift", "").replace("relu", "").replace("reverse", "")
    return [name for name in "xkhz" if name in bare]


@pytest.mark.parametrize("seed", range(40))
def test_gradients_of_random_compositions(seed: int) -> None:
    author = Author(seed)
    e = author.write(author.draw.randint(1, 3))
    for by in names_in(e):
        found(e, by, LETS)


MUTATIONS = [
    ("stride", "dilation"), (", padding=p", ""), (", padding=2", ""), (", -p)", ", p)"), ("conv(", "corr("),
    ("corr(", "conv("), ("up(g, ", "down(g, "), ("step(", "sign("), (" + ", " - "), ("stride=2", "stride=3"),
    ("dilation=2", "dilation=3"), ("dilation=s", "dilation=d"), ("flip(g)", "g"), ("3*", "2*"), ("z*", ""),
]  # fmt: skip


def variants(closed: str) -> Iterator[str]:
    """The text with one thing wrong; stride and dilation exchanged."""
    for old, new in MUTATIONS:
        if old == "stride":
            if "stride" in closed or "dilation" in closed:
                yield closed.replace("stride=", "@").replace("dilation=", "stride=").replace("@", "dilation=")
        elif old in closed:
            yield closed.replace(old, new, 1)


def wrong_ones(result: Result) -> Iterator[Statement]:
    """False statements that are almost that of a gradient; false by the exact derivative at small sizes."""
    assert result.answer is not None
    s = result.statement
    for wrong in variants(text(result.answer.closed)):
        try:
            other = read_statement(f"{text(s.lhs)} == {wrong}", tuple(lines(s)))
            check(other)
        except StatementError:
            continue
        if other.lhs == s.lhs and differ(other, s.lhs, other.rhs):
            yield other


@pytest.mark.parametrize(("e", "by"), [
    (LAYER, "x"), (LAYER, "k"), ("corr(corr(x, k, stride=2), k, stride=2)", "k"), (DEEP, "k"),
    ("relu(conv(up(x, s), k))", "x"), ("corr(x, k, stride=s, padding=2) + shift(3*flip(x), p)", "x"),
    (BOTH, "x"), (BOTH, "w"),
])  # fmt: skip
def test_wrong_gradients_are_never_proved(e: str, by: str) -> None:
    wrong = list(wrong_ones(found(e, by)))
    assert wrong
    for statement in wrong:
        assert prove(statement, 0.5).verdict != "proved", text(statement.rhs)


@pytest.mark.parametrize("seed", [*range(100, 108), *range(109, 112)])
def test_wrong_gradients_of_random_compositions_are_never_proved(seed: int) -> None:
    author = Author(seed)
    e = author.write(2)
    for by in names_in(e):
        for statement in wrong_ones(found(e, by, LETS)):
            assert prove(statement, 0.3).verdict != "proved", text(statement.rhs)


# Sums as they are written, evaluated by Python


class Entries:
    """A sequence in Python: 0 outside its support."""

    def __init__(self, values: Evaluator, name: str, d: int) -> None:
        self.values, self.name, self.d = values, name, d

    def __getitem__(self, place: Any) -> Fraction:
        return self.values.number(Name(self.name, self.d), place if isinstance(place, tuple) else (place,))


def python(answer: Answer, statement: Statement, sizes: Mapping[str, int], n: Place) -> Fraction:
    """The written sum by `eval`, with ranges, // and % as Python has them."""
    values = evaluator(statement, sizes)
    scope: dict[str, Any] = {
        **sizes_of(statement, sizes), **NUMBERS, "Z": range(-40, 41), "iverson": int, "range": range, "sum": sum,
        "relu": lambda v: max(v, 0), "step": lambda v: int(v > 0), "sign": lambda v: (v > 0) - (v < 0), "abs": abs,
        "f": lambda v: v * v + v - 3, "f_prime": lambda v: 2 * v + 1,
        **{d.name: Entries(values, d.name, d.rank) for d in statement.declarations.values() if d.rank},
        **dict(zip(answer.indices, n, strict=True)),
    }  # fmt: skip
    words = as_text(written(answer.formula, answer.indices, statement))
    return Fraction(eval(words, {"__builtins__": {}} | scope))


@pytest.mark.parametrize(("e", "by", "lets"), [
    (LAYER, "x", ()), (LAYER, "k", ()), ("corr(corr(x, k, stride=2), k, stride=2)", "k", ()),
    ("corr(corr(x, k, stride=s), h, stride=t)", "x", ()), ("conv(x, k)", "x", ()), ("up(x, s)", "x", ("x: signal",)),
    ("conv(x, w)", "x", ("w: kernel[-2:2]",)), ("down(conv(x, k), s)", "k", ()), ("relu(conv(x, k))", "x", ()),
    ("corr(up(x, s), k, stride=t)", "x", ()), ("corr(x, k, stride=s)", "x", ("x: signal[N]",)),
    ("conv2d(x, w, stride=(s, t), padding=(p, q))", "w", ()), (BOTH, "x", ()), (BOTH, "w", ()),
    ("conv1d(x, w, bias=b)", "b", ()), ("inner(conv(x, k), conv(x, k))", "k", ("x: signal[N]", "k: kernel[3]")),
    ("pixel_shuffle(x, 2)", "x", ()), ("depthwise1d(x, w, stride=s)", "x", ()),
    ("z*conv(x, k)", "z", ("z: number",)), ("flip(corr(x, k, stride=s, dilation=d))", "x", ()),
    ("corr(x, k, stride=2)/4", "x", ()),
])  # fmt: skip
def test_written_sums_are_python(e: str, by: str, lets: tuple[str, ...]) -> None:
    result = found(e, by, lets)
    assert result.answer is not None
    for sizes in SIZES:
        values = evaluator(result.statement, sizes)
        for n in places(result.statement, sizes, 4):
            assert python(result.answer, result.statement, sizes, n) == values.number(result.answer.closed, n), (
                sizes,
                n,
            )


@pytest.mark.parametrize(("e", "by", "words"), [
    (LAYER, "x", "sum(g[(n + p - a*d)//s]*k[a] for a in range(c) if (n + p - a*d) % s == 0)"),
    (LAYER, "k", "sum(g[i]*x[d*n + i*s - p] for i in Z)"),
    ("up(x, s)", "x", "g[n*s]"),
])  # fmt: skip
def test_sums_are_written_as_people_do(e: str, by: str, words: str) -> None:
    answer = found(e, by, ("x: signal",)).answer
    assert answer is not None
    assert as_text(written(answer.formula, answer.indices, gradient_statement(e, by, ("x: signal",), ()))) == words


# What has no gradient


@pytest.mark.parametrize(("e", "by", "message"), [
    ("conv(x, k)", "q", "q does not stand in"), ("conv(x, k)", "c", "does not stand in|is an integer"),
    ("conv(x, k)", "k[0]", "does not stand in"), ("conv(x, k)", "", "does not stand in"),
    ("conv(x, k", "k", ""), ("conv(x, k) == x", "k", ""), ("down(x, s)", "s", "does not stand in|is an integer"),
])  # fmt: skip
def test_misuse_gets_one_sentence(e: str, by: str, message: str) -> None:
    with pytest.raises(StatementError, match=message or None) as refusal:
        gradient_statement(e, by, (), ())
    assert "\n" not in str(refusal.value)


def test_only_gradients_have_a_closed_form() -> None:
    with pytest.raises(StatementError, match="this is not a gradient"):
        gradient(read_statement("conv(x, k) == 0*x"))


def test_the_upstream_gradient_has_a_free_name() -> None:
    statement = gradient_statement("conv(g, v)", "g", ("g: signal", "v: kernel[3]"), ())
    assert text(statement.lhs) == "grad(conv(g, v), g, u)"
    assert text(gradient_statement("inner(x, k)", "k", (), ()).lhs) == "grad(inner(x, k), k, 1)"
    assert replace(statement, rhs=statement.lhs) != statement


def test_a_factor_that_depends_on_the_place_is_not_left_without_its_index() -> None:
    result = gradient(gradient_statement("formula(n, n*x[n])", "x", (), (), "adjoint"))
    assert result.verdict == "proved"
    assert result.answer is not None
    assert text(result.answer.closed) == "formula(i, i*y[i])"


def test_the_adjoint_of_a_transposed_layer_has_no_output_padding() -> None:
    result = gradient(gradient_statement("conv_transpose1d(z, w, stride=2, output_padding=1)", "z", (), (), "adjoint"))
    assert result.answer is not None
    assert text(result.answer.closed) == "conv1d(y, w, stride=2)"
