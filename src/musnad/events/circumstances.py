"""When and where: the expression of time and the place that belong to a trigger."""

from __future__ import annotations

from bisect import bisect_left

from musnad.events.draft import Tokens
from musnad.events.triggers import Hit
from musnad.lexicon import word as w
from musnad.names.spots import Spots
from musnad.page import Page
from musnad.times import Time

_AT = {
    "في",
    "ب",
    "الي",
    "ل",
    "قرب",
    "قباله",
    "شمال",
    "جنوب",
    "شرق",
    "غرب",
    "شمالي",
    "جنوبي",
    "شرقي",
    "غربي",
    "وسط",
    "علي",
    "من",
    "داخل",
    "باتجاه",
    "نحو",
    "ضواحي",
    "محيط",
}


def time_of(page: Page, times: list[Time], hit: Hit) -> Time | None:
    """The nearest expression of time in the sentence of a trigger; one behind it counts nearer than one before."""
    first, limit = page.sentence_of(hit.first)
    begin = bisect_left(times, first, key=lambda time: time.first)
    found: tuple[int, Time] | None = None
    for time in times[begin:]:
        if time.first >= limit:
            break
        away = time.first - hit.last if time.first >= hit.last else 2 * (hit.first - time.last)
        if away >= 0 and (found is None or away < found[0]):
            found = away, time
    return found[1] if found else None


def place_of(page: Page, spots: Spots, hit: Hit, parties: set[int]) -> Tokens | None:
    """The place that stands nearest behind a trigger with a preposition of place, else before it in its sentence."""
    first, limit = page.sentence_of(hit.first)
    places = [spot for spot in spots.all if first <= spot[0] < limit and spot[2] == "LOC" and spot[0] not in parties]
    behind = [s for s in places if s[0] >= hit.last and _stands_at(page, s[0], hit.last)]
    if behind:
        return behind[0][0], behind[0][1]
    before = [s for s in places if s[1] <= hit.first and _stands_at(page, s[0], first)]
    return (before[-1][0], before[-1][1]) if before else None


def _stands_at(page: Page, at: int, floor: int) -> bool:
    """Whether a preposition leads to a place, over a word like مدينة or محافظة between them."""
    if page.words[at].prefix[-1:] in {"ب", "ل"}:
        return True
    return any(
        page.words[i].form in _AT or page.words[i].core in _AT or page.words[i].prefix[-1:] == "ب"
        for i in range(max(floor, at - 3), at)
    ) and not any(page.flags[i] & w.COMMA for i in range(max(floor, at - 2), at))
