from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from http.server import ThreadingHTTPServer
from pathlib import Path

import pytest

import musnad

TESTS = Path(__file__).parent


@pytest.fixture(scope="session")
def reader() -> musnad.Reader:
    return musnad.Reader()


@pytest.fixture(scope="session")
def fast() -> musnad.Reader:
    """The reader of archives."""
    return musnad.Reader(fast=True)


@pytest.fixture
def site() -> Iterator[str]:
    """The address of a news site on loopback."""
    from tests.site import Site

    Site.asked, Site.busy = [], 2
    server = ThreadingHTTPServer(("127.0.0.1", 0), Site)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


#: Files that take longest, with few tests in each: they begin, so that no process is left alone with one at the end.
LONGEST = (
    "test_docs.py", "ledger/test_ingest.py", "ledger/test_kept.py", "batch/test_running.py", "batch/test_batch.py",
    "web/test_bad_days.py", "web/test_pages.py", "sources/test_bounds.py", "journeys/test_ending.py", "journeys/test_ledger.py",
    "journeys/test_across.py", "web/test_api.py", "ledger/test_across.py",
)  # fmt: skip


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Put long files first, and leave the tests on annotated articles out where MUSNAD_ANNOTATED does not say where those are."""
    place = {str(TESTS / name): at for at, name in enumerate(LONGEST)}
    items.sort(key=lambda item: place.get(str(item.path), len(place)))
    if not os.environ.get("MUSNAD_ANNOTATED"):
        left_out = [item for item in items if item.get_closest_marker("gold")]
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if item not in left_out]
