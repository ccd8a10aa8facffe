"""Figures of pooling windows: every output has the samples that plain loops read, overlaps and gaps included."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import product

import pytest

from symconv.document.figures import figure
from symconv.document.grids import beside, grid, under
from symconv.document.headings import merged_kernel
from symconv.document.model import Cell, Document, Figure, FigureRow, Text
from symconv.expr.claim import read_statement
from symconv.expr.mathematics import Num
from symconv.library.catalogue import find, statement
from symconv.render.environment import render
from symconv.render.plain import plain

SUB = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")


def of_claim(claim: str, *lets: str, assume: tuple[str, ...] = (), **integers: int) -> Figure | None:
    read = read_statement(claim, lets, assume)
    return figure(read, integers, merged_kernel(read))


def drawn(e: str, *lets: str, assume: tuple[str, ...] = (), **integers: int) -> Figure:
    found = of_claim(f"{e} == {e}", *lets, assume=assume, **integers)
    assert found is not None
    assert {len(r.cells) for r in found.rows} == {found.width}
    return found


def words(text: Text) -> str:
    return "".join(part if isinstance(part, str) else plain(part) for part in text)


def shown(cells: Iterable[Cell | None]) -> list[str]:
    return ["" if c is None else plain(c.formula).replace(" ", "") for c in cells]


def entry(name: str, *place: int) -> str:
    if min(place) < 0:
        return f"{name}_{{{','.join(map(str, place)).replace('-', '−')}}}"
    return name + "".join(map(str, place)).translate(SUB)


def named(figure: Figure, label: str) -> FigureRow:
    return next(r for r in figure.rows if words(r.label) == label)


# One axis


@pytest.mark.parametrize("kind", ["max_pool1d(x, {}", "avg_pool1d(x, {}", "lp_pool1d(x, p, {}"])
@pytest.mark.parametrize(
    ("options", "count", "stride"),
    [("c)", 3, 3), ("c, stride=s)", 3, 2), ("2, stride=1)", 2, 1), ("2, stride=4)", 2, 4)],
)
def test_every_output_has_its_window(kind: str, options: str, count: int, stride: int) -> None:
    found = drawn(kind.format(options), "x: signal")
    windows = [[stride * n + u for u in range(count)] for n in range(3)]
    places = range(windows[-1][-1] + 1)
    read = {n for window in windows for n in window}
    assert shown(found.rows[0].cells) == [entry("x", n) if n in read else "·" for n in places]
    for i, window in enumerate(windows):
        row = named(found, f"window of y{str(i).translate(SUB)}")
        assert shown(row.cells) == [entry("x", n) if n in window else "" for n in places]
        assert {c.colour for c in row.cells if c is not None} == {i}
    outputs = {stride * n: entry("y", n) for n in range(3)}
    assert shown(named(found, "y").cells) == [outputs.get(n, "") for n in places]
    shared = len(set(windows[0]) & set(windows[1]))
    assert f"share {shared or 'no'} sample" in words(found.caption)
    assert ("in no window" in words(found.caption)) == (len(read) < len(places))


def test_padding_moves_the_windows() -> None:
    found = drawn("max_pool1d(x, 3, stride=2, padding=1)", "x: signal")
    assert shown(named(found, "window of y₀").cells) == [entry("x", -1), "x₀", "x₁", "", "", "", ""]
    assert shown(named(found, "y").cells) == ["", "y₀", "", "y₁", "", "y₂", ""]


def test_dilated_windows_have_gaps() -> None:
    found = drawn("max_pool1d(x, 2, stride=1, dilation=3)", "x: signal")
    assert shown(named(found, "window of y₁").cells) == ["", "x₁", "", "", "x₄", ""]


def test_two_pools_stand_below_one_another() -> None:
    lets, assume = ("x: signal",), ("s <= c",)
    right = "max_pool1d(x, c + s*(e - 1), stride=s*t)"
    found = of_claim(
        f"max_pool1d(max_pool1d(x, c, stride=s), e, stride=t) == {right}", *lets, assume=assume, c=3, s=2, e=2
    )
    assert found is not None
    assert [words(r.label) for r in found.rows] == [
        "x", "window of y₀", "window of y₁", "window of y₂", "y", "window of z₀", "window of z₁", "z",
    ]  # fmt: skip
    assert shown(named(found, "window of z₁").cells) == ["", "", "y₁", "", "y₂", "", ""]
    assert "z₀ sees 5 samples of x, from x₀ to x₄" in words(found.caption)


def test_one_channel_is_drawn() -> None:
    found = drawn("max_pool1d(x, c)", "x: signal[C, :]")
    assert "Every channel is pooled alone" in words(found.caption)


def test_long_names_leave_numbers() -> None:
    found = drawn("max_pool1d(image, 2)", "image: signal")
    assert shown(found.rows[0].cells) == [str(n) for n in range(6)]


# Images


@pytest.mark.parametrize(
    ("options", "window", "stride"),
    [
        ("(c, e), stride=(s, t)", (2, 2), (1, 1)),
        ("2, stride=1", (2, 2), (1, 1)),
        ("(3, 2), stride=(1, 2)", (3, 2), (1, 2)),
        ("3, stride=2", (3, 3), (2, 2)),
    ],
)
def test_overlapping_windows_of_images_have_an_image_each(
    options: str, window: tuple[int, int], stride: tuple[int, int]
) -> None:
    found = drawn(f"max_pool2d(x, {options})", "x: signal[:, :]")
    height, width = (c + s for c, s in zip(window, stride, strict=True))
    assert (len(found.rows), found.width) == (height + 1, 4 * (width + 1) - 1)
    for number, (n, m) in enumerate(product(range(2), range(2))):
        first = number * (width + 1)
        seen = {(stride[0] * n + u, stride[1] * m + v) for u, v in product(range(window[0]), range(window[1]))}
        for i in range(height):
            own = shown(found.rows[i].cells[first : first + width])
            assert own == [entry("x", i, j) if (i, j) in seen else "·" for j in range(width)]
        assert [t for t in shown(found.rows[-1].cells[first : first + width]) if t] == [entry("y", n, m)]


def test_windows_that_do_not_overlap_are_colours() -> None:
    found = drawn("avg_pool2d(x, 2)", "x: signal[:, :]")
    assert (len(found.rows), found.width) == (4, 7)
    colours = [0, 1, 2, None]
    for i, j in product(range(4), range(4)):
        cell = found.rows[i].cells[j]
        assert cell is not None
        assert (plain(cell.formula), cell.colour) == (entry("x", i, j), colours[i // 2 * 2 + j // 2])
    outputs = [c for r in found.rows for c in r.cells[5:] if c is not None]
    assert shown(outputs) == ["y₀₀", "y₀₁", "y₁₀", "y₁₁"]
    assert [c.colour for c in outputs] == colours


def test_pools_of_images_axis_by_axis_are_three_images() -> None:
    found = drawn("max_pool2d(max_pool2d(x, (c, 1)), (1, e))", "x: signal[:, :]")
    assert found.width == 4 + 1 + 4 + 1 + 2
    assert shown(found.rows[1].cells) == [*(entry("x", 1, j) for j in range(4)), "",
                                          *(entry("y", 0, j) for j in range(4)), "", "z₀₀", "z₀₁"]  # fmt: skip


def test_gaps_between_windows_of_images_are_dots() -> None:
    found = drawn("max_pool2d(x, 1, stride=2)", "x: signal[:, :]")
    assert [shown(r.cells[:3]) for r in found.rows] == [["x₀₀", "·", "x₀₂"], ["·"] * 3, ["x₂₀", "·", "x₂₂"]]


# Which pages have one


@pytest.mark.parametrize(
    "name",
    ["max-pooling", "max-pooling-images", "average-pooling", "average-pooling-is-strided", "norm-pooling",
     "max-pools-merge", "max-pooling-separates", "max-pooling-is-subadditive", "norm-tends-to-maximum",
     "norm-of-any-signs", "max-pooling-gradient", "repetition-adjoint-pooling"],
)  # fmt: skip
def test_pages_of_the_library_have_windows(name: str) -> None:
    own = find(name)
    read = statement(own)
    found = figure(read, dict(own.instance), merged_kernel(read))
    assert found is not None
    assert words(found.caption).startswith("The windows of")


@pytest.mark.parametrize(
    "e",
    ["max_pool1d(x, 40)", "max_pool1d(relu(x), c)", "max_pool3d(v, 2)", "max_pool2d(z, 9, stride=1)"],
)  # fmt: skip
def test_no_figure_where_windows_are_too_many(e: str) -> None:
    assert of_claim(f"{e} == {e}", "x: signal", "z: signal[:, :]", "v: signal[:, :, :]") is None


@pytest.mark.parametrize(
    ("language", "box"), [("latex", r"& \cell{"), ("typst", "    cell("), ("html", 'td class="c ')]
)
def test_every_format_has_every_box(language: str, box: str) -> None:
    for e in ("max_pool1d(x, c, stride=s)", "max_pool2d(z, c)", "max_pool2d(z, c, stride=1)"):
        found = drawn(e, "x: signal", "z: signal[:, :]")
        boxes = sum(c is not None for r in found.rows for c in r.cells)
        assert render(Document("t", "s", "r", (found,)), language).count(box) == boxes


def test_grids_stand_beside_one_another_with_their_middles_on_one_line() -> None:
    def box(i: int, j: int) -> Cell:
        return Cell(Num(f"{i}{j}"), None)

    grids = [grid((4, 2), box), grid((2, 3), box)]
    rows = beside(grids)
    assert [shown(r.cells) for r in rows] == [
        ["00", "01", "", "", "", ""], ["10", "11", "", "00", "01", "02"],
        ["20", "21", "", "10", "11", "12"], ["30", "31", "", "", "", ""],
    ]  # fmt: skip
    assert shown(under(grids, [box(8, 8), box(9, 9)]).cells) == ["88", "", "", "", "99", ""]
