"""Parquet tables of articles: the columns are those of JSON Lines (id, title, text, published, outlet, url)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, BinaryIO

from musnad.errors import RecordError
from musnad.sources.article import document_of
from musnad.sources.intake import Item, Rejected

if TYPE_CHECKING:
    import pyarrow as pa

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
    if not file.seekable():
        yield Rejected(name, "a Parquet table cannot be read from a pipe; give its path")
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
                for row in rows(batch):
                    number += 1
                    where = f"{name}, row {number}"
                    yield _record_of(row, where) if read_already else document_of_row(row, where)
    except (pa.ArrowException, OSError) as error:
        yield Rejected(name, f"not a whole Parquet file ({str(error).splitlines()[0]}); write it again")


def documents(text: str, name: str) -> Iterator[Item]:
    yield Rejected(name, "a Parquet file must be given by its path")


def rows(batch: pa.RecordBatch) -> Iterator[dict[str, Any] | str]:
    """Yield the rows of a batch one by one; of a row with a cell that holds no value (a day out of the calendar,
    bytes that are not UTF-8), which cell that is."""
    columns = [(name, batch.column(name)) for name in batch.schema.names]
    for number in range(batch.num_rows):
        row: dict[str, Any] | str = {}
        for name, column in columns:
            try:
                row[name] = column[number].as_py()  # type: ignore[index]
            except Exception as error:  # whatever a value that is none raises
                row = f'"{name}" holds no value ({error}); write it anew'
                break
        yield row


def _record_of(row: dict[str, Any] | str, where: str) -> Item:
    from musnad import arrow

    if isinstance(row, str) or row.get("error"):
        return Rejected(where, row if isinstance(row, str) else row["error"])
    try:
        return arrow.from_arrow(row)
    except RecordError as error:
        return Rejected(where, f"{error}; run it again with this version")


def document_of_row(row: dict[str, Any] | str, where: str) -> Item:
    """Return the article in a row that `rows` gave; days may be dates."""
    if isinstance(row, str):
        return Rejected(where, row)
    return document_of(
        {key: value.isoformat()[:10] if isinstance(value, (date, datetime)) else value for key, value in row.items()},
        where,
    )
