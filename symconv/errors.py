"""One family of errors.  A message is one sentence: it quotes the objects, names the place and says how to mend it."""

from __future__ import annotations

from typing import NoReturn


class SymconvError(Exception):
    """Anything that symconv refuses; the command line prints the message and exits with status 2."""


class StatementError(SymconvError):
    """The text or the objects of a claim are at fault: syntax, unknown names, shapes, assumptions."""


class RuleError(SymconvError):
    """A rule of `proof/` was applied where its side condition does not hold."""

    def __init__(self, rule: str, reason: str) -> None:
        super().__init__(f"rule {rule}: {reason}")
        self.rule = rule
        self.reason = reason


class CertificateError(SymconvError):
    """A certificate does not replay: the message names the line and the reason."""


class SearchError(SymconvError):
    """A tactic found no way; never a verdict by itself."""


class RenderError(SymconvError):
    """A document could not be written or compiled."""


def counted(n: object, one: str, many: str) -> str:
    """A number with its noun, for messages: 1 axis, 2 axes, 2 × 3 places."""
    return f"{n} {one if str(n) == '1' else many}"


def assert_never(value: NoReturn) -> NoReturn:
    """The end of a match over a closed set (typing.assert_never, which Python 3.10 has not)."""
    raise SymconvError(f"{value!r} is not of any known kind")
