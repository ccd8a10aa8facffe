"""`symconv size`, and what `symconv solve` answers of integers."""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path
from typing import Any, NoReturn

import click

from symconv.cli_common import STATUS, progress


def report_values(statement: Any, unknown: str, base: Path | None, wanted: tuple[str, ...], engine: str, as_json: bool,
                  started: float) -> NoReturn:  # fmt: skip
    """Find all values of an integer, print them, and write the page and the certificates."""
    from symconv.answers import values_report, write_values
    from symconv.tactics.integer_unknown import as_data, solve_integer

    with progress("solving", as_json):
        found = solve_integer(statement, unknown)
        files = write_values(found, base, wanted, engine)
    if as_json:
        click.echo(json.dumps(as_data(found, files, time.perf_counter() - started), ensure_ascii=False))
    else:
        click.echo(values_report(found))
        for path, how in files:
            click.echo(f"{path}  ({how})")
    sys.exit(STATUS[found.verdict])
