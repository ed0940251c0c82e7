"""Names that the tagger misses, as it does in short texts, and that the lexicon or their neighbours tell."""

from __future__ import annotations

from collections.abc import Sequence

from musnad.lexicon.word import DEMONYM, PREPOSITION
from musnad.page import Page

Tagged = tuple[int, int, str]  # first token, last + 1, kind


def missed_names(page: Page, tagged: Sequence[Tagged | None]) -> list[Tagged]:
    """Return the names that a page has beside the tagged ones, or that are longer than tagged; `tagged` is by token."""
    heads = page.lexicon.name_heads
    named = (_named(page, tagged, at) for at in range(len(page)) if page.words[at].core in heads)
    return [name for name in named if name is not None]


def _named(page: Page, tagged: Sequence[Tagged | None], at: int) -> Tagged | None:
    word, lists, countries = page.words[at], page.lexicon.lists, page.lexicon.countries
    here, behind = tagged[at], tagged[at + 1] if at + 1 < len(page) else None
    next_word = page.words[at + 1] if at + 1 < len(page) else None
    if word.raw == "علي" and here is None and behind is not None and behind[2] == "PER":
        return None if page.flags[at] & PREPOSITION else (at, behind[1], "PER")  # «علي سلمان»
    if word.core in lists["korean"] and here is not None and here[2] == "PER" and next_word is not None:
        last = at + 1 + (next_word.raw == "-" and at + 2 < len(page))
        fits = here[1] in {at + 1, last} and page.words[last].form == "ان"
        return (here[0], last + 1, "PER") if fits else None  # «مون جيه إن»، «مون جاي-إن»
    alone = here is None or here[:2] == (at, at + 1)
    if next_word is not None and not next_word.prefix and alone:
        if word.core in lists["regions"] and here is not None and behind is not None and here[2] == behind[2] == "LOC":
            return at, behind[1], "LOC"  # «ريف إدلب»
        if word.core in lists["societies"] and next_word.core in lists["colour_of_societies"] and behind is None:
            return at, at + 2, "ORG"  # «الهلال الأحمر»
        short = behind is None or behind[:2] == (at + 1, at + 2)
        if word.core in lists["country_heads"] and short and f"{word.core} {next_word.form}" in countries:
            return at, at + 2, "LOC"  # «جنوب السودان»
    known = word.core in countries or word.core in page.lexicon.governments
    if here is not None or not known or page.flags[at] & DEMONYM or word.core.endswith("يا"):
        return None  # «دبلوماسيا روسيا»
    birth = next_word is not None and next_word.form.startswith("راس")  # «مسقط رأسه»
    return None if birth else (at, at + 1, "LOC")
