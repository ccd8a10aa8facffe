"""Floors of quotients: their values are those of Python's //, and each has one name."""

from __future__ import annotations

from random import Random

import pytest

from symconv.errors import StatementError
from symconv.expr.claim import read_statement
from symconv.expr.floors import floor, is_floor, known_integers, parts, read, spoken
from symconv.index.poly import Poly, const, var

NAMES = ("H", "c", "p", "s", "t")


def drawn(random: Random, terms: int) -> Poly:
    out = const(random.randint(-6, 6))
    for _ in range(terms):
        term = const(random.choice((-3, -2, -1, 1, 2, 4)))
        for _ in range(random.randint(1, 2)):
            term = term * var(random.choice(NAMES))
        out = out + term
    return out


def divisor(random: Random) -> Poly:
    return random.choice(
        (const(random.randint(1, 5)), var("s"), var("s") * var("t"), var("s") * 2, var("s") + var("t"))
    )


def value(p: Poly, integers: dict[str, int]) -> int:
    return p.evaluate(known_integers(integers, p.names()))


@pytest.mark.parametrize("seed", range(200))
def test_values_are_those_of_integer_division(seed: int) -> None:
    random = Random(seed)
    p, s = drawn(random, random.randint(0, 4)), divisor(random)
    one = floor(p, s)
    q, t = one + drawn(random, 2), divisor(random)
    nested = floor(q, t)
    for _ in range(10):
        integers = {n: random.randint(1, 9) for n in NAMES}
        assert value(one, integers) == p.evaluate(integers) // s.evaluate(integers)
        assert value(nested, integers) == value(q, integers) // t.evaluate(integers)
    for name in filter(is_floor, (one + nested).names()):
        assert read(name, {}) == var(name)
        assert floor(*parts(name)) == var(name)
        assert spoken((name,)) <= set(NAMES)


def test_one_name_for_one_floor() -> None:
    n, s, t, a, b = map(var, "nstab")
    assert floor(n + s * a, s) == a + floor(n, s)
    assert floor(floor(n, s) + b, t) == floor(n + s * b, s * t)
    assert floor(n, const(1)) == n
    assert floor(const(-7), const(2)) == const(-4)
    assert floor(s * n, s) == n
    assert str(floor(n - 3, const(2))) == "((n - 1)//2) - 1"


@pytest.mark.parametrize("said", ["n//s == n//s + 0", "(n + s)//s == n//s + 1", "(n//s)//t == n//(s*t)"])
def test_floors_stand_in_claims(said: str) -> None:
    from symconv.tactics.prove import prove

    assert prove(read_statement(said, ("n: integer", "s: size", "t: size"))).verdict == "proved"


def test_a_floor_of_a_bound_index_is_refused() -> None:
    with pytest.raises(StatementError, match="a floor is of sizes and declared integers, and n is none"):
        read_statement("sum(x[n//2] for n in range(4)) == 0")


def test_induction_holds_a_floor_fixed() -> None:
    """A floor of the count is one number for the whole claim, so a claim about it is not shown by counting."""
    from symconv.tactics.prove import prove

    said = "repeat(x, x, r) == (r//2 - r//2 + 1)*x"
    assert prove(read_statement(said, ("x: signal", "r: natural"))).verdict == "proved"
    assert prove(read_statement("repeat(x, x, r) == (r//2)*x", ("x: signal", "r: natural"))).verdict == "refuted"
