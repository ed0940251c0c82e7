"""JSON Lines of articles (id, title, text, published, outlet, url), or one JSON object or array of them."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Iterator
from typing import Any

from musnad.record import Document
from musnad.sources.intake import Item, Rejected

NAME = "jsonl"
SUFFIXES = (".jsonl", ".ndjson", ".json")
_KEYS = ("id", "title", "published", "outlet", "url")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


def looks_like(text: str) -> bool:
    start = text.lstrip("\ufeff \t\r\n")[:400]
    return bool(re.match(r"\{\s*\"|\[\s*\{\s*\"", start))


def documents(text: str, name: str) -> Iterator[Item]:
    whole = _whole(text)
    if whole is not None:
        for number, row in enumerate(whole, 1):
            yield document_of(row, f"{name}, article {number}")
        return
    yield from lines(text.split("\n"), name)


def lines(rows: Iterable[str], name: str) -> Iterator[Item]:
    """Yield the articles of lines as they come, so that a file of any size needs the memory of one."""
    for number, line in enumerate(rows, 1):
        if not line.strip():
            continue
        where = f"{name}:{number}"
        try:
            row = json.loads(line)
        except (ValueError, RecursionError) as error:
            reason = error.msg if isinstance(error, json.JSONDecodeError) else "nested too deep"
            yield Rejected(where, f'not JSON ({reason}); each line must be one object like {{"id": "1", "text": "…"}}')
            continue
        yield document_of(row, where)


def _whole(text: str) -> list[Any] | None:
    """The rows of a file that is one JSON value over several lines, or None."""
    stripped = text.strip()
    if not stripped.startswith("[") and "\n" in stripped and _is_json(stripped.partition("\n")[0]):
        return None
    if not _is_json(stripped):
        return None
    value = json.loads(stripped)
    return value if isinstance(value, list) else [value]


def _is_json(text: str) -> bool:
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    return True


def document_of(row: Any, where: str) -> Item:
    if not isinstance(row, dict):
        return Rejected(where, 'not an article: a JSON object with a "text" is needed')
    text = row.get("text")
    if not isinstance(text, str) or not text.strip():
        return Rejected(where, 'the article has no text; put its words under the key "text"')
    text = text.encode("utf-16", "surrogatepass").decode(
        "utf-16", "replace"
    )  # lone surrogates cannot be written out again
    fields: dict[str, str | None] = {}
    for key in _KEYS:
        value = row.get(key)
        if value is not None and not isinstance(value, (str, int)):
            return Rejected(where, f'"{key}" must be a string, not {type(value).__name__}')
        fields[key] = None if value is None else str(value)
    if fields["published"] and not _DAY.match(fields["published"]):
        return Rejected(where, f'"published" must be a day like 2025-08-16, not {fields["published"][:30]!r}')
    if fields["published"]:
        fields["published"] = fields["published"][:10]
    identifier = fields.pop("id") or hashlib.sha256(text.encode()).hexdigest()[:16]
    return Document(id=identifier, text=text, **fields)
