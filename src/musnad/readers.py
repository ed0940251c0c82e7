"""The readers by their names: exact, fast, and llm, which asks a language model."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, Protocol, TypeVar

from musnad.lexicon import Lexicon
from musnad.record import Document, Record

#: What `open_reader` knows.
NAMES = ("exact", "fast", "llm")
_AHEAD = 2  # things that wait for each one under way
_T = TypeVar("_T")
_R = TypeVar("_R")


class ArticleReader(Protocol):
    """What every reader does. `at_once`: how many articles are worth reading at the same time in one process."""

    @property
    def at_once(self) -> int: ...

    @property
    def lexicon(self) -> Lexicon: ...

    def read(self, article: str | Document) -> Record:
        """Return the record of an article."""
        ...

    def explain(self, article: str | Document) -> tuple[Record, dict[str, Any]]:
        """Return the record of an article, and why it was read so."""
        ...


def open_reader(name: str, **llm: Any) -> ArticleReader:
    """Return a reader: "exact" reads as well as it can, "fast" is for archives, "llm" asks a language model.

    `llm` are settings of the model (`musnad.llm.settings.Settings`) that go before the environment and the user's file. Raises
    `ModelError` where the model is not known, and `ValueError` for another name.
    """
    if name == "llm":
        from musnad.llm import LlmReader, load

        return LlmReader(load(**llm))
    if name not in NAMES:
        raise ValueError(f"no reader {name!r}; there are {', '.join(NAMES)}")
    from musnad.reader import Reader

    return Reader(fast=name == "fast")


def in_order(things: Iterable[_T], work: Callable[[_T], _R], at_once: int) -> Iterator[_R]:
    """Yield what `work` makes of each thing, in order, with so many under way at the same time. What it raises is raised in its turn."""
    if at_once == 1:
        yield from map(work, things)
        return
    with ThreadPoolExecutor(at_once) as pool:
        under_way: deque[Future[_R]] = deque()
        try:
            for thing in things:
                under_way.append(pool.submit(work, thing))
                if len(under_way) >= at_once * _AHEAD:
                    yield under_way.popleft().result()
            while under_way:
                yield under_way.popleft().result()
        finally:
            for future in under_way:
                future.cancel()
