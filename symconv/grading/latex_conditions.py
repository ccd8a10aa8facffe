"""Conditions and ranges of indices in the claim language: 0 \\le a < c, a \\in \\mathbb Z, n \\equiv 1 \\pmod s."""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import replace

from symconv.errors import StatementError
from symconv.expr.syntax import integer, read
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
    Total,
    bare,
    plain,
)
from symconv.grading.latex_roles import Roles, head
from symconv.grading.latex_tokens import Source
from symconv.index.poly import var

COMPARISONS = {"=": "==", "<": "<", "<=": "<=", ">": ">", ">=": ">=", "!=": "!="}
UPWARDS = ("<", "<=")


class Conditions:
    """Writes conditions; expressions are written by the class that extends it."""

    source: Source
    roles: Roles

    @abstractmethod
    def integer(self, node: Node) -> str:
        """An integer in the claim language."""

    @abstractmethod
    def tight(self, node: Node) -> str:
        """An integer that can stand beside an operator: in parentheses, or of one sign."""

    def after(self, node: Node) -> str:
        """The integer after an integer."""
        return _plus_one(self.integer(node))

    def conditions(self, items: tuple[Clause, ...]) -> list[str]:
        """Comparisons between integers; a membership in ℤ says nothing."""
        return [text for clause in self.spread(items) for text in self.condition(clause)]

    def condition(self, clause: Clause) -> list[str]:
        """One clause; StatementError where it is none."""
        first, *others = clause.parts
        match clause.relations:
            case () if clause.parity:
                return [f"{self.tight(first)} % 2 == {int(clause.parity == 'odd')}"]
            case () if clause.forall:
                return []
            case ("divides",):
                return [f"{self.tight(others[0])} % {self.tight(first)} == 0"]
            case ("does not divide",):
                return [f"{self.tight(others[0])} % {self.tight(first)} != 0"]
            case ("multiple of",):
                return [f"{self.tight(first)} % {self.tight(others[0])} == 0"]
            case ("equiv",) if clause.modulus is not None:
                right = self.integer(others[0])
                left = self.tight(first) if right == "0" else f"({self.integer(first)} - {self.tight(others[0])})"
                return [f"{left} % {self.tight(clause.modulus)} == 0"]
            case ("in",):
                return self._member(first, others[0])
            case (_, *_) if clause.modulus is None and all(r in COMPARISONS for r in clause.relations):
                text = self.end(first)
                for relation, part in zip(clause.relations, others, strict=True):
                    text += f" {COMPARISONS[relation]} {self.end(part)}"
                return [text]
            case _:
                raise self.source.error(
                    clause.at,
                    "this is no condition between integers: write for example "
                    "0 \\le a < c, a \\in \\mathbb{Z} or s \\mid n",
                )

    def end(self, node: Node) -> str:
        """An integer that bounds another one: \\max(p, q) from below, \\min(p, q) from above."""
        match bare(node):
            case Big("max" | "min" as op, (), body) if isinstance(group := bare(body), Group) and len(group.items) > 1:
                return f"{op}({', '.join(self.integer(x) for c in group.items for x in c.parts)})"
            case x:
                return self.integer(x)

    def _member(self, first: Node, collection: Node) -> list[str]:
        match bare(collection):
            case Special("set", "Z") | Postfix(Special("set", "Z")):
                return []
            case Group("set") as group:
                low, high = self._dotted(group)
                return [f"{self.integer(low)} <= {self.integer(first)} <= {self.integer(high)}"]
            case _:
                raise self.source.error(collection.at, "an index is in \\mathbb{Z} or in \\{0, \\dots, c-1\\}")

    def _dotted(self, group: Group) -> tuple[Node, Node]:
        """The ends of {0, …, c − 1} or {0, 1, …, c − 1}."""
        inside = [c.parts[0] for c in group.items if not c.relations]
        dots = [i for i, p in enumerate(inside) if isinstance(p, Special) and p.kind == "dots"]
        if len(inside) != len(group.items) or dots != [len(inside) - 2] or len(inside) not in (3, 4):
            raise self.source.error(group.at, "a range is written \\{0, \\dots, c-1\\}")
        if len(inside) == 4 and _plus_one(self.integer(inside[0])) != _plain(self.integer(inside[1])):
            raise self.source.error(group.at, "a range goes up by 1, as \\{0, 1, \\dots, c-1\\}")
        return inside[0], inside[-1]

    def spread(self, items: tuple[Clause, ...]) -> list[Clause]:
        """`a, b \\in \\mathbb Z` and `0 \\le a, b < c` as what they say of each letter."""
        out: list[Clause] = []
        waiting: list[Clause] = []
        for clause in items:
            letters = [*waiting, clause]
            if not clause.relations and not clause.parity and not clause.forall:
                waiting.append(clause)
                continue
            lower = out[-1] if out and waiting_or_next(out[-1], clause) else None
            if (
                lower is not None
                and clause.relations[:1]
                and clause.relations[0] in UPWARDS
                and len(clause.relations) == 1
            ):
                out.pop()
                names = [lower.parts[1], *(w.parts[0] for w in waiting), clause.parts[0]]
                out += [
                    Clause((lower.parts[0], x, clause.parts[1]), (lower.relations[0], clause.relations[0]), x.at)
                    for x in names
                ]
            elif (
                waiting and clause.relations and (clause.relations[:1] == ("in",) or clause.relations[0] in COMPARISONS)
            ):
                out += [replace(clause, parts=(w.parts[0], *clause.parts[1:]), at=w.at) for w in letters]
            else:
                out += letters
            waiting = []
        return out + waiting

    def ranges(self, scripts: tuple[Suffix, ...], at: int) -> tuple[list[tuple[str, str, int]], list[str]]:
        """The indices of a sum with what they run over (`range(c)` or `Z`), and its further conditions."""
        below = [s for s in scripts if s.kind == "below"]
        above = [s for s in scripts if s.kind == "above"]
        if len(below) != 1 or len(above) > 1 or len(scripts) != len(below) + len(above):
            raise self.source.error(at, "a sum has its indices below: write \\sum_{a=0}^{c-1} or \\sum_{a}")
        indices: list[tuple[str, str, int]] = []
        conditions: list[str] = []
        clauses = self.spread(below[0].items)
        if above:
            clauses, found, extra = self._from_to(clauses, above[0])
            indices += found
            conditions += extra
        for clause in clauses:
            index = self._index(clause, {name for name, _, _ in indices})
            if index is not None:
                indices.append(index)
                conditions += self.condition(clause) if index[1] == "Z" and len(clause.relations) > 1 else []
            elif not indices:
                raise self.source.error(
                    clause.at,
                    "which index is summed over? Name it first, as in \\sum_{\\substack{a, b\\\\ a + 2b = m}}",
                )
            else:
                conditions += self.condition(clause)
        names = [name for name, _, _ in indices]
        if len(set(names)) < len(names):
            raise self.source.error(at, "an index stands twice below this sum")
        return indices, conditions

    def _from_to(
        self, clauses: list[Clause], above: Suffix
    ) -> tuple[list[Clause], list[tuple[str, str, int]], list[str]]:
        """a = low below and high above, or a, b = low; ±∞ is no end."""
        first, high = clauses[0], plain(above.items)
        if first.relations != ("=",) or high is None or self._letter(first.parts[0]) is None:
            raise self.source.error(first.at, "a sum with an end above begins below as in \\sum_{a=0}^{c-1}")
        low = first.parts[1]
        count = next((i for i, c in enumerate(clauses) if c.parts[1:] != (low,) or c.parts[1] is not low), len(clauses))
        own = [(self._letter(c.parts[0]) or "", c.at) for c in clauses[:count]]
        starts, ends = not _infinite(low, "-"), not _infinite(high, "")
        if starts and ends and not (greater(low) or greater(high)):
            over = _range(self.integer(low), _plus_one(self.integer(high)))
            return clauses[count:], [(name, over, at) for name, at in own], []
        extra: list[str] = []
        for name, _ in own:
            below, beyond = (f"{self.end(low)} <= " if starts else ""), (f" <= {self.end(high)}" if ends else "")
            if starts and not ends:
                extra.append(f"{name} >= {self.end(low)}")
            elif starts or ends:
                extra.append(f"{below}{name}{beyond}")
        return clauses[count:], [(name, "Z", at) for name, at in own], extra

    def _index(self, clause: Clause, known: set[str]) -> tuple[str, str, int] | None:
        """A clause that names an index and its range."""
        if clause.parity or clause.modulus is not None:
            return None
        match clause.relations:
            case ():
                name = self._letter(clause.parts[0])
                if name is None:
                    raise self.source.error(clause.at, "an index of a sum is a letter")
                return name, "Z", clause.at
            case ("in",) if (name := self._letter(clause.parts[0])) and name not in known:
                ends = bare(clause.parts[1])
                if isinstance(ends, Group) and ends.fence == "set":
                    low, high = self._dotted(ends)
                    return name, _range(self.integer(low), _plus_one(self.integer(high))), clause.at
                self._member(clause.parts[0], clause.parts[1])
                return name, "Z", clause.at
            case (a, b) if (
                a in UPWARDS and b in UPWARDS and (name := self._letter(clause.parts[1])) and name not in known
            ):
                if greater(clause.parts[0]) or greater(clause.parts[2]):
                    return name, "Z", clause.at
                low, high = self.integer(clause.parts[0]), self.integer(clause.parts[2])
                low = low if a == "<=" else _plus_one(low)
                return name, _range(low, high if b == "<" else _plus_one(high)), clause.at
            case (">" | ">=" as a,) if (
                (name := self._letter(clause.parts[0]))
                and name not in known
                and isinstance(bare(clause.parts[1]), Numeral)
            ):
                raise self.source.error(clause.at, f"this sum has no end: write {name} \\in \\mathbb{{Z}} as well")
            case _:
                return None

    def _letter(self, node: Node) -> str | None:
        """The name of a letter that can be an index."""
        found = head(bare(node), self.roles, integer=True)
        if found is None or found.suffixes or found.operators:
            return None
        return self.roles.name(found.key, found.at)


def waiting_or_next(lower: Clause, upper: Clause) -> bool:
    """Whether two clauses are the two halves of `0 \\le a, b < c`."""
    half = len(lower.relations) == 1 and lower.relations[0] in UPWARDS and len(upper.relations) == 1
    letters = isinstance(bare(lower.parts[-1]), Symbol | Postfix) and isinstance(bare(upper.parts[0]), Symbol | Postfix)
    return half and letters and isinstance(bare(lower.parts[0]), Numeral | Total)


def greater(node: Node) -> bool:
    """Whether the end of a range is \\max(p, q) or \\min(p, q)."""
    return isinstance(x := bare(node), Big) and x.op in ("max", "min") and not x.scripts


def _infinite(node: Node, sign: str) -> bool:
    match bare(node):
        case Special("infty"):
            return not sign
        case Total(((s, x),)):
            return s == (sign or "+") and isinstance(bare(x), Special) and _infinite(x, "")
        case _:
            return False


def _range(low: str, end: str) -> str:
    return f"range({end})" if low == "0" else f"range({low}, {end})"


def _plain(text: str) -> str:
    """An integer with its terms in order."""
    try:
        return str(integer(read(text), var))
    except StatementError:
        return text


def _plus_one(text: str) -> str:
    """p + 1, without p − 1 + 1."""
    try:
        return str(integer(read(text), var) + 1)
    except StatementError:
        return f"{text} + 1"
