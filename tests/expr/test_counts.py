"""Counts agree with PyTorch's parameters and flop counter; claims about them are proved, or refuted with numbers."""

from __future__ import annotations

import json
from collections.abc import Iterator
from random import Random
from typing import Any

import pytest

from symconv.errors import CertificateError, RuleError, StatementError
from symconv.expr.claim import read_expression, read_statement
from symconv.expr.nodes import Count, Integer, Mul, Name
from symconv.expr.statement import Statement
from symconv.expr.text import assumptions, claim, lets, text
from symconv.expr.wellformed import meaning
from symconv.index.poly import const
from symconv.proof.certificate import certificate, check
from symconv.tactics.costing import valued
from symconv.tactics.prove import prove

torch = pytest.importorskip("torch")
nn = torch.nn
MODULES = 160


class Network:
    """A drawn composition of layers as claim text, with literal or named integers, and as PyTorch modules."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)
        self.integers: dict[str, int] = {}
        self.lets: list[str] = []
        self.modules: list[Any] = []
        self.d = self.random.choice((1, 2, 2, 3))
        self.channels = self.random.choice((1, 2, 4, 6))
        self.space = [self.random.randint(7, 12) for _ in range(self.d)]
        self.batch = self.random.choice((0, 0, 1, 3))
        lead = [self.batch] if self.batch else []
        self.shape = [*lead, self.channels, *self.space]
        self.grouped = self.random.random() < 0.5
        self.lets.append(f"x: signal[{self.extents(self.shape, len(lead))}]")
        self.text = "x"
        for _ in range(self.random.randint(1, 3)):
            self.random.choice((self.conv, self.conv, self.transposed, self.depthwise, self.pointwise, self.plain))()

    def extents(self, values: list[int] | tuple[int, ...], first: int = 0, last: int = 1) -> str:
        """Extents, of which those of channels (from first up to last) are literal where there are groups."""
        literal = range(first, last + first) if self.grouped else ()
        return ", ".join(str(n) if i in literal else self.integer(n, "size") for i, n in enumerate(values))

    def integer(self, value: int, kind: str) -> str:
        if self.random.random() < 0.5:
            return str(value)
        name = f"n{len(self.integers)}"
        self.integers[name] = value
        self.lets.append(f"{name}: {kind}")
        return name

    def kernel(self, *extents: int) -> str:
        name = f"w{len(self.lets)}"
        self.lets.append(f"{name}: kernel[{self.extents(extents, 0, 2)}]")
        return name

    def each(self, values: tuple[int, ...], usual: int) -> tuple[list[int], list[str]]:
        drawn = [self.random.choice(values) for _ in range(self.d)]
        return drawn, [self.integer(v, "natural" if usual == 0 else "size") for v in drawn]

    def options(self, **given: list[str]) -> str:
        return "".join(f", {key}=({', '.join(names)},)" for key, names in given.items())

    def bias(self, outputs: int) -> str:
        return f", bias={self.kernel(outputs)}" if self.random.random() < 0.5 else ""

    def conv(self) -> None:
        groups = self.random.choice([g for g in (1, 2, 3) if self.grouped and self.channels % g == 0] or [1])
        outputs = groups * self.random.choice((1, 2, 3))
        taps, _ = self.each((1, 2, 3), 1)
        (stride, s), (padding, p), (dilation, t) = (
            self.each((1, 2, 3), 1),
            self.each((0, 1, 2), 0),
            self.each((1, 2), 1),
        )
        w = self.kernel(outputs, self.channels // groups, *taps)
        b = self.bias(outputs)
        g = f", groups={groups}" if groups > 1 else ""
        self.text = f"conv{self.d}d({self.text}, {w}{self.options(stride=s, padding=p, dilation=t)}{g}{b})"
        make = (nn.Conv1d, nn.Conv2d, nn.Conv3d)[self.d - 1]
        self.modules.append(make(self.channels, outputs, taps, stride, padding, dilation, groups, bool(b)))
        self.channels = outputs

    def transposed(self) -> None:
        groups = self.random.choice([g for g in (1, 2, 3) if self.grouped and self.channels % g == 0] or [1])
        outputs = groups * self.random.choice((1, 2))
        taps, _ = self.each((2, 3), 1)
        (stride, s), (padding, p), (dilation, t) = self.each((1, 2), 1), self.each((0, 1), 0), self.each((1, 2), 1)
        w = self.kernel(self.channels, outputs // groups, *taps)
        b = self.bias(outputs)
        g = f", groups={groups}" if groups > 1 else ""
        self.text = f"conv_transpose{self.d}d({self.text}, {w}{self.options(stride=s, padding=p, dilation=t)}{g}{b})"
        make = (nn.ConvTranspose1d, nn.ConvTranspose2d, nn.ConvTranspose3d)[self.d - 1]
        self.modules.append(make(self.channels, outputs, taps, stride, padding, 0, groups, bool(b), dilation))
        self.channels = outputs

    def depthwise(self) -> None:
        if self.d == 3:
            return
        taps, _ = self.each((1, 2, 3), 1)
        (stride, s), (padding, p) = self.each((1, 2), 1), self.each((0, 1), 0)
        self.text = f"depthwise{self.d}d({self.text}, {self.kernel(self.channels, *taps)}" + (
            f"{self.options(stride=s, padding=p)})"
        )
        make = (nn.Conv1d, nn.Conv2d)[self.d - 1]
        c = self.channels
        self.modules.append(make(c, c, taps, stride, padding, groups=c, bias=False))

    def pointwise(self) -> None:
        if self.batch:
            return
        outputs = self.random.choice((1, 2, 5))
        self.text = f"pointwise({self.text}, {self.kernel(outputs, self.channels)})"
        make = (nn.Conv1d, nn.Conv2d, nn.Conv3d)[self.d - 1]
        self.modules.append(make(self.channels, outputs, 1, bias=False))
        self.channels = outputs

    def plain(self) -> None:
        """What multiplies nothing: a rectifier, a mean over windows, up-sampling."""
        kind = self.random.choice(("relu", "pool", "up"))
        if kind == "relu" or self.d == 3:
            self.text = f"relu({self.text})"
            self.modules.append(nn.ReLU())
        elif kind == "pool":
            self.text = f"avg_pool{self.d}d({self.text}, 2)"
            self.modules.append((nn.AvgPool1d, nn.AvgPool2d)[self.d - 1](2))
        else:
            self.text = f"upsample_nearest({self.text}, ({'2, ' * self.d}))"
            self.modules.append(nn.Upsample(scale_factor=2))

    def counted(self) -> tuple[int, int]:
        """Parameters and multiplications as PyTorch counts them: a multiplication with its addition is two flops."""
        from torch.utils.flop_counter import FlopCounterMode

        shape = self.shape if self.batch else [1, *self.shape]
        with FlopCounterMode(display=False) as counter:
            nn.Sequential(*self.modules)(torch.zeros(shape))
        return sum(p.numel() for m in self.modules for p in m.parameters()), counter.get_total_flops() // 2


@pytest.mark.parametrize("seed", range(MODULES))
def test_as_pytorch_counts(seed: int) -> None:
    network, (params, mults) = fitting(seed)
    for kind, expected in (("params", params), ("mults", mults)):
        e = read_expression(f"{kind}({network.text})", network.lets).lhs
        assert isinstance(e, Count)
        assert valued(e.p, network.integers).constant() == expected


def fitting(seed: int) -> tuple[Network, tuple[int, int]]:
    """The first network of a seed whose windows fit, and what PyTorch counts."""
    for again in range(100):
        network = Network(100 * seed + again)
        try:
            return network, network.counted()
        except RuntimeError:
            continue
    raise AssertionError("no network fits")


def number(kind: str, expression: str, *declared: str) -> str:
    e = read_expression(f"{kind}({expression})", declared).lhs
    assert isinstance(e, Count)
    return str(e.p)


def test_a_weight_that_occurs_twice_is_one() -> None:
    declared = ("x: signal[C, N]", "w: kernel[C, C, c]")
    assert number("params", "conv1d(conv1d(x, w, padding=1), w)", *declared) == "C**2*c"
    assert number("params", "conv1d(x, w, bias=b)", *declared, "b: signal[C]") == "C**2*c + C"


def test_a_layer_that_occurs_twice_is_computed_once() -> None:
    declared = ("x: signal[5]", "w: kernel[2]", "y = conv1d(x, w)")
    assert number("mults", "y + relu(y)", *declared) == "8"
    assert number("mults", "cat([y, relu(y)])", "x: signal[1, 5]", "w: kernel[1, 1, 2]", "y = conv1d(x, w)") == "8"


@pytest.mark.parametrize(
    ("kind", "expression", "declared", "expected"),
    [
        ("params", "corr(conv(x, k), h, stride=s)", ("k: kernel[c]", "h: kernel[-l:l+1]"), "c + 2*l + 1"),
        ("params", "conv1d(x, taps(1, 2, 1))", ("x: signal[N]",), "0"),
        ("mults", "conv1d(x, taps(1, 2, 1))", ("x: signal[N]",), "0"),
        ("mults", "avg_pool2d(x, 2)", ("x: signal[H, W]",), "0"),
        ("mults", "scale(x, a)", ("x: signal[C, N]", "a: signal[C]"), "C*N"),
        ("params", "conv1d(x, w, bias=b)", ("w: kernel[c]", "b: number", "x: signal[N]"), "c + 1"),
        ("mults", "conv1d(x, taps(1, 1), bias=b)", ("b: number", "x: signal[N]"), "0"),
        ("mults", "conv1d(pixel_shuffle(x, 2)[0, 0, 0]*0 + y, w)", ("x: signal[4, 2, 2]", "y: signal[4]"), None),
        ("mults", "conv2d(pixel_shuffle(x, r), w)", ("x: signal[r**2*C, H, W]", "w: kernel[F, C, 1, 1]"),
         "C*F*H*W*r**2"),
    ],
)  # fmt: skip
def test_what_counts(kind: str, expression: str, declared: tuple[str, ...], expected: str | None) -> None:
    if expected is None:
        with pytest.raises(StatementError):
            number(kind, expression, *declared)
    else:
        assert number(kind, expression, *declared) == expected


SEPARABLE = (
    "x: signal[C, H, W]", "d: kernel[C, c, c]", "p: kernel[F, C]", "w: kernel[F, C, c, c]",
    "a = pointwise(depthwise2d(x, d), p)", "b = conv2d(x, w)",
)  # fmt: skip
NUMBERS = (
    "x: signal[3, 32, 32]", "d: kernel[3, 3, 3]", "p: kernel[12, 3]", "w: kernel[12, 3, 3, 3]",
    "a = pointwise(depthwise2d(x, d), p)", "b = conv2d(x, w)",
)  # fmt: skip
TRUE = [
    ("mults(a) == mults(b)*(1/F + 1/c**2)", SEPARABLE),
    ("params(a) == params(b)*(1/F + 1/c**2)", SEPARABLE),
    ("params(depthwise2d(x, d)) == C*c**2", SEPARABLE),
    ("mults(a)/(H - c + 1) == (W - c + 1)*C*(c**2 + F)", SEPARABLE),
    ("mults(b) == 291600", NUMBERS),
    ("mults(a) == 24300 + 32400", NUMBERS),
    ("params(b) == 324", NUMBERS),
    ("params(a) == 27 + 36", NUMBERS),
    ("mults(conv1d(x, w, stride=s, padding=p)) == F*C*c*((N + 2*p - c)//s + 1)",
     ("x: signal[C, N]", "w: kernel[F, C, c]")),
    ("mults(conv1d(x, w, stride=2, dilation=d)) == F*C*c*((N - d*(c - 1) - 1)//2 + 1)",
     ("x: signal[C, N]", "w: kernel[F, C, c]")),
    ("mults(conv1d(conv1d(x, w, stride=s), v, stride=t)) == D*C*c*((N - c)//s + 1)"
     " + F*D*e*((N - c - s*(e - 1))//(s*t) + 1)", ("x: signal[C, N]", "w: kernel[D, C, c]", "v: kernel[F, D, e]")),
    ("(N//s + 1)*s == s*(N//s) + s", ("s: size", "N: size")),
    ("((N//s) - 1)//t == (N - s)//(s*t)", ("s: size", "t: size", "N: size")),
    ("mults(conv1d(x, w))*mults(conv1d(x, v)) == mults(conv1d(x, v))*mults(conv1d(x, w))",
     ("x: signal[C, N]", "w: kernel[F, C, c]", "v: kernel[F, C, e]")),
]  # fmt: skip
ORDERED = [
    ("mults(conv1d(z, w)) <= mults(conv1d(z, w, padding=1))", "proved"),
    ("params(conv1d(z, w)) <= params(conv1d(z, w, bias=b))", "proved"),
    ("mults(conv1d(z, w, padding=1)) <= mults(conv1d(z, w))", "refuted"),
]
FALSE = [
    ("mults(a) == mults(b)*(1/F + 1/c)", SEPARABLE),
    ("mults(a) == mults(b)*(1/C + 1/c**2)", SEPARABLE),
    ("params(a) == params(b)", SEPARABLE),
    ("params(b) == 144", NUMBERS),
    ("params(a) == 27", NUMBERS),
    ("mults(conv1d(x, w, stride=s)) == F*C*c*(N//s)", ("x: signal[C, N]", "w: kernel[F, C, c]")),
    ("mults(conv1d(x, w, padding=1)) == mults(conv1d(x, w))", ("x: signal[C, N]", "w: kernel[F, C, c]")),
    ("mults(conv1d(conv1d(x, k), h)) == mults(conv1d(x, K))",
     ("x: signal[N]", "k: kernel[c]", "h: kernel[e]", "K: kernel[c+e-1]")),
    ("N//s + 1 == (N + 1)//s", ("s: size", "N: size")),
    ("mults(conv_transpose1d(x, w, stride=s)) == mults(conv_transpose1d(x, w, stride=s))*s",
     ("x: signal[C, N]", "w: kernel[C, F, c]")),
]  # fmt: skip


@pytest.mark.parametrize(("said", "declared"), TRUE, ids=lambda v: v if isinstance(v, str) else "")
def test_proved_and_replayed(said: str, declared: tuple[str, ...]) -> None:
    statement = read_statement(said, declared)
    result = prove(statement)
    assert result.verdict == "proved"
    assert result.theorem is not None
    data = json.loads(json.dumps(certificate(result.theorem)))
    assert check(data).steps == result.theorem.steps
    again = read_statement(claim(statement), lets(statement), assumptions(statement))
    assert (again.lhs, again.rhs) == (statement.lhs, statement.rhs)


@pytest.mark.parametrize(("said", "declared"), FALSE, ids=lambda v: v if isinstance(v, str) else "")
def test_refuted_with_numbers(said: str, declared: tuple[str, ...]) -> None:
    result = prove(read_statement(said, declared))
    assert result.verdict == "refuted"
    example = result.counterexample
    assert example is not None
    assert example.left != example.right
    assert all("//" not in name for name in example.integers)


@pytest.mark.parametrize(
    ("said", "assumed", "verdict"),
    [
        ("mults(conv1d(z, w, stride=s)) == ((N - c)//2 + 1)*c", "s == 2", "proved"),
        ("mults(conv1d(z, w, stride=s)) == ((N - c)//s + 1)*c", "s == 2", "proved"),
        ("mults(conv1d(z, w, stride=s)) == ((N - c)//3 + 1)*c", "s == 2", "refuted"),
        ("mults(conv1d(z, w, stride=s)) == 4*c", "N == c + 3*s", "proved"),
        ("mults(conv1d(z, w)) == (10 - c)*c", "N == 9", "proved"),
        ("1/((N - c)//s + 1)*((N - c)//s + 1) == 1", "N >= c", "proved"),
    ],
)
def test_assumed_sizes_are_put_into_floors(said: str, assumed: str, verdict: str) -> None:
    statement = read_statement(said, ("z: signal[N]", "w: kernel[c]", "s: size"), (assumed,))
    result = prove(statement)
    assert result.verdict == verdict
    if result.theorem is not None:
        check(json.loads(json.dumps(certificate(result.theorem))))


@pytest.mark.parametrize(("said", "verdict"), ORDERED)
def test_counts_are_compared(said: str, verdict: str) -> None:
    result = prove(read_statement(said, ("z: signal[N]", "w: kernel[c]", "b: number")))
    assert result.verdict == verdict
    if result.theorem is not None:
        check(json.loads(json.dumps(certificate(result.theorem))))


def test_the_smallest_sizes_tell() -> None:
    result = prove(read_statement("params(a) == params(b)", SEPARABLE))
    assert result.counterexample is not None
    assert sum(result.counterexample.integers.values()) <= 6


def altered(data: Any) -> Iterator[Any]:
    """The data with one number in it changed."""
    for i, part in enumerate(data) if isinstance(data, list) else data.items() if isinstance(data, dict) else ():
        if type(part) is int:
            yield put(data, i, part + 1)
        elif isinstance(part, list | dict):
            yield from (put(data, i, new) for new in altered(part))


def put(data: Any, at: Any, new: Any) -> Any:
    if isinstance(data, list):
        return [*data[:at], new, *data[at + 1 :]]
    return {**data, at: new}


def test_altered_certificates_are_refused() -> None:
    result = prove(read_statement("mults(conv1d(x, w, stride=s)) == F*c*((N - c)//s + 1)",
                                  ("x: signal[1, N]", "w: kernel[F, 1, c]")))  # fmt: skip
    assert result.theorem is not None
    data = json.loads(json.dumps(certificate(result.theorem)))
    count = 0
    for other in altered({"steps": data["steps"], "first": data["first"]}):
        count += 1
        with pytest.raises(CertificateError):
            check({**data, **other})
    assert count > 20
    with pytest.raises(CertificateError):
        check(json.loads(json.dumps(data).replace("((N - c)//s)", "((N - s)//c)")))


@pytest.mark.parametrize("name", ["(N - c)//s", "((N - c)//0)", "((N)//s)", "((2*N)//2)", "(N//s", "((N//s)//t)",
                                  "(__import__('os')//s)", "(N//s)**2", "(2**9999//s)"])  # fmt: skip
def test_names_of_floors_have_one_form(name: str) -> None:
    from symconv.expr.data import decode_poly

    with pytest.raises(StatementError):
        decode_poly({"poly": [[1, name]]})


def facts_of(*declared: str) -> Statement:
    return read_statement("x == x", declared)


def test_a_wrong_count_has_no_meaning() -> None:
    statement = facts_of("x: signal[N]", "w: kernel[c]")
    e = read_statement("mults(conv1d(x, w)) == params(conv1d(x, w))", lets(statement))
    assert isinstance(e.lhs, Count)
    assert meaning(e.lhs, [], e.facts) == 0
    x, p = e.lhs.e, e.lhs.p
    for wrong in (Count("mults", x, p + 1), Count("params", x, p), Count("taps", x, p),
                  Count("mults", Name("y", 1), const(0)), Count("mults", Integer(const(1)), const(0))):  # fmt: skip
        with pytest.raises(RuleError):
            meaning(wrong, [], e.facts)


def test_no_rule_reaches_into_a_count() -> None:
    """h == k says that two kernels are equal, not that they are one weight."""
    said = "params(corr(corr(x, k), h)) == params(corr(corr(x, k), k))"
    statement = read_statement(said, ("h: kernel[c]", "k: kernel[c]"), ("h == k",))  # fmt: skip
    assert prove(statement).verdict != "proved"
    assert prove(read_statement("params(corr(corr(x, k), h)) == 2*c", lets(statement), ("h == k",))).verdict == "proved"


REFUSED = [
    ("mults(conv2d(x, w)) == 1", (),
     "the extents of the input must be known: declare it with them, as in x: signal[C, H, W]"),
    ("mults(corr(x, k)) == 1", ("x: signal[N]",), "conv and corr give sequences on all integers"),
    ("mults(conv1d(x, w)) == 1", ("x: signal[3]", "w: kernel[5]"), "a layer has -1 outputs: its window does not fit"),
    ("mults(conv1d(x, w)) == 1", ("x: signal[3]", "w: kernel[4]"), "a layer has 0 outputs: its window does not fit"),
    ("params(mul(x, x)) == 1", ("x: signal[N]",), "this is made of something else"),
    ("params(2) == 1", (), "2 is a number, and params counts what the layers of a tensor need"),
    ("params(x, x) == 1", ("x: signal[N]",), "params takes 1 operand"),
    ("params(conv1d(x, w), groups=2) == 1", (), "params has no option groups"),
    ("params(conv1d(x, K)) == 1", ("x: signal[C, N]", "w: kernel[F, C, c]", "K[f, c, a] = 2*w[f, c, a]"),
     "K is defined by other names, so its entries are no parameters: declare it"),
    ("params(conv1d(x, conv(k, h))) == 1", ("x: signal[N]", "k: kernel[c]", "h: kernel[e]"),
     "these are made of other sequences"),
    ("params(conv1d(x, k)) == x", ("x: signal[N]", "k: kernel[c]"),
     "params(conv1d(x, k)) is a number and x a sequence: compare numbers, or entries"),
    ("mults(conv1d(x, w)) == 1", ("x: signal[-3:N]", "w: kernel[c]"), "x begins at -3 on axis 0; what a layer reads"),
    ("mults(conv2d_weight(x, g)) == 1", ("x: signal[H, W]", "g: kernel[a, b]", "a: size"),
     "this is made of something else"),
    ("sum(mults(conv1d(x, w, stride=i)) for i in range(1, 3)) == 1", ("x: signal[N]", "w: kernel[c]"),
     "the stride must be at least 1"),
    ("conv(x, params(conv1d(x, w))) == x", ("x: signal[N]", "w: kernel[c]"), "is a number, not a sequence"),
    ("params == 1", (), "params cannot be used as a name here"),
    ("a//0 == 1", ("a: size",), "a floor is of a quotient by an integer of at least 1"),
]  # fmt: skip


@pytest.mark.parametrize(("said", "declared", "message"), REFUSED, ids=lambda v: v if isinstance(v, str) else "")
def test_refused_with_a_sentence(said: str, declared: tuple[str, ...], message: str) -> None:
    with pytest.raises(StatementError) as error:
        read_statement(said, declared)
    assert message in str(error.value)
    assert "\n" not in str(error.value)


def test_written_as_read() -> None:
    e = read_statement("mults(conv1d(x, w, stride=s)) == 2", ("x: signal[N]", "w: kernel[c]")).lhs
    assert text(e) == "mults(conv1d(x, w, stride=s))"
    assert text(Mul((e, e))) == "mults(conv1d(x, w, stride=s))*mults(conv1d(x, w, stride=s))"
