"""SQL over what a run wrote, by DuckDB: the Parquet files themselves, nothing is loaded or copied."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
from pyarrow import dataset

from musnad.batch.parts import ARTICLES, REJECTED, REJECTED_SCHEMA
from musnad.errors import BatchError
from musnad.files import shortened

_WORDS = "text[{0}[1] + 1 : {0}[2]]"  # a span counts from 0, its end is outside; DuckDB counts from 1, both ends inside

_YEARS = dataset.partitioning(pa.schema([("year", pa.int64())]), flavor="hive")
_EXPLAIN = re.compile(r"\s*(EXPLAIN\s+(?:ANALYZE\s+)?)(.*)", re.IGNORECASE | re.DOTALL)

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
    """The output of a run, open for questions. No other file can be read, nothing written.

    Raises `BatchError` where the folder holds no such output.
    """

    def __init__(self, folder: str | Path) -> None:
        root = Path(folder)
        articles = sorted(root.glob(f"{ARTICLES}/**/*.parquet"))
        if not articles:
            raise BatchError(f"{folder}: no articles here; give the folder that `musnad run --output` wrote")
        self._bind = duckdb.connect()
        # Arrow opens the files: DuckDB itself may open none, and has no table, so a part of a question that writes cannot.
        self._bind.register(ARTICLES, _opened(articles, root / ARTICLES, _YEARS))
        rejected = sorted(root.glob(f"{REJECTED}/*.parquet"))
        self._bind.register(REJECTED, _opened(rejected, root / REJECTED) if rejected else REJECTED_SCHEMA.empty_table())
        for name, query in _VIEWS.items():
            self._bind.execute(f"CREATE VIEW {name} AS {query}")
        self._bind.execute("SET python_enable_replacements = false")
        self._bind.execute("SET enable_external_access = false")
        self._bind.execute("SET lock_configuration = true")

    def ask(self, question: str) -> tuple[list[str], Iterator[tuple[Any, ...]]]:
        """Return the names of the columns and the rows of an answer. Raises `BatchError` where the question is none."""
        with _errors():
            answer = self._bind.execute(self._only_asking(question))
        return [column[0] for column in answer.description or ()], _rows(answer)

    def _only_asking(self, question: str) -> str:
        """The question, where it is one SELECT or the plan of one: nothing else is carried out, whatever it may do."""
        explained = _EXPLAIN.fullmatch(question)
        prefix, asked = explained.groups() if explained else ("", question)
        statements = self._bind.extract_statements(asked)
        if not statements:
            raise BatchError("the question is empty; write SELECT … FROM statements")
        if len(statements) > 1:
            raise BatchError("more than one question; ask them one after the other")
        if statements[0].type != duckdb.StatementType.SELECT:
            raise BatchError("not a question; begin with SELECT, WITH, DESCRIBE or EXPLAIN SELECT")
        return prefix + statements[0].query

    def close(self) -> None:
        self._bind.close()


def _opened(files: list[Path], base: Path, partitioning: Any = None) -> Any:
    try:
        return dataset.dataset(
            [str(file) for file in files], format="parquet", partitioning=partitioning, partition_base_dir=str(base)
        )
    except (pa.ArrowException, OSError) as error:
        raise BatchError(f"{base}: a file cannot be read ({shortened(str(error))}); run into another folder") from error


def _rows(answer: duckdb.DuckDBPyConnection) -> Iterator[tuple[Any, ...]]:
    while True:
        with _errors():
            row = answer.fetchone()
        if row is None:
            return
        yield row


@contextmanager
def _errors() -> Iterator[None]:
    """What DuckDB says, in one line without the picture of the place."""
    try:
        yield
    except duckdb.Error as error:
        said = " ".join(str(error).split("\nLINE ")[0].split())
        raise BatchError(f"{said}; the tables are {', '.join(views())}") from error
