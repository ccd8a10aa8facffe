"""The styles in which a proof is told: sums over indices, identities of operators, z-transforms, matrices."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from symconv.document.matrix_style import matrix_telling
from symconv.document.model import Telling
from symconv.document.operator_style import operator_telling
from symconv.document.ztransform_style import ztransform_telling
from symconv.errors import StatementError
from symconv.expr.statement import Statement

NO_MATRICES = "The proof is told with sums, for no small instance of both sides was found that is a product of matrices"
ONE_STYLE = "The proof is told as it was found, for only equations are told in other styles"
ONE_SIZE = "The matrices show the theorem at these sizes; for all sizes it is proved with sums"


def _matrices(statement: Statement, integers: Mapping[str, int]) -> Telling:
    """A small instance in matrices, before the proof with sums."""
    blocks = matrix_telling(statement, integers)
    if blocks is None:
        return Telling("index", note=NO_MATRICES)
    return Telling("matrix", blocks, note=ONE_SIZE, whole=False)


STYLES: dict[str, Callable[[Statement, Mapping[str, int]], Telling]] = {
    "operator": lambda statement, _: operator_telling(statement),
    "ztransform": lambda statement, _: ztransform_telling(statement),
    "matrix": _matrices,
}
KNOWN = ("index", *STYLES)


def known(style: str) -> str:
    """The style; StatementError where it is not known."""
    if style not in KNOWN:
        raise StatementError(f"--style {style[:40]!r} is not known; known are {', '.join(KNOWN)}")
    return style


def telling(statement: Statement, style: str, integers: Mapping[str, int]) -> Telling | None:
    """A proved statement told in a style, examples at these sizes; None for sums; StatementError for another style."""
    style = known(style)
    if style != "index" and (statement.relation != "==" or statement.towards):
        return Telling("index", note=ONE_STYLE)
    return None if style == "index" else STYLES[style](statement, integers)
