"""Outlets: how much each carries, and whom it relays."""

from __future__ import annotations

import msgspec
from sqlalchemy import Connection, func, select

from musnad.ledger.tables import documents, entities, sources, statements

_RELAYED = 8


class Outlet(msgspec.Struct, frozen=True, kw_only=True):
    """An outlet with its articles, how many of them are copies, its days, and how often it reports on whose word."""

    name: str
    articles: int
    copies: int
    first_day: str | None
    last_day: str | None
    relays: dict[str, int]


def outlets(bind: Connection, limit: int) -> list[Outlet]:
    """Return the outlets with most articles."""
    size = func.count()
    query = select(
        documents.c.outlet, size, func.count(documents.c.copy_of), func.min(documents.c.published), func.max(documents.c.published)
    ).where(documents.c.outlet.is_not(None))  # fmt: skip
    rows = bind.execute(query.group_by(documents.c.outlet).order_by(size.desc(), documents.c.outlet).limit(limit)).all()
    relays = _relays(bind)
    return [
        Outlet(name=name, articles=articles, copies=copies, first_day=first, last_day=last, relays=relays.get(name, {}))
        for name, articles, copies, first, last in rows
    ]


def _relays(bind: Connection) -> dict[str, dict[str, int]]:
    """On whose word each outlet reports most often, and how often."""
    size = func.count()
    query = select(documents.c.outlet, entities.c.name, size).join_from(
        sources, entities, sources.c.entity == entities.c.number
    )
    query = query.join(statements, statements.c.number == sources.c.statement)
    query = query.join(documents, documents.c.number == statements.c.document).where(documents.c.outlet.is_not(None))
    query = query.where(~entities.c.described).group_by(documents.c.outlet, entities.c.number, entities.c.name)
    found: dict[str, dict[str, int]] = {}
    for outlet, name, count in bind.execute(query.order_by(size.desc(), entities.c.name)):
        relayed = found.setdefault(outlet, {})
        if len(relayed) < _RELAYED:
            relayed[name] = count
    return found
