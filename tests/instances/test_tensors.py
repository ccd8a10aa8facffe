"""Finite arrays of expressions: equal to PyTorch's layers, NumPy's convolutions and plain loops on drawn numbers."""

from __future__ import annotations

from fractions import Fraction
from math import prod

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
        if not kind.startswith("conv1d_weight") and "weight" not in kind:
            assert got.shape == tuple(drawn.torch.shape[drawn.lead :]), shown
        assert got.start == (0,) * len(got.shape)
        assert prod(got.shape) == drawn.torch.numel() or "weight" in kind, shown
        if prod(got.shape) == drawn.torch.numel():
            theirs = drawn.torch.flatten().tolist()
            assert all(abs(float(u) - v) < 1e-9 for u, v in zip(got.entries, theirs, strict=True)), shown
