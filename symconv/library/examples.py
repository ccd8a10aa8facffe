"""Worked examples: the numbers that the sources print, and matrices of taps, computed each time they are shown."""

from __future__ import annotations

from symconv.library.entry import Example

NOTES = "lecture notes on convolution layers"
ASSIGNMENT = "assignment on convolution and pooling"
ESSAY = "essay on deep-learning convolutions in signal-processing terms"
SLIDES = "lecture slides on adjoints of convolutions"
PIXELS = "x=[[113, 87, 75], [114, 80, 75], [112, 73, 81]]"
SEVEN = "x=[1, 0, -2, 3, 1, 2, -1]"
HALVES = "k=[1/2, 1, 1/2]"
QS = ("q: kernel[3]",)

EXAMPLES = (
    Example("convolution-by-numbers", "A convolution in numbers", "each output is a row of the matrix times the input",
            "conv(x, k)", ("x=[1, 2, 3]", "k=[1, 0, -1]"), (1, 2, 2, -2, -3),
            introduction="The kernel is turned around and moved along the signal.", source=NOTES),
    Example("correlation-by-numbers", "A correlation in numbers", "the same numbers without turning the kernel around",
            "corr(x, k)", ("x=[1, 2, 3]", "k=[1, 0, -1]"), (-1, -2, -2, 2, 3),
            introduction="Exchanging signal and kernel would turn this result around: correlation does not commute.",
            source=NOTES),
    Example("scatter-by-numbers", "A transposed convolution in numbers",
            "every entry of the feature map puts a copy of the kernel down",
            "conv_transpose2d(y, k)", ("y=[[3, 4], [1, 7]]", "k=[[2, 0], [1, -1]]"),
            ((6, 8, 0), (5, 15, -4), (1, 6, -7)),
            introduction="Four entries give four shifted copies of the kernel, which are added where they overlap.",
            source=NOTES),
    Example("max-pooling-by-numbers", "Max pooling in numbers", "windows of 2 by 2 pixels, one step apart",
            "max_pool2d(x, 2, stride=1)", (PIXELS,), ((114, 87), (114, 81)),
            introduction="Each output is the greatest of four pixels.", source=ASSIGNMENT),
    Example("average-pooling-by-numbers", "Average pooling in numbers", "the means of the same windows",
            "avg_pool2d(x, 2, stride=1)", (PIXELS,), (("197/2", "317/4"), ("379/4", "309/4")),
            introduction="Each output is a quarter of the sum of four pixels.", source=ASSIGNMENT),
    Example("norm-pooling-by-numbers", "Norm pooling in numbers", "the Euclidean norm of two samples at a time",
            "lp_pool1d(x, 2, 2)", ("x=[3, 4, -5, 12, 1, 1]",), (5, 13, "sqrt(2)"),
            introduction="The sizes of the samples are squared and added; the root of the sum is the output.",
            source=ASSIGNMENT),
    Example("unpooling-by-numbers", "Max unpooling in numbers", "upstream entries go where the maxima stood",
            "max_unpool2d(g, x, 2, stride=1)", (PIXELS, "g=[[1, 2], [3, 4]]"), ((0, 2, 0), (4, 0, 0), (0, 0, 4)),
            introduction="The windows overlap: two maxima stand at one place, and what they get is added.",
            source=ASSIGNMENT),
    Example("gradient-of-the-sum-by-numbers", "The gradient of the sum of all outputs, in numbers",
            "each pixel gets the taps that meet it in some window",
            "conv_transpose2d(g, b)", ("g=[[1, 1, 1], [1, 1, 1], [1, 1, 1]]", "b=[[1, 2, 3], [4, 5, 6], [7, 8, 9]]"),
            ((1, 3, 6, 5, 3), (5, 12, 21, 16, 9), (12, 27, 45, 33, 18), (11, 24, 39, 28, 15), (7, 15, 24, 17, 9)),
            introduction="The upstream gradient of a sum is 1 everywhere; the gradient by a 5 by 5 image is the full "
            "convolution of these ones with the kernel.", source=ASSIGNMENT),
    Example("strided-layer-by-numbers", "A strided layer in numbers", "three outputs from seven samples",
            "conv1d(x, k, stride=2)", (SEVEN, HALVES), ("-1/2", "5/2", 2),
            introduction="Each row of the matrix has the same taps, two places further to the right than the row "
            "above.", source=SLIDES),
    Example("strided-layer-matrix", "The matrix of a strided layer", "three rows, seven columns",
            "conv1d(x, k, stride=2)", ("N=7", HALVES),
            (("1/2", 1, "1/2", 0, 0, 0, 0), (0, 0, "1/2", 1, "1/2", 0, 0), (0, 0, 0, 0, "1/2", 1, "1/2")),
            introduction="Its transpose maps three entries to seven: it is the transposed layer.", wrt="x",
            let=("x: signal", "k: kernel[3]"), source=SLIDES),
    Example("transposed-layer-by-numbers", "The transpose of that matrix, at work", "seven samples from three entries",
            "conv_transpose1d(y, k, stride=2)", ("y=[-1/2, 5/2, 2]", HALVES),
            ("-1/4", "-1/2", 1, "5/2", "9/4", 2, 1),
            introduction="The transpose is not the inverse: these are not the samples that the three entries came "
            "from.", source=SLIDES),
    Example("toeplitz-matrix", "The matrix of a convolution", "every diagonal carries one tap",
            "conv(x, q)", ("N=4",), (("q_0", 0, 0, 0), ("q_1", "q_0", 0, 0), ("q_2", "q_1", "q_0", 0),
                                     (0, "q_2", "q_1", "q_0"), (0, 0, "q_2", "q_1"), (0, 0, 0, "q_2")),
            introduction="All six outputs are kept here: where fewer are kept, rows are left out above and below.",
            wrt="x", let=("x: signal", *QS), source=ESSAY),
    Example("filter-matrix", "The matrix of a filter that keeps the length", "four rows, four columns",
            "conv1d(x, reverse(q), padding=1)", ("N=4",),
            (("q_1", "q_0", 0, 0), ("q_2", "q_1", "q_0", 0), (0, "q_2", "q_1", "q_0"), (0, 0, "q_2", "q_1")),
            introduction="One zero on each side keeps four outputs of four samples.", wrt="x",
            let=("x: signal", *QS), source=ESSAY),
    Example("filter-and-down-matrix", "The matrix of a filter and down-sampling", "every second row of the other",
            "conv1d(x, reverse(q), stride=2, padding=1)", ("N=4",), (("q_1", "q_0", 0, 0), (0, "q_2", "q_1", "q_0")),
            introduction="The transpose of these two rows is up-sampling followed by the transposed filter.", wrt="x",
            let=("x: signal", *QS), source=ESSAY),
    Example("down-matrix", "The matrix of down-sampling", "rows of the unit matrix, every second one",
            "down(x, 2)", ("N=6",), ((1, 0, 0, 0, 0, 0), (0, 0, 1, 0, 0, 0), (0, 0, 0, 0, 1, 0)),
            introduction="Samples are selected.", wrt="x", let=("x: signal",), source=ESSAY),
    Example("up-matrix", "The matrix of up-sampling", "the transpose: zeros are put between the samples",
            "bed_of_nails(x, 2)", ("N=3",), ((1, 0, 0), (0, 0, 0), (0, 1, 0), (0, 0, 0), (0, 0, 1), (0, 0, 0)),
            introduction="Samples are inserted between zeros.", wrt="x", let=("x: signal",), source=ESSAY),
    Example("image-matrix", "The matrix of a layer on images", "blocks of bands, doubly Toeplitz",
            "conv2d(x, w)", ("H=3", "W=3"),
            (("w_0_0", "w_0_1", 0, "w_1_0", "w_1_1", 0, 0, 0, 0), (0, "w_0_0", "w_0_1", 0, "w_1_0", "w_1_1", 0, 0, 0),
             (0, 0, 0, "w_0_0", "w_0_1", 0, "w_1_0", "w_1_1", 0), (0, 0, 0, 0, "w_0_0", "w_0_1", 0, "w_1_0", "w_1_1")),
            introduction="The image is written row by row as one column of nine pixels; each block is a row of the "
            "kernel.", wrt="x", let=("x: signal[:, :]", "w: kernel[2, 2]"), source=SLIDES),
    Example("nearest-neighbour-by-numbers", "Repetition and a kernel of three taps, in numbers",
            "the four taps are q0, q0 + q1, q1 + q2 and q2",
            "conv(ones(2), q)", ("q=[1, 10, 100]",), (1, 11, 110, 100),
            introduction="With the taps 1, 10 and 100 the digits tell which of them are added.", source=ESSAY),
)
