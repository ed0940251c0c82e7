"""Files that a command writes: each appears whole under its name, or not at all."""

from __future__ import annotations

import errno
import os
import stat
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from musnad.errors import OutputError


@contextmanager
def whole_file(path: Path) -> Iterator[BinaryIO]:
    """Yield a stream whose bytes stand under `path` once the block has ended well; else `path` is as it was.

    A device or a pipe is written as it goes. Raises `OutputError` where the file cannot be written.
    """
    if "\0" in str(path):
        raise OutputError(f"{shortened(str(path))}: no file can bear such a name; choose another")
    half = Path(os.path.realpath(path)).with_name(f".{uuid.uuid4().hex}")
    try:
        if path.exists() and (path.is_relative_to("/dev") or not path.is_file()):
            with path.open("wb") as stream:
                yield stream
            return
        with os.fdopen(os.open(half, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666), "wb") as stream:
            yield stream
        if path.exists():
            half.chmod(stat.S_IMODE(path.stat().st_mode))
        half.replace(os.path.realpath(path))
    except OSError as error:
        if error.filename not in {None, str(path), str(half)} or error.errno == errno.EPIPE:
            raise  # the block has another file in hand, or nobody reads on
        raise OutputError(f"{shortened(str(path))}: {_why(path, error)}") from error
    finally:
        with suppress(OSError):
            half.unlink()


def _why(path: Path, error: OSError) -> str:
    match error:
        case FileNotFoundError() | NotADirectoryError():
            return f"cannot be written: there is no folder {shortened(str(path.parent))}; make it first"
        case PermissionError():
            return "may not be written; change the permissions of its folder, or choose another"
        case IsADirectoryError():
            return "is a folder; give the name of a file"
    return f"cannot be written ({error.strerror or error}); nothing was left under this name"


def shortened(text: str, most: int = 200) -> str:
    """A text as a line of a message shows it: no control characters, the middle left out of what is longer than `most`."""
    plain = "".join(letter if letter >= " " and letter != "\x7f" else "\ufffd" for letter in text[: 20 * most])
    return plain if len(plain) <= most else f"{plain[: most * 2 // 3]}…{plain[-most // 4 :]}"
