"""What all tests share: pages of every kind, golden files, and which tests need a TeX engine or a browser."""

from __future__ import annotations

import difflib
import os
import re
import shutil
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest

from symconv.document.model import Document
from symconv.expr.claim import read_statement
from symconv.library import catalogue
from symconv.pages import document_of, told
from symconv.tactics.iff import prove_iff, read_condition
from symconv.tactics.prove import prove
from symconv.tactics.solve import read_unknown, solve
from symconv.tactics.verdict import Result

GOLDEN = Path(__file__).resolve().parent / "golden"
PROGRAMS = {"tex": "latexmk", "chromium": "chromium"}
"""What a marked test needs.  In CI a missing program is a failure, elsewhere the test is skipped."""
MASKS = (
    (re.compile(r"\bsymconv,? (version )?\d+\.\d+(\.\d+)?\w*"), "symconv VERSION"),
    (re.compile(r"\b\d{4}-\d\d-\d\d\b"), "DATE"),
    (re.compile(r'("seconds": )[0-9.e-]+'), r"\1SECONDS"),
    (re.compile(r"\b\d+(\.\d+)? (s|seconds)\b(?! of)"), "SECONDS"),
)

Golden = Callable[..., None]

# Pages: every kind of verdict and every kind of block, each made once.


def _library(name: str, layers: int | None = None) -> Callable[[], Document]:
    def make() -> Document:
        entry = catalogue.find(name, layers)
        return document_of(prove(catalogue.statement(entry)), entry)

    return make


def _claim(claim: str, *lets: str, assume: tuple[str, ...] = ()) -> Callable[[], Document]:
    return lambda: document_of(prove(read_statement(claim, lets, assume)))


def _told(name: str, style: str) -> Callable[[], Document]:
    def make() -> Document:
        entry = catalogue.find(name)
        result = prove(catalogue.statement(entry))
        return document_of(result, entry, told(result, style, entry))

    return make


def _solution(claim: str) -> Callable[[], Document]:
    return lambda: document_of(solve(read_unknown(claim, (), (), "K"), "K"))


def _iff(claim: str, condition: str) -> Result:
    lets = ["x: signal[N]", "k: kernel[c]", *(["h: kernel[e]"] if " h," in claim else [])]
    return prove_iff(*read_condition(lambda more: read_statement(claim, lets, more), [condition]))


PAGES: dict[str, Callable[[], Document]] = {
    "two-strided-layers": _library("two-strided-layers"),
    "four-layers": _library("r-strided-layers", 4),
    "two-dimensions": _library("strided-layers-2d"),
    "bias": _library("strided-layers-bias"),
    "coprime": _library("up-down-coprime"),
    "refuted": _library("strided-layers-order"),
    "refuted-with-remark": _library("up-down-any"),
    "solved": _solution("corr(corr(x, k, stride=2), k, stride=2) == corr(x, K, stride=4)"),
    "no-answer": _solution("up(x, 2) == conv(x, K)"),
    "own-definitions": _claim("corr(x, K, stride=4) == corr(corr(x, k, stride=2), k, stride=2)",
                              "K[m] = sum(k[j]*k[m - 2*j] for j in Z)"),
    "explicit-taps": _claim("conv(x, taps(1/2, 1, 1/2)) == x"),
    "told-by-operators": _told("strided-layers", "operator"),
    "told-by-transforms": _told("strided-layers", "ztransform"),
    "told-with-sums": _told("down-up", "operator"),
    "no-quantifier": _claim("1 == 2"),
    "region": _claim("conv1d(conv1d(x, k, stride=2, padding=1), k, stride=2, padding=1)"
                     " == conv1d(x, conv(k, up(k, 2)), stride=4, padding=3)", "x: signal[N]", "k: kernel[c]"),
    "exactly-there": lambda: document_of(_iff("conv1d(conv1d(x, k, padding=p), h, padding=p)"
                                              " == conv1d(x, conv(k, h), padding=2*p)", "p == 0 or c <= p + 1")),
    "not-exactly-there": lambda: document_of(_iff("corr(x, k) == conv(x, flip(k))", "c >= 3")),
}  # fmt: skip


@pytest.fixture(scope="session")
def page() -> Callable[[str], Document]:
    """`page(name)` is a document by its name in `PAGES`."""
    return cache(lambda name: PAGES[name]())


@pytest.fixture(params=PAGES)
def document(request: pytest.FixtureRequest, page: Callable[[str], Document]) -> Document:
    """Each of the pages in turn."""
    return page(request.param)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update-golden", action="store_true", help="rewrite the golden files of the tests that run")


def pytest_runtest_setup(item: pytest.Item) -> None:
    for marker, program in PROGRAMS.items():
        if item.get_closest_marker(marker) and shutil.which(program) is None and not os.environ.get("CI"):
            pytest.skip(f"{program} is not installed")


def masked(text: str) -> str:
    """The text without what changes from run to run: version, date and seconds."""
    for pattern, replacement in MASKS:
        text = pattern.sub(replacement, text)
    return text


# Golden files


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Golden:
    """`golden(text, ending)` compares the whole text with `golden/<test name>.<ending>`."""
    name = re.sub(r"[^\w.-]+", "-", request.node.name.removeprefix("test_")).strip("-")

    def compare(text: str, ending: str = "txt") -> None:
        path = GOLDEN / f"{name}.{ending}"
        ours = masked(text)
        if request.config.getoption("--update-golden"):
            path.parent.mkdir(exist_ok=True)
            path.write_text(ours, encoding="utf-8")
            return
        rewrite = "; where the new text is right, rewrite it with: pytest --update-golden " + request.node.nodeid
        if not path.is_file():
            pytest.fail(f"there is no golden file {path.name}{rewrite}", pytrace=False)
        theirs = path.read_text(encoding="utf-8")
        if ours == theirs:
            return
        lines = difflib.unified_diff(theirs.splitlines(), ours.splitlines(), f"golden/{path.name}", "now", lineterm="")
        pytest.fail("\n".join([*list(lines)[:80], f"the text differs from golden/{path.name}{rewrite}"]), pytrace=False)

    return compare
