"""The region of truth, as it is printed, against enumeration: polynomials in the entries, output by output."""

from __future__ import annotations

from collections import Counter
from itertools import product

import pytest
from stacks import Layer, Sizes, Stack, layered, outputs, spelled

from symconv.expr.claim import read_statement
from symconv.index.poly import const
from symconv.tactics.attempt import Attempt
from symconv.tactics.region import region
from symconv.tactics.verdict import Region
from symconv.tactics.wording import disjunction, said


def found(left: Stack, right: Stack, names: tuple[str, ...]) -> Region:
    (lhs, some), (rhs, others) = spelled(left, "a"), spelled(right, "b")
    kernels = {f"{k}: kernel[{c}]" for layer in left + right for k, c, _ in layer.kernel}
    lets = ["x: signal[N]", "n: integer", *sorted(kernels), *(f"{p}: natural" for p in names if p in "pql")]
    statement = read_statement(f"{lhs} == {rhs}", lets, [*some, *others])
    attempt = Attempt(statement, 10)
    assert attempt.direct() is None
    answer = region(statement, attempt.closest, attempt.indices)
    assert answer is not None
    return answer


def of_layers(left: Stack, right: Stack, names: tuple[str, ...]) -> Region:
    kernels = {f"{k}: kernel[{c}]" for layer in left + right for k, c, _ in layer.kernel}
    lets = ["x: signal[N]", *sorted(kernels), *(f"{p}: natural" for p in names if p in "pql")]
    statement = read_statement(f"{layered(left)} == {layered(right)}", lets)
    attempt = Attempt(statement, 10)
    assert attempt.direct() is None
    answer = region(statement, attempt.closest, attempt.indices)
    assert answer is not None
    return answer


def value(text: str, names: Sizes, kind: type = bool) -> int:
    return kind(eval(text, {"always": True, "never": False, **names}))


K, H = ("k", "c", 1), ("h", "e", 1)
KK = (K, ("k", "c", 2))
SMALL = {"N": range(1, 10), "c": range(1, 5), "p": range(4)}
TWO = {"N": range(1, 8), "c": range(1, 4), "e": range(1, 4), "p": range(3)}
FAMILIES: dict[str, tuple[Stack, Stack, dict[str, range]]] = {
    "A5": (
        (Layer((K,), 2, "p", "p"), Layer((K,), 2, "p", "p")), (Layer(KK, 4, "3*p", "3*p"),),
        {"N": range(1, 14), "c": range(1, 7), "p": range(4)},
    ),
    "A5 with one sample of padding": (
        (Layer((K,), 2, "1", "1"), Layer((K,), 2, "1", "1")), (Layer(KK, 4, "3", "3"),),
        {"N": range(1, 24), "c": range(1, 8)},
    ),
    "stride 1 twice": (
        (Layer((K,), 1, "p", "p"), Layer((K,), 1, "p", "p")), (Layer((K, K), 1, "2*p", "2*p"),), SMALL,
    ),
    "kernels of two sizes": (
        (Layer((K,), 1, "p", "p"), Layer((H,), 1, "p", "p")), (Layer((K, H), 1, "2*p", "2*p"),), TWO,
    ),
    "strides 2 and 3": (
        (Layer((K,), 2, "p", "p"), Layer((H,), 3, "p", "p")), (Layer((K, ("h", "e", 2)), 6, "3*p", "3*p"),),
        {"N": range(1, 16), "c": range(1, 4), "e": range(1, 4), "p": range(3)},
    ),
    "dilated by 2, then stride 2": (
        (Layer((("k", "c", 2),), 1, "p", "p"), Layer((H,), 2, "p", "p")),
        (Layer((("k", "c", 2), H), 2, "2*p", "2*p"),), TWO,
    ),
    "padded on the left only": (
        (Layer((K,), 2, "l"), Layer((H,), 1, "l")), (Layer((K, ("h", "e", 2)), 2, "3*l"),),
        {"N": range(1, 9), "c": range(1, 6), "e": range(1, 4), "l": range(3)},
    ),
    "padded differently on both sides": (
        (Layer((K,), 1, "l", "q"), Layer((K,), 1, "q", "l")), (Layer((K, K), 1, "l + q", "l + q"),),
        {"N": range(1, 7), "c": range(1, 4), "l": range(3), "q": range(3)},
    ),
    "padded by too little": (
        (Layer((K,), 2, "p", "p"),), (Layer((K,), 2, "p", "p + 1"),), SMALL,
    ),
    "one sample further": (
        (Layer((("k", "c", 2),), 3, "p", "p"),), (Layer((("k", "c", 2),), 3, "p + 1", "p"),), SMALL,
    ),
    "in the other order": (
        (Layer((K,), 1, "p", "p"), Layer((H,), 1, "p", "p")), (Layer((H,), 1, "p", "p"), Layer((K,), 1, "p", "p")),
        TWO,
    ),
    "three layers": (
        (Layer((K,), 1, "p", "p"),) * 3, (Layer((K, K, K), 1, "3*p", "3*p"),),
        {"N": range(1, 6), "c": range(1, 4), "p": range(3)},
    ),
    "sides of padding exchanged": (
        (Layer((K,), 2, "l", "q"),), (Layer((K,), 2, "q", "l"),),
        {"N": range(1, 8), "c": range(1, 4), "l": range(4), "q": range(4)},
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", FAMILIES)
def test_printed_region_is_the_enumerated_one(name: str) -> None:
    left, right, ranges = FAMILIES[name]
    compare(found(left, right, tuple(ranges)), left, right, ranges, True)


@pytest.mark.parametrize("name", FAMILIES)
def test_layers_of_a_tensor_have_that_region(name: str) -> None:
    left, right, ranges = FAMILIES[name]
    compare(of_layers(left, right, tuple(ranges)), left, right, ranges)


def compare(answer: Region, left: Stack, right: Stack, ranges: dict[str, range], indexed: bool = False) -> None:
    """Every output for every size, as printed and as enumerated; some fail and some agree."""
    (n,) = answer.indices
    letter, extent = answer.extent or ("M", const(0))
    fails, holds, told = (disjunction(d, answer.indices) for d in (answer.fails, answer.holds, answer.told))
    interior = said(answer.interior, answer.indices)
    everywhere, fits = disjunction(answer.everywhere), disjunction(((),) if answer.fits is None else answer.fits)
    seen: set[bool] = set()
    for values in product(*ranges.values()):
        sizes = dict(zip(ranges, values, strict=True))
        one, other = outputs(left, sizes), outputs(right, sizes)
        if not one or not other:
            continue
        unlike: list[bool] = []
        beyond = 0 if answer.extent else 2
        for i in range(-beyond, max(len(one), len(other)) + beyond):
            a, b = (s[i] if 0 <= i < len(s) else Counter() for s in (one, other))
            unlike.append(a != b)
            at = {**sizes, n: i, letter: value(str(extent), sizes, int)}
            assert value(fails, at) is (a != b), (sizes, i, fails)
            assert value(told, at) is (a != b), (sizes, i, told)
            assert value(holds, at) is (a == b), (sizes, i, holds)
            assert a == b or not (answer.interior and value(interior, at))
        fitting = len(one) == len(other)
        assert value(fits, sizes) is (fitting or indexed)
        assert value(everywhere, sizes) is not (any(unlike) or not value(fits, sizes)), (sizes, everywhere)
        seen |= set(unlike)
    assert seen == {True, False}
