"""The page of a linear map: its matrix, what kind it is, and its transpose as the matrix of the adjoint."""

from __future__ import annotations

from symconv.document.matrix_blocks import dotted, matrix_block, whole
from symconv.document.model import Block, Display, Document, Matrices, Paragraph, Text
from symconv.document.words import listed
from symconv.errors import counted
from symconv.expr.mathematics import Fence, Math, Num, Script, Sym, Tok, Words, joined, places, row
from symconv.expr.nodes import Expr
from symconv.expr.notation import notation
from symconv.expr.text import text
from symconv.instances.linear_maps import Answer
from symconv.instances.matrices import LinearMap
from symconv.instances.toeplitz import Kind, kind

Place = tuple[int, ...]
TRANSPOSED = Words("T")
LONG = 40
"""A title does not hold longer expressions."""


def matrix_page(answer: Answer) -> Document:
    """The page."""
    m = answer.map
    letter = _letter(m)
    blocks: list[Block] = [Paragraph(_opening(answer, letter))]
    block = matrix_block(m.values, m.taps, m.rows, m.columns)
    blocks.append(Matrices(((Sym(letter), Tok("eq"), block),)))
    said = _kind(kind(m.values, m.rows, m.columns)) + _numbering(m) + (("A dot is a 0.",) if dotted(block) else ())
    blocks += [Paragraph(said)] if said else []
    blocks += _transposed(answer, letter)
    shown = text(m.expression)
    title = f"The matrix of {shown}" if len(shown) <= LONG else "The matrix of a linear map"
    return Document(
        title,
        f"{counted(len(m.rows), 'output', 'outputs')} from "
        f"{counted(len(m.columns), 'sample', 'samples')} of {m.x.name}",
        "Matrices",
        tuple(blocks),
    )


def _letter(m: LinearMap) -> str:
    """What the matrix is called: a letter that nothing else has."""
    taken = {*m.statement.declarations, *m.statement.definitions}
    return next(n for n in ("A", "M", "B", "T", "A1") if n not in taken)


def _mapped(x: Math, e: Expr) -> Math:
    return row(x, Tok("mapsto"), notation(e))


def _opening(answer: Answer, letter: str) -> Text:
    m = answer.map
    sizes: list[Text] = [(row(Sym(n), Tok("eq"), whole(v)),) for n, v in m.integers.items()]
    given: Text = ("For ", *listed(sizes), " the map ") if sizes else ("The map ",)
    samples = " sample" if len(m.columns) == 1 else " samples"
    count = joined((Num(str(1 + high - low)) for low, high in zip(m.columns[0], m.columns[-1], strict=True)), Tok("by"))
    size = row(Num(str(len(m.rows))), Tok("by"), Num(str(len(m.columns))))
    chosen = " (an extent chosen for this page)" if answer.chosen else ""
    return (*given, _mapped(Sym(m.x.name), m.expression), " on signals ", Sym(m.x.name), " of ", count, samples,
            chosen, " is multiplication by the ", size, " matrix ", Sym(letter), ":")  # fmt: skip


def _kind(found: Kind) -> Text:
    """What kind of matrix it is, in a sentence."""
    alone = {
        "selection": "Each row holds a single 1: the matrix selects samples. ",
        "insertion": "Each column holds a single 1 in a row of its own, other rows are 0: the matrix inserts zeros. ",
        "permutation": "Each row and each column holds a single 1: the matrix only changes the order. ",
        "identity": "This is the identity matrix. ",
        "diagonal": "The matrix is diagonal: each output is a sample times a number. ",
    }
    if not found.steps:
        return (alone[found.name],) if found.name in alone else ()
    name = ("Toeplitz matrix", "doubly block Toeplitz matrix", "triply block Toeplitz matrix")[len(found.steps) - 1]
    head = "Each block between two channels is " if found.blocks else "It is "
    rows = sorted({v for u, v in found.steps if u == 1 and v > 1})
    columns = sorted({u for u, v in found.steps if v == 1 and u > 1})
    parts = [f"every {ordinal(s)} row" for s in rows] + [f"every {ordinal(s)} column" for s in columns]
    same = "equal taps stand along diagonals"
    if not parts:
        return (f"{head}a {name}: {same}. ",)
    return (f"{head}made of {' and '.join(parts)} of a {name}, in which {same}. ",)


def ordinal(n: int) -> str:
    """second, third, 4th."""
    return {2: "second", 3: "third"}.get(n, f"{n}th")


def _numbering(m: LinearMap) -> Text:
    out: Text = ()
    if len(m.columns[0]) > 1 or len(m.rows[0]) > 1:
        out = ("Samples and outputs are numbered row by row, the last index changing fastest; lines stand where "
               "another one changes. ",)  # fmt: skip
    if any(m.rows[0]):
        out = (*out, "The rows are the outputs from place ", _place(m.rows[0]), " to place ", _place(m.rows[-1]),
               "; all others are 0. ")  # fmt: skip
    return out


def _place(n: Place) -> Math:
    inner = places(map(whole, n))
    return inner if len(n) == 1 else Fence("(", inner)


def _transposed(answer: Answer, letter: str) -> list[Block]:
    """The transpose, and the adjoint of which it is the matrix."""
    m, found = answer.map, answer.transpose
    turned = Script(Sym(letter), None, TRANSPOSED)
    block = Matrices(
        ((turned, Tok("eq"), matrix_block(tuple(zip(*m.values, strict=True)), m.taps, m.columns, m.rows)),)
    )
    if found is None:
        said = "No closed form of the adjoint was found whose matrix is the transpose."
        return [Paragraph((said,)), block]
    y = Sym(found.y)
    at: Text = () if found.whole else (", taken at the samples of ", Sym(m.x.name))
    adjoint: Text = ("The transpose is the matrix of the adjoint ", _mapped(y, found.closed), *at, ":")
    inner = row(Fence("<", places((row(Sym(letter), Tok("thin"), Sym(m.x.name)), y))), Tok("eq"),
                Fence("<", places((Sym(m.x.name), row(turned, Tok("thin"), y)))))  # fmt: skip
    compared = (
        "The adjoint is proved for all sizes; at these its matrix was compared with the transpose entry by entry."
    )
    return [Paragraph(adjoint), block, Display((inner,)), Paragraph((compared,))]
