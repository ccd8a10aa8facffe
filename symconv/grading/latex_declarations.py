"""Declarations, definitions and conditions of a derivation as `let` and `assume` lines."""

from __future__ import annotations

from dataclasses import dataclass, field

from symconv.grading.latex_calls import HOLE, own_taps
from symconv.grading.latex_nodes import (
    Clause,
    Group,
    Node,
    Numeral,
    Postfix,
    Product,
    Special,
    Suffix,
    Symbol,
    bare,
    parts,
    plain,
)
from symconv.grading.latex_roles import OPERATORS, Head, Roles, head
from symconv.grading.latex_writer import Writer

PLACES = 2


@dataclass
class Declarations:
    """Collects lines; `broken` are the letters whose definition was not understood."""

    writer: Writer
    lets: list[str] = field(default_factory=list[str])
    assumes: list[str] = field(default_factory=list[str])
    defined: set[str] = field(default_factory=set[str])
    entries: dict[str, tuple[int, tuple[str, ...], bool]] = field(
        default_factory=dict[str, tuple[int, tuple[str, ...], bool]]
    )
    """Letters that are defined by their entries: where, with which indices, whether by the first step of a chain."""
    broken: dict[str, str] = field(default_factory=dict[str, str])

    def declared(
        self, kind: str, letters_: list[Head], extent: tuple[Clause, ...] | None, clauses: tuple[Clause, ...]
    ) -> None:
        """x, y: signals of one extent; s, t ≥ 1: sizes."""
        roles = self.writer.roles
        conditions = [c for clause in self.writer.spread(clauses) for c in self._said(clause, kind)]
        for found, clause in zip(letters_, clauses, strict=True):
            name = self.writer.roles.name(found.key, found.at)
            if self._values(clause, kind):
                last = own_taps(found, clause.parts[1])
                if last is None and found.key in letters(clause.parts[1], roles):
                    raise self.writer.source.error(clause.at, f"{found.key} stands in its own definition")
                if last is None:
                    self.define(found, clause.parts[1])
                else:
                    self._let(f"{name}: {kind}[{self.writer.after(last)}]")
                continue
            if extent is not None and kind not in ("signal", "kernel"):
                raise self.writer.source.error(found.at, f"{found.key} has no extent: it is of kind {kind}")
            if kind == "integer" and f"{name} >= 1" in conditions:
                self._let(f"{name}: size")
                conditions.remove(f"{name} >= 1")
                continue
            spaces = [c.parts[-1] for c in clauses if c.relations[-1:] == ("in",)]
            axes = self._axes(extent) if extent is not None else self._space_axes(spaces[-1]) if spaces else ""
            roles.unbounded |= {found.key} if kind == "signal" and not axes else set()
            if kind == "kernel" and not axes:
                axes = ", ".join(":" * self.writer.roles.axes.get(found.key, 1))
            self._let(f"{name}: {kind}[{axes}]" if axes else f"{name}: {kind}")
        self.assumes += [c for c in conditions if c not in self.assumes]

    def _said(self, clause: Clause, kind: str) -> list[str]:
        """The conditions beside the letters of a declaration."""
        if self._values(clause, kind) or not clause.relations or clause.relations[-1] == "in":
            return []
        return self._condition(clause)

    @staticmethod
    def _values(clause: Clause, kind: str) -> bool:
        """Whether a declaration says what the letter is: let k = (1, 2, 1) be a kernel."""
        return kind in ("signal", "kernel") and clause.relations in (("=",), (":=",))

    def stated(self, clauses: tuple[Clause, ...]) -> None:
        """Definitions, memberships, and conditions; a new name for an index is a substitution, and a reason."""
        roles = self.writer.roles
        for clause in self.writer.spread(clauses):
            found = head(bare(clause.parts[0]), roles) if clause.parts else None
            if clause.forall or (not clause.relations and not clause.parity):
                if found is None or roles.kind(found.key) not in ("integer", "unknown"):
                    raise self.writer.source.error(
                        clause.at, "what is said of this? Declare it a signal, a kernel, a number, or give a condition"
                    )
            elif clause.relations[-1:] == ("in",) and space(clause.parts[-1]):
                self._member(clause)
            elif found is not None and clause.parts[1:] and (last := own_taps(found, clause.parts[-1])) is not None:
                self._let(f"{roles.name(found.key, found.at)}: kernel[{self.writer.after(last)}]")
            elif (
                clause.relations in (("=",), (":=",))
                and found is not None
                and not found.operators
                and found.key not in OPERATORS
                and self._new(found, clause)
            ):
                if found.suffixes or roles.kind(found.key) != "integer":
                    self.define(found, clause.parts[1])
                elif found.key not in roles.bound:
                    self._assume(clause)
            else:
                self._assume(clause)

    def _new(self, found: Head, clause: Clause) -> bool:
        roles = self.writer.roles
        fresh = found.key not in self.defined and found.key not in roles.declared and plain_index(found)
        return fresh and found.key not in letters(clause.parts[1], roles)

    def define(self, found: Head, value: Node, *, first: bool = False) -> None:
        """y = e, or y[n] = e; an integer is one by an assumption."""
        roles = self.writer.roles
        name = roles.name(found.key, found.at)
        if found.key in self.defined:
            raise self.writer.source.error(found.at, f"{found.key} is defined twice")
        if not found.suffixes and roles.kind(found.key) == "integer":
            self.assumes.append(f"{name} == {self.writer.integer(value)}")
            return
        piece = self.writer.piece(value)
        if HOLE in piece.text:
            raise self.writer.source.error(value.at, "a map stands here: define what it makes of a sequence")
        if not found.suffixes:
            if piece.kind == "sequence":
                roles.sequences.setdefault(found.key, found.at)
                roles.kernels |= {found.key} if self.writer.is_kernel(value) else set()
            self._let(f"{name} = {piece.text}")
        else:
            if piece.kind == "sequence":
                raise self.writer.source.error(value.at, f"an entry of {found.key} is a number, and this is a sequence")
            places = self.writer.indices(found.suffixes[0].items)
            self._let(f"{name}[{', '.join(places)}] = {piece.text}")
            self.entries[found.key] = (found.at, tuple(places), first)
        self.defined.add(found.key)

    def _let(self, line: str) -> None:
        if line not in self.lets:
            self.lets.append(line)

    def _assume(self, clause: Clause) -> None:
        for text in self._condition(clause):
            if text not in self.assumes:
                self.assumes.append(text)

    def _condition(self, clause: Clause) -> list[str]:
        """Conditions between integers; gcd(s, t) = 1; x ≥ 0; an equation between sequences."""
        writer, call = self.writer, bare(clause.parts[0])
        if isinstance(call, Postfix) and isinstance(call.base, Special) and call.base.text == "gcd":
            places = call.suffixes[0].items
            last = bare(clause.parts[-1])
            if clause.relations != ("=",) or len(places) != PLACES or not isinstance(last, Numeral) or last.text != "1":
                raise writer.source.error(clause.at, "of a greatest common divisor only \\gcd(s, t) = 1 is read")
            return [f"gcd({', '.join(writer.indices(places))}) == 1"]
        found = head(call, writer.roles)
        if (
            found is not None
            and writer.roles.kind(found.key) in ("sequence", "number")
            and clause.relations in ((">=",), (">",))
        ):
            zero = bare(clause.parts[1])
            if isinstance(zero, Numeral) and zero.text == "0" and plain_index(found) and not found.operators:
                return [f"{writer.roles.name(found.key, found.at)} {clause.relations[0]} 0"]
        if clause.relations == ("=",):
            left, right = map(writer.piece, clause.parts)
            if "sequence" in (left.kind, right.kind):
                return [f"{left.text} == {right.text}"]
        return writer.condition(clause)

    def _member(self, clause: Clause) -> None:
        """x ∈ ℝ^N, a ∈ ℝ, p ∈ ℕ; n ∈ ℤ says nothing."""
        roles = self.writer.roles
        found = head(bare(clause.parts[0]), roles)
        if found is None or found.suffixes:
            raise self.writer.source.error(clause.at, "a letter alone is in a set")
        name, kind = roles.name(found.key, found.at), space(clause.parts[-1])
        if kind == "signal":
            axes = self._space_axes(clause.parts[-1])
            self._let(f"{name}: signal[{axes}]" if axes else f"{name}: signal")
        elif kind in ("number", "natural"):
            self._let(f"{name}: {kind}")

    def _axes(self, extent: tuple[Clause, ...]) -> str:
        """N, or H × W, or the places −l, …, l."""
        writer = self.writer
        dots = [i for i, c in enumerate(extent) if isinstance(bare(c.parts[0]), Special)]
        if dots:
            low, high = writer.integer(bare(extent[0].parts[0])), extent[-1].parts[0]
            end = writer.after(high)
            return end if low == "0" else f"{low}:{end}"
        inside = plain(extent)
        if inside is None:
            raise writer.source.error(extent[0].at, "an extent is N, H \\times W, or the places 0, \\dots, c-1")
        return self._extents(bare(inside))

    def _extents(self, node: Node) -> str:
        match node:
            case Product(first, rest) if rest and all(sign == "times" for sign, _ in rest):
                return ", ".join(self._extents(bare(p)) for p in (first, *(p for _, p in rest)))
            case Group("set", items):
                return self._axes(items)
            case Special("set", "Z"):
                return ":"
            case Postfix(Special("set", "Z"), (Suffix("above", items),)) if isinstance(d := plain(items), Numeral):
                return ", ".join(":" * int(d.text[:1]))
            case _:
                return self.writer.integer(node)

    def _space_axes(self, node: Node) -> str:
        """The N of ℝ^N; nothing for ℝ^ℤ."""
        match bare(node):
            case Postfix(Special("set", "R"), (suffix,)) if (inside := plain(suffix.items)) is not None:
                if isinstance(bare(inside), Special):
                    return ""
                return self._extents(bare(inside))
            case _:
                raise self.writer.source.error(node.at, "a signal is in \\mathbb{R}^N")


def space(node: Node) -> str:
    """The kind of what is in ℝ^N, ℝ, ℕ, ℤ; none for ranges."""
    match bare(node):
        case Special("set", "R"):
            return "number"
        case Special("set", "N"):
            return "natural"
        case Special("set", "Z"):
            return "integer"
        case Postfix(Special("set", "R"), (suffix,)) if suffix.kind == "above":
            return "signal"
        case _:
            return ""


def plain_index(found: Head) -> bool:
    """Whether a letter stands alone, or with one index of different letters."""
    match found.suffixes:
        case ():
            return True
        case (suffix,) if suffix.kind in ("below", "square", "round"):
            names = [plain((c,)) for c in suffix.items]
            letters_ = [n.name for n in names if isinstance(n, Symbol)]
            return len(letters_) == len(names) == len(set(letters_))
        case _:
            return False


def letters(node: Node, roles: Roles) -> set[str]:
    """The keys of all letters in an expression."""
    found = head(node, roles)
    own = {found.key} if found is not None else set[str]()
    return own.union(*(letters(p, roles) for p in parts(node)))
