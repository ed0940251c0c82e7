"""When and where: the expression of time and the place that belong to a trigger."""

from __future__ import annotations

from bisect import bisect_left

from musnad.events.anchors import names_a_place
from musnad.events.draft import Tokens
from musnad.events.triggers import Hit
from musnad.lexicon import word as w
from musnad.names.spots import Spots
from musnad.page import Page
from musnad.text.clitics import without_article
from musnad.times import Time

_AT = {
    "في",
    "الي",
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
    "داخل",
    "خارج",
    "باتجاه",
    "نحو",
    "ضواحي",
    "محيط",
}

_UNUSUAL = 200  # times in the corpora behind the vocabulary
_REACH = 60  # tokens from a trigger to its time and place


def time_of(page: Page, times: list[Time], hit: Hit, told: list[tuple[int, int]]) -> Time | None:
    """The nearest expression of time in the sentence of a trigger; what stands before counts twice as far.

    `told`: the contents of the sentence's statements in characters. «قال الوزير الجمعة إن …» dates the saying, and what it
    tells only where nothing nearer does.
    """
    first, limit = page.sentence_of(hit.first)
    first, limit = max(first, hit.first - _REACH), min(limit, hit.last + _REACH)
    begin = bisect_left(times, first, key=lambda time: time.first)
    found = []
    for time in times[begin:]:
        if time.first >= limit:
            break
        apart = not _told_alike(page.start[hit.first], page.start[time.first], told)
        found.append((_away(hit, time.first, time.last) + apart * 2 * _REACH, time))
    return min(found, key=lambda pair: pair[0])[1] if found else None


def _told_alike(here: int, there: int, told: list[tuple[int, int]]) -> bool:
    return all((start <= here < end) == (start <= there < end) for start, end in told)


def places_of(page: Page, spots: Spots, hit: Hit, parties: set[int]) -> list[tuple[int, Tokens]]:
    """The places of a trigger, nearest first: its genitive (قمة هلسنكي), then what «في» or its like leads to in its sentence.

    `parties` are tokens of those who take part: they are no place beside it.
    """
    first, limit = page.sentence_of(hit.first)
    first, limit = max(first, hit.first - _REACH), min(limit, hit.last + _REACH)
    begin = bisect_left(spots.all, first, key=lambda spot: spot[0])
    near = _clause_of(page, hit, first, limit)
    led = (
        {"ب"}
        | ({"علي"} if hit.trigger.type == "ASSAULT" else set())
        | ({"ل"} if hit.trigger.frame == "visit" else set())
        | ({"من"} if hit.trigger.type == "RETREAT" else set())
    )
    found = [(-1, (hit.last, hit.last + 1))] if _is_unheard_of(page, spots, hit) else []
    for spot in spots.all[begin:]:
        if spot[0] >= limit:
            break
        behind = spot[0] >= hit.last
        palace = page.words[spot[1] - 1].form in page.lexicon.lists["palaces"]  # a government, but behind «في» a place
        if (spot[2] != "LOC" and not palace) or spot[0] in parties or not (palace or names_a_place(page, spot)):
            continue
        if spot[0] == hit.last:
            found.append((-1, spot[:2]))
        elif _stands_at(page, spot[0], hit.last if behind else first, led if behind else led - {"ل"}):
            host = hit.trigger.frame == "visit" and behind and page.words[spot[0]].prefix[-1:] == "ل"
            far = 0 if spot[0] in near else _REACH
            found.append((0 if host else _away(hit, spot[0], spot[1]) + far, spot[:2]))
    return found


def _is_unheard_of(page: Page, spots: Spots, hit: Hit) -> bool:
    """«قمة ألاسكا»: a meeting is called after a place that nobody tagged, a word that is no usual adjective."""
    definite = hit.trigger.suffix or page.flags[hit.first] & w.DEFINITE
    if hit.trigger.frame != "meet" or hit.trigger.part != "noun" or definite or hit.last >= len(page):
        return False
    word = page.words[hit.last]
    known = (
        word.prefix or word.role or word.cues or word.triggers or page.flags[hit.last] & ~w.PLACE or spots.at[hit.last]
    )
    return not known and word.form.isalpha() and page.lexicon.counts.get(word.form, 0) < _UNUSUAL


def _clause_of(page: Page, hit: Hit, first: int, limit: int) -> range:
    """The tokens around a trigger with no other verb or event between: what «في» leads to there belongs to it."""
    lists = page.lexicon.lists

    def ends(at: int) -> bool:
        word = page.words[at]
        own = (
            word.core in lists["takes_place"] or word.form in lists["light_verbs"] or word.core in lists["light_verbs"]
        )
        other = bool(word.triggers) or any(cue.part in {"past", "present"} for cue in word.cues)
        return bool(page.flags[at] & (w.THAT | w.COLON | w.SOURCE | w.CLAUSE)) or (other and not own)

    start = next((at + 1 for at in range(hit.first - 1, first - 1, -1) if ends(at)), first)
    end = next((at for at in range(hit.last, limit) if ends(at)), limit)
    return range(start, end)


def narrowest(page: Page, places: list[tuple[int, Tokens]]) -> Tokens | None:
    """The nearest place that is no whole country, else the nearest."""
    countries = page.lexicon.countries

    def rank(place: tuple[int, Tokens]) -> tuple[bool, int]:
        away, (first, last) = place
        name = " ".join(word.core for word in page.words[first:last])
        country = name in countries and name not in page.lexicon.governments  # «عمان» is a capital too
        return country and away <= _REACH, away

    return min(places, key=rank)[1] if places else None


def _away(hit: Hit, first: int, last: int) -> int:
    return first - hit.last if first >= hit.last else 2 * max(hit.first - last, 0)


def _stands_at(page: Page, at: int, floor: int, led: set[str]) -> bool:
    """Whether a preposition of place leads to a name, over words like مدينة or محافظة between them."""
    i = at
    while i >= floor and at - i <= 3:
        if page.words[i].prefix[-1:] in led:
            return True
        if i == floor:
            return False
        before = page.words[i - 1]
        if before.core in _AT or before.core in led:
            return True
        if without_article(before.core) not in page.lexicon.lists["regions"]:
            return False
        i -= 1
    return False
