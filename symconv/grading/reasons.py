"""Why a step follows, shortly: the theorem of the library that it is, or the kinds of steps of its proof."""

from __future__ import annotations

from functools import cache

from symconv.errors import SymconvError
from symconv.expr.nodes import (
    Adjoint,
    Conv,
    Corr,
    Down,
    Expr,
    Flip,
    Grad,
    Inner,
    Layer,
    Name,
    Repeat,
    Reverse,
    Shift,
    Sum,
    Up,
    rank,
)  # fmt: skip
from symconv.expr.statement import Statement
from symconv.expr.traverse import at, replace_names, walk
from symconv.library.identities import identities
from symconv.proof.theorem import Theorem
from symconv.tactics.paths import path
from symconv.tactics.rewriting import Identity, covers

NODES, SECONDS = 150, 2.0
"""Of the search for theorems that are used; the first one is what ends it, on a machine that is not slow."""
KINDS = {
    "reindex": "another index of summation", "split": "splitting an index by residues",
    "residues": "splitting by residues", "cases": "a case distinction", "coprime": "coprime sizes",
    "enumerate": "writing out a range", "count": "counting the terms", "maximum": "laws of maxima",
    "exponent": "laws of powers", "equation": "what is assumed", "hypothesis": "what is assumed",
    "differentiate": "the rules of differentiation", "order": "laws of order",
}  # fmt: skip
LESSER = {"sift": "an index that is determined", "rewrite": "an index that is determined",
          "distribute": "sums written otherwise", "imply": "conditions that are implied"}  # fmt: skip
"""What is said where there is nothing else to say."""
NAMES: dict[type, str] = {
    Conv: "conv", Corr: "corr", Down: "down", Up: "up", Flip: "flip", Reverse: "reverse", Shift: "shift",
    Inner: "inner", Grad: "grad", Adjoint: "adjoint", Repeat: "repeat",
}  # fmt: skip
FEWEST = 6


def because(statement: Statement, theorem: Theorem) -> str:
    """Why it follows: the name of a theorem of the library where the step is an instance, else how it is proved."""
    if statement.lhs == statement.rhs:
        return "the same expression"
    if _written_out(statement.lhs, statement) == _written_out(statement.rhs, statement):
        used = sorted(n for n in statement.definitions if _speaks(statement, n))
        return f"definition of {_listed(used)}"
    if statement.towards:
        return "by squeezing"
    if theorem.by:
        return f"by induction on {theorem.by}"
    return _cited(statement) or _kinds(theorem)


def _speaks(statement: Statement, name: str) -> bool:
    return any(isinstance(n, Name) and n.name == name for e in (statement.lhs, statement.rhs) for _, n in walk(e))


def _written_out(e: Expr, statement: Statement) -> Expr:
    try:
        for _ in statement.definitions:
            e = replace_names(e, statement.definitions)
    except SymconvError:  # It is differentiated by what is defined.
        return e
    return e


@cache
def _known(axes: int) -> tuple[Identity, ...]:
    return identities(axes)


def _cited(statement: Statement) -> str:
    """The theorem that the step is, or the one or two that are used at a place of it; "" where there are none."""
    d = statement.rank
    if not 1 <= d <= 3 or statement.relation != "==" or any(statement.places):
        return ""
    if any(isinstance(n, Sum) and not rank(n) for e in (statement.lhs, statement.rhs) for _, n in walk(e)):
        return ""
    try:
        known = _known(d)
        for identity in known:
            if covers(identity, statement):
                return _named(identity)
        told = path(statement, known, NODES, SECONDS)
    except SymconvError:
        return ""
    return ", ".join(map(_named, told.cited)) if told is not None and 1 <= len(told.cited) <= 2 else ""


def _named(identity: Identity) -> str:
    return f"{identity.title} ({identity.name})"


def _kinds(theorem: Theorem) -> str:
    """Definitions that are used, and what else is done."""
    used: dict[str, None] = {}
    done: dict[str, None] = {}
    lesser: dict[str, None] = {}
    for step, before in zip(theorem.steps, (theorem.first, *(s.line for s in theorem.steps)), strict=False):
        if step.rule == "unfold":
            used[_called(step.line if step.backwards else before, step.path)] = None
        elif step.rule in KINDS and not (step.rule == "reindex" and _renames(step.arguments)):
            done[KINDS[step.rule]] = None
        elif step.rule in LESSER and any(isinstance(n, Sum) for _, n in walk(before)):
            lesser[LESSER[step.rule]] = None
    definitions = [u for u in used if u]
    parts = [f"definition of {_listed(definitions)}"] if definitions else []
    parts += done or (() if parts else lesser)
    if len(parts) > FEWEST:
        parts = [*parts[:FEWEST], "…"]
    return "; ".join(parts) or "arithmetic"


def _renames(arguments: object) -> bool:
    """Whether a change of indices only calls them otherwise."""
    forward = arguments.get("forward", {}) if isinstance(arguments, dict) else {}
    return all(p.name() is not None for p in forward.values())


def _called(line: Expr, path: tuple[int, ...]) -> str:
    """The name of the operator at a place."""
    node = at(line, path)
    for _ in range(2):  # An entry of an operator is unfolded as a whole.
        if type(node) in NAMES:
            return NAMES[type(node)]
        if isinstance(node, Layer):
            return node.kind
        if isinstance(node, Name):
            return node.name
        node = getattr(node, "x", node)
    return ""


def _listed(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
