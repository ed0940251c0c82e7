"""Parquet, a statement a row."""

from __future__ import annotations

from collections.abc import Iterable
from typing import IO

from musnad.ledger.flat import arrow_batches, write_parquet
from musnad.record import Record

NAME = "parquet"
ENDING = ".parquet"
ROWS = "statements"
BINARY = True


def write(rows: Iterable[Record], stream: IO[bytes]) -> int:
    return write_parquet(*arrow_batches(rows), stream)
