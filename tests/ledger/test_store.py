"""What goes into a ledger comes out of it, once, and with its evidence."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import msgspec
import pytest
from sqlalchemy import event

import musnad
from musnad.errors import LedgerError, MissingError
from musnad.ledger import Filters, Ledger
from musnad.ledger.across import views
from musnad.ledger.corrections import correct
from musnad.ledger.database import display_name
from musnad.ledger.events import EventFilters
from musnad.ledger.verify import verify_ledger
from tests.ledger.conftest import ARTICLES


def test_a_record_comes_back_as_it_was_read(ledger: Ledger, reader: musnad.Reader) -> None:
    for article in ARTICLES:
        assert ledger.document(article.id) == reader.read(article)
    assert ledger.document("nobody") is None


def test_the_same_article_again_changes_nothing(ledger: Ledger, reader: musnad.Reader) -> None:
    before = [record.to_json() for record in ledger.records()]
    assert ledger.add(reader.read(article) for article in ARTICLES) == (0, 0, 3)
    assert [record.to_json() for record in ledger.records()] == before
    assert ledger.missing(ARTICLES) == []


def test_a_changed_article_is_read_anew(ledger: Ledger, reader: musnad.Reader) -> None:
    changed = msgspec.structs.replace(ARTICLES[0], text="قال الوزير سامي الخوري إن المفاوضات انهارت.")
    assert ledger.missing([changed]) == [changed]
    assert ledger.add([reader.read(changed)]) == (0, 1, 0)
    assert [hit.words for hit in ledger.search("المفاوضات")] == ["المفاوضات انهارت"]
    assert ledger.search("سيبدأ") == []
    assert ledger.counts()["documents"] == 3


def test_of_one_id_twice_in_a_batch_the_later_stays(where: str, reader: musnad.Reader) -> None:
    with Ledger(where) as ledger:
        later = msgspec.structs.replace(ARTICLES[0], outlet="الرأي")
        assert ledger.add([reader.read(ARTICLES[0]), reader.read(later)]).added == 1
        assert ledger.document("a1") == reader.read(later)


def test_the_same_words_under_another_outlet_are_a_copy(ledger: Ledger) -> None:
    found = {hit.article: hit.copy_of for hit in ledger.search("هدنة كاملة")}
    assert found == {"a2": None, "a3": "a2"}


def test_a_statement_without_evidence_cannot_be_stored(ledger: Ledger) -> None:
    from sqlalchemy import update

    from musnad.ledger.tables import statements

    with pytest.raises(LedgerError, match=r"refused|evidence|CHECK"), ledger.database.write() as bind:
        bind.execute(update(statements).values(content="[]", words=""))
    assert list(verify_ledger(ledger.database.where)) == []


def test_verify_names_what_no_longer_fits(ledger: Ledger) -> None:
    from sqlalchemy import update

    from musnad.ledger.tables import documents

    with ledger.database.write() as bind:
        bind.execute(
            update(documents).where(documents.c.id == "a2").values(text="نص آخر تماما لا صلة له بما قرئ من قبل")
        )
    found = [str(finding) for finding in verify_ledger(ledger.database.where)]
    assert any("a2" in line and "hash differs" in line for line in found)
    assert any("a2 s1" in line for line in found)
    assert not any("a1" in line for line in found)


def test_what_is_no_ledger_gets_one_clear_error(tmp_path: Path) -> None:
    (tmp_path / "notes.db").write_text("this is no database, but it is long enough to have a header" * 20)
    with pytest.raises(LedgerError, match=r"notes.db: the file is not a ledger"):
        Ledger(tmp_path / "notes.db")
    with pytest.raises(LedgerError, match="there is no folder"):
        Ledger(tmp_path / "nowhere" / "news.db")
    with pytest.raises(LedgerError, match="no such kind of database"):
        Ledger("oracle-of-delphi://x")


@pytest.mark.parametrize("url", [
    "postgresql://u:geheim@127.0.0.1:1/db", "postgresql://u:ge@heim@127.0.0.1:1/db", "postgresql://u:ge/heim@127.0.0.1:1/db",
    "postgresql://u:ge?heim@127.0.0.1:1/db", "postgresql://127.0.0.1:1/db?user=u&password=geheim", "postgresql://u:geheim@h:port/db",
    "oracle-of-delphi://u:geheim@x",
])  # fmt: skip
def test_no_message_bears_the_password(url: str) -> None:
    with pytest.raises(LedgerError) as caught:
        Ledger(url)
    assert str(caught.value).startswith(url.partition("://")[0])
    assert "heim" not in str(caught.value)
    assert "heim" not in display_name(url)


def test_reading_makes_no_ledger(tmp_path: Path) -> None:
    (tmp_path / "empty.db").touch()
    with sqlite3.connect(tmp_path / "other.db") as bind:
        bind.execute("CREATE TABLE other(x)")
    bind.close()
    for name in ("typo.db", "empty.db", "other.db"):
        with pytest.raises(LedgerError, match=rf"{name}: there is no ledger here; .* musnad ingest"):
            Ledger(tmp_path / name, create=False)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["empty.db", "other.db"]
    for name in ("", " ", "a\0b", "x" * 300):
        with pytest.raises(LedgerError):
            Ledger(name, create=False)


def test_what_no_row_can_bear_is_not_found(ledger: Ledger) -> None:
    assert ledger.document("a\0b") is None
    assert ledger.entities("\0") == ledger.entities("\ud800") == []
    assert ledger.statements(Filters(speaker="\0")) == ledger.statements(Filters(outlet="\0")) == []
    assert ledger.events(EventFilters(place="\0")) == []
    with pytest.raises(LedgerError, match="NUL"):
        correct(ledger, "a1", "s1", {"speaker": {"name": "\0", "span": None, "entity": None}})
    for number in (2**31, 2**63, 2**80, -(2**80)):
        for name in ("story", "utterance", "happening"):
            with pytest.raises(MissingError), ledger.database.read() as bind:
                getattr(views, name)(bind, number)


def test_a_ledger_that_may_only_be_read_is_searched_all_the_same(
    tmp_path: Path, reader: musnad.Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "news?#%20.db"
    with Ledger(path) as ledger:
        ledger.add(map(reader.read, ARTICLES))
    monkeypatch.setattr("musnad.ledger.database._read_only", lambda path: True)
    with Ledger(path) as ledger:
        assert len(ledger.search("هدنة")) == 2
        with pytest.raises(LedgerError, match=r"the file may not be written"):
            ledger.add([reader.read("قال الوزير إن المحادثات انتهت.")])


def test_a_full_disk_loses_nothing_that_was_stored(tmp_path: Path, fast: musnad.Reader) -> None:
    path = tmp_path / "news.db"
    with Ledger(path) as ledger:
        ledger.add([fast.read(ARTICLES[0])])
        with ledger.database.engine.connect() as bind:
            used = bind.exec_driver_sql("PRAGMA page_count").scalar()

        @event.listens_for(ledger.database.engine, "connect")
        def full(connection: sqlite3.Connection, _: object) -> None:
            connection.execute(f"PRAGMA max_page_count = {used}")

        ledger.database.engine.dispose()
        long = [fast.read(f"قال الوزير إن الجلسة رقم {n} انتهت. " + "ثم ساد الصمت " * 900) for n in range(4)]
        with pytest.raises(LedgerError, match=r"the disk is full; nothing of this batch was stored"):
            ledger.add(long)
    with Ledger(path) as ledger:
        assert ledger.counts()["documents"] == 1
        assert list(verify_ledger(path)) == []


def test_a_locked_ledger_is_waited_for_and_then_named(
    tmp_path: Path, reader: musnad.Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("musnad.ledger.database._WAIT", 0.2)
    path = tmp_path / "news.db"
    with Ledger(path) as ledger, sqlite3.connect(path, isolation_level=None) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(LedgerError, match=r"another process has been writing"):
            ledger.add([reader.read(ARTICLES[0])])
        other.execute("ROLLBACK")
        assert ledger.add([reader.read(ARTICLES[0])]).added == 1
    other.close()


def test_a_ledger_of_a_newer_version_is_left_alone(tmp_path: Path, reader: musnad.Reader) -> None:
    path = tmp_path / "news.db"
    with Ledger(path) as ledger:
        ledger.add([reader.read(ARTICLES[0])])
    with sqlite3.connect(path) as bind:
        bind.execute("UPDATE alembic_version SET version_num = '9999'")
    bind.close()
    with pytest.raises(LedgerError, match="made by a newer Musnad"):
        Ledger(path)


def test_an_index_of_other_rules_is_made_anew(ledger: Ledger) -> None:
    from sqlalchemy import update

    from musnad.ledger.tables import settings

    with ledger.database.write() as bind:
        bind.execute(update(settings).where(settings.c.name == "terms").values(value="0"))
    with Ledger(ledger.database.where) as again:
        assert len(again.search("هدنة")) == 2
