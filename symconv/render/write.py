"""Writing a document: every format is made first, then put in place, so that nothing is left half-written."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from symconv.document.model import Document
from symconv.errors import RenderError
from symconv.render.compile import pdf
from symconv.render.environment import render
from symconv.render.terminal import terminal


def write(document: Document, base: Path, formats: Sequence[str], engine: str = "auto") -> list[tuple[Path, str]]:
    """Write base.tex, .pdf, .html, .txt as asked; the paths with what made them.  RenderError where one fails."""
    made: list[tuple[Path, bytes, str]] = []
    for form in formats:
        target = Path(f"{base}.{form}")
        if form == "tex":
            made.append((target, render(document, "latex").encode(), "LaTeX"))
        elif form == "html":
            made.append((target, render(document, "html").encode(), "HTML"))
        elif form == "txt":
            made.append((target, (terminal(document) + "\n").encode(), "text"))
        elif form == "pdf":
            content, how = pdf(lambda language: render(document, language), engine)
            made.append((target, content, how))
        else:
            raise RenderError(f"{form} is not a format of pages")
    made.sort(key=lambda item: item[0].suffix == ".pdf")
    for target, _, _ in made:
        if target.is_dir():
            raise RenderError(f"{target} is a folder: choose another name")
    for target, content, _ in made:
        put(target, content)
    return [(target, how) for target, _, how in made]


def write_with_data(document: Document | None, data: object, what: str, base: Path, formats: Sequence[str],
                    engine: str) -> list[tuple[Path, str]]:  # fmt: skip
    """Write a page, and plain data (`what` it is) as base.json, as asked, where there are any; the PDF comes last."""
    base.parent.mkdir(parents=True, exist_ok=True)
    files = [] if document is None else write(document, base, [f for f in formats if f != "json"], engine)
    if "json" in formats and data is not None:
        target = Path(f"{base}.json")
        put(target, (json.dumps(data, indent=1, ensure_ascii=False) + "\n").encode())
        files.append((target, what))
    return sorted(files, key=lambda file: file[0].suffix == ".pdf")


def put(target: Path, content: bytes) -> None:
    """Write a file by way of another name, so that it is whole or not there."""
    partial = target.with_name(target.name + ".part")
    try:
        partial.write_bytes(content)
        partial.replace(target)
    except OSError:
        if partial.is_file():
            partial.unlink()
        raise
