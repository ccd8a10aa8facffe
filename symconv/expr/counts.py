"""What the layers of an expression cost: their parameters, and the multiplications of these with inputs.

    parameters         entries of the weights and biases, the operands of a layer other than its input
    multiplications    outputs · taps · input channels of a group, over all entries of the output
                       transposed: entries of the input · taps · output channels of a group

As in textbooks and in the counters of PyTorch, products with padded zeros count and the additions of biases do not; a
batch counts.  Pooling, up-sampling and explicit taps multiply by no parameter and count 0.  A weight that occurs twice
is one weight, and a layer on the same operands that occurs twice is computed once.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import prod

from symconv.errors import StatementError
from symconv.expr.floors import floor, without_floor
from symconv.expr.nodes import ZERO as NOTHING
from symconv.expr.nodes import (
    Add,
    Apply,
    Conv,
    Corr,
    Count,
    Expr,
    Flip,
    Integer,
    Layer,
    Name,
    Neg,
    Number,
    Ones,
    Reverse,
    Taps,
    product,
)  # fmt: skip
from symconv.expr.windows import Extents, output_extents
from symconv.index.facts import Facts
from symconv.index.poly import ONE, ZERO, Poly, const

KINDS = ("params", "mults")
INPUTS = {"cat": None, "max_unpool": 2}
"""How many operands of a layer are inputs, where it is not one; None for all."""
Weights = tuple[tuple[str, tuple[Poly, ...]], ...]
"""Names of weights and biases, with their extents."""


@dataclass(frozen=True, slots=True)
class Cost:
    """What one layer costs: its weights by name with their extents, and the factors of its multiplications.

    `places` are the extents of the output (of the input of a transposed layer), which every tap and channel meets.
    """

    layer: Expr
    weights: Weights
    places: tuple[Poly, ...]
    taps: tuple[Poly, ...]
    channels: tuple[Poly, ...]
    outputs: Extents

    @property
    def mults(self) -> Poly:
        """The number of multiplications."""
        return times((*self.places, *self.taps, *self.channels)) if self.places else ZERO

    @property
    def params(self) -> Poly:
        """The number of entries of its weights."""
        return _entries(self.weights)


def times(ps: tuple[Poly, ...]) -> Poly:
    """The product."""
    return prod(ps, start=ONE)


def _entries(weights: Weights) -> Poly:
    out = ZERO
    for _, extents in dict.fromkeys(weights):
        out = out + times(extents)
    return out


def costs(e: Expr, facts: Facts, kind: str) -> tuple[Cost, ...]:
    """The layers of e, the first first, each once; StatementError for what is no layer, or has no known extent."""
    found: dict[Expr, Cost] = {}
    _extents(e, facts, kind == "mults", found)
    return tuple(found.values())


def weights_of(found: tuple[Cost, ...]) -> Weights:
    """The weights of some layers, each once."""
    return tuple(dict.fromkeys(w for cost in found for w in cost.weights))


def count(kind: str, e: Expr, facts: Facts) -> Poly:
    """The number of parameters or multiplications of e."""
    found = costs(e, facts, kind)
    if kind == "params":
        return _entries(weights_of(found))
    out = ZERO
    for cost in found:
        out = out + cost.mults
    return out


def outputs_needed(e: Expr, facts: Facts) -> Iterator[Poly]:
    """What must be at least 0 so that every layer of e has an output."""
    for cost in costs(e, facts, "mults"):
        for extent in _known(cost.outputs):
            if extent.constant() is None:
                yield without_floor(extent - 1)


def _extents(e: Expr, facts: Facts, sized: bool, found: dict[Expr, Cost]) -> Extents:
    """The extents of a tensor (not looked at unless `sized`), with the costs of its layers entered in `found`."""
    if e in found:
        return found[e].outputs
    match e:
        case Name(name, axes):
            ranges = facts.supports.get(name, (None,) * axes)
            return tuple(_input(name, axis, r) for axis, r in enumerate(ranges)) if sized else ()
        case Neg(x) | Apply(_, x):
            return _extents(x, facts, sized, found)
        case Add(terms):
            first, *others = [_extents(part, facts, sized, found) for part in terms]
            for other in others if sized else ():
                if other != first:
                    raise StatementError(f"tensors of extents {_shown(first)} and {_shown(other)} are added")
            return first
        case Conv(x, k) | Corr(x, k):
            if sized:
                raise StatementError("conv and corr give sequences on all integers, which have no number of outputs: "
                                     "write the layer, as in conv1d(x, k)")  # fmt: skip
            _extents(x, facts, sized, found)
            found[e] = Cost(e, _weights((k,), facts), (), (), (), ())
            return ()
        case Layer(kind, operands) if kind != "conv_weight":
            inputs = operands[: INPUTS.get(kind, 1)]
            given = [_extents(x, facts, sized, found) for x in inputs]
            weights = _weights(operands[len(inputs) :], facts)
            found[e] = _sized(e, given, weights, facts) if sized else Cost(e, weights, (), (), (), ())
            return found[e].outputs
        case _:
            raise StatementError("layers are counted, on names of signals with extents, joined by cat, +, - and "
                                 "functions; this is made of something else")  # fmt: skip


def _input(name: str, axis: int, ends: tuple[Poly, Poly] | None) -> Poly | None:
    if ends is None:
        return None
    if ends[0].terms:
        raise StatementError(f"{name} begins at {ends[0]} on axis {axis}; what a layer reads begins at 0")
    return ends[1] + 1


def _shown(extents: Extents) -> str:
    return " x ".join("?" if n is None else f"({n})" if len(n.terms) > 1 else str(n) for n in extents)


def _weights(operands: tuple[Expr, ...], facts: Facts) -> Weights:
    """The names among weights and biases, with their extents; explicit taps have none."""
    out: list[tuple[str, tuple[Poly, ...]]] = []
    for operand in operands:
        while isinstance(operand, Flip | Reverse | Neg):
            operand = operand.x
        match operand:
            case Name(name):
                ranges = facts.supports.get(name, ())
                known = tuple(r[1] - r[0] + 1 for r in ranges if r is not None)
                if not ranges or len(known) < len(ranges):
                    raise StatementError(f"the extents of the weights {name} are not known: declare them, as in "
                                         f"{name}: kernel[F, C, c]")  # fmt: skip
                out.append((name, known))
            case Number(name):
                out.append((name, ()))
            case Taps() | Ones():
                pass
            case _:
                raise StatementError("weights are declared names or explicit taps; these are made of other sequences")
    return tuple(out)


def _sized(e: Layer, given: list[Extents], weights: Weights, facts: Facts) -> Cost:
    """The cost of a layer whose inputs have these extents."""
    if any(n is None for extents in given for n in extents):
        raise StatementError("the extents of the input must be known: declare it with them, as in x: signal[C, H, W]")
    first, kernel = given[0], e.parts[len(given) : len(given) + 1]
    shapes = [_shape(k, facts) for k in kernel]
    known = dict(facts.equations)
    outputs = output_extents(e, [*given, *shapes], lambda p, s: floor(p.subs(known), s.subs(known)))
    if any(n.constant() is not None and not facts.at_least_one(n) for n in _known(outputs)):
        raise StatementError(f"a layer has {_shown(outputs)} outputs: its window does not fit into its input")
    for other in given[1:] if e.kind == "cat" else ():
        if any(m != n for axis, (m, n) in enumerate(zip(first, other, strict=True)) if axis != e.order[0]):
            raise StatementError(f"tensors of extents {_shown(first)} and {_shown(other)} are joined by cat")
    if not _weights(kernel, facts):
        return Cost(e, weights, (), (), (), outputs)
    k, d = shapes[0], len(e.stride)
    taps, channels = k[len(k) - d :] if d else (), k[1:2]
    if e.kind in ("depthwise", "scale") or len(first) == d:
        channels = ()
    places = first if e.kind == "conv_transpose" else outputs
    return Cost(e, weights, _known(places), _known(taps), _known(channels), outputs)


def _known(extents: Extents) -> tuple[Poly, ...]:
    return tuple(n for n in extents if n is not None)


def _shape(k: Expr, facts: Facts) -> Extents:
    """The extents of weights, by name or written out."""
    match k:
        case Ones(extents):
            return extents
        case Taps(shape):
            return tuple(map(const, shape))
        case _:
            return next((extents for _, extents in _weights((k,), facts)), ())


def written(e: Count, facts: Facts) -> Expr:
    """A count as it is found: a sum over layers (over weights for parameters) of products of extents."""
    found = costs(e.e, facts, e.kind)
    products = [ps for _, ps in weights_of(found)]
    if e.kind == "mults":
        products = [(*c.places, *c.taps, *c.channels) for c in found if c.places]
    terms = [product(tuple(Integer(p) for p in ps if p != ONE)) for ps in products]
    return NOTHING if not terms else terms[0] if len(terms) == 1 else Add(tuple(terms))
