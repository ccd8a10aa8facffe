"""Explicit taps: taps(1/2, 1, 1/2) and array([[1, 2], [3, 4]])."""

from __future__ import annotations

import ast
from collections.abc import Callable
from fractions import Fraction

from symconv.errors import StatementError
from symconv.expr.nodes import Expr, Taps
from symconv.expr.syntax import show, tuple_of


def explicit_taps(node: ast.Call, f: str, number: Callable[[ast.expr], Fraction]) -> Expr:
    """The node of a list of numbers, its shape read off the nesting; StatementError where the rows do not fit."""
    if node.keywords or not node.args or (f == "array" and len(node.args) != 1):
        raise StatementError(f"{show(node)}: write taps(1/2, 1, 1/2) or array([[1, 2], [3, 4]])")
    level = list(node.args)
    if len(level) == 1 and isinstance(level[0], ast.List | ast.Tuple):
        level = tuple_of(level[0])
    shape = [len(level)]
    while level and isinstance(level[0], ast.List | ast.Tuple):
        if not all(isinstance(e, ast.List | ast.Tuple) for e in level):
            raise StatementError(f"{show(node)}: numbers and rows are mixed; write rows of equal length")
        rows = [tuple_of(e) for e in level]
        if len({len(r) for r in rows}) != 1:
            raise StatementError(f"{show(node)}: the rows differ in length; give each as many numbers")
        shape.append(len(rows[0]))
        level = [e for row in rows for e in row]
    if not level:
        raise StatementError(f"{show(node)}: there are no taps in it")
    return Taps(tuple(shape), tuple(map(number, level)))
