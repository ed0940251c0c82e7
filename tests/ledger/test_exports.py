"""What goes out can be checked, and comes in again as it was."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import msgspec
import pytest

import musnad
from musnad.evaluation import load_gold
from musnad.exports import formats, table
from musnad.exports.csv import safe
from musnad.ledger import Filters, Ledger
from musnad.ledger.frames import chosen
from musnad.ledger.ingest import ingest
from musnad.ledger.verify import verify_file
from musnad.sources import read_path


def exported(ledger: Ledger, form: str, query: str | None = None, filters: Filters | None = None) -> bytes:
    stream = io.BytesIO()
    formats()[form].write(chosen(ledger, query, filters), stream)
    return stream.getvalue()


def test_an_exported_ledger_ingests_to_the_same_ledger(ledger: Ledger, tmp_path: Path) -> None:
    file = tmp_path / "all.jsonl"
    file.write_bytes(exported(ledger, "jsonl"))
    assert list(verify_file(file)) == []
    with Ledger(tmp_path / "again.db") as again:
        assert ingest(again, read_path(file), workers=1, exact=True).added == 3
        assert exported(again, "jsonl") == exported(ledger, "jsonl")


def test_a_changed_word_in_an_exported_file_is_found(ledger: Ledger, tmp_path: Path) -> None:
    file = tmp_path / "all.jsonl"
    row = msgspec.json.decode(exported(ledger, "jsonl").splitlines()[0])
    row["text"] = row["text"][:20]
    file.write_bytes(msgspec.json.encode(row))
    assert [str(finding).partition(":")[0] for finding in verify_file(file)] == [str(file)]


def test_csv_has_a_row_a_statement_and_runs_no_formula(ledger: Ledger, reader: musnad.Reader) -> None:
    ledger.add([reader.read(musnad.Document(id="=cmd()", text="قال الوزير سامي الخوري إن المحادثات انتهت."))])
    rows = list(csv.DictReader(io.StringIO(exported(ledger, "csv").decode("utf-8-sig"))))
    assert len(rows) == ledger.counts()["statements"]
    assert rows[-1]["article"] == "'=cmd()"
    assert rows[0]["speaker"] == "سامي الخوري"


@pytest.mark.parametrize(("cell", "written"), [
    ("=cmd|' /C calc'!A0", "'=cmd|' /C calc'!A0"), ("+1+2", "'+1+2"), ("-2+3", "'-2+3"), ("@SUM(A1)", "'@SUM(A1)"),
    ("\t=1", "'\t=1"), (" =1+1", "' =1+1"), ("＝1", "'＝1"), ("-12.5", "-12.5"), ("+3", "+3"), (-3, -3), (0.5, 0.5),
    (None, None), ("", ""), ("قال: = لا", "قال: = لا"),
])  # fmt: skip
def test_a_cell_is_no_formula_and_a_number_stays_one(cell: object, written: object) -> None:
    assert safe(cell) == written


def test_parquet_holds_the_same_rows(ledger: Ledger, tmp_path: Path) -> None:
    parquet = pytest.importorskip("pyarrow.parquet")
    file = tmp_path / "all.parquet"
    file.write_bytes(exported(ledger, "parquet"))
    table = parquet.read_table(file)
    assert table.num_rows == ledger.counts()["statements"]
    assert set(table.column("stance").to_pylist()) == {"SAY", "DENY", "URGE"}


def test_a_search_comes_as_an_arrow_table(ledger: Ledger) -> None:
    pytest.importorskip("pyarrow")
    assert table(ledger, "هدنة").column("speaker").to_pylist() == ["هدى سالم", "هدى سالم"]
    assert table(ledger).num_rows == ledger.counts()["statements"]


def test_a_web_annotation_points_at_its_words(ledger: Ledger) -> None:
    for line in exported(ledger, "webannotation").splitlines():
        row = msgspec.json.decode(line)
        record = ledger.document(row["id"].split(":")[3])
        assert record is not None
        for target in row["target"]:
            position, quote = target["selector"]
            assert record.text[position["start"] : position["end"]] == quote["exact"]
            assert record.text.startswith(quote["prefix"], position["start"] - len(quote["prefix"]))
            assert record.text.startswith(quote["suffix"], position["end"])


def test_a_quotation_is_created_by_its_speaker_and_based_on_its_chain(ledger: Ledger) -> None:
    rows = [msgspec.json.decode(line) for line in exported(ledger, "schemaorg").splitlines()]
    denied = next(row for row in rows if row["creator"]["name"] == "الحركة")
    assert denied["@type"] == "Claim"
    assert [part["name"] for part in denied["isBasedOn"][:-1]] == ["وكالة رويترز"]
    assert denied["isBasedOn"][-1]["publisher"]["name"] == "الأيام"
    assert {row["@type"] for row in rows} == {"Claim", "Quotation"}


def test_the_rows_of_a_search_go_out_alone(ledger: Ledger) -> None:
    lines = exported(ledger, "jsonl", "هدنة").splitlines()
    assert [len(msgspec.json.decode(line)["statements"]) for line in lines] == [1, 1]
    assert len(exported(ledger, "schemaorg", None, Filters(stance="DENY")).splitlines()) == 1


def test_annotated_articles_are_what_eval_takes(ledger: Ledger, tmp_path: Path) -> None:
    file = tmp_path / "gold.jsonl"
    file.write_bytes(exported(ledger, "gold"))
    rows = load_gold(file)
    assert [row["id"] for row in rows] == [record.id for record in ledger.records()]
    for row, record in zip(rows, ledger.records(), strict=True):
        for told, statement in zip(row["statements"], record.statements, strict=True):
            assert [row["text"][start:end] for start, end in told["content"]] == [
                span.text for span in statement.content
            ]
            assert told["speaker"]["name"] == statement.speaker.name
