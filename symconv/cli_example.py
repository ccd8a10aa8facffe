"""`symconv show` for a worked example of the library: worked out, compared with what must come out, and shown."""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING, NoReturn

from symconv.cli_common import formats_of, page_base, progress, tell
from symconv.errors import StatementError

if TYPE_CHECKING:
    from symconv.library.entry import Example


def show_example(example: Example, style: str, output: str | None, formats: str, engine: str,
                 as_json: bool) -> NoReturn:  # fmt: skip
    """Print or write the page of an example; exit status 1 where something else comes out than the source prints."""
    if style != "index":
        raise StatementError(f"{example.name} is a worked example: it has no proof to be told in the style {style}")
    started = time.perf_counter()
    wanted = formats_of(formats)
    base = page_base(output, wanted)
    from symconv import answers

    with progress("working it out", as_json):
        answer = answers.worked_example(example)
        files = [] if base is None else answers.example_files(example, answer, base, wanted, engine)
    right = answers.as_expected(example, answer)
    about = {"name": example.name, "title": example.title, "words": example.words, "source": example.source}
    made = {"as_expected": right, "files": [str(path) for path, _ in files],
            "seconds": round(time.perf_counter() - started, 4)}  # fmt: skip
    tell(as_json, lambda: about | answer.as_data() | made, lambda: answers.example_text(example, answer), files)
    sys.exit(0 if right else 1)
