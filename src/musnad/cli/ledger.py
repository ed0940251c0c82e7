"""Asking a ledger: ingest, search, who, show, stats, verify."""

from __future__ import annotations

import os
import sys
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Annotated, BinaryIO

import msgspec
import typer

from musnad.cli.app import (
    PARTLY,
    Exact,
    MaxCost,
    MinConfidence,
    ReaderName,
    ReaderOption,
    app,
    console,
    opened_reader,
    put,
    share_option,
    told_reader,
    usage,
)
from musnad.cli.reading import From, inputs, standard_input
from musnad.files import whole_file

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.progress import Progress as Bar

    from musnad.ledger import Ledger
    from musnad.ledger.fetches import Fetches
    from musnad.ledger.ingest import Progress
    from musnad.ledger.search import Filters, Hit
    from musnad.sources import Item, Meter, Rejected, Remark

LedgerOption = Annotated[
    str, typer.Option("--ledger", "-l", envvar="MUSNAD_LEDGER", help="File of the ledger, or postgresql://…")
]
Speaker = Annotated[str | None, typer.Option(help="Whose words: all words of the name.")]
Source = Annotated[str | None, typer.Option("--source", help="Who carried the words.")]
Stance = Annotated[str | None, typer.Option(help="SAY, DENY, WARN …")]
Kind = Annotated[str | None, typer.Option(help="direct, indirect or mixed.")]
Outlet = Annotated[str | None, typer.Option(help="The outlet, as its articles name it.")]
Since = Annotated[str | None, typer.Option(help="First day of publication, YYYY-MM-DD.")]
Until = Annotated[str | None, typer.Option(help="Last day of publication, YYYY-MM-DD.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON, one row a line.")]
AllowPrivate = Annotated[bool, typer.Option("--allow-private", help="Fetch from addresses that are not public.")]
_LARGE = 200_000  # bytes of articles from which it is worth saying what a language model may cost
Limit = Annotated[int, typer.Option("--limit", "-n", min=1, max=10_000, help="Rows at most.")]


@app.command()
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


@app.command()
def watch(
    sources: Annotated[list[str], typer.Argument(help="Addresses of feeds and sitemaps.", metavar="URL…")],
    ledger: LedgerOption = "musnad.db",
    every: Annotated[float, typer.Option(min=1, help="Seconds from one round to the next.")] = 900,
    rounds: Annotated[int, typer.Option(min=0, help="Rounds after which to stop; 0 goes on until stopped.")] = 0,
    allow_private: AllowPrivate = False,
    reader: ReaderOption = None,
    max_cost: MaxCost = None,
) -> None:
    """Keep feeds up to date until stopped (Ctrl-C): a round under way is finished, nothing is left half done."""
    import signal
    from threading import Event

    from musnad.ledger import Ledger

    stopped = Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, lambda *_: stopped.set())
    taken = _Taken(reader or ReaderName.exact, max_cost)
    with Ledger(ledger) as opened:
        done = 0
        while not stopped.is_set():
            progress = _take_in(opened, sources, 1, None, allow_private, taken=taken)
            typer.echo(f"{progress.added} new, {progress.changed} changed, {progress.rejected} rejected", err=True)
            done += 1
            if done == rounds or stopped.wait(every):
                return


@app.command()
def search(
    query: Annotated[str, typer.Argument(help='Words, "phrases", beginnings*; any spelling.')],
    ledger: LedgerOption = "musnad.db",
    speaker: Speaker = None,
    source: Source = None,
    stance: Stance = None,
    kind: Kind = None,
    outlet: Outlet = None,
    since: Since = None,
    until: Until = None,
    min_confidence: MinConfidence = 0.0,
    limit: Limit = 20,
    as_json: AsJson = False,
) -> None:
    """Find statements by their words."""
    from musnad.ledger import Ledger

    filters = filters_of(speaker, source, stance, kind, outlet, since, until, min_confidence)
    with Ledger(ledger, create=False) as opened:
        show_hits(opened.search(query, filters, limit=limit), as_json)


@app.command()
def who(
    name: Annotated[str, typer.Argument(help="A name or part of it, or the key of an entity.")],
    ledger: LedgerOption = "musnad.db",
    stance: Stance = None,
    since: Since = None,
    until: Until = None,
    min_confidence: MinConfidence = 0.0,
    limit: Limit = 20,
    as_json: AsJson = False,
    plot: Annotated[
        Path | None, typer.Option(help="Draw the statements over time into this file, .png or .svg.")
    ] = None,
) -> None:
    """Show what a person or organisation has said, newest first, and under which titles."""
    from musnad.ledger import Ledger
    from musnad.ledger.stats import stances_over_time, titles

    with Ledger(ledger, create=False) as opened:
        found = opened.entities(name)
        if plot is not None:
            from musnad.views.plots import draw_over_time

            draw_over_time(name, stances_over_time(opened.database, [entity.number for entity in found]), plot)
        if not as_json:
            for entity in found[:10]:
                mark = "  (names nobody: somebody else in every article)" if entity.described else ""
                typer.echo(f"{entity.name}  {entity.key}  {entity.statements}{mark}")
                said = [f"{row.label} ({row.count})" for row in titles(opened.database, entity.number)]
                typer.echo("    " + "؛ ".join(said)) if said else None
        filters = filters_of(name, None, stance, None, None, since, until, min_confidence)
        show_hits(opened.statements(filters, limit=limit), as_json)


@app.command()
def show(
    name: Annotated[str, typer.Argument(help="The id of an article.", metavar="ID")],
    ledger: LedgerOption = "musnad.db",
    as_json: AsJson = False,
) -> None:
    """Show one article with its evidence."""
    from musnad.ledger import Ledger
    from musnad.views.terminal import print_record

    with Ledger(ledger, create=False) as opened:
        record = opened.document(name)
    if record is None:
        typer.echo(f"musnad: {opened.database.name} holds no article with the id {name!r}", err=True)
        raise typer.Exit(PARTLY)
    if as_json:
        put(record.to_json() + "\n")
        return
    put(record.text + "\n\n")
    print_record(record, console())


@app.command()
def stats(
    ledger: LedgerOption = "musnad.db",
    plot: Annotated[Path | None, typer.Option(help="Draw the figures into this file, .png or .svg.")] = None,
    limit: Limit = 10,
    as_json: AsJson = False,
) -> None:
    """Count what a ledger holds: speakers, outlets, stances, sources, days, syndicated copies."""
    from musnad.ledger import Ledger
    from musnad.ledger.stats import figures

    with Ledger(ledger, create=False) as opened:
        found = figures(opened.database, limit)
        counts = opened.counts()
    if plot is not None:
        from musnad.views.plots import draw

        draw(found, plot)
    if as_json:
        put(msgspec.json.encode(counts | found).decode() + "\n")
        return
    typer.echo("  ".join(f"{number} {name}" for name, number in counts.items()))
    for title, rows in found.items():
        typer.echo(f"\n{title}")
        for row in rows:
            typer.echo(f"  {row.count:>8}  {row.label}")


@app.command()
def verify(
    what: Annotated[str, typer.Argument(help="A ledger, or a file of records (JSON Lines).")] = "musnad.db",
) -> None:
    """Check the database, then every row against its article: offsets, words, hashes, days, links."""
    from musnad.ledger.verify import Checked, verify_file, verify_ledger

    path, checked = Path(what), Checked()
    of_file = path.suffix in {".jsonl", ".json"}
    wrong = 0
    for finding in verify_file(path) if of_file else verify_ledger(what, checked):
        wrong += 1
        typer.echo(f"musnad: {finding}", err=True)
    if not (of_file or wrong or checked.articles):
        typer.echo("musnad: the ledger holds no articles, so there is nothing to verify", err=True)
        raise typer.Exit(PARTLY)
    fits = f"{wrong} rows do not fit" if wrong else "every row fits its article"
    typer.echo(fits if of_file else f"{fits}: {checked} checked", err=True)
    if wrong:
        raise typer.Exit(PARTLY)


def filters_of(
    speaker: str | None, source: str | None, stance: str | None, kind: str | None, outlet: str | None,
    since: str | None, until: str | None, min_confidence: float = 0.0,
) -> Filters:  # fmt: skip
    """Return the filters of a command, or end it where one cannot be meant."""
    from typing import get_args

    from musnad.ledger.search import Filters
    from musnad.record import Kind as Kinds
    from musnad.record import Stance as Stances

    for option, value, allowed in (("--stance", stance, get_args(Stances)), ("--kind", kind, get_args(Kinds))):
        if value is not None and value not in allowed:
            usage(f"{option} {value}: there are {', '.join(allowed)}")
    for option, day in (("--since", since), ("--until", until)):
        day_option(option, day)
    share_option("--min-confidence", min_confidence)
    return Filters(
        speaker=speaker, source=source, stance=stance, kind=kind, outlet=outlet, since=since, until=until,
        min_confidence=min_confidence,
    )  # fmt: skip


def day_option(option: str, day: str | None) -> None:
    """End the command where an option that must be a day is none."""
    from musnad.record import is_day

    if day is not None and not is_day(day):
        usage(f"{option} {day}: not a day; write it like 2025-08-16")


def show_hits(hits: list[Hit], as_json: bool) -> None:
    """Print statements, as a table or as JSON."""
    if as_json:
        put("".join(msgspec.json.encode(hit).decode() + "\n" for hit in hits))
        return
    from musnad.views.terminal import print_hits

    print_hits(hits, console())


def _take_in(
    ledger: Ledger,
    sources: list[str],
    workers: int | None,
    rejected: Path | None,
    allow_private: bool,
    *,
    form: str | None = None,
    taken: _Taken,
) -> Progress:
    from musnad.ledger.fetches import Fetches
    from musnad.ledger.ingest import ingest as take_in
    from musnad.sources import Meter

    memory = Fetches(ledger)
    paths = {source: _paths(source) for source in sources}
    meter = Meter(path for found in paths.values() for path in found)
    taken.tell(meter.total)
    with _Watch(rejected, meter, taken) as seen:
        items = _items(paths, memory, allow_private, meter, form)
        done = take_in(ledger, items, workers=workers, exact=taken.exact, reader=taken.llm, seen=seen)
    memory.keep()
    link_up(ledger)
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


def link_up(ledger: Ledger) -> int:
    """Link the articles that are not linked yet, with a bar where a person watches."""
    from musnad.ledger.across.linking import link

    if not sys.stderr.isatty():
        return link(ledger, left_out=_left_out)
    from rich.console import Console
    from rich.progress import Progress as Bar

    with Bar(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("linking", total=None)
        return link(ledger, lambda done, total: bar.update(task, completed=done, total=total), _left_out)


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


class _Watch:
    """Shows how an ingest goes on, and keeps the list of what was rejected."""

    def __init__(self, rejected: Path | None, meter: Meter, taken: _Taken) -> None:
        self._meter, self._taken = meter, taken
        self._whole: AbstractContextManager[BinaryIO | None] = whole_file(rejected) if rejected else nullcontext()
        self._list: BinaryIO | None = None
        self._bar: Bar | None = None

    def __enter__(self) -> _Watch:
        self._list = self._whole.__enter__()
        if sys.stderr.isatty():
            from rich import progress
            from rich.console import Console

            columns: list[progress.ProgressColumn] = [
                progress.SpinnerColumn(),
                progress.TextColumn("{task.description}"),
                progress.TimeElapsedColumn(),
            ]
            if self._meter.total:
                columns += [progress.BarColumn(), progress.TaskProgressColumn(), progress.TimeRemainingColumn()]
            self._bar = progress.Progress(*columns, console=Console(stderr=True))
            self._bar.start()
            self._bar.add_task("", total=self._meter.total or None)
        return self

    def __call__(self, progress: Progress, item: Rejected | Remark | None) -> None:
        from musnad.sources import Rejected

        if item is not None:
            typer.echo(f"musnad: {item}", err=True)
        if isinstance(item, Rejected) and self._list is not None:
            self._list.write(msgspec.json.encode({"rejected": item.where, "reason": item.reason}) + b"\n")
        if self._bar is not None:
            task = self._bar.tasks[0]
            rate = progress.seen / max(task.elapsed or 1.0, 0.1)
            self._bar.update(
                task.id,
                completed=self._meter.done,
                description=f"{progress.seen} articles, {rate:.0f} a second{self._taken}",
            )

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._bar is not None:
            self._bar.stop()
        self._whole.__exit__(kind, error, trace)
