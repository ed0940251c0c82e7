from __future__ import annotations

import pytest

import musnad


@pytest.fixture(scope="session")
def reader() -> musnad.Reader:
    return musnad.Reader()
