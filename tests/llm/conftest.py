"""A language model on loopback, and the careful reader that asks it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

import musnad
from musnad.llm import LlmReader, Settings
from musnad.llm.client import Model
from tests.llm.server import ChatServer, chat_server

Reads = Callable[..., tuple[musnad.Record, dict[str, Any]]]


@pytest.fixture
def server() -> Iterator[ChatServer]:
    with chat_server() as running:
        yield running


@pytest.fixture(scope="session")
def careful() -> Iterator[tuple[ChatServer, LlmReader, LlmReader]]:
    """A server, the reader that asks once more for lines that were refused, and one that does not."""
    with chat_server() as running:
        settings = Settings(url=running.url, model="tiny", cache="", retries=0)
        once = Settings(url=running.url, model="tiny", cache="", retries=0, ask_again=False)
        readers = [LlmReader(one, model=Model(one, sleep=lambda _: None)) for one in (settings, once)]
        yield running, readers[0], readers[1]
        for reader in readers:
            reader.close()


@pytest.fixture
def read(careful: tuple[ChatServer, LlmReader, LlmReader]) -> Reads:
    """Read a text, the model saying so and so: the record, and what is explained of it."""
    server, asking_again, asking_once = careful

    def read(text: str, *replies: Any, published: str | None = None, again: bool = False) -> Any:
        server.say(*replies)
        document = musnad.Document(id="1", text=text, published=published)
        return (asking_again if again else asking_once).explain(document)

    return read
