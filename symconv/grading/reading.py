"""The lines of a sheet as statements: what a name is, is shown by all lines together.

A line that makes the others unreadable (a stride that it uses as a kernel) is the one that is not understood.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Mapping
from dataclasses import replace

from symconv.errors import StatementError, SymconvError
from symconv.expr.claim import Met, meet, read_step
from symconv.expr.declarations import read_let
from symconv.expr.derivatives import base_of
from symconv.expr.floors import spoken
from symconv.expr.nodes import Apply, Expr
from symconv.expr.satisfy import integers_of
from symconv.expr.statement import Assumption, Nonnegative, Statement, inside
from symconv.expr.syntax import RESERVED, read
from symconv.expr.traverse import index_names, walk
from symconv.grading.sheet import NOT_UNDERSTOOD, Line, Sheet

Place = tuple[int, int]
"""The number of a chain, and of a line in it."""
FEW = 40
"""Of so many lines it is found out which one makes the others unreadable."""


class Reader:
    """The readable lines of a sheet; `errors` says of each of the others why it is not understood."""

    def __init__(self, sheet: Sheet) -> None:
        self.sheet = sheet
        self.trees: dict[Place, ast.expr] = {}
        self.errors: dict[Place, str] = {}
        self._seen: frozenset[Place] | None = None
        self._last: Met | None = None
        for i, chain in enumerate(sheet.chains):
            for j, line in enumerate(chain):
                self._take((i, j), line)
        self._readable()
        if sheet.latex:
            self.errors = {place: in_latex(why) for place, why in self.errors.items()}

    def line(self, place: Place) -> Line:
        """The line of a place."""
        return self.sheet.chains[place[0]][place[1]]

    def step(self, left: Place, right: Place) -> Statement:
        """What is said by one line after another; StatementError where they do not go together."""
        return self.between(self.trees[left], self.trees[right], self.line(right).relation)

    def between(self, left: ast.expr, right: ast.expr, relation: str = "==") -> Statement:
        """The same of any two expressions in which names mean what they mean in the sheet."""
        return pruned(read_step(left, right, self._met(self.trees), relation))

    def alone(self, place: Place) -> Statement:
        """A line for itself, with the conditions under which it has meaning."""
        tree = plain(self.trees[place])
        return self.between(tree, tree)

    def undefined(self, place: Place) -> str:
        """The name that a line is made of alone, like y or y[n], where nothing says what it is; or ""."""
        tree = self.trees[place]
        node = tree.value if isinstance(tree, ast.Subscript) else tree
        if not isinstance(node, ast.Name) or node.id in RESERVED or node.id in self._declared():
            return ""
        others = (t for p, t in self.trees.items() if p != place)
        met = any(isinstance(n, ast.Name) and n.id == node.id for t in others for n in ast.walk(t))
        said = (*self.sheet.lets, *self.sheet.assumes)
        return "" if met or any(node.id in re.findall(r"\w+", text) for text in said) else node.id

    @property
    def defined(self) -> list[str]:
        """The names that the author has defined."""
        return [found.name for found in map(read_let, self.sheet.lets) if found.value is not None]

    def _declared(self) -> set[str]:
        """What is declared, and the sizes of which declarations speak: F in 'let w: kernel[F, C, c]'."""
        lets = [*map(read_let, self.sheet.lets)]
        sizes = (n.id for item in lets if item.annotation is not None for n in ast.walk(item.annotation)
                 if isinstance(n, ast.Name))  # fmt: skip
        return {item.name for item in lets} | set(sizes)

    def _take(self, place: Place, line: Line) -> None:
        """The syntax tree of a line."""
        if not line.text:
            self.errors[place] = line.reason.removeprefix(NOT_UNDERSTOOD) or "there is nothing to read"
            return
        try:
            self.trees[place] = read(line.text, "line")
        except StatementError as error:
            self.errors[place] = str(error)

    def _met(self, trees: Mapping[Place, ast.expr]) -> Met:
        """What these lines show of their names, found once."""
        if trees.keys() != self._seen:
            chains = [[t for p, t in trees.items() if p[0] == i] for i in range(len(self.sheet.chains))]
            self._last = meet([lines for lines in chains if lines], self.sheet.lets, self.sheet.assumes)
            self._seen = frozenset(trees)
        if self._last is None:
            raise StatementError("there is no line that is understood")
        return self._last

    def _fault(self, place: Place, trees: Mapping[Place, ast.expr]) -> str:
        """Why a line is not understood beside these; "" where it is."""
        try:
            tree = plain(self.trees[place])
            read_step(tree, tree, self._met(trees))
        except SymconvError as error:
            return str(error)
        except RecursionError:
            return "it is nested too deeply"
        return ""

    def _faults(self, trees: Mapping[Place, ast.expr]) -> dict[Place, str]:
        return {place: why for place in trees if (why := self._fault(place, trees))}

    def _readable(self) -> None:
        """Leave out lines until all that are left are understood beside each other."""
        self._given()
        own = self._settled()
        while own:
            blamed = list(own)
            if len(own) > 1 and len(self.trees) <= FEW:
                left = {p: len(self._faults({q: t for q, t in self.trees.items() if q != p})) for p in self.trees}
                blamed = [min(left, key=lambda p: (left[p], p not in own, p))]
            for place in blamed:
                self.errors[place] = own.get(place) or "what its names are does not go together with the other lines"
                del self.trees[place]
            own = self._settled()

    def _given(self) -> None:
        """StatementError where it is the declarations and assumptions that are at fault, whatever the lines are."""
        if self.trees and not self._fault(next(iter(self.trees)), self.trees):
            return
        try:
            nothing = ast.parse("0", mode="eval").body
            read_step(nothing, nothing, meet([[nothing]], self.sheet.lets, self.sheet.assumes))
        except StatementError as error:
            if not self._missing(str(error)):
                raise StatementError(f"{self.sheet.name}: its declarations and assumptions: {error}") from None

    def _settled(self) -> dict[Place, str]:
        """The lines that are not understood beside the others; those that even alone are not are left out first."""
        faults = self._faults(self.trees)
        for place in faults:
            why = self._fault(place, {place: self.trees[place]})
            others = {p: t for p, t in self.trees.items() if p != place}
            if why and (not others or not self._missing(why)):
                self.errors[place] = why
        if faults.keys() & self.errors.keys():
            self.trees = {p: t for p, t in self.trees.items() if p not in self.errors}
            return self._settled()
        return faults

    @staticmethod
    def _missing(why: str) -> bool:
        """Whether other lines might tell what is missing: a kernel that bounds a sum."""
        return "must bound every sum" in why


def in_latex(why: str) -> str:
    """The message with a mend that an author of LaTeX can write."""

    def sentence(found: re.Match[str]) -> str:
        cross = " \\times "
        *axes, last = found[2].split(", ")
        extent = f"with ${last}$ taps" if not axes else f"of size ${cross.join((*axes, last))}$"
        return f"'Let ${found[1]}$ be a kernel {extent}'"

    return re.sub(r"'let (\w+): kernel\[([\w, ]+)\]'", sentence, why)


def plain(tree: ast.expr) -> ast.expr:
    """What a limit is taken of, or the line itself."""
    match tree:
        case ast.Call(func=ast.Name(id="limit"), args=[inner, _]):
            return inner
        case _:
            return tree


def pruned(statement: Statement) -> Statement:
    """The statement with the names that it speaks of, and what is assumed of these."""
    sides = (statement.lhs, statement.rhs)
    used = set().union(*(_speaks_of(e, statement) for e in sides))
    size = -1
    equations: list[tuple[Expr, Expr]] = []
    kept: list[Assumption] = []
    while size < len(used):
        size = len(used)
        for name in sorted(used & statement.declarations.keys()):
            ranges = statement.declarations[name].ranges
            used |= spoken(n for r in ranges if r for p in r for n in p.names())
        kept = [a for a in (*statement.assumptions, *statement.tacit) if not _names(a) or _names(a) & used]
        used |= {n for a in kept for n in _names(a)}
        equations = [
            pair for pair in statement.equations if any(_speaks_of(e, statement) & used for e in pair)
        ]  # fmt: skip
        used |= {n for pair in equations for e in pair for n in _speaks_of(e, statement)}
    return replace(
        statement,
        declarations={n: d for n, d in statement.declarations.items() if n in used or d.kind == "power"},
        definitions={n: e for n, e in statement.definitions.items() if n in used},
        assumptions=tuple(a for a in statement.assumptions if a in kept),
        tacit=tuple(a for a in statement.tacit if a in kept),
        equations=tuple(equations),
    )


def _names(a: Assumption) -> set[str]:
    return {a.name} if isinstance(a, Nonnegative) else set(integers_of(a))


def _speaks_of(e: Expr, statement: Statement) -> set[str]:
    """Every name in an expression, also by way of definitions and of floors and powers."""
    found = inside(e, statement)
    parts = [e, *(statement.definitions[n] for n in found if n in statement.definitions)]
    found |= spoken(n for part in parts for n in index_names(part))
    return found | {base_of(n.function)[0] for part in parts for _, n in walk(part) if isinstance(n, Apply)}
