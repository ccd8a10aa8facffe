"""`symconv size`, and what `symconv solve` answers of integers."""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import Any, NoReturn

import click

from symconv.cli_common import STATUS, WITH, formats_of, page_base, page_options, progress, sizes_of, tell


@click.command()
@click.argument("expression")
@WITH
@page_options
def size(expression: str, sizes: str, lets: tuple[str, ...], assume: tuple[str, ...], output: str | None, formats: str,
         engine: str, as_json: bool) -> None:  # fmt: skip
    """The extent of EXPRESSION on every axis, and the receptive field, jump and start of its layers, proved.

    The extents of inputs must be declared.  -o also writes the certificate of the extent on the last axis.

    \b
    symconv size "conv1d(conv1d(x, k, stride=2, padding=p), h)" --let "x: signal[N]" --let "k: kernel[c]"
    symconv size "conv2d(max_pool2d(x, 2), w)" --let "x: signal[C, H, W]" --with C=3,H=32,W=32
    """
    started = time.perf_counter()
    from symconv.answers import size_report, write_sizes
    from symconv.tactics.sizing import as_data, checked, find_sizes

    wanted, values = formats_of(formats), sizes_of(sizes)
    with progress("measuring", as_json):
        found = find_sizes(expression, lets, assume)
        checked(found, values)
        files = write_sizes(found, values, page_base(output, wanted), wanted, engine)
    seconds = time.perf_counter() - started
    tell(as_json, lambda: as_data(found, values, files, seconds), lambda: size_report(found, values), files)


def report_values(statement: Any, unknown: str, base: Path | None, wanted: tuple[str, ...], engine: str, as_json: bool,
                  started: float) -> NoReturn:  # fmt: skip
    """Find all values of an integer, print them, and write the page and the certificates."""
    from symconv.answers import values_report, write_values
    from symconv.tactics.integer_unknown import as_data, solve_integer

    with progress("solving", as_json):
        found = solve_integer(statement, unknown)
        files = write_values(found, base, wanted, engine)
    seconds = time.perf_counter() - started
    tell(as_json, lambda: as_data(found, files, seconds), lambda: values_report(found), files)
    sys.exit(STATUS[found.verdict])
