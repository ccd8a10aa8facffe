"""Reading what stands beyond the ends of a tensor: padding in words, numbers and modes; and the extents of outputs."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from dataclasses import replace
from typing import Protocol

from symconv.errors import StatementError
from symconv.expr.agreement import agree
from symconv.expr.ends import MODES
from symconv.expr.floors import floor, without_floor
from symconv.expr.nodes import Expr, Layer, rank
from symconv.expr.shapes import Extents as Axes
from symconv.expr.support import extents
from symconv.expr.syntax import show, tuple_of
from symconv.expr.windows import (
    Extents,
    entrywise_extents,
    operand_extents,
    output_extents,
    spare_starts,
    tensor_extents,
    whole,
)
from symconv.index.conditions import Divides
from symconv.index.facts import Facts
from symconv.index.poly import ONE, ZERO, Poly, const

WORDS = ("valid", "same", "same_upper", "same_lower", "full")
"""What may be said of padding instead of numbers."""


class Builder(Protocol):
    """What reading a layer needs of the reader of expressions."""

    facts: Facts
    extents: Axes
    definitions: Mapping[str, Expr]
    spatial: int

    def expression(self, node: ast.expr, want: int | None) -> Expr: ...
    def integer(self, node: ast.expr) -> Poly: ...
    def per_axis(self, value: ast.expr, d: int, least: Poly | None, what: str, node: ast.Call) -> tuple[Poly, ...]: ...
    def at_least_polys(self, ps: tuple[Poly, ...], least: Poly, what: str, words: str) -> tuple[Poly, ...]: ...


def taps_of(b: Builder, e: Expr) -> tuple[Poly | None, ...]:
    """The extents of the axes that begin at 0, as far as they are known."""
    return operand_extents(e, b.facts, b.definitions)


def steps(b: Builder, key: str, d: int, options: Mapping[str, ast.expr], node: ast.Call) -> tuple[Poly, ...]:
    least = ZERO if key == "padding" else ONE
    match options.get(key):
        case None:
            return (least,) * d
        case ast.Constant(value=str(word)):
            raise StatementError(f"{show(node)}: {key}={word!r} is not known here; write a number for each axis")
        case value:
            return b.per_axis(value, d, least, f"the {key}", node)


def padding_of(b: Builder, kind: str, x: Expr, w: Expr, stride: tuple[Poly, ...], dilation: tuple[Poly, ...],
             options: Mapping[str, ast.expr], node: ast.Call) -> tuple[Expr, tuple[Poly, ...]]:  # fmt: skip
    """The operand, and the zeros on each side of it; it is padded itself where the ends differ or are no zeros."""
    d = len(stride)
    mode = word_of(options, "padding_mode", MODES, "zeros", node)
    match options.get("padding"):
        case ast.Constant(value=str()) if kind in ("conv", "depthwise"):
            word = word_of(options, "padding", WORDS, "valid", node)
            taps = taps_of(b, w)[-d:]
            known = tuple(t * (c - 1) for t, c in zip(dilation, taps, strict=True) if c is not None)
            if word in ("valid", "full"):
                low = high = known if word == "full" else (ZERO,) * d
            else:
                low, high = _same_ends(b, word, x, known, stride, node)
            if len(low) < d:
                raise StatementError(f"{show(node)}: the number of taps of {show(node.args[1])} must be known, as in "
                                     "k: kernel[c]")  # fmt: skip
        case _:
            low = high = steps(b, "padding", d, options, node)
    if low == high and mode == "zeros":
        return x, low
    return windowed(b, padded(b, x, low, high, mode, node), node), (ZERO,) * d


def _same_ends(b: Builder, word: str, x: Expr, spans: tuple[Poly, ...], stride: tuple[Poly, ...],
               node: ast.Call) -> tuple[tuple[Poly, ...], tuple[Poly, ...]]:  # fmt: skip
    """Padding for ⌈N/s⌉ outputs, where a window spans so many places more than one; the odd zero comes last, or first.

    Sources: torch.nn.Conv1d (same, of stride 1) and ONNX Conv (SAME_UPPER, SAME_LOWER).
    """
    if word == "same" and any(s != ONE for s in stride):
        raise StatementError(f"{show(node)}: padding='same' is for stride 1; write 'same_upper' or 'same_lower'")
    lows: list[Poly] = []
    highs: list[Poly] = []
    for more, s, n in zip(spans, stride, tensor_extents(x, b.facts, b.definitions)[-len(stride) :], strict=False):
        both = more
        if s != ONE:
            if n is None:
                raise StatementError(f"{show(node)}: {show(node.args[0])} needs an extent, as in x: signal[N]")
            both = floor(n - 1, s) * s + more + 1 - n
            if (both.constant() or 0) < 0:
                both = ZERO
            elif not b.facts.nonnegative(more + 1 - s):
                b.at_least_polys((both,), ZERO, "the padding", show(node))
        half = floor(both, const(2))
        lows.append(both - half if word == "same_lower" else half)
        highs.append(half if word == "same_lower" else both - half)
    return tuple(lows), tuple(highs)


def word_of(options: Mapping[str, ast.expr], key: str, known: tuple[str, ...], usual: str, node: ast.Call) -> str:
    match options.get(key):
        case None:
            return usual
        case ast.Constant(value=str(word)) if word in known:
            return word
        case value:
            raise StatementError(f"{show(node)}: {key}={show(value)} is not known; write one of {', '.join(known)}")


def both_ends(b: Builder, value: ast.expr, axes: int, node: ast.Call) -> tuple[tuple[Poly, ...], tuple[Poly, ...]]:
    """p for both ends of every axis, or of the places that a layer works on; (l, r) of one axis; or a pair for each."""
    pairs = tuple_of(value) if isinstance(value, ast.Tuple | ast.List) else []
    if pairs and all(isinstance(p, ast.Tuple | ast.List) for p in pairs):
        if len(pairs) > axes or any(len(tuple_of(p)) != 2 for p in pairs):
            raise StatementError(f"{show(node)}: write a pair (l, r) for each axis that is padded, of {axes}")
        ends = [b.per_axis(p, 2, ZERO, "padding", node) for p in pairs]
        return tuple(low for low, _ in ends), tuple(high for _, high in ends)
    d = min(b.spatial or axes, axes)
    if len(pairs) == 2 and d == 1:
        low, high = b.per_axis(value, 2, ZERO, "padding", node)
        return (low,), (high,)
    if pairs:
        raise StatementError(f"{show(node)}: {show(value)} is for {axes} axes: write a pair (l, r) for each axis that "
                             "is padded, as in ((1, 2), (0, 1))")  # fmt: skip
    same = b.per_axis(value, d, ZERO, "padding", node)
    return same, same


def padded(b: Builder, x: Expr, low: tuple[Poly, ...], high: tuple[Poly, ...], mode: str, node: ast.Call) -> Layer:
    """So many places more before and after on the last axes, with zeros or as the mode says."""
    d, one = len(low), (ONE,) * len(low)
    if mode == "zeros":
        return Layer("pad", (x,), one, padding=low, output_padding=high)
    counts = tensor_extents(x, b.facts, b.definitions)[-d:]
    known = tuple(n for n in counts if n is not None)
    if len(known) < d:
        raise StatementError(f"{show(node)}: what stands beyond the ends needs ends: declare {show(node.args[0])} with "
                             "extents, as in x: signal[N]")  # fmt: skip
    spare = {"reflect": 1, "circular": 0}.get(mode)
    if spare is not None:
        for p, n in ((p, n) for ends in (low, high) for p, n in zip(ends, known, strict=True)):
            words = f"{show(node)}: what is left of {n} places after the padding {p}"
            b.at_least_polys((n - spare - p,), ZERO, words, words)
    extents = tuple(n + p + q for n, p, q in zip(known, low, high, strict=True))
    return Layer("pad", (x,), one, padding=low, output_padding=high, order=(MODES.index(mode),), extents=extents)


def tensor(b: Builder, x: Expr, node: ast.Call) -> Expr:
    """An operand of a layer: what is made of tensors entry by entry is one too, also where it makes more of 0."""
    agree(b, x, node)
    if None not in tensor_extents(x, b.facts, b.definitions):
        return x
    found = entrywise_extents(x, b.facts, b.definitions)
    known = tuple(n for n in found if n is not None)
    return Layer("window", (x,), extents=known) if known and len(known) == len(found) else x


def windowed(b: Builder, e: Layer, node: ast.Call) -> Layer:
    """The layer with the extents of its outputs, of which there must be one; as it is where it is a sequence."""
    d = len(e.stride) if e.kind != "pointwise" else rank(e) - 1
    space = tensor_extents(e.parts[0], b.facts, b.definitions)
    if not d or e.kind == "conv_weight" or None in space[len(space) - d :]:
        return e
    if e.kind.startswith("pixel"):
        return shuffled(b, e, space, node)
    operands: list[Extents] = [space, *(taps_of(b, p) for p in e.parts[1:])]
    if e.kind == "max_unpool":
        operands[1] = tensor_extents(e.parts[1], b.facts, b.definitions)
        _same_windows(b, e, operands, node)
    extents = output_extents(e, operands, floor, b.facts)[-d:]
    found = tuple(n for n in extents if n is not None)
    if len(found) < d:
        return _of_unknown_taps(b, e, node)
    for n in found:
        value = n.constant()
        if value is not None and value < 1:
            why = ("its padding cuts all of it off; take less padding" if e.kind == "conv_transpose" else
                   "its window does not fit; give more samples, fewer taps or padding")  # fmt: skip
            raise StatementError(f"{show(node)}: a layer has {n} outputs: {why}")
        b.at_least_polys((without_floor(n - 1),), ZERO, "the number of outputs, less one,", show(node))
    return e if whole(e) else replace(e, extents=found)


def _of_unknown_taps(b: Builder, e: Layer, node: ast.Call) -> Layer:
    """A layer whose kernel is solved for is a sequence; another one of samples must tell how many taps there are."""
    solved = any(r is not None and "_lo" in r[0].names() for part in e.parts[1:] for r in extents(part, b.facts))
    if e.kind in ("conv", "conv_transpose", "depthwise") and not solved:
        raise StatementError(f"{show(node)}: how many taps {show(node.args[1])} has is not known, so the layer has "
                             "no extent: declare K: kernel[c], and assume what it equals")  # fmt: skip
    return e


def _same_windows(b: Builder, e: Layer, operands: list[Extents], node: ast.Call) -> None:
    """What is put back has an entry for each window of the samples, as far as both are known."""
    pool = replace(e, kind="max_pool", parts=e.parts[1:])
    counts = zip(operands[0], output_extents(pool, operands[1:], floor, b.facts), strict=True)
    for given, outputs in counts:
        known = (given - outputs).constant() if given is not None and outputs is not None else 0
        if known:
            raise StatementError(f"{show(node)}: {show(node.args[0])} has {given} entries on an axis, and "
                                 f"{show(node.args[1])} has {outputs} windows there")  # fmt: skip


def pooled(b: Builder, e: Layer, x: Expr, options: Mapping[str, ast.expr], node: ast.Call) -> Layer:
    """The pooling layer with what it must know of the ends of x; as it is where windows stay within, or x has no ends.

    Demands, as PyTorch does, that padding is at most half a window, so that every window has a sample.
    """
    ceil, exclude = flag(options, "ceil_mode", False, node), not flag(options, "count_include_pad", True, node)
    counts = tensor_extents(x, b.facts, b.definitions)[-len(e.window) :]
    beyond = any(p.terms for p in e.padding)
    known = tuple(n for n in counts if n is not None)
    ceil = ceil and not (len(known) == len(counts) and _end_on_windows(e, known))
    marked = (int(ceil), int(exclude)) if ceil or (exclude and beyond) else ()
    if len(known) < len(counts) and (marked or (known and beyond)):
        raise StatementError(f"{show(node)}: what a window has beyond the ends needs ends: declare "
                             f"{show(node.args[-2] if len(e.parts) > 1 else node.args[0])} with extents, as in "
                             "x: signal[N]")  # fmt: skip
    if not known or not (beyond or marked):
        return e
    for c, t, p, n in zip(e.window, e.dilation, e.padding, known, strict=True):
        if (c - 2 * p).constant() is not None and not b.facts.nonnegative(c - 2 * p):
            raise StatementError(f"{show(node)}: padding by {p} is more than half a window of {c}: pad by at most half "
                                 "a window")  # fmt: skip
        if p.terms:
            b.at_least_polys((c - 2 * p,), ZERO, "the window less twice the padding", show(node))
        if t != ONE and e.kind != "avg_pool":
            b.at_least_polys((n - t,), ZERO, "the number of samples less the dilation", show(node))
    e = replace(e, order=marked, groups=known if e.kind.startswith("max") or (e.kind == "avg_pool" and marked) else ())
    for spare in spare_starts(e) if ceil else ():
        if not b.facts.nonnegative(-spare):
            words = "with ceil_mode, the window less the stride and the padding"
            b.at_least_polys((spare,), ZERO, words, show(node))
    return e


def _end_on_windows(e: Layer, counts: tuple[Poly, ...]) -> bool:
    """Whether the stride divides N + 2p − d(c − 1) − 1, so that rounding makes no difference."""
    steps = zip(counts, e.window, e.stride, e.dilation, e.padding, strict=True)
    return all((n + 2 * p - t * (c - 1) - 1).divide(s) is not None for n, c, s, t, p in steps)


def flag(options: Mapping[str, ast.expr], key: str, usual: bool, node: ast.Call) -> bool:
    match options.get(key):
        case None:
            return usual
        case ast.Constant(value=bool(value)):
            return value
        case value:
            raise StatementError(f"{show(node)}: {key}={show(value)} is neither True nor False")


def shuffled(b: Builder, e: Layer, x: tuple[Poly | None, ...], node: ast.Call) -> Layer:
    """A layer that moves all places to channels or back: r divides the extents, or r² the number of channels."""
    (r,), (channels, *space) = e.stride, x[-3:]
    due = [(channels, r * r)] if e.kind == "pixel_shuffle" else [(n, r) for n in space]
    for n, m in due:
        if n is None or n.divide(m) is not None:
            continue
        if n.constant() is not None and m.constant() is not None:
            what = "channels" if e.kind == "pixel_shuffle" else "places"
            raise StatementError(f"{show(node)}: {n} {what} are no multiple of {m}")
        if Divides(m, n) not in b.extents.needed:
            b.extents.needed.append(Divides(m, n))
    return e
