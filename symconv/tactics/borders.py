"""Terms that differ in their inequalities only: each of the two sets of inequalities implies the other.

What is left of windows, ranges and supports after simplification depends on the way there.
"""

from __future__ import annotations

from itertools import islice

from symconv.expr.nodes import ONE, Const, Expr, Mul, Sum, factors_of
from symconv.expr.traverse import Path, walk
from symconv.index.conditions import Ge
from symconv.tactics.chain import Chain
from symconv.tactics.evidence import insert
from symconv.tactics.farkas import certificate, drop
from symconv.tactics.matching import Change, changes
from symconv.tactics.residues import inequality, unmatched, unranged

TRIES = 12


def agree(left: Chain, right: Chain) -> list[Change]:
    """Give terms of the left side the inequalities of equal ones on the right; the changes of indices made."""
    made: list[Change] = []
    while (change := _agree_once(left, right)) is not None:
        made.append(change)
    return made


def thin(left: Chain, right: Chain) -> bool:
    """Leave out inequalities that others imply, in terms that stand on one side only; False where there are none."""
    done = False
    for chain, path, e in unmatched(left, right):
        place = (*path, 0) if isinstance(e, Sum) else path
        if chain.at(path) == e:
            done = _thin_inside(chain, place) or done
            done = sum(drop(chain, place, c) for c in _inequalities(e)) > 0 or done
    return done


def _thin_inside(chain: Chain, place: Path) -> bool:
    """The same in the arguments of maxima and functions that are factors of a product, the outermost first."""
    done = False
    while any(drop(chain, place, c, inner) for inner, e in walk(chain.at(place)) if inner and isinstance(e, Mul)
              for c in _inequalities(e)):  # fmt: skip
        done = True
    return done


def _agree_once(left: Chain, right: Chain) -> Change | None:
    lonely = unmatched(left, right)
    for _, path, e in (place for place in lonely if place[0] is left):
        for _, _, other in (place for place in lonely if place[0] is right):
            if _coefficient(e) != _coefficient(other):
                continue
            for change in islice(changes(unranged(e), unranged(other), left.statement.facts), TRIES):
                trial = left.fork()
                if _same_inequalities(trial, path, other, change):
                    left.continue_as(trial)
                    return change
    return None


def _same_inequalities(chain: Chain, path: Path, other: Expr, change: Change) -> bool:
    """Bring a term to the form of another one: its indices, then its inequalities, then the order of its factors."""
    if not change.trivial():
        chain.do("reindex", path, forward=change.forward, inverse=change.inverse)
    place = (*path, 0) if isinstance(chain.at(path), Sum) else path
    wanted = _inequalities(other)
    missing = [c for c in wanted if c not in _inequalities(chain.at(path))]
    if not all(insert(chain, place, c, certificate) for c in missing):
        return False
    spare = [c for c in _inequalities(chain.at(path)) if c not in wanted]
    if not all(drop(chain, place, c) for c in spare):
        return False
    chain.do("distribute", ())
    return True


def _inequalities(e: Expr) -> list[Ge]:
    parts = factors_of(e.body if isinstance(e, Sum) else e)
    return [Ge(p) for f in parts if (p := inequality(f)) is not None]


def _coefficient(e: Expr) -> Expr:
    first = factors_of(e.body if isinstance(e, Sum) else e)[0]
    return first if isinstance(first, Const) else ONE
