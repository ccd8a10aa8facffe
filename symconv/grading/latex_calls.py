"""Functions by name with their options, explicit taps, places left open, adjoints of maps, and the greater of two.

(k \\star_s \\cdot) is a map with a place left open; (…)^\\top and (…)^* are its adjoint, and what stands behind it,
alone or in parentheses, is what it is applied to; (…)^r repeats it.  x_{\\cdot, d} is what is left when
one place is open.  The kernel (1, 2, 1) has the taps 0, 1 and 2.
"""

from __future__ import annotations

import re
from abc import abstractmethod
from collections.abc import Sequence

from symconv.expr.index_reader import MOST_COMPARED
from symconv.grading.latex_calculus import Calculus
from symconv.grading.latex_functions import INTEGERS, NUMBERS, OPTIONS, RANKLESS, operands
from symconv.grading.latex_nodes import (
    Big,
    Clause,
    Group,
    Node,
    Numeral,
    Postfix,
    Special,
    Suffix,
    Symbol,
    bare,
    option_of,
    plain,
)
from symconv.grading.latex_pieces import ATOM, PRODUCT, SUM, Piece
from symconv.grading.latex_roles import FUNCTIONS, Head

HOLE = "\x02"
"""Stands in the text of a map for what it is applied to."""
TAP = re.compile(r"-?\d+(\.\d+)?(/\d+)?")
WORDS = re.compile(r"[a-z][a-z_]*")


class Calls(Calculus):
    """Writes what is called, and what is applied; expressions are written by the class that extends it."""

    inside: int

    @abstractmethod
    def outside(self, node: Node) -> Piece:
        """An expression that is no part of an index, though it may stand in one."""

    def _called(self, f: str, suffix: Suffix) -> Piece:
        """f(x, k, stride = 2)."""
        if f in FUNCTIONS or f == "gcd" or self.roles.kind(f.removesuffix("_prime")) == "function":
            found = [self.one((c,), c.at) for c in suffix.items]
            if len(found) != 1 or f == "gcd":
                raise self.source.error(suffix.at, f"{f} is not understood with these arguments here")
            return self._applied(f, found[0])
        if f in RANKLESS:
            short = f.replace("_", "")
            raise self.source.error(suffix.at, f"over how many axes? Write {short}1d or {short}2d")
        given = [c for c in suffix.items if not c.relations]
        options = suffix.items[len(given) :]
        kinds = operands(f, len(given))
        if kinds is None or any(not c.relations for c in options):
            raise self.source.error(suffix.at, f"{f} does not take {len(given)} operands before its options")
        parts = [self._operand(kind, c) for kind, c in zip(kinds, given, strict=True)]
        parts = [f"[{', '.join(parts)}]"] if f == "cat" else parts
        parts += [self._option(f, c) for c in options]
        kind = "integer" if f in INTEGERS else "number" if f in NUMBERS else "sequence"
        if any(HOLE in p for p in parts):
            if kind != "sequence" or sum(p.count(HOLE) for p in parts) > 1:
                raise self.source.error(suffix.at, "a map has one place left open, and its value is a sequence")
            kind = "map"
        return Piece(f"{f}({', '.join(parts)})", ATOM, kind)

    def _operand(self, kind: str, clause: Clause) -> str:
        inside = plain((clause,))
        if inside is None:
            raise self.source.error(clause.at, "one expression belongs here")
        if kind == "i":
            return self._places((clause,))
        found = self.outside(inside)
        if kind == "s" and found.kind not in ("sequence", "unknown", "map"):
            raise self.source.error(clause.at, f"{found.text[:30]} stands where a sequence belongs")
        return found.text

    def _option(self, f: str, clause: Clause) -> str:
        name = option_of(clause)
        if not name or clause.relations != ("=",):
            raise self.source.error(clause.at, f"an option of {f} is written \\text{{stride}}=2, by its name")
        value = bare(clause.parts[1])
        word = value.text.lower() if isinstance(value, Special) and value.kind == "word" else ""
        match OPTIONS[name]:
            case "b" if word in ("true", "false"):
                return f"{name}={word.title()}"
            case "w" if WORDS.fullmatch(word):
                return f'{name}="{word}"'
            case "s":
                return f"{name}={self.outside(value).text}"
            case "b":
                raise self.source.error(clause.at, f"{name} is \\text{{true}} or \\text{{false}}")
            case _:
                return f"{name}={self._places((Clause((value,), (), value.at),))}"

    def explicit(self, node: Group) -> Piece:
        """The kernel with the taps (1, 2, 1), or (k_0, k_1, k_2)."""
        found = [self.one((c,), c.at) for c in node.items]
        if self.inside or any(p.kind in ("sequence", "function", "map") for p in found):
            raise self.source.error(node.at, "brackets with commas belong to an index, to a function, or around taps")
        if all(TAP.fullmatch(p.text) for p in found):
            return Piece(f"taps({', '.join(p.text for p in found)})", ATOM, "sequence")
        terms = [f"{p.put(ATOM)}*{f'shift(delta, {i})' if i else 'delta'}" for i, p in enumerate(found)]
        return Piece(" + ".join(terms), SUM, "sequence")

    def transposed(self, piece: Piece, at: int) -> Piece:
        """The adjoint of a map."""
        if piece.kind != "map" or piece.text.count(HOLE) != 1 or piece.text == HOLE:
            raise self.source.error(
                at,
                "an adjoint is that of a map: write (k \\ast \\cdot)^\\top y; a kernel turned round is \\tilde k",
            )
        taken = piece.text.count("adjoint(")
        z = f"z_{taken}" if taken else "z"
        while z in self.roles.names.values() or z in self.roles.letters():
            z += "_"
        return Piece(f"adjoint({piece.text.replace(HOLE, z)}, {z}, {HOLE})", ATOM, "map")

    def repeated(self, piece: Piece, times: Node, at: int) -> Piece:
        """A map r times, (k \\star \\cdot)^r; the letter that it is applied to stands at both places."""
        if piece.text.count(HOLE) != 1 or piece.text == HOLE:
            raise self.source.error(at, "a map that is repeated, and one that is repeated again: write parentheses")
        return Piece(f"repeat({piece.text}, {HOLE}, {self.integer(times)})", ATOM, "map")

    def applied_to(self, f: Piece, x: Piece, at: int) -> Piece:
        """A map at a sequence, or after another map."""
        if x.kind not in ("sequence", "map", "unknown") or f.text == HOLE:
            raise self.source.error(at, f"a map is applied to a sequence, and {x.text[:30]} is none".replace(HOLE, "…"))
        if f.text.count(HOLE) > 1 and not x.text.isidentifier():
            raise self.source.error(at, "a map is repeated on a letter: let y be what it is applied to")
        return Piece(f.text.replace(HOLE, x.text), ATOM, "map" if x.kind == "map" else "sequence")

    def in_turn(self, factors: list[tuple[str, Piece]], at: int) -> list[tuple[str, Piece]]:
        """Factors of a product with maps applied to what stands behind them."""
        first = next((i for i, (_, p) in enumerate(factors) if p.kind == "map"), None)
        if first is None:
            return factors
        sign, value = factors[first][0], factors[-1][1]
        for (_, f), (beside, _) in zip(factors[first:-1][::-1], factors[first + 1 :][::-1], strict=True):
            if f.kind != "map" or beside:
                raise self.source.error(at, "a map is applied to one sequence behind it: write parentheses around it")
            value = self.applied_to(f, value, at)
        return [*factors[:first], (sign, value)]

    def left_open(self, name: str, items: tuple[Clause, ...]) -> Piece:
        """The sequence x_{·, d}."""
        names: list[str] = []
        places: list[str] = []
        for clause in items:
            if is_hole(plain((clause,))):
                names.append(f"u_{len(names)}")
                places.append(names[-1])
            else:
                places += self.indices((clause,))
        return Piece(f"formula({', '.join(names)}, {name}[{', '.join(places)}])", ATOM, "sequence")

    def ways(self, node: Node) -> list[tuple[str, list[str]]]:
        """The integers that \\max(p, q) may be, each with its conditions."""
        match chosen(node):
            case None:
                return [(self.integer(node), [])]
            case op, parts:
                first, *rest = (self.ways(p) for p in parts)
                for other in rest:
                    sign, opposite = (">=", "<") if op == "max" else ("<=", ">")
                    first = [
                        way
                        for p, given in first
                        for q, more in other
                        for way in (
                            (p, [*given, *more, f"{p} {sign} {q}"]),
                            (q, [*given, *more, f"{p} {opposite} {q}"]),
                        )
                    ]
                    if len(first) > 4:
                        raise self.source.error(node.at, f"\\{op} of too many integers: use cases")
                return first

    def clamped(self, name: str, places: Sequence[Node], at: int) -> Piece:
        """x_{\\max(n, 0)}: x_n where n ≥ 0, and x_0 elsewhere."""
        choices = [i for i, p in enumerate(places) if chosen(p) is not None]
        ways = self.ways(places[choices[0]])
        if len(choices) > 1:
            raise self.source.error(at, "only one place of an index may be a \\max or \\min: use cases")
        before, after = ([self.integer(p) for p in side] for side in (places[: choices[0]], places[choices[0] + 1 :]))
        terms = [
            f"{name}[{', '.join((*before, p, *after))}]*iverson({' and '.join(conditions)})" for p, conditions in ways
        ]
        return Piece(" + ".join(terms), SUM, "number")

    def greater(self, op: str, group: Group, at: int) -> Piece:
        """max(x, y) of numbers is x + relu(y − x), min(x, y) is x − relu(x − y); of integers they stay as they are."""
        if len(group.items) > MOST_COMPARED:
            raise self.source.error(at, f"\\{op} is taken of at most {MOST_COMPARED} numbers: write it over a range")
        found = [self.one((c,), c.at) for c in group.items]
        if all(p.kind in ("integer", "unknown") for p in found):
            return Piece(f"{op}({', '.join(p.text for p in found)})", ATOM, "integer")
        first, *rest = found
        kind = "sequence" if any(p.kind == "sequence" for p in found) else "number"
        for p in rest:
            if "0" not in (first.text, p.text) and (first.kind == "sequence") != (p.kind == "sequence"):
                raise self.source.error(at, f"\\{op} is that of numbers, or of sequences")
            x, y = (first, p) if op == "max" else (p, first)
            if op == "max" and "0" in (x.text, y.text):
                first = Piece(f"relu({y.text if x.text == '0' else x.text})", ATOM, kind)
                continue
            sign = "+" if op == "max" else "-"
            first = Piece(f"{first.text} {sign} relu({y.text} - {x.put(PRODUCT)})", SUM, kind)
        return first


def own_taps(found: Head, value: Node) -> Node | None:
    """The last index of (k_0, k_1, …, k_{c-1}), where it begins with 0 and the letter is k itself."""
    group = bare(value)
    if not isinstance(group, Group) or group.fence not in ("(", "[") or len(group.items) < 2 or found.suffixes:
        return None
    places: list[Node | None] = []
    for clause in group.items:
        match plain((clause,)):
            case Postfix(Symbol(name), (Suffix("below" | "square", items),)) if name == found.key:
                places.append(plain(items))
            case Special("dots"):
                places.append(None)
            case _:
                return None
    *first, last = places
    numbers = [int(p.text) for p in first if isinstance(p, Numeral) and p.text.isdigit()]
    if last is None or numbers != [*range(len(numbers))] or not numbers:
        return None
    if None in first:
        return last if first.index(None) == len(first) - 1 == len(numbers) else None
    whole = isinstance(last, Numeral) and last.text == str(len(numbers)) and len(numbers) == len(first)
    return last if whole else None


def is_hole(node: Node | None) -> bool:
    """Whether a place is left open."""
    return node is not None and isinstance(x := bare(node), Special) and x.kind == "hole"


def chosen(node: Node) -> tuple[str, tuple[Node, ...]] | None:
    """max or min, and of what, where a node is the greater or the lesser of integers."""
    match bare(node):
        case Big("max" | "min" as op, (), body):
            group = bare(body)
            if isinstance(group, Group) and len(group.items) > 1 and not any(c.relations for c in group.items):
                return op, tuple(c.parts[0] for c in group.items)
    return None
