"""Which sayings and happenings are told most: first by outlets, then by articles."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, func, select, true

from musnad.ledger.tables import documents, events, happening_of, statements, utterance_of

_OFTEN = 4  # articles in which something is told that is looked at first


def rank_utterances(
    bind: Connection, since: str | None, until: str | None, limit: int, offset: int, least: int = 2, min_confidence: float = 0.0
) -> list[int]:  # fmt: skip
    """Return the numbers of the sayings that most outlets report, then most articles; copies of one article are counted once."""
    query = select(utterance_of.c.utterance, *_spread())
    query = query.join(statements, statements.c.number == utterance_of.c.statement)
    query = query.join(documents, documents.c.number == statements.c.document)
    if min_confidence > 0:
        query = query.where(statements.c.confidence >= min_confidence)
    query = between(query, statements.c.published, since, until)
    within = between(select(statements.c.number), statements.c.published, since, until)
    told = utterance_of.c.statement.in_(within) if since is not None or until is not None else true()
    return _ranked(bind, query, told, least, limit, offset)


def rank_happenings(
    bind: Connection,
    since: str | None,
    until: str | None,
    limit: int,
    offset: int,
    least: int = 2,
    kind: str | None = None,
    min_confidence: float = 0.0,
) -> list[int]:
    """Return the numbers of the happenings of which most outlets tell, then most articles."""
    query = select(happening_of.c.happening, *_spread())
    query = query.join(events, events.c.number == happening_of.c.event)
    query = query.join(documents, documents.c.number == events.c.document)
    if kind is not None:
        query = query.where(events.c.type == kind)
    if min_confidence > 0:
        query = query.where(events.c.confidence >= min_confidence)
    query = between(query, documents.c.published, since, until)
    within = select(events.c.number).join(documents, documents.c.number == events.c.document)
    within = between(within, documents.c.published, since, until)
    told = happening_of.c.event.in_(within) if since is not None or until is not None else true()
    return _ranked(bind, query, told, least, limit, offset)


def between(query: Select[Any], column: Any, since: str | None, until: str | None) -> Select[Any]:
    """Narrow a question to some days, both included."""
    if since is not None:
        query = query.where(column >= since)
    return query.where(column <= until) if until is not None else query


def _ranked(
    bind: Connection, query: Select[Any], told: ColumnElement[bool], least: int, limit: int, offset: int
) -> list[int]:
    """The groups that are spread furthest; `told` is true of the members within the days that are asked for.

    What is told once is most of a ledger, and what is told in few articles most of the rest: those are joined only where what is
    told in `_OFTEN` articles is not enough for a page.
    """
    group, outlets, size = query.selected_columns
    query = query.group_by(group).having(size >= least).order_by(outlets.desc(), size.desc(), group)
    query = query.limit(limit).offset(offset)
    fewest = max(least, _OFTEN)
    while True:
        many = select(group).where(told).group_by(group).having(func.count() >= fewest)
        rows = bind.execute(query.where(group.in_(many))).all()
        reached = (
            rows[-1][1] if len(rows) == limit else least
        )  # outlets of the last: what is told less often is not in more
        if fewest <= max(reached, least):
            return [row[0] for row in rows]
        fewest = max(reached, least)


def _spread() -> tuple[Any, Any]:
    """In how many outlets, and in how many different articles, something is told: an outlet's background paragraph, which it
    repeats every day, is not what most report."""
    article = func.coalesce(documents.c.copy_of, documents.c.number)
    return func.count(func.distinct(func.coalesce(documents.c.outlet, documents.c.id))), func.count(
        func.distinct(article)
    )
