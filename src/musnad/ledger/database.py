"""Opening a database: SQLite by path, PostgreSQL by URL, with the schema brought up to date and the writers in a row.

What is said of a database bears its display name: no password, and nothing else of a URL that may hold one.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import quote

from sqlalchemy import URL, Connection, Engine, create_engine, event, text
from sqlalchemy.exc import ArgumentError, DataError, DBAPIError, IntegrityError, NoSuchModuleError, SQLAlchemyError

from musnad.errors import LedgerError, MissingError, UnavailableError
from musnad.files import shortened
from musnad.ledger import migrations, sealing

_WAIT = 60  # seconds for which a writer waits for another
_LOCK = 0x6D75736E  # one writer at a time, also in PostgreSQL
_DAMAGED = "the ledger is damaged; restore a copy, or ingest the archive into a new ledger"
_NOWHERE = "\uffff"  # no character: stands in no text
AT_ONCE = 400  # values in one question
SMALL = 8 * 1024 * 1024  # bytes of a file that is looked through when it is opened: 20 ms of processor a megabyte


_Value = TypeVar("_Value")


class _UnbearableError(ValueError):
    """A text that no row can bear was to be stored."""


class Database:
    """An engine whose `write()` transactions come one after the other, and whose schema is this version's."""

    def __init__(self, where: str | Path, *, create: bool = True) -> None:
        self.where = str(where)
        self.name = display_name(self.where)
        self.still = False  # it stands where nothing may be written
        self.engine = self._engine(create)
        self.dialect = self.engine.dialect.name
        # PostgreSQL shows each question what is stored by then; SQLite holds what the first one saw
        snapshot = {"isolation_level": "REPEATABLE READ"} if self.dialect == "postgresql" else {}
        self._reading = self.engine.execution_options(**snapshot)
        event.listen(self.engine, "before_cursor_execute", _only_bearable, retval=True)
        self._made = False  # the tables of this version are there
        try:
            self._migrate(create)
            self._made = True
        except BaseException:
            self.close()
            raise

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A connection to read by, which sees one state of the ledger whoever writes meanwhile. Raises `MissingError` where what is asked for by its number cannot be there."""
        try:
            with self._errors(), self._reading.connect() as bind:
                yield bind
        except (DataError, OverflowError) as error:
            if isinstance(error, OverflowError) and "SQLite" not in str(error):
                raise
            raise MissingError("nothing bears such a number: it is beyond what a ledger counts") from error

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """A transaction that holds the write lock: all of it is stored, or nothing."""
        try:
            with self._errors(), self.engine.connect().execution_options(writes=True) as bind, bind.begin():
                if self.dialect == "postgresql":
                    bind.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
                yield bind
                if self.dialect == "sqlite" and self._made:
                    (sealing.seal if self.small else sealing.unseal)(bind)
        except (DataError, _UnbearableError) as error:
            raise LedgerError(f"{self.name}: the database refused ({_said(error)})") from error

    def faults(self) -> list[str]:
        """What the database itself finds wrong: nothing where it is whole, or checks itself (PostgreSQL)."""
        if self.dialect != "sqlite":
            return []
        with self.read() as bind:
            said = [str(row[0]) for row in bind.exec_driver_sql("PRAGMA integrity_check(20)")]
            if said != ["ok"]:
                return said
            lost = bind.exec_driver_sql("PRAGMA foreign_key_check")
            return [f"row {row[1]} of {row[0]} refers to a row of {row[2]} that is not there" for row in lost]

    @property
    def small(self) -> bool:
        """Whether it is a file that can be looked through in a moment."""
        return self.dialect == "sqlite" and Path(self.where).stat().st_size <= SMALL

    def look_through(self) -> None:
        """Raise `UnavailableError` where the database itself is damaged."""
        if wrong := self.faults():
            raise UnavailableError(f"{self.name}: {_DAMAGED} ({shortened(wrong[0])})")
        with self.read() as bind:
            if sealing.is_broken(bind):
                raise UnavailableError(f"{self.name}: {_DAMAGED} (names or links are not as they were written)")

    def close(self) -> None:
        self.engine.dispose()

    def _engine(self, create: bool) -> Engine:
        if not self.where.strip():
            raise LedgerError("no ledger is named; give a path or postgresql://…")
        if "://" in self.where:
            return self._server()
        path = Path(self.where)
        try:
            if not path.parent.is_dir():
                raise LedgerError(f"{self.name}: there is no folder {shortened(str(path.parent))}; make it first")
            if not create and not (path.is_file() and path.stat().st_size):
                raise self._none_here()
            self.still = _read_only(path)
        except (OSError, ValueError) as error:
            said = getattr(error, "strerror", None) or "no file can bear such a name"
            raise LedgerError(f"{self.name}: cannot be opened ({said}); check the path and its permissions") from error
        if self.still:
            where = URL.create("sqlite", database=f"file:{quote(str(path))}", query={"immutable": "1", "uri": "true"})
            engine = create_engine(where)
        else:
            engine = create_engine(URL.create("sqlite", database=str(path)), connect_args={"timeout": _WAIT})
            event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "connect", _make_wary)
        event.listen(engine, "begin", _begin_sqlite)
        return engine

    def _server(self) -> Engine:
        if self.where.count("@") > 1:
            raise LedgerError(f"{self.name}: write @, : and / in a password as %40, %3A and %2F")
        try:
            url = self.where.replace("postgresql://", "postgresql+psycopg://", 1)
            return create_engine(url, pool_pre_ping=True)
        except (NoSuchModuleError, ArgumentError, ValueError):  # what they say may hold the password
            raise LedgerError(f"{self.name}: no such kind of database; use a path or postgresql://…") from None
        except ImportError:
            raise LedgerError(f"{self.name}: PostgreSQL needs psycopg; pip install 'musnad[postgres]'") from None

    def _none_here(self) -> LedgerError:
        return LedgerError(
            f"{self.name}: there is no ledger here; check the name, or make one: musnad ingest SOURCE --ledger {self.name}"
        )

    def _migrate(self, create: bool) -> None:
        known = migrations.revisions()
        with self.read() as bind:
            current = migrations.revision_of(bind)
        if current is None and not create:
            raise self._none_here()
        if current is not None and current not in known:
            raise LedgerError(
                f"{self.name}: made by a newer Musnad (schema {current}); update Musnad and open it again"
            )
        if current != known[-1]:
            with self.write() as bind:  # whoever came first has done it: alembic looks again
                migrations.upgrade(bind)

    @contextmanager
    def _errors(self) -> Iterator[None]:
        try:
            yield
        except DataError:
            raise
        except IntegrityError as error:
            raise LedgerError(f"{self.name}: the database refused ({_said(error)})") from error
        except (SQLAlchemyError, UnicodeDecodeError) as error:  # SQLite's own words may be broken with the file
            raise UnavailableError(f"{self.name}: {_explain(_said(error))}") from error


def display_name(where: str) -> str:
    """How a database is called in messages: a path as it is, a URL without its password and options."""
    scheme, mark, rest = where.partition("://")
    if not mark:
        return shortened(where)
    server, _, options = rest.partition("?")
    if "@" in options:  # a password with a question mark, or one among the options
        return f"{scheme}://…"
    person, at, machine = server.rpartition("@")
    return shortened(f"{scheme}://{person.partition(':')[0]}{at}{machine}")


def _said(error: Exception) -> str:
    """The first line of what the database says."""
    said = str(error.orig if isinstance(error, DBAPIError) else error).strip()
    return shortened(said.splitlines()[0]) if said else type(error).__name__


def _read_only(path: Path) -> bool:
    """Whether a ledger stands where nothing may be written, nor is being written: SQLite then needs to be told."""
    written = path.with_name(path.name + "-wal")
    return (
        path.is_file()
        and not (os.access(path, os.W_OK) and os.access(path.parent, os.W_OK))
        and not (written.exists() and written.stat().st_size)
    )


def _prepare_sqlite(connection: Any, _: object) -> None:
    connection.isolation_level = None  # transactions are begun by `_begin_sqlite`
    cursor = connection.cursor()
    cursor.execute(f"PRAGMA busy_timeout = {int(_WAIT * 1000)}")
    cursor.execute("PRAGMA journal_mode = WAL")
    cursor.execute("PRAGMA synchronous = NORMAL")
    cursor.execute("PRAGMA foreign_keys = ON")
    cursor.execute("PRAGMA cache_size = -32768")
    cursor.execute("PRAGMA temp_store = MEMORY")
    cursor.close()


def _make_wary(connection: Any, _: object) -> None:
    connection.execute("PRAGMA cell_size_check = ON")  # a damaged page is an error, and not a wrong answer


def _only_bearable(bind: Connection, _: Any, statement: str, given: Any, context: Any, many: bool) -> tuple[str, Any]:
    """Let no text through that no row can bear: it is not stored, and what is looked for with it is found nowhere.

    PostgreSQL refuses NUL as an error; to SQLite a pattern ends there, and finds what was not asked for.
    """
    rows = given if many else (given,)
    if all(_bearable(value) for row in rows for value in (row.values() if isinstance(row, dict) else row)):
        return statement, given
    if many or bind.get_execution_options().get("writes"):
        raise _UnbearableError("a text holds NUL or half a character, which databases do not keep")
    if isinstance(given, dict):
        return statement, {name: value if _bearable(value) else _NOWHERE for name, value in given.items()}
    return statement, tuple(value if _bearable(value) else _NOWHERE for value in given)


def in_parts(values: list[_Value]) -> Iterator[list[_Value]]:
    """Values that are too many for one question, some at once."""
    for at in range(0, len(values), AT_ONCE):
        yield values[at : at + AT_ONCE]


def _bearable(value: Any) -> bool:
    if not isinstance(value, str) or value.isascii():
        return not isinstance(value, str) or "\0" not in value
    try:
        return b"\0" not in value.encode()
    except UnicodeEncodeError:
        return False


def _begin_sqlite(bind: Connection) -> None:
    bind.exec_driver_sql("BEGIN IMMEDIATE" if bind.get_execution_options().get("writes") else "BEGIN")


_CURES = (
    ("readonly database", "the file may not be written; change its permissions or copy it"),
    ("unable to open", "the file cannot be opened; check the path and its permissions"),
    ("database or disk is full", "the disk is full; nothing of this batch was stored, free space and run it again"),
    ("disk I/O error", "the disk cannot be read or written; make room or check it, and run it again"),
    ("database is locked", f"another process has been writing for {_WAIT} seconds; try again when it is done"),
    ("not a database", "the file is not a ledger; choose another path"),
    *((sign, _DAMAGED) for sign in ("malformed", "decode to UTF-8", "no such table", "no such column", "vtable", "codec can't decode")),
    ("Connection refused", "no database server answers; check the address and that it runs"),
    ("resolve host", "there is no such machine; check the address"),
    ("authentication failed", "the server does not take the name or the password; check both"),
)  # fmt: skip


def _explain(said: str) -> str:
    cure = next((cure for sign, cure in _CURES if sign in said), "the database cannot be asked")
    return f"{cure} ({said})"
