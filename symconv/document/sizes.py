"""The page of sizes: the extent of a tensor on every axis, and what an output of each layer is computed from."""

from __future__ import annotations

from collections.abc import Mapping

from symconv.document.counted import MEANING
from symconv.document.model import Block, Display, Document, Paragraph, Table, Text
from symconv.document.outline import proof_document
from symconv.document.words import listed, quantified
from symconv.expr.index_notation import integer
from symconv.expr.mathematics import Fence, Math, Num, Sym, Tok, joined, places, row
from symconv.expr.measures import Field
from symconv.expr.nodes import Expr, Layer
from symconv.expr.notation import called, claimed, notation
from symconv.expr.traverse import children
from symconv.index.poly import Poly
from symconv.tactics.sizing import Sizing, Stack, valued


def sizes_document(found: Sizing, values: Mapping[str, int]) -> Document:
    """The page, with numbers for the sizes that are given."""
    head = quantified(found.statement)
    blocks: list[Block] = [Paragraph((*head, ":"))] if head else []
    blocks += [Display((claimed(result.statement),)) for result in found.proofs]
    if any(n is None for n in found.extents):
        blocks.append(Paragraph(("The other axes are unbounded.",)))
    if values:
        given = listed([(row(Sym(n), Tok("eq"), Num(str(v))),) for n, v in values.items()])
        shown = [integer(p) for n in found.extents if (p := valued(n, values)) is not None]
        blocks.append(Paragraph(("For ", *given, " it has ", joined(shown, Tok("by")), " places.")))
    for stack in found.stacks:
        blocks += _stack(stack, values)
    said = "size", *(("reach", "jump", "start") if found.stacks else ())
    blocks.append(Paragraph((" ".join(MEANING[kind] for kind in said),), lead="What is measured", style="definition"))
    last = proof_document(found.proofs[-1], title="").blocks
    start = next(i for i, b in enumerate(last) if isinstance(b, Paragraph) and b.lead == "Theorem")
    return Document("Sizes of layers", "", "Sizes", (*blocks, *last[start:]))


def _stack(stack: Stack, values: Mapping[str, int]) -> list[Block]:
    """A row for each layer that reads an input."""
    x = Sym(stack.input)
    head: tuple[Text, ...] = (("layer",), ("outputs",), ("reach in ", x), ("jump",), ("start",))
    rows = tuple((_name(r.layer), _tensor(r.outputs, values), *(
        _each(r.fields, key, values) for key in ("reach", "jump", "first"))) for r in stack.rows)  # fmt: skip
    blocks: list[Block] = [Paragraph(("What one output of each layer is computed from in ", x, ":")), Table(head, rows)]
    whole = [f for f, m in zip(stack.fields, stack.merged, strict=True) if f is not None and m is not None]
    if not whole or len(stack.rows) < 2:
        return blocks
    before, after, reach, jump = (
        _alike([valued(p, values) for p in ps])
        for ps in ([-f.first for f in whole], [f.after for f in whole], [f.reach for f in whole],
                   [f.jump for f in whole])
    )  # fmt: skip
    text: Text = ("Its outputs are as many as those of one layer of reach ", reach, " and stride ", jump,
                  " with the effective padding ", before, " before and ", after,
                  " after, which is proved.")  # fmt: skip
    return [*blocks, Paragraph(text)]


def _name(e: Expr) -> Math:
    """conv2d(x, w); dots for an input that is computed before."""
    if not isinstance(e, Layer):
        return Tok("dots") if children(e) else notation(e)
    shown = (Tok("dots") if children(p) and i == 0 else notation(p) for i, p in enumerate(e.parts))
    return row(called(e), Fence("(", places(shown)))


def _tensor(extents: tuple[Poly | None, ...], values: Mapping[str, int]) -> Math:
    put = [valued(n, values) for n in extents]
    shown = (Tok("Z") if n is None else integer(n) if len(n.terms) == 1 else Fence("(", integer(n)) for n in put)
    return joined(shown, Tok("by"))


def _each(fields: tuple[Field | None, ...], key: str, values: Mapping[str, int]) -> Math:
    """One number where all axes have the same, else all of them."""
    return _alike([valued(getattr(f, key), values) for f in fields if f is not None])


def _alike(ps: list[Poly | None]) -> Math:
    shown = [integer(p) for p in ps if p is not None]
    if not shown:
        return Tok("dots")
    return shown[0] if len(set(map(str, ps))) == 1 else Fence("(", places(shown))
