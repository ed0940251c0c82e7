"""The way from a page to its events: words that name one, who takes part, which words name the same one."""

from __future__ import annotations

from collections import defaultdict
from functools import cached_property
from importlib.resources.abc import Traversable
from typing import Any, NamedTuple

import numpy as np

from musnad import weights
from musnad.events.confidence import set_confidence
from musnad.events.decisions import decide, takers_of
from musnad.events.draft import Happening, Mention, Taker
from musnad.events.joining import join
from musnad.events.naming import place_name, taker_name
from musnad.events.status import is_called_off, is_negated
from musnad.names.spots import Spots
from musnad.names.who import Cast
from musnad.page import Page
from musnad.scores.features import STATUSES
from musnad.scores.network import Network
from musnad.scores.scorer import Scored
from musnad.text.fold import fold
from musnad.times import Time

_SURE = 0.3  # confidence from which an event is shown: where F1 is best on articles held apart
_CLEAR = 0.4  # probability from which words are evidence; less likely ones only where an event has no others
_PART = 0.4  # from which somebody takes part
_DATED, _PLACED = 0.4, 0.25  # from which a time or place is that of an event: where F1 is best on articles held apart


class Told(NamedTuple):
    """A piece of a statement's content in characters, the statement's number and its stance."""

    start: int
    end: int
    number: int
    stance: str


class Events:
    """Finds the events of pages. Loaded once and shared."""

    def __init__(self, network: Network, folder: Traversable) -> None:
        self._network, self._folder = network, folder

    def find(
        self, page: Page, spots: Spots, cast: Cast, scored: Scored, times: list[Time], told: list[Told]
    ) -> list[Happening]:
        """Return the events of a page in the order of their first words. `told`: the contents of its statements."""
        return [one for one in self.possible(page, spots, cast, scored, times, told) if one.confidence >= _SURE]

    def possible(
        self, page: Page, spots: Spots, cast: Cast, scored: Scored, times: list[Time], told: list[Told]
    ) -> list[Happening]:
        """Return as well what is hardly an event, with its confidence."""
        mentions = decide(scored.columns, scored.event_context, self._network, times)
        if not mentions:
            return []
        self.name_takers(page, spots, cast, scored, mentions)
        found = join(page, scored, mentions, self._joining)
        for happening in found:
            happening.mentions = [one for one in happening.mentions if one.share >= _CLEAR] or happening.mentions
            settle(page, cast, happening)
            inside = innermost(page.start[happening.mentions[0].tokens[0]], told)
            if inside is not None:
                happening.said_in = inside.number
                if inside.stance == "DENY" and len(happening.mentions) == 1:
                    happening.status = "denied"  # «نفت بغداد عقد اجتماع»
        set_confidence(found, len(page.sentences), self._confidence)
        return found

    def shares(self, scored: Scored) -> list[float]:
        """How likely each token names an event."""
        return (1 - self._network.triggers(scored.event_context)[:, 0]).tolist()  # type: ignore[no-any-return]

    def name_takers(self, page: Page, spots: Spots, cast: Cast, scored: Scored, mentions: list[Mention]) -> None:
        """Set who takes part in what each mention names, under their names."""
        found = takers_of(scored.columns, scored.event_context, self._network, mentions)
        names: dict[tuple[tuple[int, int], bool], str] = {}
        for mention, takers in zip(mentions, found, strict=True):
            named: dict[str, Taker] = {}  # «نظيره [نيكوس أندريو]»: title and name share what speaks for the party
            for tokens, acts, suffers in sorted(takers, key=lambda one: -one[1] - one[2]):
                key = tokens, acts > suffers
                if key not in names:
                    names[key] = taker_name(page, spots, cast, tokens, acts=acts > suffers)
                name = names[key]
                known = named.get(name, Taker(tokens, name, 0.0, 0.0))
                named[name] = Taker(known.tokens, name, known.acts + acts, known.suffers + suffers)
            for taker in sorted(named.values(), key=lambda one: -one.acts - one.suffers):
                inside = any(_cross(taker.tokens, other.tokens) for other in mention.takers)
                if taker.name and not inside and taker.acts + taker.suffers >= _PART:
                    mention.takers.append(taker)

    @cached_property
    def _confidence(self) -> dict[str, Any]:
        return weights.load("confidence", self._folder)

    @cached_property
    def _joining(self) -> dict[str, Any]:
        return weights.load("joining", self._folder)


def _cross(one: tuple[int, int], other: tuple[int, int]) -> bool:
    return one[0] < other[1] and other[0] < one[1]


def settle(page: Page, cast: Cast, happening: Happening) -> None:
    """Decide what the mentions of an event say together: its status, its parties, when and where it was, how it was done."""
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
    one_government_once(page, best)
    happening.actors = [taker for taker in best.values() if taker.acts >= taker.suffers]
    happening.recipients = [taker for taker in best.values() if taker.acts < taker.suffers]
    happening.mode = mode_of(page, mentions)
    _set_time(page, happening)
    _set_place(page, cast, happening)


def one_government_once(page: Page, takers: dict[str, Taker]) -> None:
    """Rule "one government once": of «فرضت الولايات المتحدة عقوبات … عقوبات واشنطن» Washington is the United States again;
    alone it keeps its name, and «القاهرة» stays beside «تركيا»."""
    for name in list(takers):
        country = page.lexicon.governments.get(fold(name))
        if country is not None and country != name and country in takers:
            del takers[name]


def _set_time(page: Page, happening: Happening) -> None:
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


def _set_place(page: Page, cast: Cast, happening: Happening) -> None:
    shares: dict[str, float] = defaultdict(float)
    first: dict[str, tuple[int, int]] = {}
    for place, share in (choice for mention in happening.mentions for choice in mention.places):
        if place is not None:
            name = place_name(page, cast, place)
            shares[name] = max(shares[name], share)
            first.setdefault(name, place)
    if shares and shares[best := max(shares, key=lambda name: shares[name])] >= _PLACED:
        happening.place, happening.place_name = first[best], best


def mode_of(page: Page, mentions: list[Mention]) -> str | None:
    """The mode that the lexicon gives to a word that names the event, the likeliest first."""
    for mention in sorted(mentions, key=lambda one: -one.share):
        for trigger in page.words[mention.at].triggers:
            near = {word.core for word in page.words[mention.at + 1 : mention.at + 4]}
            if trigger.type == mention.type and trigger.mode and (not trigger.needs or near & trigger.needs):
                return trigger.mode
    return None


def innermost(at: int, told: list[Told]) -> Told | None:
    """The smallest content around a character."""
    inside = [content for content in told if content.start <= at < content.end]
    return min(inside, key=lambda content: content.end - content.start, default=None)
