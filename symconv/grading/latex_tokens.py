"""What LaTeX mathematics is made of, as tables: tokens, commands that are names, signs or brackets, commands left out.

A token is a kind (a terminal of `latex.lark`), its text, and where it stands in the file.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from symconv.errors import StatementError


@dataclass(frozen=True, slots=True)
class Token:
    """One token; `at` and `end` count characters from the beginning of the file."""

    kind: str
    text: str
    at: int
    end: int = 0


@dataclass(frozen=True, slots=True)
class Source:
    """A file by its name and content; places in it are told by row and column, both from 1."""

    name: str
    content: str

    def place(self, at: int) -> tuple[int, int]:
        """Row and column of a character."""
        at = min(at, len(self.content))
        return self.content.count("\n", 0, at) + 1, at - (self.content.rfind("\n", 0, at) + 1) + 1

    def error(self, at: int, message: str) -> StatementError:
        """A refusal that names the place."""
        row, column = self.place(at)
        return StatementError(f"{self.name}, line {row}, column {column}: {message}")


def group_end(text: str, start: int, source: Source, at: int) -> int:
    """The place of the `}` that closes the `{` at `start`."""
    depth = 0
    for found in re.compile(r"\\.|[{}]", re.DOTALL).finditer(text, start):
        depth += {"{": 1, "}": -1}.get(found[0], 0)
        if not depth and found[0] == "}":
            return found.start()
    raise source.error(at, "a '{' is not closed")


GREEK = {
    **{n: n for n in ("alpha", "beta", "gamma", "delta", "epsilon", "zeta", "eta", "theta", "iota", "kappa", "mu", "nu",
                      "xi", "pi", "rho", "sigma", "tau", "upsilon", "phi", "chi", "psi", "omega", "Gamma", "Delta",
                      "Theta", "Lambda", "Xi", "Pi", "Sigma", "Upsilon", "Phi", "Psi", "Omega", "ell")},
    "lambda": "lam", "varepsilon": "epsilon", "vartheta": "theta", "varphi": "phi", "varrho": "rho",
}  # fmt: skip
"""Greek letters and the names that they get; lambda is a word of Python's."""
ACCENTS = {
    "tilde": "tilde", "widetilde": "tilde", "bar": "bar", "overline": "bar", "check": "check",
    "overleftarrow": "reverse", "hat": "hat", "widehat": "hat",
}  # fmt: skip
SIGNS = {
    "ast": "AST", "star": "STAR", "cdot": "CDOT", "times": "TIMES", "odot": "ODOT", "bmod": "BMOD", "pmod": "PMOD",
    "downarrow": "DOWN", "uparrow": "UP", "nabla": "NABLA", "sum": "SUM", "bigast": "SUM", "max": "MOST", "min": "MOST",
    "lim": "LIM",
    "frac": "FRAC", "tfrac": "FRAC", "dfrac": "FRAC", "infty": "INFTY", "dots": "DOTS", "ldots": "DOTS",
    "cdots": "DOTS", "dotsc": "DOTS", "dotsb": "DOTS", "land": "AND", "wedge": "AND",
    "forall": "FORALL", "prime": "PRIME",
    "top": "TOP", "intercal": "TOP",
    "sim": "SIM", "leftarrow": "LEFTARROW", "colon": "COLON", "partial": "PARTIAL", "lfloor": "LFLOOR",
    "rfloor": "RFLOOR", "lceil": "LCEIL", "rceil": "RCEIL", "langle": "LANGLE", "rangle": "RANGLE", "lbrace": "LSET",
    "rbrace": "RSET", "{": "LSET", "}": "RSET", "lvert": "BAR_OPEN", "rvert": "BAR_CLOSE", "lbrack": "LSQ",
    "rbrack": "RSQ", "lparen": "LPAR", "rparen": "RPAR", "substack": "SUBSTACK",
}  # fmt: skip
RELATIONS = {
    "le": "<=", "leq": "<=", "leqslant": "<=", "ge": ">=", "geq": ">=", "geqslant": ">=", "lt": "<", "gt": ">",
    "ne": "!=", "neq": "!=", "mid": "divides", "nmid": "does not divide", "equiv": "equiv", "in": "in", "to": "to",
    "coloneqq": ":=", "triangleq": ":=", "mapsto": "mapsto",
}  # fmt: skip
UNREADABLE_RELATIONS = frozenset({
    "approx", "propto", "Rightarrow", "implies", "iff", "Leftrightarrow", "Longrightarrow", "Leftarrow", "impliedby",
    "simeq", "cong", "rightarrow", "longrightarrow",
})  # fmt: skip
PLAIN = {
    "(": "LPAR", ")": "RPAR", "[": "LSQ", "]": "RSQ", "+": "PLUS", "-": "MINUS", "−": "MINUS", "*": "AST", "∗": "AST",
    "/": "SLASH", "_": "SUB", "^": "SUP", "{": "LBRACE", "}": "RBRACE", ",": "COMMA", ";": "COMMA", ".": "PERIOD",
    "&": "AMP", "=": "REL", "<": "REL", ">": "REL", ":": "COLON", "'": "PRIME", "’": "PRIME", "≤": "REL", "≥": "REL",
    "≠": "REL", "⋆": "STAR", "·": "CDOT", "↓": "DOWN", "↑": "UP",
}  # fmt: skip
PLAIN_RELATIONS = {"≤": "<=", "≥": ">=", "≠": "!="}
SPACES = frozenset({",", ";", ":", "!", " ", ">", "quad", "qquad", "enspace", "thinspace", "displaystyle", "textstyle",
                    "scriptstyle", "limits", "nolimits", "allowbreak", "nonumber", "notag", "mathstrut", "left",
                    "right", "mathbin", "mathrel", "mathop", "mathord", "big", "Big", "bigg", "Bigg", "bigl", "bigr",
                    "Bigl", "Bigr", "biggl", "biggr", "Biggl", "Biggr", "middle", "noindent", "boldsymbol", "relax",
                    "negthinspace", "blacksquare", "square", "Box", "qed", "qedhere", "hfill",
                    "medspace", "thickspace", "linebreak", "pagebreak", "smallskip"})  # fmt: skip
"""Commands that change the look alone."""
DROPPED = frozenset(
    {"label", "tag", "tag*", "hspace", "hspace*", "vspace", "vspace*", "phantom", "hphantom", "vphantom"}
)
"""Commands that are left out with their argument."""
WORD_COMMANDS = frozenset({"gcd"})
FONTS = frozenset({"mathrm", "operatorname", "mathsf", "mathtt", "mathit"})
SETS = {"Z": "Z", "R": "R", "N": "N", "C": "C"}
CLOSING = {"LPAR": "RPAR", "LSQ": "RSQ", "LSET": "RSET", "LBRACE": "RBRACE", "LFLOOR": "RFLOOR", "LCEIL": "RCEIL",
           "LANGLE": "RANGLE", "BAR_OPEN": "BAR_CLOSE", "CASES_BEGIN": "CASES_END"}  # fmt: skip
OPENING = {close: opened for opened, close in CLOSING.items()}
WORDS = {
    "if": "IF", "for": "IF", "when": "IF", "where": "IF", "if and only if": "IF",
    "otherwise": "OTHERWISE", "else": "OTHERWISE", "and": "AND", "for all": "FORALL",
    "even": "PARITY", "is even": "PARITY", "odd": "PARITY", "is odd": "PARITY",
    "divides": "REL", "is divisible by": "REL", "divisible by": "REL", "is a multiple of": "REL",
}  # fmt: skip
"""Words among mathematics that have a meaning."""
