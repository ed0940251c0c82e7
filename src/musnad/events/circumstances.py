"""When and where an event may have been, by what all of its mentions and the other events of the article say."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

import numpy as np

from musnad.events.draft import DraftEvent, EventMention, Tokens
from musnad.events.naming import place_name
from musnad.events.parties import of_event, words_of
from musnad.lexicon import word as w
from musnad.names.spots import Spots
from musnad.names.who import Cast
from musnad.page import Page
from musnad.scores.features import short_of
from musnad.scores.network import log_odds
from musnad.text.fold import fold
from musnad.times import Time

_MOST = 8  # candidates of an event, the likeliest first
_NEAR = 3  # sentences within which the place of another event of the same type may be this one's
_FAR = 9  # sentences to another event that was in the same place where there is none
_DAY, _WEEK, _MONTH = 0, 7, 31  # days from the first to the last of a time, at most

_What = TypeVar("_What")


@dataclass(slots=True)
class PossibleCircumstance(Generic[_What]):
    """A time or place that may be that of the event: where it is likeliest, and how likely beside each mention."""

    what: _What
    mention: EventMention  # of the event, beside which it is likeliest
    first: int = -1  # its first token
    name: str = ""
    words: frozenset[str] = frozenset()
    shares: list[float] = field(default_factory=list)
    elsewhere: bool = False  # another event of the article has it
    gap: int = _FAR  # sentences to the nearest of these

    @property
    def best(self) -> float:
        return max(self.shares, default=0.0)


Places = list[PossibleCircumstance[Tokens]]
Times = list[PossibleCircumstance[Time]]


def places(page: Page, cast: Cast, happenings: Sequence[DraftEvent], number: int) -> Places:
    """Return where the event of that number may have been, the likeliest place first."""
    happening = happenings[number]
    found: dict[frozenset[str], PossibleCircumstance[Tokens]] = _collected(
        happening, [mention.places for mention in happening.mentions], lambda place: words_of(place_name(page, cast, place))
    )  # fmt: skip
    for words, one in found.items():
        one.words, one.first, one.name = words, one.what[0], place_name(page, cast, one.what)
    for other in happenings:
        if other is happening or other.place is None:
            continue
        gap = abs(page.sentence_number(other.mentions[0].at) - page.sentence_number(happening.mentions[0].at))
        words = words_of(other.place_name)
        if words not in found:
            if other.type != happening.type or gap > _NEAR:
                continue
            near = min(happening.mentions, key=_distance(page, other.place[0]))
            found[words] = PossibleCircumstance(other.place, near, other.place[0], other.place_name, words)
        one = found[words]
        one.elsewhere, one.gap = True, min(one.gap, gap)
    return sorted(found.values(), key=lambda one: -one.best)[:_MOST]


def times(happenings: Sequence[DraftEvent], number: int) -> Times:
    """Return when the event of that number may have been, the likeliest time first."""
    happening = happenings[number]
    found: dict[int, PossibleCircumstance[Time]] = _collected(
        happening, [mention.times for mention in happening.mentions], lambda time: time.first
    )
    taken = {other.time.first for other in happenings if other is not happening and other.time is not None}
    for first, one in found.items():
        one.first, one.elsewhere = first, first in taken
    return sorted(found.values(), key=lambda one: -one.best)[:_MOST]


def _collected(happening: DraftEvent, choices: Any, key: Callable[[Any], Any]) -> dict[Any, PossibleCircumstance[Any]]:
    """The candidates by their keys; `choices` are those of each mention with their shares, None for none."""
    found: dict[Any, PossibleCircumstance[Any]] = {}
    for mention, some in zip(happening.mentions, choices, strict=True):
        best: dict[Any, tuple[Any, float]] = {}
        for what, share in some:
            if what is not None and share > best.get(key(what), (None, 0.0))[1]:
                best[key(what)] = what, share
        for its, (what, share) in best.items():
            one = found.setdefault(its, PossibleCircumstance(what, mention))
            if share > one.best:
                one.what, one.mention = what, mention
            one.shares.append(share)
    return found


def _distance(page: Page, at: int) -> Callable[[EventMention], tuple[bool, int]]:
    return lambda one: (page.sentence_number(one.at) != page.sentence_number(at), abs(one.at - at))


def numbers_of_places(page: Page, spots: Spots, happening: DraftEvent, found: Places) -> Any:
    """What the scores are told of each place: (candidates, …)."""
    takers = {words_of(taker.name) for taker in (*happening.actors, *happening.recipients)}
    event = of_event(page, happening)
    rows = []
    for rank, one in enumerate(found):
        others = [*found[:rank], *found[rank + 1 :]]
        likened = [
            any(one.words < other.words for other in found[:rank]), any(one.words > other.words for other in found[:rank]),
            any(one.words > other.words for other in others), any(one.words & other.words for other in others),
        ]  # fmt: skip
        elsewhere = [one.words in takers, one.elsewhere, short_of(one.gap), bool(one.shares)]
        common = _common(page, happening, found, rank, [m.places for m in happening.mentions])
        rows.append([*common, *likened, *elsewhere, *_named(page, spots, one), *event])
    return np.array(rows, np.float32)


def _named(page: Page, spots: Spots, one: PossibleCircumstance[Tokens]) -> list[Any]:
    """By what words a place is named, and what leads to it."""
    first, last = one.what
    word, spot, lists = page.words[first], spots.at[first], page.lexicon.lists
    within = first > 0 and page.words[first - 1].form in lists["within"]
    return [
        fold(one.name) in page.lexicon.countries, spot is not None and spot[2] == "LOC", spot is None,
        bool(page.flags[first] & w.DEMONYM), bool(page.flags[first] & w.PLACE), last - first == 1, short_of(last - first),
        first == page.sentence_of(first)[0], *(word.prefix[-1:] == letter for letter in sorted(lists["place_particles"])),
        word.prefix[:1] in lists["joins"], within, first > 0 and bool(page.flags[first - 1] & w.PREPOSITION) and not within, word.role is not None,
        last < len(page) and bool(page.flags[last] & w.COMMA),
    ]  # fmt: skip


def numbers_of_times(page: Page, happening: DraftEvent, found: Times) -> Any:
    """What the scores are told of each time: (candidates, …)."""
    event = of_event(page, happening)
    rows = []
    for rank, one in enumerate(found):
        days, today = one.what.past, one.what.today
        width = -1 if days is None else (days[1] - days[0]).days
        written = [
            width < 0, width == _DAY, _DAY < width <= _WEEK, _WEEK < width <= _MONTH, width > _MONTH, bool(one.what.comes),
            bool(one.what.week), days is not None and today is not None and days[0] <= today <= days[1], one.elsewhere,
        ]  # fmt: skip
        rows.append([*_common(page, happening, found, rank, [m.times for m in happening.mentions]), *written, *event])
    return np.array(rows, np.float32)


def _common(
    page: Page, happening: DraftEvent, found: Sequence[PossibleCircumstance[Any]], rank: int, choices: Any
) -> list[Any]:
    """What is told of a time and of a place alike. `choices`: those of each mention with their shares, None for none."""
    one, mentions = found[rank], len(happening.mentions)
    shares = sorted(one.shares, reverse=True)
    none = min((share for some in choices for what, share in some if what is None), default=1.0)
    sentence, its = page.sentence_number(one.first), page.sentence_number(one.mention.at)
    rest = max((other.best for number, other in enumerate(found) if number != rank), default=0.0)
    return [
        log_odds(min(one.best, 1.0)), log_odds(shares[1] if len(shares) > 1 else 0.0), sum(shares) / mentions, len(shares) / mentions,
        log_odds(none), sentence == its, abs(sentence - its) == 1, short_of(abs(one.first - one.mention.at)), one.first < one.mention.at,
        rank / 3, len(found) / 6, rest, sentence == 0, sentence == 1,
    ]  # fmt: skip
