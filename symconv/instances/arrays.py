"""Reading data: numbers and nested lists of numbers as exact arrays, from text or from Python; nothing is evaluated.

    c=3, N=8, a=-1/2, x=[1, 0, -2], k=[[0.1, 1e-3], [1/2, +7]]

Integers, decimals (0.1 is 1/10) and fractions are read exactly.  A number alone is an array without axes.  Every fault
is one StatementError that names the place, as in x[1, 0].
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from decimal import Decimal
from fractions import Fraction
from math import isfinite
from numbers import Rational
from typing import Any

from symconv.errors import StatementError, counted
from symconv.expr.syntax import RESERVED
from symconv.instances.finite_array import Place, Tensor

NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?(/\d+)?")
TOKEN = re.compile(r"\s*([\[\]]|[^\[\],\s][^\[\],]*|,)")
LONGEST_NUMBER = 60
LARGEST_POWER = 100
LONGEST = 2_000_000
ENTRIES = 100_000
DEEPEST = 8


def read_data(items: Iterable[str]) -> dict[str, Tensor]:
    """The arrays of lines such as 'x=[1, 2]' and 'c=3,N=8'; StatementError where something is no number."""
    out: dict[str, Tensor] = {}
    for item in items:
        if len(item) > LONGEST:
            raise StatementError(f"--with has {len(item)} characters; at most {LONGEST} are read")
        for part in _assignments(item):
            name, sign, value = part.partition("=")
            name = name.strip()
            if not sign or not value.strip():
                raise StatementError(f"--with {_cut(part.strip())!r}: write a name and its numbers, as in x=[1, 0, -2]")
            _put(out, name, read_array(value, name))
    return out


def data_of(values: Mapping[str, Any]) -> dict[str, Tensor]:
    """The arrays of Python's numbers, nested lists and NumPy arrays."""
    out: dict[str, Tensor] = {}
    for name, value in values.items():
        _put(out, name, array(value, name))
    return out


def _put(out: dict[str, Tensor], name: str, value: Tensor) -> None:
    if not name.isidentifier() or not name.isascii() or name in RESERVED or name.startswith("_"):
        raise StatementError(f"{_cut(name)!r} is no name that numbers can be given to")
    if name in out:
        raise StatementError(f"{name} is given twice")
    out[name] = value


def _assignments(text: str) -> list[str]:
    """The text cut at the commas that are outside of all brackets."""
    parts, depth, first = list[str](), 0, 0
    for i, sign in enumerate(text):
        depth += (sign == "[") - (sign == "]")
        if sign == "," and depth <= 0:
            parts.append(text[first:i])
            first = i + 1
    return [part for part in (*parts, text[first:]) if part.strip()]


def read_array(text: str, name: str) -> Tensor:
    """The array that is written in nested brackets."""
    tokens = TOKEN.findall(text)
    if "".join(tokens).replace(" ", "") != re.sub(r"\s", "", text).replace(" ", ""):
        raise StatementError(f"{name}: {_cut(text.strip())!r} is no list of numbers: write as in [1, 0, -2]")
    stack: list[list[Any]] = [[]]
    comma = True  # Whether an entry may follow: at the beginning, after a bracket that opens and after a comma.
    for sign in tokens:
        inside = stack[-1]
        if sign == ",":
            if comma or len(stack) == 1:
                raise StatementError(f"{name}: a comma stands where a number belongs, after {_entries(inside)}")
            comma = True
            continue
        if sign == "]":
            if len(stack) == 1:
                raise StatementError(f"{name}: a bracket closes that was not opened")
            if comma and inside:
                raise StatementError(f"{name}: a comma stands where a number belongs, after {_entries(inside)}")
            stack.pop()
            comma = False
            continue
        if not comma:
            raise StatementError(f"{name}: a comma is missing before {_cut(sign.strip())!r}")
        comma = sign == "["
        if sign == "[":
            if len(stack) > DEEPEST:
                raise StatementError(f"{name} has more than {DEEPEST} axes")
            inside.append([])
            stack.append(inside[-1])
        else:
            inside.append(sign.strip())
    if len(stack) > 1 or len(stack[0]) != 1:
        raise StatementError(f"{name}: a bracket is not closed in {_cut(text.strip())!r}")
    return array(stack[0][0], name)


def array(value: Any, name: str) -> Tensor:
    """Numbers in nested lists as an array; the lists of one level must have one length."""
    shape: list[int] = []
    level = _plain([value])
    while any(isinstance(v, list | tuple) for v in level):
        if not all(isinstance(v, list | tuple) for v in level):
            at = next(i for i, v in enumerate(level) if not isinstance(v, list | tuple))
            raise StatementError(f"{_entry(name, at, shape)}: numbers and lists are mixed; write rows of equal length")
        lengths = [len(v) for v in level]
        at = next((i for i, n in enumerate(lengths) if n != lengths[0]), None)
        if at is not None:
            raise StatementError(f"{_entry(name, at, shape)} has {_entries(level[at])}, and "
                                 f"{_entry(name, 0, shape)} has {lengths[0]}: give each row as many "
                                 "numbers")  # fmt: skip
        if not lengths[0]:
            raise StatementError(f"{_entry(name, 0, shape)} is an empty list: give at least one number")
        shape.append(lengths[0])
        if len(shape) > DEEPEST:
            raise StatementError(f"{name} has more than {DEEPEST} axes")
        level = _plain([entry for row in level for entry in row])
        if len(level) > ENTRIES:
            raise StatementError(f"{name} has {len(level)} entries or more; at most {ENTRIES} are read")
    return Tensor((0,) * len(shape), tuple(shape),
                  tuple(number(v, _entry(name, i, shape)) for i, v in enumerate(level)))  # fmt: skip


def _entries(level: Any) -> str:
    return counted(len(level), "entry", "entries")


def _plain(level: list[Any]) -> list[Any]:
    """NumPy's arrays and numbers as Python's lists and numbers."""
    return [v.tolist() if hasattr(v, "tolist") else v for v in level]


def _entry(name: str, flat: int, shape: list[int]) -> str:
    """x[1, 0] for an entry by its number in row-major order."""
    place: Place = ()
    for count in reversed(shape):
        flat, i = divmod(flat, count)
        place = (i, *place)
    return f"{name}[{', '.join(map(str, place))}]" if place else name


def number(value: Any, where: str) -> Fraction:
    """A number exactly; a float is the decimal that it prints as."""
    if isinstance(value, bool):
        raise StatementError(f"{where}: {value} is not a number")
    if isinstance(value, Rational):
        return Fraction(int(value.numerator), int(value.denominator))
    if isinstance(value, float | Decimal):
        if not isfinite(value):
            raise StatementError(f"{where}: {value} is not a finite number")
        return number(str(value), where)
    if not isinstance(value, str):
        if getattr(value, "is_Rational", False):
            return Fraction(int(value.p), int(value.q))
        raise StatementError(f"{where}: {_cut(str(value))!r} is not a number: give integers, decimals or fractions")
    text = value.strip().replace("−", "-")
    found = NUMBER.fullmatch(text)
    if found is None or not text.isascii():
        raise StatementError(
            f"{where}: {_cut(text)!r} is not a number: write integers, decimals or fractions as in -1/2"
        )
    power = (found[2] or "e0")[1:]
    if len(text) > LONGEST_NUMBER or abs(int(power)) > LARGEST_POWER:
        raise StatementError(f"{where}: the number {_cut(text, 24)} is too long to be written out")
    whole = Fraction(text.partition("/")[0])
    below = int(found[3][1:]) if found[3] else 1
    if not below:
        raise StatementError(f"{where}: {text} divides by 0")
    return whole / below


def _cut(text: str, most: int = 40) -> str:
    return text if len(text) <= most else text[: most - 1] + "…"
