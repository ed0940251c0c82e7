"""The payload of an HTTP answer as crawlers keep it: transfer and content encodings undone, as far as they are there.

Headers lie: what is said to be packed and is not is taken as it stands, what is packed and not said to be is unpacked.
All that comes out is bounded.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Callable, Iterator
from io import BytesIO
from typing import Any, NamedTuple

from musnad.errors import SourceError
from musnad.sources.decoding import check_text
from musnad.sources.unpacking import DAMAGE, Gunzipped

LARGEST = 16 << 20  # bytes of one page, packed or not
_PIECE = 1 << 14
_LAYERS = 3  # of packing that no header speaks of
_CHUNK = re.compile(rb"([0-9a-fA-F]{1,8})[ \t]*(?:;[^\r\n]{0,200})?\r?\n")
_PACKED = re.compile(rb"(?P<gzip>\x1f\x8b)|(?P<zstd>\x28\xb5\x2f\xfd)|(?P<deflate>\x78[\x01\x5e\x9c\xda])")


class Payload(NamedTuple):
    """The bytes of a page; `cut`: what packs them is damaged, and only its beginning could be read."""

    data: bytes
    cut: bool = False


def payload(body: bytes, transfer: str, content: str) -> Payload:
    """Return the page in the body of an answer with the headers Transfer-Encoding and Content-Encoding.

    Raises `SourceError` where it is larger than `LARGEST`.
    """
    names = [name.strip().lower().removeprefix("x-") for name in f"{content},{transfer}".split(",")]
    page = _joined(body, "chunked" in names)
    for name in reversed(names):
        if name in _READERS:
            page = _undone(page, name)
    for _ in range(_LAYERS):
        packed = _PACKED.match(page.data)
        if packed is None or packed.lastgroup is None:
            break
        page = _undone(page, packed.lastgroup)
    return page


def _joined(body: bytes, said: bool) -> Payload:
    """The chunks of a body put together; a body that is not in chunks is left as it is.

    `said`: its header says that it is in chunks; else only one that is so to its end is believed to be.
    """
    pieces: list[bytes] = []
    at = 0
    while (head := _CHUNK.match(body, at)) is not None:
        size = int(head[1], 16)
        pieces.append(body[head.end() : head.end() + size])
        at = head.end() + size
        if size == 0:
            return Payload(b"".join(pieces))
        at += 2 if body[at : at + 2] == b"\r\n" else body[at : at + 1] == b"\n"
    return Payload(b"".join(pieces), True) if pieces and said else Payload(body)


def _undone(page: Payload, name: str) -> Payload:
    """A page with one encoding undone, or as it is where it is not in that encoding."""
    pieces: list[bytes] = []
    size = 0
    try:
        for piece in _READERS[name](page.data):
            pieces.append(piece)
            size += len(piece)
            if size > LARGEST:
                raise SourceError(f"the page is larger than {LARGEST >> 20} MB")
    except DAMAGE:
        if not size or _is_text(page.data):
            return page
        return Payload(b"".join(pieces), True)
    return Payload(b"".join(pieces), page.cut)


def _is_text(data: bytes) -> bool:
    try:
        check_text(data, "", strictly=True)
    except SourceError:
        return False
    return True


def _gzip(data: bytes) -> Iterator[bytes]:
    return _pieces(Gunzipped(BytesIO(data)))


def _deflate(data: bytes) -> Iterator[bytes]:
    """With the head that the standard wants, or bare as some servers send it."""
    headed = data[:1] and data[0] & 15 == 8 and int.from_bytes(data[:2], "big") % 31 == 0
    unpacker = zlib.decompressobj(wbits=15 if headed else -15)
    for at in range(0, len(data), _PIECE):
        piece = data[at : at + _PIECE]
        while piece and not unpacker.eof:
            yield unpacker.decompress(piece, _PIECE)
            piece = unpacker.unconsumed_tail
    yield unpacker.flush()
    if not unpacker.eof:
        raise EOFError


def _brotli(data: bytes) -> Iterator[bytes]:
    from fastwarc.stream_io import BrotliReader

    return _pieces(BrotliReader(BytesIO(data)))


def _zstd(data: bytes) -> Iterator[bytes]:
    from fastwarc.stream_io import ZstdReader

    return _pieces(ZstdReader(BytesIO(data)))


def _pieces(file: Any) -> Iterator[bytes]:
    while piece := file.read(_PIECE):
        yield piece


_READERS: dict[str, Callable[[bytes], Iterator[bytes]]] = {
    "gzip": _gzip, "deflate": _deflate, "br": _brotli, "zstd": _zstd,
}  # fmt: skip
