"""Where copied words stand in an article: as they are, else repaired where only one reading is left."""

from __future__ import annotations

from collections import defaultdict
from typing import Literal, NamedTuple

from musnad.lexicon import Lexicon
from musnad.lexicon.word import CLOSE
from musnad.page import Page
from musnad.text.fold import fold
from musnad.text.tokens import tokenize

#: What was done to words that do not stand in the article as they were copied, from the least to the most.
Repair = Literal["spaces", "marks", "letters", "attached"]
_REPAIRS: tuple[Repair, ...] = ("spaces", "marks", "letters", "attached")
_PLACES = 300  # of words that stand everywhere the first ones are looked at


class FoundWords(NamedTuple):
    """Tokens `first` to `last` - 1 of a page; `start` is the character at which the copied words begin; `repair`: what they needed."""

    first: int
    last: int
    start: int
    repair: Repair | None


class WordFinder:
    """Finds words among tokens `first` to `last` - 1 of a page. Only words are compared: marks between them may be there or not."""

    def __init__(self, page: Page, first: int = 0, last: int | None = None) -> None:
        self._page, self._range = page, range(first, len(page) if last is None else last)
        self._at = [n for n in self._range if page.words[n].raw[0].isalnum()]
        self._forms = [page.words[at].form for at in self._at]
        self._of_form: dict[str, list[int]] = defaultdict(list)
        for number, at in enumerate(self._at):
            for form in {page.words[at].form, page.words[at].core}:
                self._of_form[form].append(number)

    def places(self, words: str) -> list[FoundWords]:
        """Return where words stand, in the order of the text: all places with the least repair that any of them needs."""
        wanted = _SoughtWords(words, self._page.lexicon)
        if not wanted.forms:
            return self._marks(words)
        numbers = {n for form in {wanted.forms[0], wanted.core} for n in self._of_form.get(form, ())}
        found = [place for n in sorted(numbers)[:_PLACES] if (place := self._place(wanted, n)) is not None]
        if not found:
            return []
        least = min(_cost(place.repair) for place in found)
        return [place for place in found if _cost(place.repair) == least]

    def _place(self, wanted: _SoughtWords, number: int) -> FoundWords | None:
        """The place at which the wanted words begin with the word of this number; None where they do not stand there."""
        page, size = self._page, len(wanted.forms)
        if self._forms[number + 1 : number + size] != wanted.forms[1:]:
            return None
        first, last = self._at[number], self._at[number + size - 1] + 1
        attached = self._forms[number] != wanted.forms[0]
        while last < self._range.stop and last - first < wanted.tokens and page.words[last].raw in wanted.closing:
            last += 1
        if not attached:
            while first > self._range.start and self._opens(first - 1, wanted):
                first -= 1
            return FoundWords(first, last, page.start[first], self._repair(wanted, number, first, last))
        word = page.words[first]
        cut = len(word.raw) - len(wanted.raw[0]) if word.raw.endswith(wanted.raw[0]) else 0
        return FoundWords(first, last, page.start[first] + cut, "attached")

    def _opens(self, at: int, wanted: _SoughtWords) -> bool:
        """Whether a token is one of the marks that the wanted words begin with: «حزب الفجر» keeps both or none."""
        return self._page.words[at].raw in wanted.opening and not self._page.flags[at] & CLOSE

    def _repair(self, wanted: _SoughtWords, number: int, first: int, last: int) -> Repair | None:
        page = self._page
        if page.text[page.start[first] : page.end[last - 1]] == wanted.text:
            return None
        if [raw for at in range(first, last) if (raw := page.words[at].raw) != "\n"] == wanted.all:
            return "spaces"
        written = [page.words[at].raw for at in self._at[number : number + len(wanted.raw)]]
        return "marks" if written == wanted.raw else "letters"

    def _marks(self, words: str) -> list[FoundWords]:
        """The places of a mark without any word, as of the colon of a headline."""
        mark = words.strip()
        return [
            FoundWords(at, at + 1, self._page.start[at], None) for at in self._range if self._page.words[at].raw == mark
        ]


class _SoughtWords:
    """Words that are looked for: as they were written, folded, and the first without what is attached to it."""

    def __init__(self, words: str, lexicon: Lexicon) -> None:
        tokens = tokenize(words)
        self.all = [raw for raw in tokens.raw if raw != "\n"]
        self.raw = [raw for raw in self.all if raw[0].isalnum()]
        self.forms = [fold(raw) for raw in self.raw]
        self.core = lexicon.word(self.raw[0]).core if self.raw else ""
        self.text = " ".join(words.split())
        opening = next((n for n, raw in enumerate(self.all) if self.raw and raw == self.raw[0]), 0)
        self.tokens = len(self.all) - opening
        self.opening = set(self.all[:opening])
        closing = []
        for raw in reversed(self.all):
            if raw[0].isalnum():
                break
            closing.append(raw)
        self.closing = set(closing)


def _cost(repair: Repair | None) -> int:
    return 0 if repair is None else 1 + _REPAIRS.index(repair)
