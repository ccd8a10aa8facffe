"""Shapes of undeclared names in layers, and layers that do not fit, each refused in one sentence."""

from __future__ import annotations

import pytest

from symconv.errors import StatementError
from symconv.expr.claim import read_expression, read_statement
from symconv.expr.text import lets

INFERRED: list[tuple[str, tuple[str, ...], set[str]]] = [
    ("conv1d(x, w)", (), {"x: signal[C, :]", "w: kernel[F, C, c]"}),
    ("conv2d(x, w)", (), {"x: signal[C, :, :]", "w: kernel[F, C, c, e]"}),
    ("conv3d(x, w)", (), {"x: signal[C, :, :, :]", "w: kernel[F, C, c, e, u]"}),
    ("conv2d(x, w, groups=G)", (), {"x: signal[C*G, :, :]", "w: kernel[G*M, C, c, e]", "G: size"}),
    ("conv1d(x, w, groups=2)", (), {"x: signal[2*C, :]", "w: kernel[2*M, C, c]"}),
    ("conv_transpose2d(x, w)", (), {"x: signal[C, :, :]", "w: kernel[C, F, c, e]"}),
    ("conv_transpose1d(y, w, groups=2)", (), {"y: signal[2*M, :]", "w: kernel[2*M, F, c]"}),
    ("conv1d(x, w, bias=b)", (), {"x: signal[C, :]", "w: kernel[F, C, c]", "b: kernel[F]"}),
    ("conv1d(x, w, bias=None)", (), {"x: signal[C, :]", "w: kernel[F, C, c]"}),
    ("conv1d(x, w)", ("x: signal[N, C, :]",), {"x: signal[N, C, :]", "w: kernel[F, C, c]", "N: size", "C: size"}),
    ("conv2d(x, w)", ("x: signal[2*C, :, :]",), {"w: kernel[F, 2*C, c, e]"}),
    ("conv2d(x, w)", ("w: kernel[3, 3]",), {"x: signal[:, :]"}),
    ("conv2d(x, w)", ("w: kernel[8, 4, 3, 3]",), {"x: signal[4, :, :]"}),
    ("conv1d(conv1d(x, w), v)", (), {"x: signal[C, :]", "w: kernel[D, C, c]", "v: kernel[F, D, e]"}),
    ("depthwise2d(x, w)", (), {"x: signal[C, :, :]", "w: kernel[C, c, e]"}),
    ("pointwise(conv2d(x, w), v, bias=b)", (), {"w: kernel[D, C, c, e]", "v: kernel[F, D]", "b: kernel[F]"}),
    ("cat([conv1d(x, w), conv1d(x, v)])", (), {"x: signal[C, :]", "w: kernel[F, C, c]", "v: kernel[H, C, e]"}),
    ("pixel_shuffle(x, 2)", (), {"x: signal[C, :, :]"}),
    ("grad(conv2d(x, w), w, g)", (), {"x: signal[C, :, :]", "w: kernel[F, C, c, e]", "g: kernel[F, :, :]"}),
    ("grad(conv1d(x, w, groups=2), w, g)", (), {"x: signal[2*C, :]", "w: kernel[2*M, C, c]", "g: kernel[2*M, :]"}),
    ("scale(conv1d(x, w), a)", (), {"x: signal[C, :]", "w: kernel[D, C, c]", "a: signal[D]"}),
]


@pytest.mark.parametrize(("e", "declared", "wanted"), INFERRED)
def test_shapes_of_undeclared_names(e: str, declared: tuple[str, ...], wanted: set[str]) -> None:
    statement = read_expression(e, declared)
    assert wanted <= set(lets(statement))
    assert read_expression(e, tuple(lets(statement))).lhs == statement.lhs, "the declarations that are printed suffice"


def test_extents_that_meet_are_one_or_assumed_to_be_equal() -> None:
    same = read_statement("conv1d(x, w) == conv1d(x, v)")
    assert {"w: kernel[F, C, c]", "v: kernel[F, C, e]"} <= set(lets(same))
    apart = read_expression("conv1d(conv1d(x, w, groups=2), v, groups=3)")
    (assumed,) = apart.tacit
    assert str(assumed) in ("Eq(p=Poly(2*M - 3*D))", "Eq(p=Poly(3*D - 2*M))")


MISUSE: list[tuple[str, tuple[str, ...], str]] = [
    # ranks
    ("conv1d(x, w)", ("x: signal[:, :, :, :]",), "x has 4 axes: 1 for the places, and one for channels"),
    ("conv2d(x, w)", ("x: signal[:]",), "x has 1 axis: 2 for the places"),
    ("conv1d(x, w)", ("x: signal[C, :]", "w: kernel[3]"), "w has 1 axis where 3 are needed"),
    ("conv1d(x, w)", ("x: signal[C, :]", "w: kernel[F, 3]"), "w has 2 axes where 3 are needed"),
    ("depthwise1d(x, w)", ("x: signal",), "x has 1 axis: 1 for the places"),
    ("avg_pool2d(x, 2)", ("x: signal[:]",), "x has 1 axis where 2 are pooled"),
    ("scale(x, a)", ("x: signal[2, :]", "a: kernel[2, 2]"), "a has 2 axes where 1 is needed"),
    ("pixel_shuffle(x, 2)", ("x: signal[:, :]",), "pixel_shuffle needs a channel axis and two more"),
    ("conv1d(2, w)", (), "2 is a number, not a sequence"),
    ("conv4d(x, w)", (), "conv4d is not known; did you mean conv3d"),
    ("conv1d(x)", (), "conv1d takes 2 operands, not 1"),
    ("conv1d(x, w, b)", (), "conv1d takes 2 operands, not 3"),
    ("upsample_linear(x, s)", ("x: signal",), "without align_corners=True the factors must be numbers"),
    # extents
    ("conv1d(x, w)", ("x: signal[3, :]", "w: kernel[4, 2, 3]"), "an axis has 3 places, and 2 are needed"),
    ("conv1d(x, w, bias=b)", ("x: signal[3, :]", "w: kernel[4, 3, 3]", "b: kernel[5]"), "5 places, and 4 are needed"),
    ("conv1d(x, w, bias=b)", ("x: signal[3, :]", "w: kernel[4, 3, 3]", "b: kernel[4, 1]"),
     "b has 2 axes where 1 is needed"),
    ("pointwise(x, w)", ("x: signal[2, :]", "w: kernel[3, 3]"), "an axis has 2 places, and 3 are needed"),
    ("scale(x, a)", ("x: signal[2, :]", "a: kernel[3]"), "an axis has 2 places, and 3 are needed"),
    # groups
    ("conv1d(x, w, groups=2)", ("x: signal[3, :]", "w: kernel[4, 1, 3]"), "an axis has 3 places, and 2 are needed"),
    ("conv1d(x, w, groups=3)", ("x: signal[3, :]", "w: kernel[4, 1, 3]"), "no sizes were found|places"),
    ("conv1d(x, w, groups=0)", ("x: signal[3, :]", "w: kernel[4, 3, 3]"), "must be at least 1, not 0"),
    ("conv1d(x, w, groups=2)", ("x: signal", "w: kernel[3]"), "groups are groups of channels, and x has none"),
    ("conv1d(x, w, groups=(1, 2))", (), "has 2 entries for one axis"),
    ("depthwise1d(x, w, groups=2)", (), "depthwise1d has no option groups; it has stride, padding, dilation, bias"),
    ("conv1d_weight(x, g, groups=2)", ("x: signal[:, :]",), "groups need the numbers of channels"),
    # options
    ("conv1d(x, w, strid=2)", (), "conv1d has no option strid; it has stride, padding, dilation, groups, bias"),
    ("pixel_shuffle(x, 2, dim=1)", (), "pixel_shuffle has no option dim; it has none"),
    ("conv1d(x, w, stride=2, stride=3)", (), "an option is given twice"),
    ("conv1d(x, w, stride=0)", (), "the stride must be at least 1, not 0"),
    ("conv1d(x, w, dilation=-1)", (), "the dilation must be at least 1, not -1"),
    ("conv1d(x, w, stride=(1, 2))", (), "has 2 entries for one axis"),
    ("conv1d(x, w, padding='some')", (), "padding='some' is not known; write one of valid, same"),
    ("conv1d(x, w, padding=-1)", (), "the padding must be at least 0, not -1"),
    ("pixel_shuffle(x, 0)", ("x: signal[4, :, :]",), "a factor must be at least 1, not 0"),
    # cat
    ("cat([x, y])", ("x: signal[2, :]", "y: signal[3, :, :]"), "as many axes as each other"),
    ("cat([x, y])", ("x: signal[:, :]", "y: signal[3, :]"), "the extent of axis 0 of every part must be known"),
    ("cat([x, y])", ("x: signal[2, 4]", "y: signal[3, 5]"), "an axis has 4 places, and 5 are needed"),
    ("cat([x, y], dim=2)", ("x: signal[2, :]", "y: signal[3, :]"), "there is no axis 2 among 2"),
    ("cat([x, y], dim=-3)", ("x: signal[2, :]", "y: signal[3, :]"), "there is no axis -3 among 2"),
    ("cat([x, y], dim=1)", ("x: signal[2, :]", "y: signal[3, :]"), "the extent of axis 1 of every part must be known"),
    ("cat([x, y], dim=z)", ("x: signal[2, :]", "y: signal[3, :]"), "z is not the number of an axis"),
    ("cat([])", (), "cat takes a list of sequences"),
    ("cat([1, 2])", (), "cat takes a list of sequences"),
    ("cat(x, y)", (), "cat takes 1 operand, not 2"),
    # permute
    *((f"permute(x, {order})", ("x: signal[2, :]",), "does not name each of the 2 axes once")
      for order in ("(0, 0)", "(0, 1, 2)", "(0, 2)", "1", "(1, -1)")),
    ("permute(x, (n, 1))", ("x: signal[2, :]", "n: integer"), "n is not the number of an axis"),
    ("permute(x, (True, 0))", ("x: signal[2, :]",), "is not the number of an axis"),
]  # fmt: skip


@pytest.mark.parametrize(("e", "declared", "message"), MISUSE)
def test_layers_that_do_not_fit_get_one_sentence(e: str, declared: tuple[str, ...], message: str) -> None:
    with pytest.raises(StatementError, match=message) as refusal:
        read_expression(e, declared)
    words = str(refusal.value)
    assert "\n" not in words
    assert len(words) < 250
    assert not words.endswith(".")


@pytest.mark.parametrize("order", ["(0, 1)", "(1, 0)", "(0, -1)", "[1, 0]"])
def test_orders_of_axes(order: str) -> None:
    assert read_expression(f"permute(x, {order})", ("x: signal[2, :]",)).lhs is not None


def test_the_upstream_gradient_of_undeclared_weights() -> None:
    try:
        assert "g: kernel[F, :]" in lets(read_expression("conv1d_weight(x, g)"))
    except StatementError as refusal:
        assert "_b0" not in str(refusal)
