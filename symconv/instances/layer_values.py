"""The outputs of a layer at concrete sizes, from what it reads: sums of products, means, maxima and norms.

Values are anything that adds and multiplies with fractions; a maximum needs an order, and the first of equal ones
is taken.  A norm whose root is no fraction is a SymPy number.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from itertools import product
from typing import Any

from symconv.errors import StatementError
from symconv.expr import jets
from symconv.expr.jets import Jet, head
from symconv.instances.finite_array import NOUGHT, Place, Tensor, fractions, lightened
from symconv.instances.layer_reads import Read, Reader, bias_place, reads


def layer_values(r: Reader, parts: Sequence[Tensor]) -> tuple[Any, ...]:
    """All outputs, in row-major order."""
    if r.layer.kind == "max_unpool":
        return _unpooled(r, parts[0], parts[1])
    parts = lightened(parts)
    return fractions(value(r, n, parts) for n in product(*map(range, r.extents)))


def value(r: Reader, n: Place, parts: Sequence[Tensor]) -> Any:
    """The output at one place."""
    match r.layer.kind:
        case "max_pool":
            return greatest(parts[0].at(m) for m in window(r, n, parts[0]))
        case "lp_pool":
            p = exponent(r)
            return root(sum((raised(parts[0].at(m), p, 1) for m in window(r, n, parts[0])), NOUGHT), p)
        case _:
            total: Any = 0
            for read in reads(r, n):
                sample = parts[read.part].get(read.sample)
                if sample is not None:
                    total = total + (parts[1].at(read.tap) if read.tap is not None else read.weight) * sample
            biased = len(parts) > 2 and r.layer.kind != "cat"
            return total + bias(r, n, parts) if biased else total


def multiplied(read: Read, parts: Sequence[Tensor]) -> Any:
    """A sample times its tap or its weight."""
    sample = parts[read.part].at(read.sample)
    if read.tap is not None:
        return parts[1].at(read.tap) * sample
    return sample if read.weight == 1 else sample * read.weight


def bias(r: Reader, n: Place, parts: Sequence[Tensor]) -> Any:
    """What the third operand adds to an output."""
    place = bias_place(r, n)
    return parts[2].at(place)


def window(r: Reader, n: Place, x: Tensor) -> list[Place]:
    """The places of a pooling window that are inside the operand; there is at least one."""
    inside = [read.sample for read in reads(r, n) if x.has(read.sample)]
    if not inside:
        raise StatementError(f"the pooling window of output {', '.join(map(str, n))} has padding alone in it: "
                             "pad by at most half a window")  # fmt: skip
    return inside


def exponent(r: Reader) -> int:
    """The p of an L^p norm."""
    (p,) = r.layer.exponent
    return p.constant() or 1


def greatest(values: Iterable[Any]) -> Any:
    """The first greatest value; StatementError where the values have no order."""
    found = list(values)
    try:
        return max(found, key=head)
    except TypeError:
        raise StatementError("the greatest of these values is not known: maxima are taken of numbers") from None


def magnitude(v: Any) -> Any:
    """|v|."""
    try:
        return -v if head(v) < 0 else v
    except TypeError:
        raise StatementError(f"|{v}| is not known: norms are taken of numbers") from None


def raised(v: Any, p: int, q: int, above: bool = False) -> Any:
    """|v|^(p/q); derivatives as in `jets.raised`; StatementError for a negative power of 0."""
    if isinstance(v, Jet):
        return jets.raised(v, p, q, above)
    size = magnitude(v)
    if not size and p < 0:
        raise StatementError("a negative power of 0 has no value")
    if abs(p) > jets.LARGEST:
        raise StatementError(f"the exponent {p} is too large to be written out: at most {jets.LARGEST} is")
    return root(size**p, q)


def root(v: Any, q: int) -> Any:
    """The q-th root of a number v ≥ 0, exactly: a fraction, or a SymPy radical."""
    if q == 1 or v in (0, 1):
        return v
    if isinstance(v, Jet):
        return jets.raised(v, 1, q)
    if isinstance(v, Fraction):
        top, bottom = _whole_root(v.numerator, q), _whole_root(v.denominator, q)
        if top is not None and bottom is not None:
            return Fraction(top, bottom)
    import sympy

    v = sympy.Rational(v.numerator, v.denominator) if isinstance(v, Fraction) else v
    return sympy.root(v, q)


def _whole_root(n: int, p: int) -> int | None:
    """The integer whose p-th power is n ≥ 0, by bisection; None where there is none."""
    low, high = 0, 1 << (n.bit_length() // p + 1)
    while low < high:
        middle = (low + high) // 2
        low, high = (middle + 1, high) if middle**p < n else (low, middle)
    return low if low**p == n else None


def _unpooled(r: Reader, y: Tensor, x: Tensor) -> tuple[Any, ...]:
    """Each y[i] is added at the first greatest sample of the i-th window of x."""
    held = dict.fromkeys(x.places(), NOUGHT)
    for i, v in zip(y.places(), y.entries, strict=True):
        inside = window(r, i, x)
        best = max(inside, key=lambda m: head(x.at(m)))
        held[best] = held[best] + v
    return tuple(held.values())
