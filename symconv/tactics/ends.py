"""Outputs counted from the last one: n = M − 1 says more than 4n ≥ N + 5 where there are M outputs.

For a claim with one free index whose outputs are 0 … M − 1.  With n = M − 1 − r, conditions on r are shortened within
the same context, so nothing is estimated; isl decides.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from symconv.errors import SearchError
from symconv.expr.floors import is_floor, read, spoken
from symconv.expr.statement import Assumption, polys
from symconv.index.conditions import Divides, Eq, Ge
from symconv.index.poly import Poly, const, var
from symconv.tactics.covers import cover
from symconv.tactics.differing import Differing
from symconv.tactics.verdict import Conjunction
from symconv.tactics.wording import grouped, said, speaks_of

if TYPE_CHECKING:
    import islpy as isl

LETTERS = ("M", "L", "T", "W", "outputs")
FARTHEST = 12
"""How many outputs at an end are told one by one."""
BACK = "_back"


class Ends:
    """The outputs of one claim from both ends; `letter` names their number."""

    def __init__(self, d: Differing, last: Poly) -> None:
        self.d = d
        self.last = last
        (self.output,) = d.outputs
        self.letter = next(v for v in LETTERS if v not in d.statement.declarations)
        self.context = d.space.where(self._turned(d.conditions), (BACK,))

    def _turned(self, conditions: Iterable[Assumption]) -> Conjunction:
        """The conditions with M − 1 − r for the output."""
        return tuple(_put(c, {self.output: self.last - var(BACK)}) for c in conditions)

    def told(self, pieces: Iterable[Conjunction]) -> tuple[Conjunction, ...]:
        """Each piece as it stands or counted from the end, whichever speaks of fewer sizes beside the output."""
        out: list[Conjunction] = []
        for piece in pieces:
            found = self._from_the_end(piece) if any(speaks_of(c, (self.output,)) for c in piece) else ()
            out += found if found and self._weight(found[0]) < self._weight(piece) else (piece,)
        return tuple(dict.fromkeys(out))

    def one_by_one(self, piece: Conjunction) -> Conjunction:
        """The piece with each condition on the output told by itself."""
        out: list[Assumption] = []
        for c in piece:
            found = self.told(((c,),))
            out += found[0] if len(found) == 1 else (c,)
        return tuple(out)

    def _from_the_end(self, piece: Conjunction) -> tuple[Conjunction, ...]:
        """The piece in r, where one condition on r is all that is said of it; else ()."""
        s = self.d.space.where(self._turned(piece), (BACK,))
        try:
            found = cover(s, self.context, self.d.space, (BACK,))
        except SearchError:
            return ()
        back = {BACK: var(self.letter) - 1 - var(self.output)}
        return tuple(tuple(_put(c, back) for c in f) for f in found) if len(grouped(found, (BACK,))) == 1 else ()

    def _weight(self, piece: Conjunction) -> tuple[int, int]:
        """How many floors and sizes stand beside the output."""
        own = tuple(c for c in piece if speaks_of(c, (self.output,)))
        names = {n for c in own for p in polys(c) for n in spoken(p.names())}
        return said(own, (self.output,)).count("//"), len(names - {self.output, self.letter})

    def interior(self, holds: Iterable[Conjunction]) -> Conjunction:
        """Bounds on both sides within which the sides agree, whatever the sizes; () where none are known.

        First a ≤ n ≤ M − 1 − b with the least numbers a and b, else what is said of outputs alone.
        """
        if self._agree(0, 0):
            return ()
        if not self._agree(FARTHEST, FARTHEST):
            alone = (c for c in holds if all(isinstance(a, Ge) and speaks_of(a, (self.output,)) for a in c))
            between = [self.one_by_one(c) for c in alone if {_sign(a, self.output) for a in c} == {1, -1}]
            return min(between, key=self._weight, default=())
        a = next(a for a in range(FARTHEST + 1) if self._agree(a, FARTHEST))
        b = next(b for b in range(FARTHEST + 1) if self._agree(a, b))
        n = var(self.output)
        return (Ge(n - a), Ge(var(self.letter) - 1 - b - n))

    def _agree(self, a: int, b: int) -> bool:
        n = var(self.output)
        inside: isl.Set = self.d.where((Ge(n - a), Ge(self.last - b - n))).intersect(self.d.context)
        return inside.is_subset(self.d.agreeing)


def _sign(c: Assumption, output: str) -> int:
    """1 for a lower bound of the output, −1 for an upper one, else 0."""
    k = c.p.coefficient(output).constant() if isinstance(c, Ge) else None
    return 0 if not k else 1 if k > 0 else -1


def _put(c: Assumption, values: dict[str, Poly]) -> Assumption:
    """The condition with polynomials for names, in floors too."""

    def put(p: Poly) -> Poly:
        return p.subs({**values, **{n: read(n, values) for n in p.names() if is_floor(n)}})

    match c:
        case Eq(p):
            return Eq(put(p))
        case Ge(p):
            return Ge(put(p))
        case Divides(m, p):
            return Divides(const(m.constant() or 1), put(p))
        case _:
            if speaks_of(c, values):
                raise SearchError("a condition of another kind on the output")
            return c
