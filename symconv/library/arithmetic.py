"""The arithmetic of convolution layers: the fifteen relations of the guide by Dumoulin and Visin, each with its floor.

Extents of a layer on N samples with c taps, stride s, padding p and dilation d; for transposed layers the direct layer
that does the same.  Then receptive fields of stacks.
"""

from __future__ import annotations

from symconv.library.entry import Entry

GUIDE = "V. Dumoulin and F. Visin, A guide to convolution arithmetic for deep learning"
NOTES = "lecture notes on convolution layers"
POOLING = "assignment on convolution and pooling"
LET = ("x: signal[N]", "k: kernel[c]")
ODD = ("x: signal[N]", "k: kernel[2*p + 1]")
STACK = (*LET, "h: kernel[e]")
STRIDED = "stride=s, padding=p"
FITS = "(N + 2*p - c) % s == 0"
FORWARD = f"conv1d(x, k, {STRIDED})"
APART = "window(up(y, s), s*((N{} - c)//s) + 1)"
DEEP = "conv1d(conv1d(x, k, stride=s, dilation=d, padding=p), h, stride=t, dilation=q, padding=r)"


def relation(number: int, title: str, words: str, claim: str, *assume: str, let: tuple[str, ...] = LET,
             name: str = "", verdict: str = "proved", introduction: str = "") -> Entry:  # fmt: skip
    """A relation of the guide."""
    return Entry(name or f"relation-{number}", title, words, claim, introduction=introduction, let=let, assume=assume,
                 source=f"{GUIDE}, relation {number}", verdict=verdict)  # fmt: skip


def valid(r: int) -> str:
    """The extent after r layers of 2l + 1 taps each."""
    e = "x"
    for _ in range(r):
        e = f"conv1d({e}, w)"
    return f"size({e}) == N - {2 * r}*l"


ENTRIES = (
    Entry("output-extent", "How many outputs a layer has", "as often as the window fits at steps of s",
          f"size({FORWARD}) == (N + 2*p - c)//s + 1", introduction="The first window begins at the first padded "
          "sample; each further one s places on; the last one ends before the padded samples do.", let=LET,
          source=POOLING),
    Entry("output-extent-exact", "Without the floor", "where the last window ends with the last padded sample",
          f"s*size({FORWARD}) == N + 2*p - c + s", let=LET, assume=(FITS,), source=POOLING),
    Entry("output-extent-without-floor", "The floor is needed",
          "wrong: s divides N + 2p - c only sometimes", f"s*size({FORWARD}) == N + 2*p - c + s", let=LET,
          source=POOLING, verdict="refuted"),
    Entry("valid-layers", "Layers without padding shorten their input", "each one by 2l, r layers by 2lr", valid(3),
          let=("x: signal[N]", "w: kernel[2*l + 1]"), source=NOTES, family=valid),
    relation(1, "No padding, unit stride", "the window fits N - c + 1 times", "size(conv1d(x, k)) == N - c + 1"),
    relation(2, "Padding, unit stride", "p zeros on each side are 2p samples more",
             "size(conv1d(x, k, padding=p)) == N - c + 2*p + 1"),
    relation(3, "Half padding", "an odd kernel, padded by half of it, keeps the extent",
             "size(conv1d(x, k, padding=p)) == N", let=ODD),
    relation(4, "Full padding", "every place is counted at which the window meets a sample",
             "size(conv1d(x, k, padding=c - 1)) == N + (c - 1)"),
    relation(5, "No padding, strides", "one output for every s places",
             "size(conv1d(x, k, stride=s)) == (N - c)//s + 1"),
    relation(6, "Padding and strides", "the general case",
             f"size({FORWARD}) == (N + 2*p - c)//s + 1"),
    relation(7, "Pooling", "a window is a window", "size(max_pool1d(x, c, stride=s)) == (N - c)//s + 1",
             let=("x: signal[N]",)),
    relation(8, "The transpose without padding, unit stride",
             "a fully padded layer with the kernel reversed, which gives N samples again",
             "adjoint(conv1d(x, k), x, y) == conv1d(y, reverse(k), padding=c - 1)"),
    relation(9, "The transpose with padding, unit stride", "padding p becomes c - p - 1",
             "adjoint(conv1d(x, k, padding=p), x, y) == conv1d(y, reverse(k), padding=c - p - 1)"),
    relation(10, "The transpose of half padding", "is padded by half again",
             "adjoint(conv1d(x, k, padding=p), x, y) == conv1d(y, reverse(k), padding=p)", let=ODD),
    relation(11, "The transpose of full padding", "needs none",
             "adjoint(conv1d(x, k, padding=c - 1), x, y) == conv1d(y, reverse(k))"),
    relation(12, "The transpose with strides",
             "s - 1 zeros are put between the entries first, where the window fits exactly",
             f"adjoint(conv1d(x, k, stride=s), x, y) == conv1d({APART.format('')}, reverse(k), padding=c - 1)",
             "(N - c) % s == 0"),
    relation(13, "The transpose with padding and strides", "both at once, where the window fits exactly",
             f"adjoint({FORWARD}, x, y) == conv1d({APART.format(' + 2*p')}, reverse(k), padding=c - p - 1)", FITS),
    relation(13, "Without the divisibility", "wrong: samples are missing at the end",
             f"adjoint({FORWARD}, x, y) == conv1d({APART.format(' + 2*p')}, reverse(k), padding=c - p - 1)",
             name="relation-13-without-divisibility", verdict="refuted"),
    relation(14, "The transpose in general", "the rest of the division is added as zeros after the last entry",
             f"adjoint({FORWARD}, x, y) == conv1d(pad({APART.format(' + 2*p')}, (0, (N + 2*p - c) % s)), reverse(k), "
             "padding=c - p - 1)"),
    relation(15, "Dilation", "d - 1 places between the taps make the window longer by (c - 1)(d - 1)",
             f"size(conv1d(x, k, {STRIDED}, dilation=d)) == (N + 2*p - c - (c - 1)*(d - 1))//s + 1"),
    Entry("transposed-extents", "There and back", "with output padding the transposed layer gives N samples again",
          f"size(conv_transpose1d({FORWARD}, k, {STRIDED}, output_padding=(N + 2*p - c) % s)) == N", let=LET,
          source=GUIDE),
    Entry("transposed-extent", "The extent of a transposed layer", "M entries, s apart, with a kernel at each",
          f"size(conv_transpose1d(x, k, {STRIDED})) == s*(N - 1) + c - 2*p", let=LET, source=GUIDE),
    Entry("receptive-field", "The receptive field of two layers",
          "each layer adds its reach, times the strides before it",
          f"reach({DEEP}, x) == 1 + d*(c - 1) + s*q*(e - 1)", introduction="One output of the second layer reads "
          "outputs of the first that lie q apart, and these read samples that lie s apart for each of them.",
          let=STACK, source=NOTES),
    Entry("receptive-field-without-strides", "Receptive fields do not just add up",
          "wrong: the second layer looks at outputs that lie s samples apart",
          "reach(conv1d(conv1d(x, k, stride=s), h), x) == c + e - 1", let=STACK, source=NOTES, verdict="refuted"),
    Entry("jump-of-layers", "Strides multiply", "neighbouring outputs of two layers lie s t samples apart",
          f"jump({DEEP}, x) == s*t", let=STACK, source=NOTES),
    Entry("start-of-layers", "Where the first output begins to read", "padding moves it out, by s for each place",
          f"start({DEEP}, x) == -p - s*r", let=STACK, source=NOTES),
)  # fmt: skip
