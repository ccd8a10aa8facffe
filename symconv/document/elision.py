"""Long lines of a chain with their middle left out: Σ_a k[a] ⋯ Σ_j k[j] x[s⁴n + s³a + ⋯ + j].

Only the chain between the two sides is shortened; the statement is printed whole, for there nothing may be guessed.
"""

from __future__ import annotations

from symconv.expr.mathematics import Accent, Big, Cases, Fence, Frac, Math, Row, Script, Tok

MOST = 7
SIGNS = (Tok("plus"), Tok("minus"))


def shortened(m: Math) -> Math:
    """The same with at most the first three and the last of long sums, lists, products and towers of sums."""
    match m:
        case Big(limits, body, sign) if sign != "sum":
            return Big(shortened(limits), shortened(body), sign)
        case Big():
            return _tower(m)
        case Row(items):
            return Row(_cut(tuple(map(shortened, items))))
        case Script(base, sub, sup):
            return Script(shortened(base), sub and shortened(sub), sup and shortened(sup))
        case Fence(kind, body):
            return Fence(kind, shortened(body))
        case Accent(kind, base):
            return Accent(kind, shortened(base))
        case Frac() | Cases():
            return m
        case _:
            return m


def _cut(items: tuple[Math, ...]) -> tuple[Math, ...]:
    """A row cut at its weakest signs: a sum, a list or a product."""
    for signs, between in ((SIGNS, None), ((Tok("comma"),), Tok("comma")), ((Tok("thin"),), Tok("thin"))):
        places = [i for i, item in enumerate(items) if item in signs]
        if len(places) >= MOST:
            first, last = places[2], places[-1]
            return (*items[: first + 1], Tok("cdots"), between or items[last], *items[last + 1 :])
        if places:
            return items
    return items


def _tower(m: Big) -> Math:
    """Σ_a f Σ_b g … : the first two and the last two of many."""
    heads: list[tuple[Math, tuple[Math, ...]]] = []
    body: Math = m
    while isinstance(body, Big):
        inside = body.body.items if isinstance(body.body, Row) else (body.body,)
        if not isinstance(inside[-1], Big):
            break
        heads.append((body.limits, inside[:-1]))
        body = inside[-1]
    if len(heads) < MOST:
        return Big(shortened(m.limits), shortened(m.body))
    (a, f), (b, g), (c, h) = heads[0], heads[1], heads[-1]
    inner = Big(c, Row((*h, shortened(body))))
    return Big(a, Row((*f, Big(b, Row((*g, Tok("cdots"), Tok("thin"), inner))))))
