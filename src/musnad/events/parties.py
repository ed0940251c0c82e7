"""Who may take part in an event, by what all of its mentions and the other events of the article say.

A mention tells who stands near it («المحادثات» often nobody); here everybody whom one of the mentions may mean, and who takes
part in another event of the same type, is a candidate once, by name, with the numbers by which learned scores decide.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import numpy as np

from musnad.events.draft import DraftEvent, EventMention, Taker
from musnad.lexicon import word as w
from musnad.names.spots import Spots
from musnad.names.who import Cast
from musnad.page import Page
from musnad.scores.features import STATUSES, TYPES, short_of
from musnad.scores.network import log_odds
from musnad.text.clitics import without_article
from musnad.text.fold import fold

_MOST = 12  # candidates of an event, the likeliest first
_FAR = 99  # sentences to another event of the same type where there is none
_LIKELY = 0.4  # from which a candidate counts as one of several likely ones
Taking = list[tuple[EventMention, Taker]]  # who takes part in an event, by its mentions
_ROLES = ("office", "person", "unnamed", "group", "body")


@dataclass(slots=True)
class PossibleParty:
    """Somebody who may take part: the mention of him that says most, and what speaks for him elsewhere."""

    words: frozenset[str]
    country: str | None
    best: Taker
    mention: EventMention  # of the event, beside which `best` was found
    own: bool = True  # found beside a mention of the event itself
    shares: list[float] = field(default_factory=list)  # that he takes part, by mention of the event
    speaks: bool = False  # what tells the event are his words
    events: int = 0  # other events of the article in which he takes part
    elsewhere: float = 0.0  # how likely in the likeliest of them
    alike: float = 0.0  # how likely in one of the same type
    gap: int = _FAR  # sentences to the nearest of these
    before: bool = False  # whether it stands before
    acted: float = 0.0  # whether he acts in it

    @property
    def share(self) -> float:
        return self.best.acts + self.best.suffers


@lru_cache(maxsize=1 << 12)
def words_of(name: str) -> frozenset[str]:
    """The words by which two names are one: folded, without article."""
    return frozenset(without_article(word) for word in fold(name).split() if word[0].isalnum()) or frozenset((name,))


def candidates(
    page: Page, happenings: Sequence[DraftEvent], taking: Sequence[Taking], number: int
) -> list[PossibleParty]:
    """Return who may take part in the event of that number, the likeliest first; `taking` is `surest` of all."""
    happening = happenings[number]
    found: dict[frozenset[str], PossibleParty] = {}
    for mention in happening.mentions:
        for taker in _once_each(mention.possible):
            words = words_of(taker.name)
            known = found.get(words)
            if known is None:
                known = found[words] = PossibleParty(words, _country(page, taker.name), taker, mention)
            elif taker.acts + taker.suffers > known.share:
                known.best, known.mention = taker, mention
            known.shares.append(taker.acts + taker.suffers)
    for other, some in zip(happenings, taking, strict=True):
        if other is not happening:
            _add_others(page, happening, other, some, found)
    if happening.said_by is not None and (own := found.get(words_of(happening.said_by))) is not None:
        own.speaks = True
    return sorted(found.values(), key=lambda one: (-one.share, -one.alike))[:_MOST]


def _once_each(takers: Sequence[Taker]) -> list[Taker]:
    """Of several takers with one name the likeliest."""
    best: dict[frozenset[str], Taker] = {}
    for taker in takers:
        words = words_of(taker.name)
        if words not in best or taker.acts + taker.suffers > best[words].acts + best[words].suffers:
            best[words] = taker
    return list(best.values())


def _add_others(
    page: Page, happening: DraftEvent, other: DraftEvent, taking: Taking, found: dict[frozenset[str], PossibleParty]
) -> None:
    """Note who takes part in another event; in one of the same type he is a candidate of this one."""
    at, same = happening.mentions[0].at, other.type == happening.type
    for mention, taker in taking:
        words, share = words_of(taker.name), min(1.0, taker.acts + taker.suffers)
        known = found.get(words)
        if known is None:
            if not same:
                continue
            near = min(happening.mentions, key=lambda one: abs(one.at - taker.tokens[0]))
            nothing = Taker(taker.tokens, taker.name, 0.0, 0.0)
            known = found[words] = PossibleParty(words, _country(page, taker.name), nothing, near, own=False)
        known.events += 1
        known.elsewhere = max(known.elsewhere, share)
        if same:
            known.alike = max(known.alike, share)
            gap = abs(page.sentence_number(mention.at) - page.sentence_number(at))
            if gap < known.gap:
                known.gap, known.before, known.acted = gap, mention.at < at, taker.acts / share


def surest(other: DraftEvent) -> Taking:
    """Who takes part in an event, by name, each beside the mention that says most."""
    best: dict[frozenset[str], tuple[EventMention, Taker]] = {}
    for mention in other.mentions:
        for taker in mention.takers:
            words = words_of(taker.name)
            known = best.get(words)
            if known is None or taker.acts + taker.suffers > known[1].acts + known[1].suffers:
                best[words] = mention, taker
    return list(best.values())


def _country(page: Page, name: str) -> str | None:
    folded = fold(name)
    return page.lexicon.governments.get(folded) or (name if folded in page.lexicon.countries else None)


def numbers(page: Page, spots: Spots, cast: Cast, happening: DraftEvent, found: Sequence[PossibleParty]) -> Any:
    """What the scores are told of each candidate of an event: (candidates, SIZE)."""
    shares = np.array([one.share for one in found])
    acting = np.array([2 * one.best.acts >= one.share for one in found])
    event = of_event(page, happening)
    place = words_of(happening.place_name) if happening.place_name else frozenset()
    likely = int((shares >= _LIKELY).sum())
    rows = []
    for rank, one in enumerate(found):
        rest = np.arange(len(found)) != rank
        beside = [
            rank / 3, shares[rest].max(initial=0), shares[rest & (acting == acting[rank])].max(initial=0),
            shares[rest & (acting != acting[rank])].max(initial=0), likely / 3, len(found) / 6,
        ]  # fmt: skip
        where = [bool(place) and one.words == place, bool(place & one.words)]
        rows.append(
            [*_of_mentions(page, happening, one), *beside, *_likened(one, found[:rank]), *_named(page, spots, cast, one), *where, *event]
        )  # fmt: skip
    return np.array(rows, np.float32)


def of_event(page: Page, happening: DraftEvent) -> list[Any]:
    """What the scores are told of the event itself."""
    first = happening.mentions[0].at
    trigger = page.words[first].triggers[0].part if page.words[first].triggers else ""
    return [
        np.log1p(len(happening.mentions)), max(mention.share for mention in happening.mentions),
        page.sentence_number(first) == 0, page.sentence_number(first) <= 1, *(trigger == part for part in ("noun", "present", "past")),
        bool(page.flags[first] & w.DEFINITE), happening.said_in >= 0,
        *(happening.status == status for status in STATUSES), *(happening.type == kind for kind in TYPES),
    ]  # fmt: skip


def _of_mentions(page: Page, happening: DraftEvent, one: PossibleParty) -> list[Any]:
    """What the mentions of the event say of a candidate, and the other events."""
    at, mentions = one.best.tokens[0], len(happening.mentions)
    ranked = sorted(one.shares, reverse=True)
    return [
        log_odds(min(one.share, 1.0)), log_odds(one.best.acts / one.share) if one.share else 0.0,
        log_odds(min(ranked[1], 1.0)) if len(ranked) > 1 else log_odds(0.0), len(ranked) / mentions, sum(ranked) / mentions,
        one.mention.share, page.sentence_number(at) == page.sentence_number(one.mention.at), short_of(abs(at - one.mention.at)),
        at < one.mention.at, page.sentence_number(at) == 0, one.own, one.speaks, one.events / 3, one.elsewhere, one.alike, one.acted,
        short_of(one.gap), one.before,
    ]  # fmt: skip


def _likened(one: PossibleParty, stronger: Sequence[PossibleParty]) -> list[bool]:
    """Whether a likelier candidate has more of its words, less, some; or is the same country."""
    return [
        any(one.words < other.words for other in stronger), any(one.words > other.words for other in stronger),
        any(one.words & other.words for other in stronger), one.country is not None,
        one.country is not None and any(one.country == other.country for other in stronger),
    ]  # fmt: skip


def _named(page: Page, spots: Spots, cast: Cast, one: PossibleParty) -> list[Any]:
    """By what words a candidate is named."""
    first, last = one.best.tokens
    word, spot = page.words[first], spots.at[first]
    role = word.role.kind if word.role is not None else None
    return [
        cast.person_in(first, last) is not None, *(spot is not None and spot[2] == kind for kind in ("ORG", "LOC")),
        bool(page.flags[first] & w.DEMONYM), *(role == kind for kind in _ROLES), role is None, bool(page.flags[first] & w.DEFINITE),
        last - first == 1, short_of(last - first), word.raw[0].isdigit(),
    ]  # fmt: skip
