"""The transpose of a matrix, read as the adjoint: a closed form that is proved for all sizes, evaluated at these.

The adjoint of a layer is a layer; with the output padding that the sizes ask for, it gives tensors of the extent of x:

    output_padding = (N + 2p − d(c − 1) − 1) mod s    for conv_transpose, where N is the extent it is to have

The matrix of the closed form is compared with the transpose entry by entry; nothing is said where they differ.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from symconv.errors import StatementError, SymconvError
from symconv.expr.definitions import formula_of
from symconv.expr.nodes import Adjoint, Expr, Layer, Name, rank
from symconv.expr.text import lets as lets_of
from symconv.expr.text import text
from symconv.expr.traverse import children, rebuild
from symconv.expr.windows import output_extents
from symconv.index.poly import const
from symconv.instances.finite_array import Place, Tensor
from symconv.instances.linear_form import Form
from symconv.instances.matrices import LinearMap, coefficients
from symconv.tactics.gradient import gradient, gradient_statement


@dataclass(frozen=True)
class Transpose:
    """y ↦ closed is the adjoint; `whole` says that it gives exactly the places of x, and no others beside them."""

    closed: Expr
    y: str
    whole: bool
    lets: tuple[str, ...] = ()

    def __str__(self) -> str:
        return text(self.closed)


def transpose_of(m: LinearMap, expression: str, lets: Sequence[str], assume: Sequence[str]) -> Transpose | None:
    """The adjoint in closed form whose matrix is the transpose; None where none was found that is."""
    if not rank(m.expression):
        return None
    try:
        result = gradient(gradient_statement(expression, m.x.name, tuple(lets), tuple(assume), "adjoint"))
    except SymconvError:
        return None
    asked = result.statement.lhs
    if result.answer is None or not isinstance(asked, Adjoint) or not isinstance(asked.g, Name):
        return None
    y = asked.g.name
    shape = tuple(high - low + 1 for low, high in zip(m.rows[0], m.rows[-1], strict=True))
    entries = {name: t for name, t in m.entries.items() if name != m.x.name}
    entries[y] = Tensor(m.rows[0], shape, tuple(Form({i: 1}) for i in range(len(m.rows))))
    wanted = tuple(high + 1 for high in m.columns[-1])
    closed = _fitted(result.answer.closed, m, entries, wanted)
    for e in (closed, unbounded(result.answer.closed)):
        try:
            places, values = coefficients(e, result.statement, m.integers, entries, m.numbers, len(m.rows))
        except StatementError:
            continue
        at = dict(zip(places, values, strict=True))
        nothing = (0,) * len(m.rows)
        turned = zip(*m.values, strict=True)
        if all(at.get(place, nothing) == column for place, column in zip(m.columns, turned, strict=True)):
            return Transpose(
                closed if e is closed else result.answer.closed,
                y,
                places == m.columns,
                tuple(lets_of(result.statement)),
            )
    return None


def _fitted(e: Expr, m: LinearMap, entries: dict[str, Tensor], wanted: Place) -> Expr:
    """The expression with output padding where its outputs are to have these extents."""
    if not isinstance(e, Layer):
        return e
    x, *others = e.parts
    d = len(e.stride)
    lead, space = wanted[: len(wanted) - d], wanted[len(wanted) - d :]
    if e.kind == "conv_transpose":
        w = entries.get(others[0].name) if isinstance(others[0], Name) else None
        if w is None:
            return e
        forward = Layer("conv", (x, others[0]), e.stride, e.dilation, e.padding)
        known = _at(forward, m)
        counts = [None] * len(lead) + [const(n) for n in space]
        taps = (None,) * (len(w.shape) - d) + tuple(map(const, w.shape[len(w.shape) - d :]))
        outputs = [p.constant() if p is not None else 0 for p in output_extents(known, (tuple(counts), taps))][-d:]
        extra: list[int] = []
        for n, c, s, t, p in zip(space, w.shape[-d:], known.stride, known.dilation, known.padding, strict=True):
            whole = [q.constant() or 0 for q in (s, t, p)]
            extra.append((n + 2 * whole[2] - whole[1] * (c - 1) - 1) % whole[0])
        channels = (e.groups[0].evaluate(m.integers) * e.groups[2].evaluate(m.integers) if e.groups else w.shape[0],)
        inner = _fitted(x, m, entries, (*lead[:-1], *(channels if lead else ()), *(n or 0 for n in outputs)))
        padding = tuple(map(const, extra)) if any(extra) else ()
        return replace(e, parts=(inner, *others), output_padding=padding)
    if e.kind in ("scale", "permute"):
        before = wanted if e.kind == "scale" else tuple(wanted[e.order.index(a)] for a in range(len(wanted)))
        return replace(e, parts=(_fitted(x, m, entries, before), *others))
    return e


def _at(e: Layer, m: LinearMap) -> Layer:
    """The layer with numbers for its options."""
    stride, dilation, padding = (tuple(const(p.evaluate(m.integers)) for p in ps)
                                 for ps in (e.stride, e.dilation, e.padding))  # fmt: skip
    return replace(e, stride=stride, dilation=dilation, padding=padding)


def unbounded(e: Expr) -> Expr:
    """The expression with the formulas of its layers: sequences on all places, without windows."""
    parts = tuple(map(unbounded, children(e)))
    e = rebuild(e, parts) if parts else e
    return formula_of(e) if isinstance(e, Layer) and rank(e) else e
