"""Layers, each defined once by its index formula, with PyTorch's names and meaning on unbounded spatial axes.

The last d axes are spatial, where d is the number of strides; an operand of rank d has no channels, of rank d + 1 a
channel axis before the spatial ones, of rank d + 2 a batch axis too.  s, t, p are stride, dilation and padding.

    conv(x, w[, b])             Σ_{c,a} w[o, c, a] x[c, s n + t a − p]  (+ b[o])
    conv_transpose(y, w[, b])   Σ_{c,i,a} [n + p = s i + t a] w[c, o, a] y[c, i]  (+ b[o])
    conv_weight(x, g)           Σ_n g[o, n] x[c, s n + t a − p]  at [o, c, a]: the gradient of conv by its weights
    depthwise(x, w[, b])        Σ_a w[c, a] x[c, s n + t a − p]  (+ b[c])
    pointwise(x, w[, b])        Σ_c w[o, c] x[c, n]  (+ b[o])
    pixel_shuffle(x)            x[r² c + r a + b, i, j]  at [c, r i + a, r j + b], 0 ≤ a, b < r
    pixel_unshuffle(x)          x[c, r i + a, r j + b]  at [r² c + r a + b, i, j]
    cat(x, y, …)                one after another along an axis, with the extents `groups`
    permute(x)                  axis i is axis order[i] of x
    scale(x, a)                 a[m] x[…, m, …]: one factor for each place m of an axis
    avg_pool(x)                 corr(x, ones(c), stride=s, padding=p) over the number of taps that count
    lp_pool(x)                  corr(|x|^p, ones(c), stride=s, padding=p)^(1/p)
    max_pool(x)                 max_{0 ≤ u < c} x[s n + t u − p], of tensors over the places that have a sample
    max_unpool(y, x)            Σ_{i,a} [m = s i + t a − p] [x takes its maximum over window i first at a] y[i]  at m
    bed_of_nails(x)             up(x, s)
    upsample_nearest(x)         conv(up(x, s), ones(s))
    upsample_linear(x)          the same with a triangle for the box, moved to its middle
    pad(x)                      x[n − l]; with a mode (1, 2, 3) also, beyond either end, what `ends` says
    window(x)                   x[n]

With G groups, `groups` = (G, M, D) gives the outputs M and inputs D of each: o = u M + …, c = u D + … for group u.
Pooling of tensors has `order` = (ceil_mode, not count_include_pad), () for (0, 0), and `groups` are the numbers of
samples where `ends` counts them.
conv, conv_transpose and conv_weight are the derivatives of one form Σ y w x in three sequences by each of them.
A layer of tensors has `extents` on its last axes: its values are those at 0 ≤ n < extent, and 0 at all other places.
"""

from __future__ import annotations

from fractions import Fraction

from symconv.errors import StatementError
from symconv.expr.ends import MODES, Place, greatest, padded, put_back, reached, residues, share, within
from symconv.expr.nodes import (
    Add,
    Const,
    Conv,
    Corr,
    Entry,
    Expr,
    Iverson,
    Layer,
    Mul,
    Ones,
    Over,
    Power,
    Shift,
    Sum,
    Up,
    rank,
)  # fmt: skip
from symconv.index.conditions import Eq
from symconv.index.poly import ONE, ZERO, Poly, const, total, var


def plain(e: Layer) -> bool:
    """Whether a convolution layer works on a sequence without channels."""
    return rank(e.parts[0]) == len(e.stride)


def composition(e: Layer) -> Expr | None:
    """A layer in the operators, where it is made of them alone."""
    match e.kind:
        case "conv" | "conv_transpose" | "conv_weight" if plain(e):
            return _plain_body(e)
        case "avg_pool" if not e.order:
            return Mul((_one_over(e.window), window_sums(e)))
        case "lp_pool":
            window, (power,) = Ones(_on_all(e, e.window, ONE)), e.exponent
            powers = Power(e.parts[0], power, ONE)
            steps = (_on_all(e, e.stride, ONE), (ONE,) * rank(e), _on_all(e, e.padding, ZERO))
            return Power(Corr(powers, window, *steps), ONE, power)
        case "bed_of_nails":
            return Up(e.parts[0], _on_all(e, e.stride, ONE))
        case "upsample_nearest":
            by = _on_all(e, e.stride, ONE)
            return Conv(Up(e.parts[0], by), Ones(by))
        case "upsample_linear":
            return _interpolated(e)
        case _:
            return None


def window_sums(e: Layer) -> Corr:
    """The sum of each window of a pooling layer."""
    window, ones = _on_all(e, e.window, ONE), (ONE,) * rank(e)
    return Corr(e.parts[0], Ones(window), _on_all(e, e.stride, ONE), ones, _on_all(e, e.padding, ZERO))


def _on_all(e: Layer, values: tuple[Poly, ...], lead: Poly) -> tuple[Poly, ...]:
    """One value for each axis: `lead` for batch and channels."""
    return ((lead,) * (rank(e) - len(values)) + values)[-rank(e) :]


def _one_over(ps: tuple[Poly, ...]) -> Expr:
    """1 over a product of sizes."""
    whole = ONE
    for p in ps:
        whole = whole * p
    value = whole.constant()
    return Const(Fraction(1, value)) if value else Over(whole)


def _interpolated(e: Layer) -> Expr:
    """A triangle of taps: aligned with the samples (order is (1,)), else with the middles of what they stand for."""
    by = _on_all(e, e.stride, ONE)
    spread, box = Up(_with_repeated_ends(e), by), Ones(by)
    if e.order:
        return Mul((_one_over(by), Shift(Conv(spread, Conv(box, box)), tuple(1 - s for s in by))))
    halves = tuple(const(2 - (s.constant() or 0) % 2) for s in by)
    kernel = Conv(box, box) if set(halves) == {ONE} else Conv(Conv(box, box), Ones(halves))
    back = tuple(const(-((s.constant() or 0) // 2)) for s in by)
    return Mul((_one_over((*by, *halves)), Shift(Conv(spread, kernel), back)))


def _with_repeated_ends(e: Layer) -> Expr:
    """What is interpolated: a tensor whose ends are not aligned goes on with its first and last samples."""
    if e.order or not e.extents:
        return e.parts[0]
    one = (ONE,) * len(e.stride)
    counts = (m.divide(s) for m, s in zip(e.extents, e.stride, strict=True))
    extents = tuple(2 + n for n in counts if n is not None)
    ends = Layer(
        "pad", e.parts, one, padding=one, order=(MODES.index("replicate"),), output_padding=one, extents=extents
    )
    return Shift(ends, _on_all(e, tuple(-p for p in one), ZERO))


def bound_names(e: Layer) -> tuple[str, ...]:
    """What the bound indices of a layer's formula number, one word an index: group, channel, batch, multiple, tap, …"""
    d = len(e.stride)
    group = ("group",) if e.groups else ()
    match e.kind:
        case _ if composition(e) is not None:
            return ()
        case "conv":
            return (*group, "channel", *("tap",) * d)
        case "conv_transpose":
            return (*group, "channel", *("multiple",) * d, *("tap",) * d)
        case "conv_weight":
            return (*group, *("batch",) * (rank(e.parts[0]) - d - 1), *("output",) * d)
        case "depthwise":
            return ("tap",) * d
        case "avg_pool":
            return ("window",) * d
        case "max_pool":
            return (*("window",) * d, *("residue",) * residues(e))
        case "pad" if e.order == (3,):
            return ("multiple",) * d
        case "max_unpool":
            return (*("multiple",) * d, *("tap",) * d, *("window",) * d, *("residue",) * (2 * residues(e)))
        case "pointwise":
            return ("channel",)
        case "pixel_shuffle":
            return ("multiple", "multiple", "residue", "residue")
        case "pixel_unshuffle":
            return ("channel", "residue", "residue")
        case _:
            return ()


def layer_value(e: Layer, n: Place, names: tuple[str, ...]) -> Expr:
    """The value of a layer at n; `names` are its bound indices."""
    value = _unwindowed(e, n, names)
    if not e.extents:
        return value
    inside = (f for p, m in zip(n[-len(e.extents) :], e.extents, strict=True) for f in within(p, ZERO, m))
    return Mul((*inside, value))


def _unwindowed(e: Layer, n: Place, names: tuple[str, ...]) -> Expr:
    """The formula of a layer on all integers."""
    composed = composition(e)
    match e.kind:
        case _ if composed is not None:
            value: Expr = Entry(composed, n)
        case "conv" | "conv_transpose" | "conv_weight":
            value = {"conv": _conv, "conv_transpose": _transpose, "conv_weight": _weight}[e.kind](e, n, names)
        case "depthwise":
            channel, place = n[: -len(names)], reached(e, n[-len(names) :], names)
            taps = Entry(e.parts[1], (channel[-1], *map(var, names)))
            value = Sum(names, Mul((taps, Entry(e.parts[0], (*channel, *place)))))
        case "pointwise":
            c = var(names[0])
            value = Sum(names, Mul((Entry(e.parts[1], (n[0], c)), Entry(e.parts[0], (c, *n[1:])))))
        case "avg_pool":
            value = Mul((*share(e, n, names), Entry(window_sums(e), n)))
        case "max_pool":
            value = greatest(e, n, names)
        case "max_unpool":
            value = put_back(e, n, names)
        case "pixel_shuffle":
            value = _shuffled(e, n, names)
        case "pixel_unshuffle":
            r, (c, a, b) = e.stride[0], map(var, names)
            hit = Iverson(Eq(n[-3] - (r * r * c + r * a + b)))
            inside = (*within(a, ZERO, r), *within(b, ZERO, r))
            value = Sum(names, Mul((hit, *inside, Entry(e.parts[0], (*n[:-3], c, r * n[-2] + a, r * n[-1] + b)))))
        case "cat":
            value = _joined(e, n)
        case "permute":
            value = Entry(e.parts[0], tuple(n[e.order.index(axis)] for axis in range(len(n))))
        case "scale":
            value = Mul((Entry(e.parts[1], (n[e.order[0]],)), Entry(e.parts[0], n)))
        case "pad":
            value = padded(e, n, names)
        case "window":
            value = Entry(e.parts[0], n)
        case _:
            raise StatementError(f"{e.kind} is no layer")
    bias = _bias(e, n)
    return value if bias is None else Add((value, bias))


def _bias(e: Layer, n: Place) -> Expr | None:
    """b[o] of a layer that has a third operand; a number where there are no channels."""
    if e.kind not in ("conv", "conv_transpose", "depthwise", "pointwise") or len(e.parts) < 3:
        return None
    b = e.parts[2]
    return Entry(b, (n[0] if e.kind == "pointwise" else n[-len(e.stride) - 1],)) if rank(b) else b


def _plain_body(e: Layer) -> Expr:
    """A layer without channels in the operators."""
    x, k = e.parts[0], e.parts[1]
    if e.kind == "conv":
        return Corr(x, k, e.stride, e.dilation, e.padding)
    if e.kind == "conv_weight":
        return Corr(x, k, e.dilation, e.stride, e.padding)
    up = (Up(y, by) if any(s != ONE for s in by) else y for y, by in ((x, e.stride), (k, e.dilation)))
    whole = Conv(*up)
    return Shift(whole, tuple(-p for p in e.padding)) if any(p.terms for p in e.padding) else whole


def _group(e: Layer, o: Poly, names: tuple[str, ...]) -> tuple[tuple[Expr, ...], Poly, Poly, tuple[str, ...]]:
    """[o in group u], u M, u D and the names left: nothing, 0 and 0 for a single group."""
    if not e.groups:
        return (), ZERO, ZERO, names
    count, outputs, inputs = e.groups
    u = var(names[0])
    inside = (*within(u, ZERO, count), *within(o - u * outputs, ZERO, outputs))
    return inside, u * outputs, u * inputs, names[1:]


def _conv(e: Layer, n: Place, names: tuple[str, ...]) -> Expr:
    d = len(e.stride)
    o = n[-d - 1]
    inside, _, first, (c, *taps) = _group(e, o, names)
    place = (*n[: -d - 1], first + var(c), *reached(e, n[-d:], tuple(taps)))
    return Sum(names, Mul((*inside, Entry(e.parts[1], (o, *map(var, (c, *taps)))), Entry(e.parts[0], place))))


def _transpose(e: Layer, n: Place, names: tuple[str, ...]) -> Expr:
    d = len(e.stride)
    o = n[-d - 1]
    inside, first_output, first, (c, *rest) = _group(e, o, names)
    if e.groups:
        inside = (*within(var(c), ZERO, e.groups[2]), *inside)
    i, taps = tuple(rest[:d]), tuple(rest[d:])
    places = reached(e, tuple(map(var, i)), taps)
    hits = tuple(Iverson(Eq(m - r)) for m, r in zip(n[-d:], places, strict=True))
    channel = first + var(c)
    w = Entry(e.parts[1], (channel, o - first_output, *map(var, taps)))
    y = Entry(e.parts[0], (*n[: -d - 1], channel, *map(var, i)))
    return Sum(names, Mul((*hits, *inside, w, y)))


def _weight(e: Layer, n: Place, names: tuple[str, ...]) -> Expr:
    o, c, *taps = n
    inside, _, first, rest = _group(e, o, names)
    d = len(e.stride)
    batch, i = tuple(map(var, rest[:-d])), tuple(map(var, rest[-d:]))
    steps = zip(e.stride, i, e.dilation, taps, e.padding, strict=True)
    place = (*batch, first + c, *(s * m + t * a - p for s, m, t, a, p in steps))
    if e.groups:
        inside = (*within(c, ZERO, e.groups[2]), *inside)
    factors = (*inside, Entry(e.parts[1], (*batch, o, *i)), Entry(e.parts[0], place))
    return Sum(names, Mul(factors))


def _shuffled(e: Layer, n: Place, names: tuple[str, ...]) -> Expr:
    r, (i, j, a, b) = e.stride[0], map(var, names)
    hits = (Iverson(Eq(n[-2] - (r * i + a))), Iverson(Eq(n[-1] - (r * j + b))))
    inside = (*within(a, ZERO, r), *within(b, ZERO, r))
    return Sum(names, Mul((*hits, *inside, Entry(e.parts[0], (*n[:-3], r * r * n[-3] + r * a + b, i, j)))))


def _joined(e: Layer, n: Place) -> Expr:
    (axis,) = e.order
    starts = [total(e.groups[:i]) for i in range(len(e.groups))]
    terms: list[Expr] = []
    for part, first, count in zip(e.parts, starts, e.groups, strict=True):
        place = (*n[:axis], n[axis] - first, *n[axis + 1 :])
        terms.append(Mul((*within(n[axis], first, count), Entry(part, place))))
    return Add(tuple(terms))


def layer_fault(e: Layer, ranks: list[int]) -> str:
    """What does not fit in a layer whose operands have these ranks; the reader makes none with a fault."""
    d = len(e.stride)
    alike = len(e.stride) == len(e.dilation) == len(e.padding)
    x, k, *bias = (*ranks, 0, 0)[: max(2, len(ranks))]
    match e.kind:
        case "conv" | "conv_transpose" | "conv_weight":
            channels = x - d
            weights = x if e.kind == "conv_weight" else d + 2 * (channels > 0)
            fits = alike and d > 0 and channels in (0, 1, 2) and k == weights and len(e.groups) in (0, 3)
            fits = (
                fits and len(ranks) in ((2,) if e.kind == "conv_weight" else (2, 3)) and bias in ([], [channels and 1])
            )
            fits = fits and (channels > 0 or not e.groups)
        case "depthwise":
            fits = alike and d > 0 and x - d in (1, 2) and k == d + 1 and len(ranks) in (2, 3) and bias in ([], [1])
        case "pointwise":
            fits = x > 0 and k == 2 and not e.stride and len(ranks) in (2, 3) and bias in ([], [1])
        case "pixel_shuffle" | "pixel_unshuffle":
            fits = x > 2 and len(ranks) == 1 == d
        case "cat":
            fits = len(ranks) == len(e.groups) > 0 and len(set(ranks)) == 1 and len(e.order) == 1 and e.order[0] < x
        case "permute":
            fits = len(ranks) == 1 and sorted(e.order) == list(range(x))
        case "scale":
            fits = len(ranks) == 2 and k == 1 and len(e.order) == 1 and e.order[0] < x
        case "max_unpool":
            fits = alike and 0 < d == len(e.window) <= x == k and len(ranks) == 2 and _ends_fit(e)
        case "avg_pool" | "max_pool" | "lp_pool":
            fits = len(e.exponent) == (e.kind == "lp_pool") and len(ranks) == 1 and _ends_fit(e)
            fits = fits and alike and 0 < d == len(e.window) <= x
        case "pad":
            fits = len(ranks) == 1 and 0 < d == len(e.padding) == len(e.output_padding) <= x
            fits = fits and (not e.order or (e.order[0] in (1, 2, 3) and len(e.order) == 1 and len(e.extents) == d))
        case "window":
            fits = len(ranks) == 1 and len(e.extents) > 0
        case "upsample_nearest" | "upsample_linear" | "bed_of_nails":
            known = e.order == (1,) or all(s.constant() for s in e.stride)
            fits = 0 < d <= x and len(ranks) == 1 and (not e.order if e.kind != "upsample_linear" else known)
        case _:
            fits = False
    fits = fits and len(e.extents) in ((0, x - 1) if e.kind == "pointwise" else (0, d) if d else (0, len(e.extents)))
    fits = fits and len(e.extents) <= max(ranks)
    return "" if fits else f"the operands of {e.kind} do not fit"


def _ends_fit(e: Layer) -> bool:
    """Whether a pooling layer has numbers of samples where it needs them, and no others."""
    d, flags = len(e.window), e.order in ((), (0, 1), (1, 0), (1, 1))
    if not e.groups:
        return flags and (not e.order or (e.kind == "lp_pool" and e.order == (1, 0)))
    return flags and len(e.groups) == d and (e.kind != "lp_pool") and not (e.kind == "avg_pool" and not e.order)


def sizes_of(e: Layer) -> tuple[Poly, ...]:
    """What must be at least 1: strides, dilations, groups, windows."""
    return (*e.stride, *e.dilation, *(() if e.window else e.groups), *e.window, *e.exponent)
