"""Nothing false is proved of layers: what is implied by the places of an entry is so."""

from __future__ import annotations

import pytest

from symconv.errors import RuleError
from symconv.expr.claim import read_statement
from symconv.expr.nodes import Iverson, Mul
from symconv.expr.support import bounds
from symconv.index.conditions import Ge
from symconv.index.poly import ONE
from symconv.proof.theorem import Derivation, join

FALSE = {
    "bias beside the places": ("pointwise(x, w, bias=b)[0, 5] == 0",
                               ("x: signal[2, :]", "w: kernel[2, 2]", "b: kernel[2]")),
    "bias beside the batch": ("y[7, 0, 0] == 0",
                              ("x: signal[4, 2, :]", "w: kernel[2, 2, 3]", "b: kernel[2]", "y = conv1d(x, w, bias=b)")),
    "bias beside the channels": ("y[5, 0] == 0",
                                 ("x: signal[2, :]", "w: kernel[2, 2, 3]", "b: signal[:]", "y = conv1d(x, w, bias=b)")),
}  # fmt: skip


@pytest.mark.parametrize("name", FALSE)
def test_an_entry_beside_the_extents_is_not_proved_to_be_0(name: str) -> None:
    """An entry implies that its place is within the extents; a place that is not makes it 0."""
    claim, lets = FALSE[name]
    statement = read_statement(claim, lets)
    known = bounds((statement.lhs,), statement.facts)
    for i, p in enumerate(known):
        if (p.constant() or 0) < 0:
            left = Derivation(statement, statement.lhs)
            line = Mul((statement.lhs, Iverson(Ge(p))))
            with pytest.raises(RuleError):
                left.backwards("imply", (), line, {"condition": Ge(p), "evidence": {i: ONE}})
                left.forwards("distribute", (), {})
                join((), left, Derivation(statement, statement.rhs))
