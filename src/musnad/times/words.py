"""The words of dates, from `lexicon/data/calendar.tsv`."""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

from musnad.lexicon.tables import rows
from musnad.page import Page
from musnad.text.fold import fold


class Entry(NamedTuple):
    """A word or several that the table holds: its class, its value, how many words."""

    name: str
    value: str
    size: int


class Number(NamedTuple):
    value: int
    size: int


_WordTable = dict[str, list[tuple[tuple[str, ...], Entry]]]


@cache
def _table() -> _WordTable:
    """The entries by first word, longest first."""
    table: _WordTable = {}
    for row in rows("calendar.tsv"):
        for name in row["words"].split():
            first, *rest = (fold(word) for word in name.split("_"))
            table.setdefault(first, []).append((tuple(rest), Entry(row["class"], row["value"], 1 + len(rest))))
    for found in table.values():
        found.sort(key=lambda pair: -len(pair[0]))
    return table


_NONE: list[Entry] = []


def find_entries(page: Page) -> list[list[Entry]]:
    """Return for each token what the table holds of the words that begin there, longest first; attached particles are left out."""
    table = _table()
    known = {word: here for word in set(page.words) if (here := table.get(word.form) or table.get(word.core))}
    found = []
    for at, word in enumerate(page.words):
        here = known.get(word)
        if here is None:
            found.append(_NONE)
            continue
        following = tuple(behind.form for behind in page.words[at + 1 : at + 4])
        found.append([entry for rest, entry in here if following[: len(rest)] == rest])
    return found
