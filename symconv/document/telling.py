"""The styles in which a proof is told: sums over indices, identities of operators, z-transforms."""

from __future__ import annotations

from collections.abc import Callable

from symconv.document.model import Chain, Telling
from symconv.document.operator_style import operator_telling
from symconv.document.ztransform_style import ztransform_telling
from symconv.errors import StatementError
from symconv.expr.statement import Statement

STYLES: dict[str, Callable[[Statement], Telling]] = {
    "operator": operator_telling,
    "ztransform": ztransform_telling,
}
KNOWN = ("index", *STYLES)


def known(style: str) -> str:
    """The style; StatementError where it is not known."""
    if style not in KNOWN:
        raise StatementError(f"--style {style[:40]!r} is not known; known are {', '.join(KNOWN)}")
    return style


def telling(statement: Statement, style: str) -> Telling | None:
    """A proved statement told in a style; None for sums, StatementError for a style that is not known."""
    style = known(style)
    return None if style == "index" else STYLES[style](statement)


def chains(told: Telling) -> list[Chain]:
    """The chains of a telling, in order."""
    return [b for b in told.blocks if isinstance(b, Chain)]
