"""Layers of the Python interface, with PyTorch's argument names; shapes as there.

Of tensors, as signal("x", "N"), they are tensors; of sequences, as signal("x"), sequences without end.

x has d spatial axes, or a channel axis before them, or batch and channels; weights are [out, in/groups, taps…], for the
transposed layers [in, out/groups, taps…].  Faults are a `StatementError` when the expression is read.
"""

from __future__ import annotations

from collections.abc import Sequence

from symconv.errors import StatementError
from symconv.expr.padding import WORDS
from symconv.operators import Expression, Size, axes, lets_of, operand, size

Axes = Size | tuple[Size, ...]
Ends = Axes | tuple[tuple[Size, Size], ...]
Options = dict[str, Axes | Expression | None]


def _layer(f: str, parts: Sequence[Expression], options: Options, plain: str = "") -> Expression:
    """f(x, w, stride=…): options that are not given are left out; `plain` stands between operands and options."""
    given = {key: value for key, value in options.items() if value is not None}
    shown = [*(str(operand(p, f)) for p in parts), *([plain] if plain else [])]
    shown += [f"{key}={_option(key, value)}" for key, value in given.items()]
    extra = [value for value in given.values() if isinstance(value, Expression)]
    return Expression(f"{f}({', '.join(shown)})", lets_of((*parts, *extra)))


def _option(key: str, value: Axes | Expression) -> str:
    """An option as claim text: words are quoted, True and False are themselves."""
    if isinstance(value, bool | Expression):
        return str(value)
    if isinstance(value, str) and (key.endswith("mode") or (key == "padding" and value in WORDS)):
        return repr(value)
    return axes(value)


def _convolution(kind: str, d: int, x: Expression, w: Expression, stride: Axes, padding: Axes, dilation: Axes,
                 groups: Size, bias: Expression | None, padding_mode: str = "zeros",
                 output_padding: Axes = 0) -> Expression:  # fmt: skip
    options: Options = {"stride": stride, "padding": padding, "dilation": dilation}
    options |= {"output_padding": None if output_padding == 0 else output_padding}
    options |= {"groups": None if groups == 1 else groups, "bias": bias}
    return _layer(f"{kind}{d}d", (x, w), {**options, "padding_mode": None if padding_mode == "zeros" else padding_mode})


def conv1d(x: Expression, w: Expression, bias: Expression | None = None, stride: Axes = 1, padding: Axes = 0,
           dilation: Axes = 1, groups: Size = 1, padding_mode: str = "zeros") -> Expression:  # fmt: skip
    """Σ_{c,a} w[o, c, a] x[c, stride n + dilation a − padding] + bias[o].

    `padding` is a number for both ends, or "valid", "same", "same_upper", "same_lower" or "full"; `padding_mode` says
    what is read beyond the ends: "zeros", "reflect", "replicate" or "circular".
    """
    return _convolution("conv", 1, x, w, stride, padding, dilation, groups, bias, padding_mode)


def conv2d(x: Expression, w: Expression, bias: Expression | None = None, stride: Axes = 1, padding: Axes = 0,
           dilation: Axes = 1, groups: Size = 1, padding_mode: str = "zeros") -> Expression:  # fmt: skip
    """conv1d on two spatial axes."""
    return _convolution("conv", 2, x, w, stride, padding, dilation, groups, bias, padding_mode)


def conv3d(x: Expression, w: Expression, bias: Expression | None = None, stride: Axes = 1, padding: Axes = 0,
           dilation: Axes = 1, groups: Size = 1, padding_mode: str = "zeros") -> Expression:  # fmt: skip
    """conv1d on three spatial axes."""
    return _convolution("conv", 3, x, w, stride, padding, dilation, groups, bias, padding_mode)


def conv_transpose1d(x: Expression, w: Expression, bias: Expression | None = None, stride: Axes = 1,
                     padding: Axes = 0, output_padding: Axes = 0, groups: Size = 1,
                     dilation: Axes = 1) -> Expression:  # fmt: skip
    """Σ_{c,i,a} [n + padding = stride i + dilation a] w[c, o, a] x[c, i] + bias[o].

    `output_padding` is by how much longer the result is, at its end.
    """
    return _convolution("conv_transpose", 1, x, w, stride, padding, dilation, groups, bias,
                        output_padding=output_padding)  # fmt: skip


def conv_transpose2d(x: Expression, w: Expression, bias: Expression | None = None, stride: Axes = 1,
                     padding: Axes = 0, output_padding: Axes = 0, groups: Size = 1,
                     dilation: Axes = 1) -> Expression:  # fmt: skip
    """conv_transpose1d on two spatial axes."""
    return _convolution("conv_transpose", 2, x, w, stride, padding, dilation, groups, bias,
                        output_padding=output_padding)  # fmt: skip


def conv_transpose3d(x: Expression, w: Expression, bias: Expression | None = None, stride: Axes = 1,
                     padding: Axes = 0, output_padding: Axes = 0, groups: Size = 1,
                     dilation: Axes = 1) -> Expression:  # fmt: skip
    """conv_transpose1d on three spatial axes."""
    return _convolution("conv_transpose", 3, x, w, stride, padding, dilation, groups, bias,
                        output_padding=output_padding)  # fmt: skip


def depthwise1d(x: Expression, w: Expression, bias: Expression | None = None, stride: Axes = 1, padding: Axes = 0,
                dilation: Axes = 1) -> Expression:  # fmt: skip
    """Σ_a w[c, a] x[c, stride n + dilation a − padding] + bias[c]."""
    return _convolution("depthwise", 1, x, w, stride, padding, dilation, 1, bias)


def depthwise2d(x: Expression, w: Expression, bias: Expression | None = None, stride: Axes = 1, padding: Axes = 0,
                dilation: Axes = 1) -> Expression:  # fmt: skip
    """depthwise1d on two spatial axes."""
    return _convolution("depthwise", 2, x, w, stride, padding, dilation, 1, bias)


def pointwise(x: Expression, w: Expression, bias: Expression | None = None) -> Expression:
    """Σ_c w[o, c] x[c, n] + bias[o]."""
    return _layer("pointwise", (x, w), {"bias": bias})


def _pooling(kind: str, d: int, parts: Sequence[Expression], window: Axes, stride: Axes | None, padding: Axes = 0,
             dilation: Axes = 1, exponent: Size | None = None, ceil_mode: bool = False,
             count_include_pad: bool = True) -> Expression:  # fmt: skip
    options: Options = {"stride": stride, "padding": None if padding == 0 else padding}
    options["dilation"] = None if dilation == 1 else dilation
    options["ceil_mode"] = ceil_mode or None
    options["count_include_pad"] = None if count_include_pad else False
    plain = axes(window) if exponent is None else f"{size(exponent)}, {axes(window)}"
    return _layer(f"{kind}{d}d", parts, options, plain)


def avg_pool1d(x: Expression, window: Size, stride: Size | None = None, padding: Size = 0, ceil_mode: bool = False,
               count_include_pad: bool = True) -> Expression:  # fmt: skip
    """The mean of a window; the stride is the window unless it is given."""
    return _pooling("avg_pool", 1, (x,), window, stride, padding, ceil_mode=ceil_mode,
                    count_include_pad=count_include_pad)  # fmt: skip


def avg_pool2d(x: Expression, window: Axes, stride: Axes | None = None, padding: Axes = 0, ceil_mode: bool = False,
               count_include_pad: bool = True) -> Expression:  # fmt: skip
    """The mean of a window on two spatial axes; the stride is the window unless it is given."""
    return _pooling("avg_pool", 2, (x,), window, stride, padding, ceil_mode=ceil_mode,
                    count_include_pad=count_include_pad)  # fmt: skip


def avg_pool3d(x: Expression, window: Axes, stride: Axes | None = None, padding: Axes = 0, ceil_mode: bool = False,
               count_include_pad: bool = True) -> Expression:  # fmt: skip
    """The mean of a window on three spatial axes; the stride is the window unless it is given."""
    return _pooling("avg_pool", 3, (x,), window, stride, padding, ceil_mode=ceil_mode,
                    count_include_pad=count_include_pad)  # fmt: skip


def max_pool1d(x: Expression, window: Size, stride: Size | None = None, padding: Size = 0, dilation: Size = 1,
               ceil_mode: bool = False) -> Expression:  # fmt: skip
    """The greatest of x[stride n + dilation u − padding], 0 ≤ u < window."""
    return _pooling("max_pool", 1, (x,), window, stride, padding, dilation, ceil_mode=ceil_mode)


def max_pool2d(x: Expression, window: Axes, stride: Axes | None = None, padding: Axes = 0, dilation: Axes = 1,
               ceil_mode: bool = False) -> Expression:  # fmt: skip
    """The greatest of x[stride n + dilation u − padding], 0 ≤ u < window on two spatial axes."""
    return _pooling("max_pool", 2, (x,), window, stride, padding, dilation, ceil_mode=ceil_mode)


def max_pool3d(x: Expression, window: Axes, stride: Axes | None = None, padding: Axes = 0, dilation: Axes = 1,
               ceil_mode: bool = False) -> Expression:  # fmt: skip
    """The greatest of x[stride n + dilation u − padding], 0 ≤ u < window on three spatial axes."""
    return _pooling("max_pool", 3, (x,), window, stride, padding, dilation, ceil_mode=ceil_mode)


def lp_pool1d(x: Expression, exponent: Size, window: Size, stride: Size | None = None,
              ceil_mode: bool = False) -> Expression:  # fmt: skip
    """(Σ_u |x[stride n + u]|^p)^(1/p); PyTorch takes x^p without the absolute value."""
    return _pooling("lp_pool", 1, (x,), window, stride, exponent=exponent, ceil_mode=ceil_mode)


def lp_pool2d(x: Expression, exponent: Size, window: Axes, stride: Axes | None = None,
              ceil_mode: bool = False) -> Expression:  # fmt: skip
    """(Σ_u |x[stride n + u]|^p)^(1/p) on two spatial axes; PyTorch takes x^p without the absolute value."""
    return _pooling("lp_pool", 2, (x,), window, stride, exponent=exponent, ceil_mode=ceil_mode)


def lp_pool3d(x: Expression, exponent: Size, window: Axes, stride: Axes | None = None,
              ceil_mode: bool = False) -> Expression:  # fmt: skip
    """(Σ_u |x[stride n + u]|^p)^(1/p) on three spatial axes; PyTorch takes x^p without the absolute value."""
    return _pooling("lp_pool", 3, (x,), window, stride, exponent=exponent, ceil_mode=ceil_mode)


def max_unpool1d(y: Expression, x: Expression, window: Size, stride: Size | None = None, padding: Size = 0,
                 dilation: Size = 1, ceil_mode: bool = False) -> Expression:  # fmt: skip
    """y[n] added where window n of x is greatest, at the first such place; 0 elsewhere."""
    return _pooling("max_unpool", 1, (y, x), window, stride, padding, dilation, ceil_mode=ceil_mode)


def max_unpool2d(y: Expression, x: Expression, window: Axes, stride: Axes | None = None, padding: Axes = 0,
                 dilation: Axes = 1, ceil_mode: bool = False) -> Expression:  # fmt: skip
    """y[n] added where window n of x is greatest, at the first such place on two spatial axes; 0 elsewhere."""
    return _pooling("max_unpool", 2, (y, x), window, stride, padding, dilation, ceil_mode=ceil_mode)


def max_unpool3d(y: Expression, x: Expression, window: Axes, stride: Axes | None = None, padding: Axes = 0,
                 dilation: Axes = 1, ceil_mode: bool = False) -> Expression:  # fmt: skip
    """y[n] added where window n of x is greatest, at the first such place on three spatial axes; 0 elsewhere."""
    return _pooling("max_unpool", 3, (y, x), window, stride, padding, dilation, ceil_mode=ceil_mode)


def upsample_nearest(x: Expression, factor: Axes) -> Expression:
    """x[⌊n / s⌋] on the spatial axes."""
    return _layer("upsample_nearest", (x,), {}, axes(factor))


def upsample_linear(x: Expression, factor: Axes, align_corners: bool = False) -> Expression:
    """Linear interpolation, s times as fine; with align_corners the (N − 1) s + 1 places between the samples."""
    return _layer("upsample_linear", (x,), {"align_corners": align_corners or None}, axes(factor))


def pad(x: Expression, padding: Ends, mode: str = "zeros") -> Expression:
    """So many places more at both ends, (l, r) at the ends of one axis, or a pair for each of the last axes.

    They hold zeros or, as `mode` says, x reflected ("reflect"), its last entries ("replicate") or x anew ("circular").
    """
    pairs = [axes(p) for p in padding if isinstance(p, tuple)] if isinstance(padding, tuple) else []
    ends = f"({', '.join(pairs)},)" if pairs else _pair(padding)
    return _layer("pad", (x,), {"mode": None if mode == "zeros" else mode}, ends)


def _pair(padding: Ends) -> str:
    """A number, or a pair of them, equal or not."""
    if not isinstance(padding, tuple):
        return size(padding)
    return f"({', '.join(size(p) for p in padding if not isinstance(p, tuple))})"


def window(x: Expression, extent: Axes) -> Expression:
    """x on the places 0 ≤ n < extent, and 0 elsewhere: a tensor."""
    shown = size(extent) if not isinstance(extent, tuple) else f"({', '.join(map(size, extent))},)"
    return _layer("window", (x,), {}, shown)


def bed_of_nails(x: Expression, factor: Axes) -> Expression:
    """x[n / s] where s divides n, else 0, on the spatial axes."""
    return _layer("bed_of_nails", (x,), {}, axes(factor))


def pixel_shuffle(x: Expression, factor: Size) -> Expression:
    """r² C channels to C channels on a grid r times as fine."""
    return _layer("pixel_shuffle", (x,), {}, size(factor))


def pixel_unshuffle(x: Expression, factor: Size) -> Expression:
    """C channels to r² C channels on a grid r times as coarse."""
    return _layer("pixel_unshuffle", (x,), {}, size(factor))


def cat(parts: Sequence[Expression], dim: int = 0) -> Expression:
    """One after another along an axis."""
    if not parts:
        raise StatementError("cat takes at least one expression")
    return Expression(f"cat([{', '.join(str(operand(p, 'cat')) for p in parts)}], dim={dim})", lets_of(parts))


def params(e: Expression) -> Expression:
    """The number of entries of the weights and biases of the layers of e, each weight once."""
    return Expression(f"params({operand(e, 'params')})", e.lets)


def mults(e: Expression) -> Expression:
    """The number of multiplications of weights with inputs in the layers of e."""
    return Expression(f"mults({operand(e, 'mults')})", e.lets)


def inner(x: Expression, y: Expression) -> Expression:
    """Σ_n x[n] y[n]."""
    return _layer("inner", (x, y), {})
