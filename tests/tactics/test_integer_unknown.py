"""All values of an integer unknown: against enumeration, with proofs inside and outside, and the reason for none."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from itertools import product

import pytest

from symconv.errors import StatementError
from symconv.expr.text import assumptions
from symconv.proof.certificate import certificate, check
from symconv.tactics.integer_unknown import Values, as_data, extremes, read_integer_unknown, solve_integer

NAMES = ("N", "c", "p", "s", "d", "q", "M")
LETS = ("x: signal[N]", "k: kernel[c]")
LARGEST = {"N": 14, "c": 4, "p": 6, "s": 4, "d": 3, "q": 4, "M": 12}


def window(n: int, c: int, s: int = 1, p: int = 0, d: int = 1) -> int:
    """The places of a window of c taps, counted one by one."""
    return sum(1 for i in range(-p, n + p) if (i + p) % s == 0 and i + d * (c - 1) < n + p)


def spread(n: int, c: int, s: int, q: int = 0) -> int:
    return max(i * s + a for i in range(n) for a in range(c)) + 1 + q


CASES = [
    ("size(conv1d(conv1d(x, k, stride=2, padding=p), k, stride=2)) == N//4", "p", ["N % 4 == 0"],
     "max(0, 3*c - 6) <= 2*p <= 3*c - 3", lambda N, c, p, **_: window(window(N, c, 2, p), c, 2) == N // 4),
    ("size(conv1d(x, k, padding=p)) == N", "c", [], "c == 2*p + 1", lambda N, c, p, **_: window(N, c, 1, p) == N),
    ("size(conv1d(x, k, padding=p)) == N", "p", [], "2*p == c - 1", lambda N, c, p, **_: window(N, c, 1, p) == N),
    ("size(conv1d(x, k, padding=p, dilation=d)) == N", "p", [], "2*p == c*d - d",
     lambda N, c, p, d, **_: window(N, c, 1, p, d) == N),
    ("size(conv1d(x, k, stride=s)) == 4", "s", [], "-((c - N - 1)//4) <= s <= (N - c)//3",
     lambda N, c, s, **_: window(N, c, s) == 4),
    ("size(conv1d(x, k, stride=2, padding=p)) <= N//2", "p", [], "0 <= p <= (N//2) - ((N - c)//2) - 1",
     lambda N, c, p, **_: window(N, c, 2, p) <= N // 2),
    ("size(conv1d(x, k)) == M", "M", [], "M == N + 1 - c", lambda N, c, M, **_: window(N, c) == M),
    ("size(conv_transpose1d(conv1d(x, k, stride=s), k, stride=s, output_padding=q)) == N", "q", [],
     "q == N - ((N - c)//s)*s - c", lambda N, c, s, q, **_: spread(window(N, c, s), c, s, q) == N),
    ("size(conv1d(x, k, stride=s)) == N//s", "c", [], "N + 1 - (N//s)*s <= c <= N + s - (N//s)*s",
     lambda N, c, s, **_: window(N, c, s) == N // s),
    ("size(conv1d(x, k, stride=s, padding=p)) == -((-N)//s)", "p", ["N % s == 0"], "max(0, c - s) <= 2*p <= c - 1",
     lambda N, c, s, p, **_: window(N, c, s, p) == -(-N // s)),
    ("3*size(avg_pool1d(x, c, stride=2)) <= M", "c", [], "c >= max(1, N + 1 - 2*(M//3))",
     lambda N, c, M, **_: 3 * window(N, c, 2) <= M),
    ("size(conv1d(x, k, stride=3, padding=p)) >= N", "p", [], None, lambda N, c, p, **_: window(N, c, 3, p) >= N),
]  # fmt: skip


def solved(claim: str, unknown: str, assume: list[str], lets: tuple[str, ...] = LETS) -> Values:
    statement = read_integer_unknown(claim, lets, assume, unknown)
    assert statement is not None
    return solve_integer(statement, unknown)


def drawn(found: Values) -> Iterator[Mapping[str, int]]:
    """Sizes that meet what is assumed."""
    names = [n for n in NAMES if n in found.statement.integers]
    natural = {n for n in names if found.statement.declarations[n].kind == "natural"}
    for values in product(*(range(n not in natural, LARGEST[n] + 1) for n in names)):
        scope = dict(zip(names, values, strict=True))
        if all(eval(a, {}, scope) for a in assumptions(found.statement)):
            yield scope


@pytest.mark.parametrize(("claim", "unknown", "assume", "answer", "truth"), CASES)
def test_values_are_those_of_an_enumeration(claim: str, unknown: str, assume: list[str], answer: str | None,
                                            truth: Callable[..., bool]) -> None:  # fmt: skip
    found = solved(claim, unknown, assume)
    assert found.verdict == "proved"
    assert answer is None or found.answer == answer
    both = {True: 0, False: 0}
    for scope in drawn(found):
        holds = truth(**scope)
        assert eval(found.answer, {"max": max, "min": min}, dict(scope)) == holds, scope
        both[holds] += 1
    assert min(both.values()) > 0


def test_every_theorem_is_replayed() -> None:
    found = solved(*CASES[0][:3])
    assert found.inside is not None
    assert len(found.outside) == 2
    for result in (found.inside, *found.outside):
        assert result.theorem is not None
        data = certificate(result.theorem)
        assert certificate(check(data)) == data
    assert [r.statement.relation for r in found.outside] == ["<=", "<="]
    assert [*map(str, extremes(found))] == ["None", "((c - 1)//2) + c - 1"]


def test_numbers_are_put_in_lowest_terms() -> None:
    lets = ("x: signal", "k: kernel[3]")
    assert solved("reach(conv1d(conv1d(x, k), k, dilation=d), x) == 15", "d", [], lets).answer == "d == 6"
    assert solved("size(conv1d(x, k, stride=s)) == 4", "s", [], ("x: signal[10]", "k: kernel[3]")).answer == "s == 2"


@pytest.mark.parametrize(("claim", "unknown", "lets", "why"), [
    ("size(conv1d(x, k)) == N + 1", "c", ("x: signal[N]", "k: kernel[c]"), "c <= 0, and that is never so"),
    ("size(conv1d(x, k, stride=s)) == 5", "s", ("x: signal[10]", "k: kernel[3]"), "no integer is both"),
    ("reach(conv1d(conv1d(x, k), k, dilation=d), x) == 16", "d", ("x: signal", "k: kernel[3]"), "no integer is both"),
])  # fmt: skip
def test_no_value_with_the_reason(claim: str, unknown: str, lets: tuple[str, ...], why: str) -> None:
    found = solved(claim, unknown, [], lets)
    assert (found.verdict, found.answer) == ("none", "")
    assert why in found.reason
    assert all(r.verdict == "proved" for r in found.outside)
    data = as_data(found, [], 0.0)
    assert (data["verdict"], data["answer"], data["for"]) == ("none", None, unknown)


DECIDED = [
    ("size(conv1d(x, k, stride=2)) == size(conv1d(x, k, stride=3)) + 1", "c",
     lambda N, c, **_: window(N, c, 2) == window(N, c, 3) + 1),
    ("size(conv1d(x, k, stride=2)) <= size(conv1d(x, k, stride=3))", "N",
     lambda N, c, **_: window(N, c, 2) <= window(N, c, 3)),
    ("size(conv1d(x, k, stride=3)) + size(conv1d(x, k, stride=2, padding=1)) == N", "c",
     lambda N, c, **_: window(N, c, 3) + window(N, c, 2, 1) == N),
]  # fmt: skip


@pytest.mark.parametrize(("claim", "unknown", "truth"), DECIDED, ids=[c for c, _, _ in DECIDED])
def test_several_floors_are_decided_by_isl_and_said_so(claim: str, unknown: str, truth: Callable[..., bool]) -> None:
    found = solved(claim, unknown, [])
    assert (found.verdict, found.inside) == ("answered", None)
    assert "not replayed" in found.reason
    assert as_data(found, [], 0.0)["replayed"] is False
    both = {True: 0, False: 0}
    for scope in drawn(found):
        holds = truth(**scope)
        assert eval(found.answer, {}, dict(scope)) == holds, scope
        both[holds] += 1
    assert min(both.values()) > 0


def test_no_value_by_isl() -> None:
    found = solved("size(conv1d(x, k, padding=p)) + size(conv1d(x, k, stride=2, padding=p)) == 10", "p", [])
    assert (found.verdict, found.answer) == ("none", "")
    assert "decided by isl" in found.reason


def test_what_is_no_integer_of_the_claim() -> None:
    with pytest.raises(StatementError, match="--for K: it is no integer of the claim; N are"):
        read_integer_unknown("size(x) == 3", ["x: signal[N]"], [], "K")
    assert read_integer_unknown("up(x, 2) == conv(x, K)", [], [], "K") is None
