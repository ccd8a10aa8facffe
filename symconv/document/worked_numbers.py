"""The page of an expression at numbers: what is given, each step with its work shown, and the result."""

from __future__ import annotations

from symconv.document.headings import COUNTS
from symconv.document.model import Block, Display, Document, Inline, Paragraph, Text
from symconv.document.number_arrays import array_blocks, integer, number, place, starts_elsewhere
from symconv.document.words import listed
from symconv.document.worked_products import copies, rows, sums_of, table, windows
from symconv.document.worked_steps import Step, steps
from symconv.expr.mathematics import Fence, Math, Sym, Tok, row
from symconv.expr.nodes import Apply, Conv, Corr, Down, Expr, Flip, Layer, Name, Reverse, Shift, Up, rank
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
    "scale": "a factor for each channel",
}  # fmt: skip
PRIMITIVES: dict[type, str] = {Conv: "a convolution", Corr: "a correlation", Down: "down-sampling",
                               Up: "up-sampling", Flip: "a flip", Reverse: "a reversal", Shift: "a shift"}  # fmt: skip
SAID: dict[str, str] = {
    "bed_of_nails": "Zeros are put between the samples",
    "upsample_nearest": "Every sample is repeated",
    "upsample_linear": "Between two samples values are interpolated; beyond the first and the last one they are repeated",
    "pixel_shuffle": "Channels become places", "pixel_unshuffle": "Places become channels",
    "cat": "One after another along an axis", "permute": "The same entries with their axes in another order",
    "max_unpool": "Every value is added where its window has its first greatest sample",
}  # fmt: skip


def worked_document(run: Run) -> Document:
    """The page of a value, with the work that leads to it."""
    found = steps(run)
    blocks: list[Block] = _given(run)
    for step in found:
        blocks += _worked(step, run.tensors, len(found) > 1)
    blocks += _result(run, found)
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
    """Given x = …, k = … and s = 2."""
    used = inside(run.expression, run.statement)
    blocks: list[Block] = [Paragraph(("The value of ", notation(run.expression), " for",))]
    sizes: list[Text] = [(row(Sym(n), Tok("eq"), integer(v)),) for n, v in run.tensors.integers.items()
                         if n in run.statement.integers]  # fmt: skip
    sizes += [(row(Sym(n), Tok("eq"), number(v)),) for n, v in run.tensors.numbers.items() if n in used]
    side: list[Math] = []
    for name, t in run.tensors.entries.items():
        if name in used:
            shown = array_blocks(Sym(name), t)
            for block in shown:
                if isinstance(block, Display) and sum(map(_width, (*side, *block.formulas))) <= 60:
                    side += block.formulas
                else:
                    blocks.append(block)
    if side:
        blocks.insert(1, Display(tuple(side)))
    if sizes:
        blocks.append(Paragraph(("with ", *listed(sizes), ".")))
    return blocks if len(blocks) > 1 else []


def _width(m: Math) -> int:
    return 3 * len(getattr(m, "items", (m,))[-1].body.items) if isinstance(m, object) and hasattr(
        getattr(m, "items", (m,))[-1], "body") and hasattr(getattr(m, "items", (m,))[-1].body, "items") else 6


def _worked(step: Step, tensors: Tensors, many: bool) -> list[Block]:
    """A step: what it is, its work and its value."""
    e = step.node
    operand = step.shown.parts[0] if isinstance(step.shown, Layer) else getattr(step.shown, "x", None)
    lead = what(e) or "Then"
    head: list[Inline] = [row(Sym(step.name), Tok("eq"), notation(step.shown)), "."]
    if isinstance(e, Layer) and e.kind in SAID:
        head += [f" {SAID[e.kind]}."]
    blocks: list[Block] = [Paragraph(tuple(head), lead[0].upper() + lead[1:], "definition")]
    pooled = windows(step, tensors)
    added = copies(step, tensors)
    if pooled:
        return [*blocks, *pooled, *_value(step)]
    if added:
        return [*blocks, *added, *_from(step)]
    sums = sums_of(step, tensors)
    if sums is None or not step.value.entries:
        return [*blocks, *_value(step)]
    x = tensors.tensor(e.parts[0] if isinstance(e, Layer) else e.x)  # type: ignore[union-attr]
    seen = rows(step, sums, x, notation(operand) if operand is not None else Sym("x"))
    told = table(step, sums)
    return [*blocks, *seen, *told, *_from(step)] if seen else [*blocks, *told, *_value(step)]


def _value(step: Step) -> list[Block]:
    return [*array_blocks(Sym(step.name), step.value), *_from(step)]


def _from(step: Step) -> list[Block]:
    """Where the first entry stands, where that is not at 0; and that there is none."""
    if step.value.start and not step.value.entries:
        return [Paragraph((Sym(step.name), " is 0 at every place."))]
    if not starts_elsewhere(step.value):
        return []
    low = step.value.start
    at: Math = place(low) if len(low) == 1 else Fence("(", place(low))
    return [Paragraph(("The first entry stands at place ", at, "."), style="small")]


def _result(run: Run, found: list[Step]) -> list[Block]:
    """The value once more where the work before it was long; that of a name alone."""
    if found and len(found) < 2:
        return []
    e = run.expression
    name = Sym(found[-1].name) if found else notation(e)
    if not found:
        return array_blocks(name, run.value)
    return []
