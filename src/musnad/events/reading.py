"""The way from a page to its events: every happening once, with all the words that name it."""

from __future__ import annotations

from typing import NamedTuple

from musnad.events.circumstances import place_of, time_of
from musnad.events.draft import Happening, Taker
from musnad.events.participants import Participants, pronoun_subject
from musnad.events.salience import REPORTED, features_of, salience
from musnad.events.status import WISHED, status_of
from musnad.events.triggers import Hit, find_triggers
from musnad.lexicon import word as w
from musnad.names.spots import Spots
from musnad.names.who import Cast
from musnad.page import Page
from musnad.times import Time

_ASIDE = {
    "بعد",
    "عقب",
    "اثر",
    "خلال",
    "قبل",
    "منذ",
    "رغم",
    "وسط",
    "في",
    "اثناء",
    "بسبب",
    "بموجب",
    "جراء",
    "من",
    "عن",
    "حول",
    "بشان",
}
_DONE = {"act", "release", "sanction", "give", "sign"}  # what somebody does: the noun alone may be only thought of
_SIDED = 0.5  # share of the threshold from which an attack counts whose sides are both named


_REMEMBERED = 40  # happenings that a mention is compared with; keeps the cost of a long text linear
#: What has been, what is to come and what was not are different happenings.
_STANDING = {"happened": "been", "ongoing": "been", "planned": "to come", "cancelled": "to come", "denied": "not"}
_TALKS = {"meet", "visit", "host", "sign"}


class Told(NamedTuple):
    """A piece of a statement's content in characters, its stance, its number, and who says it."""

    start: int
    end: int
    stance: str
    number: int
    speaker: Taker | None


def read_events(page: Page, spots: Spots, cast: Cast, times: list[Time], told: list[Told]) -> list[Happening]:
    """Return the events of a page in the order of their first words. `told`: the contents of its statements."""
    participants = Participants(page, spots, cast)
    found: list[Happening] = []
    to_come = sorted(told, key=lambda content: content.start, reverse=True)
    inside: list[Told] = []
    for hit in find_triggers(page, spots):
        at = page.start[hit.first]
        while to_come and to_come[-1].start <= at:
            inside.append(to_come.pop())
        inside = [content for content in inside if at < content.end]
        happening = _read(page, spots, participants, times, inside, hit)
        if happening is not None:
            if happening.silent:
                _take_up(page, happening, found)
            if hit.trigger.type in REPORTED:
                happening.features.update(features_of(page, happening))
            _add(page, found, happening)
    return [happening for happening in found if _counts(happening)]


def _read(
    page: Page, spots: Spots, participants: Participants, times: list[Time], inside: list[Told], hit: Hit
) -> Happening | None:
    innermost = min(inside, key=lambda content: content.end - content.start, default=None)
    stance = next((content.stance for content in inside if content.stance in WISHED or content.stance == "DENY"), None)
    status = status_of(page, hit, stance or (innermost.stance if innermost else None))
    if status is None:
        return None
    actors, recipients, silent = participants.of(hit)
    if silent and innermost is not None and innermost.speaker is not None and pronoun_subject(page, hit) in {"ه", "ها"}:
        actors.insert(0, innermost.speaker)  # «أكد كيري أنه سيلتقي نظراءه»
        silent = False
    if hit.trigger.part == "noun" and hit.trigger.frame in _DONE and not actors:
        silent = hit.trigger.frame == "sign" and status == "denied"  # «من دون التوصل إلى اتفاق»
        if not silent and not _takes_place(page, hit):
            return None
    time = time_of(page, times, hit)
    parties = {taker.tokens[0] for taker in actors + recipients}
    if hit.trigger.frame in {"visit", "arrive"}:
        parties.clear()  # the host is also the place
    word = page.words[hit.first]
    noun = hit.trigger.part == "noun"
    before = page.words[hit.first - 1].form if hit.first else ""
    return Happening(
        hit.trigger, [(hit.first, hit.last)], actors, recipients, status, status == "planned", time,
        place_of(page, spots, hit, parties), innermost.number if innermost else -1,
        refers=noun and (bool(page.flags[hit.first] & w.DEFINITE) or bool(hit.trigger.suffix) or word.prefix == "ل"),
        aside=noun and (before in _ASIDE or word.prefix in {"ب", "ل"}), spoken=page.quote_of[hit.first] >= 0, silent=silent,
    )  # fmt: skip


def _take_up(page: Page, happening: Happening, found: list[Happening]) -> None:
    """«… التقى بوتين ترامب. ولم يتوصلا إلى اتفاق»: a verb without subject goes on about those who met."""
    one = happening.trigger.part != "noun" and happening.trigger.number == "s"
    if happening.trigger.frame not in {"sign", "meet"} or one or not found:
        return
    here = page.sentence_number(happening.triggers[0][0])
    for old in reversed(found[-_REMEMBERED:]):
        if old.trigger.frame in _TALKS and old.actors and here - page.sentence_number(old.triggers[-1][0]) <= 2:
            happening.actors[:0] = old.actors
            return


def _takes_place(page: Page, hit: Hit) -> bool:
    """«تم رفع العقوبات»، «جرى توقيع الاتفاق»."""
    forms = page.lexicon.lists["takes_place"]
    return any(word.core in forms for word in page.words[max(0, hit.first - 2) : hit.first])


def _add(page: Page, found: list[Happening], new: Happening) -> None:
    """Join a mention to the happening that it names again, or begin a new one."""
    for old in reversed(found[-_REMEMBERED:]):
        if _same(page, old, new):
            old.triggers += new.triggers
            old.features |= new.features
            _merge(old.actors, new.actors)
            _merge(old.recipients, [taker for taker in new.recipients if not _among(taker, old.actors)])
            old.time = old.time or new.time
            old.place = old.place or new.place
            if new.status == "cancelled":
                old.status = new.status
            return
    found.append(new)


def _same(page: Page, old: Happening, new: Happening) -> bool:
    if old.trigger.type != new.trigger.type:
        return False
    if _STANDING[old.status] != _STANDING[new.status] and not new.refers:
        return False
    if new.trigger.frame == "kill" or not new.takers:  # the dead of an attack are told beside it
        near = page.sentence_number(new.triggers[0][0]) - page.sentence_number(old.triggers[-1][0]) <= 2
        return near or (new.refers and new.trigger.frame != "kill")
    if not old.takers or (new.trigger.frame == "sign" and (new.refers or new.aside)):
        return True
    if old.trigger.frame in {"meet", "visit", "host", "arrive", "sign"}:
        return any(_among(taker, old.takers) for taker in new.takers)
    if not new.actors or not old.actors:
        modes = {old.trigger.mode, new.trigger.mode} - {None}
        return len(modes) < 2 and _compatible(old.takers, new.takers)
    return _compatible(old.actors, new.actors)


def _compatible(some: list[Taker], others: list[Taker]) -> bool:
    return not some or not others or any(_among(taker, some) for taker in others)


def _among(taker: Taker, takers: list[Taker]) -> bool:
    words = set(taker.name.split())
    return any(words <= set(other.name.split()) or set(other.name.split()) <= words for other in takers)


def _merge(takers: list[Taker], more: list[Taker]) -> None:
    takers += [taker for taker in more if not _among(taker, takers)]


def _counts(happening: Happening) -> bool:
    """Whether it is an event of the article, and not only a circumstance or somebody's general words."""
    if happening.trigger.type in REPORTED and happening.status == "denied" and happening.said_in >= 0:
        return True  # somebody denies it
    if happening.trigger.type in REPORTED:
        sided = bool(happening.actors and happening.recipients)
        return salience(happening) >= REPORTED[happening.trigger.type] * (_SIDED if sided else 1)
    frame, noun = happening.trigger.frame, happening.trigger.part == "noun"
    if frame in {"meet", "visit", "host", "arrive", "clash"} and not happening.actors:
        return False
    open_ = happening.status in {"planned", "cancelled"}
    needed = 2 if frame == "meet" and not open_ and (noun or len(happening.triggers) == 1) else 1
    if (frame == "clash" and happening.aside) or (happening.refers and frame == "meet") or happening.spoken:
        needed = 2
    return len(happening.takers) >= needed
