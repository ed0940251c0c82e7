"""Reading articles: read, demo, eval, schema."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import msgspec
import typer

from musnad.cli.app import (
    NOTHING,
    PARTLY,
    READ,
    MaxCost,
    MinConfidence,
    ReaderName,
    ReaderOption,
    app,
    console,
    opened_reader,
    put,
    share_option,
    tell_usage,
    told_reader,
    usage,
)
from musnad.cli.progress import MANY, Stages, estimated, progress

if TYPE_CHECKING:
    from rich.console import Console

    from musnad.readers import ArticleReader
    from musnad.record import Record
    from musnad.sources import Item, Meter, Rejected, Remark


Fast = Annotated[bool, typer.Option("--fast", help="Take the fast reader, which archives are read with; it errs more.")]


From = Annotated[
    str | None,
    typer.Option("--from", help="Format of files: text, html, jsonl …; found from the content without it."),
]


class Output(StrEnum):
    """How records are written."""

    table = "table"
    json = "json"
    jsonl = "jsonl"
    html = "html"


@app.command(rich_help_panel=READ)
def read(
    paths: Annotated[list[str], typer.Argument(help="Files or folders; - reads standard input.", metavar="PATH…|-")],
    output: Annotated[
        Output | None,
        typer.Option("--format", "-f", help="table (default on a terminal), json, jsonl (default in a pipe) or html."),
    ] = None,
    source: From = None,
    published: Annotated[str | None, typer.Option(help="Day of publication of a bare text, YYYY-MM-DD.")] = None,
    outlet: Annotated[str | None, typer.Option(help="Outlet of a bare text.")] = None,
    min_confidence: MinConfidence = 0.0,
    explain: Annotated[
        bool, typer.Option("--explain", help="Say why: what stood against each decision, as JSON or in the HTML page.")
    ] = False,
    fast: Fast = False,
    reader: ReaderOption = None,
    max_cost: MaxCost = None,
) -> None:
    """Read articles and show their statements."""
    from musnad.record import is_day

    name = told_reader(reader, ReaderName.exact, fast=fast)
    inputs(paths, source)
    if published is not None and not is_day(published):
        usage(f"--published {published}: not a day; write it like 2025-08-16")
    share_option("--min-confidence", min_confidence)
    form = output or (Output.table if sys.stdout.isatty() and not explain else Output.jsonl)
    if explain and form is Output.table:
        usage("--explain does not fit a table; take --format jsonl, json or html")
    run = _Run(form, opened_reader(name, max_cost), min_confidence=min_confidence, explain=explain)
    run.write(_with_defaults(_items(paths, source), published, outlet))
    tell_usage(run.reader)
    run.finish()


@app.command(rich_help_panel=READ)
def demo(
    output: Annotated[Output, typer.Option("--format", "-f", help="table, json, jsonl or html.")] = Output.table,
) -> None:
    """Read the articles that come with Musnad and show the result."""
    from musnad.demo import demo_documents

    run = _Run(output, opened_reader(ReaderName.exact))
    run.write(demo_documents())
    run.finish()


@app.command("eval", rich_help_panel=READ)
def evaluate(
    gold: Annotated[Path, typer.Argument(help="Annotated articles, JSON Lines: id, text, statements.")],
    half: Annotated[str | None, typer.Option(help="Score one fixed half of the articles: a or b.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the metrics as one JSON object.")] = False,
    fast: Fast = False,
    reader: ReaderOption = None,
    max_cost: MaxCost = None,
) -> None:
    """Read annotated articles and print how well the statements and events were found."""
    from musnad.evaluation import half_of, load_gold, score
    from musnad.readers import in_order
    from musnad.record import Document

    if half not in {None, "a", "b"}:
        usage(f"--half {half}: there are a and b")
    rows = [row for row in load_gold(gold) if half is None or half_of(row["id"]) == half]
    taken = opened_reader(told_reader(reader, ReaderName.exact, fast=fast), max_cost)
    documents = (
        Document(**{name: row.get(name) for name in ("id", "text", "title", "published", "outlet")})  # type: ignore[arg-type]
        for row in rows
    )
    read = progress(in_order(documents, taken.read, taken.at_once), len(rows))
    records = {record.id: record.to_dict() for record in read}
    tell_usage(taken)
    metrics = score(rows, records)
    if as_json:
        typer.echo(msgspec.json.encode({key: round(value, 4) for key, value in metrics.items()}).decode())
        return
    typer.echo(f"{len(rows)} articles, {sum(len(row['statements']) for row in rows)} statements")
    for key in dict.fromkeys(k.rsplit("_", 1)[0] for k in metrics if k.endswith("_f1")):
        typer.echo(f"{key:<18} P {metrics[key + '_p']:.3f}  R {metrics[key + '_r']:.3f}  F1 {metrics[key + '_f1']:.3f}")
    for key in (key for key in metrics if key.endswith(("_accuracy", "_recall"))):
        typer.echo(f"{key:<22} {metrics[key]:.3f}")


gold = typer.Typer(help="Annotated articles: what training and eval take.", no_args_is_help=True)
app.add_typer(gold, name="gold", rich_help_panel=READ)


@gold.command("export")
def export_gold(
    paths: Annotated[list[str], typer.Argument(help="Files or folders of articles.", metavar="PATH…")],
    output: Annotated[Path, typer.Option("--output", "-o", help="File to write, JSON Lines.")],
    source: From = None,
    min_confidence: MinConfidence = 0.0,
    reader: ReaderOption = None,
    max_cost: MaxCost = None,
) -> None:
    """Read articles and write them as annotated ones, for `musnad eval` and for training (`make weights`)."""
    from musnad.exports.gold import write
    from musnad.files import whole_file
    from musnad.readers import in_order
    from musnad.record import Record
    from musnad.sources import Rejected

    inputs(paths, source)
    share_option("--min-confidence", min_confidence)
    taken = opened_reader(told_reader(reader, ReaderName.exact), max_cost)
    run = _Run(Output.jsonl, taken)
    written = failed = 0
    with whole_file(output) as file:
        for item, _ in in_order(_items(paths, source), run.read_one, taken.at_once):
            if isinstance(item, Record):
                write([item.at_least(min_confidence)], file)
                written += 1
            else:
                typer.echo(f"musnad: {item}", err=True)
                failed += isinstance(item, Rejected)
    tell_usage(taken)
    typer.echo(f"{written} articles in {output}", err=True)
    if failed:
        raise typer.Exit(PARTLY if written else NOTHING)


@app.command(rich_help_panel=READ)
def schema() -> None:
    """Print the JSON Schema of a record."""
    from musnad.record import json_schema

    typer.echo(msgspec.json.format(msgspec.json.encode(json_schema()), indent=2).decode())


class _Run:
    """Reads items, writes records as they come, counts what went wrong."""

    def __init__(
        self, form: Output, reader: ArticleReader, *, min_confidence: float = 0.0, explain: bool = False
    ) -> None:
        self._form, self.reader, self._least, self._explain = form, reader, min_confidence, explain
        self._read = self._failed = 0

    def write(self, items: Iterable[Item]) -> None:
        from musnad.readers import in_order
        from musnad.sources import Rejected, Remark

        screen = console()
        kept: list[Record] = []
        why: list[dict[str, Any]] = []
        for item, reasons in in_order(items, self.read_one, self.reader.at_once):
            if isinstance(item, Rejected | Remark):
                typer.echo(f"musnad: {item}", err=True)
                self._failed += not isinstance(item, Remark)
                continue
            if reasons is not None:
                why.append(reasons)
            record = item.at_least(self._least)
            self._read += 1
            if self._form is Output.jsonl and self._explain:
                put(msgspec.json.encode(why.pop()).decode() + "\n")
            elif self._form is Output.jsonl:
                put(record.to_json() + "\n")
            elif self._form is Output.table:
                _table(record, screen)
            else:
                kept.append(record)
        if self._form is Output.json:
            rows = why if self._explain else [record.to_dict() for record in kept]
            put(msgspec.json.format(msgspec.json.encode(rows), indent=2).decode() + "\n")
        elif self._form is Output.html and kept:
            from musnad.views.page import render_page

            put(render_page(kept, {reasons["id"]: reasons for reasons in why}))

    def read_one(self, item: Item) -> tuple[Record | Rejected | Remark, dict[str, Any] | None]:
        """What an item is read as, and why where that was asked for; what is no article stays what it is."""
        from musnad.record import Document, Record

        if not isinstance(item, Document):
            return item, None
        if self._explain:
            return self.reader.explain(item)
        return item if isinstance(item, Record) else self.reader.read(item), None

    def finish(self) -> None:
        sys.stdout.flush()
        if self._failed:
            raise typer.Exit(PARTLY if self._read else NOTHING)
        if not self._read:
            raise typer.Exit(NOTHING)


def inputs(paths: list[str], form: str | None) -> None:
    """End the command where a path is blank (it would mean the folder one is in), or the format that was asked for is none."""
    from musnad.sources import formats

    if not all(path.strip() for path in paths):
        usage("a path is empty; name a file or a folder, . for this one")
    if form is not None and form not in formats():
        usage(f"--from {form}: no such format; there are {', '.join(formats())}")


def standard_input(form: str | None) -> Iterator[Item]:
    """Yield the articles of standard input, in bounded pieces."""
    from musnad.sources import read_opened

    yield from read_opened(sys.stdin.buffer, "standard input", form)


def _items(paths: list[str], source: str | None) -> Iterator[Item]:
    from musnad.sources import Meter

    files = [path for path in paths if path != "-"]
    meter = Meter(map(Path, files))
    items = _read(paths, source, meter)
    if _count(files) < MANY or sys.stdout.isatty():  # a bar would stand between the tables
        yield from items
        return
    with Stages("reading") as stages:
        done = 0
        for done, item in enumerate(items):
            stages.show("reading", done, estimated(done, meter.done, meter.total), about=True)
            yield item
        stages.end("reading", f"{done + 1:,} articles")


def _read(paths: list[str], source: str | None, meter: Meter) -> Iterator[Item]:
    from musnad.sources import read_path

    for path in paths:
        yield from standard_input(source) if path == "-" else read_path(Path(path), source, meter)


def _count(paths: list[str]) -> int:
    from musnad.sources.folders import files_in

    return sum(sum(1 for _ in files_in(Path(path))) if os.path.isdir(path) else 1 for path in paths)


def _with_defaults(items: Iterable[Item], published: str | None, outlet: str | None) -> Iterator[Item]:
    """Give articles that do not say their day or outlet those of the options; many articles show a progress bar."""
    from musnad.record import Document

    for item in items:
        if isinstance(item, Document):
            item = msgspec.structs.replace(item, published=item.published or published, outlet=item.outlet or outlet)
        yield item


def _table(record: Record, console: Console) -> None:
    from musnad.views.terminal import print_record

    print_record(record, console)
