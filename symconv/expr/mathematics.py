"""Mathematics as a small format-free tree, which the printers of `render/` write in their languages.

Math ::= Sym(name) | Num(text) | Tok(name) | Row(items) | Script(base, sub, sup) | Big(limits, body, sign)
       | Frac(top, bottom) | Fence(kind, body) | Accent(kind, base) | Words(text) | Cases(rows)
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Sym:
    name: str


@dataclass(frozen=True, slots=True)
class Num:
    text: str


@dataclass(frozen=True, slots=True)
class Tok:
    """An operator, relation or special sign, named as in the printers' tables."""

    name: str


@dataclass(frozen=True, slots=True)
class Row:
    items: tuple[Math, ...]


@dataclass(frozen=True, slots=True)
class Script:
    base: Math
    sub: Math | None = None
    sup: Math | None = None


@dataclass(frozen=True, slots=True)
class Big:
    """A sum over the indices below the sign; also a maximum, the place of one, or a limit."""

    limits: Math
    body: Math
    sign: str = "sum"


@dataclass(frozen=True, slots=True)
class Frac:
    top: Math
    bottom: Math


@dataclass(frozen=True, slots=True)
class Fence:
    kind: str
    body: Math


@dataclass(frozen=True, slots=True)
class Accent:
    kind: str
    base: Math


@dataclass(frozen=True, slots=True)
class Words:
    text: str


@dataclass(frozen=True, slots=True)
class Cases:
    rows: tuple[tuple[Math, Math], ...]


Math = Sym | Num | Tok | Row | Script | Big | Frac | Fence | Accent | Words | Cases


def parts(m: Math) -> tuple[Math, ...]:
    """What a piece of mathematics is put together from."""
    match m:
        case Row(items):
            return items
        case Script(base, sub, sup):
            return tuple(p for p in (base, sub, sup) if p is not None)
        case Big(limits, body):
            return limits, body
        case Frac(top, bottom):
            return top, bottom
        case Fence(_, body) | Accent(_, body):
            return (body,)
        case Cases(rows):
            return tuple(p for pair in rows for p in pair)
        case _:
            return ()


def split_name(name: str) -> tuple[str, str]:
    """A name and its number: k2 and k_2 are k with the subscript 2."""
    stem = name.rstrip("0123456789")
    return (stem.rstrip("_") or name, name[len(stem) :]) if stem else (name, "")


def row(*items: Math) -> Row:
    """Things side by side."""
    return Row(items)


def joined(items: Iterable[Math], between: Math) -> Math:
    """Things with a sign between them."""
    out: list[Math] = []
    for item in items:
        out += [between, item] if out else [item]
    return out[0] if len(out) == 1 else Row(tuple(out))


def places(items: Iterable[Math]) -> Math:
    """Things with commas between them."""
    return joined(items, Tok("comma"))
