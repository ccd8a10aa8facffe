"""The command line: thin.  Exit status 0 proved or answered, 1 refuted or no answer, 3 unknown, 2 input at fault."""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path
from typing import Any

import click

from symconv.cli_common import (
    ASSUME,
    ENGINE,
    FORMAT,
    JSON,
    LET,
    OUTPUT,
    STYLE,
    WITH,
    OneSentence,
    contents,
    formats_of,
    known_style,
    page_base,
    page_options,
    progress,
    read_claim,
    report,
    sizes_of,
    told_in,
    write_page,
)  # fmt: skip
from symconv.cli_cost import cost
from symconv.cli_example import show_example
from symconv.cli_grade import grade
from symconv.cli_matrix import matrix
from symconv.cli_run import run
from symconv.cli_size import report_values, size
from symconv.errors import StatementError


@click.group(cls=OneSentence, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="symconv")
def main() -> None:
    """Prove statements about convolutions for all sizes, or refute them with the smallest example.

    \b
    symconv prove "corr(x, k) == conv(x, flip(k))"
    symconv prove two-strided-layers -o outputs/two-strided-layers
    symconv solve "corr(corr(x, k, stride=2), k, stride=2) == corr(x, K, stride=4)" --for K
    symconv list
    """


@main.command()
@click.argument("claim")
@page_options
@STYLE
@click.option("--layers", type=int, metavar="R", help="For a library statement about r layers: how many.")
@click.option("--iff", "conditions", multiple=True, metavar="CONDITION", help="Does CLAIM hold exactly there?")
def prove(claim: str, lets: tuple[str, ...], assume: tuple[str, ...], output: str | None, formats: str, engine: str,
          as_json: bool, style: str, layers: int | None, conditions: tuple[str, ...]) -> None:  # fmt: skip
    """Prove CLAIM for all sizes, or refute it.

    CLAIM is an equation, a library name (see 'symconv list') or a file of let, assume and claim lines.

    \b
    symconv prove "corr(corr(x, k, stride=s), h, stride=t) == corr(x, conv(k, up(h, s)), stride=s*t)"
    symconv prove "down(up(x, s), t) == up(down(x, t), s)" --assume "gcd(s, t) == 1"
    symconv prove "a*conv(x, k) == conv(a*x, k)" --let "a: number" --json
    symconv prove r-strided-layers --layers 5 -o outputs/five-layers
    symconv prove strided-layers --style operator
    symconv prove "corr(x, k) == conv(x, k)" --iff "c == 1"
    """
    started = time.perf_counter()
    if conditions:
        if style != "index":
            raise StatementError("--style goes with a proof, and --iff asks where there is one: leave one of them out")
        _prove_iff(lambda more: read_claim(claim, lets, (*assume, *more), layers)[0], conditions, output, formats,
                   engine, as_json, started)  # fmt: skip
        return
    statement, entry = read_claim(claim, lets, assume, layers)
    _prove(statement, entry, style, output, formats, engine, as_json, started)


def _prove(statement: Any, entry: Any, style: str, output: str | None, formats: str, engine: str, as_json: bool,
           started: float, about: dict[str, str] | None = None) -> None:  # fmt: skip
    """Find a proof, tell it in a style, and print it."""
    from symconv.tactics.prove import prove as find_proof

    wanted = formats_of(formats)
    known_style(style)
    with progress("searching", as_json):
        result = find_proof(statement)
        telling = told_in(result, style, entry)
        files = write_page(result, entry, output, wanted, engine, telling)
    report(result, files, started, as_json, entry, about, telling)


def _prove_iff(read: Any, conditions: tuple[str, ...], output: str | None, formats: str, engine: str, as_json: bool,
               started: float) -> None:  # fmt: skip
    """Find whether the claim holds exactly under the conditions, and print it."""
    from symconv.tactics.iff import prove_iff, read_condition

    wanted = formats_of(formats)
    with progress("searching", as_json):
        result = prove_iff(*read_condition(read, conditions))
        files = write_page(result, None, output, wanted, engine)
    report(result, files, started, as_json, None)


@main.command()
@click.argument("claim")
@click.option("--for", "unknown", required=True, metavar="NAME", help="The unknown kernel or integer.")
@page_options
def solve(claim: str, unknown: str, lets: tuple[str, ...], assume: tuple[str, ...], output: str | None, formats: str,
          engine: str, as_json: bool) -> None:  # fmt: skip
    """Find the unknown of CLAIM, a kernel or an integer, and prove the answer.

    Of an integer in a claim between sizes, all values are found: there the claim is proved, elsewhere an inequality.

    \b
    symconv solve "corr(corr(x, k, stride=2), k, stride=2) == corr(x, K, stride=4)" --for K
    symconv solve "up(x, 2) == conv(x, K)" --for K          (has no answer: says why)
    symconv solve "size(conv1d(x, k, stride=2, padding=p)) == N//2" --for p --let "x: signal[N]" --assume "N % 2 == 0"
    """
    started = time.perf_counter()
    if not unknown.isidentifier():
        raise StatementError(f"--for takes one name, not {unknown[:40]!r}")
    from symconv.tactics.integer_unknown import read_integer_unknown
    from symconv.tactics.solve import read_unknown
    from symconv.tactics.solve import solve as find_answer

    wanted = formats_of(formats)
    integers = read_integer_unknown(claim, lets, assume, unknown)
    if integers is not None:
        report_values(integers, unknown, page_base(output, wanted), wanted, engine, as_json, started)
    with progress("solving", as_json):
        result = find_answer(read_unknown(claim, lets, assume, unknown), unknown)
        files = write_page(result, None, output, wanted, engine)
    report(result, files, started, as_json, None)


@main.command()
@click.argument("expression")
@click.option("--wrt", required=True, metavar="NAME", help="The sequence or number to differentiate by.")
@page_options
def grad(expression: str, wrt: str, lets: tuple[str, ...], assume: tuple[str, ...], output: str | None, formats: str,
         engine: str, as_json: bool) -> None:  # fmt: skip
    """The gradient of EXPRESSION by NAME in closed form and as sums, proved.

    \b
    symconv grad "corr(x, k, stride=s, dilation=d, padding=p)" --wrt k
    symconv grad "conv2d(x, w, stride=(s, t), groups=G)" --wrt x
    symconv grad "relu(corr(x, k))" --wrt k -o outputs/relu
    """
    _differentiate("grad", expression, wrt, lets, assume, output, formats, engine, as_json)


@main.command()
@click.argument("expression")
@click.option("--wrt", required=True, metavar="NAME", help="The sequence in which the expression is linear.")
@page_options
def adjoint(expression: str, wrt: str, lets: tuple[str, ...], assume: tuple[str, ...], output: str | None,
            formats: str, engine: str, as_json: bool) -> None:  # fmt: skip
    """The adjoint of the linear map NAME ↦ EXPRESSION, applied to a new sequence, in closed form and proved.

    \b
    symconv adjoint "conv2d(x, w, stride=s, dilation=d)" --wrt x
    """
    _differentiate("adjoint", expression, wrt, lets, assume, output, formats, engine, as_json)


def _differentiate(kind: str, expression: str, wrt: str, lets: tuple[str, ...], assume: tuple[str, ...],
                   output: str | None, formats: str, engine: str, as_json: bool) -> None:  # fmt: skip
    started = time.perf_counter()
    from symconv.tactics.gradient import gradient, gradient_statement

    wanted = formats_of(formats)
    with progress("differentiating", as_json):
        result = gradient(gradient_statement(expression, wrt, lets, assume, kind))
        files = write_page(result, None, output, wanted, engine)
    report(result, files, started, as_json, None)


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
    statement, _ = read_claim(claim, lets, assume)
    with progress("expanding", as_json):
        from symconv.instances import show
        from symconv.instances.expand import expand as expand_instance

        instance = expand_instance(statement, sizes_of(sizes))
    click.echo(json.dumps(show.as_data(instance), ensure_ascii=False) if as_json else show.as_text(instance))
    sys.exit(0 if instance.agrees else 1)


main.add_command(matrix)
main.add_command(run)


def _check_iff(data: dict[str, Any], as_json: bool) -> None:
    """Replay what is proved under each alternative of a condition, and say what is not replayed."""
    from symconv.errors import CertificateError
    from symconv.expr import text
    from symconv.proof.certificate import check as check_certificate

    parts = data["certificates"]
    if not isinstance(parts, list) or not parts:
        raise CertificateError("there are no certificates in this file")
    replayed = [check_certificate(part).statement for part in parts]
    claims = [{"statement": text.claim(s), "assumptions": [*text.lets(s), *text.assumptions(s)]} for s in replayed]
    open_part = f"that the claim fails for all other sizes than {data['iff']}: this was decided by isl"
    if as_json:
        click.echo(json.dumps({"verdict": "proved", "alternatives": claims, "not_replayed": open_part}))
        return
    for c in claims:
        click.echo(f"proved: {c['statement']}\nfor all {', '.join(c['assumptions'])}")
    click.echo(f"not replayed: {open_part}")


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
        data = json.loads(contents(Path(file)))
    except (ValueError, RecursionError) as error:
        raise CertificateError(f"{file} is not JSON: {error}") from None
    if isinstance(data, dict) and "verdict" in data:
        raise CertificateError(
            f"{file} records a verdict ({data['verdict']}), not a certificate: only proofs are replayed"
        )
    if isinstance(data, dict) and set(data) == {"iff", "certificates"}:
        _check_iff(data, as_json)
        return
    theorem = check_certificate(data)
    s = theorem.statement
    rules: dict[str, int] = {}
    for step in theorem.lines:
        rules[step.rule] = rules.get(step.rule, 0) + 1
    if as_json:
        click.echo(json.dumps({"verdict": "proved", "statement": text.claim(s),
                               "assumptions": [*text.lets(s), *text.assumptions(s)],
                               "lines": len(theorem.lines), "rules": rules}))  # fmt: skip
        return
    click.echo(f"proved: {text.claim(s)}")
    click.echo(f"for all {', '.join(text.lets(s))}")
    if text.places(s):
        click.echo(f"at the places {text.places(s)}")
    if text.assumptions(s):
        click.echo(f"assuming {', '.join(text.assumptions(s))}")
    click.echo(
        f"{len(theorem.lines)} lines replayed; rules: {', '.join(f'{r} ({n})' for r, n in sorted(rules.items()))}"
    )


@main.command("list")
@JSON
def list_entries(as_json: bool) -> None:
    """The library: every named statement, by topic."""
    from symconv.library.catalogue import listed

    topics = listed()
    if as_json:
        click.echo(json.dumps([{"name": e.name, "title": e.title, "topic": topic, "verdict": e.verdict,
                                "claim": e.claim}
                               for topic, entries in topics for e in entries]))  # fmt: skip
        return
    for topic, entries in topics:
        click.echo(click.style(topic, bold=True))
        width = max(len(e.name) for e in entries)
        for e in entries:
            mark = "✗" if e.verdict == "refuted" else " "
            click.echo(f"  {mark} {e.name:<{width}}  {e.title}")
    click.echo("✗ marks statements that are wrong and are refuted.")


@main.command()
@click.argument("name")
@click.option("--layers", type=int, metavar="R", help="For a statement about r layers: how many.")
@OUTPUT
@FORMAT
@ENGINE
@JSON
@STYLE
def show(name: str, layers: int | None, output: str | None, formats: str, engine: str, as_json: bool,
         style: str) -> None:  # fmt: skip
    """A library statement with its proof or refutation.

    \b
    symconv show noble-down
    symconv show noble-down --style operator
    symconv show r-strided-layers --layers 4
    symconv show scatter-by-numbers
    """
    started = time.perf_counter()
    from symconv.library import catalogue

    if name in catalogue.WORKED and layers is None:
        show_example(catalogue.WORKED[name], style, output, formats, engine, as_json)
    entry = catalogue.find(name, layers)
    about = {"name": entry.name, "title": entry.title, "words": entry.words, "source": entry.source}
    _prove(catalogue.statement(entry), entry, style, output, formats, engine, as_json, started, about)


@main.command()
def doctor() -> None:
    """What is installed, what is missing, and what to do about it."""
    from symconv.render.compile import engines

    click.echo(f"Python   {sys.version.split()[0]}")
    for name in ("sympy", "islpy", "jinja2", "lark", "typst", "click", "rich"):
        click.echo(f"{name:<8} {_version(name)}")
    for engine, words in engines():
        click.echo(f"{engine:<8} {words}")


main.add_command(cost)
main.add_command(grade)
main.add_command(size)


def _version(name: str) -> str:
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version(name)
    except PackageNotFoundError:
        return f"missing: pip install {name}"
