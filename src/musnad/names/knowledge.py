"""The shipped knowledge base: identifiers for countries, cities, organisations, outlets and office holders.

Every identifier stands in a data file with its origin (`lexicon/data`, NOTICE). A name that no file
holds has none; nothing is guessed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache, cached_property, lru_cache

from musnad.lexicon.tables import rows
from musnad.text.clitics import without_article
from musnad.text.fold import fold


@lru_cache(maxsize=1 << 13)
def key_of(name: str) -> str:
    """A name as the tables are asked for it: folded words without article."""
    return " ".join(
        without_article(word) for word in fold(name).replace("«", " ").replace("»", " ").replace('"', " ").split()
    )


@cache
def shared() -> Knowledge:
    """Return the knowledge that all of this process share."""
    return Knowledge()


class Knowledge:
    """Names to identifiers. Tables are read at the first question."""

    @cached_property
    def _places(self) -> dict[str, list[tuple[str, str]]]:
        """Cities by name with their countries, the largest first."""
        found: dict[str, list[tuple[str, str]]] = {}
        for row in rows("places.tsv"):
            found.setdefault(key_of(row["name"]), []).append((row["entity"], "iso3166:" + row["country"]))
        return found

    @cached_property
    def _countries(self) -> dict[str, str]:
        found: dict[str, str] = {}
        for table in ("countries.tsv", "country_names.tsv"):
            for row in rows(table):
                found.setdefault(key_of(row["name"]), row["entity"])
        return found

    @cached_property
    def _governments(self) -> dict[str, str]:
        return {
            key_of(row["name"]): entity
            for row in rows("nicknames.tsv")
            if (entity := self._countries.get(key_of(row["country"])))
        }

    @cached_property
    def _outlets(self) -> dict[str, str]:
        return {key_of(row["name"]): row["entity"] for row in rows("outlets.tsv") if row["entity"]}

    @cached_property
    def _actors(self) -> dict[str, str]:
        return {row["key"]: row["entity"] for row in rows("actors.tsv")} | {
            spelling: row["entity"] for row in rows("people.tsv") for spelling in row["spellings"].split("|")
        }

    @cached_property
    def _spellings(self) -> dict[str, list[frozenset[str]]]:
        """The names of each person in `people.tsv`, as sets of words."""
        return {
            row["entity"]: [frozenset(spelling.split()) for spelling in row["spellings"].split("|")]
            for row in rows("people.tsv")
        }

    @cached_property
    def _names(self) -> dict[str, str]:
        names = {row["entity"]: row["name"] for row in rows("people.tsv")}
        for row in rows("countries.tsv"):
            names.setdefault(row["entity"], row["name"])
        return names

    def outlet(self, name: str) -> str | None:
        key = key_of(name)
        head, _, rest = key.partition(" ")
        if head in {"وكاله", "صحيفه", "جريده", "قناه", "موقع", "شبكه", "مجله"} and rest in self._outlets:
            return self._outlets[rest]
        return self._outlets.get(key)

    def place(self, name: str, around: Mapping[str, float] | None = None) -> str | None:
        """The identifier of a place. Of cities with one name that in the country which weighs most in `around`, else the largest."""
        key = key_of(name)
        country = self._countries.get(key)
        cities = self._places.get(key, [])
        if country is not None or not cities:
            return country
        return max(cities, key=lambda city: (around or {}).get(city[1], 0.0))[0]

    def name(self, identifier: str) -> str | None:
        """What a country or person is called, however an article spells it."""
        return self._names.get(identifier)

    def called(self, words: Iterable[str]) -> list[str]:
        """The identifiers of the persons one of whose spellings holds all these words (folded, without article)."""
        wanted = set(words)
        return [entity for entity, names in self._spellings.items() if any(wanted <= name for name in names)]

    def is_shared(self, name: str) -> bool:
        """Whether cities of several countries bear a name: طرابلس."""
        return len(self._places.get(key_of(name), ())) > 1

    def country(self, name: str) -> str | None:
        """The identifier of a country, by its name or its capital's."""
        return self._countries.get(key_of(name)) or self._governments.get(key_of(name))

    def party(self, name: str) -> str | None:
        """The identifier of somebody who speaks or acts: a capital stands for its government."""
        key = key_of(name)
        return self._countries.get(key) or self._governments.get(key) or self.actor(name)

    def actor(self, name: str) -> str | None:
        """A person or organisation of the actor table, by the whole name only."""
        key = key_of(name)
        return self._actors.get(key) if " " in key else None
