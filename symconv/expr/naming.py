"""What an undeclared name is: it follows from the places where the name stands.

A second operand of conv or corr is a kernel, and so is every name in an expression there; other operands and
subscripted names are signals; strides, dilations, factors and extents are sizes (≥ 1), padding is natural (≥ 0),
shifts and subscripts are integers; a factor is a real number, never a size.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from symconv.errors import StatementError
from symconv.expr.derivatives import base_of
from symconv.expr.shapes import spatial
from symconv.expr.syntax import MEASURES, show, tuple_of

OPERANDS: dict[str, tuple[str, ...]] = {
    "conv": ("sequence", "kernel"),
    "corr": ("sequence", "kernel"),
    "down": ("sequence", "size"),
    "up": ("sequence", "size"),
    "flip": ("sequence",),
    "reverse": ("kernel",),
    "shift": ("sequence", "integer"),
    "mul": ("sequence", "sequence"),
    "ones": ("size",),
    "inner": ("sequence", "upstream"),
}
"""The role of each positional operand."""
LAYERS: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(("conv", "conv_transpose", "depthwise", "pointwise"), ("sequence", "kernel")),
    "conv_weight": ("sequence", "upstream"),
    "scale": ("sequence", "sequence"),
    **dict.fromkeys(
        ("avg_pool", "max_pool", "upsample_nearest", "upsample_linear", "bed_of_nails"), ("sequence", "size")
    ),
    **dict.fromkeys(("pixel_shuffle", "pixel_unshuffle"), ("sequence", "size")),
    "permute": ("sequence",),
    "pad": ("sequence", "natural"),
    "window": ("sequence", "size"),
    "lp_pool": ("sequence", "size", "size"),
    "max_unpool": ("sequence", "sequence", "size"),
}
"""The same of layers, whose tuples tell nothing of ranks."""
FUNCTIONS = ("relu", "abs", "step", "sign")
KEYWORDS: dict[str, dict[str, str]] = {"corr": {"stride": "size", "dilation": "size", "padding": "natural"}}
SCALARS = frozenset({"iverson", "inner", "diff", "max", "min", "peak", "params", "mults", *MEASURES})
"""Functions whose value is a number."""
OPTIONS = {"stride": "size", "dilation": "size", "groups": "size", "padding": "natural", "output_padding": "natural",
           "bias": "bias"}  # fmt: skip
LONGEST_NAME = 16
ORDER = ("upstream", "kernel", "sequence", "bias", "size", "natural", "integer", "number", "either")


@dataclass
class Roles:
    """The roles in which names were met, and the ranks that tuples and subscripts show."""

    functions: frozenset[str] = frozenset()
    met: dict[str, list[str]] = field(default_factory=dict[str, list[str]])
    subscripts: dict[str, int] = field(default_factory=dict[str, int])
    ranks: set[int] = field(default_factory=set[int])
    scalar_names: set[str] = field(default_factory=set[str])
    variables: set[str] = field(default_factory=set[str])

    def meet(self, name: str, role: str) -> None:
        """Note that a name stands in a place of this role."""
        if name == "delta":
            return
        if len(name) > LONGEST_NAME:
            raise StatementError(f"the name {name[:20]}… has {len(name)} letters; at most {LONGEST_NAME} fit on a page")
        roles = self.met.setdefault(name, [])
        if role not in roles:
            roles.append(role)

    def role(self, name: str) -> str:
        """The strongest role of a name."""
        roles = self.met.get(name, [])
        return next((r for r in ORDER if r in roles), "either")


def scalar(node: ast.expr, known: dict[str, str]) -> bool | None:
    """Whether an expression is a number (True), a sequence (False) or could be either (None)."""
    match node:
        case ast.Subscript() | ast.Compare():
            return True
        case ast.Call(func=ast.Name(id=f)) if f in SCALARS:
            return True
        case ast.Call(func=ast.Name(id="grad"), args=[_, ast.Name(id=name), _]):
            return known.get(name) == "number"
        case ast.Call(func=ast.Name(id="sum"), args=[ast.GeneratorExp(elt=body)]):
            return scalar(body, known)
        case ast.Call(func=ast.Name(id=f)) if f in FUNCTIONS or known.get(base_of(f)[0]) == "function":
            return scalar(node.args[0], known) if node.args else None
        case ast.Call():
            return False
        case ast.BinOp(left=a, right=b):
            sides = scalar(a, known), scalar(b, known)
            return False if False in sides else True if True in sides else None
        case ast.UnaryOp(operand=x):
            return scalar(x, known)
        case ast.Name(id="delta"):
            return False
        case ast.Name(id=name):
            kind = known.get(name)
            return None if kind is None else kind not in ("signal", "kernel", "sequence")
        case _:
            return None


def collect(node: ast.expr, role: str, roles: Roles, bound: frozenset[str], known: dict[str, str]) -> None:
    """Walk an expression that stands in a place of this role and note what its names must be."""
    if role in ("size", "natural", "integer"):
        _integers(node, role, roles, bound)
        return
    match node:
        case ast.Name(id=name):
            if name not in bound:
                roles.meet(name, role)
        case ast.UnaryOp(operand=x):
            collect(x, role, roles, bound, known)
        case ast.BinOp(left=a, op=ast.Add() | ast.Sub(), right=b):
            if role == "either":
                sides = scalar(a, known), scalar(b, known)
                role = "sequence" if False in sides else "number" if True in sides else "either"
            collect(a, role, roles, bound, known)
            collect(b, role, roles, bound, known)
        case ast.BinOp(op=ast.FloorDiv() | ast.Mod()):
            _integers(node, "integer", roles, bound)
        case ast.BinOp(left=a, op=ast.Pow(), right=b) if _varies(b):
            collect(a, role, roles, bound, known)
            _integers(b, "size", roles, bound)
        case ast.BinOp(left=a, right=b):
            _product(a, b, role, roles, bound, known)
        case ast.Subscript(value=base, slice=place):
            items = tuple_of(place)
            if isinstance(base, ast.Name) and base.id not in bound:
                roles.subscripts[base.id] = len(items)
            collect(base, "sequence", roles, bound, known)
            for item in items:
                _integers(item, "integer", roles, bound)
        case ast.Call(func=ast.Name(id=f)):
            _call(f, node, role, roles, bound, known)
        case _:
            pass


def _varies(exponent: ast.expr) -> bool:
    """Whether an exponent is made of names."""
    return any(isinstance(n, ast.Name) for n in ast.walk(exponent))


def _product(a: ast.expr, b: ast.expr, role: str, roles: Roles, bound: frozenset[str], known: dict[str, str]) -> None:
    """A name times a sequence is a number; between two unknown names, both are numbers unless a sequence is due."""
    for side, other in ((a, b), (b, a)):
        if isinstance(side, ast.Name) and side.id not in bound:
            due = role in ("sequence", "kernel", "upstream", "bias") and scalar(other, known) is not False and side is b
            roles.meet(side.id, role if due and known.get(side.id) is None else "number")
        elif scalar(side, known) is False:
            collect(side, role, roles, bound, known)
        else:
            collect(side, "number" if scalar(other, known) is False else "either", roles, bound, known)


def _call(f: str, node: ast.Call, role: str, roles: Roles, bound: frozenset[str], known: dict[str, str]) -> None:
    if f in ("sum", "max", "peak") and node.args and isinstance(node.args[0], ast.GeneratorExp):
        generator = node.args[0]
        for place in node.args[1:]:
            _integers(place, "integer", roles, bound)
        role = "number" if f != "sum" else role
        inner = bound
        for part in generator.generators:
            if isinstance(part.iter, ast.Call):
                for end in part.iter.args:
                    _integers(end, "integer", roles, inner)
            if isinstance(part.target, ast.Name):
                inner |= {part.target.id}
            for condition in part.ifs:
                _integers(condition, "integer", roles, inner)
        collect(generator.elt, role, roles, inner, known)
        return
    if f == "conv" and len(node.args) == 1 and isinstance(node.args[0], ast.GeneratorExp):
        _product_of_kernels(node.args[0], roles, bound, known)
        return
    if f == "repeat" and len(node.args) == 3:
        collect(node.args[0], "sequence", roles, bound, known)
        collect(node.args[1], "sequence", roles, bound, known)
        _integers(node.args[2], "natural", roles, bound)
        return
    if f == "formula" and node.args:
        collect(node.args[-1], "number", roles, bound | {a.id for a in node.args if isinstance(a, ast.Name)}, known)
        return
    if f in ("max", "min") and len(node.args) > 1:
        for argument in node.args:
            _integers(argument, "integer", roles, bound)
        return
    if f in ("params", "mults", *MEASURES):
        for argument in node.args:
            collect(argument, "sequence", roles, bound, known)
        return
    if f == "iverson":
        for argument in node.args:
            _integers(argument, "integer", roles, bound)
        return
    if f == "array" and node.args:
        roles.ranks.add(_depth(node.args[0]))
    if f in ("grad", "adjoint", "diff"):
        _derivative(f, node, roles, bound, known)
        return
    kind = f.replace(f"{spatial(f)}d", "")
    if kind in LAYERS or f == "cat":
        _layer(LAYERS.get(kind, ()), node, role, roles, bound, known)
        return
    pointwise = f in FUNCTIONS or base_of(f)[0] in roles.functions
    operands = OPERANDS.get(f) or (("sequence",) if pointwise else ())
    for argument, want in zip(node.args, operands if f != "ones" else ("size",) * len(node.args), strict=False):
        if pointwise:
            want = role
        elif want == "sequence" and role == "kernel":
            want = "kernel"
        if want in ("size", "natural", "integer"):
            _tuples(argument, want, roles, bound)
        else:
            collect(argument, want, roles, bound, known)
    for keyword in node.keywords:
        want = KEYWORDS.get(f, {}).get(keyword.arg or "")
        if want:
            _tuples(keyword.value, want, roles, bound)


def _product_of_kernels(generator: ast.GeneratorExp, roles: Roles, bound: frozenset[str],
                        known: dict[str, str]) -> None:  # fmt: skip
    for part in generator.generators:
        for end in part.iter.args if isinstance(part.iter, ast.Call) else ():
            _integers(end, "natural", roles, bound)
        if isinstance(part.target, ast.Name):
            bound |= {part.target.id}
    collect(generator.elt, "kernel", roles, bound, known)


def _derivative(f: str, node: ast.Call, roles: Roles, bound: frozenset[str], known: dict[str, str]) -> None:
    """The result, and what it is weighted with; what it is differentiated by is told by the result."""
    if len(node.args) < 2:
        return
    first, *_, last = node.args
    roles.variables |= {n.id for n in node.args[1:2] if isinstance(n, ast.Name)}
    collect(first, "either", roles, bound, known)
    if f == "diff":
        collect(last, "either", roles, bound, known)
    elif len(node.args) == 3:
        collect(last, "number" if scalar(first, known) else "upstream", roles, bound, known)


def _layer(operands: tuple[str, ...], node: ast.Call, role: str, roles: Roles, bound: frozenset[str],
           known: dict[str, str]) -> None:  # fmt: skip
    inherited = "kernel" if role == "kernel" else "sequence"
    parts = [(a, w) for a, w in zip(node.args, operands, strict=False)]
    if not operands and node.args:
        parts = [(a, "sequence") for a in tuple_of(node.args[0])]
    parts += [(k.value, OPTIONS[k.arg]) for k in node.keywords if k.arg in OPTIONS]
    for argument, want in parts:
        if want in ("size", "natural"):
            for item in tuple_of(argument):
                _integers(item, want, roles, bound)
        else:
            collect(argument, inherited if want == "sequence" else want, roles, bound, known)


def _depth(node: ast.expr) -> int:
    """How many axes a nested list has."""
    return 1 + _depth(node.elts[0]) if isinstance(node, ast.List | ast.Tuple) and node.elts else 0


def _tuples(node: ast.expr, role: str, roles: Roles, bound: frozenset[str]) -> None:
    items = tuple_of(node)
    if isinstance(node, ast.Tuple | ast.List):
        roles.ranks.add(len(items))
    for item in items:
        _integers(item, role, roles, bound)


def _integers(node: ast.AST, role: str, roles: Roles, bound: frozenset[str]) -> None:
    for part in plain_parts(node):
        if isinstance(part, ast.Call) and measures(part):
            _call("size", part, role, roles, bound, {})
        elif isinstance(part, ast.Name) and part.id not in bound and part.id not in ("gcd", "max", "min"):
            roles.meet(part.id, role)
        elif isinstance(part, ast.Subscript | ast.GeneratorExp | ast.Dict | ast.Set | ast.Lambda):
            raise StatementError(f"{show(part)} stands where an integer belongs")


def of_integers(sides: Sequence[ast.expr], known: dict[str, str]) -> bool:
    """Whether a claim compares what is measured with integers: then names that nobody declared are naturals."""
    parts = [n for side in sides for n in plain_parts(side)]
    plain = all(known.get(n.id) in (None, "size", "natural", "integer") for n in parts if isinstance(n, ast.Name))
    return plain and any(map(measures, parts)) and all(map(_integral, sides))


def _integral(node: ast.expr) -> bool:
    """Whether an expression is made of integers and measures alone."""
    match node:
        case ast.Name():
            return True
        case ast.Constant(value=value):
            return isinstance(value, int)
        case ast.UnaryOp(operand=x):
            return _integral(x)
        case ast.BinOp(left=a, op=ast.Add() | ast.Sub() | ast.Mult() | ast.FloorDiv() | ast.Mod(), right=b):
            return _integral(a) and _integral(b)
        case ast.Call(func=ast.Name(id="max" | "min"), args=[_, _, *_] as args):
            return all(map(_integral, args))
        case _:
            return measures(node)


def measures(node: ast.AST) -> bool:
    """Whether a node is size(e) or its like, whose operands are sequences."""
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in MEASURES


def plain_parts(node: ast.AST) -> Iterator[ast.AST]:
    """The parts of an integer expression, without those of what is measured in it."""
    yield node
    if isinstance(node, ast.Call):
        for part in node.args if not measures(node) else ():
            yield from plain_parts(part)
        return
    for part in ast.iter_child_nodes(node):
        yield from plain_parts(part)
