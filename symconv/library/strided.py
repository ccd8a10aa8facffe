"""Merging strided layers: two strided correlations are one, with the product of the strides and a longer kernel.

The wrong variants that people write are kept beside the right ones; they are refuted.
"""

from __future__ import annotations

from symconv.library.entry import Entry

SOURCE = "assignment on merging two strided layers"


def layers(r: int) -> str:
    """r layers of stride s with one kernel against one layer of stride s^r (Σ_{i<r} s^i (c − 1) + 1 taps)."""
    left, merged = "x", "k"
    for i in range(r):
        left = f"corr({left}, k, stride=s)"
        merged = f"conv({merged}, up(k, s**{i}))" if i else "k"
    return f"{left} == corr(x, {merged}, stride=s**{r})"


ENTRIES = (
    Entry(
        "two-strided-layers",
        "Two strides of two are one stride of four",
        "a strided layer, repeated, is a single layer with a longer kernel",
        "corr(corr(x, k, stride=2), k, stride=2) == corr(x, conv(k, up(k, 2)), stride=4)",
        introduction="Networks that shrink their input repeat one small filter and keep every second output. Two "
        "such layers are exactly one layer that moves four samples at a time; its kernel is written "
        "down here.",
        source=SOURCE,
        instance=(("c", 3),),
    ),
    Entry(
        "strided-layers",
        "Two strided layers are one",
        "the strides multiply, and the second kernel is dilated by the first stride",
        "corr(corr(x, k, stride=s), h, stride=t) == corr(x, conv(k, up(h, s)), stride=s*t)",
        introduction="A layer that reads every s-th place, followed by one that reads every t-th place of its "
        "output, reads every st-th place of the input. Which kernel it reads them with is the "
        "question, and the order of the two decides it.",
        source=SOURCE,
        instance=(("c", 3), ("e", 2), ("s", 2), ("t", 3)),
    ),
    Entry(
        "strided-layers-order",
        "The order of the kernels matters",
        "dilating the first kernel instead of the second is wrong in general",
        "corr(corr(x, k, stride=s), h, stride=t) == corr(x, conv(h, up(k, t)), stride=s*t)",
        source=SOURCE,
        verdict="refuted",
    ),
    Entry(
        "r-strided-layers",
        "Any number of strided layers are one",
        "each further layer dilates the kernel by one more factor of the stride",
        layers(3),
        introduction="Each layer keeps every s-th output of the one before. However many there are, they are one "
        "layer; its kernel is the convolution of copies of the first, each dilated by one more power "
        "of the stride.",
        source=SOURCE,
        instance=(("c", 2), ("s", 2)),
        family=layers,
    ),
    Entry(
        "every-number-of-strided-layers",
        "Strided layers, for every number of them",
        "r layers of stride s are one layer of stride s^r, for every r at once",
        "repeat(corr(x, k, stride=s), x, r) == corr(x, conv(up(k, s**i) for i in range(r)), stride=s**r)",
        introduction="The kernel of layer i is dilated by the product of the strides below it, s^i, and all these are "
        "convolved. The merged kernel has (c - 1)(1+s+…+s^(r-1)) + 1 taps where the kernel of one layer has c: "
        "for stride 2 this is (c - 1)(2^r - 1) + 1.",
        source=SOURCE,
        instance=(("c", 2), ("s", 2), ("r", 3)),
    ),
    Entry(
        "two-strided-convolutions",
        "Two strided convolutions are one",
        "the flipped form: filter, keep every second sample, and once more",
        "down(conv(down(conv(x, k), 2), k), 2) == down(conv(x, conv(k, up(k, 2))), 4)",
        introduction="Signal processing flips the kernel and filters before it throws samples away. The merged "
        "kernel is the same as for layers that do not flip.",
        source=SOURCE,
        instance=(("c", 3),),
    ),
    Entry(
        "strided-convolutions",
        "Two filters, each followed by down-sampling",
        "filter, keep every s-th sample, filter, keep every t-th: one filter and one down-sampling by st",
        "down(conv(down(conv(x, k), s), h), t) == down(conv(x, conv(k, up(h, s))), s*t)",
        introduction="In the language of signal processing a strided layer is a filter followed by a down-sampler. "
        "The first noble identity moves the second filter in front of the first down-sampler, and dilates it there.",
        source=SOURCE,
        instance=(("c", 2), ("e", 2), ("s", 2), ("t", 2)),
    ),
    Entry(
        "dilated-strided-convolutions",
        "Filters that are dilated already",
        "a filter with zeros between its taps is one filter more, and is dilated like any other",
        "down(conv(down(conv(x, up(k, d)), s), up(h, e)), t) == down(conv(x, conv(up(k, d), up(h, s*e))), s*t)",
        introduction="Dilations multiply: the filter that was dilated by e and is moved in front of a down-sampler "
        "by s is dilated by se afterwards.",
        source=SOURCE,
        instance=(("s", 2), ("t", 2), ("d", 2), ("e", 1)),
    ),
    Entry(
        "strided-convolutions-2d",
        "Filters and down-samplers on images",
        "the flipped form in two dimensions, with a factor of its own on each axis",
        "down(conv(down(conv(x, k), (s, t)), h), (u, v)) == down(conv(x, conv(k, up(h, (s, t)))), (s*u, t*v))",
        introduction="Nothing in the argument is special to one dimension: every axis has its own factor, and each "
        "dilates the second filter along that axis.",
        let=("x: signal[:, :]", "k: kernel[c, c]", "h: kernel[e, e]"),
        source=SOURCE,
        instance=(("c", 2), ("e", 2), ("s", 2), ("t", 1), ("u", 1), ("v", 2)),
    ),
    Entry(
        "dilated-strided-layers",
        "Strided and dilated layers merge too",
        "a dilation is an up-sampled kernel, and it is scaled by the strides before it",
        "corr(corr(x, k, stride=s, dilation=d), h, stride=t, dilation=e)"
        " == corr(x, conv(up(k, d), up(h, s*e)), stride=s*t)",
        introduction="A dilated layer is an ordinary one whose kernel has zeros between its taps, so layers with "
        "strides and dilations merge by the same rule.",
        source=SOURCE,
        instance=(("s", 2), ("t", 2), ("d", 2), ("e", 1)),
    ),
    Entry(
        "strided-layers-2d",
        "Strided layers in two dimensions",
        "on each axis the strides multiply and the second kernel is dilated by the first stride",
        "corr(corr(x, k, stride=(s, t)), h, stride=(u, v)) == corr(x, conv(k, up(h, (s, t))), stride=(s*u, t*v))",
        let=("x: signal[:, :]", "k: kernel[c, c]", "h: kernel[e, e]"),
        source=SOURCE,
        instance=(("c", 2), ("e", 2), ("s", 2), ("t", 3), ("u", 2), ("v", 1)),
    ),
    Entry(
        "dilated-strided-layers-2d",
        "Strided and dilated layers on images",
        "strides multiply, and the second kernel is dilated by its own dilation times the first stride",
        "corr(corr(x, k, stride=s, dilation=d), h, stride=t, dilation=e)"
        " == corr(x, conv(up(k, d), up(h, s*e)), stride=s*t)",
        introduction="The same rule as on the line, on both axes at once.",
        let=("x: signal[:, :]", "k: kernel[c, c]", "h: kernel[2, 2]"),
        source=SOURCE,
        instance=(("c", 2), ("s", 2), ("t", 1), ("d", 2), ("e", 1)),
    ),
    Entry(
        "strided-layers-bias",
        "What happens to the bias",
        "a bias of the first layer reaches the output multiplied by the sum of the second kernel",
        "corr(corr(x, k, stride=s) + a, h, stride=t) + b"
        " == corr(x, conv(k, up(h, s)), stride=s*t) + a*sum(h[j] for j in Z) + b",
        let=("a: number", "b: number"),
        introduction="A bias is added to every output alike, so the second layer sums it once for each of its taps.",
        source=SOURCE,
        instance=(("c", 2), ("e", 2), ("s", 2), ("t", 2)),
    ),
    Entry(
        "strided-layers-relu",
        "A non-linearity between the layers",
        "with a rectifier between them two layers are not one",
        "corr(relu(corr(x, k, stride=2)), k, stride=2) == corr(x, conv(k, up(k, 2)), stride=4)",
        source=SOURCE,
        verdict="refuted",
    ),
    Entry(
        "undilated-kernel",
        "The kernel without dilation",
        "wrong: the second kernel must be dilated",
        "corr(corr(x, k, stride=2), k, stride=2) == corr(x, conv(k, k), stride=4)",
        source=SOURCE,
        verdict="refuted",
    ),
    Entry(
        "overdilated-kernel",
        "The kernel dilated by the whole stride",
        "wrong: the second kernel is dilated by the first stride alone",
        "corr(corr(x, k, stride=2), k, stride=2) == corr(x, conv(k, up(k, 4)), stride=4)",
        source=SOURCE,
        verdict="refuted",
    ),
    Entry(
        "even-sum-kernel",
        "Even indices on both sums",
        "wrong: that both sums run over even indices does not make the merged kernel a sum over even ones",
        "corr(corr(x, k, stride=2), k, stride=2)[t] == sum(iverson(m % 2 == 0)*k[m]*k[u - m]*x[4*t + u]"
        " for u in Z for m in Z)",
        let=("t: integer",),
        source=SOURCE,
        verdict="refuted",
    ),
    Entry(
        "unflipped-kernel",
        "A convolution where a correlation belongs",
        "wrong: the merged layer is a correlation, not a convolution",
        "corr(corr(x, k, stride=2), k, stride=2) == down(conv(x, conv(k, up(k, 2))), 4)",
        source=SOURCE,
        verdict="refuted",
    ),
)
