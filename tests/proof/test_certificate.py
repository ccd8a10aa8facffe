"""Certificates: what was checked is what is printed.  Every field, at every depth, is altered; `check` refuses it."""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Iterator
from fractions import Fraction
from functools import cache
from itertools import islice, product
from typing import Any

import pytest

from symconv.errors import SymconvError
from symconv.expr.claim import read_statement
from symconv.expr.evaluate import Evaluator
from symconv.expr.satisfy import sizes
from symconv.proof.certificate import FORMAT, certificate, check
from symconv.tactics.prove import prove

Data = Any
Place = tuple[str | int, ...]
CLAIMS: dict[str, tuple[str, tuple[str, ...], tuple[str, ...]]] = {
    "strided layers": (
        "corr(corr(x, k, stride=s), h, stride=t) == corr(x, conv(k, up(h, s)), stride=s*t)", (), ()),
    "noble identity": ("down(up(x, s), t) == up(down(x, t), s)", (), ("gcd(s, t) == 1",)),
    "two dimensions": (
        "corr(corr(x, k, stride=(2, 3)), k, stride=(5, 2)) == corr(x, conv(k, up(k, (2, 3))), stride=(10, 6))",
        ("x: signal[H, W]", "k: kernel[c, c]"), ()),
    "flipped": ("corr(x, k, padding=p) == conv(x, shift(flip(k), p))", (), ()),
    "definitions": ("corr(y, h) == corr(x, K, stride=2)",
                    ("y = corr(x, k, stride=2)", "K[m] = sum(h[j]*k[m - 2*j] for j in Z)"), ()),
    "sums and conditions": (
        "sum(k[j]*x[n - j] for j in range(c)) + a*iverson(n % s == 0) == conv(x, k)[n] + a*up(ones(c), s)[n]*0"
        " + a*iverson(n % s == 0)", ("k: kernel[c]", "a: number", "n: integer"), ()),
    "residues": ("x == up(down(x, 2), 2) + shift(up(down(shift(x, -1), 2), 2), 1)", (), ()),
    "assumed equations": ("down(conv(x, h), s) == down(conv(x, k), 2)", (), ("h == k", "s == 2")),
}  # fmt: skip


def sample(name: str, place: tuple[int, ...]) -> Fraction:
    """Values without pattern, of both signs, the same in every run."""
    return Fraction(sum(ord(c) for c in name) + sum((i + 1) * (n * n + 3 * n) for i, n in enumerate(place)), 7) % 5 - 2


@cache
def written(name: str) -> str:
    """The certificate as JSON text."""
    claim, lets, assume = CLAIMS[name]
    theorem = prove(read_statement(claim, lets, assume)).theorem
    assert theorem is not None
    return json.dumps(certificate(theorem))


def alterations(data: Data, place: Place = ()) -> Iterator[tuple[Place, Data]]:
    """(place, what to put there): everything that differs from the data in one point."""
    match data:
        case bool():
            yield from ((place, new) for new in (not data, int(data), None))
        case int():
            others = (data + 1, data - 1, -data, data + 10**30, float(data), data > 0, str(data), None)
            yield from ((place, new) for new in others if repr(new) != repr(data))
        case str():
            yield from ((place, new) for new in (data + "x", data[:-1], "zz", "", 1, None, [data]) if new != data)
        case dict():
            yield place, {**data, "extra": 1}
            yield place, list(data)
            for key, value in data.items():
                yield place, {k: v for k, v in data.items() if k != key}
                yield place, {(f"{k}x" if k == key else k): v for k, v in data.items()}
                yield from alterations(value, (*place, key))
        case list():
            yield place, [*data, 1]
            yield place, {}
            for i, value in enumerate(data):
                yield place, data[:i] + data[i + 1 :]
                yield place, [*data[:i], value, *data[i:]]
                if i and data[i - 1] != value:
                    yield place, [*data[: i - 1], value, data[i - 1], *data[i + 1 :]]
                yield from alterations(value, (*place, i))


def put(data: Data, place: Place, new: Data) -> Data:
    """The data with one place replaced (the rest is shared)."""
    if not place:
        return new
    out = copy.copy(data)
    out[place[0]] = put(data[place[0]], place[1:], new)
    return out


def in_line(place: Place) -> bool:
    return place[:1] == ("first",) or "line" in place


def sweep(name: str, most: int | None) -> list[tuple[Place, Data, Data]]:
    """Alterations of a certificate: all (None), or about `most` within the lines and as many outside of them."""
    data = json.loads(written(name))
    found = list(alterations(data))
    groups = [item for item in found if in_line(item[0])], [item for item in found if not in_line(item[0])]
    chosen = [item for group in groups for item in group[:: 1 if most is None else max(1, len(group) // most)]]
    return [(place, new, put(data, place, new)) for place, new in chosen]


NAMED = {
    (): "not a certificate",
    ("format",): "not a certificate|the format is",
    ("statement",): "statement|let and assume|line|free indices|not a certificate|the first differs",
    ("indices",): "indices|not a name|line|the first differs",
    ("first",): "the first differs",
    ("steps",): r"line \d+[:,] \S|the steps are a list of lines",
}
"""What the refusal of an altered field speaks of."""


def refuse_all(name: str, items: list[tuple[Place, Data, Data]]) -> None:
    accepted: list[tuple[Place, Data]] = []
    for place, new, bad in items:
        try:
            check(bad)
        except SymconvError as refusal:
            assert re.search(NAMED[place[:1]], str(refusal)), (place, new)
            if place[:1] == ("steps",) and len(place) > 1 and (found := re.match(r"line (\d+)", str(refusal))):
                assert int(found[1]) >= int(place[1]) + 1, (place, new, str(refusal))
        else:
            accepted.append((place, new))
    assert accepted == []


@pytest.mark.parametrize("name", CLAIMS)
def test_a_certificate_replays(name: str) -> None:
    data = json.loads(written(name))
    theorem = check(data)
    assert certificate(theorem) == data
    assert json.dumps(certificate(theorem)) == written(name)
    claim, _, assume = CLAIMS[name]
    assert theorem.statement == read_statement(claim, data["statement"]["let"], data["statement"]["assume"])
    assert set(assume) <= set(data["statement"]["assume"])
    assert data["format"] == FORMAT
    assert all(step["text"] for step in data["steps"])


@pytest.mark.parametrize("name", CLAIMS)
def test_every_line_of_a_chain_has_one_value(name: str) -> None:
    theorem = check(json.loads(written(name)))
    lines = [theorem.first, *(step.line for step in theorem.steps)]
    seen: set[Fraction] = set()
    for integers in islice(sizes(theorem.statement, largest=3), 0, 40, 4):
        for place in product((-3, 0, 1, 4), repeat=len(theorem.indices)):
            evaluator = Evaluator(theorem.statement, integers, {"a": Fraction(2, 3)}, sample)
            scope = {**integers, **dict(zip(theorem.indices, place, strict=True))}
            values = {evaluator.value(line, (), scope) for line in lines}
            assert len(values) == 1
            seen |= values
    assert len(seen) > 1


@pytest.mark.parametrize("name", CLAIMS)
def test_every_altered_field_is_refused(name: str) -> None:
    refuse_all(name, sweep(name, 200))


@pytest.mark.slow
@pytest.mark.parametrize("name", CLAIMS)
def test_every_altered_field_is_refused_in_full(name: str) -> None:
    refuse_all(name, sweep(name, None))


# ---- other statements, other parts


@pytest.mark.parametrize("data", [None, 3, "certificate", [], {}, [{}], True, {"format": FORMAT}])
def test_what_is_not_a_certificate_is_refused(data: Data) -> None:
    with pytest.raises(SymconvError, match="this is not a certificate"):
        check(data)


@pytest.mark.parametrize(("name", "field", "old", "new", "message"), [
    ("strided layers", "claim", "up(h, s)", "up(h, t)", "does not end at the right side"),
    ("strided layers", "claim", "conv(k, up(h, s))", "conv(h, up(k, s))", "does not end at the right side"),
    ("strided layers", "claim", "stride=s*t", "stride=s*t*t", "does not end at the right side"),
    ("strided layers", "claim", "stride=s)", "stride=t)", "line 1, "),
    ("strided layers", "claim", " == ", "  ==  ", "the statement differs from what was checked"),
    ("strided layers", "claim", "stride=s*t", "stride=t*s", "the statement differs from what was checked"),
    ("noble identity", "assume", "gcd(s, t) == 1", "gcd(s, 2*t) == 1", r"gcd\(s, t\) = 1 is not known"),
    ("noble identity", "assume", "gcd(s, t) == 1", "s >= t", r"line \d+, rule coprime: gcd\(s, t\) = 1 is not known"),
    ("noble identity", "assume", "gcd(s, t) == 1", "s != t", r"line \d+, rule coprime: gcd\(s, t\) = 1 is not known"),
    ("noble identity", "let", "s: size", "s: natural", "the statement differs"),
    ("two dimensions", "claim", "(10, 6)", "(10, 10)", "does not end at the right side"),
    ("two dimensions", "claim", "(5, 2)", "(2, 5)", "line 1, "),
    ("flipped", "claim", "shift(flip(k), p)", "shift(flip(k), -p)", "does not end at the right side"),
    ("flipped", "claim", "flip(k)", "k", "does not end at the right side"),
    ("flipped", "let", "p: natural", "p: number", "the statement"),
    ("flipped", "let", "k: kernel[c]", "k: signal", "the statement"),
    ("definitions", "let", "2*j", "3*j", r"line \d+, "),
    ("definitions", "let", "y = corr(x, k, stride=2)", "y = corr(x, k, stride=3)", r"line \d+, "),
    ("sums and conditions", "claim", "n % s", "n % (2*s)", r"line \d+, "),
    ("sums and conditions", "let", "a: number", "a: size", r"line \d+, "),
    ("residues", "claim", "shift(x, -1)", "shift(x, 1)", r"line \d+, |does not end"),
    ("assumed equations", "assume", "s == 2", "s == 3", r"line \d+, "),
    ("assumed equations", "assume", "h == k", "h == flip(k)", r"line \d+, "),
    ("assumed equations", "assume", "h == k", "s >= 1", r"line \d+, rule hypothesis: there is no assumed equation 0"),
])  # fmt: skip
def test_the_chain_of_one_statement_is_not_that_of_another(
    name: str, field: str, old: str, new: str, message: str
) -> None:
    data = json.loads(written(name))
    before = data["statement"][field]
    after = before.replace(old, new, 1) if isinstance(before, str) else [t.replace(old, new, 1) for t in before]
    assert after != before
    with pytest.raises(SymconvError, match=message):
        check(put(data, ("statement", field), after))


def test_parts_of_one_certificate_do_not_fit_another() -> None:
    names = list(CLAIMS)
    for one, other in zip(names, names[1:] + names[:1], strict=True):
        ours, theirs = json.loads(written(one)), json.loads(written(other))
        for part in ("statement", "first", "steps"):
            with pytest.raises(SymconvError):
                check({**ours, part: theirs[part]})


def test_a_certificate_without_steps_proves_only_an_identity() -> None:
    theorem = prove(read_statement("conv(x, k) == conv(x, k)")).theorem
    assert theorem is not None
    data = certificate(theorem)
    empty = {**data, "steps": []}
    assert check(empty).steps == ()
    claim = {**data["statement"], "claim": "conv(x, k) == 2*conv(x, k)"}
    with pytest.raises(SymconvError, match="does not end at the right side"):
        check({**empty, "statement": claim})


def test_a_further_assumption_is_noticed() -> None:
    """The theorem would be weaker, and true; but it is not the one that was written."""
    data = json.loads(written("strided layers"))
    more = put(data, ("statement", "assume"), [*data["statement"]["assume"], "s >= 2"])
    with pytest.raises(SymconvError, match="the first differs"):
        check(more)


@pytest.mark.parametrize("head", [["Sum"], {"Sum": 1}])
def test_a_node_without_a_class_name_is_refused(head: Data) -> None:
    data = json.loads(written("strided layers"))
    with pytest.raises(SymconvError, match="line 1: not an expression"):
        check(put(data, ("steps", 0, "line", 0), head))


@pytest.mark.parametrize("one", [1.0, True])
def test_numbers_of_the_first_line_are_integers(one: Data) -> None:
    data = json.loads(written("flipped"))
    assert data["first"]["line"][1][1] == ["Name", "x", 1]
    with pytest.raises(SymconvError, match="the first differs"):
        check(put(data, ("first", "line", 1, 1, 2), one))
