"""Layers with channels: how two of them compose, how branches join, and what depthwise and 1×1 layers are."""

from __future__ import annotations

from symconv.library.entry import Entry

MERGING = "assignment on merging two strided layers"
SOURCE = "lecture notes on convolution layers"

INPUT = "x: signal[C, :]"
IMAGE = "x: signal[C, :, :]"
FIRST = "w: kernel[M, C, c]"
SECOND = "v: kernel[F, M, e]"
MERGED = "K[o, i, m] = sum(v[o, j, b]*w[j, i, m - s*b] for j in range(M) for b in Z)"

ENTRIES = (
    Entry("layers-with-channels", "Two strided layers with channels are one",
          "the merged kernel sums over the channels in the middle",
          "conv1d(conv1d(x, w, stride=s), v, stride=t) == conv1d(x, K, stride=s*t)",
          introduction="Seen as matrices whose entries are kernels, layers compose like matrices: the channels in the "
          "middle are summed over, and the product of two entries is the convolution of one kernel with the other "
          "dilated by the first stride.",
          let=(INPUT, FIRST, SECOND, MERGED), source=MERGING,
          instance=(("c", 2), ("e", 2), ("C", 1), ("M", 2), ("F", 1), ("s", 2), ("t", 1))),
    Entry("channels-summed-twice", "Middle channels summed separately",
          "wrong: the output channel of the first layer is the input channel of the second, one and the same index",
          "conv1d(conv1d(x, w, stride=s), v, stride=t) == conv1d(x, K, stride=s*t)",
          introduction="Summing each kernel over the middle channels by itself mixes channels that never meet.",
          let=(INPUT, FIRST, SECOND,
               "K[o, i, m] = sum(v[o, j, b]*w[l, i, m - s*b] for j in range(M) for l in range(M) for b in Z)"),
          source=MERGING, verdict="refuted"),
    Entry("channels-not-summed", "Merging channel by channel",
          "wrong: convolving the kernels of equal channels leaves out the sum over the middle",
          "conv1d(conv1d(x, w, stride=s), v, stride=t) == conv1d(x, K, stride=s*t)",
          introduction="With as many channels in as out, kernels of the same pair of channels can be convolved with "
          "one another. That is the product of matrices entry by entry, not their product.",
          let=(INPUT, "w: kernel[C, C, c]", "v: kernel[C, C, e]",
               "K[o, i, m] = sum(v[o, i, b]*w[o, i, m - s*b] for b in Z)"), source=MERGING, verdict="refuted"),
    Entry("layers-with-channels-2d", "Two strided layers with channels on images",
          "in two dimensions each axis is merged like the line, and the middle channels are summed over",
          "conv2d(conv2d(x, w, stride=s), v, stride=t) == conv2d(x, K, stride=s*t)",
          introduction="This is the form in which two layers of a network without anything between them are replaced "
          "by one.",
          let=(IMAGE, "w: kernel[M, C, c, c]", "v: kernel[F, M, 2, 2]",
               "K[o, i, m, n] = sum(v[o, j, p, q]*w[j, i, m - s*p, n - s*q] for j in range(M) for p in Z for q in Z)"),
          source=MERGING, instance=(("c", 2), ("C", 1), ("M", 2), ("F", 1), ("s", 2), ("t", 1))),
    Entry("layers-with-groups-2d", "Two grouped, strided, dilated layers on images",
          "groups stay groups: within each, the middle channels are summed over",
          "conv2d(conv2d(x, w, stride=s, dilation=d, groups=G), v, stride=t, dilation=d, groups=G)"
          " == conv2d(x, K, stride=s*t, dilation=d, groups=G)",
          introduction="With G groups both layers are G layers side by side, and each pair is merged by itself. A "
          "dilation that both layers have stays outside the merged kernel.",
          let=("w: kernel[G*M, C, h, h]", "v: kernel[G*F, M, 2, 2]",
               "K[o, i, m, n] = sum(iverson(u*F <= o)*iverson(o < u*F + F)"
               "*v[o, j, p, q]*w[u*M + j, i, m - s*p, n - s*q]"
               " for u in range(G) for j in range(M) for p in Z for q in Z)"),
          source=MERGING,
          instance=(("h", 2), ("G", 2), ("C", 1), ("M", 1), ("F", 1), ("s", 2), ("t", 1), ("d", 1))),
    Entry("layers-with-bias", "What becomes of the biases",
          "the first bias is summed over the middle channels and the taps of the second layer, the second is added",
          "conv1d(conv1d(x, w, stride=s, bias=b1), v, stride=t, bias=b2) == conv1d(x, K, stride=s*t, bias=B)",
          introduction="A bias is the same at every place, so the second layer sums it once for each of its taps. "
          "This needs every place that the second layer reads to carry the bias: it holds without padding between "
          "the layers.",
          let=(INPUT, FIRST, SECOND, "b1: signal[M]", "b2: signal[F]", MERGED,
               "B[f] = sum(v[f, l, a]*b1[l] for l in range(M) for a in Z) + b2[f]"), source=MERGING,
          instance=(("c", 2), ("e", 2), ("C", 1), ("M", 2), ("F", 1), ("s", 2), ("t", 1))),
    Entry("layers-with-relu", "A rectifier between layers with channels",
          "wrong: what the rectifier sets to zero depends on the input, and no kernel does that",
          "conv1d(relu(conv1d(x, w, stride=s)), v, stride=t) == conv1d(x, K, stride=s*t)",
          introduction="Layers merge because they are linear. A network needs the non-linearities between them for "
          "exactly this reason: without them it would be a single layer.",
          let=(INPUT, FIRST, SECOND, MERGED), source=MERGING, verdict="refuted"),
    Entry("layer-by-index", "A layer with channels, index by index",
          "every output is a sum over the input channels and the taps",
          "conv2d(x, w)[f, i, j] == sum(w[f, c, a, b]*x[c, i + a, j + b]"
          " for c in range(C) for a in range(h) for b in range(v))",
          introduction="The kernel of a layer has an axis for the output channel, one for the input channel, and one "
          "for each direction of the image.",
          let=(IMAGE, "w: kernel[F, C, h, v]"), source=SOURCE,
          instance=(("C", 2), ("F", 1), ("h", 2), ("v", 2), ("f", 0), ("i", 0), ("j", 0))),
    Entry("layer-by-channels", "A layer is a sum of layers with one channel",
          "each output channel adds up one-channel correlations, one for each input channel",
          "conv2d(x, w)[f, i, j]"
          " == sum(corr(formula(n, m, x[c, n, m]), formula(n, m, w[f, c, n, m]))[i, j] for c in range(C))",
          introduction="For fixed channels the kernel of a layer is a plain image kernel, and the channels are only "
          "added.",
          let=(IMAGE, "w: kernel[F, C, h, v]"), source=SOURCE,
          instance=(("C", 2), ("F", 1), ("h", 2), ("v", 2), ("f", 0), ("i", 0), ("j", 0))),
    Entry("convolution-by-channels", "A convolution with channels by one-channel convolutions",
          "the flipped form, with the channels as the last axes and taps on both sides of zero",
          "sum(w[a, b, d, f]*x[i - a, j - b, d] for a in range(-l, l+1) for b in range(-l, l+1) for d in range(C))"
          " == sum(conv(formula(n, m, x[n, m, d]), formula(n, m, w[n, m, d, f]))[i, j] for d in range(C))",
          introduction="The places of image and kernel are convolved, the input channel d is summed over, and the "
          "output channel f is free.",
          let=("x: signal[:, :, C]", "w: kernel[-l:l+1, -l:l+1, C, F]", "i: integer", "j: integer", "f: integer"),
          source=SOURCE, instance=(("C", 2), ("F", 1), ("l", 1), ("f", 0), ("i", 0), ("j", 0))),
    Entry("convolution-by-channels-index", "The channel as one more axis of the convolution",
          "wrong: the second index is reversed, and the channel is subtracted from an index that stands nowhere else",
          "sum(conv(formula(n, m, x[n, m, d]), formula(n, m, w[n, m, d, f]))[i, j] for d in range(C))"
          " == sum(w[a, b, d, f]*x[i - a, b - j, d - c]"
          " for a in range(-l, l+1) for b in range(-l, l+1) for d in range(C))",
          introduction="A formula is sometimes printed in which the right side depends on an index c that is free: "
          "the left side does not. Channels are not convolved: the same d belongs in the kernel and in the input.",
          let=("x: signal[:, :, C]", "w: kernel[-l:l+1, -l:l+1, C, F]", "i: integer", "j: integer", "f: integer",
               "c: integer"), source=SOURCE, verdict="refuted"),
    Entry("joined-layers", "Layers side by side",
          "layers on the same input whose outputs are joined are one layer whose kernels are joined",
          "cat([conv1d(x, w, dilation=d), conv1d(x, v, dilation=d)]) == conv1d(x, cat([w, v]), dilation=d)",
          introduction="Output channels do not interact, so it does not matter whether they are computed by one layer "
          "or by two.",
          let=(INPUT, "w: kernel[F, C, c]", "v: kernel[E, C, c]"), source=SOURCE,
          instance=(("C", 1), ("F", 1), ("E", 1), ("c", 2), ("d", 2))),
    Entry("joined-dilated-layers", "An ordinary and a dilated layer side by side",
          "where the dilations differ, the kernel of the dilated one gets its zeros before it is joined",
          "cat([conv1d(x, w), conv1d(x, v, dilation=d)]) == conv1d(x, K)",
          introduction="Blocks with several dilations join their outputs. As one layer they have a long kernel in "
          "which most taps are zero: its first F output channels are those of w, the others those of v.",
          let=(INPUT, "w: kernel[F, C, c]", "v: kernel[E, C, e]",
               "K[o, i, m] = w[o, i, m] + sum(iverson(m == d*a)*v[o - F, i, a] for a in Z)"), source=SOURCE,
          instance=(("C", 1), ("F", 1), ("E", 1), ("c", 2), ("e", 2), ("d", 2))),
    Entry("added-layers", "A linear combination of layers with channels",
          "layers on the same input whose outputs are weighted and added are one layer",
          "a*conv1d(x, w) + b*conv1d(x, v, dilation=d) == conv1d(x, a*w + b*up(v, (1, 1, d)))",
          introduction="Dilating a kernel with channels up-samples it along the taps, and along the channels not.",
          let=(INPUT, "w: kernel[F, C, c]", "v: kernel[F, C, e]", "a: number", "b: number"), source=SOURCE,
          instance=(("C", 1), ("F", 1), ("c", 2), ("e", 2), ("d", 2))),
    Entry("added-layers-undilated", "Adding kernels without their dilation",
          "wrong: the taps of the dilated branch must be moved to the places that they read",
          "conv1d(x, w) + conv1d(x, v, dilation=d) == conv1d(x, w + v)",
          introduction="The arrays of weights have the same shape and can be added, but they belong to different "
          "places.",
          let=(INPUT, "w: kernel[F, C, c]", "v: kernel[F, C, c]"), source=SOURCE, verdict="refuted"),
    Entry("depthwise-separable", "A depthwise separable layer is an ordinary layer",
          "its kernel is the product of a factor for each pair of channels and a kernel for each input channel",
          "pointwise(depthwise2d(x, d), p) == conv2d(x, K)",
          introduction="Every channel is filtered by itself, and the channels are then mixed at every place alike. "
          "The two steps have FC + Chv parameters in place of FChv.",
          let=(IMAGE, "d: kernel[C, h, v]", "p: kernel[F, C]", "K[f, c, a, b] = p[f, c]*d[c, a, b]"), source=SOURCE,
          instance=(("C", 2), ("F", 1), ("h", 2), ("v", 1))),
    Entry("depthwise-separable-options", "A depthwise separable layer with stride, padding and dilation",
          "the options of the depthwise step are those of the whole",
          "pointwise(depthwise2d(x, d, stride=s, padding=q, dilation=e), p)"
          " == conv2d(x, K, stride=s, padding=q, dilation=e)",
          introduction="Mixing channels does not look at the places, so that everything that concerns them stays with "
          "the depthwise step.",
          let=(IMAGE, "d: kernel[C, h, v]", "p: kernel[F, C]", "K[f, c, a, b] = p[f, c]*d[c, a, b]"), source=SOURCE,
          instance=(("C", 2), ("F", 1), ("h", 2), ("v", 1), ("s", 2), ("q", 1), ("e", 1))),
    Entry("not-every-layer-separates", "Not every layer is depthwise separable",
          "wrong: a kernel with free taps for every pair of channels is no such product",
          "pointwise(depthwise2d(x, d), p) == conv2d(x, w)",
          introduction="A separable layer has fewer parameters because it can do less: its kernels for one input "
          "channel are multiples of one another.",
          let=(IMAGE, "d: kernel[C, h, v]", "p: kernel[F, C]", "w: kernel[F, C, h, v]"), source=SOURCE,
          verdict="refuted"),
    Entry("mixed-then-filtered", "Mixing first and filtering then",
          "a 1×1 layer followed by a depthwise one is a layer too, with another kernel",
          "depthwise2d(pointwise(x, p), d) == conv2d(x, K)",
          introduction="In this order the kernels for one output channel are multiples of one another.",
          let=(IMAGE, "d: kernel[F, h, v]", "p: kernel[F, C]", "K[f, c, a, b] = p[f, c]*d[f, a, b]"), source=SOURCE,
          instance=(("C", 2), ("F", 1), ("h", 2), ("v", 1))),
    Entry("one-by-one-layer", "A 1×1 layer is one matrix at every place",
          "the channels at each place are multiplied by the same matrix",
          "conv2d(x, w)[f, i, j] == sum(w[f, c, 0, 0]*x[c, i, j] for c in range(C))",
          introduction="A kernel that reads a single place leaves only the sum over the channels: a product of a "
          "matrix with the vector of the channels at that place.",
          let=(IMAGE, "w: kernel[F, C, 1, 1]"), source=SOURCE,
          instance=(("C", 3), ("F", 2), ("f", 0), ("i", 0), ("j", 0))),
    Entry("one-by-one-layers", "Two 1×1 layers multiply their matrices",
          "mixing channels twice is mixing them with the product of the matrices",
          "pointwise(pointwise(x, p), q) == pointwise(x, A)",
          introduction="At every place a 1×1 layer is a matrix, and matrices multiply.",
          let=(IMAGE, "p: kernel[M, C]", "q: kernel[F, M]", "A[f, c] = sum(q[f, m]*p[m, c] for m in range(M))"),
          source=SOURCE, instance=(("C", 1), ("M", 2), ("F", 1))),
    Entry("scaled-relu", "A factor before or after a rectified layer",
          "wrong: a negative factor changes what the rectifier cuts off",
          "a*relu(conv1d(x, w)) == relu(conv1d(a*x, w))",
          introduction="A layer is linear and a rectifier is not. Factors that are not negative pass through both.",
          let=(INPUT, "w: kernel[F, C, c]", "a: number"), source=SOURCE, verdict="refuted"),
    Entry("scaled-relu-nonnegative", "A rectified layer is positively homogeneous",
          "a factor that is not negative may stand before or after the layer",
          "a*relu(conv1d(x, w)) == relu(conv1d(a*x, w))",
          introduction="The larger of t and 0 grows in proportion to t when both are multiplied by the same factor, "
          "as long as that is not negative.",
          let=(INPUT, "w: kernel[F, C, c]", "a: number"), assume=("a >= 0",), source=SOURCE),
)  # fmt: skip
