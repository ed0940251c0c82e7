"""Records, one JSON object a line: the whole of what a ledger holds. `musnad ingest` takes them in again."""

from __future__ import annotations

from collections.abc import Iterable
from typing import IO

from musnad.ledger.flat import write_lines
from musnad.record import Record

NAME = "jsonl"
ENDING = ".jsonl"
ROWS = "articles"
BINARY = False


def write(rows: Iterable[Record], stream: IO[bytes]) -> int:
    return write_lines((record.to_json().encode("utf-8", "replace") + b"\n" for record in rows), stream)
