"""Processes that work for this one: begun anew, deaf to Ctrl-C, and at an end when their parent is, however it ends; and the
batches that they are given."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import parent_process
from multiprocessing.connection import wait
from multiprocessing.context import SpawnContext, SpawnProcess
from typing import Any, TypeVar

TOGETHER = 4_000_000  # characters of articles that are held together: more than 1,000 ordinary articles have
_T = TypeVar("_T")


def in_batches(items: Iterable[_T], most: int) -> Iterator[list[_T]]:
    """Yield the items in lists of `most`; of fewer where their texts are long, so that a list is held in bounded memory."""
    batch: list[_T] = []
    characters = 0
    for item in items:
        batch.append(item)
        characters += len(getattr(item, "text", ""))
        if len(batch) >= most or characters >= TOGETHER:
            yield batch
            batch, characters = [], 0
    if batch:
        yield batch


@contextmanager
def worker_pool(count: int, start: Callable[..., None], *given: Any) -> Iterator[ProcessPoolExecutor]:
    """Yield a pool of `count` processes, each of which begins with `start(*given)`.

    Where the block ends by an exception, what they have in hand is given up, and they are ended at once.
    """
    context = _Context()
    pool = ProcessPoolExecutor(count, context, _begin, (start, given))
    try:
        yield pool
    except BaseException:
        for process in context.begun:
            process.terminate()
        raise
    finally:
        pool.shutdown(cancel_futures=True)


def end_with_parent() -> None:
    """End this process when the one that began it is no more; it leaves no process, and no pipe that somebody waits on."""
    parent = parent_process()
    if parent is not None:
        threading.Thread(target=_end_after, args=(parent.sentinel,), name="parent", daemon=True).start()


def _begin(start: Callable[..., None], given: tuple[Any, ...]) -> None:
    end_with_parent()
    start(*given)


def _end_after(sentinel: int) -> None:
    wait([sentinel])  # readable when the parent has ended, by SIGKILL too
    os._exit(1)


class _Process(SpawnProcess):
    """A process in which Ctrl-C is blocked from its first moment: its parent hears it, and ends it."""

    def start(self) -> None:
        if not hasattr(signal, "pthread_sigmask"):
            super().start()
            return
        before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
        try:
            super().start()
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, before)


class _Context(SpawnContext):
    """Begins processes as `spawn` does, and knows them."""

    def __init__(self) -> None:
        super().__init__()
        self.begun: list[_Process] = []

    def Process(self, *given: Any, **named: Any) -> _Process:  # type: ignore[override]  # noqa: N802
        process = _Process(*given, **named)
        self.begun.append(process)
        return process
