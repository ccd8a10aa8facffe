"""The Jinja environments, one a language, over the same documents; an undefined name is an error."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from symconv.document.model import Chain, Display, Document, Figure, Matrices, Matrix, Paragraph, Table, Text
from symconv.errors import RenderError
from symconv.expr.mathematics import Math
from symconv.render import latex, mathml, plain, typst

if TYPE_CHECKING:
    from jinja2 import Environment

ENDINGS = {"latex": "tex", "typst": "typ", "html": "html"}
KINDS = {Paragraph: "paragraph", Display: "display", Chain: "chain", Figure: "figure", Table: "table",
         Matrices: "matrices"}  # fmt: skip
MATH: dict[str, Callable[[Math], str]] = {"latex": latex.latex, "typst": typst.typst, "html": mathml.mathml}
BOXED = 16
"""Formulas of fewer signs than these are not broken across lines."""
INLINE: dict[str, Callable[[Math], str]] = {
    "latex": lambda m: f"${latex.latex(m)}$",
    "typst": lambda m: (
        f"#box[${typst.typst(m).strip()}$]" if len(plain.plain(m)) < BOXED else f"${typst.typst(m).strip()}$"
    ),
    "html": mathml.inline,
}
GLUE = {"html": "\u2060"}
"""Keeps a formula and the comma after it on one line."""
ESCAPE: dict[str, Callable[[str], str]] = {"latex": latex.escape, "typst": typst.escape, "html": mathml.escape}


def folders() -> list[Path]:
    """Where templates are looked for: in the installed package, then in the checkout."""
    package = Path(__file__).resolve().parent.parent
    return [package / "templates", package.parent / "templates"]


@cache
def environment(language: str) -> Environment:
    """The environment of a language; RenderError where its templates are missing."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined
    from markupsafe import Markup

    found = [str(f / language) for f in folders() if (f / language).is_dir()]
    if not found:
        raise RenderError(f"the templates for {language} are missing: install symconv again")
    marks: dict[str, Any] = {}
    if language == "latex":
        marks = {"block_start_string": "<%", "block_end_string": "%>", "variable_start_string": "<<",
                 "variable_end_string": ">>", "comment_start_string": "<#", "comment_end_string": "#>"}  # fmt: skip
    # Every value goes through the filters below, which escape for the language; Jinja's own escaping serves HTML only.
    env = Environment(loader=FileSystemLoader(found), undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True,
                      autoescape=language == "html", keep_trailing_newline=True, **marks)  # fmt: skip  # noqa: S701
    safe: Callable[[str], str] = Markup if language == "html" else str
    env.filters["math"] = lambda m: safe(MATH[language](m))
    env.filters["text"] = lambda t: safe(text(t, language))
    env.filters["words"] = lambda t: safe(ESCAPE[language](t))
    env.filters["literal"] = typst.literal
    env.filters["kind"] = lambda block: KINDS[type(block)]
    env.filters["length"] = len
    env.tests["matrix"] = lambda item: isinstance(item, Matrix)
    env.filters["width"] = lambda m: len(plain.plain(m))
    return env


def text(t: Text, language: str) -> str:
    """Words and mathematics in a language, the words escaped."""
    out, after_formula = "", False
    for part in t:
        if isinstance(part, str):
            keep = GLUE.get(language, "") if after_formula and part.startswith((",", ".", ";", ":", "?")) else ""
            out += keep + ESCAPE[language](part)
        else:
            out += INLINE[language](part)
        after_formula = not isinstance(part, str)
    return out


def render(document: Document, language: str) -> str:
    """The whole file."""
    return environment(language).get_template(f"page.{ENDINGS[language]}.j2").render(document=document)
