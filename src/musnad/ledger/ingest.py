"""Taking articles in: what is new is read by several processes, and stored in the order in which it came.

Killed at any moment, the ledger holds whole batches of whole articles; run again, what is there is passed
over. One article that cannot be read is reported and never stops the others.
"""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future
from concurrent.futures.process import BrokenProcessPool
from itertools import islice
from typing import NamedTuple

import msgspec

from musnad.errors import LedgerError, ModelError
from musnad.ledger.rows import Prepared, prepare
from musnad.ledger.store import Ledger
from musnad.ledger.terms import Terms
from musnad.reader import Reader
from musnad.readers import ArticleReader, in_order
from musnad.record import UNANSWERED, Document, Record
from musnad.sources import Item, Rejected, Remark
from musnad.workers import TOGETHER, in_batches, worker_pool

_CHUNK, _CHUNK_EXACT = 24, 4  # articles that a worker gets at once: half a second of work
_STORED = 384  # articles stored in one transaction
_LOOKED_UP = 512  # articles asked for at once
_AHEAD = 4  # chunks a worker that wait to be read: bounds the memory

ReadBatch = tuple[list[Prepared], list[Rejected]]


class IngestProgress(msgspec.Struct):
    """What has become of the articles so far; `rejected` counts those that gave nothing.

    `found` have come from their sources, `read` have been read; of these some wait to be stored. `whole`: no more will be found.
    """

    found: int = 0
    read: int = 0
    whole: bool = False
    added: int = 0
    changed: int = 0
    unchanged: int = 0
    rejected: int = 0
    remarks: int = 0

    @property
    def done(self) -> int:
        """Articles with which nothing more is to be done but to store them."""
        return self.unchanged + self.read


class _ReadingWorker(NamedTuple):
    exact: bool
    reader: ArticleReader
    terms: Terms


_worker: _ReadingWorker | None = None


def _start(exact: bool) -> None:
    """Load the reader of this process, unless it is there."""
    global _worker
    if _worker is None or _worker.exact != exact:
        reader = Reader(fast=not exact)
        _worker = _ReadingWorker(exact, reader, Terms(reader.lexicon))


def _read(articles: list[Document], worker: _ReadingWorker | None = None) -> ReadBatch:
    worker = worker or _worker
    assert worker is not None
    done: list[Prepared] = []
    failed: list[Rejected] = []
    for article in articles:
        try:
            record = article if isinstance(article, Record) else worker.reader.read(article)
            done.append(prepare(record, worker.terms))
        except ModelError:  # a matter of every article
            raise
        except Exception as error:  # whatever one article does, the others go on
            failed.append(
                Rejected(article.id, f"could not be read ({type(error).__name__}: {error}); please report it")
            )
    return done, failed


def ingest(
    ledger: Ledger,
    items: Iterable[Item],
    *,
    workers: int | None = None,
    exact: bool = False,
    reader: ArticleReader | None = None,
    seen: Callable[[IngestProgress, Rejected | Remark | None], None] = lambda progress, item: None,
) -> IngestProgress:
    """Take articles into a ledger and return what became of them.

    `exact` takes the exact reader, which is slower. `reader`: one that waits more than it works, as for a language model, reads in
    this process, as many articles at the same time as it says. `seen` is called whenever something has become of articles, and with each input that was rejected or is remarked on.
    """
    progress = IngestProgress()
    again: set[str] | None = set() if reader is not None else None
    chunks = in_batches(_new(ledger, items, progress, seen, again), _CHUNK_EXACT if exact else _CHUNK)
    results = (
        _in_threads(chunks, reader)
        if reader is not None
        else _by_workers(chunks, workers or os.cpu_count() or 1, exact)
    )
    waiting: list[Prepared] = []
    together = _STORED if reader is None else 4 * reader.at_once  # what costs is kept soon
    try:
        for done, failed in results:
            progress.read += len(done) + len(failed)
            for rejected in failed:
                progress.rejected += 1
                seen(progress, rejected)
            waiting += done
            if len(waiting) >= together or sum(len(one.document["text"]) for one in waiting) >= TOGETHER:
                _store(ledger, waiting, progress, again)
                waiting = []
            seen(progress, None)
    except ModelError:  # nothing more may be spent: what was paid for is kept
        _store(ledger, waiting, progress, again)
        raise
    if waiting:
        _store(ledger, waiting, progress, again)
    seen(progress, None)
    return progress


def _new(
    ledger: Ledger,
    items: Iterable[Item],
    progress: IngestProgress,
    seen: Callable[[IngestProgress, Rejected | Remark | None], None],
    again: set[str] | None,
) -> Iterator[Document]:
    """Yield the articles that the ledger does not hold as they are; with `again` also those for which a model had no answer, whose ids
    are added to it."""
    for batch in in_batches(_articles(items, progress, seen), _LOOKED_UP):
        missing = ledger.missing(batch)
        if again is not None:
            new = {article.id for article in missing}
            silent = ledger.noted([article for article in batch if article.id not in new], UNANSWERED)
            again |= {article.id for article in silent}
            missing += silent
        progress.unchanged += len(batch) - len(missing)
        seen(progress, None)
        yield from missing


def _articles(
    items: Iterable[Item], progress: IngestProgress, seen: Callable[[IngestProgress, Rejected | Remark | None], None]
) -> Iterator[Document]:
    """Yield the articles; what is none is counted and told."""
    for item in items:
        if isinstance(item, Document):
            progress.found += 1
            seen(progress, None)
            yield item
            continue
        progress.rejected += isinstance(item, Rejected)
        progress.remarks += isinstance(item, Remark)
        seen(progress, item)
    progress.whole = True


def _by_workers(chunks: Iterator[list[Document]], count: int, exact: bool) -> Iterator[ReadBatch]:
    return _in_turn(chunks, exact) if count == 1 else _in_parallel(chunks, count, exact)


def _in_turn(chunks: Iterator[list[Document]], exact: bool) -> Iterator[ReadBatch]:
    """Read chunks in this process; the reader is loaded when there is something to read."""
    for chunk in chunks:
        _start(exact)
        yield _read(chunk)


def _in_threads(chunks: Iterator[list[Document]], reader: ArticleReader) -> Iterator[ReadBatch]:
    """Read in this process, several articles at the same time."""
    worker = _ReadingWorker(False, reader, Terms(reader.lexicon))
    articles = ([article] for chunk in chunks for article in chunk)
    return in_order(articles, lambda one: _read(one, worker), reader.at_once)


def _in_parallel(chunks: Iterator[list[Document]], count: int, exact: bool) -> Iterator[ReadBatch]:
    """Read chunks in several processes and yield the results in the order of the chunks."""
    first = list(islice(chunks, 1))
    if not first:  # nothing new: no process need start
        return
    with worker_pool(count, _start, exact) as pool:
        under_way: deque[Future[ReadBatch]] = deque(pool.submit(_read, chunk) for chunk in first)
        try:
            for chunk in islice(chunks, count * _AHEAD):
                under_way.append(pool.submit(_read, chunk))
            while under_way:
                yield under_way.popleft().result()
                for chunk in islice(chunks, 1):
                    under_way.append(pool.submit(_read, chunk))
        except BrokenProcessPool as error:
            raise LedgerError("a reading process died; what was stored is whole, run the same command again") from error


def _store(ledger: Ledger, prepared: list[Prepared], progress: IngestProgress, again: set[str] | None) -> None:
    counts = ledger.store(prepared, again or ())
    progress.added += counts.added
    progress.changed += counts.changed
    progress.unchanged += counts.unchanged
