"""Asking a ledger by SQL: answers, and nothing that could change it or anything beside it."""

from __future__ import annotations

from pathlib import Path

import pytest

from musnad.errors import SearchError
from musnad.ledger import Ledger
from musnad.ledger.sql import asked


def test_a_question_has_names_and_rows(ledger: Ledger) -> None:
    with asked(ledger, "SELECT stance, count(*) AS n FROM statements GROUP BY stance ORDER BY stance") as (names, rows):
        assert names == ["stance", "n"]
        assert [tuple(row) for row in rows] == [("DENY", 1), ("SAY", 3), ("URGE", 2)]
    ledger.add([])  # the ledger can be written as before


@pytest.mark.parametrize("question", [
    "DELETE FROM statements", "DROP TABLE statements", "UPDATE documents SET text = ''", "CREATE TABLE x (y integer)", "SELECT 1; DELETE FROM statements",
    "WITH gone AS (DELETE FROM statements RETURNING 1) SELECT * FROM gone", "", "no question", "SELECT * FROM nowhere",
])  # fmt: skip
def test_what_is_no_question_is_refused(ledger: Ledger, question: str) -> None:
    before = ledger.counts()
    with pytest.raises(SearchError), asked(ledger, question) as (_, rows):
        list(rows)
    assert ledger.counts() == before


@pytest.mark.parametrize("question", [
    "ATTACH '{}' AS other", "VACUUM INTO '{}'", "PRAGMA query_only = OFF", "PRAGMA journal_mode = DELETE", "SELECT load_extension('{}')",
])  # fmt: skip
def test_a_file_beside_the_ledger_is_neither_read_nor_written(ledger: Ledger, question: str, tmp_path: Path) -> None:
    if ledger.database.dialect != "sqlite":
        pytest.skip("only SQLite knows these words")
    other = tmp_path / "other.db"
    with pytest.raises(SearchError), asked(ledger, question.format(other)) as (_, rows):
        list(rows)
    assert not other.exists()
