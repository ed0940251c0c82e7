"""The bytes of a file with its packing (gzip) undone, in bounded pieces: what is counted is what is unpacked.

Nothing here goes back in a file, so pipes are read as files are.
"""

from __future__ import annotations

import zlib
from io import BufferedReader, RawIOBase
from typing import Any, BinaryIO, Protocol

_PEEK = 4096  # bytes that tell what a file is
_PIECE = 1 << 16  # bytes read at once
_IDLE = 64 << 20  # packed bytes that may give nothing: padding, the head of a member
_GZIP = b"\x1f\x8b"
#: What a file raises that cannot be read to its end.
DAMAGE = (OSError, EOFError, zlib.error)


class Readable(Protocol):
    """Anything that gives its bytes in pieces."""

    def read(self, size: int, /) -> bytes: ...


class Joined(RawIOBase):
    """Some bytes that were read already, then those of a file; `taken` counts what was handed out."""

    def __init__(self, start: bytes, rest: Readable) -> None:
        self._start, self._rest, self.taken = memoryview(start), rest, 0

    def readable(self) -> bool:
        return True

    def tell(self) -> int:
        return self.taken

    def readinto(self, into: Any) -> int:
        room = memoryview(into).cast("B")
        piece = self._start[: len(room)] or self._rest.read(len(room)) or b""
        self._start = self._start[len(piece) :]
        room[: len(piece)] = piece
        self.taken += len(piece)
        return len(piece)


class Gunzipped(RawIOBase):
    """The bytes of a gzip file, of all its members. Raises `zlib.error` or `EOFError` where it is broken or cut."""

    def __init__(self, file: Readable) -> None:
        self._file = file
        self._member = zlib.decompressobj(wbits=31)
        self._begun = False

    def readable(self) -> bool:
        return True

    def readinto(self, into: Any) -> int:
        room = memoryview(into).cast("B")
        idle = 0
        while idle < _IDLE:
            packed = self._next()
            if not packed:
                if self._begun:
                    raise EOFError("the packed file is cut")
                return 0
            idle += len(packed)
            piece = self._member.decompress(packed, len(room))
            self._begun = True
            if piece:
                room[: len(piece)] = piece
                return len(piece)
        raise zlib.error(f"{_IDLE >> 20} MB of the packed file hold nothing")

    def _next(self) -> bytes:
        """The next packed bytes; behind the end of a member those of another one, without the zeros between them."""
        if not self._member.eof:
            return self._member.unconsumed_tail or self._file.read(_PIECE)
        packed, idle = self._member.unused_data, 0
        while not (packed := packed.lstrip(b"\0")) and idle < _IDLE:
            packed = self._file.read(_PIECE)
            idle += len(packed)
            if not packed:
                break
        self._member, self._begun = zlib.decompressobj(wbits=31), False
        return packed


class Opened:
    """An open file: `head` is its beginning, unpacked, that tells what it is; `packed` whether it was packed."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        start = b""
        while len(start) < _PEEK and (piece := file.read(_PEEK - len(start))):
            start += piece
        self._raw = Joined(start, file)
        self.packed = start.startswith(_GZIP)
        self.head = zlib.decompressobj(wbits=31).decompress(start, _PEEK) if self.packed else start
        raw = Gunzipped(BufferedReader(self._raw, _PIECE)) if self.packed else self._raw
        self._reader = BufferedReader(raw, _PIECE)
        self.damage: Exception | None = None

    @property
    def taken(self) -> int:
        """How many bytes of the file were read, packed as it is."""
        return self._raw.taken

    def from_start(self) -> BinaryIO:
        """The file as it came, from its first byte; only one that can go back can be sought in."""
        if self._file.seekable():
            self._file.seek(0)
            return self._file
        return BufferedReader(self._raw, _PIECE)

    def read(self, size: int, /) -> bytes:
        """Return the next `size` bytes, unpacked, fewer at the end. What is damaged raises after all that stands before it."""
        if self.damage is not None:
            raise self.damage
        pieces: list[bytes] = []
        while size > 0:
            try:
                piece = self._reader.read1(size)
            except DAMAGE as error:
                self.damage = error
                if not pieces:
                    raise
                break
            if not piece:
                break
            pieces.append(piece)
            size -= len(piece)
        return b"".join(pieces)

    def lines_after(self, opening: bytes) -> BufferedReader:
        """The rest of the file for reading by lines; `opening` was read from it already."""
        return BufferedReader(Joined(opening, self), _PIECE)
