"""Derivatives and gradients, floors, conditions in brackets, and cases."""

from __future__ import annotations

import re
from abc import abstractmethod

from symconv.grading.latex_nodes import (
    Branch,
    Cases,
    Clause,
    Frac,
    Group,
    Node,
    Postfix,
    Prefix,
    Product,
    Special,
    Suffix,
    bare,
    plain,
)
from symconv.grading.latex_operators import Operators
from symconv.grading.latex_pieces import ATOM, PRODUCT, SUM, Piece
from symconv.grading.latex_roles import related

COMPARED = re.compile(r"[<>=!]=?")


class Calculus(Operators):
    """Writes what stands in brackets and fractions; expressions are written by the class that extends it."""

    @abstractmethod
    def text(self, node: Node) -> str:
        """The claim text of an expression."""

    @abstractmethod
    def whole(self, node: Node) -> Piece:
        """An integer."""

    def _applied(self, f: str, x: Piece) -> Piece:
        return Piece(f"{f}({x.text})", ATOM, "sequence" if x.kind == "sequence" else "number")

    @abstractmethod
    def suffixed(self, piece: Piece, suffixes: tuple[Suffix, ...], node: Node) -> Piece:
        """Indices, powers and arguments after something."""

    def _derived(self, first: Frac, body: Piece) -> Piece:
        """∂/∂x_j of what follows."""
        return Piece(f"diff({body.text}, {self._by(first)})", ATOM, "number")

    def _by(self, node: Frac) -> str:
        """The x_j below ∂/∂x_j."""
        x = differential(bare(node.bottom))
        if x is None:
            raise self.source.error(node.bottom.at, "a derivative has \\partial and one entry below")
        return self.text(x)

    def _fraction(self, node: Frac) -> Piece:
        match bare(node.top), bare(node.bottom):
            case Special("partial"), _:
                raise self.source.error(node.at, "what is differentiated? It stands behind the fraction")
            case top, _ if (y := differential(top)) is not None:
                return Piece(f"diff({self.text(y)}, {self._by(node)})", ATOM, "number")
            case top, bottom:
                if self.inside:
                    raise self.source.error(node.at, "a quotient of integers is written with \\lfloor and \\rfloor")
                p, q = self.piece(top), self.piece(bottom)
                kind = "number" if p.kind == "integer" else p.kind
                return Piece(f"{p.put(PRODUCT)}/{q.put(ATOM)}", PRODUCT, kind)

    def gradient(self, node: Prefix) -> Piece:
        """∇_x ⟨g, e⟩, and ∇_x of a number."""
        by = self.one(node.script.items, node.at).text
        match bare(node.x):
            case Group("<", (g, e)):
                weighted, value = self.one((g,), g.at), self.one((e,), e.at)
                return Piece(f"grad({value.text}, {by}, {weighted.text})", ATOM, "sequence")
            case x:
                found = self.piece(x)
                if found.kind not in ("number", "entry"):
                    raise self.source.error(
                        node.at, "a gradient is that of a number: write \\nabla_x \\langle g, y \\rangle"
                    )
                return Piece(f"grad({found.text}, {by}, 1)", ATOM, "sequence")

    def _rounded(self, node: Group) -> Piece:
        """⌊p/s⌋, and ⌈p/s⌉ as ⌊(p + s − 1)/s⌋."""
        inside = plain(node.items)
        match bare(inside) if inside is not None else inside:
            case Frac(top, bottom):
                pass
            case Product(top, (("slash", bottom),)):
                pass
            case _:
                raise self.source.error(node.at, "a floor is that of one quotient, \\lfloor p/s \\rfloor")
        p, s = self.whole(top), self.whole(bottom)
        above = p.put(ATOM) if node.fence == "floor" else f"({p.text} + {s.put(ATOM)} - 1)"
        return Piece(f"{above}//{s.put(ATOM)}", PRODUCT, "integer")

    def _iverson(self, items: tuple[Clause, ...]) -> Piece:
        if (
            len(items) == 1
            and isinstance(g := bare(items[0].parts[0]), Group)
            and g.fence == "set"
            and not related(items)
        ):
            items = g.items
        found = self.conditions(items)
        if not found:
            raise self.source.error(items[0].at, "a condition belongs in these brackets")
        return Piece(f"iverson({' and '.join(found)})", ATOM, "number")

    def _indicated(self, node: Postfix) -> Piece:
        """𝟙[…], 𝟙_{…} with a condition; 𝟙_c is the sequence of c ones."""
        first, *rest = node.suffixes
        if not first.items:
            raise self.source.error(first.at, "this mark is not understood here")
        if related(first.items) or isinstance(bare(first.items[0].parts[0]), Group):
            return self.suffixed(self._iverson(first.items), tuple(rest), node)
        if first.kind == "below":
            return self.suffixed(Piece(f"ones({self._places(first.items)})", ATOM, "sequence"), tuple(rest), node)
        raise self.source.error(node.at, "an indicator is \\mathbb{1}[0 \\le n < N]")

    def _cases(self, node: Cases) -> Piece:
        """Values with their conditions, read from the top; the last one is `otherwise`, or what is left of two."""
        *first, last = node.branches
        tests = [self.conditions(b.conditions) if b.conditions else [] for b in node.branches]
        if not first or any(not t for t in tests[:-1]):
            raise self.source.error(node.at, "cases need a condition for every value but the last")
        if last.conditions and not complements(first, tests):
            raise self.source.error(last.at, "do these cases cover everything? Let the last one be \\text{otherwise}")
        earlier: list[str] = []
        terms: list[str] = []
        for branch, test in zip(node.branches, tests, strict=True):
            own = " and ".join(test) if test and branch is not last else ""
            all_of = " and ".join([*([own] if own else []), *(f"not ({e})" for e in earlier)])
            value = self.piece(branch.value)
            if value.kind == "sequence":
                raise self.source.error(branch.at, "the values of cases are numbers")
            if value.text != "0":
                terms.append(f"{value.put(PRODUCT)}*iverson({all_of})" if value.text != "1" else f"iverson({all_of})")
            earlier.append(own)
        level = SUM if len(terms) > 1 else PRODUCT
        return Piece(" + ".join(terms), level, "number") if terms else Piece("0", ATOM, "integer")


def differential(node: Node) -> Node | None:
    """The y of ∂y, where a bracket may follow ∂."""
    match node:
        case Product(Special("partial"), (("", y),)):
            return y
        case Postfix(Special("partial"), (Suffix("round", items), *rest)):
            group = Group("(", items, node.at)
            return Postfix(group, tuple(rest), node.at) if rest else group
        case _:
            return None


def derivative(node: Node) -> bool:
    """Whether a node is ∂/∂x."""
    return isinstance(node, Frac) and isinstance(top := bare(node.top), Special) and top.kind == "partial"


def complements(first: list[Branch], tests: list[list[str]]) -> bool:
    """Whether two conditions say the opposite of one another, so that no case is left out."""
    if len(first) != 1 or len(tests[0]) != 1 or len(tests[1]) != 1:
        return False
    a, b = tests[0][0], tests[1][0]
    pairs = (" % 2 == 0", " % 2 == 1"), (" == 0", " != 0"), (" == ", " != "), (" < ", " >= "), (" > ", " <= ")
    return any(
        x in u and u.replace(x, y) == v for x, y in pairs for u, v in ((a, b), (b, a)) if len(COMPARED.findall(u)) == 1
    )
