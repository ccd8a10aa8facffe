"""Exact values agree with plain loops on drawn expressions, and with NumPy, SciPy and PyTorch on drawn numbers."""

from __future__ import annotations

from fractions import Fraction
from itertools import product

import numpy as np
import oracle
import pytest
from expr.drawn import Author, World, worlds
from hypothesis import given, settings
from hypothesis import strategies as st
from oracle import Place
from scipy.signal import correlate2d, upfirdn

from symconv.errors import StatementError
from symconv.expr.claim import read_expression, read_statement
from symconv.expr.evaluate import Evaluator
from symconv.expr.nodes import Name, Shift
from symconv.index.poly import const


def near(rank: int, reach: int) -> list[Place]:
    return list(product(range(-reach, reach + 1), repeat=rank))


@settings(max_examples=150, deadline=None, derandomize=True)
@given(st.data())
def test_drawn_expressions_on_the_line(data: st.DataObject) -> None:
    world = data.draw(worlds(1))
    text, expected = Author(data.draw, world, 1).signal(3)
    assert world.values(text, near(1, 7)) == [expected(*n) for n in near(1, 7)], text


@settings(max_examples=60, deadline=None, derandomize=True)
@given(st.data())
def test_drawn_expressions_in_the_plane(data: st.DataObject) -> None:
    world = data.draw(worlds(2))
    text, expected = Author(data.draw, world, 2).signal(2)
    assert world.values(text, near(2, 3)) == [expected(*n) for n in near(2, 3)], text


@settings(max_examples=60, deadline=None, derandomize=True)
@given(st.data())
def test_drawn_kernels_have_no_taps_outside_their_box(data: st.DataObject) -> None:
    world = data.draw(worlds(1))
    text, expected = Author(data.draw, world, 1).kernel(2)
    places = [(n,) for n in range(-40, 41)]
    assert world.values(text, places) == [expected(*n) for n in places], text


# Numbers: arrays are kernels from 0 on, and an array is what the sequence holds there.

ARRAY = st.lists(st.integers(-9, 9), min_size=1, max_size=7)
PLANE = st.integers(1, 5).flatmap(
    lambda w: st.lists(st.lists(st.integers(-9, 9), min_size=w, max_size=w), min_size=1, max_size=5)
)
FEW = settings(max_examples=40, deadline=None, derandomize=True)


def numbers(text: str, arrays: dict[str, list], extents: tuple[int, ...], **integers: int) -> list:
    """The values of an expression at 0 ≤ n < extents; every array is a signal of its own shape."""
    held = {name: np.array(a, dtype=object) for name, a in arrays.items()}
    lets = [f"{name}: kernel[{', '.join(map(str, a.shape))}]" for name, a in held.items()]
    statement = read_expression(text, [*lets, *(f"{n}: natural" for n in integers)])
    evaluator = Evaluator(statement, integers, {}, lambda name, n: Fraction(int(held[name][n])))
    values = [evaluator.value(statement.lhs, n) for n in product(*map(range, extents))]
    return np.array(values, dtype=object).reshape(extents).tolist()


@FEW
@given(ARRAY, ARRAY)
def test_conv_is_numpy_convolve(x: list[int], k: list[int]) -> None:
    assert numbers("conv(x, k)", {"x": x, "k": k}, (len(x) + len(k) - 1,)) == np.convolve(x, k).tolist()


@FEW
@given(ARRAY, ARRAY)
def test_corr_is_numpy_correlate(x: list[int], k: list[int]) -> None:
    """NumPy's full mode starts at the first overlap: padding by the number of taps less one."""
    got = numbers("corr(x, k, padding=p)", {"x": x, "k": k}, (len(x) + len(k) - 1,), p=len(k) - 1)
    assert got == np.correlate(x, k, "full").tolist()


@FEW
@given(ARRAY, ARRAY, st.integers(1, 4), st.integers(1, 4))
def test_up_conv_down_is_scipy_upfirdn(x: list[int], k: list[int], up: int, down: int) -> None:
    expected = upfirdn(k, x, up=up, down=down)
    assert numbers(f"down(conv(up(x, {up}), k), {down})", {"x": x, "k": k}, expected.shape) == expected.tolist()


@FEW
@given(PLANE, PLANE)
def test_corr_in_the_plane_is_scipy_correlate2d(x: list[list[int]], k: list[list[int]]) -> None:
    expected = correlate2d(x, k, "full")
    p, q = len(k) - 1, len(k[0]) - 1
    got = numbers("corr(x, k, padding=(p, q))", {"x": x, "k": k}, expected.shape, p=p, q=q)
    assert got == expected.tolist()


@FEW
@given(ARRAY, ARRAY, st.integers(1, 3), st.integers(1, 3), st.integers(0, 3))
def test_corr_is_pytorch_conv1d(x: list[int], k: list[int], stride: int, dilation: int, padding: int) -> None:
    torch = pytest.importorskip("torch")
    if len(x) + 2 * padding < dilation * (len(k) - 1) + 1:
        return
    signal, weight = (torch.tensor(a, dtype=torch.float64).reshape(1, 1, -1) for a in (x, k))
    expected = torch.nn.functional.conv1d(signal, weight, stride=stride, dilation=dilation, padding=padding)[0, 0]
    options = f"stride={stride}, dilation={dilation}, padding={padding}"
    assert numbers(f"corr(x, k, {options})", {"x": x, "k": k}, tuple(expected.shape)) == expected.tolist()


@FEW
@given(PLANE, PLANE, *[st.tuples(st.integers(1, 3), st.integers(1, 3))] * 2, st.tuples(*[st.integers(0, 2)] * 2))
def test_corr_is_pytorch_conv2d(x: list[list[int]], k: list[list[int]], stride: Place, dilation: Place,
                                padding: Place) -> None:  # fmt: skip
    torch = pytest.importorskip("torch")
    if any(n + 2 * p < d * (c - 1) + 1 for n, c, d, p in zip(np.shape(x), np.shape(k), dilation, padding, strict=True)):
        return
    image, weight = (torch.tensor(a, dtype=torch.float64)[None, None] for a in (x, k))
    expected = torch.nn.functional.conv2d(image, weight, stride=stride, dilation=dilation, padding=padding)[0, 0]
    options = f"stride={stride}, dilation={dilation}, padding={padding}"
    assert numbers(f"corr(x, k, {options})", {"x": x, "k": k}, tuple(expected.shape)) == expected.tolist()


@FEW
@given(ARRAY, ARRAY, st.integers(1, 4), st.integers(0, 3))
def test_up_conv_is_pytorch_conv_transpose1d(x: list[int], k: list[int], stride: int, padding: int) -> None:
    torch = pytest.importorskip("torch")
    extent = stride * (len(x) - 1) + len(k) - 2 * padding
    if extent < 1:
        return
    signal, weight = (torch.tensor(a, dtype=torch.float64).reshape(1, 1, -1) for a in (x, k))
    expected = torch.nn.functional.conv_transpose1d(signal, weight, stride=stride, padding=padding)[0, 0]
    got = numbers(f"shift(conv(up(x, {stride}), k), -{padding})", {"x": x, "k": k}, (extent,))
    assert got == expected.tolist()


@FEW
@given(ARRAY)
def test_reverse_and_flip_are_array_flips(k: list[int]) -> None:
    c = len(k)
    assert numbers("reverse(k)", {"k": k}, (c,)) == k[::-1]
    assert numbers("shift(flip(k), p)", {"k": k}, (c,), p=c - 1) == k[::-1]


def test_the_moving_sum_by_hand() -> None:
    assert numbers("corr(x, ones(2), stride=2)", {"x": [1, 2, 3, 4, 5]}, (3,)) == [3, 7, 5]
    assert numbers("conv(x, taps(1, 2, 1))", {"x": [1, 0, 5]}, (5,)) == [1, 2, 6, 10, 5]
    assert numbers("relu(x) - x", {"x": [-3, 2]}, (3,)) == [3, 0, 0]
    assert numbers("abs(x)/2", {"x": [-3, 2]}, (2,)) == [Fraction(3, 2), 1]


# One floor down: sums over indices are loops.

X, K = oracle.signal(1, 5), oracle.taps(2, -1, 3)
LETS = ("x: signal", "k: kernel[3]", "n: integer", "N: natural", "a: number", "f: function")


def scalar(text: str, n: int = 0, lets: tuple[str, ...] = LETS, work: int = 0) -> Fraction:
    statement = read_expression(text, lets)
    named = {"x": X, "k": K}
    integers = {"n": n, "N": 4}
    evaluator = Evaluator(statement, integers, {"a": Fraction(7, 2)}, lambda name, at: named[name](*at))
    evaluator.work = work
    return evaluator.value(statement.lhs)


SUMS = {
    "sum(k[j]*x[n - j] for j in Z)": lambda n: sum(K(j) * X(n - j) for j in range(3)),
    "sum(k[n - j]*x[j] for j in Z)": lambda n: sum(K(j) * X(n - j) for j in range(3)),
    "sum(x[i] for i in range(N))": lambda n: sum(X(i) for i in range(4)),
    "sum(x[i] for i in range(-2, N + 1))": lambda n: sum(X(i) for i in range(-2, 5)),
    "sum(x[i] for i in range(3, 1))": lambda n: 0,
    "sum(x[i] for i in range(-7, 8) if i % 3 == 1)": lambda n: sum(X(i) for i in range(-7, 8) if i % 3 == 1),
    "sum(x[i] for i in range(9) if i != 2)": lambda n: sum(X(i) for i in range(9) if i != 2),
    "sum(x[i] for i in range(9) if not i == 2)": lambda n: sum(X(i) for i in range(9) if i != 2),
    "sum(x[i] for i in Z if n <= 2*i < n + 7)": lambda n: sum(X(i) for i in range(-20, 20) if n <= 2 * i < n + 7),
    "sum(x[i] for i in Z if i >= n and i < 3)": lambda n: sum(X(i) for i in range(n, 3)),
    "sum(i**2 - 2*i*j for i in range(3) for j in range(n))": lambda n: sum(
        i * i - 2 * i * j for i in range(3) for j in range(n)
    ),
    "sum(k[i + j]*k[i - j] for i in Z for j in Z)": lambda n: sum(
        K(i + j) * K(i - j) for i in range(-9, 9) for j in range(-9, 9)
    ),
    "sum(k[i + j]*k[j + m]*k[i + m] for i in Z for j in Z for m in Z)": lambda n: sum(
        K(i + j) * K(j + m) * K(i + m) for i in range(-4, 5) for j in range(-4, 5) for m in range(-4, 5)
    ),
    "sum(k[2*i + 1] for i in Z)": lambda n: K(1),
    "iverson(n % 2 == 1)*x[n]": lambda n: X(n) if n % 2 else 0,
    "iverson(0 <= n < N)": lambda n: int(0 <= n < 4),
    "conv(x, k)[2*n - 1]": lambda n: oracle.conv(X, K)(2 * n - 1),
    "sum(corr(x, k, stride=2)[i - n] for i in range(3))": lambda n: sum(
        oracle.corr(X, K, (2,))(i - n) for i in range(3)
    ),
    "a*x[n] - x[n]/2 + 0.25": lambda n: 3 * X(n) + Fraction(1, 4),
    "f(x[n]) - f(0)": lambda n: X(n) ** 2 + X(n),
    "relu(x[n]) - abs(x[n])": lambda n: max(X(n), 0) - abs(X(n)),
}


@pytest.mark.parametrize("text", SUMS)
@pytest.mark.parametrize("n", [-3, 0, 2, 5])
def test_sums_are_loops(text: str, n: int) -> None:
    assert scalar(text, n) == SUMS[text](n)


def test_definitions_mean_what_they_say() -> None:
    lets = (*LETS, "y = corr(x, k, stride=2)", "K[m] = sum(k[j]*k[m - 2*j] for j in Z)", "z[i] = i*x[i]")
    merged = oracle.conv(K, oracle.up(K, (2,)))
    assert [scalar("K[n]", n, lets) for n in range(-2, 9)] == [merged(n) for n in range(-2, 9)]
    assert [scalar("y[n]", n, lets) for n in range(-2, 3)] == [oracle.corr(X, K, (2,))(n) for n in range(-2, 3)]
    assert scalar("conv(x, K)[n]", 4, lets) == oracle.conv(X, merged)(4)
    assert scalar("z[n - 1]", 4, lets) == 3 * X(3)
    assert scalar("sum(K[i] for i in range(3, 6))", 0, lets) == sum(merged(i) for i in range(3, 6))


def test_a_function_has_no_property_that_a_claim_may_lean_on() -> None:
    statement = read_statement("f(x) == g(x)", ("f: function", "g: function", "x: number"))
    functions = Evaluator(statement, {}, {}, lambda name, place: Fraction(0)).functions
    f, g = functions["f"], functions["g"]
    for h in (f, g):
        assert h(Fraction(0)) != 0
        assert h(Fraction(2)) != 2 * h(Fraction(1))
        assert h(Fraction(-1)) not in (h(Fraction(1)), -h(Fraction(1)))
        assert {h(Fraction(v)) > 0 for v in range(-4, 5)} == {True, False}
    assert f(Fraction(1)) != g(Fraction(1))


def test_too_much_work_is_refused() -> None:
    with pytest.raises(StatementError, match="this instance takes too much work"):
        scalar("sum(x[i]*x[j] for i in range(1000) for j in range(1000))")


@pytest.mark.parametrize("index", ["j", "m"])
def test_the_bound_names_of_a_definition_are_its_own(index: str) -> None:
    lets = (*LETS, "K[m] = sum(k[j]*k[m - 2*j] for j in Z)")
    merged = oracle.conv(K, oracle.up(K, (2,)))
    expected = sum(merged(i) for i in range(3, 6))
    assert scalar(f"sum(K[{index}] for {index} in range(3, 6))", 0, lets) == expected
    expected = sum(oracle.conv(X, merged)(i) for i in range(3, 6))
    assert scalar(f"sum(conv(x, K)[{index}] for {index} in range(3, 6))", 0, lets) == expected


def test_a_sum_of_kernels_is_a_kernel() -> None:
    got = scalar("conv(x, sum(shift(k, j) for j in range(3)))[n]", 2)
    assert got == oracle.conv(X, oracle.conv(K, oracle.ones(3)))(2)


def test_values_do_not_depend_on_what_was_asked_before() -> None:
    evaluator = World(LETS, {}, {}, {"x": X, "k": K}).evaluator("x")
    for m in range(200):
        assert evaluator.value(Shift(Name("x", 1), (const(m),)), (0,)) == X(-m)


def test_the_square_of_a_sum() -> None:
    assert scalar("sum(k[i] for i in Z)**2") == 16


def test_the_square_of_a_defined_sum() -> None:
    assert scalar("q*q - sum(q*k[j] for j in Z)", 0, (*LETS, "q = sum(k[j] for j in Z)")) == 0


def test_a_sum_over_a_triangle() -> None:
    text = "sum(x[i]*x[j] for i in range(4) for j in range(i))"
    assert scalar(text) == sum(X(i) * X(j) for i in range(4) for j in range(i))


def test_a_sum_over_rectified_taps() -> None:
    text = "sum(relu(k[j])*x[n - j] for j in Z)"
    assert scalar(text, 2) == sum(max(K(j), Fraction(0)) * X(2 - j) for j in range(3))
