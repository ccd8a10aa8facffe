"""Counterexamples by exact search: the smallest sizes at which the two sides differ, then the simplest numbers.

Signals take values on all of ℤ while the search looks for sizes; what the two sides read at the chosen place is
then kept and everything else is 0.  A counterexample is evaluated from the definitions alone, so it can not lie.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from fractions import Fraction
from itertools import chain, islice, product, takewhile

from symconv.errors import StatementError
from symconv.expr.derivatives import base_of
from symconv.expr.evaluate import Evaluator, Place, stand_ins, takes_roots
from symconv.expr.floors import known_integers
from symconv.expr.jets import head
from symconv.expr.nodes import Apply, Const, Entry, Expr, Integer, Iverson, Name, Number, factors_of, rank
from symconv.expr.nodes import product as multiply
from symconv.expr.ranges import box
from symconv.expr.satisfy import integer_names, met, satisfying, sizes
from symconv.expr.signs import nonnegative
from symconv.expr.statement import Statement, solved
from symconv.expr.traverse import binders, own_polys, walk
from symconv.tactics.terms import terms_of
from symconv.tactics.verdict import Counterexample, Product

SECONDS = 3.0
LARGEST = 5
SEEDS = 6
SPARSE = 4
"""So many more seeds draw −1, 0 and 1 only, where roots are taken: few roots of other numbers are fractions."""
TIDYING = 0.7
SHOWN = 200
FEW = 2
Values = Callable[[str, Place], Fraction]


def counterexample(statement: Statement, closest: tuple[Expr, Expr] | None = None,
                   seconds: float = SECONDS) -> Counterexample | None:  # fmt: skip
    """The smallest example for which the sides differ, or None where none was found in the time."""
    if statement.towards or not _respects_signs(statement):
        return None
    deadline = time.monotonic() + seconds
    for integers in chain(sizes(statement, largest=LARGEST), _further(statement)):
        if time.monotonic() > deadline:
            return None
        integers = known_integers(integers, statement.opaque)
        if not _respects_equations(statement, integers):
            continue
        unlike = _unlike_extents(statement, integers)
        if unlike is not None:
            return unlike
        for seed in range(SEEDS + SPARSE * takes_roots(statement)):
            place = _differing_place(statement, integers, seed, deadline)
            if place is not None:
                return _simplest(statement, integers, place, seed, closest)
    return None


def _unlike_extents(statement: Statement, integers: dict[str, int]) -> Counterexample | None:
    """An axis on which tensors on both sides have different extents."""
    for axis, pair in enumerate(statement.extents):
        if pair is not None and pair[0] != pair[1]:
            left, right = (p.evaluate(known_integers(integers, p.names())) for p in pair)
            if left != right:
                plain = {name: value for name, value in integers.items() if name not in statement.opaque}
                return Counterexample(plain, {}, {}, (), Fraction(left), Fraction(right), axis=axis)
    return None


def example_at(statement: Statement, integers: Mapping[str, int], place: Place,
               closest: tuple[Expr, Expr] | None = None) -> Counterexample | None:  # fmt: skip
    """The plainest numbers that tell the sides apart at these sizes and this place, which are known to do so."""
    if statement.towards or not _respects_signs(statement):
        return None
    known = known_integers(integers, statement.opaque)
    for seed in range(SEEDS):
        drawn = _drawn_numbers(statement, seed)
        evaluator = Evaluator(statement, known, drawn, _generic(seed, statement.nonnegative))
        with suppress(StatementError):  # Too much work at these sizes.
            if _unlike(statement, evaluator, place):
                return _simplest(statement, known, place, seed, closest)
    return None


def _further(statement: Statement) -> Iterator[dict[str, int]]:
    """Integers that meet far assumptions, and each integer near the numbers that the claim mentions."""
    base = {n: 1 if statement.declarations[n].kind == "size" else 0 for n in integer_names(statement)}
    base |= satisfying(statement) or {}
    assumptions = statement.assumptions + statement.tacit
    if all(met(a, base) for a in assumptions):
        yield base
    mentioned = [p for side in (statement.lhs, statement.rhs) for _, node in walk(side) for p in own_polys(node)]
    units = {1, *(abs(c) for p in mentioned for m, c in p.terms if m)}
    numbers = sorted(
        {abs(c) // u for p in mentioned for m, c in p.terms if not m for u in units if abs(c) > LARGEST * u}
    )
    for name, number in product(base, numbers):
        for value in (number, number + 1, number - 1, -number):
            values = {**base, name: value}
            signed = value > 0 or statement.declarations[name].kind == "integer"
            if signed and all(met(a, values) for a in assumptions):
                yield values


def _respects_signs(statement: Statement) -> bool:
    """What is assumed to be at least 0 is a name with free values, or has a value that is seen to be so."""
    values = solved(statement)
    known = statement.nonnegative
    return values is not None and all(nonnegative(e, statement) for name, e in values.items() if name in known)


def _respects_equations(statement: Statement, integers: dict[str, int]) -> bool:
    """An assumed equation h == e is used as the value of h: e must fit into the support of h."""
    for name, value in (solved(statement) or {}).items():
        outer, inner = box(Name(name, rank(value)), statement, integers), box(value, statement, integers)
        if outer is not None and (
            inner is None or any(a < u or b > v for (a, b), (u, v) in zip(inner, outer, strict=True))
        ):
            return False
    return True


def _numbers(statement: Statement) -> list[str]:
    return [d.name for d in statement.declarations.values() if d.kind == "number"]


def _generic(seed: int, known: frozenset[str]) -> Values:
    """Values without pattern: integers ≠ 0, of one sign (seeds 0, 1), of one sign for each name (2, 3), of both.

    From `SEEDS` on most are 0.
    """

    def sparse(name: str, place: Place) -> Fraction:
        value = random.Random(f"{seed}|{name}|{place}").choice((-1, 0, 0, 1))
        return Fraction(abs(value) if name in known else value)

    def entry(name: str, place: Place) -> Fraction:
        value = random.Random(f"{seed}|{name}|{place}").randint(1, 99 if seed < 2 else 9)
        sign = random.Random(f"{seed}|{name}" if seed < 4 else f"{seed}|{name}|{place}|sign").random() < 0.5
        return Fraction(value if seed == 0 or (seed > 1 and sign) or name in known else -value)

    return entry if seed < SEEDS else sparse


def _places(statement: Statement, integers: dict[str, int]) -> Iterator[Place]:
    """Output places near 0, then those near the numbers that the claim mentions, then all of a finite support."""
    d = statement.rank
    if not d:
        yield ()
        return
    reach = {1: 6, 2: 2}.get(d, 1)
    near = sorted(range(-reach, reach + 1), key=lambda i: (abs(i), i < 0))
    yield from sorted(product(near, repeat=d), key=lambda p: (sum(map(abs, p)), min(p) < 0))
    far = sorted({abs(c) + e for side in (statement.lhs, statement.rhs) for _, node in walk(side)
                  for p in own_polys(node) for m, c in p.terms if not m and abs(c) > reach
                  for e in (-1, 0, 1)})  # fmt: skip
    for i in far[:12]:
        yield (i,) * d
        yield (-i,) * d
    for side in (statement.lhs, statement.rhs):
        ends = box(side, statement, integers) if rank(side) else None
        if ends is not None:
            yield from islice(product(*(range(u, v + 1) for u, v in ends)), 200)


def _compared(statement: Statement, integers: dict[str, int]) -> Iterator[Place]:
    """The places at which the sides are said to agree."""
    ends = [r and (r[0].evaluate(integers), r[1].evaluate(integers)) for r in statement.places]
    for place in _places(statement, integers):
        if all(r is None or r[0] <= i <= r[1] for i, r in zip(place, ends, strict=True)):
            yield place


def _differing_place(statement: Statement, integers: dict[str, int], seed: int, deadline: float) -> Place | None:
    evaluator = Evaluator(statement, integers, _drawn_numbers(statement, seed), _generic(seed, statement.nonnegative))
    for place in _compared(statement, integers):
        if time.monotonic() > deadline:
            return None
        try:
            if _unlike(statement, evaluator, place):
                return place
        except StatementError:
            if seed < SEEDS:  # It is too much work at all places; that a root is no fraction is seen at some.
                return None
    return None


def _unlike(statement: Statement, evaluator: Evaluator, place: Place) -> bool:
    """Whether the two values are not as is claimed."""
    left, right = evaluator.value(statement.lhs, place), evaluator.value(statement.rhs, place)
    return head(left) > head(right) if statement.relation == "<=" else left != right


Touched = list[tuple[str, Place]]
Entries = dict[tuple[str, Place], Fraction]
Pattern = Callable[[Touched, tuple[str, Place]], Fraction]


def _constant(value: int) -> Pattern:
    return lambda touched, t: Fraction(value)


def _counting(touched: Touched, t: tuple[str, Place]) -> Fraction:
    return Fraction(sorted(p for n, p in touched if n == t[0]).index(t[1]) + 1)


def _falling(touched: Touched, t: tuple[str, Place]) -> Fraction:
    return Fraction(sum(n == t[0] for n, _ in touched)) + 1 - _counting(touched, t)


def _sinking(touched: Touched, t: tuple[str, Place]) -> Fraction:
    return -_counting(touched, t)


def _alternating(touched: Touched, t: tuple[str, Place]) -> Fraction:
    return Fraction(-1) ** (sum(t[1]) % 2 + 1)


PATTERNS: tuple[tuple[int, Pattern], ...] = (
    (0, _constant(1)), (1, _counting), (2, _constant(2)), (3, _constant(-1)), (4, _alternating), (4, _falling),
    (5, _sinking), (5, _constant(3)),
)  # fmt: skip
"""Values for what is read of one name, with what they cost a reader."""


def _choices(
    names: list[str], numbers: list[str], known: frozenset[str]
) -> Iterator[tuple[dict[str, Pattern], dict[str, Fraction]]]:
    """A pattern for each sequence and a value for each number, the plainest first."""
    values = [[Fraction(v) for v in (2, 3, -1, -2) if v > 0 or name not in known] for name in numbers]
    scalars = list(islice(product(*values), 64))
    combined = islice(product(PATTERNS, repeat=len(names)), 1500)
    for picked in sorted(combined, key=lambda each: sum(cost for cost, _ in each))[:150]:
        for pick in scalars:
            yield {n: f for n, (_, f) in zip(names, picked, strict=True)}, dict(zip(numbers, pick, strict=True))


def _read_at(statement: Statement, integers: dict[str, int], place: Place, seed: int) -> Entries | None:
    """What both sides read at a place, with values without pattern; None where that is too much work."""
    seen: Entries = {}
    generic = _generic(seed, statement.nonnegative)

    def record(name: str, at: Place) -> Fraction:
        return seen.setdefault((name, at), generic(name, at))

    evaluator = Evaluator(statement, integers, _drawn_numbers(statement, seed), record)
    try:
        evaluator.value(statement.lhs, place)
        evaluator.value(statement.rhs, place)
    except StatementError:
        return None
    return seen


def _drawn_numbers(statement: Statement, seed: int) -> dict[str, Fraction]:
    draw = random.Random(seed)
    signs = {a: -1 if seed % 2 and a not in statement.nonnegative else 1 for a in _numbers(statement)}
    return {a: Fraction(draw.choice((2, 3, 5, 7)) * sign) for a, sign in signs.items()}


def _simplest(statement: Statement, integers: dict[str, int], place: Place, seed: int,
              closest: tuple[Expr, Expr] | None) -> Counterexample:  # fmt: skip
    """The plainest numbers that tell the sides apart, at this place or at one nearer to 0."""
    deadline = time.monotonic() + TIDYING
    places = [*islice(takewhile(lambda p: p != place, _compared(statement, integers)), 6), place]
    read = {p: found for p in places if (found := _read_at(statement, integers, p, seed)) is not None}
    known = statement.nonnegative
    names = list(dict.fromkeys(name for found in read.values() for name, _ in sorted(found)))
    chosen = {t: v for t, v in read[place].items() if v}, _drawn_numbers(statement, seed), place
    for patterns, numbers in _choices(names, _numbers(statement), known):
        hit = next(
            (p for p in read if _differs(statement, integers, _filled(read[p], patterns, known), numbers, p)), None
        )
        if hit is not None:
            chosen = _fewest(statement, integers, _filled(read[hit], patterns, known), numbers, hit), numbers, hit
            break
        if time.monotonic() > deadline:
            break
    return _example(statement, integers, *chosen, closest)


def _fewest(statement: Statement, integers: dict[str, int], values: Entries, numbers: dict[str, Fraction],
            place: Place) -> Entries:  # fmt: skip
    """Without the entries that are not needed to tell the sides apart, signals first; 1 where that does.

    Two entries stay as they are.
    """
    if len(values) <= FEW and all(values.values()):
        return values
    kernels = {d.name for d in statement.declarations.values() if d.kind == "kernel"}
    for entry in sorted(values, key=lambda t: (t[0] in kernels, -max(map(abs, t[1]), default=0), t)):
        fewer = {t: v for t, v in values.items() if t != entry}
        if _differs(statement, integers, fewer, numbers, place):
            values = fewer
    for entry in sorted(values):
        plain = {**values, entry: Fraction(1)}
        if _differs(statement, integers, plain, numbers, place):
            values = plain
    return values


def _filled(read: Entries, patterns: dict[str, Pattern], known: frozenset[str]) -> Entries:
    touched = sorted(read)
    return {t: abs(v) if t[0] in known else v for t in touched for v in [patterns[t[0]](touched, t)]}


def _differs(statement: Statement, integers: dict[str, int], values: Entries,
             numbers: dict[str, Fraction], place: Place) -> bool:  # fmt: skip
    trial = Evaluator(statement, integers, numbers, lambda n, p: values.get((n, p), Fraction(0)))
    try:
        return _unlike(statement, trial, place)
    except StatementError:  # too much work with these values
        return False


def _example(statement: Statement, integers: dict[str, int], values: Entries,
             numbers: dict[str, Fraction], place: Place,
             closest: tuple[Expr, Expr] | None) -> Counterexample:  # fmt: skip
    sequences: dict[str, dict[Place, Fraction]] = {}
    for (name, at), v in sorted(values.items()):
        sequences.setdefault(name, {})[at] = v
    final = Evaluator(statement, integers, numbers, lambda n, p: values.get((n, p), Fraction(0)))
    left, right = final.number(statement.lhs, place), final.number(statement.rhs, place)
    works = tuple(_work(final, e, place) for e in closest) if closest is not None else ((), ())
    works = tuple(
        w if sum((p.value for p in w), Fraction(0)) == v else () for w, v in zip(works, (left, right), strict=True)
    )
    for name, e in (solved(statement) or {}).items():
        ends = box(e, statement, integers)
        if ends is not None:
            places = islice(product(*(range(u, v + 1) for u, v in ends)), SHOWN)
            sequences[name] = {p: v for p in places if (v := final.number(Name(name, rank(e)), p))}
    assumed = (e for pair in statement.equations for e in pair)
    sides = (statement.lhs, statement.rhs, *assumed, *statement.definitions.values())
    used = {base_of(node.function)[0] for side in sides for _, node in walk(side) if isinstance(node, Apply)}
    functions = {f: p for f, p in stand_ins(statement).items() if f in used}
    plain = {name: value for name, value in integers.items() if name not in statement.opaque}
    return Counterexample(plain, numbers, sequences, place, left, right, works[0], works[1], functions)


def _work(evaluator: Evaluator, e: Expr, place: Place) -> tuple[Product, ...]:
    """The non-zero products of a normal form at a place; empty where it is not a sum of products of entries."""
    free = sorted({n for _, node in walk(e) for p in own_polys(node) for n in p.names()}
                  - evaluator.integers.keys() - binders(e))  # fmt: skip
    if len(free) > len(place):
        return ()
    out: list[Product] = []
    scope = {**evaluator.integers, **dict(zip(free, place, strict=False))}
    try:
        for term in terms_of(e):
            body = term.factors
            scopes: Iterable[dict[str, int]] = [scope]
            if term.indices:
                scopes = evaluator.scopes(term.indices, multiply(body), scope)
            for inner in scopes:
                item = _one_product(evaluator, term.coefficient, body, inner)
                if item is None:
                    return ()
                if item.value:
                    out.append(item)
    except (StatementError, KeyError):
        return ()
    return tuple(out)


def _one_product(evaluator: Evaluator, c: Fraction, parts: tuple[Expr, ...], scope: dict[str, int]) -> Product | None:
    entries: list[tuple[str, Place, Fraction]] = []
    value = c
    for f in (g for part in parts for g in factors_of(part)):
        v = evaluator.number(f, (), scope)
        if not isinstance(f, Entry | Iverson | Const | Number | Integer):
            return None
        if isinstance(f, Entry):
            if not isinstance(f.x, Name):
                return None
            entries.append((f.x.name, tuple(p.evaluate(scope) for p in f.at), v))
        else:
            c *= v
        value *= v
    return Product(c, tuple(entries), value)
