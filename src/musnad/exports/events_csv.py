"""Events as comma-separated values: all that is known of each, a row for each pair of parties (`musnad.ledger.event_rows`)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import IO

from musnad.exports.csv import write_table
from musnad.ledger.coding import Selected
from musnad.ledger.event_rows import COLUMNS, event_rows

NAME = "events-csv"
ENDING = ".csv"
ROWS = "events"
BINARY = False


def write(rows: Iterable[Selected], stream: IO[bytes]) -> int:
    return write_table(COLUMNS, event_rows(rows), stream)
