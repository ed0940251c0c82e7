"""JSON Lines of articles (id, title, text, published, outlet, url), or one JSON object or array of them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from io import BufferedReader
from typing import Any

from musnad.errors import SourceError
from musnad.sources.article import LongNumber, document_of
from musnad.sources.decoding import lost_note, read_as
from musnad.sources.intake import Item, Rejected, Remark

NAME = "jsonl"
SUFFIXES = (".jsonl", ".ndjson", ".json")
_LONGEST_LINE = 32 << 20  # bytes, unpacked
_ENDLESS = 128 << 20  # bytes, unpacked, after which the end of a line, or of blank lines, is no more looked for
_BLANK_LINE = 128  # bytes that a blank line counts for, at least
_LOOKED_AT = 20  # lines that tell whether each is an article
_VALUES = 1_000_000  # of one line, or of a file that is no lines
_DIGITS = 100  # of the longest number that is one
_AROUND = "\ufeff \t\r\n"


def looks_like(text: str) -> bool:
    return re.match(r"[\ufeff\s]*+(?:\{\s*+\"|\[\s*+\{\s*+\")", text) is not None


def in_lines(text: str) -> bool:
    """Whether the beginning of a large file is that of one article a line: most of its lines are objects by themselves."""
    text = text.lstrip(_AROUND)
    *whole, _ = text.split("\n", 1000)
    rows = [row for row in whole if row.strip()][:_LOOKED_AT]
    objects = sum(isinstance(_value(row), dict) for row in rows)
    return text.startswith("{") and objects * 2 >= len(rows)


def documents(text: str, name: str) -> Iterator[Item]:
    whole = _whole(text.strip(_AROUND))
    if whole is not None:
        for number, row in enumerate(whole, 1):
            yield document_of(row, f"{name}, article {number}")
        return
    for number, line in enumerate(text.split("\n"), 1):
        if line.strip():
            yield _article(line, f"{name}:{number}")


def lines(file: BufferedReader, name: str, encoding: str) -> Iterator[Item]:
    """Yield the articles of lines as they come, so that a file of any size needs the memory of one."""
    lost = first = number = blank = 0
    while line := file.readline(_LONGEST_LINE + 1):
        number += 1
        if len(line) > _LONGEST_LINE:
            _pass_over(file, line, f"{name}:{number}")
            yield Rejected(f"{name}:{number}", f"the line is longer than {_LONGEST_LINE >> 20} MB; split the article")
            continue
        found = read_as(line.strip(), encoding)
        lost, first = lost + found.lost, first or (number if found.lost else 0)
        blank = 0 if found.text.strip(_AROUND) else blank + max(len(line), _BLANK_LINE)
        if not blank:
            yield _article(found.text, f"{name}:{number}")
        elif blank > _ENDLESS:
            raise SourceError(f"{name}:{number}: blank lines without end; what stands behind them is lost")
    if lost:
        yield Remark(name, lost_note(lost, encoding, f"line {first:,}"))


def _pass_over(file: BufferedReader, line: bytes, where: str) -> None:
    """Go on to the next line. Raises `SourceError` where this one has no end."""
    passed = 0
    while line and not line.endswith(b"\n"):
        passed += len(line)
        if passed > _ENDLESS:
            raise SourceError(f"{where}: a line of more than {_ENDLESS >> 20} MB; it and what stands behind it is lost")
        line = file.readline(1 << 20)


def _article(line: str, where: str) -> Item:
    try:
        row = _decoded(line.strip(_AROUND))
    except (ValueError, RecursionError) as error:
        reason = error.msg if isinstance(error, json.JSONDecodeError) else "nested too deep"
        return Rejected(where, f'not JSON ({reason}); each line must be one object like {{"id": "1", "text": "…"}}')
    return document_of(row, where)


def _whole(text: str) -> list[Any] | None:
    """The rows of a file that is one JSON value over several lines, or None."""
    end = text.find("\n")
    if not text.startswith("[") and end >= 0 and _value(text[:end]) is not None:
        return None
    value = _value(text)
    return value if isinstance(value, list) else None if value is None else [value]


def _value(text: str) -> Any:
    """The value of some JSON, None where it is none."""
    try:
        return _decoded(text)
    except (ValueError, RecursionError):
        return None


def _decoded(text: str) -> Any:
    """The value of some JSON. Raises `ValueError`, also where it has so many values that they would fill the memory."""
    if len(text) > _VALUES and sum(map(text.count, "[{,")) > _VALUES:
        raise json.JSONDecodeError(f"more than {_VALUES:,} values", "", 0)
    return _JSON.decode(text)


def _number(digits: str) -> int | LongNumber:
    return int(digits) if len(digits) <= _DIGITS else LongNumber(len(digits.lstrip("-")))


_JSON = json.JSONDecoder(parse_int=_number)
