"""Claims about finite tensors: proved with a certificate that replays, or refuted, never proved where loops differ."""

from __future__ import annotations

import pytest

from symconv.expr.claim import read_statement
from symconv.proof.certificate import certificate, check
from symconv.tactics.prove import prove

X = ("x: signal[N]", "k: kernel[c]", "h: kernel[e]")
STRIDED = "conv1d(conv1d(x, k, stride={s}, padding={p}), h, stride={t}, padding={q}) == "
MERGED = "conv1d(x, conv(k, up(h, {s})), stride={s}*{t}, padding={p} + {s}*{q})"


def two(s: object, t: object, p: object, q: object) -> str:
    """Two padded strided layers against the one that they would be."""
    return (STRIDED + MERGED).format(s=s, t=t, p=p, q=q)


TRUE = [
    (two(2, 3, 0, 0), ()), (two("s", "t", 0, 0), ()), (two("s", "t", "p", 0), ()), (two(2, 2, "p", 0), ()),
    (two("s", "t", "p", "q"), ("c <= p + 1",)), (two(1, 1, "p", "q"), ("c == 1",)),
    ("pad(pad(x, (l, r)), (p, q)) == pad(x, (l + p, r + q))", ()),
    ("pad(pad(x, 1, mode='replicate'), 2, mode='replicate') == pad(x, 3, mode='replicate')", ()),
    ("window(pad(x, (0, p)), N) == x", ()),
    ("window(pad(x, (p, q), mode='circular'), N) == window(pad(x, (p, q + 1), mode='circular'), N)", ("q <= N - 1",)),
    ("conv1d(x, k, padding='same') == conv1d(x, k, padding=p)", ("c == 2*p + 1",)),
    ("conv1d(x, k, padding='same_lower') == conv1d(pad(x, (p, p - 1)), k)", ("c == 2*p", "p >= 1")),
    ("conv1d(x, k, padding='same_upper') == conv1d(pad(x, (p - 1, p)), k)", ("c == 2*p", "p >= 1")),
    ("relu(conv1d(a*x, k, padding=p)) == a*relu(conv1d(x, k, padding=p))", ("a >= 0",)),
    ("max_pool1d(max_pool1d(x, c, stride=s), e, stride=t) == max_pool1d(x, c + s*(e - 1), stride=s*t)", ("s <= c",)),
    ("max_pool1d(relu(conv1d(x, k, padding=p)), 3, stride=2) == relu(max_pool1d(conv1d(x, k, padding=p), 3, stride=2))",
     ()),
    ("avg_pool1d(avg_pool1d(x, c), e) == avg_pool1d(x, c*e)", ()),
    ("conv1d(x, k, stride=s)[n] == sum(k[a]*x[s*n + a] for a in range(c))", ("0 <= n", "n <= (N - c)//s")),
    ("grad(conv1d(conv1d(x, k, stride=2), h, stride=2), x, g) == conv_transpose1d(conv_transpose1d(g, h, stride=2, "
     "output_padding=((N - c)//2 + 1 - e) % 2), k, stride=2, output_padding=(N - c) % 2)", ()),
    ("inner(conv1d(x, k, padding=p), y) == inner(x, adjoint(conv1d(x, k, padding=p), x, y))", ()),
]  # fmt: skip
FALSE = [
    (two(2, 2, 0, 1), ()), (two("s", "t", 0, "q"), ()), (two(2, 2, 1, 1), ()),
    ("conv1d(x, k) == conv1d(x, k, padding=1)", ()), ("conv1d(x, k, stride=2) == conv1d(x, k, stride=3)", ()),
    ("pad(x, (1, 0)) == pad(x, (0, 1))", ()), ("window(pad(x, (1, 0)), N) == x", ()),
    ("pad(x, p, mode='reflect') == pad(x, p, mode='replicate')", ()),
    ("pad(pad(x, 1, mode='circular'), 1, mode='circular') == pad(x, 2, mode='circular')", ()),
    ("conv1d(x, k, padding='same_upper') == conv1d(x, k, padding='same_lower')", ()),
    ("max_pool1d(max_pool1d(x, c, stride=s), e, stride=t) == max_pool1d(x, c + s*(e - 1), stride=s*t)", ()),
    ("conv1d(x + 1, k, padding=1) == conv1d(x, k, padding=1) + sum(k[a] for a in range(c))", ()),
    ("conv1d(x, k, stride=s)[n] == sum(k[a]*x[s*n + a] for a in range(c))", ("0 <= n", "n <= (N - c)//s + 1")),
    ("grad(conv1d(x, k, stride=2), x, g) == conv_transpose1d(g, k, stride=2)", ()),
    ("conv_transpose1d(conv1d(x, k, stride=2), k, stride=2, output_padding=(N - c) % 2) == x", ()),
]  # fmt: skip


@pytest.mark.parametrize(("claim", "assume"), TRUE)
def test_proved_and_replayed(claim: str, assume: tuple[str, ...]) -> None:
    result = prove(read_statement(claim, (*X, "a: number") if "a*" in claim else X, assume))
    assert result.verdict == "proved" and result.theorem is not None
    data = certificate(result.theorem)
    assert certificate(check(data)) == data


@pytest.mark.parametrize(("claim", "assume"), FALSE)
def test_refuted(claim: str, assume: tuple[str, ...]) -> None:
    assert prove(read_statement(claim, X, assume)).verdict == "refuted"


def test_extents_alone_may_differ() -> None:
    found = prove(read_statement("pad(x, (0, 1)) == pad(x, (0, 2))", X)).counterexample
    assert found is not None and found.axis == 0 and (found.left, found.right) == (2, 3)
