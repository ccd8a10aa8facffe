"""A condition with `and` and `or` as alternatives, each a list of comparisons that can be assumed together."""

from __future__ import annotations

import ast
from itertools import chain, product

from symconv.errors import StatementError
from symconv.expr.syntax import read, show

MOST = 32
"""How many alternatives a condition may have."""


def alternatives(text: str) -> list[tuple[str, ...]]:
    """The comparisons of each alternative as claim text; StatementError where there is anything else.

    >>> alternatives("c <= p + 1 or (c == p + 2 and N % 2 == 0)")
    [('c <= p + 1',), ('c == p + 2', 'N % 2 == 0')]
    """
    return [tuple(dict.fromkeys(a)) for a in _alternatives(read(text, "condition"))]


def _alternatives(node: ast.expr) -> list[tuple[str, ...]]:
    match node:
        case ast.BoolOp(op=ast.Or(), values=parts):
            found = [*chain.from_iterable(map(_alternatives, parts))]
        case ast.BoolOp(op=ast.And(), values=parts):
            choices = [_alternatives(part) for part in parts]
            count = 1
            for c in choices:
                count *= len(c)
            if count > MOST:
                raise StatementError(f"the condition has {count} alternatives; at most {MOST} are read")
            found = [tuple(chain.from_iterable(pick)) for pick in product(*choices)]
        case ast.Compare():
            found = [(ast.unparse(node),)]
        case _:
            raise StatementError(f"{show(node)} is not a condition: write comparisons, joined with 'and' and 'or'")
    if len(found) > MOST:
        raise StatementError(f"the condition has {len(found)} alternatives; at most {MOST} are read")
    return found
