"""What the page says of layers, gradients and inner products: one display for each that occurs, in general letters."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from math import prod

from symconv.document.model import Inline, Text
from symconv.document.words import listed
from symconv.expr.definitions import definition
from symconv.expr.ends import reached, share
from symconv.expr.floors import floor
from symconv.expr.index_notation import integer
from symconv.expr.layers import bound_names, composition, plain
from symconv.expr.mathematics import (
    Big,
    Cases,
    Fence,
    Frac,
    Math,
    Num,
    Row,
    Script,
    Sym,
    Tok,
    Words,
    joined,
    places,
    row,
)
from symconv.expr.nodes import ONE as UNIT
from symconv.expr.nodes import Adjoint, Entry, Expr, Grad, Inner, Iverson, Layer, Mul, Name, Over, Power, Sum, rank
from symconv.expr.notation import notation
from symconv.expr.windows import Extents, output_extents, spare_starts
from symconv.index.conditions import Eq, between
from symconv.index.facts import Facts
from symconv.index.poly import ONE, ZERO, Poly, var

LETTERS = {
    "group": "u",
    "channel": "c",
    "batch": "b",
    "output": "i",
    "multiple": "i",
    "tap": "a",
    "residue": "r",
    "window": "u",
}
OPERANDS = {"conv": "xwb", "conv_transpose": "ywb", "conv_weight": "xg", "depthwise": "xwb", "pointwise": "xwb",
            "scale": "xa", "max_unpool": "yx", "cat": "xyzuvw"}  # fmt: skip
SAMPLES = {1: ("N",), 2: ("H", "W"), 3: ("N", "H", "W")}
TAPS = ("c", "e", "h")
POOLS = ("max_pool", "avg_pool", "lp_pool")
"""Layers that are defined on all their axes at once."""
DIMENSIONS = {"pixel_shuffle": 3, "pixel_unshuffle": 3}


def layer_definitions(nodes: list[Expr]) -> Iterator[tuple[Text, Math]]:
    """The name and the definition of each kind of layer, gradient and inner product."""
    met: set[tuple[object, ...]] = set()
    for e in (n for n in nodes if isinstance(n, Layer)):
        general = general_layer(e)
        if (e.kind, len(e.stride), general) not in met:
            met.add((e.kind, len(e.stride), general))
            name, inside = (Words(_words(notation(e))),), _within(general)
            lines = [row(_defining(general), *inside)]
            if inside and general.window and (len(general.window) > 1 or e.order):  # Too much for one line.
                lines = [_defining(general), row(*inside)]
            yield from ((name, _renamed(line, len(e.stride))) for line in lines)
    numbers = [n for n in nodes if isinstance(n, Grad | Adjoint)]
    for kind in (Grad, Adjoint):
        for sequence in (True, False):
            if any(isinstance(n, kind) and bool(rank(n.e)) == sequence for n in numbers):
                yield _gradient(kind, sequence, next(n for n in numbers if isinstance(n, kind)))
    if any(isinstance(n, Inner) for n in nodes) or any(rank(n.e) and n.g != UNIT for n in numbers):
        total = Big(Sym("n"), row(_entry("x"), Tok("thin"), _entry("y")))
        yield ("the inner product",), row(Fence("<", places((Sym("x"), Sym("y")))), Tok("eq"), total)


def _words(m: Math) -> str:
    """The upright name at the head of a layer."""
    head = m.items[0] if isinstance(m, Row) else m
    base = head.base if isinstance(head, Script) else head
    return base.text if isinstance(base, Words) else ""


def _renamed(m: Math, d: int) -> Math:
    """The display of a layer on one spatial axis, called as the layer on d axes is."""
    match m:
        case Words(text) if "1d" in text:
            return Words(text.replace("1d", f"{d}d"))
        case Row(items):
            return Row(tuple(_renamed(i, d) for i in items))
        case Script(base, sub, sup):
            return Script(_renamed(base, d), sub, sup)
        case _:
            return m


def general_layer(e: Layer) -> Layer:
    """The layer on one spatial axis with general letters for operands and options."""
    d, extra = len(e.stride), rank(e.parts[0]) - len(e.stride)
    letters = OPERANDS.get(e.kind, "x")
    spatial = DIMENSIONS.get(e.kind, rank(e.parts[0]) - d + 1 if e.dilation else rank(e.parts[0]))
    ranks = [spatial, *(_rank(e, p, d) for p in e.parts[1:])]
    if e.kind == "cat":
        ranks = [rank(p) for p in e.parts]
    parts = tuple(Name(letters[i % len(letters)], r) if r else e.parts[i] for i, r in enumerate(ranks))
    if e.kind in ("pad", "window"):
        return _ended(e)
    if e.window and e.kind != "max_unpool":
        return _pool(e)
    if e.window:
        c, s = (var("c"),), (var("s"),)
        padding = (var("p"),) if any(p != ZERO for p in e.padding) else (ZERO,)
        dilation = (var("d"),) if any(t != ONE for t in e.dilation) else (ONE,)
        samples = (var("N"),) if e.extents else ()
        return Layer(e.kind, parts, c if e.stride == e.window else s, dilation, padding, samples if e.groups else (),
                     e.order, c, extents=samples)  # fmt: skip
    if e.kind == "upsample_linear" and not e.order:
        ends = (e.stride[0] * var("N"),) if e.extents else ()
        return Layer(e.kind, parts, (e.stride[0],), extents=ends)
    if not e.dilation:
        one = len(e.stride) if e.kind in DIMENSIONS else 1
        factors = (var("r"),) * one if e.stride else ()
        return _sized(Layer(e.kind, parts, factors, groups=_letters(e.groups), order=e.order), e)
    options = [(var(letter),) if any(v != usual for v in values) else (usual,) for letter, values, usual in
               (("s", e.stride, ONE), ("d", e.dilation, ONE), ("p", e.padding, ZERO))]  # fmt: skip
    groups = (var("G"), var("M"), var("D")) if e.groups else ()
    more = (var("q"),) if e.output_padding else ()
    general = Layer(e.kind, parts, options[0], options[1], options[2], groups, e.order, output_padding=more)
    return _sized(general, e) if extra or plain(e) else e


def _sized(general: Layer, e: Layer) -> Layer:
    """The layer of tensors of N samples, and kernels of c taps, where e is one of tensors."""
    if not e.extents:
        return general
    d = len(general.stride)
    if e.kind == "pointwise":
        return replace(general, extents=tuple(map(var, SAMPLES[rank(e) - 1])))
    lead: Extents = (None,) * (rank(general.parts[0]) - d)
    operands: list[Extents] = [(*lead, *map(var, SAMPLES[d]))]
    operands += [((None,) * (rank(k) - d) + tuple(map(var, TAPS[:d])))[-rank(k) :] for k in general.parts[1:]]
    found = list(output_extents(general, operands, floor)[-d:]) if d else []
    for axis, spare in enumerate(spare_starts(e) if e.order[:1] == (1,) else ()):
        if _longer_steps(e, axis).nonnegative(-spare):  # The last window begins on a sample.
            found[axis] = floor(var(SAMPLES[d][axis]) + general.padding[axis] - 1, general.stride[axis]) + 1
    return replace(general, extents=tuple(n for n in found if n is not None))


def _longer_steps(e: Layer, axis: int) -> Facts:
    """That strides, windows and dilations are at least 1, and padding is at least 0."""
    sizes = e.stride[axis].names() | e.window[axis].names() | e.dilation[axis].names()
    return Facts(sizes=frozenset(sizes), naturals=frozenset(e.padding[axis].names() - sizes))


def _ended(e: Layer) -> Layer:
    """pad on its last axis with l and r, or window with N."""
    x, n = (Name("x", 1),), var("N")
    if e.kind == "window":
        return Layer("window", x, extents=(n,))
    low, high = var("l"), var("r")
    alike = e.padding == e.output_padding
    low, high = (var("p"), var("p")) if alike else (low, high)
    extents = (n + low + high,) if e.extents else ()
    return Layer("pad", x, (ONE,), padding=(low,), output_padding=(high,), order=e.order, extents=extents)


def _within(e: Layer) -> tuple[Math, ...]:
    """, for 0 ≤ n < M: the outputs of a layer of tensors, which is 0 at all other places."""
    if not e.extents:
        return ()
    at = _at(e, [])[-len(e.extents) :]
    inside = places(row(Num("0"), Tok("le"), Sym(i), Tok("lt"), integer(m)) for i, m in zip(at, e.extents, strict=True))
    return (Words(" for "), inside)


def sized_layers(nodes: list[Expr]) -> Text:
    """What N and c are in the formulas of layers of tensors."""
    found = [n for n in nodes if isinstance(n, Layer) and n.extents]
    if not found:
        return ()
    tapped = any(n.kind in OPERANDS and n.kind not in ("cat", "max_unpool", "scale", "pointwise") for n in found)
    counts: list[tuple[Inline, ...]] = [(Sym("N"), " samples")]
    wide = max((len(n.window) for n in found), default=0)
    if wide > 1:
        counts = [(joined(map(Sym, SAMPLES[wide]), Tok("by")), " samples")]
    counts += [(Sym("c"), " taps")] if tapped else []
    out: Text = ("A layer of tensors, here of ", *listed(counts), ", is 0 at all other places. ")
    if any(n.groups and n.kind in ("max_pool", "max_unpool") for n in found):
        out += ("In a maximum, a place beyond the ends may stand with the next sample of its window, which leaves the "
                "maximum as it is. ",)  # fmt: skip
    return out


def _pool(e: Layer) -> Layer:
    """The pooling layer on all its axes, one letter for options that are equal on them."""

    def letters(names: str, values: tuple[Poly, ...], usual: Poly | None = None) -> tuple[Poly, ...]:
        if all(v == usual for v in values):
            return values
        return tuple(var(n) for n in (names if len(set(values)) > 1 else names[0] * len(values))[: len(values)])

    padding, window = letters("pqr", e.padding, ZERO), letters("ceh", e.window)
    power = (var("p" if padding == e.padding else "q"),) if e.exponent else ()
    stride = window if e.stride == e.window else letters("str", e.stride)
    dilation = letters("dlm", e.dilation, ONE)
    samples = tuple(map(var, SAMPLES[len(e.window)])) if e.groups else ()
    general = Layer(e.kind, (Name("x", rank(e)),), stride, dilation, padding, samples, e.order, window, exponent=power)
    return _sized(general, e)


def _letters(groups: tuple[Poly, ...]) -> tuple[Poly, ...]:
    """Letters for the extents of what is concatenated."""
    return tuple(var(f"C{i + 1}") for i in range(len(groups)))


def _rank(e: Layer, part: Expr, d: int) -> int:
    """The rank that an operand has with one spatial axis in place of d."""
    return rank(part) - d + 1 if e.dilation and rank(part) >= d and part is e.parts[1] else rank(part)


def _defining(e: Layer) -> Math:
    """y[o, n] = the index formula."""
    taken = {n for p in (*e.stride, *e.dilation, *e.padding, *e.groups) for n in p.names()}
    names: list[str] = []
    for word in bound_names(e):
        choices = (LETTERS[word], *("vw" if word == "window" else ""), "a", "b", "j", "l", "h", "q")
        names.append(next(n for n in choices if n not in {*names, *taken}))
    at = _at(e, names)
    entry = Entry(e, tuple(map(var, at)))
    if e.kind == "pad" and e.order in ((1,), (2,)):
        return row(notation(entry), Tok("eq"), _mirrored(e))
    if e.kind == "pad" and e.order:
        wrapped = row(Fence("(", integer(var("n") - e.padding[0])), Words(" mod "), Sym("N"))
        return row(notation(entry), Tok("eq"), notation(e.parts[0]), Fence("[", wrapped))
    if e.kind in ("max_pool", "max_unpool") and e.groups:
        return row(notation(entry), Tok("eq"), _over_samples(e, at, names))
    composed = composition(e)
    if e.window and (composed is not None or e.kind == "avg_pool"):
        value = _over_a_window(e, at)
    elif composed is not None:
        value = Entry(composed, entry.at)
    else:
        value = definition(Entry(replace(e, extents=()), entry.at), tuple(names), {})
    return row(notation(entry), Tok("eq"), notation(value))


def _over_samples(e: Layer, at: tuple[str, ...], names: list[str]) -> Math:
    """A maximum over the places of a window that have a sample, or what is put back at the first greatest one."""
    d, back = len(e.window), e.kind == "max_unpool"
    lead, n = tuple(map(var, at[:-d])), tuple(map(var, names[:d] if back else at[-d:]))
    window = tuple(names[2 * d : 3 * d] if back else names[:d])
    place = reached(e, n, window)
    ranges = [row(Num("0"), Tok("le"), Sym(u), Tok("lt"), integer(c)) for u, c in zip(window, e.window, strict=True)]
    ranges += [
        row(Num("0"), Tok("le"), integer(p), Tok("lt"), integer(m)) for p, m in zip(place, e.groups, strict=True)
    ]
    sample = notation(Entry(e.parts[-1], (*lead, *place)))
    if not back:
        return Big(places(ranges), sample, "max")
    taps = tuple(names[d : 2 * d])
    hits = (Iverson(Eq(var(m) - r)) for m, r in zip(at[-d:], reached(e, n, taps), strict=True))
    first = row(places(map(Sym, taps)), Tok("eq"), Big(places(ranges), sample, "argmax"))
    value = row(
        notation(Mul(tuple(hits))),
        Tok("thin"),
        Fence("[", first),
        Tok("thin"),
        notation(Entry(e.parts[0], (*lead, *n))),
    )
    return Big(places(map(Sym, (*names[:d], *taps))), value)


def _mirrored(e: Layer) -> Math:
    """What stands before, within and after, case by case."""
    n, low, count = var("n"), e.padding[0], var("N")
    before, after = (low - n, 2 * count - 2 + low - n) if e.order == (1,) else (ZERO, count - 1)
    x = e.parts[0]
    return Cases((
        (notation(Entry(x, (before,))), row(Words("if "), Sym("n"), Tok("lt"), integer(low))),
        (notation(Entry(x, (after,))), row(Words("if "), Sym("n"), Tok("ge"), integer(count + low))),
        (notation(Entry(x, (n - low,))), Words("otherwise")),
    ))  # fmt: skip


def _at(e: Layer, names: list[str]) -> tuple[str, ...]:
    """The indices of an output."""
    outputs = [n for n in ("o", "n", "m") if n not in names]
    free = rank(e)
    at = ("n",) if free == 1 else ("o", "n") if free == 2 else ("o", "c", "n") if free == 3 else tuple(
        f"n{i + 1}" for i in range(free))  # fmt: skip
    if e.kind in POOLS and len(e.window) > 1:
        lead = free - len(e.window)
        at = (*("o", "c", "m")[:lead], *("i", "j", "l")[: len(e.window)]) if lead <= 3 and len(e.window) <= 3 else at
    if e.kind == "conv_weight" and free == 3:
        at = ("o", "c", "a")
    if e.kind in ("permute", "scale", "cat"):
        at = ("n",) if free == 1 else tuple(f"n{i + 1}" for i in range(free))
    return tuple(
        a if a not in names else next(n for n in ("m", "l", "e", *outputs) if n not in {*at, *names}) for a in at
    )


def _over_a_window(e: Layer, at: tuple[str, ...]) -> Expr:
    """The mean or the norm of a window as a sum over its places."""
    names = ("u", "v", "w")[: len(e.window)]
    lead, n = at[: -len(names)], at[-len(names) :]
    axes = zip(e.stride, n, e.dilation, names, e.padding, strict=True)
    entry: Expr = Entry(e.parts[0], (*map(var, lead), *(s * var(i) + t * var(u) - p for s, i, t, u, p in axes)))
    term = Power(entry, e.exponent[0], ONE) if e.exponent else entry
    inside = (c for u, extent in zip(names, e.window, strict=True) for c in between(var(u), ZERO, extent - 1))
    total = Sum(names, Mul((*map(Iverson, inside), term)))
    if e.kind == "avg_pool" and e.order:
        return Mul((*share(e, tuple(map(var, n)), names), total))
    return Power(total, ONE, e.exponent[0]) if e.exponent else Mul((Over(prod(e.window, start=ONE)), total))


def _entry(name: str, at: str = "n") -> Math:
    return row(Sym(name), Fence("[", Sym(at)))


def _gradient(kind: type, sequence: bool, example: Grad | Adjoint) -> tuple[Text, Math]:
    """∇_x ⟨g, y⟩ [m] = Σ_n g[n] ∂y[n]/∂x[m], and the adjoint likewise; ∂E/∂x[m] for a number E."""
    x = Sym("x")
    by = _entry("x", "m")
    if not sequence:
        derivative = Frac(row(Tok("partial"), Sym("E")), row(Tok("partial"), by))
        left = row(Script(Tok("nabla"), x), Tok("thin"), Sym("E"), Fence("[", Sym("m")))
        return ("the gradient of a number",), row(left, Tok("eq"), derivative)
    derivative = Frac(row(Tok("partial"), _entry("y")), row(Tok("partial"), by))
    total = Big(Sym("n"), row(_entry("g"), Tok("thin"), derivative))
    if kind is Grad:
        left = row(Script(Tok("nabla"), x), Tok("thin"), Fence("<", places((Sym("g"), Sym("y")))))
        return ("the gradient",), row(Fence("(", left), Fence("[", Sym("m")), Tok("eq"), total)
    left = Script(Fence("(", row(x, Tok("mapsto"), Sym("y"))), None, Tok("adjoint"))
    return ("the adjoint of a linear map",), row(left, Sym("g"), Fence("[", Sym("m")), Tok("eq"), total)
