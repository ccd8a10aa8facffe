"""Maps as products of matrices: exact products on whole supports, equal to SciPy's filters."""

from __future__ import annotations

import random

import numpy as np
import pytest
import scipy.signal
import sympy

from symconv.expr.claim import read_expression
from symconv.expr.nodes import Name
from symconv.instances.factors import Factor, World, factors, onto, times
from symconv.instances.finite_array import Place
from symconv.instances.matrices import Values, symbols


def spine(expression: str, *lets: str, wrt: str = "x", n: int = 4, **sizes: int) -> tuple[Factor, ...]:
    """The factors on n samples from 0 on."""
    statement = read_expression(expression, lets)
    x = Name(wrt, 1)
    box: tuple[Place, Place] = (0,), (n,)
    entries, numbers, _ = symbols(statement, x, box, sizes, {"N": n}, {})
    return factors(statement.lhs, x, box, World(statement, sizes, entries, numbers))


def product(found: tuple[Factor, ...]) -> Values:
    out = found[0].matrix
    for f in found[1:]:
        out = times(out, f.matrix)
    return out


def at(values: Values, name: str, taps: np.ndarray) -> np.ndarray:
    """The matrix with numbers for the taps."""
    m = sympy.Matrix([list(r) for r in values]).subs({f"{name}_{i}": int(v) for i, v in enumerate(taps)})
    return np.array(m.tolist(), dtype=float)


@pytest.mark.parametrize("seed", range(20))
def test_products_are_scipys_filters(seed: int) -> None:
    draw = random.Random(seed)
    n, c, s, t = draw.randint(1, 6), draw.randint(1, 4), draw.randint(1, 3), draw.randint(1, 3)
    q, x = np.array([draw.randint(-3, 3) for _ in range(c)]), np.array([draw.randint(-3, 3) for _ in range(n)])
    found = spine(f"down(conv(up(x, {s}), q), {t})", n=n, c=c)
    assert len(found) == 3
    assert at(product(found), "q", q) @ x == pytest.approx(scipy.signal.upfirdn(q, x, up=s, down=t))


@pytest.mark.parametrize("seed", range(12))
def test_adjoints_are_products_of_transposes_in_the_opposite_order(seed: int) -> None:
    draw = random.Random(seed)
    n, c, s = draw.randint(1, 4), draw.randint(1, 3), draw.randint(1, 3)
    q, x = np.array([draw.randint(1, 3) for _ in range(c)]), np.array([draw.randint(-3, 3) for _ in range(n)])
    found = spine(f"adjoint(down(corr(z, q), {s}), z, x)", "x: kernel[:]", "z: signal", n=n, c=c)
    assert [f.transposed for f in found] == [True, True]
    assert at(product(found), "q", q) @ x == pytest.approx(scipy.signal.upfirdn(q, x, up=s))


def test_what_is_read_twice_is_one_matrix() -> None:
    (whole,) = spine("conv(x, k) + 2*x", c=2)
    assert whole.matrix[0][0] == sympy.Symbol("k_0") + 2


def test_layers_stand_for_their_formulas_on_all_places() -> None:
    found = spine("conv1d(conv1d(x, k, padding=1), h)", "x: signal", n=3, c=2, e=2)
    assert [f.rows[0] for f in found] == [(-1,), (0,)]
    assert product(found) == product(spine("corr(corr(x, k, padding=1), h)", "x: signal", n=3, c=2, e=2))


def test_rows_of_zeros_are_put_where_a_side_has_none() -> None:
    (f,) = spine("down(x, 2)", n=3)
    wider = onto(f, ((-1,), (0,), (1,), (2,)))
    assert wider.matrix == ((0, 0, 0), (1, 0, 0), (0, 0, 1), (0, 0, 0))
