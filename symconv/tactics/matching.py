"""Two terms are equal if a unimodular change of the bound indices carries one to the other: finding that change."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice, permutations, product

from symconv.index.facts import Facts
from symconv.index.poly import Poly, var
from symconv.tactics.offsets import offsets
from symconv.tactics.terms import Bare, Signature, Term, bare, label, renamed, signature, substituted

TRIES = 720


@dataclass(frozen=True, slots=True)
class Change:
    """Old indices by new ones and back: the arguments of the rule `reindex`."""

    forward: dict[str, Poly]
    inverse: dict[str, Poly]

    def trivial(self) -> bool:
        """Whether nothing changes, not even a name."""
        return all(p.name() == v for v, p in self.forward.items())


def match(source: Term, target: Term, facts: Facts) -> Change | None:
    """The first change of the source's bound indices that makes its factors those of the target."""
    return next(changes(source, target, facts), None)


def changes(source: Term, target: Term, facts: Facts) -> Iterator[Change]:
    """The changes of the source's bound indices that make its factors those of the target."""
    a, b = bare(source, facts), bare(target, facts)
    if len(a.term.indices) != len(b.term.indices):
        return
    left, right = ({v: signature(v, t) for v in t.indices} for t in (a.term, b.term))
    if label(a.term, left) == label(b.term, right):
        for names in islice(_candidates(left, right), TRIES):
            if renamed(a.term, names, facts) == b.term.factors:
                across = {u: var(v) for u, v in names.items()}
                yield _compose(a, b, across, {v: var(u) for u, v in names.items()})
    for across, back in islice(offsets(a.term, b.term), TRIES):
        if substituted(a.term, across, facts) == b.term.factors:
            yield _compose(a, b, across, back)


def _compose(a: Bare, b: Bare, across: dict[str, Poly], back: dict[str, Poly]) -> Change:
    """Through the bare forms: source ← bare source ≅ bare target ← target, and back."""
    there = {u: p.subs(b.inverse) for u, p in across.items()}
    here = {v: p.subs(a.inverse) for v, p in back.items()}
    forward = {v: p.subs(there) for v, p in a.forward.items()}
    inverse = {v: p.subs(here) for v, p in b.forward.items()}
    return Change(forward, inverse)


def _candidates(a: dict[str, Signature], b: dict[str, Signature]) -> Iterator[dict[str, str]]:
    """Bijections of bound indices that respect their signatures."""
    groups: dict[Signature, tuple[list[str], list[str]]] = {}
    for side, signatures in enumerate((a, b)):
        for v, found in signatures.items():
            groups.setdefault(found, ([], []))[side].append(v)
    if any(len(left) != len(right) for left, right in groups.values()):
        return
    choices = ((left, permutations(right)) for left, right in groups.values())
    lefts = [left for left, _ in groups.values()]
    for pick in product(*(list(islice(p, TRIES)) for _, p in choices)):
        yield {u: v for left, right in zip(lefts, pick, strict=True) for u, v in zip(left, right, strict=True)}


def same(a: Term, b: Term, facts: Facts) -> bool:
    """Whether the terms are equal up to their coefficients."""
    return match(a, b, facts) is not None


def identity(indices: tuple[str, ...]) -> dict[str, Poly]:
    """The trivial change."""
    return {v: var(v) for v in indices}
