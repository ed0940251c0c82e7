"""Statements, events and mentions as tables of Arrow, pandas or polars: a row for each, with the columns named below.

The columns of statements are those of `export --format csv`. Days are text, YYYY-MM-DD; several names stand in one cell, parted
by «؛».
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from importlib import import_module
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, get_args

import msgspec

from musnad.errors import LedgerError
from musnad.ledger.events import EventFilters
from musnad.ledger.flat import COLUMNS as STATEMENTS
from musnad.ledger.flat import statement_rows
from musnad.ledger.search import Filters
from musnad.record import Record

if TYPE_CHECKING:
    from musnad.ledger.store import Ledger

Backend = Literal["pyarrow", "pandas", "polars"]
EVENTS = (
    "article", "event", "published", "outlet", "type", "mode", "status", "words", "actors", "actor_entities", "recipients",
    "recipient_entities", "first_day", "last_day", "place", "place_entity", "said_in", "confidence",
)  # fmt: skip
MENTIONS = ("article", "kind", "text", "name", "entity", "start", "end")
_NUMBERS = {"confidence": float, "start": int, "end": int}  # the columns that are no text
_PACKAGES = {"pyarrow": "'musnad[parquet]'", "pandas": "pandas", "polars": "polars"}
_EVERY = 10_000_000


class Frames(NamedTuple):
    """What was read in some articles, as three tables."""

    statements: Any
    events: Any
    mentions: Any


def frames_of(records: Sequence[Record], backend: Backend = "pyarrow") -> Frames:
    """Return what was read in some articles as tables. Raises `LedgerError` where the library is not installed."""
    return Frames(
        frame(STATEMENTS, statement_rows(records), backend),
        frame(EVENTS, (row for record in records for row in _events_of(record)), backend),
        frame(MENTIONS, (row for record in records for row in _mentions_of(record)), backend),
    )


def statements_frame(ledger: Ledger, query: str | None, filters: Filters, backend: Backend, limit: int | None) -> Any:
    """Return the statements of a ledger that a search and filters choose."""
    return frame(STATEMENTS, statement_rows(chosen(ledger, query, filters, limit)), backend)


def events_frame(ledger: Ledger, filters: EventFilters, backend: Backend, limit: int | None) -> Any:
    """Return the events of a ledger that filters choose."""
    hits = ledger.events(filters, limit=_EVERY if limit is None else limit)
    rows = (_event_row(hit.article, hit.published, hit.outlet, hit.words, hit.event) for hit in hits)
    return frame(EVENTS, rows, backend)


def frame(columns: Sequence[str], rows: Iterable[dict[str, Any]], backend: Backend) -> Any:
    """Return rows as a table of a library."""
    if backend not in get_args(Backend):
        raise LedgerError(f"backend {backend!r}: there are {', '.join(get_args(Backend))}")
    try:
        library = import_module(backend)
    except ImportError:
        raise LedgerError(f"tables of {backend} need it; pip install {_PACKAGES[backend]}") from None
    made = list(rows)
    if backend == "pyarrow":
        types = {float: library.float64(), int: library.int32(), str: library.string()}
        schema = library.schema([(name, types[_NUMBERS.get(name, str)]) for name in columns])
        return library.Table.from_pylist(made, schema)
    if backend == "polars":
        return library.DataFrame(made, schema={name: _NUMBERS.get(name, str) for name in columns})
    return library.DataFrame(made, columns=list(columns)).astype(
        {name: _NUMBERS[name] for name in columns if name in _NUMBERS}
    )


def chosen(
    ledger: Ledger, query: str | None = None, filters: Filters | None = None, limit: int | None = None
) -> Iterator[Record]:
    """Yield the articles of a ledger with those of their statements that a search and filters choose; without, all as they are."""
    filters = filters or Filters()
    if query is None and filters == Filters() and limit is None:
        yield from ledger.records()
        return
    most = _EVERY if limit is None else limit
    hits = ledger.statements(filters, limit=most) if query is None else ledger.search(query, filters, limit=most)
    wanted: dict[str, set[str]] = {}
    for hit in hits:
        wanted.setdefault(hit.article, set()).add(hit.statement["id"])
    for article, kept in wanted.items():
        record = ledger.document(article)
        if record is not None:
            yield msgspec.structs.replace(record, statements=tuple(s for s in record.statements if s.id in kept))


def _events_of(record: Record) -> Iterator[dict[str, Any]]:
    events = record.to_dict()["events"]
    for event, told in zip(events, record.events, strict=True):
        words = " … ".join(span.text for span in told.triggers)
        yield _event_row(record.id, record.published, record.outlet, words, event)


def _event_row(
    article: str, published: str | None, outlet: str | None, words: str, event: dict[str, Any]
) -> dict[str, Any]:
    days, place = event["date"] or {}, event["place"] or {}
    return {
        "article": article, "event": event["id"], "published": published, "outlet": outlet, "type": event["type"], "mode": event["mode"],
        "status": event["status"], "words": words, **_side("actor", event["actors"]), **_side("recipient", event["recipients"]),
        "first_day": days.get("start"), "last_day": days.get("end"), "place": place.get("name"), "place_entity": place.get("entity"),
        "said_in": event["said_in"], "confidence": event["confidence"],
    }  # fmt: skip


def _side(name: str, parties: list[dict[str, Any]]) -> dict[str, str]:
    return {
        f"{name}s": "؛ ".join(party["name"] for party in parties),
        f"{name}_entities": "؛ ".join(party["entity"] or "" for party in parties),
    }


def _mentions_of(record: Record) -> Iterator[dict[str, Any]]:
    for mention in record.mentions:
        yield {
            "article": record.id, "kind": mention.kind, "text": mention.text, "name": mention.name, "entity": mention.entity,
            "start": mention.span.start, "end": mention.span.end,
        }  # fmt: skip
