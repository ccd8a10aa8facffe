"""Expressions as plain data (lists, strings, integers) and back, without loss: what certificates are made of.

A node is `[class name, field, …]`; a polynomial `{"poly": [[coefficient, name, …], …]}`; a fraction `"p/q"`.
Decoding is strict: unknown names, wrong counts and wrong types are a `StatementError`.
"""

# Decoded JSON has no types until it has been checked, which is what this file does.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false
from __future__ import annotations

import json
from dataclasses import fields
from fractions import Fraction
from hashlib import sha256
from typing import Any, get_args

from symconv.errors import StatementError
from symconv.expr.floors import is_floor, read
from symconv.expr.nodes import Expr, Node
from symconv.expr.powers import split
from symconv.index.conditions import Condition, Divides, Eq, Ge
from symconv.index.poly import Poly, const, total, var

Data = Any
LONGEST = 1000
"""The longest name of a floor that is read."""
CLASSES: dict[str, type] = {c.__name__: c for c in (*get_args(Expr), Eq, Ge, Divides)}
FIELDS = {name: tuple(f.name for f in fields(c)) for name, c in CLASSES.items()}
TYPES = {(name, f.name): str(f.type) for name, c in CLASSES.items() for f in fields(c)}


def encode(value: object) -> Data:
    """Plain data for a node, condition, polynomial, number, string, tuple or mapping."""
    match value:
        case Poly():
            return {"poly": [[c, *m] for m, c in value.terms]}
        case Fraction():
            return f"{value.numerator}/{value.denominator}"
        case bool() | int() | str():
            return value
        case tuple():
            return [encode(v) for v in value]
        case dict():
            return {"map": [[k, encode(v)] for k, v in value.items()]}
        case Node() | Eq() | Ge() | Divides():
            name = type(value).__name__
            return [name, *(encode(getattr(value, f)) for f in FIELDS[name])]
        case _:
            raise StatementError(f"{type(value).__name__} is not plain data")


def encode_argument(value: object) -> Data:
    """Plain data for an argument of a rule: of places, marked as such, and of all that `encode` knows."""
    if isinstance(value, tuple) and value and all(type(i) is int for i in value):
        return {"place": list(value)}
    return encode(value)


def digest(data: object) -> str:
    """A fingerprint of plain data, by which alterations are noticed."""
    return sha256(json.dumps(data, separators=(",", ":")).encode()).hexdigest()[:16]


def decode(data: Data) -> Expr:
    """The expression; StatementError where the data is not one."""
    e = _node(data)
    if isinstance(e, Eq | Ge | Divides):
        raise StatementError("a condition stands where an expression belongs")
    return e


def decode_condition(data: Data) -> Condition:
    """The condition; StatementError where the data is not one."""
    c = _node(data)
    if not isinstance(c, Eq | Ge | Divides):
        raise StatementError("an expression stands where a condition belongs")
    return c


def decode_poly(data: Data) -> Poly:
    """The polynomial; StatementError where the data is not one in canonical form."""
    if not isinstance(data, dict) or set(data) != {"poly"} or not isinstance(data["poly"], list):
        raise StatementError(f"not a polynomial: {str(data)[:60]}")
    out: list[Poly] = []
    for term in data["poly"]:
        if not isinstance(term, list) or not term or type(term[0]) is not int:
            raise StatementError(f"not a term: {str(term)[:60]}")
        p = const(term[0])
        for name in term[1:]:
            p = p * var(_size_name(name))
        out.append(p)
    p = total(out)
    if encode(p) != data:
        raise StatementError(f"not in canonical form: {str(data)[:60]}")
    return p


def _size_name(data: Data) -> str:
    """A name, the power s**r, or the floor (p//s)."""
    if isinstance(data, str) and is_floor(data) and len(data) <= LONGEST and read(data, {}).name() == data:
        return data
    parts = split(data) if isinstance(data, str) else None
    return decode_name(data) if parts is None else "**".join(map(decode_name, parts))


def decode_name(data: Data) -> str:
    """An identifier."""
    if not isinstance(data, str) or not data.isidentifier() or data.startswith("_"):
        raise StatementError(f"not a name: {str(data)[:60]}")
    return data


def decode_argument(data: Data) -> Any:
    """An argument of a rule: a name, a count, a polynomial, a condition, a list of names, a place, or a map."""
    match data:
        case {"poly": _}:
            return decode_poly(data)
        case {"map": [*pairs]}:
            if not all(isinstance(pair, list) and len(pair) == 2 and type(pair[0]) in (int, str) for pair in pairs):
                raise StatementError("not a map to polynomials")
            return {k: decode_poly(p) for k, p in pairs}
        case [("Eq" | "Ge" | "Divides"), *_]:
            return decode_condition(data)
        case {"place": [*steps]} if all(type(i) is int and i >= 0 for i in steps):
            return tuple(steps)
        case [*names]:
            return tuple(map(decode_name, names))
        case int() if not isinstance(data, bool) and data >= 0:
            return data
        case _:
            return decode_name(data)


def _fraction(data: Data) -> Fraction:
    try:
        numerator, denominator = str(data).split("/")
        value = Fraction(int(numerator), int(denominator))
    except (ValueError, ZeroDivisionError):
        raise StatementError(f"not a fraction: {str(data)[:60]}") from None
    if encode(value) != data:
        raise StatementError(f"not in lowest terms: {data}")
    return value


def _node(data: Data) -> Any:
    if not isinstance(data, list) or not data or not isinstance(data[0], str) or data[0] not in CLASSES:
        raise StatementError(f"not an expression: {str(data)[:60]}")
    name, values = data[0], data[1:]
    if len(values) != len(FIELDS[name]):
        raise StatementError(f"{name} has {len(FIELDS[name])} parts, not {len(values)}")
    return CLASSES[name](*(_field(TYPES[name, f], v) for f, v in zip(FIELDS[name], values, strict=True)))


def _field(kind: str, data: Data) -> Any:
    match kind:
        case "Expr":
            return decode(data)
        case "Condition":
            return decode_condition(data)
        case "Poly":
            return decode_poly(data)
        case "Fraction":
            return _fraction(data)
        case "str":
            return decode_name(data)
        case "int":
            if type(data) is not int or data < 0:
                raise StatementError(f"not a count: {str(data)[:60]}")
            return data
        case _ if kind.startswith("tuple["):
            if not isinstance(data, list):
                raise StatementError(f"not a list: {str(data)[:60]}")
            return tuple(_field(kind[6 : kind.index(",")], v) for v in data)
        case _:
            raise StatementError(f"no such field: {kind}")
