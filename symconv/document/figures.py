"""The figure of a page: the most specific one that its statement has."""

from __future__ import annotations

from collections.abc import Mapping

from symconv.document.channels import channels
from symconv.document.headings import Merged
from symconv.document.image_scatter import image_scatter
from symconv.document.model import Figure
from symconv.document.multiplication import long_multiplication, scatter
from symconv.document.pool_windows import pool_windows
from symconv.document.reach import reach
from symconv.expr.statement import Statement


def figure(statement: Statement, integers: Mapping[str, int], merged: Merged) -> Figure | None:
    """A merged kernel as a long multiplication, windows of pooling, a scatter, channels as blocks, or a reach."""
    return (
        long_multiplication(statement, integers, merged)
        or pool_windows(statement, integers)
        or scatter(statement, integers)
        or image_scatter(statement, integers)
        or channels(statement, integers)
        or reach(statement, integers)
    )
