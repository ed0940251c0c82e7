"""Taking a ledger away: the command `export`."""

from __future__ import annotations

import sys
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from musnad.cli.app import LEDGER, MinConfidence, app, usage
from musnad.cli.events import Actor, EventKind, EventStatus, Where, event_filters
from musnad.cli.ledger import (
    KindOption,
    LedgerOption,
    OutletOption,
    SourceOption,
    SpeakerOption,
    StanceOption,
    filters_of,
)
from musnad.files import whole_file

if TYPE_CHECKING:
    from collections.abc import Iterator

ExportFormat = Annotated[
    str,
    typer.Option(
        "--format", "-f",
        help="Of statements: csv, parquet, webannotation, schemaorg; whole articles: jsonl, gold;"
        " of events: plover, polecat, cameo, events-csv, events-parquet.",
    ),
]  # fmt: skip
Output = Annotated[
    Path | None,
    typer.Option("--output", "-o", help="A file; without an ending it gets the format's. Standard output without it."),
]
Query = Annotated[str | None, typer.Option(help="Only the statements of this search.")]
Since = Annotated[str | None, typer.Option(help="First day, YYYY-MM-DD: of publication, or of the event.")]
Until = Annotated[str | None, typer.Option(help="Last day, YYYY-MM-DD: of publication, or of the event.")]


@app.command(rich_help_panel=LEDGER)
def export(
    form: ExportFormat,
    ledger: LedgerOption = "musnad.db",
    output: Output = None,
    query: Query = None,
    speaker: SpeakerOption = None,
    source: SourceOption = None,
    stance: StanceOption = None,
    kind: KindOption = None,
    outlet: OutletOption = None,
    event_type: EventKind = None,
    status: EventStatus = None,
    actor: Actor = None,
    place: Where = None,
    since: Since = None,
    until: Until = None,
    min_confidence: MinConfidence = 0.0,
) -> None:
    """Take the ledger away: all of it, or the rows of a search. Formats of events take the filters of `musnad events`."""
    given = {
        "query": query, "speaker": speaker, "source": source, "stance": stance, "kind": kind, "outlet": outlet, "type": event_type,
        "status": status, "actor": actor, "place": place, "since": since, "until": until, "min_confidence": min_confidence or None,
    }  # fmt: skip
    module = _format(form, [name for name, value in given.items() if value is not None])
    filters = filters_of(speaker, source, stance, kind, outlet, since, until, min_confidence)
    events = event_filters(actor, event_type, status, place, since, until, min_confidence)
    if output is None and module.BINARY and sys.stdout.isatty():
        usage(f"{form} is not for a terminal; give --output FILE")
    if output is not None and not output.suffix and (output.is_file() or not output.exists()):
        output = output.with_name(output.name + module.ENDING)
    from musnad.exports import rows_of
    from musnad.ledger import Ledger

    with Ledger(ledger, create=False) as opened:
        _write(module, rows_of(module, opened, query, filters, events), output)


def _format(form: str, given: list[str]) -> Any:
    """The module of a format, or the end of the command where there is none or a filter does not go with it."""
    from musnad.exports import formats, unfit

    if form not in formats():
        usage(f"--format {form}: no such format; there are {', '.join(formats())}")
    module = formats()[form]
    if wrong := unfit(module, given, lambda name: "--" + name.replace("_", "-")):
        usage(wrong)
    return module


def _write(module: Any, rows: Iterator[Any], output: Path | None) -> None:
    with whole_file(output) if output else nullcontext(sys.stdout.buffer) as stream:
        written = module.write(rows, stream)
    typer.echo(f"{written:,} {'row' if written == 1 else 'rows'}{f' in {output}' if output else ''}", err=True)
