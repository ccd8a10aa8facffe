"""`symconv matrix`: the matrix of a linear map, its transpose read as the adjoint, and its page."""

from __future__ import annotations

import time

import click

from symconv.cli_common import formats_of, page_base, page_options, progress, tell


@click.command()
@click.argument("expression")
@click.option("--wrt", required=True, metavar="NAME", help="The sequence in which the expression is linear.")
@click.option("--with", "given", multiple=True, metavar="SIZES",
              help="Sizes and numbers: 'N=7,c=3' or 'k=[1/2, 1, 1/2]'; N, H and W are extents.")  # fmt: skip
@page_options
def matrix(expression: str, wrt: str, given: tuple[str, ...], lets: tuple[str, ...], assume: tuple[str, ...],
           output: str | None, formats: str, engine: str, as_json: bool) -> None:  # fmt: skip
    """The matrix of the linear map NAME ↦ EXPRESSION at concrete sizes, and its transpose as the adjoint.

    \b
    symconv matrix "conv1d(x, k, stride=2)" --wrt x --let "x: signal[7]" --with "k=[1/2, 1, 1/2]"
    symconv matrix "corr(x, k, stride=2)" --wrt x --with N=7,c=3
    symconv matrix "conv2d(x, w)" --wrt x --with H=4,W=4 -o outputs/image
    """
    started = time.perf_counter()
    wanted = formats_of(formats)
    base = page_base(output, wanted)
    from symconv.answers import matrix_files
    from symconv.document.matrix_page import matrix_page
    from symconv.instances.arrays import read_data
    from symconv.instances.linear_maps import read_map
    from symconv.render.terminal import terminal

    with progress("writing the matrix out", as_json):
        answer = read_map(expression, wrt, read_data(given), lets, assume)
        files = [] if base is None else matrix_files(answer, base, wanted, engine)
    made = {"files": [str(path) for path, _ in files], "seconds": round(time.perf_counter() - started, 4)}
    transpose = f"transpose: {answer.transpose or 'no closed form was found'}"
    tell(as_json, lambda: answer.as_data() | made, lambda: f"{terminal(matrix_page(answer))}\n\n{transpose}", files)
