"""What is shipped: a wheel that works outside the checkout, a README that tells the truth, files free of machines."""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import zipfile
from importlib.util import find_spec
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```(\w+)\n(.*?)```", README, re.S)
COMMANDS = [line for language, block in BLOCKS if language == "sh"
            for line in re.sub(r"\\\n\s*", "", block).splitlines() if line.startswith("symconv ")]  # fmt: skip
COMMANDS += re.findall(r"`(symconv \w[^`]*)`", README)
LEAST_MACHINE = re.compile(rb"(?<![\w.~$:/<-])/(work|tmp|root|home|Users|mnt)/[\w.]")


def run(command: list[str], folder: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """A command outside the checkout, with nothing of the checkout on its path."""
    clean = {k: v for k, v in os.environ.items() if k not in ("PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV")}
    return subprocess.run(command, cwd=folder, env={**clean, **environment}, capture_output=True, text=True,
                          check=False, timeout=300)  # fmt: skip


# The wheel


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built from a copy of the checkout; without the network where the build backend is installed."""
    folder = tmp_path_factory.mktemp("wheel")
    copy = folder / "source"
    copy.mkdir()
    for name in ("symconv", "templates", "tests", "README.md", "pyproject.toml"):
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, copy / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, copy / name)
    offline = ["--no-build-isolation", "--no-index"] if find_spec("hatchling") else []
    command = [sys.executable, "-m", "pip", "wheel", "--no-deps", *offline, "-q", "-w", str(folder), str(copy)]
    done = run(command, folder)
    assert done.returncode == 0, done.stderr
    (built,) = folder.glob("symconv-*.whl")
    return built


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The `symconv` of a fresh environment: the wheel itself, everything that it needs from the running one."""
    folder = tmp_path_factory.mktemp("environment")
    done = run([sys.executable, "-m", "venv", "--without-pip", str(folder)], folder)
    assert done.returncode == 0, done.stderr
    (site,) = folder.glob("lib/python*/site-packages")
    done = run([sys.executable, "-m", "pip", "--python", str(folder / "bin/python"), "install", "--no-deps",
                "--no-index", "-q", str(wheel)], folder)  # fmt: skip
    assert done.returncode == 0, done.stderr
    borrowed = [p for p in sys.path if p.endswith("site-packages") and Path(p).is_dir()]
    (site / "borrowed.pth").write_text("\n".join(borrowed) + "\n")
    where = run([str(folder / "bin/python"), "-c", "import symconv; print(symconv.__file__)"], folder)
    assert Path(where.stdout.strip()).is_relative_to(folder), where
    return folder / "bin/symconv"


@pytest.mark.slow
def test_the_wheel_holds_the_package_and_its_templates(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    ours = {str(p.relative_to(ROOT)) for p in (ROOT / "symconv").rglob("*") if p.suffix in (".py", ".lark")}
    ours |= {f"symconv/{p.relative_to(ROOT)}" for p in (ROOT / "templates").rglob("*") if p.is_file()}
    assert ours <= names
    assert {n for n in names - ours if ".dist-info/" not in n} == set()


@pytest.mark.slow
def test_a_page_is_made_outside_the_checkout(installed: Path, tmp_path: Path) -> None:
    command = [str(installed), "prove", "two-strided-layers", "-o", "page", "--format", "tex,pdf,html,txt,json"]
    done = run([*command, "--engine", "typst"], tmp_path)
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    assert sorted(p.name for p in tmp_path.iterdir()) == [f"page.{e}" for e in ("html", "json", "pdf", "tex", "txt")]
    assert (tmp_path / "page.pdf").read_bytes().startswith(b"%PDF")
    assert done.stdout.splitlines()[-1].startswith("page.")
    checked = run([str(installed), "check", "page.json"], tmp_path)
    assert checked.returncode == 0
    assert checked.stdout.startswith("proved: ")


@pytest.mark.slow
def test_missing_templates_are_named(wheel: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(tmp_path)
    shutil.rmtree(tmp_path / "symconv/templates/latex")
    command = [sys.executable, "-m", "symconv", "prove", "noble-down", "-o", "page", "--format", "tex"]
    done = run(command, tmp_path, PYTHONPATH=str(tmp_path))
    assert done.returncode == 2
    assert re.fullmatch(r"symconv: the templates for latex are missing[^\n]*\n", done.stderr)
    assert not (tmp_path / "page.tex").exists()


# The README


def test_the_readme_has_commands() -> None:
    assert len(COMMANDS) > 8
    assert len([1 for language, _ in BLOCKS if language == "python"]) == 1


@pytest.mark.slow
def test_the_commands_of_the_readme_do_what_it_says(tmp_path: Path) -> None:
    """Every command exists and answers; those that the text calls refuted or without an answer end with status 1."""
    (homework,) = [block for language, block in BLOCKS if language == "text" and "\n  = " in block]
    (tmp_path / "submissions").mkdir()
    for path in ("homework.txt", "submissions/one.txt", "submissions/two.txt"):
        (tmp_path / path).write_text(homework)
    for command in sorted(dict.fromkeys(COMMANDS), key=lambda c: " check " in c):
        arguments = [a for a in shlex.split(command) if a != "NAME"]
        if "check" in arguments:
            run([sys.executable, "-m", "symconv", "prove", "two-strided-layers", "-o", "outputs/layers", "--format",
                 "json"], tmp_path)  # fmt: skip
        if len(arguments) == 2 and arguments[1] not in ("list", "doctor"):
            arguments.append("--help")
        done = run([sys.executable, "-m", *arguments], tmp_path)
        wrong = (
            "conv(h, up(k, t))" in command
            or "== 144" in command
            or "lp_pool1d(x, 1, 2)/2" in command
            or " grade " in command
            or ("padding=3*p" in command and "--iff" not in command)
            or ("down(up(" in command and "--assume" not in command)
        )
        none = 'solve "up(x, 2)' in command
        assert done.returncode == (1 if wrong or none else 0), (command, done.stdout, done.stderr)


@pytest.mark.slow
def test_the_claim_file_and_the_python_of_the_readme_run(tmp_path: Path) -> None:
    (file,) = [block for language, block in BLOCKS if language == "text" and "\nclaim " in block]
    (tmp_path / "claim.txt").write_text(file)
    done = run([sys.executable, "-m", "symconv", "prove", "claim.txt", "--json"], tmp_path)
    assert json.loads(done.stdout)["verdict"] == "proved"
    (program,) = [block for language, block in BLOCKS if language == "python"]
    done = run([sys.executable, "-c", f"{program}\nprint(result.verdict)"], tmp_path)
    assert (done.stdout, done.stderr) == ("proved\n", "")


def test_what_the_readme_points_to_exists() -> None:
    for path in re.findall(r"\]\(([^)#]+)\)", README):
        assert path.startswith("https://") or (ROOT / path).exists(), path
    for path in re.findall(r"`(\w+/[\w/]*|[\w/]+\.py)`", README):
        assert (ROOT / path).exists() or (ROOT / "symconv" / path).exists() or path == "outputs/layers", path


# No machine but the reader's


def test_no_file_names_a_place_on_some_machine() -> None:
    """Files under version control hold no absolute path of the machine that they were written on."""
    if shutil.which("git") is None or not (ROOT / ".git").exists():
        pytest.skip("not a checkout")
    listed = run(["git", "ls-files", "-z"], ROOT)
    assert listed.returncode == 0, listed.stderr
    found = []
    for name in filter(None, listed.stdout.split("\0")):
        path = ROOT / name
        if path.is_file() and not path.is_symlink():
            content = path.read_bytes()
            found += [f"{name}: {content[m.start() : m.start() + 60]!r}" for m in LEAST_MACHINE.finditer(content)]
    assert found == []


def test_a_place_on_some_machine_would_be_found() -> None:
    for folder in ("work", "tmp", "root", "home"):
        assert LEAST_MACHINE.search(f'path = "/{folder}/x"'.encode())
    assert not LEAST_MACHINE.search(b"https://example.org/work/x and a/tmp/b and <mo>/</mo>")
