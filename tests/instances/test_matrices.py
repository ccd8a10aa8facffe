"""Matrices of linear maps: equal to SciPy's, and to what PyTorch's layers and autograd do with drawn numbers."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import scipy.linalg
import scipy.signal
import sympy

from symconv.errors import StatementError
from symconv.expr.claim import read_expression
from symconv.instances.arrays import data_of
from symconv.instances.linear_form import Form, coefficient
from symconv.instances.linear_maps import Answer, read_map
from symconv.instances.matrices import LinearMap, matrix_of
from symconv.instances.toeplitz import Kind, kind

torch = pytest.importorskip("torch")
functional = torch.nn.functional


def found(expression: str, *lets: str, wrt: str = "x", assume: tuple[str, ...] = (), **data: Any) -> Answer:
    return read_map(expression, wrt, data_of(data), lets, assume)


def numbers(m: LinearMap) -> np.ndarray:
    return np.array(m.matrix.tolist(), dtype=float).reshape(len(m.rows), len(m.columns))


def tensor(a: np.ndarray) -> Any:
    return torch.tensor(a, dtype=torch.float64)


# Primitives


@pytest.mark.parametrize("seed", range(16))
def test_convolution_and_correlation_are_scipys_matrices(seed: int) -> None:
    draw = random.Random(seed)
    n, k = draw.randint(1, 7), np.array([draw.randint(-3, 3) for _ in range(draw.randint(1, 4))])
    expected = scipy.linalg.convolution_matrix(k, n)
    assert np.array_equal(numbers(found("conv(x, k)", N=n, k=k).map), expected)
    turned = found("corr(x, k)", N=n, k=k)
    assert np.array_equal(numbers(turned.map), scipy.linalg.convolution_matrix(k[::-1], n))
    assert turned.map.rows[0] == (1 - len(k),)
    s = draw.randint(1, 3)
    first = (len(k) - 1) % s  # Down to the first place that s divides.
    assert np.array_equal(numbers(found(f"corr(x, k, stride={s})", N=n, k=k).map), numbers(turned.map)[first::s])


@pytest.mark.parametrize("seed", range(8))
def test_a_layer_is_a_toeplitz_matrix(seed: int) -> None:
    draw = random.Random(seed)
    c = draw.randint(1, 4)
    n = draw.randint(c, 8)
    taps = sympy.symbols([f"k_{i}" for i in range(c)])
    expected = scipy.linalg.toeplitz([taps[0], *[0] * (n - c)], [*taps, *[0] * (n - c)])
    m = found("conv1d(x, k)", f"x: signal[{n}]", c=c).map
    assert m.matrix == sympy.Matrix(expected)
    assert kind(m.values, m.rows, m.columns) in (Kind("Toeplitz", 0, ((1, 1),)), Kind(""), Kind("diagonal"))


@pytest.mark.parametrize(("n", "s"), [(8, 2), (7, 2), (7, 3), (1, 4), (5, 1)])
def test_down_selects_and_up_inserts(n: int, s: int) -> None:
    selection = np.eye(n)[::s]
    assert np.array_equal(numbers(found(f"down(x, {s})", N=n).map), selection)
    up = found(f"up(x, {s})", N=n)
    assert np.array_equal(numbers(up.map), np.eye(s * (n - 1) + 1)[::s].T)
    assert str(up.transpose) == f"down({'y'}, {s})"
    assert np.array_equal(numbers(found(f"bed_of_nails(x, {s})", f"x: signal[{n}]").map), np.eye(s * n)[::s].T)


def test_the_matrix_of_a_composition_is_the_product() -> None:
    first = found("conv(x, k)", N=4, c=3).map.matrix
    second = found("conv(x, h)", N=6, c=2).map.matrix
    assert (
        found("conv(conv(x, k), h)", "k: kernel[c]", "h: kernel[e]", N=4, c=3, e=2).map.matrix
        == (second * first).expand()
    )
    strided = found("down(conv(x, k), 2)", N=4, c=3).map.matrix
    assert strided == found("down(x, 2)", N=6).map.matrix * first


# Layers with drawn numbers, against PyTorch


def drawn(draw: random.Random, *shape: int) -> np.ndarray:
    return np.array([draw.randint(-3, 3) for _ in range(int(np.prod(shape)))]).reshape(shape)


Case = tuple[str, dict[str, np.ndarray], tuple[int, ...], Callable[[Any], Any]]


def convolution(draw: random.Random) -> Case:
    d, groups = draw.randint(1, 2), draw.choice((1, 1, 2))
    inputs, outputs = draw.randint(1, 2), draw.randint(1, 2)
    s, p, t = draw.randint(1, 3), draw.randint(0, 2), draw.randint(1, 2)
    taps = [draw.randint(1, 3 if d == 1 else 2) for _ in range(d)]
    shape = [max(1, t * (c - 1) + 1 - 2 * p) + draw.randint(0, 4 if d == 1 else 1) for c in taps]
    w = drawn(draw, groups * outputs, inputs, *taps)
    text = f"conv{d}d(x, w, stride={s}, padding={p}, dilation={t}, groups={groups})"
    layer = getattr(functional, f"conv{d}d")
    return text, {"w": w}, (groups * inputs, *shape), lambda x: layer(
        x, tensor(w), stride=s, padding=p, dilation=t, groups=groups)  # fmt: skip


def plain(draw: random.Random) -> Case:
    d = draw.randint(1, 2)
    s, p, taps = draw.randint(1, 3), draw.randint(0, 1), [draw.randint(1, 3) for _ in range(d)]
    w, shape = drawn(draw, *taps), [c + draw.randint(0, 5 if d == 1 else 1) for c in taps]
    layer = getattr(functional, f"conv{d}d")
    return f"conv{d}d(x, w, stride={s}, padding={p})", {"w": w}, tuple(shape), lambda x: layer(
        x[None], tensor(w)[None, None], stride=s, padding=p)[0]  # fmt: skip


def transposed(draw: random.Random) -> Case:
    inputs, outputs, c = draw.randint(1, 2), draw.randint(1, 2), draw.randint(2, 3)
    s, p, t = draw.randint(1, 3), draw.randint(0, 1), draw.randint(1, 2)
    extra = draw.randint(0, s - 1)
    w, n = drawn(draw, inputs, outputs, c), draw.randint(2, 4)
    text = f"conv_transpose1d(x, w, stride={s}, padding={p}, dilation={t}, output_padding={extra})"
    return text, {"w": w}, (inputs, n), lambda x: functional.conv_transpose1d(
        x, tensor(w), stride=s, padding=p, dilation=t, output_padding=extra)  # fmt: skip


def pooled(draw: random.Random) -> Case:
    c, s = draw.randint(1, 3), draw.randint(1, 3)
    p = draw.randint(0, c // 2)
    channels, n = draw.randint(1, 2), c + draw.randint(0, 5)
    return f"avg_pool1d(x, {c}, stride={s}, padding={p})", {}, (channels, n), lambda x: functional.avg_pool1d(
        x, c, stride=s, padding=p)  # fmt: skip


def grown(draw: random.Random) -> Case:
    s, channels, n = draw.randint(1, 3), draw.randint(1, 2), draw.randint(1, 4)
    return f"upsample_nearest(x, {s})", {}, (channels, n, 2), lambda x: functional.interpolate(
        x[None], scale_factor=s, mode="nearest")[0]  # fmt: skip


def shuffled(draw: random.Random) -> Case:
    r, channels = 2, draw.randint(1, 2)
    return (
        f"pixel_shuffle(x, {r})",
        {},
        (channels * r * r, draw.randint(1, 2), 2),
        lambda x: functional.pixel_shuffle(x, r),
    )


def stacked(draw: random.Random) -> Case:
    w, v = drawn(draw, 2, 1, 2), drawn(draw, 1, 2, draw.randint(1, 3))
    s, p = draw.randint(1, 2), draw.randint(0, 1)
    text = f"conv1d(conv1d(x, w, stride={s}, padding=1), v, padding={p})"
    return text, {"w": w, "v": v}, (1, draw.randint(4, 7)), lambda x: functional.conv1d(
        functional.conv1d(x, tensor(w), stride=s, padding=1), tensor(v), padding=p)  # fmt: skip


CASES = {"convolution": convolution, "plain": plain, "transposed": transposed, "pooled": pooled, "grown": grown,
         "shuffled": shuffled, "stacked": stacked}  # fmt: skip


@pytest.mark.parametrize("seed", range(12))
@pytest.mark.parametrize("name", CASES)
def test_the_matrix_times_the_samples_is_pytorchs_output(name: str, seed: int) -> None:
    draw = random.Random(seed)
    text, data, shape, layer = CASES[name](draw)
    x = drawn(draw, *shape)
    arrays = data_of(data)
    lets = [f"x: signal[{', '.join(map(str, shape))}]", *(f"{n}: kernel[{', '.join(map(str, a.shape))}]"
                                                          for n, a in data.items())]  # fmt: skip
    m = matrix_of(read_expression(text, lets), "x", {}, {}, arrays)
    samples = tensor(x).requires_grad_(True)
    output = layer(samples if name != "plain" else samples[None] * 1)
    output = output[0] if name == "plain" else output
    assert numbers(m) @ x.flatten() == pytest.approx(output.detach().numpy().flatten()), (text, shape)
    assert m.rows[-1] == tuple(n - 1 for n in output.shape)[-len(shape) :], (text, shape)
    upstream = tensor(drawn(draw, *output.shape))
    (back,) = torch.autograd.grad((output * upstream).sum(), samples)
    assert numbers(m).T @ upstream.numpy().flatten() == pytest.approx(back.numpy().flatten()), (text, shape)


@pytest.mark.parametrize("seed", range(8))
def test_symbolic_taps_stand_where_the_numbers_do(seed: int) -> None:
    draw = random.Random(seed)
    text, data, shape, _ = convolution(draw)
    lets = (f"x: signal[{', '.join(map(str, shape))}]",)
    plain_text = text.replace("groups=1", "groups=1")
    with_numbers = matrix_of(read_expression(plain_text, [*lets, f"w: kernel[{', '.join(map(str, data['w'].shape))}]"]),
                             "x", {}, {}, data_of(data))  # fmt: skip
    symbols = matrix_of(with_numbers.statement, "x", {}, {}, {})
    values = {s: int(data["w"][place]) for s, (_, place) in symbols.taps.items()}
    assert symbols.matrix.subs(values) == with_numbers.matrix


# Transposes, read as layers


@pytest.mark.parametrize(
    ("n", "c", "s", "p", "t"),
    [(7, 3, 2, 0, 1), (8, 3, 2, 0, 1), (9, 2, 3, 1, 2), (10, 3, 4, 2, 1), (6, 1, 3, 0, 1), (5, 3, 1, 2, 2)],
)
def test_the_transpose_of_a_layer_is_pytorchs_transposed_layer(n: int, c: int, s: int, p: int, t: int) -> None:
    answer = found(f"conv1d(x, k, stride={s}, padding={p}, dilation={t})", f"x: signal[{n}]", c=c)
    assert answer.transpose is not None
    assert answer.transpose.whole
    extra = (n + 2 * p - t * (c - 1) - 1) % s
    shown = {"stride": (s, 1), "padding": (p, 0), "dilation": (t, 1), "output_padding": (extra, 0)}
    options = "".join(f", {name}={v}" for name, (v, usual) in shown.items() if v != usual)
    assert str(answer.transpose) == f"conv_transpose1d(y, k{options})"
    k = np.arange(1, c + 1)
    a = np.array(answer.map.matrix.subs({f"k_{i}": int(v) for i, v in enumerate(k)}).tolist(), dtype=float)
    y = np.arange(1, len(a) + 1)
    there = functional.conv_transpose1d(tensor(y)[None], tensor(k)[None, None], stride=s, padding=p, dilation=t,
                                        output_padding=extra)  # fmt: skip
    assert a.T @ y == pytest.approx(there.numpy().flatten())


@pytest.mark.parametrize(
    ("expression", "lets", "transpose", "whole"),
    [
        ("corr(x, k, stride=2)", (), "conv(up(y, 2), k)", False),
        ("conv(x, k)", (), "corr(y, k)", False),
        ("down(x, 2)", (), "up(y, 2)", True),
        ("flip(x)", (), "flip(y)", True),
        ("bed_of_nails(x, 3)", ("x: signal[4]",), "down(y, 3)", True),
        ("conv2d(x, w)", ("x: signal[:, :]",), "conv_transpose2d(y, w)", True),
        ("conv1d(x, w, stride=2)", (), "conv_transpose1d(y, w, stride=2)", True),
        ("conv1d(x, w, stride=2, groups=2)", ("x: signal[4, 6]",),
         "conv_transpose1d(y, w, stride=2, output_padding=1, groups=2)", True),
        ("conv1d(conv1d(x, w, stride=2), v, stride=2)", ("x: signal[12]",),
         "conv_transpose1d(conv_transpose1d(y, v, stride=2), w, stride=2, output_padding=1)", True),
        ("conv_transpose1d(x, w, stride=2, output_padding=1)", (), "conv1d(y, w, stride=2)", True),
        ("pixel_shuffle(x, 2)", ("x: signal[4, 1, 2]",), "pixel_unshuffle(y, 2)", True),
        ("pointwise(x, w)", ("x: signal[C, :]",), "pointwise(y, permute(w, (1, 0)))", True),
        ("2*x", ("x: signal",), "2*y", True),
        ("conv(x, x2)", ("x: kernel[4]", "x2: kernel[2]"), "corr(y, x2)", False),
    ],
)  # fmt: skip
def test_transposes_are_adjoints_in_closed_form(
    expression: str, lets: tuple[str, ...], transpose: str, whole: bool
) -> None:
    answer = found(expression, *lets)
    assert (str(answer.transpose), answer.transpose and answer.transpose.whole) == (transpose, whole)


def test_a_border_that_no_closed_form_has_leaves_the_transpose_unnamed() -> None:
    assert found("upsample_linear(x, 2)", "x: signal[3]").transpose is None


# Sizes


def test_extents_are_chosen_so_that_all_taps_are_seen() -> None:
    answer = found("conv1d(x, w, stride=2)", "x: signal")
    assert answer.chosen == {"N": 7}
    assert len(answer.map.rows) == 3
    assert found("conv1d(x, w)", "x: signal", N=5).chosen == {}


def test_sizes_follow_from_numbers() -> None:
    m = found("conv1d(x, w)", "x: signal[N]", "w: kernel[c]", N=4, w=[1, 2, 3]).map
    assert dict(m.integers) == {"N": 4, "c": 3}
    assert m.matrix == sympy.Matrix([[1, 2, 3, 0], [0, 1, 2, 3]])


def test_unpooling_puts_each_sample_at_the_place_of_a_maximum() -> None:
    m = found("max_unpool1d(y, x, 2)", "x: signal[4]", "y: signal[2]", wrt="y", x=[3, 1, 2, 5]).map
    assert m.matrix == sympy.Matrix([[1, 0], [0, 0], [0, 0], [0, 1]])


def test_the_matrix_of_an_adjoint() -> None:
    answer = found("adjoint(conv1d(x, k), x, y)", "x: signal[4]", "k: kernel[2]", "y: kernel[3]", wrt="y")
    assert answer.map.matrix == found("conv1d(x, k)", "x: signal[4]", "k: kernel[2]").map.matrix.T
    assert str(answer.transpose) == "conv1d(g, k)"


def test_height_and_width() -> None:
    m = found("conv2d(x, w)", "x: signal[:, :]", H=3, W=4, c=2, e=2).map
    assert (len(m.rows), len(m.columns)) == (6, 12)


def test_repeated_maps_are_written_out() -> None:
    m = found("repeat(corr(x, k), x, r)", r=2, c=2, N=3).map
    assert m.matrix == found("corr(corr(x, k), k)", c=2, N=3).map.matrix


@pytest.mark.parametrize(
    ("expression", "lets", "wrt", "data", "words"),
    [
        ("conv(x, x)", (), "x", {}, "is not linear in x, so it has no matrix: (conv(x, x))[0] is 1 where every entry"),
        ("relu(x)", (), "x", {}, "is not linear in x"),
        ("conv1d(x, w, bias=b)", (), "x", {}, "is not linear in x"),
        ("max_unpool1d(y, x, 2)", ("x: signal[4]", "y: signal[2]"), "x", {}, "linear in x"),
        ("max_unpool1d(y, x, 2)", ("x: signal[4]", "y: signal[2]"), "y", {}, "a maximum or a pointwise function of"),
        ("conv(x, k)", (), "z", {}, "z does not stand in conv(x, k) as a sequence: name one with --wrt"),
        ("c*conv(x, k)", ("c: number", "x: signal"), "c", {}, "c does not stand in"),
        ("conv(x, k)", (), "x", {"q": 3}, "q does not stand in conv(x, k): its names are c, k"),
        ("conv(x, k)", (), "x", {"x": [1, 2]}, "x is what the matrix is multiplied by"),
        ("conv(x, k)", (), "x", {"N": 300}, "x has 300 samples; a matrix of at most 256 columns"),
        ("up(x, 9)", (), "x", {"N": 90}, "has 802 outputs; a matrix of at most 256 rows"),
        ("conv(x, k)", (), "x", {"N": 0}, "N=0: an extent must be at least 1"),
        ("conv(x, k)", (), "x", {"N": "1/2"}, "N=1/2: write a whole number"),
        ("conv(x, k)", (), "x", {"c": 0}, "c=0: c must be at least 1"),
        ("conv(x, k)", (), "x", {"k": [[1, 2]]}, "k has 1 axis, and its numbers have 2"),
        ("conv(x, k)", ("k: kernel[3]",), "x", {"k": [1, 2]}, "k has 3 places, and numbers for 2 are given"),
        ("conv1d(x, k)", (), "x", {"N": 2, "c": 5}, "has no output: a window of 5 places does not fit in 2 samples"),
        ("conv1d(x, k)", ("x: signal[5]",), "x", {"N": 4}, "N=4: no signal has an axis whose extent is left open"),
        ("repeat(corr(x, k), x, r)", (), "x", {}, "say how often, as in --with r=2"),
        ("repeat(corr(x, k), x, r)", (), "x", {"r": 10**9}, "times are too many"),
        ("conv(x, k)", ("k: kernel[:]",), "x", {"N": 3}, "k has no stated taps: declare them"),
    ],
)  # fmt: skip
def test_refusals(expression: str, lets: tuple[str, ...], wrt: str, data: dict[str, Any], words: str) -> None:
    with pytest.raises(StatementError) as error:
        found(expression, *lets, wrt=wrt, **data)
    assert words in str(error.value)
    assert "\n" not in str(error.value)


def test_numbers_with_one_axis_give_the_layer_without_channels() -> None:
    answer = found("conv1d(x, k)", N=5, k=[1, 2, 3])
    assert [list(map(str, r)) for r in answer.map.values] == [
        ["1", "2", "3", "0", "0"], ["0", "1", "2", "3", "0"], ["0", "0", "1", "2", "3"]
    ]  # fmt: skip
    with pytest.raises(StatementError, match="k has 3 axes, and its numbers have 1"):
        found("conv1d(x, k)", "k: kernel[1, 1, 3]", k=[1, 2, 3])


# What kind of matrix it is


@pytest.mark.parametrize(
    ("expression", "lets", "expected"),
    [
        ("down(x, 2)", ("x: signal[6]",), Kind("selection")),
        ("up(x, 2)", ("x: signal[3]",), Kind("insertion")),
        ("flip(x)", ("x: signal[3]",), Kind("permutation")),
        ("x", ("x: signal[3]",), Kind("identity")),
        ("mul(x, v)", ("x: signal[3]", "v: signal[3]"), Kind("diagonal")),
        ("conv(x, k)", ("x: signal[3]", "k: kernel[2]"), Kind("Toeplitz", 0, ((1, 1),))),
        ("conv1d(x, k, stride=2)", ("x: signal[7]", "k: kernel[3]"), Kind("Toeplitz", 0, ((1, 2),))),
        ("conv_transpose1d(x, k, stride=2)", ("x: signal[3]", "k: kernel[3]"), Kind("Toeplitz", 0, ((2, 1),))),
        ("conv2d(x, w, stride=(1, 2))", ("x: signal[4, 7]", "w: kernel[2, 3]"), Kind("Toeplitz", 0, ((1, 1), (1, 2)))),
        ("conv1d(x, w)", ("x: signal[2, 5]", "w: kernel[2, 2, 3]"), Kind("Toeplitz", 1, ((1, 1),))),
        ("formula(n, n*x[n]*iverson(n >= 0)*iverson(n < 3)) + conv(x, k)", ("x: signal[3]", "k: kernel[2]"), Kind("")),
    ],
)  # fmt: skip
def test_kinds(expression: str, lets: tuple[str, ...], expected: Kind) -> None:
    m = found(expression, *lets).map
    assert kind(m.values, m.rows, m.columns) == expected


# Linear forms


def test_forms() -> None:
    x, y = Form({0: 1}), Form({1: 1})
    k = sympy.Symbol("k")
    total = 2 * x - k * y + 0
    assert [coefficient(total, j) for j in range(3)] == [2, -k, 0]
    assert coefficient(0, 1) == 0
    for wrong in (lambda: x * y, lambda: x + 1, lambda: coefficient(1, 0)):
        with pytest.raises(StatementError, match="not linear"):
            wrong()
