"""From a verdict to a page: statement, definitions, chain, side conditions, corollaries, worked example, figure."""

from __future__ import annotations

from symconv.document.definitions import definitions
from symconv.document.examples import refutation_blocks, worked_blocks
from symconv.document.figures import long_multiplication
from symconv.document.model import Block, Chain, Display, Document, Inline, Paragraph, Text, Worked
from symconv.document.reasons import chain
from symconv.document.words import listed, quantified
from symconv.expr.mathematics import Fence, Frac, Math, Sym, Tok, Words, joined, row
from symconv.expr.nodes import Conv, Corr, Down, Expr, Name, Up, rank
from symconv.expr.notation import equation, integer, notation
from symconv.expr.statement import Statement
from symconv.expr.support import tap_count
from symconv.expr.traverse import children, rebuild, walk
from symconv.index.poly import ONE, Poly
from symconv.tactics.verdict import Result


def proof_document(result: Result, *, title: str, words: str = "", source: str = "",
                   worked: Worked | None = None, integers: dict[str, int] | None = None) -> Document:  # fmt: skip
    """The page of a proved statement."""
    statement, theorem = result.statement, result.theorem
    if theorem is None:
        raise ValueError("a proof page needs a theorem")
    blocks: list[Block] = []
    if result.answer is not None:
        blocks.append(_answer(result))
    blocks += definitions(statement)
    blocks += _theorem(statement)
    figure = long_multiplication(statement, integers or {})
    if figure is not None:
        blocks.append(figure)
    shown = chain(theorem)
    blocks.append(Paragraph(_opening(statement, theorem.indices), lead="Proof", style="proof"))
    blocks.append(shown)
    blocks += _closing(result, shown)
    blocks += _corollaries(statement)
    if worked is not None:
        blocks += worked_blocks(statement, worked)
    if source:
        blocks.append(Paragraph((f"Source of the statement: {source}.",), style="small"))
    return Document(title, words, running(statement), tuple(blocks))


def refutation_document(result: Result, *, title: str, words: str = "", source: str = "") -> Document:
    """The page of a refuted statement, or of an equation without an answer."""
    statement = result.statement
    lead = "The claim" if result.verdict == "refuted" else "What an answer would need"
    blocks: list[Block] = list(definitions(statement))
    blocks.append(Paragraph((*quantified(statement), " it was claimed that"), lead=lead, style="theorem"))
    blocks.append(Display((equation(statement.lhs, statement.rhs),)))
    if result.verdict == "none":
        blocks.append(Paragraph((f"There is no answer: {result.reason}.",)))
    else:
        blocks.append(Paragraph(("This is false.",)))
    blocks += refutation_blocks(result)
    if source:
        blocks.append(Paragraph((f"Source of the statement: {source}.",), style="small"))
    return Document(title, words, running(statement), tuple(blocks))


def running(statement: Statement) -> str:
    """The running head: what kind of statement it is."""
    kinds = {type(node) for side in (statement.lhs, statement.rhs) for _, node in walk(side)}
    strided = any(isinstance(n, Corr) and any(s != ONE for s in n.stride) for side in (statement.lhs, statement.rhs)
                  for _, n in walk(side))  # fmt: skip
    if strided:
        return "Strided correlation"
    if kinds & {Down, Up}:
        return "Down- and up-sampling"
    return "Convolution" if Conv in kinds else "Correlation" if Corr in kinds else "Sequences"


def merged_kernel(statement: Statement) -> tuple[Expr, str] | None:
    """A compound kernel on one side of the claim, and a name for it that nothing else has."""
    for side in (statement.rhs, statement.lhs):
        match side:
            case Corr(x, k) | Conv(x, k) if isinstance(x, Name) and not isinstance(k, Name) and children(k):
                taken = set(statement.declarations) | set(statement.definitions)
                return k, next(n for n in ("K", "L", "M", "K1", "K2", "K3", "K4", "K5", "K6") if n not in taken)
            case _:
                pass
    return None


def _theorem(statement: Statement) -> list[Block]:
    merged = merged_kernel(statement)
    head = quantified(statement)
    blocks: list[Block] = [Paragraph((*head, ",") if head else (), lead="Theorem", style="theorem")]
    if merged is None:
        blocks.append(Display((equation(statement.lhs, statement.rhs),), number="1"))
        return blocks
    kernel, name = merged

    def short(e: Expr) -> Expr:
        if e == kernel:
            return Name(name, rank(kernel))
        parts = children(e)
        return rebuild(e, tuple(map(short, parts))) if parts else e

    claim = row(notation(short(statement.lhs)), Tok("eq"), notation(short(statement.rhs)))
    blocks.append(Display((claim, row(Words("where "), Sym(name), Tok("eq"), notation(kernel))), number="1"))
    taps = tap_count(kernel, statement.facts)
    if taps is not None:
        blocks.append(Paragraph(("and the kernel ", Sym(name), " has ", *_count(taps), "."), style="theorem-end"))
    return blocks


def _count(taps: tuple[Poly, ...]) -> Text:
    one = len(taps) == 1 and taps[0].constant() == 1
    return joined(map(integer, taps), Tok("by")), " tap" if one else " taps"


def _opening(statement: Statement, indices: tuple[str, ...]) -> Text:
    out: list[Inline] = []
    if indices:
        names = listed([(Sym(i),) for i in indices])
        out += ["Fix an output position ", *names, ". "]
    if any(isinstance(n, Conv | Corr | Up) for side in (statement.lhs, statement.rhs) for _, n in walk(side)):
        out.append("Every sum below has finitely many non-zero terms, so the order of summation is free.")
    else:
        out.append("Both sides are compared entry by entry.")
    return tuple(out)


def _closing(result: Result, shown: Chain) -> list[Block]:
    """The sentences after the chain: what it used, and the number of taps."""
    theorem, statement = result.theorem, result.statement
    if theorem is None:
        return []
    sentences: list[Inline] = []
    rules = [s.rule for s in theorem.steps]
    if len(theorem.steps) > len(shown.lines):
        sentences.append(f"The certificate has the same chain in {len(rules)} single steps. ")
    if "cancel" in rules:
        sentences.append("Only numbers and sizes are divided by, and they are not zero. ")
    if "imply" in rules:
        sentences.append("Conditions were left out or put in only where the supports imply them. ")
    merged = merged_kernel(statement)
    taps = tap_count(merged[0], statement.facts) if merged else None
    if merged and taps is not None:
        sentences += ["As for the length, ", *_length(merged[0], merged[1], statement, taps)]
    sentences = sentences or ["This is what was to be shown."]
    return [Paragraph(tuple(sentences), end=True)]


def _length(kernel: Expr, name: str, statement: Statement, taps: tuple[Poly, ...]) -> Text:
    """Why the kernel has so many taps."""
    match kernel:
        case Conv(k, h):
            left, right = tap_count(k, statement.facts), tap_count(h, statement.facts)
            if left is not None and right is not None and len(taps) == 1:
                return (
                    "a convolution of ", *_count(left), " with ", *_count(right), " has ",
                    row(_added(left[0]), Tok("plus"), _added(right[0]), Tok("minus"), integer(ONE)),
                    row(Tok("eq"), integer(taps[0])),
                    ".",
                )  # fmt: skip
        case Up(k, by) if len(taps) == 1:
            inner = tap_count(k, statement.facts)
            if inner is not None:
                return ("up-sampling ", *_count(inner), " by ", integer(by[0]), " gives ", *_count(taps), ".")
        case _:
            pass
    return ("the kernel ", Sym(name), " has ", *_count(taps), ".")


def _answer(result: Result) -> Block:
    answer = result.answer
    if answer is None:
        raise ValueError("no answer")
    formula = row(Sym(answer.name), Tok("eq"), notation(answer.closed))
    out: list[Inline] = ["The unknown is ", formula]
    if answer.taps is not None:
        out += [", with ", *_count(answer.taps)]
    return Paragraph((*out, "; it was read off by comparing coefficients, and is proved below."))


def _corollaries(statement: Statement) -> list[Block]:
    """Output extent and padding, for claims between layers (compositions of correlations) without padding."""
    layer = statement.rhs
    if not (isinstance(layer, Corr) and isinstance(layer.x, Name) and statement.rank == 1):
        return []
    nested = statement.lhs
    while isinstance(nested, Corr):
        if any(p.terms for p in nested.padding):
            return []
        nested = nested.x
    taps = tap_count(Up(layer.k, layer.dilation) if layer.dilation[0] != ONE else layer.k, statement.facts)
    first = statement.facts.supports.get(nested.name, (None,)) if isinstance(nested, Name) else ()
    if nested != layer.x or taps is None or layer.padding[0].terms or first != (None,):
        return []
    fresh = [n for n in ("N", "P", "Q", "W") if n not in statement.declarations]
    n, p = fresh[0], fresh[1]
    inside = [
        Sym(n),
        Tok("plus"),
        Sym(p),
        Tok("minus"),
        integer(taps[0]) if len(taps[0].terms) == 1 else _fenced(taps[0]),
    ]
    size = row(
        Tok("floor-left"), Frac(row(*inside), integer(layer.stride[0])), Tok("floor-right"), Tok("plus"), integer(ONE)
    )
    text: Text = (
        "If ", Sym(n), " samples are padded once by ", Sym(p), " zeros in all, the single layer has the outputs whose ",
        *_count(taps), " lie inside: ", size, " of them, where ",
        row(Sym(n), Tok("plus"), Sym(p), Tok("ge"), integer(taps[0])), ".",
    )  # fmt: skip
    return [Paragraph(text, lead="Corollary", style="theorem")]


def _added(p: Poly) -> Math:
    return integer(p) if len(p.terms) == 1 else _fenced(p)


def _fenced(p: Poly) -> Math:
    return Fence("(", integer(p))
