"""Small changes of a line: a sign, an index, a number, a name, a flip, a stride or dilation, a range, a factor.

A change puts another tree for one subtree; nothing here knows whether it helps.  The likeliest come first.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from copy import copy
from dataclasses import dataclass

from symconv.expr.syntax import show, tuple_of

Path = tuple[tuple[str, int], ...]
"""Fields from the root on, each with the number of the item in a list, or −1."""
OTHER = {"conv": "corr", "corr": "conv", "up": "down", "down": "up", "flip": "reverse", "reverse": "flip"}
"""Operators that are taken for each other."""
WRAPPERS = ("up", "down", "flip", "reverse", "shift", "relu", "abs")
OPTIONS: dict[str, tuple[str, ...]] = {
    "corr": ("stride", "dilation", "padding"),
    **dict.fromkeys(("conv1d", "conv2d", "conv3d"), ("stride", "dilation", "padding")),
    **dict.fromkeys(("conv_transpose1d", "conv_transpose2d"), ("stride", "dilation", "padding", "output_padding")),
}
SIGNS: dict[type[ast.cmpop], tuple[type[ast.cmpop], ...]] = {
    ast.Lt: (ast.LtE,), ast.LtE: (ast.Lt,), ast.Gt: (ast.GtE,), ast.GtE: (ast.Gt,), ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
}  # fmt: skip


@dataclass(frozen=True)
class Names:
    """The names that may stand in a line, by what they are."""

    integers: tuple[str, ...]
    kernels: tuple[str, ...]
    signals: tuple[str, ...]
    numbers: tuple[int, ...]


@dataclass(frozen=True, eq=False)
class Edit:
    """A changed line, what was there, and what is there now."""

    tree: ast.expr
    old: str
    new: str


def signs(tree: ast.expr, names: Names) -> Iterator[Edit]:
    """Every line that differs in one sign, order of a difference, or comparison."""
    for path, node in _places(tree):
        for new in _sign(node, path, names):
            yield Edit(_put(tree, path, new), show(node), show(new))


def edits(tree: ast.expr, names: Names) -> Iterator[Edit]:
    """Every line that one small change makes of this one."""
    yield from _exchanged(tree, names)
    found = list(_places(tree))
    for way in (_sign, _operator, _integer, _option, _sequence, _range, _factor, _index):
        for path, node in found:
            for new in way(node, path, names):
                yield Edit(_put(tree, path, new), show(node), show(new))
    yield from _whole(tree, names)


def _places(tree: ast.AST, path: Path = ()) -> Iterator[tuple[Path, ast.expr]]:
    """Every expression with its place, outermost first."""
    if isinstance(tree, ast.expr):
        yield path, tree
    for field, value in ast.iter_fields(tree):
        if field in ("ctx", "op", "ops", "func", "target"):
            continue
        for i, item in enumerate(value) if isinstance(value, list) else [(-1, value)]:
            if isinstance(item, ast.AST):
                yield from _places(item, (*path, (field, i)))


def _put(tree: ast.AST, path: Path, new: ast.expr) -> ast.expr:
    """A copy with `new` at a place."""
    if not path:
        return new
    (field, i), *rest = path
    out, value = copy(tree), getattr(tree, field)
    if i < 0:
        setattr(out, field, _put(value, tuple(rest), new))
    else:
        setattr(out, field, [_put(item, tuple(rest), new) if j == i else item for j, item in enumerate(value)])
    return out  # pyright: ignore[reportReturnType]  # The root is an expression.


def _exchanged(tree: ast.expr, names: Names) -> Iterator[Edit]:
    """Two kernels, or two integers, each in the place of the other."""
    present = {n.id for n in ast.walk(tree) if isinstance(n, ast.Name)}
    for group in (names.kernels, names.integers, names.signals):
        here = [n for n in group if n in present]
        for i, a in enumerate(here):
            for b in here[i + 1 :]:
                yield Edit(_renamed(tree, {a: b, b: a}), f"{a} and {b}", f"{b} and {a}")


def _renamed(tree: ast.expr, other: dict[str, str]) -> ast.expr:
    out = ast.parse(ast.unparse(tree), mode="eval").body
    for node in ast.walk(out):
        if isinstance(node, ast.Name):
            node.id = other.get(node.id, node.id)
    return out


def _name(name: str) -> ast.expr:
    return ast.Name(name, ast.Load())


def _binary(a: ast.expr, op: ast.operator, b: ast.expr) -> ast.expr:
    return ast.BinOp(a, op, b)


def _number(value: int) -> ast.expr:
    return ast.Constant(value) if value >= 0 else ast.UnaryOp(ast.USub(), ast.Constant(-value))


def _call(f: str, *args: ast.expr) -> ast.expr:
    return ast.Call(_name(f), list(args), [])


def _of_integers(path: Path, names: Names, node: ast.expr) -> bool:
    """Whether an integer stands here: in an index, a range, an option, a factor."""
    fields = {f for f, _ in path}
    plain = all(n.id in names.integers for n in ast.walk(node) if isinstance(n, ast.Name))
    return plain and bool(fields & {"slice", "iter", "value", "left", "comparators", "ifs"} or ("args", 1) in path)


def _sign(node: ast.expr, path: Path, names: Names) -> Iterator[ast.expr]:
    """+ for −, − for +, no minus."""
    match node:
        case ast.BinOp(left=a, op=ast.Add(), right=b):
            yield _binary(a, ast.Sub(), b)
        case ast.BinOp(left=a, op=ast.Sub(), right=b):
            if _of_integers(path, names, node) and isinstance(b, ast.Constant):
                yield a
            yield _binary(a, ast.Add(), b)
            if _of_integers(path, names, node):
                yield from (_binary(b, ast.Sub(), a), a)
        case ast.UnaryOp(op=ast.USub(), operand=x):
            yield x
        case ast.Compare(left=a, ops=ops, comparators=rest):
            for i, op in enumerate(ops):
                for other in SIGNS.get(type(op), ()):
                    yield ast.Compare(a, [other() if j == i else o for j, o in enumerate(ops)], rest)
        case _:
            pass


def _operator(node: ast.expr, path: Path, names: Names) -> Iterator[ast.expr]:
    """Another operator, none, or its operands in the other order."""
    match node:
        case ast.Call(func=ast.Name(id=f), args=[first, *rest], keywords=options) if f in OTHER or f in WRAPPERS:
            if f in OTHER and (f != "corr" or not options):
                yield _call(OTHER[f], first, *rest)
            if f in WRAPPERS:
                yield first
            if f in ("conv", "corr") and len(rest) == 1:
                yield ast.Call(_name(f), [rest[0], first], options)
            match first:
                case ast.Call(func=ast.Name(id=g), args=[x, *more], keywords=[]) if f in WRAPPERS and g in WRAPPERS:
                    yield _call(g, _call(f, x, *rest), *more)
                case _:
                    pass
        case _:
            pass


def _integer(node: ast.expr, path: Path, names: Names) -> Iterator[ast.expr]:
    """Another number or name, one more or one less, with the other sign."""
    match node:
        case ast.Constant(value=bool(v)):
            yield ast.Constant(not v)
        case ast.Constant(value=int(v)) if path:
            for other in dict.fromkeys((*names.numbers, v + 1, v - 1, 2 * v, v // 2)):
                if other != v and other >= 0:
                    yield _number(other)
            yield from map(_name, names.integers)
        case ast.Name(id=name) if name in names.integers and _of_integers(path, names, node):
            yield from (_name(n) for n in names.integers if n != name)
            yield _binary(node, ast.Add(), _number(1))
            yield _binary(node, ast.Sub(), _number(1))
            yield from (_binary(_name(n), ast.Mult(), node) for n in names.integers)
            yield from (_binary(_number(v), ast.Mult(), node) for v in dict.fromkeys((2, *names.numbers)) if v > 1)
            yield from map(_number, names.numbers)
            yield ast.UnaryOp(ast.USub(), node)
        case ast.BinOp(left=a, op=ast.Mult(), right=b) if _of_integers(path, names, node):
            yield from (a, b)
            yield _binary(a, ast.Add(), b)
        case _:
            pass


def _sequence(node: ast.expr, path: Path, names: Names) -> Iterator[ast.expr]:
    """Another sequence, flipped, or dilated."""
    indexed = bool(path) and path[-1] == ("value", -1)
    match node:
        case ast.Name(id=name) if name in names.kernels or name in names.signals:
            group = names.kernels if name in names.kernels else names.signals
            yield from (_name(n) for n in group if n != name)
        case ast.Call(func=ast.Name(id=f)) if f not in ("iverson", "sum", "size", "inner", "diff", "max", "min"):
            pass
        case _:
            return
    if path and path[-1] != ("args", 1) and isinstance(node, ast.Call):
        return
    if not indexed:
        yield _call("flip", node)
        yield _call("reverse", node)
        for factor in (*map(_name, names.integers), *(_number(v) for v in names.numbers if v > 1)):
            yield _call("up", node, factor)


def _option(node: ast.expr, path: Path, names: Names) -> Iterator[ast.expr]:
    """A stride, dilation or padding more, or one less."""
    match node:
        case ast.Call(func=ast.Name(id=f) as func, args=args, keywords=options) if f in OPTIONS:
            for i in range(len(options)):
                yield ast.Call(func, args, [*options[:i], *options[i + 1 :]])
            given = {o.arg for o in options}
            for key in OPTIONS[f]:
                for v in (*map(_name, names.integers), *(_number(v) for v in names.numbers if v > 1)):
                    if key not in given:
                        yield ast.Call(func, args, [*options, ast.keyword(key, v)])
        case _:
            pass


def _range(node: ast.expr, path: Path, names: Names) -> Iterator[ast.expr]:
    """A range that begins or ends one place earlier or later."""
    match node:
        case ast.Call(func=ast.Name(id="range") as func, args=[high]):
            for v in (1, -1):
                yield ast.Call(func, [_binary(high, ast.Add() if v > 0 else ast.Sub(), _number(1))], [])
                yield ast.Call(func, [_number(v), high], [])
        case ast.Call(func=ast.Name(id="range") as func, args=[low, high]):
            for op in (ast.Add(), ast.Sub()):
                yield ast.Call(func, [low, _binary(high, op, _number(1))], [])
                yield ast.Call(func, [_binary(low, op, _number(1)), high], [])
        case _:
            pass


def _factor(node: ast.expr, path: Path, names: Names) -> Iterator[ast.expr]:
    """A factor less."""
    match node:
        case ast.BinOp(left=a, op=ast.Mult(), right=b) if not _of_integers(path, names, node):
            yield from (a, b)
        case ast.BinOp(left=a, op=ast.Div()):
            yield a
        case _:
            pass


def _index(node: ast.expr, path: Path, names: Names) -> Iterator[ast.expr]:
    """Another index of an entry: moved by one or by an integer, or with the other sign."""
    if not isinstance(node, ast.Subscript):
        return
    items = tuple_of(node.slice)
    for i, item in enumerate(items):
        for new in _moved(item, names):
            at: Sequence[ast.expr] = [new if j == i else other for j, other in enumerate(items)]
            yield ast.Subscript(node.value, at[0] if len(at) == 1 else ast.Tuple(list(at), ast.Load()), ast.Load())


def _moved(item: ast.expr, names: Names) -> Iterator[ast.expr]:
    for by in (_number(1), *map(_name, names.integers)):
        yield _binary(item, ast.Add(), by)
        yield _binary(item, ast.Sub(), by)
    if not isinstance(item, ast.Constant):
        yield ast.UnaryOp(ast.USub(), item)


def _whole(tree: ast.expr, names: Names) -> Iterator[Edit]:
    """The line with the other sign, or times a factor."""
    shown = show(tree)
    wrapped = [ast.UnaryOp(ast.USub(), tree)]
    for factor in (_number(2), *map(_name, names.integers)):
        wrapped += [_binary(factor, ast.Mult(), tree), _binary(tree, ast.Div(), factor)]
    wrapped += [_call("flip", tree), _call("reverse", tree)]
    yield from (Edit(new, shown, show(new)) for new in wrapped)
