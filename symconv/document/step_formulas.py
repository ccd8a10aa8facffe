"""The defining formula of a step with its own numbers for strides, dilations and padding: y[n] = Σ_a k[a] x[2n + a]."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from symconv.document.worked_steps import Step
from symconv.expr.definitions import arity, definition
from symconv.expr.layers import bound_names, composition
from symconv.expr.mathematics import Fence, Math, Sym, Tok, places, row
from symconv.expr.nodes import Conv, Corr, Entry, Expr, Layer, rank
from symconv.expr.notation import notation
from symconv.expr.traverse import map_own_polys, number_names, sequence_names
from symconv.index.poly import const, var
from symconv.instances.tensors import Tensors

KINDS = ("conv", "conv_transpose", "depthwise", "pointwise")
OUTPUTS = {0: (), 1: ("n",), 2: ("i", "j"), 3: ("i", "j", "l")}
LETTERS = {"channel": "c", "tap": "a", "multiple": "m"}
MORE = ("a", "b", "d", "e", "h", "m", "l", "q", "r", "t", "u", "v", "c1", "c2", "c3", "c4", "c5", "c6")


def defining(step: Step, tensors: Tensors) -> Math | None:
    """The value of a step at a general place; None where its sentence says enough."""
    e = step.shown
    e = replace(e, extents=()) if isinstance(e, Layer) else e  # The array shows which places there are.
    if not isinstance(e, Conv | Corr) and not (isinstance(e, Layer) and e.kind in KINDS and not e.groups):
        return None
    d = len(e.stride) if isinstance(e, Layer) and e.stride else rank(e) - isinstance(e, Layer)
    if d > 3:
        return None
    known = map_own_polys(e, lambda p: const(p.evaluate(tensors.integers)))
    used = {*sequence_names(e), *number_names(e), step.name}
    lead = ("o",) if rank(e) == d + 1 else ("N", "o") if rank(e) == d + 2 else ()
    free = (f"{i}0" for i in ("n", "i", "j", "l", "o"))
    at = tuple(i if i not in used else next(free) for i in (*lead, *OUTPUTS[d]))
    names = tuple(_bound(_operators(e), {*used, *at}))
    known = _operators(known)
    value = definition(Entry(known, tuple(map(var, at))), names, {}) if isinstance(known, Layer | Conv | Corr) else (
        Entry(known, tuple(map(var, at))))  # fmt: skip
    left = row(Sym(step.name), Fence("[", places(map(Sym, at))))
    return row(left, Tok("eq"), notation(value))


def _operators(e: Expr) -> Expr:
    """A layer without channels and bias in the operators, where it is made of them."""
    composed = composition(e) if isinstance(e, Layer) and len(e.parts) < 3 else None
    return e if composed is None else composed


def _bound(e: Expr, used: set[str]) -> Iterator[str]:
    """A letter for each bound index: c for channels, a, b, … for taps."""
    words = bound_names(e) if isinstance(e, Layer) else ("tap",) * arity(e)
    for word in words:
        name = next(n for n in (LETTERS.get(word, "a"), *MORE) if n not in used)
        used.add(name)
        yield name
