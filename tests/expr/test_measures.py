"""Extents are PyTorch's, receptive fields those of plain loops; what is written wrongly is refused with the mend."""

from __future__ import annotations

from random import Random
from typing import Any

import pytest

from symconv.errors import CertificateError, RuleError, StatementError
from symconv.expr.claim import read_expression, read_statement
from symconv.expr.finite import require
from symconv.expr.nodes import Count, Integer, Iverson, Mul, Sum
from symconv.expr.signs import nonnegative
from symconv.expr.text import assumptions, claim, lets
from symconv.expr.wellformed import meaning
from symconv.index.conditions import Eq, Ge
from symconv.index.poly import ONE, const, var
from symconv.proof.certificate import certificate, check
from symconv.tactics.costing import valued
from symconv.tactics.prove import prove

torch = pytest.importorskip("torch")
nn = torch.nn
STACKS = 250


class Stack:
    """A drawn stack of layers on one axis: claim text with literal or named integers, and modules of PyTorch."""

    def __init__(self, seed: int, forwards: bool = False) -> None:
        self.random = Random(seed)
        self.values: dict[str, int] = {}
        self.n = self.random.randint(6, 24) + 12 * forwards
        self.lets: list[str] = []
        extent = self.integer(self.n, "size")
        self.lets.append(f"x: signal[{extent}]")
        self.text = "x"
        self.modules: list[Any] = []
        kinds = [self.conv, self.conv, self.pool, self.average, self.shifted]
        for _ in range(self.random.randint(1, 3)):
            self.random.choice(kinds if forwards else [*kinds, self.transposed, self.upsampled])()

    def integer(self, value: int, kind: str) -> str:
        if self.random.random() < 0.4:
            return str(value)
        name = f"n{len(self.values)}"
        self.values[name] = value
        self.lets.append(f"{name}: {kind}")
        return name

    def drawn(self) -> tuple[int, int, int, int, str]:
        c, s, d = (self.random.choice(v) for v in ((1, 2, 3, 5), (1, 2, 3, 4), (1, 1, 2, 3)))
        p = self.random.choice((0, 0, 1, 2, 4))
        names = [self.integer(s, "size"), self.integer(d, "size"), self.integer(p, "natural")]
        return c, s, d, p, f"stride={names[0]}, dilation={names[1]}, padding={names[2]}"

    def kernel(self, c: int) -> str:
        name, taps = f"k{len(self.lets)}", self.integer(c, "size")
        self.lets.append(f"{name}: kernel[{taps}]")
        return name

    def add(self, module: Any) -> None:
        for p in module.parameters():
            nn.init.ones_(p)
        self.modules.append(module)

    def conv(self) -> None:
        c, s, d, p, options = self.drawn()
        self.text = f"conv1d({self.text}, {self.kernel(c)}, {options})"
        self.add(nn.Conv1d(1, 1, c, s, p, d, bias=False))

    def transposed(self) -> None:
        c, s, d, p, options = self.drawn()
        extra = self.random.randint(0, max(s, d) - 1)
        written = f"{options}, output_padding={self.integer(extra, 'natural')}"
        self.text = f"conv_transpose1d({self.text}, {self.kernel(c)}, {written})"
        self.add(nn.ConvTranspose1d(1, 1, c, s, p, extra, dilation=d, bias=False))

    def pool(self) -> None:
        c, s = self.random.choice((2, 3)), self.random.choice((1, 2, 3))
        self.text = f"max_pool1d({self.text}, {self.integer(c, 'size')}, stride={self.integer(s, 'size')})"
        self.add(nn.MaxPool1d(c, s))

    def average(self) -> None:
        c = self.random.choice((2, 3))
        self.text = f"avg_pool1d({self.text}, {self.integer(c, 'size')})"
        self.add(nn.AvgPool1d(c))

    def shifted(self) -> None:
        self.text = f"relu({self.text})"
        self.add(nn.ReLU())

    def upsampled(self) -> None:
        s = self.random.choice((2, 3))
        self.text = f"upsample_nearest({self.text}, {self.integer(s, 'size')})"
        self.add(nn.Upsample(scale_factor=s))

    def run(self, x: Any) -> Any:
        return nn.Sequential(*self.modules).double()(x)


def number(text: str, stack: Stack) -> int:
    found = read_expression(text, stack.lets).lhs
    assert isinstance(found, Count)
    value = valued(found.p, stack.values)
    assert value is not None
    constant = value.constant()
    assert constant is not None
    return constant


def test_extents_are_those_of_pytorch() -> None:
    empty = 0
    for seed in range(STACKS):
        stack = Stack(seed)
        try:
            wanted = stack.run(torch.zeros(1, 1, stack.n, dtype=torch.float64)).shape[-1]
        except RuntimeError:  # A layer without outputs: no size is found, or it is less than 1 somewhere inside.
            empty += 1
            continue
        assert number(f"size({stack.text})", stack) == wanted, (stack.text, stack.values)
    assert 0 < empty < STACKS // 2


def test_layers_without_outputs_are_no_tensors() -> None:
    with pytest.raises(StatementError, match="a layer has 0 outputs: its window does not fit"):
        read_expression("size(conv1d(x, k))", ["x: signal[3]", "k: kernel[4]"])
    statement = read_expression("size(conv1d(x, k, stride=2))", ["x: signal[N]", "k: kernel[c]"])
    assert "N >= c" in assumptions(statement)


def test_fields_are_what_changes_an_output() -> None:
    """Each input is changed alone, and the outputs that change are noted."""
    compared = 0
    for seed in range(120):
        stack = Stack(seed, forwards=True)
        try:
            stack.run(torch.zeros(1, 1, stack.n, dtype=torch.float64))
        except RuntimeError:
            continue
        base = torch.arange(1.0, stack.n + 1, dtype=torch.float64)
        changed = base.repeat(stack.n, 1) + 1000 * torch.eye(stack.n, dtype=torch.float64)
        before, after = stack.run(base[None, None]), stack.run(changed[:, None])
        reads = (after != before)[:, 0].numpy()
        reach, jump, start = (number(f"{f}({stack.text}, x)", stack) for f in ("reach", "jump", "start"))
        for output in range(reads.shape[1]):
            first = jump * output + start
            places = [m for m in range(stack.n) if reads[m, output]]
            assert all(first <= m < first + reach for m in places), (stack.text, stack.values, output)
            if first >= 0 and first + reach <= stack.n:
                compared += 1
                assert (places[0], places[-1]) == (first, first + reach - 1), (stack.text, stack.values, output)
    assert compared > 300


N = ["x: signal[N]", "k: kernel[c]", "h: kernel[e]"]
TRUE = [
    ("size(conv1d(x, k, stride=s, padding=p, dilation=d)) == (N + 2*p - d*(c - 1) - 1)//s + 1", ()),
    ("size(conv1d(conv1d(x, k, stride=s), h, stride=t)) == (N - c - s*(e - 1))//(s*t) + 1", ()),
    ("size(conv_transpose1d(x, k, stride=s)) == (N - 1)*s + c", ()),
    ("size(conv_transpose1d(conv1d(x, k, stride=s), k, stride=s, output_padding=(N - c) % s)) == N", ()),
    ("size(max_pool1d(x, c))*c == N - N % c", ()),
    ("size(avg_pool1d(x, 2)) == N//2", ()),
    ("size(x) - size(conv1d(x, k)) == reach(conv1d(x, k), x) - 1", ()),
    ("reach(conv1d(conv1d(x, k, stride=s), h), x) == c + s*(e - 1)", ()),
    ("jump(conv1d(max_pool1d(x, m), h, stride=t), x) == m*t", ()),
    ("start(conv1d(conv1d(x, k, stride=s, padding=p), h, padding=q), x) == -p - s*q", ()),
    ("reach(conv1d(x, k, dilation=d), x) == d*(c - 1) + 1", ()),
    ("reach(corr(x, k) + corr(x, h), x) == max(c, e)", ("c < e",)),
    ("reach(corr(shift(x, 3), k), x) == c", ()),
    ("start(corr(shift(x, 3), k), x) == -3", ()),
    ("size(conv1d(x, k, stride=s, padding=p)) == -(-N//s)", ("c == 2*p + 1",)),
    ("size(conv1d(x, k, stride=s)) <= size(x)", ()),
    ("s*size(conv1d(x, k, stride=s)) >= N - c + 1", ()),
    ("size(conv1d(x, k, stride=2)) >= size(conv1d(x, k, stride=3))", ()),
    ("sum(x[n] for n in range(size(avg_pool1d(x, 2)))) == sum(x[n] for n in range(N//2))", ()),
    ("sum(x[n]*iverson(n < size(x)//4) for n in range(N)) == sum(x[n] for n in range(N//4))", ()),
]
FALSE = [
    ("size(conv1d(x, k, stride=s)) == (N - c)//s", (), {"s": 1, "N": 1, "c": 1}),
    ("size(conv1d(conv1d(x, k, stride=2), k, stride=2)) == (N - 2*c)//4 + 1", (), {"N": 1, "c": 1}),
    ("size(max_pool1d(x, c))*c == N", (), {"N": 3, "c": 2}),
    ("size(avg_pool1d(x, 2)) <= N//2 - 1", (), {"N": 2}),
    ("reach(conv1d(conv1d(x, k, stride=s), h), x) == c + e - 1", (), {"s": 2, "c": 1, "e": 2}),
    ("start(conv1d(x, k, padding=p), x) == p", (), {"p": 1, "c": 1}),
]


@pytest.mark.parametrize(("text", "assume"), TRUE, ids=lambda v: v if isinstance(v, str) else "")
def test_what_is_true_is_proved_and_read_again(text: str, assume: tuple[str, ...]) -> None:
    found = prove(read_statement(text, N, assume))
    assert found.verdict == "proved"
    assert found.theorem is not None
    data = certificate(found.theorem)
    assert certificate(check(data)) == data
    again = read_statement(claim(found.statement), lets(found.statement), assumptions(found.statement))
    assert (again.lhs, again.rhs) == (found.statement.lhs, found.statement.rhs)


@pytest.mark.parametrize(("text", "assume", "smallest"), FALSE, ids=lambda v: v if isinstance(v, str) else "")
def test_what_is_false_is_refuted_with_the_smallest_sizes(text: str, assume: tuple[str, ...],
                                                          smallest: dict[str, int]) -> None:  # fmt: skip
    found = prove(read_statement(text, N, assume))
    assert found.verdict == "refuted"
    assert found.counterexample is not None
    own = {n: v for n, v in found.counterexample.integers.items() if n in smallest}
    assert sum(own.values()) == sum(smallest.values())


@pytest.mark.parametrize(("text", "given", "words"), [
    ("size(conv1d(x, k)) == 1", ["x: signal", "k: kernel[c]"], "declare the extents of its inputs, as in x: signal"),
    ("size(conv(x, k)) == 1", N, "sequence on all integers"),
    ("size(x) == 1", ["x: signal[C, N]"], "say which, as in size.x, -1."),
    ("size(x, 2) == 1", ["x: signal[C, N]"], "there is no axis 2 among 2"),
    ("size(x, n) == 1", ["x: signal[C, N]"], "n is not the number of an axis"),
    ("size(x, y, 3) == 1", N, "write size.e., or size.e, axis."),
    ("size(3) == 1", N, "is a number"),
    ("reach(conv1d(x, k), 3) == 1", N, "no name of a sequence"),
    ("reach(conv1d(x, k), y) == 1", [*N, "y: signal[N]"], "nothing of y is read"),
    ("reach(conv1d(x, k), k) == 1", N, "k stands in a kernel"),
    ("jump(conv_transpose1d(x, k, stride=2), x) == 1", N, "not one jump that is an integer"),
    ("reach(conv1d(x, w), x, 0) == 1", ["x: signal[C, N]"], "axis 0 counts channels"),
    ("reach(corr(x, k) + corr(x, h), x) == c", N, "which of the branches reads further is not certain"),
    ("reach(corr(x, k) + corr(x, h, stride=2), x) == c", N, "the jumps 1 and 2"),
    ("size(x + y) == 1", [*N, "y: signal[M]"], "different extents"),
])  # fmt: skip
def test_what_cannot_be_measured_is_refused(text: str, given: list[str], words: str) -> None:
    with pytest.raises(StatementError, match=words):
        read_statement(text, given)


def test_a_wrong_measure_is_no_line_of_a_proof() -> None:
    statement = read_statement("size(conv1d(x, k)) == N - c + 1", N)
    right = statement.lhs
    assert isinstance(right, Count)
    assert meaning(right, [], statement.facts) == 0
    for wrong in (
        Count("size", right.e, right.p + 1, (0,)), Count("size", right.e, right.p, ()),
        Count("size", right.e, right.p, (1,)), Count("size", right.e, right.p, (0,), ("x",)),
        Count("reach", right.e, right.p, (0,), ("x",)), Count("reach", right.e, const(3), (0,)),
        Count("mults", right.e, right.p, (0,)), Count("extent", right.e, right.p, (0,)),
        Count("jump", right.e, ONE, (0,), ("k",)),
    ):  # fmt: skip
        with pytest.raises(RuleError):
            meaning(wrong, [], statement.facts)


def test_an_altered_certificate_is_refused() -> None:
    found = prove(read_statement("size(conv1d(x, k)) == N - c + 1", N))
    assert found.theorem is not None
    data = certificate(found.theorem)
    data["first"]["line"][3] = {"poly": [[1, "N"]]}
    with pytest.raises(CertificateError):
        check(data)


def test_a_product_with_a_condition_of_its_sign_is_at_least_0() -> None:
    statement = read_statement("size(conv1d(x, k)) == N - c + 1", N)
    n = read_statement("size(x) == N", N).rhs
    assert isinstance(n, Integer)
    gap = n.p - 5
    assert nonnegative(Mul((Iverson(Ge(gap)), Integer(gap))), statement)
    assert not nonnegative(Integer(gap), statement)
    for other in (Ge(gap + 1), Ge(-gap), Eq(gap)):
        assert not nonnegative(Mul((Iverson(other), Integer(gap))), statement)


def test_nothing_measured_varies_with_a_bound_index() -> None:
    """The floor in it is one integer, so it would be taken out of the sum."""
    statement = read_statement("size(conv1d(x, k, stride=3, padding=p)) == N", N)
    size = statement.lhs
    require(Sum(("i",), Mul((Iverson(Eq(var("i"))), size))), statement.facts)
    moved = Sum(("p",), Mul((Iverson(Eq(var("p"))), size)))
    with pytest.raises(RuleError, match="a floor, which is one integer, speaks of the bound indices"):
        require(moved, statement.facts)
    with pytest.raises(StatementError, match="the padding must be at least 0, not i"):
        read_statement("sum(size(conv1d(x, k, stride=3, padding=i)) for i in range(2)) == 1", N)
