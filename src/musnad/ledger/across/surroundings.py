"""The sentences in which events are told: outlets copy each other's, or their agency's, nearly word for word."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any, NamedTuple

from sqlalchemy import Connection, select

from musnad.ledger.database import in_parts
from musnad.ledger.rows import decoded
from musnad.ledger.tables import documents, events
from musnad.ledger.terms import Terms

_LONGEST = 300  # characters on either side of a word
_MENTIONS = 4  # words that name an event, whose sentences are looked at
_KEPT = 30_000  # events whose sentences are kept
_COMMON = 4.0  # rarity of a term that weighs nothing
_FINE = 16  # weights are whole numbers: their sums are the same in any order
_END = re.compile(r"[.!?؟\n]")


class Sentence(NamedTuple):
    """The terms of a sentence, and how much they weigh together."""

    terms: frozenset[str]
    weight: int


class Surroundings:
    """Finds the sentences of events, each once."""

    def __init__(self, terms: Terms) -> None:
        self._terms = terms
        self._weights: dict[str, int] = {}
        self._known: dict[int, list[Sentence]] = {}

    def read(self, bind: Connection, numbers: Iterable[int]) -> None:
        """Look the sentences of events up, by their numbers, so that `likeness` knows them."""
        new = sorted({number for number in numbers if number not in self._known})
        if len(self._known) + len(new) > _KEPT:
            self._known, new = {}, sorted(set(numbers))
        query = select(events.c.number, events.c.id, events.c.document, events.c.spans, documents.c.text)
        query = query.join(documents, documents.c.number == events.c.document)
        for part in in_parts(new):
            for row in bind.execute(query.where(events.c.number.in_(part))):
                self._known[row.number] = self._sentences(row)

    def likeness(self, one: int, other: int) -> float:
        """Return the largest share of words (Jaccard, weighed by rarity) that a sentence of one event has in common with one of
        the other; 0 for events that were not looked up."""
        return max(
            (self._share(a, b) for a in self._known.get(one, ()) for b in self._known.get(other, ())), default=0.0
        )

    def _share(self, one: Sentence, other: Sentence) -> float:
        weights = self._weights  # of all terms of both: each was weighed when its sentence was read
        common = sum([weights[term] for term in one.terms & other.terms])
        return common / ((one.weight + other.weight - common) or 1)

    def _sentences(self, row: Any) -> list[Sentence]:
        found = []
        for trigger in decoded(row, "spans").get("triggers", ())[:_MENTIONS]:
            start, end = trigger["span"] if isinstance(trigger, dict) else trigger
            before, behind = row.text[max(0, start - _LONGEST) : start], row.text[end : end + _LONGEST]
            first = max((match.end() for match in _END.finditer(before)), default=0)
            last = match.start() if (match := _END.search(behind)) is not None else len(behind)
            terms = frozenset(
                term for term, _, _ in self._terms.of_text(before[first:] + row.text[start:end] + behind[:last])
            )
            found.append(Sentence(terms, sum(map(self._weight, terms))))
        return found

    def _weight(self, term: str) -> int:
        weight = self._weights.get(term)
        if weight is None:
            weight = self._weights[term] = round(_FINE * max(0.5, self._terms.rarity(term) - _COMMON))
        return weight
