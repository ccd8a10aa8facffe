"""From nodes to text of the claim language, given what the letters are.

Between sequences \\ast is the convolution and \\cdot the product of entries; between numbers both are the product.  k_n \\ast x_n
is refused, for it is written for both.  In k \\star x, the correlation Σ_a k[a] x[n + a], the kernel is the operand that is
declared one.  \\tilde k and \\bar k are k[-n].  A letter before parentheses is indexed where it is a sequence, applied where it
is a function, and a factor where it is a number; where none is known, it is refused.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from symconv.grading.latex_conditions import Conditions
from symconv.grading.latex_nodes import (
    Accent,
    Big,
    Branch,
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
from symconv.grading.latex_roles import FUNCTIONS, OPERATORS, Head, Roles, head, related
from symconv.grading.latex_tokens import Source

SUM, PRODUCT, ATOM = 1, 2, 3
COMPARED = re.compile(r"[<>=!]=?")


@dataclass(frozen=True, slots=True)
class Piece:
    """Text, how tightly it binds, and what it is: sequence, integer, number, entry, function or unknown."""

    text: str
    level: int
    kind: str

    def put(self, level: int) -> str:
        """The text, in parentheses where the place binds more tightly."""
        return f"({self.text})" if self.level < level else self.text


@dataclass
class Writer(Conditions):
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
                return self.text(node)

    def integer(self, node: Node) -> str:
        return self._integer(node).text

    def tight(self, node: Node) -> str:
        return self._integer(node).put(ATOM)

    def _integer(self, node: Node) -> Piece:
        self.inside += 1
        found = self.piece(node)
        self.inside -= 1
        if found.kind in ("sequence", "entry", "function"):
            raise self.source.error(node.at, f"{found.text[:40]} stands where an integer belongs")
        return found

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
            case Special(kind):
                words = {"infty": "\\infty", "dots": "…", "set": "a set", "indicator": "an indicator without its condition",
                         "partial": "\\partial outside of \\frac"}  # fmt: skip
                raise self.source.error(node.at, f"{words[kind]} is not understood here")

    def _one(self, items: tuple[Clause, ...], at: int) -> Piece:
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
        return Piece(out, SUM, _joint(kinds))

    def _beyond(self, term: Node, later: Sequence[tuple[str, Node]]) -> None:
        """An index of a sum may not stand in the terms after it, for the sum ends at + and −."""
        while isinstance(term, Product):
            term = term.rest[-1][1]
        while isinstance(term, Big) and term.op == "sum":
            names = {index for index, _, _ in self.ranges(term.scripts, term.at)[0]}
            for _, other in later:
                for at, name in self._free(other):
                    if name in names:
                        raise self.source.error(at, f"{name} is bound by the sum before, which ends at this sign: "
                                                    "write parentheses around what is summed")  # fmt: skip
            term = term.body

    def _free(self, node: Node) -> list[tuple[int, str]]:
        """Letters that no sum in the node binds."""
        if isinstance(node, Big) and node.op == "sum":
            own = {index for index, _, _ in self.ranges(node.scripts, node.at)[0]}
            return [found for part in parts(node) for found in self._free(part) if found[1] not in own]
        if isinstance(node, Symbol):
            return [(node.at, self.roles.name(node.name, node.at))]
        return [found for part in parts(node) for found in self._free(part)]

    def _product(self, node: Product) -> Piece:
        if _derivative(node.first):
            return self._derived(node)
        if isinstance(node.first, Postfix) and _derivative(node.first.base):
            raise self.source.error(node.at, "what is differentiated? Write parentheses around it")
        shifted = self._shifted(node)
        if shifted is not None:
            return shifted
        factors: list[tuple[str, Piece]] = []
        signs = [("", node.first), *node.rest]
        for number, (sign, factor) in enumerate(signs):
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
        return self._multiplied(factors, node)

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
                    raise self.source.error(node.at, "two sequences side by side: write \\ast for the convolution, or "
                                                     "\\cdot for the product of entries")  # fmt: skip
                out = Piece(f"mul({out.text}, {factor.text})", ATOM, "sequence")
                continue
            kind = _joint([kind, factor.kind])
            out = Piece(f"{out.put(PRODUCT)}*{factor.put(ATOM)}", PRODUCT, kind)
        return out

    def _derived(self, node: Product) -> Piece:
        """∂/∂x_j of what follows."""
        if len(node.rest) > 1:
            raise self.source.error(node.at, "what is differentiated? Write parentheses around it")
        first = node.first
        assert isinstance(first, Frac)  # noqa: S101  # as _derivative says
        return Piece(f"diff({self.text(node.rest[0][1])}, {self._by(first)})", ATOM, "number")

    def _by(self, node: Frac) -> str:
        """The x_j below ∂/∂x_j."""
        match bare(node.bottom):
            case Product(Special("partial"), (("", x),)):
                return self.text(x)
            case _:
                raise self.source.error(node.bottom.at, "a derivative has \\partial and one entry below")

    def _shifted(self, node: Product) -> Piece | None:
        """τ_m x, where τ is no letter of the author's."""
        match node.first:
            case Postfix(Symbol("tau"), (Suffix("below", items),)) if self.roles.kind("tau") == "unknown":
                rest = node.rest[1:]
                x = self.piece(Product(node.rest[0][1], rest, node.at) if rest else node.rest[0][1])
                if x.kind != "sequence":
                    raise self.source.error(node.at, "\\tau is a shift of a sequence: declare the sequence")
                return Piece(f"shift({x.text}, {self._places(items)})", ATOM, "sequence")
            case _:
                return None

    def _places(self, items: tuple[Clause, ...]) -> str:
        """One integer, or a tuple."""
        inside = plain(items)
        if inside is None:
            return f"({', '.join(self.indices(items))})"
        match bare(inside):
            case Group("(", several) if len(several) > 1:
                return f"({', '.join(self.indices(several))})"
            case x:
                return self.integer(x)

    def indices(self, items: tuple[Clause, ...]) -> list[str]:
        """The subscripts of an entry; ij is refused where i and j are both indices."""
        out: list[str] = []
        for clause in items:
            inside = plain((clause,))
            if inside is None:
                raise self.source.error(clause.at, "an index is an integer, without a condition")
            if isinstance(inside, Product) and not any(sign for sign, _ in inside.rest):
                letters = [inside.first, *(f for _, f in inside.rest)]
                names = [x.name for x in letters if isinstance(x, Symbol)]
                if sum(n in self.roles.indices | self.roles.bound for n in names) > 1:
                    joined = "".join(names)
                    raise self.source.error(clause.at, f"{joined} is a product or several indices: write commas, "
                                                       f"{', '.join(names)}, or \\cdot")  # fmt: skip
            out.append(self.integer(inside))
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
                x, y = (self._one((c,), c.at) for c in node.items)
                return Piece(f"inner({x.text}, {y.text})", ATOM, "number")
            case "|":
                return self._applied("abs", self._one(node.items, node.at))
            case "(" | "[" | "{" if inside is not None:
                found = self.piece(inside)
                return found if isinstance(inside, Numeral | Symbol) else Piece(found.text, found.level, found.kind)
            case _:
                raise self.source.error(node.at, "brackets with commas belong to an index, or to a function")

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

    def _applied(self, f: str, x: Piece) -> Piece:
        return Piece(f"{f}({x.text})", ATOM, "sequence" if x.kind == "sequence" else "number")

    def _rounded(self, node: Group) -> Piece:
        """⌊p/s⌋, and ⌈p/s⌉ as ⌊(p + s − 1)/s⌋."""
        inside = plain(node.items)
        self.inside += 1
        match bare(inside) if inside is not None else inside:
            case Frac(top, bottom):
                pass
            case Product(top, (("slash", bottom),)):
                pass
            case _:
                raise self.source.error(node.at, "a floor is that of one quotient, \\lfloor p/s \\rfloor")
        p, s = self._integer(top), self._integer(bottom)
        self.inside -= 1
        above = p.put(ATOM) if node.fence == "floor" else f"({p.text} + {s.put(ATOM)} - 1)"
        return Piece(f"{above}//{s.put(ATOM)}", PRODUCT, "integer")

    def _fraction(self, node: Frac) -> Piece:
        match bare(node.top), bare(node.bottom):
            case Special("partial"), _:
                raise self.source.error(node.at, "what is differentiated? It stands behind the fraction")
            case Product(Special("partial"), (("", y),)), _:
                return Piece(f"diff({self.text(y)}, {self._by(node)})", ATOM, "number")
            case top, bottom:
                if self.inside:
                    raise self.source.error(node.at, "a quotient of integers is written with \\lfloor and \\rfloor")
                p, q = self.piece(top), self.piece(bottom)
                kind = "number" if p.kind == "integer" else p.kind
                return Piece(f"{p.put(PRODUCT)}/{q.put(ATOM)}", PRODUCT, kind)

    def _prefix(self, node: Prefix) -> Piece:
        if node.op == "nabla":
            return self._gradient(node)
        x = self.piece(node.x)
        if x.kind != "sequence" or node.script.kind != "below":
            arrow = {"down": "\\downarrow", "up": "\\uparrow"}[node.op]
            raise self.source.error(node.at, f"{arrow} takes a factor below and a sequence: write ({arrow}_s x)_n")
        return Piece(f"{node.op}({x.text}, {self._places(node.script.items)})", ATOM, "sequence")

    def _gradient(self, node: Prefix) -> Piece:
        """∇_x ⟨g, e⟩, and ∇_x of a number."""
        by = self._one(node.script.items, node.at).text
        match bare(node.x):
            case Group("<", (g, e)):
                weighted, value = self._one((g,), g.at), self._one((e,), e.at)
                return Piece(f"grad({value.text}, {by}, {weighted.text})", ATOM, "sequence")
            case x:
                found = self.piece(x)
                if found.kind not in ("number", "entry"):
                    raise self.source.error(
                        node.at, "a gradient is that of a number: write \\nabla_x \\langle g, y \\rangle"
                    )
                return Piece(f"grad({found.text}, {by}, 1)", ATOM, "sequence")

    def _infix(self, node: Infix) -> Piece:
        if node.op == "star":
            return self._correlated(node)
        for side in (node.left, node.right):
            if isinstance(bare(side), Infix) and bare(side) is side and side.op != node.op:
                raise self.source.error(node.at, "\\ast and \\star stand side by side: write parentheses")
        x, y = self.piece(node.left), self.piece(node.right)
        if x.kind == y.kind == "sequence":
            return Piece(f"{'conv' if node.op == 'ast' else 'mul'}({x.text}, {y.text})", ATOM, "sequence")
        if "entry" in (x.kind, y.kind) and (x.kind == y.kind or {x.kind, y.kind} & {"unknown", "sequence"}):
            raise self.source.error(node.at, f"{x.text[:30]} \\ast {y.text[:30]} is a product of entries, or the entry of a "
                                             "convolution: write \\cdot, or (x \\ast k)_n")  # fmt: skip
        if "unknown" in (x.kind, y.kind):
            raise self.source.error(node.at, "is this a product or a convolution? Declare what stands beside \\ast")
        return Piece(f"{x.put(PRODUCT)}*{y.put(ATOM)}", PRODUCT, _joint([x.kind, y.kind]))

    def _correlated(self, node: Infix) -> Piece:
        left, right = self._kernel(node.left), self._kernel(node.right)
        for side in (node.left, node.right):
            if isinstance(side, Infix):
                raise self.source.error(node.at, "\\star is not associative: write parentheses")
        if left == right:
            why = "both operands are kernels" if left else "neither operand is declared a kernel"
            raise self.source.error(node.at, f"which operand of \\star is the kernel? Here {why}: write the sum, or let k "
                                             "be a kernel")  # fmt: skip
        k, x = (node.left, node.right) if left else (node.right, node.left)
        kernel, signal = self.piece(k), self.piece(x)
        if signal.kind not in ("sequence", "unknown"):
            raise self.source.error(x.at, "\\star correlates sequences")
        options = ""
        for script in node.scripts:
            if script.kind == "below":
                options = f", stride={self._places(script.items)}{options}"
            elif script.kind == "above":
                for clause in script.items:
                    options += self._star_option(clause)
        return Piece(f"corr({signal.text}, {kernel.text}{options})", ATOM, "sequence")

    def _star_option(self, clause: Clause) -> str:
        """⋆^{d, +p}: dilation d, padding p."""
        match plain((clause,)):
            case Total((("+", p),)):
                return f", padding={self._places((Clause((p,), (), p.at),))}"
            case None:
                raise self.source.error(clause.at, "above \\star stand the dilation d and the padding +p")
            case _:
                return f", dilation={self._places((clause,))}"

    def _kernel(self, node: Node) -> bool:
        """Whether all sequences in an expression are declared kernels."""
        found = head(node, self.roles)
        if found is not None:
            return self.roles.declared.get(found.key) == "kernel"
        inside = [node.x] if isinstance(node, Prefix) else list(parts(node))
        kinds = [p for p in inside if not isinstance(bare(p), Numeral)]
        return bool(kinds) and all(self._kernel(p) for p in kinds)

    def _big(self, node: Big) -> Piece:
        if node.op == "lim":
            raise self.source.error(node.at, "a limit is not read here: it stands alone on its side")
        group = bare(node.body)
        if node.op in ("max", "min") and not node.scripts:
            if not isinstance(group, Group) or len(group.items) < 2:
                raise self.source.error(node.at, f"write \\{node.op}(a, b), or \\{node.op}_{{0 \\le u < c}} x_{{n+u}}")
            if self.inside:
                raise self.source.error(node.at, f"\\{node.op} is read neither in an index nor in a range: use cases")
            return Piece(f"{node.op}({', '.join(self.integer(self._plain(c)) for c in group.items)})", ATOM, "integer")
        indices, conditions = self.ranges(node.scripts, node.at)
        if node.op != "sum" and (conditions or node.op == "min" or any(over == "Z" for _, over, _ in indices)):
            raise self.source.error(node.at, "a maximum is taken over ranges, as \\max_{0 \\le u < c}")
        body = self.piece(node.body)
        loops = "".join(f" for {name} in {over}" for name, over, _ in indices)
        tests = "".join(f" if {c}" for c in conditions)
        kind = body.kind if body.kind in ("sequence", "unknown") else "number"
        return Piece(f"{node.op}({body.text}{loops}{tests})", ATOM, kind)

    def _plain(self, clause: Clause) -> Node:
        found = plain((clause,))
        if found is None:
            raise self.source.error(clause.at, "an integer belongs here")
        return found

    def _cases(self, node: Cases) -> Piece:
        """Values with their conditions, read from the top; the last one is `otherwise`, or what is left of two."""
        *first, last = node.branches
        tests = [self.conditions(b.conditions) if b.conditions else [] for b in node.branches]
        if not first or any(not t for t in tests[:-1]):
            raise self.source.error(node.at, "cases need a condition for every value but the last")
        if last.conditions and not _complements(first, tests):
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

    def _postfix(self, node: Node) -> Piece:
        found = head(node, self.roles, integer=bool(self.inside))
        if found is not None:
            return self._suffixed(*self._letter_piece(found), node)
        if isinstance(node, Postfix):
            if isinstance(node.base, Special) and node.base.kind == "indicator":
                return self._indicated(node)
            if isinstance(node.base, Frac) and _derivative(node.base) and node.suffixes[0].kind in ("round", "square"):
                first, *rest = node.suffixes
                group = Group("(" if first.kind == "round" else "[", first.items, first.at)
                body = Postfix(group, tuple(rest), first.at) if rest else group
                return self._derived(Product(node.base, (("", body),), node.at))
            return self._suffixed(self.piece(node.base), node.suffixes, node)
        if isinstance(node, Accent) and node.kind != "hat":
            x = self.piece(node.x)
            if x.kind == "sequence":
                return Piece(f"{node.kind}({x.text})", ATOM, "sequence")
        raise self.source.error(node.at, "this accent stands over no sequence: write \\tilde k, and (\\tilde k)_n")

    def _indicated(self, node: Postfix) -> Piece:
        """𝟙[…], 𝟙_{…} with a condition; 𝟙_c is the sequence of c ones."""
        first, *rest = node.suffixes
        if related(first.items) or isinstance(bare(first.items[0].parts[0]), Group):
            return self._suffixed(self._iverson(first.items), tuple(rest), node)
        if first.kind == "below":
            return self._suffixed(Piece(f"ones({self._places(first.items)})", ATOM, "sequence"), tuple(rest), node)
        raise self.source.error(node.at, "an indicator is \\mathbb{1}[0 \\le n < N]")

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
            piece = Piece(f"{operator}({piece.text})", ATOM, "sequence")
        return piece, found.suffixes

    def _suffixed(self, piece: Piece, suffixes: tuple[Suffix, ...], node: Node) -> Piece:
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
                    raise self.source.error(node.at, f"is {piece.text}(…) an entry, a value or a product? Write "
                                                     f"{piece.text}[…], or let {piece.text} be a signal, a function or "
                                                     "a number")  # fmt: skip
                case _:
                    left.append(piece)
                    group = Group("(" if suffix.kind == "round" else "[", suffix.items, at)
                    piece = self._group(group)
        return piece if not left else self._multiplied([("", p) for p in (*left, piece)], node)

    def _entry(self, piece: Piece, suffix: Suffix) -> Piece:
        places = self.indices(suffix.items)
        if piece.text == "delta" and len(places) == 2 and suffix.kind == "below":
            return Piece(f"iverson({places[0]} == {places[1]})", ATOM, "number")
        return Piece(f"{piece.put(ATOM)}[{', '.join(places)}]", ATOM, "entry")

    def _power(self, piece: Piece, suffix: Suffix) -> Piece:
        exponent = plain(suffix.items)
        if exponent is None or piece.kind in ("sequence", "function"):
            raise self.source.error(suffix.at, f"{piece.text[:30]} has no power that is known: write it out")
        match bare(exponent):
            case Frac(top, bottom) | Product(top, (("slash", bottom),)) if not self.inside:
                text = f"({self.tight(top)}/{self.tight(bottom)})"
            case x:
                text = self.tight(x)
        kind = piece.kind if piece.kind in ("integer", "unknown") else "number"
        return Piece(f"{piece.put(ATOM)}**{text}", PRODUCT, kind)

    def _called(self, f: str, suffix: Suffix) -> Piece:
        found = [self._one((c,), c.at) for c in suffix.items]
        if f in ("conv", "corr") and len(found) == 2:
            return Piece(f"{f}({found[0].text}, {found[1].text})", ATOM, "sequence")
        if len(found) != 1 or f in ("gcd", "conv", "corr"):
            raise self.source.error(suffix.at, f"{f} is not understood with these arguments here")
        if f in ("flip", "reverse", "ones"):
            return Piece(f"{f}({found[0].text})", ATOM, "sequence")
        return self._applied(f, found[0])


def _joint(kinds: Sequence[str]) -> str:
    """What a sum or product of these is."""
    return next((k for k in ("sequence", "unknown", "entry", "number") if k in kinds), "integer")


def _derivative(node: Node) -> bool:
    """Whether a node is ∂/∂x."""
    return isinstance(node, Frac) and isinstance(bare(node.top), Special) and bare(node.top).kind == "partial"  # type: ignore[union-attr]


def _complements(first: list[Branch], tests: list[list[str]]) -> bool:
    """Whether two conditions say the opposite of one another, so that no case is left out."""
    if len(first) != 1 or len(tests[0]) != 1 or len(tests[1]) != 1:
        return False
    a, b = tests[0][0], tests[1][0]
    pairs = (" % 2 == 0", " % 2 == 1"), (" == 0", " != 0"), (" == ", " != "), (" < ", " >= "), (" > ", " <= ")
    return any(
        x in u and u.replace(x, y) == v for x, y in pairs for u, v in ((a, b), (b, a)) if len(COMPARED.findall(u)) == 1
    )
