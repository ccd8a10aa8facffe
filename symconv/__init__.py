"""symconv proves statements about convolutions, for all sizes.

>>> from symconv import signal, kernel, conv, corr, flip, claim, prove
>>> x, k = signal("x"), kernel("k", "c")
>>> prove(claim(corr(x, k), conv(x, flip(k)))).verdict
'proved'
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from symconv.api import Claim, Proof, claim, prove, solve
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
    )  # fmt: skip

__all__ = [
    "Claim", "Expression", "Proof", "claim", "conv", "corr", "delta", "down", "flip", "kernel", "mul", "number",
    "numbers", "ones", "prove", "relu", "reverse", "shift", "signal", "sizes", "solve", "taps", "up",
]  # fmt: skip


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})


def __getattr__(name: str) -> Any:
    """Load the Python interface when it is first used: a command-line verdict does not need it."""
    if name not in __all__:
        raise AttributeError(f"module 'symconv' has no attribute {name!r}")
    from symconv import api, operators

    return getattr(api if hasattr(api, name) else operators, name)
