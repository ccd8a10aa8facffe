"""Reading layers: conv2d(x, w, stride=2, …) and their like, from syntax trees to nodes."""

from __future__ import annotations

import ast
from collections.abc import Mapping

from symconv.errors import StatementError, counted
from symconv.expr.agreement import agree_kernels
from symconv.expr.ends import MODES
from symconv.expr.nodes import (
    Expr,
    Formula,
    Layer,
    rank,
)  # fmt: skip
from symconv.expr.padding import (
    Builder,
    both_ends,
    flag,
    padded,
    padding_of,
    pooled,
    steps,
    taps_of,
    tensor,
    windowed,
    word_of,
)
from symconv.expr.shapes import spatial
from symconv.expr.syntax import show, tuple_of
from symconv.expr.windows import tensor_extents
from symconv.index.poly import ONE, ZERO, Poly

KEYS: dict[str, tuple[str, ...]] = {
    "conv": ("stride", "padding", "dilation", "groups", "bias", "padding_mode"),
    "conv_transpose": ("stride", "padding", "output_padding", "groups", "dilation", "bias"),
    "weight": ("stride", "padding", "dilation", "groups"),
    "depthwise": ("stride", "padding", "dilation", "bias"),
    "avg_pool": ("stride", "padding", "ceil_mode", "count_include_pad"),
    "max_pool": ("stride", "padding", "dilation", "ceil_mode"),
    "lp_pool": ("stride", "ceil_mode"),
    "max_unpool": ("stride", "padding", "dilation", "ceil_mode"),
    "pointwise": ("bias",),
    "cat": ("dim",),
    "scale": ("dim",),
    "pad": ("mode",),
    "upsample_linear": ("align_corners",),
}
COUNTS = {"cat": 1, "lp_pool": 3, "max_unpool": 3}
POOLING = ("avg_pool", "max_pool", "lp_pool", "max_unpool")
NAMES = (
    *(f"{kind}{d}d" for kind in ("conv", "conv_transpose", "depthwise", *POOLING) for d in (1, 2, 3)),
    *(f"conv{d}d_weight" for d in (1, 2, 3)),
    "pointwise", "cat", "permute", "scale", "pixel_shuffle", "pixel_unshuffle", "pad", "window",
    "upsample_nearest", "upsample_linear", "bed_of_nails",
)  # fmt: skip


def kind_of(f: str) -> str:
    """conv for conv2d, weight for conv2d_weight; the name itself for the others."""
    return "weight" if f.endswith("_weight") else f[:-2] if spatial(f) else f


def layer(b: Builder, f: str, node: ast.Call, want: int | None) -> Expr:
    """The node of a layer, with the extents of its outputs where its operands are tensors.

    StatementError with place and mend where it is not well formed.
    """
    outer, b.spatial = b.spatial, spatial(f) or b.spatial
    e = _layer(b, f, node, want)
    b.spatial = outer
    return windowed(b, e, node) if isinstance(e, Layer) and not e.extents else e


def _layer(b: Builder, f: str, node: ast.Call, want: int | None) -> Expr:
    kind, d = kind_of(f), spatial(f)
    count = COUNTS.get(kind, 2)
    options = _options(f, kind, node)
    if len(node.args) != count:
        raise StatementError(f"{show(node)}: {f} takes {count} operand{'s' * (count > 1)}, not {len(node.args)}")
    if f == "cat":
        return _cat(b, node, options, want)
    x = b.expression(node.args[0], want)
    if not rank(x):
        raise StatementError(f"{show(node)}: {show(node.args[0])} is a number, not a sequence")
    entrywise, x = x, tensor(b, x, node)
    second = node.args[1]
    match kind:
        case "conv" | "conv_transpose" | "weight" | "depthwise":
            return _convolution(b, kind, d, x, node, options)
        case "avg_pool" | "max_pool" | "lp_pool" | "max_unpool":
            return _pooled(b, kind, d, x, node, options)
        case "upsample_nearest" | "upsample_linear" | "bed_of_nails":
            return _upsampled(b, kind, x, node, options)
        case "pointwise":
            w = _operand(b, second, 2, node)
            axes = taps_of(b, w), taps_of(b, x)
            _same(b, axes[1][0], axes[0][1], node)
            return Layer(kind, (x, w, *_bias(b, options, axes[0][0], node)))
        case "scale":
            axis = _axis(options, "dim", rank(x), node)
            a = _operand(b, second, 1, node)
            _same(b, taps_of(b, x)[axis], taps_of(b, a)[0], node)
            return Layer(kind, (x, a), order=(axis,))
        case "pad":
            mode = word_of(options, "mode", MODES, "zeros", node)
            low, high = both_ends(b, second, rank(x), node)
            return padded(b, x, low, high, mode, node)
        case "window":
            counts = len(tuple_of(second)) if isinstance(second, ast.Tuple | ast.List) else rank(x)
            if counts > rank(x):
                raise StatementError(f"{show(node)}: {show(second)} has {counts} entries for "
                                     f"{counted(rank(x), 'axis', 'axes')}")  # fmt: skip
            made = b.per_axis(second, counts, ONE, "an extent", node)
            if x is not entrywise and isinstance(x, Layer) and x.extents == made:  # It is this window that is spelled.
                return x
            return Layer(kind, (x,), extents=made)
        case "permute":
            order = tuple(_whole(i, node) % rank(x) for i in tuple_of(second))
            if sorted(order) != list(range(rank(x))):
                raise StatementError(f"{show(node)}: {show(second)} does not name each of the "
                                     f"{counted(rank(x), 'axis', 'axes')} once")  # fmt: skip
            return Layer(kind, (x,), order=order)
        case _:
            if rank(x) < 3:
                raise StatementError(f"{show(node)}: {f} needs a channel axis and two more, as x: signal[C, :, :]")
            (r,) = b.per_axis(second, 1, ONE, "a factor", node)
            return Layer(kind, (x,), (r,))


def _options(f: str, kind: str, node: ast.Call) -> dict[str, ast.expr]:
    options = {k.arg or "**": k.value for k in node.keywords}
    if len(options) < len(node.keywords):
        raise StatementError(f"{show(node)}: an option is given twice")
    for key in options:
        if key not in KEYS.get(kind, ()):
            raise StatementError(
                f"{show(node)}: {f} has no option {key}; it has {', '.join(KEYS.get(kind, ('none',)))}"
            )
    return options


def _same(b: Builder, p: Poly | None, q: Poly | None, node: ast.Call) -> None:
    if p is not None and q is not None:
        b.extents.same(p, q, node)


def _operand(b: Builder, node: ast.expr, want: int, call: ast.Call) -> Expr:
    e = b.expression(node, want)
    if rank(e) != want:
        raise StatementError(f"{show(call)}: {show(node)} has {counted(rank(e), 'axis', 'axes')} where "
                             f"{counted(want, 'is', 'are')} needed")  # fmt: skip
    return e


def _bias(b: Builder, options: Mapping[str, ast.expr], outputs: Poly | None, node: ast.Call,
          channels: bool = True) -> tuple[Expr, ...]:  # fmt: skip
    given = options.get("bias")
    if given is None or (isinstance(given, ast.Constant) and given.value is None):
        return ()
    e = _operand(b, given, int(channels), node)
    if channels:
        _same(b, taps_of(b, e)[0], outputs, node)
    return (e,)


def _convolution(b: Builder, kind: str, d: int, x: Expr, node: ast.Call, options: Mapping[str, ast.expr]) -> Expr:
    channels = rank(x) - d
    if not 0 <= channels <= 2 or (kind == "depthwise" and not channels):
        raise StatementError(f"{show(node)}: {show(node.args[0])} has {counted(rank(x), 'axis', 'axes')}: {d} for "
                             "the places, and one for channels, or two for batch and channels, belong "
                             "here")  # fmt: skip
    weights = rank(x) if kind == "weight" else d + 1 if kind == "depthwise" else d + 2 * (channels > 0)
    w = _operand(b, node.args[1], weights, node)
    if None not in tensor_extents(x, b.facts, b.definitions)[-d:]:
        agree_kernels(b, w, node)
    stride, dilation = (steps(b, key, d, options, node) for key in ("stride", "dilation"))
    x, padding = padding_of(b, kind, x, w, stride, dilation, options, node)
    groups = b.per_axis(options["groups"], 1, ONE, "the number of groups", node)[0] if "groups" in options else ONE
    if groups != ONE and not channels:
        raise StatementError(f"{show(node)}: groups are groups of channels, and {show(node.args[0])} has none")
    extra: tuple[Poly, ...] = ()
    if "output_padding" in options:
        extra = b.per_axis(options["output_padding"], d, ZERO, "output_padding", node)
        for more, s, t in zip(extra, stride, dilation, strict=True):
            known = [(p - more).constant() for p in (s, t)]
            if None not in known and max(c or 0 for c in known) < 1:
                raise StatementError(f"{show(node)}: output_padding must be less than the stride or the dilation, "
                                     f"not {more}")  # fmt: skip
            if t == ONE and None in known:
                b.at_least_polys((s - 1 - more,), ZERO, "the stride, less one and less output_padding,", show(node))
    shares: tuple[Poly, ...] = ()
    outputs: Poly | None = None
    if channels:
        shares, outputs = _channels(b, kind, d, x, w, groups, node)
    bias = _bias(b, options, outputs, node, channels > 0)
    return Layer("conv_weight" if kind == "weight" else kind, (x, w, *bias), stride, dilation, padding, shares,
                 output_padding=extra if any(p.terms for p in extra) else ())  # fmt: skip


def _channels(b: Builder, kind: str, d: int, x: Expr, w: Expr, groups: Poly,
              node: ast.Call) -> tuple[tuple[Poly, ...], Poly | None]:  # fmt: skip
    """(G, M, D) where there is more than one group, and the number of output channels where it is known."""
    inputs, k = None if isinstance(x, Formula) else taps_of(b, x)[-d - 1], taps_of(b, w)
    if kind == "depthwise":
        _same(b, inputs, k[0], node)
        return (), k[0]
    if kind == "weight":
        outputs = k[-d - 1]
        if groups == ONE:
            return (), outputs
        if inputs is None or outputs is None:
            raise StatementError(f"{show(node)}: groups need the numbers of channels, as in x: signal[C, :]")
        return (groups, b.extents.share(outputs, groups, node), b.extents.share(inputs, groups, node)), outputs
    first, second = k[0], k[1]
    if groups == ONE:
        _same(b, inputs, second if kind == "conv" else first, node)
        return (), first if kind == "conv" else second
    if first is None or second is None:
        raise StatementError(f"{show(node)}: groups need the extents of {show(node.args[1])}: declare it as a kernel")
    if kind == "conv":
        _same(b, inputs, groups * second, node)
        return (groups, b.extents.share(first, groups, node), second), first
    _same(b, inputs, first, node)
    return (groups, second, b.extents.share(first, groups, node)), groups * second


def _pooled(b: Builder, kind: str, d: int, x: Expr, node: ast.Call, options: Mapping[str, ast.expr]) -> Expr:
    """A value for every window; the stride is the window unless it is given."""
    if not d <= rank(x) <= d + 2:
        raise StatementError(f"{show(node)}: {show(node.args[0])} has {counted(rank(x), 'axis', 'axes')} where "
                             f"{counted(d, 'is', 'are')} pooled, and at most two for batch and channels come "
                             "before")  # fmt: skip
    window = b.per_axis(node.args[-1], d, ONE, "a window", node)
    stride = steps(b, "stride", d, options, node) if "stride" in options else window
    padding, dilation = (steps(b, key, d, options, node) for key in ("padding", "dilation"))
    parts: tuple[Expr, ...] = (x,)
    power: tuple[Poly, ...] = ()
    if kind == "max_unpool":
        parts = (x, _operand(b, node.args[1], rank(x), node))
    if kind == "lp_pool":
        power = b.per_axis(node.args[1], 1, ONE, "an exponent", node)
    e = Layer(kind, parts, stride, dilation, padding, window=window, exponent=power)
    return pooled(b, e, parts[-1], options, node)


def _upsampled(b: Builder, kind: str, x: Expr, node: ast.Call, options: Mapping[str, ast.expr]) -> Expr:
    """Bed of nails, or that convolved with a box, or with a triangle, on the spatial axes.

    One factor is for all of them: the last axis of x or x[C, :], the last two of x[C, :, :] or x[N, C, :, :].
    """
    factor = node.args[1]
    axes = len(tuple_of(factor)) if isinstance(factor, ast.Tuple | ast.List) else (rank(x) + 1) // 2
    by = b.per_axis(factor, axes, ONE, "a factor", node)[-rank(x) :]
    corners = flag(options, "align_corners", False, node)
    if kind == "upsample_linear" and not corners and any(s.constant() is None for s in by):
        raise StatementError(f"{show(node)}: without align_corners=True the factors must be numbers, for even "
                             "and odd ones have different taps")  # fmt: skip
    return Layer(kind, (x,), by, order=(1,) if corners else ())


def _cat(b: Builder, node: ast.Call, options: Mapping[str, ast.expr], want: int | None) -> Expr:
    parts = [b.expression(p, want) for p in tuple_of(node.args[0])]
    if not parts or len({rank(p) for p in parts}) != 1 or not rank(parts[0]):
        raise StatementError(f"{show(node)}: cat takes a list of sequences with as many axes as each other")
    axis = _axis(options, "dim", rank(parts[0]), node)
    counts = [taps_of(b, p)[axis] for p in parts]
    known = tuple(c for c in counts if c is not None)
    if len(known) < len(counts):
        raise StatementError(
            f"{show(node)}: the extent of axis {axis} of every part must be known, as in x: signal[C, :]"
        )
    for other in range(rank(parts[0])):
        first, *rest = (taps_of(b, p)[other] for p in parts)
        for extent in rest if other != axis else ():
            _same(b, first, extent, node)
    return Layer("cat", tuple(parts), groups=known, order=(axis,))


def _axis(options: Mapping[str, ast.expr], key: str, d: int, node: ast.Call) -> int:
    axis = _whole(options[key], node) if key in options else 0
    if not -d <= axis < d:
        raise StatementError(f"{show(node)}: there is no axis {axis} among {d}")
    return axis % d


def _whole(node: ast.expr, call: ast.Call) -> int:
    match node:
        case ast.Constant(value=int(value)) if not isinstance(value, bool):
            return value
        case ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=int(value))):
            return -value
        case _:
            raise StatementError(f"{show(call)}: {show(node)} is not the number of an axis")
