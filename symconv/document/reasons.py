"""The chain of a theorem as a person prints it: micro-steps merged to about ten lines, a true reason beside each."""

from __future__ import annotations

from dataclasses import dataclass

from symconv.document.elision import shortened
from symconv.document.headings import Merged, abbreviated
from symconv.document.model import Chain, Line, Text
from symconv.document.why import PLAIN, Reason, excluded, few, operator, reason
from symconv.document.words import joined_text
from symconv.expr.mathematics import Math, Sym, Tok
from symconv.expr.nodes import (
    ONE,
    Add,
    Entry,
    Expr,
    Integer,
    Iverson,
    Mul,
    Neg,
    Sum,
    product,
)  # fmt: skip
from symconv.expr.notation import notation
from symconv.expr.steps import Step
from symconv.expr.traverse import at, children, rebuild, walk
from symconv.index.conditions import Eq
from symconv.proof.theorem import Theorem

MOST_LINES = 10
COMPARED = Reason("say", ("neither is greater",))


@dataclass
class _Group:
    """A displayed line in the making: its steps, its expression and its reasons."""

    line: Expr
    reasons: list[Reason]
    rules: list[str]


def chain(theorem: Theorem, merged: Merged = None, within: frozenset[Expr] = frozenset()) -> Chain:
    """The displayed chain, with the name of the merged kernel in place of it, and without conditions that are said."""
    groups = _without_circles(_groups(theorem, merged, within))
    while len(groups) > MOST_LINES:
        i = min(range(1, len(groups)), key=lambda i: (_cost(groups[i - 1], groups[i]), i))
        groups[i - 1 : i + 1] = [_merged(groups[i - 1], groups[i])]
    _fold(groups, merged)
    lines = tuple(Line(shortened(_shown(g.line, merged)), _together(g.reasons), _sign(g)) for g in groups)
    return Chain(_shown(_said(theorem.first, within), merged), lines)


def _sign(group: _Group) -> Math:
    """How a line stands to the one before: ≤ where a law of order was used."""
    return Tok("le" if "order" in group.rules else "eq")


def _said(e: Expr, within: frozenset[Expr]) -> Expr:
    """The line without the conditions on the output position that hold where it is fixed."""
    match e if within else None:
        case None:
            return e
        case Mul(parts):
            left = tuple(_said(p, within) for p in parts if p not in within)
            return product(left)
        case Add() | Sum() | Neg():
            return rebuild(e, tuple(_said(p, within) for p in children(e)))
        case _:
            return ONE if e in within else e


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


def _groups(theorem: Theorem, merged: Merged, within: frozenset[Expr]) -> list[_Group]:
    """One group for each line worth showing; what only prepares or tidies a line belongs to that line."""
    lines = [theorem.first, *(s.line for s in theorem.steps)]
    groups: list[_Group] = []
    pending: list[Reason] = []
    rules: list[str] = []
    shown = notation(_said(theorem.first, within))
    steps = theorem.steps
    for i, step in enumerate(steps):
        compared = _detour(lines[i]) or _detour(step.line)
        why = COMPARED if compared else _called(merged, step, lines[i]) or reason(theorem.statement, step, lines[i])
        pending.append(why)
        rules.append(step.rule)
        if _detour(step.line):
            continue
        if i + 1 < len(steps) and _prepares(step, steps[i + 1], rules):
            continue
        if i + 1 < len(steps) and step.backwards and _only_renamed(steps[i + 1 - len(rules) : i + 1]):
            continue
        line = _said(step.line, within)
        now = notation(line)
        if i + 1 < len(steps) and now == shown:
            continue
        if groups and (now == shown or (rules == ["distribute"] and _reordered(groups[-1].line, step))):
            groups[-1].line = line
        else:
            groups.append(_Group(line, pending, rules))
        shown = now
        pending, rules = [], []
    return groups


def _detour(e: Expr) -> bool:
    """Whether a line only says why two integers are equal: Σ_i [i = p] [i = q] i."""
    parts = e.body.factors if isinstance(e, Sum) and isinstance(e.body, Mul) else ()
    return (
        len(parts) > 1
        and isinstance(parts[-1], Integer)
        and all(isinstance(f, Iverson) and isinstance(f.condition, Eq) for f in parts[:-1])
    )


def _called(merged: Merged, step: Step, before: Expr) -> Reason | None:
    """The merged kernel's own definition, where a step unfolds or folds it."""
    target = at(step.line if step.backwards else before, step.path)
    if merged is not None and step.rule == "unfold" and isinstance(target, Entry) and target.x == merged[0]:
        return Reason("definition", (Sym(merged[1]),))
    return None


def _prepares(step: Step, following: Step, rules: list[str]) -> bool:
    """Whether a line is only on the way to the next: multiplied out before it is sifted, or about to be folded."""
    if excluded(step) or _renames(step) or (_pointwise(step) and _pointwise(following)):
        return True
    if step.rule == "reindex" and following.rule == "distribute":
        return True
    if step.rule == following.rule == "exponent" and step.arguments["law"] in PLAIN:
        return True
    if step.rule == following.rule == "distribute" and step.path == following.path and following.backwards:
        return not step.backwards and not any(isinstance(n, Entry) for _, n in walk(at(step.line, step.path)))
    if step.backwards != following.backwards:
        return False
    if step.rule == "differentiate" and not step.backwards:
        return following.rule in ("differentiate", "distribute")
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
    if step.rule == "maximum":
        return step.arguments["law"] == "arrange"
    return step.rule == "reindex" and all(p.name() is not None for p in step.arguments["forward"].values())


def _only_renamed(steps: tuple[Step, ...]) -> bool:
    """Whether some steps do no more than give indices other names and put factors in another order."""
    return any(map(_renames, steps)) and all(_renames(s) or s.rule == "distribute" for s in steps)


def _pointwise(step: Step) -> bool:
    """Whether the step goes from a sum of sequences to its entry, or back."""
    target = at(step.line, step.path)
    return step.rule == "unfold" and step.backwards and isinstance(target, Entry) and not operator(target.x)


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
        out.append(("only ", *few(said["only"]), " contributes" if len(said["only"]) == 1 else " contribute"))
    if said["put"]:
        out.append(("put ", *few(said["put"])))
        if any(r.exchanges for r in reasons) and ("collect",) in said["ring"]:
            out.append(("exchange the sums",))
    if said["definition"]:
        out.append(("definition of ", *few(said["definition"])))
    return joined_text(out or said["ring"][-1:])
