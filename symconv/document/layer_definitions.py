"""What the page says of layers, gradients and inner products: one display for each that occurs, in general letters."""

from __future__ import annotations

from collections.abc import Iterator
from math import prod

from symconv.document.model import Text
from symconv.expr.definitions import definition
from symconv.expr.layers import bound_names, composition, plain
from symconv.expr.mathematics import Big, Fence, Frac, Math, Row, Script, Sym, Tok, Words, places, row
from symconv.expr.nodes import ONE as UNIT
from symconv.expr.nodes import Adjoint, Entry, Expr, Grad, Inner, Iverson, Layer, Mul, Name, Over, Power, Sum, rank
from symconv.expr.notation import notation
from symconv.index.conditions import between
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
POOLS = ("max_pool", "avg_pool", "lp_pool")
"""Layers that are defined on all their axes at once."""
DIMENSIONS = {"pixel_shuffle": 3, "pixel_unshuffle": 3}


def layer_definitions(nodes: list[Expr]) -> Iterator[tuple[Text, Math]]:
    """The name and the definition of each kind of layer, gradient and inner product."""
    met: set[tuple[object, ...]] = set()
    for e in (n for n in nodes if isinstance(n, Layer)):
        general = _general(e)
        if (e.kind, len(e.stride), general) not in met:
            met.add((e.kind, len(e.stride), general))
            yield (Words(_words(notation(e))),), _renamed(_defining(general), len(e.stride))
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


def _general(e: Layer) -> Layer:
    """The layer on one spatial axis with general letters for operands and options."""
    d, extra = len(e.stride), rank(e.parts[0]) - len(e.stride)
    letters = OPERANDS.get(e.kind, "x")
    spatial = DIMENSIONS.get(e.kind, rank(e.parts[0]) - d + 1 if e.dilation else rank(e.parts[0]))
    ranks = [spatial, *(_rank(e, p, d) for p in e.parts[1:])]
    if e.kind == "cat":
        ranks = [rank(p) for p in e.parts]
    parts = tuple(Name(letters[i % len(letters)], r) if r else e.parts[i] for i, r in enumerate(ranks))
    if e.window and e.kind != "max_unpool":
        return _pool(e)
    if e.window:
        c, s = (var("c"),), (var("s"),)
        padding = (var("p"),) if any(p != ZERO for p in e.padding) else (ZERO,)
        dilation = (var("d"),) if any(t != ONE for t in e.dilation) else (ONE,)
        return Layer(e.kind, parts, c if e.stride == e.window else s, dilation, padding, window=c)
    if e.kind == "upsample_linear" and not e.order:
        return Layer(e.kind, parts, (e.stride[0],))
    if not e.dilation:
        one = len(e.stride) if e.kind in DIMENSIONS else 1
        return Layer(e.kind, parts, (var("r"),) * one if e.stride else (), groups=_letters(e.groups), order=e.order)
    options = [(var(letter),) if any(v != usual for v in values) else (usual,) for letter, values, usual in
               (("s", e.stride, ONE), ("d", e.dilation, ONE), ("p", e.padding, ZERO))]  # fmt: skip
    groups = (var("G"), var("M"), var("D")) if e.groups else ()
    return Layer(e.kind, parts, options[0], options[1], options[2], groups, e.order) if extra or plain(e) else e


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
    return Layer(e.kind, (Name("x", rank(e)),), stride, dilation, padding, window=window, exponent=power)


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
    at = tuple(
        a if a not in names else next(n for n in ("m", "l", "e", *outputs) if n not in {*at, *names}) for a in at
    )
    entry = Entry(e, tuple(map(var, at)))
    value = _over_a_window(e, at) if e.window and composition(e) is not None else definition(entry, tuple(names), {})
    return row(notation(entry), Tok("eq"), notation(value))


def _over_a_window(e: Layer, at: tuple[str, ...]) -> Expr:
    """The mean or the norm of a window as a sum over its places."""
    names = ("u", "v", "w")[: len(e.window)]
    lead, n = at[: -len(names)], at[-len(names) :]
    axes = zip(e.stride, n, e.dilation, names, e.padding, strict=True)
    entry: Expr = Entry(e.parts[0], (*map(var, lead), *(s * var(i) + t * var(u) - p for s, i, t, u, p in axes)))
    term = Power(entry, e.exponent[0], ONE) if e.exponent else entry
    inside = (c for u, extent in zip(names, e.window, strict=True) for c in between(var(u), ZERO, extent - 1))
    total = Sum(names, Mul((*map(Iverson, inside), term)))
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
