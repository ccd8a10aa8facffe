"""Linear forms: Σ_j c_j x_j in the entries x_j of one sequence, the ring in which a linear map is evaluated.

A form adds to forms and is multiplied by coefficients, Fractions or SymPy expressions; a product of two forms, or a
form with a constant beside it, is not linear and raises StatementError.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from symconv.errors import StatementError


class Form:
    """Coefficients by the number of the entry; immutable."""

    __slots__ = ("terms",)

    def __init__(self, terms: Mapping[int, Any]) -> None:
        self.terms = terms

    def __add__(self, other: Any) -> Form:
        if not isinstance(other, Form):
            if other == 0:
                return self
            raise StatementError("a constant is added: the map is not linear")
        small, large = sorted((self.terms, other.terms), key=len)
        out = dict(large)
        for j, c in small.items():
            out[j] = out.get(j, Fraction(0)) + c
        return Form(out)

    def __mul__(self, other: Any) -> Form:
        if isinstance(other, Form):
            raise StatementError("two entries are multiplied: the map is not linear")
        return Form({j: c * other for j, c in self.terms.items()} if other != 0 else {})

    def __neg__(self) -> Form:
        return Form({j: -c for j, c in self.terms.items()})

    def __sub__(self, other: Any) -> Form:
        return self + -other

    def __rsub__(self, other: Any) -> Form:
        return -self + other

    __radd__ = __add__
    __rmul__ = __mul__


def coefficient(value: Any, j: int) -> Any:
    """The coefficient of entry j in a form; of a number, which must be 0, it is 0."""
    if isinstance(value, Form):
        return value.terms.get(j, Fraction(0))
    if value != 0:
        raise StatementError(f"the constant {value} is an output: the map is not linear")
    return Fraction(0)
