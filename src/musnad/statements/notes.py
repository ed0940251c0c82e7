"""Findings about the article itself: marks left open, words that cannot be the speaker's, a name in two spellings."""

from __future__ import annotations

import re
from collections.abc import Iterator

from musnad.lexicon import word as w
from musnad.names.who import Cast
from musnad.page import Page
from musnad.statements.draft import Draft

Finding = tuple[str, int, int, str | None]  # code, start, end, detail
_MOST_MARKS = 20  # findings on single marks; beyond these one finding says that there are many
_LETTERS = (
    ("text-bidi-controls", re.compile("[\u202a-\u202e\u2066-\u2069]")),
    ("text-presentation-forms", re.compile("[\ufb50-\ufdfb\ufe70-\ufefc]")),
)


def find_notes(page: Page, cast: Cast, drafts: list[Draft]) -> list[Finding]:
    """Return the findings in the order of the text."""
    return sorted(
        [*_few_marks(page), *_letters(page), *_newsroom_words(page, cast, drafts), *_spellings(page, cast)],
        key=lambda f: (f[1], f[0]),
    )


def _letters(page: Page) -> Iterator[Finding]:
    """Characters that look like plain Arabic and are not: the first of each kind."""
    for code, pattern in _LETTERS:
        first = pattern.search(page.text)
        if first is not None:
            yield code, first.start(), first.end(), None


def _few_marks(page: Page) -> list[Finding]:
    found = list(_marks(page))
    if len(found) > _MOST_MARKS:
        return [("quotes-many", found[0][1], found[0][2], str(len(found)))]
    return found


def _marks(page: Page) -> Iterator[Finding]:
    for at in page.quotes.unclosed:
        if at in page.left_open:
            yield "quote-unclosed", page.start[at], page.end[at], None
    for at in page.quotes.stray:
        if at not in page.opening_of:
            yield "quote-unopened", page.start[at], page.end[at], None
    for at in range(1, len(page)):
        if (
            page.flags[at] & (w.OPEN | w.CLOSE)
            and page.words[at].raw == page.words[at - 1].raw
            and page.end[at - 1] == page.start[at]
        ):
            yield "quote-doubled", page.start[at - 1], page.end[at], None


def _newsroom_words(page: Page, cast: Cast, drafts: list[Draft]) -> Iterator[Finding]:
    """The speaker named in the third person inside his own direct words."""
    for draft in drafts:
        quoted = page.quote_of[page.token_at(draft.content[0][0])] >= 0
        if draft.kind != "direct" or not quoted or not draft.speaker_name:
            continue
        person = cast.by_name.get(draft.speaker_name)
        if person is None:
            continue
        start, end = draft.content[0]
        for spot in cast.spots_between(page.token_at(start), page.token_at(end - 1) + 1):
            if cast.of_spot.get(spot) is person:
                yield "newsroom-words-in-quote", page.start[spot], page.end[spot], draft.speaker_name
                break


def _spellings(page: Page, cast: Cast) -> Iterator[Finding]:
    """Two persons of the cast whose names differ by one letter, of those that share a word or a beginning."""
    for person, other in cast.alike():
        if person is not other:
            a, b = " ".join(person.words), " ".join(other.words)
            if len(a) > 7 and len(person.words) == len(other.words) > 1 and _one_letter_apart(a, b):
                late = max(person, other, key=lambda p: p.first_seen)
                early = person if late is other else other
                at = late.first_seen
                yield "name-two-spellings", page.start[at], page.end[at], f"{early.name} / {late.name}"


def _one_letter_apart(a: str, b: str) -> bool:
    if abs(len(a) - len(b)) > 1 or a == b:
        return False
    if len(a) == len(b):
        return sum(x != y for x, y in zip(a, b, strict=True)) == 1
    short, long = sorted((a, b), key=len)
    return any(long[:i] + long[i + 1 :] == short for i in range(len(long)))
