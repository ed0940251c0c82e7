"""Utterances: one saying and its reports, by several outlets, whole, cut, translated otherwise or told indirectly.

A statement is another report of a saying where learned scores (`sameness`) find it likely of the pair: how many of their words,
weighed by rarity, they have in common, how many of the shorter stand in the longer, in the same order, whether the speakers' names
agree, figures, stances and days. It joins where it is likely one with the reports that a saying has, in the mean.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import Any, NamedTuple

from sqlalchemy import Connection, Select, select

from musnad.ledger.across.positions import side_of
from musnad.ledger.across.sameness import Sameness
from musnad.ledger.database import in_parts
from musnad.ledger.days import day_number, day_text
from musnad.ledger.tables import documents, entities, statements, story_of, utterance_of
from musnad.ledger.terms import Terms
from musnad.lexicon.word import NEGATION
from musnad.names.forms import country_of
from musnad.names.spelling import sound_of
from musnad.text.tokens import tokenize

NUMBERS = (
    "words in common", "part in the other", "both parts", "weight in common", "in order", "same name", "part of the name",
    "kin", "other name", "described", "other figures", "same figures", "same stance", "opposed", "one denies", "days apart",
    "same outlet", "both direct", "one direct", "length", "like lengths",
)  # fmt: skip
TOGETHER = 0.4  # how likely it must be, in the mean over the reports of a saying: likes of likes are no saying
ONE_SAYING = 0.7  # the same for a report to join two sayings to one
LEAST = 10.0  # weight of common words that tell of what is spoken: «الاتفاق النووي» alone does not
# weight, and share of words in common, below which no two statements are one saying
_FEW, _PARTIAL, _NONE = 3.0, 0.36, 0.06
_OTHERS = {"kin", "other"}  # how the names of two agree who may be two
WINDOW = 2  # days
FLOOR, _COMMON = 0.5, 4.0  # weights: the least, and rarity that weighs nothing
_KEPT = 50_000  # weights of terms kept before the cache starts afresh
_MOST = 400  # statements that are compared with one; keeps the cost of a great story linear


class Said(NamedTuple):
    """A statement as it is compared. `order`: the pairs of terms that follow each other."""

    number: int
    document: int
    day: int
    utterance: int
    speaker: int
    name: frozenset[str]
    last: str  # the last word of the name
    described: bool
    countries: frozenset[str]  # whose adjectives the name has
    stance: str
    kind: str
    outlet: str
    terms: frozenset[str]
    order: frozenset[tuple[str, str]]
    figures: frozenset[str]
    weight: float


class UtteranceMatch(NamedTuple):
    """Which saying a statement reports, how likely it is one with the likest report of it, and how the names agree."""

    utterance: int
    score: float
    name: str  # same, part, other
    also: tuple[int, ...]  # sayings that this report shows to be the same one


class Utterances:
    """Finds the sayings of statements, article by article."""

    def __init__(self, terms: Terms) -> None:
        self._terms = terms
        self._sameness = Sameness(len(NUMBERS))
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

    def link(self, said: Said, story: int) -> UtteranceMatch | None:
        """Return the saying that a statement reports, or None where it is the first report."""
        likely: dict[int, list[tuple[float, str]]] = defaultdict(list)  # of each saying, by its reports
        for other in self._candidates(said, story):
            if other.document != said.document:
                likely[self._whole(other.utterance)].append(self._likely(said, other))
        means = {utterance: math.fsum(share for share, _ in some) / len(some) for utterance, some in likely.items()}
        found = sorted((-mean, utterance) for utterance, mean in means.items() if mean >= TOGETHER)
        if not found:
            return None
        (_, utterance), *others = found
        return UtteranceMatch(
            utterance, *max(likely[utterance]), tuple(other for mean, other in others if -mean >= ONE_SAYING)
        )

    def _likely(self, said: Said, other: Said) -> tuple[float, str]:
        """How likely two statements are one saying, and how their speakers' names agree."""
        share, common = self.overlap(said, other)
        if common < _FEW or max(share, _PARTIAL * common / min(said.weight, other.weight)) < _NONE:
            return 0.0, ""
        name = _names(said, other)
        if name in _OTHERS and _say_two_things(said, other):
            return 0.0, name
        return self._sameness.share(_numbers(said, other, name, share, common)), name

    def numbers(self, one: Said, other: Said) -> list[float]:
        """What the score is told of two statements (`NUMBERS`)."""
        return _numbers(one, other, _names(one, other), *self.overlap(one, other))

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
        told = [term for term, _, _ in self._terms.of_text(row.words)]
        terms = frozenset(told)
        return Said(
            row.number, row.document, day, utterance, row.speaker, frozenset(map(sound_of, row.name.split())), row.last or "",
            row.described, frozenset(filter(None, map(country_of, row.name.split()))), row.stance, row.kind, row.outlet or "", terms, frozenset(pairwise(told)),
            frozenset(term for term in terms if term.isdecimal()), math.fsum(map(self.weight, terms)),
        )  # fmt: skip

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
        statements.c.number, statements.c.document, statements.c.id, statements.c.words, statements.c.speaker, statements.c.stance,
        statements.c.kind, statements.c.published, entities.c.words.label("name"), entities.c.last, entities.c.described, documents.c.outlet,
    )  # fmt: skip
    chosen = chosen.join(entities, entities.c.number == statements.c.speaker)
    return chosen.join(documents, documents.c.number == statements.c.document)


def _numbers(one: Said, other: Said, name: str, share: float, common: float) -> list[float]:
    """`NUMBERS`, of how two speakers' names agree, the share of words that two statements have in common, and its weight."""
    shorter, longer = sorted((one, other), key=lambda said: said.weight)
    few = min(len(one.order), len(other.order))
    lengths = sorted((len(one.terms), len(other.terms)))
    direct = (one.kind == "direct") + (other.kind == "direct")
    return [
        share, common / (shorter.weight or 1.0), common / (longer.weight or 1.0), math.log1p(common),
        len(one.order & other.order) / few if few else 0.0, name == "same", name == "part", name == "kin", name == "other",
        one.described or other.described, bool(one.figures and other.figures and not one.figures & other.figures),
        bool(one.figures & other.figures), one.stance == other.stance, _opposed(one, other), (one.stance == "DENY") != (other.stance == "DENY"),
        abs(one.day - other.day), one.outlet == other.outlet, direct == 2, direct == 1, math.log1p(lengths[0]) / 4,
        lengths[0] / (lengths[1] or 1),
    ]  # fmt: skip


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


def _say_two_things(one: Said, other: Said) -> bool:
    """Rule "two houses": of speakers whose names differ, one who denies says something else than one who does not, and so do offices of
    two countries: «الخارجية الكويتية» and «الخارجية اللبنانية», in whatever words; not «الخارجية الكويتية» and «مصدر كويتي»."""
    of_two = bool(one.countries and other.countries) and one.countries.isdisjoint(other.countries)
    return of_two or _opposed(one, other) or (one.stance == "DENY") != (other.stance == "DENY")


def _opposed(one: Said, other: Said) -> bool:
    """Whether what one is for the other is against, or only one denies."""
    sides = {side_of(one.stance), side_of(other.stance)}
    return sides == {"for", "against"} or (one.stance == "DENY") != (other.stance == "DENY")
