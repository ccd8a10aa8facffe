"""Layers of tensors have the extents and the values of ONNX, as its reference implementation computes them.

Left out is what the reference implementation (onnx 1.23) does otherwise than the specification of the operators says:

- LpPool with ceil_mode: it divides by the places of a window that are there and multiplies by all of them; the
  specification takes the norm of what is there.
- AveragePool with ceil_mode, where it halves the padding of the last window anew and so moves all windows: taken only
  where the halves are the given padding.
- MaxPool with padding where all strides are 1: it reads beyond its array, or swaps the padding of the axes.
- ConvTranspose with groups, or with an output_padding not less than the stride (but than the dilation): it refuses.
- Conv with auto_pad SAME_UPPER or SAME_LOWER where the stride is longer than the window: it pads by a negative number,
  the specification by max(0, ...).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from instances.drawing import Case, Drawer, Drawing, check
from oracle import Place

onnx = pytest.importorskip("onnx")
pytest.importorskip("onnx.reference")
EACH = 50
"""How many configurations are drawn for each operator."""
OPSET = 22
MODES = {"zeros": "constant", "reflect": "reflect", "replicate": "edge", "circular": "wrap"}


def computed(kind: str, operands: list[np.ndarray], attributes: dict[str, Any]) -> np.ndarray | None:
    """What one operator gives; None for no outputs."""
    from onnx import TensorProto, helper
    from onnx.reference import ReferenceEvaluator

    names = [f"x{i}" for i in range(len(operands))]
    types = [TensorProto.INT64 if x.dtype == np.int64 else TensorProto.DOUBLE for x in operands]
    inputs = [helper.make_tensor_value_info(*of) for of in zip(names, types, (x.shape for x in operands), strict=True)]
    outputs = [helper.make_tensor_value_info("y", TensorProto.DOUBLE, None)]
    graph = helper.make_graph([helper.make_node(kind, names, ["y"], **attributes)], "one", inputs, outputs)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", OPSET)])
    (out,) = ReferenceEvaluator(model).run(None, dict(zip(names, operands, strict=True)))
    return out if out.size else None


def case(text: str, kind: str, operands: list[np.ndarray], parts: int = 1, **attributes: Any) -> Case:
    return Case(text, lambda: computed(kind, operands, attributes), parts)


def batched(x: np.ndarray, d: int) -> np.ndarray:
    return x.reshape(*(1,) * (d + 2 - x.ndim), *x.shape)


def convolution(d: int) -> Drawer:
    """Zeros on both sides, as many or not, in numbers or as auto_pad says."""

    def draw(a: Drawing) -> Case:
        groups, inputs, outputs = a.random.choice((1, 2)), a.one(1, 2), a.one(1, 2)
        window, stride, dilation = a.upto(d, 1, 4 if d == 1 else 2), a.upto(d, 1, 3), a.upto(d, 1, 2)
        spans = [t * (c - 1) + 1 for t, c in zip(dilation, window, strict=True)]
        counts = tuple(n + a.one(0, 4 if d == 1 else 2) for n in spans)
        x = a.data("x", (groups * inputs, *counts))
        w = a.data("w", (groups * outputs, inputs, *window), "kernel")
        kind = a.random.choice(("numbers", "ends", "valid", "same_upper", "same_lower"))
        if kind.startswith("same"):
            stride = tuple(min(s, c) for s, c in zip(stride, spans, strict=True))
        low, high = a.upto(d, 0, 3), a.upto(d, 0, 3)
        text, operand = a.options(stride=stride, dilation=dilation), "x"
        if kind == "numbers":
            low, text = high, text + a.options(padding=high)
        elif kind == "ends":
            pairs = ", ".join(f"({a.written(p)}, {a.written(q)})" for p, q in zip(low, high, strict=True))
            operand = f"pad(x, ({pairs},))"
        else:
            text += f', padding="{kind}"'
        pads = {"pads": [*low, *high]} if kind in ("numbers", "ends") else {"auto_pad": kind.upper()}
        text += f", groups={groups}" if groups > 1 else ""
        return case(f"conv{d}d({operand}, w{text})", "Conv", [batched(x, d), w], strides=stride, dilations=dilation,
                    group=groups, **pads)  # fmt: skip

    return draw


def transposed(d: int) -> Drawer:
    def draw(a: Drawing) -> Case:
        inputs, outputs = a.upto(2, 1, 2)
        window, stride, dilation = a.upto(d, 1, 4 if d == 1 else 2), a.upto(d, 1, 3), a.upto(d, 1, 2)
        counts = a.upto(d, 1, 4 if d == 1 else 3)
        more = tuple(a.one(0, s - 1) for s in stride)
        whole = [(n - 1) * s + t * (c - 1) + 1 + q
                 for n, s, t, c, q in zip(counts, stride, dilation, window, more, strict=True)]  # fmt: skip
        padding = tuple(a.one(0, min(2, (n - 1) // 2)) for n in whole)
        y, w = a.data("y", (inputs, *counts)), a.data("w", (inputs, outputs, *window), "kernel")
        text = a.options(stride=stride, padding=padding, dilation=dilation, output_padding=more)
        return case(f"conv_transpose{d}d(y, w{text})", "ConvTranspose", [batched(y, d), w], strides=stride,
                    dilations=dilation, pads=[*padding, *padding], output_padding=more)  # fmt: skip

    return draw


def halved(n: int, c: int, s: int, p: int) -> bool:
    """Whether padding to whole windows, halved, is p."""
    outputs = min(-(-(n + 2 * p - c) // s), (n + p - 1) // s) + 1
    return max(0, (outputs - 1) * s + c - n) // 2 == p


def pool(kind: str, d: int) -> Drawer:
    def draw(a: Drawing) -> Case:
        window, stride = a.upto(d, 1, 4 if d == 1 else 3), a.upto(d, 1, 4 if d == 1 else 3)
        padding: Place = tuple(a.one(0, c // 2) for c in window) if kind != "lp" else (0,) * d
        if kind == "max" and set(stride) == {1}:
            stride = (2,) * d
        ceil, include = a.chance() and kind != "lp", a.chance()
        counts = tuple(c + a.one(0, 5 if d == 1 else 2) for c in window)
        if kind == "avg" and ceil:
            ceil = all(halved(*of) for of in zip(counts, window, stride, padding, strict=True))
        x = a.data("x", (a.one(1, 2), *counts))
        text = f", stride={a.tuple(stride)}{a.options(padding=padding) if kind != 'lp' else ''}"
        text += ", ceil_mode=True" if ceil else ""
        of: dict[str, Any] = {"kernel_shape": window, "strides": stride, "pads": [*padding, *padding]}
        if kind == "avg":
            text += "" if include else ", count_include_pad=False"
            return case(f"avg_pool{d}d(x, {a.tuple(window)}{text})", "AveragePool", [batched(x, d)], 24**d,
                        ceil_mode=ceil, count_include_pad=include, **of)  # fmt: skip
        if kind == "max":
            return case(f"max_pool{d}d(x, {a.tuple(window)}{text})", "MaxPool", [batched(x, d)], ceil_mode=ceil, **of)
        return case(f"lp_pool{d}d(x, 1, {a.tuple(window)}{text})", "LpPool", [batched(x, d)], p=1, **of)

    return draw


def padded(a: Drawing) -> Case:
    d, mode = a.one(1, 3), a.random.choice(tuple(MODES))
    counts = a.upto(d, 1, 4)
    most = [{"reflect": n - 1, "circular": n}.get(mode, 3) for n in counts]
    low, high = (tuple(a.one(0, p) for p in most) for _ in range(2))
    x = a.data("x", counts)
    pairs = ", ".join(f"({a.written(p)}, {a.written(q)})" for p, q in zip(low, high, strict=True))
    pads = np.array([*low, *high], dtype=np.int64)
    return case(f'pad(x, ({pairs},), mode="{mode}")', "Pad", [x, pads], mode=MODES[mode])


OPERATORS: dict[str, Callable[[Drawing], Case]] = {
    **{f"Conv {d}": convolution(d) for d in (1, 2)},
    **{f"ConvTranspose {d}": transposed(d) for d in (1, 2)},
    **{f"{kind} pool {d}": pool(kind, d) for kind in ("max", "avg", "lp") for d in (1, 2)},
    "Pad": padded,
}


@pytest.mark.parametrize("kind", OPERATORS)
def test_tensors_are_those_of_onnx(kind: str) -> None:
    done = [check(OPERATORS[kind], f"{kind} {i}") for i in range(EACH)]
    assert sum(outputs for outputs, _ in done) == EACH
    assert sum(named for _, named in done) > EACH // 2
