"""Stories: articles about one matter, grouped over days.

An article joins the story of the last day whose words are most like its own. A word weighs by how rare it is in news, more
where it stands at the beginning, and much more while it bursts: that it stands in many more articles of these two days
than in the month before tells today's matter («الانسحاب من الاتفاق النووي») from what is always in the news. (Weights
and threshold were chosen on lists of articles of one story; `benchmarks/across.py` measures them.)
"""

from __future__ import annotations

import math
import zlib
from collections import Counter, defaultdict
from collections.abc import Collection
from typing import Any, NamedTuple

import numpy as np
from sqlalchemy import Connection, case, delete, func, insert, select, text

from musnad.ledger.database import in_parts
from musnad.ledger.tables import stories, story_of, term_days
from musnad.ledger.terms import Terms

JOINS = 0.25  # cosine from which an article belongs to a story
_WINDOW = 1  # days between an article and the story's nearest
_READ, _LEAD = 2500, 600  # characters of an article that are looked at, and of its beginning
_FIRST = 2.5  # weight of a word of the beginning
_COMMON = 5.0  # a word rarer than e⁻⁵ of all words tells something
_KEPT, _KEPT_OF_STORY = 40, 60  # words of an article, of a story
_MONTH = 28  # days before these two that tell what is usual
_BURST = 2.0  # how much a burst weighs
_HIGHEST = 3.0  # of the logarithm of a burst
_SHOWN = 6  # words that explain a link
_ANY = -1  # the term that stands in every article

Vector = dict[int, float]
_PAIR = np.dtype([("term", "<i8"), ("weight", "<f4")])


class ArticleWords(NamedTuple):
    """The words of one article: how often each stands there, which stand at the beginning, and how each is written."""

    counts: Counter[int]
    lead: frozenset[int]
    written: dict[int, str]


class Link(NamedTuple):
    """Where an article belongs: the story, how alike they are, and the words that say so."""

    story: int
    score: float
    words: list[str]


def words_of(article: str, terms: Terms) -> ArticleWords:
    """Return the terms of an article's beginning as 32-bit numbers."""
    counts: Counter[int] = Counter()
    lead: set[int] = set()
    written: dict[int, str] = {}
    for term, start, _ in terms.of_text(article[:_READ]):
        number = zlib.crc32(term.encode())
        counts[number] += 1
        written.setdefault(number, term)
        if start < _LEAD:
            lead.add(number)
    return ArticleWords(counts, frozenset(lead), written)


class Stories:
    """The stories around one day after another; days must not go back."""

    def __init__(self, terms: Terms) -> None:
        self._terms = terms
        self._day = 0
        self._vectors: dict[int, Vector] = {}
        self._spans: dict[int, tuple[int, int]] = {}
        self._holders: dict[int, dict[int, float]] = defaultdict(dict)  # term → story → weight
        self._bursts: dict[int, float] = {}
        self._joined: set[int] = set()  # by articles, and not written since

    def open_day(self, bind: Connection, day: int, articles: Collection[ArticleWords]) -> None:
        """Go on to articles of a day: count their words, forget the stories that are over, take up those that go on."""
        self._bind = bind
        self._count(day, articles)
        if day != self._day:
            for number in [n for n, (_, last) in self._spans.items() if last < day - _WINDOW]:
                self._drop(number)
            self._load(day)
        self._day, self._bursts = day, {}
        rare = {t for words in articles for t, form in words.written.items() if self._terms.rarity(form) > _COMMON}
        self._weigh(day, rare)

    def vector(self, words: ArticleWords) -> Vector:
        """Return the weights of an article's words, of length 1."""
        weights = []
        for term, count in words.counts.items():
            rare = self._terms.rarity(words.written[term]) - _COMMON
            if rare > 0:
                weight = rare * (1 + math.log(count)) * (_FIRST if term in words.lead else 1.0)
                weights.append((weight * (1 + _BURST * self._bursts.get(term, 0.0)), term))
        weights = sorted(weights, key=lambda pair: (-pair[0], pair[1]))[:_KEPT]
        length = math.sqrt(sum(weight * weight for weight, _ in weights)) or 1.0
        return _rounded({term: weight / length for weight, term in weights})

    def nearest(self, vector: Vector, words: ArticleWords) -> Link | None:
        """Return the story that an article belongs to, or None where it begins one."""
        alike: dict[int, float] = defaultdict(float)
        for term, weight in vector.items():
            for story, other in self._holders.get(term, {}).items():
                alike[story] += weight * other
        if not alike:
            return None
        score, number = max((score, -story) for story, score in alike.items())
        return Link(-number, score, self.shared(-number, vector, words)) if score >= JOINS else None

    def shared(self, story: int, vector: Vector, words: ArticleWords) -> list[str]:
        """The words that an article and a story have in common, the weightiest first."""
        common = [
            (weight * self._holders[t][story], t) for t, weight in vector.items() if story in self._holders.get(t, {})
        ]
        return [words.written[term] for _, term in sorted(common, key=lambda pair: (-pair[0], pair[1]))[:_SHOWN]]

    def join(self, story: int, day: int, vector: Vector) -> None:
        """Add an article to a story, new or old."""
        if story in self._vectors:
            self._lift(story)
        old = dict(self._vectors.get(story, {}))
        for term, weight in vector.items():
            old[term] = old.get(term, 0.0) + weight
        self._place(story, old)
        first, last = self._spans.get(story, (day, day))
        self._spans[story] = min(first, day), max(last, day)
        self._joined.add(story)

    def keep(self) -> None:
        """Write the stories that articles joined, as they are now."""
        for part in in_parts(sorted(self._joined)):
            self._bind.execute(delete(stories).where(stories.c.number.in_(part)))
            self._bind.execute(insert(stories), [self._row(story) for story in part])
        self._joined = set()

    # -- within ----------------------------------------------------------------------

    def _count(self, day: int, articles: Collection[ArticleWords]) -> None:
        """Remember in how many articles of a day each word stands at the beginning."""
        found = Counter(term for words in articles for term in words.lead)
        found[_ANY] = len(articles)
        _add_counts(self._bind, day, found)

    def _place(self, story: int, vector: Vector) -> None:
        kept = _heaviest(vector)
        length = math.sqrt(math.fsum(weight * weight for weight in kept.values())) or 1.0
        self._vectors[story] = kept
        for term, weight in kept.items():
            self._holders[term][story] = weight / length

    def _lift(self, story: int) -> None:
        for term in self._vectors[story]:
            self._holders[term].pop(story, None)

    def _drop(self, story: int) -> None:
        self._lift(story)
        del self._vectors[story], self._spans[story]

    def _row(self, story: int) -> dict[str, Any]:
        first, last = self._spans[story]
        return {"number": story, "first_day": first, "last_day": last, "vector": packed(self._vectors[story])}

    def _load(self, day: int) -> None:
        query = select(stories).where(stories.c.last_day >= day - _WINDOW, stories.c.first_day <= day + _WINDOW)
        for row in self._bind.execute(query):
            if row.number not in self._spans:
                self._spans[row.number] = row.first_day, row.last_day
                self._place(row.number, unpacked(row.vector))

    def _weigh(self, day: int, wanted: set[int]) -> None:
        """Learn how much each word bursts: how often it stands in these two days against what the month before lets expect."""
        recent_articles = max(self._articles(day - 1, day), 1)
        old_articles = self._articles(day - 1 - _MONTH, day - 2)
        for part in in_parts(sorted(wanted)):
            now = case((term_days.c.day >= day - 1, term_days.c.documents), else_=0)
            query = select(term_days.c.term, func.sum(now), func.sum(term_days.c.documents)).group_by(term_days.c.term)
            query = query.where(term_days.c.term.in_(part), term_days.c.day.between(day - 1 - _MONTH, day))
            sums = {term: (int(recent), int(both - recent)) for term, recent, both in self._bind.execute(query)}
            for term in part:
                recent, old = sums.get(term, (0, 0))
                expected = (old + 1) / (old_articles + 50) * recent_articles
                self._bursts[term] = min(_HIGHEST, max(0.0, math.log((recent + 0.5) / (expected + 0.5))))

    def _articles(self, first: int, last: int) -> int:
        """How many articles there are of some days."""
        query = select(func.sum(term_days.c.documents)).where(
            term_days.c.term == _ANY, term_days.c.day.between(first, last)
        )
        return int(self._bind.scalar(query) or 0)


def _add_counts(bind: Connection, day: int, found: Counter[int]) -> None:
    if not found:
        return
    known = "INSERT INTO term_days(term, day, documents) VALUES (:term, :day, :n) ON CONFLICT (term, day) DO UPDATE SET documents = term_days.documents + excluded.documents"
    bind.execute(text(known), [{"term": term, "day": day, "n": n} for term, n in sorted(found.items())])


def forget(bind: Connection, numbers: list[int]) -> None:
    """Take articles out of their stories, before they change; a story that is left empty is gone."""
    rows = bind.execute(select(story_of).where(story_of.c.document.in_(numbers))).all()
    bind.execute(delete(story_of).where(story_of.c.document.in_(numbers)))
    for story in {row.story for row in rows}:
        rebuild(bind, story)


def rebuild(bind: Connection, story: int) -> None:
    """Make a story anew of the articles that it holds."""
    members = bind.execute(
        select(story_of.c.day, story_of.c.vector).where(story_of.c.story == story).order_by(story_of.c.document)
    ).all()
    bind.execute(delete(stories).where(stories.c.number == story))
    days = [row.day for row in members if row.day is not None]
    if not days:
        return
    whole: Vector = defaultdict(float)
    for row in members:
        for term, weight in unpacked(row.vector).items():
            whole[term] += weight
    values = {"number": story, "first_day": min(days), "last_day": max(days), "vector": packed(_heaviest(whole))}
    bind.execute(insert(stories), values)


def _heaviest(vector: Vector) -> Vector:
    """The weights of a story that are kept."""
    return dict(sorted(_rounded(vector).items(), key=lambda pair: (-pair[1], pair[0]))[:_KEPT_OF_STORY])


def _rounded(vector: Vector) -> Vector:
    """Weights as they are stored: one that goes on from the ledger is the same as one that never stopped."""
    return dict(zip(vector, np.array(list(vector.values()), np.float32).tolist(), strict=True))


def packed(vector: Vector) -> bytes:
    return np.array(sorted(vector.items()), _PAIR).tobytes()


def unpacked(blob: bytes) -> Vector:
    pairs: Any = np.frombuffer(blob, _PAIR)
    return dict(zip(pairs["term"].tolist(), pairs["weight"].tolist(), strict=True))
