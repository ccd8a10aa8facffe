"""Shapes of undeclared names in layers: which axes they have, and which of these must have equal extents.

An axis is told by a word: "inputs", "outputs", "taps", "batch" and "open" (an extent only if something shows one) stand
for extents that are not known yet, ":" for an unbounded axis.  Extents that must be equal are unified while the
statement is read; those that stay open get the usual letters.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterable, Mapping

from symconv.errors import StatementError, counted
from symconv.expr.floors import put, spoken
from symconv.expr.syntax import MEASURES, show, tuple_of
from symconv.index.conditions import Condition, Eq
from symconv.index.poly import Poly, var

Shape = tuple[str, ...]
LAYER = re.compile(r"(conv_transpose|conv|depthwise|avg_pool|max_pool|lp_pool|max_unpool)([123])d(_weight)?")
LETTERS: dict[str, tuple[str, ...]] = {
    "inputs": ("C", "D", "B", "E"),
    "outputs": ("F", "H", "E", "U"),
    "taps": ("c", "e", "u", "v", "w", "q"),
    "batch": ("N", "B"),
    "share": ("M", "L", "D", "Q"),
    "open": ("E",),
}
SAME = frozenset({"conv", "corr", "mul", "up", "down", "flip", "shift", "reverse", "relu", "abs", "step", "sign",
                  "upsample_nearest", "upsample_linear", "bed_of_nails", "pad", "window"})  # fmt: skip
"""Operators whose operands and results have one rank."""


POINTWISE: Shape = ("pointwise",)
"""The shape of a function that is applied entry by entry."""


def spatial(f: str) -> int:
    """The d of a layer like conv2d; 0 for anything else."""
    found = LAYER.fullmatch(f)
    return int(found[2]) if found else 0


def learn(node: ast.expr, want: int, shapes: dict[str, Shape], free: Callable[[str], bool]) -> None:
    """Note the shapes of free names in an expression that should have `want` axes (0: not known)."""
    match node:
        case ast.Name(id=name):
            if want and free(name):
                shapes.setdefault(name, (":",) * want)
        case ast.UnaryOp(operand=x):
            learn(x, want, shapes, free)
        case ast.BinOp(left=a, right=b):
            learn(a, want or axes_of(b, shapes), shapes, free)
            learn(b, want or axes_of(a, shapes), shapes, free)
        case ast.Subscript(value=base) if not isinstance(base, ast.Name):
            learn(base, len(tuple_of(node.slice)), shapes, free)
        case ast.Call(func=ast.Name(id="sum"), args=[ast.GeneratorExp(elt=body)]):
            learn(body, want, shapes, free)
        case ast.Call(func=ast.Name(id=f), args=args) if args:
            _learn_call(f, node, args, want, shapes, free)
        case _:
            pass


def _learn_call(f: str, node: ast.Call, args: list[ast.expr], want: int, shapes: dict[str, Shape],
                free: Callable[[str], bool]) -> None:  # fmt: skip
    def note(e: ast.expr, shape: Shape) -> None:
        if isinstance(e, ast.Name) and free(e.id):
            shapes.setdefault(e.id, shape)
        else:
            learn(e, len(shape), shapes, free)

    d = spatial(f)
    bias = [k.value for k in node.keywords if k.arg == "bias"]
    if f in ("grad", "adjoint", "diff", "inner"):
        learn(args[0], 0, shapes, free)
        last = args[-1]
        if f == "inner":
            learn(last, axes_of(args[0], shapes), shapes, free)
        elif f != "diff" and axes_of(args[0], shapes):
            note(last, ("open",) * axes_of(args[0], shapes))
        learn(args[0], axes_of(last, shapes), shapes, free) if f == "inner" else None
    elif f in ("params", "mults", *MEASURES):
        learn(args[0], 0, shapes, free)
    elif d and not f.endswith("_weight"):
        _learn_spatial(f, d, args, bias, want, shapes, note)
    elif d:
        rank = axes_of(args[0], shapes) or d + 1
        note(args[0], (*("inputs",) * (rank > d), *(":",) * d))
        lead = ("batch", "outputs")[d + 2 - rank :] if d < rank <= d + 2 else ()
        note(args[-1], (*lead, *(":",) * d))
    elif f == "pointwise":
        rank = axes_of(args[0], shapes) or want
        if rank:
            note(args[0], ("inputs", *(":",) * (rank - 1)))
        note(args[-1], ("outputs", "inputs"))
        for b in bias:
            note(b, ("outputs",))
    elif f in ("pixel_shuffle", "pixel_unshuffle"):
        note(args[0], ("inputs", ":", ":"))
    elif f == "scale":
        learn(args[0], want, shapes, free)
        note(args[-1], ("inputs",))
    elif f == "permute":
        learn(args[0], len(tuple_of(args[-1])), shapes, free)
    else:
        pointwise = shapes.get(f) == POINTWISE
        parts = tuple_of(args[0]) if f == "cat" else args
        rank = want or max((axes_of(a, shapes) for a in parts), default=0)
        for part in parts if f == "cat" or f in SAME or pointwise else []:
            learn(part, rank, shapes, free)


def _learn_spatial(f: str, d: int, args: list[ast.expr], bias: list[ast.expr], want: int, shapes: dict[str, Shape],
                   note: Callable[[ast.expr, Shape], None]) -> None:  # fmt: skip
    """Operands of a layer that works on d axes."""
    kernel = axes_of(args[1], shapes) if len(args) > 1 else 0
    rank = axes_of(args[0], shapes) or (want if want >= d else 0) or (d if kernel == d else d + 1)
    lead = ((), ("inputs",), ("batch", "inputs"))[rank - d] if 0 <= rank - d <= 2 else ()
    if f.startswith("max_unpool") and len(args) > 1:
        rank = rank if axes_of(args[0], shapes) else axes_of(args[1], shapes) or rank
        lead = ((), ("inputs",), ("batch", "inputs"))[rank - d] if 0 <= rank - d <= 2 else ()
        note(args[1], (*lead, *(":",) * d))
    note(args[0], (*lead, *(":",) * d))
    heads = {"conv": ("outputs", "inputs"), "conv_transpose": ("inputs", "outputs"), "depthwise": ("inputs",)}
    kind = f[: -2 if not f.endswith("_weight") else None]
    if len(args) > 1 and kind in heads:
        note(args[1], (*(heads[kind] if rank > d else ()), *("taps",) * d))
    for b in bias if rank > d else []:
        note(b, ("outputs",))


def axes_of(node: ast.expr, shapes: Mapping[str, Shape]) -> int:
    """How many axes an expression has, as far as its names tell; 0 where they do not."""
    match node:
        case ast.Name(id=name):
            return len(shapes.get(name, ()))
        case ast.UnaryOp(operand=x):
            return axes_of(x, shapes)
        case ast.BinOp(left=a, right=b):
            return axes_of(a, shapes) or axes_of(b, shapes)
        case ast.Call(func=ast.Name(id="sum"), args=[ast.GeneratorExp(elt=body)]):
            return axes_of(body, shapes)
        case ast.Call(func=ast.Name(id=f), args=[first, *rest]):
            d = spatial(f)
            if f.endswith("_weight"):
                return d + 2 * (axes_of(first, shapes) != d)
            if f in ("grad", "adjoint"):
                return axes_of(rest[0], shapes) if rest else 0
            if f in ("cat", "permute", "pixel_shuffle", "pixel_unshuffle"):
                known = {"cat": axes_of(tuple_of(first)[0], shapes) if tuple_of(first) else 0,
                         "permute": len(tuple_of(rest[0])) if rest else 0}  # fmt: skip
                return known.get(f) or axes_of(first, shapes) or 3 * f.startswith("pixel")
            if d or f in ("scale", "pointwise"):
                own = axes_of(first, shapes)
                return own if own or f == "pointwise" else d + bool(d and (not rest or axes_of(rest[0], shapes) != d))
            same = f in SAME or shapes.get(f) == POINTWISE
            return max((axes_of(a, shapes) for a in (first, *rest)), default=0) if same else 0
        case _:
            return 0


def without_shared(p: Poly, q: Poly) -> tuple[Poly, Poly]:
    """Two extents that are products, without the sizes that both have for factors."""
    if len(p.terms) == len(q.terms) == 1:
        for name in p.terms[0][0]:
            if name in q.terms[0][0]:
                p, q = p.divide(var(name)) or p, q.divide(var(name)) or q
    return p, q


class Extents:
    """Extents that are not known yet, by names that begin with _, and what they turn out to be.

    `assumed` are polynomials that the author has assumed to be 0.
    """

    def __init__(self) -> None:
        self.assumed: tuple[Poly, ...] = ()
        self.words: dict[str, str] = {}
        self.found: dict[str, Poly] = {}
        self.needed: list[Condition] = []
        self.shares: dict[tuple[Poly, Poly], Poly] = {}

    def fresh(self, word: str) -> Poly:
        """An extent that is not known yet."""
        name = f"_{word}_{len(self.words)}"
        self.words[name] = word
        return var(name)

    def now(self, p: Poly) -> Poly:
        """The extent with what has been found put in."""
        while not self.found.keys().isdisjoint(spoken(p.names())):
            p = put(p, self.found)
        return p

    def same(self, p: Poly, q: Poly, node: ast.AST) -> None:
        """Two extents must be equal: one that is open becomes the other, else their equality is assumed."""
        p, q = without_shared(self.now(p), self.now(q))
        for one, other in sorted(((p, q), (q, p)), key=lambda pair: self.words.get(pair[0].name() or "") != "open"):
            name = one.name()
            if name in self.words and name not in spoken(other.names()):
                if any("**" in n for n in other.names()):
                    raise StatementError(f"{show(node)}: an extent is made of sizes, not of powers such as {other}")
                self.found[name or ""] = other
                return
        difference = (p - q).constant()
        if difference:
            raise StatementError(f"{show(node)}: an axis has {counted(p, 'place', 'places')}, and "
                                 f"{counted(q, 'is', 'are')} needed")  # fmt: skip
        if difference is None and Eq(p - q) not in self.needed:
            self.needed.append(Eq(p - q))

    def share(self, whole: Poly, groups: Poly, node: ast.AST) -> Poly:
        """whole / groups, which must be an integer: as an assumed equation has it (F = G L), else by a new letter."""
        whole, groups = self.now(whole), self.now(groups)
        quotient = whole.divide(groups)
        for p in self.assumed if quotient is None else ():
            other = next((q for q in (whole - p, whole + p) if q.names().isdisjoint(whole.names())), None)
            quotient = quotient or (other and other.divide(groups))
        if quotient is None and (whole, groups) in self.shares:  # The same layer once more.
            quotient = self.shares[whole, groups]
        if quotient is None:
            quotient = self.shares[whole, groups] = self.fresh("share")
            self.same(whole, groups * quotient, node)
        return quotient

    def named(self, taken: Iterable[str]) -> dict[str, Poly]:
        """What every extent is: found, or named by the usual letters where it stayed open."""
        used = set(taken)
        out: dict[str, Poly] = {}
        for name, word in self.words.items():
            if name not in self.found and word != "open":
                letters = [*LETTERS[word], *(f"{LETTERS[word][0]}{i}" for i in range(1, len(self.words) + 2))]
                letter = next(c for c in letters if c not in used)
                used.add(letter)
                out[name] = var(letter)
        return out | {name: put(self.now(p), out) for name, p in self.found.items()}
