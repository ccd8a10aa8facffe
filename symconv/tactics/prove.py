"""`prove`: both sides to normal form, terms matched by unimodular re-indexing, the chain checked by `proof/`."""

from __future__ import annotations

import time
from collections.abc import Callable

from symconv.errors import CertificateError, RuleError, SearchError, StatementError
from symconv.expr import induction
from symconv.expr.nodes import Add, Cascade, Expr, Repeat, Sum
from symconv.expr.statement import Statement
from symconv.expr.traverse import Path, at, walk
from symconv.proof.theorem import Theorem, induce, join
from symconv.tactics.chain import Chain, Names, taken_names
from symconv.tactics.matching import Change, match
from symconv.tactics.maxima import tidy
from symconv.tactics.normal import normalise, reduce_terms, rewrite_hypotheses, scopes
from symconv.tactics.refute import counterexample
from symconv.tactics.residues import refine
from symconv.tactics.terms import Term, terms_of
from symconv.tactics.verdict import Result
from symconv.tactics.where import holds_where

ROUNDS = 12


def prove(statement: Statement, seconds: float = 3.0) -> Result:
    """Proved with a theorem, refuted with the smallest example, or unknown with the closest lines.

    `seconds` bounds the search for an example, and twice as much each way to a proof.
    """
    attempt = Attempt(statement, 2 * seconds)
    found = attempt.direct() or by_induction(statement, seconds)
    if found is None:
        example = counterexample(statement, attempt.closest, seconds / 4)
        found = None if example is not None else attempt.by_residues()
        if found is None:
            example = example or counterexample(statement, attempt.closest, seconds)
            if example is not None:
                return Result("refuted", statement, counterexample=example, closest=attempt.closest,
                              holds_where=holds_where(statement, theorem, seconds))  # fmt: skip
            tried = ("normal forms", "residues", "small examples")
            return Result("unknown", statement, closest=attempt.closest, tried=tried)
    return Result("proved", statement, theorem=found, normal=attempt.normal)


def by_induction(statement: Statement, seconds: float) -> Theorem | None:
    """By induction on a count of compositions, where there is one."""
    counts = {n.count.name() for e in (statement.lhs, statement.rhs) for _, n in walk(e)
              if isinstance(n, Repeat | Cascade)}  # fmt: skip
    for r in sorted(c for c in counts if c is not None):
        try:
            parts = [theorem(s, seconds) for s in (induction.base(statement, r), induction.step(statement, r))]
            if parts[0] is not None and parts[1] is not None:
                return induce(statement, r, parts[0], parts[1])
        except (RuleError, CertificateError, StatementError):
            continue
    return None


def theorem(statement: Statement, seconds: float = 1.0) -> Theorem | None:
    """A theorem where one is found in the time."""
    attempt = Attempt(statement, seconds)
    return attempt.direct() or attempt.by_residues()


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
        first, last = self.statement.ends(self.indices)
        left = self._chain(first, Names(self.supply.taken, "left"), deadline)
        if first == last or self.statement.equations:
            right = self._chain(last, Names(self.supply.taken, "right"), deadline)
            for chain in (left, right):
                rewrite_hypotheses(chain)
            if left.line == right.line:
                return join(self.indices, left.derivation, right.derivation)
        normalise(left)
        self.normal, saved = left.line, left.fork()
        right = self._right(last, left.names, {}, deadline)
        left.names.taken = right.names.taken = left.names.taken | right.names.taken
        self.sides = left, right
        changes = _unify(left, right)
        self.closest = left.line, right.line
        if left.line != right.line:
            return None
        wishes = _wishes(changes)
        nicer = self._nicer(saved, wishes, deadline) if wishes else None
        return nicer or join(self.indices, left.derivation, right.derivation)

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
            _unify(left, right)
            if left.line == right.line:
                return join(self.indices, left.derivation, right.derivation)
        return None

    def _right(self, last: Expr, left: Names, wishes: dict[str, str], deadline: float) -> Chain:
        chain = self._chain(last, Names(left.taken, "right", wishes, left.given), deadline)
        normalise(chain)
        return chain

    def _nicer(self, left: Chain, wishes: dict[str, str], deadline: float) -> Theorem | None:
        """The same proof with the right side's indices called as on the left, where they only differ in name."""
        _, last = self.statement.ends(self.indices)
        try:
            right = self._right(last, left.names, wishes, deadline)
            _unify(left, right)
            if left.line == right.line:
                return join(self.indices, left.derivation, right.derivation)
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


def _unify(left: Chain, right: Chain) -> list[Change]:
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
