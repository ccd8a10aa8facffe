"""A sum that may not end: the message names the letters that could be the kernel, and what to write."""

from __future__ import annotations

import pytest

from symconv.errors import StatementError
from symconv.expr.claim import read_statement
from symconv.tactics.prove import prove

ENDLESS = (
    ("y[n] == sum(k[a]*x[n - a] for a in Z)", (),
     "which of k and x is the kernel? Write for example 'let k: kernel[c]'"),
    ("y[n] == sum(x[a]*k[n - a] for a in Z)", (),
     "which of x and k is the kernel? Write for example 'let k: kernel[c]'"),
    ("y[n] == conv(k, x)[n]", ("y[n] = sum(k[a]*x[n - a] for a in Z)", "x: signal"),
     "is k the kernel? Write for example 'let k: kernel[c]'"),
    ("sum(x[c, a] for a in Z) == 0", ("x: signal[:, :]",), "must bound every sum"),
    ("sum(w[a, b]*x[i - a, j - b] for a in Z for b in Z) == 0", ("c_1: size",),
     "which of w and x is the kernel? Write for example 'let w: kernel[c_1, c_2]'"),
)  # fmt: skip


@pytest.mark.parametrize(("claim", "lets", "mend"), ENDLESS, ids=[c for c, _, _ in ENDLESS])
def test_the_letters_that_could_be_the_kernel_are_named(claim: str, lets: tuple[str, ...], mend: str) -> None:
    with pytest.raises(StatementError, match="may have infinitely many terms") as caught:
        read_statement(claim, lets)
    assert str(caught.value).endswith(mend)


def test_the_mend_mends() -> None:
    claim = "sum(k[a]*x[n - a] for a in Z) == conv(x, k)[n]"
    assert prove(read_statement(claim, ["x: signal", "k: kernel[c]"])).verdict == "proved"
