"""The same tests on both databases: SQLite in a file, and PostgreSQL where MUSNAD_TEST_POSTGRES gives its URL."""

from __future__ import annotations

import os
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


@pytest.fixture(params=["sqlite", "postgresql"])
def where(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    if request.param == "sqlite":
        yield str(tmp_path / "news.db")
        return
    server = os.environ.get("MUSNAD_TEST_POSTGRES")
    if not server:
        pytest.skip("MUSNAD_TEST_POSTGRES is not set")
    from sqlalchemy import create_engine, text

    name = f"test_{uuid.uuid4().hex[:12]}"
    engine = create_engine(server.replace("postgresql://", "postgresql+psycopg://"), isolation_level="AUTOCOMMIT")
    with engine.connect() as bind:
        bind.execute(text(f"CREATE DATABASE {name}"))
    yield server.rpartition("/")[0] + "/" + name
    with engine.connect() as bind:
        bind.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    engine.dispose()


@pytest.fixture
def ledger(where: str, reader: musnad.Reader) -> Iterator[Ledger]:
    with Ledger(where) as opened:
        opened.add(reader.read(article) for article in ARTICLES)
        yield opened


@pytest.fixture
def news(where: str, reader: musnad.Reader) -> Iterator[Ledger]:
    with Ledger(where) as opened:
        opened.add(reader.read(article) for article in NEWS)
        link(opened)
        yield opened
        assert [str(finding) for finding in verify_ledger(where)] == []  # whatever was done, every row fits its article
