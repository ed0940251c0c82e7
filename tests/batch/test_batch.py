"""Record batches in, record batches out; what Arrow holds is what JSON holds."""

from __future__ import annotations

import datetime
import shutil
import sys

import polars as pl
import pyarrow as pa
import pytest
from pyspark import sql
from pyspark.sql.pandas.types import from_arrow_schema

import musnad
from musnad import arrow
from musnad.batch import read_batch
from musnad.errors import BatchError
from musnad.record import Record
from tests.batch.conftest import article

ROWS = [article(n) for n in range(8)]


def test_rows_come_out_in_their_order_with_what_was_read(fast: musnad.Reader) -> None:
    read = read_batch(pa.RecordBatch.from_pylist(ROWS))
    assert read.schema.equals(arrow.record_schema(), check_metadata=True)
    expected = [fast.read(musnad.Document(**row)) for row in ROWS]
    assert [arrow.from_arrow(row) for row in read.to_pylist()] == expected
    assert expected[3].statements
    assert expected[3].events
    assert read["error"].null_count == len(ROWS)


def test_arrow_has_the_fields_of_the_record() -> None:
    assert arrow.record_schema().names == [*Record.__struct_fields__, "error"]
    assert arrow.record_schema().metadata == {b"musnad.record": b"1"}


@pytest.mark.parametrize("kind", ["string", "large_string", "string_view"])
def test_any_string_and_real_dates_are_taken(kind: str) -> None:
    texts = pa.array([ROWS[0]["text"]], getattr(pa, kind)())
    days = pa.array([datetime.date(2024, 5, 1)])
    read = read_batch(pa.RecordBatch.from_arrays([texts, days, pa.array([7])], ["text", "published", "id"]))
    assert read["published"].to_pylist() == ["2024-05-01"]
    assert read["id"].to_pylist() == ["7"]


def test_a_row_that_is_no_article_has_its_reason_and_stops_nothing() -> None:
    read = read_batch(
        pa.RecordBatch.from_pylist([ROWS[0], {"id": "e", "text": "  "}, {"id": "n", "text": None}, ROWS[1]])
    )
    assert [error is not None for error in read["error"].to_pylist()] == [False, True, True, False]
    assert "has no text" in read["error"][1].as_py()
    assert read["statements"][1].as_py() == []
    assert read["id"].to_pylist() == ["a0", "e", "n", "a1"]


def test_a_cell_that_holds_no_value_and_an_article_that_cannot_be_stored_cost_their_rows() -> None:
    days = pa.array([2_000_000_000, 20_000, 20_000], pa.int32()).view(pa.date32())
    names = pa.array([b"a", b"\xd8", b".."]).view(pa.string())
    batch = pa.RecordBatch.from_arrays([pa.array([ROWS[0]["text"]] * 3), days, names], ["text", "published", "id"])
    read = read_batch(batch)
    assert [error.split(" ")[2] for error in read["error"].to_pylist()] == ['"published"', '"id"', '"id"']
    assert read["id"].to_pylist() == ["", "", ".."]


def test_an_article_that_breaks_the_reader_is_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    class Broken:
        def read(self, document: musnad.Document) -> Record:
            if document.id == "a1":
                raise ValueError("no")
            return Record(id=document.id, text=document.text)

    monkeypatch.setattr("musnad.batch.reading.reader", lambda *, exact: Broken())
    assert read_batch(pa.RecordBatch.from_pylist(ROWS[:3]))["error"].to_pylist() == [
        None, "a1: could not be read (ValueError: no); please report it", None,
    ]  # fmt: skip


def test_a_batch_read_by_the_exact_reader(reader: musnad.Reader) -> None:
    read = read_batch(pa.RecordBatch.from_pylist(ROWS[:1]), exact=True)
    expected = reader.read(musnad.Document(**ROWS[0])).to_dict()["statements"]
    assert [one["confidence"] for one in read["statements"][0].as_py()] == [one["confidence"] for one in expected]


def test_nothing_and_what_has_no_text() -> None:
    assert read_batch(empty()).num_rows == 0
    with pytest.raises(BatchError, match="words, id"):
        read_batch(pa.RecordBatch.from_pylist([{"words": "قال", "id": "1"}]))


def empty() -> pa.RecordBatch:
    return pa.RecordBatch.from_pylist([], schema=arrow.document_schema())


def test_under_polars() -> None:
    frame = pl.DataFrame(ROWS)
    read = pl.from_arrow([read_batch(batch) for batch in frame.to_arrow().to_batches()])
    speakers = read.explode("statements")["statements"].struct.field("speaker").struct.field("name")
    assert "سامر حداد" in speakers.to_list()


@pytest.mark.filterwarnings("ignore")
@pytest.mark.skipif(shutil.which("java") is None, reason="Spark needs Java")
def test_under_spark(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYSPARK_PYTHON", sys.executable)
    spark = (
        sql.SparkSession.builder.master("local[2]").config("spark.ui.enabled", "false")
        .config("spark.driver.host", "127.0.0.1").config("spark.driver.bindAddress", "127.0.0.1").getOrCreate()
    )  # fmt: skip
    try:
        frame = spark.createDataFrame(ROWS)
        read = frame.mapInArrow(lambda batches: map(read_batch, batches), from_arrow_schema(arrow.record_schema()))
        rows = {row["id"]: row for row in read.select("id", "statements", "error").collect()}
    finally:
        spark.stop()
    assert len(rows) == len(ROWS)
    assert rows["a3"]["statements"][0]["speaker"]["name"] == "سامر حداد"
    assert rows["a3"]["error"] is None
