"""PLOVER 0.8 events, one JSON object a line, with the fields of its manual.

The record keeps the plain event with its status; here the rules of strict PLOVER are applied: a meeting that is
still to come is an AGREE, one called off a REJECT, what is denied is left out, and statements whose stance is one of
the five verbal kinds are events of their own (`lexicon/data/plover.tsv`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache
from typing import IO, Any

import msgspec

from musnad.lexicon.tables import rows as table
from musnad.names.codes import codes_of
from musnad.record import Event, Party, Record, Statement

NAME = "plover"
BINARY = False

_QUADS = {
    1: {"AGREE", "CONSULT", "SUPPORT", "CONCEDE"}, 2: {"COOPERATE", "AID", "RETREAT"},
    3: {"REQUEST", "ACCUSE", "REJECT", "THREATEN"}, 4: {"PROTEST", "SANCTION", "MOBILIZE", "COERCE", "ASSAULT"},
}  # fmt: skip


def write(rows: Iterable[Record], stream: IO[bytes]) -> None:
    for record in rows:
        for row in plover_rows(record):
            stream.write(msgspec.json.encode(row) + b"\n")


def plover_rows(record: Record) -> Iterator[dict[str, Any]]:
    """Yield the rows of a record: its events, then its statements of a verbal kind."""
    for event in record.events:
        kind = strict_type(event)
        if kind is not None:
            yield _row(record, event.id, kind, event.actors, event.recipients, _words(event)) | {
                "date": event.date.start if event.date else record.published,
                "enddate": event.date.end if event.date else record.published,
                "mode": event.mode if kind == event.type else None,
                "event_loc": event.place.name if event.place else None,
                "comment": f"status: {event.status}",
            }
    for statement in record.statements:
        kind = _rules()["statement"].get((statement.stance, "*", "*"))
        if kind is not None:
            recipients = (statement.addressee,) if statement.addressee else ()
            yield _row(record, statement.id, kind, (statement.speaker,), recipients, _said(statement))


def strict_type(event: Event) -> str | None:
    """Return the type under which strict PLOVER codes an event, or None where it codes none."""
    if event.status in {"happened", "ongoing"}:
        return event.type
    rules = _rules()["event"]
    kind = rules.get((event.type, event.mode or "*", event.status)) or rules.get((event.type, "*", event.status))
    kind = kind or rules.get(("*", "*", event.status), "-")
    return None if kind == "-" else kind


def _row(
    record: Record, part: str, kind: str, actors: Iterable[Party], recipients: Iterable[Party], words: str
) -> dict[str, Any]:
    return {
        "id": f"{record.id}-{part}", "has_event": True, "date": record.published, "time": None,
        "enddate": record.published, "endtime": None, "actor": [_party(p) for p in actors],
        "recipient": [_party(p) for p in recipients], "event": kind, "event_loc": None, "event_text": words,
        "quad_code": next(quad for quad, kinds in _QUADS.items() if kind in kinds), "event_scale": None, "mode": None,
        "context": None, "link": record.url, "text": record.text, "text_info": {"title": record.title, "outlet": record.outlet},
        "cite_info": None, "coder": "musnad", "coded_date": None, "coded_time": None, "comment": None,
    }  # fmt: skip


def _party(party: Party) -> dict[str, Any]:
    return {"code": " ".join(codes_of(party.name, party.entity)), "text": party.text, "name": party.name}


def _words(event: Event) -> str:
    return " … ".join(span.text for span in event.triggers)


def _said(statement: Statement) -> str:
    return f"{statement.cue.text if statement.cue else ''} {statement.text}".strip()


@cache
def _rules() -> dict[str, dict[tuple[str, str, str], str]]:
    found: dict[str, dict[tuple[str, str, str], str]] = {"event": {}, "statement": {}}
    for row in table("plover.tsv"):
        found[row["what"]][row["type"], row["mode"], row["status"]] = row["becomes"]
    return found
