"""An old ledger is brought up to date when it is opened, with what it holds."""

from __future__ import annotations

from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import create_engine, text

from musnad.ledger import Ledger, migrations
from musnad.ledger.tables import metadata

TEXT = "قال الوزير سامي الخوري إن وقف إطلاق النار سيبدأ غدا في كل المدن والقرى."
EMPTY = b"x\x9c\x03\x00\x00\x00\x00\x01"


def made_by_the_first_version(where: str) -> None:
    url = where.replace("postgresql://", "postgresql+psycopg://", 1) if "://" in where else f"sqlite:///{where}"
    engine = create_engine(url)
    with engine.begin() as bind:
        migrations.upgrade(bind, "0001")
        for number in (1, 2):
            bind.execute(
                text(
                    "INSERT INTO documents(number, id, hash, words_hash, text, rest) VALUES (:n, :id, '', '', :text, :rest)"
                ),
                {"n": number, "id": f"a{number}", "text": TEXT + " (واس)" * (number - 1), "rest": EMPTY},
            )
        for number, name in ((1, "سامي الخوري"), (2, "مصدر أمني")):
            bind.execute(
                text("INSERT INTO entities(number, key, name, words) VALUES (:n, :name, :name, :name)"),
                {"n": number, "name": name},
            )
        bind.execute(
            text(
                "INSERT INTO statements(number, document, id, kind, stance, speaker, read_as, content, words, parties, confidence)"
                " VALUES (1, 1, 's1', 'indirect', 'SAY', 1, 1, '[[27, 35]]', 'x', '{}', 1)"
            )
        )
        bind.execute(text("INSERT INTO sources(statement, position, entity) VALUES (1, 0, 2)"))
    engine.dispose()


def test_an_old_ledger_gets_what_a_new_one_would_have(where: str) -> None:
    made_by_the_first_version(where)
    with Ledger(where) as ledger, ledger.database.read() as bind:
        assert bind.execute(text("SELECT id, copy_of FROM documents ORDER BY number")).all() == [
            ("a1", None),
            ("a2", 1),
        ]
        described = bind.execute(text("SELECT name, described FROM entities ORDER BY number")).all()
        assert [(name, bool(flag)) for name, flag in described] == [("سامي الخوري", False), ("مصدر أمني", True)]
        assert bind.execute(text("SELECT entity, read_as FROM sources")).all() == [(2, 2)]


def test_migrations_and_tables_say_the_same(where: str) -> None:
    with Ledger(where) as ledger, ledger.database.read() as bind:
        kept = MigrationContext.configure(
            bind, opts={"include_name": lambda name, kind, _: not str(name).startswith("terms")}
        )
        assert compare_metadata(kept, metadata) == []


def test_the_revision_of_a_ledger_is_the_number_of_the_last_file(where: str) -> None:
    with Ledger(where) as ledger, ledger.database.read() as bind:
        assert migrations.revision_of(bind) == migrations.revisions()[-1]
