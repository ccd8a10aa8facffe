"""From nodes to text of the claim language, given what the letters are.

Between sequences \\ast is the convolution and \\cdot the product of entries; between numbers both are the product.
k_n \\ast x_n is refused, for it is written for both.  In k \\star x, the correlation Σ_a k[a] x[n + a], the kernel
is the operand that is declared one.  \\tilde k and \\bar k are k[-n].  A letter before parentheses is indexed where
it is a sequence, applied where it is a function, and a factor where it is a number; where none is known, it is
refused.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from symconv.grading.latex_calculus import derivative
from symconv.grading.latex_calls import HOLE, Calls, chosen, is_hole
from symconv.grading.latex_nodes import (
    Accent,
    Big,
    Cases,
    Clause,
    Frac,
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
    Total,
    bare,
    parts,
    plain,
)
from symconv.grading.latex_pieces import ATOM, PRODUCT, SUM, Piece, joint
from symconv.grading.latex_roles import FUNCTIONS, OPERATORS, Head, Roles, head, related, turning
from symconv.grading.latex_tokens import Source


@dataclass
class Writer(Calls):
    """Writes expressions of one file."""

    source: Source
    roles: Roles
    inside: int = 0
    """How many integers are being written, one in another."""

    def text(self, node: Node) -> str:
        """The claim text of an expression."""
        return self.piece(node).text

    def line(self, node: Node) -> str:
        """The claim text of a whole side, which may be a limit."""
        match node:
            case Big("lim", (Suffix("below", (Clause((p, end), ("to",)),)),), body):
                if not isinstance(bare(end), Special) or bare(end) != Special("infty", "\\infty", bare(end).at):
                    raise self.source.error(end.at, "limits are taken as a size grows without end, p \\to \\infty")
                return f"limit({self.text(body)}, {self.integer(p)})"
            case _:
                found = self.piece(node)
                if HOLE in found.text:
                    raise self.source.error(node.at, "a map stands here: apply both sides to a sequence")
                return found.text

    def integer(self, node: Node) -> str:
        return self.whole(node).text

    def tight(self, node: Node) -> str:
        return self.whole(node).put(ATOM)

    def whole(self, node: Node) -> Piece:
        self.inside += 1
        try:
            found = self.piece(node)
        finally:
            self.inside -= 1
        if found.kind in ("sequence", "entry", "function"):
            raise self.source.error(node.at, f"{found.text[:40]} stands where an integer belongs")
        return found

    def outside(self, node: Node) -> Piece:
        """An expression that is no part of an index, though it may stand in one."""
        inside, self.inside = self.inside, 0
        try:
            return self.piece(node)
        finally:
            self.inside = inside

    def piece(self, node: Node) -> Piece:
        """An expression with what it is."""
        match node:
            case Numeral(text):
                if self.inside and "." in text:
                    raise self.source.error(node.at, f"{text} stands where an integer belongs")
                return Piece(text, ATOM, "integer" if "." not in text else "number")
            case Symbol() | Special("word") | Accent() | Postfix():
                return self._postfix(node)
            case Total():
                return self._total(node)
            case Product():
                return self._product(node)
            case Remainder(x, modulus):
                if isinstance(x, Total):
                    raise self.source.error(node.at, "what does \\bmod belong to? Write parentheses around the sum")
                return Piece(f"{self.tight(x)} % {self.tight(modulus)}", PRODUCT, "integer")
            case Group():
                return self._group(node)
            case Frac():
                return self._fraction(node)
            case Prefix():
                return self._prefix(node)
            case Infix():
                return self._infix(node)
            case Big():
                return self._big(node)
            case Cases():
                return self._cases(node)
            case Special("hole"):
                return Piece(HOLE, ATOM, "map")
            case Special(kind):
                words = {
                    "infty": "\\infty",
                    "dots": "…",
                    "set": "a set",
                    "indicator": "an indicator without its condition",
                    "partial": "\\partial outside of \\frac",
                }
                raise self.source.error(node.at, f"{words[kind]} is not understood here")

    def one(self, items: tuple[Clause, ...], at: int) -> Piece:
        inside = plain(items)
        if inside is None:
            raise self.source.error(at, "one expression belongs here")
        return self.piece(inside)

    def _total(self, node: Total) -> Piece:
        out, kinds = "", list[str]()
        for number, (sign, term) in enumerate(node.terms):
            if sign == "+" and not number:
                raise self.source.error(node.at, "'+' stands before nothing that it could add to")
            self._beyond(term, node.terms[number + 1 :])
            found = self.piece(term)
            kinds.append(found.kind)
            text = found.put(PRODUCT) if sign == "-" else found.put(SUM)
            out += f" {sign} {text}" if out else f"-{found.put(ATOM)}" if sign else text
        return Piece(out, SUM, joint(kinds))

    def _beyond(self, term: Node, later: Sequence[tuple[str, Node]]) -> None:
        """An index of a sum may not stand in the terms after it, for the sum ends at + and −."""
        while isinstance(term, Product):
            term = term.rest[-1][1]
        while isinstance(term, Big) and term.op in ("sum", "max") and term.scripts:
            names = {index for index, _, _ in self.ranges(term.scripts, term.at)[0]}
            for _, other in later:
                for at, name in self._free(other):
                    if name in names:
                        raise self.source.error(
                            at,
                            f"{name} is bound by the sum before, which ends at this sign: "
                            "write parentheses around what is summed",
                        )
            term = term.body

    def _free(self, node: Node) -> list[tuple[int, str]]:
        """Letters that no sum in the node binds."""
        if isinstance(node, Big) and node.op in ("sum", "max") and node.scripts:
            own = {index for index, _, _ in self.ranges(node.scripts, node.at)[0]}
            return [found for part in parts(node) for found in self._free(part) if found[1] not in own]
        if isinstance(node, Symbol):
            return [(node.at, self.roles.name(node.name, node.at))]
        return [found for part in parts(node) for found in self._free(part)]

    def _product(self, node: Product) -> Piece:
        if isinstance(node.first, Frac) and derivative(node.first):
            (_, body), *others = node.rest
            if others:
                raise self.source.error(node.at, "what is differentiated? Write parentheses around it")
            return self._derived(node.first, self.piece(body))
        factors: list[tuple[str, Piece]] = []
        signs = [("", node.first), *node.rest]
        for number, (sign, factor) in enumerate(signs):
            if isinstance(factor, Postfix) and derivative(factor.base) and number + 1 < len(signs):
                raise self.source.error(factor.at, "what is differentiated? Write parentheses around it")
            if number and isinstance(factor, Frac) and derivative(factor):
                if number != len(signs) - 2 or signs[-1][0]:
                    raise self.source.error(factor.at, "what is differentiated? Write parentheses around it")
                factors.append((sign, self._derived(factor, self.piece(signs[-1][1]))))
                break
            if number and sign == "" and signs[number - 1][0] == "slash":
                raise self.source.error(factor.at, "what is divided by ends where? Write \\frac, or parentheses")
            if isinstance(factor, Numeral) and number and not sign:
                raise self.source.error(factor.at, f"the number {factor.text} stands beside a factor: write \\cdot")
            before = signs[number - 1][1] if number else None
            if isinstance(factor, Group) and isinstance(before, Special) and before.kind == "indicator":
                factors.append(("", self._iverson(factor.items)))
                continue
            if isinstance(factor, Special) and factor.kind == "indicator" and number + 1 < len(signs):
                continue
            factors.append((sign, self.piece(factor)))
        return self._multiplied(self.in_turn(factors, node.at), node)

    def _multiplied(self, factors: list[tuple[str, Piece]], node: Node) -> Piece:
        first = factors[0][1]
        out, kind = first, first.kind
        for sign, factor in factors[1:]:
            if sign == "slash":
                if self.inside:
                    raise self.source.error(node.at, "a quotient of integers is written with \\lfloor and \\rfloor")
                out = Piece(f"{out.put(PRODUCT)}/{factor.put(ATOM)}", PRODUCT, "number" if kind == "integer" else kind)
                continue
            if kind == factor.kind == "sequence":
                if sign != "cdot":
                    raise self.source.error(
                        node.at,
                        "two sequences side by side: write \\ast for the convolution, or "
                        "\\cdot for the product of entries",
                    )
                out = Piece(f"mul({out.text}, {factor.text})", ATOM, "sequence")
                continue
            kind = joint([kind, factor.kind])
            out = Piece(f"{out.put(PRODUCT)}*{factor.put(ATOM)}", PRODUCT, kind)
        return out

    def _group(self, node: Group) -> Piece:
        inside = plain(node.items)
        match node.fence:
            case "floor" | "ceiling":
                return self._rounded(node)
            case "[" if related(node.items):
                return self._iverson(node.items)
            case "<":
                if len(node.items) != 2 or related(node.items):
                    raise self.source.error(node.at, "an inner product is \\langle x, y \\rangle")
                x, y = (self.one((c,), c.at) for c in node.items)
                return Piece(f"inner({x.text}, {y.text})", ATOM, "number")
            case "|":
                return self._applied("abs", self.one(node.items, node.at))
            case "(" | "[" | "{" if inside is not None:
                found = self.piece(inside)
                return found if isinstance(inside, Numeral | Symbol) else Piece(found.text, found.level, found.kind)
            case _:
                return self.explicit(node)

    def _big(self, node: Big) -> Piece:
        if node.op == "lim":
            raise self.source.error(node.at, "a limit is not read here: it stands alone on its side")
        group = bare(node.body)
        if node.op in ("max", "min") and not node.scripts:
            if not isinstance(group, Group) or len(group.items) < 2:
                raise self.source.error(node.at, f"write \\{node.op}(a, b), or \\{node.op}_{{0 \\le u < c}} x_{{n+u}}")
            if self.inside:
                raise self.source.error(node.at, f"\\{node.op} is a whole index, or the end of a range; else use cases")
            return self.greater(node.op, group, node.at)
        indices, conditions = self.ranges(node.scripts, node.at)
        if node.op != "sum" and (conditions or node.op == "min" or any(over == "Z" for _, over, _ in indices)):
            raise self.source.error(node.at, "a maximum is taken over ranges, as \\max_{0 \\le u < c}")
        body = self.piece(node.body)
        if HOLE in body.text or (node.op == "bigast" and body.kind != "sequence"):
            raise self.source.error(node.body.at, f"\\{node.op} is not understood with what stands behind it")
        loops = "".join(f" for {name} in {over}" for name, over, _ in indices)
        tests = "".join(f" if {c}" for c in conditions)
        if node.op == "bigast":
            return Piece(f"conv({body.text}{loops})", ATOM, "sequence")
        kind = body.kind if body.kind in ("sequence", "unknown") else "number"
        return Piece(f"{node.op}({body.text}{loops}{tests})", ATOM, kind)

    def _postfix(self, node: Node) -> Piece:
        found = head(node, self.roles, integer=bool(self.inside))
        if found is not None:
            return self.suffixed(*self._letter_piece(found), node)
        if isinstance(node, Postfix):
            if isinstance(node.base, Special) and node.base.kind == "indicator":
                return self._indicated(node)
            if isinstance(node.base, Frac) and derivative(node.base) and node.suffixes[0].kind in ("round", "square"):
                first, *rest = node.suffixes
                group = Group("(" if first.kind == "round" else "[", first.items, first.at)
                body = Postfix(group, tuple(rest), first.at) if rest else group
                found = self.piece(body)
                if rest and (found.kind, found.level) != ("entry", ATOM):
                    raise self.source.error(node.at, "what is differentiated? Write parentheses around it")
                return self._derived(node.base, found)
            return self.suffixed(self.piece(node.base), node.suffixes, node)
        if isinstance(node, Accent) and node.kind != "hat":
            x = self.piece(node.x)
            if x.kind == "sequence":
                return Piece(f"{turning(node.kind)}({x.text})", ATOM, "sequence")
        raise self.source.error(node.at, "this accent stands over no sequence: write \\tilde k, and (\\tilde k)_n")

    def _letter_piece(self, found: Head) -> tuple[Piece, tuple[Suffix, ...]]:
        """The letter itself, with the flips that its accents mean; and what follows it."""
        kind = self.roles.kind(found.key)
        if found.key in OPERATORS:
            return Piece(found.key, ATOM, "function"), found.suffixes
        if found.key in FUNCTIONS:
            return Piece(found.key.lower(), ATOM, "function"), found.suffixes
        if found.key.endswith("'") and self.roles.kind(found.key.rstrip("'")) == "function":
            kind = "function"
        if self.inside and kind == "sequence":
            if not found.suffixes:
                raise self.source.error(found.at, f"{found.key} is a sequence and stands where an integer belongs")
            raise self.source.error(found.at, f"an entry of {found.key} stands where an integer belongs")
        piece = Piece(self.roles.name(found.key, found.at), ATOM, kind)
        first = found.suffixes[0] if found.suffixes else None
        if first is not None and first.kind == "below" and kind in ("unknown", "number") and not self.inside:
            piece = Piece(piece.text, ATOM, "sequence" if kind == "unknown" else kind)
        for operator in reversed(found.operators):
            if piece.kind not in ("sequence", "unknown"):
                raise self.source.error(found.at, f"{found.key} is no sequence that could be turned round")
            piece = Piece(f"{turning(operator)}({piece.text})", ATOM, "sequence")
        return piece, found.suffixes

    def suffixed(self, piece: Piece, suffixes: tuple[Suffix, ...], node: Node) -> Piece:
        """Indices, powers and arguments after something; a bracket after a number is the next factor."""
        left: list[Piece] = []
        for number, suffix in enumerate(suffixes):
            at = suffix.at
            if number and suffix.kind == suffixes[number - 1].kind in ("above", "below"):
                raise self.source.error(at, "two exponents or two indices stand one after the other")
            match suffix.kind:
                case "mark" if suffix.text in ("sim", "leftarrow") and piece.kind == "sequence":
                    f = {"sim": "flip", "leftarrow": "reverse"}[suffix.text]
                    piece = Piece(f"{f}({piece.text})", ATOM, "sequence")
                case "mark" if suffix.text in ("ast", "top", "star"):
                    piece = self.transposed(piece, at)
                case "round" if piece.kind == "map":
                    x = self.one(suffix.items, at)
                    if x.kind == "map":  # A^*(B)^* y is A^*(B^* y).
                        return self.applied_to(piece, self.suffixed(x, suffixes[number + 1 :], node), at)
                    piece = self.applied_to(piece, x, at)
                case "mark":
                    raise self.source.error(at, "this mark is not understood here")
                case "below" if piece.kind == "sequence":
                    piece = self._entry(piece, suffix)
                case "below":
                    raise self.source.error(at, f"{piece.text[:30]} is no sequence that could have an index")
                case "above":
                    piece = self._power(piece, suffix)
                case "square" if related(suffix.items):
                    left.append(piece)
                    piece = self._iverson(suffix.items)
                case "square" | "round" if piece.kind == "sequence":
                    piece = self._entry(piece, suffix)
                case "round" if piece.kind == "function":
                    piece = self._called(piece.text, suffix)
                case "round" if piece.kind == "unknown" and piece.text.isidentifier():
                    raise self.source.error(
                        node.at,
                        f"is {piece.text}(…) an entry, a value or a product? Write "
                        f"{piece.text}[…], or let {piece.text} be a signal, a function or "
                        "a number",
                    )
                case "square" if piece.kind == "entry":
                    raise self.source.error(at, f"{piece.text[:30]} has an index already: write all places with commas")
                case _:
                    factor = self._group(Group("(" if suffix.kind == "round" else "[", suffix.items, at))
                    if piece.kind == "entry" and factor.kind in ("integer", "unknown"):
                        raise self.source.error(
                            at, f"is this a further index of {piece.text[:30]} or a factor? Write commas, or \\cdot"
                        )
                    left.append(piece)
                    piece = factor
        return piece if not left else self._multiplied([("", p) for p in (*left, piece)], node)

    def _entry(self, piece: Piece, suffix: Suffix) -> Piece:
        inside = [plain((c,)) for c in suffix.items]
        if any(map(is_hole, inside)):
            return self.left_open(piece.put(ATOM), suffix.items)
        if any(x is not None and chosen(x) is not None for x in inside):
            return self.clamped(piece.put(ATOM), [x for x in inside if x is not None], suffix.at)
        places = self.indices(suffix.items)
        if piece.text == "delta" and len(places) == 2 and suffix.kind == "below":
            return Piece(f"iverson({places[0]} == {places[1]})", ATOM, "number")
        return Piece(f"{piece.put(ATOM)}[{', '.join(places)}]", ATOM, "entry")

    def _power(self, piece: Piece, suffix: Suffix) -> Piece:
        exponent = plain(suffix.items)
        if piece.kind == "map" and isinstance(exponent, Symbol) and exponent.name == "T":
            return self.transposed(piece, suffix.at)
        if piece.kind == "map" and exponent is not None:
            return self.repeated(piece, exponent, suffix.at)
        if exponent is None or piece.kind in ("sequence", "function"):
            raise self.source.error(suffix.at, f"{piece.text[:30]} has no power that is known: write it out")
        if isinstance(bare(exponent), Group) and piece.kind != "integer":
            raise self.source.error(
                suffix.at, "is this a number of layers or an exponent? Write \\cdot, or x^{(1)} for a name"
            )
        match bare(exponent):
            case Frac(top, bottom) | Product(top, (("slash", bottom),)) if not self.inside:
                text = f"({self.tight(top)}/{self.tight(bottom)})"
            case x:
                text = self.tight(x)
        kind = piece.kind if piece.kind in ("integer", "unknown") else "number"
        return Piece(f"{piece.put(ATOM)}**{text}", PRODUCT, kind)
