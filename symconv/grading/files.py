"""Files and folders of derivations: each file is read, graded and told for itself, whatever is in it.

Files are graded in processes of their own, of which each one grades a few files in bounded memory and then makes way
for a new one; a file that takes too long, or a process that ends, is an answer for that file alone.
"""

from __future__ import annotations

import multiprocessing
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

from symconv.errors import StatementError, SymconvError
from symconv.grading.claim_sheet import read_claims
from symconv.grading.judging import grade
from symconv.grading.latex_sheet import read_latex
from symconv.grading.page import graded_document
from symconv.grading.report import as_data, as_text
from symconv.grading.sheet import Sheet
from symconv.render.write import write_with_data

try:
    import resource
except ImportError:  # Not on Windows.
    resource = None

LARGEST = 1_000_000
ENDINGS = (".txt", ".claim", ".claims", ".sym", ".tex")
SHARE = 25
"""So many files are graded by one process."""
MEMORY = 2 * 1024**3
"""So many bytes a process may have, where the operating system keeps it to that."""
GRACE = 5.0
"""Seconds beyond the time for a file after which its process is ended."""


@dataclass(frozen=True, slots=True)
class Task:
    """A file, the seconds that it may take, and where its page goes (None for none)."""

    path: str
    seconds: float = 60.0
    base: str | None = None
    formats: tuple[str, ...] = ()
    engine: str = "auto"


@dataclass(frozen=True, slots=True)
class Told:
    """What is said of a file: its exit status, the report, the data, and the files that were written."""

    path: str
    status: int
    text: str
    data: dict[str, Any]
    files: tuple[tuple[str, str], ...] = field(default=())


def derivations(paths: Sequence[str]) -> list[str]:
    """The files themselves, and of folders all files of derivations in them; StatementError where there are none."""
    out: dict[str, None] = {}
    for name in paths:
        path = Path(name)
        if path.is_dir():
            found = sorted(p for p in path.rglob("*") if p.suffix in ENDINGS and p.is_file())
            if not found:
                raise StatementError(f"{name} has no derivations: files that end in {', '.join(ENDINGS)}")
            out |= dict.fromkeys(map(str, found))
        else:
            out[name] = None
    return [*out]


def read_sheet(path: str) -> Sheet:
    """The sheet of a file; StatementError where it cannot be read."""
    file = Path(path)
    try:
        if not file.is_file():
            raise StatementError(f"{path}: there is no such file")
        if file.stat().st_size > LARGEST:
            raise StatementError(f"{path} is larger than 1 MB")
        content = file.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise StatementError(f"{path} is not text in UTF-8 (byte {error.start + 1})") from None
    except OSError as error:
        raise StatementError(f"{path}: {error.strerror}") from None
    return read_latex(content, path) if file.suffix == ".tex" else read_claims(content, path)


def graded_file(task: Task) -> Told:
    """A file graded and told, with its page written; an error is what is said of it."""
    started = time.perf_counter()
    try:
        graded = grade(read_sheet(task.path), task.seconds)
        files: list[tuple[Path, str]] = []
        if task.base is not None:
            data = as_data(graded)
            files = write_with_data(graded_document(graded), data, "grading", Path(task.base), task.formats,
                                    task.engine)  # fmt: skip
        shown = tuple((str(path), how) for path, how in files)
        return Told(task.path, graded.status, as_text(graded), as_data(graded, files), shown)
    except SymconvError as error:
        return unreadable(task.path, str(error), time.perf_counter() - started)
    except RecursionError:
        return unreadable(task.path, f"{task.path} is nested too deeply", time.perf_counter() - started)
    except MemoryError:
        return unreadable(task.path, f"{task.path} takes too much memory", time.perf_counter() - started)
    except OSError as error:
        why = f"{error.filename or task.path}: {error.strerror}"
        return unreadable(task.path, why, time.perf_counter() - started)
    except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError) as error:
        why = f"{task.path}: something went wrong inside ({type(error).__name__}: {error}); please report it"
        return unreadable(task.path, why, time.perf_counter() - started, 3)


def unreadable(path: str, why: str, seconds: float, status: int = 2) -> Told:
    """What is said of a file that gives no verdict."""
    message = " ".join(why.split())
    data = {"file": path, "verdict": "not understood" if status == 2 else "not decided", "status": status,
            "error": message, "chains": [], "first_wrong": None, "files": [], "seconds": round(seconds, 4)}  # fmt: skip
    return Told(path, status, message, data)


@dataclass
class _Worker:
    process: BaseProcess
    pipe: Connection
    left: int = SHARE
    task: Task | None = None
    until: float = 0.0


def _work(pipe: Connection) -> None:
    """Grade what comes through the pipe until nothing more comes."""
    if resource is not None:
        with suppress(ValueError, OSError):
            resource.setrlimit(resource.RLIMIT_AS, (MEMORY, resource.getrlimit(resource.RLIMIT_AS)[1]))
    while (task := pipe.recv()) is not None:
        pipe.send(graded_file(task))


def graded_files(tasks: Sequence[Task], processes: int) -> Iterator[Told]:
    """Every file graded, in the order in which they are done."""
    context = multiprocessing.get_context("spawn")
    waiting, workers = list(reversed(tasks)), list[_Worker]()

    def start() -> None:
        ours, theirs = context.Pipe()
        process = context.Process(target=_work, args=(theirs,), daemon=True)
        process.start()
        theirs.close()
        workers.append(_Worker(process, ours))

    def end(worker: _Worker, kill: bool = False) -> None:
        workers.remove(worker)
        if kill:
            worker.process.kill()
        else:
            worker.pipe.send(None)
        worker.process.join(GRACE)
        worker.pipe.close()

    try:
        while waiting or any(w.task for w in workers):
            while waiting and len(workers) < min(processes, len(tasks)):
                start()
            for worker in workers:
                if waiting and worker.task is None:
                    worker.task = waiting.pop()
                    worker.until = time.monotonic() + worker.task.seconds + GRACE
                    worker.left -= 1
                    worker.pipe.send(worker.task)
            busy = [w for w in workers if w.task is not None]
            ready = wait([w.pipe for w in busy], timeout=max(0.0, min(w.until for w in busy) - time.monotonic()))
            for worker in busy:
                task = worker.task
                if task is None:
                    continue
                if worker.pipe in ready:
                    try:
                        yield worker.pipe.recv()
                        worker.task = None
                        if worker.left <= 0:
                            end(worker)
                    except EOFError:
                        yield unreadable(task.path, f"{task.path}: the process that graded it has ended", 0.0, 3)
                        end(worker, kill=True)
                elif time.monotonic() > worker.until:
                    yield unreadable(task.path, f"{task.path} took more than {task.seconds:g} seconds", task.seconds, 3)
                    end(worker, kill=True)
    finally:
        for worker in list(workers):
            end(worker, kill=worker.task is not None)
