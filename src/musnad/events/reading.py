"""The way from a page to its events: every happening once, with all the words that name it."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace

from musnad.events.circumstances import day_before, time_of
from musnad.events.draft import Happening
from musnad.events.identity import add, settle
from musnad.events.participants import Participants
from musnad.events.places import places_of, setting_of, settle_place
from musnad.events.prominence import reported
from musnad.events.salience import REPORTED, features_of
from musnad.events.status import WISHED, status_of
from musnad.events.tellers import Told, means_the_speaker, principal, tells_of_oneself
from musnad.events.triggers import Hit, find_triggers
from musnad.lexicon import word as w
from musnad.names.spots import Spots
from musnad.names.who import Cast
from musnad.page import Page
from musnad.times import Time

_DONE = {"act", "release", "sanction", "give", "sign"}  # what somebody does: the noun alone may be only thought of

_SCHEDULED = 3  # tokens from «مقررا» to its day
_REMEMBERED = 40  # happenings that a verb without subject looks back on
_TALKS = {"meet", "visit", "host", "sign"}


def read_events(page: Page, spots: Spots, cast: Cast, times: list[Time], told: list[Told]) -> list[Happening]:
    """Return the events of a page in the order of their first words. `told`: the contents of its statements."""
    participants = Participants(page, spots, cast, times)
    found: list[Happening] = []
    to_come = sorted(told, key=lambda content: content.start, reverse=True)
    inside: list[Told] = []
    around = _Around(page, told)
    for hit in find_triggers(page, spots):
        at = page.start[hit.first]
        while to_come and to_come[-1].start <= at:
            inside.append(to_come.pop())
        inside = [content for content in inside if at < content.end]
        happening = _read(page, spots, participants, times, inside, around.of(hit), hit)
        if happening is not None:
            if happening.silent:
                _take_up(page, happening, found)
            if hit.trigger.type in REPORTED:
                happening.features.update(features_of(page, happening))
            add(page, found, happening)
    kept = reported(page, found)
    setting = setting_of(page, spots) if kept else None
    for happening in kept:
        settle(happening)
        settle_place(page, happening, setting)
    return kept


class _Around:
    """The contents of statements that touch the sentence of a trigger, as characters."""

    def __init__(self, page: Page, told: list[Told]) -> None:
        self._page = page
        self._of_sentence: dict[int, list[tuple[int, int]]] = defaultdict(list)
        for content in told:
            first, last = (page.sentence_number(page.token_at(at)) for at in (content.start, content.end - 1))
            for number in range(first, last + 1):
                self._of_sentence[number].append((content.start, content.end))

    def of(self, hit: Hit) -> list[tuple[int, int]]:
        return self._of_sentence.get(self._page.sentence_number(hit.first), [])


def _read(
    page: Page,
    spots: Spots,
    participants: Participants,
    times: list[Time],
    inside: list[Told],
    told: list[tuple[int, int]],
    hit: Hit,
) -> Happening | None:
    innermost = min(inside, key=lambda content: content.end - content.start, default=None)
    stance = next((content.stance for content in inside if content.stance in WISHED or content.stance == "DENY"), None)
    status = status_of(page, hit, stance or (innermost.stance if innermost else None))
    if status is None:
        return None
    sides = participants.of(hit)
    actors, recipients, silent, attacked = sides
    if innermost is not None and innermost.speaker is not None:
        doer = principal(page, participants, innermost.speaker)
        actors = [doer if means_the_speaker(page, taker) else taker for taker in actors]
        if tells_of_oneself(page, participants, hit, sides, innermost, doer):
            actors.insert(0, doer)
            silent = False
    if hit.trigger.part == "noun" and hit.trigger.frame in _DONE and not actors:
        silent = hit.trigger.frame == "sign" and status == "denied"  # «من دون التوصل إلى اتفاق»
        if not silent and not _takes_place(page, hit):
            return None
    if hit.trigger.type == "PROTEST" and hit.trigger.part != "noun" and any(map(participants.is_state, actors[:1])):
        return None  # «احتجت الصين على الزيارة»
    time, of_telling = _time_of(page, times, hit, told)
    to_come = time is not None and (time.comes or (time.past is None and time.future is not None))
    if status == "happened" and to_come and hit.trigger.part != "past":
        status = "planned"  # «قمة في 28 حزيران»
    parties = {at for taker in actors + recipients for at in range(*taker.tokens)}
    if hit.trigger.frame in {"visit", "arrive"}:
        parties.clear()  # the host is also the place
    trigger = hit.trigger
    if trigger.frame == "drill" and len(actors) > 1:
        trigger = replace(trigger, type="COOPERATE", mode=None)  # «مناورات مصرية فرنسية»
    noun = hit.trigger.part == "noun"
    return Happening(
        trigger, [(hit.first, hit.last)], actors, recipients, status, _lies_ahead(page, status, time), time,
        said_in=innermost.number if innermost else -1, places=attacked + places_of(page, spots, hit, parties),
        refers=noun and _refers(page, hit),
        aside=noun and _is_aside(page, hit), told_then=of_telling, spoken=page.quote_of[hit.first] >= 0, silent=silent,
        timeless=status == "happened" and hit.trigger.part in {"present", "noun"} and _is_headline(page, hit.first),
    )  # fmt: skip


def _lies_ahead(page: Page, status: str, time: Time | None) -> bool:
    """Whether a time is one to come: of a plan, or of what was called off and «كان مقررا يومي الأربعاء والخميس»."""
    if status != "cancelled" or time is None:
        return status == "planned"
    before = page.words[max(0, time.first - _SCHEDULED) : time.first]
    return any(word.core in page.lexicon.lists["planned"] for word in before)


def _time_of(page: Page, times: list[Time], hit: Hit, told: list[tuple[int, int]]) -> tuple[Time | None, bool]:
    """When it was, and whether that is only known from when it was told."""
    time, of_telling = time_of(page, times, hit, told)
    if time is not None and hit.first and page.words[hit.first - 1].form in page.lexicon.lists["day_after"]:
        time = day_before(time)  # «غداة هجوم»
    known = hit.trigger.part == "noun" and (_refers(page, hit) or _is_aside(page, hit))
    return (None if of_telling and known else time), of_telling  # «ندد الوزير، الجمعة، بالهجوم»


def _refers(page: Page, hit: Hit) -> bool:
    """A noun that points back: «الهجوم»، «لقاؤهما»."""
    definite = page.flags[hit.first] & w.DEFINITE or hit.trigger.suffix
    return bool(definite) or page.words[hit.first].prefix == "ل"


def _is_aside(page: Page, hit: Hit) -> bool:
    """A circumstance of something else: «بعد مواجهات»."""
    before = page.words[hit.first - 1].form if hit.first else ""
    return before in page.lexicon.lists["asides"] or page.words[hit.first].prefix in {"ب", "ل"}


def _take_up(page: Page, happening: Happening, found: list[Happening]) -> None:
    """«… التقى بوتين ترامب. ولم يتوصلا إلى اتفاق»: a verb without subject goes on about those who met."""
    one = happening.trigger.part != "noun" and happening.trigger.number == "s"
    if happening.trigger.frame not in {"sign", "meet"} or one or not found:
        return
    here = page.sentence_number(happening.triggers[0][0])
    for old in reversed(found[-_REMEMBERED:]):
        if old.trigger.frame in _TALKS and old.actors and here - page.sentence_number(old.triggers[-1][0]) <= 2:
            happening.actors[:0] = old.actors
            happening.silent = False
            return


def _is_headline(page: Page, at: int) -> bool:
    """In the first line of an article that is set apart: its present tells of what was or will be."""
    return at < page.lines[0][1] and len(page.lines) > 1 and page.is_headline(page.lines[0])


def _takes_place(page: Page, hit: Hit) -> bool:
    """«تم رفع العقوبات»، «جرى توقيع الاتفاق»."""
    forms = page.lexicon.lists["takes_place"]
    return any(word.core in forms for word in page.words[max(0, hit.first - 2) : hit.first])
