"""What the letters of a derivation are: from what is declared, and from how they are used in the whole file.

A letter with brackets, with an index that is made of letters, or under an arrow of resampling is a sequence, as is
one that is convolved and is nothing else; a letter in an index, a range, a condition or a stride is an integer.  A
letter that would be both is refused.  x_1 is the entry of a sequence x; it is a name of its own where it is an
integer (N_0), where a bracket follows (x_1[n]) or where it is convolved (x_1 \\ast k) and x alone is no sequence.
"""

from __future__ import annotations

import keyword
from collections.abc import Iterator
from dataclasses import dataclass, field

from symconv.expr.naming import LONGEST_NAME
from symconv.expr.syntax import RESERVED
from symconv.grading.latex_nodes import (
    Accent,
    Big,
    Cases,
    Clause,
    Group,
    Infix,
    Node,
    Numeral,
    Postfix,
    Prefix,
    Product,
    Remainder,
    Special,
    Suffix,
    Symbol,
    bare,
    of_clauses,
    parts,
    plain,
)
from symconv.grading.latex_tokens import Source

FUNCTIONS = frozenset({"relu", "abs", "step", "sign", "ReLU"})
"""Pointwise functions that need no declaration."""
OPERATORS = frozenset({"gcd", "conv", "corr", "flip", "reverse", "ones"})


@dataclass(frozen=True, slots=True)
class Head:
    """A letter with its primes and what belongs to its name, the operators that its accents mean, and what follows."""

    key: str
    operators: tuple[str, ...]
    suffixes: tuple[Suffix, ...]
    at: int


@dataclass
class Roles:
    """What is known of letters; keys are letters as they are written, x, x', x_1, N_in, x^hat."""

    source: Source
    declared: dict[str, str] = field(default_factory=dict[str, str])
    defined: set[str] = field(default_factory=set[str])
    sequences: dict[str, int] = field(default_factory=dict[str, int])
    integers: dict[str, int] = field(default_factory=dict[str, int])
    operands: dict[str, int] = field(default_factory=dict[str, int])
    bound: set[str] = field(default_factory=set[str])
    indices: set[str] = field(default_factory=set[str])
    axes: dict[str, int] = field(default_factory=dict[str, int])
    names: dict[str, str] = field(default_factory=dict[str, str])

    def kind(self, key: str) -> str:
        """sequence, integer, number, function or unknown."""
        if key in self.declared:
            return {"signal": "sequence", "kernel": "sequence", "size": "integer", "natural": "integer"}.get(
                self.declared[key], self.declared[key]
            )
        if key == "delta":
            return "sequence"
        if key in FUNCTIONS:
            return "function"
        if key in self.sequences:
            return "sequence"
        if key in self.integers or key in self.bound:
            return "integer"
        return "sequence" if key in self.operands else "unknown"

    def name(self, key: str, at: int) -> str:
        """The name of a letter in the claim language: x' is xp, x_1 is x1, lambda is lam."""
        if key == "delta" and key not in self.declared and key not in self.defined:
            return key
        if key not in self.names:
            if key.endswith("'") and self.kind(key.rstrip("'")) == "function":
                self.names[key] = key.rstrip("'") + "_prime"
                return self.names[key]
            stem = key.replace("'", "p").replace("^hat", "_hat").replace("~", "_tilde").replace("^", "")
            head, _, tail = stem.partition("_")
            stem = head + tail if tail.isdigit() else stem
            if len(stem) > LONGEST_NAME - 2:
                raise self.source.error(at, f"the name {stem[:20]} is too long: at most {LONGEST_NAME - 2} letters")
            name, number = stem, 0
            taken = set(self.names.values()) | set(self._plain())
            while name in RESERVED or keyword.iskeyword(name) or (name in taken and name != key):
                number += 1
                name = f"{stem}_{number}"
            self.names[key] = name
        return self.names[key]

    def _plain(self) -> Iterator[str]:
        """Letters that are names as they stand."""
        for keys in (self.declared, self.sequences, self.integers, self.bound):
            yield from (k for k in keys if k.isalnum())

    def own(self, key: str) -> bool:
        """Whether x_1 is a name of its own."""
        stem = key.rpartition("_")[0]
        firmly = key in self.declared or key in self.defined or key in self.sequences or key in self.integers
        return firmly or (key in self.operands and self.kind(stem) != "sequence")

    def check(self) -> None:
        """No letter is a sequence and an integer."""
        for key, at in sorted(self.sequences.items()):
            other = self.integers.get(key)
            if other is not None and key not in self.declared:
                row, _ = self.source.place(other)
                raise self.source.error(
                    at, f"{key} is a sequence here and an integer in line {row}: use two letters, or declare it"
                )
            stem, _, tail = key.rpartition("_")
            if tail.isdigit() and stem in self.sequences:
                raise self.source.error(
                    at,
                    f"{key} is a name here, and {stem} is a sequence, of which it would be an "
                    "entry: use another letter",
                )


def digits(suffix: Suffix) -> str:
    """The number of x_1, or of x^{(1)}."""
    match suffix.kind, plain(suffix.items):
        case "below", Numeral(text) if text.isdigit():
            return text
        case "above", Group("(", items) if isinstance(inside := plain(items), Numeral) and inside.text.isdigit():
            return inside.text
        case _:
            return ""


def head(node: Node, roles: Roles, *, integer: bool = False) -> Head | None:
    """The letter that a node begins with; None where it begins with something else."""
    base, suffixes = (node.base, node.suffixes) if isinstance(node, Postfix) else (node, ())
    if isinstance(base, Group) and base.fence == "{" and (inside := plain(base.items)) is not None:
        inner = head(inside, roles, integer=integer)
        return (
            None
            if inner is None or (suffixes and inner.suffixes)
            else Head(inner.key, inner.operators, (*inner.suffixes, *suffixes), base.at)
        )
    operators: tuple[str, ...] = ()
    match base:
        case Symbol(name, at):
            key = name
        case Special("word", text, at):
            key = text
        case Accent(kind, x, at):
            inner = head(x, roles)
            if inner is None or inner.suffixes:
                return None
            key, operators = inner.key, inner.operators
            if kind == "hat":
                key += "^hat"
            elif f"{key}~" in roles.defined or f"{key}~" in roles.declared:
                key += "~"
            else:
                operators = (kind, *operators)
        case _:
            return None
    left = list(suffixes)
    while left and left[0].kind == "mark" and left[0].text.startswith("'"):
        key += left.pop(0).text
    layer = next((s for s in left[:2] if s.kind == "above" and digits(s)), None)
    if layer is not None:
        key += f"^{digits(layer)}"
        left.remove(layer)
    if left and left[0].kind == "below" and (number := digits(left[0])):
        if integer or roles.own(f"{key}_{number}"):
            key += f"_{number}"
            left.pop(0)
    elif left and left[0].kind == "below":
        match plain(left[0].items):
            case Special("word", text):
                key += f"_{text}"
                left.pop(0)
            case Symbol(text) if integer:
                key += f"_{text}"
                left.pop(0)
            case _:
                pass
    return Head(key, operators, tuple(left), at)


def alone(items: tuple[Clause, ...]) -> bool:
    """Whether brackets hold one letter or number, or several places, as those of an index do."""
    inside = plain(items)
    return (
        len(items) > 1
        or isinstance(inside, Symbol | Numeral)
        or (isinstance(inside, Postfix) and all(s.kind == "mark" for s in inside.suffixes))
    )


def related(items: tuple[Clause, ...]) -> bool:
    """Whether a bracket holds a condition."""
    return any(c.relations or c.parity for c in items)


def learn(node: Node, roles: Roles, *, integer: bool = False) -> None:
    """Note how the letters of an expression are used; `integer` where an integer belongs."""
    match node:
        case Symbol() | Postfix() | Accent() | Special("word"):
            _learn_letter(node, roles, integer=integer)
        case Big(op, scripts, body):
            for suffix in scripts:
                learn_items(suffix.items, roles)
                roles.bound.update(_limits(suffix, roles) if op != "lim" else ())
            learn(body, roles, integer=integer or (op in ("max", "min") and not scripts))
        case Infix(op, left, right, scripts):
            for suffix in scripts:
                learn_items(suffix.items, roles)
            for operand in (left, right):
                found = head(operand, roles)
                only = found is not None and all(digits(s) and s.kind == "below" for s in found.suffixes)
                if found is not None and only and op != "odot":
                    key = "_".join((found.key, *map(digits, found.suffixes)))
                    roles.operands.setdefault(key, found.at)
                learn(operand, roles)
        case Prefix(op, script, x):
            if op != "nabla":
                learn_items(script.items, roles)
                found = head(x, roles)
                if found is not None and not found.suffixes:
                    roles.sequences.setdefault(found.key, found.at)
            learn(x, roles)
        case Remainder():
            for part in parts(node):
                learn(part, roles, integer=True)
        case Group(fence, items) if fence in ("floor", "ceiling") or (fence == "[" and related(items)):
            learn_items(items, roles)
        case Product(first, rest):
            factors = (first, *(f for _, f in rest))
            for i, factor in enumerate(factors):
                if isinstance(factor, Group) and i and _indicator(factors[i - 1]):
                    learn_items(factor.items, roles)
                else:
                    learn(factor, roles, integer=integer)
        case Cases(branches):
            for branch in branches:
                learn(branch.value, roles)
                learn_items(branch.conditions, roles)
        case _:
            for part in parts(node):
                learn(part, roles, integer=integer)


def learn_items(items: tuple[Clause, ...], roles: Roles) -> None:
    """The letters of indices, ranges and conditions are integers."""
    for part in of_clauses(items):
        learn(part, roles, integer=True)


def _indicator(node: Node) -> bool:
    return isinstance(node, Special) and node.kind == "indicator"


def _limits(suffix: Suffix, roles: Roles) -> Iterator[str]:
    """Letters that stand where the index of a sum does."""
    if suffix.kind != "below":
        return
    for clause in suffix.items:
        first, *others = clause.parts
        middle = others[0] if len(others) > 1 else first
        found = head(bare(middle), roles, integer=True)
        if found is not None:
            yield found.key


def _learn_letter(node: Node, roles: Roles, *, integer: bool) -> None:
    found = head(node, roles, integer=integer)
    if found is None:
        for part in parts(node):
            learn(part, roles, integer=integer)
        if isinstance(node, Postfix):
            indicator = _indicator(node.base)
            for suffix in node.suffixes:
                entry = suffix.kind in ("round", "square") and _operators(node.base)
                if indicator or entry or suffix.kind == "below" or related(suffix.items):
                    learn_items(suffix.items, roles)
        return
    key, suffixes = found.key, found.suffixes
    if integer:
        roles.integers.setdefault(key, found.at)
        for suffix in suffixes:
            learn_items(suffix.items, roles)
        return
    known = roles.kind(key)
    first = suffixes[0] if suffixes else None
    if (
        first is not None
        and first.kind == "below"
        and digits(first)
        and len(suffixes) > 1
        and suffixes[1].kind in ("square", "round")
        and not related(suffixes[1].items)
    ):
        roles.sequences.setdefault(f"{key}_{digits(first)}", found.at)
        learn_items(suffixes[1].items, roles)
        return
    for suffix in suffixes:
        if suffix is first and suffix.kind != "above" and suffix.items and not related(suffix.items):
            roles.axes[key] = len(suffix.items)
        entry = suffix is first and key not in FUNCTIONS | OPERATORS and known != "function"
        match suffix.kind:
            case "below":
                learn_items(suffix.items, roles)
                roles.indices.update(x.name for c in suffix.items if isinstance(x := plain((c,)), Symbol))
                if entry and not digits(suffix) and key != "partial":
                    roles.sequences.setdefault(key, found.at)
            case "square" if related(suffix.items):
                learn_items(suffix.items, roles)
            case "square":
                learn_items(suffix.items, roles)
                if entry:
                    roles.sequences.setdefault(key, found.at)
            case "round" if entry and known == "sequence":
                learn_items(suffix.items, roles)
            case "round" if entry and alone(suffix.items) and known == "unknown":
                learn_items(suffix.items, roles)
                roles.sequences.setdefault(key, found.at)
            case "above":
                learn_items(suffix.items, roles)
            case _:
                for part in of_clauses(suffix.items):
                    learn(part, roles)


def _operators(node: Node) -> bool:
    """Whether a convolution or resampling stands in a group, so that brackets after it are an index."""
    match node:
        case Infix() | Prefix():
            return True
        case Group("(" | "{"):
            return any(map(_operators, parts(node)))
        case _:
            return False
