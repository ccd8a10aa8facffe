"""Derivations in LaTeX, as people write them, to a `Sheet` in the claim language.  Nothing is guessed.

**Where the derivation is.** In displays (align, equation, gather, multline, \\[ \\], $$), and in paragraphs that
are one formula between dollars.  Sentences declare (`latex_prose`) or are reasons; a formula with = inside a
sentence is a chain after then, hence, we have and their like, a reason after since, substituting and theirs, else
refused.  A condition beside a line holds for the whole file; so what is defined for some indices only may not be
used again.

**What letters are.** See `latex_roles`: from declarations and from their use.  An equation whose left side is a
letter that was never used before, alone or with index letters, defines it (y_n = …); so do := and `let y = …`.
`let m = a + 2b` about the index of a sum is a substitution, and a reason.

**What is ambiguous.** x_1 is an entry of a sequence x; N_0 where an integer belongs is a name.  k_{ij} of two
indices needs its comma.  \\ast is the convolution of sequences and the product of numbers; k_n \\ast x_n is
refused.  The kernel of k \\star x is the operand that is declared one.  x(n) is an entry, for nobody writes a
product so; x(n - a) is one where x is known to be a sequence.  \\tilde k, \\bar k and \\check k are k[-n], unless
the author defines that one; \\overleftarrow{k} is reversed taps; \\tau_m is the shift by m.  A sum ends at + and −; its
index in a later term is refused.  k \\star x of two letters, one declared a signal and the other not declared, has the
other for its kernel.  What stands below an \\underbrace is a reason, also where it is an equation.  (1, 2, 1) is a
kernel with these taps; \\operatorname{conv1d}(x, k, \\text{stride} = 2) is the layer of that name; k \\ast \\cdot is a
map, and its adjoint is (k \\ast \\cdot)^\\top or ^*, its r-th power ^r (`latex_calls`).  Arrows bind more tightly than
\\ast, and \\ast more tightly than products.  Cases are read from the top and need \\text{otherwise}, or two opposite
conditions.
"""

from __future__ import annotations

import re

from symconv.errors import StatementError
from symconv.grading.latex_calls import own_taps
from symconv.grading.latex_declarations import Declarations, letters, plain_index, space
from symconv.grading.latex_document import read_document
from symconv.grading.latex_learning import learn, learn_items
from symconv.grading.latex_nodes import Accent, Clause, Node, Postfix, bare, parts
from symconv.grading.latex_reading import Formula, Reading, Said, coprime, defining, read_elements
from symconv.grading.latex_roles import FLIPS, Head, Roles, digits, head
from symconv.grading.latex_writer import Writer
from symconv.grading.sheet import NOT_UNDERSTOOD, Line, Sheet


def read_latex(content: str, name: str) -> Sheet:
    """The derivation in a LaTeX file; StatementError with file, line and column for what is not understood.

    An expression of a chain that is not understood is a line without text, and the rest of the file is read.
    """
    document = read_document(content, name)
    source = document.source
    reading = Reading(source, Roles(source))
    try:
        read_elements(document, reading)
        _declare(reading)
        return _written(reading)
    except RecursionError:
        raise source.error(0, "an expression is nested too deeply") from None


def _declare(reading: Reading) -> None:
    """What the letters are: declared, defined, used."""
    roles = reading.roles
    bold: dict[str, bool] = {}
    for said in reading.said:
        for found in _letters(said, reading) if said.kind else ():
            if bold.setdefault(found.key, own := _bold(found, reading)) != own:
                raise reading.source.error(found.at, f"{found.key} is declared bold and not bold, and is one letter "
                                                     "here: use another one")  # fmt: skip
            if roles.declared.setdefault(found.key, said.kind) != said.kind:
                raise reading.source.error(found.at, f"{found.key} is declared twice, and differently")
        for clause in said.clauses:
            letter = head(bare(clause.parts[0]), roles)
            if letter is not None and defining(clause) and own_taps(letter, clause.parts[1]) is not None:
                roles.declared.setdefault(letter.key, "kernel")
            turned = _turned(clause.parts[0], roles) if defining(clause) else ""
            roles.defined |= {turned} if turned else set()
            if clause.relations[-1:] == ("in",) and (kind := space(clause.parts[-1])):
                for part in (c.parts[0] for c in said.clauses):
                    if (letter := head(bare(part), roles)) is not None:
                        roles.declared.setdefault(letter.key, kind)
    seen: set[str] = set()
    for chain in reading.chains:
        first = chain[0].node
        turned = _turned(first, roles) if first is not None else ""
        later = {t for f in chain[1:] if f.node is not None for t in _all_turned(f.node, roles)}
        if turned and turned not in seen | later:  # Else the chain speaks of it, and does not define it.
            roles.defined.add(turned)
        seen |= later | (_all_turned(first, roles) if first is not None else set())
    for _ in range(3):
        for said in reading.said:
            learn_items(said.extent or (), roles)
            for clause in () if said.kind else said.clauses:
                _learn_clause(clause, roles)
        for formula in (f for chain in reading.chains for f in chain):
            if formula.node is not None:
                learn(formula.node, roles)
    roles.check()


def _bold(letter: Head, reading: Reading) -> bool:
    """Whether a letter is written \\mathbf{x}: a habit of the author, who writes x_n for its entries."""
    return re.match(r"\\(mathbf|bm)\b", reading.source.content[letter.at :]) is not None


def _turned(node: Node, roles: Roles) -> str:
    """The key of \\tilde k in \\tilde k or \\tilde k_n, as a letter of its own; \\bar k and \\check k are others."""
    found = head(bare(node), roles)
    if found is None:
        return ""
    if found.key.endswith(tuple(f"^{accent}" for accent in FLIPS)):
        return found.key
    return f"{found.key}^{found.operators[0]}" if len(found.operators) == 1 and found.operators[0] in FLIPS else ""


def _all_turned(node: Node, roles: Roles) -> set[str]:
    own = _turned(node, roles) if isinstance(node, Postfix | Accent) else ""
    return ({own} if own else set()).union(*(_all_turned(p, roles) for p in parts(node)))


def _letters(said: Said, reading: Reading) -> list[Head]:
    """The letters that words give a kind."""
    out: list[Head] = []
    for clause in said.clauses:
        whole = said.kind in ("signal", "kernel")
        found = head(bare(clause.parts[0]), reading.roles, integer=not whole)
        if whole and found is not None and len(found.suffixes) == 1 and digits(found.suffixes[0]):
            found = head(bare(clause.parts[0]), reading.roles, integer=True)
        if whole and found is not None and found.suffixes and plain_index(found):
            found = Head(found.key, found.operators, (), found.at)
        if found is None or found.suffixes or found.operators:
            raise reading.source.error(clause.at, "a letter that is declared stands alone, as in 'let $x$ be a signal'")
        out.append(found)
    return out


def _learn_clause(clause: Clause, roles: Roles) -> None:
    """A membership tells nothing; a definition has expressions on both sides, a condition integers."""
    if clause.relations[-1:] in (("in",), ()) and not clause.parity:
        return
    target = head(bare(clause.parts[0]), roles) if defining(clause) else None
    if target is not None and (target.suffixes or roles.kind(target.key) not in ("integer", "function")):
        for part in clause.parts:
            learn(part, roles)
        return
    for part in clause.parts:
        call = bare(part)
        if coprime(clause) and isinstance(call, Postfix):
            for suffix in call.suffixes:
                learn_items(suffix.items, roles)
        elif not _real(clause, roles):
            learn(part, roles, integer=True)


def _real(clause: Clause, roles: Roles) -> bool:
    """Whether a comparison is between real numbers or sequences, as x \\ge 0, and tells of no integers."""
    return any(
        (h := head(bare(p), roles)) is not None and roles.kind(h.key) in ("sequence", "number") for p in clause.parts
    )


def _written(reading: Reading) -> Sheet:
    """Everything in the claim language, definitions before what is said with them."""
    writer = Writer(reading.source, reading.roles)
    declarations = Declarations(writer)
    for said in reading.said:
        if said.kind:
            declarations.declared(said.kind, _letters(said, reading), said.extent, said.clauses)
    stated = [s for s in reading.said if not s.kind]
    seen: set[str] = set(reading.roles.declared)
    chains: list[tuple[Line, ...]] = []
    for chain in reading.chains:
        while stated and stated[0].at < chain[0].step.at:
            declarations.stated(stated.pop(0).clauses)
        before = (said for said in reading.said if said.at < chain[0].step.at)
        seen |= {key for said in before for key in _spoken_of(said, reading.roles)}
        _define(chain, declarations, seen)
        seen |= {key for f in chain if f.node is not None for key in letters(f.node, reading.roles)}
    for said in stated:
        declarations.stated(said.clauses)
    for chain in reading.chains:
        if len(chain) < 2 and chain[0].fault:
            raise StatementError(chain[0].fault)
        if len(chain) < 2:
            raise reading.source.error(
                chain[0].step.at, "no = stands in this formula: a derivation is a chain of equations"
            )
        chains.append(tuple(_line(f, writer) for f in chain))
    if not chains:
        raise reading.source.error(0, "no derivation was found: write it as displayed equations")
    _everywhere(reading, declarations)
    return Sheet(reading.source.name, tuple(declarations.lets), tuple(declarations.assumes), tuple(chains), latex=True)


def _spoken_of(said: Said, roles: Roles) -> set[str]:
    """The letters of extents and of conditions that are no equations: c in 'a kernel with $c$ taps'."""
    conditions = () if said.kind else (c for c in said.clauses if not {"=", ":=", "in"} & {*c.relations})
    clauses = (*(said.extent or ()), *(c for c in conditions if c.relations))
    return {key for clause in clauses for part in clause.parts for key in letters(part, roles)}


def _define(chain: list[Formula], declarations: Declarations, seen: set[str]) -> None:
    """A first step that is a letter never used before is a definition."""
    roles = declarations.writer.roles
    first, second = chain[0].node, chain[1].node if len(chain) > 1 else None
    found = head(bare(first), roles) if first is not None else None
    if found is None or found.operators or found.key == "delta" or len(chain) < 2 or chain[1].step.relation == "<=":
        return
    explicit = chain[1].step.relation == ":="
    if not explicit and (found.key in seen or found.key in declarations.defined or not plain_index(found)):
        return
    own = {key for f in chain[1:] if f.node is not None for key in letters(f.node, roles)}
    if found.key in own and not explicit:
        return
    try:
        if second is None:
            raise StatementError(chain[1].fault)
        declarations.define(found, second, first=True)
    except StatementError as error:
        chain[1].fault = str(error)
        chain[1].node = None
        chain[0].fault = f"{chain[0].source} is defined by the next line, which is not understood"
        declarations.broken[found.key] = chain[1].fault


def _everywhere(reading: Reading, declarations: Declarations) -> None:
    """What is defined for some indices only may be used nowhere else, for it is not known what it is elsewhere."""
    conditions = {word for line in declarations.assumes for word in re.findall(r"\w+", line)}
    for key, why in declarations.broken.items():
        if sum(key in letters(f.node, reading.roles) for c in reading.chains for f in c if f.node is not None) > 1:
            raise StatementError(why)
    for key, (at, indices, first) in declarations.entries.items():
        uses = sum(key in letters(f.node, reading.roles) for c in reading.chains for f in c if f.node is not None)
        uses += (
            sum(key in letters(p, reading.roles) for s in reading.said for c in s.clauses for p in c.parts)
            if first
            else 2
        )
        if conditions & set(indices) and uses > 1:
            raise reading.source.error(
                at, f"{key} is defined for some {', '.join(indices)} only: say with cases what it is elsewhere"
            )


def _line(formula: Formula, writer: Writer) -> Line:
    step = formula.step
    row, column = writer.source.place(step.at)
    relation = step.relation if step.relation in ("==", "<=") else "=="
    fault, text = formula.fault, ""
    if not fault and formula.node is not None:
        try:
            text = writer.line(formula.node)
        except StatementError as error:
            fault = str(error)
    reason = NOT_UNDERSTOOD + fault if fault else "; ".join(step.reasons)
    return Line(text, formula.source, row, column, reason, relation)
