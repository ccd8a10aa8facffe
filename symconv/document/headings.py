"""What a page is called, and the kernel that it is about: read off the statement where nobody has named it."""

from __future__ import annotations

from symconv.expr.nodes import (
    Adjoint,
    Conv,
    Corr,
    Count,
    Diff,
    Down,
    Expr,
    Flip,
    Grad,
    Inner,
    Layer,
    Name,
    Number,
    Reverse,
    Up,
    rank,
)  # fmt: skip
from symconv.expr.statement import Statement
from symconv.expr.traverse import children, rebuild, walk
from symconv.index.poly import ONE

COUNTS = ("No", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine", "Ten", "Eleven", "Twelve")


def running(statement: Statement) -> str:
    """The running head: what kind of statement it is."""
    nodes = [node for side in (statement.lhs, statement.rhs) for _, node in walk(side)]
    derived = any(isinstance(n, Grad | Diff | Adjoint | Inner | Layer) for n in nodes)
    if not derived and any(isinstance(n, Corr) and any(s != ONE for s in n.stride) for n in nodes):
        return "Strided correlation"
    kinds = set(map(type, nodes))
    if Count in kinds:
        return "Sizes" if all(n.axes for n in nodes if isinstance(n, Count)) else "Costs"
    if kinds & {Grad, Diff}:
        return "Gradients"
    if kinds & {Adjoint, Inner}:
        return "Adjoints"
    if any(isinstance(n, Layer) and "pool" in n.kind for n in nodes):
        return "Pooling"
    if Layer in kinds:
        return "Layers"
    if kinds & {Down, Up}:
        return "Down- and up-sampling"
    return "Convolution" if Conv in kinds else "Correlation" if Corr in kinds else "Sequences"


def title(statement: Statement, verdict: str) -> str:
    """Three strided layers are one; else the kind of the statement and what became of it."""
    count = _layers(statement.lhs)
    if verdict == "proved" and isinstance(statement.lhs, Grad | Adjoint) and isinstance(statement.lhs.x, Name | Number):
        what = "gradient" if isinstance(statement.lhs, Grad) else "adjoint"
        return f"The {what} by {statement.lhs.x.name}"
    equal = statement.relation == "==" and not statement.towards
    if verdict == "proved" and equal and count > 1 and _layers(statement.rhs) == 1:
        strided = "strided " if running(statement) == "Strided correlation" else ""
        number = COUNTS[count] if count < len(COUNTS) else str(count)
        return f"{number} {strided}layers are one"
    if verdict == "none":
        return "An equation without a solution"
    kind = "an identity" if equal else "a limit" if statement.towards else "an inequality"
    return f"{running(statement)}: {kind if verdict == 'proved' else 'a claim that is false'}"


def _layers(e: Expr) -> int:
    """How many correlations stand in each other."""
    return 1 + _layers(e.x) if isinstance(e, Corr) else 0


Merged = tuple[Expr, str] | None
"""The merged kernel of a claim, and what the page calls it."""


def merged_kernel(statement: Statement) -> Merged:
    """A compound kernel on one side of the claim, and a name for it that nothing else has."""
    for side in (statement.rhs, statement.lhs):
        match side:
            case Corr(x, k) | Conv(x, k) if isinstance(x, Name) and children(k) and not isinstance(k, Flip | Reverse):
                taken = set(statement.declarations) | set(statement.definitions)
                return k, next(n for n in ("K", "L", "M", "K1", "K2", "K3", "K4", "K5", "K6") if n not in taken)
            case _:
                pass
    return None


def abbreviated(e: Expr, merged: Merged) -> Expr:
    """The same with the name of the merged kernel for it."""
    if merged is None:
        return e
    kernel, name = merged
    if e == kernel:
        return Name(name, rank(kernel))
    parts = children(e)
    return rebuild(e, tuple(abbreviated(part, merged) for part in parts)) if parts else e
