"""Functions by name, \\operatorname{conv1d}(x, k, \\text{stride} = 2), and what their operands are.

An operand is a sequence (s), an integer or a tuple of integers (i), anything (e); `…` is any number of the last one.
Names are those of the claim language, in any case and without underscores too: \\mathrm{MaxPool2d}.
"""

from __future__ import annotations

CALLS: dict[str, str] = {
    "conv": "ss", "corr": "ss", "flip": "s", "reverse": "s", "down": "si", "up": "si", "shift": "si",
    "ones": "i…", "mul": "ss", "inner": "ss", "grad": "ess", "adjoint": "sss", "repeat": "ssi",
    "window": "si", "pad": "si", "pointwise": "ss", "scale": "ss", "cat": "s…", "permute": "si",
    "pixel_shuffle": "si", "pixel_unshuffle": "si", "upsample_nearest": "si", "upsample_linear": "si",
    "bed_of_nails": "si",
    "size": "si?", "reach": "ssi?", "jump": "ssi?", "start": "ssi?", "params": "s", "mults": "s",
    **{f"{f}{d}d": operands for d in (1, 2, 3) for f, operands in (
        ("conv", "ss"), ("conv_transpose", "ss"), ("depthwise", "ss"), ("avg_pool", "si"), ("max_pool", "si"),
        ("lp_pool", "sii"), ("max_unpool", "ssi"))},
    "max_pool": "si", "avg_pool": "si", "conv_transpose": "ss", "depthwise": "ss",
}  # fmt: skip
RANKLESS = frozenset({"max_pool", "avg_pool", "conv_transpose", "depthwise"})
"""Names that do not say over how many axes they go."""
INTEGERS = frozenset({"size", "reach", "jump", "start", "params", "mults"})
NUMBERS = frozenset({"inner"})
OPTIONS: dict[str, str] = {
    "stride": "i", "dilation": "i", "padding": "w", "groups": "i", "output_padding": "i", "dim": "i", "bias": "s",
    "mode": "w", "padding_mode": "w", "align_corners": "b", "ceil_mode": "b", "count_include_pad": "b",
}  # fmt: skip
"""What stands behind the = of an option: an integer, a sequence, a word (or an integer), true or false."""
_SHORT = {name.replace("_", ""): name for name in (*CALLS, *OPTIONS)}


def called(word: str) -> str:
    """The function that a word is, before parentheses; "" where it is none."""
    found = _SHORT.get(word.lower().replace("_", ""), "")
    return found if found in CALLS else ""


def option(word: str) -> str:
    """The option that a word is; "" where it is none."""
    found = _SHORT.get(word.lower().replace("_", ""), "")
    return found if found in OPTIONS else ""


def operands(f: str, count: int) -> str | None:
    """What so many operands of a function are; None where it takes another number of them."""
    kinds = CALLS[f]
    if kinds.endswith("…"):
        return kinds[:-1].ljust(count, kinds[-2]) if count >= len(kinds) - 1 else None
    least = kinds[:-2] if kinds.endswith("?") else kinds
    most = kinds.removesuffix("?")
    return most[:count] if len(least) <= count <= len(most) else None
