"""Opening a database: SQLite by path, PostgreSQL by URL, with the schema brought up to date and the writers in a row."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import URL, Connection, Engine, create_engine, event, text
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError, OperationalError

from musnad.errors import LedgerError

_WAIT = 60  # seconds for which a writer waits for another
_LOCK = 0x6D75736E  # one writer at a time, also in PostgreSQL
_MIGRATIONS = Path(__file__).parent / "migrations"


class Database:
    """An engine whose `write()` transactions come one after the other, and whose schema is this version's."""

    def __init__(self, where: str | Path) -> None:
        self.name = str(where)
        self.engine = self._engine(self.name)
        self.dialect = self.engine.dialect.name
        self._migrate()

    @contextmanager
    def read(self) -> Iterator[Connection]:
        with self._errors(), self.engine.connect() as bind:
            yield bind

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """A transaction that holds the write lock: all of it is stored, or nothing."""
        with self._errors(), self.engine.connect().execution_options(writes=True) as bind, bind.begin():
            if self.dialect == "postgresql":
                bind.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
            yield bind

    def close(self) -> None:
        self.engine.dispose()

    def _engine(self, name: str) -> Engine:
        if "://" in name:
            url = name.replace("postgresql://", "postgresql+psycopg://", 1)
            try:
                return create_engine(url, pool_pre_ping=True)
            except (NoSuchModuleError, ArgumentError, ValueError) as error:
                raise LedgerError(f"{name}: no such kind of database ({error}); use a path or postgresql://…") from None
            except ImportError:
                raise LedgerError(f"{name}: PostgreSQL needs psycopg; pip install 'musnad[postgres]'") from None
        path = Path(name)
        if not path.parent.is_dir():
            raise LedgerError(f"{name}: there is no folder {path.parent}; make it first")
        if _read_only(path):
            still = URL.create("sqlite", database=f"file:{quote(str(path))}", query={"immutable": "1", "uri": "true"})
            engine = create_engine(still)
        else:
            engine = create_engine(URL.create("sqlite", database=str(path)), connect_args={"timeout": _WAIT})
            event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
        return engine

    def _migrate(self) -> None:
        config = Config()
        config.set_main_option("script_location", str(_MIGRATIONS))
        scripts = ScriptDirectory.from_config(config)
        with self.read() as bind:
            current = MigrationContext.configure(bind).get_current_revision()
        if current is not None and current not in {script.revision for script in scripts.walk_revisions()}:
            raise LedgerError(
                f"{self.name}: made by a newer Musnad (schema {current}); update Musnad and open it again"
            )
        if current != scripts.get_current_head():
            with self.write() as bind:  # whoever came first has done it: alembic looks again
                config.attributes["connection"] = bind
                command.upgrade(config, "head")

    @contextmanager
    def _errors(self) -> Iterator[None]:
        try:
            yield
        except DBAPIError as error:
            raise LedgerError(f"{self.name}: {_explain(error)}") from error


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


def _begin_sqlite(bind: Connection) -> None:
    bind.exec_driver_sql("BEGIN IMMEDIATE" if bind.get_execution_options().get("writes") else "BEGIN")


def _explain(error: DBAPIError) -> str:
    said = str(error.orig)
    for sign, cure in (
        ("readonly database", "the file may not be written; change its permissions or copy it"),
        ("unable to open", "the file cannot be opened; check the path and its permissions"),
        ("database or disk is full", "the disk is full; nothing of this batch was stored, free space and run it again"),
        ("database is locked", f"another process has been writing for {_WAIT} seconds; try again when it is done"),
        ("not a database", "the file is not a ledger; choose another path"),
        ("malformed", "the file is damaged; restore a copy, or ingest the archive into a new ledger"),
        ("Connection refused", "no database server answers; check the address and that it runs"),
    ):
        if sign in said:
            return f"{cure} ({said.strip().splitlines()[0]})"
    return (
        said.strip().splitlines()[0]
        if isinstance(error, OperationalError)
        else f"the database refused ({said.strip()[:200]})"
    )
