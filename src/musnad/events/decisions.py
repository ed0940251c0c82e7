"""From scores to mentions of events: the words that name one, who stands beside them, when and where."""

from __future__ import annotations

from typing import Any

import numpy as np

from musnad.events.draft import EventMention, Tokens
from musnad.scores.features import TYPES, Columns
from musnad.scores.network import (
    PLACE,
    TAKER,
    Candidates,
    Network,
    blocks,
    ends_behind,
    first_of_each,
    likely,
    pairs,
    sentence_means,
)
from musnad.times import Time

_SURE = 0.2  # probability from which a word may name an event; how sure it is, confidence says
_BESIDE = 0.75  # how sure a word at the edge of such words must be, of the surest
_PART = 0.1  # probability from which a candidate may take part
_PARTIES = 8  # candidates kept for each mention, the likeliest: so the cost of a long text stays linear
_SHOWN = 0.05  # of a time or place
_CHOICES = 3  # times and places kept for each mention
_OWN = 2.0  # how many times as much a place of the mention's own sentence counts


def decide(columns: Columns, hidden: Any, network: Network, times: list[Time]) -> list[EventMention]:
    """Return the mentions of events on a page, without the names of who takes part, in their order."""
    mentions = _mentions(network.triggers(hidden))
    if mentions:
        set_circumstances(mentions, columns, hidden, network, times)
    return mentions


def set_circumstances(
    mentions: list[EventMention], columns: Columns, hidden: Any, network: Network, times: list[Time]
) -> None:
    """Set the statuses, times and places of mentions of which no more is known than the words."""
    means = sentence_means(columns, hidden)
    (places,) = likely(network.event_tokens(hidden), (PLACE,))
    for block in blocks(len(mentions)):
        some = mentions[block]
        at = np.array([mention.at for mention in some])
        for mention, statuses in zip(some, network.statuses(hidden[at], means[at]), strict=True):
            mention.statuses = statuses
        _set_times(some, at, columns, hidden, network, times)
        _set_places(some, at, columns, hidden, network, places)


def _mentions(share: Any) -> list[EventMention]:
    """Words that likely name an event; neighbours of one type are one mention."""
    sure = 1 - share[:, 0]
    kind = share[:, 1:].argmax(axis=1)
    found: list[EventMention] = []
    for at in np.flatnonzero(sure >= _SURE).tolist():
        last = found[-1] if found else None
        if last is None or last.tokens[1] != at or last.type != TYPES[kind[at]]:
            found.append(EventMention((at, at + 1), at, TYPES[kind[at]], float(sure[at]), None))
            continue
        last.tokens = (last.tokens[0], at + 1)
        if sure[at] > last.share:
            last.at, last.share = at, float(sure[at])
    for mention in found:  # «اختطف» of «اختطف مسلحون», both of «شن غارات»
        while sure[mention.tokens[1] - 1] < _BESIDE * mention.share:
            mention.tokens = (mention.tokens[0], mention.tokens[1] - 1)
        while sure[mention.tokens[0]] < _BESIDE * mention.share:
            mention.tokens = (mention.tokens[0] + 1, mention.tokens[1])
    return found


def takers_of(
    columns: Columns, hidden: Any, network: Network, mentions: list[EventMention]
) -> list[list[tuple[Tokens, float, float]]]:
    """Who may take part in what each mention names: tokens, how likely they act, how likely they suffer it."""
    (takers,) = likely(network.event_tokens(hidden), (TAKER,))
    return [
        found
        for block in blocks(len(mentions))
        for found in _takers_of(columns, hidden, network, mentions[block], takers)
    ]


def _takers_of(
    columns: Columns, hidden: Any, network: Network, mentions: list[EventMention], takers: Any
) -> list[list[tuple[Tokens, float, float]]]:
    """As `takers_of`; `takers` are the tokens that may begin somebody."""
    at = np.array([mention.at for mention in mentions])
    keys, counts = pairs(columns, at, "taker", takers)
    owner = np.repeat(np.arange(len(at)), counts)
    share = network.sides(hidden[at], hidden, keys, columns.of_pairs(at[owner], keys), counts)
    taken = np.sort(first_of_each(np.flatnonzero(share[:, 0] <= 1 - _PART), share[:, 0], owner, _PARTIES))
    own = columns.sentence[keys[taken]] == columns.sentence[at[owner[taken]]]
    alone = np.bincount(owner[taken], own, len(at)) == 0
    taken = taken[own | alone[owner[taken]]]  # who stands in another sentence counts where nobody stands in this one
    ends = ends_behind(columns, hidden, network, "taker_end", at[owner[taken]], keys[taken])
    found: list[list[tuple[Tokens, float, float]]] = [[] for _ in mentions]
    for n, end in zip(taken.tolist(), ends, strict=True):
        found[owner[n]].append(((int(keys[n]), end), float(share[n, 1]), float(share[n, 2])))
    return found


def _set_times(
    mentions: list[EventMention], at: Any, columns: Columns, hidden: Any, network: Network, times: list[Time]
) -> None:
    by_token = {time.first: time for time in times}
    keys, counts = pairs(columns, at, "time", np.array(sorted(by_token), np.int64))
    numbers = columns.of_pairs(np.repeat(at, counts), keys)
    found = Candidates.of(keys, counts, network.point("time", hidden[at], hidden, keys, numbers, counts))
    for n, mention in enumerate(mentions):
        mention.times = [(by_token[key], share) for key, share in found.first(n, _CHOICES) if share >= _SHOWN]
        mention.times.append((None, float(found.none[n])))


def _set_places(
    mentions: list[EventMention], at: Any, columns: Columns, hidden: Any, network: Network, places: Any
) -> None:
    """Set the places of mentions at tokens `at`; `places` are the tokens that may begin one."""
    keys, counts = pairs(columns, at, "place", places)
    numbers = columns.of_pairs(np.repeat(at, counts), keys)
    found = Candidates.of(keys, counts, network.point("place", hidden[at], hidden, keys, numbers, counts))
    found = _own_sentence_first(columns, at, keys, counts, found)
    first = [(n, key, share) for n in range(len(at)) for key, share in found.first(n, _CHOICES) if share >= _SHOWN]
    ends = ends_behind(
        columns, hidden, network, "place_end", at[[n for n, _, _ in first]], np.array([key for _, key, _ in first])
    )
    for (n, key, share), end in zip(first, ends, strict=True):
        mentions[n].places.append(((key, end), share))
    for n, mention in enumerate(mentions):
        mention.places.append((None, float(found.none[n])))


def _own_sentence_first(columns: Columns, at: Any, keys: Any, counts: Any, found: Candidates) -> Candidates:
    """Rule "own sentence first": of «التقى ترامب بوتين في هلسنكي. واجتمع ماكرون مع ميركل في باريس» the second was in Paris;
    not «عقدت القمة في هلسنكي. وطالب ترامب بالانسحاب من سوريا. وكان اللقاء طويلا»: that meeting has its place from before.
    """
    owner = np.repeat(np.arange(len(at)), counts)
    share = found.share * np.where(columns.sentence[keys] == columns.sentence[at[owner]], _OWN, 1.0)
    told, weighed = (np.bincount(owner, x, len(at)) for x in (found.share, share))  # that none is told stays as likely
    return Candidates(found.at, found.starts, share * (told / np.maximum(weighed, 1e-9))[owner], found.none)
