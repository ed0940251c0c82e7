"""Articles on their way into the tables of a ledger, within one transaction. What only asks a ledger does not load this module."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, delete, func, insert, select, update

from musnad.ledger import copies, corrections, entities, numbering
from musnad.ledger.across import groups
from musnad.ledger.rows import EventRow, Prepared, seal_of
from musnad.ledger.tables import documents, events, participants, sources, statements

if TYPE_CHECKING:
    from musnad.ledger.store import Ledger

_PLAIN_EVENT = tuple(name for name in EventRow.__struct_fields__ if name != "parties")
_PLAIN = ("id", "kind", "stance", "content", "words", "cue", "parties", "within", "confidence")


def write(ledger: Ledger, bind: Connection, articles: list[Prepared]) -> None:
    """Store articles in the place of those that bear the same ids."""
    held = _numbers(bind, [article.document["id"] for article in articles])
    first = numbering.give(bind, sum(len(article.statements) for article in articles))  # before any is forgotten
    _forget(ledger, bind, list(held.values()))
    unsettled = copies.release(bind, ledger.terms, list(held.values()))
    number = (bind.scalar(select(func.max(documents.c.number))) or 0) + 1
    for article in articles:
        if article.document["id"] not in held:
            held[article.document["id"]] = number
            number += 1
    rows = [{"number": held[a.document["id"]], "copy_of": None, **a.document} for a in articles]
    there = set(_numbers(bind, list(held)))
    new = [row for row in rows if row["id"] not in there]
    if new:
        bind.execute(insert(documents), new)
    for row in rows:
        if row["id"] in there:
            bind.execute(update(documents).where(documents.c.number == row["number"]).values(row))
    parties = [party for a in articles for s in a.statements for party in (s.speaker, *s.sources)]
    parties += [party for a in articles for event in a.events for _, party in event.parties]
    known = entities.number_entities(bind, parties)
    _write_statements(ledger, bind, articles, held, first, *known)
    _write_events(bind, articles, held, *known)
    copies.settle(bind, ledger.terms, unsettled | {held[a.document["id"]]: a.bands for a in articles})
    for name in there:  # read anew: what people put right still holds
        corrections.apply_to(ledger, bind, name)


def _write_statements(
    ledger: Ledger, bind: Connection, articles: list[Prepared], held: dict[str, int], number: int,
    read_as: dict[str, int], speaks_as: dict[str, int],
) -> None:  # fmt: skip
    rows: list[dict[str, Any]] = []
    lines: list[tuple[int, str]] = []
    links: list[dict[str, int]] = []
    for article in articles:
        for statement in article.statements:
            key = statement.speaker.key
            rows.append({
                "number": number, "document": held[article.document["id"]], "speaker": speaks_as[key],
                "read_as": read_as[key], "published": article.document["published"],
                "seal": seal_of(statement), **{name: getattr(statement, name) for name in _PLAIN},
            })  # fmt: skip
            lines.append((number, statement.line))
            links += [
                {
                    "statement": number,
                    "position": at,
                    "entity": speaks_as[source.key],
                    "read_as": read_as[source.key],
                }
                for at, source in enumerate(statement.sources)
            ]
            number += 1
    if rows:
        bind.execute(insert(statements), rows)
        ledger.index.add(bind, lines)
    if links:
        bind.execute(insert(sources), links)


def _write_events(
    bind: Connection, articles: list[Prepared], held: dict[str, int],
    read_as: dict[str, int], acts_as: dict[str, int],
) -> None:  # fmt: skip
    first = (bind.scalar(select(func.max(events.c.number))) or 0) + 1
    told = [(article, event) for article in articles for event in article.events]
    rows = [
        {
            "number": number,
            "document": held[article.document["id"]],
            "seal": seal_of(event),
            **{name: getattr(event, name) for name in _PLAIN_EVENT},
        }
        for number, (article, event) in enumerate(told, first)
    ]
    taking_part = [
        {"event": number, "position": at, "side": side, "entity": acts_as[party.key], "read_as": read_as[party.key]}
        for number, (_, event) in enumerate(told, first)
        for at, (side, party) in enumerate(event.parties)
    ]
    if rows:
        bind.execute(insert(events), rows)
    if taking_part:
        bind.execute(insert(participants), taking_part)


def _numbers(bind: Connection, names: list[str]) -> dict[str, int]:
    query = select(documents.c.id, documents.c.number).where(documents.c.id.in_(names))
    return {row.id: row.number for row in bind.execute(query)}


def _forget(ledger: Ledger, bind: Connection, numbers: list[int]) -> None:
    """Take the statements of articles out, from the index as well."""
    if not numbers:
        return
    groups.forget(bind, numbers)
    old = select(statements.c.number, statements.c.words).where(statements.c.document.in_(numbers))
    ledger.index.remove(bind, [(row.number, ledger.terms.line(row.words)) for row in bind.execute(old)])
    bind.execute(delete(statements).where(statements.c.document.in_(numbers)))
    bind.execute(delete(events).where(events.c.document.in_(numbers)))
