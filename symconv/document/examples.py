"""Worked examples and counterexamples: small numbers and symbols, with the sums that lead to them."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from symconv.document.model import Block, Chain, Display, Inline, Line, Monomials, Paragraph, Table, Text, Worked
from symconv.document.words import listed
from symconv.expr.mathematics import Fence, Frac, Math, Num, Row, Script, Sym, Tok, joined, places, row
from symconv.expr.nodes import Entry, rank
from symconv.expr.notation import notation
from symconv.expr.statement import Statement
from symconv.index.poly import const
from symconv.tactics.verdict import Counterexample, Place, Product, Result

MOST = 12


def value(v: Fraction) -> Math:
    """A number."""
    size: Math = Num(str(abs(v))) if v.denominator == 1 else Frac(Num(str(abs(v.numerator))), Num(str(v.denominator)))
    return size if v >= 0 else row(Tok("neg"), size)


def entry(name: str, place: Place) -> Math:
    """name[place]."""
    return row(Sym(name), Fence("[", places(_whole(i) for i in place)))


def _whole(i: int) -> Math:
    return Num(str(i)) if i >= 0 else row(Tok("neg"), Num(str(-i)))


def refutation_blocks(result: Result) -> list[Block]:
    """The smallest example, the two unequal values with their sums, and where the claim holds."""
    example = result.counterexample
    if example is None:
        return []
    s = result.statement
    rest = "; every other entry is 0." if example.sequences else "."
    blocks: list[Block] = [Paragraph(("Take ", *_given(example), rest), lead="Example", style="theorem")]
    at = tuple(map(const, example.at))
    for side, work, total in ((s.lhs, example.left_work, example.left), (s.rhs, example.right_work, example.right)):
        first = notation(Entry(side, at)) if rank(side) and at else notation(side)
        blocks.append(Chain(first, _sums(work, total)))
    where = row(value(example.left), Tok("ne"), value(example.right))
    blocks.append(Paragraph(("The two values differ: ", where, "."), end=True))
    if result.holds_where:
        words = f"The claim is proved where {', or where '.join(result.holds_where)}."
        blocks.append(Paragraph((words,), lead="Remark", style="theorem"))
    return blocks


def _given(example: Counterexample) -> Text:
    parts: list[Text] = [(row(Sym(n), Tok("eq"), _whole(v)),) for n, v in example.integers.items()]
    parts += [(row(Sym(n), Tok("eq"), value(v)),) for n, v in example.numbers.items()]
    for name, entries in example.sequences.items():
        parts.append((_sequence(name, entries),))
    return listed(parts) if parts else ("any sequences",)


def _sequence(name: str, entries: Mapping[Place, Fraction]) -> Math:
    """x[0], x[1], x[2] = 1, 2, 3."""
    shown = list(entries.items())[:MOST]
    left = places(entry(name, p) for p, _ in shown)
    right = places(value(v) for _, v in shown)
    return row(left, Tok("eq"), right)


def _sums(work: tuple[Product, ...], total: Fraction) -> tuple[Line, ...]:
    """The products written out, then their values, then the sum."""
    lines: list[Line] = []
    if 0 < len(work) <= MOST and any(p.entries for p in work):
        lines.append(Line(joined((_product(p) for p in work), Tok("plus")), ("the terms that are not 0",)))
        if any(len(work) > 1 or p.coefficient != 1 or len(p.entries) > 1 for p in work):
            lines.append(Line(joined((_values(p) for p in work), Tok("plus")), ("their values",)))
    lines.append(Line(value(total), ("",)))
    return tuple(lines)


def _product(p: Product) -> Math:
    scale: list[Math] = [] if p.coefficient == 1 else [_positive(p.coefficient), Tok("thin")]
    return Row((*scale, *(entry(name, place) for name, place, _ in p.entries)))


def _values(p: Product) -> Math:
    scale: list[Math] = [] if p.coefficient == 1 and p.entries else [_positive(p.coefficient)]
    return joined([*scale, *(_positive(v) for _, _, v in p.entries)], Tok("times"))


def _positive(v: Fraction) -> Math:
    return value(v) if v >= 0 else Fence("(", value(v))


def monomials(terms: Monomials) -> Math:
    """A sum of products of indexed names."""
    if not terms:
        return Num("0")
    items: list[Math] = []
    for c, factors in terms[:MOST]:
        if items:
            items.append(Tok("plus" if c > 0 else "minus"))
        elif c < 0:
            items.append(Tok("neg"))
        if abs(c) != 1 or not factors:
            items.append(value(abs(c)))
        items += [_indexed(name, place) for name, place in factors]
    if len(terms) > MOST:
        items += [Tok("plus"), Tok("dots")]
    return Row(tuple(items))


def _indexed(name: str, place: tuple[int, ...]) -> Math:
    return Script(Sym(name), places(_whole(i) for i in place)) if place else Sym(name)


def worked_blocks(statement: Statement, worked: Worked) -> list[Block]:
    """An instance from the SymPy side: the taps of the kernel and the first outputs."""
    sizes = listed([(row(Sym(n), Tok("eq"), _whole(v)),) for n, v in worked.integers.items()])
    text: list[Inline] = ["For ", *sizes, ", "] if sizes else []
    text.append("expanding both sides symbol by symbol gives the same polynomials. ")
    blocks: list[Block] = [Paragraph(tuple(text), lead="Example", style="theorem")]
    if worked.kernel:
        rows = tuple((places(_whole(i) for i in p), monomials(m)) for p, m in worked.kernel[:MOST])
        blocks.append(Table((("tap",), ("value",)), rows))
    elif worked.outputs:
        rows = tuple((places(_whole(i) for i in p), monomials(m)) for p, m in worked.outputs[:6])
        blocks.append(Table((("output",), ("value of both sides",)), rows))
    if worked.kernel and worked.outputs:
        place, terms = worked.outputs[0]
        if len(terms) <= MOST:
            blocks.append(Display((row(_output(place), Tok("eq"), monomials(terms)),)))
    return blocks


def _output(place: tuple[int, ...]) -> Math:
    """Both sides at a place."""
    return row(Sym("y"), Fence("[", places(_whole(i) for i in place)))
