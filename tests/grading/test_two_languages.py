"""The same derivation in LaTeX and in the claim language gets the same verdicts, line by line."""

from __future__ import annotations

from pathlib import Path

import pytest
from grading_texts import RIGHT

from symconv.grading.claim_sheet import read_claims
from symconv.grading.judging import grade
from symconv.grading.latex_sheet import read_latex

PAIRS = {
    "two strided layers": (
        r"""Let $k$ be a kernel with $c$ taps.
\begin{align*}
\sum_{b=0}^{c-1} k_b \sum_{a=0}^{c-1} k_a x_{4n+2b+a} &= \sum_{m} \Big(\sum_{b} k_b k_{m-2b}\Big) x_{4n+m} \\
&= \sum_{m} (k \ast (\uparrow_2 k))_m x_{4n+m}
\end{align*}""",
        """let k: kernel[c]
sum(k[b]*sum(k[a]*x[4*n + 2*b + a] for a in range(c)) for b in range(c))
  = sum(sum(k[b]*k[m - 2*b] for b in Z)*x[4*n + m] for m in Z)
  = sum(conv(k, up(k, 2))[m]*x[4*n + m] for m in Z)
""",
    ),
    "dilated by four": (
        r"""Let $k$ be a kernel with $c$ taps.
\begin{align*}
\sum_{b=0}^{c-1} k_b \sum_{a=0}^{c-1} k_a x_{4n+2b+a} &= \sum_{m} \Big(\sum_{b} k_b k_{m-4b}\Big) x_{4n+m} \\
&= \sum_{m} (k \ast (\uparrow_4 k))_m x_{4n+m}
\end{align*}""",
        """let k: kernel[c]
sum(k[b]*sum(k[a]*x[4*n + 2*b + a] for a in range(c)) for b in range(c))
  = sum(sum(k[b]*k[m - 4*b] for b in Z)*x[4*n + m] for m in Z)
  = sum(conv(k, up(k, 4))[m]*x[4*n + m] for m in Z)
""",
    ),
    "commutative": (
        r"""\[ (x \ast k)_n = \sum_{a=0}^{c-1} k_a x_{n-a} = (k \ast x)_n \]""",
        """conv(x, k)[n]
  = sum(k[a]*x[n - a] for a in range(c))
  = conv(k, x)[n]
""",
    ),
    "a sign": (
        r"""\[ (x \ast k)_n = \sum_{a=0}^{c-1} k_a x_{n+a} = (k \ast x)_n \]""",
        """conv(x, k)[n]
  = sum(k[a]*x[n + a] for a in range(c))
  = conv(k, x)[n]
""",
    ),
    "an average": (
        r"""Let $k$ be a kernel with $c$ taps. \[ \frac{1}{2}\sum_{a=0}^{c-1} k_a (x_{n-a} + x_{n-a})
= \sum_{a=0}^{c-1} k_a x_{n-a} = \sum_{a=1}^{c} k_{a-1} x_{n-a+1} = \sum_{a=1}^{c} k_{a} x_{n-a} \]""",
        """let k: kernel[c]
sum(k[a]*(x[n - a] + x[n - a]) for a in range(c))/2
  = sum(k[a]*x[n - a] for a in range(c))
  = sum(k[a - 1]*x[n - a + 1] for a in range(1, c + 1))
  = sum(k[a]*x[n - a] for a in range(1, c + 1))
""",
    ),
}


PLAIN = Path(__file__).parent / "plain"
"""The derivations of `grading_texts`, as a student would type them in LaTeX."""
PAIRS |= {name: ((PLAIN / f"{name}.tex").read_text(), claims) for name, claims in RIGHT.items()}


def test_every_plain_derivation_is_typed_in_latex() -> None:
    assert {p.stem for p in PLAIN.glob("*.tex")} == RIGHT.keys()


@pytest.mark.parametrize("name", PAIRS)
def test_the_same_verdicts(name: str) -> None:
    latex, claims = PAIRS[name]
    one, other = (grade(s, mending=0.0) for s in (read_latex(latex, "a.tex"), read_claims(claims, "a.txt")))
    assert [j.verdict for j in one.lines] == [j.verdict for j in other.lines]
    assert [c.whole and c.whole.verdict for c in one.chains] == [c.whole and c.whole.verdict for c in other.chains]
    assert [len(c.lines) for c in one.chains] == [len(c.lines) for c in other.chains]
    assert one.status == other.status
