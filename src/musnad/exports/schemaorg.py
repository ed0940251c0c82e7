"""schema.org in JSON-LD, one object a line: a Quotation for direct words, a Claim for reported ones.

`creator` is who really spoke; `isBasedOn` the chain that carried the words, the article last.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import IO, Any

import msgspec

from musnad.ledger.flat import write_lines
from musnad.record import Party, Record, Statement

NAME = "schemaorg"
ENDING = ".jsonl"
ROWS = "statements"
BINARY = False


def write(rows: Iterable[Record], stream: IO[bytes]) -> int:
    made = (creative_work(record, statement) for record in rows for statement in record.statements)
    return write_lines((msgspec.json.encode(one) + b"\n" for one in made), stream)


def creative_work(record: Record, statement: Statement) -> dict[str, Any]:
    article: dict[str, Any] = {"@type": "NewsArticle", "identifier": record.id, "inLanguage": "ar"}
    for key, value in (
        ("url", record.url), ("headline", record.title), ("datePublished", record.published),
        ("publisher", {"@type": "Organization", "name": record.outlet} if record.outlet else None),
    ):  # fmt: skip
        if value:
            article[key] = value
    return {
        "@context": "https://schema.org",
        "@type": "Quotation" if statement.kind == "direct" else "Claim",
        "identifier": f"{record.id}#{statement.id}",
        "text": statement.text,
        "inLanguage": "ar",
        "creator": _party(statement.speaker),
        "audience": _party(statement.addressee) if statement.addressee else None,
        "isBasedOn": [_party(source) for source in statement.sources] + [article],
    }


def _party(party: Party) -> dict[str, Any]:
    found = {"@type": "Thing", "name": party.name}
    return found | ({"identifier": party.entity} if party.entity else {})
