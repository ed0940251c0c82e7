"""Bodies that are known by name: agencies, outlets, organisations, groups, each one under all forms of its name (`bodies.tsv`)."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from musnad.lexicon.tables import rows, word_lists
from musnad.names.forms import canonical, country_of, key_of
from musnad.names.spelling import sound_of

_MARKS = re.compile(r"[(){}\[\]«»\"'‘’،]")
_SOUNDS = 4  # letters of every word of a name that is known by its sound
_PRESS = "JRN"  # the sector of outlets
_COMMA = "،"


class ListedBody(NamedTuple):
    """A body; `country` is the identifier of the one whose adjective may stand behind the name of an outlet."""

    entity: str
    name: str
    outlet: bool
    country: str


class Registry:
    """Finds bodies by any form of their names."""

    def __init__(self) -> None:
        self.names: dict[str, str] = {}
        self.spellings: dict[str, list[frozenset[str]]] = {}  # of a body, as sets of words
        self._alone: dict[str, ListedBody] = {}  # forms that are the body's everywhere
        self._behind: dict[str, ListedBody] = {}  # forms that are so behind a noun
        countries = {row["alpha3"]: row["entity"] for row in rows("states.tsv")}
        sounds: dict[tuple[str, ...], set[ListedBody]] = defaultdict(set)
        for row in rows("bodies.tsv"):
            name, *_ = names = row["spellings"].split("|")
            body = ListedBody(row["entity"], name, row["sector"] == _PRESS, countries.get(row["code"], ""))
            keys = [canonical(key_of(spelling)) for spelling in names]
            self.names[body.entity] = name
            self.spellings[body.entity] = [frozenset(key.split()) for key in keys]
            self._alone |= dict.fromkeys(keys, body)
            self._behind |= {canonical(key_of(spelling)): body for spelling in row["behind"].split("|") if spelling}
            for key in keys if body.outlet else ():
                if min(map(len, key.split())) >= _SOUNDS:
                    sounds[_heard(key)].add(body)
        self._add_outlets()
        self._sounds = {heard: bodies.pop() for heard, bodies in sounds.items() if len(bodies) == 1}
        self.find = lru_cache(maxsize=1 << 14)(self._find)

    def _add_outlets(self) -> None:
        """The outlets that have a domain, behind a noun; of «alwatan.com.sa» the country is known by it."""
        for row in rows("outlets.tsv"):
            if row["entity"]:
                country = "iso3166:" + row["entity"].rpartition(".")[2].upper()
                self._behind.setdefault(
                    canonical(key_of(row["name"])), ListedBody(row["entity"], row["name"], True, country)
                )

    def _find(self, name: str) -> ListedBody | None:
        """The body that bears a name.

        Of an outlet the noun may be there or not, and so may what it is and whose: «وكالة رويترز للأنباء»، «صحيفة ديلي ميل البريطانية»،
        «وكالة الأنباء السورية الرسمية (سانا)»; a foreign name is written by ear behind its noun: «وكالة بلومبيرج». Not «فارس», who may
        be a person, nor «حزب الله العراقي» or «بي بي سي التركية», which are others.
        """
        head, _, behind = name.partition(_COMMA)
        if not word_lists()["about_a_body"].isdisjoint(behind.split()[:1]):
            name = head  # «المرصد السوري لحقوق الإنسان، ومقره لندن»
        key = canonical(key_of(_MARKS.sub(" ", name)))
        words = key.split()
        if key in self._alone or len(words) < 2:
            return self._alone.get(key)
        if words[0] in word_lists()["group_nouns"]:
            return self._group(" ".join(words[1:]))
        return self._outlet(words)

    def _group(self, key: str) -> ListedBody | None:
        body = self._alone.get(key) or self._behind.get(key)
        return body if body is not None and not body.outlet else None

    def _outlet(self, words: list[str]) -> ListedBody | None:
        """An outlet by a name in which more stands than the name."""
        for at in range(len(words) - 1, 0, -1):
            if not _is_around(words[at]):
                break
            if _fits(body := self._alone.get(" ".join(words[:at])), words[at:]):
                return body
        if words[0] not in word_lists()["outlet_nouns"]:
            return None
        for form, around in _bare(words[1:]):
            body = self._alone.get(form) or self._behind.get(form) or self._sounds.get(_heard(form))
            if _fits(body, around):
                return body
        return None


def _fits(body: ListedBody | None, around: list[str]) -> bool:
    """Whether a body is an outlet of which the words around its name may be said: «البريطانية» only of one that is British."""
    return body is not None and body.outlet and {country_of(word) for word in around} <= {None, body.country}


def _bare(words: list[str]) -> Iterator[tuple[str, list[str]]]:
    """A name, then the name without what stands around it, and that: «انباء سوريه رسميه سانا» is «سانا»."""
    first, last = 0, len(words)
    yield " ".join(words), []
    while last > 1 and _is_around(words[last - 1]):
        last -= 1
        yield " ".join(words[:last]), words[last:]
    while first < last - 1 and _is_around(words[first]):
        first += 1
        yield " ".join(words[first:last]), [*words[:first], *words[last:]]


def _is_around(word: str) -> bool:
    return word in word_lists()["agency_words"] or country_of(word) is not None


def _heard(key: str) -> tuple[str, ...]:
    return tuple(map(sound_of, key.split()))
