"""Corrections as annotated articles: out of a ledger for training and `musnad eval`, and into one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import msgspec
from sqlalchemy import select

from musnad.errors import CorrectionError, LedgerError
from musnad.ledger.corrections import add, correct
from musnad.ledger.tables import corrections

if TYPE_CHECKING:
    from musnad.ledger.store import Ledger
    from musnad.record import Record


def gold_lines(ledger: Ledger) -> Iterator[dict[str, Any]]:
    """Yield the articles whose statements were corrected as lines of the annotation format."""
    with ledger.database.read() as bind:
        counting = select(corrections.c.document).where(
            corrections.c.undone.is_(None), corrections.c.part == "statement"
        )
        touched = list(bind.scalars(counting.distinct().order_by(corrections.c.document)))
    for article in touched:
        record = ledger.document(article)
        if record is None:
            continue
        plain = record.to_dict()
        for statement in plain["statements"]:
            for party in (statement["speaker"], statement["addressee"], *statement["sources"]):
                if party is not None:
                    party["also"] = []
                    party.pop("entity", None)
            for key in ("id", "within", "confidence"):
                statement.pop(key, None)
        yield {key: plain[key] for key in ("id", "title", "text", "published", "outlet", "statements")} | {"events": []}


def take_gold(
    ledger: Ledger, rows: Iterator[dict[str, Any]], *, author: str | None = None, note: str | None = None
) -> int:
    """Take annotated articles: where their statements differ from the reading, the annotation becomes the correction. What only
    the annotation has is added, what only the reading has is taken out."""
    taken = 0
    for row in rows:
        record = ledger.document(str(row.get("id")))
        if record is None or record.text != row.get("text"):
            raise LedgerError(
                f"{row.get('id')}: the ledger does not hold this article with these words; ingest it first"
            )
        wanted = {msgspec.json.encode(s["content"]): s for s in row.get("statements", ())}
        for statement in record.to_dict()["statements"]:
            gold = wanted.pop(msgspec.json.encode(statement["content"]), None)
            changes = None if gold is None else _changes(statement, gold)
            if changes is None or changes:
                correct(ledger, record.id, statement["id"], changes, author=author, note=note)
                taken += 1
        for missed in wanted.values():
            taken += _add(ledger, record, missed, author, note)
    return taken


def _add(ledger: Ledger, record: Record, gold: dict[str, Any], author: str | None, note: str | None) -> bool:
    """Add a statement that the reading missed; two of the same words are one."""
    value = {key: gold.get(key) for key in ("kind", "stance", "content", "cue")} | {
        "speaker": _party(gold["speaker"]), "addressee": _party(gold.get("addressee")),
        "sources": [_party(source) for source in gold.get("sources") or ()],
    }  # fmt: skip
    try:
        add(ledger, record.id, "statement", value, author=author, note=note)
    except CorrectionError as error:
        if error.code != "words-taken":
            raise
        return False
    return True


def _changes(statement: dict[str, Any], gold: dict[str, Any]) -> dict[str, Any]:
    """The keys in which an annotation says something else than the reading."""
    found: dict[str, Any] = {
        key: gold[key] for key in ("kind", "stance", "cue") if key in gold and gold[key] != statement[key]
    }
    for key in ("speaker", "addressee"):
        mine, theirs = statement[key], gold.get(key)
        if (mine and mine["name"]) != (theirs and theirs["name"]):
            found[key] = _party(theirs)
    return found


def _party(gold: dict[str, Any] | None) -> dict[str, Any] | None:
    return None if gold is None else {"name": gold["name"], "span": gold.get("span"), "entity": None}
