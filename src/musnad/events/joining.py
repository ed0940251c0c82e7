"""Which words name one event: by learned scores of pairs of words, and by how they agree with all that an event has already."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

import numpy as np

from musnad.events.draft import DraftEvent, EventMention, Facts
from musnad.lexicon import word as w
from musnad.page import Page
from musnad.scores.features import TYPES, short
from musnad.scores.network import sentence_means, sigmoid
from musnad.scores.scorer import Scored
from musnad.text.clitics import without_article

_RECALLED = 20  # mentions of one type that a mention is compared with: so the cost of a long text stays linear
_TOGETHER = 4096  # pairs worked out together
_SAME = 0.4  # mean share from which a mention names an event: where F1 of pairs is best on articles held apart


def facts_of(page: Page, scored: Scored, mentions: list[EventMention]) -> list[Facts]:
    """Return what is compared of mentions whose parties have their names."""
    means = sentence_means(scored.columns, scored.event_context)
    words: dict[int, frozenset[str]] = {}
    found = []
    for mention in mentions:
        word, at = page.words[mention.at], mention.at
        own = {trigger.part for trigger in word.triggers if trigger.type == mention.type}
        place = _best(mention.places)
        sentence = int(scored.columns.sentence[at])
        if sentence not in words:
            near = page.words[slice(*page.sentence_of(at))]
            words[sentence] = frozenset(other.core for other in near if other.raw[0].isalnum())
        found.append(Facts(
            without_article(word.core), bool(page.flags[at] & w.DEFINITE), any(t.part == "noun" for t in word.triggers),
            bool(own) and "noun" not in own, frozenset(t.name for t in mention.takers),
            frozenset(t.name for t in mention.takers if t.acts > t.suffers), _best(mention.times),
            " ".join(word.core for word in page.words[slice(*place)]) if place is not None else None,
            int(np.argmax(mention.statuses)), words[sentence], scored.event_context[at], means[at],
        ))  # fmt: skip
    return found


def join(page: Page, scored: Scored, mentions: list[EventMention], weights: dict[str, Any]) -> list[DraftEvent]:
    """Return the events of mentions, in the order of their first ones."""
    facts = facts_of(page, scored, mentions)
    old, new = pairs_of(mentions)
    shares = shares_of(scored, mentions, facts, old, new, weights).tolist()
    pairs: dict[int, list[tuple[int, float]]] = defaultdict(list)
    for one, other, share in zip(old.tolist(), new.tolist(), shares, strict=True):
        pairs[other].append((one, share))
    found: list[DraftEvent] = []
    event_of: list[int] = []
    for number, mention in enumerate(mentions):
        of_event: dict[int, list[float]] = defaultdict(list)
        for one, share in pairs[number]:
            of_event[event_of[one]].append(share if not _apart(facts[one], facts[number]) else -np.inf)
        same, event = max(((sum(some) / len(some), event) for event, some in of_event.items()), default=(0.0, -1))
        if same < _SAME:
            event = len(found)
            found.append(DraftEvent([]))
        found[event].mentions.append(mention)
        event_of.append(event)
    return found


def _apart(old: Facts, new: Facts) -> bool:
    """Rule "told apart": two verbs with parties and none in common name two events.

    «التقى ماكرون ميركل. وزار لافروف باريس»; not «التقى ماكرون ميركل … اللقاء بين الرئيس والمستشارة».
    """
    return old.verb and new.verb and bool(old.names and new.names) and old.names.isdisjoint(new.names)


def pairs_of(mentions: list[EventMention]) -> tuple[Any, Any]:
    """The pairs of mentions of one type that are compared, by numbers: the earlier ones, the later ones."""
    earlier: dict[str, list[int]] = defaultdict(list)
    old: list[int] = []
    new: list[int] = []
    for number, mention in enumerate(mentions):
        recalled = earlier[mention.type][: -_RECALLED - 1 : -1]  # the last one first
        old += recalled
        new += [number] * len(recalled)
        earlier[mention.type].append(number)
    return np.array(old, np.int64), np.array(new, np.int64)


def shares_of(
    scored: Scored, mentions: list[EventMention], facts: list[Facts], old: Any, new: Any, weights: dict[str, Any]
) -> Any:
    """How likely the pairs `old`, `new` of mentions name one event each: the mean of several networks."""
    if not len(old):
        return np.zeros(0)
    table = Table(scored, mentions, facts)
    found = []
    for network in range(len(weights["0.bias"])):
        layer = {name: values[network] for name, values in weights.items()}
        contexts = [
            np.tanh(states @ layer[f"{name}.weight"].T + layer[f"{name}.bias"])
            for name, states in (("word", table.contexts), ("sentence", table.means))
        ]
        found.append((layer, contexts))
    shares = np.zeros(len(old))
    for first in range(0, len(old), _TOGETHER):
        one, other = old[first : first + _TOGETHER], new[first : first + _TOGETHER]
        numbers = table.numbers(one, other)
        for layer, contexts in found:
            beside = [
                x for states in contexts for x in (states[one] * states[other], np.abs(states[one] - states[other]))
            ]
            middle = np.maximum(np.hstack([numbers, *beside]) @ layer["0.weight"].T + layer["0.bias"], 0)
            shares[first : first + _TOGETHER] += sigmoid(middle @ layer["1.weight"][0] + layer["1.bias"][0])
    return shares / len(found)


class Table:
    """The facts of mentions in columns, so that pairs are compared all at once."""

    def __init__(self, scored: Scored, mentions: list[EventMention], facts: list[Facts]) -> None:
        self._facts = facts
        at, columns = np.array([mention.at for mention in mentions]), scored.columns
        self.contexts, self.means = (
            np.stack([getattr(one, name) for one in facts]) for name in ("context", "sentence")
        )
        self._at, self._sentence, self._line = at, columns.sentence[at], columns.line[at]
        self._quote, self._headline = columns.quote[at], columns.headline[at]
        self._share = np.array([mention.share for mention in mentions])
        self._type = np.array([TYPES.index(mention.type) for mention in mentions])
        self._rank = _ranks(self._type)
        self._is = {name: np.array([getattr(one, name) for one in facts]) for name in ("definite", "noun", "verb")}
        self._code = {name: _codes([getattr(one, name) for one in facts]) for name in ("head", "when", "where")}
        self._status = np.array([one.status for one in facts])
        self._count = np.array([len(one.names) for one in facts])
        self._acts = np.array([bool(one.acting) for one in facts])

    def numbers(self, old: Any, new: Any) -> Any:
        """What the scores are told of pairs of mentions: words, distance, parties, time, place, sentences. (pairs, numbers)"""
        pairs = [(self._facts[one], self._facts[other]) for one, other in zip(old.tolist(), new.tolist(), strict=True)]
        shared = np.array([len(one.names & other.names) for one, other in pairs])
        acting = np.array([not one.acting.isdisjoint(other.acting) for one, other in pairs])
        alike = np.array([_share(one.words, other.words) for one, other in pairs])
        apart, known = self._sentence[new] - self._sentence[old], self._count > 0
        columns = [self._code["head"][old] == self._code["head"][new]]
        columns += [self._is[name][side] for name in ("definite", "noun", "verb") for side in (old, new)]
        columns += [
            self._is["verb"][old] & self._is["verb"][new], apart == 0, apart == 1, short(apart), short(self._at[new] - self._at[old]),
            self._sentence[old] <= 1, self._headline[old], self._headline[new], short(shared), ~known[old], ~known[new],
            known[old] & known[new] & (shared == 0), short(self._count[new] - shared), short(self._count[old] - shared),
            acting, self._acts[old] & self._acts[new] & ~acting,
        ]  # fmt: skip
        for code in (self._code["when"], self._code["where"]):
            told = (code[old] >= 0) & (code[new] >= 0)
            columns += [told & (code[old] == code[new]), told & (code[old] != code[new])]
        columns += [
            self._status[old] == self._status[new], self._quote[old] == self._quote[new], short(self._rank[new] - self._rank[old]),
            alike, self._line[old] == self._line[new], self._share[old], self._share[new],
            _cosine(self.contexts, old, new), _cosine(self.means, old, new),
        ]  # fmt: skip
        columns += [self._type[new] == number for number in range(len(TYPES))]
        return np.stack(columns, axis=1).astype(np.float32)


def _ranks(kinds: Any) -> Any:
    """Of every mention how many of its type stand before it."""
    seen: dict[int, int] = defaultdict(int)
    found = []
    for kind in kinds.tolist():
        found.append(seen[kind])
        seen[kind] += 1
    return np.array(found)


def _codes(values: list[Any]) -> Any:
    """Numbers that are the same for equal values; -1 for None."""
    known: dict[Any, int] = {}
    return np.array([-1 if value is None else known.setdefault(value, len(known)) for value in values])


def _share(one: frozenset[str], other: frozenset[str]) -> float:
    both = len(one & other)
    return both / max(1, len(one) + len(other) - both)


def _cosine(rows: Any, old: Any, new: Any) -> Any:
    lengths = np.sqrt(np.einsum("ij,ij->i", rows, rows))
    return np.einsum("ij,ij->i", rows[old], rows[new]) / (lengths[old] * lengths[new] + 1e-6)


def _best(choices: list[tuple[Any, float]]) -> Any:
    return max(choices, key=lambda one: one[1])[0] if choices else None
