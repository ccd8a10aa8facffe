"""An expression at numbers as steps: one layer or operator after another, each with a name for its result.

Names of the author are kept; what he defined is a step of its own.  Pointwise operations between results are one step,
and what binds indices (sums, formulas, gradients) is evaluated in one.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from symconv.document.drawn import OUTPUTS, unused
from symconv.expr.nodes import (
    Add,
    Apply,
    Cascade,
    Conv,
    Corr,
    Down,
    Entry,
    Expr,
    Flip,
    Inner,
    Layer,
    Mul,
    Name,
    Neg,
    Power,
    Repeat,
    Reverse,
    Shift,
    Up,
    rank,
)  # fmt: skip
from symconv.expr.traverse import children, rebuild
from symconv.instances.finite_array import Tensor
from symconv.instances.run import Run
from symconv.instances.tensors import Tensors

OWN = Layer | Conv | Corr | Down | Up | Flip | Reverse | Shift
INLINE = Add | Mul | Neg | Apply | Power | Entry | Inner
MORE = tuple(f"y{i}" for i in range(1, 200))


@dataclass(frozen=True, slots=True)
class Step:
    """A result by its name: `node` is what was evaluated, `shown` the same over the names of earlier results."""

    name: str
    node: Expr
    shown: Expr
    value: Tensor


def steps(run: Run) -> list[Step]:
    """The steps of an expression, in the order of evaluation; the last one is the result."""
    found = _Steps(run)
    e = run.expression
    if isinstance(e, Name) and e.name not in run.tensors.defined:
        return []
    if not isinstance(found.named(e), Name):
        found.add(e, found.named(e))
    return found.steps


class _Steps:
    def __init__(self, run: Run) -> None:
        self.tensors: Tensors = run.tensors
        self.fresh: Iterator[str] = unused(run.statement, (*OUTPUTS, *MORE))
        self.steps: list[Step] = []
        self.known: dict[Expr, Expr] = {}

    def named(self, e: Expr) -> Expr:
        """The expression over the names of results, whose steps are added where they are new."""
        if e not in self.known:
            self.known[e] = self._named(e)
        return self.known[e]

    def _named(self, e: Expr) -> Expr:
        match e:
            case Name(name) if name in self.tensors.defined:
                return self.add(e, self._over(self.tensors.defined[name]), name)
            case Repeat() | Cascade():
                return self.named(self.tensors.written(e))
            case Layer() | Conv() | Corr() | Down() | Up() | Flip() | Reverse() | Shift():
                return self.add(e, self._over(e))
            case Add() | Mul() | Neg() | Apply() | Power() | Entry() | Inner():
                return self._over(e)
            case _:
                return e

    def _over(self, e: Expr) -> Expr:
        """The same node over names."""
        if not isinstance(e, OWN | INLINE):
            return e
        return rebuild(e, tuple(map(self.named, children(e))))

    def add(self, node: Expr, shown: Expr, name: str = "") -> Expr:
        """One more step; its name."""
        name = name or next(self.fresh, "result")
        body = self.tensors.defined.get(node.name, node) if isinstance(node, Name) else node
        self.steps.append(Step(name, body, shown, self.tensors.tensor(node)))
        return Name(name, rank(node)) if rank(node) else shown
