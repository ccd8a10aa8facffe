"""The Python interface: the same parser as the command line, so the same meaning and the same refusals."""

from __future__ import annotations

import json
import operator
import pickle
from collections.abc import Callable
from fractions import Fraction
from html.parser import HTMLParser
from typing import Any

import pytest
import sympy

import symconv
from symconv import (
    Claim,
    Expression,
    Proof,
    claim,
    conv,
    corr,
    delta,
    down,
    flip,
    kernel,
    mul,
    number,
    numbers,
    ones,
    prove,
    relu,
    reverse,
    shift,
    signal,
    sizes,
    solve,
    taps,
    up,
)
from symconv.errors import StatementError, SymconvError

x, y = signal("x"), signal("y")
k, h = kernel("k", "c"), kernel("h", "e")
s, t = sizes("s t")
LAYERS = corr(corr(x, k, stride=s), h, stride=t)
MERGED = corr(x, conv(k, up(h, s)), stride=s * t)


# Verdicts


def test_a_theorem() -> None:
    result = prove(claim(LAYERS, MERGED))
    assert isinstance(result, Proof)
    assert result.verdict == "proved"
    assert result.counterexample is result.answer is None
    assert str(result).startswith("proved: ")


def test_a_theorem_has_a_certificate_that_replays() -> None:
    from symconv.proof.certificate import check

    data = json.loads(json.dumps(prove(claim(LAYERS, MERGED)).certificate))
    assert len(check(data).steps) == len(data["steps"])


def test_a_refutation() -> None:
    result = prove(claim(corr(x, k), conv(x, k)))
    assert result.verdict == "refuted"
    assert result.certificate is None
    example = result.counterexample
    assert example is not None
    assert example.left != example.right


def test_assumptions() -> None:
    left, right = down(up(x, s), t), up(down(x, t), s)
    assert prove(claim(left, right)).verdict == "refuted"
    for assume in (["gcd(s, t) == 1"], "gcd(s, t) == 1"):
        assert prove(claim(left, right, assume=assume)).verdict == "proved"


def test_assumptions_given_to_prove_count_for_every_kind_of_claim() -> None:
    assume = ["gcd(s, t) == 1"]
    assert prove("down(up(x, s), t) == up(down(x, t), s)", assume).verdict == "proved"
    assert prove(claim(down(up(x, s), t), up(down(x, t), s)), assume).verdict == "proved"


def test_text_and_objects_mean_the_same() -> None:
    text = "corr(corr(x, k, stride=s), h, stride=t) == corr(x, conv(k, up(h, s)), stride=s*t)"
    ours = claim(LAYERS, MERGED).statement
    theirs = prove(text).result.statement
    assert (ours.lhs, ours.rhs) == (theirs.lhs, theirs.rhs)


@pytest.mark.parametrize(
    "true",
    [
        claim(conv(x, delta), x),
        claim(corr(x, k), conv(x, flip(k))),
        claim(conv(x, reverse(k)), shift(corr(x, k), "c - 1")),
        claim(number("a") * conv(x, k), conv(number("a") * x, k)),
        claim(conv(x + y, k), conv(x, k) + conv(y, k)),
        claim(x - (y - x), 2 * x - y),
        claim((x + y) / 2, x / 2 + Fraction(1, 2) * y),
        claim((-x) * 2, -(x * 2)),
        claim(x - x, 0),
        claim(conv(x, taps(1, 2, 1)), conv(conv(x, ones(2)), ones(2))),
        claim(shift(conv(x, k), 3), conv(shift(x, 3), k)),
        claim(mul(x, y), mul(y, x)),
        claim(conv(x, k)["n - m"], conv(shift(x, "m"), k)["n"]),
        claim(relu(x), relu(x + 0)),
    ],
    ids=str,
)
def test_true_claims_are_proved(true: Claim) -> None:
    assert prove(true).verdict == "proved"


def test_two_dimensions() -> None:
    image, w = signal("x", None, None), kernel("k", "c", "c")
    left = corr(corr(image, w, stride=(2, 3)), w, stride=(5, 2))
    assert prove(claim(left, corr(image, conv(w, up(w, (2, 3))), stride=(10, 6)))).verdict == "proved"


def test_kernels_on_both_sides_of_zero() -> None:
    w = kernel("w", ("-l", "l + 1"))
    assert prove(claim(corr(x, w), conv(x, flip(w)))).verdict == "proved"


# Solving


def test_an_answer_is_an_expression_that_can_be_used_again() -> None:
    result = solve(claim(LAYERS, corr(x, kernel("K"), stride=s * t)), "K")
    assert result.verdict == "proved"
    assert isinstance(result.answer, Expression)
    assert str(result.answer) == "conv(k, up(h, s))"
    assert prove(claim(LAYERS, corr(x, result.answer, stride=s * t))).verdict == "proved"


def test_an_equation_without_an_answer() -> None:
    result = solve("up(x, 2) == conv(x, K)", "K")
    assert result.verdict == "none"
    assert result.answer is None


# Expressions are values


def test_equality_is_structural() -> None:
    assert conv(x, k) == conv(signal("x"), kernel("k", "c"))
    assert conv(x, k) != conv(k, x)
    assert (conv(x, k) == conv(x, k)) is True
    assert (x == 0) is False
    assert len({conv(x, k), conv(x, k), conv(k, x)}) == 2


def test_the_number_of_taps_is_part_of_what_a_name_is() -> None:
    with pytest.raises(StatementError, match=r"k is declared as 'k: kernel\[c\]' and as 'k: kernel\[e\]'"):
        conv(kernel("k", "c"), kernel("k", "e"))


def test_an_expression_has_no_truth_value() -> None:
    with pytest.raises(StatementError, match="claim"):
        bool(x)
    with pytest.raises(StatementError, match="claim"):
        assert x


def test_an_expression_cannot_be_iterated_over() -> None:
    with pytest.raises(StatementError, match="x\\[n\\]"):
        list(x)
    with pytest.raises(StatementError, match="x\\[n\\]"):
        _first, _second = x


@pytest.mark.parametrize("compare", [operator.lt, operator.le, operator.gt, operator.ge])
def test_expressions_have_no_order(compare: Callable[[Any, Any], Any]) -> None:
    with pytest.raises((TypeError, SymconvError)):
        compare(x, y)
    with pytest.raises((TypeError, SymconvError)):
        compare(x, 0)


def test_expressions_are_immutable_and_can_be_stored() -> None:
    with pytest.raises(AttributeError):
        x.text = "y"  # type: ignore[misc]
    assert pickle.loads(pickle.dumps(LAYERS)) == LAYERS


def test_text_of_an_expression_is_claim_text() -> None:
    assert str(conv(x, k)) == "conv(x, k)"
    assert "conv(x, k)" in repr(conv(x, k))
    again = prove(f"{LAYERS} == {MERGED}")
    assert again.verdict == "proved"


# SymPy


def test_sympy_expressions_stand_where_sizes_stand() -> None:
    a, b = sympy.symbols("s t", integer=True, positive=True)
    assert corr(x, k, stride=a) == corr(x, k, stride=s)
    assert corr(x, k, stride=a * b) == corr(x, k, stride=s * t)
    assert down(x, sympy.Integer(2)) == down(x, 2)
    assert shift(x, a - 2 * b) == shift(x, "s - 2*t")
    assert kernel("k", sympy.Symbol("c") + 1) == kernel("k", "c + 1")
    with pytest.raises(StatementError, match=r"s ?/ ?2"):
        hash(corr(x, k, stride=a / 2))


def test_free_symbols() -> None:
    assert set(map(str, corr(x, k, stride=s).free_symbols)) == {"x", "k", "c", "s"}
    assert set(map(str, delta.free_symbols)) == set()


def test_substitution_of_sizes() -> None:
    layer = corr(x, k, stride=s)
    assert layer.subs(s=2) == corr(x, k, stride=2)
    assert layer.subs(s=t) == corr(x, k, stride=t)
    assert layer.subs(s=s + 1) == corr(x, k, stride=s + 1)
    assert layer.subs(s=sympy.Symbol("r")) == corr(x, k, stride="r")
    assert layer.subs(c=3).doit(s=1, N=3) == corr(x, kernel("k", 3)).doit(N=3)
    assert LAYERS.subs(s=t, t=s) == corr(corr(x, k, stride=t), h, stride=s)


@pytest.mark.parametrize("sizes", [{"z": 3}, {"s": 0}, {"c": 0}, {"s": 1.5}, {"s": True}])
def test_substitution_that_does_not_fit(sizes: dict[str, Any]) -> None:
    with pytest.raises(StatementError):
        hash(corr(x, k, stride=s).subs(**sizes))


def test_a_signal_is_no_size() -> None:
    with pytest.raises(StatementError):
        corr(x, k, stride=s).subs(x=3)


def test_an_instance_in_sympy_symbols() -> None:
    k0, k1, x0, x1, x2, x3 = sympy.symbols("k0 k1 x0 x1 x2 x3")
    outputs = corr(x, k, stride=s).doit(c=2, s=2, N=4)
    assert outputs == {(0,): k0 * x0 + k1 * x1, (1,): k0 * x2 + k1 * x3}
    assert conv(x, k)[1].doit(c=2) == {(): k0 * x1 + k1 * x0}
    assert x2 not in outputs[(0,)].free_symbols


@pytest.mark.parametrize("sizes", [{"z": 2}, {"c": 0}, {"c": -1}, {"c": 10**12}])
def test_an_instance_that_does_not_fit(sizes: dict[str, int]) -> None:
    with pytest.raises(StatementError):
        corr(x, k).doit(**sizes)


def test_entries_become_sympy() -> None:
    entry = x["n + 1"].to_sympy()
    assert isinstance(entry, sympy.Expr)
    assert (2 * x[0] + x[1]).to_sympy() == 2 * x[0].to_sympy() + x[1].to_sympy()
    with pytest.raises(StatementError, match="entry"):
        conv(x, k).to_sympy()


def test_entries_of_operators_become_sympy() -> None:
    assert isinstance(conv(x, k)["n"].to_sympy(), sympy.Expr)


# Notebooks


class Tags(HTMLParser):
    """Whether every tag that is opened is closed, in order."""

    VOID = frozenset({"meta", "br", "hr", "img", "link", "input", "col"})

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: object) -> None:
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open, f"</{tag}> closes nothing"
        assert self.open.pop() == tag


@pytest.mark.parametrize(
    "find",
    [
        pytest.param(lambda: prove(claim(LAYERS, MERGED)), id="proved"),
        pytest.param(lambda: prove(claim(corr(x, k), corr(k, x))), id="refuted"),
        pytest.param(lambda: prove("sum(shift(x, a) for a in range(10**6)) == x"), id="unknown"),
        pytest.param(lambda: solve("up(x, 2) == conv(x, K)", "K"), id="none"),
        pytest.param(lambda: solve("corr(corr(x, k), h) == corr(x, K)", "K"), id="solved"),
    ],
)
def test_results_show_in_a_notebook(find: Callable[[], Proof]) -> None:
    result = find()
    formula = result._repr_latex_()
    assert formula.startswith("$")
    assert formula.endswith("$")
    assert formula.count("{") == formula.count("}")
    tags = Tags()
    tags.feed(result._repr_html_())
    tags.close()
    assert tags.open == []
    assert "<math" in result._repr_html_()
    assert "<script" not in result._repr_html_()


def test_expressions_show_in_a_notebook() -> None:
    assert "\\star" in LAYERS._repr_latex_()
    assert LAYERS._repr_latex_().startswith("$")
    assert r"alpha\_beta" in signal("alpha_beta")._repr_latex_()


# Misuse


FAULTS: list[tuple[str, Callable[[], object]]] = [
    ("a name that is no name", lambda: signal("1x").node),
    ("a name that is a declaration", lambda: signal("x: size").node),
    ("a name that is an expression", lambda: signal("x) + conv(y, k").node),
    ("a name that is empty", lambda: signal("").node),
    ("a name that is Python", lambda: signal("__import__('os')").node),
    ("a name that is a keyword", lambda: signal("lambda").node),
    ("a kernel without taps", lambda: kernel("k", 0).node),
    ("a kernel with fewer", lambda: kernel("k", -1).node),
    ("a kernel with half a tap", lambda: kernel("k", 1.5).node),  # type: ignore[arg-type]
    ("a kernel from 3 to 0", lambda: kernel("w", (3, 1)).node),
    ("stride 0", lambda: corr(x, k, stride=0).node),
    ("a negative stride", lambda: corr(x, k, stride=-1).node),
    ("a stride that is true", lambda: corr(x, k, stride=True)),
    ("a stride that is a float", lambda: corr(x, k, stride=2.0)),  # type: ignore[arg-type]
    ("a stride that is none", lambda: corr(x, k, stride=None).node),  # type: ignore[arg-type]
    ("two strides for one axis", lambda: corr(x, k, stride=(2, 2)).node),
    ("padding below 0", lambda: corr(x, k, padding=-1).node),
    ("a factor of 0", lambda: down(x, 0).node),
    ("two signals", lambda: conv(x, y).node),
    ("a number as kernel", lambda: conv(x, 3).node),  # type: ignore[arg-type]
    ("a product of signals", lambda: (x * y).node),
    ("division by 0", lambda: (x / 0).node),
    ("division by a kernel", lambda: (x / k).node),  # type: ignore[operator]
    ("a binary float", lambda: 0.1 * x),  # type: ignore[operator]
    ("a sum with text", lambda: x + "y"),  # type: ignore[operator]
    ("an entry at a fraction", lambda: x[1.5]),  # type: ignore[index]
    ("a slice", lambda: x[1:2].node),  # type: ignore[misc]
    ("no taps", lambda: taps().node),
    ("no ones", lambda: ones(0).node),
    ("an assumption that is none", lambda: prove(claim(x, x, assume=["q q"]))),
    ("assumptions that no size meets", lambda: prove(claim(down(x, s), x, assume=["s < 1"]))),
    ("an unknown that does not occur", lambda: solve("conv(x, k) == conv(k, x)", "K")),
    ("an unknown on both sides", lambda: solve("conv(x, K) == conv(K, k)", "K")),
    ("a claim that is an expression", lambda: prove("conv(x, k)")),
    ("a claim that is Python", lambda: prove("__import__('os') == x")),
]


@pytest.mark.parametrize("fault", [f for _, f in FAULTS], ids=[name for name, _ in FAULTS])
def test_misuse_is_an_error_of_the_family(fault: Callable[[], object]) -> None:
    with pytest.raises(SymconvError) as error:
        fault()
    message = str(error.value)
    assert len(message) > 10
    assert "\n" not in message


@pytest.mark.parametrize(
    "fault",
    [
        pytest.param(lambda: prove(x == y), id="a claim written with =="),
        pytest.param(lambda: prove(3), id="a number for a claim"),
        pytest.param(lambda: prove(x), id="an expression for a claim"),
        pytest.param(lambda: solve(x, "K"), id="an expression to solve"),
        pytest.param(lambda: claim("x", x), id="text as a side"),
        pytest.param(lambda: flip("x"), id="text as an operand"),
        pytest.param(lambda: up(3, 2), id="a number as an operand"),
        pytest.param(lambda: signal(3).node, id="a number for a name"),
        pytest.param(lambda: sizes(3), id="a number for names"),
        pytest.param(lambda: taps("a"), id="text as a tap"),
        pytest.param(lambda: taps(0.1), id="a binary float as a tap"),
        pytest.param(lambda: claim(x, x, assume=3), id="a number for assumptions"),
        pytest.param(lambda: corr(x, k).doit(c="2"), id="text for a size of an instance"),
        pytest.param(lambda: corr(x, k).doit(c=2.5), id="a fraction for a size of an instance"),
    ],
)
def test_misuse_that_should_be_an_error_of_the_family(fault: Callable[[], object]) -> None:
    with pytest.raises(SymconvError):
        fault()


@pytest.mark.parametrize(
    "form",
    [
        pytest.param(lambda: corr(x, k, stride=s**2) == corr(x, k, stride=s * s), id="a power"),
        pytest.param(
            lambda: corr(x, k, stride=sympy.Symbol("a") * s) == corr(x, k, stride="a*s"), id="SymPy times ours"
        ),
        pytest.param(
            lambda: corr(x, k, stride=s * sympy.Symbol("a")) == corr(x, k, stride="a*s"), id="ours times SymPy"
        ),
    ],
)
def test_sizes_combine(form: Callable[[], bool]) -> None:
    assert form()


def test_an_error_of_the_family_is_the_only_kind_to_catch() -> None:
    assert issubclass(StatementError, SymconvError)
    assert not issubclass(SymconvError, (TypeError, ValueError))


def test_the_package_exports_what_it_says() -> None:
    for name in symconv.__all__:
        assert getattr(symconv, name) is not None
    assert [str(a) for a in numbers("a b")] == ["a", "b"]
    with pytest.raises(AttributeError, match="no attribute 'nonsense'"):
        symconv.nonsense  # noqa: B018


def test_a_proof_is_told_in_a_style() -> None:
    claim = "down(conv(x, up(h, s)), s) == conv(down(x, s), h)"
    shown = str(prove(claim, style="ztransform"))
    assert "z-transform" in shown
    assert "down-shift" in str(prove(claim, style="operator"))
    assert "z-transform" not in str(prove(claim))
    assert "<math" in prove(claim, style="operator")._repr_html_()
    with pytest.raises(StatementError, match="'rhyme' is not known"):
        prove(claim, style="rhyme")
