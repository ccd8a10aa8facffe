"""Proofs by z-transforms: every line is right at drawn complex numbers, and no line that is wrong is told."""

from __future__ import annotations

import cmath
import math
import random
from fractions import Fraction
from itertools import product
from typing import Any

import pytest
import sympy
from reading import SIZES, Line, value, world

from symconv.expr.claim import read_statement
from symconv.expr.text import text
from symconv.index.poly import ONE, const, var
from symconv.library import catalogue
from symconv.tactics import zcheck, zrules
from symconv.tactics.cyclotomic import cyclotomic, multiplied, rational
from symconv.tactics.zcheck import sequence, stands, transformed
from symconv.tactics.zlines import Line as ZLine
from symconv.tactics.zlines import Monomial, Root, Run, Term, Transform, Z, normal, ratio, start
from symconv.tactics.ztransform import Transformed, both

NAMED = ["two-strided-layers", "strided-layers", "filtering-after-upsampling", "filtering-after-downsampling",
         "nearest-neighbour", "nearest-neighbour-layer", "nearest-neighbour-correlation", "noble-down", "noble-up",
         "noble-layer"]  # fmt: skip
OTHERS = ["r-strided-layers", "two-strided-convolutions", "strided-convolutions", "dilated-strided-convolutions",
          "dilated-strided-layers", "convolution-commutes", "convolution-associates", "correlations-compose",
          "correlation-exchanged", "correlation-by-reversed-kernel", "parallel-branches", "weighted-branches",
          "symmetric-kernels", "convolution-unit", "stride-keeps-shifts", "doubling-dilations", "flip-down", "down-up",
          "down-down", "up-up", "up-down-coprime", "transposed-by-upsampling", "linear-upsampling-by-boxes",
          "adjoint-of-down", "padding-is-a-shift"]  # fmt: skip
WINDOW = 40


def told(name: str) -> Transformed:
    found = transformed(catalogue.statement(catalogue.find(name)))
    assert found is not None
    return found


def every_line(found: Transformed) -> list[ZLine]:
    s = found.statement
    return [start(s.lhs), *(x.line for x in found.left), start(s.rhs), *(x.line for x in found.right)]


def at(line: ZLine, z: float, names: dict[str, Any]) -> complex:
    """The value of a line at z > 0, from Σ_n e[n] ζ^{−n} and the roots e^{2πik/S}, in floating point."""
    integers = {n: v for n, v in names.items() if isinstance(v, int)}

    def number(r: Any) -> Fraction:
        return Fraction(r.num.evaluate(integers), r.den.evaluate(integers))

    total = 0j
    for term in line:
        orders = {r.name: r.order.evaluate(integers) for r in term.roots}
        scale = complex(term.coefficient)
        for e in term.scalars:
            scale *= complex(Fraction(eval(text(e), {"__builtins__": {}}, names)))
        for chosen in product(*(range(n) for n in orders.values())):
            angle = {w: 2 * math.pi * k / n for (w, n), k in zip(orders.items(), chosen, strict=True)}

            def power(m: Monomial, angle: dict[str, float] = angle) -> complex:
                turn = sum(float(number(a)) * angle[w] for w, a in m.roots)
                return z ** float(number(m.z)) * cmath.exp(1j * turn)

            one = scale * power(term.power) / math.prod(orders.values())
            for t in term.transforms:
                zeta = power(t.at)
                if isinstance(t.of, Run):
                    one *= sum(zeta**-r for r in range(t.of.count.evaluate(integers)))
                else:
                    e = value(text(t.of), names)
                    one *= sum(float(e(n)) * zeta**-n for n in range(-WINDOW, WINDOW + 1))
            total += one
    return total


def bounded(names: dict[str, Any]) -> dict[str, Any]:
    """The same with signals cut off, so that everything is a polynomial."""

    def cut(v: Any) -> Any:
        if isinstance(v, Line) and v.of.ends is None:
            of = v.of
            return Line(type(of)(1, lambda n: of(*n), ((-3, 3),)))
        return v

    return {n: cut(v) for n, v in names.items()}


@pytest.mark.parametrize("name", NAMED + OTHERS)
def test_every_line_is_right_at_drawn_numbers(name: str) -> None:
    found = told(name)
    rng = random.Random(name)
    for seed, sizes in enumerate(SIZES):
        names = bounded(world(found.statement, sizes, seed))
        z = rng.uniform(0.8, 1.25)
        first, *rest = (at(line, z, names) for line in every_line(found))
        assert abs(first) > 1e-6
        for v in rest:
            assert abs(v - first) <= 1e-7 * max(1.0, abs(first))


@pytest.mark.parametrize("name", NAMED + OTHERS)
def test_both_sides_end_in_the_same_line(name: str) -> None:
    found = told(name)
    ends = [(steps[-1].line if steps else start(e))
            for steps, e in ((found.left, found.statement.lhs), (found.right, found.statement.rhs))]  # fmt: skip
    assert normal(ends[0]) == normal(ends[1])


def test_lines_are_read_back_as_sequences() -> None:
    found = told("strided-layers")
    facts = found.statement.facts
    read = [sequence(s.line, facts) for s in found.left]
    assert [None if e is None else text(e) for e in read] == [
        "down(conv(corr(x, k, stride=s), flip(h)), t)",
        None,  # two averages in each other
        "down(conv(conv(x, flip(k)), flip(up(h, s))), s*t)",
    ]
    masked = told("up-down-coprime")
    last = sequence(masked.left[-1].line, masked.statement.facts)
    assert last is not None
    assert text(last) == "up(down(x, t), s)"


@pytest.mark.parametrize(
    "claim",
    [
        "down(up(x, s), t) == up(down(x, t), s)",  # not without common factors
        "corr(x, k) == corr(k, x)",
        "corr(corr(x, k, stride=2), k, stride=2) == corr(x, conv(k, k), stride=4)",
        "up(down(x, s), s) == x",
        "corr(x, k) == corr(x, k)*2",
    ],
)
def test_what_is_false_is_not_told(claim: str) -> None:
    assert both(read_statement(claim)) is None


@pytest.mark.parametrize(
    ("claim", "lets"),
    [
        ("down(conv(x, up(h, s)), s) == conv(down(x, s), h)", ("x: signal[:, :]", "h: kernel[c, c]")),
        ("relu(conv(x, k)) == relu(conv(k, x))", ()),
        ("conv(x, k)[n] == conv(k, x)[n]", ()),
        ("inner(conv(x, k), y) == inner(x, corr(y, k))", ()),
    ],
)
def test_what_has_no_transform_is_not_told(claim: str, lets: tuple[str, ...]) -> None:
    assert transformed(read_statement(claim, lets)) is None


# Wrong rules, wrong lines


def test_a_wrong_rule_is_noticed_though_both_sides_meet(monkeypatch: pytest.MonkeyPatch) -> None:
    """Taking up-sampling by s for up-sampling by s + 1 brings both sides to one line, but not the right one."""
    right = zrules._operator

    def wrong(e: Any, at: Monomial, *rest: Any) -> Any:
        if type(e).__name__ == "Up":
            return [Term(transforms=(Transform(e.x, at.power(ratio(e.by[0] + 1))),))], "up"
        return right(e, at, *rest)

    s = read_statement("up(conv(x, h), s) == conv(up(x, s), up(h, s))")
    assert both(s) is not None
    monkeypatch.setattr(zrules, "_operator", wrong)
    assert both(s) is not None
    assert transformed(s) is None


@pytest.mark.parametrize("name", ["strided-layers", "noble-down", "nearest-neighbour", "up-down-coprime"])
def test_altered_lines_are_refused(name: str) -> None:
    found = told(name)
    assert stands(found)
    for i, step in enumerate(found.left):
        for term in step.line:
            moved = tuple(Transform(t.of, t.at * Monomial(ratio(ONE))) for t in term.transforms)
            for bad in (
                Term(term.coefficient * 2, term.scalars, term.roots, term.power, term.transforms),
                Term(term.coefficient, term.scalars, term.roots, term.power, moved),
                Term(term.coefficient, term.scalars, term.roots, term.power * Z, term.transforms),
                Term(term.coefficient, term.scalars, tuple(Root(r.name, r.order * 2) for r in term.roots),
                     term.power, term.transforms) if term.roots else None,
            ):  # fmt: skip
                if bad is not None:
                    steps = (*found.left[:i], type(step)((bad,), step.reason), *found.left[i + 1 :])
                    assert not stands(Transformed(found.statement, steps, found.right))


def test_proofs_of_lines_are_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(zcheck, "theorem", lambda s: None)
    assert transformed(catalogue.statement(catalogue.find("noble-down"))) is None


# Numbers


@pytest.mark.parametrize("n", [1, 2, 3, 4, 6, 8, 9, 12, 30, 36])
def test_cyclotomic_polynomials(n: int) -> None:
    x = sympy.Symbol("x")
    assert sympy.Poly(list(reversed(cyclotomic(n))), x) == sympy.Poly(sympy.cyclotomic_poly(n, x), x)


def test_sums_of_roots_of_unity_are_exact() -> None:
    zero = Fraction(0)
    assert rational({(zero, k): Fraction(1) for k in range(6)}, 6) == {}
    assert rational({(zero, 1): Fraction(1), (zero, 5): Fraction(1)}, 6) == {zero: Fraction(1)}
    assert rational({(zero, 1): Fraction(1)}, 6) is None
    assert multiplied({(Fraction(1, 2), 4): Fraction(3)}, {(Fraction(1, 3), 3): Fraction(2)}, 6) == {
        (Fraction(5, 6), 1): Fraction(6)}  # fmt: skip


def test_exponents_cancel() -> None:
    s, t = var("s"), var("t")
    assert ratio(s, s * t) == ratio(ONE, t)
    assert ratio(const(2), const(4)) == ratio(ONE, const(2))
    assert ratio(s * s + s, s) == ratio(s + 1)
    assert ratio(ONE, s) + ratio(ONE, s) == ratio(const(2), s)
