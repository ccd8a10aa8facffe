"""What is counted, in words: for the pages of costs and of claims about counts."""

from __future__ import annotations

MEANING: dict[str, str] = {
    "mults": "A layer multiplies each output by its taps and the input channels of a group: outputs, taps and channels "
    "are multiplied, also where the input is padded with zeros. A transposed layer multiplies each entry of its input "
    "by its taps and the output channels of a group. Biases are added, and pooling, up-sampling and explicit taps "
    "multiply by no parameter.",
    "params": "The parameters of a layer are the entries of its weights and biases; weights that occur twice are "
    "counted once.",
}
"""What is counted."""
