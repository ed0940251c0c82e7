"""Records, one JSON object a line: the whole of what a ledger holds. `musnad ingest` takes them in again."""

from __future__ import annotations

from collections.abc import Iterable
from typing import IO

from musnad.record import Record

NAME = "jsonl"
BINARY = False


def write(rows: Iterable[Record], stream: IO[bytes]) -> None:
    for record in rows:
        stream.write(record.to_json().encode("utf-8", "replace") + b"\n")
