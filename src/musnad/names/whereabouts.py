"""Which countries an article speaks of around a token: they tell طرابلس in Libya from طرابلس in Lebanon."""

from __future__ import annotations

from collections import defaultdict
from functools import cached_property

from musnad.names.knowledge import Knowledge
from musnad.names.spots import Spots
from musnad.page import Page

_HALVED = 20  # tokens at which a country weighs half as much


class Whereabouts:
    """Weighs the countries named in one page, by name, capital or adjective (الليبية)."""

    def __init__(self, page: Page, spots: Spots, knowledge: Knowledge) -> None:
        self._page, self._spots, self._knowledge = page, spots, knowledge

    def place(self, name: str, at: int) -> str | None:
        """The identifier of a place that stands at a token."""
        around = self._around(at) if self._knowledge.is_shared(name) else None
        return self._knowledge.place(name, around)

    def _around(self, at: int) -> dict[str, float]:
        weights: dict[str, float] = defaultdict(float)
        for there, country in self._named:
            weights[country] += 1 / (1 + abs(there - at) / _HALVED)
        return weights

    @cached_property
    def _named(self) -> list[tuple[int, str]]:
        page, know = self._page, self._knowledge
        found = []
        for at, word in enumerate(page.words):
            spot = self._spots.at[at]
            name = page.lexicon.nations.get(word.core)
            if name is None and spot is not None and spot[0] == at and spot[2] == "LOC":
                name = " ".join(part.core for part in page.words[spot[0] : spot[1]])
            country = know.country(name) if name is not None and not know.is_shared(name) else None
            if country is not None:
                found.append((at, country))
        return found
