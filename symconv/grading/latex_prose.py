"""What words declare: let x be a signal and k a kernel with c taps, let y = k \\ast x, for s \\ge 1.

A sentence, or part of one after a comma, that begins with let, where, with, for, if, assume, suppose, given, define
or denote (we define, we assume, …), and goes on with mathematics, is a declaration and must be understood.  A
condition holds for the whole file.  Any other sentence is a reason, but for "then" and its like.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from symconv.grading.latex_tokens import Source, Token

MARK = "\x01"
"""Stands for mathematics in a sentence."""
MOST = 100
"""How many formulas one sentence may have."""
KINDS = {
    "signal": "signal",
    "sequence": "signal",
    "input": "signal",
    "image": "signal",
    "kernel": "kernel",
    "filter": "kernel",
    "real number": "number",
    "number": "number",
    "scalar": "number",
    "constant": "number",
    "coefficient": "number",
    "positive integer": "size",
    "stride": "size",
    "dilation": "size",
    "size": "size",
    "factor": "size",
    "non-negative integer": "natural",
    "nonnegative integer": "natural",
    "natural number": "natural",
    "padding": "natural",
    "integer": "integer",
    "index": "integer",
    "indices": "integer",
    "shift": "integer",
    "pointwise function": "function",
    "function": "function",
    "nonlinearity": "function",
    "non-linearity": "function",
}
_KIND = "|".join(sorted((k.replace(" ", r"\s+") for k in KINDS), key=len, reverse=True))
_ARTICLES = r"(?:(?:the|a|an|all|any|some|every|each|two|three|arbitrary|finite|real|discrete|given)\s+)*"
START = re.compile(
    rf"\s*(?:(?:now|then|also|next|finally|further|here|moreover|and|first),?\s+)*(?:let|where|with|for|if|when|given|assuming|provided|"
    rf"(?:(?:we|one)\s+(?:now\s+|also\s+|further\s+)?)?(?:let|assume|suppose|define|denote))\b"
    rf"(?:\s+(?:that|by|now|also|further|here))*\s+{_ARTICLES}(?:(?:{_KIND})s?\s+)?(?={MARK})",
    re.IGNORECASE,
)
UNCLEAR = re.compile(
    rf"\s*(?:for|if|when|where|assuming|provided|suppose|assume|let)\s+(?!us\b)(?:[\w-]+\s+){{1,2}}{MARK}",
    re.IGNORECASE,
)
"""The beginning of what may be a condition."""
ITEM = re.compile(
    rf"{_ARTICLES}(?:(?P<before>{_KIND})s?\s+)?(?P<names>{MARK}(?:\s*(?:,\s*and|,|and)\s*{MARK})*)"
    rf"(?:\s+(?:(?:be|is|are|denotes?)\s+)?{_ARTICLES}(?P<kind>{_KIND})s?\b)?"
    rf"(?:\s+(?P<tail>(?:with\s+taps|with|of\s+length|of\s+extent|of\s+size|of|with\s+support|supported\s+on|"
    rf"on)\s+(?:the\s+)?(?P<extent>{MARK})(?:\s+(?:taps?|samples?|entries|coefficients|weights))?))?",
    re.IGNORECASE,
)
GAP = re.compile(r"\s*(?:,\s*and\b|,|\band\b|;|(?=\b(?:where|for)\b))\s*(?:(?:let|where|with|for)\s+)?", re.IGNORECASE)
CONNECTING = re.compile(
    r"(?:we|it|this|there|one|then)?\s*(?:have|has|get|holds?|obtain|find|see|gives|yields)?(?:\s+that)?", re.IGNORECASE
)
"""What may stand between a declaration and the formula that it is for."""
CHAINED = frozenset(
    {
        "then",
        "so",
        "hence",
        "therefore",
        "thus",
        "have",
        "get",
        "gives",
        "obtain",
        "find",
        "yields",
        "show",
        "prove",
        "claim",
        "that",
        "and",
        "conclude",
        "finally",
    }
)
LEADING = CHAINED | {"we", "one", "it", "this", "now", "which", "us", "let", "see", "follows", "next", "also"}
"""Words that only lead on to a formula."""
REASONS = re.compile(
    r"\b(?:substitut\w*|since|because|as|using|by|with|where|put\w*|set\w*|from|recall|note|remember|for|if|"
    r"when|writ\w*|renam\w*|change|replac\w*|index|reindex\w*|tak\w*)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Sentence:
    """Words with a mark for each piece of mathematics, and the pieces."""

    words: str
    mathematics: tuple[tuple[Token, ...], ...]
    sources: tuple[str, ...]
    at: int
    aside: bool = False
    """Whether it stands in parentheses."""
    bare: bool = False
    """Whether it has no words, and stands behind a comma."""

    def shown(self) -> str:
        """As it was written, in one line."""
        pieces = iter(self.sources)
        text = "".join(f"${next(pieces, '')}$" if c == MARK else c for c in self.words)
        return " ".join(text.split()).strip(" ,;:.()")

    def reason(self) -> str:
        """The same, but nothing where it is made of words that only lead on to the next formula."""
        return "" if self.shown() and LEADING.issuperset(re.findall(r"[^\s,]+", self.words.lower())) else self.shown()


@dataclass(frozen=True, slots=True)
class Fact:
    """What a part of a sentence says: of its mathematics, the kind of its letters, and their extent."""

    mathematics: tuple[tuple[Token, ...], ...]
    kind: str
    extent: tuple[Token, ...] | None
    at: int


def facts(sentence: Sentence, source: Source) -> tuple[list[Fact], str]:
    """The facts of a sentence, and what of it is a reason; StatementError where a declaration is not understood."""
    words, position, taken = sentence.words, 0, list[Fact]()
    if len(sentence.mathematics) > MOST:
        raise source.error(sentence.at, f"a sentence with {len(sentence.mathematics)} formulas is too long")
    reason = ""
    while position < len(words):
        start = START.match(words, position)
        if start is None or re.match(r"\s*let\s+us\b", words[position:], re.IGNORECASE):
            if UNCLEAR.match(words, position):
                where = sentence.mathematics[words.count(MARK, 0, position)]
                raise source.error(
                    where[0].at if where else sentence.at,
                    "is this a condition? Write it with signs, as in 'for $2 \\mid n$'",
                )
            comma = re.compile(r",\s").search(words, position)
            end = comma.end() if comma is not None else len(words)
            reason += words[position:end]
            position = end
            continue
        position = start.end() - len(_kind_before(start[0]))
        position = _items(sentence, position, taken, source)
    if not taken:
        return [], sentence.reason()
    skipped = words.count(MARK) - reason.count(MARK)
    plain = Sentence(reason, (), sentence.sources[:0] if skipped else sentence.sources, sentence.at)
    return taken, plain.shown() if MARK not in reason else ""


def _kind_before(start: str) -> str:
    """The kind that stands before the letters, as in `for integers s, t`."""
    found = re.search(rf"(?:{_KIND})s?\s+$", start, re.IGNORECASE)
    return found[0] if found is not None else ""


def _items(sentence: Sentence, position: int, taken: list[Fact], source: Source) -> int:
    """Reads x a signal, k a kernel with c taps, …; the place after them."""
    words = sentence.words
    while True:
        found = ITEM.match(words, position)
        index = words.count(MARK, 0, position)
        if found is None:
            return position
        here = sentence.mathematics[index : index + found["names"].count(MARK)]
        kind = " ".join((found["kind"] or found["before"] or "").lower().split())
        extent = condition = None
        if found["extent"]:
            extent = sentence.mathematics[words.count(MARK, 0, found.start("extent"))]
            if re.fullmatch(rf"with\s+{MARK}\s*", found["tail"], re.IGNORECASE) and any(
                t.kind == "REL" for t in extent
            ):
                extent, condition = None, extent
        at = here[0][0].at if here and here[0] else sentence.at
        taken.append(Fact(here, KINDS.get(kind, ""), extent, at))
        if condition is not None:
            taken.append(Fact((condition,), "", None, condition[0].at))
        position = found.end()
        gap = GAP.match(words, position)
        rest = words[position:].strip(" .,;:()\n")
        if gap is not None and ITEM.match(words, gap.end()) is not None:
            position = gap.end()
            continue
        if rest and gap is None and not CONNECTING.fullmatch(rest):
            raise source.error(
                at,
                f"the declaration is not understood at {rest.replace(MARK, '…')[:40]!r}: write for example "
                "'let $x$ be a signal and $k$ a kernel with $c$ taps'",
            )
        return gap.end() if gap is not None else len(words)
