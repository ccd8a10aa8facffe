from __future__ import annotations

import json
import time
from pathlib import Path

import pytest

from symconv.errors import StatementError
from symconv.grading.files import Task, derivations, graded_file, graded_files

RIGHT = "conv(x, k)\n = conv(k, x)\n"
WRONG = "conv(x, k)\n = corr(x, k)\n"
HOSTILE = {
    "unbalanced.txt": b"let k: kernel[c]\n((((conv(x, k)\n = conv(k, x)",
    "large.txt": b"x = " + b"x + " * 300_000,
    "deep.txt": b"a = " + b"-" * 100_000 + b"b",
    "bracketed.txt": b"a = " + b"(" * 5_000 + b"b" + b")" * 5_000,
    "binary.txt": bytes(range(256)) * 100,
    "zeros.txt": b"\0" * 1000,
    "empty.txt": b"",
    "words.txt": b"Wir zeigen, dass die Faltung kommutativ ist.\n" * 200,
    "power.txt": b"let k: kernel[c]\nx[n**9999999] = x[n]\n2**9**9**9 = x[0]",
    "ranges.txt": b"sum(x[a] for a in range(10**12))\n = sum(x[a]*x[b]*x[c] for a in Z for b in Z for c in Z)",
}


def written(folder: Path, files: dict[str, bytes | str]) -> Path:
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(exist_ok=True, parents=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return folder


def test_a_folder_has_all_derivations_in_it(tmp_path: Path) -> None:
    written(tmp_path, {"b.txt": RIGHT, "a.txt": RIGHT, "in/c.claim": RIGHT, "note.md": "no", "in/d.json": "{}"})
    found = derivations([str(tmp_path), str(tmp_path / "a.txt")])
    assert found == [str(tmp_path / n) for n in ("a.txt", "b.txt", "in/c.claim")]
    with pytest.raises(StatementError, match=r"has no derivations: files that end in \.txt"):
        derivations([str(written(tmp_path / "none", {"x.md": "no"}))])


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_files_get_a_clear_answer_within_a_second(tmp_path: Path, name: str) -> None:
    path = written(tmp_path, {name: HOSTILE[name]}) / name
    started = time.process_time()
    told = graded_file(Task(str(path)))
    assert time.process_time() - started < 1.0
    assert told.status == 2
    assert "something went wrong" not in told.text and "Traceback" not in told.text
    assert name in told.text


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    told = graded_file(Task(str(tmp_path / "none.txt")))
    assert (told.status, told.text) == (2, f"{tmp_path / 'none.txt'}: there is no such file")


def test_many_files_are_graded_and_a_bad_one_never_stops_the_rest(tmp_path: Path) -> None:
    folder = written(tmp_path, {**{f"right{i}.txt": RIGHT for i in range(6)}, "wrong.txt": WRONG, **HOSTILE})
    tasks = [Task(path) for path in derivations([str(folder)])]
    told = {Path(t.path).name: t.status for t in graded_files(tasks, 2)}
    assert len(told) == len(tasks)
    assert {told[f"right{i}.txt"] for i in range(6)} == {0}
    assert told["wrong.txt"] == 1
    assert {told[name] for name in HOSTILE} == {2}


def test_pages_of_a_file_are_written(tmp_path: Path) -> None:
    path = (
        written(tmp_path, {"a.txt": "let k: kernel[c]\n" + WRONG + " = conv(x, flip(k)) # <b>\n = conv(x,\n"}) / "a.txt"
    )
    told = graded_file(Task(str(path), 60.0, str(tmp_path / "out" / "a"), ("html", "tex", "txt", "json")))
    assert [Path(p).suffix for p, _ in told.files] == [".html", ".tex", ".txt", ".json"]
    page = (tmp_path / "out" / "a.html").read_text()
    for words in ("Graded: a.txt", "first wrong step", "not understood", 'class="k1"', "&lt;b&gt;", "differ"):
        assert words in page
    latex = (tmp_path / "out" / "a.tex").read_text()
    assert r"\color{box1}" in latex and r"\star" in latex
    data = json.loads((tmp_path / "out" / "a.json").read_text())
    assert data["first_wrong"] == {"row": 3, "column": 4}
    assert [line["verdict"] for line in data["chains"][0]["lines"]] == [
        "first", "does not follow", "follows", "not understood",
    ]  # fmt: skip
    assert data["chains"][0]["lines"][1]["mend"]["text"] == "corr(x, flip(k))"
