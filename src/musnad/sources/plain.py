"""Plain text: one article a file. The first line is the title where it stands apart as a headline."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

from musnad.record import Document
from musnad.sources.intake import Item

NAME = "text"
SUFFIXES = (".txt", ".text", "")
ORDER = 90  # whatever is nothing else
_LONGEST_TITLE = 30  # words


def looks_like(text: str) -> bool:
    return False


def documents(text: str, name: str) -> Iterator[Item]:
    first, _, rest = text.lstrip("\n").partition("\n")
    words = first.split()
    title = (
        first.strip()
        if rest.strip() and 0 < len(words) <= _LONGEST_TITLE and not first.rstrip().endswith(".")
        else None
    )
    yield Document(id=hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16], text=text, title=title)
