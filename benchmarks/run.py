"""Speed as ratios against a named peer in the same run:  python benchmarks/run.py

(a) `prove` of A2 with symbolic strides, in process, against SymPy expanding one instance (c = e = 8, s = t = 2, and a
    signal of 64 samples): every output that is not zero, as a first answer, with SymPy's cache empty
(b) whole process `symconv prove … --json` against `python -c "import sympy"`
(c) whole process to .tex and .pdf, against the same peer
(d) growth of (a) with the number of layers r = 2 … 32
(e) peak memory of (b), against the same peer
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

A2 = "corr(corr(x, k, stride=s), h, stride=t) == corr(x, conv(k, up(h, s)), stride=s*t)"
COMMAND = [sys.executable, "-m", "symconv"]


def median(f: Callable[[], object], runs: int) -> float:
    """The median time of some runs, in seconds."""
    times: list[float] = []
    for _ in range(runs):
        start = time.perf_counter()
        f()
        times.append(time.perf_counter() - start)
    return statistics.median(times)


def sympy_instance(c: int = 8, e: int = 8, s: int = 2, t: int = 2, n: int = 64) -> None:
    """What a person does in SymPy: one instance in symbols, the difference of both sides expanded, output by output."""
    import sympy
    from sympy.core.cache import clear_cache

    clear_cache()
    x, k, h = (sympy.symbols(f"{name}:{count}") for name, count in (("x", n), ("k", c), ("h", e)))
    samples = dict(enumerate(x))
    merged = [sympy.Integer(0)] * (c + s * (e - 1))
    for a in range(c):
        for b in range(e):
            merged[a + s * b] += k[a] * h[b]
    inner = {i: sum(k[a] * samples.get(s * i + a, 0) for a in range(c)) for i in range(-c // s, n // s + 1)}
    for i in range(-len(merged) // (s * t), n // (s * t) + 1):
        left = sum(h[b] * inner.get(t * i + b, 0) for b in range(e))
        right = sum(merged[m] * samples.get(s * t * i + m, 0) for m in range(len(merged)))
        if sympy.expand(left - right) != 0:
            raise SystemExit("SymPy's instance does not agree")


LAUNCHER = """
import resource, subprocess, sys, time
start = time.perf_counter()
status = subprocess.call(sys.argv[1:], stdout=subprocess.DEVNULL)
print(time.perf_counter() - start, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss, status)
"""
"""A new process counts the memory of the one that starts it: a small one starts each, not this one with SymPy in it."""


def process(command: list[str]) -> tuple[float, float]:
    """Time (s) and peak memory (MB) of a whole process."""
    report = subprocess.run(
        [sys.executable, "-S", "-c", LAUNCHER, *command], capture_output=True, text=True, check=True
    )
    seconds, memory, status = map(float, report.stdout.split())
    if status:
        raise SystemExit(f"{command[-2:]} failed")
    return seconds, memory / 1024


def main() -> None:
    """Print the table."""
    from symconv.expr.claim import read_statement
    from symconv.library import catalogue
    from symconv.tactics.prove import prove

    statement = read_statement(A2)
    prove(statement)
    sympy_instance(2, 2, 2, 2, 12)
    ours = median(lambda: prove(statement), 200)
    theirs = median(sympy_instance, 7)
    print(f"(a) prove A2 in process        {ours * 1e3:9.2f} ms   SymPy instance {theirs * 1e3:7.0f} ms   "
          f"{theirs / ours:6.0f} times faster")  # fmt: skip

    peer = [sys.executable, "-c", "import sympy"]
    prove_json = [*COMMAND, "prove", A2, "--json"]
    process(prove_json)
    a, b = [process(prove_json) for _ in range(11)], [process(peer) for _ in range(11)]
    whole, imported = statistics.median(t for t, _ in a), statistics.median(t for t, _ in b)
    print(f"(b) prove A2, whole process    {whole * 1e3:9.0f} ms   import sympy   {imported * 1e3:7.0f} ms   "
          f"ratio {whole / imported:6.2f}")  # fmt: skip

    with tempfile.TemporaryDirectory() as folder:
        for engine in ("auto", "typst"):
            page = [*COMMAND, "prove", A2, "-o", str(Path(folder) / "page"), "--engine", engine]
            pdf = statistics.median(process(page)[0] for _ in range(3))
            print(f"(c) to .tex and .pdf ({engine:<5}) {pdf * 1e3:9.0f} ms   import sympy   {imported * 1e3:7.0f} ms   "
                  f"ratio {pdf / imported:6.2f}")  # fmt: skip

    before = 0.0
    for r in (2, 4, 8, 16, 32):
        layers = catalogue.statement(catalogue.find("r-strided-layers", r))
        took = median(lambda s=layers: prove(s), 5 if r < 16 else 3)
        growth = f"{took / before:5.1f} times r = {r // 2} (r³ would be 8)" if before else ""
        print(f"(d) r = {r:<2} layers             {took * 1e3:9.1f} ms   {growth}")
        before = took

    memory, peak = (max(m for _, m in side) for side in (a, b))
    print(
        f"(e) peak memory of (b)         {memory:9.1f} MB   import sympy   {peak:7.1f} MB   ratio {memory / peak:6.2f}"
    )


if __name__ == "__main__":
    main()
