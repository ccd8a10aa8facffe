"""From tokens to nodes by the grammar in `latex.lark`, an LALR(1) grammar read by lark; nodes are built as it reads."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from symconv.grading.latex_nodes import (
    Accent,
    Big,
    Branch,
    Cases,
    Clause,
    Frac,
    Group,
    Infix,
    Node,
    Numeral,
    Postfix,
    Prefix,
    Product,
    Remainder,
    Special,
    Suffix,
    Symbol,
    Total,
    bare,
)
from symconv.grading.latex_tokens import Source, Token

MOST_TOKENS = 4000
"""How long one expression may be."""


def read_items(tokens: Sequence[Token], source: Source) -> tuple[Clause, ...]:
    """Clauses with commas, or line ends, between them."""
    found: tuple[Clause, ...] = _parse("items", tokens, source)
    return found


def read_node(tokens: Sequence[Token], source: Source) -> Node:
    """One expression."""
    found: Node = _parse("expression", tokens, source)
    return found


def _parse(start: str, tokens: Sequence[Token], source: Source) -> Any:
    from lark.exceptions import UnexpectedInput, UnexpectedToken

    if len(tokens) > MOST_TOKENS:
        raise source.error(tokens[0].at, f"an expression of {len(tokens)} signs is too long: at most {MOST_TOKENS}")
    tokens = [t for t in tokens if t.kind != "LABEL"]
    for token in tokens:
        if token.kind == "UNREAD":
            raise source.error(token.at, token.text)
    try:
        return _parser().parse(tokens, start=start)  # pyright: ignore[reportArgumentType]  # the lexer takes tokens
    except UnexpectedToken as error:
        token = error.token
        if token.type == "$END":
            raise source.error(tokens[-1].at if tokens else 0, "the expression ends too early") from None
        shown = str(token)
        why = f": the words {shown!r} are not known here" if token.type == "TEXT" else " is not understood here"
        raise source.error(token.start_pos or 0, f"{shown!r}{why}" if token.type != "TEXT" else why[2:]) from None
    except UnexpectedInput:
        raise source.error(tokens[0].at if tokens else 0, "the expression is not understood") from None


@cache
def _parser() -> Any:
    """The parser; it is built once, when it is first needed."""
    import lark
    from lark.lexer import Lexer

    class Tokens(Lexer):
        """Hands over the tokens that latex_lexer made."""

        def __init__(self, _conf: object) -> None:
            """Nothing needs to be known."""

        def lex(self, data: Sequence[Token]) -> Iterator[lark.Token]:  # pyright: ignore
            for token in data:
                yield lark.Token(token.kind, token.text, start_pos=token.at)

    builder = _builder(lark)
    grammar = (Path(__file__).parent / "latex.lark").read_text(encoding="utf-8")
    return lark.Lark(
        grammar,
        parser="lalr",
        lexer=Tokens,
        start=["items", "expression"],
        transformer=builder,
        keep_all_tokens=True,
        maybe_placeholders=False,
    )


def _builder(lark: Any) -> Any:
    def nodes(children: Sequence[Any]) -> list[Any]:
        return [c for c in children if not isinstance(c, lark.Token)]

    def at(children: Sequence[Any]) -> int:
        first = children[0]
        place: int = first.start_pos if isinstance(first, lark.Token) else first.at
        return place

    def product(first: Node, sign: str, rest: Node) -> Node:
        if isinstance(rest, Product):
            return Product(first, ((sign, rest.first), *rest.rest), first.at)
        return Product(first, ((sign, rest),), first.at)

    class Builder(lark.Transformer):  # pyright: ignore[reportUntypedBaseClass]
        """Every method takes the children of one alternative of the grammar, tokens among them."""

        def items(self, c: Any) -> tuple[Clause, ...]:
            return tuple(x for x in c if isinstance(x, Clause))

        def separator(self, c: Any) -> str:
            return str(c[0])

        def clause(self, c: Any) -> Clause:
            relations = tuple(str(t) for t in c if isinstance(t, lark.Token) and t.type == "REL")
            parity = next((str(t).split()[-1] for t in c if isinstance(t, lark.Token) and t.type == "PARITY"), "")
            forall = isinstance(c[0], lark.Token) and c[0].type == "FORALL"
            modulus = next((x[0] for x in c if isinstance(x, tuple)), None)
            inside = tuple(x for x in nodes(c) if not isinstance(x, tuple))
            return Clause(inside, relations, inside[0].at, modulus, parity, forall)

        def modulus(self, c: Any) -> tuple[Node]:
            return (c[2],)

        def expression(self, c: Any) -> Node:
            return c[0]

        def remainder(self, c: Any) -> Node:
            return Remainder(c[0], c[2], at(c))

        def additive(self, c: Any) -> Node:
            terms: list[tuple[str, Node]] = []
            sign = ""
            for x in c:
                if isinstance(x, lark.Token):
                    sign = "-" if x.type == "MINUS" else "+"
                else:
                    terms.append((sign, x))
            if len(terms) == 1 and not terms[0][0]:
                return terms[0][1]
            return Total(tuple(terms), at(c))

        def term(self, c: Any) -> Node:
            return c[0]

        unit = prefixed = suffix = term

        def beside(self, c: Any) -> Node:
            return product(c[0], "", c[1])

        def times(self, c: Any) -> Node:
            return product(c[0], c[1].type.lower(), c[2])

        def big(self, c: Any) -> Node:
            op = str(c[0]).lstrip("\\")
            return Big(op, tuple(c[1:-1]), c[-1], at(c))

        def infix(self, c: Any) -> Node:
            return Infix(c[1].type.lower(), c[0], c[2], (), at(c))

        def starred(self, c: Any) -> Node:
            return Infix("star", c[0], c[-1], tuple(c[2:-1]), at(c))

        def prefix(self, c: Any) -> Node:
            return Prefix(c[0].type.lower(), c[1], c[2], at(c))

        def postfix(self, c: Any) -> Node:
            suffixes = tuple(
                Suffix({"(": "round", "[": "square"}[s.fence], s.items, s.at) if isinstance(s, Group) else s
                for s in c[1:]
            )
            return Postfix(c[0], suffixes, at(c)) if suffixes else c[0]

        def below(self, c: Any) -> Suffix:
            return Suffix("below", c[2], at(c))

        def above(self, c: Any) -> Suffix:
            return Suffix("above", c[2], at(c))

        def mark(self, c: Any) -> Suffix:
            return Suffix("mark", (), at(c), "'" * (len(c) - 3) if c[2].type == "PRIME" else c[2].type.lower())

        def primed(self, c: Any) -> Suffix:
            return Suffix("mark", (), at(c), "'")

        def number(self, c: Any) -> Node:
            return Numeral(str(c[0]), at(c))

        def symbol(self, c: Any) -> Node:
            return Symbol(str(c[0]), at(c))

        def special(self, c: Any) -> Node:
            return Special(c[0].type.lower(), str(c[0]), at(c))

        def round(self, c: Any) -> Node:
            return Group("(", c[1], at(c))

        def square(self, c: Any) -> Node:
            return Group("[", c[1], at(c))

        def braces(self, c: Any) -> Node:
            return Group("set", c[1], at(c))

        def transparent(self, c: Any) -> Node:
            return Group("{", (Clause((c[1],), (), at(c)),), at(c))

        def bars(self, c: Any) -> Node:
            return Group("|", c[1], at(c))

        def floor(self, c: Any) -> Node:
            return Group("floor", (Clause((c[1],), (), at(c)),), at(c))

        def ceiling(self, c: Any) -> Node:
            return Group("ceiling", (Clause((c[1],), (), at(c)),), at(c))

        def angles(self, c: Any) -> Node:
            return Group("<", c[1], at(c))

        def accented(self, c: Any) -> Node:
            return Accent(str(c[0]), bare(c[2]), at(c))

        def fraction(self, c: Any) -> Node:
            return Frac(c[2], c[5], at(c))

        def branch(self, c: Any) -> Branch:
            conditions = next((x for x in c if isinstance(x, tuple)), ())
            return Branch(c[0], conditions, c[0].at)

        def cases(self, c: Any) -> Node:
            return Cases(tuple(b for b in c if isinstance(b, Branch)), at(c))

    return Builder()
