"""Parquet, a statement a row."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice
from typing import IO

from musnad.errors import LedgerError
from musnad.ledger.flat import COLUMNS, statement_rows
from musnad.record import Record

NAME = "parquet"
BINARY = True
_AT_ONCE = 10_000  # rows of one row group


def write(rows: Iterable[Record], stream: IO[bytes]) -> None:
    try:
        import pyarrow as pa
        from pyarrow import parquet
    except ImportError:
        raise LedgerError("Parquet needs pyarrow; pip install 'musnad[parquet]'") from None
    schema = pa.schema([(name, pa.float64() if name == "confidence" else pa.string()) for name in COLUMNS])
    flat = statement_rows(rows)
    with parquet.ParquetWriter(stream, schema, compression="zstd") as writer:
        while part := list(islice(flat, _AT_ONCE)):
            writer.write_table(pa.Table.from_pylist(part, schema))
