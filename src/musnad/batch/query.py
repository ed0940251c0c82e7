"""SQL over what a run wrote, by DuckDB: the Parquet files themselves, nothing is loaded or copied."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb

from musnad.batch.parts import ARTICLES, REJECTED
from musnad.errors import BatchError

_WORDS = "text[{0}[1] + 1 : {0}[2]]"  # a span counts from 0, its end is outside; DuckDB counts from 1, both ends inside

_ASKING = {duckdb.StatementType.SELECT, duckdb.StatementType.EXPLAIN}

_VIEWS = {
    "statements": f"""
        SELECT id AS article, published, outlet, year, s.id AS statement, s.kind, s.stance, s.speaker.name AS speaker,
            s.speaker.entity AS speaker_entity, {_WORDS.format("s.cue")} AS cue,
            array_to_string([{_WORDS.format("span")} FOR span IN s.content], ' … ') AS content,
            s.addressee.name AS addressee, [source.name FOR source IN s.sources] AS sources, s.within, s.confidence,
            s.content AS content_spans
        FROM (SELECT *, unnest(statements) AS s FROM articles)""",
    "events": f"""
        SELECT id AS article, published, outlet, year, e.id AS event, e.type, e.mode, e.status,
            array_to_string([{_WORDS.format("span")} FOR span IN e.triggers], ' … ') AS words,
            [actor.name FOR actor IN e.actors] AS actors, [recipient.name FOR recipient IN e.recipients] AS recipients,
            e.date."start" AS first_day, e.date."end" AS last_day, e.place.name AS place, e.said_in, e.confidence,
            e.triggers AS trigger_spans
        FROM (SELECT *, unnest(events) AS e FROM articles)""",
    "mentions": f"""
        SELECT id AS article, published, outlet, year, {_WORDS.format("m.span")} AS words, m.kind, m.name, m.entity
        FROM (SELECT *, unnest(mentions) AS m FROM articles)""",
}  # fmt: skip


def views() -> list[str]:
    """The tables that a question can name."""
    return [ARTICLES, *_VIEWS, REJECTED]


class Archive:
    """The output of a run, open for questions. Nothing outside its folder can be read, nothing written.

    Raises `BatchError` where the folder holds no such output.
    """

    def __init__(self, folder: str | Path) -> None:
        root = Path(folder)
        if not next(root.glob(f"{ARTICLES}/**/*.parquet"), None):
            raise BatchError(f"{folder}: no articles here; give the folder that `musnad run --output` wrote")
        self._bind = duckdb.connect()
        here = _quoted(str(root.resolve()))
        self._view(ARTICLES, f"{here}/{ARTICLES}/**/*.parquet")
        if next(root.glob(f"{REJECTED}/*.parquet"), None):
            self._view(REJECTED, f"{here}/{REJECTED}/*.parquet")
        else:
            self._bind.execute(f"CREATE TABLE {REJECTED} (place VARCHAR, reason VARCHAR)")
        for name, query in _VIEWS.items():
            self._bind.execute(f"CREATE VIEW {name} AS {query}")
        self._bind.execute(f"SET allowed_directories = ['{here}/']")
        self._bind.execute("SET enable_external_access = false")
        self._bind.execute("SET lock_configuration = true")

    def ask(self, question: str) -> tuple[list[str], Iterator[tuple[Any, ...]]]:
        """Return the names of the columns and the rows of an answer. Raises `BatchError` where the question is none."""
        try:
            if any(part.type not in _ASKING for part in self._bind.extract_statements(question)):
                raise BatchError("not a question; begin with SELECT, WITH, DESCRIBE or EXPLAIN")
            answer = self._bind.execute(question)
        except duckdb.Error as error:
            raise BatchError(f"{error}; the tables are {', '.join(views())}") from error
        return [column[0] for column in answer.description or ()], iter(answer.fetchone, None)

    def close(self) -> None:
        self._bind.close()

    def _view(self, name: str, files: str) -> None:
        self._bind.execute(f"CREATE VIEW {name} AS SELECT * FROM read_parquet('{files}', hive_partitioning = true)")


def _quoted(text: str) -> str:
    return text.replace("'", "''")
