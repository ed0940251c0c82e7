"""The mentions of a page: persons, organisations, places, outlets and roles, each with whom it denotes."""

from __future__ import annotations

from typing import NamedTuple

from musnad.lexicon import word as w
from musnad.names.knowledge import Knowledge
from musnad.names.spots import Spots
from musnad.names.whereabouts import Whereabouts
from musnad.names.who import Cast
from musnad.page import Page

_KIND = {"PER": "PERSON", "ORG": "ORG", "LOC": "PLACE"}


class Found(NamedTuple):
    """A mention in tokens, its kind, the fullest name and the identifier."""

    first: int
    last: int
    kind: str
    name: str
    entity: str | None


def find_mentions(page: Page, spots: Spots, cast: Cast, knowledge: Knowledge, where: Whereabouts) -> list[Found]:
    """Return the mentions of a page in the order of the text; no two overlap."""
    found: list[Found] = []
    free = 0  # the token after the last mention
    outlets = page.lexicon.outlet_starts
    for at, (word, spot) in enumerate(zip(page.words, spots.at, strict=True)):
        if at < free or (spot is None and word.role is None and word.core not in outlets):
            continue
        one = _at(page, spots, cast, knowledge, where, at)
        if one is not None:
            found.append(one)
            free = one.last
    return found


def _at(page: Page, spots: Spots, cast: Cast, knowledge: Knowledge, where: Whereabouts, at: int) -> Found | None:
    spot, word = spots.at[at], page.words[at]
    length = page.lexicon.outlet_at(page.words, at) if word.core in page.lexicon.outlet_starts else 0
    if length and _is_outlet(page, spots, at, length):
        name = cast.text(at, at + length)
        return Found(at, at + length, "OUTLET", name, knowledge.outlet(name))
    if spot is not None and spot[0] == at and spot[2] in _KIND:
        first, last, kind = spot
        if kind == "PER":
            person = cast.of_spot.get(first)
            name = person.name if person else cast.text(first, last)
            return Found(first, last, "PERSON", name, knowledge.actor(name))
        name = cast.text(first, last)
        entity = where.place(name, first) if kind == "LOC" else knowledge.party(name)
        return Found(first, last, _KIND[kind], name, entity)
    if spot is None and word.role is not None and word.role.kind == "office" and word.flags & w.DEFINITE:
        person = cast.person_of_office(at, at + 1, at)
        if person is not None:
            return Found(at, at + 1, "ROLE", person.name, knowledge.actor(person.name))
    return None


def _is_outlet(page: Page, spots: Spots, at: int, length: int) -> bool:
    """Many outlets bear common words (اليوم، الوطن، المدينة): only beside a word for an outlet, in marks, or by several words."""
    before = page.words[at - 1] if at else None
    if length > 1 or page.words[at].flags & w.LATIN:
        return True
    if before is not None and before.role is not None and before.role.kind == "outlet":
        return True
    if before is not None and before.flags & w.OPEN and page.quotes.close.get(at - 1) == at + length:
        return True
    rare = page.lexicon.counts.get(page.words[at].core, 0) < 3000
    return rare and not page.words[at].flags & (w.PLACE | w.TIME | w.DEFINITE)
