"""Sums of tensors and of kernels in layers have one extent, and functions of tensors are tensors."""

from __future__ import annotations

import json

import pytest

from symconv.errors import StatementError
from symconv.expr.claim import read_statement
from symconv.expr.text import assumption
from symconv.proof.certificate import certificate, check
from symconv.tactics.prove import prove

LET = ("x: signal[N]", "y: signal[M]", "k: kernel[c]", "h: kernel[e]", "f: function")


def verdict(claim: str, *assume: str, more: tuple[str, ...] = ()) -> str:
    """What is said of a claim about these names."""
    used = [d for d in LET if d[0] in claim or (more and d[0] in "".join(more))]
    return prove(read_statement(claim, [*used, *more], assume)).verdict


@pytest.mark.parametrize(("claim", "assume"), [
    ("conv1d(x + y, k) == corr(x + y, k)", ["N == M"]),
    ("conv1d(mul(x, y), k) == corr(mul(x, y), k)", ["N == M"]),
    ("conv1d(x, k + h) == corr(x, k + h)", []),
    ("conv1d(x, conv(k, k + h)) == corr(x, conv(k, k + h))", []),
    ("conv1d(conv1d(x, k) + conv1d(x, h), k) == corr(conv1d(x, k) + conv1d(x, h), k)", []),
    ("x + y == pad(x + y, (0, 1))", []),
    ("x + y == pad(x, (0, 1)) + pad(y, (0, 1))", []),
    ("conv1d(x, k) + conv1d(x, h) == pad(conv1d(x, k) + conv1d(x, h), (0, 1))", []),
    ("conv1d(x, pad(k, 1)) == corr(x, pad(k, 1))", []),
    ("conv1d(x, upsample_nearest(k, 2)) == corr(x, upsample_nearest(k, 2))", []),
    ("f(pad(x, (0, p))) == f(x)", []),
    ("f(conv1d(x, k)) == f(conv1d(x, k, padding=1))", []),
])  # fmt: skip
def test_what_has_an_extent_has_a_last_entry(claim: str, assume: list[str]) -> None:
    assert verdict(claim, *assume) == "refuted"


@pytest.mark.parametrize(("claim", "assume"), [
    ("conv1d(x + y, k) == conv1d(x, k) + conv1d(y, k)", ["N == M"]),
    ("conv1d(x + y, k) == conv1d(x, k) + conv1d(y, k)", []),
    ("avg_pool1d(x + y, 2) == avg_pool1d(x, 2) + avg_pool1d(y, 2)", ["N == M"]),
    ("conv1d(x, k + h) == conv1d(x, k) + conv1d(x, h)", ["c == e"]),
    ("conv1d(x, k + h) == conv1d(x, k) + conv1d(x, h)", []),
    ("conv1d(pad(x, (0, 1)), pad(k, (0, 1))) == conv1d(x, k)", []),
    ("avg_pool1d(x + y, 2) == avg_pool1d(x, 2) + avg_pool1d(y, 2)", ["2*N == 2*M"]),
    ("conv1d(f(x), taps(1)) == f(x)", []),
    ("f(x) == window(f(x), N)", []),
])  # fmt: skip
def test_what_has_one_extent_is_a_tensor(claim: str, assume: list[str]) -> None:
    assert verdict(claim, *assume) == "proved"


def test_definitions_are_looked_into() -> None:
    assert verdict("conv1d(z, k) == conv1d(x, k) + conv1d(y, k)", more=("z = x + y",)) == "proved"
    assert verdict("conv1d(x, w) == conv1d(x, k) + conv1d(x, h)", more=("w = k + h",)) == "proved"
    assert verdict("conv1d(x, w) == corr(x, k + h)", more=("w = k + h",)) == "refuted"


@pytest.mark.parametrize(
    "claim", ["conv1d(f(x), k) == conv1d(f(x), k)", "pad(window(f(x), 2*N), 1) == pad(f(x), (1, N + 1))"]
)
def test_certificates_of_functions_of_tensors_are_read_again(claim: str) -> None:
    found = prove(read_statement(claim, [d for d in LET if d[0] in claim])).theorem
    assert found is not None
    data = json.loads(json.dumps(certificate(found)))
    assert certificate(check(data)) == data


def test_equations_of_one_name_are_all_kept() -> None:
    claim = "pad(conv1d(x, h) + y, (0, 0)) == pad(conv1d(x, h), (0, p)) + pad(y, (0, q))"
    let = ("x: signal[N]", "h: kernel[e]", "y: signal[N]", "p: natural", "q: natural")
    assert prove(read_statement(claim, let)).verdict == "refuted"
    assert prove(read_statement(claim, let, ("p == 0",))).verdict == "proved"


def test_the_equality_is_said() -> None:
    statement = read_statement("conv1d(x + y, k) == conv1d(y + x, k)", LET[:3])
    assert "N == M" in map(assumption, statement.tacit)


def test_what_cannot_be_equal_is_refused() -> None:
    with pytest.raises(StatementError, match="places"):
        read_statement("conv1d(x + pad(x, 1), k) == conv1d(x, k)", LET[:3])


@pytest.mark.parametrize("claim", [
    "pixel_shuffle(pixel_unshuffle(x, r), r) == x",
    "pixel_unshuffle(pixel_shuffle(x, r), r) == x",
    "size(pixel_unshuffle(x, r), 1)*r == H",
])  # fmt: skip
def test_what_is_shuffled_is_divisible(claim: str) -> None:
    statement = read_statement(claim, ("x: signal[C, H, W]",))
    assert any("%" in assumption(a) for a in statement.tacit)
    assert prove(statement).verdict == "proved"


def test_what_is_not_divisible_is_refused() -> None:
    with pytest.raises(StatementError, match="2 must divide 3"):
        read_statement("pixel_unshuffle(x, 2) == x", ("x: signal[C, 3, W]",))


def test_output_padding_is_less_than_the_stride() -> None:
    statement = read_statement(
        "size(conv_transpose1d(x, k, stride=s, output_padding=q)) <= s*N + c - 1", (LET[0], LET[2])
    )
    assert "s >= q + 1" in map(assumption, statement.tacit)
    assert prove(statement).verdict == "proved"
    claim = "conv_transpose1d(x, k, stride=s, output_padding=(N - c) % s) == conv_transpose1d(x, k, stride=s)"
    assert list(map(assumption, read_statement(claim, (LET[0], LET[2]), ("N >= c",)).tacit)) == []


def test_tensors_that_are_assumed_to_be_equal_have_one_extent() -> None:
    for claim in ("conv1d(x, k) == conv1d(y, k)", "size(x) == size(y)"):
        statement = read_statement(claim, LET[:3], ("x == y",))
        assert "N == M" in map(assumption, statement.tacit)
        assert prove(statement).verdict == "proved"
    with pytest.raises(StatementError, match="places"):
        read_statement("x == y", LET[:2], ("x == pad(x, 1)",))
    assert not read_statement("conv(x, k) == conv(y, k)", LET[:3], ("x == y",)).tacit  # Sequences have no extents.


@pytest.mark.parametrize("channels", ["C", "G*D"])
def test_a_layer_of_groups_is_equal_to_itself(channels: str) -> None:
    claim = "conv2d(x, w, groups=G) == conv2d(x, w, groups=G)"
    found = prove(read_statement(claim, (f"x: signal[{channels}, H, W]", "w: kernel[F, D, a, b]"))).theorem
    assert found is not None
    data = json.loads(json.dumps(certificate(found)))
    assert certificate(check(data)) == data
