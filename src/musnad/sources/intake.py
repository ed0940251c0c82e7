"""Paths and streams to documents. A bad article is handed on as `Rejected` with the reason; the next one is read."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.metadata import entry_points
from pathlib import Path
from typing import Any

from musnad.errors import SourceError
from musnad.record import Document
from musnad.sources.decoding import decode

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


@cache
def formats() -> dict[str, Any]:
    """Return the formats by name: the modules of this folder that have `NAME`, and entry points of `musnad.sources`.

    A format module has NAME, SUFFIXES, `looks_like(text) -> bool` and `documents(text, name) -> Iterator[Document | Rejected]`.
    """
    import musnad.sources as folder

    found: dict[str, Any] = {}
    for info in pkgutil.iter_modules(folder.__path__):
        if info.name not in {"intake", "decoding"}:
            module = importlib.import_module(f"musnad.sources.{info.name}")
            found[module.NAME] = module
    for point in entry_points(group="musnad.sources"):
        found[point.name] = point.load()
    return dict(sorted(found.items(), key=lambda pair: getattr(pair[1], "ORDER", 50)))


def read_path(path: Path, form: str | None = None) -> Iterator[Item]:
    """Yield the documents of a file, or of all readable files under a folder in the order of their names.

    `form` is the name of a format; without it the format is found from the content.
    """
    if path.is_dir():
        inside = sorted(
            p
            for p in path.rglob("*")
            if p.is_file() and not any(part.startswith(".") for part in p.relative_to(path).parts)
        )
        if not inside:
            yield Rejected(str(path), "the folder holds no files")
        for file in inside:
            yield from read_path(file, form)
        return
    name = str(path)
    try:
        if path.stat().st_size > _LARGEST:
            raise SourceError(f"{name}: larger than {_LARGEST >> 20} MB; split the file")
        data = path.read_bytes()
    except FileNotFoundError:
        yield Rejected(name, "no such file or folder; check the path")
        return
    except SourceError as error:
        yield Rejected(name, str(error))
        return
    except OSError as error:
        yield Rejected(name, f"cannot be read ({error.strerror or error})")
        return
    yield from read_stream(data, name, form)


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
