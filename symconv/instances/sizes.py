"""Sizes of an instance: what is given, checked, and small numbers for the rest."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import product

from symconv.errors import StatementError
from symconv.expr.floors import known_integers
from symconv.expr.nodes import Conv, Corr, Down, Flip, Shift, Up, rank
from symconv.expr.ranges import box
from symconv.expr.satisfy import met, satisfying
from symconv.expr.statement import Declaration, Statement, polys
from symconv.index.poly import Poly
from symconv.instances.finite_array import Tensor

LARGEST = 4000
USUAL = {"size": 2, "natural": 1, "integer": 1}


def sizes_of(statement: Statement, given: dict[str, int]) -> dict[str, int]:
    """Every integer of the statement: given ones checked, others small and meeting the assumptions."""
    wanted: dict[str, Declaration] = {d.name: d for d in statement.declarations.values() if d.kind in USUAL}
    for name, value in given.items():
        if name not in wanted:
            known = ", ".join([*wanted, *(() if "N" in wanted else ("N",))])
            raise StatementError(f"{name}={value}: the statement has no size {name}; it has {known}")
        least = 1 if wanted[name].kind == "size" else 0 if wanted[name].kind == "natural" else None
        if least is not None and value < least:
            raise StatementError(f"{name}={value}: {name} must be at least {least}")
        if abs(value) > LARGEST:
            raise StatementError(f"{name}={value}: an instance of that size is too large to write out")
    taps = {n for d in statement.declarations.values() if d.kind == "kernel" for r in d.ranges if r
            for n in r[1].names()}  # fmt: skip
    values = {n: given.get(n, 3 if n in taps else USUAL[d.kind]) for n, d in wanted.items()}
    assumed = statement.assumptions + statement.tacit
    if all(met(a, values) for a in assumed):
        return values
    mentioned = {n for a in assumed for p in polys(a) for n in p.names()}
    if not mentioned & given.keys():
        found = satisfying(statement)
        if found is not None:
            return {**values, **found}
    for choice in product(range(1, 7), repeat=len(mentioned - given.keys())):
        trial = {**values, **dict(zip(sorted(mentioned - given.keys()), choice, strict=True))}
        if all(met(a, trial) for a in assumed):
            return trial
    shown = ", ".join(f"{n}={v}" for n, v in given.items())
    raise StatementError(f"--with {shown}: these sizes do not meet the assumptions of the statement")


def samples_of(statement: Statement, values: dict[str, int]) -> int:
    """Samples enough for a few outputs."""
    reach = 1
    stride = 1
    values = known_integers(values, statement.opaque)
    for side in (statement.lhs, statement.rhs):
        e = side
        while isinstance(e, Conv | Corr | Down | Up | Flip | Shift):
            if isinstance(e, Corr | Conv):
                ends = box(e.k, statement, values) if rank(e.k) else None
                gap = e.dilation[0].evaluate(values) if isinstance(e, Corr) else 1
                reach = max(reach, gap * (ends[0][1] - ends[0][0]) + 1 if ends else 1)
            if isinstance(e, Corr | Down):
                stride = max(stride, (e.stride if isinstance(e, Corr) else e.by)[0].evaluate(values))
            e = e.x
    limit = 16 if statement.rank <= 1 else 6
    return max(2, min(reach + 2 * stride, limit))


def completed(given: Mapping[str, int], statement: Statement, lists: Mapping[str, Tensor],
              relations: Iterable[Poly] = ()) -> dict[str, int]:  # fmt: skip
    """The given sizes, and those that follow from the shapes of lists and from relations p = 0, one after another."""
    out, known = dict(given), list(relations)
    for name, t in lists.items():
        ranges = statement.declarations[name].ranges
        known += [r[1] - r[0] + 1 - count for r, count in zip(ranges, t.shape, strict=True) if r is not None]
    while found := next(filter(None, (_solved(p, out, statement) for p in known)), None):
        out[found[0]] = found[1]
    return out


def _solved(p: Poly, known: Mapping[str, int], statement: Statement) -> tuple[str, int] | None:
    """The one unknown size of p = 0, where p is affine in it and the value is whole."""
    unknown = sorted(p.names() - known.keys())
    if len(unknown) != 1 or unknown[0] not in statement.integers or p.affine(unknown) is None:
        return None
    rest, slope = (p.evaluate({**known, unknown[0]: i}) for i in (0, 1))
    slope -= rest
    return (unknown[0], -rest // slope) if slope and rest % slope == 0 else None
