"""What figures are drawn with: small sizes that meet the assumptions, unused names, and layers written one by one."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import chain, islice, product

from symconv.document.model import Text
from symconv.document.words import listed
from symconv.expr.mathematics import Num, Sym, Tok, row
from symconv.expr.nodes import Corr, Count, Expr, Layer, Name, rank
from symconv.expr.satisfy import met
from symconv.expr.statement import Statement, polys
from symconv.expr.traverse import walk
from symconv.index.poly import Poly

COLOURS = 3
LARGEST = 6
TRIES = 5_000
OUTPUTS = ("y", "z", "u", "v", "p", "q", "r")

Integers = Mapping[str, int]


def meets(statement: Statement, sizes: Integers) -> bool:
    """Whether the assumptions that speak of these sizes alone hold for them."""
    assumed = (*statement.assumptions, *statement.tacit)
    return all(met(a, dict(sizes)) for a in assumed if {n for p in polys(a) for n in p.names()} <= sizes.keys())


def drawn_sizes(statement: Statement, wanted: Integers, integers: Integers) -> dict[str, int] | None:
    """Sizes close to the wanted ones, those of the example where it has some above 1, that meet the assumptions.

    What the assumptions say of a wanted size together with others is kept too: the others are chosen with it.
    """
    names = dict(wanted)
    linked = [{n for p in polys(a) for n in p.names()} for a in (*statement.assumptions, *statement.tacit)]
    while more := {n for link in linked if link & names.keys() for n in link} - names.keys():
        names |= dict.fromkeys(sorted(more), 2)
    if not names.keys() <= statement.integers:
        return None
    choices: list[Iterable[int]] = []
    for name, value in names.items():
        own = integers[name] if integers.get(name, 0) > 1 else value
        low = 1 if statement.declarations[name].kind == "size" else 0
        choices.append(dict.fromkeys((own, *sorted(range(low, LARGEST + 1), key=lambda v, own=own: abs(v - own)))))
    for found in islice(product(*choices), TRIES):
        sizes = dict(zip(names, found, strict=True))
        if meets(statement, sizes):
            return sizes
    return None


def named(ps: Iterable[Poly], value: int) -> dict[str, int]:
    """That value for every name in some polynomials."""
    return dict.fromkeys(sorted({n for p in ps for n in p.names()}), value)


def unused(statement: Statement, names: Iterable[str] = OUTPUTS) -> Iterator[str]:
    """The names that nothing in the statement has."""
    return (n for n in names if n not in statement.declarations and n not in statement.definitions)


def nodes(statement: Statement) -> Iterator[Expr]:
    """Everything in the two sides, outermost first, the right side first; also the layers that are counted."""
    return chain.from_iterable(_inside(side) for side in (statement.rhs, statement.lhs))


def _inside(e: Expr) -> Iterator[Expr]:
    for _, node in walk(e):
        yield node
        if isinstance(node, Count):
            yield from _inside(node.e)


@dataclass(frozen=True, slots=True)
class Step:
    """One layer of a stack under the name of its output; its operand is the name of the layer before."""

    name: str
    layer: Corr | Layer


@dataclass(frozen=True, slots=True)
class Stack:
    """Layers one after another, from the input on."""

    first: Expr
    steps: tuple[Step, ...]


def stack(e: Expr, statement: Statement, wanted: Callable[[Expr], bool]) -> Stack | None:
    """The wanted layers that stand in each other, each with a name: the author's own, or an unused one."""
    found: list[tuple[str, Corr | Layer]] = []
    while True:
        own = e.name if isinstance(e, Name) else ""
        written = statement.definitions.get(own, e)
        if not isinstance(written, Corr | Layer) or not wanted(written):
            break
        found.append((own, written))
        e = written.x if isinstance(written, Corr) else written.parts[0]
    fresh = unused(statement)
    below, steps = e, list[Step]()
    for own, layer in reversed(found):
        name = own or next(fresh, "")
        if not name:
            return None
        inside = replace(layer, x=below) if isinstance(layer, Corr) else replace(layer, parts=(below, *layer.parts[1:]))
        steps.append(Step(name, inside))
        below = Name(name, rank(layer))
    return Stack(e, tuple(steps)) if steps else None


def valued(sizes: Integers) -> Text:
    """For c = 3 and s = 2; nothing where there are no names."""
    said = [(row(Sym(name), Tok("eq"), Num(str(value))),) for name, value in sizes.items() if name[0] != "_"]
    return (" for ", *listed(said)) if said else ()
