"""What `let` lines and places say of names: kinds, ranks, extents; the names that nobody declared are declared here."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from dataclasses import dataclass, replace

from symconv.errors import StatementError
from symconv.expr import floors
from symconv.expr.derivatives import PRIME
from symconv.expr.floors import is_floor, read, spoken
from symconv.expr.naming import LONGEST_NAME, Roles, collect
from symconv.expr.nodes import Expr, Layer
from symconv.expr.shapes import POINTWISE, Extents, Shape, axes_of, learn
from symconv.expr.statement import Assumption, Declaration, Statement, polys
from symconv.expr.syntax import LONGEST, RESERVED, exact, integer, show, tuple_of
from symconv.expr.traverse import binders, children, index_names, rebuild, substitute
from symconv.index import conditions
from symconv.index.conditions import Divides, Eq, Ge, decide
from symconv.index.facts import Range
from symconv.index.poly import ZERO as NOTHING
from symconv.index.poly import Poly, var

KINDS = ("signal", "kernel", "number", "integer", "natural", "size", "function")
TAP_COUNTS = ("c", "e", "u", "v", "w", "q")


@dataclass
class Let:
    """A `let` line taken apart: a declaration (annotation) or a definition (value)."""

    name: str
    indices: list[str]
    annotation: ast.expr | None = None
    value: ast.expr | None = None


def read_let(line: str) -> Let:
    if len(line) > LONGEST:
        raise StatementError(f"the let line has {len(line)} characters; at most {LONGEST} are read")
    try:
        body = ast.parse(line.strip()).body
    except (SyntaxError, RecursionError, MemoryError, ValueError):
        body = []
    for statement in body:
        exact(statement, line.strip())
    match body:
        case [ast.AnnAssign(target=ast.Name(id=name), annotation=kind, value=None)]:
            return Let(_plain(name), [], annotation=kind)
        case [ast.Assign(targets=[ast.Name(id=name)], value=value)]:
            return Let(_plain(name), [], value=value)
        case [ast.Assign(targets=[ast.Subscript(value=ast.Name(id=name), slice=place)], value=value)]:
            items = [p.id for p in tuple_of(place) if isinstance(p, ast.Name)]
            if len(items) != len(tuple_of(place)) or len(set(items)) != len(items):
                raise StatementError(f"{line!r}: the left side of a definition has index names in brackets")
            return Let(_plain(name), [*map(_plain, items)], value=value)
        case _:
            raise StatementError(f"{line[:60]!r} is not a declaration: write 'k: kernel[c]' or 'y = corr(x, k)'")


def _plain(name: str) -> str:
    if name.endswith(PRIME):
        raise StatementError(f"{name} cannot be declared: it is the derivative of {name.removesuffix(PRIME)}")
    if name in RESERVED or name.startswith("_") or not name.isascii() or len(name) > LONGEST_NAME:
        why = (
            "it has a meaning in the claim language"
            if name in RESERVED
            else f"use at most {LONGEST_NAME} plain letters and digits"
        )
        raise StatementError(f"{name} cannot be declared: {why}")
    return name


def shapes_of(chains: Sequence[Sequence[ast.expr]], parsed: Sequence[Let], roles: Roles,
              default: int) -> dict[str, Shape]:  # fmt: skip
    """The axes of the names that stand in layers; read twice, for what is learnt later tells of earlier names."""
    shapes: dict[str, Shape] = {p.name: (":",) * len(axes_declared(p)) for p in parsed if axes_declared(p)}
    shapes |= {p.name: (":",) * len(p.indices) for p in parsed if p.indices}
    for item in parsed:
        kind = kind_of(item.annotation) if item.annotation is not None else ""
        if kind == "function":
            shapes |= {item.name: POINTWISE, item.name + PRIME: POINTWISE}
        elif kind == "signal" and not axes_declared(item):
            shapes[item.name] = (":",) * roles.subscripts.get(item.name, default)
    declared = {p.name for p in parsed}

    def free(name: str) -> bool:
        return name not in declared and roles.role(name) in ("upstream", "kernel", "sequence", "bias", "either")

    for _ in range(2):
        for item in parsed:
            if item.value is not None:
                learn(item.value, 0, shapes, free)
        for lines in chains:
            for i, side in enumerate(lines):
                others = (axes_of(other, shapes) for j, other in enumerate(lines) if i != j)
                learn(side, next(filter(None, others), 0), shapes, free)
        for item in parsed:
            if item.value is not None and not item.indices:
                rank = axes_of(item.value, shapes)
                shapes |= {item.name: (":",) * rank} if rank else {}
    return shapes


def _plain_truth(a: Assumption) -> bool:
    return isinstance(a, Ge | Eq) and decide(a) is True


def with_extents(statement: Statement, extents: Extents) -> Statement:
    """The statement with all extents known or named."""
    sides = (statement.lhs, statement.rhs, *(e for pair in statement.equations for e in pair))
    bound = {n for e in (*sides, *statement.definitions.values()) for n in binders(e)}
    values = extents.named({*statement.declarations, *statement.definitions, *bound})
    assumed = (p for a in (*statement.assumptions, *statement.tacit) for p in polys(a))
    met = {n for p in assumed for n in p.names()}.union(*map(index_names, (*sides, *statement.definitions.values())))
    values |= {n: read(n, values) for n in filter(is_floor, met)}
    new = spoken(n for p in values.values() for n in p.names()) - statement.declarations.keys() - bound
    declarations: dict[str, Declaration] = {}
    for d in statement.declarations.values():
        if d.name in extents.words:
            continue
        sizes = {n for r in d.ranges if r for n in spoken(floors.put(r[1], values).names())} & new
        declarations |= {n: Declaration(n, "size", tacit=True) for n in sorted(sizes - declarations.keys())}
        ranges = (r and (floors.put(r[0], values), floors.put(r[1], values)) for r in d.ranges)
        kept = (None if r and _without_end(r[1]) else r for r in ranges)
        declarations[d.name] = replace(d, ranges=tuple(kept))
    declarations |= {n: Declaration(n, "size", tacit=True) for n in sorted(new - declarations.keys())}

    def known(a: Assumption) -> Assumption:
        return conditions.substitute(a, values) if isinstance(a, Eq | Ge | Divides) else a

    def put(e: Expr) -> Expr:
        return _unwindowed(substitute(e, values))

    return replace(
        statement,
        lhs=put(statement.lhs),
        rhs=put(statement.rhs),
        declarations=declarations,
        definitions={name: put(e) for name, e in statement.definitions.items()},
        assumptions=tuple(map(known, statement.assumptions)),
        tacit=tuple(dict.fromkeys(a for a in map(known, statement.tacit) if not _plain_truth(a) and not _open(a))),
        equations=tuple((put(a), put(b)) for a, b in statement.equations),
    )


def _without_end(p: Poly) -> bool:
    """Whether an extent is one that nothing shows."""
    return any(n.startswith("_open") for n in spoken(p.names()))


def _open(a: Assumption) -> bool:
    return any(map(_without_end, polys(a)))


def _unwindowed(e: Expr) -> Expr:
    """Layers of what has no end, as nothing shows one, are sequences without end."""
    parts = children(e)
    e = rebuild(e, tuple(map(_unwindowed, parts))) if parts else e
    return replace(e, extents=()) if isinstance(e, Layer) and any(map(_without_end, e.extents)) else e


def promote(parsed: Sequence[Let], roles: Roles) -> None:
    """A definition used as a kernel makes kernels of the names that it is built of."""
    for item in reversed(parsed):
        if item.value is not None and not item.indices and roles.role(item.name) == "kernel":
            collect(item.value, "kernel", roles, frozenset(), {})


def kind_of(annotation: ast.expr | None) -> str:
    node = annotation.value if isinstance(annotation, ast.Subscript) else annotation
    if not isinstance(node, ast.Name) or node.id not in KINDS:
        shown = show(node) if node is not None else ""
        raise StatementError(f"{shown} is no kind of name; known are {', '.join(KINDS)}")
    return node.id


def axes_declared(item: Let) -> list[ast.expr]:
    return tuple_of(item.annotation.slice) if isinstance(item.annotation, ast.Subscript) else []


def default_rank(parsed: Sequence[Let], roles: Roles) -> int:
    """The rank of undeclared sequences: the one rank that the statement shows, else 1."""
    defined = {p.name for p in parsed if p.value is not None}
    shown = roles.ranks | {len(axes_declared(p)) for p in parsed if axes_declared(p)}
    shown |= {n for name, n in roles.subscripts.items() if name not in defined}
    return shown.pop() if len(shown) == 1 else 1


def declarations_of(parsed: Sequence[Let], roles: Roles, defined: set[str], default: int, unknown: str | None,
                  shapes: dict[str, Shape], extents: Extents) -> dict[str, Declaration]:  # fmt: skip
    out: dict[str, Declaration] = {}
    sizes: list[str] = []
    for item in parsed:
        if item.annotation is not None:
            out[item.name] = _declared(item, default, roles)
            sizes += [n.id for a in axes_declared(item) for n in ast.walk(a) if isinstance(n, ast.Name)]
    taken = set(roles.met) | set(out) | defined
    for name in [*roles.met, *sizes]:
        if name in out or name in defined:
            continue
        if name in RESERVED or name.startswith("_") or not name.isascii():
            raise StatementError(f"{name} cannot be used as a name here")
        role = roles.role(name)
        d = roles.subscripts.get(name, default)
        if role in ("upstream", "kernel", "sequence", "bias", "either") and (name in shapes or role == "upstream"):
            shape = shapes.get(name, (":",) * d)
            if any(word not in (":", "open") for word in shape) or role == "upstream" or role != "kernel":
                if name == unknown:
                    shape = tuple("unknown" if word in ("taps", "open", ":") else word for word in shape)
                if role == "upstream" and name in roles.variables:
                    _spanned(name, len(shape), taken, out)
                else:
                    _shaped(name, role, shape, extents, out)
                continue
            d = len(shape)
        if role == "bias":
            out[name] = Declaration(name, "number", tacit=True)
        elif role == "kernel" and name != unknown:
            counts = _fresh_counts(d, taken)
            out[name] = Declaration(name, "kernel", d, tuple((NOTHING, var(c) - 1) for c in counts), tacit=True)
            for c in counts:
                out[c] = Declaration(c, "size", tacit=True)
        elif role == "kernel":
            out[name] = Declaration(name, "kernel", d, ((var("_lo"), var("_hi")),) * d, tacit=True)
        elif role in ("sequence", "either"):
            out[name] = Declaration(name, "signal", d, (None,) * d, tacit=True)
        else:
            out[name] = Declaration(name, role, tacit=True)
    _check_extents(out)
    return out


def _shaped(name: str, role: str, shape: Shape, extents: Extents, out: dict[str, Declaration]) -> None:
    """Declare a name by its place in a layer, with sizes for its extents."""
    ranges: list[Range] = []
    for word in shape:
        if word == "unknown":
            ranges.append((var("_lo"), var("_hi")))
            continue
        size = extents.fresh(word) if word != ":" else None
        ranges.append(None if size is None else (NOTHING, size - 1))
        if size is not None:
            out[str(size)] = Declaration(str(size), "size", tacit=True)
    kind = "kernel" if role in ("upstream", "kernel", "bias") else "signal"
    out[name] = Declaration(name, kind, len(ranges), tuple(ranges), tacit=True)


def _spanned(name: str, d: int, taken: set[str], out: dict[str, Declaration]) -> None:
    """Declare a kernel that is differentiated by: its taps begin anywhere and end anywhere after."""
    ranges: list[Range] = []
    for _ in range(d):
        used = taken | out.keys()
        low, more = (next(n for n in (*letters, *(f"{letters[0]}{i}" for i in range(1, 99))) if n not in used)
                     for letters in ("lm", "rq"))  # fmt: skip
        taken |= {low, more}
        out[low], out[more] = Declaration(low, "integer", tacit=True), Declaration(more, "natural", tacit=True)
        ranges.append((var(low), var(low) + var(more)))
    out[name] = Declaration(name, "kernel", d, tuple(ranges), tacit=True)


def _check_extents(declarations: dict[str, Declaration]) -> None:
    """An extent is made of integers, and a kernel has at least one tap."""
    for d in declarations.values():
        for low, high in (r for r in d.ranges if r is not None):
            for name in sorted(spoken(low.names() | high.names()) - {"_lo", "_hi"}):
                kind = declarations[name].kind if name in declarations else "definition"
                if kind not in ("size", "natural", "integer"):
                    raise StatementError(f"{d.name}: {name} is a {kind}, and an extent is made of integers")
            count = (high - low + 1).constant()
            if count is not None and count < 1:
                raise StatementError(f"{d.name}: the range from {low} to {high} is empty; at least one place is needed")


def _fresh_counts(d: int, taken: set[str]) -> list[str]:
    """Names for tap counts that nothing else has."""
    out: list[str] = []
    candidates = [*TAP_COUNTS, *(f"c{i}" for i in range(1, 10 * d + len(taken) + 10))]
    for name in candidates:
        if len(out) < d and name not in taken:
            taken.add(name)
            out.append(name)
    return out


def _declared(item: Let, default: int, roles: Roles) -> Declaration:
    kind, axes = kind_of(item.annotation), axes_declared(item)
    if kind not in ("signal", "kernel"):
        if axes:
            raise StatementError(f"{item.name}: a {kind} has no extents")
        return Declaration(item.name, kind)
    if kind == "kernel" and not axes:
        raise StatementError(f"{item.name}: say how many taps, as in '{item.name}: kernel[c]'")
    ranges = tuple(_range(a, kind, item.name) for a in axes) or (None,) * roles.subscripts.get(item.name, default)
    return Declaration(item.name, kind, len(ranges), ranges)


def _range(node: ast.expr, kind: str, name: str) -> Range:
    match node:
        case ast.Slice(lower=None, upper=None, step=None):
            return None
        case ast.Slice(lower=low, upper=high, step=None) if low is not None and high is not None:
            return integer(low, var), integer(high, var) - 1
        case ast.Slice():
            raise StatementError(f"{name}: write {kind}[a:b] for the places a to b-1, or ':' for all")
        case _:
            extent = integer(node, var)
            value = extent.constant()
            if value is not None and value < 1:
                raise StatementError(f"{name}: an extent must be at least 1, not {value}")
            return NOTHING, extent - 1
