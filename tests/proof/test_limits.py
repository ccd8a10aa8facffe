"""Limits: squeeze right and almost right, what may not be assumed of the size that grows, and their certificates."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from functools import cache
from typing import Any

import pytest
from proof.test_certificate import alterations, put

from symconv.errors import CertificateError, RuleError, SymconvError
from symconv.expr import limits
from symconv.expr.claim import read_statement
from symconv.expr.nodes import Name
from symconv.expr.statement import Statement
from symconv.expr.text import text
from symconv.index.poly import Poly, const, var
from symconv.proof.certificate import FORMAT, certificate, check
from symconv.proof.theorem import Derivation, Theorem, induce, join, squeeze
from symconv.tactics.prove import prove

Data = Any
LETS = ("x: signal", "p: size", "c: size", "s: size", "a: number")
POOL = "limit(lp_pool1d(x, p, c, stride=s), p) == max_pool1d(abs(x), c, stride=s)"
c, n, p, s = map(var, "cnps")
ONE_PLACE = const(1)


@cache
def proved(claim: str = POOL, assume: tuple[str, ...] = ()) -> Theorem:
    theorem = prove(read_statement(claim, LETS, assume)).theorem
    assert theorem is not None
    return theorem


def parts(claim: str = POOL) -> tuple[Statement, tuple[limits.Scale, ...], Theorem, Theorem]:
    theorem = proved(claim)
    below, above = theorem.parts
    return theorem.statement, theorem.scales, below, above


def test_bounds_on_both_sides_are_a_limit() -> None:
    """max ≤ L^p ≤ c^(1/p) max."""
    statement, scales, below, above = parts()
    assert scales == (None, (c, ONE_PLACE, p))
    assert text(below.statement.lhs) == "max_pool1d(abs(x), c, stride=s)"
    assert text(above.statement.rhs) == "abs(c)**(1/p)*max_pool1d(abs(x), c, stride=s)"
    assert {part.statement.relation for part in (below, above)} == {"<="}
    assert squeeze(statement, scales, below, above) == proved()
    assert {step.rule for step in proved().lines} >= {"order", "maximum", "exponent", "unfold"}


NO_BOUNDS = "bounds are not of what is stated|known to tend to 1|something is assumed of"


def test_almost_right_bounds_are_refused() -> None:
    statement, scales, below, above = parts()
    other = read_statement("limit(lp_pool1d(x, p, c, stride=s), p) == max_pool1d(abs(x), c)", LETS)
    wrong: list[tuple[Statement, tuple[limits.Scale, ...], Theorem, Theorem]] = [
        (statement, scales, above, below),
        (statement, scales, below, below),
        (statement, scales, above, above),
        (statement, (None, None), below, above),
        (statement, (scales[1], scales[1]), below, above),
        (statement, (None, (c, const(2), p)), below, above),
        (statement, (None, (c, ONE_PLACE, 2 * p)), below, above),
        (statement, (None, (s, ONE_PLACE, p)), below, above),
        (statement, (None,), below, above),
        (other, scales, below, above),
        (replace(statement, relation="<="), scales, below, above),
        (replace(statement, rhs=statement.lhs), scales, below, above),
        (replace(statement, towards="s"), scales, below, above),
    ]  # fmt: skip
    for given in wrong:
        with pytest.raises((CertificateError, RuleError, ValueError), match=NO_BOUNDS):
            squeeze(*given)


def test_a_limit_is_no_equation_and_no_induction() -> None:
    statement, _, below, above = parts()
    with pytest.raises(CertificateError, match="show less than what is stated"):
        join(above.indices, *_sides(statement, above.indices))
    with pytest.raises((CertificateError, RuleError)):
        induce(statement, "p", below, above)
    equation = replace(statement, towards="")
    with pytest.raises((CertificateError, RuleError)):
        squeeze(equation, (None, None), below, above)


def _sides(statement: Statement, indices: tuple[str, ...]) -> Any:
    first, _ = statement.ends(indices)
    same = replace(statement, rhs=statement.lhs)
    return Derivation(same, first), Derivation(same, first)


def bound(claim: str, lets: tuple[str, ...] = (), assume: tuple[str, ...] = (),
          scale: limits.Scale = None) -> Statement:  # fmt: skip
    return limits.bound(read_statement(claim, (*LETS, *lets), assume), scale, above=True)


GROWS: list[tuple[str, tuple[str, ...], tuple[str, ...]]] = [
    ("limit(x, p) == x", (), ()),
    ("limit(x, p) == x", (), ("c <= s", "x >= 0", "gcd(c, s) == 1")),
    ("limit(x, p) == x", ("y: signal[c]", "y2 = down(x, p)"), ("x == up(y, s)",)),
    ("limit(x, q) == x", ("q: natural",), ()),
    ("limit(down(y, p), p) == x", ("y = up(x, p)",), ()),
]
FIXED: list[tuple[str, tuple[str, ...], tuple[str, ...]]] = [
    ("limit(x, p) == down(x, p)", (), ()),
    ("limit(x, p) == a*p*x", (), ()),
    ("limit(x, p) == max_pool1d(x, p)", (), ()),
    ("limit(x, p) == sum(shift(x, i) for i in range(p))", (), ()),
    ("limit(x, p) == y", ("y = down(x, p)",), ()),
    ("limit(x, p) == y", ("y = down(u, 2)", "u: signal"), ("p <= 5",)),
    ("limit(x, p) == x", (), ("p <= 5",)),
    ("limit(x, p) == x", (), ("p >= 2",)),
    ("limit(x, p) == x", (), ("p == c",)),
    ("limit(x, p) == x", (), ("c == s*p",)),
    ("limit(x, p) == x", (), ("c >= p",)),
    ("limit(x, p) == x", (), ("gcd(p, s) == 1",)),
    ("limit(x, p) == x", (), ("p % 2 == 0",)),
    ("limit(x, p) == x", (), ("p != 3",)),
    ("limit(x, p) == x", ("u: signal[p]",), ()),
    ("limit(x, p) == x", ("k: kernel[-p:p + 1]",), ()),
    ("limit(x, p) == x", ("u: signal",), ("x == down(u, p)",)),
    ("limit(x, p) == x", ("u: signal", "y = down(u, p)"), ("x == y",)),
    ("limit(x, p) == x", ("u: signal", "y = down(u, p)", "v = conv(y, ones(2))"), ("x == v",)),
    ("limit(down(x, s**p), p) == x", (), ()),
]  # fmt: skip


@pytest.mark.parametrize(("claim", "lets", "assume"), GROWS)
def test_a_size_of_which_nothing_is_assumed_grows_without_end(
    claim: str, lets: tuple[str, ...], assume: tuple[str, ...]
) -> None:
    made = bound(claim, lets, assume)
    assert (made.relation, made.towards) == ("<=", "")


@pytest.mark.parametrize(("claim", "lets", "assume"), FIXED)
def test_a_size_that_is_bound_or_that_the_limit_speaks_of_does_not(
    claim: str, lets: tuple[str, ...], assume: tuple[str, ...]
) -> None:
    """x may depend on p by an assumed equation, also by way of a definition: then x tends to nothing."""
    with pytest.raises(RuleError, match="something is assumed of p, or the limit depends on it"):
        bound(claim, lets, assume)
    assert prove(read_statement(claim, (*LETS, *lets), assume), seconds=0.3).verdict != "proved"


def test_only_sizes_grow() -> None:
    statement = read_statement("limit(x, p) == x", LETS)
    for name in ("m", "a", "x", "q", ""):
        declared = {**statement.declarations, "m": replace(statement.declarations["p"], name="m", kind="integer")}
        other = replace(statement, declarations=declared, towards=name)
        with pytest.raises(RuleError, match="is no size that grows without end"):
            limits.bound(other, None, above=True)


@pytest.mark.parametrize(("scale", "known"), [
    ((c, ONE_PLACE, p), True), ((c * s + 2, c - s, 3 * s * p), True), ((ONE_PLACE, const(0), p), True),
    ((c, const(-5), p * p), False), ((c + p, ONE_PLACE, p), False), ((c, p, p), False), ((c, 1 - p, p), False),
    ((c, ONE_PLACE, s), False), ((c, ONE_PLACE, ONE_PLACE), False), ((c - s, ONE_PLACE, p), False),
    ((c, ONE_PLACE, p + 1), False), ((const(0), ONE_PLACE, p), False), ((const(-2), const(2), p), False),
    ((c, ONE_PLACE, -p), False), ((c, ONE_PLACE, (c - s) * p), False), ((c, ONE_PLACE, const(0)), False),
    ((n, ONE_PLACE, p), False), ((c, ONE_PLACE, n * p), False),
])  # fmt: skip
def test_factors_that_tend_to_1(scale: tuple[Poly, Poly, Poly], known: bool) -> None:
    """N^(k/(m p)) with N, m ≥ 1, and N, k, m free of p."""
    if known:
        assert isinstance(bound("limit(x, p) == x", scale=scale).lhs, Name)
    else:
        with pytest.raises(RuleError, match="is not known to tend to 1"):
            bound("limit(x, p) == x", scale=scale)


# ---- certificates

CLAIMS = {
    "a pool": (POOL, ()),
    "a scaled pool": ("limit(a*lp_pool1d(x, 2*p, 3), p) == a*max_pool1d(x, 3)", ("x >= 0", "a >= 0")),
    "a number": ("limit(abs(sum(abs(x[i])**p for i in range(c)))**(1/p), p) == max(abs(x[i]) for i in range(c))", ()),
    "an inequality": ("max(x[i] for i in range(c)) <= sum(x[i] for i in range(c))", ("x >= 0",)),
    "places": ("abs(conv(x, ones(c))) <= conv(abs(x), ones(c))", ()),
}


@cache
def written(name: str) -> str:
    claim, assume = CLAIMS[name]
    return json.dumps(certificate(proved(claim, assume)))


@pytest.mark.parametrize("name", CLAIMS)
def test_a_certificate_replays(name: str) -> None:
    data = json.loads(written(name))
    theorem = check(data)
    assert certificate(theorem) == data
    assert data["format"] == FORMAT
    assert bool(theorem.parts) == bool(theorem.statement.towards) == ("squeeze" in data)
    assert "order" in {step.rule for step in theorem.lines}


@pytest.mark.parametrize("name", CLAIMS)
def test_an_altered_certificate_is_refused(name: str) -> None:
    data = json.loads(written(name))
    found = list(alterations(data))
    accepted: list[tuple[Any, Data]] = []
    for place, new in found[:: max(1, len(found) // 250)]:
        try:
            check(put(data, place, new))
        except SymconvError:
            continue
        accepted.append((place, new))
    assert accepted == []


def test_a_certificate_of_one_limit_proves_no_other() -> None:
    data = json.loads(written("a pool"))
    others = [
        ("claim", POOL.replace("max_pool1d(abs(x)", "max_pool1d(x")), ("claim", POOL.replace("max_pool", "avg_pool")),
        ("claim", POOL.replace("limit(", "(").replace(", p) ==", ") ==")),
        ("claim", POOL.replace(", p) ==", ", s) ==")),
        ("claim", POOL.replace("x, p, c", "x, p + 1, c")), ("claim", POOL.replace("x, p, c", "x, 2, c")),
        ("assume", ["p <= 4"]), ("assume", ["p == c"]), ("let", ["x: signal[p]"]),
    ]  # fmt: skip
    for key, value in others:
        with pytest.raises(CertificateError):
            check({**data, "statement": {**data["statement"], key: value}})
    parts_of = json.loads(written("a scaled pool"))
    for key in ("below", "above", "scales", "squeeze"):
        if parts_of[key] != data[key]:
            with pytest.raises(CertificateError):
                check({**data, key: parts_of[key]})
    with pytest.raises(CertificateError):
        check({**data, "below": data["above"], "above": data["below"]})


@pytest.mark.parametrize("scales", [
    None, [], [None], [None, None, None], "x", [1, 2], [None, []], [None, [1, 2, 3]], [None, ["c", "p", "q"]],
    [{"poly": []}, None], [None, [{"poly": [[1, "c"]]}] * 3], [None, [{"poly": [[1, "p"]]}] * 3],
])  # fmt: skip
def test_malformed_scales_are_refused_in_one_sentence(scales: Data) -> None:
    data = json.loads(written("a pool"))
    with pytest.raises(CertificateError) as refusal:
        check({**data, "scales": scales})
    assert re.search(r"\S", str(refusal.value))
    assert "\n" not in str(refusal.value)
