"""Worked examples and counterexamples: small numbers and symbols, with the sums that lead to them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction
from math import prod

from symconv.document.model import Block, Chain, Inline, Line, Monomials, Paragraph, Table, Text, Worked
from symconv.document.words import assumption, indexed, listed
from symconv.expr.index_notation import integer
from symconv.expr.mathematics import Fence, Frac, Math, Num, Row, Sym, Tok, Words, joined, places, row
from symconv.expr.nodes import Apply, Entry, rank
from symconv.expr.notation import notation
from symconv.expr.statement import Statement, solved
from symconv.expr.traverse import walk
from symconv.index.poly import const, var
from symconv.tactics.verdict import Counterexample, Place, Product, Result, Where

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
    if result.limit is not None:
        integers = {n: v for n, v in example.integers.items() if n != s.towards}
        s, example = replace(s, lhs=result.limit.statement.rhs), replace(example, integers=integers)
    rest = "; every other entry is 0." if example.sequences else "."
    blocks: list[Block] = [Paragraph(("Take ", *example_given(s, example), rest), lead="Example", style="theorem")]
    if example.axis is not None:
        blocks.append(_extents(s, example))
    else:
        blocks += _values_of(s, example)
    if result.holds_where:
        found = listed([_where(w) for w in result.holds_where], " and where")
        blocks.append(Paragraph(("The claim is proved where ", *found, "."), lead="Remark", style="theorem"))
    return blocks


def _values_of(s: Statement, example: Counterexample) -> list[Block]:
    """The two unequal values, with their sums."""
    blocks: list[Block] = []
    at = tuple(map(const, example.at))
    for side, work, total in ((s.lhs, example.left_work, example.left), (s.rhs, example.right_work, example.right)):
        first = notation(Entry(side, at)) if rank(side) and at else notation(side)
        lines = _sums(first, work, total, any(isinstance(node, Apply) for _, node in walk(side)))
        if lines:
            blocks.append(Chain(first, lines))
    if s.relation == "<=":
        where = row(value(example.left), Tok("gt"), value(example.right))
        blocks.append(Paragraph(("The left value is greater: ", where, "."), end=True))
    else:
        where = row(value(example.left), Tok("ne"), value(example.right))
        blocks.append(Paragraph(("The two values differ: ", where, "."), end=True))
    return blocks


def _extents(statement: Statement, example: Counterexample) -> Block:
    """The extents that differ."""
    along = f" on axis {example.axis}" if statement.rank > 1 else ""
    unlike = row(value(example.left), Tok("ne"), value(example.right))
    words = f"The left side then has extent {example.left}{along}, the right side {example.right}: "
    return Paragraph((words, unlike, "."), end=True)


def _where(w: Where) -> Text:
    equal = [(row(Sym(k), Tok("eq"), Sym(h)),) for k, h in w.equal]
    return listed([*((assumption(a),) for a in w.assumptions), *equal])


def given(integers: Mapping[str, int]) -> Text:
    """N = 3, c = 2 and p = 1."""
    return listed([(row(Sym(n), Tok("eq"), _whole(v)),) for n, v in integers.items()])


def example_given(statement: Statement, example: Counterexample) -> Text:
    """The numbers of an example: c = 2, n = 0, k = (1, 1) and x[2] = 1."""
    parts: list[Text] = [(row(Sym(n), Tok("eq"), _whole(v)),) for n, v in example.integers.items()]
    parts += [(row(Sym(n), Tok("eq"), value(v)),) for n, v in example.numbers.items()]
    letter = next(v for v in ("t", "v", "u", "z", "t1") if v not in statement.declarations)
    for f, p in example.functions.items():
        value_at = row(Sym(f) if len(f) == 1 else Words(f), Fence("(", Sym(letter)))
        parts.append((row(value_at, Tok("eq"), integer(p.subs({"t": var(letter)}))),))
    assumed = solved(statement) or {}
    for name, entries in example.sequences.items():
        if name not in assumed:
            parts += _sequence(statement, name, entries)
    parts += [(row(Sym(name), Tok("eq"), notation(e)),) for name, e in assumed.items()]
    return listed(parts) if parts else ("any sequences",)


def _sequence(statement: Statement, name: str, entries: Mapping[Place, Fraction]) -> list[Text]:
    """k = (1, 2) for a kernel whose taps start at 0; x[0] = x[3] = 1 for others, equal values together."""
    places_of = list(entries)
    kernel = name in statement.declarations and statement.declarations[name].kind == "kernel"
    if kernel and len(places_of) > 1 and places_of == [(i,) for i in range(len(places_of))]:
        return [(row(Sym(name), Tok("eq"), Fence("(", places(map(value, entries.values())))),)]
    groups: dict[Fraction, list[Place]] = {}
    for place, v in entries.items():
        groups.setdefault(v, []).append(place)
    out: list[Text] = []
    for v, found in groups.items():
        text: list[Inline] = []
        for place in found:
            text += [entry(name, place), " = "]
        out.append((*text, value(v)))
    return out


def _sums(first: Math, work: tuple[Product, ...], total: Fraction, pointwise: bool) -> tuple[Line, ...]:
    """The products written out, then their values, then the sum; nothing for what is given as it stands."""
    if first in (value(total), Row((value(total),))):
        return ()
    lines: list[Line] = []
    shown = joined((_product(p) for p in work), Tok("plus")) if work else None
    if shown is not None and len(work) <= MOST and any(p.entries for p in work):
        if shown != first and shown != Row((first,)):
            lines.append(Line(shown, ("the terms that are not 0",)))
        if any(len(work) > 1 or p.coefficient != 1 or len(p.entries) > 1 for p in work):
            lines.append(Line(joined((_values(p) for p in work), Tok("plus")), ("their values",)))
    alone = "every term is 0" if not total and not pointwise else "from the definitions"
    lines.append(Line(value(total), () if lines else (alone,)))
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
    """A sum of products of indexed names, equal names as powers."""
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
        for name, place in dict.fromkeys(factors):
            n = factors.count((name, place))
            items.append(indexed(name, place, n))
    if len(terms) > MOST:
        items += [Tok("plus"), Tok("cdots")]
    return Row(tuple(items))


def worked_blocks(worked: Worked, name: str) -> list[Block]:
    """An instance from the SymPy side: the taps of the kernel, with numbers too, and some outputs."""
    sizes = listed([(row(Sym(n), Tok("eq"), _whole(v)),) for n, v in worked.integers.items()])
    if not worked.kernel and not worked.outputs:
        return [Paragraph(("For ", *sizes, ", both sides are 0."), lead="Example", style="theorem")] if sizes else []
    head: Text = ("For ", *sizes, " the ") if sizes else ("The ",)
    said = "taps of " if worked.kernel else "first outputs of both sides are"
    named: Text = () if not worked.kernel else (Sym(name), " are") if name else ("the kernel are",)
    blocks: list[Block] = [Paragraph((*head, said, *named), lead="Example", style="theorem")]
    if worked.kernel:
        shown = len(worked.kernel) if len(worked.kernel) <= MOST + 3 else MOST
        rows = [(places(map(_whole, p)), monomials(m)) for p, m in worked.kernel[:shown]]
        if len(worked.kernel) > shown:
            more = f"{len(worked.kernel) - shown} more"
            rows.append((Tok("cdots"), Words(more)))
        blocks.append(Table((("tap",), ("value",)), tuple(rows)))
        numbers = _numbers(worked)
        if numbers:
            blocks.append(Paragraph(numbers))
    outputs = [(p, m) for p, m in worked.outputs if min(p, default=0) >= 0] or worked.outputs
    outputs = outputs[: 3 if worked.kernel else 4]
    whole = [(p, m) for p, m in outputs if len(m) == max(len(m) for _, m in outputs)]
    if whole and all(len(m) <= MOST for _, m in whole):
        rows = [(places(map(_whole, p)), monomials(m)) for p, m in whole]
        if not whole[0][0]:
            both: Text = ("For ", *sizes, ", both sides are ", rows[0][1], ".")
            return [Paragraph(both, lead="Example", style="theorem")] if sizes else []
        if worked.kernel:
            blocks.append(Paragraph(("The first outputs of both sides are",)))
        blocks.append(Table((("output",), ("value of both sides",)), tuple(rows)))
    return blocks


def _numbers(worked: Worked) -> Text:
    """With k = (1, 2, 3) the taps are (1, 2, 5, 4, 9, 6, 9)."""
    taps: dict[str, list[int]] = {}
    for place, terms in worked.kernel:
        for _, factors in terms:
            for name, at in factors:
                if len(at) != 1 or len(place) != 1 or at[0] < 0:
                    return ()
                taps.setdefault(name, [])
                taps[name] += [0] * (at[0] + 1 - len(taps[name]))
    if not taps or len(worked.kernel) > 2 * MOST:
        return ()
    values = {name: [Fraction(i + 1) for i in range(len(found))] for name, found in taps.items()}

    def total(terms: Monomials) -> Fraction:
        return sum((c * prod(values[name][at[0]] for name, at in factors) for c, factors in terms), Fraction(0))

    given = listed([(row(Sym(name), Tok("eq"), Fence("(", places(map(value, v)))),) for name, v in values.items()])
    result = Fence("(", places(value(total(terms)) for _, terms in worked.kernel))
    return ("With the numbers ", *given, " the taps are ", result, ".")
