"""What layers are called in mathematics: conv2d with its stride below, its padding above, and so on."""

from __future__ import annotations

from symconv.expr.ends import MODES
from symconv.expr.index_notation import integer
from symconv.expr.mathematics import Fence, Math, Num, Script, Tok, Words, joined, places, row
from symconv.expr.nodes import Layer
from symconv.index.poly import ONE, ZERO, Poly


def axes(ps: tuple[Poly, ...]) -> Math:
    """One integer where all axes agree, else a tuple."""
    return integer(ps[0]) if len(set(ps)) == 1 else Fence("(", places(map(integer, ps)))


def called(e: Layer) -> Math:
    """conv2d with its stride below, dilation, padding and groups above; pad with its two ends below, its mode above."""
    d = f"{len(e.stride)}d" if e.dilation else ""
    if e.window:
        return _pooled(e, d)
    name = f"conv{d}_weight" if e.kind == "conv_weight" else f"{e.kind}{d}"
    above: list[Math] = []
    sub: Math | None = None
    if d:
        sub = axes(e.stride) if any(s != ONE for s in e.stride) else None
        above += [row(Words("dilation "), axes(e.dilation))] if any(t != ONE for t in e.dilation) else []
        above += [row(Tok("plus"), axes(e.padding))] if any(p != ZERO for p in e.padding) else []
        above += [row(Words("longer by "), axes(e.output_padding))] if e.output_padding else []
        above += [row(integer(e.groups[0]), Words(" groups"))] if e.groups else []
    elif e.kind == "pad":
        sub = _ends(e)
        above += [Words(MODES[e.order[0]])] if e.order else []
    elif e.kind == "window":
        sub = axes(e.extents)
    elif e.stride:
        sub = axes(e.stride)
        above += [Words("aligned")] if e.order else []
    elif e.order:
        sub = places(Num(str(i)) for i in e.order)
    sup = joined(above, Tok("comma")) if above else None
    return Script(Words(name), sub, sup) if sub or sup else Words(name)


def _ends(e: Layer) -> Math:
    """p where every end has it, l, r on one axis, else a pair for each axis."""
    pairs = list(zip(e.padding, e.output_padding, strict=True))
    if len({p for pair in pairs for p in pair}) == 1:
        return integer(e.padding[0])
    shown = [places(map(integer, pair)) for pair in pairs]
    return shown[0] if len(shown) == 1 else places(Fence("(", pair) for pair in shown)


def _pooled(e: Layer, d: str) -> Math:
    """avg_pool1d with its window below, the stride beside it where it is another, the padding above."""
    shown = axes(e.window)
    if e.exponent:
        shown = places((integer(e.exponent[0]), shown))
    if any(t != ONE for t in e.dilation):
        shown = joined((shown, row(Words("dilation "), axes(e.dilation))), Tok("comma"))
    if e.stride != e.window:
        shown = joined((shown, row(Words("stride "), axes(e.stride))), Tok("comma"))
    above: list[Math] = [row(Tok("plus"), axes(e.padding))] if any(p != ZERO for p in e.padding) else []
    above += [Words("not counted")] if e.order[1:] == (1,) else []
    above += [Words("rounded up")] if e.order[:1] == (1,) else []
    return Script(Words(f"{e.kind}{d}"), shown, joined(above, Tok("comma")) if above else None)
