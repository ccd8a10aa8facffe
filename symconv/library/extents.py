"""Extents and borders: how many outputs a layer has, and what padding does to layers that are merged.

Statements are about tensors: x[N] has N samples, a layer has the outputs at 0 ≤ n < M, and what is padded between two
layers is not what one layer pads.
"""

from __future__ import annotations

from symconv.library.entry import Entry

ASSIGNMENT = "assignment on merging two strided layers"
NOTES = "lecture notes on convolution layers"
POOLING = "assignment on convolution and pooling"
SLIDES = "lecture slides on adjoints of convolutions"
LET = ("x: signal[N]", "k: kernel[c]")
TWO = (*LET, "h: kernel[e]")
SAME = ("x: signal[N]", "k: kernel[2*p + 1]")
SIDES = (*LET, "l: natural", "P: natural")

ONCE = "conv1d(conv1d(pad(x, (l, P - l)), k, stride=2), k, stride=2)"
EACH = ("conv1d(conv1d(x, k, stride=2, padding=p), k, stride=2, padding=p)",
        "conv1d(x, conv(k, up(k, 2)), stride=4, padding=3*p)")  # fmt: skip
TWICE = "conv1d(conv1d(x, k, padding=p{0}), h, padding=q{0})", "conv1d(x, conv(k, h), padding=p + q{0})"
MODE = ", padding_mode='{}'"
ODD = ("x: signal[N]", "k: kernel[2*p + 1]", "h: kernel[2*q + 1]")


def twice(mode: str = "") -> str:
    """Two padded layers against one, with what stands beyond the ends."""
    option = MODE.format(mode) if mode else ""
    return " == ".join(side.format(option) for side in TWICE)


ENTRIES = (
    Entry("two-strided-layers-padded-once", "Two strided layers on N samples, padded once",
          "padded before the first layer only, they are one layer, up to the last output",
          f"{ONCE} == conv1d(pad(x, (l, P - l)), conv(k, up(k, 2)), stride=4)",
          introduction="The input is extended by l zeros before and P - l after it; then nothing is padded any more. "
          "Both sides have as many outputs, and all of them agree.", let=SIDES, assume=("l <= P",), source=ASSIGNMENT,
          related=("paddings-for-a-quarter",)),
    Entry("paddings-for-a-quarter", "Padding that leaves a quarter of the samples",
          "where 4 divides N, exactly the paddings from 3c - 6 to 3c - 3 zeros in all do",
          f"size({ONCE}) == N//4",
          introduction="The merged layer has 3c - 2 taps and a stride of 4. As many zeros as leave one output for "
          "every 4 samples are needed, and up to 3 more change nothing.", let=SIDES,
          assume=("N % 4 == 0", "l <= P", "3*c - 6 <= P", "P <= 3*c - 3"), source=ASSIGNMENT),
    Entry("too-little-padding-for-a-quarter", "One zero less",
          "wrong: with 3c - 7 zeros an output is missing", f"size({ONCE}) == N//4", let=SIDES,
          assume=("N % 4 == 0", "l <= P", "3*c - 7 <= P", "P <= 3*c - 3"), source=ASSIGNMENT, verdict="refuted"),
    Entry("padding-every-layer", "Padding every layer is not padding once",
          "wrong: what the first layer gives beyond its ends is cut off, and zeros stand there", " == ".join(EACH),
          introduction="A layer that is padded by p computes with zeros at both ends. The second layer does so again, "
          "with the outputs of the first; the merged layer has sums of samples there.", let=LET, source=ASSIGNMENT,
          verdict="refuted", related=("padding-every-layer-enough", "padding-every-layer-inside")),
    Entry("padding-every-layer-enough", "Where padding every layer is right",
          "with at most p + 1 taps nothing but zeros is cut off", " == ".join(EACH), let=LET, assume=("c <= p + 1",),
          introduction="An output of the first layer beyond its ends would read zeros alone.", source=ASSIGNMENT),
    Entry("padding-every-layer-parity", "One tap more",
          "p + 2 taps are right too where N and c are both even or both odd", " == ".join(EACH), let=LET,
          assume=("c == p + 2", "(N - c) % 2 == 0"), source=ASSIGNMENT),
    Entry("padding-every-layer-3", "Three taps, padded by one",
          "on an odd number of samples the usual padding does no harm",
          "conv1d(conv1d(x, k, stride=2, padding=1), k, stride=2, padding=1) == "
          "conv1d(x, conv(k, up(k, 2)), stride=4, padding=3)",
          let=("x: signal[N]", "k: kernel[3]"), assume=("N % 2 == 1",), source=ASSIGNMENT),
    Entry("padding-every-layer-inside", "The inner outputs agree",
          "an output that reads outputs of the first layer alone is not changed by padding",
          f"({EACH[0]})[n] == ({EACH[1]})[n]", let=LET,
          assume=("2*n >= p", "2*n + c - 1 - p <= (N + 2*p - c)//2"),
          introduction="The outputs from 2n - p to 2n - p + c - 1 of the first layer are read: all of them are there.",
          source=ASSIGNMENT),
    Entry("strided-layers-finite", "Strided layers on N samples",
          "padding of the first layer alone stays what it is",
          "conv1d(conv1d(x, k, stride=s, padding=p), h, stride=t) == "
          "conv1d(x, conv(k, up(h, s)), stride=s*t, padding=p)", let=TWO, source=ASSIGNMENT),
    Entry("effective-padding", "The padding of a merged layer",
          "p before the first and q before the second layer are p + s q, where the kernels are short enough",
          "conv1d(conv1d(x, k, stride=s, padding=p), h, stride=t, padding=q) == "
          "conv1d(x, conv(k, up(h, s)), stride=s*t, padding=p + s*q)", let=TWO, assume=("c <= p + 1",),
          introduction="A zero beside the outputs of the first layer stands for s places of its input. It is what the "
          "merged layer has there if an output that far out would read no sample.", source=ASSIGNMENT),
    Entry("padded-twice", "Two padded layers are not one",
          "wrong: at the borders the second layer reads zeros where the merged one reads sums", twice(), let=TWO,
          source=NOTES, verdict="refuted", related=("padded-twice-inside", "padded-twice-circular")),
    Entry("padded-twice-inside", "Two padded layers agree inside",
          "beyond q places from the ends", "conv1d(conv1d(x, k, padding=p), h, padding=q)[n] == "
          "conv1d(x, conv(k, h), padding=p + q)[n]", let=TWO,
          assume=("n >= q", "n + e - 1 - q <= N + 2*p - c"), source=NOTES),
    Entry("padded-twice-circular", "On a circle there are no borders",
          "with circular padding that keeps the extent, two layers are one everywhere", twice("circular"), let=ODD,
          introduction="What stands beyond one end is what stands at the other: every output reads a full circle.",
          source=NOTES),
    Entry("padded-twice-replicate", "Repeating the last sample is no way out",
          "wrong: the outputs that the second layer repeats are not those of the merged layer", twice("replicate"),
          let=ODD, source=NOTES, verdict="refuted"),
    Entry("padded-twice-reflect", "Nor is reflecting",
          "wrong: a reflected output has the kernel the other way round", twice("reflect"), let=ODD, source=NOTES,
          verdict="refuted"),
    Entry("same-padding", "Padding that keeps the extent",
          "2p + 1 taps and p zeros on each side", "conv1d(x, k, padding='same') == conv1d(pad(x, p), k)", let=SAME,
          source=NOTES),
    Entry("full-padding", "A fully padded layer is the whole correlation",
          "shifted by c - 1, so that it begins at 0",
          "conv1d(x, k, padding='full') == shift(corr(x, k), c - 1)", let=LET, source=NOTES),
    Entry("padding-is-a-layer", "Padding may be done apart", "padding a layer is padding its input",
          "conv1d(x, k, stride=s, dilation=d, padding=p) == conv1d(pad(x, p), k, stride=s, dilation=d)", let=LET,
          source=NOTES),
    Entry("layer-gradient-finite", "The gradient of a layer on N samples",
          "the transposed layer, with as much output padding as the stride left over",
          "grad(conv1d(x, w, stride=s, padding=p, dilation=d), x, g) == conv_transpose1d(g, w, stride=s, padding=p, "
          "dilation=d, output_padding=(N + 2*p - d*(c - 1) - 1) % s)", let=("x: signal[N]", "w: kernel[c]"),
          introduction="The last samples that no window reaches any more have the gradient 0: they are what the output "
          "padding is for.", source=SLIDES),
    Entry("layer-gradient-too-short", "The gradient without output padding",
          "wrong: it is shorter than the input where the stride does not fit",
          "grad(conv1d(x, w, stride=s, padding=p), x, g) == conv_transpose1d(g, w, stride=s, padding=p)",
          let=("x: signal[N]", "w: kernel[c]"), source=SLIDES, verdict="refuted"),
    Entry("weight-gradient-finite", "The gradient by the kernel on N samples",
          "the padded input correlated with the upstream gradient, stride and dilation exchanged",
          "grad(conv1d(x, w, stride=s, padding=p, dilation=d), w, g) == conv1d(x, g, stride=d, padding=p, dilation=s)",
          let=("x: signal[N]", "w: kernel[c]"), source=SLIDES),
    Entry("transposed-layer-finite", "The transposed layer on vectors",
          "moving a layer to the other side of an inner product, every sample counted",
          "inner(conv1d(x, w, stride=s), y) == inner(x, conv_transpose1d(y, w, stride=s, "
          "output_padding=(N - c) % s))",
          let=("x: signal[N]", "w: kernel[c]", "y: signal[(N - c)//s + 1]"), source=SLIDES),
    Entry("transposed-layer-images", "The transposed layer on vectorised images",
          "the transpose of the doubly block Toeplitz matrix of a layer is the transposed layer",
          "adjoint(conv2d(x, w, stride=(s, t), padding=(p, q)), x, y) == conv_transpose2d(y, w, stride=(s, t), "
          "padding=(p, q), output_padding=((H + 2*p - a) % s, (W + 2*q - b) % t))",
          let=("x: signal[C, H, W]", "w: kernel[F, C, a, b]"), source=SLIDES),
    Entry("transposed-is-not-inverse", "The transpose does not undo a layer",
          "wrong: the adjoint has the extent of the input, and other values",
          "conv_transpose2d(conv2d(x, w), w) == x", let=("x: signal[H, W]", "w: kernel[a, b]"), source=SLIDES,
          verdict="refuted"),
    Entry("noble-layers-finite", "Averages of averages on N samples",
          "pooling by c and then by e is pooling by c e, also where samples are left over",
          "avg_pool1d(avg_pool1d(x, c), e) == avg_pool1d(x, c*e)", let=("x: signal[N]",), source=POOLING),
    Entry("maxima-of-maxima-finite", "Maxima of maxima on N samples", "the same for the greatest entries",
          "max_pool1d(max_pool1d(x, c), e) == max_pool1d(x, c*e)", let=("x: signal[N]",), source=POOLING),
    Entry("bias-through-padding", "A bias does not pass padding",
          "wrong: the second layer reads zeros beside the first one's outputs, and not its bias",
          "conv1d(conv1d(x, k, padding=p, bias=b), h, padding=q) == "
          "conv1d(x, conv(k, h), padding=p + q, bias=b*sum(h[i] for i in range(e)))",
          let=(*TWO, "b: number"), assume=("c <= p + 1",), source=NOTES, verdict="refuted"),
)  # fmt: skip
