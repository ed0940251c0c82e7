"""Paths and addresses of files, on this machine or any store that fsspec knows (s3://, gs://, hdfs://, memory://)."""

from __future__ import annotations

import posixpath
import uuid
from typing import Any, NamedTuple

import fsspec
from fsspec.core import url_to_fs

from musnad.errors import BatchError

#: Stores in which a file grows under its name: it is renamed when whole.
_RENAMED = {"file", "local", "hdfs", "arrow_hdfs", "sftp", "ssh"}


class Source(NamedTuple):
    """A file to read: its address, its size in bytes, and a mark that changes when the file does."""

    address: str
    size: int
    mark: str


class Place:
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


def open_source(source: Source) -> Any:
    """Return the bytes of a source as a file that can be read and sought in."""
    return fsspec.open(source.address, "rb").open()


def find_sources(inputs: list[str]) -> list[Source]:
    """Return the files that paths, folders, globs and addresses name, in a fixed order, hidden ones (. and _) left out.

    Raises `BatchError` where one of them names nothing.
    """
    found: dict[str, Source] = {}
    for given in inputs:
        fs, path = _opened(given)
        try:
            if fs.isdir(path):
                paths = [p for p in fs.find(path) if not _hidden(p[len(path) :])]
            else:
                paths = [path] if fs.exists(path) else [p for p in fs.glob(path) if fs.isfile(p)]
            new = {
                address: Source(address, int(fs.size(p) or 0), _mark(fs, p))
                for p in paths
                for address in [_address(fs, p)]
            }
        except (OSError, ValueError) as error:
            raise BatchError(f"{given}: cannot be listed ({error}); check the address and your rights") from error
        if not new:
            raise BatchError(f"{given}: no such file or folder, or nothing in it; check the path")
        found |= new
    return [found[address] for address in sorted(found)]


def _opened(address: str) -> tuple[Any, str]:
    try:
        fs, path = url_to_fs(address)
    except (ImportError, ValueError) as error:
        raise BatchError(f"{address}: {error}") from error
    return fs, path


def _protocols(fs: Any) -> tuple[str, ...]:
    return (fs.protocol,) if isinstance(fs.protocol, str) else tuple(fs.protocol)


def _address(fs: Any, path: str) -> str:
    return path if "file" in _protocols(fs) else str(fs.unstrip_protocol(path))


def _hidden(path: str) -> bool:
    return any(part.startswith((".", "_")) for part in path.split("/"))


def _mark(fs: Any, path: str) -> str:
    """The time of change or the version that a store gives; empty where it gives none: then the size alone counts."""
    info = fs.info(path)
    for key in ("mtime", "ETag", "etag", "md5Hash", "LastModified", "last_modified", "created"):
        if info.get(key) is not None:
            return str(info[key])
    return ""
