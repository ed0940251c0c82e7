"""W3C Web Annotations (https://www.w3.org/TR/annotation-model/), one JSON object a line.

Each statement is an annotation whose targets are its characters: a text position selector (code points)
and a text quote selector with what stands around, so that it is found again where the text has moved.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import IO, Any

import msgspec

from musnad.ledger.flat import write_lines
from musnad.record import Party, Record, Span, Statement

NAME = "webannotation"
ENDING = ".jsonl"
ROWS = "statements"
BINARY = False
_AROUND = 32  # characters before and after


def write(rows: Iterable[Record], stream: IO[bytes]) -> int:
    made = (annotation(record, statement) for record in rows for statement in record.statements)
    return write_lines((msgspec.json.encode(one) + b"\n" for one in made), stream)


def annotation(record: Record, statement: Statement) -> dict[str, Any]:
    source = record.url or f"urn:musnad:article:{record.id}"
    values = {
        "speaker": _party(statement.speaker), "stance": statement.stance, "kind": statement.kind,
        "addressee": _party(statement.addressee), "sources": [_party(party) for party in statement.sources],
    }  # fmt: skip
    return {
        "@context": "http://www.w3.org/ns/anno.jsonld",
        "id": f"urn:musnad:statement:{record.id}:{statement.id}",
        "type": "Annotation",
        "motivation": "describing",
        "body": {"type": "Dataset", "value": values},
        "target": [{"source": source, "selector": _selectors(record.text, span)} for span in statement.content],
    }


def _selectors(text: str, span: Span) -> list[dict[str, Any]]:
    return [
        {"type": "TextPositionSelector", "start": span.start, "end": span.end},
        {
            "type": "TextQuoteSelector", "exact": span.text, "prefix": text[max(0, span.start - _AROUND) : span.start],
            "suffix": text[span.end : span.end + _AROUND],
        },
    ]  # fmt: skip


def _party(party: Party | None) -> dict[str, Any] | None:
    return None if party is None else {"name": party.name, "entity": party.entity}
