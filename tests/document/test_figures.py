"""Figures: their boxes are what plain loops say, their sizes meet the assumptions, and their captions are true."""

from __future__ import annotations

import re
from collections.abc import Iterable

import pytest

from symconv.document.drawn import drawn_sizes
from symconv.document.figures import figure
from symconv.document.headings import merged_kernel
from symconv.document.model import Cell, Figure, FigureRow, Text
from symconv.expr.claim import read_statement
from symconv.render.plain import plain

SUB = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")


def of_claim(claim: str, *lets: str, assume: tuple[str, ...] = (), **integers: int) -> Figure | None:
    statement = read_statement(claim, lets, assume)
    return figure(statement, integers, merged_kernel(statement))


def drawn(claim: str, *lets: str, assume: tuple[str, ...] = (), **integers: int) -> Figure:
    found = of_claim(claim, *lets, assume=assume, **integers)
    assert found is not None
    assert {len(r.cells) for r in found.rows} == {found.width}
    assert len(found.columns) in (0, found.width)
    return found


def itself(e: str) -> str:
    """A claim that speaks of e."""
    return f"{e} == {e}"


def words(text: Text) -> str:
    return "".join(part if isinstance(part, str) else plain(part) for part in text)


def shown(cells: Iterable[Cell | None]) -> list[str]:
    return ["" if c is None else plain(c.formula).replace(" ", "") for c in cells]


def labels(rows: Iterable[FigureRow]) -> list[str]:
    return [words(r.label).strip() for r in rows]


def entry(name: str, *place: int) -> str:
    return name + "".join(map(str, place)).translate(SUB)


# The scatter of a transposed layer


@pytest.mark.parametrize(
    ("claim", "lets", "count", "taps", "stride", "dilation", "move"),
    [
        ("grad(corr(x, g, stride=2), x, y) == conv(up(y, 2), g)", ("g: kernel[c]",), 3, 3, 2, 1, 0),
        (itself("conv(g, up(y, s))"), ("g: kernel[4]", "y: signal"), 3, 4, 2, 1, 0),
        (itself("conv(up(y, 3), g)"), ("g: kernel[c]",), 3, 3, 3, 1, 0),
        (itself("conv(up(y, 5), g)"), ("g: kernel[c]",), 2, 3, 5, 1, 0),
        (itself("shift(conv(up(y, 2), g), 3)"), ("g: kernel[c]",), 3, 3, 2, 1, 3),
        (itself("conv_transpose1d(y, g, stride=2, padding=1)"), ("y: signal", "g: kernel[c]"), 3, 3, 2, 1, -1),
        (itself("conv_transpose1d(y, g, stride=3, dilation=2)"), ("y: signal", "g: kernel[2]"), 3, 2, 3, 2, 0),
        (itself("conv_transpose1d(y, g, stride=2)"), (), 3, 3, 2, 1, 0),
        (itself("conv(up(y, 2), g)"), ("y: signal[2]", "g: kernel[c]"), 2, 3, 2, 1, 0),
    ],
)
def test_every_sample_lays_its_taps(
    claim: str, lets: tuple[str, ...], count: int, taps: int, stride: int, dilation: int, move: int
) -> None:
    found = drawn(claim, *lets)
    columns: dict[int, list[str]] = {}
    for j in range(count):
        laid: dict[int, str] = {}
        for i in range(taps):
            laid[stride * j + dilation * i] = entry("y", j) + entry("g", i)
        assert shown(found.rows[j].cells) == [laid.get(n, "") for n in range(found.width)]
        assert {c.colour for c in found.rows[j].cells if c is not None} == {j}
        for n, product in laid.items():
            columns.setdefault(n, []).append(product)
    assert len(found.rows) == count + 1
    assert shown(found.rows[-1].cells) == ["+".join(columns.get(n, ["0"])) for n in range(found.width)]
    assert list(found.columns) == [str(n + move).replace("-", "−") for n in range(found.width)]
    assert f"for {taps} taps and stride {stride}" in words(found.caption)


def test_copies_for_up_sampling_by_the_nearest_sample() -> None:
    found = drawn("upsample_nearest(x, 3) == conv(up(x, 3), ones(3))", "x: signal")
    assert shown(found.rows[-1].cells) == [entry("x", n // 3) for n in range(9)]


def test_one_pair_of_channels_is_drawn_of_a_layer_with_channels() -> None:
    found = drawn(itself("conv_transpose1d(y, w, stride=2)"))
    assert words(found.rows[-1].label) == "z[0, n]"
    assert "y_i is short for y[0, i], and w_i for w[0, 0, i]" in words(found.caption)


# Channels as blocks


def blocks(found: Figure) -> list[list[str]]:
    return [shown(r.cells) for r in found.rows]


@pytest.mark.parametrize(("groups", "outputs", "inputs"), [(2, 2, 2), (2, 3, 2), (3, 1, 2), (4, 2, 1)])
def test_groups_are_blocks(groups: int, outputs: int, inputs: int) -> None:
    lets = (f"x: signal[{groups * inputs}, :]", f"w: kernel[{groups * outputs}, {inputs}, c]")
    found = drawn(itself(f"conv1d(x, w, groups={groups})"), *lets)
    head, *body = blocks(found)
    assert head == [entry("x", c) for c in range(groups * inputs)]
    for o in range(groups * outputs):
        for c in range(groups * inputs):
            filled = o // outputs == c // inputs
            assert body[o][c] == (entry("w", o, c - c // inputs * inputs) if filled else "0")
            cell = found.rows[o + 1].cells[c]
            assert cell is not None
            assert cell.colour == (o // outputs % 3 if filled else -1)


def test_groups_of_a_size_have_four_channels() -> None:
    found = drawn(itself("conv1d(x, w, groups=G)"))
    assert (found.width, len(found.rows)) == (4, 5)
    assert "C = 2, G = 2 and M = 2" in words(found.caption)


def test_depthwise_is_the_diagonal_and_pointwise_is_full() -> None:
    found = drawn("pointwise(depthwise1d(x, w), v) == conv1d(x, K)", "K[o, c, a] = v[o, c]*w[c, a]")
    first, second = blocks(found)[1:4], blocks(found)[5:]
    assert first == [[entry("w", o) if o == c else "0" for c in range(3)] for o in range(3)]
    assert second == [[entry("v", o, c) for c in range(3)] for o in range(3)]
    assert labels(found.rows) == ["channels of x", "y₀", "y₁", "y₂", "channels of y", "z₀", "z₁", "z₂"]


@pytest.mark.parametrize("right", ["cat([conv1d(x, w), conv1d(x, v)], dim=0)", "conv1d(x, cat([w, v], dim=0))"])
def test_joined_layers_are_stacked_blocks(right: str) -> None:
    found = drawn(f"conv1d(x, cat([w, v], dim=0)) == {right}")
    assert blocks(found)[1:] == [[entry(k, o, c) for c in range(3)] for k in "wv" for o in range(2)]
    assert [r.colour for r in found.rows[1:]] == [0, 0, 1, 1]


def test_layers_of_different_inputs_are_a_diagonal_of_blocks() -> None:
    found = drawn(itself("cat([conv1d(x, w), conv1d(y, v)], dim=0)"), C=2, D=2)
    assert blocks(found) == [
        ["x₀", "x₁", "y₀", "y₁"],
        ["w₀₀", "w₀₁", "0", "0"], ["w₁₀", "w₁₁", "0", "0"],
        ["0", "0", "v₀₀", "v₀₁"], ["0", "0", "v₁₀", "v₁₁"],
    ]  # fmt: skip
    assert words(found.rows[1].label) == "z₀"


def test_weights_joined_along_the_inputs_stand_side_by_side() -> None:
    found = drawn("conv1d(x, w) + conv1d(y, v) == conv1d(cat([x, y], dim=0), cat([w, v], dim=1))")
    assert blocks(found)[1] == ["w₀₀", "w₀₁", "v₀₀", "v₀₁"]


# Receptive fields


def field(layers: list[tuple[int, int, int, range]]) -> list[set[int]]:
    """What output 0 reads of the output, of each layer before, and of the input: s n + d a − p, layer by layer."""
    levels = [{0}]
    for stride, dilation, padding, taps in reversed(layers):
        levels.append({stride * n + dilation * a - padding for n in levels[-1] for a in taps})
    return levels


@pytest.mark.parametrize(
    ("claim", "lets", "layers"),
    [
        ("corr(x, k, dilation=d) == corr(x, up(k, d))", (), [(1, 2, 0, range(3))]),
        (itself("corr(x, k, dilation=3, padding=3)"), (), [(1, 3, 3, range(3))]),
        (itself("corr(corr(x, k), h)"), (), [(1, 1, 0, range(3))] * 2),
        (itself("corr(corr(x, k, stride=2), h, stride=s)"), (), [(2, 1, 0, range(3))] * 2),
        (itself("corr(corr(corr(x, k), k, dilation=2), k, dilation=4)"), (),
         [(1, 1, 0, range(3)), (1, 2, 0, range(3)), (1, 4, 0, range(3))]),
        (itself("corr(corr(x, w, stride=2), w, stride=2)"), ("w: kernel[-l:l+1]",), [(2, 1, 0, range(-1, 2))] * 2),
        (itself("conv1d(conv1d(x, w, stride=2, padding=1), v)"), ("w: kernel[3]", "v: kernel[2]", "x: signal"),
         [(2, 1, 1, range(3)), (1, 1, 0, range(2))]),
        (itself("corr(corr(corr(x, k, stride=4), k, stride=2), k)"), (),
         [(4, 1, 0, range(2)), (2, 1, 0, range(2)), (1, 1, 0, range(2))]),
    ],
)  # fmt: skip
def test_what_an_output_reads(claim: str, lets: tuple[str, ...], layers: list[tuple[int, int, int, range]]) -> None:
    found = drawn(claim, *lets)
    rows = [r for r in found.rows if r.colour is not None]
    jumps = [1]
    for stride, *_ in layers:
        jumps.append(jumps[-1] * stride)
    levels = field(layers)
    places = sorted(jump * i for jump, some in zip(reversed(jumps), levels, strict=True) for i in some)
    for r, jump, some in zip(rows, reversed(jumps), levels, strict=True):
        name = words(r.label).split()[0]
        for n, text in zip(range(places[0], places[-1] + 1), shown(r.cells), strict=True):
            i = n // jump
            if n % jump:
                assert text == ""
            elif i in some:
                assert text == (entry(name, i) if i >= 0 else f"{name}_{{−{-i}}}")
            else:
                assert text == "·"
    read = levels[-1]
    first, last = (str(n).replace("-", "−") for n in (min(read), max(read)))
    caption = words(found.caption)
    assert f"it reads {len(read)} samples of x, from place {first} to place {last}" in caption
    assert re.search(rf"= {max(read) - min(read) + 1}\.", caption)


def test_the_terms_of_a_length_add_up() -> None:
    found = drawn(itself("corr(corr(x, k, stride=2), h, dilation=2)"))
    terms, length = re.findall(r"the length is ([\d+ ]+) = (\d+)", words(found.caption))[0]
    assert sum(map(int, terms.split("+"))) == int(length) == 1 + 2 + 2 * 2 * 2


def test_the_taps_stand_between_output_and_input_of_one_dilated_layer() -> None:
    found = drawn("corr(x, k, dilation=2) == corr(x, up(k, 2))")
    assert labels(found.rows)[1:] == ["k", "x"]
    assert shown(found.rows[1].cells) == ["k₀", "", "k₁", "", "k₂"]


def test_places_of_layers_with_channels_are_numbered() -> None:
    found = drawn(itself("conv1d(conv1d(x, w, stride=2), v)"))
    assert shown(found.rows[-1].cells) == [str(n) for n in range(7)]
    assert "a place has all channels" in words(found.caption)


# What is scattered: numbers, boxes, images


def test_linear_up_sampling_lays_fractions() -> None:
    found = drawn(itself("conv(up(x, 2), taps(1/2, 1, 1/2))"), "x: signal")
    assert shown(found.rows[-1].cells) == ["x₀/2", "x₀", "x₀/2+x₁/2", "x₁", "x₁/2+x₂/2", "x₂", "x₂/2"]


def test_a_tap_zero_lays_nothing() -> None:
    found = drawn(itself("conv(up(x, 3), taps(1, 0, 2/3))"), "x: signal")
    assert shown(found.rows[1].cells) == ["", "", "", "x₁", "", "2x₁/3", "", "", ""]


def test_repeated_samples_stand_beside_one_another() -> None:
    found = drawn(itself("upsample_nearest(x, s)"), "x: signal")
    assert shown(found.rows[-1].cells) == ["x₀", "x₀", "x₁", "x₁", "x₂", "x₂"]
    assert "each x_i stands 2 times, from place 2i on" in words(found.caption)


def test_a_box_adds_copies_of_a_kernel() -> None:
    found = drawn("conv(ones(2), q)[n] == q[n] + q[n - 1]", "q: kernel[c]")
    assert labels(found.rows) == ["q", "q, 1 place later", "𝟏₂ ∗ q"]
    assert shown(found.rows[-1].cells) == ["q₀", "q₀+q₁", "q₁+q₂", "q₂"]


def test_numbers_are_scattered_over_images() -> None:
    image, kernel = [[3, 4], [1, 7]], [[2, 0], [1, -1]]
    found = drawn(itself(f"conv_transpose2d(array({image}), array({kernel}))"))
    total = [[0] * 3 for _ in range(3)]
    for number, (i, j) in enumerate((i, j) for i in range(2) for j in range(2)):
        copy = [["0"] * 3 for _ in range(3)]
        for a in range(2):
            for b in range(2):
                total[i + a][j + b] += image[i][j] * kernel[a][b]
                copy[i + a][j + b] = str(image[i][j] * kernel[a][b]).replace("-", "−")
        assert [shown(r.cells[4 * number : 4 * number + 3]) for r in found.rows[:3]] == copy
        assert [t for t in shown(found.rows[3].cells[4 * number : 4 * number + 3]) if t] == [str(image[i][j])]
    assert [shown(r.cells[16:]) for r in found.rows[:3]] == [[str(v).replace("-", "−") for v in r] for r in total]


def test_a_named_kernel_is_copied_at_its_places() -> None:
    found = drawn(itself("conv_transpose2d(y, k, stride=(1, 2))"), "y: signal[:, :]", "k: kernel[c, e]")
    assert found.width == 4 * (4 + 1) - 1
    assert shown(found.rows[1].cells[15:19]) == ["0", "0", "k₀₀", "k₀₁"]
    assert [t for t in shown(found.rows[-1].cells) if t] == ["y₀₀", "y₀₁", "y₁₀", "y₁₁"]
    assert "from place (i, 2j) on" in words(found.caption)


# Layers that are counted


def test_counted_layers_are_drawn() -> None:
    lets = ("x: signal[C, H, W]", "d: kernel[C, c, c]", "p: kernel[F, C]")
    assert "The channels of" in words(drawn(itself("mults(pointwise(depthwise2d(x, d), p))"), *lets).caption)
    found = drawn(
        itself("mults(conv1d(x, w, dilation=2))"), "x: signal[C, N]", "w: kernel[F, C, 2*l + 1]", "l: natural"
    )
    assert "it reads 3 places of x" in words(found.caption)


# Which figure, at which sizes


def test_the_most_specific_figure_is_drawn() -> None:
    merged = drawn("corr(corr(x, k), h, dilation=2) == corr(x, conv(k, up(h, 2)))")
    assert "long multiplication" in words(merged.caption)
    grouped = "groups=2, stride=2, dilation=2"
    assert "The output z" in words(drawn(itself(f"conv_transpose1d(y, w, {grouped})")).caption)
    assert "The channels of" in words(drawn(itself(f"conv1d(conv1d(x, w, {grouped}), v)")).caption)


@pytest.mark.parametrize(
    ("claim", "lets"),
    [
        ("conv(x, k) == conv(k, x)", ()),
        ("corr(x, k) == conv(x, flip(k))", ()),
        ("corr(x, k, stride=s) == down(corr(x, k), s)", ()),
        ("down(up(x, s), s) == x", ()),
        (itself("conv1d(x, w)"), ()),
        (itself("conv(up(y, 2), k)"), ("k: kernel[-l:l+1]",)),
        (itself("conv(up(y, 2), k)"), ("k: kernel[20]",)),
        (itself("conv(up(y, 9), k)"), ("k: kernel[c]",)),
        (itself("conv(up(y, 2), k)"), ("y: signal[:, :]", "k: kernel[c, e]")),
        (itself("corr(corr(x, k, dilation=2), h)"), ("x: signal[:, :]",)),
        (itself("corr(x, k, dilation=40)"), ()),
        (itself("corr(relu(corr(x, k)), h)"), ()),
        (itself("conv1d(x, w, groups=32)"), ()),
        ("corr(corr(x, k, stride=2), k) == corr(x, conv(k, up(k, 2)), stride=2)", ("k: kernel[7]",)),
        ("1 == 1", ()),
    ],
)
def test_no_figure_where_there_is_none_to_draw(claim: str, lets: tuple[str, ...]) -> None:
    assert of_claim(claim, *lets) is None


@pytest.mark.parametrize(
    ("claim", "assume", "said"),
    [
        (itself("conv(up(y, s), k)"), ("s == 3",), "3 taps and stride 3"),
        (itself("conv(up(y, s), k)"), ("c <= 2",), "2 taps and stride 2"),
        (itself("conv(up(y, s), k)"), ("s == c",), "2 taps and stride 2"),
        (itself("conv(up(y, s), k)"), ("s == t + 2", "t >= 2"), "3 taps and stride 4"),
        ("corr(corr(x, k, stride=s), k) == corr(x, conv(k, up(k, s)), stride=s)", ("s == 3",), "3 taps and stride 3"),
        ("corr(corr(x, k, stride=s), k) == corr(x, conv(k, up(k, s)), stride=s)", ("c <= 2",), "2 taps and stride 2"),
        (itself("corr(x, k, dilation=d)"), ("d >= 3",), "d = 3 and c = 3"),
        (itself("corr(x, k, dilation=d)"), ("gcd(d, 2) == 1", "d >= 2"), "d = 3 and c = 3"),
        (itself("conv1d(x, w, groups=G)"), ("G == 3",), "G = 3"),
    ],
)
def test_sizes_meet_the_assumptions(claim: str, assume: tuple[str, ...], said: str) -> None:
    found = drawn(claim, "k: kernel[c]", "s: size", "t: size", "d: size", "G: size", assume=assume)
    assert said in words(found.caption)


def test_assumptions_that_no_small_sizes_meet_leave_no_figure() -> None:
    lets = ("k: kernel[c]", "d: size")
    assert of_claim(itself("corr(x, k, dilation=d)"), *lets, assume=("d >= 30",)) is None
    statement = read_statement(itself("corr(x, k, dilation=d)"), lets, ("d >= 30",))
    assert drawn_sizes(statement, {"d": 2, "c": 3}, {}) is None


def test_the_sizes_of_the_example_are_taken() -> None:
    assert "for 4 taps and stride 3" in words(drawn(itself("conv(up(y, s), k)"), "k: kernel[c]", c=4, s=3).caption)


def test_new_names_are_unused_and_names_of_the_author_are_kept() -> None:
    found = drawn(itself("corr(corr(y, k), z)"), "z: kernel[c]")
    assert labels(found.rows) == ["v = z ⋆ u", "u = k ⋆ y", "y"]
    found = drawn(itself("corr(a, h)"), "a = corr(x, k, stride=2)")
    assert labels(found.rows) == ["y = h ⋆ a", "a = k ⋆₂ x", "x"]
