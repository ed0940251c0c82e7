"""Asking a ledger by SQL. Nothing can be changed that way, in it or beside it: the database itself refuses all but reading."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from musnad.errors import SearchError
from musnad.files import shortened

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from musnad.ledger.store import Ledger

_READS = {sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ, sqlite3.SQLITE_FUNCTION, sqlite3.SQLITE_RECURSIVE}


@contextmanager
def asked(ledger: Ledger, question: str) -> Iterator[tuple[list[str], Iterator[Sequence[Any]]]]:
    """Give the names of the columns and the rows of an answer. Raises `SearchError` for a question that cannot be carried out, or
    would change something."""
    with ledger.database.read() as bind:
        refused = bind.dialect.loaded_dbapi.Error
        try:
            cursor = (
                _asked_of_sqlite(bind, question) if bind.dialect.name == "sqlite" else _asked_of_server(bind, question)
            )
            if cursor.description is None:
                raise SearchError("not a question; begin with SELECT or WITH")
            yield [column[0] for column in cursor.description], iter(cursor)
        except refused as error:
            said = str(error).strip().splitlines() or [type(error).__name__]
            raise SearchError(f"the ledger refuses the question ({shortened(said[0])})") from None
        finally:
            bind.invalidate()  # so bound a connection is of no further use


def _asked_of_sqlite(bind: Connection, question: str) -> Any:
    connection: Any = bind.connection.dbapi_connection
    connection.set_authorizer(
        lambda action, what, *_: sqlite3.SQLITE_OK if _is_reading(action, what) else sqlite3.SQLITE_DENY
    )
    return connection.execute(question)


def _is_reading(action: int, what: str | None) -> bool:
    """Whether something only reads; the index of words looks at the version of its data."""
    return action in _READS or (action == sqlite3.SQLITE_PRAGMA and what == "data_version")


def _asked_of_server(bind: Connection, question: str) -> Any:
    bind.exec_driver_sql("SET TRANSACTION READ ONLY")
    cursor: Any = bind.connection.cursor()
    cursor.execute(question, prepare=True)  # prepared: one statement only, and none that is not asked for rows
    return cursor
