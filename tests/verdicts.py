"""Verdicts on the entries of the library, found once for all tests that ask."""

from __future__ import annotations

from functools import cache

from symconv.library import catalogue
from symconv.library.entry import Entry
from symconv.tactics.prove import prove
from symconv.tactics.verdict import Result


@cache
def verdict_on(entry: Entry) -> Result:
    """The verdict, with time enough for a machine that does much else."""
    return prove(catalogue.statement(entry), 20)
