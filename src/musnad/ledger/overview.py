"""What is in a ledger, at a glance, and what came into it after a given row."""

from __future__ import annotations

import msgspec
from sqlalchemy import ColumnElement, Connection, func, select

from musnad.ledger.across.views import headline
from musnad.ledger.numbering import last_given
from musnad.ledger.tables import corrections, documents, events, statements


class Mark(msgspec.Struct, frozen=True):
    """How far a ledger had come: the numbers of its last article and of its last statement."""

    article: int
    statement: int


class Overview(msgspec.Struct, frozen=True, kw_only=True):
    """How much a ledger holds, of which days (YYYY-MM-DD, of publication), and how far it has come."""

    articles: int
    outlets: int
    statements: int
    events: int
    corrections: int
    first_day: str | None
    last_day: str | None
    mark: Mark


class New(msgspec.Struct, frozen=True, kw_only=True):
    """Articles that are new: how many, with how many statements, and the newest of them (id, title, outlet, day)."""

    articles: int
    statements: int
    newest: list[tuple[str, str, str | None, str | None]]


def overview(bind: Connection) -> Overview:
    """Return what a ledger holds."""
    days = bind.execute(select(func.min(documents.c.published), func.max(documents.c.published))).one()
    mark = Mark(bind.scalar(select(func.max(documents.c.number))) or 0, last_given(bind))
    sizes = [bind.scalar(select(func.count()).select_from(table)) or 0 for table in (documents, statements, events)]
    mended = select(func.count()).select_from(corrections).where(corrections.c.undone.is_(None))
    return Overview(
        articles=sizes[0], statements=sizes[1], events=sizes[2], first_day=days[0], last_day=days[1], mark=mark,
        outlets=bind.scalar(select(func.count(func.distinct(documents.c.outlet)))) or 0, corrections=bind.scalar(mended) or 0,
    )  # fmt: skip


def new_after(bind: Connection, mark: Mark, limit: int) -> New:
    """Return what came in after a mark."""
    arrived = documents.c.number > mark.article
    said = select(func.count()).select_from(statements).where(statements.c.number > mark.statement)
    return _new(bind, arrived, bind.scalar(said) or 0, limit)


def new_of_day(bind: Connection, day: str, limit: int) -> New:
    """Return what was published on a day."""
    said = select(func.count()).select_from(statements)
    said = said.join(documents, documents.c.number == statements.c.document).where(documents.c.published == day)
    return _new(bind, documents.c.published == day, bind.scalar(said) or 0, limit)


def _new(bind: Connection, chosen: ColumnElement[bool], said: int, limit: int) -> New:
    size = bind.scalar(select(func.count()).select_from(documents).where(chosen)) or 0
    start = func.substr(documents.c.text, 1, 200).label("text")
    query = select(documents.c.id, documents.c.title, documents.c.outlet, documents.c.published, start).where(chosen)
    rows = bind.execute(query.order_by(documents.c.number.desc()).limit(limit))
    newest = [(row.id, row.title or headline(row.text), row.outlet, row.published) for row in rows]
    return New(articles=size, statements=said, newest=newest)
