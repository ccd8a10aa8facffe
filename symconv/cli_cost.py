"""`symconv cost`: parameters and multiplications of an expression, and of two in comparison."""

from __future__ import annotations

import time

import click

from symconv.cli_common import WITH, formats_of, page_base, page_options, progress, sizes_of, tell


@click.command()
@click.argument("expression")
@click.option("--against", metavar="EXPRESSION", help="Another expression, to whose cost this one's is compared.")
@WITH
@page_options
def cost(expression: str, against: str | None, sizes: str, lets: tuple[str, ...], assume: tuple[str, ...],
         output: str | None, formats: str, engine: str, as_json: bool) -> None:  # fmt: skip
    """The parameters and multiplications of the layers of EXPRESSION, as formulas in the sizes, proved.

    The extents of inputs must be declared.  With --against, the ratio to another expression's.  -o also writes the
    certificate of the number of multiplications, or of its ratio.

    \b
    symconv cost "conv2d(x, w, stride=s)" --let "x: signal[C, H, W]"
    symconv cost "pointwise(depthwise2d(x, d), p)" --against "conv2d(x, w)" --let "x: signal[C, H, W]"
        --let "d: kernel[C, c, c]" --let "p: kernel[F, C]" --let "w: kernel[F, C, c, c]" --with F=12,c=3
    """
    started = time.perf_counter()
    from symconv.answers import cost_report, write_cost
    from symconv.tactics.costing import as_data, checked, compare
    from symconv.tactics.costing import cost as find_cost

    wanted, values = formats_of(formats), sizes_of(sizes)
    with progress("counting", as_json):
        found = find_cost(expression, lets, assume) if against is None else compare(expression, against, lets, assume)
        checked(found, values)
        files = write_cost(found, values, page_base(output, wanted), wanted, engine)
    seconds = time.perf_counter() - started
    tell(as_json, lambda: as_data(found, values, files, seconds), lambda: cost_report(found, values), files)
