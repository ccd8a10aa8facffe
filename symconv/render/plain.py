"""Mathematics as Unicode text, for the terminal and for `.txt`."""

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

TOKENS = {
    "conv": " ∗ ", "corr": " ⋆ ", "down": "↓", "up": "↑", "shift": "τ", "delta": "δ", "one": "𝟏", "eq": " = ",
    "ne": " ≠ ",
    "plus": " + ", "minus": " − ", "neg": "−", "times": " · ", "thin": " ", "comma": ", ", "le": " ≤ ", "ge": " ≥ ",
    "lt": " < ", "gt": " > ",
    "divides": " | ", "mapsto": " ↦ ", "tilde": "~", "reverse": "←", "in": " ∈ ", "Z": "ℤ", "R": "ℝ",
    "to": " → ", "infinity": "∞",
    "colon": ": ", "dots": "…", "cdots": "⋯", "floor-left": "⌊", "floor-right": "⌋", "by": " × ",
    "ceil-left": "⌈", "ceil-right": "⌉", "cascade": "∗", "partial": "∂", "nabla": "∇", "adjoint": "∗", "prime": "′",
    "quad": "   ", "slash": "/", "ztransform": "𝒵",
}  # fmt: skip
"""What each token of the notation is in this language; the other printers have the same keys."""
ACCENTS = {"tilde": "\u0303", "reverse": "^←", "hat": "\u0302"}
SUB = str.maketrans("0123456789+-()", "₀₁₂₃₄₅₆₇₈₉₊₋₍₎")
SUP = str.maketrans("0123456789+-()", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁽⁾")
CLOSE = {"(": ")", "[": "]", "{": "}", "<": "⟩", "|": "|"}
BIG = {"sum": "Σ", "max": "max", "argmax": "argmax", "limit": "lim"}


def plain(m: Math) -> str:
    """One line of text."""
    match m:
        case Sym(name):
            stem, digits = split_name(name)
            return stem + digits.translate(SUB)
        case Num(text) | Words(text):
            return text
        case Tok(name):
            return TOKENS[name]
        case Row(items):
            return "".join(map(plain, items))
        case Script(base, sub, sup):
            return _script(base, sub, sup)
        case Big(limits, body, sign):
            return f"{BIG[sign]}_{_grouped(plain(limits))} {plain(body)}"
        case Frac(top, bottom):
            return f"{_grouped(plain(top), '()')}/{_grouped(plain(bottom), '()')}"
        case Fence(kind, body):
            return f"{'⟨' if kind == '<' else kind}{plain(body)}{CLOSE[kind]}"
        case Accent(kind, base):
            return plain(base) + ACCENTS[kind]
        case Cases(rows):
            return "{ " + "; ".join(f"{plain(v)}  {plain(c)}" for v, c in rows) + " }"
        case _:
            assert_never(m)
    return None


def _script(base: Math, sub: Math | None, sup: Math | None) -> str:
    text = plain(base)
    end = " " if text.endswith(" ") or (isinstance(base, Tok) and base.name in ("down", "up", "shift")) else ""
    text = text.rstrip()
    if sub is not None:
        text += _small(plain(sub), SUB, "_")
    if sup is not None:
        text += _small(plain(sup), SUP, "^")
    return text + end


def _small(text: str, table: dict[int, int], mark: str) -> str:
    tight = text.replace(" ", "")
    if all(c in "0123456789+-()" for c in tight):
        return tight.translate(table)
    return mark + _grouped(text.replace(", ", ","))


def _grouped(text: str, fence: str = "{}") -> str:
    """In braces or parentheses, unless it is one sign, one word or fenced already."""
    fenced = len(text) > 1 and text[0] == "(" and CLOSE["("] not in text[:-1] and text[-1] == ")"
    return text if fenced or len(text) == 1 or (text.isascii() and text.isalnum()) else fence[0] + text + fence[1]
