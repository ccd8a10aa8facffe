"""Whole pages, letter by letter: the text that a person reads beside the LaTeX that a student hands in."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from symconv.document.model import Document
from symconv.render.environment import render
from symconv.render.terminal import terminal


@pytest.mark.parametrize("name", ["two-strided-layers", "refuted", "two-dimensions"])
def test_page(name: str, page: Callable[[str], Document], golden: Callable[..., None]) -> None:
    golden(terminal(page(name)) + "\n", "txt")
    golden(render(page(name), "latex"), "tex")
