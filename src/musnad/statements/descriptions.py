"""Whether a mention by a noun describes somebody named before: «وزير الخارجية الألماني» a man whose office was told, no Iranian."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property

from musnad.names.who import Cast
from musnad.page import Page
from musnad.text.clitics import without_article

Tokens = tuple[int, int]  # first, last + 1


class Description:
    """A mention in the words that it says of somebody, without articles. Of a cue without a mention it is empty."""

    def __init__(self, page: Page, cast: Cast, mention: Tokens | None) -> None:
        self._page, self._cast = page, cast
        self._head: set[str] = set()
        self._further: set[str] = set()
        if mention is not None:
            first, last = mention
            head = page.words[first]
            self._head = {without_article(noun) for noun in (head.core, head.role.noun if head.role else head.core)}
            self._further = self._words((first + 1, last))

    @cached_property
    def _nations(self) -> set[str]:
        return self._nations_in(self._head | self._further)

    def numbers(self, name: str, voice: Tokens | None) -> list[float]:
        """How well it fits somebody of this name, who was named by the tokens `voice`: by his name and the offices said of him.

        Whether the noun stands there; the share of its further words that do, and whether all do; whether a country does, and whether
        only others do; whether any office is told, and how much of the likest.
        """
        if not self._head:
            return [0.0] * 7
        person = self._cast.by_name.get(name)
        offices = [office.words for office in self._cast.offices_of(person)] if person is not None else []
        told = self._words(voice) if voice is not None else set()
        told = told.union(*offices)
        nations, own = self._nations, self._nations_in(told) if self._nations else set()
        likest = max(
            (len(words & (self._head | self._further)) / len(words) for words in offices if words), default=0.0
        )
        return [
            not told.isdisjoint(self._head), len(self._further & told) / max(1, len(self._further)),
            bool(self._further) and self._further <= told, not nations.isdisjoint(own),
            bool(nations and own) and nations.isdisjoint(own), bool(offices), likest,
        ]  # fmt: skip

    def _words(self, tokens: Tokens) -> set[str]:
        words = self._page.words
        return {without_article(words[at].core) for at in range(*tokens) if words[at].raw[0].isalnum()}

    def _nations_in(self, words: Iterable[str]) -> set[str]:
        return {nation for word in words if (nation := self._nation(word))}

    def _nation(self, word: str) -> str | None:
        """The country that a word is, or stands for, or whose adjective it is."""
        lexicon = self._page.lexicon
        named = lexicon.countries.get(word) or lexicon.countries.get("ال" + word)
        return named or lexicon.nations.get(word) or lexicon.governments.get(word)
