"""From a page to a PDF: a TeX engine where a working one is found, else the typst wheel, always in a confined child.

The child works in a fresh private folder with a scrubbed environment and limits on time, memory and file size; TeX
runs without shell escape and may only read and write below that folder, Typst sees nothing outside it.
"""

from __future__ import annotations

import os
import resource
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from symconv.errors import RenderError

SECONDS = 90
MEMORY = 4 << 30
FILE_SIZE = 64 << 20
EPOCH = "1700000000"
ENGINES = ("pdflatex", "xelatex")
TYPST_CHILD = """
import sys, typst
source, target, root, epoch = sys.argv[1:]
typst.compile(source, output=target, root=root, timestamp=int(epoch), ignore_system_fonts=True)
"""


def engines() -> list[tuple[str, str]]:
    """What can make a PDF here, in words for `symconv doctor`."""
    present = [engine for engine in ENGINES if shutil.which(engine) and shutil.which("latexmk")]
    instead = (
        f"{present[0]} is used" if present else "the Typst wheel makes the PDF (Debian: texlive-latex-extra latexmk)"
    )
    return [(engine, "found" if engine in present else f"missing, not needed: {instead}") for engine in ENGINES]


def typst_version() -> str:
    """The version of the typst wheel; RenderError where it is missing."""
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version("typst")
    except PackageNotFoundError:
        raise RenderError("no PDF can be made: install the wheel with 'pip install typst', or a TeX engine") from None


def _limits() -> None:
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_FSIZE, (FILE_SIZE, FILE_SIZE))


def _run(command: list[str], folder: Path, extra: dict[str, str]) -> subprocess.CompletedProcess[str]:
    kept = {k: os.environ[k] for k in ("PATH", "LANG") if k in os.environ}
    scrubbed = {**kept, "HOME": str(folder), "TMPDIR": str(folder), "SOURCE_DATE_EPOCH": EPOCH, **extra}
    limits: Callable[[], None] = _limits
    try:
        return subprocess.run(  # noqa: S603  a fixed command, no shell
            command, cwd=folder, env=scrubbed, stdin=subprocess.DEVNULL, capture_output=True, text=True,
            errors="replace", timeout=SECONDS, preexec_fn=limits, check=False,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        raise RenderError(f"{command[0]} took longer than {SECONDS} seconds") from None


def latex_pdf(source: str, engine: str) -> bytes:
    """The PDF by a TeX engine; RenderError with the first complaint of its log."""
    with tempfile.TemporaryDirectory(prefix="symconv-") as name:
        folder = Path(name)
        (folder / "page.tex").write_text(source, encoding="utf-8")
        flag = "-pdf" if engine == "pdflatex" else "-pdfxe"
        command = [
            "latexmk",
            "-norc",
            flag,
            "-halt-on-error",
            "-interaction=nonstopmode",
            "-no-shell-escape",
            "page.tex",
        ]
        done = _run(command, folder, {"openin_any": "p", "openout_any": "p", "FORCE_SOURCE_DATE": "1"})
        pdf = folder / "page.pdf"
        if done.returncode or not pdf.is_file():
            log = folder / "page.log"
            lines = log.read_text(encoding="latin-1").splitlines() if log.is_file() else done.stdout.splitlines()
            complaint = next((line for line in lines if line.startswith("!")), "it gave no reason")
            raise RenderError(f"{engine} did not make a PDF: {complaint}")
        return pdf.read_bytes()


def typst_pdf(source: str) -> bytes:
    """The PDF by the typst wheel; packages from the network (imports that begin with @) are refused."""
    if '"@' in source:
        for line in source.splitlines():
            if line.lstrip().startswith(("#import", "#include")) and '"@' in line:
                raise RenderError("a Typst page may not import packages from the network")
    with tempfile.TemporaryDirectory(prefix="symconv-") as name:
        folder = Path(name)
        page, pdf = folder / "page.typ", folder / "page.pdf"
        page.write_text(source, encoding="utf-8")
        done = _run([sys.executable, "-I", "-c", TYPST_CHILD, str(page), str(pdf), str(folder), EPOCH], folder, {})
        if done.returncode or not pdf.is_file():
            complaint = (done.stderr.strip().splitlines() or ["it gave no reason"])[-1]
            raise RenderError(f"typst did not make a PDF: {complaint}")
        return pdf.read_bytes()


def pdf(sources: Callable[[str], str], engine: str) -> tuple[bytes, str]:
    """The PDF and what made it; `sources` gives the page in latex or typst. 'latex' fails rather than falls back."""
    complaints: list[str] = []
    if engine in ("auto", "latex"):
        for name in ENGINES:
            if shutil.which(name) and shutil.which("latexmk"):
                try:
                    return latex_pdf(sources("latex"), name), name
                except RenderError as error:
                    complaints.append(str(error))
        if engine == "latex":
            raise RenderError("; ".join(complaints) or "no TeX engine was found: install latexmk and pdflatex")
    return typst_pdf(sources("typst")), f"typst {typst_version()}"
