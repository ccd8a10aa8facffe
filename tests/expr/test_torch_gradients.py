"""Gradients and adjoints, by their definition and in closed form, have exactly the values of PyTorch's autograd."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from math import prod
from random import Random
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from expr.concrete import completed, fraction, values
from loops import grid
from oracle import Place

from symconv.errors import StatementError
from symconv.expr.claim import read_expression
from symconv.expr.nodes import Adjoint, Grad, Name
from symconv.expr.statement import Statement
from symconv.expr.text import text
from symconv.index.poly import ZERO, const
from symconv.tactics.gradient import gradient, gradient_statement

torch = pytest.importorskip("torch")
F = torch.nn.functional
Tensor = Any
EACH = 5
"""At how many sizes every closed form is compared."""
FEW = 16
"""At about how many places the definition is compared, which is slow and so evaluated at the first sizes only."""
RANGES = {"s": (1, 3), "s2": (1, 2), "p": (0, 1), "t": (1, 2), "c": (1, 3), "N": (5, 7), "H": (3, 4), "W": (3, 5),
          "J3": (2, 3), "J4": (2, 3)}  # fmt: skip
"""Between what the sizes are drawn; all others are 1 or 2."""


@dataclass(frozen=True)
class Model:
    """An expression in sequences with these shapes, and the same in PyTorch.

    `run` gets the tensors and sizes by their names.  `linear` are the names in which the expression is linear where
    the bias is left out.  PyTorch divides by `parts`, and is asked at the outputs that `holds` names.
    """

    text: str
    shapes: dict[str, str]
    run: Callable[[Any], Tensor]
    lets: tuple[str, ...] = ()
    linear: str = ""
    parts: Callable[[Any], int] = lambda v: 1
    holds: Callable[[Any, Place], bool] = lambda v, n: True
    sizes: dict[str, tuple[int, int]] = field(default_factory=dict)


@dataclass(frozen=True)
class Instance:
    """A model at drawn sizes."""

    model: Model
    sizes: dict[str, int]
    arrays: dict[str, np.ndarray]
    upstream: np.ndarray

    @property
    def parts(self) -> int:
        return self.model.parts(SimpleNamespace(**self.sizes))

    def tensors(self) -> dict[str, Tensor]:
        return {n: tensor(a).requires_grad_() for n, a in self.arrays.items()}

    def output(self, tensors: Mapping[str, Tensor]) -> Tensor:
        return self.model.run(SimpleNamespace(**self.sizes, **tensors))

    def said(self) -> dict[str, int]:
        """The sizes of which the expression speaks."""
        words = set(re.findall(r"\w+", " ".join((self.model.text, *self.model.lets))))
        return {name: value for name, value in self.sizes.items() if name in words}

    def pulled(self, name: str) -> np.ndarray:
        """What autograd answers for the name, with the shape of its data."""
        tensors = self.tensors()
        given = {"materialize_grads": True, "allow_unused": True}
        (found,) = torch.autograd.grad(self.output(tensors), tensors[name], tensor(self.upstream), **given)
        return found.numpy()


def tensor(a: np.ndarray) -> Tensor:
    return torch.tensor(a, dtype=torch.float64)


def entries(random: Random, shape: Place) -> np.ndarray:
    return np.array([random.randint(-3, 3) for _ in range(prod(shape))]).reshape(shape)


def instance(model: Model, seed: int) -> Instance:
    random = Random(seed)
    names = sorted({n for shape in model.shapes.values() for n in shape.replace("*", " ").split() if n.isidentifier()})
    ranges = {**dict.fromkeys(names, (1, 2)), **RANGES, **model.sizes}
    sizes = {n: random.randint(*ends) for n, ends in ranges.items()}
    arrays: dict[str, np.ndarray] = {}
    for name, shape in model.shapes.items():
        factors = [[sizes[n] if n.isidentifier() else int(n) for n in axis.split("*")] for axis in shape.split()]
        arrays[name] = entries(random, tuple(map(prod, factors))) * (name != "b" or "bias" in model.text)
    shown = Instance(model, sizes, arrays, np.zeros(0))
    shape = tuple(shown.output(shown.tensors()).shape)
    holds = [model.holds(SimpleNamespace(**sizes, **arrays), n) for n in grid(*shape)]
    if not shape:
        return replace(shown, upstream=np.array(1))
    upstream = entries(random, shape) * np.array(holds, dtype=int).reshape(shape)
    return replace(shown, upstream=upstream)


def placed(statement: Statement, name: str, shape: Place) -> Statement:
    """The statement with a sequence of these extents: its data are there, and examples need not guess where."""
    ranges = tuple((ZERO, const(c - 1)) for c in shape)
    declared = replace(statement.declarations[name], ranges=ranges)
    return replace(statement, declarations={**statement.declarations, name: declared})


def compare(statement: Statement, drawn: Instance, name: str, both: bool) -> None:
    """The closed form of grad(…, name, g), or both sides of the equation, are what autograd answers."""
    e = statement.lhs
    assert isinstance(e, Grad | Adjoint)
    arrays = drawn.arrays
    if isinstance(e.g, Name):
        arrays = arrays | {e.g.name: drawn.upstream}
        statement = placed(statement, e.g.name, drawn.upstream.shape)
    sizes = completed(statement, drawn.said(), arrays)
    expected = drawn.pulled(name)
    places = list(grid(*expected.shape))
    known = [fraction(float(expected[n]), drawn.parts) for n in places]
    for side, step in ((statement.rhs, 1), (statement.lhs, len(places) // FEW + 1))[: 1 + both]:
        ours = values(side, statement, sizes, arrays, places[::step])
        wrong = [(n, a, b) for n, a, b in zip(places[::step], ours, known[::step], strict=True) if a != b]
        assert not wrong, f"{text(side)} by {name} with {sizes} and {arrays}: (place, ours, theirs) are {wrong[:5]}"


def conv_options(v: Any, d: int) -> tuple[Any, ...]:
    """Stride, padding and dilation on each axis: those of the first axis are named, the others are 2, 1 and 1."""
    return (v.s, *(2,) * (d - 1)), (v.p, *(1,) * (d - 1)), (v.t, *(1,) * (d - 1))


OPTIONS = {
    1: "stride=s, padding=p, dilation=t",
    2: "stride=(s, 2), padding=(p, 1), dilation=(t, 1)",
    3: "stride=(s, 2, 2), padding=(p, 1, 1), dilation=(t, 1, 1)",
}
PLACES = {1: "N", 2: "H W", 3: "J2 J3 J4"}
TAPS = {1: "c", 2: "c2 e", 3: "c2 e e2"}


def conv(v: Any, d: int, groups: int = 1) -> Tensor:
    return getattr(F, f"conv{d}d")(v.x, v.w, getattr(v, "b", None), *conv_options(v, d), groups)


def conv_transpose(v: Any, d: int, groups: int = 1) -> Tensor:
    s, p, t = conv_options(v, d)
    return getattr(F, f"conv_transpose{d}d")(v.x, v.w, getattr(v, "b", None), s, p, 0, groups, t)


def conv_weight(v: Any, d: int, shape: tuple[int, ...], groups: int = 1) -> Tensor:
    """The gradient of a convolution by its weights, of which gradients can be taken again."""
    w = torch.zeros(shape, dtype=torch.float64, requires_grad=True)
    y = getattr(F, f"conv{d}d")(v.x, w, None, *conv_options(v, d), groups)
    return torch.autograd.grad(y, w, v.y, create_graph=True)[0]


def squared(x: Tensor, k: Tensor, n: int) -> Tensor:
    """The first n entries of the square of a convolution."""
    return F.conv1d(x[None, None], k.flip(0)[None, None], padding=len(k) - 1)[0, 0, :n] ** 2


def loss(v: Any) -> Tensor:
    """The sum of the squares of the outputs of a layer."""
    return (F.conv1d(v.x, v.w) ** 2).sum()


def one_channel(v: Any) -> Any:
    """The same with batch and channels of one place for the sequences."""
    return SimpleNamespace(**{n: a[None, None] if torch.is_tensor(a) else a for n, a in vars(v).items()})


def stand_in(t: Tensor) -> Tensor:
    """What a declared function is in examples: see `evaluate.stand_ins`."""
    return t**2 + t - 3


def nailed(x: Tensor, s: int) -> Tensor:
    out = torch.zeros(len(x), s * x.shape[1], dtype=x.dtype)
    out[:, ::s] = x
    return out


SMALL = {"J2": (3, 3), "J3": (2, 2), "J4": (2, 2), "s": (1, 2)}
CONVOLUTIONS = {
    name: model
    for d in (1, 2, 3)
    for name, model in {
        f"conv{d}d": Model(f"conv{d}d(x, w, {OPTIONS[d]}, bias=b)",
                           {"x": f"C {PLACES[d]}", "w": f"F C {TAPS[d]}", "b": "F"},
                           lambda v, d=d: conv(v, d), linear="x w", sizes=SMALL if d == 3 else {}),
        f"conv_transpose{d}d": Model(f"conv_transpose{d}d(x, w, {OPTIONS[d]}, bias=b)",
                                     {"x": f"C {PLACES[d]}", "w": f"C F {TAPS[d]}", "b": "F"},
                                     lambda v, d=d: conv_transpose(v, d), linear="x w",
                                     sizes=SMALL if d == 3 else {}),
    }.items()
}  # fmt: skip
LAYERS = {
    "without channels": Model(
        f"conv1d(x, w, {OPTIONS[1]}, bias=b)", {"x": "N", "w": "c", "b": ""},
        lambda v: F.conv1d(v.x[None, None], v.w[None, None], v.b[None], v.s, v.p, v.t)[0, 0],
        ("x: signal", "w: kernel[c]", "b: number"), linear="x w"),
    "transposed without channels": Model(
        f"conv_transpose1d(x, w, {OPTIONS[1]}, bias=b)", {"x": "N", "w": "c", "b": ""},
        lambda v: F.conv_transpose1d(v.x[None, None], v.w[None, None], v.b[None], v.s, v.p, 0, 1, v.t)[0, 0],
        ("x: signal[N]", "w: kernel[c]", "b: number"), linear="x w"),
    "batch": Model(
        f"conv2d(x, w, {OPTIONS[2]}, bias=b)", {"x": "B C H W", "w": "F C c2 e", "b": "F"},
        lambda v: conv(v, 2), ("x: signal[B, C, :, :]",), linear="x w"),
    "transposed batch": Model(
        f"conv_transpose1d(x, w, {OPTIONS[1]}, bias=b)", {"x": "B C N", "w": "C F c", "b": "F"},
        lambda v: conv_transpose(v, 1), ("x: signal[B, C, :]",), linear="x w"),
    "groups": Model(
        f"conv2d(x, w, {OPTIONS[2]}, groups=G, bias=b)", {"x": "G*D H W", "w": "G*M D c2 e", "b": "G*M"},
        lambda v: conv(v, 2, v.G), linear="x w"),
    "transposed groups": Model(
        f"conv_transpose2d(x, w, {OPTIONS[2]}, groups=G, bias=b)", {"x": "G*D H W", "w": "G*D M c2 e", "b": "G*M"},
        lambda v: conv_transpose(v, 2, v.G), linear="x w", sizes={"H": (3, 3), "W": (2, 2)}),
    "groups in a batch": Model(
        f"conv1d(x, w, {OPTIONS[1]}, groups=2, bias=b)", {"x": "B 2*D N", "w": "2*M D c", "b": "2*M"},
        lambda v: conv(v, 1, 2), ("x: signal[B, 2*D, :]", "w: kernel[2*M, D, c]"), linear="x w"),
    "depthwise1d": Model(
        f"depthwise1d(x, w, {OPTIONS[1]}, bias=b)", {"x": "C N", "w": "C c", "b": "C"},
        lambda v: F.conv1d(v.x, v.w[:, None], v.b, v.s, v.p, v.t, v.C), linear="x w"),
    "depthwise2d": Model(
        f"depthwise2d(x, w, {OPTIONS[2]}, bias=b)", {"x": "C H W", "w": "C c2 e", "b": "C"},
        lambda v: F.conv2d(v.x, v.w[:, None], v.b, *conv_options(v, 2), v.C), linear="x w"),
    "pointwise": Model(
        "pointwise(x, w, bias=b)", {"x": "C H W", "w": "F C", "b": "F"},
        lambda v: F.conv2d(v.x, v.w[:, :, None, None], v.b), ("x: signal[C, :, :]",), linear="x w"),
    "avg_pool1d": Model(
        "avg_pool1d(x, c, stride=s, padding=p)", {"x": "C N"},
        lambda v: F.avg_pool1d(v.x, v.c, v.s, v.p), linear="x", parts=lambda v: v.c,
        sizes={"c": (2, 3)}),
    "avg_pool2d": Model(
        "avg_pool2d(x, (c, 2), stride=(s, 2), padding=(p, 1))", {"x": "C H W"},
        lambda v: F.avg_pool2d(v.x, (v.c, 2), (v.s, 2), (v.p, 1)), linear="x", parts=lambda v: 2 * v.c,
        sizes={"c": (2, 3)}),
    "upsample_nearest": Model(
        "upsample_nearest(x, (s, s2))", {"x": "C J J2"},
        lambda v: F.interpolate(v.x[None], scale_factor=(v.s, v.s2), mode="nearest")[0], ("x: signal[C, :, :]",),
        linear="x"),
    "upsample_linear": Model(
        "upsample_linear(x, 3)", {"x": "C N"},
        lambda v: F.interpolate(v.x[None], scale_factor=3, mode="linear")[0], ("x: signal[C, :]",),
        linear="x", parts=lambda v: 6, holds=lambda v, n: 0 <= 2 * n[1] - 2 <= 6 * (v.N - 1), sizes={"N": (2, 4)}),
    "upsample_linear, even": Model(
        "upsample_linear(x, 2)", {"x": "J J3 2"},
        lambda v: F.interpolate(v.x[None], scale_factor=2, mode="bilinear")[0], ("x: signal[J, :, :]",),
        parts=lambda v: 16,
        holds=lambda v, n: 0 <= 2 * n[1] - 1 <= 4 * (v.J3 - 1) and 0 <= 2 * n[2] - 1 <= 4),
    "upsample_linear, aligned": Model(
        "upsample_linear(x, s, align_corners=True)", {"x": "C N"},
        lambda v: F.interpolate(v.x[None], size=v.s * (v.N - 1) + 1, mode="linear", align_corners=True)[0],
        ("x: signal[C, :]",), linear="x", parts=lambda v: v.s, sizes={"N": (2, 4)}),
    "bed_of_nails": Model(
        "bed_of_nails(x, s)", {"x": "C N"}, lambda v: nailed(v.x, v.s), ("x: signal[C, :]",), linear="x"),
    "pixel_shuffle": Model(
        "pixel_shuffle(x, r)", {"x": "r*r*C J3 J4"}, lambda v: F.pixel_shuffle(v.x, v.r), linear="x"),
    "pixel_unshuffle": Model(
        "pixel_unshuffle(x, r)", {"x": "C r*J r*J2"}, lambda v: F.pixel_unshuffle(v.x, v.r), linear="x"),
    "cat": Model(
        "cat([x, w, x], dim=1)", {"x": "J K H", "w": "J K2 H"}, lambda v: torch.cat([v.x, v.w, v.x], 1),
        ("x: signal[J, K, :]", "w: signal[J, K2, :]")),
    "cat twice": Model(
        "cat([x, scale(x, w), x])", {"x": "C N", "w": "C"}, lambda v: torch.cat([v.x, v.x * v.w[:, None], v.x]),
        ("x: signal[C, :]",), linear="x"),
    "permute": Model(
        "permute(x, (1, 2, 0))", {"x": "C H W"}, lambda v: v.x.permute(1, 2, 0), ("x: signal[C, :, :]",), linear="x"),
    "scale": Model(
        "scale(x, w, dim=1)", {"x": "J K H", "w": "K"}, lambda v: v.x * v.w[:, None],
        ("x: signal[J, K, :]",), linear="x w"),
    "relu": Model("relu(x)", {"x": "C N"}, lambda v: v.x.relu(), ("x: signal[C, :]",)),
    "abs": Model("abs(x)", {"x": "C N"}, lambda v: v.x.abs(), ("x: signal[C, :]",)),
}  # fmt: skip
COMPOSITIONS = {
    "one kernel twice": Model(
        "conv1d(conv1d(x, w, stride=s), w, stride=s)", {"x": "C N", "w": "C C c"},
        lambda v: F.conv1d(F.conv1d(v.x, v.w, None, v.s), v.w, None, v.s), sizes={"N": (9, 10)}),
    "one kernel twice, without channels": Model(
        "corr(corr(x, k, stride=s), k, stride=s2)", {"x": "N", "k": "c"},
        lambda v: F.conv1d(F.conv1d(v.x[None, None], v.k[None, None], None, v.s), v.k[None, None], None, v.s2)[0, 0],
        sizes={"N": (9, 12)}),
    "a shared kernel with bias": Model(
        "conv1d(relu(conv1d(x, w, stride=s, bias=b)), w, stride=2, bias=b)", {"x": "C N", "w": "C C e", "b": "C"},
        lambda v: F.conv1d(F.conv1d(v.x, v.w, v.b, v.s).relu(), v.w, v.b, 2), sizes={"s": (1, 2)}),
    "relu between": Model(
        f"conv2d(relu(conv2d(x, w, {OPTIONS[2]}, bias=b)), v)",
        {"x": "C H W", "w": "F C c2 e", "b": "F", "v": "D F 1 2"},
        lambda v: F.conv2d(conv(v, 2).relu(), v.v), linear="v"),
    "abs between": Model(
        "conv1d(abs(conv1d(x, w, stride=s, padding=p)), v)", {"x": "C N", "w": "F C c", "v": "D F e"},
        lambda v: F.conv1d(F.conv1d(v.x, v.w, None, v.s, v.p).abs(), v.v), linear="v", sizes={"s": (1, 2)}),
    "dilated branches": Model(
        "conv1d(x, w) + conv1d(x, v, padding=t, dilation=t) - x", {"x": "C N", "w": "C C 1", "v": "C C 3"},
        lambda v: F.conv1d(v.x, v.w) + F.conv1d(v.x, v.v, None, 1, v.t, v.t) - v.x, linear="x"),
    "factor": Model(
        "a*conv1d(x, w, stride=s)", {"x": "C N", "w": "F C c", "a": ""},
        lambda v: v.a * F.conv1d(v.x, v.w, None, v.s), linear="x w"),
    "product": Model(
        "mul(conv1d(x, w, bias=b), conv1d(x, v))", {"x": "C N", "w": "F C c", "v": "F C c", "b": "F"},
        lambda v: F.conv1d(v.x, v.w, v.b) * F.conv1d(v.x, v.v), linear="w v"),
    "pixels": Model(
        "pixel_shuffle(conv2d(x, w, padding=1), r)", {"x": "C H W", "w": "r*r*F C c2 e"},
        lambda v: F.pixel_shuffle(F.conv2d(v.x, v.w, None, 1, 1), v.r), linear="w",
        sizes={"H": (2, 3), "W": (2, 2), "F": (1, 1)}),
    "grouped and pointwise": Model(
        "pointwise(relu(depthwise2d(x, w, padding=1, bias=b)), v)",
        {"x": "C H W", "w": "C c2 e", "b": "C", "v": "F C"},
        lambda v: F.conv2d(F.conv2d(v.x, v.w[:, None], v.b, 1, 1, 1, v.C).relu(), v.v[:, :, None, None]), linear="v"),
    "up and along": Model(
        "conv1d(conv_transpose1d(x, w, stride=s, padding=p), v)", {"x": "C N", "w": "C F c", "v": "D F e"},
        lambda v: F.conv1d(F.conv_transpose1d(v.x, v.w, None, v.s, v.p), v.v), linear="x w v"),
    "pooled": Model(
        "conv1d(avg_pool1d(abs(x), 2), w)", {"x": "C N", "w": "F C e"},
        lambda v: F.conv1d(F.avg_pool1d(v.x.abs(), 2), v.w), linear="w", parts=lambda v: 2),
    "joined": Model(
        "conv1d(cat([relu(x), scale(x, a)]), w)", {"x": "C N", "a": "C", "w": "F 2*C c"},
        lambda v: F.conv1d(torch.cat([v.x.relu(), v.x * v.a[:, None]]), v.w),
        ("x: signal[C, :]", "w: kernel[F, 2*C, c]"), linear="w"),
    "turned": Model(
        "conv2d(permute(x, (0, 2, 1)), w, stride=(s, 1))", {"x": "C H W", "w": "F C c2 e"},
        lambda v: F.conv2d(v.x.permute(0, 2, 1), v.w, None, (v.s, 1)), linear="x w"),
    "nearest, then a layer": Model(
        "conv1d(upsample_nearest(x, s), w)", {"x": "C H", "w": "F C c"},
        lambda v: F.conv1d(F.interpolate(v.x[None], scale_factor=v.s)[0], v.w), ("x: signal[C, :]",), linear="x w"),
    "function": Model(
        "conv1d(f(conv1d(x, w, stride=s, bias=b)), v)", {"x": "C N", "w": "F C e", "b": "F", "v": "D F e"},
        lambda v: F.conv1d(stand_in(F.conv1d(v.x, v.w, v.b, v.s)), v.v),
        ("f: function", "x: signal[C, :]", "w: kernel[F, C, e]", "b: kernel[F]", "v: kernel[D, F, e]"), linear="v"),
    "gate": Model(
        "mul(step(conv1d(x, w)), conv1d(x, v))", {"x": "C N", "w": "F C c", "v": "F C c"},
        lambda v: (F.conv1d(v.x, v.w) > 0) * F.conv1d(v.x, v.v), linear="v"),
    "sign": Model(
        "mul(sign(x), x) - 3*mul(x, w)/2", {"x": "C N", "w": "C N"}, lambda v: v.x.sign() * v.x - 3 * v.x * v.w / 2,
        ("x: signal[C, :]", "w: signal[C, :]"), parts=lambda v: 2),
    "definition": Model(
        "mul(h, relu(h)) + h", {"x": "C N", "w": "F C c"},
        lambda v: F.conv1d(v.x, v.w) * F.conv1d(v.x, v.w).relu() + F.conv1d(v.x, v.w),
        ("x: signal[C, :]", "w: kernel[F, C, c]", "h = conv1d(x, w)")),
    "operators": Model(
        "down(conv(up(x, s), k), t)", {"x": "N", "k": "c"},
        lambda v: F.conv_transpose1d(v.x[None, None], v.k[None, None], None, v.s)[0, 0, :: v.t], linear="x k"),
    "reversed": Model(
        "corr(shift(x, 1), reverse(k), stride=s, padding=1)", {"x": "N", "k": "c"},
        lambda v: F.conv1d(F.pad(v.x, (2, 0))[None, None], v.k.flip(0)[None, None], None, v.s)[0, 0],
        ("k: kernel[c]",), linear="x k"),
    "entry": Model(
        "conv1d(relu(conv1d(x, w)), v)[0, 1]", {"x": "C N", "w": "F C e", "v": "D F e"},
        lambda v: F.conv1d(F.conv1d(v.x, v.w).relu(), v.v)[0, 1]),
    "inner product": Model(
        "a*inner(abs(conv1d(x, w)), y)", {"x": "C N", "w": "F C e", "y": "F 4", "a": ""},
        lambda v: v.a * (F.conv1d(v.x, v.w).abs()[:, :4] * v.y).sum(), ("y: kernel[F, 4]",)),
    "sum of squares": Model(
        "inner(conv1d(x, w), conv1d(x, w))", {"x": "C N", "w": "F C c"},
        loss, ("x: signal[C, N]",)),
}  # fmt: skip
ONE_STEP = {"N": (4, 5), "M": (3, 3), "s": (2, 2), "p": (1, 1), "t": (1, 1)}
"""Sizes at which two taps give the outputs that are declared."""
SECOND = {
    "by a kernel twice": Model(
        "grad(mul(conv(x, k), conv(x, k)), k, y)", {"x": "N", "k": "c", "y": "N"},
        lambda v: torch.autograd.grad(squared(v.x, v.k, v.N), v.k, v.y, create_graph=True)[0],
        ("y: kernel[N]", "k: kernel[c]"), linear="y"),
    "of a sum of squares": Model(
        "grad(inner(conv1d(x, w), conv1d(x, w)), w, 1)", {"x": "C N", "w": "F C c"},
        lambda v: torch.autograd.grad(loss(v), v.w, create_graph=True)[0], ("x: signal[C, N]",), sizes={"N": (3, 4)}),
    "of weights": Model(
        f"conv1d_weight(x, y, {OPTIONS[1]})", {"x": "C N", "y": "F M"},
        lambda v: conv_weight(v, 1, (v.F, v.C, 2)), ("x: signal[C, :]", "y: kernel[F, M]"), linear="x y",
        sizes=ONE_STEP),
    "of weights, without channels": Model(
        f"conv1d_weight(x, y, {OPTIONS[1]})", {"x": "N", "y": "M"},
        lambda v: conv_weight(one_channel(v), 1, (1, 1, 2))[0, 0], ("x: signal[:]", "y: kernel[M]"),
        linear="x y", sizes=ONE_STEP),
    "of weights, with groups": Model(
        f"conv2d_weight(x, y, {OPTIONS[2]}, groups=G)", {"x": "G*D 3 4", "y": "G*K 2 3"},
        lambda v: conv_weight(v, 2, (v.G * v.K, v.D, 2, 2), v.G),
        ("x: signal[G*D, :, :]", "y: kernel[G*K, 2, 3]"), linear="x y", sizes=ONE_STEP),
}  # fmt: skip
MODELS = CONVOLUTIONS | LAYERS | COMPOSITIONS | SECOND
BY = [(model, name) for model in MODELS for name in MODELS[model].shapes]


@pytest.mark.parametrize(("name", "by"), BY)
def test_gradients_are_those_of_autograd(name: str, by: str) -> None:
    model = MODELS[name]
    result = gradient(gradient_statement(model.text, by, model.lets, ()))
    assert result.verdict == "proved"
    assert result.answer is not None
    assert result.statement.rhs == result.answer.closed
    for seed in range(EACH):
        compare(result.statement, instance(model, seed), by, both=not seed)


LINEAR = [(model, name) for model in MODELS for name in MODELS[model].linear.split()]


def unbiased(model: Model) -> Model:
    """Without bias, which would make the map affine; PyTorch gets a bias of zeros."""
    lets = tuple(let for let in model.lets if let != "b: number")
    return replace(model, text=model.text.replace(", bias=b", ""), lets=lets)


@pytest.mark.parametrize(("name", "by"), LINEAR)
def test_adjoints_are_those_of_autograd(name: str, by: str) -> None:
    model = unbiased(MODELS[name])
    drawn = instance(model, 7)
    result = gradient(gradient_statement(model.text, by, model.lets, (), "adjoint"))
    assert result.verdict == "proved"
    compare(result.statement, drawn, by, both=True)


@pytest.mark.parametrize(("name", "by"), LINEAR)
def test_adjoints_move_to_the_other_side_of_an_inner_product(name: str, by: str) -> None:
    model = unbiased(MODELS[name])
    drawn = instance(model, 8)
    lets = (*model.lets, f"z: kernel[{', '.join(map(str, drawn.upstream.shape))}]")
    arrays = drawn.arrays | {"z": drawn.upstream}
    expected = float((drawn.output(drawn.tensors()).detach() * tensor(drawn.upstream)).sum())
    for side in (f"inner({model.text}, z)", f"inner({by}, adjoint({model.text}, {by}, z))"):
        statement = read_expression(side, lets)
        sizes = completed(statement, drawn.said(), arrays)
        assert values(statement.lhs, statement, sizes, arrays, [()]) == [fraction(expected, drawn.parts)], side


def test_what_is_affine_has_no_adjoint() -> None:
    with pytest.raises(StatementError, match="not linear"):
        read_expression("adjoint(cat([x, w]), x, y)", ("x: signal[2, :]", "w: signal[2, :]"))


def test_gradients_of_weights_without_channels_need_no_colon() -> None:
    gradient_statement("conv1d_weight(x, y)", "x", ("x: signal", "y: kernel[M]"), ())


AXES = {
    "conv1d(f(conv1d(x, w)), v)": (),
    "conv1d(x, w) + f(y)": (),
    "grad(f(conv1d(x, w)), x, g)": ("x: signal[2, :]", "w: kernel[2, 2, 3]"),
}


@pytest.mark.parametrize("e", AXES)
def test_axes_are_told_through_functions(e: str) -> None:
    read_expression(e.replace("f(", "relu("), AXES[e])
    read_expression(e, (*AXES[e], "f: function"))
