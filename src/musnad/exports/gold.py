"""Annotated articles: records in the form that `musnad eval` scores against and that training takes."""

from __future__ import annotations

from collections.abc import Iterable
from typing import IO, Any

import msgspec

from musnad.ledger.flat import write_lines
from musnad.record import Event, Party, Record, Span, Statement

NAME = "gold"
ENDING = ".jsonl"
ROWS = "articles"
BINARY = False


def write(rows: Iterable[Record], stream: IO[bytes]) -> int:
    return write_lines(map(_line, rows), stream)


def _line(record: Record) -> bytes:
    """A record as a line of annotated articles; confidences, mentions and notes are no part of it."""
    row = {
        "id": record.id, "title": record.title, "text": record.text, "published": record.published, "outlet": record.outlet,
        "source": record.outlet or "exported",  # by which training leaves articles out
        "statements": [_statement(one) for one in record.statements], "events": [_event(one) for one in record.events],
    }  # fmt: skip
    return msgspec.json.encode(row) + b"\n"


def _statement(one: Statement) -> dict[str, Any]:
    return {
        "content": [_span(span) for span in one.content], "cue": _span(one.cue), "kind": one.kind, "stance": one.stance,
        "speaker": _party(one.speaker), "addressee": _party(one.addressee), "sources": [_party(party) for party in one.sources],
    }  # fmt: skip


def _event(one: Event) -> dict[str, Any]:
    return {
        "triggers": [_span(span) for span in one.triggers], "type": one.type, "status": one.status,
        "actors": [_party(party) for party in one.actors], "recipients": [_party(party) for party in one.recipients],
        "date": {"start": one.date.start, "end": one.date.end} if one.date is not None else None, "place": _party(one.place),
    }  # fmt: skip


def _party(party: Party | None) -> dict[str, Any] | None:
    """A party by its name and by how it is written here, which is right too."""
    if party is None:
        return None
    also = [party.text] if party.text and party.text != party.name else []
    return {"name": party.name, "also": also, "span": _span(party.span)}


def _span(span: Span | None) -> list[int] | None:
    return [span.start, span.end] if span is not None else None
