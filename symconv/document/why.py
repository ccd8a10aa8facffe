"""Why a step of a derivation holds, in words, in the direction in which it is read."""

from __future__ import annotations

from dataclasses import dataclass
from math import prod

from symconv.document.counted import REASON as COUNTED
from symconv.document.elision import shortened
from symconv.document.model import Inline, Text
from symconv.expr.derivatives import derivative_of
from symconv.expr.index_notation import condition, integer
from symconv.expr.mathematics import Fence, Frac, Num, Script, Sym, Tok, Words, places, row
from symconv.expr.nodes import (
    Add,
    Adjoint,
    Apply,
    Conv,
    Corr,
    Count,
    Delta,
    Diff,
    Down,
    Entry,
    Expr,
    Flip,
    Formula,
    Grad,
    Inner,
    Iverson,
    Layer,
    Mul,
    Name,
    Neg,
    Ones,
    Power,
    Reverse,
    Shift,
    Sum,
    Taps,
    Up,
    factors_of,
)  # fmt: skip
from symconv.expr.notation import axes, called, notation, notation_of_function, star
from symconv.expr.statement import Statement
from symconv.expr.steps import Step
from symconv.expr.traverse import at, walk
from symconv.index.conditions import Ge, decide
from symconv.index.poly import ZERO, Poly, var

LAWS = {
    "maximum": {
        "nest": "a greatest of greatest ones", "drop": "nothing depends on the place", "reflect": "in the other order",
        "arrange": "another name", "merge": "the places are run through without a gap",
        "translate": "what is fixed leaves the maximum", "scale": "a fixed factor that is not negative leaves it",
        "rising": "a function that rises takes the greatest number to the greatest value",
        "greatest": "the greatest of these numbers",
    },
    "exponent": {
        "indicator": "a function that is 0 at 0", "single": "one term at most, of a function that is 0 at 0",
        "factors": "a power of a product", "below": "a number that is not positive", "apart": "the size of a product",
        "above": "a number that is not negative",
    },
    "order": {
        "more": "what is added is not negative", "fewer": "what is added is not positive",
        "function": "a number is at most its size", "triangle": "triangle inequality",
        "total": "numbers that are not negative: the greatest is at most the sum",
        "greatest": "each term is at most the greatest", "attained": "one of those that the maximum is taken of",
        "apart": "the greatest sum is at most the sum of the greatest", "wider": "a maximum over more",
    },
}  # fmt: skip
"""The laws of `maxima`, `exponents` and `order` in words."""
PLAIN = frozenset({"one", "square", "reduce", "compose", "number", "collect"})
"""Laws of powers that need no words of their own."""


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a step holds: `kind` says how it is put together with others (definition, put, only, ring, say)."""

    kind: str
    said: Text
    exchanges: bool = False
    """Whether it mixes bound indices, so that the sums over them change their order when it is collected."""


def few(items: list[Text]) -> Text:
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
        case Grad():
            return ("the gradient",)
        case Adjoint():
            return ("the adjoint",)
        case Layer():
            return (called(e),)
        case _:
            return ()


def reason(statement: Statement, step: Step, before: Expr) -> Reason:
    """Why a step holds, in words, in the direction in which it is read."""
    whole = step.line if step.backwards else before
    target = at(whole, step.path)
    args = step.arguments
    match step.rule:
        case "unfold" if isinstance(target, Entry):
            if not operator(target.x):
                return Reason("ring", ("entry by entry",))
            return Reason("definition", sign(target.x))
        case "unfold":
            return Reason("definition", ("the inner product" if isinstance(target, Inner) else "the gradient",))
        case "differentiate":
            return _derivative(target)
        case "exponent" if args["law"] == "homogeneous":
            return Reason("say", _homogeneous(target))
        case "distribute" if isinstance(target, Count):
            return Reason("say", (COUNTED[target.kind],))
        case "exponent" if args["law"] == "above" and isinstance(target, Apply):
            return Reason("say", ("as ", shortened(row(notation(target.x), Tok("ge"), Num("0")))))
        case "exponent" if args["law"] in PLAIN:
            return Reason("ring", ("laws of powers",))
        case "exponent" | "maximum" | "order":
            return Reason("say", (LAWS[step.rule][args["law"]],))
        case "count":
            return Reason("say", (integer(args["number"]), " equal terms"))
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
            return Reason("say", (common, " are coprime: ", *few(both), " for one ", Sym(args["name"])))
        case "divisor":
            divides = condition(target.condition) if isinstance(target, Iverson) else Tok("divides")
            return Reason("say", ("one ", Sym(args["name"]), " where ", divides, ", else none"))
        case "imply":
            if excluded(step):
                return Reason("say", ("the factors are never all other than 0",))
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


def excluded(step: Step) -> bool:
    """Whether the step puts in a condition that never holds, which the factors beside it imply."""
    wanted = step.arguments.get("condition") if step.rule == "imply" else None
    return isinstance(wanted, Ge) and (wanted.p.constant() or 0) < 0


def _derivative(e: Expr) -> Reason:
    """How a derivative is taken: of an entry by entries, by the chain rule, or part by part."""
    match e:
        case Diff(Entry(), Name(x), at):
            i = Fence("[", Sym(next(v for v in ("i", "j", "l") if all(v not in p.names() for p in at))))
            place = Fence("[", places(map(integer, at)))
            bare = row(Sym(x), i if len(at) == 1 else Fence("[", Tok("dots")))
            return Reason("say", (Frac(row(Tok("partial"), bare), row(Tok("partial"), Sym(x), place)),
                                  " is 1 where the places agree, else 0"))  # fmt: skip
        case Diff(Apply(f)):
            return Reason("say", ("chain rule, with ", row(notation_of_function(f), Tok("prime"), Tok("eq"),
                                                           notation_of_function(derivative_of(f) or "0"))))  # fmt: skip
        case Diff(Mul(parts)) if len(parts) > 1:
            return Reason("ring", ("product rule",))
        case _:
            return Reason("ring", ("differentiate term by term",))


def _homogeneous(e: Expr) -> Text:
    """relu(a t) = a relu(t) for a ≥ 0."""
    f = e.function if isinstance(e, Apply) else "relu"
    a, t = Sym("a"), Sym("t")
    inside, outside = Fence("(", row(a, t)), row(a, Tok("thin"), Words(f), Fence("(", t))
    return (row(Words(f), inside, Tok("eq"), outside), " for ", row(a, Tok("ge"), Num("0")))


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
    return Reason("put", few(changed), len(shown) > 1) if changed else Reason("ring", ("another name",))


def operator(e: Expr) -> bool:
    """Whether e is more than sequences combined entry by entry."""
    return not isinstance(e, Add | Mul | Neg | Apply | Sum | Power)
