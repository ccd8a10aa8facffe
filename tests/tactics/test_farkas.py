"""Certificates: what is found is a combination, what does not follow is not found, and numbers decide both."""

from __future__ import annotations

from itertools import product

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from symconv.index.facts import Facts
from symconv.index.poly import Poly, const, total, var
from symconv.tactics.evidence import Certificate
from symconv.tactics.farkas import certificate

N, C, S, P, Q, I, J = map(var, ("N", "c", "s", "p", "q", "i", "j"))
FACTS = Facts(frozenset({"N", "c", "s"}), frozenset({"p"}))


def replays(p: Poly, hypotheses: list[Poly], found: Certificate, facts: Facts = FACTS) -> bool:
    """What the rule `imply` asks."""
    scaled = found.scale * p + found.scale - 1
    return facts.at_least_one(found.scale) and facts.combination(scaled, hypotheses, found.evidence)


def test_a_rounded_combination() -> None:
    known = [N - 2 * Q, 2 * Q + 1 - N, I, N - 1 - 2 * I]
    found = certificate(Q - I, known, FACTS)  # 2 i <= N - 1 <= 2 q
    assert found is not None and replays(Q - I, known, found)
    assert certificate(Q - I - 1, known, FACTS) is None


def test_a_symbolic_scale() -> None:
    known = [N - S * Q, S * Q + S - 1 - N, N - S * I]
    found = certificate(Q - I, known, FACTS)  # s i <= N <= s q + s - 1
    assert found is not None and replays(Q - I, known, found) and "s" in found.scale.names()
    assert certificate(Q - I - 1, known, FACTS) is None


def test_products_of_sizes() -> None:
    known = [J, C - 1 - J, I, N - 1 - I]
    p = N * C - 1 - (C * I + J)
    found = certificate(p, known, FACTS)
    assert found is not None and replays(p, known, found)
    assert certificate(p - 1, known, FACTS) is None


def test_contradictions() -> None:
    found = certificate(const(-1), [I - 3, 2 - I], FACTS)
    assert found is not None and replays(const(-1), [I - 3, 2 - I], found)
    assert certificate(const(-1), [I - 3, 3 - I], FACTS) is None


forms = st.tuples(*[st.integers(-3, 3)] * 3, st.integers(-4, 4)).map(
    lambda c: total((c[0] * I, c[1] * J, c[2] * N, const(c[3])))
)


@settings(max_examples=150, deadline=None)
@given(st.lists(forms, min_size=1, max_size=4), forms)
def test_what_is_found_replays_and_holds(hypotheses: list[Poly], p: Poly) -> None:
    found = certificate(p, hypotheses, FACTS)
    assume(found is not None)
    assert found is not None and replays(p, hypotheses, found)
    for i, j, n in product(range(-6, 7), range(-6, 7), range(1, 5)):
        at = {"i": i, "j": j, "N": n}
        assert any(h.evaluate(at) < 0 for h in hypotheses) or p.evaluate(at) >= 0


@settings(max_examples=80, deadline=None)
@given(st.lists(forms, min_size=1, max_size=3), st.lists(st.integers(0, 3), min_size=3, max_size=3), st.integers(0, 5))
def test_combinations_are_found(hypotheses: list[Poly], multipliers: list[int], more: int) -> None:
    p = total((*(m * h for m, h in zip(multipliers, hypotheses, strict=False)), const(more)))
    assert certificate(p, hypotheses, FACTS) is not None
