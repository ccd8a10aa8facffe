"""What to write where a sum may have infinitely many terms: which of its undeclared letters could be the kernel."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from symconv.expr.nodes import Entry, Expr, Name, Sum
from symconv.expr.statement import Declaration
from symconv.expr.traverse import walk

TAPS = ("c", "e", "K", "L")
SIGNALS = "xyzuf"
"""Letters that are seldom those of kernels."""


def unbounded(reason: str, expressions: Iterable[Expr], declarations: Mapping[str, Declaration]) -> str:
    """The reason with its mend, which names a letter where one was taken to be a signal tacitly."""
    letters = _summed(expressions, declarations)
    message = f"{reason}: a kernel, a range or a declared extent must bound every sum"
    if not letters:
        return message
    kernel = next((n for n in letters if n not in SIGNALS), letters[0])
    taps = next(t for t in (*TAPS, "c_1") if t not in declarations)
    axes = declarations[kernel].rank
    extents = ", ".join([taps] * axes) if axes < 2 else ", ".join(f"{taps}_{i}" for i in range(1, axes + 1))
    asked = f"is {letters[0]} the kernel?" if len(letters) == 1 else f"which of {_listed(letters)} is the kernel?"
    return f"{message}; {asked} Write for example 'let {kernel}: kernel[{extents}]'"


def _summed(expressions: Iterable[Expr], declarations: Mapping[str, Declaration]) -> list[str]:
    """Names of sequences that are not declared, and are indexed by what is summed over; in their order."""
    found: dict[str, None] = {}
    for e in expressions:
        for _, node in walk(e):
            if not isinstance(node, Sum):
                continue
            bound = set(node.indices)
            for _, part in walk(node.body):
                match part:
                    case Entry(Name(name), at) if any(bound & p.names() for p in at):
                        if name in declarations and declarations[name].tacit and declarations[name].kind == "signal":
                            found[name] = None
                    case _:
                        pass
    return list(found)


def _listed(names: list[str]) -> str:
    return f"{', '.join(names[:-1])} and {names[-1]}"
