"""A proof by z-transforms: both sides become the same expression in x̂(z) = Σ_n x[n] z^{−n} and roots of unity.

The rules for the operators that occur are listed, then each side is followed line by line to where they meet.  Every
line that is printed was checked (`tactics.zcheck`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from symconv.document.model import Block, Chain, Display, Inline, Line, Paragraph, Table, Telling, Text
from symconv.document.words import listed
from symconv.expr.index_notation import integer
from symconv.expr.mathematics import Accent, Big, Fence, Frac, Math, Num, Script, Sym, Tok, joined, row
from symconv.expr.nodes import (
    Adjoint,
    Const,
    Conv,
    Corr,
    Delta,
    Down,
    Expr,
    Flip,
    Layer,
    Mul,
    Name,
    Ones,
    Over,
    Reverse,
    Shift,
    Up,
)  # fmt: skip
from symconv.expr.notation import ATOM, called, notation
from symconv.expr.statement import Statement
from symconv.index.poly import ONE, ZERO, Poly, var
from symconv.tactics.zcheck import transformed
from symconv.tactics.zlines import (
    NOUGHT,
    Monomial,
    Ratio,
    Reason,
    Root,
    Run,
    Term,
    Transform,
    Z,
    ZStep,
    monomial,
    monomials,
    ratio,
    start,
)  # fmt: skip
from symconv.tactics.zlines import UNIT as FIRST
from symconv.tactics.zlines import Line as ZLine
from symconv.tactics.zrules import taken_apart
from symconv.tactics.ztransform import Transformed

SEVERAL = "The proof is told with sums, for z-transforms are told in one dimension, of whole sequences"
NONE = "The proof is told with sums, for the z-transforms of the two sides were not brought to one expression"
FORMAL = (
    ", and so for every sequence. It is a formal series: ",
    " only keeps the entries in their places, nothing has to converge, and each entry of what follows is a finite sum "
    "of products of entries. ",
)
SAID = {
    "conv": "rule for convolutions", "corr": "rule for correlations", "up": "rule for up-sampling",
    "down": "rule for down-sampling", "flip": "rule for flips", "shift": "rule for shifts",
    "reverse": "rule for reversals", "delta": "the unit impulse has the transform 1", "ones": "rule for boxes",
    "taps": "one power of z for each tap", "add": "transforms are added", "scale": "factors stay in front",
    "sum": "shifts become powers of z", "collect": "equal terms are added",
}  # fmt: skip
ADJOINTS: dict[type, str] = {
    Down: "the adjoint of down-sampling is up-sampling", Up: "the adjoint of up-sampling is down-sampling",
    Corr: "the adjoint of a correlation is a convolution", Conv: "the adjoint of a convolution is a correlation",
    Flip: "a flip is its own adjoint", Shift: "the adjoint of a shift is the shift back",
    Mul: "a factor is its own adjoint",
}  # fmt: skip


def ztransform_telling(statement: Statement) -> Telling:
    """The proof by z-transforms, or why it is told with sums."""
    if statement.rank != 1 or any(statement.places):
        return Telling("index", note=SEVERAL)
    found = transformed(statement)
    if found is None:
        return Telling("index", note=NONE)
    steps = (*found.left, *found.right)
    met = [t.of for s in steps for term in s.line for t in term.transforms if not isinstance(t.of, Run)]
    return Telling("ztransform", tuple(_blocks(found)), (statement.lhs, statement.rhs, *met))


@dataclass(frozen=True, slots=True)
class _Names:
    """What the page may not call an index, and what it calls the variable of transforms."""

    taken: frozenset[str]
    z: str


def _blocks(found: Transformed) -> list[Block]:
    statement, steps = found.statement, (*found.left, *found.right)
    taken = frozenset(statement.declarations) | frozenset(statement.definitions)
    names = _Names(taken, next(z for z in ("z", "Z", "z1") if z not in taken))
    n = next(i for i in ("n", "i", "j", "n1") if i not in taken)
    x = next((name for name, d in statement.declarations.items() if d.kind in ("signal", "kernel")), "x")
    entry = row(Sym(x), Fence("[", Sym(n)))
    series = Big(Sym(n), row(entry, Tok("thin"), Script(Sym(names.z), None, row(Tok("neg"), Sym(n)))))
    opening: list[Inline] = ["Let ", row(_hat(Name(x, 1)), _at(Z, names.z), Tok("eq"), series)]
    opening += [" be the z-transform of ", Sym(x), FORMAL[0], Sym(names.z), FORMAL[1]]
    rows = tuple((notation(e), _line(_once(e), names)) for e in _rules(steps))
    if any(term.roots for step in steps for term in step.line):
        opening += [
            "A sum over ",
            Sym("w"),
            ", with a condition ",
            _unity(Root("w", var("s"))),
            ", runs over roots of unity. ",
        ]
    if any(a.den != ONE for step in steps for term in step.line for m in monomials(term) for _, a in m.roots):
        opening.append("A fractional power of a root is one that is chosen once and is the same everywhere. ")
    opening.append("The operators become algebra." if rows else "")
    blocks: list[Block] = [Paragraph(tuple(p for p in opening if p != ""), lead="Proof", style="proof")]
    if rows:
        blocks.append(Table((("sequence",), ("transform",)), rows))
    for e, side, name in ((statement.lhs, found.left, "left"), (statement.rhs, found.right, "right")):
        if not side:
            blocks += [Paragraph((f"The {name} side has the transform",)), Display((_line(start(e), names),))]
            continue
        blocks.append(Paragraph((f"For the {name} side,",)))
        blocks.append(Chain(_line(start(e), names), tuple(Line(_line(s.line, names), _why(s)) for s in side)))
    last = "Both sides have the same transform, and so the same entries."
    return [*blocks, Paragraph((last,), end=True)]


def _rules(steps: Sequence[ZStep]) -> list[Expr]:
    """The operators that are taken apart, on x and k and with letters for their options, in order of appearance."""
    x, k, s = Name("x", 1), Name("k", 1), (var("s"),)
    nodes = [step.reason.node for step in steps if step.reason.node is not None]
    corrs = [n for n in nodes if isinstance(n, Corr)]
    options = tuple(
        (letter if any(getattr(n, f) != (plain,) for n in corrs) else plain,)
        for f, letter, plain in (("stride", var("s"), ONE), ("dilation", var("d"), ONE), ("padding", var("p"), ZERO))
    )
    known: dict[type, Expr] = {
        Conv: Conv(x, k), Corr: Corr(x, k, *options), Down: Down(x, s), Up: Up(x, s), Flip: Flip(x),
        Shift: Shift(x, (var("m"),)), Delta: Delta(1), Ones: Ones((var("c"),)),
    }  # fmt: skip
    out = [node if isinstance(node, Reverse) else known.get(type(node)) for node in nodes]
    return list(dict.fromkeys(e for e in out if e is not None))


def _once(e: Expr) -> ZLine:
    """The line that one operator gives."""
    return taken_apart(start(e), e, {}, ["w"])[0]


def _why(step: ZStep) -> Text:
    """The reason of a line."""
    reason = step.reason
    match reason:
        case Reason("adjoint", Adjoint(e)):
            return (ADJOINTS.get(type(e), "definition of the layer"),)
        case Reason("layer", Layer() as e):
            return ("definition of ", called(e))
        case Reason("definition", Name(name)):
            return ("definition of ", Sym(name))
        case Reason("unity"):
            return listed([(_unity(r),) for r in reason.roots])
        case Reason("average"):
            return (*listed([(_unity(r),) for r in reason.roots]), ", and equal terms are averaged")
        case Reason("combine", _, (v, w, u)):
            both = _at_roots({w.name: FIRST, v.name: ratio(ONE, w.order)})
            old = _at_roots({u.name: ratio(w.order)})
            return ("put ", row(Sym(u.name), Tok("eq"), both), ", which runs over the roots of unity of order ",
                    integer(u.order), "; then ", row(Sym(v.name), Tok("eq"), old))  # fmt: skip
        case Reason("coprime", _, (w,), m):
            return (_at_roots({w.name: ratio(m)}), " runs over the same roots as ", Sym(w.name), ", for ",
                    integer(m), " and ", integer(w.order), " have no common factor")  # fmt: skip
        case Reason("inverse", _, (w,)):
            return (_at_roots({w.name: ratio(-ONE)}), " runs over the same roots as ", Sym(w.name))
        case _:
            return (SAID[reason.kind],)


def _unity(r: Root) -> Math:
    """w^s = 1."""
    return row(Script(Sym(r.name), None, integer(r.order)), Tok("eq"), Num("1"))


def _hat(e: Name) -> Math:
    return Accent("hat", Sym(e.name))


def _at(m: Monomial, z: str) -> Math:
    return Fence("(", _power(m, z))


def _at_roots(exponents: dict[str, Ratio]) -> Math:
    return _power(monomial(NOUGHT, exponents), "z")


def _power(m: Monomial, z: str) -> Math:
    """w^a z^b; 1 where all exponents are 0."""
    items = [_raised(Sym(name), a) for name, a in m.roots]
    items += [_raised(Sym(z), m.z)] if m.z != NOUGHT else []
    return joined(items, Tok("thin")) if items else Num("1")


def _raised(base: Math, a: Ratio) -> Math:
    return base if a == FIRST else Script(base, None, _quotient(a))


def _quotient(a: Ratio) -> Math:
    """p/q in one line, bracketed where it has to be."""
    if a.den == ONE:
        return integer(a.num)
    return row(_bracketed(a.num, sums=True), Tok("slash"), _bracketed(a.den, sums=False))


def _bracketed(p: Poly, sums: bool) -> Math:
    """In parentheses where it is a sum, and below a slash also where it is a product."""
    size = sum(len(m) + (abs(c) != 1) for m, c in p.terms)
    whole = len(p.terms) > 1 or (not sums and size > 1)
    return Fence("(", integer(p)) if whole else integer(p)


def _line(line: ZLine, names: _Names) -> Math:
    """A line: terms with their signs."""
    if not line:
        return Num("0")
    items: list[Math] = []
    for term in line:
        negative = term.coefficient < 0
        if items:
            items.append(Tok("minus" if negative else "plus"))
        elif negative:
            items.append(Tok("neg"))
        items.append(_term(term, names))
    return items[0] if len(items) == 1 else row(*items)


def _term(term: Term, names: _Names) -> Math:
    """What does not depend on roots before the average over them."""
    factors: list[Math] = []
    size: Fraction = abs(term.coefficient)
    if size != 1:
        factors.append(notation(Const(size)))
    factors += [notation(e, ATOM) for e in term.scalars if not isinstance(e, Over)]
    factors += [notation(e) for e in term.scalars if isinstance(e, Over)]
    inside: list[Math] = []
    if term.power != Monomial():
        (inside if term.power.roots else factors).append(_power(term.power, names.z))
    for t in term.transforms:
        (inside if t.at.roots else factors).append(_transform(t, names))
    whole = joined(inside, Tok("thin")) if inside else Num("1")
    for r in reversed(term.roots):
        whole = row(Frac(Num("1"), integer(r.order)), Tok("thin"), Big(_unity(r), whole))
    if inside or term.roots or not factors:
        factors.append(whole)
    return joined(factors, Tok("thin"))


def _transform(t: Transform, names: _Names) -> Math:
    if isinstance(t.of, Run):
        r = next(i for i in ("r", "j", "i", "l", "r1") if i not in names.taken)
        limits = row(Num("0"), Tok("le"), Sym(r), Tok("lt"), integer(t.of.count))
        return Fence("(", Big(limits, _power(t.at.power(ratio(-var(r))), names.z)))
    if isinstance(t.of, Name):
        return row(_hat(t.of), _at(t.at, names.z))
    return row(Tok("ztransform"), Fence("{", notation(t.of)), _at(t.at, names.z))
