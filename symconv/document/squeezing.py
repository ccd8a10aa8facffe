"""The proof of a limit: both bounds as chains, what their factors tend to, and the conclusion."""

from __future__ import annotations

from symconv.document.model import Block, Display, Inline, Paragraph, Text
from symconv.document.reasons import chain
from symconv.expr.index_notation import integer
from symconv.expr.mathematics import Big, Fence, Frac, Math, Num, Row, Script, Sym, Tok, Words, places, row
from symconv.expr.notation import claimed, notation
from symconv.index.poly import Poly
from symconv.proof.theorem import Theorem


def squeezed(theorem: Theorem) -> list[Block]:
    """Lower bound, upper bound, and the limit between them."""
    s, (under, above) = theorem.statement, theorem.parts
    p = Sym(s.towards)
    where: Text = ("at ", places(map(Sym, theorem.indices)), " ") if theorem.indices else ()
    opening: Text = ("The value ", *where, "is held between two bounds for every ", row(p, Tok("ge"), Num("1")), ".")
    blocks: list[Block] = [Paragraph(opening, lead="Proof", style="proof")]
    for part, words in ((under, "It is not less:"), (above, "It is not greater:")):
        blocks += [Paragraph((words,)), Display((claimed(part.statement),))]
        shown = chain(part)
        blocks.append(shown if shown.lines else Paragraph(("Both sides are the same.",)))
    return [*blocks, *_conclusion(theorem, p)]


def _conclusion(theorem: Theorem, p: Sym) -> list[Block]:
    s = theorem.statement
    tends = row(p, Tok("to"), Tok("infinity"))
    said: list[Inline] = ["As ", tends, ", "]
    known = [scale for scale in dict.fromkeys(theorem.scales) if scale is not None]
    for scale in known:
        n, k, q = scale
        power = Script(integer(n), None, _exponent(k, q))
        log = row(_over(k, q), Tok("thin"), Words("ln "), integer(n))
        said += [power, " tends to 1, since its logarithm ", log, " tends to 0 (SymPy finds the same limit); "]
    bounds = "so both bounds tend to " if known else "and both bounds are "
    said += [bounds, notation(s.rhs), ", and what is between them does too: "]
    return [Paragraph((*said, row(Big(tends, notation(s.lhs), "limit"), Tok("eq"), notation(s.rhs)), "."), end=True)]


def _exponent(k: Poly, q: Poly) -> Math:
    return Row((_one(k), Tok("slash"), _one(q)))


def _over(k: Poly, q: Poly) -> Math:
    size = Frac(integer(k if (k.constant() or 1) > 0 else -k), integer(q))
    return size if (k.constant() or 1) > 0 else row(Tok("neg"), size)


def _one(p: Poly) -> Math:
    return integer(p) if len(p.terms) < 2 else Fence("(", integer(p))
