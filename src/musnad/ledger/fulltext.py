"""The index of words in each database: how it is made, filled, emptied and asked.

A query comes here as clauses: lists of terms that stand side by side (a phrase), the last of which may
be a beginning. Terms hold letters and digits only, so nothing of a person's words reaches the database
but as a bound parameter in its own query language.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple, Protocol

from sqlalchemy import Connection, text


class Clause(NamedTuple):
    """Terms that must stand side by side; `begins`: the last one is only the beginning of a word."""

    terms: tuple[str, ...]
    begins: bool = False


class WordIndex(Protocol):
    """What a database must be able to do with terms."""

    ranked: (
        str  # SQL of the join, with the bound parameter :query, giving `found(number, score)`; a lower score is better
    )

    numbers: str  # SQL of the numbers of all statements in it

    def create(self, bind: Connection) -> None: ...
    def add(self, bind: Connection, rows: Sequence[tuple[int, str]]) -> None: ...
    def remove(self, bind: Connection, rows: Sequence[tuple[int, str]]) -> None: ...
    def clear(self, bind: Connection) -> None: ...
    def read_through(self, bind: Connection) -> None: ...
    def query(self, clauses: Iterable[Clause]) -> str:
        """The query for statements in which all clauses stand."""
        ...

    def query_any(self, terms: Iterable[str]) -> str:
        """The query for statements in which any of some terms stands."""
        ...


class SqliteIndex:
    """An FTS5 table that keeps no text of its own."""

    ranked = "SELECT rowid AS number, bm25(terms) AS score FROM terms WHERE terms MATCH :query"
    numbers = "SELECT rowid FROM terms"

    def create(self, bind: Connection) -> None:
        bind.execute(
            text("CREATE VIRTUAL TABLE terms USING fts5(line, content='', tokenize=\"unicode61 remove_diacritics 0\")")
        )

    def add(self, bind: Connection, rows: Sequence[tuple[int, str]]) -> None:
        _many(bind, "INSERT INTO terms(rowid, line) VALUES (:number, :line)", rows)

    def remove(self, bind: Connection, rows: Sequence[tuple[int, str]]) -> None:
        _many(bind, "INSERT INTO terms(terms, rowid, line) VALUES ('delete', :number, :line)", rows)

    def clear(self, bind: Connection) -> None:
        bind.execute(text("INSERT INTO terms(terms) VALUES ('delete-all')"))

    def read_through(self, bind: Connection) -> None:
        bind.execute(
            text("CREATE VIRTUAL TABLE IF NOT EXISTS temp.vocabulary USING fts5vocab('main', 'terms', 'instance')")
        )
        bind.execute(text("SELECT count(*), max(length(term)), max(doc), max(offset) FROM temp.vocabulary")).one()

    def query(self, clauses: Iterable[Clause]) -> str:
        return " AND ".join(f'"{" ".join(clause.terms)}"' + ("*" if clause.begins else "") for clause in clauses)

    def query_any(self, terms: Iterable[str]) -> str:
        return " OR ".join(f'"{term}"' for term in terms)


class PostgresIndex:
    """A column of lexemes with a GIN index."""

    ranked = "SELECT t.number, -ts_rank_cd(t.line, q) AS score FROM terms t, to_tsquery('simple', :query) q WHERE t.line @@ q"
    numbers = "SELECT number FROM terms"

    def create(self, bind: Connection) -> None:
        bind.execute(text("CREATE TABLE terms(number INTEGER PRIMARY KEY, line TSVECTOR NOT NULL)"))
        bind.execute(text("CREATE INDEX terms_line ON terms USING gin(line)"))

    def add(self, bind: Connection, rows: Sequence[tuple[int, str]]) -> None:
        _many(bind, "INSERT INTO terms(number, line) VALUES (:number, to_tsvector('simple', :line))", rows)

    def remove(self, bind: Connection, rows: Sequence[tuple[int, str]]) -> None:
        _many(bind, "DELETE FROM terms WHERE number = :number AND CAST(:line AS TEXT) IS NOT NULL", rows)

    def clear(self, bind: Connection) -> None:
        bind.execute(text("DELETE FROM terms"))

    def read_through(self, bind: Connection) -> None:
        bind.execute(text("SELECT count(*), max(length(line)) FROM terms")).one()

    def query(self, clauses: Iterable[Clause]) -> str:
        return " & ".join(
            "(" + " <-> ".join(f"'{term}'" for term in clause.terms) + (":*" if clause.begins else "") + ")"
            for clause in clauses
        )

    def query_any(self, terms: Iterable[str]) -> str:
        return " | ".join(f"'{term}'" for term in terms)


def _many(bind: Connection, statement: str, rows: Sequence[tuple[int, str]]) -> None:
    if rows:
        bind.execute(text(statement), [{"number": number, "line": line} for number, line in rows])


def index_for(dialect: str) -> WordIndex:
    """Return the index of a database by SQLAlchemy's name for it."""
    return PostgresIndex() if dialect == "postgresql" else SqliteIndex()
