"""Mathematics and words as Typst.  Every name and text is written as a string literal, so nothing is interpreted."""

from __future__ import annotations

from symconv.errors import assert_never
from symconv.expr.mathematics import (
    Accent,
    Big,
    Cases,
    Fence,
    Frac,
    Math,
    Num,
    Row,
    Script,
    Sym,
    Tok,
    Words,
    split_name,
)
from symconv.render.latex import GREEK, tall

TOKENS = {
    "conv": " ast.op ", "corr": " star.op ", "down": 'class("normal", arrow.b)', "up": 'class("normal", arrow.t)',
    "shift": "tau", "delta": " delta ",
    "one": "bold(1)", "eq": " = ", "ne": " != ", "plus": " + ", "minus": " - ", "neg": "-", "times": " dot.op ",
    "thin": " thin ", "comma": "\\, ", "le": " <= ", "ge": " >= ", "lt": " < ", "gt": " > ", "divides": " divides ",
    "mapsto": " |-> ", "tilde": " tilde.op ", "reverse": " arrow.l ", "in": " in ", "Z": "bold(upright(Z))",
    "R": "bold(upright(R))", "to": " -> ", "infinity": " infinity ",
    "colon": " : ", "dots": " dots ", "cdots": " dots.c ",
    "ceil-left": " ceil.l ", "ceil-right": " ceil.r ", "cascade": " ast.op ",
    "partial": " partial ", "nabla": " nabla ",
    "adjoint": " ast.op ",
    "prime": " prime ", "floor-left": " floor.l ",
    "floor-right": " floor.r ", "by": " times ", "quad": " quad quad ", "slash": " slash ",
    "ztransform": " cal(Z)",
}  # fmt: skip
ACCENTS = {"tilde": "tilde", "reverse": "arrow.l", "hat": "hat"}
OPEN = {"(": "\\(", "[": "\\[", "{": "\\{", "<": " chevron.l ", "|": " bar.v "}
CLOSE = {"(": "\\)", "[": "\\]", "{": "\\}", "<": " chevron.r ", "|": " bar.v "}
BIG = {"sum": "sum", "max": "max", "argmax": 'op("arg max", limits: #true)', "limit": "lim"}


def literal(text: str) -> str:
    """A Typst string literal."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", " ") + '"'


def escape(text: str) -> str:
    """Text as Typst markup: a string literal, shown as it is."""
    return f"#{literal(text)}" if text else ""


def symbol(name: str) -> str:
    """A name: one letter in italics, longer ones upright, digits at the end as a subscript."""
    stem, digits = split_name(name)
    body = stem if len(stem) == 1 or stem in GREEK else f"upright({literal(stem)})"
    return f"{body}_{digits}" if digits else body


def typst(m: Math) -> str:
    """Typst for math mode."""
    match m:
        case Sym(name):
            return f" {symbol(name)} "
        case Num(text):
            return f" {text} "
        case Words(text):
            return literal(text)
        case Tok(name):
            return TOKENS[name]
        case Row(items):
            return "".join(map(typst, items))
        case Script(base, sub, sup):
            lower = f"_({typst(sub)})" if sub is not None else ""
            upper = f"^({typst(sup)})" if sup is not None else ""
            return f" {_base(base)}{lower}{upper} "
        case Big(limits, body, sign):
            return f" {BIG[sign]}_({typst(limits)}) {typst(body)}"
        case Frac(top, bottom):
            return f" ({typst(top)})/({typst(bottom)}) "
        case Fence(kind, body):
            inside = f"{OPEN[kind]}{typst(body)}{CLOSE[kind]}"
            return f" lr(size: #1.9em, {inside}) " if tall(body) else f" {inside} "
        case Accent(kind, base):
            return f" {ACCENTS[kind]}({typst(base)}) "
        case Cases(rows):
            return " cases(" + ", ".join(f"{typst(v)} & quad {typst(c)}" for v, c in rows) + ") "
        case _:
            assert_never(m)
    return None


def _base(m: Math) -> str:
    match m:
        case Tok("corr"):
            return "scripts(star.op)"
        case Tok(name):
            return f"scripts({TOKENS[name].strip()})"
        case Sym(name):
            return symbol(name)
        case Words(text):
            return literal(text)
        case _:
            return f"({typst(m)})" if not isinstance(m, Fence) else typst(m).strip()
