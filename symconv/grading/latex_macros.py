"""The author's abbreviations: \\newcommand and \\def, with arguments or not, operators and paired delimiters.

A macro is written out as text, as TeX would, and how much may come of it is bounded by the one who asks.  An argument
is what stands in braces, a command, or one character; an optional first argument stands in brackets.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from symconv.grading.latex_tokens import Source, group_end

DEFINING = frozenset({"newcommand", "renewcommand", "providecommand", "DeclareMathOperator", "DeclarePairedDelimiter",
                      "def"})  # fmt: skip
NAME = re.compile(r"\*?\s*(?:\{\s*\\([A-Za-z]+)\s*\}|\\([A-Za-z]+))\s*")
MOST_ARGUMENTS = 9


@dataclass(frozen=True, slots=True)
class Macro:
    """What a command stands for, with #1 … for its arguments; `first` is the value of the first one where it is not
    given."""

    body: str
    arguments: int = 0
    first: str | None = None

    def size(self, given: list[str]) -> int:
        """How many characters it is written out."""
        return len(self.body) + sum(self.body.count(f"#{i}") * (len(g) + 2) for i, g in enumerate(given, start=1))

    def written_out(self, given: list[str]) -> str:
        """The body with its arguments; a letter never joins a command before it."""

        def argument(found: re.Match[str]) -> str:
            text = given[int(found[1]) - 1]
            before = re.search(r"\\[A-Za-z]+$", self.body[max(0, found.start() - 40) : found.start()])
            after = self.body[found.end() : found.end() + 1].isalpha()
            return f"{' ' * bool(before)}{text}{' ' * (after and re.search(r'[A-Za-z]$', text) is not None)}"

        return re.sub(r"#([1-9])", argument, self.body) if self.arguments else self.body


USUAL = {
    "inner": Macro("\\langle #1, #2 \\rangle", 2),
    "abs": Macro("\\left| #1 \\right|", 1),
    "floor": Macro("\\left\\lfloor #1 \\right\\rfloor", 1),
    "ceil": Macro("\\left\\lceil #1 \\right\\rceil", 1),
}
"""What many packages define alike."""


def read_macro(name: str, plain: str, position: int, at: int, source: Source) -> tuple[str, Macro, int]:
    """The name, the macro and the place after a definition whose command ends at `position`."""
    found = NAME.match(plain, position)
    if found is None:
        raise source.error(at, f"\\{name} is written \\{name}{{\\name}}{{meaning}}")
    command, position = found[1] or found[2], found.end()
    if name == "DeclarePairedDelimiter":
        left, position = _braces(name, plain, position, at, source)
        right, position = _braces(name, plain, position, at, source)
        return command, Macro(f"\\left{left.strip()} #1 \\right{right.strip()}", 1), position
    count, first = 0, None
    if name == "def":
        numbers = re.compile(r"((?:#\d)*)\s*").match(plain, position)
        if numbers is not None:
            count, position = len(numbers[1]) // 2, numbers.end()
            if numbers[1] != "".join(f"#{i + 1}" for i in range(count)):
                raise source.error(at, f"the arguments of \\{command} are #1, #2, … in their order")
    elif (numbers := re.compile(r"\[\s*(\d)\s*\]\s*").match(plain, position)) is not None:
        count, position = int(numbers[1]), numbers.end()
        if (default := re.compile(r"\[([^\[\]]*)\]\s*").match(plain, position)) is not None:
            first, position = default[1], default.end()
    body, position = _braces(name, plain, position, at, source)
    highest = max((int(n) for n in re.findall(r"#(\d)", body)), default=0)
    if highest > count or count > MOST_ARGUMENTS or re.search(r"#(?!\d)", body):
        raise source.error(at, f"\\{command} uses #{highest}, and has {count} arguments")
    if name == "DeclareMathOperator":
        body = f"\\mathrm{{{body}}}"
    return command, Macro(body, count, first), position


def _braces(name: str, plain: str, position: int, at: int, source: Source) -> tuple[str, int]:
    """What stands in the braces that come next, and the place after them."""
    found = re.compile(r"\s*\{").match(plain, position)
    if found is None:
        raise source.error(at, f"\\{name} is written \\{name}{{\\name}}{{meaning}}")
    end = group_end(plain, found.end() - 1, source, at)
    return plain[found.end() : end], end + 1


def arguments(
    macro: Macro, text: str, position: int, read: Callable[[str, int], tuple[str, int]]
) -> tuple[list[str], int]:
    """The arguments that stand behind a macro, and the place after them; `read` takes one that is not optional."""
    given: list[str] = []
    if macro.first is not None:
        found = re.compile(r"\s*\[([^\[\]]*)\]").match(text, position)
        given.append(macro.first if found is None else found[1])
        position = position if found is None else found.end()
    while len(given) < macro.arguments:
        argument, position = read(text, position)
        given.append(argument)
    return given, position
