"""What a party is called: the fullest name that the article gives for it."""

from __future__ import annotations

from musnad.lexicon import word as w
from musnad.names.spots import Spots
from musnad.names.who import Cast
from musnad.page import Page

_NOT_ONE = {"unnamed", "group", "body", "paper", "outlet"}
_SEVERAL = {"unnamed", "group"}


def name_of(page: Page, spots: Spots, cast: Cast, party: tuple[int, int]) -> str:
    """The fullest name that the article gives for a party."""
    known = cast.known_before(party[0])
    kept = cast.names.get(party)
    if kept is not None and kept[0] == known:
        return kept[1]  # statements close together ask for the same mentions again
    name = _name_of(page, spots, cast, party)
    cast.names[party] = cast.known_before(party[0]), name
    return name


def _name_of(page: Page, spots: Spots, cast: Cast, party: tuple[int, int]) -> str:
    first, last = party
    again = page.words[first].form == "نفس" and last - first > 1  # نفس المسؤول
    first += again
    if page.words[first].form in {"الاخير", "الاخيره"} and (named := spots.last_before(first)) is not None:
        return name_of(page, spots, cast, named)
    person = cast.person_in(first, last)
    if person is not None and (joint := _joined_names(page, spots, cast, first, last)):
        return joint
    role = page.words[first].role
    many = page.words[first].core in page.lexicon.lists["partitives"] or (role is not None and role.kind in _NOT_ONE)
    speaks_as_one = role is not None and role.kind in {"body", "outlet", "paper"}
    if person is not None and (not many or (_told_apart(page, first, last) and not speaks_as_one)):
        cast.add_office(first, last, person)
        return person.name
    if role is not None and (again or any(page.flags[i] & w.REFERENCE for i in range(first, last))):
        earlier = cast.last_body(first)
        if earlier:
            return earlier
    if role is not None and role.kind == "person" and last - first == 1 and (source := cast.unnamed_source(first)):
        return source  # «المسؤول» of «مصدر مسؤول»
    if role is not None and role.kind == "unnamed" and last - first == 1 and page.flags[first] & w.DEFINITE:
        return cast.last_body(first) or cast.text(first, last)  # «المصدر»: the last one
    office = cast.person_of_office(first, last, first) if role is not None else None
    if office is not None:
        return office.name
    if role is None or role.kind not in {"body", "outlet", "paper", "unnamed"}:
        part = cast.person_by_part(first, last)
        if part is not None:
            return part.name
    return _body_name(page, cast, first, last)


def _body_name(page: Page, cast: Cast, first: int, last: int) -> str:
    """What a party is called that is no known person: the fullest form so far, which is remembered for what comes."""
    role, text = page.words[first].role, cast.text(first, last)
    if (role is not None and role.kind in {"body", "outlet"}) or (
        page.flags[first] & w.DEFINITE and not (role is not None and role.relational)
    ):
        fuller = cast.fuller_body(first, last)
        cast.add_body(first, last)
        return fuller or text
    if role is not None and role.relational and page.flags[first] & w.DEFINITE and (earlier := cast.last_body(first)):
        return earlier  # «المتحدث» for «متحدث باسم الجيش»
    if role is not None and (role.kind in _SEVERAL or role.relational):
        cast.add_body(first, last)
    return text


def _joined_names(page: Page, spots: Spots, cast: Cast, first: int, last: int) -> str | None:
    """«الرئيس السيسي ونظيره ماكرون»، «زيلينسكي وقادة أوروبا»: two parties joined by و speak as one."""
    starts = cast.spots_between(first, last)
    if starts and starts[0] == first in cast.of_spot and (end := cast.spot_end(first)) < last:
        role = page.words[end].role
        if page.words[end].prefix == "و" and role is not None and role.kind in _SEVERAL and spots.at[end] is None:
            return f"{cast.of_spot[first].name} و{cast.text(end, last)}"
    if len(starts) != 2 or not any(page.words[i].prefix == "و" for i in range(starts[0] + 1, starts[1] + 1)):
        return None
    if any(page.flags[i] & w.COMMA for i in range(starts[0], starts[1])):
        return None
    return " و".join(cast.of_spot[at].name for at in starts if at in cast.of_spot)


def _told_apart(page: Page, first: int, last: int) -> bool:
    return any(page.flags[i] & w.COMMA or page.words[i].form in {"ويدعي", "واسمه", "اسمه"} for i in range(first, last))
