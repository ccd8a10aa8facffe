"""What a page says of extents and of the places beyond them is true."""

from __future__ import annotations

import pytest

from symconv.expr.claim import read_statement
from symconv.pages import document_of
from symconv.render.terminal import terminal
from symconv.tactics.prove import prove


@pytest.mark.parametrize(("function", "beyond"), [("f", False), ("relu", True)])
def test_both_sides_are_0_beyond_their_extents_only_where_functions_vanish(function: str, beyond: bool) -> None:
    lets = ("x: signal[N]", *(("f: function",) if function == "f" else ()))
    result = prove(read_statement(f"{function}(pad(x, (0, 0))) == {function}(x)", lets))
    page = terminal(document_of(result))
    assert result.verdict == "proved"
    assert "0 ≤ n ≤ N − 1" in page
    assert ("both sides are 0" in page) == beyond
