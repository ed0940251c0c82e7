"""The columns of an event as a row, for formats that are tables, and as Arrow: a row for each pair of parties.

The widest of the tables: what the columns of POLECAT have no place for stands here, under the same `event_id`. All columns are
explained in docs/exports.md.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from itertools import islice
from typing import Any, Literal

import msgspec

from musnad.ledger.coding import QUADS, ArticleParties, Coded, Selected, all_coded, dyads
from musnad.ledger.flat import arrow
from musnad.names.identity import states
from musnad.record import Event, Party, Record, Statement

Type = Literal["text", "number", "whole", "day"]

_PARTY = ("", "_text", "_entity", "_en", "_wikidata", "_code", "_iso3", "_cow", "_sector", "_title")
_NO_TEXT: dict[str, Type] = {
    "pair": "whole", "published": "day", "confidence": "number", "quad": "whole", "intensity": "number", "start": "day", "end": "day",
    "latitude": "number", "longitude": "number", "statement_confidence": "number",
}  # fmt: skip
COLUMNS = (
    "event_id", "article", "event", "pair", "outlet", "published", "title", "url",
    "kind", "type", "mode", "status", "confidence",
    "plover_type", "plover_mode", "quad", "quad_name", "intensity", "contexts", "cameo",
    "start", "end", "date_precision",
    *(f"{side}{name}" for side in ("actor", "recipient") for name in _PARTY),
    "place", "place_text", "place_entity", "place_kind", "country", "country_cow", "latitude", "longitude",
    "words", "spans", "sentence",
    "statement", "statement_speaker", "statement_stance", "statement_words", "statement_confidence",
)  # fmt: skip


def event_rows(articles: Iterable[Selected]) -> Iterator[dict[str, Any]]:
    """Yield a flat row for each pair of parties of each event, and of each statement that PLOVER takes for an event."""
    for selected in articles:
        record = selected.record
        cast = ArticleParties(record)
        said = {statement.id: statement for statement in record.statements}
        for event in all_coded(selected):
            whole = _of_article(record) | _of_event(event) | _of_place(event) | _of_statement(event, said)
            for number, (actor, recipient) in enumerate(dyads(event), 1):
                row = (
                    whole
                    | _of_party("actor", actor, cast, event.start)
                    | _of_party("recipient", recipient, cast, event.start)
                )
                row |= {"event_id": event_id(record, event, number), "event": event.told.id, "pair": number}
                yield {name: row[name] for name in COLUMNS}


def event_id(record: Record, event: Coded, pair: int) -> str:
    """The identifier of a row, the same in every format."""
    return f"{record.id}-{event.told.id}-{pair}"


def event_batches(articles: Iterable[Selected], size: int = 10_000) -> tuple[Any, Iterator[Any]]:
    """Return the Arrow schema of flat rows of events, and the rows as record batches of at most `size`.

    Raises `LedgerError` where pyarrow is not installed.
    """
    pa = arrow()
    kinds = {"text": pa.string(), "number": pa.float64(), "whole": pa.int32(), "day": pa.date32()}
    schema = pa.schema([(name, kinds[_NO_TEXT.get(name, "text")]) for name in COLUMNS])

    def batches() -> Iterator[Any]:
        flat = event_rows(articles)
        while part := list(islice(flat, size)):
            yield pa.RecordBatch.from_pylist([_with_days(row) for row in part], schema)

    return schema, batches()


def _with_days(row: dict[str, Any]) -> dict[str, Any]:
    days = {name: date.fromisoformat(row[name]) for name, kind in _NO_TEXT.items() if kind == "day" and row[name]}
    return row | days


def _of_article(record: Record) -> dict[str, Any]:
    return {name: getattr(record, name) for name in ("outlet", "published", "title", "url")} | {"article": record.id}


def _of_event(event: Coded) -> dict[str, Any]:
    told = event.told
    is_event = isinstance(told, Event)
    spans = told.triggers if isinstance(told, Event) else told.content
    return {
        "kind": "event" if is_event else "statement", "type": told.type if isinstance(told, Event) else told.stance,
        "mode": told.mode if isinstance(told, Event) else None, "status": event.status, "confidence": told.confidence,
        "plover_type": event.type, "plover_mode": event.mode, "quad": event.quad or None, "quad_name": QUADS[event.quad] or None,
        "intensity": event.intensity, "contexts": "; ".join(event.contexts) or None, "cameo": event.cameo,
        "start": event.start, "end": event.end, "date_precision": event.precision, "words": event.words,
        "spans": msgspec.json.encode([[span.start, span.end] for span in spans]).decode(), "sentence": event.sentence,
    }  # fmt: skip


def _of_place(event: Coded) -> dict[str, Any]:
    place, spot = event.place, event.spot
    state = states().get(spot.country) if spot else None
    return {
        "place": place and place.name, "place_text": place and place.text, "place_entity": event.place_entity,
        "place_kind": ("city" if spot.city else "country") if spot else None, "country": spot and spot.country,
        "country_cow": (state.cow or None) if state else None, "latitude": spot and spot.lat, "longitude": spot and spot.lon,
    }  # fmt: skip


def _of_statement(event: Coded, said: dict[str, Statement]) -> dict[str, Any]:
    """The statement that tells an event, or that is one."""
    told = event.told
    statement = said.get(told.said_in or "") if isinstance(told, Event) else told
    return {
        "statement": statement and statement.id, "statement_speaker": statement and statement.speaker.name,
        "statement_stance": statement and statement.stance, "statement_words": statement and statement.text,
        "statement_confidence": statement and statement.confidence,
    }  # fmt: skip


def _of_party(side: str, party: Party | None, cast: ArticleParties, day: str | None) -> dict[str, Any]:
    who = cast.identity(party, day)
    cells = (
        party and party.name, party and party.text, party and party.entity, who.english, who.wikidata, who.code, who.iso3, who.cow,
        who.sector, cast.title(party) if party else None,
    )  # fmt: skip
    return {f"{side}{name}": cell or None for name, cell in zip(_PARTY, cells, strict=True)}
