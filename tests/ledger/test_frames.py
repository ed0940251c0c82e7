"""Tables of Arrow, pandas and polars: the same rows and columns in each, from a record and from a ledger."""

from __future__ import annotations

import sys
from typing import Any, get_args

import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

import musnad
from musnad.errors import LedgerError
from musnad.ledger import Filters, Ledger
from musnad.ledger.across.linking import link
from musnad.ledger.events import EventFilters
from musnad.ledger.frames import EVENTS, MENTIONS, STATEMENTS, Backend
from tests.news import NEWS

TABLES = {"pyarrow": pa.Table, "pandas": pd.DataFrame, "polars": pl.DataFrame}
BACKENDS = get_args(Backend)


def rows(table: Any) -> list[dict[str, Any]]:
    """The rows of a table of any library as plain values, nothing as None."""
    if isinstance(table, pa.Table):
        return table.to_pylist()
    if isinstance(table, pl.DataFrame):
        return table.to_dicts()
    return [
        {name: None if pd.isna(value) else value for name, value in row.items()} for row in table.to_dict("records")
    ]


@pytest.fixture(scope="module")
def news(tmp_path_factory: pytest.TempPathFactory, reader: musnad.Reader) -> Any:
    with Ledger(tmp_path_factory.mktemp("frames") / "news.db") as ledger:
        ledger.add(reader.read(article) for article in NEWS)
        link(ledger)
        yield ledger


@pytest.mark.parametrize("backend", BACKENDS)
def test_a_record_as_tables(backend: Backend, reader: musnad.Reader) -> None:
    record = reader.read(NEWS[3])
    frames = record.to_frames(backend)
    assert all(isinstance(table, TABLES[backend]) for table in frames)
    assert [row["speaker"] for row in rows(frames.statements)] == [s.speaker.name for s in record.statements]
    assert [row["type"] for row in rows(frames.events)] == [event.type for event in record.events]
    assert [row["text"] for row in rows(frames.mentions)] == [mention.text for mention in record.mentions]
    assert list(rows(frames.mentions)[0]) == list(MENTIONS)


@pytest.mark.parametrize("backend", BACKENDS)
def test_an_article_without_anything_gives_tables_without_rows(backend: Backend, reader: musnad.Reader) -> None:
    for table, columns in zip(reader.read("نص قصير.").to_frames(backend), (STATEMENTS, EVENTS, MENTIONS), strict=True):
        assert rows(table) == []
        assert list(table.column_names if backend == "pyarrow" else table.columns) == list(columns)


@pytest.mark.parametrize("backend", BACKENDS)
def test_statements_of_a_ledger_with_the_filters_of_search(backend: Backend, news: Ledger) -> None:
    assert len(rows(news.statements_frame(backend=backend))) == news.counts()["statements"]
    found = rows(news.statements_frame("مياه", Filters(speaker="سامي الخوري", stance="REFUSE"), backend=backend))
    assert [(row["article"], row["stance"], row["published"]) for row in found] == [("talks2", "REFUSE", "2025-03-07")]
    assert list(found[0]) == list(STATEMENTS)
    assert rows(news.statements_frame(backend=backend, limit=2)) == rows(
        news.statements_frame(backend="pyarrow", limit=2)
    )


@pytest.mark.parametrize("backend", BACKENDS)
def test_events_of_a_ledger_with_the_filters_of_events(backend: Backend, news: Ledger) -> None:
    found = rows(news.events_frame(EventFilters(type="CONSULT", status="happened"), backend=backend))
    assert found
    assert {(row["type"], row["status"]) for row in found} == {("CONSULT", "happened")}
    assert list(found[0]) == list(EVENTS)
    assert [row["words"] for row in found] == [
        hit.words for hit in news.events(EventFilters(type="CONSULT", status="happened"))
    ]


def test_the_events_of_records_are_those_of_their_ledger(news: Ledger) -> None:
    of_records = [row for record in news.records() for row in rows(record.to_frames().events)]
    of_ledger = rows(news.events_frame())
    key = ("article", "event")
    assert sorted(of_records, key=lambda row: [row[name] for name in key]) == sorted(
        of_ledger, key=lambda row: [row[name] for name in key]
    )


def test_a_library_that_is_missing_is_named_with_the_cure(
    monkeypatch: pytest.MonkeyPatch, reader: musnad.Reader
) -> None:
    monkeypatch.setitem(sys.modules, "polars", None)
    with pytest.raises(LedgerError, match="pip install polars"):
        reader.read("قال الوزير إن المحادثات انتهت.").to_frames("polars")
    with pytest.raises(LedgerError, match="there are pyarrow, pandas, polars"):
        reader.read("قال الوزير إن المحادثات انتهت.").to_frames("excel")  # type: ignore[arg-type]


def test_the_commands_across_articles_are_methods_too(news: Ledger) -> None:
    (quake, *_) = news.utterances()
    assert {report.article for report in quake.reports} == {"quake1", "quake2"}
    assert news.utterance(quake.number) == quake
    (meeting, *_) = news.happenings()
    assert news.happening(meeting.number) == meeting
    head, articles = news.story(news.stories()[0].number)
    assert head.articles == len(articles) >= 2
    assert [promise.state for promise in news.promises()] == ["kept"]
    assert [pledge.statement.article for pledge in news.pledges()] == ["party1"]
    assert [conflict.kind for conflict in news.conflicts()] == ["denial"]
    assert [step.side for step in news.positions("سامي الخوري", "اتفاق مياه")] == ["for", "against"]
    assert [conflict.kind for conflict in news.reversals("سامي الخوري")] == ["reversal"]
