"""The page of a cost: a row for each layer, what is counted, numbers for given sizes, and the ratio of two costs."""

from __future__ import annotations

from collections.abc import Mapping

from symconv.document.counted import MEANING
from symconv.document.model import Block, Display, Document, Paragraph, Table, Text
from symconv.document.ratios import factors
from symconv.document.ratios import ratio as fractions
from symconv.document.words import listed, quantified
from symconv.expr.counts import Cost, weights_of
from symconv.expr.index_notation import integer
from symconv.expr.mathematics import Fence, Math, Num, Sym, Tok, Words, joined, places, row
from symconv.expr.nodes import ONE as UNIT
from symconv.expr.nodes import Layer
from symconv.expr.notation import called, notation
from symconv.expr.traverse import children, sequence_names
from symconv.index.poly import ONE, ZERO, Poly
from symconv.tactics.costing import Comparison, Costing, valued

WORDS = {"params": "parameters", "mults": "multiplications"}


def cost_document(found: Costing | Comparison, values: Mapping[str, int]) -> Document:
    """The page, with numbers for the sizes that are given."""
    if isinstance(found, Costing):
        return Document("What the layers cost", "", "Cost", (*_statement(found), *_tables(found, values), *_said()))
    blocks: list[Block] = [*_statement(found)]
    for what, costing in (("The first expression", found.first), ("The second expression", found.second)):
        blocks += [Paragraph((what, " is ", notation(costing.expression), ".")), *_tables(costing, values)]
    for ratio in found.ratios:
        first, second = (c.counts[ratio.kind == "mults"] for c in (found.first, found.second))
        claim = row(notation(first), Tok("eq"), notation(second))
        if ratio.value != UNIT:
            sums = [p for c in found.second.layers for p in _factors(c)]
            claim = row(claim, Tok("thin"), Fence("(", fractions(ratio.value, sums)))
        blocks += [Paragraph((f"Compared by {WORDS[ratio.kind]}:",)), Display((claim,))]
    lacking = [WORDS[kind] for kind in WORDS if kind not in {r.kind for r in found.ratios}]
    if lacking:
        blocks.append(Paragraph((f"The ratio of {' and of '.join(lacking)} has no short formula.",)))
    return Document("What two expressions cost", "", "Cost", (*blocks, *_said()))


def _said() -> list[Block]:
    return [Paragraph((f"{MEANING['params']} {MEANING['mults']}",), lead="What is counted", style="definition")]


def _statement(found: Costing | Comparison) -> list[Block]:
    head = quantified(found.statement)
    return [Paragraph((*head, ":"))] if head else []


def _tables(found: Costing, values: Mapping[str, int]) -> list[Block]:
    blocks: list[Block] = [_table(found, {})]
    if values:
        sizes = listed([(row(Sym(n), Tok("eq"), Num(str(v))),) for n, v in values.items()])
        blocks += [Paragraph(("For ", *sizes, ":")), _table(found, values)]
    return blocks


def _table(found: Costing, values: Mapping[str, int]) -> Table:
    """A row for each layer, and one for all where there is not just one, with numbers for some sizes."""

    def put(products: list[tuple[Poly, ...]]) -> list[tuple[Poly, ...]]:
        return [tuple(valued(p, values) for p in ps) for ps in products]

    rows = [(_name(c), _tensor(put([_outputs(c)])[0]), _sum(put(_parameters(c))), _sum(put([_factors(c)])))
            for c in found.layers]  # fmt: skip
    if len(rows) != 1:  # Nothing is computed by no layer.
        shared, products = weights_of(found.layers), [_factors(c) for c in found.layers if c.places]
        rows.append((Words("in all"), Words(""), _total(put([ps for _, ps in shared])), _total(put(products))))
    head: tuple[Text, ...] = (("layer",), ("outputs",), ("parameters",), ("multiplications",))
    return Table(head, tuple(rows))


def _name(cost: Cost) -> Math:
    """conv2d(x, w) with its options; for an input that is computed before, dots: conv2d(…, v)."""
    e = cost.layer
    if not isinstance(e, Layer):
        return notation(e)
    own = {name for name, _ in cost.weights}
    shown = (notation(p) if not children(p) or own & {*sequence_names(p)} == {*sequence_names(p)} else Tok("dots")
             for p in e.parts)  # fmt: skip
    return row(called(e), Fence("(", places(shown)))


def _outputs(cost: Cost) -> tuple[Poly, ...]:
    return tuple(n for n in cost.outputs if n is not None)


def _tensor(shown: tuple[Poly, ...]) -> Math:
    return joined((integer(n) if len(n.terms) == 1 else Fence("(", integer(n)) for n in shown), Tok("by"))


def _parameters(cost: Cost) -> list[tuple[Poly, ...]]:
    return [ps for _, ps in dict.fromkeys(cost.weights)]


def _factors(cost: Cost) -> tuple[Poly, ...]:
    """Taps and channels before places: Fc²C (H − c + 1)(W − c + 1)."""
    return (*cost.channels, *cost.taps, *cost.places)


def _total(products: list[tuple[Poly, ...]]) -> Math:
    """The sum, and what it is where all is numbers."""
    whole = sum((multiplied(ps) for ps in products), ZERO)
    return integer(whole) if whole.constant() is not None else _sum(products)


def _sum(products: list[tuple[Poly, ...]]) -> Math:
    """The products with + between them; what numbers give, behind them."""
    if len(products) < 2:
        return _product(products[0]) if products else Num("0")
    shown = joined(map(_factored, products), Tok("plus"))
    value = sum((multiplied(ps) for ps in products), ZERO).constant()
    return shown if value is None else row(shown, Tok("eq"), Num(str(value)))


def multiplied(ps: tuple[Poly, ...]) -> Poly:
    """The product of some extents; 0 of a layer that multiplies nothing."""
    out = ONE if ps else ZERO
    for p in ps:
        out = out * p
    return out


def _product(ps: tuple[Poly, ...]) -> Math:
    """Factors side by side; numbers with × and what they give."""
    value = multiplied(ps).constant()
    return _factored(ps) if value is None or len(ps) < 2 else row(_factored(ps), Tok("eq"), Num(str(value)))


def _factored(ps: tuple[Poly, ...]) -> Math:
    """Factors side by side, numbers with ×."""
    numbers = multiplied(ps).constant() is not None
    return joined(map(integer, ps), Tok("by")) if ps and numbers else factors(*ps)
