"""Paths and addresses of files, on this machine or any store that fsspec knows (s3://, gs://, hdfs://, memory://)."""

from __future__ import annotations

import os
import posixpath
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from fsspec.core import url_to_fs

from musnad.errors import BatchError, SourceError
from musnad.sources import Rejected
from musnad.sources.folders import files_in
from musnad.sources.intake import shown

#: Stores in which a file grows under its name: it is renamed when whole.
_RENAMED = {"file", "local", "hdfs", "arrow_hdfs", "sftp", "ssh"}


class InputFile(NamedTuple):
    """A file to read: its address, its size in bytes, and a mark that changes when the file does."""

    address: str
    size: int
    mark: str


class OutputFolder:
    """A folder to write into. Files appear whole or not at all."""

    def __init__(self, address: str) -> None:
        self.fs, self.root = _opened(address)
        self._renames = bool(_RENAMED & set(_protocols(self.fs)))

    def path(self, *parts: str) -> str:
        return posixpath.join(self.root, *parts)

    def read_all(self, folder: str) -> list[bytes]:
        """The files in a folder by their names, asked for together; none where there is no such folder."""
        try:
            found = self.fs.ls(self.path(folder), detail=False, refresh=True)
        except FileNotFoundError:
            return []
        paths = sorted(path for path in found if not posixpath.basename(path).startswith("."))
        held: dict[str, bytes] = self.fs.cat(paths) if paths else {}
        return [held[path] for path in sorted(held)]

    def read(self, *parts: str) -> bytes | None:
        """The bytes of a file, or None where there is none."""
        try:
            return bytes(self.fs.cat_file(self.path(*parts)))
        except FileNotFoundError:
            return None

    def write(self, data: bytes, *parts: str) -> None:
        """Write a file whole. Raises `BatchError` where it cannot be written."""
        path = self.path(*parts)
        try:
            self.fs.makedirs(posixpath.dirname(path), exist_ok=True)
            if not self._renames:
                self.fs.pipe_file(path, data)
                return
            half = posixpath.join(posixpath.dirname(path), f".{uuid.uuid4().hex}")
            try:
                self.fs.pipe_file(half, data)
                self.fs.mv(half, path)
            finally:
                if self.fs.exists(half):
                    self.fs.rm_file(half)
        except OSError as error:
            raise BatchError(
                f"{path} cannot be written ({error.strerror or error}); what is finished is kept, run the same command again"
            ) from error


def open_source(source: InputFile) -> Any:
    """Return the bytes of a source as a file. Raises `SourceError` for what is no file that can be opened on this
    machine, `OSError` where a store does not give it."""
    fs, path = _opened(source.address)
    if not _is_local(fs):
        return fs.open(path, "rb")
    if "\ufffd" in path and not os.path.exists(path):
        raise SourceError("a name that is not in UTF-8; rename the file")
    if os.path.exists(path) and not os.path.isfile(path):
        raise SourceError("a folder, pipe or device; give a file, and mind your rights on folders")
    try:
        return fs.open(path, "rb")
    except OSError as error:
        raise SourceError(f"cannot be read ({error.strerror or error})") from error


def find_sources(inputs: list[str]) -> list[InputFile]:
    """Return the files that paths, folders, globs and addresses name, in a fixed order, hidden ones (. and _) left out.

    What stands in a folder and cannot be read (a link that leads nowhere, a closed folder) is among them, of 0 bytes.
    Raises `BatchError` where one of the inputs names nothing.
    """
    found: dict[str, InputFile] = {}
    for given in inputs:
        fs, path = _opened(given)
        try:
            if fs.isdir(path):
                paths = [p for p in _files_in(fs, path) if not _hidden(p[len(path) :])]
            else:
                paths = [path] if fs.exists(path) else [p for p in fs.glob(path) if fs.isfile(p)]
            new = {source.address: source for source in (_source(fs, p) for p in paths)}
        except (OSError, ValueError) as error:
            raise BatchError(
                f"{shown(given)}: cannot be listed ({error}); check the address and your rights"
            ) from error
        if not new:
            raise BatchError(f"{shown(given)}: no such file or folder, or nothing in it; check the path")
        found |= new
    return [found[address] for address in sorted(found)]


def _files_in(fs: Any, path: str) -> Iterator[str]:
    """The paths of a folder; on this machine also those of what cannot be read, which stores pass over."""
    if not _is_local(fs):
        yield from fs.find(path)
        return
    for file in files_in(Path(path)):
        yield file.where if isinstance(file, Rejected) else shown(file)


def _source(fs: Any, path: str) -> InputFile:
    address = _address(fs, path)
    if address.encode("utf-8", "ignore").decode() != address:  # no table or manifest can hold it: `open_source` says so
        return InputFile(shown(address), 0, "")
    try:
        return InputFile(address, int(fs.size(path) or 0), _mark(fs, path))
    except OSError:
        if not _is_local(fs):
            raise
        return InputFile(address, 0, "")


def _opened(address: str) -> tuple[Any, str]:
    try:
        fs, path = url_to_fs(address)
    except (ImportError, ValueError) as error:
        raise BatchError(f"{shown(address)}: {error}") from error
    return fs, path


def _is_local(fs: Any) -> bool:
    return "file" in _protocols(fs)


def _protocols(fs: Any) -> tuple[str, ...]:
    return (fs.protocol,) if isinstance(fs.protocol, str) else tuple(fs.protocol)


def _address(fs: Any, path: str) -> str:
    return path if _is_local(fs) else str(fs.unstrip_protocol(path))


def _hidden(path: str) -> bool:
    return any(part.startswith((".", "_")) for part in path.split("/"))


def _mark(fs: Any, path: str) -> str:
    """The time of change or the version that a store gives; empty where it gives none: then the size alone counts."""
    info = fs.info(path)
    for key in ("mtime", "ETag", "etag", "md5Hash", "LastModified", "last_modified", "created"):
        if info.get(key) is not None:
            return str(info[key])
    return ""
