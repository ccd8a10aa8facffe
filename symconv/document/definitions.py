"""The definitions that a statement uses, and only those, by the index formulas that give them their meaning."""

from __future__ import annotations

from symconv.document.counted import MEANING
from symconv.document.layer_definitions import DIMENSIONS, POOLS, general_layer, layer_definitions, sized_layers
from symconv.document.model import Block, Display, Inline, Paragraph, Text
from symconv.document.words import introduced, listed
from symconv.expr.definitions import arity, definition
from symconv.expr.layers import composition
from symconv.expr.mathematics import Cases, Fence, Math, Num, Sym, Tok, Words, row
from symconv.expr.nodes import (
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
    Layer,
    Name,
    Ones,
    Power,
    Reverse,
    Shift,
    Taps,
    Up,
    rank,
)  # fmt: skip
from symconv.expr.notation import equation, notation
from symconv.expr.statement import Statement
from symconv.expr.traverse import walk
from symconv.index.poly import ONE, ZERO, var

ON_EVERY_AXIS = Conv | Corr | Down | Up | Flip | Shift | Delta | Ones
CALLED = {
    Conv: "convolution", Down: "down-sampling by s", Up: "up-sampling by s", Flip: "the flip",
    Shift: "the shift by m", Reverse: "the reversal", Ones: "the box of length c", Delta: "the unit impulse",
}  # fmt: skip


def definitions(statement: Statement, asked: tuple[Expr, ...] = ()) -> list[Block]:
    """Paragraphs and displays for the operators and the author's definitions that occur, also in what was asked."""
    sides = (
        *asked,
        statement.lhs,
        statement.rhs,
        *statement.definitions.values(),
        *(e for pair in statement.equations for e in pair),
    )
    nodes = [node for side in sides for _, node in walk(side)]
    shown: list[tuple[Text, Math]] = []
    composed = [composition(general_layer(e)) for e in nodes if isinstance(e, Layer) and not e.window]
    made = [node for e in composed if e is not None for _, node in walk(e)]
    for kind in (Conv, Corr, Down, Up, Flip, Shift, Delta, Ones, Apply):
        used: list[Expr] = [n for n in (*nodes, *made) if isinstance(n, kind)]
        shown += _generic(kind, used, statement)
    alone = list(layer_definitions([*nodes, *(n for n in made if isinstance(n, Layer))]))
    for e in dict.fromkeys(n for n in nodes if isinstance(n, Reverse)):
        shown.append((_called(CALLED[Reverse]), _reversed(e, statement)))
    blocks: list[Block] = []
    text: list[Inline] = [*introduced(statement)]
    every = [*shown, *alone]
    if every:
        names = listed(list(dict.fromkeys(name for name, _ in every)))
        first, *rest = names
        space = " " if text else ""
        opening = f"{first[0].upper()}{first[1:]}" if isinstance(first, str) else first
        text += [space, opening, *rest, " is" if len({name for name, _ in every}) == 1 else " are"]
    if text:
        blocks.append(Paragraph(tuple(text), lead="Definitions", style="definition"))
    formulas = [m for _, m in shown]
    blocks += [Display(tuple(formulas[i : i + 2])) for i in range(0, len(formulas), 2)]
    blocks += [Display((m,)) for _, m in alone]
    more = _conventions(nodes, statement)
    if more:
        blocks.append(Paragraph(more))
    tuples = _tuples(nodes)
    if tuples and every:
        blocks.append(Paragraph(tuples))
    for name, e in statement.definitions.items():
        blocks.append(Paragraph(("Write",)))
        blocks.append(Display((own(name, e),)))
    return blocks


def _tuples(nodes: list[Expr]) -> Text:
    """Which letters of the formulas are tuples, where something works on several axes and is written for one."""
    wide = [n for n in nodes if isinstance(n, ON_EVERY_AXIS) and rank(n) > 1]
    wide += [n for n in nodes if isinstance(n, Layer) and len(n.stride) > 1 and n.kind not in (*POOLS, *DIMENSIONS)]
    inner = [n for n in nodes if isinstance(n, Inner) and rank(n.x) > 1]
    derived = [n for n in nodes if isinstance(n, Grad | Adjoint) and (rank(n) > 1 or rank(n.e) > 1)]
    if not (wide or inner or derived):
        return ()
    letters = [(Sym("n"),)]
    letters += [(Sym("a"),)] if any(isinstance(n, Conv | Corr | Layer) for n in wide) else []
    letters += [(Sym("m"),)] if derived else []
    options = any(not isinstance(n, Conv | Flip | Delta) for n in wide)
    said = [*letters, ("the options",)] if options else letters
    ending = ", multiplied entry by entry." if options else "."
    where = "In several dimensions " if wide else "On several axes "
    return (where, *listed(said), " are tuples" if len(said) > 1 else " is a tuple", ending)


def _conventions(nodes: list[Expr], statement: Statement) -> Text:
    """What the formulas leave out: stride 1, lists of taps."""
    corrs = [n for n in nodes if isinstance(n, Corr)]
    out: list[Inline] = []
    for what, mixed in (
        ("a subscript the stride is 1", len({all(s == ONE for s in n.stride) for n in corrs}) == 2),
        ("a superscript the dilation is 1", len({all(d == ONE for d in n.dilation) for n in corrs}) == 2),
        ("a superscript + the padding is 0", len({all(p == ZERO for p in n.padding) for n in corrs}) == 2),
    ):
        out += [f"Without {what}. "] if mixed else []
    functions = {n.function for n in nodes if isinstance(n, Apply)}
    if functions & {"relu", "abs"} and any(isinstance(n, Grad | Diff) for n in nodes):
        out.append("At 0, where relu and abs have corners, their derivatives are taken to be 0. ")
    out += sized_layers(nodes)
    out += [f"{MEANING[kind]} " for kind in MEANING if any(isinstance(n, Count) and n.kind == kind for n in nodes)]
    if any(isinstance(n, Power) and not statement.facts.nonnegative(n.p) for n in nodes):
        out.append("A negative power of 0 is taken to be 0. ")
    if any(isinstance(n, Taps) for n in nodes):
        out.append("A list of numbers in parentheses has them at 0, 1, 2, …, and is 0 elsewhere. ")
    return tuple(out)


def own(name: str, e: Expr) -> Math:
    """A definition of the author: y = e, or y[n] = … ."""
    if isinstance(e, Formula):
        at = tuple(map(var, e.indices))
        return equation(Entry(Name(name, len(at)), at), e.body)
    return row(Sym(name), Tok("eq"), notation(e))


def _called(name: str) -> Text:
    """The name of an operator, its letter as mathematics: up-sampling by s."""
    words, _, letter = name.rpartition(" ")
    return (f"{words} ", Sym(letter)) if len(letter) == 1 else (name,)


def _correlation(stride: bool, dilation: bool, padding: bool) -> Text:
    """What a correlation with these options is called: cross-correlation of stride s and dilation d."""
    given = [(f"{what} ", Sym(letter)) for what, letter, on in
             (("stride", "s", stride), ("dilation", "d", dilation), ("padding", "p", padding)) if on]  # fmt: skip
    return ("cross-correlation of ", *listed(given)) if given else ("cross-correlation",)


def _generic(kind: type, used: list[Expr], statement: Statement) -> list[tuple[Text, Math]]:
    """The name and the definition of an operator on x and k, with the options that occur."""
    if not used:
        return []
    x, k, s = Name("x", 1), Name("k", 1), var("s")
    corrs = [u for u in used if isinstance(u, Corr)]
    if kind is Apply:
        return _functions(used)
    if kind is Corr:
        stride = s if any(v != ONE for u in corrs for v in u.stride) else ONE
        dilation = var("d") if any(v != ONE for u in corrs for v in u.dilation) else ONE
        padding = var("p") if any(v != ZERO for u in corrs for v in u.padding) else ZERO
        called = _correlation(stride != ONE, dilation != ONE, padding != ZERO)
        return [(called, _defining(Corr(x, k, (stride,), (dilation,), (padding,)), statement))]
    plain: dict[type, Expr] = {Conv: Conv(x, k), Down: Down(x, (s,)), Flip: Flip(x), Shift: Shift(x, (var("m"),))}
    if kind is Up:
        value = row(Sym("x"), Fence("[", row(Sym("n"), Tok("slash"), Sym("s"))))
        formula = _by_cases(Up(x, (s,)), value, row(Sym("s"), Tok("divides"), Sym("n")))
    elif kind is Ones:
        inside = row(Num("0"), Tok("le"), Sym("n"), Tok("lt"), Sym("c"))
        formula = _by_cases(Ones((var("c"),)), Num("1"), inside)
    elif kind is Delta:
        formula = _by_cases(Delta(1), Num("1"), row(Sym("n"), Tok("eq"), Num("0")))
    else:
        formula = _defining(plain[kind], statement)
    return [(_called(CALLED[kind]), formula)]


def _by_cases(e: Expr, value: Math, where: Math) -> Math:
    """e[n] = value where a condition holds, else 0."""
    cases = Cases(((value, row(Words("if "), where)), (Num("0"), Words("otherwise"))))
    return row(notation(Entry(e, (var("n"),))), Tok("eq"), cases)


def _reversed(e: Reverse, statement: Statement) -> Math:
    """k⃖[n] = k[c − 1 − n], of this kernel, whose extent it rests on."""
    at = (var("n"),) if rank(e) == 1 else tuple(var(f"n{i + 1}") for i in range(rank(e)))
    entry = Entry(e, at)
    return equation(entry, definition(entry, (), statement.definitions))


def _defining(e: Expr, statement: Statement) -> Math:
    entry = Entry(e, (var("n"),))
    index = next(i for i in ("a", "j", "i", "b", "a1") if i not in statement.declarations)
    return equation(entry, definition(entry, (index,) * arity(e), {}))


def _functions(used: list[Expr]) -> list[tuple[Text, Math]]:
    out: list[tuple[Text, Math]] = []
    for f in dict.fromkeys(u.function for u in used if isinstance(u, Apply)):
        if f == "relu":
            value = row(Words("max"), Fence("(", row(Sym("v"), Tok("comma"), Num("0"))))
            out.append((("the rectifier",), row(Words("relu"), Fence("(", Sym("v")), Tok("eq"), value)))
        elif f == "abs":
            value = row(Words("max"), Fence("(", row(Sym("v"), Tok("comma"), Tok("neg"), Sym("v"))))
            out.append((("the absolute value",), row(Fence("|", Sym("v")), Tok("eq"), value)))
        elif f == "step":
            inside = row(Sym("v"), Tok("gt"), Num("0"))
            out.append((("the step",), row(Words("step"), Fence("(", Sym("v")), Tok("eq"), Fence("[", inside))))
        elif f == "sign":
            plus, minus = (Fence("[", row(Sym("v"), Tok(sign), Num("0"))) for sign in ("gt", "lt"))
            out.append((("the sign",), row(Words("sign"), Fence("(", Sym("v")), Tok("eq"), plus, Tok("minus"), minus)))
    return out
