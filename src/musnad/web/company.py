"""Whom somebody meets and who quotes them, as their page shows it."""

from __future__ import annotations

from sqlalchemy import Connection, func, select

from musnad.ledger.tables import documents, entities, events, participants, statements

_SHOWN = 12


def company(bind: Connection, entity: int) -> tuple[dict[str, int], dict[str, int], bool]:
    """Return who took part in the same meetings and agreements, which outlets quote the entity, and whether
    any of its statements has a day."""
    size = func.count()
    meetings = select(participants.c.event).join(events, events.c.number == participants.c.event)
    meetings = meetings.where(participants.c.entity == entity, events.c.type.in_(["CONSULT", "AGREE", "COOPERATE"]))
    others = select(entities.c.name, size).join(participants, participants.c.entity == entities.c.number)
    others = others.where(participants.c.event.in_(meetings), entities.c.number != entity, ~entities.c.described)
    others = others.group_by(entities.c.number, entities.c.name).order_by(size.desc(), entities.c.name).limit(_SHOWN)
    quoting = select(documents.c.outlet, size).join(statements, statements.c.document == documents.c.number)
    quoting = quoting.where(statements.c.speaker == entity, documents.c.outlet.is_not(None)).group_by(
        documents.c.outlet
    )
    days = select(statements.c.published).where(statements.c.speaker == entity, statements.c.published.is_not(None))
    return (
        {row[0]: row[1] for row in bind.execute(others)},
        {row[0]: row[1] for row in bind.execute(quoting.order_by(size.desc()).limit(_SHOWN))},
        bind.execute(days.limit(1)).first() is not None,
    )
