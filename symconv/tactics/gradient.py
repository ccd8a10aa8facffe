"""`grad` and `adjoint`: back-propagation through the operators gives a closed form, which is then proved.

The upstream gradient is carried backwards from the result to every place where the variable stands; each operator
hands on its transpose, and what arrives is added up.  What no operator says is read off the normal form and lifted.
Nothing here is trusted: the closed form is the right side of a claim that is proved like any other.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from symconv.errors import SearchError, StatementError, SymconvError
from symconv.expr.claim import check, read_expression
from symconv.expr.definitions import arity, definition
from symconv.expr.derivatives import derivative_of, slope_of
from symconv.expr.ends import share
from symconv.expr.floors import floor
from symconv.expr.layers import composition, window_sums
from symconv.expr.nodes import (
    ONE,
    ZERO,
    Add,
    Adjoint,
    Apply,
    Conv,
    Corr,
    Delta,
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
    Mul,
    Name,
    Neg,
    Number,
    Over,
    Power,
    Reverse,
    Shift,
    Sum,
    Up,
    factors_of,
    rank,
)  # fmt: skip
from symconv.expr.signs import visibly
from symconv.expr.statement import Statement, inside
from symconv.expr.traverse import children, free_indices, index_names, rebuild
from symconv.expr.windows import output_extents, tensor_extents, whole
from symconv.index.conditions import Eq, between
from symconv.index.poly import ONE as UNIT
from symconv.index.poly import Poly, total, var
from symconv.tactics.chain import Chain, Names, taken_names
from symconv.tactics.lifting import lift
from symconv.tactics.normal import normalise
from symconv.tactics.prove import prove
from symconv.tactics.terms import Term, terms_of
from symconv.tactics.verdict import Answer, Result

UPSTREAM = ("g", "v", "u", "z", "upstream")


def gradient_statement(expression: str, wrt: str, lets: tuple[str, ...], assume: tuple[str, ...],
                       kind: str = "grad") -> Statement:  # fmt: skip
    """The statement grad(e, x, g) == 0 with the upstream gradient g of finite support; 1 for a number e."""
    plain = read_expression(expression, lets, assume)
    taken = {*plain.declarations, *plain.definitions}
    if not wrt.isidentifier() or wrt not in inside(plain.lhs, plain):
        raise StatementError(f"{wrt[:40]} does not stand in {expression[:60]} as a sequence or a number")
    letters = ("y", *UPSTREAM) if kind == "adjoint" else UPSTREAM
    g = next(name for name in letters if name not in taken) if rank(plain.lhs) else "1"
    return read_expression(f"{kind}({expression}, {wrt}, {g})", lets, assume)


def gradient(statement: Statement) -> Result:
    """Proved with the closed form of the gradient or adjoint that is the left side; unknown where none was proved."""
    e = statement.lhs
    if not isinstance(e, Grad | Adjoint):
        raise StatementError("this is not a gradient: write grad(e, x, g)")
    for candidate in _candidates(e, statement):
        filled = replace(statement, rhs=candidate)
        try:
            check(filled)
            result = prove(filled)
        except SymconvError:
            continue
        if result.verdict == "proved":
            return replace(result, answer=_answer(e, candidate, result))
    return Result("unknown", statement, reason="no closed form was proved", tried=("operators", "lifting"))


def _answer(e: Grad | Adjoint, closed: Expr, result: Result) -> Answer:
    name = e.x.name if isinstance(e.x, Name | Number) else ""
    indices = result.theorem.indices if result.theorem is not None else ()
    return Answer(
        f"{type(e).__name__.lower()}_{name}", closed, indices, closed if result.normal is None else result.normal, None
    )


def _candidates(e: Grad | Adjoint, statement: Statement) -> Iterator[Expr]:
    """Closed forms that are likely: by transposed operators, by lifting the normal form, and that form itself."""
    pulled = _Pull(statement, e.x).closed(e)
    if pulled is not None:
        yield pulled
    names = Names(taken_names(statement), "output")
    indices = names.pick(rank(e), "output") if rank(e) else ()
    chain = Chain(statement, Entry(e, tuple(map(var, indices))) if indices else e, Names(names.taken, "left"))
    normalise(chain)
    terms = _unrestricted(terms_of(chain.line), indices, statement)
    lifted = lift(terms, indices, statement.facts) if indices else chain.line
    if lifted is not None and free_indices(lifted) <= statement.integers:
        yield lifted
    if indices:
        yield Formula(indices, chain.line)


def _unrestricted(terms: list[Term], indices: tuple[str, ...], statement: Statement) -> list[Term]:
    """The terms without the conditions under which the sides are compared anyhow."""
    ends = {Iverson(c) for i, r in zip(indices, statement.places, strict=True) if r for c in between(var(i), *r)}
    return [replace(t, factors=tuple(f for f in t.factors if f not in ends)) for t in terms]


class _Pull:
    """Carries upstream gradients back to a variable; None where an operator does not say how."""

    def __init__(self, statement: Statement, x: Expr) -> None:
        self.statement = statement
        self.x = x
        self.name = x.name if isinstance(x, Name | Number) else ""
        self.names = Names(taken_names(statement), "right")

    def closed(self, e: Grad | Adjoint) -> Expr | None:
        """The gradient by the variable, without derivatives in it."""
        try:
            found = self._back(_plain(e.e, self.statement), _plain(e.g, self.statement))
        except SearchError:
            return None
        if not found:
            return Mul((ZERO, Delta(rank(e)))) if rank(e) else ZERO
        terms = tuple(t for f in found for t in (f.terms if isinstance(f, Add) else (f,)))
        return terms[0] if len(terms) == 1 else Add(terms)

    def _met(self, e: Expr) -> bool:
        return self.name in inside(e, self.statement)

    def _back(self, e: Expr, g: Expr) -> list[Expr]:
        """What reaches the variable of the upstream gradient g of e."""
        if e == self.x:
            return [g]
        if not self._met(e):
            return []
        match e:
            case Name(name):
                return self._back(self.statement.definitions[name], g)
            case Neg(u):
                return self._back(u, _negative(g))
            case Add(parts):
                if any(rank(p) != rank(e) and self._met(p) for p in parts):
                    raise SearchError("a number is added to every entry")
                return [c for p in parts for c in self._back(p, g)]
            case Mul(parts):
                return [c for i, p in enumerate(parts) if self._met(p) for c in self._factor(parts, i, g)]
            case Conv(u, k):
                return [*self._back(u, _corr(g, k)), *self._back(k, _corr(g, u))]
            case Corr(u, k, s, d, p):
                return [*self._back(u, transposed(g, k, s, d, p)), *self._back(k, Corr(u, g, d, s, p))]
            case Down(u, by):
                return self._back(u, Up(g, by))
            case Up(u, by):
                return self._back(u, Down(g, by))
            case Flip(u):
                return self._back(u, Flip(g))
            case Shift(u, by):
                return self._back(u, _shift(g, tuple(-m for m in by)))
            case Reverse(u, about):
                return self._back(u, _shift(Flip(g), about))
            case Apply(f, u):
                prime = derivative_of(f)
                return self._back(u, _times(Apply(prime, u), g)) if prime is not None else []
            case Power(u, p, q):
                for factor in slope_of(u, p, q):
                    g = g if factor in (Over(UNIT), Integer(UNIT)) else _times(factor, g)
                return self._back(u, g)
            case Inner(u, v):
                return [*self._back(u, _times(g, v)), *self._back(v, _times(g, u))]
            case Entry(u, at):
                return self._back(u, _times(g, _shift(Delta(rank(u)), at)))
            case Sum(indices, body):
                return [Sum(indices, c) for c in self._back(body, g)]
            case Layer():
                return self._layer(e, g)
            case _:
                raise SearchError("no operator says what the transpose is")

    def _factor(self, parts: tuple[Expr, ...], i: int, g: Expr) -> list[Expr]:
        others = (*parts[:i], *parts[i + 1 :])
        if rank(parts[i]) or not rank(Mul(parts)):
            upstream = g
            for other in reversed(others):
                upstream = _times(other, upstream)
            return self._back(parts[i], upstream)
        scalars = [p for p in others if not rank(p)]
        sequences = [p for p in others if rank(p)]
        whole = Inner(sequences[0] if len(sequences) == 1 else Mul(tuple(sequences)), g)
        upstream = whole
        for other in scalars:
            upstream = _times(other, upstream)
        return self._back(parts[i], upstream)

    def _layer(self, e: Layer, g: Expr) -> list[Expr]:
        """The transposes: conv, conv_transpose and conv_weight are the three derivatives of one form."""
        u, *rest = e.parts
        composed = composition(e)
        match e.kind:
            case "max_pool":
                samples = tensor_extents(u, self.statement.facts, self.statement.definitions)[-len(e.window) :]
                own = tuple(n for n in samples if n is not None) if e.extents else ()
                out = self._back(u, replace(e, kind="max_unpool", parts=(g, u), extents=own))
            case "avg_pool" if e.order:
                at = self.names.pick(rank(e), "output")
                taps = tuple(self.names.pick(1)[0] for _ in e.window)
                counts = Formula(at, Mul(share(e, tuple(map(var, at)), taps)))
                out = self._back(window_sums(e), _times(counts, g))
            case "max_unpool":
                out = self._by_formula(e, g, 0)
            case "lp_pool" if composed is not None:
                out = self._back(u, _norm_back(e, composed, g))
            case "avg_pool" | "bed_of_nails" | "upsample_nearest" | "upsample_linear" if composed is not None:
                return self._back(composed, g)
            case "conv" | "conv_transpose" | "conv_weight":
                turned = {"conv": ("conv_transpose", "conv_weight"), "conv_transpose": ("conv", "conv_weight"),
                          "conv_weight": ("conv_transpose", "conv")}  # fmt: skip
                first, second = turned[e.kind]
                w = rest[0]
                by = {"conv": ((g, w), (u, g)), "conv_transpose": ((g, w), (g, u)), "conv_weight": ((w, g), (u, g))}
                pairs = [(first, by[e.kind][0], u), (second, by[e.kind][1], w)]
                layers = [(u, self._turned(e, kind, parts, u)) for kind, parts, u in pairs]
                out = [c for target, turned_g in layers if self._met(target) for c in self._back(target, turned_g)]
            case "pixel_shuffle" | "pixel_unshuffle":
                other = "pixel_unshuffle" if e.kind == "pixel_shuffle" else "pixel_shuffle"
                out = self._back(u, Layer(other, (g,), e.stride))
            case "permute":
                back = tuple(e.order.index(axis) for axis in range(len(e.order)))
                out = self._back(u, Layer("permute", (g,), order=back))
            case "pointwise" if self._met(u):
                turned_w = Layer("permute", (rest[0],), order=(1, 0))
                out = self._back(u, Layer("pointwise", (g, turned_w))) + self._by_formula(e, g, 1)
            case "scale" if self._met(u):
                out = self._back(u, Layer("scale", (g, rest[0]), order=e.order)) + self._by_formula(e, g, 1)
            case _:
                out = [c for i in range(min(2, len(e.parts)) if e.kind != "cat" else len(e.parts))
                       for c in self._by_formula(e, g, i)]  # fmt: skip
        bias = e.parts[2:] if e.kind in ("conv", "conv_transpose", "depthwise", "pointwise") else ()
        for b in bias:
            out += self._by_formula(e, g, 2) if rank(b) else self._back(b, self._total(g))
        return out

    def _turned(self, e: Layer, kind: str, parts: tuple[Expr, ...], target: Expr) -> Layer:
        """Another of the three derivatives; of tensors with the extents of what is derived by."""
        out = replace(e, kind=kind, parts=parts, groups=_groups(e, kind), output_padding=(), extents=())
        facts, defined, d = self.statement.facts, self.statement.definitions, len(e.stride)
        samples = tensor_extents(target, facts, defined)[-d:]
        known = tuple(n for n in samples if n is not None)
        outputs = tensor_extents(e, facts, defined)[-d:]
        if kind == "conv_weight" or None in outputs or len(known) < d:
            return out
        if kind == "conv_transpose":
            taps = tensor_extents(parts[1], facts, defined)
            lead = (None,) * (rank(parts[0]) - d)
            least = output_extents(out, [(*lead, *outputs), taps], floor)[-d:]
            more = tuple(n - m for n, m in zip(known, least, strict=True) if m is not None)
            out = replace(out, output_padding=more if any(p.terms for p in more) else ())
        return out if whole(out) else replace(out, extents=known)

    def _total(self, g: Expr) -> Expr:
        """The sum of an upstream gradient: what a number gets that is added to every entry."""
        names = self.names.pick(rank(g), "output")
        return Sum(names, Entry(g, tuple(map(var, names))))

    def _by_formula(self, e: Layer, g: Expr, part: int) -> list[Expr]:
        """m ↦ Σ_n g[n] (what stands beside part[m] in the formula of the layer at n)."""
        target = e.parts[part]
        if not self._met(target):
            return []
        m, n = self.names.pick(rank(target), "output"), self.names.pick(rank(e), "output")
        names = tuple(self.names.pick(1)[0] for _ in range(arity(e)))
        marker = Name("_", rank(target))
        marked = replace(e, parts=tuple(marker if i == part else p for i, p in enumerate(e.parts)))
        at = tuple(map(var, n))
        value = _struck(definition(Entry(marked, at), names, {}), marker, tuple(map(var, m)))
        parts = (value,) if isinstance(value, Sum | Add) else factors_of(value)
        body = Mul((Entry(g, at), *parts))
        return self._back(target, self._tidy(Formula(m, Sum(n, body))))

    def _tidy(self, f: Formula) -> Formula:
        """The formula with its value in normal form."""
        chain = Chain(self.statement, f.body, Names({*self.names.taken, *index_names(f)}, "right"))
        try:
            normalise(chain)
        except SymconvError:
            return f
        return Formula(f.indices, chain.line)


def _norm_back(e: Layer, composed: Expr, g: Expr) -> Expr:
    """|u|^(p−1) sign u times what reaches the sums of powers of g |y|^(1−p): the factors 1/p and p cancel."""
    (p,) = e.exponent
    if not isinstance(composed, Power) or not isinstance(composed.x, Corr):
        raise SearchError("no norm of windows")
    sums = composed.x
    back = transposed(_times(Power(e, UNIT - p, UNIT), g), sums.k, sums.stride, sums.dilation, sums.padding)
    own = e.parts[0]
    return _times(Mul((Power(own, p - 1, UNIT), *(() if visibly(own) else (Apply("sign", own),)))), back)


def _groups(e: Layer, kind: str) -> tuple[Poly, ...]:
    """(G, M, D) of the same form seen from another of its three sequences: conv_transpose counts the other way."""
    if not e.groups or (e.kind == "conv_transpose") == (kind == "conv_transpose"):
        return e.groups
    count, outputs, inputs = e.groups
    return count, inputs, outputs


def _struck(e: Expr, marker: Name, m: tuple[Poly, ...]) -> Expr:
    """∂e/∂marker[m] of an expression in which each product has the marker once at most."""
    match e:
        case Entry(x, at) if x == marker:
            return Mul(tuple(Iverson(Eq(p - q)) for p, q in zip(at, m, strict=True)))
        case Add(parts):
            kept = tuple(_struck(p, marker, m) for p in parts if _has(p, marker))
            return kept[0] if len(kept) == 1 else Add(kept)
        case _:
            return rebuild(e, tuple(_struck(p, marker, m) if _has(p, marker) else p for p in children(e)))


def _has(e: Expr, marker: Name) -> bool:
    return e == marker or any(_has(p, marker) for p in children(e))


def _plain(e: Expr, statement: Statement) -> Expr:
    """The expression with the gradients in it in closed form, innermost first."""
    parts = tuple(_plain(p, statement) for p in children(e))
    e = rebuild(e, parts) if parts else e
    if isinstance(e, Grad | Adjoint):
        found = _Pull(statement, e.x).closed(e)
        if found is None:
            raise SearchError("a gradient inside has no closed form")
        return found
    return e


def transposed(g: Expr, k: Expr, stride: tuple[Poly, ...], dilation: tuple[Poly, ...],
               padding: tuple[Poly, ...]) -> Expr:  # fmt: skip
    """Σ_i g[i] k[a] at n + p = s i + d a: the transposed correlation, in operators."""
    u, w = (Up(e, by) if any(s != UNIT for s in by) else e for e, by in ((g, stride), (k, dilation)))
    return _shift(Conv(u, w), tuple(-p for p in padding))


def _corr(x: Expr, k: Expr) -> Expr:
    one = (UNIT,) * rank(x)
    return Corr(x, k, one, one, (total(()),) * rank(x))


def _shift(x: Expr, by: tuple[Poly, ...]) -> Expr:
    return Shift(x, by) if any(p.terms for p in by) else x


def _negative(g: Expr) -> Expr:
    return g.x if isinstance(g, Neg) else Neg(g)


def _times(a: Expr, g: Expr) -> Expr:
    """a g, with numbers before sequences; pointwise between sequences."""
    if a == ONE:
        return g
    if g == ONE:
        return a
    if isinstance(g, Neg):
        return _negative(_times(a, g.x))
    if not rank(a):
        return Mul((*factors_of(a), *(factors_of(g) if sum(rank(f) > 0 for f in factors_of(g)) < 2 else (g,))))
    scalars = tuple(f for f in factors_of(g) if not rank(f))
    rest = tuple(f for f in factors_of(g) if rank(f))
    if scalars and rest:
        return Mul((*scalars, Mul((a, *rest))))
    return Mul((a, g)) if rank(g) else Mul((*factors_of(g), a))
