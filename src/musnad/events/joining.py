"""Whether words name an event that was named before, by learned scores."""

from __future__ import annotations

from itertools import islice
from math import copysign, log1p
from typing import Any

import numpy as np

from musnad.events.draft import Happening, Mention
from musnad.lexicon import word as w
from musnad.page import Page
from musnad.scores.features import TYPES
from musnad.scores.network import sigmoid
from musnad.scores.scorer import Scored
from musnad.text.clitics import without_article

#: Events of one type that a mention is compared with, and of each the last mentions: the cost of a long text stays linear.
_REMEMBERED, _RECALLED = 20, 20
_SAME = 0.45  # probability from which two mentions name one event: where F1 of pairs is best on articles held apart
SIZE = 25 + len(TYPES)  # numbers of a mention beside an event


def join(page: Page, scored: Scored, mentions: list[Mention], weights: dict[str, Any]) -> list[Happening]:
    """Return the events of mentions, in the order of their first ones."""
    found: list[Happening] = []
    for mention in mentions:
        known = candidates(page, found, mention)
        best = -1
        if known:
            rows = np.stack([numbers(page, scored, mention, one, known) for one in known])
            share = shares_of(rows, weights)
            best = int(share.argmax())
            if share[best] < _SAME:
                best = -1
        if best < 0:
            found.append(Happening([mention]))
        else:
            known[best].mentions.append(mention)
    return found


def candidates(page: Page, found: list[Happening], mention: Mention) -> list[Happening]:
    """The events that a mention may name again, the last one first."""
    alike = islice((one for one in reversed(found) if one.type == mention.type), _REMEMBERED)
    return [one for one in alike if not any(_apart(page, old, mention) for old in one.mentions[-_RECALLED:])]


def _apart(page: Page, old: Mention, new: Mention) -> bool:
    """Rule "told apart": two verbs with parties and none in common name two events.

    «التقى ماكرون ميركل. وزار لافروف باريس»; not «التقى ماكرون ميركل … اللقاء بين الرئيس والمستشارة».
    """
    if not (_is_verb(page, old) and _is_verb(page, new)):
        return False
    ours, theirs = {taker.name for taker in old.takers}, {taker.name for taker in new.takers}
    return bool(ours and theirs) and not ours & theirs


def _is_verb(page: Page, mention: Mention) -> bool:
    parts = {trigger.part for trigger in page.words[mention.at].triggers if trigger.type == mention.type}
    return bool(parts) and "noun" not in parts


def shares_of(rows: Any, weights: dict[str, Any]) -> Any:
    """How likely a mention names each of several events."""
    middle = np.maximum(rows @ weights["0.weight"].T + weights["0.bias"], 0)
    return sigmoid(middle @ weights["1.weight"][0] + weights["1.bias"][0])


def numbers(page: Page, scored: Scored, new: Mention, event: Happening, known: list[Happening]) -> Any:
    """What the scores are told of a mention and an event of its type: words, distance, parties, time and place."""
    old, first = event.mentions[-_RECALLED:], event.mentions[0]
    last = old[-1]
    head = without_article(page.words[new.at].core)
    heads = [without_article(page.words[one.at].core) for one in old]
    ours, theirs = {t.name for t in new.takers}, {t.name for one in old for t in one.takers}
    acting = (
        {t.name for t in new.takers if t.acts > t.suffers},
        {t.name for one in old for t in one.takers if t.acts > t.suffers},
    )
    apart = scored.columns.sentence[new.at] - scored.columns.sentence[last.at]
    when, where = _best(new.times), _best(new.places)
    whens = [days for one in old if (days := _best(one.times)) is not None]
    wheres = [place for one in old if (place := _best(one.places)) is not None]
    place = _words(page, where)
    status = int(np.argmax(new.statuses)), int(np.argmax(first.statuses))
    row = [
        head in heads, head == heads[-1], bool(page.flags[new.at] & w.DEFINITE), bool(page.flags[last.at] & w.DEFINITE),
        any(t.part == "noun" for t in page.words[new.at].triggers), any(t.part == "noun" for t in page.words[last.at].triggers),
        apart == 0, _short(apart), _short(new.at - last.at), scored.columns.sentence[first.at] <= 1,
        _short(len(event.mentions)), event is known[0], _short(len(known)),
        _short(len(ours & theirs)), not ours, not theirs, _short(len(ours - theirs)), _short(len(theirs - ours)),
        bool(acting[0] & acting[1]), bool(whens) and when is not None and when in whens,
        bool(whens) and when is not None and when not in whens, place is not None and any(_words(page, p) == place for p in wheres),
        place is not None and bool(wheres) and all(_words(page, p) != place for p in wheres), status[0] == status[1],
        _likeness(scored.event_context[new.at], scored.event_context[last.at]),
    ]  # fmt: skip
    return np.array(row + [new.type == kind for kind in TYPES], np.float32)


def _best(choices: list[tuple[Any, float]]) -> Any:
    return max(choices, key=lambda one: one[1])[0] if choices else None


def _words(page: Page, place: tuple[int, int] | None) -> str | None:
    return " ".join(word.core for word in page.words[slice(*place)]) if place is not None else None


def _likeness(one: Any, other: Any) -> float:
    return float(one @ other / (np.linalg.norm(one) * np.linalg.norm(other) + 1e-6))


def _short(number: int) -> float:
    """A count or distance as a small number, as `musnad.scores.features.short` makes it."""
    return copysign(log1p(min(abs(number), 200)) / 3, number)
