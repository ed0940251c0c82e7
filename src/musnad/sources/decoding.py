"""Bytes to text: UTF-8 first, then the byte-order mark, then the encodings that Arabic archives are found in.

A file is in UTF-8 when all but few of its bytes fit: what does not fit is U+FFFD in the text, and its place is told.
"""

from __future__ import annotations

import codecs
from typing import NamedTuple

from musnad.errors import SourceError
from musnad.record import is_blank

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
#: How files begin that are no text, though they may hold few control characters, and what they are.
_NO_TEXT = (
    (b"\x1f\x8b", "packed as gzip more than once"),
    (b"PK\x03\x04", "a ZIP archive or an Office document"),
    (b"BZh91AY&SY", "packed as bzip2"),
    (b"\xfd7zXZ\x00", "packed as xz"),
    (b"\x28\xb5\x2f\xfd", "packed as zstd"),
    (b"%PDF-", "a PDF document"),
    (b"\xd0\xcf\x11\xe0", "an Office document"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
)
_ARABIC = ("cp1256", "iso8859_6")
#: The commonest words of Arabic text, by which an encoding shows itself.
_COMMON = ("في", "من", "على", "إلى", "أن", "ال", "التي", "الذي")
_BLANK = bytes(range(33))  # bytes that show nothing
_HEAD = 8192  # bytes by which a file is known to be no text
_LOST = "\ufffd"
_FITTING = 5  # letters that fit for each place that does not: Windows-1256 read as UTF-8 has fewer than one


class Decoded(NamedTuple):
    """A text, the encoding it was in, and how many places did not fit it, the first of them at the byte `first`."""

    text: str
    encoding: str
    lost: int = 0
    first: int = 0


def decode(data: bytes, name: str, declared: str | None = None) -> tuple[str, str | None]:
    """Return the text and, where it was not plain UTF-8, a note that says so and which bytes were lost.

    Raises `SourceError` for bytes that are no text.
    """
    found = decoded(data, name, declared)
    if is_blank(found.text):
        raise SourceError(f"{name}: the file is empty; give it an article to read")
    if found.lost:
        line = data.count(b"\n", 0, found.first) + 1
        return found.text, lost_note(found.lost, found.encoding, f"byte {found.first:,}, line {line:,}")
    return found.text, encoding_note(found.encoding)


def encoding_note(encoding: str) -> str | None:
    """The note about a text that is not in UTF-8."""
    return None if encoding.startswith("utf-8") else f"read as {encoding}, since it is not UTF-8"


def lost_note(lost: int, encoding: str, first: str) -> str:
    """The note about places that do not fit an encoding; `first` says where the first of them stands."""
    encoding = "UTF-8" if encoding.startswith("utf-8") else encoding
    if lost == 1:
        return f"{first}, does not fit {encoding} and is read as {_LOST}"
    return f"{lost:,} places do not fit {encoding} and are read as {_LOST}, the first at {first}"


def decoded(data: bytes, name: str, declared: str | None = None) -> Decoded:
    """Return the text of some bytes with what was found out about them. Raises `SourceError` for bytes that are no text."""
    found = _marked(data) or _unicode(data)
    if found is None or data.startswith(tuple(start for start, _ in _NO_TEXT)):
        check_text(data, name, strictly=True)
    if found is None:
        found = _guess(data, name, declared)
    return _without_nul(found, data)


def check_text(data: bytes, name: str, *, strictly: bool = False) -> None:
    """Raise `SourceError` where the beginning of a file is no text; `strictly`, where it is no UTF-8 either."""
    kind = next((kind for start, kind in _NO_TEXT if data.startswith(start)), None)
    if kind is None and data.strip() and _marked(data[:_HEAD]) is None and _is_binary(data, strictly):
        kind = "binary data"
    if kind is not None:
        raise SourceError(f"{name}: not a text file ({kind}); give text, HTML or JSON Lines")


def _is_binary(data: bytes, strictly: bool) -> bool:
    head = data[:_HEAD]
    control = sum(byte < 32 and byte not in b"\t\n\r\f\x1b" for byte in head)
    return control * 50 > len(head) + 50 or (strictly and b"\x00" in head)


def _marked(data: bytes) -> Decoded | None:
    """The text behind a byte-order mark, or None where there is none or what follows does not fit it."""
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            found = read_as(data, encoding)
            fits = _fits(found) if encoding == "utf-8-sig" else found.lost * _FITTING <= max(len(found.text), _FITTING)
            return found if fits else None
    return None


def _unicode(data: bytes) -> Decoded | None:
    """The text in UTF-8, or None where too much of it does not fit."""
    if _is_binary(data, strictly=False) and data.strip(_BLANK):
        return None
    found = read_as(data, "utf-8")
    return found if _fits(found) else None


def read_as(data: bytes, encoding: str) -> Decoded:
    """Return the text in an encoding, U+FFFD for each place that does not fit."""
    try:
        return Decoded(data.decode(encoding), encoding)
    except UnicodeDecodeError as error:
        text = data.decode(encoding, "replace")
        kept = data.count(_LOST.encode()) if encoding.startswith("utf-8") else 0  # those that the file itself has
        return Decoded(text, encoding, text.count(_LOST) - kept, error.start)


def _fits(found: Decoded) -> bool:
    """Whether all but very little of a text fits UTF-8: many letters of several bytes for each place that does not."""
    if not found.lost:
        return True
    letters = len(found.text) - len(found.text.encode("ascii", "ignore")) - found.lost
    return letters >= found.lost * _FITTING


def _without_nul(found: Decoded, data: bytes) -> Decoded:
    """The text with U+FFFD for each NUL, which stands in texts by mistake only."""
    nuls = found.text.count("\0")
    if not nuls:
        return found
    at = data.find(b"\0")
    first = min(found.first, at) if found.lost else at
    return found._replace(text=found.text.replace("\0", _LOST), lost=found.lost + nuls, first=first)


def _guess(data: bytes, name: str, declared: str | None) -> Decoded:
    best: tuple[int, str, str] | None = None
    for encoding in dict.fromkeys(filter(None, (declared, *_ARABIC))):
        try:
            text = data.decode(encoding)
        except (UnicodeDecodeError, LookupError):
            continue
        score = sum(text.count(f" {word} ") for word in _COMMON) * 5 + text.count("ال")
        if score > 2 and (best is None or score > best[0]):
            best = (score, text, encoding)
    if best is not None:
        return Decoded(best[1], best[2])
    from charset_normalizer import from_bytes  # imported late: needed for one file in a thousand

    found = from_bytes(data[:100_000]).best()
    if found is None:
        raise SourceError(f"{name}: the encoding is unknown; save the file as UTF-8 and read it again")
    try:
        return Decoded(data.decode(found.encoding), found.encoding)
    except UnicodeDecodeError as error:
        raise SourceError(
            f"{name}: byte {error.start} does not fit {found.encoding}; save the file as UTF-8 and read it again"
        ) from None
