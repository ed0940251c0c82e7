"""What people put right in a reading. A correction is kept beside the reading and wins over it.

It belongs to the article's id and to the characters of the statement, so it holds after a new reading of
the same text; `reading` keeps the statement as it was read.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec
from msgspec.structs import replace
from sqlalchemy import Connection, delete, insert, select, update

from musnad.errors import LedgerError, MissingError, RecordError
from musnad.ledger import entities as people
from musnad.ledger.rows import decoded, record_dict, seal_of, statement_dict, statement_row
from musnad.ledger.tables import corrections, documents, sources, statements
from musnad.record import Record

if TYPE_CHECKING:
    from musnad.ledger.store import Ledger


class Correction(NamedTuple):
    """One correction: the statement as read and as it should be, both as plain dicts; None where it is no statement."""

    document: str
    reading: dict[str, Any] | None
    value: dict[str, Any] | None
    made: str


def correct(ledger: Ledger, article: str, statement: str, changes: dict[str, Any] | None) -> None:
    """Put a statement right: `changes` are keys of the record format; None takes the statement out.

    Raises `LedgerError` where there is no such statement or the result is none: a span outside the text, an unknown stance.
    """
    with ledger.database.write() as bind:
        document = bind.execute(select(documents).where(documents.c.id == article)).one_or_none()
        row = None
        if document is not None:
            query = select(statements).where(statements.c.document == document.number, statements.c.id == statement)
            row = bind.execute(query).one_or_none()
        if document is None or row is None:
            raise MissingError(f"{article} {statement}: no such statement; `musnad show {article}` lists them")
        reading = statement_dict(row)
        value = None if changes is None else {**reading, **changes}
        if value is not None:
            _check(document, value)
        _keep(bind, article, reading, value)
        _apply(ledger, bind, document, row.number, value)


def apply_to(ledger: Ledger, bind: Connection, article: str) -> None:
    """Let the corrections of an article win over a new reading of it."""
    kept = list(
        bind.execute(select(corrections).where(corrections.c.document == article).order_by(corrections.c.number))
    )
    if not kept:
        return
    document = bind.execute(select(documents).where(documents.c.id == article)).one()
    for correction in kept:
        same = select(statements.c.number).where(
            statements.c.document == document.number, statements.c.content == correction.content
        )
        for number in bind.scalars(same).all():
            _apply(ledger, bind, document, number, decoded(correction, "value")["value"])


def listed(ledger: Ledger) -> Iterator[Correction]:
    """Yield all corrections, in the order in which they were made."""
    with ledger.database.read() as bind:
        for row in bind.execute(select(corrections).order_by(corrections.c.number)):
            both = decoded(row, "value")
            yield Correction(row.document, both["reading"], both["value"], row.made)


def gold_lines(ledger: Ledger) -> Iterator[dict[str, Any]]:
    """Yield the corrected articles as lines of the annotation format, for training and `musnad eval`."""
    with ledger.database.read() as bind:
        touched = list(bind.scalars(select(corrections.c.document).distinct().order_by(corrections.c.document)))
    for article in touched:
        record = ledger.document(article)
        if record is None:
            continue
        plain = record.to_dict()
        for statement in plain["statements"]:
            for party in (statement["speaker"], statement["addressee"], *statement["sources"]):
                if party is not None:
                    party["also"] = []
                    party.pop("entity", None)
            for key in ("id", "within", "confidence"):
                statement.pop(key, None)
        yield {key: plain[key] for key in ("id", "title", "text", "published", "outlet", "statements")} | {"events": []}


def take_gold(ledger: Ledger, rows: Iterator[dict[str, Any]]) -> int:
    """Take annotated articles: where their statements differ from the reading, the annotation becomes the correction."""
    taken = 0
    for row in rows:
        record = ledger.document(str(row.get("id")))
        if record is None or record.text != row.get("text"):
            raise LedgerError(
                f"{row.get('id')}: the ledger does not hold this article with these words; ingest it first"
            )
        wanted = {msgspec.json.encode(s["content"]): s for s in row.get("statements", ())}
        for statement in record.to_dict()["statements"]:
            gold = wanted.get(msgspec.json.encode(statement["content"]))
            changes = None if gold is None else _changes(statement, gold)
            if changes is None or changes:
                correct(ledger, record.id, statement["id"], changes)
                taken += 1
    return taken


def _changes(statement: dict[str, Any], gold: dict[str, Any]) -> dict[str, Any]:
    """The keys in which an annotation says something else than the reading."""
    found: dict[str, Any] = {
        key: gold[key] for key in ("kind", "stance", "cue") if key in gold and gold[key] != statement[key]
    }
    for key in ("speaker", "addressee"):
        mine, theirs = statement[key], gold.get(key)
        if (mine and mine["name"]) != (theirs and theirs["name"]):
            found[key] = (
                None if theirs is None else {"name": theirs["name"], "span": theirs.get("span"), "entity": None}
            )
    return found


def _check(document: Any, value: dict[str, Any]) -> None:
    plain = record_dict(document, [], []) | {"statements": [value]}
    try:
        Record.from_dict(plain)
    except RecordError as error:
        raise LedgerError(f"{document.id} {value['id']}: the correction is no statement ({error})") from None


def _keep(bind: Connection, article: str, reading: dict[str, Any], value: dict[str, Any] | None) -> None:
    content = msgspec.json.encode(reading["content"]).decode()
    old = bind.execute(
        select(corrections).where(corrections.c.document == article, corrections.c.content == content)
    ).one_or_none()
    if old is not None:  # corrected again: the first reading stays
        reading = decoded(old, "value")["reading"]
        bind.execute(delete(corrections).where(corrections.c.number == old.number))
    made = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S")
    both = msgspec.json.encode({"reading": reading, "value": value}).decode()
    bind.execute(insert(corrections), {"document": article, "content": content, "value": both, "made": made})


def _apply(ledger: Ledger, bind: Connection, document: Any, number: int, value: dict[str, Any] | None) -> None:
    old = bind.execute(select(statements).where(statements.c.number == number)).one()
    ledger.index.remove(bind, [(number, ledger.terms.line(old.words))])
    bind.execute(delete(sources).where(sources.c.statement == number))
    if value is None:
        bind.execute(delete(statements).where(statements.c.number == number))
        return
    row = statement_row(document.text, value, ledger.terms)
    read_as, speaks_as = people.number_entities(bind, [row.speaker, *row.sources])
    bind.execute(
        update(statements).where(statements.c.number == number).values(
            kind=row.kind, stance=row.stance, content=row.content, words=row.words, cue=row.cue, parties=row.parties,
            speaker=speaks_as[row.speaker.key], read_as=read_as[row.speaker.key],
            seal=seal_of(replace(row, id=old.id, within=old.within, confidence=old.confidence)),
        )
    )  # fmt: skip
    ledger.index.add(bind, [(number, row.line)])
    if row.sources:
        bind.execute(
            insert(sources),
            [
                {"statement": number, "position": at, "entity": speaks_as[s.key], "read_as": read_as[s.key]}
                for at, s in enumerate(row.sources)
            ],
        )
