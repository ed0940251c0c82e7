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


_Table = dict[str, list[tuple[tuple[str, ...], Entry]]]


@cache
def _table() -> _Table:
    """The entries by first word, longest first."""
    table: _Table = {}
    for row in rows("calendar.tsv"):
        for name in row["words"].split():
            first, *rest = (fold(word) for word in name.split("_"))
            table.setdefault(first, []).append((tuple(rest), Entry(row["class"], row["value"], 1 + len(rest))))
    for found in table.values():
        found.sort(key=lambda pair: -len(pair[0]))
    return table


def entries_at(page: Page, at: int) -> list[Entry]:
    """Return what the table holds of the words that begin at a token, longest first; an attached particle is left out."""
    if at >= len(page):
        return []
    word = page.words[at]
    found = _table().get(word.form) or _table().get(word.core)
    if not found:
        return []
    following = tuple(following.form for following in page.words[at + 1 : at + 4])
    return [entry for rest, entry in found if following[: len(rest)] == rest]


def number_at(page: Page, at: int) -> Number | None:
    """Return the number written at a token, in figures or as a word up to ten."""
    if at >= len(page):
        return None
    form = page.words[at].form
    form = form.removeprefix("و")  # «5 و6 تموز»
    if form.isdigit() and len(form) <= 4:
        return Number(int(form), 1)
    entry = next((entry for entry in entries_at(page, at) if entry.name == "number"), None)
    return Number(int(entry.value), entry.size) if entry else None
