"""Mathematics and words as HTML with native MathML."""

from __future__ import annotations

from html import escape as html_escape

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

OPERATORS = {
    "conv": "∗", "corr": "⋆", "eq": "=", "ne": "≠", "plus": "+", "minus": "−", "times": "·", "le": "≤", "ge": "≥",
    "lt": "&lt;", "gt": "&gt;", "divides": "∣", "mapsto": "↦", "in": "∈", "to": "→", "infinity": "∞", "by": "×",
}  # fmt: skip
TOKENS = {
    **{name: f"<mo>{sign}</mo>" for name, sign in OPERATORS.items()},
    "down": '<mo form="prefix" lspace="0" rspace="0" stretchy="false">↓</mo>',
    "up": '<mo form="prefix" lspace="0" rspace="0" stretchy="false">↑</mo>',
    "shift": "<mi>τ</mi>", "delta": "<mi>δ</mi>", "one": '<mn style="font-weight:bold">1</mn>',
    "neg": '<mo form="prefix">−</mo>', "thin": '<mspace width="0.17em"/>', "comma": '<mo separator="true">,</mo>',
    "tilde": "<mo>∼</mo>", "reverse": "<mo>←</mo>", "Z": '<mi mathvariant="normal">ℤ</mi>',
    "R": '<mi mathvariant="normal">ℝ</mi>', "colon": "<mo>:</mo>", "dots": "<mo>…</mo>", "cdots": "<mo>⋯</mo>",
    "floor-left": '<mo form="prefix" stretchy="false">⌊</mo>',
    "floor-right": '<mo form="postfix" stretchy="false">⌋</mo>',
    "ceil-left": '<mo form="prefix" stretchy="false">⌈</mo>',
    "ceil-right": '<mo form="postfix" stretchy="false">⌉</mo>',
    "cascade": "<mo>∗</mo>",
    "partial": "<mi>∂</mi>", "nabla": '<mi mathvariant="normal">∇</mi>', "adjoint": "<mo>∗</mo>", "prime": "<mo>′</mo>",
    "quad": '<mspace width="2em"/>', "ztransform": "<mi>𝒵</mi>",
    "slash": '<mo lspace="0" rspace="0">/</mo>',
}  # fmt: skip
ACCENTS = {"tilde": "~", "reverse": "←", "hat": "^"}
CLOSE = {"(": ")", "[": "]", "{": "}", "<": "⟩", "|": "|"}
BIG = {"sum": "∑", "max": "max", "argmax": "arg max", "limit": "lim"}
LETTERS: dict[str, str] = dict(zip(
    ("alpha", "beta", "gamma", "delta", "epsilon", "eta", "theta", "kappa", "lambda", "mu", "nu", "xi", "pi", "rho",
     "sigma", "tau", "phi", "chi", "psi", "omega"),
    "αβγδεηθκλμνξπρστφχψω", strict=True))  # fmt: skip


def escape(text: str) -> str:
    """Text as HTML."""
    return html_escape(text)


def symbol(name: str) -> str:
    """A name: one letter in italics, longer ones upright, digits at the end as a subscript."""
    stem, digits = split_name(name)
    letter = LETTERS[stem] if stem in GREEK else html_escape(stem)
    body = f"<mi>{letter}</mi>" if len(letter) == 1 else f'<mi mathvariant="normal">{letter}</mi>'
    return f"<msub>{body}<mn>{digits}</mn></msub>" if digits else body


def inline(m: Math) -> str:
    """A formula in running text."""
    return f"<math>{mathml(m)}</math>"


def mathml(m: Math) -> str:
    """Presentation MathML."""
    match m:
        case Sym(name):
            return symbol(name)
        case Num(text):
            return f"<mn>{html_escape(text)}</mn>"
        case Words(text):
            return f"<mtext>{html_escape(text)}</mtext>".replace("> ", ">\u00a0").replace(" <", "\u00a0<")
        case Tok(name):
            return TOKENS[name]
        case Row(items):
            return f"<mrow>{''.join(map(mathml, items))}</mrow>"
        case Script(base, sub, sup):
            inner = _one(base)
            parts = [p for p in (sub, sup) if p is not None]
            tag = "msubsup" if len(parts) == 2 else "msub" if sub is not None else "msup"
            rows = "".join(f"<mrow>{mathml(p)}</mrow>" for p in parts)
            return f"<{tag}>{inner}{rows}</{tag}>" if parts else inner
        case Big(limits, body, sign):
            mark = f"<mo movablelimits='true'>{BIG[sign]}</mo>"
            return f"<munder>{mark}<mrow>{mathml(limits)}</mrow></munder><mspace width='.17em'/>{mathml(body)}"
        case Frac(top, bottom):
            return f"<mfrac><mrow>{mathml(top)}</mrow><mrow>{mathml(bottom)}</mrow></mfrac>"
        case Fence(kind, body):
            grows = str(tall(body)).lower()
            return (f'<mrow><mo form="prefix" stretchy="{grows}">{"⟨" if kind == "<" else kind}</mo>{mathml(body)}'
                    f'<mo form="postfix" stretchy="{grows}">{CLOSE[kind]}</mo></mrow>')  # fmt: skip
        case Accent(kind, base):
            return f"<mover accent='true'>{_one(base)}<mo stretchy='false'>{ACCENTS[kind]}</mo></mover>"
        case Cases(rows):
            lines = "".join(f"<mtr><mtd>{mathml(v)}</mtd><mtd>{mathml(c)}</mtd></mtr>" for v, c in rows)
            return f'<mrow><mo>{{</mo><mtable columnalign="left left">{lines}</mtable></mrow>'
        case _:
            assert_never(m)
    return None


def _one(m: Math) -> str:
    """A formula as one element."""
    return f"<mrow>{mathml(m)}</mrow>" if isinstance(m, Row | Fence | Big) else mathml(m)
