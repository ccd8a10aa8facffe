"""Parameters and multiplications: what layers cost, and what it costs to put others in their place."""

from __future__ import annotations

from symconv.library.entry import Entry

SOURCE = "lecture notes on convolution layers"
COUNTS = "the documentation of torch.nn"

IMAGE = "x: signal[C, H, W]"
FULL = "w: kernel[F, C, c, c]"
SEPARABLE = (IMAGE, "d: kernel[C, c, c]", "p: kernel[F, C]")
PICTURE = "x: signal[3, 32, 32]"
NUMBERS = (PICTURE, "d: kernel[3, 3, 3]", "p: kernel[12, 3]")
ROW = ("x: signal[C, N]", "w: kernel[F, C, c]")

ENTRIES = (
    Entry("parameters-of-a-layer", "The parameters of a layer",
          "a layer has a tap for each output channel, each input channel and each place of its window, and a bias for "
          "each output channel",
          "params(conv2d(x, w, stride=s, bias=b)) == F*C*c**2 + F",
          introduction="The size of the image does not matter: the same weights are used at every place.",
          let=(IMAGE, FULL, "b: signal[F]"), source=SOURCE,
          instance=(("C", 3), ("H", 8), ("W", 8), ("F", 4), ("c", 3))),
    Entry("multiplications-of-a-layer", "The multiplications of a layer",
          "each output is a sum of as many products as there are input channels times taps",
          "mults(conv2d(x, w)) == F*(H - c + 1)*(W - c + 1)*C*c**2",
          introduction="A layer without padding has H − c + 1 by W − c + 1 places for its window.",
          let=(IMAGE, FULL), source=SOURCE, instance=(("C", 3), ("H", 8), ("W", 8), ("F", 4), ("c", 3))),
    Entry("multiplications-of-a-strided-layer", "The multiplications of a strided and padded layer",
          "stride and padding change the number of outputs and nothing else",
          "mults(conv2d(x, w, stride=s, padding=q))"
          " == F*((H + 2*q - c)//s + 1)*((W + 2*q - c)//s + 1)*C*c**2",
          introduction="Products with the zeros of the padding are counted, as they are usually computed.",
          let=(IMAGE, FULL), source=SOURCE,
          instance=(("C", 3), ("H", 8), ("W", 8), ("F", 4), ("c", 3), ("s", 2), ("q", 1))),
    Entry("separable-parameters", "The parameters of a depthwise separable layer",
          "one kernel for each input channel, and one number for each pair of channels",
          "params(pointwise(depthwise2d(x, d), p)) == C*c**2 + F*C",
          introduction="A layer that filters and mixes at once has a kernel for each pair of channels.",
          let=SEPARABLE, source=SOURCE, instance=(("C", 3), ("H", 8), ("W", 8), ("F", 4), ("c", 3))),
    Entry("separable-multiplications", "The multiplications of a depthwise separable layer",
          "those of the depthwise step, and one for each pair of channels at each place",
          "mults(pointwise(depthwise2d(x, d), p))"
          " == C*(H - c + 1)*(W - c + 1)*c**2 + F*(H - c + 1)*(W - c + 1)*C",
          introduction="The depthwise step multiplies each of its outputs by the taps of one kernel, the 1×1 step by "
          "the channels.",
          let=SEPARABLE, source=SOURCE, instance=(("C", 3), ("H", 8), ("W", 8), ("F", 4), ("c", 3))),
    Entry("separable-ratio", "How much a depthwise separable layer saves",
          "of the multiplications of the full layer it needs the part 1/F + 1/c²",
          "mults(pointwise(depthwise2d(x, d), p)) == mults(conv2d(x, w))*(1/F + 1/c**2)",
          introduction="Both steps run over the same places, so that the size of the image and the number of input "
          "channels cancel. For a 3 × 3 kernel and many output channels this is about one ninth.",
          let=(*SEPARABLE, FULL), source=SOURCE, instance=(("C", 3), ("H", 8), ("W", 8), ("F", 4), ("c", 3))),
    Entry("separable-parameter-ratio", "The parameters that a depthwise separable layer saves",
          "the same part of the parameters",
          "params(pointwise(depthwise2d(x, d), p)) == params(conv2d(x, w))*(1/F + 1/c**2)",
          introduction="Parameters and multiplications are saved alike: every weight is used at every place.",
          let=(*SEPARABLE, FULL), source=SOURCE, instance=(("C", 3), ("H", 8), ("W", 8), ("F", 4), ("c", 3))),
    Entry("full-layer-by-numbers", "A full layer in numbers",
          "291600 multiplications for 12 outputs of 30 by 30 places, from three channels of 32 by 32",
          "mults(conv2d(x, w)) == 291600",
          introduction="These are 12 · 30 · 30 outputs with 3 · 3 · 3 products each.",
          let=(PICTURE, "w: kernel[12, 3, 3, 3]"), source=SOURCE),
    Entry("separable-layer-by-numbers", "The depthwise separable layer in numbers",
          "24300 multiplications of the depthwise step and 32400 of the 1×1 step, 56700 in all",
          "mults(pointwise(depthwise2d(x, d), p)) == 24300 + 32400",
          introduction="The first step has 3 · 30 · 30 outputs with 9 products each, the second 12 · 30 · 30 with 3 "
          "each.", let=NUMBERS, source=SOURCE),
    Entry("full-parameters-by-numbers", "The parameters of the full layer in numbers",
          "3 × 3 kernels for 12 outputs of 3 channels have 324 taps",
          "params(conv2d(x, w)) == 324",
          introduction="There are 12 · 3 kernels with 9 taps each.",
          let=(PICTURE, "w: kernel[12, 3, 3, 3]"), source=SOURCE),
    Entry("separable-parameters-by-numbers", "The parameters of the depthwise separable layer in numbers",
          "27 taps and 36 numbers that mix the channels, 63 in all",
          "params(pointwise(depthwise2d(x, d), p)) == 27 + 36",
          introduction="There are 3 kernels with 9 taps each, and a 12 × 3 matrix.", let=NUMBERS, source=SOURCE),
    Entry("parameters-miscounted", "A full layer with 144 parameters",
          "wrong: 12 kernels for each of 3 channels have 324 taps",
          "params(conv2d(x, w)) == 144",
          introduction="The number 144 is 12 · 12. A kernel of a layer belongs to a pair of an input and an output "
          "channel.",
          let=(PICTURE, "w: kernel[12, 3, 3, 3]"), source=SOURCE, verdict="refuted"),
    Entry("dilated-parameters", "A dilated layer has the same parameters",
          "dilation spreads the taps and adds none",
          "params(conv1d(x, w, dilation=d)) == params(conv1d(x, w))",
          introduction="The window of a dilated layer is wider, and what lies between its taps is not read.",
          let=ROW, source=SOURCE, instance=(("C", 2), ("N", 9), ("F", 2), ("c", 3), ("d", 2))),
    Entry("dilated-multiplications", "A dilated layer has the same multiplications for the same outputs",
          "with so much padding that the outputs are as many, a dilated layer costs as much as an ordinary one",
          "mults(conv1d(x, w, dilation=d, padding=d*l)) == mults(conv1d(x, w, padding=l))",
          introduction="A kernel of 2l + 1 taps with l zeros on each side gives as many outputs as there are samples; "
          "dilated by d it needs d l.",
          let=("x: signal[C, N]", "w: kernel[F, C, 2*l + 1]", "l: natural"), source=SOURCE,
          instance=(("C", 2), ("N", 9), ("F", 2), ("l", 1), ("d", 2))),
    Entry("dilated-multiplications-unpadded", "Dilated and ordinary layers without padding",
          "wrong: a wider window has fewer places",
          "mults(conv1d(x, w, dilation=d)) == mults(conv1d(x, w))",
          introduction="The number of parameters is the same, but there are fewer outputs.", let=ROW, source=SOURCE,
          verdict="refuted"),
    Entry("one-by-one-cost", "What a 1×1 layer costs",
          "a c × c layer without its c² taps, at every place of the image",
          "mults(pointwise(x, p))*c**2 == mults(conv2d(x, w, padding=l))",
          introduction="With a kernel of 2l + 1 by 2l + 1 taps and l zeros around the image both have an output at "
          "every place.",
          let=(IMAGE, "p: kernel[F, C]", "w: kernel[F, C, c, c]", "l: natural"), assume=("c == 2*l + 1",),
          source=SOURCE, instance=(("C", 2), ("H", 5), ("W", 5), ("F", 2), ("l", 1))),
    Entry("grouped-parameters", "Groups divide the parameters",
          "with G groups each output channel sees the G-th part of the input channels",
          "params(conv2d(x, w, groups=G))*G == params(conv2d(x, v))",
          introduction="The channels are cut into G groups, and layers for each of them stand side by side.",
          let=("x: signal[G*D, H, W]", "w: kernel[G*M, D, c, c]", "v: kernel[G*M, G*D, c, c]"), source=COUNTS,
          instance=(("G", 2), ("D", 1), ("M", 2), ("H", 5), ("W", 5), ("c", 3))),
    Entry("grouped-multiplications", "Groups divide the multiplications",
          "with G groups each output needs the G-th part of the products",
          "mults(conv2d(x, w, stride=s, groups=G))*G == mults(conv2d(x, v, stride=s))",
          introduction="A depthwise layer is the case of as many groups as channels.",
          let=("x: signal[G*D, H, W]", "w: kernel[G*M, D, c, c]", "v: kernel[G*M, G*D, c, c]"), source=COUNTS,
          instance=(("G", 2), ("D", 1), ("M", 2), ("H", 5), ("W", 5), ("c", 3), ("s", 2))),
    Entry("two-small-kernels", "Two 3 × 3 layers in place of one 5 × 5 layer",
          "they read the same 5 × 5 places with 18 parameters for 25",
          "25*params(conv2d(conv2d(x, w), v)) == 18*params(conv2d(x, u))",
          introduction="Two layers of stride 1 reach as far as one whose kernel is the convolution of theirs, which "
          "has 5 × 5 taps. The numbers are for as many output channels as input channels.",
          let=(IMAGE, "w: kernel[C, C, 3, 3]", "v: kernel[C, C, 3, 3]", "u: kernel[C, C, 5, 5]"), source=SOURCE,
          instance=(("C", 2), ("H", 8), ("W", 8))),
    Entry("transposed-multiplications", "A transposed layer costs as much as the layer",
          "it multiplies each entry that it reads by every tap, as the layer does for each output",
          "mults(conv_transpose1d(y, w, stride=s)) == mults(conv1d(x, w, stride=s))",
          introduction="The transposed layer leads back from M outputs to the samples that they were made of. Both "
          "multiply once for each pair of an output and a tap.",
          let=("x: signal[C, s*(M - 1) + c]", "y: signal[F, M]", "w: kernel[F, C, c]", "M: size"), source=COUNTS,
          instance=(("C", 2), ("F", 2), ("c", 3), ("s", 2), ("M", 3))),
    Entry("two-strided-layers-cost", "Merging two strided layers does not save multiplications",
          "wrong: one layer with the merged kernel has other outputs to compute and more taps",
          "mults(conv1d(conv1d(x, k, stride=s), h, stride=t)) == mults(conv1d(x, K, stride=s*t))",
          introduction="Two layers of strides s and t are one layer of stride s t whose kernel has c + s(e − 1) taps. "
          "It has no inner outputs to compute, but more taps for each output.",
          let=("x: signal[N]", "k: kernel[c]", "h: kernel[e]", "K: kernel[c + s*(e - 1)]"),
          source="assignment on merging strided layers", verdict="refuted"),
)  # fmt: skip
