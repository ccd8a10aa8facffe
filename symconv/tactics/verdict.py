"""What `prove` and `solve` answer: a verdict with its witness."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from symconv.expr.nodes import Expr
from symconv.expr.statement import Assumption, Statement
from symconv.expr.text import assumption
from symconv.index.facts import Range
from symconv.index.poly import Poly
from symconv.proof.theorem import Theorem

Place = tuple[int, ...]
Conjunction = tuple[Assumption, ...]
"""Conditions that hold together."""


@dataclass(frozen=True, slots=True)
class Product:
    """One non-zero product of a worked sum: a coefficient times entries `name[place] = value`."""

    coefficient: Fraction
    entries: tuple[tuple[str, Place, Fraction], ...]
    value: Fraction


@dataclass(frozen=True)
class Counterexample:
    """Concrete sizes, numbers and entries for which the two sides differ at one place.

    `sequences[name]` maps places to the non-zero entries; every other entry is 0.  `left_work` and `right_work` are
    the non-zero products whose sums are `left` and `right` (empty where a side is not a sum of products).
    """

    integers: Mapping[str, int]
    numbers: Mapping[str, Fraction]
    sequences: Mapping[str, Mapping[Place, Fraction]]
    at: Place
    left: Fraction
    right: Fraction
    left_work: tuple[Product, ...] = ()
    right_work: tuple[Product, ...] = ()
    functions: Mapping[str, Poly] = field(default_factory=dict[str, Poly])
    """What the declared functions are taken to be, as polynomials in t."""
    axis: int | None = None
    """The axis on which the sides have the extents `left` and `right`, where these differ and no entry is looked at."""


@dataclass(frozen=True)
class Answer:
    """The unknown that `solve` found: operators where lifting succeeded, the tap formula, and the number of taps."""

    name: str
    closed: Expr
    indices: tuple[str, ...]
    formula: Expr
    taps: tuple[Poly, ...] | None


@dataclass(frozen=True, slots=True)
class Where:
    """Conditions that together make a claim a theorem: assumptions on sizes, and kernels that are equal."""

    assumptions: tuple[Assumption, ...] = ()
    equal: tuple[tuple[str, str], ...] = ()

    def __str__(self) -> str:
        return " and ".join([*map(assumption, self.assumptions), *(f"{k} == {h}" for k, h in self.equal)])


@dataclass(frozen=True, slots=True)
class Region:
    """Where a claim holds and fails, exactly, as found by isl (an external solver; nothing of it is in a certificate).

    Each field is a list of conjunctions of which at least one holds: () for nowhere, (()) for everywhere, within the
    assumptions and, for `fails` and `holds`, within the outputs `window` at which the sides are compared.
    """

    indices: tuple[str, ...]
    """The free indices: the place of an output, or the integers of a claim between entries."""
    fails: tuple[Conjunction, ...]
    """At which outputs the sides differ, for which sizes."""
    holds: tuple[Conjunction, ...]
    """At which outputs they agree."""
    everywhere: tuple[Conjunction, ...]
    """The sizes for which they agree at all outputs; for all others they differ somewhere."""
    window: tuple[Range, ...] = ()
    fits: tuple[Conjunction, ...] | None = None
    """The sizes for which tensors on both sides have equal extents, where that is not for all sizes."""
    told: tuple[Conjunction, ...] = ()
    """The same as `fails`, some of it counted from the last output, where there is one free index."""
    interior: Conjunction = ()
    """Outputs away from both ends at which the sides agree for all sizes; () where there are none to tell."""
    extent: tuple[str, Poly] | None = None
    """The name that `told` and `interior` have for the number of outputs, and the number."""


@dataclass(frozen=True)
class Iff:
    """The condition exactly under which a claim was said to hold, as alternatives, with what is known of it.

    `proofs` are theorems for alternatives; `outside` are sizes for which the claim holds and the condition does not,
    and `proof` is the theorem with these numbers, where one was found.
    """

    alternatives: tuple[Conjunction, ...]
    proofs: tuple[Theorem, ...] = ()
    outside: Mapping[str, int] | None = None
    proof: Theorem | None = None


@dataclass(frozen=True)
class Result:
    """A verdict: proved, refuted, unknown, or none (an equation without an answer), with its witness.

    `asked` is the equation that `solve` was given, where `statement` is what shows that it has no answer;
    `closest` are the two normal forms that were not made equal; `holds_where` are conditions under which the
    claim is proved (`exact` tells whether they are all of them); `reason` says in words why there is no answer.
    """

    verdict: str
    statement: Statement
    asked: Statement | None = None
    theorem: Theorem | None = None
    counterexample: Counterexample | None = None
    answer: Answer | None = None
    closest: tuple[Expr, Expr] | None = None
    holds_where: tuple[Where, ...] = ()
    exact: bool = False
    reason: str = ""
    limit: Theorem | None = None
    """What a limit is, where a claim about it is refuted."""
    normal: Expr | None = None
    """The normal form of the left side, at the indices of the theorem."""
    tried: tuple[str, ...] = field(default=())
    region: Region | None = None
    """Where a refuted claim holds, exactly; None where that is not decided."""
    iff: Iff | None = None
    """The condition of `prove CLAIM --iff CONDITION`."""
