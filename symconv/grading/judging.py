"""The verdict on each line of a sheet: does it follow from the line before, under a condition, not at all?

A line follows where the trusted part has proved it for all sizes; it does not follow where numbers tell it apart from
the line before.  Each line is judged against the last one before it that was understood, whatever became of that one.
"""

from __future__ import annotations

import ast
import time
from dataclasses import dataclass, replace
from functools import partial
from itertools import islice

from symconv.errors import SymconvError
from symconv.expr.nodes import Expr
from symconv.expr.satisfy import integer_names, integers_of, met, sizes
from symconv.expr.statement import Assumption, Statement
from symconv.expr.text import assumption
from symconv.grading.conditions import elsewhere, ranges_in, unstated
from symconv.grading.mending import Mend, mend, written
from symconv.grading.reading import Place, Reader
from symconv.grading.reasons import because
from symconv.grading.sheet import Line, Sheet
from symconv.tactics.prove import prove
from symconv.tactics.verdict import Conjunction, Result

FIRST, FOLLOWS, CONDITIONAL, WRONG, UNREAD, OPEN = (
    "first", "follows", "follows under a condition", "does not follow", "not understood", "not decided",
)  # fmt: skip
"""What can be said of a line."""
PROVING, MENDING = 4.0, 3.0
TRIED = 3000
INSIDE = (ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError)


@dataclass(frozen=True)
class Judged:
    """A line with its verdict; `against` is the number of the line in the chain from which it should follow.

    `by` says why it follows; `conditions` are not stated, and each is enough (`needed`: all are needed for a meaning).
    `message` says why it is not understood or not decided, or what else is to be known.
    """

    line: Line
    verdict: str
    against: int | None = None
    by: str = ""
    conditions: tuple[str, ...] = ()
    needed: tuple[str, ...] = ()
    mend: Mend | None = None
    result: Result | None = None
    message: str = ""
    statement: Statement | None = None
    shown: Expr | None = None
    """The line as it is read."""
    mended: Expr | None = None
    """What follows instead, as it is read."""

    @property
    def faulty(self) -> bool:
        """Whether numbers tell the line apart from the one before."""
        return self.result is not None and self.result.counterexample is not None


@dataclass(frozen=True)
class Chain:
    """The lines of one chain, and whether its end is its beginning (None where one of them is not understood)."""

    lines: tuple[Judged, ...]
    whole: Judged | None

    @property
    def first_wrong(self) -> Judged | None:
        """The first line that is told apart from the one before."""
        return next((j for j in self.lines if j.faulty), None)


@dataclass(frozen=True)
class Graded:
    """A sheet with its verdicts."""

    sheet: Sheet
    chains: tuple[Chain, ...]
    seconds: float

    @property
    def lines(self) -> tuple[Judged, ...]:
        """All lines."""
        return tuple(j for chain in self.chains for j in chain.lines)

    @property
    def status(self) -> int:
        """1 where a step is wrong, 2 where a line is not understood, 3 where one is not decided, else 0."""
        if any(j.faulty for j in self.lines):
            return 1
        found = {j.verdict for j in self.lines}
        return 2 if UNREAD in found else 3 if OPEN in found else 0


def grade(sheet: Sheet, seconds: float = 60.0, mending: float = MENDING) -> Graded:
    """The verdict on every line, in about so much time at most; what is left then is not decided.

    `mending` bounds the seconds of the search for what mends a wrong line; 0 for none.
    """
    started = time.monotonic()
    judge = _Judge(Reader(sheet), started + seconds, mending)
    chains = tuple(judge.chain(i) for i in range(len(sheet.chains)))
    return Graded(sheet, chains, time.monotonic() - started)


class _Judge:
    def __init__(self, reader: Reader, deadline: float, mending: float) -> None:
        self.reader = reader
        self.mending = mending
        self.deadline = deadline
        self.lines: dict[Place, Statement] = {}
        self.places: dict[int, list[Conjunction]] = {}
        for place in list(reader.trees):
            if name := reader.undefined(place):
                reader.errors[place] = (
                    f"nothing says what {name} is: write 'let {name} = …' if this is where it is defined, "
                    f"or declare it, as in 'let {name}: signal'"
                )
                del reader.trees[place]

    def chain(self, number: int) -> Chain:
        """Every line of a chain, and its end against its beginning."""
        out: list[Judged] = []
        before: int | None = None
        for j, line in enumerate(self.reader.sheet.chains[number]):
            place = (number, j)
            if place in self.reader.errors:
                out.append(Judged(line, UNREAD, before, message=self.reader.errors[place]))
            elif before is None:
                out.append(Judged(line, FIRST))
                before = j
            else:
                out.append(self._step((number, before), place))
                before = j
            if place in self.reader.trees:
                out[-1] = replace(out[-1], shown=self._shown(self.reader.trees[place]))
        return Chain(tuple(out), self._whole(number, out))

    def _whole(self, number: int, judged: list[Judged]) -> Judged | None:
        """The last line against the first."""
        last = len(judged) - 1
        if not {(number, 0), (number, last)} <= self.reader.trees.keys() or last < 2:
            return replace(judged[-1], against=0) if last == 1 and judged[-1].verdict != UNREAD else None
        relation = "<=" if any(j.line.relation == "<=" for j in judged[1:]) else "=="
        found = self._judged((number, 0), (number, last), relation, mending=False)
        if found.verdict == OPEN and all(j.verdict == FOLLOWS for j in judged[1:]):
            return replace(found, verdict=FOLLOWS, by="line by line")
        return found

    def _step(self, before: Place, place: Place) -> Judged:
        return self._judged(before, place, self.reader.line(place).relation, mending=True)

    def _judged(self, before: Place, place: Place, relation: str, mending: bool) -> Judged:
        line, against = self.reader.line(place), before[1]
        left = self.deadline - time.monotonic()
        if left <= 0:
            return Judged(line, OPEN, against, message="the time for this file was over")
        try:
            statement = self._between(before[0], self.reader.trees[before], self.reader.trees[place], relation)
        except SymconvError as error:
            return Judged(line, UNREAD, against, message=f"against line {self.reader.line(before).row}: {error}")
        except INSIDE as error:
            return Judged(line, OPEN, against, message=f"something went wrong inside ({type(error).__name__}: {error})")
        try:
            result = prove(statement, min(PROVING, left / 4))
            found = Judged(line, OPEN, against, result=result, statement=statement)
            if result.verdict == "proved" and result.theorem is not None:
                needed = self._needed(before, statement)
                trees = self.reader.trees[before], self.reader.trees[place]
                by = because(statement, result.theorem, *trees, self.reader.defined)
                return replace(found, verdict=CONDITIONAL if needed else FOLLOWS, by=by, needed=needed)
            if result.verdict == "refuted":
                return self._wrong(found, before, place, statement, mending)
            return replace(found, message=result.reason or "neither a proof nor numbers that tell the lines apart "
                                                            "were found")  # fmt: skip
        except SymconvError as error:
            return Judged(line, OPEN, against, message=str(error), statement=statement)
        except INSIDE as error:
            why = f"something went wrong inside ({type(error).__name__}: {error})"
            return Judged(line, OPEN, against, message=why, statement=statement)

    def _wrong(self, found: Judged, before: Place, place: Place, statement: Statement, mending: bool) -> Judged:
        """A line that numbers tell apart: does it follow under a condition, and what mends it?"""
        result = found.result
        if result is None:
            return found
        trees = self.reader.trees
        conditions = unstated(result, ranges_in(trees[before], trees[place]), self.places.setdefault(before[0], []))
        verdict = CONDITIONAL if conditions else WRONG
        found = replace(found, verdict=verdict, conditions=conditions, message=elsewhere(result, conditions))
        seconds = min(self.mending, self.deadline - time.monotonic())
        if not mending or seconds <= 0:
            return found
        read = partial(self._between, before[0])
        new = mend(trees[before], trees[place], statement, result.counterexample, read, seconds)
        repeated = new is not None and conditions and new.text == written(trees[before])
        if new is None or repeated:
            return found
        return replace(found, mend=new, mended=self._shown(ast.parse(new.text, mode="eval").body))

    def _shown(self, tree: ast.expr) -> Expr | None:
        """An expression as it is read for itself."""
        try:
            return self.reader.between(tree, tree).lhs
        except (SymconvError, *INSIDE):
            return None

    def _between(self, number: int, left: ast.expr, right: ast.expr, relation: str = "==") -> Statement:
        """A step of a chain, for those sizes only for which the beginning of the chain has a meaning."""
        statement = self.reader.between(left, right, relation)
        first = next(p for p in self.reader.trees if p[0] == number)
        known = (
            a for a in self._alone(first).tacit if a not in statement.tacit and integers_of(a) <= statement.integers
        )
        return replace(statement, tacit=(*statement.tacit, *known))

    def _needed(self, before: Place, statement: Statement) -> tuple[str, ...]:
        """Conditions without which this line has no meaning, although the lines of the chain before it have one."""
        number, last = before
        lines = [self._alone((number, j)) for j in range(last + 1) if (number, j) in self.reader.trees]
        given = tuple(dict.fromkeys(a for line in lines for a in line.tacit))
        own = [a for a in statement.tacit if a not in given]
        if not own:
            return ()
        known = {name: d for line in (*lines, statement) for name, d in line.declarations.items()}
        rest = replace(statement, declarations=known, tacit=given)
        return tuple(assumption(a) for a in own if _fails_somewhere(a, rest))

    def _alone(self, place: Place) -> Statement:
        """A line for itself, with the conditions under which it has a meaning; read once."""
        if place not in self.lines:
            self.lines[place] = self.reader.alone(place)
        return self.lines[place]


def _fails_somewhere(a: Assumption, statement: Statement) -> bool:
    """Whether sizes that the statement allows do not meet the condition."""
    names = {n for b in (a, *statement.assumptions, *statement.tacit) for n in integers_of(b)}
    wanted = [n for n in integer_names(statement) if n in names]
    return any(not met(a, values) for values in islice(sizes(statement, wanted), TRIED))
