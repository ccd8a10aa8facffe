"""Which maps are linear in a name by the way they are made, and numbers that show that one is not."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from itertools import islice, product

from symconv.errors import StatementError
from symconv.expr.evaluate import Evaluator, Place
from symconv.expr.nodes import (
    Add,
    Adjoint,
    Conv,
    Corr,
    Down,
    Entry,
    Expr,
    Flip,
    Formula,
    Grad,
    Inner,
    Layer,
    Mul,
    Name,
    Neg,
    Number,
    Reverse,
    Shift,
    Sum,
    Up,
    rank,
)  # fmt: skip
from symconv.expr.satisfy import sizes
from symconv.expr.statement import Statement, inside
from symconv.expr.text import text
from symconv.expr.traverse import children

LINEAR = frozenset({"pixel_shuffle", "pixel_unshuffle", "permute", "avg_pool", "bed_of_nails", "upsample_nearest",
                    "upsample_linear", "pad", "window"})  # fmt: skip
"""Layers of one operand that are linear in it."""


def linear(e: Expr, x: Name | Number, statement: Statement) -> bool:
    """Whether e is a linear map of x by the way it is made (False: not seen to be one)."""
    if e == x:
        return True
    if isinstance(e, Name) and e.name in statement.definitions:
        return linear(statement.definitions[e.name], x, statement)
    parts = children(e)
    met = [p for p in parts if x.name in inside(p, statement)]
    match e:
        case Neg() | Down() | Up() | Flip() | Reverse() | Shift() | Entry() | Sum() | Formula():
            return bool(met) and linear(met[0], x, statement)
        case Add() | Layer("cat"):
            return bool(met) and len(met) == len(parts) and all(linear(p, x, statement) for p in met)
        case Mul() | Conv() | Corr() | Inner():
            return len(met) == 1 and linear(met[0], x, statement)
        case Layer(_, (_,)) if e.kind in LINEAR:
            return bool(met) and linear(met[0], x, statement)
        case Layer("max_unpool", (y, _)):  # Linear in what is put, not in where it is put.
            return met == [y] and linear(y, x, statement)
        case Layer(_, (_, _)):
            return len(met) == 1 and linear(met[0], x, statement)
        case Grad(_, by) | Adjoint(_, by):
            return by != x and len(met) == 1 and linear(met[0], x, statement)
        case _:
            return False


def unlikeness(e: Expr, x: Name | Number, statement: Statement) -> str:
    """In words, a place and numbers at which doubling x, or x with the other sign, shows that e is not linear."""
    for integers in islice(sizes(statement, largest=3), 40):
        for values, at in product(_samples(statement), islice(product(range(4), repeat=rank(e)), 64)):
            for factor in (-1, 2):
                one, other = (_value(e, x, at, Fraction(f), values, statement, integers) for f in (1, factor))
                if one is not None and other is not None and other != factor * one:
                    times = "" if factor == -1 else f"{factor}*"
                    place = f"[{', '.join(map(str, at))}]" if at else ""
                    given = f"every entry of {x.name}" if isinstance(x, Name) else x.name
                    return (f"({text(e)}){place} is {one} where {given} is {values[x.name]}, and "
                            f"{other}, not {factor * one}, for {times or '-'}{x.name}")  # fmt: skip
    return ""


def _samples(statement: Statement) -> Iterator[dict[str, int]]:
    """A value for all entries of each sequence and for each number."""
    names = [d.name for d in statement.declarations.values() if d.kind in ("signal", "kernel", "number")]
    for values in islice(product((1, -1, 2), repeat=len(names)), 27):
        yield dict(zip(names, values, strict=True))


def _value(e: Expr, x: Name | Number, at: Place, factor: Fraction, values: Mapping[str, int], statement: Statement,
           integers: Mapping[str, int]) -> Fraction | None:  # fmt: skip
    """e at a place, with `factor` times the values of x; None where that takes too much work."""

    def entry(name: str, place: Place) -> Fraction:
        return values[name] * (factor if name == x.name else Fraction(1))

    numbers = {n: v * (factor if n == x.name else Fraction(1)) for n, v in values.items()}
    try:
        return Evaluator(statement, integers, numbers, entry).number(e, at)
    except (StatementError, KeyError):
        return None
