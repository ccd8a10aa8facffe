"""Expressions at numbers: drawn ones against NumPy and PyTorch, and every refusal by its sentence."""

from __future__ import annotations

from fractions import Fraction
from random import Random
from typing import Any

import numpy as np
import pytest

from symconv.errors import StatementError
from symconv.instances.arrays import data_of, read_data
from symconv.instances.run import Run, exact, run

torch = pytest.importorskip("torch")
F = torch.nn.functional


def at(expression: str, *given: str, lets: tuple[str, ...] = (), assume: tuple[str, ...] = ()) -> Run:
    return run(expression, read_data(given), lets, assume)


def value(expression: str, *given: str, **options: Any) -> Any:
    """The value as plain data."""
    return at(expression, *given, **options).as_data()["value"]


def floats(r: Run) -> np.ndarray:
    return np.array([float(v) for v in r.value.entries]).reshape(r.value.shape)


def same(expression: str, expected: Any, **arrays: Any) -> None:
    """The value has the shape and, within double precision, the entries that are expected."""
    found = run(expression, data_of(arrays))
    theirs = np.asarray(expected, dtype=float)
    assert found.value.shape == theirs.shape, (expression, arrays)
    assert np.allclose(floats(found), theirs, rtol=0, atol=1e-9), (expression, arrays)


class Drawn:
    """Arrays of small integers by seed, for the package and for PyTorch."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)
        self.arrays: dict[str, np.ndarray] = {}

    def one(self, low: int, high: int) -> int:
        return self.random.randint(low, high)

    def array(self, name: str, *shape: int) -> Any:
        count = int(np.prod(shape))
        self.arrays[name] = np.array([self.one(-4, 5) for _ in range(count)]).reshape(shape)
        return torch.tensor(self.arrays[name], dtype=torch.float64)


# Examples of the sources


def test_the_strided_correlation_of_the_slides() -> None:
    assert value("conv1d(x, k, stride=2)", "x=[1,0,-2,3,1,2,-1]", "k=[1/2,1,1/2]") == ["-1/2", "5/2", 2]


def test_its_transpose_maps_three_entries_to_seven() -> None:
    assert len(value("conv_transpose1d(y, k, stride=2)", "y=[1,2,3]", "k=[1/2,1,1/2]")) == 7


def test_the_transposed_convolution_of_the_notes() -> None:
    given = ("x=[[3,4],[1,7]]", "k=[[2,0],[1,-1]]")
    assert value("conv_transpose2d(x, k)", *given) == [[6, 8, 0], [5, 15, -4], [1, 6, -7]]
    assert value("conv(x, k)", *given) == [[6, 8, 0], [5, 15, -4], [1, 6, -7]]


# Primitives are sequences on their whole support


@pytest.mark.parametrize("seed", range(30))
def test_primitives_are_those_of_numpy(seed: int) -> None:
    drawn = Drawn(seed)
    n, c, s, p = drawn.one(1, 8), drawn.one(1, 5), drawn.one(1, 3), drawn.one(0, 2)
    x, k = (drawn.array(name, count).numpy() for name, count in (("x", n), ("k", c)))
    same("conv(x, k)", np.convolve(x, k), **drawn.arrays)
    same("flip(x)", x[::-1], x=drawn.arrays["x"])
    same("reverse(k)", k[::-1], k=drawn.arrays["k"])
    spread = np.zeros(s * (n - 1) + 1)
    spread[::s] = x
    same(f"up(x, {s})", spread, x=drawn.arrays["x"])
    same(f"down(x, {s})", x[::s], x=drawn.arrays["x"])
    found = run(f"corr(x, k, stride={s}, padding={p})", data_of(drawn.arrays))
    full = {m - (c - 1) + p: v for m, v in enumerate(np.correlate(x, k, "full"))}
    (low,), (count,) = found.value.start, found.value.shape
    assert floats(found).tolist() == [full.get(s * i, 0) for i in range(low, low + count)]
    reached = {m // s for m in full if m % s == 0}
    assert reached <= set(range(low, low + count))


@pytest.mark.parametrize("seed", range(10))
def test_convolutions_in_two_dimensions_are_sums_of_shifted_copies(seed: int) -> None:
    drawn = Drawn(seed)
    h, w, c, d = (drawn.one(1, 4) for _ in range(4))
    x, k = drawn.array("x", h, w).numpy(), drawn.array("k", c, d).numpy()
    expected = np.zeros((h + c - 1, w + d - 1))
    for (i, j), tap in np.ndenumerate(k):
        expected[i : i + h, j : j + w] += tap * x
    same("conv(x, k)", expected, **drawn.arrays)


def test_a_correlation_begins_where_its_first_tap_reaches_a_sample() -> None:
    found = at("corr(x, k)", "x=[1, 2, 3]", "k=[1, 1]")
    assert (found.value.start, found.value.shape) == ((-1,), (4,))
    assert at("flip(x)", "x=[1, 2, 3]").value.start == (-2,)
    assert at("shift(x, m)", "x=[1, 2, 3], m=5").value.start == (5,)


# Compositions keep the windows of their inner layers


@pytest.mark.parametrize("seed", range(25))
def test_two_padded_layers_are_those_of_pytorch(seed: int) -> None:
    drawn = Drawn(seed)
    n, c, e, p, q = drawn.one(4, 8), drawn.one(1, 3), drawn.one(1, 3), drawn.one(0, 2), drawn.one(0, 2)
    s = drawn.one(1, 2)
    x, w, v = drawn.array("x", n), drawn.array("w", c), drawn.array("v", e)
    inner = F.conv1d(x[None, None], w[None, None], stride=s, padding=p)
    if inner.shape[-1] + 2 * q < e:
        return
    expected = F.conv1d(inner.relu(), v[None, None], padding=q)[0, 0]
    same(f"conv1d(relu(conv1d(x, w, stride={s}, padding={p})), v, padding={q})", expected, **drawn.arrays)


@pytest.mark.parametrize("seed", range(20))
def test_networks_with_channels_are_those_of_pytorch(seed: int) -> None:
    drawn = Drawn(seed)
    batch, c, f, g = drawn.one(1, 2), drawn.one(1, 2), drawn.one(1, 2), drawn.one(1, 2)
    x = drawn.array("x", batch, c, drawn.one(4, 5), drawn.one(4, 6))
    w, b, v = drawn.array("w", f, c, 2, 3), drawn.array("b", f), drawn.array("v", f, g, 3, 2)
    hidden = F.avg_pool2d(F.conv2d(x, w, b, padding=1).relu(), 2, stride=1)
    expected = F.conv_transpose2d(hidden, v, stride=2, padding=1, output_padding=1)
    same("conv_transpose2d(avg_pool2d(relu(conv2d(x, w, padding=1, bias=b)), 2, stride=1), v, stride=2, padding=1, "
         "output_padding=1)", expected, **drawn.arrays)  # fmt: skip


@pytest.mark.parametrize("seed", range(15))
def test_up_sampled_layers_are_those_of_pytorch(seed: int) -> None:
    drawn = Drawn(seed)
    x, w = drawn.array("x", 1, drawn.one(1, 5)), drawn.array("w", 1, 1, 3)
    by = drawn.one(1, 3)
    for layer, mode in (("upsample_nearest", {"mode": "nearest"}),
                        ("upsample_linear", {"mode": "linear", "align_corners": False})):  # fmt: skip
        wide = F.interpolate(x[None], scale_factor=by, **mode)
        same(f"conv1d({layer}(x, {by}), w, padding=1)", F.conv1d(wide, w, padding=1)[0], **drawn.arrays)


@pytest.mark.parametrize("seed", range(20))
def test_gradients_through_windows_are_those_of_autograd(seed: int) -> None:
    drawn = Drawn(seed)
    x, w, v = drawn.array("x", drawn.one(4, 6)), drawn.array("w", 3), drawn.array("v", 2)
    p, s = drawn.one(0, 2), drawn.one(1, 2)
    for name, leaf in (("x", x), ("w", w)):
        leaf.requires_grad_()
        y = F.conv1d(F.conv1d(x[None, None], w[None, None], padding=p).relu(), v[None, None], stride=s, padding=1)[0, 0]
        g = torch.arange(1, len(y) + 1, dtype=torch.float64)
        (expected,) = torch.autograd.grad(y, leaf, g)
        layer = f"conv1d(relu(conv1d(x, w, padding={p})), v, stride={s}, padding=1)"
        arrays = {**drawn.arrays, "g": g.numpy()}
        found = run(f"grad({layer}, {name}, g)", data_of(arrays))
        assert np.allclose(floats(found), expected.numpy()), (layer, arrays)


# Pooling


def test_max_pooling_of_the_assignment() -> None:
    given = "x=[[113,87,75],[114,80,75],[112,73,81]]"
    assert value("max_pool2d(x, 2, stride=1)", given) == [[114, 87], [114, 81]]


@pytest.mark.parametrize("seed", range(25))
def test_pooling_is_that_of_pytorch(seed: int) -> None:
    drawn = Drawn(seed)
    c, t, s = drawn.one(1, 3), drawn.one(1, 2), drawn.one(1, 3)
    p = drawn.one(0, c // 2)
    x = drawn.array("x", drawn.one(1, 2), drawn.one(5, 7), drawn.one(5, 6))
    shown = f"stride={s}, padding={p}"
    same(f"max_pool2d(x, {c}, {shown}, dilation={t})", F.max_pool2d(x, c, s, p, t), **drawn.arrays)
    same(f"avg_pool2d(x, {c}, {shown})", F.avg_pool2d(x, c, s, p), **drawn.arrays)
    for power in (1, 2, 3):
        same(f"lp_pool2d(x, {power}, {c}, stride={s})", F.lp_pool2d(x.abs(), power, c, s), **drawn.arrays)
    line = x[:, 0]
    arrays = {"x": drawn.arrays["x"][:, 0]}
    same(f"max_pool1d(abs(x), {c}, {shown})", F.max_pool1d(line.abs(), c, s, p), **arrays)


@pytest.mark.parametrize("seed", range(10))
def test_unpooling_where_windows_do_not_overlap_is_that_of_pytorch(seed: int) -> None:
    drawn = Drawn(seed)
    c = drawn.one(1, 3)
    x = drawn.array("x", 1, c * drawn.one(1, 3), c * drawn.one(1, 3))
    pooled, indices = F.max_pool2d(x, c, return_indices=True)
    y = drawn.array("y", *pooled.shape)
    same(f"max_unpool2d(y, x, {c})", F.max_unpool2d(y, indices, c, output_size=x.shape[-2:]), **drawn.arrays)


def test_overlapping_windows_add_at_their_common_maximum() -> None:
    assert value("max_unpool1d(y, x, 2, stride=1)", "y=[3,4],x=[1,5,2]") == [0, 7, 0]


@pytest.mark.parametrize("seed", range(10))
def test_gradients_of_max_pooling_are_those_of_autograd(seed: int) -> None:
    drawn = Drawn(seed)
    order = drawn.random.sample(range(-20, 20), 8)  # Where values are equal, the first is taken here.
    x = torch.tensor(order, dtype=torch.float64, requires_grad=True)
    y = F.max_pool1d(x[None], 3, stride=drawn.one(1, 2), padding=1)[0]
    s = {8: 1, 4: 2}[len(y)]
    g = torch.arange(1, len(y) + 1, dtype=torch.float64)
    (expected,) = torch.autograd.grad(y, x, g)
    found = run(f"grad(max_pool1d(x, 3, stride={s}, padding=1), x, g)", data_of({"x": order, "g": g.numpy()}))
    assert floats(found).tolist() == expected.tolist()


@pytest.mark.parametrize(
    ("expression", "given", "expected"),
    [
        ("lp_pool1d(x, 2, 2)", "x=[3,4,-1,2]", [5, "sqrt(5)"]),
        ("lp_pool2d(x, 3, 2)", "x=[[3,4],[-1,2]]", [["10**(2/3)"]]),
        ("lp_pool1d(x, p, 2)", "x=[1/3,1/4],p=2", ["5/12"]),
        ("conv1d(lp_pool1d(x, 2, 2), k)", "x=[3,4,-1,2],k=[1/2,1]", ["sqrt(5) + 5/2"]),
        ("mul(lp_pool1d(x, 2, 2), lp_pool1d(x, 2, 2))", "x=[1,1]", [2]),
        ("max_pool1d(lp_pool1d(x, 2, 2), 2)", "x=[1,1,1,-2]", ["sqrt(5)"]),
        ("abs(x)**(1/2)", "x=[3,4,0,-9]", ["sqrt(3)", 2, 0, 3]),
        ("max(x[a] for a in range(2))", "x=[3,4]", 4),
        ("max_pool1d(x, 2, stride=1, padding=1)", "x=[-3,-2]", [-3, -2, -2]),
    ],
)
def test_maxima_and_norms_are_exact(expression: str, given: str, expected: Any) -> None:
    assert value(expression, given) == expected


# Numbers, sums and definitions


@pytest.mark.parametrize(
    ("expression", "given", "expected"),
    [
        ("conv(x, k)[2]", "x=[1,2,3],k=[1,1]", 5),
        ("sum(k[a]*x[2 - a] for a in range(2))", "x=[1,2,3],k=[1,1]", 5),
        ("inner(x, conv1d(x, k, padding=1))", "x=[1,2,3],k=[1,0,1]", 16),
        ("formula(n, x[n]*n)", "x=[1,2,3]", [0, 2, 6]),
        ("a*x - x/2", "x=[1,2,3],a=1/2", [0, 0, 0]),
        ("relu(x - 2)", "x=[1,2,3]", [0, 0, 1]),
        ("conv1d(x + 1, k, padding=1)", "x=[1,2],k=[1,1]", [2, 5, 3]),
        ("mul(x, x)", "x=[1,-2]", [1, 4]),
        ("x + y", "x=[1,2,3],y=[1]", [2, 2, 3]),
        ("conv(up(k, s**i) for i in range(r))", "k=[1,1],s=2,r=3", [1] * 8),
        ("repeat(conv1d(x, k), x, r)", "x=[1,2,3,4],k=[1,1],r=2", [8, 12]),
        ("diff(conv1d(x, w, padding=1)[1], x[0])", "x=[1,2,3],w=[5,1,2]", 5),
        ("grad(inner(x, x), x, 1)", "x=[1,2]", [2, 4]),
        ("sum(shift(conv1d(x, k), i) for i in range(2))", "x=[1,3],k=[2]", [2, 8, 6]),
        ("ones(N)*2", "N=2", [2, 2]),
        ("1/3 + 1/6", "", "1/2"),
        ("delta", "", [1]),
        ("x[m]", "x=[4,5],m=1", 5),
        ("down(shift(x, 1), 2)", "x=[3]", []),
    ],
)  # fmt: skip
def test_values(expression: str, given: str, expected: Any) -> None:
    assert value(expression, *filter(None, (given,))) == expected


def test_definitions_and_declared_extents() -> None:
    assert value("y + y", "x=[1,2,3],k=[1,2]", lets=("y = conv1d(x, k)",)) == [10, 16]
    assert value("conv(x, ones(N))", "x=[1,2,3]", lets=("x: signal[N]",)) == [1, 3, 6, 5, 3]
    assert at("corr(x, w)", "x=[1,2,3]", "w=[1,2,3]", "l=1", lets=("w: kernel[-l:l+1]",)).value.start == (-1,)
    assert value("K", "w=[1,2],v=[3,4]", lets=("K[n] = sum(w[a]*v[n - a] for a in range(2))",)) == [3, 10, 8]
    assert value("conv(x, h)", "x=[1,2],k=[2]", assume=("h == k",)) == [2, 4]
    assert value("x", "x=[[1,2]]", lets=("x: signal",)) == [[1, 2]]
    assert value("x", "x=[[1,2]]", lets=("x: signal[:, 2]",)) == [[1, 2]]


def test_sizes_follow_from_shapes() -> None:
    assert value("conv2d(x, w, groups=G)", "x=[[[1,2]],[[3,4]]]", "w=[[[[1]]],[[[2]]]]", "G=2") == [[[1, 2]], [[6, 8]]]


def test_the_data_is_exact() -> None:
    assert value("x", "x=[0.1, 1e-3, 1.5/2, .5, -7, +2/4]") == ["1/10", "1/1000", "3/4", "1/2", -7, "1/2"]
    assert run("x", data_of({"x": np.array([[0.1, 2]])})).value.nested() == [[Fraction(1, 10), Fraction(2)]]
    assert run("x", data_of({"x": [np.float64(0.25), np.int64(3), "1/3"]})).as_data()["value"] == ["1/4", 3, "1/3"]


# Refusals, each in one sentence


REFUSED = [
    ("x", "x=1/0", "x: 1/0 divides by 0"),
    ("x", "x=[1, nan]", "x[1]: 'nan' is not a number: write integers, decimals or fractions as in -1/2"),
    ("x", "x=[1e999999]", "x[0]: the number 1e999999 is too long to be written out"),
    ("x", "x=[[1,2],[3]]", "x[1] has 1 entry, and x[0] has 2: give each row as many numbers"),
    ("x", "x=[1,[2]]", "x[0]: numbers and lists are mixed; write rows of equal length"),
    ("x", "x=[]", "x is an empty list: give at least one number"),
    ("x", "x=[[],[]]", "x[0] is an empty list: give at least one number"),
    ("x", "x=[1,]", "x: a comma stands where a number belongs, after 1 entry"),
    ("x", "x=[1", "x: a bracket is not closed in '[1'"),
    ("x", "x=1]", "x: a bracket closes that was not opened"),
    ("x", "x=[1][2]", "x: a comma is missing before '['"),
    ("x", "x=" + "[" * 9 + "1" + "]" * 9, "x has more than 8 axes"),
    ("x", "x", "--with 'x': write a name and its numbers, as in x=[1, 0, -2]"),
    ("x", "x=[1],x=[2]", "x is given twice"),
    ("x", "conv=[1]", "'conv' is no name that numbers can be given to"),
    ("x", "x=__import__('os')",
     '''x: "__import__('os')" is not a number: write integers, decimals or fractions as in -1/2'''),
    ("x", "x=[1],z=[1]", "z does not stand in x: its names are x"),
    ("conv(x, k)", "x=[1]", "k has no numbers: give them, as in k=[1, 0, -2]"),
    ("a*x", "x=[1]", "a has no numbers: give them, as in a=1/2"),
    ("corr(x, k, stride=s)", "x=[1],k=[1]", "s has no value: give a whole number, as in s=2"),
    ("corr(x, k, stride=s)", "x=[1],k=[1],s=1/2", "s=1/2: a whole number belongs here"),
    ("corr(x, k, stride=s)", "x=[1],k=[1],s=0", "s=0: s must be at least 1"),
    ("corr(x, k, stride=s)", "x=[1],k=[1],s=[2]", "s is a signal and cannot stand where an integer belongs"),
    ("conv(x, k)", "x=[1],k=2", "k stands for a sequence: give it a list, as in k=[1, 0, -2]"),
    ("conv(x, k)", "x=[1],k=[[1]]", "conv(x, k): one side has one axis, the other 2 axes"),
    ("conv2d(x, w)", "x=[[[1]]],w=[[[[1]],[[2]]]]", "conv2d(x, w): an axis has 1 place, and 2 are needed"),
    ("conv1d(x, w)", "x=[1,2],w=[1,2,3]",
     "conv1d(x, w): a layer has 0 outputs: its window does not fit; give more samples, fewer taps or padding"),
    ("conv(x + 1, k)", "x=[1,2,3],k=[1]",
     "conv(x + 1, k): x + 1 is not 0 beyond its 3 places, so the sequence has no end; a layer such as conv1d works on "
     "these places alone"),
    ("conv1d(corr(x, k), k)", "x=[1,2],k=[1,2]",
     "conv1d(corr(x, k), k): corr(x, k) begins at -1, and a layer works on arrays that begin at 0: shift it there with "
     "shift(…)"),
    ("formula(n, n)", "",
     "formula(n, n) is not seen to be 0 outside a finite array: confine its indices to ranges"),
    ("up(x, s)", "x=[1,2],s=1000000",
     "this would have 1000001 entries; at most 100000 are written out: take smaller sizes"),
    ("conv(ones(5000), ones(5000))", "", "this takes more than 1000000 multiplications: take smaller sizes"),
    ("max_pool1d(x, 2, padding=2)", "x=[1]",
     "max_pool1d(x, 2, padding=2): padding by 2 is more than half a window of 2: pad by at most half a window"),
    ("grad(conv1d(x, w), x, g)", "x=[1,2,3],w=[1,1],g=[1,1,1]",
     "grad(conv1d(x, w), x, g): g has 3 entries, and conv1d(x, w) has 2 outputs"),
    ("pixel_shuffle(x, 2)", "x=[[[1]],[[2]],[[3]],[[4]],[[5]]]",
     "pixel_shuffle(x, 2): 5 channels are no multiple of 4"),
    ("pixel_unshuffle(x, 2)", "x=[[[1,2,3],[4,5,6]]]", "pixel_unshuffle(x, 2): 3 places are no multiple of 2"),
    ("conv_transpose1d(x, w, padding=3)", "x=[1,2],w=[1,1]",
     "conv_transpose1d(x, w, padding=3): a layer has -3 outputs: its padding cuts all of it off; take less padding"),
    ("conv1d(x, w)", "x=[[1,2],[3,4]],w=[1,1]", "conv1d(x, w): w has 1 axis where 3 are needed"),
    ("lp_pool1d(x, 300, 2)", "x=[3,4]", "the exponent 300 is too large to be written out: at most 200 is"),
    ("abs(x[0])**(1/2)", "x=[3]", "the root of order 2 of 3 is no fraction"),
    ("abs(lp_pool1d(x, 2, 2)[0])**(1/2)", "x=[1,2]",
     "abs(lp_pool1d(x, 2, 2)[0])**(1/2) is not known exactly at these numbers"),
    ("repeat(corr(x, k), x, r)", "x=[1],k=[1],r=1000000",
     "repeat(corr(x, k), x, r): 1000000 layers are too many to write out; at most 64 are"),
]  # fmt: skip


@pytest.mark.parametrize(("expression", "given", "message"), REFUSED)
def test_what_does_not_fit_is_refused_in_one_sentence(expression: str, given: str, message: str) -> None:
    with pytest.raises(StatementError) as refused:
        at(expression, *filter(None, (given,)))
    assert str(refused.value) == message


@pytest.mark.parametrize(
    ("expression", "given", "lets", "assume", "message"),
    [
        ("y", "x=[1],y=[1]", ("y = conv(x, x)",), (), "y is defined by --let: it cannot be given numbers too"),
        ("a*x", "x=[1],a=[1]", ("a: number",), (), "a is declared a number, and a list of numbers is given for it"),
        ("x", "x=1", ("x: signal",), (), "x is declared a signal: give it a list, as in x=[1, 0, -2]"),
        ("x", "x=[1]", ("x: signal[2, :]",), (), "x is declared with 2 axes, and its numbers have 1"),
        ("x", "x=[1]", ("x: signal[2]",), (), "x has 2 places on an axis, and 1 number is given there"),
        ("f(x)", "x=[1]", ("f: function",), (), "f has no values: relu, abs, step, sign are known"),
        ("up(x, s)", "x=[1],s=1", (), ("s > 2",), "these numbers do not meet s >= 3"),
        ("x", "x=[-1]", ("x: signal",), ("x >= 0",), "these numbers do not meet x >= 0"),
        ("conv(x, h)", "x=[1],h=[1],k=[2]", (), ("h == k",), "these numbers do not meet h == k"),
    ],
)  # fmt: skip
def test_declarations_and_assumptions_that_the_numbers_do_not_meet(
    expression: str, given: str, lets: tuple[str, ...], assume: tuple[str, ...], message: str
) -> None:
    with pytest.raises(StatementError) as refused:
        at(expression, given, lets=lets, assume=assume)
    assert str(refused.value) == message


@pytest.mark.parametrize(
    ("given", "message"),
    [
        (True, "x: True is not a number"),
        ([float("nan")], "x[0]: nan is not a finite number"),
        ([float("inf")], "x[0]: inf is not a finite number"),
        ([None], "x[0]: 'None' is not a number: give integers, decimals or fractions"),
        ([1 + 2j], "x[0]: '(1+2j)' is not a number: give integers, decimals or fractions"),
        (list(range(100_001)), "x has 100001 entries or more; at most 100000 are read"),
    ],
)
def test_what_is_no_number_in_python_is_refused(given: Any, message: str) -> None:
    with pytest.raises(StatementError) as refused:
        data_of({"x": given})
    assert str(refused.value) == message


@pytest.mark.parametrize(
    ("expression", "wanted"),
    [
        ("avg_pool1d(x, 3, stride=2, padding=1, ceil_mode=True)", [1, 3, 5, 3]),
        ("avg_pool1d(x, 3, stride=2, padding=1, ceil_mode=True, count_include_pad=False)", ["3/2", 3, 5, 6]),
        ("max_pool1d(-x, 3, stride=2, padding=1, ceil_mode=True)", [-1, -2, -4, -6]),
        ("max_pool1d(-x, 2, padding=1, dilation=3, stride=1)", [-3, -1, -2, -3, -4]),
        ("max_pool1d(x, 4, stride=5, ceil_mode=True)", [4, 6]),
        ("lp_pool1d(x, 1, 4, stride=4, ceil_mode=True)", [10, 11]),
        ('pad(x, (1, 2), mode="circular")', [6, 1, 2, 3, 4, 5, 6, 1, 2]),
        ('conv1d(x, ones(3), padding="same", padding_mode="replicate")', [4, 6, 9, 12, 15, 17]),
        ("window(x, 2)", [1, 2]),
    ],
)
def test_borders_by_hand(expression: str, wanted: list[int | str]) -> None:
    assert exact(run(expression, read_data(("x=[1, 2, 3, 4, 5, 6]",))).value.nested()) == wanted
