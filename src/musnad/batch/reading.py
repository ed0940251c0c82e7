"""A batch of articles in, the same articles with what was read in them out."""

from __future__ import annotations

from functools import cache
from typing import Any

import pyarrow as pa

from musnad.arrow import document_schema, to_arrow
from musnad.errors import BatchError
from musnad.reader import Reader
from musnad.record import Document, Record
from musnad.sources import Rejected
from musnad.sources.parquet import document_of_row, rows


@cache
def reader(*, exact: bool = False) -> Reader:
    """The fast or the exact reader of this process, loaded at its first use."""
    return Reader(fast=not exact)


def read_batch(batch: pa.RecordBatch, *, exact: bool = False) -> pa.RecordBatch:
    """Return the articles of a batch with their statements, events, mentions and notes.

    In: the columns of `musnad.arrow.document_schema()`, of which only `text` must be there; any type of string, days as
    text or dates; other columns are left out. Out: `musnad.arrow.record_schema()`, a row for each row, in their order.
    A row that cannot be read has the reason in `error` and stops nothing. The same batch gives the same batch. `exact`: with
    the exact reader, which takes several times as long.
    Raises `BatchError` where there is no column `text`.
    """
    names = batch.schema.names
    if "text" not in names:
        raise BatchError(f'a batch needs a column "text"; this one has {", ".join(names) or "none"}')
    records: list[Record | dict[str, Any]] = []
    errors: list[str | None] = []
    for number, row in enumerate(rows(batch.select([n for n in document_schema().names if n in names])), 1):
        item = document_of_row(row, f"row {number}")
        read = try_to_read(item, exact=exact) if isinstance(item, Document) else item
        errors.append(None if isinstance(read, Record) else str(read))
        records.append(read if isinstance(read, Record) else _unread(row))
    return to_arrow(records, errors)


def try_to_read(article: Document, *, exact: bool = False) -> Record | Rejected:
    """Return the record of an article, or why there is none: whatever one article does, the others go on."""
    try:
        return article if isinstance(article, Record) else reader(exact=exact).read(article)
    except Exception as error:
        return Rejected(article.id, f"could not be read ({type(error).__name__}: {error}); please report it")


def _unread(row: dict[str, Any] | str) -> dict[str, Any]:
    """The row of an article that could not be read: what it brought, as far as that is text."""
    brought = {} if isinstance(row, str) else {name: value for name, value in row.items() if isinstance(value, str)}
    return {"id": "", "text": ""} | brought | {name: [] for name in ("statements", "events", "mentions", "notes")}
