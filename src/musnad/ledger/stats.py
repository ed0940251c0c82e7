"""What a ledger holds, in figures."""

from __future__ import annotations

from collections import Counter
from typing import Any

import msgspec
from sqlalchemy import Select, func, select

from musnad.ledger.database import Database
from musnad.ledger.rows import statement_dict
from musnad.ledger.tables import documents, entities, sources, statements


class Statistic(msgspec.Struct, frozen=True):
    """One line of a count."""

    label: str
    count: int


def figures(database: Database, limit: int) -> dict[str, list[Statistic]]:
    """Return the counts by what is counted, the largest first; days in their order."""
    number = func.count().label("count")
    named = select(entities.c.name, number).where(~entities.c.described)  # «الوزير» is somebody else in every article
    speakers = named.join(statements, statements.c.speaker == entities.c.number)
    told = named.join(sources, sources.c.entity == entities.c.number)
    copies = select(documents.c.outlet, number).where(documents.c.copy_of.is_not(None))
    asked: dict[str, Select[Any]] = {
        "speakers": speakers.group_by(entities.c.number, entities.c.name),
        "outlets": select(documents.c.outlet, number).group_by(documents.c.outlet),
        "stances": select(statements.c.stance, number).group_by(statements.c.stance),
        "kinds": select(statements.c.kind, number).group_by(statements.c.kind),
        "sources": told.group_by(entities.c.number, entities.c.name),
        "copies": copies.group_by(documents.c.outlet),
    }
    with database.read() as bind:
        found = {
            name: [
                Statistic(row[0] or "—", row[1])
                for row in bind.execute(query.order_by(number.desc(), query.selected_columns[0]).limit(limit))
            ]
            for name, query in asked.items()
        }
        days = select(documents.c.published, number).where(documents.c.published.is_not(None))
        days = days.group_by(documents.c.published).order_by(documents.c.published)
        found["days"] = [Statistic(row[0], row[1]) for row in bind.execute(days)]
    return found


def stances_over_time(database: Database, speakers: list[int]) -> dict[str, dict[str, int]]:
    """Return how many statements of some entities there are, by stance and day of publication."""
    number = func.count()
    query = select(statements.c.stance, statements.c.published, number).where(
        statements.c.speaker.in_(speakers), statements.c.published.is_not(None)
    )
    found: dict[str, dict[str, int]] = {}
    with database.read() as bind:
        for stance, day, count in bind.execute(query.group_by(statements.c.stance, statements.c.published)):
            found.setdefault(stance, {})[day] = count
    return dict(sorted(found.items(), key=lambda pair: -sum(pair[1].values())))


def titles(database: Database, entity: int, limit: int = 5) -> list[Statistic]:
    """Return the forms under which somebody is named beside a cue, the commonest first: titles, parts of the name."""
    query = select(statements, documents.c.text).join(documents, statements.c.document == documents.c.number)
    forms: Counter[str] = Counter()
    with database.read() as bind:
        for row in bind.execute(query.where(statements.c.speaker == entity).order_by(statements.c.number).limit(2000)):
            span = statement_dict(row)["speaker"].get("span")
            if span:
                forms[row.text[span[0] : span[1]]] += 1
    return [Statistic(form, count) for form, count in forms.most_common(limit)]
