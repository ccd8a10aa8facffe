"""The architecture: each layer imports only from itself and what stands above it; files stay short."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parent.parent / "symconv"
LAYERS = ["errors", "index", "expr", "proof", "tactics", "library", "instances", "document", "render", "grading",
          "pages", "answers", "operators", "layer_operators", "measure_operators", "api", "cli_common", "cli_cost",
          "cli_example", "cli_grade", "cli_matrix", "cli_run", "cli_size", "cli", "__main__"]  # fmt: skip
HEAVY = {"sympy", "islpy", "jinja2", "markupsafe", "typst", "rich", "importlib", "threading", "lark"}
LATE = {"cli", "cli_common", "cli_cost", "cli_example", "cli_grade", "cli_matrix", "cli_run", "cli_size", "operators",
        "layer_operators", "measure_operators", "api", "pages", "answers", "__init__"}  # fmt: skip
"""Surfaces that load what a command needs when it is called; everywhere else only heavy libraries are deferred."""
FILES = sorted(PACKAGE.rglob("*.py"))


def layer(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.relative_to(PACKAGE)))
def test_imports_point_upwards(path: Path) -> None:
    own = layer(path)
    if own == "__init__":
        return
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"relative import in {path}"
            parts = (node.module or "").split(".")
            if parts[0] == "symconv" and len(parts) > 1:
                assert LAYERS.index(parts[1]) <= LAYERS.index(own), f"{path} imports {node.module}"


@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.relative_to(PACKAGE)))
def test_only_heavy_libraries_are_imported_late(path: Path) -> None:
    if layer(path) in LATE:
        return
    tree = ast.parse(path.read_text())
    for function in (n for n in ast.walk(tree) if isinstance(n, ast.FunctionDef)):
        for node in ast.walk(function):
            names = [a.name for a in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            assert {n.split(".")[0] for n in names} <= HEAVY, f"{path}: late import of {names}"


@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.relative_to(PACKAGE)))
def test_files_are_short(path: Path) -> None:
    assert len(path.read_text().splitlines()) <= 400


def test_the_trusted_part_is_small() -> None:
    assert sum(len(p.read_text().splitlines()) for p in (PACKAGE / "proof").glob("*.py")) <= 600


def test_nothing_heavy_is_loaded_for_a_verdict() -> None:
    import subprocess
    import sys

    code = (
        "import sys; from symconv.expr.claim import read_statement; from symconv.tactics.prove import prove;"
        "assert prove(read_statement('conv(x, k) == conv(k, x)')).verdict == 'proved';"
        "print(sorted({'sympy', 'islpy', 'jinja2', 'typst', 'rich'} & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "[]\n"
