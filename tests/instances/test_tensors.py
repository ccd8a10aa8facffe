"""Finite arrays of expressions: equal to PyTorch's layers, NumPy's convolutions and plain loops on drawn numbers."""

from __future__ import annotations

from fractions import Fraction
from itertools import product

import numpy as np
import pytest
from expr import test_torch
from expr.concrete import completed

from symconv.expr.claim import read_expression
from symconv.instances.finite_array import Tensor
from symconv.instances.tensors import evaluate

torch = pytest.importorskip("torch")
EACH = 9


def tensor(a: np.ndarray, axes: int | None = None) -> Tensor:
    """The array from 0 on, without the first axes where it has too many."""
    shape = a.shape if axes is None else a.shape[a.ndim - axes :]
    return Tensor((0,) * len(shape), shape, tuple(Fraction(int(v)) for v in a.flat))


@pytest.mark.parametrize("kind", test_torch.LAYERS)
def test_layers_have_the_values_and_shapes_of_pytorch(kind: str) -> None:
    for seed in range(100, 100 + EACH):
        author = test_torch.Author(seed)
        drawn = test_torch.LAYERS[kind](author)
        statement = read_expression(drawn.text, drawn.lets)
        sizes = completed(statement, drawn.integers, drawn.arrays)
        ranks = {d.name: d.rank for d in statement.declarations.values()}
        entries = {n: tensor(a, ranks[n]) for n, a in drawn.arrays.items() if ranks[n]}
        numbers = {n: Fraction(int(a.flat[0])) for n, a in drawn.arrays.items() if not ranks[n]}
        got = evaluate(statement.lhs, statement, sizes, entries, numbers)
        shown = f"{drawn.text} with {drawn.lets} and {sizes}, seed {seed}"
        theirs = drawn.torch.reshape(drawn.torch.shape[drawn.lead :])
        assert got.start == (0,) * len(got.shape)
        if (
            "weight" in kind
        ):  # The largest kernel that gives these outputs: PyTorch is told how many of its taps to take.
            assert all(m >= n for m, n in zip(got.shape, theirs.shape, strict=True)), shown
        else:
            assert got.shape == tuple(theirs.shape), shown
        for n in product(*map(range, theirs.shape)):
            assert abs(float(got.at(n)) - theirs[n].item()) < 1e-9, (shown, n)
