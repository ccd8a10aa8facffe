"""Pooling layers and their gradients have the values of PyTorch and of plain loops, where no border is met.

PyTorch pads with what is less than every number and leaves out windows that begin outside; here a sequence is 0
there.  So PyTorch is asked at the windows that lie inside, and upstream gradients are 0 at the others.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from itertools import permutations
from math import prod
from random import Random
from typing import Any

import loops
import numpy as np
import pytest
from expr.concrete import completed, entry_of, fraction, values
from expr.test_torch import Author, Drawn
from expr.test_torch_gradients import PLACES, Model, compare, instance
from loops import grid
from oracle import Place

from symconv.expr.claim import read_expression, read_statement
from symconv.expr.evaluate import Evaluator
from symconv.proof.certificate import certificate, check
from symconv.tactics.gradient import gradient, gradient_statement
from symconv.tactics.prove import prove

torch = pytest.importorskip("torch")
F = torch.nn.functional
Tensor = Any
EACH = 24
"""How many configurations are drawn for each kind of layer."""
ROOTS = {
    (1, 1): [(5,), (-2,)], (2, 1): [(7,), (-3,)], (3, 1): [(2,), (-4,)],
    (1, 2): [(1, 4)], (1, 3): [(0, -2, 5)], (1, 4): [(1, 2, 0, -7)], (1, 6): [(1, -2, 3, 4, 0, 9)],
    (2, 2): [(3, 4), (5, -12), (0, 6)], (2, 3): [(1, 2, 2), (2, -3, 6), (4, 4, 7)],
    (2, 4): [(1, -1, 1, 1), (2, 4, 5, 6), (1, 3, 5, -1)], (2, 6): [(1, 1, 3, -3, 4, 8)],
    (3, 2): [(0, -4)], (3, 3): [(3, 4, -5), (1, 6, 8)], (3, 4): [(0, 3, 4, 5)], (3, 6): [(0, 0, 0, 3, 4, 5)],
}  # fmt: skip
"""Numbers whose p-th powers add up to a p-th power, by p and how many they are."""


def options(author: Author, d: int, window: Place, dilated: bool) -> tuple[str, Place, Place, Place]:
    """Keywords with stride, padding and dilation, the stride being the window where it is not said."""
    stride = author.upto(d, 1, 3) if author.chance() else window
    padding = tuple(author.one(0, c // 2) for c in window)
    dilation = author.upto(d, 1, 2) if dilated else (1,) * d
    text = f", stride={author.tuple(stride)}" if stride != window or author.chance() else ""
    more = {"dilation": dilation} if dilated else {}
    return text + author.options(padding=padding, **more), stride, padding, dilation


def inside(counts: Place, window: Place, stride: Place, padding: Place, dilation: Place) -> Callable[[Place], bool]:
    """Whether a window lies within the data."""

    def holds(n: Place) -> bool:
        axes = zip(n[2:], counts, window, stride, padding, dilation, strict=True)
        return all(s * i >= p and s * i - p + t * (c - 1) < count for i, count, c, s, p, t in axes)

    return holds


def data(author: Author, d: int, window: Place, dilation: Place) -> tuple[int, Place]:
    """x with or without batch and channels, unbounded on the axes that are pooled; how many axes are left out."""
    lead = author.one(0, 2)
    batch, channels = (1, 1) if lead == 2 else (1 if lead else author.one(1, 2), author.one(1, 2))
    spans = [t * (c - 1) + 1 for c, t in zip(window, dilation, strict=True)]
    counts = tuple(n + author.one(0, 4 if d < 3 else 2) for n in spans)
    author.sequence("x", (batch, channels, *counts), lead, bounded=False)
    return lead, counts


def greatest(d: int) -> Callable[[Author], Drawn]:
    def draw(author: Author) -> Drawn:
        window = author.upto(d, 1, 3)
        text, stride, padding, dilation = options(author, d, window, True)
        lead, counts = data(author, d, window, dilation)
        taken = f"max_pool{d}d(x, {author.tuple(window)}{text})"
        expected = getattr(F, f"max_pool{d}d")(author.tensor("x"), window, stride, padding, dilation)
        looped = loops.max_pool(author.loop("x"), window, stride, padding, dilation)
        return author.drawn(taken, expected, looped, lead, holds=inside(counts, window, stride, padding, dilation))

    return draw


def average(d: int) -> Callable[[Author], Drawn]:
    def draw(author: Author) -> Drawn:
        window = author.upto(d, 1, 3)
        text, stride, padding, _ = options(author, d, window, False)
        lead, _ = data(author, d, window, (1,) * d)
        expected = getattr(F, f"avg_pool{d}d")(author.tensor("x"), window, stride, padding)
        looped = loops.avg_pool(author.loop("x"), window, stride, padding)
        return author.drawn(f"avg_pool{d}d(x, {author.tuple(window)}{text})", expected, looped, lead, prod(window))

    return draw


def root(d: int) -> Callable[[Author], Drawn]:
    """L^p pooling of data whose windows all hold the same numbers, in another order: their powers have a root."""

    def draw(author: Author) -> Drawn:
        power = author.one(1, 3)
        window = next(w for w in iter(lambda: author.upto(d, 1, 3), None) if (power, prod(w)) in ROOTS)
        stride = author.upto(d, 1, 3)
        lead, counts = data(author, d, window, (1,) * d)
        numbers = np.array(author.random.choice(ROOTS[power, prod(window)])).reshape(window)
        tiled = np.tile(numbers, [-(-n // c) for n, c in zip(counts, window, strict=True)])
        tiled = tiled[tuple(slice(n) for n in counts)]
        signs = np.array([author.random.choice((1, -1)) for _ in range(author.arrays["x"].size)])
        author.arrays["x"] = np.broadcast_to(tiled, author.arrays["x"].shape) * signs.reshape(author.arrays["x"].shape)
        text = f"lp_pool{d}d(x, {author.written(power)}, {author.tuple(window)}, stride={author.tuple(stride)})"
        of = (window[0], stride[0]) if d == 1 else (window, stride)
        expected = getattr(F, f"lp_pool{d}d")(author.tensor("x").abs(), power, *of)
        looped = loops.lp_pool(author.loop("x"), power, window, stride)
        return author.drawn(text, expected.round(decimals=9), looped, lead)

    return draw


LAYERS: dict[str, Callable[[Author], Drawn]] = {
    **{f"max_pool{d}d": greatest(d) for d in (1, 2, 3)},
    **{f"avg_pool{d}d": average(d) for d in (1, 2, 3)},
    **{f"lp_pool{d}d": root(d) for d in (1, 2, 3)},
}


@pytest.mark.parametrize("kind", LAYERS)
def test_pools_have_the_values_of_pytorch_and_of_loops(kind: str) -> None:
    checked = 0
    for seed in range(EACH):
        drawn = LAYERS[kind](Author(seed))
        statement = read_expression(drawn.text, drawn.lets)
        shown = f"{drawn.text} with {drawn.lets} and {dict(drawn.integers)}, seed {seed}"
        within = [n for n in grid(*drawn.torch.shape) if drawn.holds(n)]
        known = [drawn.loops(*n) for n in within]
        assert known == [fraction(float(drawn.torch[n]), drawn.parts) for n in within], f"PyTorch: {shown}"
        sizes = completed(statement, drawn.integers, drawn.arrays)
        ours = values(statement.lhs, statement, sizes, drawn.arrays, [n[drawn.lead :] for n in within])
        assert ours == known, shown
        checked += len(within)
    assert checked > EACH


@pytest.mark.parametrize("d", [1, 2, 3])
def test_pools_beside_the_data_have_the_values_of_loops(d: int) -> None:
    """Where a window meets what is 0 outside."""
    for seed in range(EACH):
        author = Author(seed)
        drawn = LAYERS[f"max_pool{d}d"](author)
        statement = read_expression(drawn.text, drawn.lets)
        sizes = completed(statement, drawn.integers, drawn.arrays)
        shape = tuple(drawn.torch.shape)
        places = [(author.one(0, shape[0] - 1), author.one(0, shape[1] - 1), *author.upto(d, -3, 4)) for _ in range(4)]
        ours = values(statement.lhs, statement, sizes, drawn.arrays, [n[drawn.lead :] for n in places])
        assert ours == [drawn.loops(*n) for n in places], (drawn.text, seed)


@pytest.mark.parametrize("d", [1, 2, 3])
def test_max_unpooling_is_the_adjoint_of_pooling_and_pytorchs_where_windows_are_apart(d: int) -> None:
    for seed in range(EACH):
        author = Author(seed)
        window, apart = author.upto(d, 1, 3), author.chance()
        stride = window if apart else author.upto(d, 1, 3)
        lead, _ = data(author, d, window, (1,) * d)
        x = author.tensor("x").requires_grad_()
        pooled, indices = getattr(F, f"max_pool{d}d")(x, window, stride, return_indices=True)
        author.sequence("y", tuple(pooled.shape), lead, bounded=False)
        y = author.tensor("y")
        (expected,) = torch.autograd.grad(pooled, x, y)
        if apart:
            whole = getattr(F, f"max_unpool{d}d")(y, indices, window, stride, output_size=x.shape)
            assert torch.equal(whole, expected)
        text = f"max_unpool{d}d(y, x, {author.tuple(window)}, stride={author.tuple(stride)})"
        statement = read_expression(text, tuple(author.lets))
        places = list(grid(*x.shape))[:: max(1, x.numel() // 12)]
        looped = loops.max_unpool(author.loop("y"), author.loop("x"), window, stride, (0,) * d, (1,) * d)
        known = [Fraction(int(expected[n])) for n in places]
        assert [looped(*n) for n in places] == known, (text, seed)
        sizes = completed(statement, author.integers, author.arrays)
        ours = values(statement.lhs, statement, sizes, author.arrays, [n[lead:] for n in places])
        assert ours == known, (text, author.arrays, seed)


# ---- gradients: the closed form is proved, and has the values of autograd, also where numbers are equal

MODELS = {
    **{f"max_pool{d}d": Model(
        f"max_pool{d}d(x, {w}, stride={s}, dilation={t})", {"x": f"C {PLACES[d]}"},
        lambda v, d=d, f=f: getattr(F, f"max_pool{d}d")(v.x, *f(v)), (f"x: signal[C{', :' * d}]",),
        sizes={"J2": (3, 3), "J3": (3, 4), "J4": (2, 3)})
       for d, w, s, t, f in (
           (1, "c", "s", "t", lambda v: (v.c, v.s, 0, v.t)),
           (2, "(c, 2)", "(s, 1)", "(1, t)", lambda v: ((min(v.c, v.H), 2), (v.s, 1), 0, (1, v.t))),
           (3, "(2, 1, 2)", "(s, 1, 1)", "1", lambda v: ((2, 1, 2), (v.s, 1, 1))))},
    "padded": Model(
        "max_pool1d(x, 3, stride=s, padding=1)", {"x": "N"},
        lambda v: F.max_pool1d(v.x[None, None], 3, v.s, 1)[0, 0], ("x: signal",),
        holds=lambda v, n: v.s * n[0] >= 1 and v.s * n[0] + 1 < v.N),
    "of relu": Model("max_pool1d(relu(x), 2, stride=s)", {"x": "N"},
                     lambda v: F.max_pool1d(v.x.relu()[None, None], 2, v.s)[0, 0], ("x: signal",)),
    "relu of": Model("relu(max_pool1d(x, 2, stride=s))", {"x": "N"},
                     lambda v: F.max_pool1d(v.x[None, None], 2, v.s)[0, 0].relu(), ("x: signal",)),
    "scaled": Model("a*max_pool1d(-x, 2, stride=s)", {"x": "N", "a": ""},
                    lambda v: v.a * F.max_pool1d(-v.x[None, None], 2, v.s)[0, 0], ("x: signal", "a: number")),
    "two pools": Model(
        "max_pool1d(max_pool1d(x, 2, stride=s), c, stride=1)", {"x": "N"},
        lambda v: F.max_pool1d(F.max_pool1d(v.x[None, None], 2, v.s), v.c, 1)[0, 0], ("x: signal",),
        sizes={"N": (9, 10), "s": (1, 2)}),
    "layer and pool": Model(
        "max_pool1d(conv1d(x, w), 2)", {"x": "C N", "w": "F C e"},
        lambda v: F.max_pool1d(F.conv1d(v.x, v.w), 2), ("x: signal[C, :]", "w: kernel[F, C, e]")),
    "squares": Model("abs(max_pool1d(x, 2, stride=s))**2", {"x": "N"},
                     lambda v: F.max_pool1d(v.x[None, None], 2, v.s)[0, 0] ** 2, ("x: signal",)),
    "cubes": Model("mul(x, abs(x)**2) + abs(x)**3", {"x": "N"}, lambda v: v.x * v.x**2 + v.x.abs() ** 3,
                   ("x: signal",)),
    "sum of powers": Model("lp_pool1d(x, 1, c, stride=s)", {"x": "N"},
                           lambda v: F.lp_pool1d(v.x.abs()[None, None], 1, v.c, v.s)[0, 0], ("x: signal",)),
}  # fmt: skip


@pytest.mark.parametrize(("name", "by"), [(name, by) for name in MODELS for by in MODELS[name].shapes])
def test_gradients_of_pools_are_those_of_autograd(name: str, by: str) -> None:
    model = MODELS[name]
    result = gradient(gradient_statement(model.text, by, model.lets, ()))
    assert result.verdict == "proved"
    for seed in range(5):
        compare(result.statement, instance(model, seed), by, both=not seed)


@pytest.mark.parametrize("order", list(permutations((0, 1, 2))))
def test_of_several_maxima_the_first_has_the_derivative(order: Place) -> None:
    """All of (2, 2, 1) in some order: PyTorch and symconv choose the same place."""
    numbers = [(2, 2, 1)[i] for i in order]
    x = torch.tensor([numbers], dtype=torch.float64, requires_grad=True)
    F.max_pool1d(x, 3).sum().backward()
    statement = read_expression("grad(max_pool1d(x, 3), x, delta)", ("x: signal",))
    ours = values(statement.lhs, statement, {}, {"x": np.array(numbers)}, [(0,), (1,), (2,)])
    assert ours == [int(v) for v in x.grad[0]]
    assert ours.index(1) == numbers.index(2)


def test_the_gradient_of_powers_is_that_of_autograd() -> None:
    """‖(3, 4)‖ = 5: each gradient is x |x|^(p−2)/‖x‖^(p−1), and 0 where x is 0."""
    statement = read_expression("grad(lp_pool1d(x, 2, 2, stride=2), x, g)", ("x: signal", "g: kernel[2]"))
    random = Random(0)
    for _ in range(8):
        numbers = [random.choice((1, -1)) * v for v in (*random.choice(((3, 4), (4, 3), (0, 5), (12, -5))), 6, -8)]
        x = torch.tensor([numbers], dtype=torch.float64, requires_grad=True)
        F.lp_pool1d(x.abs(), 2, 2).backward(torch.tensor([[3.0, -2.0]], dtype=torch.float64))
        arrays = {"x": np.array(numbers), "g": np.array([3, -2])}
        evaluator = Evaluator(statement, {}, {}, entry_of(arrays))
        ours = [evaluator.number(statement.lhs, (n,)) for n in range(4)]
        assert [float(v) for v in ours] == pytest.approx(x.grad[0].tolist(), abs=1e-12)


def test_gradients_of_pools_are_theorems_whose_certificates_replay() -> None:
    claim = "grad(max_pool1d(x, c, stride=s, dilation=t), x, g) == max_unpool1d(g, x, c, stride=s, dilation=t)"
    theorem = prove(read_statement(claim, ("x: signal", "g: kernel[:]"))).theorem
    assert theorem is not None
    assert certificate(check(certificate(theorem))) == certificate(theorem)
