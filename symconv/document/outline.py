"""From a verdict to a page: statement, definitions, chain, side conditions, corollaries, worked example, figure."""

from __future__ import annotations

from dataclasses import replace

from symconv.document.counting import length, number, taps_of
from symconv.document.definitions import definitions
from symconv.document.examples import refutation_blocks, worked_blocks
from symconv.document.extents import extent_blocks, inside, output_ranges
from symconv.document.figures import figure
from symconv.document.headings import Merged, abbreviated, merged_kernel, running
from symconv.document.implied import implied
from symconv.document.model import Block, Chain, Display, Document, Inline, Paragraph, Telling, Text, Worked
from symconv.document.reasons import chain
from symconv.document.region import region_blocks
from symconv.document.squeezing import squeezed
from symconv.document.words import listed, quantified
from symconv.document.written import sums
from symconv.expr.definitions import definition
from symconv.expr.index_notation import integer
from symconv.expr.mathematics import Fence, Frac, Math, Num, Sym, Tok, Words, parts, places, row
from symconv.expr.nodes import Adjoint, Conv, Corr, Count, Entry, Expr, Grad, Iverson, Name, Up, rank
from symconv.expr.notation import claimed, equation, notation
from symconv.expr.statement import Statement
from symconv.expr.support import support
from symconv.expr.traverse import sequence_names, walk
from symconv.index.conditions import between
from symconv.index.poly import ONE, ZERO, Poly, var
from symconv.proof.theorem import Theorem
from symconv.tactics.chain import Names, taken_names
from symconv.tactics.explicit import written
from symconv.tactics.verdict import Answer, Result

BORDERS = (
    "This is an equality of sequences on all integers: what the first layer gives outside its window is kept and used. "
    "Layers that are cropped to their window and padded with zeros again differ from it near the border."
)


def proof_document(result: Result, *, title: str, words: str = "", lead: str = "", source: str = "",
                   worked: Worked | None = None, integers: dict[str, int] | None = None,
                   telling: Telling | None = None) -> Document:  # fmt: skip
    """The page of a proved statement, its proof told with sums or as in `telling`."""
    statement, theorem = result.statement, result.theorem
    if theorem is None:
        raise ValueError("a proof page needs a theorem")
    blocks: list[Block] = [Paragraph((lead,))] if lead else []
    if result.answer is not None and not isinstance(statement.lhs, Grad | Adjoint):
        blocks.append(_answer(result))
    merged = merged_kernel(statement)
    blocks += definitions(statement, telling.lines if telling else ())
    blocks += _theorem(statement, merged)
    if result.answer is not None and isinstance(statement.lhs, Grad | Adjoint):
        blocks += _sums(statement, result.answer)
    drawn = figure(statement, worked.integers if worked else integers or {}, merged)
    if drawn is not None:
        blocks.append(drawn)
    told = telling is not None and bool(telling.blocks) and telling.whole
    blocks += telling.blocks if telling else ()
    if not told:
        blocks += _instead(telling)
        blocks += _parts(theorem) if theorem.parts else _sums_chain(theorem, merged)
    if told or not theorem.parts:
        blocks += _corollaries(statement)
        blocks += _remarks(statement)
    return Document(title, words, running(statement), (*blocks, *_ending(worked, merged, source)))


def _parts(theorem: Theorem) -> list[Block]:
    """The proof of a limit or by induction, part by part."""
    return squeezed(theorem) if theorem.statement.towards else _induction(theorem)


def _instead(telling: Telling | None) -> list[Block]:
    """Why the proof is told with sums where another style was asked for."""
    return [Paragraph((f"{telling.note}.",))] if telling and telling.note else []


def _sums_chain(theorem: Theorem, merged: Merged) -> list[Block]:
    """The proof with sums over indices, line by line."""
    statement = theorem.statement
    outputs = output_ranges(theorem)
    ranges = [*zip(theorem.indices, statement.places, strict=False), *outputs]
    within = [c for i, r in ranges if r for c in between(var(i), *r)]
    shown = chain(theorem, merged, frozenset(map(Iverson, within)))
    if not shown.lines:
        said = Paragraph(("Both sides are the same.",), end=True)
        return _led([*extent_blocks(theorem), said])
    opening = Paragraph(_opening(statement, theorem.indices, shown, inside(outputs)))
    return _led([*extent_blocks(theorem), opening, shown, *_closing(theorem, merged, shown)])


def _led(blocks: list[Block]) -> list[Block]:
    """The blocks of a proof, of which the first one begins with that word."""
    first, *rest = blocks
    return [replace(first, lead="Proof", style="proof"), *rest] if isinstance(first, Paragraph) else blocks


def _ending(worked: Worked | None, merged: Merged, source: str) -> list[Block]:
    """The worked example, and where the statement comes from."""
    blocks = [*worked_blocks(worked, merged[1] if merged else "")] if worked is not None else []
    if source:
        blocks.append(Paragraph((f"Source of the statement: {source}.",), style="small"))
    return blocks


def _induction(theorem: Theorem) -> list[Block]:
    """Both parts of an induction: what is shown, and its chain."""
    start, onward = theorem.parts
    r = Sym(theorem.by)
    none = ", where nothing is composed and a product of no kernels is the unit impulse, the statement is"
    opening: Text = ("By induction on ", r, ". For ", row(r, Tok("eq"), Num("0")), none)
    blocks: list[Block] = [Paragraph(opening, lead="Proof", style="proof")]
    blocks += [Display((claimed(start.statement),)), *_part(start)]
    left, right = onward.statement.equations[-1]
    names = [Sym(n) for n in onward.statement.declarations if n not in theorem.statement.declarations]
    one = len(names) == 1
    blocks.append(Paragraph(("Assume that it holds for ", r, ", and let ", *listed([(n,) for n in names]),
                             " be what is composed so often: " if one else " be what are composed so often: ",
                             equation(left, right), ". For ", row(r, Tok("plus"), Num("1")),
                             " it says that")))  # fmt: skip
    blocks += [Display((claimed(onward.statement),)), *_part(onward)]
    return [*blocks, Paragraph(("So it holds for all ", r, "."), end=True)]


def _part(theorem: Theorem) -> list[Block]:
    """The chain of one part."""
    shown = chain(theorem)
    return [shown] if shown.lines else [Paragraph(("Both sides are the same.",))]


def refutation_document(result: Result, *, title: str, words: str = "", lead: str = "",
                        source: str = "") -> Document:  # fmt: skip
    """The page of a refuted statement, or of an equation without an answer."""
    statement = result.statement
    head = quantified(statement)
    blocks: list[Block] = [Paragraph((lead,))] if lead else []
    blocks += definitions(statement, () if result.asked is None else (result.asked.lhs, result.asked.rhs))
    if result.verdict == "none" and result.asked is not None:
        asked = result.asked
        unknown = [
            n for n in (*sequence_names(asked.lhs), *sequence_names(asked.rhs)) if n not in statement.declarations
        ]
        blocks.append(
            Paragraph(("Which ", *listed([(Sym(n),) for n in unknown]), " satisfies"), lead="Question", style="theorem")
        )
        blocks.append(Display((claimed(asked),)))
        ending = ("for", head[0].removeprefix("For"), *head[1:]) if head and isinstance(head[0], str) else head
        blocks.append(Paragraph((*ending, "?"), style="theorem-end"))
        blocks.append(Paragraph((f"None: {result.reason}.",), lead="Answer", style="theorem"))
        blocks.append(Paragraph(("It would have to be that",)))
        blocks.append(Display((claimed(statement),)))
    else:
        said = (*head, " it was claimed that") if head else ("It was claimed that",)
        blocks.append(Paragraph(said, lead="The claim", style="theorem"))
        blocks.append(Display((claimed(statement),)))
        blocks.append(Paragraph(("This is false.",)))
    if result.limit is not None:
        limit = result.limit.statement
        blocks += [Paragraph(("The limit is another:",), lead="Theorem", style="theorem"), Display((claimed(limit),))]
        blocks += squeezed(result.limit)
    blocks += refutation_blocks(result)
    blocks += region_blocks(result)
    if source:
        blocks.append(Paragraph((f"Source of the statement: {source}.",), style="small"))
    return Document(title, words, running(statement), tuple(blocks))


def _theorem(statement: Statement, merged: Merged) -> list[Block]:
    head = quantified(statement)
    blocks: list[Block] = [Paragraph((*head, ",") if head else (), lead="Theorem", style="theorem")]
    if merged is None:
        blocks.append(Display((claimed(statement),), number="1"))
        return [*blocks, *_compared(statement)]
    kernel, name = merged

    claim = row(notation(abbreviated(statement.lhs, merged)), Tok("eq"), notation(abbreviated(statement.rhs, merged)))
    blocks.append(Display((claim, row(Words("where "), Sym(name), Tok("eq"), notation(kernel))), number="1"))
    taps = _taps(kernel, statement)
    if taps is not None:
        blocks.append(Paragraph(("and the kernel ", Sym(name), " has ", *taps, "."), style="theorem-end"))
    return [*blocks, *_compared(statement)]


def _compared(statement: Statement) -> list[Block]:
    """At which places the sides of a gradient are compared, where that is not everywhere."""
    if not any(statement.places):
        return []
    names = [Sym(n) for n in Names(taken_names(statement), "output").pick(statement.rank, "output")]
    ranges: list[Text] = [
        (row(integer(r[0]), Tok("le"), n, Tok("le"), integer(r[1])),)
        for n, r in zip(names, statement.places, strict=True)
        if r is not None
    ]
    by = {n.x.name for e in (statement.lhs, statement.rhs) if isinstance(n := e, Grad | Adjoint)
          if isinstance(n.x, Name)}  # fmt: skip
    of: Text = ("of ", *listed([(Sym(name),) for name in sorted(by)]), " ") if by else ()
    if not any(isinstance(n, Grad | Adjoint) for e in (statement.lhs, statement.rhs) for _, n in walk(e)):
        return [Paragraph(("at all places of both tensors: for ", *listed(ranges), "."), style="theorem-end")]
    return [Paragraph(("at all places ", *of, "that may be other than 0: for ", *listed(ranges), "."),
                      style="theorem-end")]  # fmt: skip


def _taps(kernel: Expr, statement: Statement) -> Text | None:
    """3c − 2 taps."""
    shown = taps_of(kernel, statement)
    return None if shown is None else (shown, " tap" if shown == Num("1") else " taps")


def _opening(statement: Statement, indices: tuple[str, ...], shown: Chain, where: Text) -> Text:
    out: list[Inline] = []
    if indices:
        place = places(map(Sym, indices))
        out += ["Fix an output position ", place if len(indices) == 1 else Fence("(", place), *where, ". "]
    if any(_bracketed(line.formula) for line in shown.lines):
        out.append("A condition in brackets stands for 1 where it holds and for 0 elsewhere")
        ups = [n for side in (statement.lhs, statement.rhs) for _, n in walk(side) if isinstance(n, Up)]
        if ups and rank(ups[0]) == 1:
            s, n = var("s"), var("n")
            up = Entry(Up(Name("x", 1), (s,)), (n,))
            out += [", so that ", equation(up, definition(up, ("q",), {}))]
        out.append(". ")
    if any(isinstance(n, Conv | Corr | Up) for side in (statement.lhs, statement.rhs) for _, n in walk(side)):
        out.append("Every sum below has finitely many non-zero terms, so the order of summation is free.")
    elif any(isinstance(n, Count) for side in (statement.lhs, statement.rhs) for _, n in walk(side)):
        out.append("Both sides are integers, which are found layer by layer.")
    else:
        out.append("Both sides are compared entry by entry.")
    return tuple(out)


def _bracketed(m: Math) -> bool:
    """Whether a condition stands in brackets in it."""
    relations = {Tok(name) for name in ("eq", "le", "ge", "lt", "divides")}
    if isinstance(m, Fence) and m.kind == "[" and relations & set(parts(m.body)):
        return True
    return any(map(_bracketed, parts(m)))


def _closing(theorem: Theorem, merged: Merged, shown: Chain) -> list[Block]:
    """The sentences after the chain: what it used, and the number of taps."""
    sentences: list[Inline] = []
    rules = [s.rule for s in theorem.steps]
    if any(s.rule == "cancel" and s.arguments["by"].constant() is None for s in theorem.steps):
        sentences.append("Both sides of a condition are divided by sizes only, which are at least 1. ")
    if "imply" in rules:
        if any(_bracketed(line.formula) for line in shown.lines):
            sentences.append("A condition is left out or put in only where the factors beside it imply it. ")
        sentences += implied(theorem)
    if merged:
        sentences += length(merged[0], merged[1], theorem.statement)
    sentences = sentences or ["This is the right side."]
    last = sentences[-1]
    return [Paragraph((*sentences[:-1], last.rstrip() if isinstance(last, str) else last), end=True)]


def _answer(result: Result) -> Block:
    answer = result.answer
    if answer is None:
        raise ValueError("no answer")
    formula = row(Sym(answer.name), Tok("eq"), notation(answer.closed))
    out: list[Inline] = ["The unknown is ", formula]
    taps = _taps(answer.closed, result.statement)
    if taps is not None:
        out += [", with ", *taps]
    return Paragraph((*out, "; it was read off by comparing coefficients, and is proved below."))


def _sums(statement: Statement, answer: Answer) -> list[Block]:
    """A gradient or adjoint entry by entry, with the ranges of its sums."""
    at = tuple(map(var, answer.indices))
    left = notation(Entry(statement.lhs, at)) if at else notation(statement.lhs)
    whole, ranges = sums(written(answer.formula, answer.indices, statement))
    blocks: list[Block] = [Paragraph(("Written out, with the ranges over which the sums run,",)),
                           Display((row(left, Tok("eq"), whole),))]  # fmt: skip
    return [*blocks, Paragraph(("for ", *listed([(m,) for m in ranges]), "."))] if ranges else blocks


def _corollaries(statement: Statement) -> list[Block]:
    """Output extent and padding, for claims that several layers without padding are one."""
    whole = _reach(statement.rhs, statement)
    parts = _reach(statement.lhs, statement)
    layered = isinstance(statement.lhs, Corr) and isinstance(_written_out(statement.lhs.x, statement), Corr)
    if whole is None or whole != parts or not layered:
        return []
    stride, last_read = whole
    n, p, size = [Sym(name) for name in ("N", "P", "L", "Q", "W", "T") if name not in statement.declarations][:3]
    count: Math = row(n, Tok("plus"), p, Tok("minus"), size)
    if stride != ONE:
        count = row(Tok("floor-left"), Frac(count, integer(stride)), Tok("floor-right"))
    text: Text = (
        "Let ", row(size, Tok("eq"), number(last_read + 1, statement)), ". If ", n, " samples are padded once by ", p,
        " zeros in all and ", row(n, Tok("plus"), p, Tok("ge"), size), ", each side has ",
        row(count, Tok("plus"), Num("1")), " outputs that read the padded samples only.",
    )  # fmt: skip
    return [Paragraph(text, lead="Corollary", style="theorem")]


def _written_out(e: Expr, statement: Statement) -> Expr:
    """What the author's name stands for."""
    return statement.definitions.get(e.name, e) if isinstance(e, Name) else e


def _reach(e: Expr, statement: Statement) -> tuple[Poly, Poly] | None:
    """The stride of layers on an unbounded signal, and the last sample that output 0 reads, where 0 is the first."""
    e = _written_out(e, statement)
    if isinstance(e, Name):
        return (ONE, ZERO) if statement.facts.supports.get(e.name) == (None,) else None
    if not isinstance(e, Corr) or rank(e) != 1 or e.padding[0].terms:
        return None
    inner, box = _reach(e.x, statement), support(e.k, statement.facts)
    if inner is None or box is None or box[0][0].terms:
        return None
    return inner[0] * e.stride[0], inner[1] + inner[0] * e.dilation[0] * box[0][1]


def _remarks(statement: Statement) -> list[Block]:
    """What the statement does not say of layers that are cropped before the next is padded."""
    for side in (statement.lhs, statement.rhs):
        for _, node in walk(side):
            if isinstance(node, Corr) and any(p.terms for p in node.padding) and not isinstance(node.x, Name):
                return [Paragraph((BORDERS,), lead="Remark", style="theorem")]
    return []
