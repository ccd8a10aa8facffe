"""The chain of a theorem as a person prints it: micro-steps merged to about ten lines, a true reason beside each."""

from __future__ import annotations

from dataclasses import dataclass

from symconv.document.model import Chain, Inline, Line, Text
from symconv.expr.mathematics import Math, Row, Script, Sym, Tok, row
from symconv.expr.nodes import (
    Add,
    Apply,
    Conv,
    Corr,
    Delta,
    Down,
    Entry,
    Expr,
    Flip,
    Formula,
    Iverson,
    Mul,
    Name,
    Neg,
    Ones,
    Reverse,
    Shift,
    Sum,
    Taps,
    Up,
    factors_of,
)  # fmt: skip
from symconv.expr.notation import axes, condition, integer, notation, star
from symconv.expr.statement import Statement
from symconv.expr.steps import Step
from symconv.expr.traverse import at, walk
from symconv.index.poly import Poly, var
from symconv.proof.theorem import Theorem

MOST_LINES = 10


@dataclass
class _Group:
    """A displayed line in the making: its steps, its expression and its reasons."""

    line: Expr
    reasons: list[Text]
    rules: list[str]


def chain(theorem: Theorem) -> Chain:
    """The displayed chain."""
    groups = _groups(theorem)
    while len(groups) > MOST_LINES:
        i = min(range(1, len(groups)), key=lambda i: (_cost(groups[i - 1], groups[i]), i))
        groups[i - 1 : i + 1] = [_merged(groups[i - 1], groups[i])]
    lines = tuple(Line(notation(g.line), _together(g.reasons)) for g in groups)
    return Chain(notation(theorem.first), lines)


def _groups(theorem: Theorem) -> list[_Group]:
    """One group for each line worth showing; what only prepares or tidies a line belongs to that line."""
    lines = [theorem.first, *(s.line for s in theorem.steps)]
    groups: list[_Group] = []
    pending: list[Text] = []
    rules: list[str] = []
    shown = notation(theorem.first)
    steps = theorem.steps
    for i, step in enumerate(steps):
        pending.append(reason(theorem.statement, step, lines[i]))
        rules.append(step.rule)
        if i + 1 < len(steps) and (_prepares(step, steps[i + 1], rules) or notation(step.line) == shown):
            continue
        if groups and (notation(step.line) == shown or (rules == ["distribute"] and _reordered(groups[-1].line, step))):
            groups[-1].line = step.line
        else:
            groups.append(_Group(step.line, pending, rules))
        shown = notation(step.line)
        pending, rules = [], []
    return groups


def _prepares(step: Step, following: Step, rules: list[str]) -> bool:
    """Whether a line is only on the way to the next: multiplied out before it is sifted, or about to be folded."""
    if step.backwards != following.backwards:
        return False
    if step.backwards:
        if step.rule == "distribute":
            return following.rule == "distribute" or (following.rule == "unfold" and "sift" in rules)
        return step.rule != "unfold" and (step.rule, following.rule) != ("reindex", "distribute")
    if step.rule == "distribute":
        return following.rule not in ("unfold", "reindex")
    return step.rule in ("cancel", "imply", "rewrite", "coprime", "divisor") or (
        step.rule in ("sift", "reindex", "residues", "split") and following.rule == "distribute"
    )


def _reordered(before: Expr, step: Step) -> bool:
    """Whether multiplying out has only put factors in another order."""
    return len(list(walk(before))) == len(list(walk(step.line)))


def _cost(a: _Group, b: _Group) -> int:
    """What is lost by not showing the line between: little between definitions, and for long lines."""
    kinds = {*a.rules, *b.rules}
    if kinds <= {"unfold"}:
        return len(a.rules) + len(b.rules)
    if kinds <= {"unfold", "distribute", "cancel", "imply"}:
        return 4 + len(a.rules) + len(b.rules)
    return 12 + len(a.rules) + len(b.rules)


def _merged(a: _Group, b: _Group) -> _Group:
    return _Group(b.line, a.reasons + b.reasons, a.rules + b.rules)


def _together(reasons: list[Text]) -> Text:
    """The reasons of merged steps, each once, the first few in order."""
    distinct = [r for r in dict.fromkeys(reasons) if r]
    definitions = [r for r in distinct if r and r[0] == "definition of "]
    others = [r for r in distinct if r not in definitions]
    kept = others if len(others) < 2 else [r for r in others if r not in (("multiply out",), ("collect",))]
    out: list[Inline] = []
    for r in kept[:3]:
        out += ["; "] * bool(out) + list(r)
    if len(kept) > 3:
        out.append("; and so on")
    if definitions:
        out += ["; "] * bool(out) + ["definition of "]
        for i, r in enumerate(definitions[:4]):
            out += [", "] * (i > 0) + list(r[1:])
        if len(definitions) > 4:
            out.append(", …")
    return tuple(out)


def sign(e: Expr) -> Text:
    """The sign of an operator, or what it is called."""
    match e:
        case Corr():
            return (star(e),)
        case Conv():
            return (Tok("conv"),)
        case Down(_, by):
            return (Script(Tok("down"), axes(by)),)
        case Up(_, by):
            return (Script(Tok("up"), axes(by)),)
        case Shift(_, by):
            return (Script(Tok("shift"), axes(by)),)
        case Flip():
            return ("the flip",)
        case Reverse():
            return ("the reversal",)
        case Delta() | Ones():
            return (notation(e),)
        case Taps():
            return ("the taps",)
        case Name(name):
            return (Sym(name),)
        case Formula():
            return ("the formula",)
        case _:
            return ()


def reason(statement: Statement, step: Step, before: Expr) -> Text:
    """Why a step holds, in words, in the direction in which it is read."""
    whole = step.line if step.backwards else before
    target = at(whole, step.path)
    args = step.arguments
    match step.rule:
        case "unfold" if isinstance(target, Entry):
            if isinstance(target.x, Add | Mul | Neg | Apply | Sum):
                return ("entry by entry",)
            return ("definition of ", *sign(target.x))
        case "distribute":
            return ("collect",) if step.backwards else ("multiply out",)
        case "reindex":
            return _put(args["inverse"], args["forward"], step.backwards)
        case "sift":
            value = _value(target, args["index"], args["position"])
            if value is None:
                return ("sift",)
            put = row(Sym(args["index"]), Tok("eq"), integer(value))
            return ("put ", put, "; the other terms vanish") if step.backwards else ("only ", put, " contributes")
        case "rewrite":
            factor = factors_of(target)[args["position"]]
            return ("where ", condition(factor.condition)) if isinstance(factor, Iverson) else ("where equal",)
        case "cancel":
            by: Poly = args["by"]
            if by.constant() == -1:
                return ("change the sign",)
            return ("multiply by " if step.backwards else "divide by ", integer(by))
        case "coprime":
            common = row(integer(args["s"]), Tok("comma"), integer(args["t"]))
            m = var(args["name"])
            solved = row(integer(args["p"]), Tok("eq"), integer(args["t"] * m), Tok("comma"),
                         integer(args["q"]), Tok("eq"), integer(args["s"] * m))  # fmt: skip
            return (common, " are coprime: ", solved)
        case "divisor":
            return ("the quotient is ", Sym(args["name"]))
        case "imply":
            return ("as ", condition(args["condition"]), " wherever the terms are not 0")
        case "split":
            whole_index = row(integer(args["modulus"] * var(args["quotient"]) + var(args["remainder"])))
            index = Sym(args["index"])
            if step.backwards:
                return (row(index, Tok("eq"), whole_index), " runs over all integers once")
            return ("write ", row(index, Tok("eq"), whole_index))
        case "residues":
            return ("split by the remainder of ", integer(args["p"]), " modulo ", integer(args["modulus"]))
        case "enumerate_range":
            return ("collect the values of " if step.backwards else "write out the values of ", Sym(args["index"]))
        case "equation":
            value = dict(statement.facts.equations)[args["name"]]
            return ("assumed: ", row(Sym(args["name"]), Tok("eq"), integer(value)))
        case "hypothesis":
            left, right = statement.equations[args["number"]]
            return ("assumed: ", row(notation(left), Tok("eq"), notation(right)))
        case _:
            return (step.rule,)


def _value(target: Expr, index: str, position: int) -> Poly | None:
    """The a of the factor [index = a] that is sifted."""
    if not isinstance(target, Sum):
        return None
    parts = target.body.factors if isinstance(target.body, Mul) else (target.body,)
    p = getattr(getattr(parts[position], "condition", None), "p", None)
    if not isinstance(p, Poly):
        return None
    c = p.coefficient(index).constant() or 1
    return var(index) - c * p


def _put(inverse: dict[str, Poly], forward: dict[str, Poly], backwards: bool) -> Text:
    """put m = 2j + i: the new indices that are not old ones."""
    shown = forward if backwards else inverse
    changed: list[Math] = [row(Sym(v), Tok("eq"), integer(p)) for v, p in shown.items() if p.name() != v]
    if not changed:
        return ("rename",)
    out: list[Math] = []
    for m in changed[:3]:
        out += [Tok("comma"), m] if out else [m]
    return ("put ", Row(tuple(out)), *((", …",) if len(changed) > 3 else ()))
