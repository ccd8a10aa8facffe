"""Gradients of convolutions: by the input, by the kernel, by the bias, and entry by entry."""

from __future__ import annotations

from symconv.library.entry import Entry

NOTES = "lecture notes on convolution layers"
POOLING = "assignment on convolution and pooling"
SLIDES = "lecture slides on adjoints of convolutions"

TWO_SIDED = "w: kernel[-l:l+1]"
PLANE = ("a: signal[:, :]", "b: kernel[c, c]")
OPTIONS = "stride=s, padding=p, dilation=d"
LAYER = ("x: signal[C, :]", "w: kernel[F, C, c]")
GROUPED = ("x: signal[G*D, H, W]", "w: kernel[G*M, D, h, v]")
GROUPED_PLANE = ("x: signal[G*D, :, :]", "w: kernel[G*M, D, h, v]")

ENTRIES = (
    Entry("gradient-by-input", "Back-propagation through a convolution",
          "the gradient by the input is the correlation of the upstream gradient with the kernel",
          "grad(conv(x, w), x, g) == corr(g, w)",
          introduction="Let y = conv(x, w), and let g[i] be the derivative of the cost by y[i]. The chain rule sums "
          "g[i] w[i - n] over i, and this is a correlation.", let=("x: signal", TWO_SIDED), source=NOTES),
    Entry("gradient-by-kernel", "The gradient by the kernel",
          "the gradient by the kernel is the correlation of the upstream gradient with the input",
          "grad(conv(x, w), w, g)[a] == sum(g[i]*x[i - a] for i in Z)",
          introduction="Each tap meets every sample once, so its derivative sums over the whole output.",
          let=("x: signal", TWO_SIDED, "a: integer"), assume=("-l <= a", "a <= l"), source=NOTES,
          instance=(("l", 1), ("a", 1))),
    Entry("gradient-entry", "How one output depends on one input",
          "the derivative of y[i] by x[j] is w[i - j]",
          "diff(conv(x, w)[i], x[j]) == w[i - j]",
          introduction="All entries of the Jacobian matrix of a convolution are taps, and they depend on the "
          "difference of the indices only.", let=("x: signal", TWO_SIDED), source=NOTES,
          instance=(("l", 1), ("i", 1), ("j", 0))),
    Entry("gradient-entry-first", "The first input that reaches an output",
          "the derivative of y[i] by x[i + l] is w[-l]",
          "diff(conv(x, w)[i], x[i + l]) == w[-l]",
          introduction="The rightmost sample that y[i] reads meets the leftmost tap.",
          let=("x: signal", TWO_SIDED), source=NOTES),
    Entry("gradient-entry-last", "The last input that reaches an output",
          "the derivative of y[i] by x[i - l] is w[l]",
          "diff(conv(x, w)[i], x[i - l]) == w[l]",
          introduction="The leftmost sample that y[i] reads meets the rightmost tap.",
          let=("x: signal", TWO_SIDED), source=NOTES),
    Entry("influence-entry", "How one input acts on the outputs around it",
          "the derivative of y[i + a] by x[i] is w[a]",
          "diff(conv(x, w)[i + a], x[i]) == w[a]",
          introduction="Seen from the input, the taps stand in their own order: this is the impulse response.",
          let=("x: signal", TWO_SIDED, "a: integer"), source=NOTES, instance=(("l", 1), ("i", 0), ("a", 1))),
    Entry("influence-left", "The leftmost output that an input reaches",
          "the derivative of y[i - l] by x[i] is w[-l]",
          "diff(conv(x, w)[i - l], x[i]) == w[-l]",
          introduction="An input acts on the outputs from i - l to i + l, with the taps from w[-l] to w[l].",
          let=("x: signal", TWO_SIDED), source=NOTES, instance=(("l", 1), ("i", 0))),
    Entry("influence-left-flipped", "The leftmost output with the rightmost tap",
          "wrong: the derivative of y[i - l] by x[i] is w[-l], not w[l]",
          "diff(conv(x, w)[i - l], x[i]) == w[l]",
          introduction="The order of the taps is reversed on the way from the inputs of one output to the outputs of "
          "one input; reversing it once more is a mistake.", let=("x: signal", TWO_SIDED), source=NOTES,
          verdict="refuted"),
    Entry("influence-ends-right", "No output further to the right",
          "x[i] has no influence on y[i + l + 1] and those after it",
          "diff(conv(x, w)[i + l + 1 + j], x[i]) == 0",
          introduction="The outputs that x[i] acts on are those from i - l to i + l: 2l + 1 of them.",
          let=("x: signal", TWO_SIDED, "j: natural"), source=NOTES, instance=(("l", 1), ("i", 0), ("j", 0))),
    Entry("influence-ends-left", "No output further to the left",
          "x[i] has no influence on y[i - l - 1] and those before it",
          "diff(conv(x, w)[i - l - 1 - j], x[i]) == 0",
          introduction="The same on the other side.",
          let=("x: signal", TWO_SIDED, "j: natural"), source=NOTES, instance=(("l", 1), ("i", 0), ("j", 0))),
    Entry("valid-gradient-entry", "One output of a correlation on images, by one input",
          "the derivative of output p, q by input i, j is the tap i - p, j - q",
          "diff(corr(a, b)[p, q], a[i, j]) == b[i - p, j - q]",
          introduction="Indices are counted from 0 here. Counted from 1, as in many textbooks, the output p, q reads "
          "the inputs from p, q on, and the tap is b[i - p + 1, j - q + 1].",
          let=PLANE, source=POOLING, instance=(("c", 2), ("p", 0), ("q", 0), ("i", 1), ("j", 0))),
    Entry("valid-gradient-entry-flipped", "The tap with the differences exchanged",
          "wrong: that would be the derivative of a convolution with the kernel flipped",
          "diff(corr(a, b)[p, q], a[i, j]) == b[p - i, q - j]",
          introduction="A correlation reads input p + u, q + v with tap u, v: the tap is the input less the output.",
          let=PLANE, source=POOLING, verdict="refuted"),
    Entry("gradient-by-image", "The gradient by the image is a full convolution",
          "the upstream gradient is convolved with the kernel",
          "grad(corr(a, b), a, g) == conv(g, b)",
          introduction="The forward pass is a valid correlation, which makes the image smaller; the backward pass is "
          "the full convolution, which gives it its extent again.", let=PLANE, source=POOLING),
    Entry("gradient-by-image-kernel", "The gradient by the kernel is a correlation",
          "the image is correlated with the upstream gradient",
          "grad(corr(a, b), b, g) == corr(a, g)",
          introduction="The roles of kernel and output are exchanged: the gradient acts as the kernel, and the kernel "
          "gets its gradient from a correlation as large as itself.", let=PLANE, source=POOLING, instance=(("c", 2),)),
    Entry("gradient-of-the-sum", "The gradient of the sum of all outputs",
          "for E, the sum of n by m outputs, it is a full convolution of ones with the kernel",
          "grad(inner(ones((n, m)), corr(a, b)), a, 1) == conv(ones((n, m)), b)",
          introduction="The upstream gradient of a sum is 1 at every output that is summed. Each entry of the gradient "
          "adds up the taps that the entry meets.", let=(*PLANE, "n: size", "m: size"), source=POOLING),
    Entry("gradient-of-the-sum-5", "The same for a 5 by 5 image and a 3 by 3 kernel",
          "the 3 by 3 outputs are summed, and the gradient has the extent of the image",
          "grad(inner(ones((3, 3)), corr(a, b)), a, 1) == conv(ones((3, 3)), b)",
          introduction="In the middle all nine taps are added up; in the corners a single tap is left.",
          let=("a: signal[5, 5]", "b: kernel[3, 3]"), source=POOLING),
    Entry("gradient-of-the-sum-padded", "The padded kernel, correlated with ones",
          "the gradient is the kernel with a border of zeros, correlated with a window of ones",
          "grad(inner(ones((n, m)), corr(a, b)), a, 1) == corr(b, ones((n, m)), padding=(n - 1, m - 1))",
          introduction="The border is one less than the number of the outputs on each side: 2 for 3 by 3 outputs.",
          let=(*PLANE, "n: size", "m: size"), source=POOLING),
    Entry("gradient-of-the-sum-always-3", "A window of 3 by 3 ones, whatever the image",
          "wrong: the window of ones has the extent of the output, and this is 3 by 3 for 5 by 5 images only",
          "grad(inner(ones((n, m)), corr(a, b)), a, 1) == corr(b, ones((3, 3)), padding=2)",
          introduction="A formula found for one size need not hold for others.",
          let=("a: signal[:, :]", "b: kernel[3, 3]", "n: size", "m: size"), source=POOLING, verdict="refuted"),
    Entry("layer-gradient", "The gradient of a layer is the transposed layer",
          "with the same stride, padding and dilation, and the same kernel",
          f"grad(conv1d(x, w, {OPTIONS}), x, g) == conv_transpose1d(g, w, {OPTIONS})",
          introduction="What a layer gathers, its gradient scatters: every output sends its gradient to the samples "
          "that it read.", let=LAYER, source=SLIDES),
    Entry("layer-gradient-2d", "The gradient of a grouped layer on images",
          "groups stay groups, and everything else stays what it was",
          f"grad(conv2d(x, w, {OPTIONS}, groups=G), x, g) == conv_transpose2d(g, w, {OPTIONS}, groups=G, "
          "output_padding=((H + 2*p - d*(h - 1) - 1) % s, (W + 2*p - d*(v - 1) - 1) % s))",
          introduction="Each group is a layer of its own, and has its own transpose.", let=GROUPED, source=SLIDES,
          instance=(("G", 2), ("D", 1), ("M", 1), ("h", 2), ("v", 1), ("s", 2), ("p", 0), ("d", 1), ("H", 3),
                    ("W", 1))),
    Entry("layer-gradient-unstrided", "The gradient of a strided layer without its stride",
          "wrong: the upstream gradient must be set apart first",
          "grad(corr(x, k, stride=s), x, g) == conv(g, k)",
          introduction="The outputs of a strided layer lie s samples apart in its input.",
          let=("x: signal", "k: kernel[c]"), source=SLIDES, verdict="refuted"),
    Entry("weight-gradient", "The gradient by the kernel of a strided, dilated layer",
          "stride and dilation exchange their roles",
          "grad(corr(x, k, stride=s, dilation=d, padding=p), k, g) == corr(x, g, stride=d, dilation=s, padding=p)",
          introduction="Tap a of output n reads the sample sn + da - p. For the gradient of the tap the sum is over n, "
          "so that now s is the step from one term to the next, and d the step from one result to the next.",
          let=("x: signal", "k: kernel[c]"), source=SLIDES, instance=(("c", 2), ("s", 2), ("d", 1), ("p", 0))),
    Entry("weight-gradient-2d", "The gradient by the kernel of a layer on images",
          "it sums upstream gradient times input over all places",
          f"grad(conv2d(x, w, {OPTIONS}, groups=G), w, g) == conv2d_weight(x, g, {OPTIONS}, groups=G)",
          introduction="Libraries have a function of its own for this: the third form of the same sum over outputs, "
          "taps and inputs, of which the layer and its transpose are the other two.",
          let=GROUPED_PLANE, source=SLIDES,
          instance=(("G", 1), ("D", 1), ("M", 1), ("h", 2), ("v", 1), ("s", 1), ("p", 0), ("d", 1))),
    Entry("bias-gradient", "The gradient by the bias",
          "the bias of a channel collects the upstream gradient of the whole channel",
          "grad(conv2d(x, w, bias=b), b, g)[o] == sum(g[o, i, j] for i in Z for j in Z)",
          introduction="A bias is added at every place, so it gets its gradient from every place.",
          let=("x: signal[C, :, :]", "w: kernel[F, C, h, v]", "o: natural"), assume=("o < F",), source=SLIDES,
          instance=(("F", 2), ("C", 1), ("h", 1), ("v", 1), ("o", 1))),
    Entry("rectified-layer-gradient", "Back-propagation through a rectified layer",
          "the upstream gradient passes where the output of the layer is positive, and then the transposed layer",
          "grad(relu(conv1d(x, w)), x, g) == conv_transpose1d(mul(step(conv1d(x, w)), g), w)",
          introduction="The derivative of the rectifier is 1 for positive values and 0 for negative ones; at 0 it is "
          "taken to be 0, as back-propagation does.", let=LAYER, source=SLIDES),
)  # fmt: skip
