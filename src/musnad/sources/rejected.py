"""Lists of what an ingest rejected (`--rejected FILE`): the inputs that they name are read again."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

from musnad.sources.intake import Item, Rejected, read_path

NAME = "rejected"
SUFFIXES = ()
ORDER = 5  # it looks like JSON Lines
_PLACE = re.compile(
    r"(?P<path>.*?)(?::(?P<line>\d+)|, (?:article|row|entry) (?P<row>\d+)|, https?://\S+)?\Z", re.DOTALL
)


def looks_like(text: str) -> bool:
    return text.lstrip().startswith('{"rejected"')


def documents(text: str, name: str) -> Iterator[Item]:
    """Yield the articles of the places in a list, each file read once."""
    files: dict[str, None] = {}
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        try:
            where = json.loads(line)["rejected"]
        except (ValueError, KeyError, TypeError):
            yield Rejected(f"{name}:{number}", 'not a line of such a list; it must hold "rejected"')
            continue
        match = _PLACE.match(str(where))
        assert match is not None  # every part may be empty
        files[match["path"]] = None
    for path in files:
        yield from read_path(Path(path))
