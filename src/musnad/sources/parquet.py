"""Parquet tables of articles: the columns are those of JSON Lines (id, title, text, published, outlet, url)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, BinaryIO

from musnad.errors import RecordError
from musnad.sources.intake import Item, Rejected
from musnad.sources.jsonlines import document_of

if TYPE_CHECKING:
    from musnad.sources.intake import Head

NAME = "parquet"
SUFFIXES = (".parquet", ".pq")
_COLUMNS = ("id", "title", "text", "published", "outlet", "url")
_AT_ONCE = 256  # rows held in memory


def looks_like(text: str) -> bool:
    return False


def opens(head: Head) -> bool:
    return head.start.startswith(b"PAR1") and not head.zipped


def read(file: BinaryIO, name: str) -> Iterator[Item]:
    """Yield the articles of a table, row by row; of a table that `musnad run` wrote, the records."""
    try:
        import pyarrow as pa
        from pyarrow import parquet

        from musnad import arrow
    except ImportError:
        yield Rejected(name, "Parquet needs pyarrow; pip install 'musnad[parquet]'")
        return
    try:
        with parquet.ParquetFile(file) as table:
            there = [column for column in _COLUMNS if column in table.schema_arrow.names]
            if "text" not in there:
                yield Rejected(name, 'no column "text"; name the column with the words of the article so')
                return
            read_already = arrow.is_read(table.schema_arrow)
            number = 0
            for batch in table.iter_batches(_AT_ONCE, columns=None if read_already else there):
                for row in batch.to_pylist():
                    number += 1
                    where = f"{name}, row {number}"
                    yield _record_of(row, where) if read_already else document_of_row(row, where)
    except (pa.ArrowException, OSError) as error:
        yield Rejected(name, f"not a whole Parquet file ({str(error).splitlines()[0]}); write it again")


def documents(text: str, name: str) -> Iterator[Item]:
    yield Rejected(name, "a Parquet file must be given by its path")


def _record_of(row: dict[str, Any], where: str) -> Item:
    from musnad import arrow

    if row.get("error"):
        return Rejected(where, row["error"])
    try:
        return arrow.from_arrow(row)
    except RecordError as error:
        return Rejected(where, f"{error}; run it again with this version")


def document_of_row(row: dict[str, Any], where: str) -> Item:
    """Return the article in a row of a table; days may be dates."""
    return document_of(
        {key: value.isoformat()[:10] if isinstance(value, (date, datetime)) else value for key, value in row.items()},
        where,
    )
