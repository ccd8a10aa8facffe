"""The command line: thin.  Exit status 0 proved or answered, 1 refuted or no answer, 3 unknown, 2 input at fault."""

from __future__ import annotations

import json
import os
import re
import sys
import time
from collections.abc import Iterator
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
WITH = click.option("--with", "sizes", default="", metavar="SIZES", help="Concrete sizes: 'c=3,N=8'.")


class _Group(click.Group):
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
            _fail(error.format_message())
        except click.Abort:
            sys.exit(130)

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except SymconvError as error:
            _fail(str(error))
        except RecursionError:
            _fail("the input is nested too deeply")
        except BrokenPipeError:  # The reader has seen enough.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            sys.exit(1)
        except OSError as error:
            _fail(f"{error.filename or 'a file'}: {error.strerror}")
        except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError) as error:
            _fail(f"no verdict: something went wrong inside ({type(error).__name__}: {error}); please report it", 3)


def _fail(message: str, status: int = 2) -> NoReturn:
    click.echo(f"symconv: {' '.join(message.split())}", err=True)
    sys.exit(status)


@click.group(cls=_Group, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="symconv")
def main() -> None:
    """Prove statements about convolutions for all sizes, or refute them with the smallest example.

    \b
    symconv prove "corr(x, k) == conv(x, flip(k))"
    symconv prove two-strided-layers -o outputs/two-strided-layers
    symconv solve "corr(corr(x, k, stride=2), k, stride=2) == corr(x, K, stride=4)" --for K
    symconv list
    """


@contextmanager
def _progress(words: str, quiet: bool) -> Iterator[None]:
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


def _sizes(text: str) -> dict[str, int]:
    out: dict[str, int] = {}
    for part in filter(None, (p.strip() for p in text.split(","))):
        name, _, value = part.partition("=")
        try:
            out[name.strip()] = int(value)
        except ValueError:
            raise StatementError(f"--with {part[:40]!r}: write a name and a whole number, as in c=3") from None
    return out


def _read(text: str, lets: tuple[str, ...], assume: tuple[str, ...],
          layers: int | None = None) -> tuple[Statement, Any]:  # fmt: skip
    """The statement of a claim, a claim file or a library name, and the library entry where it is one."""
    if _is_file(text):
        claim, file_lets, file_assume = read_file(_contents(Path(text)), text)
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


def _contents(path: Path) -> str:
    if path.stat().st_size > 1_000_000:
        raise StatementError(f"{path} is larger than 1 MB")
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise StatementError(f"{path} is not text in UTF-8") from None


@main.command()
@click.argument("claim")
@LET
@ASSUME
@OUTPUT
@FORMAT
@ENGINE
@JSON
@click.option("--layers", type=int, metavar="R", help="For a library statement about r layers: how many.")
def prove(claim: str, lets: tuple[str, ...], assume: tuple[str, ...], output: str | None, formats: str, engine: str,
          as_json: bool, layers: int | None) -> None:  # fmt: skip
    """Prove CLAIM for all sizes, or refute it.

    CLAIM is an equation, a library name (see 'symconv list') or a file of let, assume and claim lines.

    \b
    symconv prove "corr(corr(x, k, stride=s), h, stride=t) == corr(x, conv(k, up(h, s)), stride=s*t)"
    symconv prove "down(up(x, s), t) == up(down(x, t), s)" --assume "gcd(s, t) == 1"
    symconv prove "a*conv(x, k) == conv(a*x, k)" --let "a: number" --json
    symconv prove r-strided-layers --layers 5 -o outputs/five-layers
    """
    started = time.perf_counter()
    statement, entry = _read(claim, lets, assume, layers)
    from symconv.tactics.prove import prove as find_proof

    wanted = _formats(formats)
    with _progress("searching", as_json):
        result = find_proof(statement)
        files = _write(result, entry, output, wanted, engine)
    _report(result, files, started, as_json, entry)


@main.command()
@click.argument("claim")
@click.option("--for", "unknown", required=True, metavar="NAME", help="The unknown sequence.")
@LET
@ASSUME
@OUTPUT
@FORMAT
@ENGINE
@JSON
def solve(claim: str, unknown: str, lets: tuple[str, ...], assume: tuple[str, ...], output: str | None, formats: str,
          engine: str, as_json: bool) -> None:  # fmt: skip
    """Find the unknown kernel of CLAIM, and prove the claim with the answer in place.

    \b
    symconv solve "corr(corr(x, k, stride=2), k, stride=2) == corr(x, K, stride=4)" --for K
    symconv solve "up(x, 2) == conv(x, K)" --for K          (has no answer: says why)
    """
    started = time.perf_counter()
    if not unknown.isidentifier():
        raise StatementError(f"--for takes one name, not {unknown[:40]!r}")
    from symconv.tactics.solve import read_unknown
    from symconv.tactics.solve import solve as find_answer

    wanted = _formats(formats)
    with _progress("solving", as_json):
        result = find_answer(read_unknown(claim, lets, assume, unknown), unknown)
        files = _write(result, None, output, wanted, engine)
    _report(result, files, started, as_json, None)


def _formats(text: str) -> tuple[str, ...]:
    wanted = tuple(dict.fromkeys(f.strip() for f in text.split(",") if f.strip()))
    for f in wanted:
        if f not in FORMATS:
            raise StatementError(f"--format {f!r} is not known; known are {', '.join(FORMATS)}")
    if not wanted:
        raise StatementError(f"--format is empty: name some of {', '.join(FORMATS)}")
    return wanted


def _write(result: Any, entry: Any, output: str | None, wanted: tuple[str, ...], engine: str) -> list[tuple[Path, str]]:
    """The files of a verdict, where -o asks for them."""
    if output is None:
        if wanted != _formats(DEFAULT_FORMATS):
            raise StatementError("--format says what -o writes: give the path too, as in -o outputs/page")
        return []
    if not output.strip():
        raise StatementError("-o is empty: give the path of the page without its ending, as in -o outputs/page")
    from symconv.pages import write_files

    base = Path(output)
    return write_files(result, entry, base.with_suffix("") if base.suffix[1:] in FORMATS else base, wanted, engine)


def _report(result: Any, files: list[tuple[Path, str]], started: float, as_json: bool, entry: Any,
            about: dict[str, str] | None = None) -> NoReturn:  # fmt: skip
    """Print the verdict; of an entry that is shown, with what is said `about` it, status 0 where it is as expected."""
    seconds = time.perf_counter() - started
    if as_json:
        click.echo(json.dumps({**(about or {}), **as_data(result, files, seconds)}, ensure_ascii=False))
    else:
        from symconv.pages import terminal_report

        click.echo(terminal_report(result, entry))
        for path, how in files:
            click.echo(f"{path}  ({how})")
    sys.exit(0 if about and result.verdict == entry.verdict else STATUS[result.verdict])


@main.command()
@click.argument("claim")
@WITH
@LET
@ASSUME
@JSON
def expand(claim: str, sizes: str, lets: tuple[str, ...], assume: tuple[str, ...], as_json: bool) -> None:
    """One concrete instance of CLAIM, with taps and samples as symbols: every output, and the collected kernel.

    \b
    symconv expand two-strided-layers --with c=3,N=16
    symconv expand "corr(x, k) == conv(x, flip(k))" --with c=3
    """
    statement, _ = _read(claim, lets, assume)
    with _progress("expanding", as_json):
        from symconv.instances import show
        from symconv.instances.expand import expand as expand_instance

        instance = expand_instance(statement, _sizes(sizes))
    click.echo(json.dumps(show.as_data(instance), ensure_ascii=False) if as_json else show.as_text(instance))
    sys.exit(0 if instance.agrees else 1)


@main.command()
@click.argument("file", type=click.Path(exists=False))
@JSON
def check(file: str, as_json: bool) -> None:
    """Replay a certificate with the trusted part alone, and report what it rests on.

    \b
    symconv check outputs/two-strided-layers.json
    """
    from symconv.errors import CertificateError
    from symconv.expr import text
    from symconv.proof.certificate import check as check_certificate

    try:
        data = json.loads(_contents(Path(file)))
    except (ValueError, RecursionError) as error:
        raise CertificateError(f"{file} is not JSON: {error}") from None
    if isinstance(data, dict) and "verdict" in data:
        raise CertificateError(
            f"{file} records a verdict ({data['verdict']}), not a certificate: only proofs are replayed"
        )
    theorem = check_certificate(data)
    s = theorem.statement
    rules: dict[str, int] = {}
    for step in theorem.steps:
        rules[step.rule] = rules.get(step.rule, 0) + 1
    if as_json:
        click.echo(json.dumps({"verdict": "proved", "statement": text.claim(s),
                               "assumptions": [*text.lets(s), *text.assumptions(s)],
                               "lines": len(theorem.steps), "rules": rules}))  # fmt: skip
        return
    click.echo(f"proved: {text.claim(s)}")
    click.echo(f"for all {', '.join(text.lets(s))}")
    if text.assumptions(s):
        click.echo(f"assuming {', '.join(text.assumptions(s))}")
    click.echo(
        f"{len(theorem.steps)} lines replayed; rules: {', '.join(f'{r} ({n})' for r, n in sorted(rules.items()))}"
    )


@main.command("list")
@JSON
def list_entries(as_json: bool) -> None:
    """The library: every named statement, by topic."""
    from symconv.library.catalogue import TOPICS

    if as_json:
        click.echo(json.dumps([{"name": e.name, "title": e.title, "topic": topic, "verdict": e.verdict,
                                "claim": e.claim}
                               for topic, entries in TOPICS for e in entries]))  # fmt: skip
        return
    for topic, entries in TOPICS:
        click.echo(click.style(topic, bold=True))
        width = max(len(e.name) for e in entries)
        for e in entries:
            mark = " " if e.verdict == "proved" else "✗"
            click.echo(f"  {mark} {e.name:<{width}}  {e.title}")
    click.echo("✗ marks statements that are wrong and are refuted.")


@main.command()
@click.argument("name")
@click.option("--layers", type=int, metavar="R", help="For a statement about r layers: how many.")
@OUTPUT
@FORMAT
@ENGINE
@JSON
def show(name: str, layers: int | None, output: str | None, formats: str, engine: str, as_json: bool) -> None:
    """A library statement with its proof or refutation.

    \b
    symconv show noble-down
    symconv show r-strided-layers --layers 4
    """
    started = time.perf_counter()
    from symconv.library import catalogue
    from symconv.tactics.prove import prove as find_proof

    entry = catalogue.find(name, layers)
    statement = catalogue.statement(entry)
    wanted = _formats(formats)
    with _progress("searching", as_json):
        result = find_proof(statement)
        files = _write(result, entry, output, wanted, engine)
    about = {"name": entry.name, "title": entry.title, "words": entry.words, "source": entry.source}
    _report(result, files, started, as_json, entry, about)


@main.command()
def doctor() -> None:
    """What is installed, what is missing, and what to do about it."""
    from symconv.render.compile import engines

    click.echo(f"Python   {sys.version.split()[0]}")
    for name in ("sympy", "jinja2", "typst", "click", "rich"):
        click.echo(f"{name:<8} {_version(name)}")
    for engine, words in engines():
        click.echo(f"{engine:<8} {words}")


def _version(name: str) -> str:
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version(name)
    except PackageNotFoundError:
        return f"missing: pip install {name}"
