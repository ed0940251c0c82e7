"""The one door: what a format found of an article becomes a `Document`, or the reason why it cannot.

Words are mended, names are not: in `text`, `title` and `outlet` a NUL or half a character becomes U+FFFD, and a title or
outlet that is too long is cut, since the article is worth more than they are. An `id`, `url` or day that does not
hold would be another one once mended: it is refused.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any, NamedTuple

from musnad.errors import RecordError
from musnad.record import LONGEST, Document, is_blank, is_day
from musnad.sources.intake import Rejected

LOST = "\ufffd"  # what stands for a character that cannot be read
_CUT = "…"  # ends a title or outlet that was too long
_AFTER_A_DAY = ("", "T", "t", " ", "Z", "z", "+")


class LongNumber(NamedTuple):
    """A number of more digits than Python counts with."""

    digits: int


def document_of(row: object, where: str) -> Document | Rejected:
    """Return the article in a row of keys and values (`text`, and `id, title, published, outlet, url` where there are
    any); other keys are left out. `where` names the file and the line. Without `id` the words give one."""
    if not isinstance(row, Mapping):
        return Rejected(where, 'not an article: a JSON object with a "text" is needed')
    try:
        return _document(row)
    except RecordError as error:
        return Rejected(where, str(error))


def _document(row: Mapping[str, object]) -> Document:
    text = row.get("text")
    if not isinstance(text, str) or is_blank(text):
        if text is None and "rejected" in row:
            raise RecordError("a line of a list of rejected inputs; read the list with --from rejected")
        raise RecordError('the article has no text; put its words under the key "text"')
    identifier = _string("id", row.get("id"))
    fields: dict[str, Any] = {
        "id": identifier_of(mended(text)) if identifier is None else identifier, "text": text,
        "url": _string("url", row.get("url")) or None, "published": _day(row.get("published")),
    } | {name: _string(name, row.get(name)) or None for name in ("title", "outlet")}  # fmt: skip
    try:
        return Document(**fields)
    except RecordError:  # one in a thousand: its words may be mended
        return Document(**fields | {name: _mended(name, fields[name]) for name in ("text", "title", "outlet")})


def identifier_of(text: str) -> str:
    """Return the identifier of an article that has none: 16 hex digits of the SHA-256 of its words."""
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def mended(text: str) -> str:
    """Return words with U+FFFD for each NUL and each half of a character (lone surrogate), none of which can be stored."""
    try:
        text.encode()
    except UnicodeEncodeError:
        text = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return text.replace("\0", LOST)


def _string(name: str, value: object) -> str | None:
    """A value as text; whole numbers are taken, too. Raises `RecordError` for anything else."""
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    raise RecordError(f'"{name}" must be a string, not {_named(value)}')


def _day(value: object) -> str | None:
    """A day, of a time the day. Raises `RecordError` for what is none."""
    if value is None or value == "":
        return None
    text = value.strip() if isinstance(value, str) else ""
    if is_day(text[:10]) and text[10:11] in _AFTER_A_DAY:
        return text[:10]
    shown = f"{value[:30]!r}" if isinstance(value, str) else _named(value)
    raise RecordError(f'"published" must be a day like 2025-08-16, of the years 1000 to 9000, not {shown}')


def _mended(name: str, words: str | None) -> str | None:
    if not words:
        return words
    words = mended(words)
    cut = name != "text" and len(words) > LONGEST[name]
    return words[: LONGEST[name] - 1] + _CUT if cut else words


def _named(value: object) -> str:
    """What a value is, as a message says it."""
    match value:
        case LongNumber():
            return f"a number of {value.digits:,} digits"
        case bool():
            return str(value).lower()
        case int() | float():
            return f"the number {value}"
        case list():
            return "a list"
        case Mapping():
            return "an object"
    return type(value).__name__
