"""Checking a ledger, or a file that was exported: every row against the words of its article."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import msgspec
from sqlalchemy import select

from musnad.errors import LedgerError, RecordError
from musnad.ledger.rows import hash_of
from musnad.ledger.store import Ledger
from musnad.ledger.tables import documents, statements
from musnad.record import Document, Record

_AT_ONCE = 500


class Finding(NamedTuple):
    """A row that does not fit: where it stands, and what is wrong."""

    where: str
    what: str

    def __str__(self) -> str:
        return f"{self.where}: {self.what}"


def verify_ledger(where: str | Path) -> Iterator[Finding]:
    """Yield what does not fit in a ledger. Raises `LedgerError` where there is none."""
    if "://" not in str(where) and not Path(where).is_file():
        raise LedgerError(f"{where}: no such ledger; check the path")
    with Ledger(where) as ledger:
        last = 0
        while True:
            with ledger.database.read() as bind:
                rows = bind.execute(
                    select(documents).where(documents.c.number > last).order_by(documents.c.number).limit(_AT_ONCE)
                ).all()
                for row in rows:
                    article = Document(**{name: getattr(row, name) for name in Document.__struct_fields__})
                    if hash_of(article) != row.hash:
                        yield Finding(row.id, "the article is not the one that was read: its hash differs")
                    for statement in bind.execute(select(statements).where(statements.c.document == row.number)):
                        yield from _statement(f"{row.id} {statement.id}", row.text, statement.content, statement.words)
                    try:
                        ledger._record(bind, row)
                    except RecordError as error:
                        yield Finding(row.id, str(error))
            if not rows:
                return
            last = rows[-1].number


def _statement(where: str, text: str, content: str, words: str) -> Iterator[Finding]:
    spans = msgspec.json.decode(content)
    if any(not 0 <= start < end <= len(text) for start, end in spans):
        yield Finding(where, f"the span {content} is not within the article of {len(text)} characters")
    elif " … ".join(text[start:end] for start, end in spans) != words:
        yield Finding(where, f"the article has other words at {content}")


def verify_file(path: Path) -> Iterator[Finding]:
    """Yield what does not fit in a file of records, one JSON object a line."""
    try:
        file = path.open(encoding="utf-8")
    except OSError as error:
        raise LedgerError(f"{path}: cannot be read ({error.strerror})") from None
    with file:
        for number, line in enumerate(file, 1):
            if line.strip():
                try:
                    Record.from_dict(msgspec.json.decode(line))
                except (RecordError, msgspec.DecodeError) as error:
                    yield Finding(f"{path}:{number}", str(error))
