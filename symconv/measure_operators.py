"""What is measured of layers, as expressions of the Python interface: integers in claims.

On the last axis, unless another one is named.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from symconv.errors import StatementError
from symconv.index.poly import Poly
from symconv.operators import Expression, lets_of, name_of, operand


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


@dataclass(frozen=True)
class IntegerValues:
    """All values of an integer unknown, with the proofs that the claim holds for these and for no others."""

    found: Any

    @property
    def verdict(self) -> str:
        """proved, none where there is no value, or unknown."""
        return self.found.verdict

    @property
    def answer(self) -> str | None:
        """The condition on the unknown as claim text; None where there is no value."""
        return self.found.answer if self.found.answered else None

    def __repr__(self) -> str:
        return f"<{self.found.unknown}: {self.answer or self.verdict}>"

    def __str__(self) -> str:
        from symconv.answers import values_report

        return values_report(self.found)


def values(left: Expression | str, right: Expression | str, unknown: str, let: Iterable[str] = (),
           assume: Iterable[str] = ()) -> IntegerValues:  # fmt: skip
    """All integers for which two sizes are equal.

    >>> values("size(conv1d(x, k, padding=p))", "size(x)", "c", ["x: signal[N]", "k: kernel[c]"])
    <c: c == 2*p + 1>
    """
    from symconv.tactics.integer_unknown import read_integer_unknown, solve_integer

    own = (*lets_of((left, right)), *let)
    statement = read_integer_unknown(f"{left} == {right}", own, tuple(assume), name_of(unknown))
    if statement is None:
        raise StatementError(f"{left} == {right} is no claim between integers: write sizes, as in size(x)")
    return IntegerValues(solve_integer(statement, unknown))


def extents(e: Expression | str, let: Iterable[str] = (), assume: Iterable[str] = ()) -> tuple[Poly | None, ...]:
    """The extents of a tensor on all axes, None on unbounded ones.

    >>> extents("conv1d(x, ones(3), stride=2)", ["x: signal[N]"])
    (Poly(((N - 1)//2)),)
    """
    from symconv.tactics.sizing import find_sizes

    own = lets_of((e,)) if isinstance(e, Expression) else ()
    return find_sizes(str(e), (*own, *let), tuple(assume)).extents


def _from(f: str, e: Expression, x: Expression, axis: int) -> Expression:
    return Expression(f"{f}({operand(e, f)}, {operand(x, f)}, {axis})", lets_of((e, x)))
