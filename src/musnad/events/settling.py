"""What the mentions of an event say together: its status, its parties, when and where it was, how it was done.

At first every event is settled by its own mentions; then, where all events of the article are known, learned scores
choose once more who takes part, when and where, by all that is told of them.
"""

from __future__ import annotations

from collections import defaultdict
from typing import Any

import numpy as np

from musnad.events import circumstances, parties
from musnad.events.draft import DraftEvent, EventMention, Taker, Tokens
from musnad.events.naming import place_name
from musnad.events.status import is_called_off, is_negated
from musnad.names.spots import Spots
from musnad.names.who import Cast
from musnad.page import Page
from musnad.scores.choices import what_each_is, which_one
from musnad.scores.features import STATUSES
from musnad.text.fold import fold
from musnad.times import Time

_DATED, _PLACED = 0.4, 0.25  # from which a time or place is that of an event, by its own mentions
_TAKES, _THEN, _THERE = (
    0.35,
    0.25,
    0.15,
)  # by all: where F1, days and places are best on sources that were not learned from


def settle(page: Page, cast: Cast, happening: DraftEvent) -> None:
    """Decide what the mentions of an event say by themselves."""
    mentions = happening.mentions
    happening.status = STATUSES[int(np.sum([m.statuses * m.share for m in mentions], axis=0).argmax())]
    if happening.status in {"happened", "planned"}:
        if 2 * sum(is_called_off(page, mention) for mention in mentions) >= len(mentions):
            happening.status = "cancelled"
        elif is_negated(page, mentions[0]):
            happening.status = "denied"
    best: dict[str, Taker] = {}
    for taker in (taker for mention in mentions for taker in mention.takers):
        known = best.get(taker.name)
        if known is None or taker.acts + taker.suffers > known.acts + known.suffers:
            best[taker.name] = taker
    _set_parties(page, happening, best)
    happening.mode = mode_of(page, mentions)
    _set_time(page, happening)
    _set_place(page, cast, happening)


def settle_all(
    page: Page, spots: Spots, cast: Cast, happenings: list[DraftEvent], weights: dict[str, Any]
) -> None:  # fmt: skip
    """Choose once more who takes part in the events of an article, when and where they were, now that all are known."""
    numbers = range(len(happenings))
    taking = [parties.surest(happening) for happening in happenings]
    takers = [_takers(page, spots, cast, happenings, taking, number, weights) for number in numbers]
    times = [_time(page, happenings, number, weights) for number in numbers]
    places = [_place(page, spots, cast, happenings, number, weights) for number in numbers]
    for happening, some, time, place in zip(happenings, takers, times, places, strict=True):
        _set_parties(page, happening, {taker.name: taker for taker in some})
        happening.time = time
        if time is not None and time.comes and happening.status == "happened":
            happening.status = "planned"  # «قمة في 28 حزيران», told in May
        happening.ahead = happening.status in {"planned", "cancelled"}
        happening.place, happening.place_name = place if place is not None else (None, "")


def _takers(
    page: Page, spots: Spots, cast: Cast, happenings: list[DraftEvent], taking: list[parties.Taking], number: int,
    weights: dict[str, Any],
) -> list[Taker]:  # fmt: skip
    """Who takes part in an event. Rule "once": «المعارضة» beside the likelier «جماعات المعارضة» is no further one."""
    found = parties.candidates(page, happenings, taking, number)
    if not found:
        return []
    shares = what_each_is(parties.numbers(page, spots, cast, happenings[number], found), weights, "party")
    takers = [
        Taker(one.best.tokens, one.best.name, float(acts), float(suffers))
        for one, (_, acts, suffers) in zip(found, shares, strict=True)
    ]
    happenings[number].choices["party"] = takers
    chosen: list[Taker] = []
    for taker in sorted(takers, key=lambda one: -one.acts - one.suffers):
        words = parties.words_of(taker.name)
        if taker.acts + taker.suffers >= _TAKES and not any(words < parties.words_of(one.name) for one in chosen):
            chosen.append(taker)
    return chosen


def _time(page: Page, happenings: list[DraftEvent], number: int, weights: dict[str, Any]) -> Time | None:
    found = circumstances.times(happenings, number)
    if not found:
        return None
    happening = happenings[number]
    shares = which_one(circumstances.numbers_of_times(page, happening, found), weights, "time")
    happening.choices["time"] = [(one.what, float(share)) for one, share in zip(found, shares, strict=True)]
    best = int(shares.argmax())
    return found[best].what if shares[best] >= _THEN else None


def _place(
    page: Page, spots: Spots, cast: Cast, happenings: list[DraftEvent], number: int, weights: dict[str, Any]
) -> tuple[Tokens, str] | None:  # fmt: skip
    found = circumstances.places(page, cast, happenings, number)
    if not found:
        return None
    happening = happenings[number]
    shares = which_one(circumstances.numbers_of_places(page, spots, happening, found), weights, "place")
    happening.choices["place"] = [(one.name, float(share)) for one, share in zip(found, shares, strict=True)]
    best = int(shares.argmax())
    return (found[best].what, found[best].name) if shares[best] >= _THERE else None


def _set_parties(page: Page, happening: DraftEvent, best: dict[str, Taker]) -> None:
    one_government_once(page, best)
    happening.actors = [taker for taker in best.values() if taker.acts >= taker.suffers]
    happening.recipients = [taker for taker in best.values() if taker.acts < taker.suffers]


def one_government_once(page: Page, takers: dict[str, Taker]) -> None:
    """Rule "one government once": of «فرضت الولايات المتحدة عقوبات … عقوبات واشنطن» Washington is the United States again;
    alone it keeps its name, and «القاهرة» stays beside «تركيا»."""
    for name in list(takers):
        country = page.lexicon.governments.get(fold(name))
        if country is not None and country != name and country in takers:
            del takers[name]


def _set_time(page: Page, happening: DraftEvent) -> None:
    """Rule "dated in its sentence": of «يلتقي الوزير نظيره الخميس. ورحب باتفاق المياه» the agreement has no day; one that is named
    again beside a day has it. In articles held apart 0 of 13 days from other sentences were right, 55 of 116 from their own."""
    dated = [
        (share, -time.first, time)
        for m in happening.mentions
        for time, share in m.times
        if time is not None and page.sentence_number(time.first) == page.sentence_number(m.at)
    ]
    time = max(dated, key=lambda one: one[:2], default=None)
    if time is not None and time[0] >= _DATED:
        happening.time = time[2]
        if happening.status == "happened" and time[2].comes:
            happening.status = "planned"  # «قمة في 28 حزيران», told in May
    happening.ahead = happening.status in {"planned", "cancelled"}


def _set_place(page: Page, cast: Cast, happening: DraftEvent) -> None:
    shares: dict[str, float] = defaultdict(float)
    first: dict[str, tuple[int, int]] = {}
    for place, share in (choice for mention in happening.mentions for choice in mention.places):
        if place is not None:
            name = place_name(page, cast, place)
            shares[name] = max(shares[name], share)
            first.setdefault(name, place)
    if shares and shares[best := max(shares, key=lambda name: shares[name])] >= _PLACED:
        happening.place, happening.place_name = first[best], best


def mode_of(page: Page, mentions: list[EventMention]) -> str | None:
    """The mode that the lexicon gives to a word that names the event, the likeliest first."""
    for mention in sorted(mentions, key=lambda one: -one.share):
        for trigger in page.words[mention.at].triggers:
            near = {word.core for word in page.words[mention.at + 1 : mention.at + 4]}
            if trigger.type == mention.type and trigger.mode and (not trigger.needs or near & trigger.needs):
                return trigger.mode
    return None
