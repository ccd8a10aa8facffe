"""What the commands share: options, messages in one sentence, reading claims, printing verdicts."""

from __future__ import annotations

import json
import os
import re
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NoReturn

import click

from symconv.errors import StatementError, SymconvError
from symconv.expr.claim import read_file, read_statement
from symconv.expr.statement import Statement
from symconv.tactics.data import as_data

STATUS = {"proved": 0, "answered": 0, "refuted": 1, "none": 1, "unknown": 3}
FORMATS = ("tex", "pdf", "html", "txt", "json")
DEFAULT_FORMATS = "tex,pdf,json"

LET = click.option("--let", "lets", multiple=True, metavar="LINE",
                   help="A declaration or definition: 'k: kernel[c]', 'a: number', 'y = corr(x, k)'.")  # fmt: skip
ASSUME = click.option("--assume", "assume", multiple=True, metavar="CONDITION",
                      help="An assumption: 'gcd(s, t) == 1', 's <= t', 'h == k'.")  # fmt: skip
JSON = click.option("--json", "as_json", is_flag=True, help="Print one JSON object instead of text.")
OUTPUT = click.option("-o", "output", type=click.Path(dir_okay=False), metavar="PATH",
                      help="Write the page to PATH.tex, PATH.pdf, … (no ending).")  # fmt: skip
FORMAT = click.option("--format", "formats", default=DEFAULT_FORMATS, show_default=True, metavar="LIST",
                      help=f"What -o writes: any of {', '.join(FORMATS)}.")  # fmt: skip
ENGINE = click.option("--engine", type=click.Choice(["auto", "latex", "typst"]), default="auto", show_default=True,
                      help="What makes the PDF; 'latex' fails rather than falls back.")  # fmt: skip
STYLE = click.option("--style", default="index", show_default=True, metavar="STYLE",
                     help="How a proof is told: index (sums), operator (identities), ztransform, matrix.")  # fmt: skip
WITH = click.option("--with", "sizes", default="", metavar="SIZES", help="Concrete sizes: 'c=3,N=8'.")


def page_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options of a command that reads expressions, answers and may write a page."""
    for option in (JSON, ENGINE, FORMAT, OUTPUT, ASSUME, LET):
        command = option(command)
    return command


class OneSentence(click.Group):
    """Errors in one sentence, exit status 2, no traceback."""

    def main(self, *args: Any, standalone_mode: bool = True, **extra: Any) -> Any:
        """Run, and say in one sentence what is wrong with the options."""
        if not standalone_mode:
            return super().main(*args, standalone_mode=False, **extra)
        try:
            sys.exit(super().main(*args, standalone_mode=False, **extra))
        except click.exceptions.NoArgsIsHelpError as help_text:
            click.echo(help_text.format_message())
            sys.exit(0)
        except click.ClickException as error:
            fail(error.format_message())
        except click.Abort:
            sys.exit(130)

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except SymconvError as error:
            fail(str(error))
        except RecursionError:
            fail("the input is nested too deeply")
        except BrokenPipeError:  # The reader has seen enough.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            sys.exit(1)
        except OSError as error:
            fail(f"{error.filename or 'a file'}: {error.strerror}")
        except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError) as error:
            fail(f"no verdict: something went wrong inside ({type(error).__name__}: {error}); please report it", 3)


def fail(message: str, status: int = 2) -> NoReturn:
    click.echo(f"symconv: {' '.join(message.split())}", err=True)
    sys.exit(status)


@contextmanager
def progress(words: str, quiet: bool) -> Iterator[None]:
    """A spinner on stderr for anything that takes more than a second."""
    if quiet or not sys.stderr.isatty():
        yield
        return
    import threading

    done = threading.Event()

    def spin() -> None:
        if done.wait(1.0):
            return
        from rich.console import Console

        with Console(stderr=True, no_color="NO_COLOR" in os.environ).status(words):
            done.wait()

    thread = threading.Thread(target=spin, daemon=True)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()


def sizes_of(text: str) -> dict[str, int]:
    out: dict[str, int] = {}
    for part in filter(None, (p.strip() for p in text.split(","))):
        name, _, value = part.partition("=")
        try:
            out[name.strip()] = int(value)
        except ValueError:
            raise StatementError(f"--with {part[:40]!r}: write a name and a whole number, as in c=3") from None
    return out


def read_claim(text: str, lets: tuple[str, ...], assume: tuple[str, ...],
          layers: int | None = None) -> tuple[Statement, Any]:  # fmt: skip
    """The statement of a claim, a claim file or a library name, and the library entry where it is one."""
    if _is_file(text):
        claim, file_lets, file_assume = read_file(contents(Path(text)), text)
        return read_statement(claim, (*file_lets, *lets), (*file_assume, *assume)), None
    if text.replace("-", "").isalnum():
        from symconv.library import catalogue

        entry = catalogue.find(text, layers)
        return catalogue.statement(entry, lets, assume), entry
    if layers is not None:
        raise StatementError("--layers goes with a library statement about r layers")
    if re.fullmatch(r"[\w./\\-]+\.\w+", text):
        raise StatementError(f"{text[:60]}: there is no such file; a claim is an equation 'left == right'")
    return read_statement(text, lets, assume), None


def _is_file(text: str) -> bool:
    """Whether the text names a file and not an entry of the library."""
    if not text.strip() or "==" in text or len(text) > 1000 or "\0" in text or not Path(text).exists():
        return False
    from symconv.library.catalogue import BY_NAME

    return text not in BY_NAME


def contents(path: Path) -> str:
    if path.stat().st_size > 1_000_000:
        raise StatementError(f"{path} is larger than 1 MB")
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise StatementError(f"{path} is not text in UTF-8") from None


def formats_of(text: str) -> tuple[str, ...]:
    wanted = tuple(dict.fromkeys(f.strip() for f in text.split(",") if f.strip()))
    for f in wanted:
        if f not in FORMATS:
            raise StatementError(f"--format {f!r} is not known; known are {', '.join(FORMATS)}")
    if not wanted:
        raise StatementError(f"--format is empty: name some of {', '.join(FORMATS)}")
    return wanted


def known_style(style: str) -> None:
    """StatementError for a style of telling that is not known."""
    if style != "index":
        from symconv.document.telling import known

        known(style)


def told_in(result: Any, style: str, entry: Any) -> Any:
    """The proof told in a style other than sums."""
    if style == "index":
        return None
    from symconv.pages import told

    return told(result, style, entry)


def write_page(
    result: Any, entry: Any, output: str | None, wanted: tuple[str, ...], engine: str, style: Any = None
) -> list[tuple[Path, str]]:
    """The files of a verdict, where -o asks for them."""
    base = page_base(output, wanted)
    if base is None:
        return []
    from symconv.pages import write_files

    return write_files(result, entry, base, wanted, engine, style)


def page_base(output: str | None, wanted: tuple[str, ...]) -> Path | None:
    """The path of the page without its ending; None where -o asks for none."""
    if output is None:
        if wanted != formats_of(DEFAULT_FORMATS):
            raise StatementError("--format says what -o writes: give the path too, as in -o outputs/page")
        return None
    if not output.strip():
        raise StatementError("-o is empty: give the path of the page without its ending, as in -o outputs/page")
    base = Path(output)
    return base.with_suffix("") if base.suffix[1:] in FORMATS else base


def tell(as_json: bool, data: Callable[[], dict[str, Any]], text: Callable[[], str],
         files: Iterable[tuple[Path | str, str]]) -> None:  # fmt: skip
    """Print an answer as one JSON object, or as text with the files that were written."""
    if as_json:
        click.echo(json.dumps(data(), ensure_ascii=False))
        return
    click.echo(text())
    for path, how in files:
        click.echo(f"{path}  ({how})")


def report(result: Any, files: list[tuple[Path, str]], started: float, as_json: bool, entry: Any,
           about: dict[str, str] | None = None, style: Any = None) -> NoReturn:  # fmt: skip
    """Print the verdict; of an entry that is shown, with what is said `about` it, status 0 where it is as expected."""
    seconds = time.perf_counter() - started

    def data() -> dict[str, Any]:
        telling = {"style": "index" if result.verdict == "proved" else None, "telling": [], "note": None}
        if style is not None:
            from symconv.pages import told_as_data

            telling = told_as_data(style)
        return {**(about or {}), **as_data(result, files, seconds), **telling}

    def text() -> str:
        from symconv.pages import terminal_report

        return terminal_report(result, entry, style)

    tell(as_json, data, text, files)
    sys.exit(0 if about and result.verdict == entry.verdict else STATUS[result.verdict])
