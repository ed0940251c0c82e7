"""PLOVER 0.8 events, one JSON object a line, with the fields of its manual. How events are coded: `musnad.ledger.coding`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import IO, Any

import msgspec

from musnad.ledger.coding import ArticleParties, Coded, Selected, coded
from musnad.ledger.flat import write_lines
from musnad.record import Party

NAME = "plover"
ENDING = ".jsonl"
ROWS = "events"
BINARY = False
_CODEBOOK = "plover-0.8"


def write(rows: Iterable[Selected], stream: IO[bytes]) -> int:
    made = (row for selected in rows for row in plover_rows(selected))
    return write_lines((msgspec.json.encode(row) + b"\n" for row in made), stream)


def plover_rows(selected: Selected) -> Iterator[dict[str, Any]]:
    """Yield the rows of an article."""
    record = selected.record
    cast = ArticleParties(record)
    for event in coded(selected):
        yield {
            "id": f"{record.id}-{event.told.id}", "has_event": True, "date": event.start, "time": None, "enddate": event.end,
            "endtime": None, "date_precision": event.precision, "actor": [_party(p, cast, event) for p in event.actors],
            "recipient": [_party(p, cast, event) for p in event.recipients], "event": event.type,
            "event_loc": _place(event), "event_text": event.words, "quad_code": event.quad, "event_scale": event.intensity,
            "mode": event.mode, "context": list(event.contexts), "link": record.url, "text": event.sentence,
            "text_info": {"article": record.id, "title": record.title, "outlet": record.outlet, "published": record.published},
            "cite_info": {"url": record.url, "title": record.title, "publication": record.outlet, "language": "ar", "codebook": _CODEBOOK},
            "coder": "musnad", "coded_date": None, "coded_time": None, "status": event.status, "confidence": event.told.confidence,
            "comment": None,
        }  # fmt: skip


def _party(party: Party, cast: ArticleParties, event: Coded) -> dict[str, Any]:
    who = cast.identity(party, event.start)
    return {
        "code": who.code or None, "sector": who.sector or None, "actor_text": party.text, "name": party.name,
        "identifier_id": who.wikidata or None, "identifier_text": who.english or None, "cow": who.cow or None,
        "office": cast.title(party) or None,
    }  # fmt: skip


def _place(event: Coded) -> dict[str, Any] | None:
    place, spot = event.place, event.spot
    if place is None:
        return None
    geonames = (event.place_entity or "").removeprefix("geonames:") if spot and spot.city else None
    return {
        "name": place.name, "geonameid": int(geonames) if geonames else None, "latitude": spot and spot.lat,
        "longitude": spot and spot.lon, "cc3": spot and spot.country,
    }  # fmt: skip
