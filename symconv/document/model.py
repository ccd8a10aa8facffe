"""The document model.  Text is a tuple of words and mathematics; no record knows how it will look."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from symconv.expr.mathematics import Math, Sym, Tok
from symconv.expr.nodes import Expr

Inline = str | Math
Text = tuple[Inline, ...]
EQUAL = Tok("eq")
TAP = Sym("m")
"""What the columns of a kernel are numbered by."""
Monomials = list[tuple[Fraction, list[tuple[str, tuple[int, ...]]]]]


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Running text; `lead` is set bold or in italics before it (Theorem, Proof), `end` closes a proof."""

    text: Text
    lead: str = ""
    style: str = "plain"
    end: bool = False


@dataclass(frozen=True, slots=True)
class Display:
    """Displayed formulas, side by side; `number` labels an equation."""

    formulas: tuple[Math, ...]
    number: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a chain: the right side after its sign, `=` or `≤`, and the reason, in a colour where it has one.

    It is numbered from 1, or has a number of its own as `label`.
    """

    formula: Math
    reason: Text
    sign: Math = EQUAL
    colour: int | None = None
    label: int | None = None


@dataclass(frozen=True, slots=True)
class Chain:
    """first = line₁ ≤ line₂ = …, numbered, a reason beside each."""

    first: Math
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Cell:
    """A box of a figure: mathematics and a colour number (None: grey, −1: empty box for a zero)."""

    formula: Math
    colour: int | None


@dataclass(frozen=True, slots=True)
class FigureRow:
    """A row of boxes: its label and a cell or nothing in each column; `rule` draws a line above."""

    label: Text
    cells: tuple[Cell | None, ...]
    rule: bool = False
    colour: int | None = None


@dataclass(frozen=True, slots=True)
class Figure:
    """A grid of boxes over numbered columns, or over none; `axis` is what the numbers are, `square` boxes are small."""

    rows: tuple[FigureRow, ...]
    columns: tuple[str, ...]
    caption: Text
    axis: Math = TAP
    square: bool = False

    @property
    def width(self) -> int:
        """The number of boxes side by side."""
        return len(self.rows[0].cells)


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of mathematics under a heading."""

    head: tuple[Text, ...]
    rows: tuple[tuple[Math, ...], ...]


@dataclass(frozen=True, slots=True)
class Matrix:
    """Entries in brackets, a cell each; a cell of colour −1 is a zero and is shown as a light dot.

    Labels stand beside the rows and above the columns, one each or none at all; `row_lines` and `column_lines` are the
    rows and columns before which a line is drawn; `under` says below the brackets what the matrix is, and `mark` stands
    above the closing bracket, as the T of a transpose.
    """

    rows: tuple[tuple[Cell, ...], ...]
    row_labels: tuple[Math, ...] = ()
    column_labels: tuple[Math, ...] = ()
    row_lines: tuple[int, ...] = ()
    column_lines: tuple[int, ...] = ()
    under: Text = ()
    mark: Math | None = None

    @property
    def width(self) -> int:
        """The number of columns."""
        return len(self.rows[0])


@dataclass(frozen=True, slots=True)
class Matrices:
    """Lines of matrices with signs and names between them, as in A B = C; one line fits the width of the page."""

    lines: tuple[tuple[Matrix | Math, ...], ...]


Block = Paragraph | Display | Chain | Figure | Table | Matrices


@dataclass(frozen=True, slots=True)
class Document:
    """A page: title, a line in words, a running head, and blocks."""

    title: str
    subtitle: str
    running: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Worked:
    """A concrete instance from the SymPy side: sizes, collected kernel taps, and outputs, as monomials."""

    integers: dict[str, int]
    kernel: list[tuple[tuple[int, ...], Monomials]]
    outputs: list[tuple[tuple[int, ...], Monomials]]


@dataclass(frozen=True, slots=True)
class Telling:
    """A proof in a style: its blocks, and the lines whose operators are defined on the page.

    Where it cannot be told in the style that was asked for, there are no blocks, `style` is index, and `note` says why.
    Where the blocks only show it at some sizes, the proof with sums follows: `whole` is False.
    """

    style: str
    blocks: tuple[Block, ...] = ()
    lines: tuple[Expr, ...] = ()
    note: str = ""
    whole: bool = True
