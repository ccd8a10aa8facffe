"""A derivation in the claim language, read as a `Sheet`.

    let k: kernel[c]                             declarations and definitions, for the whole file
    assume gcd(s, t) == 1                        assumptions, for the whole file
    corr(corr(x, k, stride=2), k, stride=2)      a line without a sign begins a chain
      = corr(x, conv(k, up(k, 2)), stride=4)     # what follows the mark is the author's reason

A sign `=`, `==` or `<=` outside of all brackets stands between two lines, at the beginning of a line, at its end or in
its midst.  A line goes on where a bracket is open or an operator stands at its end, and where the next one begins with
an operator.  `claim left == right` is a chain like any other.  What cannot be read is a line without text.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from symconv.errors import StatementError
from symconv.expr.declarations import read_let
from symconv.expr.syntax import LONGEST, read
from symconv.grading.sheet import NOT_UNDERSTOOD, Line, Sheet

MOST_CHARACTERS = 10 * LONGEST
MOST_LINES = 1000
SIGN = re.compile(r"(?:==|<=|>=|!=|:=|=|<|>)")
WORD = re.compile(r"(let|assume|claim)(?:\s+|$)")
KNOWN = {"=": "==", "==": "==", "<=": "<="}
OPEN, CLOSE = "([{", ")]}"
Place = tuple[int, int]
"""Row and column in the file, from 1."""


@dataclass
class _Written:
    """A line as it stands in the file, over one row or several: each character with its place."""

    text: str = ""
    places: list[Place] = field(default_factory=list[Place])
    reasons: list[str] = field(default_factory=list[str])
    depth: int = 0

    def add(self, row: int, text: str) -> None:
        """One row more, without the comment."""
        code, mark, reason = text.partition("#")
        if self.text:
            self.text += " "
            self.places.append((row, 1))
        self.text += code.rstrip()
        self.places += [(row, i + 1) for i in range(len(code.rstrip()))]
        if mark and reason.strip():
            self.reasons.append(reason.strip())
        self.depth += sum(c in OPEN for c in code) - sum(c in CLOSE for c in code)

    def goes_on(self, following: str) -> bool:
        """Whether the next row belongs to this line."""
        code, rest = self.text.rstrip(), following.strip()
        if not code or not rest or rest.startswith("#") or SIGN.match(rest) or WORD.match(rest):
            return False
        return self.depth > 0 or code.endswith(("+", "-", "*", "/", "%", ",")) or rest.startswith(("+", "*", "/", "%"))


def read_claims(content: str, name: str) -> Sheet:
    """The sheet; StatementError with the row and column of a declaration or an assumption that is not understood."""
    if len(content) > MOST_CHARACTERS:
        raise StatementError(f"{name} has {len(content)} characters; at most {MOST_CHARACTERS} are read")
    if "\0" in content:
        raise StatementError(f"{name} is not text: it has characters without meaning")
    parts: dict[str, list[str]] = {"let": [], "assume": []}
    chains = _Chains(name)
    for written in _lines(content):
        word = WORD.match(written.text.lstrip())
        start = len(written.text) - len(written.text.lstrip()) + (word.end() if word else 0)
        if word is None or word[1] == "claim":
            chains.take(written, start, word is not None)
            continue
        chains.close()
        text, places = written.text[start:], written.places[start:]
        row, column = places[0] if places else written.places[0]
        try:
            if text in parts["let"]:
                raise StatementError(f"{text[:40]!r} stands here twice")
            read_let(text) if word[1] == "let" else read(text, "assumption")
        except StatementError as error:
            place = f"{name}, line {row}, column {column}"
            raise StatementError(f"{place}: {_placed(str(error), text, places)}") from None
        parts[word[1]].append(text)
    chains.close()
    if not chains.done:
        raise StatementError(f"{name} has no derivation: write a line, and below it lines that begin with '='")
    return Sheet(name, tuple(parts["let"]), tuple(parts["assume"]), tuple(map(tuple, chains.done)))


def _lines(content: str) -> Iterator[_Written]:
    """What is written, line by line, without those that are empty."""
    now = _Written()
    for row, raw in enumerate(content.splitlines(), start=1):
        if not raw.split("#", 1)[0].strip():
            continue
        if now.text and not now.goes_on(raw):
            yield now
            now = _Written()
        now.add(row, raw)
    if now.text:
        yield now


class _Chains:
    """Chains as they grow, line by line."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.done: list[list[Line]] = []
        self.now: list[Line] = []
        self.pending = ""
        self.asked: Place = (1, 1)
        self.count = 0

    def take(self, written: _Written, start: int, claim: bool) -> None:
        """A line of a derivation, with all signs that it has outside of brackets."""
        pieces = _pieces(written.text, start)
        if self.count + len(pieces) > MOST_LINES:
            raise StatementError(f"{self.name} has more than {MOST_LINES} lines: hand it in in parts")
        reason = "; ".join(written.reasons)
        if claim or (not pieces[0][0] and not self.pending and self._readable(written, pieces[0])):
            self.close()
        for i, (sign, low, high) in enumerate(pieces):
            if self.pending and sign:
                self._broken(written, low, high, f"two signs, {self.pending} and {sign}, stand after another", reason)
            sign = sign or self.pending
            self.pending = ""
            if low == high and i == len(pieces) - 1 and sign:
                self.pending, self.asked = sign, written.places[low - 1]
                if self.now and reason:
                    self.now[-1] = _because(self.now[-1], reason)
                return
            self._line(written, sign, low, high, reason if i == len(pieces) - 1 else "")

    def close(self) -> None:
        """The end of a chain; one in which nothing follows says so."""
        if self.pending:
            row, column = self.asked
            self.now.append(Line("", self.pending, row, column, f"{NOT_UNDERSTOOD}nothing follows this sign"))
        elif len(self.now) == 1:
            row, column = self.now[0].row, self.now[0].column
            why = "no line follows: the next one begins with '='" if self.now[0].text else "this stands alone"
            self.now.append(Line("", "", row, column, NOT_UNDERSTOOD + why))
        if self.now:
            self.done.append(self.now)
        self.now, self.pending = [], ""

    def _readable(self, written: _Written, piece: tuple[str, int, int]) -> bool:
        """Whether words without a sign are an expression; else they stand in the midst of a chain."""
        try:
            read(written.text[piece[1] : piece[2]], "line")
        except StatementError:
            return not self.now
        return True

    def _line(self, written: _Written, sign: str, low: int, high: int, reason: str) -> None:
        """One expression, with the sign before it."""
        text = written.text[low:high].strip()
        if not text:
            self._broken(written, low - len(sign), low, "nothing stands between this sign and the next one", reason)
            return
        if sign and sign not in KNOWN:
            how = "write the chain from the smaller side to the greater one" if sign == ">=" else "write = or <="
            self._broken(written, low, high, f"{sign} stands between lines: {how}", reason)
            return
        if sign and not self.now:
            self._broken(written, low, high, f"nothing stands before the sign {sign}", reason)
            return
        start = low + len(written.text[low:high]) - len(written.text[low:high].lstrip())
        try:
            tree = read(text, "line")
            if isinstance(tree, ast.Compare | ast.BoolOp | ast.Lambda | ast.IfExp | ast.Tuple | ast.NamedExpr):
                raise StatementError(f"{text[:40]!r} is not an expression of the claim language")
        except StatementError as error:
            self._broken(written, low, high, _placed(str(error), text, written.places[start:]), reason)
            return
        row, column = written.places[start]
        self.now.append(Line(text, text, row, column, reason, KNOWN.get(sign, "==")))
        self.count += 1

    def _broken(self, written: _Written, low: int, high: int, why: str, reason: str) -> None:
        source = written.text[low:high].strip()
        start = low + len(written.text[low:high]) - len(written.text[low:high].lstrip())
        row, column = written.places[min(start, len(written.places) - 1)]
        because = f" (beside it: {reason})" if reason else ""
        self.now.append(Line("", source[:400], row, column, f"{NOT_UNDERSTOOD}{why}{because}"))
        self.count += 1


def _because(line: Line, reason: str) -> Line:
    """The line with what is said beside the sign after it."""
    joined = "; ".join(filter(None, (line.reason, reason)))
    return Line(line.text, line.source, line.row, line.column, joined, line.relation)


def _pieces(text: str, start: int) -> list[tuple[str, int, int]]:
    """The sign before each expression, and from where to where it goes; the first one may have no sign."""
    out: list[tuple[str, int, int]] = []
    depth, sign, low, i = 0, "", start, start
    while i < len(text):
        if text[i] in OPEN:
            depth += 1
        elif text[i] in CLOSE:
            depth -= 1
        elif depth <= 0 and (found := SIGN.match(text, i)):
            if sign or text[low:i].strip():
                out.append((sign, low, i))
            sign, low = found[0], found.end()
            i = low
            continue
        i += 1
    out.append((sign, low, len(text)))
    return out


def _placed(message: str, text: str, places: list[Place]) -> str:
    """The message with columns of the file instead of columns of the expression."""
    shift = len(text) - len(text.lstrip())

    def there(found: re.Match[str]) -> str:
        at = min(int(found[1]) - 1 + shift, len(places) - 1)
        return f"at line {places[at][0]}, column {places[at][1]}" if places else found[0]

    return re.sub(r"at column (\d+)", there, message, count=1)
