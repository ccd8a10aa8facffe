"""What the grammar reads, before anything is known of the letters.

Node   ::= Numeral(text) | Symbol(name) | Special(kind, text) | Group(fence, items) | Accent(kind, x)
         | Frac(top, bottom) | Postfix(base, suffixes) | Prefix(op, script, x) | Infix(op, left, right, scripts)
         | Product(first, rest) | Total(terms) | Remainder(x, modulus) | Big(op, scripts, body) | Cases(branches)
Suffix ::= Suffix(kind, items), of kind below, above, mark, primed, round, square
Clause ::= Clause(parts, relations): one expression, or a chain of comparisons; with modulus p ≡ q (mod s), with parity
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from symconv.grading.latex_functions import option


@dataclass(frozen=True, slots=True)
class Numeral:
    text: str
    at: int


@dataclass(frozen=True, slots=True)
class Symbol:
    name: str
    at: int


@dataclass(frozen=True, slots=True)
class Special:
    """A word, a number set, ∞, dots, the indicator 𝟙 or ∂."""

    kind: str
    text: str
    at: int


@dataclass(frozen=True, slots=True)
class Clause:
    parts: tuple[Node, ...]
    relations: tuple[str, ...]
    at: int
    modulus: Node | None = None
    parity: str = ""
    forall: bool = False


@dataclass(frozen=True, slots=True)
class Group:
    """( … ), [ … ], { … }, | … |, ⌊ … ⌋, ⌈ … ⌉ or ⟨ … ⟩."""

    fence: str
    items: tuple[Clause, ...]
    at: int


@dataclass(frozen=True, slots=True)
class Accent:
    kind: str
    x: Node
    at: int


@dataclass(frozen=True, slots=True)
class Frac:
    top: Node
    bottom: Node
    at: int


@dataclass(frozen=True, slots=True)
class Suffix:
    kind: str
    items: tuple[Clause, ...]
    at: int
    text: str = ""


@dataclass(frozen=True, slots=True)
class Postfix:
    base: Node
    suffixes: tuple[Suffix, ...]
    at: int


@dataclass(frozen=True, slots=True)
class Prefix:
    op: str
    script: Suffix
    x: Node
    at: int


@dataclass(frozen=True, slots=True)
class Infix:
    """x ∗ y, x ⊙ y, or x ⋆ y with its scripts."""

    op: str
    left: Node
    right: Node
    scripts: tuple[Suffix, ...]
    at: int


@dataclass(frozen=True, slots=True)
class Product:
    """Factors, each with the sign before it: nothing, a dot, a cross or a slash."""

    first: Node
    rest: tuple[tuple[str, Node], ...]
    at: int


@dataclass(frozen=True, slots=True)
class Total:
    """Terms with their signs."""

    terms: tuple[tuple[str, Node], ...]
    at: int


@dataclass(frozen=True, slots=True)
class Remainder:
    x: Node
    modulus: Node
    at: int


@dataclass(frozen=True, slots=True)
class Big:
    op: str
    scripts: tuple[Suffix, ...]
    body: Node
    at: int


@dataclass(frozen=True, slots=True)
class Branch:
    """A value and its conditions; none where it is the value otherwise."""

    value: Node
    conditions: tuple[Clause, ...]
    at: int


@dataclass(frozen=True, slots=True)
class Cases:
    branches: tuple[Branch, ...]
    at: int


Node = (
    Numeral
    | Symbol
    | Special
    | Group
    | Accent
    | Frac
    | Postfix
    | Prefix
    | Infix
    | Product
    | Total
    | Remainder
    | Big
    | Cases
)


def of_clauses(items: tuple[Clause, ...]) -> Iterator[Node]:
    """The expressions that clauses are made of."""
    for clause in items:
        yield from clause.parts
        if clause.modulus is not None:
            yield clause.modulus


def parts(node: Node) -> Iterator[Node]:
    """What a node is made of."""
    match node:
        case Numeral() | Symbol() | Special():
            return
        case Group():
            yield from of_clauses(node.items)
        case Accent():
            yield node.x
        case Frac():
            yield from (node.top, node.bottom)
        case Postfix():
            yield node.base
            for suffix in node.suffixes:
                yield from of_clauses(suffix.items)
        case Prefix():
            yield from of_clauses(node.script.items)
            yield node.x
        case Infix():
            yield from (node.left, node.right)
            for suffix in node.scripts:
                yield from of_clauses(suffix.items)
        case Product():
            yield node.first
            for _, factor in node.rest:
                yield factor
        case Total():
            for _, term in node.terms:
                yield term
        case Remainder():
            yield from (node.x, node.modulus)
        case Big():
            for suffix in node.scripts:
                yield from of_clauses(suffix.items)
            yield node.body
        case Cases():
            for branch in node.branches:
                yield branch.value
                yield from of_clauses(branch.conditions)


def plain(items: tuple[Clause, ...]) -> Node | None:
    """The one expression of a list without commas and relations."""
    match items:
        case (Clause((x,), (), _, None, "", False),):
            return x
        case _:
            return None


def bare(node: Node) -> Node:
    """The node without braces and without sums and products of one part."""
    match node:
        case Total((("", x),)):
            return bare(x)
        case Product(x, ()) | Postfix(x, ()):
            return bare(x)
        case Group("{", items) if (x := plain(items)) is not None:
            return bare(x)
        case _:
            return node


def option_of(clause: Clause) -> str:
    """The option that a clause `stride = 2` names, as a word or letter by letter; "" where it is none."""
    match bare(clause.parts[0]):
        case Special("word", text):
            return option(text)
        case Product(Symbol(first), rest) if all(not sign and isinstance(x, Symbol) for sign, x in rest):
            return option(first + "".join(x.name for _, x in rest if isinstance(x, Symbol)))
        case _:
            return ""
