"""Looking for events: by type, by who took part, by day, place and whether they happened."""

from __future__ import annotations

from typing import Any

import msgspec
from sqlalchemy import Connection, Select, func, or_, select

from musnad.ledger.entities import find
from musnad.ledger.rows import event_dict, name_words
from musnad.ledger.tables import documents, events, participants, story_of


class EventFilters(msgspec.Struct, frozen=True, kw_only=True):
    """What must be true of an event. Names hold all the words given; days are YYYY-MM-DD, both included.

    `since` and `until` are days of the event, or of the article where the event has none.
    """

    type: str | None = None
    status: str | None = None
    actor: str | None = None  # on either side
    place: str | None = None
    since: str | None = None
    until: str | None = None
    min_confidence: float = 0.0


class EventHit(msgspec.Struct, frozen=True, kw_only=True):
    """An event that was found, with its article; `event` is the plain dict of the record format."""

    number: int
    article: str
    outlet: str | None
    published: str | None
    words: str
    event: dict[str, Any]


def find_events(bind: Connection, chosen: EventFilters, limit: int, offset: int) -> list[EventHit]:
    """Return events, the latest first."""
    day = func.coalesce(events.c.first_day, documents.c.published)
    query = select(events, documents.c.id.label("article"), documents.c.outlet, documents.c.published)
    query = query.join(documents, events.c.document == documents.c.number)
    for name in ("type", "status"):
        if (wanted := getattr(chosen, name)) is not None:
            query = query.where(events.c[name] == wanted)
    if chosen.min_confidence > 0:
        query = query.where(events.c.confidence >= chosen.min_confidence)
    if chosen.actor is not None:
        taking_part = select(participants.c.event).where(participants.c.entity.in_(find(bind, chosen.actor)))
        query = query.where(events.c.number.in_(taking_part))
    for word in name_words(chosen.place)[:12] if chosen.place is not None else ():
        query = query.where(events.c.place.contains(f" {word} ", autoescape=True))
    if chosen.since is not None:
        query = query.where(or_(events.c.last_day >= chosen.since, events.c.last_day.is_(None) & (day >= chosen.since)))
    if chosen.until is not None:
        query = query.where(day <= chosen.until)
    return _hits(bind, query.order_by(func.coalesce(day, "").desc(), events.c.number).limit(limit).offset(offset))


def events_of_story(bind: Connection, story: int, limit: int) -> list[EventHit]:
    """Return the events that the articles of a story tell."""
    query = select(events, documents.c.id.label("article"), documents.c.outlet, documents.c.published)
    query = query.join(documents, events.c.document == documents.c.number)
    query = query.join(story_of, story_of.c.document == documents.c.number).where(story_of.c.story == story)
    return _hits(bind, query.order_by(documents.c.published, events.c.number).limit(limit))


def _hits(bind: Connection, query: Select[Any]) -> list[EventHit]:
    return [
        EventHit(
            number=row.number, article=row.article, outlet=row.outlet, published=row.published, words=row.words, event=event_dict(row)
        )
        for row in bind.execute(query)
    ]  # fmt: skip
