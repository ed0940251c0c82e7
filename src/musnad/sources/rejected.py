"""Lists of what an ingest rejected (`--rejected FILE`): the files that they name are read again.

A list says which files are opened, so it is read as one only when that is asked for (`--from rejected`), whatever a
file holds; and it names files alone: no folders, devices, addresses or patterns, and other lists are read as what they look like.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator
from pathlib import Path

from musnad.sources.intake import Item, Rejected, read_path

NAME = "rejected"
SUFFIXES = ()
_LONGEST = 10_000  # characters of a place
_PLACE = re.compile(
    r"(?P<path>.*?)(?::(?P<line>\d+)|, (?:article|row|entry) (?P<row>\d+)|, https?://\S+)?\Z", re.DOTALL
)


def looks_like(text: str) -> bool:
    return False


def documents(text: str, name: str) -> Iterator[Item]:
    """Yield the articles of the places in a list, each file read once."""
    files: dict[str, str] = {}
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        where = _place(line)
        if where is None:
            yield Rejected(f"{name}:{number}", 'not a line of such a list; it must hold "rejected" and a file')
        else:
            files.setdefault(_file(where), f"{name}:{number}")
    for path, line in files.items():
        if os.path.isfile(path):
            yield from read_path(Path(path))
        else:
            yield Rejected(line, f"{path[:200]!r} is no file here; a list names files, give anything else itself")


def _place(line: str) -> str | None:
    """What a line says was rejected, or None where it is no line of such a list."""
    try:
        where = json.loads(line)["rejected"]
    except (ValueError, KeyError, TypeError, RecursionError):
        return None
    return where if isinstance(where, str) and len(where) <= _LONGEST else None


def _file(where: str) -> str:
    """The file of a place: without the line, row or page in it."""
    match = _PLACE.match(where)
    assert match is not None  # every part may be empty
    return where if os.path.isfile(where) else match["path"]
