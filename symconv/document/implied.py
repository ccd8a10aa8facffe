"""What the conditions of a proof about floors follow from: assumptions by name, and what a floor is."""

from __future__ import annotations

from symconv.document.model import Text
from symconv.document.words import listed
from symconv.expr.floors import floor, is_floor, parts
from symconv.expr.index_notation import condition, floored
from symconv.expr.mathematics import Math, Num, Sym, Tok, row
from symconv.expr.nodes import Iverson, factors_of
from symconv.expr.statement import Statement
from symconv.expr.support import around, bounds
from symconv.expr.traverse import at
from symconv.index.conditions import Divides, Ge
from symconv.index.poly import Poly, var
from symconv.proof.theorem import Theorem


def implied(theorem: Theorem) -> Text:
    """They follow from 4 | N, 3c ≥ 2p + 3 and s⌊a/s⌋ ≤ a ≤ s⌊a/s⌋ + s − 1; nothing where there are no floors."""
    statement, used = theorem.statement, dict[Poly, None]()
    if not any(map(is_floor, statement.opaque)):
        return ()
    before = theorem.first
    for step in theorem.steps:
        if step.rule == "imply":
            e, inside = at(step.line if step.backwards else before, step.path), step.arguments.get("place", ())
            wanted = Iverson(step.arguments["condition"])
            beside = bounds(tuple(f for f in factors_of(at(e, inside)) if f != wanted), statement.facts)
            known = [*around(e, inside, statement.facts), *beside]
            own = len(known) - len(statement.facts.inequalities)
            evidence: tuple[dict[int, Poly], ...] = (step.arguments["evidence"], step.arguments.get("opposite") or {})
            numbers = sorted({i for found in evidence for i in found})
            used |= dict.fromkeys(known[i] for i in numbers if i >= own)
        before = step.line
    floors = _floors(statement)
    divided = _divided(statement)
    shown = dict.fromkeys(divided.get(p) or condition(Ge(p)) for p in used if p not in floors or p in divided)
    reasons = [*shown, *([_floor()] if any(p in floors and p not in divided for p in used) else [])]
    return ("This follows from ", *listed([(m,) for m in reasons]), ". ") if reasons else ()


def _floor() -> Math:
    """s⌊a/s⌋ ≤ a ≤ s⌊a/s⌋ + s − 1."""
    whole = row(Sym("s"), Tok("thin"), floored(var("a"), var("s")))
    return row(whole, Tok("le"), Sym("a"), Tok("le"), whole, Tok("plus"), Sym("s"), Tok("minus"), Num("1"))


def _floors(statement: Statement) -> set[Poly]:
    """What is known of floors."""
    made = [(var(n), *parts(n)) for n in statement.opaque if is_floor(n)]
    return {p for n, a, s in made for p in (a - s * n, s * n + s - 1 - a)}


def _divided(statement: Statement) -> dict[Poly, Math]:
    """What is known of the multiple of a number that divides: p = m⌊p/m⌋, as m | p."""
    out: dict[Poly, Math] = {}
    for c in statement.assumptions:
        if isinstance(c, Divides):
            exact = [q - c.m * floor(q, c.m) for q in (c.p, -c.p)]
            out |= dict.fromkeys((*exact, *(-q for q in exact)), condition(c))
    return out
