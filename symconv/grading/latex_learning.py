"""How letters are used in an expression, noted in `Roles`: in an index they are integers, with one sequences."""

from __future__ import annotations

from collections.abc import Iterator

from symconv.grading.latex_functions import CALLS, OPTIONS, operands
from symconv.grading.latex_nodes import (
    Accent,
    Big,
    Cases,
    Clause,
    Group,
    Infix,
    Node,
    Postfix,
    Prefix,
    Product,
    Remainder,
    Special,
    Suffix,
    Symbol,
    bare,
    of_clauses,
    option_of,
    parts,
    plain,
)
from symconv.grading.latex_roles import FUNCTIONS, OPERATORS, Roles, alone, digits, head, related


def learn(node: Node, roles: Roles, *, integer: bool = False) -> None:
    """Note how the letters of an expression are used; `integer` where an integer belongs."""
    match node:
        case Symbol() | Postfix() | Accent() | Special("word"):
            _learn_letter(node, roles, integer=integer)
        case Big(op, scripts, body):
            for suffix in scripts:
                learn_items(suffix.items, roles)
                roles.bound.update(_limits(suffix, roles) if op != "lim" else ())
            learn(body, roles, integer=integer)
        case Infix(op, left, right, scripts):
            for suffix in scripts:
                learn_items(suffix.items, roles)
            for operand in (left, right):
                found = head(operand, roles)
                only = found is not None and all(digits(s) and s.kind == "below" for s in found.suffixes)
                if found is not None and only and op != "odot":
                    key = "_".join((found.key, *map(digits, found.suffixes)))
                    roles.operands.setdefault(key, found.at)
                learn(operand, roles)
        case Prefix(op, script, x):
            if op != "nabla":
                learn_items(script.items, roles)
                found = head(x, roles)
                if found is not None and not found.suffixes:
                    roles.sequences.setdefault(found.key, found.at)
            learn(x, roles)
        case Remainder():
            for part in parts(node):
                learn(part, roles, integer=True)
        case Group(fence, items) if fence in ("floor", "ceiling") or (fence == "[" and related(items)):
            learn_items(items, roles)
        case Product(first, rest):
            factors = (first, *(f for _, f in rest))
            if adjoined(first):
                _operand(factors[-1], roles)
            for i, factor in enumerate(factors):
                if isinstance(factor, Group) and i and _indicator(factors[i - 1]):
                    learn_items(factor.items, roles)
                else:
                    learn(factor, roles, integer=integer)
        case Cases(branches):
            for branch in branches:
                learn(branch.value, roles)
                learn_items(branch.conditions, roles)
        case _:
            for part in parts(node):
                learn(part, roles, integer=integer)


def learn_items(items: tuple[Clause, ...], roles: Roles) -> None:
    """The letters of indices, ranges and conditions are integers."""
    for part in of_clauses(items):
        learn(part, roles, integer=True)


def _indicator(node: Node) -> bool:
    return isinstance(node, Special) and node.kind == "indicator"


def _limits(suffix: Suffix, roles: Roles) -> Iterator[str]:
    """Letters that stand where the index of a sum does."""
    if suffix.kind != "below":
        return
    for clause in suffix.items:
        first, *others = clause.parts
        middle = others[0] if len(others) > 1 else first
        found = head(bare(middle), roles, integer=True)
        if found is not None:
            yield found.key


def _learn_letter(node: Node, roles: Roles, *, integer: bool) -> None:
    found = head(node, roles, integer=integer)
    if found is None:
        for part in parts(node):
            learn(part, roles, integer=integer)
        if isinstance(node, Postfix):
            indicator = _indicator(node.base)
            for number, suffix in enumerate(node.suffixes):
                if suffix.kind == "round" and adjoined(Postfix(node.base, node.suffixes[:number], node.at)):
                    _operand(plain(suffix.items), roles)
                    continue
                entry = suffix.kind in ("round", "square") and _operators(node.base)
                if indicator or entry or suffix.kind == "below" or related(suffix.items):
                    learn_items(suffix.items, roles)
        return
    key, suffixes = found.key, found.suffixes
    if key in CALLS and suffixes[:1] and suffixes[0].kind == "round":
        _learn_call(key, suffixes[0], roles)
        for suffix in suffixes[1:]:
            learn_items(suffix.items, roles)
        return
    if integer:
        roles.integers.setdefault(key, found.at)
        for suffix in suffixes:
            learn_items(suffix.items, roles)
        return
    known = roles.kind(key)
    first = suffixes[0] if suffixes else None
    if (
        first is not None
        and first.kind == "below"
        and digits(first)
        and key not in roles.declared
        and len(suffixes) > 1
        and suffixes[1].kind in ("square", "round")
        and not related(suffixes[1].items)
    ):
        roles.sequences.setdefault(f"{key}_{digits(first)}", found.at)
        learn_items(suffixes[1].items, roles)
        return
    for suffix in suffixes:
        if suffix is first and suffix.kind != "above" and suffix.items and not related(suffix.items):
            roles.axes[key] = len(suffix.items)
        entry = suffix is first and key not in FUNCTIONS | OPERATORS and known != "function"
        match suffix.kind:
            case "below":
                learn_items(suffix.items, roles)
                roles.indices.update(x.name for c in suffix.items if isinstance(x := plain((c,)), Symbol))
                if entry and not digits(suffix) and key != "partial":
                    roles.sequences.setdefault(key, found.at)
            case "square" if related(suffix.items):
                learn_items(suffix.items, roles)
            case "square":
                learn_items(suffix.items, roles)
                if entry:
                    roles.sequences.setdefault(key, found.at)
            case "round" if entry and known == "sequence":
                learn_items(suffix.items, roles)
            case "round" if entry and alone(suffix.items) and known == "unknown":
                learn_items(suffix.items, roles)
                roles.sequences.setdefault(key, found.at)
            case "above":
                learn_items(suffix.items, roles)
            case _:
                for part in of_clauses(suffix.items):
                    learn(part, roles)


def _learn_call(f: str, suffix: Suffix, roles: Roles) -> None:
    """The operands of a function that is called by its name, and what its options are."""
    given = [c for c in suffix.items if not c.relations]
    kinds = (operands(f, len(given)) or "").ljust(len(given), "e")
    wanted = [*zip(kinds, (x for c in given for x in c.parts), strict=True)]
    wanted += [(OPTIONS.get(option_of(c), "e"), c.parts[-1]) for c in suffix.items if c.relations]
    for kind, x in wanted:
        found = head(x, roles)
        if kind == "s" and found is not None and not found.suffixes:
            roles.operands.setdefault(found.key, found.at)
        if kind not in ("w", "b") or not isinstance(bare(x), Special):
            learn(x, roles, integer=kind in ("i", "w"))


def _operand(node: Node | None, roles: Roles) -> None:
    """What a map is applied to is a sequence."""
    found = head(node, roles) if node is not None else None
    if found is not None and not found.suffixes:
        roles.sequences.setdefault(found.key, found.at)


def adjoined(node: Node) -> bool:
    """Whether a node is (…)^* or (…)^T, behind which stands what the adjoint is applied to."""
    match node:
        case Postfix(Group("("), (*_, Suffix("mark", text="ast" | "top" | "star"))):
            return True
        case Postfix(Group("("), (*_, Suffix("above", items))):
            exponent = plain(items)
            return (isinstance(exponent, Symbol) and exponent.name == "T") or _left_open(node.base)
        case _:
            return False


def _left_open(node: Node) -> bool:
    return (isinstance(node, Special) and node.kind == "hole") or any(map(_left_open, parts(node)))


def _operators(node: Node) -> bool:
    """Whether a convolution or resampling stands in a group, so that brackets after it are an index."""
    match node:
        case Infix() | Prefix():
            return True
        case Group("(" | "{"):
            return any(map(_operators, parts(node)))
        case _:
            return False
