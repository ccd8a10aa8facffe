"""A LaTeX file as displays, mathematics between dollars, and words; the author's abbreviations beside them.

Displayed mathematics is the derivation.  Words are the author's: what a sentence declares is read in `latex_prose`, all
else is a reason.  Files that are read in (\\input), macros with arguments and unknown environments are refused.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from symconv.grading.latex_lexer import without_comments
from symconv.grading.latex_macros import DEFINING, Macro, read_macro
from symconv.grading.latex_tokens import Source

LONGEST = 100_000
"""How many characters a file may have."""
DISPLAYS = frozenset({"equation", "align", "gather", "multline", "eqnarray", "flalign", "alignat", "displaymath"})
AROUND = frozenset(
    {
        "document",
        "proof",
        "theorem",
        "lemma",
        "proposition",
        "corollary",
        "claim",
        "solution",
        "definition",
        "remark",
        "enumerate",
        "itemize",
        "center",
        "abstract",
        "quote",
        "problem",
        "exercise",
        "subequations",
        "example",
        "answer",
        "notation",
        "assumption",
        "flushleft",
    }
)
"""Environments whose content is read as if they were not there."""
LOOKS = frozenset(
    {
        "section",
        "subsection",
        "subsubsection",
        "paragraph",
        "textbf",
        "emph",
        "textit",
        "underline",
        "item",
        "noindent",
        "medskip",
        "bigskip",
        "smallskip",
        "newpage",
        "clearpage",
        "maketitle",
        "title",
        "author",
        "date",
        "qed",
        "qedsymbol",
        "ldots",
        "dots",
        "par",
        "centering",
        "quad",
        "qquad",
        "hfill",
        "textrm",
        "texttt",
        "text",
        "mbox",
        "today",
        "newline",
        "allowbreak",
        "large",
        "Large",
        "LaTeX",
        "footnotesize",
        "small",
    }
)
"""Commands in words that change the look alone; their arguments are words."""
HIDDEN = frozenset({"label", "ref", "eqref", "cite", "vspace", "hspace", "pagestyle", "thispagestyle", "setcounter"})
PIECE = re.compile(
    r"(?P<blank>\n[ \t]*\n\s*)|\\(?P<edge>begin|end)\s*\{(?P<env>[A-Za-z]+)\*?\}|(?P<open>\\\[|\\\(|\$\$?)"
    r"|\\(?P<name>[A-Za-z]+)\*?|\\(?P<sign>.)|(?P<words>[^\\$\n]+|\n)",
    re.DOTALL,
)
CLOSE = {"\\[": "\\]", "\\(": "\\)", "$": "$", "$$": "$$"}


@dataclass(frozen=True, slots=True)
class Element:
    """A piece of a file: kind is display, inline, words or break."""

    kind: str
    text: str
    at: int


@dataclass(frozen=True, slots=True)
class Document:
    source: Source
    elements: tuple[Element, ...]
    macros: dict[str, Macro]


def read_document(content: str, name: str) -> Document:
    """The pieces of a file; StatementError where its outline is broken."""
    source = Source(name, content)
    if "\0" in content or "�" in content:
        raise source.error(
            min(i for i in (content.find("\0"), content.find("�")) if i >= 0),
            "this is no text: a character is not readable",
        )
    if len(content) > LONGEST:
        raise source.error(LONGEST, f"the file has {len(content)} characters; at most {LONGEST} are read")
    plain = without_comments(content)
    begin = plain.find("\\begin{document}")
    macros: dict[str, Macro] = {}
    elements: list[Element] = []
    position = 0
    while position < len(plain):
        found = PIECE.match(plain, position)
        if found is None:
            raise source.error(position, "a backslash stands at the end of the file")
        at, position = position, found.end()
        preamble = at < begin
        if found["blank"]:
            elements.append(Element("break", "", at))
        elif found["edge"]:
            position = _environment(found, plain, position, source, elements, preamble=preamble)
            if found["env"] == "document" and found["edge"] == "end":
                break
        elif found["open"]:
            position = _mathematics(found["open"], plain, at, source, elements)
        elif found["name"] is not None:
            position = _command(found["name"], plain, position, at, source, macros, preamble=preamble)
        elif found["sign"] is not None:
            if found["sign"] in "])":
                raise source.error(at, f"\\{found['sign']} closes nothing here")
            elements.append(Element("words", " ", at))
        elif not preamble:
            elements.append(Element("words", found["words"], at))
    return Document(source, tuple(elements), macros)


def _environment(
    found: re.Match[str], plain: str, position: int, source: Source, elements: list[Element], *, preamble: bool
) -> int:
    env, at = found["env"], found.start()
    if env in AROUND:
        elements.append(Element("break", "", at))
        return position
    if env not in DISPLAYS or preamble:
        raise source.error(at, f"the environment {env} is not read: write the derivation in align or equation")
    if found["edge"] == "end":
        raise source.error(at, f"\\end{{{env}}} closes nothing here")
    end = re.compile(rf"\\end\s*\{{{env}\*?\}}").search(plain, position)
    if end is None:
        raise source.error(at, f"\\begin{{{env}}} has no \\end{{{env}}}")
    start = position
    if env == "alignat" and (argument := re.match(r"\s*\{\d+\}", plain[position : end.start()])):
        start += argument.end()
    elements.append(Element("display", plain[start : end.start()], start))
    return end.end()


def _mathematics(opening: str, plain: str, at: int, source: Source, elements: list[Element]) -> int:
    start, close = at + len(opening), CLOSE[opening]
    found = re.compile(r"\\(?![\])]).|" + re.escape(close), re.DOTALL)
    for match in found.finditer(plain, start):
        if match[0] == close:
            kind = "display" if opening in ("\\[", "$$") else "inline"
            elements.append(Element(kind, plain[start : match.start()], start))
            return match.end()
    raise source.error(at, f"{opening} is not closed by {close}")


def _command(
    name: str, plain: str, position: int, at: int, source: Source, macros: dict[str, Macro], *, preamble: bool
) -> int:
    """The place after a command among words, and after what it defines."""
    if name in DEFINING:
        command, macro, position = read_macro(name, plain, position, at, source)
        macros[command] = macro
        return position
    if name in ("let", "input", "include", "edef", "gdef", "csname", "catcode", "loop"):
        raise source.error(at, f"\\{name} is not read: write \\newcommand, and all in one file")
    if preamble or name in LOOKS:
        return position
    if name in HIDDEN:
        found = re.compile(r"\s*\{[^{}]*\}").match(plain, position)
        return found.end() if found is not None else position
    raise source.error(at, f"\\{name} is not known among words: mathematics stands between dollars")
