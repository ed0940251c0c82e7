from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from http.server import ThreadingHTTPServer

import pytest

import musnad


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


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave the tests on annotated articles out where MUSNAD_ANNOTATED does not say where those are."""
    if not os.environ.get("MUSNAD_ANNOTATED"):
        left_out = [item for item in items if item.get_closest_marker("gold")]
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if item not in left_out]
