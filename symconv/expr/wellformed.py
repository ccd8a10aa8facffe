"""Which nodes mean something: ranks that fit, strides, dilations, factors and extents ≥ 1, indices bound once.

Judgement: `meaning(e, ranks, facts)` is the rank of e, given those of its parts, where e has the meaning that
`definitions` gives it for all sizes that the facts allow.  The reader makes no other nodes; a certificate might.
"""

from __future__ import annotations

from math import prod

from symconv.errors import RuleError, StatementError, assert_never
from symconv.expr.counts import KINDS, count
from symconv.expr.layers import layer_fault, sizes_of
from symconv.expr.measures import KINDS as MEASURES
from symconv.expr.measures import measure
from symconv.expr.nodes import (
    Add,
    Adjoint,
    Apply,
    Cascade,
    Const,
    Conv,
    Corr,
    Count,
    Delta,
    Diff,
    Down,
    Entry,
    Expr,
    Flip,
    Formula,
    Grad,
    Inner,
    Integer,
    Iverson,
    Layer,
    Most,
    Mul,
    Name,
    Neg,
    Number,
    Ones,
    Over,
    Peak,
    Power,
    Repeat,
    Reverse,
    Shift,
    Sum,
    Taps,
    Up,
    rank,
)  # fmt: skip
from symconv.expr.support import support
from symconv.expr.traverse import children, walk
from symconv.index.facts import Facts
from symconv.index.poly import Poly


def meaning(e: Expr, ranks: list[int], facts: Facts) -> int:
    """The number of axes of a node, from those of its parts; RuleError unless it is one that the language has."""
    match e:
        case Entry(_, at):
            return _need(len(at) == ranks[0] > 0, "not one index an axis", 0)
        case Mul() | Add():
            least, most = min(ranks, default=-1), max(ranks, default=-1)
            return _need(least == most >= 0 or (ranks.count(0) + ranks.count(most) == len(ranks) > 0),
                         "the parts have different ranks", most)  # fmt: skip
        case Iverson() | Number() | Const() | Integer():
            return 0
        case Name(x, r):
            return _need(len(facts.supports.get(x, ())) == r > 0, f"{x} is no sequence with {r} axes", r)
        case Sum(indices):
            return _need(0 < len(set(indices)) == len(indices), "an index is bound twice", ranks[0])
        case Formula(indices):
            _need(ranks[0] == 0, "the value of a formula is a number", 0)
            return _need(0 < len(set(indices)) == len(indices), "an index is bound twice", len(indices))
        case Conv():
            return _need(ranks[0] == ranks[1] > 0, "the operands of a convolution have different ranks", ranks[0])
        case Corr(_, _, stride, dilation, padding):
            _positive((*stride, *dilation), facts)
            same = len(stride) == len(dilation) == len(padding) == ranks[0] == ranks[1] > 0
            return _need(same, "operands, stride, dilation and padding have different ranks", ranks[0])
        case Down(_, by) | Up(_, by):
            _positive(by, facts)
            return _need(len(by) == ranks[0] > 0, "not one factor an axis", ranks[0])
        case Shift(_, by):
            return _need(len(by) == ranks[0] > 0, "not one shift an axis", ranks[0])
        case Flip():
            return _need(ranks[0] > 0, "a number has no flip", ranks[0])
        case Reverse(x, about):
            box, known = support(x, facts), dict(facts.equations)
            off = [low + high - m for (low, high), m in zip(box or (), about, strict=False)]
            centred = len(off) == len(about) == ranks[0] > 0 and not any(p.subs(known).subs(known).terms for p in off)
            return _need(centred, "a reversal is not about the middle of the extent", ranks[0])
        case Delta(r):
            return _need(r > 0, "an impulse has axes", r)
        case Ones(extents):
            _positive(extents, facts)
            return _need(len(extents) > 0, "a box has axes", len(extents))
        case Taps(shape, values):
            return _need(prod(shape) == len(values) > 0 < len(shape), "the taps do not fill their shape", len(shape))
        case Neg() | Apply():
            return ranks[0]
        case Over(p):
            _positive((p,), facts)
            return 0
        case Power(_, _, q):
            _positive((q,), facts)
            return ranks[0]
        case Most(indices, _, extents) | Peak(indices, _, extents):
            _positive(extents, facts)
            places = len(e.at) if isinstance(e, Peak) else len(extents)
            fixed = not set(indices) & {n for p in extents for n in p.names()}
            _need(0 < len(set(indices)) == len(indices) == len(extents) == places, "not one index an extent", 0)
            return _need(ranks[0] == 0 and fixed, "the greatest of numbers is taken over a fixed box", 0)
        case Inner():
            return _need(ranks[0] == ranks[1] > 0, "the operands of an inner product have different ranks", 0)
        case Diff(_, x, at):
            return _need(ranks[0] == 0 and _variable(x, facts) == len(at), "no derivative of a number by an entry", 0)
        case Grad(_, x) | Adjoint(_, x):
            own = _variable(x, facts)
            return _need(ranks[0] == ranks[1], "the upstream gradient has not the rank of the output", own)
        case Count():
            return _need(_counted(e, facts), "no count of parameters or multiplications", 0)
        case Repeat(_, x, count):
            named = isinstance(x, Name) and len(facts.supports.get(x.name, ())) == x.rank == ranks[0] > 0
            return _need(named and facts.nonnegative(count), "no repeated map of a named signal", ranks[0])
        case Cascade(indices, _, count):
            return _need(len(indices) == 1 and ranks[0] > 0 and facts.nonnegative(count), "no product", ranks[0])
        case Layer():
            fault = layer_fault(e, ranks)
            _positive(sizes_of(e), facts)
            return _need(not fault, fault, rank(e))
        case _:
            assert_never(e)
    return 0


def _counted(e: Count, facts: Facts) -> bool:
    """Whether a count is that of its layers, of which each has a meaning."""
    known = dict(facts.equations)
    measured = e.kind in MEASURES and len(e.axes) == 1 and e.axes[0] < rank(e.e) and len(e.of) == (e.kind != "size")
    try:
        counted = count(e.kind, e.e, facts) if e.kind in KINDS and not (e.axes or e.of) else None
        whole = measure(e, facts) if measured else counted
    except StatementError as error:
        raise RuleError("meaning", str(error)) from error
    for _, node in walk(e.e):
        meaning(node, [rank(part) for part in children(node)], facts)
    return whole is not None and not (whole - e.p).subs(known).subs(known).terms


def _need(condition: bool, reason: str, axes: int) -> int:
    if not condition:
        raise RuleError("meaning", reason)
    return axes


def _variable(x: Expr, facts: Facts) -> int:
    """The rank of what a derivative is taken by: a named sequence or number."""
    if isinstance(x, Number):
        return 0
    ranges = facts.supports.get(x.name, ()) if isinstance(x, Name) else ()
    stated = all(ranges) or not isinstance(x, Name) or x.name not in facts.finite
    _need(stated, "a kernel that a derivative is taken by must have stated taps, as in g: kernel[a:b]", 0)
    named = isinstance(x, Name) and len(ranges) == x.rank > 0
    return _need(named, "a derivative is taken by a named sequence or number", x.rank if isinstance(x, Name) else 0)


def _positive(ps: tuple[Poly, ...], facts: Facts) -> None:
    for p in ps:
        _need(p.constant() == 1 or facts.at_least_one(p), f"{p} >= 1 is not known", 0)
