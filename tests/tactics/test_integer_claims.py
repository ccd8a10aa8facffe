"""Claims between integers: what is proved holds at all small sizes, what is refuted fails at the example, by loops."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from random import Random

import pytest

from symconv.expr.claim import read_statement
from symconv.proof.certificate import certificate, check
from symconv.tactics.prove import prove

LETS = ("x: signal[N]", "k: kernel[c]")
Value = Callable[[int, int, int], int]


def window(n: int, c: int, s: int, p: int) -> int:
    """The places of a window of c taps, counted one by one."""
    return sum(1 for i in range(-p, n + p) if (i + p) % s == 0 and i + c - 1 < n + p)


class Author:
    """Draws a sum of sizes and floors, as claim text and as loops over N, c and p."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)

    def size(self) -> tuple[str, Value]:
        s, q = self.random.randint(1, 4), self.random.choice((0, 0, 1, 2))
        if self.random.random() < 0.4:
            return f"size(conv1d(x, k, stride={s}, padding=p))", lambda n, c, p: window(n, c, s, p)
        return f"size(conv1d(x, k, stride={s}, padding={q}))", lambda n, c, p: window(n, c, s, q)

    def floor(self) -> tuple[str, Value]:
        s, a, b, d = (self.random.randint(*ends) for ends in ((1, 4), (-1, 2), (-2, 1), (-3, 3)))
        return f"(({a}*N + {b}*c + {d})//{s})", lambda n, c, p: (a * n + b * c + d) // s

    def plain(self) -> tuple[str, Value]:
        a, b, d = (self.random.randint(-2, 2) for _ in range(3))
        return f"({a}*N + {b}*c + {d}*p)", lambda n, c, p: a * n + b * c + d * p

    def side(self) -> tuple[str, Value]:
        parts = [self.random.choice((self.size, self.size, self.floor, self.plain))() for _ in range(self.drawn())]
        times = [self.random.choice((1, 1, 2)) for _ in parts]
        text = " + ".join(f"{t}*{part}" for t, (part, _) in zip(times, parts, strict=True))
        return text, lambda n, c, p: sum(t * value(n, c, p) for t, (_, value) in zip(times, parts, strict=True))

    def drawn(self) -> int:
        return self.random.choice((1, 1, 2))

    def claim(self) -> tuple[str, Callable[[int, int, int], bool]]:
        (left, one), (right, other) = self.side(), self.side()
        text, value = self.size()
        if "size" not in left:
            left, one = text, value
        if self.random.random() < 0.5:
            return f"{left} == {right}", lambda n, c, p: one(n, c, p) == other(n, c, p)
        more = self.random.randint(-2, 4)
        return f"{left} <= {right} + {more}", lambda n, c, p: one(n, c, p) <= other(n, c, p) + more


SIZES = [(n, c, p) for n in range(1, 13) for c in range(1, 7) for p in range(4) if c <= n]


def claims() -> Iterator[tuple[str, Callable[[int, int, int], bool]]]:
    for seed in range(220):
        yield Author(seed).claim()


def test_verdicts_are_those_of_loops() -> None:
    seen = {"proved": 0, "refuted": 0, "unknown": 0}
    for text, truth in claims():
        found = prove(read_statement(text, LETS, ["c <= N"]), 1.0)
        seen[found.verdict] += 1
        if found.verdict == "proved":
            assert all(truth(*sizes) for sizes in SIZES), text
        if found.counterexample is not None:
            integers = found.counterexample.integers
            assert not truth(integers["N"], integers["c"], integers.get("p", 0)), text
            total = sum(integers.values())
            smaller = [s for s in SIZES if sum(s[: 2 + ("p" in integers)]) < total]
            assert all(truth(*s) for s in smaller if "p" in integers or not s[2]), text
        if found.verdict == "unknown":
            assert all(truth(*sizes) for sizes in SIZES), text
    assert seen["unknown"] <= 3
    assert min(seen["proved"], seen["refuted"]) >= 8, seen


TRUE = [
    ("size(conv1d(x, k, stride=2)) + size(conv1d(x, k, stride=2, padding=1)) >= N - c + 1", ["c <= N"]),
    ("size(conv1d(x, k)) == (N - c)//2 + (N - c + 1)//2 + 1", ["c <= N"]),
    ("2*size(conv1d(x, k)) == 2*((N - c)//2) + 2*((N - c + 1)//2) + 2", ["c <= N"]),
    ("s*size(conv1d(x, k, stride=s)) == s*(-(-(N - c + 1)//s))", ["c <= N"]),
    ("3*size(avg_pool1d(x, c, stride=2)) >= M + 1", ["N >= 2*(M//3) + c"]),
    ("size(conv1d(x, k, stride=6)) <= size(conv1d(x, k, stride=2))", ["c <= N"]),
    ("size(conv1d(x, k, stride=s)) <= size(conv1d(x, k))", ["c <= N"]),
]


@pytest.mark.parametrize(("text", "assume"), TRUE, ids=[t for t, _ in TRUE])
def test_rounding_and_factors(text: str, assume: list[str]) -> None:
    found = prove(read_statement(text, LETS, assume))
    assert found.verdict == "proved"
    assert found.theorem is not None
    data = certificate(found.theorem)
    assert certificate(check(data)) == data
