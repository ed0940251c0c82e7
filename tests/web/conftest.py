"""The real server, with a ledger of six articles and one that would break a careless page, and a real browser."""

from __future__ import annotations

import os
import shutil
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import musnad
from musnad.ledger import Ledger, watches
from musnad.ledger.across.linking import link
from musnad.web.app import create_app
from musnad.web.sockets import server as server_of
from tests.news import NEWS

HOSTILE = musnad.Document(
    id='x/../"><script>', outlet="<b>منبر</b>", published="2025-03-08", title="<script>document.title='broken'</script>",
    text="قال <img src=x onerror=alert(1)> الوزير سامي الخوري: «<script>document.title='broken'</script> لن نوقع الاتفاق».",
)  # fmt: skip


def serving(where: Path, **options: Any) -> Iterator[str]:
    running = server_of(create_app(str(where), **options))
    thread = threading.Thread(target=running.run, daemon=True)
    thread.start()
    while not running.started:
        time.sleep(0.02)
    port = running.servers[0].sockets[0].getsockname()[1]
    yield f"http://127.0.0.1:{port}"
    running.should_exit = True
    thread.join()


def filled(where: Path, reader: musnad.Reader) -> Path:
    """Put the ledger of these tests somewhere; it is filled once and copied from then on."""
    if not _FILLED:
        with Ledger(where) as ledger:
            ledger.add(reader.read(article) for article in [*NEWS, HOSTILE])
            link(ledger)
            watches.save(ledger, "watched", watches.Wanted(words="السلاح"))
        _FILLED.append(where.read_bytes())
    where.write_bytes(_FILLED[0])
    return where


_FILLED: list[bytes] = []


@pytest.fixture(scope="session")
def ledger_file(tmp_path_factory: pytest.TempPathFactory, reader: musnad.Reader) -> Path:
    return filled(tmp_path_factory.mktemp("web") / "news.db", reader)


@pytest.fixture(scope="session")
def server(ledger_file: Path) -> Iterator[str]:
    yield from serving(ledger_file, rate=10_000.0)


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    where = os.environ.get("MUSNAD_TEST_BROWSER") or shutil.which("chromium") or shutil.which("google-chrome")
    if not where:
        pytest.skip("no Chromium; MUSNAD_TEST_BROWSER can say where one is")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as driver:
        opened = driver.chromium.launch(executable_path=where, args=["--no-sandbox"])
        yield opened
        opened.close()


@pytest.fixture
def page(browser: Any) -> Iterator[Any]:
    context = browser.new_context(viewport={"width": 1200, "height": 900})
    yield context.new_page()
    context.close()
