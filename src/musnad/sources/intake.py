"""Paths and streams to documents. A bad article is handed on as `Rejected` with the reason; the next one is read."""

from __future__ import annotations

import gzip
import importlib
import os
import pkgutil
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib.metadata import entry_points
from io import TextIOWrapper
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

from musnad.errors import SourceError
from musnad.record import Document
from musnad.sources.decoding import decode

_PEEK = 4096  # bytes that tell what a file is
_WHOLE = 8 * 1024 * 1024  # bytes up to which a file of articles is read whole
_LARGEST = 256 * 1024 * 1024  # bytes of one file that is read whole


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
    import musnad.sources as folder

    found: dict[str, Any] = {}
    for info in pkgutil.iter_modules(folder.__path__):
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
        files = [file for path in paths for file in (_inside(path) if path.is_dir() else [path])]
        self.total = sum(file.stat().st_size for file in files if file.is_file())
        self.done = 0


def read_path(path: Path, form: str | None = None, meter: Meter | None = None) -> Iterator[Item]:
    """Yield the documents of a file, or of all readable files under a folder in the order of their names.

    `form` is the name of a format; without it the format is found from the content.
    """
    if path.is_dir():
        inside = _inside(path)
        if not inside:
            yield Rejected(str(path), "the folder holds no files")
        for file in inside:
            yield from read_path(file, form, meter)
        return
    before = meter.done if meter is not None else 0
    yield from _read_file(path, form, meter)
    if meter is not None and path.is_file():
        meter.done = before + path.stat().st_size


def _inside(folder: Path) -> list[Path]:
    """The files under a folder in the order of their names, without hidden ones."""
    return sorted(
        path
        for path in folder.rglob("*")
        if path.is_file() and not any(part.startswith(".") for part in path.relative_to(folder).parts)
    )


def _read_file(path: Path, form: str | None, meter: Meter | None) -> Iterator[Item]:
    name = str(path)
    try:
        file = path.open("rb")
    except FileNotFoundError:
        yield Rejected(name, "no such file or folder; check the path")
        return
    except OSError as error:
        yield Rejected(name, f"cannot be read ({error.strerror or error})")
        return
    with file:
        yield from read_opened(file, name, form, meter)


def read_opened(
    file: BinaryIO, name: str, form: str | None = None, meter: Meter | None = None, size: int | None = None
) -> Iterator[Item]:
    """Yield the documents of an open file; `name` says in messages which. The file must be able to go back to its start."""
    try:
        size = os.fstat(file.fileno()).st_size if size is None else size
        head = _head(file)
        binary = next(
            (module for module in formats().values() if hasattr(module, "opens") and module.opens(head)), None
        )
        if binary is not None and form in (None, binary.NAME):
            yield from binary.read(file, name)
            return
        if form in (None, "jsonl") and _streams(head, size):
            yield from _stream(file, name, head, meter)
            return
        if size > _LARGEST:
            raise SourceError(f"{name}: larger than {_LARGEST >> 20} MB; split the file")
        data = gzip.decompress(file.read()) if head.zipped else file.read()
    except SourceError as error:
        yield Rejected(name, str(error))
        return
    except (OSError, EOFError, zlib.error) as error:
        yield Rejected(name, f"cannot be read ({getattr(error, 'strerror', None) or error})")
        return
    yield from read_stream(data, name, form)


def _head(file: BinaryIO) -> Head:
    """The first bytes of a file, unpacked."""
    start = file.read(_PEEK)
    file.seek(0)
    if not start.startswith(b"\x1f\x8b"):
        return Head(start, False)
    return Head(zlib.decompressobj(wbits=31).decompress(start, _PEEK), True)


def _streams(head: Head, size: int) -> bool:
    """Whether a file holds one article a line in UTF-8 and is too large, or packed, to be read whole."""
    if not (head.zipped or size > _WHOLE) or b"\n" not in head.start.strip():
        return head.zipped and head.start.lstrip().startswith(b'{"')
    return head.start.lstrip().startswith(b'{"') and formats()["jsonl"].looks_like(head.start.decode("utf-8", "ignore"))


def _stream(raw: BinaryIO, name: str, head: Head, meter: Meter | None) -> Iterator[Item]:
    before = meter.done if meter is not None else 0
    lines = TextIOWrapper(gzip.GzipFile(fileobj=raw) if head.zipped else raw, "utf-8", "replace")
    for item in formats()["jsonl"].lines(lines, name):
        if meter is not None:
            meter.done = before + raw.tell()
        yield item


def read_stream(data: bytes, name: str, form: str | None = None) -> Iterator[Item]:
    """Yield the documents in some bytes; `name` says in messages where they came from."""
    try:
        text, encoding = decode(data, name)
    except SourceError as error:
        yield Rejected(name, str(error))
        return
    if encoding is not None:
        yield Remark(name, f"read as {encoding}, since it is not UTF-8")
    available = formats()
    if form is not None:
        module = available[form]
    else:
        suffix = Path(name).suffix.lower()
        module = next((m for m in available.values() if m.looks_like(text)), None) or next(
            (m for m in available.values() if suffix in m.SUFFIXES), available["text"]
        )
    yield from module.documents(text, name)
