"""Right derivations in which one index, sign, limit, factor or operator was changed at random.

The oracle is `reading`: plain loops over fractions, which share nothing with the package.
"""

from __future__ import annotations

import ast
import random
from collections import defaultdict
from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest
import reading
from grading_texts import RIGHT
from oracle import Sequence

from symconv.grading.claim_sheet import read_claims
from symconv.grading.judging import CONDITIONAL, FOLLOWS, OPEN, UNREAD, Judged, grade
from symconv.grading.sheet import Sheet

KINDS = ("sign", "index", "limit", "factor", "operator")
OTHER = {"conv": "corr", "corr": "conv", "up": "down", "down": "up", "flip": "up"}
SIZES = (
    *reading.SIZES,
    {"s": 2, "t": 2, "d": 3, "c": 1, "e": 2, "m": 2, "M": 3},
    {"s": 1, "t": 3, "c": 2, "e": 1, "M": 1},
)


def mutated(text: str, seed: int) -> str:
    """The line with one change, or the same where it has nothing of the drawn kind."""
    draw = random.Random(seed)
    tree = ast.parse(text, mode="eval")
    for kind in draw.sample(KINDS, len(KINDS)):
        places = [n for n in ast.walk(tree) if _fits(n, kind)]
        if places:
            other = deepcopy(tree)
            node = [n for n in ast.walk(other) if _fits(n, kind)][draw.randrange(len(places))]
            _change(node, kind, draw)
            return ast.unparse(other)
    return text


def _fits(node: ast.AST, kind: str) -> bool:
    match kind, node:
        case ("sign", ast.BinOp(op=ast.Add() | ast.Sub())) | ("index", ast.Subscript()):
            return True
        case "limit", ast.Call(func=ast.Name(id="range")):
            return True
        case "factor", ast.Constant(value=int()):
            return True
        case "factor", ast.BinOp(op=ast.Mult()):
            return True
        case "operator", ast.Call(func=ast.Name(id=f)):
            return f in OTHER
        case _:
            return False


def _change(node: Any, kind: str, draw: random.Random) -> None:
    step = ast.Constant(draw.choice((1, 2)))
    if kind == "sign":
        node.op = ast.Sub() if isinstance(node.op, ast.Add) else ast.Add()
    elif kind == "index":
        node.slice = ast.BinOp(node.slice, draw.choice((ast.Add(), ast.Sub())), step)
    elif kind == "limit":
        i = draw.randrange(len(node.args))
        node.args[i] = ast.BinOp(node.args[i], draw.choice((ast.Add(), ast.Sub())), ast.Constant(1))
    elif kind == "factor" and isinstance(node, ast.Constant):
        node.value += 1
    elif kind == "factor":
        node.right = ast.BinOp(ast.Constant(2), ast.Mult(), node.right)
    else:
        f = node.func.id
        node.func.id = OTHER[f]
        if f == "flip":
            node.args.append(ast.Constant(2))


def _inner(x: reading.Line, y: reading.Line) -> Fraction:
    finite = y if y.of.ends is not None else x
    return sum((x.of(*n) * y.of(*n) for n in finite.of.places()), Fraction(0))


def value(text: str, names: Mapping[str, Any]) -> Any:
    """What the line is for these names: a number or a sequence."""
    known = {**reading.NAMES, "inner": _inner, **names, "__builtins__": {}}
    found = eval(compile(ast.parse(text, mode="eval"), "line", "eval"), known)
    return found.of if isinstance(found, reading.Line) else Fraction(found)


def unlike(before: str, after: str, names: Mapping[str, Any]) -> bool:
    """Whether the loops tell the lines apart."""
    left, right = value(before, names), value(after, names)
    if isinstance(left, Sequence) and isinstance(right, Sequence):
        return any(left(n) != right(n) for n in range(-5, 8))
    return left != right


def worlds(judged: Judged) -> Iterator[Mapping[str, Any]]:
    """Drawn sequences and sizes, with the free index at several places."""
    assert judged.statement is not None
    free = [d.name for d in judged.statement.declarations.values() if d.kind == "integer"]
    for seed, sizes in enumerate(SIZES):
        for n in range(-3, 4) if "n" in free else (0,):
            yield reading.world(judged.statement, {**sizes, "n": n}, seed)


def shown(judged: Judged) -> Mapping[str, Any]:
    """The numbers of the counterexample, as sequences of the oracle."""
    assert judged.statement is not None and judged.result is not None
    example = judged.result.counterexample
    assert example is not None
    out: dict[str, Any] = {**dict.fromkeys(judged.statement.integers, 1), **example.integers, **example.numbers}
    for d in judged.statement.declarations.values():
        if d.kind in ("signal", "kernel"):
            entries = example.sequences.get(d.name, {})
            ends = [(-9, 9) if r is None else (r[0].evaluate(out), r[1].evaluate(out)) for r in d.ranges]
            known = d.kind == "kernel" or None not in d.ranges
            values = defaultdict(Fraction, entries)
            out[d.name] = reading.Line(Sequence(d.rank, values.__getitem__, tuple(ends) if known else None))
    return out


def changed(name: str, seed: int) -> tuple[Sheet, int] | None:
    """A sheet with one line changed, and its number; None where nothing was changed."""
    sheet = read_claims(RIGHT[name], name)
    (lines,) = sheet.chains
    number = random.Random(f"{name}{seed}").randrange(1, len(lines))
    text = mutated(lines[number].text, seed)
    if ast.dump(ast.parse(text)) == ast.dump(ast.parse(lines[number].text)):
        return None
    new = replace(lines[number], text=text, source=text)
    return replace(sheet, chains=((*lines[:number], new, *lines[number + 1 :]),)), number


def verdict(name: str, seed: int) -> str:
    """What is said of the changed line, after the loops have agreed."""
    found = changed(name, seed)
    if found is None:
        return "same"
    sheet, number = found
    graded = grade(sheet, mending=0.0)
    (chain,) = graded.chains
    line, before = chain.lines[number], sheet.chains[0][number - 1].text
    assert [j.verdict for j in chain.lines[1:number]] == [FOLLOWS] * (number - 1) or line.verdict == UNREAD
    if line.faulty:
        assert chain.first_wrong is line
        assert unlike(before, line.line.text, shown(line)), "the loops do not see the difference that is shown"
    elif line.verdict in (FOLLOWS, CONDITIONAL):
        assert not any(unlike(before, line.line.text, w) for w in worlds(line)), "accepted wrongly"
    return line.verdict if not line.faulty else "located"


@pytest.mark.parametrize("name", RIGHT)
def test_the_loops_agree_with_the_right_derivations(name: str) -> None:
    for chain in grade(read_claims(RIGHT[name], name)).chains:
        for a, b in zip(chain.lines, chain.lines[1:], strict=False):
            assert not any(unlike(a.line.text, b.line.text, w) for w in worlds(b)), b.line.text


@pytest.mark.slow
@pytest.mark.parametrize("name", RIGHT)
def test_mutations_are_located_or_proved_equivalent(name: str) -> None:
    found = [verdict(name, seed) for seed in range(18)]
    assert found.count("same") < 6
    assert found.count("located") > 6
    assert found.count(OPEN) <= 1


@pytest.mark.parametrize("name", RIGHT)
def test_a_mutation_is_located_or_proved_equivalent(name: str) -> None:
    assert {verdict(name, seed) for seed in range(100, 102)} <= {"located", "same", FOLLOWS, UNREAD}
