"""From a record to the rows of a ledger and back. Pure functions: workers run them beside the reading."""

from __future__ import annotations

import hashlib
import zlib
from typing import Any

import msgspec

from musnad.errors import UnavailableError
from musnad.ledger.days import day_number
from musnad.ledger.terms import Terms
from musnad.names.cases import in_no_case
from musnad.names.descriptions import is_description
from musnad.names.forms import canonical, name_words
from musnad.names.knowledge import shared
from musnad.names.titles import without_title
from musnad.record import Record

_EVENT_SPANS = ("triggers", "actors", "recipients", "date", "place")
_FIELDS = ("title", "outlet", "url", "published")
_REST = ("mentions", "notes")


_STATEMENT = ("id", "kind", "stance", "content", "words", "cue", "parties", "within")
_EVENT = ("id", "type", "mode", "status", "words", "first_day", "last_day", "place", "said_in", "spans")


class EntityRow(msgspec.Struct, frozen=True):
    """A party as the ledger knows it: `key` is its identifier, or the folded words of its name.

    `described`: the words name nobody, they denote somebody else in every article.
    """

    key: str
    name: str
    identifier: str | None
    words: str
    described: bool


class StatementRow(msgspec.Struct, frozen=True):
    """One statement ready to be stored; `line` holds its terms, the entities are keys."""

    id: str
    kind: str
    stance: str
    speaker: EntityRow
    sources: tuple[EntityRow, ...]
    content: str
    words: str
    cue: str | None
    parties: str
    within: str | None
    confidence: float
    line: str


class EventRow(msgspec.Struct, frozen=True):
    """One event ready to be stored; the parties are (side, entity)."""

    id: str
    type: str
    mode: str | None
    status: str
    words: str
    first_day: str | None
    last_day: str | None
    place: str | None
    said_in: str | None
    confidence: float
    spans: str
    parties: tuple[tuple[str, EntityRow], ...]


class Prepared(msgspec.Struct, frozen=True):
    """One article ready to be stored; `bands` are the keys under which it meets its copies."""

    document: dict[str, Any]
    bands: tuple[int, ...]
    statements: tuple[StatementRow, ...]
    events: tuple[EventRow, ...]


def hash_of(document: Any) -> str:
    """Return 32 hex digits over all that an article (or its row) brought: equal means that nothing has changed."""
    whole = msgspec.json.encode([document.id, document.text, *(getattr(document, name) for name in _FIELDS)])
    return hashlib.sha256(whole).hexdigest()[:32]


def seal_of(row: Any) -> int:
    """Return the CRC-32 of what was read of a statement or an event, given as its row: kept beside it, it tells damage."""
    columns = _EVENT if hasattr(row, "spans") else _STATEMENT
    return zlib.crc32(msgspec.json.encode([float(row.confidence), *(getattr(row, name) for name in columns)]))


def damaged(row: Any, what: str) -> UnavailableError:
    """The error of a row of the ledger that is not as it was written; names the article."""
    part, document = getattr(row, "id", None), getattr(row, "document", None)
    article = getattr(row, "article", None) or (part if document is None else document)
    where = f"article {article}" if part in {None, article} else f"article {article}, {part}"
    return UnavailableError(
        f"{where}: {what}; the ledger is damaged: `musnad verify` names all that is, restore a copy"
    )


def decoded(row: Any, name: str, kind: type = dict) -> Any:
    """Return what a cell of JSON holds, an object unless `kind` says otherwise. Raises `UnavailableError` where it is none."""
    try:
        return msgspec.json.decode(getattr(row, name), type=kind)
    except (msgspec.MsgspecError, TypeError, ValueError, RecursionError):
        raise damaged(row, f"{name} cannot be read") from None


def entity_of(name: str, identifier: str | None, terms: Terms) -> EntityRow:
    """The row of a party. What stands for a country (واشنطن، البيت الأبيض) is that country under its own name; a known person
    has one name under every spelling (ترمب، ترامب), and so has a body (رويترز، وكالة رويترز); people told by what they are have one in
    every case (المتظاهرون، المتظاهرين)."""
    if identifier is None and (bare := without_title(name, terms.lexicon)) != name:
        name, identifier = bare, shared().actor(bare)
    name = shared().name(identifier or "") or shared().usual(name) or in_no_case(name, terms.lexicon)
    words = " ".join(name_words(name))
    described = identifier is None and is_description(name, terms.lexicon)
    return EntityRow(identifier or "name:" + canonical(words), name, identifier, f" {words} ", described)


def prepare(record: Record, terms: Terms) -> Prepared:
    """Return the rows of a record."""
    from musnad.ledger.copies import bands  # numpy: who only asks does not wait for it

    whole = record.to_dict()
    rest = zlib.compress(msgspec.json.encode({name: whole[name] for name in _REST}), 6)
    document = {
        "id": record.id,
        "hash": hash_of(record),
        "text": record.text,
        "rest": rest,
    }
    document |= {name: getattr(record, name) for name in _FIELDS}
    rows = tuple(statement_row(record.text, statement, terms) for statement in whole["statements"])
    events = tuple(event_row(record.text, event, terms) for event in whole["events"])
    return Prepared(document, bands(record.text, terms), rows, events)


def statement_row(text: str, statement: dict[str, Any], terms: Terms) -> StatementRow:
    """Return the row of one statement, given as the plain dict of the record format."""
    words = " … ".join(text[start:end] for start, end in statement["content"])
    speaker, cue = statement["speaker"], statement.get("cue")
    parties = {name: statement.get(name) for name in ("cue", "speaker", "addressee", "sources")}
    return StatementRow(
        id=statement["id"], kind=statement["kind"], stance=statement["stance"],
        speaker=entity_of(speaker["name"], speaker.get("entity"), terms),
        sources=tuple(
            entity_of(source["name"], source.get("entity"), terms) for source in statement.get("sources") or ()
        ),
        content=_json(statement["content"]), words=words, cue=text[slice(*cue)] if cue else None,
        parties=_json(parties), within=statement.get("within"), confidence=statement.get("confidence", 1.0),
        line=terms.line(words),
    )  # fmt: skip


def event_row(text: str, event: dict[str, Any], terms: Terms) -> EventRow:
    """Return the row of one event, given as the plain dict of the record format."""
    date, place = event["date"], event["place"]
    return EventRow(
        id=event["id"], type=event["type"], mode=event["mode"], status=event["status"],
        words=" … ".join(text[start:end] for start, end in event["triggers"]),
        first_day=date and date["start"], last_day=date and date["end"],
        place=place and f" {' '.join(name_words(place['name']))} ", said_in=event["said_in"],
        confidence=event.get("confidence", 1.0), spans=_json({name: event[name] for name in _EVENT_SPANS}),
        parties=tuple(
            (side, entity_of(party["name"], party["entity"], terms))
            for side, parties in (("actor", event["actors"]), ("recipient", event["recipients"]))
            for party in parties
        ),
    )  # fmt: skip


def event_dict(row: Any) -> dict[str, Any]:
    """Return the plain dict of the record format from a row of the table of events. Raises `UnavailableError` on damage."""
    spans: dict[str, Any] = decoded(_intact(row), "spans")
    return {name: getattr(row, name) for name in ("id", "type", "mode", "status", "said_in", "confidence")} | spans


def statement_dict(row: Any) -> dict[str, Any]:
    """Return the plain dict of the record format from a row of the table of statements. Raises `UnavailableError` on damage."""
    parties: dict[str, Any] = decoded(_intact(row), "parties")
    plain = {"id": row.id, "kind": row.kind, "stance": row.stance, "content": decoded(row, "content", list)}
    return plain | parties | {"within": row.within, "confidence": row.confidence}


def record_dict(document: Any, statements: list[Any], events: list[Any]) -> dict[str, Any]:
    """Return the plain dict of a record from its rows; `Record.from_dict` checks it against its text.

    A day of publication that is none, as older versions took in, is left out.
    """
    plain: dict[str, Any] = {name: getattr(document, name) for name in ("id", "text", *_FIELDS)}
    plain["published"] = plain["published"] if day_number(plain["published"]) else None
    said, told = [statement_dict(row) for row in statements], [event_dict(row) for row in events]
    there = {statement["id"] for statement in said}
    for one, key in [*((statement, "within") for statement in said), *((event, "said_in") for event in told)]:
        if one[key] not in there:  # somebody took the outer statement out
            one[key] = None
    return plain | rest_of(document) | {"statements": said, "events": told}


def rest_of(document: Any) -> dict[str, Any]:
    """The mentions and notes of an article, from its row. Raises `UnavailableError` on damage."""
    try:
        return msgspec.json.decode(zlib.decompress(document.rest), type=dict)
    except (zlib.error, msgspec.MsgspecError, TypeError, ValueError, MemoryError):
        raise damaged(document, "mentions and notes cannot be read") from None


def _intact(row: Any) -> Any:
    if row.seal is not None and row.seal != seal_of(row):
        raise damaged(row, "it is not as it was written")
    return row


def _json(value: Any) -> str:
    return msgspec.json.encode(value).decode()
