"""Direct, indirect or mixed: by how much of the content stands in quotation marks or in the first person."""

from __future__ import annotations

from musnad.lexicon import word as w
from musnad.names.spots import Spots
from musnad.page import Page
from musnad.statements.draft import Draft

_LONGEST_NAME = 5  # words
_HEARD = 10  # times in the corpora


def kind_of(page: Page, spots: Spots, draft: Draft) -> str:
    """The kind of a statement; marks around a name are no speech."""
    first = page.token_at(draft.content[0][0])
    last = page.token_at(draft.content[-1][1] - 1) + 1
    opening = page.quote_of[first]
    if draft.freed:
        return "indirect"
    if draft.frame in {"quote", "before"} or opening >= 0:
        return "direct"
    marks = [
        i
        for i in range(first, last)
        if page.flags[i] & w.OPEN and i in page.quotes.close and not _names(page, spots, i)
    ]
    if draft.frame == "colon" and not page.is_headline(page.line_of(draft.cue_at)):
        return "direct"
    if marks:
        return "mixed"
    if draft.frame == "colon":
        return "direct" if first_person(page, first, last) else "indirect"
    return "indirect"


def _names(page: Page, spots: Spots, opening: int) -> bool:
    """Whether marks hold a name: «الجيش الوطني»، مجموعة «سوريا الجديدة»."""
    closing = page.quotes.close[opening]
    if closing - opening > _LONGEST_NAME + 1 or opening + 1 >= len(page):
        return False
    inside = page.words[opening + 1].role
    before = page.words[opening - 1].role if opening else None
    bodies = {"body", "outlet", "group"}
    named = before is not None and before.kind in bodies and not page.flags[opening - 1] & w.DEFINITE
    if named or (inside is not None and inside.kind in bodies and not page.words[opening + 1].prefix):
        return True  # مجموعة «سوريا الجديدة», but not: الوزارة «تتابع الأمر»
    words = [i for i in range(opening + 1, min(closing, len(page))) if not page.flags[i] & (w.MARK | w.NUMBER)]
    if spots.at[opening + 1] is not None or (words and closing - opening <= 4 and spots.at[words[-1]] is not None):
        return True
    titled = opening > 0 and not page.flags[opening - 1] & (w.DEFINITE | w.MARK) and spots.at[opening - 1] is None
    return titled and 2 * sum(_unheard(page, i) for i in words) > len(words)


def _unheard(page: Page, at: int) -> bool:
    """A form that the news hardly knows: a name, a make, a letter."""
    word = page.words[at]
    return page.lexicon.counts.get(word.form, 0) < _HEARD and not word.prefix and not word.cues


def first_person(page: Page, first: int, last: int) -> bool:
    """Whether a stretch speaks as I or we: a pronoun, or an imperfect verb with أ or ن before it."""
    for i in range(first, last):
        word = page.words[i]
        if word.flags & w.FIRST_PERSON:
            return True
        raw, form = word.raw, word.form
        if i == first or page.words[i - 1].form in {"لن", "لم", "لا", "سوف", "ان", "لهذا"}:
            if form[:1] in {"ن"} and len(form) > 3 and page.lexicon.counts.get("ي" + form[1:], 0) > 20:
                return True
            if (
                raw[:1] == "أ"
                and len(form) > 3
                and page.lexicon.counts.get("ي" + form[1:], 0) > page.lexicon.counts.get(form, 0) // 3
            ):
                return True
        if (
            form[:2] in {"سن", "سا"}
            and len(form) > 4
            and page.lexicon.counts.get("ي" + form[2:], 0) > 20
            and form[:2] == "سن"
        ):
            return True
        if (
            form.endswith("نا")
            and len(form) > 4
            and page.lexicon.counts.get(form[:-2], 0) > 30
            and not form.startswith("ال")
        ):
            return True
        if form.endswith("ت") and len(form) == 5 and page.words[i - 1].form in {"السبب"} and i:
            return True
    return False
