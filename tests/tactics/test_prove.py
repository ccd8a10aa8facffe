"""Right claims are proved, wrong ones refuted: other names, strides, dilations, numbers of layers and dimensions."""

from __future__ import annotations

from fractions import Fraction

import pytest

from symconv.expr.claim import read_statement
from symconv.expr.evaluate import Evaluator
from symconv.expr.satisfy import met
from symconv.tactics.prove import prove

MERGE = "corr(corr(x, k, stride=s), h, stride=t) == "
TRUE = [
    (MERGE + "corr(x, conv(k, up(h, s)), stride=s*t)", (), ()),
    (
        "corr(corr(corr(x, k, stride=s, dilation=d), h, stride=t, dilation=e), g, stride=u, dilation=f)"
        " == corr(x, conv(conv(up(k, d), up(h, s*e)), up(g, s*t*f)), stride=s*t*u)", (), (),
    ),
    ("down(up(x, s), t) == up(down(x, t), s)", (), ("gcd(s, t) == 1",)),
    ("down(up(x, 3), 2) == up(down(x, 2), 3)", (), ()),
    ("down(up(x, s*r), t*r) == up(down(x, t), s)", (), ("gcd(s, t) == 1",)),
    ("corr(x, k) == conv(x, flip(k))", (), ()),
    ("conv(x, k) == conv(k, x)", (), ()),
    ("conv(conv(x, k), h) == conv(x, conv(k, h))", (), ()),
    ("corr(corr(x, k), h) == corr(x, conv(k, h))", (), ()),
    ("down(conv(x, up(h, s)), s) == conv(down(x, s), h)", (), ()),
    ("up(conv(x, h), s) == conv(up(x, s), up(h, s))", (), ()),
    (
        "corr(corr(x, k, stride=(2, 3)), k, stride=(5, 2)) == corr(x, conv(k, up(k, (2, 3))), stride=(10, 6))",
        ("x: signal[H, W]", "k: kernel[c, c]"), (),
    ),
    ("a*conv(x, k) == conv(a*x, k)", (), ()),
    ("conv(x, k)[i-m] == conv(shift(x, m), k)[i]", (), ()),
    ("corr(y, h) == corr(x, conv(k, up(h, 2)), stride=2)", ("y = corr(x, k, stride=2)",), ()),
    ("down(x, s) == down(x, 2)", (), ("s == 2",)),
    ("x == sum(shift(up(down(shift(x, -r), s), s), r) for r in range(s))", (), ()),
    ("x == up(down(x, 2), 2) + shift(up(down(shift(x, -1), 2), 2), 1)", (), ()),
    ("corr(x, K, stride=4) == corr(corr(x, k, stride=2), k, stride=2)",
     ("K[m] = sum(k[j]*k[m - 2*j] for j in Z)",), ()),
    ("conv(x, delta) == x", (), ()),
    ("conv(x, taps(1, 2, 1)) == conv(conv(x, taps(1, 1)), taps(1, 1))", (), ()),
    ("conv(x, reverse(k)) == shift(corr(x, k), c - 1)", ("k: kernel[c]",), ()),
    ("conv(x, k) == sum(k[j]*shift(x, j) for j in range(c))", ("k: kernel[c]",), ()),
    ("conv(x, k) == k[0]*x + k[1]*shift(x, 1) + k[2]*shift(x, 2)", ("k: kernel[3]",), ()),
    ("down(conv(x, k), s) == sum(conv(down(shift(x, r), s), down(shift(k, -r), s)) for r in range(s))", (), ()),
    ("corr(x, h) == corr(x, k)", (), ("h == k",)),
    ("conv(x, conv(h, g)) == x", (), ("conv(h, g) == delta",)),
    ("up(down(x, s), s)[n] == iverson(n % s == 0)*x[n]", (), ()),
    ("relu(corr(x + y, k)) == relu(conv(y, flip(k)) + conv(flip(k), x))", (), ()),
    ("corr(relu(corr(x, k, stride=s)), h, stride=t) == corr(relu(conv(flip(k), x)), up(h, s), stride=s*t)", (), ()),
    ("conv(conv(x, ones(c)), taps(1, -1)) == x - shift(x, c)", ("c: size",), ()),
    ("x[n] == x[n]*iverson(n < 0) + x[n]*iverson(n >= 0)", (), ()),
    ("k == k[0]*delta + k[1]*shift(delta, 1)", ("k: kernel[2]",), ()),
    ("ones(p + q) == ones(p) + shift(ones(q), p)", (), ()),
    ("conv(ones(c), taps(1, -1)) == delta - shift(delta, c)", (), ()),
    ("mul(x, ones(p)) == mul(x, ones(p + q)) - mul(x, shift(ones(q), p))", ("x: signal",), ()),
    ("down(conv(up(x, s), ones(s)), s) == x", (), ()),
    ("down(conv(up(x, s), ones(s - 1)), s) == x", (), ()),
    ("sum(k[a]*x[n-a] for a in range(c)) == k[0]*x[n] + sum(k[a]*x[n-a] for a in range(1, c))",
     ("k: kernel[c]", "x: signal"), ()),
    ("sum(x[a] for a in range(p, q)) == sum(x[a] for a in range(q)) - sum(x[a] for a in range(p))", (),
     ("1 <= p", "p <= q")),
    ("k[n]*h[n - c] == 0", ("k: kernel[c]", "h: kernel[e]"), ()),
    # Only multiples of 2 stand in the places: h[2p - 2u] x[2u] is h[2r] x[2p - 2r].
    ("mul(e, conv(x, h)) == conv(mul(e, x), mul(e, h))", ("h: kernel[:]", "e[n] = 2*iverson(n % 2 == 0) - 1"), ()),
    # Every second entry from i on is read, for even and for odd i.
    ("conv(mul(e, conv(x, h)), u) == conv(conv(mul(e, x), mul(e, h)), u)",
     ("h: kernel[:]", "u: kernel[:]", "e[n] = 2*iverson(n % 2 == 0) - 1"), ()),
    # One row of a matrix by the rows of the other: the taps of w lie in blocks of c, as those of X do.
    ("sum(A[f, c*i + a]*X[c*i + a] for i in range(C) for a in range(c)) == conv1d(x, w)[f, n]",
     ("x: signal[C, :]", "w: kernel[F, C, c]",
      "A[f, j] = sum(iverson(j == c*i + a)*w[f, i, a] for i in range(C) for a in range(c))",
      "X[j] = sum(iverson(j == c*i + a)*x[i, n + a] for i in range(C) for a in range(c))"), ()),
    # What is assumed stands on one side only, written out on the other one.
    ("conv(conv(x, h), u) + conv(conv(x, g), v) == conv(x, conv(h, u) + conv(g, v))",
     ("h: kernel[:]", "g: kernel[:]", "u: kernel[:]", "v: kernel[:]"), ("conv(h, u) + conv(g, v) == delta",)),
    # The assumed kernel is written with indices that a proof would pick.
    ("conv1d(x, w, padding=1) + conv1d(x, v) == conv1d(x, K, padding=1)",
     ("x: signal[C, N]", "w: kernel[F, C, 3]", "v: kernel[F, C, 1]", "K: kernel[F, C, 3]"),
     ("K == formula(f, i, a, w[f, i, a] + v[f, i, 0]*iverson(a == 1))",)),
]  # fmt: skip
FALSE = [
    (MERGE + "corr(x, conv(h, up(k, t)), stride=s*t)", (), ()),
    (MERGE + "corr(x, conv(k, h), stride=s*t)", (), ()),
    (MERGE + "corr(x, conv(k, up(h, t)), stride=s*t)", (), ()),
    (MERGE + "corr(x, conv(k, up(h, s)), stride=s + t)", (), ()),
    ("down(up(x, s), t) == up(down(x, t), s)", (), ()),
    ("down(up(x, 2), 2) == up(down(x, 2), 2)", (), ()),
    ("corr(x, k) == corr(k, x)", (), ()),
    ("corr(corr(x, k), h) == corr(x, corr(k, h))", (), ()),
    ("conv(x, ones(2)) == x", (), ()),
    (
        "corr(corr(x, k, stride=(2, 3)), k, stride=(5, 2)) == corr(x, conv(k, up(k, (3, 2))), stride=(10, 6))",
        ("x: signal[H, W]", "k: kernel[c, c]"), (),
    ),
    ("conv(x, k) == 2*conv(x, k)", (), ()),
    ("down(x, s) == down(x, 2)", (), ()),
    ("a*relu(x) == relu(a*x)", (), ()),
    ("relu(corr(x, k)) == relu(conv(x, k))", (), ()),
    ("conv(conv(x, ones(c)), taps(1, -1)) == x - shift(x, c - 1)", ("c: size",), ()),
    ("x[n] == x[n]*iverson(n < 1) + x[n]*iverson(n >= 0)", (), ()),
    ("k == k[0]*delta + k[1]*shift(delta, 1)", ("k: kernel[3]",), ()),
    ("ones(p + q) == ones(p) + shift(ones(q), p - 1)", (), ()),
    ("down(conv(up(x, s), ones(s + 1)), s) == x", (), ()),
    ("sum(k[a]*x[n-a] for a in range(c)) == k[0]*x[n] + sum(k[a]*x[n-a] for a in range(2, c))",
     ("k: kernel[c]", "x: signal"), ()),
    ("sum(x[a] for a in range(p, q)) == sum(x[a] for a in range(q)) - sum(x[a] for a in range(p))", (),
     ("1 <= p", "1 <= q")),
    ("k[n]*h[n - c + 1] == 0", ("k: kernel[c]", "h: kernel[e]"), ()),
    ("x[n]*iverson(n == 100) == 0", (), ()),
    ("iverson(70*n >= 1401)*x[n] == iverson(n >= 20)*x[n]", (), ()),
    ("x[n] == x[m]", ("x: signal",), ("n % 7 == 3", "m >= n + 20")),
    ("down(x, s) == down(x, t)", (), ("s >= 40", "t > s")),
    ("relu(y[0]) == y[0]", ("y: signal",), ()),
    ("down(x, 2) == x", ("f: function", "y: signal"), ("x == f(y)",)),
    ("iverson(2*s == 40) == 0", ("s: size",), ()),
    ("relu(conv(x, k)[0]) == conv(x, k)[0]", (), ()),
    ("f(x) == g(x)", ("f: function", "g: function"), ()),
    ("f(-x) == f(x)", ("f: function",), ()),
    ("relu(f(x)) == f(x)", ("f: function",), ()),
    ("relu(x[0])*sum(z[a]*z[b]*z[d] for a in range(70) for b in range(70) for d in range(70)) == x[0]", (), ()),
    ("conv(x, k) == sum(k[j]*shift(x, j) for j in range(c - 1))", ("k: kernel[c]",), ("c >= 2",)),
    ("shift(x, 100) == shift(x, 101)", (), ()),
    ("up(x, 2) == conv(x, delta)", (), ()),
]  # fmt: skip


@pytest.mark.parametrize(("claim", "lets", "assume"), TRUE)
def test_true_claims_are_proved(claim: str, lets: tuple[str, ...], assume: tuple[str, ...]) -> None:
    assert prove(read_statement(claim, lets, assume)).verdict == "proved"


@pytest.mark.parametrize(("claim", "lets", "assume"), FALSE)
def test_false_claims_are_refuted_with_numbers(claim: str, lets: tuple[str, ...], assume: tuple[str, ...]) -> None:
    example = prove(read_statement(claim, lets, assume), 20).counterexample
    assert example is not None
    assert example.left != example.right


def test_assumed_equations_that_go_in_a_circle_are_no_values() -> None:
    lets = ("x: signal", "z: signal", "y = conv(x, k)", "k: kernel[2]")
    assert prove(read_statement("down(x, 2) == x", lets, ("x == z", "z == y"))).verdict == "unknown"


def test_where_a_refuted_claim_holds() -> None:
    result = prove(read_statement("down(up(x, s), t) == up(down(x, t), s)"))
    assert [*map(str, result.holds_where)] == ["gcd(s, t) == 1"]
    assert not result.exact


def test_an_assumed_equation_must_fit_its_support() -> None:
    """h == k with h: kernel[e] says that k vanishes from e on; a search that forgot it would refute this."""
    claim = "conv(x, h) == sum(h[j]*shift(x, j) for j in range(e))"
    assert prove(read_statement(claim, ("h: kernel[e]", "k: kernel[c]"), ("h == k",))).verdict != "refuted"


@pytest.mark.parametrize(("claim", "lets", "assume"), FALSE)
def test_an_example_is_one_with_exactly_the_entries_that_it_gives(
    claim: str, lets: tuple[str, ...], assume: tuple[str, ...]
) -> None:
    statement = read_statement(claim, lets, assume)
    example = prove(statement, 20).counterexample
    assert example is not None
    assert set(example.integers) == statement.integers
    assert all(met(a, dict(example.integers)) for a in (*statement.assumptions, *statement.tacit))

    def given(name: str, place: tuple[int, ...]) -> Fraction:
        return example.sequences.get(name, {}).get(place, Fraction(0))

    evaluator = Evaluator(statement, example.integers, example.numbers, given)
    values = [evaluator.value(side, example.at) for side in (statement.lhs, statement.rhs)]
    assert values == [example.left, example.right]


def test_an_example_gives_what_an_assumed_equation_makes_of_it() -> None:
    statement = read_statement("conv(x, h) == conv(x, up(k, 3))", ("h: kernel[e]",), ("h == up(k, 2)",))
    example = prove(statement, 20).counterexample
    assert example is not None
    k, h = example.sequences["k"], example.sequences["h"]
    assert h == {(2 * i,): v for (i,), v in k.items()}


def test_the_sizes_of_an_example_are_the_smallest_also_where_signs_matter() -> None:
    sides = "sum(k[a]*x[b] for a in range(c) for b in range(q))"
    example = prove(
        read_statement(f"relu({sides}) == {sides}", ("k: kernel[p]", "c: size", "q: size")), 20
    ).counterexample
    assert example is not None
    assert set(example.integers.values()) == {1}


def test_an_identity_is_proved_whatever_is_assumed_of_its_kernel() -> None:
    symmetric = ("w: kernel[-l:l+1]",), ("flip(w) == w",)
    assert prove(read_statement("corr(x, w) == conv(x, flip(w))", *symmetric)).verdict == "proved"
    assert prove(read_statement("conv(x, flip(w)) == conv(x, w)", *symmetric)).verdict == "proved"
    assert prove(read_statement("corr(x, w) == conv(x, shift(w, 1))", *symmetric)).verdict != "proved"
