"""The chain of a theorem as a person prints it: micro-steps merged to about ten lines, a true reason beside each."""

from __future__ import annotations

from dataclasses import dataclass
from math import prod

from symconv.document.elision import shortened
from symconv.document.headings import Merged, abbreviated
from symconv.document.model import Chain, Inline, Line, Text
from symconv.document.words import joined_text
from symconv.expr.index_notation import condition, integer
from symconv.expr.mathematics import Math, Script, Sym, Tok, row
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
from symconv.expr.notation import axes, notation, star
from symconv.expr.statement import Statement
from symconv.expr.steps import Step
from symconv.expr.traverse import at, walk
from symconv.index.conditions import Ge, decide
from symconv.index.poly import ZERO, Poly, var
from symconv.proof.theorem import Theorem

MOST_LINES = 10


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a step holds: `kind` says how it is put together with others (definition, put, only, ring, say)."""

    kind: str
    said: Text
    exchanges: bool = False
    """Whether it mixes bound indices, so that the sums over them change their order when it is collected."""


@dataclass
class _Group:
    """A displayed line in the making: its steps, its expression and its reasons."""

    line: Expr
    reasons: list[Reason]
    rules: list[str]


def chain(theorem: Theorem, merged: Merged = None) -> Chain:
    """The displayed chain, with the name of the merged kernel in place of it."""
    groups = _without_circles(_groups(theorem, merged))
    while len(groups) > MOST_LINES:
        i = min(range(1, len(groups)), key=lambda i: (_cost(groups[i - 1], groups[i]), i))
        groups[i - 1 : i + 1] = [_merged(groups[i - 1], groups[i])]
    _fold(groups, merged)
    lines = tuple(Line(shortened(_shown(g.line, merged)), _together(g.reasons)) for g in groups)
    return Chain(_shown(theorem.first, merged), lines)


def _without_circles(groups: list[_Group]) -> list[_Group]:
    """What leads from a line back to the same line is left out."""
    out: list[_Group] = []
    lines: list[Math] = []
    for group in groups:
        shown = notation(group.line)
        if shown in lines:
            known = lines.index(shown)
            out[known + 1 :], lines[known + 1 :] = [], []
            out[known].line = group.line
        else:
            out.append(group)
            lines.append(shown)
    return out


def _fold(groups: list[_Group], merged: Merged) -> None:
    """Of several long lines in a row that come about alike, only the last is shown."""
    alike = [(frozenset(g.rules), _shown(g.line, merged)) for g in groups]
    for i in reversed(range(1, len(groups) - 1)):
        (rules, line), (before, earlier) = alike[i], alike[i - 1]
        if rules == before and shortened(line) != line and shortened(earlier) != earlier:
            groups[i - 1 : i + 1] = [_merged(groups[i - 1], groups[i])]


def _shown(e: Expr, merged: Merged) -> Math:
    return notation(abbreviated(e, merged))


def _groups(theorem: Theorem, merged: Merged) -> list[_Group]:
    """One group for each line worth showing; what only prepares or tidies a line belongs to that line."""
    lines = [theorem.first, *(s.line for s in theorem.steps)]
    groups: list[_Group] = []
    pending: list[Reason] = []
    rules: list[str] = []
    shown = notation(theorem.first)
    steps = theorem.steps
    for i, step in enumerate(steps):
        pending.append(_called(merged, step, lines[i]) or reason(theorem.statement, step, lines[i]))
        rules.append(step.rule)
        if i + 1 < len(steps) and _prepares(step, steps[i + 1], rules):
            continue
        now = notation(step.line)
        if i + 1 < len(steps) and now == shown:
            continue
        if groups and (now == shown or (rules == ["distribute"] and _reordered(groups[-1].line, step))):
            groups[-1].line = step.line
        else:
            groups.append(_Group(step.line, pending, rules))
        shown = now
        pending, rules = [], []
    return groups


def _called(merged: Merged, step: Step, before: Expr) -> Reason | None:
    """The merged kernel's own definition, where a step unfolds or folds it."""
    target = at(step.line if step.backwards else before, step.path)
    if merged is not None and step.rule == "unfold" and isinstance(target, Entry) and target.x == merged[0]:
        return Reason("definition", (Sym(merged[1]),))
    return None


def _prepares(step: Step, following: Step, rules: list[str]) -> bool:
    """Whether a line is only on the way to the next: multiplied out before it is sifted, or about to be folded."""
    if _renames(step) or (_pointwise(step) and _pointwise(following)):
        return True
    if step.rule == "reindex" and following.rule == "distribute":
        return True
    if step.backwards != following.backwards:
        return False
    if step.backwards:
        if step.rule == "distribute":
            return following.rule == "distribute" or (following.rule == "unfold" and "sift" in rules)
        return step.rule != "unfold"
    if step.rule == "distribute":
        return following.rule not in ("unfold", "reindex")
    return step.rule in ("cancel", "imply", "rewrite", "coprime", "divisor") or (
        step.rule in ("sift", "residues", "split") and following.rule == "distribute"
    )


def _renames(step: Step) -> bool:
    """Whether the step only gives bound indices other names."""
    return step.rule == "reindex" and all(p.name() is not None for p in step.arguments["forward"].values())


def _pointwise(step: Step) -> bool:
    """Whether the step goes from a sum of sequences to its entry, or back."""
    target = at(step.line, step.path)
    return step.rule == "unfold" and step.backwards and isinstance(target, Entry) and not _operator(target.x)


def _operator(e: Expr) -> bool:
    return not isinstance(e, Add | Mul | Neg | Apply | Sum)


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


def _together(reasons: list[Reason]) -> Text:
    """The reasons of merged steps as one: substitutions together, definitions together, ring laws only on their own."""
    said = {kind: [r.said for r in dict.fromkeys(reasons) if r.kind == kind]
            for kind in ("say", "only", "put", "definition", "ring")}  # fmt: skip
    out: list[Text] = said["say"][:2]
    if said["only"] and not any("coprime" in part for t in out for part in t if isinstance(part, str)):
        out.append(("only ", *_few(said["only"]), " contributes" if len(said["only"]) == 1 else " contribute"))
    if said["put"]:
        out.append(("put ", *_few(said["put"])))
        if any(r.exchanges for r in reasons) and ("collect",) in said["ring"]:
            out.append(("exchange the sums",))
    if said["definition"]:
        out.append(("definition of ", *_few(said["definition"])))
    return joined_text(out or said["ring"][-1:])


def _few(items: list[Text]) -> Text:
    """All of them with commas, or the first three and dots."""
    out: list[Inline] = []
    for item in items[:3]:
        out += [", "] * bool(out) + list(item)
    return (*out, ", …") if len(items) > 3 else tuple(out)


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


def reason(statement: Statement, step: Step, before: Expr) -> Reason:
    """Why a step holds, in words, in the direction in which it is read."""
    whole = step.line if step.backwards else before
    target = at(whole, step.path)
    args = step.arguments
    match step.rule:
        case "unfold" if isinstance(target, Entry):
            if not _operator(target.x):
                return Reason("ring", ("entry by entry",))
            return Reason("definition", sign(target.x))
        case "distribute":
            return Reason("ring", (_ring(at(before, step.path), at(step.line, step.path)),))
        case "reindex":
            return _put(args["inverse"], args["forward"], step.backwards)
        case "sift":
            value = _value(target, args["index"], args["position"])
            put = row(Sym(args["index"]), Tok("eq"), integer(value if value is not None else ZERO))
            return Reason("put" if step.backwards else "only", (put,))
        case "rewrite":
            factor = factors_of(target)[args["position"]]
            where: Text = ("where ", condition(factor.condition)) if isinstance(factor, Iverson) else ("where equal",)
            return Reason("say", where)
        case "cancel":
            by: Poly = args["by"]
            if by.constant() == -1:
                return Reason("ring", ("the same condition",))
            return Reason("say", ("multiply by " if step.backwards else "divide by ", integer(by)))
        case "coprime":
            common = row(integer(args["s"]), Tok("comma"), integer(args["t"]))
            m = var(args["name"])
            solved = [(integer(args["p"]), integer(args["t"] * m)), (integer(args["q"]), integer(args["s"] * m))]
            both: list[Text] = [(row(left, Tok("eq"), right),) for left, right in solved]
            return Reason("say", (common, " are coprime: ", *_few(both), " for one ", Sym(args["name"])))
        case "divisor":
            divides = condition(target.condition) if isinstance(target, Iverson) else Tok("divides")
            return Reason("say", ("one ", Sym(args["name"]), " where ", divides, ", else none"))
        case "imply":
            return Reason("say", ("as ", condition(args["condition"]), " wherever the terms are not 0"))
        case "split":
            whole_index = row(integer(args["modulus"] * var(args["quotient"]) + var(args["remainder"])))
            index = row(Sym(args["index"]), Tok("eq"), whole_index)
            return Reason("say", (index, " runs over all integers once") if step.backwards else ("write ", index))
        case "residues":
            return Reason("say", ("by the remainder of ", integer(args["p"]), " modulo ", integer(args["modulus"])))
        case "cases":
            return Reason("say", ("according to whether ", condition(Ge(args["p"]))))
        case "enumerate_range":
            verb = "collect the values of " if step.backwards else "write out the values of "
            return Reason("say", (verb, Sym(args["index"])))
        case "equation":
            value = dict(statement.facts.equations)[args["name"]]
            return Reason("say", ("assumed: ", row(Sym(args["name"]), Tok("eq"), integer(value))))
        case "hypothesis":
            left, right = statement.equations[args["number"]]
            return Reason("say", ("assumed: ", row(notation(left), Tok("eq"), notation(right))))
        case _:
            return Reason("say", (step.rule,))


def _ring(before: Expr, after: Expr) -> str:
    """What an equality of ring normal forms does, by the number of products on both sides when multiplied out."""
    settled = {decide(n.condition) for e in (before, after) for _, n in walk(e) if isinstance(n, Iverson)}
    if False in settled:
        return "which never holds"
    if True in settled:
        return "which always holds"
    first, second = _products(before), _products(after)
    if first > second:
        return "equal terms are collected"
    if first < second:
        return "a term is split"
    nested, later = _nesting(before), _nesting(after)
    return "multiply out" if nested > later else "collect" if nested < later else "reorder"


def _products(e: Expr) -> int:
    """How many products multiplying out gives."""
    match e:
        case Add(parts):
            return sum(map(_products, parts))
        case Mul(parts):
            return prod(map(_products, parts))
        case Sum(_, body) | Neg(body):
            return _products(body)
        case _:
            return 1


def _nesting(e: Expr) -> int:
    """How many sums and additions stand in it."""
    return sum(isinstance(node, Sum | Add) for _, node in walk(e))


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


def _put(inverse: dict[str, Poly], forward: dict[str, Poly], backwards: bool) -> Reason:
    """put m = 2j + i: the new indices that are not old ones."""
    shown, back = (forward, inverse) if backwards else (inverse, forward)
    changed: list[Text] = [
        (shortened(integer(back[v])), " for ", Sym(v)) if v in p.names() and v in back
        else (row(Sym(v), Tok("eq"), shortened(integer(p))),)
        for v, p in shown.items() if p.name() is None
    ]  # fmt: skip
    return Reason("put", _few(changed), len(shown) > 1) if changed else Reason("ring", ("another name",))
