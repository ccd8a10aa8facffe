"""What the letters of a derivation are: from what is declared, and from how they are used in the whole file.

A letter with brackets, with an index that is made of letters, or under an arrow of resampling is a sequence, as is
one that is convolved and is nothing else; a letter in an index, a range, a condition or a stride is an integer.  A
letter that would be both is refused.  x_1 is the entry of a sequence x; it is a name of its own where it is an
integer (N_0), where a bracket follows (x_1[n]) or where it is convolved (x_1 \\ast k) and x alone is no sequence.
"""

from __future__ import annotations

import keyword
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from symconv.expr.naming import LONGEST_NAME
from symconv.expr.syntax import RESERVED
from symconv.grading.latex_functions import CALLS, called
from symconv.grading.latex_nodes import Accent, Clause, Group, Node, Numeral, Postfix, Special, Suffix, Symbol, plain
from symconv.grading.latex_tokens import Source

FUNCTIONS = frozenset({"relu", "abs", "step", "sign", "ReLU"})
"""Pointwise functions that need no declaration."""
FLIPS = ("tilde", "bar", "check")
"""Accents that mean k[-n], each unless the author defines the letter with this accent."""
OPERATORS = frozenset({"gcd", *CALLS})


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
    kernels: set[str] = field(default_factory=set[str])
    """Letters that are defined as kernels."""
    unbounded: set[str] = field(default_factory=set[str])
    """Letters that are declared signals without an extent."""

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
            stem = re.sub(r"\^(?=[a-z])", "_", key.replace("'", "p")).replace("^", "")
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

    def letters(self) -> set[str]:
        """All letters that are known."""
        return {*self.declared, *self.defined, *self.sequences, *self.integers, *self.operands, *self.bound}

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
            key = (called(text) if any(s.kind == "round" for s in suffixes[:1]) else "") or text
        case Accent(kind, x, at):
            inner = head(x, roles)
            if inner is None or inner.suffixes:
                return None
            key, operators = inner.key, (kind, *inner.operators)
            own = f"{key}^{kind}"
            if kind == "hat" or own in roles.defined or own in roles.declared:
                if inner.operators and kind == "hat":  # The hat stands over what is turned, and not over the letter.
                    return None
                key, operators = (key, operators) if inner.operators else (own, ())
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


def turning(accent: str) -> str:
    """What an accent means over a sequence: flip, or reverse for \\overleftarrow."""
    return "flip" if accent in FLIPS else accent


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
