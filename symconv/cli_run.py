"""`symconv run`: the exact value of an expression at given numbers, with the work shown."""

from __future__ import annotations

import time

import click

from symconv.cli_common import formats_of, page_base, page_options, progress, tell


@click.command()
@click.argument("expression")
@click.option("--with", "given", multiple=True, metavar="NUMBERS",
              help="Numbers of a name: 'x=[1, 0, -2]' or 'a=1/2', and sizes: 's=2' or 'c=3,N=8'.")  # fmt: skip
@page_options
def run(expression: str, given: tuple[str, ...], lets: tuple[str, ...], assume: tuple[str, ...], output: str | None,
        formats: str, engine: str, as_json: bool) -> None:  # fmt: skip
    """The exact value of EXPRESSION at given numbers, with the work shown.

    Layers work on the arrays alone, as in PyTorch; conv, corr, up, … give sequences, shown on their whole support.

    \b
    symconv run "conv1d(x, k, stride=2)" --with "x=[1, 0, -2, 3, 1, 2, -1]" --with "k=[1/2, 1, 1/2]"
    symconv run "conv_transpose2d(y, k)" --with "y=[[3, 4], [1, 7]]" --with "k=[[2, 0], [1, -1]]" -o outputs/scatter
    symconv run "corr(x, k, stride=s)" --with "x=[1, 2, 3, 4], k=[1, -1]" --with s=2 --json
    """
    started = time.perf_counter()
    wanted = formats_of(formats)
    base = page_base(output, wanted)
    from symconv.answers import run_files, run_text
    from symconv.instances.arrays import read_data
    from symconv.instances.run import run as evaluate

    with progress("evaluating", as_json):
        answer = evaluate(expression, read_data(given), lets, assume)
        files = [] if base is None else run_files(answer, base, wanted, engine)
    made = {"seconds": round(time.perf_counter() - started, 4), "files": [str(path) for path, _ in files]}
    tell(as_json, lambda: answer.as_data() | made, lambda: run_text(answer), files)
