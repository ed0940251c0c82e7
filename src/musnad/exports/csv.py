"""Comma-separated values, a statement a row, in UTF-8 with the mark that spreadsheets look for.

Cells that a spreadsheet would take for a formula get a quote before them: text from outside must not be run.
"""

from __future__ import annotations

import codecs
import csv
import re
from collections.abc import Iterable, Sequence
from typing import IO, Any

from musnad.ledger.flat import COLUMNS, statement_rows
from musnad.record import Record

NAME = "csv"
ENDING = ".csv"
ROWS = "statements"
BINARY = False
_FORMULA = re.compile(r"[\t\r\n]|\s*[=+\-@＝＋－＠]")  # OWASP, CSV injection
_NUMBER = re.compile(r"[+-]?[0-9]+(?:[.,][0-9]+)*(?:[eE][+-]?[0-9]+)?")


def write(rows: Iterable[Record], stream: IO[bytes]) -> int:
    return write_table(COLUMNS, statement_rows(rows), stream)


def write_table(columns: Sequence[str], rows: Iterable[dict[str, Any]], stream: IO[bytes]) -> int:
    """Write a table for spreadsheets; return how many rows it has."""
    stream.write(codecs.BOM_UTF8)
    writer = csv.DictWriter(_Encoded(stream), columns)
    writer.writeheader()
    written = 0
    for row in rows:
        writer.writerow({name: safe(value) for name, value in row.items()})
        written += 1
    return written


def safe(value: object) -> object:
    """A cell that no spreadsheet takes for a formula; what is a number stays one."""
    if isinstance(value, str) and _FORMULA.match(value) and not _NUMBER.fullmatch(value):
        return f"'{value}"
    return value


class _Encoded:
    """A stream of bytes for a writer of text."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream

    def write(self, text: str) -> None:
        self._stream.write(text.encode("utf-8", "replace"))
