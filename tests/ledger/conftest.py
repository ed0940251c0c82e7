"""The same tests on both databases: SQLite in a file, and PostgreSQL where MUSNAD_TEST_POSTGRES gives its URL."""

from __future__ import annotations

import os
import shutil
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest

import musnad
from musnad.ledger import Ledger
from musnad.ledger.across.linking import link
from musnad.ledger.verify import verify_ledger
from tests.news import NEWS

ARTICLES = [
    musnad.Document(
        id="a1", outlet="الأيام", published="2025-03-01", title="الوزير يرحب بالهدنة", url="https://example.org/a1",
        text="قال الوزير سامي الخوري إن وقفَ إطلاق النار سيبدأ غدا.\nونفت الحركة وجود أي اتفاق مع الحكومة، بحسب وكالة رويترز.",
    ),
    musnad.Document(
        id="a2", outlet="الشروق", published="2025-03-04",
        text="طالب سامي الخوري بوقف إطلاق النار فورا.\nوقالت النائبة هدى سالم: «لن نقبل بأقل من هدنة كاملة هذه المرة».",
    ),
    musnad.Document(
        id="a3", outlet="المساء", published="2025-03-04",
        text="طالب سامي الخوري بوقف إطلاق النار فوراً .\nوقالت النائبة هدى سالم: «لن نقبل بأقل من هدنة كاملة هذه المرة»",
    ),
]  # fmt: skip


def fill(ledger: Ledger, name: str, reader: musnad.Reader) -> None:
    """What the ledgers hold that tests begin with: `ledger` three articles, `news` six that are linked."""
    articles = {"ledger": ARTICLES, "news": NEWS}[name]
    ledger.add(reader.read(article) for article in articles)
    if name == "news":
        assert link(ledger) == len(articles)


class Databases:
    """New ledgers, and copies of those that are filled once a session."""

    def __init__(self, folder: Path, reader: musnad.Reader) -> None:
        self._folder, self._reader = folder, reader
        self._filled: dict[tuple[str, str], str] = {}
        self._server = os.environ.get("MUSNAD_TEST_POSTGRES", "")

    def create(self, kind: str, folder: Path, name: str | None = None) -> str:
        """Return where a new ledger is to lie, or a copy of the one that is filled under `name`."""
        filled = self._where_filled(kind, name) if name else None
        if kind == "postgresql":
            return self._database("" if filled is None else f"TEMPLATE {filled.rpartition('/')[2]}")
        if filled is not None:
            shutil.copy(filled, folder / "news.db")
        return str(folder / "news.db")

    def drop(self, where: str) -> None:
        if where.startswith("postgresql://"):
            self._ask(f"DROP DATABASE {where.rpartition('/')[2]} WITH (FORCE)")

    def end(self) -> None:
        for where in self._filled.values():
            self.drop(where)

    def _where_filled(self, kind: str, name: str) -> str:
        if (kind, name) not in self._filled:
            where = self._database() if kind == "postgresql" else str(self._folder / f"{name}.db")
            with Ledger(where) as ledger:
                fill(ledger, name, self._reader)
            self._filled[kind, name] = where
        return self._filled[kind, name]

    def _database(self, options: str = "") -> str:
        name = f"test_{uuid.uuid4().hex[:12]}"
        self._ask(f"CREATE DATABASE {name} {options}")
        return self._server.rpartition("/")[0] + "/" + name

    def _ask(self, statement: str) -> None:
        from sqlalchemy import create_engine, text

        server = self._server.replace("postgresql://", "postgresql+psycopg://")
        engine = create_engine(server, isolation_level="AUTOCOMMIT")
        with engine.connect() as bind:
            bind.execute(text(statement))
        engine.dispose()


@pytest.fixture(scope="session")
def databases(tmp_path_factory: pytest.TempPathFactory, reader: musnad.Reader) -> Iterator[Databases]:
    made = Databases(tmp_path_factory.mktemp("filled"), reader)
    yield made
    made.end()


@pytest.fixture(params=["sqlite", "postgresql"])
def where(request: pytest.FixtureRequest, tmp_path: Path, databases: Databases) -> Iterator[str]:
    """Where the ledger of a test lies; it holds what the test asks for by the fixtures `ledger` and `news`."""
    if request.param == "postgresql" and not os.environ.get("MUSNAD_TEST_POSTGRES"):
        pytest.skip("MUSNAD_TEST_POSTGRES is not set")
    filled = next((name for name in ("ledger", "news") if name in request.fixturenames), None)
    place = databases.create(request.param, tmp_path, filled)
    yield place
    databases.drop(place)


@pytest.fixture
def ledger(where: str) -> Iterator[Ledger]:
    with Ledger(where) as opened:
        yield opened


@pytest.fixture
def news(where: str) -> Iterator[Ledger]:
    with Ledger(where) as opened:
        yield opened
        assert [str(finding) for finding in verify_ledger(where)] == []  # whatever was done, every row fits its article
