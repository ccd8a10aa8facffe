"""Proofs by identities: paths are found, every line is right on drawn numbers, no false or circular step is told."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import pytest
from reading import SIZES, value, world

from symconv.expr.claim import read_statement
from symconv.expr.text import text
from symconv.library import catalogue
from symconv.library.identities import BOOK, identities
from symconv.tactics import paths
from symconv.tactics.paths import Told, faulty, path, usable
from symconv.tactics.prove import theorem
from symconv.tactics.rewriting import Identity, canonical, covers, general, instances, instantiated

NAMED = ["two-strided-layers", "strided-layers", "filtering-after-upsampling", "filtering-after-downsampling",
         "nearest-neighbour", "nearest-neighbour-layer", "nearest-neighbour-correlation", "noble-down", "noble-up",
         "noble-layer"]  # fmt: skip
OTHERS = ["r-strided-layers", "two-strided-convolutions", "strided-convolutions", "dilated-strided-convolutions",
          "dilated-strided-layers", "correlation-shifts", "correlation-distributes", "correlations-compose",
          "correlation-kernel-shifts-back", "correlation-distributes-kernels", "convolution-then-correlation",
          "stride-keeps-shifts", "dilated-layers", "doubling-dilations", "parallel-branches",
          "upsampling-by-repetition", "layer-and-adjoint"]  # fmt: skip


IMAGES = ["strided-layers-2d", "strided-convolutions-2d", "dilated-strided-layers-2d", "weighted-branches-2d"]


def told(name: str) -> Told:
    s = catalogue.statement(catalogue.find(name))
    found = path(s, identities(s.rank))
    assert found is not None
    return found


def lines(found: Told) -> list[str]:
    return [text(found.statement.lhs), *(text(s.line) for s in found.steps)]


@pytest.mark.parametrize("name", NAMED + OTHERS + IMAGES)
def test_every_line_is_right_on_drawn_numbers(name: str) -> None:
    found = told(name)
    assert found.steps
    for seed, sizes in enumerate(SIZES):
        names = world(found.statement, sizes, seed)
        first, *rest = (value(line, names) for line in lines(found))
        places = list(product(range(-5, 6) if first.rank == 1 else range(-1, 2), repeat=first.rank))
        entries = [first(*n) for n in places]
        assert any(entries)
        for line in rest:
            assert [line(*n) for n in places] == entries


@pytest.mark.parametrize("name", NAMED + OTHERS + IMAGES)
def test_every_step_is_an_instance_of_an_earlier_theorem(name: str) -> None:
    found = told(name)
    order = [e.name for e in BOOK]
    for identity in found.cited:
        entry = catalogue.find(identity.name)
        assert entry.verdict == "proved"
        assert identity.title == entry.title
        assert identity.name != name
        if name in order:
            assert order.index(identity.name) < order.index(name)
    assert faulty(found.statement, found.steps) is None
    assert found.steps[-1].line == found.statement.rhs


def test_two_strided_layers_as_a_book_would_tell_it() -> None:
    assert lines(told("strided-layers")) == [
        "corr(corr(x, k, stride=s), h, stride=t)",
        "down(corr(corr(x, k, stride=s), h), t)",
        "down(corr(down(corr(x, k), s), h), t)",
        "down(down(corr(corr(x, k), up(h, s)), s), t)",
        "down(corr(corr(x, k), up(h, s)), s*t)",
        "down(corr(x, conv(k, up(h, s))), s*t)",
        "corr(x, conv(k, up(h, s)), stride=s*t)",
    ]
    assert [i.name for i in told("strided-layers").cited] == [
        "stride-is-down-sampling", "noble-layer", "down-down", "correlations-compose"]  # fmt: skip


def test_a_statement_is_never_told_by_its_own_entry() -> None:
    for identity in identities():
        left = usable(identity.statement, identities())
        assert identity not in left
        assert not any(covers(i, identity.statement) for i in left)


def test_a_claim_that_is_an_instance_of_an_entry_is_told_by_earlier_ones() -> None:
    s = read_statement("corr(corr(y, g, stride=3), v, stride=2) == corr(y, conv(g, up(v, 3)), stride=6)")
    found = path(s, identities())
    assert found is not None
    assert "strided-layers" not in {i.name for i in found.cited}


def test_definitions_of_the_author_are_written_out_first() -> None:
    s = read_statement("corr(x, K, stride=4) == corr(corr(x, k, stride=2), k, stride=2)", ["K = conv(k, up(k, 2))"])
    found = path(s, identities())
    assert found is not None
    assert found.steps[0].identity is None
    assert text(found.steps[0].line) == "corr(x, conv(k, up(k, 2)), stride=4)"


@pytest.mark.parametrize("claim", ["conv(x, k) == conv(k, x)", "down(up(x, s), s) == x", "x[n] == x[n]"])
def test_no_path_is_none(claim: str) -> None:
    assert path(read_statement(claim), identities()) is None


def test_theorems_are_said_of_every_axis() -> None:
    one = next(i for i in identities() if i.name == "down-down")
    both = next(i for i in identities(2) if i.name == "down-down")
    assert text(both.statement.lhs) == "down(down(x, (s1, s2)), (t1, t2))"
    assert text(both.statement.rhs) == "down(x, (s1*t1, s2*t2))"
    assert text(one.statement.rhs) == "down(x, s*t)"
    s = read_statement("down(down(x, (2, 3)), (1, 5)) == down(x, (2, 15))", ["x: signal[:, :]"])
    assert covers(both, s)
    assert not covers(both, replace(s, rhs=read_statement("down(x, (15, 2)) == x", ["x: signal[:, :]"]).lhs))


@pytest.mark.parametrize("axes", [1, 2])
def test_every_identity_of_the_table_is_a_theorem(axes: int) -> None:
    for identity in identities(axes):
        assert theorem(identity.statement, 10.0) is not None, identity.name


# What must not be told


def smuggled(claim: str, *lets: str) -> Identity:
    return Identity("smuggled", "A false theorem", general(read_statement(claim, lets)))


FALSE = [
    ("down(conv(x, k), s) == conv(down(x, s), k)", "down(conv(x, h), t) == conv(down(x, t), h)"),
    ("corr(x, k) == corr(k, x)", "corr(conv(x, k), h) == corr(h, conv(x, k))"),
    ("up(down(x, s), s) == x", "conv(up(down(x, s), s), k) == conv(x, k)"),
    ("corr(x, k) == conv(x, k)", "up(corr(x, k), s) == conv(up(x, s), up(k, s))"),
]


@pytest.mark.parametrize(("identity", "claim"), FALSE)
def test_a_false_identity_leads_to_no_path(identity: str, claim: str) -> None:
    assert theorem(read_statement(claim)) is None
    assert path(read_statement(claim), (smuggled(identity), *identities()), seconds=1.0) is None


def test_a_false_identity_is_left_out_where_there_is_another_way(monkeypatch: pytest.MonkeyPatch) -> None:
    false = smuggled("corr(x, k, stride=s) == conv(x, flip(k))")
    found = path(catalogue.statement(catalogue.find("noble-layer")), (false, *identities()))
    assert found is not None
    assert false not in found.cited


def test_a_false_identity_between_equal_lines_is_not_cited() -> None:
    """The lines are equal whatever they are said to follow from; the theorem that is named must be true too."""
    s = read_statement("corr(x, k) == conv(x, flip(k))", ["k: kernel[1]"])
    wrong = smuggled("corr(x, k) == conv(x, flip(k))")
    wrong = replace(wrong, statement=replace(wrong.statement, rhs=read_statement("conv(x, k) == x").lhs))
    assert path(s, (wrong,), seconds=1.0) is None


def test_altered_steps_are_refused() -> None:
    found = told("strided-layers")
    s, steps = found.statement, found.steps
    other = next(i for i in identities() if i.name == "flip-flip")
    for i, step in enumerate(steps):
        for bad in (
            replace(step, identity=other), replace(step, side=1 - step.side), replace(step, place=(*step.place, 0)),
            replace(step, line=s.lhs),
        ):  # fmt: skip
            assert faulty(s, (*steps[:i], bad, *steps[i + 1 :])) is not None
    assert faulty(s, steps[:-1]) is not None


def test_a_search_without_a_proof_of_its_steps_tells_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paths, "theorem", lambda s: None)
    assert path(catalogue.statement(catalogue.find("strided-layers")), identities(), seconds=1.0) is None


# Matching


def found(identity: str, subject: str, side: int = 0) -> list[dict[str, str]]:
    s = read_statement(f"{subject} == {subject}", ["n: size"] if "n" in subject else [])
    pattern = smuggled(identity)
    out = []
    for sub in instances(pattern, side, s.lhs, s.facts):
        e = instantiated(pattern.sides[side], sub, frozenset())
        assert canonical(e) == canonical(s.lhs)
        out.append({n: text(e) for n, e in sub.expressions.items()} | {n: str(p) for n, p in sub.integers.items()})
    return out


def test_sequences_and_sizes_are_variables() -> None:
    assert found("down(down(x, s), t) == down(x, s*t)", "down(down(conv(y, g), 2), u)") == [
        {"x": "conv(y, g)", "s": "2", "t": "u"}]  # fmt: skip


def test_products_are_matched_with_every_factorisation() -> None:
    splits = {(m["s"], m["t"]) for m in found("up(up(x, s), t) == up(x, s*t)", "up(y, 12)", 1)}
    assert splits == {("2", "6"), ("3", "4"), ("4", "3"), ("6", "2")}
    splits = {(m["s"], m["t"]) for m in found("up(up(x, s), t) == up(x, s*t)", "up(y, 2*u)", 1)}
    assert splits == {("2", "u"), ("u", "2")}


def test_linear_integers_are_solved_for() -> None:
    assert found("down(shift(x, s*m), s) == shift(down(x, s), m)", "down(shift(y, 6*u), 3)") == [
        {"x": "y", "s": "3", "m": "2*u"}]  # fmt: skip
    assert found("down(shift(x, s*m), s) == shift(down(x, s), m)", "down(shift(y, 5*u), 3)") == []


@pytest.mark.parametrize(
    ("identity", "subject"),
    [
        ("conv(x, k) == conv(k, x)", "up(x, 2)"),
        ("conv(x, x) == conv(x, x)", "conv(k, h)"),
        ("conv(x, k) == conv(k, x)", "conv(k, down(x, 2))"),  # x is no kernel
        ("down(up(x, s), s) == x", "down(up(x, 2), 3)"),
        ("corr(x, k, stride=s) == down(corr(x, k), s)", "corr(x, k)"),  # a factor 1 says nothing
        ("sum(h[a]*shift(x, a) for a in Z) == conv(x, h)", "sum(h[a]*shift(shift(y, a), a) for a in Z)"),
    ],
)
def test_almost_matches_are_none(identity: str, subject: str) -> None:
    s = read_statement(f"{subject} == {subject}", ["k: kernel[c]", "h: kernel[e]", "x: signal"])
    identity_of = smuggled(identity, *(["x: kernel[c]"] if "x, x" in identity else []))
    assert list(instances(identity_of, 0, s.lhs, s.facts)) == []
