"""Parquet, a statement a row."""

from __future__ import annotations

from collections.abc import Iterable
from typing import IO

from musnad.ledger.flat import arrow_batches
from musnad.record import Record

NAME = "parquet"
BINARY = True


def write(rows: Iterable[Record], stream: IO[bytes]) -> None:
    schema, batches = arrow_batches(rows)
    from pyarrow import parquet

    with parquet.ParquetWriter(stream, schema, compression="zstd") as writer:
        for batch in batches:
            writer.write_batch(batch)
