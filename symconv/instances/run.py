"""An expression at given numbers: what every name is, read off the data, and the exact value.

A list of numbers declares its name (x=[1, 0, -2] says x: signal[3]; a name that stands as a kernel is a kernel), a
number alone is a size or a real number by the place where its name stands.  Sizes that are not given follow from the
shapes of the data where they can.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

from symconv.errors import StatementError, counted
from symconv.expr import text
from symconv.expr.claim import read_expression
from symconv.expr.declarations import Let, axes_declared, kind_of, read_let
from symconv.expr.naming import Roles, collect, scalar
from symconv.expr.nodes import Expr, rank
from symconv.expr.powers import split
from symconv.expr.satisfy import met, polys
from symconv.expr.statement import Nonnegative, Statement, inside, solved
from symconv.expr.syntax import read
from symconv.expr.traverse import index_names
from symconv.index.conditions import Eq
from symconv.instances.finite_array import Tensor
from symconv.instances.sizes import completed
from symconv.instances.tensors import Tensors

LEAST = {"size": 1, "natural": 0}
LARGEST = 1_000_000
SEQUENCES = ("kernel", "upstream", "sequence", "bias")
Data = Mapping[str, Tensor]


@dataclass(frozen=True)
class Run:
    """An expression with its exact value; `tensors` knows the value of every part of it."""

    statement: Statement
    tensors: Tensors
    value: Tensor

    @property
    def expression(self) -> Expr:
        """What was evaluated."""
        return self.statement.lhs

    def as_data(self) -> dict[str, Any]:
        """The value as plain data: whole numbers as integers, others as text."""
        return {
            "verdict": "answered",
            "statement": text.text(self.expression),
            "value": exact(self.value.nested()),
            "shape": list(self.value.shape),
            "start": list(self.value.start),
        }


def exact(v: Any) -> Any:
    """Nested lists of numbers with whole ones as integers and others as text such as -1/2."""
    if isinstance(v, list):
        return [exact(entry) for entry in v]
    return v.numerator if isinstance(v, Fraction) and v.denominator == 1 else str(v)


def run(expression: str, data: Data, lets: Sequence[str] = (), assume: Sequence[str] = ()) -> Run:
    """The value of an expression; StatementError where numbers are missing or do not fit."""
    lists = {name: t for name, t in data.items() if t.start}
    scalars = {name: t.entries[0] for name, t in data.items() if not t.start}
    declared = _declared(expression, lists, scalars, lets, assume)
    statement = read_expression(expression, declared, assume)
    _check_names(statement, data)
    integers = _integers(statement, lists, scalars)
    entries = {name: _placed(statement, name, t, integers) for name, t in lists.items()}
    numbers = {n: v for n, v in scalars.items() if statement.declarations[n].kind == "number"}
    tensors = Tensors(statement, integers, entries, numbers)
    _check_assumptions(statement, tensors)
    found = tensors.tensor(statement.lhs)
    return Run(statement, tensors, replace(found, entries=tuple(map(multiplied_out, found.entries))))


def multiplied_out(v: Any) -> Any:
    """A fraction where the value is one; a SymPy number with its products multiplied out where it is none."""
    if isinstance(v, Fraction):
        return v
    v = v.expand()
    return Fraction(int(v.p), int(v.q)) if v.is_Rational else v


def _declared(expression: str, lists: Data, scalars: Mapping[str, Fraction], lets: Sequence[str],
              assume: Sequence[str]) -> list[str]:  # fmt: skip
    """The author's declarations, with extents from the data where they say none, and those of the other names."""
    tree, parsed = read(expression, "expression"), [read_let(line) for line in lets]
    roles = _roles(tree, parsed)
    defined = {item.name for item in parsed if item.value is not None}
    out: list[str] = []
    own: set[str] = set()
    for item, line in zip(parsed, lets, strict=True):
        if item.value is not None and item.name in {*lists, *scalars}:
            raise StatementError(f"{item.name} is defined by --let: it cannot be given numbers too")
        kind = kind_of(item.annotation) if item.annotation is not None else ""
        if item.name in lists and kind not in ("", "signal", "kernel"):
            raise StatementError(f"{item.name} is declared a {kind}, and a list of numbers is given for it")
        if item.name in scalars and kind in ("signal", "kernel"):
            raise StatementError(f"{item.name} is declared a {kind}: give it a list, as in {item.name}=[1, 0, -2]")
        own.add(item.name)
        out.append(_extended(item, kind, lists[item.name]) if item.name in lists else line)
    trees = [tree, *(item.value for item in parsed if item.value is not None)]
    repeated = _repeated(trees)
    assumed = {n.id for a in assume for n in ast.walk(read(a, "assumption")) if isinstance(n, ast.Name)}
    for name in roles.met:
        sequence = roles.role(name) in SEQUENCES and name not in defined and name not in own
        if sequence and name in scalars and roles.role(name) != "bias":
            raise StatementError(f"{name} stands for a sequence: give it a list, as in {name}=[1, 0, -2]")
        if sequence and name not in lists and name not in scalars and name not in assumed:
            raise StatementError(f"{name} has no numbers: give them, as in {name}=[1, 0, -2]")
    for name, t in lists.items():
        if name not in own:
            kind = "kernel" if roles.role(name) in ("kernel", "upstream") else "signal"
            extents = [":" if kind == "signal" and name in repeated else str(n) for n in t.shape]
            out.append(f"{name}: {kind}[{', '.join(extents)}]")
    out += [f"{name}: number" for name in scalars if name not in own and roles.role(name) in ("either", "bias")
            and name in roles.met]  # fmt: skip
    return out


def _repeated(trees: Sequence[ast.expr]) -> set[str]:
    """The names of which a map is repeated: their extent changes with it, so they are read without one."""
    calls = (n for tree in trees for n in ast.walk(tree) if isinstance(n, ast.Call))
    return {call.args[1].id for call in calls if isinstance(call.func, ast.Name) and call.func.id == "repeat"
            and len(call.args) > 1 and isinstance(call.args[1], ast.Name)}  # fmt: skip


def _roles(tree: ast.expr, parsed: Sequence[Let]) -> Roles:
    """The places in which names stand, as the reader of statements finds them."""
    kinds = {p.name: kind_of(p.annotation) for p in parsed if p.annotation is not None}
    roles, known = Roles(frozenset(n for n, k in kinds.items() if k == "function")), dict(kinds)
    for item in parsed:
        if item.value is not None:
            collect(item.value, "number" if item.indices else "either", roles, frozenset(item.indices), known)
            known[item.name] = "number" if scalar(item.value, known) and not item.indices else "sequence"
    side = scalar(tree, known)
    collect(tree, "sequence" if side is False else "number" if side else "either", roles, frozenset(), known)
    return roles


def _extended(item: Let, kind: str, t: Tensor) -> str:
    """The declaration with the extents of the data on the axes of which it says nothing."""
    axes = axes_declared(item)
    if axes and len(axes) != len(t.shape):
        shown = counted(len(axes), "axis", "axes")
        raise StatementError(f"{item.name} is declared with {shown}, and its numbers have {len(t.shape)}")
    shown = [str(n) if isinstance(a, ast.Slice) and a.lower is a.upper is None else ast.unparse(a)
             for a, n in zip(axes, t.shape, strict=True)] if axes else list(map(str, t.shape))  # fmt: skip
    return f"{item.name}: {kind}[{', '.join(shown)}]"


def _check_names(statement: Statement, data: Data) -> None:
    """Every name that is given stands in the expression, and every name in the expression is given."""
    parts = [statement.lhs, *statement.definitions.values(), *(e for pair in statement.equations for e in pair)]
    used = {n for e in parts for n in (*inside(e, statement), *index_names(e))}
    used |= {n for d in statement.declarations.values() for r in d.ranges if r for p in r for n in p.names()}
    used |= {n for power in used for n in split(power) or ()}
    for name in data:
        if name not in used:
            written = {n for e in parts for n in re.findall(r"[A-Za-z]\w*", text.text(e))}
            known = sorted(used & written & statement.declarations.keys())
            names = f"its names are {', '.join(known)}" if known else "it has no names"
            raise StatementError(f"{name} does not stand in {text.text(statement.lhs)}: {names}")
    found = solved(statement) or {}
    for name in sorted(inside(statement.lhs, statement) - statement.definitions.keys()):
        if name not in data and name not in found:
            what = "number" if statement.declarations[name].kind == "number" else "sequence"
            given = f"{name}=1/2" if what == "number" else f"{name}=[1, 0, -2]"
            raise StatementError(f"{name} has no numbers: give them, as in {given}")
    for name in sorted(inside(statement.lhs, statement) & data.keys()):
        d = statement.declarations[name]
        if bool(d.rank) != bool(data[name].start):
            mend = f"a list, as in {name}=[1, 0, -2]" if d.rank else f"one number, as in {name}=1/2"
            raise StatementError(f"{name} is a {d.kind}: give it {mend}")


def _integers(statement: Statement, lists: Data, scalars: Mapping[str, Fraction]) -> dict[str, int]:
    """Every size: as given, or as it follows from the shapes of the data and from what is assumed."""
    out: dict[str, int] = {}
    for name in statement.integers & scalars.keys():
        value = scalars[name]
        if value.denominator != 1:
            raise StatementError(f"{name}={value}: a whole number belongs here")
        if abs(value) > LARGEST:
            raise StatementError(f"{name}={value}: at most {LARGEST} is read")
        out[name] = int(value)
    assumed = [a.p for a in (*statement.assumptions, *statement.tacit) if isinstance(a, Eq)]
    out = completed(out, statement, lists, assumed)
    for name in sorted(_needed(statement, lists) - out.keys()):
        raise StatementError(f"{name} has no value: give a whole number, as in {name}=2")
    for name, value in out.items():
        least = LEAST.get(statement.declarations[name].kind)
        if least is not None and value < least:
            raise StatementError(f"{name}={value}: {name} must be at least {least}")
    for base, power in filter(None, map(split, statement.declarations)):
        if out.get(power, 0) * out.get(base, 0).bit_length() > 64:
            raise StatementError(f"{base}**{power} is too large a size at {base}={out[base]} and {power}={out[power]}")
    return out


def _needed(statement: Statement, lists: Data) -> set[str]:
    """The sizes that what is evaluated speaks of."""
    used = {n for e in (statement.lhs, *statement.definitions.values()) for n in index_names(e)}
    used |= {n for name in lists for r in statement.declarations[name].ranges if r for p in r for n in p.names()}
    used |= {n for a in (*statement.assumptions, *statement.tacit) for p in polys(a) for n in p.names()}
    return {n for power in used for n in (*(split(power) or ()), power)} & statement.integers


def _placed(statement: Statement, name: str, t: Tensor, integers: Mapping[str, int]) -> Tensor:
    """The numbers from the first place of the name on, as many as it is declared to have."""
    start: list[int] = []
    for r, count in zip(statement.declarations[name].ranges, t.shape, strict=True):
        low, high = (0, count - 1) if r is None else (r[0].evaluate(integers), r[1].evaluate(integers))
        if high - low + 1 != count:
            places = counted(high - low + 1, "place", "places")
            numbers = "1 number is" if count == 1 else f"{count} numbers are"
            raise StatementError(f"{name} has {places} on an axis, and {numbers} given there")
        start.append(low)
    return Tensor(tuple(start), t.shape, t.entries)


def _check_assumptions(statement: Statement, tensors: Tensors) -> None:
    """What is assumed holds of the numbers."""
    for a in (*statement.assumptions, *statement.tacit):
        if isinstance(a, Nonnegative):
            t = tensors.entries.get(a.name)
            values = t.entries if t is not None else (tensors.numbers.get(a.name, Fraction(0)),)
            holds = all(v > 0 or (v == 0 and not a.strict) for v in values)
        else:
            holds = met(a, tensors.integers)
        if not holds:
            raise StatementError(f"these numbers do not meet {text.assumption(a)}")
    for left, right in statement.equations:
        first, second = (tensors.tensor(e) for e in (left, right))
        places = {*first.places(), *second.places()}
        if rank(left) != rank(right) or any(first.at(n) != second.at(n) for n in places):
            raise StatementError(f"these numbers do not meet {text.text(left)} == {text.text(right)}")
