"""Events as Parquet, with the columns of `events-csv`."""

from __future__ import annotations

from collections.abc import Iterable
from typing import IO

from musnad.ledger.coding import Selected
from musnad.ledger.event_rows import event_batches
from musnad.ledger.flat import write_parquet

NAME = "events-parquet"
ENDING = ".parquet"
ROWS = "events"
BINARY = True


def write(rows: Iterable[Selected], stream: IO[bytes]) -> int:
    return write_parquet(*event_batches(rows), stream)
