"""Paths and streams to documents. A bad article is handed on as `Rejected` with the reason; the next one is read."""

from __future__ import annotations

import importlib
import os
import pkgutil
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib.metadata import entry_points
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

from musnad.errors import MusnadError, SourceError
from musnad.record import Document
from musnad.sources.decoding import check_text, decode, decoded, encoding_note
from musnad.sources.unpacking import DAMAGE, Opened

_SECRET = re.compile(r"(:/{1,2})[^/@\s]*:[^/@\s]*@")  # a user's name and password in an address
_WHOLE = 8 << 20  # bytes, unpacked, up to which a file of articles is read whole
_LARGEST = 40 << 20  # bytes, unpacked, of a file that must be read whole


@dataclass(frozen=True, slots=True)
class Rejected:
    """An input that gave no article: where it stands (file, and line where there is one) and why, with the cure."""

    where: str
    reason: str

    def __str__(self) -> str:
        return self.reason if self.reason.startswith(self.where) else f"{self.where}: {self.reason}"


@dataclass(frozen=True, slots=True)
class Remark:
    """Something to know about an input that was read all the same."""

    where: str
    text: str

    def __str__(self) -> str:
        return f"{self.where}: {self.text}"


Item = Document | Rejected | Remark


class Head(NamedTuple):
    """The first bytes of a file, unpacked, and whether they were packed."""

    start: bytes
    zipped: bool


@cache
def formats() -> dict[str, Any]:
    """Return the formats by name: the modules of this folder that have `NAME`, and entry points of `musnad.sources`.

    A format module has NAME, SUFFIXES, `looks_like(text) -> bool` and `documents(text, name) -> Iterator[Document | Rejected]`.
    One that reads bytes has besides `opens(head) -> bool` and `read(file, name) -> Iterator[Document | Rejected]`.
    """
    from musnad import sources

    found: dict[str, Any] = {}
    for info in pkgutil.iter_modules(sources.__path__):
        if info.name != "fetching":  # which needs more than reading does
            module = importlib.import_module(f"musnad.sources.{info.name}")
            if hasattr(module, "NAME"):
                found[module.NAME] = module
    for point in entry_points(group="musnad.sources"):
        found[point.name] = point.load()
    return dict(sorted(found.items(), key=lambda pair: getattr(pair[1], "ORDER", 50)))


class Meter:
    """How many bytes of some files have been read: tells how long the rest will take."""

    def __init__(self, paths: Iterable[Path]) -> None:
        self.total = sum(_size(path) for path in paths)
        self.done = 0


def read_path(path: Path, form: str | None = None, meter: Meter | None = None) -> Iterator[Item]:
    """Yield the documents of a file, or of all readable files under a folder in the order of their names.

    `form` is the name of a format; without it the format is found from the content. Whatever one file does, the next is read.
    """
    from musnad.sources.folders import files_in

    if not os.path.isdir(path):
        yield from _read_file(path, form, meter)
        return
    empty = True
    for file in files_in(path):
        empty = False
        if isinstance(file, Rejected):
            yield file
        else:
            yield from _read_file(file, form, meter)
    if empty:
        yield Rejected(shown(path), "the folder holds no files")


def shown(path: str | Path) -> str:
    """The name of a file as messages and tables can hold it, without the password of what was given by mistake."""
    return _SECRET.sub(r"\1…@", os.fspath(path).encode("utf-8", "surrogatepass").decode("utf-8", "replace"))


def _size(path: Path) -> int:
    """Bytes of a file, or of the files under a folder; what cannot be read has none."""
    from musnad.sources.folders import files_in

    files = files_in(path) if os.path.isdir(path) else [path]
    return sum(os.path.getsize(file) for file in files if isinstance(file, Path) and os.path.isfile(file))


def _read_file(path: Path, form: str | None, meter: Meter | None) -> Iterator[Item]:
    before = meter.done if meter is not None else 0
    yield from guarded(_opened_path(path, form, meter), shown(path))
    if meter is not None and os.path.isfile(path):
        meter.done = before + os.path.getsize(path)


def _opened_path(path: Path, form: str | None, meter: Meter | None) -> Iterator[Item]:
    name = shown(path)
    try:
        file = path.open("rb")
    except (FileNotFoundError, ValueError):  # no path holds NUL
        raise SourceError(f"{name}: no such file or folder; check the path") from None
    with file:
        yield from read_opened(file, name, form, meter)


def guarded(items: Iterator[Item], name: str) -> Iterator[Item]:
    """Yield the items of one source; whatever breaks it becomes its last item, and the next source can be read."""
    try:
        yield from items
    except MusnadError as error:
        yield Rejected(name, str(error))
    except DAMAGE as error:
        yield Rejected(name, f"cannot be read ({getattr(error, 'strerror', None) or error})")
    except Exception as error:
        kind = type(error).__name__
        yield Rejected(name, f"could not be read ({kind}: {error}); what stands behind this point was not read")


def read_opened(file: BinaryIO, name: str, form: str | None = None, meter: Meter | None = None) -> Iterator[Item]:
    """Yield the documents of an open file, a pipe as well; `name` says in messages which. It is read in bounded pieces."""
    return guarded(_read_opened(file, name, form, meter), name)


def _read_opened(file: BinaryIO, name: str, form: str | None, meter: Meter | None) -> Iterator[Item]:
    before = meter.done if meter is not None else 0
    opened = Opened(file)
    head = Head(opened.head, opened.packed)
    binary = next((module for module in formats().values() if hasattr(module, "opens") and module.opens(head)), None)
    if binary is not None and form in (None, binary.NAME):
        for item in binary.read(opened.from_start(), name):
            if meter is not None and file.seekable():
                meter.done = max(meter.done, before + file.tell())
            yield item
        return
    check_text(opened.head, name)
    opening = opened.read(_WHOLE)
    if len(opening) == _WHOLE or opened.damage is not None:
        encoding = _streams(opening, name, form)
        if encoding is not None:
            if (note := encoding_note(encoding)) is not None:
                yield Remark(name, note)
            for item in formats()["jsonl"].lines(opened.lines_after(opening), name, encoding):
                if meter is not None:
                    meter.done = before + opened.taken
                yield item
            return
        opening += opened.read(_LARGEST + 1 - len(opening))
        if opened.damage is not None:
            raise opened.damage
        if len(opening) > _LARGEST:
            raise SourceError(
                f"{name}: larger than {_LARGEST >> 20} MB unpacked; split it, or write one article a line (JSON Lines)"
            )
    lines = opening.count(b"\n") or 1
    for number, item in enumerate(read_stream(opening, name, form), 1):
        if meter is not None and opening[:1] == b"{":  # an article a line
            meter.done = before + opened.taken * min(number, lines) // lines
        yield item


def _streams(opening: bytes, name: str, form: str | None) -> str | None:
    """The encoding of a large file that holds one article a line, or None where it must be read whole."""
    found = decoded(opening, name)
    if found.encoding.startswith(("utf-16", "utf-32")) or _format(found.text, name, form).NAME != "jsonl":
        return None
    return found.encoding if formats()["jsonl"].in_lines(found.text) else None


def read_stream(data: bytes, name: str, form: str | None = None) -> Iterator[Item]:
    """Yield the documents in some bytes; `name` says in messages where they came from."""
    return guarded(_read_stream(data, name, form), name)


def _read_stream(data: bytes, name: str, form: str | None) -> Iterator[Item]:
    text, note = decode(data, name)
    if note is not None:
        yield Remark(name, note)
    yield from _format(text, name, form).documents(text, name)


def _format(text: str, name: str, form: str | None) -> Any:
    """The format of a text: the one that was asked for, the first that knows it, or the one of its suffix."""
    available = formats()
    if form is not None:
        return available[form]
    suffix = Path(name).suffix.lower()
    return next((m for m in available.values() if m.looks_like(text)), None) or next(
        (m for m in available.values() if suffix in m.SUFFIXES), available["text"]
    )
