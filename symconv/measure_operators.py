"""What is measured of layers, as expressions of the Python interface: integers in claims."""

from __future__ import annotations

from symconv.operators import Expression, lets_of, operand


def size(e: Expression, axis: int = -1) -> Expression:
    """The extent of a tensor on an axis."""
    return Expression(f"size({operand(e, 'size')}, {axis})", e.lets)


def reach(e: Expression, x: Expression, axis: int = -1) -> Expression:
    """The receptive field: how many samples of x, from the first to the last, an output of e is computed from."""
    return _from("reach", e, x, axis)


def jump(e: Expression, x: Expression, axis: int = -1) -> Expression:
    """The distance in x of the receptive fields of neighbouring outputs of e."""
    return _from("jump", e, x, axis)


def start(e: Expression, x: Expression, axis: int = -1) -> Expression:
    """The place in x of the first sample of output 0 of e."""
    return _from("start", e, x, axis)


def _from(f: str, e: Expression, x: Expression, axis: int) -> Expression:
    return Expression(f"{f}({operand(e, f)}, {operand(x, f)}, {axis})", lets_of((e, x)))
