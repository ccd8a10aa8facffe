"""Layers of tensors have the extents and the values of PyTorch: in claims by their definitions, and as numbers.

Borders are drawn on purpose: padding of every kind up to the window, windows that reach beyond it (ceil_mode), strides
longer than windows, dilations.  A configuration without outputs is a clear error in all three.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import prod
from typing import Any

import numpy as np
import pytest
from instances.drawing import Case, Drawer, Drawing, check
from oracle import Place

torch = pytest.importorskip("torch")
F = torch.nn.functional
EACH = 40
"""How many configurations are drawn for each kind of layer."""
MODES = {"zeros": "constant", "reflect": "reflect", "replicate": "replicate", "circular": "circular"}


def case(text: str, compute: Callable[[], Any], parts: int = 1) -> Case:
    """An expression and what PyTorch gives; None where it refuses for want of outputs."""

    def expected() -> np.ndarray | None:
        try:
            out = compute().detach().numpy()
        except RuntimeError:
            return None
        return out if out.size else None

    return Case(text, expected, parts)


def batched(x: Any, d: int) -> Any:
    """A tensor with batch and channel axes before the d others, as PyTorch wants them."""
    x = torch.as_tensor(x, dtype=torch.float64)
    return x.reshape(*(1,) * (d + 2 - x.ndim), *x.shape)


def ends(low: Sequence[int], high: Sequence[int]) -> list[int]:
    """Padding in the order of torch.nn.functional.pad: last axis first."""
    return [p for pair in zip(reversed(low), reversed(high), strict=True) for p in pair]


def padded(x: Any, low: Place, high: Place, mode: str) -> Any:
    return F.pad(x, ends(low, high), mode=MODES[mode])


def convolution(d: int) -> Drawer:
    """Padding in numbers or words, modes, dilation, groups."""

    def draw(a: Drawing) -> Case:
        channels, groups = a.chance(), a.random.choice((1, 1, 2))
        inputs, outputs = a.upto(2, 1, 2) if channels else (1, 1)
        window, stride, dilation = a.upto(d, 1, 4 if d == 1 else 2), a.upto(d, 1, 4), a.upto(d, 1, 2)
        counts = a.upto(d, 1, 8 if d == 1 else 5 if d == 2 else 3)
        spans = [t * (c - 1) for t, c in zip(dilation, window, strict=True)]
        mode = a.random.choice(tuple(MODES)) if a.chance() else "zeros"
        if channels:
            lead = (a.one(1, 2),) if a.chance() else ()
            x = a.data("x", (*lead, groups * inputs, *counts))
            w = a.data("w", (groups * outputs, inputs, *window), "kernel")
        else:
            groups, x, w = 1, a.data("x", counts), a.data("w", window, "kernel")
        word = a.random.choice(("", "", "valid", "same", "same_upper", "same_lower", "full"))
        if word == "same":
            stride, a.named = (1,) * d, False
        most = {"reflect": -1, "circular": 0}.get(mode, 3)
        low = high = tuple(a.one(0, min(3, n + most) if most < 1 else 3) for n in counts)
        if word:
            both = [max((-(-n // s) - 1) * s + 1 + more - n, 0) if word[:4] == "same" else 0
                    for n, s, more in zip(counts, stride, spans, strict=True)]  # fmt: skip
            halves = tuple(p // 2 for p in both)
            low, high = halves, tuple(p - q for p, q in zip(both, halves, strict=True))
            low, high = (high, low) if word == "same_lower" else (low, high)
            if word == "full":
                low = high = tuple(spans)
        if any(p > n + most for ps in (low, high) for p, n in zip(ps, counts, strict=True)):
            mode = "zeros"
        text = a.options(stride=stride, dilation=dilation)
        text += f', padding="{word}"' if word else a.options(padding=low)
        text += f', padding_mode="{mode}"' if mode != "zeros" or a.chance() else ""
        text += f", groups={groups}" if groups > 1 else ""
        run_it = getattr(F, f"conv{d}d")
        return case(f"conv{d}d(x, w{text})", lambda: run_it(
            padded(batched(x, d), low, high, mode), batched(w, d), None, stride, 0, dilation, groups))  # fmt: skip

    return draw


def transposed(d: int) -> Drawer:
    def draw(a: Drawing) -> Case:
        channels, groups = a.chance(), a.random.choice((1, 1, 2))
        inputs, outputs = a.upto(2, 1, 2)
        window, stride, dilation = a.upto(d, 1, 4 if d == 1 else 2), a.upto(d, 1, 3), a.upto(d, 1, 2)
        counts, padding = a.upto(d, 1, 4 if d == 1 else 2), a.upto(d, 0, 2 if d < 3 else 1)
        more = tuple(a.one(0, max(s, t) - 1) for s, t in zip(stride, dilation, strict=True))
        if channels:
            y, w = a.data("y", (groups * inputs, *counts)), a.data("w", (groups * inputs, outputs, *window), "kernel")
        else:
            groups, y, w = 1, a.data("y", counts), a.data("w", window, "kernel")
        text = a.options(stride=stride, padding=padding, dilation=dilation, output_padding=more)
        text += f", groups={groups}" if groups > 1 else ""
        run_it = getattr(F, f"conv_transpose{d}d")
        return case(f"conv_transpose{d}d(y, w{text})", lambda: run_it(
            batched(y, d), batched(w, d), None, stride, padding, more, groups, dilation))  # fmt: skip

    return draw


def windows(a: Drawing, d: int, dilated: bool) -> tuple[str, Place, Place, Place, Place, bool]:
    window = a.upto(d, 1, 4 if d == 1 else 3)
    stride = a.upto(d, 1, 5 if d == 1 else 3) if a.chance(0.7) else window
    dilation = a.upto(d, 1, 2) if dilated else (1,) * d
    padding = tuple(a.one(0, c // 2) for c in window)
    ceil = a.chance(0.6)
    text = f", stride={a.tuple(stride)}" if stride != window or a.chance() else ""
    text += a.options(padding=padding, **({"dilation": dilation} if dilated else {}))
    text += ", ceil_mode=True" if ceil else ", ceil_mode=False" if a.chance(0.2) else ""
    return text, window, stride, padding, dilation, ceil


def samples(a: Drawing, d: int, least: int = 1, distinct: bool = False) -> Any:
    """Data with the extents that a pool of d axes is given, and perhaps batch and channels."""
    lead = a.upto(a.one(0, 2), 1, 2)
    return a.data("x", (*lead, *a.upto(d, least, 9 if d == 1 else 5 if d == 2 else 3)), distinct=distinct)


def greatest(d: int) -> Drawer:
    def draw(a: Drawing) -> Case:
        dilated = a.chance(0.4)
        text, window, stride, padding, dilation, ceil = windows(a, d, dilated)
        x = samples(a, d, 2 if dilated else 1)
        run_it = getattr(F, f"max_pool{d}d")
        return case(f"max_pool{d}d(x, {a.tuple(window)}{text})",
                    lambda: run_it(batched(x, d), window, stride, padding, dilation, ceil))  # fmt: skip

    return draw


def put_back(d: int) -> Drawer:
    """The gradient of max pooling: every y is added where its window of x is greatest."""

    def draw(a: Drawing) -> Case:
        dilated = a.chance(0.4)
        text, window, stride, padding, dilation, ceil = windows(a, d, dilated)
        x = samples(a, d, 2 if dilated else 1, distinct=True)
        wide = batched(x, d).clone().requires_grad_()
        try:
            pooled = getattr(F, f"max_pool{d}d")(wide, window, stride, padding, dilation, ceil)
        except RuntimeError:
            pooled = None
        shape = (*x.shape[:-d], *(pooled.shape[-d:] if pooled is not None else (1,) * d))
        y = a.data("y", shape)

        def expected() -> Any:
            if pooled is None:
                raise RuntimeError("no outputs")
            return torch.autograd.grad(pooled, wide, batched(y, d).reshape(pooled.shape))[0]

        return case(f"max_unpool{d}d(y, x, {a.tuple(window)}{text})", expected)

    return draw


def mean(d: int) -> Drawer:
    def draw(a: Drawing) -> Case:
        text, window, stride, padding, _, ceil = windows(a, d, False)
        include = a.chance()
        text += "" if include and a.chance() else f", count_include_pad={include}"
        x = samples(a, d, 1 if d < 3 else max(window))  # avg_pool3d refuses windows longer than the data, also padded.
        run_it = getattr(F, f"avg_pool{d}d")
        parts = prod(range(1, 5)) ** d
        return case(f"avg_pool{d}d(x, {a.tuple(window)}{text})",
                    lambda: run_it(batched(x, d), window, stride, padding, ceil, include), parts)  # fmt: skip

    return draw


def norm(d: int) -> Drawer:
    """Sums of |x|: PyTorch divides the sum over a window that reaches beyond the end by the places that it has there,
    and multiplies by all; its documentation, ONNX and we add up what there is.  So the sums are 9-fold means of
    PyTorch with one divisor, on data that goes on with zeros.
    """

    def draw(a: Drawing) -> Case:
        window, ceil = a.upto(d, 1, 4 if d == 1 else 3), a.chance(0.6)
        stride = a.upto(d, 1, 4)
        x = samples(a, d)
        flag = ", ceil_mode=True" if ceil else ""

        def expected() -> Any:
            extents = getattr(F, f"lp_pool{d}d")(
                batched(x, d), 1, *((window[0], stride[0]) if d == 1 else (window, stride)), ceil_mode=ceil
            ).shape
            long = F.pad(batched(x, d).abs(), ends((0,) * d, window))
            found = getattr(F, f"avg_pool{d}d")(long, window, stride) * prod(window)
            return found[tuple(slice(n) for n in extents)]

        return case(f"lp_pool{d}d(x, 1, {a.tuple(window)}, stride={a.tuple(stride)}{flag})", expected)

    return draw


def ended(a: Drawing) -> Case:
    """pad(x, …) on one to three axes, one number or a pair for each, with every mode."""
    d, mode = a.one(1, 3), a.random.choice(tuple(MODES))
    counts = a.upto(d, 1, 4)
    most = [{"reflect": n - 1, "circular": n}.get(mode, 3) for n in counts]
    low, high = (tuple(a.one(0, p) for p in most) for _ in range(2))
    x = a.data("x", counts)
    if len({*low, *high}) == 1 and a.chance():
        shown = a.written(low[0])
    else:
        pairs = [f"({a.written(p)}, {a.written(q)})" for p, q in zip(low, high, strict=True)]
        shown = pairs[0] if d == 1 and a.chance() else f"({', '.join(pairs)},)"
    option = f', mode="{mode}"' if mode != "zeros" or a.chance() else ""
    return case(f"pad(x, {shown}{option})", lambda: padded(batched(x, d), low, high, mode))


def linear(aligned: bool) -> Drawer:
    def draw(a: Drawing) -> Case:
        d, channels = a.one(1, 2), a.chance()
        counts, by = a.upto(d, 1, 4), (a.one(1, 4),) * d if channels else a.upto(d, 1, 4)
        x = a.data("x", (*(2,) * channels, *counts))
        size = [s * (n - 1) + 1 if aligned else s * n for s, n in zip(by, counts, strict=True)]
        factors = str(by[0]) if channels else f"({', '.join(map(str, by))},)"
        option = ", align_corners=True" if aligned else a.random.choice(("", ", align_corners=False"))
        mode = ("linear", "bilinear")[d - 1]
        return case(f"upsample_linear(x, {factors}{option})", lambda: F.interpolate(
            batched(x, d), size=size, mode=mode, align_corners=aligned), prod(by) * 2**d)  # fmt: skip

    return draw


def network(a: Drawing) -> Case:
    """Three layers: what is cut off or padded in between tells at the borders."""
    x, w, v = a.data("x", (a.one(4, 9),)), a.data("w", (a.one(1, 3),), "kernel"), a.data("v", (a.one(1, 3),), "kernel")
    (s, t, p, q) = (a.one(1, 2), a.one(1, 2), a.one(0, 2), a.one(0, 2))
    f = a.random.choice(("relu", "abs"))
    inner = f"{f}(conv1d(x, w{a.options(stride=(s,), padding=(p,))}))"
    pooled = a.chance()
    middle = f"avg_pool1d({inner}, 2, stride=1, padding=1, count_include_pad=False)" if pooled else inner

    def expected() -> Any:
        y = getattr(torch, f)(F.conv1d(batched(x, 1), batched(w, 1), stride=s, padding=p))
        y = F.avg_pool1d(y, 2, 1, 1, count_include_pad=False) if pooled else y
        return F.conv1d(y, batched(v, 1), stride=t, padding=q)

    return case(f"conv1d({middle}, v{a.options(stride=(t,), padding=(q,))})", expected, 2)


LAYERS: dict[str, Drawer] = {
    **{f"conv{d}d": convolution(d) for d in (1, 2, 3)},
    **{f"conv_transpose{d}d": transposed(d) for d in (1, 2, 3)},
    **{f"max_pool{d}d": greatest(d) for d in (1, 2, 3)},
    **{f"max_unpool{d}d": put_back(d) for d in (1, 2)},
    **{f"avg_pool{d}d": mean(d) for d in (1, 2, 3)},
    **{f"lp_pool{d}d": norm(d) for d in (1, 2)},
    "pad": ended,
    "upsample_linear": linear(False),
    "upsample_linear aligned": linear(True),
    "three layers": network,
}


@pytest.mark.parametrize("kind", LAYERS)
def test_tensors_are_those_of_pytorch(kind: str) -> None:
    done = [check(LAYERS[kind], f"{kind} {i}") for i in range(EACH)]
    assert sum(outputs for outputs, _ in done) > EACH // 2
    assert sum(named for _, named in done) > EACH // 2
