"""Reading a statement: claim text, `let` lines and `assume` lines to a `Statement`, with what was assumed tacitly."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from symconv.errors import RuleError, StatementError
from symconv.expr.elaborate import Elaborator, axes
from symconv.expr.finite import require
from symconv.expr.naming import LONGEST_NAME, Roles, collect, scalar
from symconv.expr.nodes import ZERO, Entry, Expr, Iverson, rank
from symconv.expr.satisfy import satisfying
from symconv.expr.statement import Assumption, Coprime, Declaration, Statement, Unequal
from symconv.expr.syntax import LONGEST, RESERVED, comparison, exact, integer, read, show, tuple_of
from symconv.expr.text import text
from symconv.expr.traverse import own_polys, walk
from symconv.index.conditions import Ge
from symconv.index.facts import Range
from symconv.index.poly import ZERO as NOTHING
from symconv.index.poly import var

KINDS = ("signal", "kernel", "number", "integer", "natural", "size", "function")
TAP_COUNTS = ("c", "e", "u", "v", "w", "q")


@dataclass
class _Let:
    """A `let` line taken apart: a declaration (annotation) or a definition (value)."""

    name: str
    indices: list[str]
    annotation: ast.expr | None = None
    value: ast.expr | None = None


def read_statement(claim: str, lets: Sequence[str] = (), assume: Sequence[str] = (),
                   unknown: str | None = None) -> Statement:  # fmt: skip
    """The statement of a claim; `unknown` names a kernel to be solved for.  StatementError with place and mend."""
    tree = read(claim)
    if not (isinstance(tree, ast.Compare) and len(tree.ops) == 1 and isinstance(tree.ops[0], ast.Eq)):
        raise StatementError(f"{show(tree)!r} is not a claim: write one equation, left == right")
    return _build(tree.left, tree.comparators[0], lets, assume, unknown)


def read_expression(expression: str, lets: Sequence[str] = (), assume: Sequence[str] = ()) -> Statement:
    """An expression with its declarations, as the left side of a statement whose right side is 0."""
    tree = read(expression, "expression")
    return replace(_build(tree, tree, lets, assume, None), rhs=ZERO)


def read_file(content: str, name: str = "the claim file") -> tuple[str, list[str], list[str]]:
    """(claim, lets, assumptions) of a claim file: lines `let …`, `assume …`, `claim …`; `#` starts a comment."""
    if len(content) > LONGEST * 10:
        raise StatementError(f"{name} has {len(content)} characters; at most {LONGEST * 10} are read")
    claims: list[str] = []
    parts: dict[str, list[str]] = {"let": [], "assume": [], "claim": claims}
    for number, raw in enumerate(content.splitlines(), start=1):
        line = raw.split("#", 1)[0].strip()
        if not line:
            continue
        word, *tail = line.split(None, 1)
        rest = tail[0] if tail else ""
        if word not in parts:
            raise StatementError(f"{name}, line {number} begins with {word[:20]!r}: write let, assume or claim")
        try:
            _read_let(rest) if word == "let" else read(rest, "claim" if word == "claim" else "assumption")
        except StatementError as error:
            raise StatementError(f"{name}, line {number}: {error}") from error
        parts[word].append(rest)
    if len(claims) != 1:
        raise StatementError(f"{name} has {len(claims)} claims: it needs exactly one line 'claim left == right'")
    return claims[0], parts["let"], parts["assume"]


def _read_let(line: str) -> _Let:
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
            return _Let(_plain(name), [], annotation=kind)
        case [ast.Assign(targets=[ast.Name(id=name)], value=value)]:
            return _Let(_plain(name), [], value=value)
        case [ast.Assign(targets=[ast.Subscript(value=ast.Name(id=name), slice=place)], value=value)]:
            items = [p.id for p in tuple_of(place) if isinstance(p, ast.Name)]
            if len(items) != len(tuple_of(place)) or len(set(items)) != len(items):
                raise StatementError(f"{line!r}: the left side of a definition has index names in brackets")
            return _Let(_plain(name), [*map(_plain, items)], value=value)
        case _:
            raise StatementError(f"{line[:60]!r} is not a declaration: write 'k: kernel[c]' or 'y = corr(x, k)'")


def _plain(name: str) -> str:
    if name in RESERVED or name.startswith("_") or not name.isascii() or len(name) > LONGEST_NAME:
        why = (
            "it has a meaning in the claim language"
            if name in RESERVED
            else f"use at most {LONGEST_NAME} plain letters and digits"
        )
        raise StatementError(f"{name} cannot be declared: {why}")
    return name


def _build(left: ast.expr, right: ast.expr, lets: Sequence[str], assume: Sequence[str],
           unknown: str | None) -> Statement:  # fmt: skip
    parsed = [_read_let(line) for line in lets]
    seen: set[str] = set()
    for item in parsed:
        if item.name in seen:
            raise StatementError(f"{item.name} is declared twice")
        seen.add(item.name)
    kinds = {p.name: _kind(p.annotation) for p in parsed if p.annotation is not None}
    assumed = [read(a, "assumption") for a in assume]
    roles = Roles(frozenset(n for n, k in kinds.items() if k == "function"))
    _collect(left, right, parsed, assumed, roles, kinds)
    defined = {p.name for p in parsed if p.value is not None}
    _promote(parsed, roles)
    default = _default_rank(parsed, roles)
    declarations = _declarations(parsed, roles, defined, default, unknown)
    statement = Statement(ZERO, ZERO, declarations)
    needed: list[Assumption] = []
    for item in parsed:
        if item.value is not None:
            builder = Elaborator(declarations, statement.definitions, statement.facts, default)
            e = builder.formula(item.indices, item.value) if item.indices else builder.expression(item.value, None)
            needed += builder.needed
            statement = replace(statement, definitions={**statement.definitions, item.name: e})
    extents = [high - low for d in declarations.values() if d.name != unknown for low, high in filter(None, d.ranges)]
    needed += [Ge(p) for p in extents if not statement.facts.nonnegative(p)]
    builder = Elaborator(declarations, statement.definitions, statement.facts, default)
    lhs, rhs = builder.both(left, right, None)
    if rank(lhs) and rank(rhs) and rank(lhs) != rank(rhs):
        raise StatementError(
            f"the left side has {axes(rank(lhs))}, the right side {axes(rank(rhs))}: declare the ranks alike"
        )
    assumptions: list[Assumption] = []
    equations: list[tuple[Expr, Expr]] = []
    for a in assumed:
        for found in _assumption(a, builder):
            if isinstance(found, tuple):
                equations.append(found)
            else:
                assumptions.append(found)
    needed += [c for c in builder.needed if c not in needed]
    tacit = tuple(dict.fromkeys(c for c in needed if c not in assumptions))
    statement = replace(
        statement, lhs=lhs, rhs=rhs, assumptions=tuple(assumptions), tacit=tacit, equations=tuple(equations)
    )
    _check(statement)
    return statement


def _check(statement: Statement) -> None:
    """Every sum must end, some sizes must satisfy the assumptions, and no place stands beside sequences unsaid."""
    for side in (statement.lhs, statement.rhs) if statement.rank else ():
        for node in (n for _, n in walk(side) if isinstance(n, Entry | Iverson)):
            for name in sorted({name for p in own_polys(node) for name in p.names()} & statement.integers):
                d = statement.declarations[name]
                if d.kind == "integer" and d.tacit:
                    raise StatementError(f"{text(node)}: {name} is no index here, for the sides are sequences: "
                                         f"write (…)[{name}] on both sides, or declare '{name}: integer'")  # fmt: skip
    try:
        for e in (statement.lhs, statement.rhs, *statement.definitions.values()):
            require(e, statement.facts)
    except RuleError as error:
        raise StatementError(f"{error.reason}: a kernel, a range or a declared extent must bound every sum") from error
    if (statement.assumptions or statement.tacit) and satisfying(statement) is None:
        raise StatementError("no sizes were found that satisfy the assumptions: the claim would say nothing")


def _collect(left: ast.expr, right: ast.expr, parsed: Sequence[_Let], assumed: Sequence[ast.expr], roles: Roles,
             kinds: dict[str, str]) -> None:  # fmt: skip
    known = dict(kinds)
    for item in parsed:
        if item.value is not None:
            bound = frozenset(item.indices)
            collect(item.value, "number" if item.indices else "either", roles, bound, known)
            known[item.name] = "number" if scalar(item.value, known) and not item.indices else "sequence"
    sides = scalar(left, known), scalar(right, known)
    role = "sequence" if False in sides else "number" if True in sides else "either"
    collect(left, role, roles, frozenset(), known)
    collect(right, role, roles, frozenset(), known)
    for a in assumed:
        if isinstance(a, ast.Compare):
            for part in (a.left, *a.comparators):
                if not isinstance(part, ast.Name):
                    if scalar(part, known) is False:
                        collect(part, "sequence", roles, frozenset(), known)
                    elif not (isinstance(part, ast.Call) or any(isinstance(n, ast.Subscript) for n in ast.walk(part))):
                        for name in (n.id for n in ast.walk(part) if isinstance(n, ast.Name)):
                            roles.met.setdefault(name, ["size"])
    for p in parsed:
        for axis in _axes(p):
            two_sided = isinstance(axis, ast.Slice) and axis.lower is not None
            for name in (n.id for n in ast.walk(axis) if isinstance(n, ast.Name)):
                roles.meet(name, "natural" if two_sided else "size")


def _promote(parsed: Sequence[_Let], roles: Roles) -> None:
    """A definition used as a kernel makes kernels of the names that it is built of."""
    for item in reversed(parsed):
        if item.value is not None and not item.indices and roles.role(item.name) == "kernel":
            collect(item.value, "kernel", roles, frozenset(), {})


def _kind(annotation: ast.expr | None) -> str:
    node = annotation.value if isinstance(annotation, ast.Subscript) else annotation
    if not isinstance(node, ast.Name) or node.id not in KINDS:
        shown = show(node) if node is not None else ""
        raise StatementError(f"{shown} is no kind of name; known are {', '.join(KINDS)}")
    return node.id


def _axes(item: _Let) -> list[ast.expr]:
    return tuple_of(item.annotation.slice) if isinstance(item.annotation, ast.Subscript) else []


def _default_rank(parsed: Sequence[_Let], roles: Roles) -> int:
    """The rank of undeclared sequences: the one rank that the statement shows, else 1."""
    defined = {p.name for p in parsed if p.value is not None}
    shown = roles.ranks | {len(_axes(p)) for p in parsed if _axes(p)}
    shown |= {n for name, n in roles.subscripts.items() if name not in defined}
    return shown.pop() if len(shown) == 1 else 1


def _declarations(parsed: Sequence[_Let], roles: Roles, defined: set[str], default: int,
                  unknown: str | None) -> dict[str, Declaration]:  # fmt: skip
    out: dict[str, Declaration] = {}
    sizes: list[str] = []
    for item in parsed:
        if item.annotation is not None:
            out[item.name] = _declared(item, default, roles)
            sizes += [n.id for a in _axes(item) for n in ast.walk(a) if isinstance(n, ast.Name)]
    taken = set(roles.met) | set(out) | defined
    for name in [*roles.met, *sizes]:
        if name in out or name in defined:
            continue
        if name in RESERVED or name.startswith("_") or not name.isascii():
            raise StatementError(f"{name} cannot be used as a name here")
        role = roles.role(name)
        d = roles.subscripts.get(name, default)
        if role == "kernel" and name != unknown:
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


def _check_extents(declarations: dict[str, Declaration]) -> None:
    """An extent is made of integers, and a kernel has at least one tap."""
    for d in declarations.values():
        for low, high in (r for r in d.ranges if r is not None):
            for name in sorted((low.names() | high.names()) - {"_lo", "_hi"}):
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


def _declared(item: _Let, default: int, roles: Roles) -> Declaration:
    kind, axes = _kind(item.annotation), _axes(item)
    if kind not in ("signal", "kernel"):
        if axes:
            raise StatementError(f"{item.name}: a {kind} has no extents")
        return Declaration(item.name, kind)
    if kind == "kernel" and not axes:
        raise StatementError(f"{item.name}: say how many taps, as in '{item.name}: kernel[c]'")
    ranges = tuple(_range(a, kind, item.name) for a in axes) or (None,) * roles.subscripts.get(item.name, default)
    if kind == "kernel" and None in ranges:
        raise StatementError(f"{item.name}: a kernel has finitely many taps on every axis; ':' is for signals")
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


def _assumption(node: ast.expr, builder: Elaborator) -> Iterable[Assumption | tuple[Expr, Expr]]:
    match node:
        case ast.Compare(left=ast.Call(func=ast.Name(id="gcd"), args=[a, b]), ops=[ast.Eq()],
                         comparators=[ast.Constant(value=1)]):  # fmt: skip
            yield Coprime(builder.integer(a), builder.integer(b))
        case ast.Compare() if any(isinstance(n, ast.Name) and n.id == "gcd" for n in ast.walk(node)):
            raise StatementError(f"{show(node)}: of gcd only 'gcd(s, t) == 1' can be assumed")
        case ast.Compare(left=left, ops=ops, comparators=rights):
            sides = [builder.kinds.get(n.id) for n in (left, *rights) if isinstance(n, ast.Name)]
            sequences = any(k in ("signal", "kernel", "sequence") for k in sides) or any(
                scalar(n, builder.kinds) is False for n in (left, *rights)
            )
            if sequences:
                if len(ops) != 1 or not isinstance(ops[0], ast.Eq):
                    raise StatementError(f"{show(node)}: between sequences only == can be assumed yet")
                both = builder.both(left, rights[0], None)
                if rank(both[0]) != rank(both[1]):
                    raise StatementError(
                        f"{show(node)}: the sides have {axes(rank(both[0]))} and {axes(rank(both[1]))}"
                    )
                yield both
                return
            for op, right in zip(ops, rights, strict=True):
                found = comparison(left, op, right, builder.integer_name)
                if found is None:
                    yield Unequal(builder.integer(left) - builder.integer(right))
                else:
                    yield from found
                left = right
        case _:
            raise StatementError(f"{show(node)} is not an assumption: write a comparison, or gcd(s, t) == 1")
