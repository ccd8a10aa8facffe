"""Drawn claims: known laws are proved whatever the names, strides and layers; what is false by plain loops never is.

A claim is a pair of trees (tuples); `write` gives its text and `entry` its values, by loops over Fractions that use
nothing of the package.  Sizes in a tree are small Python expressions such as "s*2".
"""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterator
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from symconv.errors import RuleError
from symconv.expr.claim import read_statement
from symconv.expr.statement import Statement
from symconv.expr.text import text
from symconv.proof.certificate import certificate, check
from symconv.tactics.chain import Chain, Names, taken_names
from symconv.tactics.normal import normalise
from symconv.tactics.prove import prove, theorem

Tree = tuple[Any, ...]
Env = dict[str, int]
SIGNALS, KERNELS = ("x", "y"), ("k", "h", "g")
SIZES, SHIFTS, NUMBERS = ("s", "t", "u"), ("m", "l"), ("a", "b")
LETS = (
    *(f"{x}: signal" for x in SIGNALS), *(f"{k}: kernel[c{k}]" for k in KERNELS), *(f"{s}: size" for s in SIZES),
    *(f"{m}: integer" for m in SHIFTS), *(f"{a}: number" for a in NUMBERS),
)  # fmt: skip


# ---- trees as claim text, and as numbers


def write(e: Tree) -> str:
    match e:
        case ("name", name):
            return name
        case ("corr", x, k, s, d, p):
            return f"corr({write(x)}, {write(k)}, stride={s}, dilation={d}, padding={p})"
        case ("add", x, y):
            return f"({write(x)} + {write(y)})"
        case ("neg", x):
            return f"(-{write(x)})"
        case ("times", a, x):
            return f"({a}*{write(x)})"
        case (f, *parts):
            return f"{f}({', '.join(p if isinstance(p, str) else write(p) for p in parts)})"
    raise AssertionError(e)


def sample(name: str, n: int) -> Fraction:
    """Values without pattern, of both signs, the same in every run."""
    return Fraction((sum(map(ord, name)) * 37 + n * n * 5 + n * 11 + 7 * (n % 3)) % 23 - 11)


def number(size: str, env: Env) -> int:
    return int(eval(size, {}, dict(env)))


def taps(k: Tree, env: Env) -> dict[int, Fraction]:
    """The taps of a kernel expression."""
    out: dict[int, Fraction] = {}
    match k:
        case ("name", name):
            out = {i: sample(name, i) for i in range(env["c" + name])}
        case ("conv", f, g):
            for i, u in taps(f, env).items():
                for j, v in taps(g, env).items():
                    out[i + j] = out.get(i + j, Fraction(0)) + u * v
        case ("corr", f, g, s, d, p):
            stride, gap, zeros = (number(size, env) for size in (s, d, p))
            for i, u in taps(g, env).items():
                for j, v in taps(f, env).items():
                    n, rest = divmod(j + zeros - gap * i, stride)
                    if not rest:
                        out[n] = out.get(n, Fraction(0)) + u * v
        case ("up", f, s):
            out = {i * number(s, env): v for i, v in taps(f, env).items()}
        case ("down", f, s):
            out = {i // number(s, env): v for i, v in taps(f, env).items() if i % number(s, env) == 0}
        case ("flip", f):
            out = {-i: v for i, v in taps(f, env).items()}
        case ("shift", f, m):
            out = {i + number(m, env): v for i, v in taps(f, env).items()}
        case _:
            raise AssertionError(k)
    return out


def entry(e: Tree, n: int, env: Env) -> Fraction:
    """The value of a sequence at n."""
    match e:
        case ("name", name):
            return sample(name, n)
        case ("conv", x, k):
            return sum((v * entry(x, n - i, env) for i, v in taps(k, env).items()), Fraction(0))
        case ("corr", x, k, s, d, p):
            start, gap = number(s, env) * n - number(p, env), number(d, env)
            return sum((v * entry(x, start + gap * i, env) for i, v in taps(k, env).items()), Fraction(0))
        case ("down", x, s):
            return entry(x, number(s, env) * n, env)
        case ("up", x, s):
            step = number(s, env)
            return entry(x, n // step, env) if n % step == 0 else Fraction(0)
        case ("flip", x):
            return entry(x, -n, env)
        case ("shift", x, m):
            return entry(x, n - number(m, env), env)
        case ("add", x, y):
            return entry(x, n, env) + entry(y, n, env)
        case ("neg", x):
            return -entry(x, n, env)
        case ("times", a, x):
            return {"a": Fraction(3), "b": Fraction(-2, 5)}[a] * entry(x, n, env)
    raise AssertionError(e)


def instances() -> Iterator[Env]:
    """Concrete sizes, small ones first, then a few irregular ones."""
    draw = random.Random(7)
    counts = {"ck": 2, "ch": 3, "cg": 2}
    yield {**counts, "s": 1, "t": 1, "u": 1, "m": 0, "l": 1}
    yield {**counts, "s": 2, "t": 2, "u": 2, "m": 1, "l": -1}
    yield {**counts, "s": 2, "t": 3, "u": 1, "m": -2, "l": 3}
    for _ in range(4):
        yield {**{f"c{k}": draw.randint(2, 4) for k in KERNELS}, **{s: draw.randint(1, 4) for s in SIZES},
               **{m: draw.randint(-3, 3) for m in SHIFTS}}  # fmt: skip


def differs(left: Tree, right: Tree) -> bool:
    """Whether some instance tells the two apart."""
    return any(entry(left, n, env) != entry(right, n, env) for env in instances() for n in range(-4, 5))


# ---- the laws


def times(s: str, t: str) -> str:
    return t if s == "1" else s if t == "1" else f"({s})*({t})"


def plus(p: str, q: str) -> str:
    return q if p == "0" else p if q == "0" else f"{p} + ({q})"


def up(k: Tree, s: str) -> Tree:
    return k if s == "1" else ("up", k, s)


LINEAR = ("conv", "corr", "down", "up", "flip", "shift")


def laws(e: Tree) -> Iterator[Tree]:
    """What equals e by one textbook law at its root."""
    match e:
        case ("corr", ("corr", x, k, s, d, p), h, t, f, q):
            merged = ("conv", up(k, d), up(h, times(s, f)))
            yield ("corr", x, merged, times(s, t), "1", plus(p, times(s, q) if q != "0" else "0"))
    match e:
        case ("corr", x, k, s, d, p):
            yield ("corr", x, ("up", k, d), s, "1", p)
            yield ("down", ("conv", ("shift", x, p), ("flip", ("up", k, d))), s)
            yield ("corr", ("shift", x, p), k, s, d, "0")
        case ("conv", ("conv", x, k), h):
            yield ("conv", x, ("conv", k, h))
            yield ("conv", ("conv", x, h), k)
        case ("conv", x, ("conv", k, h)):
            yield ("conv", x, ("conv", h, k))
        case ("conv", ("down", x, s), k):
            yield ("down", ("conv", x, ("up", k, s)), s)
        case ("conv", x, k):
            yield ("corr", x, ("flip", k), "1", "1", "0")
        case ("up", ("conv", x, k), s):
            yield ("conv", ("up", x, s), ("up", k, s))
        case ("up", ("shift", x, m), s):
            yield ("shift", ("up", x, s), times(s, m))
        case ("down", ("up", x, s), t) if s == t:
            yield x
        case ("down", ("up", x, "2"), "3"):
            yield ("up", ("down", x, "3"), "2")
        case ("down", ("down", x, s), t) | ("up", ("up", x, s), t):
            yield (e[0], x, times(s, t))
        case ("shift", ("corr", x, k, s, d, p), m):
            yield ("corr", ("shift", x, times(s, m)), k, s, d, p)
        case ("shift", ("conv", x, k), m):
            yield ("conv", ("shift", x, m), k)
            yield ("conv", x, ("shift", k, m))
        case ("shift", ("down", x, s), m):
            yield ("down", ("shift", x, times(s, m)), s)
        case ("shift", ("shift", x, m), l):
            yield ("shift", x, plus(m, l))
        case ("flip", ("shift", x, m)):
            yield ("shift", ("flip", x), f"-({m})")
        case ("flip", ("conv", x, k)):
            yield ("conv", ("flip", x), ("flip", k))
        case ("flip", ("flip", x)):
            yield x
        case ("add", x, y):
            yield ("add", y, x)
    match e:
        case (f, ("add", x, y), *rest) if f in LINEAR:
            yield ("add", (f, x, *rest), (f, y, *rest))
        case (f, ("times", a, x), *rest) if f in LINEAR:
            yield ("times", a, (f, x, *rest))
        case (f, ("neg", x), *rest) if f in LINEAR:
            yield ("neg", (f, x, *rest))


def anywhere(e: Tree, change: Callable[[Tree], Iterator[Tree]]) -> Iterator[Tree]:
    """Every tree that one change at one place gives."""
    yield from change(e)
    for i, part in enumerate(e):
        if isinstance(part, tuple):
            for new in anywhere(part, change):
                yield (*e[:i], new, *e[i + 1 :])


def mistakes(e: Tree) -> Iterator[Tree]:
    """What people write instead."""
    match e:
        case ("corr", x, k, s, d, p):
            yield ("corr", x, k, f"{s} + 1", d, p)
            yield ("corr", x, k, s, f"{d} + 1", p)
            yield ("corr", x, k, s, d, f"{p} + 1")
            yield ("corr", x, k, d, s, p)
            yield ("corr", x, ("flip", k), s, d, p)
            yield ("down", ("conv", x, ("up", k, d)), s)
        case ("conv", x, k):
            yield ("corr", x, k, "1", "1", "0")
            yield x
        case ("down" | "up" | "shift" as f, x, s):
            yield (f, x, f"{s} + 1")
            yield x
            if f == "shift":
                yield (f, x, f"-({s})")
        case ("flip", x):
            yield x
        case ("add", x, y):
            yield ("add", x, ("neg", y))
            yield ("add", x, x)
        case ("times", a, x):
            yield ("times", "b" if a == "a" else "a", x)
            yield x
        case ("neg", x):
            yield x
        case ("name", name):
            group = SIGNALS if name in SIGNALS else KERNELS
            yield ("name", group[(group.index(name) + 1) % len(group)])
    match e:
        case (f, (g, x, *inner), *outer) if f in LINEAR and g in LINEAR and f != g:
            yield (g, (f, x, *outer), *inner)  # two operators in the wrong order


# ---- drawing claims

sizes = st.sampled_from(["1", "2", "3", "2", *SIZES, *SIZES, "2*s"])
shifts = st.sampled_from(["0", "1", "-2", *SHIFTS])
paddings = st.sampled_from(["0", "0", "1", "s", "2"])
names = st.sampled_from(KERNELS).map(lambda k: ("name", k))
kernels = st.one_of(names, names, st.tuples(st.just("conv"), names, names), st.tuples(st.just("up"), names, sizes),
                    st.tuples(st.just("shift"), names, shifts), st.tuples(st.just("flip"), names))  # fmt: skip


def layers(inner: st.SearchStrategy[Tree]) -> st.SearchStrategy[Tree]:
    corr = st.tuples(st.just("corr"), inner, kernels, sizes, sizes, paddings)
    return st.one_of(
        corr, corr, st.tuples(st.just("conv"), inner, kernels),
        st.tuples(st.sampled_from(["down", "up"]), inner, sizes),
        st.tuples(st.just("flip"), inner), st.tuples(st.just("shift"), inner, shifts),
        st.tuples(st.just("add"), inner, inner), st.tuples(st.just("times"), st.sampled_from(NUMBERS), inner),
        st.tuples(st.just("neg"), inner),
    )  # fmt: skip


trees: st.SearchStrategy[Tree] = st.recursive(st.sampled_from(SIGNALS).map(lambda x: ("name", x)), layers, max_leaves=3)


@st.composite
def claims(draw: st.DrawFn) -> tuple[Tree, Tree]:
    """A tree and what one to three laws make of it."""
    left = draw(trees)
    right = left
    for _ in range(draw(st.integers(1, 3))):
        found = sorted(set(anywhere(right, laws)), key=repr)
        if found:
            right = draw(st.sampled_from(found))
    assume(left != right)
    return left, right


def statement(left: Tree, right: Tree) -> Statement:
    return read_statement(f"{write(left)} == {write(right)}", LETS)


# ---- the properties


def judge(claim: Statement) -> bool:
    """Whether it is proved; a proof's certificate must replay."""
    found = theorem(claim)
    if found is None:
        return False
    data = json.loads(json.dumps(certificate(found)))
    assert check(data).steps == found.steps
    assert data["statement"]["claim"] == text(claim.lhs) + " == " + text(claim.rhs)
    return True


def is_proved(claim: Statement) -> bool:
    """Whether the search finds a proof; it may fail, but only as in `test_the_search_picks_fresh_names`."""
    try:
        return theorem(claim) is not None
    except RuleError as error:
        assert error.reason.endswith("are not fresh")
        return False


def laws_are_proved(pair: tuple[Tree, Tree]) -> None:
    left, right = pair
    assert not differs(left, right), "a law of this file is wrong"
    assert judge(statement(left, right))


def mistakes_are_not_proved(pair: tuple[Tree, Tree], data: st.DataObject) -> None:
    left, right = pair
    wrong = data.draw(st.sampled_from(sorted(set(anywhere(right, mistakes)), key=repr)))
    assume(differs(left, wrong))
    assert not is_proved(statement(left, wrong))


@settings(max_examples=150, deadline=None, derandomize=True)
@given(pair=claims())
def test_what_laws_give_is_proved(pair: tuple[Tree, Tree]) -> None:
    laws_are_proved(pair)


@pytest.mark.slow
@settings(max_examples=1500, deadline=None)
@given(pair=claims())
def test_what_laws_give_is_proved_in_full(pair: tuple[Tree, Tree]) -> None:
    laws_are_proved(pair)


@settings(max_examples=200, deadline=None, derandomize=True)
@given(pair=claims(), data=st.data())
def test_what_is_false_is_never_proved(pair: tuple[Tree, Tree], data: st.DataObject) -> None:
    mistakes_are_not_proved(pair, data)


@pytest.mark.slow
@settings(max_examples=1500, deadline=None)
@given(pair=claims(), data=st.data())
def test_what_is_false_is_never_proved_in_full(pair: tuple[Tree, Tree], data: st.DataObject) -> None:
    mistakes_are_not_proved(pair, data)


@settings(max_examples=12, deadline=None, derandomize=True)
@given(pair=claims(), data=st.data())
def test_what_is_false_is_refuted_with_values_that_differ(pair: tuple[Tree, Tree], data: st.DataObject) -> None:
    left, right = pair
    wrong = data.draw(st.sampled_from(sorted(set(anywhere(right, mistakes)), key=repr)))
    assume(differs(left, wrong))
    result = prove(statement(left, wrong), seconds=2.0)
    assert result.verdict in ("refuted", "unknown")
    if result.counterexample is not None:
        assert result.counterexample.left != result.counterexample.right


def test_the_search_picks_fresh_names() -> None:
    """With m, l and a in use the right side calls an index r, which the left side takes over and then picks again."""
    layer = "corr(x, conv(k, k), dilation=2)"
    claim = f"{layer} + {layer} == corr(x, conv(h, k), dilation=2) + corr(x, corr(k, flip(k)), dilation=2)"
    assert theorem(read_statement(claim, LETS)) is None


def merged(strides: tuple[str, ...], dilations: tuple[str, ...]) -> tuple[Tree, Tree]:
    """Layers (k_i, s_i, d_i) in turn, and the one layer with kernel ∗_i up(k_i, s_1 ⋯ s_(i−1) d_i) that they are."""
    left: Tree = ("name", "x")
    kernel: Tree | None = None
    whole = "1"
    for i, (s, d) in enumerate(zip(strides, dilations, strict=True)):
        k = ("name", KERNELS[i % len(KERNELS)])
        left = ("corr", left, k, s, d, "0")
        part = ("up", k, times(whole, d))
        kernel = part if kernel is None else ("conv", kernel, part)
        whole = times(whole, s)
    assert kernel is not None
    return left, ("corr", ("name", "x"), kernel, whole, "1", "0")


@settings(max_examples=25, deadline=None, derandomize=True)
@given(layers=st.lists(st.tuples(sizes, sizes), min_size=1, max_size=5))
def test_any_number_of_layers_is_one(layers: list[tuple[str, str]]) -> None:
    left, right = merged(*zip(*layers, strict=True))
    assert judge(statement(left, right))


@settings(max_examples=40, deadline=None, derandomize=True)
@given(layers=st.lists(st.tuples(sizes, sizes), min_size=2, max_size=3), data=st.data())
def test_layers_with_one_mistake_are_not_one(layers: list[tuple[str, str]], data: st.DataObject) -> None:
    left, right = merged(*zip(*layers, strict=True))
    wrong = data.draw(st.sampled_from(sorted(set(anywhere(right, mistakes)), key=repr)))
    assume(differs(left, wrong))
    assert not is_proved(statement(left, wrong))


# ---- names and order do not matter

AWKWARD = {"x": "n", "y": "a", "k": "m", "h": "b", "g": "i", "s": "q", "t": "r", "u": "a1", "m": "j", "l": "p",
           "a": "u", "b": "v", "ck": "e", "ch": "c", "cg": "w"}  # fmt: skip
"""The names that the search itself likes to give to indices."""
LATER = {name: f"{name}{name}" for name in (*SIGNALS, *KERNELS, "s", "t", "ck", "ch", "cg")}
"""Names in the same alphabetical order, and none that an index could have."""


def renamed(lines: str, names: dict[str, str]) -> str:
    """The text with every name that stands alone replaced."""
    out, word = "", ""
    for letter in f"{lines} ":
        if letter.isalnum():
            word += letter
        else:
            out += names.get(word, word) + letter
            word = ""
    return out[:-1]


def normal_form(claim: Statement) -> str:
    first, _ = claim.ends(("n0",) if claim.rank else ())
    chain = Chain(claim, first, Names({*taken_names(claim), "n0"}, "left"))
    normalise(chain)
    return text(chain.line)


@settings(max_examples=40, deadline=None, derandomize=True)
@given(pair=claims(), wrong=st.booleans(), data=st.data())
def test_names_and_the_order_of_declarations_do_not_matter(
    pair: tuple[Tree, Tree], wrong: bool, data: st.DataObject
) -> None:
    left, right = pair
    if wrong:
        right = data.draw(st.sampled_from(sorted(set(anywhere(right, mistakes)), key=repr)))
    claim = f"{write(left)} == {write(right)}"
    proved = is_proved(read_statement(claim, LETS))
    form = normal_form(read_statement(claim, LETS))
    shuffled = data.draw(st.permutations(LETS))
    assert normal_form(read_statement(claim, shuffled)) == form
    assert is_proved(read_statement(claim, shuffled)) == proved
    for names in (AWKWARD, LATER):
        lets = [renamed(line, names) for line in shuffled]
        lets = [f"{line.split(':')[0]}:{let.split(':')[1]}" for line, let in zip(lets, shuffled, strict=True)]
        lets = [renamed(line.split("[")[0], {}) + renamed(line[len(line.split("[")[0]) :], names) for line in lets]
        other = read_statement(renamed(claim, names), lets)
        assert is_proved(other) == proved
        if names is LATER:
            assert normal_form(other) == renamed(form, names)


@settings(max_examples=40, deadline=None, derandomize=True)
@given(terms=st.lists(trees, min_size=2, max_size=4), data=st.data())
def test_the_order_of_terms_does_not_matter(terms: list[Tree], data: st.DataObject) -> None:
    def sum_of(parts: list[Tree]) -> Tree:
        out = parts[0]
        for part in parts[1:]:
            out = ("add", out, part)
        return out

    assert judge(statement(sum_of(terms), sum_of(data.draw(st.permutations(terms)))))
