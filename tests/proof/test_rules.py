"""Each rule four ways: right uses, almost-right uses that must be refused, exact values before = after, replay.

The values are computed twice: by `expr/evaluate` from the definitions, and by the plain loop written beside the use.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from math import gcd
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from symconv.errors import CertificateError, RuleError, StatementError
from symconv.expr import exponents, maxima, ring
from symconv.expr.claim import read_statement
from symconv.expr.evaluate import Evaluator
from symconv.expr.nodes import (
    ONE,
    ZERO,
    Add,
    Apply,
    Const,
    Conv,
    Diff,
    Entry,
    Expr,
    Integer,
    Iverson,
    Most,
    Mul,
    Name,
    Neg,
    Number,
    Over,
    Power,
    Reverse,
    Sum,
)
from symconv.expr.steps import Step, encode_step
from symconv.expr.syntax import comparison, integer, read
from symconv.expr.text import text
from symconv.index.conditions import Condition, Divides, Eq, Ge
from symconv.index.poly import Poly, const, var
from symconv.proof.rules import RULES
from symconv.proof.theorem import Derivation, derive, replay

LETS = (
    "x: signal", "y: signal[N]", "k: kernel[c]", "h: kernel[3]", "w: kernel[-l:l+1]", "g: signal",
    "K[m] = sum(k[j]*k[m - 2*j] for j in Z)", "D = corr(x, k, stride=s)", "z: number", "alpha: number", "f: function",
    "s: size", "t: size", "c: size", "N: size", "v: size", "l: natural", "p: natural",
    "n: integer", "i: integer", "M: integer",
)  # fmt: skip
ASSUME = ("gcd(s, t) == 1", "v == s*t", "M >= 2", "i >= 0", "alpha >= 0", "g == up(k, s)")
F = read_statement("x == x", LETS, ASSUME)


def E(claim: str) -> Expr:
    """An expression in the names of F."""
    return read_statement(f"{claim} == 0", LETS, ASSUME).lhs


def P(polynomial: str) -> Poly:
    return integer(read(polynomial), var)


def C(condition: str) -> Condition:
    tree: Any = read(condition)
    return next(iter(comparison(tree.left, tree.ops[0], tree.comparators[0], var) or []))


def M(**polynomials: str) -> dict[str, Poly]:
    return {name: P(p) for name, p in polynomials.items()}


def seq(name: str, rank: int = 1) -> Name:
    return Name(name, rank)


def at(name: str, *place: str) -> Entry:
    return Entry(seq(name, len(place)), tuple(map(P, place)))


def on(condition: str) -> Iverson:
    return Iverson(C(condition))


def sample(name: str, place: tuple[int, ...]) -> Fraction:
    """Values without pattern, of both signs, the same in every run."""
    code = sum(ord(letter) for letter in name)
    for i in place:
        code = (code * 31 + i * 17 + 7) % 1009
    return Fraction(code % 19 - 9)


class World:
    """Concrete sizes, and sequences as functions that vanish outside their support."""

    def __init__(self, s: int, t: int, c: int, N: int, l: int, p: int, n: int, i: int, M: int) -> None:
        self.integers = {"s": s, "t": t, "c": c, "N": N, "v": s * t, "l": l, "p": p, "n": n, "i": i, "M": M}
        numbers = {"z": Fraction(5, 3), "alpha": Fraction(2, 7)}
        self.evaluator = Evaluator(F, self.integers, numbers, sample)
        x, k = (lambda *m: sample("x", m)), self._boxed("k", 0, c - 1)
        self.o = SimpleNamespace(
            **self.integers, **numbers, x=x, y=self._boxed("y", 0, N - 1), k=k, h=self._boxed("h", 0, 2),
            w=self._boxed("w", -l, l), D=lambda m: sum(k(a) * x(s * m + a) for a in range(c)),
            g=lambda m: k(m // s) if m % s == 0 else 0, f=lambda value: value * value + value - 3,
            df=lambda value: 2 * value + 1,
            K=lambda m: sum(k(j) * k(m - 2 * j) for j in range(c)),
        )  # fmt: skip

    @staticmethod
    def _boxed(name: str, low: int, high: int) -> Callable[[int], Fraction]:
        return lambda m: sample(name, (m,)) if low <= m <= high else Fraction(0)

    def value(self, e: Expr) -> Fraction:
        return self.evaluator.number(e)


small = st.integers(1, 5)
worlds = (
    st.builds(World, small, small, st.integers(1, 4), small, st.integers(0, 2), st.integers(0, 3), st.integers(-7, 7),
              st.integers(0, 4), st.integers(2, 4))
    .filter(lambda world: gcd(world.o.s, world.o.t) == 1)
)  # fmt: skip
Plain = Callable[[Any], Any]
ONE_PLACE = const(1)


def sign(v: Fraction) -> int:
    return (v > 0) - (v < 0)


def power(v: Fraction | int, a: int) -> Fraction:
    """|v|^a; 0^0 = 1, and 0 to a negative power is 0."""
    return abs(Fraction(v)) ** a if v or not a else Fraction(0)


def first(f: Callable[[int], Fraction], count: int) -> int:
    """Where f is greatest among its first values, the first such place."""
    return max(range(count), key=f)


Z = range(-40, 41)
"""Enough of ℤ for the finite sums below."""


# rule, before, arguments, after, and the value by a plain loop
RIGHT: list[tuple[str, Expr, dict[str, Any], str, Plain]] = [
    # unfold: every primitive's own formula
    ("unfold", E("conv(x, k)[n]"), {"names": ("a",)}, "sum(k[a]*x[n - a] for a in Z)",
     lambda o: sum(o.k(a) * o.x(o.n - a) for a in range(o.c))),
    ("unfold", E("corr(x, k, stride=s, dilation=t, padding=p)[n]"), {"names": ("a",)},
     "sum(k[a]*x[a*t + n*s - p] for a in Z)",
     lambda o: sum(o.k(a) * o.x(o.s * o.n + o.t * a - o.p) for a in range(o.c))),
    ("unfold", E("up(x, s)[n]"), {"names": ("a",)}, "sum(iverson(n == a*s)*x[a] for a in Z)",
     lambda o: o.x(o.n // o.s) if o.n % o.s == 0 else 0),
    ("unfold", E("down(x, s)[n]"), {}, "x[n*s]", lambda o: o.x(o.s * o.n)),
    ("unfold", E("flip(x)[n]"), {}, "x[-n]", lambda o: o.x(-o.n)),
    ("unfold", E("shift(x, i)[n]"), {}, "x[n - i]", lambda o: o.x(o.n - o.i)),
    ("unfold", E("reverse(k)[n]"), {}, "k[c - n - 1]", lambda o: o.k(o.c - 1 - o.n)),
    ("unfold", E("reverse(w)[n]"), {}, "w[-n]", lambda o: o.w(-o.n)),
    ("unfold", E("reverse(conv(k, h))[n]"), {}, "conv(k, h)[c + 1 - n]",
     lambda o: sum(o.k(a) * o.h(o.c + 1 - o.n - a) for a in range(o.c))),
    ("unfold", E("delta[n]"), {}, "iverson(n == 0)", lambda o: int(o.n == 0)),
    ("unfold", E("ones(c)[n]"), {}, "iverson(n >= 0)*iverson(c >= n + 1)", lambda o: int(o.n in range(o.c))),
    ("unfold", E("taps(1/2, -3)[n]"), {}, "(1/2)*iverson(n == 0) + (-3)*iverson(n == 1)",
     lambda o: {0: Fraction(1, 2), 1: -3}.get(o.n, 0)),
    ("unfold", E("D[n]"), {}, "corr(x, k, stride=s)[n]", lambda o: o.D(o.n)),
    ("unfold", E("K[n]"), {}, "formula(m, sum(k[j]*k[m - 2*j] for j in Z))[n]", lambda o: o.K(o.n)),
    ("unfold", Entry(F.definitions["K"], (P("2*n"),)), {}, "sum(k[j]*k[2*n - 2*j] for j in Z)", lambda o: o.K(2 * o.n)),
    ("unfold", E("(x - z*y)[n]"), {}, "x[n] + (-(z*y))[n]", lambda o: o.x(o.n) - o.z * o.y(o.n)),
    ("unfold", E("(x + z)[n]"), {}, "x[n] + z", lambda o: o.x(o.n) + o.z),
    ("unfold", E("mul(x, y)[n]"), {}, "x[n]*y[n]", lambda o: o.x(o.n) * o.y(o.n)),
    ("unfold", E("f(x)[n]"), {}, "f(x[n])", lambda o: o.f(o.x(o.n))),
    ("unfold", E("sum(shift(x, u) for u in range(3))[n]"), {},
     "sum((iverson(u >= 0)*iverson(u <= 2)*shift(x, u))[n] for u in Z)",
     lambda o: sum(o.x(o.n - j) for j in range(3))),
    # unfold: inner products, gradients and adjoints, also those that are numbers
    ("unfold", E("inner(x, k)"), {"names": ("a",)}, "sum(x[a]*k[a] for a in Z)",
     lambda o: sum(o.x(a) * o.k(a) for a in range(o.c))),
    ("unfold", E("inner(conv(x, k), h)"), {"names": ("a",)}, "sum(conv(x, k)[a]*h[a] for a in Z)",
     lambda o: sum(o.h(a) * o.k(b) * o.x(a - b) for a in range(3) for b in range(o.c))),
    ("unfold", E("grad(z*z*x, z, k)"), {"names": ("a",)}, "sum(k[a]*diff((z*z*x)[a], z) for a in Z)",
     lambda o: sum(o.k(a) * 2 * o.z * o.x(a) for a in range(o.c))),
    ("unfold", E("grad(z*z*x[n], z, alpha)"), {}, "alpha*diff(z*z*x[n], z)", lambda o: o.alpha * 2 * o.z * o.x(o.n)),
    ("unfold", E("adjoint(z*x, z, k)"), {"names": ("a",)}, "sum(k[a]*diff((z*x)[a], z) for a in Z)",
     lambda o: sum(o.k(a) * o.x(a) for a in range(o.c))),
    ("unfold", E("grad(conv(x, h), x, k)[n]"), {"names": ("a",)}, "sum(k[a]*diff(conv(x, h)[a], x[n]) for a in Z)",
     lambda o: sum(o.k(a) * o.h(a - o.n) for a in range(o.c))),
    ("unfold", E("adjoint(down(x, s), x, k)[n]"), {"names": ("a",)}, "sum(k[a]*diff(down(x, s)[a], x[n]) for a in Z)",
     lambda o: o.k(o.n // o.s) if o.n % o.s == 0 else 0),
    ("unfold", E("grad(x[i]*x[n], x, z)[n]"), {}, "z*diff(x[i]*x[n], x[n])",
     lambda o: o.z * (2 * o.x(o.n) if o.i == o.n else o.x(o.i))),
    # differentiate: one rule at a time, from what is written
    ("differentiate", E("diff(z, z)"), {}, "1", lambda o: 1),
    ("differentiate", E("diff(alpha*x[n], z)"), {}, "0", lambda o: 0),
    ("differentiate", E("diff(k[n], x[i])"), {}, "0", lambda o: 0),
    ("differentiate", E("diff(n*s, z)"), {}, "0", lambda o: 0),
    ("differentiate", E("diff(x[n], x[i])"), {}, "iverson(n == i)", lambda o: int(o.n == o.i)),
    ("differentiate", E("diff(x[2*n], x[i - 1])"), {}, "iverson(2*n + 1 == i)", lambda o: int(2 * o.n == o.i - 1)),
    ("differentiate", E("diff(y[n], y[i])"), {}, "iverson(n == i)*iverson(i >= 0)*iverson(N >= i + 1)",
     lambda o: int(o.n == o.i and o.i in range(o.N))),
    ("differentiate", E("diff(w[n], w[i])"), {}, "iverson(n == i)*iverson(i + l >= 0)*iverson(l >= i)",
     lambda o: int(o.n == o.i and abs(o.i) <= o.l)),
    ("differentiate", E("diff(x[n] + z + x[i], x[1])"), {}, "diff(x[n], x[1]) + diff(x[i], x[1])",
     lambda o: int(o.n == 1) + int(o.i == 1)),
    ("differentiate", E("diff(-x[n], x[i])"), {}, "-diff(x[n], x[i])", lambda o: -int(o.n == o.i)),
    ("differentiate", E("diff(z*k[n]*z, z)"), {}, "diff(z, z)*k[n]*z + z*k[n]*diff(z, z)",
     lambda o: 2 * o.z * o.k(o.n)),
    ("differentiate", E("diff(k[n]*x[n], x[i])"), {}, "k[n]*diff(x[n], x[i])",
     lambda o: o.k(o.n) if o.n == o.i else 0),
    ("differentiate", E("diff(sum(k[a]*x[n - a] for a in Z), x[i])"), {}, "sum(diff(k[a]*x[n - a], x[i]) for a in Z)",
     lambda o: o.k(o.n - o.i)),
    ("differentiate", E("diff(relu(x[n]), x[i])"), {}, "step(x[n])*diff(x[n], x[i])",
     lambda o: int(o.x(o.n) > 0 and o.n == o.i)),
    ("differentiate", E("diff(abs(x[n]*x[i]), x[i])"), {}, "sign(x[n]*x[i])*diff(x[n]*x[i], x[i])",
     lambda o: ((o.x(o.n) * o.x(o.i) > 0) - (o.x(o.n) * o.x(o.i) < 0)) * (1 + (o.n == o.i)) * o.x(o.n)),
    ("differentiate", E("diff(step(x[n]), x[n])"), {}, "0", lambda o: 0),
    ("differentiate", E("diff(f(x[n]), x[n])"), {}, "f_prime(x[n])*diff(x[n], x[n])", lambda o: o.df(o.x(o.n))),
    ("differentiate", E("diff(f(sum(h[a]*x[n - a] for a in Z)), h[1])"), {"names": ("b",)},
     "f_prime(sum(h[b]*x[n - b] for b in Z))*diff(sum(h[a]*x[n - a] for a in Z), h[1])",
     lambda o: o.df(sum(o.h(a) * o.x(o.n - a) for a in Z)) * o.x(o.n - 1)),
    # as many equal terms as the range is long, also none
    ("count", E("sum(x[n] for a in range(c))"), {"index": "a", "number": P("c")}, "c*x[n]",
     lambda o: sum(o.x(o.n) for _ in range(o.c))),
    ("count", E("sum(k[b]*x[n - b] for a in range(p) for b in Z)"), {"index": "a", "number": P("p")},
     "sum(p*(k[b]*x[n - b]) for b in Z)", lambda o: sum(o.k(b) * o.x(o.n - b) for _ in range(o.p) for b in range(o.c))),
    ("count", E("sum(z for a in range(M - 2))"), {"index": "a", "number": P("M - 2")}, "(M - 2)*z",
     lambda o: sum(o.z for _ in range(o.M - 2))),
    # laws of a maximum
    ("maximum", E("max(max(x[n + u + s*b] for b in range(t)) for u in range(c))"), {"law": "nest"},
     "max(x[b*s + n + u] for u in range(c) for b in range(t))",
     lambda o: max(max(o.x(o.n + u + o.s * b) for b in range(o.t)) for u in range(o.c))),
    ("maximum", E("max(x[n + u] for u in range(c) for b in range(t))"), {"law": "drop", "index": "b"},
     "max(x[n + u] for u in range(c))", lambda o: max(o.x(o.n + u) for u in range(o.c))),
    ("maximum", E("max(x[n] for u in range(c))"), {"law": "drop", "index": "u"}, "x[n]", lambda o: o.x(o.n)),
    ("maximum", E("max(x[n + u + b] for u in range(c) for b in range(1))"), {"law": "drop", "index": "b"},
     "max(x[n + u] for u in range(c))", lambda o: max(o.x(o.n + u) for u in range(o.c))),
    ("maximum", E("max(x[n - u]*u for u in range(c))"), {"law": "reflect", "index": "u"},
     "max(x[n + u + 1 - c]*(c - u - 1) for u in range(c))", lambda o: max(o.x(o.n - u) * u for u in range(o.c))),
    ("maximum", E("max(x[n + u - b] for u in range(c) for b in range(s))"), {"law": "reflect", "index": "b"},
     "max(x[b + n + u + 1 - s] for u in range(c) for b in range(s))",
     lambda o: max(o.x(o.n + u - b) for u in range(o.c) for b in range(o.s))),
    ("maximum", E("max(x[n + 2*u - b] for u in range(c) for b in range(s))"),
     {"law": "arrange", "order": ("b", "u"), "names": ("u", "b")},
     "max(x[2*b + n - u] for u in range(s) for b in range(c))",
     lambda o: max(o.x(o.n + 2 * u - b) for u in range(o.c) for b in range(o.s))),
    ("maximum", E("peak((x[u] for u in range(c)), n)"), {"law": "arrange", "order": ("u",), "names": ("j",)},
     "peak((x[j] for j in range(c)), n)", lambda o: int(first(o.x, o.c) == o.n)),
    ("maximum", E("max(x[n + u + s*b] for u in range(s) for b in range(t))"),
     {"law": "merge", "first": "u", "second": "b", "name": "j", "by": P("s")}, "max(x[j + n] for j in range(s*t))",
     lambda o: max(o.x(o.n + u + o.s * b) for u in range(o.s) for b in range(o.t))),
    ("maximum", E("max(x[n + 2*u + 4*b]*x[u + 2*b] for b in range(t) for u in range(2) for a in range(c))"),
     {"law": "merge", "first": "u", "second": "b", "name": "j", "by": P("2")},
     "max(x[2*j + n]*x[j] for a in range(c) for j in range(2*t))",
     lambda o: max(o.x(o.n + 2 * u + 4 * b) * o.x(u + 2 * b) for b in range(o.t) for u in range(2))),
    ("maximum", E("max(x[n + u] + z + x[i] for u in range(c))"), {"law": "translate"},
     "max(x[n + u] for u in range(c)) + z + x[i]", lambda o: max(o.x(o.n + u) + o.z + o.x(o.i) for u in range(o.c))),
    ("maximum", E("max(x[n + u] + u + z for u in range(c))"), {"law": "translate"},
     "max(x[n + u] + u for u in range(c)) + z", lambda o: max(o.x(o.n + u) + u + o.z for u in range(o.c))),
    ("maximum", E("max(alpha*x[n + u]*(-z) for u in range(c))"), {"law": "scale"},
     "alpha*max(x[n + u]*(-z) for u in range(c))", lambda o: max(-o.alpha * o.x(o.n + u) * o.z for u in range(o.c))),
    ("maximum", E("max(x[i]*x[n + u]*x[i]*2*s for u in range(c))"), {"law": "scale"},
     "2*s*max(x[i]*x[n + u]*x[i] for u in range(c))",
     lambda o: max(o.x(o.i) ** 2 * o.x(o.n + u) * 2 * o.s for u in range(o.c))),
    *(("maximum", E(f"max({f}(x[n + u]) for u in range(c))"), {"law": "rising"},
       f"{f}(max(x[n + u] for u in range(c)))", g)
      for f, g in (("relu", lambda o: max(max(0, o.x(o.n + u)) for u in range(o.c))),
                   ("step", lambda o: max(int(o.x(o.n + u) > 0) for u in range(o.c))),
                   ("sign", lambda o: max(sign(o.x(o.n + u)) for u in range(o.c))))),
    ("maximum", Most(("u",), Power(E("abs(x[n + s])"), P("s"), ONE_PLACE), (P("c"),)), {"law": "rising"},
     "abs(max(abs(x[n + s]) for u in range(c)))**s", lambda o: power(o.x(o.n + o.s), o.s)),
    ("maximum",
     E("max(3*iverson(u == 1) - 2*iverson(b == 0) - 5*iverson(u + b == 2) for u in range(2) for b in range(3))"),
     {"law": "greatest"}, "3",
     lambda o: max(3 * (u == 1) - 2 * (b == 0) - 5 * (u + b == 2) for u in range(2) for b in range(3))),
    ("maximum", E("max(iverson(u == 1) - 3 for u in range(1))"), {"law": "greatest"}, "-3", lambda o: -3),
    # laws of |t|^a, where 0^0 = 1 and a negative power of 0 is 0
    ("exponent", E("abs(x[n])**(s/s)"), {"law": "one"}, "abs(x[n])", lambda o: abs(o.x(o.n))),
    ("exponent", E("abs(x[n])**4"), {"law": "square"}, "x[n]*x[n]*x[n]*x[n]", lambda o: o.x(o.n) ** 4),
    ("exponent", E("abs(x[n])**((s*v)/v)"), {"law": "reduce", "by": P("v")}, "abs(x[n])**s",
     lambda o: power(o.x(o.n), o.s)),
    ("exponent", E("abs(x[n])**((2*n)/2)"), {"law": "reduce", "by": P("2")}, "abs(x[n])**n",
     lambda o: power(o.x(o.n), o.n)),
    ("exponent", E("abs(abs(x[n])**s)**t"), {"law": "compose"}, "abs(x[n])**(s*t)",
     lambda o: power(o.x(o.n), o.s * o.t)),
    ("exponent", E("abs(abs(x[n])**(i - n))**(t/t)"), {"law": "compose"}, "abs(x[n])**((i*t - n*t)/t)",
     lambda o: power(o.x(o.n), o.i - o.n)),
    ("exponent", E("abs(abs(x[n])**2)**(1/2)"), {"law": "compose"}, "abs(x[n])**(2/2)", lambda o: abs(o.x(o.n))),
    ("exponent", Power(E("abs(x[n])"), P("s"), ONE_PLACE), {"law": "compose"}, "abs(x[n])**s",
     lambda o: power(o.x(o.n), o.s)),
    ("exponent", E("abs(-x[n])**(s - t)"), {"law": "compose"}, "abs(x[n])**(s - t)",
     lambda o: power(o.x(o.n), o.s - o.t)),
    ("exponent", Power(Neg(Integer(P("s"))), P("n"), ONE_PLACE), {"law": "compose"}, "abs(s)**n",
     lambda o: Fraction(o.s) ** o.n),
    ("exponent", Power(Over(P("s")), P("n"), ONE_PLACE), {"law": "number"}, "abs(s)**(-n)",
     lambda o: Fraction(1, o.s) ** o.n),
    ("exponent", Power(Integer(P("s")), P("0"), P("t")), {"law": "number"}, "1", lambda o: 1),
    ("exponent", Power(ZERO, P("-s"), P("t")), {"law": "number"}, "0", lambda o: 0),
    ("exponent", E("abs(x[n])**0"), {"law": "number"}, "1", lambda o: 1),
    ("exponent", Power(Const(Fraction(-1)), P("n"), P("t")), {"law": "number"}, "1", lambda o: 1),
    ("exponent", E("abs(-2/3)**3"), {"law": "number"}, "8/27", lambda o: Fraction(8, 27)),
    ("exponent", E("abs(-2/3)**0"), {"law": "number"}, "1", lambda o: 1),
    ("exponent", E("abs(x[n]*z*x[i])**(s - t)"), {"law": "factors"},
     "abs(x[n])**(s - t)*(abs(z)**(s - t))*(abs(x[i])**(s - t))",
     lambda o: power(o.x(o.n) * o.z * o.x(o.i), o.s - o.t)),
    ("exponent", Power(Mul((Integer(P("n")), Integer(P("s")))), P("M"), ONE_PLACE), {"law": "factors"},
     "abs(abs(n))**M*(abs(s)**M)", lambda o: power(o.n * o.s, o.M)),
    ("exponent", E("abs(x[n])**(s + t)*z*abs(x[n])**(-t)"), {"law": "collect", "first": 0, "second": 2},
     "abs(x[n])**s*z", lambda o: power(o.x(o.n), o.s) * o.z),
    ("exponent", E("abs(x[n]*x[n])**(s/2)*abs(x[n]*x[n])**(1/2)"), {"law": "collect", "first": 0, "second": 1},
     "abs(x[n]*x[n])**((2*s + 2)/4)", lambda o: power(o.x(o.n), o.s + 1)),
    ("exponent", Mul((Power(Integer(P("s")), P("n"), ONE_PLACE), Power(Integer(P("s")), P("-n"), ONE_PLACE))),
     {"law": "collect", "first": 0, "second": 1}, "abs(s)**0", lambda o: 1),
    ("exponent", E("z*abs(x[n])*sign(x[n])"), {"law": "collect", "first": 1, "second": 2}, "z*x[n]",
     lambda o: o.z * o.x(o.n)),
    ("exponent", E("relu(2*x[n])"), {"law": "homogeneous"}, "2*relu(x[n])", lambda o: 2 * max(0, o.x(o.n))),
    ("exponent", E("relu(0*x[n])"), {"law": "homogeneous"}, "0*relu(x[n])", lambda o: 0),
    ("exponent", E("relu(alpha*x[n]*z)"), {"law": "homogeneous"}, "alpha*relu(x[n]*z)",
     lambda o: max(0, o.alpha * o.x(o.n) * o.z)),
    ("exponent", E("abs(s*x[n])"), {"law": "homogeneous"}, "s*abs(x[n])", lambda o: abs(o.s * o.x(o.n))),
    ("exponent", E("abs(p*sum(k[a]*x[n - a] for a in Z))"), {"law": "homogeneous"},
     "p*abs(sum(k[a]*x[n - a] for a in Z))", lambda o: abs(o.p * sum(o.k(a) * o.x(o.n - a) for a in Z))),
    ("exponent", E("relu(abs(x[i])*x[n])"), {"law": "homogeneous"}, "abs(x[i])*relu(x[n])",
     lambda o: max(0, abs(o.x(o.i)) * o.x(o.n))),
    ("exponent", E("abs(z*x[n]*(-2))"), {"law": "apart"}, "abs(z)*abs(x[n])*abs(-2)",
     lambda o: abs(-2 * o.z * o.x(o.n))),
    ("exponent", E("abs(relu(x[n]) + x[i]*x[i])"), {"law": "above"}, "relu(x[n]) + x[i]*x[i]",
     lambda o: max(0, o.x(o.n)) + o.x(o.i) ** 2),
    ("exponent", E("relu(alpha*max(abs(x[n + u]) for u in range(c)))"), {"law": "above"},
     "alpha*max(abs(x[n + u]) for u in range(c))", lambda o: o.alpha * max(abs(o.x(o.n + u)) for u in range(o.c))),
    ("exponent", E("abs(-alpha - s*abs(x[n]))"), {"law": "below"}, "-(-alpha - s*abs(x[n]))",
     lambda o: o.alpha + o.s * abs(o.x(o.n))),
    ("exponent", E("relu(-abs(x[n]))"), {"law": "below"}, "0", lambda o: 0),
    ("exponent", E("relu(iverson(n >= i)*x[n]*iverson(i <= 3))"), {"law": "indicator"},
     "iverson(n >= i)*iverson(i <= 3)*relu(x[n])", lambda o: max(0, o.x(o.n)) if o.n >= o.i <= 3 else 0),
    ("exponent", E("abs(iverson(n == i))**(-t)"), {"law": "indicator"}, "iverson(n == i)*(abs(1)**(-t))",
     lambda o: int(o.n == o.i)),
    ("exponent", E("abs(sum(iverson(s*u == n)*x[u] for u in Z))"), {"law": "single"},
     "sum(iverson(s*u == n)*abs(x[u]) for u in Z)", lambda o: abs(o.x(o.n // o.s)) if o.n % o.s == 0 else 0),
    ("exponent", E("sign(sum(iverson(s*u >= n)*iverson(s*u <= n + s - 1)*x[u] for u in Z))"), {"law": "single"},
     "sum(iverson(s*u >= n)*iverson(n + s >= s*u + 1)*sign(x[u]) for u in Z)",
     lambda o: sum(sign(o.x(u)) for u in Z if o.n <= o.s * u <= o.n + o.s - 1)),
    # distribute: the ring, sums, truth of conditions without names
    ("distribute", E("(x[n] + y[n])*(x[n] - y[n])"), {}, "x[n]*x[n] + (-1)*y[n]*y[n]",
     lambda o: o.x(o.n) ** 2 - o.y(o.n) ** 2),
    ("distribute", E("z*(x[n] + 2) - x[n]*z"), {}, "2*z", lambda o: 2 * o.z),
    ("distribute", E("(n + s)*(n - s)"), {}, "n*n + (-1)*s*s", lambda o: o.n**2 - o.s**2),
    ("distribute", E("iverson(n == 2)*x[n]*iverson(2 - n == 0)"), {}, "iverson(n == 2)*x[n]",
     lambda o: o.x(2) if o.n == 2 else 0),
    ("distribute", E("iverson(2*n == 1)*x[n] + iverson(6*n % 3 == 0) + iverson(3 >= 4)"), {}, "1", lambda o: 1),
    ("distribute", E("sum(k[a] for a in Z)*sum(h[b] for b in Z)"), {}, "sum(h[b]*k[a] for a in Z for b in Z)",
     lambda o: sum(map(o.k, Z)) * sum(map(o.h, Z))),
    ("distribute", E("sum(k[a]*sum(h[b] + y[b] for b in Z) for a in Z)"), {},
     "sum(h[b]*k[a] for a in Z for b in Z) + sum(k[a]*y[b] for a in Z for b in Z)",
     lambda o: sum(o.k(a) * (o.h(b) + o.y(b)) for a in range(o.c) for b in range(6))),
    ("distribute", E("f(x[n]*2 + x[n]) - f(3*x[n])"), {}, "0", lambda o: 0),
    ("distribute", E("-(x[n] - 1/2)*0"), {}, "0", lambda o: 0),
    # reindex by a unimodular map
    ("reindex", E("sum(k[a]*x[n - a] for a in Z)"), {"forward": M(a="n - b"), "inverse": M(b="n - a")},
     "sum(k[n - b]*x[b] for b in Z)",
     lambda o: sum(o.k(o.n - b) * o.x(b) for b in Z)),
    ("reindex", E("sum(k[a]*h[b]*x[n - a - s*b] for a in Z for b in Z)"),
     {"forward": M(a="m - s*b", b="b"), "inverse": M(m="a + s*b", b="b")},
     "sum(k[m - b*s]*h[b]*x[n - m] for m in Z for b in Z)",
     lambda o: sum(o.k(m - o.s * b) * o.h(b) * o.x(o.n - m) for b in range(3) for m in Z)),
    ("reindex", E("sum(k[a]*h[b] for a in Z for b in Z)"), {"forward": M(a="b", b="a"), "inverse": M(b="a", a="b")},
     "sum(k[b]*h[a] for b in Z for a in Z)", lambda o: sum(map(o.k, Z)) * sum(map(o.h, Z))),
    ("reindex", E("sum(k[a + 2*b]*h[a + 3*b] for a in Z for b in Z)"),
     {"forward": M(a="3*u - 2*q", b="q - u"), "inverse": M(u="a + 2*b", q="a + 3*b")},
     "sum(k[u]*h[q] for u in Z for q in Z)",
     lambda o: sum(map(o.k, Z)) * sum(map(o.h, Z))),
    # sift a Kronecker delta
    ("sift", E("sum(iverson(a == 2*n - s)*x[a] for a in Z)"), {"index": "a", "position": 0}, "x[2*n - s]",
     lambda o: o.x(2 * o.n - o.s)),
    ("sift", E("sum(k[b]*iverson(n - a == s*b)*x[a] for a in Z for b in Z)"), {"index": "a", "position": 1},
     "sum(k[b]*x[n - b*s] for b in Z)",
     lambda o: sum(o.k(b) * o.x(o.n - o.s * b) for b in Z)),
    ("sift", E("sum(iverson(a == n) for a in Z)"), {"index": "a", "position": 0}, "1", lambda o: 1),
    # rewrite by an equation that stands beside
    ("rewrite", E("iverson(n == 3)*x[n + s]*iverson(n >= 2)"), {"name": "n", "position": 0},
     "iverson(n == 3)*x[s + 3]*iverson(1 >= 0)",
     lambda o: o.x(3 + o.s) if o.n == 3 else 0),
    ("rewrite", E("x[n]*iverson(2*s == n)*sum(k[a]*x[a + n] for a in Z)"), {"name": "n", "position": 1},
     "x[2*s]*iverson(2*s == n)*sum(k[a]*x[a + 2*s] for a in Z)",
     lambda o: o.x(o.n) * sum(o.k(a) * o.x(a + o.n) for a in Z) if o.n == 2 * o.s else 0),
    # cancel a factor of the right sign
    ("cancel", E("iverson(2*n == 4*i)"), {"by": P("-2")}, "iverson(2*i == n)", lambda o: int(o.n == 2 * o.i)),
    ("cancel", E("iverson(s*n == s*t*i)"), {"by": P("s")}, "iverson(n == i*t)", lambda o: int(o.n == o.t * o.i)),
    ("cancel", E("iverson(s*n >= s*i)"), {"by": P("s")}, "iverson(n >= i)", lambda o: int(o.n >= o.i)),
    ("cancel", E("iverson(3*n + 2 >= 6*i)"), {"by": P("3"), "rest": P("2")}, "iverson(n >= 2*i)",
     lambda o: int(3 * o.n + 2 >= 6 * o.i)),
    ("cancel", E("iverson(s*n + s >= s*i + 1)"), {"by": P("s"), "rest": P("s - 1")}, "iverson(n >= i)",
     lambda o: int(o.s * o.n + o.s >= o.s * o.i + 1)),
    ("cancel", E("iverson(3*n >= 6*i + 1)"), {"by": P("3"), "rest": P("2")}, "iverson(n >= 2*i + 1)",
     lambda o: int(3 * o.n >= 6 * o.i + 1)),
    ("cancel", E("iverson(3*s*n % (3*s*t) == 0)"), {"by": P("3*s")}, "iverson(n % t == 0)",
     lambda o: int(o.n % o.t == 0)),
    # gcd(s, t) = 1
    ("coprime", E("iverson(s*n == t*i)"), {"name": "m", **M(s="s", p="n", t="t", q="i")},
     "sum(iverson(n == m*t)*iverson(i == m*s) for m in Z)",
     lambda o: int(o.s * o.n == o.t * o.i)),
    ("coprime", E("iverson(2*n == 3*i + 3)"), {"name": "m", **M(s="2", p="n", t="3", q="i + 1")},
     "sum(iverson(n == 3*m)*iverson(i + 1 == 2*m) for m in Z)",
     lambda o: int(2 * o.n == 3 * o.i + 3)),
    ("coprime", E("iverson(-2*n == 3*i)"), {"name": "m", **M(s="-2", p="n", t="3", q="i")},
     "sum(iverson(n == 3*m)*iverson(i + 2*m == 0) for m in Z)",
     lambda o: int(-2 * o.n == 3 * o.i)),
    # a divisibility is an equation
    ("divisor", E("iverson((n - i) % s == 0)"), {"name": "q"}, "sum(iverson(n == q*s + i) for q in Z)",
     lambda o: int((o.n - o.i) % o.s == 0)),
    # drop an implied inequality
    ("imply", E("iverson(n >= 3)*iverson(n >= 1)*x[n]"), {"condition": C("n >= 1"), "evidence": {0: const(1)}},
     "iverson(n >= 3)*x[n]",
     lambda o: o.x(o.n) if o.n >= 3 else 0),
    ("imply", E("k[n]*iverson(n <= c + s)"), {"condition": C("n <= c + s"), "evidence": {1: const(1)}}, "k[n]",
     lambda o: o.k(o.n)),
    ("imply", E("iverson(n == s*i)*x[n]*iverson(n >= 0)"),
     {"condition": C("n >= 0"), "evidence": {0: const(1), 3: P("s")}}, "iverson(n == i*s)*x[n]",
     lambda o: o.x(o.n) if o.n == o.s * o.i else 0),
    ("imply", E("iverson(n - n == 0)*x[n]"), {"condition": Eq(P("0")), "evidence": {}}, "x[n]", lambda o: o.x(o.n)),
    ("imply", Mul((Iverson(Divides(P("s"), P("0"))), at("x", "n"))),
     {"condition": Divides(P("s"), P("0")), "evidence": {}}, "x[n]", lambda o: o.x(o.n)),
    ("imply", E("iverson(2*n >= 1)*iverson(n >= 1)*x[n]"),
     {"condition": C("n >= 1"), "evidence": {0: const(1)}, "scale": const(2)}, "iverson(2*n >= 1)*x[n]",
     lambda o: o.x(o.n) if o.n >= 1 else 0),
    ("imply", E("iverson(s*n + s >= 1)*x[n]*iverson(n >= 0)"),
     {"condition": C("n >= 0"), "evidence": {0: const(1)}, "scale": P("s")}, "iverson(n*s + s >= 1)*x[n]",
     lambda o: o.x(o.n) if o.n >= 0 else 0),
    ("imply", E("iverson(3*n <= 2)*iverson(3*n >= -2)*iverson(n == 0)*x[n]"),
     {"condition": C("n == 0"), "evidence": {1: const(1)}, "opposite": {0: const(1)}, "scale": const(3)},
     "iverson(3*n <= 2)*iverson(3*n + 2 >= 0)*x[n]", lambda o: o.x(0) if o.n == 0 else 0),
    ("imply", E("iverson(n == 0)*x[n]*iverson(n == 0)"),
     {"condition": C("n == 0"), "evidence": {0: const(1)}, "opposite": {1: const(1)}}, "x[n]*iverson(n == 0)",
     lambda o: o.x(0) if o.n == 0 else 0),
    ("imply", E("iverson(n >= 1)*max(iverson(n + u >= 1)*x[n + u] for u in range(3))"),
     {"condition": C("n + u >= 1"), "evidence": {0: const(1), 1: const(1)}, "place": (1, 0)},
     "iverson(n >= 1)*max(x[n + u] for u in range(3))",
     lambda o: max(o.x(o.n + u) for u in range(3)) if o.n >= 1 else 0),
    ("imply", E("iverson(n >= 1)*relu(iverson(n >= 0)*x[n])"),
     {"condition": C("n >= 0"), "evidence": {0: const(1)}, "place": (1, 0)}, "iverson(n >= 1)*relu(x[n])",
     lambda o: max(o.x(o.n), 0) if o.n >= 1 else 0),
    ("imply", E("h[n]*iverson(n >= s + 3)*iverson(-1 >= 0)"),
     {"condition": Ge(P("-1")), "evidence": {1: const(1), 2: const(1)}}, "h[n]*iverson(n >= s + 3)", lambda o: 0),
    # residues
    ("split", E("sum(k[a]*x[n - a] for a in Z)"), {"index": "a", "quotient": "q", "remainder": "r", "modulus": P("s")},
     "sum(iverson(r >= 0)*iverson(s >= r + 1)*k[q*s + r]*x[n - q*s - r] for q in Z for r in Z)",
     lambda o: sum(o.k(o.s * q + r) * o.x(o.n - o.s * q - r) for q in Z for r in range(o.s))),
    ("residues", E("x[n]"), {"p": P("n + i"), "quotient": "q", "remainder": "r", "modulus": P("s")},
     "sum(iverson(i + n == q*s + r)*iverson(r >= 0)*iverson(s >= r + 1)*x[n] for q in Z for r in Z)",
     lambda o: sum(o.x(o.n) for q in Z for r in range(o.s) if o.n + o.i == o.s * q + r)),
    # both cases of an inequality
    ("cases", E("2*x[n]"), {"p": P("n - s*i")}, "iverson(n >= i*s)*2*x[n] + iverson(i*s >= n + 1)*2*x[n]",
     lambda o: 2 * o.x(o.n)),
    ("cases", E("sum(k[a]*x[n - a] for a in Z)"), {"p": P("n + 1")},
     "iverson(n + 1 >= 0)*sum(k[a]*x[n - a] for a in Z) + iverson(n <= -2)*sum(k[a]*x[n - a] for a in Z)",
     lambda o: sum(o.k(a) * o.x(o.n - a) for a in Z)),
    # a range of numeric length, also of none
    ("enumerate_range", E("sum(x[n - a]*k[a] for a in range(2, 5))"), {"index": "a", "low": P("2"), "count": 3},
     "x[n - 2]*k[2] + x[n - 3]*k[3] + x[n - 4]*k[4]",
     lambda o: sum(o.x(o.n - a) * o.k(a) for a in range(2, 5))),
    ("enumerate_range", E("sum(x[a] for a in range(s, s + 1))"), {"index": "a", "low": P("s"), "count": 1}, "x[s]",
     lambda o: sum(map(o.x, range(o.s, o.s + 1)))),
    ("enumerate_range", E("sum(x[a] for a in range(s, s))"), {"index": "a", "low": P("s"), "count": 0}, "0",
     lambda o: sum(map(o.x, range(o.s, o.s)))),
    ("enumerate_range", E("sum(k[b]*x[a + b] for a in range(2) for b in Z)"),
     {"index": "a", "low": P("0"), "count": 2}, "sum(k[b]*x[b] for b in Z) + sum(k[b]*x[b + 1] for b in Z)",
     lambda o: sum(o.k(b) * o.x(a + b) for a in range(2) for b in Z)),
    # what is assumed
    ("equation", E("x[n + v]*iverson(v >= 2)"), {"name": "v"}, "x[s*t + n]*iverson(s*t >= 2)",
     lambda o: o.x(o.n + o.s * o.t) if o.s * o.t >= 2 else 0),
    ("hypothesis", E("g"), {"number": 0}, "up(k, s)", lambda o: o.g(o.n)),
]  # fmt: skip

ASSUMED: list[tuple[str, Expr, dict[str, Any], str, Plain]] = [
    # the modulus M is an integer of which M >= 2 is assumed
    ("divisor", E("iverson(n % M == 0)"), {"name": "q"}, "sum(iverson(n == M*q) for q in Z)",
     lambda o: int(o.n % o.M == 0)),
    ("split", E("sum(k[a]*h[b] for a in Z for b in Z)"),
     {"index": "a", "quotient": "q", "remainder": "r", "modulus": P("M")},
     "sum(iverson(r >= 0)*iverson(M >= r + 1)*k[M*q + r]*h[b] for b in Z for q in Z for r in Z)",
     lambda o: sum(map(o.k, Z)) * sum(map(o.h, Z))),
]  # fmt: skip


def apply(rule: str, e: Expr, arguments: dict[str, Any]) -> Expr:
    return RULES[rule](F, e, **arguments)


@pytest.mark.parametrize(("rule", "before", "arguments", "after", "plain"), RIGHT + ASSUMED)
def test_right_use(rule: str, before: Expr, arguments: dict[str, Any], after: str, plain: Plain) -> None:
    assert text(apply(rule, before, arguments)) == after


def test_every_rule_has_a_right_and_several_almost_right_uses() -> None:
    assert {row[0] for row in RIGHT} == set(RULES)
    assert all(sum(row[0] == rule for row in WRONG) >= 2 for rule in RULES)
    for rule, laws in (("maximum", maxima.LAWS), ("exponent", exponents.LAWS)):
        for rows in (RIGHT, WRONG):
            assert {row[2].get("law") for row in rows if row[0] == rule} >= set(laws)


SUM_AB = E("sum(k[a]*h[b] for a in Z for b in Z)")
TWO = {"quotient": "q", "remainder": "r"}

# rule, expression, arguments that are almost right, what the refusal says
WRONG: list[tuple[str, Expr, dict[str, Any], str]] = [
    # unfold
    ("unfold", E("conv(x, k)[n]"), {}, "not an entry with that many new indices"),
    ("unfold", E("conv(x, k)[n]"), {"names": ("a", "b")}, "not an entry with that many"),
    ("unfold", E("down(x, s)[n]"), {"names": ("a",)}, "not an entry with that many"),
    ("unfold", E("conv(x, k)[n]"), {"names": ("n",)}, r"\['n'\] are not fresh"),
    ("unfold", E("corr(x, k, stride=s)[n]"), {"names": ("s",)}, r"\['s'\] are not fresh"),
    ("unfold", E("conv(shift(x, i), k)[n]"), {"names": ("i",)}, r"\['i'\] are not fresh"),
    ("unfold", E("conv(x, k)[n]"), {"names": ("t",)}, "are names of the statement"),
    ("unfold", E("conv(x, k)[n]"), {"names": ("k",)}, "are names of the statement"),
    ("unfold", E("x[n]"), {}, "x has no definition to unfold"),
    ("unfold", E("x"), {}, "not an entry"),
    ("unfold", E("iverson(n == 0)"), {}, "not an entry"),
    ("unfold", Entry(ONE, (P("n"),)), {}, "only a sequence has entries"),
    ("unfold", Entry(Integer(P("n")), (P("n"),)), {}, "only a sequence has entries"),
    ("unfold", Entry(E("sum(shift(x, u) for u in range(3))"), (P("u"),)), {}, "would capture a name"),
    ("unfold", Entry(F.definitions["K"], (P("j"),)), {}, "would capture a name"),
    ("unfold", Entry(E("up(x, 2)"), (P("n"), P("i"))), {"names": ("a",)}, "zip"),
    ("unfold", E("inner(x, k)"), {}, "not an entry with that many new indices"),
    ("unfold", E("inner(x, k)"), {"names": ("a", "b")}, "not an entry with that many"),
    ("unfold", E("inner(x, shift(k, n))"), {"names": ("n",)}, r"\['n'\] are not fresh"),
    ("unfold", E("grad(z*x, z, k)"), {}, "not an entry with that many"),
    ("unfold", E("grad(z*x[n], z, 1)"), {"names": ("a",)}, "not an entry with that many"),
    ("unfold", E("grad(conv(x, h), x, k)"), {"names": ("a",)}, "not an entry with that many"),
    ("unfold", E("grad(conv(x, h), x, k)[n]"), {"names": ("n",)}, r"\['n'\] are not fresh"),
    ("unfold", E("diff(conv(x, h)[n], x[i])"), {"names": ("a",)}, "not an entry with that many"),
    # differentiate
    ("differentiate", E("x[n]"), {}, "not a derivative"),
    ("differentiate", E("grad(z*x[n], z, 1)"), {}, "not a derivative"),
    ("differentiate", E("-diff(x[n], x[i])"), {}, "not a derivative"),
    ("differentiate", E("diff(conv(x, k)[n], x[i])"), {}, "operators and definitions are unfolded before"),
    ("differentiate", E("diff(inner(x, k), x[i])"), {}, "operators and definitions are unfolded before"),
    ("differentiate", E("diff(D[n], x[i])"), {}, "operators and definitions are unfolded before"),
    ("differentiate", E("diff(diff(x[n]*x[i], x[n]), x[i])"), {}, "operators and definitions are unfolded before"),
    ("differentiate", E("diff(grad(z*z, z, z), z)"), {}, "operators and definitions are unfolded before"),
    ("differentiate", Diff(at("D", "n"), seq("D"), (P("i"),)), {}, "by a declared sequence or number"),
    ("differentiate", Diff(at("x", "n"), E("flip(x)"), (P("i"),)), {}, "by a declared sequence or number"),
    ("differentiate", Diff(at("x", "n"), seq("x"), (P("n"), P("i"))), {}, "zip"),
    ("differentiate", E("diff(f(sum(h[a]*x[n - a] for a in Z)), h[1])"), {}, "zip"),
    ("differentiate", E("diff(f(sum(h[a]*x[n - a] for a in Z)), h[1])"), {"names": ("a",)},
     r"\['a'\] are not fresh"),
    ("differentiate", E("diff(f(sum(h[a]*x[n - a] for a in Z)), h[1])"), {"names": ("n",)},
     r"\['n'\] are not fresh"),
    ("differentiate", E("diff(f(sum(k[a]*h[b] for a in Z for b in Z)), h[1])"), {"names": ("u", "u")}, "not fresh"),
    ("differentiate", E("diff(f(sum(k[a]*h[b] for a in Z for b in Z)), h[1])"), {"names": ("u",)}, "zip"),
    ("differentiate", Diff(E("sum(k[a]*x[n - a] for a in Z)"), seq("x"), (P("a"),)), {}, "would capture a name"),
    # count: terms that differ, another length, a length that may be negative or is bound, no range
    ("count", E("sum(x[a] for a in range(c))"), {"index": "a", "number": P("c")}, "the terms depend on a"),
    ("count", E("sum(x[n] for a in range(c))"), {"index": "a", "number": P("c - 1")}, "range of a is not a factor"),
    ("count", E("sum(x[n] for a in range(1, c))"), {"index": "a", "number": P("c")}, "range of a is not a factor"),
    ("count", E("sum(x[n] for a in range(i - 3))"), {"index": "a", "number": P("i - 3")}, "i - 3 >= 0 is not known"),
    ("count", E("sum(x[n] for a in range(n))"), {"index": "a", "number": P("n")}, "n >= 0 is not known"),
    ("count", E("sum(k[b] for b in Z for a in range(b))"), {"index": "a", "number": P("b")}, "the terms depend on a"),
    ("count", E("sum(k[a]*x[n] for a in Z)"), {"index": "a", "number": P("c")}, "range of a is not a factor"),
    ("count", E("sum(x[n] for a in range(c))"), {"index": "b", "number": P("c")}, "b is not bound here"),
    ("count", E("sum(f(sum(k[j] for j in Z)) for a in range(c) if a >= 0)"), {"index": "a", "number": P("c")},
     "the terms depend on a"),
    # maximum: no maximum, no law, nothing that the law is about
    ("maximum", E("x[n]"), {"law": "nest"}, "not a maximum"),
    ("maximum", E("sum(x[u] for u in range(c))"), {"law": "drop", "index": "u"}, "not a maximum"),
    ("maximum", E("max(x[u] for u in range(c))"), {"law": "falling"}, "falling"),
    ("maximum", E("max(x[u] for u in range(c))"), {"law": "nest"}, "no maximum over a box of its own"),
    ("maximum", E("max(2*max(x[u + b] for b in range(s)) for u in range(c))"), {"law": "nest"}, "no maximum over"),
    ("maximum", Most(("u",), Most(("b",), at("x", "u + b"), (P("u"),)), (P("c"),)), {"law": "nest"}, "no maximum over"),
    ("maximum", Most(("u",), Most(("u",), at("x", "u"), (P("s"),)), (P("c"),)), {"law": "nest"}, "bound twice"),
    ("maximum", E("max(x[n + u] for u in range(c))"), {"law": "drop", "index": "u"}, "the maximum depends on u"),
    ("maximum", E("max(x[n + u*b] for u in range(1) for b in range(c))"), {"law": "drop", "index": "b"}, "depends on"),
    ("maximum", E("max(x[n] for u in range(c))"), {"law": "drop", "index": "n"}, "n is not bound here"),
    ("maximum", E("max(x[n + u] for u in range(c))"), {"law": "reflect", "index": "n"}, "n is not bound here"),
    ("maximum", Most(("u",), Most(("c",), at("x", "u + c"), (P("s"),)), (P("c"),)), {"law": "reflect", "index": "u"},
     "would capture a name"),
    ("maximum", E("max(x[n + u] for u in range(c))"), {"law": "arrange", "order": ("u",), "names": ("n",)}, "not fres"),
    ("maximum", E("max(x[n + u] for u in range(c))"), {"law": "arrange", "order": ("u",), "names": ("c",)}, "not fres"),
    ("maximum", E("max(x[u + b] for u in range(c) for b in range(s))"),
     {"law": "arrange", "order": ("u", "b"), "names": ("j", "j")}, "not the same indices"),
    ("maximum", E("max(x[u + b] for u in range(c) for b in range(s))"),
     {"law": "arrange", "order": ("u", "u"), "names": ("j", "w")}, "not the same indices"),
    ("maximum", E("max(x[u + b] for u in range(c) for b in range(s))"),
     {"law": "arrange", "order": ("u",), "names": ("j",)}, "not the same indices"),
    ("maximum", E("peak((x[u + b] for u in range(c) for b in range(s)), n, i)"),
     {"law": "arrange", "order": ("b", "u"), "names": ("b", "u")}, "the first of several maxima depends on the order"),
    *(("maximum", E("peak((x[u] for u in range(c)), n)"), {"law": law, **more}, "not a maximum")
      for law, more in (("reflect", {"index": "u"}), ("drop", {"index": "u"}), ("translate", {}), ("rising", {}))),
    *(("maximum", E(f"max({body} for u in range({c}) for b in range(t))"),
       {"law": "merge", "first": first, "second": second, "name": name, "by": P(by)}, message)
      for body, c, first, second, name, by, message in (
          ("x[n + u + s*b]", "c", "u", "b", "j", "s", "1 <= s <= c is not known"),
          ("x[n + u + 2*b]", "1", "u", "b", "j", "2", "1 <= 2 <= 1 is not known"),
          ("x[n + u + s*b]", "s", "u", "b", "j", "t", "1 <= t <= s is not known"),
          ("x[n + u - b]", "s", "u", "b", "j", "-1", "1 <= -1 <= s is not known"),
          ("x[n + u]", "s", "u", "b", "j", "0", "1 <= 0 <= s is not known"),
          ("x[n + u + s*b]", "s", "b", "u", "j", "1", "do not stand in b"),
          ("x[n + u + s*b + b]", "s", "u", "b", "j", "s", "do not stand in u"),
          ("x[n + u + s*b]*x[u]", "s", "u", "b", "j", "s", "do not stand in u"),
          ("x[n + u + s*b]*b", "s", "u", "b", "j", "s", "do not stand in u"),
          ("x[n + u + s*b]", "s", "u", "b", "n", "s", "n is not fresh"),
          ("x[n + u + s*b]", "s", "u", "b", "t", "s", "t is not fresh"),
          ("x[n + u + s*b]", "s", "u", "u", "j", "s", "1 <= s <= s is not known"),
          ("x[n + u + s*b]", "s", "u", "n", "j", "s", "n is not bound here"))),
    ("maximum", E("max(x[n + u]*z for u in range(c))"), {"law": "translate"}, "the body is no sum"),
    ("maximum", E("max(x[n + u] + u for u in range(c))"), {"law": "translate"}, "nothing stands in the maximum"),
    ("maximum", E("max(z + x[n] for u in range(c))"), {"law": "translate"}, "nothing stands in the maximum"),
    *(("maximum", E(f"max({factor}*x[n + u] for u in range(c))"), {"law": "scale"}, message)
      for factor, message in (("z", "no fixed factor is known"), ("(-2)", "no fixed factor is known"),
                              ("n", "no fixed factor is known"), ("x[i]", "no fixed factor is known"),
                              ("(s - t)", "no fixed factor is known"), ("(-alpha)", "no fixed factor is known"),
                              ("sign(z)", "no fixed factor is known"), ("u", "nothing stands in the maximum"))),
    ("maximum", E("max(x[n + u] + 2 for u in range(c))"), {"law": "scale"}, "the body is no product"),
    *(("maximum", E(f"max({body} for u in range({c}))"), {"law": "greatest"}, message)
      for body, c, message in (("iverson(u == 1)", "c", "not one of so many places"),
                               ("iverson(u == 1)", "1001", "not one of so many places"),
                               ("iverson(u == n)", "2", "the values are not numbers"),
                               ("iverson(u == 1)*x[u]", "2", "the values are not numbers"),
                               ("s*iverson(u == 1)", "2", "the values are not numbers"))),
    ("maximum", Most(("u", "u"), E("iverson(n == 0)"), (P("2"), P("2"))), {"law": "greatest"}, "bound twice"),
    *(("maximum", E(f"max({body} for u in range(c))"), {"law": "rising"}, "no rising function of anything")
      for body in ("abs(x[n + u])", "f(x[n + u])", "-relu(x[n + u])", "x[n + u]", "abs(x[n + u])**2",
                   "abs(relu(x[n + u]))**p", "abs(relu(x[n + u]))**(-1)", "abs(relu(x[n + u]))**(s - t)",
                   "abs(relu(x[n + u]))**0")),
    # exponent: exponents that are almost such, signs that are not known
    ("exponent", E("x[n]"), {"law": "two"}, "two"),
    ("exponent", E("abs(x[n])**(s/t)"), {"law": "one"}, "the exponent is not 1"),
    ("exponent", E("abs(x[n])**(2*s/s)"), {"law": "one"}, "the exponent is not 1"),
    ("exponent", E("abs(x[n])"), {"law": "one"}, "the exponent is not 1"),
    *(("exponent", E(f"abs(x[n])**{power}"), {"law": "square"}, "no even number")
      for power in ("3", "(2/2)", "0", "(-2)", "(2*s)", "1")),
    *(("exponent", E("abs(x[n])**(s*t/t)"), {"law": "reduce", "by": P(by)}, "no positive common factor")
      for by in ("s", "-t", "p", "0", "2", "s*t", "i")),
    ("exponent", E("abs(x[n])**((p*s)/(p*s + 1))"), {"law": "reduce", "by": P("s")}, "no positive common factor"),
    ("exponent", E("abs(x[n])"), {"law": "reduce", "by": P("1")}, "not a power"),
    ("exponent", E("abs(x[n])**s"), {"law": "compose"}, "not a power of a power"),
    ("exponent", Power(E("relu(x[n])"), P("s"), ONE_PLACE), {"law": "compose"}, "not a power of a power"),
    ("exponent", Power(Neg(Integer(P("n"))), P("s"), ONE_PLACE), {"law": "compose"}, "not a power of a power"),
    ("exponent", Power(Apply("abs", Integer(P("n"))), P("s"), ONE_PLACE), {"law": "compose"}, "not a power of a power"),
    *(("exponent", Power(e, P(p), P(q)), {"law": "number"}, "not a power of a number with a value")
      for e, p, q in ((Const(Fraction(4)), "1", "2"), (Const(Fraction(2)), "s", "1"), (Const(Fraction(2)), "-1", "1"),
                      (Const(Fraction(2)), "65", "1"), (Integer(P("s")), "s - t", "1"), (Number("z"), "1", "1"),
                      (ZERO, "n", "t"), (ZERO, "p", "1"), (ZERO, "s - t", "1"), (at("x", "n"), "s", "1"))),
    ("exponent", E("abs(x[n] + z)**2"), {"law": "factors"}, "not a power of a product"),
    ("exponent", E("abs(x[n]*z)"), {"law": "factors"}, "not a power of a product"),
    *(("exponent", E(e), {"law": "collect", "first": i, "second": j}, message) for e, i, j, message in (
        ("abs(x[n])**s*abs(x[i])**s", 0, 1, "no powers of one thing"),
        ("abs(x[n])**s*x[n]", 0, 1, "no powers of one thing"),
        ("abs(x[n])**s*abs(x[n])", 0, 1, "no powers of one thing"),
        ("sign(x[n])*abs(x[n])", 0, 1, "no powers of one thing"),
        ("abs(x[n])*sign(-x[n])", 0, 1, "no powers of one thing"),
        ("relu(x[n])*sign(x[n])", 0, 1, "no powers of one thing"),
        ("abs(x[n])**s*abs(x[n])**t", 1, 0, "there are no such factors"),
        ("abs(x[n])**s*abs(x[n])**t", 0, 0, "there are no such factors"),
        ("abs(x[n])**s*abs(x[n])**t", 0, 2, "there are no such factors"),
        ("abs(x[n])**s + abs(x[n])**t", 0, 1, "there are no such factors"))),
    *(("exponent", e, {"law": "homogeneous"}, "not relu or abs of a factor that is known to be at least 0") for e in (
        E("relu(z*x[n])"), E("abs(z*x[n])"), E("relu(n*x[n])"), E("relu((s - t)*x[n])"), E("relu(x[n]*alpha)"),
        Apply("relu", Mul((Const(Fraction(-2)), at("x", "n")))),
        Apply("relu", Mul((Neg(Number("alpha")), at("x", "n")))),
        E("step(2*x[n])"), E("sign(alpha*x[n])"), E("f(2*x[n])"), E("relu(x[n] + x[n])"), E("relu(alpha)"),
        Apply("relu", Mul((Number("alpha"),))), E("2*relu(x[n])"))),
    *(("exponent", E(f"abs(x[n])**{a}*abs(x[n])**{b}"), {"law": "collect", "first": 0, "second": 1}, "may be 0, and")
      for a, b in (("s", "(-t)"), ("n", "(-n)"), ("p", "i"), ("0", "0"), ("(n/2)", "(1/2)"), ("(s/t)", "(-s/t)"))),
    *(("exponent", E(f"abs(iverson(n == i)*x[n])**{a}"), {"law": "indicator"}, "not a function that is 0 at 0")
      for a in ("0", "p", "n", "(s - t)")),
    ("exponent", E("relu(alpha*z)"), {"law": "apart"}, r"not \|t\| of a product"),
    ("exponent", E("abs(x[n] + z)"), {"law": "apart"}, r"not \|t\| of a product"),
    *(("exponent", E(e), {"law": "above"}, "known to be at least 0") for e in (
        "relu(x[n])", "abs(z)", "relu(x[n]*x[i])", "abs(n)", "relu(s - t)", "sign(alpha)", "step(alpha)", "f(alpha)",
        "relu(relu(x[n]) - alpha)", "relu(-alpha)", "abs(x[n]*x[n]*x[n])", "relu(max(x[u] for u in range(c)))")),
    *(("exponent", E(e), {"law": "below"}, "known to be at most 0") for e in (
        "relu(x[n])", "abs(-z)", "abs(alpha)", "sign(-alpha)", "step(-alpha)", "relu(alpha - s)", "relu(-n)",
        "abs((-2)*z)", "relu(-x[n]*x[i])")),
    ("exponent", E("relu(x[n]*z)"), {"law": "indicator"}, "no condition stands there"),
    ("exponent", E("f(iverson(n == i)*x[n])"), {"law": "indicator"}, "not a function that is 0 at 0"),
    ("exponent", E("iverson(n == i)*x[n]"), {"law": "indicator"}, "not a function that is 0 at 0"),
    ("exponent", E("relu(iverson(n == i)*x[n] + z)"), {"law": "indicator"}, "no condition stands there"),
    ("exponent", E("abs(x[n])"), {"law": "single"}, "the argument is no sum"),
    ("exponent", E("f(sum(iverson(u == n)*x[u] for u in Z))"), {"law": "single"}, "not a function that is 0 at 0"),
    *(("exponent", E(f"abs(sum({conditions}*x[u]*k[u] for u in Z))"), {"law": "single"}, "more than one term may be")
      for conditions in ("iverson(p*u == n)", "iverson(u*u == n)", "iverson(i*u == n)", "iverson(n >= 0)",
                         "iverson(s*u >= n)*iverson(s*u <= n + s)", "iverson(u >= n)*iverson(u <= n + 1)",
                         "iverson(s*u >= n)*iverson(s*u <= i + s - 1)", "iverson((u - n) % s == 0)",
                         "iverson(2*u >= n)*iverson(3*u <= n)", "iverson(n == i)")),
    ("exponent", E("abs(sum(iverson(u + b == n)*k[u]*k[b] for u in Z for b in Z))"), {"law": "single"}, "more than"),
    # distribute
    ("distribute", E("x"), {}, "only scalars are multiplied out"),
    ("distribute", E("2*x"), {}, "only scalars are multiplied out"),
    ("distribute", Mul((at("x", "a"), Sum(("a",), at("k", "a")))), {}, "meets a name of the same spelling"),
    ("distribute", Mul((Sum(("a",), at("k", "a")),) * 2), {}, "meets a name of the same spelling"),
    ("distribute", Sum(("a",), Mul((at("k", "a"), Sum(("a",), at("h", "a"))))), {}, "meets a name|bound twice"),
    ("distribute", Sum(("a",), Sum(("a",), at("h", "a"))), {}, "is bound twice"),
    # reindex: not inverse, not unimodular, not fresh, not all indices
    ("reindex", E("x[n]"), {"forward": {}, "inverse": {}}, "does not cover the bound indices"),
    ("reindex", SUM_AB, {"forward": M(a="m"), "inverse": M(m="a")}, "does not cover the bound indices"),
    ("reindex", SUM_AB, {"forward": M(a="m", b="u"), "inverse": M(m="a")}, "not inverse|mix"),
    ("reindex", SUM_AB, {"forward": M(a="m + u", b="m - u"), "inverse": M(m="a", u="b")}, "not inverse to each other"),
    ("reindex", SUM_AB, {"forward": M(a="m + u", b="u"), "inverse": M(m="a + b", u="b")}, "not inverse"),
    ("reindex", SUM_AB, {"forward": M(a="m + u", b="u"), "inverse": M(m="a - b + 1", u="b")}, "not inverse"),
    ("reindex", SUM_AB, {"forward": M(a="m", b="m"), "inverse": M(m="a")}, "not inverse"),
    ("reindex", SUM_AB, {"forward": M(a="m", b="0"), "inverse": M(m="a")}, "not inverse"),
    ("reindex", E("sum(k[a] for a in Z)"), {"forward": M(a="2*m"), "inverse": M(m="a")}, "not inverse"),
    ("reindex", E("sum(k[a] for a in Z)"), {"forward": M(a="s*m"), "inverse": M(m="a")}, "not inverse"),
    ("reindex", E("sum(k[a] for a in Z)"), {"forward": M(a="m*m"), "inverse": M(m="a")}, "not inverse"),
    ("reindex", E("sum(k[a]*x[n - a] for a in Z)"), {"forward": M(a="n"), "inverse": M(n="a")}, "not fresh"),
    ("reindex", E("sum(k[a]*x[n - a] for a in Z)"), {"forward": M(a="n + 1"), "inverse": M(n="a - 1")}, "not fresh"),
    ("reindex", SUM_AB, {"forward": M(a="m + b", b="u"), "inverse": M(m="a - u", u="b")}, "old and new indices mix"),
    ("reindex", E("sum(k[a]*f(sum(h[b]*x[a + b] for b in Z)) for a in Z)"),
     {"forward": M(a="m + b"), "inverse": M(m="a - b")}, "would capture a name"),
    # sift
    ("sift", E("x[n]"), {"index": "n", "position": 0}, "n is not bound here"),
    ("sift", E("sum(iverson(a == n)*x[a] for a in Z)"), {"index": "n", "position": 0}, "n is not bound here"),
    ("sift", E("sum(iverson(2*a == n)*x[a] for a in Z)"), {"index": "a", "position": 0}, "is not 1 or -1"),
    ("sift", E("sum(iverson(s*a == n)*x[a] for a in Z)"), {"index": "a", "position": 0}, "is not 1 or -1"),
    ("sift", E("sum(iverson(a*a == n)*k[a] for a in Z)"), {"index": "a", "position": 0}, "is not 1 or -1"),
    ("sift", E("sum(iverson(a + a*a == n)*k[a] for a in Z)"), {"index": "a", "position": 0}, "not 1 or -1|both sides"),
    ("sift", E("sum(k[a]*iverson(i == n) for a in Z)"), {"index": "a", "position": 1}, "is not 1 or -1"),
    ("sift", E("sum(iverson(a >= n)*k[a] for a in Z)"), {"index": "a", "position": 0}, "the factor is not an equality"),
    ("sift", E("sum(iverson((a - n) % 1 == 0)*k[a] for a in Z)"), {"index": "a", "position": 0}, "not an equality"),
    ("sift", E("sum(iverson(a == n)*x[a] for a in Z)"), {"index": "a", "position": 1}, "not an equality"),
    ("sift", E("sum(iverson(a == n)*x[a] for a in Z)"), {"index": "a", "position": 2}, "there is no such factor"),
    ("sift", E("sum(iverson(a == n)*x[a] for a in Z)"), {"index": "a", "position": -1}, "there is no such factor"),
    ("sift", E("sum(iverson(a == n)*k[a] + k[a] for a in Z)"), {"index": "a", "position": 0}, "not an equality"),
    ("sift", Sum(("a",), Mul((on("a == b"), at("x", "a"), Sum(("b",), Mul((at("k", "b"), at("x", "a - b"))))))),
     {"index": "a", "position": 0}, "would capture a name"),
    # rewrite
    ("rewrite", E("iverson(n >= 3)*x[n]"), {"name": "n", "position": 0}, "the factor is not an equality"),
    ("rewrite", E("iverson(2*n == 6)*x[n]"), {"name": "n", "position": 0}, "is not 1 or -1"),
    ("rewrite", E("iverson(n*n == n)*x[n]"), {"name": "n", "position": 0}, "is not 1 or -1|both sides"),
    ("rewrite", E("iverson(n == 3) + x[n]"), {"name": "n", "position": 0}, "there is no such factor|not an equality"),
    ("rewrite", Mul((on("n == a"), Sum(("a",), Mul((at("k", "a"), at("x", "n - a")))))), {"name": "n", "position": 0},
     "would capture a name"),
    # cancel
    ("cancel", E("iverson(n >= i)"), {"by": P("-1")}, "not a factor of the right sign"),
    ("cancel", E("iverson(-2*n >= 4)"), {"by": P("-2")}, "not a factor of the right sign"),
    ("cancel", E("iverson(2*n == 3)"), {"by": P("2")}, "not a factor"),
    ("cancel", E("iverson(n*i == 0)"), {"by": P("n")}, "not a factor of the right sign"),
    ("cancel", E("iverson(p*n == 0)"), {"by": P("p")}, "not a factor of the right sign"),
    ("cancel", E("iverson(i*n >= 0)"), {"by": P("i")}, "not a factor of the right sign"),
    ("cancel", E("iverson((s - t)*n == 0)"), {"by": P("s - t")}, "not a factor of the right sign"),
    ("cancel", E("iverson(n == 0)"), {"by": P("0")}, "not a factor of the right sign"),
    ("cancel", E("iverson(2*n + 3*i >= 1)"), {"by": P("2")}, "not a factor of the right sign"),
    ("cancel", E("iverson(3*n + 3 >= 0)"), {"by": P("3"), "rest": P("3")}, "not a factor of the right sign"),
    ("cancel", E("iverson(3*n >= 1)"), {"by": P("3"), "rest": P("-1")}, "not a factor of the right sign"),
    ("cancel", E("iverson(3*n == 1)"), {"by": P("3"), "rest": P("2")}, "not a factor of the right sign"),
    ("cancel", E("iverson(s*n + 1 >= 0)"), {"by": P("s"), "rest": P("1")}, "not a factor of the right sign"),
    ("cancel", E("iverson(s*n + t >= 0)"), {"by": P("s"), "rest": P("t")}, "not a factor of the right sign"),
    ("cancel", E("iverson(s*n + p >= 0)"), {"by": P("s"), "rest": P("p")}, "not a factor of the right sign"),
    ("cancel", E("iverson(s*n + i >= 0)"), {"by": P("s"), "rest": P("i")}, "not a factor of the right sign"),
    ("cancel", E("iverson(s*n + 1 >= 0)"), {"by": P("s")}, "not a factor of the right sign"),
    ("cancel", E("iverson(p*n >= 0)"), {"by": P("p")}, "not a factor of the right sign"),
    ("cancel", E("iverson((2*n) % 4 == 0)"), {"by": P("-2")}, "not a positive common factor"),
    ("cancel", E("iverson((2*n) % 3 == 0)"), {"by": P("2")}, "not a positive common factor"),
    ("cancel", E("iverson(n % 3 == 0)"), {"by": P("3")}, "not a positive common factor"),
    ("cancel", E("x[2*n]"), {"by": P("2")}, "not a condition"),
    # coprime
    ("coprime", E("iverson(s*n == v*i)"), {"name": "m", **M(s="s", p="n", t="v", q="i")}, r"gcd\(s, v\) = 1 is not kn"),
    ("coprime", E("iverson(2*n == 4*i)"), {"name": "m", **M(s="2", p="n", t="4", q="i")}, r"gcd\(2, 4\) = 1 is not"),
    ("coprime", E("iverson(s*n == N*i)"), {"name": "m", **M(s="s", p="n", t="N", q="i")}, r"gcd\(s, N\) = 1 is not kn"),
    ("coprime", E("iverson(s*n == s*i)"), {"name": "m", **M(s="s", p="n", t="s", q="i")}, r"gcd\(s, s\) = 1 is not"),
    ("coprime", E("iverson(0 == i)"), {"name": "m", **M(s="0", p="n", t="1", q="i")}, r"gcd\(0, 1\) = 1 is not|not s"),
    ("coprime", E("iverson(n == p*i)"), {"name": "m", **M(s="1", p="n", t="p", q="i")}, r"gcd\(1, p\) = 1 is not"),
    ("coprime", E("iverson(s*n == t*i)"), {"name": "m", **M(s="t", p="n", t="s", q="i")}, "is not s p = t q"),
    ("coprime", E("iverson(s*n == t*i + 1)"), {"name": "m", **M(s="s", p="n", t="t", q="i")}, "is not s p = t q"),
    ("coprime", E("iverson(s*n >= t*i)"), {"name": "m", **M(s="s", p="n", t="t", q="i")}, "is not s p = t q"),
    ("coprime", E("iverson(s*n == t*i)"), {"name": "i", **M(s="s", p="n", t="t", q="i")}, r"\['i'\] are not fresh"),
    ("coprime", E("iverson(s*n == t*i)"), {"name": "t", **M(s="s", p="n", t="t", q="i")}, r"\['t'\] are not fresh"),
    # divisor
    ("divisor", E("iverson(n == s)"), {"name": "q"}, "not a divisibility"),
    ("divisor", E("x[n]"), {"name": "q"}, "not a divisibility"),
    ("divisor", Iverson(Divides(P("p"), P("n"))), {"name": "q"}, "p >= 1 is not known"),
    ("divisor", Iverson(Divides(P("i"), P("n"))), {"name": "q"}, "i >= 1 is not known"),
    ("divisor", Iverson(Divides(P("s - 1"), P("n"))), {"name": "q"}, "s - 1 >= 1 is not known"),
    ("divisor", Iverson(Divides(P("-s"), P("n"))), {"name": "q"}, ">= 1 is not known"),
    ("divisor", Iverson(Divides(P("0"), P("n"))), {"name": "q"}, ">= 1 is not known"),
    ("divisor", E("iverson(n % s == 0)"), {"name": "n"}, r"\['n'\] are not fresh"),
    ("divisor", E("iverson(n % s == 0)"), {"name": "s"}, r"\['s'\] are not fresh"),
    # imply: off by one, wrong sign, from itself, from nothing
    ("imply", E("iverson(n >= 3)*x[n]"), {"condition": C("n >= 4"), "evidence": {0: const(1)}}, "is not a factor here"),
    # imply inside: beyond the range, from beside a sum, out of a function of anything else, out of a derivative
    ("imply", E("iverson(n >= 1)*max(iverson(n + u >= 2)*x[n + u] for u in range(3))"),
     {"condition": C("n + u >= 2"), "evidence": {0: const(1), 1: const(1)}, "place": (1, 0)}, "do not imply n . u - 2"),
    ("imply", E("iverson(n >= 1) + max(iverson(n + u >= 1)*x[n + u] for u in range(3))"),
     {"condition": C("n + u >= 1"), "evidence": {0: const(1), 1: const(1)}, "place": (1, 0)}, "do not imply"),
    ("imply", E("relu(iverson(n >= 0)*x[n]) * iverson(n >= 0)"),
     {"condition": C("n >= 0"), "evidence": {0: const(1)}, "place": (1,)}, "do not imply"),
    ("imply", E("iverson(n >= 1)*diff(iverson(n >= 0)*z, z)"),
     {"condition": C("n >= 0"), "evidence": {0: const(1)}, "place": (1, 0)}, "are looked into"),
    ("imply", E("iverson(n >= 1)*relu(x[n])"), {"condition": C("n >= 0"), "evidence": {0: const(1)}, "place": (7, 0)},
     "no place"),
    ("imply", E("iverson(n >= 3)*iverson(n >= 4)"), {"condition": C("n >= 4"), "evidence": {0: const(1)}},
     "do not imply n - 4 >= 0"),
    ("imply", E("iverson(n >= 3)*x[n]"), {"condition": C("n >= 3"), "evidence": {}}, "do not imply n - 3 >= 0"),
    ("imply", E("iverson(n >= 3)*x[n]"), {"condition": C("n >= 3"), "evidence": {0: const(1)}}, "do not imply"),
    ("imply", E("k[n]*iverson(n <= c - 2)"), {"condition": C("n <= c - 2"), "evidence": {1: const(1)}}, "do not imply"),
    ("imply", E("k[n]*iverson(n >= 1)"), {"condition": C("n >= 1"), "evidence": {0: const(1)}}, "do not imply n - 1"),
    ("imply", E("w[n]*iverson(n >= 0)"), {"condition": C("n >= 0"), "evidence": {0: const(1)}}, "do not imply n >= 0"),
    ("imply", E("x[n]*iverson(n >= 0)"), {"condition": C("n >= 0"), "evidence": {0: const(1)}}, "do not imply n >= 0"),
    ("imply", E("k[n - 1]*iverson(n <= c - 1)"), {"condition": C("n <= c - 1"), "evidence": {1: const(1)}},
     "do not im"),
    ("imply", E("iverson(n <= 3)*iverson(n >= 0)"), {"condition": C("n >= 0"), "evidence": {0: const(-1)}},
     "do not imply n >= 0"),
    ("imply", E("iverson(n <= 3)*iverson(n >= 0)"), {"condition": C("n >= 0"), "evidence": {0: P("i")}},
     "do not imply"),
    ("imply", E("iverson(n >= 0)*iverson(n >= s)"), {"condition": C("n >= s"), "evidence": {0: P("s")}},
     "do not imply"),
    ("imply", E("iverson(n >= 3)*iverson(n >= 1)"), {"condition": C("n >= 1"), "evidence": {7: const(1)}},
     "do not imp"),
    ("imply", E("iverson(n >= 3)*iverson(n >= 1)"), {"condition": C("n >= 1"), "evidence": {-1: const(1)}},
     "do not im"),
    ("imply", E("x[n]*iverson(i >= 1)"), {"condition": C("i >= 1"), "evidence": {1: const(1)}}, "do not imply i - 1"),
    ("imply", E("x[n]*iverson(s >= 2)"), {"condition": C("s >= 2"), "evidence": {}}, "do not imply s - 2 >= 0"),
    ("imply", E("x[n]*iverson(p >= 1)"), {"condition": C("p >= 1"), "evidence": {}}, "do not imply p - 1 >= 0"),
    ("imply", E("iverson(n == 3)*iverson(2*n == 6)"), {"condition": C("2*n == 6"), "evidence": {0: const(2)}},
     "they do not imply 6"),
    ("imply", Mul((E("iverson(n % 4 == 0)"), E("iverson(n % 2 == 0)"))),
     {"condition": Divides(P("2"), P("n")), "evidence": {}}, "no divisibility is implied"),
    ("imply", E("x[n] + iverson(n >= 0)"), {"condition": C("n >= 0"), "evidence": {}}, "is not a factor here"),
    # imply with a scale: not known to be ≥ 1, too small, evidence that is one short, only one way
    *(("imply", E("iverson(2*n >= 1)*iverson(n >= 1)"),
       {"condition": C("n >= 1"), "evidence": {0: const(1)}, "scale": P(scale)}, message)
      for scale, message in (("1", "do not imply n - 1 >= 0"), ("3", "do not imply"), ("0", "0 >= 1 is not known"),
                             ("-2", "-2 >= 1 is not known"), ("p", "p >= 1 is not known"),
                             ("i", "i >= 1 is not known"), ("s - 1", "s - 1 >= 1 is not known"))),
    ("imply", E("iverson(2*n >= 0)*iverson(n >= 1)"),
     {"condition": C("n >= 1"), "evidence": {0: const(1)}, "scale": const(2)}, "do not imply n - 1 >= 0"),
    ("imply", E("iverson(s*n + s >= 0)*iverson(n >= 0)"),
     {"condition": C("n >= 0"), "evidence": {0: const(1)}, "scale": P("s")}, "do not imply n >= 0"),
    ("imply", E("iverson(s*n + s >= 1)*iverson(n >= 0)"),
     {"condition": C("n >= 0"), "evidence": {0: const(1)}, "scale": P("t")}, "do not imply n >= 0"),
    ("imply", E("iverson(3*n <= 2)*iverson(3*n >= -2)*iverson(n == 0)"),
     {"condition": C("n == 0"), "evidence": {1: const(1)}, "scale": const(3)}, "they do not imply -n >= 0"),
    ("imply", E("iverson(3*n <= 3)*iverson(3*n >= -2)*iverson(n == 0)"),
     {"condition": C("n == 0"), "evidence": {1: const(1)}, "opposite": {0: const(1)}, "scale": const(3)},
     "they do not imply -n >= 0"),
    ("imply", E("iverson(3*n <= 2)*iverson(3*n >= -3)*iverson(n == 0)"),
     {"condition": C("n == 0"), "evidence": {1: const(1)}, "opposite": {0: const(1)}, "scale": const(3)},
     "do not imply n >= 0"),
    ("imply", Mul((Iverson(Divides(P("4"), P("n"))), Iverson(Divides(P("2"), P("n"))))),
     {"condition": Divides(P("2"), P("n")), "evidence": {}, "scale": const(2)}, "no divisibility is implied"),
    # split
    ("split", E("x[n]"), {"index": "n", **TWO, "modulus": P("2")}, "n is not bound here"),
    ("split", E("sum(k[a] for a in Z)"), {"index": "a", **TWO, "modulus": P("0")}, "0 >= 1 is not known"),
    ("split", E("sum(k[a] for a in Z)"), {"index": "a", **TWO, "modulus": P("-2")}, "-2 >= 1 is not known"),
    ("split", E("sum(k[a] for a in Z)"), {"index": "a", **TWO, "modulus": P("p")}, "p >= 1 is not known"),
    ("split", E("sum(k[a] for a in Z)"), {"index": "a", **TWO, "modulus": P("s - 1")}, "s - 1 >= 1 is not known"),
    ("split", E("sum(k[a] for a in Z)"), {"index": "a", **TWO, "modulus": P("M - 2")}, "M - 2 >= 1 is not known"),
    ("split", SUM_AB, {"index": "a", **TWO, "modulus": P("b")}, "b >= 1 is not known|depends on a bound index"),
    ("split", SUM_AB, {"index": "a", "quotient": "b", "remainder": "r", "modulus": P("2")}, r"\['b'\] are not fresh"),
    ("split", E("sum(k[a]*x[n - a] for a in Z)"), {"index": "a", "quotient": "q", "remainder": "n", "modulus": P("2")},
     r"\['n'\] are not fresh"),
    ("split", E("sum(k[a] for a in Z)"), {"index": "a", "quotient": "q", "remainder": "q", "modulus": P("2")},
     "are not fresh"),
    # residues
    ("residues", E("x"), {"p": P("n"), **TWO, "modulus": P("2")}, "not a scalar"),
    # cases
    ("cases", E("x"), {"p": P("n")}, "not a scalar"),
    ("cases", E("up(x, 2)"), {"p": P("n - 1")}, "not a scalar"),
    ("residues", E("x[n]"), {"p": P("n"), **TWO, "modulus": P("0")}, "0 >= 1 is not known"),
    ("residues", E("x[n]"), {"p": P("n"), **TWO, "modulus": P("i")}, "i >= 1 is not known"),
    ("residues", E("x[n]"), {"p": P("i"), "quotient": "i", "remainder": "r", "modulus": P("2")}, "the new names occur"),
    ("residues", E("x[n]"), {"p": P("n"), "quotient": "s", "remainder": "r", "modulus": P("s")}, "the new names occur"),
    ("residues", E("x[n]"), {"p": P("n"), "quotient": "q", "remainder": "q", "modulus": P("2")}, "are not fresh"),
    ("residues", E("x[n]"), {"p": P("n"), "quotient": "n", "remainder": "r", "modulus": P("2")}, r"\['n'\] are not fr"),
    # enumerate_range: one too many, one too few, another low, no end
    *(("enumerate_range", E("sum(k[a] for a in range(2, 5))"), {"index": "a", "low": P(low), "count": count},
       "range of a is not a factor") for low, count in (("2", 4), ("2", 2), ("1", 3), ("3", 3), ("s", 3), ("2", 0))),
    ("enumerate_range", E("sum(k[a] for a in Z)"), {"index": "a", "low": P("0"), "count": 3}, "is not a factor"),
    ("enumerate_range", E("sum(iverson(a >= 0)*k[a] for a in Z)"), {"index": "a", "low": P("0"), "count": 3},
     "is not a factor"),
    ("enumerate_range", E("sum(k[a] for a in range(c))"), {"index": "a", "low": P("0"), "count": 3}, "is not a factor"),
    ("enumerate_range", E("sum(k[a] for a in range(3))"), {"index": "b", "low": P("0"), "count": 3}, "b is not bound"),
    ("enumerate_range", E("sum(k[b]*iverson(b <= a)*iverson(a <= b + 1) for b in Z for a in Z)"),
     {"index": "a", "low": P("b"), "count": 2}, "not fixed, or too long a range"),
    ("enumerate_range", E("sum(k[a] for a in range(2, 5))"), {"index": "a", "low": P("2"), "count": -1},
     "not a factor"),
    # equation, hypothesis
    ("equation", E("x[n + N]"), {"name": "N"}, "no value of N is assumed"),
    ("equation", E("x[n + s]"), {"name": "s"}, "no value of s is assumed"),
    ("equation", Sum(("s",), Mul((at("k", "s"), at("x", "v - s")))), {"name": "v"}, "would capture a name"),
    ("hypothesis", E("x"), {"number": 0}, "not the left side of the assumed equation"),
    ("hypothesis", E("up(k, s)"), {"number": 0}, "not the left side of the assumed equation"),
    ("hypothesis", E("g[n]"), {"number": 0}, "not the left side of the assumed equation"),
    ("hypothesis", E("g"), {"number": 1}, "there is no assumed equation 1"),
    ("hypothesis", E("g"), {"number": -1}, "there is no assumed equation -1"),
    # arguments of the wrong kind
    ("sift", E("sum(iverson(a == n)*x[a] for a in Z)"), {"index": "a", "position": "0"}, "not supported"),
    ("cancel", E("iverson(2*n == 4)"), {"by": 2}, "has no attribute"),
    ("split", E("sum(k[a] for a in Z)"), {"index": "a", **TWO, "modulus": "2"}, "has no attribute"),
    ("reindex", E("sum(k[a] for a in Z)"), {"forward": {"a": "m"}, "inverse": {"m": "a"}}, "has no attribute"),
    ("imply", E("iverson(n >= 3)*iverson(n >= 1)"), {"condition": C("n >= 1"), "evidence": {"0": const(1)}},
     "not supp"),
    ("divisor", E("iverson(n % s == 0)"), {}, "missing"),
    ("distribute", E("x[n]"), {"name": "q"}, "unexpected"),
]  # fmt: skip


@pytest.mark.parametrize(("rule", "e", "arguments", "message"), WRONG)
def test_almost_right_uses_are_refused(rule: str, e: Expr, arguments: dict[str, Any], message: str) -> None:
    with pytest.raises(RuleError, match=message) as refusal:
        apply(rule, e, arguments)
    assert str(refusal.value).startswith(f"rule {rule}: ")
    assert refusal.value.rule == rule


@pytest.mark.parametrize(("rule", "before", "arguments", "after", "plain"), RIGHT[:-1] + ASSUMED)
@settings(max_examples=15, deadline=None)
@given(world=worlds)
def test_the_value_is_kept(
    world: World, rule: str, before: Expr, arguments: dict[str, Any], after: str, plain: Plain
) -> None:
    """before = after = the plain loop, exactly."""
    expected = plain(world.o)
    assert world.value(before) == expected
    assert world.value(apply(rule, before, arguments)) == expected


@settings(max_examples=15, deadline=None)
@given(world=worlds)
def test_an_assumed_equation_gives_the_value(world: World) -> None:
    after = apply("hypothesis", E("g"), {"number": 0})
    assert world.evaluator.value(E("g"), (world.o.n,)) == world.o.g(world.o.n)
    assert world.evaluator.value(after, (world.o.n,)) == world.o.g(world.o.n)


@pytest.mark.parametrize(("rule", "before", "arguments", "after", "plain"), ASSUMED)
def test_an_assumed_modulus_in_a_derivation(
    rule: str, before: Expr, arguments: dict[str, Any], after: str, plain: Plain
) -> None:
    assert Derivation(F, before).forwards(rule, (), arguments)


TURNED = ("reflect", "arrange")
"""Laws that lead back where they are used twice."""


@pytest.mark.parametrize(("rule", "before", "arguments", "after", "plain"), RIGHT)
def test_replay_forwards_backwards_and_from_plain_data(
    rule: str, before: Expr, arguments: dict[str, Any], after: str, plain: Plain
) -> None:
    new = apply(rule, before, arguments)
    indices = ("place",) if rule == "hypothesis" else ()
    inside: Callable[[Expr], Expr] = (lambda e: Entry(e, (var("place"),))) if indices else Neg
    for left, right, backwards in ((before, new, False), (new, before, True)):
        statement = replace(F, lhs=left if indices else Neg(left), rhs=right if indices else Neg(right))
        step = Step(rule, (0,), arguments, inside(right), backwards)
        assert derive(statement, indices, [step]).steps == (step,)
        data = json.loads(json.dumps(encode_step(step)))
        assert replay(statement, indices, [data]).steps == (step,)
        if arguments.get("law") not in TURNED:
            with pytest.raises(CertificateError, match="line 1"):
                replay(statement, indices, [{**data, "backwards": not backwards}])
        if rule != "equation":  # which may be used on the whole line as well
            with pytest.raises(CertificateError, match="line 1"):
                replay(statement, indices, [{**data, "path": []}])


# ---- lines that a rule by itself would give, but no derivation may contain

LINES: list[tuple[Expr, str, dict[str, Any], str]] = [
    (E("conv(x, k)[n]"), "unfold", {"names": ("N",)}, "names of the statement"),
    (E("iverson(n % s == 0)"), "divisor", {"name": "N"}, "hides one of"),
    (E("iverson(2*n == 3*i)"), "coprime", {"name": "k", **M(s="2", p="n", t="3", q="i")}, "hides one of"),
    (E("sum(k[a] for a in Z)"), "split", {"index": "a", "quotient": "s", "remainder": "r", "modulus": P("s")},
     "the modulus depends on a bound index"),
    (E("sum(k[a] for a in Z)"), "split", {"index": "a", "quotient": "q", "remainder": "M", "modulus": P("M")},
     "the modulus depends on a bound index"),
    (E("sum(k[a] for a in Z)"), "reindex", {"forward": M(a="D"), "inverse": M(D="a")}, "hides one of"),
    (E("sum(k[a]*x[n - a] for a in Z)"), "cases", {"p": P("a")}, "both free and bound"),
    (E("z*x[n]"), "cases", {"p": P("z")}, "no integer"),
    (E("z*x[n]"), "cases", {"p": P("n - k")}, "no integer"),
    (E("x[n]"), "residues", {"p": P("n + D"), **TWO, "modulus": P("2")}, "no integer"),
    (E("sum(k[a]*x[n - a] for a in Z)"), "residues", {"p": P("a"), **TWO, "modulus": P("2")}, "both free and bound"),
]  # fmt: skip


@pytest.mark.parametrize(("e", "rule", "arguments", "message"), LINES)
def test_no_line_hides_a_name(e: Expr, rule: str, arguments: dict[str, Any], message: str) -> None:
    with pytest.raises(RuleError, match=message):
        Derivation(F, e).forwards(rule, (), arguments)


@pytest.mark.parametrize(("e", "centre"), [("h", "5"), ("h", "c - 1"), ("k", "2"), ("x", "0")])
def test_no_line_reverses_about_another_place_than_the_middle(e: str, centre: str) -> None:
    with pytest.raises(RuleError, match="not about the middle"):
        Derivation(F, Entry(Reverse(seq(e), (P(centre),)), (P("n"),)))
    assert Derivation(F, Entry(Reverse(seq("k"), (P("c - 1"),)), (P("n"),))).line is not None


INFINITE = [
    Sum(("a",), at("x", "a")),
    Sum(("a",), at("x", "n - a")),
    Sum(("a",), Mul((at("k", "n"), at("x", "a")))),
    Sum(("a",), Mul((on("a >= 0"), at("x", "a")))),
    Sum(("a",), Mul((on("a >= 0"), on("a >= 5"), at("x", "a")))),
    Sum(("a",), Mul((E("iverson(n % 2 == 0)"), at("x", "a")))),
    Sum(("a",), Mul((Iverson(Divides(P("2"), P("a"))), at("x", "a")))),
    Sum(("a",), at("k", "0*a")),
    Sum(("a",), at("k", "i*a")),
    Sum(("a",), at("k", "p*a")),
    Sum(("a",), at("k", "s*a - t*a")),
    Sum(("a", "b"), at("k", "a + b")),
    Sum(("a", "b"), Mul((at("k", "a - b"), at("h", "b - a")))),
    Sum(("a", "b"), Mul((at("k", "s*a + t*b"), at("h", "s*a + t*b")))),
    Sum(("a",), Sum(("b",), Mul((at("k", "a - b"), at("h", "b - a"))))),
    Sum(("a",), Add((at("k", "a"), at("x", "a")))),
    Sum(("a",), Add((at("k", "a"), ONE))),
    Sum(("a",), E("f(k)[n]")),
    Sum(("a",), Entry(E("f(k)"), (P("a"),))),
    Entry(Conv(seq("x"), seq("x")), (P("n"),)),
    Entry(Conv(seq("x"), Conv(seq("g"), seq("k"))), (P("n"),)),
]


@pytest.mark.parametrize("e", INFINITE, ids=text)
def test_sums_without_finite_support_are_no_lines(e: Expr) -> None:
    with pytest.raises(RuleError, match="finite sums"):
        Derivation(F, e)
    with pytest.raises(RuleError, match="finite sums"):
        Derivation(F, ZERO).backwards("distribute", (), Add((e, Neg(e))), {})


FINITE = [
    Sum(("a",), at("k", "s*a - n")),
    Sum(("a", "b"), Mul((at("k", "s*a + b"), at("h", "b")))),
    Sum(("a", "b"), Mul((at("k", "a + b"), at("h", "a - b")))),
    Sum(("a",), Mul((on("a >= n"), on("a <= i"), at("x", "a")))),
    Sum(("a",), Entry(E("relu(k)"), (P("a"),))),
    Sum(("a",), Mul((on("s*a == n"), at("x", "a")))),
]


@pytest.mark.parametrize("e", FINITE, ids=text)
def test_sums_with_finite_support_are_lines(e: Expr) -> None:
    assert Derivation(F, e).line == e


# ---- properties of rules at drawn arguments

numbers = st.integers(-3, 3)


@st.composite
def unimodular(draw: st.DrawFn) -> list[list[int]]:
    """A product of elementary matrices."""
    rows = [[1, 0], [0, 1]]
    for _ in range(draw(st.integers(0, 4))):
        i, factor = draw(st.integers(0, 1)), draw(numbers)
        rows[i] = [u + factor * v for u, v in zip(rows[i], rows[1 - i], strict=True)]
        if draw(st.booleans()):
            rows.reverse()
    return rows


DOUBLE = E("sum(k[a]*h[b]*x[n - a + 2*b]*iverson(a >= b) for a in Z for b in Z)")


def change(rows: list[list[int]], inverse: list[list[int]], shift: tuple[int, int]) -> dict[str, Any]:
    """a = rows·(u, q) + shift, and the inverse matrix as given."""
    u, q, a, b = map(var, ("u", "q", "a", "b"))
    forward = {v: r[0] * u + r[1] * q + m for v, r, m in zip("ab", rows, shift, strict=True)}
    back = {v: r[0] * (a - shift[0]) + r[1] * (b - shift[1]) for v, r in zip(("u", "q"), inverse, strict=True)}
    return {"forward": forward, "inverse": back}


@settings(max_examples=60, deadline=None)
@given(rows=unimodular(), shift=st.tuples(numbers, numbers), world=worlds)
def test_reindex_by_any_unimodular_map_keeps_the_value(
    rows: list[list[int]], shift: tuple[int, int], world: World
) -> None:
    (p, q), (r, s) = rows
    d = p * s - q * r
    assert d in (1, -1)
    after = apply("reindex", DOUBLE, change(rows, [[d * s, -d * q], [-d * r, d * p]], shift))
    assert world.value(after) == world.value(DOUBLE)


@settings(max_examples=100, deadline=None)
@given(rows=st.lists(st.lists(numbers, min_size=2, max_size=2), min_size=2, max_size=2), data=st.data())
def test_reindex_by_any_other_map_is_refused(rows: list[list[int]], data: st.DataObject) -> None:
    (p, q), (r, s) = rows
    d = p * s - q * r
    right = [[d * s, -d * q], [-d * r, d * p]]
    other = data.draw(st.sampled_from([right, [[s, -q], [-r, p]], rows, [[1, 0], [0, 1]]]))
    assume(d not in (1, -1) or other != right)
    with pytest.raises(RuleError, match="not inverse to each other"):
        apply("reindex", DOUBLE, change(rows, other, (0, 0)))


@settings(max_examples=60, deadline=None)
@given(c=numbers, u=numbers, v=numbers, world=worlds)
def test_sift_needs_a_unit_coefficient(c: int, u: int, v: int, world: World) -> None:
    e = Sum(("a",), Mul((at("k", "a + n"), Iverson(Eq(c * var("a") + u * var("n") + v)), at("x", "2*a"))))
    if c not in (1, -1):
        with pytest.raises(RuleError, match="the coefficient of a is not 1 or -1"):
            apply("sift", e, {"index": "a", "position": 1})
    else:
        o = world.o
        plain = sum(o.k(a + o.n) * o.x(2 * a) for a in Z if c * a + u * o.n + v == 0)
        assert world.value(apply("sift", e, {"index": "a", "position": 1})) == world.value(e) == plain


@settings(max_examples=60, deadline=None)
@given(m=st.integers(-3, 12), low=numbers, world=worlds)
def test_ranges_are_enumerated_and_indices_split(m: int, low: int, world: World) -> None:
    e = Sum(("a",), Mul((Iverson(Ge(var("a") - low)), Iverson(Ge(const(low + m - 1) - var("a"))), at("x", "n - a"))))
    plain = sum(world.o.x(world.o.n - a) for a in range(low, low + m))
    assert world.value(apply("enumerate_range", e, {"index": "a", "low": const(low), "count": m})) == plain
    arguments = {"index": "a", **TWO, "modulus": const(m)}
    if m < 1:
        with pytest.raises(RuleError, match=">= 1 is not known"):
            apply("split", e, arguments)
    else:
        assert world.value(apply("split", e, arguments)) == plain


@settings(max_examples=100, deadline=None)
@given(s=st.integers(-6, 6), t=st.integers(-6, 6), world=worlds)
def test_coprime_numbers_are_told_from_others(s: int, t: int, world: World) -> None:
    p, q = P("n + 1"), P("i - n")
    e = Iverson(Eq(s * p - t * q))
    arguments = {"name": "m", "s": const(s), "p": p, "t": const(t), "q": q}
    if s and t and gcd(s, t) == 1:
        plain = int(s * (world.o.n + 1) == t * (world.o.i - world.o.n))
        assert world.value(apply("coprime", e, arguments)) == plain
    else:
        with pytest.raises(RuleError, match="= 1 is not known"):
            apply("coprime", e, arguments)


forms = st.builds(lambda a, b, c: a * var("n") + b * var("s") + c, numbers, numbers, numbers)


@settings(max_examples=300, deadline=None)
@given(
    hypotheses=st.lists(forms, min_size=1, max_size=3), p=forms, multipliers=st.lists(numbers, min_size=3, max_size=3)
)
def test_an_implied_inequality_is_implied(hypotheses: list[Poly], p: Poly, multipliers: list[int]) -> None:
    """Where `imply` accepts, the condition holds at all small integers where the others do."""
    e = Mul((*(Iverson(Ge(h)) for h in hypotheses), Iverson(Ge(p))))
    evidence = {i: const(m) for i, m in zip(range(len(hypotheses)), multipliers, strict=False) if m}
    try:
        after = apply("imply", e, {"condition": Ge(p), "evidence": evidence})
    except RuleError as refusal:
        assert refusal.reason == f"the factors do not imply {p} >= 0"
        return
    for n in range(-6, 7):
        for s in range(1, 6):
            values = {"n": n, "s": s}
            assert any(h.evaluate(values) < 0 for h in hypotheses) or p.evaluate(values) >= 0
    assert len(after.factors if isinstance(after, Mul) else (after,)) == len(hypotheses)


@settings(max_examples=150, deadline=None)
@given(data=st.data(), world=worlds)
def test_distribute_keeps_the_value_and_is_idempotent(data: st.DataObject, world: World) -> None:
    leaves = st.sampled_from([E(e) for e in (
        "x[n]", "k[n - 1]", "z", "n - 2*s", "1/2", "iverson(n == i)", "iverson(2*n >= i)", "iverson(n % 2 == 0)",
        "iverson(i - n == 0)", "f(x[n] + x[n])", "0",
    )])  # fmt: skip
    names = iter(f"a{i}" for i in range(1000))

    def total(body: Expr) -> Expr:
        a = next(names)
        return Sum((a,), Mul((at("k", f"{a} - n"), body, at("x", f"2*{a}"))))

    trees = st.recursive(leaves, lambda inner: st.one_of(
        st.builds(Neg, inner), st.builds(total, inner),
        st.lists(inner, min_size=0, max_size=3).map(tuple).map(Add),
        st.lists(inner, min_size=0, max_size=3).map(tuple).map(Mul),
    ), max_leaves=6)  # fmt: skip
    e = data.draw(trees)
    try:
        after = ring.distribute(e)
    except RuleError as refusal:
        assert "bound" in refusal.reason
        return
    assert world.value(after) == world.value(e)
    assert ring.distribute(after) == after


# ---- places


def test_a_rule_applies_only_at_its_place() -> None:
    line = E("z*conv(x, k)[n] + conv(x, h)[n]")
    derivation = Derivation(F, line)
    for path, message in (((0,), "not an entry"), ((2,), "no place"), ((0, 1, 7), "no place"), ((-1,), "no place")):
        with pytest.raises((RuleError, StatementError), match=message):
            derivation.forwards("unfold", path, {"names": ("a",)})
    with pytest.raises(RuleError, match="there is no such rule"):
        derivation.forwards("simplify", (), {})
    assert derivation.line == line
    assert derivation.steps == ()
    assert derivation.forwards("unfold", (1,), {"names": ("b",)})
    assert text(derivation.line) == "z*conv(x, k)[n] + sum(h[b]*x[n - b] for b in Z)"


def test_a_rule_backwards_must_lead_to_the_line() -> None:
    derivation = Derivation(F, E("sum(k[a]*x[n - a] for a in Z)"))
    for wrong in ("conv(k, x)[n]", "corr(x, k)[n]", "conv(x, k)[n + 1]", "conv(x, h)[n]"):
        with pytest.raises(RuleError, match="does not lead to this line"):
            derivation.backwards("unfold", (), E(wrong), {"names": ("a",)})
    assert derivation.backwards("unfold", (), E("conv(x, k)[n]"), {"names": ("a",)})
    assert derivation.line == E("conv(x, k)[n]")
