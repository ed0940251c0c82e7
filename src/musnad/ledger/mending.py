"""The rows of one statement or event as a person wants them: changed in place, put in, taken out, with all that hangs on them.

What belongs to others across articles is linked anew: a statement in other words, or by somebody else, may report another saying.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NamedTuple

from msgspec.structs import replace
from sqlalchemy import Connection, Table, delete, func, insert, select, update

from musnad.ledger import entities, numbering
from musnad.ledger.across.groups import leave
from musnad.ledger.across.linking import link_again
from musnad.ledger.rows import event_dict, event_row, seal_of, statement_dict, statement_row
from musnad.ledger.tables import events, happening_keys, participants, sources, statements

if TYPE_CHECKING:
    from musnad.ledger.store import Ledger


class RowKind(NamedTuple):
    """A kind of row that can be put right: its table, the key of its evidence in the record, its letter, the groups that it is in."""

    table: Table
    evidence: str
    letter: str
    group: str
    plain: Callable[[Any], dict[str, Any]]


PARTS = {
    "statement": RowKind(statements, "content", "s", "utterance", statement_dict),
    "event": RowKind(events, "triggers", "e", "happening", event_dict),
}


class Mended(NamedTuple):
    """What is to stand in place of a row: the plain dict of the record format or nothing, how it came about, and its anchor."""

    value: dict[str, Any] | None
    corrected: str | None
    anchor: str | None


def put(ledger: Ledger, bind: Connection, document: Any, part: str, number: int | None, state: Mended) -> None:
    """Let a row be as it should: `number` is that of the row as it is now, None where there is none."""
    table, plain = PARTS[part].table, PARTS[part].plain
    old = bind.execute(select(table).where(table.c.number == number)).one() if number is not None else None
    if state.value is None:
        if old is not None:
            _clear(ledger, bind, part, old)
            numbering.give(bind, 0)  # what is taken out leaves its number to nobody
            bind.execute(delete(table).where(table.c.number == number))
        return
    marks: dict[str, Any] = {"corrected": state.corrected, "anchor": state.anchor}
    name = old.id if old is not None else _free(bind, document, part, state.value["id"])
    value = {**state.value, "id": name}
    write = _put_statement if part == "statement" else _put_event
    if old is not None and {**plain(old), "confidence": value["confidence"]} == value:  # nothing but how sure it is
        row = _row(ledger, document, part, value)
        marks |= {"confidence": row.confidence, "seal": seal_of(row)}
        bind.execute(update(table).where(table.c.number == number).values(marks))
        return
    if old is not None:
        _clear(ledger, bind, part, old)
    write(ledger, bind, document, number, _row(ledger, document, part, value), marks)


def _row(ledger: Ledger, document: Any, part: str, value: dict[str, Any]) -> Any:
    make = statement_row if part == "statement" else event_row
    row = make(document.text, value, ledger.terms)
    return replace(row, confidence=float(row.confidence))


def _clear(ledger: Ledger, bind: Connection, part: str, old: Any) -> None:
    """Take away what hangs on a row: its words in the index, those who take part, its place in a group."""
    leave(bind, PARTS[part].group, old.number)
    if part == "event":
        bind.execute(delete(participants).where(participants.c.event == old.number))
        bind.execute(delete(happening_keys).where(happening_keys.c.event == old.number))
    else:
        ledger.index.remove(bind, [(old.number, ledger.terms.line(old.words))])
        bind.execute(delete(sources).where(sources.c.statement == old.number))


def _put_statement(
    ledger: Ledger, bind: Connection, document: Any, number: int | None, row: Any, marks: dict[str, Any]
) -> None:
    read_as, speaks_as = entities.number_entities(bind, [row.speaker, *row.sources])
    who = {"speaker": speaks_as[row.speaker.key], "read_as": read_as[row.speaker.key]}
    columns = _columns(row, ("sources", "line")) | who | marks | {"published": document.published}
    number = _write(bind, statements, document, number, columns)
    ledger.index.add(bind, [(number, row.line)])
    told = [
        {"statement": number, "position": at, "entity": speaks_as[source.key], "read_as": read_as[source.key]}
        for at, source in enumerate(row.sources)
    ]
    if told:
        bind.execute(insert(sources), told)
    link_again(ledger, bind, document, statements=[number])


def _put_event(
    ledger: Ledger, bind: Connection, document: Any, number: int | None, row: Any, marks: dict[str, Any]
) -> None:
    read_as, acts_as = entities.number_entities(bind, [party for _, party in row.parties])
    number = _write(bind, events, document, number, _columns(row, ("parties",)) | marks)
    taking_part = [
        {"event": number, "position": at, "side": side, "entity": acts_as[party.key], "read_as": read_as[party.key]}
        for at, (side, party) in enumerate(row.parties)
    ]
    if taking_part:
        bind.execute(insert(participants), taking_part)
    link_again(ledger, bind, document, events=[number])


def _columns(row: Any, others: tuple[str, ...]) -> dict[str, Any]:
    """The cells of a row, but for what stands in other tables, with its seal."""
    return {name: getattr(row, name) for name in row.__struct_fields__ if name not in others} | {"seal": seal_of(row)}


def _write(bind: Connection, table: Table, document: Any, number: int | None, columns: dict[str, Any]) -> int:
    if number is not None:
        bind.execute(update(table).where(table.c.number == number).values(columns))
        return number
    number = (
        numbering.give(bind, 1) if table is statements else (bind.scalar(select(func.max(table.c.number))) or 0) + 1
    )
    bind.execute(insert(table), {"number": number, "document": document.number, **columns})
    return number


def _free(bind: Connection, document: Any, part: str, wanted: str) -> str:
    """The id that a row had, or the next one that no other bears."""
    table, letter = PARTS[part].table, PARTS[part].letter
    taken = set(bind.scalars(select(table.c.id).where(table.c.document == document.number)))
    if wanted and wanted not in taken:
        return wanted
    numbers = [int(name[1:]) for name in taken if name[1:].isdecimal()]
    return f"{letter}{max(numbers, default=0) + 1}"
