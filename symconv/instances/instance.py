"""A statement at concrete sizes: what `expand` gives, both sides as SymPy polynomials at every place."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from symconv.errors import StatementError
from symconv.expr.statement import Statement

Place = tuple[int, ...]
Monomials = list[tuple[Fraction, list[tuple[str, Place]]]]
OUTPUTS = 24
"""At most so many outputs are shown."""


@dataclass(frozen=True, slots=True)
class Output:
    """Both sides at one place."""

    place: Place
    left: Any
    right: Any
    equal: bool


@dataclass(frozen=True)
class Instance:
    """A statement at concrete sizes: every output, the collected kernel, and whether both sides agree everywhere."""

    statement: Statement
    integers: dict[str, int]
    samples: int | None
    outputs: tuple[Output, ...]
    kernel: tuple[tuple[Place, Any], ...]
    names: dict[Any, tuple[str, Place]]

    @property
    def agrees(self) -> bool:
        """Whether all outputs that were expanded are equal as polynomials."""
        return all(o.equal for o in self.outputs)

    def worked(self) -> tuple[dict[str, int], list[tuple[Place, Monomials]], list[tuple[Place, Monomials]]]:
        """Sizes, kernel taps and the outputs that are not zero, as monomials."""
        kernel = [(p, self.monomials(v)) for p, v in self.kernel]
        outputs = [(o.place, self.monomials(o.left)) for o in self.outputs if o.left != 0]
        return self.integers, kernel, outputs

    def monomials(self, e: Any) -> Monomials:
        """A polynomial as coefficients and indexed names."""
        import sympy

        if e.atoms(sympy.Function, sympy.Max):
            raise StatementError("a pointwise function stands in it: this value is no polynomial")
        symbols = sorted(e.free_symbols, key=lambda s: self.names.get(s, (s.name, ())))
        if not symbols:
            return [(Fraction(int(e.p), int(e.q)), [])] if e != 0 else []
        out: Monomials = []
        for powers, c in sympy.Poly(e, *symbols).terms():
            factors = [self.names.get(s, (s.name, ())) for s, n in zip(symbols, powers, strict=True) for _ in range(n)]
            out.append((Fraction(int(c.p), int(c.q)), factors))
        return out
