"""Sentences about names, assumptions and steps: the words of a page, with their mathematics."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from symconv.document.model import Inline, Text
from symconv.expr.mathematics import Fence, Math, Num, Script, Sym, Tok, Words, joined, places, row
from symconv.expr.notation import condition, integer, notation
from symconv.expr.statement import Assumption, Coprime, Declaration, Statement, Unequal
from symconv.index.conditions import Eq
from symconv.index.poly import Poly


def listed(items: Sequence[Text], last: str = "and") -> Text:
    """a, b and c."""
    out: list[Inline] = []
    for i, item in enumerate(items):
        if i:
            out.append(f" {last} " if i == len(items) - 1 else ", ")
        out.extend(item)
    return tuple(out)


def assumption(a: Assumption) -> Math:
    """The mathematics of an assumption."""
    match a:
        case Coprime(p, q):
            return row(Words("gcd"), Fence("(", places((integer(p), integer(q)))), Tok("eq"), Num("1"))
        case Unequal(p):
            shown = condition(Eq(p))
            return _unequal(shown)
        case _:
            return condition(a)


def _unequal(m: Math) -> Math:
    items = getattr(m, "items", (m,))
    return row(*(Tok("ne") if item == Tok("eq") else item for item in items))


def taps(d: Declaration) -> Text:
    """How many taps a kernel has, in words."""
    counts: list[Math] = []
    sided: list[Math] = []
    for r in d.ranges:
        if r is not None:
            counts.append(integer(r[1] - r[0] + 1))
            sided.append(row(integer(r[0]), Tok("dots"), integer(r[1])))
    if any(r is not None and r[0].terms for r in d.ranges):
        return (" with taps ", joined(sided, Tok("by")))
    number = joined(counts, Tok("by"))
    one = len(d.ranges) == 1 and d.ranges[0] is not None and (d.ranges[0][1] + 1).constant() == 1
    return (" with ", number, " tap" if one else " taps")


def quantified(statement: Statement) -> Text:
    """For every signal x, every kernel k with c taps and all sizes s, t, …"""
    declared = list(statement.declarations.values())
    groups: list[Text] = []
    signals = [d for d in declared if d.kind == "signal"]
    if signals:
        plain = [d for d in signals if not any(d.ranges)]
        if plain:
            names = listed([(Sym(d.name),) for d in plain])
            d = plain[0].rank
            on = "" if d == 1 else f" in {d} dimensions"
            groups.append(("every signal " if len(plain) == 1 else "all signals ", *names, on))
        for d in signals:
            if any(d.ranges):
                sizes = places(integer(r[1] - r[0] + 1) if r is not None else Tok("Z") for r in d.ranges)
                groups.append(("every signal ", Sym(d.name), " of extent ", sizes, " (zero outside it)"))
    for d in declared:
        if d.kind == "kernel":
            groups.append(("every kernel ", Sym(d.name), *taps(d)))
    counts = {
        n for d in declared if d.kind in ("kernel", "signal") for r in d.ranges if r for p in r for n in p.names()
    }
    for kind, one, many in (
        ("size", "every integer ", "all integers "), ("natural", "every integer ", "all integers "),
        ("integer", "every integer ", "all integers "), ("number", "every real number ", "all real numbers "),
        ("function", "every function ", "all functions "),
    ):  # fmt: skip
        names = [d.name for d in declared if d.kind == kind and not (kind == "size" and d.name in counts)]
        if names:
            symbols = places(map(Sym, names))
            end: list[Inline] = []
            if kind in ("size", "natural"):
                symbols = row(symbols, Tok("ge"), Num("1" if kind == "size" else "0"))
            groups.append((one if len(names) == 1 else many, symbols, *end))
    assumed = [*statement.assumptions, *statement.tacit]
    text: list[Inline] = ["For ", *listed(groups)] if groups else []
    if assumed or statement.equations:
        shown: list[Text] = [(assumption(a),) for a in assumed]
        shown += [(row(notation(left), Tok("eq"), notation(right)),) for left, right in statement.equations]
        text += [" with " if text else "With ", *listed(shown)]
    return tuple(text)


def supports(statement: Statement) -> Text:
    """What it means to be a kernel with c taps: k[i] = 0 unless 0 ≤ i < c."""
    out: list[Text] = []
    for d in statement.declarations.values():
        if d.kind == "kernel":
            r = d.ranges[0]
            if r is not None and len(d.ranges) == 1:
                zero = row(Sym(d.name), Fence("[", Sym("i")), Tok("eq"), Num("0"))
                out.append((zero, " unless ", row(integer(r[0]), Tok("le"), Sym("i"), Tok("le"), integer(r[1]))))
    return listed(out)


def polys(ps: Iterable[Poly]) -> Math:
    """Several integers."""
    return places(map(integer, ps))


def power(name: str, exponent: int) -> Math:
    """name^exponent."""
    return Sym(name) if exponent == 1 else Script(Sym(name), None, Num(str(exponent)))
