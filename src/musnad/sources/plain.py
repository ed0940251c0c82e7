"""Plain text: one article a file. The first line is the title where it stands apart as a headline."""

from __future__ import annotations

from collections.abc import Iterator

from musnad.record import LONGEST
from musnad.sources.article import document_of
from musnad.sources.intake import Item

NAME = "text"
SUFFIXES = (".txt", ".text", "")
ORDER = 90  # whatever is nothing else
_LONGEST_TITLE = 30  # words


def looks_like(text: str) -> bool:
    return False


def documents(text: str, name: str) -> Iterator[Item]:
    yield document_of({"text": text, "title": _headline(text)}, name)


def _headline(text: str) -> str | None:
    """The first line where it is a headline: short, without a full stop, and not all that there is."""
    start = text[: LONGEST["title"] + 1].lstrip("\n")
    first, _, rest = start.partition("\n")
    is_one = rest.strip() and 0 < len(first.split()) <= _LONGEST_TITLE and not first.rstrip().endswith(".")
    return first.strip() if is_one else None
