"""Down- and up-sampling: the noble identities, coprime factors, and nearest-neighbour up-sampling as a convolution."""

from __future__ import annotations

from symconv.library.entry import Entry

SOURCE = "essay on deep-learning convolutions in signal-processing terms"

ENTRIES = (
    Entry("noble-down", "The first noble identity",
          "filtering with a dilated kernel before down-sampling is filtering after it",
          "down(conv(x, up(h, s)), s) == conv(down(x, s), h)", source=SOURCE, instance=(("c", 2), ("s", 2))),
    Entry("noble-up", "The second noble identity",
          "up-sampling a filtered signal is filtering the up-sampled one with the dilated kernel",
          "up(conv(x, h), s) == conv(up(x, s), up(h, s))", source=SOURCE, instance=(("c", 2), ("s", 2))),
    Entry("noble-layer", "The noble identity for layers",
          "a layer on a down-sampled signal is the layer with the dilated kernel, down-sampled",
          "corr(down(x, s), h) == down(corr(x, up(h, s)), s)", source=SOURCE, instance=(("c", 2), ("s", 2))),
    Entry("down-up", "Down-sampling undoes up-sampling",
          "what was put between the samples is taken out again",
          "down(up(x, s), s) == x", source=SOURCE, instance=(("s", 2),)),
    Entry("up-down", "Up-sampling does not undo down-sampling: it is a mask",
          "every s-th sample stays, the others become zero",
          "up(down(x, s), s)[n] == iverson(n % s == 0)*x[n]", source=SOURCE, instance=(("s", 2), ("n", 2))),
    Entry("down-down", "Down-sampling factors multiply",
          "keeping every s-th and then every t-th sample keeps every st-th",
          "down(down(x, s), t) == down(x, s*t)", source=SOURCE, instance=(("s", 2), ("t", 3))),
    Entry("up-up", "Up-sampling factors multiply",
          "zeros between zeros",
          "up(up(x, s), t) == up(x, s*t)", source=SOURCE, instance=(("s", 2), ("t", 3))),
    Entry("up-down-coprime", "Up- and down-sampling commute for coprime factors",
          "where the factors share no divisor the order does not matter",
          "down(up(x, s), t) == up(down(x, t), s)", assume=("gcd(s, t) == 1",), source=SOURCE,
          instance=(("s", 3), ("t", 2))),
    Entry("up-down-any", "Up- and down-sampling do not commute in general",
          "wrong: the factors must be coprime",
          "down(up(x, s), t) == up(down(x, t), s)", source=SOURCE, verdict="refuted"),
    Entry("nearest-neighbour", "Nearest-neighbour up-sampling and a kernel are one transposed convolution",
          "repeating each sample s times and filtering is filtering the up-sampled signal once",
          "conv(sum(shift(up(x, s), r) for r in range(s)), q) == conv(up(x, s), conv(ones(s), q))", source=SOURCE,
          let=("q: kernel[c]",), instance=(("s", 2), ("c", 3))),
    Entry("nearest-neighbour-layer", "The same for a layer",
          "a cross-correlation needs the reversed kernel and an offset of its length",
          "corr(sum(shift(up(x, s), r) for r in range(s)), q)"
          " == shift(conv(up(x, s), conv(ones(s), reverse(q))), 1 - c)", source=SOURCE,
          let=("q: kernel[c]",), instance=(("s", 2), ("c", 3))),
)  # fmt: skip
