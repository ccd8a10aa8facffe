"""Text of a claim as a syntax tree of Python's, never evaluated: size and depth limits, integers and conditions.

Everything here is purely syntactic: what a name is, is decided in `naming`.  Messages quote the text at fault.
"""

from __future__ import annotations

import ast
import re
import warnings
from collections.abc import Callable
from fractions import Fraction

from symconv.errors import StatementError
from symconv.expr.floors import floor, is_floor
from symconv.expr.powers import power
from symconv.index.conditions import Condition, Divides, Eq, Ge, decide
from symconv.index.poly import ONE, Poly, const

Calls = Callable[[ast.Call], Poly]
LONGEST = 20_000
DEEPEST = 150
RESERVED = frozenset({
    "Z", "True", "False", "None", "delta", "conv", "corr", "down", "up", "flip", "reverse", "shift", "ones", "taps",
    "array", "mul", "sum", "iverson", "relu", "abs", "step", "sign", "gcd", "range", "formula", "inner", "grad", "diff",
    "repeat", "params", "mults", "size", "reach", "jump", "start",
    "adjoint", "pointwise", "cat", "permute", "scale", "pixel_shuffle", "pixel_unshuffle", "upsample_nearest",
    "upsample_linear", "bed_of_nails", "pad", "window", "max", "min", "peak", "limit",
    *(f"{f}{d}d" for d in (1, 2, 3)
      for f in ("conv", "conv_transpose", "depthwise", "avg_pool", "max_pool", "lp_pool", "max_unpool")),
    "conv1d_weight", "conv2d_weight", "conv3d_weight",
})  # fmt: skip
"""Names that have a meaning in the language."""
MEASURES = ("size", "reach", "jump", "start")
"""What is measured of a tensor: an integer, also where an index or a range stands."""


def read(text: str, what: str = "claim") -> ast.expr:
    """The syntax tree of one expression or comparison; StatementError with the place otherwise."""
    if len(text) > LONGEST:
        raise StatementError(f"the {what} has {len(text)} characters; at most {LONGEST} are read")
    text = text.strip()
    if not text:
        example = "gcd(s, t) == 1" if what == "assumption" else "conv(x, k) == conv(k, x)"
        raise StatementError(f"the {what} is empty: write for example '{example}'")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = ast.parse(text, mode="eval").body
    except SyntaxError as error:
        column = error.offset or 1
        near = (error.text or text)[max(0, column - 12) : column + 12].strip()
        single = re.search(r"(?<![=!<>])=(?!=)", text)
        hint = "; an equation is written with '=='" if single and "==" not in text else ""
        raise StatementError(
            f"the {what} is not well formed at column {column}, near {near!r}: {error.msg}{hint}"
        ) from None
    except (RecursionError, MemoryError):
        raise StatementError(f"the {what} cannot be read: it is nested too deeply") from None
    except ValueError as error:
        why = "a number in it is too long" if "int_max_str_digits" in str(error) else str(error)
        raise StatementError(f"the {what} cannot be read: {why}") from None
    _measure(tree, what)
    exact(tree, text)
    return tree


def _measure(tree: ast.AST, what: str) -> None:
    level = [tree]
    depth = 0
    while level:
        depth += 1
        if depth > DEEPEST:
            raise StatementError(f"the {what} is nested more than {DEEPEST} deep")
        level = [child for node in level for child in ast.iter_child_nodes(node)]


def exact(tree: ast.AST, text: str) -> None:
    """Decimals are read as the fractions that they are; Python keeps 17 digits of them."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, float):
            written = (ast.get_source_segment(text, node) or "").replace("_", "")
            _, _, power = written.lower().partition("e")
            try:
                same = abs(int(power or 0)) < 400 and Fraction(written) == Fraction(ast.unparse(node))
            except ValueError:
                same = False
            if not same:
                raise StatementError(f"{written[:40]} is not kept exactly: write it as a fraction, as in 1/3")


def show(node: ast.AST) -> str:
    """The text of a subtree, cut to a readable length, for messages."""
    text = ast.unparse(node)
    return text if len(text) <= 60 else text[:57] + "..."


def integer(node: ast.expr, names: Callable[[str], Poly], calls: Calls | None = None) -> Poly:
    """An integer polynomial; `names` gives the polynomial of a name or raises, `calls` that of size(x) and its like."""

    def of(part: ast.expr) -> Poly:
        return integer(part, names, calls)

    match node:
        case ast.Constant(value=int(value)) if not isinstance(value, bool):
            if abs(value) > 10**12:
                raise StatementError(f"the number {show(node)} is too large")
            return const(value)
        case ast.Name(id=name):
            return names(name)
        case ast.Call(func=ast.Name(id=f)) if f in MEASURES and calls is not None:
            return calls(node)
        case ast.UnaryOp(op=ast.USub(), operand=x):
            return -of(x)
        case ast.UnaryOp(op=ast.UAdd(), operand=x):
            return of(x)
        case ast.BinOp(left=a, op=ast.Add(), right=b):
            return of(a) + of(b)
        case ast.BinOp(left=a, op=ast.Sub(), right=b):
            return of(a) - of(b)
        case ast.BinOp(left=a, op=ast.Mult(), right=b):
            return _bounded(of(a) * of(b), node)
        case ast.BinOp(left=a, op=ast.FloorDiv() | ast.Mod() as op, right=b):
            p, s = of(a), of(b)
            if not s.terms or (s.constant() or 1) < 1:
                raise StatementError(f"{show(node)}: a floor is of a quotient by an integer of at least 1")
            quotient = floor(p, s)
            for name in sorted(filter(is_floor, quotient.names())):
                names(name)
            return quotient if isinstance(op, ast.FloorDiv) else p - s * quotient
        case ast.BinOp(left=a, op=ast.Pow(), right=b):
            symbolic = of(b)
            exponent = symbolic.constant()
            if exponent is None:
                base = of(a)
                for name in power(base, symbolic).names() - base.names():
                    names(name)
                return power(base, symbolic)
            if not 0 <= exponent <= 64:
                raise StatementError(f"the exponent in {show(node)} must be a number from 0 to 64")
            base, out = of(a), ONE
            for _ in range(exponent):
                out = _bounded(out * base, node)
            return out
        case _:
            raise StatementError(f"{show(node)} is not an integer polynomial: use names, integers, +, -, *, //, % and "
                                 "**")  # fmt: skip


def _bounded(p: Poly, node: ast.expr) -> Poly:
    if len(p.terms) > 200:
        raise StatementError(f"{show(node)} has too many terms when multiplied out")
    return p


def tuple_of(node: ast.expr) -> list[ast.expr]:
    """The items of a tuple or list, or the one expression."""
    return list(node.elts) if isinstance(node, ast.Tuple | ast.List) else [node]


def comparison(left: ast.expr, op: ast.cmpop, right: ast.expr, names: Callable[[str], Poly],
               calls: Calls | None = None) -> tuple[Condition, ...] | None:  # fmt: skip
    """The conditions that together say `left op right` between integers; None for `!=`.

    A greatest integer may stand below and a least one above: max(a, b) <= c says a <= c and b <= c.
    """
    if isinstance(op, ast.Gt | ast.GtE):
        left, op, right = right, ast.Lt() if isinstance(op, ast.Gt) else ast.LtE(), left
    if isinstance(op, ast.Lt | ast.LtE):
        pairs = [(a, b) for a in _each(left, "max") for b in _each(right, "min")]
        if len(pairs) > 1:
            return tuple(c for a, b in pairs for c in comparison(a, op, b, names, calls) or ())

    def of(part: ast.expr) -> Poly:
        return integer(part, names, calls)

    if isinstance(right, ast.BinOp) and isinstance(right.op, ast.Mod) and isinstance(op, ast.Eq):
        left, right = right, left
    if isinstance(left, ast.BinOp) and isinstance(left.op, ast.Mod) and isinstance(op, ast.Eq):
        p, m, r = of(left.left), of(left.right), of(right)
        value = m.constant()
        if value is not None and value < 1:
            raise StatementError(f"the modulus in {show(left)} must be at least 1")
        ends = () if not r.terms else (Ge(r), Ge(m - 1 - r))
        return (Divides(m, p - r), *(c for c in ends if decide(c) is not True))
    a, b = of(left), of(right)
    match op:
        case ast.Eq():
            return (Eq(a - b),)
        case ast.LtE():
            return (Ge(b - a),)
        case ast.Lt():
            return (Ge(b - a - 1),)
        case ast.NotEq():
            return None
        case _:
            raise StatementError(f"{show(left)} … {show(right)}: only ==, !=, <, <=, > and >= compare integers")


def _each(node: ast.expr, f: str) -> list[ast.expr]:
    """The operands of max(a, b, …) or min(a, b, …), or the one expression."""
    match node:
        case ast.Call(func=ast.Name(id=name), args=[_, _, *_], keywords=[]) if name == f:
            return node.args
        case _:
            return [node]
