"""`symconv grade`: derivations of others, line by line."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click

from symconv.cli_common import ENGINE, FORMAT, FORMATS, JSON, formats_of, page_base, progress
from symconv.errors import StatementError


@click.command()
@click.argument("paths", nargs=-1, required=True, metavar="FILE…|DIR")
@click.option("--seconds", type=click.FloatRange(1, 3600), default=60.0, show_default=True, help="Time for each file.")
@click.option("--processes", type=click.IntRange(1, 64), default=None, help="How many files at once.  [default: cores]")
@click.option("-o", "output", metavar="PATH", help="Write the marked-up page to PATH.tex, PATH.pdf, …; of several "
              "files, to the folder PATH.")  # fmt: skip
@FORMAT
@ENGINE
@JSON
def grade(paths: tuple[str, ...], seconds: float, processes: int | None, output: str | None, formats: str,
          engine: str, as_json: bool) -> None:  # fmt: skip
    """Read derivations and say of each line whether it follows from the one before.

    A file has 'let' and 'assume' lines and chains of lines with '=' between them; text after '#' is the reason that
    the author gives.  A .tex file is read as LaTeX.  Of a folder, all derivations in it are graded, in parallel.

    Exit status 1 if any derivation has a wrong step, 2 if something was not understood, 3 if something was not
    decided, else 0.  With --json, each file is one object on one line.

    \b
    symconv grade homework.txt
    symconv grade homework.txt -o outputs/homework
    symconv grade submissions/ --json
    """
    from symconv.grading.files import Task, derivations, graded_files

    wanted = formats_of(formats)
    base = page_base(output, wanted)
    found = derivations(paths)
    alone = len(found) == 1 and not Path(paths[0]).is_dir()
    if base is not None and not alone and Path(output or "").suffix[1:] in FORMATS:
        raise StatementError(f"-o {output}: of several files the pages go to a folder: give its name")
    pages = _pages(found, base, alone)
    for page in filter(None, pages):
        for target in {Path(f"{page}.{form}").resolve() for form in wanted} & {Path(p).resolve() for p in found}:
            raise StatementError(f"-o {output}: the page would take the place of {target.name}, a derivation that is "
                                 "graded: give another path")  # fmt: skip
    tasks = [Task(path, seconds, page, wanted, engine) for path, page in zip(found, pages, strict=True)]
    if alone:
        with progress("grading", as_json):
            (told,) = graded_files(tasks, 1)
        _one(told, as_json)
    _many(tasks, processes or os.cpu_count() or 1, as_json)


def _pages(found: list[str], base: Path | None, alone: bool) -> list[str | None]:
    """Where the page of each file goes; equal names get a number."""
    if base is None or alone:
        return [None if base is None else str(base)] * len(found)
    taken: set[str] = set()
    out: list[str | None] = []
    for path in found:
        stem, name, number = Path(path).stem, Path(path).stem, 1
        while name in taken:
            number += 1
            name = f"{stem}-{number}"
        taken.add(name)
        out.append(str(base / name))
    return out


def _one(told: Any, as_json: bool) -> None:
    """The report of one file."""
    if as_json:
        click.echo(json.dumps(told.data, ensure_ascii=False))
    elif "error" in told.data:
        click.echo(f"symconv: {told.text}", err=True)
    else:
        for line in told.text.splitlines():
            bold = "FIRST WRONG STEP" in line
            click.echo(click.style(line, fg="red", bold=True) if bold else line)
        for path, how in told.files:
            click.echo(f"{path}  ({how})")
    sys.exit(told.status)


def _many(tasks: list[Any], processes: int, as_json: bool) -> None:
    """The report of several files: each where it is not right, then a table."""
    from symconv.grading.files import graded_files

    rows: list[tuple[str, int, dict[str, Any]]] = []
    for told in _tracked(graded_files(tasks, processes), len(tasks), as_json):
        if as_json:
            click.echo(json.dumps(told.data, ensure_ascii=False))
        elif "error" not in told.data and told.status:
            click.echo(f"{told.text}\n")
        rows.append((told.path, told.status, _short(told.data)))
    rows.sort(key=lambda row: row[0])
    if not as_json:
        _table(rows)
    statuses = {status for _, status, _ in rows}
    sys.exit(next((s for s in (1, 2, 3) if s in statuses), 0))


def _short(data: dict[str, Any]) -> dict[str, Any]:
    """What the table needs."""
    return {key: data.get(key) for key in ("verdict", "first_wrong", "counts", "error", "seconds")}


def _tracked(found: Iterator[Any], total: int, quiet: bool) -> Iterator[Any]:
    """The same, with a progress bar on a terminal."""
    if quiet or not sys.stderr.isatty():
        yield from found
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    console = Console(stderr=True, no_color="NO_COLOR" in os.environ)
    columns = (TextColumn("grading"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn(),
               TextColumn("{task.fields[last]}"))  # fmt: skip
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task("grading", total=total, last="")
        for told in found:
            bar.update(task, advance=1, last=Path(told.path).name[:40])
            yield told


def _table(rows: list[tuple[str, int, dict[str, Any]]]) -> None:
    """A line for each file, and how many there are of each kind."""
    width = max(len(path) for path, _, _ in rows)
    click.echo(f"{'file':<{width}}  verdict")
    for path, status, data in rows:
        wrong = data["first_wrong"]
        more = f": line {wrong['row']}" if wrong else f": {data['error']}" if data["error"] else ""
        line = f"{path:<{width}}  {data['verdict']}{more}"
        click.echo(click.style(line, fg={1: "red", 2: "yellow", 3: "yellow"}.get(status)))
    kinds = ("right", "wrong", "not understood", "not decided")
    found = [data["verdict"] for _, _, data in rows]
    click.echo(f"{len(rows)} files: {', '.join(f'{found.count(k)} {k}' for k in kinds if k in found)}")
