"""What is counted or measured, in words: for the pages of costs and of claims about counts and sizes."""

from __future__ import annotations

MEANING: dict[str, str] = {
    "mults": "A layer multiplies each output by its taps and the input channels of a group: outputs, taps and channels "
    "are multiplied, also where the input is padded with zeros. A transposed layer multiplies each entry of its input "
    "by its taps and the output channels of a group. Biases are added, and pooling, up-sampling and explicit taps "
    "multiply by no parameter.",
    "params": "The parameters of a layer are the entries of its weights and biases; weights that occur twice are "
    "counted once.",
    "size": "The size of a tensor is its extent on an axis; that of a layer is the number of places at which its "
    "window fits into the padded input.",
    "reach": "The reach of a layer is its receptive field: how many samples, from the first to the last, one output is "
    "computed from, those in the padding too.",
    "jump": "The jump is the distance of the receptive fields of neighbouring outputs: the product of the strides.",
    "start": "The start is the place of the first sample that output 0 is computed from: negative in the padding.",
}
"""What is counted or measured."""
REASON: dict[str, str] = {
    "mults": "outputs, taps and channels multiplied",
    "params": "the entries of the weights",
    "size": "the extents, layer by layer",
    "reach": "the fields of the layers, one behind the other",
    "jump": "the strides multiplied",
    "start": "the fields of the layers, one behind the other",
}
"""Why a count or a measure is what it is."""
