"""Whether words name an event that was named before, by learned scores."""

from __future__ import annotations

from itertools import islice
from math import copysign, log1p
from typing import Any

import numpy as np

from musnad.events.draft import Facts, Happening, Mention
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


def facts_of(page: Page, scored: Scored, mention: Mention) -> Facts:
    """Return what is compared of a mention whose parties have their names."""
    word, context = page.words[mention.at], scored.event_context[mention.at]
    own = {trigger.part for trigger in word.triggers if trigger.type == mention.type}
    place = _best(mention.places)
    return Facts(
        without_article(word.core), bool(page.flags[mention.at] & w.DEFINITE), any(t.part == "noun" for t in word.triggers),
        bool(own) and "noun" not in own, frozenset(t.name for t in mention.takers),
        frozenset(t.name for t in mention.takers if t.acts > t.suffers), _best(mention.times),
        " ".join(word.core for word in page.words[slice(*place)]) if place is not None else None,
        int(np.argmax(mention.statuses)), context, float(np.linalg.norm(context)),
    )  # fmt: skip


def join(page: Page, scored: Scored, mentions: list[Mention], weights: dict[str, Any]) -> list[Happening]:
    """Return the events of mentions, in the order of their first ones."""
    found: list[Happening] = []
    for mention in mentions:
        mention.facts = facts_of(page, scored, mention)
        known = candidates(found, mention)
        best = -1
        if known:
            rows = np.stack([numbers(scored, mention, one, known) for one in known])
            share = shares_of(rows, weights)
            best = int(share.argmax())
            if share[best] < _SAME:
                best = -1
        if best < 0:
            found.append(Happening([mention]))
        else:
            known[best].mentions.append(mention)
    return found


def candidates(found: list[Happening], mention: Mention) -> list[Happening]:
    """The events that a mention may name again, the last one first."""
    alike = islice((one for one in reversed(found) if one.type == mention.type), _REMEMBERED)
    return [one for one in alike if not any(_apart(old.facts, mention.facts) for old in one.mentions[-_RECALLED:])]


def _apart(old: Facts, new: Facts) -> bool:
    """Rule "told apart": two verbs with parties and none in common name two events.

    «التقى ماكرون ميركل. وزار لافروف باريس»; not «التقى ماكرون ميركل … اللقاء بين الرئيس والمستشارة».
    """
    return old.verb and new.verb and bool(old.names and new.names) and old.names.isdisjoint(new.names)


def shares_of(rows: Any, weights: dict[str, Any]) -> Any:
    """How likely a mention names each of several events."""
    middle = np.maximum(rows @ weights["0.weight"].T + weights["0.bias"], 0)
    return sigmoid(middle @ weights["1.weight"][0] + weights["1.bias"][0])


def numbers(scored: Scored, new: Mention, event: Happening, known: list[Happening]) -> Any:
    """What the scores are told of a mention and an event of its type: words, distance, parties, time and place."""
    recalled, first = event.mentions[-_RECALLED:], event.mentions[0]
    last, one, old = recalled[-1], new.facts, [mention.facts for mention in recalled]
    heads = [other.head for other in old]
    theirs = frozenset[str]().union(*(other.names for other in old))
    acting = any(not one.acting.isdisjoint(other.acting) for other in old)
    apart = scored.columns.sentence[new.at] - scored.columns.sentence[last.at]
    whens = [other.when for other in old if other.when is not None] if one.when is not None else []
    wheres = [other.where for other in old if other.where is not None] if one.where is not None else []
    likeness = float(one.context @ old[-1].context / (one.length * old[-1].length + 1e-6))
    row = [
        one.head in heads, one.head == heads[-1], one.definite, old[-1].definite, one.noun, old[-1].noun,
        apart == 0, _short(apart), _short(new.at - last.at), scored.columns.sentence[first.at] <= 1,
        _short(len(event.mentions)), event is known[0], _short(len(known)),
        _short(len(one.names & theirs)), not one.names, not theirs, _short(len(one.names - theirs)), _short(len(theirs - one.names)),
        acting, one.when in whens, bool(whens) and one.when not in whens,
        one.where in wheres, bool(wheres) and one.where not in wheres, one.status == first.facts.status, likeness,
    ]  # fmt: skip
    return np.array(row + [new.type == kind for kind in TYPES], np.float32)


def _best(choices: list[tuple[Any, float]]) -> Any:
    return max(choices, key=lambda one: one[1])[0] if choices else None


def _short(number: int) -> float:
    """A count or distance as a small number, as `musnad.scores.features.short` makes it."""
    return copysign(log1p(min(abs(number), 200)) / 3, number)
