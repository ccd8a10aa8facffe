"""The small change that makes a wrong line follow: drawn numbers sort out, and the trusted part proves what is left."""

from __future__ import annotations

import ast
import re
import time
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import islice, product

from symconv.errors import SymconvError
from symconv.expr.evaluate import Evaluator, Place
from symconv.expr.floors import known_integers
from symconv.expr.satisfy import sizes
from symconv.expr.statement import Statement
from symconv.expr.traverse import index_names
from symconv.grading.edits import Edit, Names, edits, signs
from symconv.tactics.prove import by_induction, theorem
from symconv.tactics.verdict import Counterexample

MOST = 4
"""So many sizes are tried, near and far."""
FEW = 12
"""Of so many changed signs each is tried with another one."""
PROVING = 1.0
ERRORS = (SymconvError, ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError)
"""What a tree that is no claim may raise where it is read."""
Reading = Callable[[ast.expr, ast.expr], Statement]


@dataclass(frozen=True, slots=True)
class Mend:
    """A line that does follow, and what was changed in it."""

    text: str
    old: str
    new: str


def mend(before: ast.expr, wrong: ast.expr, said: Statement, example: Counterexample | None, read: Reading,
         seconds: float) -> Mend | None:  # fmt: skip
    """A line near the wrong one that is proved to follow, by one small change or by two; None where none is found."""
    if said.relation != "==" or said.towards:
        return None
    deadline = time.monotonic() + seconds
    same = ast.unparse(before)
    again: Mend | None = None
    seen = {ast.unparse(wrong)}
    for edit in _candidates(before, wrong, said, example, deadline):
        text = ast.unparse(edit.tree)
        if time.monotonic() > deadline:
            break
        if text in seen:
            continue
        seen.add(text)
        if not _holds(before, edit, example, read):
            continue
        found = Mend(written(edit.tree), edit.old, edit.new)
        if text != same or not said.rank:
            return found
        again = again or found
    return again


def written(tree: ast.expr) -> str:
    """A tree as a person writes it: products without blanks, a sum in one pair of parentheses."""
    text = re.sub(r" (\*\*?|//?) ", r"\1", ast.unparse(tree))
    start = text.find("((")
    while start >= 0:
        depth, end = 0, start + 1
        for end in range(start + 1, len(text)):
            depth += (text[end] == "(") - (text[end] == ")")
            if not depth:
                break
        inner = text[start + 2 : end]
        if text[end + 1 : end + 2] == ")" and " for " in inner and re.search(r"\w$", text[:start]):
            text = text[: start + 1] + inner + text[end + 1 :]
        start = text.find("((", start + 1)
    return text


def _candidates(before: ast.expr, wrong: ast.expr, said: Statement, example: Counterexample | None,
                deadline: float) -> Iterator[Edit]:  # fmt: skip
    """The right number; one change or two of signs; one change of any kind; two."""
    names = _names(before, wrong, said)
    if isinstance(wrong, ast.Constant) and example is not None:
        number = ast.parse(str(example.left), mode="eval").body
        yield Edit(number, ast.unparse(wrong), ast.unparse(number))
    few = list(signs(wrong, names))
    yield from few
    twice = ((first, second) for first in few[:FEW] for second in signs(first.tree, names))
    yield from (_both(first, second) for first, second in twice)
    once = list(islice(edits(wrong, names), 3000))
    yield from once
    for first in once:
        if time.monotonic() > deadline:
            return
        yield from (_both(first, second) for second in edits(first.tree, names))


def _both(first: Edit, second: Edit) -> Edit:
    return Edit(second.tree, f"{first.old}; {second.old}", f"{first.new}; {second.new}")


def _names(before: ast.expr, wrong: ast.expr, said: Statement) -> Names:
    """What may stand in the mended line: the names and numbers of both lines."""
    nodes = [n for tree in (wrong, before) for n in ast.walk(tree)]
    present = dict.fromkeys(n.id for n in nodes if isinstance(n, ast.Name))
    bound = {t.id for n in ast.walk(wrong) if isinstance(n, ast.comprehension)
             if isinstance(t := n.target, ast.Name)}  # fmt: skip
    kind = {n: d.kind for n, d in said.declarations.items()}
    defined = (n for e in said.definitions.values() for n in sorted(index_names(e) & kind.keys()))
    integers = (
        n for n in dict.fromkeys((*present, *defined)) if n in bound or kind.get(n) in ("size", "natural", "integer")
    )
    values = dict.fromkeys(
        n.value for n in nodes if isinstance(n, ast.Constant) and type(n.value) is int and 0 <= n.value <= 64
    )
    values.setdefault(2)  # The factor that is forgotten most.
    return Names(
        tuple(integers),
        tuple(n for n in present if kind.get(n) == "kernel" and n not in bound),
        tuple(n for n in present if kind.get(n) == "signal" and n not in bound),
        tuple(values),
    )


def _holds(before: ast.expr, edit: Edit, example: Counterexample | None, read: Reading) -> bool:
    """Whether the changed line is proved to follow."""
    try:
        statement = read(before, edit.tree)
        if tells_apart(statement, example):
            return False
        return (theorem(statement, PROVING) or by_induction(statement, PROVING)) is not None
    except ERRORS:
        return False


def tells_apart(statement: Statement, example: Counterexample | None = None) -> bool:
    """Whether drawn numbers at a few sizes tell the sides apart; those of `example` come first."""
    least = dict.fromkeys(statement.integers, 2)
    tried = [] if example is None else [{**least, **dict(example.integers)}]
    tried += islice(sizes(statement, largest=3), 0, 40 * MOST, 40)
    tried = [v for v in tried if v.keys() >= statement.integers]
    return any(_unlike(statement, integers, seed) for seed, integers in enumerate(tried))


def _unlike(statement: Statement, integers: dict[str, int], seed: int) -> bool:
    """Whether the values differ at some place near 0."""
    known = known_integers(integers, statement.opaque)
    for pair in statement.extents:
        if pair is not None and len({p.evaluate(known_integers(integers, p.names())) for p in pair}) > 1:
            return True
    numbers = {d.name: drawn(d.name, (), seed) for d in statement.declarations.values() if d.kind == "number"}
    signs = statement.nonnegative
    numbers = {n: abs(v) if n in signs else v for n, v in numbers.items()}

    def entry(name: str, place: Place) -> Fraction:
        v = drawn(name, place, seed)
        return abs(v) if name in signs else v

    evaluator = Evaluator(statement, known, numbers, entry)
    ends = [r and (r[0].evaluate(known), r[1].evaluate(known)) for r in statement.places]
    reach = {0: (), 1: range(-4, 8), 2: range(-1, 4)}.get(statement.rank, range(2))
    for place in product(reach, repeat=statement.rank):
        inside = all(r is None or r[0] <= i <= r[1] for i, r in zip(place, ends, strict=True))
        if inside and evaluator.value(statement.lhs, place) != evaluator.value(statement.rhs, place):
            return True
    return False


def drawn(name: str, place: Place, seed: int) -> Fraction:
    """A number without pattern, from −9 to 9 and not 0."""
    value = zlib.crc32(f"{name}|{place}|{seed}".encode()) % 18 - 9
    return Fraction(value if value < 0 else value + 1)
