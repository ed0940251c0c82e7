"""Looking for events: by type, by who took part, by day, place and whether they happened."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import msgspec
from sqlalchemy import Connection, Select, func, or_, select

from musnad.ledger.entities import find, keys_of
from musnad.ledger.rows import decoded, entity_of, event_dict
from musnad.ledger.search import Order
from musnad.ledger.tables import documents, events, participants, statements, story_of
from musnad.ledger.terms import shared
from musnad.names.forms import name_words


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
    """An event that was found, with its article; `event` is the plain dict of the record format. `corrected`: a person mended it,
    added it, or checked it and found it right.
    """

    number: int
    article: str
    outlet: str | None
    published: str | None
    words: str
    event: dict[str, Any]
    corrected: str | None = None


_TOLD_IN = select(statements.c.id).where(
    statements.c.document == events.c.document, statements.c.id == events.c.said_in
)  # none where somebody took the statement out
_COLUMNS = (
    *events.c, documents.c.id.label("article"), documents.c.outlet, documents.c.published, _TOLD_IN.scalar_subquery().label("told_in"),
)  # fmt: skip


def find_events(
    bind: Connection, chosen: EventFilters, limit: int, offset: int, order: Order = "newest"
) -> list[EventHit]:
    """Return events, the latest first, or the least sure of those that nobody has looked at."""
    query = select(*_COLUMNS)
    query = _narrowed(bind, query.join(documents, events.c.document == documents.c.number), chosen)
    ranked = [func.coalesce(_DAY, "").desc(), events.c.number]
    if order == "doubtful":
        query, ranked = query.where(events.c.corrected.is_(None)), [events.c.confidence, events.c.number]
    return _hits(bind, query.order_by(*ranked).limit(limit).offset(offset))


def parts_of(bind: Connection, chosen: EventFilters, stances: Collection[str]) -> dict[str, frozenset[str]]:
    """Return the identifiers of what fits by article, in the order of the articles: of events, and of statements of some stances.

    A statement has no type, status and place, so none fits where those are asked for; its day is that of the article.
    """
    query = select(documents.c.id.label("article"), documents.c.number, events.c.id).join(
        documents, events.c.document == documents.c.number
    )
    found = [tuple(row) for row in bind.execute(_narrowed(bind, query, chosen))]
    if chosen.type is None and chosen.status is None and chosen.place is None:
        found += _statements(bind, chosen, stances)
    order = {article: number for article, number, _ in found}
    parts: dict[str, set[str]] = {article: set() for article in sorted(order, key=order.__getitem__)}
    for article, _, part in found:
        parts[article].add(part)
    return {article: frozenset(those) for article, those in parts.items()}


def _statements(bind: Connection, chosen: EventFilters, stances: Collection[str]) -> list[tuple[str, int, str]]:
    query = select(statements, documents.c.id.label("article"), documents.c.number.label("place"))
    query = query.join(documents, statements.c.document == documents.c.number).where(
        statements.c.stance.in_(list(stances))
    )
    if chosen.since is not None:
        query = query.where(statements.c.published >= chosen.since)
    if chosen.until is not None:
        query = query.where(statements.c.published <= chosen.until)
    if chosen.min_confidence > 0:
        query = query.where(statements.c.confidence >= chosen.min_confidence)
    who = None if chosen.actor is None else set(find(bind, chosen.actor))
    keys = set() if who is None else keys_of(bind, who)
    rows = bind.execute(query.order_by(statements.c.number))
    return [
        (row.article, row.place, row.id) for row in rows if who is None or row.speaker in who or _addressee(row) in keys
    ]


def _addressee(row: Any) -> str | None:
    """The key of whom a statement is addressed to."""
    party = decoded(row, "parties").get("addressee")
    return entity_of(party["name"], party.get("entity"), shared()).key if party else None


_DAY = func.coalesce(events.c.first_day, documents.c.published)


def _narrowed(bind: Connection, query: Select[Any], chosen: EventFilters) -> Select[Any]:
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
        query = query.where(
            or_(events.c.last_day >= chosen.since, events.c.last_day.is_(None) & (chosen.since <= _DAY))
        )
    if chosen.until is not None:
        query = query.where(chosen.until >= _DAY)
    return query


def events_of_story(bind: Connection, story: int, limit: int, min_confidence: float = 0.0) -> list[EventHit]:
    """Return the events that the articles of a story tell."""
    query = select(*_COLUMNS)
    query = query.join(documents, events.c.document == documents.c.number)
    query = query.join(story_of, story_of.c.document == documents.c.number).where(story_of.c.story == story)
    query = query.where(events.c.confidence >= min_confidence)
    return _hits(bind, query.order_by(documents.c.published, events.c.number).limit(limit))


def _hits(bind: Connection, query: Select[Any]) -> list[EventHit]:
    return [
        EventHit(
            number=row.number, article=row.article, outlet=row.outlet, published=row.published, words=row.words,
            event=event_dict(row) | {"said_in": row.told_in}, corrected=row.corrected,
        )
        for row in bind.execute(query)
    ]  # fmt: skip
