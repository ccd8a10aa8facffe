"""LaTeX mathematics to tokens: comments and looks left out, macros written out within bounds.

What TeX supplies by itself is done in `latex_tidy`.  Brackets are balanced in what is returned.
"""

from __future__ import annotations

import re
from collections.abc import Generator, Iterator, Mapping
from dataclasses import dataclass, field, replace

from symconv.grading.latex_macros import USUAL, Macro, arguments
from symconv.grading.latex_tidy import arrays, braced, tidy
from symconv.grading.latex_tokens import (
    ACCENTS,
    CLOSING,
    DROPPED,
    FONTS,
    GREEK,
    OPENING,
    PLAIN,
    PLAIN_RELATIONS,
    RELATIONS,
    SETS,
    SIGNS,
    SPACES,
    UNREADABLE_RELATIONS,
    WORD_COMMANDS,
    WORDS,
    Source,
    Token,
    group_end,
)

DEEPEST = 40
"""How deep brackets may be nested."""
LONGEST = 20_000
"""How many characters one display may have."""
EXPANDED = 20_000
"""How many characters macros may add to one piece of mathematics."""
PIECE = re.compile(
    r"(?P<space>\s+|~)|(?P<row>\\\\(\*|\[-?[\d.]+(pt|em|ex|mm|cm)\])?)|\\(?P<name>[A-Za-z]+\*?|[^A-Za-z])"
    r"|(?P<number>\d+(\.\d+)?)|(?P<letter>[A-Za-z])|(?P<other>.)",
    re.DOTALL,
)
COMMAND = re.compile(r"\\[A-Za-z]+")
TEXTS = frozenset({"text", "textrm", "textit", "textnormal", "mbox", "textbf", "intertext", "shortintertext"})
INNER = frozenset({"aligned", "split", "gathered", "alignedat"})
BRACES = {"underbrace": "_", "overbrace": "^"}
OPENS = frozenset(
    {
        "PLUS",
        "MINUS",
        "REL",
        "COMMA",
        "AST",
        "STAR",
        "CDOT",
        "TIMES",
        "SLASH",
        "SUB",
        "SUP",
        "AMP",
        "NEWLINE",
        "BAR_OPEN",
        *CLOSING,
    }
)


LEFT = frozenset({"left", "bigl", "Bigl", "biggl", "Biggl"})
RIGHT = frozenset({"right", "bigr", "Bigr", "biggr", "Biggr"})


def without_comments(content: str) -> str:
    """The content with spaces for `% …`, so that places stay what they are."""
    return re.sub(r"(?<!\\)((?:\\\\)*)%[^\n]*", lambda m: m[1] + " " * (len(m[0]) - len(m[1])), content)


@dataclass
class Lexer:
    """Reads pieces of one file; `macros` are the author's abbreviations."""

    source: Source
    macros: Mapping[str, Macro]
    expanded: int = 0
    greek: dict[str, str] = field(default_factory=dict[str, str])
    """How each Greek letter is written in this file."""

    def tokens(self, text: str, start: int) -> list[Token]:
        """The tokens of text that stands at `start` in the file; StatementError with the place."""
        self.expanded = 0
        if len(text) > LONGEST:
            raise self.source.error(
                start, f"a formula of {len(text)} characters is too long: at most {LONGEST} are read"
            )
        tokens = arrays(braced(list(self._scan(text, start, 0, None))), self.source)
        return self._balanced(tidy(tokens))

    def _scan(self, text: str, start: int, depth: int, whole: tuple[int, int] | None) -> Iterator[Token]:
        """Tokens in their order; those of a macro or of words all stand at `whole`, its beginning and end."""
        position, side, begin = 0, "", 0
        while position < len(text):
            found = PIECE.match(text, position)
            at = whole[0] if whole else start + position
            if found is None:
                raise self.source.error(at, "a backslash stands at the end")
            position = found.end()
            name, made = found["name"], list[Token]()
            if found["space"]:
                continue
            if name in SPACES:
                begin = at if name in LEFT | RIGHT else begin
                side = "open" if name in LEFT else "close" if name in RIGHT else ""
                made = [Token("BIN", name, at)] if name.startswith("math") else []
            elif found["row"]:
                made = [Token("NEWLINE", "\\\\", at)]
            elif name is not None:
                made, position = _drained(self._command(name, text, position, at, depth, whole, start))
            elif found["number"]:
                made = [Token("NUM", found[0], at)]
            elif found["letter"]:
                made = [Token("SYM", found[0], at)]
            else:
                made = [self._sign(found[0], side, at)]
            end = whole[1] if whole else start + position
            for token in made:
                yield replace(token, at=begin if side and name not in SPACES else token.at, end=end)
            side = side if name in SPACES else ""

    def _sign(self, piece: str, side: str, at: int) -> Token:
        if piece == "." and side:
            return Token("NO_FENCE", piece, at)
        if piece == "|":
            return Token({"open": "BAR_OPEN", "close": "BAR_CLOSE"}.get(side, "BAR"), piece, at)
        if piece not in PLAIN:
            shown = piece if piece.isprintable() else f"the character U+{ord(piece):04X}"
            return Token("UNREAD", f"{shown} is not part of the notation that is read", at)
        return Token(PLAIN[piece], PLAIN_RELATIONS.get(piece, piece), at)

    def _command(
        self, name: str, text: str, position: int, at: int, depth: int, whole: tuple[int, int] | None, origin: int
    ) -> Generator[Token, None, int]:
        """The tokens of one command; gives the place after it."""
        starred, name = name.endswith("*"), name if name in DROPPED | {"operatorname*"} else name.rstrip("*")
        macro = self.macros.get(name) or USUAL.get(name)
        if starred and not name.endswith("*") and not (macro is not None and macro.body.startswith("\\left")):
            position -= 1
        if macro is not None:
            given, end = arguments(macro, text, position, lambda t, p: self._argument(t, p, at, commands=True))
            self.expanded += 1 + macro.size(given)
            if depth > DEEPEST or self.expanded > EXPANDED:
                raise self.source.error(at, f"\\{name} is written out without end: a macro may not stand in itself")
            yield from self._scan(
                macro.written_out(given), at, depth + 1, whole or (at, at + 1 + len(name) + end - position)
            )
            return end
        if name in SIGNS:
            yield Token(SIGNS[name], f"\\{name}", at)
        elif name in RELATIONS:
            yield Token("REL", RELATIONS[name], at)
        elif name in UNREADABLE_RELATIONS:
            yield Token("UNREAD", f"\\{name} is no step of a chain: write =, or \\le", at)
        elif name in GREEK:
            own = self.greek.setdefault(GREEK[name], name)
            why = f"\\{name} and \\{own} would be one letter here: use another one"
            yield Token("SYM", GREEK[name], at) if own == name else Token("UNREAD", why, at)
        elif name in ACCENTS:
            yield Token("ACCENT", ACCENTS[name], at)
        elif name in WORD_COMMANDS:
            yield Token("WORD", name, at)
        else:
            return (yield from self._with_argument(name, text, position, at, depth, whole, origin))
        return position

    def _with_argument(
        self, name: str, text: str, position: int, at: int, depth: int, whole: tuple[int, int] | None, origin: int
    ) -> Generator[Token, None, int]:
        known = (
            {
                "begin",
                "end",
                "mathbb",
                "mathbf",
                "mathbbm",
                "mathds",
                "bm",
                "mathcal",
                "overset",
                "stackrel",
                "operatorname*",
                "ref",
                "eqref",
            }
            | BRACES.keys()
            | TEXTS
            | DROPPED
            | FONTS
        )
        if name not in known:
            yield Token("UNREAD", f"\\{name} is not part of the notation that is read", at)
            return position
        argument, position = self._argument(text, position, at)
        match name:
            case "begin" | "end":
                if name == "begin" and argument in ("array", "alignedat"):
                    _, position = self._argument(text, position, at)
                elif name == "begin" and (option := re.compile(r"\[[tcb]\]").match(text, position)) is not None:
                    position = option.end()
                if argument in ("cases", "dcases", "array"):
                    yield Token(f"{argument[-5:].upper()}_{name.upper()}", argument, at)
                elif argument not in INNER:
                    raise self.source.error(at, f"\\{name}{{{argument[:20]}}} is not read inside of a formula")
            case _ if name in DROPPED:
                pass
            case _ if name in BRACES:
                begin = position - len(argument) - (text[position - 1] == "}")
                if depth > DEEPEST:
                    raise self.source.error(at, f"braces are nested more than {DEEPEST} deep")
                yield Token("LBRACE", "{", at)
                yield from self._scan(argument, whole[0] if whole else origin + begin, depth + 1, whole)
                yield Token("RBRACE", "}", at)
                label = re.compile(rf"\s*{re.escape(BRACES[name])}").match(text, position)
                if label is not None:
                    shown, position = self._argument(text, label.end(), at, commands=True)
                    yield Token("LABEL", plain_words(shown), at)
            case "intertext" | "shortintertext":
                yield Token("NEWLINE", "\\\\", at)
                yield from self._words(argument, at, depth, whole or (at, at))
                yield Token("NEWLINE", "\\\\", at)
            case _ if name in TEXTS:
                yield from self._words(argument, at, depth, whole or (at, at))
            case "overset" | "stackrel":
                below, position = self._argument(text, position, at)
                if below.strip() not in ("=", "\\le", "\\leq"):
                    raise self.source.error(at, f"\\{name} is read above = and \\le alone")
                plain = plain_words(argument)
                defining = "def" in plain
                yield Token("ABOVE", plain.strip("() "), at)
                yield Token("REL", ":=" if defining else "=" if below.strip() == "=" else "<=", at)
            case "ref" | "eqref":
                yield Token("TEXT", f"({argument})", at)
            case _ if name in FONTS:
                if not re.fullmatch(r"[A-Za-z][A-Za-z0-9_]*", argument.strip().replace("\\_", "_")):
                    raise self.source.error(
                        at, f"\\{name}{{{argument[:20]}}} is no name: letters and digits belong here"
                    )
                yield Token("WORD", argument.strip().replace("\\_", "_"), at)
            case _:
                yield self._letter(name, argument.strip(), at)
        return position

    def _letter(self, name: str, letter: str, at: int) -> Token:
        if letter == "1" and name != "bm":
            return Token("INDICATOR", letter, at)
        if letter in SETS and (name == "mathbb" or (name == "mathbf" and letter == "Z")):
            return Token("SET", letter, at)
        if re.fullmatch(r"[A-Za-z]", letter) and name in ("mathbf", "bm", "mathcal"):
            return Token("SYM", letter + ("cal" if name == "mathcal" else ""), at)
        raise self.source.error(at, f"\\{name}{{{letter[:20]}}} is not part of the notation that is read")

    def _argument(self, text: str, position: int, at: int, *, commands: bool = False) -> tuple[str, int]:
        """What stands in braces after a command, or one character, or a command; and the place after it."""
        begin = len(text) - len(text[position:].lstrip())
        if begin < len(text) and text[begin] == "{":
            end = group_end(text, begin, self.source, at)
            return text[begin + 1 : end], end + 1
        if commands and (found := COMMAND.match(text, begin)) is not None:
            return found[0], found.end()
        if begin < len(text) and text[begin] not in "\\}$&":
            return text[begin], begin + 1
        raise self.source.error(at, "a command lacks its argument")

    def _words(self, argument: str, start: int, depth: int, whole: tuple[int, int]) -> Iterator[Token]:
        """\\text{if $n$ is even} as the words and what stands between dollars."""
        for number, part in enumerate(argument.split("$")):
            if number == 0 and not part.strip() and "$" in argument:
                yield Token("TEXT", "", start)  # Words begin here, with a formula.
            if number % 2:
                yield from self._scan(part, start, depth, whole)
                continue
            plain = " ".join(part.replace("~", " ").replace("\\_", "_").split())
            surplus = plain.count("(") - plain.count(")")
            if surplus == 1 and plain.startswith("("):
                yield Token("LPAR", "(", start)
                plain = plain[1:].strip()
                if not plain:
                    yield Token("TEXT", "", start)
            if surplus == -1 and plain.endswith(")"):
                plain = plain[:-1].strip()
            word = plain.strip("., ;:()").lower()
            if word in WORDS:
                kind = WORDS[word]
                meaning = {"divides": "divides"}.get(word, "multiple of") if kind == "REL" else word
                yield Token(kind, meaning, start)
            elif plain:
                yield Token("TEXT", plain, start)
            if surplus == -1:
                yield Token("RPAR", ")", start)

    def _balanced(self, tokens: list[Token]) -> list[Token]:
        """Every bracket with its partner; bare bars open or close by what stands before them."""
        out: list[Token] = []
        stack: list[Token] = []
        for token in tokens:
            if token.kind == "TEXT" and not token.text and stack and stack[-1].kind != "LPAR":
                continue
            if token.kind == "BAR":
                closes = bool(stack) and stack[-1].kind == "BAR_OPEN" and out[-1].kind not in OPENS
                token = replace(token, kind="BAR_CLOSE" if closes else "BAR_OPEN")
            if token.kind == "NEWLINE" and stack and stack[-1].kind == "CASES_BEGIN":
                token = replace(token, kind="BRANCH")
            if token.kind in CLOSING:
                stack.append(token)
                if len(stack) > DEEPEST:
                    raise self.source.error(token.at, f"brackets are nested more than {DEEPEST} deep")
            elif token.kind in OPENING:
                if not stack or CLOSING[stack[-1].kind] != token.kind:
                    opened = f"'{stack[-1].text}' is still open" if stack else "nothing is open"
                    raise self.source.error(token.at, f"'{token.text}' closes nothing here: {opened}")
                stack.pop()
            out.append(token)
        if stack:
            raise self.source.error(stack[-1].at, f"'{stack[-1].text}' is not closed")
        return out


def plain_words(label: str) -> str:
    """A label without \\text."""
    return " ".join(re.sub(r"\\(?:text|mathrm|textrm|mbox)\{([^{}]*)\}", r"\1", label).split())


def _drained(made: Generator[Token, None, int]) -> tuple[list[Token], int]:
    """What a generator yields and what it returns."""
    out: list[Token] = []
    while True:
        try:
            out.append(next(made))
        except StopIteration as stop:
            return out, stop.value
