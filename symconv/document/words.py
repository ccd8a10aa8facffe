"""Sentences about names, assumptions and steps: the words of a page, with their mathematics."""

from __future__ import annotations

from collections.abc import Sequence

from symconv.document.model import Inline, Text
from symconv.expr.index_notation import condition, integer
from symconv.expr.mathematics import Fence, Math, Num, Script, Sym, Tok, Words, joined, places, row
from symconv.expr.nodes import Apply, Expr
from symconv.expr.notation import notation
from symconv.expr.statement import Assumption, Coprime, Declaration, Nonnegative, Statement, Unequal, polys
from symconv.expr.traverse import index_names, number_names, sequence_names, walk
from symconv.index.conditions import Eq, Ge
from symconv.index.poly import Poly, var


def listed(items: Sequence[Text], last: str = " and") -> Text:
    """a, b and c."""
    out: list[Inline] = []
    for i, item in enumerate(items):
        if i:
            out.append(f"{last} " if i == len(items) - 1 else ", ")
        out.extend(item)
    return tuple(out)


def joined_text(parts: list[Text]) -> Text:
    """Parts with semicolons between them."""
    out: list[Inline] = []
    for part in parts:
        out += ["; "] * bool(out) + list(part)
    return tuple(out)


def assumption(a: Assumption) -> Math:
    """The mathematics of an assumption."""
    match a:
        case Coprime(p, q):
            return row(Words("gcd"), Fence("(", places((integer(p), integer(q)))), Tok("eq"), Num("1"))
        case Nonnegative(name, strict):
            return row(Sym(name), Tok("gt" if strict else "ge"), Num("0"))
        case Unequal(p):
            shown = condition(Eq(p))
            return _unequal(shown)
        case _:
            return condition(a)


def _unequal(m: Math) -> Math:
    items = getattr(m, "items", (m,))
    return row(*(Tok("ne") if item == Tok("eq") else item for item in items))


def taps(d: Declaration) -> Text:
    """How many taps a kernel has, in words."""
    if not all(d.ranges):
        domain = _domain(d)
        return (" of finite support in ", domain) if any(d.ranges) else (" of finite support",)
    counts: list[Math] = []
    sided: list[Math] = []
    for r in d.ranges:
        if r is not None:
            counts.append(_factor(r[1] - r[0] + 1, len(d.ranges)))
            sided.append(row(integer(r[0]), Tok("dots"), integer(r[1])))
    if any(n.startswith("_") for r in d.ranges if r is not None for n in r[0].names()):
        return ()
    if any(r is not None and r[0].terms for r in d.ranges):
        return (" with taps ", joined(sided, Tok("by")))
    number = joined(counts, Tok("by"))
    one = len(d.ranges) == 1 and d.ranges[0] is not None and (d.ranges[0][1] + 1).constant() == 1
    return (" with ", number, " tap" if one else " taps")


def _factor(p: Poly, axes: int) -> Math:
    """An extent as it stands between the others: a sum in parentheses, unless it is the only one."""
    return Fence("(", integer(p)) if axes > 1 and len(p.terms) > 1 else integer(p)


def _domain(d: Declaration) -> Math:
    """C × (2l + 1) × Z: the extents of a sequence, axis by axis."""
    extents = (_factor(r[1] - r[0] + 1, d.rank) if r is not None else Tok("Z") for r in d.ranges)
    return joined(extents, Tok("by"))


def quantified(statement: Statement) -> Text:
    """For every signal x, every kernel k with c taps and all sizes s, t, …; only of what the statement speaks."""
    declared = [d for d in statement.declarations.values() if d.name in _spoken_of(statement)]
    groups: list[Text] = []
    plain = [d for d in declared if d.kind == "signal" and not any(d.ranges)]
    if plain:
        on = "" if plain[0].rank == 1 else f" in {plain[0].rank} dimensions"
        names = listed([(Sym(d.name),) for d in plain])
        groups.append(("every signal " if len(plain) == 1 else "all signals ", *names, on))
    for d in declared:
        if d.kind == "signal" and any(d.ranges):
            groups.append(("every signal ", Sym(d.name), " of extent ", _domain(d), " (zero outside it)"))
    groups += [("every kernel ", Sym(d.name), *taps(d)) for d in declared if d.kind == "kernel"]
    counts = {n for d in declared for r in d.ranges if r and not r[0].terms for n in r[1].names()}
    counts -= {n for d in declared for r in d.ranges if r for n in r[0].names()}
    fixed = {name for name, p in statement.facts.equations if p.constant() is not None}
    conditions = [*statement.assumptions, *statement.tacit]
    integers: list[Text] = []
    for kind, what, least in (("size", "integer", 1), ("natural", "integer", 0), ("integer", "integer", None),
                              ("number", "real number", None), ("function", "function", None)):  # fmt: skip
        found = [d.name for d in declared if d.kind == kind and d.name not in fixed | counts]
        for low, names in _by_least(found, least, conditions).items():
            symbols = places(map(Sym, names))
            symbols = symbols if low is None else row(symbols, Tok("ge"), Num(str(low)))
            integers.append((f"every {what} " if len(names) == 1 else f"all {what}s ", symbols))
    sided = any(r is not None and r[0].terms for d in declared for r in d.ranges)
    groups = [*integers, *groups] if sided else [*groups, *integers]
    said: list[Text] = [
        (row(Sym(name), Tok("eq"), integer(p)),) for name, p in statement.facts.equations if name in fixed
    ]
    said += [(assumption(a),) for a in conditions if not (isinstance(a, Eq) and a.p.names() <= fixed)]
    said += [(row(notation(left), Tok("eq"), notation(right)),) for left, right in statement.equations]
    if not groups:
        return ("With ", *listed(said)) if said else ()
    where = " with " if integers and not sided and not statement.equations else ", where "
    return ("For ", *listed(groups), *((where, *listed(said)) if said else ()))


def _by_least(names: list[str], least: int | None, conditions: list[Assumption]) -> dict[int | None, list[str]]:
    """The names by their least values; an assumption s ≥ 2 that says just that is taken out of the conditions."""
    out: dict[int | None, list[str]] = {}
    for name in names:
        low = least
        for a in list(conditions) if least is not None else ():
            bound = (var(name) - a.p).constant() if isinstance(a, Ge) else None
            if bound is not None:
                low = max(low or 0, bound)
                conditions.remove(a)
        out.setdefault(low, []).append(name)
    return out


def _spoken_of(statement: Statement) -> set[str]:
    """The names that occur in the statement, in its assumptions, and in what those are declared or defined by."""
    sides = [statement.lhs, statement.rhs, *(e for pair in statement.equations for e in pair)]
    sides += [e for name, e in statement.definitions.items() if name in _used(statement)]
    found = {n for e in sides for n in (*sequence_names(e), *number_names(e), *index_names(e), *functions(e))}
    for a in (*statement.assumptions, *statement.tacit):
        found |= {a.name} if isinstance(a, Nonnegative) else {n for p in polys(a) for n in p.names()}
    for d in statement.declarations.values():
        if d.name in found:
            found |= {n for r in d.ranges if r is not None for p in r for n in p.names()}
    return found


def _used(statement: Statement) -> set[str]:
    """The author's definitions that the statement uses, also by way of others."""
    level = {n for e in (statement.lhs, statement.rhs, *(e for pair in statement.equations for e in pair))
             for n in sequence_names(e)}  # fmt: skip
    used: set[str] = set()
    while level:
        used |= level
        known = [statement.definitions[name] for name in sorted(level & statement.definitions.keys())]
        level = {name for e in known for name in sequence_names(e)} - used
    return used & statement.definitions.keys()


def functions(e: Expr) -> list[str]:
    """The names of pointwise functions in e."""
    return [node.function for _, node in walk(e) if isinstance(node, Apply)]


def introduced(statement: Statement) -> Text:
    """Let x: Z → R be a signal, and let k: Z → R be a kernel: k[i] = 0 unless 0 ≤ i < c."""
    spoken = _spoken_of(statement)
    signals = [d for d in statement.declarations.values() if d.kind == "signal" and d.name in spoken]
    kernels = [d for d in statement.declarations.values() if d.kind == "kernel" and d.name in spoken]
    groups: list[Text] = []
    for found, what in ((signals, "signal"), (kernels, "kernel")):
        for r in sorted({d.rank for d in found}):
            names = places(Sym(d.name) for d in found if d.rank == r)
            one = sum(d.rank == r for d in found) == 1
            counted = _counts([d for d in found if d.rank == r]) if what == "kernel" else ()
            groups.append((_maps(names, r), f" be a {what}" if one else f" be {what}s", *counted))
    bounded = [_zero_outside(d) for d in (*signals, *kernels) if any(d.ranges)]
    if not groups:
        return ()
    said = listed([("let ", *g) if i else ("Let ", *g) for i, g in enumerate(groups)])
    return (*said, ", that is, ", *listed(bounded, ", and"), ".") if bounded else (*said, ".")


def _counts(kernels: Sequence[Declaration]) -> Text:
    """With c taps; with c and e taps for several; nothing where they are not told by a number."""
    said = [taps(d) for d in kernels]
    if any(len(t) != 3 for t in said):
        return ()
    last = " tap" if all(t[2] == " tap" for t in said) else " taps"
    return (" with ", *listed([(t[1],) for t in said]), last) if len(said) > 1 else said[0]


def _maps(names: Math, dimensions: int) -> Math:
    """x: Z² → R."""
    domain: Math = Tok("Z") if dimensions == 1 else Script(Tok("Z"), None, Num(str(dimensions)))
    return row(names, Tok("colon"), domain, Tok("to"), Tok("R"))


def _zero_outside(d: Declaration) -> Text:
    """k[i] = 0 unless 0 ≤ i < c; on several axes k[i, j] = 0 unless 0 ≤ i < c and 0 ≤ j < c."""
    taken = {n for r in d.ranges if r is not None for p in r for n in p.names()}
    free = [n for n in ("i", "j", "l", "m", "n", "q") if n not in taken]
    names = free[: d.rank] if d.rank <= len(free) else [f"i{axis + 1}" for axis in range(d.rank)]
    inside: list[Text] = []
    for r in dict.fromkeys(d.ranges):
        if r is not None:
            end = row(Tok("lt"), integer(r[1] + 1)) if r[1].constant_term() == -1 else row(Tok("le"), integer(r[1]))
            alike = places(Sym(i) for i, own in zip(names, d.ranges, strict=True) if own == r)
            inside.append((row(integer(r[0]), Tok("le"), alike, end),))
    zero = row(Sym(d.name), Fence("[", places(map(Sym, names))), Tok("eq"), Num("0"))
    return (zero, " unless ", *listed(inside))


def indexed(name: str, place: tuple[int, ...], power: int = 1) -> Math:
    """An entry of a named sequence at a concrete place: k₂, x₁₀, w₋₁, and k1[2] where the name has digits."""
    sup = Num(str(power)) if power > 1 else None
    if not place:
        return Script(Sym(name), None, sup) if sup else Sym(name)
    whole = tuple(Num(str(i)) if i >= 0 else row(Tok("neg"), Num(str(-i))) for i in place)
    if name[-1].isdigit():
        entry = row(Sym(name), Fence("[", places(whole)))
        return Script(Fence("(", entry), None, sup) if sup else entry
    return Script(Sym(name), row(*whole) if all(0 <= i < 10 for i in place) else places(whole), sup)
