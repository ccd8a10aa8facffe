"""Pages of what is computed rather than proved: exact numbers, matrices, costs and worked examples."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from symconv.document.costs import cost_document
from symconv.document.matrix_page import matrix_page
from symconv.document.model import Document, Paragraph
from symconv.document.sizes import sizes_document
from symconv.document.values import values_document
from symconv.document.worked_numbers import worked_document
from symconv.expr import text
from symconv.instances.arrays import read_data
from symconv.instances.linear_maps import Answer, read_map
from symconv.instances.run import Run, run
from symconv.library.entry import Example
from symconv.proof.certificate import certificate, check
from symconv.render.environment import environment
from symconv.render.terminal import terminal
from symconv.render.write import write_with_data
from symconv.tactics.costing import Comparison, Costing, certified
from symconv.tactics.integer_unknown import Values
from symconv.tactics.sizing import Sizing


def cost_report(found: Costing | Comparison, values: Mapping[str, int]) -> str:
    """A cost as text for the terminal."""
    return terminal(cost_document(found, values)).strip()


def write_cost(found: Costing | Comparison, values: Mapping[str, int], base: Path | None, formats: Sequence[str],
               engine: str) -> list[tuple[Path, str]]:  # fmt: skip
    """Write base.tex, .pdf, … of a cost, and the certificate of the multiplications or of their ratio, checked."""
    if base is None:
        return []
    theorem = certified(found).theorem if "json" in formats else None
    data = None if theorem is None else certificate(theorem)
    if data is not None:
        check(json.loads(json.dumps(data)))
    return write_with_data(cost_document(found, values), data, "certificate", base, formats, engine)


def values_report(found: Values) -> str:
    """All values of an integer unknown as text for the terminal."""
    head = f"answer: {found.answer or f'every {found.unknown}'}\n" if found.answered else ""
    return f"{head}{found.verdict}: {text.claim(found.statement)}\n\n{terminal(values_document(found)).strip()}"


def write_values(found: Values, base: Path | None, formats: Sequence[str],
                 engine: str) -> list[tuple[Path, str]]:  # fmt: skip
    """Write base.tex, .pdf, … and base.json, base-outside-1.json, …: the certificates of the theorems, checked."""
    if base is None:
        return []
    results = [r for r in (found.inside, *found.outside) if r is not None and r.theorem is not None]
    data = [certificate(r.theorem) for r in results if r.theorem is not None]
    for one in data:
        check(json.loads(json.dumps(one)))
    files = write_with_data(values_document(found), data[0] if data else None, "certificate", base, formats, engine)
    for number, one in enumerate(data[1:] if "json" in formats else (), start=1):
        files += write_with_data(None, one, "certificate", Path(f"{base}-outside-{number}"), ("json",), engine)
    return files


def size_report(found: Sizing, values: Mapping[str, int]) -> str:
    """The extents as text for the terminal."""
    return f"answer: {found.answer}\n\n{terminal(sizes_document(found, values)).strip()}"


def write_sizes(found: Sizing, values: Mapping[str, int], base: Path | None, formats: Sequence[str],
                engine: str) -> list[tuple[Path, str]]:  # fmt: skip
    """Write base.tex, .pdf, … of extents, and the certificate of that on the last axis, checked."""
    if base is None:
        return []
    theorem = found.proofs[-1].theorem
    data = None if theorem is None else certificate(theorem)
    if data is not None:
        check(json.loads(json.dumps(data)))
    return write_with_data(sizes_document(found, values), data, "certificate", base, formats, engine)


def matrix_files(answer: Answer, base: Path, formats: Sequence[str], engine: str) -> list[tuple[Path, str]]:
    """Write base.tex, .pdf, … of a linear map, and its matrix as plain data."""
    return write_with_data(matrix_page(answer), answer.as_data(), "matrix", base, formats, engine)


def run_files(answer: Run, base: Path, formats: Sequence[str], engine: str) -> list[tuple[Path, str]]:
    """Write base.tex, .pdf, … of an expression at numbers, and its value as plain data."""
    return write_with_data(worked_document(answer), answer.as_data(), "value", base, formats, engine)


def worked_example(example: Example) -> Answer | Run:
    """A worked example, worked out."""
    data = read_data(example.given)
    if example.wrt:
        return read_map(example.expression, example.wrt, data, example.let, ())
    return run(example.expression, data, example.let)


def as_expected(example: Example, answer: Answer | Run) -> bool:
    """Whether the numbers, or the entries of the matrix, are those that the source prints."""
    data = answer.as_data()
    return _texts(data["matrix"] if example.wrt else data["value"]) == _texts(example.value)


def _texts(v: object) -> object:
    return [_texts(entry) for entry in v] if isinstance(v, list | tuple) else str(v)


def _example_page(example: Example, answer: Answer | Run) -> Document:
    found = worked_document(answer) if isinstance(answer, Run) else matrix_page(answer)
    lead, source = Paragraph((example.introduction,)), f"Source of the example: {example.source}."
    blocks = (lead, *found.blocks, Paragraph((source,), style="small"))
    return replace(found, title=example.title, subtitle=example.words, blocks=blocks)


def example_text(example: Example, answer: Answer | Run) -> str:
    """A worked example as text for the terminal."""
    return terminal(_example_page(example, answer)).strip()


def example_files(example: Example, answer: Answer | Run, base: Path, formats: Sequence[str],
                  engine: str) -> list[tuple[Path, str]]:  # fmt: skip
    """Write base.tex, .pdf, … of a worked example."""
    return write_with_data(_example_page(example, answer), answer.as_data(), "value", base, formats, engine)


def run_html(answer: Run) -> str:
    """The work of an expression at numbers, for a notebook."""
    return environment("html").get_template("fragment.html.j2").render(document=worked_document(answer))


def run_text(answer: Run) -> str:
    """The work of an expression at numbers, as text."""
    return terminal(worked_document(answer))
