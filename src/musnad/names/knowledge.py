"""The shipped knowledge base: identifiers for countries, cities, organisations, outlets and office holders.

Every identifier stands in a data file with its origin (`lexicon/data`, NOTICE). A name that no file
holds has none; nothing is guessed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache, cached_property

from musnad.lexicon.tables import rows, word_lists
from musnad.names.forms import canonical, key_of
from musnad.names.persons import UNKNOWN, Persons
from musnad.names.registry import Registry


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
    def _bodies(self) -> Registry:
        return Registry()

    @cached_property
    def _persons(self) -> Persons:
        return Persons()

    @cached_property
    def _actors(self) -> dict[str, str]:
        """Persons, then who else stands in the actor table, by the one form of their names."""
        people = {canonical(name): row["entity"] for row in rows("people.tsv") for name in row["spellings"].split("|")}
        actors = {canonical(row["key"]): row["entity"] for row in rows("actors.tsv")}
        return actors | people

    @cached_property
    def _states(self) -> dict[str, str]:
        """Countries and their governments by the one form of their names."""
        both = self._governments | self._countries
        return {canonical(name): entity for name, entity in both.items()}

    @cached_property
    def _people(self) -> dict[str, list[frozenset[str]]]:
        """The names of each person in `people.tsv`, as sets of words."""
        return {
            row["entity"]: [frozenset(spelling.split()) for spelling in row["spellings"].split("|")]
            for row in rows("people.tsv")
        }

    @cached_property
    def _names(self) -> dict[str, str]:
        names = self._persons.names | self._bodies.names | {row["entity"]: row["name"] for row in rows("people.tsv")}
        for row in rows("countries.tsv"):
            names.setdefault(row["entity"], row["name"])
        return names

    def outlet(self, name: str) -> str | None:
        """The identifier of a news outlet, by its name with or without a noun before it."""
        body = self._bodies.find(name)
        return self._outlets.get(key_of(name)) or (body.entity if body is not None and body.outlet else None)

    def place(self, name: str, around: Mapping[str, float] | None = None) -> str | None:
        """The identifier of a place. Of cities with one name that in the country which weighs most in `around`, else the largest."""
        key = key_of(name)
        country = self._countries.get(key)
        cities = self._places.get(key, [])
        if country is not None or not cities:
            return country
        return max(cities, key=lambda city: (around or {}).get(city[1], 0.0))[0]

    def name(self, identifier: str) -> str | None:
        """What a country, person or body is called, however an article spells it."""
        return self._names.get(identifier)

    def called(self, words: Sequence[str]) -> list[str]:
        """The keys in a ledger of the persons and bodies one of whose spellings holds all these words (folded, without article).

        By the name of a body no other is called: «الأمم المتحدة» stands in the name of its fund for children.
        """
        wanted = set(words)
        bodies = {} if self._bodies.find(" ".join(words)) else self._bodies.spellings
        known = (*self._people.items(), *self._persons.forms.items(), *bodies.items())
        return list(dict.fromkeys(entity for entity, names in known if any(wanted <= name for name in names)))

    def usual(self, name: str) -> str | None:
        """The name under which articles know a person best, by any form that was counted: «جوزيه مورينيو» for «جوزيه مورينهو»."""
        person = self._persons.find(name)
        return person.name if person is not None else None

    def is_named(self, name: str) -> bool:
        """Whether a name of two words or more is that of a person whom a table knows."""
        whole = " " in name and (self._persons.find(name) is not None or self.is_person(self.actor(name)))
        return bool(whole)

    def is_person(self, identifier: str | None) -> bool:
        """Whether an identifier is a known person's."""
        return identifier in self._people

    def is_shared(self, name: str) -> bool:
        """Whether cities of several countries bear a name: طرابلس."""
        return len(self._places.get(key_of(name), ())) > 1

    def country(self, name: str) -> str | None:
        """The identifier of a country, by its name or its capital's: «قطر», «دولة قطر»."""
        key = canonical(key_of(name))
        first, _, rest = key.partition(" ")
        of_a_state = self._countries.get(rest) if first in word_lists()["of_a_state"] else None
        return self._states.get(key) or of_a_state

    def identifier(self, name: str) -> str | None:
        """The identifier of whoever bears the name that an article gives for a party, an outlet's before any other."""
        return self.outlet(name) or self.party(name)

    def party(self, name: str) -> str | None:
        """The identifier of somebody who speaks or acts: a capital stands for its government."""
        body = self._bodies.find(name)
        return self.country(name) or (body.entity if body is not None else self.actor(name))

    def actor(self, name: str) -> str | None:
        """A person, by any form that is known; else a person or organisation of the actor table, by the whole name only."""
        person = self._persons.find(name)
        if person is not None and not person.key.startswith(UNKNOWN):
            return person.key
        return self.listed(name)

    def listed(self, name: str) -> str | None:
        """The identifier that `people.tsv` or the actor table has for a whole name as it is spelt."""
        key = key_of(name)
        return self._actors.get(canonical(key)) if " " in key else None
