"""symconv proves statements about convolutions, for all sizes.

>>> from symconv import signal, kernel, conv, corr, flip, claim, prove
>>> x, k = signal("x"), kernel("k", "c")
>>> prove(claim(corr(x, k), conv(x, flip(k)))).verdict
'proved'
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from symconv.api import (
        Claim,
        Cost,
        LinearMapMatrix,
        Proof,
        Worked,
        adjoint,
        claim,
        cost,
        grad,
        matrix,
        prove,
        run,
        solve,
    )
    from symconv.layer_operators import (
        avg_pool1d,
        avg_pool2d,
        avg_pool3d,
        bed_of_nails,
        cat,
        conv1d,
        conv2d,
        conv3d,
        conv_transpose1d,
        conv_transpose2d,
        conv_transpose3d,
        depthwise1d,
        depthwise2d,
        inner,
        lp_pool1d,
        lp_pool2d,
        lp_pool3d,
        max_pool1d,
        max_pool2d,
        max_pool3d,
        max_unpool1d,
        max_unpool2d,
        max_unpool3d,
        mults,
        pad,
        params,
        pixel_shuffle,
        pixel_unshuffle,
        pointwise,
        upsample_linear,
        upsample_nearest,
        window,
    )
    from symconv.measure_operators import IntegerValues, extents, jump, reach, size, start, values
    from symconv.operators import (
        Expression,
        conv,
        corr,
        delta,
        down,
        flip,
        kernel,
        mul,
        number,
        numbers,
        ones,
        relu,
        reverse,
        shift,
        signal,
        sizes,
        taps,
        up,
    )

__all__ = [
    "Claim", "Cost", "Expression", "IntegerValues", "LinearMapMatrix", "Proof", "Worked", "adjoint", "avg_pool1d",
    "avg_pool2d", "avg_pool3d", "bed_of_nails", "cat", "claim", "conv", "conv1d", "conv2d", "conv3d",
    "conv_transpose1d", "conv_transpose2d", "conv_transpose3d", "corr", "cost", "delta", "depthwise1d", "depthwise2d",
    "down", "extents", "flip", "grad", "inner", "jump", "kernel", "lp_pool1d", "lp_pool2d", "lp_pool3d", "matrix",
    "max_pool1d", "max_pool2d", "max_pool3d", "max_unpool1d", "max_unpool2d", "max_unpool3d", "mul", "mults",
    "number", "numbers", "ones", "pad", "params", "pixel_shuffle", "pixel_unshuffle", "pointwise", "prove", "reach",
    "relu", "reverse", "run", "shift", "signal", "size", "sizes", "solve", "start", "taps", "up", "upsample_linear",
    "upsample_nearest", "values", "window",
]  # fmt: skip


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})


def __getattr__(name: str) -> Any:
    """Load the Python interface when it is first used: a command-line verdict does not need it."""
    if name not in __all__:
        raise AttributeError(f"module 'symconv' has no attribute {name!r}")
    from symconv import api, layer_operators, measure_operators, operators

    modules = (api, measure_operators, layer_operators, operators)
    return next(getattr(m, name) for m in modules if hasattr(m, name))
