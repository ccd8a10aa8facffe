"""`prove`: both sides to normal form, terms matched by unimodular re-indexing, the chain checked by `proof/`."""

from __future__ import annotations

from symconv.errors import CertificateError, RuleError, StatementError
from symconv.expr.nodes import Add, Expr, Sum
from symconv.expr.statement import Statement
from symconv.expr.traverse import Path
from symconv.proof.theorem import Theorem, join
from symconv.tactics.chain import Chain, Names, taken_names
from symconv.tactics.matching import Change, match
from symconv.tactics.normal import normalise, reduce_terms, rewrite_hypotheses
from symconv.tactics.refute import counterexample
from symconv.tactics.residues import refine
from symconv.tactics.terms import Term, terms_of
from symconv.tactics.verdict import Result
from symconv.tactics.where import holds_where

ROUNDS = 12


def prove(statement: Statement, seconds: float = 3.0) -> Result:
    """Proved with a theorem, refuted with the smallest example, or unknown with the closest lines."""
    try:
        found, closest = theorem(statement)
    except RuleError:  # A line of the search had a sum that may not end: nothing was shown.
        found, closest = None, statement.ends(Names(taken_names(statement), "output").pick(statement.rank, "output"))
    if found is not None:
        return Result("proved", statement, theorem=found)
    example = counterexample(statement, closest, seconds)
    if example is not None:
        return Result("refuted", statement, counterexample=example, closest=closest,
                      holds_where=holds_where(statement, theorem))  # fmt: skip
    return Result("unknown", statement, closest=closest, tried=("normal forms", "residues", "small examples"))


def theorem(statement: Statement) -> tuple[Theorem | None, tuple[Expr, Expr]]:
    """A theorem, or None with the closest lines reached from both sides."""
    taken = taken_names(statement)
    supply = Names(taken, "output")
    indices = supply.pick(statement.rank, "output") if statement.rank else ()
    first, last = statement.ends(indices)
    left, right = (Chain(statement, e, Names(supply.taken, "left")) for e in (first, last))
    for chain in (left, right) if statement.equations else ():
        rewrite_hypotheses(chain)
    if left.line == right.line:
        return join(indices, left.derivation, right.derivation), (first, last)
    normalise(left)
    right = _right(statement, last, left.names, {})
    left.names.taken = right.names.taken = left.names.taken | right.names.taken
    wishes = _wishes(_unify(left, right))
    closest = left.line, right.line
    if left.line != right.line and not _refined(left, right):
        return None, closest
    nicer = _nicer(statement, indices, first, last, supply, wishes) if wishes else None
    return nicer or join(indices, left.derivation, right.derivation), closest


def _refined(left: Chain, right: Chain) -> bool:
    """Refine by residues until both sides are one line."""
    for _ in range(ROUNDS):
        if not refine(left, right):
            return False
        for chain in (left, right):
            reduce_terms(chain, ())
        _unify(left, right)
        if left.line == right.line:
            return True
    return False


def _right(statement: Statement, last: Expr, left: Names, wishes: dict[str, str]) -> Chain:
    chain = Chain(statement, last, Names(left.taken, "right", wishes, left.given))
    normalise(chain)
    return chain


def _nicer(statement: Statement, indices: tuple[str, ...], first: Expr, last: Expr, supply: Names,
           wishes: dict[str, str]) -> Theorem | None:  # fmt: skip
    """The same proof with the right side's indices called as on the left, where they only differ in name."""
    left = Chain(statement, first, Names(supply.taken, "left"))
    try:
        normalise(left)
        right = _right(statement, last, left.names, wishes)
        _unify(left, right)
        if left.line == right.line:
            return join(indices, left.derivation, right.derivation)
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


def _places(e: Expr) -> list[tuple[Path, Expr]]:
    return [((i,), t) for i, t in enumerate(e.terms)] if isinstance(e, Add) else [((), e)]


def _unify(left: Chain, right: Chain) -> list[Change]:
    """Re-index terms of the left side to terms of the right side that they equal, then collect."""
    facts = left.statement.facts
    kinds: list[Term] = []
    changes: list[Change] = []
    for chain in (right, left):
        for path, e in _places(chain.line):
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
        reduce_terms(chain, ())
    return changes
