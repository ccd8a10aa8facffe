"""Tokens as TeX groups them: braces around single arguments, arrays with a brace before them as cases, holes.

Braces that only set a sign apart, as in \\mathbin{\\star_s} and {\\downarrow}_s, are taken away.  A hole is the dot of
k \\ast \\cdot or x_{\\cdot, d}, or what is missing in (k \\ast): a place that is left open.
"""

from __future__ import annotations

from dataclasses import replace

from symconv.grading.latex_tokens import Source, Token


def braced(tokens: list[Token]) -> list[Token]:
    """Braces around the single tokens that TeX takes as arguments."""
    out: list[Token] = []
    due: list[int] = []
    depth = 0
    queue = list(reversed(tokens))
    while queue:
        token = queue.pop()
        waiting = bool(due) and due[-1] == depth
        if waiting and token.kind == "NUM" and len(token.text) > 1:
            queue.append(replace(token, text=token.text[1:], at=token.at + 1))
            token = replace(token, text=token.text[0], end=token.at + 1)
        if waiting and token.kind != "LBRACE":
            due.pop()
            out += [Token("LBRACE", "{", token.at, token.at), token, Token("RBRACE", "}", token.end - 1, token.end)]
        else:
            if waiting:
                due.pop()
            depth += {"LBRACE": 1, "RBRACE": -1}.get(token.kind, 0)
            out.append(token)
        if token.kind in ("SUB", "SUP", "ACCENT", "PMOD", "SUBSTACK") and not waiting:
            due.append(depth)
        elif token.kind == "FRAC" and not waiting:
            due += [depth, depth]
    return out


def tidy(tokens: list[Token]) -> list[Token]:
    """Without braces that only set a sign apart, and without punctuation at the ends of rows; `:=` as one relation."""
    kept: list[Token] = []
    apart: list[bool] = []
    for i, token in enumerate(tokens):
        before = tokens[i - 1].kind if i else ""
        following = [t.kind for t in tokens[i + 1 : i + 3]]
        match token.kind:
            case "LBRACE":
                alone = (
                    len(following) > 1 and before not in ("SUB", "SUP") and following[0] in APART and _signs(tokens, i)
                )
                apart.append(alone or before in ("BIN", "SUBSTACK"))
                if not apart[-1]:
                    kept.append(token)
            case "RBRACE" if apart and apart.pop():
                if kept and before in APART:
                    kept[-1] = replace(kept[-1], at=tokens[i - 2].at, end=token.end)
                    if before == "AST" and tokens[i - 3].text == "mathop" and following[:1] in (["SUB"], ["SUP"]):
                        kept[-1] = replace(kept[-1], kind="SUM", text="\\bigast")
            case "BIN" | "SUBSTACK":
                pass
            case "CDOT" if _hole(before, following):
                kept.append(replace(token, kind="HOLE"))
            case "NO_FENCE":
                kept.append(replace(token, kind="PERIOD"))
            case "WORD" if token.text == "T" and before == "LBRACE" and tokens[i - 2].kind == "SUP":
                kept.append(replace(token, kind="TOP"))
            case "TEXT" if token.text.isidentifier() and _in_call(kept, before, following):
                kept.append(replace(token, kind="WORD"))
            case "RPAR" if before in ("AST", "ODOT") and kept[-1].kind == before:
                kept += [Token("HOLE", "…", token.at, token.at), token]
            case "COMMA" | "PERIOD" if not following or following[0] in ("NEWLINE", "AMP", "CASES_END"):
                pass
            case "REL" if token.text == "=" and kept and kept[-1].kind == "COLON" and kept[-1].end == token.at:
                kept[-1] = replace(token, text=":=", at=kept[-1].at)
            case "SYM" if token.text == "tau" and following[:1] == ["SUB"]:
                kept.append(replace(token, kind="SHIFT"))
            case "TEXT" if before == "LBRACE" and i > 1 and tokens[i - 2].kind == "SUB" and token.text.isalnum():
                kept.append(replace(token, kind="WORD"))
            case _:
                kept.append(token)
    return kept


APART = frozenset({"DOWN", "UP", "AST", "STAR"})
"""Signs that may stand in braces of their own."""


def _signs(tokens: list[Token], i: int) -> bool:
    """Whether braces hold a sign alone, with its scripts: {\\uparrow_s}."""
    depth, j = 1, i + 2
    while j < len(tokens) and tokens[j].kind in ("SUB", "SUP"):
        j += 1
        while j < len(tokens) and (depth > 1 or tokens[j].kind == "LBRACE"):
            depth += {"LBRACE": 1, "RBRACE": -1}.get(tokens[j].kind, 0)
            j += 1
            if depth == 1:
                break
    return j < len(tokens) and tokens[j].kind == "RBRACE"


def _in_call(kept: list[Token], before: str, following: list[str]) -> bool:
    """Whether a word is an option of a call, or its value."""
    left = before in ("COMMA", "LPAR") and following[:1] == ["REL"]
    right = before == "REL" and following[:1] in (["RPAR"], ["COMMA"])
    named = len(kept) > 1 and kept[-2].kind in ("WORD", "SYM")
    return left or (right and named and any(t.kind == "LPAR" for t in kept))


def _hole(before: str, following: list[str]) -> bool:
    """Whether a dot stands where an operand belongs."""
    return before in ("LPAR", "COMMA", "AST", "STAR", "ODOT") or following[:1] in (["RPAR"], ["COMMA"], ["RBRACE"], [])


def arrays(tokens: list[Token], source: Source) -> list[Token]:
    """\\left\\{ with an array and \\right. as cases; other arrays are refused."""
    out = list(tokens)
    opened: list[int] = []
    for i, token in enumerate(tokens):
        if token.kind == "ARRAY_BEGIN":
            opened.append(i)
        elif token.kind == "ARRAY_END" and opened:
            first = opened.pop()
            before, after = tokens[first - 1 : first], tokens[i + 1 : i + 2]
            if [t.kind for t in (*before, *after)] != ["LSET", "NO_FENCE"]:
                raise source.error(tokens[first].at, "an array is read as cases alone, between \\left\\{ and \\right.")
            out[first] = replace(tokens[first], kind="CASES_BEGIN", at=before[0].at)
            out[i] = replace(token, kind="CASES_END", end=after[0].end)
            out[first - 1] = out[i + 1] = replace(token, kind="GONE")
    return [t for t in out if t.kind != "GONE"]
