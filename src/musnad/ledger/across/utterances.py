"""Utterances: one saying and its reports, by several outlets, whole, cut, translated otherwise or told indirectly.

A statement is another report of a saying where the same speaker says nearly the same within days: their words, weighed by
rarity, overlap by a fifth at least, or more than half of the shorter stands in the longer. Where the names differ they must
share more: those of an office and its spokesman a third, and not be for and against; others three fifths, in one stance. The
limits were chosen on one half of 182 hand-labelled pairs (`benchmarks/across.py`), but for `PARTIAL`: of 45 pairs that it alone
joins, drawn by lot, 31 are one saying (`training/partial_pairs.tsv`), and for `KIN` and `_FEW`: on the 28 clusters of
`benchmarks/RESULTS.md`.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from sqlalchemy import Connection, Select, select

from musnad.ledger.across.positions import side_of
from musnad.ledger.database import in_parts
from musnad.ledger.days import day_number, day_text
from musnad.ledger.tables import entities, statements, story_of, utterance_of
from musnad.ledger.terms import Terms
from musnad.lexicon.word import NEGATION
from musnad.names.spelling import sound_of
from musnad.text.tokens import tokenize

SAME_SPEAKER = 0.2  # weighed overlap of words from which two statements of one speaker are one saying
PARTIAL = 0.36  # weight of the share of the shorter statement that stands in the longer: a report may quote a part
ONE_SAYING = 0.26  # overlap from which a report joins two sayings to one
OTHER_NAME = 0.6  # the same where the speakers bear different names
KIN = 0.35  # the same where half of a name stands in the other, with its end: «الخارجية الكويتية»، «مصدر في الخارجية الكويتية»
_ASKED = {"kin": KIN, "other": OTHER_NAME}
LEAST = 10.0  # weight of the common words: «الاتفاق النووي» alone tells no saying from another
_WHOLE, _FEW = 0.9, 4.0  # the same where hardly a word differs: «مجموعة إرهابية»
_OF_ALL = 0.5  # share of the reports of a saying to which another one must be close: likes of likes are no saying
WINDOW = 2  # days
FLOOR, _COMMON = 0.5, 4.0  # weights: the least, and rarity that weighs nothing
_KEPT = 50_000  # weights of terms kept before the cache starts afresh
_MOST = 400  # statements that are compared with one; keeps the cost of a great story linear


class Said(NamedTuple):
    """A statement as it is compared."""

    number: int
    document: int
    day: int
    utterance: int
    speaker: int
    name: frozenset[str]
    last: str  # the last word of the name
    described: bool
    stance: str
    terms: frozenset[str]
    numbers: frozenset[str]
    weight: float


class Same(NamedTuple):
    """Which saying a statement reports, how sure that is, and why: the share of words, and whether the names agree."""

    utterance: int
    score: float
    name: str  # same, part, other
    also: tuple[int, ...]  # sayings that this report shows to be the same one


class Utterances:
    """Finds the sayings of statements, article by article."""

    def __init__(self, terms: Terms) -> None:
        self._terms = terms
        self._day = -1
        self.weights: dict[str, float] = {}
        self._known: dict[int, Said] = {}  # statements of these days by number
        self._by_name: dict[str, list[Said]] = {}
        self._by_story: dict[int, list[Said]] = {}
        self._into: dict[int, int] = {}  # sayings that were merged into others
        self._ready_names: dict[str, list[Said]] = {}  # looked up for many at once, until they are asked for
        self._ready_stories: dict[int, list[Said]] = {}

    def open_day(self, bind: Connection, day: int) -> None:
        """Go on to a day: which statements are near it is asked for anew, what they say is kept."""
        self._bind = bind
        self._ready_names, self._ready_stories = {}, {}
        if day != self._day:
            self._by_name, self._by_story, self._day = {}, {}, day
            self._known = {n: said for n, said in self._known.items() if abs(said.day - day) <= WINDOW}

    def look_up(self, names: Iterable[str], told: Iterable[int]) -> None:
        """Look up at once what `link` will ask for: statements of those whose names end alike, and those of some stories."""
        for part in in_parts(sorted(set(names) - self._by_name.keys())):
            self._ready_names |= {name: [] for name in part}
            for row, said in self._load(entities.c.last.in_(part)):
                self._ready_names[row.last].append(said)
        for some in in_parts(sorted(set(told) - self._by_story.keys())):
            self._ready_stories |= {story: [] for story in some}
            for row, said in self._load(story_of.c.story.in_(some)):
                self._ready_stories[row.story].append(said)

    def link(self, said: Said, story: int) -> Same | None:
        """Return the saying that a statement reports, or None where it is the first report."""
        near: dict[int, tuple[float, str]] = {}  # the closest report of each saying
        told: Counter[int] = Counter()  # the reports of each saying, and those of them that are close
        close: Counter[int] = Counter()
        for other in self._candidates(said, story):
            if other.document == said.document:
                continue
            utterance = self._whole(other.utterance)
            told[utterance] += 1
            how = self._close(said, other)
            if how is not None:
                close[utterance] += 1
                near[utterance] = max(near.get(utterance, (0.0, "")), how)
        found = {utterance: how for utterance, how in near.items() if close[utterance] >= _OF_ALL * told[utterance]}
        if not found:
            return None
        ranked = sorted(found.items(), key=lambda pair: (-pair[1][0], pair[0]))
        utterance, (share, name) = ranked[0]
        also = tuple(other for other, (near, _) in ranked[1:] if near >= ONE_SAYING)
        return Same(utterance, share, name, also)

    def _close(self, said: Said, other: Said) -> tuple[float, str] | None:
        """How close two statements are, and how their speakers' names agree; None where they are two sayings."""
        share, common = self.overlap(said, other)
        partial = PARTIAL * common / (min(said.weight, other.weight) or 1.0)
        if common < (_FEW if share >= _WHOLE else LEAST) or max(share, partial) < SAME_SPEAKER:
            return None
        if share < OTHER_NAME and said.numbers and other.numbers and not said.numbers & other.numbers:
            return None  # «مقتل 27 مدنيا» is not «مقتل 40 مدنيا»
        name = _names(said, other)
        if name in _ASKED and (share < _ASKED[name] or common < 1.5 * LEAST):
            return None
        if (name == "kin" and _opposed(said, other)) or (name == "other" and said.stance != other.stance):
            return None
        return max(share, partial), name

    def merge(self, into: int, others: Iterable[int]) -> None:
        """Take sayings for one from now on."""
        self._into.update(dict.fromkeys(others, into))

    def overlap(self, one: Said, other: Said) -> tuple[float, float]:
        """Return the weighed share of words that two statements have in common (Jaccard), and the weight of the common words."""
        shared = one.terms & other.terms
        try:
            common = math.fsum([self.weights[term] for term in shared])  # the same in whatever order
        except KeyError:  # weighed before the cache started afresh
            common = math.fsum(map(self.weight, shared))
        return common / (one.weight + other.weight - common or 1.0), common

    def remember(self, said: Said, story: int) -> None:
        """Let later statements be compared with one that was linked."""
        self._known[said.number] = said
        if (known := self._by_name.get(said.last)) is not None:
            known.append(said)
        if (told := self._by_story.get(story)) is not None:
            told.append(said)

    def said(self, row: Any, utterance: int, day: int) -> Said:
        """A statement as it is compared, from its row with `name` and `described` of its speaker."""
        terms = frozenset(term for term, _, _ in self._terms.of_text(row.words))
        name = frozenset(map(sound_of, row.name.split()))
        numbers = frozenset(term for term in terms if term.isdecimal())
        weight = math.fsum(map(self.weight, terms))
        return Said(
            row.number,
            row.document,
            day,
            utterance,
            row.speaker,
            name,
            row.last or "",
            row.described,
            row.stance,
            terms,
            numbers,
            weight,
        )

    def of_row(self, row: Any) -> Said:
        """The same of a statement that may have been compared before, for what is not asked by days or sayings."""
        return self._known.get(row.number) or self.said(row, row.number, 0)

    def denies(self, words: str) -> bool:
        """Whether what is said says that something is not so."""
        lexicon = self._terms.lexicon
        deniers = lexicon.lists["deniers"]
        return any(
            word.flags & NEGATION or word.form in deniers or word.core in deniers
            for word in map(lexicon.word, tokenize(words).raw)
        )

    # -- within ----------------------------------------------------------------------

    def _whole(self, utterance: int) -> int:
        while utterance in self._into:
            utterance = self._into[utterance]
        return utterance

    def weight(self, term: str) -> float:
        """How much a term tells: of one that stands everywhere next to nothing."""
        weight = self.weights.get(term)
        if weight is None:
            if len(self.weights) >= _KEPT:
                self.weights = {}
            weight = self.weights[term] = max(FLOOR, self._terms.rarity(term) - _COMMON)
        return weight

    def _candidates(self, said: Said, story: int) -> list[Said]:
        found = {other.number: other for other in self._of_story(story)[-_MOST:]}
        if not said.described:
            found |= {other.number: other for other in self._of_name(said.last)[-_MOST:]}
        return list(found.values())

    def _of_name(self, last: str) -> list[Said]:
        if last not in self._by_name:
            if last not in self._ready_names:
                self.look_up([last], ())
            self._by_name[last] = self._ready_names.pop(last)
        return self._by_name[last]

    def _of_story(self, story: int) -> list[Said]:
        if story not in self._by_story:
            if story not in self._ready_stories:
                self.look_up((), [story])
            self._by_story[story] = self._ready_stories.pop(story)
        return self._by_story[story]

    def _load(self, which: Any) -> Iterator[tuple[Any, Said]]:
        """The linked statements around the day that fulfil a condition, with their rows."""
        first, last = day_text(self._day - WINDOW), day_text(self._day + WINDOW)
        query = (
            columns()
            .add_columns(utterance_of.c.utterance, story_of.c.story)
            .join(utterance_of, utterance_of.c.statement == statements.c.number)
            .join(story_of, story_of.c.document == statements.c.document)
        )
        query = query.where(which, statements.c.published.between(first, last)).order_by(statements.c.number)
        for row in self._bind.execute(query):
            said = self._known.get(row.number)
            if said is None and not day_number(row.published):
                continue  # 2025-02-30 stands between two days, and is none
            if said is None:
                said = self._known[row.number] = self.said(row, row.utterance, day_number(row.published))
            yield row, said


def columns() -> Select[Any]:
    """The columns of statements that are compared."""
    chosen = select(
        statements.c.number, statements.c.document, statements.c.id, statements.c.words, statements.c.speaker, statements.c.stance, statements.c.published,
        entities.c.words.label("name"), entities.c.last, entities.c.described,
    )  # fmt: skip
    return chosen.join(entities, entities.c.number == statements.c.speaker)


def _names(one: Said, other: Said) -> str:
    if one.speaker == other.speaker:
        return "same"
    common, shorter = len(one.name & other.name), min(len(one.name), len(other.name))  # جاويش أوغلو، تشاووش أوغلو
    whole = common == shorter or (one.last == other.last and 2 * common >= len(one.name))
    if whole and not one.described and not other.described:
        return "part"
    told_by = (
        sound_of(one.last) in other.name or sound_of(other.last) in one.name
    )  # not «الخارجية الكويتية»، «الخارجية اللبنانية»
    return "kin" if told_by and 2 * common >= shorter else "other"


def _opposed(one: Said, other: Said) -> bool:
    """Whether what one is for the other is against, or only one denies."""
    sides = {side_of(one.stance), side_of(other.stance)}
    return sides == {"for", "against"} or (one.stance == "DENY") != (other.stance == "DENY")
