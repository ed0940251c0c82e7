"""Archives of any size: run, query."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from musnad.cli.app import ARCHIVES, PARTLY, Exact, app, console, put, usage
from musnad.cli.ledger import AsJson, LedgerOption, is_given
from musnad.cli.progress import Stages, estimated

if TYPE_CHECKING:
    from musnad.batch.parts import Done
    from musnad.batch.running import RunProgress


class Engine(StrEnum):
    """Where the work is done."""

    local = "local"
    ray = "ray"


class AnswerFormat(StrEnum):
    """How an answer is written."""

    table = "table"
    json = "json"
    csv = "csv"


@app.command(rich_help_panel=ARCHIVES)
def run(
    inputs: Annotated[
        list[str], typer.Argument(help="Files, folders, globs; addresses (s3://, gs://, hdfs://).", metavar="INPUT…")
    ],
    output: Annotated[str, typer.Option("--output", "-o", help="Folder or address to write to.")],
    engine: Annotated[
        Engine, typer.Option(help="local: processes of this machine; ray: a Ray cluster.")
    ] = Engine.local,
    address: Annotated[str | None, typer.Option(help="The Ray cluster; one is started here without it.")] = None,
    workers: Annotated[int | None, typer.Option(min=1, help="Reading processes; as many as cores without it.")] = None,
    part_size: Annotated[int, typer.Option(min=1, help="Articles that are read and written together.")] = 500,
    exact: Exact = False,
) -> None:
    """Read an archive and write Parquet. Run again, it goes on where it stopped."""
    try:
        from musnad import batch
    except ImportError as error:
        usage(f"archives need {error.name}; pip install 'musnad[batch]'")
    try:
        with Stages("reading") as stages:
            manifest = batch.run(
                inputs, output, engine=engine.value, address=address, workers=workers, part_size=part_size, exact=exact, seen=_RunDisplay(stages),
            )  # fmt: skip
            stages.end("reading", f"{manifest.articles:,} articles")
    except ModuleNotFoundError as error:
        usage(f"--engine {engine.value} needs {error.name}; pip install 'musnad[{engine.value}]'")
    typer.echo(
        f"{manifest.articles} articles, {manifest.statements} statements, {manifest.events} events, "
        f"{manifest.rejected} rejected; {len(manifest.files)} files in {output}",
        err=True,
    )
    if manifest.rejected:
        raise typer.Exit(PARTLY)


@app.command(rich_help_panel=ARCHIVES)
def query(
    context: typer.Context,
    sql: Annotated[str, typer.Argument(help="A question over articles, statements, events, mentions, rejected.")],
    folder: Annotated[
        str | None, typer.Argument(help="What `musnad run` wrote; without it the ledger is asked.", metavar="DIR")
    ] = None,
    ledger: LedgerOption = "musnad.db",
    form: Annotated[
        AnswerFormat | None,
        typer.Option("--format", "-f", help="table (default on a terminal), json or csv (default in a pipe)."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Ask the Parquet of a run by SQL (DuckDB), or the tables of a ledger in its own."""
    if as_json and form not in {None, AnswerFormat.json}:
        usage(f"--json and --format {form}: which of the two? give one")
    form = AnswerFormat.json if as_json else form
    if folder is None:
        from musnad.ledger import Ledger
        from musnad.ledger.sql import asked

        with Ledger(ledger, create=False) as opened, asked(opened, sql) as (names, rows):
            _show(names, rows, form)
        return
    if is_given(context, "ledger"):
        usage(f"{folder} and --ledger {ledger}: which of the two? give one")
    try:
        from musnad.batch.query import Archive
    except ImportError as error:
        usage(f"questions need {error.name}; pip install 'musnad[batch]'")
    archive = Archive(folder)
    _show(*archive.ask(sql), form)
    archive.close()


def _show(names: list[str], rows: Iterable[Sequence[object]], form: AnswerFormat | None) -> None:
    """Write an answer as it was asked for."""
    match form or (AnswerFormat.table if sys.stdout.isatty() else AnswerFormat.csv):
        case AnswerFormat.table:
            from musnad.views.terminal import print_rows

            print_rows(names, rows, console())
        case AnswerFormat.json:
            import msgspec

            for row in rows:
                put(msgspec.json.encode(dict(zip(names, row, strict=True))).decode() + "\n")
        case AnswerFormat.csv:
            import csv

            from musnad.exports.csv import safe

            writer = csv.writer(_TextOutput())
            writer.writerow(names)
            writer.writerows([safe(cell) for cell in row] for row in rows)


class _TextOutput:
    """Standard output for a writer of text."""

    def write(self, text: str) -> None:
        put(text)


class _RunDisplay:
    """Shows how a run goes on."""

    def __init__(self, stages: Stages) -> None:
        self._stages = stages

    def __call__(self, progress: RunProgress, done: Done | None) -> None:
        for remark in done.remarks if done is not None else ():
            typer.echo(f"musnad: {remark}", err=True)
        if done is None:
            earlier = f", {progress.earlier:,} articles were done before" if progress.earlier else ""
            self._stages.say("reading", f"the first part{earlier}")
            return
        total = estimated(progress.articles, progress.bytes, progress.bytes_in_all)
        rejected = f", {progress.rejected:,} rejected" if progress.rejected else ""
        self._stages.show("reading", progress.articles, total, about=True, earlier=progress.earlier, more=rejected)
