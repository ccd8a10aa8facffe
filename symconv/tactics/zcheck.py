"""The check of a derivation by z-transforms: no line is told that does not stand.

(a) Every line of both sides is evaluated exactly, at several concrete sizes, for sequences of finite support with
drawn values, as a Laurent polynomial over roots of unity, and compared with the transform of the statement's own left
side, whose entries come from the definitions of its operators.
(b) Where a line reads as the transform of a sequence that the operators can write, as in

    1/s Σ_{w^s = 1} x̂(w z^{1/s}) k̂(w^{−1} z^{−1/s}),  which is that of  down(conv(x, flip(k)), s),

that sequence is proved equal to the one of the line before by the trusted part, for all sizes.
The statement itself, which says that the two transforms have the same coefficients, is proved by the trusted part.
"""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction
from itertools import islice, product
from math import lcm

from symconv.errors import SearchError, SymconvError
from symconv.expr.evaluate import Evaluator, Place
from symconv.expr.nodes import Add, Adjoint, Const, Conv, Delta, Down, Expr, Flip, Mul, Name, Ones, Shift, Up
from symconv.expr.ranges import box
from symconv.expr.satisfy import sizes
from symconv.expr.statement import Declaration, Statement
from symconv.expr.traverse import walk
from symconv.index.facts import Facts
from symconv.index.poly import ONE, Poly, const
from symconv.tactics.cyclotomic import Series, added, multiplied, rational
from symconv.tactics.prove import theorem
from symconv.tactics.zlines import Line, Monomial, Ratio, Run, Term, ZStep, monomials, ratio, start
from symconv.tactics.ztransform import Transformed, both

INSTANCES = 4
SAMPLES = (-2, 3)
FAR = 30
"""Where a sequence without known ends is cut off when it is evaluated: all that is read lies within."""


def transformed(statement: Statement) -> Transformed | None:
    """Both sides derived to one line, every line checked; None where that fails."""
    found = both(statement)
    return found if found is not None and stands(found) else None


def stands(found: Transformed) -> bool:
    """Whether every line is the transform of the left side on drawn instances, and by proof where it can be read."""
    s = found.statement
    sides = [(s.lhs, found.left), (s.rhs, found.right)]
    lines = [line for e, steps in sides for line in (start(e), *(step.line for step in steps))]
    try:
        if not all(_agree(lines, instance) for instance in _instances(s)):
            return False
    except SymconvError:
        return False
    return all(_proved_onwards(e, steps, s) for e, steps in sides)


def _proved_onwards(e: Expr, steps: tuple[ZStep, ...], statement: Statement) -> bool:
    """Whether each line that reads as a sequence is proved equal to the one before that does."""
    before = e
    for step in steps:
        now = sequence(step.line, statement.facts)
        if now is None or now == before:
            continue
        try:
            if theorem(replace(statement, lhs=before, rhs=now)) is None:
                return False
        except SymconvError:
            return False
        before = now
    return True


def sequence(line: Line, facts: Facts) -> Expr | None:
    """The sequence whose transform a line is, in operators; None where they do not write it."""
    terms = [_of_term(term, facts) for term in line]
    if not terms or any(t is None for t in terms):
        return None
    found = tuple(t for t in terms if t is not None)
    return found[0] if len(found) == 1 else Add(found)


def _of_term(term: Term, facts: Facts) -> Expr | None:
    inside: Expr | None = None
    if not term.roots:
        exponents = [m.z.num if m.z.den == ONE else None for m in monomials(term)]
        inside = _convolved(term, exponents, facts)
    elif len(term.roots) == 1:
        root = term.roots[0]
        candidates = [(ONE, _below(term, root.name, root.order, ONE))]
        candidates += [(r, _below(term, root.name, root.order, r))
                       for r in dict.fromkeys((root.order, *(t.at.z.num for t in term.transforms)))
                       if facts.positive(r) and r != ONE]  # fmt: skip
        for r, exponents in candidates:
            found = None if None in exponents else _convolved(term, exponents, facts)
            if found is not None:
                inside = Down(found, (root.order,))
                inside = inside if r == ONE else Up(inside, (r,))
                break
    if inside is None:
        return None
    numbers: list[Expr] = [] if term.coefficient == 1 else [Const(term.coefficient)]
    numbers += term.scalars
    return Mul((*numbers, inside)) if numbers else inside


def _below(term: Term, root: str, order: Poly, r: Poly) -> list[Poly | None]:
    """The exponents B with w^a z^b = w^B z^{r B/order} for all monomials, where there are such integers."""
    out: list[Poly | None] = []
    for m in monomials(term):
        b = m.z * ratio(order, r)
        a = m.exponent(root)
        fits = b.den == ONE and a.den == ONE and (a.num - b.num).divide(order) is not None
        out.append(b.num if fits else None)
    return out


def _convolved(term: Term, exponents: list[Poly | None], facts: Facts) -> Expr | None:
    """The convolution of the sequences, spread by the exponents, moved by the monomial."""
    out: Expr | None = None
    power, *spread = exponents
    if power is None:
        return None
    for t, b in zip(term.transforms, spread, strict=True):
        e = None if b is None else _spread(t.of, b, facts)
        if e is None:
            return None
        out = e if out is None else Conv(out, e)
    out = Delta(1) if out is None else out
    return Shift(out, (-power,)) if power.terms else out


def _spread(of: Expr | Run, b: Poly, facts: Facts) -> Expr | None:
    """The sequence with the transform x̂(z^b)."""
    e: Expr = Ones((of.count,)) if isinstance(of, Run) else of
    if b == ONE:
        return e
    if facts.positive(b):
        return Up(e, (b,))
    if facts.positive(-b):
        return Flip(e if b == -ONE else Up(e, (-b,)))
    return None


# Exact values


class _Instance:
    """Concrete sizes and drawn sequences of finite support."""

    def __init__(self, statement: Statement, integers: Mapping[str, int], seed: int) -> None:
        variables = {n.x.name for e in (statement.lhs, statement.rhs) for _, n in walk(e)
                     if isinstance(n, Adjoint) and isinstance(n.x, Name)}  # fmt: skip
        ends = (const(SAMPLES[0]), const(SAMPLES[1]))
        declared: dict[str, Declaration] = {}
        for d in statement.declarations.values():
            free = d.kind in ("signal", "kernel") and d.name not in variables
            ranges = tuple(ends if r is None else r for r in d.ranges) if free else d.ranges
            declared[d.name] = replace(d, kind="kernel" if free else d.kind, ranges=ranges)
        self.statement = replace(statement, declarations=declared)
        self.integers = dict(integers)
        numbers = {d.name: Fraction(random.Random(f"{seed}|{d.name}").randint(2, 9))
                   for d in declared.values() if d.kind == "number"}  # fmt: skip

        def entry(name: str, place: Place) -> Fraction:
            return Fraction(random.Random(f"{seed}|{name}|{place}").choice([-3, -2, -1, 1, 2, 3, 5]))

        self.evaluator = Evaluator(self.statement, self.integers, numbers, entry)

    def samples(self, of: Expr | Run) -> dict[int, Fraction]:
        """The entries of a sequence that are other than 0."""
        if isinstance(of, Run):
            return dict.fromkeys(range(of.count.evaluate(self.integers)), Fraction(1))
        found = box(of, self.statement, self.integers)
        low, high = found[0] if found else (-FAR, FAR)
        values = {n: self.evaluator.number(of, (n,)) for n in range(low, high + 1)}
        return {n: v for n, v in values.items() if v}

    def ratio(self, r: Ratio) -> Fraction:
        """An exponent as a number."""
        return Fraction(r.num.evaluate(self.integers), r.den.evaluate(self.integers))


def _instances(statement: Statement) -> list[_Instance]:
    every = list(islice(sizes(statement, largest=2), 400))
    wide = [v for v in every if any(i > 1 for i in v.values())]
    chosen = [*every[:1], *(random.Random(7).sample(wide, min(len(wide), INSTANCES)))]
    return [_Instance(statement, integers, seed) for seed, integers in enumerate(chosen)]


def _agree(lines: list[Line], instance: _Instance) -> bool:
    values = [_value(line, instance) for line in lines]
    return values[0] is not None and all(v == values[0] for v in values)


def _value(line: Line, instance: _Instance) -> dict[Fraction, Fraction] | None:
    total: dict[Fraction, Fraction] = {}
    for term in line:
        found = _of_roots(term, instance)
        if found is None:
            return None
        for z, c in found.items():
            total[z] = total.get(z, Fraction(0)) + c
    return {z: c for z, c in total.items() if c}


def _of_roots(term: Term, instance: _Instance) -> dict[Fraction, Fraction] | None:
    """The average over all roots; w^{a/d} is the power of one fixed d-th root of w in all places."""
    orders = {r.name: r.order.evaluate(instance.integers) for r in term.roots}
    exponents = {name: [instance.ratio(m.exponent(name)) for m in monomials(term)] for name in orders}
    n = lcm(1, *(order * lcm(*(a.denominator for a in exponents[name])) for name, order in orders.items()))
    scale = term.coefficient
    for e in term.scalars:
        scale *= instance.evaluator.number(e)
    averaged: list[Series] = []
    samples = [instance.samples(t.of) for t in term.transforms]
    for roots in product(*(range(order) for order in orders.values())):
        steps = {name: Fraction(n * k, orders[name]) for name, k in zip(orders, roots, strict=True)}

        def at(m: Monomial, steps: Mapping[str, Fraction] = steps) -> tuple[Fraction, int]:
            turn = sum((instance.ratio(a) * steps[name] for name, a in m.roots), Fraction(0))
            if turn.denominator != 1:
                raise SearchError("a root of unity has no such power")
            return instance.ratio(m.z), int(turn)

        z, w = at(term.power)
        value: Series = {(z, w % n): scale}
        for t, known in zip(term.transforms, samples, strict=True):
            z, w = at(t.at)
            series = {(-i * z, -i * w % n): v for i, v in known.items()} if z else _at_unit(known, w, n)
            value = multiplied(value, series, n)
        averaged.append(value)
    count = 1
    for order in orders.values():
        count *= order
    whole = {key: c / count for key, c in added(averaged).items()}
    return rational(whole, n)


def _at_unit(known: Mapping[int, Fraction], w: int, n: int) -> Series:
    """A transform at a root of unity, without z."""
    return added({(Fraction(0), -i * w % n): v} for i, v in known.items())
