"""Why a step follows, shortly: the theorem of the library that it is, or the kinds of steps of its proof."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from functools import cache

from symconv.errors import SymconvError
from symconv.expr.floors import is_floor, spoken
from symconv.expr.nodes import (
    Add,
    Adjoint,
    Const,
    Conv,
    Corr,
    Count,
    Down,
    Expr,
    Flip,
    Grad,
    Inner,
    Integer,
    Iverson,
    Layer,
    Mul,
    Name,
    Neg,
    Repeat,
    Reverse,
    Shift,
    Sum,
    Up,
    rank,
)  # fmt: skip
from symconv.expr.satisfy import integers_of
from symconv.expr.statement import Statement
from symconv.expr.traverse import at, children, own_polys, replace_names, walk
from symconv.library.identities import identities
from symconv.proof.theorem import Theorem
from symconv.tactics.evidence import NEVER
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
ZEROS = "entries that are 0"
NAMES: dict[type, str] = {
    Conv: "conv", Corr: "corr", Down: "down", Up: "up", Flip: "flip", Reverse: "reverse", Shift: "shift",
    Inner: "inner", Grad: "grad", Adjoint: "adjoint", Repeat: "repeat",
}  # fmt: skip
FEWEST = 6


def because(statement: Statement, theorem: Theorem, before: ast.expr, line: ast.expr, defined: Iterable[str]) -> str:
    """Why it follows: the name of a theorem of the library where the step is an instance, else how it is proved.

    Of both lines as they are written only what is read alike is asked: names that the author has `defined`.
    """
    if ast.unparse(before) == ast.unparse(line):
        return "the same expression"
    parts = [set(_defined_parts(tree, frozenset(defined))) for tree in (before, line)]
    own = sorted({name for name, _ in parts[0] ^ parts[1]})
    if whole_numbers(statement.lhs) and whole_numbers(statement.rhs):
        return _counted(statement, own)
    if statement.lhs == statement.rhs:
        return f"definition of {_listed(own)}" if own else "the same expression, written otherwise"
    if _written_out(statement.lhs, statement) == _written_out(statement.rhs, statement):
        used = sorted(n for n in statement.definitions if _speaks(statement, n))
        return f"definition of {_listed(used)}"
    if statement.towards:
        return "by squeezing"
    if theorem.by:
        return f"by induction on {theorem.by}"
    return _cited(statement) or _kinds(theorem) or (f"definition of {_listed(own)}" if own else "arithmetic")


def _defined_parts(tree: ast.expr, defined: frozenset[str]) -> Iterator[tuple[str, str]]:
    """Defined names, each with the places at which it is taken."""
    for node in ast.walk(tree):
        match node:
            case ast.Subscript(value=ast.Name(id=name)) | ast.Name(id=name) if name in defined:
                yield name, ast.unparse(node)
            case _:
                pass


def whole_numbers(e: Expr) -> bool:
    """Whether an expression is made of whole numbers, sizes and extents alone."""
    return isinstance(e, Const | Count | Integer | Iverson) or (
        isinstance(e, Add | Mul | Neg) and all(whole_numbers(part) for part in children(e))
    )


def _counted(statement: Statement, own: list[str]) -> str:
    """What is counted or measured on one side only, and what else two whole numbers are equal by."""
    sides = [[n for _, n in walk(e)] for e in (statement.lhs, statement.rhs)]
    counts = [{n for n in nodes if isinstance(n, Count)} for nodes in sides]
    kinds = sorted({n.kind for n in counts[0] ^ counts[1]})
    named = {n for nodes in sides for node in nodes for p in own_polys(node) for n in p.names()}
    assumed = {n for a in statement.assumptions for n in integers_of(a)}
    if own or kinds:
        return f"definition of {_listed([*own, *kinds])}"
    parts = ["division with remainder"] if any(map(is_floor, named)) else []
    parts += ["what is assumed"] if assumed & spoken(named) else []
    return "; ".join(parts) or "arithmetic"


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
    """Definitions that are used, and what else is done; "" where that is nothing to speak of."""
    used: dict[str, None] = {}
    done: dict[str, None] = {}
    lesser: dict[str, None] = {}
    for step, before in zip(theorem.steps, (theorem.first, *(s.line for s in theorem.steps)), strict=False):
        if step.rule == "unfold":
            used[_called(step.line if step.backwards else before, step.path)] = None
        elif step.rule in KINDS and not (step.rule == "reindex" and _renames(step.arguments)):
            done[KINDS[step.rule]] = None
        elif step.rule == "imply" and step.arguments.get("condition") == NEVER:
            lesser[ZEROS] = None
        elif step.rule in LESSER and any(isinstance(n, Sum) for _, n in walk(before)):
            lesser[LESSER[step.rule]] = None
    if LESSER["distribute"] in lesser:  # Conditions are implied wherever a sum is written otherwise.
        lesser.pop(LESSER["imply"], None)
    definitions = [u for u in used if u]
    parts = [f"definition of {_listed(definitions)}"] if definitions else []
    parts += done or (() if parts else lesser)
    if len(parts) > FEWEST:
        parts = [*parts[:FEWEST], "…"]
    return "; ".join(parts)


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
