"""Bytes to text: UTF-8 first, then the byte-order mark, then the encodings that Arabic archives are found in."""

from __future__ import annotations

import codecs

from musnad.errors import SourceError

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_ARABIC = ("cp1256", "iso8859_6")
#: The commonest words of Arabic text, by which an encoding shows itself.
_COMMON = ("في", "من", "على", "إلى", "أن", "ال", "التي", "الذي")


def decode(data: bytes, name: str, declared: str | None = None) -> tuple[str, str | None]:
    """Return the text and, where it was not plain UTF-8, the encoding it was found to be in.

    Raises `SourceError` for bytes that are no text.
    """
    if not data.strip():
        raise SourceError(f"{name}: the file is empty; give it an article to read")
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            try:
                return data.decode(encoding), None if encoding == "utf-8-sig" else encoding
            except UnicodeDecodeError:
                break
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        text = ""
    else:
        if "\x00" not in text:
            return text, None
    if _is_binary(data):
        raise SourceError(f"{name}: not a text file (binary data); give text, HTML or JSON Lines")
    return _guess(data, name, declared)


def _is_binary(data: bytes) -> bool:
    head = data[:8192]
    control = sum(byte < 32 and byte not in b"\t\n\r\f\x1b" for byte in head)
    return b"\x00" in head or control * 50 > len(head)


def _guess(data: bytes, name: str, declared: str | None) -> tuple[str, str]:
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
        return best[1], best[2]
    from charset_normalizer import from_bytes  # imported late: needed for one file in a thousand

    found = from_bytes(data[:100_000]).best()
    if found is None:
        raise SourceError(f"{name}: the encoding is unknown; save the file as UTF-8 and read it again")
    try:
        return data.decode(found.encoding), found.encoding
    except UnicodeDecodeError as error:
        raise SourceError(
            f"{name}: byte {error.start} does not fit {found.encoding}; save the file as UTF-8 and read it again"
        ) from None
