"""Parquet tables of articles: the columns are those of JSON Lines (id, title, text, published, outlet, url)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

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


def read(path: Path) -> Iterator[Item]:
    """Yield the articles of a file, row by row."""
    try:
        import pyarrow as pa
        from pyarrow import parquet
    except ImportError:
        yield Rejected(str(path), "Parquet needs pyarrow; pip install 'musnad[parquet]'")
        return
    try:
        with parquet.ParquetFile(path) as file:
            there = [name for name in _COLUMNS if name in file.schema_arrow.names]
            if "text" not in there:
                yield Rejected(str(path), 'no column "text"; name the column with the words of the article so')
                return
            number = 0
            for batch in file.iter_batches(_AT_ONCE, columns=there):
                for row in batch.to_pylist():
                    number += 1
                    yield document_of({key: _plain(value) for key, value in row.items()}, f"{path}, row {number}")
    except (pa.ArrowException, OSError) as error:
        yield Rejected(str(path), f"not a whole Parquet file ({str(error).splitlines()[0]}); write it again")


def documents(text: str, name: str) -> Iterator[Item]:
    yield Rejected(name, "a Parquet file must be given by its path")


def _plain(value: Any) -> Any:
    return value.isoformat()[:10] if isinstance(value, (date, datetime)) else value
