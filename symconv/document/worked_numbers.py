"""The page of an expression at numbers: what is given, each step with its work shown, and the result."""

from __future__ import annotations

from symconv.document.headings import COUNTS
from symconv.document.model import Block, Display, Document, Inline, Paragraph, Text
from symconv.document.number_arrays import array_blocks, integer, number, place
from symconv.document.step_formulas import defining
from symconv.document.words import listed
from symconv.document.worked_products import copies, rows, sums_of, table, windows
from symconv.document.worked_steps import Step, steps
from symconv.expr.mathematics import Fence, Math, Sym, Tok, row
from symconv.expr.nodes import Apply, Conv, Corr, Down, Expr, Flip, Layer, Name, Reverse, Shift, Up
from symconv.expr.notation import notation
from symconv.expr.statement import inside
from symconv.instances.run import Run
from symconv.instances.tensors import Tensors

NAMES = {
    "conv": "a convolution layer", "conv_transpose": "a transposed convolution", "depthwise": "a depthwise layer",
    "pointwise": "a pointwise layer", "conv_weight": "the gradient by the weights of a layer",
    "avg_pool": "average pooling", "max_pool": "max pooling", "lp_pool": "pooling by a norm",
    "max_unpool": "max unpooling", "upsample_nearest": "nearest-neighbour up-sampling",
    "upsample_linear": "linear up-sampling", "bed_of_nails": "a bed of nails", "pixel_shuffle": "pixel shuffle",
    "pixel_unshuffle": "pixel unshuffle", "cat": "concatenation", "permute": "axes in another order",
    "scale": "a factor for each channel", "pad": "padding", "window": "a window",
}  # fmt: skip
PRIMITIVES: dict[type, str] = {Conv: "a convolution", Corr: "a correlation", Down: "down-sampling",
                               Up: "up-sampling", Flip: "a flip", Reverse: "a reversal", Shift: "a shift"}  # fmt: skip
SAID: dict[str, str] = {
    "bed_of_nails": "Zeros are put between the samples",
    "upsample_nearest": "Every sample is repeated",
    "upsample_linear": "Between two samples values are interpolated; beyond the outer ones they are repeated",
    "pixel_shuffle": "Channels become places", "pixel_unshuffle": "Places become channels",
    "cat": "One after another along an axis", "permute": "The same entries with their axes in another order",
    "pad": "What stands beyond the ends is written there", "window": "The entries on these places",
    "max_unpool": "Every value is added where its window has its first greatest sample",
}  # fmt: skip


def worked_document(run: Run) -> Document:
    """The page of a value, with the work that leads to it."""
    found = steps(run)
    blocks: list[Block] = _given(run)
    for step in found:
        blocks += _worked(step, run.tensors)
    return Document(_title(found), "", "Worked numbers", tuple(blocks))


def _title(found: list[Step]) -> str:
    whole = [s for s in found if not isinstance(s.node, Shift | Flip | Reverse) and what(s.node)]
    if not whole:
        return "Worked numbers"
    if len(whole) == 1:
        words = what(whole[0].node)
        return f"{words[0].upper()}{words[1:]} in numbers"
    number_of = COUNTS[len(whole)] if len(whole) < len(COUNTS) else str(len(whole))
    return f"{number_of} steps in numbers"


def what(e: Expr) -> str:
    """What a step is, in words."""
    if isinstance(e, Layer):
        return NAMES.get(e.kind, e.kind)
    return PRIMITIVES.get(type(e), "a pointwise function" if isinstance(e, Apply) else "")


def _given(run: Run) -> list[Block]:
    """The value of … for x = …, k = … and s = 2."""
    used = inside(run.expression, run.statement)
    arrays = [(Sym(n), t) for n, t in run.tensors.entries.items() if n in used]
    if isinstance(run.expression, Name) and run.expression.name in run.tensors.entries:
        return array_blocks(arrays)
    said: list[Text] = [(row(Sym(n), Tok("eq"), integer(v)),) for n, v in run.tensors.integers.items()
                        if n in run.statement.integers]  # fmt: skip
    said += [(row(Sym(n), Tok("eq"), number(v)),) for n, v in run.tensors.numbers.items() if n in used]
    value: Text = ("The value of ", notation(run.expression))
    if not arrays:
        return [Paragraph((*value, " for ", *listed(said), ":") if said else (*value, ":"))]
    end = (" with ", *listed(said)) if said else ()
    return [Paragraph((*value, *end, " for")), *array_blocks(arrays)]


def _worked(step: Step, tensors: Tensors) -> list[Block]:
    """A step: what it is, its work and its value."""
    e, name = step.node, Sym(step.name)
    equation = row(name, Tok("eq"), notation(step.shown))
    words = what(e)
    if not words or isinstance(e, Apply):
        return [*array_blocks([(equation, step.value)]), *_from(step)]
    head: list[Inline] = [equation, "."]
    if isinstance(e, Layer) and e.kind in SAID:
        head += [f" {SAID[e.kind]}."]
    blocks: list[Block] = [Paragraph(tuple(head), words[0].upper() + words[1:], "definition")]
    rule = defining(step, tensors)
    if rule is not None:
        blocks.append(Display((rule,)))
    shown = windows(step, tensors)
    if shown:
        return [*blocks, *shown, *array_blocks([(name, step.value)])]
    shown = copies(step, tensors)
    if shown:
        return [*blocks, *shown, *_from(step)]
    sums = sums_of(step, tensors)
    told = table(step, sums) if sums is not None else []
    if sums is not None and isinstance(e, Layer | Corr) and isinstance(step.shown, Layer | Corr):
        node, seen = ((e.parts[0], step.shown.parts[0]) if isinstance(e, Layer) and isinstance(step.shown, Layer)
                      else (getattr(e, "x", e), getattr(step.shown, "x", e)))  # fmt: skip
        shown = rows(step, sums, tensors.tensor(node), notation(seen))
        if shown:
            return [*blocks, *shown, *told, *_from(step)]
    return [*blocks, *told, *array_blocks([(name, step.value)]), *_from(step)]


def _from(step: Step) -> list[Block]:
    """Where the first entry stands, where that is not at 0; and that there is none."""
    if step.value.start and not step.value.entries:
        return [Paragraph((Sym(step.name), " is 0 at every place."))]
    low = step.value.start
    if not any(low):
        return []
    at: Math = place(low) if len(low) == 1 else Fence("(", place(low))
    return [Paragraph(("The first entry of ", Sym(step.name), " stands at place ", at, "."), style="small")]
