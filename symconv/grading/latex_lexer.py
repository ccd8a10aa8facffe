"""LaTeX mathematics to tokens: comments and looks left out, macros without arguments written out a bounded number of times.

Single tokens after `_`, `^`, `\frac` and accents get the braces that TeX supplies; braces that only set a sign apart, as in
`\\mathbin{\\star_s}` and `{\\downarrow}_s`, are taken away.  Brackets are balanced in what is returned.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

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
    WORDS,
    Source,
    Token,
)

DEEPEST = 40
"""How deep brackets may be nested."""
EXPANSIONS = 1000
"""How many macros are written out in one piece of mathematics, and a tenth as many inside one another."""
PIECE = re.compile(
    r"(?P<space>\s+|~)|(?P<row>\\\\(\*|\[-?[\d.]+(pt|em|ex|mm|cm)\])?)|\\(?P<name>[A-Za-z]+\*?|[^A-Za-z])"
    r"|(?P<number>\d+(\.\d+)?)|(?P<letter>[A-Za-z])|(?P<other>.)",
    re.DOTALL,
)
TEXTS = frozenset({"text", "textrm", "textit", "textnormal", "mbox", "textbf", "intertext", "shortintertext"})
INNER = frozenset({"aligned", "split", "gathered", "alignedat", "array"})
OPENS = frozenset({"PLUS", "MINUS", "REL", "COMMA", "AST", "STAR", "CDOT", "TIMES", "SLASH", "SUB", "SUP", "AMP", "NEWLINE",
                   "BAR_OPEN", *CLOSING})  # fmt: skip


def without_comments(content: str) -> str:
    """The content with spaces for `% …`, so that places stay what they are."""
    return re.sub(r"(?<!\\)((?:\\\\)*)%[^\n]*", lambda m: m[1] + " " * (len(m[0]) - len(m[1])), content)


def group_end(text: str, start: int, source: Source, at: int) -> int:
    """The place of the `}` that closes the `{` at `start`."""
    depth = 0
    for found in re.compile(r"\\.|[{}]", re.DOTALL).finditer(text, start):
        depth += {"{": 1, "}": -1}.get(found[0], 0)
        if not depth and found[0] == "}":
            return found.start()
    raise source.error(at, "a '{' is not closed")


@dataclass
class Lexer:
    """Reads pieces of one file; `macros` are the author's abbreviations."""

    source: Source
    macros: Mapping[str, str]
    expanded: int = 0

    def tokens(self, text: str, start: int) -> list[Token]:
        """The tokens of text that stands at `start` in the file; StatementError with the place."""
        self.expanded = 0
        raw = list(self._scan(text, start, 0, fixed=False))
        return self._balanced(_tidy(_braced(raw)))

    def _scan(self, text: str, start: int, depth: int, *, fixed: bool) -> Iterator[Token]:
        """Tokens in their order; `fixed` puts all of them at `start`, as those of a macro."""
        position, side = 0, ""
        while position < len(text):
            found = PIECE.match(text, position)
            at = start if fixed else start + position
            if found is None:
                raise self.source.error(at, "a backslash stands at the end")
            position = found.end()
            kind, piece = found.lastgroup or "", found[0]
            if found["row"]:
                yield Token("NEWLINE", "\\\\", at)
            elif (name := found["name"]) is not None:
                if name in SPACES:
                    side = "open" if name in ("left", "bigl", "Bigl", "biggl", "Biggl") else side
                    side = "close" if name in ("right", "bigr", "Bigr", "biggr", "Biggr") else side
                    if name.startswith("math"):
                        yield Token("BIN", piece, at)
                    continue
                position = yield from self._command(name, text, position, at, depth, fixed=fixed)
            elif found["number"]:
                yield Token("NUM", piece, at)
            elif found["letter"]:
                yield Token("SYM", piece, at)
            elif found["other"]:
                yield self._sign(piece, side, at)
            side = side if kind == "space" else ""

    def _sign(self, piece: str, side: str, at: int) -> Token:
        if piece == "|":
            return Token({"open": "BAR_OPEN", "close": "BAR_CLOSE"}.get(side, "BAR"), piece, at)
        if piece not in PLAIN:
            shown = piece if piece.isprintable() else f"the character U+{ord(piece):04X}"
            raise self.source.error(at, f"{shown} is not part of the notation that is read")
        return Token(PLAIN[piece], PLAIN_RELATIONS.get(piece, piece), at)

    def _command(self, name: str, text: str, position: int, at: int, depth: int, *,
                 fixed: bool) -> Iterator[Token]:  # fmt: skip
        """The tokens of one command; gives the place after it."""
        if name in self.macros:
            self.expanded += 1
            if depth > EXPANSIONS // 100 or self.expanded > EXPANSIONS:
                raise self.source.error(at, f"\\{name} is written out without end: a macro may not stand in itself")
            yield from self._scan(self.macros[name], at, depth + 1, fixed=True)
            return position
        if name in SIGNS:
            yield Token(SIGNS[name], f"\\{name}", at)
        elif name in RELATIONS:
            yield Token("REL", RELATIONS[name], at)
        elif name in UNREADABLE_RELATIONS:
            raise self.source.error(at, f"\\{name} is no step of a chain: write =, or \\le")
        elif name in GREEK:
            yield Token("SYM", GREEK[name], at)
        elif name in ACCENTS:
            yield Token("ACCENT", ACCENTS[name], at)
        else:
            return (yield from self._with_argument(name, text, position, at, depth, fixed=fixed))
        return position

    def _with_argument(self, name: str, text: str, position: int, at: int, depth: int, *,
                       fixed: bool) -> Iterator[Token]:  # fmt: skip
        known = {"begin", "end", "mathbb", "mathbf", "mathbbm", "mathds", "bm", "mathcal", "overset", "stackrel",
                 "operatorname*", "ref", "eqref"} | TEXTS | DROPPED | FONTS  # fmt: skip
        if name not in known:
            raise self.source.error(at, f"\\{name} is not part of the notation that is read")
        argument, inside, position = self._argument(text, position, at, fixed=fixed)
        match name:
            case "begin" | "end":
                if argument in ("cases", "dcases"):
                    yield Token(f"CASES_{name.upper()}", argument, at)
                elif argument not in INNER - {"array"}:
                    raise self.source.error(at, f"\\{name}{{{argument[:20]}}} is not read inside of a formula")
            case _ if name in DROPPED:
                pass
            case _ if name in TEXTS:
                yield from self._words(argument, inside, depth, fixed=fixed)
            case "overset" | "stackrel":
                below, _, position = self._argument(text, position, at, fixed=fixed)
                if below.strip() not in ("=", "\\le", "\\leq"):
                    raise self.source.error(at, f"\\{name} is read above = and \\le alone")
                plain = re.sub(r"\\(?:text|mathrm)\{([^{}]*)\}", r"\1", argument)
                defining = "def" in plain
                yield Token("ABOVE", plain.strip("() "), at)
                yield Token("REL", ":=" if defining else "=" if below.strip() == "=" else "<=", at)
            case "ref" | "eqref":
                yield Token("TEXT", f"({argument})", at)
            case _ if name in FONTS:
                if not re.fullmatch(r"[A-Za-z][A-Za-z0-9_]*", argument.strip().replace("\\_", "_")):
                    raise self.source.error(at, f"\\{name}{{{argument[:20]}}} is no name: letters and digits belong here")
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

    def _argument(self, text: str, position: int, at: int, *, fixed: bool) -> tuple[str, int, int]:
        """What stands in braces after a command, or one character; where it begins, and the place after it."""
        begin = position + len(text[position:]) - len(text[position:].lstrip())
        if begin < len(text) and text[begin] == "{":
            end = group_end(text, begin, self.source, at)
            return text[begin + 1 : end], at, end + 1
        if begin < len(text) and text[begin] not in "\\}$&":
            return text[begin], at, begin + 1
        raise self.source.error(at, "a command lacks its argument")

    def _words(self, argument: str, start: int, depth: int, *, fixed: bool) -> Iterator[Token]:
        """\\text{if $n$ is even} as the words and what stands between dollars."""
        for number, part in enumerate(argument.split("$")):
            if number % 2:
                yield from self._scan(part, start, depth, fixed=True)
                continue
            plain = " ".join(part.replace("~", " ").split())
            word = plain.strip("., ;:()").lower()
            if word in WORDS:
                kind = WORDS[word]
                meaning = {"divides": "divides"}.get(word, "multiple of") if kind == "REL" else word
                yield Token(kind, meaning, start)
            elif plain:
                yield Token("TEXT", plain, start)

    def _balanced(self, tokens: list[Token]) -> list[Token]:
        """Every bracket with its partner; bare bars open or close by what stands before them."""
        out: list[Token] = []
        stack: list[Token] = []
        for token in tokens:
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


def _braced(tokens: list[Token]) -> list[Token]:
    """Braces around the single tokens that TeX takes as arguments."""
    out: list[Token] = []
    due: list[int] = []
    depth = 0
    queue = list(reversed(tokens))
    while queue:
        token = queue.pop()
        waiting = bool(due) and due[-1] == depth
        if waiting and token.kind == "NUM" and len(token.text) > 1:
            queue.append(Token("NUM", token.text[1:], token.at + 1))
            token = replace(token, text=token.text[0])
        if waiting and token.kind != "LBRACE":
            due.pop()
            out += [Token("LBRACE", "{", token.at), token, Token("RBRACE", "}", token.at)]
        else:
            if waiting:
                due.pop()
            depth += {"LBRACE": 1, "RBRACE": -1}.get(token.kind, 0)
            out.append(token)
        if token.kind in ("SUB", "SUP", "ACCENT", "PMOD", "SUBSTACK") and not waiting:
            due.append(depth)
        elif token.kind == "FRAC" and not waiting:
            due += [depth, depth]
    return out


def _tidy(tokens: list[Token]) -> list[Token]:
    """Without braces that only set a sign apart, and without punctuation at the ends of rows."""
    kept: list[Token] = []
    stack: list[bool] = []
    for i, token in enumerate(tokens):
        following = [t.kind for t in tokens[i + 1 : i + 3]]
        if token.kind == "LBRACE":
            before = tokens[i - 1].kind if i else ""
            apart = before in ("BIN", "SUBSTACK") or (
                before not in ("SUB", "SUP") and following[1:] == ["RBRACE"] and following[0] in ("DOWN", "UP", "AST", "STAR")
            )
            stack.append(apart)
            if not apart:
                kept.append(token)
        elif token.kind == "RBRACE" and stack:
            if not stack.pop():
                kept.append(token)
        elif token.kind in ("BIN", "SUBSTACK"):
            pass
        elif token.kind in ("COMMA", "PERIOD") and (not following or following[0] in ("NEWLINE", "AMP", "CASES_END")):
            pass
        else:
            kept.append(token)
    return kept
