"""A claim looked up: who is said to have said what it says, in which words, on whose report, and who denies it.

The claim is read like an article of one sentence; its words are looked for one by one, the rare ones first, and every statement that
has enough of them is compared: how much of the claim, weighed by rarity, stands close together in it. No verdict is given on what
is true.
"""

from __future__ import annotations

import math
from typing import Literal

import msgspec

from musnad.ledger import entities
from musnad.ledger.across.utterances import FLOOR, Utterances
from musnad.ledger.search import Filters, Hit, search_any
from musnad.ledger.store import Ledger
from musnad.record import Document, Record

#: Share of the claim's words, weighed by rarity, from which a statement is shown: of the claim's own speaker, of anybody. Of the other
#: reports of one saying in 16 marked clusters among 1,298 articles seven in ten are shown so, and the first is one in 260 of 318 claims.
SAME, ANYBODY = 0.2, 0.4
NEAR = 0.6  # share from which a statement is counted
_LOOKED_FOR, _LOOKED_AT = 12, 400  # words of a claim, statements that have some of them
_WIDER, _SHORTEST = 1.5, 8  # the words of a claim may stand among half as many others; among so many at least
LONGEST = 2_000  # characters of a claim


class Claim(msgspec.Struct, frozen=True):
    """What is looked up: the words, and who is said to have said them, as far as the claim tells."""

    text: str
    words: str
    speaker: str | None = None
    stance: str | None = None


class ClaimMatch(msgspec.Struct, frozen=True):
    """A statement that is like a claim. `likeness`: the share of the claim's words in it, weighed by rarity.

    `speaker`: whether it is the one of the claim, another, or the claim names none. `denies`: it denies what the claim says;
    `negation`: of both only one has a word of negation, so they may say opposite things. `missing`: the words of the claim that do
    not stand there.
    """

    hit: Hit
    likeness: float
    speaker: Literal["same", "other", "unknown"]
    denies: bool
    negation: bool
    missing: list[str]


class Count(msgspec.Struct, frozen=True):
    """How many statements say something, in how many outlets, and the first day of publication among them."""

    statements: int
    outlets: int
    first_day: str | None


class Checked(msgspec.Struct, frozen=True):
    """A claim and the statements that are like it: those of its speaker first, the nearest first. Counted are those near to it;
    `said`: that the claim's speaker said so (of a claim without one, that anybody did); `by_others`: that somebody else did; `denied`:
    that somebody denied it. What differs from it by a word of negation is counted in none of these.
    """

    claim: Claim
    reports: list[ClaimMatch]
    said: Count
    by_others: Count
    denied: Count


def document_of(claim: str) -> Document:
    """A claim as an article to be read. Raises `RecordError` where no store would keep it."""
    return Document(id="claim", text=claim.strip()[:LONGEST])


def claim_of(record: Record) -> Claim:
    """What the reading of a claim gives: of «قال ترامب إن الاتفاق وقع» speaker and words; without a report in it all are the words."""
    outer = [one for one in record.statements if one.within is None]
    if not outer:
        return Claim(text=record.text, words=record.text)
    said = max(outer, key=lambda one: sum(span.end - span.start for span in one.content))
    return Claim(text=record.text, words=said.text, speaker=said.speaker.name, stance=said.stance)


def check(ledger: Ledger, claim: Claim, filters: Filters | None = None, limit: int = 20) -> Checked:
    """Return the statements of a ledger that are like a claim."""
    comparer = _Comparer(ledger, claim)
    if not comparer.weights:
        return _checked(claim, [], limit)
    with ledger.database.read() as bind:
        whose = set(entities.find(bind, claim.speaker)) if claim.speaker else set()
        keys = entities.keys_of(bind, whose)
        hits = search_any(bind, ledger.index, comparer.rarest, ledger.terms, filters or Filters(), _LOOKED_AT)
    reports = [report for hit in hits if (report := comparer.report(hit, keys)) is not None]
    order = {"same": 0, "unknown": 0, "other": 1}
    reports.sort(key=lambda one: (order[one.speaker], -one.likeness, len(one.hit.words), one.hit.number))
    return _checked(claim, reports, limit)


def _checked(claim: Claim, reports: list[ClaimMatch], limit: int) -> Checked:
    near = [one for one in reports if one.likeness >= NEAR]
    plain = [one for one in near if not one.denies and not one.negation]
    said = _count([one for one in plain if one.speaker != "other"])
    by_others = _count([one for one in plain if one.speaker == "other"])
    return Checked(claim, reports[:limit], said, by_others, _count([one for one in near if one.denies]))


def _count(reports: list[ClaimMatch]) -> Count:
    days = [one.hit.published for one in reports if one.hit.published]
    return Count(len(reports), len({one.hit.outlet for one in reports if one.hit.outlet}), min(days, default=None))


class _Comparer:
    """Compares statements with one claim."""

    def __init__(self, ledger: Ledger, claim: Claim) -> None:
        self._terms, self._claim = ledger.terms, claim
        self._utterances = Utterances(ledger.terms)
        placed = list(ledger.terms.of_text(claim.words))
        words = [term for term, _, _ in placed]
        self._written = {term: claim.words[start:end] for term, start, end in placed}
        self.weights = {term: self._utterances.weight(term) for term in sorted(set(words))}
        self._whole = math.fsum(self.weights.values())
        self._together = max(_SHORTEST, round(_WIDER * len(words)))
        self._negated = self._utterances.denies(claim.words)

    @property
    def rarest(self) -> list[str]:
        """The words of the claim that tell most, the rarest first."""
        telling = [term for term, weight in self.weights.items() if weight > FLOOR] or list(self.weights)
        return sorted(telling, key=lambda term: (-self._terms.rarity(term), term))[:_LOOKED_FOR]

    def report(self, hit: Hit, keys: set[str]) -> ClaimMatch | None:
        """A statement beside the claim; None where it is not like it."""
        likeness, near = self._likeness(hit.words)
        speaker: Literal["same", "other", "unknown"] = "unknown"
        if self._claim.speaker is not None:
            speaker = "same" if hit.entity in keys else "other"
        if likeness < (SAME if speaker == "same" else ANYBODY):
            return None
        denies = (hit.statement["stance"] == "DENY") != (self._claim.stance == "DENY")
        negation = not denies and self._utterances.denies(hit.words) != self._negated
        missing = [word for term, word in self._written.items() if term not in near and self.weights[term] > FLOOR]
        return ClaimMatch(hit, round(likeness, 3), speaker, denies, negation, missing)

    def _likeness(self, words: str) -> tuple[float, set[str]]:
        """The greatest share of the claim that stands within so many words of a statement as the claim has, and half as many
        more, and which of its words these are.

        «صواريخ استخدمت … على بعد 24 كيلومترا … يُعتقد أن سوريا تخزن فيه …» has the words of «سوريا استخدمت صواريخ» and does not say it.
        """
        terms = [term for term, _, _ in self._terms.of_text(words)]
        best: tuple[float, set[str]] = (0.0, set())
        for first, term in enumerate(terms):
            if term in self.weights:
                near = self.weights.keys() & terms[first : first + self._together]
                best = max(best, (math.fsum(self.weights[one] for one in sorted(near)), near), key=lambda one: one[0])
        return best[0] / self._whole, best[1]


def claim_review(checked: Checked) -> dict[str, object]:
    """Return a draft of a schema.org ClaimReview: the claim and where it appears. The rating is the fact-checker's, and left empty."""
    claim = checked.claim
    appearances = [
        {key: value for key, value in {
            "@type": "NewsArticle", "url": one.hit.url, "headline": one.hit.title, "datePublished": one.hit.published,
            "publisher": {"@type": "Organization", "name": one.hit.outlet} if one.hit.outlet else None, "abstract": one.hit.words,
        }.items() if value}
        for one in sorted(checked.reports, key=lambda one: one.hit.published or "9")
    ]  # fmt: skip
    author = {"@type": "Thing", "name": claim.speaker} if claim.speaker else None
    return {
        "@context": "https://schema.org", "@type": "ClaimReview", "claimReviewed": claim.text, "datePublished": "", "url": "",
        "author": {"@type": "Organization", "name": ""},
        "itemReviewed": {"@type": "Claim", "author": author, "firstAppearance": appearances[0] if appearances else None,
                         "appearance": appearances},
        "reviewRating": {"@type": "Rating", "alternateName": "", "ratingValue": None, "bestRating": None, "worstRating": None},
    }  # fmt: skip
