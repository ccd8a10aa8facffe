"""The language, on one screen.  Constructors never simplify: the line that is printed is the line that was proved.

An expression of rank d ≥ 1 is a sequence ℤ^d → ring, one of rank 0 a scalar.  p, s, d, m are integer polynomials.

    e ::= Name(x, d)                              a signal or kernel, or a definition of the author
        | Conv(x, k)                              Σ_a k[a] x[n−a]
        | Corr(x, k, stride, dilation, padding)   Σ_a k[a] x[s n + d a − p]
        | Down(x, s) | Up(x, s)                   x[s n]  |  Σ_m [n = s m] x[m]
        | Flip(x) | Shift(x, m)                   x[−n]  |  x[n−m]
        | Reverse(x, m)                           x[m−n], read with m = lo+hi for support lo..hi
        | Delta(d) | Ones(extents)                [n = 0]  |  [0 ≤ n < c]
        | Taps(shape, values)                     explicit numbers from 0
        | Formula(indices, scalar)                n ↦ scalar
        | Entry(e, at)                            e[at]: a scalar
        | Sum(indices, e)                         over all of ℤ^indices
        | Iverson(condition)                      1 or 0
        | Number(a) | Const(q) | Integer(p)       a real number, a rational, an integer polynomial
        | Over(p)                                 1/p, p ≥ 1
        | Inner(x, y)                             Σ_n x[n] y[n]: a scalar
        | Diff(e, x, m)                           ∂e/∂x[m] of a scalar e; 0 where m is outside the support of x
        | Grad(e, x, g)                           m ↦ ∂/∂x[m] of Inner(g, e), or of g e for a scalar e
        | Adjoint(e, x, g)                        the same, where e is linear in x
        | Layer(kind, parts, …)                   a layer of `layers`: conv, conv_transpose, cat, permute, …
        | Repeat(e, x, r)                         y_r, where y_0 = x and y_{i+1} is e with y_i for x
        | Cascade(i, k, r)                        δ ∗ k(0) ∗ … ∗ k(r−1), where i stands in k
        | Add(terms) | Mul(factors) | Neg(e)      pointwise; scalars are broadcast
        | Apply(f, e)                             a pointwise function
        | Count(kind, e, p, axes, of)             p, what is counted or measured of e: see `counts` and `measures`
        | Power(e, p, q)                          |e|^(p/q) pointwise, q ≥ 1; 0^0 = 1, and 0 to a negative power is 0
        | Most(indices, e, extents)               the greatest value of e for 0 ≤ i < c: a scalar
        | Peak(indices, e, extents, at)           1 where e takes it first at `at` (in the order of reading), else 0

`==` is structural; order, truth value and iteration of an expression raise.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import NoReturn

from symconv.errors import StatementError
from symconv.index.conditions import Condition
from symconv.index.poly import Poly


class Node:
    """What all expressions share: no order, no truth value, no iteration."""

    __slots__ = ()

    def __bool__(self) -> NoReturn:
        raise StatementError("an expression has no truth value: state an equation with claim(lhs, rhs)")

    def __iter__(self) -> NoReturn:
        raise StatementError("an expression cannot be iterated over: take entries with x[n]")

    def __lt__(self, other: object) -> NoReturn:
        raise StatementError("sequences are not ordered")

    __le__ = __gt__ = __ge__ = __lt__


@dataclass(frozen=True, slots=True)
class Name(Node):
    name: str
    rank: int


@dataclass(frozen=True, slots=True)
class Conv(Node):
    x: Expr
    k: Expr


@dataclass(frozen=True, slots=True)
class Corr(Node):
    x: Expr
    k: Expr
    stride: tuple[Poly, ...]
    dilation: tuple[Poly, ...]
    padding: tuple[Poly, ...]


@dataclass(frozen=True, slots=True)
class Down(Node):
    x: Expr
    by: tuple[Poly, ...]


@dataclass(frozen=True, slots=True)
class Up(Node):
    x: Expr
    by: tuple[Poly, ...]


@dataclass(frozen=True, slots=True)
class Flip(Node):
    x: Expr


@dataclass(frozen=True, slots=True)
class Reverse(Node):
    x: Expr
    about: tuple[Poly, ...]


@dataclass(frozen=True, slots=True)
class Shift(Node):
    x: Expr
    by: tuple[Poly, ...]


@dataclass(frozen=True, slots=True)
class Delta(Node):
    rank: int


@dataclass(frozen=True, slots=True)
class Ones(Node):
    extents: tuple[Poly, ...]


@dataclass(frozen=True, slots=True)
class Taps(Node):
    shape: tuple[int, ...]
    values: tuple[Fraction, ...]


@dataclass(frozen=True, slots=True)
class Formula(Node):
    indices: tuple[str, ...]
    body: Expr


@dataclass(frozen=True, slots=True)
class Entry(Node):
    x: Expr
    at: tuple[Poly, ...]


@dataclass(frozen=True, slots=True)
class Sum(Node):
    indices: tuple[str, ...]
    body: Expr


@dataclass(frozen=True, slots=True)
class Iverson(Node):
    condition: Condition


@dataclass(frozen=True, slots=True)
class Number(Node):
    name: str


@dataclass(frozen=True, slots=True)
class Const(Node):
    value: Fraction


@dataclass(frozen=True, slots=True)
class Integer(Node):
    p: Poly


@dataclass(frozen=True, slots=True)
class Add(Node):
    terms: tuple[Expr, ...]


@dataclass(frozen=True, slots=True)
class Mul(Node):
    factors: tuple[Expr, ...]


@dataclass(frozen=True, slots=True)
class Neg(Node):
    x: Expr


@dataclass(frozen=True, slots=True)
class Apply(Node):
    function: str
    x: Expr


@dataclass(frozen=True, slots=True)
class Power(Node):
    x: Expr
    p: Poly
    q: Poly


@dataclass(frozen=True, slots=True)
class Most(Node):
    indices: tuple[str, ...]
    body: Expr
    extents: tuple[Poly, ...]


@dataclass(frozen=True, slots=True)
class Peak(Node):
    indices: tuple[str, ...]
    body: Expr
    extents: tuple[Poly, ...]
    at: tuple[Poly, ...]


@dataclass(frozen=True, slots=True)
class Over(Node):
    p: Poly


@dataclass(frozen=True, slots=True)
class Inner(Node):
    x: Expr
    y: Expr


@dataclass(frozen=True, slots=True)
class Diff(Node):
    e: Expr
    x: Expr
    at: tuple[Poly, ...]


@dataclass(frozen=True, slots=True)
class Grad(Node):
    e: Expr
    x: Expr
    g: Expr


@dataclass(frozen=True, slots=True)
class Adjoint(Node):
    e: Expr
    x: Expr
    g: Expr


@dataclass(frozen=True, slots=True)
class Layer(Node):
    """A layer with PyTorch's name and meaning; which fields a kind uses is said in `layers`."""

    kind: str
    parts: tuple[Expr, ...]
    stride: tuple[Poly, ...] = ()
    dilation: tuple[Poly, ...] = ()
    padding: tuple[Poly, ...] = ()
    groups: tuple[Poly, ...] = ()
    order: tuple[int, ...] = ()
    window: tuple[Poly, ...] = ()
    output_padding: tuple[Poly, ...] = ()
    exponent: tuple[Poly, ...] = ()
    extents: tuple[Poly, ...] = ()
    """The outputs are those at 0 ≤ n < extent on the last axes, and 0 elsewhere; () for a sequence without end."""


@dataclass(frozen=True, slots=True)
class Repeat(Node):
    e: Expr
    x: Expr
    count: Poly


@dataclass(frozen=True, slots=True)
class Cascade(Node):
    indices: tuple[str, ...]
    body: Expr
    count: Poly


@dataclass(frozen=True, slots=True)
class Count(Node):
    """What is counted of the layers of e, or measured of e on an axis (from a name): see `counts` and `measures`.

    It rests on how e is written, not on what it equals.  Nothing is put for a part of e, so it has no children; `p` is
    what is found for it.
    """

    kind: str
    e: Expr
    p: Poly
    axes: tuple[int, ...] = ()
    of: tuple[str, ...] = ()


Operator = Conv | Corr | Down | Up | Flip | Reverse | Shift
Expr = (
    Name | Conv | Corr | Down | Up | Flip | Reverse | Shift | Delta | Ones | Taps | Formula
    | Entry | Sum | Iverson | Number | Const | Integer | Add | Mul | Neg | Apply
    | Over | Inner | Diff | Grad | Adjoint | Layer | Repeat | Cascade | Power | Most | Peak | Count
)  # fmt: skip
Binder = Sum | Formula | Cascade | Most | Peak
"""What binds `indices` in its `body`."""

VANISHING = frozenset({"relu", "abs", "step", "sign"})
"""Pointwise functions with f(0) = 0."""
HOMOGENEOUS = frozenset({"relu", "abs"})
"""Pointwise functions with f(a t) = a f(t) for a ≥ 0."""
ZERO = Const(Fraction(0))
ONE = Const(Fraction(1))


def rank(e: Expr) -> int:
    """The number of axes: 0 for a scalar."""
    match e:
        case Name(_, r) | Delta(r):
            return r
        case Conv(x, k) | Corr(x, k):
            return rank(x) or rank(k)
        case Down(x) | Up(x) | Flip(x) | Reverse(x) | Shift(x) | Neg(x) | Apply(_, x) | Sum(_, x) | Power(x):
            return rank(x)
        case Ones(extents):
            return len(extents)
        case Taps(shape):
            return len(shape)
        case Formula(indices):
            return len(indices)
        case Add(parts) | Mul(parts):
            return max((rank(p) for p in parts), default=0)
        case Grad(_, x) | Adjoint(_, x) | Repeat(_, x) | Cascade(_, x):
            return rank(x)
        case Layer("conv_weight", (x, *_), stride):
            return len(stride) if rank(x) == len(stride) else len(stride) + 2
        case Layer(_, (x, *_)):
            return rank(x)
        case (
            Entry() | Iverson() | Number() | Const() | Integer() | Over() | Inner() | Diff() | Layer() | Most() | Peak()
            | Count()
        ):  # fmt: skip
            return 0


def shown_axes(e: Count) -> tuple[int, ...]:
    """The axis of a measure, where it must be said: not the last one, or one of several of which a size is taken."""
    return () if e.axes == (rank(e.e) - 1,) and (e.of or rank(e.e) == 1) else e.axes


def factors_of(e: Expr) -> tuple[Expr, ...]:
    """The factors of a product, or the expression itself."""
    return e.factors if isinstance(e, Mul) else (e,)


def product(factors: tuple[Expr, ...]) -> Expr:
    """The product of some factors."""
    return ONE if not factors else factors[0] if len(factors) == 1 else Mul(factors)
