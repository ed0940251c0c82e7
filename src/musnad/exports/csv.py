"""Comma-separated values, a statement a row, in UTF-8 with the mark that spreadsheets look for.

Cells that a spreadsheet would take for a formula get a quote before them: text from outside must not be run.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from typing import IO

from musnad.ledger.flat import COLUMNS, statement_rows
from musnad.record import Record

NAME = "csv"
BINARY = False


def write(rows: Iterable[Record], stream: IO[bytes]) -> None:
    text = io.TextIOWrapper(stream, "utf-8-sig", errors="replace", newline="", write_through=True)
    writer = csv.DictWriter(text, COLUMNS)
    writer.writeheader()
    for row in statement_rows(rows):
        writer.writerow({name: _safe(value) for name, value in row.items()})
    text.detach()


def _safe(value: object) -> object:
    return f"'{value}" if isinstance(value, str) and value[:1] in "=+-@\t\r" and value[:1] else value
