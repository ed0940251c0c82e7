from __future__ import annotations

import os

import pytest

import musnad


@pytest.fixture(scope="session")
def reader() -> musnad.Reader:
    return musnad.Reader()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave the tests on annotated articles out where MUSNAD_ANNOTATED does not say where those are."""
    if not os.environ.get("MUSNAD_ANNOTATED"):
        left_out = [item for item in items if item.get_closest_marker("gold")]
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if item not in left_out]
