"""Taking articles into a ledger: ingest, watch."""

from __future__ import annotations

import os
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Annotated, BinaryIO

import msgspec
import typer

from musnad.cli.app import (
    LEDGER,
    PARTLY,
    Exact,
    MaxCost,
    ReaderName,
    ReaderOption,
    app,
    opened_reader,
    told_reader,
    usage,
)
from musnad.cli.ledger import LedgerOption
from musnad.cli.progress import Stages, estimated
from musnad.cli.reading import From, inputs, standard_input
from musnad.cli.watching import command_of, tell
from musnad.files import whole_file

if TYPE_CHECKING:
    from collections.abc import Iterator

    from musnad.ledger import Ledger
    from musnad.ledger.fetches import Fetches
    from musnad.ledger.ingest import IngestProgress
    from musnad.sources import Item, Meter, Rejected, Remark

AllowPrivate = Annotated[bool, typer.Option("--allow-private", help="Fetch from addresses that are not public.")]
_LARGE = 200_000  # bytes of articles from which it is worth saying what a language model may cost


@app.command(rich_help_panel=LEDGER)
def ingest(
    sources: Annotated[
        list[str], typer.Argument(help="Files, folders, globs; addresses of pages, feeds, sitemaps.", metavar="SOURCE…")
    ],
    ledger: LedgerOption = "musnad.db",
    workers: Annotated[int | None, typer.Option(min=1, help="Reading processes; as many as cores without it.")] = None,
    rejected: Annotated[
        Path | None, typer.Option(help="Where to list what could not be taken in; --from rejected reads it again.")
    ] = None,
    form: From = None,
    allow_private: AllowPrivate = False,
    exact: Exact = False,
    reader: ReaderOption = None,
    max_cost: MaxCost = None,
) -> None:
    """Take articles into a ledger. What is there and has not changed is passed over."""
    from musnad.ledger import Ledger

    inputs(sources, form)
    taken = _Taken(told_reader(reader, ReaderName.fast, exact=exact), max_cost)
    with Ledger(ledger) as opened:
        done = _take_in(opened, sources, workers, rejected, allow_private, form=form, taken=taken)
    typer.echo(
        f"{done.added} taken in, {done.changed} changed, {done.unchanged} unchanged, {done.rejected} rejected{taken}",
        err=True,
    )
    if done.rejected:
        raise typer.Exit(PARTLY)


@app.command(rich_help_panel=LEDGER)
def watch(
    sources: Annotated[list[str], typer.Argument(help="Addresses of feeds and sitemaps.", metavar="URL…")],
    ledger: LedgerOption = "musnad.db",
    every: Annotated[float, typer.Option(min=1, help="Seconds from one round to the next.")] = 900,
    rounds: Annotated[int, typer.Option(min=0, help="Rounds after which to stop; 0 goes on until stopped.")] = 0,
    notify: Annotated[
        str | None,
        typer.Option(help="A program to run after each round for every watchlist with something new (musnad watches)."),
    ] = None,
    allow_private: AllowPrivate = False,
    reader: ReaderOption = None,
    max_cost: MaxCost = None,
) -> None:
    """Keep feeds up to date until stopped (Ctrl-C): a round under way is finished, nothing is left half done.

    With --notify a program gets what is new in each watchlist: as JSON on its standard input, no shell sees it.
    """
    import signal
    from threading import Event

    from musnad.ledger import Ledger

    stopped = Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, lambda *_: stopped.set())
    command = command_of(notify) if notify is not None else None
    taken = _Taken(reader or ReaderName.exact, max_cost)
    with Ledger(ledger) as opened:
        done = 0
        while not stopped.is_set():
            progress = _take_in(opened, sources, 1, None, allow_private, taken=taken)
            typer.echo(f"{progress.added} new, {progress.changed} changed, {progress.rejected} rejected", err=True)
            if command is not None:
                tell(opened, command)
            done += 1
            if done == rounds or stopped.wait(every):
                return


def _take_in(
    ledger: Ledger,
    sources: list[str],
    workers: int | None,
    rejected: Path | None,
    allow_private: bool,
    *,
    form: str | None = None,
    taken: _Taken,
) -> IngestProgress:
    from musnad.ledger.fetches import Fetches
    from musnad.ledger.ingest import ingest
    from musnad.sources import Meter

    memory = Fetches(ledger)
    with Stages("reading", "linking") as stages:
        paths = {source: _paths(source) for source in sources}
        meter = Meter(path for found in paths.values() for path in found)
        taken.tell(meter.total)
        with _IngestDisplay(rejected, meter, taken, stages) as seen:
            items = _items(paths, memory, allow_private, meter, form)
            done = ingest(ledger, items, workers=workers, exact=taken.exact, reader=taken.llm, seen=seen)
        stages.end("reading", f"{done.done:,} articles")
        memory.keep()
        link_up(ledger, stages)
    return done


class _Taken:
    """The reader of a command: one of Musnad's own, which every process loads for itself, or a language model."""

    def __init__(self, name: ReaderName, max_cost: float | None) -> None:
        self.exact = name is ReaderName.exact
        self.llm = opened_reader(name, max_cost) if name is ReaderName.llm or max_cost is not None else None

    def tell(self, size: int) -> None:
        """Say what a large input may cost, before anything of it is sent; `size` in bytes."""
        if self.llm is None or size < _LARGE:
            return
        from musnad.llm import LlmReader  # not before there is one: its packages may be missing

        if isinstance(self.llm, LlmReader):
            typer.echo(f"musnad: {self.llm.estimate(size)}", err=True)

    def __str__(self) -> str:
        """What the model was asked so far."""
        usage: object = getattr(self.llm, "usage", "")
        return f", {usage}" if self.llm is not None else ""


def link_up(ledger: Ledger, stages: Stages) -> int:
    """Link the articles that are not linked yet, and show how far that is."""
    from musnad.ledger.across.linking import link

    stages.say("linking", "looking for what is not linked")
    linked = link(ledger, lambda done, total: stages.show("linking", done, total), _left_out)
    stages.end("linking", f"{linked:,} articles")
    return linked


def _left_out(reason: str) -> None:
    typer.echo(f"musnad: {reason}", err=True)


def _paths(source: str) -> list[Path]:
    """The files and folders that a source names, none for an address or standard input."""
    from glob import glob

    if source == "-" or source.startswith(("http://", "https://")):
        return []
    return [
        Path(path)
        for path in ([source] if os.path.exists(source) else sorted(glob(source, recursive=True)) or [source])
    ]


def _items(
    sources: dict[str, list[Path]], memory: Fetches, allow_private: bool, meter: Meter, form: str | None
) -> Iterator[Item]:
    from musnad.sources import read_path

    for source, paths in sources.items():
        for path in paths:
            yield from read_path(path, form, meter)
        if source == "-":
            yield from standard_input(form)
        elif not paths:
            yield from _fetched(source, memory, allow_private)


def _fetched(url: str, memory: Fetches, allow_private: bool) -> Iterator[Item]:
    try:
        from musnad.sources.fetching import Fetcher
    except ImportError:
        usage("fetching needs httpx and protego; pip install 'musnad[web]'")
    fetcher = Fetcher(memory, allow_private=allow_private)
    try:
        yield from fetcher.items(url)
    finally:
        fetcher.close()


class _IngestDisplay:
    """Shows how an ingest goes on, and keeps the list of what was rejected."""

    def __init__(self, rejected: Path | None, meter: Meter, taken: _Taken, stages: Stages) -> None:
        self._meter, self._taken, self._stages = meter, taken, stages
        self._whole: AbstractContextManager[BinaryIO | None] = whole_file(rejected) if rejected else nullcontext()
        self._list: BinaryIO | None = None

    def __enter__(self) -> _IngestDisplay:
        self._list = self._whole.__enter__()
        return self

    def __call__(self, progress: IngestProgress, item: Rejected | Remark | None) -> None:
        from musnad.sources import Rejected

        if item is not None:
            typer.echo(f"musnad: {item}", err=True)
        if isinstance(item, Rejected) and self._list is not None:
            self._list.write(msgspec.json.encode({"rejected": item.where, "reason": item.reason}) + b"\n")
        if not progress.read and progress.found > progress.unchanged:
            self._stages.say("reading", f"{progress.found:,} articles found, reading begins")
            return
        total = progress.found if progress.whole else estimated(progress.found, self._meter.done, self._meter.total)
        self._stages.show("reading", progress.done, total, about=not progress.whole, more=str(self._taken))

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._whole.__exit__(kind, error, trace)
