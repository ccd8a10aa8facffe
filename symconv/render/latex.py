"""Mathematics and words as LaTeX.  Nothing that comes from a user reaches TeX unescaped."""

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
    "conv": r"\ast ", "corr": r"\mathbin{\star}", "down": r"{\downarrow}", "up": r"{\uparrow}", "shift": r"\tau",
    "delta": r"\delta ", "one": r"\mathbf{1}", "eq": "=", "ne": r"\ne ", "plus": "+", "minus": "-", "neg": "-",
    "times": r"\cdot ", "thin": r"\,", "comma": r",\allowbreak ", "le": r"\le ", "ge": r"\ge ", "lt": "<", "gt": ">",
    "divides": r"\mid ",
    "mapsto": r"\mapsto ", "tilde": r"\sim", "reverse": r"\leftarrow", "in": r"\in ", "Z": r"\mathbf{Z}",
    "R": r"\mathbf{R}", "to": r"\to ", "infinity": r"\infty ",
    "colon": r"\colon ", "dots": r"\dots ", "cdots": r"\cdots ",
    "floor-left": r"\lfloor ",
    "ceil-left": r"\lceil ", "ceil-right": r"\rceil ", "cascade": r"\mathop{\ast}",
    "partial": r"\partial ", "nabla": r"\nabla ",
    "adjoint": r"\ast ",
    "prime": r"\prime ", "floor-right": r"\rfloor ", "by": r"\times ", "quad": r"\qquad ", "slash": "/",
    "ztransform": r"\mathcal{Z}",
}  # fmt: skip
ACCENTS = {"tilde": r"\tilde", "reverse": r"\overleftarrow", "hat": r"\hat"}
SPECIAL = {
    "\\": r"\textbackslash{}", "{": r"\{", "}": r"\}", "$": r"\$", "&": r"\&", "#": r"\#", "_": r"\_", "%": r"\%",
    "~": r"\textasciitilde{}", "^": r"\textasciicircum{}", "<": r"\textless{}", ">": r"\textgreater{}",
    "|": r"\textbar{}", '"': r"\textquotedbl{}", "'": "'", "`": r"\textasciigrave{}", "–": "--", "—": "---",
    "…": r"\dots{}",
    "≤": r"$\le$", "≥": r"$\ge$", "≠": r"$\ne$", "ℤ": r"$\mathbf{Z}$", "⌊": r"$\lfloor$", "⌋": r"$\rfloor$",
    "−": "$-$", "∗": r"$\ast$", "⋆": r"$\star$", "↑": r"$\uparrow$", "↓": r"$\downarrow$", "✗": r"$\times$",
    "½": r"\textonehalf{}", "Σ": r"$\Sigma$", "·": r"$\cdot$", "→": r"$\to$",
    "×": r"$\times$", "²": r"\texttwosuperior{}", "³": r"\textthreesuperior{}", "ℝ": r"$\mathbf{R}$",
}  # fmt: skip
GREEK = {"alpha", "beta", "gamma", "delta", "epsilon", "eta", "theta", "kappa", "lambda", "mu", "nu", "xi", "pi", "rho",
         "sigma", "tau", "phi", "chi", "psi", "omega"}  # fmt: skip
CLOSE = {"(": ")", "[": "]", "{": r"\}", "<": r"\rangle ", "|": "|"}
OPEN = {"{": r"\{", "<": r"\langle "}
BIG = {"sum": r"\sum", "max": r"\max", "argmax": r"\operatorname*{arg\,max}", "limit": r"\lim"}


def escape(text: str) -> str:
    """Text as LaTeX text: every special character by a command, anything unknown outside ASCII left out."""
    out = []
    for c in text:
        known = SPECIAL.get(c)
        out.append(known if known is not None else c if " " <= c <= "~" or c in "äöüéèêçñáóíß" else "?")
    return "".join(out)


def symbol(name: str) -> str:
    """A name: one letter in italics, longer ones upright, digits at the end as a subscript."""
    stem, digits = split_name(name)
    body = f"\\{stem} " if stem in GREEK else stem if len(stem) == 1 else rf"\mathrm{{{escape(stem)}}}"
    return f"{body}_{{{digits}}}" if digits else body


def latex(m: Math) -> str:
    """LaTeX for math mode."""
    match m:
        case Sym(name):
            return symbol(name)
        case Num(text):
            return text
        case Words(text):
            return rf"\mathrm{{{escape(text)}}}" if text.isalnum() else rf"\text{{{escape(text)}}}"
        case Tok(name):
            return TOKENS[name]
        case Row(items):
            return "".join(map(latex, items))
        case Script(base, sub, sup):
            lower = f"_{{{latex(sub)}}}" if sub is not None else ""
            upper = f"^{{{latex(sup)}}}" if sup is not None else ""
            inner = latex(base)
            if isinstance(base, Tok) and base.name == "corr":
                return rf"\mathbin{{\star{lower}{upper}}}"
            return f"{inner}{lower}{upper}" if isinstance(base, Sym | Tok) else f"{{{inner}}}{lower}{upper}"
        case Big(limits, body, sign):
            return rf"{BIG[sign]}_{{{latex(limits)}}} {latex(body)}"
        case Frac(top, bottom):
            return rf"\tfrac{{{latex(top)}}}{{{latex(bottom)}}}"
        case Fence(kind, body):
            big = tall(body)
            left, right = OPEN.get(kind, kind), CLOSE[kind]
            return rf"\Bigl{left}{latex(body)}\Bigr{right}" if big else f"{left}{latex(body)}{right}"
        case Accent(kind, base):
            return rf"{ACCENTS[kind]}{{{latex(base)}}}"
        case Cases(rows):
            lines = r"\\ ".join(f"{latex(v)} & {latex(c)}" for v, c in rows)
            return rf"\begin{{cases}}{lines}\end{{cases}}"
        case _:
            assert_never(m)
    return None


def tall(m: Math) -> bool:
    """Whether a sum sign stands in it, so that its fence should be larger."""
    match m:
        case Big():
            return True
        case Row(items):
            return any(map(tall, items))
        case _:
            return False
