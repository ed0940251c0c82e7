"""PLOVER 0.8 events, one JSON object a line, with the fields of its manual. How events are coded: `musnad.ledger.coding`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import IO, Any

import msgspec

from musnad.ledger.coding import coded
from musnad.names.codes import codes_of
from musnad.record import Party, Record

NAME = "plover"
BINARY = False


def write(rows: Iterable[Record], stream: IO[bytes]) -> None:
    for record in rows:
        for row in plover_rows(record):
            stream.write(msgspec.json.encode(row) + b"\n")


def plover_rows(record: Record) -> Iterator[dict[str, Any]]:
    """Yield the rows of a record."""
    for event in coded(record):
        yield {
            "id": f"{record.id}-{event.part}", "has_event": True, "date": event.first_day, "time": None,
            "enddate": event.last_day, "endtime": None, "actor": [_party(p) for p in event.actors],
            "recipient": [_party(p) for p in event.recipients], "event": event.type,
            "event_loc": event.place.name if event.place else None, "event_text": event.words, "quad_code": event.quad,
            "event_scale": None, "mode": event.mode, "context": None, "link": record.url, "text": record.text,
            "text_info": {"title": record.title, "outlet": record.outlet}, "cite_info": None, "coder": "musnad",
            "coded_date": None, "coded_time": None, "comment": f"status: {event.status}" if event.status else None,
        }  # fmt: skip


def _party(party: Party) -> dict[str, Any]:
    return {"code": " ".join(codes_of(party.name, party.entity)), "text": party.text, "name": party.name}
