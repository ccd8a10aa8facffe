"""Convolutions, correlations, resampling and shifts of sequences, and the places of entries."""

from __future__ import annotations

from abc import abstractmethod

from symconv.grading.latex_conditions import Conditions
from symconv.grading.latex_nodes import (
    Accent,
    Big,
    Clause,
    Frac,
    Group,
    Infix,
    Node,
    Numeral,
    Postfix,
    Prefix,
    Product,
    Special,
    Symbol,
    Total,
    bare,
    parts,
    plain,
)
from symconv.grading.latex_pieces import ATOM, PRODUCT, Piece, joint
from symconv.grading.latex_roles import head


class Operators(Conditions):
    """Writes operators on sequences; expressions are written by the class that extends it."""

    inside: int

    @abstractmethod
    def piece(self, node: Node) -> Piece:
        """An expression with what it is."""

    @abstractmethod
    def one(self, items: tuple[Clause, ...], at: int) -> Piece:
        """The one expression of a list."""

    @abstractmethod
    def gradient(self, node: Prefix) -> Piece:
        """∇_x of a number."""

    def _prefix(self, node: Prefix) -> Piece:
        if node.op == "nabla":
            return self.gradient(node)
        x = self.piece(node.x)
        if (
            x.kind not in ("sequence", "map")
            or node.script.kind != "below"
            or (node.op == "shift" and self._named("tau"))
        ):
            sign = {"down": "\\downarrow", "up": "\\uparrow", "shift": "\\tau"}[node.op]
            raise self.source.error(node.at, f"{sign} takes an integer below and a sequence: write ({sign}_s x)_n")
        return Piece(f"{node.op}({x.text}, {self._places(node.script.items)})", ATOM, x.kind)

    def _named(self, key: str) -> bool:
        """Whether the author declares or defines a letter."""
        return key in self.roles.declared or key in self.roles.defined

    def _infix(self, node: Infix) -> Piece:
        if node.op == "star":
            return self._correlated(node)
        for side in (node.left, node.right):
            if isinstance(side, Infix) and side.op != node.op:
                raise self.source.error(node.at, "\\ast and \\star stand side by side: write parentheses")
        x, y = self.piece(node.left), self.piece(node.right)
        if {x.kind, y.kind} == {"sequence", "map"}:
            given, other = (x, y) if x.kind == "map" else (y, x)  # The second operand is the kernel.
            return Piece(f"{'conv' if node.op == 'ast' else 'mul'}({given.text}, {other.text})", ATOM, "map")
        if x.kind == y.kind == "sequence":
            return Piece(f"{'conv' if node.op == 'ast' else 'mul'}({x.text}, {y.text})", ATOM, "sequence")
        if "entry" in (x.kind, y.kind) and (x.kind == y.kind or {x.kind, y.kind} & {"unknown", "sequence"}):
            raise self.source.error(
                node.at,
                f"{x.text[:30]} \\ast {y.text[:30]} is a product of entries, or the entry of a "
                "convolution: write \\cdot, or (x \\ast k)_n",
            )
        if "unknown" in (x.kind, y.kind):
            raise self.source.error(node.at, "is this a product or a convolution? Declare what stands beside \\ast")
        return Piece(f"{x.put(PRODUCT)}*{y.put(ATOM)}", PRODUCT, joint([x.kind, y.kind]))

    def _correlated(self, node: Infix) -> Piece:
        left, right = self.is_kernel(node.left), self.is_kernel(node.right)
        for side in (node.left, node.right):
            if isinstance(side, Infix):
                raise self.source.error(node.at, "\\star is not associative: write parentheses")
        if not left and not right:
            left, right = self._beside_a_signal(node.left, node.right), self._beside_a_signal(node.right, node.left)
        if left == right:
            why = "both operands are kernels" if left else "neither operand is declared a kernel"
            raise self.source.error(
                node.at, f"which operand of \\star is the kernel? Here {why}: write the sum, or let k be a kernel"
            )
        k, x = (node.left, node.right) if left else (node.right, node.left)
        kernel, signal = self.piece(k), self.piece(x)
        if signal.kind not in ("sequence", "unknown", "map"):
            raise self.source.error(x.at, "\\star correlates sequences")
        options = ""
        for script in node.scripts:
            if script.kind == "below":
                options = f", stride={self._places(script.items)}{options}"
            elif script.kind == "above":
                for clause in script.items:
                    options += self._star_option(clause)
        return Piece(
            f"corr({signal.text}, {kernel.text}{options})", ATOM, "map" if signal.kind == "map" else "sequence"
        )

    def _star_option(self, clause: Clause) -> str:
        """⋆^{d, +p}: dilation d, padding p."""
        match plain((clause,)):
            case Total((("+", p),)):
                return f", padding={self._places((Clause((p,), (), p.at),))}"
            case None:
                raise self.source.error(clause.at, "above \\star stand the dilation d and the padding +p")
            case _:
                return f", dilation={self._places((clause,))}"

    def is_kernel(self, node: Node) -> bool:
        """Whether all sequences in an expression are declared kernels, impulses or sequences of ones."""
        found = head(node, self.roles)
        if found is not None:
            inside = plain(found.suffixes[0].items) if len(found.suffixes) == 1 else None
            if self.roles.kind(found.key) == "number" and inside is not None:  # q (k \ast h) is a product.
                return self.is_kernel(inside)
            known = self.roles.declared.get(found.key) == "kernel" or found.key in self.roles.kernels
            return known or (found.key == "delta" and not self._named("delta"))
        match node:
            case Prefix(x=x) | Accent(x=x):
                return self.is_kernel(x)
            case Infix(left=left, right=right):
                return self.is_kernel(left) and self.is_kernel(right)
            case Postfix(Special("indicator")):
                return True
            case Postfix(base=base):
                return self.is_kernel(base)
            case Group("(" | "[", items) if len(items) > 1:
                return True
            case Big(body=body):
                return self.is_kernel(body)
            case Product() | Total() | Group():
                factors = [p for p in parts(node) if not self._number(p)]
                return bool(factors) and all(map(self.is_kernel, factors))
            case _:
                return False

    def _beside_a_signal(self, k: Node, x: Node) -> bool:
        """Whether a letter of which nothing is declared stands beside one that is declared a signal without an end."""
        kernel, signal = head(k, self.roles), head(x, self.roles)
        if kernel is None or signal is None or kernel.suffixes or signal.suffixes:
            return False
        return kernel.key not in self.roles.declared and signal.key in self.roles.unbounded

    def _number(self, node: Node) -> bool:
        """Whether an expression is visibly a number: it says nothing of kernels."""
        found = head(node, self.roles)
        kind = self.roles.kind(found.key) if found is not None and not found.suffixes else ""
        return isinstance(node, Numeral | Frac) or kind in ("number", "integer")

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
                    raise self.source.error(
                        clause.at,
                        f"{joined} is a product or several indices: write commas, {', '.join(names)}, or \\cdot",
                    )
            out.append(self.integer(inside))
        return out
