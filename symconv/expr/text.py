"""Expressions as claim text: what `syntax` reads again.  Also the declarations and assumptions, all explicit."""

from __future__ import annotations

from fractions import Fraction

from symconv.errors import assert_never
from symconv.expr.ends import MODES
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
    product,
    rank,
    shown_axes,
)  # fmt: skip
from symconv.expr.statement import Assumption, Coprime, Declaration, Nonnegative, Statement, Unequal
from symconv.index.conditions import Condition, Divides, Eq, Ge, sides
from symconv.index.facts import Range
from symconv.index.poly import ONE, ZERO, Poly, var

SUM, PRODUCT, ATOM = 1, 2, 3


def text(e: Expr, level: int = 0) -> str:
    """Claim text of an expression, in parentheses where the place binds more tightly than `level` allows."""
    body, own = _text(e)
    return f"({body})" if own < level else body


def _text(e: Expr) -> tuple[str, int]:
    match e:
        case Name(x) | Number(x):
            return x, ATOM
        case Conv(x, k):
            return f"conv({text(x)}, {text(k)})", ATOM
        case Corr(x, k, s, d, p):
            options = [("stride", s, ONE), ("dilation", d, ONE), ("padding", p, ZERO)]
            shown = "".join(f", {n}={_axes(v)}" for n, v, usual in options if any(u != usual for u in v))
            return f"corr({text(x)}, {text(k)}{shown})", ATOM
        case Down(x, by) | Up(x, by) | Shift(x, by):
            return f"{type(e).__name__.lower()}({text(x)}, {_axes(by)})", ATOM
        case Inner(x, y):
            return f"inner({text(x)}, {text(y)})", ATOM
        case Diff(x, by, at):
            place = f"[{', '.join(map(str, at))}]" if at else ""
            return f"diff({text(x)}, {text(by)}{place})", ATOM
        case Grad(x, by, g) | Adjoint(x, by, g):
            return f"{type(e).__name__.lower()}({text(x)}, {text(by)}, {text(g)})", ATOM
        case Repeat(x, name, count):
            return f"repeat({text(x)}, {text(name)}, {count})", ATOM
        case Cascade(indices, x, count):
            return f"conv({text(x)} for {indices[0]} in range({count}))", ATOM
        case Layer():
            return _layer(e), ATOM
        case Count(kind, x):
            return f"{kind}({', '.join((text(x), *e.of, *map(str, shown_axes(e))))})", ATOM
        case Over(p):
            return f"1/{_factor(p)}", PRODUCT
        case Power(x, p, q):
            exponent = _factor(p) if q == ONE else f"({_factor(p)}/{_factor(q)})"
            return f"abs({text(x)})**{exponent}", PRODUCT
        case Most(indices, x, extents):
            return f"max({text(x)}{_over(indices, extents)})", ATOM
        case Peak(indices, x, extents, at):
            return f"peak(({text(x)}{_over(indices, extents)}), {', '.join(map(str, at))})", ATOM
        case Flip(x) | Reverse(x):
            return f"{type(e).__name__.lower()}({text(x)})", ATOM
        case Delta():
            return "delta", ATOM
        case Ones(extents):
            return f"ones({extents[0]})" if len(extents) == 1 else f"ones(({', '.join(map(str, extents))}))", ATOM
        case Taps(shape, values):
            return f"array({_nested(shape, values)})" if len(
                shape
            ) > 1 else f"taps({_nested(shape, values)[1:-1]})", ATOM
        case Formula(indices, body):
            return f"formula({', '.join(indices)}, {text(body)})", ATOM
        case Entry(x, at):
            return f"{text(x, ATOM)}[{', '.join(map(str, at))}]", ATOM
        case Sum():
            return _sum(e), ATOM
        case Iverson(c):
            return f"iverson({condition(c)})", ATOM
        case Const(v):
            return str(v), ATOM if v >= 0 and v.denominator == 1 else SUM
        case Integer(p):
            return str(p), ATOM if p.name() or (p.constant() or 0) > 0 else SUM
        case Neg(x):
            return f"-{text(x, ATOM)}", SUM
        case Apply(f, x):
            return f"{f}({text(x)})", ATOM
        case Add(parts):
            out = text(parts[0], SUM)
            for part in parts[1:]:
                out += f" - {text(part.x, PRODUCT)}" if isinstance(part, Neg) else f" + {text(part, PRODUCT)}"
            return out, SUM
        case Mul(parts) if sum(rank(p) > 0 for p in parts) > 1:
            scalars = [p for p in parts if not rank(p)]
            first, *rest = [text(p) for p in parts if rank(p)]
            for other in rest:
                first = f"mul({first}, {other})"
            return ("*".join([*(text(p, ATOM) for p in scalars), first]), PRODUCT) if scalars else (first, ATOM)
        case Mul((Over(p), *rest)) if rest:
            return f"{text(product(tuple(rest)), PRODUCT)}/{_factor(p)}", PRODUCT
        case Mul(parts) if any(isinstance(p, Over) for p in parts):
            over = [p for p in parts if isinstance(p, Over)]
            return _text(Mul((*over, *(p for p in parts if not isinstance(p, Over)))))
        case Mul(parts):
            return "*".join(text(p, ATOM if i else PRODUCT) for i, p in enumerate(parts)), PRODUCT
        case _:
            assert_never(e)
    return None


def _layer(e: Layer) -> str:
    """A layer with the options that are not the usual ones."""
    d = f"{len(e.stride)}d" if e.dilation else ""
    options = [("stride", e.stride, ONE), ("padding", e.padding, ZERO), ("dilation", e.dilation, ONE)] if d else []
    shown = "".join(f", {n}={_axes(v)}" for n, v, usual in options if any(u != usual for u in v))
    parts = [text(p) for p in e.parts]
    match e.kind:
        case "cat":
            return f"cat([{', '.join(parts)}], dim={e.order[0]})"
        case "permute":
            order = ", ".join(map(str, e.order))
            return f"permute({parts[0]}, ({order}{',' * (len(e.order) == 1)}))"
        case "scale":
            return f"scale({', '.join(parts)}, dim={e.order[0]})"
        case "pixel_shuffle" | "pixel_unshuffle":
            return f"{e.kind}({parts[0]}, {e.stride[0]})"
        case "bed_of_nails" | "upsample_nearest" | "upsample_linear":
            corners = ", align_corners=True" if e.order else ""
            return f"{e.kind}({parts[0]}, {_factors(e)}{corners})"
        case "pad":
            mode = f', mode="{MODES[e.order[0]]}"' if e.order else ""
            return f"pad({parts[0]}, {_ends_of(e)}{mode})"
        case "window":
            every = f"({', '.join(map(str, e.extents))}{',' * (len(e.extents) == 1)})"
            return f"window({parts[0]}, {e.extents[0] if rank(e) == 1 else every})"
        case "avg_pool" | "max_pool" | "lp_pool" | "max_unpool":
            usual = ("stride", e.stride, e.window), ("padding", e.padding, (ZERO,) * len(e.window))
            options = [*usual, ("dilation", e.dilation, (ONE,) * len(e.window))]
            shown = "".join(f", {n}={_axes(v)}" for n, v, usual in options if v != usual)
            shown += ", ceil_mode=True" * (e.order[:1] == (1,)) + ", count_include_pad=False" * (e.order[1:] == (1,))
            operands = ", ".join((*parts, *map(str, e.exponent)))
            return f"{e.kind}{d}({operands}, {_axes(e.window)}{shown})"
        case _:
            groups = f", groups={e.groups[0]}" if e.groups else ""
            bias = f", bias={parts[2]}" if len(parts) > 2 else ""
            shown += f", output_padding={_axes(e.output_padding)}" if e.output_padding else ""
            name = f"conv{d}_weight" if e.kind == "conv_weight" else f"{e.kind}{d}"
            return f"{name}({parts[0]}, {parts[1]}{shown}{groups}{bias})"


def _ends_of(e: Layer) -> str:
    """Padding as it is read: one number for both ends of every axis, a pair for one axis, else a pair for each."""
    pairs = list(zip(e.padding, e.output_padding, strict=True))
    if len(pairs) == rank(e) and len({p for pair in pairs for p in pair}) == 1:
        return str(e.padding[0])
    shown = [f"({low}, {high})" for low, high in pairs]
    return shown[0] if rank(e) == 1 else f"({', '.join(shown)}{',' * (len(shown) == 1)})"


def _over(indices: tuple[str, ...], extents: tuple[Poly, ...]) -> str:
    """The ranges of a maximum."""
    return "".join(f" for {v} in range({p})" for v, p in zip(indices, extents, strict=True))


def _factors(e: Layer) -> str:
    """The factors of up-sampling: one for all axes where it is read so, else all of them."""
    alike = len(set(e.stride)) == 1 and len(e.stride) == (rank(e) + 1) // 2
    return _axes(e.stride) if alike else f"({', '.join(map(str, e.stride))}{',' * (len(e.stride) == 1)})"


def _sum(e: Sum) -> str:
    """A sum over ℤ, or over ranges with further conditions where the body begins with those."""
    *conditions, body = e.body.factors if isinstance(e.body, Mul) else (e.body,)
    found = [c.condition for c in conditions if isinstance(c, Iverson)]
    plain = f"sum({text(e.body)}{''.join(f' for {i} in Z' for i in e.indices)})"
    if len(found) < len(conditions):
        return plain
    out, ranged = f"sum({text(body)}", False
    for number, i in enumerate(e.indices):
        ends = _ends(i, found, e.indices[number:])
        ranged = ranged or ends is not None
        out += f" for {i} in Z" if ends is None else f" for {i} in range({ends})"
        found = found if ends is None else found[2:]
        following = e.indices[number + 1 :]
        while found and (not following or _ends(following[0], found, following) is None):
            if any(n in p.names() for n in following for p in _polys(found[0])):
                break
            out += f" if {condition(found.pop(0))}"
    return f"{out})" if ranged else plain


def _polys(c: Condition) -> tuple[Poly, ...]:
    return (c.m, c.p) if isinstance(c, Divides) else (c.p,)


def _ends(i: str, conditions: list[Condition], unknown: tuple[str, ...]) -> str | None:
    """The arguments of range where the first two conditions are its ends, free of the indices not known yet."""
    match conditions:
        case [Ge(p), Ge(q), *_]:
            low, high = var(i) - p, q + var(i) + 1
            if not (low.names() | high.names()) & set(unknown):
                return f"{low}, {high}" if low.terms else str(high)
        case _:
            pass
    return None


def _axes(ps: tuple[Poly, ...]) -> str:
    return str(ps[0]) if len(set(ps)) == 1 else f"({', '.join(map(str, ps))})"


def _nested(shape: tuple[int, ...], values: tuple[Fraction, ...]) -> str:
    if len(shape) == 1:
        return f"[{', '.join(map(str, values))}]"
    step = len(values) // shape[0]
    rows = (_nested(shape[1:], values[i * step : (i + 1) * step]) for i in range(shape[0]))
    return f"[{', '.join(rows)}]"


def condition(c: Condition) -> str:
    """Claim text of a condition, its two sides without subtractions."""
    match c:
        case Divides(m, p):
            return f"{_factor(p)} % {_factor(m)} == 0"
        case Eq() | Ge():
            left, sign, right = sides(c)
            return f"{left} {sign} {right}"
        case _:
            assert_never(c)
    return None


def _factor(p: Poly) -> str:
    return str(p) if p.name() or p.constant() is not None else f"({p})"


def assumption(a: Assumption) -> str:
    """Claim text of an assumption."""
    match a:
        case Coprime(p, q):
            return f"gcd({p}, {q}) == 1"
        case Nonnegative(name, strict):
            return f"{name} {'>' if strict else '>='} 0"
        case Unequal(p):
            return condition(Eq(p)).replace("==", "!=")
        case _:
            return condition(a)


def declaration(d: Declaration, in_full: bool = False) -> str:
    """Claim text of a declaration, e.g. `k: kernel[c]`; in full also where the rank is the usual one."""
    if any(n.startswith("_") for r in d.ranges if r is not None for n in r[0].names()):
        return f"{d.name}: {d.kind}"
    if d.kind == "kernel" or (d.kind == "signal" and (any(d.ranges) or d.rank > 1 or in_full)):
        return f"{d.name}: {d.kind}[{', '.join(_range(r) for r in d.ranges)}]"
    return f"{d.name}: {d.kind}"


def _range(r: Range) -> str:
    if r is None:
        return ":"
    low, high = r
    return str(high + 1) if not low.terms else f"{low}:{high + 1}"


def claim(statement: Statement) -> str:
    """Claim text of both sides."""
    left = f"limit({text(statement.lhs)}, {statement.towards})" if statement.towards else text(statement.lhs)
    return f"{left} {statement.relation} {text(statement.rhs)}"


def places(statement: Statement) -> str:
    """The places at which the sides are compared, where these are not all; n, or n1, n2, … for the axes."""
    names = ["n"] if statement.rank == 1 else [f"n{i + 1}" for i in range(statement.rank)]
    ends = zip(names, statement.places, strict=True)
    return ", ".join(f"{r[0]} <= {n} <= {r[1]}" for n, r in ends if r is not None)


def definition(name: str, e: Expr) -> str:
    """Claim text of a definition."""
    if isinstance(e, Formula):
        return f"{name}[{', '.join(e.indices)}] = {text(e.body)}"
    return f"{name} = {text(e)}"


def lets(statement: Statement) -> list[str]:
    """Every declaration and definition as claim text."""
    ranks = {d.rank for d in statement.declarations.values() if d.rank}
    return [declaration(d, len(ranks) > 1) for d in statement.declarations.values() if d.kind != "power"] + [
        definition(name, e) for name, e in statement.definitions.items()
    ]


def assumptions(statement: Statement) -> list[str]:
    """Every assumption as claim text, the tacit ones too."""
    return [assumption(a) for a in (*statement.assumptions, *statement.tacit)] + [
        f"{text(left)} == {text(right)}" for left, right in statement.equations
    ]
