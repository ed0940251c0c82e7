"""The answers of models, kept so that nothing is paid for twice: by the model and the very messages that it was sent."""

from __future__ import annotations

import hashlib
import sqlite3
import threading
from contextlib import closing
from pathlib import Path

import msgspec

from musnad.errors import ModelError

Messages = list[dict[str, str]]


class Answer(msgspec.Struct, frozen=True):
    """What a model said. `asked` and `answered` are tokens; `cut`: the server stopped it before its end."""

    text: str
    asked: int
    answered: int
    cut: bool = False


class Cache:
    """A file of answers, shared by threads and processes. Raises `ModelError` where it cannot be used."""

    def __init__(self, path: Path) -> None:
        self._path, self._lock = path, threading.Lock()
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._db = sqlite3.connect(path, timeout=30, check_same_thread=False, isolation_level=None)
            self._db.execute("PRAGMA journal_mode=WAL")
            self._db.execute(
                "CREATE TABLE IF NOT EXISTS answers (key BLOB PRIMARY KEY, answer BLOB NOT NULL) WITHOUT ROWID"
            )
        except (OSError, sqlite3.Error) as error:
            raise ModelError(
                f'{path}: answers cannot be kept there ({error}); set another file, or cache = ""'
            ) from None

    def get(self, key: bytes) -> Answer | None:
        """The answer that is kept under a key; None without one, or where it is damaged."""
        try:
            with self._lock, closing(self._db.execute("SELECT answer FROM answers WHERE key = ?", (key,))) as rows:
                row = rows.fetchone()
            return msgspec.json.decode(row[0], type=Answer) if row is not None else None
        except (sqlite3.Error, msgspec.DecodeError):
            return None

    def put(self, key: bytes, answer: Answer) -> None:
        """Keep an answer. A disk that is full costs money later, and stops nothing now."""
        try:
            with self._lock:
                self._db.execute("INSERT OR REPLACE INTO answers VALUES (?, ?)", (key, msgspec.json.encode(answer)))
        except sqlite3.Error:
            return

    def close(self) -> None:
        """Close the file."""
        self._db.close()


def key_of(model: str, messages: Messages) -> bytes:
    """The key of what a model is sent: the article, the instructions and the model are all in it."""
    return hashlib.sha256(msgspec.json.encode([model, messages])).digest()
