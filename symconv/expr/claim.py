"""Reading a statement: claim text, `let` lines and `assume` lines to a `Statement`, with what was assumed tacitly."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace

from symconv.errors import RuleError, StatementError
from symconv.expr.agreement import agree_as_tensors
from symconv.expr.count_reader import with_counts
from symconv.expr.declarations import (
    Let,
    axes_declared,
    declarations_of,
    default_rank,
    kind_of,
    promote,
    read_let,
    shapes_of,
    with_extents,
)
from symconv.expr.defined import ending
from symconv.expr.derived_reader import axes
from symconv.expr.elaborate import Elaborator
from symconv.expr.finite import require
from symconv.expr.floors import put_through, without_floor
from symconv.expr.induction import depends_on_definitions
from symconv.expr.linear import linear, unlikeness
from symconv.expr.naming import Roles, collect, measures, of_integers, plain_parts, scalar
from symconv.expr.nodes import ZERO, Adjoint, Count, Entry, Expr, Grad, Iverson, Layer, Name, Number, Repeat, rank
from symconv.expr.satisfy import satisfying
from symconv.expr.shapes import Extents, Shape
from symconv.expr.statement import Assumption, Coprime, Declaration, Nonnegative, Statement, Unequal, inside
from symconv.expr.syntax import LONGEST, comparison, integer, read, show
from symconv.expr.text import text
from symconv.expr.traverse import children, own_polys, variables, walk
from symconv.expr.unbounded import unbounded
from symconv.index.conditions import Ge
from symconv.index.facts import Facts
from symconv.index.poly import ONE, Poly, var

Chains = Sequence[Sequence[ast.expr]]


@dataclass(frozen=True)
class Met:
    """What lines show of their names: declarations taken apart, roles, the rank of what is undeclared, shapes."""

    parsed: list[Let]
    assumed: list[ast.expr]
    roles: Roles
    default: int
    shapes: dict[str, Shape]


def read_statement(claim: str, lets: Sequence[str] = (), assume: Sequence[str] = (),
                   unknown: str | None = None) -> Statement:  # fmt: skip
    """The statement of a claim; `unknown` names a kernel to be solved for.  StatementError with place and mend."""
    tree = read(claim)
    match tree:
        case ast.Compare(left=left, ops=[ast.Eq()], comparators=[right]):
            return _equation(left, right, lets, assume, unknown)
        case ast.Compare(left=left, ops=[ast.LtE()], comparators=[right]):
            return replace(_build(left, right, lets, assume, unknown), relation="<=")
        case ast.Compare(left=left, ops=[ast.GtE()], comparators=[right]):
            return replace(_build(right, left, lets, assume, unknown), relation="<=")
        case ast.Compare(ops=[ast.Lt() | ast.Gt()]):
            raise StatementError(f"{show(tree)!r}: strict inequalities are not proved: write <= or >=")
        case _:
            raise StatementError(f"{show(tree)!r} is not a claim: write one equation, left == right, or left <= right")


def read_step(left: ast.expr, right: ast.expr, met: Met, relation: str = "==") -> Statement:
    """left == right, or left <= right, as a step among other lines: every name is what all of them together show."""
    if relation == "==":
        return _equation(left, right, (), (), None, met)
    return replace(_build(left, right, (), (), None, met), relation=relation)


def meet(chains: Chains, lets: Sequence[str] = (), assume: Sequence[str] = ()) -> Met:
    """What chains of lines, of which each are said to be equal or in order, show of the names in them."""
    chains = [[line.args[0] if _is_limit(line) and isinstance(line, ast.Call) and line.args else line
               for line in lines] for lines in chains]  # fmt: skip
    parsed = [read_let(line) for line in lets]
    seen: set[str] = set()
    for item in parsed:
        if item.name in seen:
            raise StatementError(f"{item.name} is declared twice")
        seen.add(item.name)
    kinds = {p.name: kind_of(p.annotation) for p in parsed if p.annotation is not None}
    assumed = [read(a, "assumption") for a in assume]
    roles = Roles(frozenset(n for n, k in kinds.items() if k == "function"))
    _collect(chains, parsed, assumed, roles, kinds)
    promote(parsed, roles)
    default = default_rank(parsed, roles)
    return Met(parsed, assumed, roles, default, shapes_of(chains, parsed, roles, default))


def _equation(left: ast.expr, right: ast.expr, lets: Sequence[str], assume: Sequence[str],
              unknown: str | None, met: Met | None = None) -> Statement:  # fmt: skip
    """left == right, or limit(f, p) == g on either side."""
    if _is_limit(right) and not _is_limit(left):
        left, right = right, left
    if not _is_limit(left):
        return _build(left, right, lets, assume, unknown, met)
    match left:
        case ast.Call(args=[f, ast.Name(id=p)], keywords=[]) if not _is_limit(right) and unknown is None:
            statement = _build(f, right, lets, assume, None, met)
        case _:
            raise StatementError(f"{show(left)}: write one limit, limit(f, p) == g, as the size p grows without end")
    declared = statement.declarations.get(p)
    if declared is None or declared.kind not in ("size", "natural"):
        raise StatementError(f"{show(left)}: {p} is no size that could grow without end")
    if statement.places != (None,) * statement.rank:
        raise StatementError(f"{show(left)}: limits of gradients are not known here")
    return replace(statement, towards=p)


def _is_limit(node: ast.expr) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "limit"


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
            read_let(rest) if word == "let" else read(rest, "claim" if word == "claim" else "assumption")
        except StatementError as error:
            raise StatementError(f"{name}, line {number}: {error}") from error
        parts[word].append(rest)
    if len(claims) != 1:
        raise StatementError(f"{name} has {len(claims)} claims: it needs exactly one line 'claim left == right'")
    return claims[0], parts["let"], parts["assume"]


def _build(left: ast.expr, right: ast.expr, lets: Sequence[str], assume: Sequence[str],
           unknown: str | None, met: Met | None = None) -> Statement:  # fmt: skip
    found = met or meet(((left, right),), lets, assume)
    parsed, assumed, roles, default, shapes = found.parsed, found.assumed, found.roles, found.default, found.shapes
    defined = {p.name for p in parsed if p.value is not None}
    extents = Extents()
    declarations = declarations_of(parsed, roles, defined, default, unknown, shapes, extents)
    extents.assumed = tuple(_equal_sizes(assumed, declarations))
    statement = Statement(ZERO, ZERO, declarations)
    needed: list[Assumption] = []
    powers: set[str] = set()
    for item in parsed:
        if item.value is not None:
            builder = Elaborator(declarations, statement.definitions, statement.facts, default, extents)
            e = builder.formula(item.indices, item.value) if item.indices else builder.expression(item.value, None)
            needed += builder.needed
            powers |= builder.powers
            e = ending(e, statement, builder.unique)
            statement = replace(statement, definitions={**statement.definitions, item.name: e})
            try:
                _ = statement.facts
            except RuleError as error:
                raise StatementError(unbounded(error.reason, (e,), declarations)) from error
    lengths = [high - low for d in declarations.values() if d.name != unknown for low, high in filter(None, d.ranges)]
    needed += [Ge(p) for p in lengths if not statement.facts.nonnegative(p)]
    builder = Elaborator(declarations, statement.definitions, statement.facts, default, extents)
    lhs, rhs = builder.both(left, right, None)
    builder.match_extents(lhs, rhs, left)
    lhs, rhs = (ending(e, statement, builder.unique) for e in (lhs, rhs))
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
                if any(isinstance(n, Layer | Count) for e in (lhs, rhs, *found) for _, n in walk(e)):
                    agree_as_tensors(builder, *found, a)
            else:
                assumptions.append(found)
    needed += [c for c in (*builder.needed, *extents.needed) if c not in needed]
    tacit = tuple(dict.fromkeys(c for c in needed if c not in assumptions))
    statement = replace(
        statement, lhs=lhs, rhs=rhs, assumptions=tuple(assumptions), tacit=tacit, equations=tuple(equations)
    )
    for name in sorted(powers | builder.powers):
        declared = {**statement.declarations, name: Declaration(name, "power", tacit=True)}
        statement = replace(statement, declarations=declared)
    statement = with_extents(statement, extents) if extents.words else statement
    statement = _without_implied(with_counts(statement))
    _check_places(statement)
    check(statement)
    return statement


def _without_implied(statement: Statement) -> Statement:
    """The statement without tacit inequalities that follow from another one, or from what sizes and floors are."""
    for a in reversed(statement.tacit):
        rest = replace(statement, tacit=tuple(b for b in statement.tacit if b != a))
        if isinstance(a, Ge) and _follows(a.p, rest.facts):
            statement = rest
    return statement


def _follows(p: Poly, facts: Facts) -> bool:
    """Certainly p ≥ 0, from one known inequality at most, multiplied by a size or not; with values of sizes."""
    known = dict(facts.equations)
    for q in (r for plain in (p, put_through(p, known)) for r in (plain, without_floor(plain))):
        factors = (ONE, *(var(n) for n in sorted(q.names() & facts.sizes)))
        if facts.nonnegative(q) or any(facts.nonnegative(q - f * h) for h in facts.inequalities for f in factors):
            return True
    return False


def _equal_sizes(assumed: Sequence[ast.expr], declarations: Mapping[str, Declaration]) -> Iterator[Poly]:
    """p − q for every assumed p == q between sizes."""
    for a in assumed:
        match a:
            case ast.Compare(left=left, ops=[ast.Eq()], comparators=[right]):
                names = {n.id for n in ast.walk(a) if isinstance(n, ast.Name)}
                if all(n in declarations and declarations[n].kind in ("size", "natural") for n in names):
                    with suppress(StatementError):  # What is no polynomial is refused where assumptions are read.
                        yield integer(left, var) - integer(right, var)
            case _:
                pass


def _check_places(statement: Statement) -> None:
    """No place stands beside sequences unsaid."""
    for side in (statement.lhs, statement.rhs) if statement.rank else ():
        for node in (n for n in _open(side) if isinstance(n, Entry | Iverson)):
            for name in sorted({name for p in own_polys(node) for name in p.names()} & statement.integers):
                d = statement.declarations[name]
                if d.kind == "integer" and d.tacit:
                    raise StatementError(f"{text(node)}: {name} is no index here, for the sides are sequences: "
                                         f"write (…)[{name}] on both sides, or declare '{name}: integer'")  # fmt: skip


def check(statement: Statement) -> None:
    """Every sum must end, adjoints must be of linear maps, and some sizes must satisfy the assumptions."""
    try:
        for e in (statement.lhs, statement.rhs, *statement.definitions.values()):
            require(e, statement.facts)
    except RuleError as error:
        sides = (statement.lhs, statement.rhs, *statement.definitions.values())
        raise StatementError(unbounded(error.reason, sides, statement.declarations)) from error
    _check_derivatives(statement)
    if (statement.assumptions or statement.tacit) and satisfying(statement) is None:
        raise StatementError("no sizes were found that satisfy the assumptions: the claim would say nothing")


def _open(e: Expr) -> Iterator[Expr]:
    """The nodes of e outside of what is differentiated as a number."""
    yield e
    number = isinstance(e, Grad | Adjoint) and not rank(e.e)
    for part in () if number else children(e):
        yield from _open(part)


def _check_derivatives(statement: Statement) -> None:
    """Adjoints are of linear maps, what is differentiated by is bound by no equation, and repeated maps say all."""
    assumed = [e for pair in statement.equations for e in pair]
    sides = (statement.lhs, statement.rhs, *statement.definitions.values(), *assumed)
    related = {name for e in assumed for name in inside(e, statement)}
    for x in (x for e in sides for x in variables(e)):
        if isinstance(x, Name | Number) and x.name in related:
            raise StatementError(f"{x.name} is differentiated by, and an equation is assumed of it: write '--let' "
                                 "for what is defined by it instead")  # fmt: skip
    for node in (n for e in sides for _, n in walk(e) if isinstance(n, Repeat)):
        if variables(node.e) or depends_on_definitions(node, statement):
            raise StatementError(f"{text(node)}: a repeated map is written out, without derivatives and without names "
                                 "that are defined by its own signal")  # fmt: skip
    for node in (n for e in sides for _, n in walk(e) if isinstance(n, Adjoint)):
        if isinstance(node.x, Name | Number) and not linear(node.e, node.x, statement):
            why = unlikeness(node.e, node.x, statement)
            shown = f"{text(node.e)} is not linear in {node.x.name}, so it has no adjoint: {why}"
            raise StatementError(shown if why else f"{text(node.e)} is not seen to be linear in {node.x.name}: "
                                 "an adjoint is that of a linear map")  # fmt: skip


def _collect(chains: Chains, parsed: Sequence[Let], assumed: Sequence[ast.expr], roles: Roles,
             kinds: dict[str, str]) -> None:  # fmt: skip
    known = dict(kinds)
    for item in parsed:
        if item.value is not None:
            bound = frozenset(item.indices)
            collect(item.value, "number" if item.indices else "either", roles, bound, known)
            known[item.name] = "number" if scalar(item.value, known) and not item.indices else "sequence"
    for lines in chains:
        sides = [scalar(line, known) for line in lines]
        role = "sequence" if False in sides else "number" if True in sides else "either"
        if of_integers(lines, known):
            role = "natural"
        for line in lines:
            collect(line, role, roles, frozenset(), known)
    for a in assumed:
        if isinstance(a, ast.Compare):
            for part in (a.left, *a.comparators):
                if not isinstance(part, ast.Name):
                    if scalar(part, known) is False:
                        collect(part, "sequence", roles, frozenset(), known)
                    elif not any(isinstance(n, ast.Subscript) for n in ast.walk(part)):
                        _collect_integers(part, roles, known)
    for p in parsed:
        for axis in axes_declared(p):
            two_sided = isinstance(axis, ast.Slice) and axis.lower is not None
            for name in (n.id for n in ast.walk(axis) if isinstance(n, ast.Name)):
                roles.meet(name, "natural" if two_sided else "size")


def _collect_integers(part: ast.expr, roles: Roles, known: dict[str, str]) -> None:
    """The names in an assumed comparison of integers are sizes, but for those in what is measured."""
    chosen = isinstance(part, ast.Call) and isinstance(part.func, ast.Name) and part.func.id in ("max", "min")
    for node in plain_parts(part) if chosen or measures(part) or not isinstance(part, ast.Call) else ():
        if isinstance(node, ast.Call) and measures(node):
            collect(node, "number", roles, frozenset(), known)
        elif isinstance(node, ast.Name) and node.id not in ("max", "min"):
            roles.met.setdefault(node.id, ["size"])


def _sign(left: ast.expr, op: ast.cmpop, right: ast.expr, builder: Elaborator) -> Nonnegative | None:
    """a >= 0, a > 0, 0 <= a or 0 < a for a number or a signal."""
    match left, op, right:
        case (ast.Name(id=name), ast.GtE() | ast.Gt(), ast.Constant(value=0)):
            pass
        case (ast.Constant(value=0), ast.LtE() | ast.Lt(), ast.Name(id=name)):
            pass
        case _:
            return None
    kind, strict = builder.kinds.get(name), isinstance(op, ast.Gt | ast.Lt)
    if kind not in ("number", "signal", "kernel"):
        return None
    if strict and kind != "number":
        raise StatementError(f"{name} > 0: a {kind} has entries that are 0; assume {name} >= 0")
    return Nonnegative(name, strict)


def _assumption(node: ast.expr, builder: Elaborator) -> Iterable[Assumption | tuple[Expr, Expr]]:
    match node:
        case ast.Compare(left=ast.Call(func=ast.Name(id="gcd"), args=[a, b]), ops=[ast.Eq()],
                         comparators=[ast.Constant(value=1)]):  # fmt: skip
            yield Coprime(builder.integer(a), builder.integer(b))
        case ast.Compare() if any(isinstance(n, ast.Name) and n.id == "gcd" for n in ast.walk(node)):
            raise StatementError(f"{show(node)}: of gcd only 'gcd(s, t) == 1' can be assumed")
        case ast.Compare(left=left, ops=[op], comparators=[right]) if found := _sign(left, op, right, builder):
            yield found
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
                found = comparison(left, op, right, builder.integer_name, builder.measure_value)
                if found is None:
                    yield Unequal(builder.integer(left) - builder.integer(right))
                else:
                    yield from found
                left = right
        case _:
            raise StatementError(f"{show(node)} is not an assumption: write a comparison, or gcd(s, t) == 1")
