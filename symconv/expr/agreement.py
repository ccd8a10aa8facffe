"""Tensors that are added or multiplied have equal extents, and so have kernels: what a layer needs of its operands.

Without that a sum is a sequence, no extent of which is known, and a layer of it would have no window.  Extents that
are not written alike are equal by what is assumed, or their equality is needed.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Protocol

from symconv.errors import StatementError
from symconv.expr.floors import put_through
from symconv.expr.nodes import Add, Apply, Expr, Layer, Mul, Name, Neg, Power, rank
from symconv.expr.shapes import Extents
from symconv.expr.statement import solve_for_name
from symconv.expr.support import extents
from symconv.expr.syntax import show
from symconv.expr.traverse import children, walk
from symconv.expr.windows import entrywise_extents, one_extent, operand_extents
from symconv.index.conditions import Eq
from symconv.index.facts import Facts
from symconv.index.poly import Poly


class Builder(Protocol):
    """What is known while expressions are read."""

    facts: Facts
    extents: Extents
    definitions: Mapping[str, Expr]


def with_equations(facts: Facts, known: Extents) -> Facts:
    """The facts, with the extents that are assumed or needed to be equal; each name has one value."""
    equations, left = dict(facts.equations) | known.found, list(facts.inequalities)
    for p in (*known.assumed, *(c.p for c in known.needed if isinstance(c, Eq))):
        p = put_through(p, equations)
        solved = solve_for_name(p, sorted(p.names() & (facts.sizes | facts.naturals)))
        equations |= [solved] if solved else ()
        left += () if solved else (p, -p)
    return replace(facts, equations=tuple(equations.items()), inequalities=tuple(dict.fromkeys(left)))


def agree(b: Builder, e: Expr, node: ast.AST) -> None:
    """Tensors that are added or multiplied in an operand have equal extents; StatementError where they can not."""
    match e:
        case Name(name) if name in b.definitions:
            agree(b, b.definitions[name], node)
        case Add(parts) | Mul(parts):
            ranked = [p for p in parts if rank(p)]
            for part in ranked:
                agree(b, part, node)
            for axis in zip(*(entrywise_extents(p, b.facts, b.definitions) for p in ranked), strict=True):
                equal(b, axis, node)
        case Neg(x) | Apply(_, x) | Power(x):
            agree(b, x, node)
        case _:
            pass


def agree_kernels(b: Builder, e: Expr, node: ast.AST) -> None:
    """Kernels that are added or multiplied, at any depth, have equal extents where they begin at 0."""
    for _, inner in walk(e):
        if isinstance(inner, Name) and inner.name in b.definitions:
            agree_kernels(b, b.definitions[inner.name], node)
        elif isinstance(inner, Add | Mul):
            found = (operand_extents(p, b.facts, b.definitions) for p in children(inner) if rank(p))
            for axis in zip(*found, strict=True):
                equal(b, axis, node)


def agree_in_sum(b: Builder, left: Expr, right: Expr, node: ast.AST) -> None:
    """Tensors that are added have equal extents where layers give them."""
    if any(isinstance(n, Layer) for e in (left, right) for _, n in walk(e)):
        agree_as_tensors(b, left, right, node)


def agree_as_tensors(b: Builder, left: Expr, right: Expr, node: ast.AST) -> None:
    """Both have equal extents on the axes on which both have extents, as tensors have that are equal."""
    for axis in zip(*(entrywise_extents(e, b.facts, b.definitions) for e in (left, right)), strict=True):
        equal(b, axis, node)


def equal(b: Builder, axis: Iterable[Poly | None], node: ast.AST) -> None:
    """The extents of an axis are one; their equality is needed where that is not known."""
    first, *others = axis
    for other in others:
        if first is None or other is None or one_extent((first, other), b.facts) is not None:
            continue
        b.extents.same(first, other, node)
        b.facts = with_equations(b.facts, b.extents)
        for name, e in b.definitions.items():
            if rank(e):
                b.facts = replace(b.facts, supports={**b.facts.supports, name: extents(e, b.facts)})
        if one_extent((first, other), b.facts) is None:
            raise StatementError(f"{show(node)}: tensors with the extents {first} and {other} go together only where "
                                 "these are equal: declare them alike")  # fmt: skip
