"""Speed as ratios against a named peer in the same run:  python benchmarks/run.py

(a) `prove` of A2 with symbolic strides, in process, against SymPy expanding one instance (c = e = 8, s = t = 2, and a
    signal of 64 samples): every output that is not zero, as a first answer, with SymPy's cache empty
(b) whole process `symconv prove … --json` against `python -c "import sympy"`
(c) whole process to .tex and .pdf, against the same peer
(d) growth of (a) with the number of layers r = 2 … 32
(e) peak memory of (b), against the same peer
(f) `grad` of a strided, dilated 2-D layer with channels by its weights, closed form and proof in process, against SymPy
    differentiating one instance (3 × 3 taps, 8 × 8 samples, 4 channels in and out, stride 2) with its cache empty:
    the loss Σ g y expanded, its derivative by every weight, the difference to the closed form expanded
(g) `grad` of the strided 1-D convolution, closed form and proof in process, against the derivative in tensorgrad,
    simplified, both for a symbolic stride; it is measured where `pip install tensorgrad` was done
(h) the exact region of truth of A5 (two layers of stride 2, each padded by p, against one of stride 4 padded by 3p),
    with the normal forms, against NumPy running both sides on random integers for N ≤ 24, c ≤ 8 and p ≤ 5: which of
    these sizes differ
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from importlib import import_module
from importlib.util import find_spec
from itertools import product
from pathlib import Path

A2 = "corr(corr(x, k, stride=s), h, stride=t) == corr(x, conv(k, up(h, s)), stride=s*t)"
LAYER = "conv2d(x, w, stride=(s, t), padding=(p, q), dilation=(d, e))"
A5 = (
    "conv1d(conv1d(x, k, stride=2, padding=p), k, stride=2, padding=p)"
    " == conv1d(x, conv(k, up(k, 2)), stride=4, padding=3*p)",
    ("x: signal[N]", "k: kernel[c]"),
)
STRIDED = "corr(x, k, stride=s)"
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


def proved_gradient(expression: str, wrt: str) -> None:
    """The claim read, a closed form of the gradient found, and the proof that it is one."""
    from symconv.tactics.gradient import gradient, gradient_statement

    result = gradient(gradient_statement(expression, wrt, (), ()))
    if result.verdict != "proved":
        raise SystemExit(f"no proved gradient of {expression} by {wrt}")


def sympy_gradient(c: int = 3, n: int = 8, s: int = 2, d: int = 1, channels: int = 4) -> None:
    """What a person does in SymPy: one instance of the layer in symbols, its loss differentiated by every weight."""
    import sympy
    from sympy.core.cache import clear_cache

    clear_cache()
    count = (n - d * (c - 1) - 1) // s + 1
    samples, taps, places = (list(product(range(axis), range(axis))) for axis in (n, c, count))
    x = {(i, *m): sympy.Symbol(f"x{i}_{m}") for i in range(channels) for m in samples}
    w = {(o, i, *a): sympy.Symbol(f"w{o}_{i}_{a}") for o in range(channels) for i in range(channels) for a in taps}
    g = {(o, *m): sympy.Symbol(f"g{o}_{m}") for o in range(channels) for m in places}
    y = {
        (o, u, v): sum(w[o, i, a, b] * x[i, s * u + d * a, s * v + d * b] for i in range(channels) for a, b in taps)
        for o, u, v in g
    }
    loss = sympy.expand(sum(g[place] * y[place] for place in g))
    for (o, i, a, b), weight in w.items():
        closed = sum(g[o, u, v] * x[i, s * u + d * a, s * v + d * b] for u, v in places)
        if sympy.expand(sympy.diff(loss, weight) - closed) != 0:
            raise SystemExit("SymPy's instance does not agree")


def tensorgrad_gradient(wrt: str, checked: bool = False) -> None:
    """What a person does in tensorgrad: Σ g y of the layer as a network, its derivative simplified.

    The stride is an option of its affine form: of `Convolution` it says that a stride is not supported.
    """
    import sympy

    tg, affine = import_module("tensorgrad"), import_module("tensorgrad.compiler")
    n, c, m, s = sympy.symbols("n c m s")
    x, k, g = tg.Variable("x", n), tg.Variable("k", c), tg.Variable("g", m)
    taps = affine.affine_convolution(n, c, m, stride=s)
    found = tg.Derivative(x @ taps @ k @ g, {"x": x, "k": k}[wrt]).full_simplify()
    if checked and not found.is_isomorphic(({"x": k, "k": x}[wrt] @ taps @ g).full_simplify(), match_edges=True):
        raise SystemExit("tensorgrad's derivative does not agree")


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


def exact_region() -> None:
    """Which outputs of A5 differ, for all sizes: normal forms, sets, conditions."""
    from symconv.expr.claim import read_statement
    from symconv.tactics.attempt import Attempt
    from symconv.tactics.region import region

    statement = read_statement(*A5)
    attempt = Attempt(statement, 10)
    attempt.direct()
    if region(statement, attempt.closest, attempt.indices) is None:
        raise SystemExit("A5 has no region")


def numpy_region(largest: tuple[int, int, int] = (24, 8, 5)) -> int:
    """What a person does in NumPy: both sides on random integers, size by size; how many sizes have unequal outputs."""
    import numpy as np

    draw = np.random.default_rng(0)
    differing = 0
    for n, c, p in product(range(1, largest[0] + 1), range(1, largest[1] + 1), range(largest[2] + 1)):
        if n + 2 * p < c or (n + 2 * p - c) // 2 + 1 + 2 * p < c:
            continue
        x, k = draw.integers(1, 10**4, n), draw.integers(1, 10**4, c)
        inner = np.correlate(np.pad(x, p), k, "valid")[::2]
        two = np.correlate(np.pad(inner, p), k, "valid")[::2]
        wide = np.zeros(2 * c - 1, dtype=k.dtype)
        wide[::2] = k
        one = np.correlate(np.pad(x, 3 * p), np.convolve(k, wide), "valid")[::4]
        differing += not np.array_equal(two, one)
    return differing


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

    ours = median(lambda: proved_gradient(LAYER, "w"), 51)
    theirs = median(sympy_gradient, 7)
    print(f"(f) grad of conv2d by w        {ours * 1e3:9.2f} ms   SymPy instance {theirs * 1e3:7.0f} ms   "
          f"{theirs / ours:6.1f} times faster")  # fmt: skip

    proved = {wrt: median(partial(proved_gradient, STRIDED, wrt), 101) for wrt in ("k", "x")}  # before torch is here
    installed = find_spec("tensorgrad") is not None
    for wrt, ours in proved.items():
        peer_says = "not measured: pip install tensorgrad"
        if installed:
            tensorgrad_gradient(wrt, checked=True)
            theirs = median(partial(tensorgrad_gradient, wrt), 101)
            peer_says = f"{theirs * 1e3:7.2f} ms   ratio {ours / theirs:6.2f}"
        print(f"(g) grad of corr by {wrt}          {ours * 1e3:9.2f} ms   tensorgrad     {peer_says}")

    exact_region()
    ours, theirs = median(exact_region, 31), median(numpy_region, 5)
    print(f"(h) exact region of A5         {ours * 1e3:9.2f} ms   NumPy, {24 * 8 * 6} sizes {theirs * 1e3:7.0f} ms   "
          f"ratio {ours / theirs:6.2f}")  # fmt: skip


if __name__ == "__main__":
    main()
