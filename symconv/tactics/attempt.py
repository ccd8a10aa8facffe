"""One attempt at an equation: both sides to normal form, terms matched by unimodular re-indexing, residues split."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import suppress

from symconv.errors import CertificateError, RuleError, SearchError, StatementError
from symconv.expr.nodes import Add, Expr, Sum
from symconv.expr.statement import Statement
from symconv.expr.traverse import Path, at
from symconv.proof.theorem import Theorem, join
from symconv.tactics.borders import agree, thin
from symconv.tactics.chain import Chain, Names, taken_names
from symconv.tactics.integer_claims import between_integers
from symconv.tactics.matching import Change, match
from symconv.tactics.maxima import tidy
from symconv.tactics.normal import normalise, reduce_inside, reduce_terms, rewrite_hypotheses, scopes
from symconv.tactics.residues import refine
from symconv.tactics.terms import Term, terms_of

ROUNDS = 12


class Attempt:
    """Both sides of a statement on the way to each other; `closest` are the lines that they have reached."""

    def __init__(self, statement: Statement, seconds: float) -> None:
        self.statement = statement
        self.seconds = seconds
        taken = taken_names(statement)
        self.supply = Names(taken, "output")
        self.indices = self.supply.pick(statement.rank, "output") if statement.rank else ()
        self.closest = statement.ends(self.indices)
        self.sides: tuple[Chain, Chain] | None = None
        self.normal: Expr | None = None
        self.assuming = True
        """Whether equations between sequences that are assumed are put in."""

    def direct(self) -> Theorem | None:
        """By normal forms and matching."""
        return self._within_limits(self._direct)

    def by_residues(self) -> Theorem | None:
        """By splitting indices and ranges where terms stay unmatched, after `direct`."""
        return self._within_limits(self._by_residues)

    def _within_limits(self, way: Callable[[float], Theorem | None]) -> Theorem | None:
        try:
            return way(time.monotonic() + self.seconds)
        except (RuleError, SearchError):  # A line with a sum that may not end, or no time left: nothing was shown.
            return None

    def _chain(self, e: Expr, names: Names, deadline: float) -> Chain:
        return Chain(self.statement, e, names, deadline)

    def _direct(self, deadline: float) -> Theorem | None:
        """Without the equations that are assumed, for what is an identity; then with them."""
        if self.statement.equations:
            self.assuming = False
            with suppress(RuleError, SearchError):
                found = self._by_normal_forms(deadline)
                if found is not None:
                    return found
        self.assuming = True
        return self._by_normal_forms(deadline)

    def _by_normal_forms(self, deadline: float) -> Theorem | None:
        first, last = self.statement.ends(self.indices)
        left = self._chain(first, Names(self.supply.taken, "left"), deadline)
        if first == last or self.statement.equations:
            right = self._chain(last, Names(self.supply.taken, "right"), deadline)
            for chain in (left, right) if self.assuming else ():
                rewrite_hypotheses(chain)
            if left.line == right.line:
                return self._joined(left, right)
        normalise(left, self.assuming)
        self.normal, saved = left.line, left.fork()
        right = self._right(last, left.names, {}, deadline)
        left.names.taken = right.names.taken = left.names.taken | right.names.taken
        self.sides = left, right
        changes = [*unify(left, right), *agree(left, right)]
        if left.line != right.line and thin(left, right):
            for chain in (left, right):
                reduce_inside(chain)
            changes += [*unify(left, right), *agree(left, right)]
        self.closest = left.line, right.line
        if left.line != right.line:
            return None
        wishes = _wishes(changes)
        nicer = self._nicer(saved, wishes, deadline) if wishes else None
        return nicer or self._joined(left, right)

    def _joined(self, left: Chain, right: Chain) -> Theorem | None:
        """The theorem, with those on extents; None where it is not seen that these are equal."""
        extents = [between_integers(s, self.seconds) for s in self.statement.sizes]
        known = tuple(t for t in extents if t is not None)
        return join(self.indices, left.derivation, right.derivation, known) if len(known) == len(extents) else None

    def _by_residues(self, deadline: float) -> Theorem | None:
        """Refine until both sides are one line."""
        if self.sides is None:
            return None
        left, right = self.sides
        left.deadline = right.deadline = deadline
        for _ in range(ROUNDS):
            if not refine(left, right):
                return None
            for chain in (left, right):
                reduce_terms(chain, ())
            unify(left, right)
            agree(left, right)
            if left.line == right.line:
                return self._joined(left, right)
        return None

    def _right(self, last: Expr, left: Names, wishes: dict[str, str], deadline: float) -> Chain:
        chain = self._chain(last, Names(left.taken, "right", wishes, left.given), deadline)
        normalise(chain, self.assuming)
        return chain

    def _nicer(self, left: Chain, wishes: dict[str, str], deadline: float) -> Theorem | None:
        """The same proof with the right side's indices called as on the left, where they only differ in name."""
        _, last = self.statement.ends(self.indices)
        try:
            right = self._right(last, left.names, wishes, deadline)
            unify(left, right)
            agree(left, right)
            if left.line == right.line:
                return self._joined(left, right)
        except (RuleError, CertificateError, StatementError):
            pass
        return None


def _wishes(changes: list[Change]) -> dict[str, str]:
    """Right-hand names that are only other names for left-hand ones."""
    out: dict[str, str] = {}
    for change in changes:
        for old, p in change.forward.items():
            new = p.name()
            if new is not None and new != old and out.setdefault(new, old) != old:
                return {}
    names = list(out.values())
    return out if len(set(names)) == len(names) else {}


def _terms_at(e: Expr, scope: Path) -> list[tuple[Path, Expr]]:
    e = at(e, scope)
    return [((*scope, i), t) for i, t in enumerate(e.terms)] if isinstance(e, Add) else [(scope, e)]


def unify(left: Chain, right: Chain) -> list[Change]:
    """Re-index terms of the left side to terms of the right side that they equal, then collect.

    What stands inside a function is called alike only when the indices around it are, so it is done again.
    """
    changes: list[Change] = []
    for _ in range(1 + max(len(scopes(c.line)) > 1 for c in (left, right)) * ROUNDS):
        before = left.line, right.line
        changes += _unify_once(left, right)
        if left.line == right.line or (left.line, right.line) == before:
            break
    return changes


def _unify_once(left: Chain, right: Chain) -> list[Change]:
    facts = left.statement.facts
    kinds: list[Term] = []
    changes: list[Change] = []
    for chain in (right, left):
        for scope in scopes(chain.line):
            for path, e in _terms_at(chain.line, scope):
                if not isinstance(e, Sum):
                    continue
                (term,) = terms_of(e)
                for known in kinds:
                    change = match(term, known, facts)
                    if change is not None:
                        if not change.trivial():
                            chain.do("reindex", path, forward=change.forward, inverse=change.inverse)
                            if chain is left:
                                changes.append(change)
                        break
                else:
                    kinds.append(term)
            reduce_terms(chain, scope)
            if scope:
                tidy(chain, scope[:-1])
    return changes
