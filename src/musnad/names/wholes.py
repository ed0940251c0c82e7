"""Names whose first letter looks like an attached particle: «برايس» is one word and no رايس, «فادي» no ادي.

The lexicon knows a word without its place. Here the page tells more: what stands within a name, where the same form
stands elsewhere, and what stands before it. Where that speaks for the whole form, the page's word is read whole.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from musnad.lexicon.word import PLACE, PREPOSITION, THAT, Word
from musnad.page import Page

Span = tuple[int, int, str]  # first token, last + 1, kind
_THEN = "ف"  # «فترامب» is rare in news
_LETTERS = frozenset(("ب", "ل", _THEN))
_TITLES = frozenset(("honorific", "office", "person"))
_TIMES = 20  # a rest that is this much commoner than the whole is a word with its preposition all the same


def read_whole(page: Page, spans: Sequence[Span], listed: Callable[[str], bool]) -> None:
    """Read the words of persons' names whole where something speaks for it; `listed` knows names of persons."""
    named = [span for span in spans if span[2] == "PER"]
    places = [at for first, last, _ in named for at in range(first, last) if page.words[at].prefix in _LETTERS]
    if not places:
        return
    bare = {page.words[at].form for first, last, _ in named for at in range(first, last) if not page.words[at].prefix}
    firsts = {first for first, _, _ in named}
    counts = page.lexicon.counts
    cuts = {at for at in places if not _is_whole(page.words[at], counts, listed) or page.words[at].core in bare}
    whole = {
        page.words[at].form
        for at in places
        if at not in cuts
        and (
            at not in firsts
            or page.words[at].prefix == _THEN
            or _is_listed(page.words[at], listed)
            or _is_introduced(page, at)
        )
    }
    for at in places:
        if at not in cuts and page.words[at].form in whole:
            word = page.words[at] = page.lexicon.whole(page.words[at].raw)
            page.flags[at] = word.flags


def _is_whole(word: Word, counts: Mapping[str, int], listed: Callable[[str], bool]) -> bool:
    """Whether a form may be one word: its rest is no place, role or word with article, and not commoner by far.

    A listed name in ف may be that where its rest is common: «فادي» beside ادي, «فريال» beside ريال.
    """
    known = word.role is not None or word.cues or word.flags & (PLACE | THAT) or word.core.startswith("ال")
    rare = counts.get(word.core, 0) < _TIMES * (1 + counts.get(word.form, 0))
    return not known and (rare or (word.prefix == _THEN and listed(word.form)))


def _is_listed(word: Word, listed: Callable[[str], bool]) -> bool:
    return listed(word.form) and not listed(word.core)


def _is_introduced(page: Page, at: int) -> bool:
    """Whether a title or a verb of saying that takes no such preposition stands right before a form."""
    if not at:
        return False
    before, word = page.words[at - 1], page.words[at]
    title = before.role is not None and before.role.kind in _TITLES
    says = any(cue.part in {"past", "present"} and word.prefix not in cue.frames for cue in before.cues)
    return title or says


def without_on(page: Page, span: Span) -> list[Span]:
    """Cut a person's name at the preposition «على», which folds to the name علي; a page that writes «فى» may mean the name."""
    first, last, kind = span
    if kind != "PER":
        return [span]
    at = next((i for i in range(first + 1, last) if _is_on(page.words[i])), last)
    if at == last or (at < last - 1 and any(word.form == "في" and word.raw.endswith("ى") for word in page.words)):
        return [span]
    rest = without_on(page, (at + 1, last, kind)) if at + 1 < last else []
    return [(first, at, kind), *rest]


def _is_on(word: Word) -> bool:
    return word.raw.endswith("ى") and bool(word.flags & PREPOSITION) and not word.prefix
